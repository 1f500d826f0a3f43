"""The judges' part of `tidegate.yaml`: `detectors.moderation` and `detectors.formats`; and what runs for all of them. Read by `gateway.config_guard`.

A judge looks at whole texts, in the detector pool: `moderation` and `injection` at what is said, by whoever; formats and `grounding` at the answers of a reply.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import Field, SecretStr, field_validator, model_validator

from detectors import judge_kinds
from gateway.config_settings import GuardSettings
from gateway.config_words import service_url
from gateway.detection.terms import Custom, Endpoint, Model
from gateway.guard.engines import Engine, Reads

MODERATION, INJECTION, GROUNDING, FORMAT = "moderation", "injection", "grounding", "format"
JUDGES = frozenset((MODERATION, INJECTION, GROUNDING))
REPLY_JUDGES = frozenset((GROUNDING,))  # and all formats
PATH = "/v1/moderations"
_MODERATION, _INJECTION = frozenset(judge_kinds.MODERATION), frozenset(judge_kinds.INJECTION)
_FORMAT, _GROUNDING = frozenset(judge_kinds.FORMAT), frozenset(judge_kinds.GROUNDING)


class ModerationService(GuardSettings):
    """A service that speaks OpenAI's moderation API: one of `providers`, with the key that the gate holds for it, or any other by its URL."""

    provider: str | None = None
    url: str | None = None
    key: SecretStr | None = None  # sent as a bearer token
    allow_private: bool = False
    model: str = "omni-moderation-latest"
    deadline_ms: int = Field(default=500, ge=1, le=30_000)

    @field_validator("url")
    @classmethod
    def _url(cls, value: str | None) -> str | None:
        return None if value is None else service_url(value, PATH)

    @model_validator(mode="after")
    def _either(self) -> ModerationService:
        if (self.provider is None) == (self.url is None):
            raise ValueError("expected provider or url, one of the two")
        if self.provider is not None and ("key" in self.model_fields_set or self.allow_private):
            raise ValueError("a provider has a key and an allow_private of its own; leave them out")
        return self


class Moderation(GuardSettings):
    """Without a service the local model judges; with one it does where the service does not answer, unless local is false."""

    service: ModerationService | None = None
    local: bool = True


class FormatSettings(GuardSettings):
    """What a reply must be: the fields of detectors.format.Assertions, as a configuration says them. json_schema: a file, or the schema itself."""

    is_json: bool = False
    fenced: bool = False
    json_schema: Path | dict[str, Any] | None = None
    schema_formats: bool = False
    matches: str = ""
    max_chars: int | None = Field(default=None, ge=0)
    min_chars: int | None = Field(default=None, ge=0)
    max_words: int | None = Field(default=None, ge=0)
    min_words: int | None = Field(default=None, ge=0)
    max_lines: int | None = Field(default=None, ge=0)
    min_lines: int | None = Field(default=None, ge=0)
    languages: tuple[str, ...] = ()
    contains: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    not_empty: bool = False

    def fields(self) -> dict[str, Any]:
        """The assertions as JSON values. Raises OSError, ValueError if the schema's file cannot be read."""
        schema = self.json_schema
        text = "" if schema is None else schema.read_text() if isinstance(schema, Path) else json.dumps(schema)
        same = ("fenced", "max_chars", "min_chars", "max_words", "min_words", "max_lines", "min_lines", "not_empty")
        said = {name: getattr(self, name) for name in same} | {name: list(getattr(self, name)) for name in ("languages", "contains", "lacks")}
        return {"json": self.is_json, "schema": text, "formats": self.schema_formats, "pattern": self.matches, **said}

    def rooted(self, base: Path) -> FormatSettings:
        """The same with the schema's path made absolute."""
        return self.model_copy(update={"json_schema": base / self.json_schema}) if isinstance(self.json_schema, Path) else self


@dataclass(frozen=True, slots=True)
class Service:
    """Whom moderation asks, with the provider's URL and key filled in."""

    endpoint: Endpoint

    @classmethod
    def of(cls, settings: ModerationService, url: str, key: str, *, allow_private: bool, ca_file: Path | None) -> Service:
        asked = Custom(MODERATION, _MODERATION, webhook=url, token=key, allow_private=allow_private, ca_file=ca_file, deadline_s=settings.deadline_ms / 1000)
        return cls(Endpoint(asked, settings.model))


def engines(named: Mapping[str, FormatSettings]) -> dict[str, tuple[Engine, ...]]:
    """What runs for each judge's name. named: `detectors.formats`."""
    return {
        MODERATION: (Engine(MODERATION, MODERATION, _MODERATION, reads=Reads.SPOKEN),),
        INJECTION: (Engine(INJECTION, INJECTION, _INJECTION, reads=Reads.SPOKEN),),
        GROUNDING: (Engine(GROUNDING, GROUNDING, _GROUNDING, reads=Reads.REPLY, compares=True),),
        **{name: (Engine(name, name, _FORMAT, reads=Reads.REPLY, pool=FORMAT, before=name),) for name in named},
    }


def models(wanted: Collection[str], settings: Moderation, named: Mapping[str, FormatSettings], children: int) -> tuple[Model, ...]:
    """What the pool runs. wanted: the engines that rules ask."""
    found = []
    if MODERATION in wanted and (settings.service is None or settings.local):
        found.append(Model(MODERATION, "detectors.moderation:Moderation", _MODERATION, children=children))
    if INJECTION in wanted:
        found.append(Model(INJECTION, "gateway.detection.judges:Injections", _INJECTION, children=children))
    if FORMAT in wanted:
        options = {"formats": {name: each.fields() for name, each in named.items()}}
        found.append(Model(FORMAT, "gateway.detection.judges:Formats", _FORMAT, options, children=children))
    if GROUNDING in wanted:
        found.append(Model(GROUNDING, "gateway.detection.judges:Groundings", _GROUNDING, children=children))
    return tuple(found)


def problems(named: Mapping[str, FormatSettings]) -> Iterator[tuple[tuple[str, ...], str]]:
    """What is wrong with formats, each with its place below `detectors.formats`. Loads what checks them, if there are any."""
    if not named:
        return
    from detectors import format as formats
    from gateway.detection.judges import assertions

    for name, each in named.items():
        try:
            said = each.fields()
            formats.Format(assertions(said))
        except OSError as e:
            yield (name, "json_schema"), f"{e.filename}: {e.strerror}; expected a file with a JSON Schema there"
        except UnicodeDecodeError:
            yield (name, "json_schema"), "not text in UTF-8; expected a file with a JSON Schema"
        except ValueError as e:
            yield (name,), str(e)
        else:
            if each == FormatSettings():
                yield (name,), "asserts nothing; say what a reply must be"
