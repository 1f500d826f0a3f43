"""What is to be run now: the apps with traffic that can be compared with something, and when each was looked at last.

Light to import: the console asks `wanted` every minute. Everything is read from the store, and from its rollup where there is one, so that asking costs little.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gateway.drift.past import AHEAD, SCHEDULED
from gateway.store.target import DEADLINE_S

if TYPE_CHECKING:
    from gateway.store.client import Store

MAX_APPS = 200  # of one round
MAX_PROMPTS = 20  # of one app
RUN_S, ROUND_S = 1200.0, 3600.0  # one run may take so long; after so long a round begins no other
_ROWS = 20_000  # of apps and environments: what clients invent has no end
_SLACK = 0.05  # of `every`: rounds that follow each other in time must not slip by one check each


@dataclass(frozen=True, slots=True)
class Watched:
    """How an app is watched. env: whose traffic is the window.

    baseline_env: whose traffic is the baseline, baseline_name: the stored one that it is; both "": it is other exchanges, of which there may be some.
    per_prompt: each prompt name by itself.
    """

    every: dt.timedelta
    env: str = "prod"
    baseline_env: str = "dev"
    baseline_name: str = ""
    per_prompt: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """An app that has not been looked at for long enough. comparable: there is something to compare with.  last_at: when its newest scheduled run started."""

    app: str
    comparable: bool
    last_at: dt.datetime | None = None


Watching = Callable[[str], Watched | None]  # of an app; None: it is not watched


async def wanted(store: Store, watching: Watching, days: int, now: dt.datetime, *, deadline_s: float = DEADLINE_S) -> bool:
    """Whether a round has anything to compare. Raises StoreError."""
    return any(each.comparable for each in await due(store, watching, days, now, deadline_s=deadline_s))


async def due(store: Store, watching: Watching, days: int, now: dt.datetime, *, deadline_s: float = DEADLINE_S) -> list[Due]:
    """Apps whose newest scheduled run is `every` ago and which have had traffic since, the one that waits longest first, at most MAX_APPS.

    days: how far back the record goes. Raises StoreError.
    """
    last: dict[str, dt.datetime] = {}
    for (app, _), looked_at in (await _last(store, now, deadline_s)).items():
        last[app] = max(looked_at, last.get(app, looked_at))
    named = await _named(store, deadline_s)
    found = []
    for app, traffic in (await _traffic(store, now - dt.timedelta(days=days), deadline_s)).items():
        watched = watching(app)
        if watched is None or watched.env not in traffic:
            continue
        at = last.get(app)
        if at is not None and (now - at < watched.every * (1 - _SLACK) or traffic[watched.env] < at.replace(second=0, microsecond=0)):
            continue
        found.append(Due(app, _comparable(app, watched, set(traffic), named), at))
    never = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    found.sort(key=lambda each: (each.last_at or never, each.app))
    return found[:MAX_APPS]


async def prompts(store: Store, watched: Watched, app: str, days: int, now: dt.datetime, *, deadline_s: float = DEADLINE_S) -> tuple[str, ...]:
    """What of an app is compared by itself: ("",) all of it, or the names of its MAX_PROMPTS busiest prompts, least recently looked at first. Raises StoreError."""
    if not watched.per_prompt:
        return ("",)
    sql = (
        f"SELECT prompt_name FROM `{store.target.database}`.exchanges WHERE app = {{app:String}} AND env = {{env:String}} AND prompt_name != '' "
        f"AND started_at >= fromUnixTimestamp64Micro({{since:Int64}}, 'UTC') GROUP BY prompt_name ORDER BY count() DESC, prompt_name LIMIT {MAX_PROMPTS}"
    )
    since = int((now - dt.timedelta(days=days)).timestamp()) * 1_000_000
    rows = await store.query_json(sql, {"app": app, "env": watched.env, "since": since}, deadline_s=deadline_s)
    last = await _last(store, now, deadline_s)
    never = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    return tuple(sorted((row["prompt_name"] for row in rows), key=lambda name: last.get((app, name), never)))


def _comparable(app: str, watched: Watched, envs: set[str], named: set[tuple[str, str]]) -> bool:
    if watched.baseline_name:
        return bool({(app, watched.baseline_name), ("", watched.baseline_name)} & named)
    return not watched.baseline_env or watched.baseline_env in envs


async def _last(store: Store, now: dt.datetime, deadline_s: float) -> dict[tuple[str, str], dt.datetime]:
    """When the newest scheduled run of an app and prompt started. One from the future is none: a clock that was wrong for an hour must not stop an app for a year."""
    sql = (
        f"SELECT app, prompt_name, max(started_at) AS at FROM `{store.target.database}`.drift_runs WHERE kind = '{SCHEDULED}' "
        "AND started_at <= fromUnixTimestamp64Micro({until:Int64}, 'UTC') GROUP BY app, prompt_name"
    )
    rows = await store.query_json(sql, {"until": int((now + AHEAD).timestamp()) * 1_000_000}, deadline_s=deadline_s)
    return {(row["app"], row["prompt_name"]): dt.datetime.fromisoformat(row["at"]) for row in rows}


async def _named(store: Store, deadline_s: float) -> set[tuple[str, str]]:
    """Stored baselines, as app and name."""
    sql = f"SELECT DISTINCT app, name FROM `{store.target.database}`.drift_baselines FINAL WHERE NOT gone LIMIT {_ROWS}"
    return {(row["app"], row["name"]) for row in await store.query_json(sql, deadline_s=deadline_s)}


async def _traffic(store: Store, since: dt.datetime, deadline_s: float) -> dict[str, dict[str, dt.datetime]]:
    """By app and environment, the minute of its newest exchange."""
    sql = (
        f"SELECT app, env, max(minute) AS newest FROM `{store.target.database}`.exchanges_1m WHERE minute >= toDateTime({{since:Int64}}, 'UTC') "
        f"GROUP BY app, env ORDER BY newest DESC LIMIT {_ROWS}"
    )
    found: dict[str, dict[str, dt.datetime]] = {}
    for row in await store.query_json(sql, {"since": int(since.timestamp())}, deadline_s=deadline_s):
        newest = dt.datetime.fromisoformat(row["newest"])
        found.setdefault(row["app"], {})[row["env"]] = newest if newest.tzinfo else newest.replace(tzinfo=dt.UTC)
    return found
