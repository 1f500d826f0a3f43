"""Injection: text that tries to take over the model it is given to. Rules that say what and where, and a statistical judgement of the whole.

Two sources are told apart. `user`: who talks to the model, whose instructions are what the app is for. `material`: tool results, documents, search
hits, which have nothing to order; text in them that addresses a model counts there.

Kinds: INSTRUCTION_OVERRIDE, ROLE_PLAY, EXFILTRATION, HIDDEN_TEXT, TEMPLATE_TOKENS, ADDRESSES_MODEL, each from rules (detectors.injection_rules,
.injection_hidden, .injection_ciphers) with the span of the phrase; INJECTION, the judgement of all there is, with the span of the window that speaks loudest.
The judgement: lexical features (detectors.lexical) of windows of WINDOW characters, a linear head per source, and over the windows' margins and
what the rules found a logistic one, whose figures are in weights/injection.json. It has the number of windows among its terms, so that a long
text is not suspected for its length: a plain maximum over many windows would be.

Whole texts are judged (max_span None): what a later part of a text says changes the score of an earlier one, so a stream is judged on windows or at its
end, and never piece by piece. Text far longer than MAX_WINDOWS windows is looked at in MAX_WINDOWS of them, evenly spread: `Judgement.unread`
says how much of it no window saw; the rules see all of it, up to their own bound.

What it cannot see is in weights/INJECTION.md. Pure; needs numpy, no model; some 2 ms for 1 KB.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import as_file, files
from typing import Literal, NamedTuple, get_args

from detectors import injection_ciphers, injection_hidden, lexical
from detectors.base import Finding
from detectors.injection_ciphers import LOUD, Reading
from detectors.injection_rules import (
    ADDRESSES_MODEL,
    EXFILTRATION,
    HIDDEN_TEXT,
    INSTRUCTION_OVERRIDE,
    ROLE_PLAY,
    RULES,
    TEMPLATE_TOKENS,
    Hit,
    combined,
    joined,
    phrases,
)
from detectors.text import Text, View

Source = Literal["user", "material"]
SOURCES: tuple[Source, ...] = get_args(Source)
INJECTION = "INJECTION"
RULED = (INSTRUCTION_OVERRIDE, ROLE_PLAY, EXFILTRATION, HIDDEN_TEXT, TEMPLATE_TOKENS, ADDRESSES_MODEL)
KINDS = frozenset((*RULED, INJECTION))
WINDOW, STRIDE, LONE = 320, 220, 420  # characters: of a window, from one to the next, and of a text that is one window by itself
MAX_WINDOWS = 2048
TERMS = ("top", "second", "mean", "ln_windows", *RULED)  # of the logistic judgement, in this order
LEAST = 0.3  # a phrase worth less is part of a score and no finding of its own
_SAID = 0.1  # a judgement under this is a score and no finding: every text has one
_MAX_FINDINGS = 200
_READ = 16  # readings of what is in cipher that are judged
_WORDY = 4  # blanks: what was unpacked and has fewer is no text


class Window(NamedTuple):
    """A stretch of a view, and the logit of what it says."""

    view: View
    start: int
    end: int
    margin: float


@dataclass(frozen=True, slots=True)
class Judgement:
    """findings: by start; those of different kinds may overlap.  scores: of every kind, 0 to 1.  unread: code points that no window saw."""

    findings: list[Finding]
    scores: dict[str, float]
    unread: int = 0


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a judgement is made from. terms: as in TERMS.  hits: in raw offsets.  loudest: the raw span of the window with the highest margin."""

    terms: list[float]
    hits: list[Hit] = field(default_factory=list)
    loudest: tuple[int, int] = (0, 0)
    unread: int = 0


@dataclass(frozen=True, slots=True)
class Weighing:
    """The logistic judgement of one source: sigmoid(bias + weights . terms)."""

    weights: tuple[float, ...]
    bias: float


class Injection:
    """The detector. source: what `find` and `find_all` take their texts for; `scores` and `judge` are told."""

    name = "injection"
    kinds = KINDS
    max_span = None  # judges whole texts

    def __init__(self, source: Source = "user") -> None:
        """Loads the weights (under 1 MB). ValueError if `source` is none."""
        if source not in SOURCES:
            raise ValueError(f'unknown source "{source}"; expected one of {", ".join(SOURCES)}')
        self.source: Source = source
        self._heads = heads()
        self._weighings = weighings()

    def find(self, text: Text) -> list[Finding]:
        """Findings, also of low scores: a rule of the policy leaves out those under its threshold. Never raises on any text."""
        return self.judge(text, self.source).findings

    def find_all(self, texts: Sequence[Text]) -> list[list[Finding]]:
        """`find` of each: what the detector pool asks for."""
        return [self.find(text) for text in texts]

    def scores(self, text: Text | str, source: Source = "user") -> dict[str, float]:
        """The score of every kind, 0 to 1; INJECTION is the one to rank by."""
        return self.judge(text if isinstance(text, Text) else Text(text), source).scores

    def judge(self, text: Text, source: Source) -> Judgement:
        """Findings and scores at once."""
        evidence = gather(text, source, self._heads)
        overall = self._overall(evidence.terms, source)
        scores = dict(zip(RULED, evidence.terms[-len(RULED) :], strict=True)) | {INJECTION: overall}
        findings = _findings(evidence.hits, scores)
        start, end = evidence.loudest
        if end > start and overall >= _SAID:
            findings.append(Finding(self.name, INJECTION, start, end, overall))
        findings.sort(key=lambda finding: (finding.start, finding.end, finding.kind))
        return Judgement(findings, {kind: round(score, 4) for kind, score in scores.items()}, evidence.unread)

    def _overall(self, terms: Sequence[float], source: Source) -> float:
        weighing = self._weighings[source]
        logit = weighing.bias + sum(weight * term for weight, term in zip(weighing.weights, terms, strict=True))
        return round(1 / (1 + math.exp(-max(-30.0, min(30.0, logit)))), 4)


@cache
def heads() -> lexical.Heads:
    """The linear heads, named as the sources."""
    with as_file(files("detectors") / "weights" / "injection.npz") as path:
        return lexical.Heads.load(path)


@cache
def weighings() -> dict[Source, Weighing]:
    """Of each source. ValueError if the figures are for other terms than this file's."""
    held = json.loads((files("detectors") / "weights" / "injection.json").read_text(encoding="utf-8"))
    if tuple(held["terms"]) != TERMS:
        raise ValueError(f"weights/injection.json: terms {held['terms']}; expected {list(TERMS)}; train it anew (evaluation/training/injection.py)")
    return {source: Weighing(tuple(held[source]["weights"]), held[source]["bias"]) for source in SOURCES}


def gather(text: Text, source: Source, by: lexical.Heads) -> Evidence:
    """All that is known of a text before it is weighed."""
    coded = injection_ciphers.readings(text.folded.text)
    hits = found(text, coded, material=source == "material")
    row = by.names.index(source)
    windows: list[Window] = []
    unread = 0
    for view in text.views:
        if view.name not in ("raw", "folded") and not _worth_reading(view, text):
            continue
        spans, missed = cut(view.text, MAX_WINDOWS - len(windows))
        unread += missed if view.whole else 0
        windows += [Window(view, start, end, _margin(view.text[start:end], row, by)) for start, end in spans]
    windows += [Window(text.folded, hit.start, hit.end, _margin(said, row, by)) for hit, said in coded[:_READ]]
    ruled = [combined(hit for hit in hits if hit.kind == kind) for kind in RULED]
    if not windows:
        return Evidence([0.0, 0.0, 0.0, 0.0, *ruled], hits)
    windows.sort(key=lambda window: -window.margin)
    margins = [window.margin for window in windows]
    loudest = windows[0]
    terms = [margins[0], margins[min(1, len(margins) - 1)], sum(margins) / len(margins), math.log(len(margins)), *ruled]
    return Evidence(terms, hits, loudest.view.origin(loudest.start, loudest.end), unread)


def _margin(text: str, row: int, by: lexical.Heads) -> float:
    return float(by.margins(lexical.vector(text, by.bits))[row])


def _worth_reading(view: View, text: Text) -> bool:
    """Whether a derived view is text, and another one than the folded view."""
    if not view.whole:
        return view.text.count(" ") >= _WORDY
    return len(view.text) < 0.8 * len(text.folded.text)


def cut(text: str, most: int) -> tuple[list[tuple[int, int]], int]:
    """Windows over a text, ends put between words where that is near; and how many characters none of them covers. most: so many at most, evenly spread."""
    size = len(text)
    if not text.strip() or most <= 0:
        return [], size
    if size <= LONE:
        return [(0, size)], 0
    starts = range(0, size - (WINDOW - STRIDE), STRIDE)
    missed = 0
    if len(starts) > most:
        missed = size - most * WINDOW
        starts = range(0, size - WINDOW, max(STRIDE, (size - WINDOW) // max(1, most - 1)))[:most]
    return [(_between(text, start), _between(text, min(size, start + WINDOW))) for start in starts], max(0, missed)


def _between(text: str, at: int) -> int:
    """The nearest place before `at` where a word starts, no further than 30 characters away."""
    if at <= 0 or at >= len(text):
        return max(0, min(at, len(text)))
    blank = max(text.rfind(" ", at - 30, at), text.rfind("\n", at - 30, at))
    return blank + 1 if blank >= 0 else at


def found(text: Text, coded: Sequence[Reading], *, material: bool) -> list[Hit]:
    """What the rules find, in raw offsets, by start. coded: what the folded text says in cipher."""
    raw, folded = text.raw, text.folded
    hits = list(injection_hidden.characters(raw))
    for view in text.views:
        for hit in phrases(view.text, material=material).found:
            start, end = view.origin(hit.start, hit.end)
            here = hit._replace(start=start, end=end)
            if view.name in ("raw", "folded"):
                hits.append(here)
                if hit.weight >= LOUD and hit.rule < len(RULES) and injection_hidden.disguised(raw[start:end]):
                    hits.append(here._replace(kind=HIDDEN_TEXT, weight=0.85))
            elif view.whole:
                hits.append(here)
            elif hit.weight >= LOUD:
                hits += [here, here._replace(kind=HIDDEN_TEXT, weight=0.85)]
    for hit in (*injection_hidden.markup(folded.text), *(reading.hit for reading in coded)):
        start, end = folded.origin(hit.start, hit.end)
        hits.append(hit._replace(start=start, end=end))
    hits.sort(key=lambda hit: (hit.start, hit.end, hit.kind))
    return hits


def _findings(hits: Sequence[Hit], scores: dict[str, float]) -> list[Finding]:
    """A finding for each phrase that says something by itself, and, where only several together do, one for the strongest of them; none of a kind overlap.

    Its score: what the phrase is worth, together with the rest of its kind: never over the score of the kind."""
    findings: list[Finding] = []
    for kind in RULED:
        own = sorted((hit for hit in hits if hit.kind == kind), key=lambda hit: (-hit.weight, hit.start))
        taken: list[Finding] = []
        for index, hit in enumerate(own[: 4 * _MAX_FINDINGS]):
            if (hit.weight < LEAST and index) or len(taken) >= _MAX_FINDINGS:
                break
            if all(hit.end <= other.start or hit.start >= other.end for other in taken):
                score = scores[kind] if index == 0 else max(hit.weight, min(scores[kind], joined((hit.weight, hit.weight))))
                taken.append(Finding(Injection.name, kind, hit.start, hit.end, round(score, 4)))
        findings += taken
    return findings
