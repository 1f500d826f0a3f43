"""What is JSON, what stands where in it: the gate must see what any strict reader sees."""

from __future__ import annotations

import json
from unittest.mock import patch

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.dialects import json_text
from gateway.dialects.json_walk import walk_value
from gateway.dialects.leaves import Edit, Unreadable
from tests.support.growth import assert_within

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
NUMBERS = st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)


def strict(pairs):
    """json's hook for an object: refuses what two readers may read in two ways."""
    if len({key for key, _ in pairs}) != len(pairs):
        raise ValueError("duplicate key")
    return dict(pairs)


def refuse(word):
    raise ValueError(word)


def reads_strictly(data: bytes) -> bool:
    """Whether the standard library, told to be strict, reads it."""
    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=strict, parse_constant=refuse)
        json.dumps(value, allow_nan=False)
        json.dumps(value, ensure_ascii=False).encode()  # a lone surrogate is no character
    except (ValueError, RecursionError):
        return False
    return True


def reads_here(data: bytes) -> bool:
    try:
        walk_value(data)
    except Unreadable:
        return False
    return True


@given(VALUES, st.booleans(), st.sampled_from([None, 1]))
def test_what_any_reader_takes_the_walk_takes(value, ascii_only, indent):
    """A guard that refuses honest bodies is switched off."""
    assert reads_here(json.dumps(value, ensure_ascii=ascii_only, indent=indent).encode())


@given(VALUES, st.integers(0, 200), st.binary(max_size=3) | st.sampled_from([b'"', b"\\", b",", b"}", b'"a":1,', b"NaN", b"\\ud800", b"\xef\xbb\xbf"]))
def test_a_damaged_body_is_read_by_both_or_by_none(value, at, junk):
    """C6, C7: what one strict reader refuses and the gate takes is a gap to go through; the other way round is an outage."""
    data = json.dumps(value).encode()
    data = data[: at % (len(data) + 1)] + junk + data[at % (len(data) + 1) :]
    assert reads_here(data) == reads_strictly(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b'{"a":1,}',
        b'{"a":NaN}',
        b'{"a":1e999}',
        b'"\\ud800"',
        b'"\xff"',
        b"{} {}",
        b"\xef\xbb\xbf{}",
        '{"a":1}'.encode("utf-16"),
        b'"a\nb"',
        b"{'a':1}",
    ],
)
def test_what_is_no_json_is_refused_without_an_excerpt(data):
    """The message is shown and logged: it says where, never what."""
    with pytest.raises(Unreadable, match="byte") as refused:
        walk_value(data)
    assert refused.value.code == "invalid_json"


def test_the_message_names_the_byte_and_not_the_character():
    """Who looks for it has an editor that counts bytes, and é is two."""
    with pytest.raises(Unreadable, match="at byte 9 of 19"):
        json_text.parse('["éé", secret]   '.encode())


@pytest.mark.parametrize("data", [b'{"a":"x","a":"y"}', b'{"m":[{"b":{},"c":1,"b":{}}]}', b'{"a":"x","\\u0061":"y"}', b'{"":1,"":2}'])
def test_a_duplicate_key_is_refused_however_it_is_spelled(data):
    """C7: the gate would check one copy and the provider read the other."""
    with pytest.raises(Unreadable) as refused:
        walk_value(data)
    assert refused.value.code == "duplicate_key"


def test_nesting_and_size_have_a_limit():
    """C8: depth and number of values are the sender's choice, the stack and the time are ours."""
    walk_value(b"[" * 100 + b"]" * 100)
    for data in (b"[" * 101 + b"]" * 101, b"[" * 100_000 + b"]" * 100_000, b"[" + b"0," * json_text.MAX_NODES + b"0,0]"):
        with pytest.raises(Unreadable) as refused:
            walk_value(data)
        assert refused.value.code == "json_too_complex"


@given(VALUES)
def test_literals_are_counted_and_found_in_the_order_of_the_tree(value):
    """A rewrite takes the n-th literal for the n-th string of the tree."""
    data = json.dumps(value, ensure_ascii=False).encode()
    strings, numbers = json_text.locate(data)

    def walk(item):
        if isinstance(item, dict):
            for key, child in item.items():
                yield key
                yield from walk(child)
        elif isinstance(item, list):
            for child in item:
                yield from walk(child)
        elif item is not None and not isinstance(item, bool):
            yield item

    flat = list(walk(value))
    assert [orjson.loads(data[start:end]) for start, end in strings] == [item for item in flat if isinstance(item, str)]
    assert [json.loads(data[start:end]) for start, end in numbers] == [item for item in flat if not isinstance(item, str)]
    assert json_text.literals(data) == len(strings)


def drained(steps):
    """What a generator returns, and how often it has paused."""
    pauses = 0
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value, pauses
        pauses += 1


@given(VALUES, st.booleans(), st.sampled_from([None, 1]), st.integers(2, 9))
def test_in_steps_the_same_is_found(value, ascii_only, indent, size):
    """Wherever a slice ends: in a string, before or behind an escape, in a number, between."""
    data = json.dumps(value, ensure_ascii=ascii_only, indent=indent).encode()
    with patch.object(json_text, "_SLICE", size):
        found, pauses = drained(json_text.located(data))
    assert found == json_text.locate(data)
    assert pauses >= len(data) // (size + 40) // 2


@given(TEXT, st.sampled_from([b'"x"', '"é"'.encode()]), st.integers(1, 5))
def test_in_steps_the_same_is_spelled(text, like, size):
    """A text of twenty megabytes is not written in one go while others wait."""
    with patch.object(json_text, "_SLICE", size):
        spelled, pauses = drained(json_text.literal_steps(text, like))
    assert spelled == json_text.literal(text, like)
    assert pauses >= len(text) // size if len(text) > size else pauses == 0


@given(st.text("019.eE+- x", max_size=60).map(str.encode), st.integers(1, 20))
def test_in_steps_a_long_number_is_found(data, size):
    """Wherever a slice ends; a body of ten megabytes is not searched in one go while others wait."""
    with patch.object(json_text, "_SLICE", size):
        found, pauses = drained(json_text.may_hold_long_numbers(data))
    assert found == (json_text._LONG_NUMBER.search(data) is not None)
    assert found or pauses == max(0, (len(data) - 1) // size)


def test_what_was_prepared_is_not_done_again(monkeypatch):
    """Then the rewrite of a large body would be the long turn after all; of other edits it is done anew."""
    monkeypatch.setattr(json_text, "LIGHT_BYTES", 10)
    found = walk_value(b'{"a":["caf\\u00e9 one", "two"], "b": {"c": "three"}}')
    edits, others = {0: (Edit(0, 4, "<X>"),), 2: (Edit(1, 2, ""),)}, {0: (Edit(0, 4, "<Y>"),)}
    expected, other = found.rewrite(edits), found.rewrite(others)
    drained(found.prepare(edits))
    assert found.rewrite(others) == other
    monkeypatch.setattr(json_text, "literal", lambda text, like: pytest.fail("spelled again"))
    monkeypatch.setattr(json_text, "locate", lambda data: pytest.fail("located again"))
    assert found.rewrite(edits) == expected == b'{"a":["<X> one", "two"], "b": {"c": "tree"}}'


def test_long_texts_cost_no_more_than_short_ones_to_weigh():
    """Each of a thousand texts was taken for a key again and again."""
    text = "no quotes here, " * 60
    many, bare = (json.dumps([{"a": 0, "b": 1, "c": 2, "d": 3, "e": each}] * 20_000).encode() for each in (text, ""))  # so many that their keys have to be told apart
    bare += b" " * (len(many) - len(bare))
    assert_within(8.0, lambda: drained(json_text.weigh(many)), lambda: drained(json_text.weigh(bare)))


@given(VALUES, VALUES)
def test_the_value_of_a_member_is_found(value, other):
    """An echo is blanked by replacing just this."""
    data = json.dumps({"b": value, "c": other}).encode()
    key = json_text.locate(data)[0][0][1]
    start, end = json_text.value_after(data, key)
    assert json.loads(data[start:end]) == value


@given(TEXT)
def test_a_literal_is_ascii_where_the_old_one_was(text):
    """A client that sends ASCII may read nothing else."""
    plain, wide = json_text.literal(text, b'"x"'), json_text.literal(text, '"é"'.encode())
    assert plain.isascii()
    assert json.loads(plain) == json.loads(wide) == text
