"""Read the request's headers once: what goes on to the provider, what is ours, what carries a credential.

Law 1: only hop-by-hop headers, framing and the gate's own headers are taken out; everything else goes on as it came, in order and in
its own spelling. Law 8: values of credential headers live in `Read.credentials` until the request is sent, and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

_FORWARD, _DROP, _CREDENTIAL, _NOTE, _NOTE_AND_FORWARD, _OURS = 0, 1, 2, 3, 4, 5
_RULES: dict[bytes, int] = {
    # framing and hop-by-hop: RFC 9110 section 7.6.1; we frame anew
    b"host": _DROP,
    b"content-length": _DROP,
    b"transfer-encoding": _DROP,
    b"keep-alive": _DROP,
    b"proxy-authenticate": _DROP,
    b"proxy-authorization": _DROP,
    b"proxy-connection": _DROP,
    b"te": _DROP,
    b"trailer": _DROP,
    b"upgrade": _NOTE,
    b"connection": _NOTE,
    b"expect": _NOTE,
    # credentials of the three dialects, and Azure's
    b"authorization": _CREDENTIAL,
    b"x-api-key": _CREDENTIAL,
    b"x-goog-api-key": _CREDENTIAL,
    b"api-key": _CREDENTIAL,
    # read, then sent on or replaced by the sender
    b"accept-encoding": _NOTE,
    b"traceparent": _NOTE,
    b"content-type": _NOTE_AND_FORWARD,
    b"content-encoding": _NOTE_AND_FORWARD,
    b"anthropic-version": _NOTE_AND_FORWARD,
}
_OWN = b"x-tidegate-"
_TRACEPARENT = re.compile(rb"^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?$")
_SECRETIVE = re.compile(rb"cookie|auth|token|secret|session|credential|password|signature|(?<!idempotency-)key", re.IGNORECASE)  # names of what may be a credential somewhere
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f]")

REMEMBERED = 1024  # spellings of names whose rule is looked up instead of worked out; longer ones than 64 bytes never are
_spelled: dict[bytes, tuple[int, bytes]] = {}
_reply_spelled: dict[bytes, tuple[int, bytes]] = {}

# From a reply, what is about the connection or the origin, not about the message. Cookies and alternative services of a provider are
# not the caller's (FAILURES U21). What is noted, the relay needs to know.
_REPLY_RULES: dict[bytes, int] = {
    b"content-type": _NOTE_AND_FORWARD,
    b"content-encoding": _NOTE_AND_FORWARD,
    b"connection": _NOTE,
    b"content-length": _NOTE,
    b"transfer-encoding": _NOTE,
    b"keep-alive": _DROP,
    b"proxy-authenticate": _DROP,
    b"proxy-connection": _DROP,
    b"te": _DROP,
    b"trailer": _DROP,
    b"upgrade": _DROP,
    b"set-cookie": _DROP,
    b"set-cookie2": _DROP,
    b"alt-svc": _DROP,
    b"strict-transport-security": _DROP,
    b"public-key-pins": _DROP,
    b"x-tidegate-request-id": _DROP,
    b"x-tidegate-error-source": _DROP,
}


class Read:
    """The headers of one request, sorted; of several, if their heads differ in nothing but the length of the body. raw: (name, value) as received."""

    __slots__ = ("caller", "credentials", "forward", "leads", "notes", "own", "raw", "sent", "told")

    def __init__(self, raw: Sequence[tuple[bytes, bytes]]) -> None:
        self.raw = raw
        self.told: dict[str, Any] = {}  # what follows from them and their request line, once somebody has worked it out: this and the next two by gateway.proxy.intake,
        self.leads: Any = None
        self.sent: tuple[Any, ...] | None = None
        self.caller: tuple[Any, ...] | None = None  # by gateway.proxy.auth, with what else it hangs on
        self.forward: list[tuple[bytes, bytes]] = []
        self.credentials: list[tuple[bytes, bytes, bytes]] = []  # name as sent, name in lower case, value
        self.notes: dict[bytes, bytes] = {}
        self.own: dict[bytes, bytes] = {}
        forward, notes = self.forward, self.notes
        for pair in raw:
            rule, name = _spelled.get(pair[0]) or _rule_for(pair[0])
            if rule == _FORWARD:
                forward.append(pair)
            elif rule >= _NOTE:
                if rule == _OURS:
                    self.own[name] = pair[1]
                    continue
                notes[name] = pair[1] if name not in notes else b"%b, %b" % (notes[name], pair[1])  # of two lines neither hides the other
                if rule == _NOTE_AND_FORWARD:
                    forward.append(pair)
            elif rule == _CREDENTIAL:
                self.credentials.append((pair[0], name, pair[1]))
        listed = notes.get(b"connection")
        if listed and listed.lower() not in (b"keep-alive", b"close"):
            hop = {token.strip().lower() for token in listed.split(b",")}
            self.forward = [pair for pair in forward if pair[0].lower() not in hop]

    def harmless(self) -> list[tuple[bytes, bytes]]:
        """What goes on where several origins may be asked: nothing that any of them might take for a credential."""
        return [pair for pair in self.forward if not _SECRETIVE.search(pair[0])]

    def label(self, name: bytes, limit: int = 256) -> str:
        """One of the gate's own headers (name without its prefix) as clean text, cut at `limit` characters; "" if absent."""
        value = self.own.get(name)
        return clean(value, limit) if value else ""

    def tags(self) -> dict[str, str]:
        """x-tidegate-tags, "k=v,k=v": at most 32, an item without "=" has an empty value."""
        raw = self.own.get(b"tags")
        if not raw:
            return {}
        pairs = (item.partition("=") for item in clean(raw, 4096).split(",")[:32])
        return {key.strip()[:128]: value.strip()[:256] for key, _, value in pairs if key.strip()}

    def trace(self) -> tuple[str, str, str] | None:
        """W3C traceparent as (trace id, parent span id, flags); None if absent or malformed."""
        value = self.notes.get(b"traceparent")
        found = _TRACEPARENT.match(value) if value else None
        if not found or set(found[1]) == {48} or set(found[2]) == {48}:
            return None
        return found[1].decode(), found[2].decode(), found[3].decode()


def clean(value: bytes, limit: int) -> str:
    """Client-chosen text without control characters."""
    return _UNPRINTABLE.sub("", value.decode("utf-8", "replace"))[:limit]


def _rule_for(spelled: bytes) -> tuple[int, bytes]:
    """What becomes of a request's header: its rule, and its name in lower case, without our prefix if it is one of ours."""
    name = spelled.lower()
    rule = _RULES.get(name, _FORWARD)
    if name.startswith(_OWN):
        rule, name = _OURS, name[len(_OWN) :]
    return _remember(_spelled, spelled, (rule, name))


def _reply_rule_for(spelled: bytes) -> tuple[int, bytes]:
    """The same of a reply's."""
    name = spelled.lower()
    return _remember(_reply_spelled, spelled, (_REPLY_RULES.get(name, _FORWARD), name))


def _remember(known: dict[bytes, tuple[int, bytes]], spelled: bytes, what: tuple[int, bytes]) -> tuple[int, bytes]:
    if len(known) < REMEMBERED and len(spelled) <= 64:  # whoever invents names must not fill the memory
        known[spelled] = what
    return what


def reply_lines(headers: Iterable[tuple[bytes, bytes]]) -> tuple[list[bytes], dict[bytes, bytes]]:
    """A provider's headers as pieces of lines for the client, four a line, and those that the relay has to know, by lower-case name.

    llhttp has refused values with CR, LF or NUL already, so a value cannot begin a line of its own.
    """
    lines: list[bytes] = []
    known: dict[bytes, bytes] = {}
    for name, value in headers:
        rule, low = _reply_spelled.get(name) or _reply_rule_for(name)
        if rule == _FORWARD:
            lines += (name, b": ", value, b"\r\n")
        elif rule != _DROP:
            known[low] = value if low not in known else b"%b, %b" % (known[low], value)  # of two lines neither hides the other
            if rule == _NOTE_AND_FORWARD:
                lines += (name, b": ", value, b"\r\n")
    listed = known.get(b"connection")
    if listed and listed.lower() not in (b"keep-alive", b"close"):
        hop = {token.strip().lower() for token in listed.split(b",")}
        lines = [piece for at in range(0, len(lines), 4) if lines[at].lower() not in hop for piece in lines[at : at + 4]]
    return lines, known
