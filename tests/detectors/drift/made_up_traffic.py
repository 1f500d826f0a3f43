"""Texts about made-up topics, and vectors that are alike for texts about one topic: drift can be tested without a model."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from zlib import crc32

import numpy as np

from detectors.drift.base import Row, Vectors

TOPICS = {
    "parcels": "parcel delivery courier tracking depot doorstep",
    "recipes": "recipe oven butter flour simmer garlic",
    "weather": "forecast rainfall thunder drizzle humidity breeze",
    "flights": "airport boarding luggage runway cabin layover",
    "banking": "account deposit overdraft statement branch cheque",
    "cinema": "film actor screening matinee subtitle sequel",
    "gardens": "tulip compost hedge seedling pruning greenhouse",
    "cars": "engine clutch mileage gearbox tyre exhaust",
    "visas": "passport consulate embassy permit border customs",
    "refunds": "refund voucher invoice complaint receipt chargeback",
}
USUAL = tuple(TOPICS)[:8]
_OPENINGS = ("how about the", "tell me of", "what became of the", "i wonder about", "is there a", "why has the")
DIMENSIONS = 48


def texts(topics: Sequence[str], count: int, rng: np.random.Generator, words: int = 3) -> list[str]:
    """count texts, each about a topic drawn from `topics`; a number makes nearly all of them distinct."""
    made = []
    for _ in range(count):
        about = TOPICS[str(rng.choice(topics))].split()
        tail = "".join(chr(97 + int(letter)) for letter in rng.integers(0, 26, 5))
        made.append(f"{rng.choice(_OPENINGS)} {' '.join(rng.choice(about, words))} {tail}")
    return made


def rows(made: Sequence[str], sessions: Sequence[str] | None = None) -> list[Row]:
    return [Row(text, session=sessions[place] if sessions else "", id=str(place)) for place, text in enumerate(made)]


@cache
def _word(word: str) -> Vectors:
    return np.random.default_rng(crc32(word.encode("utf-8", "surrogatepass"))).normal(size=DIMENSIONS).astype(np.float32)


def vectors(wanted: Sequence[str]) -> Vectors:
    """The sum of a vector for each word, long words louder, length 1."""
    made = np.zeros((len(wanted), DIMENSIONS), dtype=np.float32)
    for place, text in enumerate(wanted):
        for word in text.lower().split()[:50]:
            made[place] += _word(word[:20]) * min(len(word), 8)
    return made / np.maximum(np.linalg.norm(made, axis=1, keepdims=True), 1e-9)
