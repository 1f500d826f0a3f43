"""A second target beside one that is silent: whose reply begins first is relayed, the other is dropped. Only with a success does the second win.

The first keeps the relay as its sink, so that an exchange which nobody overtakes pays a timer and nothing else. The second has the race as its sink until it
wins, or until it is the only one left: then it is handed to the relay, and nothing stands between them any more.
"""

from __future__ import annotations

import asyncio
from time import perf_counter
from typing import TYPE_CHECKING

from gateway.errors import RelayError
from gateway.exchange import Outcome
from gateway.proxy.aims import Aim
from gateway.proxy.attempt import Attempt, result_of
from gateway.proxy.spare import Spare
from gateway.proxy.trouble import broken
from gateway.proxy.upstream import Headers

if TYPE_CHECKING:
    from gateway.proxy.tries import Tries

LOST = (Outcome.CALLER_CANCELLED.value, "hedge_lost")  # the gate is the caller that left


class Race:
    """One exchange's. rival: the second, while it is neither first nor dropped."""

    __slots__ = ("_loop", "_task", "_timer", "_tries", "rival")

    def __init__(self, loop: asyncio.AbstractEventLoop, tries: Tries, after_s: float) -> None:
        self._loop, self._tries = loop, tries
        self.rival: Attempt | None = None
        self._task: asyncio.Task[None] | None = None
        self._timer = loop.call_later(after_s, self._begin)

    def _begin(self) -> None:
        found = self._tries.rival()
        if found is not None:
            self.rival = found[0]
            self._task = self._loop.create_task(self._run(*found))

    async def _run(self, rival: Attempt, aim: Aim) -> None:
        relay = self._tries.relay
        try:
            connection, head, body = await self._tries.reach(rival, aim)
            if connection is None:
                return
            bodiless = self._tries.bodiless
            if self.rival is not rival:  # the first is gone: this one is waited for as any other is
                relay.sent(connection)
                connection.send(head, body, relay, bodiless=bodiless)
                return
            relay.attempts += 1
            rival.sent(connection)
            connection.send(head, body, self, bodiless=bodiless)
        except RelayError as error:
            if self.rival is rival:
                self.failed(error)
            else:
                relay.failed(error)
        except Exception as e:  # noqa: BLE001  as in Tries.ask
            fault = broken(e)
            if self.rival is rival:
                self.failed(fault)
            else:
                relay.refuse(fault)

    # ------------------------------------------------------------------ the second's sink

    def received(self, head: tuple[int, Headers] | None, data: bytes, ended: bool) -> None:
        """See upstream.Sink."""
        tries, rival = self._tries, self.rival
        assert rival is not None and head is not None  # the first thing of a reply is its head; whose next piece comes, is handed on by then
        rival.last_at, rival.status = perf_counter(), head[0]
        if ended:
            rival.connection = None
        trouble = tries.is_trouble(rival, head)
        if trouble or head[0] >= 300:  # a key or a model that is wrong there is no answer to who asked the first
            self.rival = None
            if not trouble:
                rival.drop()
            tries.beaten(rival, result_of(head[0]), "", Spare(rival, head, data, ended) if trouble else None)
            return
        tries.desk.vitals.add("hedges_won")
        tries.attempt.drop()
        tries.put_by(None, *LOST)
        self.promote()
        tries.relay.received(head, data, ended)

    def failed(self, error: RelayError) -> None:
        """See upstream.Sink."""
        rival, self.rival = self.rival, None
        if rival is not None:
            rival.connection = None
            self._tries.count_failure(rival, error)
            self._tries.beaten(rival, error.outcome.value, error.code)

    # ------------------------------------------------------------------ the first's fate

    def promote(self) -> None:
        """The first is out of the race: the second is what the relay waits for."""
        rival, self.rival = self.rival, None
        assert rival is not None
        self._tries.attempt = rival
        self._tries.relay.begin(rival)
        if rival.connection is not None:
            rival.connection.hand(self._tries.relay)

    def stop(self) -> None:
        """The first has answered, or nobody is asked any more."""
        self._timer.cancel()
        if self._task is not None:
            self._task.cancel()  # also of one that has become the first, and is still connecting
        rival, self.rival = self.rival, None
        if rival is not None:
            rival.drop()
            self._tries.beaten(rival, *LOST)
