"""IP addresses of both versions, and hardware addresses. Loopback, unspecified and netmasks are nobody's; versions only look like addresses."""

from __future__ import annotations

import re

from detectors.recognisers import context
from detectors.recognisers.hits import Hit

KIND = "IP_ADDRESS"
HARDWARE = "MAC_ADDRESS"
_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_FOUR = re.compile(rf"(?<![\w.])(?<![0-9][\-+]){_OCTET}\.{_OCTET}\.{_OCTET}\.{_OCTET}(?![\w]|\.[0-9]|-[0-9A-Za-z])")
_SIX = re.compile(r"(?<![\w:.])(?:(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}|(?=[0-9A-Fa-f:]{0,30}::)(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4})(?![\w:])")
_COLONS = re.compile(r":[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:]++")  # with the rest of the run: an address begins where a run does
_LEFT = re.compile(r"[0-9A-Fa-f]{1,4}")
_HARDWARE = re.compile(r"(?<![\w:\-])[0-9A-Fa-f]{2}([:\-])[0-9A-Fa-f]{2}(?:\1[0-9A-Fa-f]{2}){4}(?![\w:]|-\w)")


def four(text: str, start: int, end: int, hits: list[Hit]) -> None:
    """Add the addresses of version 4 within the island text[start:end]."""
    if text.count(".", start, end) >= 3:
        for match in _FOUR.finditer(text, start, min(len(text), end + 3)):
            _four(text, match, hits)


def six(text: str, start: int, hits: list[Hit]) -> None:
    """Add the addresses of version 6 that start at or after `start`: read from where two colons stand near each other."""
    for anchor in _COLONS.finditer(text, start):
        left = _LEFT.match(text[max(start, anchor.start() - 5) : anchor.start()][::-1])
        match = _SIX.match(text, anchor.start() - (left.end() if left else 0))
        if match:
            _six(match, hits)


def hardware(text: str, start: int, hits: list[Hit]) -> None:
    """Add hardware addresses, six pairs of hexadecimal digits."""
    if text.count(":", start) >= 5 or text.count("-", start) >= 5:
        hits.extend((match.start(), match.end(), HARDWARE, 0.7) for match in _HARDWARE.finditer(text, start))


def _four(text: str, match: re.Match[str], hits: list[Hit]) -> None:
    shown = match[0]
    if shown.startswith(("127.", "0.", "255.")):
        return
    octets = shown.split(".")
    low = len(shown) < 12 and octets[0] != "10" and all(int(octet) < 40 for octet in octets)
    words = context.words(text, match.start())
    if not context.VERSION.isdisjoint(words) or (low and context.ADDRESS.isdisjoint(words)):
        return
    hits.append((match.start(), match.end(), KIND, 0.6 if low else 0.8))


def _six(match: re.Match[str], hits: list[Hit]) -> None:
    """Eight groups are an address; with `::` it takes three, or one that begins as addresses do, or it would be a C++ name."""
    shown = match[0]
    if len(shown) < 6:
        return
    groups = [group for group in shown.split(":") if group]
    if "::" in shown:
        if shown.count("::") > 1 or ":::" in shown or len(groups) > 7 or (shown.count(":") == 7 and not shown.startswith("::") and not shown.endswith("::")):
            return
        head = groups[0].lower() if groups else ""
        digits = any(map(str.isdigit, shown))
        if not digits or (len(groups) < 3 and not (len(head) == 4 and head[:2] in ("20", "26", "2a", "24", "28", "fe", "fc", "fd"))):
            return
    hits.append((match.start(), match.end(), KIND, 0.8))
