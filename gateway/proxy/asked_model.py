"""What a target gets that the app did not send: usage asked for in streams, and another model in the place of the app's, where a route names one.

Of the model only the value of the top-level "model" is changed in a body, and its segment in a path of Gemini's; every other byte stays (law 1). What names no model there keeps naming none.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from urllib.parse import quote

import orjson

from gateway.dialects.base import Operation
from gateway.dialects.include_usage import ask
from gateway.dialects.json_scan import Edit, members
from gateway.errors import RelayError
from gateway.exchange import Outcome
from gateway.journal import PART_BYTES
from gateway.proxy.long import Content, Long, changed, holds
from gateway.proxy.route import Target

_IN_PATH = re.compile(r"(?<=/)(models|tunedModels)/[^/:]+(?=:)")


async def body_for(target: Target, operation: Operation, body: Content, *, encoded: bool) -> tuple[Content, bool]:
    """The body as this target gets it, and whether a usage frame was asked for that the app did not ask for. encoded: it is compressed. Raises RelayError."""
    provider, model, asked = target.provider, target.model, False
    if model and body:
        if encoded:
            message = f'the model "{model}" is to be put into this body: send it without content-encoding'
            raise RelayError(415, "body_encoded", message, Outcome.CALLER_INVALID, source="caller")
        named = f"models/{model}" if provider.dialect.name == "gemini" and "/" not in model else model
        body = await _searched(body, b'"', lambda whole: in_body(whole, named))
    if provider.ask_usage and operation.asks_usage and not encoded:
        before, body = body, await _searched(body, b'"stream"', ask)
        asked = body is not before
    return body, asked


async def _searched(body: Content, mark: bytes, look: Callable[[bytes], Iterator[Edit | None]]) -> Content:
    """The body after a search for what is to be changed, the same one if nothing is. mark: stands in each where something is. Others get their turn meanwhile."""
    if len(body) > PART_BYTES and not await holds(body, mark):
        return body
    edits: list[Edit] = []
    for each in look(await body.whole() if isinstance(body, Long) else body):
        if each is None:
            await asyncio.sleep(0)
        else:
            edits.append(each)
    return changed(body, edits) if edits else body


def in_path(path: str, model: str) -> str:
    """A path of Gemini's that asks for `model`: a name, or collection/name."""
    collection, slash, name = model.rpartition("/")
    return _IN_PATH.sub(lambda found: f"{collection if slash else 'models'}/{quote(name, safe='')}", path, count=1)


def in_body(body: bytes, model: str) -> Iterator[Edit | None]:
    """Yield what is to be changed, as the last things; None before them means "still looking, do something else meanwhile".

    Nothing is where it is no JSON object or names no model. Where it names one twice, both are changed.
    """
    said, edits = orjson.dumps(model), []
    try:
        for member in members(body):
            if member is None:
                yield None
            elif _is_model(member[0]):
                edits.append((member[1], member[2], said))
    except ValueError:
        return
    yield from edits


def _is_model(key: bytes) -> bool:
    """Whether a key says "model", however its letters are escaped."""
    if b"\\" not in key:
        return key == b"model"
    try:
        return bool(orjson.loads(b'"%b"' % key) == "model")
    except orjson.JSONDecodeError:
        return False
