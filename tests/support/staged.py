"""A gate whose rules ask detectors of one's own in a real pool, in every dialect; and what must hold of an exchange whose detector fails.

`Talk` speaks a dialect, `Rule` is a line of the configuration, `Stage` a gate between an app and a provider that replies what the test says.
`fails` is the rules of FAILURES G6 to G8, asked of one exchange for each rule; `works` is a detector that answers.
"""

from __future__ import annotations

import contextlib
import itertools
import json
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from gateway.config import parse
from gateway.detection.terms import Custom
from gateway.exchange import Closed, Opened, Outcome
from tests.detection.serving import RunningPool
from tests.support import faulty
from tests.support.planting import CHANNELS, Channel
from tests.support.proxy import Gate, Upstream, chunked, gate, ok, post, provider, split, upstream

SPANS, JUDGE = "spans", "judge"  # with max_span it can mask; without, it judges whole texts
DETECTORS = f"""
detectors:
  custom:
    spans: {{entry: 'tests.support.faulty:find', kinds: [{faulty.KIND}], deadline_ms: 30000, max_span: {faulty.MAX_SPAN}}}
    judge: {{entry: 'tests.support.faulty:find', kinds: [{faulty.KIND}], deadline_ms: 30000}}
    quick-spans: {{entry: 'tests.support.faulty:find', kinds: [{faulty.KIND}], deadline_ms: 150, max_span: {faulty.MAX_SPAN}}}
    quick-judge: {{entry: 'tests.support.faulty:find', kinds: [{faulty.KIND}], deadline_ms: 150}}
"""
PATIENT = "guard: {request_deadline_ms: 30000, window_deadline_ms: 30000, window_chars: 200, overlap_chars: 40}\n"
NUMBER = itertools.count(1000)  # a text that a process died of is not given to another: every test brings its own


@dataclass(frozen=True)
class Rule:
    """One way to write a rule. Its name is the app that it is for, so that one gate has them all."""

    detector: str
    action: str
    on: str
    on_error: str = ""  # the default
    mode: str = "enforce"

    @property
    def name(self) -> str:
        return "-".join(filter(None, (self.detector, self.action, self.on, self.on_error, self.mode)))

    @property
    def closed(self) -> bool:
        """Whether nothing may pass unchecked: what the documentation says of these words."""
        return self.mode == "enforce" and (self.on_error or ("allow" if self.action == "flag" else "block")) == "block"

    def __str__(self) -> str:
        error = f", on_error: {self.on_error}" if self.on_error else ""
        return f"  - {{name: {self.name}, apps: [{self.name}], detector: {self.detector}, on: {self.on}, action: {self.action}, mode: {self.mode}{error}}}\n"


def rules_of(detector: str) -> Iterator[Rule]:
    """Every rule that can be written with this detector."""
    actions = {"request": ("flag", "mask", "pseudonymise", "block"), "reply": ("flag", "mask", "retry", "block")}
    ways = (("", "enforce"), ("block", "enforce"), ("allow", "enforce"), ("block", "observe"))  # who only watches never blocks
    for on, (on_error, mode) in itertools.product(actions, ways):
        for action in actions[on]:
            if not (detector.endswith(JUDGE) and action in ("mask", "pseudonymise")):
                yield Rule(detector, action, on, on_error, mode)


RULES = {detector: tuple(rules_of(detector)) for detector in (SPANS, JUDGE, "quick-spans", "quick-judge")}


@dataclass(frozen=True)
class Talk:
    """How one dialect is spoken. streamed: the request asks for a stream."""

    channel: Channel
    streamed: bool

    @property
    def path(self) -> str:
        path = self.channel.path
        return path if self.streamed else path.replace(":streamGenerateContent", ":generateContent")

    def request(self, text: str) -> bytes:
        stream = {"stream": True} if self.streamed else {}
        if self.channel.dialect == "gemini":
            return json.dumps({"contents": [{"role": "user", "parts": [{"text": text}]}]}).encode()
        if self.channel.path == "/v1/responses":
            return json.dumps({"model": "m", "input": text, **stream}).encode()
        return json.dumps({"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": text}], **stream}).encode()

    def reply(self, *pieces: str) -> bytes:
        return b"".join(self.channel.events(pieces)) if self.streamed else self.channel.body("".join(pieces))

    def wire(self, *pieces: str) -> bytes:
        return chunked(*self.channel.events(pieces)) if self.streamed else ok(self.channel.body("".join(pieces)))

    def told(self, body: bytes) -> str:
        return self.channel.told(body) if self.streamed else self.channel.told_whole(body)

    @property
    def end(self) -> bytes:
        """The event that says that the reply is over."""
        return self.reply().rstrip().rpartition(b"\n\n")[2]

    def error_code(self, body: bytes) -> str:
        """The code of an error body in this dialect's own shape."""
        said = json.loads(body)
        return _code(self.channel, said)


def _code(channel: Channel, said: dict) -> str:
    error = said["error"]
    if channel.dialect == "openai":
        assert error["message"] and error["type"]
        return error["code"]
    if channel.dialect == "anthropic":
        assert said["type"] == "error" and error["type"]
        return error["message"].partition(":")[0]
    assert error["code"] in (400, 503) and error["status"] and error["message"]
    return error["details"][0]["reason"]


def error_event(channel: Channel, body: bytes) -> str:
    """The code in the last event of a stream, which must be the dialect's error event."""
    lines = body.rstrip(b"\r\n").replace(b"\r\n", b"\n").rpartition(b"\n\n")[2].split(b"\n")
    if channel.dialect == "anthropic" or channel.path == "/v1/responses":
        assert lines[0] == b"event: error"
    said = json.loads(lines[-1].removeprefix(b"data: "))
    if channel.path == "/v1/responses":
        assert said["type"] == "error" and said["message"]
        return said["code"]
    return _code(channel, said)


_WANTED = ("chat content", "responses output_text", "messages text", "gemini text")
TALKS = [Talk(channel, streamed) for channel in CHANNELS if channel.name in _WANTED for streamed in (False, True)]


def talk_name(talk: Talk) -> str:
    """For the ids of tests."""
    return talk.channel.name.split()[0] + ("-streamed" if talk.streamed else "")


def customs(rules: Iterable[Rule], detectors: str = DETECTORS) -> tuple[Custom, ...]:
    """What the pool is told to run for these rules, as the configuration makes it."""
    providers = "providers: {up: {dialect: openai, base_url: 'https://api.example'}}\n"
    return parse(f"{providers}guardrails:\n{''.join(map(str, rules))}{detectors}").detection_terms.customs


@dataclass
class Stage:
    """A gate whose rules ask a pool, and a provider that replies what it is told to."""

    gate: Gate
    up: Upstream
    reply: bytes = b""
    then: list[bytes] = field(default_factory=list)  # the replies after that one
    stays: bool = False  # after its reply the provider waits until nobody wants more

    async def ask(self, talk: Talk, text: str, app: str) -> tuple[int, dict[str, str], bytes, bytes]:
        """(status, headers, body, all of it raw)."""
        raw = await self.gate.ask(post(talk.path, talk.request(text), f"x-tidegate-app: {app}"))
        return *split(raw), raw

    def last(self) -> tuple[Opened, bytes, Closed, bytes]:
        opened, sent, closed, given = self.gate.exchanges()[-1]
        assert closed is not None
        return opened, sent, closed, given


@contextlib.asynccontextmanager
async def stage(folder: Path, pool: RunningPool | None, *rules: Rule, more: str = DETECTORS + PATIENT) -> AsyncIterator[Stage]:
    folder.mkdir(exist_ok=True)
    if pool is not None:
        (folder / "run").mkdir()
        (folder / "run" / pool.path.name).symlink_to(pool.path)

    async def script(up, reader, writer):
        if await up.read_request(reader):
            writer.write(on.reply)
            on.reply = on.then.pop(0) if on.then else on.reply
            if on.stays:
                await reader.read()
                up.closed_by_peer.set()

    async with upstream(script) as up:
        providers = "".join(provider(up.port, name=name, dialect=name, more="ask_usage: false") for name in ("openai", "anthropic", "gemini"))
        async with gate(folder, providers, more="guardrails:\n" + "".join(map(str, rules)) + more) as g:
            on = Stage(g, up)
            yield on


async def fails(on: Stage, talk: Talk, rules: Iterable[Rule], *faults: str) -> None:
    """For each rule one exchange whose request or reply holds a text that its detector fails on: the rule must be kept all the same.

    faults: taken in turn. The text of one fault is the same each time, so that one process dies of it for all rules, and not one for each.
    """
    number, orders = next(NUMBER), itertools.cycle(faults)
    kept = len(on.gate.exchanges())
    seen = []
    for rule in rules:
        bad = f"order-{next(orders)} {number}."
        text, pieces = ("Hello there.", ("All is well. ", "Then ", bad, " And so on.")) if rule.on == "reply" else (bad, ("All is well.",))
        on.reply = talk.wire(*pieces)
        before = len(on.up.requests)
        answer = await on.ask(talk, text, rule.name)
        seen.append((rule, talk.request(text), talk.reply(*pieces), on.up.requests[before:], answer))
    rows = on.gate.exchanges()[kept:]
    assert len(rows) == len(seen)
    for each, (_, sent, closed, given) in zip(seen, rows, strict=True):
        assert closed is not None
        _holds(talk, *each, sent, closed, given)


def _holds(talk: Talk, rule: Rule, request: bytes, reply: bytes, reached: list[bytes], answer: tuple[int, dict[str, str], bytes, bytes], sent: bytes, closed: Closed, given: bytes) -> None:
    """reached: what the provider was sent.  sent, given: what is on record."""
    at = rule.name
    status, headers, body, raw = answer
    assert closed.verdict == "error" and closed.guard_errors.keys() == {rule.detector}, at
    if not rule.closed:
        assert [each.partition(b"\r\n\r\n")[2] for each in reached] == [request], at
        assert (status, body, closed.outcome) == (200, reply, Outcome.OK), at
        assert (sent, given) == (request, reply), at
        return
    assert (closed.outcome, closed.error_code) == (Outcome.GATEWAY_GUARD, "guard_unavailable"), at
    assert len(reached) == (rule.on == "reply"), at  # a request that cannot be checked does not leave; a reply is asked for once
    if status == 200:
        assert talk.streamed and rule.on == "reply" and rule.action != "retry", at
        assert error_event(talk.channel, body) == "guard_unavailable", at
        assert body.startswith(given) and reply.startswith(given) and given.endswith(b"\n"), at  # the error event is ours and no part of the reply
        assert talk.end not in body and not raw.endswith(b"0\r\n\r\n"), at  # neither the dialect nor HTTP says that it is whole
    else:
        assert status == 503 and talk.error_code(body) == "guard_unavailable" and given == body, at
        assert headers["x-should-retry"] == "true" and headers["x-tidegate-error-source"] == "gateway", at
        assert b"All is well" not in body, at
    if rule.detector.endswith(SPANS) or not talk.streamed:
        assert b"order-" not in raw and b"And so on" not in raw, at  # windows are judged as they pass; all else waits


async def works(on: Stage, talk: Talk, detector: str, *, soon: bool = False) -> None:
    """A process of the detector is there again and answers. soon: its deadline is shorter than its start, so it may take some calls."""
    rule = Rule(detector, "flag", "request")
    on.reply = talk.wire("Fine.")
    for _ in range(1000):
        status, _, body, _ = await on.ask(talk, f"badge 1234 is {next(NUMBER)}", rule.name)
        assert (status, body) == (200, talk.reply("Fine."))
        closed = on.last()[2]
        if closed.verdict == "flagged" or not soon:
            break
    assert closed.verdict == "flagged" and [each[:4] for each in closed.findings] == [[detector, faulty.KIND, "request", "flag"]]
    assert closed.guard_errors == {}
