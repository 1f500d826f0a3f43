"""Ask an OpenAI-dialect provider for usage in a stream, when the client did not.

The request gains `stream_options.include_usage: true` and keeps every other byte; the frame that this brings is removed from the
reply by `sse.UsageFrameFilter`. A body that is not a JSON object, is not streamed or already asks is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator

import orjson

from gateway.dialects.json_scan import members

SMALL_BYTES = 1 << 18  # up to here parsing whole is quicker than scanning
_OPTION = b'"stream_options":{"include_usage":true}'


def ask(body: bytes) -> Iterator[bytes | None]:
    """Yield the body to send, once, as the last thing; None before it means "still looking, do something else meanwhile".

    The body yielded is the one given (the same object) when there is nothing to add.
    """
    if b'"stream"' not in body:
        yield body
        return
    if len(body) <= SMALL_BYTES:
        try:
            request = orjson.loads(body)
        except orjson.JSONDecodeError:
            request = None
        if not isinstance(request, dict) or request.get("stream") is not True:
            yield body
            return
        if "stream_options" not in request:
            yield _added(body)
            return
    streamed, options = False, None
    try:
        for member in members(body):
            if member is None:
                yield None
            elif member[0] == b"stream":
                streamed = body[member[1] : member[2]] == b"true"
            elif member[0] == b"stream_options":
                options = member
    except ValueError:
        yield body
        return
    if not streamed:
        yield body
    elif options is None:
        yield _added(body)
    else:
        yield _changed(body, options[1], options[2])


def _added(body: bytes) -> bytes:
    brace = body.index(b"{") + 1
    return b"".join((body[:brace], _OPTION, b",", body[brace:]))


def _changed(body: bytes, start: int, end: int) -> bytes:
    try:
        options = orjson.loads(body[start:end])
    except orjson.JSONDecodeError:
        return body
    if options is None:
        options = {}
    if not isinstance(options, dict) or options.get("include_usage") is True:
        return body
    return b"".join((body[:start], orjson.dumps({**options, "include_usage": True}), body[end:]))
