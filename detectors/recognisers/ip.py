"""IP addresses of both versions, and hardware addresses. Loopback, unspecified and netmasks are nobody's; versions only look like addresses."""

from __future__ import annotations

import re

from detectors.recognisers import context
from detectors.recognisers.context import Around
from detectors.recognisers.hits import Hit

KIND = "IP_ADDRESS"
HARDWARE = "MAC_ADDRESS"
# What stands beside one is looked at in ASCII: letters of scripts without spaces may stand at either end.
_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_SMALL = r"(?:[1-3]?[0-9])"
_FOUR = re.compile(  # group 1: as low as the numbers of versions
    rf"[0-9](?=[0-9]{{0,2}}\.[0-9]{{1,3}}\.)(?<![0-9A-Za-z_.][0-9])(?<![0-9][\-+][0-9])(?<=(?!0\.)[0-9])(?:(?<=(?!10\.)[0-9])(?:(?<=[1-3])[0-9]|)\.({_SMALL}\.{_SMALL}\.{_SMALL})(?![0-9])"
    rf"|(?<=(?!127\.|255\.)[0-9])(?:(?<=2)(?:5[0-5]|[0-4][0-9])|(?<=1)[0-9]{{2}}|(?<=[1-9])[0-9]|)\.{_OCTET}\.{_OCTET}\.{_OCTET})(?![0-9A-Za-z_]|\.[0-9]|-[0-9A-Za-z])"
)
TOLD = r"[0-9]\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]"  # necessary for version 4, in RE2 syntax
_SIX = re.compile(r"(?<![0-9A-Za-z_:.])(?:(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}|(?=[0-9A-Fa-f:]{0,30}::)(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4})(?![0-9A-Za-z_:])")
# With the rest of the run, as an address begins where a run does. Three colons, or a group that addresses begin with and two.
_COLONS = re.compile(r":(?:(?:[0-9A-Fa-f]{0,4}:){2}|(?<=(?:20|2[468aA]|[fF][cCdDeE])[0-9A-Fa-f]{2}:):)[0-9A-Fa-f:]*+")
_LEFT = re.compile(r"[0-9A-Fa-f]{1,4}")
_DIGIT = re.compile("[0-9]")
_HARDWARE = re.compile(r"(?<![0-9A-Za-z_:\-])[0-9A-Fa-f]{2}([:\-])[0-9A-Fa-f]{2}(?:\1[0-9A-Fa-f]{2}){4}(?![0-9A-Za-z_:]|-[0-9A-Za-z_])")


def four(text: str, start: int, around: Around, hits: list[Hit]) -> None:
    """Add the addresses of version 4 that start at or after `start`."""
    if text.count(".", start) >= 3:
        for match in _FOUR.finditer(text, start):
            at = match.start()
            if (match[1] and not around.says(at, context.ADDRESS)) or around.says(at, context.VERSION):
                continue
            hits.append((at, match.end(), KIND, 0.6 if match[1] else 0.8))


def six(text: str, start: int, hits: list[Hit]) -> None:
    """Add the addresses of version 6 that start at or after `start`: read from where colons stand near each other."""
    for anchor in _COLONS.finditer(text, start):
        at, end = anchor.span()
        if "::" in anchor[0] and not _DIGIT.search(text, max(start, at - 5), end):
            continue
        left = _LEFT.match(text[max(start, at - 5) : at][::-1])
        match = _SIX.match(text, at - (left.end() if left else 0))
        if match:
            _six(match, hits)


def hardware(text: str, start: int, hits: list[Hit]) -> None:
    """Add hardware addresses, six pairs of hexadecimal digits."""
    if text.count(":", start) >= 5 or text.count("-", start) >= 5:
        hits.extend((match.start(), match.end(), HARDWARE, 0.7) for match in _HARDWARE.finditer(text, start))


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
