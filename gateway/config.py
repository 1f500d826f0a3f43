"""`tidegate.yaml` as frozen settings.

One file; unknown keys are refused with their path and the nearest known key; `${NAME}` takes a value from the environment, the
only place for secrets. Every problem of a file is named at once, with its line (gateway.config_reading). Seen by the composition roots only
(cli, and the main function of each process); everything else is handed the values it needs.
"""

from __future__ import annotations

import difflib
import ipaddress
import json
import os
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator

from gateway import config_drift, config_guard, config_objectives, config_routes, config_telemetry
from gateway import config_reading as reading
from gateway.config_judges import PATH, Service
from gateway.config_rules import Broken, Problem, problems_of
from gateway.config_settings import GuardSettings
from gateway.config_words import http_url
from gateway.detection.terms import PoolTerms
from gateway.errors import ConfigError
from gateway.guard.policy import Policy

if TYPE_CHECKING:
    from gateway.guard.engines import Engines

MIN_SECRET_CHARS = 16  # as gateway.journal_seal has it, which brings cryptography
RESERVED = {"v1", "v1beta", "v1alpha", "upload", "-", "api", "metrics"}
DialectName = Literal["openai", "anthropic", "gemini", "opaque"]
BASE_VARIABLE = "TIDEGATE_CONFIG_BASE"  # set by the supervisor, whose children read a copy of the file from elsewhere
SOURCE_VARIABLE = "TIDEGATE_CONFIG_SOURCE"  # likewise: the file itself, which an operator may have edited since
_HOST = re.compile(r"[A-Za-z0-9._-]+|\[?[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(?:%[A-Za-z0-9._-]+)?\]?")  # a name or an address
_OPERATORS_NEED_NOT = re.compile(r"providers\.[^.]+\.key|detectors\.moderation\.service\.key|server\.admin_token|detectors\.custom\.[^.]+\.token|journal_key|drift\.embeddings\.key|drift\.canaries\.[^.]+\.key")


class Listener(GuardSettings):
    """host:port."""

    host: str
    port: int = Field(ge=0, le=65535)

    @model_validator(mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        if isinstance(value, str):
            host, _, port = value.rpartition(":")
            if not _HOST.fullmatch(host) or not re.fullmatch(r"[0-9]{1,9}", port):
                raise ValueError(f"{json.dumps(value[:60])} is not HOST:PORT, such as 127.0.0.1:8080 or [::1]:8080")
            return {"host": host.strip("[]"), "port": int(port)}
        if not isinstance(value, dict | Listener):
            raise ValueError("expected HOST:PORT, such as 127.0.0.1:8080")
        return value

    @property
    def loopback(self) -> bool:
        return self.host in ("localhost", "::1") or self.host.startswith("127.")


class Server(GuardSettings):
    listen: Listener = Field(default_factory=lambda: Listener(host="127.0.0.1", port=8080))
    admin: Listener = Field(default_factory=lambda: Listener(host="127.0.0.1", port=8081))
    admin_token: SecretStr | None = None  # asked for on the admin port as a bearer token; a must beyond loopback
    workers: int | Literal["auto"] = "auto"
    max_body_bytes: int = Field(default=32 << 20, ge=1024)
    header_timeout_s: float = Field(default=10.0, gt=0)
    body_timeout_s: float = Field(default=120.0, gt=0)
    keepalive_s: float = Field(default=75.0, gt=0)
    drain_s: float = Field(default=300.0, ge=0)
    max_inflight: int = Field(default=4096, ge=1)  # exchanges at once; this and the next three are of all workers together
    max_queue: int = Field(default=512, ge=0)  # requests that wait to be let in
    queue_s: float = Field(default=0.5, ge=0, le=60)  # for how long at most
    memory_bytes: int | Literal["auto"] = "auto"  # auto: four tenths of what the machine or the control group has
    default_app: str = "default"
    default_env: str = "prod"

    @field_validator("workers", mode="before")
    @classmethod
    def _some(cls, value: Any) -> Any:
        if value != "auto" and not (type(value) is int and 1 <= value <= 256):
            raise ValueError("expected auto, or 1 to 256")
        return value

    @field_validator("memory_bytes", mode="before")
    @classmethod
    def _enough(cls, value: Any) -> Any:
        if value != "auto" and not (type(value) is int and value >= 1 << 27):
            raise ValueError(f"expected auto, or at least {1 << 27} bytes")
        return value

    @property
    def worker_count(self) -> int:
        return self.workers if isinstance(self.workers, int) else max(1, min(8, (os.cpu_count() or 1) - 1))


class Timeouts(GuardSettings):
    """Of one exchange with a provider, seconds."""

    connect_s: float = Field(default=5.0, gt=0)
    first_byte_s: float = Field(default=300.0, gt=0)  # until the reply's head: a long answer that is not streamed takes minutes
    idle_s: float = Field(default=60.0, gt=0)  # between two pieces of a reply
    total_s: float = Field(default=1800.0, gt=0)


class Provider(GuardSettings):
    dialect: DialectName
    base_url: str
    key: SecretStr | None = None
    default: bool = False  # takes the paths without a provider name; otherwise the first of its dialect does
    allow_private: bool = False
    ca_file: Path | None = None
    on_disconnect: Literal["abort", "drain"] = "abort"
    ask_usage: bool = True  # add stream_options.include_usage upstream, and strip the frame it brings
    prices_as: str | None = None  # genai-prices' name of the provider whose prices hold, where the dialect's own does not
    keepalive_s: float = Field(default=30.0, ge=0)
    timeouts: Timeouts = Field(default_factory=Timeouts)
    retries: config_routes.Retries | None = None  # its own terms

    @field_validator("base_url")
    @classmethod
    def _url(cls, value: str) -> str:
        parts = http_url(value, "an http(s) URL")
        if parts.username or parts.password or parts.query or parts.fragment:
            raise ValueError("expected scheme, host and path only")
        return value.rstrip("/")


class GatewayKey(GuardSettings):
    """A gateway key, known by its HMAC-SHA-256 digest. `providers` empty: all."""

    id: str = Field(min_length=1, max_length=64)
    digest: str = Field(pattern=r"^[0-9a-f]{64}$")
    app: str | None = None
    env: str | None = None
    providers: tuple[str, ...] = ()


class Price(GuardSettings):
    """What a model costs, US dollars for `per` tokens. Unset parts cost what `input` or `output` costs."""

    input: Decimal = Field(ge=0)
    output: Decimal = Field(default=Decimal(0), ge=0)
    cache_read: Decimal | None = Field(default=None, ge=0)
    cache_write: Decimal | None = Field(default=None, ge=0)
    cache_write_1h: Decimal | None = Field(default=None, ge=0)
    input_audio: Decimal | None = Field(default=None, ge=0)
    output_audio: Decimal | None = Field(default=None, ge=0)
    per: int = Field(default=1_000_000, ge=1)

    @field_validator("*", mode="before")
    @classmethod
    def _exact(cls, value: Any) -> Any:
        return str(value) if isinstance(value, float) else value  # 0.06 means 0.06, not its nearest double


class Store(GuardSettings):
    url: str = Field(default="embedded", repr=False)  # may hold a password
    port: int = Field(default=0, ge=0, le=65535)  # of the embedded server; 0: any free one
    retention_days: int = Field(default=90, ge=1, le=3650)
    content: Literal["redacted", "full", "none"] = "redacted"
    cluster: str | None = None
    memory_bytes: int = Field(default=2_000_000_000, ge=400_000_000)  # of the embedded server

    @field_validator("url")
    @classmethod
    def _url(cls, value: str) -> str:
        if value != "embedded":
            http_url(value, "embedded, or http(s)://user:password@host:port/database")
        return value

    @property
    def embedded(self) -> bool:
        return self.url == "embedded"


class Record(GuardSettings):
    """The record plane."""

    max_batch_rows: int = Field(default=2000, ge=1)
    max_batch_s: float = Field(default=0.5, gt=0)
    max_body_bytes: int = Field(default=8 << 20, ge=0)  # of one body in the store
    hold_s: float = Field(default=600.0, ge=0)  # how long stored segments stay on disk
    segment_bytes: int = Field(default=64 << 20, ge=1 << 20)


class Settings(GuardSettings):
    server: Server = Field(default_factory=Server)
    data_dir: Path = Path(".tidegate")
    durability: Literal["normal", "strict"] = "normal"
    providers: dict[str, Provider]
    retries: config_routes.Retries = Field(default_factory=config_routes.Retries)
    breaker: config_routes.Breaker = Field(default_factory=config_routes.Breaker)
    routes: dict[str, config_routes.Route] = Field(default_factory=dict)
    keys: tuple[GatewayKey, ...] = ()
    keys_file: Path | None = None  # default: <data_dir>/keys.yaml
    key_pepper: SecretStr | None = None  # default: a random one in <data_dir>/pepper; set it where several gates share keys
    journal_key: SecretStr | None = None  # default: a random one in <data_dir>/journal.key
    guardrails: tuple[config_guard.Guardrail, ...] = ()
    detectors: config_guard.Detectors = Field(default_factory=config_guard.Detectors)
    guard: config_guard.Guard = Field(default_factory=config_guard.Guard)
    prices: dict[str, Price] = Field(default_factory=dict)  # "model" or "provider/model"
    store: Store = Field(default_factory=Store)
    record: Record = Field(default_factory=Record)
    telemetry: config_telemetry.Telemetry = Field(default_factory=config_telemetry.Telemetry)
    drift: config_drift.Drift = Field(default_factory=config_drift.Drift)
    objectives: config_objectives.Promises = Field(default_factory=config_objectives.Promises)

    @field_validator("data_dir", "keys_file")
    @classmethod
    def _path(cls, value: Path | None) -> Path | None:
        if "\0" in str(value):
            raise ValueError("holds a NUL character, which no path can")
        return value

    @property
    def policy(self) -> Policy:
        """The rules, those for the record included: with `store.content: redacted` there always are some."""
        return config_guard.policy(self.guardrails, self.detectors, self.guard, redacts=self.store.content == "redacted")

    @property
    def engines(self) -> Engines:
        """The detectors, built anew: to be asked for once."""
        from gateway import config_engines  # late: most processes read the configuration and look at no text

        return config_engines.engines(self.detectors, self.guardrails)

    @property
    def detection_terms(self) -> PoolTerms:
        """What the detector pool runs."""
        return config_guard.pool_terms(self.policy.rules, self.detectors, self.guard, self.data_dir, self.moderation_service)

    @property
    def moderation_service(self) -> Service | None:
        """Whom moderation asks; None: the local model."""
        asked = self.detectors.moderation.service
        if asked is None:
            return None
        if asked.provider is None:
            return Service.of(asked, asked.url or "", asked.key.get_secret_value() if asked.key else "", allow_private=asked.allow_private, ca_file=None)
        by = self.providers[asked.provider]
        return Service.of(asked, by.base_url.rstrip("/") + PATH, by.key.get_secret_value() if by.key else "", allow_private=by.allow_private, ca_file=by.ca_file)

    @property
    def needs_pool(self) -> bool:
        """Whether any rule asks the detector pool."""
        terms = self.detection_terms
        return bool(terms.models or terms.customs or terms.endpoints)

    @property
    def effective_keys_file(self) -> Path:
        return self.keys_file or self.data_dir / "keys.yaml"


def load(path: Path, *, needs_secrets: bool = True) -> Settings:
    """Read a file. Raises ConfigError with every problem, each line "path: what; what to do".

    needs_secrets False: for who only looks. Provider keys and the admin token may then name variables that are not set; they read as `config_reading.UNSET`.
    """
    return parse(text_of(path), name=path.name, needs_secrets=needs_secrets, base=Path(os.environ.get(BASE_VARIABLE) or path.resolve().parent))


def text_of(path: Path) -> str:
    """What a file says. Raises ConfigError."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as e:
        raise ConfigError([f"{path}: {e.strerror}; expected a configuration file there"]) from e
    except UnicodeDecodeError as e:
        raise ConfigError([f"{path}: not text in UTF-8 (byte {e.start}); save it as such"]) from e


def parse(text: str, *, name: str = "tidegate.yaml", base: Path | None = None, needs_secrets: bool = True) -> Settings:
    """Settings from YAML text. Relative paths in it (data_dir, keys_file, ca_file) are taken from `base`, the file's directory. Raises ConfigError, as `load`."""


    def problems(settings: Settings, broken: Broken) -> Iterator[Problem]:
        return _problems(settings if base is None else _rooted(settings, base), broken)

    settings = reading.read(text, Settings, problems, name=name, left_out=None if needs_secrets else _OPERATORS_NEED_NOT)
    return settings if base is None else _rooted(settings, base)


def _rooted(settings: Settings, base: Path) -> Settings:
    """The same settings with every path made absolute."""
    providers = {n: p.model_copy(update={"ca_file": base / p.ca_file}) if p.ca_file else p for n, p in settings.providers.items()}
    keys_file = base / settings.keys_file if settings.keys_file else None
    formats = {name: each.rooted(base) for name, each in settings.detectors.formats.items()}
    detectors = settings.detectors.model_copy(update={"formats": formats})
    telemetry = settings.telemetry.rooted(base)
    return settings.model_copy(update={"data_dir": base / settings.data_dir, "keys_file": keys_file, "providers": providers, "detectors": detectors, "telemetry": telemetry})


def _problems(settings: Settings, broken: Broken) -> Iterator[Problem]:
    """What is wrong with settings each of which is right by itself. broken: what is not right by itself, and not to be judged."""
    for name, provider in settings.providers.items():
        if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,63}", name) or name in RESERVED:
            yield ("providers", name), f'not a usable name; expected lower-case letters, digits, ".", "_", "-", and none of {", ".join(sorted(RESERVED))}'
        if not broken.touches("providers", name, "base_url"):
            yield from ((("providers", name, "base_url"), words) for words in _address_problems(provider))
    for dialect in ("openai", "anthropic", "gemini"):
        if sum(p.default for p in settings.providers.values() if p.dialect == dialect) > 1:
            yield ("providers",), f"more than one default of dialect {dialect}; keep one"
    if not settings.providers and not broken.touches("providers"):
        yield ("providers",), "expected at least one"
    seen: set[str] = set()
    for index, key in enumerate(settings.keys):
        for provider_name in key.providers if ("providers",) not in broken else ():
            if provider_name not in settings.providers:
                near = difflib.get_close_matches(provider_name, settings.providers, n=1)
                yield ("keys", index, "providers"), f'"{provider_name}" is not a configured provider' + (f'; did you mean "{near[0]}"?' if near else "")
        if key.id in seen:
            yield ("keys", index), f'two keys have the id "{key.id}"; give each its own'
        seen.add(key.id)
    server = settings.server
    if server.admin == server.listen and server.admin.port:
        yield ("server", "admin"), "the same address as server.listen; give each its own"
    if not server.admin.loopback and server.admin_token is None and not broken.touches("server", "admin_token"):
        yield ("server", "admin"), "not on loopback, so server.admin_token must be set"
    for name, secret, least in (("journal_key", settings.journal_key, MIN_SECRET_CHARS), ("key_pepper", settings.key_pepper, 1)):
        if secret is not None and (size := len(secret.get_secret_value())) < least and not broken.touches(name):
            yield (name,), f"{size} characters; give it at least {MIN_SECRET_CHARS}, random ones, or leave it out"
    yield from problems_of(settings.guardrails, settings.detectors, settings.guard, broken)
    yield from config_drift.problems(settings.drift, settings.providers, broken.touches)
    yield from config_telemetry.problems(settings.telemetry, broken.touches)
    yield from config_objectives.problems(settings.objectives, settings.providers, broken.touches)
    yield from config_routes.problems(settings.routes, settings.breaker, settings.providers, RESERVED, broken.touches)
    service, place = settings.detectors.moderation.service, ("detectors", "moderation", "service", "provider")
    if service is not None and service.provider is not None and not broken.touches("providers") and not broken.touches(*place):
        by = settings.providers.get(service.provider)
        if by is None or by.dialect != "openai":
            yield place, f'"{service.provider}" is not a configured provider of the dialect openai'
        elif by.key is None:
            yield place, f'the gate holds no key for "{service.provider}": give providers.{service.provider} its key, or write url and key here'


def _address_problems(provider: Provider) -> list[str]:
    """What is wrong with a provider's base_url that a URL parser does not see."""
    problems = []
    versions = {"openai": "/v1", "anthropic": "/v1", "gemini": "/v1beta"}
    version = versions.get(provider.dialect)
    if version and urlsplit(provider.base_url).path.endswith(version):
        problems.append(f'leave "{version}" away; apps bring it with their own base URL')
    try:
        address = ipaddress.ip_address(urlsplit(provider.base_url).hostname or "")
    except ValueError:
        return problems
    if not address.is_global and not provider.allow_private:
        problems.append("an address that is not public, which is only used with allow_private: true")
    return problems
