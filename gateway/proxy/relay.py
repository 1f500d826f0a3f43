"""One exchange on its way: from the provider's callback to the client's transport, and into the journal.

Order is everything here. The open frame is in the journal before the provider is contacted; the close frame is in the journal before the
client is given the end of the reply: the last bytes of an unstreamed reply, or in a stream the event that says it is over
(`Operation.ends`), whichever comes first. Bytes go on in the callback that read them, unchanged, in the pieces they came in; only
the OpenAI usage frame that the gate itself asked for is taken out (law 1).

A relay is a state machine driven by three parties, each of which may call at any time: the provider (`received`, `failed`), the client
(`client_gone`, `pause`, `resume`), and the clock (`_tick`). `done` resolves exactly once, when nothing more will be written.
What is deliberately absent: parsing of bodies, token counting, any await.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from http import HTTPStatus
from time import perf_counter

from gateway.dialects.base import Dialect, Operation
from gateway.dialects.sse import UsageFrameFilter
from gateway.dialects.terminal import Terminal
from gateway.errors import RelayError
from gateway.exchange import BodyNote, Closed, Outcome
from gateway.journal import Journal
from gateway.proxy.headers import reply_lines
from gateway.proxy.kept import Kept
from gateway.proxy.upstream import Connection, Headers

FAREWELL_S = 1.0  # how long a provider may take to end a reply whose terminal event the client has
_REASONS = {status.value: status.phrase.encode() for status in HTTPStatus}
_TEXTUAL = (b"application/json", b"text/", b"application/x-ndjson", b"application/problem+json")


@dataclass(frozen=True, slots=True)
class Limits:
    """Deadlines of an exchange, seconds, and what happens when the client leaves."""

    first_byte_s: float
    idle_s: float
    total_s: float
    write_stall_s: float = 60.0
    drain: bool = False


class Relay:
    """See the module. Made when the request is whole and about to be sent."""

    __slots__ = (
        "_begun",
        "_body_wait",
        "_chunked",
        "_client_left",
        "_closed",
        "_commit",
        "_committing",
        "_connect_s",
        "_connecting_at",
        "_connection",
        "_content_encoding",
        "_content_type",
        "_dialect",
        "_ended_with",
        "_filter",
        "_first_at",
        "_head_only",
        "_held",
        "_http11",
        "_id",
        "_journal",
        "_keep_alive",
        "_kept",
        "_last_at",
        "_limits",
        "_live",
        "_loop",
        "_operation",
        "_paused_at",
        "_provider",
        "_reply_bytes",
        "_request_id",
        "_sent_at",
        "_started",
        "_status",
        "_terminal",
        "_transport",
        "_upstream_status",
        "attempts",
        "done",
        "due",
        "stale",
    )

    def __init__(
        self,
        *,
        loop: asyncio.AbstractEventLoop,
        transport: asyncio.Transport | None,
        journal: Journal,
        id: bytes,
        request_id: bytes,
        provider: str,
        dialect: Dialect,
        operation: Operation,
        limits: Limits,
        started: float,
        body_wait: float,
        http11: bool,
        keep_alive: bool,
        head_only: bool,
        strip_usage: bool,
        strict: bool,
        live: set[Relay],
    ) -> None:
        """live: the relays that the clock looks after; this one is in it while a provider is waited for. started: perf_counter when the request's head was read. body_wait: seconds spent waiting for the client's body."""
        self._loop, self._transport, self._journal = loop, transport, journal
        self._id, self._request_id, self._provider = id, request_id, provider
        self._dialect, self._operation, self._limits = dialect, operation, limits
        self._started, self._body_wait = started, body_wait
        self._http11, self._keep_alive, self._head_only = http11, keep_alive, head_only
        self._filter = UsageFrameFilter() if strip_usage else None
        self._commit = strict
        self.done: asyncio.Future[None] = loop.create_future()
        self.stale: asyncio.Future[None] | None = None  # set by who can send the request again if its kept-alive connection turns out closed
        self.attempts = 0
        self._connection: Connection | None = None
        self._connect_s: float | None = None
        self._connecting_at = 0.0
        self._sent_at = self._last_at = self._first_at = 0.0
        self._status, self._upstream_status = 0, 0
        self._chunked = False
        self._content_type = self._content_encoding = ""
        self._reply_bytes = 0
        self._kept = Kept(journal, id)
        self._terminal: Terminal | None = None  # None: not a stream
        self._begun = False  # the client has been sent something
        self._closed = False  # the close frame is written
        self._client_left = False
        self._paused_at = 0.0
        self._held: list[bytes] | None = None  # bytes that wait for the journal's sync (durability: strict)
        self._committing: asyncio.Future[None] | None = None
        self._live = live
        self.due = float("inf")  # perf_counter, when the clock should look again
        self._ended_with: bool | None = None  # done, but for the sync

    # ------------------------------------------------------------------ the ingress

    @property
    def keep_alive(self) -> bool:
        """Whether the client's connection can carry another request, once done."""
        return self._keep_alive

    def connecting(self) -> None:
        """A new connection is being made."""
        self._connecting_at = perf_counter()

    def sent(self, connection: Connection) -> None:
        """The request is being handed to this connection."""
        self._connection = connection
        if self._connecting_at:
            self._connect_s, self._connecting_at = perf_counter() - self._connecting_at, 0.0
        self._sent_at = self._last_at = perf_counter()
        self._live.add(self)
        self.attempts += 1
        self._arm(self._limits.first_byte_s)

    def refuse(self, error: RelayError) -> None:
        """Answer in the provider's place, or end a reply that has begun. The one way an exchange ends in failure."""
        if self.done.done():
            return
        self._drop_connection()
        if self._closed:  # the caller was already given a whole reply
            self._finish(keep_alive=False)
            return
        if self._begun:
            event = b""
            if self._may_add_an_event():
                event = self._dialect.stream_error(self._operation, error.code, error.message, self._request_id.decode())
            self._reply_bytes += len(event)
            self._record(error.outcome, error.code)
            if event and not self._client_left:
                self._write(b"%x\r\n%b\r\n" % (len(event), event))
            self._finish(keep_alive=False)  # without the last chunk: a cut stream must look cut
            return
        body = self._dialect.error(error.status, error.code, error.message, self._request_id.decode())
        self._status, self._content_type, self._content_encoding = error.status, "application/json", ""
        self._kept.replace(body)
        self._reply_bytes = len(body)
        self._record(error.outcome, error.code)
        self._begun = True
        if not self._client_left:
            self._write(error_head(error, self._request_id, len(body), self._keep_alive) + (b"" if self._head_only else body))
        self._finish(keep_alive=self._keep_alive)

    # ------------------------------------------------------------------ the provider

    def received(self, head: tuple[int, Headers] | None, pieces: list[bytes], ended: bool) -> None:
        """See upstream.Sink."""
        if self.done.done():
            if ended:
                self._connection = None
            return
        now = self._last_at = perf_counter()
        out = b""
        if head is not None:
            try:
                out = self._take_head(head[0], head[1])
            except RelayError as error:
                self.refuse(error)
                return
        if pieces:
            data = pieces[0] if len(pieces) == 1 else b"".join(pieces)
            if not self._first_at:
                self._first_at = now
            if not self._closed:
                self._kept.push(data)
            over = self._terminal is not None and not self._closed and self._terminal.push(data)
            out += self._framed(data if self._filter is None else self._filter.push(data))
            if over:
                self._record_whole()
        if ended:
            self._connection = None
            if self._filter is not None:
                out += self._framed(self._filter.finish())
            if not self._closed:
                self._record_whole()
            if self._chunked:
                out += b"0\r\n\r\n"
        if out and not self._client_left:
            self._write(out)
        if ended:
            self._finish(keep_alive=self._keep_alive)
        elif head is not None:
            self._arm(self._limits.idle_s)

    def failed(self, error: RelayError) -> None:
        """See upstream.Sink."""
        self._connection = None
        stale, self.stale = self.stale, None
        if stale is not None and not self._upstream_status and error.code == "provider_reset":
            stale.set_result(None)
        else:
            self.refuse(error)

    def _take_head(self, status: int, headers: Headers) -> bytes:
        if status in (301, 302, 303, 307, 308):
            message = f'"{self._provider}" answered with a redirect ({status}), which is never followed: it would carry the key elsewhere'
            raise RelayError(502, "provider_redirect", message, Outcome.PROVIDER_PROTOCOL, source="provider")
        lines, known = reply_lines(headers)
        content_type = known.get(b"content-type", b"")
        self._content_type = content_type.decode("latin-1")[:128]
        self._content_encoding = known.get(b"content-encoding", b"").decode("latin-1")[:64]
        self._status = self._upstream_status = status
        lowered = content_type.lower()
        encoded = self._content_encoding not in ("", "identity")  # although it was asked not to be: relayed unseen
        if lowered.startswith(b"text/event-stream"):
            self._terminal = Terminal(() if encoded else self._operation.ends)
        if self._terminal is None or encoded:
            self._filter = None
        if self._terminal is None and content_type and not lowered.startswith(_TEXTUAL):
            self._kept.skip(BodyNote.BINARY)
        length = known.get(b"content-length")
        bodiless = self._head_only or status in (204, 304)
        if bodiless:
            if length is not None and status != 204:
                lines.append(b"Content-Length: %b\r\n" % length)
        elif length is not None and self._filter is None and b"transfer-encoding" not in known:
            lines.append(b"Content-Length: %b\r\n" % length)
        elif self._http11:
            self._chunked = True
            lines.append(b"Transfer-Encoding: chunked\r\n")
        else:
            self._keep_alive = False
        if not self._keep_alive:
            lines.append(b"Connection: close\r\n")
        elif not self._http11:
            lines.append(b"Connection: keep-alive\r\n")
        if status >= 400:
            lines.append(b"x-tidegate-error-source: provider\r\n")
        if self._terminal is not None:
            lines.append(b"X-Accel-Buffering: no\r\n")
        self._begun = True
        own = (self._sent_at - self._started - self._body_wait - (self._connect_s or 0.0)) * 1000
        return b"HTTP/1.1 %d %b\r\n%bx-tidegate-request-id: %b\r\nserver-timing: tidegate;dur=%.3f\r\n\r\n" % (status, _REASONS.get(status, b""), b"".join(lines), self._request_id, own)

    def _framed(self, data: bytes) -> bytes:
        if not data:
            return b""
        self._reply_bytes += len(data)
        return b"%x\r\n%b\r\n" % (len(data), data) if self._chunked else data

    def _may_add_an_event(self) -> bool:
        """Whether an event of ours would be read as one: the stream stands between two, and nothing of it is held back."""
        between = self._terminal is not None and self._terminal.between_events and self._content_encoding in ("", "identity")
        return self._chunked and between and (self._filter is None or not self._filter.finish())

    # ------------------------------------------------------------------ the client

    def client_gone(self) -> None:
        """The client's connection is lost."""
        self._client_left = True
        self._transport = None
        if self.done.done():
            return
        if self._closed:  # it has all it wanted; a moment more and the connection can be used again
            self._loop.call_later(FAREWELL_S, self._drop_connection)
            self._finish(keep_alive=False)
        elif self._connection is None or not self._limits.drain:
            self._drop_connection()
            self._record(Outcome.CALLER_CANCELLED, "client_left")
            self._finish(keep_alive=False)
        elif self._paused_at:
            self.resume()

    def pause(self) -> None:
        """The client reads more slowly than the provider writes."""
        self._paused_at = perf_counter()
        self._arm(self._limits.write_stall_s)
        if self._connection is not None:
            self._connection.pause()

    def resume(self) -> None:
        self._paused_at = 0.0
        self._last_at = perf_counter()
        self._arm(self._limits.idle_s)
        if self._connection is not None:
            self._connection.resume()

    # ------------------------------------------------------------------ the clock

    def _arm(self, seconds: float) -> None:
        """Look at the deadlines in `seconds` at the latest. A piece that arrives moves nothing: the tick sees that it came."""
        now = perf_counter()
        self.due = now + min(seconds, self._limits.total_s - (now - self._started))

    def tick(self, now: float) -> None:
        """`due` has come: see which deadline it is, or set the next. Called by whoever looks after `live`, several times a second."""
        limits = self._limits
        left_total = limits.total_s - (now - self._started)
        if self._paused_at:
            left, code = limits.write_stall_s - (now - self._paused_at), "client_stalled"
        elif not self._upstream_status:
            left, code = limits.first_byte_s - (now - self._sent_at), "provider_timeout"
        else:
            left, code = limits.idle_s - (now - self._last_at), "provider_timeout"
        if left > 0 and left_total > 0:
            self._arm(left)
        elif code == "client_stalled" and left <= 0:
            self.refuse(RelayError(408, code, f"the client took nothing for {limits.write_stall_s:g} s", Outcome.CALLER_TIMEOUT, source="caller"))
            if self._transport is not None:
                self._transport.abort()
        else:
            if left_total <= 0:
                what = f"was not done within {limits.total_s:g} s (timeouts.total_s)"
            elif not self._upstream_status:
                what = f"sent no byte within {limits.first_byte_s:g} s (timeouts.first_byte_s)"
            else:
                what = f"sent nothing more for {limits.idle_s:g} s (timeouts.idle_s)"
            message = f'"{self._provider}" {what}; the provider may still bill this call'
            self.refuse(RelayError(504, "provider_timeout", message, Outcome.PROVIDER_TIMEOUT, source="provider", retry=True))

    # ------------------------------------------------------------------ the record

    def _record_whole(self) -> None:
        if self._client_left:
            self._record(Outcome.CALLER_CANCELLED, "drained")  # read on for its usage; the client has not seen the end
        else:
            self._record(Outcome.OK, "")

    def _record(self, outcome: Outcome, code: str) -> None:
        """Write the close frame."""
        self._closed = True
        now = perf_counter()
        duration = now - self._started
        if self._connecting_at:  # and it was given up
            self._connect_s = now - self._connecting_at
        upstream = self._last_at - self._sent_at if self._sent_at else None
        if upstream is not None and outcome in (Outcome.PROVIDER_TIMEOUT, Outcome.CALLER_CANCELLED):
            upstream = now - self._sent_at  # it was waited for until now
        closed = Closed(
            id=self._id.hex(),
            status=self._status,
            upstream_status=self._upstream_status or None,
            outcome=outcome.value,
            error_code=code,
            attempts=self.attempts,
            duration_s=duration,
            time_to_first_chunk_s=self._first_at - self._started if self._terminal is not None and self._first_at else None,
            upstream_s=upstream,
            connect_s=self._connect_s,
            overhead_s=max(0.0, duration - self._body_wait - (self._connect_s or 0.0) - (upstream or 0.0)),
            reply_bytes=self._reply_bytes,
            content_type=self._content_type,
            content_encoding=self._content_encoding,
            body_note=self._kept.note,
            body_parts=self._kept.parts,
        )
        written = self._journal.close(self._id, closed, self._kept.rest())
        if self._commit and not written:  # the promise cannot be kept, so it is not made: the client sees a cut connection
            self._client_left = True
            if self._transport is not None:
                self._transport.abort()
        elif self._commit:
            self._held = []
            self._committing = asyncio.ensure_future(self._journal.commit())
            self._committing.add_done_callback(self._committed)

    def _write(self, data: bytes) -> None:
        if self._held is not None:
            self._held.append(data)
        elif self._transport is not None:
            self._transport.write(data)

    def _committed(self, commit: asyncio.Future[None]) -> None:
        """durability: strict. What the close frame promises is on disk: the held bytes may go."""
        self._committing = None
        held, self._held = self._held or [], None
        if not commit.cancelled() and commit.exception() is not None and self._transport is not None:
            self._transport.abort()  # the disk did not take the record: the promise is not made
        elif self._transport is not None and held:
            self._transport.write(b"".join(held))
        if self._ended_with is not None:
            self._finish(keep_alive=self._ended_with)

    def _finish(self, *, keep_alive: bool) -> None:
        if self._committing is not None:
            self._ended_with = keep_alive
            return
        if self.done.done():
            return
        self._keep_alive = keep_alive
        self._live.discard(self)
        self.done.set_result(None)

    def _drop_connection(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.abort()


def error_head(error: RelayError, request_id: bytes, length: int, keep_alive: bool) -> bytes:
    """The head of an answer made by the gate; its body is JSON of `length` bytes."""
    retry = b"" if error.retry is None else b"x-should-retry: %b\r\n" % (b"true" if error.retry else b"false")
    after = b"Retry-After: 1\r\n" if error.status == 503 else b""
    return (
        b"HTTP/1.1 %d %b\r\nContent-Type: application/json\r\nContent-Length: %d\r\nCache-Control: no-store\r\nx-tidegate-request-id: %b\r\n"
        b"x-tidegate-error-source: %b\r\n%b%b%b\r\n"
        % (error.status, _REASONS.get(error.status, b"Error"), length, request_id, error.source.encode(), retry, after, b"" if keep_alive else b"Connection: close\r\n")
    )
