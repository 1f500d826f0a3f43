"""Rules on a whole body: every leaf looked at, neighbours also as one text, and the edits that follow.

`check` is a generator, because some detectors live in the pool and this package does no I/O: it yields an `Ask` and is sent the Answer; it yields
None where a long body gives others a turn, and is sent None.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Generator, Sequence
from itertools import accumulate
from operator import itemgetter

from detectors.base import CONTEXT, Finding
from detectors.text import Text
from gateway.dialects.leaves import Edit, Leaf, Walked
from gateway.guard.engines import Answer, Ask, Engine, Reads, Unanswered
from gateway.guard.policy import Action, Direction
from gateway.guard.scan import Guarding
from gateway.guard.seams import TRAILING, crosses, only_goes_on
from gateway.guard.seen import Seen
from gateway.guard.spoken import spoken

PAUSE_CHARS = 32_768  # looked at between two pauses
PAUSE_EDITS = 500  # made between two pauses
WINDOW_CHARS = 16_384  # of a text that is looked at in one go
ASK_CHARS = 32_768  # in one question to the pool, unless one text is longer: what was answered is known, should the next one not be
ASK_TEXTS = 16  # that are judged in one question: a service has one call's time for it
SEAM_CHARS = 4096  # on either side of a seam between two texts: a word longer than that is not seen whole
OPEN_CHARS = 32_768  # around a seam: more than any detector's finding
_LONG = "-----BEGIN"  # what begins a finding of many words
_WORD_CHARS = 64
_GROUPS = 12  # characters in which a number that is written in groups has a digit: NL28 WVPB 2039
_BEGINS = re.compile(rb"(?:\xef\xbb\xbf)?[ \t\r\n]{0,64}(?:(\{)[ \t\r\n]*(?:\"|\Z)|(\[)[ \t\r\n]*(?:[\"\[{]|-?[0-9]+[ \t\r\n]*,[ \t\r\n]*-?[0-9]|\Z))")
_SPACE = re.compile(r"\s")
_FIGURE = re.compile(r"[0-9]|[^\x00-\x7f]")  # nothing else is a digit
_FORMED = re.compile(r"[^\x00-\x7f]|[0-9@:/=_+%&#\\]|\w-\w|\w{16}")

Checking = Generator[Ask | None, Answer | None, dict[int, tuple[Edit, ...]]]


def check(walked: Walked, scan: Guarding, seen: Seen | None = None) -> Checking:
    """Look at all leaves; returns the edits by index in `leaves`. `scan` then says whether a rule blocks or a detector failed."""
    leaves = walked.leaves
    texts = _Texts(leaves, seen)
    found: list[list[Finding]] = [[] for _ in leaves]
    for engine in scan.engines:
        if engine.reads is Reads.SPOKEN:
            yield from _judge(engine, walked, scan, seen)
        elif engine.reads is Reads.REPLY:
            continue
        elif engine.local is not None:
            yield from _look(engine, texts, found, seen)
        else:
            yield from _ask(engine, texts, found, scan, seen)
    chain_of = {index: chain for chain in walked.chains for index in chain}
    edits: dict[int, list[Edit]] = {}
    left = PAUSE_EDITS
    for index in range(len(leaves)):  # in the body's order, which is that of the placeholders' numbers
        chain = chain_of.get(index)
        if chain is None:
            if found[index]:
                edits[index] = yield from _replaced(scan, found[index], leaves[index].text)
                left -= len(found[index]) % PAUSE_EDITS
                if left <= 0:
                    left = PAUSE_EDITS
                    yield None
        elif index == chain[0]:
            yield from _rule(chain, leaves, found, scan, edits)
    return {index: tuple(each) for index, each in edits.items() if each}


class _Texts:
    """The leaves as detectors see them, and what each is known by: made when first asked for, as a body may have a hundred thousand."""

    __slots__ = ("_leaves", "_names", "_seen", "_texts")

    def __init__(self, leaves: Sequence[Leaf], seen: Seen | None) -> None:
        self._leaves, self._seen = leaves, seen
        self._texts: list[Text | None] = [None] * len(leaves)
        self._names: list[bytes | None] = [None] * len(leaves)

    def __len__(self) -> int:
        return len(self._leaves)

    def __getitem__(self, index: int) -> Text:
        text = self._texts[index]
        if text is None:
            leaf = self._leaves[index]
            text = self._texts[index] = Text(leaf.text, leaf.before)
        return text

    def name(self, index: int) -> bytes:
        """b"" where nothing is remembered."""
        name = self._names[index]
        if name is None:
            name = self._names[index] = b"" if self._seen is None else self._seen.name(self[index])
        return name


def breaks_off(body: bytes) -> bool:
    """Whether a body began as JSON and has no end. Text may begin with a bracket, too."""
    begins = _BEGINS.match(body)
    return begins is not None and body[-64:].rstrip()[-1:] != (b"}" if begins[1] == b"{" else b"]")


def without_open_end(text: str, edits: Sequence[Edit], scan: Guarding) -> tuple[Edit, ...]:
    """The edits of a text that breaks off: what may be the beginning of a finding at its end is left out, under rules that do more than count."""
    if not any(rule.enforce and rule.action is not Action.FLAG for rule in scan.rules):
        return tuple(edits)
    at = max(0, len(text) - OPEN_CHARS)
    end = at + scan.open_from(Text(text[at:], text[max(0, at - CONTEXT) : at]))
    kept = tuple(edit for edit in edits if edit.start < end)
    end = max(end, kept[-1].end if kept else 0)
    told = "".join(edit.by for edit in edits[len(kept) :])  # was found, and may go on
    return (*kept, Edit(end, len(text), told)) if end < len(text) else kept


def _look(engine: Engine, texts: _Texts, found: list[list[Finding]], seen: Seen | None) -> Generator[None, None, None]:
    assert engine.local is not None
    spent = 0
    for index in range(len(texts)):
        text = texts[index]
        known = seen.get(engine.name, texts.name(index)) if seen is not None else None
        spent += 64
        if known is None:
            if len(text.raw) > WINDOW_CHARS and engine.open_from is not None:
                known = yield from _by_windows(engine, text)
            else:
                known = tuple(engine.local.find(text))
            spent += min(len(text.raw), WINDOW_CHARS)
            if seen is not None:
                seen.put(engine.name, texts.name(index), known)
        found[index] += known
        if spent > PAUSE_CHARS:
            spent = 0
            yield None


def _by_windows(engine: Engine, text: Text) -> Generator[None, None, tuple[Finding, ...]]:
    """What a detector finds in a long text, a window at a time. The same as in one go, by the invariants of detectors.base."""
    detector, opens, raw = engine.local, engine.open_from, text.raw
    assert detector is not None and opens is not None
    found: list[Finding] = []
    start, size = 0, WINDOW_CHARS
    while True:
        window = Text(raw[start : start + size], raw[max(0, start - CONTEXT) : start] if start else text.before)
        findings = detector.find(window)
        if start + size >= len(raw):
            found += (_moved(f, start) for f in findings)
            return tuple(found)
        until = opens(window)
        if until < WINDOW_CHARS // 2:  # more is open than decided
            size += WINDOW_CHARS
        else:
            found += (_moved(f, start) for f in findings if f.start < until)
            start, size = start + until, WINDOW_CHARS
        yield None


def _ask(engine: Engine, texts: _Texts, found: list[list[Finding]], scan: Guarding, seen: Seen | None) -> Generator[Ask | None, Answer | None, None]:
    new: list[int] = []
    spent = 0
    for index in range(len(texts)):
        text = texts[index]
        known = seen.get(engine.name, texts.name(index)) if seen is not None else None
        spent += 32
        if spent > PAUSE_CHARS:
            spent = 0
            yield None
        if known is not None:
            found[index] += known
        elif text.raw and not text.raw.isspace():
            new.append(index)
    for some in _batches(new, texts):
        answer = yield Ask(engine, tuple(texts[index] for index in some))
        if answer is None or isinstance(answer, Unanswered):
            scan.unanswered(engine, answer or Unanswered("unavailable"))
            return
        for index, findings in zip(some, answer, strict=True):
            found[index] += findings
            if seen is not None:
                seen.put(engine.name, texts.name(index), findings)


def _judge(engine: Engine, walked: Walked, scan: Guarding, seen: Seen | None) -> Generator[Ask | None, Answer | None, None]:
    """Who judges what is said. What it finds has no place in a leaf: it is counted, and may block."""
    spent = 0
    new: list[tuple[Text, bytes]] = []
    for text in spoken(walked):
        name = b"" if seen is None else seen.name(text)
        known = seen.get(engine.name, name) if seen is not None else None
        if known is not None:
            scan.replace(known, text.raw)
        else:
            if len(new) == ASK_TEXTS or (new and sum(len(each.raw) for each, _ in new) + len(text.raw) > ASK_CHARS):
                if not (yield from _put(engine, new, scan, seen)):
                    return
                new = []
            new.append((text, name))
        spent += len(text.raw)
        if spent > PAUSE_CHARS:
            spent = 0
            yield None
    if new:
        yield from _put(engine, new, scan, seen)


def _put(engine: Engine, new: Sequence[tuple[Text, bytes]], scan: Guarding, seen: Seen | None) -> Generator[Ask | None, Answer | None, bool]:
    """Have some texts judged; whether there was an answer."""
    answer = yield Ask(engine, tuple(text for text, _ in new))
    if answer is None or isinstance(answer, Unanswered):
        scan.unanswered(engine, answer or Unanswered("unavailable"))
        return False
    for (text, name), findings in zip(new, answer, strict=True):
        if seen is not None:
            seen.put(engine.name, name, tuple(findings))
        scan.replace(findings, text.raw)
    return True


def _batches(new: Sequence[int], texts: _Texts) -> list[list[int]]:
    """What is asked together."""
    batches: list[list[int]] = []
    chars = ASK_CHARS
    for index in new:
        size = len(texts[index].raw)
        if chars + size > ASK_CHARS:
            batches.append([])
            chars = 0
        batches[-1].append(index)
        chars += size
    return batches


def _rule(
    chain: Sequence[int], leaves: Sequence[Leaf], found: list[list[Finding]], scan: Guarding, edits: dict[int, list[Edit]]
) -> Generator[None, None, None]:
    """Apply the rules to leaves that are one text to a reader."""
    starts = [0, *accumulate(len(leaves[index].text) for index in chain)]
    joined = "".join(leaves[index].text for index in chain)
    findings = [_moved(f, start) for index, start in zip(chain, starts, strict=False) for f in found[index]]
    findings += yield from _across(joined, starts[1:-1], findings, scan)
    yield None
    asked = scan.direction is Direction.REQUEST  # some providers refuse a text that says nothing
    for made, edit in enumerate((yield from _replaced(scan, findings, joined)), 1):
        at = max(0, bisect_right(starts, edit.start) - 1)
        while at < len(chain) and (start := starts[at]) < edit.end:
            left, right = max(edit.start, start), min(edit.end, starts[at + 1])
            if left < right:
                told = left == edit.start or (asked and not joined[start:left].strip() and not joined[right : starts[at + 1]].strip())
                edits.setdefault(chain[at], []).append(Edit(left - start, right - start, edit.by if told else ""))
            at += 1
        if made % PAUSE_EDITS == 0:
            yield None


def _replaced(scan: Guarding, findings: Sequence[Finding], text: str) -> Generator[None, None, list[Edit]]:
    """The edits of one text, so many at a time. Findings that hang together, of which one edit may be made, are in one lot."""
    ordered = sorted(findings, key=_order)
    edits: list[Edit] = []
    first = reach = 0
    for at, finding in enumerate(ordered):
        if at - first >= PAUSE_EDITS and finding.start >= reach:
            edits += scan.replace(ordered[first:at], text)
            first = at
            yield None
        reach = max(reach, finding.end)
    return edits + scan.replace(ordered[first:], text)


def _across(joined: str, seams: Sequence[int], known: Sequence[Finding], scan: Guarding) -> Generator[None, None, list[Finding]]:
    """What stands across a seam. Looked for only where the text before it is still open: known findings that end there are, too.

    joined: the texts.  seams: where one ends and the next begins.  known: what was found in each by itself.
    """
    spans: list[tuple[int, int]] = []
    texts: list[Text | None] = []  # of the spans, if it has been made
    ends = _at_seams(joined, seams, known)
    looked = (0, 0)  # what the last span was made of
    last, spent = -1, 0
    may_begin = _LONG in joined
    for seam in seams:
        spent += _WORD_CHARS
        if spent > PAUSE_CHARS:
            spent = 0
            yield None
        begun = _begun(joined, seam) if may_begin else None
        if begun == last:  # its end is in the span that was looked at for it
            begun = None
        held = min(ends.get(seam, seam), seam if begun is None else begun)
        if held == seam and not _touches(joined, seam):
            continue
        left = max(0, seam - _reach(joined[max(0, seam - SEAM_CHARS) : seam][::-1]))
        stop = seam + _reach(joined[seam : seam + SEAM_CHARS])
        if min(left, held) >= looked[0] and stop <= looked[1]:
            continue
        start = left + scan.open_from(Text(joined[left:seam], joined[max(0, left - CONTEXT) : left]))
        start = max(min(start, held), seam - OPEN_CHARS)
        spent += seam - left
        if start == seam:
            continue
        stop = min(len(joined), stop + (SEAM_CHARS if stop - seam > SEAM_CHARS // 2 else 0))
        text = None
        while stop < len(joined) and stop - start < OPEN_CHARS:  # until nothing from before the seam is open
            text = Text(joined[start:stop], joined[max(0, start - CONTEXT) : start])
            spent += stop - start
            if scan.open_from(text) > seam - start and not any(f.start < seam - start < f.end and _ends(joined, start + f.end, stop) for f in scan.find(text)):
                break
            stop, text = min(len(joined), start + OPEN_CHARS, stop + max(1024, stop - start)), None
            yield None
        looked = (min(left, start), stop)
        last = last if begun is None else begun
        if spans and start <= spans[-1][1]:
            spans[-1], texts[-1] = (min(start, spans[-1][0]), max(stop, spans[-1][1])), None
        else:
            spans.append((start, stop))
            texts.append(text)
    found: list[Finding] = []
    for (start, stop), made in zip(spans, texts, strict=True):
        text = made or Text(joined[start:stop], joined[max(0, start - CONTEXT) : start])
        for engine in scan.engines:
            if engine.local is not None:
                findings = (yield from _by_windows(engine, text)) if stop - start > WINDOW_CHARS and engine.open_from is not None else engine.local.find(text)
                found += (_moved(f, start) for f in findings)
    crossing = [f for f in found if crosses(f, seams)]
    if not crossing:
        return crossing
    ordered = sorted(known, key=_order)
    begins = [f.start for f in ordered]
    return [f for f in crossing if not only_goes_on(f, joined, seams, ordered[max(0, bisect_left(begins, f.start) - 1) : bisect_left(begins, f.end)])]


def _at_seams(joined: str, seams: Sequence[int], known: Sequence[Finding]) -> dict[int, int]:
    """Where the findings start that a seam may have cut, by the seam."""
    ends: dict[int, int] = {}
    for f in known:
        after = bisect_right(seams, f.end - 1)
        if after < len(seams) and _ends(joined, f.end, seams[after]):
            ends[seams[after]] = min(f.start, ends.get(seams[after], f.start))
    return ends


def _ends(joined: str, end: int, at: int) -> bool:
    """Whether a finding that ends at `end` goes on as far as `at`."""
    return at - end <= _WORD_CHARS and not joined[end:at].strip(TRAILING)


def _begun(joined: str, seam: int) -> int | None:
    """Where something of many words begins that has no end before the seam."""
    begin = joined.rfind(_LONG, max(0, seam - OPEN_CHARS), seam)
    return None if begin < 0 or joined.find("-----END", begin, seam) >= 0 else begin


def _reach(side: str) -> int:
    """How far from a seam to look: to the end of the word there, and some more for what has spaces in it."""
    word = _SPACE.search(side)
    return min(len(side), (word.start() if word is not None else len(side)) + _WORD_CHARS)


def _touches(joined: str, seam: int) -> bool:
    """Whether something could stand across a seam: the words that meet there have a form, or digits stand on both sides."""
    if _FIGURE.search(joined, seam, seam + _GROUPS) and any(map(str.isdigit, joined[seam : seam + _GROUPS])) and any(map(str.isdigit, joined[max(0, seam - _GROUPS) : seam])):
        return True
    if not 0 < seam < len(joined) or joined[seam - 1].isspace() or joined[seam].isspace():
        return False
    left = joined[max(0, seam - _WORD_CHARS) : seam].rsplit(None, 1)[-1]
    right = joined[seam : seam + _WORD_CHARS].split(None, 1)[0]
    return _FORMED.search(left + right.rstrip(":")) is not None  # a colon behind a word ends it; what has one inside goes on


def _moved(f: Finding, by: int) -> Finding:
    return Finding(f.detector, f.kind, f.start + by, f.end + by, f.score) if by else f


_order = itemgetter(2, 3)  # where it starts and ends

