"""What an operator says is nothing: values that are nobody's, by kind. Both tiers of `pii` ask it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from detectors.folding import fold
from detectors.recognisers.custom import compile_linear

EVERY = "*"  # all kinds


class Exceptions:
    """By kind, or EVERY: exact texts, and RE2 expressions of the whole text; both are folded as texts are. False if there are none."""

    def __init__(self, texts: Mapping[str, Sequence[str]], patterns: Mapping[str, Sequence[str]]) -> None:
        """Raises ValueError for an expression that RE2 refuses, or that cannot be folded."""
        self._texts = {kind: frozenset(fold(one)[0] for one in each) for kind, each in texts.items()}
        self._patterns: dict[str, list[Any]] = {kind: [compile_linear(one) for one in each] for kind, each in patterns.items()}

    def __bool__(self) -> bool:
        return bool(self._texts or self._patterns)

    def has(self, kind: str, shown: str) -> bool:
        """Whether a value of a kind is one. shown: folded, as detectors read it."""
        return any(shown in self._texts.get(key, ()) or any(pattern.fullmatch(shown) for pattern in self._patterns.get(key, ())) for key in (kind, EVERY))
