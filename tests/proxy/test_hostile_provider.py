"""Providers that do wrong in every way of the table (tests/support/faults.py), in all dialects, with guards and without; and what becomes of whoever asks next."""

from __future__ import annotations

import os

import pytest

from tests.support.enriched import rows
from tests.support.faults import FAULTS, GONE, Faulty, Seen, faulty, spelled
from tests.support.owed import DIALECTS, Call
from tests.support.proxy import Gate, gate, post, provider
from tests.support.raw import NotHttp, RawClient, Reply

GUARDED = "guardrails:\n  - {name: s, detector: secrets, on: [request, reply], action: mask}\n"
BRIEF = "timeouts: {first_byte_s: 0.4, idle_s: 0.4, total_s: 0.6}"


def lines(up: Faulty) -> str:
    return "".join(
        provider(up.port, name=f"{dialect}{kind}", dialect=dialect, more=f"default: false{', ' + BRIEF if kind else ''}") for dialect in DIALECTS for kind in ("", "-brief")
    )  # fmt: skip


def request(call: Call, *more: str, tenant: str, at: str = "") -> bytes:
    """A call as its dialect's client sends it. at: the provider's name."""
    headers = [f"{name}: {value}" for name, value in call.headers.items() if name != "content-type"]
    headers = [line.replace("sk-owed", f"sk-{tenant}") for line in headers]
    return post(f"/{at or call.dialect}{call.path}", call.body, *headers, *more, close=False)


async def asked(g: Gate, raw: bytes, *, head_only: bool = False) -> Reply | NotHttp | None:
    async with RawClient(g.port) as client:
        client.send(raw)
        try:
            return await client.reply(head_only=head_only)
        except NotHttp as e:
            return e


def wrong(reply: Reply | NotHttp | None, seen: Seen, call: Call) -> list[str]:
    """What of a reply is not as the table says."""
    if not isinstance(reply, Reply):
        return [f"no reply: {reply!r}"]
    found = []
    if (reply.status, reply.whole) != (seen.status, seen.whole):
        found.append(f"status {reply.status}, whole {reply.whole}; expected {seen.status}, {seen.whole}")
    if seen.body is not None and reply.body != (expected := spelled(seen.body, call, asks_usage=b"@gzipp" in seen.body)):
        found.append(f"body {reply.body[:120]!r}; expected {expected[:120]!r}")
    if seen.code and seen.code.encode() not in reply.body:
        found.append(f"{seen.code} is not in {reply.body[-300:]!r}")
    if not seen.code and reply.header("x-tidegate-error-source") not in ("", "provider"):
        found.append(f"an error of the gate's own: {reply.body[:300]!r}")
    found += [f"{name} was relayed" for name in GONE if any(key == name for key, _ in reply.headers)]
    return found


async def problems_of(g: Gate, number: int, name: str, dialect: str, guarded: bool) -> list[str]:
    """Have one fault happen to tenant a, then a clean call to b and to a. Rows are known by their session, which is the call's id."""
    fault = FAULTS[name]
    call = Call(f"f{number}", dialect, fault.asks == "stream")
    raw = request(call, f"x-fault: {name}", tenant="a", at=f"{dialect}-brief" if fault.brief else "")
    if fault.asks == "head":
        raw = f"HEAD /{dialect}/v1/models HTTP/1.1\r\nHost: g\r\nauthorization: Bearer sk-a\r\nx-fault: {name}\r\nx-tidegate-session: {call.id}\r\n\r\n".encode()
    reply = await asked(g, raw, head_only=fault.asks == "head")
    problems = wrong(reply, (fault.on if guarded else None) or fault.off, call)
    for tenant in ("b", "a"):
        clean = Call(f"after-{number}-{tenant}", dialect, number % 2 == 0)
        after = await asked(g, request(clean, tenant=tenant))
        if not isinstance(after, Reply) or (after.status, after.body, after.whole) != (200, clean.seen(), True):
            problems.append(f"then tenant {tenant} got {after!r}")
    return problems


@pytest.mark.covers("U4", "U5", "U8", "U9", "U10", "U11", "U13", "U14", "U17", "U19", "U20", "U21", "U22", "T11")
@pytest.mark.parametrize("guarded", [False, True], ids=["plain", "guarded"])
async def test_every_fault_of_a_provider_ends_as_the_table_says_and_hurts_nobody_else(tmp_path, guarded):
    """After each, another tenant's call and the same tenant's next one are answered to the byte: no connection carries a fault on. What differs by dialect is done in each, the rest in one of them."""
    every = os.environ.get("TIDEGATE_CHAOS") == "long"
    due: dict[str, str] = {}
    bad: dict[str, list[str]] = {}
    async with faulty() as up, gate(tmp_path, lines(up), more=GUARDED if guarded else "") as g:
        for number, (name, fault) in enumerate(FAULTS.items()):
            for turn, dialect in enumerate(DIALECTS):
                if every or fault.spoken or turn == number % len(DIALECTS):
                    due[f"{name}, {dialect}"] = ((fault.on if guarded else None) or fault.off).outcome
                    bad[f"{name}, {dialect}"] = await problems_of(g, len(due), name, dialect, guarded)
        outcomes = {row.session_id: row.outcome.value for row in rows(g.worker, tmp_path)}
    odd = {what: (outcomes[f"f{number}"], outcome) for number, (what, outcome) in enumerate(due.items(), 1) if outcomes[f"f{number}"] != outcome}
    assert ({what: problems for what, problems in bad.items() if problems}, odd) == ({}, {})
