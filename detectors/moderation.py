"""Moderation: how much a text looks like what OpenAI's categories name, judged here, by linear heads over four sorts of figures.

For each window of a text (WINDOW characters; a text of some KB is one window):

  words      hashed words and runs of characters (detectors.lexical)
  rudeness   one figure: the word weights of a public profanity classifier
  meaning    the vector (detectors.embedding) of its TOKENS most suspicious tokens: sentences are ranked by rudeness, the first ones are read in
             the order in which they stand. All of a short text is read; 48 tokens cost a fifth of 256 and, chosen so, rank texts no worse
  likeness   how near that vector is to sentences of our own that describe each category, and to harmless ones that resemble them

Heads give a logit per category, and one for "any"; the highest category becomes the mean of itself and "any", which ranks texts better than either does
and leaves the order within a category as good as it was. The score is the sigmoid, shifted so that 0.5 is the default threshold (weights/MODERATION.md says how that was set).
The rudest sentence of a window that is longer is judged by itself, too, less ALONE, if its words give reason (DOUBT): one bad sentence is not to be lost
among good ones.
What a text scores is the most that one of its windows does, less a little for each doubling of their number. Of more than MAX_WINDOWS windows some,
evenly spread, are looked at, and meaning is asked only for the EMBEDDED that look worst by their words: the cost of any text is bounded.

LOCAL are the categories it judges. UNSEEN it cannot tell: no data to learn or measure them came with a licence; such texts score in the wider
category where that is one of LOCAL. What else it cannot see is in weights/MODERATION.md. Pure; whole texts only (max_span None); the weights and the
model are loaded when first needed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from detectors import lexical
from detectors.base import Finding
from detectors.text import Text, View

if TYPE_CHECKING:
    from detectors.embedding import Embedder

LOCAL = ("sexual", "sexual/minors", "hate", "hate/threatening", "harassment", "self-harm", "violence", "violence/graphic", "illicit")
UNSEEN = ("harassment/threatening", "self-harm/intent", "self-harm/instructions", "illicit/violent")
ANY = "any"  # the last head: harmful in whatever way, but for illicit requests
CATEGORIES = tuple(sorted((*LOCAL, *UNSEEN)))
WINDOW, STRIDE = 2000, 1800  # characters: of a window, from one to the next
MAX_WINDOWS, EMBEDDED = 64, 3
TOKENS = 48  # read for their meaning, in a window; [CLS] and [SEP] among them
PIECE = 20  # words, of a sentence that is longer
BITS = 16
STEPS = 381.0  # of a stored coordinate: no model vector has one over 1/3
NEAREST = 3  # sentences of a group: likeness is the mean over so many
MEANING, RUDENESS, LIKENESS = 2.5, 0.5, 0.15  # how much each sort may weigh beside words, chosen by cross-validation
ALONE, DOUBT = 1.5, -1.0  # taken off the logits of a sentence by itself, which says less than a text (by cross-validation); the `suspicion` from which on it is looked at
_SAID = 0.1  # a judgement under this is a score and no finding: every text has one
_SENTENCE = re.compile(r"(?<=[.!?\n])\s+")
_WORD = re.compile(r"\w\w+")
_LONGEST_PIECE = 240  # characters
_WORDY = 4  # blanks: what was unpacked and has fewer is no text


class Window(NamedTuple):
    """A stretch of a view."""

    view: View
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.view.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Rudeness:
    """Word weights of a linear profanity classifier. codes: uint32 (n,), CRC-32 of the words, rising.  idf, coefficients: float32 (n,).  mean, spread: of its margin on the training texts."""

    codes: NDArray[np.uint32]
    idf: NDArray[np.float32]
    coefficients: NDArray[np.float32]
    mean: float
    spread: float

    def known(self, text: str) -> NDArray[np.int64]:
        """Where the words of a text stand in the table, each as often as it occurs."""
        codes = np.fromiter([crc32(word.encode("utf-8", "surrogatepass")) for word in _WORD.findall(text.lower())], dtype=np.uint32)
        if not len(codes):
            return np.empty(0, dtype=np.int64)
        at = np.minimum(np.searchsorted(self.codes, codes), len(self.codes) - 1)
        found: NDArray[np.int64] = at[self.codes[at] == codes]
        return found

    def of(self, text: str) -> float:
        """The classifier's margin (its words by count and idf, scaled to length 1), less `mean`, by `spread`."""
        at, counts = np.unique(self.known(text), return_counts=True)
        weights = counts * self.idf[at]
        length = float(np.sqrt(np.square(weights).sum()))
        margin = float(weights @ self.coefficients[at]) / length if length else 0.0
        return (margin - self.mean) / self.spread

    def of_piece(self, text: str) -> float:
        """To rank pieces of one text by."""
        at = self.known(text)
        return float(self.idf[at] @ self.coefficients[at]) / math.sqrt(3 + len(at))


@dataclass(frozen=True, slots=True)
class Likeness:
    """Sentences as points, in groups. vectors: float32 (n, 384), unit length.  groups: int (n,), 0 to g - 1.  means, spreads: float32 (g,), of likenesses on the training texts."""

    vectors: NDArray[np.float32]
    groups: NDArray[np.int64]
    means: NDArray[np.float32]
    spreads: NDArray[np.float32]

    def to(self, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """Mean similarity to the NEAREST nearest of each group, float32 (g,), less `means`, by `spreads`."""
        near = self.vectors @ vector
        found = np.array([np.sort(near[self.groups == group])[-NEAREST:].mean() for group in range(len(self.means))], dtype=np.float32)
        return (found - self.means) / self.spreads


class Features(NamedTuple):
    """Of one window. dense: float32 (384 + 1 + g,): meaning, rudeness, likeness, as weighed."""

    words: lexical.Sparse
    dense: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Weights:
    """All figures. heads: over words.  dense: float32 (k, 384 + 1 + g).  shift: float32 (9,), of the logits of LOCAL.  per_doubling: of the logit, for each doubling of the number of windows."""

    heads: lexical.Heads
    dense: NDArray[np.float32]
    rudeness: Rudeness
    likeness: Likeness
    shift: NDArray[np.float32]
    per_doubling: float

    def save(self, path: Path) -> None:
        """Write them as .npz: figures only, coarse where that changes nothing."""
        held: dict[str, Any] = {"names": np.array(self.heads.names), "rows": self.heads.rows, "scales": self.heads.scales, "biases": self.heads.biases}
        held |= {"dense": self.dense, "shift": self.shift, "per_doubling": np.float32(self.per_doubling), "groups": self.likeness.groups.astype(np.uint8)}
        held |= {"vectors": np.round(self.likeness.vectors * STEPS).clip(-127, 127).astype(np.int8), "means": self.likeness.means, "spreads": self.likeness.spreads}
        rude = self.rudeness
        held |= {"codes": rude.codes, "idf": rude.idf.astype(np.float16), "coefficients": rude.coefficients.astype(np.float16), "rude": np.array([rude.mean, rude.spread])}
        np.savez_compressed(path, **held)

    @classmethod
    def load(cls, path: Path) -> Weights:
        """Read what `save` wrote. OSError, KeyError or ValueError if that is not what is there."""
        with np.load(path, allow_pickle=False) as held:
            heads = lexical.Heads(tuple(str(name) for name in held["names"]), held["rows"], held["scales"], held["biases"])
            vectors = held["vectors"].astype(np.float32)
            vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
            likeness = Likeness(vectors, held["groups"].astype(np.int64), held["means"], held["spreads"])
            rude = Rudeness(held["codes"], held["idf"].astype(np.float32), held["coefficients"].astype(np.float32), *(float(v) for v in held["rude"]))
            return cls(heads, held["dense"], rude, likeness, held["shift"], float(held["per_doubling"]))


class Moderation:
    """The detector. by: other weights than those that ship, to measure a recipe with."""

    name = "moderation"
    kinds = frozenset(LOCAL)
    max_span = None  # judges whole texts

    def __init__(self, by: Weights | None = None) -> None:
        self._by = by

    def find(self, text: Text) -> list[Finding]:
        """One finding for each category that scores at least 0.1, over the window that does, in raw offsets; those of different categories may overlap.

        A rule of the policy leaves out those under its threshold. Never raises on any text.
        """
        return self.judge(text)[0]

    def find_all(self, texts: Sequence[Text]) -> list[list[Finding]]:
        """`find` of each: what the detector pool asks for."""
        return [self.find(text) for text in texts]

    def scores(self, text: Text | str) -> dict[str, float]:
        """The score of each category of LOCAL, 0 to 1; the highest is the one to rank texts by. Those of UNSEEN are left out: they are not known to be 0."""
        return self.judge(text if isinstance(text, Text) else Text(text))[1]

    def judge(self, text: Text) -> tuple[list[Finding], dict[str, float]]:
        """Findings and scores at once."""
        judged = self._judged(text)
        found = [Finding(self.name, name, *span, score) for name, (score, span) in judged.items() if score >= _SAID and span[1] > span[0]]
        return sorted(found, key=lambda finding: (finding.start, finding.end, finding.kind)), {name: score for name, (score, _) in judged.items()}

    def open_from(self, text: Text) -> int:
        """0: what is to come may change every judgement."""
        return 0

    def _judged(self, text: Text) -> dict[str, tuple[float, tuple[int, int]]]:
        """By category: the score, and the raw span of the window that gave it."""
        windows, count = cut(text)
        if not windows:
            return dict.fromkeys(LOCAL, (0.0, (0, 0)))
        by = self._by or weights()
        if len(windows) > EMBEDDED:
            windows = sorted(windows, key=lambda window: -suspicion(window.text, by))[:EMBEDDED]
        logits = np.stack([look(window.text, by, embedder()) for window in windows]) + by.shift - by.per_doubling * math.log2(count)
        judged = {}
        for name, column in zip(LOCAL, logits.T, strict=True):
            worst = windows[int(np.argmax(column))]
            score = 1 / (1 + math.exp(-float(np.clip(column.max(), -30, 30))))
            judged[name] = (round(score, 4), worst.view.origin(worst.start, worst.end))
        return judged


@cache
def weights() -> Weights:
    """What training wrote."""
    with as_file(files("detectors") / "weights" / "moderation.npz") as path:
        return Weights.load(path)


@cache
def embedder() -> Embedder:
    """One for the process."""
    from detectors.embedding import Embedder

    return Embedder()


def cut(text: Text) -> tuple[list[Window], int]:
    """The windows to look at, of the folded text and of what was hidden in it; and how many there are in all."""
    found: list[Window] = []
    for view in text.views:
        if view is text.views[0] or (view.text.count(" ") >= _WORDY and (not view.whole or len(view.text) < 0.8 * len(text.folded.text))):
            starts = range(0, max(1, len(view.text) - (WINDOW - STRIDE)), STRIDE)
            found += [Window(view, start, min(start + WINDOW, len(view.text))) for start in starts]
    found = [window for window in found if window.text.strip()]
    if len(found) <= MAX_WINDOWS:
        return found, len(found)
    return [found[round(i * (len(found) - 1) / (MAX_WINDOWS - 1))] for i in range(MAX_WINDOWS)], len(found)


def suspicion(text: str, by: Weights) -> float:
    """How bad a window looks by its words alone, to choose those whose meaning is asked."""
    rude = np.float32(RUDENESS * by.rudeness.of(text)) * by.dense[:, -1 - len(by.likeness.means)]
    return float((by.heads.margins(lexical.vector(text, by.heads.bits)) + rude).max())


def margins(of: Features, by: Weights) -> NDArray[np.float32]:
    """The logit of each head, float32 (k,), before the shift."""
    return by.heads.margins(of.words) + by.dense @ of.dense


def joined(logits: NDArray[Any]) -> NDArray[np.float64]:
    """The logits of LOCAL from those of LOCAL and ANY, float (k + 1,). Illicit, the last of LOCAL, stands for itself: "any" knows nothing of it."""
    own = np.array(logits[:-1], dtype=np.float64)
    top = int(np.argmax(own[:-1]))
    own[top] = (own[top] + logits[-1]) / 2
    return own


def look(text: str, by: Weights, model: Embedder) -> NDArray[np.float64]:
    """The logits of LOCAL for one window (folded text), float (k,), before the shift."""
    parts = pieces(text)
    rude = [by.rudeness.of_piece(each) for each in parts]
    part = excerpt(text, parts, rude, model)
    vector = model.embed_start(part, TOKENS)
    logits = joined(margins(features(text, by, vector), by))
    if part is not text:
        worst = parts[rude.index(max(rude))]
        if suspicion(worst, by) > DOUBT:
            logits = np.maximum(logits, joined(margins(features(worst, by, model.embed_start(worst, TOKENS)), by)) - ALONE)
    return logits


def features(text: str, by: Weights, vector: NDArray[np.float32]) -> Features:
    """Of one window, or one sentence. vector: of its excerpt."""
    return Features(lexical.vector(text, by.heads.bits), dense(text, by.rudeness, by.likeness, vector))


def dense(text: str, rudeness: Rudeness, likeness: Likeness, vector: NDArray[np.float32]) -> NDArray[np.float32]:
    """Meaning, rudeness and likeness in one row. vector: of the excerpt."""
    return np.concatenate([MEANING * vector, [RUDENESS * rudeness.of(text)], LIKENESS * likeness.to(vector)]).astype(np.float32)


def excerpt(text: str, parts: Sequence[str], rude: Sequence[float], model: Embedder) -> str:
    """The most suspicious sentences of a window, some TOKENS tokens, in the order in which they stand; the text itself if it is no longer than that.
    parts: its `pieces`.  rude: how each ranks."""
    room = TOKENS - 2
    if all(total <= room for total in accumulate(len(model.tokens(part, WINDOW)) for part in parts)):
        return text
    taken = []
    for at in sorted(range(len(parts)), key=lambda i: -rude[i]):
        taken.append(at)
        room -= len(model.tokens(parts[at], WINDOW))
        if room <= 0:
            break
    return " ".join(parts[at] for at in sorted(taken))


def pieces(text: str) -> list[str]:
    """Sentences; long ones in pieces of PIECE words. At least one."""
    found = []
    for sentence in _SENTENCE.split(text):
        words = sentence.split()
        for at in range(0, len(words), PIECE):
            piece = " ".join(words[at : at + PIECE])
            found += [piece[i : i + _LONGEST_PIECE] for i in range(0, len(piece), _LONGEST_PIECE)]
    return found or [text]
