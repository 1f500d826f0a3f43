"""Placeholders: one number for one value however it is spelled, and back to exactly what stood there where it is to come back."""

from __future__ import annotations

import itertools

import pytest

from gateway.guard.placeholders import Placeholders

SPELLED = [
    ("CREDIT_CARD", ["4111 1111 1111 1111", "4111-1111-1111-1111", "4111111111111111", "\uff14111 1111 1111 1111"]),
    ("IBAN_CODE", ["GB82 WEST 1234 5698 7654 32", "GB82WEST12345698765432", "gb82 west 1234 5698 7654 32"]),
    ("US_SSN", ["219-09-9998", "219 09 9998", "219099998"]),
    ("PHONE_NUMBER", ["+1 (415) 555-2671", "+14155552671", "+1.415.555.2671"]),
    ("EMAIL_ADDRESS", ["bo.li@Example.org", "bo.li@example.ORG"]),
]
OTHERS = [("PHONE_NUMBER", "415 555 2671", "415 555 2672"), ("EMAIL_ADDRESS", "Bo@example.org", "bo@example.org"), ("PASSWORD", "ab-cd", "abcd"), ("PERSON", "Bo Li", "bo li"), ("API_KEY", "kX-1", "KX-1")]


@pytest.mark.parametrize(("kind", "spelled"), SPELLED)
def test_every_spelling_has_the_same_number(kind, spelled):
    """In whatever order they come, and in the reply too; another value has the next."""
    for order in itertools.permutations(spelled):
        given = Placeholders()
        assert {given.request(kind, value) for value in order[:-1]} == {f"<{kind}_1>"}
        assert given.reply(kind, order[-1]) == f"<{kind}_1>"
        assert given.request(kind, "another one 7") == f"<{kind}_2>"
        assert given.request(kind, order[-1]) == f"<{kind}_1>"
        assert given.restored == {}


@pytest.mark.parametrize(("kind", "one", "other"), OTHERS)
def test_what_differs_in_more_than_spelling_has_numbers_of_its_own(kind, one, other):
    """Signs and capitals are part of a password, of a name, of a mailbox."""
    given = Placeholders()
    assert given.request(kind, one) != given.request(kind, other)


@pytest.mark.parametrize(("kind", "spelled"), SPELLED)
def test_a_pseudonym_gives_back_the_spelling_that_stood_there(kind, spelled):
    """So each has one of its own, which never changes."""
    given = Placeholders()
    names = [given.request(kind, value, reversible=True) for value in spelled * 2]
    assert names[: len(spelled)] == names[len(spelled) :] and len(set(names)) == len(spelled)
    assert [given.restored[name] for name in names] == spelled * 2


def test_a_mask_of_another_spelling_is_never_turned_into_this_one():
    """Where one rule masks and another gives pseudonyms, whichever comes first."""
    first, second, third = SPELLED[0][1][:3]
    for masked_first in (True, False):
        given = Placeholders()
        masks = [given.request("CREDIT_CARD", value) for value in (first, second)] if masked_first else []
        name = given.request("CREDIT_CARD", first, reversible=True)
        masks += [given.request("CREDIT_CARD", value) for value in (second, third)]
        assert name not in masks
        assert given.restored == {name: first}
        assert given.reply("CREDIT_CARD", "4111.1111.1111.1111") != name


def test_the_same_spelling_masked_and_named_is_one():
    """As ever: the provider sees one value under one name."""
    given = Placeholders()
    assert given.request("PERSON", "Bo Li") == given.request("PERSON", "Bo Li", reversible=True) == "<PERSON_1>"
    assert given.reply("PERSON", "Bo Li") == "<PERSON_1>"
