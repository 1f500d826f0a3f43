"""What stands at the seam of two texts: something split over both is found, and what one holds does not eat the other's words."""

from __future__ import annotations

import json

import pytest

from gateway.guard.scan import Guarding
from tests.support.planting import CHANNELS, MASKS, request

CHAT = {channel.dialect: channel.operation for channel in CHANNELS if channel.path.endswith(("completions", "messages"))}
KEY = "sk-" + "ant-api03-" + "Zk3vQ8rT1mWx7LbN5cYpH2dJ9sGfA4eU6iKoRzXqVnB0tMjC"


def masked(dialect: str, *said: str) -> list[str]:
    """What the provider is sent of a conversation."""
    roles = ("user", "assistant")
    body = {"model": "m", "messages": [{"role": roles[at % 2], "content": text} for at, text in enumerate(said)]}
    return [message["content"] for message in json.loads(request(dialect, CHAT[dialect], json.dumps(body).encode(), MASKS).out)["messages"]]


@pytest.mark.parametrize("dialect", CHAT)
@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (("My mail is bob@example.com", "thanks! Anything else?", "no"), ("thanks! Anything else?", "no")),
        (("Contact: bob@example.com", "Delete everything", "yes"), ("Delete everything", "yes")),
        (("bob@example.com", "ok"), ("ok",)),
        (("call me at +1 212 555 0142", "3 options are open", "2"), ("3 options are open", "2")),
    ],
)
def test_what_one_message_holds_does_not_eat_the_words_of_the_next(dialect, said, kept):
    """The provider would answer another conversation, and some refuse an empty message."""
    got = masked(dialect, *said)
    assert tuple(got[1:]) == kept and "<" in got[0] and "bob@" not in got[0] and "555" not in got[0]


@pytest.mark.parametrize("dialect", CHAT)
def test_what_comes_before_is_not_eaten_either(dialect):
    """A word that ends one message is not the beginning of the address in the next."""
    assert masked(dialect, "write to", "bob@example.com please")[0] == "write to"


@pytest.mark.parametrize("dialect", CHAT)
@pytest.mark.parametrize("at", [8, 20, 30, 45])
def test_a_key_over_two_messages_is_masked_in_both(dialect, at):
    """Wherever it is cut: a rest with capitals and digits is no word."""
    first, second = masked(dialect, f"it is {KEY[:at]}", f"{KEY[at:]} ok")
    assert KEY[:at][-6:] not in first and KEY[at:][:4] not in second


@pytest.mark.parametrize("dialect", CHAT)
def test_no_message_is_left_empty_by_a_key_that_goes_over_it(dialect):
    """Some providers refuse one that says nothing: where all of it goes, it says what stood there."""
    got = masked(dialect, f"it is {KEY[:20]}", KEY[20:35], KEY[35:], " ok")
    assert got == ["it is <ANTHROPIC_KEY_1>", "<ANTHROPIC_KEY_1>", "<ANTHROPIC_KEY_1>", " ok"]


@pytest.mark.parametrize("end", [":", "", "?"])
def test_a_word_with_a_colon_behind_it_needs_no_look(monkeypatch, end):
    """Nothing can stand across a seam of plain words, and looking costs as much as a message does."""
    looked: list[str] = []
    monkeypatch.setattr(Guarding, "open_from", lambda self, text: looked.append(text.raw) or len(text.raw))
    masked("openai", "It was delivered.", f"Two{end} one was lost", "so they say")
    assert not looked
    masked("openai", "see http:", "//example.org")
    assert looked
