"""Retries, fallbacks, breakers and hedges at once, with providers that do as chance has it: what must hold whatever they do."""

from __future__ import annotations

import asyncio
import json
import os
import random
from pathlib import Path

import pytest

from gateway.proxy import breaker, tries
from tests.proxy.test_hedge import usually
from tests.proxy.test_routes import OWN, held, keyed
from tests.support.asked_again import CHAT, fails, tried, until
from tests.support.proxy import Upstream, chunked, gate, ok, post, split, upstream

CALLS = 3000 if os.environ.get("TIDEGATE_CHAOS") == "long" else 150
MORE = """retries: {on: [unreachable, overloaded, error, rate_limited, timeout, reset], of_traffic: 0.5}
breaker: {failures: 6, open_s: 0.05, open_max_s: 0.1}
routes:
  chat: {targets: [one, {provider: two, model: other}, three], hedge: {quantile: 0.5, min_s: 0.01}}
  any: {targets: [{provider: three, weight: 2}, {provider: one, weight: 1}], pick: weighted, retries: {per_request: 3}}
"""
OWN_WORDS = ("provider_breaker_open", "provider_connect", "provider_reset", "provider_timeout", "provider_protocol", "gateway_overloaded")


class Capricious:
    """A provider's script: each request is answered, refused, dripped, cut or ignored. A reply has the request's own id in it."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)

    async def __call__(self, up: Upstream, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while request := await up.read_request(reader):
            asked = json.loads(request.partition(b"\r\n\r\n")[2])
            said = json.dumps({"id": asked["user"]}).encode()
            mood = self._chance.random()
            if mood < 0.35:
                writer.write(ok(said))
            elif mood < 0.5:
                await asyncio.sleep(self._chance.random() * 0.03)
                writer.write(chunked(b"data: %b\n\n" % said, b"data: [DONE]\n\n"))
            elif mood < 0.7:
                whole = fails(self._chance.choice((429, 500, 502, 503, 504, 529, 400)), said, *(["retry-after-ms: 5"] if mood < 0.6 else []))
                writer.write(whole[:-3])
                await asyncio.sleep(self._chance.random() * 0.005)
                writer.write(whole[-3:])
            elif mood < 0.8:
                writer.write(ok(said)[: self._chance.randrange(1, 60)])
                return
            elif mood < 0.9:
                return
            else:
                await asyncio.sleep(2.0)  # longer than anybody waits
                return
            await writer.drain()


@pytest.mark.parametrize("seed", [1])
@pytest.mark.covers("C1", "U23")
async def test_whatever_providers_do_each_caller_gets_one_answer_and_it_is_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    """Nothing hangs, nothing is answered twice or by another's reply, every exchange has its row with each of its attempts, and nothing is left behind."""
    monkeypatch.setattr(tries, "BACKOFF_S", 0.001)
    monkeypatch.setattr(breaker, "ROW_S", 0.0)  # breakers are to open within this run
    chance = random.Random(seed)
    left, statuses = 0, []
    async with upstream(Capricious(seed)) as one, upstream(Capricious(seed + 10)) as two, upstream(Capricious(seed + 20)) as three:
        providers = "".join(held(up.port, name, ", timeouts: {first_byte_s: 0.4, idle_s: 0.4}") for name, up in (("one", one), ("two", two), ("three", three)))
        async with gate(tmp_path, providers, more=MORE + keyed(tmp_path)) as g:
            usually(g)
            before = len(asyncio.all_tasks())

            async def app(number: int) -> None:
                nonlocal left
                for turn in range(CALLS // 10):
                    name = f"{seed}-{number}-{turn}"
                    body = json.dumps({"model": "m", "stream": chance.random() < 0.3, "user": name, "messages": []}).encode()
                    raw = post(f"/{chance.choice(('chat', 'any', 'one'))}{CHAT}", body, f"Authorization: Bearer {OWN}")
                    if chance.random() < 0.1:
                        _, writer = await g.connect()
                        writer.write(raw)
                        await asyncio.sleep(chance.random() * 0.05)
                        writer.close()
                        left += 1
                        continue
                    answer = await g.ask(raw)
                    status, _, given = split(answer)
                    statuses.append(status)
                    own = any(word.encode() in given for word in OWN_WORDS)
                    assert answer.count(b"HTTP/1.1 ") == 1 and (own or f'"id": "{name}"'.encode() in given or not given or f'{{"id": "{name}'.startswith(given.decode())), answer

            await asyncio.gather(*(app(number) for number in range(10)))
            await until(lambda: g.worker.vitals.get("inflight") == 0)
            await until(lambda: not g.worker.ingress.live and not g.worker.ingress.desk.waiting)
            await until(lambda: all(pool._idle_count == sum(owner.open for owner in pool._owners.values()) for pool in g.worker.pools))
            rows = g.exchanges()
            assert len(rows) == len(statuses) + left and len(statuses) > CALLS // 2 and all(closed is not None for *_, closed, _ in rows)
            for at in range(len(rows)):
                _, closed, phases = tried(g, at) if at < 40 else (None, rows[at][2], None)
                assert closed is not None and closed.overhead_s is not None and closed.overhead_s <= closed.duration_s + 0.01
                if phases is not None:
                    assert closed.attempts <= len(phases) <= 8 and all(phase.start_s >= 0 and phase.provider in ("one", "two", "three") for phase in phases)
            page = g.worker.vitals
            assert statuses.count(200) > len(statuses) / 4
            assert min(page.get(name) for name in ("retries", "hedges", "hedges_won", "breaker_fast_fails", "retries_denied")) >= 0 and page.get("retries") > 0 and page.get("hedges") > 0
            await until(lambda: len(asyncio.all_tasks()) <= before + 30)
