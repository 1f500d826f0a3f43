"""An operator's RE2 expression, over texts that are folded: what is written out in it is folded as they are, and its syntax is kept.

`PR\u00dcF-[0-9]{4}` is `PRUF-[0-9]{4}`; `[\u0430-\u044f]` and `\\p{Cyrillic}` are the letters that these are read as. Where case is ignored a letter is what either case of it is
read as, for the two may be read as letters of different scripts.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

import re2

from detectors.folding import fold

_ITEM = re.compile(r"\\x\{([0-9A-Fa-f]{1,6})\}|\\x([0-9A-Fa-f]{2})|(\\[pP](?:\{\^?(\w+)\}|\w))|(\[:\^?[a-z]+:\]|\\.)|(.)", re.S)
_SCRIPTS = frozenset(("Cyrillic", "Greek", "Armenian", "Cherokee", "Coptic", "Lisu"))  # drawn like Latin in part, and then read as Latin
_IGNORES_CASE = re.compile(r"\(\?[a-zA-Z]*i")
_PLANES = 0x20000  # folding is of code points below

_Item = tuple[str, str]  # as it is written, the one character that it stands for, if it does


@lru_cache(maxsize=256)
def folded_pattern(pattern: str) -> str:
    """The expression to use in its place; an ASCII one is its own. Raises ValueError, with what to write, for what cannot be folded."""
    items = [_item(match) for match in _ITEM.finditer(pattern)]
    if all(char.isascii() and not _script(written) for written, char in items):
        return pattern
    if "\\Q" in (written for written, _ in items):
        raise ValueError(f"pattern {pattern!r}: \\Q with letters that are not ASCII; expected them outside of it")
    either = _IGNORES_CASE.search(pattern) is not None
    made: list[str] = []
    at = 0
    while at < len(items):
        written, char = items[at]
        if written == "[":
            end = _class_end(items, at)
            made.append(_class(pattern, items[at:end], either=either))
            at = end
            continue
        if script := _script(written):
            made.append(f"[{_of_script(script)}]")
        else:
            made.append(written if char.isascii() else _literal(_read(char, either=either)))
        at += 1
    return "".join(made)


def _script(written: str) -> str:
    """The script whose letters an item means, where some of these are read as others; "" for any other item."""
    return written[3:-1] if written.startswith("\\p{") and written[3:-1] in _SCRIPTS else ""


@cache
def _of_script(script: str) -> str:
    """What its characters are read as, and these themselves, as the inside of a class."""
    letters = re2.compile(f"[\\p{{{script}}}]")
    found = letters.findall("".join(chr(code) for code in range(_PLANES) if not 0xD800 <= code < 0xE000))
    return _spans({ord(part) for char in found for part in (char, *fold(char)[0])})


def _item(match: re.Match[str]) -> _Item:
    if code := match[1] or match[2]:
        return match[0], chr(int(code, 16)) if int(code, 16) < 0x110000 else ""
    if match[6]:
        return match[6], match[6]
    return match[0], match[0][1] if match[5] and match[0][0] == "\\" and not (match[0][1].isascii() and match[0][1].isalnum()) else ""


def _read(char: str, *, either: bool) -> list[str]:
    """What a character is read as, in either case if it has two."""
    return list(dict.fromkeys(fold(each)[0] for each in ((char, char.lower(), char.upper()) if either else (char,))))


def _literal(ways: list[str]) -> str:
    if len(ways) == 1 and len(ways[0]) <= 1:
        return re.escape(ways[0])
    return f"(?:{'|'.join(map(re.escape, ways))})"


def _class_end(items: list[_Item], at: int) -> int:
    """After the ] of the class that begins at `at`; one right at its beginning is a character of it."""
    at += 1
    at += at < len(items) and items[at][0] == "^"
    at += at < len(items) and items[at][0] == "]"
    while at < len(items) and items[at][0] != "]":
        at += 1
    return at + 1


def _class(pattern: str, items: list[_Item], *, either: bool) -> str:
    written = "".join(each for each, _ in items)
    if all(char.isascii() and not _script(each) for each, char in items):
        return written
    lead = 2 if items[1][0] == "^" else 1
    made = ["[^" if lead == 2 else "["]
    at = lead
    while at < len(items) - 1:
        shown, char = items[at]
        to = items[at + 2][1] if at + 3 < len(items) and items[at + 1][0] == "-" else ""
        if to and char and not (char + to).isascii():
            if ord(to) < ord(char):
                raise ValueError(f"pattern {pattern!r}: the range {char}-{to} in {written}; expected the lower character first")
            made.append(_range(ord(char), ord(to), either=either))
            at += 3
        elif to:
            made.append("".join(each for each, _ in items[at : at + 3]))
            at += 3
        elif script := _script(shown):
            made.append(_of_script(script))
            at += 1
        else:
            ways = [shown] if char.isascii() else _read(char, either=either)
            if not char.isascii() and any(len(way) > 1 for way in ways[:1]):
                raise ValueError(f"pattern {pattern!r}: {char} in {written} is read as {ways[0]!r}, which no class can hold; expected it outside, as in (?:{char}|[...])")
            made.append(shown if char.isascii() else "".join(_escaped(way) for way in ways if len(way) == 1))
            at += 1
    if len(made) == 1 or not any(made[1:]):
        raise ValueError(f"pattern {pattern!r}: nothing in {written} is left of a text as it is read")
    return "".join(made) + "]"


def _range(first: int, last: int, *, either: bool) -> str:
    """What the characters of a range are read as. A sign that is read as another one is left out: `[a-\u00fc]` is meant for letters, not for the quotes in it."""
    read: set[int] = set()
    for code in range(first, min(last + 1, _PLANES)):
        char = chr(code)
        if char.isalpha():
            read.update(ord(part) for way in _read(char, either=either) for part in way)
        elif not 0xD800 <= code < 0xE000 and fold(char)[0] == char:
            read.add(code)
    return _spans(read) + (_spans_of([max(first, _PLANES)], [last]) if last >= _PLANES else "")


def _spans(codes: set[int]) -> str:
    """Characters as the inside of a class."""
    in_order = sorted(codes)
    return _spans_of([code for code in in_order if code - 1 not in codes], [code for code in in_order if code + 1 not in codes])


def _spans_of(starts: list[int], ends: list[int]) -> str:
    return "".join(_escaped(chr(start)) + (f"-{_escaped(chr(end))}" if end > start else "") for start, end in zip(starts, ends, strict=True))


def _escaped(char: str) -> str:
    return "\\" + char if char in "\\]^-[" else char
