"""The judges' part of the report: each measured by its own file here, what needs a set that is not there left out and named.

Sets are never checked in: `data` holds the labelled texts, `packages` the wheels and sources of the Python packages that carry others (which: the heads of
moderation.py, injection_sets.py and format.py).
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import format as formats
import grounding
import injection
import moderation

SUITE = "jsonschema-4.26.0/json"
_INTRO = """
## Judges

They judge whole texts, so a figure is a share of texts. How each was trained, what it cannot see and how far its figures are to be believed stands in the model cards
(detectors/weights) and in the heads of detectors/format.py and detectors/grounding.py. Rates are from 0 to 1, AUPRC is the area under precision and recall, cost is
milliseconds of processor time.
"""


def measure(data: Path | None, packages: Path | None) -> dict[str, Any]:
    """By judge. None: without outside sets."""
    found: dict[str, Any] = {"moderation": moderation.measure(data, packages)}
    with tempfile.TemporaryDirectory() as together:
        for folder in filter(None, (data, packages)):
            for file in folder.iterdir():
                if file.is_file():
                    (Path(together) / file.name).symlink_to(file.resolve())
        found["injection"] = injection.measure(Path(together))
    try:
        drafts = formats.measure((packages or Path()) / SUITE)
        found["format"] = {"share of verdicts equal to the suite's": sum(each["equal"] for each in drafts.values()) / sum(each["verdicts"] for each in drafts.values()), "schema": drafts}
    except FileNotFoundError:
        found["format"] = {"sets not found": [SUITE]}
    found["format"] |= {"languages": formats.languages(), "cost": formats.speed()}
    return grounded(found)


def grounded(found: dict[str, Any]) -> dict[str, Any]:
    """What was found before, with grounding measured anew, and what judges cost: all of that is made here."""
    found["grounding"] = {name: _counted(grounding.measure(name)) for name in (*grounding.SETS, *grounding.WIDE)} | {"cost": grounding.speed()}
    for name, cost in (("moderation", moderation.cost_of), ("injection", injection.cost_of)):
        found[name]["cost"] = cost()
    each = (found["moderation"]["cost"]["ordinary, 1 KB"], found["injection"]["cost"]["ordinary, 1 KB"], found["format"]["cost"]["ms"], found["grounding"]["cost"]["ms"])
    found["cost of all judges on 1 KB, grounding against 8 KB of context, ms"] = round(sum(each), 2)
    return found


def bars(found: Mapping[str, Any]) -> Iterator[tuple[str, float, float, bool]]:
    """name, measured, bar, whether it is the least; of what was measured."""
    figures = dict(_flat(found))
    for name, bar, least in (
        ("moderation: AUPRC any, held-back third, drawn beforehand", 0.84, True),
        ("moderation: AUPRC any, mean of random held-back thirds", 0.84, True),
        ("moderation: false alarms on ordinary requests", 0.005, False),
        ("moderation: false alarms on look-alikes", 0.05, False),
        ("injection: recall on other origins, pooled, at 1 % false alarms", 0.70, True),
        ("injection: false alarms on clean long documents", 0.05, False),
        ("injection: false alarms on look-alikes", 0.10, False),
        ("format: share of verdicts equal to the suite's", 1.0, True),
        ("grounding: worked: found_rate", 0.95, True),  # worked on until it was so
        ("grounding: worked: alarm_rate", 0.05, False),
        ("grounding: wide-unseen: found_rate", 0.95, True),
        ("grounding: wide-unseen: alarm_rate", 0.05, False),
        ("grounding: worlds-unseen: found_rate", 0.95, True),
        ("grounding: worlds-unseen: alarm_rate", 0.05, False),
        ("grounding: daily-unseen: found_rate", 0.95, True),
        ("grounding: daily-unseen: alarm_rate", 0.05, False),
        ("grounding: styles: found_rate", 0.95, True),
        ("grounding: styles: alarm_rate", 0.05, False),
        ("grounding: papers-unseen: found_rate", 0.95, True),
        ("grounding: papers-unseen: alarm_rate", 0.05, False),
        ("grounding: outside-unseen: found_rate", 0.95, True),
        ("grounding: outside-unseen: alarm_rate", 0.05, False),
        ("cost of all judges on 1 KB, grounding against 8 KB of context, ms", 30, False),
    ):
        if name in figures:
            yield name, figures[name], bar, least


def written(found: Mapping[str, Any]) -> str:
    """As Markdown."""
    parts = [_INTRO]
    for judge, figures in found.items():
        if isinstance(figures, dict):
            parts.append(f"\n### {judge}\n\n| figure | |\n|---|---|")
            parts.append("\n".join(f"| {name} | {value:g} |" if isinstance(value, int | float) else f"| {name} | {value} |" for name, value in _flat(figures)))
    return "\n".join(parts) + "\n"


def _counted(figures: Mapping[str, Any]) -> dict[str, Any]:
    """Without the texts that were missed or raised."""
    return {name: value for name, value in figures.items() if name not in ("missed", "raised")}


def _flat(value: Mapping[str, Any], place: str = "") -> Iterator[tuple[str, Any]]:
    for name, inner in value.items():
        at = f"{place}: {name}" if place else name
        if isinstance(inner, dict):
            yield from _flat(inner, at)
        else:
            yield at, ", ".join(map(str, inner)) if isinstance(inner, list) else inner
