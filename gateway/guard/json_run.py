"""Growing JSON text, such as a tool call's arguments: its strings are texts of their own. What is found never crosses a quote, and a rewritten number
becomes a string, so that what comes out is JSON if what went in was. What turns out to be none goes on as plain text from there.

Offsets in `replacements` count from the run's first character and belong to the text as it was fed.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Callable

from detectors.base import CONTEXT
from detectors.text import Text
from gateway.dialects.fields import is_plain
from gateway.dialects.leaves import Edit
from gateway.guard.runs import MAX_STRAY, Submit, TextRun
from gateway.guard.scan import Scan

MIN_NUMBER = 9  # digits: shorter JSON numbers are no text (a card, a phone number, an account have more)
MAX_SCALAR = 400  # characters of a JSON number and the space behind it
_SPACE = re.compile(r"[ \t\r\n]+")
_SCALAR = re.compile(r"([^\s,:\[\]{}\"]+)[ \t\r\n]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_WORDS = ("true", "false", "null")
# What may stand next in JSON text: a value, or the end of an empty array; a key, or the end of an empty object; a colon; a comma or an end.
_VALUE, _FIRST, _KEY, _FIRST_KEY, _COLON, _AFTER = range(6)
_TOKEN = re.compile(r'[^"\\]+|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\[^u]')
_INCOMPLETE = re.compile(r"\\(?:u[0-9a-fA-F]{0,3})?|\\u[dD][89abAB][0-9a-fA-F]{2}(?:\\(?:u(?:[dD](?:[c-fC-F][0-9a-fA-F]?)?)?)?)?")
MAX_MARKS = 4096
MAX_KEY = 256  # characters of a key that are context


class JsonRun:
    """JSON text, whole or still arriving. What turns out not to be JSON goes on as plain text from there."""

    __slots__ = ("_at", "_ended", "_inner", "_key", "_keys", "_marks", "_name", "_next", "_past", "_plain", "_read", "_scan", "_seen", "_submit", "_tail", "decided", "replacements", "total", "woken")

    def __init__(self, scan: Scan, submit: Submit, before: str = "", woken: Callable[[], None] | None = None) -> None:
        """before: unused; JSON text begins by itself."""
        self._scan, self._submit, self.woken = scan, submit, woken
        self._tail, self._at = "", 0  # what is not decided begins at `_at`, as `decided` says; it is cut there once per advance, or many tokens would cost its square
        self._ended = False
        self._keys: list[tuple[str, str]] = []  # of each open container: its sign, and the key it stands under
        self._key = ""  # the nearest
        self._next = _VALUE
        self._past = ""  # the last that was decided: context for what is no JSON
        self._inner: TextRun | None = None  # the string that is open, decoded
        self._name: list[str] | None = None  # and if it is a key, what it has said so far
        self._read = 0  # how far the open string has been decoded
        self._marks: list[tuple[int, int]] = []  # (offset in the decoded string, offset in the run): both go on in step until the next mark
        self._plain: TextRun | None = None  # the rest, if it is no JSON
        self._seen = 0  # replacements of `_inner` or `_plain` already taken over
        self.decided = self.total = 0
        self.replacements: list[Edit] = []

    def feed(self, text: str) -> None:
        self.total += len(text)
        if self._plain is not None:
            self._plain.feed(text)
        else:
            self._tail += text

    def end(self) -> None:
        self._ended = True
        if self._plain is not None:
            self._plain.end()

    def advance(self) -> None:
        while self._plain is None and self._at < len(self._tail) and (self._in_string() if self._inner is not None else self._between()):
            pass
        self._cut()
        if self._plain is not None:
            self._plain.advance()
            base = self._marks[0][1]
            for each in self._plain.replacements[self._seen :]:
                self.replacements.append(Edit(base + each.start, base + each.end, each.by))
            self._seen = len(self._plain.replacements)
            self.decided = base + self._plain.decided

    def harmless(self) -> bool:
        if self._plain is not None:
            return self._plain.harmless()
        return not self._tail and self._inner is None and not self._keys

    def seam(self) -> tuple[str, str, str]:
        return self._plain.seam() if self._plain is not None else ("", "", "")

    def strays(self) -> bool:
        if self._plain is not None or self._inner is not None:
            text = self._plain or self._inner
            return text is not None and text.strays()
        return len(self._tail.strip()) > MAX_STRAY and self._tail.strip() not in _WORDS

    def breaks(self, *, loose: bool = False) -> None:
        """JSON text is never one with another."""

    def _between(self) -> bool:
        """Between strings. False: nothing more can be decided now."""
        tail, at = self._tail, self._at
        first = tail[at]
        if first in " \t\r\n":
            match = _SPACE.match(tail, at)
            assert match is not None
            self._drop(match.end() - at)
            return True
        if first == '"' and self._next < _COLON:
            self._name = [] if self._next >= _KEY else None
            self._inner = TextRun(self._scan, self._submit, f"{self._key}: " if self._key and self._name is None else "", self.woken)
            self._seen, self._read = 0, self.decided + 1
            self._marks = [(0, self._read)]
            self._drop(1)
            return True
        if first in ",:[]{}":
            if self._takes(first):
                self._drop(1)
                return True
        elif self._next in (_VALUE, _FIRST) and first != '"':
            taken = self._scalar(tail, at)
            if taken is not None:
                return taken
        self._as_plain()
        return False

    def _scalar(self, tail: str, at: int) -> bool | None:
        """A number or a word, as soon as what follows says that it is one: `4111 1111` is no JSON. None: it is none; False: not known yet."""
        match = _SCALAR.match(tail, at)
        if match is None:
            return None
        said = match[1]
        if match.end() == len(tail) and not self._ended:
            begins = any(each.startswith(said) for each in _WORDS) if said.isalpha() else said[0] in "-0123456789"
            return False if begins and len(tail) - at <= MAX_SCALAR else None
        if match.end() < len(tail) and (tail[match.end()] not in ",]}" or not self._keys):
            return None
        if _NUMBER.fullmatch(said) is None:
            if said not in _WORDS:
                return None
        elif sum(c.isdigit() for c in said) >= MIN_NUMBER:
            found = self._scan.replace(self._scan.find(Text(said, f"{self._key}: " if self._key else "")), said)
            if found:
                self.replacements.append(Edit(self.decided, self.decided + len(said), json.dumps(found[0].by, ensure_ascii=False)))
        self._next = _AFTER
        self._drop(len(said))
        return True

    def _takes(self, sign: str) -> bool:
        """Whether the sign may stand here; if so, what may follow."""
        now, inside = self._next, self._keys[-1][0] if self._keys else ""
        if sign in "{[":
            if now not in (_VALUE, _FIRST):
                return False
            self._keys.append((sign, self._key))
            self._next = _FIRST_KEY if sign == "{" else _FIRST
        elif sign in "}]":
            opens, empty = ("{", _FIRST_KEY) if sign == "}" else ("[", _FIRST)
            if inside != opens or now not in (_AFTER, empty):
                return False
            self._key = self._keys.pop()[1]
            self._next = _AFTER
        elif sign == ",":
            if not inside or now != _AFTER:
                return False
            self._next = _KEY if inside == "{" else _VALUE
        else:
            if now != _COLON:
                return False
            self._next = _VALUE
        return True

    def _in_string(self) -> bool:
        inner = self._inner
        assert inner is not None
        closed = self._decode(inner)
        if self._name is not None:
            if not closed and not self._ended and inner.total < MAX_KEY:
                return False  # whether it is a plain name is seen when it is whole
            name = "".join(self._name)
            if closed and is_plain(name):
                self._close(name)
                return True
        if closed or self._ended:
            inner.end()
        inner.advance()
        for each in inner.replacements[self._seen :]:
            by = json.dumps(each.by, ensure_ascii=False)[1:-1]
            self.replacements.append(Edit(self._place(each.start), self._place(each.end), by))
        self._seen = len(inner.replacements)
        if len(self._marks) > MAX_MARKS:
            del self._marks[: bisect_right(self._marks, inner.decided, key=lambda mark: mark[0]) - 1]
        whole = inner.decided == inner.total
        if closed and whole:
            self._close("".join(self._name) if self._name is not None else None)
            return True
        self._drop((self._read if whole else self._place(inner.decided)) - self.decided)
        if self._ended and whole and self._at < len(self._tail):  # cut inside an escape
            self._as_plain()
        return False

    def _decode(self, inner: TextRun) -> bool:
        """Feed the open string what has arrived of it. True: its closing quote is here."""
        tail, base = self._tail, self.decided - self._at
        while (at := self._read - base) < len(tail):
            if tail[at] == '"':
                return True
            if tail[at] != "\\":
                match = _TOKEN.match(tail, at)
                assert match is not None
                piece = match[0]
                length = len(piece)
            else:
                if not self._ended and _INCOMPLETE.fullmatch(tail, at):
                    return False
                match = _TOKEN.match(tail, at)
                known = match is not None and match[0][1] in 'u"\\/bfnrt'
                piece = json.loads(f'"{match[0]}"') if match is not None and known else tail[at]
                length = len(match[0]) if match is not None and known else 1
                if "\ud800" <= piece <= "\udfff":  # half a pair, which is no character
                    piece = "\ufffd"
            inner.feed(piece)
            if self._name is not None:
                self._name.append(piece)
            self._read += length
            if length != len(piece):
                self._marks.append((inner.total, self._read))
        return False

    def _close(self, name: str | None) -> None:
        if name is not None:
            self._key = name[:MAX_KEY]
        self._next = _AFTER if name is None else _COLON
        self._inner = self._name = None
        self._drop(self._read + 1 - self.decided)

    def _place(self, at: int) -> int:
        """Where in the run the decoded string's character `at` begins."""
        decoded, raw = self._marks[bisect_right(self._marks, at, key=lambda mark: mark[0]) - 1]
        return raw + at - decoded

    def _as_plain(self) -> None:
        self._cut()
        self._plain = TextRun(self._scan, self._submit, self._past, self.woken)
        self._plain.feed(self._tail)
        if self._ended:
            self._plain.end()
        self._marks, self._seen, self._tail, self._inner = [(0, self.decided)], 0, "", None

    def _drop(self, length: int) -> None:
        self._at += length
        self.decided += length

    def _cut(self) -> None:
        at, tail = self._at, self._tail
        if at:
            self._past = (self._past + tail[max(0, at - CONTEXT) : at])[-CONTEXT:]
            self._tail, self._at = tail[at:], 0
