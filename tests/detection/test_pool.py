"""The pool as workers meet it: a process with processes, killed, hung, crowded. Real ones."""

from __future__ import annotations

import asyncio
import dataclasses
import os
import signal
import sys
import time
from pathlib import Path

import pytest

from detectors.base import Finding
from gateway.detection.blocking import BlockingPool
from gateway.detection.client import DetectorFailed, PoolClient
from tests.detection.serving import STUB, running

HASTY = dataclasses.replace(STUB, slice_limit_s=0.5)
PLENTY_S = 60.0  # a deadline that is never met, not even on a busy machine


async def reason(client: PoolClient, text: str, *, detector: str = "names", deadline_s: float = PLENTY_S) -> str:
    """Why a text got no answer; "" if it got one."""
    try:
        await client.find(detector, [(text, "")], deadline_s=deadline_s)
    except DetectorFailed as e:
        assert e.detector == detector
        return e.reason
    return ""


async def until(client: PoolClient, wanted: str, text: str = "fine") -> None:
    """Ask until the pool answers like that."""
    end = time.monotonic() + 60
    while (seen := await reason(client, text)) != wanted:
        assert time.monotonic() < end, f"still {seen!r}"
        await asyncio.sleep(0.02)


def gone(pid: int) -> bool:
    """Whether a process has ended, be it waited for or not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def resident_mb(pid: int) -> int:
    return int(Path(f"/proc/{pid}/status").read_text().partition("VmRSS:")[2].split()[0]) // 1024


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="of glibc")
async def test_what_loading_took_and_does_not_need_is_given_back(tmp_path):
    """A sentence model is loaded with half as much again as it needs, and would keep that for as long as the gate runs."""
    littering = dataclasses.replace(STUB, options={"litter_mb": 200})
    with running(tmp_path, littering) as pool:
        (child,) = pool.children()
        assert resident_mb(child) < 150


async def test_findings_come_back_for_each_text_in_its_order(tmp_path):
    """A finding at the wrong place masks the wrong words."""
    texts = [("hello WORLD", ""), ("nothing", ""), ("\ud800 \U0001f600 AB and CD", "KEY: "), ("", "")]
    wanted = [[Finding("names", "WORD", 6, 11, 0.75)], [], [Finding("names", "WORD", 4, 6, 0.75), Finding("names", "WORD", 11, 13, 0.75)], []]
    with running(tmp_path, STUB) as pool:
        client, blocking = PoolClient(pool.path), BlockingPool(pool.path)
        assert await client.find("names", texts, deadline_s=PLENTY_S) == wanted
        assert blocking.find("names", texts, deadline_s=PLENTY_S) == wanted
        assert await client.find("names", [], deadline_s=PLENTY_S) == []
        assert await reason(client, "x", detector="nobody") == "unavailable"
        client.close()
        blocking.close()


async def test_many_jobs_at_a_time_are_each_answered_with_their_own(tmp_path):
    """Streams of many exchanges share one connection."""
    with running(tmp_path, dataclasses.replace(STUB, children=2)) as pool:
        client = PoolClient(pool.path)
        texts = ["." * n + "AA" for n in range(300)]
        found = await asyncio.gather(*(client.find("names", [(text, "")], deadline_s=PLENTY_S) for text in texts))
        assert [each[0][0].start if each[0] else None for each in found] == list(range(300))
        client.close()


async def test_a_callback_is_called_once_and_not_at_all_after_it_is_cancelled(tmp_path):
    """A stream that has ended must not be woken up by what it had asked."""
    with running(tmp_path, STUB) as pool:
        client, heard = PoolClient(pool.path), []
        cancel = client.submit("names", [("sleep 0.2", "")], deadline_s=PLENTY_S, done=lambda outcome: heard.append("cancelled"))
        answered = asyncio.Event()

        def done(outcome):
            heard.append(outcome)
            answered.set()

        client.submit("names", [("AB", "")], deadline_s=PLENTY_S, done=done)
        cancel()
        await answered.wait()
        assert heard == [[[Finding("names", "WORD", 0, 2, 0.75)]]]
        assert pool.state()["used_bytes"] == 0
        client.close()


async def test_a_caller_that_gives_up_frees_its_room(tmp_path):
    """Clients that hang up would otherwise fill the budget."""
    with running(tmp_path, STUB) as pool:
        client = PoolClient(pool.path)
        asking = asyncio.create_task(client.find("names", [("sleep 0.5 " + "x" * 10_000, "")], deadline_s=PLENTY_S))
        await asyncio.sleep(0)
        while not pool.state()["jobs"]:
            await asyncio.sleep(0.01)  # another process changes this: nothing here could be awaited
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        while pool.state()["used_bytes"]:
            await asyncio.sleep(0.01)  # another process changes this: nothing here could be awaited
        client.close()


# ---------------------------------------------------------------------- a detector that fails


@pytest.mark.covers("G6")
async def test_an_exception_is_a_failure_and_its_words_stay_where_they_are(tmp_path):
    """Exceptions quote what they stumbled over; only their class may leave."""
    with running(tmp_path, STUB) as pool:
        client = PoolClient(pool.path)
        with pytest.raises(DetectorFailed) as raised:
            await client.find("names", [("raise my-card-number", "")], deadline_s=PLENTY_S)
        assert (raised.value.reason, raised.value.detail) == ("failed", "LookupError")
        assert await reason(client, "exit") == "failed"
        assert await reason(client, "garbage") == "garbage"
        assert await reason(client, "fine") == ""
        assert pool.state()["detectors"]["names"].get("restarts", 0) == 0
        assert pool.state()["detectors"]["names"]["jobs"] == {"failed": 2, "garbage": 1, "found": 1}
        assert "my-card-number" not in pool.said.read_text()
        client.close()


@pytest.mark.covers("G7")
async def test_a_detector_in_an_endless_loop_is_killed_and_replaced(tmp_path):
    """Its job is told in time, its process is gone, the next job is answered by another."""
    with running(tmp_path, HASTY) as pool:
        client = PoolClient(pool.path)
        (before,) = pool.children()
        assert await reason(client, "loop", deadline_s=0.2) == "timeout"
        assert await reason(client, "fine") == ""
        (after,) = pool.children()
        assert after != before and gone(before)
        assert pool.state()["detectors"]["names"]["kills"] == 1
        client.close()


@pytest.mark.covers("G7")
async def test_a_job_that_is_merely_long_costs_no_process(tmp_path):
    """A huge prompt must not make others wait for a model to load again: it ends between two slices."""
    with running(tmp_path, dataclasses.replace(STUB, options={"slow_s": 0.02})) as pool:
        client = PoolClient(pool.path)
        (before,) = pool.children()
        assert await reason(client, "word. " * 50_000, deadline_s=0.3) == "timeout"
        assert await reason(client, "fine") == ""
        assert pool.children() == [before]
        client.close()


@pytest.mark.covers("G7")
async def test_jobs_behind_a_hanging_one_are_told_in_time(tmp_path):
    """A deadline counts from the send, not from a job's turn."""
    with running(tmp_path, HASTY) as pool:
        client = PoolClient(pool.path)
        hanging = asyncio.create_task(reason(client, "loop", deadline_s=0.2))
        await asyncio.sleep(0)
        assert await asyncio.gather(hanging, reason(client, "a", deadline_s=0.1), reason(client, "b")) == ["timeout", "timeout", ""]
        client.close()


@pytest.mark.covers("G8")
@pytest.mark.parametrize("order", ["segfault", "abort", "hoard"])
async def test_a_detector_that_dies_is_replaced(tmp_path, order):
    """A crash of a native library, or one that eats all memory, costs its own job and nobody else's."""
    with running(tmp_path, dataclasses.replace(STUB, memory_bytes=600 << 20)) as pool:
        client = PoolClient(pool.path)
        (before,) = pool.children()
        dying = asyncio.create_task(reason(client, order))
        await asyncio.sleep(0)
        assert await asyncio.gather(dying, reason(client, "fine")) == ["crashed", ""]
        assert pool.children() != [before]
        client.close()


@pytest.mark.covers("G8")
async def test_a_detector_that_keeps_dying_is_left_alone_for_a_while(tmp_path):
    """No restart storm: its circuit opens, and closes when a job is answered again."""
    with running(tmp_path, STUB, deaths_to_open=2, open_first_s=2.0) as pool:
        client = PoolClient(pool.path)
        assert [await reason(client, f"segfault {n}") for n in range(2)] == ["crashed", "crashed"]
        assert await reason(client, "fine", deadline_s=PLENTY_S) == "unavailable"
        assert pool.state()["detectors"]["names"]["circuit_open"]
        await until(client, "")
        assert not pool.state()["detectors"]["names"]["circuit_open"]
        client.close()


@pytest.mark.covers("G8")
async def test_a_text_that_killed_a_process_does_not_kill_a_second(tmp_path):
    """An SDK tries again after an error; each try would cost a process."""
    with running(tmp_path, STUB) as pool:
        client = PoolClient(pool.path)
        assert [await reason(client, "segfault") for _ in range(5)] == ["crashed"] * 5
        assert await reason(client, "fine") == ""
        assert pool.state()["detectors"]["names"]["restarts"] == 1
        client.close()


@pytest.mark.covers("G8")
async def test_a_text_whose_process_was_killed_by_somebody_else_is_asked_about_again(tmp_path):
    """The kernel short of memory, an operator: no text is to blame, so none is refused for a minute."""
    with running(tmp_path, STUB) as pool:
        client = PoolClient(pool.path)
        asked = asyncio.create_task(reason(client, "sleep 2"))
        while not pool.state()["detectors"]["names"].get("slices", 0):
            await asyncio.sleep(0.01)  # another process changes this: nothing here could be awaited
        os.kill(pool.children()[0], signal.SIGKILL)
        assert await asked == "crashed"
        assert await reason(client, "sleep 2") == ""
        client.close()


async def test_a_job_that_comes_while_the_model_loads_waits_for_it(tmp_path):
    """The first exchanges after a start are checked like any other."""
    with running(tmp_path, dataclasses.replace(STUB, options={"load_s": 1.0}), ready=False) as pool:
        client = PoolClient(pool.path)
        assert not pool.state()["ready"]
        assert await reason(client, "fine", deadline_s=0.05) == "timeout"
        assert await reason(client, "fine") == ""
        assert pool.state()["ready"]
        client.close()


async def test_a_model_that_cannot_be_loaded_is_said_and_answered_at_once(tmp_path):
    """Nobody waits for a deadline where there is nothing to wait for."""
    with running(tmp_path, dataclasses.replace(STUB, options={"fails": True}), ready=False, open_first_s=60.0) as pool:
        client = PoolClient(pool.path)
        await until(client, "unavailable")
        assert not pool.state()["ready"]
        assert "OSError: no such model" in pool.said.read_text()
        client.close()


# ---------------------------------------------------------------------- who gets in, and when


async def test_a_huge_job_does_not_delay_a_small_one(tmp_path):
    """A hundred bytes wait for a slice, not for two megabytes; and the two megabytes get their answer too."""
    huge = "a SECRET here, and words. " * 80_000
    with running(tmp_path, dataclasses.replace(STUB, options={"slow_s": 0.003})) as pool:
        client, other = PoolClient(pool.path), PoolClient(pool.path)
        large = asyncio.create_task(client.find("names", [(huge, "")], deadline_s=PLENTY_S))
        while not (before := pool.state()["detectors"]["names"].get("slices", 0)):
            await asyncio.sleep(0.01)  # another process changes this: nothing here could be awaited
        assert [await reason(each, "x" * 100) for each in (client, other)] == ["", ""]
        assert pool.state()["detectors"]["names"]["slices"] - before < 100  # of a thousand
        assert not large.done()
        (found,) = await large
        assert [huge[f.start : f.end] for f in found] == ["SECRET"] * 80_000
        client.close()
        other.close()


async def test_what_goes_over_the_budget_is_busy_at_once(tmp_path):
    """Memory is bounded before a text is read; one connection cannot take it all."""
    with running(tmp_path, STUB, budget_bytes=100_000, share_bytes=60_000) as pool:
        client, other, third = (PoolClient(pool.path) for _ in range(3))
        assert await reason(client, "x" * 200_000) == "busy"
        held = asyncio.create_task(reason(client, "sleep 0.5 " + "x" * 50_000))
        while not pool.state()["jobs"]:
            await asyncio.sleep(0.01)  # another process changes this: nothing here could be awaited
        assert await reason(client, "x" * 20_000) == "busy"  # its own share
        waiting = asyncio.create_task(reason(other, "x" * 40_000))
        while pool.state()["jobs"] < 2:
            await asyncio.sleep(0.01)  # another process changes this: nothing here could be awaited
        assert await reason(third, "x" * 20_000) == "busy"  # of all
        assert await asyncio.gather(held, waiting) == ["", ""]
        assert await reason(client, "x" * 20_000) == ""
        for each in (client, other, third):
            each.close()


# ---------------------------------------------------------------------- a pool that fails


async def test_callers_of_a_killed_pool_are_told_at_once_and_come_back(tmp_path):
    """kill -9 of the pool: what is under way is unavailable, not late; its processes go with it; the next pool is found without being looked for."""
    with running(tmp_path, STUB) as pool:
        client, blocking = PoolClient(pool.path), BlockingPool(pool.path)
        assert blocking.find("names", [("AB", "")], deadline_s=PLENTY_S) != [[]]
        children = pool.children()
        under_way = asyncio.create_task(reason(client, "loop"))
        while not pool.state()["jobs"]:
            await asyncio.sleep(0.01)  # another process changes this: nothing here could be awaited
        pool.kill()
        assert await under_way == "unavailable"
        assert await reason(client, "fine") == "unavailable"
        with pytest.raises(DetectorFailed, match="unavailable"):
            blocking.find("names", [("AB", "")], deadline_s=PLENTY_S)
        while not all(gone(pid) for pid in children):
            await asyncio.sleep(0.01)  # another process changes this: nothing here could be awaited
        pool.start()
        pool.wait()
        await until(client, "")
        assert blocking.find("names", [("AB", "")], deadline_s=PLENTY_S) != [[]]
        client.close()
        blocking.close()


async def test_a_pool_that_hangs_is_a_timeout(tmp_path):
    """A caller has a clock of its own."""
    with running(tmp_path, STUB) as pool:
        client, blocking = PoolClient(pool.path), BlockingPool(pool.path)
        assert await reason(client, "fine") == ""
        os.kill(pool.process.pid, signal.SIGSTOP)
        try:
            assert await reason(client, "fine", deadline_s=0.1) == "timeout"
            assert await reason(client, "x" * 3_000_000, deadline_s=0.1) == "timeout"  # more than the socket holds
            with pytest.raises(DetectorFailed, match="timeout"):
                blocking.find("names", [("AB", "")], deadline_s=0.1)
        finally:
            os.kill(pool.process.pid, signal.SIGCONT)
        await until(client, "")
        client.close()
        blocking.close()


async def test_where_there_is_no_pool_nobody_waits(tmp_path):
    """A gate whose pool does not start answers as its rules say, not after deadlines."""
    client = PoolClient(tmp_path / "nobody.sock")
    assert [await reason(client, "x") for _ in range(3)] == ["unavailable"] * 3
    with pytest.raises(DetectorFailed, match="unavailable"):
        BlockingPool(tmp_path / "nobody.sock").find("names", [("x", "")], deadline_s=PLENTY_S)
    client.close()


async def test_a_caller_that_does_not_speak_the_language_is_dropped_alone(tmp_path):
    """Nothing on the socket can take the pool down."""
    with running(tmp_path, STUB) as pool:
        client = PoolClient(pool.path)
        for noise in (b"GET / HTTP/1.1\r\n\r\n", b"\x05\0\0\0\0\0\0\0\x01hello", b"\x00" * 9, b"\xff" * 9):
            reader, writer = await asyncio.open_unix_connection(str(pool.path))
            writer.write(noise)
            writer.write_eof()
            await reader.read()
            writer.close()
        assert await reason(client, "fine") == ""
        assert pool.state()["used_bytes"] == 0
        client.close()


async def test_a_long_data_dir_is_no_obstacle_and_the_socket_is_the_owners(tmp_path):
    """A unix socket's path ends at 107 bytes; a data_dir's does not."""
    folder = tmp_path / ("long" * 30) / ("longer" * 20)
    folder.mkdir(parents=True)
    with running(folder, STUB) as pool:
        client = PoolClient(pool.path)
        assert await reason(client, "fine") == ""
        assert pool.path.stat().st_mode & 0o777 == 0o600
        assert pool.path.parent.stat().st_mode & 0o777 == 0o700
        client.close()
