"""Events that are alike but for one text are read as one: the reply must be what it is event by event, whatever a server sends."""

from __future__ import annotations

from functools import partial

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.dialects import operation_of
from gateway.dialects.alike import around, merged, run
from gateway.dialects.base import Operation
from gateway.dialects.sse import events
from gateway.record import stream_texts
from gateway.record.stream_texts import StreamTexts
from tests.dialects.corpus import CASES, Case
from tests.support.growth import assert_linear, assert_within

CHAT = operation_of("openai", "POST", "/v1/chat/completions")
MESSAGES = operation_of("anthropic", "POST", "/v1/messages")
RESPONSES = operation_of("openai", "POST", "/v1/responses")
COMPLETIONS = operation_of("openai", "POST", "/v1/completions")
# Insides of JSON strings and what is none: escapes, pairs of surrogates and halves, quotes, control characters, the seams of events.
INSIDES = ["", "a", " word", "é", "\u00a0", "\\n", '\\"', "\\\\", "\\u00e9", "\\u002c", "\\u003a", "\\ud83d\\ude00", "\\ud83d", "\\ude00", '"', "\\", "\x01", "\t", '","role":"user', "}}]}", "data: ", '"content":"', "x" * 5000]
CHUNKS = [
    'data: {"id":"c","model":"m","choices":[{"index":0,"delta":{"content":"%s"},"logprobs":null,"finish_reason":null}],"usage":null}',
    'data: {"id":"c","model":"m","choices":[{"index":0,"delta":{"content":"%s"}}],"obfuscation":"pad%d"}',
    'data: {"id":"","model":"","choices":[{"index":0,"delta":{"role":"assistant","content":"%s"}}]}',
    'data: {"id":"c","choices":[{"index":1,"delta":{"content":"%s"}}]}',
    'data: {"id":"c","choices":[{"index":0,"delta":{"content":"%s","refusal":"r"}}]}',
    'data: {"id":"c","choices":[{"index":0,"delta":{"content":"%s"},"finish_reason":"stop"}]}',
    'data: {"id":"c","choices":[{"index":0,"delta":{"content":"%s"},"content_filter_results":{"hate":{"severity":"safe"}}}]}',
    'data: {"id":"c","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"%s"}}]}}]}',
    'data: {"id":"c","choices":[{"index":0,"delta":{"content":"%s"},"logprobs":{"content":[{"token":"t"}]}}]}',
    'data: {"id":"c","choices":[{"index":0,"delta":{"content":"%s"}}],"usage":{"prompt_tokens":3,"completion_tokens":4}}',
    'data: {"id":"c","choices":[{"index":0,"delta":{"content":"%s"}}],"error":{"message":"no"}}',
    'data: {"id":"c","choices":[{"index":0,"delta":{"content":"%s"}}]}\nid: 7',
    'data: {"id":"c","choices":[{"index":0,"text":"%s"}]}',
    ": ping %s",
    "data: [DONE]%s",
]
DELTAS = [
    'event: response.output_text.delta\ndata: {"type":"response.output_text.delta","sequence_number":%d,"item_id":"m","output_index":0,"content_index":0,"delta":"%s","logprobs":[],"obfuscation":"pad%d"}',
    'data: {"type":"response.output_text.delta","item_id":"m","output_index":0,"content_index":1,"delta":"%s"}',
    'data: {"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"%s","error":{"message":"no"}}',
    'data: {"type":"response.output_text.done","sequence_number":%d,"item_id":"m","output_index":0,"content_index":0,"text":"%s"}',
    'data: {"type":"response.function_call_arguments.delta","sequence_number":%d,"item_id":"f","output_index":1,"delta":"%s"}',
    'data: {"type":"response.output_item.added","sequence_number":%d,"output_index":1,"item":{"type":"function_call","name":"%s"}}',
    'data: {"type":"response.completed","response":{"model":"m","output":[],"usage":{"input_tokens":1,"output_tokens":2}}}%s',
]
BLOCKS = [
    'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"%s"}}',
    'event: content_block_delta\ndata: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"%s"}}',
    'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"%s","more":1}}',
    'event: content_block_start\ndata: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":"%s"}}',
    'event: content_block_stop\ndata: {"type":"content_block_stop","index":0}%s',
    "event: message_stop\ndata: {}%s",
]


def stream(templates: list[str]) -> st.SearchStrategy[bytes]:
    """Runs of events of one template each, cut off anywhere."""
    texts = st.one_of(st.sampled_from(INSIDES), st.text("ab \\\"", max_size=3))
    runs = st.tuples(st.sampled_from(templates), st.lists(texts, min_size=1, max_size=8)).map(
        lambda of: [of[0].replace("%d", str(number)).replace("%s", text) for number, text in enumerate(of[1])]
    )
    whole = st.lists(runs, max_size=5).map(lambda found: "".join(f"{block}\n\n" for each in found for block in each).encode("utf-8", "surrogatepass"))
    return st.tuples(whole, st.integers(0, 30), st.booleans()).map(lambda of: (of[0][: len(of[0]) - of[1]] if of[1] < 5 else of[0]).replace(b"\n", b"\r\n" if of[2] else b"\n"))


def read(operation: Operation, body: bytes, one_by_one: bool) -> object:
    found = operation.assemble(events(body) if one_by_one else merged(body, operation))
    return operation.read_reply(found.whole), found.complete, found.error


@pytest.mark.parametrize("operation,templates", [(CHAT, CHUNKS), (COMPLETIONS, CHUNKS), (MESSAGES, BLOCKS), (RESPONSES, DELTAS)], ids=["chat", "completions", "messages", "responses"])
def test_a_reply_says_what_its_events_say_one_by_one(operation: Operation, templates: list[str]) -> None:
    """Usage, words and errors are taken from it: no trick of reading may change them."""

    @given(stream(templates))
    def check(body: bytes) -> None:
        assert read(operation, body, one_by_one=False) == read(operation, body, one_by_one=True)

    check()


@pytest.mark.parametrize("operation,templates", [(CHAT, CHUNKS), (MESSAGES, BLOCKS), (RESPONSES, DELTAS)], ids=["chat", "messages", "responses"])
def test_the_record_looks_at_the_same_texts(operation: Operation, templates: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not looked at is not redacted."""

    def texts(body: bytes) -> object:
        try:
            return StreamTexts(operation, body).leaves
        except Exception as e:
            return type(e)

    @given(stream(templates))
    def check(body: bytes) -> None:
        found = texts(body)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(stream_texts, "run", lambda text, at, before, after: ([], at))
            assert found == texts(body)

    check()


@pytest.mark.parametrize("case", [case for case in CASES if case.is_sse], ids=lambda case: case.id)
def test_recorded_streams_read_the_same(case: Case) -> None:
    """Every reply of the corpus, cut wherever a stream may break off."""
    operation = case.route.operation
    for cut in range(0, len(case.reply) + 1, 37):
        assert read(operation, case.reply[:cut], one_by_one=False) == read(operation, case.reply[:cut], one_by_one=True)


def test_a_run_is_one_event_and_nothing_is_lost() -> None:
    """The first event goes on as long as the others differ in the text alone."""
    one = CHUNKS[0].replace
    body = "".join(f"{block}\n\n" for block in [one("%s", "Good"), *[one("%s", f" w{number}") for number in range(500)], CHUNKS[5].replace("%s", "."), "data: [DONE]"]).encode()
    found = list(merged(body, CHAT))
    assert len(found) == 3
    assert orjson.loads(found[0].data)["choices"][0]["delta"]["content"] == "Good" + "".join(f" w{number}" for number in range(500))


def test_a_text_that_stands_twice_in_its_event_is_not_told_apart() -> None:
    """`"m"` is the model and the word: which of them grows is not certain by its characters."""
    block = CHUNKS[0].replace("%s", "m")
    assert around(block, "/choices/0/delta/content", "m") is None
    assert run(block, 0, "data: ", "x") == ([], 0)


def test_a_text_that_looks_like_what_stands_between_two_strings_is_not_told_apart() -> None:
    """`","` stands in `"c","choices"`, and the comma that grows is spelled otherwise: nothing may be raised, or the row is without its bodies."""
    comma = CHUNKS[3].replace("%s", "\\u002c")
    assert around(comma, "/choices/0/delta/content", ",") is None
    assert read(CHAT, f"{comma}\n\n{comma}\n\ndata: [DONE]\n\n".encode(), one_by_one=False) == read(CHAT, f"{comma}\n\n{comma}\n\ndata: [DONE]\n\n".encode(), one_by_one=True)


def test_a_stream_of_alike_events_costs_little_and_a_hostile_one_no_more_than_its_size() -> None:
    """A reply of a hundred thousand chunks is read in a fraction of what its events take; events that take turns must not make it look again and again."""
    alike = "".join(f"{CHUNKS[0].replace('%s', f' w{number}')}\n\n" for number in range(4000)).encode()
    assert_within(0.6, lambda: read(CHAT, alike, one_by_one=False), lambda: read(CHAT, alike, one_by_one=True))

    def turns(size: int) -> partial[object]:
        begin, odd = CHUNKS[0].partition("%s")[::2]
        pair = f"{begin}a{odd}\n\n{begin}b{odd}\n\n{CHUNKS[3].replace('%s', 'c')}\n\n{begin}d"
        body = (f"{pair}{odd}\n\n" * (size // len(pair))).encode()
        return partial(read, CHAT, body, False)

    assert_linear(turns, 1_000_000)
