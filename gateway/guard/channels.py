"""Which text a channel of a stream grows in, and what it has said: by itself, or in the chain of those that a reader sees as one.

A channel joins its chain if what was before it is over. Otherwise texts take turns, and each is by itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from io import StringIO

from gateway.dialects.pieces import Piece
from gateway.guard.runs import Run

MAX_DEPTH = 16  # of what a channel is in, and may be closed as a whole
MAX_SEAMS = 2000
Part = tuple[Run, int, int]  # a run, and where in it something starts and ends


class Channels:
    """Of one stream. closed: those that seem to have ended."""

    def __init__(self) -> None:
        self.closed: set[str] = set()
        self._names: dict[str, str] = {}  # of channels that have a chain: where they grow
        self._last: dict[str, str] = {}  # of chains: the channel that joined last

    def name(self, piece: Piece) -> str:
        """Under which name the piece's text grows: its channel's or its chain's. The channel is not closed then."""
        channel, chain = piece.channel, piece.chain
        if not chain:
            return channel
        name, last = self._names.get(channel), self._last.get(chain)
        if name is None:
            joins = last is None or last in self.closed
            name = self._names[channel] = chain if joins else channel
            if joins:
                self._last[chain] = channel
        elif name == chain and last != channel:  # it was closed, and goes on: from here on it is by itself
            name = self._names[channel] = channel
        self.closed.discard(channel)
        return name

    def known(self, piece: Piece) -> str:
        """The same, and nothing changes."""
        return self._names.get(piece.channel, piece.channel)


class Seams:
    """Where texts that were taken for ended may go on: by name, the channel that spoke and what its run says of its end (`Run.seam`). The oldest are forgotten."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, str, str, str]] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._kept

    def keep(self, name: str, channel: str, seam: tuple[str, str, str]) -> None:
        if len(self._kept) >= MAX_SEAMS:
            del self._kept[next(iter(self._kept))]
        self._kept[name] = (channel, *seam)

    def pop(self, name: str) -> tuple[str, str, str, str]:
        return self._kept.pop(name, ("", "", "", ""))


class Speaking:
    """Which channel spoke last under each name, and under which names the channels of a lane did."""

    def __init__(self) -> None:
        self._channel: dict[str, str] = {}
        self._under: dict[str, dict[str, None]] = {}  # by channel, and by all that a channel is in

    def __getitem__(self, name: str) -> str:
        return self._channel[name]

    def __setitem__(self, name: str, channel: str) -> None:
        was = self._channel.get(name)
        if was == channel:
            return
        if was is not None:
            self.pop(name)
        self._channel[name] = channel
        for place in _places(channel):
            self._under.setdefault(place, {})[name] = None

    def pop(self, name: str) -> str:
        channel = self._channel.pop(name)
        for place in _places(channel):
            under = self._under[place]
            del under[name]
            if not under:
                del self._under[place]
        return channel

    def names(self, place: str) -> list[str]:
        """Of a channel, or of all channels in a lane."""
        return list(self._under.get(place, ()))


def _places(channel: str) -> list[str]:
    parts = channel.split("/", MAX_DEPTH)
    return list(dict.fromkeys((channel, *("/".join(parts[:length]) for length in range(1, len(parts))))))


@dataclass(slots=True)
class _Said:
    text: StringIO = field(default_factory=StringIO)
    parts: list[Part] = field(default_factory=list)


class Told:
    """What the channels of a stream have said that says everything again."""

    def __init__(self) -> None:
        self._said: dict[str, _Said] = {}

    def add(self, channel: str, text: str, run: Run, start: int) -> None:
        """It goes on with `text`, which is the end of what the run has been fed."""
        said = self._said.setdefault(channel, _Said())
        said.text.write(text)
        parts = said.parts
        if parts and parts[-1][0] is run and parts[-1][2] == start:
            parts[-1] = (run, parts[-1][1], run.total)
        else:
            parts.append((run, start, run.total))

    def parts(self, channel: str, text: str) -> list[Part] | None:
        """Where the channel has said exactly this; [] if it has said nothing, None if it has said something else."""
        said = self._said.get(channel)
        if said is None:
            return []
        return said.parts if said.text.tell() == len(text) and said.text.getvalue() == text else None
