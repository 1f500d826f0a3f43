"""A record that is made quickly is the record all the same, and what was said in it is not held for longer than its row takes."""

from __future__ import annotations

import tracemalloc
import uuid
from dataclasses import FrozenInstanceError, fields, replace

import pytest

from gateway.exchange import Exchange
from gateway.record.capture import Captured
from gateway.record.draft import begun, finished, without_content
from gateway.record.enrich import Enricher
from gateway.record.main import maker
from gateway.store.rows import encode
from tests.record.test_enrich import OneCent, Words
from tests.support.recording import BARE, new_id, opened

SAID = ("usage_raw", "prompt_text", "reply_text", "request_body", "reply_body")


def test_a_finished_draft_is_a_frozen_exchange() -> None:
    """Nobody may change a record, however it was made."""
    draft = begun()
    for of in fields(Exchange):
        setattr(draft, of.name, getattr(BARE, of.name))
    made = finished(draft)
    assert type(made) is Exchange and made == BARE and hash(made.id) == hash(BARE.id) and encode(made) == encode(BARE)
    with pytest.raises(FrozenInstanceError):
        made.app = "other"  # type: ignore[misc]
    assert replace(made, app="other") == replace(BARE, app="other")


def test_only_what_was_said_is_left_out() -> None:
    """Metrics and the ledger are told of the rest after the row is safe."""
    whole = replace(BARE, **dict.fromkeys(SAID, "said"), app="shop", input_tokens=3)  # type: ignore[arg-type]
    assert without_content(whole) == replace(BARE, app="shop", input_tokens=3)


@pytest.mark.parametrize("content", [True, False])
def test_what_was_said_waits_for_the_store_in_rows_alone(content: bool) -> None:
    """Two batches of it are held while a store is away: twice over where nobody asks for it is half of what a recorder takes then."""
    enricher = Enricher(counter=Words(), prices=OneCent(), prices_as={}, max_body_bytes=1 << 20, keep_content=True)
    id = new_id(1)
    body = b'{"model":"m","messages":[{"role":"user","content":"hello there"}]}'
    [(exchange, row)] = maker(enricher, content=content)([Captured(uuid.UUID(bytes=id), "s", opened(id), None, body, b"", "", "")], "b", 1 << 20)
    assert b"hello there" in row
    assert [getattr(exchange, name) for name in ("prompt_text", "request_body")] == (["hello there", body.decode()] if content else ["", ""])


def test_rows_take_the_memory_that_they_are_long() -> None:
    """A thousand of them are held twice over while a store is away: what a serialiser reserves and does not use was sixteen times that."""
    rows = [replace(BARE, prompt_text="It came broken. " * (1 + number % 400)) for number in range(200)]
    tracemalloc.start()
    try:
        held = [encode(row) for row in rows]
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert taken < 1.1 * sum(map(len, held))
