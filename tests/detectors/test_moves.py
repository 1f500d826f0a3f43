"""The entities that are decoded here are those that spaCy decodes."""

from __future__ import annotations

import random

import pytest

from detectors.nlp import NerOnly
from tests.detectors.french import MARKED, plain

_WORDS = "Ann John Smith Maria de la Cruz Berlin New York City Acme Corp the of and in on 12 March 2024 Monday , . ( ) ' - : he saw two men went to from \n \t \u00e9t\u00e9".split(" ")


def _theirs(model: NerOnly, texts: list[str]) -> list[list[tuple[int, int, str]]]:
    return [[(entity.start_char, entity.end_char, entity.label_) for entity in doc.ents] for doc in model._nlp.pipe(texts)]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_entities_are_those_of_spacy(language: str) -> None:
    """Another way through the same scores must not find another name: sentences, lists of names, white space, what is empty, what is long."""
    model = NerOnly(language)
    model.load()
    draw = random.Random(3)
    texts = [" ".join(draw.choices(_WORDS, k=draw.randint(1, 40))) for _ in range(150)]
    texts += [plain(marked)[0] for marked in MARKED]
    texts += ["", " ", "\n\n", "Ann", "", "John Smith and Mary " * 50, "Ann, " * 180, "."]
    mine = list(model.entities(texts))
    assert mine == _theirs(model, texts)
    assert sum(map(len, mine)) > 300


def test_a_model_forgets_the_words_it_has_met(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each word that no text had before stays for good: after some weeks of texts the process would be killed for its memory."""
    model = NerOnly()
    model.load()
    words = len(model._nlp.vocab)
    monkeypatch.setattr("detectors.nlp._MOST_WORDS", words + 500)
    draw, sizes = random.Random(5), []
    for _ in range(4):
        text = " ".join("".join(draw.choices("abcdefgh", k=9)) for _ in range(400))
        assert list(model.entities([text, "Ask John Carter in Berlin."]))[1] == [(4, 15, "PERSON"), (19, 25, "GPE")]
        sizes.append(len(model._nlp.vocab))
    assert max(sizes) < words + 1500 and sizes[2] < sizes[1]
