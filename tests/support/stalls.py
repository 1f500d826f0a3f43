"""How long one turn of an event loop keeps its thread busy: what everybody else in that loop waits for. By CPU time, so a busy machine adds nothing.

    with Stalls() as stalls: ...                     stalls.worst, stalls.where, of the thread that entered it
    with Apart(lambda: gate(root, ...)) as apart:    a context of coroutines in a loop and thread of its own; apart.value, apart.stalls, apart.run(coroutine), apart.cpu()
    assert_calm(apart, ask)                          no turn of that loop is long whenever `ask` is called
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import threading
from asyncio import events
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from time import thread_time
from typing import Any, Generic, Self, TypeVar

T = TypeVar("T")
STALL_S = 0.25  # five times what a turn may take: processors of CI differ, a turn that grows with the body is beyond any factor
TRIES = 4  # a machine that stands still may count as processor time, too, but not each time
_run = events.Handle._run
_watched: dict[int, Stalls] = {}  # by thread


class Stalls:
    """worst: seconds of the longest turn so far.  where: what it ran.  over: turns longer than `bar_s`."""

    def __init__(self, bar_s: float = 0.05) -> None:
        self.bar_s = bar_s
        self.worst, self.where, self.over = 0.0, "", 0

    def __enter__(self) -> Self:
        gc.collect()
        gc.freeze()
        self._threshold = gc.get_threshold()
        gc.set_threshold(50_000, 50, 100)  # as a worker does
        _watched[threading.get_ident()] = self
        events.Handle._run = _timed  # type: ignore[method-assign]
        return self

    def __exit__(self, *raised: object) -> None:
        _watched.pop(threading.get_ident(), None)
        if not _watched:
            events.Handle._run = _run  # type: ignore[method-assign]
            gc.set_threshold(*self._threshold)

    def clear(self) -> None:
        self.worst, self.where, self.over = 0.0, "", 0


def _timed(handle: events.Handle) -> None:
    stalls = _watched.get(threading.get_ident())
    if stalls is None:
        _run(handle)
        return
    before = thread_time()
    _run(handle)
    took = thread_time() - before
    if took > stalls.worst:
        stalls.worst, stalls.where = took, repr(handle._callback)[:300]
    stalls.over += took > stalls.bar_s


class Apart(Generic[T]):
    """An asynchronous context in a thread of its own, so that nothing of whoever drives it counts as a stall of its loop."""

    def __init__(self, make: Callable[[], AbstractAsyncContextManager[T]]) -> None:
        self._make = make
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._stack = contextlib.AsyncExitStack()
        self.stalls = Stalls()

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        with self.stalls:
            self._loop.run_forever()

    def run(self, doing: Coroutine[Any, Any, Any]) -> Any:
        """Its result, once it has been run over there."""
        return asyncio.run_coroutine_threadsafe(doing, self._loop).result(60)

    def cpu(self) -> float:
        """Seconds of the processor that its thread has had."""
        return float(self.run(_cpu()))

    def __enter__(self) -> Self:
        self._thread.start()
        self.value: T = self.run(self._stack.enter_async_context(self._make()))
        self.stalls.clear()
        return self

    def __exit__(self, *raised: object) -> None:
        self.run(self._stack.aclose())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()


async def _cpu() -> float:
    return thread_time()


def assert_calm(apart: Apart[Any], ask: Callable[[], object], what: str = "", *, bar_s: float = STALL_S) -> None:
    """A turn that is too long for what `ask` asks is so each time."""
    for _ in range(TRIES):
        apart.stalls.clear()
        ask()
        if apart.stalls.worst < bar_s:
            return
    raise AssertionError(f"{what}: a turn of {apart.stalls.worst:.3f} s: {apart.stalls.where}")
