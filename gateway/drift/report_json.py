"""A report as JSON: what `tidegate drift compare|run --json` print and /api/drift gives. Names stay; fields are added, not changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from detectors.drift.base import Aspect, Feature, Report, Topic
from gateway.drift import words

_DIGITS = 6


def as_json(report: Report, *, every: bool = False) -> dict[str, object]:
    """The report, of JSON's types alone. It should have been masked (gateway.drift.masking).

    `rows` are positions in the window from 0, `baseline_rows` those in the baseline. `structure` holds the significant features; every: all that were tested.
    """
    return {
        "alarm": report.alarm,
        "alpha": report.alpha,
        "pvalue": report.pvalue,
        "tested": report.tested,
        "rows_baseline": report.rows_baseline,
        "rows_window": report.rows_window,
        "novel_share": round(report.novel_share, _DIGITS) if report.tested else None,
        "permutations": report.permutations,
        "aspects": [_aspect(aspect) for aspect in report.aspects],
        "topics": [_topic(topic) for topic in report.topics],
        "structure": [_feature(feature) for feature in report.structure if every or feature.significant],
        "notes": list(report.notes),
    }


def report(said: Mapping[str, Any]) -> Report:
    """The report that was written as `as_json(every=True)`, but for what is not in it: the centres of topics. Raises KeyError, TypeError for what is no such thing."""
    return Report(
        alarm=said["alarm"], alpha=said["alpha"], pvalue=said["pvalue"], tested=said["tested"], rows_baseline=said["rows_baseline"], rows_window=said["rows_window"],
        aspects=tuple(Aspect(**each) for each in said["aspects"]), topics=tuple(_topic_of(each) for each in said["topics"]), structure=tuple(Feature(**each) for each in said["structure"]),
        notes=tuple(said["notes"]), permutations=said["permutations"],
    )  # fmt: skip


def _topic_of(said: Mapping[str, Any]) -> Topic:
    held: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in said.items() if name != "size"}
    return Topic(**held, centre=np.zeros(0, dtype=np.float32))


def _aspect(aspect: Aspect) -> dict[str, object]:
    return {"name": aspect.name, "pvalue": aspect.pvalue, "significant": aspect.significant}


def _topic(topic: Topic) -> dict[str, object]:
    return {
        "aspect": topic.aspect,
        "keywords": list(topic.keywords),
        "direction": topic.direction,
        "share_baseline": round(topic.share_baseline, _DIGITS),
        "share_window": round(topic.share_window, _DIGITS),
        "baseline_interval": [round(each, _DIGITS) for each in topic.baseline_interval],
        "window_interval": [round(each, _DIGITS) for each in topic.window_interval],
        "pvalue": topic.pvalue,
        "size": len(topic.rows),
        "rows": [int(row) for row in topic.rows],
        "baseline_rows": [int(row) for row in topic.baseline_rows],
        "exemplars": list(topic.exemplars),
    }


def _feature(feature: Feature) -> dict[str, object]:
    return {
        "aspect": feature.aspect,
        "feature": feature.feature,
        "pvalue": feature.pvalue,
        "significant": feature.significant,
        "effect": words.effect(feature),
        "size": round(feature.size, _DIGITS),
        "behind": feature.behind,
    }
