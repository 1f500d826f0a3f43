"""The guards' part of `tidegate.yaml`: `guardrails`, `detectors` and `guard`. Read by `gateway.config`, like everything else in that file.

What may not be written together is in gateway.config_rules.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, SecretStr, field_validator, model_validator

from detectors import names_kinds, pii_kinds, units
from gateway import config_judges as judges
from gateway.config_judges import FORMAT, JUDGES, MODERATION, FormatSettings, Moderation
from gateway.config_settings import GuardSettings
from gateway.config_words import http_url
from gateway.detection.terms import SOCKET, Custom, Model, PoolTerms
from gateway.guard.engines import Engine, Engines
from gateway.guard.policy import Action, Direction, Policy, Rule

if TYPE_CHECKING:
    from detectors.text import Text

DirectionName = Literal["request", "reply", "log"]
ActionName = Literal["flag", "mask", "pseudonymise", "retry", "block"]
_KIND = r"^[A-Z][A-Z0-9_]{1,39}$"
NAMES = "names"  # the pool's name for the second tier of pii
OWN = frozenset(("pii", "secrets", NAMES, FORMAT)) | JUDGES  # the detectors that need no definition
SURE = 0.9  # the score that a word of an own pattern's context raises it to
UNNAMED_KINDS = (pii_kinds.DEFAULT - {"URL"}) | {"PERSON"}  # what a rule on pii means that names no kinds: neither every date nor every firm
LOG_RULES = ("log-pii", "log-secrets")  # what holds for the record after the file's own rules on: log


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
    prompts: tuple[str, ...] = ()  # names, as x-tidegate-prompt has them before the @
    tier: Literal["all", "patterns"] = "all"  # of pii: patterns alone, which take no time worth mentioning, or names too, for which a model is asked
    mode: Literal["enforce", "observe"] = "enforce"
    on_error: Literal["block", "allow"] | None = None  # default: block, but allow where the action is flag
    reply: str = ""  # of a rule that blocks: said to the app in the place of an error
    retries: int = Field(default=1, ge=1, le=5)

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
            prompts=frozenset(self.prompts),
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
    """languages: of the names tier; each has a model, and that of fr is installed with tidegate[fr].  regions: where phone numbers without a country code may come from (ISO 3166)."""

    languages: tuple[Literal["en", "fr"], ...] = Field(default=("en",), min_length=1)
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
        parts = http_url("http://unset" if value is None else value, "an http(s) URL without credentials")
        if parts.username or parts.password or parts.fragment:
            raise ValueError("expected an http(s) URL without credentials")
        return value

    @model_validator(mode="after")
    def _either(self) -> CustomDetector:
        if (self.entry is None) == (self.webhook is None):
            raise ValueError("expected entry or webhook, one of the two")
        return self


class Detectors(GuardSettings):
    pii: PiiSettings = Field(default_factory=PiiSettings)
    secrets: SecretsSettings = Field(default_factory=SecretsSettings)
    moderation: Moderation = Field(default_factory=Moderation)
    formats: dict[str, FormatSettings] = Field(default_factory=dict)  # a rule names one as its detector
    custom: dict[str, CustomDetector] = Field(default_factory=dict)


class Guard(GuardSettings):
    """How guards run."""

    unscannable: Literal["allow", "block"] = "allow"  # images, audio, binary files: passed on and flagged, or refused
    request_deadline_ms: int = Field(default=1000, ge=1, le=30_000)  # of detectors in the pool, for one request or whole reply that is short: see gateway.detection.terms.time_for
    window_deadline_ms: int = Field(default=500, ge=1, le=30_000)  # and for one short piece of a stream
    window_chars: int = Field(default=2000, ge=200, le=20_000)  # what a detector that judges whole texts is given of a stream at a time
    overlap_chars: int = Field(default=200, ge=0, le=5_000)
    max_reply_bytes: int = Field(default=32 << 20, ge=1024)  # a longer reply that is not streamed cannot be checked, which on_error decides
    processes: int = Field(default=1, ge=1, le=32)  # of the pool, for each kind of detector in it
    pool_bytes: int = Field(default=16 << 20, ge=1 << 16)  # texts that may wait in the pool; more are turned away


def allowed(settings: PiiSettings) -> dict[str, dict[str, list[str]]]:
    """What is no finding, for either tier."""
    return {
        "allow": _by_kind((allowed.kinds, allowed.text) for allowed in settings.allow),
        "allow_patterns": _by_kind((allowed.kinds, allowed.pattern) for allowed in settings.allow),
    }


def _by_kind(allowed: Iterable[tuple[tuple[str, ...], str | None]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for kinds, text in allowed:
        for kind in kinds or ("*",):
            if text is not None:
                found.setdefault(kind, []).append(text)
    return found


def pooled(detectors: Detectors) -> dict[str, tuple[Engine, ...]]:
    """What the pool runs for each detector's name. The rest, which runs where the text is, is in gateway.config_engines."""
    found: dict[str, tuple[Engine, ...]] = {"pii": (Engine(NAMES, "pii", names_kinds.NAME_KINDS, None, _units_open_from),), "secrets": ()}
    for name, custom in detectors.custom.items():
        found[name] = (Engine(name, name, frozenset(custom.kinds), None, None if custom.max_span is None else _units_open_from),)
    return found | judges.engines(detectors.formats)


def _units_open_from(text: Text) -> int:
    return units.open_from(text.raw)


def customs(detectors: Detectors, guard: Guard) -> tuple[Custom, ...]:
    """The detectors of the team's own, whether a rule asks them or not."""
    return tuple(
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
    )


def pool_terms(rules: Iterable[Rule], detectors: Detectors, guard: Guard, data_dir: Path, service: judges.Service | None = None) -> PoolTerms:
    """What the detector pool must run for these rules; nothing at all if they ask none of it. service: that moderation asks."""
    rules = tuple(rules)
    wanted = {engine.asked for engine in Engines(pooled(detectors)).of(rules)}
    options = {"languages": list(dict.fromkeys(detectors.pii.languages)), "thresholds": dict(detectors.pii.scores), **allowed(detectors.pii)}
    names = Model(NAMES, "detectors.names:Names", names_kinds.NAME_KINDS, options, max_span=units.MAX_UNIT, children=guard.processes)
    models = ((names,) if NAMES in wanted else ()) + judges.models(wanted, detectors.moderation, detectors.formats, guard.processes)
    wanted_customs = tuple(custom for custom in customs(detectors, guard) if custom.name in wanted)
    endpoints = (service.endpoint,) if service is not None and MODERATION in wanted else ()
    return PoolTerms(socket=data_dir / "run" / SOCKET, models=models, customs=wanted_customs, endpoints=endpoints, budget_bytes=guard.pool_bytes)


def policy(rules: Iterable[Guardrail], detectors: Detectors, guard: Guard, *, redacts: bool) -> Policy:
    """redacts: the record is redacted: LOG_RULES take what the file's own rules on: log leave. These can take more, or first, but not switch it off."""
    own = frozenset(pattern.kind for pattern in detectors.pii.patterns)
    built = [rule.rule(own) for rule in rules]
    if redacts:
        on = frozenset((Direction.LOG,))
        built.append(Rule(LOG_RULES[0], "pii", on, Action.MASK, kinds=pii_kinds.DEFAULT - {"URL"} | own, local_only=True))
        built.append(Rule(LOG_RULES[1], "secrets", on, Action.MASK))
    return Policy(built, unscannable_blocks=guard.unscannable == "block")
