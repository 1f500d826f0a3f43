"""The guard in a worker: the policy's rules for one exchange, the request checked against them, and what is then known for the reply.

`Guard` is one per worker, `Guarded` one per exchange. Both only drive what gateway.guard decides: they put its questions to the detector
pool, wait where an answer is needed, and spell a refusal. An exchange that no rule looks at costs one look-up.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property, partial
from time import perf_counter
from typing import Any, Protocol

import orjson

from detectors.base import Finding
from gateway.detection.client import DetectorFailed, PoolClient
from gateway.detection.terms import time_for
from gateway.dialects.base import Operation
from gateway.dialects.leaves import Unreadable, Walked
from gateway.dialects.target import parted, walk_target
from gateway.dialects.walk import Steps, request_steps
from gateway.errors import RelayError
from gateway.exchange import Closed, Opened, Outcome
from gateway.guard.engines import Answer, Ask, Engines, Unanswered, Work
from gateway.guard.judge import Tally
from gateway.guard.placeholders import Placeholders
from gateway.guard.policy import Action, Direction, Policy, Rule
from gateway.guard.scan import Guarding
from gateway.guard.seen import Seen
from gateway.guard.whole import Checking, check
from gateway.guard.whole_reply import asked_of
from gateway.proxy.long import Content
from gateway.proxy.route import Destination
from gateway.proxy.trouble import report

_PLAIN_PATHS = 1024  # that are remembered
_MAX_PAIRS_BYTES = 1 << 18  # of a body that is read key by key
# The key, however its letters are escaped, in any case: some readers do not tell cases.
_MODEL_KEY = re.compile(rb'"' + b"".join(rb"(?:%c|\\u00(?:%x|%x))" % (c, c, c - 32) for c in b"model") + rb'"', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class GuardTerms:
    """Seconds, characters, bytes; see the settings of the same names. Both deadlines are for short texts and grow with them: gateway.detection.terms.time_for."""

    request_deadline_s: float = 1.0
    window_deadline_s: float = 0.5
    window_chars: int = 2000
    overlap_chars: int = 200
    max_reply_bytes: int = 32 << 20

    def for_chars(self, chars: int) -> float:
        """Seconds that the pool has for one question about whole texts."""
        return time_for(self.request_deadline_s, chars)

    def for_window(self, chars: int) -> float:
        """The same for a piece of a stream."""
        return time_for(self.window_deadline_s, chars)


class Taking(Protocol):
    """Takes the answer to one question."""

    def __call__(self, answer: Answer, /) -> None: ...


class Guard:
    """pool None: no rule needs it."""

    def __init__(self, policy: Policy, engines: Engines, pool: PoolClient | None, terms: GuardTerms) -> None:
        self.policy, self.engines, self.pool, self.terms = policy, engines, pool, terms
        self.seen = Seen(now=time.monotonic)
        self.turn: Callable[[], Awaitable[None]] = partial(asyncio.sleep, 0)  # awaited between two parts of a long look at a request
        self._plain: set[tuple[str, str]] = set()  # dialect, path: without a text in it
        relayed = [rule for rule in policy.rules if Direction.LOG not in rule.on]
        self.looks = bool(relayed)
        self._reads_model = any(rule.models or rule.reply for rule in relayed)

    def begin(self, opened: Opened, destination: Destination, body: Content) -> Guarded | None:
        """What the rules ask of this exchange; None: nothing. body: in one piece, if it `looks` at any."""
        if not self.looks:
            return None
        assert isinstance(body, bytes)
        model: str | None = opened.request_model or None
        is_stream = destination.path.endswith(":streamGenerateContent")
        if self._reads_model:
            said = _said(body) if opened.content_encoding in ("", "identity") else {}
            model = model or _model(said, body)
            is_stream = is_stream or said.get("stream") is True
        rules_for = self.policy.rules_for
        who = {"app": opened.app, "env": opened.env, "prompt": opened.prompt_name}
        request, reply = rules_for(Direction.REQUEST, **who, model=model), rules_for(Direction.REPLY, **who, model=model)
        if not request and not reply:
            return None
        return Guarded(self, destination, opened, request, reply, model or "", is_stream)

    def target(self, dialect: str, path: str, query: str) -> Walked | None:
        """What there is to look at in path and query; None: nothing, as in nearly all."""
        if not query and (dialect, path) in self._plain:
            return None
        walked = walk_target(dialect, path, query)
        if walked.leaves:
            return walked
        if not query and len(self._plain) < _PLAIN_PATHS:
            self._plain.add((dialect, path))
        return None

    async def answer(self, ask: Ask, deadline_s: float) -> Answer:
        """Put a question to the pool and wait."""
        if self.pool is None:
            return Unanswered("unavailable")
        try:
            return await self.pool.find(ask.engine.asked, [(text.raw, text.before) for text in ask.texts], deadline_s=deadline_s)
        except DetectorFailed as e:
            return Unanswered(e.reason)

    @cached_property
    def _beside(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(1, "guard")  # one, so that the loop never shares its time with more

    def submit(self, ask: Ask | Work, done: Taking, *, whole: bool = False) -> None:
        """Put a question about a reply to the pool; `done` is called once, later. whole: the reply is not streamed, so there is more time."""
        if isinstance(ask, Work):
            doing = asyncio.get_running_loop().run_in_executor(self._beside, ask.do)
            doing.add_done_callback(lambda did: done(Unanswered("failed") if did.cancelled() or did.exception() is not None else []))
            return
        chars = sum(len(text.raw) + len(text.before) for text in ask.texts)
        deadline_s = self.terms.for_chars(chars) if whole else self.terms.for_window(chars)
        if self.pool is None:
            asyncio.get_running_loop().call_soon(done, Unanswered("unavailable"))
            return

        def take(result: list[list[Finding]] | DetectorFailed) -> None:
            done(Unanswered(result.reason) if isinstance(result, DetectorFailed) else result)

        self.pool.submit(ask.engine.asked, [(text.raw, text.before) for text in ask.texts], deadline_s=deadline_s, done=take)


class Guarded:
    """One exchange under guard. spent_s: what the guard took of its time so far. target: the path and query that may be sent, if not as they came."""

    __slots__ = (
        "_asked", "_compares", "_counted", "_failed", "_in_array", "_opened", "_phases", "_reply_at", "_reply_until", "_told_s", "destination", "guard", "is_stream", "model",
        "placeholders", "reply_rules", "request_rules", "spent_s", "tally", "target", "unjudged", "withheld",
    )  # fmt: skip

    def __init__(
        self, guard: Guard, destination: Destination, opened: Opened, request: tuple[Rule, ...], reply: tuple[Rule, ...], model: str, is_stream: bool
    ) -> None:
        self.guard, self.destination, self._opened = guard, destination, opened
        self.request_rules, self.reply_rules, self.model, self.is_stream = request, reply, model, is_stream
        self.tally, self.placeholders = Tally(), Placeholders()
        self.spent_s = 0.0
        self.target: tuple[str, str] | None = None
        self.withheld: list[dict[str, Any]] = []  # as Closed has it
        self.unjudged: Callable[[], None] = lambda: None  # of the reply under guard: its row is written, so what has not been judged never will be
        self._asked = b""  # the body that the provider was sent, if a rule compares its reply with that
        self._compares = any(engine.compares for engine in guard.engines.of(reply))
        self._in_array = False  # its stream is a JSON array: Gemini's, where events were not asked for
        self._phases: list[tuple[str, float, float, str, float]] = []  # name, perf_counter when it began, seconds, verdict, seconds at work
        self._counted: dict[tuple[str, str, str, str], tuple[float, int]] = {}  # what is in a phase already: findings as Tally counts them,
        self._failed, self._told_s = 0, 0.0  # detectors' failures, seconds at work
        self._reply_at = self._reply_until = 0.0  # perf_counter of the first and last look at a reply

    def note(self, frame: Opened | Closed, started: float) -> None:
        """Write what the guard did so far into a frame of the journal. started: perf_counter when the exchange began."""
        tally = self.tally
        self.unjudged()
        if isinstance(frame, Closed):
            self.reply_over()
            if self.withheld:
                frame.withheld = self.withheld
            frame.phases = [[name, at - started, seconds, verdict, "", None, spent] for name, at, seconds, verdict, spent in self._phases]
        frame.findings = [[f.detector, f.kind, f.direction, f.action, f.score, f.count] for f in tally.findings()]
        frame.verdict, frame.guard_s, frame.guard_errors = tally.verdict, self.spent_s, dict(tally.failed)

    def looked(self, before: float) -> None:
        """The reply was looked at from `before` (perf_counter) until now."""
        now = self._reply_until = perf_counter()
        self.spent_s += now - before
        if not self._reply_at:
            self._reply_at = before

    def again(self) -> None:
        """A rule wants another reply in the place of this one."""
        self.reply_over()
        self.tally.blocked = False

    def reply_over(self) -> None:
        """Nothing more of this reply will be looked at; there may come another one."""
        if self._reply_at:
            self._tell("guard_reply", self._reply_at, self._reply_until - self._reply_at, Direction.REPLY)
            self._reply_at = 0.0

    def _tell(self, name: str, at: float, seconds: float, direction: Direction) -> None:
        """What this phase alone has come to: what was found and what failed since the one before."""
        tally = self.tally
        counted = {(f.detector, f.kind, f.direction, f.action): (f.score, f.count) for f in tally.findings()}
        failed = sum(tally.failed.values())
        own = {key: found for key, found in counted.items() if found != self._counted.get(key)}
        verdict = Tally(own, checked=tally.checked, blocked=tally.blocked, failed=tally.failed if failed > self._failed else {}).judged(direction)
        if verdict != "not_checked":
            self._phases.append((name, at, seconds, verdict, self.spent_s - self._told_s))
        self._counted, self._failed, self._told_s = counted, failed, self.spent_s

    async def request(self, body: bytes, query: str = "") -> bytes:
        """The body that may be sent; path and query are in `target`. query: without the gate's own keys.

        Raises RelayError: blocked, or not checkable under a rule that fails closed.
        """
        self._in_array = self.destination.path.endswith(":streamGenerateContent") and "alt=sse" not in query.split("&")
        if self.request_rules:
            before = perf_counter()
            try:
                body = await self._request(body, query)
            finally:
                took = perf_counter() - before
                self.spent_s += took
                self._tell("guard_request", before, took, Direction.REQUEST)
        self._asked = body if self._compares else b""
        return body

    @property
    def is_post(self) -> bool:
        return self._opened.method == "POST"

    @property
    def asked_bytes(self) -> int:
        """What `asked` reads."""
        return len(self._asked)

    def asked(self) -> str:
        """What the provider was asked: gateway.guard.whole_reply.asked_of. Raises as that does."""
        return asked_of(self.destination.meaning.operation, self._asked)

    async def _request(self, body: bytes, query: str) -> bytes:
        guard = self.guard
        asked = guard.target(self.destination.provider.dialect.name, self.destination.path, query)
        if not body and asked is None:
            return body  # and no verdict: nothing was there to look at
        scan = Guarding(self.request_rules, guard.engines, Direction.REQUEST, self.tally, self.placeholders)
        walked, problem, fault = await self._walked(body)
        texts = (each for each in (asked, walked) if each is not None)
        self.placeholders.avoid(leaf.text for each in texts for leaf in each.leaves)  # what either says is no pseudonym for the other
        if asked is not None:
            await self._check_target(asked, scan)
        if not body:
            return body
        if fault is not None:
            return self._broken(fault, scan, body)
        if walked is None:
            scan.unreadable()
            if scan.failed is not None and problem is not None:
                raise problem
            return body
        try:
            scan.unscannable(len(walked.unscannable), guard.policy)
            edits = await self.drive(check(walked, scan, guard.seen))
            for _ in walked.prepare(edits) if edits and not scan.stopped else ():
                await self.guard.turn()
            checked = walked.rewrite(edits) if edits and not scan.stopped else body
        except Exception as e:  # noqa: BLE001  a detector's or the walk's fault must not let a body pass
            return self._broken(e, scan, body)
        self.stop(scan, streamed=self.is_stream)
        return checked

    async def _walked(self, body: bytes) -> tuple[Walked | None, RelayError | None, Exception | None]:
        """The body taken apart; or what to tell the caller, where it cannot be; or a fault of our own."""
        opened = self._opened
        if not body:
            return None, None, None
        if opened.content_encoding not in ("", "identity"):
            return None, RelayError(415, "body_encoded", "a guard must read this body: send it without content-encoding", Outcome.CALLER_INVALID, source="caller"), None
        try:
            return await _taken(request_steps(self.destination.provider.dialect.name, self.destination.meaning.operation, body, opened.content_type), self.guard.turn), None, None
        except Unreadable as e:
            return None, RelayError(400, e.code, str(e), Outcome.CALLER_INVALID, source="caller"), None
        except Exception as e:  # noqa: BLE001  as in _request
            return None, None, e

    async def _check_target(self, asked: Walked, scan: Guarding) -> None:
        """Path and query, before the body: what is refused there need not be looked at further."""
        try:
            edits = await self.drive(check(asked, scan, self.guard.seen))
            if edits and not scan.stopped:
                self.target = parted(asked.rewrite(edits))
        except Exception as e:  # noqa: BLE001  as for the body
            self._broken(e, scan, b"")
        self.stop(scan, streamed=self.is_stream)

    def _broken(self, error: Exception, scan: Guarding, body: bytes) -> bytes:
        """A fault of our own: nothing was checked, which a rule that fails closed does not let pass. What went wrong may quote the text, so it is not logged."""
        report("guard_failed", error, request=self._opened.id)
        scan.unreadable()
        self.stop(scan, streamed=self.is_stream)
        return body

    async def drive(self, checking: Checking) -> dict[int, tuple]:  # type: ignore[type-arg]
        """Run a check to its end. Each question has a deadline of its own, which grows with what is asked."""
        answer: Answer | None = None
        while True:
            try:
                ask = checking.send(answer)
            except StopIteration as end:
                return end.value  # type: ignore[no-any-return]
            if ask is None:
                await self.guard.turn()
                answer = None
            else:
                answer = await self.guard.answer(ask, self.guard.terms.for_chars(sum(len(text.raw) for text in ask.texts)))

    def stop(self, scan: Guarding, *, streamed: bool) -> None:
        """Raises RelayError if a rule blocks or a detector that a rule needs has failed."""
        error = self.refusal(scan, streamed=streamed)
        if error is not None:
            raise error

    def refusal(self, scan: Guarding, *, streamed: bool) -> RelayError | None:
        """What the client is told, if it must be stopped."""
        if scan.blocked_by is not None:
            why = "guard.unscannable: block, and something in it that no detector can read," if scan.unseen else f'the rule "{scan.blocked_by.name}"'
            return self.blocked(scan.blocked_by, why, scan.direction, streamed=streamed)
        if scan.failed is not None:
            rule = scan.failed
            message = f'the rule "{rule.name}" could not be checked, because its detector ({rule.detector}) gave no answer{f" ({scan.why})" if scan.why else ""}; what it did not see is not let through'
            return RelayError(503, "guard_unavailable", message, Outcome.GATEWAY_GUARD, source="gateway", retry=True)
        return None

    def blocked(self, rule: Rule, why: str, direction: Direction, *, streamed: bool) -> RelayError:
        """why: what stands in the way, in words.  The dialect's error with code policy_blocked, or the rule's own words in the dialect's normal shape."""
        message = f"{why} does not let this {direction.value} pass"
        error = RelayError(400, "policy_blocked", message, Outcome.POLICY_BLOCKED, source="policy")
        if rule.reply:
            operation: Operation = self.destination.meaning.operation
            said = {"model": self.model or "tidegate", "request_id": self._opened.id, "created": int(time.time())}
            streamed = streamed and not self._in_array
            body = operation.say_stream(rule.reply, **said) if streamed else operation.say(rule.reply, **said)  # type: ignore[arg-type]
            if body:
                error.status = 200
                body = b"[%b]" % body if self._in_array else body
                error.body, error.content_type = body, "text/event-stream" if streamed else "application/json"
        return error


def _said(body: bytes) -> dict[str, object]:
    """The body's members; {} if it is no JSON object for certain."""
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return said if isinstance(said, dict) else {}


def _model(said: dict[str, object], body: bytes) -> str | None:
    """The one model that a body names; None if two readers could disagree about it, or it names none."""
    model = said.get("model")
    if not isinstance(model, str) or not model:
        return None
    if len(_MODEL_KEY.findall(body)) == 1:
        return model
    if len(body) > _MAX_PAIRS_BYTES:
        return None
    outermost: list[tuple[str, object]] = []

    def keep(pairs: list[tuple[str, object]]) -> None:
        outermost[:] = pairs

    try:
        json.loads(body, object_pairs_hook=keep)
    except (ValueError, RecursionError):
        return None
    return model if sum(key.lower() == "model" for key, _ in outermost) == 1 else None


async def _taken(steps: Steps, turn: Callable[[], Awaitable[None]]) -> Walked:
    """Run a walk to its end; others get their turn now and then."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]
        await turn()


def may_retry(rule: Rule | None, attempts: int) -> bool:
    """Whether the provider is to be asked again. attempts: so far."""
    return rule is not None and rule.action is Action.RETRY and attempts <= rule.retries
