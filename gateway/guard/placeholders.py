"""What stands in a text in the place of what was taken out: `<EMAIL_ADDRESS_1>`.

Stable within an exchange: the same value always has the same placeholder. A request is numbered in its own order, so the same conversation
is masked in the same way in every turn and a provider's prompt cache still holds. A value that a reply brings first has no number,
because replies come in several choices at once and no order among them is theirs.

Pseudonyms are placeholders that are turned back in the reply; their table lives here, in memory, for one exchange.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_SPELLED = re.compile("<[A-Z][A-Z0-9_]{0,60}_[0-9]+>")
MAX_CHARS = 64  # of a placeholder: what a reader of a stream must be ready to hold


class Placeholders:
    """Of one exchange."""

    __slots__ = ("_given", "_numbers", "_taken", "restored")

    def __init__(self) -> None:
        self._given: dict[tuple[str, str], str] = {}
        self._numbers: dict[str, int] = {}
        self._taken: frozenset[str] = frozenset()
        self.restored: dict[str, str] = {}  # pseudonym -> value

    def avoid(self, texts: Iterable[str]) -> None:
        """No pseudonym may be what the caller's text says by itself, or that would be turned into a name. Masks may: they are the same in every turn.

        texts: decoded, for a body can spell `<` in many ways.
        """
        self._taken = frozenset(found for text in texts if "<" in text for found in _SPELLED.findall(text))

    def request(self, kind: str, value: str, *, reversible: bool = False) -> str:
        """The placeholder of a value in a request, numbered when first asked for."""
        known = self._given.get((kind, value))
        if known is None:
            number = self._numbers.get(kind, 0) + 1
            while reversible and f"<{kind}_{number}>" in self._taken:
                number += 1
            self._numbers[kind] = number
            known = self._given[kind, value] = f"<{kind}_{number}>"
        if reversible:
            self.restored[known] = value
        return known

    def reply(self, kind: str, value: str) -> str:
        """The placeholder of a value in a reply: the request's if it had one."""
        return self._given.get((kind, value)) or f"<{kind}>"
