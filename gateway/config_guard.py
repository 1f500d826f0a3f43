"""The guards' part of `tidegate.yaml`: `guardrails`, `detectors` and `guard`. Read by `gateway.config`, like everything else in that file."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from detectors import names_kinds, pii, secrets, units
from detectors.recognisers.custom import CustomPattern
from detectors.text import Text
from gateway.detection.terms import SOCKET, Custom, Model, PoolTerms
from gateway.guard.engines import Engine, Engines
from gateway.guard.policy import Action, Direction, Policy, Rule

DirectionName = Literal["request", "reply", "log"]
ActionName = Literal["flag", "mask", "pseudonymise", "retry", "block"]
_KIND = r"^[A-Z][A-Z0-9_]{1,39}$"
NAMES = "names"  # the pool's name for the second tier of pii
OWN = frozenset(("pii", "secrets", NAMES))  # the detectors that need no definition
UNNAMED_KINDS = (pii.DEFAULT - {"URL"}) | {"PERSON"}  # what a rule on pii means that names no kinds: neither every date nor every firm
LOG_RULES = ("log-pii", "log-secrets")  # what holds for the record after the file's own rules on: log


class GuardSettings(BaseModel):
    """Base of all below: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Guardrail(GuardSettings):
    """One rule: which findings of which detector, where, of whom, do what."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")
    detector: str
    on: tuple[DirectionName, ...] = Field(min_length=1)
    action: ActionName
    kinds: tuple[str, ...] = ()
    min_score: float = Field(default=0.5, ge=0, le=1)
    apps: tuple[str, ...] = ()
    envs: tuple[str, ...] = ()
    models: tuple[str, ...] = ()  # shell patterns: gpt-4*
    tier: Literal["all", "patterns"] = "all"  # of pii: patterns alone, which take no time worth mentioning, or names too, for which a model is asked
    mode: Literal["enforce", "observe"] = "enforce"
    on_error: Literal["block", "allow"] | None = None  # default: block, but allow where the action is flag
    reply: str = ""  # of a rule that blocks: said to the app in the place of an error
    retries: int = Field(default=1, ge=1, le=5)

    @field_validator("on", "kinds", "apps", "envs", "models", mode="before")
    @classmethod
    def _one_or_many(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else value

    @field_validator("apps", "envs", "models")
    @classmethod
    def _spelled(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        for value in values:
            if not value or value != value.strip():  # no app, environment or model is called that, so the rule would never hold
                raise ValueError(f'"{value}" is empty, or has a space around it')
        return values

    @model_validator(mode="after")
    def _sensible(self) -> Guardrail:
        if self.action == "pseudonymise" and self.on != ("request",):
            raise ValueError("pseudonymise works on: request alone; the reply is turned back by itself")
        if self.action == "retry" and self.on != ("reply",):
            raise ValueError("retry works on: reply alone")
        if "log" in self.on and (self.action not in ("flag", "mask") or len(self.on) > 1):
            raise ValueError("a rule on: log stands for itself, and its action is mask or flag")
        if "log" in self.on and self.models:
            raise ValueError("models cannot be named by a rule on: log")
        if self.tier != "all" and self.detector != "pii":
            raise ValueError("tier is for the detector pii")
        if self.reply and self.action not in ("block", "retry"):
            raise ValueError("reply is for rules that block")
        if "retries" in self.model_fields_set and self.action != "retry":
            raise ValueError("retries is for action: retry")
        return self

    def rule(self, own: frozenset[str] = frozenset()) -> Rule:
        """own: kinds of the team's own patterns, which a rule on pii that names no kinds means too."""
        closed = self.action != "flag" if self.on_error is None else self.on_error == "block"
        return Rule(
            name=self.name,
            detector=self.detector,
            on=frozenset(Direction(on) for on in self.on),
            action=Action(self.action),
            kinds=frozenset(self.kinds) or (UNNAMED_KINDS | own if self.detector == "pii" else frozenset()),
            local_only=self.tier == "patterns",
            min_score=self.min_score,
            apps=frozenset(self.apps),
            envs=frozenset(self.envs),
            models=self.models,
            enforce=self.mode == "enforce",
            fail_closed=closed,
            reply=self.reply,
            retries=self.retries,
        )


class OwnPattern(GuardSettings):
    """A kind of the team's own, in RE2 syntax: no look-around, no back-references, linear whatever the text."""

    kind: str = Field(pattern=_KIND)
    pattern: str = Field(min_length=1, max_length=1000)
    score: float = Field(default=0.8, gt=0, le=1)
    context: tuple[str, ...] = ()  # words before a match that make it sure


class Allowed(GuardSettings):
    """What is no finding: `text` exactly, or what the RE2 `pattern` matches whole."""

    text: str | None = None
    pattern: str | None = None
    kinds: tuple[str, ...] = ()  # empty: all

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        return {"text": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _either(self) -> Allowed:
        if (self.text is None) == (self.pattern is None):
            raise ValueError("expected text or pattern, one of the two")
        return self


class PiiSettings(GuardSettings):
    """languages: of the names tier.  regions: where phone numbers without a country code may come from (ISO 3166)."""

    languages: tuple[Literal["en"], ...] = ("en",)
    regions: tuple[str, ...] = ("US", "GB", "DE", "FR")
    scores: dict[str, Annotated[float, Field(ge=0, le=1)]] = Field(default_factory=dict)  # by kind: below it nothing is a finding
    allow: tuple[Allowed, ...] = ()
    patterns: tuple[OwnPattern, ...] = ()


class SecretsSettings(GuardSettings):
    allow: tuple[Allowed, ...] = ()


class CustomDetector(GuardSettings):
    """A detector of the team's own: a Python function that the pool calls, or an HTTP service.

    max_span: the longest finding, in characters; with it the detector can mask. Without it, it judges texts as a whole.
    """

    entry: str | None = Field(default=None, pattern=r"^[A-Za-z_][\w.]*:[A-Za-z_]\w*$")
    webhook: str | None = None
    token: SecretStr | None = None  # sent to the webhook as a bearer token
    allow_private: bool = False
    kinds: tuple[Annotated[str, Field(pattern=_KIND)], ...] = Field(min_length=1)  # they are part of placeholders
    deadline_ms: int = Field(default=300, ge=1, le=30_000)
    max_span: int | None = Field(default=None, ge=1, le=4096)

    @field_validator("webhook")
    @classmethod
    def _url(cls, value: str | None) -> str | None:
        parts = urlsplit(value or "http://unset")
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password or parts.fragment:
            raise ValueError("expected an http(s) URL without credentials")  # not echoed: it may hold a password
        return value

    @model_validator(mode="after")
    def _either(self) -> CustomDetector:
        if (self.entry is None) == (self.webhook is None):
            raise ValueError("expected entry or webhook, one of the two")
        return self


class Detectors(GuardSettings):
    pii: PiiSettings = Field(default_factory=PiiSettings)
    secrets: SecretsSettings = Field(default_factory=SecretsSettings)
    custom: dict[str, CustomDetector] = Field(default_factory=dict)


class Guard(GuardSettings):
    """How guards run."""

    unscannable: Literal["allow", "block"] = "allow"  # images, audio, binary files: passed on and flagged, or refused
    request_deadline_ms: int = Field(default=300, ge=1, le=30_000)  # of detectors in the pool, for one request or whole reply
    window_deadline_ms: int = Field(default=150, ge=1, le=30_000)  # and for one piece of a stream
    window_chars: int = Field(default=2000, ge=200, le=20_000)  # what a detector that judges whole texts is given of a stream at a time
    overlap_chars: int = Field(default=200, ge=0, le=5_000)
    max_reply_bytes: int = Field(default=32 << 20, ge=1024)  # a longer reply that is not streamed cannot be checked, which on_error decides
    processes: int = Field(default=1, ge=1, le=32)  # of the pool, for each kind of detector in it
    pool_bytes: int = Field(default=16 << 20, ge=1 << 16)  # texts that may wait in the pool; more are turned away

    @model_validator(mode="after")
    def _sensible(self) -> Guard:
        if self.overlap_chars >= self.window_chars:
            raise ValueError("overlap_chars must be less than window_chars")
        return self


def problems_of(rules: Iterable[Guardrail], detectors: Detectors) -> list[str]:
    """What is wrong with the detectors, and with the rules as a whole."""
    found: list[str] = []
    known = {"pii": pii.KINDS | names_kinds.NAME_KINDS | {pattern.kind for pattern in detectors.pii.patterns}, "secrets": frozenset[str]()}
    try:
        _pii(detectors.pii)
    except ValueError as e:
        found.append(f"detectors.pii: {e}")
    try:
        known["secrets"] = _secrets(detectors.secrets).kinds
    except ValueError as e:
        found.append(f"detectors.secrets: {e}")
    for name, custom in detectors.custom.items():
        known[name] = frozenset(custom.kinds)
        if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,63}", name):
            found.append(f'detectors.custom.{name}: not a usable name; expected lower-case letters, digits, ".", "_", "-"')
        if name in OWN:
            found.append(f"detectors.custom.{name}: the name of a built-in detector; choose another")
    for place, kinds in (("scores", detectors.pii.scores), ("allow", [kind for allowed in detectors.pii.allow for kind in allowed.kinds])):
        found += [f"detectors.pii.{place}: {_unknown(kind, 'pii', known['pii'])}" for kind in kinds if kind not in known["pii"]]
    if any(allowed.kinds for allowed in detectors.secrets.allow):
        found.append("detectors.secrets.allow: kinds are not told apart here; leave kinds out")
    seen: set[str] = set()
    for rule in rules:
        where = f"guardrails.{rule.name}"
        if rule.name in seen:
            found.append(f"{where}: two rules have this name")
        seen.add(rule.name)
        if rule.detector not in known:
            found.append(f'{where}.detector: unknown detector "{rule.detector}"; known here: {", ".join(sorted(known))}')
            continue
        for kind in rule.kinds:
            if kind not in known[rule.detector]:
                found.append(f"{where}.kinds: {_unknown(kind, rule.detector, known[rule.detector])}")
            elif rule.tier == "patterns" and kind in names_kinds.NAME_KINDS - pii.KINDS:
                found.append(f"{where}.tier: {kind} has no pattern, so with tier: patterns it is never found; leave the tier or the kind out")
        own = detectors.custom.get(rule.detector)
        if own is not None and own.max_span is None and rule.action in ("mask", "pseudonymise"):
            found.append(f"{where}.action: {rule.detector} judges whole texts, so there is nothing to mask; give it max_span, or block or flag")
    return found


def _unknown(kind: str, detector: str, known: Collection[str]) -> str:
    near = difflib.get_close_matches(kind, known, n=1)
    hint = f'did you mean "{near[0]}"?' if near else f"known: {', '.join(sorted(known))}"
    return f'"{kind}" is nothing that {detector} finds; {hint}'


def _pii(settings: PiiSettings) -> pii.Pii:
    """Raises ValueError."""
    return pii.Pii(
        pii.Options(
            kinds=pii.KINDS,
            thresholds=settings.scores,
            allow=_by_kind((allowed.kinds, allowed.text) for allowed in settings.allow),
            allow_patterns=_by_kind((allowed.kinds, allowed.pattern) for allowed in settings.allow),
            custom=[CustomPattern(each.kind, each.pattern, each.score, each.context) for each in settings.patterns],
            regions=settings.regions,
        )
    )


def _by_kind(allowed: Iterable[tuple[tuple[str, ...], str | None]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for kinds, text in allowed:
        for kind in kinds or ("*",):
            if text is not None:
                found.setdefault(kind, []).append(text)
    return found


def _secrets(settings: SecretsSettings) -> secrets.Secrets:
    """Raises ValueError."""
    texts, patterns = (tuple(v for v in values if v is not None) for values in ([a.text for a in settings.allow], [a.pattern for a in settings.allow]))
    return secrets.Secrets(secrets.Options(allow=frozenset(texts), allow_patterns=patterns))


def engines(detectors: Detectors) -> Engines:
    """What runs for each detector's name."""
    local, hidden = _pii(detectors.pii), _secrets(detectors.secrets)
    found = {
        "pii": (
            Engine("pii", "pii", local.kinds, local, local.open_from),
            Engine(NAMES, "pii", names_kinds.NAME_KINDS, None, _units_open_from),
        ),
        "secrets": (Engine("secrets", "secrets", hidden.kinds, hidden, hidden.open_from),),
    }
    for name, custom in detectors.custom.items():
        found[name] = (Engine(name, name, frozenset(custom.kinds), None, None if custom.max_span is None else _units_open_from),)
    return Engines(found)


def _units_open_from(text: Text) -> int:
    return units.open_from(text.raw)


def pool_terms(rules: Iterable[Rule], detectors: Detectors, guard: Guard, data_dir: Path) -> PoolTerms:
    """What the detector pool must run for these rules; nothing at all if they ask none of it."""
    rules = tuple(rules)
    wanted = {engine.name for engine in engines(detectors).of(rules) if engine.local is None}
    models = tuple(
        Model(NAMES, "detectors.names:Names", names_kinds.NAME_KINDS, max_span=units.MAX_UNIT, children=guard.processes) for name in sorted(wanted) if name == NAMES
    )
    customs = tuple(
        Custom(
            name=name,
            kinds=frozenset(custom.kinds),
            entry=custom.entry or "",
            webhook=custom.webhook or "",
            token=custom.token.get_secret_value() if custom.token else "",
            allow_private=custom.allow_private,
            deadline_s=custom.deadline_ms / 1000,
            max_span=custom.max_span,
            children=guard.processes,
        )
        for name, custom in detectors.custom.items()
        if name in wanted
    )
    return PoolTerms(socket=data_dir / "run" / SOCKET, models=models, customs=customs, budget_bytes=guard.pool_bytes)


def policy(rules: Iterable[Guardrail], detectors: Detectors, guard: Guard, *, redacts: bool) -> Policy:
    """redacts: the record is redacted: LOG_RULES take what the file's own rules on: log leave. These can take more, or first, but not switch it off."""
    own = frozenset(pattern.kind for pattern in detectors.pii.patterns)
    built = [rule.rule(own) for rule in rules]
    if redacts:
        on = frozenset((Direction.LOG,))
        built.append(Rule(LOG_RULES[0], "pii", on, Action.MASK, kinds=pii.DEFAULT - {"URL"} | own, local_only=True))
        built.append(Rule(LOG_RULES[1], "secrets", on, Action.MASK))
    return Policy(built, unscannable_blocks=guard.unscannable == "block")
