"""The embedded server: that the pinned wheel still is one, that it comes back, and what its users cannot do."""

from __future__ import annotations

import asyncio
import json
import os
import select
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from gateway.errors import StoreError
from gateway.store.client import Store
from gateway.store.migrate import migrate
from gateway.store.target import Target
from tests.support.clickhouse import ROOT, ClickHouseServer


def ask(target: Target, sql: str) -> str:
    async def run() -> str:
        store = Store(target)
        try:
            return (await store.query_bytes(sql, "TabSeparated")).decode().strip()
        finally:
            await store.close()

    return asyncio.run(run())


def refusal(target: Target, sql: str, *, statement: bool = False) -> int:
    """The code with which it is refused; 0 if it is not."""

    async def run() -> int:
        store = Store(target)
        try:
            await (store.execute(sql) if statement else store.query_bytes(sql, "TabSeparated"))
            return 0
        except StoreError as e:
            return e.code
        finally:
            await store.close()

    return asyncio.run(run())


def test_the_pinned_wheel_is_a_whole_server(clickhouse: ClickHouseServer) -> None:
    """The way into the wheel is private: an upgrade that closes it must fail here, not at a user's start."""
    told = {name: value for name, value in clickhouse.ready.items() if name != "confined"}
    assert told == {"ready": True, "pid": clickhouse.process.pid, "http_port": clickhouse.http_port, "tcp_port": 0}
    assert ask(clickhouse.target, "SELECT version()").startswith("26.9.")
    assert ask(clickhouse.target, "SELECT count() FROM system.tables WHERE database = 'system' AND name LIKE '%_log'") == "0"


def test_what_it_keeps_in_memory_is_bounded(tmp_path: Path) -> None:
    """A server overlooks a setting that it does not know: an upgrade that gives one of these another name would have it grow by a hundred megabytes in its first hour."""
    grants = [each for table in ("server_settings", "merge_tree_settings") for each in ("--grant", f"SELECT ON system.{table}")]
    bounds = {
        "compiled_expression_cache_size": 16 << 20, "index_mark_cache_size": 16 << 20, "mark_cache_size": 64 << 20, "merge_selector_base": 16, "max_parts_cleaning_thread_pool_size": 2,
        "min_columns_to_activate_adaptive_write_buffer": 1, "uncompressed_cache_size": 0, "use_primary_key_cache": 0, "vertical_merge_algorithm_min_rows_to_activate": 1,
    }  # fmt: skip
    with ClickHouseServer(tmp_path, arguments=grants) as server:
        asyncio.run(migrate(server.target, retention_days=30))
        names = ", ".join(f"'{name}'" for name in bounds)
        told = ask(server.target, f"SELECT name, value FROM system.server_settings WHERE name IN ({names}) UNION ALL SELECT name, value FROM system.merge_tree_settings WHERE name IN ({names}) ORDER BY name")
        assert dict(line.split("\t") for line in told.splitlines()) == {name: str(value) for name, value in bounds.items()}


@pytest.mark.covers("S8")
def test_it_comes_back_at_once_after_kill_9_and_stops_clean(tmp_path: Path) -> None:
    """The supervisor restarts it the moment it dies; the old process must not be in the way, and what was acknowledged must be there."""
    server = ClickHouseServer(tmp_path).start()
    assert refusal(server.target, "CREATE DATABASE IF NOT EXISTS tidegate", statement=True) == 0
    assert refusal(server.target, "CREATE TABLE tidegate.t (a Int32) ENGINE = MergeTree ORDER BY a AS SELECT 7 AS a", statement=True) == 0
    server.process.kill()
    again = ClickHouseServer(tmp_path)
    again.http_port = server.http_port
    again.start()
    server.kill()
    assert ask(again.target, "SELECT a FROM tidegate.t") == "7"
    assert again.stop() == 0


@pytest.mark.covers("S8")
def test_a_second_owner_waits_and_then_says_why_it_leaves(clickhouse: ClickHouseServer) -> None:
    """Two engines on one directory would destroy it."""
    other = ClickHouseServer(clickhouse.data_dir, lock_wait_s=0.2)
    with pytest.raises(RuntimeError, match=r"is in use by another store process; waited 0\.2 s"):
        other.start()


def test_it_dies_with_its_parent(tmp_path: Path) -> None:
    """A supervisor that is killed must not leave a server behind that holds the directory."""
    server = ClickHouseServer(tmp_path)
    parent = (
        "import subprocess, sys, time\n"
        f"child = subprocess.Popen([sys.executable, '-m', 'gateway.store.embedded', '--path', {str(server.path)!r}, '--http-port', '{server.http_port}'],"
        " stdout=subprocess.PIPE)\n"
        "sys.stdout.write(child.stdout.readline().decode()); sys.stdout.flush(); time.sleep(60)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", parent], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**os.environ, **server.credentials.environment()}
    )
    ready = json.loads(process.stdout.readline())
    handle = os.pidfd_open(ready["pid"])
    process.kill()
    process.wait()
    process.stdout.close()
    try:
        assert select.select([handle], [], [], 20)[0] == [handle]
    finally:
        os.close(handle)


def test_without_passwords_it_does_not_start(tmp_path: Path) -> None:
    """A server with an empty password would be open to every user of the machine."""
    done = subprocess.run(
        [sys.executable, "-m", "gateway.store.embedded", "--path", str(tmp_path / "s"), "--http-port", "1"], cwd=ROOT, capture_output=True, timeout=30, check=False
    )
    assert (done.returncode, json.loads(done.stdout)["ready"]) == (2, False)


@pytest.mark.covers("T24")
def test_what_it_writes_is_for_its_owner_alone(clickhouse: ClickHouseServer) -> None:
    """Prompts lie in these files."""
    loose = [
        str(path)
        for path in [clickhouse.path, *(Path(at, name) for at, inside, files in os.walk(clickhouse.path) for name in (*inside, *files))]  # rglob fails where a merge takes its directory away
        if not path.is_symlink() and path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077
    ]
    assert loose == []


READER_CANNOT = {
    "SELECT * FROM file('/etc/passwd', 'LineAsString')": 497,
    "SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')": 497,
    "SELECT * FROM remote('127.0.0.1', 'tidegate.exchanges')": 497,
    "SELECT * FROM executable('x', 'TSV', 'a String')": 497,
    "SELECT * FROM system.processes": 497,
    "SELECT 1 SETTINGS readonly = 0": 164,
    "SELECT 1 SETTINGS max_execution_time = 0": 452,
    "SELECT 1 SETTINGS max_memory_usage = 0": 452,
}


@pytest.mark.covers("T6")
@pytest.mark.parametrize("sql", READER_CANNOT)
def test_the_reader_only_reads_and_only_the_store(clickhouse: ClickHouseServer, sql: str) -> None:
    """Its password is given to dashboards; SQL must not be a way to this machine's files and ports, nor around the limits."""
    assert refusal(clickhouse.target.reader(), sql) == READER_CANNOT[sql]


@pytest.mark.covers("T6")
@pytest.mark.parametrize("place", ["/etc/passwd", "/proc/self/environ", "{store}/credentials.json", "{store}/lock", "{store}/run/../credentials.json"])
def test_no_sql_reads_this_machines_files(clickhouse: ClickHouseServer, place: str) -> None:
    """The scalar function file() needs no grant: the kernel has to stop it, or a dashboard's password opens the writer's."""
    if not clickhouse.ready["confined"]:
        pytest.skip("this kernel has no Landlock: the store process says that it runs unconfined")
    assert refusal(clickhouse.target.reader(), f"SELECT file('{place.format(store=clickhouse.path)}')") == 76


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO tidegate.exchanges (app) VALUES ('x')",
        "ALTER TABLE tidegate.exchanges DELETE WHERE 1",
        "DROP TABLE tidegate.exchanges",
        "CREATE TABLE tidegate.mine (a Int32) ENGINE = MergeTree ORDER BY a",
        "TRUNCATE TABLE tidegate.exchanges",
    ],
)
def test_the_reader_cannot_write(clickhouse: ClickHouseServer, sql: str) -> None:
    """Refused by its rights (497), not only by its `readonly` profile, which is a setting."""
    assert refusal(clickhouse.target.reader(), sql, statement=True) == 497


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TABLE tidegate.f (a String) ENGINE = File(TSV)",
        "INSERT INTO FUNCTION file('/tmp/x', 'TSV', 'a String') VALUES ('x')",
        "CREATE DICTIONARY tidegate.d (a String) PRIMARY KEY a SOURCE(FILE(PATH '/etc/passwd' FORMAT 'TSV')) LAYOUT(FLAT()) LIFETIME(0)",
        "CREATE DATABASE other",
        "SYSTEM SHUTDOWN",
    ],
)
def test_the_writer_has_one_database_and_nothing_else(clickhouse: ClickHouseServer, sql: str) -> None:
    """Its password is in every process of the gateway."""
    assert refusal(clickhouse.target, sql, statement=True) == 497


def test_nobody_logs_in_as_the_engines_own_user(clickhouse: ClickHouseServer) -> None:
    """`default` must exist with an empty password; it could switch the listener off."""
    target = Target("127.0.0.1", clickhouse.http_port, False, "default", "")
    assert refusal(target, "SELECT 1") == 700


def test_a_stop_signal_while_it_starts_is_obeyed(tmp_path: Path) -> None:
    """A supervisor that changes its mind must not wait for the start."""
    server = ClickHouseServer(tmp_path)
    command = [sys.executable, "-m", "gateway.store.embedded", "--path", str(server.path), "--http-port", str(server.http_port)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env={**os.environ, **server.credentials.environment()})
    process.stderr.readline()  # the engine has begun to speak
    process.send_signal(signal.SIGTERM)
    process.stderr.close()
    assert process.wait(60) == 0


_CONFINED = """
import argparse, sys
from pathlib import Path
from gateway.store.embedded import _confine
why = _confine(argparse.Namespace(http_port=1, tcp_port=0, extra_config=None), Path(sys.argv[1]))
def reads(path):
    try:
        return len(Path(path).read_bytes()) > 0
    except OSError:
        return False
print(why or "confined", reads("/proc/self/auxv"), reads("/proc/self/environ"))
"""


def test_what_the_c_library_asks_of_its_own_process_is_readable(tmp_path: Path) -> None:
    """ClickHouse looks for the auxiliary vector behind the environment if it cannot read it, and there stood whatever Python had put: it ended by a
    signal at every start, with some numbers of environment variables and not with others. Passwords in the environment stay out of its reach."""
    done = subprocess.run([sys.executable, "-c", _CONFINED, str(tmp_path)], capture_output=True, text=True, cwd=ROOT, timeout=60)
    if not done.stdout.startswith("confined"):
        pytest.skip(f"this kernel has no Landlock: {done.stdout}")
    assert done.stdout.split() == ["confined", "True", "False"], done.stdout + done.stderr
