"""Scheduled runs of drift: the console asks now and then whether one is due, and starts `python -m gateway.drift.main` for it.

The runs are in a process of their own, so neither their memory nor their time is ever in the way of this one's pages; it is nicer than
everything else, and uses one core (law 4). It ends with the console: told to, or killed by the kernel's hand if the console is killed.

What is due is read from the store, so a restart neither forgets a run nor makes one twice. Nothing is started while no app has both traffic and a
baseline. A round that fails is tried again later and later; one that does not end is killed at its deadline. On a busy machine it may take minutes to begin: the time
between `drift_started` here and `drift_round_started` of the process is that, and `tidegate_drift_last_run_timestamp_seconds` stands still meanwhile.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import random
import signal
import time
from collections.abc import Awaitable, Callable, Sequence

from gateway import log
from gateway.console.drift_series import Rounds
from gateway.errors import ConfigError, StoreError

FIRST_S = 5.0  # after the start: apps and the store first
CHECK_S, AGAIN_S = 60.0, 15.0  # between two looks; after one at which the store did not answer
BACKOFF_FIRST_S, BACKOFF_MAX_S = 60.0, 3600.0
REST_S = 900.0  # at least a quarter of `every`, at most this, between two rounds
STOP_S = 2.0
SLOW_S = 600.0  # a round that is still there then is told of: it may not have had the processor yet
BUSY = 3  # exit code: another process runs the same
_ONE_CORE = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")}


class Schedule:
    """Runs until it is cancelled.

    due: whether a round is wanted now; raises StoreError.  command: starts one.  every_s: the time between two runs of an app.
    rounds: what has been done, for /metrics.  pause, jitter: asyncio.sleep and random.random, but for tests.
    """

    def __init__(
        self,
        due: Callable[[], Awaitable[bool]],
        command: Sequence[str],
        *,
        every_s: float,
        deadline_s: float,
        rounds: Rounds,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._due, self._command, self._deadline_s, self.rounds = due, tuple(command), deadline_s, rounds
        self._check_s, self._rest_s = min(CHECK_S, every_s), max(min(CHECK_S, every_s), min(every_s / 4, REST_S))
        self._pause, self._jitter = pause, jitter
        self._in_a_row = 0  # failures

    async def run(self) -> None:
        """Start what is due, one round at a time."""
        pause, own = FIRST_S, asyncio.current_task()
        assert own is not None
        while not own.cancelling():  # where a connection is being made or given up just then, a driver may make another error of the cancelling: it would go on for ever, and the console with it
            await self._wait(pause)
            try:
                pause = await self._once()
            except Exception as e:  # noqa: BLE001  whatever it was, the next look may go better, and the pages go on
                log.event("drift_schedule_failed", level=logging.ERROR, error=type(e).__name__)
                self.rounds.failures += 1
                pause = BACKOFF_MAX_S

    async def _once(self) -> float:
        """One look, and a round if it is due. Returns how long to wait until the next look, seconds."""
        try:
            wanted = await self._due()
        except (StoreError, ConfigError):  # a lost store is no reason to run, and tidegate_store_up says so
            return min(self._check_s, AGAIN_S)
        if not wanted:
            return self._check_s
        if await self._round():
            self._in_a_row = 0
            return self._rest_s
        self.rounds.failures += 1
        self._in_a_row += 1
        return min(BACKOFF_MAX_S, BACKOFF_FIRST_S * 2.0 ** min(10, self._in_a_row - 1))

    async def _round(self) -> bool:
        """Start a child and see it end. Returns whether it ended well."""
        began = time.monotonic()
        try:
            child = await asyncio.create_subprocess_exec(
                *self._command,
                "--parent",
                str(os.getpid()),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                env={**os.environ, **_ONE_CORE},
                start_new_session=True,  # so that its own children can be ended with it
            )
        except OSError as e:
            log.event("drift_not_started", level=logging.ERROR, error=e.strerror)
            return False
        log.event("drift_started", pid=child.pid)
        try:
            async with asyncio.timeout(self._deadline_s):
                code = await _ended(child)
            seconds = time.monotonic() - began
        except TimeoutError:
            log.event("drift_killed", level=logging.ERROR, after_s=self._deadline_s, hint="a round takes longer than its deadline; what it had finished is stored")
            return False
        finally:
            await _end(child)
        if code == 0:
            self.rounds.seconds = seconds  # not of one that was killed, had no turn or broke off: how long rounds take is no matter of those
        elif code < 0:
            log.event("drift_failed", level=logging.WARNING, signal=-code, after_s=seconds, hint="something outside killed the round; if it was signal 9, the kernel's log may tell of memory")
        elif code != BUSY:
            log.event("drift_failed", level=logging.WARNING, code=code, after_s=seconds, hint="the lines before this one, of the process `drift` or of Python, say why")
        return code in (0, BUSY)

    async def _wait(self, seconds: float) -> None:
        await self._pause(seconds * (0.9 + 0.2 * self._jitter()))  # gates that share a store need not ask it at the same moment


async def _ended(child: asyncio.subprocess.Process) -> int:
    """Its exit code, negative for a signal, when it has one."""
    try:
        return await asyncio.wait_for(child.wait(), SLOW_S)
    except TimeoutError:
        log.event("drift_slow", level=logging.WARNING, pid=child.pid, after_s=SLOW_S, hint="the round goes on; it has the lowest priority, so a busy machine makes it wait")
        return await child.wait()


async def _end(child: asyncio.subprocess.Process) -> None:
    """The child and all that it started is gone afterwards."""
    if child.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            child.terminate()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(STOP_S):
                await child.wait()
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    await child.wait()
