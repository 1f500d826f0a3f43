"""Where a store is and who we are there. Both modes end in the same value: embedded or a production cluster is a URL, not a code path."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field, replace
from urllib.parse import unquote, urlsplit

from gateway.errors import ConfigError
from gateway.store.credentials import Credentials
from gateway.store.embedded import DATABASE, HOST

DEADLINE_S = 30.0  # of a call, where nothing else is said


@dataclass(frozen=True, slots=True)
class Target:
    """A ClickHouse server's HTTP port. Passwords have no place in repr().

    reader_user "": the server has no separate reader; reads then go as `user`, each with `readonly = 2`.
    """

    host: str
    port: int
    secure: bool
    user: str
    password: str = field(repr=False)
    database: str = DATABASE
    cluster: str | None = None
    reader_user: str = ""
    reader_password: str = field(default="", repr=False)

    @classmethod
    def from_url(cls, url: str, *, cluster: str | None = None, reader_user: str = "", reader_password: str = "") -> Target:
        """From `http(s)://user:password@host:port/database`, parts percent-encoded. Raises ConfigError; its message has no password."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise ConfigError(["store.url: not a URL; expected http(s)://user:password@host:port/database"]) from None
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise ConfigError(["store.url: expected http(s)://user:password@host:port/database"])
        secure = parts.scheme == "https"
        return cls(
            host=parts.hostname,
            port=port or (8443 if secure else 8123),
            secure=secure,
            user=unquote(parts.username or "default"),
            password=unquote(parts.password or ""),
            database=unquote(parts.path.strip("/")) or DATABASE,
            cluster=cluster,
            reader_user=reader_user,
            reader_password=reader_password,
        )

    @classmethod
    def embedded(cls, port: int, credentials: Credentials) -> Target:
        """The embedded server on this machine."""
        return cls(
            host=HOST,
            port=port,
            secure=False,
            user=credentials.writer_user,
            password=credentials.writer_password,
            reader_user=credentials.reader_user,
            reader_password=credentials.reader_password,
        )

    def reader(self) -> Target:
        """The same place as the user who can only read; the same user where there is no such user."""
        if not self.reader_user:
            return self
        return replace(self, user=self.reader_user, password=self.reader_password)

    @property
    def place(self) -> str:
        """host:port, for messages."""
        return f"{self.host}:{self.port}"

    @property
    def loopback(self) -> bool:
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"
