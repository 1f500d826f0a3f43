"""What stands in a text in the place of what was taken out: `<EMAIL_ADDRESS_1>`.

Stable within an exchange: the same value always has the same placeholder, however it is spelled where signs and spaces carry nothing (a card's, an
IBAN's, a telephone's). A request is numbered in its own order, so the same conversation
is masked in the same way in every turn and a provider's prompt cache still holds. A value that a reply brings first has no number,
because replies come in several choices at once and no order among them is theirs.

Pseudonyms are placeholders that are turned back in the reply; their table lives here, in memory, for one exchange. What stood there must come back
as it was spelled, so every spelling has a pseudonym of its own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_SPELLED = re.compile("<[A-Z][A-Z0-9_]{0,60}_[0-9]+>")
_LOOSE = frozenset(("CREDIT_CARD", "IBAN_CODE", "US_SSN", "US_ITIN", "UK_NHS", "CA_SIN", "AU_TFN", "IN_AADHAAR", "BR_CPF", "PHONE_NUMBER"))  # letters and digits are all of them
_BETWEEN = re.compile("[^0-9A-Za-z]+")
MAX_CHARS = 64  # of a placeholder: what a reader of a stream must be ready to hold


class Placeholders:
    """Of one exchange."""

    __slots__ = ("_given", "_numbers", "_shared", "_spelled", "_taken", "restored")

    def __init__(self) -> None:
        self._given: dict[tuple[str, str], str] = {}  # kind, value as it is spelled
        self._shared: dict[tuple[str, str], str] = {}  # kind, value without what carries nothing: of masks
        self._spelled: dict[str, str] = {}  # the one spelling that a placeholder stands for; none if it is several
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
        if reversible:
            if known is None or self._spelled[known] != value:
                known = self._given[kind, value] = self._number(kind, apart=True)
                self._spelled[known] = value
            self.restored[known] = value
        elif known is None:
            alike = kind, _plain(kind, value)
            known = self._shared.get(alike)
            if known is None or known in self.restored:
                known = self._shared[alike] = self._number(kind, apart=False)
                self._spelled[known] = value
            elif self._spelled[known] != value:
                self._spelled[known] = ""
            self._given[kind, value] = known
        return known

    def reply(self, kind: str, value: str) -> str:
        """The placeholder of a value in a reply: the request's if it had one."""
        known = self._given.get((kind, value)) or self._shared.get((kind, _plain(kind, value)), "")
        return known if known and self.restored.get(known, value) == value else f"<{kind}>"

    def _number(self, kind: str, *, apart: bool) -> str:
        number = self._numbers.get(kind, 0) + 1
        while apart and f"<{kind}_{number}>" in self._taken:
            number += 1
        self._numbers[kind] = number
        return f"<{kind}_{number}>"


def _plain(kind: str, value: str) -> str:
    """What all spellings of a value have in common."""
    if kind in _LOOSE:
        return _BETWEEN.sub("", value if value.isascii() else unicodedata.normalize("NFKC", value)).upper() or value
    if kind == "EMAIL_ADDRESS":
        mailbox, at, domain = value.rpartition("@")
        return mailbox + at + domain.lower()
    return value
