"""The operator's promises in `tidegate.yaml`: `objectives`. Read by `gateway.config`, like everything else in that file; alert rules and boards are made from them.

Nothing that relays or records asks for them: they are read where rules are made (`tidegate dashboards build`), and by the recorder for the names of the apps alone.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator
from types import MappingProxyType
from typing import Any

from pydantic import Field, field_validator

from dashboards.alerts.objectives import AppObjectives, Objectives, ProviderObjectives
from gateway.config_settings import GuardSettings
from gateway.config_words import http_url, spelled

MAX_LABEL_CHARS = 128  # as gateway.record.metrics has it: a longer name is "other" there
LONGEST_S = 600.0  # the histograms' last bound: beyond it nothing can be told
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


class _Promise(GuardSettings):
    @field_validator("*", mode="before")
    @classmethod
    def _no_word(cls, value: Any) -> Any:
        if isinstance(value, bool):
            raise ValueError(f"found {str(value).lower()}; expected a number")
        return value


class AppPromise(_Promise):
    """What holds for one app; None: what holds for all."""

    availability: float | None = Field(default=None, ge=0.9, le=0.99999)
    cost_per_day_usd: float | None = Field(default=None, gt=0)
    blocked_share: float | None = Field(default=None, gt=0, lt=1)
    novel_share: float | None = Field(default=None, gt=0, lt=1)


class ProviderPromise(_Promise):
    """What holds for one provider; None: what holds for all."""

    latency_p90_s: float | None = Field(default=None, gt=0, lt=LONGEST_S)
    first_chunk_p90_s: float | None = Field(default=None, gt=0, lt=LONGEST_S)


class Promises(_Promise):
    """See dashboards.alerts.objectives, whose defaults these are."""

    availability: float = Field(default=0.995, ge=0.9, le=0.99999)  # below, five times the promise could be broken and no window would show it
    latency_p90_s: float = Field(default=30.0, gt=0, lt=LONGEST_S)
    first_chunk_p90_s: float = Field(default=10.0, gt=0, lt=LONGEST_S)
    cost_per_day_usd: float | None = Field(default=None, gt=0)
    cost_spike: float = Field(default=3.0, gt=1, le=1000)
    cost_spike_usd: float = Field(default=5.0, ge=0)
    blocked_share: float = Field(default=0.1, gt=0, lt=1)
    novel_share: float = Field(default=0.1, gt=0, lt=1)
    least_calls: int = Field(default=20, ge=1, le=1_000_000)
    quiet_envs: tuple[str, ...] = ("dev",)
    ingest_lag_s: float = Field(default=60.0, gt=0)
    journal_bytes: int = Field(default=1 << 30, ge=1 << 20)
    disk_free_bytes: int = Field(default=2 << 30, ge=0)
    runbooks: str = "deploy/runbooks/"
    apps: dict[str, AppPromise] = Field(default_factory=dict)
    providers: dict[str, ProviderPromise] = Field(default_factory=dict)

    @field_validator("quiet_envs")
    @classmethod
    def _names(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for name in value:
            if words := _name_problem(name):
                raise ValueError(words)
        return value

    @field_validator("runbooks")
    @classmethod
    def _place(cls, value: str) -> str:
        wanted = "an http(s) URL without credentials, or a path, that ends with / or =, such as https://wiki.example/tidegate/"
        if _SCHEME.match(value):
            parts = http_url(value, wanted)
            if parts.username or parts.password:
                raise ValueError(f"expected {wanted}")
        # Two braces would begin a template, in Prometheus and in Grafana.
        if not value.isprintable() or "{{" in value or " " in value or len(value) > 500 or not value.endswith(("/", "=")):
            raise ValueError(f"expected {wanted}: a file's name is put behind it")
        return value

    @property
    def meant(self) -> Objectives:
        """As the rules want them."""
        said = {name: getattr(self, name) for name in type(self).model_fields if name not in ("apps", "providers")}
        apps = {name: AppObjectives(**own.model_dump()) for name, own in self.apps.items()}
        providers = {name: ProviderObjectives(**own.model_dump()) for name, own in self.providers.items()}
        return Objectives(**said, apps=MappingProxyType(apps), providers=MappingProxyType(providers))


def problems(promises: Promises, providers: Collection[str], touches: Any) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """What is wrong with settings each of which is right by itself, with its place. touches: whether a place is broken already (config_rules.Broken).

    Apps may be unknown: they name themselves. Providers may not.
    """
    for app in promises.apps:
        if words := _name_problem(app):
            yield ("objectives", "apps", app), words
    for name in promises.providers if providers and not touches("providers") else ():
        if name not in providers:
            near = difflib.get_close_matches(name, providers, n=1)
            yield ("objectives", "providers", name), f"{spelled(name)} is not a configured provider" + (f'; did you mean "{near[0]}"?' if near else "")


def _name_problem(name: str) -> str:
    """Why a name can never be a label's value; "": it can."""
    if not name:
        return 'an empty name; apps without a name are counted as "unknown"'
    if not name.isprintable() or len(name) > MAX_LABEL_CHARS:
        return f"expected at most {MAX_LABEL_CHARS} characters, all of them printable: metrics have no others"
    return ""
