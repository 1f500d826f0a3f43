"""Secrets that the head of their column names: CSV, tabs, semicolons, tables of Markdown.

A table is a line of short cells, one of which is a name for a secret and no more than that, and the lines after it that have as many as it takes.
One whose first rows hold no secret in that column is left alone: `Parameter | Token` heads many a table of words.

Rows do not say what they are, so a table is open from its head until it ends; what stands more than MAX_TABLE characters after its head is not
found. Rules of this file: pure; linear; a head lies within MAX_HEAD characters and depends on nothing before its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import accumulate

from detectors.later import later
from detectors.recognisers.small import linear, plain
from detectors.secret_columns import MAX_ROW, SHORTEST, Column, Said, Verdicts, cells_of, value_of

MAX_TABLE = 12_288  # characters from the name in the head to the end of a row
MAX_HEAD = 200  # characters of the head, on either side of the name
_PATIENCE = 2  # rows without a secret, after which there is none

# RE2: matches wherever the name below can
TRIGGER = r"(?i)(?:pass(?:word|wd|wort|code|phrase|e)?|pwd|kennwort|mdp|contrase.{1,2}a|senha|wachtwoord|clave|secret|token|key)[\"'`*]{0,3}[ \t]{0,16}(?:[,;\t|\r\n]|$)"
# A name is one word, the last of its cell: a stream holds a table from there, and what stands before it is near enough to be looked at.
_NAME = (  # of these words none ends in another, so there is one place where it may begin
    r"(?:(?P<word>pass(?:word|wd|wort|code|phrase|e)?|pwd|kennwort|mdp|contrase(?:n\u0303a|\xf1a|na)|senha|wachtwoord|clave)|(?P<machine>secret|token)|(?P<key>key))"
    r"[\"'`*]{0,3}[ \t]{0,16}\r?"
)
_NAMED = later(rf"{_NAME}\Z")
_KINDS = ("", "PASSWORD", "", "API_KEY")  # by group
_ENDS_CELL = later(rf"{_NAME}(?=[,;|\t]|\Z)")  # necessary for it in a line that is not taken apart
_LEFT = later(
    r"[ \t\"'`*]*+([a-z0-9]*(?:[ _.-][a-z0-9]++)*[ _.-]?)"
)  # what may stand before the word in its cell: up to three parts of up to _PART characters, which a sign need not part
_SIGNS = later("[ _.-]")
_PART, _PARTS = 16, 3
_LIKELY = linear(TRIGGER)
_OF_SECRETS = later(r"(?:api|access|secret|private|auth|account|encryption|signing)[ _-]?\Z")
_CELL = r"[ \t]{0,16}(?:[\"'`*]{0,3}[^\W_][\w.\-/#()]{0,24}(?: [\w.\-/#()]{1,24}){0,3}[\"'`*]{0,3}[ \t]{0,16})?"
_CELL_OF = dict.fromkeys(",;|", _CELL) | {"\t": _CELL.replace(r"[ \t]", "[ ]")}
_CELLS = {sign: later(rf"{cell}(?:{re.escape(sign)}{cell})+\r?") for sign, cell in _CELL_OF.items()}
# of a line that is not over: of its last cell no letter may have come yet
_BEGUN = {sign: later(rf"{cell}(?:{re.escape(sign)}{cell})*(?:{re.escape(sign)}[ \t]{{0,16}}[\"'`*]{{0,3}}|\r)?") for sign, cell in _CELL_OF.items()}
_RULE = later(r"[ \t|:+-]*-{2,}[ \t|:+-]*")

_BARREN = 3  # lines after a head in which a table without secrets ends: a rule, and then its rows
_LONGEST = 2 * MAX_HEAD + 64  # characters of a line that may be a head

Found = tuple[int, int, str, float]  # where the value begins and ends, kind, score
Name = tuple[
    int, int, str, bool
]  # of a head: where it begins in the line, its column, the kind of its values, whether it says by itself that they are secrets
Key = tuple[str, int, str, bool]  # of a column: the sign between the cells; of a name as above


def table_secrets(text: str, low: str, floor: int) -> Iterator[tuple[int, Found]]:
    """Every secret of a table whose name in the head begins at `floor` or later, and where that is. low: the text in lower case, of the same length."""
    for name, _, found in _tables(text, low, floor):
        for start, end, kind in found:
            yield name, (start, end, kind, 0.8)


def table_open(text: str, low: str, floor: int) -> int:
    """Where the name in the head of the first table begins that the end of the text may still belong to; else len(text)."""
    return next((name for name, live, _ in _tables(text, low, max(floor, len(text) - MAX_TABLE)) if live), len(text))


def _tables(text: str, low: str, floor: int) -> Iterator[tuple[int, bool, list[tuple[int, int, str]]]]:
    """Name in the head, whether the table may go on, its secrets. A row of a table that holds some is no head of another.

    What comes again, a head and the lines after it, is looked at once.
    """
    first = low.rfind("\n", 0, floor) + 1
    lines, rows = low[first:].split("\n"), text[first:].split("\n")
    starts = list(accumulate([len(line) + 1 for line in lines], initial=first))
    heads, nothing, said = dict[str, tuple[str, list[Name]] | None](), set[tuple[str, ...]](), Verdicts()
    known, named = dict[Key, Column](), dict[str, list[Column]]()  # the second by line
    search, ends = _ENDS_CELL.search, 0  # the second of the last table that held some
    for number, line in enumerate(lines):
        start = starts[number]
        if start < ends:
            continue
        columns = named.get(line)
        if columns is None:
            match = search(line)
            columns = named[line] = _columns(line, match, known, said) if match else []
        if not columns or not _goes_on(columns, rows, number + 1):
            continue
        if number + 1 == len(lines):
            head = _head(line, _BEGUN) if len(line) <= _LONGEST else None
        elif line in heads:
            head = heads[line]
        else:
            head = heads[line] = _head(line) if len(line) <= _LONGEST else None
        if head is None:
            continue
        near = tuple(rows[number : number + _BARREN + 2])
        if near in nothing:
            continue
        tables = [_Table(start + name[0], name, said[name[2:]]) for name in head[1] if start + name[0] >= floor]
        _read(tables, rows, number + 1, starts[number + 1], head[0])
        for table in tables:
            table.found += table.rest()
            if table.found:
                ends = max(ends, table.end)
            if table.found or table.live:
                yield table.name, table.live, table.found
        if start >= floor and len(near) > _BARREN + 1 and not any(table.found or table.live for table in tables):
            nothing.add(near)


def _goes_on(columns: list[Column], rows: list[str], at: int) -> bool:
    """Whether a table may hold something in one of some columns. at: its first row. Most lines that could be a head are none, as the rows after them tell, which are quickly looked at."""
    if at < len(rows) and "--" in rows[at] and _RULE.fullmatch(rows[at].rstrip("\r")):
        at += 1
    if at + _PATIENCE >= len(rows):  # not all of them are there
        return True
    for column in columns:
        holds = column[rows[at]]
        if holds or (holds is None and column[rows[at + 1]]):
            return True
    return False


def _columns(line: str, match: re.Match[str] | None, known: dict[Key, Column], said: Verdicts) -> list[Column]:
    """Those that a line may head. match: the first place where a name ends a cell."""
    sign = "," if "," in line else ";" if ";" in line else "|" if "|" in line else "\t"
    columns = list[Column]()
    while match:
        start, end = match.span()
        group = match.lastindex or 0
        sure = group < 3 or _OF_SECRETS.search(line, start - _PART if start > _PART else 0, start) is not None
        key = sign, line.count(sign, 0, start), _KINDS[group] or match[2].upper(), sure
        column = known.get(key)
        if column is None:
            column = known[key] = Column(sign, key[1], said[key[2:]])
        columns.append(column)
        match = _ENDS_CELL.search(line, end) if end < len(line) else None
    return columns


class _Table:
    """A column that a head names."""

    __slots__ = ("_kind", "_said", "barren", "column", "end", "found", "live", "more", "name")

    def __init__(self, at: int, name: Name, said: Said) -> None:
        self.name, self.column, self._kind, self._said = at, name[1], name[2], said
        self.found: list[tuple[int, int, str]] = []
        self.more: list[tuple[int, str]] = []  # where a value begins, and it: what comes after the first secret, told at the end
        self.barren = self.end = 0
        self.live = True  # as far as it was read

    def read(self, begin: int, value: str, *, whole: bool) -> None:
        """The next row. begin: of the value.  whole: nothing can come to the row."""
        if self.found:
            if len(value) >= SHORTEST:
                self.more.append((begin, value))
        elif len(value) >= SHORTEST and self._said[value]:
            self.found.append((begin, begin + len(value), self._kind))
        elif whole:
            self.barren += 1
            self.live = self.barren < _PATIENCE

    def rest(self) -> list[tuple[int, int, str]]:
        """The secrets after the first."""
        secret = self._said.many([value for _, value in self.more])
        return [(begin, begin + len(value), self._kind) for (begin, value), each in zip(self.more, secret, strict=True) if each]


def _head(line: str, forms: Mapping[str, re.Pattern[str]] = _CELLS) -> tuple[str, list[Name]] | None:
    """The sign between its cells, and the names of secrets in it; None if this is no head of a table. forms: _BEGUN for a line that may go on."""
    sign = next((each for each in ",;|\t" if each in line), "," if forms is _BEGUN else "")
    if not sign or not forms[sign].fullmatch(line) or not _LIKELY.search(plain(line)):
        return None
    names, at = list[Name](), 0
    for column, cell in enumerate(line.split(sign)):
        match = _NAMED.search(cell)
        left = _LEFT.fullmatch(cell, 0, match.start()) if match else None
        if (
            match and left and _is_short(left[1]) and not (not column and cell[-1].isspace() and " " in left[1])
        ):  # `the key `: prose, which is let go before a sign may come
            begin = at + match.start()
            if begin < MAX_HEAD and len(line) - at - len(cell) < MAX_HEAD:
                names.append((begin, column, _kind(match), not match["key"] or _OF_SECRETS.search(left[1]) is not None))
        at += len(cell) + 1
    return (sign, names) if names else None


def _kind(match: re.Match[str]) -> str:
    """Of the values that a name stands above."""
    return _KINDS[match.lastindex or 0] or match[2].upper()


def _is_short(left: str) -> bool:
    """Whether what stands before the word is no more than a name has."""
    first, *others = _SIGNS.split(left)
    return max(1, -(-len(first) // _PART)) + sum(-(-len(part) // _PART) for part in others) <= _PARTS


def _read(tables: list[_Table], rows: list[str], number: int, at: int, sign: str) -> None:
    """Go through the rows from this one on, which starts at `at`, until all the tables are over."""
    first, most = number, max((table.column for table in tables), default=0)
    while tables and number < len(rows):
        row, start, whole = rows[number], at, number + 1 < len(rows)
        number += 1
        at = start + len(row) + 1
        for table in tables:
            table.live = at - 1 <= table.name + MAX_TABLE and len(row) <= MAX_ROW
        tables = [table for table in tables if table.live]
        if number == first + 1 and "--" in row and (whole or "|" in row) and _RULE.fullmatch(row.rstrip("\r")):
            continue
        if not whole and not row:
            return
        cells = cells_of(row, sign, most)
        for table in tables:
            if table.column >= len(cells) or sign not in row:
                table.live = not whole
                continue
            table.end = at - 1
            cell = cells[table.column]
            value = value_of(cell)
            begin = start + sum(map(len, cells[: table.column])) + table.column + cell.find(value)
            table.read(begin, value, whole=whole)
        tables = [table for table in tables if table.live and whole]
