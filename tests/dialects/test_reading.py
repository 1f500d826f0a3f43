"""Nothing that comes from the wire makes a reader raise."""

from __future__ import annotations

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.dialects import DIALECTS
from gateway.dialects.base import Reply, Request
from gateway.dialects.opaque import OPAQUE
from gateway.dialects.reading import read_reply, read_request
from gateway.exchange import Segment
from tests.dialects.corpus import CASES

PATHS = {case.expected["path"]: case.route.operation for case in CASES}
OPERATIONS = [OPAQUE, *PATHS.values(), DIALECTS["openai"].route("GET", "/v1/models").operation]
OPERATIONS.append(DIALECTS["openai"].route("POST", "/v1/responses/input_tokens").operation)
TYPES = st.sampled_from(["", "application/json", "text/event-stream", "text/html", "multipart/form-data; boundary=x"])
CHAT = DIALECTS["openai"].route("POST", "/v1/chat/completions").operation
DEEP = [*{type(operation): operation for operation in OPERATIONS}.values()]
GEMINI = DIALECTS["gemini"].route("POST", "/v1beta/models/m:streamGenerateContent").operation


def check(operation, status, content_type, body):
    """Read both ways; what comes out can be stored: UTF-8 text, counts that fit, JSON."""
    request = read_request(operation, body, content_type)
    reply = read_reply(operation, status, content_type, body)
    assert isinstance(request, Request) and isinstance(reply, Reply)
    for segment in request.segments + reply.segments:
        segment.text.encode()
    orjson.dumps(reply.usage_raw)
    if reply.usage is not None:
        for name in reply.usage.__slots__:
            value = getattr(reply.usage, name)
            assert value is None or isinstance(value, str) or (type(value) is int and 0 <= value < 2**32)


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(OPERATIONS), st.sampled_from([200, 204, 400, 529]), TYPES, st.binary(max_size=200))
def test_any_bytes_can_be_read(operation, status, content_type, body):
    """A row that kills the recorder stops every row after it."""
    check(operation, status, content_type, body)


KEYS = sorted(
    """choices delta message content text type index tool_calls function arguments usage prompt_tokens prompt_tokens_details cached_tokens error
    output item part response summary messages role system tools name description input candidates parts functionCall args usageMetadata
    promptTokenCount tokenCount modality promptTokensDetails finishReason contents requests thinking audio transcript logprobs content_block
    partial_json data source model stream finish_reason status details reason output_index content_index cache_creation""".split()
)
JSON = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(-5, 2**40), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=5), st.sampled_from(KEYS)
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(KEYS), inner, max_size=5)),
    max_leaves=20,
)
TYPED = st.sampled_from(["response.output_text.delta", "content_block_delta", "message_start", "message_delta", "content_block_start", "error"])


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(OPERATIONS), st.lists(st.tuples(TYPED, JSON), max_size=4), JSON)
def test_any_json_in_any_event_can_be_read(operation, frames, whole):
    """Known keys with values of the wrong type are what really breaks readers."""
    check(operation, 200, "application/json", orjson.dumps(whole))
    check(operation, 500, "application/json", orjson.dumps(whole))
    check(operation, 200, "text/event-stream", b"".join(b"event: %b\ndata: %b\n\n" % (name.encode(), orjson.dumps(data)) for name, data in frames))


@settings(deadline=None, max_examples=300)
@given(st.data())
def test_a_recorded_body_with_any_value_exchanged_can_be_read(data):
    """One odd member in an otherwise good body: the shape in which providers change things."""
    case = data.draw(st.sampled_from([case for case in CASES if not case.is_sse and case.reply[:1] in b"{["]))
    operation = case.route.operation
    for body in (case.request, case.reply):
        try:
            tree = orjson.loads(body)
        except orjson.JSONDecodeError:
            continue
        places = list(walk(tree))
        holder, key = data.draw(st.sampled_from(places))
        holder[key] = data.draw(JSON)
        check(operation, 200, "application/json", orjson.dumps(tree))
        check(operation, 200, "text/event-stream", b"data: " + orjson.dumps(tree) + b"\n\n")


def walk(tree):
    items = tree.items() if isinstance(tree, dict) else enumerate(tree)
    for key, value in list(items):
        yield tree, key
        if isinstance(value, dict | list):
            yield from walk(value)


@settings(deadline=None, max_examples=200)
@given(st.sampled_from(CASES), st.integers(0, 10**6), st.binary(max_size=4))
def test_a_recorded_body_with_some_bytes_exchanged_can_be_read(case, at, garbage):
    """Flipped and inserted bytes leave most of a body plausible."""
    at %= len(case.reply)
    check(case.route.operation, case.expected["status"], case.expected["content_type"], case.reply[:at] + garbage + case.reply[at + 2 :])


@pytest.mark.parametrize("depth", [240, 260, 900, 1020, 4000])
@pytest.mark.covers("C8")
def test_deep_nesting_neither_raises_nor_recurses(depth):
    """The depth of a body is its sender's choice; Python's stack is not."""
    for left, right in ((b"[", b"]"), (b'{"content":[', b"]}")):
        deep = left * depth + b'"x"' + right * depth
        for frame in (b"%b", b'{"messages":[{"role":"user","content":%b}]}', b'{"usage":%b,"error":%b}', b'[{"usageMetadata":%b},', b'{"input":%b}'):
            body = frame.replace(b"%b", deep)
            for operation in DEEP:
                check(operation, 200, "application/json", body)
                check(operation, 400, "application/json", body)
                check(operation, 200, "text/event-stream", b"data: " + body + b"\n\n")
    call = b'{"messages":[{"role":"assistant","tool_calls":[{"function":{"arguments":%b}}],"reasoning":%b,"reasoning_content":%b}]}'
    check(CHAT, 200, "application/json", call.replace(b"%b", b"[" * depth + b"]" * depth))


def test_text_too_deep_to_spell_is_kept_as_its_strings():
    """A guard must see it; a serialiser that gives up must not hide it."""
    deep = b'{"k":' * 300 + b'["my secret","more"]' + b"}" * 300
    body = b'{"messages":[{"role":"assistant","tool_calls":[{"function":{"arguments":%b}}]}]}' % deep
    (segment,) = read_request(CHAT, body, "application/json").segments
    assert segment == Segment("assistant", "/messages/0/tool_calls/0/function/arguments", "\n".join(["k"] * 300 + ["my secret", "more"]))


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b'\xef\xbb\xbf{"model":"m","messages":[{"role":"user","content":"bom"}]}', "bom"),
        (rb'{"model":"m","messages":[{"role":"user","content":"half \ud83c pair \\ud83c \ud83c\udf0a"}]}', "half \ufffd pair \\ud83c \U0001f30a"),
        (b'{"model":"m","messages":[{"role":"user","content":"latin \xe9"}]}', "latin \ufffd"),
    ],
)
@pytest.mark.covers("C6")
def test_bodies_that_providers_accept_although_they_are_not_quite_json_are_read(body, text):
    """Python clients send lone surrogates, Windows ones a BOM; their calls cost money like any other."""
    assert read_request(CHAT, body, "application/json") == Request("m", False, (Segment("user", "/messages/0/content", text),))


def test_half_a_name_is_none():
    """Of gemini-2.5-flash-lite the beginning is another model, with another price; a text is kept as far as it came."""
    whole = b'{"candidates": [{"content": {"parts": [{"text": "hello"}], "role": "model"}, "finishReason": "STOP"}], "usageMetadata": {"candidatesTokenCount": 7}, "modelVersion": "gemini-2.5-flash-lite"}'
    replies = [read_reply(GEMINI, 200, "application/json", whole[:end]) for end in range(len(whole) + 1)]
    assert {reply.model for reply in replies} == {"", "gemini-2.5-flash-lite"} and {reply.finish_reason for reply in replies} == {"", "STOP"}
    assert {"".join(segment.text for segment in reply.segments) for reply in replies} >= {"hel", "hello"}


def test_a_stream_is_known_by_its_bytes_not_by_its_content_type():
    """Servers send event streams as text/plain, and errors to streamed requests as JSON."""
    chunk = b'data: {"model":"m","choices":[{"index":0,"delta":{"content":"x"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'
    expected = Reply("m", (Segment("assistant", "/choices/0/message/content", "x"),), "stop")
    assert read_reply(CHAT, 200, "text/plain", chunk) == expected
    assert read_reply(CHAT, 200, "application/json", b"\xef\xbb\xbf" + chunk) == expected
    whole = b' {"model":"m","choices":[{"message":{"content":"x"},"finish_reason":"stop"}]}'
    assert read_reply(CHAT, 200, "text/event-stream", whole) == expected
    assert read_reply(CHAT, 200, "text/event-stream", b"") == Reply(complete=False)
    assert read_reply(GEMINI, 200, "application/json", b"[]").complete is False


@pytest.mark.covers("U8")
def test_a_gemini_stream_is_complete_only_when_every_candidate_has_ended():
    """There is no terminal event; the first candidate's end is not the others'."""
    half = b'data: {"candidates":[{"index":0,"content":{"parts":[{"text":"a"}]},"finishReason":"STOP"},{"index":1,"content":{"parts":[{"text":"b"}]}}]}\n\n'
    rest = b'data: {"candidates":[{"index":1,"content":{"parts":[{"text":"c"}]},"finishReason":"MAX_TOKENS"}]}\n\n'
    texts = (Segment("assistant", "/candidates/0/content/parts/0/text", "a"), Segment("assistant", "/candidates/1/content/parts/0/text", "b"))
    whole = (texts[0], Segment("assistant", "/candidates/1/content/parts/0/text", "bc"))
    assert read_reply(GEMINI, 200, "text/event-stream", half) == Reply("", texts, "STOP", complete=False)
    assert read_reply(GEMINI, 200, "text/event-stream", half + rest) == Reply("", whole, "STOP", complete=True)
