"""Threats that run through several parts: rights that nobody gave, the record from outside, pages of others, forged lines, what one caller is told of another."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
import json
import os
import random
import re
import statistics
import time
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Union, get_args, get_origin

import pytest
from pydantic import BaseModel

from detectors.base import Finding
from detectors.text import Text
from gateway import keys
from gateway.config import Settings, parse
from gateway.console.app import Listener, application
from gateway.drift import report_text
from gateway.errors import ConfigError
from gateway.guard.seen import Seen
from gateway.keys import Identity, KeyRecord, KeyRing, KeysFile, digest, new_key, pepper
from gateway.record.metrics import Metrics
from tests.support.drift_reports import LENGTH, report, topic
from tests.support.exchanges import exchange
from tests.support.proxy import gate, ok, post, provider, replying, split, upstream

CHAT = "/v1/chat/completions"
ADMIN = "admin-" + "0123456789" * 3
LONG = os.environ.get("TIDEGATE_CHAOS") == "long"
PROVIDERS = "providers: {o: {dialect: openai, base_url: 'https://api.example'}}\n"


def issued(root: Path, id: str, **rights: Any) -> str:
    """A gateway key in the keys file. rights: app, env, providers, revoked_at."""
    key = new_key()
    root.mkdir(exist_ok=True)
    record = KeyRecord(id, digest(pepper(root), key), rights.get("app"), rights.get("env"), rights.get("providers", ()), dt.datetime.now(dt.UTC), rights.get("revoked_at"))
    KeysFile(root / "keys.yaml").add(record)
    return key


def models(of: type[BaseModel], seen: set[type[BaseModel]]) -> Iterator[type[BaseModel]]:
    """A settings class and all that its fields may hold."""
    if of not in seen:
        seen.add(of)
        yield of
        left = [field.annotation for field in of.model_fields.values()]
        while left:
            hint = left.pop()
            if isinstance(hint, type) and issubclass(hint, BaseModel):
                yield from models(hint, seen)
            elif get_origin(hint) in (Union, types.UnionType, dict, list, tuple) or get_args(hint):
                left += get_args(hint)


class Untouched:
    """A store that nobody may ask."""

    async def page(self, *_: Any, **__: Any) -> Any:
        raise AssertionError("the store was asked")

    one = drift_runs = drift_run = page


# ---------------------------------------------------------------------- T5: rights by fields that nobody expected


@pytest.mark.covers("T5")
def test_every_part_of_the_configuration_refuses_what_it_does_not_know() -> None:
    """A misspelled `on_eror` that is passed over is a guard that is off; and no later part may forget to say it."""
    found = list(models(Settings, set()))
    assert len(found) > 25
    assert [each.__name__ for each in found if each.model_config.get("extra") != "forbid" or not each.model_config.get("frozen")] == []


@pytest.mark.covers("T5")
@pytest.mark.parametrize(
    "text",
    [
        PROVIDERS + "role: admin",
        PROVIDERS + "server: {admin_tokens: [x]}",
        "providers: {o: {dialect: openai, base_url: 'https://api.example', headers: {x-admin: 1}}}",
        PROVIDERS + f"keys: [{{id: a, digest: '{'0' * 64}', admin: true}}]",
        PROVIDERS + "guardrails: [{name: r, detector: secrets, on: request, action: block, on_eror: allow}]",
        PROVIDERS + "store: {readonly: false}",
    ],
)
def test_a_key_that_no_setting_has_is_refused_by_name(text: str) -> None:
    """Refused, and not passed over: what somebody meant by it would not hold."""
    with pytest.raises(ConfigError, match=r"role|admin_tokens|headers|admin|on_eror|readonly"):
        parse(text)


@pytest.mark.covers("T5")
def test_a_keys_file_gives_no_right_that_keys_do_not_have(tmp_path: Path) -> None:
    """It is edited by hand and by scripts; a field that means nothing today may mean a right tomorrow."""
    issued(tmp_path, "a")
    file = tmp_path / "keys.yaml"
    file.write_text(file.read_text().replace("app: null", "app: null, admin: true"))
    with pytest.raises(ConfigError, match="unknown field admin"):
        KeysFile(file).list()


@pytest.mark.covers("T5")
async def test_headers_give_no_right_that_the_key_does_not_have(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a key says of app, env and providers wins over what its holder says, in whatever header; none of the gate's own goes on to a provider."""
    monkeypatch.setenv("HELD", "held" * 5)
    key = issued(tmp_path, "k1", app="shop", env="dev", providers=("up",))
    claims = ("x-tidegate-app: admin", "x-tidegate-env: prod", "x-tidegate-key-id: root", "x-tidegate-providers: other", "x-tidegate-role: admin", "x-tidegate-admin: 1")
    async with upstream(replying(ok(b"{}"))) as up:
        lines = provider(up.port, more="key: '${HELD}'") + provider(up.port, name="other", more="key: '${HELD}'")
        async with gate(tmp_path, lines) as g:
            assert split(await g.ask(post("/up" + CHAT, b"{}", f"x-tidegate-key: {key}", *claims)))[0] == 200
            assert split(await g.ask(post("/other" + CHAT, b"{}", f"x-tidegate-key: {key}", *claims)))[0] == 403
            assert len(up.requests) == 1 and b"x-tidegate" not in up.requests[0].lower()
            let_in, refused = (o for o, _, _, _ in g.exchanges())
            assert (let_in.key_id, let_in.app, let_in.env) == ("k1", "shop", "dev")
            assert refused.key_id != "root"


@pytest.mark.covers("T5")
async def test_no_route_of_the_admin_port_takes_anything_but_a_question(tmp_path: Path) -> None:
    """Each route that there is, and each that comes: nothing can be written there, and a parameter that is not known is refused, not passed over."""

    app = application(run=tmp_path, host="127.0.0.1", token=None, reader=Untouched())
    assert {route.method for route in app.router.routes()} <= {"GET", "HEAD"}
    paths = [str(resource.canonical).replace("{id}", "00000000-0000-0000-0000-000000000001") for resource in app.router.resources()]
    assert len(paths) >= 6
    listener = Listener(app)
    port = await listener.open("127.0.0.1", 0)
    try:
        for path in paths:
            for method in ("POST", "PUT", "PATCH", "DELETE"):
                assert (await asked(port, f"{method} {path}"))[0] == 405
            if path.startswith("/api/"):
                status, body = await asked(port, f"GET {path}?role=admin")
                assert (status, json.loads(body)["error"]["code"]) == (400, "unknown_parameter")
    finally:
        await listener.close()


async def asked(port: int, line: str, *headers: str) -> tuple[int, bytes]:
    """Status and body of the admin port's answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write("\r\n".join((f"{line} HTTP/1.1", "Host: localhost", "Connection: close", "Content-Length: 0", *headers, "", "")).encode())
    status, _, body = split(await asyncio.wait_for(reader.read(), 60))
    writer.close()
    return status, body


# ---------------------------------------------------------------------- T7: the record from outside


@pytest.mark.covers("T7")
async def test_a_tenants_key_opens_nothing_of_the_record(tmp_path: Path) -> None:
    """Keys of apps are in many hands. On the admin port they are worth as much as none, in whatever place they are shown."""

    key = issued(tmp_path, "k1")
    app = application(run=tmp_path, host="127.0.0.1", token=ADMIN, reader=Untouched())
    paths = [str(resource.canonical).replace("{id}", "00000000-0000-0000-0000-000000000001") for resource in app.router.resources()]
    listener = Listener(app)
    port = await listener.open("127.0.0.1", 0)
    try:
        for path in (path for path in paths if not path.startswith("/-/")):
            for shown in ((), (f"Authorization: Bearer {key}",), (f"x-tidegate-key: {key}",), (f"x-api-key: {key}",), (f"Authorization: Bearer {ADMIN[:-1]}",)):
                status, body = await asked(port, f"GET {path}", *shown)
                assert (status, json.loads(body)["error"]["code"]) == (401, "unauthorized")
            assert (await asked(port, f"GET {path}?key={key}"))[0] == 401
    finally:
        await listener.close()


@pytest.mark.covers("T7")
async def test_the_proxy_port_has_no_record_and_takes_no_admin_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One port relays and the other tells: neither the record nor the metrics are behind any path of the first, with any key; and who watches may not call."""
    monkeypatch.setenv("HELD", "held" * 5)
    key = issued(tmp_path, "k1")
    async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path, provider(up.port, more="key: '${HELD}'"), more=f"server: {{admin_token: {ADMIN}}}") as g:
        for path in ("/api/exchanges", "/api/drift", "/api/exchanges/00000000-0000-0000-0000-000000000001", "/metrics", "/-/metrics", "/-/api/exchanges", "/", "/admin"):
            for shown in (f"x-tidegate-key: {key}", f"Authorization: Bearer {ADMIN}"):
                status, _, body = split(await g.ask(f"GET {path} HTTP/1.1\r\nHost: gate\r\nConnection: close\r\n{shown}\r\n\r\n".encode()))
                assert status == 404 and b"k1" not in body, path
        for shown in (f"Authorization: Bearer {ADMIN}", f"x-tidegate-key: {ADMIN}", f"x-api-key: {ADMIN}"):
            assert split(await g.ask(post(CHAT, b"{}", shown)))[0] == 401
        assert up.connections == 0


# ---------------------------------------------------------------------- T9, T10: pages of others, forged lines


@pytest.mark.covers("T9")
async def test_no_answer_of_the_admin_port_welcomes_another_origin(tmp_path: Path) -> None:
    """No cookie, so a browser has nothing to ride on; no word of CORS, so a page that asks from elsewhere may not read what comes back."""
    app = application(run=tmp_path, host="127.0.0.1", token=None, reader=Untouched())
    listener = Listener(app)
    port = await listener.open("127.0.0.1", 0)
    try:
        for line in ("GET /metrics", "GET /-/healthy", "GET /api/exchanges?x=1", "OPTIONS /api/exchanges", "POST /api/exchanges", "GET /nothing"):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(f"{line} HTTP/1.1\r\nHost: localhost\r\nOrigin: https://evil.example\r\nCookie: a=b\r\nAccess-Control-Request-Method: GET\r\nConnection: close\r\n\r\n".encode())
            _, headers, _ = split(await asyncio.wait_for(reader.read(), 60))
            writer.close()
            assert not {name for name in headers if name.startswith("access-control") or name == "set-cookie"}, line
            assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'" and headers["x-frame-options"] == "DENY"
    finally:
        await listener.close()


@pytest.mark.covers("T10")
async def test_what_an_app_calls_itself_moves_no_cursor_and_begins_no_line(tmp_path: Path) -> None:
    """Names go into rows, metrics, logs and terminals. Control characters are out of them before they are written anywhere, in whatever encoding they came."""
    names = ("app", "env", "user", "session", "prompt", "tags")
    evil = b"a\t\xc2\x9b31m\xc2\x85\xe2\x80\xa8=HYPERLINK(1)\xff"
    async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path, provider(up.port)) as g:
        raw = post(CHAT, b"{}").replace(b"Host: gate\r\n", b"Host: gate\r\n" + b"".join(b"x-tidegate-%b: %b\r\n" % (name.encode(), (b"k=" if name == "tags" else b"") + evil) for name in names))
        assert split(await g.ask(raw))[0] == 200
        ((opened, *_),) = g.exchanges()
        said = [opened.app, opened.env, opened.user_id, opened.session_id, opened.prompt_name, *opened.tags, *opened.tags.values()]
        assert len(said) == 7 and all(said) and not re.search(r"[\x00-\x1f\x7f-\x9f]", "".join(said))
    pages = Metrics(version="1")
    for _ in range(5):  # often enough to be taken for real names
        pages.observe(dataclasses.replace(exchange(1), app=opened.app, env='b"} 1\ntidegate_forged 1', response_model="m\x1b[2J"))
    text = pages.exposition().decode()
    assert {line.partition("{")[0].partition(" ")[0] for line in text.splitlines() if "forged" in line} <= {name for name in re.findall(r"^tidegate_\w+", text, re.M) if name != "tidegate_forged"}
    assert "\x1b" not in text and all(line.startswith(("#", "tidegate_")) for line in text.splitlines())


@pytest.mark.covers("T10")
def test_a_report_in_a_terminal_moves_no_cursor() -> None:
    """It quotes what users wrote: whoever asks what has drifted must not be shown another screen by one of them."""
    evil = "\x1b[2J\x1b]0;owned\x07\r\n\x9b1A\u202e\u2066\u200b"
    made = report(topics=(topic(keywords=(f"refund{evil}",), exemplars=(f"I want{evil} my money",)),), notes=(f"note{evil}",), structure=(dataclasses.replace(LENGTH, feature=f"f{evil}", effect=f"e{evil}"),))
    said = report_text.lines(made, report_text.Look(), labels={0: f"money{evil}"}, every=True)
    assert "refund" in "".join(said) and [line for line in said if not line.isprintable()] == []


# ---------------------------------------------------------------------- T18: what one is told that another was


@pytest.mark.covers("T18")
async def test_nobody_is_given_what_another_was_answered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same bytes, the same idempotency key, two callers and one caller twice: the provider is asked each time, and each gets what it said to him."""
    monkeypatch.setenv("HELD", "held" * 5)
    tenants = [issued(tmp_path, "k1"), issued(tmp_path, "k2"), None]
    answers = [ok(b'{"answer": %d}' % n, extra=b"Cache-Control: public, max-age=3600\r\nETag: \"same\"\r\n") for n in range(6)]
    async with upstream(replying(*answers)) as up, gate(tmp_path, provider(up.port, more="key: '${HELD}'") + provider(up.port, name="own")) as g:
        got = []
        for key in tenants * 2:
            path, shown = ("/up" + CHAT, f"x-tidegate-key: {key}") if key else ("/own" + CHAT, "Authorization: Bearer theirs")
            got.append(json.loads(split(await g.ask(post(path, b'{"model": "m", "messages": []}', shown, "Idempotency-Key: once")))[2])["answer"])
        assert got == list(range(6)) and len(up.requests) == 6
        assert all(b"Idempotency-Key: once" in request for request in up.requests)


@pytest.mark.covers("T18")
def test_what_was_found_in_a_text_is_remembered_of_that_text_and_that_detector() -> None:
    """Not of one that is put together otherwise from what stands before it, not for another detector, and not beyond the process: when rules change, workers do."""
    seen, found = Seen(), (Finding("pii", "EMAIL_ADDRESS", 0, 5, 0.9),)
    whole = "write to someone@example.com, please, today"
    names = {seen.name(Text(whole[at:], before=whole[:at])) for at in range(len(whole) - 16)}
    assert len(names) == len(whole) - 16 and b"" not in names
    name = seen.name(Text(whole))
    seen.put("pii", name, found)
    assert seen.get("pii", name) == found
    assert seen.get("pii", seen.name(Text(whole + " "))) is None and seen.get("secrets", name) is None
    assert Seen().name(Text(whole)) != name  # under a key of the process' own: no text is known by its digest elsewhere


@pytest.mark.covers("T18")
async def test_a_rule_for_one_app_holds_for_that_app_whoever_asked_before(tmp_path: Path) -> None:
    """The same text of two apps, in turns: what was found for one is used for the other, but whose rule it is, is asked each time. A changed rule holds at once."""
    body = json.dumps({"messages": [{"role": "user", "content": "please write to someone@example.com about it"}]}).encode()
    rule = "guardrails: [{name: in, detector: pii, on: request, kinds: [EMAIL_ADDRESS], action: mask, tier: patterns, apps: [%s]}]"
    for careful in ("careful", "free"):
        async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path, provider(up.port), more=rule % careful) as g:
            for app in ("free", "careful", "careful", "free", "careful"):
                await g.ask(post(CHAT, body, f"x-tidegate-app: {app}"))
                assert (b"someone@" in up.requests[-1]) is (app != careful)
            assert g.worker.ingress._guard is not None


# ---------------------------------------------------------------------- T22: what an answer tells beside its words


def uniform(answer: bytes) -> bytes:
    """An answer without what is random in every one."""
    return re.sub(rb"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}", b"ID", answer)


@pytest.mark.covers("T22", "C16")
async def test_every_key_that_is_not_good_gets_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who tries keys must not learn which of them once were: unknown, revoked, cut, lengthened, in another alphabet, all the same to the byte."""
    monkeypatch.setenv("HELD", "held" * 5)
    good = issued(tmp_path, "k1")
    revoked = issued(tmp_path, "k2", revoked_at=dt.datetime.now(dt.UTC))
    wrong = [new_key(), revoked, good[:-1], good + "x", good.swapcase().replace("TG-", "tg-"), "tg-", "tg-" + "x" * 200, "tg-k1", "tg-\u00e9\u00e9"]
    async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path, provider(up.port, more="key: '${HELD}'")) as g:
        answers = {uniform(await g.ask(post(CHAT, b"{}", f"{header} {key}"))) for key in wrong for header in ("Authorization: Bearer", "x-tidegate-key:", "x-api-key:")}
        (answer,) = answers
        assert answer.startswith(b"HTTP/1.1 401 ") and b"invalid_key" in answer and b"tg-" not in answer
        assert up.connections == 0
        assert split(await g.ask(post(CHAT, b"{}", f"x-tidegate-key: {good}")))[0] == 200


@pytest.mark.covers("T22")
def test_a_key_that_is_not_good_costs_the_same_whichever_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One digest and one look-up, for keys that never were and for those that were revoked; the long form measures it (t below 4.5 over 100,000 of each)."""
    secret, now = pepper(tmp_path), dt.datetime.now(dt.UTC)
    revoked, unknown, good = new_key(), new_key(), new_key()
    file = KeysFile(tmp_path / "keys.yaml")
    file.add(KeyRecord("old", digest(secret, revoked), None, None, (), now, now))
    file.add(KeyRecord("new", digest(secret, good), None, None, (), now))
    ring, digested = KeyRing(secret, (), tmp_path / "keys.yaml"), []
    made = keys._digest
    with monkeypatch.context() as patched:
        patched.setattr(keys, "_digest", lambda pepper, key: digested.append(key) or made(pepper, key))
        assert [ring.find(key) for key in (revoked, unknown, revoked, unknown)] == [None] * 4
        assert digested == [revoked, unknown, revoked, unknown]  # a wrong key is never remembered, so the second time is no quicker
        assert ring.find(good) == Identity("new") and ring.find(good) == Identity("new") and digested[4:] == [good]
    if LONG:
        took: dict[str, list[int]] = {revoked: [], unknown: []}
        for key in random.Random(7).choices((revoked, unknown), k=200_000):
            before = time.perf_counter_ns()
            ring.find(key)
            took[key].append(time.perf_counter_ns() - before)
        cut = statistics.quantiles(took[revoked] + took[unknown], n=20)[-1]  # what the scheduler does in the last twentieth says nothing of a key
        one, other = ([value for value in values if value < cut] for values in took.values())
        t = (statistics.fmean(one) - statistics.fmean(other)) / (statistics.variance(one) / len(one) + statistics.variance(other) / len(other)) ** 0.5
        assert abs(t) < 4.5, t
