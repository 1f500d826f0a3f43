"""Secrets that the head of their column names: CSV, tabs, semicolons, tables of Markdown.

A table is a line of short cells, one of which is a name for a secret and no more than that, and the lines after it that have as many as it takes.
One whose first rows hold no secret in that column is left alone: `Parameter | Token` heads many a table of words.

Rows do not say what they are, so a table is open from its head until it ends; what stands more than MAX_TABLE characters after its head is not
found. Rules of this file: pure; linear; a head lies within MAX_HEAD characters and depends on nothing before its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from detectors import secret_many as many
from detectors import secret_values as values
from detectors.decoding import unpack
from detectors.later import later
from detectors.pieces import GAP
from detectors.recognisers.small import linear, plain

MAX_TABLE = 12_288  # characters from the name in the head to the end of a row
MAX_HEAD = 200  # characters of the head, on either side of the name
_MAX_ROW = 2_000
_PATIENCE = 2  # rows without a secret, after which there is none
_SHORTEST = 6  # characters of a value

# RE2: matches wherever the name below can
TRIGGER = r"(?i)(?:pass(?:word|wd|wort|code|phrase|e)?|pwd|kennwort|mdp|contrase.{1,2}a|senha|wachtwoord|clave|secret|token|key)[\"'`*]{0,3}[ \t]{0,16}(?:[,;\t|\r\n]|$)"
# A name is one word, the last of its cell: a stream holds a table from there, and what stands before it is near enough to be looked at.
_NAMED = later(  # read from its end: of these words none ends in another, so there is one place where it may begin
    r"(?:(?P<word>pass(?:word|wd|wort|code|phrase|e)?|pwd|kennwort|mdp|contrase(?:n\u0303a|\xf1a|na)|senha|wachtwoord|clave)|(?P<machine>secret|token)|(?P<key>key))"
    r"[\"'`*]{0,3}[ \t]{0,16}\r?\Z"
)
_LEFT = later(r"[ \t\"'`*]*+([a-z0-9]*(?:[ _.-][a-z0-9]++)*[ _.-]?)")  # what may stand before the word in its cell: up to three parts of up to _PART characters, which a sign need not part
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
_FIELD = {sign: later(rf"[ ]*\"(?:[^\"\n]|\"\")*\"[ ]*(?={re.escape(sign)}|\Z)|[^{re.escape(sign)}\n]*") for sign in ",;\t|"}

_BARREN = 3  # lines after a head in which a table without secrets ends: a rule, and then its rows
_LONGEST = 2 * MAX_HEAD + 64  # characters of a line that may be a head

Found = tuple[int, int, str, float]  # where the value begins and ends, kind, score
Name = tuple[int, int, str, bool]  # of a head: where it begins in the line, its column, the kind of its values, whether it says by itself that they are secrets
Values = dict[tuple[str, str, bool], bool]  # which values were found to be secrets


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
    heads, nothing, verdicts = dict[str, tuple[str, list[Name]] | None](), set[tuple[str, ...]](), Values()
    at, ends = first, 0  # of this line; of the last table that held some
    for number, line in enumerate(lines):
        start = at
        at += len(line) + 1
        if start < ends:
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
        if number + _PATIENCE + 1 < len(rows) and all(_is_barren(name, head[0], near[1 : _PATIENCE + 1], verdicts) for name in head[1]):
            nothing.add(near)
            continue
        tables = [_Table(start + name[0], name) for name in head[1] if start + name[0] >= floor]
        _read(tables, rows, number + 1, at, head[0], verdicts)
        for table in tables:
            table.found += _secrets(table, verdicts)
            if table.found:
                ends = max(ends, table.end)
            if table.found or table.live:
                yield table.name, table.live, table.found
        if start >= floor and len(near) > _BARREN + 1 and not any(table.found or table.live for table in tables):
            nothing.add(near)


class _Table:
    """A column that a head names."""

    __slots__ = ("barren", "column", "end", "found", "kind", "live", "more", "name", "sure")

    def __init__(self, at: int, name: Name) -> None:
        self.name, self.column, self.kind, self.sure = at, name[1], name[2], name[3]
        self.found: list[tuple[int, int, str]] = []
        self.more: list[tuple[int, str]] = []  # where a value begins, and it: what comes after the first secret, told at the end
        self.barren = self.end = 0
        self.live = True  # as far as it was read


def _head(line: str, forms: Mapping[str, re.Pattern[str]] = _CELLS) -> tuple[str, list[Name]] | None:
    """The sign between its cells, and the names of secrets in it; None if this is no head of a table. forms: _BEGUN for a line that may go on."""
    sign = next((each for each in ",;|\t" if each in line), "," if forms is _BEGUN else "")
    if not sign or not forms[sign].fullmatch(line) or not _LIKELY.search(plain(line)):
        return None
    names, at = list[Name](), 0
    for column, cell in enumerate(line.split(sign)):
        match = _NAMED.search(cell)
        left = _LEFT.fullmatch(cell, 0, match.start()) if match else None
        if match and left and _is_short(left[1]) and not (not column and cell[-1].isspace() and " " in left[1]):  # `the key `: prose, which is let go before a sign may come
            begin = at + match.start()
            if begin < MAX_HEAD and len(line) - at - len(cell) < MAX_HEAD:
                kind = "PASSWORD" if match["word"] else "API_KEY" if match["key"] else match["machine"].upper()
                names.append((begin, column, kind, not match["key"] or _OF_SECRETS.search(left[1]) is not None))
        at += len(cell) + 1
    return (sign, names) if names else None


def _is_short(left: str) -> bool:
    """Whether what stands before the word is no more than a name has."""
    first, *others = _SIGNS.split(left)
    return max(1, -(-len(first) // _PART)) + sum(-(-len(part) // _PART) for part in others) <= _PARTS


def _is_barren(name: Name, sign: str, rows: Sequence[str], verdicts: Values) -> bool:
    """Whether a table ends with its first rows and holds nothing, as far as they are plain: most lines that could be a head are none."""
    _, column, kind, sure = name
    for row in rows:
        if '"' in row or "--" in row:
            return False
        cells = row.split(sign, column + 1)
        if sign not in row or column >= len(cells):
            return True
        value = cells[column].strip(" \t\r\"'`")
        if len(value) >= _SHORTEST and _is_first(value, kind, verdicts, sure=sure):
            return False
    return True


def _read(tables: list[_Table], rows: list[str], number: int, at: int, sign: str, verdicts: Values) -> None:
    """Go through the rows from this one on, which starts at `at`, until all the tables are over."""
    first, most = number, max((table.column for table in tables), default=0)
    while tables and number < len(rows):
        row, start, whole = rows[number], at, number + 1 < len(rows)
        number += 1
        at = start + len(row) + 1
        for table in tables:
            table.live = at - 1 <= table.name + MAX_TABLE and len(row) <= _MAX_ROW
        tables = [table for table in tables if table.live]
        if number == first + 1 and "--" in row and (whole or "|" in row) and _RULE.fullmatch(row.rstrip("\r")):
            continue
        if not whole and not row:
            return
        cells = _cells(row, sign, most)
        for table in tables:
            if table.column >= len(cells) or sign not in row:
                table.live = not whole
                continue
            table.end = at - 1
            cell = cells[table.column]
            value = cell.strip(" \t\r\"'`")
            begin = start + sum(map(len, cells[: table.column])) + table.column + cell.find(value)
            if table.found:
                if len(value) >= _SHORTEST:
                    table.more.append((begin, value))
            elif len(value) >= _SHORTEST and _is_first(value, table.kind, verdicts, sure=table.sure):
                table.found.append((begin, begin + len(value), table.kind))
            elif whole:
                table.barren += 1
                table.live = table.barren < _PATIENCE
        tables = [table for table in tables if table.live and whole]


def _cells(row: str, sign: str, most: int) -> list[str]:
    """What stands between the signs, as far as column `most`, and perhaps all the rest."""
    if '"' not in row:
        return row.split(sign, most + 1)
    cells, at, field = list[str](), 0, _FIELD[sign]
    while at <= len(row) and len(cells) <= most + 1:
        match = field.match(row, at)
        cells.append(match[0] if match else "")
        at += len(cells[-1]) + 1
    return cells


def _secrets(table: _Table, verdicts: Values) -> list[tuple[int, int, str]]:
    """Those after the first."""
    verdict = _are_secrets([value for _, value in table.more], table, verdicts)
    return [(begin, begin + len(value), table.kind) for (begin, value), secret in zip(table.more, verdict, strict=True) if secret]


def _are_secrets(said: Sequence[str], table: _Table, verdicts: Values) -> list[bool]:
    """Which values of its column are secrets."""
    kind, sure = table.kind, table.sure
    unlike = [value for value in dict.fromkeys(said) if (value, kind, sure) not in verdicts]
    one = [value for value in unlike if not any(map(str.isspace, value))]
    verdicts.update(((value, kind, sure), False) for value in unlike)
    found = [each or _is_secret(value, kind, sure=sure) for value, each in zip(one, many.chosen(one) if kind == "PASSWORD" else [False] * len(one), strict=True)]
    verdicts.update(((value, kind, sure), each or _is_secret(_unpacked(value), kind, sure=sure)) for value, each in zip(one, found, strict=True))
    return [verdicts[value, kind, sure] for value in said]


def _is_first(value: str, kind: str, verdicts: Values, *, sure: bool) -> bool:
    """The same of one."""
    known = verdicts.get((value, kind, sure))
    if known is None:
        known = verdicts[value, kind, sure] = not any(map(str.isspace, value)) and (_is_secret(value, kind, sure=sure) or _is_secret(_unpacked(value), kind, sure=sure))
    return known


def _is_secret(value: str, kind: str, *, sure: bool) -> bool:
    if kind == "PASSWORD":
        return values.chosen(value, quoted=True)
    return values.drawn(value, 10) and not values.code(value) if sure else values.strong(value)


def _unpacked(value: str) -> str:
    """What the whole of a cell says in base64 or hex; nothing if it is none. The head is not in the view of what was unpacked, or only by chance."""
    held = unpack(value)
    if held is None:
        return ""
    said = held[0].removesuffix(GAP)
    return said if held[1].span(0, len(said)) == (0, len(value)) and not any(map(str.isspace, said)) else ""
