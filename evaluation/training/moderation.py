"""Train the local moderation detector: `python evaluation/training/moderation.py STEP --data DIRECTORY --wheels DIRECTORY`.

Two steps of one recipe, `made`; each writes its part of detectors/weights/moderation.json (seed, hashes of what was read, date, recipe, figures):

  measure   holds a third of the moderation set back, makes weights of the rest, measures the whole detector with them on that third, and drops them:
            the third that was drawn beforehand (moderation_sets.held), then --splits thirds drawn by chance
  ship      makes weights of all, moderation.npz (figures only). Nothing is left of the set to measure these by: what `measure` found stands for them

Needs numpy, scikit-learn and the detector's own packages; the detector itself needs no scikit-learn. moderation_sets.py says what is read.

1  Every text is seen as the detector will see it: words, rudeness, meaning, likeness (detectors.moderation).
2  A logistic head per category over the texts whose label is known, and one for "any". A category that was not asked about counts as no where the text
   was found harmless in all others (UNLABELLED), and as unknown where it was not. Other sources weigh less (WEIGHT): they say what these words mean
   elsewhere, and what ordinary requests look like. Most texts of our own are drawn from products of parts (moderation_grammar, moderation_abroad).
3  On margins of heads that have not seen the text (FOLDS folds; topics of look-alikes stay together, and wordings of one line) each is scaled to a calibrated logit (Platt), so
   that scores can be compared. The detector then takes the mean of the highest category and of "any" (detectors.moderation.joined).
4  The shift, one for "illicit" and one for all others, puts 0.5 where, of texts no head had seen, at most ORDINARY of ordinary requests and LOOKALIKES of
   the look-alikes alarm, and never over SHIFT: a calibrated even chance, and .62 for "illicit"; per_doubling is then the least that lets at most DOCUMENTS of long clean documents alarm.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any
from zlib import crc32

import numpy as np
from scipy.sparse import csr_matrix, diags, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path += [path for path in (str(ROOT), str(ROOT / "evaluation" / "training")) if path not in sys.path]  # last: names there also stand elsewhere

import lookalikes  # noqa: E402
import moderation_abroad as abroad  # noqa: E402
import moderation_grammar as grammar  # noqa: E402
import moderation_sets as sets  # noqa: E402
import phrases  # noqa: E402
from moderation_sets import Labelled  # noqa: E402

from detectors import lexical  # noqa: E402
from detectors import moderation as detector  # noqa: E402
from detectors.text import Text  # noqa: E402

SEED, FOLDS = 4, 5
INVERSE_REGULARISATION = 1.0
WEIGHT = {"moderation": 1.0, "phrases": 0.1, "close": 0.1, "look-alikes": 1.0, "ordinary": 0.2, "tweets": 0.03, "instructions": 0.3}
WEIGHT |= {"grammar": 0.2, "grammar, close": 0.2, "abroad": 0.2, "abroad, close": 0.2}
UNLABELLED = 1.0  # of a category that was not asked about, of a text of the moderation set that nobody found harmful in any other: taken as no, like an answer
UNLABELLED_ILLICIT = 0.3  # the same of "illicit", which is none of that set's categories: hardly one is, but nobody said so
NEGATIVES = {"ordinary": 5000, "tweets": 2600}
ORDINARY, LOOKALIKES, DOCUMENTS = 0.001, 0.01, 0.02  # stricter than what is promised: few texts, few topics
WORDS = 2.0  # how much words and runs of characters weigh beside the other sorts
SHIFT = {"harm": (-3.0, 0.0), "illicit": (-3.0, -0.5)}  # the texts that "illicit" is calibrated on ask for it far more often than people do
ILLICIT_CALIBRATION = ("phrases", "close", "instructions", "ordinary")  # the moderation set has no such label
SPLITS = 20
RECIPE = {"inverse regularisation": INVERSE_REGULARISATION, "folds": FOLDS, "weights": WEIGHT, "unlabelled": UNLABELLED, "illicit, unlabelled": UNLABELLED_ILLICIT, "drawn": NEGATIVES, "alarms": [ORDINARY, LOOKALIKES, DOCUMENTS]}
RECIPE |= {"tokens": detector.TOKENS, "words": WORDS, "shift": SHIFT, "sorts": [detector.MEANING, detector.RUDENESS, detector.LIKENESS], "alone": [detector.ALONE, detector.DOUBT]}
RECIPE |= {"texts of our own": {Path(module.__file__ or "").name: sha256(Path(module.__file__ or "").read_bytes()).hexdigest() for module in (phrases, lookalikes, grammar, abroad)}}
WEIGHTS = ROOT / "detectors" / "weights"


def out(*told: object) -> None:
    sys.stdout.write(" ".join(map(str, told)) + "\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description="Train the local moderation detector.")
    parser.add_argument("step", choices=("measure", "ship"), help="measure the recipe on thirds that are held back, or make the weights of all")
    parser.add_argument("--data", type=Path, required=True, help="the directory of the labelled files")
    parser.add_argument("--wheels", type=Path, required=True, help="the directory of the wheels that carry labelled texts")
    parser.add_argument("--packages", type=Path, default=Path(np.__file__).parent.parent, help="installed packages, whose descriptions are long clean documents")
    parser.add_argument("--splits", type=int, default=SPLITS, metavar="N", help=f"measure on N thirds drawn by chance, too (default {SPLITS})")
    args = parser.parse_args()
    rows = gathered(args.data, args.wheels)
    seen = Seen(rows, args.wheels, args.packages)
    found: dict[str, Any] = {"date": datetime.now(UTC).date().isoformat(), "seed": SEED, "sha256": sets.HASHES, "recipe": RECIPE}
    if args.step == "measure":
        found |= held_back(rows, seen, args.splits)
    else:
        weights, report = made(rows, seen, np.ones(len(rows), dtype=bool))
        weights.save(WEIGHTS / "moderation.npz")
        found |= report | {"moderation.npz": sha256((WEIGHTS / "moderation.npz").read_bytes()).hexdigest()}
    path = WEIGHTS / "moderation.json"
    told = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    path.write_text(json.dumps({part: found if part == args.step else told.get(part) for part in ("measure", "ship")}, indent=1) + "\n", encoding="utf-8")
    out(json.dumps(found, indent=1))


def gathered(data: Path, wheels: Path) -> list[Labelled]:
    """All that is ever trained on."""
    nothing = dict.fromkeys(detector.LOCAL, 0)
    draw = Random(SEED)
    rows = sets.moderation(data)
    rows += [_meant(text, kinds, "phrases") for text, kinds in phrases.meant()]
    rows += [Labelled(text, nothing, 0, "close") for text in phrases.close()]
    rows += [Labelled(text, nothing, 0, "look-alikes", topic) for topic in lookalikes.TRAINING for text in lookalikes.sentences({topic: lookalikes.TRAINING[topic]})]
    for origin, source in (("ordinary", sets.ordinary(data, "train")), ("tweets", sets.tweets(data))):
        rows += [replace(row, labels=nothing if row.harmful == 0 else row.labels) for row in draw.sample(source, NEGATIVES[origin])]
    rows += sets.instructions(wheels)
    for origin, source in (("grammar", grammar), ("abroad", abroad)):
        rows += [_meant(text, kinds, origin, line) for text, kinds, line in source.meant(draw)]
        rows += [Labelled(text, nothing, 0, f"{origin}, close", line) for text, line in source.close(draw)]
    return rows


def _meant(text: str, kinds: frozenset[str], origin: str, group: str = "") -> Labelled:
    """A sentence of our own: whatever it was not written for, it is not."""
    return Labelled(text, {kind: int(kind in kinds) for kind in detector.LOCAL}, 1 if kinds - {"illicit", "illicit/violent"} else None, origin, group)


class Seen:
    """The texts as the detector sees them, before anything is fitted. words: csr (n, 2**BITS).  vectors: float32 (n, 384).  documents: the half of the long ones that is looked at here."""

    def __init__(self, rows: Sequence[Labelled], wheels: Path, packages: Path) -> None:
        self.model = detector.embedder()
        words, idf, coefficients = sets.rude_words(wheels)
        codes = np.array([crc32(word.encode("utf-8")) for word in words], dtype=np.uint32)
        codes, first = np.unique(codes, return_index=True)
        # Rounded as they will be stored, so that training and use see the same figures.
        self.rude = detector.Rudeness(codes, idf[first].astype(np.float16).astype(np.float32), coefficients[first].astype(np.float16).astype(np.float32), 0.0, 1.0)
        self.texts = [Text(row.text).folded.text[: detector.WINDOW] for row in rows]
        self.vectors = np.stack([self.model.embed_start(self._excerpt(text), detector.TOKENS) for text in self.texts])
        self.words = sparse([lexical.vector(text, detector.BITS) for text in self.texts])
        self.documents = [Text(row.text) for row in sets.documents(packages) if crc32(row.group.encode()) % 2 == 0]
        out("seen", self.words.shape)

    def _excerpt(self, text: str) -> str:
        parts = detector.pieces(text)
        return detector.excerpt(text, parts, [self.rude.of_piece(part) for part in parts], self.model)

    def likeness(self) -> detector.Likeness:
        """To the sentences of phrases.py, not yet scaled."""
        blocks = [*phrases.MEANT.values(), phrases.CLOSE]
        lines = [[line.strip() for line in block.strip().splitlines()] for block in blocks]
        vectors = self.model.embed([line for block in lines for line in block])
        vectors = np.round(vectors * detector.STEPS).clip(-127, 127).astype(np.float32)  # as stored
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        zero = np.zeros(len(blocks), dtype=np.float32)
        return detector.Likeness(vectors, np.array([group for group, block in enumerate(lines) for _ in block]), zero, zero + 1)


class Fitted:
    """What is scaled, without labels, to the texts `base` (int (m,)): those of the moderation set that are trained on. all: csr (n, 2**BITS + 384 + 1 + g), the features of all texts."""

    def __init__(self, seen: Seen, base: Any) -> None:
        margins = np.array([seen.rude.of(seen.texts[i]) for i in base])
        self.rudeness = replace(seen.rude, mean=float(margins.mean()), spread=float(margins.std()))
        likeness = seen.likeness()
        found = np.stack([likeness.to(seen.vectors[i]) for i in base])
        self.likeness = replace(likeness, means=found.mean(axis=0), spreads=found.std(axis=0))
        documents = np.asarray((seen.words[base] > 0).sum(axis=0)).ravel()
        self.idf = WORDS * (np.log((1 + len(base)) / (1 + documents)) + 1)
        dense = np.stack([detector.dense(text, self.rudeness, self.likeness, vector) for text, vector in zip(seen.texts, seen.vectors, strict=True)])
        self.all = hstack([seen.words @ diags(self.idf), csr_matrix(dense)]).tocsr()


def sparse(vectors: Sequence[lexical.Sparse]) -> Any:
    ends = np.cumsum([0, *(len(vector.at) for vector in vectors)])
    return csr_matrix((np.concatenate([v.values for v in vectors]), np.concatenate([v.at for v in vectors]), ends), shape=(len(vectors), 1 << detector.BITS))


def labels_of(rows: Sequence[Labelled], name: str) -> tuple[Any, Any]:
    """(labels, int (n,), -1 where not known; weights, float (n,))."""
    labels, weights = np.full(len(rows), -1), np.zeros(len(rows))
    for i, row in enumerate(rows):
        value = row.harmful if name == detector.ANY else row.labels.get(name)
        weight = WEIGHT[row.origin]
        if value is None and row.origin == "moderation" and row.harmful == 0:
            value, weight = 0, UNLABELLED_ILLICIT if name == "illicit" else UNLABELLED
        if value is not None:
            labels[i], weights[i] = value, weight
    return labels, weights


def head(x: Any, labels: Any, weights: Any) -> tuple[Any, float]:
    """(coefficients, bias) of a logistic head; the rarer side weighs more, up to ten times."""
    ones, zeros = weights[labels == 1].sum(), weights[labels == 0].sum()
    weights = np.where(labels == 1, weights * min(10.0, max(1.0, zeros / ones)), weights)
    found = LogisticRegression(C=INVERSE_REGULARISATION, solver="liblinear", dual=True, tol=0.01, max_iter=300, random_state=SEED).fit(x, labels, sample_weight=weights)
    return found.coef_[0], float(found.intercept_[0])


def made(rows: Sequence[Labelled], seen: Seen, training: Any) -> tuple[detector.Weights, dict[str, Any]]:
    """Weights from the rows that `training` (bool (n,)) allows, and what was found on the way."""
    names = (*detector.LOCAL, detector.ANY)
    index = np.flatnonzero(training).tolist()
    fitted = Fitted(seen, np.array([i for i in index if rows[i].origin == "moderation"]))
    here, x = [rows[i] for i in index], fitted.all[index]
    draw = Random(SEED)
    fold = np.array([crc32(row.group.encode()) % FOLDS if row.group else draw.randrange(FOLDS) for row in here])
    rowset, biases, unseen = [], [], np.zeros((len(index), len(names)))
    for column, name in enumerate(names):
        labels, weights = labels_of(here, name)
        known = labels >= 0
        row, bias = head(x[known], labels[known], weights[known])
        for part in range(FOLDS):
            chosen = known & (fold != part)
            without = head(x[chosen], labels[chosen], weights[chosen])
            unseen[fold == part, column] = x[fold == part] @ without[0] + without[1]
        of = ILLICIT_CALIBRATION if name == "illicit" else ("moderation",)
        chosen = known & np.array([each.origin in of for each in here])
        spread = unseen[chosen, column].std()
        scaled = LogisticRegression(C=1.0).fit(unseen[chosen][:, [column]] / spread, labels[chosen])
        factor, offset = float(scaled.coef_[0][0] / spread), float(scaled.intercept_[0])
        unseen[:, column] = unseen[:, column] * factor + offset
        rowset.append(row * factor)
        biases.append(bias * factor + offset)
    logits = np.stack([detector.joined(one) for one in unseen])
    limits = {
        side: [float(np.quantile(part.max(axis=1)[[row.origin == origin for row in here]], 1 - share)) for origin, share in (("ordinary", ORDINARY), ("look-alikes", LOOKALIKES))]
        for side, part in (("harm", logits[:, :-1]), ("illicit", logits[:, -1:]))
    }
    by_side = {side: float(np.clip(-max(both), *SHIFT[side])) for side, both in limits.items()}
    shift = np.array([by_side["illicit" if name == "illicit" else "harm"] for name in detector.LOCAL], dtype=np.float32)
    worst = (logits + shift).max(axis=1)
    full = np.stack(rowset)
    quantised = lexical.Heads.quantised(names, full[:, : 1 << detector.BITS] * fitted.idf, np.array(biases))
    own = np.array([row.origin == "moderation" for row in here])
    any_labels, _ = labels_of(here, detector.ANY)
    weights = detector.Weights(quantised, full[:, 1 << detector.BITS :].astype(np.float32), fitted.rudeness, fitted.likeness, shift, 0.0)
    weights = replace(weights, per_doubling=per_doubling(weights, seen.documents))
    report = {"rows": {origin: sum(row.origin == origin for row in here) for origin in WEIGHT}, "unshifted limits": limits, "per doubling": weights.per_doubling}
    report |= {"shift": {name: round(float(value), 3) for name, value in zip(detector.LOCAL, shift, strict=True)}}
    return weights, report | {"AUPRC any, cross-validated, heads alone": round(float(average_precision_score(any_labels[own], worst[own])), 4)}


def held_back(rows: Sequence[Labelled], seen: Seen, splits: int) -> dict[str, Any]:
    """The figures of `measure`: of the third drawn beforehand, and mean and standard deviation over `splits` others, each of weights made without it."""
    ours = np.array([row.origin == "moderation" for row in rows])
    beforehand = ours & np.array([sets.held(row.text) for row in rows])
    found = []
    for number in range(-1, splits):
        away = beforehand if number < 0 else ours & (np.random.default_rng(SEED + number).random(len(rows)) < 1 / 3)
        found.append(measured([row for row, out_of in zip(rows, away, strict=True) if out_of], made(rows, seen, ~away)[0]))
        out(number, found[-1])
    drawn = {name: [round(float(f([one[name] for one in found[1:]])), 4) for f in (np.mean, np.std)] for name in found[0]} if splits else {}
    known = {name: [row.labels[name] for row, out_of in zip(rows, beforehand, strict=True) if out_of and name in row.labels] for name in detector.LOCAL}
    told: dict[str, Any] = {"third drawn beforehand": found[0], "of it, harmful and known": {name: [sum(labels), len(labels)] for name, labels in known.items() if labels}}
    return told | {"thirds drawn by chance, mean and deviation": drawn, "thirds drawn by chance, AUPRC any": [one["AUPRC any"] for one in found[1:]]}


def measured(rows: Sequence[Labelled], weights: detector.Weights) -> dict[str, float]:
    """The whole detector with these weights: AUPRC of the highest score and by category; at 0.5 the share of the harmful that is found, and of the others that alarms."""
    judge = detector.Moderation(weights)
    scores = [judge.scores(row.text) for row in rows]
    worst, harmful = np.array([max(one.values()) for one in scores]), np.array([row.harmful for row in rows])
    found = {"texts": len(rows), "harmful": harmful.sum(), "AUPRC any": average_precision_score(harmful, worst)}
    found |= {"found at 0.5": (worst[harmful == 1] >= 0.5).mean(), "alarms at 0.5": (worst[harmful == 0] >= 0.5).mean()}
    for name in detector.LOCAL:
        known = [(row.labels[name], one[name]) for row, one in zip(rows, scores, strict=True) if name in row.labels]
        if known:
            found[name] = average_precision_score(*zip(*known, strict=True))
    return {name: round(float(value), 4) for name, value in found.items()}


def per_doubling(weights: detector.Weights, documents: Sequence[Text]) -> float:
    """See 4."""
    needed = []
    for text in documents:
        windows, count = detector.cut(text)
        windows = sorted(windows, key=lambda window: -detector.suspicion(window.text, weights))[: detector.EMBEDDED]
        worst = max(float((detector.look(window.text, weights, detector.embedder()) + weights.shift).max()) for window in windows)
        needed.append(worst / math.log2(count) if count > 1 else 0.0)
    return round(max(0.0, float(np.quantile(needed, 1 - DOCUMENTS))) if needed else 0.0, 3)


if __name__ == "__main__":
    main()
