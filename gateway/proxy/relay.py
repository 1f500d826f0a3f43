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
from collections.abc import Callable
from functools import partial
from time import perf_counter

from gateway.dialects.base import Dialect, Operation
from gateway.dialects.sse import UsageFrameFilter
from gateway.dialects.terminal import Terminal
from gateway.errors import RelayError
from gateway.exchange import BodyNote, Closed, Outcome
from gateway.guard.judge import GUARD
from gateway.journal import Journal
from gateway.proxy.guard import Guarded, may_retry
from gateway.proxy.kept import Kept
from gateway.proxy.outlet import Outlet
from gateway.proxy.reply_checks import begin
from gateway.proxy.reply_guard import ReplyGuard
from gateway.proxy.reply_head import ReplyHead, error_head
from gateway.proxy.restorer import Restorer
from gateway.proxy.route import Limits
from gateway.proxy.trouble import broken, late, redirected, stalled
from gateway.proxy.upstream import Connection, Headers

FAREWELL_S = 1.0  # how long a provider may take to end a reply whose terminal event the client has


class Relay:
    """See the module. Made when the request is whole and about to be sent."""

    __slots__ = (
        "_begun", "_body_wait", "_chunked", "_closed", "_commit", "_connect_s", "_connecting_at", "_connection", "_content_encoding",
        "_content_type", "_dialect", "_earlier", "_earlier_s", "_filter", "_first_at", "_guard", "_guarded", "_head", "_head_only", "_http11", "_id", "_journal",
        "_kept", "_last_at", "_limits", "_live", "_loop", "_operation", "_out", "_paused_at", "_provider", "_reply_bytes",
        "_request_id", "_restorer", "_sent_at", "_started", "_status", "_strips", "_terminal", "_upstream_status", "_withholds", "again", "attempts",
        "done", "due", "keep_alive", "stale",
    )  # fmt: skip

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
        guarded: Guarded | None = None,
        withholds: bool = False,
    ) -> None:
        """live: the relays that the clock looks after; this one is in it while a provider is waited for. started: perf_counter when the request's head was read. body_wait: seconds spent waiting for the client's body. guarded: what the policy's rules ask of this exchange, if anything. withholds: content is not recorded."""
        self._loop, self._out, self._journal = loop, Outlet(transport), journal
        self._id, self._request_id, self._provider = id, request_id, provider
        self._dialect, self._operation, self._limits = dialect, operation, limits
        self._started, self._body_wait = started, body_wait
        self._http11, self.keep_alive, self._head_only = http11, keep_alive, head_only  # keep_alive, once done: whether the client's connection can carry another request
        self._strips, self._commit = strip_usage, strict
        self._filter = UsageFrameFilter() if strip_usage else None
        self.done: asyncio.Future[None] = loop.create_future()
        self.stale: asyncio.Future[None] | None = None  # set by who can send the request again if its kept-alive connection turns out closed
        self.attempts = 0
        self._connection: Connection | None = None
        self._connect_s: float | None = None  # of this attempt
        self._connecting_at = self._sent_at = self._last_at = self._first_at = 0.0
        self._earlier: list[list[object]] | None = None  # attempts before this one, as Closed.phases has them
        self._earlier_s = 0.0  # how long they took
        self._status, self._upstream_status = 0, 0
        self._content_type = self._content_encoding = ""
        self._reply_bytes, self._chunked = 0, False
        self._kept = Kept(journal, id)
        self._terminal: Terminal | None = None  # None: not a stream
        self._begun = self._closed = False  # the client has been sent something; the close frame is written
        self._live, self._paused_at = live, 0.0
        self.due = float("inf")  # perf_counter, when the clock should look again
        self._guarded, self._withholds = guarded, withholds
        self._guard: ReplyGuard | None = None  # once the reply's head is here, if a rule looks at replies
        self._restorer: Restorer | None = None  # if the request was pseudonymised
        self._head: ReplyHead | None = None  # until the first byte goes out
        self.again: Callable[[], None] | None = None  # asks the provider once more, for a rule with action retry

    # ------------------------------------------------------------------ the ingress

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
            adds = self._may_add_an_event()
            event = self._dialect.stream_error(self._operation, error.code, error.message, self._request_id.decode()) if adds else b""
            self._reply_bytes += len(event)
            self._record(error.outcome, error.code)
            if event:
                self._out.write(b"%x\r\n%b\r\n" % (len(event), event))
            self._finish(keep_alive=False)  # without the last chunk: a cut stream must look cut
            return
        body = error.body or self._dialect.error(error.status, error.code, error.message, self._request_id.decode())
        self._status, self._content_type, self._content_encoding = error.status, error.content_type, ""
        self._kept.replace(body)
        self._reply_bytes = len(body)
        self._record(error.outcome, error.code)
        self._begun = True
        self._out.write(error_head(error, self._request_id, len(body), self.keep_alive) + (b"" if self._head_only else body))
        self._finish(keep_alive=self.keep_alive)

    # ------------------------------------------------------------------ the provider

    def received(self, head: tuple[int, Headers] | None, pieces: list[bytes], ended: bool) -> None:
        """See upstream.Sink."""
        try:
            self._received(head, pieces, ended)
        except Exception as e:  # noqa: BLE001  a failure of our own must end the exchange, not leave it hanging
            self._break(e)

    def _break(self, cause: Exception) -> None:
        if self._guarded is not None:
            self._guarded.tally.fail(GUARD)  # what was being looked at has not been seen to its end
        self.refuse(broken(cause))

    def _received(self, head: tuple[int, Headers] | None, pieces: list[bytes], ended: bool) -> None:
        if self.done.done():
            if ended:
                self._connection = None
            return
        now = self._last_at = perf_counter()
        if head is not None:
            try:
                self._take_head(head[0], head[1])
            except RelayError as error:
                self.refuse(error)
                return
        data = b""
        if pieces:
            data = pieces[0] if len(pieces) == 1 else b"".join(pieces)
            if not self._first_at:
                self._first_at = now
        if ended:
            self._connection = None
        guard = self._guard
        if guard is None:
            self._pass(data, ended)
        else:
            out = guard.push(data) if data else b""
            if ended:
                out += guard.end()
            self._pass_checked(out)
        if head is not None and not ended:
            self._arm(self._limits.idle_s)

    def _pass(self, data: bytes, over: bool) -> None:
        """Give the client what it may have. over: with it the reply is whole."""
        restorer, terminal = self._restorer, False
        if data:
            if not self._closed:
                self._kept.push(data)
            terminal = self._terminal is not None and not self._closed and self._terminal.push(data)
            if restorer is not None:
                data = restorer.push(data)
        if over and restorer is not None:
            restorer.finish(lambda rest: self._give(data + rest, True, False), self._break)
        else:
            self._give(data, over, terminal)

    def _give(self, out: bytes, over: bool, terminal: bool) -> None:
        """As _pass, of what is recorded already. terminal: what ends the stream is in it."""
        if self.done.done() or (self._begun and self._head is not None):  # refused meanwhile
            return
        if self._filter is not None:
            out = self._filter.push(out) + (self._filter.finish() if over else b"")
        heads = self._head is not None and (out or over or (self._guard is None and not self._waits_for_whole()))
        head = self._spelled_head(len(out) if over else None) if heads else b""
        out = head + self._framed(out)
        if (over or terminal) and not self._closed:
            self._record(*((Outcome.CALLER_CANCELLED, "drained") if self._out.gone else (Outcome.OK, "")))  # gone: read on for its usage
        if over and self._chunked:
            out += b"0\r\n\r\n"
        self._out.write(out)
        if over:
            self._finish(keep_alive=self.keep_alive)

    def _pass_checked(self, out: bytes) -> None:
        """The guard has given `out` free, or has stopped the reply."""
        guard = self._guard
        assert guard is not None
        if guard.error is None:
            self._pass(out, guard.over)
            return
        if self.again is not None and not self._begun and may_retry(guard.blocked_by, self.attempts):
            self._forget_reply()
            self.again()
            return
        if guard.cut:
            self._pass(out, False)
        self.refuse(guard.error)

    def _checked(self) -> None:
        """An answer of the detector pool has come."""
        if self._guard is not None and not self.done.done():
            try:
                self._pass_checked(self._guard.take())
            except Exception as e:  # noqa: BLE001  as in received
                self._break(e)

    def _forget_reply(self) -> None:
        """The provider is asked again: as if this reply had never come. Nothing of it was kept or given to the client."""
        assert self._guarded is not None and self._guard is not None and self._guard.error is not None
        self._guarded.reply_over()
        self._guarded.tally.blocked = False
        self._tried(self._guard.error)
        self._drop_connection()
        self._guard = self._restorer = self._terminal = self._head = None
        self._filter = UsageFrameFilter() if self._strips else None
        self._upstream_status = self._status = 0
        self._first_at, self._chunked = 0.0, False

    def _tried(self, error: RelayError) -> None:
        """The provider is about to be asked again. error: what became of this attempt."""
        now, began = perf_counter(), self._sent_at - (self._connect_s or 0.0)
        self._earlier = [*(self._earlier or ()), ["attempt", began - self._started, now - began, error.outcome.value, error.code, self._upstream_status or None, None]]
        self._earlier_s += now - began
        self._sent_at, self._connect_s = now, None

    def failed(self, error: RelayError) -> None:
        """See upstream.Sink."""
        self._connection = None
        stale, self.stale = self.stale, None
        if stale is not None and not self._upstream_status and error.code == "provider_reset":
            self._tried(error)
            stale.set_result(None)
        else:
            if self._begun and self._guard is not None:
                self._pass(self._guard.broken(), False)
            self.refuse(error)

    def _take_head(self, status: int, headers: Headers) -> None:
        if status in (301, 302, 303, 307, 308):
            raise redirected(self._provider, status)
        head = self._head = ReplyHead(status, headers, bodiless=self._head_only or status in (204, 304))
        self._content_type, self._content_encoding = head.content_type, head.content_encoding
        self._status = self._upstream_status = status
        if head.is_stream:
            self._terminal = Terminal(() if head.encoded else self._operation.ends)
        if self._terminal is None or head.encoded:
            self._filter = None
        if head.is_binary:
            self._kept.skip(BodyNote.BINARY)
        elif self._withholds:
            self._kept.withhold(head.content_type, head.content_encoding)
        if self._guarded is not None and not head.bodiless:
            self._guard, self._restorer = begin(self._guarded, head, self._checked)
        if head.bodiless:
            head.declare(head.length if status != 204 else None)
        elif head.length is not None and self._filter is None and self._guard is None and self._restorer is None:
            head.declare(head.length)
        elif not self._waits_for_whole():
            self._frame(head)

    def _frame(self, head: ReplyHead) -> None:
        """The reply's length is not known."""
        if self._http11:
            self._chunked = True
            head.chunk()
        else:
            self.keep_alive = False

    def _waits_for_whole(self) -> bool:
        """Whether nothing goes out before the reply is whole."""
        return (self._guard is not None and self._guard.whole) or (self._restorer is not None and self._restorer.whole)

    def _spelled_head(self, length: int | None) -> bytes:
        """The reply's head, once. length: of its body, if that is known only now."""
        head, self._head = self._head, None
        assert head is not None
        if not head.framed:
            if length is not None:
                head.declare(length)
            else:
                self._frame(head)
        self._begun = True
        own = self._sent_at - self._started - self._body_wait - (self._connect_s or 0.0) - self._earlier_s
        return head.spell(self._request_id, own, http11=self._http11, keep_alive=self.keep_alive)

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
        self._out.lost()
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

    def retire(self) -> None:
        """The client should come again on another connection: it is told, if it has not been told otherwise."""
        if not self._begun:
            self.keep_alive = False

    def pause(self) -> None:
        """The client reads more slowly than the provider writes."""
        self._paused_at = perf_counter()
        self._arm(self._limits.write_stall_s)
        if self._connection is not None:
            self._connection.pause()

    def resume(self) -> None:
        self._paused_at, self._last_at = 0.0, perf_counter()
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
        what = "write_stall" if self._paused_at else "idle" if self._upstream_status else "first_byte"
        since = self._paused_at or (self._last_at if self._upstream_status else self._sent_at)
        left: float = getattr(limits, f"{what}_s") - (now - since)
        if left > 0 and left_total > 0:
            self._arm(left)
        elif self._paused_at and left <= 0:
            self.refuse(stalled(limits.write_stall_s))
            self._out.abort()
        else:
            self.refuse(late(self._provider, limits.late("total" if left_total <= 0 else what)))

    # ------------------------------------------------------------------ the record

    def _record(self, outcome: Outcome, code: str) -> None:
        """Write the close frame."""
        self._closed = True
        now = perf_counter()
        duration, asked, upstream = now - self._started, None, None
        if self._connecting_at:
            self._connect_s = now - self._connecting_at  # and it was given up
            asked = self._connecting_at - self._started
        elif self._sent_at:
            waited = outcome in (Outcome.PROVIDER_TIMEOUT, Outcome.CALLER_CANCELLED)  # until now
            upstream = (now if waited else self._last_at) - self._sent_at
            asked = self._sent_at - self._started - (self._connect_s or 0.0)
        rest = self._kept.rest()
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
            overhead_s=max(0.0, duration - self._body_wait - (self._connect_s or 0.0) - (upstream or 0.0) - self._earlier_s),
            reply_bytes=self._reply_bytes,
            content_type=self._content_type,
            content_encoding=self._content_encoding,
            body_note=self._kept.note,
            body_parts=self._kept.parts,
            asked_s=asked,
        )
        if self._guarded is not None:
            self._guarded.note(closed, self._started)
        if self._earlier is not None:
            closed.phases = self._earlier + (closed.phases or [])
        written = self._journal.close(self._id, closed, rest)
        if self._commit and not written:  # the promise cannot be kept, so it is not made: the client sees a cut connection
            self._out.gone = True
            self._out.abort()
        elif self._commit:
            self._out.hold(asyncio.ensure_future(self._journal.commit()))

    def _finish(self, *, keep_alive: bool) -> None:
        self._out.when_settled(partial(self._settle, keep_alive))

    def _settle(self, keep_alive: bool) -> None:
        if not self.done.done():
            self.keep_alive = keep_alive
            self._live.discard(self)
            self.done.set_result(None)

    def _drop_connection(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.abort()

