"""From what the journal holds to the Exchange: read both bodies, decide the outcome, count, price.

Rules of this file: no I/O and one clock, which is only used to refuse times from the future; the same captured bytes give the same
Exchange, apart from that. `Enricher.exchange` never raises: an exchange that one of the readers stumbles over is recorded without what was read from
its bodies, and says so (`body_note` unreadable), because a row with holes is worth more than none and one odd body must not stop the record.

Usage and cost are gateway.record.billing's. With `keep_content` off no text and no body leaves this file; with a redactor, only what it
has been through. Everything but texts and bodies is read from the originals.
"""

# mypy: disable-error-code="misc"
# That is what setting the fields of an Exchange is called; here it is a draft, and what is set is checked all the same.

from __future__ import annotations

import datetime as dt
import math
import re
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple, Protocol

import orjson

from gateway.dialects import operation_of
from gateway.dialects.base import Operation, Reply, Request
from gateway.dialects.reading import read_reply, read_request
from gateway.exchange import BodyNote, Closed, Exchange, Opened, Outcome, Place, Segment, Usage
from gateway.log import event
from gateway.record.billing import Billed, Prices, followed, priced, said_after, summed, unheard, used, withheld_of
from gateway.record.bodies import decode
from gateway.record.capture import Captured
from gateway.record.draft import begun, finished
from gateway.record.guarded import guarded
from gateway.record.outcome import decide
from gateway.record.phases import attempts_in, phases_of
from gateway.record.redaction import Redaction, Redactor, first_events

MAX_DECODED_BYTES = 64 << 20  # of one body, while it is read
LEAST_BODY_BYTES = 16 << 10  # of a body is kept however little room its batch has left
MAX_NAME_CHARS = 256  # models
MAX_USAGE_CHARS = 16 * 1024
MAX_NOTE_CHARS = 256
SLACK_CHARS = 32_768  # of a long text, looked at beyond what is kept of it, so that nothing is cut off in the middle of what should go
MAX_SPAN_CHARS = 4096  # of what detectors find
SLACK_STREAM_BYTES = 512 << 10  # the same of a stream, whose events are a hundred times their text
TOGETHER = 4  # steps that some exchanges take together: as many as `_steps` says None; the last, each takes by itself
AHEAD_S = 86_400.0  # a start further in the future than this is a broken clock
_EARLIEST_NS = 1_577_836_800 * 10**9  # 2020: nothing was relayed before, so it is one as well
_CUT = frozenset(
    (Outcome.PROVIDER_TRUNCATED, Outcome.PROVIDER_TIMEOUT, Outcome.CALLER_CANCELLED, Outcome.GATEWAY_SHUTDOWN, Outcome.GATEWAY_CRASH, Outcome.GATEWAY_ERROR)
)
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_CHAT = ("chat", "generate_content")
_FIGURES = re.compile(r'(?:[\[\]{}:,.\d+-]|null|true|false|[eE]|"[A-Za-z_]{0,40}")*+')  # usage as it nearly always is


class Counter(Protocol):
    """gateway.record.tokens.TokenCounter."""

    def estimate(self, request: Sequence[Segment], reply: Sequence[Segment] | None, model: str, *, chat: bool = True) -> Usage: ...


class _Body(NamedTuple):
    """A body, decoded. note: why it is not whole."""

    data: bytes
    note: str


class _Kept(NamedTuple):
    """What a row holds of one body. said: a reply as it was read again, after something was taken out; None: as it was read first.

    looked_through: False: of what the provider said in words elsewhere (`usage_raw`) nobody knows what it holds.
    """

    body: str
    text: str
    note: str
    said: Reply | None = None
    looked_through: bool = True


_WITHHELD = _Kept("", "", BodyNote.WITHHELD.value, looked_through=False)


class _Read(NamedTuple):
    """What the bodies say. replies: all that a provider gave."""

    request: Request
    reply: Reply
    replies: list[Billed]


_Steps = Iterator[Exchange | None]  # an exchange while it is made: None where the others have their turn, then the record


class Enricher:
    """See the module. Use in one thread."""

    def __init__(
        self,
        *,
        counter: Counter,
        prices: Prices,
        prices_as: Mapping[str, str | None],
        max_body_bytes: int,
        keep_content: bool,
        redactor: Redactor | None = None,
        naming: Redactor | None = None,
        now_ns: Callable[[], int] = time.time_ns,
    ) -> None:
        """prices_as: by provider, whose price list holds (see PriceBook.cost). max_body_bytes: of one body in the row. redactor: None: content as it was. naming: where there is no redactor, looks through what callers and providers call things."""
        self._counter, self._prices, self._prices_as = counter, prices, dict(prices_as)
        self._max_body_bytes, self._keep_content, self._now_ns = max_body_bytes, keep_content, now_ns
        self._redactor, self._naming = redactor, naming
        self._room: int | None = None  # bytes that the batch has left for the rows of those that are made now

    def exchange(self, captured: Captured, batch_id: str, room: int | None = None) -> Exchange:
        """The record of one exchange. room: bytes that its batch has left for rows; None: any number."""
        return self.exchanges((captured,), batch_id, room)[0]

    def exchanges(self, captured: Sequence[Captured], batch_id: str, room: int | None = None) -> list[Exchange]:
        """The records of some exchanges, few enough for all of them to be under way at once: each step is taken for all before the next is for any. A third less than one after the other,
        for what a step needs is still at hand in the processor then.
        """
        self._room = room
        steps = [self._steps(one, batch_id) for one in captured]
        for _ in range(TOGETHER):
            steps = [self._gone_on(made, one, batch_id) for made, one in zip(steps, captured, strict=True)]
        return [self._ended(made, one, batch_id) for made, one in zip(steps, captured, strict=True)]

    def _gone_on(self, steps: _Steps, captured: Captured, batch_id: str) -> _Steps:
        try:
            next(steps)
        except Exception as e:  # noqa: BLE001  bodies come from outside; whatever a reader stumbles over, the row must be written
            return self._steps(_bare(captured, e), batch_id)
        return steps

    def _ended(self, steps: _Steps, captured: Captured, batch_id: str) -> Exchange:
        try:
            return next(filter(None, steps))
        except Exception as e:  # noqa: BLE001  as above
            return next(filter(None, self._steps(_bare(captured, e), batch_id)))

    def _steps(self, captured: Captured, batch_id: str) -> _Steps:
        opened, closed = captured.opened or Opened(captured.id.hex, _time_of(captured.id), captured.stream, "", "", "", "", ""), captured.closed
        provider = (closed.provider if closed else "") or opened.provider
        at, clock_note = self._started_at(opened.started_at_ns)
        operation = operation_of(opened.dialect, opened.method, opened.endpoint)
        request_body = _decoded(captured.request_body, opened.content_encoding, captured.request_note)
        reply_body = _decoded(captured.reply_body, closed.content_encoding if closed else "", captured.reply_note)
        request = read_request(operation, request_body.data, opened.content_type)
        yield None
        read = self._read(operation, opened, closed, request, request_body, reply_body, provider)
        yield None
        # a compressed body that ends too early is the provider's doing, as bytes are where text is due; unlike one that was recorded in part; what was withheld still says how it ended
        hollow = reply_body.note == BodyNote.WITHHELD and bool(reply_body.data)
        whole = hollow or (not captured.reply_note and reply_body.note in ("", BodyNote.TRUNCATED, BodyNote.BINARY) and len(reply_body.data) < MAX_DECODED_BYTES)
        redaction = self._redactor.begin(app=opened.app, env=opened.env, prompt=opened.prompt_name) if self._redactor else None
        naming = redaction or (self._naming.naming(app=opened.app, env=opened.env) if self._naming else None)
        name, coined = (naming.name, naming.coined) if naming else (str, str)
        outcome, error_code = decide(closed, operation, opened.method, _named(read.reply, coined), body_is_whole=whole, has_body=bool(captured.reply_body), asked=captured.opened is not None)
        request_model = opened.request_model or read.request.model
        billed, usage_source = summed(read.replies)
        price = priced(read.replies, self._prices, self._prices_as, request_model[:MAX_NAME_CHARS], at)
        yield None
        limit = self._max_body_bytes if self._room is None else min(self._max_body_bytes, max(self._room // 4, LEAST_BODY_BYTES))
        kept_request = self._kept(redaction, opened.dialect, operation, request_body, read.request.segments, limit, opened)
        kept_reply = self._kept(redaction, opened.dialect, operation, reply_body, read.reply.segments, limit, closed or Closed("", 0, 200, ""), cut=_is_cut(closed, read.reply))
        if self._room is not None:
            self._room = max(0, self._room - len(kept_request.body) - len(kept_request.text) - len(kept_reply.body) - len(kept_reply.text))
        yield None
        tags = {name(key): name(value) for key, value in opened.tags.items()} if opened.tags else {}
        user_id, session_id = opened.user_id and name(opened.user_id), opened.session_id and name(opened.session_id)
        prompt_name, prompt_version = opened.prompt_name and name(opened.prompt_name), opened.prompt_version and name(opened.prompt_version)
        said, usage = kept_reply.said or read.reply, billed or Usage()
        app, env, endpoint = name(opened.app), name(opened.env), name(opened.endpoint)
        asked_of, answered_by, ended = coined(request_model), coined(said.model), coined(said.finish_reason)
        usage_raw = _raw(said, redaction, self._keep_content) if kept_reply.looked_through else ""
        findings, verdict, guard_s = guarded(opened, closed, redaction)
        draft = begun()
        draft.id = captured.id
        draft.started_at = at
        draft.app = app
        draft.env = env
        draft.key_id = opened.key_id
        draft.user_id = user_id
        draft.session_id = session_id
        draft.trace_id = opened.trace_id
        draft.span_id = opened.span_id
        draft.parent_span_id = opened.parent_span_id
        draft.prompt_name = prompt_name
        draft.prompt_version = prompt_version
        draft.tags = tags
        draft.provider = provider
        draft.dialect = opened.dialect
        draft.operation = opened.operation
        draft.method = opened.method
        draft.endpoint = endpoint
        draft.request_model = asked_of[:MAX_NAME_CHARS]
        draft.response_model = answered_by[:MAX_NAME_CHARS]
        draft.is_stream = read.request.is_stream or (closed is not None and "event-stream" in closed.content_type.lower())
        draft.status = closed.status if closed else None
        draft.upstream_status = closed.upstream_status if closed else None
        draft.outcome = outcome
        draft.error_code = error_code
        draft.finish_reason = ended[:MAX_NAME_CHARS]
        phases = phases_of(closed, outcome, error_code, provider)
        draft.attempts = max(closed.attempts, attempts_in(phases)) if closed else None
        draft.duration_s = _span(closed.duration_s) if closed else None
        draft.time_to_first_chunk_s = _span(closed.time_to_first_chunk_s) if closed else None
        draft.upstream_s = _span(closed.upstream_s) if closed else None
        draft.connect_s = _span(closed.connect_s) if closed else None
        draft.overhead_s = _span(closed.overhead_s) if closed else None
        draft.guard_s = _span(guard_s)
        draft.input_tokens = usage.input_tokens
        draft.output_tokens = usage.output_tokens
        draft.cache_read_tokens = usage.cache_read_tokens
        draft.cache_write_tokens = usage.cache_write_tokens
        draft.cache_write_1h_tokens = usage.cache_write_1h_tokens
        draft.reasoning_tokens = usage.reasoning_tokens
        draft.input_audio_tokens = usage.input_audio_tokens
        draft.output_audio_tokens = usage.output_audio_tokens
        draft.usage_source = usage_source
        silent = unheard(closed, phases) if billed is not None and operation.bills else ""
        draft.usage_note = "; ".join([note for note in (silent, usage.note, price.note, clock_note) if note])[:MAX_NOTE_CHARS]
        draft.usage_raw = usage_raw
        draft.cost_usd = price.usd
        draft.price_source = price.source
        draft.request_bytes = max(0, opened.request_bytes)
        draft.reply_bytes = max(0, closed.reply_bytes) if closed else len(captured.reply_body) or None  # what is in no part yet is on no record
        draft.prompt_text = kept_request.text
        draft.reply_text = kept_reply.text
        draft.request_body = kept_request.body
        draft.reply_body = kept_reply.body
        draft.body_note = _body_note(kept_request.note, kept_reply.note)
        draft.findings = findings
        draft.verdict = verdict
        draft.batch_id = batch_id
        draft.worker = opened.worker
        draft.gateway_version = opened.version
        draft.phases = phases
        draft.trace_sampled = opened.sampled is not False
        draft.route = opened.route
        yield finished(draft)

    # ------------------------------------------------------------------ parts

    def _read(self, operation: Operation, opened: Opened, closed: Closed | None, request: Request, request_body: _Body, reply_body: _Body, provider: str) -> _Read:
        model = opened.request_model or request.model
        withheld = withheld_of(closed.withheld) if closed is not None and closed.withheld else ()
        estimate = None if BodyNote.WITHHELD in (request_body.note, reply_body.note) else self._estimate
        replies = []
        for one in withheld:
            if one.place is not Place.REST:
                usage, source = used(operation, request, Reply(one.model, usage=one.usage, complete=one.complete), model, estimate=estimate, more_bytes=one.said_bytes)
                replies.append(Billed(one.provider or provider, one.model, usage, source))
        if closed is None:  # the status is not known; a reply that had begun to arrive in parts was most likely a good one
            status: int | None = 200 if reply_body.data else None
        else:
            status = closed.upstream_status
        if status is None:  # whatever the body says, the gate wrote it
            return _Read(request, Reply(), replies)
        reply = read_reply(operation, status, closed.content_type if closed else "", reply_body.data)
        last = withheld[-1] if withheld else None
        if last is not None and last.place is Place.WHOLE:  # as above
            return _Read(request, reply._replace(usage=None, usage_raw=None), replies)
        if status >= 300:
            return _Read(request, reply, [*replies, Billed(provider, reply.model, reply.usage, "provider" if reply.usage else "")])
        more = last if last is not None and last.place is Place.REST else None
        counted = reply if more is None else followed(reply, more)
        more_bytes = said_after(operation, reply, more) if more is not None else 0
        usage, source = used(operation, request, counted, model, estimate=estimate, more_bytes=more_bytes)
        return _Read(request, reply, [*replies, Billed(provider, reply.model[:MAX_NAME_CHARS], usage, source)])

    def _estimate(self, operation: Operation, request: Request, reply: Reply, model: str) -> Usage:
        generated = None if operation.name == "embeddings" else reply.segments
        return self._counter.estimate(request.segments, generated, model, chat=operation.name in _CHAT)

    def _started_at(self, ns: int) -> tuple[dt.datetime, str]:
        now = self._now_ns()
        if not _EARLIEST_NS <= ns <= now + int(AHEAD_S * 1e9):  # a wrong partition would be dropped by the TTL, or never
            return _moment(now), "clock of the worker was wrong"
        return _moment(ns), ""

    def _kept(
        self, redaction: Redaction | None, dialect: str, operation: Operation, body: _Body, segments: Sequence[Segment], limit: int, meta: Opened | Closed, *, cut: bool = False
    ) -> _Kept:
        """What the row holds of a body and its text. meta: the frame that it came with, which says whether it is a reply."""
        if not self._keep_content or body.note == BodyNote.WITHHELD:
            return _Kept("", "", body.note)
        text = "\n".join([segment.text for segment in segments if segment.text])
        if redaction is None or not (body.data or text):
            return _cut(body, text, limit)
        if len(body.data) > self._max_body_bytes:
            return self._beginning(redaction, dialect, operation, body, text, limit, meta)
        if isinstance(meta, Closed):
            data = redaction.reply(dialect, operation, body.data, meta.content_type, cut=cut)
        else:
            data = redaction.request(dialect, operation, body.data, meta.content_type)
        note = body.note or (BodyNote.TRUNCATED.value if redaction.held else "")
        if data is None:
            return _WITHHELD
        if data == body.data:
            return _looked(redaction, _Body(data, note), text, segments, limit, None)
        said = read_reply(operation, meta.upstream_status or 200, meta.content_type, data) if isinstance(meta, Closed) else None
        again = said.segments if said is not None else read_request(operation, data, "").segments
        text = "\n".join(segment.text for segment in again if segment.text) if text else ""
        return _looked(redaction, _Body(data, note), text, again, limit, said)

    def _beginning(self, redaction: Redaction, dialect: str, operation: Operation, body: _Body, text: str, limit: int, meta: Opened | Closed) -> _Kept:
        """Of a body too long to be kept: a stream's first events, for these are whole. Half of anything else has no structure, so its text alone."""
        said = redaction.text(text[: limit + SLACK_CHARS])
        if said is None:
            return _WITHHELD
        if len(text) > limit + SLACK_CHARS:  # masking may have made it shorter, and what it ends with may be half of something
            said = said[: max(0, len(said) - MAX_SPAN_CHARS)]
        head = first_events(body.data, limit + SLACK_STREAM_BYTES) if isinstance(meta, Closed) else b""
        data = redaction.reply(dialect, operation, head, meta.content_type) if head else b""
        if not data:
            return _Kept("", said[:limit], BodyNote.WITHHELD.value, looked_through=False)
        most = limit if len(head) == len(body.data) else min(limit, max(0, len(data) - SLACK_STREAM_BYTES))
        return _cut(_Body(data, body.note), said[:limit], most)._replace(text=said[:limit], note=body.note or BodyNote.TRUNCATED.value, looked_through=False)


def _bare(captured: Captured, error: Exception) -> Captured:
    """What is left of an exchange that one of the readers has stumbled over."""
    event("exchange_unreadable", id=captured.id, error=type(error).__name__)
    return captured._replace(request_body=b"", reply_body=b"", request_note=BodyNote.UNREADABLE.value, reply_note=BodyNote.UNREADABLE.value)


def _is_cut(closed: Closed | None, reply: Reply) -> bool:
    """Whether a reply ended before it was over, for the client or for the provider."""
    return closed is None or closed.outcome in _CUT or closed.body_note == BodyNote.TRUNCATED or ("event-stream" in closed.content_type.lower() and not reply.complete)


def _looked(redaction: Redaction, body: _Body, text: str, segments: Sequence[Segment], limit: int, said: Reply | None) -> _Kept:
    """What the row holds of a body that was looked through, its text too: put together it may say more than its pieces did, and then the body says it in pieces."""
    kept = redaction.said(text, [segment.text for segment in segments if segment.text], body.data) if text else (text, False)
    if kept is None:
        return _WITHHELD
    if kept[1]:
        return _Kept("", kept[0][:limit], BodyNote.WITHHELD.value, said=said)
    return _cut(body, kept[0], limit)._replace(said=said)


def _cut(body: _Body, text: str, limit: int) -> _Kept:
    if len(body.data) <= limit:
        return _Kept(body.data.decode("utf-8", "replace"), text[:limit], body.note)
    cut = limit
    while cut > 0 and body.data[cut] & 0xC0 == 0x80:  # not inside a character
        cut -= 1
    return _Kept(body.data[:cut].decode("utf-8", "replace"), text[:limit], body.note or BodyNote.TRUNCATED.value)


def _decoded(body: bytes, encoding: str, note: str) -> _Body:
    if not body or note == BodyNote.WITHHELD:  # what is left of one that was withheld was written anew
        return _Body(body, note)
    if encoding:
        plain = decode(body, encoding, MAX_DECODED_BYTES)
        if plain is None:
            return _Body(b"", BodyNote.UNREADABLE.value)
        body, note = plain.data, note or ("" if plain.whole else BodyNote.TRUNCATED.value)
    if b"\0" in body[:1024]:  # no text begins like this
        return _Body(b"", BodyNote.BINARY.value)
    return _Body(body, note)


def _body_note(request: str, reply: str) -> str:
    """`request:truncated`, `reply:binary`, or both, with a comma."""
    return ",".join([f"{which}:{note}" for which, note in (("request", request), ("reply", reply)) if note])


def _moment(ns: int) -> dt.datetime:
    return _EPOCH + dt.timedelta(microseconds=ns // 1000)


def _time_of(id: uuid.UUID) -> int:
    """When a UUIDv7 was made, ns: of an exchange whose OPEN cannot be read."""
    return (id.int >> 80) * 1_000_000


def _span(seconds: float | None) -> float | None:
    """A duration: a clock that stepped must not make it negative (FAILURES D8)."""
    if seconds is None or not math.isfinite(seconds):
        return None
    return seconds if seconds > 0.0 else 0.0


def _named(reply: Reply, name: Callable[[str], str]) -> Reply:
    """The reply with its error's words as they may be told."""
    if reply.error is None:
        return reply
    return reply._replace(error=replace(reply.error, type=name(reply.error.type), code=name(reply.error.code)))


def _raw(reply: Reply, redaction: Redaction | None, keep_content: bool) -> str:
    """Its usage object; where nothing may be kept of what was said, only one that says nothing but figures and words of a provider's own."""
    if not reply.usage_raw:
        return ""
    try:
        raw = orjson.dumps(reply.usage_raw).decode()
    except TypeError:
        return ""  # the dialect let something through that is not JSON; the body has it
    if (redaction is not None or not keep_content) and _FIGURES.fullmatch(raw) is None:
        raw = redaction.text(raw) or "" if redaction is not None else ""
    return raw[:MAX_USAGE_CHARS]


def storable(exchange: Exchange, encode: Callable[[Exchange], bytes]) -> tuple[Exchange, bytes]:
    """The exchange and its row; if a figure has no place in its column, both without figures, and a note that says which it was."""
    try:
        return exchange, encode(exchange)
    except ValueError as e:
        unknown = dict.fromkeys((name for name in Exchange.__slots__ if name.endswith("_tokens")), None)
        bare = replace(exchange, **unknown, cost_usd=None, usage_source="", price_source="", usage_note=f"not storable: {e}"[:MAX_NOTE_CHARS])  # type: ignore[arg-type]
        return bare, encode(bare)
