"""The columns of tables whose head names secrets: their cells, and which of them hold one.

Rules of this file: pure; a row is read in linear time; what a value is hangs on the value alone, so it is asked once of each.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from detectors import secret_many as many
from detectors import secret_values as values
from detectors.decoding import unpack
from detectors.later import later
from detectors.pieces import GAP

MAX_ROW = 2_000  # characters
SHORTEST = 6  # characters of a value
AROUND = " \t\r\"'`"  # a value
_FIELD = {sign: later(rf"[ ]*\"(?:[^\"\n]|\"\")*\"[ ]*(?={re.escape(sign)}|\Z)|[^{re.escape(sign)}\n]*") for sign in ",;\t|"}


def cells_of(row: str, sign: str, most: int) -> list[str]:
    """What stands between the signs, as far as column `most`, and perhaps all the rest."""
    if '"' not in row:
        return row.split(sign, most + 1)
    cells, at, field = list[str](), 0, _FIELD[sign]
    while at <= len(row) and len(cells) <= most + 1:
        match = field.match(row, at)
        cells.append(match[0] if match else "")
        at += len(cells[-1]) + 1
    return cells


def value_of(cell: str) -> str:
    """What a cell says, without what Markdown makes bold."""
    value = cell.strip(AROUND)
    return value[2:-2] if value[:2] == value[-2:] == "**" and len(value) > 4 else value


class Column(dict[str, bool | None]):
    """What a row says of one column, with nothing known of those before it: whether a secret is in it; None where there is none and the table may go on."""

    __slots__ = ("_column", "_said", "_sign")

    def __init__(self, sign: str, column: int, said: Said) -> None:
        self._sign, self._column, self._said = sign, column, said

    def __missing__(self, row: str) -> bool | None:
        column, sign = self._column, self._sign
        holds: bool | None = False
        if sign in row and len(row) <= MAX_ROW:
            cells = cells_of(row, sign, column) if '"' in row else row.split(sign, column + 1)
            if column < len(cells):
                value = value_of(cells[column])
                holds = (len(value) >= SHORTEST and self._said[value]) or None
        self[row] = holds
        return holds


class Said(dict[str, bool]):
    """Which values of one kind of column are secrets. sure: the head says by itself that they are."""

    __slots__ = ("_kind", "_sure")

    def __init__(self, kind: str, *, sure: bool) -> None:
        self._kind, self._sure = kind, sure

    def __missing__(self, value: str) -> bool:
        secret = self[value] = not any(map(str.isspace, value)) and (self._is_secret(value) or self._is_secret(_unpacked(value)))
        return secret

    def many(self, said: Sequence[str]) -> list[bool]:
        """The same of many, which most often have much in common."""
        unlike = [value for value in dict.fromkeys(said) if value not in self]
        one = [value for value in unlike if not any(map(str.isspace, value))]
        self.update(dict.fromkeys(unlike, False))
        sure = many.chosen(one) if self._kind == "PASSWORD" else [False] * len(one)
        self.update((value, each or self._is_secret(value) or self._is_secret(_unpacked(value))) for value, each in zip(one, sure, strict=True))
        return list(map(self.__getitem__, said))

    def _is_secret(self, value: str) -> bool:
        if self._kind == "PASSWORD":
            return values.chosen(value, quoted=True)
        return values.drawn(value, 10) and not values.code(value) if self._sure else values.strong(value)


class Verdicts(dict[tuple[str, bool], Said]):
    """By kind of column: the kind of its values, whether the head says by itself that they are secrets."""

    def __missing__(self, key: tuple[str, bool]) -> Said:
        said = self[key] = Said(key[0], sure=key[1])
        return said


def _unpacked(value: str) -> str:
    """What the whole of a cell says in base64 or hex; nothing if it is none. The head is not in the view of what was unpacked, or only by chance."""
    held = unpack(value)
    if held is None:
        return ""
    said = held[0].removesuffix(GAP)
    return said if held[1].span(0, len(said)) == (0, len(value)) and not any(map(str.isspace, said)) else ""
