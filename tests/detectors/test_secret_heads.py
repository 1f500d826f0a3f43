"""What stands before a value: the head of a table, the words before a name. Both are read from their end, which is the same and takes no more than a look (T14, T15)."""

from __future__ import annotations

import random
import re
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors import secret_before
from detectors.secret_tables import table_secrets
from detectors.secrets import Secrets
from detectors.text import Text
from tests.support.growth import assert_within

WORD = r"(?:pass(?:word|wd|wort|code|phrase|e)?|pwd|kennwort|mdp|senha|wachtwoord|clave|secret|token|key)"
NAME = re.compile(rf"[ \t\"'`*]*+((?:[a-z0-9]{{0,16}}(?:[ _.-]?[a-z0-9]{{1,16}}){{0,2}}[ _.-]?)?){WORD}[\"'`*]{{0,3}}[ \t]{{0,16}}\r?")
PLAIN = re.compile(r"[a-z0-9][a-z0-9_.-]{0,24}(?: [a-z0-9_.-]{1,24}){0,3}")  # what a cell of a head may be in any case
CELLS = st.lists(st.sampled_from(["password", "passe", "pwd", "secret", "token", "key", "api", "user", "my", "0", "ab" * 8, "cd" * 7, "_", "-", ".", " ", "__", '"', "'", "*", "\t", "\r", ""]), max_size=7).map("".join)
BEFORE = st.lists(
    st.sampled_from("env set -x -g config configure: login machine user username with using the my this a and email wi-fi wlan admin root guest e-mail foo - -- --db_ . _ : \n \t \x20 \x20".split(" ") + [" "] * 8), max_size=12
).map(lambda words: "".join(words)[-40:])
FLAG = re.compile(
    r"(?<![a-z0-9_-])--?[a-z0-9_.-]{0,30}\Z|\b(?:env|setenv|setx|set -[a-z]{1,3}|config(?:ure|:)? ?set) [a-z0-9_.-]{0,30}\Z|\b(?:login|machine|usr|user|username)\s{1,4}\S{1,30}\s{1,6}\Z"
)
WITH = re.compile(
    r"\b(?:(?:with|using|use|via|try|enter)(?: the| my| this| your| a)?(?: [a-z]{2,10})?|my|(?:user(?:name)?|login|email) \S{1,30} and(?: the)?|wi-?fi|wlan|vpn|gpg|router|admin|root|guest|temp|temporary|database|db|ssh|ftp|zip|e?mail) \Z"
)
LINE = re.compile(r"(?:\A|\n)[ \t]{0,8}[a-z0-9_.-]{0,30}\Z")


@given(CELLS, st.integers(0, 2))
@pytest.mark.covers("T14")
def test_a_name_heads_a_column_as_its_form_says(cell, column):
    """Whatever stands before the word in its cell, and in whichever column."""
    head = ["id", "who", "more"]
    head[column] = cell
    value = "q7Rt2Yw9Zx4Kb8Lm3Np6Vc1D"
    text = ",".join(head) + f"\n{value},{value},{value}\n"
    named = NAME.fullmatch(cell) is not None
    found = [start for _, (start, _, _, _) in table_secrets(text, text.lower(), 0)]
    assert named or not found
    if named and PLAIN.fullmatch(cell):
        assert found == [text.index("\n") + 1 + (len(value) + 1) * column]


@given(BEFORE)
@pytest.mark.covers("T14")
def test_what_leads_a_value_is_told_backwards(before):
    """As a search to its end would."""
    found = [secret_before.FLAG.match(before[::-1]), secret_before.WITH.match(before[::-1]), secret_before.LINE.match(before[::-1])]
    assert [match is not None for match in found] == [form.search(before) is not None for form in (FLAG, WITH, LINE)]
    assert (secret_before.LED.match(before[::-1]) is not None) == any(match is not None for match in found)


@pytest.mark.covers("T15")
def test_lines_that_could_head_a_table_cost_little_more_than_passwords():
    """One word of many letters and figures that ends in a name could be read in a thousand ways."""
    draw, secrets = random.Random(1), Secrets()
    heads = "".join(f"XZ{draw.randrange(16**7):07x}cookieuser,password\ncookie" for _ in range(600))
    words = "".join(f"XZ{draw.randrange(16**7):07x} password=Falcon{draw.randrange(1000)}! " for _ in range(600))
    assert not secrets.find(Text(heads))
    assert_within(6.0, partial(_found, secrets, heads), partial(_found, secrets, words))


def _found(secrets: Secrets, raw: str) -> object:
    return secrets.find(Text(raw))
