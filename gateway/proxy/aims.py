"""The targets of one exchange: which of them this caller may ask, in which order, and which may be asked now."""

from __future__ import annotations

import random
import time
from dataclasses import replace
from typing import NamedTuple

from gateway.errors import RelayError
from gateway.keys import KeyRing
from gateway.proxy.asked_model import in_path
from gateway.proxy.auth import Caller, identify, without_key
from gateway.proxy.intake import Intake
from gateway.proxy.route import Destination, Target


class Aim(NamedTuple):
    """One target, as this exchange asks it."""

    target: Target
    destination: Destination
    caller: Caller


class Aims:
    """Each is worked out when it is first looked at: nearly always that is the first alone. refusal: why the caller may not ask one of them."""

    __slots__ = ("_counts", "_destination", "_found", "_intake", "_keys", "_order", "_ready", "_target", "refusal")

    def __init__(self, keys: KeyRing, intake: Intake, destination: Destination) -> None:
        self._keys, self._intake, self._destination = keys, intake, destination
        self._found: dict[int, Aim | None] = {}
        self._order: list[int] | None = None
        self._counts: dict[int, int] | None = None  # how often each was asked; None: nothing has failed yet
        self._ready: dict[int, float | None] = {}  # time.monotonic when one that failed may be asked again; None: never
        self._target: tuple[str, str] | None = None  # path and query, as a guard has made them
        self.refusal: RelayError | None = None

    def at(self, index: int) -> Aim | None:
        """None: the caller has no right to it."""
        try:
            return self._found[index]
        except KeyError:
            pass
        way = self._destination.way
        target = way.targets[index]
        aim: Aim | None = None
        try:
            caller = identify(self._intake.read, target.provider, self._destination.query, self._keys, apart=way.apart)
        except RelayError as error:
            self.refusal = self.refusal or error
        else:
            aim = self._masked(Aim(target, self._aimed(target, self._destination.path), caller))
        self._found[index] = aim
        return aim

    def mask(self, target: tuple[str, str]) -> None:
        """Path and query are to be sent as a guard has made them."""
        self._target = target
        self._found = {index: aim and self._masked(aim) for index, aim in self._found.items()}

    def _masked(self, aim: Aim) -> Aim:
        if self._target is None:
            return aim
        path, query = self._target
        if aim.target.provider.key is not None and query:
            query = without_key(query, aim.target.provider.dialect.key_query)
        return Aim(aim.target, self._aimed(aim.target, path), aim.caller._replace(query=query))

    def _aimed(self, target: Target, path: str) -> Destination:
        destination = self._destination
        if target.model and target.provider.dialect.name == "gemini":
            path = in_path(path, target.model)
        if target.provider is destination.provider and path == destination.path:
            return destination
        return replace(destination, provider=target.provider, path=path)

    # ------------------------------------------------------------------ which

    def failed(self, index: int, again_s: float | None) -> None:
        """A target was asked in vain. again_s: until it may be asked again; None: never."""
        if self._counts is None:
            self._counts = {}
        self._counts[index] = self._counts.get(index, 0) + 1
        self._ready[index] = None if again_s is None else time.monotonic() + again_s

    def asked(self, index: int) -> int:
        """How often a target was asked in vain."""
        return self._counts.get(index, 0) if self._counts else 0

    def wait(self, index: int) -> float:
        """Seconds until a target may be asked."""
        return max(0.0, (self._ready.get(index) or 0.0) - time.monotonic())

    def choose(self, patience_s: float = 0.0, *, but: int = -1) -> int | None:
        """Whom to ask next, of those whose breaker is closed and who may be asked within `patience_s`; None: nobody.

        Who was asked least often comes first; then who wants no pause; then it is the route's order. but: not this one.
        """
        best: tuple[int, bool] | None = None
        chosen = None
        for index in self.order:
            aim = None if index == but else self.at(index)
            if aim is None:
                continue
            breakers, credential, cools = aim.target.provider.breakers, aim.caller.affinity, False
            if breakers.troubles:
                if breakers.closed_for(credential):
                    continue
                cools = breakers.cools_for(credential) > 0
            if index in self._ready and (self._ready[index] is None or self.wait(index) > patience_s):
                continue
            rank = (self.asked(index), cools)
            if best is None or rank < best:
                best, chosen = rank, index
                if rank == (0, False):
                    break
        return chosen

    def opens_in(self) -> float:
        """Seconds until the first closed door opens."""
        aims = [aim for index in self.order if (aim := self.at(index)) is not None]
        return min((aim.target.provider.breakers.closed_for(aim.caller.affinity) for aim in aims), default=1.0)

    @property
    def order(self) -> list[int]:
        """The targets' places in the order in which they are to be asked, drawn once."""
        if self._order is None:
            way = self._destination.way
            left = list(range(len(way.targets)))
            drawn = [] if way.weighted else left
            while way.weighted and left:
                drawn.append(random.choices(left, [way.targets[index].weight for index in left])[0])
                left.remove(drawn[-1])
            self._order = drawn
        return self._order
