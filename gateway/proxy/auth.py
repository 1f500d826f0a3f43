"""Who is calling, and which credentials the provider sees.

A provider whose key the gate holds is open to gateway keys only. Any other provider gets the caller's own credentials untouched. A
gateway key (prefix "tg-", in x-tidegate-key or in the dialect's own place for keys) is never sent on. A wrong key, a revoked one and
one that never was get the same answer.
"""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import parse_qsl, unquote_plus

from gateway.errors import RelayError
from gateway.exchange import Outcome
from gateway.keys import PREFIX, Identity, KeyRing
from gateway.proxy.headers import Read
from gateway.proxy.route import Provider


class Caller(NamedTuple):
    """identity None: no gateway key was shown. credentials: header lines for the provider. affinity: keeps connections of callers apart."""

    identity: Identity | None
    credentials: tuple[tuple[bytes, bytes], ...]
    affinity: bytes
    query: str


def identify(read: Read, provider: Provider, query: str, keys: KeyRing) -> Caller:
    """Raises RelayError (401 or 403)."""
    dialect = provider.dialect
    shown = read.label(b"key", 512)
    credentials = []
    for name, low, value in read.credentials:
        inner = dialect.shown_key(low, value) if low in dialect.credential_headers else ""
        if inner.startswith(PREFIX):
            shown = shown or inner
        else:
            credentials.append((name, value))
    if dialect.key_query and query and dialect.key_query in query:
        query, inner = _without_gateway_key(query, dialect.key_query, drop_all=provider.key is not None)
        shown = shown or inner
    identity = None
    if shown:
        identity = keys.find(shown)
        if identity is None:
            raise _unauthorized(401, "invalid_key", "this gateway key is not known here")
        if identity.providers and provider.name not in identity.providers:
            raise _unauthorized(403, "provider_not_allowed", f'this gateway key has no right to "{provider.name}"')
    if provider.key is None:
        affinity = b"\n".join(value for _, value in credentials) or query.encode()
        return Caller(identity, tuple(credentials), affinity, query)
    if identity is None:
        raise _unauthorized(401, "key_required", f'"{provider.name}" needs a gateway key: in the header x-tidegate-key, or in place of the provider\'s own key')
    own = frozenset(dialect.credential_headers)
    kept = [(name, value) for name, value in credentials if name.lower() not in own]
    return Caller(identity, (*kept, dialect.authorise(provider.key)), b"", query)


def _without_gateway_key(query: str, parameter: str, *, drop_all: bool) -> tuple[str, str]:
    """The query without gateway keys (or without any key, where the gate has its own), and the gateway key that was in it."""
    found, kept = "", []
    for item in query.split("&"):
        name = item.partition("=")[0]
        if unquote_plus(name) == parameter:
            plain = dict(parse_qsl(item)).get(parameter, "")
            if plain.startswith(PREFIX):
                found = found or plain
                continue
            if drop_all:
                continue
        kept.append(item)
    return "&".join(kept), found


def _unauthorized(status: int, code: str, message: str) -> RelayError:
    return RelayError(status, code, message, Outcome.CALLER_UNAUTHORIZED, source="caller")
