"""Take token counts out of a provider's usage object without believing everything it says (FAILURES U22).

A count is a whole number that fits UInt32. Anything else becomes None and a note: a wrong number is worse than none (law 6). A part that is
larger than its whole is cut down to it, with a note. The object itself is stored beside the figures (`Reply.usage_raw`), so a note names fields only.
"""

from __future__ import annotations

from typing import Any

MAX_COUNT = 2**32 - 1


class Counts:
    """One usage object while it is read. `notes` gathers what was odd, in the order it was met."""

    def __init__(self, raw: dict[str, Any]) -> None:
        self._raw = raw
        self.notes: list[str] = []

    def take(self, name: str, *inner: str) -> int | None:
        """The count at a path of keys; None if it is absent, null or no count."""
        value: Any = self._raw.get(name)
        for key in inner:
            if not isinstance(value, dict):  # as JSON gives it: the question for a Mapping costs more than the rest
                return None
            value = value.get(key)
        if value is None or (type(value) is int and 0 <= value <= MAX_COUNT):
            return value
        return self.checked(".".join((name, *inner)), value)

    def first(self, *names: str) -> int | None:
        """The first of several top-level names that is there."""
        for name in names:
            if self._raw.get(name) is not None:
                return self.take(name)
        return None

    def checked(self, name: str, value: Any) -> int | None:
        """A value as a count, or None and a note."""
        if value is None:
            return None
        if isinstance(value, float) and value.is_integer():
            self.notes.append(f"{name} is a fraction type")
            value = int(value)
        if type(value) is not int:
            self.notes.append(f"{name} is not a whole number")
        elif value < 0:
            self.notes.append(f"{name} is negative")
        elif value > MAX_COUNT:
            self.notes.append(f"{name} is too large")
        else:
            return value
        return None

    def sum(self, name: str, *values: int | None) -> int | None:
        """The sum of what is known; None if nothing is, or if it is too large."""
        known = [value for value in values if value is not None]
        return self.checked(name, sum(known)) if known else None

    def part(self, name: str, value: int | None, whole: int | None) -> int | None:
        """A count that is a part of another, cut down to it."""
        if value is None or whole is None or value <= whole:
            return value
        self.notes.append(f"{name} is more than the whole of {whole}")
        return whole

    def note(self) -> str:
        return "; ".join(self.notes)
