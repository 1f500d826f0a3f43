"""Mutated inputs for every parser that reads what strangers send, and what must never come of them: a traceback, a 5xx of the gate's own, a turn of the loop over 50 ms.

    python -m tests.chaos.fuzz --count 10000 --seed 1 [--only json-openai sse-gemini ...]         the long form: a line each, exit code 1 if one failed

Targets: the JSON of requests and of replies and the event streams of each dialect, through a gate without rules and one that masks in both directions, and what is relayed then
through the recorder's readers too; the heads of providers' replies, through a gate; the configuration; the journal's frames. Stalls are CPU time of one callback of
the gate's loop, which runs in a thread of its own (tests/support/stalls.py).

An input follows from the seed, the target and its number alone, so that one that failed can be made again: `--at 4711`.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import logging
import random
import re
import sys
import tempfile
import time
import traceback
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from gateway import journal
from gateway.config import parse
from gateway.errors import ConfigError
from gateway.exchange import Closed, Opened
from gateway.journal_seal import Seal
from tests.support.enriched import rows
from tests.support.faults import FAULTS, OK, SSE, spelled
from tests.support.owed import DIALECTS, Call
from tests.support.proxy import Gate, gate, post, provider
from tests.support.raw import NotHttp, RawClient, Reply
from tests.support.stalls import Apart, Stalls
from tests.support.unhurried import UNHURRIED, unhurried

ROOT = Path(__file__).parent.parent
GUARDED = "guardrails:\n  - {name: s, detector: secrets, on: [request, reply], action: mask}\n  - {name: p, detector: pii, on: [request, reply], action: mask, tier: patterns}\n"
BRIEF = "timeouts: {first_byte_s: 20, idle_s: 20}"
AT_ONCE = 8
LOOKS = 3  # at inputs that took a turn too long: a collection of garbage falls where it likes, what an input costs is the same each time

_TOKENS = [b'"', b"\\", b"{", b"}", b"[", b"]", b",", b":", b"\x00", b"\xff", b"\xc3", b"\xed\xa0\x80", b"\\ud800", b"\\u0000", b"null", b"NaN", b"-0", b"1e999", b"1e-999", b"9" * 40, b"\n", b"\r", b"\r\n",
           b"\n\n", b"data:", b"event:", b": ", b"[DONE]", b"\xef\xbb\xbf", b"true", b'""', b"{}", b"[]", b'"index":-1', b'"index":1e9', b'"usage":', b'"choices":[]', b"4111 1111 1111 1111", b"a@b.example", b"\xf0\x9f\x8c\x8a",
           "\u202e\u0301\u200b".encode(), b" " * 50, b"(" * 50, b'{"a":' * 40, b"[" * 200, b"\\\\" * 40, b"sk-" + b"ant-api03-" + b"x" * 95]  # fmt: skip


def mutated(chance: random.Random, corpus: list[bytes]) -> bytes:
    """One of the corpus with some changes: flipped, cut out, doubled, moved, put in, grown, or crossed with another."""
    data = bytearray(chance.choice(corpus))
    for _ in range(chance.choice((0, 1, 1, 1, 2, 3, 5, 12))):
        at = chance.randrange(len(data) + 1)
        end = min(len(data), at + int(chance.expovariate(1 / 12)) + 1)
        match chance.randrange(9):
            case 0 if data:
                data[at % len(data)] ^= 1 << chance.randrange(8)
            case 1:
                del data[at:end]
            case 2:
                data[at:at] = data[at:end] * chance.choice((1, 2, 50))
            case 3:
                piece = bytes(data[at:end])
                del data[at:end]
                to = chance.randrange(len(data) + 1)
                data[to:to] = piece
            case 4 | 5:
                data[at:at] = chance.choice(_TOKENS)
            case 6:
                data[at:end] = chance.randbytes(chance.randrange(1, 9))
            case 7:
                other = chance.choice(corpus)
                data[at:] = other[chance.randrange(len(other) + 1) :]
            case 8:
                data[at:at] = chance.choice(_TOKENS) * chance.choice((3, 100, 1000))
            case _:
                data += b"\x00"
    return bytes(data[: 1 << 18])


@dataclass(slots=True)
class Result:
    """bad: what went wrong, as "number: what".  again: batches that took a turn too long, and not when they were sent again.  answers: by status."""

    target: str
    count: int = 0
    bad: list[str] = field(default_factory=list)
    worst_s: float = 0.0
    where: str = ""
    over: int = 0
    again: int = 0
    answers: dict[int, int] = field(default_factory=dict)

    def note(self, stalls: Stalls, number: int, bar_s: float) -> None:
        if stalls.worst > self.worst_s:
            self.worst_s, self.where = stalls.worst, stalls.where
        if stalls.worst > bar_s:
            self.over += 1
            self.bad.append(f"{number}: a turn of {stalls.worst * 1000:.0f} ms in {stalls.where}")
        stalls.clear()

    def line(self) -> str:
        return json.dumps({"target": self.target, "inputs": self.count, "failed": len(self.bad), "longest turn, ms": round(self.worst_s * 1000, 1), "over the bar": self.over, "over it once": self.again - self.over, "answers": self.answers, "first": self.bad[:3]})


class _Heard(logging.Handler):
    """Collects what the gate logs as errors: a traceback of our own ends there, not with the client."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        trace = "".join(traceback.format_exception(*record.exc_info)) if record.exc_info and record.exc_info[0] else ""
        self.lines.append(f"{record.getMessage()} {trace}"[-600:])

    def taken(self) -> list[str]:
        lines, self.lines = self.lines, []
        return lines


# ---------------------------------------------------------------------- what is mutated


def requests(dialect: str) -> list[bytes]:
    """Bodies of the dialect, of the kinds that its readers know."""
    said = "My card is 4111 1111 1111 1111, my mail a@b.example, zalgo e\u0301\u0323 \U0001f30a"
    plain = [Call("fuzz-1", dialect, streamed).body for streamed in (False, True)]
    tool = {"type": "object", "properties": {"city": {"type": "string", "description": said}}}
    if dialect == "openai":
        messages = [{"role": "system", "content": said}, {"role": "assistant", "content": None, "tool_calls": [{"id": "call_1", "type": "function", "function": {"name": "f", "arguments": json.dumps({"city": said})}}]}]
        messages.append({"role": "user", "content": [{"type": "text", "text": said}, {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}}]})
        rich = {"model": "gpt-4o", "messages": messages, "tools": [{"type": "function", "function": {"name": "f", "parameters": tool}}], "stream": True, "stream_options": {"include_usage": False}, "logit_bias": {"50256": -100}}
    elif dialect == "anthropic":
        messages = [{"role": "user", "content": [{"type": "text", "text": said}, {"type": "tool_result", "tool_use_id": "toolu_1", "content": said}]}]
        rich = {"model": "claude-sonnet-4-6", "max_tokens": 9, "system": [{"type": "text", "text": said}], "messages": messages, "tools": [{"name": "f", "input_schema": tool}]}
    else:
        contents = [{"role": "user", "parts": [{"text": said}, {"inlineData": {"mimeType": "image/png", "data": "iVBORw0KGgo="}}, {"functionResponse": {"name": "f", "response": {"city": said}}}]}]
        rich = {"contents": contents, "systemInstruction": {"parts": [{"text": said}]}, "tools": [{"functionDeclarations": [{"name": "f", "parameters": tool}]}], "generationConfig": {"temperature": 1e-3}}
    return [*plain, json.dumps(rich).encode(), json.dumps(rich, ensure_ascii=False, indent=1).encode()]


def replies(dialect: str) -> list[bytes]:
    call = Call("fuzz-1", dialect, False)
    recorded = sorted((ROOT / "dialects" / "corpus").rglob(f"*{dialect}*")) if (ROOT / "dialects" / "corpus").is_dir() else []
    usages = [spelled(b"@usage" + each, call) for each in (b"{-5}", b"{1e18}", b"{null}", b'{"many"}')]
    return [spelled(b"@json", call), spelled(b"@error", call), *usages, *(path.read_bytes() for path in recorded if path.suffix == ".json")]


def streams(dialect: str) -> list[bytes]:
    call = Call("fuzz-1", dialect, True, pieces=6)
    plain = spelled(b"@plain", call)
    secret = plain.replace("❄2".encode(), b"4111 1111").replace("❄3".encode(), b"1111 1111")
    return [plain, secret, plain.replace(b"\n", b"\r\n"), plain.replace(b"\n", b"\r"), b"\xef\xbb\xbf: ping\n\n" + plain, spelled(b"@plain", Call("fuzz-1", "openai", True))]


def heads() -> list[bytes]:
    """Whole replies, as raw as they come: those of the faults that do not hang."""
    call = Call("fuzz-1", "openai", False)
    plays = [b"".join(spelled(step, call) for step in fault.play if isinstance(step, bytes)) for fault in FAULTS.values()]
    return [play for play in plays if 0 < len(play) < 20_000]


def configs() -> list[bytes]:
    """Files that are right: the commented one, and one with everything that has a key."""
    whole = [path.read_bytes() for path in (ROOT.parent / "gateway").rglob("*.yaml") if b"providers:" in path.read_bytes()]
    long = f"""
data_dir: data
providers:
  openai: {{dialect: openai, base_url: 'https://api.openai.com', key: 'sk-a', timeouts: {{first_byte_s: 5}}}}
  ant: {{dialect: anthropic, base_url: 'https://api.anthropic.com'}}
server: {{max_body_bytes: 1000, header_timeout_s: 1.5, default_app: shop}}
keys: [{{id: a, key: 'tg-0123456789012345678901234567890123456789012', app: x, providers: [openai]}}]
{GUARDED}  - {{name: b, detector: pii, on: request, kinds: [CREDIT_CARD], action: block, reply: "no: #1", apps: [a, b]}}
detectors: {{pii: {{countries: [DE]}}}}
store: {{content: none, retention_days: 3}}
prices: {{gpt-4o: {{input: 1, output: 2.5, per: 1000000}}}}
telemetry: {{otlp: {{endpoint: 'http://127.0.0.1:4318'}}}}
objectives: {{availability: 0.99, apps: {{shop: {{availability: 0.9}}}}}}
"""
    return [*whole, long.encode(), b"data_dir: d\nproviders: {a: {dialect: openai, base_url: 'http://x'}}\n", b"a: &x [1, *x]\n<<: *x\n", b"? {a: b}\n: c\n--- \n...\n%YAML 1.1\n"]


# ---------------------------------------------------------------------- how it is read


@dataclass(slots=True)
class _Player:
    """A provider that says what it is told to, and closes behind that."""

    reply: bytes = b""
    port: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
                if length:
                    await reader.readexactly(int(length[1]))
                named = re.search(rb"(?i)\r\nx-play: (\d+)", head)
                writer.write(self.plays.pop(int(named[1])) if named else OK + b"Content-Length: 2\r\n\r\n{}")
                await writer.drain()
                if named:
                    break
        writer.close()

    plays: dict[int, bytes] = field(default_factory=dict)

    @contextlib.asynccontextmanager
    async def serving(self) -> AsyncIterator[_Player]:
        server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()


@dataclass(frozen=True, slots=True)
class _Sent:
    """A request, and what the provider answers; None: as it likes."""

    raw: bytes
    play: bytes | None = None


def _through(result: Result, make: Callable[[random.Random, int], _Sent], seed: int, numbers: range, bar_s: float, folder: Path) -> None:
    """Send each through a gate without rules and one with; then have the recorder read what they wrote."""
    heard, player = _Heard(), _Player()
    logging.getLogger().addHandler(heard)
    lines = "".join(provider(1, name=dialect, dialect=dialect, more=BRIEF) for dialect in DIALECTS)
    try:
        with Apart(player.serving) as _:
            lines = lines.replace("127.0.0.1:1'", f"127.0.0.1:{player.port}'")
            gates = [Apart(partial(gate, folder / kind, lines, more=UNHURRIED + rules)) for kind, rules in (("plain", ""), ("guarded", GUARDED))]
            with unhurried(), contextlib.ExitStack() as stack:
                running = [stack.enter_context(each) for each in gates]
                for first in range(numbers.start, numbers.stop, AT_ONCE):
                    some = range(first, min(first + AT_ONCE, numbers.stop))
                    sent = {number: make(random.Random(f"{seed} {result.target} {number}"), number) for number in some}
                    plays = {number: each.play for number, each in sent.items() if each.play is not None}
                    for apart in running:
                        for look in range(LOOKS):
                            player.plays.update(plays)
                            apart.stalls.clear()
                            asyncio.run(_send(result, apart.value, sent))
                            if apart.stalls.worst <= bar_s:
                                break
                            result.again += look == 0
                        result.note(apart.stalls, first, bar_s)
                    result.bad += [f"{first}: logged {line}" for line in heard.taken()]
                    result.count += len(some)
                for apart in running:
                    apart.run(_settled(apart.value))
                    for row in rows(apart.value.worker, apart.value.root):
                        if row.body_note.endswith("unreadable") and row.error_code == "":
                            result.answers[-1] = result.answers.get(-1, 0) + 1
                        if row.outcome.value.startswith("gateway"):
                            result.bad.append(f"row {row.id}: {row.outcome.value} {row.error_code}")
                result.bad += [f"recorder: {line}" for line in heard.taken()]
    finally:
        logging.getLogger().removeHandler(heard)


async def _settled(g: Gate) -> None:
    while g.worker.vitals.get("inflight") > 0:
        await asyncio.sleep(0.01)  # a worker's page tells, and calls nobody


async def _send(result: Result, g: Gate, sent: dict[int, _Sent]) -> None:
    async def one(number: int, each: _Sent) -> None:
        async with RawClient(g.port) as client:
            client.send(each.raw)
            try:
                reply = await client.reply(head_only=each.raw.startswith(b"HEAD "))
            except (NotHttp, TimeoutError) as e:
                result.bad.append(f"{number}: {type(e).__name__} {e}")
                return
            if not isinstance(reply, Reply):
                result.bad.append(f"{number}: no answer")
                return
            result.answers[reply.status] = result.answers.get(reply.status, 0) + 1
            if reply.status >= 500 and reply.header("x-tidegate-error-source") == "gateway":
                result.bad.append(f"{number}: {reply.status} {reply.body[:200]!r}")

    await asyncio.gather(*(one(number, each) for number, each in sent.items()))


def _json(dialect: str) -> Callable[[random.Random, int], _Sent]:
    asks, answers, call = requests(dialect), replies(dialect), Call("fuzz-1", dialect, False)

    def make(chance: random.Random, number: int) -> _Sent:
        if number % 2:
            return _Sent(post(f"/{dialect}{call.path}", mutated(chance, asks)))
        body = mutated(chance, answers)
        head = OK if chance.random() < 0.8 else b"HTTP/1.1 %d X\r\nContent-Type: %b\r\n" % (chance.choice((200, 400, 429, 500, 529)), chance.choice((b"text/html", b"application/json", b"", b"text/plain; charset=utf-16")))
        return _Sent(post(f"/{dialect}{call.path}", call.body, f"x-play: {number}"), head + b"Content-Length: %d\r\n\r\n" % len(body) + body)

    return make


def _sse(dialect: str) -> Callable[[random.Random, int], _Sent]:
    corpus, call = streams(dialect), Call("fuzz-1", dialect, True)

    def make(chance: random.Random, number: int) -> _Sent:
        body = mutated(chance, corpus)
        if chance.random() < 0.3:
            return _Sent(post(f"/{dialect}{call.path}", call.body, f"x-play: {number}"), SSE + b"\r\n" + body)
        cuts = sorted(chance.randrange(len(body) + 1) for _ in range(chance.randrange(4)))
        pieces = [body[a:b] for a, b in zip([0, *cuts], [*cuts, len(body)], strict=True)]
        chunks = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces if piece)
        return _Sent(post(f"/{dialect}{call.path}", call.body, f"x-play: {number}"), SSE + b"Transfer-Encoding: chunked\r\n\r\n" + chunks + (b"0\r\n\r\n" if chance.random() < 0.8 else b""))

    return make


def _http(chance: random.Random, number: int) -> _Sent:
    call = Call("fuzz-1", DIALECTS[number % 3], number % 2 == 0)
    if number % 5 == 0:  # and heads of requests, which must be answered with something too
        raw = post(f"/{call.dialect}{call.path}", call.body)
        return _Sent(mutated(chance, [raw]).partition(b"\r\n\r\n")[0] + b"\r\nConnection: close\r\n\r\n" + call.body)
    return _Sent(post(f"/{call.dialect}{call.path}", call.body, f"x-play: {number}"), mutated(chance, _HEADS))


_HEADS = heads()


def _config(result: Result, seed: int, numbers: range, bar_s: float) -> None:
    """A mutated file is taken, or refused in words; nothing else."""
    corpus = configs()
    for number in numbers:
        text = mutated(random.Random(f"{seed} {result.target} {number}"), corpus).decode("utf-8", "replace")
        result.count += 1
        before = time.thread_time()
        try:
            parse(text)
            kind = 1
        except ConfigError as e:
            kind = 0
            if not e.problems or any("\n" in each for each in e.problems):
                result.bad.append(f"{number}: says {e.problems}")
        except BaseException as e:
            kind = 2
            result.bad.append(f"{number}: {type(e).__name__} {e}"[:300])
        result.worst_s = max(result.worst_s, time.thread_time() - before)  # read by who starts: no loop waits for it
        result.answers[kind] = result.answers.get(kind, 0) + 1


def _frames(result: Result, seed: int, numbers: range, bar_s: float) -> None:
    """What is not a frame is damage; every byte is in one or the other; reading in pieces says the same."""
    key, stream = bytes(range(32)), "w-1-2"
    opened, closed = Opened("0" * 32, 1, "w", "openai", "openai", "chat", "POST", "/v1/x"), Closed("0" * 32, 200, 200, "ok")
    for number in numbers:
        chance = random.Random(f"{seed} {result.target} {number}")
        seal, whole = Seal(key, stream, 1), b""
        for each in range(chance.randrange(1, 5)):
            kind, meta = chance.choice(((journal.Kind.OPEN, opened), (journal.Kind.CLOSE, closed), (journal.Kind.REPLY_PART, None)))
            whole += b"".join(journal.encode(seal, kind, bytes([each]) * 16, json.dumps(vars(meta)).encode() if meta else b"", chance.randbytes(chance.randrange(300)), len(whole)))
        data = mutated(chance, [whole])
        result.count += 1
        before = time.thread_time()
        try:
            items = list(journal.decode(data, ended=True, seal=Seal(key, stream, 1)))
            at = 0
            for item in items:
                if item.start != at:
                    result.bad.append(f"{number}: a hole at {at}")
                at = item.end
                if isinstance(item, journal.Frame) and whole[item.start : item.end] != data[item.start : item.end]:
                    result.bad.append(f"{number}: a frame that was never written")
            if at != len(data):
                result.bad.append(f"{number}: ends at {at} of {len(data)}")
        except Exception as e:
            result.bad.append(f"{number}: {type(e).__name__} {e}"[:300])
        took = time.thread_time() - before
        result.worst_s, result.over = max(result.worst_s, took), result.over + (took > bar_s)


TARGETS: tuple[str, ...] = (*(f"json-{dialect}" for dialect in DIALECTS), *(f"sse-{dialect}" for dialect in DIALECTS), "http", "config", "frame")


def run(target: str, count: int, seed: int, *, start: int = 0, bar_s: float = 0.05) -> Result:
    """One target."""
    result, numbers = Result(target), range(start, start + count)
    if target == "config":
        _config(result, seed, numbers, bar_s)
    elif target == "frame":
        _frames(result, seed, numbers, bar_s)
    else:
        make = _http if target == "http" else (_json if target.startswith("json") else _sse)(target.partition("-")[2])
        with tempfile.TemporaryDirectory() as folder:
            for kind in ("plain", "guarded"):
                (Path(folder) / kind).mkdir()
            _through(result, make, seed, numbers, bar_s, Path(folder))
    return result


def results(targets: tuple[str, ...], count: int, seed: int, *, start: int = 0) -> Iterator[Result]:
    for target in targets:
        yield run(target, count, seed, start=start)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000, help="inputs of each target")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--at", type=int, default=0, help="the first number")
    parser.add_argument("--only", nargs="*", default=TARGETS, choices=TARGETS)
    options = parser.parse_args()
    failed = 0
    for result in results(tuple(options.only), options.count, options.seed, start=options.at):
        print(result.line(), flush=True)
        failed += len(result.bad)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
