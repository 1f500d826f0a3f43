"""The console as a process: it starts from a file and ends in order."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

import aiohttp

from tests.support.clickhouse import ROOT, free_port


async def started(config: Path) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(sys.executable, "-m", "gateway.console.main", "--config", str(config), cwd=ROOT, stderr=asyncio.subprocess.PIPE)


def configuration(directory: Path, port: int) -> Path:
    file = directory / "tidegate.yaml"
    file.write_text(f"providers: {{o: {{dialect: openai, base_url: 'https://h'}}}}\ndata_dir: {directory}\nserver: {{admin: '127.0.0.1:{port}'}}\n")
    return file


async def test_it_serves_without_a_store_and_ends_with_0_on_sigterm(tmp_path: Path):
    """The supervisor starts it before the store is up, and a stop that is not an exit code 0 looks like a crash."""
    port = free_port()
    process = await started(configuration(tmp_path, port))
    assert process.stderr is not None
    async with asyncio.timeout(60):
        line = await process.stderr.readline()
        async with aiohttp.ClientSession() as session:
            statuses = []
            for path in ("/-/healthy", "/-/ready", "/metrics", "/api/exchanges"):
                async with session.get(f"http://127.0.0.1:{port}{path}") as answer:
                    statuses.append(answer.status)
            process.send_signal(signal.SIGTERM)
            code = await process.wait()
    assert (statuses, code) == ([200, 503, 200, 503], 0)
    assert f"console_started host=127.0.0.1 port={port}".encode() in line


async def test_an_address_that_is_taken_is_named(tmp_path: Path):
    """A second gate on the same admin port must not look as if it worked."""
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    async with server:
        process = await started(configuration(tmp_path, server.sockets[0].getsockname()[1]))
        _, errors = await process.communicate()
    assert (process.returncode, b"is server.admin free?" in errors, b"Traceback" in errors) == (1, True, False)
