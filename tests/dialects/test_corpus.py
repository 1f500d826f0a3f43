"""Every recorded body says what it says, whole, streamed, or cut off anywhere."""

from __future__ import annotations

import re

import pytest

from gateway.dialects.opaque import OPAQUE
from gateway.dialects.reading import read_reply, read_request
from gateway.dialects.sse import events
from tests.dialects.corpus import CASES, STREAMS, Case, spelled

BY_ID = {case.id: case for case in CASES}


def read(case: Case, body: bytes | None = None):
    return read_reply(case.route.operation, case.expected["status"], case.expected["content_type"], case.reply if body is None else body)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
@pytest.mark.covers("U11", "U20", "U22")
def test_a_recorded_reply_reads_as_its_provider_documents_it(case):
    """Tokens, texts and errors in the rows come from here."""
    assert spelled(read(case)) == case.expected["reply"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_recorded_request_gives_its_model_and_every_text_with_its_place(case):
    """What is not found here is never checked by a guard nor compared by drift."""
    assert read_request(case.route.operation, case.request, "application/json") == case.expected_request
    assert case.route.model == case.expected["route_model"]


@pytest.mark.parametrize("case", [case for case in CASES if "same_as" in case.expected], ids=lambda case: case.id)
def test_streaming_changes_nothing_that_is_read(case):
    """Law 2: a streamed call must not be cheaper, shorter or less checked than the same call unstreamed."""
    whole = BY_ID[f"{case.dialect}/{case.expected['same_as']}"]
    streamed, plain = read(case), read(whole)
    assert (streamed.model, streamed.segments, streamed.finish_reason, streamed.usage, streamed.complete, streamed.error) == (
        plain.model,
        plain.segments,
        plain.finish_reason,
        plain.usage,
        plain.complete,
        plain.error,
    )


TERMINAL = {
    "openai": lambda seen: any(e.data.startswith("[DONE]") or e.name in ("response.completed", "response.incomplete") for e in seen),
    "anthropic": lambda seen: any(e.name == "message_stop" for e in seen),
    "gemini": lambda seen: any('"finishReason"' in e.data or '"blockReason"' in e.data for e in seen),
}


@pytest.mark.parametrize("case", STREAMS, ids=lambda case: case.id)
@pytest.mark.covers("U8", "U10")
def test_a_stream_cut_anywhere_is_complete_only_after_its_terminal_event(case):
    """Law 7: half an answer must never be counted as a success, wherever the connection broke."""
    for cut in range(len(case.reply) + 1):
        body = case.reply[:cut]
        reply = read(case, body)
        assert reply.complete == (TERMINAL[case.dialect](list(events(body))) and reply.error is None), cut
    assert reply.complete == case.expected["reply"]["complete"]


@pytest.mark.parametrize(
    "case", [c for c in CASES if not c.is_sse and c.expected["reply"]["complete"] and c.expected["status"] == 200], ids=lambda case: case.id
)
@pytest.mark.covers("U9")
def test_a_json_reply_cut_anywhere_is_not_complete(case):
    """A proxy that closes early turns a JSON body into a prefix; that is no answer."""
    body = case.reply.rstrip()
    for cut in range(len(body)):
        assert not read(case, body[:cut]).complete, cut
    assert read(case, body).complete


@pytest.mark.parametrize("case", [c for c in CASES if not c.is_sse and c.reply[:1] == b"{" and c.expected["reply"]["segments"]], ids=lambda case: case.id)
@pytest.mark.covers("U9")
def test_a_json_reply_cut_anywhere_says_the_beginning_of_what_the_whole_says(case):
    """What had come may be billed, and the row shows it as it does a stream's; it never shows what was not said, nor a figure of which half is missing."""
    body, whole = case.reply.rstrip(), read(case)
    said = "\n".join(segment.text for segment in whole.segments)
    lengths = []
    for cut in range(len(body)):
        reply = read(case, body[:cut])
        now = "\n".join(segment.text for segment in reply.segments)
        if not any("\n" in segment.text or segment.text[:1] in "{[" for segment in whole.segments):  # what is spelled anew, tool calls, is when it is whole
            assert said.startswith(now.rstrip("\ufffd")), cut
        for figure, of in zip(reply.usage or (), whole.usage or (), strict=False):
            assert figure is None or isinstance(figure, str) or of is None or figure <= of, cut
        lengths.append(len(now))
    assert lengths[0] == 0 and max(lengths) >= len(said) - 2


@pytest.mark.parametrize("case", STREAMS, ids=lambda case: case.id)
def test_the_data_plane_sees_the_end_where_the_record_plane_does(case):
    """`Operation.ends` lets the worker close the record before the last byte is sent; it must not fire early, nor on a cut stream."""
    ends = case.route.operation.ends
    if not ends:
        assert case.dialect == "gemini"
        return
    text = b"\n" + case.reply.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    found = re.search(b"\n(?:" + b"|".join(map(re.escape, ends)) + b")[^\n]*\n(?:[^\n]+\n)*\n", text)
    failed = case.expected["reply"]["error"] is not None
    assert (found is not None) == case.expected["reply"]["complete"] or failed
    if found:
        assert read(case, text[1 : found.end()]) == read(case)
        assert not read(case, text[1 : found.end() - 1]).complete


def test_the_kept_usage_is_the_providers_own_object():
    """When our figures are doubted, the provider's are the evidence (LESSONS 8)."""
    reply = read(BY_ID["anthropic/server_tool_stream"])
    assert reply.usage_raw == {
        "input_tokens": 10682,
        "cache_creation_input_tokens": 4000,
        "cache_read_input_tokens": 2500,
        "cache_creation": {"ephemeral_5m_input_tokens": 1000, "ephemeral_1h_input_tokens": 0},
        "output_tokens": 510,
        "service_tier": "standard",
        "server_tool_use": {"web_search_requests": 1, "web_fetch_requests": 0},
    }


def test_an_opaque_operation_is_complete_whatever_came():
    """What nobody reads cannot be judged: its outcome is the transport's."""
    case = BY_ID["openai/chat_html_in_200"]
    assert read_reply(OPAQUE, 200, "audio/mpeg", b"\xff\xfb") == read(case)._replace(complete=True, foreign=False)
    assert read(case).foreign
