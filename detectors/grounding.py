"""A reply against the context that it was given: numbers, names, quotations and source ids of the reply that stand nowhere in the context.

Deterministic and reference-free: no model and no right answer is asked. A finding says that something cannot be found in the context, and no more; what is found
there may still be wrong. What it cannot see, whatever the settings:
  - a wrong relation of right parts: the number of one year told of another, one firm's head given to another firm, cause for effect. Seen are only a number between the very words of another one that the reply leaves out,
    and a given name with the family name of somebody else;
  - negation and modality: `is not covered` of what is covered, `may` told as `will`;
  - what it says is not there: `the document does not mention X` is believed;
  - omissions: what the context says and the reply leaves out;
  - statements without number, name or quotation, such as `refunds are free`;
  - the code of a reply (fences with a language other than json, csv, yaml, html or plain text), its links, and text in scripts other than Latin but for its numbers.
Each part says in its header what it does not see beyond that: grounding_numbers, grounding_names, grounding_quotes, grounding_sources.

A reply that knows more than its context (an answer from the model's own knowledge) is full of findings, and rightly so: grounding is for replies that
are to be taken from the context. So the context is all that the reply was given: documents, tool results, instructions and what the user has said.

How sure: a score grades the evidence that something is wrong. Numbers that the context does not have are weighed (grounding_weights): how easily they can be worked out against how much they look like one that
the reply leaves out, what stands near the same words, and whether its sentence says how it was worked out. What a name may be known by, what may be translated, a date or a time that may follow has .35; a reply that contradicts itself .9. A rule's default min_score of .5 is where, on the
sets that the weights were fitted on, one family of sets left out at a time, they have .038 of faithful replies raise an alarm and find .81 of planted things. Of worlds that nobody had worked on (evaluation/guards/
grounding_daily, at first contact) it was .15 and .80, of 50 that another author wrote .16 and .84, both before numbers near the same words were asked; of thirty in styles that no other set has (evaluation/
guards/grounding_styles) .13 and .68 before, .13 and .73 now; of 26 that a third author wrote (grounding_outside, those kept aside), with more counts in words and more made-up round numbers, .13 and .62 at first contact,
.13 and .67 now; of 38 replies in mails, tickets, tables, JSON and cited sources, written before what is right at a glance (grounding_plain) and numbers in the words of others were asked, .13 and .57 before, .16 and .61
after, at first contact: names of two people put together are found, alarms are not fewer. Both bars, .05 and .95, are missed there. So let it flag; block from .8 on, and only what cannot do harm by being blocked. All these are figures
of the weights; a number that comes out of nothing has .6 whatever they say, which two more alarms in 300 faithful replies paid for.

Missed are mostly wrong numbers of one to three digits that happen to be a sum, share or product of others, or stand in the context for something else, and counts in words that are fewer than the context's; a number put at random for another is found in six
of ten cases. Raised are results that look like another number by chance, examples that a reply makes up, results of three steps, and abbreviations of general knowledge.

Rules of this file: pure; linear in both lengths but for sorting; nothing is kept between calls. What each thing of a reply is compared with is looked up, or is capped: of a reply 1000
quantities may be sums of what stands within 8 of them, and may look like 500 numbers of the context that it leaves out, and stand in the place of 40; 100, no more, are asked whether they follow, from 32 operands of
the context and 12 of the reply, 40 dates and 40 times of the one and as many of the other; a name is compared with 200 of the context that begin alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from detectors import grounding_names, grounding_numbers, grounding_quotes, grounding_sources
from detectors.base import Finding
from detectors.format_language import language_of
from detectors.text import Text, View

NAME = "grounding"
NUMBER, NAMED, QUOTE, SOURCE = "UNSUPPORTED_NUMBER", "UNSUPPORTED_NAME", "UNSUPPORTED_QUOTE", "UNKNOWN_SOURCE"
KINDS = frozenset((NUMBER, NAMED, QUOTE, SOURCE))
# `the document does not mention X`: of X it is said that it stands nowhere
_ABSENT = re.compile(
    r"(?:\b(?:not|no|nothing|never|without|neither|nor|lacks?|lacking|missing)\b(?![:,;])|n't\b)[^.!?\n:;]{0,40}\b(?P<said>mention|sa(?:y|id)\b|state|specif|contain|includ|provid|cover|list|information|info\b|detail|data\b|refer|appear|found|find|discuss|document|describ|given|available|know|record)[^.!?\n]{0,200}",
    re.IGNORECASE,
)
_PASSIVE = re.compile(r"(?:not|never|n't)\s(?:been |explicitly |directly )?(?:stated|mentioned|specified|given|included|provided|described|covered|listed|found|known|available|documented|discussed|said)\b")
_TURN = re.compile(r",? (?:but|so|however|although|though|while|because|since)\b|, which\b")  # what comes then is said again
_TRANSLATES = re.compile(r"\b(?:translat|ubersetz|\u00fcbersetz|traduc|tradui|traduis)", re.IGNORECASE)
MAX_FOUND = 500  # of one kind: a reply with more is not about its context at all
_FENCE = re.compile(r"^[ \t]{0,3}(`{3,}+|~{3,}+)[ \t]*+([\w+-]*+)[^\n]*+\n", re.MULTILINE)
_TEXTS = frozenset(("", "json", "csv", "tsv", "yaml", "yml", "text", "txt", "plain", "md", "markdown", "html", "xml", "quote"))
_LINK = re.compile(r"\b(?:https?://|www\.)[^\s<>()\[\]\"']{1,2000}|\b[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,6}")
_OTHER_SCRIPT = re.compile("[\u0370-\u052f\u0590-\u06ff\u0900-\u0eff\u10a0-\u10ff\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]{3,}")
_WORDS = 3
_NO_CAPITALS = frozenset("ar bn el he hi hy ja ka ko ta te th zh ru uk bg sr".split())  # noqa: SIM905  not, or not in Latin letters


@dataclass(frozen=True, slots=True)
class Source:
    """A part of what the reply was given. id: as it is cited; may be empty."""

    id: str
    text: str


class Grounding:
    """The detector. Not one of detectors.base: it judges a reply together with its context, when both are whole."""

    name = NAME
    kinds = KINDS

    def __init__(self, kinds: Iterable[str] = KINDS) -> None:
        """kinds: those that are looked for, some of KINDS. Raises ValueError for others."""
        self._kinds = frozenset(kinds)
        if unknown := sorted(self._kinds - KINDS):
            raise ValueError(f"kinds: {', '.join(unknown)}; expected some of {', '.join(sorted(KINDS))}")

    def check(self, reply: str, context: Sequence[Source]) -> list[Finding]:
        """What of the reply stands nowhere in the context, by its start, in code points of the reply; findings of different kinds may overlap.

        Without any context but blank ones nothing is said of numbers, names and quotations: there is nothing to be true to.
        """
        view = Text(reply).folded
        told = [Text(source.text).folded.text for source in context]
        ids = grounding_sources.learn([Text(source.id).folded.text for source in context], told)
        prose = _blanked(view.text, _code(view.text))
        found = list(_findings(SOURCE, view, grounding_sources.unsupported(prose, ids))) if SOURCE in self._kinds else []
        if any(text.strip() for text in told):
            named = [source.id for source in context]
            found += self._compared(view, _blanked(prose, grounding_sources.spans(prose, ids)), told, named, foreign=sum(len(_OTHER_SCRIPT.findall(source.text)) for source in context if not source.text.isascii()) >= _WORDS)
        return sorted(found, key=lambda each: (each.start, -each.end, each.kind))

    def _compared(self, view: View, reply: str, context: Sequence[str], named: Sequence[str], *, foreign: bool) -> Iterator[Finding]:
        """foreign: the context has words in other letters, so the reply may have written its names anew."""
        of = language_of(reply) or language_of("\n".join(context)[:4000])  # of a reply that is too short to tell
        claimed = _blanked(reply, [_absence(reply, match) for match in _ABSENT.finditer(reply)])
        if NUMBER in self._kinds:
            yield from _findings(NUMBER, view, grounding_numbers.unsupported(claimed, grounding_numbers.learn(context, named)))
        if NAMED in self._kinds and of not in _NO_CAPITALS:
            spans = grounding_names.unsupported(claimed, grounding_names.learn([*context, *named]), nouns_have_capitals=of == "de", english=of in ("en", ""))
            yield from _findings(NAMED, view, ((start, end, grounding_names.DOUBTFUL if foreign else score) for start, end, score in spans))
        if QUOTE in self._kinds and (quoted := list(grounding_quotes.quotations(reply))):
            wrong = list(grounding_quotes.unsupported(reply, quoted, grounding_quotes.learn([*context, *named])))
            if wrong and _translated(context, of):
                wrong = [(start, end, grounding_quotes.DOUBTFUL) for start, end, _ in wrong]
            yield from _findings(QUOTE, view, wrong)


def _findings(kind: str, view: View, spans: Iterable[tuple[int, int, float]]) -> Iterator[Finding]:
    for start, end, score in islice(spans, MAX_FOUND):
        yield Finding(NAME, kind, *view.origin(start, end), score)


def _translated(context: Sequence[str], language: str | None) -> bool:
    """Whether a reply in that language may have put into it what the context says in another."""
    told = language_of("\n".join(context)[:4000])
    return bool(told and language and told != language) or any(map(_TRANSLATES.search, context))


def _absence(reply: str, match: re.Match[str]) -> tuple[int, int]:
    """`X is not stated`, too: then it is said of what stands before it in the sentence. Nothing after a `but` is."""
    start, end = match.span()
    if turn := _TURN.search(reply, start, end):
        end = turn.start() if turn.start() > match.start("said") else start
    if _PASSIVE.match(reply, start):
        start = max(reply.rfind(stop, max(0, start - 200), start) for stop in (". ", "! ", "? ", "\n", "; ")) + 1
        start = max(start, end - 600, 0)
    return start, end


def _code(text: str) -> list[tuple[int, int]]:
    """Spans of code and of links."""
    found = [match.span() for match in _LINK.finditer(text)]
    at = 0
    while opened := _FENCE.search(text, at):
        end = text.find("\n" + opened[1], opened.end() - 1)
        at = len(text) if end < 0 else end + 1 + len(opened[1])
        if opened[2].lower() not in _TEXTS:
            found.append((opened.start(), at))
        else:
            found.append((opened.start(), opened.end() - 1))
    return sorted(found)


def _blanked(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text with spaces in the place of the spans, and line ends kept."""
    pieces: list[str] = []
    at = 0
    for start, end in spans:
        if start < at:
            start = at
        if end > start:
            pieces += (text[at:start], re.sub(r"[^\n]", " ", text[start:end]))
            at = end
    return "".join(pieces) + text[at:]
