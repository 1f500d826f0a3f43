"""No place in a body hides a text from the rules: what is planted anywhere is found there, masked there, and nothing else is touched (T16).

The places come from the tables that declare them (gateway/dialects/fields_*.py) and from the recorded bodies, so a field that is added there is tested here.
"""

from __future__ import annotations

import base64
import copy
import json
import os
from collections.abc import Iterator
from typing import Any

import pytest

from gateway.demo.openai_media import png
from gateway.dialects import DIALECTS
from gateway.dialects.base import Operation
from gateway.dialects.fields import Field, Kind
from gateway.dialects.fields_events import EVENT
from tests.dialects.corpus import CASES, STREAMS, Case
from tests.dialects.test_fields import PLACES, TABLES, body
from tests.support.planting import BLOCKS, CHANNELS, MASKS, Outcome, request, streamed, whole

LONG = os.environ.get("TIDEGATE_CHAOS") == "long"
MAIL, CARD = "ann@example.org", 4111111111111111
MARK, MASKED = f"find me, {MAIL} é", "find me, <EMAIL_ADDRESS_1> é"
MASKED_REPLY = MASKED.replace("_1>", ">")
OPERATIONS = {
    "openai": DIALECTS["openai"].route("POST", "/v1/chat/completions").operation,
    "anthropic": DIALECTS["anthropic"].route("POST", "/v1/messages").operation,
    "gemini": DIALECTS["gemini"].route("POST", "/v1beta/models/m:generateContent").operation,
}
_STREAMED = {channel.path: channel.operation for channel in CHANNELS}
Path = tuple[str | int, ...]


def at_work(table: str, data: bytes) -> Outcome:
    dialect, _, direction = table.partition(" ")
    return (request if direction == "request" else whole)(dialect, OPERATIONS[dialect], data)


def declared(table: str, every: int = 1) -> list[tuple[Path, Field]]:
    """Its places, or one of `every`; a request is an object, so a text in its root's place is refused and not masked."""
    return [(path, field) for name, path, field in PLACES if name == table and (path or table.endswith("reply"))][::every]


def is_echo(path: Path) -> bool:
    """Tokens and their alternatives: an edit there blanks the whole list, because a token cannot be half gone."""
    return any(step in ("logprobs", "logprobsResult", "logprobs_result", "top_logprobs") for step in path)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.covers("T16")
def test_a_text_in_any_declared_field_is_masked_there(table):
    """In whatever field, also one that should hold a protocol word: the placeholder stands in its place, and not a byte beside it changes."""
    masked = MASKED if table.endswith("request") else MASKED_REPLY
    for path, _ in declared(table):
        data = body(path, MARK)
        got = at_work(table, data)
        assert got.tally.verdict == "masked" and MAIL.encode() not in got.out, path
        if is_echo(path):
            json.loads(got.out)
        else:
            assert got.out == body(path, masked), path


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.covers("T16")
def test_a_number_a_key_and_an_unknown_member_in_any_declared_field_are_masked(table):
    """What is below a field that the tables do not expect there; JSON stays JSON, a masked number becomes a string."""
    for path, field in declared(table, 3 if LONG else 6):
        got = at_work(table, body(path, {MAIL: {"new_field": [MARK, CARD, {"deep": {"er": MARK}}]}}))
        value = json.loads(got.out)
        if is_echo(path) or field.kind is Kind.ECHOED:
            assert b"find me, ann" not in got.out, path  # a word that might have stood for another is no text, if it is one word
            continue
        for step in path:
            value = value[step]
        masked = "<CREDIT_CARD_1>" if table.endswith("request") else "<CREDIT_CARD>"
        ((key, inner),) = value.items()
        assert "EMAIL_ADDRESS" in key and inner["new_field"][1] == masked, path
        assert MAIL not in json.dumps(value) and str(CARD) not in json.dumps(value), path


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.covers("T16")
def test_a_text_in_json_inside_strings_is_masked_and_stays_json(table):
    """Arguments in arguments, as agents pass them on: each layer can still be read."""
    masked = MASKED if table.endswith("request") else MASKED_REPLY
    nested = json.dumps({"to": MARK, "next": json.dumps({"cc": [MARK, {"n": 1}]})})
    for path, field in declared(table, 3 if LONG else 6):
        got = at_work(table, body(path, nested))
        assert MAIL.encode() not in got.out, path
        value = json.loads(got.out)
        if is_echo(path):
            continue
        for step in path:
            value = value[step]
        outer = json.loads(value)
        assert outer["to"] == masked and json.loads(outer["next"]) == {"cc": [masked, {"n": 1}]}, (path, field.kind)


@pytest.mark.parametrize("table", [table for table in TABLES if table.endswith("reply")])
@pytest.mark.covers("T16")
def test_a_text_in_any_declared_field_of_a_streamed_reply_is_masked(table):
    """The same fields as they come in events (in short form every third of them): bare, in a snapshot of the whole, and as a stream that nobody understands."""
    dialect = table.partition(" ")[0]
    operations = {channel.path: channel.operation for channel in CHANNELS if channel.dialect == dialect}
    for path, _ in declared(table, 1 if LONG else 3):
        value = json.loads(body(path, MARK))
        for number, operation in list(enumerate(operations.values()))[sum(map(len, map(str, path))) % 2 :: 2] or enumerate(operations.values()):
            around = ({"type": "response.completed", "response": value}, {"type": "message_start", "message": value}, {"type": "new.event", "index": 0, "x": value})
            for data in (value, around[number % 3]):
                event = b"data: " + json.dumps(data).encode() + b"\n\n"
                got = streamed(operation, [event])
                assert MAIL.encode() not in got.out and got.tally.verdict == "masked", (path, data)
                parsed = json.loads(got.out.removeprefix(b"data: "))
                if not is_echo(path):
                    assert parsed == json.loads(json.dumps(data).replace("_1>", ">").replace(MAIL, "<EMAIL_ADDRESS>")), path


@pytest.mark.parametrize("path", _STREAMED)
@pytest.mark.covers("T16")
def test_the_protocols_own_words_in_events_hide_nothing(path):
    """A name that the table of events declares as no text is only left out while it looks like what it is."""
    for key in EVENT.members:
        for data in ({key: MARK}, {"type": "x", "deep": [{key: MARK}]}, {key: {key: [MARK]}}):
            got = streamed(_STREAMED[path], [b"data: " + json.dumps(data).encode() + b"\n\n"])
            assert MAIL.encode() not in got.out, data


# ---------------------------------------------------------------------- recorded bodies


def strings(value: Any, path: Path = ()) -> Iterator[Path]:
    """The places of all strings."""
    if isinstance(value, str):
        yield path
    for key, below in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from strings(below, (*path, key))


def planted(value: Any, path: Path, text: str) -> Any:
    """A copy with a text at a place."""
    value = copy.deepcopy(value)
    holder = value
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = text
    return value


def decoded(data: bytes) -> Any:
    try:
        return json.loads(data)
    except ValueError:
        return None


def protocol(value: Any) -> Any:
    """The body without its strings: what must never change."""
    if isinstance(value, dict):
        return {key: protocol(below) for key, below in value.items()}
    return [protocol(below) for below in value] if isinstance(value, list) else "" if isinstance(value, str) else value


REQUESTS = [case for case in CASES if isinstance(decoded(case.request), dict) and case.route.operation.parses]
REPLIES = [case for case in CASES if not case.is_sse and isinstance(decoded(case.reply), dict | list)]


@pytest.mark.parametrize("case", REQUESTS, ids=lambda case: case.id)
@pytest.mark.covers("T16")
def test_a_text_in_any_string_of_a_recorded_request_is_masked(case: Case):
    """Real requests, one string after the other replaced."""
    original = decoded(case.request)
    for path in strings(original):
        got = request(case.dialect, case.route.operation, json.dumps(planted(original, path, MARK)).encode())
        assert MAIL.encode() not in got.out, path
        assert protocol(json.loads(got.out)) == protocol(original), path
    quiet = request(case.dialect, case.route.operation, case.request)
    assert quiet.tally.verdict in ("passed", "flagged", "masked")
    assert quiet.out == case.request or quiet.tally.verdict == "masked"


@pytest.mark.parametrize("case", REPLIES, ids=lambda case: case.id)
@pytest.mark.covers("T16")
def test_a_text_in_any_string_of_a_recorded_reply_is_masked(case: Case):
    """Real replies, errors too."""
    original = decoded(case.reply)
    for path in strings(original):
        got = whole(case.dialect, case.route.operation, json.dumps(planted(original, path, MARK)).encode())
        assert MAIL.encode() not in got.out, path
        if "logprobs" not in "".join(map(str, path)):
            assert protocol(json.loads(got.out)) == protocol(original), path


@pytest.mark.parametrize("case", STREAMS, ids=lambda case: case.id)
@pytest.mark.covers("T16")
def test_a_text_in_any_string_of_a_recorded_stream_is_masked(case: Case):
    """Real streams: one string of one event after the other, the rest of the stream as it was."""
    separator = b"\r\n\r\n" if b"\r\n\r\n" in case.reply else b"\n\n"
    pieces = case.reply.split(separator)
    for number, piece in enumerate(pieces):
        name, begins, data = piece.partition(b"data: ")
        value = decoded(data)
        if not begins or value is None:
            continue
        for path in strings(value):
            changed = name + begins + json.dumps(planted(value, path, MARK)).encode()
            got = streamed(case.route.operation, [separator.join([*pieces[:number], changed, *pieces[number + 1 :]])])
            assert MAIL.encode() not in got.out, (number, path)
            assert got.tally.verdict == "masked"


# ---------------------------------------------------------------------- bodies that are no JSON object of a known endpoint

FILES, SPEECH = DIALECTS["openai"].route("POST", "/v1/files").operation, DIALECTS["opaque"].route("POST", "/anything").operation
PICTURE = png(3)


def form(*parts: tuple[str, str, str, bytes]) -> bytes:
    """(name, file name, content type, content) each."""
    out = b""
    for name, filename, media, content in parts:
        out += b'--bound\r\nContent-Disposition: form-data; name="' + name.encode() + (b'"; filename="' + filename.encode() if filename else b"") + b'"\r\n'
        out += (b"Content-Type: " + media.encode() + b"\r\n" if media else b"") + b"\r\n" + content + b"\r\n"
    return out + b"--bound--\r\n"


FORM = "multipart/form-data; boundary=bound"


@pytest.mark.covers("T16")
def test_forms_and_files_in_them_are_read():
    """A field, a text file, a JSON-lines file of a batch, a file's name: each is masked in its part, and the form is one still."""
    lines = b"".join(json.dumps({"custom_id": str(n), "body": {"messages": [{"role": "user", "content": MARK}]}}).encode() + b"\n" for n in range(2))
    sent = form(("purpose", "", "", b"batch"), ("note", "", "", MARK.encode()), ("file", "a.txt", "text/plain", MARK.encode()), ("file", "b.jsonl", "", lines))
    got = request("openai", FILES, sent, content_type=FORM)
    assert got.out == sent.replace(MARK.encode(), MASKED.encode()).replace(json.dumps(MARK).encode(), json.dumps(MASKED).encode())
    assert [(f.kind, f.count) for f in got.tally.findings()] == [("EMAIL_ADDRESS", 4)]
    named = request("openai", FILES, form(("file", f"{MAIL}.txt", "text/plain", b"x")), content_type=FORM)
    assert MAIL.encode() not in named.out and named.tally.verdict == "masked"


@pytest.mark.parametrize(
    ("media", "sent"),
    [
        ("application/json", json.dumps({"anything": [MARK]}).encode()),
        ("application/vnd.new+json", json.dumps([MARK]).encode()),
        ("", json.dumps({"anything": MARK}).encode()),
        ("text/plain", MARK.encode()),
        ("text/html; charset=utf-8", f"<p>{MARK}</p>".encode()),
        ("application/xml", f"<a b='{MARK}'/>".encode()),
        ("application/x-ndjson", b"\n".join([json.dumps({"a": MARK}).encode()] * 3)),
        ("application/x-www-form-urlencoded", b"a=1&q=find+me%2C+ann%40example.org&b=2"),
        ("application/x-www-form-urlencoded", json.dumps({"anything": [MARK, "a&b=c"]}).encode()),
        ("application/octet-stream", MARK.encode()),
        ("text/plain; charset=latin-1", MARK.encode("latin-1")),
    ],
)
@pytest.mark.covers("T16")
def test_opaque_endpoints_are_read_as_what_they_carry(media, sent):
    """An endpoint that nobody knows is no way around the rules, in either direction."""
    for got in (request("opaque", SPEECH, sent, content_type=media), whole("opaque", SPEECH, sent, content_type=media)):
        assert MAIL.encode() not in got.out and b"ann%40" not in got.out, media
        assert got.tally.verdict == "masked" and b"EMAIL_ADDRESS" in got.out
        if sent[:1] in b"{[" and b"\n" not in sent:  # as curl sends it, too
            json.loads(got.out)
        assert request("opaque", SPEECH, sent, BLOCKS, media).tally.verdict == "blocked"


_DATA_URL = "data:image/png;base64," + base64.b64encode(PICTURE).decode()
_SPOKEN = base64.b64encode(b"RIFF\x00\x00\x00\x00WAVEfmt " + bytes(range(256))).decode()
UNSCANNABLE = {
    "openai image": ("openai", {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": _DATA_URL}}]}]}),
    "openai image by address": ("openai", {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "https://example.org/a.png"}}]}]}),
    "openai audio": ("openai", {"messages": [{"role": "user", "content": [{"type": "input_audio", "input_audio": {"data": _SPOKEN, "format": "wav"}}]}]}),
    "openai file by id": ("openai", {"messages": [{"role": "user", "content": [{"type": "file", "file": {"file_id": "file-abc123"}}]}]}),
    "responses image": ("openai", {"input": [{"role": "user", "content": [{"type": "input_image", "image_url": _DATA_URL}]}]}),
    "anthropic image": ("anthropic", {"messages": [{"role": "user", "content": [{"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": base64.b64encode(PICTURE).decode()}}]}]}),
    "anthropic document": ("anthropic", {"messages": [{"role": "user", "content": [{"type": "document", "source": {"type": "base64", "media_type": "application/pdf", "data": base64.b64encode(b"%PDF-1.7\n\xff\xfe\x00" * 20).decode()}}]}]}),
    "gemini inline data": ("gemini", {"contents": [{"parts": [{"inlineData": {"mimeType": "image/png", "data": base64.b64encode(PICTURE).decode()}}]}]}),
    "gemini file": ("gemini", {"contents": [{"parts": [{"fileData": {"mimeType": "audio/mp3", "fileUri": "https://files.example.org/v1/files/a"}}]}]}),
}  # fmt: skip


@pytest.mark.parametrize("name", UNSCANNABLE)
@pytest.mark.covers("T16")
def test_what_cannot_be_read_is_flagged_or_refused_and_never_passed_as_clean(name):
    """Images, sound, files kept elsewhere: the row says so, and `unscannable: block` refuses them."""
    dialect, value = UNSCANNABLE[name]
    data = json.dumps({"model": "m", **value}).encode()
    got = request(dialect, OPERATIONS[dialect], data)
    assert (got.out, got.tally.verdict) == (data, "flagged")
    assert ("unscannable", "flag") in {(f.kind, f.action) for f in got.tally.findings()}
    refused = request(dialect, OPERATIONS[dialect], data, unscannable_blocks=True)
    assert (refused.out, refused.tally.verdict) == (b"", "blocked")


@pytest.mark.parametrize("media", ["image/png", "application/octet-stream", "audio/mpeg"])
@pytest.mark.covers("T16")
def test_a_binary_upload_is_flagged_or_refused(media):
    """Alone, and as a part of a form."""
    for sent, kind in ((PICTURE, media), (form(("file", "a.bin", media, PICTURE)), FORM)):
        assert request("openai", FILES, sent, content_type=kind).tally.verdict == "flagged"
        assert request("openai", FILES, sent, content_type=kind, unscannable_blocks=True).out == b""


@pytest.mark.covers("T16")
def test_text_in_base64_and_in_data_urls_is_read():
    """A text file as Anthropic's base64 document, as OpenAI's file_data: what is masked inside is base64 again."""
    held = base64.b64encode(MARK.encode()).decode()
    for dialect, value, path in (
        ("anthropic", {"messages": [{"role": "user", "content": [{"type": "document", "source": {"type": "base64", "media_type": "text/plain", "data": held}}]}]}, ("messages", 0, "content", 0, "source", "data")),
        ("openai", {"messages": [{"role": "user", "content": [{"type": "file", "file": {"filename": "a.txt", "file_data": f"data:text/plain;base64,{held}"}}]}]}, ("messages", 0, "content", 0, "file", "file_data")),
        ("gemini", {"contents": [{"parts": [{"inlineData": {"mimeType": "text/csv", "data": held}}]}]}, ("contents", 0, "parts", 0, "inlineData", "data")),
    ):  # fmt: skip
        got = request(dialect, OPERATIONS[dialect], json.dumps(value).encode(), MASKS)
        inner: Any = json.loads(got.out)
        for step in path:
            inner = inner[step]
        assert base64.b64decode(inner.rpartition(",")[2]).decode() == MASKED, dialect


@pytest.mark.parametrize(
    ("dialect", "value", "kind"),
    [
        ("openai", {"messages": [{"role": "user", "content": "card 4111 1111"}, {"role": "user", "content": " 1111 1111 ok"}]}, "CREDIT_CARD"),
        ("openai", {"messages": [{"role": "user", "content": [{"type": "text", "text": "ann@exam"}, {"type": "text", "text": "ple.org"}]}]}, "EMAIL_ADDRESS"),
        ("openai", {"input": [{"role": "user", "content": "ann@exam"}, {"role": "user", "content": "ple.org"}]}, "EMAIL_ADDRESS"),
        ("anthropic", {"messages": [{"role": "user", "content": [{"type": "text", "text": "4111 1111 "}, {"type": "text", "text": "1111 1111"}]}]}, "CREDIT_CARD"),
        ("gemini", {"contents": [{"parts": [{"text": "ann@exam"}, {"text": "ple.org"}]}]}, "EMAIL_ADDRESS"),
    ],
)
@pytest.mark.covers("T16", "T17")
def test_a_secret_over_neighbouring_texts_is_one_secret(dialect, value, kind):
    """A reader puts parts and messages together, so the rules do."""
    got = request(dialect, OPERATIONS[dialect], json.dumps(value).encode())
    assert [(f.kind, f.count) for f in got.tally.findings()] == [(kind, 1)]
    joined = "".join(text for text in _all_strings(json.loads(got.out)))
    assert f"<{kind}_1>" in joined and "1111" not in joined and "ann@" not in joined and "ple.org" not in joined


def _all_strings(value: Any) -> Iterator[str]:
    for path in strings(value):
        found: Any = value
        for step in path:
            found = found[step]
        yield found


def test_an_operation_that_is_named_here_reads_bodies():
    """Guards against a path that quietly became opaque."""
    assert all(isinstance(operation, Operation) and operation.parses for operation in OPERATIONS.values())
