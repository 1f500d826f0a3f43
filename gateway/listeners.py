"""The addresses that a gate answers at, bound by the supervisor: the proxy port's sockets, the right to the address, and whether an address can be had."""

from __future__ import annotations

import socket

from gateway.config import Listener
from gateway.errors import StartError


def listen(host: str, port: int) -> socket.socket:
    """A listening socket that shares its address with those of sibling workers. port 0: any free one. Raises OSError, UnicodeError."""
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    listener = socket.socket(family, kind, protocol)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)  # each connection inherits it
    listener.bind(address)
    if port == 0:  # one bound to a port by its number keeps it when it is shut and opened again
        named = listen(host, listener.getsockname()[1])
        listener.close()
        return named
    listener.listen(4096)
    return listener


def claim(address: Listener) -> socket.socket:
    """The right to an address, for as long as the socket is open. Raises StartError.

    SO_REUSEPORT lets two gates of one user listen on the same address, each getting some of the requests: nobody means that. A name among the
    kernel's abstract sockets is gone with its supervisor, whose workers may still be draining on the address when the next one starts.
    """
    claimed = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        claimed.bind(f"\0tidegate-listen-{address.host}:{address.port}")
    except OSError as e:
        claimed.close()
        raise StartError(f"{address.host}:{address.port}: another running gate listens there (server.listen)") from e
    return claimed


def probe(address: Listener, setting: str) -> None:
    """Raises StartError if somebody listens there, or if there is no such place: said now, not by a child that starts again and again."""
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        with socket.socket(family, kind, protocol) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(where)
    except (OSError, UnicodeError) as e:  # UnicodeError: a name that cannot be one
        raise StartError(f"{address.host}:{address.port}: {why(e)} ({setting})") from e


def why(error: OSError | UnicodeError) -> str:
    """What is wrong with an address."""
    return (error.strerror if isinstance(error, OSError) else None) or "not the name of a machine"


def free_port() -> int:
    """A port of loopback that nobody has at the moment."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])
