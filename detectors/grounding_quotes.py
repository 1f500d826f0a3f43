"""Quotations of a reply whose words do not stand so in its context.

Checked is what stands in double quotes, in French ones or in a block quote, and has LEAST words or more; an ellipsis or a bracket cuts it in parts. The words alone count: case,
punctuation and what kind of quotes or dashes is written do not. Every GRAM words in a row must stand so in the context: a quotation sewn from pieces that
overlap by GRAM - 1 words is not seen, nor is one of fewer words, nor a word that was left out or put in where that makes no new run.
What a reply proposes to say (`you could write "..."`) is not a quotation, and is left out as far as the words before it tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

LEAST, GRAM = 4, 4  # words
LONGEST = 4000  # code points
SCORE, DOUBTFUL = 0.85, 0.35
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_GAP = re.compile(r"\.\.\.+|\u2026|\[[^\]\n]{0,80}\]|\(\.{2,}\)")
_PROPOSED = re.compile(
    r"\b(?:you (?:could|can|might|may|should) (?:say|write|reply|ask|try)|(?:write|reply|respond|say|ask|try|type|search for|draft|template|subject|example|e\.g\.|for instance|something like|such as|titled?|called|named|named as|message|wording|prompt|rephrase[d]?|rewrite|translat\w+|would be|as in|instead of|means?|meaning|in English|"
    r"headline|heading|motto|slogan|tagline|greeting|(?:suggested|sample|proposed) (?:wording|text|reply|answer|message|e-?mail|subject|title|phrase|response|sentence|script|line|note|post)))\b[^.\n\"]{0,60}\Z",
    re.IGNORECASE,
)
_SAID = re.compile(r", [^\W\d_\"]")  # who said it, behind a comma
_OR = re.compile(r",? (?:(?:or|and|oder|und|ou|et|o|y) )?")
_BLOCK = re.compile(r"^[ \t]{0,3}>[ \t]?([^\n]*)$", re.MULTILINE)


def words(folded: str) -> list[str]:
    """In lower case, without apostrophes."""
    found = _WORD.findall(folded.lower())
    return [word.replace("'", "") for word in found] if "'" in folded else found


def learn(texts: Iterable[str]) -> set[int]:
    """The hashes of all runs of GRAM words of folded texts."""
    found: set[int] = set()
    for text in texts:
        spoken = words(text)
        found.update(map(hash, zip(*(spoken[at:] for at in range(GRAM)), strict=False)))
    return found


def unsupported(folded: str, quoted: Iterable[tuple[int, int]], known: set[int]) -> Iterator[tuple[int, int, float]]:
    """Spans of the folded reply, quotes included, and how sure each is. quoted: its `quotations`."""
    for start, end in quoted:
        if not _stands(folded[start:end], known):
            doubtful = folded[start] != '"' and not _partly(folded[start:end], known)  # a block may be no quotation but a remark
            yield start, end, DOUBTFUL if doubtful else SCORE


def _partly(quotation: str, known: set[int]) -> bool:
    spoken = words(quotation)
    return any(hash(tuple(spoken[at : at + GRAM])) in known for at in range(len(spoken) - GRAM + 1))


def _stands(quotation: str, known: set[int]) -> bool:
    parts = [words(part) for part in _GAP.split(quotation)]
    if sum(map(len, parts)) < LEAST:
        return True
    return all(hash(tuple(part[at : at + GRAM])) in known for part in parts for at in range(len(part) - GRAM + 1))


def quotations(folded: str) -> Iterator[tuple[int, int]]:
    """Spans of what stands in quotes or in a block of them."""
    if folded.lstrip()[:1] in ("{", "["):  # JSON: its strings are no quotations
        return
    opened, spaced = -1, False  # spaced: as in French, with a space inside
    proposed = len(folded)  # the end of one that is proposed
    for match in re.finditer(r'"|\n\s*\n', folded):
        at = match.start()
        if match[0] != '"':
            opened = -1
        elif opened < 0 and _stands_alone(folded, at):
            opened, spaced = at, True
        elif opened >= 0 and spaced and folded[at - 1].isspace():
            if at - opened <= LONGEST:
                yield opened, at + 1
            opened, spaced = -1, False
        elif opened < 0:
            if _opens(folded, at):
                opened, spaced = at, False
        elif _closes(folded, at):
            if _PROPOSED.search(folded, max(0, opened - 100), opened) or _OR.fullmatch(folded, proposed, opened):
                proposed = at + 1
            elif at - opened <= LONGEST and not _is_cell(folded, opened, at + 1):
                yield opened, at + 1
            opened = -1
        elif _opens(folded, at):
            opened = at
    for match in _BLOCK.finditer(folded):
        if '"' not in match[1]:
            yield match.start(1), match.end(1)


def _stands_alone(folded: str, at: int) -> bool:
    return 0 < at < len(folded) - 1 and folded[at - 1].isspace() and folded[at + 1] == " "


def _opens(folded: str, at: int) -> bool:
    return (at == 0 or not folded[at - 1].isalnum()) and at + 1 < len(folded) and not folded[at + 1].isspace()


def _closes(folded: str, at: int) -> bool:
    return not folded[at - 1].isspace() and (at + 1 == len(folded) or not folded[at + 1].isalnum())


def _is_cell(folded: str, start: int, end: int) -> bool:
    """Whether it is a field of a table or record: `"a","b"`, `key: "value",`, `key="value"`."""
    before, after = folded[start - 1 : start], folded[end : end + 1]
    if _SAID.match(folded, end):
        return False
    first, last = folded[max(0, start - 1) : start] in ("", "\n", ",", ";", "\t", "="), after in ("", "\n", ",", ";", "\t")
    return (first and last and (before in (",", ";", "\t", "=") or after in (",", ";", "\t")) and after != "") or (folded[max(0, start - 3) : start] in ('": ',) and after in (",", "\n", "}"))
