"""What a target gets that the app did not send: usage asked for in streams, and another model in the place of the app's, where a route names one.

Of the model only the value of the top-level "model" is changed in a body, and its segment in a path of Gemini's; every other byte stays (law 1). What names no model there keeps naming none.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from urllib.parse import quote

import orjson

from gateway.dialects.base import Operation
from gateway.dialects.include_usage import ask
from gateway.dialects.json_scan import members
from gateway.errors import RelayError
from gateway.exchange import Outcome
from gateway.proxy.route import Target

_IN_PATH = re.compile(r"(?<=/)(models|tunedModels)/[^/:]+(?=:)")


async def body_for(target: Target, operation: Operation, body: bytes, *, encoded: bool) -> tuple[bytes, bool]:
    """The body as this target gets it, and whether a usage frame was asked for that the app did not ask for. encoded: it is compressed. Raises RelayError."""
    provider, model, asked = target.provider, target.model, False
    if model and body:
        if encoded:
            message = f'the model "{model}" is to be put into this body: send it without content-encoding'
            raise RelayError(415, "body_encoded", message, Outcome.CALLER_INVALID, source="caller")
        body = await _found(in_body(body, f"models/{model}" if provider.dialect.name == "gemini" and "/" not in model else model))
    if provider.ask_usage and operation.asks_usage and not encoded:
        before, body = body, await _found(ask(body))
        asked = body is not before
    return body, asked


async def _found(looking: Iterator[bytes | None]) -> bytes:
    """The end of a search; others get their turn meanwhile."""
    found = b""
    for each in looking:
        if each is None:
            await asyncio.sleep(0)
        else:
            found = each
    return found


def in_path(path: str, model: str) -> str:
    """A path of Gemini's that asks for `model`: a name, or collection/name."""
    collection, slash, name = model.rpartition("/")
    return _IN_PATH.sub(lambda found: f"{collection if slash else 'models'}/{quote(name, safe='')}", path, count=1)


def in_body(body: bytes, model: str) -> Iterator[bytes | None]:
    """Yield the body to send, once, as the last thing; None before it means "still looking, do something else meanwhile".

    The body yielded is the one given (the same object) where it is no JSON object or names no model. Where it names one twice, both are changed.
    """
    spans: list[tuple[int, int]] = []
    try:
        for member in members(body) if b'"' in body else ():
            if member is None:
                yield None
            elif _is_model(member[0]):
                spans.append((member[1], member[2]))
    except ValueError:
        spans = []
    if not spans:
        yield body
        return
    said, pieces, at = orjson.dumps(model), [], 0
    for start, end in spans:
        pieces += [body[at:start], said]
        at = end
    yield b"".join((*pieces, body[at:]))


def _is_model(key: bytes) -> bool:
    """Whether a key says "model", however its letters are escaped."""
    if b"\\" not in key:
        return key == b"model"
    try:
        return bool(orjson.loads(b'"%b"' % key) == "model")
    except orjson.JSONDecodeError:
        return False
