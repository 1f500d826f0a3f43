"""Why a detector fails, as the log, doctor and the admin port tell it: the reason, and nothing of any text."""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import time

import pytest

from gateway.console.health import trouble
from gateway.detection import crew
from gateway.detection.blocking import BlockingPool
from gateway.detection.client import DetectorFailed
from gateway.detection.failures import LOG_AGAIN_S, RECENT_S, Failures
from gateway.detection.terms import Custom
from gateway.detection.trial import unloadable
from tests.detection.serving import running

KINDS = frozenset({"WORD"})


def nobody() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_failure_that_repeats_is_told_again_with_its_count(caplog: pytest.LogCaptureFixture):
    """A webhook that is down fails with every exchange; a log of only that helps nobody, and neither does a single line of yesterday."""
    now = [100.0]
    failures = Failures("tone", clock=lambda: now[0])
    with caplog.at_level(logging.WARNING, logger="tidegate"):
        for _ in range(50):
            failures.note("unavailable", "connection refused")
        failures.note("failed", "HTTP 500")
        now[0] += LOG_AGAIN_S
        failures.note("unavailable", "connection refused")
    assert [record.getMessage() for record in caplog.records] == [
        'detector_failed detector=tone reason=unavailable detail="connection refused" times=1',
        'detector_failed detector=tone reason=failed detail="HTTP 500" times=1',
        'detector_failed detector=tone reason=unavailable detail="connection refused" times=50',
    ]
    assert failures.state() == {"count": 52, "reason": "unavailable", "detail": "connection refused", "age_s": 0.0}
    now[0] += RECENT_S + 1
    assert failures.state() == {}


def test_a_webhook_nobody_answers_says_so(tmp_path):
    """In the pool's own account and in its log, by what happened and without the text."""
    hook = Custom("hook", KINDS, webhook=f"http://127.0.0.1:{nobody()}/", allow_private=True, deadline_s=20)
    with running(tmp_path, customs=(hook,)) as pool:
        asking = BlockingPool(pool.path)
        with pytest.raises(DetectorFailed) as raised:
            asking.find("hook", [("my-card-number", "")], deadline_s=20)
        asking.close()
        assert (raised.value.reason, raised.value.detail) == ("unavailable", "connection refused")
        state = pool.state()["detectors"]["hook"]
        assert state["failed"] | {"age_s": 0} == {"count": 1, "reason": "unavailable", "detail": "connection refused", "age_s": 0}
        assert trouble(state) == "unavailable: connection refused"
        said = pool.said.read_text()
        assert 'detector_failed detector=hook reason=unavailable detail="connection refused" times=1' in said and "my-card-number" not in said


def test_an_entry_that_cannot_be_loaded_says_why(tmp_path):
    """While its process is started in vain, again and again, whoever asks the pool is told what stands in its way."""
    (tmp_path / "broken.py").write_text("import no_such_module_here\n")
    with running(tmp_path, customs=(Custom("own", KINDS, entry="broken:find", path=tmp_path),), ready=False) as pool:
        end = time.monotonic() + 60
        while not (state := pool.state()["detectors"]["own"])["why"]:
            assert time.monotonic() < end
            time.sleep(0.02)  # another process changes this: nothing here could be awaited
        assert trouble(state) == "cannot be loaded: ModuleNotFoundError: No module named 'no_such_module_here'"
        asking = BlockingPool(pool.path)
        with pytest.raises(DetectorFailed):
            asking.find("own", [("my-card-number", "")], deadline_s=20)
        asking.close()
        assert "ERROR detectors detector_lost detector=own" in pool.said.read_text()


def test_an_entry_is_tried_in_a_process_of_its_own(tmp_path):
    """What its import does is done to nobody: it may leave, print, or be another thing than a function."""
    for name, code in {"fine": "def find(text):\n    return []\n", "leaves": "raise SystemExit(3)\n", "number": "find = 3\n", "typo": "def fnid(text):\n    return []\n"}.items():
        (tmp_path / f"{name}.py").write_text(code)
    customs = [Custom(name, KINDS, entry=f"{name}:find", path=tmp_path) for name in ("fine", "leaves", "number", "typo", "nowhere")]
    hook = Custom("hook", KINDS, webhook="http://127.0.0.1:1/")
    assert unloadable([*customs, hook]) == {
        "leaves": "cannot be loaded: SystemExit: 3",
        "number": "cannot be loaded: ValueError: not a function",
        "typo": "cannot be loaded: AttributeError: module 'typo' has no attribute 'find'",
        "nowhere": "cannot be loaded: ModuleNotFoundError: No module named 'nowhere'",
    }
    assert unloadable([hook]) == {}


def test_how_an_entry_ended_is_told_as_it_was(tmp_path, monkeypatch, capfd):
    """Its process is collected once, whoever is quicker: its end or the order to end it. Else its exit code is made up, and a line about it is on the terminal."""
    (tmp_path / "gone.py").write_text("import os\nos._exit(3)\n")
    kill = crew.Child.kill

    def when_dead(child: crew.Child) -> None:
        if child._process is not None:
            with contextlib.suppress(ChildProcessError):  # it has been collected
                os.waitid(os.P_PID, child._process.pid, os.WEXITED | os.WNOWAIT)
        kill(child)

    monkeypatch.setattr(crew.Child, "kill", when_dead)
    names = [f"gone{n}" for n in range(8)]
    found = unloadable([Custom(name, KINDS, entry="gone:find", path=tmp_path) for name in names])
    assert found == dict.fromkeys(names, "cannot be loaded: it ended while it was being loaded, exit code 3")
    assert capfd.readouterr().err == ""
