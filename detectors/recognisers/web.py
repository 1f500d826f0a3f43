"""Web addresses: with a scheme, with `www.`, or a bare domain under a suffix that is not also the end of a file or an attribute.

Hosts without a dot, loopback hosts and the names reserved for examples on one's own machine (RFC 6761 `localhost`, `.local`) are not anybody's.
"""

from __future__ import annotations

import re

from detectors.recognisers.hits import Hit
from detectors.recognisers.small import lower

KIND = "URL"
MAX = 1000  # code points of a web address that are read
_HOST = r"[^\W_][\w\-]{0,62}+(?:\.[^\W_][\w\-]{0,62}+){1,8}"
# Of small letters, from what the scheme ends with: that is looked for in C.
_PATH = r"(?::[0-9]{1,5})?(?:[/?#][^\s<>\"'`{}|\\^\[\]]{0,800})?"
_SCHEME = re.compile(rf"://(?:(?<=(http)://)|(?<=(https)://)|(?<=(ftp)://))(?:[\w.%+\-]{{1,64}}+(?::[^\s@/]{{0,64}}+)?@)?({_HOST}){_PATH}")
_WWW = re.compile(rf"www\.(?<![\w.@/\-]....){_HOST}{_PATH}")
_SUFFIXES = "(?:com|co|org|net|ac|gov|edu)\\.(?:uk|au|nz|za|in|jp|kr|br|mx|ar|sg|my|ph|th|hk|tw|il|ke|ng|pk|vn|pe|uy)|com|org|net|edu|gov|mil|de|fr|es|nl|se|eu|ch|jp|br|dk|pl|cz|fi|ru|biz|shop|online|xyz"
_LABEL = r"(?:(?<=[a-zA-Z0-9\-][a-zA-Z]\.)|(?<=[a-zA-Z][0-9\-]\.)|(?<=[a-zA-Z0-9\-]{3}\.))"  # two characters at least, and no number of two
_BARE = re.compile(rf"\.{_LABEL}(?:{_SUFFIXES})(?![\w@(=\[]|[.\-][\w(])(?:/[^\s<>\"'`{{}}|\\^\[\]()]{{0,{MAX - 300}}})?")
# The name before such a suffix, read from right to left: five labels at most, a letter in the last of them, nothing that it would be a part of.
_NAME = re.compile(r"(?=[0-9\-]*[A-Za-z])[A-Za-z0-9\-]{2,63}+(?<!-)(?:\.[A-Za-z0-9\-]{1,63}+(?<!-)){0,4}+(?![\w\-@./$\\%&#=])")
_NAME_MAX = 100
_PACKAGE = frozenset("com org net io edu gov java javax self this".split())  # noqa: SIM905
_INSIDE = re.compile(r"[\w\-@./$\\%&#=]")
_CLOSING = ".,;:!?)'\"*_"


def sites(text: str, start: int, hits: list[Hit]) -> None:
    """Add those that start at or after `start`."""
    low = ""
    if text.find("://", start) >= 0:
        low = lower(text)
        for match in _SCHEME.finditer(low, start):
            begin = match.start() - len(match[1] or match[2] or match[3])
            if not _own(match[4]) and not (begin and low[begin - 1].isascii() and low[begin - 1].isalnum()):
                _add(text, begin, match.end(), 0.8, hits)
    if text.find("www.", start) >= 0 or text.find("WWW.", start) >= 0 or text.find("Www.", start) >= 0:
        for match in _WWW.finditer(low or lower(text), start):
            _add(text, match.start(), match.end(), 0.7, hits)
    backwards, size = "", len(text)
    for match in _BARE.finditer(text, start):
        at, end = match.span()
        backwards = backwards or text[::-1]
        first = at - _NAME_MAX if at - start > _NAME_MAX else start
        name = _NAME.match(backwards, size - at, size - first)
        if name is None:
            continue
        begin = size - name.end()
        if begin == first and begin and _INSIDE.match(text, begin - 1):
            continue
        host = text[begin:at]
        if host.partition(".")[0].lower() in _PACKAGE or not (host.islower() or text.startswith((".com", ".org", ".edu", ".gov"), at)):
            continue
        _add(text, begin, end, 0.5, hits)


def _add(text: str, start: int, end: int, score: float, hits: list[Hit]) -> None:
    """Without the punctuation of the sentence around it."""
    while text[end - 1] in _CLOSING and end > start and not (text[end - 1] == ")" and "(" in text[start:end]):
        end -= 1
    hits.append((start, end, KIND, score))


def _own(host: str) -> bool:
    host = host.lower()
    return host.startswith(("127.", "0.0."))
