"""Connections to one provider, kept alive: resolved, checked, opened, reused, thrown away.

A pool for each (provider, credential): two callers' exchanges never share a connection (FAILURES trap 2). Addresses are
resolved here and the address that was checked is the one connected to, so a name cannot change its mind in between: an address
that is not public is refused unless the provider's `allow_private` says otherwise.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path

from gateway.errors import RelayError
from gateway.exchange import Outcome
from gateway.proxy.upstream import Connection
from gateway.vitals import INDEX, Vitals

_REUSED = INDEX["upstream_reused"]
MAX_IDLE = 128  # of one credential
MAX_IDLE_ALL = 512  # of all together: whoever invents credentials must not fill the file table
RESOLVED_S = 30.0
UNRESOLVED_S = 5.0


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a provider is. base_path: "" or "/like/this"."""

    name: str
    secure: bool
    host: str
    port: int
    base_path: str
    allow_private: bool
    connect_s: float
    keepalive_s: float
    ca_file: Path | None

    @property
    def authority(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.secure else 80) else f"{host}:{self.port}"


class Pool:
    """All connections to one origin. key: the gate's own there, which its error replies are not to repeat; b"": there is none."""

    def __init__(self, origin: Origin, vitals: Vitals, key: bytes = b"") -> None:
        self.origin, self.key = origin, key
        self.host_line = f"Host: {origin.authority}\r\n".encode()
        self._vitals = vitals
        self._idle: dict[bytes, deque[Connection]] = {}
        self._idle_count = 0
        self._owners: dict[bytes, _Shelf] = {}
        self._tls = ssl.create_default_context(cafile=str(origin.ca_file) if origin.ca_file else None) if origin.secure else None
        self._addresses: list[str] = []
        self._resolved_until = 0.0
        self._unresolved: tuple[str, str, bool] | None = None  # code, message, retry
        self._resolving: asyncio.Future[None] | None = None

    def take(self, credential: bytes) -> Connection | None:
        """An idle connection of this credential, the freshest; None if there is none."""
        shelf = self._idle.get(credential)
        while shelf:
            connection = shelf.pop()
            self._idle_count -= 1
            if not shelf:
                del self._idle[credential]
            if connection.transport is not None and not connection.lost and not connection.transport.is_closing():
                self._vitals.cells[_REUSED] += 1
                return connection
        return None

    async def connect(self, credential: bytes) -> Connection:
        """A new connection. Raises RelayError: provider_dns, provider_address, provider_connect, provider_tls, provider_timeout."""
        origin = self.origin
        owner = self._owners.get(credential)
        if owner is None:
            owner = self._owners[credential] = _Shelf(self, credential)
        owner.users += 1
        try:
            async with asyncio.timeout(origin.connect_s):
                addresses = await self._resolve()
                connection = await self._open(addresses, owner)
        except TimeoutError as e:
            raise _unreachable(
                504, "provider_timeout", f'"{origin.name}" did not accept a connection within {origin.connect_s:g} s (timeouts.connect_s)', Outcome.PROVIDER_TIMEOUT
            ) from e
        finally:
            owner.users -= 1
            self._tidy(owner)
        self._vitals.add("upstream_opened")
        return connection

    async def _open(self, addresses: list[str], owner: _Shelf) -> Connection:
        origin, problem = self.origin, None
        loop = asyncio.get_running_loop()
        for left, address in zip(range(len(addresses), 0, -1), addresses, strict=True):
            try:
                async with asyncio.timeout(origin.connect_s / left if left > 1 else None):  # one dead address must not eat the others' time
                    _, connection = await loop.create_connection(
                        lambda: Connection(owner), address, origin.port, ssl=self._tls, server_hostname=origin.host if self._tls else None
                    )
            except ssl.SSLError as e:  # before OSError: it is one
                raise _unreachable(502, "provider_tls", f'TLS with "{origin.name}" failed: {_tls_reason(e, origin.name)}', Outcome.PROVIDER_UNREACHABLE, retry=False) from e
            except OSError as e:  # TimeoutError too
                problem = e
            else:
                self._addresses = [address, *(other for other in addresses if other != address)]  # the one that answers comes first
                return connection
        what = problem.strerror if problem and problem.strerror else "no address"
        raise _unreachable(502, "provider_connect", f'"{origin.name}" could not be reached: {what}', Outcome.PROVIDER_UNREACHABLE) from problem

    # ------------------------------------------------------------------ addresses

    async def _resolve(self) -> list[str]:
        if time.monotonic() >= self._resolved_until:
            if self._resolving is None:  # many callers, one question
                self._resolving = asyncio.ensure_future(self._ask())
                self._resolving.add_done_callback(self._asked)
            await asyncio.shield(self._resolving)
        if self._unresolved is not None:
            code, message, retry = self._unresolved
            raise _unreachable(502, code, message, Outcome.PROVIDER_UNREACHABLE, retry=retry)
        return self._addresses

    def _asked(self, asking: asyncio.Future[None]) -> None:
        self._resolving = None
        if not asking.cancelled():
            asking.exception()

    async def _ask(self) -> None:
        origin = self.origin
        try:
            found = await asyncio.get_running_loop().getaddrinfo(origin.host, origin.port, type=socket.SOCK_STREAM)
        except OSError:
            self._unresolved = ("provider_dns", f'the name of "{origin.name}" does not resolve', True)
            self._resolved_until = time.monotonic() + UNRESOLVED_S
            return
        addresses = list(dict.fromkeys(str(info[4][0]) for info in found))
        if not origin.allow_private and not all(public(address) for address in addresses):
            message = f'"{origin.name}" resolves to an address that is not public; if that is meant, set providers.{origin.name}.allow_private'
            self._unresolved = ("provider_address", message, False)
            self._resolved_until = time.monotonic() + UNRESOLVED_S
            return
        self._addresses, self._unresolved = addresses, None
        self._resolved_until = time.monotonic() + RESOLVED_S

    # ------------------------------------------------------------------ upkeep

    @property
    def idle(self) -> int:
        """How many connections nobody uses at the moment."""
        return self._idle_count

    def sweep(self) -> None:
        """Close what has been idle for too long."""
        oldest = time.monotonic() - self.origin.keepalive_s
        for credential, shelf in list(self._idle.items()):
            while shelf and shelf[0].idle_since < oldest:
                stale = self._pop_oldest(credential)
                if stale.transport is not None:
                    stale.transport.close()

    def close(self) -> None:
        for shelf in self._idle.values():
            for connection in shelf:
                if connection.transport is not None:
                    connection.transport.close()
        self._idle.clear()
        self._idle_count = 0

    def put(self, connection: Connection, credential: bytes) -> None:
        connection.idle_since = time.monotonic()
        shelf = self._idle.get(credential)
        if shelf is None:
            shelf = self._idle[credential] = deque()
        if len(shelf) >= MAX_IDLE and connection.transport is not None:
            connection.transport.close()
            return
        shelf.append(connection)
        self._idle_count += 1
        if self._idle_count > MAX_IDLE_ALL:
            oldest = self._pop_oldest(next(iter(self._idle)))
            if oldest.transport is not None:
                oldest.transport.close()

    def _pop_oldest(self, credential: bytes) -> Connection:
        """The connection of a credential that has been idle for longest, no longer idle."""
        shelf = self._idle[credential]
        self._idle_count -= 1
        oldest = shelf.popleft()
        if not shelf:
            del self._idle[credential]
        return oldest

    def drop(self, connection: Connection, owner: _Shelf) -> None:
        owner.open -= 1
        shelf = self._idle.get(owner.credential)
        if shelf and connection in shelf:
            shelf.remove(connection)
            self._idle_count -= 1
            if not shelf:
                del self._idle[owner.credential]
        self._tidy(owner)

    def _tidy(self, owner: _Shelf) -> None:
        """Forget a credential that nothing uses."""
        if owner.open <= 0 and owner.users <= 0:
            self._owners.pop(owner.credential, None)

    def count_poisoned(self) -> None:
        self._vitals.add("upstream_poisoned")


class _Shelf:
    """The connections of one credential, as their owner."""

    __slots__ = ("credential", "open", "pool", "users")

    def __init__(self, pool: Pool, credential: bytes) -> None:
        self.pool, self.credential = pool, credential
        self.open = 0  # connections
        self.users = 0  # callers that are opening one

    @property
    def key(self) -> bytes:
        return self.pool.key

    def made(self) -> None:
        self.open += 1  # as early as it may be lost again, which who asked for it need not live to see

    def release(self, connection: Connection) -> None:
        self.pool.put(connection, self.credential)

    def forget(self, connection: Connection) -> None:
        self.pool.drop(connection, self)

    def poisoned(self, connection: Connection) -> None:
        self.pool.count_poisoned()


def public(address: str) -> bool:
    """Whether an IP address is one that anybody on the internet may have; addresses inside others (mapped, 6to4, NAT64) count as those."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if inner is None and ip in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return public(str(inner))
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def _tls_reason(e: ssl.SSLError, name: str) -> str:
    """In words, with the setting that the two usual ones come from."""
    refused: str = getattr(e, "verify_message", "")
    if "self-signed" in refused or "local issuer" in refused:
        return f"{refused} (providers.{name}.ca_file says whom to trust)"
    if e.reason == "WRONG_VERSION_NUMBER":
        return "what listens there speaks no TLS, and base_url says https"
    return refused or e.reason or "handshake failed"


def _unreachable(status: int, code: str, message: str, outcome: Outcome, *, retry: bool = True) -> RelayError:
    return RelayError(status, code, message, outcome, source="provider", retry=retry)
