"""People and places in records: a row with a mailbox or a telephone number in it, a key called `name` in what is called a customer.

No model reads rows. What stands in a cell by itself is taken for a name by how it is written, and only where the row, or what the record is
called, shows that it is about a person: `id,name,qty` is nobody's.

Rules of this file: pure; linear; looks at one line and at what stands before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from detectors import gazetteer

SCORE = 0.76
_STATES = frozenset("active inactive open closed pending new paid unpaid male female single married divorced widowed yes no monthly weekly yearly basic gold silver bronze platinum low medium high mobile web".split())  # noqa: SIM905 - what stands in columns, too
_APART = 6  # characters between two cells beside each other
_DELIMITERS = "\t;|,"
_CONTACT = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{2,63}|(?<![\w.-])(?:\+\d|\(0?\d{2,4}\)|0\d{1,4}[ /-]|\d{3}[-.]\d{3}[-.]\d{4}(?!\d))[\d ()/.-]{5,16}|(?<!\w)[A-Za-z]{2}\d{2}(?: ?[A-Z\d]{4}){3,7}(?: ?[A-Z\d]{1,3})?(?!\w)|(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])")
_ROW = re.compile(r"[|;\t,][^|;\t,]*+[|;\t,]")
_ASSIGNED = re.compile(r"[:=>]")
_WORD = r"[^\W\d_](?:[^\W\d_]|['\u2019-](?=[^\W\d_])){0,24}\.?"
_CELL = re.compile(rf"{_WORD}(?: {_WORD}){{0,4}}")
_WHO = r"customers?|users?|patients?|employees?|contacts?|persons?|people|passengers?|authors?|owners?|members?|students?|clients?|guests?|senders?|recipients?|tenants?|applicants?|candidates?|cardholders?|holders?|beneficiary|debtor|driver|buyer|seller"
_NAMED = re.compile(
    r"(?<![\w.])[\"']?(?:(?:full|display|real|user|customer|client|contact|patient|employee|member|guest)[ _-]?name|name|fn|cn|contact|user|customer|patient|recipient|beneficiary|holder|passenger|employee|author|assignee|owner)[\"']?\s{0,2}(?:[:=]\s{0,2}|>)[\"']?(?=[^\W\d_])",
    re.IGNORECASE,
)
_OF_SOMEBODY = re.compile(rf"(?<![A-Za-z])(?:{_WHO})(?:[\"']?\s{{0,2}}[:=]\s{{0,2}}|\(|>|\s*=\s*)[\s{{\[(<\"'-]{{0,12}}(?:[\"']?id[\"']?\s?[:=]\s?[\"']?\w{{1,40}}[\"']?[\s,]{{0,8}})?\Z", re.IGNORECASE)
_PERSONAL = re.compile(
    r"(?<![A-Za-z])(?:e-?mail|phone|mobile|tel|ssn|iban|dob|birth[ _-]?(?:date|day)|date[ _-]of[ _-]birth|passport|gender|sex|salary|surname|nationality|marital|age|vcard)(?:[ _-]?(?:number|no|address))?[\"']?\s{0,2}[:=>]",
    re.IGNORECASE,
)
_VALUED = re.compile(r"(?:NULL|VALUES)\s{0,2}\(", re.IGNORECASE)
_QUOTED = re.compile(rf"(['\"])({_WORD}(?: {_WORD}){{1,3}})\1")
_STRING = re.compile(rf"(['\"])({_WORD}(?: {_WORD}){{0,3}})\1")
_CAPITAL = rf"(?=[^\W\d_a-z]){_WORD}"
_KEYED = r"[\"']?\s?[:=]\s?\[?\s?[\"']?"
# the two parts of a name under keys that only together say so: `{"family": "Example", "given": ["Ann"]}`
_PARTS = tuple(
    re.compile(rf"(?<![\w-]){one}{_KEYED}({_CAPITAL}(?: {_WORD}){{0,2}})[\"']?\]?,\s?[\"']?{two}{_KEYED}({_CAPITAL}(?: {_WORD}){{0,2}})(?=[\"'\],}}\s]|\Z)")
    for one, two in (("(?:family|last|surname)", "(?:given|first|forename)"), ("(?:given|first|forename)", "(?:family|last|surname)"))
)
_MAILBOX = re.compile(rf"(?<![\w'-])({_CAPITAL}(?: {_WORD}){{0,2}} {_CAPITAL})[\"']? ?<[\w.+-]{{1,64}}@")


def people(line: str, before: str) -> Iterator[tuple[int, int, float]]:
    """(start, end, score) of names in a record. May overlap."""
    if "<" in line and "@" in line:
        for found in _MAILBOX.finditer(line):
            if _is_name(found[1]) or gazetteer.plain(found[1].split()[0]) in gazetteer.GIVEN:
                yield *found.span(1), SCORE
    for found in _NAMED.finditer(line) if _ASSIGNED.search(line) else ():
        cell = _CELL.match(line, found.end())
        if cell and line[cell.end() : cell.end() + 1] == "=":  # `name=Ann Lee city=...`: the last word is the next key
            cell = _CELL.match(line, found.end(), cell.start() + max(0, cell[0].rfind(" ")))
        if cell and _closed(line, cell.end()) and _is_name(cell[0]) and (_begins_given(cell[0]) or _OF_SOMEBODY.search(before[-80:] + line[: found.start()]) or _PERSONAL.search(line) or "VCARD" in before):
            yield *cell.span(), SCORE
    for parts in _PARTS if "," in line and _ASSIGNED.search(line) else ():
        for found in parts.finditer(line):
            if _may_be_name(found[1].split()[0]) and _may_be_name(found[2].split()[0]):
                yield *found.span(1), SCORE
                yield *found.span(2), SCORE
    if not _is_contact(line):
        return
    cells = list(_cells(line))
    for start, end in cells:
        if _is_name(line[start:end]):
            yield start, end, SCORE
    if _VALUED.search(line):
        for found in _QUOTED.finditer(line):
            if _is_name(found[2]):
                yield *found.span(2), SCORE
        cells = [found.span(2) for found in _STRING.finditer(line)]
    for one, two in pairwise(cells):
        if two[0] - one[1] <= _APART and any(map(_begins_given, (line[slice(*one)], line[slice(*two)]))) and _may_be_name(line[slice(*one)]) and _may_be_name(line[slice(*two)]):
            yield *one, SCORE
            yield *two, SCORE


def places(line: str) -> Iterator[tuple[int, int]]:
    """Cells that are known places, in a row about a person."""
    if not _is_contact(line):
        return
    cells = list(_cells(line))
    if _VALUED.search(line):
        cells += [found.span(2) for found in _STRING.finditer(line)]
    for start, end in cells:
        if line[start].isupper() and gazetteer.plain(line[start:end]) in gazetteer.PLACES:
            yield start, end


def _is_contact(line: str) -> bool:
    """Whether it is a row, and one about somebody."""
    return _ROW.search(line) is not None and _CONTACT.search(line) is not None


def _cells(line: str) -> Iterator[tuple[int, int]]:
    """What stands between delimiters, at least two of them, without quotes."""
    mark = next((each for each in _DELIMITERS if line.count(each) >= 2), "")
    if not mark or (mark == "," and ", " in line):
        return  # a sentence
    at = 0
    for cell in line.split(mark):
        inner = cell.strip(" \t\r\n\"'")
        if inner:
            start = at + cell.index(inner)
            if _CELL.fullmatch(inner):
                yield start, start + len(inner)
        at += len(cell) + 1


def _closed(line: str, end: int) -> bool:
    """Whether the value ends here."""
    return not line[end : end + 1].strip(" \t\r\n\"',;<})|&") or line.startswith(":mailto:", end)


def _begins_given(cell: str) -> bool:
    """Whether it is, or begins with, a given name."""
    return gazetteer.plain(cell.split()[0].rstrip(".")) in gazetteer.GIVEN


def _may_be_name(cell: str) -> bool:
    """Whether one word of a cell may be a given name or a surname, which stand in columns beside each other."""
    folded = gazetteer.plain(cell.rstrip("."))
    return " " not in cell and len(cell) > 1 and cell[0].isupper() and not cell.isupper() and not any(folded in known for known in (_STATES, gazetteer.NOBODY, gazetteer.ABROAD, gazetteer.PLACES, gazetteer.PEOPLES))


def _is_name(cell: str) -> bool:
    """Two words or more, capitalised, none that names a thing or a place; or a given name."""
    words = cell.split()
    folded = [gazetteer.plain(word.rstrip(".")) for word in words]
    if any(word in gazetteer.NOBODY for word in folded) or folded[0] in gazetteer.ABROAD or gazetteer.plain(cell) in gazetteer.PLACES or not words[0][0].isupper() or not words[-1][0].isupper():
        return False
    return folded[0] in gazetteer.GIVEN if len(words) == 1 else not cell.isupper() or folded[0] in gazetteer.GIVEN
