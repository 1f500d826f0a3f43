"""Ask an OpenAI-dialect provider for usage in a stream, when the client did not.

The request gains `stream_options.include_usage: true` and keeps every other byte; the frame that this brings is removed from the
reply by `sse.UsageFrameFilter`. A body that is not a JSON object, is not streamed or already asks is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator

import orjson

from gateway.dialects.json_scan import Edit, members

SMALL_BYTES = 1 << 18  # up to here parsing whole is quicker than scanning
_OPTION = b'"stream_options":{"include_usage":true}'


def ask(body: bytes) -> Iterator[Edit | None]:
    """Yield what is to be changed, if anything is, as the last thing; None before it means "still looking, do something else meanwhile"."""
    if len(body) <= SMALL_BYTES:
        if b'"stream"' not in body:
            return
        try:
            request = orjson.loads(body)
        except orjson.JSONDecodeError:
            request = None
        if not isinstance(request, dict) or request.get("stream") is not True:
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
        return
    if not streamed:
        return
    change = _added(body) if options is None else _changed(body, options[1], options[2])
    if change is not None:
        yield change


def _added(body: bytes) -> Edit:
    brace = body.index(b"{") + 1
    return brace, brace, _OPTION + b","


def _changed(body: bytes, start: int, end: int) -> Edit | None:
    try:
        options = orjson.loads(body[start:end])
    except orjson.JSONDecodeError:
        return None
    if options is None:
        options = {}
    if not isinstance(options, dict) or options.get("include_usage") is True:
        return None
    return start, end, orjson.dumps({**options, "include_usage": True})
