"""From a file's text to settings, or to every problem of it at once.

Validation stops where something is wrong: a mapping with a wrong value is not looked at as a whole, and neither is what it belongs to. So each value
that is wrong is named, replaced by a harmless one in a copy, and the copy is validated again, until what is left can be looked at as a whole too.
The copy is never given to anybody.
"""

from __future__ import annotations

import copy
import os
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, TypeVar

import pydantic
from pydantic import BaseModel

from gateway.config_rules import Broken, Problem
from gateway.config_words import known, nothing, sentence, spelled
from gateway.config_yaml import Place, Written
from gateway.config_yaml import read as read_yaml
from gateway.errors import ConfigError

_ENV = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_SHELL = re.compile(r"\$[A-Z][A-Z0-9_]+")  # a variable as a shell has it, which nobody's secret is
_SECRETS = frozenset(("admin_token", "journal_key", "key", "key_pepper", "token"))
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_ROUNDS = 12
UNSET = "not-set-in-this-terminal"  # stands for a secret that who only looks does not need
# What stands in for an item that is wrong, by where it is ("*": anywhere): a field of it, or all of it. The inner place comes first.
_HARMLESS: dict[tuple[str, ...], dict[str, Any]] = {
    ("routes", "*", "targets"): {"provider": "unnamed"},
    ("guardrails",): {"name": "unnamed-{}", "detector": "secrets", "on": ["request"], "action": "flag"},
    ("providers",): {"dialect": "opaque", "base_url": "https://unset.invalid"},
    ("keys",): {"id": "unnamed-{}", "digest": "0" * 64},
    ("detectors", "pii", "patterns"): {"kind": "UNNAMED", "pattern": "x"},
    ("detectors", "pii", "allow"): {"text": "x"},
    ("detectors", "secrets", "allow"): {"text": "x"},
    ("detectors", "custom"): {"kinds": ["UNNAMED"], "entry": "x:x"},
    ("prices",): {"input": 0},
    ("routes",): {"targets": ["unnamed"]},
    ("drift", "canaries"): {"name": "unnamed-{}", "provider": "unnamed", "model": "unnamed", "prompt": "x"},
}
S = TypeVar("S", bound=BaseModel)
Whole = Callable[[S, Broken], Iterator[Problem]]


def read(text: str, schema: type[S], whole: Whole[S], *, name: str, left_out: re.Pattern[str] | None = None) -> S:
    """Settings of `schema`. Raises ConfigError with every problem, in the file's order: "name:line: path: what is so; what is expected".

    whole: what is wrong with settings that are each right by themselves.  left_out: dotted paths whose environment variables may be unset.
    """
    written = read_yaml(text)
    found = [(line, words) for line, words in written.problems]
    if not isinstance(written.value, dict):
        if not found:
            found.append((0, "expected a mapping with providers: at the top"))
        raise _error(name, found)
    file = _File(written, schema)
    file.fill_in(left_out)
    file.name_empty(written.empty)
    settings = file.settings()
    if settings is not None:
        file.found += whole(settings, Broken(file.broken))
    found += [(file.line(place), f"{file.path(place)}{words}") for place, words in file.found]
    if found or settings is None:
        raise _error(name, found or [(0, "cannot be read as settings")])
    return settings


def _error(name: str, found: list[tuple[int, str]]) -> ConfigError:
    ordered = dict.fromkeys((f"{name}:{line}: {words}" if line else f"{name}: {words}") for line, words in sorted(found, key=lambda each: each[0]))
    return ConfigError([" ".join(problem.splitlines()) for problem in ordered])  # one line each: a pattern may be written over several


def _from_environment(name: str) -> tuple[bool, str]:
    """(True, the value of `${name}`), or (False, what is wrong). It stands in the variable, or in the file that the variable NAME_FILE names, as systemd, Docker and Kubernetes
    hand out secrets; the line end behind it is no part of it.
    """
    if (value := os.environ.get(name)) is not None:
        return True, value
    if not (path := os.environ.get(f"{name}_FILE")):
        return False, f"the environment variable {name} is not set"
    try:
        with open(path, encoding="utf-8") as file:
            return True, file.read().rstrip("\r\n")
    except (OSError, ValueError) as e:
        return False, f"{name}_FILE: {path}: {e.strerror if isinstance(e, OSError) else 'not text in UTF-8'}; expected a file with the value of {name}"


class _File(Generic[S]):
    """One file while it is read."""

    def __init__(self, written: Written, schema: type[S]) -> None:
        self._lines, self._schema, self._value = written.lines, schema, copy.deepcopy(written.value)
        self._names: dict[Place, str] = {}
        for where in ("guardrails", "keys"):
            items = self._value.get(where)
            for index, item in enumerate(items if isinstance(items, list) else ()):
                said = item.get("name" if where == "guardrails" else "id") if isinstance(item, dict) else None
                if isinstance(said, str) and _NAME.fullmatch(said):
                    self._names[where, index] = said
        self.broken: set[Place] = set()
        self.found: list[Problem] = []

    # ------------------------------------------------------------------ how a place is shown

    def path(self, place: Place) -> str:
        """`guardrails.pii-in.on: `: items of lists by their names, where they have one."""
        if not place:
            return ""
        return ".".join(self._names.get(place[: i + 1], spelled(part)) for i, part in enumerate(place)) + ": "

    def line(self, place: Place) -> int:
        """Of the place, or of the nearest one around it that is written; 0: of none."""
        while place:
            for written in (place, (*place[:-1], str(place[-1]))):
                if written in self._lines:
                    return self._lines[written]
            place = place[:-1]
        return 0

    # ------------------------------------------------------------------ reading

    def fill_in(self, left_out: re.Pattern[str] | None) -> None:
        """Put the environment's values in."""
        missing: list[Place] = []

        def filled(value: Any, place: Place) -> Any:
            if isinstance(value, dict):
                return {k: filled(v, (*place, k)) for k, v in value.items()}
            if isinstance(value, list):
                return [filled(v, (*place, i)) for i, v in enumerate(value)]
            if not isinstance(value, str):
                return value
            if place[-1] in _SECRETS and _SHELL.fullmatch(value):
                self.found.append((place, f"found {value}, which would be taken as it stands; a variable is written ${{{value[1:]}}}"))
                missing.append(place)
            named = {name: _from_environment(name) for name in sorted(set(_ENV.findall(value)))}
            unset = [problem for known, problem in named.values() if not known]
            if unset and left_out is not None and left_out.fullmatch(".".join(map(str, place))):
                return UNSET
            for problem in unset:
                self.found.append((place, problem))
                missing.append(place)
            return _ENV.sub(lambda match: named[match[1]][1] if named[match[1]][0] else "", value)

        self._value = filled(self._value, ())
        for place in missing:
            self._mend(place)

    def name_empty(self, places: Iterable[Place]) -> None:
        """Where a setting's name stands and no value: a slip, also where the setting may be left out. `key:` would say that the gate holds no key."""
        for place in places:
            if self._holds(place) and self._at(place) is None and place[-1] in known(place[:-1], self._schema):
                self.found.append((place, nothing(place, self._schema)))
                self._mend(place)

    def settings(self) -> S | None:
        """The settings, with something harmless for what is broken; None if not even so."""
        for _ in range(_ROUNDS):
            try:
                return self._schema.model_validate(self._value)
            except pydantic.ValidationError as e:
                named = Broken(self.broken)
                for error in e.errors():
                    place = tuple(part for part in error["loc"] if part != "[key]")
                    if not named.touches(*place) and not (error["type"] == "too_short" and error["input"]):  # what is in it was wrong, and is named
                        self.found += [(place, words) for words in sentence(error, place, self._schema)]
                    self._mend(place)
        return None

    def _mend(self, place: Place) -> None:
        """Put something harmless in the place of what is wrong."""
        if place in self.broken and len(place) > 1:  # that was not enough
            place = place[:-1]
        self.broken.add(place)
        for where, harmless in _HARMLESS.items():
            size = len(where)
            if len(place) > size and all(part in (own, "*") for part, own in zip(where, place, strict=False)) and self._holds(place[: size + 1]):
                items, key = self._at(place[:size]), place[size]
                item = {name: value.format(key) if isinstance(value, str) else value for name, value in harmless.items()}
                if not isinstance(items[key], dict) or len(place) == size + 1:
                    items[key] = item
                    return
                field = place[size + 1]
                if field in item or field not in items[key] or len(place) == size + 2:
                    items[key].pop(field, None)
                    items[key] |= {name: value for name, value in item.items() if name == field}
                    return
        while len(place) > 1 and not self._holds(place):
            place = place[:-1]
        if isinstance(place[-1], int) and isinstance(self._at(place[:-1]), list):
            place = place[:-1]  # a list of words is wrong as a whole: its other places keep their numbers
        above = self._at(place[:-1])
        above.pop(place[-1], None)
        if place == ("providers",):
            self._value["providers"] = {}

    def _at(self, place: Place) -> Any:
        value = self._value
        for part in place:
            if isinstance(value, str):  # a letter of a word is no place
                raise LookupError
            value = value[part]
        return value

    def _holds(self, place: Place) -> bool:
        try:
            self._at(place)
        except (LookupError, TypeError):
            return False
        return True

