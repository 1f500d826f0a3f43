"""The values everything else is made of (ARCHITECTURE, "Nouns"): what was opened, what was closed, and the Exchange.

Rules of this file: no I/O, no clock, no behaviour but validation. `Opened` and `Closed` are what the data plane writes to
the journal; they are built once per exchange on the hot path, so they are plain dataclasses without slots, of which the journal writes the dict (a
fifth of the time), and made there with `of`, which leaves defaults out: a frame says what is, in half the bytes.
`Exchange` is the record itself: frozen, and its fields are, in this order, the columns of the ClickHouse table `exchanges`
(tests/store/test_schema.py holds the two equal).

There is deliberately no field for a header, a key or a query string (law 8).

Conventions: names are those of the OpenTelemetry GenAI semantic conventions; `_s` seconds, `_bytes` bytes, `_usd` US
dollars, `_at` aware UTC. Input tokens include cached ones, output tokens include reasoning. None means "not known" or
"did not happen", never 0.
"""

from __future__ import annotations

import datetime as dt
import decimal
import uuid
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple, Self


class Outcome(StrEnum):
    """How an exchange ended, and whose fault it was. Closed: the prefix names the party (law 9)."""

    OK = "ok"
    CALLER_INVALID = "caller_invalid"  # the gate refused the request: malformed, unknown route
    CALLER_UNAUTHORIZED = "caller_unauthorized"  # no key, a wrong one, or one without the right to this provider
    CALLER_TOO_LARGE = "caller_too_large"
    CALLER_TIMEOUT = "caller_timeout"  # the request did not arrive in time
    CALLER_CANCELLED = "caller_cancelled"  # the client left before the end
    CALLER_REJECTED = "caller_rejected"  # the provider answered 4xx: the caller's request, not the provider's health
    POLICY_BLOCKED = "policy_blocked"  # a rule refused the request or its reply
    PROVIDER_UNREACHABLE = "provider_unreachable"  # DNS, connect, TLS
    PROVIDER_TIMEOUT = "provider_timeout"
    PROVIDER_RATE_LIMITED = "provider_rate_limited"  # 429
    PROVIDER_OVERLOADED = "provider_overloaded"  # 503, 529
    PROVIDER_ERROR = "provider_error"  # any other 5xx
    PROVIDER_ERROR_EVENT = "provider_error_event"  # an error inside a 200
    PROVIDER_PROTOCOL = "provider_protocol"  # not HTTP, a redirect, an upgrade; a page where JSON is due
    PROVIDER_TRUNCATED = "provider_truncated"  # the reply ended without its terminal event (law 7)
    GATEWAY_ERROR = "gateway_error"
    GATEWAY_GUARD = "gateway_guard"  # a detector gave no answer, and its rule fails closed (guard_unavailable)
    GATEWAY_OVERLOADED = "gateway_overloaded"  # shed: the gate has more to do than it may take on
    GATEWAY_SHUTDOWN = "gateway_shutdown"  # cut by the end of the drain time
    GATEWAY_CRASH = "gateway_crash"  # the worker died with the exchange open


_new = object.__new__


class _Told:
    """Base of the two."""

    @classmethod
    def of(cls, told: dict[str, Any]) -> Self:
        """One that has these fields. The others are not written down; the defaults that readers then see are seen here too, but for lists and dicts, which are there once they are set."""
        made = _new(cls)
        made.__dict__ = told
        return made


@dataclass
class Opened(_Told):
    """The meta part of a journal *open* frame: a request, before any provider is contacted.

    id: UUIDv7 in hex, 32 characters.  started_at_ns: wall clock, ns since the epoch, when the request head was read.
    endpoint: the provider's path without query.  body_note: "" or why body bytes are missing (see `BodyNote`).
    """

    id: str
    started_at_ns: int
    worker: str
    provider: str
    dialect: str
    operation: str
    method: str
    endpoint: str
    request_model: str = ""  # only where the path names it (Gemini); otherwise the recorder reads it from the body
    app: str = ""
    env: str = ""
    key_id: str = ""
    user_id: str = ""
    session_id: str = ""
    prompt_name: str = ""
    prompt_version: str = ""
    tags: dict[str, str] = field(default_factory=dict)
    trace_id: str = ""
    span_id: str = ""
    parent_span_id: str = ""
    request_bytes: int = 0
    content_type: str = ""
    content_encoding: str = ""
    body_note: str = ""
    body_parts: int = 0  # how many part frames of the request body follow this frame
    version: str = ""  # of the gateway
    findings: list[list[Any]] = field(default_factory=list)  # of the request: [detector, kind, direction, action, score, count], see Finding
    verdict: str = ""  # "": no guard has looked yet
    guard_s: float | None = None
    guard_errors: dict[str, int] = field(default_factory=dict)  # by detector: how often it gave no answer
    route: str = ""  # as the app named it; "" if it named a provider, or nothing
    sampled: bool = True  # False: the caller's traceparent says that its trace is not recorded


@dataclass
class Closed(_Told):
    """The meta part of a journal *close* frame: what came back, as far as the data plane can know.

    outcome: what the transport saw. `ok` here means the HTTP exchange was whole; the recorder still looks for the dialect's
    terminal event and for errors inside a 200 before the row says so (law 7).
    Times are seconds from the monotonic clock; None: did not happen. upstream_s, connect_s and asked_s are those of the last attempt; asked_s: from the
    exchange's start to the attempt's. phases: what else had a time of its own, each as in Phase; written only where there is any, which in most exchanges there is not.
    """

    id: str
    status: int  # sent to the client; 0: nothing was sent
    upstream_status: int | None
    outcome: str
    error_code: str = ""
    attempts: int = 0  # requests that were sent; the row counts connections that could not be made, too
    duration_s: float = 0.0
    time_to_first_chunk_s: float | None = None
    upstream_s: float | None = None
    connect_s: float | None = None
    overhead_s: float | None = None
    reply_bytes: int = 0  # relayed to the client, body only
    content_type: str = ""
    content_encoding: str = ""
    body_note: str = ""
    body_parts: int = 0  # how many part frames of the reply body came before this frame
    findings: list[list[Any]] = field(default_factory=list)  # as in Opened, but of request and reply; these four hold in the place of Opened's,
    verdict: str = ""  # if a verdict is here
    guard_s: float | None = None
    guard_errors: dict[str, int] = field(default_factory=dict)
    asked_s: float | None = None
    provider: str = ""  # of the last attempt, where it is not the one of the open frame
    withheld: list[dict[str, Any]] = field(default_factory=list)  # of replies that the caller did not get, or not all of: place (see Place), provider, model, tokens (by the names
    # of Usage), note, said_bytes (UTF-8 of its texts), complete; what is not known is left out
    phases: list[list[Any]] | None = None  # attempts before the last, and guards: [name, start_s, duration_s, result, error_code, upstream_status, spent_s, provider]


class Place(StrEnum):
    """Which reply of an exchange it is of which the caller did not get all."""

    BEFORE = "before"  # one in whose place another was asked for
    WHOLE = "whole"  # the last; what is on record in its place is the gate's own
    REST = "rest"  # the last: what followed on the part that is on record


class BodyNote(StrEnum):
    """Why a stored body is not the whole one."""

    WHOLE = ""
    BINARY = "binary"  # not text: counted, not kept
    TRUNCATED = "truncated"  # longer than what is recorded
    DISK = "dropped_disk"  # no room in the journal
    UNREADABLE = "unreadable"  # could not be decoded
    WITHHELD = "withheld"  # not to be kept: `store.content: none`, or what should have redacted it failed


class Segment(NamedTuple):  # made in a third of the time that a frozen dataclass takes, and a conversation has dozens
    """One piece of text and its place: what detectors see and what may be rewritten.

    role: system, developer, user, assistant, tool, ...; pointer: RFC 6901 JSON pointer into the body.
    """

    role: str
    pointer: str
    text: str


class Usage(NamedTuple):  # as Segment
    """Tokens in the one internal convention: input includes cached, output includes reasoning; parts are subsets.

    None: the provider did not say.  cache_write_tokens is the sum of 5-minute and 1-hour writes; the 1-hour part, priced
    higher by Anthropic, is also given by itself.  Audio parts: OpenAI and Gemini.
    """

    input_tokens: int | None = None
    output_tokens: int | None = None
    cache_read_tokens: int | None = None
    cache_write_tokens: int | None = None
    cache_write_1h_tokens: int | None = None
    reasoning_tokens: int | None = None
    input_audio_tokens: int | None = None
    cache_audio_read_tokens: int | None = None
    output_audio_tokens: int | None = None
    note: str = ""  # what was contradictory in the provider's figures, if anything


@dataclass(frozen=True, slots=True)
class Finding:
    """What a detector saw; never the matched text. count: how often in this exchange.

    direction: request | reply | log.  action: flag | mask | pseudonymise | block | retry; observe, under a rule that only watches;
    error, with the kind `error`: the detector gave no answer.
    """

    detector: str
    kind: str
    direction: str
    action: str
    score: float
    count: int


@dataclass(frozen=True, slots=True)
class Phase:
    """A part of an exchange that has a time of its own.

    name: attempt (the provider was asked), guard_request, guard_reply.  start_s: from the exchange's start; duration_s: of an attempt with its connecting,
    until the provider's last byte; of a guard from its first look to its last.  result: of an attempt an Outcome, of a guard a verdict.  spent_s: how long a guard was
    at work meanwhile; of a reply under guard that is less than duration_s, for between its looks it waits for the provider.
    """

    name: str
    start_s: float
    duration_s: float
    result: str
    error_code: str = ""
    upstream_status: int | None = None
    spent_s: float | None = None
    provider: str = ""  # of an attempt


@dataclass(frozen=True, slots=True)
class Exchange:
    """The immutable record of one call. Field order is column order."""

    id: uuid.UUID
    started_at: dt.datetime
    app: str
    env: str
    key_id: str
    user_id: str
    session_id: str
    trace_id: str
    span_id: str
    parent_span_id: str
    prompt_name: str
    prompt_version: str
    tags: dict[str, str]
    provider: str
    dialect: str
    operation: str
    method: str
    endpoint: str
    request_model: str
    response_model: str
    is_stream: bool
    status: int | None  # what the caller was told; 0: nothing was sent; None, as `attempts`: a crash left it open
    upstream_status: int | None
    outcome: Outcome
    error_code: str
    finish_reason: str
    attempts: int | None
    duration_s: float | None
    time_to_first_chunk_s: float | None
    upstream_s: float | None
    connect_s: float | None
    overhead_s: float | None
    guard_s: float | None
    input_tokens: int | None
    output_tokens: int | None
    cache_read_tokens: int | None
    cache_write_tokens: int | None
    cache_write_1h_tokens: int | None
    reasoning_tokens: int | None
    input_audio_tokens: int | None
    output_audio_tokens: int | None
    usage_source: str  # provider | estimated | "" (unknown)
    usage_note: str
    usage_raw: str  # the provider's own usage object, as JSON
    cost_usd: decimal.Decimal | None
    price_source: str
    request_bytes: int
    reply_bytes: int | None  # of what a crash left open: what had come to be on record; None: nothing had, so nobody knows
    prompt_text: str
    reply_text: str
    request_body: str
    reply_body: str
    body_note: str
    findings: tuple[Finding, ...]
    verdict: str  # passed | flagged | masked | blocked | error | not_checked
    batch_id: str
    worker: str
    gateway_version: str
    phases: tuple[Phase, ...] = ()  # in the order of their starts
    trace_sampled: bool = True  # False: the caller does not record this trace, so no span of it is exported
    route: str = ""  # by whose targets `provider` was chosen; "": the app named a provider, or nothing
