"""The second tier of `pii`: people, places, organisations, peoples and dates, as a language model and a set of rules see them.

Presidio is the framework: for each language an AnalyzerEngine with recognisers of ours: the model's entities as far as they hold up, people by what
stands around their names, places by how they are written. The rules of the last two are made for English; of French they know many given names,
large cities and addresses, which the French model does not always. The text is looked at unit by unit
(detectors.units), each by itself but for what stands before it, so that what is found never depends on what comes later. With more than one
language, a unit is read in those that it may be written in (detectors.language).

Where findings overlap, the surer wins; a date, a people or an organisation is reported with a score below the usual threshold (0.5),
for by itself it says little about anyone: a rule that wants them asks for `min_score: 0.4`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from presidio_analyzer import AnalyzerEngine, EntityRecognizer, RecognizerRegistry, RecognizerResult
from presidio_analyzer.context_aware_enhancers import ContextAwareEnhancer

from detectors import french, people, places
from detectors.base import CONTEXT, Finding
from detectors.entities import dates, held_up
from detectors.exceptions import Exceptions
from detectors.folding import Folding, fold
from detectors.language import languages_of
from detectors.names_kinds import NAME_KINDS
from detectors.nlp import Line, LineArtifacts, NerOnly, keep
from detectors.shape import is_prose, may_name, readable
from detectors.text import Text
from detectors.units import MAX_UNIT, open_from, units

DETECTOR = "pii"
_TOGETHER = 512  # characters of units that Presidio is given at once: a call of its engine costs as much as reading a short line

_DIGIT = re.compile(r"\d")  # without one there is no age

Span = tuple[int, int, str, float]  # start, end, kind, score


class _Recogniser(EntityRecognizer):
    """Looks at each line of what Presidio was given by itself."""

    def __init__(self, kinds: Iterable[str], language: str) -> None:
        super().__init__(supported_entities=sorted(kinds), supported_language=language, name=type(self).__name__)

    def load(self) -> None:
        """Nothing to load: the engine has the model."""

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any) -> list[RecognizerResult]:
        """Presidio's call."""
        return [RecognizerResult(kind, line.start + start, line.start + end, score) for line in nlp_artifacts.lines for start, end, kind, score in self.spans(line)]

    def spans(self, line: Line) -> Iterator[Span]:
        """What is in a line, counted from its start. May overlap."""
        raise NotImplementedError  # each recogniser below has its own


class ModelEntities(_Recogniser):
    """What the model found, after the filters of detectors.entities."""

    def spans(self, line: Line) -> Iterator[Span]:
        """See _Recogniser."""
        if line.entities:
            yield from held_up(line.text, line.entities)
        yield from dates(line.text)


class FrenchEntities(_Recogniser):
    """What the French model found, after the filters of detectors.french."""

    def spans(self, line: Line) -> Iterator[Span]:
        """See _Recogniser."""
        return french.stands(line.text, line.entities)


class People(_Recogniser):
    """People and their ages by the rules of detectors.people."""

    def spans(self, line: Line) -> Iterator[Span]:
        """See _Recogniser."""
        for found in (people.signed(line.text, line.before), people.known(line.text), people.initialled(line.text)):
            yield from ((start, end, "PERSON", score) for start, end, score in found)
        if _DIGIT.search(line.text):
            yield from ((start, end, "AGE", score) for start, end, score in people.ages(line.text))


class Places(_Recogniser):
    """Places and addresses by the rules of detectors.places."""

    def spans(self, line: Line) -> Iterator[Span]:
        """See _Recogniser."""
        return ((start, end, "LOCATION", score) for start, end, score in places.placed(line.text, line.before))


_RECOGNISERS: dict[str, tuple[tuple[type[_Recogniser], frozenset[str]], ...]] = {
    "en": ((ModelEntities, NAME_KINDS - {"AGE"}), (People, frozenset({"PERSON", "AGE"})), (Places, frozenset({"LOCATION"}))),
    "fr": ((FrenchEntities, frozenset({"PERSON", "LOCATION", "ORGANIZATION", "NRP"})), (People, frozenset({"PERSON", "AGE"})), (Places, frozenset({"LOCATION"}))),
}


class _NoContext(ContextAwareEnhancer):
    def __init__(self) -> None:
        super().__init__(0, 0, 0, 0)

    def enhance_using_context(self, text: str, raw_results: list[RecognizerResult], *_: Any, **__: Any) -> list[RecognizerResult]:
        return raw_results


@dataclass(slots=True)
class _Unit:
    """which: its text.  start: in that, raw.  offsets: of the folded characters; None: each stands where it stood."""

    which: int
    start: int
    raw: str
    text: str
    offsets: Folding | None
    before: str
    results: list[RecognizerResult] = field(default_factory=list)  # counted from its start

    @property
    def accented(self) -> str:
        """As it was written, if that has the same characters in the same places: folding takes accents away, which French is not read without."""
        return self.raw if self.offsets is None else self.text


class _Reader:
    """One language: its model and its recognisers, in an engine of Presidio's."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._model = NerOnly(language)
        registry = RecognizerRegistry(recognizers=[kind(finds, language) for kind, finds in _RECOGNISERS.get(language, ())], supported_languages=[language])
        self._analyzer = AnalyzerEngine(registry, self._model, supported_languages=[language], context_aware_enhancer=_NoContext())

    def read(self, read: Sequence[_Unit]) -> None:
        """Add what is found in each unit to it."""
        lines = [unit.text if self.language == "en" else unit.accented for unit in read]
        shown = [readable(line) if is_prose(line) else "" for line in lines]
        asks = [may_name(line) for line in shown]
        entities = self._model.entities(line for line, asked in zip(shown, asks, strict=True) if asked)
        batch: list[tuple[_Unit, Line]] = []
        size = 0
        for unit, line, asked in zip(read, lines, asks, strict=True):
            batch.append((unit, Line(size, line, unit.before, next(entities) if asked else ())))
            size += len(line)
            if size >= _TOGETHER:
                self._analyze(batch)
                batch, size = [], 0
        if batch:
            self._analyze(batch)

    def _analyze(self, batch: Sequence[tuple[_Unit, Line]]) -> None:
        artifacts = LineArtifacts([line for _, line in batch], self._model, self.language)
        starts = [line.start for _, line in batch]
        for result in self._analyzer.analyze("".join(line.text for _, line in batch), self.language, nlp_artifacts=artifacts):
            unit, line = batch[bisect_right(starts, result.start) - 1]
            unit.results.append(RecognizerResult(result.entity_type, result.start - line.start, result.end - line.start, result.score))


class Names:
    """Detector `pii`, second tier. One instance per process: it holds the models (some 120 MB each). Not for threads."""

    name = DETECTOR
    kinds = NAME_KINDS
    max_span = MAX_UNIT

    def __init__(
        self,
        languages: Sequence[str] = ("en",),
        thresholds: Mapping[str, float] | None = None,
        allow: Mapping[str, Sequence[str]] | None = None,
        allow_patterns: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        """Load the models. The rest as in detectors.pii.Options; a kind without a threshold is reported whatever it scores. Raises ModelMissing, ValueError."""
        self._languages = tuple(languages)
        self._least, self._allowed = dict(thresholds or {}), Exceptions(allow or {}, allow_patterns or {})
        self._readers = [_Reader(language) for language in self._languages]
        keep()

    def find(self, text: Text) -> list[Finding]:
        """See detectors.base."""
        return self.find_all([text])[0]

    def find_all(self, texts: Sequence[Text]) -> list[list[Finding]]:
        """As `find`, for each text. Their units go through the model together, which costs less than one text at a time."""
        cut = [
            _Unit(which, start, raw, *fold(raw), _before(text, start))
            for which, text in enumerate(texts)
            for start, end in units(text.raw)
            if (raw := text.raw[start:end]) and not raw.isspace()
        ]
        written = [languages_of(unit.accented, self._languages) for unit in cut]
        for reader in self._readers:
            reader.read([unit for unit, languages in zip(cut, written, strict=True) if reader.language in languages])
        found: list[list[Finding]] = [[] for _ in texts]
        for unit in cut:
            for result in resolve(unit.results, unit.text):
                kind = result.entity_type
                if kind == "PERSON" and unit.text.endswith(("'s", "\u2019s"), result.start, result.end):
                    result.end -= 2  # what is theirs is not their name
                if result.score < self._least.get(kind, 0) or (self._allowed and self._allowed.has(kind, unit.text[result.start : result.end])):
                    continue
                start, end = unit.offsets.span(result.start, result.end) if unit.offsets else (result.start, result.end)
                found[unit.which].append(Finding(DETECTOR, kind, unit.start + start, unit.start + end, result.score))
        return found

    def open_from(self, text: Text) -> int:
        """See detectors.base. Where the last unit starts, unless that has ended."""
        return open_from(text.raw)


def resolve(results: Iterable[RecognizerResult], unit: str) -> list[RecognizerResult]:
    """Results that do not overlap, in order: the surer first, then the longer. Words in a list with people are people; neighbours are one."""
    kept: list[RecognizerResult] = []
    _keep(kept, results)
    listed = people.listed(unit, [(r.start, r.end) for r in kept if r.entity_type == "PERSON"])
    _keep(kept, [RecognizerResult("PERSON", start, end, score) for start, end, score in listed])
    joined: list[RecognizerResult] = []
    for result in kept:
        last = joined[-1] if joined else None
        gap = unit[last.end : result.start] if last else ""
        if last and last.entity_type == result.entity_type and gap in _BETWEEN.get(result.entity_type, ()) and (gap != ". " or _SHORTENED.search(unit, last.start, last.end)):
            joined[-1] = RecognizerResult(last.entity_type, last.start, result.end, max(last.score, result.score))
        else:
            joined.append(result)
    return joined


_SHORTENED = re.compile(r"(?<![^\W\d_])[^\W\d_]{1,3}\Z")  # a title or an initial: after any other word a full stop ends the sentence
_BETWEEN = {"PERSON": (" ", ". "), "LOCATION": (" ", ", ", ". ")}  # what may stand within one finding


def _keep(kept: list[RecognizerResult], results: Iterable[RecognizerResult]) -> None:
    """Add those that overlap nothing that is kept. kept: in order, and stays so."""
    for result in sorted(results, key=lambda r: (-r.score, r.start - r.end, r.start, r.entity_type)):
        at = bisect_right(kept, result.start, key=lambda r: int(r.start))
        if (not at or kept[at - 1].end <= result.start) and (at == len(kept) or result.end <= kept[at].start):
            kept.insert(at, result)


def _before(text: Text, start: int) -> str:
    """What stands right before a unit, folded: at most CONTEXT characters of raw text."""
    before = text.raw[max(0, start - CONTEXT) : start]
    if len(before) < CONTEXT and text.before:
        before = text.before[len(before) - CONTEXT :] + before
    return fold(before)[0]
