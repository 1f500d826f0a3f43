"""The two tiers of `pii` as one: what has a form or a checksum stands, names fill what is left.

Pure. Findings of a kind that overlap become one; where a name lies over a structured finding, the parts of it beside that are kept if they
are words (an address around a postcode) and dropped otherwise (half a telephone number that was taken for a date).
"""

from __future__ import annotations

from collections.abc import Iterable

from detectors.base import Finding

_DIVISIBLE = frozenset({"LOCATION"})  # kinds of which a part is still one


def merge(text: str, structured: Iterable[Finding], named: Iterable[Finding]) -> list[Finding]:
    """Findings in order, none over another. text: what they point into."""
    kept = sorted(structured, key=lambda f: (f.start, f.end))
    for finding in sorted(named, key=lambda f: (f.start, f.end)):
        same = [f for f in kept if _overlap(f, finding) and f.kind == finding.kind]
        for each in same:
            kept.remove(each)
            finding = Finding(each.detector, each.kind, min(each.start, finding.start), max(each.end, finding.end), max(each.score, finding.score))
        kept += _beside(text, finding, [f for f in kept if _overlap(f, finding)])
    return sorted(kept, key=lambda f: (f.start, f.end))


def _overlap(one: Finding, other: Finding) -> bool:
    return one.start < other.end and other.start < one.end


def _beside(text: str, finding: Finding, taken: list[Finding]) -> list[Finding]:
    """What of the finding is beside those that are taken."""
    if not taken:
        return [finding]
    if finding.kind not in _DIVISIBLE:
        return []
    parts, at = [], finding.start
    for each in sorted(taken, key=lambda f: f.start):
        parts.append((at, each.start))
        at = max(at, each.end)
    parts.append((at, finding.end))
    result = []
    for start, end in parts:
        part = text[start:end]
        start, end = start + len(part) - len(part.lstrip(" \t\r\n,.;:")), start + len(part.rstrip(" \t\r\n,.;:"))
        if sum(map(str.isalpha, text[start:end])) > 1:
            result.append(Finding(finding.detector, finding.kind, start, end, finding.score))
    return result
