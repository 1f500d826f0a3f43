"""What a group of texts is about, in up to five words or pairs of words: class-based TF-IDF over distinct texts.

A term counts once per text, so that one long text does not speak for a topic. Its weight is how many of the topic's texts have it, times how much rarer it
is in all others. Stop words (detectors.drift.stop_words), and pairs with one, are no keywords unless nothing else tells the topic ("who are
you"); what stands in angle brackets (<EMAIL_1>) never is one.
Scripts that put no blanks between words are cut into runs of two to four characters. Pure; ties go to the alphabet.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log
from zlib import crc32

from detectors.drift.stop_words import STOP_WORDS, stop_words

MOST = 5
CHARACTERS = 1500  # of a text, that are looked at: half from its beginning, half from its end
_BUDGET = 1_500_000  # characters that a topic is held against
_TEXTS = 400  # of a topic, at most
_PAIR = 1.1  # a pair of words says more than one of them
_COVERS = 0.6  # of a word's texts: a pair that has so many stands for the word
_FUNCTION = 0.35  # what a function word's weight is multiplied by
_LOUD = 0.3  # of the best weight: from there on a function word may be a keyword
_SMOOTH = 0.5  # texts, added where shares are divided
_PLACEHOLDER = re.compile(r"<[A-Z][A-Z0-9_]{1,40}>|\[[A-Z][A-Z0-9_]{2,40}\]")
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"  # Thai, Lao, Burmese, Khmer, kana, Han
_WORD = re.compile(rf"[{_UNSPACED}]+|[^\W_{_UNSPACED}](?:[^\W_{_UNSPACED}]|['\u2019_\-.](?=[^\W_{_UNSPACED}]))*")
_FIRST_UNSPACED = re.compile(rf"[{_UNSPACED}]")
_LONGEST = 40  # characters of a word: beyond is a key, a hash, a line of base64
_FORM = re.compile(r"(?:ies|es|e|s|y|ing|ed)$")
_LIGHT = (  # that say little: they stand for a topic only where they are loud
    "actually another anything back can't day down everything find get gets getting give given go goes going good got help id ill kind know like look looking lot make makes making"
    " may need needs now off ok okay one out own really right say said see something sort sure take tell thing things think try trying up use used using want wants way well will able"
)
FUNCTION_WORDS = STOP_WORDS | frozenset(_LIGHT.split())


def read(text: str) -> str:
    """The part of a text that is looked at, without placeholders."""
    half = CHARACTERS // 2
    seen = text if len(text) <= CHARACTERS else f"{text[:half]}\n{text[-half:]}"
    return _PLACEHOLDER.sub("\n", seen)


def terms(text: str) -> frozenset[str]:
    """The words of a text, its pairs of neighbouring words, joined by a blank; of unspaced scripts, runs of 2 to 4 characters."""
    found: set[str] = set()
    before = ""
    for word in _WORD.findall(read(text).lower().replace("\u2019", "'")):
        if _FIRST_UNSPACED.match(word):
            found.update(word[at : at + n] for n in (2, 3, 4) for at in range(len(word) - n + 1))
            if len(word) == 1:
                found.add(word)
            before = ""
        elif len(word) > _LONGEST:
            before = ""
        else:
            word = word.removesuffix("'s")
            found.add(word)
            if before:
                found.add(f"{before} {word}")
            before = word
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class _Term:
    """weight: the higher, the better.  texts: of the topic that have it."""

    text: str
    weight: float
    texts: frozenset[int]

    @property
    def words(self) -> list[str]:
        return self.text.split(" ")


class Terms:
    """The terms of pooled texts. Texts that say the same count once; of the texts that a topic is held against, _BUDGET characters are read, chosen whatever their order."""

    def __init__(self, texts: Sequence[str]) -> None:
        numbers: dict[str, int] = {}
        self._which = [numbers.setdefault(text, len(numbers)) for text in texts]
        self._distinct = list(numbers)
        self._read: dict[int, frozenset[str]] = {}
        self._order = [crc32((text[:CHARACTERS] + text[-CHARACTERS:]).encode("utf-8", "surrogatepass")) for text in self._distinct]
        left = _BUDGET
        self._others: set[int] = set()
        for number in sorted(range(len(self._distinct)), key=lambda number: (self._order[number], self._distinct[number])):
            left -= min(len(self._distinct[number]), CHARACTERS)
            if left < 0:
                break
            self._others.add(number)
        self._counts = Counter(term for number in self._others for term in self._terms(number))

    def _terms(self, number: int) -> frozenset[str]:
        if number not in self._read:
            self._read[number] = terms(self._distinct[number])
        return self._read[number]

    def keywords(self, rows: Iterable[int], most: int = MOST) -> tuple[str, ...]:
        """What tells the texts at `rows` from all others, the best first; () if they have no words."""
        topic = {self._which[row] for row in rows}
        texts = sorted(topic, key=lambda number: (self._order[number], self._distinct[number]))[:_TEXTS]
        inside = Counter(term for text in texts for term in self._terms(text))
        both = topic & self._others
        shared = Counter(term for text in both for term in self._terms(text))
        least = 1 if len(texts) < 3 else 2
        weighted = sorted(
            (-self._weight(term, count / len(texts), len(texts), (self._counts[term] - shared[term], len(self._others) - len(both))), term)
            for term, count in inside.items()
            if count >= least
        )
        stops = stop_words([self._terms(text) for text in texts])
        telling = [(weight, term) for weight, term in weighted if weight < 0 and stops.isdisjoint(term.split(" "))]
        said = telling or weighted
        loud = said[0][0] * _LOUD if said else 0.0
        best = [(-weight, term) for weight, term in said[: 12 * most] if weight < 0 and (weight <= loud or FUNCTION_WORDS.isdisjoint(term.split(" ")))]
        return _chosen([_Term(term, weight, frozenset(text for text in texts if term in self._terms(text))) for weight, term in best], most)

    @staticmethod
    def _weight(term: str, here: float, texts: int, elsewhere: tuple[int, int]) -> float:
        """here: the part of the topic's texts that have it.  elsewhere: how many others do, of how many."""
        there = (elsewhere[0] + _SMOOTH) / (elsewhere[1] + 2 * _SMOOTH)
        weight = here * log((here + _SMOOTH / texts) / there)
        words = term.split(" ")
        if len(words) > 1:
            small = sum(word in FUNCTION_WORDS for word in words)
            return weight * _FUNCTION * _FUNCTION if small == len(words) else weight * _FUNCTION if small else weight * _PAIR
        if term in FUNCTION_WORDS or (len(term) == 1 and term.isascii()):
            return weight * _FUNCTION
        return weight * _FUNCTION if term.isdigit() else weight


def _chosen(candidates: Sequence[_Term], most: int) -> tuple[str, ...]:
    """The best ones that say something each: not a word of a pair that is there already, nor another form of a word."""
    chosen: list[_Term] = []
    for term in candidates:
        covered = [other for other in chosen if _within(other, term)]
        if covered and len(term.words) > 1 and FUNCTION_WORDS.isdisjoint(term.words) and len(term.texts) >= _COVERS * min(len(other.texts) for other in covered):
            chosen[chosen.index(covered[0])] = term
            chosen = [other for other in chosen if other is term or other not in covered]
        elif not covered and not any(_said(term, other) for other in chosen):
            chosen.append(term)
        if len(chosen) > 2 * most:
            break
    return tuple(term.text for term in chosen[:most])


def _within(shorter: _Term, longer: _Term) -> bool:
    return shorter.text != longer.text and (set(shorter.words) < set(longer.words) or (len(longer.words) == 1 and shorter.text in longer.text and _unspaced(longer)))


def _said(term: _Term, other: _Term) -> bool:
    """Whether `other` says already what `term` would."""
    return _within(term, other) or _stems(term) <= _stems(other)


def _stems(term: _Term) -> set[str]:
    """What the words that say something begin with; of function words alone, these."""
    words = [word for word in term.words if word not in FUNCTION_WORDS] or term.words
    return {_FORM.sub("", word) if len(word) > 4 else word for word in words}


def _unspaced(term: _Term) -> bool:
    return bool(_FIRST_UNSPACED.match(term.text))
