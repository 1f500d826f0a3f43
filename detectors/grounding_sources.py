"""Ids of sources that a reply cites and its context does not supply.

Known are the ids of the sources, their places (`[2]` is the second, unless the sources, or what is numbered in
them where they have no ids, have numbers of their own) and what the context itself names in the same ways or
in an attribute `id`. Read as a citation is a bracket with numbers or with an id of a shape that sources have; `source: x` in brackets; a cite or ref tag with an id; 【1†...】.
Markdown links, check boxes and years are none.

What it cannot see: whether the source that is cited says what it is cited for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

SCORE = 0.95
_BRACKET = re.compile(r"\[(\^?[^\[\]\n]{1,80})\](?!\(|\[[^\d\]])")
_ROUND = re.compile(r"\(([A-Za-z][\w.-]{1,40}(?:\s?[,;]\s?[A-Za-z][\w.-]{1,40}){0,5})\)")  # (doc-3): of a shape that the ids of the sources have
_LENTICULAR = re.compile("[\u3010\uff3b]([^\u3010\u3011\n\uff3d]{1,80})[\u3011\uff3d]")
_TAG = re.compile(r"<(?:cite|ref|citation|source|doc|document|sup)\b[^<>\n]{0,80}?\b(?:id|ids|source|sources|doc|ref|index|name)\s?=\s?[\"']?([^\"'<>\n]{1,80}?)[\"']?\s*/?>", re.IGNORECASE)
_SAID = re.compile(r"[(\[](?:see |cf\.? |from |per )?(?:source|sources|src|ref|reference|references|document|documents|doc|docs|citation|cit)(?:\s?[:#=]\s?| (?:id )?(?=[A-Za-z]{0,12}[-_ ]?\d))([^()\[\]\n]{1,80})[)\]]", re.IGNORECASE)
_NAMED = re.compile(r"[SDRPEC](?<!\w.)(?:(?<=S)ource|(?<=D)ocument|(?<=D)oc|(?<=R)eference|(?<=R)ef|(?<=P)assage|(?<=E)xcerpt|(?<=C)itation|(?<=C)hunk) (?:#|no\.? ?|id:? ?)?([A-Za-z]{0,3}-?\d{1,4}|[A-Z])\b(?![.,]\d)")
_RANGE = re.compile(r"(\d{1,3})\s?[-\u2013]\s?(\d{1,3})")
_NUMBER = re.compile(r"\^?(\d{1,3})")
_PREFIXED = re.compile(r"(?:source|src|document|doc|docs|reference|ref|chunk|passage|excerpt|citation|cit|note|fn|s|d|p|c|id|kb|file|page|snippet|result)[-_ #:.]{0,2}(?:[A-Za-z]{0,3}[-_]?\d{1,6}[A-Za-z]?)", re.IGNORECASE)
_ID_IN_TEXT = re.compile(r"[idsrntk](?<!\w.)(?:(?<=i)d|(?<=d)oc(?:_id|id|ument_id)|(?<=s)ource(?:_id)?|(?<=r)ef|(?<=n)(?:ame|umber)|(?<=t)itle|(?<=k)ey)\"?\s?[:=]\s?[\"']?([\w.#/-]{1,80})")  # in lower case
_LISTED = re.compile(r"^[ \t#*]{0,8}(\d{1,3})[.):][ \t*]", re.MULTILINE)
_LABEL = re.compile(r"(?:^|[\s\]])([A-Za-z]{1,8}[-_]\d{1,5}): ")  # of a rule or an article: `R-17: One fee`
_MOST = 60  # ids in one bracket


@dataclass(frozen=True, slots=True)
class Ids:
    """ids: folded.  numbers: how many places there are; 0 if ids are numbers themselves.  shapes: of the ids."""

    ids: frozenset[str]
    places: int
    shapes: frozenset[str]


def plain(name: str) -> str:
    """An id without what it may be written with or without."""
    return re.sub(r"[\s\"'#^()]", "", name).lower().rstrip(".,;:").replace("_", "-")


def _shape(name: str) -> str:
    """`doc-12` is `a-0`."""
    return re.sub(r"\d+", "0", re.sub(r"[a-z]+", "a", plain(name)))


def learn(names: Sequence[str], texts: Sequence[str]) -> Ids:
    """names: of the sources, in order.  texts: theirs, as they are."""
    own = {plain(name) for name in names} - {""}
    said: set[str] = set()
    joined = "\n\n".join(texts)
    said.update(plain(each) for _, _, each in _cited(joined, None))
    numbered = any(name.isdigit() for name in own) or (not own and any(name.isdigit() for name in said))
    said.update(_LISTED.findall(joined))
    said.update(plain(match[1]) for match in _ID_IN_TEXT.finditer(joined.lower()))
    labels = {plain(name) for name in _LABEL.findall(joined)}
    said |= labels
    shapes = frozenset(map(_shape, own | labels))
    own |= {tail for name in own if (tail := re.sub(r"\A(?:source|src|document|doc|reference|ref|chunk|passage)[-_ #:.]*", "", name))}
    return Ids(frozenset(own | said) - {""}, 0 if numbered else len(names), shapes)


def unsupported(raw: str, known: Ids) -> Iterator[tuple[int, int, float]]:
    """Spans of the reply as it is, and how sure each is."""
    at = 0
    for start, end, name in sorted(set(_cited(raw, known))):
        if start >= at and not _has(name, known):
            yield start, end, SCORE
            at = end


def spans(raw: str, known: Ids) -> list[tuple[int, int]]:
    """Where the reply cites, known or not."""
    return sorted({(start, end) for start, end, _ in _cited(raw, known)})


def _has(name: str, known: Ids) -> bool:
    short = plain(name)
    if short in known.ids:
        return True
    bare = re.sub(r"\A(?:source|src|document|doc|docs|reference|ref|chunk|passage|excerpt|citation|cit)[-_#:.]*", "", short)
    if bare and bare in known.ids:
        return True
    return bare.isdigit() and 1 <= int(bare) <= known.places


def _cited(raw: str, known: Ids | None) -> Iterator[tuple[int, int, str]]:
    """Where, and the id. known None: of a context."""
    for match in _BRACKET.finditer(raw):
        start, end = match.span()
        if end < len(raw) and raw[end] == ":" and known is not None and raw[max(0, start - 1) : start] in ("", "\n") and _NUMBER.fullmatch(match[1]) is None:
            continue
        for name in _in_bracket(match[1], known):
            yield start, end, name
    for match in _LENTICULAR.finditer(raw):
        first = re.split("[\u2020|]", match[1])[0].strip()
        yield match.start(), match.end(), first.split(":")[0] if re.fullmatch(r"\d+:\d+", first) else first
    for pattern in (_TAG, _SAID):
        for match in pattern.finditer(raw):
            for name in re.split(r"[,;]| and ", match[1])[:_MOST]:
                if name.strip():
                    yield match.start(), match.end(), name.strip()
    shapes = frozenset(shape for shape in known.shapes if "0" in shape != "0") if known is not None else frozenset()
    for match in _ROUND.finditer(raw) if shapes else ():
        parts = re.split(r"\s?[,;]\s?", match[1])
        if shapes.issuperset(map(_shape, parts)):
            yield from ((*match.span(), part) for part in parts)
    for match in _NAMED.finditer(raw):
        yield match.start(), match.end(), match[1]


def _in_bracket(held: str, known: Ids | None) -> Iterator[str]:
    parts = re.split(r"\s?[,;]\s?", held.strip())[:_MOST]
    for part in parts:
        spread = _RANGE.fullmatch(part)
        if spread and int(spread[1]) < int(spread[2]) <= int(spread[1]) + _MOST:
            yield from (str(number) for number in range(int(spread[1]), int(spread[2]) + 1))
        elif number := _NUMBER.fullmatch(part):
            if number[1] != "0" or known is None:
                yield number[1]
        elif _PREFIXED.fullmatch(part) or (known is not None and (any(char.isdigit() for char in part) or "-" in part) and _shape(part) in known.shapes and " " not in part) or (known is not None and plain(part) in known.ids):
            yield part
