"""PromQL as text: durations at a pace, label values that may be anything, and the few shapes that several rules share.

Prometheus 2.42 and newer. What a counter's first value means: the gate's counters with open labels appear with their first event, at 1 and not at 0,
and `increase()` sees nothing of that one. `Terms.grown` does.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
JOB = "tidegate"  # the scrape job's name
CANARY = "canary"
_UNITS = (("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1))


def number(value: float) -> str:
    """Without the noise of binary fractions."""
    return f"{value:.10g}"


def quoted(value: str) -> str:
    """A label's value as a string of PromQL: JSON's escapes are among those that it knows."""
    return json.dumps(value, ensure_ascii=False)


def duration(seconds: float) -> str:
    """`90m`, `7d`, `250ms`: one unit, at least a millisecond."""
    ms = max(1, round(seconds * 1000))
    unit, size = next((unit, size) for unit, size in _UNITS if ms % size == 0)
    return f"{ms // size}{unit}"


def matchers(*parts: str) -> str:
    """`{a="b",c!="d"}` of those that are not empty."""
    inside = ",".join(part for part in parts if part)
    return f"{{{inside}}}" if inside else ""


def loud(quiet_envs: Iterable[str]) -> str:
    """Matchers for the environments that may wake somebody."""
    return ",".join(f"env!={quoted(env)}" for env in dict.fromkeys((CANARY, *quiet_envs)))


def each(label: str, default: float | None, own: Mapping[str, float | None], expr: Callable[[str, float], str]) -> str:
    """One expression for each value of `label` that has an objective of its own, and one for the rest; "" if there is nothing to compare with.

    expr: of matchers and an objective.  default None: the rest has none.
    """
    differing = {name: value for name, value in sorted(own.items()) if value is not None and value != default}
    found = [expr(f"{label}={quoted(name)}", value) for name, value in differing.items()]
    if default is not None:
        found.append(expr(",".join(f"{label}!={quoted(name)}" for name in differing), default))
    return "\nor\n".join(found)


@dataclass(frozen=True, slots=True)
class Terms:
    """How rules are written this time.

    pace: divides every duration, so that a test sees in a minute what takes an hour.  recorded: for a Prometheus that evaluates the recording rules; False:
    each alert stands alone.
    """

    pace: float = 1.0
    recorded: bool = True

    def span(self, seconds: float) -> float:
        return seconds / self.pace

    def __call__(self, seconds: float) -> str:
        """A duration at this pace."""
        return duration(seconds / self.pace)

    def grown(self, by: str, metric: str, seconds: float, *, since_known: bool = True) -> str:
        """How much a counter has grown, its first value included where the target was up `seconds` ago and no such series was there, nor as long again before.

        since_known False: also where the target was not known. That far back, and not only at one moment, since a scrape that was missed is no beginning.
        """
        span = self(seconds)
        known = f' and on (job, instance) (up{{job="{JOB}"}} offset {span} == 1)' if since_known else ""
        return f"sum by ({by}) (({metric} unless max_over_time({metric}[{span}] offset {span}){known}) or increase({metric}[{span}]))"
