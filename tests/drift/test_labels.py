"""A line about a topic from a chat provider: what is sent, what is taken, and that nothing it does costs a run anything but the line."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from gateway.drift import labels as module
from gateway.drift.labels import FAILURES, LONGEST, MOST, Provider, labels, line
from tests.support.drift_runs import topic

KEY = "sk-" + "test"


class Chat:
    """A chat provider. answer: what it does with a request's number."""

    def __init__(self, answer: Callable[[int], web.StreamResponse | str]) -> None:
        self.seen: list[tuple[str, str, Any]] = []
        self._answer = answer

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.seen.append((request.path, request.headers.get("Authorization", ""), json.loads(await request.read())))
        said = self._answer(len(self.seen))
        if said == "hang":
            await asyncio.Event().wait()
        return web.json_response({"choices": [{"message": {"role": "assistant", "content": said}}]}) if isinstance(said, str) else said


@asynccontextmanager
async def provider(answer: Callable[[int], web.StreamResponse | str], **changes: Any) -> AsyncIterator[tuple[Provider, Chat]]:
    chat = Chat(answer)
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", chat.handle)
    server = TestServer(app, handler_cancellation=True)
    await server.start_server()
    try:
        yield Provider(**{"url": str(server.make_url("/")), "model": "small", "key": KEY, "allow_private": True, **changes}), chat
    finally:
        await server.close()


async def test_keywords_and_exemplars_are_sent_and_nothing_else():
    """Whoever configures a provider for it must know what leaves the house: masked examples and keywords."""
    async with provider(lambda _: "Refund requests in Spanish") as (to, chat):
        found = await labels(to, [topic(exemplars=("¿" + "x" * 9000, "two"))])
    assert found == ["Refund requests in Spanish"]
    [(path, authorization, body)] = chat.seen
    assert (path, authorization, body["model"]) == ("/v1/chat/completions", f"Bearer {KEY}", "small")
    said = json.loads(body["messages"][1]["content"])
    assert set(said) == {"keywords", "examples"}
    assert said["keywords"] == ["reembolso", "pedido"]
    assert [len(text) for text in said["examples"]] == [500, 3]


@pytest.mark.parametrize(
    "answer",
    [
        lambda _: web.Response(status=500, text="Traceback"),
        lambda _: web.Response(text="<html>"),
        lambda _: web.json_response({"choices": []}),
        lambda _: web.json_response([1]),
        lambda _: web.json_response({"choices": [{"message": {"content": None}}]}),
        lambda _: web.Response(body=b" " * (module.MAX_ANSWER + 1)),
        lambda _: web.Response(status=307, headers={"Location": "/elsewhere"}),
    ],
)
async def test_an_answer_that_is_none_leaves_the_keywords(answer: Callable[[int], web.StreamResponse]):
    """A label is a nicety: a provider that fails must not fail a run, nor be asked for every topic."""
    async with provider(answer) as (to, chat):
        assert await labels(to, [topic()] * 5) == [""] * 5
    assert len(chat.seen) == FAILURES


async def test_one_failure_costs_one_label():
    """A hiccup in the middle is no reason to leave the rest without."""
    async with provider(lambda n: web.Response(status=429) if n == 2 else f"topic {n}") as (to, _):
        assert await labels(to, [topic()] * 4) == ["topic 1", "", "topic 3", "topic 4"]


async def test_a_provider_that_hangs_is_left_at_its_deadline():
    """A run must end."""
    async with provider(lambda _: "hang", deadline_s=0.05) as (to, chat), asyncio.timeout(60):
        assert await labels(to, [topic()] * 3) == [""] * 3
    assert len(chat.seen) == FAILURES


async def test_all_calls_together_have_a_deadline_too(monkeypatch: pytest.MonkeyPatch):
    """Ten slow answers, each in time, are still a run that does not end; what was said by then counts."""
    monkeypatch.setattr(module, "_ALL_S", 0.3)
    async with provider(lambda n: "hang" if n > 1 else "first") as (to, _), asyncio.timeout(60):
        assert await labels(to, [topic()] * 3) == ["first", "", ""]


async def test_no_more_than_some_topics_are_asked_for():
    """Each call costs money."""
    async with provider(lambda n: f"topic {n}") as (to, chat):
        found = await labels(to, [topic()] * (MOST + 5))
    assert (len(chat.seen), found[MOST - 1], found[MOST:]) == (MOST, f"topic {MOST}", [""] * 5)


async def test_an_address_inside_is_not_asked_unless_meant():
    """A base URL that resolves to the machine itself is how a configuration reaches what it must not."""
    async with provider(lambda _: "inside", allow_private=False) as (to, chat):
        assert await labels(to, [topic()]) == [""]
    assert chat.seen == []


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Refunds in Spanish", "Refunds in Spanish"),
        ('"Refunds in Spanish."\nBecause the user ...', "Refunds in Spanish"),
        ("\n\n - **Order status** \n", "Order status"),
        ("a\x1b[31mb\u202ec\u200bd\ud83de", "a [31mb c d e"),
        ("", ""),
        ("\n \x00 \n", ""),
        ("word " * 100, ("word " * 15).strip() + "…"),
        ("w" * 5000, "w" * (LONGEST - 1) + "…"),
    ],
)
def test_an_answer_is_one_short_printable_line(said: str, shown: str):
    """It goes to terminals, logs and pages, and was made from what strangers wrote."""
    assert line(said) == shown
    assert len(line(said)) <= LONGEST


def test_a_provider_does_not_show_its_key():
    """Law 8: a key has no field to be printed from."""
    assert KEY not in repr(Provider("https://h", "m", KEY))
