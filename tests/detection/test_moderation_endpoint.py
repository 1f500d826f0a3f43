"""Moderation by a service that speaks OpenAI's API: right, slow, wrong, gone; with the pool's own model as its second and without."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

import orjson
import pytest
from aiohttp import web

from detectors.base import Finding
from gateway.detection.moderation import FAILURES_TO_OPEN
from gateway.detection.terms import Custom, Endpoint, Model
from tests.detection.asked import PLENTY_S, asker, served
from tests.detection.serving import running

KINDS = frozenset({"hate", "hate/threatening", "violence", "self-harm", "WORD"})  # WORD: what the model beside it finds, to tell the two apart


def result(text: str) -> dict:
    """As OpenAI's own server says it. A word `hate:0.9` scores, `hate!` is flagged besides."""
    scores, flags = dict.fromkeys(("hate", "hate/threatening", "violence", "self-harm", "a/new-one"), 0.0001), {}
    for word in text.split():
        kind, _, score = word.strip("!").partition(":")
        if score:
            scores[kind], flags[kind] = float(score), word.endswith("!")
    return {"flagged": any(flags.values()), "categories": {kind: flags.get(kind, False) for kind in scores}, "category_scores": scores, "category_applied_input_types": {}}


class Service:
    """A server of POST /v1/moderations. `does` says how it answers the next ones."""

    def __init__(self) -> None:
        self.asked: list[tuple[dict[str, str], dict]] = []
        self.release = asyncio.Event()
        self.does: Callable[[dict], object] | str = "answer"

    async def answer(self, request: web.Request) -> web.StreamResponse:
        assert (request.method, request.path) == ("POST", "/v1/moderations")
        body = orjson.loads(await request.read())
        self.asked.append((dict(request.headers), body))
        if self.does == "wait":
            await self.release.wait()
        if isinstance(self.does, str) and self.does.isdigit():
            return web.json_response({"error": {"message": "no"}}, status=int(self.does))
        right = {"id": "modr-1", "model": body["model"], "results": [result(text) for text in body["input"]]}
        return web.json_response(self.does(right) if callable(self.does) else right)


@contextlib.asynccontextmanager
async def asking(folder, *, second: bool = False, deadline_s: float = PLENTY_S, url: str = ""):
    """(ask, service, pool): ask gives the findings of texts, or the reason and detail why there are none."""
    service = Service()
    async with served(service.answer, service.release.set) as port:
        asked = Custom("moderation", KINDS, webhook=url or f"http://127.0.0.1:{port}/v1/moderations", allow_private=True, deadline_s=deadline_s, token="sk-" + "test")
        models = (Model("moderation", "tests.detection.stub:Stub", KINDS),) if second else ()
        with running(folder, *models, endpoints=(Endpoint(asked, "omni-moderation-latest"),)) as pool, asker(pool, "moderation", "") as ask:
            yield ask, service, pool


async def test_categories_come_with_their_scores(tmp_path):
    """A flagged category has at least the usual threshold, one that is unknown here is nobody's kind, and all texts are asked in one call."""
    async with asking(tmp_path) as (ask, service, _):
        first = "hate:0.93! violence:0.2"
        second = "hate/threatening:0.31! a/new-one:0.99!"
        assert await ask(first, second, "", "fine") == [
            [Finding("moderation", "hate", 0, len(first), 0.93), Finding("moderation", "violence", 0, len(first), 0.2)],
            [Finding("moderation", "hate/threatening", 0, len(second), 0.5)],
            [],
            [],
        ]
        ((headers, body),) = service.asked
        assert body == {"model": "omni-moderation-latest", "input": [first, second, " ", "fine"]}
        assert headers["Authorization"] == "Bearer sk-test"


@pytest.mark.covers("G6")
async def test_without_a_second_no_answer_is_a_failure(tmp_path):
    """Wrong in any way: never "nothing found"."""
    wrong: dict[str, tuple[object, tuple[str, str]]] = {
        "error": ("500", ("failed", "HTTP 500")),
        "key": ("401", ("failed", "HTTP 401")),
        "fewer": (lambda right: {"results": []}, ("garbage", "not one result for each text")),
        "none": (lambda right: {"flagged": False}, ("garbage", "not one result for each text")),
        "no scores": (lambda right: {"results": [{"flagged": False, "categories": {}}]}, ("garbage", "a result without categories and their scores")),
        "words": (lambda right: {"results": [{"categories": {}, "category_scores": {"hate": "high"}}]}, ("garbage", "a score that is not between 0 and 1")),
        "beyond": (lambda right: {"results": [{"categories": {}, "category_scores": {"hate": 7}}]}, ("garbage", "a score that is not between 0 and 1")),
    }
    wrong["strange"] = (lambda right: {"results": [{"flagged": True, "categories": {"S1": True}, "category_scores": {"S1": 0.9}}]}, ("garbage", "a result with none of our categories"))
    async with asking(tmp_path) as (ask, service, _):
        for name, (does, outcome) in wrong.items():
            service.does = does
            assert await ask("fine") == outcome, name


async def test_a_flag_without_a_score_is_a_finding(tmp_path):
    """What the service calls flagged is, whatever it leaves out."""
    async with asking(tmp_path) as (ask, service, _):
        for scores in ({"hate": None}, {"violence": 0.1}):
            service.does = lambda right, scores=scores: {"results": [{"flagged": True, "categories": {"hate": True}, "category_scores": scores}]}
            assert ("hate", 0.5) in [(found.kind, found.score) for found in (await ask("words"))[0]]


@pytest.mark.covers("G6")
async def test_slow_is_a_timeout_by_its_own_deadline(tmp_path):
    """The job has a minute, the service a tenth of a second."""
    async with asking(tmp_path, deadline_s=0.1) as (ask, service, _):
        service.does = "wait"
        assert await ask("fine") == ("timeout", "")


@pytest.mark.parametrize("does", ["wait", "500", lambda right: []], ids=["slow", "error", "wrong"])
async def test_the_model_answers_where_the_service_does_not(tmp_path, does):
    """Within the same job; who uses it sees findings of the same detector."""
    async with asking(tmp_path, second=True, deadline_s=0.1 if does == "wait" else PLENTY_S) as (ask, service, pool):
        service.does = does
        assert await ask("LOUD one", "quiet") == [[Finding("moderation", "WORD", 0, 4, 0.75)], []]
        state = pool.state()["detectors"]["moderation"]
        assert state["answered_by_model"] == 1 and state["failed"]["count"] == 1 and state["failed"]["reason"]  # or nobody would see it
        assert pool.said.read_text().count("detector_failed") == 1
        service.does = "answer"
        assert await ask("LOUD hate:0.8") == [[Finding("moderation", "hate", 0, 13, 0.8)]]  # and the service again as soon as it does


async def test_a_service_that_is_down_is_left_alone_for_a_while(tmp_path):
    """After some calls in vain nobody waits for it: its circuit is open, and the model answers at once."""
    async with asking(tmp_path, second=True) as (ask, service, pool):
        service.does = "503"
        for _ in range(FAILURES_TO_OPEN + 3):
            assert await ask("LOUD") == [[Finding("moderation", "WORD", 0, 4, 0.75)]]
        assert len(service.asked) == FAILURES_TO_OPEN
        state = pool.state()["detectors"]["moderation"]
        assert state["circuit_open"] is True and state["ready"] is True


async def test_nobody_there(tmp_path):
    """A refused connection is unavailable at once, whatever the deadline."""
    async with asking(tmp_path, url="http://127.0.0.1:9/v1/moderations") as (ask, _, _):
        assert await ask("fine") == ("unavailable", "connection refused")
