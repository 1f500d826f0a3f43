"""Who gets in, and whose turn it is.

Budget.  Texts in the pool are bounded in bytes, in total and for one connection, and known before they are read: what goes over is refused at
once, because a guard that is told "busy" can act and one that waits cannot.

Turns.  Connections take turns, one slice each. Within a connection, a job that has had no turn yet goes before those that have: a hundred
bytes wait for the slice under way, not for the two megabytes in front of them. Every fourth turn goes to a job that has begun, so that many small jobs
cannot starve a large one either.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Hashable
from typing import Generic, Protocol, TypeVar

BEGUN_EVERY = 4


class Budget:
    """Bytes of texts. Not thread-safe; nothing here is."""

    def __init__(self, total: int, share: int) -> None:
        self.total, self.share = total, min(share, total)
        self.used = 0
        self._by: dict[Hashable, int] = {}

    def take(self, who: Hashable, size: int) -> bool:
        """Whether there is room; if so it is taken."""
        has = self._by.get(who, 0)
        if self.used + size > self.total or has + size > self.share:
            return False
        self.used += size
        self._by[who] = has + size
        return True

    def give_back(self, who: Hashable, size: int) -> None:
        self.used -= size
        left = self._by[who] - size
        if left:
            self._by[who] = left
        else:
            del self._by[who]


class Waiting(Protocol):
    """What waits for turns. owner: its connection.  over: answered or given up; it is dropped when its turn comes."""

    @property
    def owner(self) -> Hashable: ...

    @property
    def over(self) -> bool: ...


T = TypeVar("T", bound=Waiting)


class _Line(Generic[T]):
    """One connection's jobs."""

    def __init__(self) -> None:
        self.fresh: deque[T] = deque()
        self.begun: deque[T] = deque()
        self.since_begun = 0

    def take(self) -> T | None:
        while self.fresh or self.begun:
            old = bool(self.begun) and (not self.fresh or self.since_begun >= BEGUN_EVERY - 1)
            job = (self.begun if old else self.fresh).popleft()
            if not job.over:
                self.since_begun = 0 if old else self.since_begun + 1
                return job
        return None


class Turns(Generic[T]):
    """Jobs of one detector, in the order in which their slices are worked on. Everything is O(1), over the jobs that are over."""

    def __init__(self) -> None:
        self._lines: OrderedDict[Hashable, _Line[T]] = OrderedDict()

    def add(self, job: T) -> None:
        """A job that has had no turn."""
        self._lines.setdefault(job.owner, _Line()).fresh.append(job)

    def again(self, job: T) -> None:
        """A job that has had a turn and needs more."""
        self._lines.setdefault(job.owner, _Line()).begun.append(job)

    def take(self) -> T | None:
        """Whose turn it is; it leaves the queue. None: nobody waits."""
        while self._lines:
            owner, line = next(iter(self._lines.items()))
            job = line.take()
            if job is None:
                del self._lines[owner]
                continue
            if line.fresh or line.begun:
                self._lines.move_to_end(owner)
            else:
                del self._lines[owner]
            return job
        return None

    def clear(self) -> list[T]:
        """All that wait, each once; the queue is empty then."""
        jobs = [job for line in self._lines.values() for job in (*line.fresh, *line.begun) if not job.over]
        self._lines.clear()
        return jobs
