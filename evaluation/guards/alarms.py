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
from tests.detectors import benign, benign_broad, benign_developers, benign_everyday, held_in_everyday, made_up_secrets, secret_places

THRESHOLD = 0.5
_EACH, _BENIGN = 40, 4000
_ADDRESSED = frozenset(("URL", "IP_ADDRESS", "EMAIL_ADDRESS"))  # of what is pasted: addresses of packages, hosts and signers do stand there, and are found as they should be; a fingerprint that is taken for one is not counted either


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
    } | pasted(_pasted_sets(), pii, _ADDRESSED)


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
    } | pasted(_pasted_sets(), secrets, frozenset())


def pasted(sets: dict[str, list[tuple[str, str]]], detector: Pii | Secrets, beside: frozenset[str]) -> dict[str, Any]:
    """Alarms per 1,000 rows of what developers and office people paste, set by set, and of all of it; the sorts with most; and how much is found of what does stand in such texts, set by set.

    beside: kinds that are no alarms.
    """
    alarms = {name: [(sort, [f for f in _sure(detector.find(Text(text))) if f.kind not in beside]) for sort, text in texts] for name, texts in sets.items()}
    sorts = Counter(sort for each in alarms.values() for sort, found in each if found)
    every = [found for each in alarms.values() for _, found in each]
    return {
        "pasted_rows": len(every),
        "pasted_per_1000": round(1000 * sum(map(bool, every)) / len(every), 1),
        "pasted_by_set": {name: round(1000 * sum(bool(found) for _, found in each) / len(each), 1) for name, each in alarms.items()},
        "pasted_where": dict(sorts.most_common(12)),
        "pasted_recall": {name: _recall(detector, half) for name, half in (("tuned", held_in_everyday.TUNED), ("held out", held_in_everyday.HELD))},
    }


def _pasted_sets() -> dict[str, list[tuple[str, str]]]:
    return {"developers": list(benign_developers.rows()), "everyday": list(benign_everyday.rows()), "broad": benign_broad.rows()}


def _recall(detector: Pii | Secrets, sorts: tuple[str, ...]) -> float:
    """The share of the values of some sorts of held_in_everyday.py that a finding covers, of a secret whatever its kind."""
    found = total = 0
    for each in held_in_everyday.held():
        of_it = [value for value in each.values if (value[0] == "any") == isinstance(detector, Secrets)] if each.sort in sorts else []
        findings = _sure(detector.find(Text(each.text))) if of_it else []
        total += len(of_it)
        found += sum(any(f.start <= start and f.end >= end and kind in ("any", f.kind) for f in findings) for kind, start, end in of_it)
    return round(found / total, 4)


def _sure(findings: list[Finding]) -> list[Finding]:
    return [f for f in findings if f.score >= THRESHOLD]
