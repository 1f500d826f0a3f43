"""A reply as JSON, and against a JSON Schema.

Grammar: RFC 8259, read by orjson, which takes no NaN, no comment, no half of a surrogate pair. Beyond the grammar refused, as readers disagree on
it: a name that an object has twice, a number that no double can hold, nesting deeper than MAX_DEPTH.

Schemas: drafts 4, 6, 7, 2019-09 and 2020-12 by jsonschema-rs, chosen by `$schema`, else 2020-12. Nothing is fetched: a `$ref` that leaves the schema
is refused when it is compiled. `pattern` and `patternProperties` run on an engine that is linear, so one with look-around or back-references
is refused. `format` asserts only where it is asked to.

Whether a value is valid is asked first, which is fast whatever the value. Where it is not, is asked of a copy of the schema in which `anyOf` and
`oneOf` are only right or wrong: the library would explain every branch of every element, which takes seconds for a reply of a megabyte
and grows exponentially with nesting. No more than MAX_PROBLEMS are told, of a long reply the first.

Deliberately absent: error messages of the library (they quote the reply), and property names in pointers unless the schema itself has them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate, islice
from typing import Any

import jsonschema_rs
import orjson

MAX_DEPTH = 128
MAX_PROBLEMS = 5
MAX_SCHEMA = 1 << 20  # characters
_ALL_TOLD = 4096  # characters of a reply of which all problems are worked out before the first MAX_PROBLEMS are taken
_FENCE = re.compile(r"(`{3,})[ \t]*(?:json|JSON)?[ \t]*\r?\n")
_STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"', re.S)
_STEPS = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
_NO_STRUCTURE = bytes(code for code in range(256) if code not in _STEPS)
_DRAFTS = "draft-04 draft-06 draft-07 2019-09 2020-12"
_NAMES = ("properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "dependencies")  # hold schemas by name
_VALUES = ("const", "enum", "default", "examples")  # hold values
_REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")


@dataclass(frozen=True, slots=True)
class Broken:
    """Why a reply is no JSON. at: the code point where that shows, of the reply; None: nowhere in particular."""

    detail: str
    at: int | None = None


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a reply says. value: as the schema sees it."""

    value: Any


class _Refused(Exception):
    """Of the callbacks below; never leaves this file."""


def parse(reply: str, *, fenced: bool = False) -> Parsed | Broken:
    """The reply as JSON. fenced: it may stand in one code fence, with nothing around that."""
    start, end = _unfenced(reply) if fenced else (0, len(reply))
    text = reply[start:end]
    if text.count("[") + text.count("{") > MAX_DEPTH and _depth(text) > MAX_DEPTH:
        return Broken(f"nested deeper than {MAX_DEPTH}")
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError as failed:
        if not text.strip():
            return Broken("empty")
        return Broken("a number that no double can hold" if "infinity" in failed.msg else "not JSON", start + min(failed.pos, len(text)))
    try:
        return Parsed(_READER.decode(text))
    except _Refused as refused:
        return Broken(str(refused))
    except (ValueError, RecursionError):
        return Broken("not JSON")


def _unfenced(reply: str) -> tuple[int, int]:
    start, end = len(reply) - len(reply.lstrip()), len(reply.rstrip())
    opened = _FENCE.match(reply, start)
    if opened and reply.endswith(opened[1], opened.end(), end):
        return opened.end(), end - len(opened[1])
    return start, end


def _depth(text: str) -> int:
    steps = _STRING.sub("", text).encode("utf-8", "replace").translate(None, _NO_STRUCTURE)
    return max(accumulate(map(_STEPS.__getitem__, steps)), default=0)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _Refused("an object has a name twice")
    return found


_READER = json.JSONDecoder(object_pairs_hook=_object)  # after orjson, so no number in it is longer than a double's 309 digits


@dataclass(frozen=True, slots=True)
class Violation:
    """pointer: RFC 6901, of the place in the reply; names that the schema does not have are `*`.  keyword: of the schema; "": not worked out."""

    pointer: str
    keyword: str


class Schema:
    """A compiled schema."""

    __slots__ = ("_known", "_locate", "_recursive", "_valid")

    def __init__(self, schema: str, *, formats: bool = False) -> None:
        """schema: a JSON text.  formats: `format` asserts too.  Raises ValueError, saying what to change."""
        if len(schema) > MAX_SCHEMA:
            raise ValueError(f"schema of {len(schema)} characters: expected at most {MAX_SCHEMA}")
        read = parse(schema)
        if isinstance(read, Broken):
            raise ValueError(f"schema: {read.detail}" + (f" at character {read.at}" if read.at is not None else ""))
        if not isinstance(read.value, dict | bool):
            raise ValueError("schema: expected an object, true or false")
        self._valid: Callable[[Any], bool] = _compiled(read.value, formats=formats).is_valid
        self._locate: jsonschema_rs.Validator | None
        try:
            self._locate = _compiled(_told_apart(read.value), formats=formats)
        except ValueError:  # a $ref into what was moved
            self._locate = None
        self._known = frozenset(_names(read.value))
        self._recursive = _recursive(read.value)

    def valid(self, value: Any) -> bool:
        """value: what `parse` gave."""
        return self._valid(value)

    def violations(self, value: Any, size: int) -> list[Violation]:
        """Of a value that is not valid: at least one, at most MAX_PROBLEMS. size: characters of the reply."""
        found: dict[Violation, None] = {}
        for error in self._errors(value, size):
            keyword = next((str(part) for part in reversed(error.schema_path) if isinstance(part, str)), "")
            if keyword == "not":
                keyword = "anyOf/oneOf" if len(error.schema_path) > 2 and error.schema_path[-3] == "allOf" else "not"  # see _told_apart
            found[Violation(self._pointer(error.instance_path), keyword)] = None
        return list(found) or [Violation("", "")]

    def _errors(self, value: Any, size: int) -> Iterator[jsonschema_rs.ValidationError]:
        if self._locate is None:
            return
        if size <= _ALL_TOLD and not self._recursive:
            yield from islice(self._locate.iter_errors(value), MAX_PROBLEMS)
            return
        try:
            self._locate.validate(value)
        except jsonschema_rs.ValidationError as error:
            yield error

    def _pointer(self, path: list[str | int]) -> str:
        parts = (str(part) if isinstance(part, int) else part if part in self._known else "*" for part in path)
        return "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in parts)


def _compiled(schema: Any, *, formats: bool) -> jsonschema_rs.Validator:
    try:
        return jsonschema_rs.validator_for(schema, validate_formats=formats, mask="*", pattern_options=jsonschema_rs.RegexOptions(), offline=True)
    except jsonschema_rs.ValidationError as failed:
        at = "/".join(map(str, failed.instance_path))
        if '"regex"' in failed.message:
            reason = "a pattern that is not a regular expression, or not a linear one (look-around, back-references, or too large)"
        elif isinstance(failed.kind, jsonschema_rs.ValidationErrorKind.Referencing) or "etriev" in failed.message or "meta-schema" in failed.message:
            reason = f"a reference that leaves the schema, which is never fetched, or a $schema that is none of {_DRAFTS}"
        else:
            reason = f"not a valid schema ({failed.kind.name})"
        raise ValueError(f"schema: at /{at}: {reason}") from None
    except (jsonschema_rs.ReferencingError, ValueError):
        raise ValueError("schema: a reference that leaves the schema or leads nowhere; nothing is fetched") from None


def _told_apart(schema: Any) -> Any:
    """The same schema, with what is told of an `anyOf` or `oneOf` being that it failed: not(not(x)) is x, and the library explains no `not`."""
    if not isinstance(schema, Mapping):
        return schema
    made: dict[str, Any] = {}
    moved: list[dict[str, Any]] = []
    for key, value in schema.items():
        if key in ("anyOf", "oneOf"):
            moved.append({"not": {"not": {key: value}}})
        elif key in _NAMES and isinstance(value, Mapping):
            made[key] = {name: _told_apart(each) for name, each in value.items()}
        elif isinstance(value, list) and key not in _VALUES:
            made[key] = [_told_apart(each) for each in value]
        else:
            made[key] = value if key in _VALUES else _told_apart(value)
    if moved:
        made["allOf"] = [*made.get("allOf", []), *moved]
    return made


def _names(schema: Any) -> Iterator[str]:
    """What the schema calls properties."""
    waiting = [schema]
    while waiting:
        at = waiting.pop()
        if isinstance(at, Mapping):
            for key, value in at.items():
                if key in ("properties", "dependentSchemas", "dependentRequired") and isinstance(value, Mapping):
                    yield from value
                elif key == "required" and isinstance(value, list):
                    yield from (each for each in value if isinstance(each, str))
                waiting.append(value)
        elif isinstance(at, list):
            waiting.extend(at)


def _recursive(schema: Any) -> bool:
    """Whether a reference may lead back to itself; True when in doubt (anchors, dynamic references)."""
    leads: dict[str, list[str]] = {}
    waiting = _references(schema)
    while waiting:
        to = waiting.pop()
        if to in leads:
            continue
        part = _at(schema, to)
        if part is None:
            return True
        leads[to] = _references(part)
        waiting += leads[to]
    done: set[str] = set()
    for _ in leads:
        done |= {name for name, others in leads.items() if all(other in done for other in others)}
    return len(done) < len(leads)


def _references(schema: Any) -> list[str]:
    found: list[str] = []
    waiting = [schema]
    while waiting:
        at = waiting.pop()
        if isinstance(at, Mapping):
            found += [str(at[key]) if key == "$ref" else "" for key in _REFERENCES if key in at]
            waiting.extend(at.values())
        elif isinstance(at, list):
            waiting.extend(at)
    return found


def _at(schema: Any, reference: str) -> Any:
    if not reference.startswith("#/"):
        return None
    for part in reference[2:].split("/"):
        name = part.replace("~1", "/").replace("~0", "~")
        schema = schema.get(name) if isinstance(schema, Mapping) else None
    return schema
