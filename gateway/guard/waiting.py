"""The order in which held events go: those of one lane as they came, a barrier when all before it have gone, and free ones as soon as they are decided.

Every step costs what moves in it, not what waits: a run that is decided further looks at the events that wait for it, and an event that goes
looks at those behind it in its lanes.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterator

from gateway.dialects.pieces import BARRIER
from gateway.guard.entries import Entry
from gateway.guard.runs import Run


class Waiting:
    """What waits. size: bytes of it. missed: what a cut has left out, in the order in which it came."""

    def __init__(self) -> None:
        self.size = 0
        self.missed: list[bytes] = []
        self._number = 0
        self._free: dict[int, Entry] = {}
        self._ordered: OrderedDict[int, Entry] = OrderedDict()  # all that are not free
        self._lanes: dict[str, deque[Entry]] = {}
        self._barriers: deque[Entry] = deque()
        self._for: dict[int, deque[tuple[int, Entry]]] = {}  # by a run's identity: how far it must be decided, and for whom
        self._ready: list[Entry] = []  # decided, and not looked at since

    def __len__(self) -> int:
        return len(self._free) + len(self._ordered)

    def __iter__(self) -> Iterator[Entry]:
        """In the order in which they came."""
        return iter(sorted((*self._free.values(), *self._ordered.values()), key=lambda entry: entry.order))

    def add(self, entry: Entry) -> None:
        self._number += 1
        entry.order = self._number
        self.size += len(entry.raw)
        for place in entry.places:
            if place.run.decided < place.end:
                entry.waits += 1
                behind = self._for.get(id(place.run))
                if behind is None:
                    self._for[id(place.run)] = deque(((place.end, entry),))
                else:
                    behind.append((place.end, entry))
        shape = entry.shape
        if shape.free:
            self._free[entry.order] = entry
        else:
            self._ordered[entry.order] = entry
            if shape.barrier:
                self._barriers.append(entry)
            for lane in shape.lanes:
                queue = self._lanes.get(lane)
                if queue is None:
                    self._lanes[lane] = deque((entry,))
                else:
                    queue.append(entry)
        if not entry.waits:
            self._ready.append(entry)

    def mark(self, mark: bytes) -> int:
        """A byte order mark that the stream begins with, or b""; its length."""
        if mark:
            self.add(Entry(mark, None, BARRIER))
        return len(mark)

    def moved(self, run: Run) -> None:
        """The run is decided further than before."""
        queue = self._for.get(id(run))
        if queue is None:
            return
        while queue and queue[0][0] <= run.decided:
            entry = queue.popleft()[1]
            entry.waits -= 1
            if not entry.waits:
                self._ready.append(entry)
        if not queue:
            del self._for[id(run)]

    def release(self, *, owed: bool) -> list[Entry]:
        """What may go now, in the order in which it came. owed: judgements are, so that nothing that says that a text is over may go."""
        out: list[Entry] = []
        later: list[Entry] = []
        for entry in self._ready:  # which grows: an event that goes lets those behind it be looked at
            if entry.waits or (entry.order not in self._ordered and entry.order not in self._free):
                continue
            shape = entry.shape
            if owed and (shape.ends or shape.closes & shape.lanes):
                later.append(entry)
            elif shape.free:
                del self._free[entry.order]
                out.append(entry)
                self.size -= len(entry.raw)
            elif self._is_first(entry):
                self._pass(entry)
                out.append(entry)
        self._ready = later
        if len(out) > 1:
            out.sort(key=lambda entry: entry.order)
        for entry in out:
            entry.order = -1
        return out

    def cut(self) -> list[Entry]:
        """The stream is cut off: of each lane what is decided, and the event whose text is decided in part. All is gone from here then."""
        shut: set[str] = set()
        out: list[Entry] = []
        for entry in self:
            shape = entry.shape
            if shape.barrier and (shut or entry.undecided):
                break
            if shape.lanes & shut:
                continue
            if entry.undecided:
                if shape.free or not any(place.run.decided > place.start for place in entry.places):
                    shut |= shape.lanes
                    continue
                shut |= shape.lanes
            out.append(entry)
        goes = {entry.order for entry in out}
        self.missed = [entry.raw for entry in self if entry.order not in goes]
        self.clear()
        return out

    def clear(self) -> None:
        self._free.clear()
        self._ordered.clear()
        self._lanes.clear()
        self._barriers.clear()
        self._for.clear()
        self._ready.clear()
        self.size = 0

    def _is_first(self, entry: Entry) -> bool:
        """Whether nothing that waits must go before it."""
        if entry.shape.barrier:
            return next(iter(self._ordered.values())) is entry
        if self._barriers and self._barriers[0].order < entry.order:
            return False
        for lane in entry.shape.lanes:  # noqa: SIM110  one, nearly always, so a generator would cost more than what it asks
            if self._lanes[lane][0] is not entry:
                return False
        return True

    def _pass(self, entry: Entry) -> None:
        """It goes; those that were behind it are looked at."""
        del self._ordered[entry.order]
        self.size -= len(entry.raw)
        for lane in entry.shape.lanes:
            queue = self._lanes[lane]
            queue.popleft()
            if queue:
                if not queue[0].waits:
                    self._ready.append(queue[0])
            else:
                del self._lanes[lane]
        if entry.shape.barrier:
            self._barriers.popleft()
            for behind in self._ordered.values():
                self._ready.append(behind)
                if behind.shape.barrier:
                    break
        elif self._barriers and next(iter(self._ordered.values())) is self._barriers[0]:
            self._ready.append(self._barriers[0])
