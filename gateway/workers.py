"""The proxy workers as others see them: their vitals pages, and whether one of them is fit for traffic.

A page whose beat is old belongs to a worker that is dead, stopped or stuck. Its figures are then history: they are not
shown as if they were the present.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from pathlib import Path

from gateway import vitals

FRESH_S = 2.0  # workers beat every 100 ms
COMING = "-coming"  # in the name of a page whose worker is to take the place of another
_PAGE = re.compile(r"worker-([A-Za-z0-9_.-]{1,32})\.vitals")


@dataclass(frozen=True, slots=True)
class Worker:
    """name: as in the page's file name.  beat_age_s: since the last beat; negative if the clock was set back, None before the first.  page: see `vitals.FIELDS`."""

    name: str
    beat_age_s: float | None
    page: dict[str, float]

    @property
    def state(self) -> str:
        """starting (no beat yet), dead (its process is gone), silent (stuck or stopped), draining (asked to stop), waiting (for detectors), or ready."""
        pid = int(self.page["pid"])
        if pid and not Path(f"/proc/{pid}").exists():
            return "dead"
        if self.beat_age_s is None:
            return "starting"
        if abs(self.beat_age_s) >= FRESH_S:
            return "silent"
        return "draining" if self.page["draining"] else "waiting" if self.page["waiting"] else "ready"

    @property
    def lives(self) -> bool:
        """Whether its figures are of the present."""
        return self.state in ("draining", "waiting", "ready")


def look(run: Path, now: float | None = None) -> list[Worker]:
    """Every worker that left a page in the run directory, by name, but for those that are still to take somebody's place. now: seconds since the epoch, default the clock's."""
    found = (look_at(path, now) for path in sorted(run.glob("worker-*.vitals")) if not path.stem.endswith(COMING))
    return [worker for worker in found if worker is not None]


def look_at(path: Path, now: float | None = None) -> Worker | None:
    """The worker of one page. None: there is none."""
    now = time.time() if now is None else now
    matched, page = _PAGE.fullmatch(path.name), vitals.read(path)
    return Worker(matched[1], now - page["beat_at"] if page["beat_at"] else None, page) if matched and page is not None else None
