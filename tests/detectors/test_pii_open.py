"""The promises that streams are built on (I1 to I3 of detectors.base), for texts put together from what these recognisers look for."""

from __future__ import annotations

import string

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from detectors.base import CONTEXT, Finding
from detectors.pii import Options, Pii
from detectors.recognisers.custom import CustomPattern
from detectors.redact import mask
from detectors.text import Text

PII = Pii()
CUSTOM = Pii(Options(custom=(CustomPattern("STAFF", r"EMP-\d{4,8}"), CustomPattern("ROOM", r"room [A-Z]\d{1,3}\b"))))
FRAGMENTS = (
    "4111 1111 1111 1111", "4111-1111-1111-1111", "378282246310005", "3782 822463 10005", "jane.doe+x@example.co.uk", "bob@", "@example.com", "+1 415-555-2671",
    "(415) 555-2671", "(415) 555-2671 ext. 33", "415.555.2671x12", "+44 (0)20 7946 0958", "0044 20 7946 0958", "01 42 68 53 00", "07700 900123", "Phone: ",
    "call me at ", "4155552671", "4155550132 is their mobile", "416 60 039 office", "601 234 567", "GB82 WEST 1234 5698 7654 32", "DE89370400440532013000", "de89 3704 0044 0532 0130 00",
    "219-09-9999", "my SSN is ", "219099999", "192.168.1.17", "2001:db8::1:0:5", "fe80::1ff:fe23:4567:890a", "https://example.com/a,b?c=d", "www.example.org", "example.com",
    "12 Main St, Springfield, IL 62704", "12 Main St", "1600 Pennsylvania Avenue NW", "10 rue de la Paix", "Hauptstra\u00dfe 12", "Calle Mayor 5", "SW1A 1AA", "P.O. Box 12", "IL 62704",
    "n\u00e9e \u00e0 Pau le 7 f\u00e9vrier 1984", "nacido el 3 de septiembre de 1984", "geb. 12. Dezember 1984", "geboren in Bad Tal am 06. 01. 1984", "Sort code: 20-45-26, account 22864752", "passeport n\u00b0 87FQ92657", "Reisepass C71WXL985",
    "DOB (dd/mm/yyyy): 12/03/1984", "dob 12 march 84", "dob 19840312", '"birthDate":"1984-03-12T00:00:00Z"', "Driver License: CA D1234567", "DOB 12th March, 1984",
    "zip code ", "90210-1234", "driver's license number is ", "D1234567", "2270-66-1551", "AB 12 34 56 C", "12345678Z", "X1234567L", "529.982.247-25", "2 55 08 14 168 025 38",
    "DOB: ", "born on ", "March 3, 1984", "12/03/1984", "3rd March 1984", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "EMP-1234", "room B12", "passport ", "C12345678",
    "am", "a.m@b.io", "user%40example.com", "&#64;example.com", "4111\u00a01111", "\u200b", "\uff14\uff11\uff11\uff11", "NDExMTExMTExMTExMTExMSBpcyBpdCBqYW5lQGV4YW1wbGUuY29t",
    '{"phone": "', '"}', "INFO 2026-03-01 10:22:31.123", "1.2.3.4", "::", "the", "committee", "met", "In 2024", "The Big", "I", "and", "said Anna", "\u6211\u7684\u7535\u8bdd", "x" * 30,
)  # fmt: skip
GLUE = st.sampled_from((" ", " ", " ", "", "\n", ", ", ". ", "-", "  ", ": ", '"', "(", ") ", "/", ".", ",", "+", "=", "\t"))
PIECES = st.one_of(st.sampled_from(FRAGMENTS), st.text(string.digits + " .-+()", max_size=12), st.text(string.ascii_letters + string.digits + " @.:-/", max_size=8))
TEXTS = st.lists(st.tuples(PIECES, GLUE), min_size=1, max_size=9).map(lambda parts: "".join(piece + glue for piece, glue in parts))


def before(findings: list[Finding], at: int) -> list[Finding]:
    return [each for each in findings if each.start < at]


def check(text: str, cut: int, pii: Pii = PII) -> None:
    """I1 to I3 for one text and one cut."""
    a = Text(text[:cut])
    open_from = pii.open_from(a)
    assert 0 <= open_from <= cut
    assert cut - open_from <= pii.max_span
    whole, part = pii.find(Text(text)), pii.find(a)
    assert before(whole, open_from) == before(part, open_from)
    assert all(each.end <= open_from for each in before(whole, open_from))
    rest = pii.find(Text(text[open_from:], before=text[max(0, open_from - CONTEXT) : open_from]))
    assert [Finding(each.detector, each.kind, each.start + open_from, each.end + open_from, each.score) for each in rest] == whole[len(before(whole, open_from)) :]


@settings(max_examples=150, deadline=None)
@given(text=TEXTS, data=st.data())
@pytest.mark.covers("T17")
def test_what_is_behind_the_open_part_is_settled(text, data):
    """A finding that was released, or passed over, can not be taken back."""
    check(text, data.draw(st.integers(0, len(text))))


CALLS = st.lists(
    st.sampled_from(
        ("0", "1", "4", "55", "06 12", "+33 ", "(", ")", " ", "-", ".", "/", "_", "00", "01 42 68 53 00", "415-555-2671", "415 555 2671", "3411300", "91232509", "612 345 678", "08-46 87 73", "(030) 1234 5678",
         "call ", "Call me back? ", "tel ", "x12 ", "joindre au ", "contact: Bo ", "m: ", "Emergency contact: ", "msisdn=", "Cell. ", "zip ", "02110-1301", "order ", " office", " is my number", " is my new cell", " is their mobile", "hmu ", "my # ", "text_", "number is ", "\n", ", ", "2024-01-02")
    ),
    min_size=2,
    max_size=14,
).map("".join)  # fmt: skip


@settings(max_examples=250, deadline=None)
@given(text=CALLS, part=st.floats(0, 1))
@example(text="text_01 42 68 53 00(100.50\n01 42 68 53 0012/26. 06 12 34 56 78 Call me at  ssn /", part=27 / 80)
@pytest.mark.covers("T17")
def test_what_is_called_a_telephone_is_settled_too(text, part):
    """Of texts in which nearly everything might be one, whose forms and words stand far from each other."""
    check(text, round(part * len(text)))


@settings(max_examples=60, deadline=None)
@given(text=TEXTS, data=st.data())
def test_patterns_of_the_operator_keep_the_same_promises(text, data):
    """Whatever an operator adds, a stream stays right: a pattern over several words costs delay, not truth."""
    check(text, data.draw(st.integers(0, len(text))), CUSTOM)


@pytest.mark.parametrize("fragment", [each for each in FRAGMENTS if len(each) > 3])
@pytest.mark.covers("T17")
def test_every_cut_of_every_form(fragment):
    """The same at every place of every form that is known, within a sentence."""
    text = f"I note {fragment} and then {fragment}, so 7"
    for cut in range(len(text) + 1):
        check(text, cut)


def streamed(text: str, cuts: list[int]) -> str:
    """Masked piece by piece, as a stream is."""
    out, kept, done = [], "", ""
    for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
        kept += text[start:end]
        piece = Text(kept, before=done[-CONTEXT:])
        at = len(kept) if end == len(text) else PII.open_from(piece)
        out.append(mask(kept[:at], [(each.start, each.end, f"<{each.kind}>") for each in PII.find(piece) if each.start < at]))
        done, kept = done + kept[:at], kept[at:]
    return "".join(out)


@settings(max_examples=100, deadline=None)
@given(text=TEXTS, data=st.data())
@pytest.mark.covers("T17")
def test_masking_does_not_depend_on_chunking(text, data):
    """Law 2: however a provider cuts its reply, the reader sees the same."""
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6)))
    whole = mask(text, [(each.start, each.end, f"<{each.kind}>") for each in PII.find(Text(text))])
    assert streamed(text, cuts) == whole


PROSE = "The committee met on Tuesday to discuss the proposal, which had been circulated in advance. Several members felt that the wording was unclear, and asked why. "


@pytest.mark.parametrize("cut", range(1, len(PROSE)))
def test_prose_is_held_back_by_a_word(cut):
    """A stream of ordinary text must not be felt to pass through here; `had be` is words and no bytes."""
    assert len(PROSE[PII.open_from(Text(PROSE[:cut])) : cut].split()) <= 1


@pytest.mark.covers("T17")
def test_a_wall_in_one_token_is_cut_between_two_values() -> None:
    """Each place to cut at, a little before a value, is within another one: were all of it held back, each look would be at all of it."""
    text = ";".join(f"+1 415 555 {number:04}" for number in range(2000, 4000))
    at, every = PII.open_from(Text(text)), PII.find(Text(text))
    assert len(every) > 1900
    assert len(text) - at <= PII.max_span
    assert not [f for f in every if f.start < at < f.end]
    rest = PII.find(Text(text[at:], text[at - CONTEXT : at]))
    assert [f for f in every if f.start < at] + [Finding(f.detector, f.kind, f.start + at, f.end + at, f.score) for f in rest] == every
