"""`tidegate.yaml` as frozen settings.

One file; unknown keys are refused with their path and the nearest known key; `${NAME}` takes a value from the environment, the
only place for secrets. Every problem of a file is named at once. Seen by the composition roots only (cli, and the main function of
each process); everything else is handed the values it needs.
"""

from __future__ import annotations

import difflib
import ipaddress
import os
import re
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import pydantic
import yaml
from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from gateway import config_guard
from gateway.detection.terms import PoolTerms
from gateway.errors import ConfigError
from gateway.guard.engines import Engines
from gateway.guard.policy import Policy

RESERVED = {"v1", "v1beta", "v1alpha", "upload", "-", "api", "metrics"}
DialectName = Literal["openai", "anthropic", "gemini", "opaque"]
BASE_VARIABLE = "TIDEGATE_CONFIG_BASE"  # set by the supervisor, whose children read a copy of the file from elsewhere
_OPERATORS_NEED_NOT = re.compile(r"providers\.[^.]+\.key|server\.admin_token|detectors\.custom\.[^.]+\.token")
_ENV = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Listener(_Settings):
    """host:port."""

    host: str
    port: int = Field(ge=0, le=65535)

    @model_validator(mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        if isinstance(value, str):
            host, _, port = value.rpartition(":")
            if not host or not port.isdigit():
                raise ValueError(f'"{value}" is not HOST:PORT')
            return {"host": host.strip("[]"), "port": int(port)}
        if not isinstance(value, dict | Listener):
            raise ValueError("expected HOST:PORT, such as 127.0.0.1:8080")
        return value

    @property
    def loopback(self) -> bool:
        return self.host in ("localhost", "::1") or self.host.startswith("127.")


class Server(_Settings):
    listen: Listener = Field(default_factory=lambda: Listener(host="127.0.0.1", port=8080))
    admin: Listener = Field(default_factory=lambda: Listener(host="127.0.0.1", port=8081))
    admin_token: SecretStr | None = None  # asked for on the admin port as a bearer token; a must beyond loopback
    workers: int | Literal["auto"] = "auto"
    max_body_bytes: int = Field(default=32 << 20, ge=1024)
    header_timeout_s: float = Field(default=10.0, gt=0)
    body_timeout_s: float = Field(default=120.0, gt=0)
    keepalive_s: float = Field(default=75.0, gt=0)
    drain_s: float = Field(default=300.0, ge=0)
    default_app: str = "default"
    default_env: str = "prod"

    @field_validator("workers", mode="before")
    @classmethod
    def _some(cls, value: Any) -> Any:
        if value != "auto" and not (type(value) is int and 1 <= value <= 256):
            raise ValueError("expected auto, or 1 to 256")
        return value

    @property
    def worker_count(self) -> int:
        return self.workers if isinstance(self.workers, int) else max(1, min(8, (os.cpu_count() or 1) - 1))


class Timeouts(_Settings):
    """Of one exchange with a provider, seconds."""

    connect_s: float = Field(default=5.0, gt=0)
    first_byte_s: float = Field(default=300.0, gt=0)  # until the reply's head: a long answer that is not streamed takes minutes
    idle_s: float = Field(default=60.0, gt=0)  # between two pieces of a reply
    total_s: float = Field(default=1800.0, gt=0)


class Provider(_Settings):
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

    @field_validator("base_url")
    @classmethod
    def _url(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("expected an http(s) URL")  # not echoed: it may hold a password
        if parts.username or parts.password or parts.query or parts.fragment:
            raise ValueError("expected scheme, host and path only")
        _ = parts.port
        return value.rstrip("/")


class GatewayKey(_Settings):
    """A gateway key, known by its HMAC-SHA-256 digest. `providers` empty: all."""

    id: str = Field(min_length=1, max_length=64)
    digest: str = Field(pattern=r"^[0-9a-f]{64}$")
    app: str | None = None
    env: str | None = None
    providers: tuple[str, ...] = ()


class Price(_Settings):
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


class Store(_Settings):
    url: str = Field(default="embedded", repr=False)  # may hold a password
    port: int = Field(default=0, ge=0, le=65535)  # of the embedded server; 0: any free one
    retention_days: int = Field(default=90, ge=1, le=3650)
    content: Literal["redacted", "full", "none"] = "redacted"
    cluster: str | None = None
    memory_bytes: int = Field(default=2_000_000_000, ge=400_000_000)  # of the embedded server

    @field_validator("url")
    @classmethod
    def _url(cls, value: str) -> str:
        if value != "embedded" and urlsplit(value).scheme not in ("http", "https"):
            raise ValueError("expected embedded, or http(s)://user:password@host:port/database")
        return value

    @property
    def embedded(self) -> bool:
        return self.url == "embedded"


class Record(_Settings):
    """The record plane."""

    max_batch_rows: int = Field(default=1000, ge=1)
    max_batch_s: float = Field(default=0.5, gt=0)
    max_body_bytes: int = Field(default=8 << 20, ge=0)  # of one body in the store
    hold_s: float = Field(default=600.0, ge=0)  # how long stored segments stay on disk
    segment_bytes: int = Field(default=64 << 20, ge=1 << 20)


class Telemetry(_Settings):
    otlp_endpoint: str | None = None
    service_name: str = "tidegate"


class Settings(_Settings):
    server: Server = Field(default_factory=Server)
    data_dir: Path = Path(".tidegate")
    durability: Literal["normal", "strict"] = "normal"
    providers: dict[str, Provider]
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
    telemetry: Telemetry = Field(default_factory=Telemetry)

    @model_validator(mode="after")
    def _whole(self) -> Settings:
        problems = []
        for name in self.providers:
            if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,63}", name) or name in RESERVED:
                problems.append(f'providers.{name}: not a usable name; expected lower-case letters, digits, ".", "_", "-", and none of {", ".join(sorted(RESERVED))}')
        for name, provider in self.providers.items():
            problems += [f"providers.{name}.{problem}" for problem in _address_problems(provider)]
        for dialect in ("openai", "anthropic", "gemini"):
            if sum(p.default for p in self.providers.values() if p.dialect == dialect) > 1:
                problems.append(f"providers: more than one default of dialect {dialect}; keep one")
        if not self.providers:
            problems.append("providers: expected at least one")
        for key in self.keys:
            problems += [f'keys.{key.id}.providers: "{p}" is not a configured provider' for p in key.providers if p not in self.providers]
        if len({key.id for key in self.keys}) < len(self.keys):
            problems.append("keys: two have the same id")
        if self.server.admin == self.server.listen and self.server.admin.port:
            problems.append("server.admin: the same address as server.listen; give each its own")
        if not self.server.admin.loopback and self.server.admin_token is None:
            problems.append("server.admin: not on loopback, so server.admin_token must be set")
        problems += config_guard.problems_of(self.guardrails, self.detectors)
        if problems:
            raise ConfigError(problems)
        return self

    @property
    def policy(self) -> Policy:
        """The rules, those for the record included: with `store.content: redacted` there always are some."""
        return config_guard.policy(self.guardrails, self.detectors, self.guard, redacts=self.store.content == "redacted")

    @property
    def engines(self) -> Engines:
        """The detectors, built anew: to be asked for once."""
        return config_guard.engines(self.detectors)

    @property
    def detection_terms(self) -> PoolTerms:
        """What the detector pool runs."""
        return config_guard.pool_terms(self.policy.rules, self.detectors, self.guard, self.data_dir)

    @property
    def needs_pool(self) -> bool:
        """Whether any rule asks the detector pool."""
        terms = self.detection_terms
        return bool(terms.models or terms.customs)

    @property
    def effective_keys_file(self) -> Path:
        return self.keys_file or self.data_dir / "keys.yaml"


def load(path: Path, *, needs_secrets: bool = True) -> Settings:
    """Read a file. Raises ConfigError with every problem, each line "path: what; what to do".

    needs_secrets False: for who only looks. Provider keys and the admin token may then name variables that are not set; they read as "unset".
    """
    try:
        text = path.read_text()
    except OSError as e:
        raise ConfigError([f"{path}: {e.strerror}; expected a configuration file there"]) from e
    return parse(text, name=path.name, needs_secrets=needs_secrets, base=Path(os.environ.get(BASE_VARIABLE) or path.resolve().parent))


def parse(text: str, *, name: str = "tidegate.yaml", base: Path | None = None, needs_secrets: bool = True) -> Settings:
    """Settings from YAML text. Relative paths in it (data_dir, keys_file, ca_file) are taken from `base`, the file's directory."""
    try:
        raw = yaml.load(text, Loader=Strict)  # noqa: S506  a SafeLoader that also refuses a key given twice
    except yaml.YAMLError as e:
        mark = getattr(e, "problem_mark", None)
        where = f"line {mark.line + 1}: " if mark else ""
        raise ConfigError([f"{name}: {where}not YAML: {getattr(e, 'problem', None) or e.__class__.__name__}"]) from e
    if not isinstance(raw, dict):
        raise ConfigError([f"{name}: expected a mapping with providers: at the top"])
    problems: list[str] = []
    raw = _from_environment(raw, "", problems, needs_secrets)
    if problems:
        raise ConfigError([f"{name}: {p}" for p in problems])
    try:
        settings = Settings.model_validate(raw)
    except ConfigError as e:
        raise ConfigError([f"{name}: {p}" for p in e.problems]) from None
    except pydantic.ValidationError as e:
        raise ConfigError([f"{name}: {_problem(error)}" for error in e.errors()]) from None
    return settings if base is None else _rooted(settings, base)


def _rooted(settings: Settings, base: Path) -> Settings:
    """The same settings with every path made absolute."""
    providers = {n: p.model_copy(update={"ca_file": base / p.ca_file}) if p.ca_file else p for n, p in settings.providers.items()}
    keys_file = base / settings.keys_file if settings.keys_file else None
    return settings.model_copy(update={"data_dir": base / settings.data_dir, "keys_file": keys_file, "providers": providers})


class Strict(yaml.SafeLoader):
    """YAML without surprises: a key that stands twice is refused, because the first would silently be dropped; and `on` is a word, as in YAML 1.2."""

    yaml_implicit_resolvers = {  # noqa: RUF012  PyYAML's own way of saying it
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"] for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if isinstance(key, str) and key in seen:
                raise yaml.MarkedYAMLError(problem=f'the key "{key}" stands here twice', problem_mark=key_node.start_mark)
            if isinstance(key, str):
                seen.add(key)
        return super().construct_mapping(node, deep)


Strict.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"true|True|TRUE|false|False|FALSE"), list("tTfF"))


def _address_problems(provider: Provider) -> list[str]:
    """What is wrong with a provider's base_url that a URL parser does not see."""
    problems = []
    versions = {"openai": "/v1", "anthropic": "/v1", "gemini": "/v1beta"}
    version = versions.get(provider.dialect)
    if version and urlsplit(provider.base_url).path.endswith(version):
        problems.append(f'base_url: leave "{version}" away; apps bring it with their own base URL')
    try:
        address = ipaddress.ip_address(urlsplit(provider.base_url).hostname or "")
    except ValueError:
        return problems
    if not address.is_global and not provider.allow_private:
        problems.append("base_url: an address that is not public, which is only used with allow_private: true")
    return problems


def _from_environment(value: Any, path: str, problems: list[str], needs_secrets: bool) -> Any:
    if isinstance(value, dict):
        return {k: _from_environment(v, f"{path}.{k}" if path else str(k), problems, needs_secrets) for k, v in value.items()}
    if isinstance(value, list):
        return [_from_environment(v, f"{path}.{i}", problems, needs_secrets) for i, v in enumerate(value)]
    if isinstance(value, str):
        if not needs_secrets and _OPERATORS_NEED_NOT.fullmatch(path) and any(n not in os.environ for n in _ENV.findall(value)):
            return "unset"
        for missing in sorted({n for n in _ENV.findall(value) if n not in os.environ}):
            problems.append(f"{path}: the environment variable {missing} is not set")
        return _ENV.sub(lambda m: os.environ.get(m[1], ""), value)
    return value


def _problem(error: Any) -> str:
    path = ".".join(str(part) for part in error["loc"])
    kind = error["type"]
    if kind == "extra_forbidden":
        near = difflib.get_close_matches(str(error["loc"][-1]), _known(error["loc"][:-1]), n=1)
        return f"{path}: unknown key" + (f'; did you mean "{near[0]}"?' if near else f"; known here: {', '.join(_known(error['loc'][:-1]))}")
    if kind == "missing":
        return f"{path}: missing"
    if kind == "literal_error":
        return f'{path}: unknown value "{error["input"]}"; expected one of {error["ctx"]["expected"]}'
    message = error["msg"].removeprefix("Value error, ")
    return f"{path}: {message[:1].lower()}{message[1:]}"


def _known(loc: tuple[Any, ...]) -> list[str]:
    """The keys that a place in the file may have."""
    model: Any = Settings
    for part in loc:
        if isinstance(model, type) and issubclass(model, BaseModel) and part in model.model_fields:
            annotation = model.model_fields[str(part)].annotation
            args = [a for a in getattr(annotation, "__args__", ()) if isinstance(a, type) and issubclass(a, BaseModel)]
            model = args[0] if args else annotation
    return sorted(model.model_fields) if isinstance(model, type) and issubclass(model, BaseModel) else []
