"""Detectors of the operator's: what they may say, and what they may do."""

from __future__ import annotations

import contextlib
import os
import socket
import textwrap
import time
from pathlib import Path

import pytest

from detectors.base import Finding
from gateway.detection.blocking import BlockingPool
from gateway.detection.client import DetectorFailed
from gateway.detection.terms import Custom
from tests.detection.serving import KINDS, STUB, running

PLENTY_S = 60.0


def custom(folder: Path, source: str, **terms) -> Custom:
    """A detector of this source; terms as in Custom."""
    guards = folder / "guards"
    guards.mkdir(exist_ok=True)
    (guards / "own_detector.py").write_text(textwrap.dedent(source))
    return Custom("own", **{"kinds": KINDS, "entry": "own_detector:find", "path": guards, "deadline_s": PLENTY_S, **terms})


@contextlib.contextmanager
def asking(folder: Path, detector: Custom, *models, **terms):
    """Ask a running pool with this detector: a function of text that returns findings or the reason why there are none."""
    with running(folder, *models, customs=(detector,), **terms) as pool:
        blocking = BlockingPool(pool.path)

        def ask(text: str, name: str = detector.name, deadline_s: float = PLENTY_S):
            try:
                return blocking.find(name, [(text, "")], deadline_s=deadline_s)[0]
            except DetectorFailed as e:
                return e.reason

        try:
            yield ask, pool
        finally:
            blocking.close()


def test_a_function_is_a_detector(tmp_path):
    """The contract of gateway/detection/custom.py, with a module beside it, a package's data, and findings in any order."""
    source = """
        import pathlib
        import beside
        from words import LIST

        def find(text):
            for word in reversed(LIST + [beside.WORD]):
                if (at := text.find(word)) >= 0:
                    yield {"kind": "WORD", "start": at, "end": at + len(word), "score": 1, "note": "ignored"}
    """
    detector = custom(tmp_path, source)
    (tmp_path / "guards" / "beside.py").write_text("WORD = 'delta'\n")
    (tmp_path / "guards" / "words").mkdir()
    (tmp_path / "guards" / "words" / "list.txt").write_text("alpha gamma")
    (tmp_path / "guards" / "words" / "__init__.py").write_text(
        "import pathlib\nLIST = (pathlib.Path(__file__).parent / 'list.txt').read_text().split()\n"
    )
    with asking(tmp_path, detector) as (ask, _):
        assert ask("alpha beta gamma delta") == [Finding("own", "WORD", 0, 5, 1.0), Finding("own", "WORD", 11, 16, 1.0), Finding("own", "WORD", 17, 22, 1.0)]
        assert ask("beta") == []


GARBAGE = {
    "none": "None",
    "text": "'WORD'",
    "number": "7",
    "one finding, not a list": "{'kind': 'WORD', 'start': 0, 'end': 1, 'score': 1}",
    "list of text": "['WORD']",
    "list of tuples": "[('WORD', 0, 1, 1)]",
    "a key missing": "[{'kind': 'WORD', 'start': 0, 'end': 1}]",
    "kind not declared": "[{'kind': 'OTHER', 'start': 0, 'end': 1, 'score': 1}]",
    "kind no text": "[{'kind': 1, 'start': 0, 'end': 1, 'score': 1}]",
    "kind a lone surrogate": r"[{'kind': '\ud800', 'start': 0, 'end': 1, 'score': 1}]",
    "start below 0": "[{'kind': 'WORD', 'start': -1, 'end': 1, 'score': 1}]",
    "empty span": "[{'kind': 'WORD', 'start': 1, 'end': 1, 'score': 1}]",
    "backwards": "[{'kind': 'WORD', 'start': 3, 'end': 1, 'score': 1}]",
    "beyond the text": "[{'kind': 'WORD', 'start': 0, 'end': 6, 'score': 1}]",
    "offsets as fractions": "[{'kind': 'WORD', 'start': 0.0, 'end': 1.0, 'score': 1}]",
    "offsets as booleans": "[{'kind': 'WORD', 'start': False, 'end': True, 'score': 1}]",
    "offsets as text": "[{'kind': 'WORD', 'start': '0', 'end': '1', 'score': 1}]",
    "an offset beyond 64 bits": "[{'kind': 'WORD', 'start': 0, 'end': 1 << 80, 'score': 1}]",
    "longer than max_span": "[{'kind': 'WORD', 'start': 0, 'end': 5, 'score': 1}]",
    "score not a number": "[{'kind': 'WORD', 'start': 0, 'end': 1, 'score': float('nan')}]",
    "score infinite": "[{'kind': 'WORD', 'start': 0, 'end': 1, 'score': float('inf')}]",
    "score above 1": "[{'kind': 'WORD', 'start': 0, 'end': 1, 'score': 1.01}]",
    "score below 0": "[{'kind': 'WORD', 'start': 0, 'end': 1, 'score': -0.5}]",
    "score a boolean": "[{'kind': 'WORD', 'start': 0, 'end': 1, 'score': True}]",
    "score none": "[{'kind': 'WORD', 'start': 0, 'end': 1, 'score': None}]",
    "one wrong among right": "[{'kind': 'WORD', 'start': 0, 'end': 1, 'score': 1}, {'kind': 'WORD', 'start': 0, 'end': 9, 'score': 1}]",
    "an object": "[object()]",
    "too many": "[{'kind': 'WORD', 'start': 0, 'end': 1, 'score': 1}] * 100_001",
}


@pytest.mark.covers("G6")
def test_garbage_is_never_taken_for_nothing_found(tmp_path):
    """A detector whose answer cannot be used has not looked (law 5)."""
    source = """
        def find(text):
            return eval(ANSWERS[int(text)])

        ANSWERS = %r
    """
    detector = custom(tmp_path, source % list(GARBAGE.values()), max_span=4)
    with asking(tmp_path, detector) as (ask, pool):
        answers = {name: ask(f"{n:05}") for n, name in enumerate(GARBAGE)}
        right = {name: answer for name, answer in answers.items() if answer not in ("garbage", "failed")}
        assert right == {}
        assert {name for name, answer in answers.items() if answer == "failed"} == {"none", "text", "number", "one finding, not a list", "a key missing"}
        assert pool.state()["detectors"]["own"].get("restarts", 0) == 0


@pytest.mark.covers("G6", "G8")
def test_a_detector_that_writes_on_the_pools_own_socket_is_replaced(tmp_path):
    """What does not speak the language is not our program any more; what it says in its place is not believed."""
    source = """
        import os

        def find(text):
            if text == "forge":
                for fd in range(3, 128):
                    try:
                        os.write(fd, b"\\xff" * 64)
                    except OSError:
                        pass
            return []
    """
    with asking(tmp_path, custom(tmp_path, source)) as (ask, pool):
        assert ask("forge") == "crashed"
        assert ask("fine") == []
        assert pool.state()["detectors"]["own"]["restarts"] == 1


@pytest.mark.covers("G7")
def test_a_detector_of_ones_own_that_hangs_is_killed_at_its_deadline(tmp_path):
    """Its own deadline holds where the caller would wait longer; other detectors do not notice."""
    source = """
        def find(text):
            while text == "loop":
                pass
            return []
    """
    with asking(tmp_path, custom(tmp_path, source, deadline_s=0.5), STUB) as (ask, pool):
        assert ask("loop") == "timeout"
        assert ask("AB", "names") == [Finding("names", "WORD", 0, 2, 0.75)]
        end = time.monotonic() + 60
        while ask("fine") != []:
            assert time.monotonic() < end
        assert pool.state()["detectors"]["own"]["kills"] >= 1


def test_an_entry_that_cannot_be_imported_is_said(tmp_path):
    """The operator finds the reason in the log, and rules see a detector that is unavailable."""
    with asking(tmp_path, custom(tmp_path, "import not_there"), ready=False) as (ask, pool):
        while "ModuleNotFoundError" not in pool.said.read_text():
            ask("x")
        assert ask("x") == "unavailable"


ATTEMPTS = {
    "environment": "assert set(os.environ) - {'LC_CTYPE'}",
    "environment of the pool": "open(f'/proc/{os.getppid()}/environ', 'rb').read(1)",
    "own first environment": "assert b'SECRET' in open('/proc/self/environ', 'rb').read()",
    "keys": "open(KEYS).read()",
    "what lies beside its module": "open(BESIDE).read()",
    "the pool's memory": "open(f'/proc/{os.getppid()}/mem', 'rb')",
    "list a directory": "os.listdir(HOME)",
    "passwords of the system": "open('/etc/passwd').read()",
    "write a file": "open(HOME + '/written', 'w')",
    "append to its own module": "open(__file__, 'a')",
    "scratch": "tempfile.TemporaryFile()",
    "unlink": "os.unlink(KEYS)",
    "rename": "os.rename(KEYS, KEYS + '2')",
    "chmod": "os.chmod(KEYS, 0o666)",
    "truncate": "os.truncate(KEYS, 0)",
    "tcp": "socket.create_connection(('127.0.0.1', PORT), 1)",
    "udp": "socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
    "ipv6": "socket.socket(socket.AF_INET6)",
    "unix socket": "socket.socket(socket.AF_UNIX)",
    "netlink": "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)",
    "names": "socket.getaddrinfo('localhost', 80); socket.socket()",
    "fork": "os.fork()",
    "spawn": "subprocess.run(['true'])",
    "posix_spawn": "os.posix_spawn('/bin/true', ['true'], {})",
    "exec": "os.execv('/bin/true', ['true'])",
    "kill the pool": "os.kill(os.getppid(), 0)",
    "kill all": "os.kill(-1, 0)",
    "trace the pool": "assert ctypes.CDLL(None).ptrace(16, os.getppid(), 0, 0) == 0",
    "limits of the pool": "resource.prlimit(os.getppid(), resource.RLIMIT_CPU, (1, 1))",
    "its own limits": "resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))",
    "priority of the pool": "os.setpriority(os.PRIO_PROCESS, os.getppid(), 19)",
    "namespaces": "assert ctypes.CDLL(None).unshare(0x10000000) == 0",
    "io_uring": "assert ctypes.CDLL(None).syscall(425, 1, ctypes.create_string_buffer(120)) >= 0",
    "clone3": "assert ctypes.CDLL(None).syscall(435, ctypes.create_string_buffer(88), 88) >= 0",
    "shared memory": "assert ctypes.CDLL(None).shmget(1, 4096, 0o1600) >= 0",
    "become somebody": "os.setuid(12345)",
}


@pytest.mark.covers("T21")
def test_a_hostile_plugin_gets_nowhere(tmp_path):
    """Environment, files, network, processes: each is refused by the kernel, and the detector lives on to say so."""
    listener = socket.create_server(("127.0.0.1", 0))
    source = f"""
        import ctypes, os, resource, socket, subprocess, tempfile, threading

        KEYS, BESIDE, HOME = {str(tmp_path / "keys.yaml")!r}, {str(tmp_path / "guards" / "tidegate.yaml")!r}, {str(tmp_path)!r}
        PORT = {listener.getsockname()[1]}
        ATTEMPTS = {ATTEMPTS!r}

        def find(text):
            if text == "threads":
                seen = []
                thread = threading.Thread(target=lambda: seen.append(1))
                thread.start()
                thread.join()
                return [] if seen else None
            try:
                exec(ATTEMPTS[text], globals())
            except (OSError, AssertionError, ValueError) as e:
                return [{{"kind": "DENIED", "start": 0, "end": 1, "score": 0}}]
            return [{{"kind": "ESCAPED", "start": 0, "end": 1, "score": 1}}]
    """
    detector = custom(tmp_path, source)
    (tmp_path / "keys.yaml").write_text("digest")
    (tmp_path / "guards" / "tidegate.yaml").write_text("providers:")
    denied = [Finding("own", "DENIED", 0, 1, 0.0)]
    expected = {name: denied for name in ATTEMPTS if name != "become somebody" or os.getuid() == 0}
    with listener, asking(tmp_path, detector) as (ask, pool):
        if "detector_not_sealed" in pool.said.read_text():
            pytest.skip("this kernel has no Landlock, or no seccomp")
        assert {name: ask(name) for name in expected} == expected
        assert ask("threads") == []
        assert pool.state()["detectors"]["own"].get("restarts", 0) == 0
    assert (tmp_path / "keys.yaml").read_text() == "digest"


def test_a_sealed_process_still_lets_go_of_what_it_needed_to_start(tmp_path):
    """It may read little of /proc, and has to know its own mappings for that; where it may not, it would keep them in silence."""
    source = """
        from gateway import pages

        def find(text):
            return [{"kind": "WORD", "start": 0, "end": 1, "score": 1}] if pages.let_go() > 0 else []
    """
    with asking(tmp_path, custom(tmp_path, source)) as (ask, _):
        assert ask("x") == [Finding("own", "WORD", 0, 1, 1.0)]


@pytest.mark.covers("T21")
def test_what_a_plugin_prints_or_names_its_errors_is_thrown_away(tmp_path):
    """A text must not come out by standard error, or dressed up as the class of an exception."""
    source = """
        import sys

        def find(text):
            print(text)
            print(text, file=sys.stderr, flush=True)
            raise type("not an identifier: " + text, (Exception,), {})
    """
    with asking(tmp_path, custom(tmp_path, source)) as (ask, pool):
        assert ask("canary-4711") == "failed"
        assert "canary" not in pool.said.read_text()


@pytest.mark.covers("T21")
def test_a_module_of_a_plugin_is_sealed_before_it_is_imported(tmp_path):
    """The import is the plugin's code already."""
    (tmp_path / "keys.yaml").write_text("digest")
    source = f"""
        try:
            FOUND = open({str(tmp_path / "keys.yaml")!r}).read()
        except OSError:
            FOUND = ""

        def find(text):
            return [{{"kind": "ESCAPED" if FOUND else "DENIED", "start": 0, "end": 1, "score": 0}}]
    """
    with asking(tmp_path, custom(tmp_path, source)) as (ask, _):
        assert ask("x") == [Finding("own", "DENIED", 0, 1, 0.0)]
