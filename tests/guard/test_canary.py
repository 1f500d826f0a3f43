"""Law 8, end to end: secrets planted in prompts, replies, refused and broken calls of every dialect appear nowhere outside the calls themselves.

One gate with everything on: content redacted (the default), rules for both directions, the names model in its pool, spans to a collector, damage in the journal.
Looked through afterwards: every column of every table, every file below the data directory, what all processes wrote to stdout and stderr, /metrics and the
other pages of the console, the spans, the gate's own error bodies, and, where a rule masks requests, what the provider got.
"""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx2
import pytest

from gateway.demo.provider import Provider
from tests.detectors.made_up_secrets import PREFIXED, Drawn
from tests.support.gate import RunningGate
from tests.support.simulated import simulated

_RNG = Drawn(88)
SECRETS = {kind: PREFIXED[kind][0](_RNG) for kind in ("OPENAI_KEY", "ANTHROPIC_KEY", "GITHUB_TOKEN", "AWS_ACCESS_KEY", "SLACK_TOKEN", "GOOGLE_API_KEY", "JWT")}
PERSONAL = {"EMAIL_ADDRESS": "zq7x.vkeler@plumbago-works.net", "CREDIT_CARD": "4539 1488 0343 6467", "IBAN_CODE": "DE89 3704 0044 0532 0130 00", "PHONE_NUMBER": "+1 (415) 555-0132"}
CANARIES = {**SECRETS, **PERSONAL, "PASSWORD": "Vr7!kelp-Quartz9"}
CREDENTIAL = "canary-credential-" + _RNG.of("abcdefghijkmnpqrstuvwxyz23456789", 24)
TEXT = "My data: " + "; ".join(CANARIES[kind] for kind in CANARIES if kind != "PASSWORD") + f"; password: {CANARIES['PASSWORD']} end."
# A stretch from the middle of each, so that a part of one is seen as well.
MARKS = {kind: value[len(value) // 2 - 5 : len(value) // 2 + 5] for kind, value in CANARIES.items()} | {"CREDENTIAL": CREDENTIAL[8:]}
RULES = """guardrails:
  - {name: mask-pii, apps: masked, on: [request, reply], detector: pii, action: mask, on_error: allow}
  - {name: mask-secrets, apps: masked, on: [request, reply], detector: secrets, action: mask}
  - {name: block, apps: blocked, on: request, detector: secrets, action: block}
  - {name: block-back, apps: blocked-back, on: reply, detector: secrets, action: block}
  - {name: pseudonyms, apps: pseudonyms, on: request, detector: pii, kinds: [EMAIL_ADDRESS, CREDIT_CARD, IBAN_CODE, PHONE_NUMBER], action: pseudonymise}
"""
HEADERS = {"authorization": f"Bearer {CREDENTIAL}", "content-type": "application/json"}


def found_in(data: bytes | str) -> list[str]:
    """The canaries of which a part is in there, also as JSON or an address spells them."""
    text = data if isinstance(data, str) else data.decode("latin-1")
    return [kind for kind, mark in MARKS.items() if mark in text or mark.replace(" ", "%20") in text or mark.replace(" ", "+") in text]


class Collector(BaseHTTPRequestHandler):
    """Takes spans and metrics; `taken` holds their bodies."""

    taken: list[bytes] = []  # noqa: RUF012  one collector a run

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.taken.append(gzip.decompress(body) if self.headers.get("content-encoding") == "gzip" else body)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Quiet."""


@contextlib.contextmanager
def collecting() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Collector)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()


def bodies(echo: str) -> list[tuple[str, dict[str, Any]]]:
    """A call of each API, whole and streamed, with the canaries in every place that takes text."""
    tool = {"type": "function", "function": {"name": "note", "description": TEXT, "parameters": {"type": "object", "properties": {"x": {"type": "string", "description": TEXT}}}}}
    call = {"id": "call_1", "type": "function", "function": {"name": "note", "arguments": json.dumps({"deep": {"x": [TEXT]}})}}
    chat = {
        "model": "gpt-4o-mini", "user": TEXT, "metadata": {"note": TEXT}, "new_field": {"a": [TEXT, 4539148803436467]}, "stop": [TEXT],
        "messages": [
            {"role": "system", "content": TEXT}, {"role": "assistant", "content": None, "tool_calls": [call]},
            {"role": "tool", "tool_call_id": "call_1", "content": TEXT}, {"role": "user", "name": "x", "content": [{"type": "text", "text": f"{echo} {TEXT}"}]},
        ],
        "tools": [tool], "tool_choice": "none",
    }  # fmt: skip
    responses = {"model": "gpt-4.1-mini", "instructions": TEXT, "metadata": {"n": TEXT}, "input": [{"role": "user", "content": [{"type": "input_text", "text": f"{echo} {TEXT}"}]}]}
    messages = {"model": "claude-sonnet-4-6", "max_tokens": 900, "system": TEXT, "metadata": {"user_id": TEXT}, "messages": [{"role": "user", "content": f"{echo} {TEXT}"}]}
    gemini = {"systemInstruction": {"parts": [{"text": TEXT}]}, "contents": [{"role": "user", "parts": [{"text": f"{echo} {TEXT}"}]}]}
    made: list[tuple[str, dict[str, Any]]] = []
    for path, body in (("/v1/chat/completions", chat), ("/v1/responses", responses), ("/v1/messages", messages)):
        made += [(path, body), (path, {**body, "stream": True})]
    made += [(f"/v1beta/models/gemini-2.0-flash:{verb}", gemini) for verb in ("generateContent", "streamGenerateContent?alt=sse")]
    made.append(("/v1/completions", {"model": "gpt-3.5-turbo-instruct", "prompt": f"{echo} {TEXT}", "max_tokens": 900, "stream": True}))
    made += [("/v1/embeddings", {"model": "text-embedding-3-small", "input": [TEXT]}), ("/v1/moderations", {"model": "omni-moderation-latest", "input": TEXT})]
    return made


def misplaced() -> list[tuple[str, dict[str, Any]]]:
    """Calls with a key where an id, a model, a role, a key of metadata or a setting stands."""
    key, other = SECRETS["GITHUB_TOKEN"], SECRETS["AWS_ACCESS_KEY"]
    call = {"id": key, "type": other, "function": {"name": key, "arguments": "{}"}}
    chat = {
        "model": "gpt-4o-mini", "service_tier": key, "user": other, "metadata": {key: other}, "prompt_cache_key": key, "safety_identifier": other,
        "messages": [{"role": "user", "content": "sim-echo"}, {"role": "assistant", "content": None, "tool_calls": [call]}, {"role": "tool", "tool_call_id": key, "content": "x"}],
    }  # fmt: skip
    use, given = {"type": "tool_use", "id": key, "name": "f", "input": {key: 1}}, {"type": "tool_result", "tool_use_id": key, "content": "x"}
    messages = {"model": other, "max_tokens": 9, "service_tier": key, "messages": [{"role": "assistant", "content": [use]}, {"role": "user", "content": [given]}]}
    responses = {"model": key, "previous_response_id": key, "conversation": other, "input": [{"type": "function_call_output", "call_id": key, "id": other, "output": "x"}]}
    gemini = {"cachedContent": key, "contents": [{"role": other, "parts": [{"functionCall": {"id": key, "name": "f", "args": {}}}, {"inlineData": {"mimeType": other, "data": "aGk="}}]}]}
    return [
        ("/v1/chat/completions", chat), ("/v1/chat/completions", {**chat, "model": key}), ("/v1/messages", messages), ("/v1/responses", responses),
        ("/v1beta/models/gemini-2.0-flash:generateContent", gemini), (f"/v1beta/models/{key}:generateContent", gemini),
        (f"/v1/chat/completions?note={key}&{other}=1", chat), (f"/v1/files/{key}?after={other}", {}),
    ]  # fmt: skip


LABELS = {"x-tidegate-user": f"u {SECRETS['GITHUB_TOKEN']}", "x-tidegate-session": SECRETS["AWS_ACCESS_KEY"], "x-tidegate-tags": f"a={SECRETS['JWT']},{SECRETS['GITHUB_TOKEN']}=b", "x-tidegate-prompt": f"{SECRETS['OPENAI_KEY']}@{SECRETS['AWS_ACCESS_KEY']}", "user-agent": SECRETS["GITHUB_TOKEN"]}  # fmt: skip
FORM = b'--b\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nbatch\r\n--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\n%b\r\n--b--\r\n'


class Run:
    """What was done, and what came back. errors: the gate's own refusals, and what was told under rules that block."""

    def __init__(self, gate: RunningGate, provider: Provider) -> None:
        self.gate, self.provider = gate, provider
        self.errors: list[bytes] = []
        self.sent_masked: list[bytes] = []
        self.calls = 0
        self.told: list[str] = []

    def post(self, client: httpx2.Client, app: str, path: str, content: bytes, **headers: str) -> str:
        """A call, and what was told until its end or, where a stream ends in an error, until its connection was cut."""
        key = {"x-goog-api-key": CREDENTIAL} if path.startswith("/v1beta") else {"anthropic-version": "2023-06-01"} if "messages" in path else {}
        told = b""
        with (
            contextlib.suppress(httpx2.RemoteProtocolError),
            client.stream("POST", self.gate.base_url + path, content=content, headers={**HEADERS, **key, "x-tidegate-app": app, **headers}) as answer,
        ):
            self.calls += 1
            for piece in answer.iter_raw():
                told += piece
        if app.startswith("blocked") or answer.headers.get("x-tidegate-error-source") in ("policy", "gateway", "caller"):
            self.errors.append(told)
        return told.decode("utf-8", "replace")

    def all(self) -> None:
        with httpx2.Client(timeout=30, verify=False) as client:
            for app in ("plain", "masked", "blocked", "blocked-back", "pseudonyms"):
                before = self.provider.requests
                for path, body in bodies("sim-echo"):
                    answer = self.post(client, app, path, json.dumps(body).encode())
                    if app == "plain" and "embeddings" not in path and "moderations" not in path:
                        self.told.append(answer)
                if app == "masked":
                    self.post(client, app, "/v1/files", FORM % TEXT.encode(), **{"content-type": "multipart/form-data; boundary=b"})
                    for path, body in misplaced():
                        self.post(client, app, path, json.dumps(body).encode())
                    self.sent_masked = [each.target.encode() + b" " + each.body for each in self.provider.received if each.number > before]
            for app in ("plain", "blocked", "pseudonyms"):
                for path, body in misplaced():
                    self.post(client, app, path, json.dumps(body).encode(), **LABELS)
            for fault in ("sim-400", "sim-500", "sim-429", "sim-truncate", "sim-error-event", "sim-html-200", "sim-empty", "sim-redirect"):
                for path, body in bodies(fault)[:8]:  # a reply that is cut is not to be cut inside a secret: half of a key is no key to any detector
                    self.post(client, "plain", path, json.dumps(body).encode())
            whole = json.dumps(bodies("sim-echo")[0][1]).encode()
            for broken in (whole[:-30], whole[:-1] + b',"model":"x"}', b"[" + whole + b"]", whole.replace(b'"role"', b'"\xff"')):
                for app in ("masked", "plain"):
                    self.post(client, app, "/v1/chat/completions", broken)
            self.post(client, "masked", "/v1/chat/completions", whole, **{"content-encoding": "gzip"})
            self.post(client, "plain", f"/v1beta/models/gemini-2.0-flash:generateContent?key={CREDENTIAL}", json.dumps(bodies("sim-echo")[6][1]).encode())
            self.post(client, "plain", "/v1/chat/completions", whole.replace(b"sim-echo", b"sim-cut"))


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """All calls made, a piece of the journal damaged before it was read, everything settled."""
    with simulated() as provider, collecting() as collector:
        lines = "\n".join(f'  {name}: {{dialect: {name}, base_url: "{provider.url}", allow_private: true}}' for name in ("openai", "anthropic", "gemini"))
        more = f"{RULES}telemetry: {{otlp_endpoint: '{collector}'}}\n"
        with RunningGate(tmp_path_factory.mktemp("canary"), lines, more=more) as gate:
            run = Run(gate, provider)
            run.all()
            gate.settle(at_least=run.calls)
            recorder = gate.processes()["recorder"]
            os.kill(recorder, signal.SIGSTOP)
            try:
                before = {path: path.stat().st_size for path in _segments(gate)}
                with httpx2.Client(timeout=30, verify=False) as client:
                    for path, body in bodies("sim-echo")[:4]:
                        run.post(client, "plain", path, json.dumps(body).encode())
                newest = max(_segments(gate), key=lambda path: path.stat().st_mtime_ns)
                with open(newest, "r+b") as file:
                    at = (before.get(newest, 0) + newest.stat().st_size) // 2
                    file.seek(at)
                    byte = file.read(1)
                    file.seek(at)
                    file.write(bytes((byte[0] ^ 0x40,)))
            finally:
                os.kill(recorder, signal.SIGCONT)
            deadline = time.monotonic() + 60
            while not list((gate.data_dir / "quarantine").glob("*.bin")) and time.monotonic() < deadline:
                time.sleep(0.05)
            yield run


def rows_of(gate: RunningGate, query: str) -> Iterator[dict[str, Any]]:
    """Rows whose bodies may be cut inside a character."""
    for line in gate.answer(query).splitlines():
        yield json.loads(line.decode("utf-8", "replace"))


def _segments(gate: RunningGate) -> list[Path]:
    return sorted((gate.data_dir / "journal").rglob("*.seg"))


def test_the_canaries_were_there(ran):
    """Silence proves nothing unless somebody spoke: the app without rules was told them all, whole and in pieces."""
    whole = [told for told in ran.told if told.lstrip().startswith("{")]
    assert len(whole) == 4 < len(ran.told) and all(set(CANARIES) <= set(found_in(told)) for told in whole)
    rows = ran.gate.sql("SELECT count() AS n, countIf(verdict = 'masked') AS masked, countIf(verdict = 'blocked') AS blocked, countIf(is_stream) AS streams FROM exchanges")
    assert int(rows[0]["n"]) >= ran.calls - 4 and all(int(rows[0][name]) > 5 for name in ("masked", "blocked", "streams")), rows


def test_no_table_holds_one(ran):
    """Every column of every table, system tables that keep queries included."""
    tables = ran.gate.sql("SELECT database, name FROM system.tables WHERE database NOT IN ('system', 'INFORMATION_SCHEMA', 'information_schema')")
    assert any(table["name"] == "exchanges" for table in tables)
    for table in tables:
        for row in rows_of(ran.gate, f"SELECT * FROM {table['database']}.`{table['name']}`"):
            held = {column: found_in(json.dumps(value, ensure_ascii=False)) for column, value in row.items()}
            assert not any(held.values()), (table["name"], row.get("endpoint"), {column: kinds for column, kinds in held.items() if kinds})
    rows = ran.gate.sql("SELECT app, prompt_text, reply_text FROM exchanges WHERE app = 'plain' AND status = 200 AND reply_text != ''")
    assert rows and all("<OPENAI_KEY" in row["prompt_text"] + row["reply_text"] and "<EMAIL_ADDRESS" in row["prompt_text"] + row["reply_text"] for row in rows if "My data" in row["prompt_text"])


def test_no_file_holds_one(ran):
    """The journal, sealed; quarantine, which has a damaged piece of it; logs; checkpoints; the store's own files as far as they are not compressed."""
    files = [path for path in ran.gate.root.rglob("*") if path.is_file() and not path.is_socket()]
    assert any(path.suffix == ".seg" and path.stat().st_size > 10_000 for path in files)
    assert any(path.parent.name == "quarantine" and path.suffix == ".bin" for path in files)
    for path in files:
        with contextlib.suppress(FileNotFoundError):
            assert not found_in(path.read_bytes()), path.relative_to(ran.gate.root)


def test_no_process_said_one(ran):
    """stdout and stderr of all processes, at the default level."""
    assert ran.gate.log.stat().st_size and not found_in(ran.gate.log.read_bytes())


def test_no_page_of_the_console_shows_one(ran):
    """Metrics, the list of exchanges, single exchanges."""
    assert "tidegate_" in ran.gate.metrics() and not found_in(ran.gate.metrics())
    listed = ran.gate.get(f"{ran.gate.admin_url}/api/exchanges?limit=200") or b""
    ids = [each["id"] for each in json.loads(listed)["exchanges"]]
    assert len(ids) > 50 and not found_in(listed)
    for id in ids[::7]:
        assert not found_in(ran.gate.get(f"{ran.gate.admin_url}/api/exchanges/{id}") or b"")


def test_no_span_carries_one(ran):
    """What leaves for a collector is figures and labels."""
    deadline = time.monotonic() + 60
    while not Collector.taken and time.monotonic() < deadline:
        time.sleep(0.05)
    assert Collector.taken and not [found_in(body) for body in Collector.taken if found_in(body)]


def test_no_refusal_repeats_one(ran):
    """The gate's own errors say where and why, never what."""
    assert len(ran.errors) > 10
    assert not [body for body in ran.errors if found_in(body)]


def test_the_provider_of_a_masked_app_never_saw_one(ran):
    """All APIs, all places, a file in a form too; its own credential is the only secret it gets, in a header."""
    assert len(ran.sent_masked) >= 11
    assert not [(found_in(body), body[:80]) for body in ran.sent_masked if found_in(body)]
