"""The views of a text: what was disguised is read plainly, and every view knows where in the raw text it came from."""

from __future__ import annotations

import base64
import json
import random
import string
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from detectors.decoding import unescape
from detectors.folding import FOLD, MAX_GROWTH, fold
from detectors.pieces import GAP
from detectors.redact import mask
from detectors.text import BEFORE, DEPTH, Text, View
from tests.detectors.transforms import TRANSFORMS
from tests.support.growth import Work, assert_linear

ANY_TEXT = st.text(st.characters(codec=None), max_size=200)  # lone surrogates included
PARTS = [
    "%41", "%C3%A9", "%", "%2541", "&#65;", "&#x41;", "&commat;", "&", "&#", "\\u0041", "\\ud83d\\ude00", "\\ud83d", "\\n", "\\", '\\"', "\\x41", "\\101", "\u00e9",
    "\u200b", "\ufe0f", "\U000e0041\U000e0042\U000e0043\U000e0044" * 2, "\ud800", "\uff14", "\u2026", "\u00bd", " ", "\n", "word ", "QUJDREVGR0hJSktMTU5PUA==",
    "41 42 43 44 45 46 47 48 49", "0x41 0x42 0x43 0x44 0x45 0x46 0x47 0x48", "4142434445464748494a", "/+_-", "4111 1111 1111 1111", "bob@example.com",
]  # fmt: skip
HOSTILE = st.lists(st.sampled_from(PARTS), max_size=30).map("".join)


def samples(count: int) -> list[str]:
    """Made-up strings of the kinds that detectors look for, the same on every run."""
    draw = random.Random(7)

    def some(alphabet: str, size: int) -> str:
        return "".join(draw.choices(alphabet, k=size))

    digits, letters, mixed = string.digits, string.ascii_lowercase, string.ascii_letters + string.digits
    makers = [
        lambda: f"{some(digits, 4)} {some(digits, 4)} {some(digits, 4)} {some(digits, 4)}",
        lambda: f"{some(digits, 4)}-{some(digits, 4)}-{some(digits, 4)}-{some(digits, 4)}",
        lambda: some(digits, 16),
        lambda: f"{some(letters, 6)}.{some(letters, 5)}@{some(letters, 7)}.example.com",
        lambda: "sk-" + "proj-" + some(mixed, 40),
        lambda: "AK" + "IA" + some(string.ascii_uppercase + digits, 16),
        lambda: "gh" + "p_" + some(mixed, 36),
        lambda: f"+49 (0)30 {some(digits, 4)}-{some(digits, 4)}",
        lambda: f"DE{some(digits, 2)} {some(digits, 4)} {some(digits, 4)} {some(digits, 4)} {some(digits, 4)} {some(digits, 2)}",
        lambda: f"password={some(mixed + '!#$%*?', 14)}",
        lambda: f"postgres://{some(letters, 5)}:{some(mixed, 12)}@db.example.com:5432/main",
        lambda: f"192.168.{some('12', 2)}.{some('12', 2)} and ssn {some(digits, 3)}-{some(digits, 2)}-{some(digits, 4)}",
        lambda: "-----BEGIN " + f"PRIVATE KEY----- {some(mixed + '+/', 64)}",
    ]
    return [makers[number % len(makers)]() for number in range(count)]


def found(text: Text, plain: str) -> tuple[int, int] | None:
    """The raw span of the first view that holds `plain`."""
    for view in text.views:
        at = view.text.find(plain)
        if at >= 0:
            return view.origin(at, at + len(plain))
    return None


def trimmed(raw: str, start: int, end: int) -> tuple[int, int]:
    """The span without what folding removes at its ends."""
    while start < end and FOLD.get(raw[start]) == "":
        start += 1
    while end > start and FOLD.get(raw[end - 1]) == "":
        end -= 1
    return start, end


@pytest.mark.covers("T15")
@pytest.mark.parametrize("name", TRANSFORMS)
def test_every_disguise_is_seen_through_and_located(name: str) -> None:
    """A disguise that hides a secret, or moves the mask beside it, is a leak."""
    for plain in samples(200):
        disguised = TRANSFORMS[name](plain)
        raw = f"please note: {disguised} (thanks)"
        at = raw.index(disguised)
        expected = (at, at + len(disguised))
        if name not in ("tags", "bytes in variation selectors"):
            expected = trimmed(raw, *expected)
        assert found(Text(raw), plain) == expected, plain


@pytest.mark.covers("T15")
@pytest.mark.parametrize("name", TRANSFORMS)
def test_a_disguise_alone_is_seen_through(name: str) -> None:
    """Nothing around it, as when a stream was cut right there."""
    for plain in samples(26):
        assert found(Text(TRANSFORMS[name](plain)), plain), plain


@pytest.mark.covers("T15")
def test_base64_glued_to_a_word_is_read() -> None:
    """A path or a prefix before the run shifts its groups of four."""
    for plain in samples(50):
        for glue in ("path/", "to/", "id_", "a-", "x/y/"):
            assert found(Text(f"see {glue}{base64.b64encode(plain.encode()).decode()}"), plain), (glue, plain)


@pytest.mark.covers("T15")
def test_text_among_binary_is_read() -> None:
    """Bytes that are no text must not hide those that are."""
    held = bytes(range(128, 256)) + b"key is 4111 1111 1111 1111 ok" + bytes(range(128, 200))
    assert found(Text(base64.b64encode(held).decode()), "4111 1111 1111 1111")
    assert found(Text(held.hex()), "4111 1111 1111 1111")


def test_part_of_an_encoded_run_is_located_within_it() -> None:
    """Only the part that matters is masked."""
    encoded = base64.b64encode(b"name: Bob card: 4111111111111111 end").decode()
    start, end = found(Text("x " + encoded), "4111111111111111") or (0, 0)
    assert (start, end) == (2 + 16 * 4 // 3, 2 + -(-32 * 4 // 3))


@pytest.mark.covers("T15")
def test_json_in_text_is_unescaped() -> None:
    """Tool arguments are JSON in a string, sometimes twice."""
    once = json.dumps({"note": "card\n4111 1111\t1111 \u00e9"})
    assert found(Text(json.dumps(once)), 'card\n4111 1111\t1111 e"')
    assert found(Text(once), 'card\n4111 1111\t1111 e"')


def test_ascii_is_its_own_folded_view() -> None:
    """The common case costs nothing and is the raw string itself."""
    raw = "Plain prose, 100% of it; R&D too."
    (view,) = Text(raw).views
    assert view.text is raw
    assert view.name == "raw"


def test_folding_is_settled_in_one_step() -> None:
    """What a character is folded to is never folded again, and never grows beyond the bound."""
    assert all(not any(char in FOLD for char in plain) and len(plain) <= MAX_GROWTH for plain in FOLD.values())
    assert not any(char.isascii() for char in FOLD)


def test_every_decimal_digit_is_an_ascii_digit() -> None:
    """Digits of any script up to the mathematical ones."""
    for code in [*range(0x80, 0x10000), *range(0x1D7CE, 0x1D800)]:
        digit = unicodedata.decimal(chr(code), None)
        if digit is not None:
            assert fold(chr(code))[0] == str(digit)


@given(ANY_TEXT, ANY_TEXT)
def test_folding_does_not_depend_on_where_a_text_is_cut(a: str, b: str) -> None:
    """The ground on which streams stand (law 2)."""
    assert fold(a + b)[0] == fold(a)[0] + fold(b)[0]


@given(st.one_of(ANY_TEXT, HOSTILE), st.text(max_size=20))
@example("0X20 0X20 0X20 0X20 0X20 0X20 0X20 0X20:20 20 20 20 20 20 20 09", "")  # bytes in two forms
@example("002020202020202020000000002020202020202020", "")  # two stretches out of one run
def test_origins_are_within_bounds_and_in_order(raw: str, before: str) -> None:
    """A mask must never miss the text, whatever the text."""
    for view in Text(raw, before).views:
        last = 0
        for at in range(len(view.text)):
            start, end = view.origin(at, at + 1)
            assert 0 <= start < end <= len(raw)
            assert last <= start
            last = start
        assert view.origin(0, 0)[0] == view.origin(0, 0)[1]
        if view.text:
            start, end = view.origin(0, len(view.text))
            assert view.origin(len(view.text), len(view.text)) == (end, end)


@given(HOSTILE, HOSTILE)
def test_what_a_delimiter_parts_is_viewed_apart(a: str, b: str) -> None:
    """The whole views of two tokens with a delimiter between are those of each."""
    parts = ["".join(view.text for view in Text(part).views if view.name in ("raw", "folded")) for part in (a, b)]
    assert Text(f"{a}({b}").views[0].text == "(".join(parts)


@given(HOSTILE)
def test_spans_of_one_view_cover_its_parts(raw: str) -> None:
    """The origin of a span is that of its first and last character together."""
    for view in Text(raw).views:
        size = len(view.text)
        for start, end in ((0, size // 2), (size // 3, size), (size // 4, size // 2)):
            if start < end:
                assert view.origin(start, end) == (view.origin(start, start + 1)[0], view.origin(end - 1, end)[1])


def test_views_are_bounded_in_number_and_size() -> None:
    """Nested encodings must not multiply the work."""
    text = "".join(samples(30))
    for _ in range(6):
        text = base64.b64encode(text.encode()).decode() + " \\n%2541&#38;#52; \u2026" + text[:100]
    views = Text(text).views
    assert len(views) <= 1 + 3 + 2 * 3
    assert all(view.name.count("+") < DEPTH for view in views)
    assert sum(len(view.text) for view in views[1:]) <= 4 * len(views[0].text) + 4096


def test_context_is_folded_and_short() -> None:
    """The key before a value is context for every view of the value, and so is what stands before a run of base64."""
    text = Text("\uff34\uff34", before="\uff23ard: " * 100)
    assert text.folded == View("folded", "TT", ("Card: " * 100)[-BEFORE:])
    plain = "4111 1111 1111 1111"
    encoded = base64.b64encode(plain.encode()).decode()
    split, joined = Text(encoded, before="my card 12 is ").views[1], Text("my card 12 is " + encoded).views[1]
    assert split.before + split.text == joined.text == "my card ## is " + plain + GAP


def test_every_escape_of_a_row_is_located() -> None:
    """Escapes of one form are read many at a time; each is still masked where it stands."""
    for each, plain in {
        "&#65;&#8364;&#7;&#128512;&#48;": "A\u20ac\x07\U0001f6000", "&#x41;&#x1F600;&#X30;": "A\U0001f6000", "\\u0041\\u20ac\\u0030\\ud83d\\ude00\\u0031": "A\u20ac0\U0001f6001",
        "%41%E9%42%C3%A9%30": "A\xe9B\xe90", "%E2%82%41": "\xe2\x82A", "\\n\\\"\\\\\\t1": '\n"\\\t1', "\\x41\\xe9\\x30": "A\xe90", "\\101\\060": "A0",
    }.items():  # fmt: skip
        text = unescape(f"<{each}>")
        assert text is not None
        assert text[0] == f"<{plain}>", each
        spans = [text[1].span(at, at + 1) for at in range(len(text[0]))]
        assert spans[0] == (0, 1) and spans[-1] == (len(each) + 1, len(each) + 2)
        assert all(left[1] == right[0] for left, right in pairwise(spans)), each
        for (start, end), char in list(zip(spans, text[0], strict=True))[1:-1]:
            alone = unescape(f"<{each}>"[start:end])
            assert alone is None or alone[0] == char, (each, char)


def test_a_text_of_many_kinds_of_characters_is_folded_one_by_one() -> None:
    """Beyond a few kinds they are replaced in another way, and those that were not in the beginning too."""
    chars = "".join(FOLD) + "\u5bc6" + "x" * 2000
    raw = "y" * 1500 + chars + chars[::-1]
    text, offsets = fold(raw)
    assert text == "".join(FOLD.get(char, char) for char in raw)
    assert offsets is not None
    at = text.index("x" * 2000)
    assert offsets.span(at, at + 2000) == (raw.index("x"), raw.index("x") + 2000)


def test_runs_that_are_read_together_stay_apart() -> None:
    """What neighbouring runs hold is never joined, whatever their phases, and each is located in its own run."""
    draw = random.Random(4)
    runs = []
    for number in range(60):
        plain = f"{draw.randbytes(4 + number % 5).hex()} 4111{number:04} ".encode() + "\u00e9".encode() * (number % 3 == 0)
        glue = ("", "x/", "", "\xff")[number % 4]
        runs.append(glue + (plain.hex() if number % 7 == 0 else base64.b64encode(plain).decode()))
    raw = " ".join(runs)
    (view,) = (view for view in Text(raw).views if view.name == "unpacked")
    for number, run in enumerate(runs):
        at = view.text.index(f"4111{number:04}")
        start, end = view.origin(at, at + 8)
        assert raw.index(run) <= start < end <= raw.index(run) + len(run), run
    assert all(len(part) < 60 for part in view.text.split(GAP))


HOSTILE_PIECES = (
    "QUJDREVGR0hJSktMTU5PUA ", "4142434445464748494a4b4c ", "0L/QsNGA0L7Qu9GMIDQxMTE= ", "QUJD", "4142", "%41%42", "%E9", "&#65;", "&#8364;", "\\u0041", "\\n", '\\"', "\\101", "41 ",
    "0x41 ", "\uff14", "4\u200b", "a\u0336", "\U000e0041", "\ufe0f", "\u2026", "&", "%", "\\", "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVpBQkNE\n", "/////////////////", "w6nDqcOpw6nDqcOp/",
)  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE_PIECES)
@pytest.mark.covers("T14")
def test_hostile_text_is_viewed_in_linear_time(piece: str) -> None:
    """And so is asking where things stand."""

    def make(size: int) -> Work:
        raw = (piece * (size // len(piece) + 1))[:size]

        def work() -> None:
            for view in Text(raw).views:
                for at in range(0, len(view.text), 1000):
                    view.origin(at, at + 1)

        return work

    assert_linear(make, 160_000)


def test_masking_joins_overlaps() -> None:
    """No part of an overlapping match is left standing."""
    assert mask("abcdefghij", [(6, 8, "<2>"), (1, 4, "<1>"), (3, 5, "<x>")]) == "a<1>f<2>ij"
    assert mask("abc", []) == "abc"
    assert mask("abc", [(2, 99, "<1>"), (-5, 1, "<0>")]) == "<0>b<1>"


@settings(deadline=None)
@given(st.lists(st.one_of(st.sampled_from(["%41", "%2541", "&#65;&#8364;", "\\u00e9", "\u00e9", "\ufb01", "\u200b", "x" * 1100, "NDRDQ01TQTRNaUF3TWlBME1pQXlNakFnTmpB", "w6lcInB3ZD1TZWZvYm83MTAwISzDqVwi", "41 42 43 44 45 46 47 48 "]), st.text("ab 1%", max_size=9)), max_size=30).map("".join), st.randoms(use_true_random=False))
@pytest.mark.covers("T15")
def test_many_spans_come_from_where_each_comes_from(raw: str, draw: random.Random) -> None:
    """In whatever order they are asked about, and wherever they lie."""
    for view in Text(raw).views:
        if not view.text:
            continue
        spans = [(start, draw.randrange(start + 1, min(len(view.text), start + draw.choice((2, 9, 3000))) + 1)) for start in (draw.randrange(len(view.text)) for _ in range(40))]
        for some in (spans, sorted(spans)):
            assert list(view.origins(some)) == [view.origin(start, end) for start, end in some]
