"""Who is calling, and which credentials the provider sees.

A provider whose key the gate holds is open to gateway keys only. Any other provider gets the caller's own credentials untouched. A
gateway key (prefix "tg-", in x-tidegate-key or in the dialect's own place for keys) is never sent on. A wrong key, a revoked one and
one that never was get the same answer.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote_plus

from gateway.dialects.base import Dialect
from gateway.errors import RelayError
from gateway.exchange import Outcome
from gateway.keys import PREFIX, Identity, KeyRing
from gateway.proxy.headers import Read
from gateway.proxy.route import Provider

PREFIX_BYTES = PREFIX.encode()
_KEYLIKE = re.compile(r"key$|secret|signature|^sig$|access.?token", re.IGNORECASE)  # a parameter's name, at one provider or another


class Caller(NamedTuple):
    """identity None: no gateway key was shown. credentials: header lines for the provider. affinity: keeps connections of callers apart."""

    identity: Identity | None
    credentials: tuple[tuple[bytes, bytes], ...]
    affinity: bytes
    query: str


def identify(read: Read, provider: Provider, query: str, keys: KeyRing, *, apart: bool = False) -> Caller:
    """apart: others at other origins may be asked the same, so no credential but the gate's own goes on. Raises RelayError (401 or 403)."""
    if query or apart:
        return _identify(read, provider, query, keys, apart)
    known = read.caller
    if known is not None and known[0] is provider and known[1] == keys.version:
        caller: Caller = known[2]
    else:
        caller = _identify(read, provider, query, keys, apart)
        read.caller = (provider, keys.version, caller)
    return caller


def _identify(read: Read, provider: Provider, query: str, keys: KeyRing, apart: bool) -> Caller:
    dialect = provider.dialect
    shown = read.label(b"key", 512) if read.own else ""
    credentials = []
    for name, _, value in read.credentials:
        if PREFIX_BYTES in value and (inner := _gateway_key(value)):
            shown = shown or inner
        else:
            credentials.append((name, value))
    if query:
        query, inner = _without_gateway_key(query, dialect.key_query if provider.key is not None else "")
        shown = shown or inner
    identity = None
    if shown:
        identity = keys.find(shown)
        if identity is None:
            raise _unauthorized(401, "invalid_key", "this gateway key is not known here", keys.revoked(shown))
        if identity.providers and provider.name not in identity.providers:
            raise _unauthorized(403, "provider_not_allowed", f'this gateway key has no right to "{provider.name}"', identity.labels())
    if provider.key is None:
        affinity = credentials[0][1] if len(credentials) == 1 else b"\n".join(value for _, value in credentials)
        return Caller(identity, tuple(credentials), affinity or query.encode(), query)
    if identity is None:
        raise _unauthorized(401, "key_required", f'"{provider.name}" needs a gateway key: in the header x-tidegate-key, or in place of the provider\'s own key')
    if apart and query:
        query = "&".join(item for item in query.split("&") if not _KEYLIKE.search(unquote_plus(item.partition("=")[0])))
    if not credentials or apart:
        return Caller(identity, (_held(dialect, provider.key),), b"", query)
    kept = [(name, value) for name, value in credentials if name.lower() not in dialect.credential_headers]
    return Caller(identity, (*kept, _held(dialect, provider.key)), b"", query)


def keyless(status: int, provider: Provider, caller: Caller) -> RelayError | None:
    """The answer in place of a provider's refusal, where all that the caller showed was a gateway key, and the gate holds no key for that provider: what it says itself is of a key
    that nobody sent. None: that is not so. Asked is it all the same, for a provider of one's own may need no key."""
    if provider.key is not None or caller.identity is None or caller.credentials or not (status == 401 or (status == 403 and provider.dialect.key_query)):  # Gemini says 403
        return None
    if provider.dialect.key_query and any(unquote_plus(item.partition("=")[0]) == provider.dialect.key_query for item in caller.query.split("&")):
        return None
    message = (
        f'"{provider.name}" refused the request ({status}): it came with a gateway key and without a key of the provider\'s own, and the gate holds none; '
        f"set providers.{provider.name}.key, or send the provider's key in its usual place and the gateway key in x-tidegate-key"
    )
    return _unauthorized(401, "provider_key_missing", message)


@lru_cache(maxsize=256)
def _held(dialect: Dialect, key: str) -> tuple[bytes, bytes]:
    """The header line of a key that the gate holds: of a provider, so there are as many as there are of those."""
    return dialect.authorise(key)


def _gateway_key(value: bytes) -> str:
    """A gateway key in a credential header, with or without a scheme before it, whichever dialect's header it is; "" if there is none."""
    last = value.decode("latin-1").split()[-1]
    return last if last.startswith(PREFIX) else ""


def without_key(query: str, held: str) -> str:
    """The query without gateway keys, and without the parameter `held` ("": none)."""
    return _without_gateway_key(query, held)[0]


def _without_gateway_key(query: str, held: str) -> tuple[str, str]:
    """The query without gateway keys, and the first that was in it. held: a parameter that is dropped whatever it has: the gate has its own key."""
    found, kept = "", []
    for item in query.split("&"):
        name, _, value = item.partition("=")
        plain = unquote_plus(value)
        if plain.startswith(PREFIX):
            found = found or plain
        elif not held or unquote_plus(name) != held:
            kept.append(item)
    return "&".join(kept), found


def _unauthorized(status: int, code: str, message: str, labels: dict[str, str] | None = None) -> RelayError:
    error = RelayError(status, code, message, Outcome.CALLER_UNAUTHORIZED, source="caller")
    error.labels = labels
    return error
