"""Whether work costs no more than its size does: processor time against processor time, since nothing else can be said on a machine that others use as well.

    assert_linear(lambda size: partial(read, "[" * size), 500_000)          a tenth of it, ten times over, against the whole
    assert_within(3.0, partial(seal, rows), partial(encode, rows))          one work against another

Both sides handle as much, so that memory, caches and neighbours make both dearer alike; the other side is measured before and after the one, and the lesser counts. What is too dear is
looked at again: noise is not there each time, a square is, which is ten times as dear and not four. Python's collector stands still meanwhile: its turns go through all that was made
before, by whomever.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import thread_time

TIMES = 10  # as large: what is linear costs as much as so many small ones, what is quadratic so many times that
FACTOR = 4.0  # about the middle of 1 and TIMES, as factors go
ROUNDS = 6  # before it is too dear

Work = Callable[[], object]
Clock = Callable[[], float]  # seconds of the processor that the one who works has had


def assert_linear(make: Callable[[int], Work], size: int, *, clock: Clock = thread_time) -> None:
    """make: prepares work of so much; what it does itself is not counted.  clock: of whoever does it, if that is not this thread."""
    small, whole = make(size // TIMES), make(size)

    def tenths() -> None:
        for _ in range(TIMES):
            small()

    small()  # what is loaded and remembered at the first time
    assert_within(FACTOR, whole, tenths, clock=clock)


def assert_within(factor: float, one: Work, other: Work, *, clock: Clock = thread_time) -> None:
    """That `one` costs less than so many times what `other` does."""
    seen: list[float] = []
    with _uncollected():
        while len(seen) < ROUNDS and not any(each < factor for each in seen):
            before, cost, after = (_cost(work, clock) for work in (other, one, other))
            seen.append(cost / max(min(before, after), 1e-9))
    assert min(seen) < factor, f"costs {', '.join(f'{each:.1f}' for each in seen)} times as much, expected less than {factor:g} times"


def _cost(work: Work, clock: Clock) -> float:
    before = clock()
    work()
    return clock() - before


@contextmanager
def _uncollected() -> Iterator[None]:
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
