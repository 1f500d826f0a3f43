"""Where one text of a stream ends and another begins: parts, items, lines, events that nobody knows, and a provider that dies in the middle of a word."""

from __future__ import annotations

import json

import pytest

from detectors.base import Finding
from detectors.text import Text
from gateway.dialects import DIALECTS
from gateway.guard.engines import Engine, Engines
from gateway.guard.frames import LINES
from gateway.guard.judge import Tally
from gateway.guard.placeholders import Placeholders
from gateway.guard.policy import Action, Direction, Rule
from gateway.guard.runs import TextRun
from gateway.guard.scan import Guarding
from gateway.guard.stream import GuardedStream
from gateway.guard.windows import Windows
from tests.support.planting import BLOCKS, FLAGS, MASKS, guarding, streamed, whole

CHAT = DIALECTS["openai"].route("POST", "/v1/chat/completions").operation
RESPONSES = DIALECTS["openai"].route("POST", "/v1/responses").operation
MESSAGES = DIALECTS["anthropic"].route("POST", "/v1/messages").operation
GEMINI = DIALECTS["gemini"].route("POST", "/v1beta/models/gemini-2.5-flash:streamGenerateContent").operation
OPAQUE = DIALECTS["opaque"].route("POST", "/somewhere").operation
FIRST, SECOND = "card 4111 1111 ", "1111 1111 ok"
CARD = "4111 1111 1111 1111"
KEY = "sk-" + "ant-" + "api03-" + "k9Q2vX7pL4mZ8wR1" * 5 + "-aB3dE5gH"
DONE = b"data: [DONE]\n\n"


def event(value, end: bytes = b"\n\n") -> bytes:
    name = b"event: " + value["type"].encode() + b"\n" if isinstance(value, dict) and "." in str(value.get("type")) else b""
    return name + b"data: " + json.dumps(value).encode() + end


def chunk(finish: str | None = None, index: int = 0, **delta) -> bytes:
    return event({"id": "c", "object": "chat.completion.chunk", "choices": [{"index": index, "delta": delta, "finish_reason": finish}]})


def values(out: bytes) -> list:
    return [json.loads(line[6:]) for line in out.splitlines() if line.startswith((b"data: {", b"data: ["))]


# ---------------------------------------------------------------------- Responses: parts and items


def part_events(item: int, part: int, key: str, deltas: list[str], *, says: tuple[str, ...] = ("delta", "done", "part")) -> list[bytes]:
    """One part of an item. says: how the server tells it."""
    kind = {"text": "output_text", "refusal": "refusal"}[key]
    place = {"item_id": f"msg_{item}", "output_index": item, "content_index": part}
    text = "".join(deltas)
    told = [event({"type": "response.content_part.added", **place, "part": {"type": kind, key: ""}})]
    if "delta" in says:
        told += [event({"type": f"response.{kind}.delta", **place, "delta": delta}) for delta in deltas]
    if "done" in says:
        told.append(event({"type": f"response.{kind}.done", **place, key: text}))
    if "part" in says:
        told.append(event({"type": "response.content_part.done", **place, "part": {"type": kind, key: text}}))
    return told


def response(items: list[list[tuple[str, list[str]]]], says: tuple[str, ...] = ("delta", "done", "part")) -> tuple[list[bytes], bytes]:
    """A Responses reply as a stream and whole. items: of each its parts, a key and what the deltas are."""
    kinds = {"text": "output_text", "refusal": "refusal"}
    top = {"id": "resp_1", "object": "response", "created_at": 1700000000, "model": "gpt-4.1", "status": "in_progress", "output": []}
    told = [event({"type": "response.created", "response": top})]
    output = []
    for at, parts in enumerate(items):
        message = {"id": f"msg_{at}", "type": "message", "role": "assistant", "status": "completed"}
        told.append(event({"type": "response.output_item.added", "output_index": at, "item": {**message, "status": "in_progress", "content": []}}))
        for number, (key, deltas) in enumerate(parts):
            told += part_events(at, number, key, deltas, says=says)
        output.append({**message, "content": [{"type": kinds[key], key: "".join(deltas)} for key, deltas in parts]})
        told.append(event({"type": "response.output_item.done", "output_index": at, "item": output[-1]}))
    done = {**top, "status": "completed", "output": output}
    told.append(event({"type": "response.completed", "response": done}))
    return told, json.dumps(done).encode()


def said(part: dict) -> str:
    return part["text"] if "text" in part else part["refusal"]


def told_parts(out: bytes) -> list[list[str]]:
    """What the deltas, each part's end, each item's end and the last event say, each as one list of texts."""
    deltas: dict[tuple[int, int], str] = {}
    ends, items = [], []
    last: list[str] = []
    for value in values(out):
        kind = value["type"]
        if kind.endswith(".delta"):
            place = value["output_index"], value["content_index"]
            deltas[place] = deltas.get(place, "") + value["delta"]
        elif kind in ("response.output_text.done", "response.refusal.done"):
            ends.append(said(value))
        elif kind == "response.output_item.done":
            items += [said(part) for part in value["item"]["content"]]
        elif kind == "response.completed":
            last = [said(part) for item in value["response"]["output"] for part in item["content"]]
    return [list(deltas.values()), ends, items, last]


SPLITS = {
    "over two parts": [[("text", [FIRST]), ("text", [SECOND])]],
    "over two items": [[("text", [FIRST])], [("text", [SECOND])]],
    "over text and refusal": [[("text", [FIRST]), ("refusal", [SECOND])]],
    "over refusal and text": [[("refusal", ["it is 4111 1111 "])], [("text", ["1111 ", "1111 so"])]],
    "over three": [[("text", ["a 4111 "]), ("text", ["1111"])], [("text", [" 1111 1111 b"])]],
    "in one of three": [[("text", ["first "]), ("text", [FIRST, SECOND])], [("text", ["last 12"])]],
    "in no part of it": [[("text", ["first 12 "]), ("text", ["34 then"])], [("text", ["12345"])]],
    "one that begins where the last word ended": [[("text", ["Here it is"])], [("text", [KEY[:20], KEY[20:]])]],
    "one that ends where the next word begins": [[("text", ["Here is " + CARD])], [("text", ["99 more"])]],
}


@pytest.mark.covers("T17")
@pytest.mark.parametrize("says", [("delta", "done", "part"), ("done", "part"), ("part",), ()], ids=["deltas", "ends of texts", "ends of parts", "items"])
@pytest.mark.parametrize("name", SPLITS)
def test_parts_and_items_of_a_response_are_one_text(name, says):
    """As in the whole response, and everything that says it once more says the same."""
    told, body = response(SPLITS[name], says)
    expected = whole("openai", RESPONSES, body)
    want = [said(part) for item in json.loads(expected.out)["output"] for part in item["content"]]
    for got in (streamed(RESPONSES, told), streamed(RESPONSES, [b"".join(told)])):
        deltas, ends, items, last = told_parts(got.out)
        assert last == items == want
        assert not ends or ends == want
        assert not deltas or deltas == want
        assert got.row == expected.row


def test_items_that_are_told_at_once_are_texts_of_their_own():
    """Two items take turns: neither is over when the other goes on, so nothing is joined that does not belong together."""
    def delta(item: int, text: str) -> bytes:
        return event({"type": "response.output_text.delta", "item_id": f"m{item}", "output_index": item, "content_index": 0, "delta": text})

    told = [delta(0, "card 4111 1111 "), delta(1, "card 5555 5555 "), delta(0, "1111 1111 ok"), delta(1, "5555 4444 ok"), event({"type": "response.completed", "response": {}})]
    got = streamed(RESPONSES, told)
    assert b"1111" not in got.out and b"5555" not in got.out and [f.count for f in got.tally.findings()] == [2]


def test_a_text_that_is_told_four_times_is_looked_at_once(monkeypatch):
    """A Responses stream repeats everything up to four times: that must not cost four times as much, nor ask the pool again."""
    looked: list[int] = []
    advance = TextRun.advance
    monkeypatch.setattr(TextRun, "advance", lambda run: (looked.append(len(run._tail)), advance(run))[1])
    text = "The parcel left our warehouse at noon. " * 40
    told, _ = response([[("text", [text])]])
    streamed(RESPONSES, told)
    assert sum(size for size in looked if size > 1000) < 2 * len(text)


def test_instructions_that_are_repeated_are_looked_at_once(monkeypatch):
    """created, in_progress and completed hold them, with everything else of the request."""
    looked: list[int] = []
    advance = TextRun.advance
    monkeypatch.setattr(TextRun, "advance", lambda run: (looked.append(len(run._tail)), advance(run))[1])
    text = "You are a clerk. " * 100 + CARD
    told = [event({"type": f"response.{kind}", "response": {"id": "resp_1", "instructions": text, "output": []}}) for kind in ("created", "in_progress", "completed")]
    got = streamed(RESPONSES, told)
    assert b"4111" not in got.out and [f.count for f in got.tally.findings()] == [1]
    assert len([size for size in looked if size > 1000]) == 1


# ---------------------------------------------------------------------- Anthropic: blocks


def blocks(*texts: str) -> tuple[list[bytes], bytes]:
    top = {"id": "msg_1", "type": "message", "role": "assistant", "model": "claude-sonnet-4-6", "content": [], "stop_reason": None, "usage": {"input_tokens": 3, "output_tokens": 1}}
    told = [event({"type": "message_start", "message": top})]
    for index, text in enumerate(texts):
        told += [
            event({"type": "content_block_start", "index": index, "content_block": {"type": "text", "text": ""}}),
            event({"type": "content_block_delta", "index": index, "delta": {"type": "text_delta", "text": text}}),
            event({"type": "content_block_stop", "index": index}),
        ]
    told += [event({"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 9}}), event({"type": "message_stop"})]
    return told, json.dumps({**top, "content": [{"type": "text", "text": text} for text in texts], "stop_reason": "end_turn"}).encode()


@pytest.mark.covers("T17")
@pytest.mark.parametrize("texts", [(FIRST, SECOND), ("Here it is", KEY), ("It is " + CARD, "99 bottles"), ("see 4111", " 1111 1111", " 1111"), ("a 12", "34 b"), ("my card number:", "12345678")])
def test_each_block_is_looked_at_by_itself_and_with_its_neighbour(texts):
    """A word that ends a block must not hide what begins the next: stream and whole say the same."""
    told, body = blocks(*texts)
    expected, got = whole("anthropic", MESSAGES, body), streamed(MESSAGES, told)
    said: dict[int, str] = {}
    for value in values(got.out):
        if value["type"] == "content_block_delta":
            said[value["index"]] = said.get(value["index"], "") + value["delta"]["text"]
    assert list(said.values()) == [block["text"] for block in json.loads(expected.out)["content"]]
    assert got.row == expected.row


def test_a_block_that_ends_in_few_digits_does_not_hold_the_tools():
    """No more than three characters of anything can have been said; should more come, it is masked from there."""
    told, _ = blocks("You have 42")
    tool = [event({"type": "content_block_start", "index": 1, "content_block": {"type": "tool_use", "id": "t1", "name": "f", "input": {}}})]
    got = streamed(MESSAGES, [*told[:4], *tool, *told[4:]])
    assert b"".join(got.pieces[:5]) == b"".join([*told[:4], *tool])


# ---------------------------------------------------------------------- streams that nobody knows


UNKNOWN = {
    "a token a line": [{"token": {"id": number, "text": text}} for number, text in enumerate((FIRST, SECOND))],
    "numbered tokens": [{"index": number, "token": text} for number, text in enumerate(("card 4111", " 1111", " 1111", " 1111 ok"))],
    "two texts by index": [{"index": index, "text": text} for index, text in ((0, FIRST), (1, "and so "), (0, SECOND), (1, "on"))],
    "single digits": [{"t": c} for c in CARD.replace(" ", "")],
    "the same again": [{"t": c} for c in ("5555", "5555", "5555", "4444")],
    "deep": [{"out": {"parts": [{"kind": "x", "deep": {"words": text}}]}} for text in (FIRST, SECOND)],
    "with what does not change": [{"session": "b1946ac9-2f0c-4dd3-9c3e-1b2ad7", "t": text} for text in (FIRST, SECOND)],
    "with what changes": [{"at": f"2026-01-0{number}T10:00:00Z", "uuid": f"{number}1946ac9-2f0c-4dd3-9c3e-1b2ad7", "t": text} for number, text in enumerate((FIRST, SECOND), 1)],
    "with others between": [{"t": FIRST}, {"progress": "half"}, {"x": 1}, {"t": SECOND}],
    "strings alone": [FIRST, SECOND],
    "in arrays": [[{"t": FIRST}, {"t": SECOND}]],
    "in arrays of chunks": [[{"choices": [{"index": 0, "delta": {"content": FIRST}}]}], [{"choices": [{"index": 0, "delta": {"content": SECOND}}]}]],
}


@pytest.mark.covers("T16", "T17")
@pytest.mark.parametrize("name", UNKNOWN)
@pytest.mark.parametrize("framing", ["events", "lines"])
def test_a_stream_that_nobody_knows_is_joined_place_by_place(name, framing):
    """What stands at one place in successive events may be one text."""
    if framing == "events":
        got = streamed(OPAQUE, [event(value) for value in UNKNOWN[name]])
        out = got.out
    else:
        scan = guarding(MASKS, Direction.REPLY)
        stream = GuardedStream(OPAQUE, scan, stopped=lambda: scan.stopped, framing=LINES)
        out = b"".join([*(stream.push(json.dumps(value).encode() + b"\n") for value in UNKNOWN[name]), stream.finish()])
        assert all(json.loads(line) for line in out.splitlines())
    said = b"".join(out.split())
    assert b"4111" not in said and b"1111" not in said and b"5555" not in said and b"<CREDIT_CARD>" in said


def test_words_and_plain_text_grow_too():
    """A stream that is no JSON at all."""
    got = streamed(OPAQUE, [b"data: " + text.encode() + b"\n\n" for text in (FIRST, SECOND)])
    assert b"1111" not in got.out and b"<CREDIT_CARD>" in got.out


def test_each_event_of_a_stream_that_nobody_knows_is_a_text_of_its_own_too():
    """They may be whole messages, of which the last word hides nothing of the next."""
    got = streamed(OPAQUE, [event({"text": text}) for text in ("Here it is", KEY, "It is " + CARD, "99 more")])
    assert KEY.encode()[8:20] not in got.out and b"4111" not in got.out


@pytest.mark.covers("T17")
@pytest.mark.parametrize("delta", [{"thing": {"words": "@"}}, {"things": [{"index": 0, "t": "@"}]}, {"a": {"b": {"c": ["@"]}}}], ids=["object", "array", "deep"])
def test_what_is_nested_under_a_key_that_nobody_knows_grows(delta):
    """In a protocol that is known otherwise."""
    for operation, frame in (
        (CHAT, lambda each: {"choices": [{"index": 0, "delta": each}]}),
        (MESSAGES, lambda each: {"type": "content_block_delta", "index": 0, "delta": {"type": "new_delta", **each}}),
    ):
        told = [event(json.loads(json.dumps(frame(delta)).replace("@", text))) for text in (FIRST, SECOND)]
        got = streamed(operation, told)
        assert b"1111" not in got.out and [f.kind for f in got.tally.findings()] == ["CREDIT_CARD"]


def test_an_unknown_stream_without_findings_passes_byte_for_byte_and_in_time():
    """Ids and a word that is not over hold nothing up for long; pings hold nothing at all."""
    told = [event({"session": "b1946ac9-2f0c-4dd3", "n": number, "t": "word and " if number % 3 else "then ", "id": f"{number:08x}"}) for number in range(40)]
    got = streamed(OPAQUE, told, FLAGS)
    assert got.out == b"".join(told)
    for number in range(40):
        assert len(b"".join(got.pieces[: number + 1])) >= len(b"".join(told[: max(0, number - 10)]))


def test_a_gemini_stream_that_is_an_array_is_one_text_for_each_candidate():
    """Without alt=sse the elements come as one body."""
    body = json.dumps([{"candidates": [{"content": {"role": "model", "parts": [{"text": text}]}, "index": 0}]} for text in (FIRST, SECOND)]).encode()
    got = whole("gemini", GEMINI, body)
    assert b"1111" not in got.out and b"<CREDIT_CARD>" in got.out


# ---------------------------------------------------------------------- a provider that dies


@pytest.mark.covers("U10")
@pytest.mark.parametrize("text", ["It is 4111 1111 111", "It is 4111-1111-11", "my key " + KEY[:30], "mail alice.smith@exa"])
def test_a_stream_that_is_cut_in_a_secret_says_nothing_of_it(text):
    """What nobody has decided does not go; what stood before it does, and the stream is known to be cut."""
    scan = guarding(MASKS, Direction.REPLY)
    stream = GuardedStream(CHAT, scan, stopped=lambda: scan.stopped)
    out = stream.push(chunk(role="assistant", content="")) + stream.push(chunk(content="Well. ")) + stream.push(chunk(content=text)) + stream.finish()
    told = "".join(value["choices"][0]["delta"].get("content", "") for value in values(out))
    assert stream.cut is (KEY[:20] not in text) and not stream.pending  # so much of a key is one
    assert told.startswith("Well. ") and text.startswith(told[6:].partition("<")[0])
    assert not any(word in told for word in ("4111", "sk-a", "alice.s"))


@pytest.mark.covers("U10")
def test_a_gemini_stream_that_never_says_why_it_finishes_was_cut():
    """It has no event that ends it, but its last one says why."""
    told = [event({"candidates": [{"content": {"parts": [{"text": text}]}, "index": 0}]}) for text in ("Well. ", "It is 4111 1111 11")]
    assert b"4111" not in streamed(GEMINI, told).out
    told[-1] = told[-1].replace(b'"index"', b'"finishReason": "STOP", "index"')
    assert streamed(GEMINI, told).out == b"".join(told)


@pytest.mark.parametrize("last", [[chunk("stop"), DONE], [DONE], [chunk("stop")]])
def test_a_stream_that_says_that_it_is_over_is_not_cut(last):
    """What looks like the beginning of something was all there was to say."""
    told = [chunk(content="order 4111 1111 11"), *last]
    assert streamed(CHAT, told).out == b"".join(told)


def test_words_at_the_end_of_a_stream_that_never_says_so_are_given():
    """Some servers send no end at all, and a sentence is no secret."""
    told = [chunk(content="All is well.")]
    assert streamed(CHAT, told).out == told[0]


def test_a_blocking_rule_lets_nothing_of_a_cut_secret_through():
    """Nor does it block: nothing was found."""
    scan = guarding(BLOCKS, Direction.REPLY)
    stream = GuardedStream(CHAT, scan, stopped=lambda: scan.stopped)
    out = stream.push(chunk(content="Card 4111 1111 1111 1")) + stream.broken()
    assert b"1111" not in out and not scan.stopped


# ---------------------------------------------------------------------- judges


class Shouting:
    """A detector that judges whole texts."""

    name, kinds, max_span = "custom", frozenset(("SHOUTING",)), 0

    def __init__(self) -> None:
        self.heard: list[str] = []

    def find(self, text: Text) -> list[Finding]:
        self.heard.append(text.raw)
        return [Finding("custom", "SHOUTING", 0, len(text.raw), 1.0)] if text.raw.isupper() else []


def test_a_text_that_comes_whole_is_judged_too():
    """Arguments that Gemini sends in one event are a text like any other; what stands in every event is judged once."""
    judge = Shouting()
    scan = Guarding([Rule("j", "custom", frozenset((Direction.REPLY,)), Action.FLAG)], Engines({"custom": (Engine("custom", "custom", judge.kinds, judge),)}), Direction.REPLY, Tally(), Placeholders())
    stream = GuardedStream(GEMINI, scan, windows=Windows(scan, size=100, overlap=10))
    told = [event({"candidates": [{"content": {"parts": [{"text": "so "}, {"functionCall": {"name": "f", "args": {"say": "GO AWAY"}}}]}}], "note": "a note"}) for _ in range(3)]
    assert b"".join([*map(stream.push, told), stream.finish()]) == b"".join(told)
    assert [(f.kind, f.count) for f in scan.tally.findings()] == [("SHOUTING", 1)]
    assert judge.heard.count("a note") == 1 and "so so so " in judge.heard


# ---------------------------------------------------------------------- cost


def test_many_choices_at_once_do_not_cost_their_square(monkeypatch):
    """Each event is looked at when it comes and when its text is decided, however many others wait."""
    scan = guarding(MASKS, Direction.REPLY)
    stream = GuardedStream(CHAT, scan, stopped=lambda: scan.stopped)
    for text in ("mail alice.smi", "th@exam", "ple.org ok"):
        for index in range(200):
            stream.push(chunk(index=index, content=text))
    looked: list[object] = []
    first = type(stream._waiting)._is_first
    monkeypatch.setattr(type(stream._waiting), "_is_first", lambda waiting, entry: looked.append(entry) or first(waiting, entry))
    for index in range(200):
        stream.push(chunk(index=index, content=" and on "))
    stream.finish()
    assert len(looked) < 200 * 12


def test_digits_without_end_are_not_looked_at_again_for_each_of_them(monkeypatch):
    """A number that grows for ever is looked at as often as it has grown by a part of itself."""
    looked: list[int] = []
    advance = TextRun.advance

    def counted(run: TextRun) -> None:
        if len(run._tail) >= run._look_at:
            looked.append(len(run._tail))
        advance(run)

    monkeypatch.setattr(TextRun, "advance", counted)
    told = [chunk(tool_calls=[{"index": 0, "id": "c", "function": {"name": "f", "arguments": "12345678901234567890"}}]) for _ in range(500)]
    streamed(CHAT, [*told, DONE])
    assert sum(looked) < 20 * 500 * 20
