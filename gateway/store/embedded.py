"""The embedded store: a real ClickHouse server, out of the `chdb-core` wheel, as one process of its own.

How.  The wheel contains the whole of clickhouse-local, which can open listeners since ClickHouse 26.6 (`SYSTEM START LISTEN HTTP`). The
extension's one-shot `_chdb.query` runs it in a thread with a script of two statements: open the listeners, then sleep. Killing
the sleep ends clickhouse-local in good order. `_chdb.query` is not a public name, so the wheel's version is pinned
and tests/store/test_embedded.py is the smoke test that guards an upgrade.

    python -m gateway.store.embedded --path DIR --http-port N [--tcp-port N] [--memory BYTES]

Passwords come in the environment (TIDEGATE_STORE_WRITER_PASSWORD, TIDEGATE_STORE_READER_PASSWORD), never in argv. One JSON line on
stdout: {"ready": true, "pid", "http_port", "tcp_port", "confined"} or {"ready": false, "error"}. SIGTERM and SIGINT stop it in order, exit 0; it gets
a SIGTERM itself when its parent dies. Exit codes: 2 wrong use, 3 did not start, 4 ended by itself, 5 did not end in time.

Rules of this file: it imports nothing of the gateway but `confine`, `torn` and `pages`; loopback only; everything on disk is readable by the owner alone; the
process takes its own rights to other files away before the engine is loaded (see confine.py for why); one process owns DIR (a lock: a second one
waits a while for the first to go, then says so and leaves). It must be the main module of a fresh process: the engine cannot live through a fork.

Deliberately absent: TLS, Keeper, replication and ON CLUSTER (the wheel's server has none of them), CREATE USER, system logs.
Source of truth: ClickHouse's documentation of clickhouse-local and of server settings; measurements in gateway/store/README.md.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import ctypes
import fcntl
import hashlib
import importlib.util
import json
import os
import secrets
import select
import signal
import sys
import tempfile
import threading
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, TextIO
from xml.sax.saxutils import escape

from gateway import pages
from gateway.store.confine import confine
from gateway.store.torn import clear

HOST = "127.0.0.1"
DATABASE = "tidegate"
WRITER, READER, CONTROL = "tidegate", "tidegate_reader", "tidegate_control"
WRITER_PASSWORD, READER_PASSWORD = "TIDEGATE_STORE_WRITER_PASSWORD", "TIDEGATE_STORE_READER_PASSWORD"
LOCK_WAIT_S = 20.0
START_S = 60.0
STOP_S = 30.0
_PR_SET_PDEATHSIG = 1
_KEEPALIVE = "tidegate-keepalive"

# Everything the schema, the recorder and retention need, on one database. No file(), url(), s3(), remote(), executable(): clickhouse-local
# does not confine file() to a directory, so whoever had it could read every file of this user by SQL.
WRITER_GRANTS = (
    f"SHOW, SELECT, INSERT, ALTER, CREATE DATABASE, CREATE TABLE, CREATE VIEW, DROP TABLE, DROP VIEW, TRUNCATE, OPTIMIZE ON {DATABASE}.*",
    "TABLE ENGINE ON MergeTree",
    "TABLE ENGINE ON AggregatingMergeTree",
    "TABLE ENGINE ON ReplacingMergeTree",
    *(f"SELECT ON system.{table}" for table in ("parts", "disks", "merges", "mutations", "metrics", "events", "clusters", "replicas")),
)
READER_GRANTS = (f"SHOW, SELECT ON {DATABASE}.*", "SELECT ON system.parts", "SELECT ON system.disks")

# Every profile inherits from `default`, so that one stays empty. `readonly = 2` lets a reader change settings (drivers must), so its limits are constraints: a value outside is refused.
_PROFILES = """
    <default></default>
    <engine><max_sessions_for_user>1</max_sessions_for_user></engine>
    <writer><log_queries>0</log_queries></writer>
    <control><log_queries>0</log_queries></control>
    <reader>
      <readonly>2</readonly><log_queries>0</log_queries>
      <max_execution_time>60</max_execution_time><max_memory_usage>{reader_memory}</max_memory_usage>
      <max_result_bytes>1000000000</max_result_bytes><max_concurrent_queries_for_user>16</max_concurrent_queries_for_user>
      <constraints>
        <max_execution_time><min>1</min><max>60</max></max_execution_time>
        <max_memory_usage><min>1</min><max>{reader_memory}</max></max_memory_usage>
        <max_result_bytes><min>1</min><max>1000000000</max></max_result_bytes>
        <max_concurrent_queries_for_user><readonly/></max_concurrent_queries_for_user>
      </constraints>
    </reader>"""

# The pools are as small as one node with one writer needs; every idle thread that wakes up costs the machine it shares with the relay.
# What is kept is bounded, so that the server does not grow with what is stored: caches by size, and merges, which else write all columns side by side until a part has 131,072 rows, with 1 to 4 MB of buffer for each
# (500 MB for the table of exchanges, of which more is touched the longer the parts are: it grew by 80 MB in its first hour): they take one column after the other, with buffers as long as they need. They take
# sixteen parts where they would take five, so that a row is written again half as often.
# AsyncLogger alone would wake up 200 times a second. Inserts are not synced: that would be some thirty syncs each, on the disk that the journal is on; what a power cut takes is given again (record/restore.py).
_CONFIG = """<clickhouse>
  <listen_host>{host}</listen_host>
  <http_port>{http_port}</http_port>
  {tcp}
  <users_config>{run}/users.xml</users_config>
  <logger><level>warning</level><log>{run}/server.log</log><errorlog>{run}/server.err.log</errorlog><size>10M</size><count>2</count><async>false</async></logger>
  <max_server_memory_usage>{memory}</max_server_memory_usage>
  <memory_worker_period_ms>500</memory_worker_period_ms>
  <mark_cache_size>67108864</mark_cache_size>
  <index_mark_cache_size>16777216</index_mark_cache_size>
  <compiled_expression_cache_size>16777216</compiled_expression_cache_size>
  <keep_alive_timeout>3</keep_alive_timeout>
  <background_pool_size>2</background_pool_size>
  <background_common_pool_size>2</background_common_pool_size>
  <background_schedule_pool_size>8</background_schedule_pool_size>
  <background_fetches_pool_size>1</background_fetches_pool_size>
  <background_move_pool_size>1</background_move_pool_size>
  <background_buffer_flush_schedule_pool_size>1</background_buffer_flush_schedule_pool_size>
  <background_distributed_schedule_pool_size>2</background_distributed_schedule_pool_size>
  <background_message_broker_schedule_pool_size>1</background_message_broker_schedule_pool_size>
  <merge_tree>
    <vertical_merge_algorithm_min_rows_to_activate>1</vertical_merge_algorithm_min_rows_to_activate>
    <min_columns_to_activate_adaptive_write_buffer>1</min_columns_to_activate_adaptive_write_buffer>
    <number_of_free_entries_in_pool_to_lower_max_size_of_merge>1</number_of_free_entries_in_pool_to_lower_max_size_of_merge>
    <number_of_free_entries_in_pool_to_execute_mutation>1</number_of_free_entries_in_pool_to_execute_mutation>
    <number_of_free_entries_in_pool_to_execute_optimize_entire_partition>1</number_of_free_entries_in_pool_to_execute_optimize_entire_partition>
    <merge_selector_base>16</merge_selector_base>
  </merge_tree>
  <access_control_improvements>
    <select_from_system_db_requires_grant>true</select_from_system_db_requires_grant>
    <select_from_information_schema_requires_grant>false</select_from_information_schema_requires_grant>
    <table_engines_require_grant>true</table_engines_require_grant>
    <on_cluster_queries_require_cluster_grant>true</on_cluster_queries_require_cluster_grant>
  </access_control_improvements>
  {extra}
</clickhouse>
"""

# Importing the engine runs one for a moment, and the pools of threads that it makes are those that the process has from then on. As they come, 128 threads remove old parts, and stay.
_FIRST = """<clickhouse>
  <max_parts_cleaning_thread_pool_size>2</max_parts_cleaning_thread_pool_size>
  <max_active_parts_loading_thread_pool_size>4</max_active_parts_loading_thread_pool_size>
  <max_thread_pool_free_size>16</max_thread_pool_free_size>
</clickhouse>
"""

# clickhouse-local opens its own session as `default` with an empty password from loopback, so that user must be there. It may do what the
# start-up script does and nothing more, and its one permitted session is the script's, so nobody can log in as it.
_USERS = """<clickhouse>
  <profiles>{profiles}</profiles>
  <quotas><default></default></quotas>
  <users>
    <default><password></password><networks><ip>127.0.0.1</ip></networks><profile>engine</profile><quota>default</quota>
      <grants><query>GRANT SYSTEM LISTEN ON *.*</query><query>GRANT SELECT ON system.numbers</query></grants></default>
    {users}
  </users>
</clickhouse>
"""


@dataclass(frozen=True, slots=True)
class _User:
    name: str
    password: str
    profile: str
    grants: tuple[str, ...]

    def xml(self) -> str:
        digest = hashlib.sha256(self.password.encode()).hexdigest()
        grants = "".join(f"<query>GRANT {escape(grant)}</query>" for grant in self.grants)
        return (
            f"<{self.name}><password_sha256_hex>{digest}</password_sha256_hex><networks><ip>127.0.0.1</ip></networks>"
            f"<profile>{self.profile}</profile><quota>default</quota><grants>{grants}</grants></{self.name}>"
        )


class _Engine:
    """clickhouse-local in a thread, from `start` to the end of its script. `ended` is readable once it is over."""

    def __init__(self, arguments: argparse.Namespace, root: Path) -> None:
        self.http_port, self.tcp_port, self.root = arguments.http_port, arguments.tcp_port, root
        self._control = secrets.token_urlsafe(24)
        self.ended, self._end = os.pipe()
        self._thread = threading.Thread(target=self._run, name="clickhouse", daemon=True)

    def configure(self, *, memory: int, writer_password: str, reader_password: str, extra: str, grants: tuple[str, ...]) -> Path:
        """Write the configuration and return its directory."""
        run = self.root / "run"
        run.mkdir(mode=0o700, exist_ok=True)
        users = (
            _User(WRITER, writer_password, "writer", WRITER_GRANTS + grants),
            _User(READER, reader_password, "reader", READER_GRANTS),
            _User(CONTROL, self._control, "control", ("KILL QUERY ON *.*", "SELECT ON system.processes")),
        )
        tcp = f"<tcp_port>{self.tcp_port}</tcp_port>" if self.tcp_port else ""
        config = _CONFIG.format(host=HOST, http_port=self.http_port, tcp=tcp, run=escape(str(run)), memory=memory, extra=extra)
        _write_private(run / "config.xml", config)
        profiles = _PROFILES.format(reader_memory=memory // 2)
        _write_private(run / "users.xml", _USERS.format(profiles=profiles, users="\n    ".join(user.xml() for user in users)))
        return run

    def start(self) -> None:
        self._thread.start()

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    def _run(self) -> None:
        import chdb._chdb

        engine: Any = chdb._chdb  # has no types
        script = "SYSTEM START LISTEN HTTP; " + ("SYSTEM START LISTEN TCP; " if self.tcp_port else "")
        script += "SELECT sleepEachRow(3) FROM system.numbers SETTINGS max_block_size = 1, max_threads = 1, interactive_delay = 3000000, "
        script += f"log_comment = '{_KEEPALIVE}' FORMAT Null"
        try:
            engine.query(script, "TabSeparated", path=str(self.root / "data"))
        except Exception as e:  # noqa: BLE001  the engine raises bare RuntimeErrors; killing the sleep is one of them. What matters is that it ended
            if _KEEPALIVE not in str(e):
                _say(str(e)[:2000])
        finally:
            os.close(self._end)

    def answers(self) -> bool:
        try:
            return self._http("/ping", None, None, timeout=1.0) == b"Ok.\n"
        except OSError:
            return False

    def stop(self, within_s: float) -> bool:
        """End the sleep; the engine closes its listeners and tables and returns. False: not within the time."""
        kill = f"KILL QUERY WHERE Settings['log_comment'] = '{_KEEPALIVE}' ASYNC".encode()
        until = time.monotonic() + within_s
        while self._thread.is_alive() and time.monotonic() < until:
            with contextlib.suppress(OSError):  # overloaded, or already closing: asked again until the time is over
                self._http("/", (CONTROL, self._control), kill, timeout=5.0)
            self._thread.join(1.0)
        return not self._thread.is_alive()

    def _http(self, path: str, user: tuple[str, str] | None, body: bytes | None, *, timeout: float) -> bytes:
        headers = {"Authorization": "Basic " + base64.b64encode(":".join(user).encode()).decode()} if user else {}
        request = urllib.request.Request(f"http://{HOST}:{self.http_port}{path}", data=body, headers=headers)
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(request, timeout=timeout) as answer:
            return bytes(answer.read())


def main(argv: list[str] | None = None) -> int:
    arguments = _parser().parse_args(argv)
    out = os.fdopen(os.dup(1), "w")  # the engine prints to stdout; the ready line must stand alone there
    os.dup2(2, 1)
    os.umask(0o077)
    _die_with_parent()
    woken = _signals()
    passwords = {name: os.environ.pop(name, "") for name in (WRITER_PASSWORD, READER_PASSWORD)}
    if not all(passwords.values()):
        _report(out, ready=False, error=f"set {WRITER_PASSWORD} and {READER_PASSWORD}")
        return 2
    if importlib.util.find_spec("chdb") is None:
        _report(out, ready=False, error='the chdb-core package is not installed; install "tidegate[embedded]" or set store.url to a server')
        return 3
    root = Path(arguments.path).resolve()
    root.mkdir(parents=True, exist_ok=True)
    root.chmod(0o700)
    lock = _lock(root / "lock", arguments.lock_wait, woken)
    if lock is None:
        _report(out, ready=False, error=f"{root} is in use by another store process; waited {arguments.lock_wait:g} s")
        return 3
    removed, problem = clear(root / "data")
    if problem:
        _report(out, ready=False, error=problem)
        return 3
    for path in removed:
        _say(f"{path} was empty, as a full disk leaves it: removed, so that its table can be made again")
    extra = Path(arguments.extra_config).read_text() if arguments.extra_config else ""
    unconfined = _confine(arguments, root)
    if unconfined:
        _say(f"the store process is not confined: {unconfined}; SQL users can read this user's files")
    _import(root / "run" / "first")
    engine = _Engine(arguments, root)
    run = engine.configure(
        memory=arguments.memory, writer_password=passwords[WRITER_PASSWORD], reader_password=passwords[READER_PASSWORD], extra=extra, grants=tuple(arguments.grant)
    )
    os.chdir(run)  # clickhouse-local reads ./config.xml
    engine.start()
    _serve(engine, out, woken, confined=not unconfined)


def _import(place: Path) -> None:
    """Load the engine. The scratch one that it opens with that reads ./config.xml, which must not be ours: it gets one of its own."""
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write_private(place / "config.xml", _FIRST)
    os.chdir(place)
    import chdb  # noqa: F401


def _confine(arguments: argparse.Namespace, root: Path) -> str:
    """Leave the engine its data, the interpreter and what the C library and the memory accounting read. "": done; else why not."""
    write = [root / "data", root / "run", root / "tmp"]
    for directory in write:
        directory.mkdir(mode=0o700, exist_ok=True)
    tempfile.tempdir = os.environ["TMPDIR"] = str(root / "tmp")
    read = [Path(sys.prefix), Path(sys.base_prefix), *(Path(p) for p in ("/usr", "/lib", "/lib64", "/sys"))]
    read += [Path("/etc") / name for name in ("ld.so.cache", "localtime", "timezone", "nsswitch.conf", "hosts", "resolv.conf")]
    # auxv: what ClickHouse cannot read there it looks for behind the environment, which Python has moved, and ends by a signal.
    read += [Path("/proc") / name for name in ("meminfo", "cpuinfo", "stat", "loadavg", "sys", *(f"self/{name}" for name in ("auxv", "maps", "stat", "statm", "status")))]
    read += [pages.MAPPINGS, Path("/dev/urandom"), Path("/dev/random")]
    wheel = importlib.util.find_spec("chdb")
    read += [Path(place).parent for place in (wheel.submodule_search_locations if wheel else None) or ()]
    ports = [port for port in (arguments.http_port, arguments.tcp_port) if port]
    return confine(read=read, write=[*write, Path("/dev/null")], ports=None if arguments.extra_config else ports)


def _serve(engine: _Engine, out: TextIO, woken: int, *, confined: bool) -> NoReturn:
    until = time.monotonic() + START_S
    stopped = False
    while not stopped and engine.alive and time.monotonic() < until and not engine.answers():
        stopped = bool(select.select([woken], [], [], 0.02)[0])
    if not stopped and (not engine.alive or time.monotonic() >= until):
        _report(out, ready=False, error="ClickHouse did not start; stderr and run/server.err.log say why")
        _leave(3)
    if not stopped:
        pages.let_go()  # a third of what it holds by now is what starting alone has touched
        _report(out, ready=True, pid=os.getpid(), http_port=engine.http_port, tcp_port=engine.tcp_port, confined=confined)
        readable = select.select([woken, engine.ended], [], [])[0]
        if woken not in readable:
            _say("ClickHouse ended by itself")
            _leave(4)
    _leave(0 if engine.stop(STOP_S) else 5)


def _report(out: TextIO, **fields: object) -> None:
    out.write(json.dumps(fields) + "\n")
    out.flush()


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def _leave(code: int) -> NoReturn:
    """Exit without the interpreter's and the engine's destructors: tables are closed by now, and they sometimes take seconds."""
    sys.stderr.flush()
    os._exit(code)


def _signals() -> int:
    """A file descriptor that becomes readable with SIGTERM or SIGINT."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    return reader


def _die_with_parent() -> None:
    parent = os.getppid()
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it died before the call took effect
        os._exit(0)


def _lock(path: Path, wait_s: float, woken: int) -> int | None:
    """Take the directory. A process that was just killed needs a moment to let go. None: still held, or told to stop."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    until = time.monotonic() + wait_s
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return descriptor
        except BlockingIOError:
            if time.monotonic() >= until or select.select([woken], [], [], 0.1)[0]:
                os.close(descriptor)
                return None


def _write_private(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m gateway.store.embedded", description="the embedded ClickHouse server")
    parser.add_argument("--path", required=True, help="directory of the store; created")
    parser.add_argument("--http-port", type=int, required=True)
    parser.add_argument("--tcp-port", type=int, default=0, help="native protocol; 0: none")
    parser.add_argument("--memory", type=int, default=2_000_000_000, help="limit of the server's memory, bytes")
    parser.add_argument("--lock-wait", type=float, default=LOCK_WAIT_S, help="how long to wait for another owner of the directory, seconds")
    parser.add_argument("--extra-config", help="a file with more XML for <clickhouse>, for instance remote_servers")
    parser.add_argument("--grant", action="append", default=[], help="one more grant for the writer, without the word GRANT")
    return parser


if __name__ == "__main__":
    sys.exit(main())
