"""Scheduled runs of drift as the console starts them: when, how often after failures, and that nothing of them is left behind."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from gateway import log
from gateway.console import schedule
from gateway.console.drift_series import Rounds
from gateway.console.schedule import AGAIN_S, BACKOFF_FIRST_S, BACKOFF_MAX_S, BUSY, CHECK_S, FIRST_S, REST_S, Schedule
from gateway.errors import StoreUnavailable

HOUR = 3600.0


class Pauses:
    """Stands in for sleeping: remembers how long, lets `most` pass at once, and ends the schedule."""

    def __init__(self, most: int) -> None:
        self.seen: list[float] = []
        self._most = most

    async def __call__(self, seconds: float) -> None:
        self.seen.append(round(seconds, 3))
        if len(self.seen) > self._most:
            raise asyncio.CancelledError


async def ran(command: list[str], *, due: Callable[[], Awaitable[bool]] | None = None, looks: int = 1, every_s: float = HOUR, deadline_s: float = 30.0) -> tuple[list[float], Rounds]:
    """The pauses of a schedule over so many looks, and what it says it did."""

    async def always() -> bool:
        return True

    pauses, rounds = Pauses(looks), Rounds()
    made = Schedule(due or always, command, every_s=every_s, deadline_s=deadline_s, rounds=rounds, pause=pauses, jitter=lambda: 0.5)
    with pytest.raises(asyncio.CancelledError):
        await made.run()
    return pauses.seen, rounds


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and waits to be buried does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.01)  # a child process and a task of the schedule's own bring it about


async def test_a_due_round_is_started_and_followed_by_a_rest():
    """A round that finds what is due still due (another gate's lock, a clock) must not be started over and over."""
    pauses, rounds = await ran(python("pass"))
    assert pauses == [FIRST_S, REST_S]
    assert rounds.failures == 0
    assert rounds.seconds is not None and rounds.seconds > 0


async def test_nothing_is_started_while_nothing_is_due(tmp_path: Path):
    """Loading the statistics costs two seconds of a core: not for a gate that has nothing to compare."""

    async def never() -> bool:
        return False

    mark = tmp_path / "started"
    pauses, rounds = await ran(python(f"open({str(mark)!r}, 'w')"), due=never, looks=3)
    assert pauses == [FIRST_S, CHECK_S, CHECK_S, CHECK_S]
    assert (mark.exists(), rounds.seconds) == (False, None)


async def test_a_store_that_is_down_means_no_look():
    """What was looked at last is in the store: without it nobody knows what this look may spend."""

    async def down() -> bool:
        raise StoreUnavailable("down")

    pauses, rounds = await ran(python("pass"), due=down, looks=2)
    assert pauses == [FIRST_S, AGAIN_S, AGAIN_S]
    assert (rounds.failures, rounds.seconds) == (0, None)


async def test_failures_are_counted_and_come_ever_less_often():
    """A round that fails for a reason that stays must not burn a core every minute."""
    pauses, rounds = await ran(python("raise SystemExit(1)"), looks=8)
    assert pauses == [FIRST_S, *(min(BACKOFF_MAX_S, BACKOFF_FIRST_S * 2**n) for n in range(8))]
    assert rounds.failures == 8


@pytest.mark.parametrize(
    ("code", "said", "unsaid"),
    [
        ("import os; os.kill(os.getpid(), 9)", ("drift_failed", "signal=9", "killed the round"), "process `drift`"),
        ("raise SystemExit(1)", ("drift_failed", "code=1", "process `drift`"), "killed"),
    ],
)
async def test_the_log_points_at_lines_that_are_there(capsys: pytest.CaptureFixture[str], code: str, said: tuple[str, ...], unsaid: str):
    """Who is sent to a killed process's last words looks for them in vain; one that ended by itself has said why."""
    log.configure("console")
    _, rounds = await ran(python(code))
    (line,) = [line for line in capsys.readouterr().err.splitlines() if "drift_failed" in line]
    assert all(word in line for word in said) and unsaid not in line
    assert (rounds.failures, rounds.seconds) == (1, None)


async def test_a_round_that_did_not_end_well_is_no_duration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """"A round takes an hour" would be read where one hung and was killed; one that had no turn takes no time. The last that did its work stands."""
    monkeypatch.setattr(schedule, "STOP_S", 0.05)
    turns = "import os, sys, time; n = len(os.listdir(sys.argv[1])); open(f'{sys.argv[1]}/{n}', 'w'); (None, sys.exit, time.sleep)[n](3 if n == 1 else 600) if n else None"
    told = tmp_path / "turns"
    told.mkdir()
    _, once = await ran([*python(turns), str(told)])
    assert once.seconds is not None
    for known, deadline_s in (("had no turn", 30.0), ("was killed", 2.0)):
        _, rounds = await ran([*python(turns), str(told)], deadline_s=deadline_s)
        assert rounds.seconds is None, known
    assert len(list(told.iterdir())) == 3


async def test_a_round_that_takes_long_is_told_of_while_it_lasts(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """At the lowest priority on a busy machine a round may not begin for minutes: without a word that looks like one that was never started."""
    log.configure("console")
    monkeypatch.setattr(schedule, "SLOW_S", 0.01)
    mark = tmp_path / "told"
    # it runs until the mark is there
    waits = f"import os, time\nwhile not os.path.exists({str(mark)!r}): time.sleep(0.01)"
    slow = log.event

    def event(name: str, **fields: object) -> None:
        slow(name, **fields)  # type: ignore[arg-type]
        if name == "drift_slow":
            mark.touch()

    monkeypatch.setattr(log, "event", event)
    pauses, rounds = await ran(python(waits))
    lines = capsys.readouterr().err.splitlines()
    assert ["drift_started" in lines[0], "drift_slow" in lines[1], len(lines)] == [True, True, 2]
    assert (pauses, rounds.failures) == ([FIRST_S, REST_S], 0)


async def test_after_a_success_the_next_failure_is_a_first_one(tmp_path: Path):
    """Else a gate that once had a bad night waits an hour after every hiccup."""
    fails = "import os, sys; os.path.exists(sys.argv[1]) and sys.exit(0); open(sys.argv[1], 'w'); sys.exit(1)"
    pauses, rounds = await ran([*python(fails), str(tmp_path / "mark")], looks=2)
    assert pauses == [FIRST_S, BACKOFF_FIRST_S, REST_S]
    assert rounds.failures == 1


async def test_another_round_at_work_is_no_failure():
    """Somebody started one by hand: nothing is wrong, and no alert should say so."""
    pauses, rounds = await ran(python(f"raise SystemExit({BUSY})"))
    assert (pauses, rounds.failures) == ([FIRST_S, REST_S], 0)


async def test_a_program_that_is_not_there_is_a_failure(tmp_path: Path):
    """An installation that was replaced under a running console must not end its pages."""
    pauses, rounds = await ran([str(tmp_path / "nothing")])
    assert (pauses, rounds.failures) == ([FIRST_S, BACKOFF_FIRST_S], 1)


async def test_whatever_goes_wrong_the_schedule_goes_on():
    """An error nobody thought of must cost a look, not all looks until the next restart, in silence."""

    async def broken() -> bool:
        raise KeyError("app")

    pauses, rounds = await ran(python("pass"), due=broken, looks=2)
    assert (pauses, rounds.failures) == ([FIRST_S, BACKOFF_MAX_S, BACKOFF_MAX_S], 2)


STUBBORN = """
import os, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = os.fork()
if child:
    with open(sys.argv[1] + ".new", "w") as file:
        file.write(f"{os.getpid()} {child}")
    os.rename(sys.argv[1] + ".new", sys.argv[1])
time.sleep(600)  # until it is killed
"""


async def test_a_round_that_does_not_end_is_killed_with_all_it_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A run that hangs would keep its memory for ever, and no other would ever be made."""
    monkeypatch.setattr(schedule, "STOP_S", 0.05)
    told = tmp_path / "pids"
    pauses, rounds = await ran([*python(STUBBORN), str(told)], deadline_s=3.0)
    pids = [int(pid) for pid in told.read_text().split()]
    await until(lambda: not any(map(alive, pids)))
    assert (len(pids), pauses, rounds.failures) == (2, [FIRST_S, BACKOFF_FIRST_S], 1)


async def test_the_console_s_end_is_the_round_s_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A gate that was stopped must not leave a process behind that holds its lock and asks its store."""
    monkeypatch.setattr(schedule, "STOP_S", 0.05)
    told = tmp_path / "pids"

    async def due() -> bool:
        return True

    made = Schedule(due, [*python(STUBBORN), str(told)], every_s=HOUR, deadline_s=600, rounds=Rounds(), pause=Pauses(9), jitter=lambda: 0.5)
    running = asyncio.create_task(made.run())
    await until(told.exists)
    pids = [int(pid) for pid in told.read_text().split()]
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await until(lambda: not any(map(alive, pids)))


async def test_it_ends_although_the_look_makes_another_error_of_the_cancelling():
    """A driver that is cancelled while it connects may say that it could not: the console would wait for its schedule for ever, and outlive the gate."""
    looking = asyncio.Event()

    async def due() -> bool:
        looking.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            raise StoreUnavailable("cancelled") from None
        return False

    made = Schedule(due, ["never"], every_s=HOUR, deadline_s=30.0, rounds=Rounds(), pause=Pauses(9), jitter=lambda: 0.5)
    running = asyncio.create_task(made.run())
    await looking.wait()
    running.cancel()
    done, _ = await asyncio.wait({running}, timeout=20)
    assert done, "it goes on"


async def test_a_round_is_told_whose_it_is_and_to_use_one_core(tmp_path: Path):
    """The child ends itself when this process is killed; and a library with a thread for each core would take them from the workers."""
    told = tmp_path / "told"
    code = "import os, sys; open(sys.argv[1], 'w').write(' '.join([*sys.argv[2:], os.environ['OPENBLAS_NUM_THREADS'], os.environ['OMP_NUM_THREADS'], str(os.getsid(0) == os.getpid())]))"
    await ran([*python(code), str(told)])
    assert told.read_text() == f"--parent {os.getpid()} 1 1 True"


async def test_gates_that_share_a_store_do_not_ask_in_step():
    """Twenty gates restarted at once would ask, and run, all in the same second."""
    pauses = Pauses(0)
    seen = set()
    for part in (0.0, 0.5, 1.0):
        pauses = Pauses(0)

        async def due() -> bool:
            return False

        made = Schedule(due, ["true"], every_s=HOUR, deadline_s=1, rounds=Rounds(), pause=pauses, jitter=lambda part=part: part)
        with pytest.raises(asyncio.CancelledError):
            await made.run()
        seen.add(pauses.seen[0])
    assert seen == {FIRST_S * 0.9, FIRST_S, FIRST_S * 1.1}
