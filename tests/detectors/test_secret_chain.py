"""Names each of which names the rest of one run: one secret, at the cost of one; and what is refused at a glance (T14)."""

from __future__ import annotations

import random
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors import secret_values as values
from detectors.base import CONTEXT
from detectors.secrets import Secrets
from detectors.text import Text
from tests.support.growth import assert_within

SECRETS = Secrets()
WORDS = ("Blue", "Tree", "House", "River", "Stone")


def found(text: str) -> list[tuple[str, str]]:
    return [(each.kind, text[each.start : each.end]) for each in SECRETS.find(Text(text))]


def chain(name: str, many: int) -> str:
    return "".join(f"{name}Blue-Tree-House-{WORDS[at % 5]}-River{at}" for at in range(many))


@pytest.mark.parametrize(("name", "kind"), [("-pwd:", "PASSWORD"), (".pass:", "PASSWORD"), ("_key=", "API_KEY"), ("-token=", "TOKEN"), ("-secret=", "SECRET")])
@pytest.mark.covers("T14")
def test_names_that_each_name_the_rest_are_one_secret(name, kind):
    """Whatever is in it: a stand-in at its end let through all that stood before it."""
    text = chain(name, 9) + name + "hunter2-your-own9"
    assert found("x " + text + " y") == [(kind, text[len(name) :])]


@pytest.mark.parametrize("name", ["-cred:", "-token="])
def test_a_few_of_them_are_each_what_they_are(name):
    """Words joined are no secret, once or a few times."""
    assert found("x " + chain(name, 4) + " y") == []


@pytest.mark.parametrize("text", ["/key:Blue-Tree-House-River-7" * 12, "sig=Blue-Tree-House-River-7/" * 12, "/auth:Blue-Tree-House-River-7" * 12])
def test_names_that_tell_no_secret_by_themselves_do_not_in_a_chain(text):
    """`key:` in a path, `auth:`, signatures."""
    assert found(text) == []


@pytest.mark.covers("T15")
def test_a_chain_in_a_stream_is_the_chain_of_the_whole():
    """I1 and I3, wherever the text is cut."""
    draw = random.Random(4)
    for _ in range(60):
        name, other = draw.sample(["-pwd:", "_key=", "-token=", ".pass:", " pwd:", "-cred:"], 2)
        text = "see " + chain(name, draw.randrange(3, 40)) + draw.choice(["", " and ", "-your", "xxxx "]) + chain(other, draw.randrange(0, 9)) + " end"
        whole = [(each.start, each.end, each.kind) for each in SECRETS.find(Text(text))]
        done, held, before, got = 0, "", "", []
        at = 0
        while at < len(text):
            step = draw.randrange(1, 120)
            held += text[at : at + step]
            at += step
            now = Text(held, before)
            cut = len(held) if at >= len(text) else SECRETS.open_from(now)
            got += [(done + each.start, done + each.end, each.kind) for each in SECRETS.find(now) if each.start < cut]
            before = (before + held[:cut])[-CONTEXT:]
            held, done = held[cut:], done + cut
        assert got == whole, text


def test_a_chain_costs_what_its_names_do_apart():
    """Each value of a chain is half of it; judged one by one, fifty of them cost twenty times as much."""
    runs = " ".join([chain("-pwd:", 50)[:1990] for _ in range(10)])
    apart = runs.replace("-pwd:", " -pwd:")
    assert_within(3.0, partial(find, runs), partial(find, apart))


def find(text: str) -> None:
    SECRETS.find(Text(text))


PARTS = st.sampled_from(
    [*WORDS, "blue", "tree", "HOUSE", "letmein", "qwerty", "asdfgh", "qwrtp", "zxcvbn", "aBcD", "iPhone", "7", "12", "2024-01-02", "1.2", "v1.2", "-", "_", ".", "/", ":", "(", ")", "=", "@", "!", "?", "#", "${", "$(", "{{", "your", "xxxx", "***", "\xe9", "Z", "a", "field"]
)


@given(st.lists(PARTS, min_size=1, max_size=7).map("".join))
def test_what_is_refused_at_a_glance_is_no_password(value):
    """In whatever way it is asked."""
    if values.poor(value):
        assert not values.chosen(value, quoted=True) and not values.chosen(value, quoted=False) and not values.said(value)


def test_most_of_what_is_no_password_is_refused_at_a_glance():
    """Or nothing would be gained."""
    draw = random.Random(2)
    few = ["-".join(draw.choices(WORDS, k=2)) for _ in range(100)] + ["".join(draw.choices(WORDS, k=3)) for _ in range(100)] + [f"${{{draw.choice(WORDS).upper()}_{draw.choice(WORDS)}}}" for _ in range(100)]
    assert all(map(values.poor, few))
