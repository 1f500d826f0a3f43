"""What `tidegate doctor` sees of the guards of a running gate: the detector pool's own account, and the guard errors of the last minutes on record.

A failing detector makes the system no less alive, and its rules are kept as their on_error says; but somebody should look, so it is a warning.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from gateway.commands.doctor_config import Advice, Look
from gateway.config import Settings
from gateway.config_guard import NAMES
from gateway.detection.blocking import BlockingPool
from gateway.detection.frames import DetectorFailed

PROBE_S = 3.0
GUARD_ERRORS = """
SELECT detector, direction, count() AS exchanges, dateDiff('second', max(started_at), now64(6)) AS age_s FROM exchanges
ARRAY JOIN findings.detector AS detector, findings.direction AS direction, findings.action AS action
WHERE started_at > now() - INTERVAL 10 MINUTE AND action = 'error' GROUP BY detector, direction ORDER BY detector, direction
"""
_BY_MODEL = "the local model judges in its place meanwhile"
_AS_TOLD = "until it works, its rules fail as their on_error says"


def detection(settings: Settings, errors: Iterable[Mapping[str, Any]] = (), *, up: bool = True) -> Look:
    """The detector pool, if a rule needs it and the gate runs (up). errors: rows of GUARD_ERRORS."""
    look = _pool(settings) if settings.needs_pool and up else Look()
    told = {"pii" if advice.where == f"detectors.{NAMES}" else advice.where.removeprefix("detectors.") for advice in look.advice}
    for row in errors:
        if row["detector"] not in told:
            what = f"gave no answer for {row['exchanges']} exchanges of the last ten minutes ({row['direction']}), the last {row['age_s']} s ago"
            look.advice.append(Advice("warning", f"detectors.{row['detector']}", what, "their verdict is error; detector_failed and detector_lost in the gate's log say why"))
    return look


def _pool(settings: Settings) -> Look:
    pool = BlockingPool(settings.detection_terms.socket)
    try:
        state = pool.state()
        probed = {name: _probe(pool, name) for name, one in state["detectors"].items() if "calls_now" in one and not one["failed"] and not one["jobs"]}
    except DetectorFailed as e:
        return Look({"reachable": False}, [Advice("error", "detectors", f"the pool does not answer ({e.reason}): rules that need it fail as their on_error says", "it is restarted by itself; the gate's log says why it ended")])
    finally:
        pool.close()
    look = Look({"reachable": True, **state})
    for name, one in state["detectors"].items():
        look.advice += _one(f"detectors.{name}", one, probed.get(name, ""))
    return look


def _probe(pool: BlockingPool, name: str) -> str:
    """Why a webhook that nobody has asked yet does not answer to an empty text; "" if it does."""
    try:
        pool.find(name, [("", "")], deadline_s=PROBE_S)
    except DetectorFailed as e:
        return f"{e.reason}{': ' if e.detail else ''}{e.detail}"
    return ""


def _one(where: str, state: Mapping[str, Any], probed: str) -> Iterator[Advice]:
    why, failed = state.get("why", ""), state["failed"]
    reason = f"{failed['reason']}{': ' if failed['detail'] else ''}{failed['detail']}" if failed else ""
    so = _BY_MODEL if state.get("answered_by_model") else _AS_TOLD
    if not state["ready"] and why.startswith("cannot be loaded"):
        yield Advice("error", where, why, f"correct it and try it with tidegate check; {_AS_TOLD}")
    elif state.get("circuit_open") and "calls_now" in state:
        yield Advice("error", where, f"its service does not answer, so it is left alone for a while: {reason}", f"see to it; {so}")
    elif state.get("circuit_open"):
        yield Advice("error", where, f"keeps dying, so it is left alone for a while; the last time: {why}", f"the gate's log says how it ends; {_AS_TOLD}")
    elif not state["ready"]:
        yield Advice("warning", where, f"is being started again; the last time: {why}" if why else "is still being loaded", "ask again in a few seconds")
    elif failed:
        yield Advice("warning", where, f"{failed['count']} failures in the last ten minutes, the last {failed['age_s']:.0f} s ago: {reason}", f"see to what it says; {so}")
    elif probed:
        yield Advice("warning", where, f"nobody has asked it yet, and it does not answer: {probed}", f"see to its service; {_AS_TOLD}")
