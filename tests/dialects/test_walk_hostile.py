"""Bodies made to be dear: one request or reply must not hold up everyone else's, nor fill the memory."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from gateway.dialects import DIALECTS, text_body, walk
from gateway.dialects.json_walk import PAUSE
from gateway.dialects.leaves import Edit, Unreadable
from gateway.dialects.text_body import Composite, Part, WalkedText
from gateway.dialects.walk import request_steps, text_steps, walk_reply, walk_request, walk_text
from tests.support.growth import assert_linear

OPAQUE = DIALECTS["opaque"].route("POST", "/x").operation
RESPONSES = DIALECTS["openai"].route("POST", "/v1/responses").operation
CHAT = DIALECTS["openai"].route("POST", "/v1/chat/completions").operation
FORM, LINES = "application/x-www-form-urlencoded", "application/x-ndjson"


def parts_with_tokens(count: int) -> bytes:
    part = {"type": "output_text", "text": "a", "logprobs": [{"token": "a"}]}
    return json.dumps({"model": "x", "input": [{"role": "user", "content": [part] * count}]}).encode()


def test_a_header_of_blanks_costs_what_its_length_does():
    """A space is not tried again for every space after it."""

    def work(size: int) -> Callable[[], object]:
        body = b'--B\r\nContent-Disposition: form-data; name="a"\r\nX-A: a' + b" " * size + b"b\r\n\r\nhi\r\n--B--\r\n"
        return lambda: [walk_text(body, "multipart/form-data; boundary=B") for _ in range(20)]

    assert_linear(work, 4000)


def test_a_header_is_without_the_blanks_around_it_and_stays_as_it_was():
    """A rewrite changes the words and not what stands around them."""
    body = b'--B\r\nContent-Disposition: form-data; name="a"\t \r\nX-A: \t a b \t\r\nContent-Type: text/plain  \r\n\r\nhi\r\n--B--\r\n'
    found = walk_text(body, "multipart/form-data; boundary=B")
    assert [leaf.text for leaf in found.leaves] == ["a b", "hi"]
    assert found.rewrite({0: (Edit(0, 3, "<X>"),)}) == body.replace(b"a b", b"<X>")


def test_repeats_of_many_parts_cost_what_their_number_does():
    """Every part is compared with what it says itself, and with no other."""

    def work(size: int) -> Callable[[], object]:
        body = parts_with_tokens(size)
        return lambda: walk_request("openai", RESPONSES, body, "application/json")

    assert_linear(work, 2000)


def test_repeats_are_compared_in_turns():
    """Others get a turn while it is found out which tokens are repeats."""
    body = parts_with_tokens(2000)
    assert sum(1 for _ in request_steps("openai", RESPONSES, body, "application/json")) > body.count(b":") // PAUSE + 8
    tokens = [{"token": "ab", "bytes": [97, 98]}] * (3 * PAUSE)
    reply = json.dumps({"choices": [{"message": {"content": "other"}, "logprobs": {"content": tokens}}]}).encode()
    values = len(tokens) * 3
    assert sum(1 for _ in walk.reply_steps("openai", CHAT, reply, "application/json")) >= values // PAUSE + 3


def test_a_choice_says_nothing_for_another():
    """What one choice spells is no repeat of what another says."""
    said = [("my secret", ["my ", "secret"]), ("other", ["my ", "secret"]), ("once more", ["once", " more"])]
    body = json.dumps({"choices": [{"logprobs": {"content": [{"token": t} for t in tokens]}, "message": {"content": text}} for text, tokens in said]}).encode()
    found = walk_reply("openai", CHAT, body, "application/json")
    assert [leaf.text for leaf in found.leaves] == ["my secret", "my ", "secret", "other", "once more"]
    assert found.chains == ((1, 2),)
    assert found.scanned_chars == found.text_chars


def test_an_edit_in_every_choice_costs_what_their_number_does():
    """What is blanked with an edit is found by its choice, not by asking every edit."""

    def work(size: int) -> Callable[[], object]:
        found = walk_request("openai", RESPONSES, parts_with_tokens(size), "application/json")
        edits = {index: (Edit(0, 1, "<X>"),) for index in range(len(found.leaves))}
        return lambda: found.rewrite(edits)

    assert_linear(work, 2000)
    found = walk_request("openai", RESPONSES, parts_with_tokens(2), "application/json")
    content = json.loads(found.rewrite({1: (Edit(0, 1, "<X>"),)}))["input"][0]["content"]
    assert [(part["text"], part["logprobs"]) for part in content] == [("a", [{"token": "a"}]), ("<X>", [])]


def test_keys_that_one_placeholder_stands_for_cost_what_their_number_does():
    """Each is called otherwise, in a few characters: a reply of a hundred thousand addresses must not become as many lines of strokes."""

    def work(size: int) -> Callable[[], object]:
        found = walk_reply("openai", CHAT, json.dumps({"x": {f"u{at}@example.com": 1 for at in range(size)}}).encode(), "application/json")
        edits = {index: (Edit(0, len(leaf.text), "<X>"),) for index, leaf in enumerate(found.leaves) if "@" in leaf.text}
        return lambda: found.rewrite(edits)

    assert_linear(work, 5000)
    masked = work(1000)()
    assert isinstance(masked, bytes) and len(masked) < 20_000
    keys = list(json.loads(masked)["x"])
    assert keys[:4] == ["<X>", "<X>_", "<X>__", "<X>_3"] and len(set(keys)) == 1000


def test_an_edit_in_every_line_costs_what_their_number_does():
    """A batch file under a rule that masks: a line's edits are not looked for among those of all lines."""

    def work(size: int) -> Callable[[], object]:
        body = Composite(b"a\n" * size, [Part(2 * at, 2 * at + 1, WalkedText(b"a")) for at in range(size)])
        edits = {index: (Edit(0, 1, "b"),) for index in range(size)}
        return lambda: body.rewrite(edits)

    assert_linear(work, 4000)


def test_edits_find_their_part_beside_parts_without_text():
    """Parts that hold no leaf begin where the next one does."""
    parts = [Part(at, at + 1, WalkedText(b"" if at in (0, 2, 3, 5) else b"x")) for at in range(6)]
    body = Composite(b"abcdef", parts)
    assert body.rewrite({1: (Edit(0, 1, "<2>"),), 0: (Edit(0, 1, "<1>"),)}) == b"a<1>cd<2>f"
    assert body.rewrite({1: (Edit(0, 1, "<2>"),), 0: ()}) == b"abcd<2>f"
    assert body.rewrite({0: ()}) == b"abcdef"


@pytest.mark.covers("T16")
@pytest.mark.parametrize("blank", [b"", b"\n" * 30])
def test_lines_beyond_number_are_refused_or_named(monkeypatch, blank):
    """Each costs memory of its own. What is not taken apart is looked at as it stands, and never passes for scanned."""
    monkeypatch.setattr(walk, "MAX_NODES", 100)
    body = b'{"a":"x"}\n' + blank + b'{"a":"y"}\n' * (2 if blank else 30)
    with pytest.raises(Unreadable) as refused:
        list(request_steps("opaque", OPAQUE, body, LINES))
    assert refused.value.code == "json_too_complex"
    found = walk_text(body, LINES)
    assert ([leaf.text for leaf in found.leaves], found.unscannable) == ([body.decode()], ("",))
    assert found.rewrite({}) == body
    assert walk_reply("opaque", OPAQUE, body, LINES).unscannable == ("",)
    upload = b'--B\r\nContent-Disposition: form-data; name="f"; filename="b.jsonl"\r\n\r\n' + body + b"\r\n--B--\r\n"
    assert walk_text(upload, "multipart/form-data; boundary=B").unscannable == ("/f",)


def test_texts_of_all_lines_are_counted_together(monkeypatch):
    """Few lines with many texts each are many texts."""
    monkeypatch.setattr(walk, "MAX_NODES", 100)
    line = json.dumps(["a b"] * 30).encode() + b"\n"
    assert walk_text(line * 2, LINES).unscannable == ()
    assert walk_text(line * 3, LINES).unscannable == ("",)


def test_lines_beyond_number_are_known_before_they_are_read():
    """A megabyte of `{}` is refused after the first line, and a text that only begins like JSON is no matter of lines."""
    taken = text_steps(b"{}\n" * 300_000, LINES)
    assert sum(1 for _ in taken) <= 2
    found = walk_text(b"{ not JSON\n" + b"a\n" * 300_000, LINES)
    assert (len(found.leaves), found.unscannable) == (1, ())


@pytest.mark.covers("T16")
def test_values_of_a_form_beyond_number_are_refused_or_named(monkeypatch):
    """As lines are."""
    monkeypatch.setattr(text_body, "MAX_PAIRS", 10)
    assert len(walk_text(b"&".join([b"a=b"] * 10), FORM).leaves) == 10
    body = b"&".join([b"a=b"] * 11)
    with pytest.raises(Unreadable) as refused:
        list(request_steps("opaque", OPAQUE, body, FORM))
    assert refused.value.code == "json_too_complex"
    found = walk_text(body, FORM)
    assert ([leaf.text for leaf in found.leaves], found.unscannable) == ([body.decode()], ("",))


def test_a_form_is_read_in_turns():
    """As JSON is."""
    assert sum(1 for _ in text_steps(b"a=b&" * 5000, FORM)) >= 5


def test_blank_lines_are_read_in_turns():
    """They are quick, but there may be many."""
    assert sum(1 for _ in text_steps(b"{}\n" + b"\n" * 50_000 + b"{}", LINES)) >= 50
