"""Who is asked when, and how often again, in `tidegate.yaml`: `retries`, `breaker`, `routes`. Read by `gateway.config`, like everything else in that file.

A route is a name in the URL behind which several providers stand. Its targets speak one dialect; and because a caller's own key is only ever sent to the origin
that it was meant for, either the gate holds the key of each, or all of them are at one origin.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal, Protocol
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from gateway.config_settings import GuardSettings
from gateway.config_words import spelled

Reason = Literal["unreachable", "overloaded", "error", "rate_limited", "timeout", "reset"]
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_MODEL = re.compile(r"[^\x00-\x1f\x7f\"\\]{1,256}")


class Retries(GuardSettings):
    """How often an exchange may ask again. Where they are a provider's or a route's own, what they leave out is as above them."""

    per_request: int = Field(default=1, ge=0, le=10)
    of_traffic: float = Field(default=0.1, ge=0, le=1)
    on: tuple[Reason, ...] = ("unreachable", "overloaded", "error", "rate_limited")
    patience_s: float = Field(default=5.0, ge=0, le=300)

    def under(self, above: Retries) -> Retries:
        """These, with what they do not say taken from `above`."""
        return above.model_copy(update={name: getattr(self, name) for name in self.model_fields_set})


class Breaker(GuardSettings):
    """failures: in a row, until a provider is left alone; 0: never. open_s: how long at first, twice as long each time after, up to open_max_s."""

    failures: int = Field(default=10, ge=0, le=100_000)
    open_s: float = Field(default=5.0, gt=0, le=3600)
    open_max_s: float = Field(default=60.0, gt=0, le=3600)


class Target(GuardSettings):
    """One provider of a route. model: asked for in the place of what the app names."""

    provider: str
    model: str | None = None
    weight: int = Field(default=1, ge=1, le=1_000_000)

    @model_validator(mode="before")
    @classmethod
    def _named(cls, value: Any) -> Any:
        if isinstance(value, str):
            return {"provider": value}
        if not isinstance(value, dict | Target):
            raise ValueError("expected a provider's name, or {provider, model, weight}")
        return value

    @field_validator("model")
    @classmethod
    def _spelled(cls, value: str | None) -> str | None:
        if value is not None and not _MODEL.fullmatch(value):
            raise ValueError("expected a model's name, without quotes, backslashes and control characters")
        return value


class Hedge(GuardSettings):
    """A second target is asked when the first has been silent for longer than this share of its replies took to begin, and for min_s at least."""

    quantile: float = Field(default=0.95, ge=0.5, lt=1)
    min_s: float = Field(default=0.5, ge=0.01, le=600)


class Route(GuardSettings):
    """Several providers behind one name."""

    targets: tuple[Target, ...] = Field(min_length=1, max_length=16)
    pick: Literal["order", "weighted"] = "order"
    default: bool = False  # takes the paths without a name, as a provider's `default` does
    retries: Retries | None = None
    hedge: Hedge | None = None

    @field_validator("targets", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        return [value] if isinstance(value, str | dict) else value

    def terms(self, above: Retries) -> Retries:
        """Its own, and else those of the file; each other target may be asked once, whatever the file says, unless the route itself says how many."""
        own = (self.retries or Retries()).under(above)
        said = self.retries is not None and "per_request" in self.retries.model_fields_set
        return own if said else own.model_copy(update={"per_request": max(1, len(self.targets) - 1)})


class ProviderSettings(Protocol):
    """What is asked of gateway.config.Provider here."""

    @property
    def dialect(self) -> str: ...
    @property
    def base_url(self) -> str: ...
    @property
    def key(self) -> object | None: ...
    @property
    def default(self) -> bool: ...


Place = tuple[str | int, ...]


def problems(
    routes: Mapping[str, Route], breaker: Breaker, providers: Mapping[str, ProviderSettings], reserved: set[str], touches: Callable[..., bool]
) -> Iterator[tuple[Place, str]]:
    """What is wrong with settings each of which is right by itself, with its place. touches: whether a place, one above it or one in it is broken already (config_rules.Broken).

    What hangs on something broken is left out, and nothing else is.
    """
    if breaker.open_max_s < breaker.open_s and not touches("breaker"):
        yield ("breaker", "open_max_s"), f"{breaker.open_max_s:g} is less than breaker.open_s ({breaker.open_s:g}); give it at least that"
    defaults: dict[str, list[str]] = {}
    for name, route in routes.items():
        if not _NAME.fullmatch(name) or name in reserved:
            yield ("routes", name), f'not a usable name; expected lower-case letters, digits, ".", "_", "-", and none of {", ".join(sorted(reserved))}'
        elif name in providers:
            yield ("routes", name), f"there is a provider of this name, and both are reached at /{name}/; give the route another"
        place: Place = ("routes", name, "targets")
        targets = [(index, target) for index, target in enumerate(route.targets) if not touches(*place, index, "provider")]
        for index, target in targets:
            if target.provider not in providers and not touches("providers", target.provider):
                near = difflib.get_close_matches(target.provider, providers, n=1)
                isroute = "a route, and routes do not lead to routes" if target.provider in routes else "not a configured provider"
                yield (*place, index), f"{spelled(target.provider)} is {isroute}" + (f'; did you mean "{near[0]}"?' if near else "")
        yield from _twice(place, targets, touches)
        if route.pick == "order" and any("weight" in target.model_fields_set for _, target in targets) and not touches("routes", name, "pick"):
            yield ("routes", name, "pick"), "a target has a weight, but targets are taken in order; set pick: weighted, or take the weight out"
        if route.hedge is not None and len(route.targets) < 2 and not touches(*place, ""):  # only what is in them may be broken
            yield ("routes", name, "hedge"), "a second target is asked, but there is only one; name another"
        asked = {target.provider: providers[target.provider] for _, target in targets if target.provider in providers and not touches("providers", target.provider)}
        yield from _fit(name, route, asked)
        if route.default and (first := asked.get(route.targets[0].provider)) is not None:
            defaults.setdefault(first.dialect, []).append(name)
    for dialect, names in defaults.items():
        others = [name for name, provider in providers.items() if provider.default and provider.dialect == dialect]
        if len(names) > 1 or others:
            both = " and ".join([*(f"routes.{each}" for each in names), *(f"providers.{each}" for each in others)])
            yield ("routes", names[-1], "default"), f"{both} are all defaults of dialect {dialect}; keep one"


def _twice(place: Place, targets: list[tuple[int, Target]], touches: Callable[..., bool]) -> Iterator[tuple[Place, str]]:
    seen: set[tuple[str, str | None]] = set()
    for index, target in targets:
        if touches(*place, index, "model"):
            continue
        if (target.provider, target.model) in seen:
            yield (*place, index), "the same target twice; use weight for more of it, and retries for asking it again"
        seen.add((target.provider, target.model))


def _fit(name: str, route: Route, asked: Mapping[str, ProviderSettings]) -> Iterator[tuple[Place, str]]:
    """Whether a route's targets may stand together. asked: those of them that are known, by name."""
    place: Place = ("routes", name, "targets")
    dialects = sorted({provider.dialect for provider in asked.values()})
    if len(dialects) > 1:
        yield place, f"targets of different dialects ({', '.join(dialects)}); expected one, for a request is passed on as it is"
    if route.default and "opaque" in dialects:
        yield ("routes", name, "default"), "paths without a name tell no provider of the dialect opaque; take it out"
    keyless = [each for each, provider in asked.items() if provider.key is None]
    if keyless and len({origin(provider.base_url) for provider in asked.values()}) > 1:
        yield place, f"the gate holds no key for {', '.join(map(spelled, keyless))}, and an app's own key is never sent to another origin; give each target's provider its key, or take targets of one origin"


def origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port of a base URL: who gets a key that is sent there."""
    parts = urlsplit(url)
    return parts.scheme, (parts.hostname or "").lower(), parts.port or (443 if parts.scheme == "https" else 80)
