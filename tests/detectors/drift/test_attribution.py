"""Topics that words bear out, and those that only changed looks brought about."""

import numpy as np
import pytest

from detectors.drift.attribution import Words
from detectors.drift.base import Topic
from tests.detectors.drift import made_up_traffic as traffic


def _topic(direction):
    return Topic("topics", (), direction, 0.0, 0.1, (0.0, 0.0), (0.0, 0.0), (), (), (), np.zeros(4, dtype=np.float32))


def _samples(window):
    rng = np.random.default_rng(0)
    made = traffic.texts(traffic.USUAL, 400, rng) + window(rng)
    return made, np.arange(len(made)) >= 400


def _slipped(text, rng):
    letters = list(text)
    for at in range(len(letters)):
        if rng.random() < 0.2:
            letters[at] = chr(97 + int(rng.integers(26)))
    return "".join(letters)


def test_a_new_topic_has_words_of_its_own():
    """Even if its texts are longer than all others."""
    made, inside = _samples(lambda rng: traffic.texts(traffic.USUAL, 80, rng) + [f"{text} and tell me soon" for text in traffic.texts(["visas"], 20, rng, 5)])
    assert Words(made, inside).bear_out(_topic("new"), np.arange(500) >= 480)


@pytest.mark.parametrize(
    "change",
    [
        lambda text, rng: _slipped(text, rng),
        lambda text, rng: text[: len(text) // 2],
        lambda text, rng: f"{text} {text}",
        lambda text, rng: f'["wrapped", "{text}"]',
        lambda text, rng: text.upper(),
    ],
    ids=["slips", "cut", "twice", "wrapped", "capitals"],
)
def test_no_part_of_texts_that_only_look_otherwise_has(change):
    """Whatever places the vectors are moved to: the largest heap of them is not a topic."""
    made, inside = _samples(lambda rng: [change(text, rng) for text in traffic.texts(traffic.USUAL, 100, rng)])
    words = Words(made, inside)
    rng = np.random.default_rng(1)
    for _ in range(20):
        members = np.zeros(500, dtype=bool)
        members[400 + rng.permutation(100)[:40]] = True
        assert not words.bear_out(_topic("new"), members)
    about = np.array(["parcel" in text.lower() or "courier" in text.lower() for text in made])
    assert not words.bear_out(_topic("grown"), about & inside)


@pytest.mark.parametrize("change", [lambda text: f"{text} {text}", lambda text: text[: len(text) // 2 + 4], lambda text: text], ids=["twice", "cut", "as it was"])
def test_a_word_that_comes_last_has_not_grown_with_the_look_of_the_text(change):
    """Said twice, the last word stands in the middle, too: read without last words, all topics whose word comes last would seem to have grown; read whole, halves of words are new."""
    rng = np.random.default_rng(3)

    def made(count):
        return traffic.texts(traffic.USUAL, 4 * count, rng) + [f"{text} and put it on the shoppinglist" for text in traffic.texts(["parcels"], count, rng)]

    texts, inside = made(80) + [change(text) for text in made(20)], np.arange(500) >= 400
    about = np.array([number % 400 >= 320 if number < 400 else number >= 480 for number in range(500)])
    assert not Words(texts, inside).bear_out(_topic("grown"), about)


def test_one_slip_in_four_texts_is_no_word_of_theirs():
    """A heap of four rows always has one with some scrap of a word that others have, too, since texts are misspelt."""
    made, inside = _samples(lambda rng: [f"{text} qz" if place % 12 == 0 else text for place, text in enumerate(f"{text} so" for text in traffic.texts(traffic.USUAL, 100, rng))])
    made = [text.replace("so qz", "qz so") for text in made]
    members = np.isin(np.arange(500), [400, 401, 402, 403])
    assert not Words(made, inside).bear_out(_topic("new"), members)
    assert Words(made, inside).bear_out(_topic("new"), np.isin(np.arange(500), [400, 412, 424, 401]))


def test_a_topic_that_is_gone_took_its_words_along():
    """Half of the window misspelt makes all words rarer; that is not how a topic goes."""
    rng = np.random.default_rng(2)
    before, after = traffic.texts(traffic.USUAL, 400, rng), traffic.texts(traffic.USUAL[1:], 400, rng)
    inside = np.arange(800) >= 400
    gone = np.array([any(word in text for word in traffic.TOPICS["parcels"].split()) for text in before] + [False] * 400)
    assert Words(before + after, inside).bear_out(_topic("gone"), gone)
    same = traffic.texts(traffic.USUAL, 400, rng)
    slipped = [_slipped(text, rng) if place % 2 else text for place, text in enumerate(same)]
    assert not Words(before + slipped, inside).bear_out(_topic("shrunk"), gone)


def test_nothing_to_read_bears_nothing_out():
    """Empty texts and topics without rows do not raise."""
    inside = np.arange(60) >= 30
    assert not Words([""] * 60, inside).bear_out(_topic("new"), inside)
    assert not Words(["a b c"] * 60, inside).bear_out(_topic("new"), np.zeros(60, dtype=bool))
