"""Names of a reply that stand nowhere in its context.

A name is a capitalised word that is no common one (detectors.grounding_words), together with its capitalised neighbours. A word stands in the context in
any case, as a part of a word with a hyphen, with or without an ending; as a people for its country; as the initials of what stands there, and the other way round.

What it cannot see: names that are common words where they might also begin a sentence or a title (`Target`, `Will`); a name of the context for another
of it, unless a given name and a family name of two people are put together; names in lower case; names in scripts other than Latin, where it says nothing at all; German nouns are no names, so there only what follows
a title or a given name of the context, or precedes a legal form, is.

Doubtful (DOUBTFUL, below what a rule takes by default) is what a reply may know by itself: see _may_be_known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from detectors.grounding_words import COMMON, NAME, UNKNOWN, alike, is_compound, is_plain, is_rather_a_name, kind_of, peoples
from detectors.grounding_world import everywhere, place, spelling

SURE, LIKELY, DOUBTFUL = 0.8, 0.6, 0.35  # scores: within a sentence; where any word has a capital; what may be known without the context
_WORD = re.compile(r"(?:[A-Z]\.){2,6}|[A-Za-z]+(?:['&-][A-Za-z]+)*(?:['](?![A-Za-z]))?")
_SI = re.compile(r"[kMGTmun]?(?:W|J|N|Pa|V|A|Hz|Wh|eV|B|VA)h?|[a-z]{1,2}[A-Z][a-z]{0,2}")  # kJ, MPa, mmHg
_CAPITAL = re.compile(r"(?:[A-Z]\.){2,6}|(?<![A-Za-z])[a-z]{0,20}+[A-Z][A-Za-z]*(?:['&-][A-Za-z]+)*(?:['](?![A-Za-z]))?")  # of _WORD, those with a capital in their first part
_INNER = re.compile("[a-z][A-Z]")
_JOINED = re.compile(r"[ -](?:(?:of|and|the|for|in|on|de|du|la)[ -]){0,4}|")
_LETTERS = re.compile(r"[a-z]+")
_NO_LETTER = re.compile(r"[^a-z]+")
_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_BETWEEN = re.compile(r" (?:(?:of|de|la|von|van|der|den|du|di|da|del|al|bin|the|and|&|for) ){0,2}|-|\. ")
_OPENING = re.compile(r"\n\|\s*\Z|[.!?;\n*_#>\"(\[{\u2022]\s*['\"(\[*_-]*\Z|\A\s*['\"(\[*_#>-]*\Z|\n\s*(?:[-+*]|\d{1,3}[.)]|\[.\]|- \[.\])\s*['\"*_(]*\Z|[>|,:] ?[\"']\Z|\n[^\n:]{0,8}: ?\Z")
_DOES = re.compile(r"'s | et al\b| from [A-Z]|, (?:who|whose|which|an? |the |based|founded|led)|[ ](?:[a-z]+(?:s|ed)|got|won|said|built|made|had|paid|sold|told|led|lost|came|went|took|gave|held|met|began|wrote|grew|bought|brought|ran|left|fell|rose|spent)\b(?<! is)(?<! was)(?<! has)")
_IS = re.compile(r" (?:is|was|has|will|also|then|can|won't|isn't)\b")
_LABEL = re.compile(r"[\w*\"]:[*_ \"]{0,5}\Z")
_TITLES = frozenset("mr mrs ms dr prof professor herr frau sir lady captain president director ceo minister mayor judge senator madame monsieur".split())  # noqa: SIM905
_MEASURED = frozenset("euro euros prozent millionen milliarden million milliarde tausend ende anfang mitte uhr kilometer meter grad jahre jahren tage tagen stunden minuten quadratmeter gramm liter".split())  # noqa: SIM905
_LEGAL = frozenset("gmbh ag se kg ltd inc llc plc corp corporation limited sa sas bv nv oy ab".split())  # noqa: SIM905
_CALLS = _TITLES | _LEGAL
_TITLE_WORDS = 14
_NEAR = 200  # words of a context that begin with the same four letters, and that one of a reply is compared with
_FAR = 8  # words of a name with initials


@dataclass(slots=True)
class Known:
    """The words of a context. words: all, in lower case; capitals: of those with a capital, by their first four letters; initials: of runs of capitalised words."""

    words: set[str] = field(default_factory=set)
    capitals: dict[str, set[str]] = field(default_factory=dict)
    initials: set[str] = field(default_factory=set)
    short: set[str] = field(default_factory=set)  # in capitals alone
    pairs: set[str] = field(default_factory=set)  # two words written as one
    normal: set[str] = field(default_factory=set)  # spelled the same way on either side of the ocean
    led: set[str] = field(default_factory=set)  # those with a capital that another one stands before
    behind: dict[str, set[str]] = field(default_factory=dict)  # when first asked for: which words with a capital come directly behind one, and ahead of one; "" for none
    ahead: dict[str, set[str]] = field(default_factory=dict)
    folded: str = ""
    spans: Sequence[tuple[int, int, str]] = ()  # of the words with a capital
    letters: str = ""  # the initials of all words in a row, capitals or not
    spelled: set[str] = field(default_factory=set)  # three to five of them, when first asked for

    def add(self, folded: str) -> None:
        spoken = _LETTERS.findall(folded.lower())
        self.words.update(spoken)
        self.pairs.update(map("".join, pairwise(spoken)))
        self.letters = "".join([word[0] for word in spoken])
        end, capital = -9, False
        seen: set[str] = set()
        spans = [(match.start(), match.end(), match[0]) for match in _CAPITAL.finditer(folded)]
        self.folded, self.spans = folded, spans
        for start, stop, word in spans:
            if capital and start == end + 1 and word[0].isupper():
                self.led.add(word.lower())
            end, capital = stop, word[0].isupper() and len(word) > 1
            if word in seen:
                continue
            seen.add(word)
            bare = word.lower().replace("'", "").replace(".", "")
            self.words |= {bare, bare.replace("-", "").replace("&", "")}
            near = self.capitals.setdefault(bare[:4], set())
            if len(near) < _NEAR:
                near.add(bare)
            if not word[1:].islower():
                self.words.update(each.lower() for each in _CAMEL.findall(word))
                if word.replace(".", "").isupper():
                    self.short.add(bare)
        self.initials.update(_initials(folded, spans))

    def crossed(self, one: str, other: str) -> bool:
        """Whether the context has either word in a name with others alone: of `Helle Brandvik` and `Amaury Desrosiers`, `Helle Desrosiers`."""
        first, last = _bare(one), _bare(other)
        if first + last in self.pairs or not self.always_named(one):
            return False
        behind, ahead = self.behind[first], self.ahead.get(last, {""}) - _TITLES
        return bool(ahead) and "" not in ahead and behind.isdisjoint({*ahead, last}) and first not in ahead

    def always_named(self, word: str) -> bool:
        """Whether another word with a capital comes behind one wherever it stands."""
        if not self.behind:
            for (_, stop, one), (start, _, other) in pairwise(((-9, -9, ""), *self.spans, (-9, -9, ""))):
                first, last, beside = _bare(one), _bare(other), start == stop + 1 and self.folded[stop] in " -"
                self.behind.setdefault(first, set()).add(last if beside else "")
                self.ahead.setdefault(last, set()).add(first if beside else "")
        return "" not in self.behind.get(_bare(word), {""})

    def _normal(self) -> set[str]:
        if not self.normal:
            self.normal.update(spelling(word) for word in self.words if len(word) > 5)
        return self.normal

    def _spelled(self) -> set[str]:
        if not self.spelled:
            for size in (3, 4, 5):
                self.spelled.update([self.letters[at : at + size] for at in range(len(self.letters) - size + 1)])
        return self.spelled

    def rivals(self, told: frozenset[str]) -> tuple[bool, bool]:
        """Whether there is a country, people or the like, and whether an abbreviation, that is not among the words of the reply."""
        near, kin = {word[:4] for word in told}, peoples(told)
        places = any(place(word) and word[:4] not in near and kin.isdisjoint((word, word.rstrip("s"))) for words in self.capitals.values() for word in words)
        return places, any(2 < len(word) < 7 and word.isalpha() and word not in told and not everywhere(word) for word in self.short)

    def inflected(self, word: str) -> bool:
        """Whether another form of it stands here, as languages have them that decline names."""
        low = _NO_LETTER.sub("", word.lower())
        return len(low) > 4 and any(_begin_alike(low, other, max(5, len(low) - 3, len(other) - 3)) for other in self.capitals.get(low[:4], ()))

    def has(self, word: str) -> bool:
        """Whether a word of the reply stands here, in some form."""
        low = word.lower().replace(".", "")
        low = low[:-2] if low.endswith("'s") else low.rstrip("'")
        if low in self.words or low.replace("'", "") in self.words:
            return True
        joined = low if low.isalpha() else _NO_LETTER.sub("", low)
        if len(joined) > 5 and spelling(joined) in self._normal():
            return True
        if joined in self.words or joined in self.pairs or any(form in self.words for form in _forms(joined)):
            return True
        if len(joined) > 1 and (word.isupper() or word[:-1].isupper()) and (joined in self.initials or joined.rstrip("s") in self.initials or (len(joined) > 2 and joined in self._spelled())):
            return True
        if joined in ("wwii", "ww", "wwi") and "war" in self.words:
            return True
        parts = [each for part in re.split(r"['&-]", low if "-" in low or "&" in low else "") if (each := part)] or [each.lower() for each in _CAMEL.findall(word)]
        pieces = [part for part in re.split("[&-]", word) if part]
        if len(pieces) > 1 and all(self.has(piece) or _usual_part(piece.lower()) for piece in pieces) and any(self.has(piece) for piece in pieces):
            return True
        if len(parts) > 1 and all(part in self.words or _usual_part(part) for part in parts) and any(part in self.words for part in parts):
            return True
        return any(alike(joined, other) for other in self.capitals.get(joined[:4], ())) or any(alike(joined, other) for other in ("uk", "us", "usa", "eu", "france", "spain", "netherlands", "poland", "states", "kingdom", "britain", "denmark", "ireland", "wales", "french", "spanish", "dutch", "polish", "british", "american", "danish", "irish", "welsh", "european") if other in self.words)


def _bare(word: str) -> str:
    return word.lower().removesuffix("'s").rstrip("'")


def _forms(word: str) -> Iterator[str]:
    if word.endswith("s") and len(word) > 3:
        yield word[:-1]
        yield word[:-2]
        if word.endswith("ies"):
            yield word[:-3] + "y"
    yield word + "s"
    yield word + "es"


def _begin_alike(one: str, other: str, least: int) -> bool:
    return len(one) >= least <= len(other) and one[:least] == other[:least]


def _usual_part(part: str) -> bool:
    return len(part) > 1 and kind_of(part.capitalize()) == COMMON


def _initials(folded: str, spans: Sequence[tuple[int, int, str]]) -> Iterator[str]:
    """Of every two to six capitalised words in a row, small words between them left out. spans: of the words with a capital."""
    run = ""
    end = 0
    for start, stop, word in spans:
        if run and not _JOINED.fullmatch(folded, end, start):
            run = ""
        if word[0].isupper():
            run = (run + ("".join(part[0] for part in re.split(r"[-&]", word) if part) if "-" in word or "&" in word else word[0]).lower())[-6:]
            for size in range(2, len(run) + 1):
                yield run[-size:]
        else:
            run = ""
        end = stop


class _Word(NamedTuple):
    start: int
    end: int
    text: str
    opens: bool  # where any word has a capital
    kind: str
    known: bool


def unsupported(folded: str, known: Known, *, nouns_have_capitals: bool = False, english: bool = True) -> Iterator[tuple[int, int, float]]:
    """Spans of the folded reply, and how sure each is. english: the list of common words is of its language."""
    told = frozenset(_LETTERS.findall(folded.lower()))
    rivals = known.rivals(told)
    for run in _runs(folded, known):
        for start, end, score, telling in _judged(run, folded, nouns_have_capitals, known):
            yield start, end, DOUBTFUL if telling and _may_be_known(telling, run, folded, known, rivals, english) else score


def _runs(folded: str, known: Known) -> Iterator[list[_Word]]:
    run: list[_Word] = []
    for word in _capitalised(folded, known):
        if run and not _BETWEEN.fullmatch(folded, run[-1].end, word.start):
            yield run
            run = []
        run.append(word)
    if run:
        yield run


def _may_be_known(telling: list[_Word], run: list[_Word], folded: str, known: Known, rivals: tuple[bool, bool], english: bool) -> bool:
    """Whether a reply may say it though it stands nowhere, and not be wrong."""
    for word in telling:
        low = [part for part in re.split(r"['&.-]", word.text.lower()) if part]
        if all(everywhere(part) or _usual_part(part) for part in low) and any(map(everywhere, low)):
            continue
        if all(place(part) or everywhere(part) for part in low):
            if rivals[0]:
                return False
            continue
        letters = word.text.replace(".", "").removesuffix("s")
        if letters.isupper() and len(letters) > 1 and len(run) == 1:
            if rivals[1]:
                return False
            continue
        if known.inflected(word.text):
            continue
        alone = len(run) == 1 and word.opens and folded[max(0, word.start - 1) : word.start] != "(" and word.kind == UNKNOWN and not any(char.isupper() for char in word.text[1:])
        does = english and (_DOES.match(folded, word.end) or (_IS.match(folded, word.end) and not word.text.endswith("s")))
        if alone and not does and _LABEL.search(folded, max(0, word.start - 8), word.start) is None:
            continue
        before_known = run[-1].known and run[-1].kind != COMMON and word is run[0] and len(run) == 2 and not (word.opens and word.kind == COMMON)
        if before_known and run[-1].text.lower() not in known.led:  # a given name of someone known
            continue
        return False
    return True


def _capitalised(folded: str, known: Known) -> Iterator[_Word]:
    titles = _Titles(folded)
    for match in _WORD.finditer(folded):
        text = match[0]
        start, end = match.span()
        if text.islower() or _SI.fullmatch(text) or not (text[0].isupper() or _INNER.search(text)) or (len(text) == 1):
            continue
        if (start and (folded[start - 1].isalnum() or folded[start - 1] in "_/\\@#$<&{")) or (end < len(folded) and (folded[end].isalnum() or folded[end] in "_/\\@=")):
            continue
        if text.endswith("'s"):
            text, end = text[:-2], end - 2
        opens = titles.has(start) or _OPENING.search(folded, max(0, start - 12), start) is not None
        yield _Word(start, end, text, opens, _kind(text), known.has(text))


def _kind(text: str) -> str:
    parts = [part for part in re.split(r"['&.-]", text) if part]
    kinds = {kind_of(part) for part in parts if part[0].isupper()} or {NAME}
    if text.replace(".", "").isupper() and len(parts) > 1 and "." in text:
        return kind_of(text.replace(".", ""))
    return NAME if NAME in kinds else UNKNOWN if UNKNOWN in kinds else COMMON


class _Titles:
    """Which lines are titles: most of their words have a capital."""

    def __init__(self, folded: str) -> None:
        self._folded = folded
        self._end, self._is = -1, False

    def has(self, at: int) -> bool:
        """Asked in order of place."""
        if at >= self._end:
            start = self._folded.rfind("\n", 0, at) + 1
            end = self._folded.find("\n", at)
            self._end = len(self._folded) if end < 0 else end
            line = self._folded[start : min(self._end, start + 200)].strip(" #*_-|")
            words = [word for word in re.findall(r"[A-Za-z]+", line) if len(word) > 3]
            self._is = ": " not in line and "|" not in line and 1 <= len(words) <= _TITLE_WORDS and not line.endswith((".", "!", "?")) and sum(word[0].isupper() for word in words) > 0.6 * len(words) and self._end - start <= 200
        return self._is


def _judged(run: list[_Word], folded: str, nouns_have_capitals: bool, known: Known) -> Iterator[tuple[int, int, float, list[_Word]]]:
    missing = [word for word in run if not word.known]
    if not missing:
        yield from _of_two(run, known)
        return
    if nouns_have_capitals:
        before = re.findall(r"[A-Za-z]+", folded[max(0, run[0].start - 24) : run[0].start])
        titled = any(word.text.lower() in _TITLES for word in run) or (before and before[-1].lower() in _TITLES)
        legal = any(word.text.lower() in _LEGAL for word in run)
        two = len(missing) > 1 and not any(word.kind == COMMON or word.text.lower() in _MEASURED for word in missing)
        person = run[0].known and run[0].kind != COMMON and len(run) == 2 and run[1].kind != COMMON
        if not (titled or legal or two or person):
            return
    callers = [word for word in run if word.text.lower().rstrip(".") in _CALLS][:2]  # a word beside one, or two that are one to each other
    after = {word.start: other for word, other in pairwise(run)}
    named = {other.start for word, other in pairwise(run) if word.known and word.kind != COMMON and not other.opens}  # behind a name that is known
    instead = {other.start for word, other in pairwise(run) if other.start in named and other.start == word.end + 1 and known.always_named(word.text)}
    telling = [word for word in missing if word.start in instead or _tells(word, run, folded, called=word.start in named or any(other is not word for other in callers)) or (not nouns_have_capitals and _in_place(word, after.get(word.start), known))]
    if telling:
        first, last = min(telling, key=lambda word: word.start), telling[-1]
        joined = [word for word in missing if first.start <= word.start <= last.end or (not word.opens and word.kind == COMMON and len(run) > 1)]
        start, end = min(word.start for word in joined), max(word.end for word in joined)
        yield start, end, SURE if any(not word.opens for word in telling) else LIKELY, telling
    else:
        yield from _of_two(run, known)


def _of_two(run: list[_Word], known: Known) -> Iterator[tuple[int, int, float, list[_Word]]]:
    """Names that are put together of two of the context."""
    return ((one.start, other.end, SURE, []) for one, other in pairwise(run) if one.kind != COMMON and not is_plain(other.text) and other.start == one.end + 1 and known.crossed(one.text, other.text))


def _in_place(word: _Word, after: _Word | None, known: Known) -> bool:
    """Whether it stands within a sentence where the context has another name: `the Zenithal Group` for `the Meridian Group`."""
    return after is not None and not word.opens and not is_plain(word.text) and after.known and after.text.lower() in known.led


def _tells(word: _Word, run: list[_Word], folded: str, *, called: bool) -> bool:
    """Whether a word that is not in the context must be a name. called: another of its run is a title or a legal form, or the one before it a name of the context."""
    if word.kind == COMMON:
        return (called and not is_plain(word.text)) or (not word.opens and is_rather_a_name(word.text, alone=len(run) == 1))
    if word.opens and word is run[-1] and folded[word.end : word.end + 1] == ":" and is_compound(word.text):
        return False
    if not word.opens or word.kind == NAME:
        return True
    camel = any(char.isupper() for char in word.text[1:]) and not word.text.isupper()
    if camel or word.text.isupper() or len(run) > 1:
        return True
    value = _LABEL.search(folded, max(0, word.start - 8), word.start) is not None and folded[word.end : word.end + 1] in ("", "\n", '"', ".", ",", "|", " |")
    return value or not is_compound(word.text) or _DOES.match(folded, word.end) is not None


def learn(texts: Iterable[str]) -> Known:
    """What is known from folded texts."""
    known = Known()
    known.add("\n\n".join(texts))
    return known
