"""Exchanges that hold what drift compares, in a real store."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator, Sequence
from typing import Any

from gateway.exchange import Exchange
from gateway.store.client import Store
from gateway.store.rows import encode
from tests.support.clickhouse import ClickHouseServer
from tests.support.exchanges import exchange


def asked(number: int, app: str, text: str | None = None, **changes: Any) -> Exchange:
    """An exchange in which somebody asks and is answered."""
    said = text if text is not None else f"question {number}"
    request = json.dumps({"model": "m", "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": said}]})
    reply = json.dumps({"choices": [{"message": {"role": "assistant", "content": f"answer {number}"}, "finish_reason": "stop"}]})
    values: dict[str, Any] = {"session_id": "", "is_stream": False, "request_body": request, "reply_body": reply, "prompt_text": f"Be brief.\n{said}", "reply_text": f"answer {number}"}
    return exchange(number, app=app, **{**values, **changes})


async def fill(server: ClickHouseServer, name: str, exchanges: Sequence[Exchange]) -> None:
    """Store them. name: of the batch, once for each."""
    writer = Store(server.target)
    await writer.insert([encode(each) for each in exchanges], token=name)
    await writer.close()


@contextlib.asynccontextmanager
async def reading(server: ClickHouseServer) -> AsyncIterator[Store]:
    """The store as the console sees it."""
    store = Store(server.target.reader())
    try:
        yield store
    finally:
        await store.close()


@contextlib.asynccontextmanager
async def writing(server: ClickHouseServer) -> AsyncIterator[Store]:
    """The store as the recorder sees it."""
    store = Store(server.target)
    try:
        yield store
    finally:
        await store.close()
