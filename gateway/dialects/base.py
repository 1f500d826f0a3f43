"""What a wire format is: sans-IO, stateless, the same code for both planes.

A *Dialect* knows paths, errors and where credentials sit; an *Operation* knows one endpoint's bodies. The data plane asks only
for `Dialect.route`, `Dialect.error`, `Dialect.stream_error` and the class attributes; everything that parses a body runs in the
record plane, but for a reply that a rule withheld, which is on no record (gateway/proxy/withheld.py).

Rules of the files in this package: no I/O, no clock, no state between calls; a body from the wire may be anything, so a
reader never raises on an odd value: what it does not understand it leaves out (`Reply.complete` False, usage None).
A streamed reply is first assembled into the object the same endpoint would have sent whole, then read by the same `read_reply`:
one path, so `stream: true` cannot change what is counted (law 2).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from gateway.dialects.pieces import EventReader
from gateway.exchange import Segment, Usage


class Event(NamedTuple):  # made in a third of the time that a frozen dataclass takes, for each chunk of each stream
    """One server-sent event. data: its data lines joined by LF. name: its `event:` field, "" if absent."""

    name: str
    data: str


@dataclass(frozen=True, slots=True)
class ReplyError:
    """An error that the provider spelled out, in a body or in a stream. Any part may be "".

    type, code: the provider's own words, stable enough to group by.  message: free text, stored with the reply only.
    """

    type: str
    code: str
    message: str


class Request(NamedTuple):
    """What a request body says. model: "" if it names none. segments: every piece of text the model is given."""

    model: str
    is_stream: bool
    segments: tuple[Segment, ...]


class Assembly(NamedTuple):
    """A stream put together. whole: the object the endpoint would have sent unstreamed, as far as it arrived."""

    whole: Mapping[str, Any]
    complete: bool
    error: ReplyError | None = None


class Reply(NamedTuple):
    """What a reply says. finish_reason: the provider's word ("stop", "tool_use", "MAX_TOKENS"); several choices: the first's.

    complete: the dialect's own end was seen (law 7).  usage None: the provider did not say.  foreign: it is nothing of the dialect's, nor the beginning of it: a page, a word.
    """

    model: str = ""
    segments: tuple[Segment, ...] = ()
    finish_reason: str = ""
    usage: Usage | None = None
    usage_raw: Mapping[str, Any] | None = None
    complete: bool = True
    error: ReplyError | None = None
    foreign: bool = False


class Operation:
    """One endpoint's bodies. Subclasses override what they understand; this base understands nothing (opaque).

    name: OpenTelemetry's gen_ai.operation.name where it has one, else our own from the same pattern.
    ends: what the line of the terminal event starts with, for the data plane: when the event that holds such a line is whole,
          the reply is. Empty: only the end of the HTTP body says so.
    asks_usage: the endpoint reports usage in a stream only when `stream_options.include_usage` asks for it.
    parses: bodies are JSON that the record plane reads; replies are asked for unencoded (Accept-Encoding: identity).
    bills: a successful call consumes tokens, so usage is estimated when the provider does not say.
    noise: what differs in every event of a stream and says nothing, to be left out where events are compared: a sign that there is some, and what it looks like.
    """

    name: ClassVar[str] = "other"
    ends: ClassVar[tuple[bytes, ...]] = ()
    asks_usage: ClassVar[bool] = False
    parses: ClassVar[bool] = False
    bills: ClassVar[bool] = False
    noise: ClassVar[tuple[str, re.Pattern[str]]] = ("", re.compile(""))

    def read_request(self, body: Any) -> Request:
        """Read a decoded JSON body."""
        return Request("", False, ())

    def assemble(self, events: Iterable[Event]) -> Assembly:
        """Put a stream together. Never raises; an event that cannot be read is left out."""
        return Assembly({}, complete=True)

    def grows(self, value: Any) -> str:
        """The pointer of the one string that an event of a stream adds to what came before it, where all else in it could be said once as well as twice: `assemble` and
        `reader` then take events that differ in that string alone for one in which it is all of theirs. "": there is none such. value: the event's decoded JSON."""
        return ""

    def read_reply(self, body: Any) -> Reply:
        """Read a decoded whole JSON body: from the wire, or from `assemble`."""
        return Reply()

    def reader(self) -> EventReader:
        """What tells the guard which texts grow in the events of one streamed reply. One per stream: it has state."""
        return EventReader()

    def say(self, text: str, *, model: str, request_id: str, created: int) -> bytes:
        """A whole reply body, JSON, in which the model says `text`: for a caller that is refused. b"" where the endpoint cannot say text.

        request_id: the gate's, any form; becomes part of the reply's id.  created: Unix seconds.  Usage is zero: no provider was asked.
        """
        return b""

    def say_stream(self, text: str, *, model: str, request_id: str, created: int) -> bytes:
        """The same as a whole event stream, its terminal event included. b"" where the endpoint cannot say text or has no streams."""
        return b""


def status_in_stream(code: str) -> int:
    """The status that an error would have had before the stream began: what a policy refused (400) is not to be tried again, the rest may be."""
    return 400 if code == "policy_blocked" else 503


@dataclass(frozen=True, slots=True)
class Route:
    """What a method and path mean. endpoint: the path with ids replaced (`/v1/files/{id}`), safe to group by. model: from the path."""

    operation: Operation
    endpoint: str
    model: str = ""


class Dialect:
    """One provider family's wire format.

    name: as in the configuration.  credential_headers: lower-case names of headers that may carry a provider's key.
    key_query: the query parameter that may carry it (Gemini), or "".
    """

    name: ClassVar[str]
    credential_headers: ClassVar[tuple[bytes, ...]] = (b"authorization",)
    key_query: ClassVar[str] = ""

    def route(self, method: str, path: str) -> Route:
        """Name what a request asks for. path: as sent, without query. Unknown paths are opaque, never an error.

        `Route.endpoint` of an opaque path is a template too: known prefixes keep their fixed segments, anything that may be an id becomes {id}.
        """
        raise NotImplementedError

    def authorise(self, key: str) -> tuple[bytes, bytes]:
        """The header, name and value, that carries a key held by the gate."""
        return b"authorization", b"Bearer " + key.encode()

    def error(self, status: int, code: str, message: str, request_id: str) -> bytes:
        """An error in the dialect's own JSON shape, with our code in it, that the official SDKs raise as the right class."""
        raise NotImplementedError

    def stream_error(self, operation: Operation, code: str, message: str, request_id: str) -> bytes:
        """An error as an event inside a stream that has begun, complete with its blank line; b"" where the dialect has none."""
        raise NotImplementedError
