"""Rules at work on texts that are at hand, outside the gate: what `guard try`, `guard replay` and `eval` share. Nothing is sent, nothing is recorded."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import orjson

from detectors.base import Finding
from gateway.commands.traffic import Exchanged
from gateway.config import Settings
from gateway.config_guard import NAMES, policy
from gateway.config_judges import MODERATION
from gateway.detection.terms import PoolTerms
from gateway.dialects.leaves import Edit, Walked
from gateway.guard.engines import Answer, Ask, Engines, Unanswered, Work
from gateway.guard.judge import Tally
from gateway.guard.placeholders import Placeholders
from gateway.guard.policy import Direction, Rule
from gateway.guard.scan import Guarding
from gateway.guard.seen import Seen
from gateway.guard.whole import check
from gateway.guard.whole_reply import Steps, WholeReply, asked_of
from gateway.record.redaction import Redactor

_DEADLINE_S = 30.0  # for a detector of the operator's, in the running gate's pool
_MAX_REPLY = 1 << 30  # bytes
_REMEMBERED = 20_000  # findings of one text: a long one takes longest to look at, and comes again under the other rules and with each turn
_AROUND = 60  # characters of an excerpt on either side of what was found
_MASKED = 400  # that are looked at to mask those
_CLEAR = "\r\x1b[K"  # what counts may stand there
_NO_GATE = ": detectors of your own are asked where the gate runs them, and none runs on this data_dir"


@dataclass(frozen=True, slots=True)
class Noted:
    """A finding, the text it stands in, and the rule that takes it with what that does; None: no rule wants it. action: `observe` under a rule that only watches."""

    finding: Finding
    raw: str
    rule: Rule | None
    whole: bool  # its detector judges whole texts: it has no place in one

    @property
    def action(self) -> str | None:
        return None if self.rule is None else self.rule.action.value if self.rule.enforce else "observe"


class Noting(Guarding):
    """Also remembers each finding. Who only observes leaves it to the next."""

    def __init__(self, rules: Sequence[Rule], engines: Engines, direction: Direction, tally: Tally, placeholders: Placeholders) -> None:
        super().__init__(rules, engines, direction, tally, placeholders)
        self.noted: list[Noted] = []
        self._whole = {engine.detector for engine in (*self.judges, *self.reply_judges)}

    def replace(self, findings: Iterable[Finding], raw: str, telling: str = "") -> list[Edit]:
        findings = list(findings)
        for finding in findings:
            wanting = [rule for rule in self.rules if rule.wants(finding)]
            rule = next((rule for rule in wanting if rule.enforce), wanting[0] if wanting else None)
            self.noted.append(Noted(finding, raw, rule, finding.detector in self._whole))
        return super().replace(findings, raw, telling)


class StandIn:
    """Answers in the detector pool's place: models of ours in this process, detectors of the operator's where the running gate has them."""

    def __init__(self) -> None:
        self._models: dict[bytes, Any] = {}
        self.failed: dict[str, str] = {}  # by detector, why

    def answer(self, ask: Ask, terms: PoolTerms) -> Answer:
        """terms: of the configuration that asks."""
        model = next((model for model in terms.models if model.name == ask.engine.asked), None)
        if model is None:
            return self._asked(ask, terms)
        key = orjson.dumps([model.factory, dict(model.options)], option=orjson.OPT_SORT_KEYS, default=sorted)
        if key not in self._models:
            if model.name in (NAMES, MODERATION):
                print(f'{_CLEAR if sys.stderr.isatty() else ""}tidegate: loading the model of "{ask.engine.detector}", which takes some seconds ...', file=sys.stderr, flush=True)
            module, _, name = model.factory.partition(":")
            self._models[key] = getattr(import_module(module), name)(**model.options)  # late: it may load spaCy
        try:
            found: Answer = self._models[key].find_all(list(ask.texts))
        except Exception as e:  # noqa: BLE001  as in the pool: one text that it fails on is no end of the others
            self.failed[ask.engine.detector] = f"failed: {type(e).__name__}"
            return Unanswered("failed")
        return found

    def _asked(self, ask: Ask, terms: PoolTerms) -> Answer:
        from gateway.detection.blocking import BlockingPool
        from gateway.detection.frames import DetectorFailed

        client = BlockingPool(terms.socket)
        try:
            return client.find(ask.engine.asked, [(text.raw, text.before) for text in ask.texts], deadline_s=_DEADLINE_S)
        except DetectorFailed as e:
            why = f"{e.reason}{': ' if e.detail else ''}{e.detail}"
            self.failed[ask.engine.detector] = why + (_NO_GATE if e.detail == "no pool" else "")
            return Unanswered(e.reason)
        finally:
            client.close()

    def drive(self, walked: Walked, scan: Guarding, terms: PoolTerms, seen: Seen | None = None) -> dict[int, tuple[Edit, ...]]:
        """Run a check to its end."""
        checking = check(walked, scan, seen)
        answer: Answer | None = None
        while True:
            try:
                ask = checking.send(answer)
            except StopIteration as end:
                edits: dict[int, tuple[Edit, ...]] = end.value
                return edits
            answer = self.answer(ask, terms) if isinstance(ask, Ask) else None

    def put(self, asks: Steps, terms: PoolTerms) -> None:
        """Have questions about a whole reply answered."""
        for ask, take in asks:
            if isinstance(ask, Work):
                ask.do()
                take([])
            else:
                take(self.answer(ask, terms))


class Configured:
    """A configuration's rules, ready for one exchange after the other. A conversation's texts, which come again with each of its turns, are looked at once."""

    def __init__(self, settings: Settings, pool: StandIn, beside: Configured | None = None) -> None:
        """beside: one that judges the same exchanges. If its detectors are the same, what it has found is not looked for again."""
        self.policy, self._terms, self._pool = settings.policy, settings.detection_terms, pool
        least = [(rule.kinds, rule.min_score) for rule in settings.guardrails if rule.detector == "pii"] if settings.detectors.pii.patterns else []  # see config_engines
        self._detects = settings.detectors.model_copy(update={"formats": {}}), settings.providers, least  # formats judge whole replies, of which nothing is remembered
        self._formats = settings.detectors.formats
        same = beside if beside is not None and beside._detects == self._detects else None
        self._engines: Engines = settings.engines if same is None or same._formats != self._formats else same._engines
        self._seen: Seen = Seen(each=_REMEMBERED) if same is None else same._seen

    def judged(self, exchange: Exchanged, *, replies: bool = True) -> tuple[str, list[Noted]]:
        """The verdict on it, and what was found. A request that is blocked has no reply. replies: look at that, too."""
        tally = Tally()
        noted: list[Noted] = []
        for direction, walk in ((Direction.REQUEST, exchange.request), (Direction.REPLY, exchange.reply)):
            rules = self.policy.rules_for(direction, app=exchange.app, env=exchange.env, model=exchange.model or None, prompt=exchange.prompt)
            if rules and (replies or direction is Direction.REQUEST):
                scan = Noting(rules, self._engines, direction, tally, Placeholders())
                self._pool.drive(walk(), scan, self._terms, self._seen)
                if scan.reply_judges and not scan.stopped and exchange.has_answer:
                    about = WholeReply(exchange.operation, scan, lambda: asked_of(exchange.operation, exchange.request_body), _MAX_REPLY)
                    if exchange.note:  # half an answer cannot be judged, nor one be compared with half of what was asked
                        for engine in scan.reply_judges:
                            tally.fail(engine.detector)
                    else:
                        self._pool.put(about.body(exchange.reply_json), self._terms)
                noted += scan.noted
                if scan.stopped:
                    break
        return tally.verdict, noted


class Excerpts:
    """What surrounds a finding, without what the record's default rules would mask and without what was found."""

    def __init__(self, settings: Settings) -> None:
        self._redactor = Redactor(policy((), settings.detectors, settings.guard, redacts=True), settings.engines)

    def of(self, noted: Noted) -> str:
        """One line."""
        raw, found = noted.raw, noted.finding
        if noted.whole:
            said = self._masked(raw[:_MASKED])
            said = said[: 2 * _AROUND] + ("..." if len(said) > 2 * _AROUND or len(raw) > _MASKED else "")
        else:
            before, after = self._masked(raw[max(0, found.start - _MASKED) : found.start]), self._masked(raw[found.end : found.end + _MASKED])
            said = f"{'...' if len(before) > _AROUND else ''}{before[-_AROUND:]}<{found.kind}>{after[:_AROUND]}{'...' if len(after) > _AROUND else ''}"
        return " ".join("".join(char if char.isprintable() else " " for char in said).split())  # what was recorded may hold what a terminal obeys

    def _masked(self, text: str) -> str:
        redaction = self._redactor.begin(app="", env="")
        return (redaction.text(text) if redaction is not None else None) or ""
