"""Where a request becomes an exchange: route, identify, read, write down, send, relay.

`Ingress.handle` reads in the order in which things happen; each step adds one concern. Whatever goes wrong before the provider is
contacted is a RelayError, answered in the caller's dialect and written to the journal like any exchange.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter

from gateway.dialects.base import Dialect
from gateway.errors import RelayError
from gateway.exchange import Outcome
from gateway.journal import Journal
from gateway.keys import KeyRing
from gateway.proxy.admission import Admission
from gateway.proxy.guard import Guard
from gateway.proxy.intake import Intake
from gateway.proxy.long import Content
from gateway.proxy.relay import Relay
from gateway.proxy.reply_head import date_line
from gateway.proxy.request import ENDED, KEPT, Answer, Request
from gateway.proxy.route import Destination, Routes
from gateway.proxy.tries import Desk, Tries
from gateway.proxy.trouble import broken
from gateway.vitals import INDEX, Vitals

_ACCEPTED, _INFLIGHT = INDEX["accepted"], INDEX["inflight"]


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for every request. app, env: of callers that do not say. strict: nothing is promised that is not on disk.

    withholds: content is not recorded (`store.content: none`).
    """

    worker: str
    app: str
    env: str
    max_body_bytes: int
    body_timeout_s: float
    strict: bool
    withholds: bool = False


class Ingress:
    """The data plane's one request handler."""

    def __init__(self, terms: Terms, routes: Routes, keys: KeyRing, journal: Journal, vitals: Vitals, fallback: Dialect, guard: Guard, admission: Admission) -> None:
        """fallback: whose error shape is used before the request's own dialect is known."""
        self._terms, self._routes, self._journal, self._vitals = terms, routes, journal, vitals
        self._fallback, self._guard, self._admission = fallback, guard, admission
        self._loop = asyncio.get_running_loop()
        self.desk = Desk(self._loop, keys, vitals)
        self.live: set[Relay] = set()  # those that wait for a provider, their clients there or gone (on_disconnect: drain)
        self.draining = False
        self.awaited: Callable[[], Sequence[str]] = tuple  # detectors that rules need and that have not answered yet

    def tick(self) -> None:
        """End exchanges whose deadline has passed. To be called several times a second; one set for all, because a timer each costs more."""
        now = perf_counter()
        for relay in [relay for relay in self.live if relay.due <= now]:
            relay.tick(now)

    async def handle(self, request: Request) -> Answer | None:
        """Answer one request. None: a relay does, and the connection is told when it has (`_ended`)."""
        if request.target.startswith("/-/"):
            return self._health(request)
        terms, told = self._terms, self._vitals.cells
        told[_ACCEPTED] += 1
        intake = Intake(request, self._journal, self._fallback, terms)
        told[_INFLIGHT] += 1
        try:
            destination = intake.route(self._routes)
            tries = Tries(self.desk, intake, destination)
            destination, caller = tries.first()
            if not self._admission.enter(intake, caller):
                waiter = self._admission.join(intake)
                if isinstance(waiter, str):
                    return intake.refuse(self._admission.shed(waiter))
                await self._admission.stand(waiter)
            here = intake.body_here(terms.max_body_bytes)
            body: Content = here if here is not None else await intake.body(terms.max_body_bytes, terms.body_timeout_s, self._admission, whole=self._guard.looks)
            guarded = self._guard.begin(intake.opened, destination, body)
            if guarded is not None:
                assert isinstance(body, bytes)
                intake.guarded, intake.stopped = guarded, body
                body = await guarded.request(body, caller.query)
                if guarded.target is not None:  # masked
                    intake.masked(guarded.target[0], destination)
                    destination, caller = tries.mask(guarded.target)
            opening = intake.open(body, strict=terms.strict)
            if opening is not None:
                await opening
            await self._relay(intake, tries, destination, body)
            return None
        except RelayError as error:
            return intake.refuse(error)
        except ConnectionError:  # the client left while it was sending
            intake.refuse(RelayError(499, "client_left", "the client left", Outcome.CALLER_CANCELLED, source="caller"))
            return ENDED
        except asyncio.CancelledError:  # the drain time is over
            if not intake.handed_over:
                intake.refuse(shutting_down())
            raise
        except Exception as e:  # noqa: BLE001  whatever broke, this exchange has an open frame and is owed a close frame and an answer
            return intake.refuse(broken(e))
        finally:
            if not intake.handed_over:
                self._left(intake)

    async def _relay(self, intake: Intake, tries: Tries, destination: Destination, body: Content) -> None:
        """Hand it over, and ask. Whatever becomes of that is the relay's answer."""
        request = intake.request
        terms, keep = self._terms, request.keep_alive and not self.draining
        relay = Relay(self._loop, self._journal, intake, tries, destination.meaning.operation, self.live, self._ended, keep, terms.strict, terms.withholds)
        tries.relay = request.connection.relay = relay
        intake.handed_over = True
        try:
            if request.connection.transport is None:
                relay.client_gone()
            elif tries.ready(body):
                await tries.ask()
        except asyncio.CancelledError:
            relay.refuse(shutting_down())
            raise
        except Exception as e:  # noqa: BLE001  as in handle; the relay knows whether the reply has begun
            relay.refuse(broken(e))

    def _ended(self, relay: Relay) -> None:
        """A relay is over: nothing of the exchange is left behind, and its client may ask again."""
        intake = relay.intake
        try:
            relay.tries.over()
        finally:
            self._left(intake)
            intake.request.connection.answered(KEPT if relay.keep_alive else ENDED)

    def _left(self, intake: Intake) -> None:
        self._admission.leave(intake)
        self._vitals.cells[_INFLIGHT] -= 1

    def refused(self, request: Request, error: RelayError) -> Answer:
        """The answer to what is no request."""
        self._vitals.add("accepted")
        terms = self._terms
        answer = Intake(request, self._journal, self._fallback, terms).refuse(error)
        answer.keep_alive = False
        return answer

    def _health(self, request: Request) -> Answer:
        if request.target == "/-/healthy" or (request.target == "/-/ready" and not self.draining and not self.awaited()):
            status, text = 200, b"ok\n"
        elif request.target == "/-/ready":
            status, text = 503, b"draining\n" if self.draining else b"waiting for detectors: %s\n" % ", ".join(self.awaited()).encode()
        else:
            status, text = 404, b"not found\n"
        end = b"" if request.keep_alive else b"Connection: close\r\n"
        head = b"HTTP/1.1 %d \r\n%bContent-Type: text/plain\r\nContent-Length: %d\r\n%b\r\n" % (status, date_line(), len(text), end)
        return Answer(head + (b"" if request.method == "HEAD" else text), keep_alive=request.keep_alive, status=status)


def shutting_down() -> RelayError:
    """What ends the exchanges that are still open when a worker must leave."""
    message = "the gate was stopped while this was under way, and the time for it (server.drain_s) was over or was cut short"
    return RelayError(503, "gateway_shutdown", message, Outcome.GATEWAY_SHUTDOWN, source="gateway", retry=True)

