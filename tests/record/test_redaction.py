"""What goes into a row under `store.content: redacted`: nothing that a log rule wants out, whatever shape it came in."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.base import Finding
from detectors.text import Text
from gateway.exchange import Closed, Exchange, Opened, Outcome
from gateway.guard.engines import Answer, Ask, Engine, Engines, Unanswered
from gateway.guard.policy import Action, Direction, Policy, Rule
from gateway.journal import Frame, Kind
from gateway.record.capture import capture
from gateway.record.enrich import SLACK_CHARS, Enricher
from gateway.record.redaction import FRESH, NAMING, Redaction, Redactor
from tests.record.test_enrich import ID, OneCent, Words
from tests.support.recording import STARTED_NS, closed, opened

MAIL = "anna.muster" + "@" + "example.org"
KEY = "sk-" + "ant-" + "api03-" + "Zq7Wm2Xv9Lk4Rt8Yp3Nc6Bd1Hf5Gj0Ks" * 3 + "-AbCdEfAA"
LOG = frozenset((Direction.LOG,))
RULES = (Rule("log-pii", "pii", LOG, Action.MASK), Rule("log-secrets", "secrets", LOG, Action.MASK))


class Mails:
    """Finds e-mail addresses, simply."""

    name, kinds, max_span = "pii", frozenset(("EMAIL_ADDRESS",)), 100

    def find(self, text: Text) -> list[Finding]:
        return [Finding("pii", "EMAIL_ADDRESS", m.start(), m.end(), 0.9) for m in re.finditer(r"[\w.]{1,40}@[\w.]{1,40}", text.raw)]

    def open_from(self, text: Text) -> int:
        found = re.search(r"[\w.@]{1,100}\Z", text.raw)
        return found.start() if found else len(text.raw)


class Keys(Mails):
    """Finds keys, simply."""

    name, kinds, max_span = "secrets", frozenset(("API_KEY",)), 300

    def find(self, text: Text) -> list[Finding]:
        return [Finding("secrets", "API_KEY", m.start(), m.end(), 1.0) for m in re.finditer(r"sk-[\w-]{40,200}", text.raw)]

    def open_from(self, text: Text) -> int:
        found = re.search(r"s(?:k(?:-[\w-]{0,200})?)?\Z", text.raw)
        return found.start() if found else len(text.raw)


class Broken(Mails):
    def find(self, text: Text) -> list[Finding]:
        if text.raw:
            raise RuntimeError("odd")
        return []


def engine(detector: Any, **changes: Any) -> Engine:
    return Engine(**{"name": detector.name, "detector": detector.name, "kinds": detector.kinds, "local": detector, "open_from": detector.open_from, **changes})


def redactor(*rules: Rule, mails: Any = None, ask: Callable[[Ask], Answer] | None = None, **changes: Any) -> Redactor:
    engines = Engines({"pii": (engine(mails or Mails(), **changes),), "secrets": (engine(Keys()),)})
    return Redactor(Policy(rules or RULES), engines, **({"ask": ask} if ask else {}))


def record(request: Any, reply: Any, *, by: Redactor | None = None, open_: Opened | None = None, close: Closed | None = None, limit: int = 100_000) -> Exchange:
    bodies = [body if isinstance(body, bytes) else orjson.dumps(body) for body in (request, reply)]
    frames = [Frame(kind, ID, orjson.dumps(meta), body, 0, 0) for kind, meta, body in ((Kind.OPEN, open_ or opened(ID), bodies[0]), (Kind.CLOSE, close or closed(ID), bodies[1]))]
    enricher = Enricher(counter=Words(), prices=OneCent(), prices_as={}, max_body_bytes=limit, keep_content=True, redactor=by or redactor(), now_ns=lambda: STARTED_NS)
    return enricher.exchange(capture(ID, "w", frames), "batch")


def asked(text: str) -> dict[str, Any]:
    return {"model": "gpt-4o", "messages": [{"role": "user", "content": text}]}


def answered(text: str) -> dict[str, Any]:
    return {"model": "gpt-4o", "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}]}


def content(exchange: Exchange) -> str:
    return exchange.prompt_text + exchange.reply_text + exchange.request_body + exchange.reply_body


def chunk(text: str) -> bytes:
    return b"data: %b\n\n" % orjson.dumps({"object": "chat.completion.chunk", "choices": [{"index": 0, "delta": {"content": text}, "finish_reason": None}]})


END = b'data: {"object":"chat.completion.chunk","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'
SSE = closed(ID, content_type="text/event-stream")


def test_bodies_and_texts_are_masked_alike_and_counted_from_the_original() -> None:
    """One redaction for the four columns; what is estimated is what was sent."""
    plain = record(asked(f"Write to {MAIL} today"), answered(f"Sent to {MAIL}, key {KEY}"), by=redactor(Rule("x", "pii", LOG, Action.MASK, apps=frozenset(("other",)))))
    got = record(asked(f"Write to {MAIL} today"), answered(f"Sent to {MAIL}, key {KEY}"))
    assert got.prompt_text == "Write to <EMAIL_ADDRESS> today" and got.reply_text.startswith("Sent to <EMAIL_ADDRESS>, key <")
    assert orjson.loads(got.request_body) == asked("Write to <EMAIL_ADDRESS> today")
    assert MAIL not in content(got) and KEY not in content(got) and MAIL in content(plain)
    assert (got.input_tokens, got.output_tokens, got.usage_source) == (plain.input_tokens, plain.output_tokens, "estimated")
    assert {(f.detector, f.direction, f.action, f.count) for f in got.findings} == {("pii", "log", "mask", 2), ("secrets", "log", "mask", 1)}
    assert (got.verdict, plain.findings, plain.outcome) == ("not_checked", (), Outcome.OK)  # log rules judge nothing


def test_what_is_clean_stays_byte_for_byte() -> None:
    """A record that is re-spelled for nothing cannot be compared with what was sent."""
    request = b'{ "model":"gpt-4o",\n "messages" : [{"role":"user","content":"caf\\u00e9 \xc3\xa9"}] }'
    got = record(request, answered("Low."))
    assert (got.request_body, got.prompt_text, got.reply_text, got.findings, got.body_note) == (request.decode(), "café é", "Low.", (), "")


@pytest.mark.parametrize("step", [1, 2, 5, 1000])
def test_a_stream_is_masked_over_its_chunks(step: int) -> None:
    """Law 2 holds for what is stored, too: an address in pieces is an address."""
    text = f"It is {MAIL} or {KEY} ok"
    stream = b"".join(chunk(text[at : at + step]) for at in range(0, len(text), step)) + END
    got = record(asked("x"), stream, close=SSE)
    assert re.fullmatch(r"It is <EMAIL_ADDRESS> or <[A-Z_]+> ok", got.reply_text), got.reply_text
    assert MAIL not in got.reply_body and KEY not in got.reply_body and got.outcome is Outcome.OK
    assert got.reply_body.startswith("data: ") and got.reply_body.endswith("data: [DONE]\n\n")


def test_a_clean_stream_stays_byte_for_byte() -> None:
    """Comments, pings and line ends are part of what happened."""
    stream = b": hello\r\n\r\n" + chunk("Low") + b"event: ping\ndata: {}\n\n" + END
    assert record(asked("x"), stream, close=SSE).reply_body == stream.decode()


def test_comments_of_a_stream_are_looked_at() -> None:
    """They are no text for a client, but they would be in the row."""
    got = record(asked("x"), b": for " + MAIL.encode() + b"\n\n" + chunk("Low.") + END, close=SSE)
    assert MAIL not in got.reply_body and got.reply_text == "Low."


@pytest.mark.parametrize(
    "body",
    [
        asked("x") | {"metadata": {"mail": MAIL}, "unknown_field": [{"deep": MAIL}], MAIL: 1},
        asked("x") | {"tools": [{"type": "function", "function": {"name": "f", "description": MAIL, "parameters": {"type": "object", "properties": {"a": {"description": MAIL}}}}}]},
        {"model": "m", "messages": [{"role": "assistant", "tool_calls": [{"id": "1", "type": "function", "function": {"name": "f", "arguments": orjson.dumps({"to": MAIL}).decode()}}]}]},
        b'{"model": "m", "messages": [{"role": "user", "content": "' + MAIL.encode() + b' and then it was c',
        b"name=x&mail=" + MAIL.encode(),
        b"\xff\xfe plain words, then " + MAIL.encode() + b" \xff",
        b'{"model": "m", "model": "' + MAIL.encode() + b'"}',
        b'["' + MAIL.encode() + b'"]',
    ],
)
@pytest.mark.covers("T16")
def test_every_shape_is_looked_at(body: Any) -> None:
    """Unknown fields, keys, tool definitions and arguments; malformed, cut, of another kind: it is stored as text, so it is read as text."""
    for got in (record(body, answered("y")), record(asked("y"), body)):
        assert MAIL not in content(got) and "EMAIL_ADDRESS" in got.request_body + got.reply_body
        assert any(f.kind == "EMAIL_ADDRESS" for f in got.findings)


def test_a_long_body_is_withheld_and_its_text_masked_up_to_its_cut() -> None:
    """Half a body has no structure to look through. What stands across the cut must not leave its beginning behind."""
    limit = 5000
    for before in range(limit - 100, limit + 1, 9):
        got = record(b'{"model":"m","messages":[{"role":"user","content":"' + b"x " * (before // 2) + MAIL.encode() + b" y" * SLACK_CHARS + b'"}]}', answered("y"), limit=limit)
        assert "anna" not in content(got) and (got.body_note, got.request_body) == ("request:withheld", "") and got.prompt_text.startswith("x x ") and len(got.prompt_text) <= limit


def test_masking_that_shortens_a_long_text_does_not_bring_its_end_into_view() -> None:
    """What is looked at of a long text ends somewhere, and there may be the half of an address."""
    mail = "a" * 25 + "." + MAIL
    got = record(asked(f"{mail} " * 4000), answered("y"), limit=5000)
    assert set(got.prompt_text[:4000].split()) == {"<EMAIL_ADDRESS>"} and not re.search(r"a{5}", got.prompt_text) and len(got.prompt_text) <= 5000


def test_a_long_stream_is_masked_over_its_chunks_and_cut() -> None:
    """The beginning of a stream is a stream: what stands in pieces in it is found, and what is stored of it can be read."""
    text = f"It is {MAIL} or {KEY} ok. " + "word " * 2000
    stream = b"".join(chunk(text[at : at + 5]) for at in range(0, len(text), 5)) + END
    got = record(asked("x"), stream, close=SSE, limit=20_000)
    assert got.reply_text.startswith("It is <EMAIL_ADDRESS> or <") and got.body_note == "reply:truncated" and 19_000 < len(got.reply_body) <= 20_000
    said = "".join(re.findall(r'"content":"([^"]*)"', got.reply_body))
    assert said.startswith("It is <EMAIL_ADDRESS> or <") and KEY[10:20] not in said and "muster" not in said


def test_a_body_is_cut_after_it_was_masked_where_its_batch_has_little_room() -> None:
    """Room is a matter of the batch, not of how long a body is that can be looked through."""
    body = orjson.dumps(asked("a\n" * 20_000 + MAIL))
    frames = [Frame(Kind.OPEN, ID, orjson.dumps(opened(ID)), body, 0, 0), Frame(Kind.CLOSE, ID, orjson.dumps(closed(ID)), b"{}", 0, 0)]
    enricher = Enricher(counter=Words(), prices=OneCent(), prices_as={}, max_body_bytes=100_000, keep_content=True, redactor=redactor(), now_ns=lambda: STARTED_NS)
    got = enricher.exchange(capture(ID, "w", frames), "batch", room=0)
    assert got.request_body.startswith('{"model"') and got.body_note == "request:truncated" and [f.kind for f in got.findings] == ["EMAIL_ADDRESS"]


def test_a_credential_is_in_no_column() -> None:
    """Wherever an app or a provider may put a word of its own, a key may stand by mistake."""
    meta = opened(ID, app=KEY, env=KEY, tags={KEY: "x"}, prompt_name=KEY, prompt_version=KEY, request_model=KEY)
    reply = answered("y") | {"model": KEY, "usage": {"prompt_tokens": 1, "completion_tokens": 1, "x": KEY}}
    reply["choices"][0]["finish_reason"] = KEY
    got = record(asked("x"), reply, open_=meta)
    columns = (got.app, got.env, got.tags, got.prompt_name, got.prompt_version, got.request_model, got.response_model, got.finish_reason, got.usage_raw)
    assert KEY not in content(got) + repr(columns) and "" not in columns and (got.input_tokens, got.output_tokens, got.usage_source) == (1, 1, "provider")
    assert orjson.loads(got.usage_raw)["x"].startswith("<")
    assert KEY not in record(b"", b"", open_=opened(ID, endpoint=f"/v1/models/{KEY}")).endpoint
    stream = b"data: %b\n\ndata: [DONE]\n\n" % orjson.dumps(reply)
    streamed = record({"model": "m", "messages": [{"role": "tool", "tool_call_id": KEY, "content": "x"}]}, stream, close=SSE)
    assert KEY not in content(streamed) and "<" in streamed.request_body and streamed.reply_text == "y"
    refused = record(asked("x"), {"error": {"message": "no", "type": KEY, "code": KEY}}, close=closed(ID, status=401, upstream_status=401))
    assert KEY not in content(refused) and refused.error_code and KEY.lower() not in refused.error_code and KEY[-20:].lower() not in refused.error_code


@pytest.mark.parametrize("first", [Rule("mine", "pii", LOG, Action.FLAG), Rule("mine", "pii", LOG, Action.MASK, enforce=False)])
def test_a_rule_that_only_counts_lets_nothing_into_the_record(first: Rule) -> None:
    """A rule on: log that flags or observes is no exception from those after it."""
    got = record(asked(MAIL), answered(MAIL), by=redactor(first, *RULES))
    assert MAIL not in content(got)
    assert {(f.action, f.count) for f in got.findings} == {("mask", 2), ("flag" if first.enforce else "observe", 2)}


@pytest.mark.covers("G6")
@pytest.mark.parametrize("bodies", [(asked("x"), answered("y")), (asked("x"), chunk("y") + END), (b"not json", b"{")])
def test_a_detector_that_fails_costs_the_content_not_the_row(bodies: tuple[Any, Any]) -> None:
    """What could not be looked at is not stored, and the row says so (law 5)."""
    got = record(*bodies, by=redactor(mails=Broken()), close=SSE if b"data" in orjson.dumps(str(bodies[1])) else None)
    assert (content(got), got.body_note, got.verdict, got.status) == ("", "request:withheld,reply:withheld", "error", 200)
    assert [(f.kind, f.direction, f.action) for f in got.findings if f.action == "error"] == [("error", "log", "error")]


@pytest.mark.parametrize(("closes", "note", "kept"), [(True, "request:withheld,reply:withheld", ""), (False, "", "hello")])
@pytest.mark.covers("G6", "G7")
def test_a_pool_without_an_answer_is_what_the_rule_says(closes: bool, note: str, kept: str) -> None:
    """on_error decides, here as on the wire; either way the row says that nobody looked."""
    rule = Rule("log-pii", "pii", LOG, Action.MASK, fail_closed=closes)
    got = record(asked("hello"), answered("y"), by=redactor(rule, ask=lambda ask: Unanswered("timeout"), local=None))
    assert (got.prompt_text, got.body_note, got.verdict) == (kept, note, "error")
    assert [(f.detector, f.action, f.count) for f in got.findings] == [("pii", "error", 2)]


def test_the_pools_findings_are_masked_in_bodies_and_streams() -> None:
    """A model's findings come from another process and are worth the same."""
    asks: list[int] = []

    def pool(ask: Ask) -> Answer:
        asks.append(len(ask.texts))
        return [Mails().find(text) for text in ask.texts]

    text = f"to {MAIL} now"
    got = record(asked(text), b"".join(chunk(c) for c in text) + END, by=redactor(ask=pool, local=None), close=SSE)
    assert (got.prompt_text, got.reply_text) == ("to <EMAIL_ADDRESS> now", "to <EMAIL_ADDRESS> now") and asks


@pytest.mark.parametrize("kept", [18, 40])  # beyond what all keys of that sort begin with
@pytest.mark.parametrize("outcome", [Outcome.PROVIDER_TRUNCATED, Outcome.CALLER_CANCELLED, Outcome.OK])
@pytest.mark.covers("T16")
def test_of_a_body_that_breaks_off_inside_a_key_no_piece_is_stored(kept: int, outcome: Outcome) -> None:
    """Half of a key is none to a detector. What was decided is there, and the row says that it is not all."""
    piece, meta = KEY[: 2 + kept], {"outcome": outcome.value}
    whole = orjson.dumps(answered(f"the words before {KEY}"))
    cut = record(asked("x"), whole[: whole.index(KEY.encode()) + len(piece)], close=closed(ID, **meta))
    assert piece not in content(cut) and cut.reply_body.endswith("the words before ") and cut.body_note == "reply:truncated"
    asked_ = orjson.dumps(asked(f"the words before {KEY}"))
    cut = record(asked_[: asked_.index(KEY.encode()) + len(piece)], answered("y"))
    assert piece not in content(cut) and cut.request_body.endswith("the words before ") and cut.body_note == "request:truncated"
    if outcome is not Outcome.OK:
        plain = record(asked("x"), f"the words before {piece}".encode(), close=closed(ID, content_type="text/plain", **meta))
        assert plain.reply_body == "the words before " and plain.body_note == "reply:truncated"
    stream = b"".join(chunk(text) for text in ("the words ", "before ", piece[:3], piece[3:]))
    cut = record(asked("x"), stream, close=closed(ID, content_type="text/event-stream", **meta))
    assert piece[:3] not in cut.reply_text + cut.reply_body.replace(ID.hex(), "") and cut.reply_text.startswith("the words before") and cut.body_note == "reply:truncated"


def test_a_body_that_is_whole_keeps_its_end() -> None:
    """Only what breaks off has an open end: not a stream that said that it is over, and not an error page."""
    for text in ("ends with s", "ends with sk-", "plain"):
        got = record(asked(text), answered(text))
        assert (got.prompt_text, got.reply_text, got.body_note) == (text, text, "")
        got = record(asked(text), chunk(text) + END, close=SSE)
        assert (got.reply_text, got.body_note) == (text, "")
        got = record(asked("x"), text.encode(), close=closed(ID, content_type="text/html", status=502, upstream_status=502))
        assert (got.reply_body, got.body_note) == (text, "")


def test_without_content_what_things_are_called_holds_no_key() -> None:
    """store.content: none. The columns that a caller fills are looked through all the same; addresses stay, as whom the rows are grouped by."""
    meta = opened(ID, app=KEY, env=KEY, tags={KEY: KEY}, user_id=f"{MAIL} {KEY}", session_id=KEY, prompt_name=KEY, prompt_version=KEY, request_model=KEY, endpoint=f"/v1/{KEY}")
    frames = [Frame(kind, ID, orjson.dumps(each), b"", 0, 0) for kind, each in ((Kind.OPEN, meta), (Kind.CLOSE, closed(ID)))]
    engines = Engines({"secrets": (engine(Keys()),)})
    enricher = Enricher(counter=Words(), prices=OneCent(), prices_as={}, max_body_bytes=100, keep_content=False, naming=Redactor(NAMING, engines), now_ns=lambda: STARTED_NS)
    got = enricher.exchange(capture(ID, "w", frames), "batch")
    assert KEY not in repr(got) and got.user_id == f"{MAIL} <API_KEY>" and got.verdict == "not_checked" and not got.findings


def test_names_keep_addresses_and_lose_credentials() -> None:
    """Whom an app serves is what its rows are grouped by; a key is never a name."""
    meta = opened(ID, user_id=MAIL, session_id=f"s-{KEY}", tags={"who": MAIL, "key": KEY}, prompt_name="daily")
    redact = redactor()
    for _ in range(2):  # the second time names are known
        got = record(asked("x"), answered("y"), open_=meta, by=redact)
        assert (got.user_id, got.tags["who"], got.prompt_name) == (MAIL, MAIL, "daily")
        assert KEY not in got.session_id + got.tags["key"] and got.tags["key"].startswith("<")


def test_without_a_rule_for_the_app_nothing_is_looked_at() -> None:
    """`apps:` of a log rule means what it says."""
    by = redactor(Rule("log-pii", "pii", LOG, Action.MASK, apps=frozenset(("shop",)), envs=frozenset(("prod",))), mails=Broken())
    assert by.begin(app="other", env="prod") is None and isinstance(by.begin(app="shop", env="prod"), Redaction)
    assert record(asked("x"), answered("y"), by=by, open_=opened(ID, app="other", env="prod")).prompt_text == "x"


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.covers("T24")
def test_no_column_holds_what_was_taken_out(stream: bool) -> None:
    """A provider's own words stand in several columns: the model, the finish reason, the usage as it came."""
    usage = {"prompt_tokens": 5, "completion_tokens": 7, "total_tokens": 12, "note": f"for {MAIL}"}
    whole = {"model": f"m {MAIL}", "choices": [{"index": 0, "finish_reason": f"stop {MAIL}", "message": {"role": "assistant", "content": MAIL}, "delta": {"content": MAIL}}], "usage": usage}
    got = record(asked(MAIL), b"data: %b\n\ndata: [DONE]\n\n" % orjson.dumps(whole) if stream else whole, close=SSE if stream else None)
    assert MAIL not in repr(got) and (got.input_tokens, got.output_tokens, got.usage_source) == (5, 7, "provider")
    broken = record(asked(MAIL), whole, by=redactor(mails=Broken()))
    assert MAIL not in broken.usage_raw + content(broken) and (broken.usage_raw, broken.input_tokens) == ("", 5)


def test_pictures_are_stored_and_flagged() -> None:
    """No detector reads them; the row says that there was something nobody looked at."""
    picture = "data:image/png;base64," + "iVBORw0KGgo" + "A" * 400
    got = record({"model": "m", "messages": [{"role": "user", "content": [{"type": "text", "text": "see"}, {"type": "image_url", "image_url": {"url": picture}}]}]}, answered("y"))
    assert picture in got.request_body and [(f.detector, f.kind, f.action) for f in got.findings] == [("guard", "unscannable", "flag")]


def test_a_refusal_of_the_provider_that_quotes_the_prompt_is_masked() -> None:
    """Error messages quote what they complain about."""
    got = record(asked("x"), {"error": {"message": f"bad address {MAIL}", "type": "invalid_request_error", "code": None}}, close=closed(ID, status=400, upstream_status=400))
    assert MAIL not in content(got) and (got.outcome, got.error_code) == (Outcome.CALLER_REJECTED, "invalid_request_error")


@pytest.mark.parametrize("body", [b"", b"  \n"])
def test_nothing_is_nothing(body: bytes) -> None:
    """A GET has no body, and no detector is asked about it."""
    got = record(body, body, by=redactor(mails=Broken()), open_=opened(ID, method="GET", endpoint="/v1/models", operation="other"))
    assert (got.body_note, got.verdict, got.findings) == ("", "not_checked", ())



def test_apps_that_make_names_up_are_not_remembered_one_by_one() -> None:
    """Who has looked at names and found nothing is asked again for the same app, and there may be any number of these."""
    naming = redactor()
    first = naming.naming(app="shop", env="prod")
    assert first is not None and naming.naming(app="shop", env="prod") is first
    for number in range(4 * FRESH):
        naming.naming(app=f"app-{number}", env="prod")
        assert len(naming._fresh) <= FRESH
    first = naming.naming(app="shop", env="prod")
    assert first is not None and first.name(KEY) != KEY
    assert naming.naming(app="shop", env="prod") is not first

_BITS = st.sampled_from([b'"', b"{", b"}", b"[", b":", b",", b"\\", b"\\u00", b"\\n", b"\n\n", b"\r\n", b"data: ", b"data:", b"event: x\n", b": ", b"id: 1\n", b"\xff", b"\x00", b"\xef\xbb\xbf", b"[DONE]", b"a=", b"&", b"%41",
    b'{"choices":[{"index":0,"delta":{"content":"', b'"}}]}', b'{"model":"m","messages":[{"role":"user","content":"', b'"}]}', b" ", b"1234567890123"])  # fmt: skip


@settings(deadline=None, max_examples=400)
@given(st.lists(_BITS, max_size=12), st.lists(_BITS, max_size=12), st.sampled_from(["openai", "anthropic", "gemini", "opaque", "?"]), st.sampled_from(["application/json", "text/event-stream", "text/plain", ""]))
def test_whatever_stands_around_it_it_does_not_get_into_the_row(before: list[bytes], after: list[bytes], dialect: str, content_type: str) -> None:
    """Structure that is broken on purpose must not be a way past the record's rules; nor may it cost the row."""
    body = b"".join(before) + MAIL.encode() + b"".join(after)
    endpoint = {"anthropic": "/v1/messages", "gemini": "/v1beta/models/{model}:generateContent"}.get(dialect, "/v1/chat/completions")
    got = record(body, body, open_=opened(ID, dialect=dialect, endpoint=endpoint, content_type=content_type), close=closed(ID, content_type=content_type))
    assert "muster@" not in repr(got).lower()
    assert got.status == 200 and got.id.bytes == ID
