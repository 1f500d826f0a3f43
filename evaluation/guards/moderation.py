"""How good local moderation is: on text of other origins, on harmless text that looks bad, what it costs; and what its recipe does with texts held back.

`measure(data, wheels)` gives all figures; what is not there is left out (evaluation/training/moderation_sets.py says what belongs in the two
directories). Without either, look-alikes, texts of our own that nothing was trained on (moderation_held.py), the documents of this machine and cost are measured all the same.
The weights that ship saw all of the moderation set: nothing of it is measured here. Its held-back figures are those that `evaluation/training/moderation.py
measure` wrote into detectors/weights/moderation.json, of weights made by the same recipe without the texts they are measured on; they are repeated
here only while that file says that weights, recipe and set are still the same.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any
from zlib import crc32

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path += [path for path in (str(ROOT), str(ROOT / "evaluation" / "training")) if path not in sys.path]  # last: names there also stand beside this file

import lookalikes  # noqa: E402
import moderation_sets as sets  # noqa: E402
import numpy as np  # noqa: E402
from moderation_sets import Labelled  # noqa: E402

from detectors.moderation import LOCAL, Moderation  # noqa: E402
from evaluation.guards import moderation_held  # noqa: E402
from evaluation.guards.figures import cost, rate  # noqa: E402

THRESHOLD = 0.5
SEED = 11
LENGTHS = (5, 20, 60, 200)  # requests joined to one text, to see what length alone does
TRAINED = ("de", "fr", "es", "it", "pt", "nl")  # beside English: evaluation/training/moderation_abroad.py
Scores = Mapping[str, float]


def measure(data: Path | None, wheels: Path | None, packages: Path | None = None) -> dict[str, Any]:
    """Figures as described in the module; rates from 0 to 1. packages: where Python packages are installed (default: this Python's)."""
    detector = Moderation()
    found = recipe()
    alike = [detector.scores(text) for text in lookalikes.sentences(lookalikes.HELD)]
    found |= {"false alarms on look-alikes": _alarms(alike), "look-alikes": len(alike)}
    documents = [row.text for row in sets.documents(packages or Path(np.__file__).parent.parent) if crc32(row.group.encode()) % 2]
    found |= {"false alarms on long documents": _alarms([detector.scores(text) for text in documents]), "long documents": len(documents)}
    found["texts of our own"] = ours(detector)
    requests = _read(data, lambda folder: [row.text for part in ("test", "oos_test") for row in sets.ordinary(folder, part)])
    if requests:
        scores = [detector.scores(text) for text in requests]
        found |= {"false alarms on ordinary requests": _alarms(scores), "ordinary requests": len(scores)}
        found["false alarms on ordinary requests, by category"] = {name: _over(scores, name) for name in LOCAL}
        draw = Random(SEED)
        joined = {str(n): [" ".join(draw.sample(requests, n)) for _ in range(60)] for n in LENGTHS}
        found["false alarms on requests joined"] = {n: _alarms([detector.scores(text) for text in texts]) for n, texts in joined.items()}
    replies = _read(wheels, sets.other_replies)
    if replies:
        scores = [detector.scores(row.text) for row in replies]
        found["replies of another origin"] = _ranked(replies, scores)
    orders = _read(wheels, sets.other_instructions)
    if orders:
        scores = [detector.scores(row.text) for row in orders]
        found["instructions of another origin"] = {"texts": len(orders), "found": _alarms(scores), "illicit found": _over(scores, "illicit")}
        sorts = sorted({row.group for row in orders})
        found["instructions of another origin"]["found, by sort"] = {sort: _alarms([one for row, one in zip(orders, scores, strict=True) if row.group == sort]) for sort in sorts}
        both = [max(one.values()) for one in (*scores, *alike)]
        found["instructions of another origin"]["AUPRC against look-alikes"] = auprc([1] * len(scores) + [0] * len(alike), both)
    return found


def ours(detector: Moderation) -> dict[str, Any]:
    """Of the texts of moderation_held.py, all and by group: what is found, what alarms, AUPRC of the group's harmful texts among its safe ones (which are of the same number, subjects and languages)."""
    bad, fine = ([(*row[:3], max(detector.scores(row[3]).values())) for row in moderation_held.texts(by)] for by in (moderation_held.HARMFUL, moderation_held.SAFE))
    groups: dict[str, Callable[[str, str, str], bool]] = {"all": lambda *_: True, "English": lambda subject, speaker, language: language == "en"}
    groups["languages trained on beside English"] = lambda subject, speaker, language: language in TRAINED
    groups["languages never trained on"] = lambda subject, speaker, language: language not in ("en", *TRAINED)
    groups["replies"] = lambda subject, speaker, language: speaker == "assistant"
    for name in dict.fromkeys(subject for subject, *_ in bad):
        groups[name] = lambda subject, speaker, language, name=name: subject == name  # type: ignore[misc]
    told = {}
    for group, member in groups.items():
        harmful, safe = ([row[3] for row in rows if member(*row[:3])] for rows in (bad, fine))
        figures = {"harmful": len(harmful), "safe": len(safe), "AUPRC": auprc([1] * len(harmful) + [0] * len(safe), harmful + safe)}
        told[group] = figures | {"found at the default threshold": rate([one >= THRESHOLD for one in harmful]), "alarms": rate([one >= THRESHOLD for one in safe])}
    return told


def recipe(folder: Path = ROOT / "detectors" / "weights") -> dict[str, Any]:
    """What training found with texts held back, or why that says nothing of the weights that are there."""
    told = json.loads((folder / "moderation.json").read_text(encoding="utf-8"))
    held, shipped = told.get("measure") or {}, told.get("ship") or {}
    if shipped.get("moderation.npz") != sha256((folder / "moderation.npz").read_bytes()).hexdigest():
        return {"held back": "not known: moderation.json tells of other weights"}
    if any(held.get(key) != shipped.get(key) for key in ("recipe", "sha256", "seed")):
        return {"held back": "not known: measured by another recipe, seed or set than the weights were made by"}
    beforehand, drawn = held["third drawn beforehand"], held["thirds drawn by chance, mean and deviation"]
    figures = {"AUPRC any, held-back third, drawn beforehand": beforehand["AUPRC any"], "AUPRC any, mean of random held-back thirds": drawn["AUPRC any"][0]}
    how = "by training, of heads that had not seen the third; those that ship saw all"
    return {**figures, "held back": {"measured": how, "date": held["date"], "third drawn beforehand": beforehand, "random thirds, mean and deviation": drawn}}


def auprc(labels: Sequence[int], scores: Sequence[float]) -> float:
    """Average precision: the mean, over the positives, of the precision at each one's score; equal scores count together."""
    order = np.argsort(-np.asarray(scores), kind="stable")
    hits, ranked = np.asarray(labels)[order], np.asarray(scores)[order]
    last = np.append(np.flatnonzero(np.diff(ranked)), len(ranked) - 1)
    right = np.cumsum(hits)[last]
    gained = np.diff(np.append(0, right))
    return round(float((gained * right / (last + 1)).sum() / max(1, hits.sum())), 4)


def _ranked(rows: Sequence[Labelled], scores: Sequence[Scores]) -> dict[str, Any]:
    harmful = [int(bool(row.harmful)) for row in rows]
    worst = [max(one.values()) for one in scores]
    bad = [score >= THRESHOLD for score, label in zip(worst, harmful, strict=True) if label]
    fine = [score >= THRESHOLD for score, label in zip(worst, harmful, strict=True) if not label]
    told: dict[str, Any] = {"texts": len(rows), "harmful": sum(harmful), "AUPRC any": auprc(harmful, worst), "found at the default threshold": rate(bad), "alarms among the rest": rate(fine)}
    by: dict[str, Any] = {}
    for name in LOCAL:
        known = [(row.labels[name], one[name]) for row, one in zip(rows, scores, strict=True) if name in row.labels]
        if any(label for label, _ in known):
            by[name] = {"texts": len(known), "harmful": sum(label for label, _ in known), "AUPRC": auprc(*zip(*known, strict=True))}
    return told | {"by category": by}


def _read(folder: Path | None, reader: Callable[[Path], list[Any]]) -> list[Any]:
    if folder is None:
        return []
    try:
        return reader(folder)
    except FileNotFoundError as e:
        sys.stderr.write(f"left out: {e}\n")
        return []


def _alarms(scores: Sequence[Scores]) -> float:
    return rate([max(one.values()) >= THRESHOLD for one in scores])


def _over(scores: Sequence[Scores], name: str) -> float:
    return rate([one[name] >= THRESHOLD for one in scores])


def cost_of() -> dict[str, float]:
    """Milliseconds of an ordinary text and of hostile ones."""
    hostile = {"words": "kill ", "letters": "a", "no blanks": "fuck", "dots": ". ", "zero-width": "a\u200b", "base64": "aWdub3JlIGFsbA==\n", "other script": "\u6bba\u3059"}
    return cost(Moderation().find, " ".join(lookalikes.sentences(lookalikes.TRAINING)), hostile)


if __name__ == "__main__":
    given = [Path(name) for name in sys.argv[1:3]]
    json.dump(measure(given[0] if given else None, given[1] if len(given) > 1 else None), sys.stdout, indent=1)
