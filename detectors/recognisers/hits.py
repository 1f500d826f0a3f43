"""A hit: what a recogniser says before anybody asked whether it is wanted, allowed or overlapped by a better one."""

from __future__ import annotations

from collections.abc import Iterable
from operator import gt, itemgetter

Hit = tuple[int, int, str, float]  # start, end, kind, score; code points of the string that was looked at

# Who keeps the ground where hits overlap. Checksums and fixed forms beat shapes, shapes beat words; a URL covers whatever it contains.
_RANKS = {
    "URL": 90,
    "IBAN_CODE": 85,
    "CREDIT_CARD": 80,
    "CRYPTO": 75,
    "EMAIL_ADDRESS": 70,
    "US_SSN": 65,
    "US_ITIN": 65,
    "IP_ADDRESS": 60,
    "MAC_ADDRESS": 60,
    "PHONE_NUMBER": 40,
    "DATE_OF_BIRTH": 35,
    "LOCATION": 20,
}
_BARE = 30  # a domain without a scheme, which may be the half of a disguised mailbox
_OTHER = 62  # the national numbers: a checksum, or a word that names them
CUSTOM = 100  # what an operator asked for by name


def resolve(hits: Iterable[Hit], custom: frozenset[str] = frozenset()) -> list[Hit]:
    """The hits that stand, in order, none overlapping another: the stronger kind first, then the longer, then the higher score."""
    ordered = sorted(hits)
    if not ordered or not any(map(gt, map(itemgetter(1), ordered), map(itemgetter(0), ordered[1:]))):  # most texts, and all of it in C
        return ordered
    standing: list[Hit] = []
    first, reach = 0, ordered[0][1]  # of the hits that hang together
    for at in range(1, len(ordered)):
        hit = ordered[at]
        if hit[0] >= reach:
            standing += ordered[first:at] if at - first == 1 else _best(ordered[first:at], custom)
            first = at
        if hit[1] > reach:
            reach = hit[1]
    standing += ordered[first:] if len(ordered) - first == 1 else _best(ordered[first:], custom)
    return standing


def _best(cluster: list[Hit], custom: frozenset[str]) -> list[Hit]:
    """Of hits that hang together, in order: the strongest, then the strongest of those that it leaves alone, and so on."""
    if len(cluster) == 2:
        one, other = cluster
        return [one if _strength(one, custom) <= _strength(other, custom) else other]
    alike: dict[tuple[int, int, float], list[Hit]] = {}  # by strength, in order of start
    for hit in cluster:
        alike.setdefault(_strength(hit, custom), []).append(hit)
    first = cluster[0][0]
    taken = bytearray(max(map(itemgetter(1), cluster)) - first)
    chosen: list[Hit] = []
    for strength in sorted(alike):
        mark = b"x" * -strength[1]
        for hit in alike[strength]:
            start, end = hit[0] - first, hit[1] - first
            if taken.find(b"x", start, end) < 0:
                taken[start:end] = mark
                chosen.append(hit)
    chosen.sort()
    return chosen


def _strength(hit: Hit, custom: frozenset[str]) -> tuple[int, int, float]:
    """The stronger, the less."""
    start, end, kind, score = hit
    rank = CUSTOM if kind in custom else _BARE if score < 0.6 and kind == "URL" else _RANKS.get(kind, _OTHER)
    return -rank, start - end, -score
