"""Engines that know what they have said of a piece of text before.

A conversation comes again with every turn. What its texts hold is known by then (gateway.guard.seen); but where one text ends and the next begins, the words that meet there are looked at as
well, by both texts' ends, and that is most of what a long conversation costs once more. Such a piece is told from a text that stands alone by what stands before it.

Nothing but places and kinds is kept, under a keyed digest. Detectors have no state, so what was said holds. One thread.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeVar, cast

from detectors.base import Detector, Finding
from detectors.text import Text
from gateway.guard.engines import Engine, Engines
from gateway.guard.policy import Rule
from gateway.guard.seen import Seen

MOST = 10_000  # answers; the longest unused goes first
MANY = 16  # findings in one: a text that is full of them, as long as callers please, is looked at again
_Said = TypeVar("_Said", int, tuple[Finding, ...])


class KnownEngines(Engines):
    """Engines whose answers about pieces of text are remembered."""

    def __init__(self, engines: Engines, *, most: int = MOST) -> None:
        super().__init__(engines._by_detector)
        self._most, self._name = most, Seen().name
        self._by_name: dict[str, Engine] = {}
        self._said: OrderedDict[tuple[str, bytes], object] = OrderedDict()

    def __len__(self) -> int:
        """How many answers are kept."""
        return len(self._said)

    def of(self, rules: Iterable[Rule]) -> tuple[Engine, ...]:
        return tuple(self._by_name.get(engine.name) or self._knowing(engine) for engine in super().of(rules))

    def _knowing(self, engine: Engine) -> Engine:
        opens, local = engine.open_from, engine.local
        knowing = self._by_name[engine.name] = replace(
            engine,
            local=_Knowing(local, engine.name, self) if local is not None else None,
            open_from=(lambda text: self.ask(f"{engine.name} opens", text, opens)) if opens is not None else None,
        )
        return knowing

    def ask(self, what: str, text: Text, answer: Callable[[Text], _Said]) -> _Said:
        """The answer to a question about a text."""
        name = self._name(text) if text.before else b""
        if not name:
            return answer(text)
        key = what, name
        known = self._said.get(key)
        if known is not None:
            self._said.move_to_end(key)
            return cast(_Said, known)
        said = answer(text)
        if isinstance(said, int) or len(said) <= MANY:
            self._said[key] = said
            if len(self._said) > self._most:
                self._said.popitem(last=False)
        return said


class _Knowing:
    """A detector that asks first whether it has been asked before."""

    def __init__(self, detector: Detector, name: str, engines: KnownEngines) -> None:
        self.name, self.kinds, self.max_span, self.open_from = detector.name, detector.kinds, detector.max_span, detector.open_from
        self._detector, self._what, self._engines = detector, f"{name} finds", engines

    def find(self, text: Text) -> list[Finding]:
        if not text.before:  # it stands alone: nothing is remembered of it here
            return self._detector.find(text)
        return list(self._engines.ask(self._what, text, self._find))

    def _find(self, text: Text) -> tuple[Finding, ...]:
        return tuple(self._detector.find(text))
