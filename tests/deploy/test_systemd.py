"""The systemd unit: what systemd's own tools say of it, that it agrees with the gate, and the gate under its very system call filter.

No systemd runs here, so that it starts the unit is not shown; its parser, its assessment and its lists of system calls are the real ones.
"""

from __future__ import annotations

import ctypes
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from gateway.config import load
from tests.support.gate import RunningGate

ROOT = Path(__file__).resolve().parents[2]
UNIT = ROOT / "deploy/systemd/tidegate.service"
# Run by the interpreter that becomes the gate: puts the unit's filter on itself, as systemd does before it starts a program. libseccomp is what systemd uses, too.
CONFINE = """
import ctypes, json, os, sys
allowed, sys.argv = json.loads(os.environ.pop("ALLOWED_CALLS")), ["gateway", *sys.argv[1:]]
lib = ctypes.CDLL("libseccomp.so.2")
lib.seccomp_init.restype = ctypes.c_void_p
filter = lib.seccomp_init(ctypes.c_uint32(0x00050000 | 1))  # EPERM
for name in allowed:
    number = lib.seccomp_syscall_resolve_name(name.encode())
    if number >= 0:
        assert lib.seccomp_rule_add(ctypes.c_void_p(filter), ctypes.c_uint32(0x7FFF0000), ctypes.c_int(number), ctypes.c_uint(0)) == 0, name
assert lib.seccomp_load(ctypes.c_void_p(filter)) == 0  # sets no_new_privs, too
os.execv(sys.executable, [sys.executable, "-m", *sys.argv])
"""


def program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"needs {name} (Debian: systemd)")
    return found


def settings(name: str) -> list[str]:
    """The values of a setting, in order."""
    return re.findall(rf"^{name}=(.*)$", UNIT.read_text(), re.M)


def installed(tmp_path: Path) -> Path:
    """The unit as if the gate were installed: its program is one that exists."""
    path = tmp_path / UNIT.name
    path.write_text(UNIT.read_text().replace("/opt/tidegate/bin/tidegate", "/bin/true").replace("/bin/kill", "/bin/true"))
    return path


def calls() -> set[str]:
    """The system calls that the unit allows, its groups spelled out by systemd."""
    def spelled(word: str) -> set[str]:
        if not word.startswith("@"):
            return {word}
        listed = subprocess.run([program("systemd-analyze"), "syscall-filter", word], capture_output=True, text=True, check=True).stdout
        lines = [line.strip() for line in listed.splitlines()[1:]]
        return {call for line in lines if line and not line.startswith("#") for call in spelled(line)}

    allowed: set[str] = set()
    for value in settings("SystemCallFilter"):
        words = {call for word in value.lstrip("~").split() for call in spelled(word)}
        allowed = allowed - words if value.startswith("~") else allowed | words
    return allowed | spelled("@default")  # which systemd always allows


def test_systemd_understands_every_line(tmp_path: Path) -> None:
    """What it does not know it leaves out with a warning, and a hardening that is left out is none."""
    done = subprocess.run([program("systemd-analyze"), "verify", "--man=no", str(installed(tmp_path))], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_systemd_thinks_it_well_hardened(tmp_path: Path) -> None:
    """systemd's own scale of exposure, 0 to 10: at most 1.5. What is left is what a gate needs: networks, resources, memory that embedded ClickHouse compiles into."""
    done = subprocess.run([program("systemd-analyze"), "security", "--offline=yes", "--threshold=15", "--no-pager", str(installed(tmp_path))], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_times_and_codes_agree_with_the_gate(tmp_path: Path) -> None:
    """A stop that systemd cuts short loses what drains; a restart after a bad configuration is a loop."""
    (tmp_path / "tidegate.yaml").write_text("providers: {openai: {dialect: openai, base_url: 'https://api.openai.com'}}\n")
    drain_s = load(tmp_path / "tidegate.yaml").server.drain_s
    assert float(settings("TimeoutStopSec")[0]) >= drain_s + 15 + 20 + 15  # gateway/supervisor.py: workers, recorder, the rest
    assert (settings("KillMode"), settings("Type"), settings("RestartPreventExitStatus")) == (["mixed"], ["exec"], ["2"])
    assert settings("ExecReload") == ["/bin/kill -HUP $MAINPID"] and "SIGHUP" in (ROOT / "gateway/supervisor.py").read_text()
    (tmp_path / "wrong.yaml").write_text("providers: {}\n")
    wrong = subprocess.run([sys.executable, "-m", "gateway", "serve", "--config", str(tmp_path / "wrong.yaml")], cwd=ROOT, capture_output=True, check=False)
    assert wrong.returncode == 2


def test_the_user_is_one_that_sysusers_makes() -> None:
    """Without a shell, with its home where systemd keeps the state."""
    kind, name, *_, home = (ROOT / "deploy/systemd/tidegate.sysusers.conf").read_text().splitlines()[-1].split()
    assert (kind, name, home) == ("u", *settings("User"), f"/var/lib/{settings('StateDirectory')[0]}")
    if shutil.which("systemd-sysusers"):
        done = subprocess.run(["systemd-sysusers", "--dry-run", str(ROOT / "deploy/systemd/tidegate.sysusers.conf")], capture_output=True, text=True, check=False)
        assert done.returncode == 0 and "Unknown" not in done.stderr, done.stderr


def test_every_credential_has_the_variable_that_reads_it() -> None:
    """LoadCredential alone puts a file somewhere; the gate finds it by NAME_FILE."""
    names = [value.split(":")[0] for value in settings("LoadCredential")]
    files = dict(value.split("=") for value in settings("Environment"))
    assert files == {f"TIDEGATE_{name.upper()}_FILE": f"%d/{name}" for name in names}
    example = (ROOT / "deploy/systemd/tidegate.yaml").read_text()
    assert set(re.findall(r"\$\{(TIDEGATE_\w+)\}", example)) == {f"TIDEGATE_{name.upper()}" for name in names}


@pytest.mark.slow
def test_the_gate_lives_under_the_units_system_call_filter(tmp_path: Path) -> None:
    """With its embedded store and the detector pool, both of which take rights away from themselves by calls that filters like to forbid."""
    try:
        ctypes.CDLL("libseccomp.so.2")
    except OSError:
        pytest.skip("needs libseccomp (Debian: libseccomp2)")
    providers = "  openai: {dialect: openai, base_url: 'http://127.0.0.1:9', allow_private: true}\n"
    rule = "guardrails: [{name: names, detector: pii, on: request, action: mask}]\nguard: {request_deadline_ms: 30000}\n"
    gate = RunningGate(tmp_path, providers, more=rule, environment={"ALLOWED_CALLS": json.dumps(sorted(calls()))})
    with open(gate.log, "wb") as log:
        gate.process = subprocess.Popen(
            [sys.executable, "-c", CONFINE, "serve", "--config", str(gate.config)], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            env={**os.environ, "ALLOWED_CALLS": json.dumps(sorted(calls()))}, start_new_session=True,
        )  # fmt: skip
    try:
        gate.await_up()
        status = Path(f"/proc/{gate.processes()['recorder']}/status").read_text()
        assert "Seccomp:\t2" in status and "NoNewPrivs:\t1" in status
        asked = subprocess.run(
            [sys.executable, "-c", "import sys, urllib.request as u, urllib.error as e\ntry: u.build_opener(u.ProxyHandler({})).open(u.Request(sys.argv[1], b'{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Call Angela Merkel\"}]}', {'Content-Type': 'application/json'}))\nexcept e.HTTPError as x: print(x.headers['x-tidegate-request-id'])", f"{gate.base_url}/v1/chat/completions"],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        row = gate.row(asked.stdout.strip(), within_s=60.0)["exchange"]
        assert (row["verdict"], row["outcome"]) == ("masked", "provider_unreachable")
        assert " ERROR " not in gate.log.read_text()
        assert gate.stop() == 0
    finally:
        gate.__exit__()
