"""Streams that do what no documentation says: closed and taken up again, no JSON where JSON belongs, odd frames, more of everything. Fed to the guard directly."""

from __future__ import annotations

import json

import pytest

from gateway.dialects import DIALECTS
from gateway.guard.frames import StreamUnreadable
from gateway.guard.runs import TextRun
from gateway.guard.scan import Restoring
from gateway.guard.stream import MAX_CHANNELS, GuardedStream
from tests.support.planting import BLOCKS, streamed

CHAT = DIALECTS["openai"].route("POST", "/v1/chat/completions").operation
MESSAGES = DIALECTS["anthropic"].route("POST", "/v1/messages").operation
GEMINI = DIALECTS["gemini"].route("POST", "/v1beta/models/gemini-2.5-flash:streamGenerateContent").operation
FIRST, SECOND = "card 4111 1111 ", "1111 1111 ok"
CARD = "4111 1111 1111 1111"
DONE = b"data: [DONE]\n\n"


def event(value, end: bytes = b"\n\n") -> bytes:
    return b"data: " + json.dumps(value).encode() + end


def chunk(finish: str | None = None, index: int = 0, **delta) -> bytes:
    return event({"id": "c", "object": "chat.completion.chunk", "choices": [{"index": index, "delta": delta, "finish_reason": finish}]})


def call(arguments: str, **function) -> bytes:
    return chunk(tool_calls=[{"index": 0, "id": "c1", "function": {"arguments": arguments, **function}}])


def said(out: bytes) -> str:
    """All of a chat stream's texts, in the order in which they came."""
    texts = []
    for line in out.replace(b"\r", b"\n").split(b"\n"):
        if line.removeprefix(b"\xef\xbb\xbf").startswith(b"data: {"):
            delta = json.loads(line.removeprefix(b"\xef\xbb\xbf")[6:])["choices"][0]["delta"]
            texts.append(delta if isinstance(delta, str) else delta.get("content") or delta.get("reasoning_content") or delta.get("name") or "")
    return "".join(texts)


REOPENED = {
    "finish_reason in every chunk": [chunk("stop", content=FIRST), chunk("stop", content=SECOND), DONE],
    "content, tool calls, content": [chunk(content=FIRST), call("{}"), chunk(content=SECOND), chunk("stop"), DONE],
    "reasoning, content, reasoning": [chunk(reasoning_content=FIRST), chunk(content=""), chunk(reasoning_content=SECOND), DONE],
    "reasoning, text, reasoning": [chunk(reasoning_content=FIRST), chunk(content="x "), chunk(reasoning_content=SECOND), DONE],
}


@pytest.mark.covers("T17")
@pytest.mark.parametrize("name", REOPENED)
def test_a_channel_that_is_taken_up_again_is_one_text(name):
    """What a provider called finished, or left for another kind of text, is not given out while a finding may go on in it."""
    got = streamed(CHAT, REOPENED[name])
    assert "4111" not in said(got.out) and "1111" not in said(got.out)
    assert [(f.kind, f.count) for f in got.tally.findings()] == [("CREDIT_CARD", 1)]


@pytest.mark.covers("T17")
def test_gemini_says_in_every_event_why_it_finishes():
    """So its finishReason ends no text."""
    told = [event({"candidates": [{"content": {"parts": [{"text": text}]}, "index": 0, "finishReason": "STOP"}]}, b"\r\n\r\n") for text in (FIRST, SECOND)]
    got = streamed(GEMINI, told)
    assert b"1111" not in got.out and [f.kind for f in got.tally.findings()] == ["CREDIT_CARD"]


@pytest.mark.covers("T17")
def test_two_text_blocks_of_a_message_are_one_text():
    """As in the unstreamed message; and the second block does not begin before the first has ended."""
    told = [event({"type": "message_start", "message": {"role": "assistant"}})]
    for index, text in enumerate((FIRST, SECOND)):
        told += [
            event({"type": "content_block_start", "index": index, "content_block": {"type": "text", "text": ""}}),
            event({"type": "content_block_delta", "index": index, "delta": {"type": "text_delta", "text": text}}),
            event({"type": "content_block_stop", "index": index}),
        ]
    told.append(event({"type": "message_stop"}))
    got = streamed(MESSAGES, told)
    assert b"1111" not in got.out and [f.kind for f in got.tally.findings()] == ["CREDIT_CARD"]
    kinds = [json.loads(line[6:])["type"] for line in got.out.splitlines() if line]
    assert kinds == ["message_start", *["content_block_start", "content_block_delta", "content_block_stop"] * 2, "message_stop"]


def test_a_sentence_that_is_over_waits_for_nobody():
    """What is no part of a finding is given out when the tool calls begin; a last word that may go on waits, and is checked with what comes."""
    got = streamed(CHAT, [chunk(content="I shall write."), call("{}"), chunk("stop"), DONE])
    assert b"write" in got.pieces[0] + got.pieces[1]
    got = streamed(CHAT, [chunk(content="Please write alice"), call("{}"), chunk(content="@example.com now"), chunk("stop"), DONE])
    assert "alice" not in said(got.out)
    assert "example.com" not in said(got.out) and [f.kind for f in got.tally.findings()] == ["EMAIL_ADDRESS"]


@pytest.mark.covers("T17")
@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (CARD, "<CREDIT_CARD>"),
        ('{"card": ' + CARD + "}", '{"card": <CREDIT_CARD>}'),
        ('{"a":"x"} ' + CARD, '{"a":"x"} <CREDIT_CARD>'),
        ("true " + CARD, "true <CREDIT_CARD>"),
        ("4111-1111-1111-1111", "<CREDIT_CARD>"),
        ('{"a": [1, ' + CARD.replace(" ", "") + "]}", '{"a": [1, "<CREDIT_CARD>"]}'),
        ("\u00a0" + CARD, "\u00a0<CREDIT_CARD>"),
    ],
)
def test_arguments_that_are_no_json_are_read_as_they_stand(arguments, expected):
    """Wherever they are cut, and numbers are not taken for numbers before it is known what follows."""
    for cut in range(1, len(arguments)):
        out = streamed(CHAT, [call(arguments[:cut]), call(arguments[cut:]), chunk("stop"), DONE]).out
        events = [json.loads(line[6:]) for line in out.splitlines() if line.startswith(b"data: {")]
        assert "".join(c["function"]["arguments"] for e in events for c in e["choices"][0]["delta"].get("tool_calls", ())) == expected, cut


@pytest.mark.parametrize("field", ["signature", "model", "call_id", "language", "obfuscation", "service_tier"])
def test_a_delta_may_hold_the_protocols_own_words(field):
    """They are no text, and no reason to give up the stream."""
    told = [chunk(content="hello "), chunk(**{field: "EqQBCkYIBBgCKkDabcdEFGH" if field == "signature" else "abc"}), chunk(content="world"), chunk("stop"), DONE]
    assert streamed(CHAT, told).out == b"".join(told)


@pytest.mark.covers("T17")
def test_json_that_strict_readers_refuse_is_read_in_its_order():
    """A lone surrogate, NaN: a client reads them, so the text in them is checked with its neighbours, and nothing overtakes."""
    odd = [chunk(content="a \ud83d " + FIRST), event({"choices": [{"index": 0, "delta": {"content": SECOND}, "logprob": float("nan")}]}), DONE]
    got = streamed(CHAT, odd)
    assert b"1111" not in got.out and [f.kind for f in got.tally.findings()] == ["CREDIT_CARD"]
    clean = [chunk(content="one tw"), chunk(content="o \ud83d"), event({"choices": {"0": {"delta": {"content": "x"}}}}), chunk(content=" three"), DONE]
    assert streamed(CHAT, clean).out == b"".join(clean)


def test_what_is_no_json_is_refused_where_a_rule_fails_closed_and_else_passed():
    """And whoever lets it pass gets back all that was held, as it came."""
    scanned = [chunk(content="one tw"), b'data: {"choices": [{"delta": {"content": "x}\n\n', chunk(content="o"), DONE]
    with pytest.raises(StreamUnreadable):
        streamed(CHAT, scanned, BLOCKS)
    stream = GuardedStream(CHAT, Restoring({}))
    assert b"".join([*map(stream.push, scanned), stream.finish()]) == b"".join(scanned)


def test_unread_gives_back_everything_in_order():
    """Held events, the one that could not be read, and what came behind it in the same bytes."""
    stream = GuardedStream(CHAT, Restoring({"<EMAIL_ADDRESS_1>": "a@example.org"}))
    held, twice = chunk(content="x <EMAIL_"), b'data: {"choices": [], "x": 1, "x": "2"}\n\n'
    assert stream.push(held) == b""
    with pytest.raises(StreamUnreadable):
        stream.push(twice + DONE + b"data: {")
    assert stream.unread() == held + twice + DONE + b"data: {"
    assert stream.unread() == b"" and not stream.pending


@pytest.mark.covers("T17")
@pytest.mark.parametrize("end", [b"\n\r", b"\r\n\r", b"\r\r", b"\r\n\n", b"\r\n\r\n", b"\n\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_any_blank_line_ends_an_event(end, mark):
    """Whichever line ends a provider mixes, with a byte order mark or without, and in any pieces."""
    data = mark + b"".join(chunk(content=text)[:-2] + end for text in (FIRST, SECOND)) + b"data: [DONE]" + end
    for size in (1, 7, len(data)):
        got = streamed(CHAT, [data[at : at + size] for at in range(0, len(data), size)])
        assert b"1111" not in got.out and said(got.out) == "card <CREDIT_CARD> ok"
    clean = data.replace(FIRST.encode(), b"hi ").replace(SECOND.encode(), b"you")
    assert streamed(CHAT, [clean[at : at + 3] for at in range(0, len(clean), 3)]).out == clean


@pytest.mark.covers("T16")
@pytest.mark.parametrize("line", [b"data2: ", b"event: ping ", b"data ", b"id: ", b": ", b"\xef\xbb\xbfnote: "])
def test_every_line_beside_the_data_is_looked_at(line):
    """A field's name is exact: what only begins like one is a text that somebody wrote."""
    assert b"1111" not in streamed(CHAT, [line + CARD.encode() + b"\n" + chunk(content="x"), DONE]).out


@pytest.mark.parametrize("tail", [b"data: [DONE]", DONE + b"\n\n\n", b"data: done thinking\n", DONE + b"\n"])
def test_what_ends_without_a_blank_line_is_kept(tail):
    """Law 1: bytes that hold nothing go out as they came, the very last too."""
    assert streamed(CHAT, [chunk(content="hi"), tail]).out == chunk(content="hi") + tail


@pytest.mark.covers("T17")
@pytest.mark.parametrize("told", [
    [chunk(name=FIRST), chunk(name=SECOND)],
    [call("", name=FIRST), call("", name=SECOND)],
    [event({"choices": [{"index": 0, "delta": text}]}) for text in (FIRST, SECOND)],
], ids=["delta.name", "tool name", "delta is a string"])  # fmt: skip
def test_odd_places_grow_too(told):
    """Names that are none, and a delta that is a string."""
    got = streamed(CHAT, [*told, DONE])
    assert b"1111 " not in got.out and [f.kind for f in got.tally.findings()] == ["CREDIT_CARD"]


def test_an_event_looks_only_at_the_texts_it_feeds(monkeypatch):
    """However many others are open, or a stream would cost the square of its channels."""
    looked = []
    advance = TextRun.advance
    monkeypatch.setattr(TextRun, "advance", lambda run: looked.append(run) or advance(run))
    stream = GuardedStream(CHAT, Restoring({"<EMAIL_ADDRESS_1>": "a@example.org"}))
    for index in range(50):
        assert stream.push(chunk(index=index, content="<EMAIL_")) == b""
    looked.clear()
    stream.push(chunk(index=7, content="ADD"))
    assert len(looked) == 1


def test_there_is_an_end_to_the_texts_of_a_stream():
    """More at once than anybody needs is not held."""
    stream = GuardedStream(CHAT, Restoring({}))
    for index in range(MAX_CHANNELS):
        stream.push(chunk(index=index, content="x"))
    with pytest.raises(StreamUnreadable):
        stream.push(chunk(index=MAX_CHANNELS, content="x"))
