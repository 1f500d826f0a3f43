"""Read a recorded body: decide what it is, hand it to its operation, never raise.

What a body *is* shows in its first bytes more reliably than in its content type: providers answer a streamed request with a JSON error, and
servers send event streams as text/plain. The content type only decides where the bytes do not.
"""

from __future__ import annotations

from gateway.dialects.alike import merged
from gateway.dialects.base import Operation, Reply, ReplyError, Request
from gateway.dialects.lenient import begun, load
from gateway.dialects.provider_error import MAX_MESSAGE_CHARS, read_error, read_refusal
from gateway.dialects.sse import events, is_framed

MAX_ERROR_BYTES = 1 << 20
_BOM = b"\xef\xbb\xbf"


def read_request(operation: Operation, body: bytes, content_type: str) -> Request:
    """Read a request body, content-decoded. Bytes that are no JSON give what the path alone says. Never raises."""
    del content_type  # clients leave it out or get it wrong, and providers parse the body all the same
    if not operation.parses:
        return Request("", False, ())
    try:
        value = load(body)
    except ValueError:
        value = None
    return operation.read_request(value)


def read_reply(operation: Operation, status: int, content_type: str, body: bytes) -> Reply:
    """Read a reply body, content-decoded, as whole or as cut as it arrived. Never raises.

    status >= 400: `error` holds the provider's words, `complete` is True: such a reply has no terminal event.
    Else `complete` says whether the dialect's own end was seen; an error inside the reply makes it False and is in `error`, and what is no JSON at all is `foreign`.
    """
    if status >= 400:
        return Reply(error=_refusal(body))
    if not operation.parses:
        return Reply()
    if _is_stream(body, content_type):
        assembly = operation.assemble(merged(body, operation))
        return operation.read_reply(assembly.whole)._replace(complete=assembly.complete, error=assembly.error)
    try:
        value = load(body)
    except ValueError:
        foreign = not _may_be_cut(body)
        return operation.read_reply(None if foreign else begun(body))._replace(complete=False, foreign=foreign)
    reply = operation.read_reply(value)
    error = read_error(value)
    return reply if error is None else reply._replace(complete=False, error=error)


def _is_stream(body: bytes, content_type: str) -> bool:
    if is_framed(body):
        return True
    return "event-stream" in content_type.lower() and not body[:64].removeprefix(_BOM).lstrip().startswith((b"{", b"["))


def _may_be_cut(body: bytes) -> bool:
    """Whether a body that is no JSON may be the beginning of an object or a list, or of a stream."""
    start = body[:64].removeprefix(_BOM).lstrip()
    return not start or start.startswith((b"{", b"[")) or b"data:".startswith(start) or b"event:".startswith(start)


def _refusal(body: bytes) -> ReplyError:
    """The error of a refused request: the provider's object, else the beginning of its text."""
    if len(body) <= MAX_ERROR_BYTES:
        try:
            return read_refusal(load(body))
        except ValueError:
            for event in events(body):
                try:
                    return read_refusal(load(event.data))
                except ValueError:
                    continue
    return ReplyError("", "", body[: 4 * MAX_MESSAGE_CHARS].decode("utf-8", "replace")[:MAX_MESSAGE_CHARS])
