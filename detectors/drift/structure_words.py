"""Words that nobody writes: typos, which are one slip of the finger from words that everybody writes, and others that are not known.

A word is known if it stands in the bundled vocabulary (weights/minilm_vocab.txt: 22,000 English words and names), with or without an ending, or in several of
the texts at hand; one of one or two letters only if it stands in a short list, since vocabularies of pieces hold every such pair.
A word that is not known is a typo if a letter too many, too few, another, or two swapped (of three letters: two swapped) make it one of the most common words, for
what people mistype is what they type. Else it is a rare name or term, or beyond recognition: both count as unknown, the former of which a topic may have more
than others, though not by much: its terms come again and again.

The several texts are counted over both samples together, without regard to which is which, as everything is here: a test by permutation needs that.
Words are of a to z, in lower case: names begin with a capital. Texts in another language than English are not looked at (structure.py leaves those out).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

_SHORTEST, _LONGEST = 4, 20  # letters of a word that may be a typo by more than two letters swapped
_OFTEN = 0.002  # of the texts have a word that is known by that alone,
_SEVERAL = 4  # and no fewer than so many
_VOCABULARY = "weights/minilm_vocab.txt"
_COMMON, _COMMONEST = 8000, 600  # of the vocabulary, which begins with the most frequent words
_LEAST_KNOWN = 3  # letters; the vocabulary's shorter words are letters and bits
_SHORT = frozenset(
    "a i s t d m of in to he is as on it by at an be my or me up no we so if do us go am pm tv mr ms dr st oh ok hi id uk vs re ve ll im ma pa ex ad la uh um ya yo ha eh km cm mm kg lb ft vi pc cd ai".split()  # noqa: SIM905
)
_ENDINGS = ("s", "es", "ed", "ing", "er", "ly", "ers", "y")


class Unknown(NamedTuple):
    """Words of some texts. typos are not in `others`."""

    typos: frozenset[str]
    others: frozenset[str]


class Vocabulary:
    """Known words; and what the common ones, the first of them, are without one of their letters."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = frozenset(words)
        self._commonest = frozenset(word for word in words[:_COMMONEST] if len(word) < _SHORTEST)
        self._common = frozenset(word for word in words[:_COMMON] if len(word) >= _SHORTEST)
        self._shorter = frozenset(part for word in self._common for part in _without_one(word))

    def __contains__(self, word: str) -> bool:
        if len(word) < _LEAST_KNOWN:
            return word in _SHORT
        return word in self.words or any(word.endswith(ending) and (word[: -len(ending)] in self.words or word[: -len(ending)] + "e" in self.words) for ending in _ENDINGS)

    def near(self, word: str) -> bool:
        """Whether it is a slip away from a common word; some two slips pass, too (a letter left out here and one there)."""
        if len(word) < _SHORTEST:
            return any(word[:i] + word[i + 1] + word[i] + word[i + 2 :] in self._commonest for i in range(len(word) - 1))
        return word in self._shorter or any(part in self._shorter or part in self._common for part in _without_one(word))


def _without_one(word: str) -> set[str]:
    return {word[:i] + word[i + 1 :] for i in range(len(word))}


@cache
def bundled() -> Vocabulary:
    """Of the package: some 50 ms and 10 MB, once."""
    lines = files("detectors").joinpath(_VOCABULARY).read_text("utf-8").splitlines()
    return Vocabulary([word for word in lines if len(word) >= _LEAST_KNOWN and word.isascii() and word.isalpha()])


def unknown(texts: Sequence[frozenset[str] | None], vocabulary: Vocabulary) -> Unknown:
    """Those words that are not known. texts: the distinct words of each; None: not to be looked at."""
    counts: Counter[str] = Counter()
    for words in texts:
        if words:
            counts.update(words)
    several = max(_SEVERAL, _OFTEN * len(texts))
    rare = [word for word, count in counts.items() if (count < several or len(word) < _LEAST_KNOWN) and len(word) <= _LONGEST and word not in vocabulary]
    typos = frozenset(word for word in rare if len(word) >= _LEAST_KNOWN and vocabulary.near(word))
    return Unknown(typos, frozenset(rare) - typos)
