"""The language model as the names tier keeps it."""

from __future__ import annotations

import random

from detectors.nlp import Rows


def test_rows_are_those_of_the_dict_that_they_were():
    """A word that gets another word's vector is another word to the model. Hashes use all 64 bits, and 0 and 1 mean something to the table itself, which keeps them apart."""
    rng = random.Random(1)
    rows = {rng.getrandbits(64): rng.randrange(20_000) for _ in range(50_000)} | {0: 7, 1: 8, 2**64 - 1: 0}
    kept = Rows.of(rows)
    assert {0: 7, 1: 8, **dict(kept.items())} == rows
    for key in [*rows, *(rng.getrandbits(64) for _ in range(50_000))]:
        assert kept.get(key, -1) == rows.get(key, -1) and kept.get(key) == rows.get(key)
        assert (key in kept) == (key in rows)
