"""Secrets that the head of their column names: CSV, tabs, semicolons, tables of Markdown.

A table is a line of short cells, one of which is a name for a secret and no more than that, and the lines after it that have as many as it takes.
One whose first rows hold no secret in that column is left alone: `Parameter | Token` heads many a table of words.

Rows do not say what they are, so a table is open from its head until it ends; what stands more than MAX_TABLE characters after its head is not
found. Rules of this file: pure; linear; a head lies within MAX_HEAD characters and depends on nothing before its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from detectors import secret_values as values
from detectors.later import later
from detectors.recognisers.small import linear, plain

MAX_TABLE = 12_288  # characters from the name in the head to the end of a row
MAX_HEAD = 200  # characters of the head, on either side of the name
_MAX_ROW = 2_000
_PATIENCE = 2  # rows without a secret, after which there is none

# RE2: matches wherever the name below can
TRIGGER = r"(?i)(?:pass(?:word|wd|wort|code|phrase|e)?|pwd|kennwort|mdp|contrase.{1,2}a|senha|wachtwoord|clave|secret|token|key)[\"'`*]{0,3}[ \t]{0,16}(?:[,;\t|\r\n]|$)"
# A name is one word, the last of its cell: a stream holds a table from there, and what stands before it is near enough to be looked at.
_NAME = later(
    r"(?:(?P<word>pass(?:word|wd|wort|code|phrase|e)?|pwd|kennwort|mdp|contrase(?:n\u0303a|\xf1a|na)|senha|wachtwoord|clave)|(?P<machine>secret|token)|(?P<key>key))"
    r"[\"'`*]{0,3}[ \t]{0,16}(?=[,;\t|\r\n]|\Z)"
)
_LIKELY = linear(TRIGGER)
_OF_SECRETS = later(r"(?:api|access|secret|private|auth|account|encryption|signing)[ _-]?\Z")
_PREFIX = later(r"[a-z0-9]{0,16}(?:[ _.-]?[a-z0-9]{1,16}){0,2}[ _.-]?\Z")
_CELL = r"[ \t]{0,16}(?:[\"'`*]{0,3}[^\W_][\w.\-/#()]{0,24}(?: [\w.\-/#()]{1,24}){0,3}[\"'`*]{0,3}[ \t]{0,16})?"
_CELLS = {sign: later(rf"{_CELL}(?:{re.escape(sign)}{_CELL})+\r?") for sign in ",;|"} | {"\t": later(_CELL.replace(r"[ \t]", "[ ]") + r"(?:\t" + _CELL.replace(r"[ \t]", "[ ]") + r")+\r?")}
_RULE = later(r"[ \t|:+-]*-{2,}[ \t|:+-]*")
_FIELD = {sign: later(rf"[ ]*\"(?:[^\"\n]|\"\")*\"[ ]*(?={re.escape(sign)}|\Z)|[^{re.escape(sign)}\n]*") for sign in ",;\t|"}

Found = tuple[int, int, int, str, float]


def table_secrets(text: str, low: str, floor: int) -> Iterator[Found]:
    """Every secret of a table whose name in the head begins at `floor` or later. low: the text in lower case, of the same length."""
    for name, _, found in _tables(text, low, floor):
        for start, end, kind in found:
            yield name, start, end, kind, 0.8


def table_open(text: str, low: str, floor: int) -> int:
    """Where the name in the head of the first table begins that the end of the text may still belong to; else len(text)."""
    return next((name for name, live, _ in _tables(text, low, max(floor, len(text) - MAX_TABLE)) if live), len(text))


def _tables(text: str, low: str, floor: int) -> Iterator[tuple[int, bool, list[tuple[int, int, str]]]]:
    """Name in the head, whether the table may go on, its secrets. A row of a table that holds some is no head of another."""
    rows, lines = (0, 0), dict[tuple[int, str], bool]()
    for hit in _LIKELY.finditer(plain(low), floor):
        match = _NAME.match(low, hit.start())
        head = None if match is None or rows[0] < match.start() < rows[1] else _head(low, match, lines)
        if match is None or head is None:
            continue
        left, sign, column, line_end = head
        kind = "PASSWORD" if match["word"] else "API_KEY" if match["key"] else match["machine"].upper()
        sure = not match["key"] or _OF_SECRETS.search(left) is not None
        live, found, end = _rows(text, match.start(), sign, column, line_end, kind, sure=sure)
        if found:
            rows = (line_end, max(end, rows[1]))
        yield match.start(), live, found


def _head(low: str, match: re.Match[str], lines: dict[tuple[int, str], bool]) -> tuple[str, str, int, int] | None:
    """What stands before the name in its cell, the sign between the cells, the column, the end of the line; None if this is no head of a table."""
    at = match.start()
    line = low.rfind("\n", max(0, at - MAX_HEAD), at) + 1
    if not line and at > MAX_HEAD:
        return None
    end = low.find("\n", match.end(), match.end() + MAX_HEAD)
    end = end if end >= 0 else len(low)
    if end - match.end() >= MAX_HEAD:
        return None
    after = low[match.end() : match.end() + 1]
    before, last = max((low.rfind(sign, line, at), sign) for sign in ",;\t|")
    sign = after if after and after in ",;\t|" else last if before >= 0 else ""
    if not sign:
        return None
    left = low[max(line, low.rfind(sign, line, at) + 1) : at].lstrip(" \t\"'`*")
    if not _PREFIX.match(left):
        return None
    good = lines.get((line, sign))
    if good is None:
        good = lines[line, sign] = _CELLS[sign].fullmatch(low, line, end) is not None
    return (left, sign, low.count(sign, line, at), end) if good else None


def _rows(text: str, head: int, sign: str, column: int, at: int, kind: str, *, sure: bool) -> tuple[bool, list[tuple[int, int, str]], int]:
    """Whether it may go on, its secrets, where it ends."""
    limit, found, barren = head + MAX_TABLE, list[tuple[int, int, str]](), 0
    first, end = True, at
    while at < len(text):  # at: the line end before the row
        start = at + 1
        at = text.find("\n", start, start + _MAX_ROW + 1)
        whole = at >= 0
        at = at if whole else len(text)
        if at > limit or at - start > _MAX_ROW:
            return False, found, end
        row = text[start:at]
        if first and _RULE.fullmatch(row.rstrip("\r")) and (whole or "|" in row):
            first = False
            continue
        first = False
        if not whole and not row:
            return True, found, end
        span = _cell(row, sign, column)
        if span is None:
            return not whole, found, end
        end, value = at, row[slice(*span)]
        if _is_secret(value, kind, sure=sure):
            found.append((start + span[0], start + span[1], kind))
        elif not found and whole:
            barren += 1
            if barren >= _PATIENCE:
                return False, found, end
    return True, found, end


def _cell(row: str, sign: str, column: int) -> tuple[int, int] | None:
    """What stands in the column, without what stands around it."""
    at, field = 0, _FIELD[sign]
    for _ in range(column):
        match = field.match(row, at)
        at = (match.end() if match else at) + 1
        if at > len(row):
            return None
    match = field.match(row, at)
    end = match.end() if match else at
    inner = row[at:end]
    bare = inner.strip(" \t\r\"'`")
    begin = at + inner.find(bare) if bare else at
    return (begin, begin + len(bare)) if sign in row else None


def _is_secret(value: str, kind: str, *, sure: bool) -> bool:
    if any(map(str.isspace, value)) or len(value) < 6:
        return False
    if kind == "PASSWORD":
        return values.chosen(value, quoted=True)
    return values.drawn(value, 10) and not values.code(value) if sure else values.strong(value)
