"""What guards have said of an exchange, from its frames, and what the record's own rules add.

Rules of this file: pure. What the data plane wrote down may be of another version: what is no finding is left out.
"""

from __future__ import annotations

from gateway.exchange import Closed, Finding, Opened
from gateway.record.redaction import Redaction

ERROR = "error"  # the verdict, kind and action of a detector that gave no answer
MAX_FINDINGS = 1000  # of a frame


def guarded(opened: Opened, closed: Closed | None, redaction: Redaction | None) -> tuple[tuple[Finding, ...], str, float | None]:
    """Findings, verdict and time of the guards: of the whole exchange if its CLOSE says, else of its request; then what the record's own rules add."""
    whole = closed if closed is not None and closed.verdict else opened
    findings = [found for raw in whole.findings[:MAX_FINDINGS] if (found := _finding(raw)) is not None]
    for detector, times in whole.guard_errors.items():
        asked = min(times, opened.guard_errors.get(detector, 0))
        findings += [Finding(detector, ERROR, on, ERROR, 0.0, count) for on, count in (("request", asked), ("reply", times - asked)) if count > 0]
    verdict = whole.verdict or "not_checked"
    if redaction is not None:
        findings += redaction.tally.findings()
        findings += [Finding(detector, ERROR, "log", ERROR, 0.0, times) for detector, times in redaction.tally.failed.items()]
        if redaction.tally.failed and verdict != "blocked":
            verdict = ERROR
    return tuple(findings), verdict, whole.guard_s


def _finding(raw: object) -> Finding | None:
    """A finding as the data plane wrote it; None if it is none."""
    if isinstance(raw, list | tuple) and len(raw) == 6 and all(isinstance(part, str) for part in raw[:4]):
        detector, kind, direction, action, score, count = raw
        if isinstance(score, int | float) and isinstance(count, int) and 0 < count < 1 << 32:
            return Finding(detector, kind, direction, action, float(score), count)
    return None
