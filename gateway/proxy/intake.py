"""One request until it is sent: its headers read, its provider and caller known, its body whole, its open frame written.

A refused request has its frames too: an open without a body and a close, so that what was turned away is on record. Bodies of requests
that were refused before they were read are never read.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable
from functools import lru_cache
from time import perf_counter
from typing import TYPE_CHECKING, Any, overload

from gateway import __version__
from gateway.dialects.base import Dialect
from gateway.dialects.shapes import is_model
from gateway.errors import RelayError
from gateway.exchange import BodyNote, Closed, Opened, Outcome
from gateway.guard.hollow import hollow
from gateway.journal import PART_BYTES, Journal, Kind
from gateway.proxy.admission import Admission
from gateway.proxy.auth import Caller
from gateway.proxy.body import EMPTY, Misframed
from gateway.proxy.guard import Guarded
from gateway.proxy.headers import Read
from gateway.proxy.long import Content, Gathering, Long, parts
from gateway.proxy.reply_head import error_head
from gateway.proxy.request import Answer, Request
from gateway.proxy.route import Destination, Routes
from gateway.proxy.uploads import Uploads

if TYPE_CHECKING:
    from gateway.proxy.ingress import Terms

_TEXTUAL = ("application/json", "text/", "application/x-ndjson")
_SOME_ID = "01234567-89ab-7cde-8f01-23456789abcd"  # no message has it
_OVERLOADED = Outcome.GATEWAY_OVERLOADED  # looked up once: the class is slow to ask
_SAMPLED = "13579bdf"  # the last digit of a traceparent's flags, where bit 0 is set
_VERSION, _FREE = 0x7000_8000 << 48, 0x0FFF_3FFF << 48 | (1 << 48) - 1  # of a UUIDv7's lower 80 bits
REFUSED_BYTES = 8 << 20  # of the body of a request that a guard refused: what the record keeps by default


class _Chance:
    """Random bytes, 34 at a time, from the kernel by the thousand: a call there costs more than all that is made of them. No secret is made of these."""

    __slots__ = ("_at", "_held")

    def __init__(self) -> None:
        self._held, self._at = b"", 0

    def take(self) -> bytes:
        at = self._at
        if at == len(self._held):
            self._held, at = os.urandom(34 * 64), 0
        self._at = at + 34
        return self._held[at : at + 34]


_chance = _Chance()


class Intake:
    """See the module. `opened` is the open frame's meta, filled in as it becomes known."""

    __slots__ = ("_dialect", "_journal", "_withholds", "_written", "body_wait", "guarded", "handed_over", "id", "key", "opened", "placed", "read", "request", "started", "stopped", "trace_flags", "uploaded")

    def __init__(self, request: Request, journal: Journal, fallback: Dialect, terms: Terms) -> None:
        """fallback: whose error shape is used before the request's own dialect is known."""
        self.started = perf_counter()
        now = time.time_ns()
        chance = _chance.take()
        self.id = uuid7(now, chance[:10])
        self.request, self._journal, self._dialect = request, journal, fallback
        self._written, self._withholds = False, terms.withholds
        self.stopped = b""  # the body that a guard is looking at: of what it turns away, there is a record
        self.handed_over = False  # to a relay, which from then on answers and records
        self.body_wait = 0.0
        self.key: str | bytes = ""  # who asks, as far as turns are fair
        self.placed = self.uploaded = False  # it is in (see Admission); its body came in later than its head
        self.guarded: Guarded | None = None  # what the policy's rules ask of it
        read = self.read = request.read
        trace = read.trace() if b"traceparent" in read.notes else None
        self.trace_flags = trace[2] if trace else "01"
        told = read.told
        if not told:
            told.update({"id": "", "started_at_ns": 0, "trace_id": "", "span_id": "", "worker": terms.worker, "provider": "", "dialect": "", "operation": ""})
            told.update({"method": request.method[:16], "endpoint": "", "app": terms.app, "env": terms.env, "version": __version__})
            told.update(_told(read, terms.withholds))
        meta = told.copy()
        meta["id"], meta["started_at_ns"] = self.id.hex(), now
        meta["trace_id"], meta["span_id"] = trace[0] if trace else chance[10:26].hex(), chance[26:34].hex()
        opened = self.opened = Opened.of(meta)
        if trace:
            opened.parent_span_id, opened.sampled = trace[1], trace[2][1] in _SAMPLED

    def request_id(self) -> bytes:
        """The exchange's id as the client sees it: a UUID."""
        text = self.opened.id
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}".encode()

    def route(self, routes: Routes) -> Destination:
        """Raises RelayError."""
        read = self.read
        known: Destination | None = read.leads
        if known is not None:
            self._dialect = known.provider.dialect
            return known
        notes = read.notes
        google = any(low == b"x-goog-api-key" for _, low, _ in read.credentials)
        try:
            destination = routes.find(self.request.method, self.request.target, notes, google_key=google)
        except RelayError:
            self._dialect = routes.spoken(self.request.target, notes, google_key=google) or self._dialect
            raise
        meaning, told = destination.meaning, {}
        self._dialect = destination.provider.dialect
        told["provider"], told["dialect"] = destination.provider.name, destination.provider.dialect.name
        if destination.way.route:
            told["route"] = destination.way.route
        told["operation"], told["endpoint"] = meaning.operation.name, meaning.endpoint
        if meaning.model:
            told["request_model"] = self._model(meaning.model)
        self.opened.__dict__.update(told)
        if b"upgrade" in notes and self.request.method == "GET" and b"websocket" in notes[b"upgrade"].lower():
            message = "the gate does not relay WebSockets; use the provider's HTTP interface, or connect to the provider itself"
            raise RelayError(501, "websocket_unsupported", message, Outcome.CALLER_INVALID, source="caller")
        read.told.update(told)
        read.leads = destination
        return destination

    def known(self, destination: Destination, caller: Caller) -> None:
        """Whom it is for, and from whom. A gateway key's app and env win over what the headers say."""
        self.opened.provider = destination.provider.name
        identity = caller[0]
        if identity is not None:
            self.opened.__dict__.update(identity.labels())

    def _model(self, named: str) -> str:
        """What a path calls a model, as far as it may be written down."""
        return named if not self._withholds or is_model(named) else ""

    def masked(self, path: str, destination: Destination) -> None:
        """A guard has changed the path, which may name a model."""
        self.opened.request_model = self._model(destination.provider.dialect.route(self.request.method, path).model)

    # ------------------------------------------------------------------ the body

    def body_here(self, limit: int) -> bytes | None:
        """The request's body, if it has come with the head and nobody waits for leave to send it; None: see `body`. Raises as that."""
        payload = self.request.payload
        if payload is EMPTY:
            return b""
        if not payload.is_eof() or b"expect" in self.read.notes:
            return None
        body = payload.read_nowait()
        size = len(body)
        if size > limit:
            raise _too_large(limit)
        self.opened.request_bytes = size
        return body

    async def body(self, limit: int, timeout_s: float, admission: Admission, *, whole: bool) -> Content:
        """The request's body, at most `limit` bytes, within `timeout_s`. While it is on its way its place is somebody else's. whole: somebody has to see it in one piece. Raises RelayError; ConnectionError if the client leaves."""
        payload = self.request.payload
        if (self.request.length or 0) > limit:
            raise _too_large(limit)
        expect = self.read.notes.get(b"expect")
        if expect is not None and self.request.http11:  # HTTP/1.0 knows no answer before the answer
            if expect.lower() != b"100-continue":
                raise RelayError(417, "expectation_failed", "the only expectation met here is 100-continue", Outcome.CALLER_INVALID, source="caller")
            if self.request.transport is not None:
                self.request.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        body: Content
        if payload.is_eof():
            body = payload.read_nowait()
        else:
            admission.leave(self)
            body = await self._arriving(limit, timeout_s, admission.uploads, whole or self._withholds)
            self.uploaded = True
            if not admission.take(self):
                await admission.wait(self)
        if len(body) > limit:
            raise _too_large(limit)
        self.opened.request_bytes = len(body)
        return body

    async def _arriving(self, limit: int, timeout_s: float, uploads: Uploads, whole: bool) -> Content:
        payload, before = self.request.payload, perf_counter()
        upload = uploads.begin(payload)
        gathered, size = Gathering(), 0
        late = asyncio.get_running_loop().call_later(timeout_s, self.request.body_is_late)
        try:
            while piece := await payload.readany():
                gathered.add(piece)
                size += len(piece)
                uploads.came(upload, len(piece))
                if size > limit:
                    raise _too_large(limit)
            body = gathered.take()
            return await uploads.join(upload, body) if whole and isinstance(body, Long) else body
        except TimeoutError:
            message = f"the body did not arrive within {timeout_s:g} s (server.body_timeout_s)"
            raise RelayError(408, "body_timeout", message, Outcome.CALLER_TIMEOUT, source="caller", retry=True) from None
        except Misframed as e:
            raise RelayError(400, "invalid_body", "the body is not framed as its headers say", Outcome.CALLER_INVALID, source="caller") from e
        finally:
            uploads.end(upload)
            late.cancel()
            gathered.take()  # an exception keeps its frames, and the connection the exception
            self.body_wait = perf_counter() - before

    # ------------------------------------------------------------------ the journal

    @overload
    def _kept(self, body: bytes) -> bytes: ...
    @overload
    def _kept(self, body: Content) -> Content: ...
    def _kept(self, body: Content) -> Content:
        """What the journal gets of the body."""
        opened = self.opened
        if body and opened.content_type and not opened.content_type.lower().startswith(_TEXTUAL):
            opened.body_note = BodyNote.BINARY.value
            return b""
        if body and self._withholds:
            opened.body_note = BodyNote.WITHHELD.value
            assert isinstance(body, bytes)
            return b"" if opened.content_encoding else hollow(body, request=True)
        return body

    def open(self, body: Content, *, strict: bool) -> Awaitable[None] | None:
        """Write the open frame; what comes back, if anything does, is to be awaited: then it is written. Raises RelayError under `strict` if there is no room for it: then the provider is not contacted."""
        kept = self._kept(body)
        if self.guarded is not None and self.guarded.tally.checked:
            self.guarded.note(self.opened, self.started)
        if strict or len(kept) > PART_BYTES:
            return self._open(kept, strict)
        self._written = True
        self._journal.open(self.id, self.opened, kept)  # type: ignore[arg-type]  # a Long is longer
        return None

    async def _open(self, kept: Content, strict: bool) -> None:
        opened, journal = self.opened, self._journal
        first, *rest = parts(kept) or [b""]
        opened.body_parts = len(rest)
        self._written, since = True, journal.written
        written = journal.open(self.id, opened, first)
        for part in rest:
            await asyncio.sleep(0)  # others get their turn
            journal.part(Kind.REQUEST_PART, self.id, part)
        if strict:
            try:
                if written:
                    await journal.commit(since)
                    return
            except OSError:
                pass
            message = "the journal could not be written to disk, and durability is strict"
            raise RelayError(503, "record_unavailable", message, Outcome.GATEWAY_ERROR, source="gateway", retry=True)

    def _open_refused(self, kept: bytes) -> None:
        """Write the open frame of one that goes no further, whose body is longer than a frame. In one turn of the loop, and so not all of a very long one."""
        if len(kept) > REFUSED_BYTES:
            kept, self.opened.body_note = kept[:REFUSED_BYTES], BodyNote.TRUNCATED.value
        first, *rest = parts(kept)
        self.opened.body_parts = len(rest)
        self._written = True
        self._journal.open(self.id, self.opened, first)
        for part in rest:
            self._journal.part(Kind.REQUEST_PART, self.id, part)

    def refuse(self, error: RelayError) -> Answer:
        """The answer to a request that is not sent on; its frames are written here."""
        request_id = self.request_id()
        if not self._written:
            self.opened.request_bytes = self.request.payload.came  # of a body that did not come to its end, too
        if error.labels is not None:
            self.opened.__dict__.update(error.labels)
        body = error.body or request_id.join(_said(self._dialect, error.status, error.code, error.message))
        kept = b"" if self._written else self._kept(self.stopped)
        if self.guarded is not None and self.guarded.tally.checked and not self._written:
            self.guarded.note(self.opened, self.started)
        if len(kept) > PART_BYTES:
            self._open_refused(kept)
        spent_s = perf_counter() - self.started
        gone = self.request.connection.transport is None
        closed = Closed.of(
            {
                "id": self.opened.id,
                "status": 0 if gone else error.status,
                "upstream_status": None,
                "outcome": str(error.outcome),
                "error_code": error.code,
                "duration_s": spent_s,
                "overhead_s": max(0.0, spent_s - self.body_wait),
                "reply_bytes": 0 if gone else len(body),
                "content_type": error.content_type,
            }
        )
        if self.guarded is not None:
            self.guarded.note(closed, self.started)
        told = b"" if gone else body
        if self._written:
            self._journal.close(self.id, closed, told)
        else:
            self._written = True
            self._journal.refuse(self.id, self.opened, kept, closed, told)
        # what has not been read yet is either read and thrown away or, past its patience, cut off
        keep = self.request.keep_alive and self.request.payload.is_eof()
        head = error_head(error, request_id, len(body), keep)
        return Answer(head if self.request.method == "HEAD" else head + body, keep, error.status, error.after_s or 0.0 if error.outcome is _OVERLOADED else 0.0)

    # ------------------------------------------------------------------ the provider's request

    def upstream_head(self, destination: Destination, caller: Caller, length: int) -> bytes:
        """The request line and headers for the provider."""
        opened, guarded, sent = self.opened, self.guarded, self.read.sent
        plain = destination.meaning.operation.parses or (guarded is not None and bool(guarded.reply_rules or guarded.placeholders.restored))
        if sent is not None and sent[0] is destination and sent[1] is caller and sent[2] is plain:
            lines: bytes = sent[3]
        else:
            lines = self._lines(destination, caller, plain=plain)
            self.read.sent = (destination, caller, plain, lines)
        framing = f"Content-Length: {length}\r\n" if length or self.request.method in ("POST", "PUT", "PATCH") else ""
        return lines + f"traceparent: 00-{opened.trace_id}-{opened.span_id}-{self.trace_flags}\r\n{framing}\r\n".encode()

    def _lines(self, destination: Destination, caller: Caller, *, plain: bool) -> bytes:
        """What is the same for each request with these headers. plain: the reply must be readable."""
        pool, read = destination.provider.pool, self.read
        query = f"?{caller.query}" if caller.query else ""
        lines = [f"{self.request.method} {pool.origin.base_path}{destination.path}{query} HTTP/1.1\r\n".encode(), pool.host_line]
        for pair in (*(read.harmless() if destination.way.apart else read.forward), *caller.credentials):
            lines.append(b"%b: %b\r\n" % pair)
        if plain:
            lines.append(b"Accept-Encoding: identity\r\n")
        elif b"accept-encoding" in read.notes:
            lines.append(b"Accept-Encoding: %b\r\n" % read.notes[b"accept-encoding"])
        return b"".join(lines)


def uuid7(now_ns: int, chance: bytes) -> bytes:
    """RFC 9562 UUIDv7. chance: 10 random bytes."""
    return (now_ns // 1_000_000 << 80 | int.from_bytes(chance, "big") & _FREE | _VERSION).to_bytes(16, "big")


def _told(read: Read, withholds: bool) -> dict[str, Any]:
    """What a request's headers say for its open frame."""
    told: dict[str, Any] = {}
    content_type = read.notes.get(b"content-type", b"").decode("latin-1")
    if content_type:
        told["content_type"] = (content_type.partition(";")[0].strip() if withholds else content_type)[:128]
    if b"content-encoding" in read.notes:
        told["content_encoding"] = read.notes[b"content-encoding"].decode("latin-1")[:64]
    if read.own:
        if app := read.label(b"app", 128):
            told["app"] = app
        if env := read.label(b"env", 64):
            told["env"] = env
        told["user_id"], told["session_id"] = read.label(b"user"), read.label(b"session")
        told["prompt_name"], _, told["prompt_version"] = read.label(b"prompt").partition("@")
        told["tags"] = read.tags()
    return told


@lru_cache(maxsize=128)
def _said(dialect: Dialect, status: int, code: str, message: str) -> list[bytes]:
    """The dialect's error, cut where the request's id stands in it: under a flood the same is said again and again."""
    return dialect.error(status, code, message, _SOME_ID).split(_SOME_ID.encode())


def _too_large(limit: int) -> RelayError:
    message = f"the body is larger than {limit} bytes (server.max_body_bytes)"
    return RelayError(413, "request_too_large", message, Outcome.CALLER_TOO_LARGE, source="caller")
