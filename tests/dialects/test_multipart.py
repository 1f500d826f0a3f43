"""Forms with files: what is text in them is seen, what is not is named, and the rest stays as it came."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.dialects import DIALECTS
from gateway.dialects.leaves import Edit
from gateway.dialects.walk import request_steps, walk_request, walk_text

TYPE = 'multipart/form-data; boundary="b0"'


def form(*parts: tuple[str, bytes], boundary: str = "b0") -> bytes:
    """parts: head lines after the disposition's `form-data; `, content."""
    mark = b"--" + boundary.encode()
    body = b"".join(mark + b"\r\nContent-Disposition: form-data; " + head.encode() + b"\r\n\r\n" + content + b"\r\n" for head, content in parts)
    return body + mark + b"--\r\n"


BODY = form(
    ('name="model"', b"whisper-1"),
    ('name="file"; filename="ann example.txt"\r\nContent-Type: text/plain', b"my card\r\n4111"),
    ('name="image"; filename="p.png"\r\nContent-Type: image/png', b"\x89PNG\x00"),
    ('name="batch"; filename="b.jsonl"\r\nContent-Type: application/octet-stream', b'{"a":"x"}\n{"a":"y"}\n'),
    ('name="blob"; filename="b.bin"\r\nContent-Type: application/octet-stream', b"\x00\x01"),
    ('name="ann@example.org"\r\nX-Note: hello', b"1"),
    ('name="empty"', b""),
)


def test_text_parts_names_and_filenames_are_leaves_and_binary_is_named():
    """T16: uploads are a way in like any other."""
    found = walk_text(BODY, TYPE)
    assert [(leaf.pointer, leaf.before, leaf.text) for leaf in found.leaves] == [
        ("/model", "model: ", "whisper-1"),
        ("/file", "filename: ", "ann example.txt"),
        ("/file", "file: ", "my card\r\n4111"),
        ("/image", "filename: ", "p.png"),
        ("/batch", "filename: ", "b.jsonl"),
        ("/batch/0/a", "a: ", "x"),
        ("/batch/1/a", "a: ", "y"),
        ("/blob", "filename: ", "b.bin"),
        ("/ann@example.org", "", "ann@example.org"),
        ("", "x-note: ", "hello"),
        ("/ann@example.org", "ann@example.org: ", "1"),
    ]
    assert found.unscannable == ("/image", "/blob")
    assert found.rewrite({}) == BODY


def test_a_rewrite_touches_the_edited_part_only():
    """Law 1: boundaries, heads and binary parts stay byte for byte."""
    found = walk_text(BODY, TYPE)
    changed = found.rewrite({1: (Edit(0, 11, "<PERSON>"),), 2: (Edit(9, 13, "<CARD>"),), 6: (Edit(0, 1, "<Y>"),)})
    assert changed == BODY.replace(b"ann example.txt", b"<PERSON>.txt").replace(b"4111", b"<CARD>").replace(b'"y"', b'"<Y>"')


def test_text_outside_the_parts_is_text_too():
    """A preamble is ignored by readers of forms, not by readers of logs."""
    body = b"my card 4111\r\n" + form(('name="a"', b"x")) + b"and 4222"
    found = walk_text(body, TYPE)
    assert [leaf.text for leaf in found.leaves] == ["my card 4111", "x", "and 4222"]


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", BODY),
        (TYPE, form(('name="a"', b"x"))[:-4]),
        (TYPE, b"--b0\nContent-Disposition: form-data; name=a\n\nx\n--b0--\n"),
        (TYPE, form(('name="a"', b"x\n--b0\nhidden"))),
        (TYPE, b"no form at all"),
        (TYPE, b""),
    ],
)
def test_what_is_no_clean_form_is_one_text_or_unscannable(content_type, body):
    """A provider may split it where this reader does not."""
    found = walk_text(body, content_type)
    readable = b"\x00" not in body
    assert [leaf.text for leaf in found.leaves] == ([body.decode()] if readable and body else [])
    assert found.unscannable == (() if readable else ("",))
    assert found.rewrite({}) == body


@given(st.lists(st.tuples(st.sampled_from(["a", "b", "né", "x y"]), st.binary(max_size=30)), max_size=5), st.binary(max_size=10))
def test_any_form_comes_back_as_it_was(parts, rest):
    """Law 1, whatever the parts hold."""
    body = form(*((f'name="{name}"', content) for name, content in parts)) + rest
    found = walk_text(body, TYPE)
    assert found.rewrite({}) == body
    assert found.scanned_chars == found.text_chars
    for index, leaf in enumerate(found.leaves):
        assert len(found.rewrite({index: (Edit(0, 0, "<X>"),)})) >= len(body), leaf


def test_a_long_upload_is_taken_apart_in_turns():
    """A file of records, and a form of many parts: others have their turn in between, and the leaves are those of one go."""
    line = json.dumps({"custom_id": "r1", "body": {"messages": [{"role": "user", "content": "All is well."}]}})
    operation = DIALECTS["openai"].route("POST", "/v1/files").operation
    head = '--b1\r\nContent-Disposition: form-data; name="{}"\r\n\r\n'
    for body in (head.format("file") + f"{line}\n" * 2000 + "\r\n--b1--\r\n", "".join(head.format(f"f{n}") + "all is well\r\n" for n in range(900)) + "--b1--\r\n"):
        steps = request_steps("openai", operation, body.encode(), "multipart/form-data; boundary=b1")
        pauses = 0
        while True:
            try:
                next(steps)
            except StopIteration as end:
                walked = end.value
                break
            pauses += 1
        assert pauses > 10 and len(walked.leaves) >= 900
        assert walked.leaves == walk_request("openai", operation, body.encode(), "multipart/form-data; boundary=b1").leaves and walked.rewrite({}) == body.encode()
