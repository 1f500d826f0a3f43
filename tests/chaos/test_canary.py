"""Law 8 for credentials: whatever goes wrong, and whoever repeats them, keys stay where they belong.

A gate with a canary for every credential it can have: callers' keys in each dialect's headers and in the query, providers' keys from the environment and from a file, gateway keys, the admin
token, the pepper, the journal's key, the store's password, the collector's header, a webhook's token, a moderation service's key; and planted secrets in prompts. Then everything at once: replies,
refusals that repeat the key, redirects, garbage, bodies that are none, rules that fail, the store away and under another password, workers killed, broken configurations, every command.
Afterwards one listens wherever anything could have been written down. Content is tests/guard/test_canary.py's matter. TIDEGATE_CHAOS=long: 5,000 more requests.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import os
import random
import resource
import signal
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock
from urllib.parse import quote

import aiohttp
import pytest

from gateway import cli
from tests.detectors.made_up_secrets import PREFIXED, Drawn
from tests.support.canary import Flock
from tests.support.canary_mirror import MISDEEDS, Mirror
from tests.support.clickhouse import ClickHouseServer
from tests.support.gate import RunningGate, free_port
from tests.support.tree import alive

MORE_CALLS = 5000 if os.environ.get("TIDEGATE_CHAOS") == "long" else 0
PATIENCE_S = 60.0
AT_A_TIME = 24
_DRAWN = Drawn(41)
CONTENT = {"github": PREFIXED["GITHUB_TOKEN"][0](_DRAWN), "aws": PREFIXED["AWS_ACCESS_KEY"][0](_DRAWN), "card": "4539148803436467"}
TEXT = "Note: " + "; ".join(CONTENT.values()) + ". "
CALLERS = {"openai": "authorization", "anthropic": "x-api-key", "gemini": "x-goog-api-key", "azure": "api-key", "query": ""}
MORE = """key_pepper: "${{CANARY_PEPPER}}"
journal_key: "${{CANARY_JOURNAL}}"
store: {{url: "http://{user}:${{CANARY_STORE}}@127.0.0.1:{port}/{database}"}}
telemetry: {{otlp_endpoint: "{mirror}"}}
guardrails:
  - {{name: hooked, apps: [hooked], detector: hook, on: request, action: flag, on_error: allow}}
  - {{name: closed, apps: [closed], detector: hook, on: [request, reply], action: block, on_error: block}}
  - {{name: judged, apps: [judged], detector: moderation, on: request, action: block, on_error: block}}
  - {{name: masked, apps: [masked], detector: secrets, on: [request, reply], action: mask}}
  - {{name: blocked, apps: [blocked], detector: secrets, on: request, action: block}}
detectors:
  moderation: {{service: {{url: "{mirror}/v1/moderations", key: "${{CANARY_MODERATION}}", allow_private: true}}, local: false}}
  custom: {{hook: {{webhook: "{mirror}/hook", token: "${{CANARY_WEBHOOK}}", allow_private: true, kinds: [RUDE]}}}}
drift: {{enabled: false, embeddings: {{url: "{mirror}/v1/embeddings", model: vectors, key: "${{CANARY_EMBEDDINGS}}", allow_private: true}}}}
"""
# Configurations with a credential in the wrong place; none is taken, none is quoted.
BROKEN = (
    'providers: {{openai: {{dialect: openai, base_url: "https://u:{}@api.example"}}}}\n', 'server: {{admin_tokn: "{}"}}\nproviders: {{}}\n', 'journal_key: "{}\n  providers: {{\n',
    'store: {{url: "ftp://u:{}@h"}}\nproviders: {{openai: {{dialect: openai, base_url: "https://api.example"}}}}\n', '{}: {{a: 1}}\n', 'server: "{}"\nproviders: [{}]\n',
    'telemetry: {{otlp_endpoint: "http://h/?k={}"}}\nproviders: {{openai: {{dialect: "{}", base_url: "https://api.example", key: {{a: "{}"}}}}}}\n', 'a: &{} 1\na: 2\n',
    'drift: {{canaries: [{{name: "{}", key: "{}", model: 5}}]}}\nproviders: {{x: {{dialect: openai, base_url: "https://api.example", key: "${{{}}}"}}}}\n', '"{}\\q": 1\n', "!!{} x\n",
)  # fmt: skip


class CanaryGate(RunningGate):
    """Its admin port asks for a token."""

    token = ""

    def get(self, url: str, timeout: float = 5.0) -> bytes | None:
        status, body = self.page(url, f"Bearer {self.token}", timeout)
        return body if status == 200 else None

    def page(self, url: str, authorization: str = "", timeout: float = 5.0) -> tuple[int, bytes]:
        """0: no answer."""
        request = urllib.request.Request(url, headers={"authorization": authorization} if authorization else {})
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=timeout) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as e:
            return e.code, e.read() + str(e.headers).encode()
        except OSError:
            return 0, b""


@dataclass
class Scene:
    """What was done, and what was said of it. places: what was written somewhere.  answers: (whose key it was, error source, status, head and body)."""

    root: Path
    flock: Flock = field(default_factory=lambda: Flock(17))
    keys: dict[str, str] = field(default_factory=dict)
    places: dict[str, bytes] = field(default_factory=dict)
    answers: list[tuple[str, str, int, bytes]] = field(default_factory=list)
    limits: dict[str, tuple[int, int]] = field(default_factory=dict)
    commands: Mapping[str, bytes] = field(default_factory=dict)

    def hatch(self, name: str, beginning: str = "", odd: str = "") -> str:
        self.keys[name] = self.flock.hatch(name, beginning, odd=odd)
        return self.keys[name]


# ---------------------------------------------------------------------- the calls


def headers_of(scene: Scene, whose: str, app: str = "shop") -> dict[str, str]:
    """whose: a caller, `held-*` for who shows a gateway key, or the name of any key."""
    headers = {"content-type": "application/json", "x-tidegate-app": app, "anthropic-version": "2023-06-01"}
    name = CALLERS.get(whose, "x-tidegate-key" if whose.startswith("held") else "authorization")
    if name:
        key = scene.keys["gateway key" if whose.startswith("held") else f"{whose} caller" if whose in CALLERS else whose]
        headers[name] = f"Bearer {key}" if name == "authorization" else key
    return headers


def call_of(scene: Scene, whose: str, text: str, *, stream: bool = False) -> tuple[str, bytes]:
    prefix, dialect = (f"/{whose}", whose.removeprefix("held-")) if whose.startswith("held") else ("", {"azure": "openai", "query": "gemini"}.get(whose, whose))
    if dialect == "gemini":
        key = f"&key={scene.keys['query caller']}" if whose == "query" else ""
        verb = "streamGenerateContent?alt=sse" if stream else "generateContent?x=1"
        return f"{prefix}/v1beta/models/gemini-2.0-flash:{verb}{key}", json.dumps({"contents": [{"role": "user", "parts": [{"text": text}]}]}).encode()
    fields = {"model": "claude-sonnet-4-6" if dialect == "anthropic" else "gpt-4o-mini", "max_tokens": 9, "stream": stream, "messages": [{"role": "user", "content": text}]}
    return prefix + ("/v1/messages" if dialect == "anthropic" else "/v1/chat/completions"), json.dumps(fields).encode()


Made = tuple[str, str, bytes, dict[str, str]]  # whose, path, body, headers


def refusals(scene: Scene) -> Iterator[Made]:
    """Everything that a provider does with a key, in every dialect; and calls that go well."""
    for whose in (*CALLERS, "held-openai", "held-anthropic", "held-gemini"):
        for misdeed in ("well", *(each for each in MISDEEDS if not (whose.startswith("held") and each == "event"))):  # of what is called a success nobody looks for keys
            path, body = call_of(scene, whose, f"mirror-{misdeed} {TEXT if misdeed == 'well' else ''}", stream=misdeed in ("event", "cut"))
            yield whose, path, body, headers_of(scene, whose)


def troubles(scene: Scene) -> Iterator[Made]:
    """What callers do wrong, and rules that mask, block, or have nobody to ask."""
    path, body = call_of(scene, "openai", TEXT + "What do you make of that, and of the rest?")
    for app in ("hooked", "closed", "judged", "masked", "blocked"):
        yield "openai", path, body, headers_of(scene, "openai", app)
    mine = headers_of(scene, "openai")
    for broken in (body[:-9], b"[" + body + b"]", body[:-1] + b',"model":"x"}', b"\xff\xfe" + body, b""):
        for app in ("shop", "masked"):
            yield "openai", path, broken, {**mine, "x-tidegate-app": app}
    yield "openai", path, body + b" " * 300_000, mine
    yield "openai", path, body, {**mine, "content-encoding": "gzip"}
    yield "openai", path, body, {**mine, "x-filler": "y" * 40_000}
    for target in ("/nowhere/v1", "/v1/%2e%2e/x", f"/v1/chat/completions?key={scene.keys['stray']}&api_key={scene.keys['stray']}", "/closed/v1/chat/completions", "/plain/v1/chat/completions"):
        yield "openai", target, body, mine
    for wrong in ("wrong gateway key", "revoked key"):
        yield wrong, "/held-openai/v1/chat/completions", body, headers_of(scene, wrong)
        yield wrong, path, body, headers_of(scene, wrong)
    yield "openai", "/held-openai/v1/chat/completions", body, mine  # a provider's key where a gateway key is due


async def make(base_url: str, calls: Iterator[Made], scene: Scene) -> None:
    """All of them, AT_A_TIME at once. What was cut counts as far as it came."""

    async def each(session: aiohttp.ClientSession) -> None:
        for whose, path, body, headers in calls:
            status, told = 0, b""
            source = "none"
            with contextlib.suppress(aiohttp.ClientError, OSError, TimeoutError):
                async with session.post(base_url + path, data=body, headers=headers) as answer:
                    status, source = answer.status, answer.headers.get("x-tidegate-error-source", "provider")
                    told = b"\n".join(name + b": " + value for name, value in answer.raw_headers) + b"\n\n"
                    async for data in answer.content.iter_any():
                        told += data
            scene.answers.append((whose, source, status, told))

    timeout = aiohttp.ClientTimeout(total=20)
    async with aiohttp.ClientSession(auto_decompress=False, timeout=timeout, max_field_size=65536) as session:
        await asyncio.gather(*(each(session) for _ in range(AT_A_TIME)))


async def say(port: int, scene: Scene) -> None:
    """What is hardly HTTP, with a key in it."""
    key = scene.keys["openai caller"].encode()
    line, auth = b"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\n", b"Authorization: Bearer " + key + b"\r\n"
    for raw in (
        line + b"Authorization: Bearer " + key + b"\x00\r\n\r\n", line + auth + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", line + auth + b"Content-Length: " + key + b"\r\n\r\n",
        b"POST /v1/" + key + b" FTP/9\r\n\r\n", b"CONNECT " + key + b":443 HTTP/1.1\r\n\r\n", b"GET http://u:" + key + b"@h/ HTTP/1.1\r\nHost: h\r\n\r\n", key + b"\r\n\r\n",
        line + auth + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n" + key, line + auth + auth.replace(b":", b" :") + b"\r\n", line + auth + b"Expect: " + key + b"\r\nContent-Length: 2\r\n\r\n",
    ):  # fmt: skip
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(raw)
        writer.write_eof()
        with contextlib.suppress(OSError):
            scene.answers.append(("openai", "gateway", 0, await asyncio.wait_for(reader.read(), 60)))
        writer.close()


def mixed(scene: Scene, count: int) -> Iterator[Made]:
    """So many, drawn from all."""
    chance = random.Random(3)
    every = [*refusals(scene), *troubles(scene)]
    for _ in range(count):
        yield chance.choice(every)


# ---------------------------------------------------------------------- the rest of it


def until(true: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < deadline, f"never: {what}"
        time.sleep(0.02)  # other processes bring it about


def command(*arguments: str) -> bytes:
    """What `tidegate ...` says, on both ways out."""
    said = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="replace", write_through=True)
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said), contextlib.suppress(SystemExit), mock.patch.object(sys, "stdin", io.StringIO("")):
        cli.main(list(arguments))
    heard: bytes = said.buffer.getvalue()  # type: ignore[attr-defined]
    return heard


def everything_said(gate: CanaryGate, scene: Scene) -> dict[str, bytes]:
    """Every command that looks at the gate, and those that are given something broken."""
    config, wrong, broken = str(gate.config), scene.root / "wrong.yaml", scene.root / "broken.yaml"
    wrong.write_text(gate.config.read_text().replace("${CANARY_STORE}", "${CANARY_WRONG}"))
    said = {"guard try": command("guard", "try", TEXT, "--on", "log", "--config", config), "keys list": command("keys", "list", "--config", config)}
    for name, path in (("", config), (" wrong", str(wrong))):
        said[f"doctor{name}"] = command("doctor", "--config", path) + command("doctor", "--json", "--config", path)
        said[f"check{name}"] = command("check", "--config", path)
        said[f"sql{name}"] = command("sql", "--config", path, "SELECT * FROM exchanges LIMIT 50 FORMAT JSONEachRow") + command("sql", "--config", path, f"SELECT '{scene.keys['stray'][:8]}' FROM nothing")
        said[f"export{name}"] = command("export", "--config", path)
        said[f"migrate{name}"] = command("migrate", "--config", path)
    for number, text in enumerate(BROKEN):
        broken.write_text(text.replace("{}", scene.keys["stray"]).replace("{{", "{").replace("}}", "}"))
        said[f"broken {number}"] = b"".join(command(each, "--config", str(broken)) for each in (("check", "serve") if number % 3 else ("check", "doctor")))
    return said


def refused_reloads(gate: CanaryGate, scene: Scene) -> None:
    """Broken files in the place of the one that holds."""
    good = gate.config.read_text()
    for number, text in enumerate(BROKEN, start=1):
        gate.config.write_text(text.replace("{}", scene.keys["stray"]).replace("{{", "{").replace("}}", "}"))
        assert gate.process is not None
        gate.process.send_signal(signal.SIGHUP)
        until(lambda number=number: json.loads((gate.data_dir / "run" / "supervisor.json").read_text())["reloads"]["refused"] >= number, f"{text!r} is refused")
        scene.places[f"metrics after {number}"] = gate.metrics().encode()
        scene.places[f"supervisor.json after {number}"] = (gate.data_dir / "run" / "supervisor.json").read_bytes()
    gate.config.write_text(good)


def killed(gate: CanaryGate, mirror: Mirror, scene: Scene) -> None:
    """The worker and the recorder, with exchanges under way."""

    async def under_way() -> None:
        whose = (*CALLERS, "held-openai")
        calls = asyncio.create_task(make(gate.base_url, iter([(each, *call_of(scene, each, "mirror-late"), headers_of(scene, each)) for each in whose]), scene))
        while mirror.late < len(whose):
            await asyncio.sleep(0.01)  # the mirror lives in another thread
        for name in ("worker-0", "recorder"):
            os.kill(gate.processes()[name], signal.SIGKILL)
        await calls

    before = gate.processes()
    asyncio.run(under_way())
    until(lambda: all(gate.processes().get(name) not in (None, before[name]) for name in ("worker-0", "recorder")), "they are started again")
    gate.await_up()


def pages(gate: CanaryGate, scene: Scene) -> Iterator[tuple[str, bytes]]:
    """Every page, and how the console refuses who does not know the token."""
    stray, admin = scene.keys["stray"], gate.admin_url
    listed = gate.get(f"{admin}/api/exchanges?limit=200") or b"{}"
    yield "/api/exchanges", listed
    for each in json.loads(listed)["exchanges"][::25]:
        yield f"/api/exchanges/{each['id']}", gate.get(f"{admin}/api/exchanges/{each['id']}") or b""
    yield "/metrics", gate.metrics().encode()
    for path in ("/api/drift", "/-/ready", f"/{stray}", f"/api/exchanges/{stray}", f"/api/exchanges?app={stray[:9]}&limit={stray}", f"/metrics?token={stray}"):
        for shown in (f"Bearer {gate.token}", f"Bearer {stray}", ""):
            yield f"page {path[:14]}", gate.page(admin + path, shown)[1]


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Everything has happened, and the gate has ended."""
    root = tmp_path_factory.mktemp("canary-keys")
    scene = Scene(root)
    for caller in CALLERS:
        scene.hatch(f"{caller} caller", "sk-" if caller == "openai" else "")
    for name in ("held-openai", "held-anthropic", "held-gemini", "CANARY_ADMIN", "CANARY_PEPPER", "CANARY_JOURNAL", "CANARY_MODERATION", "CANARY_WEBHOOK", "CANARY_EMBEDDINGS", "collector", "stray"):
        scene.hatch(name)
    scene.hatch("CANARY_STORE", odd="/+%&")
    scene.hatch("CANARY_WRONG")
    scene.hatch("wrong gateway key", "tg-")
    for name, secret in CONTENT.items():
        scene.flock.adopt(name, secret)
    (root / "held").write_text(scene.keys["held-anthropic"])
    environment = {name: secret for name, secret in scene.keys.items() if name.startswith("CANARY")} | {
        "CANARY_STORE": quote(scene.keys["CANARY_STORE"], safe=""), "CANARY_HELD": scene.keys["held-openai"], "CANARY_GEMINI": scene.keys["held-gemini"],
        "CANARY_FILED_FILE": str(root / "held"), "OTEL_EXPORTER_OTLP_HEADERS": f"api-key={scene.keys['collector']}",
    }  # fmt: skip
    store_dir = root / "store"
    (store_dir / "clickhouse").mkdir(parents=True)
    passwords = {"writer_password": scene.keys["CANARY_STORE"], "reader_password": scene.keys["CANARY_STORE"]}
    (store_dir / "clickhouse" / "credentials.json").write_text(json.dumps(passwords))
    with Mirror() as mirror, ClickHouseServer(store_dir) as store, mock.patch.dict(os.environ, environment):
        same = f'base_url: "{mirror.url}", allow_private: true, timeouts: {{first_byte_s: 8}}'
        lines = [f"  {name}: {{dialect: {name}, default: true, {same}}}" for name in ("openai", "anthropic", "gemini")]
        lines += [f'  held-{name}: {{dialect: {name}, key: "${{{of}}}", {same}}}' for name, of in (("openai", "CANARY_HELD"), ("anthropic", "CANARY_FILED"), ("gemini", "CANARY_GEMINI"))]
        lines += [f'  closed: {{dialect: openai, base_url: "http://127.0.0.1:{free_port()}", allow_private: true}}', f'  plain: {{dialect: openai, base_url: "{mirror.url.replace("http", "https")}", allow_private: true, timeouts: {{connect_s: 0.5}}}}']
        more = MORE.format(mirror=mirror.url, user=store.target.user, port=store.http_port, database=store.target.database)
        gate = CanaryGate(root / "gate", "\n".join(lines), more=more, server='workers: 1, max_body_bytes: 262144, admin_token: "${CANARY_ADMIN}"')
        gate.token = scene.keys["CANARY_ADMIN"]
        with gate:
            _act(gate, store, mirror, scene)
        scene.places |= {f"file {path.relative_to(root)}": path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file() and not path.is_socket()}
        scene.places |= {f"sent to {what} {number}": body for number, (what, body) in enumerate(mirror.taken)}
        assert set(map(str.encode, scene.keys.values())) & set(mirror.shown) >= {scene.keys[name].encode() for name in ("held-openai", "held-anthropic", "held-gemini", "CANARY_WEBHOOK", "CANARY_MODERATION", "collector")}
    yield scene


def _act(gate: CanaryGate, store: ClickHouseServer, mirror: Mirror, scene: Scene) -> None:
    for name in ("gateway key", "revoked key"):
        scene.keys[name] = command("keys", "add", name.replace(" ", "-"), "--config", str(gate.config)).decode().split()[0]
        scene.flock.adopt(name, scene.keys[name].removeprefix("tg-"))
    scene.places["keys revoke"] = command("keys", "revoke", "revoked-key", "--config", str(gate.config))
    scene.limits = {name: resource.prlimit(pid, resource.RLIMIT_CORE) for name, pid in gate.processes().items()}
    scene.places["command lines"] = "\n".join(alive(gate.root).values()).encode()
    until(lambda: gate.page(f"{gate.base_url}/held-openai/v1/models", f"Bearer {scene.keys['gateway key']}")[0] == 200, "the key is known")
    asyncio.run(make(gate.base_url, refusals(scene), scene))
    store.kill()
    asyncio.run(make(gate.base_url, troubles(scene), scene))
    asyncio.run(say(gate.port, scene))
    until(lambda: "tidegate_store_up 0.0" in gate.metrics(), "the store is missed")
    right, wrong = store.credentials, scene.keys["stray"]
    store.credentials = type(right)(right.writer_user, wrong, right.reader_user, wrong)
    store.start()
    scene.places["pages without a store"] = b"".join(body for _, body in pages_without(gate))
    refused_reloads(gate, scene)
    store.stop()
    store.credentials = right
    store.start()
    killed(gate, mirror, scene)
    asyncio.run(make(gate.base_url, mixed(scene, MORE_CALLS), scene))
    gate.settle(within_s=600.0)
    scene.commands = everything_said(gate, scene)
    scene.places |= scene.commands
    scene.places |= {f"{number} {name}": body for number, (name, body) in enumerate(pages(gate, scene))}
    for table in ("exchanges",):
        scene.places[f"table {table}"] = command("sql", "--config", str(gate.config), "--format", "JSONEachRow", f"SELECT * FROM {table}")


def pages_without(gate: CanaryGate) -> Iterator[tuple[str, bytes]]:
    for path in ("/api/exchanges", "/metrics", "/api/drift", "/-/ready"):
        yield path, gate.page(gate.admin_url + path, f"Bearer {gate.token}")[1]


# ---------------------------------------------------------------------- what was heard


@pytest.mark.slow
@pytest.mark.covers("T2", "T10", "T24")
def test_no_place_holds_a_piece_of_a_credential(scene: Scene) -> None:
    """Logs, journals, quarantine, checkpoints, vitals, run/, the store's files and every column, spans, pages, commands: nobody who reads there may learn a key."""
    own = {"file gate/tidegate.yaml", "file broken.yaml", "file wrong.yaml", "file held", "file store/clickhouse/credentials.json"}  # where the test itself wrote them
    meant = set(CONTENT)  # for a detector that somebody else runs
    found = {
        place: heard for place, data in scene.places.items()
        if place not in own and (heard := set(scene.flock.heard(data)) - (meant if place.startswith("sent to a detector") else set()))
    }  # fmt: skip
    assert not found, "\n".join(f"{place}: {heard}" for place, heard in found.items())
    assert len(scene.places["table exchanges"].splitlines()) >= 100
    assert sum(len(data) for place, data in scene.places.items() if place.endswith(".seg")) > 100_000
    assert len(scene.places["file gate/log.txt"]) > 5_000
    assert any(place.startswith("sent to a collector") for place in scene.places)


@pytest.mark.slow
@pytest.mark.covers("T2")
def test_nobody_is_told_a_credential_but_his_own(scene: Scene) -> None:
    """A provider's reply reaches its caller as it is, with the caller's own key in it if so; the gate's own words repeat nothing, and a key that the gate holds is given to nobody."""
    assert len(scene.answers) > 120 and {source for _, source, _, _ in scene.answers} >= {"provider", "gateway", "caller", "policy"}
    told = [
        (whose, source, status, heard)
        for whose, source, status, body in scene.answers
        if (heard := set(scene.flock.heard(body)) - ({f"{whose} caller"} if source == "provider" else set()) - (set(CONTENT) if status == 200 else set()))
    ]
    assert not told, "\n".join(map(str, told))
    assert any("openai caller" in scene.flock.heard(body) for _, _, _, body in scene.answers)  # silence would prove nothing


@pytest.mark.slow
@pytest.mark.covers("T2")
def test_no_process_leaves_its_memory_behind(scene: Scene) -> None:
    """A core file is every key at once. A limit of one byte also keeps the kernel from piping it to a crash handler, which a limit of nothing does not."""
    assert {"supervisor", "worker-0", "recorder", "console"} <= set(scene.limits)
    assert {name: limit for name, limit in scene.limits.items() if limit[0] > 1} == {}


def test_a_canary_is_heard_in_every_disguise() -> None:
    """The ear itself: pieces of twelve characters in every spelling, across the edges of what is read at a time, and nothing shorter."""
    import base64

    flock = Flock(1)
    key, odd = flock.hatch("key", "sk-"), flock.hatch("odd", odd="/+%&\"")
    for disguise in (key[9:21], key.upper(), quote(odd, safe="")[10:30], json.dumps(odd), key.encode().hex()[8:40], *(base64.b64encode(b"#" * n + key.encode()).decode() for n in range(3))):
        assert flock.heard("x" * ((1 << 22) - 15) + disguise + "y" * 99), disguise
    assert flock.heard(key[9:20]) == [] == flock.heard("sk-" + "0" * 40)
