"""Typos are told from rare names, prompts by their language, refusals from answers."""

from __future__ import annotations

import pytest

from detectors.drift.refusals import refused
from detectors.drift.structure_language import spoken
from detectors.drift.structure_words import bundled, unknown


def test_slips_are_typos():
    """A letter left out, doubled, changed or swapped."""
    words = frozenset("recieve acount paymnet adress wich becuase tomorow custmer teh yuo".split())
    assert unknown([words], bundled()).typos == words


def test_names_and_terms_are_none():
    """A new product is a topic, not a slip."""
    words = frozenset("kubernetes escitalopram zyxoport metformin".split())
    assert unknown([words], bundled()) == (frozenset(), words)


def test_endings_are_known():
    """Vocabularies leave out most of these."""
    assert unknown([frozenset("charging deliveries quickly walked prices i a of pm".split())], bundled()) == (frozenset(), frozenset())


def test_what_is_left_of_words_is_unknown():
    """Letters that stand alone, and pairs that are no words, are what slips leave of short ones."""
    assert unknown([frozenset("q th xj".split())], bundled()).others == {"q", "th", "xj"}


def test_a_word_that_many_write_is_known():
    """The name of a shop that is a letter from a word is not a typo in its own customers' questions."""
    texts = [frozenset({"monney", "where"})] * 10 + [frozenset({"wheree"})] * 3
    assert unknown(texts, bundled()) == ({"wheree"}, frozenset())


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("how much do I owe on my card", "en"),
        ("WHERE IS MY PARCEL", "en"),
        ("wo ist mein Paket geblieben", "de"),
        ("je voudrais annuler ma commande", "fr"),
        ("quiero devolver este producto", "es"),
        ("n\u00e3o consigo entrar na minha conta", "pt"),
        ("vorrei sapere dove si trova il mio ordine", "it"),
        ("ik wil mijn bestelling annuleren", "nl"),
        ("\u0433\u0434\u0435 \u043c\u043e\u0439 \u0437\u0430\u043a\u0430\u0437 \u0438 \u043a\u043e\u0433\u0434\u0430 \u043e\u043d \u0431\u0443\u0434\u0435\u0442 \u0443 \u043c\u0435\u043d\u044f", "ru"),
        ("\u6211\u7684\u8ba2\u5355\u5728\u54ea\u91cc", "zh"),
        ("parcel 4711", None),
        ("", None),
    ],
)
def test_short_prompts_tell_their_language(text: str, language: str | None):
    """What people ask is short; a Spanish question among English ones must show."""
    assert spoken(text) == language


def test_a_text_said_twice_is_in_the_same_language():
    """Doubling is a drift of its own and must not look like another language."""
    for text in ("set a reminder to bring it to work", "add to the calendar", "add to do item"):
        assert spoken(f"{text} {text}") == spoken(text)


@pytest.mark.parametrize(
    "reply",
    [
        "I'm sorry, but I can't help with that.",
        "I\u2019m unable to provide legal advice.",
        "As an AI language model, I have no opinion.",
        "Es tut mir leid, dabei kann ich nicht helfen.",
        "Je suis d\u00e9sol\u00e9, mais je ne peux pas r\u00e9pondre.",
        "Lo siento, pero no puedo ayudarte con eso.",
        "\u6211\u65e0\u6cd5\u56de\u7b54\u8fd9\u4e2a\u95ee\u9898\u3002",
    ],
)
def test_refusals_are_found(reply: str):
    """A model that begins to refuse is what its owner wants to hear of first."""
    assert refused(reply)


@pytest.mark.parametrize("reply", ["You can cancel it in the settings.", "The word 'sorry' has five letters.", "", '{"status": "ok"}', "x" * 400 + " I cannot help with that", "Sure! I can help with that."])
def test_answers_are_no_refusals(reply: str):
    """Only how a reply begins counts."""
    assert not refused(reply)
