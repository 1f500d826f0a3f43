"""How often a change of looks alone is seen, and whether it is named as one: the topics are those of the baseline."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from detectors.drift.base import Report, Row
from detectors.drift.compare import compare
from detectors.drift.minp import step_down, surprise
from detectors.drift.permutations import Shuffle, unit_numbers
from detectors.drift.structure import effect, gaps, leading, table
from evaluation.drift.cases import Case, episode
from evaluation.drift.corpus import Corpus

Change = Callable[[str, np.random.Generator], str]
ALPHA = 0.05
_PERMUTATIONS = 199
_SLIPS = 1 / 8  # of the characters


def _unchanged(text: str, _: np.random.Generator) -> str:
    return text


def _upper(text: str, _: np.random.Generator) -> str:
    return text.upper()


def _slips(text: str, rng: np.random.Generator) -> str:
    letters = list(text)
    for at in range(len(letters) - 1):
        if rng.random() < _SLIPS:
            letters[at : at + 2] = ["", letters[at + 1]] if rng.random() < 0.5 else [letters[at + 1], letters[at]]
    return "".join(letters)


def _object(text: str, _: np.random.Generator) -> str:
    return json.dumps({"query": text, "lang": "en"})


def _list(text: str, _: np.random.Generator) -> str:
    return json.dumps([text])


def _half(text: str, _: np.random.Generator) -> str:
    return text[: len(text) // 2]


def _twice(text: str, _: np.random.Generator) -> str:
    return f"{text} {text}"


@dataclass(frozen=True, slots=True)
class Looks:
    """before: done to every text of both samples.  after: done to a share of the window's, instead.  wanted: the features one of which says what was done."""

    name: str
    after: Change
    wanted: frozenset[str]
    before: Change = _unchanged


LOOKS = (
    Looks("upper case", _upper, frozenset({"capitals"})),
    Looks("typos, one in 8 characters", _slips, frozenset({"typos"})),
    Looks("JSON object to list", _list, frozenset({"JSON kind: object", "JSON kind: list"}), _object),
    Looks("cut to half", _half, frozenset({"characters", "tokens", "words"})),
    Looks("said twice", _twice, frozenset({"repeats"})),
)
SHARES = (1.0, 0.5)
_CASE = Case("structure only", "null")


def changed(looks: Looks, share: float, baseline: list[Row], window: list[Row], rng: np.random.Generator) -> tuple[list[Row], list[Row]]:
    """Both samples with the change in a share of the window's rows."""
    which = set(rng.permutation(len(window))[: round(share * len(window))].tolist())
    before = [replace(row, input=looks.before(row.input or "", rng)) for row in baseline]
    return before, [replace(row, input=(looks.after if at in which else looks.before)(row.input or "", rng)) for at, row in enumerate(window)]


def measure(corpus: Corpus, seed: int = 0, runs: int = 100, whole: int = 20, *, conversations: bool = False) -> dict[str, Any]:
    """By change and share of changed rows, for `runs` runs of the structural test by itself and the first `whole` of them through all of `compare`.

    seen: structure significant at 5 %; told: the feature that says what was done is the first, or the first of its kind.  Of the whole procedure, alarm: at 5 %; named:
    structure significant with the wanted feature and no topic reported.  also: what else leads a finding, and in what share of runs.  none: nothing changed, false alarms at 5 %.
    """
    found: dict[str, Any] = {}
    for looks in LOOKS:
        for share in SHARES:
            found[f"{looks.name}, {share:.0%} of rows"] = _measured(corpus, looks, share, seed, runs, whole, conversations)
    found["none"] = _measured(corpus, Looks("none", _unchanged, frozenset()), 0.0, seed, runs, 0, conversations)["seen"]
    return found


def _measured(corpus: Corpus, looks: Looks, share: float, seed: int, runs: int, whole: int, conversations: bool) -> dict[str, Any]:
    seen = told = alarms = named = 0
    also: dict[str, int] = {}
    examples: list[str] = []
    for run in range(runs):
        rng = np.random.default_rng([seed, 3000 + run])
        drawn = episode(corpus, _CASE, rng, conversations=conversations)
        baseline, window = changed(looks, share, drawn.baseline, drawn.window, rng)
        pvalue, leads = _structure(baseline, window, seed + run)
        seen += pvalue <= ALPHA
        told += any(name in looks.wanted for name, _ in leads[:2])
        for name, words in leads:
            if name in looks.wanted and len(examples) < 1:
                examples.append(words)
            elif name not in looks.wanted:
                also[name] = also.get(name, 0) + 1
        if run < whole:
            report = compare(baseline, window, corpus.vectors, alpha=ALPHA, seed=seed + run)
            alarms += report.alarm
            named += _named(report, looks)
    result: dict[str, Any] = {"runs": runs, "bar": 0.99, "seen": round(seen / runs, 4), "told": round(told / runs, 4), "example": examples}
    if whole:
        result |= {"whole": whole, "alarm": round(alarms / whole, 4), "named": round(named / whole, 4)}
    return result | {"also": {name: round(count / runs, 2) for name, count in sorted(also.items(), key=lambda item: -item[1]) if count >= 0.1 * runs}}


def _structure(baseline: list[Row], window: list[Row], seed: int) -> tuple[float, list[tuple[str, str]]]:
    """The p-value of all features together; of the significant ones those that lead, with their effects."""
    rows = [*baseline, *window]
    inside = np.arange(len(rows)) >= len(baseline)
    features = table(rows, "input")
    shuffle = Shuffle(unit_numbers([row.session for row in rows], inside), inside, seed)
    values = np.concatenate([np.square(gaps(features, labels)).astype(np.float64) for labels in shuffle.blocks(_PERMUTATIONS + 1)], axis=1)
    pvalues = step_down(surprise(values))
    clear = [name for name, pvalue in zip(features.names, pvalues, strict=True) if pvalue <= ALPHA]
    effects = {name: effect(name, features.column(name)[~inside], features.column(name)[inside]) for name in clear}
    leads = leading(features, clear, [effects[name][1] for name in clear])
    return float(pvalues.min()), [(name, effects[name][0]) for name, _ in leads]


def _named(report: Report, looks: Looks) -> bool:
    structure = any(feature.significant and feature.aspect == "structure" and feature.feature in looks.wanted for feature in report.structure)
    return structure and not any(topic.aspect == "topics" for topic in report.topics)
