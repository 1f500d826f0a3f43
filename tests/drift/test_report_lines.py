"""Samples in files: every line is a row or is named as what keeps the file from being read."""

from __future__ import annotations

import io
import json

import pytest

from detectors.drift.base import Row
from gateway.drift.lines import UnusableLine, rows


def read(*lines: bytes | dict[str, object]) -> list[Row]:
    return rows(io.BytesIO(b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines)))


def test_both_forms():
    """{"text"} is an input; a row without an id gets its line's number."""
    assert read({"text": "a"}, {"input": "b", "output": "c", "session": "s", "id": "x"}, {"output": "d", "id": 7}) == [Row("a", id="1"), Row("b", "c", "s", "x"), Row(None, "d", id="7")]


def test_blank_lines_a_byte_order_mark_and_windows_ends():
    """What editors leave. Positions count rows, ids lines."""
    assert [(row.input, row.id) for row in read(b'\xef\xbb\xbf{"text": "a"}\r', b"", b'  {"text": ""}  ', b"")] == [("a", "1"), ("", "3")]


def test_nothing_is_no_rows():
    """Whether that is too few is the comparison's to say."""
    assert read() == []


def test_other_members_are_left_alone():
    """An export has many."""
    assert read({"text": "a", "env": "dev", "score": 1}) == [Row("a", id="1")]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (b"hello", "not JSON"),
        (b'{"text": "a"', "not JSON"),
        (b'["a"]', "expected an object"),
        (b'"a"', "expected an object"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"{}", "no text in it"),
        (b'{"prompt": "a"}', "it has prompt"),
        (b'{"text": null}', "no text in it"),
        (b'{"text": 5}', "text is a number"),
        (b'{"input": ["a"]}', "input is a list"),
        (b'{"text": "a", "session": {}}', "session is an object"),
        (b'{"text": "a", "id": true}', "id is true or false"),
        (b'{"text": "a", "input": "b"}', "both text and input"),
        (b"[" * 100_000, "not JSON"),
        (b'{"text": "a", "id": ' + b"9" * 5_000 + b"}", "not JSON"),
    ],
)
def test_a_line_that_is_no_row_is_named(line: bytes, problem: str):
    """By its number, with what is wrong, and never with much of what stands in it."""
    with pytest.raises(UnusableLine, match=r"^line 2: ") as raised:
        read({"text": "a"}, line, {"text": "b"})
    assert problem in str(raised.value) and raised.value.line == 2 and len(str(raised.value)) < 250


def test_half_a_character_becomes_a_question_mark():
    """JSON can name one; no file, page or terminal can hold it."""
    assert read(b'{"text": "a \\ud83d b"}')[0].input == "a ? b"


def test_a_text_of_a_megabyte_is_a_row():
    """And one of NUL characters."""
    assert [len(row.input or "") for row in read({"text": "x" * (1 << 20)}, {"text": "\0" * 1000})] == [1 << 20, 1000]
