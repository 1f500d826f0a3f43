"""Streams made to get something past the guard, or to keep it busy: closed in the middle of an address, marked, half readable, without line ends, in one byte pieces."""

from __future__ import annotations

import json

import pytest

from gateway.dialects import DIALECTS
from gateway.guard.channels import Speaking
from gateway.guard.engines import Engine, Engines
from gateway.guard.frames import EVENTS, LINES, Arriving, StreamUnreadable
from gateway.guard.json_run import JsonRun
from gateway.guard.judge import Tally
from gateway.guard.placeholders import Placeholders
from gateway.guard.policy import Action, Direction, Rule
from gateway.guard.scan import Guarding, Restoring
from gateway.guard.stream import GuardedStream
from tests.support.planting import MASKS, guarding, leaks, streamed

CHAT = DIALECTS["openai"].route("POST", "/v1/chat/completions").operation
GEMINI = DIALECTS["gemini"].route("POST", "/v1beta/models/gemini-2.5-flash:streamGenerateContent").operation
OPAQUE = DIALECTS["opaque"].route("POST", "/x").operation
MAIL = "alice.smith@example.com"
CARD = "4111 1111 1111 1111"
BOM = b"\xef\xbb\xbf"
DONE = b"data: [DONE]\n\n"


def event(value) -> bytes:
    return b"data: " + json.dumps(value).encode() + b"\n\n"


def chunk(finish: str | None = None, **delta) -> bytes:
    return event({"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})


def candidate(text: str) -> bytes:
    return event({"candidates": [{"content": {"parts": [{"text": text}]}, "index": 0, "finishReason": "STOP"}]})


def through(stream: GuardedStream, *pieces: bytes) -> bytes:
    return b"".join([*map(stream.push, pieces), stream.finish()])


def told(out: bytes) -> str:
    """The strings of all events, joined."""
    texts: list[str] = []

    def walk(value) -> None:
        if isinstance(value, str):
            texts.append(value)
        for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            walk(each)

    for line in out.splitlines():
        if line.startswith(b"data: {"):
            walk(json.loads(line[6:]))
    return "".join(texts)


# ---------------------------------------------------------------------- closed in the middle of a word


@pytest.mark.covers("T17")
@pytest.mark.parametrize("at", [at for at in range(1, len(MAIL)) if MAIL[:at] != "alice."])  # which ends a sentence
def test_a_close_lets_nothing_of_an_address_go(at):
    """Wherever it is cut: by a reason to finish in every event, and by another kind of text between."""
    first, second = "mail " + MAIL[:at], MAIL[at:] + " ok"
    gemini = [candidate(first), candidate(second)]
    finished = [chunk("stop", content=first), chunk("stop", content=second), DONE]
    turns = [chunk(reasoning_content=first), chunk(content="So: "), chunk(reasoning_content=second), DONE]
    for operation, events in ((GEMINI, gemini), (CHAT, finished), (CHAT, turns)):
        assert not leaks(told(streamed(operation, events).out), MAIL, "mail  ok So: STOP"), at


@pytest.mark.parametrize(("text", "goes"), [("All is well.", True), ("A well-known one.", True), ("as follows:", True), ("it is so", True), ("see alice", False), ("see alice.smith.", False)])
def test_a_sentence_that_is_over_goes_and_a_word_that_may_go_on_waits(text, goes):
    """Else tool calls would wait for a text that has ended, or an address would go out in halves."""
    scan = guarding(MASKS, Direction.REPLY)
    stream = GuardedStream(CHAT, scan)
    assert (b"content" in stream.push(chunk("stop", content=text))) is goes


# ---------------------------------------------------------------------- marks


@pytest.mark.covers("T17")
@pytest.mark.parametrize("before", [b"data: {}\n", b": hm\n", b"data: {}\n\n"])
def test_a_byte_order_mark_inside_a_stream_hides_no_line(before):
    """There it is a part of the field's name, for a reader who knows the standard; the line is looked at as it stands."""
    out = streamed(CHAT, [before + BOM + b"data: " + MAIL.encode() + b"\n\n", DONE]).out
    assert b"alice" not in out and out.endswith(DONE)


def test_a_byte_order_mark_begins_a_stream_and_stays():
    """In one piece or in many, with the text behind it looked at."""
    events = BOM + chunk(content="mail " + MAIL + " ok. ") + DONE
    split = [events[at : at + 1] for at in range(len(events))]
    assert streamed(CHAT, split).out == streamed(CHAT, [events]).out == events.replace(MAIL.encode(), b"<EMAIL_ADDRESS>")


# ---------------------------------------------------------------------- what cannot be read, where it may pass


ALLOWS = tuple(Rule(rule.name, rule.detector, rule.on, rule.action, fail_closed=False) for rule in MASKS)
TWICE = b'data: {"x": 1, "x": "2"}\n\n'


def test_what_was_found_is_replaced_though_an_event_cannot_be_read():
    """Only that one goes as it came, and what is behind it."""
    scan = guarding(ALLOWS, Direction.REPLY)
    stream = GuardedStream(CHAT, scan)
    assert stream.push(chunk(content="mail " + MAIL)) == b""
    with pytest.raises(StreamUnreadable):
        stream.push(TWICE + DONE)
    assert stream.unread() == chunk(content="mail <EMAIL_ADDRESS>") + TWICE + DONE
    assert not stream.pending and stream.unread() == b""


def test_what_was_found_is_replaced_though_the_pool_owes_an_answer():
    """Its answer comes too late; what the others found stands."""
    rules = [*ALLOWS, Rule("n", "custom", frozenset((Direction.REPLY,)), Action.MASK, fail_closed=False)]
    engines = guarding(MASKS, Direction.REPLY).engines
    by = {rule.detector: tuple(engine for engine in engines if engine.detector == rule.detector) for rule in ALLOWS}
    slow = Engine("slow", "custom", frozenset(("NAME",)), None, lambda text: len(text.raw))
    scan = Guarding(rules, Engines({**by, "custom": (slow,)}), Direction.REPLY, Tally(), Placeholders())
    stream = GuardedStream(CHAT, scan)
    assert stream.push(chunk(content="mail " + MAIL + " and more")) == b"" and stream.asks
    with pytest.raises(StreamUnreadable):
        stream.push(TWICE)
    assert stream.unread() == chunk(content="mail <EMAIL_ADDRESS> and more") + TWICE


# ---------------------------------------------------------------------- JSON lines without line ends


@pytest.mark.parametrize("end", [b"", b"\n"])
def test_values_that_follow_each_other_without_a_line_end_are_passed_and_looked_at(end):
    """Each is an event, so what is split over two of them is found."""
    clean = b'{"response": "hello"}' + b'{"response": " world"}' + end
    assert through(GuardedStream(OPAQUE, guarding(MASKS, Direction.REPLY), framing=LINES), clean) == clean
    split = [json.dumps({"response": text}).encode() for text in ("card " + CARD[:9], CARD[9:] + " ok")]
    out = through(GuardedStream(OPAQUE, guarding(MASKS, Direction.REPLY), framing=LINES), split[0], split[1] + end)
    assert b"1111" not in out and b"<CREDIT_CARD>" in out and out.endswith(b' ok"}' + end)


@pytest.mark.parametrize("line", [b'{"a": "x\xff"} {"b": NaN}[1]\n', b'\x1e{"a": 1}\x1e{"a": 2}\n', b'{"a": 1} and words\n', b"[1][2", b'{"a": 1}'])
def test_a_line_is_split_without_a_byte_lost(line):
    """Bytes that are no UTF-8, separators, and what is no JSON behind a value."""
    parts = LINES.split(line)
    assert b"".join(parts) == line and len(parts) == max(1, line.count(b"{") + line.count(b"[") + line.count(b"words"))


# ---------------------------------------------------------------------- what an event costs


def test_json_text_is_cut_once_however_many_tokens_it_has(monkeypatch):
    """And not for each of them, or its cost would be its square."""
    cuts: list[int] = []
    cut = JsonRun._cut
    monkeypatch.setattr(JsonRun, "_cut", lambda run: (cuts.append(run._at), cut(run))[1])
    run = JsonRun(guarding(MASKS, Direction.REPLY), lambda ask, take: None)
    text = json.dumps({"a": [1] * 5000, "b": CARD})
    run.feed(text)
    run.end()
    run.advance()
    assert len(cuts) == 1 and run.decided == len(text)
    assert [(text[each.start : each.end], each.by) for each in run.replacements] == [(CARD, "<CREDIT_CARD>")]


def test_a_piece_costs_its_own_length():
    """Where an event ends is looked for in what has come, and a few bytes before it."""
    looked: list[int] = []

    class Watched(type(EVENTS)):  # type: ignore[misc]
        def ends(self, data, looked_at):
            looked.append(len(data))
            return super().ends(data, looked_at)

    arriving = Arriving(Watched())
    arriving.keep(b"x" * 100_000)
    assert not any(arriving.add(b"y") for _ in range(50)) and not arriving.add(b"\r\n\r"[:1])
    assert max(looked) < 10 and arriving.size == 100_051
    assert arriving.add(b"\n\r\n") == b"x" * 100_000 + b"y" * 50 + b"\r\n\r\n"


def test_who_speaks_in_a_lane_is_known_without_looking_at_all():
    """By the lane, by what is in it, and no longer once another channel speaks."""
    speaking = Speaking()
    speaking["chain"], speaking["other"] = "choices/1/content", "choices/10/content"
    assert speaking.names("choices/1") == speaking.names("choices/1/content") == ["chain"]
    speaking["chain"] = "choices/2/content"
    assert speaking.names("choices/1") == [] and speaking.names("choices") == ["other", "chain"]
    assert speaking.pop("chain") == "choices/2/content" and speaking.names("choices/2") == []


# ---------------------------------------------------------------------- turning back


def test_what_is_turned_back_is_never_cut():
    """A stream that does not say that it is over, and ends in what may be the beginning of a pseudonym."""
    stream = GuardedStream(CHAT, Restoring({"<EMAIL_ADDRESS_1>": MAIL}))
    said = chunk(content="see <EMAIL")
    assert through(stream, said) == said and not stream.cut
