"""Drift's part of `tidegate.yaml`: `drift`. Read by `gateway.config`, like everything else in that file.

Values only. gateway.drift lies above what reads a configuration, so composition roots hand it what they read here: `Source.fields`, `Comparison.reads`,
`Drift.endpoint`.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal, Protocol

from pydantic import BeforeValidator, Field, SecretStr, field_validator, model_validator

from gateway.config_settings import GuardSettings
from gateway.config_words import service_url

DEV = "dev"  # as a baseline: the environment of that name, not something stored
PATH = "/v1/embeddings"
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_SPAN = re.compile(r"([0-9]{1,7})([smhdw])")
_POINTER = re.compile(r"(?:/(?:[^/~]|~[01])*)+")
_STORED = r"^[a-z0-9][a-z0-9._-]{0,63}$"


class Provides(Protocol):
    """What is asked here of a provider's settings."""

    @property
    def dialect(self) -> str: ...
    @property
    def base_url(self) -> str: ...
    @property
    def key(self) -> SecretStr | None: ...
    @property
    def allow_private(self) -> bool: ...
    @property
    def ca_file(self) -> Path | None: ...


def seconds(text: str) -> float:
    """A span of time, such as 30m, in seconds. Raises ValueError."""
    found = _SPAN.fullmatch(text.strip())
    if found is None or not int(found[1]):
        raise ValueError("not a span of time; expected a whole number with s, m, h, d or w, such as 30m, 12h or 7d")
    return float(int(found[1]) * _UNITS[found[2]])


def spelled(span: float) -> str:
    """Seconds as `seconds` takes them."""
    unit, size = next((unit, size) for unit, size in reversed(_UNITS.items()) if span % size == 0 or size == 1)
    return f"{span / size:g}{unit}"


def _span(least: str, most: str) -> BeforeValidator:
    low, high = seconds(least), seconds(most)

    def read(value: Any) -> Any:
        if isinstance(value, float) and low <= value <= high:
            return value  # one that was read before
        span = seconds(value if isinstance(value, str) else "")
        if not low <= span <= high:
            raise ValueError(f"{value} is out of bounds; expected {least} to {most}")
        return span

    return BeforeValidator(read)


def _moment(value: Any) -> Any:
    """A date, a point in time, or a span back from now, which stays one. Without a zone it is UTC."""
    if isinstance(value, str) and _SPAN.fullmatch(value):
        return seconds(value)
    try:
        found = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        found = None
    if isinstance(found, dt.date) and not isinstance(found, dt.datetime):
        found = dt.datetime(found.year, found.month, found.day)
    if isinstance(found, dt.datetime):
        return found if found.tzinfo else found.replace(tzinfo=dt.UTC)
    if isinstance(found, float):
        return found
    raise ValueError("not a time; expected 2026-01-31, 2026-01-31T12:00:00Z, or a span back from now such as 12h or 7d")


Moment = Annotated[dt.datetime | float | None, BeforeValidator(_moment)]


class Source(GuardSettings):
    """What a baseline is: one that is stored, by its name; or exchanges that are all that is said here. A word alone: dev, that environment; else a name."""

    name: str | None = Field(default=None, pattern=_STORED)
    version: int | None = Field(default=None, ge=1)  # of a stored one; the latest where it is left out
    env: str | None = None
    tag: dict[str, str] = Field(default_factory=dict)
    prompt_version: str | None = None
    since: Moment = None
    until: Moment = None

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        return ({"env": DEV} if value == DEV else {"name": value}) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _either(self) -> Source:
        taken = any((self.env, self.tag, self.prompt_version, self.since, self.until))
        if (self.name is None) != taken:
            raise ValueError("expected the name of a stored baseline, or some of env, tag, prompt_version, since, until")
        if self.version is not None and self.name is None:
            raise ValueError("a version belongs to the name of a stored baseline")
        if isinstance(self.since, float) and isinstance(self.until, float) and self.since <= self.until:
            raise ValueError("since is not before until")
        if isinstance(self.since, dt.datetime) and isinstance(self.until, dt.datetime) and self.since >= self.until:
            raise ValueError("since is not before until")
        return self

    def fields(self, now: dt.datetime) -> dict[str, Any]:
        """For gateway.drift.samples.Source: spans back from now as the moments that they mean now."""
        since, until = (now - dt.timedelta(seconds=each) if isinstance(each, float) else each for each in (self.since, self.until))
        same = {"name": self.name or "", "version": self.version, "env": self.env or "", "prompt_version": self.prompt_version or ""}
        return {**same, "tags": tuple(sorted(self.tag.items())), "since": since, "until": until}


class Comparison(GuardSettings):
    """What is compared with what, how often, and how. For an app only what differs from the rest needs to be said.

    window: exchanges, the last; with window_hours at most so many of those hours, drawn at random. alpha: of a look that somebody asks for.
    """

    enabled: bool = True
    baseline: Source = Field(default_factory=lambda: Source(env=DEV))
    baseline_rows: int = Field(default=2000, ge=50, le=20_000)
    every: Annotated[float, _span("5m", "4w")] = 3600.0
    window: int = Field(default=2000, ge=50, le=20_000)
    window_hours: float | None = Field(default=None, gt=0, le=8784)
    env: str = "prod"
    alpha: float = Field(default=0.01, gt=0, le=0.2)
    min_rows: int = Field(default=100, ge=20, le=20_000)  # of either side; with fewer nothing is tested
    per_prompt: bool = False  # each prompt name by itself, and not all together
    text: Literal["last_user", "prompt", "pointer"] = "last_user"
    pointer: str | None = None  # JSON pointer (RFC 6901) into the request's body

    @field_validator("pointer")
    @classmethod
    def _place(cls, value: str | None) -> str | None:
        if value is not None and not _POINTER.fullmatch(value):
            raise ValueError("not a JSON pointer; expected such as /metadata/question or /messages/0/content")
        return value

    def reads(self) -> dict[str, Any]:
        """For gateway.drift.selecting.Reads."""
        return {"text": self.text, "pointer": self.pointer or ""}


class Embeddings(GuardSettings):
    """An OpenAI-compatible endpoint for vectors: one of `providers`, with the key that the gate holds for it, or any other by its URL. Neither: the bundled model."""

    provider: str | None = None
    url: str | None = None  # in whole, with its path
    key: SecretStr | None = None
    allow_private: bool = False
    model: str | None = Field(default=None, min_length=1, max_length=200)
    deadline: Annotated[float, _span("1s", "10m")] = 30.0  # of one call
    batch: int = Field(default=64, ge=1, le=2048)  # texts in one call

    @field_validator("url")
    @classmethod
    def _url(cls, value: str | None) -> str | None:
        return None if value is None else service_url(value, PATH)

    @model_validator(mode="after")
    def _either(self) -> Embeddings:
        if self.provider is not None and self.url is not None:
            raise ValueError("expected provider or url, one of the two")
        if self.provider is not None and ("key" in self.model_fields_set or self.allow_private):
            raise ValueError("a provider has a key and an allow_private of its own; leave them out")
        if self.remote and self.model is None:
            raise ValueError("model is missing; expected the endpoint's name of it, such as text-embedding-3-small")
        if not self.remote and (self.model is not None or self.key is not None):
            raise ValueError("the bundled model has one name and no key; say provider or url, or leave them out")
        return self

    @property
    def remote(self) -> bool:
        return self.provider is not None or self.url is not None


class Label(GuardSettings):
    """A chat provider that is asked for one line about a topic: keywords and masked exemplars are sent to it."""

    provider: str
    model: str = Field(min_length=1, max_length=200)
    deadline: Annotated[float, _span("1s", "10m")] = 30.0


class Watch(GuardSettings):
    """The other side: what providers answer with, on unchanged inputs. window: the period looked at; before: the one before it that it is held against."""

    enabled: bool = True
    window: Annotated[float, _span("1h", "12w")] = 86400.0
    before: Annotated[float, _span("1h", "52w")] = 604800.0
    rows: int = Field(default=2000, ge=100, le=20_000)  # read of each period, by provider and model


class CanaryMessage(GuardSettings):
    role: Literal["system", "user", "assistant"]
    content: str = Field(min_length=1)


class Canary(GuardSettings):
    """A fixed prompt that is sent through the gate itself, again and again."""

    name: str = Field(pattern=_STORED)
    provider: str
    model: str = Field(min_length=1, max_length=256)
    prompt: str | None = Field(default=None, min_length=1)
    messages: tuple[CanaryMessage, ...] = ()
    repeat: int = Field(default=5, ge=2, le=50)
    every: Annotated[float, _span("1m", "4w")] = 21600.0
    app: str = "canary"
    max_tokens: int = Field(default=256, ge=1, le=4096)
    temperature: float | None = Field(default=0.0, ge=0, le=2)  # null: not sent, for models that refuse it
    key: SecretStr | None = None  # a gateway key, or the provider's own where the gate holds none

    @model_validator(mode="after")
    def _either(self) -> Canary:
        if (self.prompt is None) != bool(self.messages):
            raise ValueError("expected prompt or messages, one of the two")
        return self


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A provider to be asked by the gate itself. url: whole, with its path, or of a chat provider its base."""

    url: str
    model: str
    deadline_s: float
    key: str = field(default="", repr=False)
    allow_private: bool = False
    ca_file: Path | None = None
    batch: int = 1


class Drift(Comparison):
    """yearly_false_alarms: the chance that scheduled looks at an app alarm at all in a year without drift, all its prompts together.

    nice: how far scheduled runs stand behind everything else, as of nice(2).
    """

    apps: dict[str, Comparison] = Field(default_factory=dict)
    yearly_false_alarms: float = Field(default=0.05, gt=0, le=1)
    nice: int = Field(default=19, ge=0, le=19)
    embeddings: Embeddings = Field(default_factory=Embeddings)
    label: Label | None = None
    watch: Watch = Field(default_factory=Watch)
    canaries: tuple[Canary, ...] = ()
    canary_calls_per_day: int = Field(default=500, ge=1, le=100_000)  # of all canaries together; what is over is not sent

    def of(self, app: str) -> Comparison:
        """What holds for an app."""
        own = self.apps.get(app)
        said = {name: getattr(self, name) for name in Comparison.model_fields}
        return Comparison.model_construct(**said | ({name: getattr(own, name) for name in own.model_fields_set} if own is not None else {}))

    def endpoint(self, providers: Mapping[str, Provides]) -> Endpoint | None:
        """Where vectors come from; None: the bundled model."""
        asked = self.embeddings
        if asked.provider is not None:
            by = providers[asked.provider]
            return Endpoint(by.base_url.rstrip("/") + PATH, asked.model or "", asked.deadline, _secret(by.key), by.allow_private, by.ca_file, asked.batch)
        if asked.url is not None:
            return Endpoint(asked.url, asked.model or "", asked.deadline, _secret(asked.key), asked.allow_private, None, asked.batch)
        return None

    def labeller(self, providers: Mapping[str, Provides]) -> Endpoint | None:
        """Whom to ask for labels, by its base URL, in OpenAI's dialect; None: nobody."""
        if self.label is None:
            return None
        by = providers[self.label.provider]
        return Endpoint(by.base_url.rstrip("/"), self.label.model, self.label.deadline, _secret(by.key), by.allow_private, by.ca_file)


def _secret(value: SecretStr | None) -> str:
    return value.get_secret_value() if value is not None else ""


def problems(drift: Drift, providers: Mapping[str, Provides], touches: Any) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """What is wrong with settings each of which is right by itself, with its place. touches: whether a place is broken already (config_rules.Broken)."""
    for app in ("", *drift.apps):
        place: tuple[str | int, ...] = ("drift", "apps", app) if app else ("drift",)
        one = drift.of(app) if app else drift
        if one.text == "pointer" and one.pointer is None and not touches(*place):
            yield (*place, "text"), "pointer says nothing without pointer: give the JSON pointer, such as /metadata/question"
        own = drift.apps[app] if app else drift
        if "pointer" in own.model_fields_set and own.pointer is not None and one.text != "pointer" and not touches(*place):
            yield (*place, "pointer"), "is not read, for text is not pointer; add text: pointer"
        if one.min_rows > min(one.window, one.baseline_rows) and not touches(*place):
            yield (*place, "min_rows"), f"{one.min_rows} is more than window ({one.window}) or baseline_rows ({one.baseline_rows}) can ever have"
    if touches("providers") or not providers:
        return
    for name, asked in (("embeddings", drift.embeddings.provider), ("label", drift.label.provider if drift.label else None)):
        if asked is None or touches("drift", name):
            continue
        by = providers.get(asked)
        if by is None or by.dialect != "openai":
            near = difflib.get_close_matches(asked, [each for each, of in providers.items() if of.dialect == "openai"], n=1)
            yield ("drift", name, "provider"), f'"{asked}" is not a configured provider of the dialect openai' + (f'; did you mean "{near[0]}"?' if near else "")
        elif by.key is None and not by.allow_private:  # a model of one's own may need none
            yield ("drift", name, "provider"), f'the gate holds no key for "{asked}": give providers.{asked} its key' + (", or write url and key here" if name == "embeddings" else "")
    seen: set[str] = set()
    for index, canary in enumerate(drift.canaries):
        if touches("drift", "canaries", index):
            continue
        for what, words in _of_canary(canary, providers):
            yield ("drift", "canaries", index, what), words
        if canary.name in seen:
            yield ("drift", "canaries", index, "name"), f'two canaries have the name "{canary.name}"; give each its own'
        seen.add(canary.name)


def _of_canary(canary: Canary, providers: Mapping[str, Provides]) -> Iterator[tuple[str, str]]:
    by = providers.get(canary.provider)
    if by is None:
        near = difflib.get_close_matches(canary.provider, providers, n=1)
        yield "provider", f'"{canary.provider}" is not a configured provider' + (f'; did you mean "{near[0]}"?' if near else "")
    elif by.dialect == "opaque":
        yield "provider", f'"{canary.provider}" has the dialect opaque, in which nothing can be asked; expected openai, anthropic or gemini'
    elif canary.key is None:
        held = f'the gate holds the key of "{canary.provider}" and asks callers for a gateway key; "tidegate keys add" makes one'
        yield "key", f'missing; the gate holds no key of "{canary.provider}", so give the canary one' if by.key is None else f"missing; {held}"
