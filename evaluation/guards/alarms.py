"""False alarms on what is nobody's, and the recall of secrets: on texts that are made when they are needed."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import Any

from detectors.base import Finding
from detectors.names import Names
from detectors.pii import Pii
from detectors.secrets import Secrets
from detectors.text import Text
from tests.detectors import benign, made_up_secrets, secret_places

THRESHOLD = 0.5
_EACH, _BENIGN = 40, 4000


def personal(names: Names) -> dict[str, Any]:
    """Rows of tests/detectors/benign.py, per 1,000, in which something is found; with the patterns alone and with names."""
    rows = list(benign.rows(each=40))
    pii = Pii()
    texts = [Text(text) for _, text in rows]
    patterns = [_sure(pii.find(text)) for text in texts]
    named = [_sure(found) for found in names.find_all(texts)]
    sorts: Counter[str] = Counter()
    for (sort, _), one, two in zip(rows, patterns, named, strict=True):
        sorts.update(f"{sort}: {finding.kind}" for finding in {f.kind: f for f in (*one, *two)}.values())
    scale = 1000 / len(rows)
    return {
        "rows": len(rows),
        "patterns_per_1000": round(scale * sum(map(bool, patterns)), 1),
        "both_tiers_per_1000": round(scale * sum(bool(one or two) for one, two in zip(patterns, named, strict=True)), 1),
        "both_tiers_without_places_per_1000": round(scale * sum(any(f.kind != "LOCATION" for f in (*one, *two)) for one, two in zip(patterns, named, strict=True)), 1),
        "where": dict(sorts.most_common(12)),
    }


def keys() -> dict[str, Any]:
    """Secrets of tests/detectors/made_up_secrets.py and secret_places.py found (the finding covers the whole secret), and texts without one, per 1,000, with a finding."""
    secrets = Secrets()
    missed: Counter[str] = Counter()
    total = 0
    for made in chain(made_up_secrets.secrets(_EACH, seed=77), secret_places.placed(seed=77, each=10)):
        total += 1
        if not any(f.start <= made.start and f.end >= made.end for f in secrets.find(Text(made.text))):
            missed[made.kind] += 1
    alarms = sum(bool(_sure(secrets.find(Text(text)))) for text in made_up_secrets.benign(_BENIGN, seed=78))
    alarms_elsewhere = sum(bool(_sure(secrets.find(Text(text)))) for _, text in benign.rows(each=40))
    return {
        "secrets": total,
        "recall": round(1 - missed.total() / total, 4),
        "missed": dict(missed),
        "texts_without": _BENIGN,
        "false_alarms_per_1000": round(1000 * alarms / _BENIGN, 2),
        "false_alarms_on_the_benign_rows_of_pii": alarms_elsewhere,
    }


def _sure(findings: list[Finding]) -> list[Finding]:
    return [f for f in findings if f.score >= THRESHOLD]
