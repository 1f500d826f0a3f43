"""Fit the weights of detectors/grounding_weights, and show what each threshold finds and raises.

    python evaluation/guards/grounding_fit.py            # the curve: each set by weights fitted without it and its family
    python evaluation/guards/grounding_fit.py --weights  # print BIAS and WEIGHTS, to be written there

Right numbers are those of faithful replies that the context does not have and that are no sum written out; wrong ones are those planted by hand, and as many digits drawn by chance in their place, at half the
weight. Sets: FITTED, all of which were looked at, and the topics of TOPICS, which work out so little that next to nothing of them is doubtful: they are for the weights alone, the curve is that of FITTED. The
numbers of a set are much alike within a context, so the curve is made by leaving whole families of sets out. It still flatters: what is read and which features there are was worked on with these sets. As a number
that follows is an operand for others, evidence changes a little with the weights: run it twice. Trees instead of the regression find no more (tried: boosted ones and a forest).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent)]

import grounding  # noqa: E402
import numpy  # noqa: E402
from sklearn.linear_model import LogisticRegression  # noqa: E402

from detectors import grounding_numbers, grounding_weights  # noqa: E402
from detectors.grounding import KINDS, NUMBER, Grounding  # noqa: E402

FITTED = ("wide", "wide-unseen", "worlds", "worlds-more", "worlds-unseen", "daily", "daily-unseen", "outside")
TOPICS, DRAWS = tuple(grounding.SETS), 2
ALARMS = 0.038  # of faithful replies, at the threshold of .5, with each set judged by weights fitted without it and its family
DRAWN = 0.5  # the weight of a number that was drawn by chance
STRENGTH = 0.1  # of the regression's prior: sklearn's C


@dataclass
class Row:
    """One number that was weighed, or one finding of another kind. features: empty for that.  wrong: 1 or 0."""

    source: str
    reply: int
    wrong: int
    weight: float
    score: float
    features: tuple[float, ...] = field(default=())


def rows(source: str) -> tuple[list[Row], int, int]:
    """What the detector weighs in a set, the number of its faithful replies and of the things planted by hand."""
    made: list[Row] = []
    seen: list[tuple[int, int, float, tuple[float, ...]]] = []

    def record(folded: str, known: grounding_numbers.Values) -> Iterator[tuple[int, int, float]]:
        for quantity, evidence, _, score in grounding_numbers.judged(folded, known):
            seen.append((quantity.start, quantity.end, score, tuple(map(float, grounding_weights.features(evidence).values())) if evidence else ()))
            yield quantity.start, quantity.end, score

    plain, grounding_numbers.unsupported = grounding_numbers.unsupported, record
    try:
        by_hand = list(grounding._marked(grounding.WIDE[source]()) if source in grounding.WIDE else grounding.pairs(grounding.SETS[source], draws=DRAWS))
        drawn = list(grounding._drawn(grounding.WIDE[source](), grounding.SEED)) if source in grounding.WIDE else []
        for number, (pair, weight) in enumerate([*((each, 1.0) for each in by_hand), *((each, DRAWN) for each in drawn)]):
            seen.clear()
            findings = Grounding(KINDS).check(pair.reply, pair.context)
            over = [each for each in seen if not pair.planted or (pair.planted == NUMBER and each[0] < pair.end and each[1] > pair.start)]
            made += [Row(source, number, int(bool(pair.planted)), weight, score, told) for _, _, score, told in over]
            others = [each for each in findings if each.kind != NUMBER and (not pair.planted or (each.kind == pair.planted and each.start < pair.end and each.end > pair.start))]
            made += [Row(source, number, int(bool(pair.planted)), weight, each.score) for each in others]
    finally:
        grounding_numbers.unsupported = plain
    return made, sum(not each.planted for each in by_hand), sum(bool(each.planted) for each in by_hand)


def fit(of: list[Row]) -> tuple[float, numpy.ndarray]:
    """The bias and the weights."""
    weighed = [each for each in of if each.features]
    x = numpy.array([each.features for each in weighed])
    spread = x.std(0) + 1e-9
    model = LogisticRegression(C=STRENGTH, max_iter=2000).fit(x / spread, [each.wrong for each in weighed], [each.weight for each in weighed])
    return float(model.intercept_[0]), model.coef_[0] / spread


def scores(of: list[Row], bias: float, weights: numpy.ndarray) -> numpy.ndarray:
    return numpy.array([1 / (1 + numpy.exp(-bias - float(numpy.dot(weights, each.features)))) if each.features else each.score for each in of])


def family(source: str) -> str:
    """What was written at one time: `wide` and what was kept aside of it."""
    return source.partition("-")[0]


def shift(bias: float, threshold: float) -> float:
    """The bias with which that threshold becomes .5."""
    return bias - float(numpy.log(threshold / (1 - threshold)))


def main() -> int:
    """Returns the exit code: 0."""
    parser = argparse.ArgumentParser(description="Fit how sure grounding is of a wrong number.")
    parser.add_argument("--weights", action="store_true", help="print what detectors/grounding_weights is to hold")
    args = parser.parse_args()
    read = {source: rows(source) for source in FITTED}
    topics = [row for source in TOPICS for row in rows(source)[0]]
    every = [row for made, _, _ in read.values() for row in made]
    faithful, planted = (sum(each[at] for each in read.values()) for at in (1, 2))
    judged = {source: scores(made, *fit([*topics, *(row for row in every if family(row.source) != family(source))])) for source, (made, _, _) in read.items()}

    def at(threshold: float) -> tuple[dict[str, int], dict[str, int], float]:
        """Faithful replies with an alarm and planted things found, by set, and the share found of numbers drawn by chance."""
        alarms, found, lucky, drawn = {}, {}, set(), set()
        for source, (made, _, _) in read.items():
            limit = [threshold if row.features else 0.5 for row in made]
            hit = [score >= least for score, least in zip(judged[source], limit, strict=True)]
            alarms[source] = len({row.reply for row, over in zip(made, hit, strict=True) if over and not row.wrong})
            found[source] = len({row.reply for row, over in zip(made, hit, strict=True) if over and row.wrong and row.weight == 1})
            lucky |= {(source, row.reply) for row, over in zip(made, hit, strict=True) if over and row.weight < 1}
            drawn |= {(source, row.reply) for row in made if row.weight < 1}
        return alarms, found, len(lucky) / max(1, len(drawn))

    for threshold in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95):
        alarms, found, lucky = at(threshold)
        sys.stdout.write(f"{threshold:.2f}  alarms {sum(alarms.values()) / faithful:.3f}  found {sum(found.values()) / planted:.3f}  drawn by chance {lucky:.2f}  {({source: (round(alarms[source] / read[source][1], 3), round(found[source] / read[source][2], 3)) for source in FITTED})}\n")
    chosen = next(threshold / 100 for threshold in range(20, 100) if sum(at(threshold / 100)[0].values()) <= ALARMS * faithful)
    sys.stdout.write(f"alarms of {ALARMS} at {chosen}: found {sum(at(chosen)[1].values()) / planted:.3f}\n")
    if args.weights:
        bias, weights = fit(topics + every)
        told = ", ".join(f'"{name}": {weight:.2f}' for name, weight in zip(grounding_weights.WEIGHTS, weights, strict=True))
        sys.stdout.write(f"BIAS = {shift(bias, chosen):.2f}\nWEIGHTS = {{\n    {told},\n}}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
