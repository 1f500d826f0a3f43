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
    ("line", "row"),
    [
        ({"prompt": "a", "completion": "b"}, Row("a", "b", id="1")),
        ({"prompt": "a", "response": "b", "session_id": "s"}, Row("a", "b", "s", "1")),
        ({"prompt": "a", "output": "b"}, Row("a", "b", id="1")),
        ({"messages": [{"role": "system", "content": "be kind"}, {"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}, Row("a", "b", id="1")),
        ({"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}, {"role": "user", "content": "c"}], "id": "x"}, Row("c", id="x")),
        ({"messages": [{"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "image_url", "image_url": {}}, {"type": "text", "text": "b"}]}], "response": "c"}, Row("a\nb", "c", id="1")),
        ({"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": None, "tool_calls": []}]}, Row("a", id="1")),
        ({"id": "e", "session_id": "s", "prompt_text": "a", "reply_text": "b", "app": "shop"}, Row("a", "b", "s", "e")),
        ({"id": "e", "session_id": "", "prompt_text": "a", "reply_text": ""}, Row("a", id="e")),
    ],
    ids=["completion", "response", "output", "fine-tuning", "a turn without its answer", "parts", "a call of a tool", "export", "export without a reply"],
)
def test_forms_that_people_have_at_hand(line: dict[str, object], row: Row):
    """Data sets of other programs, and our own export: nobody writes a converter to try a comparison."""
    assert read(line) == [row]


def test_an_exported_conversation_is_read_as_the_record_is():
    """`drift run` compares the last message of the user; `prompt_text` holds the instructions and every turn, too."""
    request = {"messages": [{"role": "system", "content": "be kind"}, {"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}, {"role": "user", "content": "c"}]}
    line = {
        "id": "e", "session_id": "s", "dialect": "openai", "method": "POST", "endpoint": "/v1/chat/completions", "prompt_text": "be kind\na\nb\nc", "reply_text": "d",
        "request_body": json.dumps(request), "reply_body": json.dumps({"choices": [{"index": 0, "message": {"role": "assistant", "content": "d"}}]}),
    }  # fmt: skip
    assert read(line, {**line, "request_body": "", "reply_body": ""}) == [Row("c", "d", "s", "e"), Row("be kind\na\nb\nc", "d", "s", "e")]


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
        (b'{"words": "a"}', 'a line of tidegate export'),
        (b'{"messages": "a"}', "messages is no text; expected a list"),
        (b'{"messages": ["a"]}', "one of its messages is no text"),
        (b'{"messages": [{"role": "system", "content": "a"}]}', "no text in it"),
        (b'{"prompt": ["a"], "completion": "b"}', "prompt is a list"),
        (b'{"prompt_text": 5}', "prompt_text is a number"),
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
    assert problem in str(raised.value) and raised.value.line == 2 and len(str(raised.value)) < 320


def test_half_a_character_becomes_a_question_mark():
    """JSON can name one; no file, page or terminal can hold it."""
    assert read(b'{"text": "a \\ud83d b"}')[0].input == "a ? b"


def test_a_text_of_a_megabyte_is_a_row():
    """And one of NUL characters."""
    assert [len(row.input or "") for row in read({"text": "x" * (1 << 20)}, {"text": "\0" * 1000})] == [1 << 20, 1000]
