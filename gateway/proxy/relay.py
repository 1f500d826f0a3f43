"""One exchange on its way: from the provider's callback to the client's transport, and into the journal.

Order is everything here. The open frame is in the journal before the provider is contacted; the close frame is in the journal before the
client is given the end of the reply: the last bytes of an unstreamed reply, or in a stream the event that says it is over
(`Operation.ends`), whichever comes first. Bytes go on in the callback that read them, unchanged, in the pieces they came in; only
the OpenAI usage frame that the gate itself asked for is taken out (law 1).

A relay is a state machine driven by three parties, each of which may call at any time: the provider (`received`, `failed`), the client
(`client_gone`, `pause`, `resume`), and the clock (`_tick`). It is `over` exactly once, when nothing more will be written, and says so then.
Before anything of a reply goes on, and before a failure is told, the exchange's tries are asked whether somebody else is asked instead (gateway.proxy.tries).
What is deliberately absent: parsing of bodies, token counting, any await.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING

from gateway.dialects.base import Operation
from gateway.dialects.passing import Passing
from gateway.errors import RelayError
from gateway.exchange import Closed, Outcome
from gateway.guard.judge import GUARD
from gateway.journal import Journal
from gateway.proxy.attempt import ALONE, Attempt, Course
from gateway.proxy.guard import may_retry
from gateway.proxy.kept import Kept
from gateway.proxy.outlet import Outlet
from gateway.proxy.reply_checks import begin
from gateway.proxy.reply_guard import ReplyGuard
from gateway.proxy.reply_head import ReplyHead, error_head
from gateway.proxy.restorer import Restorer
from gateway.proxy.spare import Spare
from gateway.proxy.trouble import broken, late, report, stalled
from gateway.proxy.upstream import Connection, Headers
from gateway.proxy.withheld import withhold

if TYPE_CHECKING:
    from gateway.proxy.intake import Intake
    from gateway.proxy.tries import Tries

_OK, _WAITED = Outcome.OK, (Outcome.PROVIDER_TIMEOUT, Outcome.CALLER_CANCELLED)  # looked up once: the class is slow to ask
_WHOLE, _DRAINED = (_OK, ""), (Outcome.CALLER_CANCELLED, "drained")
FAREWELL_S = 1.0  # how long a provider may take to end a reply whose terminal event the client has


class Relay:
    """See the module. Made when the request is whole and about to be sent."""

    __slots__ = (
        "_attempt", "_begun", "_body_wait", "_chunked", "_commit", "_content_encoding", "_content_type", "_course", "_dialect", "_ended", "_events", "_first_at",
        "_guard", "_guarded", "_head", "_head_only", "_http11", "_id", "_journal", "_kept", "_limits", "_live", "_loop", "_operation", "_paused_at",
        "_provider", "_request_id", "_restorer", "_started", "_status", "_withholds", "attempts", "closed", "due", "intake", "keep_alive", "out", "over", "tries",
    )  # fmt: skip

    def __init__(
        self, loop: asyncio.AbstractEventLoop, journal: Journal, intake: Intake, tries: Tries, operation: Operation, live: set[Relay], ended: Callable[[Relay], None],
        keep_alive: bool, strict: bool, withholds: bool,
    ) -> None:  # fmt: skip
        """live: the relays that the clock looks after; this one is in it while a provider is waited for. ended: called when it is over. withholds: content is not recorded."""
        request = intake.request
        self._loop, self.out, self._journal = loop, Outlet(request.connection.transport), journal  # out: the client's side
        attempt = self._attempt = tries.attempt
        self.intake, self.tries, self._ended = intake, tries, ended
        self._id, self._request_id, self._provider = intake.id, intake.request_id(), attempt.provider.name
        self._dialect, self._operation, self._limits = attempt.provider.dialect, operation, attempt.provider.limits
        self._started, self._body_wait = intake.started, intake.body_wait  # perf_counter when the request's head was read; seconds spent waiting for its body
        self._http11, self.keep_alive, self._head_only = request.http11, keep_alive, tries.bodiless  # keep_alive, once it is over: whether the client's connection can carry another request
        self._commit = strict
        self.attempts = self._status = 0  # requests that were sent; what the client is told
        self._first_at, self._course = 0.0, ALONE
        self._content_type = self._content_encoding = ""
        self._chunked = False
        self._kept = Kept(journal, intake.id)
        self._events: Passing | None = None  # None: not a stream
        self._begun = self.closed = self.over = False  # the client has been sent something; the close frame is written; nothing more will be
        self._live, self._paused_at, self.due = live, 0.0, float("inf")  # due: perf_counter, when the clock should look again
        self._guarded, self._withholds = intake.guarded, withholds
        self._guard: ReplyGuard | None = None  # once the reply's head is here, if a rule looks at replies
        self._restorer: Restorer | None = None  # if the request was pseudonymised
        self._head: ReplyHead | None = None  # until the first byte goes out

    # ------------------------------------------------------------------ the tries

    def begin(self, attempt: Attempt) -> None:
        """This one is waited for from here on."""
        self._attempt, self._limits = attempt, attempt.provider.limits
        if attempt.sent_at:
            self._wait()

    def sent(self, connection: Connection) -> None:
        """The request is being handed to this connection."""
        self._attempt.sent(connection)
        self.attempts += 1
        self._wait()

    def _wait(self) -> None:
        self._live.add(self)
        limits, at = self._limits, self._attempt.sent_at
        self.due = at + min(limits.first_byte_s, limits.total_s - (at - self._started))

    def tell(self, attempt: Attempt, result: str, code: str) -> list[object]:
        """An attempt is over that is not waited for any more. Returns its phase."""
        if self._course is ALONE:
            self._course = Course(self._started)
        return self._course.tell(attempt, result, code)

    def put_by(self, result: str, code: str) -> list[object]:
        """Another attempt takes the place of this one: as if its reply had never come. Nothing of it was kept or given to the client. Returns its phase."""
        phase = self.tell(self._attempt, result, code)
        self._live.discard(self)
        self._kept.forget()  # what a restorer held back is in it
        self._attempt = Attempt(self._attempt.provider, self._attempt.credential)  # nobody's yet
        self._guard = self._restorer = self._events = self._head = None
        self._status, self._first_at, self._chunked = 0, 0.0, False
        return phase

    def play(self, spare: Spare) -> None:
        """What was put by is the reply after all."""
        self.begin(spare.attempt)
        self._course.go_back(spare.attempt, spare.phase)
        spare.hand(self)
        self.received(spare.head, b"".join(spare.pieces), spare.ended, spare.attempt.last_at)

    # ------------------------------------------------------------------ the ingress

    def refuse(self, error: RelayError) -> None:
        """Answer in the provider's place, or end a reply that has begun. The one way an exchange ends in failure. Raises nothing: who calls it has nothing better to say."""
        if self.over:
            return
        try:
            self._refuse(error)
        except Exception as e:  # noqa: BLE001  so the client sees a cut connection, and the record has what there is
            report("refusal_failed", e, code=error.code)
            self.out.abort()
            with suppress(Exception):
                if not self.closed:
                    self._record(error.outcome, error.code)
            self._settle(False)

    def _refuse(self, error: RelayError) -> None:
        self._attempt.drop()
        if self.closed:  # the caller was already given a whole reply
            self._finish(keep_alive=False)
            return
        if self._begun:
            adds = self._may_add_an_event()
            event = self._dialect.stream_error(self._operation, error.code, error.message, self._request_id.decode()) if adds else b""
            self.out.bytes += len(event)
            self._record(error.outcome, error.code)
            if event:
                self.out.write(b"%x\r\n%b\r\n" % (len(event), event))
            self._finish(keep_alive=False)  # without the last chunk: a cut stream must look cut
            return
        body = error.body or self._dialect.error(error.status, error.code, error.message, self._request_id.decode())
        self._status, self._content_type, self._content_encoding = error.status, error.content_type, ""
        self._kept.replace(body)
        self.out.bytes = len(body)
        self._record(error.outcome, error.code)
        self._begun = True
        self.out.write(error_head(error, self._request_id, len(body), self.keep_alive) + (b"" if self._head_only else body))
        self._finish(keep_alive=self.keep_alive)

    # ------------------------------------------------------------------ the provider

    def received(self, head: tuple[int, Headers] | None, data: bytes, ended: bool, at: float = 0.0) -> None:
        """See upstream.Sink. at: perf_counter when it came, if not now."""
        try:
            attempt = self._attempt
            if ended:
                attempt.connection, attempt.ended = None, True
            if self.over:
                return
            attempt.last_at = at or perf_counter()
            if head is not None:
                attempt.status = head[0]
                if self.tries.heard(head, data, ended):
                    return
                try:
                    self._take_head(head[0], head[1])
                except RelayError as error:
                    self.refuse(error)
                    return
                if not ended:
                    self._arm(self._limits.idle_s)
            if data and not self._first_at:
                self._first_at = attempt.last_at
            guard = self._guard
            if guard is None:
                self._pass(data, ended)
            else:
                out = guard.push(data) if data else b""
                if ended:
                    out += guard.end()
                self._pass_checked(out)
        except Exception as e:  # noqa: BLE001  a failure of our own must end the exchange, not leave it hanging
            self._broke(e)

    def _broke(self, cause: Exception) -> None:
        """A failure of our own."""
        if self._guarded is not None:
            self._guarded.tally.fail(GUARD)  # what was being looked at has not been seen to its end
        self.refuse(broken(cause))

    def _pass(self, data: bytes, over: bool) -> None:
        """Give the client what it may have. over: with it the reply is whole."""
        events, restorer = self._events, self._restorer
        if data and not self.closed:
            self._kept.push(data)
        if events is not None:
            if data:
                data = events.push(data)
            if over:
                data += events.finish()
        if restorer is not None:
            if data:
                data = restorer.push(data)
            if over:
                restorer.finish(partial(self._restored, data), self._broke)  # a lambda here would make cells of the names around it, for each chunk
                return
        self._give(data, over)

    def _restored(self, data: bytes, rest: bytes) -> None:
        self._give(data + rest, True)

    def _give(self, out: bytes, over: bool) -> None:
        """As _pass, of what is recorded already."""
        if self.over:
            return
        head, client = b"", self.out
        if self._head is not None:
            if self._begun:  # refused meanwhile
                return
            if out or over or (self._guard is None and not self._waits_for_whole()):
                head = self._spelled_head(len(out) if over else None)
        if out:
            client.bytes += len(out)
            if self._chunked:
                out = b"%x\r\n%b\r\n" % (len(out), out)
        if head:
            out = head + out
        if not self.closed and (over or (self._events is not None and self._events.over)):
            outcome, code = _DRAINED if client.gone else _WHOLE  # gone: read on for its usage
            self._record(outcome, code)
        if over and self._chunked:
            out += b"0\r\n\r\n"
        if out:
            client.write(out)
        if over:
            self._finish(keep_alive=self.keep_alive)

    def _pass_checked(self, out: bytes) -> None:
        """The guard has given `out` free, or has stopped the reply."""
        guard = self._guard
        assert guard is not None
        if guard.error is None:
            self._pass(out, guard.over)
            return
        if self._guarded is not None and not (self._begun or self.out.gone) and may_retry(guard.blocked_by, self.tries.judged):
            withhold(self._guarded, guard, self._restorer, self._kept, self._attempt, again=True)
            self._guarded.again()
            self.tries.once_more(guard.error)
            return
        if guard.cut:
            self._pass(out, False)
        self.refuse(guard.error)

    def _checked(self) -> None:
        """An answer of the detector pool has come."""
        if self._guard is not None and not self.over:
            try:
                self._pass_checked(self._guard.take())
            except Exception as e:  # noqa: BLE001  as in received
                self._broke(e)

    def failed(self, error: RelayError) -> None:
        """See upstream.Sink."""
        self._attempt.connection = None
        if self.over or self.tries.failed(error, begun=self._begun):
            return
        if self._begun and self._guard is not None:
            self._pass(self._guard.broken(), False)
        self.refuse(error)

    def _take_head(self, status: int, headers: Headers) -> None:
        if 300 < status < 404 and (error := self.tries.unfit(status)) is not None:
            raise error
        head = self._head = ReplyHead(status, headers, self._head_only or status == 204 or status == 304)
        self._content_type, self._content_encoding, self._status = head.content_type, head.content_encoding, 0 if self.out.gone else status
        if head.is_stream:
            self._events = Passing(() if head.encoded else self._operation.ends, strips=self._attempt.strips and not head.encoded)
        self._kept.begin(head, self._attempt.credential, withholds=self._withholds)
        if self._guarded is not None and not head.bodiless:
            self._guard, self._restorer = begin(self._guarded, head, self._checked)
        if head.bodiless:
            head.declare(head.length if status != 204 else None)
        elif head.length is not None and not (self._events is not None and self._events.strips) and self._guard is None and self._restorer is None:
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
        attempt = self._attempt
        own = attempt.sent_at - self._started - self._body_wait - (attempt.connect_s or 0.0)
        if self._course is not ALONE:
            own -= self._course.before(attempt)
        return head.spell(self._request_id, own, http11=self._http11, keep_alive=self.keep_alive)

    def _may_add_an_event(self) -> bool:
        """Whether an event of ours would be read as one: the stream stands between two, and nothing of it is held back."""
        events = self._events
        return self._chunked and events is not None and events.between_events and self._content_encoding in ("", "identity") and not events.finish()

    # ------------------------------------------------------------------ the client

    def client_gone(self) -> None:
        """The client's connection is lost."""
        self.out.lost()
        if self.over:
            return
        self._status *= self._begun  # a head may be here that was not given out: a guard looks at what follows
        if self.closed:  # it has all it wanted; a moment more and the connection can be used again
            self._loop.call_later(FAREWELL_S, self._attempt.drop)
            self._finish(keep_alive=False)
        elif self._attempt.connection is None or not self._limits.drain:
            self._attempt.drop()
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
        self._attempt.pause()

    def resume(self) -> None:
        self._paused_at = 0.0
        self._arm(self._limits.idle_s)
        self._attempt.resume()

    # ------------------------------------------------------------------ the clock

    def _arm(self, seconds: float) -> None:
        """Look at the deadlines in `seconds` at the latest. A piece that arrives moves nothing: the tick sees that it came."""
        now = perf_counter()
        self.due = now + min(seconds, self._limits.total_s - (now - self._started))

    def tick(self, now: float) -> None:
        """`due` has come: see which deadline it is, or set the next. Called by whoever looks after `live`, several times a second."""
        limits = self._limits
        left_total = limits.total_s - (now - self._started)
        attempt = self._attempt
        what = "write_stall" if self._paused_at else "idle" if attempt.status else "first_byte"
        since = self._paused_at or (attempt.last_at if attempt.status else attempt.sent_at)
        left: float = getattr(limits, f"{what}_s") - (now - since)
        if left > 0 and left_total > 0:
            self._arm(left)
        elif self._paused_at and left <= 0:
            self.refuse(stalled(limits.write_stall_s))
            self.out.abort()
        else:
            error = late(self._attempt.provider.name, limits.late("total" if left_total <= 0 else what))
            self._attempt.drop()
            if not self.tries.failed(error, begun=self._begun, silent=left <= 0 or not attempt.status):
                self.refuse(error)

    # ------------------------------------------------------------------ the record

    def _record(self, outcome: Outcome, code: str) -> None:
        """Write the close frame."""
        self.tries.settle()
        self.closed, now, attempt, kept = True, perf_counter(), self._attempt, self._kept
        duration = now - self._started
        asked, upstream = attempt.times(self._started, now, waited=outcome is not _OK and outcome in _WAITED)
        rest = kept.rest(attempt.credential if self._events is not None and not self._events.ending else b"")
        own = duration - self._body_wait - (attempt.connect_s or 0.0) - (upstream or 0.0)
        if self._course is not ALONE:
            own -= self._course.before(attempt)
        closed = Closed.of({
            "id": self._id.hex(), "status": self._status, "upstream_status": attempt.status or None, "outcome": str(outcome), "attempts": self.attempts,
            "duration_s": duration, "upstream_s": upstream, "connect_s": attempt.connect_s, "asked_s": asked, "overhead_s": max(0.0, own),
            "reply_bytes": self.out.bytes, "content_type": self._content_type,
        })  # fmt: skip
        if code:
            closed.error_code = code
        if self._content_encoding:
            closed.content_encoding = self._content_encoding
        if kept.note or kept.parts:
            closed.body_note, closed.body_parts = kept.note, kept.parts
        if self._events is not None and self._first_at:
            closed.time_to_first_chunk_s = self._first_at - self._started
        if attempt.provider.name != self._provider:
            closed.provider = attempt.provider.name
        if self._guarded is not None:
            if outcome is not _OK:
                withhold(self._guarded, self._guard, self._restorer, kept, attempt)
            self._guarded.note(closed, self._started)
        if self._course.phases:
            closed.phases = self._course.phases + (closed.phases or [])
        written = self._journal.close(self._id, closed, rest)
        if self._commit and not written:  # the promise cannot be kept, so it is not made: the client sees a cut connection
            self.out.forsake()
        elif self._commit:
            self.out.hold(asyncio.ensure_future(self._journal.commit(self._kept.since)))

    def _finish(self, *, keep_alive: bool) -> None:
        if self.out.committing is None:
            self._settle(keep_alive)
        else:
            self.out.when_settled(partial(self._settle, keep_alive))

    def _settle(self, keep_alive: bool) -> None:
        if not self.over:
            self.keep_alive, self.over = keep_alive, True
            self._guard = None  # it leads back here, and a circle with all of the exchange in it is the collector's to find
            self._live.discard(self)
            self._ended(self)
