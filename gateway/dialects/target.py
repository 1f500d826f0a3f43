"""What a request asks for, as text: the segments of its path and the values of its query, decoded.

Credentials of the provider's own are no text here, as they are none in headers (proxy/auth.py takes them out or sends them on); they are
known by the parameter's name, and have no blank or @ and more than digits. What has the shape of a word, an id or a model, where one is expected, is no text either. Pure; the rewritten target is
percent-encoded where it was edited, and has the same bytes everywhere else.
"""

from __future__ import annotations

import re
from functools import partial
from urllib.parse import quote, unquote

from gateway.dialects.fields import is_plain
from gateway.dialects.leaves import Walked
from gateway.dialects.protocol_words import is_word
from gateway.dialects.shapes import is_id, is_model
from gateway.dialects.text_body import Composite, Encoded, Part, unquoted
from gateway.dialects.texts import escaped

_in_path = partial(quote, safe=":@!$&'()*+,;=")
_ANY = frozenset(("api-key", "subscription-key", "code"))  # of whatever stands before a provider
CREDENTIALS = {  # by dialect: the parameters that may carry one; a provider whose API is not known may use any of the usual ones
    "openai": _ANY,
    "anthropic": _ANY,
    "gemini": _ANY | frozenset(("key", "access_token")),
    "opaque": _ANY | frozenset(("key", "api_key", "apikey", "apiKey", "access_token", "token", "sig", "signature")),
}
_SIGNED = re.compile(r"x-(?:amz|goog)-(?:credential|security-token|signature|api-key)", re.IGNORECASE).fullmatch  # of a signed address
_CREDENTIAL = re.compile(r"(?=.*[A-Za-z])[\w.~+/=:%-]+", re.ASCII).fullmatch
_NUMBER = re.compile(r"[0-9]{1,20}(?::[A-Za-z]{1,40})?").fullmatch  # and what is to be done with it
_NUMBERED = frozenset(("endpoints", "projects"))  # the number after it is an id
_DECLARED = frozenset(
    """alt beta api-version limit order after before after_id before_id starting_after pageSize page_size pageToken page_token include include[] stream purpose
    prettyPrint fields mask updateMask update_mask uploadType upload_id model status""".split()  # noqa: SIM905  as in dialects.fields
)


def walk_target(dialect: str, path: str, query: str) -> Walked:
    """path, query: as sent; ASCII. Pointers are `path/2` and `?name`. The bytes that a rewrite gives are split again by `parted`."""
    data = f"{path}?{query}".encode()
    parts: list[Part] = []
    at = 0
    last = ""
    for number, segment in enumerate(path.split("/")):
        text, owner = unquote(segment), last
        last = text
        numbered = owner in _NUMBERED and _NUMBER(text) is not None
        if text and not (numbered or is_word(text) or is_id(text) or is_model(text)):
            parts.append(Part(at, at + len(segment), Encoded(segment.encode(), text, f"path/{number}", "", _in_path)))
        at += len(segment) + 1
    credentials = CREDENTIALS.get(dialect, _ANY)
    for pair in query.split("&") if query else ():
        name, _, value = pair.partition("=")
        label = unquoted(name.encode())
        pointer = f"?{escaped(label)}"
        if label and label not in _DECLARED and not is_plain(label):
            parts.append(Part(at, at + len(name), Encoded(name.encode(), label, f"{pointer}~", "")))
        text = unquoted(value.encode())
        credential = (label in credentials or _SIGNED(label) is not None) and _CREDENTIAL(text) is not None
        if text and not credential and not (label in _DECLARED and _is_declared(text)):
            start = at + len(name) + 1
            parts.append(Part(start, at + len(pair), Encoded(value.encode(), text, pointer, f"{label}: " if label and label not in _DECLARED else "")))
        at += len(pair) + 1
    return Composite(data, parts)


def parted(target: bytes) -> tuple[str, str]:
    """Path and query of a rewritten target."""
    path, _, query = target.decode().partition("?")
    return path, query


def _is_declared(text: str) -> bool:
    return (text.isdigit() and len(text) <= 6) or is_word(text) or is_id(text)
