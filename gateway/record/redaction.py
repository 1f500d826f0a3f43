"""`store.content: redacted`: what `on: log` rules take out of an exchange before any of it becomes a row.

The same walk, detectors and rewriting as on the wire (gateway.guard), so what is found there is found here. Bodies are rewritten, and the row's texts are
read from the rewritten bodies; what these texts alone make one of (`said`) is looked at once more. JSON in lines is a stream, as on the wire.
Usage, model and estimates come from the originals, in memory. Placeholders have no numbers: the guard's own, which are in the text already, have.

A body that breaks off may do so in the middle of a key, and half of one is none to any detector: of a text that is open where it was cut the record holds
what was decided (`held` says that something was left out).

Failure (law 5): where a detector gives no answer and its rule fails closed, or anything here goes wrong, that body is not stored at all: None, for
the caller to say `withheld`. What is no JSON, or cut off, is looked at as one text.

What an app calls itself and its users (app, env, user_id, session_id, tags, prompt names, the model) is the app's choice, an e-mail address too: it is kept, and
joined and grouped by. A credential is never a name: rules of the `secrets` detector hold there as well, and for what a provider calls things (the model that
answered, the reason it ended, an error's code, the usage as it came).

Rules of this file: no I/O but `ask`, which may block and must come back in time; never raises.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping, Sequence
from itertools import chain, islice

import orjson

from detectors.base import Finding
from detectors.text import Text
from gateway.detection.blocking import BlockingPool
from gateway.detection.frames import DetectorFailed
from gateway.detection.terms import time_for
from gateway.dialects.base import Operation
from gateway.dialects.json_walk import walk_value
from gateway.dialects.leaves import Edit, Leaf, Unreadable, Walked, edited
from gateway.dialects.protocol_words import is_word
from gateway.dialects.shapes import is_model
from gateway.dialects.sse import events, is_framed
from gateway.dialects.text_body import WalkedText
from gateway.dialects.walk import walk_reply, walk_request
from gateway.guard.engines import Answer, Ask, Engines, Unanswered
from gateway.guard.frames import EVENTS, LINES, StreamUnreadable, leniently, looks_like_json, value_of
from gateway.guard.judge import GUARD, UNSCANNABLE, Tally
from gateway.guard.placeholders import Placeholders
from gateway.guard.policy import Action, Direction, Policy, Rule
from gateway.guard.scan import Guarding
from gateway.guard.seen import Seen
from gateway.guard.stream import GuardedStream
from gateway.guard.whole import breaks_off, check, without_open_end
from gateway.guard.windows import Windows
from gateway.log import event
from gateway.record.known import KnownEngines
from gateway.record.stream_texts import SHORT, StreamTexts

NAMES = "secrets"  # the detector whose rules hold for what an app calls things
# Where content is kept as it is, or not at all, there need be no rules: of what things are called, this one holds then.
NAMING = Policy([Rule("names", NAMES, frozenset((Direction.LOG,)), Action.MASK)])
WINDOW, OVERLAP = 2000, 200  # characters of a stream that a detector of whole texts is given
MAX_COINED = 256  # characters
_PIECE = 64 * 1024  # of a stream, at a time
_CLEAN = 10_000  # names that are remembered
FRESH = 256  # apps and envs for which a redaction of names is kept, of 2 KB each: apps make names up
_ASIDE = re.compile(rb"(?m)^(?!data:|event:)[^\r\n]+")
_LONG_WORD = re.compile(rb'"([A-Za-z0-9_.:/+=~-]{17,512}+)(?=")')  # longer than SHORT; signatures and encrypted content are longer than this
_COUNTED = (Action.FLAG.value, "observe")
_ENDS = (b"\n\n", b"\r\n\r\n", b"\r\r")

Asking = Callable[[Ask], Answer]


def asking(pool: BlockingPool, deadline_s: float) -> Asking:
    """Questions go to the detector pool, and wait for its answer. deadline_s: for a short text; long ones get more."""

    def ask(question: Ask) -> Answer:
        try:
            allowed_s = time_for(deadline_s, sum(len(text.raw) for text in question.texts))  # as on the wire
            return pool.find(question.engine.asked, [(text.raw, text.before) for text in question.texts], deadline_s=allowed_s)
        except DetectorFailed as failed:
            return Unanswered(failed.reason)

    return ask


def _nobody(ask: Ask) -> Answer:
    return Unanswered(f"{ask.engine.asked}: there is no pool to ask")


class Redactor:
    """Of one process. One thread."""

    def __init__(self, policy: Policy, engines: Engines, *, ask: Asking = _nobody) -> None:
        """ask: puts a question to the detector pool and waits for the answer, for as long as its deadline is."""
        self._policy, self._engines, self._ask, self._seen = policy, KnownEngines(engines), ask, Seen(now=time.monotonic)
        self._clean: set[tuple[str, str, str]] = set()  # app, env, name
        self._fresh: dict[tuple[str, str], Redaction] = {}  # by app, env

    def begin(self, *, app: str, env: str, prompt: str = "") -> Redaction | None:
        """What is to be done about one exchange; None: nothing, no rule looks at its record."""
        rules = self._policy.rules_for(Direction.LOG, app=app, env=env, model="", prompt=prompt)
        return Redaction(rules, self._engines, self._ask, self._seen, self._clean, (app, env)) if rules else None

    def naming(self, *, app: str, env: str) -> Redaction | None:
        """The same for names alone, of whose findings there is no count: the same one again, as long as it has found nothing."""
        known = self._fresh.get((app, env))
        if known is None or not known.is_fresh:
            known = self.begin(app=app, env=env)
            if len(self._fresh) >= FRESH:
                self._fresh.clear()
            if known is not None:
                self._fresh[app, env] = known
        return known


class Redaction:
    """One exchange's. tally: what was found, and which detectors failed. held: the end of what was looked at last is left out."""

    def __init__(self, rules: Sequence[Rule], engines: Engines, ask: Asking, seen: Seen, clean: set[tuple[str, str, str]], who: tuple[str, str]) -> None:
        self._rules, self._engines, self._ask, self._seen, self._clean, self._who = rules, engines, ask, seen, clean, who
        self._said = "\n".join(("said", *who))  # under which `seen` has the texts of rows
        self._placeholders = Placeholders()
        self._known: set[str] = set()  # texts that hold nothing any more
        self.tally = Tally()
        self.held = False
        self._spelled: bytes | None = None  # of the stream that was looked at last

    @property
    def is_fresh(self) -> bool:
        """It has looked at no text, and at no name that it would not look at in the same way again."""
        return not (self._known or self.tally.counts or self.tally.failed)

    def request(self, dialect: str, operation: Operation, body: bytes, content_type: str) -> bytes | None:
        """A decoded body as it may be stored: the very bytes if nothing was found. None: it must not be."""
        return self._words(self._request(dialect, operation, body, content_type))

    def reply(self, dialect: str, operation: Operation, body: bytes, content_type: str, *, cut: bool = False) -> bytes | None:
        """The same for a reply, streamed or not. cut: it ended before it was over."""
        self._spelled = None
        out = self._reply(dialect, operation, body, content_type, cut)
        return self._words(out, self._spelled if out is body else None)

    def _request(self, dialect: str, operation: Operation, body: bytes, content_type: str) -> bytes | None:
        def walk() -> Walked:
            try:
                return walk_request(dialect, operation, body, content_type)
            except Unreadable:
                return WalkedText(body)

        return self._body(body, walk)

    def _reply(self, dialect: str, operation: Operation, body: bytes, content_type: str, cut: bool) -> bytes | None:
        framed = is_framed(body)
        in_lines = not framed and _is_lines(body)
        if not (in_lines or framed):
            return self._body(body, lambda: walk_reply(dialect, operation, body, content_type), cut)
        self.held = False
        cut = cut or (in_lines and _breaks_off(body.rstrip().rpartition(b"\n")[2]))
        counts, failed = dict(self.tally.counts), dict(self.tally.failed)
        try:
            guarding = self._guarding(self._rules)
            read = StreamTexts(operation, body, in_lines=in_lines)
            texts, self._spelled = read.walked, read.spelled
            edits = self._check(texts, guarding)
            if not edits and not cut:
                return None if guarding.stopped else body
            if guarding.stopped:
                return None
            self.tally.counts, self.tally.failed = dict(counts), dict(failed)  # all is looked at once more
            if operation.parses and not cut and any(edit.start == 0 and not edit.by for run in texts.chains for at in run for edit in edits.get(at, ())):
                raise StreamUnreadable("a text in it goes on after its end")  # a client has had the first part of what was found; the record need not
            out = self._stream(operation, body, in_lines, cut)
            again = Guarding(self._rules, self._engines, Direction.LOG, Tally(), self._placeholders)
            if out is not None and self._check(StreamTexts(operation, out, in_lines=in_lines).walked, again):
                raise StreamUnreadable("something is left in it")  # two readers of one stream do not agree
            return out
        except (Unreadable, StreamUnreadable):  # what a client makes of it is stored in its place
            self.tally.counts, self.tally.failed = counts, failed
            if in_lines:
                return None
            whole = orjson.dumps(dict(operation.assemble(events(body)).whole))
            return self._body(whole, lambda: walk_reply(dialect, operation, whole, "application/json"))
        except Exception as e:  # noqa: BLE001  what is not known to be clean is not stored, whatever the reason
            self._failed(e)
            return None

    def said(self, text: str, parts: Sequence[str], body: bytes) -> tuple[str, bool] | None:
        """What a stored body says, put together as the row has it: looked at once more where that makes one text of several. None: it must not be stored.

        parts: the texts that stand in `text`, a line or more each.  Also: whether the body holds, in pieces, what was found.
        """
        new = [part for part in dict.fromkeys(parts) if part not in self._known]
        if not new:
            return text, False
        tally = Tally()  # what is flagged was counted when the body was looked at
        split = False
        try:
            guarding = Guarding(self._rules, self._engines, Direction.LOG, tally, self._placeholders)
            for part in new:
                name = self._seen.name(Text(part))
                if self._seen.get(self._said, name) is not None:  # tools come again with every turn
                    continue
                walked = _parsed(part)
                edits = self._check(walked, guarding) if any(leaf.text not in self._known for leaf in walked.leaves) else {}
                if guarding.stopped:
                    self.tally.failed |= tally.failed
                    return None
                if not edits and not tally.failed:
                    self._seen.put(self._said, name, ())
                if edits:
                    text = text.replace(part, walked.rewrite(edits).decode("utf-8", "surrogatepass"))
                    words = (walked.leaves[index].text[edit.start : edit.end] for index, each in edits.items() for edit in each)
                    split = split or any(word.encode("utf-8", "surrogatepass") not in body for word in words)
        except Exception as e:  # noqa: BLE001  as above
            self._failed(e)
            return None
        for (detector, kind, _, action), (score, count) in tally.counts.items():
            for _ in range(count if action not in _COUNTED else 0):  # it would not be here if it had been found before
                self.tally.add(Finding(detector, kind, 0, 0, score), Direction.LOG, action)
        return text, split

    def _words(self, body: bytes | None, spelled: bytes | None = None) -> bytes | None:
        """Take credentials out of what the walk passes over, because it has the shape of the protocol's own words: ids, models, reasons, codes. spelled: of a stream, see StreamTexts."""
        rules = [rule for rule in self._rules if rule.detector == NAMES]
        if body is None or not rules or not (words := list(dict.fromkeys(_LONG_WORD.findall(body if spelled is None else spelled)))):
            return body
        joined = b"\n".join(words).decode()
        try:  # at first all at once, for nearly always there is nothing in any
            guarding = Guarding(rules, self._engines, Direction.LOG, Tally(), self._placeholders)
            edits = self._check(_Plain(joined), guarding).get(0, ())
        except Exception as e:  # noqa: BLE001  as above
            self._failed(e)
            return None
        if guarding.stopped:
            return None
        for edit in edits:
            start, end = joined.rfind("\n", 0, edit.start) + 1, joined.find("\n", edit.end)
            for word in joined[start : end if end >= 0 else len(joined)].split("\n"):
                said = self.name(word, known=False)
                if not said:
                    return None
                body = body.replace(f'"{word}"'.encode(), f'"{said}"'.encode())
        return body

    def _body(self, body: bytes, walk: Callable[[], Walked], cut: bool = False) -> bytes | None:
        self.held = False
        if not body or body.isspace():
            return body
        try:
            guarding = self._guarding(self._rules)
            walked = walk()
            if not walked.leaves and walked.unscannable:  # binary, or so it seems; what may be stored of it is text all the same
                walked = WalkedText(body)
            edits = self._check(walked, guarding)
            if len(walked.leaves) == 1 and isinstance(walked, WalkedText) and (cut or breaks_off(body)):
                left = without_open_end(walked.leaves[0].text, edits.get(0, ()), guarding)
                self.held, edits = left != edits.get(0, ()), {0: left} if left else {}
            out = walked.rewrite(edits) if edits else body
            for _ in walked.unscannable:
                self.tally.add(Finding(GUARD, UNSCANNABLE, 0, 0, 1.0), Direction.LOG, Action.FLAG.value)
        except Exception as e:  # noqa: BLE001  as above
            self._failed(e)
            return None
        return None if guarding.stopped else out

    def text(self, text: str) -> str | None:
        """The same for plain text, the beginning of a body among it."""
        try:
            guarding = self._guarding(self._rules)
            edits = self._check(_Plain(text), guarding)
        except Exception as e:  # noqa: BLE001  as above
            self._failed(e)
            return None
        return None if guarding.stopped else edited(text, edits.get(0, ()))

    def coined(self, value: str) -> str:
        """A model, a reason, a code: a name if it looks like one, and else a text like any."""
        if not value or (len(value) <= MAX_COINED and (is_model(value) or is_word(value))):
            return self.name(value)
        return self.text(value) or ""

    def name(self, value: str, *, known: bool = True) -> str:
        """What an app or a provider calls something, without credentials; "" if that cannot be told. known: it is likely to come again."""
        if len(value) <= SHORT or (key := (*self._who, value)) in self._clean:
            return value
        rules = [rule for rule in self._rules if rule.detector == NAMES]
        if not rules:
            return value
        try:
            guarding = self._guarding(rules)
            edits = self._check(_Plain(value), guarding)
        except Exception as e:  # noqa: BLE001  as above
            self._failed(e)
            return ""
        if guarding.stopped:
            return ""
        if edits:
            return edited(value, edits[0])
        if len(self._clean) >= _CLEAN:
            self._clean.clear()
        if known and not self.tally.failed:
            self._clean.add(key)
        return value

    # ------------------------------------------------------------------ parts

    def _guarding(self, rules: Sequence[Rule]) -> Guarding:
        return Guarding(rules, self._engines, Direction.LOG, self.tally, self._placeholders)

    def _check(self, walked: Walked, guarding: Guarding) -> Mapping[int, tuple[Edit, ...]]:
        checking = check(walked, guarding, self._seen)
        answer: Answer | None = None
        try:
            while True:
                ask = checking.send(answer)
                answer = None if ask is None else self._ask(ask)
        except StopIteration as end:
            found: Mapping[int, tuple[Edit, ...]] = end.value
        if guarding.rules is self._rules and not guarding.stopped:
            self._known.update(edited(leaf.text, found[at]) if at in found else leaf.text for at, leaf in enumerate(walked.leaves))
        return found

    def _stream(self, operation: Operation, body: bytes, in_lines: bool, cut: bool) -> bytes | None:
        """A stream with something to rewrite."""
        guarding = self._guarding(self._rules)
        windows = Windows(guarding, size=WINDOW, overlap=OVERLAP) if guarding.judges else None
        stream = GuardedStream(operation, guarding, windows=windows, framing=LINES if in_lines else EVENTS)
        out: list[bytes] = []
        end = stream.broken if in_lines and cut else stream.finish  # not every protocol of lines says how it ends
        for step in chain((stream.push(body[at : at + _PIECE]) for at in range(0, len(body), _PIECE)), (end() for _ in "1")):
            out.append(step)
            while stream.asks:
                ask, take = stream.asks.pop(0)
                assert isinstance(ask, Ask)  # nobody judges whole replies on: log
                out.append(stream.answered(take, self._ask(ask)))
        if guarding.stopped:
            return None
        self.held = stream.cut
        if stream.pending and not stream.cut:
            raise RuntimeError("a stream was not decided at its end")
        whole = b"".join(out)
        if in_lines:
            return whole
        aside = b"\n".join(dict.fromkeys(_ASIDE.findall(whole)))  # comments, and fields that nobody knows
        return _ASIDE.sub(b"", whole) if aside and self._check(WalkedText(aside), guarding) else whole

    def _failed(self, error: Exception) -> None:
        self.tally.fail(GUARD)
        event("redaction_failed", error=type(error).__name__)


def _is_json(line: bytes) -> bool:
    event_ = LINES.parse(line)
    return event_ is not None and looks_like_json(event_.data) and (value_of(event_.data) is not None or leniently(event_) is not None)


def _breaks_off(line: bytes) -> bool:
    event_ = LINES.parse(line)
    return event_ is not None and looks_like_json(event_.data) and not _is_json(line)


def _is_lines(body: bytes) -> bool:
    """Whether a body is JSON in lines: two of them are, or one and the beginning of the last. Others may be anything: a server's warning among its lines
    must not keep what they say from being put together. What it is called does not matter."""
    lines = [line for line in body.split(b"\n") if line.strip()]
    if len(lines) < 2 or _breaks_off(lines[0]):  # one value over several lines
        return False
    whole = islice((line for line in lines if _is_json(line)), 2)
    return len(list(whole)) + _breaks_off(lines[-1]) > 1


def _parsed(text: str) -> Walked:
    """A text of a row: JSON as that (the arguments of a tool), else as it is."""
    if text.startswith(("{", "[")):
        try:
            return walk_value(text.encode("utf-8", "surrogatepass"))
        except Unreadable:
            pass
    return _Plain(text)


def first_events(body: bytes, most: int) -> bytes:
    """A stream's whole events among its first `most` bytes; b"" if there is none, or it is no stream."""
    if not is_framed(body):
        return b""
    return body if len(body) <= most else body[: max((at + len(end) for end in _ENDS if (at := body.rfind(end, 0, most)) >= 0), default=0)]


class _Plain(Walked):
    """A text that is its own only leaf."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        super().__init__((Leaf("", "", "", text),))
        self._text = text

    def rewrite(self, edits: Mapping[int, tuple[Edit, ...]]) -> bytes:
        return edited(self._text, edits.get(0, ())).encode("utf-8", "surrogatepass")
