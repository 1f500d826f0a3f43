"""Rules on a whole body: every leaf looked at, neighbours also as one text, and the edits that follow.

`check` is a generator, because some detectors live in the pool and this package does no I/O: it yields an `Ask` and is sent the Answer; it yields
None where a long body gives others a turn, and is sent None.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from itertools import accumulate

from detectors.base import CONTEXT, Finding
from detectors.text import Text
from gateway.dialects.leaves import Edit, Leaf, Walked
from gateway.guard.engines import Answer, Ask, Engine, Unanswered
from gateway.guard.scan import Guarding
from gateway.guard.seen import Seen

PAUSE_CHARS = 32_768  # looked at between two pauses
SEAM_CHARS = 512  # on either side of a seam between two texts: a finding longer than that is not seen across it
_WORD_CHARS = 64
_SPACE = re.compile(r"\s")
_FORMED = re.compile(r"[^\x00-\x7f]|[0-9@:/=_+%&#\\]|\w-\w|\w{16}")

Checking = Generator[Ask | None, Answer | None, dict[int, tuple[Edit, ...]]]


def check(walked: Walked, scan: Guarding, seen: Seen | None = None) -> Checking:
    """Look at all leaves; returns the edits by index in `leaves`. `scan` then says whether a rule blocks or a detector failed."""
    leaves = walked.leaves
    texts = [Text(leaf.text, leaf.before) for leaf in leaves]
    names = [seen.name(text) for text in texts] if seen is not None else []
    found: list[list[Finding]] = [[] for _ in leaves]
    for engine in scan.engines:
        if engine.local is not None:
            yield from _look(engine, texts, names, found, seen)
        else:
            yield from _ask(engine, texts, names, found, scan, seen)
    chain_of = {index: chain for chain in walked.chains for index in chain}
    edits: dict[int, list[Edit]] = {}
    for index in range(len(leaves)):  # in the body's order, which is that of the placeholders' numbers
        chain = chain_of.get(index)
        if chain is None:
            if found[index]:
                edits[index] = scan.replace(sorted(found[index], key=_order), leaves[index].text)
        elif index == chain[0]:
            _rule(chain, leaves, found, scan, edits)
    return {index: tuple(each) for index, each in edits.items() if each}


def _look(engine: Engine, texts: Sequence[Text], names: Sequence[bytes], found: list[list[Finding]], seen: Seen | None) -> Generator[None, None, None]:
    assert engine.local is not None
    spent = 0
    for index, text in enumerate(texts):
        known = seen.get(engine.name, names[index]) if seen is not None else None
        if known is None:
            known = tuple(engine.local.find(text))
            spent += len(text.raw) + 64
            if seen is not None:
                seen.put(engine.name, names[index], known)
        found[index] += known
        if spent > PAUSE_CHARS:
            spent = 0
            yield None


def _ask(engine: Engine, texts: Sequence[Text], names: Sequence[bytes], found: list[list[Finding]], scan: Guarding, seen: Seen | None) -> Generator[Ask, Answer | None, None]:
    new: list[int] = []
    for index, text in enumerate(texts):
        known = seen.get(engine.name, names[index]) if seen is not None else None
        if known is not None:
            found[index] += known
        elif text.raw and not text.raw.isspace():
            new.append(index)
    if not new:
        return
    answer = yield Ask(engine, tuple(texts[index] for index in new))
    if answer is None or isinstance(answer, Unanswered):
        scan.unanswered(engine, answer or Unanswered("unavailable"))
        return
    for index, findings in zip(new, answer, strict=True):
        found[index] += findings
        if seen is not None:
            seen.put(engine.name, names[index], findings)


def _rule(chain: Sequence[int], leaves: Sequence[Leaf], found: list[list[Finding]], scan: Guarding, edits: dict[int, list[Edit]]) -> None:
    """Apply the rules to leaves that are one text to a reader."""
    starts = [0, *accumulate(len(leaves[index].text) for index in chain)]
    joined = "".join(leaves[index].text for index in chain)
    findings = [_moved(f, start) for index, start in zip(chain, starts, strict=False) for f in found[index]]
    findings += _across(joined, starts[1:-1], scan)
    for edit in scan.replace(sorted(findings, key=_order), joined):
        for index, start, end in zip(chain, starts, starts[1:], strict=False):
            left, right = max(edit.start, start), min(edit.end, end)
            if left < right:
                edits.setdefault(index, []).append(Edit(left - start, right - start, edit.by if left == edit.start else ""))


def _across(joined: str, seams: Sequence[int], scan: Guarding) -> list[Finding]:
    """What stands across a seam. Looked for only where the text before it is still open."""
    spans: list[tuple[int, int]] = []
    for seam in seams:
        if not _touches(joined, seam):
            continue
        left = max(0, seam - _reach(joined[max(0, seam - SEAM_CHARS) : seam][::-1]))
        start = left + scan.open_from(Text(joined[left:seam], joined[max(0, left - CONTEXT) : left]))
        if start == seam:
            continue
        stop = seam + _reach(joined[seam : seam + SEAM_CHARS])
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], stop)
        else:
            spans.append((start, stop))
    found: list[Finding] = []
    for start, stop in spans:
        for f in scan.find(Text(joined[start:stop], joined[max(0, start - CONTEXT) : start])):
            moved = _moved(f, start)
            if any(moved.start < seam < moved.end for seam in seams):
                found.append(moved)
    return found


def _reach(side: str) -> int:
    """How far from a seam to look: to the end of the word there, and some more for what has spaces in it."""
    word = _SPACE.search(side)
    return min(len(side), (word.start() if word is not None else len(side)) + _WORD_CHARS)


def _touches(joined: str, seam: int) -> bool:
    """Whether something could stand across a seam: the words that meet there have a form, or digits stand on both sides."""
    left, right = joined[max(0, seam - _WORD_CHARS) : seam], joined[seam : seam + _WORD_CHARS]
    ends, begins = left.split()[-1:] if left and not left[-1].isspace() else [], right.split()[:1] if right and not right[0].isspace() else []
    if ends and begins and _FORMED.search(ends[0] + begins[0]):
        return True
    return any(c.isdigit() for c in left[-6:]) and any(c.isdigit() for c in right[:6])


def _moved(f: Finding, by: int) -> Finding:
    return Finding(f.detector, f.kind, f.start + by, f.end + by, f.score) if by else f


def _order(f: Finding) -> tuple[int, int]:
    return f.start, f.end

