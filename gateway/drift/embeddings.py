"""Vectors of texts: out of the cache in the store where they are there, else computed, by the bundled model or by somebody's endpoint, and cached.

    POST <url>      {"model": "...", "input": ["...", ...], "encoding_format": "float"}
    200             {"data": [{"index": 0, "embedding": [0.1, ...]}, ...]}

The cache (`drift_embeddings`) goes by model and SHA-256 of the text, so a text that is asked about every hour is computed once; what was computed before a run was
killed is there for the next. A vector from the cache is the one that was computed, bit for bit, so a report does not depend on what was cached.

Bounds: one text at a time in the bundled model, off the event loop; CALLS calls at a time to an endpoint, each with its deadline, not repeated; answers of
MAX_ANSWER bytes; certificates are verified, redirects not followed, proxies of the environment ignored. Not for the proxy's processes: this loads a model.
Source: OpenAI's API reference, "Create embeddings".
"""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import ssl
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import aiohttp
import numpy as np
import orjson
from aiohttp.resolver import ThreadedResolver

from detectors.drift.base import Vectors
from detectors.embedding import DIMENSIONS, MODEL_SHA256, Embedder
from gateway.detection.webhook import PublicOnly, public
from gateway.errors import EmbeddingError, StoreUnavailable
from gateway.store.client import Store

CALLS = 2  # at a time, to an endpoint
MAX_ANSWER = 64 << 20  # bytes
MAX_DIMENSIONS = 8192
LONGEST = 6000  # characters of a text that an endpoint is sent: most take some 8,000 tokens and refuse more
BUNDLED = f"minilm-l6-v2-int8@{MODEL_SHA256[:12]}"
_LOOKUP = 1000  # hashes in one question
_WRITTEN = 256  # vectors in one insert
_AT_ONCE = 16  # texts that the bundled model is given between two looks at the event loop
_DEADLINE_S = 55.0
_HASH = 64  # hexadecimal digits


class Model(Protocol):
    """What computes vectors. name: of the model, by which they are cached: another model has another.  batch: texts in one call.  calls: at a time."""

    @property
    def name(self) -> str: ...
    @property
    def batch(self) -> int: ...
    @property
    def calls(self) -> int: ...
    async def vectors(self, texts: Sequence[str]) -> Vectors:
        """(n, d) of texts that are not empty. Raises EmbeddingError."""
        ...

    async def close(self) -> None: ...


class Bundled:
    """The model that ships inside; loaded (0.3 s, 160 MB) when it is first asked."""

    name, batch, calls = BUNDLED, _AT_ONCE, 1

    def __init__(self) -> None:
        self._embedder: Embedder | None = None

    async def vectors(self, texts: Sequence[str]) -> Vectors:
        """(n, 384)."""
        return await asyncio.to_thread(self._computed, texts)

    def _computed(self, texts: Sequence[str]) -> Vectors:
        if self._embedder is None:
            self._embedder = Embedder()
        return self._embedder.embed(texts)

    async def close(self) -> None:
        self._embedder = None


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An OpenAI-compatible embeddings endpoint. url: whole, with its path.  allow_private: it may be at an address that is not public."""

    url: str
    model: str
    deadline_s: float = 30.0
    key: str = field(default="", repr=False)
    allow_private: bool = False
    ca_file: Path | None = None
    batch: int = 64


class Remote:
    """One, asked. To be closed."""

    calls = CALLS

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._host = urlsplit(endpoint.url).netloc.rpartition("@")[2]
        whole = hashlib.sha256(endpoint.url.encode("utf-8", "surrogatepass")).hexdigest()[:12]  # one host serves several models under one name; a path or query may hold a key
        self.name, self.batch = f"{endpoint.model}@{self._host}#{whole}", endpoint.batch
        self._session: aiohttp.ClientSession | None = None

    async def vectors(self, texts: Sequence[str]) -> Vectors:
        """(n, d), of whatever length the endpoint's vectors are. Raises EmbeddingError."""
        question = {"model": self._endpoint.model, "input": [_sendable(text) for text in texts], "encoding_format": "float"}
        try:
            async with asyncio.timeout(self._endpoint.deadline_s):
                return self._read(await self._ask(orjson.dumps(question)), len(texts))
        except TimeoutError:
            raise self._failed(f"no answer within {self._endpoint.deadline_s:g} s") from None
        except (aiohttp.ClientError, OSError) as e:
            cause = getattr(e, "os_error", e)
            raise self._failed(str(cause) if "allow_private" in str(cause) else type(cause).__name__) from None

    async def close(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _ask(self, body: bytes) -> bytes:
        asked = self._endpoint
        if self._session is None:
            if not asked.allow_private and not public(urlsplit(asked.url).hostname or "", names=True):
                raise self._failed("an address that is not public, and allow_private is off")
            tls = ssl.create_default_context(cafile=str(asked.ca_file) if asked.ca_file else None)
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(resolver=ThreadedResolver() if asked.allow_private else PublicOnly(), ssl=tls, limit=CALLS),
                headers={"Content-Type": "application/json", "User-Agent": "tidegate", **({"Authorization": f"Bearer {asked.key}"} if asked.key else {})},
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=None),
                trust_env=False,
            )
        async with self._session.post(asked.url, data=body, allow_redirects=False) as reply:
            if reply.status != 200:
                raise self._failed(f"HTTP {reply.status}")
            content = bytearray()
            async for chunk in reply.content.iter_chunked(1 << 16):
                content += chunk
                if len(content) > MAX_ANSWER:
                    raise self._failed(f"an answer of more than {MAX_ANSWER >> 20} MB")
        return bytes(content)

    def _read(self, answer: bytes, count: int) -> Vectors:
        try:
            rows = {int(each.get("index", number)): each["embedding"] for number, each in enumerate(orjson.loads(answer)["data"])}
            found = np.array([rows[number] for number in range(count)], dtype=np.float32)
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
            raise self._failed(f"an answer that does not hold {count} vectors of one length") from None
        if found.ndim != 2 or len(rows) != count or not 0 < found.shape[1] <= MAX_DIMENSIONS or not np.isfinite(found).all():
            raise self._failed(f"an answer that does not hold {count} vectors of one length")
        return unit(found)

    def _failed(self, why: str) -> EmbeddingError:
        return EmbeddingError(f'embeddings of "{self._endpoint.model}" at {self._host}: {why}')


class Embeddings:
    """Vectors by the cache and a model. store: a writer's.  Use in one event loop."""

    def __init__(self, store: Store, model: Model) -> None:
        self._store, self._model = store, model
        self._table = f"`{store.target.database}`.drift_embeddings"
        self._room = asyncio.Semaphore(model.calls)
        self.computed = self.cached = 0  # texts, so far

    @property
    def model(self) -> str:
        """As the cache and drift_runs know it."""
        return self._model.name

    async def of(self, texts: Sequence[str], *, progress: Callable[[int, int], None] = lambda done, of: None) -> Vectors:
        """(n, d), of length 1; zeros for a text that is empty or blank. d is 0 where all are.

        progress: how many distinct texts have their vectors, and of how many.
        Raises EmbeddingError, StoreError.
        """
        hashes = [_hash(self.model, text) if text.strip() else "" for text in texts]
        wanted = {key: text for key, text in zip(hashes, texts, strict=True) if key}
        found = await self._lookup(sorted(wanted))
        dimensions = DIMENSIONS if self.model == BUNDLED else Counter(len(vector) for vector in found.values()).most_common(1)[0][0] if found else 0
        self.cached += len(found)
        for _ in range(2):  # an endpoint may give others than it did: then what is cached of those is computed anew
            missing = {key: text for key, text in wanted.items() if key not in found or len(found[key]) != dimensions}
            if not missing:
                break
            self.cached -= sum(key in found for key in missing)
            found |= await self._computed(missing, len(wanted), progress)
            dimensions = len(found[next(iter(missing))])
        if any(len(found[key]) != dimensions for key in wanted):
            raise self._uneven()
        result = np.zeros((len(texts), dimensions), dtype=np.float32)
        for row, key in enumerate(hashes):
            if key:
                result[row] = found[key]
        return result

    def blocking(self, loop: asyncio.AbstractEventLoop) -> Callable[[list[str]], Vectors]:
        """The same for a thread beside the loop: what detectors.drift.compare.compare wants. Raises as `of`."""
        return lambda texts: asyncio.run_coroutine_threadsafe(self.of(texts), loop).result()

    async def close(self) -> None:
        """Of the model; the store is its owner's."""
        await self._model.close()

    async def _lookup(self, hashes: list[str]) -> dict[str, Vectors]:
        """hashes: sorted, so that a question reads what stands together."""
        found: dict[str, Vectors] = {}
        sql = f"SELECT hash, vector FROM {self._table} WHERE model = {{model:String}} AND hash IN {{hashes:Array(String)}} ORDER BY at"
        for some in _slices(hashes, _LOOKUP):
            found.update(_read(await self._store.query_bytes(sql, "RowBinary", {"model": self.model, "hashes": list(some)}, deadline_s=_DEADLINE_S)))
        return found

    async def _computed(self, texts: dict[str, str], of: int, progress: Callable[[int, int], None]) -> dict[str, Vectors]:
        """Vectors of texts by their hashes, computed and stored. of: texts, with those that need not be computed."""
        found: dict[str, Vectors] = {}
        done = of - len(texts)
        progress(done, of)

        async def call(some: Sequence[str]) -> dict[str, Vectors]:
            nonlocal done
            async with self._room:
                made = dict(zip(some, await self._model.vectors([texts[key] for key in some]), strict=True))
            done += len(made)
            progress(done, of)
            return made

        for some in _slices(list(texts), max(_WRITTEN, self._model.batch)):
            async with _all_or_none() as calls:
                parts = [calls.create_task(call(part)) for part in _slices(some, self._model.batch)]
            made = {key: vector for part in parts for key, vector in part.result().items()}
            if len({len(vector) for vector in (*made.values(), *list(found.values())[:1])}) > 1:
                raise self._uneven()
            await self._keep(made)
            found |= made
        self.computed += len(found)
        return found

    def _uneven(self) -> EmbeddingError:
        return EmbeddingError(f"embeddings of {self.model}: vectors of different lengths")

    async def _keep(self, vectors: dict[str, Vectors]) -> None:
        at = dt.datetime.now(dt.UTC).strftime("%Y-%m-%d %H:%M:%S")
        lines = [orjson.dumps({"model": self.model, "hash": key, "vector": vector, "at": at}, option=orjson.OPT_SERIALIZE_NUMPY) for key, vector in vectors.items()]
        token = uuid.uuid4().hex
        try:
            await self._store.insert_rows("drift_embeddings", lines, token=token)
        except StoreUnavailable:  # once more: minutes of work wait here, and a connection that stood idle meanwhile may just have been closed
            await self._store.insert_rows("drift_embeddings", lines, token=token)


def unit(vectors: Vectors) -> Vectors:
    """Each row at length 1; zeros stay zeros."""
    lengths = np.linalg.norm(vectors.astype(np.float64), axis=1, keepdims=True)
    result: Vectors = (vectors / np.where(lengths > 0, lengths, 1.0)).astype(np.float32)
    return result


@asynccontextmanager
async def _all_or_none() -> Any:
    """A task group whose first failure is what is raised, and not a group of it."""
    try:
        async with asyncio.TaskGroup() as group:
            yield group
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from None


def _read(answer: bytes) -> Iterator[tuple[str, Vectors]]:
    """Rows of RowBinary: a FixedString, an array of Float32 with its length before it as a LEB128 number."""
    at = 0
    while at < len(answer):
        key, at = answer[at : at + _HASH].decode(), at + _HASH
        size = shift = 0
        while True:
            byte, at = answer[at], at + 1
            size |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                break
        yield key, np.frombuffer(answer, dtype="<f4", count=size, offset=at).astype(np.float32)
        at += 4 * size


def _hash(model: str, text: str) -> str:
    return hashlib.sha256(f"{model}\0{text}".encode("utf-8", "surrogatepass")).hexdigest()


def _sendable(text: str) -> str:
    return text[:LONGEST].encode("utf-8", "replace").decode()


def _slices(items: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    for at in range(0, len(items), size):
        yield items[at : at + size]
