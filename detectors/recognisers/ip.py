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
_PRODUCT = re.compile(r"(?<![\w/.:@-])[A-Z][A-Za-z]{2,20}/\Z")  # Chrome/120.0.6099.71
TOLD = r"[0-9]\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]"  # necessary for version 4, in RE2 syntax
_SIX = re.compile(r"(?<![0-9A-Za-z_:.])(?:(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}|(?=[0-9A-Fa-f:]{0,30}::)(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4})(?![0-9A-Za-z_:])")
# With the rest of the run, as an address begins where a run does. Three colons, or a group that addresses begin with and two.
_COLONS = re.compile(r":(?:(?:[0-9A-Fa-f]{0,4}:){2}|(?<=(?:20|2[468aA]|[fF][cCdDeE])[0-9A-Fa-f]{2}:):)[0-9A-Fa-f:]*+")
_HEX = "0123456789ABCDEFabcdef"
_DIGIT = re.compile("[0-9]")
_FIRST = frozenset(("20", "26", "2a", "24", "28", "fe", "fc", "fd"))
_HARDWARE = re.compile(r"[0-9A-Fa-f](?=[0-9A-Fa-f][:\-])(?<![0-9A-Za-z_:\-].)[0-9A-Fa-f]([:\-])[0-9A-Fa-f]{2}(?:\1[0-9A-Fa-f]{2}){4}(?![0-9A-Za-z_:]|-[0-9A-Za-z_])")


def four(text: str, start: int, around: Around, hits: list[Hit]) -> None:
    """Add the addresses of version 4 that start at or after `start`."""
    if text.count(".", start) >= 3:
        for match in _FOUR.finditer(text, start):
            at = match.start()
            if (match[1] and not around.says(at, context.ADDRESS)) or around.says(at, context.VERSION) or (text[at - 1 : at] == "/" and _PRODUCT.search(text, max(0, at - 24), at)):
                continue
            hits.append((at, match.end(), KIND, 0.6 if match[1] else 0.8))


def six(text: str, start: int, hits: list[Hit]) -> None:
    """Add the addresses of version 6 that start at or after `start`: read from where colons stand near each other."""
    for anchor in _COLONS.finditer(text, start):
        at, end = anchor.span()
        head = text[at - 5 if at - start > 5 else start : at]
        left = len(head) - len(head.rstrip(_HEX))
        if left > 4 or ("::" in anchor[0] and not _DIGIT.search(text, at - left, end)):
            continue
        match = _SIX.match(text, at - left)
        if match and _address(match[0]):
            hits.append((at - left, match.end(), KIND, 0.8))


def hardware(text: str, start: int, hits: list[Hit]) -> None:
    """Add hardware addresses, six pairs of hexadecimal digits."""
    if text.count(":", start) >= 5 or text.count("-", start) >= 5:
        hits.extend((match.start(), match.end(), HARDWARE, 0.7) for match in _HARDWARE.finditer(text, start))


def _address(shown: str) -> bool:
    """Eight groups are an address; with `::` it takes three, or one that begins as addresses do, or it would be a C++ name."""
    if "::" not in shown:
        return True
    if len(shown) < 6 or ":::" in shown or shown.count("::") > 1 or (shown.count(":") == 7 and not shown.startswith("::") and not shown.endswith("::")):
        return False
    groups = shown.replace("::", ":").strip(":").split(":")
    few = len(groups) < 3 and not (len(groups[0]) == 4 and groups[0][:2].lower() in _FIRST)
    return not few and _DIGIT.search(shown) is not None
