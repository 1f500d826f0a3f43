"""Does the window look like the baseline? The whole procedure, from two samples to a report.

One p-value answers for the run. Every statistic of every aspect is computed on the same permutations of the conversations and combined by the rank of the most surprising one
(minp.py), first within each aspect, so that forty structural features do not outvote the topics, then over aspects. Nothing is fitted to the labels, so that p-value is
exact for any sample size: P(p <= a) <= a if conversations are exchangeable.

Permutations come in stages: if after one stage p is above its bound, that is the answer; else the next stage gives it, with more. This is valid at every level: a p of at most a
<= bound can only come from the last stage; one above implies that the first stage's p was at most a, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import log

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from detectors.drift import topics
from detectors.drift.attribution import Words
from detectors.drift.base import Aspect, Feature, Report, Row, Topic
from detectors.drift.minp import step_down, surprise
from detectors.drift.permutations import Shuffle, sizes_differ, thinned, unit_numbers
from detectors.drift.questions import Asked, Embed, Question, Structure, too_small
from detectors.drift.semantic import Semantic
from detectors.drift.structure import effect, leading

STAGES = (999, 4999)
_BOUND = 0.02  # p above which no further stage is asked for, or twice alpha if that is more
_ENOUGH = 5  # permutations: alpha times their number, from which on there is no need of more
_WEIGHT = {"topics": 2.0, "output_topics": 2.0}  # how much sooner an aspect is believed: structure is seen at once, new topics are hard to see
_MISSED = 0.25  # size of a change of looks from which on no topic is said to be missing: its texts may be there, cut or misspelt
_LEVEL = 0.05  # of the thresholds above which single neighbourhoods are told, once the aspect is significant


@dataclass(frozen=True, slots=True)
class _Tested:
    """values: of each question, (s, p).  aspects: (questions,) corrected p-values."""

    values: list[NDArray[np.float64]]
    surprises: list[NDArray[np.float64]]
    aspects: NDArray[np.float64]

    @property
    def pvalue(self) -> float:
        return float(self.aspects.min())


def compare(baseline: Sequence[Row], window: Sequence[Row], vectors: Embed, *, alpha: float = 0.01, seed: int = 0, stages: Sequence[int] = STAGES) -> Report:
    """Compare two samples.

    vectors: a list of distinct, not blank texts to their vectors, float32 (n, d); scaled to length 1 here.  alpha: 0 < alpha < 1, of this run.
    stages: numbers of permutations, rising.  Memory: a dozen matrices of rows by 500, and of 1,000 rows by all rows, float32, whatever the number of permutations;
    time grows with the square of the rows once there are more than some thousands: the caller samples.
    Raises ValueError for an alpha out of range, and for vectors that are of the wrong shape or not finite. The same arguments give the same report.
    """
    if not 0 < alpha < 1:
        raise ValueError(f"alpha must be between 0 and 1, not {alpha}")
    with threadpool_limits(limits=1):  # more threads gain little here and spin beside whatever else the machine does
        return _Comparison(baseline, window, vectors, alpha, seed, tuple(stages)).report()


def settled(pvalue: float, columns: int, alpha: float) -> bool:
    """Whether a stage's p-value is the answer: it is above the bound, or its columns resolve alpha well enough. The last stage's is in any case."""
    return pvalue > max(_BOUND, 2 * alpha) or columns * alpha >= _ENOUGH


class _Comparison:
    def __init__(self, baseline: Sequence[Row], window: Sequence[Row], vectors: Embed, alpha: float, seed: int, stages: tuple[int, ...]) -> None:
        self._alpha, self._seed, self._stages, self._embed = alpha, seed, stages, vectors
        self._notes: list[str] = []
        self._put_down: set[str] = set()
        rows = [*baseline, *window]
        in_window = np.arange(len(rows)) >= len(baseline)
        units = unit_numbers([row.session for row in rows], in_window)
        places = np.arange(len(rows))
        self._too_small = too_small(np.ones(len(rows), dtype=np.bool_), in_window, units)
        if not self._too_small and sizes_differ(units, in_window):
            places = thinned(units, np.random.default_rng([seed, 3]))
            self._notes.append(
                f"Conversations are longer on one side, so one row of each was compared: {int((~in_window[places]).sum())} of the baseline, {int(in_window[places].sum())} of the window."
            )
        self._rows, self._in_window, self._units = [rows[i] for i in places], in_window[places], np.unique(units[places], return_inverse=True)[1]
        self._places = places - len(baseline) * in_window[places]  # in their own sample

    def report(self) -> Report:
        if said := self._too_small or too_small(np.ones(len(self._rows), dtype=np.bool_), self._in_window, self._units):
            return self._untested(f"Nothing was compared: there are too few rows, as {said}.")
        asked = Asked(self._rows, self._in_window, self._units, self._embed, self._seed)
        questions = asked.all()
        self._notes += asked.notes
        if not questions:
            return self._untested("Nothing was compared: there is nothing in these rows that could differ.")
        shuffle = Shuffle(self._units, self._in_window, self._seed, asked.recorded())
        tested = self._permuted(questions, shuffle)
        moved, structure = self._named(questions, tested)
        aspects = tuple(Aspect(q.name, float(p), bool(p <= self._alpha) and q.name not in self._put_down) for q, p in zip(questions, tested.aspects, strict=True))
        return Report(
            alarm=tested.pvalue <= self._alpha, alpha=self._alpha, pvalue=tested.pvalue, tested=True, aspects=aspects, topics=moved, structure=structure,
            rows_baseline=int((~self._in_window).sum()), rows_window=int(self._in_window.sum()), notes=tuple(self._notes), permutations=tested.values[0].shape[1] - 1,
        )  # fmt: skip

    def _untested(self, note: str) -> Report:
        counts = int((~self._in_window).sum()), int(self._in_window.sum())
        return Report(False, self._alpha, 1.0, False, (), (), (), *counts, notes=(*self._notes, note))

    def _permuted(self, questions: Sequence[Question], shuffle: Shuffle) -> _Tested:
        held: list[list[NDArray[np.float64]]] = [[] for _ in questions]
        done = 0
        for stage in self._stages:
            for labels in shuffle.blocks(stage + 1 - done):
                for values, question in zip(held, questions, strict=True):
                    values.append(question.statistics.values(labels[question.rows]))
            done = stage + 1
            tested = _combined(questions, [np.concatenate(values, axis=1) for values in held])
            if settled(tested.pvalue, done, self._alpha):
                break
        return tested

    def _named(self, questions: Sequence[Question], tested: _Tested) -> tuple[tuple[Topic, ...], tuple[Feature, ...]]:
        moved: list[Topic] = []
        features: list[Feature] = []
        for question, surprises, pvalue in zip(questions, tested.surprises, tested.aspects, strict=True):
            if isinstance(question.statistics, Structure):
                features += self._features(question, question.statistics, surprises, float(pvalue))
        looks: dict[str, float] = {}  # of each structural aspect in which anything is significant, the largest size
        for feature in features:
            if feature.significant:
                looks[feature.aspect] = max(looks.get(feature.aspect, 0.0), feature.size)
        for question, values, pvalue in zip(questions, tested.values, tested.aspects, strict=True):
            if isinstance(question.statistics, Semantic) and pvalue <= self._alpha:
                changed = looks.get(question.name.replace("topics", "structure"))
                named = self._topics(question, question.statistics, values, changed)
                moved += named
                if changed is None and not named:
                    self._notes.append(f"The {question.name.replace('_', ' ')} differ in many small ways: no single one stands out.")
                if changed is not None and not named:
                    self._put_down.add(question.name)
                    self._notes.append(f"What differs in {question.name.replace('_', ' ')} is put down to structure: no topic could be told from the change of looks by words of its own.")
            if question.name == "pairs" and pvalue <= self._alpha and max(looks.values(), default=0.0) > _MISSED:
                self._put_down.add(question.name)
                self._notes.append("Whether inputs get other outputs cannot be told while so many texts look otherwise.")
        return tuple(moved), tuple(features)

    def _features(self, question: Question, looks: Structure, surprises: NDArray[np.float64], pvalue: float) -> list[Feature]:
        inside = self._in_window[question.rows]
        found = []
        for name, column, own in zip(looks.names, looks.table.values.T, step_down(surprises), strict=True):
            p = max(float(own), pvalue)
            words, size = effect(name, column[~inside], column[inside])
            found.append(Feature(question.name, name, p, p <= self._alpha, words, size))
        return _told(looks, found)

    def _topics(self, question: Question, semantic: Semantic, values: NDArray[np.float64], changed: float | None) -> list[Topic]:
        """changed: the largest size by which the looks of the texts have changed, too; then only topics are told that words bear out. None: they have not."""
        inside, places = self._in_window[question.rows], self._places[question.rows]
        observed, level = inside[:, None].astype(np.float32), max(self._alpha, _LEVEL)
        evidence, repeated = semantic.evidence(observed, values, level), semantic.repeated(observed, values, level)
        texts = [question.texts[rows[0]] for rows in semantic.stands_for(inside, np.arange(len(inside)))]
        stands_for = semantic.stands_for(inside, places)
        found = topics.found(evidence, texts, aspect=question.name, stands_for=stands_for, repeated=repeated)
        if changed is None:
            return found
        words = Words(question.texts, inside)
        alone = [{row for place in group.places if evidence.in_window[place] for row in stands_for[place]} for group in repeated]  # the same text is more than the same looks
        kept = []
        for topic in found:
            members = np.where(inside, np.isin(places, topic.rows), np.isin(places, topic.baseline_rows))
            if (topic.rows and set(topic.rows) in alone) or ((changed <= _MISSED or topic.direction in ("new", "grown")) and words.bear_out(topic, members)):
                kept.append(topic)
        return kept


def _told(looks: Structure, found: list[Feature]) -> list[Feature]:
    """Significant ones first, by size, each before what says the same; then the others."""
    moved = {feature.feature: feature for feature in found if feature.significant}
    ordered: list[Feature] = []
    for first, others in leading(looks.table, list(moved), [feature.size for feature in moved.values()]):
        ordered += [moved[first], *(replace(moved[name], behind=first) for name in others)]
    return ordered + sorted((feature for feature in found if not feature.significant), key=lambda feature: (feature.pvalue, -feature.size))


def _combined(questions: Sequence[Question], values: list[NDArray[np.float64]]) -> _Tested:
    surprises = [surprise(each) for each in values]
    of_aspects = surprise(np.stack([each.max(axis=0) for each in surprises]))
    of_aspects += np.array([[log(_WEIGHT.get(question.name, 1.0))] for question in questions])
    return _Tested(values, surprises, step_down(of_aspects))

