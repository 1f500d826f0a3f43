"""What a stream says when it is put together is what a row's text holds: a secret in pieces is one there, however the pieces came."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
import pytest

from gateway import config
from gateway.exchange import Exchange, Opened, Outcome
from gateway.guard.policy import Action, Rule
from gateway.record.redaction import Redaction, Redactor
from tests.record.test_enrich import ID
from tests.record.test_redaction import KEY, LOG, MAIL, SSE, answered, asked, content, record, redactor
from tests.support.recording import closed, opened

GEMINI = {"dialect": "gemini", "provider": "gemini", "endpoint": "/v1beta/models/{model}:streamGenerateContent"}
DONE = b"data: [DONE]\n\n"
HALVES = pytest.mark.parametrize("secret", [KEY, MAIL])


def delta(finish: str | None = None, **fields: Any) -> bytes:
    return b"data: %b\n\n" % orjson.dumps({"object": "chat.completion.chunk", "choices": [{"index": 0, "delta": fields, "finish_reason": finish}]})


def candidate(text: str, **fields: Any) -> bytes:
    return orjson.dumps({"candidates": [{"content": {"role": "model", "parts": [{"text": text}]}, "index": 0, **fields}]})


def halves_in(exchange: Exchange, first: str, second: str) -> bool:
    """Whether both halves of a secret stand in the row."""
    return first in content(exchange) and second in content(exchange)


def finishing(first: str, second: str) -> bytes:
    return delta("stop", content=f"key: {first}") + delta("stop", content=f"{second} ok")


def tool_between(first: str, second: str) -> bytes:
    call = delta(tool_calls=[{"index": 0, "id": "c1", "function": {"name": "f", "arguments": "{}"}}])
    return delta(content=f"key: {first}") + call + delta(content=f"{second} ok") + delta("stop")


def content_between(first: str, second: str) -> bytes:
    return delta(reasoning_content=f"key: {first}") + delta(content="foo ") + delta(reasoning_content=f"{second} ok") + delta("stop")


def lone_surrogate(first: str, second: str) -> bytes:
    return delta(content=f"key: {first}") + delta(content=f"{second} ok~").replace(b"~", b"\\ud83d") + delta("stop")


def key_twice_and_surrogate(first: str, second: str) -> bytes:
    odd = b'data: {"a":1,"a":"\\ud83d","choices":[{"index":0,"delta":{"content":%b},"finish_reason":null}]}\n\n'
    return odd % orjson.dumps(f"key: {first}") + odd % orjson.dumps(f"{second} ok") + delta("stop")


@HALVES
@pytest.mark.covers("T16")
@pytest.mark.parametrize("spell", [finishing, tool_between, content_between, lone_surrogate, key_twice_and_surrogate])
@pytest.mark.parametrize("at", [6, 14])
def test_halves_that_are_joined_in_the_text_are_joined_when_they_are_looked_for(secret: str, spell: Callable[[str, str], bytes], at: int) -> None:
    """A choice that says it is over and goes on, one that does something in between, an event that only lenient readers read."""
    first, second = secret[:at], secret[at:]
    got = record(asked("x"), spell(first, second) + DONE, close=SSE)
    assert got.reply_text.startswith("key: <") and " ok" in got.reply_text
    assert not halves_in(got, first, second)
    assert [(f.direction, f.action, f.count) for f in got.findings] == [("log", "mask", 1)]


@HALVES
@pytest.mark.covers("T16")
def test_a_gemini_stream_that_ends_in_every_chunk_is_one_text(secret: str) -> None:
    """Some servers give a finish reason with every chunk."""
    body = b"".join(b"data: %b\r\n\r\n" % candidate(text, finishReason="STOP") for text in (f"key: {secret[:12]}", f"{secret[12:]} ok"))
    got = record({"contents": []}, body, close=SSE, open_=opened(ID, **GEMINI))
    assert got.reply_text.startswith("key: <") and got.reply_text.endswith("> ok") and not halves_in(got, secret[:12], secret[12:])


@HALVES
@pytest.mark.covers("T16")
def test_a_gemini_array_that_was_cut_off_is_joined_in_the_text(secret: str) -> None:
    """Its whole elements are read; as bytes it is no JSON. The body would hold what the text no longer does."""
    body = b"[%b,\n%b,\n%b" % (candidate(f"key: {secret[:12]}"), candidate(f"{secret[12:]} ok"), candidate("more")[:30])
    close = closed(ID, content_type="application/json", outcome=Outcome.PROVIDER_TRUNCATED.value)
    got = record({"contents": []}, body, close=close, open_=opened(ID, **GEMINI))
    assert got.reply_text.startswith("key: <") and got.reply_text.endswith("> ok") and not halves_in(got, secret[:12], secret[12:])
    assert got.body_note == "reply:withheld" and [(f.action, f.count) for f in got.findings] == [("mask", 1)]


def test_what_was_looked_at_as_a_whole_is_not_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The recorder has one core for what many workers relay; the second look is for what only the row puts together."""
    looks: list[int] = []
    check = Redaction._check

    def counted(self: Redaction, walked: Any, guarding: Any) -> Any:
        if guarding.rules is self._rules:  # else it is names alone
            looks.append(len(walked.leaves))
        return check(self, walked, guarding)

    monkeypatch.setattr(Redaction, "_check", counted)
    text = "The answer is a long sentence without anything in it."
    stream = b"".join(delta(content=text[at : at + 5]) for at in range(0, len(text), 5)) + delta("stop") + DONE
    for reply, close in ((answered(text), None), (stream, SSE)):
        looks.clear()
        assert record(asked("a question"), reply, close=close).reply_text == text
        assert len(looks) == 2  # the two bodies; the texts are theirs


def test_a_rule_that_only_counts_counts_once() -> None:
    """A finding that stays is in the body and in the text, and is one finding."""
    flags = redactor(Rule("count", "pii", LOG, Action.FLAG))
    for body in (finishing(f"to {MAIL}", " and"), tool_between("a", f" to {MAIL}")):
        got = record(asked("x"), body + DONE, by=flags, close=SSE)
        assert MAIL in got.reply_text and [(f.action, f.count) for f in got.findings] == [("flag", 1)]


def ndjson() -> tuple[Opened, Any]:
    return opened(ID, dialect="opaque", endpoint="/api/chat"), closed(ID, content_type="application/x-ndjson")


def line(text: str, done: bool = False) -> bytes:
    return orjson.dumps({"model": "m", "message": {"role": "assistant", "content": text}, "done": done}) + b"\n"


@HALVES
@pytest.mark.parametrize("odd", [b"", b'"lp":NaN,'])
@pytest.mark.covers("T16")
def test_lines_of_json_are_joined_as_on_the_wire(secret: str, odd: bytes) -> None:
    """Every line is an event: a key in two of them is a key."""
    open_, close = ndjson()
    body = (line(f"key: {secret[:12]}") + line(f"{secret[12:]} ok") + line("", True)).replace(b'"done"', odd + b'"done"')
    got = record({"m": 1}, body, open_=open_, close=close)
    assert not halves_in(got, secret[:12], secret[12:]) and "key: <" in got.reply_body and got.reply_body.count("\n") == 3
    assert [(f.action, f.count) for f in got.findings] == [("mask", 1)]


@HALVES
@pytest.mark.covers("T16")
@pytest.mark.parametrize("odd", [b"warming up\n", b"# a comment\n\n", b"3\n"])
@pytest.mark.parametrize("at", [0, 1, 3])
def test_a_line_that_is_no_json_does_not_part_the_others(secret: str, odd: bytes, at: int) -> None:
    """A server that warns among its lines still says one text in them; its last word is kept, and no cut."""
    open_, close = ndjson()
    lines = [line(f"key: {secret[:12]}"), line(f"{secret[12:]} ok"), line("", True)]
    lines.insert(at, odd)
    got = record({"m": 1}, b"".join(lines), open_=open_, close=close)
    assert not halves_in(got, secret[:12], secret[12:]) and "key: <" in got.reply_body and odd.decode().strip() in got.reply_body and got.body_note == ""


def test_lines_of_words_among_lines_of_json_are_one_text() -> None:
    """A key of many lines is no key in any of them."""
    open_, close = ndjson()
    settings = config.parse("providers: {a: {dialect: openai, base_url: 'https://example.org'}}")
    by = Redactor(settings.policy, settings.engines)
    pem = f"-----BEGIN {'RSA'} PRIVATE KEY-----\n" + "\n".join("MIIEpAIBAAKCAQEA7" + "qXz3vB" * 7 for _ in range(6)) + f"\n-----END {'RSA'} PRIVATE KEY-----\n"
    got = record({"m": 1}, line("a") + line("b") + pem.encode() + line("", True), open_=open_, close=close, by=by)
    assert "qXz3vB" not in content(got) and "<PRIVATE_KEY>" in got.reply_body and '"done":true' in got.reply_body


def test_an_array_over_several_lines_is_no_stream_of_lines() -> None:
    """Each of its elements may stand on a line of its own; its text is read from the whole."""
    parts = [candidate(f"key: {KEY[:12]}"), candidate(f"{KEY[12:]} ok")]
    body = b"[" + candidate("so ") + b"\n,\n" + b"\n,\n".join(parts) + b"\n]"
    got = record({"contents": []}, body, open_=opened(ID, **GEMINI), close=closed(ID))
    assert not halves_in(got, KEY[:12], KEY[12:])


@HALVES
@pytest.mark.covers("T16")
@pytest.mark.parametrize("ahead", [b"warming up\n\n", b"<!-- proxy -->\n", b"  x: 1\r\n\r\n"])
def test_events_behind_other_lines_are_events(secret: str, ahead: bytes) -> None:
    """Clients read them so, and so does the guard on the wire: a stream is one wherever its first data stands."""
    body = ahead + delta(content=f"key: {secret[:12]}") + delta(content=f"{secret[12:]} ok") + delta("stop") + DONE
    got = record(asked("x"), body, close=closed(ID, content_type="text/plain"))
    assert not halves_in(got, secret[:12], secret[12:]) and "key: <" in got.reply_body and "key: <" in got.reply_text


def test_clean_lines_stay_and_cut_ones_lose_what_is_open() -> None:
    """Byte for byte, if there is nothing in them; of a line that was cut off nobody knows what it says."""
    open_, close = ndjson()
    clean = line("Low ").replace(b":", b": ") + b"\r\n" + line("tide", True)
    assert record({"m": 1}, clean, open_=open_, close=close).reply_body == clean.decode()
    got = record({"m": 1}, line("the words, ") + line(f"key: {KEY[:30]}")[:-30], open_=open_, close=close)
    assert got.reply_body == line("the words, ").decode() and got.body_note == "reply:truncated"


@HALVES
@pytest.mark.covers("T16")
def test_events_that_only_lenient_readers_read_are_joined(secret: str) -> None:
    """NaN is no JSON, and servers send it."""
    body = b"".join(delta(content=text).replace(b'"finish_reason"', b'"lp":NaN,"finish_reason"') for text in (f"key: {secret[:12]}", f"{secret[12:]} ok"))
    got = record(asked("x"), body + delta("stop") + DONE, close=SSE)
    assert not halves_in(got, secret[:12], secret[12:]) and [(f.action, f.count) for f in got.findings] == [("mask", 1)]
