"""The second tier of `pii`: people, places, organisations, peoples and dates, as a language model and a set of rules see them.

Presidio is the framework: an AnalyzerEngine with three recognisers of ours (the model's entities as far as they hold up, people by what
stands around their names, places by how they are written). The text is looked at unit by unit (detectors.units), each by itself but for
what stands before it, so that what is found never depends on what comes later.

Where findings overlap, the surer wins; a date, a people or an organisation is reported with a score below the usual threshold (0.5),
for by itself it says little about anyone: a rule that wants them asks for `min_score: 0.4`.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Sequence
from typing import Any

from presidio_analyzer import AnalyzerEngine, EntityRecognizer, RecognizerRegistry, RecognizerResult
from presidio_analyzer.context_aware_enhancers import ContextAwareEnhancer

from detectors import people, places
from detectors.base import CONTEXT, Finding
from detectors.entities import dates, held_up
from detectors.folding import fold
from detectors.names_kinds import NAME_KINDS
from detectors.nlp import NerOnly, UnitArtifacts
from detectors.shape import is_prose, may_name, readable
from detectors.text import Text
from detectors.units import MAX_UNIT, open_from, units

DETECTOR = "pii"


class _Recogniser(EntityRecognizer):
    def __init__(self, kinds: Iterable[str], language: str) -> None:
        super().__init__(supported_entities=sorted(kinds), supported_language=language, name=type(self).__name__)

    def load(self) -> None:
        """Nothing to load: the engine has the model."""

    def _results(self, spans: Iterable[tuple[int, int, str, float]]) -> list[RecognizerResult]:
        return [RecognizerResult(kind, start, end, score) for start, end, kind, score in spans]


class ModelEntities(_Recogniser):
    """What the model found, after the filters of detectors.entities."""

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any) -> list[RecognizerResult]:
        """Presidio's call."""
        return self._results([*held_up(text, nlp_artifacts.entities), *dates(text)])


class People(_Recogniser):
    """People and their ages by the rules of detectors.people."""

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any) -> list[RecognizerResult]:
        """Presidio's call."""
        found = [*people.signed(text, nlp_artifacts.before), *people.known(text), *people.initialled(text)]
        return self._results([*((*span[:2], "PERSON", span[2]) for span in found), *((*span[:2], "AGE", span[2]) for span in people.ages(text))])


class Places(_Recogniser):
    """Places and addresses by the rules of detectors.places."""

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any) -> list[RecognizerResult]:
        """Presidio's call."""
        return self._results((start, end, "LOCATION", score) for start, end, score in places.placed(text, nlp_artifacts.before))


class _NoContext(ContextAwareEnhancer):
    def __init__(self) -> None:
        super().__init__(0, 0, 0, 0)

    def enhance_using_context(self, text: str, raw_results: list[RecognizerResult], *_: Any, **__: Any) -> list[RecognizerResult]:
        return raw_results


class Names:
    """Detector `pii`, second tier. One instance per process: it holds the model (some 300 MB). Not for threads."""

    name = DETECTOR
    kinds = NAME_KINDS
    max_span = MAX_UNIT

    def __init__(self, language: str = "en") -> None:
        """Load the model. Raises ModelMissing."""
        self._language = language
        self._engine = NerOnly(language)
        registry = RecognizerRegistry(
            recognizers=[
                ModelEntities(NAME_KINDS - {"AGE"}, language),
                People({"PERSON", "AGE"}, language),
                Places({"LOCATION"}, language),
            ],
            supported_languages=[language],
        )
        self._analyzer = AnalyzerEngine(registry, self._engine, supported_languages=[language], context_aware_enhancer=_NoContext())
        gc.collect()
        gc.freeze()  # the model's objects live as long as the process: not looking at them again saves a tenth of the time

    def find(self, text: Text) -> list[Finding]:
        """See detectors.base."""
        return self.find_all([text])[0]

    def find_all(self, texts: Sequence[Text]) -> list[list[Finding]]:
        """As `find`, for each text. Their units go through the model together, which costs less than one text at a time."""
        pieces = [(which, start, *fold(text.raw[start:end]), _before(text, start)) for which, text in enumerate(texts) for start, end in units(text.raw)]
        shown = [readable(piece[2]) if is_prose(piece[2]) else "" for piece in pieces]
        asks = [may_name(line) for line in shown]
        entities = self._engine.entities([line for line, asked in zip(shown, asks, strict=True) if asked])
        found: list[list[Finding]] = [[] for _ in texts]
        for (which, shift, unit, offsets, before), asked in zip(pieces, asks, strict=True):
            artifacts = UnitArtifacts(next(entities) if asked else [], self._engine, self._language, before)
            if not unit.strip():
                continue
            for result in resolve(self._analyzer.analyze(unit, self._language, nlp_artifacts=artifacts), unit):
                start, end = offsets.span(result.start, result.end) if offsets else (result.start, result.end)
                found[which].append(Finding(DETECTOR, result.entity_type, shift + start, shift + end, result.score))
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
    for result in sorted(kept, key=lambda r: int(r.start)):
        last = joined[-1] if joined else None
        if last and last.entity_type == result.entity_type and unit[last.end : result.start] in _BETWEEN.get(result.entity_type, ()):
            joined[-1] = RecognizerResult(last.entity_type, last.start, result.end, max(last.score, result.score))
        else:
            joined.append(result)
    return joined


_BETWEEN = {"PERSON": (" ", ". "), "LOCATION": (" ", ", ", ". ")}  # what may stand within one finding


def _keep(kept: list[RecognizerResult], results: Iterable[RecognizerResult]) -> None:
    """Add those that overlap nothing that is kept."""
    for result in sorted(results, key=lambda r: (-r.score, r.start - r.end, r.start, r.entity_type)):
        if all(result.end <= other.start or other.end <= result.start for other in kept):
            kept.append(result)


def _before(text: Text, start: int) -> str:
    """What stands right before a unit, folded: at most CONTEXT characters of raw text."""
    before = text.raw[max(0, start - CONTEXT) : start]
    if len(before) < CONTEXT and text.before:
        before = text.before[len(before) - CONTEXT :] + before
    return fold(before)[0]
