"""A hit: what a recogniser says before anybody asked whether it is wanted, allowed or overlapped by a better one."""

from __future__ import annotations

from bisect import bisect_right
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
    """Of hits that hang together: the strongest, then the strongest of those that it leaves alone, and so on."""

    def strength(hit: Hit) -> tuple[int, int, float, int]:
        rank = CUSTOM if hit[2] in custom else _RANKS.get(hit[2], _OTHER)
        if hit[2] == "URL" and hit[3] < 0.6:
            rank = _BARE
        return -rank, hit[0] - hit[1], -hit[3], hit[0]

    starts: list[int] = []
    chosen: list[Hit] = []
    for hit in sorted(cluster, key=strength):
        at = bisect_right(starts, hit[0])
        if (at and chosen[at - 1][1] > hit[0]) or (at < len(starts) and starts[at] < hit[1]):
            continue
        starts.insert(at, hit[0])
        chosen.insert(at, hit)
    return chosen
