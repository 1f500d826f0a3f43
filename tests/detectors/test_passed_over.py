"""What is passed over for speed is what could not have been found: the whole looked at in full holds the same (T14)."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors import decoding, runs
from detectors.decoding import unpack
from detectors.pii import KINDS, Options, Pii
from detectors.recognisers import cards, phones, small
from detectors.recognisers.hits import Hit, resolve
from detectors.text import Text

SIGNS = st.sampled_from(["0123456789 ", "0123456789 .-()+/:_", "4567 1", "0123456789abcdefABCDEF +/=\n,", "41 42,:-x0g"])
DRAWN = SIGNS.flatmap(lambda signs: st.text(signs, max_size=120))
PLANTED = st.sampled_from(
    ["4111 1111 1111 1111", "4111111111111111", "378282246310005", "3782 822463 10005", "415-555-2671", "(415) 555-2671/212 555 0144", "+1 415 555 2671", "01-415-555-2671", "1800 0000 0000 00", " ", ", "]
)
TEXTS = st.lists(st.one_of(DRAWN, PLANTED), max_size=40).map("".join)


@given(TEXTS, st.integers(0, 400))
@pytest.mark.parametrize(
    ("expression", "likely", "wide"), [(phones._NORTH, phones._NORTHERN, phones._WIDE), (cards._BARE, cards._BARE_LIKELY, cards._WIDE), (cards._GROUPED, cards._GROUPED_LIKELY, cards._WIDE)]
)
@pytest.mark.covers("T14")
def test_near_what_is_likely_stands_all_that_there_is(expression, likely, wide, text, start):
    """Wherever the search begins, in a text of one block and in one of many."""
    for whole in (text, text * (1 + 3000 // (len(text) + 1))):
        found = small.sparse(expression, likely, whole, small.plain(whole), start, wide)
        assert [(match.span(), match.groups()) for match in found] == [(match.span(), match.groups()) for match in expression.finditer(whole, start)]


def of_digits(draw: random.Random) -> str:
    """A number that may hold text: in hex, or UTF-8 in base64, sometimes; of a length that is passed over, or nearly."""
    size = draw.randrange(14, 23)
    some = draw.randrange(4)
    if some == 0:
        return "".join(f"{draw.randrange(20, 80)}" for _ in range(12))[:size]
    if some == 1:
        return "".join(draw.choice(("0415", "1546", "2671", "3490", "5428", "6762", "4")) for _ in range(8))[:size]
    return "".join(draw.choices("0123456789", k=size))


@pytest.mark.covers("T14")
def test_numbers_that_hold_nothing_are_passed_over_and_no_others(monkeypatch):
    """Walls of numbers, with what holds text among them: the same is unpacked, from the same places, as if every number were read."""
    draw = random.Random(4)
    texts = [
        draw.choice(("", " ", "card ")) + "".join(of_digits(draw) + draw.choice((" ", ", ", "=", "\n", "a ", " c2VjcmV0IHdvcmRzIGhlcmU= ", "")) for _ in range(draw.randrange(1, 60))) for _ in range(1500)
    ]
    near = [unpack(text) for text in texts]
    monkeypatch.setattr(runs, "_SPARSE", 0)
    full = [unpack(text) for text in texts]
    assert sum(each is not None for each in full) > 300
    for one, other in zip(near, full, strict=True):
        assert (one and one[0]) == (other and other[0])
        if one and other:
            assert [one[1].span(at, at + 1) for at in range(len(one[0]))] == [other[1].span(at, at + 1) for at in range(len(one[0]))]


@given(st.lists(st.sampled_from(["41 42 43 44 45 46 47 48", "4a", "0x41", "0X4b", " ", ",", ":", "-", ", ", "g", "f", "1", "\u00e9"]), max_size=60).map("".join))
def test_bytes_apart_are_looked_for_where_they_are(text):
    """Eight pairs of one separator, bounded: in what is looked at stands all that there is, whatever is beside it."""
    marks = text.encode("ascii", "replace").translate(decoding._MARK_APART)
    spans = [*decoding._spans_apart(marks), *map(re.Match.span, decoding._EIGHT_WITH_X.finditer(marks))]
    found = sorted({match.span() for start, stop in spans for match in decoding._APART.finditer(text, start, stop + 1)})
    assert found == [match.span() for match in decoding._APART.finditer(text)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("passport A123456", "US_PASSPORT"), ("PO Box 1", "LOCATION"), ("1 rue Oberkampf", "LOCATION"), ("at SW1A 1AA", "LOCATION"), ("1BoatSLRHtKNngkdXEeobR76b53LETtpyT", "CRYPTO"), ("from 203.0.113.9", "IP_ADDRESS"),
        ("PAN of ABCPE1234F", "IN_PAN"), ("12345678Z", "ES_NIF"), ("AB 12 34 56 C", "UK_NINO"), ("tel 12 34 56", "PHONE_NUMBER"), ("dob 1 May", "DATE_OF_BIRTH"), ("GB82 WEST 1234 5698 7654 32", "IBAN_CODE"),
        ("Visa 3714 4963 5398 431", "CREDIT_CARD"), ("MT84MALT011000012345MTLCAST001S", "IBAN_CODE"),
    ],
)  # fmt: skip
def test_the_fewest_digits_of_a_kind_are_enough(text, kind):
    """A text's digits are counted before its forms are looked for: each that takes few is found alone."""
    assert kind in {each.kind for each in Pii(Options(kinds=KINDS)).find(Text(text))}


@given(TEXTS)
def test_a_count_of_digits_rules_out_nothing(text):
    """The same is found in a text as beside a line of more digits than any form takes, which are none of its business."""
    one = Pii(Options(kinds=KINDS))
    more = text + "\n\n" + "x\n" * 200 + " ".join("1" * 40)
    if len(Text(more).views) == 1:
        assert [each for each in one.find(Text(more)) if each.end <= len(text)] == one.find(Text(text + "\n\n" + "x\n" * 200))


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 9), st.sampled_from(["URL", "CREDIT_CARD", "PHONE_NUMBER", "US_SSN", "MINE"]), st.sampled_from([0.5, 0.6, 0.9])), min_size=2, max_size=2))
def test_of_two_that_overlap_the_stronger_stands(drawn):
    """By kind, then length, then score, then place, as among many."""
    hits: list[Hit] = [(at, at + size, kind, score) for at, size, kind, score in drawn]
    standing: list[Hit] = []
    ranks = {"URL": 90, "CREDIT_CARD": 80, "US_SSN": 65, "PHONE_NUMBER": 40, "MINE": 100}
    for hit in sorted(sorted(hits), key=lambda hit: (-(30 if hit[2] == "URL" and hit[3] < 0.6 else ranks[hit[2]]), hit[0] - hit[1], -hit[3])):
        if all(hit[1] <= other[0] or other[1] <= hit[0] for other in standing):
            standing.append(hit)
    assert resolve(hits, frozenset({"MINE"})) == sorted(standing)
