"""What `tidegate doctor` sees of drift: of each app that is watched its last scheduled run, what came of it, and when there will be another.

Everything is read from the store, so it is true of all gates that share it. Drift makes a gate no less healthy: severity is `warning` or `note`, but
where the tables are not there.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from detectors.drift.looks import LEAST, YEAR, Budget
from gateway.commands import stored
from gateway.commands.doctor_config import Advice, Look
from gateway.config import Settings
from gateway.config_drift import Comparison
from gateway.drift.due import MAX_APPS
from gateway.errors import ConfigError, StoreError
from gateway.store.target import Target

LATE = 3  # times `every`
_SHOWN = 20  # lines for people; JSON has MAX_APPS

# A row that no comparison stands behind (gateway/drift/run.py, `untested`) names no model: the run failed, ran out of its bounds, or had no vectors.
_RUNS = f"""
SELECT app, prompt_name AS prompt, toFloat64(max(started_at)) AS last_at, argMax(drift_runs.tested, started_at) AS last_tested, argMax(coalesce(nullIf(arrayFirst(note -> startsWith(note, 'Nothing was compared'), notes), ''), notes[1]), started_at) AS why,
    argMax(model, started_at) = '' AS failed, countIf(model = '' AND started_at > fromUnixTimestamp(toInt64({{now:Float64}})) - INTERVAL 7 DAY) AS failures,
    toFloat64(maxOrNullIf(started_at, alarm_alpha > 0)) AS look_at, argMaxIf(drift_runs.alarm, started_at, alarm_alpha > 0) AS look_alarm,
    sumIf(alarm_alpha, started_at > fromUnixTimestamp(toInt64({{now:Float64}}) - {int(YEAR)})) AS spent
FROM drift_runs WHERE kind = 'scheduled' AND started_at > fromUnixTimestamp(toInt64({{now:Float64}}) - {int(YEAR)})
GROUP BY app, prompt_name ORDER BY last_at DESC LIMIT 2000
"""
_TRAFFIC = """
SELECT app, env, toUnixTimestamp(min(minute)) AS first_at, toUnixTimestamp(max(minute)) AS newest_at FROM exchanges_1m
WHERE minute > fromUnixTimestamp(toInt64({now:Float64})) - toIntervalDay({days:UInt32}) GROUP BY app, env ORDER BY newest_at DESC LIMIT 20000
"""
_SINCE = "SELECT toUnixTimestamp(min(minute)) AS at FROM exchanges_1m WHERE app = {app:String} AND env = {env:String} AND minute > fromUnixTimestamp(toInt64({since:Float64}))"
_NAMED = "SELECT app, name, version, toFloat64(created_at) AS at FROM drift_baselines FINAL WHERE NOT gone ORDER BY app, name, version LIMIT 20000"


@dataclass(frozen=True, slots=True)
class _Record:
    """What the store has, moments in seconds since the epoch. runs: rows of _RUNS by app.  traffic: of app and env, the first minute and the newest.

    named: when the versions of stored baselines were made, by app ("": every app's), name and version.
    """

    runs: Mapping[str, list[dict[str, Any]]]
    traffic: Mapping[tuple[str, str], tuple[float, float]]
    named: Mapping[tuple[str, str, int], float]
    now: float

    def baseline_since(self, app: str, said: Comparison) -> float | None:
        """When there first was something to compare with; None: there is nothing."""
        source = said.baseline
        if source.name:
            made = [at for (of, name, version), at in self.named.items() if of in (app, "") and name == source.name and source.version in (None, version)]
            return min(made, default=None)
        if source.env:
            return self.traffic.get((app, source.env), (None, None))[0]
        return 0.0  # other exchanges, of which there may be some


def watched(settings: Settings, *, uptime_s: float | None = None) -> Look:
    """Drift of the apps that are watched. uptime_s: for how long the gate here has run, None if it does not: then nothing is late."""
    drift = settings.drift
    if not any(drift.of(app).enabled for app in ("", *drift.apps)):
        return Look({"enabled": False})
    try:
        target = stored.target(settings).reader()
        record = _read(target, settings.store.retention_days)
        apps = sorted({app for app, env in record.traffic if drift.of(app).enabled and drift.of(app).env == env} | {app for app in record.runs if drift.of(app).enabled})[:MAX_APPS]
        look = Look({"enabled": True, "reachable": True, "apps": []})
        for app in apps:
            lines = list(_lines(app, settings, record))
            look.seen["apps"] += lines
            look.advice += [advice for line in lines for advice in _of_line(line)]
            look.advice += _late(target, app, drift.of(app), record, uptime_s)
        look.advice += _gone(settings, apps, record)
    except (StoreError, ConfigError) as e:
        look = Look({"enabled": True, "reachable": False})
        if getattr(e, "code", 0):  # it answers, and refuses; that it does not answer is said of the store
            look.advice.append(Advice("error", "drift", f"the store's tables of drift are not there or not this version's: {e}", "tidegate migrate"))
    return look


def report(seen: Mapping[str, Any]) -> list[str]:
    """What was seen, as lines."""
    if not seen.get("reachable"):
        return [] if seen.get("enabled", True) else ["drift      not enabled"]
    lines = [f"drift      {len(seen['apps'])} watched" + ("" if len(seen["apps"]) <= _SHOWN else f", of which {_SHOWN} are shown; --json has all")]
    for one in seen["apps"][:_SHOWN]:
        name = one["app"] + (f" ({one['prompt']})" if one["prompt"] else "")
        if one["last_at"] is None:
            lines.append(f"  {name:<12} never run: {one['why']}")
            continue
        said = "tested" if one["tested"] else f"not tested: {one['why']}".rstrip(".")
        alarm = {None: "no look at the alarm yet", True: "ALARM", False: "no alarm"}[one["alarm"]]
        failures = f"; {one['failures']} runs of the last 7 days failed" if one["failures"] else ""
        look = "none while this year's budget is spent" if one["next_look_at"] is None else _when(one["next_look_at"])
        lines.append(f"  {name:<12} last run {_when(one['last_at'])}, {said}; {alarm}; next run from {_when(one['next_run_at'])}, next look that may alarm from {look}{failures}")
    return lines


def _read(target: Target, days: int) -> _Record:
    """Raises StoreError."""
    now = time.time()
    options = {"param_now": f"{now:.3f}", "param_days": str(days)}
    runs: dict[str, list[dict[str, Any]]] = {}
    for row in stored.ask(target, _RUNS, options, answer_s=stored.SOON_S):
        runs.setdefault(str(row["app"]), []).append(row)
    traffic: dict[tuple[str, str], tuple[float, float]] = {(row["app"], row["env"]): (row["first_at"], row["newest_at"]) for row in _any(stored.ask(target, _TRAFFIC, options, answer_s=stored.SOON_S))}
    named: dict[tuple[str, str, int], float] = {(row["app"], row["name"], row["version"]): row["at"] for row in _any(stored.ask(target, _NAMED, answer_s=stored.SOON_S))}
    return _Record(runs, traffic, named, now)


def _any(rows: list[dict[str, object]]) -> list[dict[str, Any]]:
    return [dict(row) for row in rows]


def _lines(app: str, settings: Settings, record: _Record) -> Iterator[dict[str, Any]]:
    """What to say of an app: a line for each of its prompts, where these are looked at one by one."""
    said = settings.drift.of(app)
    rows = [row for row in record.runs.get(app, []) if bool(row["prompt"]) == said.per_prompt or row["failed"]]
    if not rows:
        why = "nothing to compare with" if record.baseline_since(app, said) is None else "its first run is still to come"
        yield {"app": app, "prompt": "", "last_at": None, "tested": False, "why": why, "alarm": None, "next_run_at": None, "next_look_at": None, "failed": False, "failures": 0}
        return
    every = said.every
    shares = sum(1 for row in rows if row["prompt"] and row["last_at"] > record.now - LATE * every) or 1
    left = settings.drift.yearly_false_alarms - sum(row["spent"] or 0.0 for row in record.runs[app])
    for row in rows:
        saved_at = row["last_at"] + every if row["look_at"] is None else row["look_at"] + Budget(settings.drift.yearly_false_alarms / shares).wait
        yield {
            "app": app,
            "prompt": row["prompt"],
            "last_at": row["last_at"],
            "tested": row["last_tested"],
            "why": "" if row["last_tested"] else row["why"],
            "alarm": None if row["look_at"] is None else row["look_alarm"],
            "next_run_at": row["last_at"] + every,
            "next_look_at": max(row["last_at"] + every, saved_at) if left >= LEAST else None,
            "overspent": left < -1e-9,
            "failed": bool(row["failed"]),
            "failures": row["failures"],
        }


def _of_line(line: Mapping[str, Any]) -> Iterator[Advice]:
    where = f"drift of {line['app']}" + (f" ({line['prompt']})" if line["prompt"] else "")
    if line["alarm"]:
        yield Advice("warning", where, "an alarm: the last look that had a part of the yearly budget found drift", f"see what moved: tidegate drift show --app {line['app']}")
    if line["last_at"] is not None and line["next_look_at"] is None:
        spent = "more than there is now" if line["overspent"] else "all there was"
        why = f"no look may alarm: those of the last year have had {spent} of drift.yearly_false_alarms"
        yield Advice("note", where, why, "runs go on and say what they find; looks come back as old ones get older than a year, or with a higher drift.yearly_false_alarms")
    if line["failed"]:
        yield Advice("warning", where, f"its last run came to nothing: {line['why']}", "the lines of the process drift in the gate's log say more")
    elif line["last_at"] is not None and not line["tested"]:
        yield Advice("note", where, f"its last run tested nothing: {line['why'].rstrip('.')}", "until that is mended, nothing is known of its drift")
    elif line["last_at"] is None and line["why"].startswith("nothing"):
        yield Advice("note", where, "never run: there is nothing to compare its traffic with", "give it a baseline: tidegate drift baseline create, or drift.apps")


def _late(target: Target, app: str, said: Comparison, record: _Record, uptime_s: float | None) -> Iterator[Advice]:
    """Whether it has waited for its turn too long. It waits since there is traffic after its last run, a baseline, and a gate. Raises StoreError."""
    ready, (_, newest) = record.baseline_since(app, said), record.traffic.get((app, said.env), (0.0, 0.0))
    last = max((row["last_at"] for row in record.runs.get(app, [])), default=0.0)
    if uptime_s is None or ready is None or not newest or min(record.now - max(last, ready), uptime_s) <= LATE * said.every or newest <= last:
        return
    options = {"param_app": app, "param_env": said.env, "param_since": f"{max(last, record.now - YEAR):.3f}"}
    first = next(iter(_any(stored.ask(target, _SINCE, options, answer_s=stored.SOON_S))))["at"] or record.now  # of no rows the smallest moment is 0
    waited = min(record.now - max(last, ready, first), uptime_s)
    if waited > LATE * said.every:
        what = f"nothing was run for {_span(waited)}, though it has traffic and drift.every is {_span(said.every)}"
        yield Advice("warning", f"drift of {app}", what, "runs have the lowest priority: a busy machine delays them; else the lines drift_* of the gate's log say what fails")


def _gone(settings: Settings, apps: list[str], record: _Record) -> Iterator[Advice]:
    """Stored baselines that the configuration names and that are not there."""
    drift = settings.drift
    without: dict[tuple[str, str], list[str]] = {}
    for app in sorted({*apps, *drift.apps}):
        said = drift.of(app)
        own = app in drift.apps and "baseline" in drift.apps[app].model_fields_set
        if said.enabled and said.baseline.name and record.baseline_since(app, said) is None:
            without.setdefault((f"drift.apps.{app}.baseline" if own else "drift.baseline", _spelled(said)), []).append(app)
    if drift.enabled and drift.baseline.name and not any(where == "drift.baseline" for where, _ in without) and not any(name == drift.baseline.name for _, name, _ in record.named):
        without["drift.baseline", _spelled(drift)] = []
    for (where, name), of in without.items():
        who = f" for {', '.join(of[:5])}{' and others' if len(of) > 5 else ''}" if of else ""
        yield Advice("warning", where, f'there is no stored baseline "{name}"{who}: nothing is compared', "make it: tidegate drift baseline create; tidegate drift baseline list shows those there are")


def _spelled(said: Comparison) -> str:
    return f"{said.baseline.name}" + (f"@{said.baseline.version}" if said.baseline.version else "")


def _when(moment: float) -> str:
    return f"{dt.datetime.fromtimestamp(moment, dt.UTC):%Y-%m-%d %H:%M}Z"


def _span(seconds: float) -> str:
    unit, size = next(((unit, size) for unit, size in (("d", 86400), ("h", 3600)) if seconds >= 2 * size), ("min", 60))
    return f"{seconds / size:.0f} {unit}"
