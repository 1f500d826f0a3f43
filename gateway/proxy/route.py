"""Which provider a request is for, and what it asks of it.

The path is taken exactly as sent: what is matched here is what the provider gets. Anything that two parsers could read in two ways
(dot segments, doubled slashes, backslashes, an encoded slash in the provider's place) is refused before it is matched (FAILURES C15,
trap 6). A provider's name in the first segment wins; otherwise the shape of the path names the dialect and its default provider
is taken. A client never names a host. A name may also be a route's, behind which several providers stand (`Way`): they speak one dialect, so the path
means the same at each of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from gateway.dialects import DIALECTS
from gateway.dialects.base import Dialect
from gateway.dialects.base import Route as Meaning
from gateway.errors import RelayError
from gateway.exchange import Outcome
from gateway.proxy.breaker import Breakers, BreakerTerms
from gateway.proxy.budget import Budget
from gateway.proxy.hedge import Beginnings, HedgeTerms
from gateway.proxy.pool import Pool

# Not IGNORECASE: with it the range of non-ASCII characters would take in "s" and "k", which two of them fold to.
_SUSPECT = re.compile(r"//|/\.|%|[\\#\x00-\x20]|[^\x00-\x7e]")
_NEEDLESS = re.compile(r"%(?:2[dDeE]|3\d|4[1-9a-fA-F]|5[\daAfF]|6[1-9a-fA-F]|7[\daAeE])")  # what needs no encoding: only there to look different
REMEMBERED = 1024  # targets whose destination is looked up instead of worked out
_FORBIDDEN_METHODS = frozenset(("CONNECT", "TRACE"))
_GEMINI = re.compile(r"/(?:upload/)?v1(?:beta|alpha)/|/v1/(?:models|tunedModels)/[^/]+:")
_WITHOUT_V1 = frozenset(f"/{end}" for end in ("chat/completions", "completions", "embeddings", "models", "moderations", "responses"))  # what OpenAI's SDK asks for where its base_url ends too soon


@dataclass(frozen=True, slots=True)
class Limits:
    """Deadlines of an exchange, seconds, and what happens when the client leaves."""

    first_byte_s: float
    idle_s: float
    total_s: float
    write_stall_s: float = 60.0
    drain: bool = False

    def late(self, which: str) -> str:
        """In words: first_byte, idle or total is over."""
        seconds = {"first_byte": self.first_byte_s, "idle": self.idle_s, "total": self.total_s}[which]
        what = {"first_byte": "sent no byte within", "idle": "sent nothing more for", "total": "was not done within"}[which]
        return f"{what} {seconds:g} s (timeouts.{which}_s)"


@dataclass(frozen=True, slots=True)
class Provider:
    """A configured provider, as the data plane needs it. key None: the caller's own credentials go on. beginnings: None where no route hedges."""

    name: str
    dialect: Dialect
    pool: Pool
    key: str | None
    limits: Limits
    ask_usage: bool
    breakers: Breakers = field(default_factory=lambda: Breakers(BreakerTerms(failures=0), lambda _: None), compare=False)
    beginnings: Beginnings | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """model: asked for in the place of what the app names; "": as it says."""

    provider: Provider
    model: str = ""
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Way:
    """Whom a name leads to, and how often they may be asked. route: the name, "" of a provider.

    again: attempts beyond the first. on: words of gateway.config_routes.Reason. apart: the targets are at several origins, so no credential but the gate's goes to any.
    """

    route: str
    targets: tuple[Target, ...]
    again: int
    on: frozenset[str]
    patience_s: float
    budget: Budget
    weighted: bool = False
    apart: bool = False
    hedge: HedgeTerms | None = None
    plain: bool = False  # one target, asked for what the app asks for


@dataclass(frozen=True, slots=True)
class Destination:
    """path: the provider's path, without query. meaning: what the dialect reads in it. provider: the way's first, if nothing else has been decided."""

    provider: Provider
    path: str
    query: str
    meaning: Meaning
    way: Way


class Routes:
    """ways: by the names of providers and routes, in the file's order. defaults: by dialect name."""

    def __init__(self, ways: Mapping[str, Way], defaults: Mapping[str, Way]) -> None:
        self._ways, self._defaults = ways, defaults
        self._found: dict[tuple[str, str, bool, bool], Destination] = {}

    def find(self, method: str, target: str, notes: Mapping[bytes, bytes], *, google_key: bool) -> Destination:
        """target: path and query as sent. notes: headers that tell dialects apart where paths do not. Raises RelayError."""
        key = (method, target, b"anthropic-version" in notes, google_key)
        found = self._found.get(key)
        if found is None:
            found = self._find(method, target, notes, google_key)
            if len(self._found) < REMEMBERED and len(target) < 256 and "?" not in target:  # a query may hold a key; ids must not fill the memory
                self._found[key] = found
        return found

    def _find(self, method: str, target: str, notes: Mapping[bytes, bytes], google_key: bool) -> Destination:
        path, _, query = target.partition("?")
        if method in _FORBIDDEN_METHODS:
            raise _refused(405, "method_not_allowed", f"{method} is not relayed")
        if not path.startswith("/") or (_SUSPECT.search(path) and _ambiguous(path)):
            raise _refused(400, "invalid_path", "the path can be read in more than one way; send it without dot segments, empty segments and control characters")
        first, slash, rest = path[1:].partition("/")
        way = self._ways.get(first)
        if way is not None:
            path = slash + rest if slash else "/"
        else:
            dialect = self._dialect(path, notes, google_key)
            way = self._defaults.get(dialect)
            if way is None:
                known = ", ".join(f"/{name}/" for name in self._ways)
                expected = f"/v1/... (OpenAI, Anthropic), /v1beta/... (Gemini) or one of {known}"
                hint = "; is /v1 missing at the end of the SDK's base_url?" if path in _WITHOUT_V1 else ""
                raise _refused(404, "route_unknown", f"no provider takes this path; expected {expected}{hint}")
        provider = way.targets[0].provider
        return Destination(provider, path, query, provider.dialect.route(method, path), way)

    def spoken(self, target: str, notes: Mapping[bytes, bytes], *, google_key: bool) -> Dialect | None:
        """The dialect of a target that leads nowhere, so that its client can read the answer; None: it does not show."""
        path = target.partition("?")[0]
        first, slash, rest = path[1:].partition("/")
        way = self._ways.get(first)
        if way is not None:
            return way.targets[0].provider.dialect
        shown = "anthropic" if b"anthropic-version" in notes else "gemini" if google_key else ""
        return DIALECTS.get(first) or DIALECTS.get(shown or self._dialect(path, notes, google_key) or self._dialect(slash + rest, notes, google_key))

    def _dialect(self, path: str, notes: Mapping[bytes, bytes], google_key: bool) -> str:
        if _GEMINI.match(path) or (google_key and path.startswith("/v1/")):
            return "gemini"
        if not path.startswith("/v1/"):
            return ""
        if b"anthropic-version" in notes or path == "/v1/messages" or path.startswith("/v1/messages/"):
            return "anthropic"
        return "openai"


def _ambiguous(path: str) -> bool:
    if "//" in path or "\\" in path or "#" in path or _NEEDLESS.search(path) or any(c <= " " or c >= "\x7f" for c in path):
        return True
    segments = path[1:].split("/")
    if "%" in segments[0]:
        return True
    for segment in segments:
        plain = unquote(segment)
        if "\0" in plain or any(part in (".", "..") for part in re.split(r"[/\\]", plain)):
            return True
    return False


def _refused(status: int, code: str, message: str) -> RelayError:
    return RelayError(status, code, message, Outcome.CALLER_INVALID, source="caller")
