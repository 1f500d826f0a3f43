"""Keywords say what a topic is about, in words that people used."""

from __future__ import annotations

import pytest

from detectors.drift.keywords import CHARACTERS, Terms, terms
from detectors.drift.stop_words import stop_words

OTHERS = [f"please tell me {what} of my {thing} today" for what in ("the price", "the colour", "the weight", "where", "when") for thing in ("bicycle", "kettle", "lamp", "carpet")]


def named(topic, others=OTHERS):
    return Terms([*others, *topic]).keywords(range(len(others), len(others) + len(topic)))


def test_what_only_the_topic_says_comes_first():
    """Words that everybody uses tell nothing, however often they come."""
    words = named([f"please tell me how to renew my fishing permit {number}" for number in ("today", "now", "soon", "quickly")])
    assert words[0] == "fishing permit"
    assert not {"please", "tell", "me", "my", "today"} & set(words)


def test_a_pair_does_not_come_with_its_parts():
    """`fishing permit, fishing, permit` would be one thing said three times."""
    words = named([f"{ask} my fishing permit for the reservoir" for ask in ("check", "renew", "show", "explain")])
    assert len([word for word in words if {"fishing", "permit"} & set(word.split())]) == 1
    assert any("reservoir" in word for word in words)


def test_forms_of_a_word_come_once():
    """`vaccine, vaccines` leaves room for one more word."""
    words = named(["vaccines for travel", "a vaccine before travel", "which vaccine when travelling", "vaccines abroad", "the vaccine abroad", "vaccines"])
    assert len([word for word in words if word.startswith("vaccine")]) == 1


def test_function_words_are_what_is_left_if_nothing_else_tells():
    """`who are you` is a topic, and has no other words."""
    words = named(["who are you", "and who are you then", "so who is this", "who might you be"])
    assert any("who" in word.split() for word in words)


@pytest.mark.parametrize("word", ["<PERSON_1>", "<EMAIL_ADDRESS>", "[REDACTED]", "<IBAN_CODE_12>"])
def test_a_placeholder_is_no_keyword(word):
    """What masking put there is not what users say."""
    words = named([f"refund {word} for order {number}" for number in range(6)])
    assert words and not any(part in " ".join(words).upper() for part in ("PERSON", "EMAIL", "REDACTED", "IBAN"))


@pytest.mark.parametrize(
    ("topic", "others", "word"),
    [
        (["\u9000\u6b3e\u600e\u4e48\u529e", "\u6211\u8981\u9000\u6b3e", "\u9000\u6b3e\u4ec0\u4e48\u65f6\u5019\u5230"], ["\u4eca\u5929\u5929\u6c14\u600e\u4e48\u6837", "\u5929\u6c14\u9884\u62a5", "\u6211\u8981\u542c\u97f3\u4e50"], "\u9000\u6b3e"),
        (["wo bleibt meine R\u00fcckerstattung", "R\u00fcckerstattung f\u00fcr die Bestellung", "bitte eine R\u00fcckerstattung"], ["wie ist das Wetter", "bitte die Rechnung", "wo ist die Lampe"], "r\u00fcckerstattung"),
        (["\u0432\u0435\u0440\u043d\u0438\u0442\u0435 \u0434\u0435\u043d\u044c\u0433\u0438", "\u0433\u0434\u0435 \u043c\u043e\u0438 \u0434\u0435\u043d\u044c\u0433\u0438", "\u0434\u0435\u043d\u044c\u0433\u0438 \u043d\u0435 \u043f\u0440\u0438\u0448\u043b\u0438"], ["\u043a\u0430\u043a\u0430\u044f \u043f\u043e\u0433\u043e\u0434\u0430", "\u0433\u0434\u0435 \u043b\u0430\u043c\u043f\u0430", "\u0447\u0442\u043e \u043d\u043e\u0432\u043e\u0433\u043e"], "\u0434\u0435\u043d\u044c\u0433\u0438"),
    ],
    ids=["chinese", "german", "russian"],
)
def test_other_scripts_and_languages_have_keywords(topic, others, word):
    """Users write as they speak."""
    assert named(topic, others)[0] == word


def test_a_text_counts_once_however_long_or_often():
    """One user's macro, sent a thousand times, does not name a topic of many."""
    topic = [f"the parcel {number} is late" for number in ("one", "two", "three", "four")]
    words = named([*topic, "banana " * 500, *["banana split"] * 50])
    assert words[0] in ("parcel", "late", "is late", "parcel late")


def test_ties_go_to_the_alphabet_and_order_does_not_matter():
    """The same topic has the same name in every run."""
    topic = ["zebra apple", "apple zebra", "zebra und apple", "apple and zebra"]
    assert named(topic) == named(topic[::-1])


@pytest.mark.parametrize("text", ["", "   ", "\x00\x01\x02", "\ud800", "!" * 100_000, "x" * 1_000_000, "a " * 500_000, "\u9000" * 300_000], ids=range(8))
def test_hostile_texts_have_few_terms(text):
    """A megabyte is looked at in part, and a word without an end is none."""
    assert len(terms(text)) <= 4 * CHARACTERS
    assert isinstance(named([text, text + " ", "refund please"]), tuple)


@pytest.mark.parametrize(
    ("topic", "thing"),
    [
        (["\u00bfd\u00f3nde est\u00e1 el reembolso del pedido?", "quiero el reembolso de mi pedido", "no me lleg\u00f3 el reembolso del pedido", "el reembolso, \u00bfpor qu\u00e9 no est\u00e1?"], "reembolso"),
        (["wo ist die Erstattung, ich warte", "ich habe die Erstattung nicht", "wann kommt die Erstattung, ich brauche sie", "die Erstattung ist nicht da"], "erstattung"),
        (["o\u00f9 est le remboursement de la commande ?", "je veux le remboursement, car j'ai attendu", "le remboursement n'est pas l\u00e0 et je n'ai rien", "je n'ai pas le remboursement"], "remboursement"),
        (["dov'\u00e8 il rimborso del mio ordine?", "non ho avuto il rimborso", "vorrei il rimborso, come posso fare?", "il rimborso non \u00e8 arrivato"], "rimborso"),
        (["onde est\u00e1 o reembolso do meu pedido?", "n\u00e3o recebi o reembolso", "eu quero o reembolso, como posso?", "o reembolso n\u00e3o chegou"], "reembolso"),
        (["waar is de terugbetaling van mijn bestelling?", "ik heb de terugbetaling niet", "ik wil de terugbetaling over de bestelling", "de terugbetaling is er niet"], "terugbetaling"),
        (["where did the refund from mine go", "did the refund come from yours or mine", "the refund from you did not come", "from whom did the refund come"], "refund"),
    ],
    ids=["es", "de", "fr", "it", "pt", "nl", "en"],
)
def test_no_language_names_a_topic_by_its_articles(topic, thing):
    """In a baseline of English `el` and `ich` are rarer than anything; they say that it is Spanish or German, not what it is about."""
    words = named(topic)
    assert any(word.split()[0] == thing or thing in word.split() for word in words)
    assert not {each for word in words for each in word.split()} & stop_words([terms(text) for text in topic])


@pytest.mark.parametrize("thing", ["car", "door", "hat", "ai", "son", "eu"])
def test_a_thing_that_is_elsewhere_an_article_is_a_keyword(thing):
    """French `car` is `because`; who insures a car has a topic."""
    words = named([f"insure a {thing} of {number} years" for number in ("one", "two", "three", "four")])
    assert any(thing in word.split() for word in words)
