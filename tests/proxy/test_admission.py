"""More work than the gate may take on: who is let in, who is next, who is turned away, and that nobody else feels it."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import random
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import orjson
import pytest
import uvloop

from gateway.errors import RelayError
from gateway.proxy import admission as rules
from gateway.proxy.admission import Admission
from gateway.proxy.auth import Caller
from gateway.proxy.turns import HEARD, LONGEST_S, MOST, REST_S, SLICE_S, Turns
from gateway.proxy.waiting import Waiter
from gateway.vitals import Vitals
from tests.support.growth import assert_linear
from tests.support.proxy import Gate, Upstream, chunked, gate, ok, post, provider, split, upstream

CHAT = "/v1/chat/completions"


def run(coroutine: Coroutine[Any, Any, None], *, fast: bool = False) -> None:
    (uvloop.run if fast else asyncio.run)(asyncio.wait_for(coroutine, 60))


def server(**items: object) -> str:
    return f"server: {orjson.dumps({'workers': 1, 'queue_s': 30, **items}).decode()}\nretries: {{per_request: 0}}\n"


class Held:
    """A provider that answers when it is told to. asked: bodies in the order of their coming."""

    def __init__(self) -> None:
        self.asked: list[bytes] = []
        self._open: dict[bytes, asyncio.Event] = {}
        self.came = asyncio.Condition()

    async def __call__(self, up: Upstream, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while request := await up.read_request(reader):
            body = request.partition(b"\r\n\r\n")[2]
            async with self.came:
                self.asked.append(body)
                self.came.notify_all()
            await self._event(body).wait()
            writer.write(ok(b'{"of": %b}' % body))
            await writer.drain()

    def _event(self, body: bytes) -> asyncio.Event:
        return self._open.setdefault(body, asyncio.Event())

    def answer(self, *bodies: bytes) -> None:
        for body in bodies:
            self._event(body).set()

    async def until(self, count: int) -> None:
        async with self.came:
            await self.came.wait_for(lambda: len(self.asked) >= count)


@contextlib.asynccontextmanager
async def held(root: Path, *, more: str = "", **items: object) -> AsyncIterator[tuple[Gate, Held]]:
    script = Held()
    async with upstream(script) as up, gate(root, provider(up.port), more=server(**items) + more) as g:
        yield g, script


class Rests:
    """Has clients of a gate rest until `over`. told: for how long they should at most."""

    def __init__(self, g: Gate) -> None:
        self.over, self.told = asyncio.Event(), []
        g.worker.server.rest = self._rest

    async def _rest(self, most_s: float) -> None:
        self.told.append(most_s)
        await self.over.wait()


async def until(so: Callable[[], object]) -> None:
    while not so():
        await asyncio.sleep(0.001)  # whatever it is, nobody calls


def outcomes(g: Gate) -> list[str]:
    return [closed.outcome if closed else "" for _, _, closed, _ in g.exchanges()]


# ---------------------------------------------------------------------------- in, or not


@pytest.mark.covers("G10")
def test_what_finds_no_room_waits_and_goes_on_when_there_is_some(tmp_path):
    """A short burst costs somebody a moment, not an error; and no provider sees more at once than it should."""

    async def main() -> None:
        async with held(tmp_path, max_inflight=2) as (g, up):
            asks = [asyncio.ensure_future(g.ask(post(CHAT, b"%d" % n))) for n in range(2)]
            await up.until(2)
            third = asyncio.ensure_future(g.ask(post(CHAT, b"2")))
            await until(lambda: g.worker.admission.queued == 1)
            assert len(up.asked) == 2
            up.answer(up.asked[0])
            await up.until(3)
            assert up.asked[2] == b"2"
            up.answer(b"0", b"1", b"2")
            assert [split(answer)[0] for answer in await asyncio.gather(*asks, third)] == [200] * 3
            await until(lambda: g.worker.admission.inflight == 0)
            assert g.worker.admission._held == {}
            assert g.worker.admission._queues == {}

    run(main())


@pytest.mark.covers("G10")
@pytest.mark.parametrize(
    ("dialect", "path", "code"),
    [
        ("openai", CHAT, lambda said: said["error"]["code"]),
        ("anthropic", "/v1/messages", lambda said: said["error"]["message"].partition(":")[0]),
        ("gemini", "/v1beta/models/g:generateContent", lambda said: said["error"]["status"]),
    ],
)
def test_who_is_turned_away_is_told_so_and_is_on_record(tmp_path, dialect, path, code):
    """An SDK that is told to try again at once would make things worse three times over; and what was refused must be seen by somebody."""

    async def main() -> None:
        script = Held()
        async with upstream(script) as up, gate(tmp_path, provider(up.port, dialect=dialect), more=server(max_inflight=1, max_queue=0)) as g:
            first = asyncio.ensure_future(g.ask(post(path, b"1")))
            await script.until(1)
            status, headers, body = split(await g.ask(post(path, b"2", "x-tidegate-app: shop")))
            assert status == 503
            assert headers["x-should-retry"] == "false"
            assert 1 <= int(headers["retry-after"]) <= 5
            assert headers["x-tidegate-error-source"] == "gateway"
            assert b"gateway_overloaded" in body
            assert code(orjson.loads(body))
            script.answer(b"1")
            assert split(await first)[0] == 200
            opened, _, closed, reply = next(each for each in g.exchanges() if each[2] is not None and each[2].outcome == "gateway_overloaded")
            assert (opened.app, opened.provider, opened.dialect, closed.status, closed.error_code, closed.attempts) == ("shop", "up", dialect, 503, "gateway_overloaded", 0)
            assert reply == body
            assert script.asked == [b"1"]
            assert g.worker.vitals.get("shed_queue") == 1

    run(main())


@pytest.mark.covers("G10")
def test_nobody_waits_longer_than_is_allowed(tmp_path):
    """A caller that hears nothing for minutes cannot do anything else meanwhile; one that is told can."""

    async def main() -> None:
        async with held(tmp_path, max_inflight=1, queue_s=0.05) as (g, up):
            first = asyncio.ensure_future(g.ask(post(CHAT, b"1")))
            await up.until(1)
            assert split(await g.ask(post(CHAT, b"2")))[0] == 503
            assert g.worker.vitals.get("shed_wait") == 1
            assert g.worker.admission.queued == 0
            up.answer(b"1")
            assert split(await first)[0] == 200

    run(main())


@pytest.mark.covers("G10", "G2")
@pytest.mark.parametrize("framing", ["Content-Length: 20000000", "Transfer-Encoding: chunked"])
def test_the_body_of_what_is_turned_away_is_not_read(tmp_path, monkeypatch, framing):
    """A gate that is full would be filled further by the very requests that it refuses, if it read them to their end."""
    monkeypatch.setattr("gateway.proxy.connection.LINGER_S", 0.3)

    async def main() -> None:
        async with held(tmp_path, max_inflight=1, max_queue=0) as (g, up):
            first = asyncio.ensure_future(g.ask(post(CHAT, b"1")))
            await up.until(1)
            reader, writer = await g.connect()
            writer.write(f"POST {CHAT} HTTP/1.1\r\nHost: g\r\n{framing}\r\n\r\n".encode())
            answer = await reader.read()  # until its end: the gate hangs up while the body has not even begun
            status, headers, _ = split(answer)
            assert (status, headers["connection"]) == (503, "close")
            sent = 0
            with contextlib.suppress(ConnectionError):
                while sent < 50_000_000:
                    writer.write(b"1" * 65536)
                    sent += 65536
                    await asyncio.wait_for(writer.drain(), 60)
            assert sent < 50_000_000  # it was cut off
            writer.close()
            assert next(opened.request_bytes for opened, _, closed, _ in g.exchanges() if closed is not None) == 0
            up.answer(b"1")
            await first

    run(main())


@pytest.mark.covers("C1", "G10")
def test_who_leaves_the_queue_has_left_it(tmp_path):
    """Nobody's tokens are spent for a client that is gone, and its place in the queue is the next one's at once."""

    async def main() -> None:
        async with held(tmp_path, max_inflight=1) as (g, up):
            first = asyncio.ensure_future(g.ask(post(CHAT, b"1")))
            await up.until(1)
            _, writer = await g.connect()
            writer.write(post(CHAT, b"2"))
            await until(lambda: g.worker.admission.queued == 1)
            writer.close()
            await until(lambda: g.worker.admission.queued == 0)
            await until(lambda: "caller_cancelled" in outcomes(g))
            third = asyncio.ensure_future(g.ask(post(CHAT, b"3")))
            await until(lambda: g.worker.admission.queued == 1)
            up.answer(b"1", b"2", b"3")
            assert [split(answer)[0] for answer in await asyncio.gather(first, third)] == [200, 200]
            assert up.asked == [b"1", b"3"]

    run(main())


@pytest.mark.covers("G10")
def test_a_stream_goes_on_while_others_are_turned_away(tmp_path):
    """Overload is for the next one to feel, never for who was let in."""

    async def main() -> None:
        begun, go_on = asyncio.Event(), asyncio.Event()
        pieces = [b'data: {"n": %d}\n\n' % n for n in range(20)]

        async def script(up: Upstream, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await up.read_request(reader)
            whole = chunked(*pieces, b"data: [DONE]\n\n")
            writer.write(whole[:300])
            begun.set()
            await go_on.wait()
            writer.write(whole[300:])

        async with upstream(script) as up, gate(tmp_path, provider(up.port), more=server(max_inflight=1, max_queue=2)) as g:
            stream = asyncio.ensure_future(g.ask(post(CHAT, b'{"stream": true}')))
            await begun.wait()
            asks = [asyncio.ensure_future(g.ask(post(CHAT, b"{}"))) for _ in range(50)]
            await until(lambda: sum(ask.done() for ask in asks) == 48)
            g.worker.admission.shut("memory")
            assert {split(answer)[0] for answer in await asyncio.gather(*asks)} == {503}
            go_on.set()
            status, _, body = split(await stream)
            assert (status, body) == (200, b"".join(pieces) + b"data: [DONE]\n\n")
            assert sorted(outcomes(g)) == ["gateway_overloaded"] * 50 + ["ok"]

    run(main())


@pytest.mark.covers("G10", "G3")
def test_a_gate_that_is_leaving_lets_its_queue_through(tmp_path):
    """A request that was accepted is not lost to a restart because it was waiting."""

    async def main() -> None:
        async with held(tmp_path, max_inflight=1) as (g, up):
            asks = [asyncio.ensure_future(g.ask(post(CHAT, b"%d" % n))) for n in range(4)]
            await until(lambda: g.worker.admission.queued == 3)
            g.worker.ingress.draining = True
            for connection in g.worker.server.connections:
                connection.leave()
            up.answer(*(b"%d" % n for n in range(4)))
            assert [split(answer)[0] for answer in await asyncio.gather(*asks)] == [200] * 4

    run(main())


@pytest.mark.covers("C4", "T19")
def test_bodies_on_their_way_take_nobodys_place(tmp_path):
    """A handful of clients that send a byte now and then would hold every place for two minutes."""

    async def main() -> None:
        async with held(tmp_path, max_inflight=2, max_queue=30) as (g, up):
            drips = [await g.connect() for _ in range(20)]
            for _, writer in drips:
                writer.write(f"POST {CHAT} HTTP/1.1\r\nHost: g\r\nConnection: close\r\nContent-Length: 2\r\n\r\n4".encode())
            await until(lambda: g.worker.vitals.get("inflight") == 20)
            await until(lambda: g.worker.admission.inflight == g.worker.admission.queued == 0)
            up.answer(b"1")
            assert split(await g.ask(post(CHAT, b"1")))[0] == 200
            drips[0][1].write(b"4")  # and who comes to an end has its turn
            up.answer(b"44")
            assert split(await drips[0][0].read())[0] == 200
            for _, writer in drips:
                writer.close()
            await until(lambda: g.worker.vitals.get("inflight") == 0)

    run(main())


# ---------------------------------------------------------------------------- who is next


class Door:
    """An Admission and those who come to it. Each answers with what became of it: "in", or the error's code or class."""

    def __init__(self, root: Path, *, room: int, queue: int = 100, patience_s: float = 30.0) -> None:
        self.vitals = Vitals(root / "page")
        self.admission = Admission(asyncio.get_running_loop(), self.vitals, Turns(asyncio.get_running_loop()), room=room, queue=queue, patience_s=patience_s)

    async def come(self, who: str) -> tuple[Any, asyncio.Task[str]]:
        """Somebody asks. Returns when it is in, sent away, or waits."""
        intake = SimpleNamespace(key="", placed=False, uploaded=False, started=time.perf_counter(), request=SimpleNamespace(waiter=None, transport=None))

        async def ask() -> str:
            if not self.admission.enter(intake, Caller(None, (), who.encode(), "")):
                try:
                    await self.admission.wait(intake)
                except RelayError as error:
                    return error.code
            return "in"

        task = asyncio.ensure_future(ask())
        await until(lambda: task.done() or intake.request.waiter is not None)
        return intake, task


@pytest.mark.covers("T19", "G10")
def test_who_has_least_under_way_is_next(tmp_path, monkeypatch):
    """One app that asks for everything at once must not make another wait behind all of it."""
    monkeypatch.setattr(rules, "PRESSED_S", 60.0)  # on a busy machine forty take longer to come than a burst may last

    async def main() -> None:
        door = Door(tmp_path, room=16)
        noisy = [await door.come("noisy") for _ in range(40)]
        inside = [intake for intake, task in noisy if task.done()]
        assert len(inside) == 14  # the last eighth is kept for who has less
        quiet = [await door.come("quiet") for _ in range(4)]
        assert [task.done() for _, task in quiet] == [True, True, False, False]
        for intake in inside[:3]:
            door.admission.leave(intake)
        assert await quiet[2][1] == "in"  # although twenty-six came before it
        assert sum(task.done() for _, task in noisy) == 14
        door.admission.leave(inside[3])
        assert await quiet[3][1] == "in"
        for intake in inside[4:]:
            door.admission.leave(intake)
        await until(lambda: sum(task.done() for _, task in noisy) == 24)
        assert door.admission.inflight == 14
        for _, task in noisy:
            task.cancel()

    run(main())


@pytest.mark.covers("T19")
def test_a_full_queue_sends_away_the_last_of_who_waits_most(tmp_path):
    """If the first to fill the queue kept it, one app's flood would be everybody's outage."""

    async def main() -> None:
        door = Door(tmp_path, room=1, queue=10)
        holds, _ = await door.come("noisy")
        noisy = [await door.come("noisy") for _ in range(10)]
        assert await (await door.come("noisy"))[1] == "gateway_overloaded"
        quiet = await door.come("quiet")
        assert not quiet[1].done()
        assert await noisy[-1][1] == "gateway_overloaded"
        assert not any(task.done() for _, task in noisy[:-1])
        door.admission.leave(holds)
        await until(lambda: noisy[0][1].done() or quiet[1].done())
        door.admission.leave(noisy[0][0] if noisy[0][1].done() else quiet[0])
        assert await noisy[0][1] == await quiet[1] == "in"  # one after the other: both have nothing under way
        assert door.vitals.get("shed_queue") == 2
        for _, task in noisy:
            task.cancel()

    run(main())


@pytest.mark.covers("G10")
def test_when_the_press_lasts_patience_is_short_but_for_who_has_less_than_a_share(tmp_path, monkeypatch):
    """A queue that stands for minutes makes every answer late and serves nobody more; but who did not cause it should not pay for it."""

    async def main() -> None:
        now = time.perf_counter()
        monkeypatch.setattr(rules, "perf_counter", lambda: now)
        door = Door(tmp_path, room=4, patience_s=0.2)
        waits: list[float] = []
        monkeypatch.setattr(door.admission, "_late", SimpleNamespace(begin=lambda waiter: waits.append(waiter.patience_s), end=lambda waiter: None))
        noisy = [await door.come("noisy") for _ in range(5)]
        now += 0.3
        noisy += [await door.come("noisy")]
        quiet = [await door.come("quiet")]
        assert waits == [0.2, rules.PRESSED_WAIT_S, 0.2]
        for intake, _ in noisy[:4]:
            door.admission.leave(intake)
        await until(lambda: quiet[0][1].done())
        await until(lambda: all(task.done() for _, task in noisy))
        for intake, _ in (*noisy, *quiet):
            door.admission.leave(intake)
        for _ in range(rules.CALM_BEATS):
            now += 0.1
            door.admission.tick()
        for _ in range(5):
            await door.come("noisy")
        assert waits[3:] == [0.2]  # patient as ever

    run(main())


@pytest.mark.covers("G10")
def test_who_would_wait_in_vain_is_told_at_once(tmp_path, monkeypatch):
    """Half a second of waiting for a refusal is half a second in which the caller could have asked elsewhere."""

    async def main() -> None:
        now = time.perf_counter()
        monkeypatch.setattr(rules, "perf_counter", lambda: now)
        door = Door(tmp_path, room=4, patience_s=1.0)
        inside = [(await door.come("a"))[0] for _ in range(4)]
        waiting = [await door.come("a") for _ in range(20)]
        for _ in range(3):  # beats in each of which one place becomes free: ten a second
            door.admission.leave(inside.pop())
            await until(lambda: any(task.done() for _, task in waiting))
            intake, task = next(each for each in waiting if each[1].done())
            waiting.remove((intake, task))
            inside.append(intake)
            now += 0.1
            door.admission.tick()
        assert await (await door.come("a"))[1] == "gateway_overloaded"  # seventeen before it
        assert door.vitals.get("shed_queue") == 1
        _, other = await door.come("b")
        assert not other.done()  # nobody before it
        for _, task in (*waiting, (None, other)):
            task.cancel()

    run(main())


# ---------------------------------------------------------------------------- turns on the processor


@pytest.mark.covers("G10")
@pytest.mark.parametrize(("room", "queue"), [(4096, 512), (2048, 256), (512, 64)])  # the defaults' share of one worker, of one of two, of one of eight
def test_a_burst_on_a_slow_machine_waits_for_its_turn(tmp_path, room, queue):
    """There is room for all of them: that the processor takes longer than `queue_s` to begin them is no reason to turn anybody away."""

    async def main() -> None:
        door = Door(tmp_path, room=room, queue=queue, patience_s=0.05)
        turns, clients = door.admission._turns, min(500, room - room // rules.KEPT_FREE)
        turns._due = True  # so nothing comes of `wake`: the processor is somebody else's
        burst = [await door.come("app") for _ in range(clients)]
        await asyncio.sleep(0.1)  # in which nothing may come of it
        assert door.admission.queued + door.admission.inflight == clients
        assert door.vitals.get("shed_wait") == door.vitals.get("shed_queue") == 0
        turns._due = False
        turns.wake()
        assert set(await asyncio.gather(*(task for _, task in burst))) == {"in"}
        for intake, _ in burst:
            door.admission.leave(intake)
        assert (door.admission.inflight, door.admission.queued, door.admission._held, door.admission._queues) == (0, 0, {}, {})

    run(main())


@pytest.mark.covers("G10")
def test_work_of_a_burst_is_spread_over_turns_of_the_loop(tmp_path, monkeypatch):
    """Fifty requests that come in one read, each with some milliseconds of guard work, would make every stream wait for the sum of it."""

    async def main() -> None:
        async with held(tmp_path, more="guardrails: [{name: g, detector: pii, on: request, kinds: [EMAIL_ADDRESS], action: mask}]\n") as (g, up):
            turn, starts = 0, {}

            def turned() -> None:
                nonlocal turn
                turn += 1
                asyncio.get_running_loop().call_soon(turned)

            begin = g.worker.ingress._guard.begin

            def busy(*arguments: Any) -> Any:
                until_then = time.perf_counter() + 0.002
                while time.perf_counter() < until_then:
                    pass
                starts[turn] = starts.get(turn, 0) + 1
                return begin(*arguments)

            monkeypatch.setattr(g.worker.ingress._guard, "begin", busy)
            clients = [await g.connect() for _ in range(50)]
            turned()
            for n, (_, writer) in enumerate(clients):
                writer.write(post(CHAT, b'{"n": %d}' % n))
            up.answer(*(b'{"n": %d}' % n for n in range(50)))
            answers = await asyncio.gather(*(reader.read() for reader, _ in clients))
            assert {split(answer)[0] for answer in answers} == {200}
            assert sum(starts.values()) == 50
            assert max(starts.values()) <= 5  # of two milliseconds or more, in slices of five

    run(main(), fast=True)


@pytest.mark.covers("G10")
def test_a_flood_of_refusals_is_no_reason_to_begin_less():
    """How much begins in a turn goes by how long what began has taken. If refusals counted, the more are refused the fewer would be served, down to one in a turn."""

    async def main() -> None:
        loop = asyncio.get_running_loop()
        turns, begun, most_at_once, over = Turns(loop), [0], [0], loop.create_future()

        def starts(most: int) -> int:
            most_at_once[0] = max(most_at_once[0], most)
            for _ in range(most):
                loop.call_soon(lambda: begun.__setitem__(0, begun[0] + 1))  # what was let go runs, and is short
            return most

        def refuse(left: int) -> None:
            until_then = time.perf_counter() + 1.2 * SLICE_S
            while time.perf_counter() < until_then:
                pass
            if left:
                loop.call_soon(refuse, left - 1)
            else:
                turns.waits = False
                over.set_result(None)

        turns.starts, turns.waits = starts, True
        turns.wake()
        loop.call_soon(refuse, 30)
        await over
        assert most_at_once[0] > 20 and begun[0] > 100

    run(main(), fast=True)


@pytest.mark.covers("G10")
def test_parts_of_long_work_take_turns_with_starts(tmp_path):
    """A megabyte under guard is looked at in parts; the small request behind it must not wait for the last of them."""

    async def main() -> None:
        loop = asyncio.get_running_loop()
        turns, order = Turns(loop), []
        waiting = ["start"] * 3

        def starts(most: int) -> int:
            given = min(most, len(waiting))
            for _ in range(given):
                order.append(waiting.pop())
            return given

        turns.starts = starts

        async def long(name: str) -> None:
            for _ in range(10):
                await turns.part()
                order.append(name)
                until_then = time.perf_counter() + 0.006  # more than a turn has
                while time.perf_counter() < until_then:
                    pass

        await asyncio.gather(long("a"), long("b"))
        assert order.count("a") == order.count("b") == 10
        assert [n for n, each in enumerate(order) if each == "start"][-1] < 10  # the third start, after about as many parts
        assert abs(order[:12].count("a") - order[:12].count("b")) <= 2
        cancelled = asyncio.ensure_future(long("c"))
        await asyncio.sleep(0)
        cancelled.cancel()
        await long("d")
        assert order.count("d") == 10

    run(main(), fast=True)


@pytest.mark.covers("G10")
def test_a_flood_of_many_callers_is_turned_away_without_a_look_at_each_who_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With hundreds of callers in the queue a refusal must not cost hundreds of looks: a full queue in which nobody waits twice decides at once. So does who is next, if it has nothing under way."""

    async def go() -> None:
        loop, vitals = asyncio.get_running_loop(), Vitals(tmp_path / "page")
        turns = Turns(loop)
        admission = Admission(loop, vitals, turns, room=8, queue=200, patience_s=30.0)

        def asks(key: str) -> Any:
            return SimpleNamespace(key=key, placed=False, uploaded=False, request=SimpleNamespace(waiter=None))

        for n in range(8):
            admission._place(asks(f"in-{n}"))
        waits = [loop.create_task(admission.wait(asks(f"waits-{n}"))) for n in range(200)]
        await until(lambda: admission.queued == 200)
        looks: list[object] = []
        monkeypatch.setattr(admission, "_patience", lambda *_: looks.append("patience"))
        monkeypatch.setattr(admission, "_before", lambda *_: looks.append("before"))
        for n in range(5):
            with pytest.raises(RelayError) as refused:
                await admission.wait(asks(f"late-{n}"))
            assert refused.value.code == "gateway_overloaded"
        assert looks == [] and vitals.get("shed_queue") == 5

        class Counted(dict[Any, int]):
            def get(self, key: Any, default: Any = None) -> Any:
                looks.append(key)
                return super().get(key, default)

        admission._held = Counted(admission._held)
        assert admission._next() == "waits-0"
        assert looks == ["waits-0"]
        for wait in waits:
            wait.cancel()
        await asyncio.gather(*waits, return_exceptions=True)
        vitals.close()

    run(go())


@pytest.mark.covers("G10")
def test_who_waits_most_is_known_without_a_look_at_each_who_waits(tmp_path: Path) -> None:
    """Thousands of callers, made up, that wait twice each: a refusal must not cost a look at each of them. And it is who waits most, whoever comes, goes and is let in."""

    async def go() -> None:
        loop, vitals = asyncio.get_running_loop(), Vitals(tmp_path / "page")
        turns = Turns(loop)
        admission = Admission(loop, vitals, turns, room=400, queue=10**6, patience_s=30.0)
        chance, waiting = random.Random(7), []
        looks = [0]

        class Counted(dict[Any, Any]):
            def __iter__(self) -> Any:
                for key in super().__iter__():
                    looks[0] += 1
                    yield key

        def asks(key: str) -> Any:
            return SimpleNamespace(key=key, placed=False, uploaded=False, request=SimpleNamespace(waiter=None))

        admission._queues = Counted()
        for n in range(3000):
            key = f"k{chance.randrange(1 + n % 40)}"
            own, most = len(admission._queues.get(key, ())), max(map(len, admission._queues.values()), default=0)
            looks[0] = 0
            longest = admission._longest(key)
            assert looks == [0]
            assert len(admission._queues[longest]) == most if most > own + 1 else longest is None
            waiting.append(admission.join(asks(key)))
            if chance.random() < 0.4:
                gone = waiting.pop(chance.randrange(len(waiting)))
                admission._forget(gone.intake.key, gone)
            if n % 100 == 0:
                admission._let_in(3)
        for waiter in waiting:
            admission._forget(waiter.intake.key, waiter)
        assert (admission.queued, admission._queues, admission._ranks, admission._top) == (0, {}, {}, 0)
        vitals.close()

    run(go())


@pytest.mark.covers("G10")
def test_who_is_before_whom_is_known_without_a_look_at_each_who_waits(tmp_path: Path) -> None:
    """Hundreds of callers may wait, and everybody who comes under a press is asked about: it is what a look at each of them would say, whoever comes, goes and is let in."""

    async def go() -> None:
        loop, vitals = asyncio.get_running_loop(), Vitals(tmp_path / "page")
        admission = Admission(loop, vitals, Turns(loop), room=400, queue=10**6, patience_s=30.0)
        admission._pressed_since = time.perf_counter() - 2 * rules.PRESSED_S
        chance, waiting, inside = random.Random(5), [], []

        def asks(key: str) -> Any:
            return SimpleNamespace(key=key, placed=False, uploaded=False, request=SimpleNamespace(waiter=None))

        def before(key: str) -> int:
            own, held = len(admission._queues.get(key, ())), admission._held
            level = held.get(key, 0) + own + 1
            return own + sum(min(len(queue), max(0, level - held.get(other, 0))) for other, queue in admission._queues.items() if other != key)

        def patient(key: str) -> bool:
            held, queues = admission._held, admission._queues
            share = (held.get(key, 0) + len(queues.get(key, ()))) * len(held.keys() | queues.keys() | {key})
            return share < admission.inflight + admission.queued

        for n in range(3000):
            key = f"k{chance.randrange(1 + n % 40)}"
            exact = before(key)
            assert admission._before(key, exact) and not admission._before(key, exact + 1)
            assert (admission._patience(key, time.perf_counter(), False) == 30.0) == patient(key)
            waiting.append(admission.join(asks(key)))
            if chance.random() < 0.4:
                gone = waiting.pop(chance.randrange(len(waiting)))
                admission._forget(gone.intake.key, gone)
            if n % 10 == 0:
                admission._let_in(chance.randrange(8))
                inside = [waiter for waiter in waiting if waiter.intake.placed] + inside
                waiting = [waiter for waiter in waiting if not waiter.intake.placed]
            if inside and chance.random() < 0.3:
                admission.leave(inside.pop(chance.randrange(len(inside))).intake)
        for waiter in waiting:
            admission._forget(waiter.intake.key, waiter)
        for waiter in inside:
            admission.leave(waiter.intake)
        assert (admission.queued, admission.inflight, admission._steps, admission._both, admission._held) == (0, 0, {}, 0, {})
        vitals.close()

    run(go())


def burn(seconds: float) -> None:
    until_then = time.perf_counter() + seconds
    while time.perf_counter() < until_then:
        pass


class Clock:
    """In the place of perf_counter."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.covers("G10")
def test_who_was_refused_is_heard_again_when_it_was_told_to_come(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand clients that ask again as soon as they are refused would take all turns for being refused. While more want to begin than may, each of them is heard when what it was told is over:
    not before, and in the next turns after; and those that begin are not fewer for it."""

    async def main() -> None:
        clock = Clock()
        monkeypatch.setattr("gateway.proxy.turns.perf_counter", clock)
        turns, begun = Turns(asyncio.get_running_loop()), [0]

        def starts(most: int) -> int:
            begun[0] += most
            return most

        turns.starts, turns.waits = starts, True
        seconds = [REST_S[0] + (REST_S[1] - REST_S[0]) * random.Random(3).random() for _ in range(1000)]
        rests = [turns.rest(each) for each in seconds]
        rests[7].cancel()
        while clock.now < 1000.0 + REST_S[1]:
            clock.now += 0.2
            for _ in range(len(rests) // MOST + 2):
                begun[0] = 0
                await asyncio.sleep(0)
                assert begun[0] > 0
            late = [rest for rest, each in zip(rests, seconds, strict=True) if not rest.done() and clock.now > 1000.0 + each]
            early = [rest for rest, each in zip(rests, seconds, strict=True) if rest.done() and not rest.cancelled() and clock.now < 1000.0 + each]
            assert (late, early) == ([], [])
        assert turns._rests == []
        turns.starts, turns.waits = lambda most: 0, False

    run(main(), fast=True)


@pytest.mark.covers("G10")
def test_the_more_rest_the_longer_they_are_told_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that are heard again must not take more than their share of the time, and Retry-After is what a client may rely on: so that says it, up to a limit, and by chance, so that not all come at once."""

    async def main() -> None:
        clock = Clock()
        monkeypatch.setattr("gateway.proxy.turns.perf_counter", clock)
        turns = Turns(asyncio.get_running_loop())
        turns._due = True  # nobody is heard
        for many, most_s in ((0, REST_S[1]), (int(HEARD * REST_S[1] / 2), REST_S[1]), (HEARD * 5, 10.0), (100_000, LONGEST_S)):
            while len(turns._rests) < many:
                turns.rest(1.0)
            told = [turns.rest_s() for _ in range(1000)]
            assert REST_S[0] <= min(told) < REST_S[0] + 0.1 * most_s
            assert 0.9 * most_s < max(told) <= most_s

    run(main())


@pytest.mark.covers("G10")
def test_who_rests_is_heard_in_the_end() -> None:
    """However long the press lasts, and however long it takes."""

    async def main() -> None:
        loop = asyncio.get_running_loop()
        turns, heard = Turns(loop), []
        turns.starts, turns.waits = lambda most: 0, True

        async def refused() -> None:
            await turns.rest(0.01)
            burn(4 * SLICE_S)
            heard.append(True)

        def busy() -> None:
            burn(2 * SLICE_S)
            if len(heard) < 5:
                loop.call_soon(busy)

        tasks = [loop.create_task(refused()) for _ in range(5)]
        loop.call_soon(busy)
        await asyncio.gather(*tasks)

    run(main(), fast=True)


@pytest.mark.covers("G10")
def test_those_who_were_refused_together_are_not_all_heard_in_one_turn() -> None:
    """There may be time for all of them when the press is over; and nothing that is under way should wait until each has been told the same again."""

    async def main() -> None:
        turns = Turns(asyncio.get_running_loop())
        rests = [turns.rest(REST_S[0]) for _ in range(10 * MOST)]
        rests[1].cancel()
        heard = [0]
        while heard[-1] < len(rests):
            await asyncio.sleep(0)
            heard.append(sum(rest.done() for rest in rests))
        assert max(now - before for before, now in itertools.pairwise(heard)) <= MOST + 1

    run(main(), fast=True)


@pytest.mark.covers("G10")
def test_a_burst_for_which_there_is_room_waits_and_is_not_refused(tmp_path: Path) -> None:
    """Two thousand at once are served within the patience of each. Only where turns are known to be given too slowly for that, the queue is short."""

    async def go() -> None:
        loop, vitals = asyncio.get_running_loop(), Vitals(tmp_path / "page")
        turns = Turns(loop)
        admission = Admission(loop, vitals, turns, room=4000, queue=16, patience_s=0.5)
        turns.starts = lambda most: 0  # nobody begins yet

        def asks(key: str) -> Any:
            return SimpleNamespace(key=key, placed=False, uploaded=False, request=SimpleNamespace(waiter=None))

        waits = [loop.create_task(admission.wait(asks("one"))) for _ in range(2000)]
        await until(lambda: admission.queued == 2000)
        assert vitals.get("shed_queue") == 0
        for _ in range(20):
            admission.tick()
        with pytest.raises(RelayError) as refused:
            await admission.wait(asks("one"))
        assert refused.value.code == "gateway_overloaded"
        turns.starts = admission._let_in
        turns.wake()
        await asyncio.gather(*waits)
        admission.tick()
        last = loop.create_task(admission.wait(asks("one")))  # nobody waits: what was learnt is forgotten
        await last
        vitals.close()

    run(go())


@pytest.mark.covers("G10")
@pytest.mark.parametrize("over", [True, False])
def test_more_wait_for_a_turn_than_there_are_places_only_where_places_come_back(tmp_path: Path, over: bool) -> None:
    """Who is refused costs time and comes again; where those that begin are soon over it is served instead. Where they keep their places, the queue would be one for places."""

    async def go() -> None:
        vitals = Vitals(tmp_path / "page")
        turns = Turns(asyncio.get_running_loop())
        admission = Admission(asyncio.get_running_loop(), vitals, turns, room=80, queue=4, patience_s=0.5)
        turns.starts = lambda most: 0  # who begins is said below

        def ask() -> Any:
            intake = SimpleNamespace(key="one", placed=False, uploaded=False, request=SimpleNamespace(waiter=None))
            return intake, asyncio.create_task(admission.wait(intake))

        asked = [ask() for _ in range(60)]
        await asyncio.sleep(0)
        admission.tick()
        assert admission._let_in(30) == 30
        for intake, _ in asked[:30]:
            if over:
                admission.leave(intake)
        admission.tick()
        asked += [ask() for _ in range(200)]
        await asyncio.sleep(0)
        assert (admission.queued, vitals.get("shed_queue")) == ((230, 0) if over else (40, 190))  # 80 places, 10 of them for who has less than a share
        if over:  # the same is asked anew with every beat, and not so twice in a row ends it: the first beat of a flood begins more than it ends
            for many in (30, 10):
                assert (admission._let_in(many), vitals.get("shed_queue")) == (many, 0)
                admission.tick()
            asked += [ask() for _ in range(10)]
            await asyncio.sleep(0)
            assert vitals.get("shed_queue") == 10
        for _, task in asked:
            task.cancel()
        await asyncio.gather(*(task for _, task in asked), return_exceptions=True)
        vitals.close()

    run(go())


@pytest.mark.covers("G10")
def test_thousands_who_wait_may_leave_in_any_order(tmp_path: Path) -> None:
    """Without a look at each who still waits."""

    async def go() -> None:
        loop, vitals = asyncio.get_running_loop(), Vitals(tmp_path / "page")
        admission = Admission(loop, vitals, Turns(loop), room=100_000, queue=4, patience_s=0.5)

        def come_and_leave(many: int) -> None:
            waiters = [admission.join(cast(Any, SimpleNamespace(key="one", uploaded=False))) for _ in range(many)]
            for waiter in reversed(waiters):
                assert isinstance(waiter, Waiter)
                admission._forget("one", waiter)
            assert admission.queued == 0

        assert_linear(lambda many: partial(come_and_leave, many), 20_000)
        vitals.close()

    run(go())


@pytest.mark.covers("G10", "G3")
def test_who_asks_again_while_it_rests_is_answered_by_a_gate_that_is_leaving(tmp_path: Path) -> None:
    """The refusal said that the connection goes on: what has come on it since is a request like any other, and one that is coming is read to its end."""

    async def main() -> None:
        async with held(tmp_path, max_inflight=1, max_queue=0) as (g, up):
            rests = Rests(g)
            (_, first), *refused = [await g.connect() for _ in range(4)]
            first.write(post(CHAT, b"1"))
            await up.until(1)
            for _, writer in refused:
                writer.write(post(CHAT, b"0", close=False))
            await until(lambda: len(rests.told) == 3)
            for (_, writer), sent in zip(refused, (post(CHAT, b"2", close=False), post(CHAT, b"3", close=False)[:9], b"\r\n"), strict=True):
                writer.write(sent)
                await writer.drain()
            up.answer(b"1", b"2", b"3")
            await until(lambda: not g.worker.ingress.live)
            for connection in list(g.worker.server.connections):
                connection.leave()
            rests.over.set()
            answers = []
            for (reader, writer), rest in zip(refused, (b"", post(CHAT, b"3", close=False)[9:], b""), strict=True):
                writer.write(rest)
                answers.append((await reader.read()).split(b"HTTP/1.1 ")[1:])
            assert [[split(b"HTTP/1.1 " + answer)[0] for answer in each] for each in answers] == [[503, 200], [503, 200], [503]]
            assert [split(b"HTTP/1.1 " + each[-1])[1].get("connection") for each in answers] == ["close", "close", None]

    run(main())


@pytest.mark.covers("G10", "G2")
def test_nothing_is_read_from_who_rests(tmp_path: Path) -> None:
    """Thousands of clients may rest at once: what they send meanwhile is not held here, and is read when they are heard."""

    async def main() -> None:
        async with held(tmp_path, max_inflight=1, max_queue=0) as (g, up):
            rests = Rests(g)
            (_, first), (reader, writer) = [await g.connect() for _ in range(2)]
            first.write(post(CHAT, b"1"))
            await up.until(1)
            writer.write(post(CHAT, b"0", close=False))
            assert split(await reader.readuntil(b"\r\n\r\n"))[0] == 503
            await until(lambda: rests.told)
            body = b"2" * 50_000
            writer.write(post(CHAT, body))
            await writer.drain()
            for _ in range(20):
                await asyncio.sleep(0)  # in which it would be read
            connection = next(each for each in g.worker.server.connections if each.transport is not None and each.request is not None and each.relay is None)
            assert not connection._ahead
            up.answer(b"1", body)
            await until(lambda: not g.worker.ingress.live)
            rests.over.set()
            assert b"HTTP/1.1 200" in await reader.read()

    run(main())


@pytest.mark.covers("G10")
def test_who_comes_when_it_was_told_to_is_heard(tmp_path: Path) -> None:
    """Retry-After is the longest that it rests."""

    async def main() -> None:
        async with held(tmp_path, max_inflight=1, max_queue=0) as (g, up):
            rests, said = Rests(g), []
            rests.over.set()
            (_, first), (reader, writer) = [await g.connect() for _ in range(2)]
            first.write(post(CHAT, b"1"))
            await up.until(1)
            for _ in range(20):
                writer.write(post(CHAT, b"0", close=False))
                headers = split(await reader.readuntil(b"\r\n\r\n"))[1]
                await reader.readexactly(int(headers["content-length"]))
                said.append(int(headers["retry-after"]))
            up.answer(b"1")
            await until(lambda: len(rests.told) == 20)
            assert all(told <= seconds < told + 1.0 for told, seconds in zip(rests.told, said, strict=True))

    run(main())


@pytest.mark.covers("G10")
def test_a_refused_client_that_asks_again_at_once_is_answered_again(tmp_path: Path) -> None:
    """On the connection on which it was refused; and if it leaves meanwhile, nothing is left of it."""

    async def main() -> None:
        async with held(tmp_path, max_inflight=1, max_queue=0) as (g, up):
            (_, first), (reader, writer), (_, leaver) = [await g.connect() for _ in range(3)]
            first.write(post(CHAT, b"1"))
            await up.until(1)
            for _ in range(3):
                writer.write(post(CHAT, b"2", close=False))
                head = await reader.readuntil(b"\r\n\r\n")
                assert split(head)[0] == 503
                await reader.readexactly(int(split(head)[1]["content-length"]))
            leaver.write(post(CHAT, b"3", close=False))
            leaver.close()
            up.answer(b"1", b"4")
            await until(lambda: not g.worker.ingress.live and len(g.worker.server.connections) == 1)
            writer.write(post(CHAT, b"4"))
            assert split(await reader.read())[0] == 200

    run(main())
