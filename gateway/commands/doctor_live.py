"""What `tidegate doctor` sees of a running gate: its processes, its store, its journal and its recorder.

Every look is bounded in time and changes nothing. A part that cannot be looked at is a piece of advice, never a traceback: doctor is for
the moment when things are broken.
"""

from __future__ import annotations

import http.client
import json
import os
import socket
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from gateway import journal, workers
from gateway.commands import stored
from gateway.commands.doctor_config import Advice, Look
from gateway.commands.doctor_guards import GUARD_ERRORS
from gateway.commands.doctor_load import breakers, loaded
from gateway.config import Settings
from gateway.detection.frames import reachable
from gateway.errors import ConfigError, StoreError, StoreStarting

LAG_S = 30.0  # a record older than this and still not stored is worth a warning
LEAST_FREE = 268435456  # bytes: min_free_disk_bytes_to_perform_insert of the schema
_DEADLINE_S = 3.0
_FLAPPING, _STEADY_S = 3, 10.0  # restarts, and how long a process has lived that is over them


def processes(settings: Settings) -> Look:
    """The tree as the supervisor wrote it down, compared with what lives."""
    file = settings.data_dir / "run" / "supervisor.json"
    try:
        written = json.loads(file.read_text())
        tree = [{**p, "alive": alive(p["pid"])} for p in written["processes"]]
        supervisor = {"pid": written["pid"], "alive": alive(written["pid"])}
    except FileNotFoundError:
        return Look({}, [Advice("error", "gate", f"not running: there is no {file}", "start it: tidegate serve")])
    except (OSError, ValueError, KeyError, TypeError) as e:
        return Look({}, [Advice("error", "gate", f"{file} cannot be read ({type(e).__name__})", "restart the gate: tidegate serve")])
    look = Look({"supervisor": supervisor, "listen": written.get("listen"), "admin": written.get("admin"), "version": written.get("version"), "processes": tree})
    look.seen["uptime_s"] = round(time.time() - written["started_at"], 1) if supervisor["alive"] and "started_at" in written else None
    if not supervisor["alive"]:
        look.advice.append(Advice("error", "gate", f"not running: process {supervisor['pid']} is gone", "start it: tidegate serve; what the journal holds is stored then"))
        return look
    for process in tree:
        if process["state"] != "running" or not process["alive"]:
            look.advice.append(Advice("error", process["name"], f"{process['state'] if process['state'] != 'running' else 'dead'}, restarted {process['restarts']} times", "look for its name in the gate's log"))
        elif process["restarts"] >= _FLAPPING and time.time() - (process.get("since") or 0.0) < _STEADY_S:
            look.advice.append(Advice("error", process["name"], f"ends again and again: {process['restarts']} times, the last with exit code {process.get('code')}", "look for its name in the gate's log; what doctor says of keys and files may be why"))
        elif process["restarts"]:
            look.advice.append(Advice("warning", process["name"], f"was restarted ({process['restarts']})", "look for its name in the gate's log"))
    look.seen["leaving"] = written.get("leaving", [])
    look.seen["reloads"] = reloads = written.get("reloads")
    if isinstance(reloads, dict) and reloads.get("ok") is False:
        what = f"the changed file was refused, the one before holds: {reloads.get('problem')}"
        look.advice.append(Advice("error", "configuration", what, "mend the file (tidegate check names its problems) or put the old one back; restart the gate if it asks for that"))
    found = workers.look(settings.data_dir / "run")
    look.seen["workers"] = [{"worker": w.name, "state": w.state, "inflight": w.page["inflight"], "accepted": w.page["accepted"], "queued": w.page["queued"]} for w in found]
    look.seen["breakers_open"] = breakers(found, tuple(settings.providers))
    look.advice += loaded(found, tuple(settings.providers))
    for worker in found:
        if worker.state == "waiting":
            look.advice.append(Advice("warning", f"worker-{worker.name}", "not ready: it waits for detectors that rules need", "what is said of detectors below is why; requests under those rules fail as their on_error says"))
        if worker.state == "silent" and worker.beat_age_s is not None:
            look.advice.append(Advice("error", f"worker-{worker.name}", f"no sign of life for {worker.beat_age_s:.0f} s", "it is stuck or stopped; the gate's log may say at what"))
        if worker.page["journal_lost"]:
            look.advice.append(Advice("error", f"worker-{worker.name}", f"{worker.page['journal_lost']:.0f} journal frames found no room: of these exchanges the texts are not on record, or nothing is", "make room on the disk of data_dir; they are counted anew when the worker is, after SIGHUP"))
    return look


def alive(pid: Any) -> bool:
    """True if the process exists and has not merely not been collected yet."""
    if not isinstance(pid, int):
        return False
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def store(settings: Settings, *, up: bool = True) -> Look:
    """Whether the store answers, how much it holds, and what it could not price. up: whether the gate runs; if not, its embedded store does not either, and nothing is left to say of that."""
    try:
        target = stored.target(settings).reader()
        began = time.perf_counter()
        version = stored.ask(target, "SELECT version() AS version", answer_s=stored.SOON_S)[0]["version"]
        look = Look({"place": target.place, "version": version, "answered_in_ms": round((time.perf_counter() - began) * 1000, 1)})
    except StoreStarting as e:
        return Look({"reachable": False}, [Advice("error", "store", str(e), "apps are served meanwhile, and records wait in the journal")])
    except (StoreError, ConfigError) as e:
        if not up:
            advice = [] if settings.store.embedded else [Advice("error", "store", str(e), "bring the store back")]
            return Look({"reachable": False}, advice)
        return Look({"reachable": False}, [Advice("error", "store", str(e), "apps are not affected and records wait in the journal; bring the store back")])
    look.seen["reachable"] = True
    try:
        look.seen |= stored.ask(
            target, "SELECT count() AS rows, if(rows > 0, toString(min(started_at)), NULL) AS oldest_at, if(rows > 0, toString(max(started_at)), NULL) AS newest_at FROM exchanges",
            answer_s=stored.SOON_S,
        )[0]
        look.advice += _failing(stored.ask(target, _FAILING, answer_s=stored.SOON_S))
        look.advice += _unpriced(stored.ask(target, _UNPRICED, answer_s=stored.SOON_S))
        look.seen["guard_errors"] = stored.ask(target, GUARD_ERRORS, answer_s=stored.SOON_S)
    except StoreError as e:
        look.advice.append(Advice("error", "store", f"the schema is not there or not this version's: {e}", "tidegate migrate"))
    return look


_UNPRICED = """
SELECT provider, if(response_model != '', response_model, request_model) AS model, count() AS exchanges FROM exchanges
WHERE started_at > now() - INTERVAL 1 DAY AND cost_usd IS NULL AND (input_tokens IS NOT NULL OR output_tokens IS NOT NULL)
GROUP BY provider, model ORDER BY exchanges DESC LIMIT 10
"""


_FAILING = """
SELECT provider, count() AS exchanges, countIf(startsWith(outcome, 'provider_')) AS failed, topKIf(1)(if(error_code != '', error_code, toString(outcome)), startsWith(outcome, 'provider_'))[1] AS most
FROM exchanges WHERE started_at > now() - INTERVAL 10 MINUTE AND provider != '' GROUP BY provider HAVING failed * 2 >= exchanges ORDER BY provider
"""
_CURES = {
    "provider_dns": "see providers.{0}.base_url",
    "provider_connect": "see providers.{0}.base_url, and whether something listens there",
    "provider_tls": "where base_url says https, TLS has to be spoken; providers.{0}.ca_file trusts certificates of your own",
    "provider_address": "set providers.{0}.allow_private if that is meant",
}


def _failing(rows: Iterable[dict[str, object]]) -> Iterator[Advice]:
    """Providers of which at least every second call fails. Breakers know those that fail ten times in a row, and forget with their worker."""
    for row in rows:
        what = f"{row['failed']} of its {row['exchanges']} exchanges of the last ten minutes failed, most of them with {row['most']}"
        yield Advice("warning", f"providers.{row['provider']}", what, _CURES.get(str(row["most"]), "read its status page; the rows' phases say how attempts ended").format(row["provider"]))


def _unpriced(rows: Iterable[dict[str, object]]) -> Iterator[Advice]:
    counts = {f"{row['provider']}/{row['model']}": row["exchanges"] for row in rows}
    if counts:
        models = ", ".join(f"{name} ({count})" for name, count in counts.items())
        yield Advice("warning", "prices", f"no price is known for {models}: that many exchanges of the last day have no cost", f'add prices: {{"{next(iter(counts))}": {{input: ..., output: ...}}}}')


def recorded(settings: Settings, *, up: bool = True) -> Look:
    """The journal's files, the quarantine's, and the recorder's own account. up: whether the gate runs; if not, no recorder is missed."""
    try:
        look = Look({"journal": _journal(settings.data_dir / "journal"), "quarantine": _quarantine(settings.data_dir / "quarantine")})
    except OSError as e:  # a name that is too long, a directory that this user may not enter
        nothing = {"journal": {"streams": 0, "bytes": 0, "oldest_segment_age_s": None}, "quarantine": {"rows": 0, "damaged": 0}}
        return Look({**nothing, "recorder": None}, [Advice("error", "data_dir", f"{e.filename or settings.data_dir}: {e.strerror}", "run tidegate check; doctor has to run as the gate's user")])
    look.advice += _room(settings)
    kept = look.seen["quarantine"]
    if kept["rows"]:
        look.advice.append(Advice("warning", "quarantine", f"the store refused {kept['rows']} rows; they are kept in quarantine/rows.jsonl with the reason", "mend the cause, then insert them again"))
    if kept["damaged"]:
        look.advice.append(Advice("warning", "journal", f"{kept['damaged']} damaged places of the journal were stepped over; their bytes are kept in quarantine/", "check the disk if the gate was not killed and the power did not fail"))
    if settings.journal_key is None and not os.path.exists(settings.data_dir / "journal.key") and any((settings.data_dir / "journal").glob("*/*.seg")):
        look.advice.append(Advice("error", "journal.key", f"gone from {settings.data_dir}: without it no process can start again", "put it back from a copy before anything is restarted"))
    state = recorder_state(settings.data_dir / "run" / "recorder.sock")
    look.seen["recorder"] = state
    if state is None and not up:
        return look
    if state is None and (age_s := stored.starting_s(settings.data_dir, "recorder")) is not None:
        look.advice.append(Advice("error", "recorder", f"is starting (for {age_s:.0f} s): records wait in the journal", "ask again in a moment"))
        return look
    if state is None:
        look.advice.append(Advice("error", "recorder", "does not answer: records wait in the journal", "it is restarted by itself; the gate's log says why it ended"))
        return look
    lag = state.get("oldest_age_s")
    if isinstance(lag, int | float) and lag > LAG_S:
        look.advice.append(Advice("warning", "recorder", f"the oldest record that is not stored is {lag:.0f} s old", "see whether the store is up and fast enough"))
    look.advice += _ledger(state.get("ledger"))
    spans = state.get("spans")
    if isinstance(spans, dict) and spans.get("dropped"):
        look.advice.append(Advice("warning", "telemetry", f"{spans['dropped']} spans never reached the collector, {spans['exported']} did, since the recorder started", "see whether telemetry.otlp_endpoint answers; the record has every exchange"))
    dropped = state.get("dropped")
    if isinstance(dropped, dict):
        for reason, count in dropped.items():
            if count:
                look.advice.append(Advice("error", "recorder", f"{count} exchanges were dropped: {reason}", "they are lost; remove the reason"))
    return look


def _room(settings: Settings) -> Iterator[Advice]:
    """Whether the disk of data_dir has room. Raises OSError."""
    if not settings.data_dir.exists():
        return
    disk = os.statvfs(settings.data_dir)
    free = disk.f_bavail * disk.f_frsize
    if free >= settings.objectives.disk_free_bytes:
        return
    stops = settings.store.embedded and free < LEAST_FREE
    what = f"{free / 1e6:,.0f} MB are free on its disk" + (f", and with less than {LEAST_FREE >> 20} MiB the embedded store takes no more rows: they wait in the journal" if stops else "")
    yield Advice("error" if stops else "warning", "data_dir", what, "make room, or lower store.retention_days; objectives.disk_free_bytes says from where on this is told")


def _ledger(state: Any) -> Iterator[Advice]:
    """What the ledger could not write down (gateway/record/ledger.py)."""
    if not isinstance(state, dict):
        return
    if state.get("lost"):
        yield Advice("error", "ledger", f"{state['lost']} lines found no place since the recorder started: tidegate verify cannot vouch for those rows", "remove the reason, which the gate's log gives (ledger_not_written, ledger_not_sent)")
    if state.get("unwritten"):
        yield Advice("error", "ledger", f"{state['unwritten']} lines cannot be written to data_dir: {state.get('problem')}", "make room on the disk of data_dir, or give it back to the gate's user; they are written then")
    elif state.get("problem") == "table":
        yield Advice("warning", "ledger", f"the store does not take the ledger's lines; {state.get('unsent')} wait", "see whether the store is up and its user may insert into the table ledger")


def _journal(root: Path) -> dict[str, Any]:
    streams, size, oldest = 0, 0, None
    for stream in root.glob("*/"):
        streams += 1
        for segment in journal.segments(stream):
            try:
                stat = segment.stat()
            except OSError:
                continue  # deleted by the recorder meanwhile
            size += stat.st_size
            if stat.st_size:
                oldest = max(oldest or 0.0, time.time() - stat.st_mtime)
    return {"streams": streams, "bytes": size, "oldest_segment_age_s": None if oldest is None else round(oldest, 1)}


def _quarantine(root: Path) -> dict[str, int]:
    try:
        with open(root / "rows.jsonl", "rb") as file:
            rows = sum(1 for line in file if line.strip())
    except OSError:
        rows = 0
    return {"rows": rows, "damaged": len(list(root.glob("*.bin")))}


def recorder_state(path: Path) -> dict[str, Any] | None:
    """The recorder's account of itself (GET /state on its socket); None if it does not answer in time."""
    connection = _UnixConnection(path)
    try:
        connection.request("GET", "/state")
        answer = connection.getresponse()
        state = json.loads(answer.read(1 << 20))
        return state if answer.status == 200 and isinstance(state, dict) else None
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        connection.close()


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("recorder", timeout=_DEADLINE_S)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(_DEADLINE_S)
        with reachable(self._path) as name:
            self.sock.connect(name)
