"""Growing texts. A run is fed as text arrives and says how much of it is decided: no text to come can change what becomes of that part.

A whole text is a run that is fed once and ended, so there is one way to check a text. `TextRun` is plain text; `JsonRun` is JSON text, such as a tool
call's arguments, whose strings are texts of their own: what is found never crosses a quote, and a rewritten number becomes a string,
so that what comes out is JSON if what went in was.

Offsets in `replacements` count from the run's first character and belong to the text as it was fed.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Callable
from functools import partial
from typing import Protocol

from detectors.base import CONTEXT, Finding
from detectors.text import Text
from gateway.dialects.fields import is_plain
from gateway.dialects.leaves import Edit
from gateway.guard.engines import Answer, Ask, Engine, Unanswered
from gateway.guard.scan import Scan

MIN_NUMBER = 9  # digits: shorter JSON numbers are no text (a card, a phone number, an account have more)
MAX_SCALAR = 400  # characters of a JSON number and the space behind it
_SPACE = re.compile(r"[ \t\r\n]+")
_SCALAR = re.compile(r"([^\s,:\[\]{}\"]+)[ \t\r\n]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_WORDS = ("true", "false", "null")
# What may stand next in JSON text: a value, or the end of an empty array; a key, or the end of an empty object; a colon; a comma or an end.
_VALUE, _FIRST, _KEY, _FIRST_KEY, _COLON, _AFTER = range(6)
# Words of a sentence: letters without a capital inside, hardly a part of what may not be seen.
_HARMLESS = re.compile(r"(?:[^\W\d_](?:(?![A-Z])[^\W\d_]){0,19}(?![^\W\d_])|[\s.,;:!?()\"'*#\u2019\u2026-](?!-))*")
MAX_HARMLESS = 256  # characters
_TOKEN = re.compile(r'[^"\\]+|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\[^u]')
_INCOMPLETE = re.compile(r"\\(?:u[0-9a-fA-F]{0,3})?|\\u[dD][89abAB][0-9a-fA-F]{2}(?:\\(?:u(?:[dD](?:[c-fC-F][0-9a-fA-F]?)?)?)?)?")
LONG_TAIL = 512  # characters
MAX_MARKS = 4096
MAX_KEY = 256  # characters of a key that are context

Submit = Callable[[Ask, Callable[[Answer], None]], None]


class Run(Protocol):
    """decided, total: characters.  replacements: in order, all within what is decided."""

    decided: int
    total: int
    replacements: list[Edit]

    def feed(self, text: str) -> None: ...

    def end(self) -> None: ...

    def advance(self) -> None:
        """Decide what can be decided now."""
        ...

    def harmless(self) -> bool:
        """Whether it can be taken for ended although it may go on: no part of anything that is looked for has been said at its end."""
        ...

    def seam(self) -> tuple[str, str]:
        """Before `end`: what is decided, as context, and what is not; with them a text goes on that was ended too early."""
        ...


class TextRun:
    """Plain text. before: what stands before its first character, for context."""

    __slots__ = ("_answered", "_asked", "_before", "_ended", "_found", "_given", "_look_at", "_scan", "_submit", "_tail", "decided", "replacements", "total", "woken")

    def __init__(self, scan: Scan, submit: Submit, before: str = "", woken: Callable[[], None] | None = None, given: str = "") -> None:
        """submit: sends a question to the pool.  woken: told when an answer has come, so that `advance` may get on.
        given: what this text begins with, has been said already and cannot be edited any more; the run begins with it."""
        self._scan, self._submit, self._before, self.woken = scan, submit, before[-CONTEXT:], woken
        self._tail, self._given = given, len(given)
        self._ended = False
        self._asked: dict[str, int] = {}  # by remote engine: how far it has been asked, and how far it has answered
        self._answered: dict[str, int] = {}
        self._found: list[Finding] = []  # of remote engines; offsets of the run
        self._look_at = 0  # length of the tail at which it is worth looking again
        self.decided, self.total = 0, len(given)
        self.replacements: list[Edit] = []

    def feed(self, text: str) -> None:
        self._tail += text
        self.total += len(text)

    def end(self) -> None:
        self._ended = True

    def advance(self) -> None:
        tail, scan = self._tail, self._scan
        if not tail or (len(tail) < self._look_at and not self._ended):
            return
        text = Text(tail, self._before)
        cut = len(tail) if self._ended else scan.open_from(text)
        if scan.remote:
            cut = min(cut, self._ask(text))
        if cut <= 0:
            self._stay(tail)
            return
        base = self.decided
        findings = scan.find(text)
        findings += [Finding(f.detector, f.kind, f.start - base, f.end - base, f.score) for f in self._found]
        while (lower := min((f.start for f in findings if f.start < cut < f.end), default=cut)) < cut:
            cut = lower  # never through a finding
        if cut <= 0:
            self._stay(tail)
            return
        self._look_at = 0
        given = self._given - base
        final = [f for f in findings if f.start < cut and f.end > given]
        if final:
            final.sort(key=lambda f: (f.start, f.end))
            for each in scan.replace(final, tail):
                if each.end > given:
                    self.replacements.append(Edit(base + max(each.start, given), base + each.end, each.by))
            self._found = [f for f in self._found if f.start >= base + cut]
        self._before = (self._before + tail[:cut])[-CONTEXT:]
        self._tail = tail[cut:]
        self.decided = base + cut

    def harmless(self) -> bool:
        tail = self._tail
        if not tail:
            return True
        if len(tail) > LONG_TAIL:
            return False
        text = Text(tail, self._before)
        at = self._scan.open_from(text)
        if len(tail) - at > MAX_HARMLESS:
            return False
        for found in sorted(self._scan.find(text), key=lambda f: f.start):  # what is whole is found, whatever follows
            if found.end > at:
                if not _HARMLESS.fullmatch(tail, at, max(at, found.start)):
                    return False
                at = found.end
        return _HARMLESS.fullmatch(tail, at) is not None

    def seam(self) -> tuple[str, str]:
        return self._before, self._tail[-LONG_TAIL:]

    def _stay(self, tail: str) -> None:
        """Nothing of a long tail could be decided: wait until it has grown by an eighth, or looking at it again and again would cost its square."""
        if len(tail) > LONG_TAIL:
            self._look_at = len(tail) + len(tail) // 8

    def _ask(self, text: Text) -> int:
        """Ask the remote engines about what is decidable and new; how far all have answered."""
        answered = len(text.raw)
        for engine in self._scan.remote:
            assert engine.open_from is not None
            name, base = engine.name, self.decided
            asked, known = self._asked.get(name, 0), self._answered.get(name, 0)
            if asked == known:  # one question at a time: what arrives meanwhile goes with the next
                new = asked - base  # from where it ended last time, because where it cuts depends on where it begins
                piece = Text(text.raw[new:], (text.before + text.raw[:new])[-CONTEXT:])
                end = len(piece.raw) if self._ended else engine.open_from(piece)
                if end > 0:
                    self._asked[name] = asked + end
                    whole = piece if end == len(piece.raw) else Text(piece.raw[:end], piece.before)
                    self._submit(Ask(engine, (whole,), in_stream=True), partial(self._take, engine, asked))
                    known = self._answered.get(name, 0)  # it may have been answered at once
            answered = min(answered, known - base)
        return answered

    def _take(self, engine: Engine, at: int, answer: Answer) -> None:
        self._answered[engine.name] = self._asked[engine.name]
        self._look_at = 0
        if isinstance(answer, Unanswered):
            self._scan.unanswered(engine, answer)
        else:
            self._found += [Finding(f.detector, f.kind, f.start + at, f.end + at, f.score) for f in answer[0]]
        if self.woken is not None:
            self.woken()


class JsonRun:
    """JSON text, whole or still arriving. What turns out not to be JSON goes on as plain text from there."""

    __slots__ = ("_ended", "_inner", "_key", "_keys", "_marks", "_name", "_next", "_past", "_plain", "_read", "_scan", "_seen", "_submit", "_tail", "decided", "replacements", "total", "woken")

    def __init__(self, scan: Scan, submit: Submit, before: str = "", woken: Callable[[], None] | None = None) -> None:
        """before: unused; JSON text begins by itself."""
        self._scan, self._submit, self.woken = scan, submit, woken
        self._tail = ""  # what is not decided; begins at `decided`
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
        while self._plain is None and self._tail and (self._in_string() if self._inner is not None else self._between()):
            pass
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

    def seam(self) -> tuple[str, str]:
        return self._plain.seam() if self._plain is not None else ("", "")

    def _between(self) -> bool:
        """Between strings. False: nothing more can be decided now."""
        tail = self._tail
        first = tail[0]
        if first in " \t\r\n":
            match = _SPACE.match(tail)
            assert match is not None
            self._drop(match.end())
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
            taken = self._scalar(tail)
            if taken is not None:
                return taken
        self._as_plain(tail)
        return False

    def _scalar(self, tail: str) -> bool | None:
        """A number or a word, as soon as what follows says that it is one: `4111 1111` is no JSON. None: it is none; False: not known yet."""
        match = _SCALAR.match(tail)
        if match is None:
            return None
        said = match[1]
        if match.end() == len(tail) and not self._ended:
            begins = any(each.startswith(said) for each in _WORDS) if said.isalpha() else said[0] in "-0123456789"
            return False if begins and len(tail) <= MAX_SCALAR else None
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
        if self._ended and whole and self._tail:  # cut inside an escape
            self._as_plain(self._tail)
        return False

    def _decode(self, inner: TextRun) -> bool:
        """Feed the open string what has arrived of it. True: its closing quote is here."""
        tail, base = self._tail, self.decided
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

    def _as_plain(self, rest: str) -> None:
        self._plain = TextRun(self._scan, self._submit, self._past, self.woken)
        self._plain.feed(rest)
        if self._ended:
            self._plain.end()
        self._marks, self._seen, self._tail, self._inner = [(0, self.decided)], 0, "", None

    def _drop(self, length: int) -> None:
        self._past = (self._past + self._tail[max(0, length - CONTEXT) : length])[-CONTEXT:]
        self._tail = self._tail[length:]
        self.decided += length

