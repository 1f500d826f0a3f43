"""Lexical features: which words and which short runs of characters a text has, as a sparse vector; and linear heads over such vectors.

Rules of this file: numpy only; nothing is learned here and nothing is kept between calls; the same text gives the same vector on every machine and
in every process (no `hash()`); time and memory are linear in the text. Two families of features share one table of 2**bits places:

  words   runs of word characters, signs one by one; alone and in pairs
  chars   3 to 5 characters of the lower-cased text, with every stretch of blanks read as one and every digit as 0

A place holds 1 + ln(count); each family is scaled to length sqrt(1/2), so the whole vector has length 1 (or 0, of an empty text), and a long text
weighs what a short one does. Features that meet in one place add up: with 2**18 places and texts of some KB that costs little (the hashing trick,
Weinberger et al. 2009, without signs). Callers hand in folded text (`Text.folded.text`), at training as at run time.

Places that many texts have say little: heads may come with how rare each place was (`rarity`), by which a vector is weighed before they see it.
A head is a bias and a weight for each place; its margin, bias + weights . vector, is a logit. Weights are kept as whole numbers q from -127 to 127:
weight = scale * sign(q) * (|q| / 127) ** 2, since most are small and a few are large. Heads are stored by numpy as .npz without pickles: `save`,
`load`. How they came about is told by the model cards beside them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

BITS = 18
CHARS = (3, 4, 5)
_TOKEN = re.compile(r"\w+|[^\w\s]")
_BLANKS = re.compile(r"\s+")
_DIGITS = re.compile(r"\d")
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)  # Fibonacci hashing: the high bits of a product with it are well mixed
_BASE = np.uint64(0x100000001B3)
_PAIR = np.uint64(0x2545F4914F6CDD1D)


class Sparse(NamedTuple):
    """A vector of 2**bits places, nearly all of them 0. at: int64 (n,), rising; a place that has a feature of either family is there twice.
    values: float32 (n,)."""

    at: NDArray[np.int64]
    values: NDArray[np.float32]


def plain(text: str) -> str:
    """What the features are taken from: lower case, blanks in one piece, digits as 0."""
    return _DIGITS.sub("0", _BLANKS.sub(" ", text.lower())).strip()


def vector(text: str, bits: int = BITS) -> Sparse:
    """The features of a text (folded by the caller). bits: 10 to 24. Never raises on any text. Some 0.4 ms/KB."""
    text = plain(text)
    words, chars = _words(text), _chars(text)
    at = np.concatenate([words, chars]) >> np.uint64(64 - bits)
    family = np.zeros(len(at), dtype=np.uint64)
    family[len(words) :] = 1
    # One sort for both: places of words first, then those of chars.
    keys, counts = np.unique((family << np.uint64(bits)) | at, return_counts=True)
    values = 1.0 + np.log(counts)
    border = int(np.searchsorted(keys, np.uint64(1 << bits)))
    for part in (values[:border], values[border:]):
        if len(part):
            part /= np.sqrt(2.0 * np.square(part).sum())
    places = (keys & np.uint64((1 << bits) - 1)).astype(np.int64)
    order = np.argsort(places, kind="stable")
    return Sparse(places[order], values[order].astype(np.float32))


def _words(text: str) -> NDArray[np.uint64]:
    """Hashes of the words and of the pairs of neighbours; the high bits count."""
    codes = np.fromiter([crc32(token.encode("utf-8", "surrogatepass")) for token in _TOKEN.findall(text)], dtype=np.uint64)
    pairs = codes[:-1] * _PAIR + codes[1:]
    return _mixed(np.concatenate([codes, pairs]), 0x77)


def _chars(text: str) -> NDArray[np.uint64]:
    """Hashes of all runs of CHARS characters; one blank is added at either end, so that a beginning differs from a middle."""
    codes = np.frombuffer(f" {text} ".encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)
    found, rolling = [], codes
    for size in range(2, max(CHARS) + 1):
        if len(codes) < size:
            break
        rolling = rolling[: len(codes) - size + 1] * _BASE + codes[size - 1 :]
        if size in CHARS:
            found.append(_mixed(rolling, size))
    return np.concatenate(found) if found else np.empty(0, dtype=np.uint64)


def _mixed(codes: NDArray[np.uint64], salt: int) -> NDArray[np.uint64]:
    mixed = (codes + np.uint64(salt)) * _MULTIPLIER
    mixed ^= mixed >> np.uint64(32)
    return mixed * _MULTIPLIER


def rarity(vectors: Sequence[Sparse], bits: int = BITS) -> NDArray[np.uint8]:
    """How rare each place is among vectors: 16 * (1 + ln((n + 1) / (texts that have it + 1))), uint8 (2**bits,): the usual idf, in sixteenths."""
    counts = np.bincount(np.concatenate([np.unique(each.at) for each in vectors]), minlength=1 << bits)
    return np.minimum(255, np.round(16 * (1 + np.log((len(vectors) + 1) / (counts + 1))))).astype(np.uint8)


def weighed(sparse: Sparse, rarities: NDArray[np.uint8]) -> Sparse:
    """A vector with each place multiplied by its rarity, of length 1 again."""
    values = sparse.values * rarities[sparse.at]
    length = np.sqrt(np.square(values).sum())
    return Sparse(sparse.at, (values / length).astype(np.float32) if length else values.astype(np.float32))


@dataclass(frozen=True, slots=True)
class Heads:
    """Linear judgements over one vector.

    names: of the k heads.  rows: int8 (k, 2**bits).  scales, biases: float32 (k,).  rarities: as `rarity` gives them, or of length 0: not weighed.
    """

    names: tuple[str, ...]
    rows: NDArray[np.int8]
    scales: NDArray[np.float32]
    biases: NDArray[np.float32]
    rarities: NDArray[np.uint8] = field(default_factory=lambda: np.empty(0, dtype=np.uint8))

    @property
    def bits(self) -> int:
        return int(self.rows.shape[1]).bit_length() - 1

    def margins(self, sparse: Sparse) -> NDArray[np.float32]:
        """The logit of each head, float32 (k,): over 0 is more likely than not, as far as it was trained on what it is asked."""
        if len(self.rarities):
            sparse = weighed(sparse, self.rarities)
        part = self.rows[:, sparse.at].astype(np.float32) / np.float32(127)
        sums: NDArray[np.float32] = (part * np.abs(part)) @ sparse.values
        return self.biases + self.scales * sums

    @classmethod
    def quantised(cls, names: Sequence[str], weights: NDArray[Any], biases: NDArray[Any], rarities: NDArray[np.uint8] | None = None) -> Heads:
        """From weights as trained, float (k, 2**bits). rarities: if what they were trained on was `weighed` by them."""
        scales = np.maximum(np.abs(weights).max(axis=1), 1e-12)
        part = weights / scales[:, None]
        rows = np.round(127 * np.sign(part) * np.sqrt(np.abs(part))).astype(np.int8)
        kept = np.empty(0, dtype=np.uint8) if rarities is None else rarities
        return cls(tuple(names), rows, scales.astype(np.float32), np.asarray(biases, dtype=np.float32), kept)

    def save(self, path: Path) -> None:
        """Write them as .npz: figures only."""
        np.savez_compressed(path, names=np.array(self.names), rows=self.rows, scales=self.scales, biases=self.biases, rarities=self.rarities)

    @classmethod
    def load(cls, path: Path) -> Heads:
        """Read what `save` wrote. OSError or ValueError if that is not what is there."""
        with np.load(path, allow_pickle=False) as held:
            return cls(tuple(str(name) for name in held["names"]), held["rows"], held["scales"], held["biases"], held["rarities"])
