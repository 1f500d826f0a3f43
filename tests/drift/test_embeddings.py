"""Vectors: computed once, the same from the cache as from the model, and an endpoint that misbehaves ends in one sentence."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

import numpy as np
import pytest
from aiohttp import web

from detectors.drift.base import Vectors
from detectors.embedding import Embedder
from gateway.drift.embeddings import LONGEST, Bundled, Embeddings, Endpoint, Remote
from gateway.errors import EmbeddingError
from tests.support.clickhouse import ClickHouseServer, free_port
from tests.support.sampled import writing

KEY = "sk-canary-5e1f"


class Counted:
    """A model of the tests' own, which remembers what it was asked."""

    batch, calls = 7, 1

    def __init__(self, name: str, dimensions: int = 5) -> None:
        self.name, self.dimensions = name, dimensions
        self.asked: list[str] = []

    async def vectors(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        seeds = [int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:4], "big") for text in texts]
        rows = np.array([np.random.default_rng(seed).standard_normal(self.dimensions) for seed in seeds])
        return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)

    async def close(self) -> None:
        pass


@contextlib.asynccontextmanager
async def serving(answer: Callable[[dict[str, Any]], object], status: int = 200) -> AsyncIterator[tuple[str, list[web.BaseRequest]]]:
    """An endpoint. answer: of a question's JSON, JSON or bytes."""
    seen: list[web.BaseRequest] = []

    async def answered(request: web.BaseRequest) -> web.Response:
        seen.append(request)
        said = answer(await request.json())
        return web.Response(body=said, status=status) if isinstance(said, bytes) else web.json_response(said, status=status)

    runner = web.ServerRunner(web.Server(answered))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port := free_port())
    await site.start()
    try:
        yield f"http://127.0.0.1:{port}/v1/embeddings", seen
    finally:
        await runner.cleanup()


def numbered(question: dict[str, Any]) -> object:
    """Vectors that say which text they are of, in an order of their own."""
    rows = [{"index": number, "embedding": [float(len(text)), 0.0, 1.0]} for number, text in enumerate(question["input"])]
    return {"data": rows[::-1]}


async def test_a_text_is_computed_once_and_comes_back_bit_for_bit(clickhouse: ClickHouseServer) -> None:
    """Every hour asks for nearly the same texts; and whether a run alarms must not depend on what was cached."""
    texts = [f"text {number}" for number in range(600)] + ["text 5", "", " \n ", "odd \ud800 \0 \U0001f9ff"]
    model = Counted("counted-once")
    async with writing(clickhouse) as store:
        first = Embeddings(store, model)
        made = await first.of(texts)
        assert made.shape == (604, 5) and made.dtype == np.float32 and len(model.asked) == 601
        assert np.array_equal(made[5], made[600]) and not made[601:603].any()
        again = Embeddings(store, model)
        seen: list[tuple[int, int]] = []
        assert np.array_equal(await again.of([*texts[::-1], "new"], progress=lambda done, of: seen.append((done, of))), np.concatenate([made[::-1], await Counted("x").vectors(["new"])]))
        assert model.asked[601:] == ["new"] and (again.cached, again.computed) == (601, 1)
        assert seen == [(601, 602), (602, 602)]


async def test_another_model_has_other_vectors(clickhouse: ClickHouseServer) -> None:
    """Two models' spaces have nothing to do with each other; a cached vector of the one would be noise in the other."""
    one, other = Counted("counted-a"), Counted("counted-b")
    async with writing(clickhouse) as store:
        await Embeddings(store, one).of(["hello"])
        await Embeddings(store, other).of(["hello"])
    assert one.asked == other.asked == ["hello"]


async def test_two_paths_of_one_host_do_not_share_vectors() -> None:
    """A gateway of models serves one a path, all under the name that the caller likes: vectors of two spaces must not meet in one run."""
    urls = ("https://models.example/a/v1/embeddings", "https://models.example/b/v1/embeddings", "https://models.example/a/v1/embeddings?version=2")
    names = {Remote(Endpoint(url, "small")).name for url in urls}
    assert len(names) == 3 and names == {Remote(Endpoint(url, "small")).name for url in urls}


async def test_a_model_that_changed_its_length_is_asked_again_for_all(clickhouse: ClickHouseServer) -> None:
    """Behind one name another model may come to stand; half of each would be no space at all."""
    async with writing(clickhouse) as store:
        await Embeddings(store, Counted("counted-grown", 5)).of(["a", "b", "c"])
        grown = Counted("counted-grown", 9)
        found = await Embeddings(store, grown).of(["a", "b", "c", "d"])
        assert found.shape == (4, 9) and sorted(grown.asked) == ["a", "b", "c", "d"]


async def test_what_was_computed_before_a_failure_is_kept(clickhouse: ClickHouseServer) -> None:
    """A run over 20,000 texts that dies near its end must not begin at its beginning."""

    class Failing(Counted):
        async def vectors(self, texts: Sequence[str]) -> Vectors:
            if len(self.asked) >= 512:
                raise EmbeddingError("gone")
            return await super().vectors(texts)

    texts = [f"kept {number}" for number in range(700)]
    async with writing(clickhouse) as store:
        with pytest.raises(EmbeddingError, match=r"^gone$"):
            await Embeddings(store, Failing("counted-kept")).of(texts)
        after = Embeddings(store, Counted("counted-kept"))
        await after.of(texts)
        assert after.cached >= 512 and after.cached + after.computed == 700


async def test_the_bundled_model_for_a_thread_beside_the_loop(clickhouse: ClickHouseServer) -> None:
    """The comparison is no coroutine: it runs in a thread and asks for what it needs."""
    texts = ["Where is my parcel?", "Wo ist mein Paket?"]
    async with writing(clickhouse) as store:
        embeddings = Embeddings(store, Bundled())
        made = await asyncio.to_thread(embeddings.blocking(asyncio.get_running_loop()), texts)
        assert np.array_equal(made, Embedder().embed(texts))
        assert np.array_equal(await embeddings.of(texts), made) and embeddings.computed == 2
        await embeddings.close()


async def test_an_endpoint_is_asked_in_batches_and_its_order_kept(clickhouse: ClickHouseServer) -> None:
    """The index says which vector is whose; lengths are made 1, and a long text is not sent whole."""
    async with serving(numbered) as (url, seen), writing(clickhouse) as store:
        remote = Remote(Endpoint(url, "small", key=KEY, allow_private=True, batch=2))
        found = await Embeddings(store, remote).of(["a", "bbb", "cc", "d" * (2 * LONGEST)])
        assert np.allclose(found[:, 0] / found[:, 2], [1, 3, 2, LONGEST]) and np.allclose(np.linalg.norm(found, axis=1), 1)
        assert len(seen) == 2 and {request.headers["Authorization"] for request in seen} == {f"Bearer {KEY}"}
        assert remote.name.startswith(f"small@{url.split('/')[2]}#") and "embeddings" not in remote.name
        await remote.close()


@pytest.mark.parametrize(
    ("answer", "status", "why"),
    [
        (b"no JSON", 200, "does not hold 2 vectors"),
        ({"data": [{"index": 0, "embedding": [1.0]}]}, 200, "does not hold 2 vectors"),
        ({"data": [{"index": 0, "embedding": [1.0]}, {"index": 0, "embedding": [1.0]}]}, 200, "does not hold 2 vectors"),
        ({"data": [{"index": 0, "embedding": [1.0]}, {"index": 1, "embedding": [1.0, 2.0]}]}, 200, "does not hold 2 vectors"),
        ({"data": [{"embedding": [1.0]}, {"embedding": ["x"]}]}, 200, "does not hold 2 vectors"),
        (b'{"data": [{"embedding": [1e999]}, {"embedding": [1.0]}]}', 200, "does not hold 2 vectors"),
        ({"data": None}, 200, "does not hold 2 vectors"),
        ([], 200, "does not hold 2 vectors"),
        ({"error": {"message": "wrong key sk-canary-5e1f"}}, 401, "HTTP 401"),
        (b"", 302, "HTTP 302"),
    ],
)
async def test_an_endpoint_that_answers_with_something_else_is_an_error_in_words(clickhouse: ClickHouseServer, answer: object, status: int, why: str) -> None:
    """The operator reads this line in a report; it names the model and the host, and neither the key nor a text. Nothing wrong is cached."""
    async with serving(lambda _: answer, status) as (url, _), writing(clickhouse) as store:
        remote = Remote(Endpoint(url, "strange", key=KEY, allow_private=True))
        with pytest.raises(EmbeddingError, match=why) as raised:
            await Embeddings(store, remote).of(["my secret", "your secret"])
        await remote.close()
        rows = await store.query_json("SELECT count() AS n FROM tidegate.drift_embeddings WHERE model = {model:String}", {"model": remote.name})
    said = str(raised.value)
    assert said.startswith('embeddings of "strange" at 127.0.0.1:') and KEY not in said and "secret" not in said and rows == [{"n": 0}]


async def test_an_endpoint_that_does_not_answer_costs_its_deadline() -> None:
    """A run must end although somebody's server hangs; and one that nobody runs is told apart."""
    hangs = asyncio.Event()

    async def hang(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await hangs.wait()
        writer.close()

    server = await asyncio.start_server(hang, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    for at, deadline_s, why in ((port, 0.1, r"no answer within 0\.1 s"), (free_port(), 30.0, "ConnectionRefusedError")):
        remote = Remote(Endpoint(f"http://127.0.0.1:{at}/x", "slow", deadline_s=deadline_s, allow_private=True))
        with pytest.raises(EmbeddingError, match=why):
            await remote.vectors(["a"])
        await remote.close()
    hangs.set()
    server.close()


async def test_a_private_address_needs_a_word() -> None:
    """Texts of the record are sent there: a URL that leads inside is an oversight until it says otherwise."""
    for url in ("http://127.0.0.1:9/v1/embeddings", "http://localhost:9/v1/embeddings"):
        remote = Remote(Endpoint(url, "inside"))
        with pytest.raises(EmbeddingError, match="not public, and allow_private is off"):
            await remote.vectors(["a"])
        await remote.close()
