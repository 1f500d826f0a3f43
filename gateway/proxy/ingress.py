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
from gateway.dialects.include_usage import ask
from gateway.errors import RelayError
from gateway.exchange import Outcome
from gateway.journal import Journal
from gateway.keys import KeyRing
from gateway.proxy.auth import Caller
from gateway.proxy.guard import Guard
from gateway.proxy.intake import Intake
from gateway.proxy.relay import Relay
from gateway.proxy.route import Destination, Routes
from gateway.proxy.server import ENDED, KEPT, Answer, Request
from gateway.proxy.trouble import broken
from gateway.vitals import Vitals

_IDEMPOTENT = frozenset(("GET", "HEAD", "OPTIONS", "PUT", "DELETE"))


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

    def __init__(self, terms: Terms, routes: Routes, keys: KeyRing, journal: Journal, vitals: Vitals, fallback: Dialect, guard: Guard) -> None:
        """fallback: whose error shape is used before the request's own dialect is known."""
        self._terms, self._routes, self._keys, self._journal, self._vitals = terms, routes, keys, journal, vitals
        self._fallback, self._guard = fallback, guard
        self._loop = asyncio.get_running_loop()
        self._live: set[Relay] = set()
        self._resending: set[asyncio.Task[None]] = set()
        self.draining = False
        self.awaited: Callable[[], Sequence[str]] = tuple  # detectors that rules need and that have not answered yet

    def tick(self) -> None:
        """End exchanges whose deadline has passed. To be called several times a second; one set for all, because a timer each costs more."""
        now = perf_counter()
        for relay in [relay for relay in self._live if relay.due <= now]:
            relay.tick(now)

    async def handle(self, request: Request) -> Answer:
        """Answer one request."""
        if request.target.startswith("/-/"):
            return self._health(request)
        self._vitals.add("accepted")
        terms = self._terms
        intake = Intake(request, self._journal, worker=terms.worker, fallback=self._fallback, app=terms.app, env=terms.env, withholds=terms.withholds)
        self._vitals.add("inflight")
        try:
            destination = intake.route(self._routes)
            caller = intake.identify(self._keys, destination)
            body = await intake.body(terms.max_body_bytes, terms.body_timeout_s)
            guarded = self._guard.begin(intake.opened, destination, body)
            if guarded is not None:
                intake.guarded, intake.stopped = guarded, body
                body = await guarded.request(body, caller.query)
                if guarded.target is not None:  # masked
                    destination, caller = intake.aim(guarded.target, destination, caller)
            await intake.open(body, strict=terms.strict)
            return await self._relay(intake, destination, caller, body)
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
            self._vitals.add("inflight", -1)

    async def _relay(self, intake: Intake, destination: Destination, caller: Caller, body: bytes) -> Answer:
        provider, operation, request = destination.provider, destination.meaning.operation, intake.request
        sent = body
        if provider.ask_usage and operation.asks_usage and not intake.opened.content_encoding:
            for found in ask(body):
                if found is None:
                    await asyncio.sleep(0)
                else:
                    sent = found
        relay = Relay(
            loop=self._loop,
            transport=request.transport,
            journal=self._journal,
            id=intake.id,
            request_id=intake.request_id,
            provider=provider.name,
            dialect=provider.dialect,
            operation=operation,
            limits=provider.limits,
            started=intake.started,
            body_wait=intake.body_wait,
            http11=request.http11,
            keep_alive=request.keep_alive and not self.draining,
            head_only=request.method == "HEAD",
            strip_usage=sent is not body,
            strict=self._terms.strict,
            live=self._live,
            guarded=intake.guarded,
            withholds=self._terms.withholds,
        )
        if intake.guarded is not None:
            head = intake.upstream_head(destination, caller, len(sent))
            relay.again = lambda: self._resend(relay, destination, caller, head, sent, request.method)
        request.connection.relay = relay
        intake.handed_over = True
        try:
            if request.transport is None:
                relay.client_gone()
            else:
                await self._send(relay, destination, caller, intake.upstream_head(destination, caller, len(sent)), sent, request.method)
            await relay.done
        except RelayError as error:
            relay.refuse(error)
            await relay.done
        except Exception as e:  # noqa: BLE001  as in handle; the relay knows whether the reply has begun
            relay.refuse(broken(e))
            await relay.done
        finally:
            request.connection.relay = None
        return KEPT if relay.keep_alive else ENDED

    def _resend(self, relay: Relay, destination: Destination, caller: Caller, head: bytes, body: bytes, method: str) -> None:
        """Ask the provider once more (a rule with action retry). Whatever goes wrong is the relay's answer."""

        def ended(task: asyncio.Task[None]) -> None:
            self._resending.discard(task)
            problem = None if task.cancelled() else task.exception()
            if problem is not None:
                relay.refuse(problem if isinstance(problem, RelayError) else broken(problem))

        task = self._loop.create_task(self._send(relay, destination, caller, head, body, method))
        self._resending.add(task)
        task.add_done_callback(ended)

    async def _send(self, relay: Relay, destination: Destination, caller: Caller, head: bytes, body: bytes, method: str) -> None:
        pool, bodiless = destination.provider.pool, method == "HEAD"
        connection = pool.take(caller.affinity)
        if connection is not None:
            if method not in _IDEMPOTENT:
                relay.sent(connection)
                connection.send(head, body, relay, bodiless=bodiless)
                return
            # The provider may be closing it at this very moment; what is safe to repeat is then sent again on a new one.
            stale = relay.stale = self._loop.create_future()
            relay.sent(connection)
            connection.send(head, body, relay, bodiless=bodiless)
            await asyncio.wait((stale, relay.done), return_when=asyncio.FIRST_COMPLETED)
            if relay.done.done():
                return
        relay.connecting()
        connection = await pool.connect(caller.affinity)
        if relay.done.done():  # the client left meanwhile
            connection.owner.release(connection)
            return
        relay.sent(connection)
        connection.send(head, body, relay, bodiless=bodiless)

    def refused(self, request: Request, error: RelayError) -> Answer:
        """The answer to a request that aiohttp could not parse."""
        self._vitals.add("accepted")
        terms = self._terms
        answer = Intake(request, self._journal, worker=terms.worker, fallback=self._fallback, app=terms.app, env=terms.env).refuse(error)
        answer.keep_alive = False
        return answer

    def _health(self, request: Request) -> Answer:
        if request.target == "/-/healthy" or (request.target == "/-/ready" and not self.draining and not self.awaited()):
            status, text = 200, b"ok\n"
        elif request.target == "/-/ready":
            status, text = 503, b"draining\n" if self.draining else b"waiting for detectors: %s\n" % ", ".join(self.awaited()).encode()
        else:
            status, text = 404, b"not found\n"
        head = b"HTTP/1.1 %d \r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n" % (status, len(text))
        return Answer(head + (b"" if request.method == "HEAD" else text), keep_alive=request.keep_alive, status=status)


def shutting_down() -> RelayError:
    """What ends the exchanges that are still open when a worker must leave."""
    message = "the gate was stopped while this was under way, and the time for it (server.drain_s) was over or was cut short"
    return RelayError(503, "gateway_shutdown", message, Outcome.GATEWAY_SHUTDOWN, source="gateway", retry=True)

