"""How well personal data are found: by kind, in sum, by tier, and how much the cut into units costs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import kinds
from rows import Row
from score import Count, Tally

from detectors.base import Finding
from detectors.names import Names
from detectors.nlp import NerOnly
from detectors.pii import Pii
from detectors.text import Text
from detectors.tiers import merge
from detectors.units import units

THRESHOLD = 0.5
WEAK = 0.3  # what is reported for those who ask for it: dates, peoples, organisations


def measure(rows: Sequence[Row], names: Names) -> dict[str, Any]:
    """The scores, as in report.json."""
    pii = Pii()
    texts = [Text(row.text) for row in rows]
    structured = [pii.find(text) for text in texts]
    named = names.find_all(texts)
    both = [merge(row.text, one, two) for row, one, two in zip(rows, structured, named, strict=True)]
    usual = _tally(rows, both, lambda f: f.score >= THRESHOLD)
    every = _tally(rows, both, lambda f: f.score >= WEAK)
    patterns = _tally(rows, structured, lambda f: f.score >= THRESHOLD)
    headline = [kind for kind in usual.by_type if kind not in kinds.IGNORED | kinds.DISPUTED]
    return {
        "texts": len(rows),
        "headline": _scores(usual.total(headline)),
        "headline_with_age_and_title": _scores(usual.total([*headline, *kinds.DISPUTED])),
        "headline_with_age": _scores(usual.total([*headline, "AGE"])),
        "structured": _scores(patterns.total(kinds.STRUCTURED)),
        "structured_both_tiers": _scores(usual.total(kinds.STRUCTURED)),
        "patterns_headline": _scores(patterns.total([kind for kind in patterns.by_type if kind not in kinds.IGNORED | kinds.DISPUTED])),
        "by_kind": {kind: _scores(count) for kind, count in sorted(every.by_type.items())},
        "characters": {
            "headline": _covered(usual, headline),
            "all kinds": _covered(usual, list(usual.characters)),
            "all kinds, weak findings too": _covered(every, list(every.characters)),
        },
        "model_alone": _model_alone(rows),
        "rows_with_a_spurious_span_per_1000": round(1000 * _spurious_rows(rows, both) / len(rows), 1),
    }


def _tally(rows: Sequence[Row], found: Sequence[Sequence[Finding]], keep: Callable[[Finding], bool]) -> Tally:
    tally = Tally()
    for row, findings in zip(rows, found, strict=True):
        tally.add(row.text, row.true, [(f.start, f.end, kinds.FOUND.get(f.kind, f.kind)) for f in findings if keep(f)])
    return tally


_LABELS = {"PERSON": "PERSON", "GPE": "LOCATION", "LOC": "LOCATION", "FAC": "LOCATION"}


def _model_alone(rows: Sequence[Row]) -> dict[str, dict[str, float]]:
    """F1 of the model's raw entities, asked with whole texts and unit by unit: what the units cost."""
    engine = NerOnly()
    engine.load()
    tallies = {"whole texts": Tally(), "by unit": Tally()}
    for row, whole in zip(rows, engine.entities(row.text for row in rows), strict=True):
        tallies["whole texts"].add(row.text, row.true, [(start, end, _LABELS[label]) for start, end, label in whole if label in _LABELS])
    for row in rows:
        cuts = units(row.text)
        found = zip(cuts, engine.entities(row.text[start:end] for start, end in cuts), strict=True)
        spans = [(at + start, at + end, _LABELS[label]) for (at, _), each in found for start, end, label in each if label in _LABELS]
        tallies["by unit"].add(row.text, row.true, spans)
    return {name: {kind: round(tally.by_type[kind].f1, 3) for kind in ("PERSON", "LOCATION")} for name, tally in tallies.items()}


def _spurious_rows(rows: Sequence[Row], found: Sequence[Sequence[Finding]]) -> int:
    """Rows in which a finding of a headline kind touches nothing that is labelled."""
    return sum(
        any(f.score >= THRESHOLD and f.kind not in kinds.IGNORED and not any(f.start < t[1] and t[0] < f.end for t in row.true) for f in findings)
        for row, findings in zip(rows, found, strict=True)
    )


def _scores(count: Count) -> dict[str, float]:
    return {"precision": round(count.precision, 3), "recall": round(count.recall, 3), "f1": round(count.f1, 3), "true": count.right + count.missed, "found": count.right + count.spurious}


def _covered(tally: Tally, chosen: Sequence[str]) -> float:
    there = sum(tally.characters[kind] for kind in chosen)
    return round(sum(tally.covered[kind] for kind in chosen) / there, 3) if there else 1.0
