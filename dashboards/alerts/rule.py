"""What a rule is, before it is written down for Prometheus (render.py) or Grafana (grafana.py)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["page", "ticket"]


@dataclass(frozen=True, slots=True)
class Recording:
    """A series that several alerts of its group compare with something. name: as Prometheus wants it, level:metric:operation."""

    name: str
    expr: str


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert.

    expr: PromQL; it fires for each of its results.  for_s: seconds that a result must last, already divided by the pace.
    held: of what the recorder counts; render.py keeps it firing while nothing is counted, for then nobody knows that it is over.
    severity: page, wake somebody; ticket, the next working day.  labels: what the results are told apart by, beside the target's own (job, instance).
    summary: one sentence, a Go template over $labels and $value.  board: uid.
    """

    name: str
    severity: Severity
    expr: str
    for_s: float
    summary: str
    board: str
    labels: tuple[str, ...] = ()
    held: bool = False

    @property
    def runbook(self) -> str:
        """The file's name."""
        return f"{self.name}.md"


@dataclass(frozen=True, slots=True)
class Group:
    """Rules that are evaluated together, in this order. name: service, money, guards, drift or itself."""

    name: str
    recordings: tuple[Recording, ...]
    alerts: tuple[Alert, ...]


# ------------------------------------------------------------------ the value in a summary

SHARE = "{{ $value | humanizePercentage }}"
SECONDS = "{{ $value | humanizeDuration }}"
COUNT = '{{ $value | printf "%.0f" }}'
DOLLARS = '${{ $value | printf "%.2f" }}'
BYTES = "{{ $value | humanize1024 }}B"
