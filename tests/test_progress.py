"""How far a command has come over stored exchanges, and how it is ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from gateway.commands.progress import Progress


class Clock:
    """Goes on by so many seconds each time that it is looked at."""

    def __init__(self, step_s: float) -> None:
        self.now_s, self._step_s = 0.0, step_s

    def __call__(self) -> float:
        self.now_s += self._step_s
        return self.now_s


def test_elsewhere_than_at_a_terminal_a_line_now_and_then(capsys: pytest.CaptureFixture[str]):
    """A log is told that it goes on, and no more than that: where it is, and how long it will take."""
    with Progress(1200, now=Clock(5.0)) as progress:
        assert list(progress.over(range(7))) == list(range(7))
    assert capsys.readouterr().err == "tidegate: 3 of 1,200 exchanges in 15 s, some 100 min left\ntidegate: 6 of 1,200 exchanges in 30 s, some 100 min left\n"


def test_at_a_terminal_one_line_that_goes_when_it_is_over(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    """The result is not to stand behind it. What is left is a guess, so not of the first moment; more exchanges than were counted may have come."""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with Progress(3, now=Clock(2.0)) as progress:
        assert list(progress.over("abcd")) == list("abcd")
    assert capsys.readouterr().err.split("\r\x1b[K") == ["", "1 of 3 exchanges in 2 s", "2 of 3 exchanges in 4 s", "3 of 3 exchanges in 6 s", "4 of 4 exchanges in 8 s", ""]


def test_ctrl_c_at_the_last_exchange_has_stopped_nothing():
    """All of them were read: a result that said it is a part would be thrown away."""
    with Progress(2) as progress:
        for each in progress.over(range(2)):
            if each == 1:
                signal.raise_signal(signal.SIGINT)
                assert progress.stopped
    assert not progress.stopped


def test_the_first_ctrl_c_lets_the_exchange_end_and_the_second_does_not(capfd: pytest.CaptureFixture[str]):
    """Half an exchange is in no figure. Who cannot wait presses again; outside, Ctrl-C is what it was."""
    before, seen = signal.getsignal(signal.SIGINT), []
    with Progress(9) as progress:
        for each in progress.over(range(9)):
            if each == 1:
                signal.raise_signal(signal.SIGINT)
            seen.append(each)
        assert seen == [0, 1] and progress.stopped
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before and "Ctrl-C again: at once" in capfd.readouterr().err


WITHOUT_STDERR = """
import signal
from gateway.commands.progress import Progress

with Progress(9, now=iter(range(0, 1000, 20)).__next__) as progress:
    for each in progress.over(range(9)):
        if each == 3:
            signal.raise_signal(signal.SIGINT)
print(each, progress.stopped)
"""


def test_who_has_left_stderr_costs_nobody_the_result():
    """`2>&1 >result | head -1`: an hour's work would be gone with the reader of how far it was."""
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run([sys.executable, "-c", WITHOUT_STDERR], stdout=subprocess.PIPE, stderr=writer, text=True, timeout=60, check=False)
    finally:
        os.close(writer)
    assert (done.returncode, done.stdout) == (0, "3 True\n")


def test_a_command_without_stderr_says_nothing_on_stdout_that_belongs_there():
    """Python prints to stdout what is for a stderr that is closed; a result there may be JSON that is read on."""
    wrong = ["sh", "-c", 'exec "$0" "$@" 2>&-', sys.executable, "-m", "gateway", "check", "--config", "/nowhere/tidegate.yaml"]
    done = subprocess.run(wrong, stdout=subprocess.PIPE, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (2, "")
