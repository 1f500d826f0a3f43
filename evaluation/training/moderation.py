"""Train the local moderation detector: `python evaluation/training/moderation.py --data DIRECTORY --wheels DIRECTORY`.

Writes detectors/weights/moderation.npz (figures only) and moderation.json (seed, hashes of what was read, figures). Needs numpy, scikit-learn and the
detector's own packages; the detector itself needs no scikit-learn. moderation_sets.py says what is read; a third of the moderation set is not
read here but for the last figures.

1  Every text is seen as the detector will see it: words, rudeness, meaning, likeness (detectors.moderation).
2  A logistic head per category over the texts whose label is known, and one for "any". Other sources weigh less (WEIGHT): they say what these words
   mean elsewhere, and what ordinary requests look like.
3  On margins of heads that have not seen the text (FOLDS folds; topics of look-alikes stay together) each is scaled to a calibrated logit (Platt), so
   that scores can be compared. The detector then takes the mean of the highest category and of "any" (detectors.moderation.joined).
4  The shift, one for "illicit" and one for all others, puts 0.5 where, of texts no head had seen, at most ORDINARY of ordinary requests and LOOKALIKES of
   the look-alikes alarm, and never under a calibrated even chance; per_doubling is then the least that lets at most DOCUMENTS of long clean documents alarm.

--splits N measures the recipe on N other thirds, drawn by chance, and writes no weights but the mean and spread into moderation.json.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any
from zlib import crc32

import numpy as np
from scipy.sparse import csr_matrix, diags, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "evaluation" / "training"), str(ROOT)]

import lookalikes  # noqa: E402
import moderation_sets as sets  # noqa: E402
import phrases  # noqa: E402
from moderation_sets import Labelled  # noqa: E402

from detectors import lexical  # noqa: E402
from detectors import moderation as detector  # noqa: E402
from detectors.embedding import Embedder  # noqa: E402
from detectors.text import Text  # noqa: E402

SEED, FOLDS = 4, 5
INVERSE_REGULARISATION = 1.0
WEIGHT = {"moderation": 1.0, "phrases": 0.1, "close": 0.1, "look-alikes": 0.3, "ordinary": 0.1, "tweets": 0.03, "instructions": 0.3}
UNLABELLED_ILLICIT = 0.3  # of a text of the moderation set without any label: hardly one is illicit, but nobody said so
NEGATIVES = {"ordinary": 1500, "tweets": 2600}
ORDINARY, LOOKALIKES, DOCUMENTS = 0.001, 0.01, 0.02  # stricter than what is promised: few texts, few topics
SHIFT = (-3.0, 0.0)
ILLICIT_CALIBRATION = ("phrases", "close", "instructions", "ordinary")  # the moderation set has no such label
WEIGHTS = ROOT / "detectors" / "weights"


def out(*told: object) -> None:
    sys.stdout.write(" ".join(map(str, told)) + "\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description="Train the local moderation detector.")
    parser.add_argument("--data", type=Path, required=True, help="the directory of the labelled files")
    parser.add_argument("--wheels", type=Path, required=True, help="the directory of the wheels that carry labelled texts")
    parser.add_argument("--packages", type=Path, default=Path(np.__file__).parent.parent, help="installed packages, whose descriptions are long clean documents")
    parser.add_argument("--splits", type=int, default=0, metavar="N", help="only measure the recipe on N other thirds")
    args = parser.parse_args()
    rows = gathered(args.data, args.wheels)
    seen = Seen(rows, args.wheels)
    told = WEIGHTS / "moderation.json"
    if args.splits:
        spread = several(rows, seen, args.splits)
        told.write_text(json.dumps(json.loads(told.read_text(encoding="utf-8")) | {"splits": spread}, indent=1) + "\n", encoding="utf-8")
        return
    training = np.array([row.origin != "moderation" or not sets.held(row.text) for row in rows])
    weights, report = trained(rows, seen, training)
    weights = replace(weights, per_doubling=per_doubling(weights, seen.model, args.packages))
    weights.save(WEIGHTS / "moderation.npz")
    report = {"seed": SEED, "sha256": sets.HASHES, "shift": {name: round(float(value), 3) for name, value in zip(detector.LOCAL, weights.shift, strict=True)}, "per_doubling": weights.per_doubling} | report
    told.write_text(json.dumps(report | {"held": measured(rows, seen, weights, ~training)}, indent=1) + "\n", encoding="utf-8")
    out(told.read_text(encoding="utf-8"))


def gathered(data: Path, wheels: Path) -> list[Labelled]:
    """All that is trained on, and the held-back third."""
    nothing = dict.fromkeys(detector.LOCAL, 0)
    draw = Random(SEED)
    rows = sets.moderation(data)
    rows += [Labelled(text, {kind: int(kind in kinds) for kind in detector.LOCAL}, 1 if kinds - {"illicit", "illicit/violent"} else None, "phrases") for text, kinds in phrases.meant()]
    rows += [Labelled(text, nothing, 0, "close") for text in phrases.close()]
    rows += [Labelled(text, nothing, 0, "look-alikes", topic) for topic in lookalikes.TRAINING for text in lookalikes.sentences({topic: lookalikes.TRAINING[topic]})]
    for origin, source in (("ordinary", sets.ordinary(data, "train")), ("tweets", sets.tweets(data))):
        rows += [replace(row, labels=nothing if row.harmful == 0 else row.labels) for row in draw.sample(source, NEGATIVES[origin])]
    return rows + sets.instructions(wheels)


class Seen:
    """The texts as the detector sees them. words: csr (n, 2**BITS).  vectors: float32 (n, 384).  rudeness, likeness: as fitted on the moderation set's training texts."""

    def __init__(self, rows: Sequence[Labelled], wheels: Path) -> None:
        self.model = Embedder()
        words, idf, coefficients = sets.rude_words(wheels)
        codes = np.array([crc32(word.encode("utf-8")) for word in words], dtype=np.uint32)
        codes, first = np.unique(codes, return_index=True)
        # Rounded as they will be stored, so that training and use see the same figures.
        rude = detector.Rudeness(codes, idf[first].astype(np.float16).astype(np.float32), coefficients[first].astype(np.float16).astype(np.float32), 0.0, 1.0)
        texts = [Text(row.text).folded.text[: detector.WINDOW] for row in rows]
        base = [i for i, row in enumerate(rows) if row.origin == "moderation" and not sets.held(row.text)]
        margins = np.array([rude.of(text) for text in texts])
        self.rudeness = replace(rude, mean=float(margins[base].mean()), spread=float(margins[base].std()))
        self.vectors = np.stack([self.model.embed_start(detector.excerpt(text, self.rudeness, self.model), detector.TOKENS) for text in texts])
        self.likeness = self._likeness(self.vectors[base])
        self.words = sparse([lexical.vector(text, detector.BITS) for text in texts])
        documents = np.asarray((self.words[base] > 0).sum(axis=0)).ravel()
        self.idf = np.log((1 + len(base)) / (1 + documents)) + 1
        self.dense = np.stack([detector.dense(text, self.rudeness, self.likeness, vector) for text, vector in zip(texts, self.vectors, strict=True)])
        self.all = hstack([self.words @ diags(self.idf), csr_matrix(self.dense)]).tocsr()
        out("seen", self.all.shape)

    def features(self, row: int) -> detector.Features:
        """Of one text, as the detector makes them."""
        words = self.words[[row]]
        return detector.Features(lexical.Sparse(words.indices.astype(np.int64), words.data.astype(np.float32)), self.dense[row])

    def _likeness(self, base: Any) -> detector.Likeness:
        blocks = [*phrases.MEANT.values(), phrases.CLOSE]
        lines = [[line.strip() for line in block.strip().splitlines()] for block in blocks]
        vectors = self.model.embed([line for block in lines for line in block])
        vectors = np.round(vectors * detector.STEPS).clip(-127, 127).astype(np.float32)  # as stored
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        groups = np.array([group for group, block in enumerate(lines) for _ in block])
        zero = np.zeros(len(blocks), dtype=np.float32)
        likeness = detector.Likeness(vectors, groups, zero, zero + 1)
        found = np.stack([likeness.to(vector) for vector in base])
        return replace(likeness, means=found.mean(axis=0), spreads=found.std(axis=0))


def sparse(vectors: Sequence[lexical.Sparse]) -> Any:
    ends = np.cumsum([0, *(len(vector.at) for vector in vectors)])
    return csr_matrix((np.concatenate([v.values for v in vectors]), np.concatenate([v.at for v in vectors]), ends), shape=(len(vectors), 1 << detector.BITS))


def labels_of(rows: Sequence[Labelled], name: str) -> tuple[Any, Any]:
    """(labels, int (n,), -1 where not known; weights, float (n,))."""
    labels, weights = np.full(len(rows), -1), np.zeros(len(rows))
    for i, row in enumerate(rows):
        value = row.harmful if name == detector.ANY else row.labels.get(name)
        weight = WEIGHT[row.origin]
        if value is None and name == "illicit" and row.origin == "moderation" and row.harmful == 0:
            value, weight = 0, UNLABELLED_ILLICIT
        if value is not None:
            labels[i], weights[i] = value, weight
    return labels, weights


def head(x: Any, labels: Any, weights: Any) -> tuple[Any, float]:
    """(coefficients, bias) of a logistic head; the rarer side weighs more, up to ten times."""
    ones, zeros = weights[labels == 1].sum(), weights[labels == 0].sum()
    weights = np.where(labels == 1, weights * min(10.0, max(1.0, zeros / ones)), weights)
    found = LogisticRegression(C=INVERSE_REGULARISATION, solver="liblinear", dual=True, tol=0.01, max_iter=300, random_state=SEED).fit(x, labels, sample_weight=weights)
    return found.coef_[0], float(found.intercept_[0])


def trained(rows: Sequence[Labelled], seen: Seen, training: Any) -> tuple[detector.Weights, dict[str, Any]]:
    """Weights from the rows that `training` (bool (n,)) allows, without per_doubling; and what was found on the way."""
    names = (*detector.LOCAL, detector.ANY)
    index = np.flatnonzero(training)
    here, x = [rows[i] for i in index], seen.all[index]
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
    by_side = {side: float(np.clip(-max(both), *SHIFT)) for side, both in limits.items()}
    shift = np.array([by_side["illicit" if name == "illicit" else "harm"] for name in detector.LOCAL], dtype=np.float32)
    worst = (logits + shift).max(axis=1)
    full = np.stack(rowset)
    quantised = lexical.Heads.quantised(names, full[:, : 1 << detector.BITS] * seen.idf, np.array(biases))
    own = np.array([row.origin == "moderation" for row in here])
    any_labels, _ = labels_of(here, detector.ANY)
    report = {"unshifted_limits": limits, "cross_validated_any": round(float(average_precision_score(any_labels[own], worst[own])), 4), "rows": {o: sum(row.origin == o for row in here) for o in WEIGHT}}
    return detector.Weights(quantised, full[:, 1 << detector.BITS :].astype(np.float32), seen.rudeness, seen.likeness, shift, 0.0), report


def measured(rows: Sequence[Labelled], seen: Seen, weights: detector.Weights, which: Any) -> dict[str, float]:
    """AUPRC on the rows that `which` (bool (n,)) names, by category, and of "any": the highest score."""
    index = np.flatnonzero(which)
    logits = np.stack([detector.joined(detector.margins(seen.features(i), weights)) + weights.shift for i in index])
    here = [rows[i] for i in index]
    found = {"any": average_precision_score([row.harmful for row in here], logits.max(axis=1))}
    for column, name in enumerate(detector.LOCAL):
        labels, _ = labels_of(here, name)
        if name != "illicit" and (labels == 1).any():
            found[name] = average_precision_score(labels[labels >= 0], logits[labels >= 0, column])
    return {name: round(float(value), 4) for name, value in found.items()}


def several(rows: Sequence[Labelled], seen: Seen, splits: int) -> dict[str, Any]:
    """Mean and standard deviation of `measured` over thirds drawn by chance. Rudeness, likeness and idf are scaled as for the fixed split: no labels go into them."""
    found = []
    for number in range(splits):
        draw = np.random.default_rng(SEED + number)
        away = np.array([row.origin == "moderation" for row in rows]) & (draw.random(len(rows)) < 1 / 3)
        weights, _ = trained(rows, seen, ~away)
        found.append(measured(rows, seen, weights, away))
        out(number, found[-1])
    return {"n": splits} | {name: [round(float(f([one[name] for one in found])), 4) for f in (np.mean, np.std)] for name in found[0]}


def per_doubling(weights: detector.Weights, model: Embedder, packages: Path) -> float:
    """See 4. Half of the packages, by hash of their names; the other half measures."""
    needed = []
    for row in sets.documents(packages):
        if crc32(row.group.encode()) % 2 == 0:
            windows, count = detector.cut(Text(row.text))
            windows = sorted(windows, key=lambda window: -detector.suspicion(window.text, weights))[: detector.EMBEDDED]
            worst = max(float(detector.joined(detector.margins(detector.features(window.text, weights, model), weights)).max()) for window in windows) + weights.shift
            needed.append(worst / math.log2(count) if count > 1 else 0.0)
    return round(max(0.0, float(np.quantile(needed, 1 - DOCUMENTS))) if needed else 0.0, 3)


if __name__ == "__main__":
    main()
