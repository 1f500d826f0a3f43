"""What is wrong with one place of `tidegate.yaml`, in the words of who wrote it: `what is so; expected what`.

Knows the settings' schema (from the models of gateway.config) and turns the errors of its validation into lines. A value is repeated only where it is
one word of a closed set, a name or a number: anything else may be a secret in the wrong place (law 8).
"""

from __future__ import annotations

import datetime as dt
import difflib
import json
import re
import types
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from urllib.parse import SplitResult, urlsplit

from annotated_types import Ge, Gt, Le, Lt, MaxLen
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from gateway.config_yaml import Place

# What a field wants, where its type does not say enough.
_WANTED = {
    "providers": "at least one provider: a name, and its dialect and base_url",
    "base_url": "a URL such as https://api.openai.com",
    "listen": "HOST:PORT, such as 127.0.0.1:8080",
    "admin": "HOST:PORT, such as 127.0.0.1:8081",
    "name": 'lower-case letters, digits, ".", "_" and "-", at most 64, such as pii-in',
    "detector": "pii, secrets, or the name of one in detectors.custom",
    "entry": 'a function as Python names it, such as "acme.codes:find"',
    "kind": 'capitals, digits and "_", 2 to 40 of them, such as ORDER_ID',
    "digest": '64 hexadecimal digits; "tidegate keys add" makes keys',
    "guardrails": 'a list of rules, each a line that begins with "- "',
    "patterns": "a list of {kind, pattern}",
    "allow": "a list of texts, or of {text or pattern, kinds}",
    "keys": "a list of {id, digest, app, env, providers}",
    "scores": "a kind and a number for each, such as {URL: 0.7}",
    "custom": "a name for each detector, and its entry or webhook and its kinds",
    "prices": "a model's name for each, and what it costs: {input, output}",
}
_KINDS_OF_RULES = 'names of kinds, such as EMAIL_ADDRESS ("tidegate guard kinds" lists them)'
_SHOWN = ("name", "entry", "kind", "kinds")  # fields whose value is repeated although it is not what it should be
_PLAIN = re.compile(r"[A-Za-z0-9_.:/*@ -]{1,60}")


def spelled(part: object) -> str:
    """A key as it is shown: in quotes and escaped where it holds anything but plain letters, for a letter of another script looks like one of ours."""
    text = str(part)
    return text if _PLAIN.fullmatch(text) else json.dumps(text[:60])


def service_url(value: str, path: str) -> str:
    """A URL of a service, whole and without credentials. path: of the example. Raises ValueError, which does not echo it: it may hold a password."""
    wanted = f"an http(s) URL without credentials, such as https://api.example{path}"
    parts = http_url(value, wanted)
    if parts.username or parts.password or parts.fragment:
        raise ValueError(f"expected {wanted}")
    return value


def http_url(value: str, wanted: str) -> SplitResult:
    """The parts of a URL. Raises ValueError in words that hold nothing of it: it may hold a password, also where it should not."""
    try:
        parts = urlsplit(value)
    except ValueError:
        raise ValueError(f"expected {wanted}") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or not value.isprintable() or " " in value:
        raise ValueError(f"expected {wanted}")
    try:
        port = parts.port
    except ValueError:
        port = 0
    if port == 0:
        raise ValueError("expected a port from 1 to 65535, or none")
    return parts


def sentence(error: Mapping[str, Any], place: Place, schema: type[BaseModel]) -> list[str]:
    """What one error of the validation means, without its place; several lines for one that names several things."""
    kind, value = error["type"], error["input"]
    if kind == "extra_forbidden":
        return [f"unknown key; {_nearest(str(place[-1]), place[:-1], schema)}"]
    if kind == "value_error":
        return str(error["ctx"]["error"]).splitlines()
    wanted = expected(place, schema)
    if kind == "missing":
        return [f"missing; expected {wanted}"]
    if kind == "literal_error" and (isinstance(value, bool) or (isinstance(value, str) and len(value) <= 60)):
        shown = json.dumps(str(value).lower() if isinstance(value, bool) else value)
        return [f"unknown value {shown}; expected {wanted}"]
    if kind in ("too_short", "string_too_short"):
        return [f"is empty; expected {wanted}"]
    if kind in ("invalid_key", "string_type") and place and not isinstance(place[-1], str):
        return [f"a key that is {_found(place[-1])}; expected text, in quotes if need be"]
    if kind.startswith(("greater_than", "less_than", "finite_number")):
        return [f"{value} is out of bounds; expected {wanted}" if isinstance(value, int | float) else f"out of bounds; expected {wanted}"]
    if kind in ("string_pattern_mismatch", "string_too_long") and isinstance(value, str):
        shown = f"{json.dumps(value[:60])} " if {part for part in place[-2:] if isinstance(part, str)} & set(_SHOWN) else ""
        return [f"{shown}is not spelled as it must be; expected {wanted}"]
    if value is None:
        return [nothing(place, schema)]
    quotes = ", put it in quotes" if wanted == "text" and isinstance(value, int | float | dt.date) else ""
    return [f"found {_found(value)}; expected {wanted}{quotes}"]


def nothing(place: Place, schema: type[BaseModel]) -> str:
    """What is wrong where a setting has no value."""
    return f"nothing stands here; expected {expected(place, schema)}, or take the key out"


def expected(place: Place, schema: type[BaseModel]) -> str:
    """What may stand in a place."""
    hint, bounds = _at(place, schema)
    last = next((part for part in reversed(place) if isinstance(part, str)), "")
    inside = bool(place) and not isinstance(place[-1], str)
    if last in ("kind", "kinds") and "custom" in place:
        return _WANTED["kind"]
    if last in _WANTED and not inside:
        return _WANTED[last]
    return _KINDS_OF_RULES if last == "kinds" else _wanted(hint, bounds)


def _wanted(hint: Any, bounds: list[Any]) -> str:
    origin, inner = get_origin(hint), [arg for arg in get_args(hint) if arg is not type(None)]
    if origin is Literal:
        words = [f"'{arg}'" for arg in inner]
        return f"one of {', '.join(words[:-1])} or {words[-1]}" if len(words) > 1 else f"one of {words[0]}"
    if origin in (Union, types.UnionType):
        return " or ".join(_wanted(arg, bounds) for arg in inner)
    if origin is tuple:
        return "a list" if isinstance(inner[0], type) and issubclass(inner[0], BaseModel) else f"{_wanted(inner[0], [])}, or a list of such"
    if origin is dict:
        return "a mapping (lines of key: value)"
    if hint is bool:
        return "true or false"
    if hint is int:
        return f"a whole number{_between(bounds)}"
    if hint is float or getattr(hint, "__name__", "") == "Decimal":
        return f"a number{_between(bounds)}"
    if hint is Path:
        return "a path"
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        return f"a mapping with some of: {', '.join(sorted(hint.model_fields))}"
    most = next((each.max_length for each in bounds if isinstance(each, MaxLen)), None)
    return f"text, at most {most} characters" if most else "text"


def _between(bounds: list[Any]) -> str:
    low = next((each.ge for each in bounds if isinstance(each, Ge)), None)
    high = next((each.le for each in bounds if isinstance(each, Le)), None)
    above = next((each.gt for each in bounds if isinstance(each, Gt)), None)
    under = next((each.lt for each in bounds if isinstance(each, Lt)), None)
    if low is not None and high is not None:
        return f", {low} to {high}"
    said = [f"{word} {bound}" for word, bound in (("at least", low), ("more than", above), ("at most", high), ("less than", under)) if bound is not None]
    return f", {' and '.join(said)}" if said else ""


def _found(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    names: tuple[tuple[type | tuple[type, ...], str], ...] = ((int, "a whole number"), (float, "a number"), (str, "text"), ((list, tuple), "a list"), (dict, "a mapping"), (dt.date, "a date"))
    return next((name for kind, name in names if isinstance(value, kind)), "something else")


# ------------------------------------------------------------------ the schema


def known(place: Place, schema: type[BaseModel]) -> list[str]:
    """The keys that a place may have."""
    hint, _ = _at(place, schema)
    model = _model(hint)
    return sorted(model.model_fields) if model else []


def _at(place: Place, schema: type[BaseModel]) -> tuple[Any, list[Any]]:
    """The type of a place, and what bounds it."""
    hint: Any = schema
    bounds: list[Any] = []
    for part in place:
        hint = _bare(hint)[0]
        model, origin = _model(hint), get_origin(hint)
        if model is not None and isinstance(part, str) and part in model.model_fields and origin is not tuple:
            field = model.model_fields[part]
            hint, bounds = field.annotation, list(field.metadata)
        elif origin is dict:
            hint, bounds = get_args(hint)[1], []
        elif origin is tuple:
            hint, bounds = get_args(hint)[0], []
        else:
            return hint, bounds
        hint, more = _bare(hint)
        bounds += more
    return hint, bounds


def _bare(hint: Any) -> tuple[Any, list[Any]]:
    """A type without Annotated and without None."""
    if get_origin(hint) is Annotated:
        inner, *notes = get_args(hint)
        return inner, [each for note in notes for each in (note.metadata if isinstance(note, FieldInfo) else [note])]
    if get_origin(hint) in (Union, types.UnionType):
        inner = [arg for arg in get_args(hint) if arg is not type(None)]
        return (inner[0], []) if len(inner) == 1 else (hint, [])
    return hint, []


def _model(hint: Any) -> type[BaseModel] | None:
    return hint if isinstance(hint, type) and issubclass(hint, BaseModel) else None


def _nearest(key: str, place: Place, schema: type[BaseModel]) -> str:
    here = known(place, schema)
    if near := difflib.get_close_matches(key, here, n=1):
        return f'did you mean "{near[0]}"?'
    elsewhere = sorted({where for where, name in _everywhere(schema) if name == key})
    if elsewhere:
        return f"it belongs to {' or '.join(elsewhere)}"
    return f"known here: {', '.join(here)}"


def _everywhere(hint: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """(place, key) of every setting."""
    hint = _bare(hint)[0]
    model = _model(hint)
    if model is not None:
        for name, field in model.model_fields.items():
            if place:
                yield place, name
            yield from _everywhere(field.annotation, f"{place}.{name}" if place else name)
    elif get_origin(hint) is dict:
        yield from _everywhere(get_args(hint)[1], f"{place}.NAME")
    elif get_origin(hint) is tuple:
        yield from _everywhere(get_args(hint)[0], place)
