"""E-mail addresses, found from their @: a domain of labels right of it, then what may stand left of it.

RFC 5321 lengths (64 for the local part); the characters are those that mailboxes have in practice, letters of any script among them.
`git@host:path` is how code is fetched, and what stands between `://` and @ is a login: neither is a mailbox.
"""

from __future__ import annotations

import re

from detectors.recognisers.hits import Hit

KIND = "EMAIL_ADDRESS"
_LOCAL_MAX = 64
_AT = re.compile(r"@(?:[^\W_][\w\-]{0,62}\.){1,8}(?:[^\W\d_]{2,24}|xn--[a-z0-9\-]{2,30})(?![\w@]|-\w)")
_LOCAL_ASCII = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.%+'-"
_LOCAL = re.compile(r"[\w.%+'\-]{1,64}")  # read from right to left


def mails(text: str, start: int, hits: list[Hit]) -> None:
    """Add those that start at or after `start`; one that begins before it starts there."""
    for match in _AT.finditer(text, start):
        at = match.start()
        head = text[max(0, at - _LOCAL_MAX) : at]
        left = head.rstrip(_LOCAL_ASCII)
        if left and not left[-1].isascii() and (wide := _LOCAL.match(head[::-1])):
            left = head[: -wide.end()]
        local = head[len(left) :].lstrip(".'-")
        begin, end = at - len(local), match.end()
        if not local or (local == "git" and text.startswith(":", end)) or text.startswith("//", begin - 2):
            continue
        if text.startswith(":", begin - 1) and text.rfind("://", max(0, begin - _LOCAL_MAX), begin) >= 0:
            continue
        hits.append((max(begin, start), end, KIND, 0.9))
