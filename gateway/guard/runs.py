"""Growing texts. A run is fed as text arrives and says how much of it is decided: no text to come can change what becomes of that part.

A whole text is a run that is fed once and ended, so there is one way to check a text. `TextRun` is plain text; JSON text is in `json_run.py`.

Offsets in `replacements` count from the run's first character and belong to the text as it was fed.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Collection
from functools import partial
from typing import Protocol

from detectors.base import CONTEXT, Finding
from detectors.text import Text
from gateway.dialects.leaves import Edit
from gateway.guard.engines import Answer, Ask, Engine, Unanswered
from gateway.guard.scan import Scan
from gateway.guard.seams import crosses, only_goes_on

# Words of a sentence: letters without a capital inside, hardly a part of what may not be seen.
_HARMLESS = re.compile(r"(?:[^\W\d_](?:(?![A-Z])[^\W\d_]){0,19}(?![^\W\d_])|[\s.,;:!?()\"'*#\u2019\u2026-](?!-))*")
# What may go on as a name, a host or a key does: the last word, unless it is one of letters that a sentence ends with.
_LAST_WORD = re.compile(r"[\w.+-]*\Z")
_SENTENCE_END = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*\.+")
_IN_WORD = re.compile(r"\S*\Z")
MAX_HARMLESS = 256  # characters
MAX_STRAY = 3  # characters of what may be a part of anything: so few may go, whatever follows
LONG_TAIL = 512  # characters
LOOK_AGAIN = 128  # characters: from here on a tail is worth the wait

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

    def breaks(self, *, loose: bool = False) -> None:
        """Another text begins."""
        ...

    def strays(self) -> bool:
        """Whether more than a few characters of what may be a part of a finding have been said at its end, though it may not be over there."""
        ...

    def harmless(self) -> bool:
        """Whether it can be taken for ended although it may go on: at its end at most a few characters of anything that is looked for have been said."""
        ...

    def seam(self) -> tuple[str, str, str]:
        """Before `end`: what is decided, as context for what goes on with it and for what stands across a seam, and what is not decided."""
        ...


class TextRun:
    """Plain text. before: what stands before its first character, for context."""

    __slots__ = ("_answered", "_asked", "_before", "_ended", "_found", "_given", "_look_at", "_loose", "_past", "_scan", "_seams", "_submit", "_tail", "decided", "replacements", "total", "woken")

    def __init__(self, scan: Scan, submit: Submit, before: str = "", woken: Callable[[], None] | None = None, given: str = "", *, apart: bool = False, past: str = "") -> None:
        """submit: sends a question to the pool.  woken: told when an answer has come, so that `advance` may get on.
        given: what this text begins with, has been said already and cannot be edited any more; the run begins with it.  apart: it ends a text of its own.
        past: as before, beyond the beginning of the text that it stands in."""
        self._scan, self._submit, self._before, self.woken = scan, submit, before[-CONTEXT:], woken
        self._past = past or self._before  # over all seams, for what stands across one
        self._tail, self._given = given, len(given)
        self._ended = False
        self._asked: dict[str, int] = {}  # by remote engine: how far it has been asked, and how far it has answered
        self._answered: dict[str, int] = {}
        # Of remote engines, and of what stands before a seam; offsets of the run.
        self._found: list[Finding] = scan.find(Text(given, self._before)) if apart and given else []
        self._seams = [len(given)] if apart and given else []  # in what is not decided: where another text begins
        self._loose = False
        self._look_at = 0  # length of the tail at which it is worth looking again
        self.decided, self.total = 0, len(given)
        self.replacements: list[Edit] = []

    def feed(self, text: str) -> None:
        self._tail += text
        self.total += len(text)

    def breaks(self, *, loose: bool = False) -> None:
        """Here one text ends and another begins that a reader may take for the same: each is looked at alone, and what stands across the seam too.

        loose: for all that is known it is one text, so it is also looked at as one.
        """
        self._loose = loose
        begins = self._seams[-1] - self.decided if self._seams else 0
        if not self._tail:
            self._before = self._before if loose else ""
        elif begins < len(self._tail):
            alone = Text(self._tail[begins:], "" if self._seams else self._before)
            self._found += (_moved(f, self.decided + begins) for f in self._scan.find(alone))
            self._seams.append(self.total)
            self._look_at = 0

    def end(self) -> None:
        self._ended = True

    def advance(self) -> None:
        tail, scan = self._tail, self._scan
        if not tail or (len(tail) < self._look_at and not self._ended):
            return
        base, seams = self.decided, self._seams
        text = Text(tail, self._past if seams else self._before)
        last = Text(tail[seams[-1] - base :]) if seams else text
        cut = len(tail)
        if not self._ended:
            cut = min(cut - len(last.raw) + scan.open_from(last), scan.open_from(text)) if seams else scan.open_from(text)
        if scan.remote:
            cut = min(cut, self._ask(text))
        if cut <= 0:
            self._stay(len(tail))
            return
        findings = scan.find(text)
        if seams:
            alone = [_moved(f, seams[-1] - base) for f in scan.find(last)]
            alone += (_moved(f, -base) for f in self._found)
            if not self._loose:
                within = [seam - base for seam in seams]
                findings = [f for f in findings if crosses(f, within) and not only_goes_on(f, tail, within, alone)]
            findings += alone
        elif self._found:
            findings += (_moved(f, -base) for f in self._found)
        final: list[Finding] = []
        if findings:
            while (lower := min((f.start for f in findings if f.start < cut < f.end), default=cut)) < cut:
                cut = lower  # never through a finding
            if cut <= 0:
                self._stay(len(tail))
                return
            given = self._given - base
            final = [f for f in findings if f.start < cut and f.end > given]
        if final:
            final.sort(key=lambda f: (f.start, f.end))
            for each in scan.replace(final, tail):
                if each.end > given:
                    self.replacements.append(Edit(base + max(each.start, given), base + each.end, each.by))
            self._found = [f for f in self._found if f.start >= base + cut]
        passed = bisect_right(seams, base + cut) if seams else 0
        if passed and not self._loose:
            self._before = tail[seams[passed - 1] - base : cut][-CONTEXT:]
        else:
            self._before = (self._before + tail[:cut])[-CONTEXT:]
        self._past = (self._past + tail[:cut])[-CONTEXT:]
        del seams[:passed]
        self._tail = tail[cut:]
        self.decided = base + cut
        self._look_at = 0
        self._stay(len(tail) - cut)

    def harmless(self) -> bool:
        return self._says_little(goes_on=True)

    def strays(self) -> bool:
        return not self._says_little(goes_on=False)

    def _says_little(self, *, goes_on: bool) -> bool:
        """Whether what is open is only words. goes_on: more may come, and make the last of them the beginning of an address."""
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
            if found.end == len(tail) and (goes_on or not self._scan.acts_on(found)):
                return False  # it may be longer, or another thing: an address that goes on as a key
            if found.end > at:
                if not _HARMLESS.fullmatch(tail, at, max(at, found.start)):
                    return False
                at = found.end
        if "@" in tail[at:]:
            return False
        if goes_on:
            last = _LAST_WORD.search(tail, max(at, len(tail) - MAX_HARMLESS))
            if last is not None and len(last[0]) > MAX_STRAY and not _SENTENCE_END.fullmatch(last[0]):
                return False
        words = _HARMLESS.match(tail, at)
        stray = words.end() if words else at
        if stray < len(tail):  # what it is in begins at a space: `glpat-ov71U` is no word and three characters
            stray = max(at, _IN_WORD.search(tail, max(at, stray - MAX_HARMLESS), stray).start())  # type: ignore[union-attr]
        return len(tail[stray:].strip()) <= MAX_STRAY

    def seam(self) -> tuple[str, str, str]:
        return self._before, self._past, self._tail[-LONG_TAIL:]

    def _stay(self, length: int) -> None:
        """So much of a tail could not be decided. A long one is looked at again when it has grown by an eighth, or looking would cost its square."""
        if length > LOOK_AGAIN:
            self._look_at = length + length // 8

    def _ask(self, text: Text) -> int:
        """Ask the remote engines about what is decidable and new; how far all have answered."""
        answered = len(text.raw)
        for engine in self._scan.remote:
            assert engine.open_from is not None
            name, base = engine.name, self.decided
            asked, known = self._asked.get(name, 0), self._answered.get(name, 0)
            if asked == known:  # one question at a time: what arrives meanwhile goes with the next
                new = asked - base  # from where it ended last time, because where it cuts depends on where it begins
                seams = [] if self._loose else self._seams
                after = bisect_right(seams, asked)
                begins = seams[after - 1] - base if after else None  # each text alone, as in a whole body
                stops = seams[after] - base if after < len(seams) else None
                piece = Text(text.raw[new:stops], ((text.before + text.raw[:new]) if begins is None else text.raw[begins:new])[-CONTEXT:])
                end = len(piece.raw) if self._ended or stops is not None else engine.open_from(piece)
                if end > 0:
                    self._asked[name] = asked + end
                    whole = piece if end == len(piece.raw) else Text(piece.raw[:end], piece.before)
                    self._submit(Ask(engine, (whole,)), partial(self._take, engine, asked))
                    known = self._answered.get(name, 0)  # it may have been answered at once
            answered = min(answered, known - base)
        return answered

    def _take(self, engine: Engine, at: int, answer: Answer) -> None:
        self._answered[engine.name] = self._asked[engine.name]
        self._look_at = 0
        if isinstance(answer, Unanswered):
            self._scan.unanswered(engine, answer)
        else:
            self._found += (_moved(f, at) for f in answer[0])
        if self.woken is not None:
            self.woken()


def _moved(f: Finding, by: int) -> Finding:
    return Finding(f.detector, f.kind, f.start + by, f.end + by, f.score)


def settle(runs: Collection[Run], owed: dict[int, Callable[[Answer], None]]) -> None:
    """Decide runs that have ended without the pool: who has not answered by now has found nothing. owed: who takes those answers; may grow; empty then."""
    for run in runs:
        run.advance()
    while owed:
        owed.popitem()[1]([[]])
        for run in runs:
            run.advance()
