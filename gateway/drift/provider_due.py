"""When the model watch is due: which apps' providers are to be looked at, and which canaries are to be sent.

When a canary was sent last, and how many calls all of them have made in a day, is what the record says, which all gates share, or what this gate remembers
(canary_sent.py), whichever is more: the record may be late. Looks and calls that are dated later than now are none: a clock that was a year ahead for an hour must not
end the watch for a year. Nothing is sent while the store cannot be asked (StoreError).

Light to import: the console asks this every minute.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gateway import log
from gateway.drift import canary_sent
from gateway.drift.canary_table import NAME_TAG, Canary
from gateway.drift.past import AHEAD
from gateway.store.target import DEADLINE_S

if TYPE_CHECKING:
    from gateway.store.client import Store

PROVIDER = "provider"  # the kind of these runs in drift_runs
MAX_APPS = 200
_ROWS = 20_000  # of apps and environments: what clients invent has no end
_DAY = dt.timedelta(days=1)
_SLACK = 0.05  # of an interval: rounds that follow each other in time must not slip by one each
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Plan:
    """How providers are watched, for all apps. env: of an app, whose traffic is looked at; None: it is not watched.

    window_s, before_s: the period looked at, and the one before it.  rows: of either, by model.  yearly: chance of a false alarm in a year, for each app.
    canaries, calls_per_day: of all of them.  base_url: of the gate's own proxy port.  sent: where this gate remembers what it sent; None: nowhere.
    """

    env: Callable[[str], str | None]
    enabled: bool = True
    window_s: float = 86_400.0
    before_s: float = 604_800.0
    rows: int = 2000
    alpha: float = 0.01
    yearly: float = 0.05
    canaries: tuple[Canary, ...] = ()
    calls_per_day: int = 500
    base_url: str = ""
    sent: Path | None = None

    @property
    def every(self) -> dt.timedelta:
        """From one look at an app to the next."""
        return dt.timedelta(seconds=min(self.window_s, 86_400.0))


async def wanted(store: Store, plan: Plan, now: dt.datetime) -> bool:
    """Whether a round would have anything to do. Raises StoreError."""
    return bool(await due_canaries(store, plan.canaries, now, calls_per_day=plan.calls_per_day, sent=plan.sent) or await due_apps(store, plan, now))


async def due_apps(store: Store, plan: Plan, now: dt.datetime) -> list[str]:
    """Apps with traffic in the window whose last look is long enough ago, the one that waits longest first. Raises StoreError."""
    if not plan.enabled:
        return []
    database = f"`{store.target.database}`"
    sql = f"SELECT app, env FROM {database}.exchanges_1m WHERE minute >= toDateTime({{since:Int64}}, 'UTC') GROUP BY app, env ORDER BY sum(exchanges) DESC LIMIT {_ROWS}"
    since = int((now - dt.timedelta(seconds=plan.window_s)).timestamp())
    traffic = await store.query_json(sql, {"since": since}, deadline_s=DEADLINE_S)
    sql = f"SELECT app, max(started_at) AS at FROM {database}.drift_runs WHERE kind = '{PROVIDER}' AND started_at <= {_at('until')} GROUP BY app"
    looked = await store.query_json(sql, {"until": _micros(now + AHEAD)}, deadline_s=DEADLINE_S)
    last = {each["app"]: dt.datetime.fromisoformat(each["at"]) for each in looked}
    apps = {each["app"] for each in traffic if plan.env(each["app"]) == each["env"]}
    found = [app for app in apps if now - last.get(app, _EPOCH) >= plan.every * (1 - _SLACK)]
    return sorted(found, key=lambda app: (last.get(app, _EPOCH), app))[:MAX_APPS]


async def due_canaries(store: Store, canaries: Sequence[Canary], now: dt.datetime, *, calls_per_day: int, sent: Path | None = None) -> list[Canary]:
    """Those whose last batch is `every_s` ago, the one that waits longest first, as far as the day's calls go. Raises StoreError."""
    if not canaries:
        return []
    longest = max(_DAY, *(dt.timedelta(seconds=canary.every_s) for canary in canaries))
    sql = (
        f"SELECT tags[{{tag:String}}] AS name, max(started_at) AS newest, countIf(started_at >= {_at('today')}) AS today FROM `{store.target.database}`.exchanges "
        f"WHERE started_at >= {_at('since')} AND started_at <= {_at('until')} AND session_id IN {{sessions:Array(String)}} AND name IN {{names:Array(String)}} GROUP BY name"
    )
    bound = {"tag": NAME_TAG, "since": _micros(now - longest), "until": _micros(now + AHEAD), "today": _micros(now - _DAY), "names": [c.name for c in canaries], "sessions": [c.session for c in canaries]}
    rows = {each["name"]: each for each in await store.query_json(sql, bound, deadline_s=DEADLINE_S)}
    batches = canary_sent.sent(sent, now)
    left = calls_per_day - max(sum(int(each["today"]) for each in rows.values()), sum(each.calls for each in batches if now - each.at <= _DAY))
    last = {name: dt.datetime.fromisoformat(each["newest"]) for name, each in rows.items()}
    for each in batches:
        last[each.name] = max(each.at, last.get(each.name, each.at))
    found = []
    for canary in sorted(canaries, key=lambda each: (last.get(each.name, _EPOCH), each.name)):
        waited = (now - last.get(canary.name, _EPOCH)).total_seconds()
        if waited < canary.every_s * (1 - _SLACK):
            continue
        if canary.repeat > left:
            log.event("canary_over_budget", canary=canary.name, calls_per_day=calls_per_day)
            continue
        left -= canary.repeat
        found.append(canary)
    return found


def _at(name: str) -> str:
    return f"fromUnixTimestamp64Micro({{{name}:Int64}}, 'UTC')"


def _micros(moment: dt.datetime) -> int:
    return (moment - _EPOCH) // dt.timedelta(microseconds=1)
