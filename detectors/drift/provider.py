"""Model watch: has the other side changed, whatever users do?

Two questions, and only the second is one of chance. Does a provider give a name or a system fingerprint that it has never given before: that is certain as soon as
it is seen once. And do the replies to *the same inputs* differ from those before in length, refusals, finish reasons or time per token: tested by permutation within strata of
equal and of similar inputs (provider_matching) and, for time, of blocks of the clock (provider_latency). Calls without a counterpart in the other period are left out and
counted: a topic that is new says nothing about the provider.

One row of each session takes part, drawn at random. Everything about outputs is corrected at once (Westfall-Young); time, whose permutations are others, is one half of the
error that is allowed where it can be tested. Pure, as all of this package.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from detectors.drift.base import Aspect, Feature, Report, Vectors
from detectors.drift.permutations import Shuffle, thinned, unit_numbers
from detectors.drift.provider_effects import finish_words, length_words, percent, refusal_words
from detectors.drift.provider_latency import Blocks, blocks
from detectors.drift.provider_matching import Matching, centred, matched, residuals, westfall_young

ASPECT = "provider"
LENGTH, REFUSALS, FINISH, PACE = "output_length", "refusals", "finish_reasons", "time_per_token"
LEAST_PAIRS = 30  # comparable calls of either period; with fewer nothing is claimed
PERMUTATIONS, MOST_PERMUTATIONS = 999, 9_999
_SMALL = 0.005  # a p-value up to this is resolved with more permutations, and those alone count
_RARE = 3  # a finish reason that fewer calls have is one of the others

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


class Named(NamedTuple):
    """Something that a provider calls itself. what: response_model | fingerprint."""

    provider: str
    request_model: str
    what: str
    value: str


@dataclass(frozen=True, slots=True)
class Call:
    """One exchange, as far as the provider is concerned.

    at: seconds since the epoch.  setting: equal where everything but the user's own words is (prompt, parameters, system text, turns).
    input: equal where the input is; None: not known.  size: its characters.  session: "": stands by itself.
    output_tokens, refused, finish_reason, seconds_per_token: None or "": not known.  streamed: seconds_per_token is without the wait for the first.
    """

    provider: str
    request_model: str
    at: float
    setting: Hashable = ""
    input: Hashable | None = None
    size: int = 0
    session: str = ""
    output_tokens: int | None = None
    refused: bool | None = None
    finish_reason: str = ""
    seconds_per_token: float | None = None
    streamed: bool = True


@dataclass(frozen=True, slots=True)
class Event:
    """A name never given before: certain. calls: that have it, of `of` calls of the model that have any; others: known names that are still given, most frequent first."""

    named: Named
    calls: int
    of: int
    others: tuple[str, ...] = ()

    @property
    def share(self) -> float:
        return self.calls / self.of if self.of else 0.0

    @property
    def words(self) -> str:
        what = {"response_model": "model", "fingerprint": "system fingerprint"}.get(self.named.what, self.named.what)
        rest = f"; the others still {', '.join(self.others[:3])}" if self.others else ""
        return f"{self.named.provider} {self.named.request_model}: {what} {self.named.value} was never seen before, now in {percent(self.share)} of replies ({self.calls} of {self.of}){rest}"


@dataclass(frozen=True, slots=True)
class ProviderReport:
    """What was found. pvalue: of the tests, corrected for all of them; 1.0 where nothing was tested.  alarm: pvalue <= alpha, or a model never seen before.

    A fingerprint never seen before is an event and no alarm by itself: some providers change it with every machine.
    """

    alpha: float
    pvalue: float = 1.0
    tested: bool = False
    events: tuple[Event, ...] = ()
    features: tuple[Feature, ...] = ()
    notes: tuple[str, ...] = ()
    rows_before: int = 0
    rows_now: int = 0
    permutations: int = 0

    @property
    def renamed(self) -> bool:
        return any(event.named.what == "response_model" for event in self.events)

    @property
    def alarm(self) -> bool:
        return self.renamed or (self.tested and self.pvalue <= self.alpha)

    @property
    def aspect(self) -> Aspect:
        """pvalue 0 where a model was never seen before: that needs no test."""
        return Aspect(ASPECT, 0.0 if self.renamed else self.pvalue, self.alarm)

    @property
    def everything(self) -> tuple[Feature, ...]:
        """Events and features in one list, events first."""
        events = tuple(Feature(ASPECT, event.named.what, 0.0, True, event.words, event.share) for event in self.events)
        return events + self.features

    @property
    def report(self) -> Report:
        """The same as a run's report."""
        aspect = self.aspect
        tested = self.tested or bool(self.events)
        return Report(self.alarm, self.alpha, aspect.pvalue, tested, (aspect,) if tested else (), (), self.everything, self.rows_before, self.rows_now, self.notes, self.permutations)


def news(known: Collection[Named], sightings: Iterable[tuple[Named, int]]) -> tuple[list[Event], list[str]]:
    """Names of now that are not known, and notes. sightings: each name of now, and how many calls have it.

    A model of which nothing is known is new here, not changed: noted, no event.
    """
    histories = {(each.provider, each.request_model, each.what) for each in known}
    totals: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    for named, calls in sightings:
        totals[named[:3]][named.value] += calls
    events, notes = [], []
    for key, counted in sorted(totals.items()):
        if key not in histories:
            if key[2] == "response_model":
                notes.append(f"{key[0]} {key[1]}: in use for the first time, so there is nothing to hold it against")
            continue
        new = [value for value in counted if Named(*key, value) not in known]
        others = tuple(value for value, _ in counted.most_common() if value not in new)
        events += [Event(Named(*key, value), counted[value], counted.total(), others) for value in sorted(new, key=lambda value: (-counted[value], value))]
    return events, notes


def compare(
    before: Sequence[Call], now: Sequence[Call], vectors: Vectors | None = None, *,
    known: Collection[Named] = (), sightings: Iterable[tuple[Named, int]] = (), alpha: float = 0.01, seed: int = 0, most: int = MOST_PERMUTATIONS,
) -> ProviderReport:  # fmt: skip
    """Both questions. vectors: (len(before) + len(now), d) of the inputs, those before first; None: only equal inputs are compared.

    known, sightings: as `news` has them.  most: permutations, where a small p-value needs resolving.
    """
    events, notes = news(known, sightings)
    calls = [*before, *now]
    in_now = np.arange(len(calls)) >= len(before)
    outputs: list[Question] = []
    paces: list[Question] = []
    for number, model in enumerate(sorted({(call.provider, call.request_model) for call in calls})):
        rows = np.asarray([row for row, call in enumerate(calls) if (call.provider, call.request_model) == model], dtype=np.int64)
        if in_now[rows].all() or not in_now[rows].any():
            continue  # a model that was not in use then, or is not now
        name, of_model, side, at = " ".join(model), [calls[row] for row in rows], in_now[rows], None if vectors is None else vectors[rows]
        for questions, asked in ((outputs, _outputs(name, of_model, at, side, (seed, number))), (paces, _pace(name, of_model, side))):
            notes.append(asked) if isinstance(asked, str) else questions.append(asked)
    if not len(before) or not len(now):
        notes.append("one of the two periods has no calls: nothing was compared")
    families = [family for family in (outputs, paces) if family]
    features: list[Feature] = []
    pvalue, drawn = 1.0, 0
    for family in families:
        corrected, count = _pvalues(family, seed, most)
        drawn = max(drawn, count)
        for (feature, effect, size), each in zip([said for question in family for said in question.findings()], corrected, strict=True):
            of_all = min(1.0, float(each) * len(families))
            features.append(Feature(ASPECT, feature, of_all, of_all <= alpha, effect, size))
            pvalue = min(pvalue, of_all)
    return ProviderReport(alpha, pvalue, bool(features), tuple(events), tuple(features), tuple(notes), len(before), len(now), drawn)


class Question(Protocol):
    """Something that is tested: columns of statistics, and for each a name, the effect in words and its size."""

    def statistics(self, count: int, seed: int) -> Floats: ...

    def findings(self) -> list[tuple[str, str, float]]: ...


def _pvalues(family: Sequence[Question], seed: int, most: int) -> tuple[Floats, int]:
    """Corrected for all of a family, and the number of permutations they come from."""
    for count, salt in ((PERMUTATIONS, 0), (most, 1)):
        columns = np.hstack([question.statistics(count + 1, (seed * 2 + salt) * 1009 + number) for number, question in enumerate(family)])
        corrected = westfall_young(columns)
        if corrected.min() > _SMALL or most <= PERMUTATIONS:
            break
    return corrected, count


class _Outputs:
    """What came back for the same inputs: figures (n, f) in columns, of which each feature has one or, for finish reasons, one for each reason."""

    def __init__(self, name: str, calls: Sequence[Call], matching: Matching, inside: Floats, columns: dict[str, list[int]], reasons: Sequence[str]) -> None:
        self._name, self._calls, self._matching, self._inside, self._columns, self._reasons = name, calls, matching, inside, columns, reasons

    def statistics(self, count: int, seed: int) -> Floats:
        matching = self._matching
        shuffle = Shuffle(np.arange(len(matching.rows)), matching.in_now, seed, matching.stratum)
        sums = np.vstack([labels.T @ self._inside for labels in shuffle.blocks(count)])
        spread = sums.std(axis=0)
        scaled = np.abs(sums) / np.where(spread > 0, spread, 1.0)
        return np.stack([scaled[:, columns].max(axis=1) for columns in self._columns.values()], axis=1).astype(np.float64)

    def findings(self) -> list[tuple[str, str, float]]:
        matching = self._matching
        calls = [self._calls[row] for row in matching.rows]
        how = f"({_comparable(matching)})"
        found = []
        for feature in self._columns:
            if feature == LENGTH:
                effect, size = length_words([call.output_tokens for call in calls], matching.weights, matching.in_now)
            elif feature == REFUSALS:
                effect, size = refusal_words([call.refused for call in calls], matching.weights, matching.in_now)
            else:
                effect, size = finish_words([call.finish_reason for call in calls], self._reasons, matching.weights, matching.in_now)
            found.append((feature, f"{self._name}: {effect} {how}", size))
        return found


def _outputs(name: str, calls: Sequence[Call], vectors: Vectors | None, in_now: Bools, seed: tuple[int, int]) -> _Outputs | str:
    """The question about one model's outputs, or why it cannot be asked."""
    rows = thinned(unit_numbers([call.session for call in calls], np.zeros(len(calls), dtype=bool)), np.random.default_rng(seed))
    calls, in_now, vectors = [calls[row] for row in rows], in_now[rows], None if vectors is None else vectors[rows]
    settings = [call.setting for call in calls]
    matching = matched(settings, [call.input for call in calls], [call.size for call in calls], vectors, in_now)
    if matching.effective < LEAST_PAIRS:
        return f"{name}: {int(in_now.sum())} calls now and {int((~in_now).sum())} before, of which only {matching.effective:.0f} have the same or a similar input: no claim about replies"
    reasons = [reason for reason, count in Counter(call.finish_reason for call in calls).most_common() if reason and count > _RARE]
    figures = [[np.nan if call.output_tokens is None else np.log1p(call.output_tokens), np.nan if call.refused is None else float(call.refused)] for call in calls]
    ended = [[float(call.finish_reason == reason) if call.finish_reason else np.nan for reason in reasons] for call in calls]
    table = np.hstack([np.asarray(figures, dtype=np.float64), np.asarray(ended, dtype=np.float64).reshape(len(calls), len(reasons))])
    if vectors is not None and matching.paired.any():
        numbers: dict[Hashable, int] = {}
        table = centred(table, np.asarray([numbers.setdefault(setting, len(numbers)) for setting in settings]))
        among = np.flatnonzero(vectors.any(axis=1))
        similar = matching.rows[matching.paired]
        table[similar] = residuals(table, vectors, similar, among)
    inside = centred(table[matching.rows], matching.stratum)
    columns = {LENGTH: [0], REFUSALS: [1], FINISH: list(range(2, 2 + len(reasons)))}
    varied = {feature: [column for column in wanted if np.abs(inside[:, column]).max() > 1e-9] for feature, wanted in columns.items()}
    kept = {feature: wanted for feature, wanted in varied.items() if wanted}
    if not kept:
        return f"{name}: every reply is alike in length and end, before and now"
    return _Outputs(name, calls, matching, inside, kept, reasons)


class _Pace:
    """Time per token, as a question."""

    def __init__(self, name: str, made: Blocks) -> None:
        self._name, self._made = name, made

    def statistics(self, count: int, seed: int) -> Floats:
        return self._made.statistics(count, seed)[:, None]

    def findings(self) -> list[tuple[str, str, float]]:
        made = self._made
        now = int(made.in_now.sum())
        words = f"{self._name}: time per output token {_change(made.ratio)} at the same hours and lengths ({now} blocks of {made.hours} h against {len(made.in_now) - now})"
        return [(PACE, words, min(1.0, abs(made.ratio - 1)))]


def _pace(name: str, calls: Sequence[Call], in_now: Bools) -> _Pace | str:
    timed = [(call, side) for call, side in zip(calls, in_now, strict=True) if call.seconds_per_token and call.output_tokens]
    if not timed:
        return f"{name}: no times per token are known"
    chosen = [call for call, _ in timed]
    made = blocks(
        [call.at for call in chosen], [call.seconds_per_token or 1.0 for call in chosen], [call.output_tokens or 1 for call in chosen], [call.streamed for call in chosen],
        np.asarray([side for _, side in timed], dtype=bool),
    )  # fmt: skip
    return f"{name}: no claim about time per token: {made}" if isinstance(made, str) else _Pace(name, made)


def _comparable(matching: Matching) -> str:
    equal, pairs = int((~matching.paired & matching.in_now).sum()), int((matching.paired & matching.in_now).sum())
    return ", ".join(words for number, words in ((equal, f"{equal} calls with the same input"), (pairs, f"{pairs} with a similar one")) if number)


def _change(ratio: float) -> str:
    return f"{'+' if ratio >= 1 else '-'}{abs(ratio - 1) * 100:.0f} %"
