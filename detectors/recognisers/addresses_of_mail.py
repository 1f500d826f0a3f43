"""E-mail addresses, found from their @: a domain of labels right of it, then what may stand left of it.

RFC 5321 lengths (64 for the local part); the characters are those that mailboxes have in practice, letters of any script among them.
Scripts that write no spaces (opening.SPACELESS) put the next word right beside an address: there they are a label of a domain by themselves, or one of
few top-level domains, and no part of what stands left of the @. In other scripts a word that was run on to a common ending is left out.
`git@host:path` is how code is fetched, and what stands between `://` and @ is a login: neither is a mailbox.
"""

from __future__ import annotations

import re

from detectors.opening import SPACELESS
from detectors.recognisers.hits import Hit

KIND = "EMAIL_ADDRESS"
_LOCAL_MAX = 64
_WORD = rf"[^\W{SPACELESS}]"
_LETTER = rf"[^\W\d_{SPACELESS}]"
_UNSPACED = rf"(?:(?=[{SPACELESS}])\w)"
_LABEL = rf"(?:[^\W_{SPACELESS}](?:{_WORD}|-){{0,62}}|{_UNSPACED}{{1,20}})"
_ENDINGS = "com|org|net|edu|gov|info|io|de|fr|es|it|nl|eu|uk|us|ru|ua|kz|by|gr|il|in|ir|tr|ae|sa|eg"  # that words are seen run on to
_FOREIGN = (  # not as the beginning of a sentence after a full stop, which is read as a dot: example.com\u3002\u516c\u53f8
    r"(?<!\.[A-Za-z]{2}\.)(?<!\.[A-Za-z]{3}\.)(?:\u4e2d\u56fd|\u4e2d\u570b|\u516c\u53f8|\u7f51\u7edc|\u7db2\u7d61|\u9999\u6e2f|\u53f0\u6e7e|\u53f0\u7063|\u6fb3\u9580|\u7f51\u5740|\u5728\u7ebf"
    r"|\u4e2d\u6587\u7f51|\u5546\u57ce|\u96c6\u56e2|\u653f\u52a1|\u516c\u76ca|\u4f01\u4e1a|\u307f\u3093\u306a|\u30b3\u30e0|\ud55c\uad6d|\ub2f7\ucef4|\ub2f7\ub137|\u0e44\u0e17\u0e22)"
)
# Both from an @ with something before it; the second is the first for texts in ASCII, of classes that are quickly looked up.
_AT = re.compile(
    rf"@(?<=[\w.%+'\-]@)(?:{_LABEL}\.){{1,8}}(?:(?:{_ENDINGS})(?=[A-Za-z]{{0,24}}(?![\x00-\x7f]){_LETTER})|(?:{_LETTER}{{2,24}}|xn--[a-z0-9\-]{{2,30}})(?!{_WORD}|@|-{_WORD})|{_FOREIGN})"
)
_AT_ASCII = re.compile(r"@(?<=[\w.%+'\-]@)(?:[A-Za-z0-9][\w\-]{0,62}+\.){1,8}(?:[A-Za-z]{2,24}|xn--[a-z0-9\-]{2,30})(?![\w@]|-\w)", re.ASCII)
OPEN_REACH = 640  # of what follows
OPEN = re.compile(rf"(?:(?<={_WORD})|(?<=[.%+'\-]))@(?:{_LABEL}\.){{0,8}}(?:{_LABEL})?\Z")  # what may become one though a token ends in it
_LOCAL_ASCII = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.%+'-"
_LOCAL = re.compile(rf"(?:{_WORD}|[.%+'\-]){{1,64}}")  # read from right to left


def mails(text: str, start: int, hits: list[Hit]) -> None:
    """Add those that start at or after `start`; one that begins before it starts there."""
    narrow = text.isascii()
    for match in (_AT_ASCII if narrow else _AT).finditer(text, start):
        at, end = match.span()
        head = text[at - _LOCAL_MAX if at > _LOCAL_MAX else 0 : at]
        left = head.rstrip(_LOCAL_ASCII)
        if not narrow and left and not left[-1].isascii() and (wide := _LOCAL.match(head[::-1])):
            left = head[: -wide.end()]
        local = head[len(left) :].lstrip(".'-")
        begin = at - len(local)
        if not local or (local == "git" and text.startswith(":", end)):
            continue
        sign = text[begin - 1 : begin]
        if (sign == "/" and text.startswith("//", begin - 2)) or (sign == ":" and text.rfind("://", max(0, begin - _LOCAL_MAX), begin) >= 0):
            continue
        hits.append((max(begin, start), end, KIND, 0.9))
