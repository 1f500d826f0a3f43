"""Who judges what is said, and who judges a reply when it is over: what they are given, when, and what waits for them."""

from __future__ import annotations

import json
from functools import partial
from itertools import pairwise

import pytest

from detectors.base import Finding
from detectors.text import Text
from gateway.dialects import operation_of
from gateway.dialects.leaves import Leaf, Walked
from gateway.dialects.walk import walk_request
from gateway.guard.engines import Ask, Engine, Engines, Reads, Unanswered, Work
from gateway.guard.frames import LINES
from gateway.guard.judge import Tally
from gateway.guard.placeholders import Placeholders
from gateway.guard.policy import Action, Direction, Rule
from gateway.guard.scan import Guarding
from gateway.guard.seen import Seen
from gateway.guard.spoken import LONG as LONG_TEXT
from gateway.guard.spoken import MATERIAL, OVERLAP, SHORT, TOGETHER, spoken
from gateway.guard.stream import GuardedStream
from gateway.guard.whole import check
from gateway.guard.whole_reply import WholeReply, asked_of
from gateway.guard.windows import Windows

CHAT = operation_of("openai", "POST", "/v1/chat/completions")
MESSAGES = operation_of("anthropic", "POST", "/v1/messages")
LONG = "This is a sentence that is long enough to be judged by itself, whatever stands around it in the body. "
KIND = "BAD"


def guarding(reads: Reads, direction: Direction = Direction.REPLY, action: Action = Action.BLOCK, *, compares: bool = False, closed: bool = True) -> Guarding:
    engines = Engines({"judge": (Engine("judge", "judge", frozenset({KIND}), reads=reads, compares=compares),)})
    return Guarding([Rule("j", "judge", frozenset((direction,)), action, fail_closed=closed)], engines, direction, Tally(), Placeholders())


def judged(checking, says=lambda text: "bad" in text.raw):
    """(what was asked, the edits): drive a check, answering as `says` has it."""
    asked: list[Text] = []
    answer = None
    while True:
        try:
            ask = checking.send(answer)
        except StopIteration as end:
            return asked, end.value
        answer = None
        if isinstance(ask, Ask):
            asked += ask.texts
            answer = [[Finding("judge", KIND, 0, len(text.raw), 0.9)] if says(text) else [] for text in ask.texts]


# ---------------------------------------------------------------------- what is said


def test_short_texts_are_judged_together_and_long_ones_alone():
    """What somebody cut up is read as a whole, and what other people wrote is told from what is said."""
    leaves = [Leaf("/a", "user", "", "how to"), Leaf("/b", "user", "", LONG), Leaf("/c", "tool", "", "a result"), Leaf("/d", "user", "", "do it"), Leaf("/e", "", "", " \n"), Leaf("/f", "tool", "", LONG)]
    assert {(text.raw, text.before) for text in spoken(Walked(tuple(leaves)))} == {("how to\ndo it", ""), (LONG, ""), ("a result", MATERIAL), (LONG, MATERIAL)}


def test_no_text_is_left_out_however_many_there_are():
    """Ten thousand labels are a few texts, and each is in one."""
    leaves = [Leaf(f"/{n}", "user", "", f"label-{n}") for n in range(10_000)]
    texts = [text.raw for text in spoken(Walked(tuple(leaves)))]
    assert sorted("\n".join(texts).split("\n")) == sorted(leaf.text for leaf in leaves)
    assert max(map(len, texts)) <= TOGETHER + SHORT and len(texts) < 50


@pytest.mark.parametrize("length", [SHORT + 1, LONG_TEXT - 1, LONG_TEXT, LONG_TEXT + 1, 2 * LONG_TEXT - OVERLAP, 2 * LONG_TEXT, 1_000_000])
def test_a_long_text_is_judged_in_parts(length):
    """None longer than a tenth of a second's work, every character in one, and what stands where two meet whole in one of them."""
    raw = "".join(f"{at:08}" for at in range(0, length + 8, 8))[:length]
    parts = [text.raw for text in spoken(Walked((Leaf("", "user", "", raw),)))]
    assert max(map(len, parts)) <= LONG_TEXT and parts[0] == raw[:LONG_TEXT] and raw.endswith(parts[-1])
    assert all(left[-OVERLAP:] == right[:OVERLAP] for left, right in pairwise(parts))
    assert parts[0] + "".join(part[OVERLAP:] for part in parts[1:]) == raw


def test_a_conversation_is_judged_once():
    """The second turn asks about what is new in it; what was found before is found again."""
    scan, seen = guarding(Reads.SPOKEN, Direction.REQUEST, Action.FLAG), Seen()
    turns = [{"role": "user", "content": LONG + "first"}, {"role": "assistant", "content": LONG + "bad"}, {"role": "user", "content": LONG + "third"}]
    asked, _ = judged(check(walk_request("openai", CHAT, json.dumps({"model": "m", "messages": turns[:2]}).encode(), "application/json"), scan, seen))
    assert {text.raw for text in asked} == {LONG + "first", LONG + "bad"}
    again = guarding(Reads.SPOKEN, Direction.REQUEST, Action.FLAG)
    asked, edits = judged(check(walk_request("openai", CHAT, json.dumps({"model": "m", "messages": turns}).encode(), "application/json"), again, seen))
    assert [text.raw for text in asked] == [LONG + "third"] and edits == {}
    assert again.tally.verdict == "flagged"


def test_a_conversation_is_few_questions():
    """A service is somewhere else, and each call costs what it takes to get there; what is asked at once is bounded all the same."""
    leaves = tuple(Leaf(f"/{n}", "user", "", f"{LONG} {n}") for n in range(40))
    scan, sizes = guarding(Reads.SPOKEN, Direction.REQUEST, Action.FLAG), []
    checking, answer = check(Walked(leaves), scan), None
    with pytest.raises(StopIteration):
        while True:
            ask = checking.send(answer)
            sizes.append(len(ask.texts)) if isinstance(ask, Ask) else None
            answer = [[Finding("judge", KIND, 0, len(text.raw), 0.9)] if text.raw.endswith(" 17") else [] for text in ask.texts] if isinstance(ask, Ask) else None
    assert sizes == [16, 16, 8] and [finding.count for finding in scan.tally.findings()] == [1]


def test_a_judge_that_does_not_answer_fails_its_rule():
    """Nothing passes for judged that was not (law 5)."""
    for closed in (True, False):
        scan = guarding(Reads.SPOKEN, Direction.REQUEST, closed=closed)
        checking = check(Walked((Leaf("", "user", "", "bad"),)), scan)
        assert isinstance(next(checking), Ask)
        with pytest.raises(StopIteration):
            checking.send(Unanswered("timeout"))
        assert (scan.stopped, scan.tally.verdict) == (closed, "error")


# ---------------------------------------------------------------------- a reply when it is over


def chunk(**delta) -> bytes:
    return b"data: " + json.dumps({"id": "c", "object": "chat.completion.chunk", "choices": [{"index": 0, "delta": delta, "finish_reason": None}]}).encode() + b"\n\n"


DONE = b"data: [DONE]\n\n"


def stream(scan: Guarding, operation=CHAT, *, hold: bool = False, limit: int = 1 << 20, context=lambda: "asked") -> GuardedStream:
    return GuardedStream(operation, scan, hold_all=hold, stopped=lambda: scan.stopped, whole_reply=WholeReply(operation, scan, context, limit))


def test_the_end_waits_for_the_judgement_and_nothing_else_does():
    """Text is let go as it comes; the event that says that it was all is not, until the answer is there. It is put to the judge once, whole."""
    scan = guarding(Reads.REPLY)
    on = stream(scan)
    given = [on.push(chunk(content=part)) for part in ("all ", "is ", "well")]
    assert b"".join(given) == chunk(content="all ") + chunk(content="is ") + chunk(content="well")
    assert on.push(DONE) == b"" and on.pending
    ((ask, take),) = on.asks
    assert [(text.raw, text.before) for text in ask.texts] == [("all is well", "")]
    assert on.answered(take, [[]]) == DONE and on.finish() == b"" and not on.pending
    assert scan.tally.verdict == "passed"


def test_a_judgement_against_it_ends_the_stream():
    """The end is never given out, so no client takes the reply for a whole one."""
    scan = guarding(Reads.REPLY)
    on = stream(scan)
    on.push(chunk(content="bad"))
    on.push(DONE)
    ((_, take),) = on.asks
    assert on.answered(take, [[Finding("judge", KIND, 0, 3, 1.0)]]) == b"" and on.finish() == b""
    assert scan.blocked_by is not None and scan.tally.verdict == "blocked"


def test_a_rule_that_asks_again_holds_everything_back():
    """Until the judgement is there."""
    scan = guarding(Reads.REPLY, action=Action.RETRY)
    on = stream(scan, hold=True)
    assert on.push(chunk(content="all")) + on.push(DONE) + on.finish() == b""
    ((_, take),) = on.asks
    assert on.answered(take, [[]]) == chunk(content="all") + DONE


def test_a_stream_without_a_word_of_its_end_is_judged_at_its_end():
    """Gemini says nothing when it is over: the connection does."""
    gemini = operation_of("gemini", "POST", "/v1beta/models/gemini-2.5-flash:streamGenerateContent")
    scan = guarding(Reads.REPLY)
    on = stream(scan, gemini)
    for part in ("all ", "well"):
        on.push(b"data: " + json.dumps({"candidates": [{"content": {"parts": [{"text": part}], "role": "model"}, "finishReason": "STOP" if part == "well" else None}]}).encode() + b"\n\n")
    on.finish()
    assert [[text.raw for text in ask.texts] for ask, _ in on.asks] == [["all well"]]


def test_a_stream_that_is_too_long_to_be_kept_fails_its_rule():
    """Memory is bounded, and what could not be judged does not pass for judged."""
    scan = guarding(Reads.REPLY)
    on = stream(scan, limit=200)
    on.push(chunk(content="x" * 300))
    on.push(DONE)
    assert on.asks == [] and scan.failed is not None


def test_a_stream_that_breaks_off_does_not_pass_for_judged():
    """What came of it goes out; the row does not say that its form was right (law 5)."""
    scan = guarding(Reads.REPLY)
    on = stream(scan)
    on.push(chunk(content="half "))
    on.broken()
    assert on.asks == []
    assert (scan.stopped, scan.tally.verdict) == (False, "error")


def test_a_stream_that_ends_without_a_word_of_it_is_judged_as_it_stands():
    """Clients take it for whole, so leaving the last event out is no way past a rule."""
    for hold in (False, True):
        scan = guarding(Reads.REPLY, action=Action.RETRY if hold else Action.BLOCK)
        on = stream(scan, hold=hold)
        given = on.push(chunk(content="bad")) + on.finish()
        assert on.pending and (given == b"" or not hold)
        ((_, take),) = on.asks
        assert on.answered(take, [[Finding("judge", KIND, 0, 3, 1.0)]]) == b"" and scan.tally.verdict == "blocked"


def test_a_window_that_was_never_full_does_not_pass_for_judged():
    """The text of a stream that breaks off has been given out; nor does what no answer has come for."""
    for length in (10, 300):
        scan = guarding(Reads.SPOKEN)
        on = GuardedStream(CHAT, scan, windows=Windows(scan, size=200, overlap=20), stopped=lambda scan=scan: scan.stopped)
        on.push(chunk(content="x" * length))
        on.unjudged()
        on.unjudged()
        assert scan.tally.failed == {"judge": 1} and scan.tally.verdict == "error"


def test_what_is_judged_to_its_end_is_not_called_unjudged():
    """The row is written when the end is out."""
    scan = guarding(Reads.SPOKEN)
    on = GuardedStream(CHAT, scan, windows=Windows(scan, size=200, overlap=20), whole_reply=WholeReply(CHAT, scan, str, 1 << 20), stopped=lambda: scan.stopped)
    on.push(chunk(content="x" * 300))
    on.push(DONE)
    for _, take in on.asks:
        on.answered(take, [[]])
    on.unjudged()
    assert scan.tally.verdict == "passed"


def test_fragments_in_a_field_that_nobody_knows_are_judged_as_one_text():
    """Streamed or not, what stands there is judged, though each event by itself says nothing (law 2)."""
    scan = guarding(Reads.SPOKEN)
    on = GuardedStream(CHAT, scan, windows=Windows(scan, size=2000, overlap=20), stopped=lambda: scan.stopped)
    for piece in ("I am a ve", "ry b", "ad one"):
        on.push(b"data: " + json.dumps({"xyz": {"t": piece}, "choices": []}).encode() + b"\n\n")
    on.push(DONE)
    assert ["I am a very bad one"] in [[text.raw for text in ask.texts] for ask, _ in on.asks]


def test_json_lines_are_put_together_like_events():
    """Some servers speak so, and a rule holds for them, too."""
    scan = guarding(Reads.REPLY)
    on = GuardedStream(CHAT, scan, framing=LINES, whole_reply=WholeReply(CHAT, scan, str, 1 << 20, framing=LINES), stopped=lambda: scan.stopped)
    for part in ("all ", "well"):
        on.push(json.dumps({"choices": [{"index": 0, "delta": {"content": part}}]}).encode() + b"\n")
    on.finish()
    assert [[text.raw for text in ask.texts] for ask, _ in on.asks] == [["all well"]]


def test_what_takes_long_is_not_done_in_the_stream():
    """A long stream is put together by whoever drives it, beside the loop; then its judge is asked, and the end waits for that."""
    scan = guarding(Reads.REPLY)
    on = stream(scan)
    for _ in range(1000):
        on.push(chunk(content="words "))
    assert on.push(DONE) == b""
    ((work, take),) = on.asks
    assert isinstance(work, Work)
    on.asks = []
    work.do()
    assert on.answered(take, []) == b"" and on.pending
    ((ask, take),) = on.asks
    assert ask.texts[0].raw == "words " * 1000
    assert on.answered(take, [[]]) == DONE


@pytest.mark.parametrize("answer", [[], Unanswered("failed")])
def test_a_long_stream_that_cannot_be_put_together_fails_its_rule(answer):
    """Whatever went wrong beside the loop."""
    scan = guarding(Reads.REPLY)
    on = stream(scan)
    for _ in range(1000):
        on.push(chunk(content="words "))
    on.push(DONE)
    ((_, take),) = on.asks
    assert on.answered(take, answer) == b"" and scan.failed is not None


def test_an_endpoint_that_nobody_reads_fails_a_rule_on_answers():
    """Where its answer stands is not known, so nobody says that it was judged."""
    scan = guarding(Reads.REPLY)
    assert list(WholeReply(operation_of("openai", "POST", "/v1/brand/new"), scan, str, 1 << 20).body(b'{"text": "hi"}')) == [] and scan.failed is not None


def test_nothing_to_compare_with_is_no_comparison():
    """A request that is no JSON, or without a word, says nothing that an answer could be held against."""
    answer = json.dumps({"choices": [{"message": {"content": "98 kg"}, "finish_reason": "stop"}]}).encode()
    for asked in (b"no JSON", b'{"messages": []}'):
        scan = guarding(Reads.REPLY, compares=True)
        assert list(WholeReply(CHAT, scan, partial(asked_of, CHAT, asked), 1 << 20, context_bytes=len(asked)).body(answer)) == [], asked
        assert scan.failed is not None, asked


def test_the_parts_of_a_message_are_judged_as_one_text():
    """A reader sees them as one, so cutting a sentence in two hides nothing; two turns stay two."""
    parts = [{"type": "text", "text": text} for text in (LONG + "ba", "d. " + LONG)]
    body = {"model": "m", "messages": [{"role": "user", "content": parts}, {"role": "assistant", "content": LONG}, {"role": "user", "content": LONG + "next"}]}
    walked = walk_request("openai", CHAT, json.dumps(body).encode(), "application/json")
    assert [text.raw for text in spoken(walked)] == [LONG + "bad. " + LONG, LONG, LONG + "next"]


def test_who_compares_is_given_what_was_asked():
    """Once, and only if there is an answer to compare."""
    calls: list[int] = []

    def context() -> str:
        calls.append(1)
        return '[{"id": "", "text": "the source"}]'

    scan = guarding(Reads.REPLY, compares=True)
    reply = WholeReply(MESSAGES, scan, context, 1 << 20)
    tool = {"content": [{"type": "tool_use", "id": "t", "name": "f", "input": {"a": "b"}}], "stop_reason": "tool_use"}
    assert list(reply.body(json.dumps(tool).encode())) == [] and calls == []
    ((ask, _),) = reply.body(json.dumps({"content": [{"type": "text", "text": "an answer"}], "stop_reason": "end_turn"}).encode())
    assert [(text.raw, text.before) for text in ask.texts] == [("an answer", '[{"id": "", "text": "the source"}]')] and calls == [1]


def test_what_is_no_answer_is_not_judged():
    """Errors, embeddings, lists of models."""
    scan = guarding(Reads.REPLY)
    error = {"error": {"message": "no", "type": "invalid_request_error"}}
    for method, path, body in (("POST", "/v1/chat/completions", error), ("POST", "/v1/embeddings", {"data": [{"embedding": [1.0]}]}), ("GET", "/v1/models", {"data": [{"id": "gpt"}]})):
        reply = WholeReply(operation_of("openai", method, path), scan, str, 1 << 20)
        assert list(reply.body(json.dumps(body).encode())) == [], path
    assert not scan.stopped
