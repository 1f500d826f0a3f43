"""Real ClickHouse servers for tests: the embedded store's own process, started, stopped, killed, frozen."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from gateway.store.credentials import credentials
from gateway.store.target import Target

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


class ClickHouseServer:
    """A server over `<data_dir>/clickhouse`; its data survive a restart. `ready` is its ready line."""

    def __init__(self, data_dir: Path, *, tcp: bool = False, arguments: Sequence[str] = (), lock_wait_s: float = 20.0) -> None:
        self.data_dir = data_dir
        self.http_port = free_port()
        self.tcp_port = free_port() if tcp else 0
        self.arguments = [*arguments, "--lock-wait", str(lock_wait_s)]
        self.credentials = credentials(data_dir)
        self.process: subprocess.Popen[bytes] | None = None
        self.ready: dict[str, Any] = {}

    @property
    def path(self) -> Path:
        return self.data_dir / "clickhouse"

    @property
    def target(self) -> Target:
        return Target.embedded(self.http_port, self.credentials)

    @property
    def url(self) -> str:
        """As a gate's `store.url` has it."""
        target = self.target
        return f"http://{target.user}:{quote(target.password, safe='')}@{target.place}/{target.database}"

    def start(self) -> ClickHouseServer:
        command = [sys.executable, "-m", "gateway.store.embedded", "--path", str(self.path), "--http-port", str(self.http_port)]
        command += ["--tcp-port", str(self.tcp_port), *self.arguments]
        with open(self.data_dir / "stderr.log", "ab") as stderr:
            self.process = subprocess.Popen(
                command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=stderr, env={**os.environ, **self.credentials.environment()}
            )
        assert self.process.stdout is not None
        readable, _, _ = select.select([self.process.stdout], [], [], 60)
        line = self.process.stdout.readline() if readable else b""
        self.ready = json.loads(line) if line else {"ready": False, "error": "said nothing"}
        if not self.ready["ready"]:
            self.kill()
            raise RuntimeError(f"{self.ready['error']}; stderr: {(self.data_dir / 'stderr.log').read_text()[-2000:]}")
        return self

    def stop(self) -> int:
        """SIGTERM; the exit code."""
        assert self.process is not None
        self.thaw()
        self.process.terminate()
        code = self.process.wait(40)
        self._close()
        return code

    def kill(self) -> None:
        """SIGKILL: what a crash or the OOM killer does."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self._close()

    def freeze(self) -> None:
        """SIGSTOP: the kernel still accepts connections, nothing answers."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self.process is not None
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGCONT)

    def _close(self) -> None:
        if self.process is not None and self.process.stdout is not None:
            self.process.stdout.close()

    def __enter__(self) -> ClickHouseServer:
        return self.start()

    def __exit__(self, *raised: object) -> None:
        assert self.process is not None
        if self.process.poll() is None:
            self.stop()


@contextlib.contextmanager
def pair(first: Path, second: Path, cluster: str) -> Iterator[tuple[ClickHouseServer, ClickHouseServer]]:
    """Two servers that know each other as the two shards of a cluster. Native ports; the writer may use remote tables."""
    servers = []
    for directory in (first, second):
        directory.mkdir(parents=True, exist_ok=True)
        servers.append(ClickHouseServer(directory, tcp=True))
    shards = ""
    for server in servers:
        user, password = server.credentials.writer_user, server.credentials.writer_password
        shards += f"<shard><replica><host>127.0.0.1</host><port>{server.tcp_port}</port><user>{user}</user><password>{password}</password></replica></shard>"
    for number, server in enumerate(servers):
        extra = server.data_dir / "cluster.xml"
        extra.write_text(f"<remote_servers><{cluster}>{shards}</{cluster}></remote_servers><macros><shard>{number}</shard><replica>r{number}</replica></macros>")
        grants = [option for grant in ("TABLE ENGINE ON Distributed", "REMOTE ON *.*", "CLUSTER ON *.*") for option in ("--grant", grant)]
        server.arguments = ["--extra-config", str(extra), *grants, *server.arguments]
    with servers[0], servers[1]:
        yield servers[0], servers[1]
