"""What is told of many values at once is what each test says of each (T14)."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from detectors import secret_before, secret_values
from detectors import secret_many as many

PARTS = (
    "Falcon", "hunter", "example", "EXAMPLE", "your", "test", "sha256", "md5", "HS256", "v1.2", "2024-01-01", "12.5", "12", "9", "007", "!", "$", "_", "-", ".", "/", ":", "::", "->", "(", "[", "{", "<", "&", "@", "#", "%",
    "a", "Zx", "QWERT", "pass", "word", "user", "token", "true", "bcdfgh", "foo", "todo", "any", "/usr/lib", "lib", "me@x.de", "${X}", "$VAR", "<key>", "env:", "xxxx", "****", "letmein", "changeme", "f(x)", "a.b.c",
    "550e8400-e29b-41d4-a716-446655440000", "sk_live_", "prod", "3f9a0c", "aB3dE6gH9jK2", "\xe9", "\u2026", "~/", "../", "C:\\x", "db_pass", "field1", "reset-form",
)  # fmt: skip
VALUES = st.one_of(
    st.lists(st.sampled_from(PARTS), min_size=1, max_size=6).map("".join),
    st.text("abcXYZ019_-.!@/:", min_size=1, max_size=40),
    st.text("0123456789abcdef", min_size=6, max_size=64),
    st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=6, max_size=60),
)
SINGLE = {
    "drawn": secret_values.drawn,
    "affixed": lambda value: secret_values.affixed(value, max(re.split("[_-]", value), key=len)),
    "secret": lambda value: secret_values.chosen(value, quoted=True),
    "varied": secret_values.varied,
    "mixed": secret_values.mixed,
    "random": secret_values.random,
    "userinfo": secret_values.userinfo,
    "command": secret_values.command,
    "basic": secret_values.basic,
    "jwt": secret_values.jwt,
}


@given(st.lists(VALUES, min_size=1, max_size=80))
@example(["Falcon12!"] * 64 + ["example12"])
@pytest.mark.covers("T14")
def test_many_are_told_as_each_is(values):
    """By every check that a form may ask for; the odd one out is found wherever it stands."""
    for name, single in SINGLE.items():
        said = [f"jo:{value}" for value in values] if name in ("userinfo", "command") else values
        assert many.CHECKS[name](said) == [bool(single(value)) for value in said], name


@given(st.lists(VALUES, min_size=1, max_size=20))
def test_what_is_sure_needs_no_test(values):
    """However it is quoted, and in prose, too."""
    for value, sure in zip(values, many.chosen(values), strict=True):
        assert not sure or (secret_values.chosen(value, quoted=True) and secret_values.chosen(value, quoted=False) and secret_values.said(value)), value
    for value, sure in zip(values, many.drawn(values), strict=True):
        assert not sure or not secret_values.code(value), value
        for least in (8, 10, 12, 16) if sure else ():
            assert secret_values.drawn(value, least) == (len(value) >= least), value


def test_most_of_what_people_and_machines_choose_is_sure():
    """Or nothing would be gained."""
    draw = random.Random(1)
    letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    chosen = [f"{''.join(draw.choices(letters[:26], k=7)).title()}{draw.randrange(10, 999)}!" for _ in range(200)]
    drawn = ["".join(draw.choices(letters, k=32)) for _ in range(200)]
    assert sum(many.chosen(chosen)) > 180 and sum(many.drawn(drawn)) > 180


@given(st.lists(st.sampled_from(["public", "api", "access", "new", "relic", "license", "licence", "x", "page", "tls", "image", "pull", "csrf", "vapid", "private", "_", "-", " ", ".", "\\n", "0", "q", "s3", "session", "cache"]), max_size=6).map("".join))
def test_what_ends_in_a_word_is_told_backwards(before):
    """As a search to its end would."""
    for words, after, lookbehind, lookahead in (
        (r"api|access|new[_\- ]relic|licen[sc]e|vapid[_\- ]?private", r"[_\-. ]?", "", ""),
        (r"public|s3|session[_-]cache|x", r"[_\- ]?", r"(?:(?<![a-z])|(?<=\\[nrt]))", r"(?:(?![a-z])|(?=[nrt]\\))"),
        (r"csrf|page|image[_\- ]?pull|tls", r"[_\- ]?", "", ""),
    ):
        backwards = secret_before.ending(words, after, lookahead)
        assert (backwards.match(before[::-1]) is not None) == (re.search(rf"{lookbehind}(?:{words}){after}\Z", before) is not None)
