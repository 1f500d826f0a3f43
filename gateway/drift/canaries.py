"""Canaries: fixed prompts, sent through the gate's own proxy port when they are due, and what came back now held against what came back before.

    for canary in await due_canaries(store, canaries, now, calls_per_day=500): await send("http://127.0.0.1:8080", canary, now)      (gateway.drift.provider_due)
    report = await compared(store, canaries, Periods.ending(now, 86_400, 604_800), embeddings.of)

Bounds: one call at a time, each with a deadline; after FAILURES failed ones in a row the batch ends; redirects and proxies of the environment ignored.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp
import numpy as np

from detectors.drift.base import Vectors
from detectors.drift.provider import Named, ProviderReport, news
from detectors.drift.provider_canaries import Replies, changed
from gateway import log
from gateway.drift.canary_table import BATCH_TAG, NAME_TAG, WORDING_TAG, Canary, batch_of
from gateway.drift.watch import DEADLINE_S, Embed, Periods, known_before
from gateway.errors import EmbeddingError
from gateway.store.client import Store

CALL_S = 120.0
FAILURES = 2
MAX_REPLIES = 500  # of one canary and period: the latest
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MAX_CHARS = 20_000  # of a reply


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a batch. answered: calls with a 200.  failed: others; what is missing to the canary's `repeat` was not sent."""

    canary: str
    batch: str
    answered: int
    failed: int


def own_address(host: str, port: int) -> str:
    """The gate's proxy port as this machine reaches it. host: as server.listen has it."""
    try:
        ip = ipaddress.ip_address(host)
    except ValueError:
        return f"http://{host}:{port}"
    if ip.is_unspecified:
        ip = ipaddress.ip_address("127.0.0.1" if ip.version == 4 else "::1")
    return f"http://[{ip}]:{port}" if ip.version == 6 else f"http://{ip}:{port}"


async def send(base_url: str, canary: Canary, now: dt.datetime) -> Sent:
    """One batch. base_url: of the gate's proxy port. Never raises for what the gate or the provider does."""
    batch = batch_of(now)
    answered = failed = in_a_row = 0
    timeout = aiohttp.ClientTimeout(total=CALL_S)
    async with aiohttp.ClientSession(timeout=timeout, trust_env=False, cookie_jar=aiohttp.DummyCookieJar(), headers={"User-Agent": "tidegate"}) as session:
        for _ in range(canary.repeat):
            if await _asked(session, base_url + canary.path, canary, batch):
                answered, in_a_row = answered + 1, 0
            else:
                failed, in_a_row = failed + 1, in_a_row + 1
            if in_a_row == FAILURES:
                break
    log.event("canary_sent", canary=canary.name, batch=batch, answered=answered, failed=failed)
    return Sent(canary.name, batch, answered, failed)


async def compared(store: Store, canaries: Sequence[Canary], periods: Periods, vectors: Embed, *, alpha: float = 0.01, seed: int = 0) -> ProviderReport:
    """Whether canaries are answered otherwise than in the period before: all of them, corrected for one another. Raises StoreError."""
    replies = [(canary, await _replies(store, canary, periods)) for canary in canaries]
    texts = list(dict.fromkeys(row["text"] for _, rows in replies for row in rows if row["text"].strip()))
    embedded, unseen = np.zeros((len(texts), 1), dtype=np.float32), []
    try:
        embedded = await vectors(texts) if texts else embedded
    except EmbeddingError as e:
        unseen.append(f"meaning is not compared, for there are no vectors: {e}")
    place = {text: at for at, text in enumerate(texts)}
    features, notes, drawn = changed([_as_replies(canary, rows, embedded, place) for canary, rows in replies], alpha=alpha, seed=seed)
    named = Counter(
        Named(canary.provider, canary.model, "response_model", row["response_model"]) for canary, rows in replies for row in rows if row["in_now"] and row["response_model"]
    )
    known = set(await known_before(store, periods.since))
    known |= {Named(canary.provider, canary.model, "response_model", row["response_model"]) for canary, rows in replies for row in rows if not row["in_now"] and row["response_model"]}
    events, of_names = news(known, named.items())
    pvalue = min((feature.pvalue for feature in features), default=1.0)
    count = Counter(bool(row["in_now"]) for _, rows in replies for row in rows)
    return ProviderReport(alpha, pvalue, bool(features), tuple(events), tuple(features), (*notes, *unseen, *of_names), count[False], count[True], drawn)


async def _asked(session: aiohttp.ClientSession, url: str, canary: Canary, batch: str) -> bool:
    """Whether one call was answered."""
    try:
        async with session.post(url, data=canary.body, headers=canary.headers(batch), allow_redirects=False) as reply:
            async for _ in reply.content.iter_chunked(1 << 16):  # to its end: a client that leaves early is another outcome
                pass
            return reply.status == 200
    except (TimeoutError, aiohttp.ClientError, OSError):
        return False


async def _replies(store: Store, canary: Canary, periods: Periods) -> list[dict[str, Any]]:
    """Its replies, of this wording, in both periods."""
    sql = (
        f"SELECT toString(e.id) AS id, leftUTF8(reply_text, {_MAX_CHARS}) AS text, output_tokens, response_model, tags[{{batch_tag:String}}] AS batch, started_at >= {_at('since')} AS in_now "
        f"FROM `{store.target.database}`.exchanges AS e WHERE started_at >= {_at('from')} AND started_at < {_at('until')} AND provider = {{provider:String}} AND request_model = {{model:String}} "
        "AND outcome = 'ok' AND session_id = {session:String} AND tags[{name_tag:String}] = {name:String} AND tags[{wording_tag:String}] = {wording:String} "
        f"ORDER BY started_at DESC, e.id LIMIT {MAX_REPLIES} BY in_now"
    )
    bound = {
        "since": _micros(periods.since), "from": _micros(periods.before_from), "until": _micros(periods.until), "provider": canary.provider, "model": canary.model,
        "session": canary.session, "name_tag": NAME_TAG, "name": canary.name, "wording_tag": WORDING_TAG, "wording": canary.wording, "batch_tag": BATCH_TAG,
    }  # fmt: skip
    return list({row["id"]: row for row in await store.query_json(sql, bound, deadline_s=DEADLINE_S)}.values())


def _as_replies(canary: Canary, rows: Sequence[dict[str, Any]], embedded: Vectors, place: dict[str, int]) -> Replies:
    vectors = np.zeros((len(rows), embedded.shape[1]), dtype=np.float32)
    for at, row in enumerate(rows):
        if row["text"] in place:
            vectors[at] = embedded[place[row["text"]]]
    late = {row["batch"] for row in rows if row["in_now"]} & {row["batch"] for row in rows if not row["in_now"]}  # the window began while it was asked: it is of now
    in_now = np.asarray([bool(row["in_now"]) or row["batch"] in late for row in rows], dtype=bool)
    lengths = tuple(len(row["text"]) // 4 if row["output_tokens"] is None else int(row["output_tokens"]) for row in rows)
    return Replies(canary.name, tuple(row["text"] for row in rows), lengths, tuple(row["batch"] for row in rows), in_now, vectors)


def _at(name: str) -> str:
    return f"fromUnixTimestamp64Micro({{{name}:Int64}}, 'UTC')"


def _micros(moment: dt.datetime) -> int:
    return (moment - _EPOCH) // dt.timedelta(microseconds=1)
