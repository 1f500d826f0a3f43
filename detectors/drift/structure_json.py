"""The shape of a text that is JSON: its kind, the paths of its keys and what stands there.

Rules of this file: pure; never raises on any text; linear, and bounded: of a text longer than PARSED characters only the first and the last are
looked at. An object or a list is JSON here; a bare number, word or quoted sentence is what people write, too, and counts as prose. One code fence may
stand around it. Nested deeper than orjson goes (1,024) it is none.

A path is `a.b` for key b of the object under a, `a[]` for the elements of the list under a; at the root of a list it begins with `[]`. Below DEPTH steps,
beyond the first ELEMENTS elements of a list, MOST_PATHS paths or MOST_STRINGS strings nothing is looked at. Where elements differ in type, the first one with a path says it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import orjson

PARSED = 1 << 18  # characters
DEPTH, ELEMENTS, MOST_PATHS, MOST_STRINGS = 6, 8, 100, 100
LONGEST_KEY = 64  # characters
_FENCED = re.compile(r"\s*```[ \t]*(?:json|JSON)?[ \t]*\r?\n")


@dataclass(slots=True)
class Shape:
    """kind: "object", "list"; "broken": it begins like one of these and is none; "": prose.  paths: type by path.  strings: the string values, in order."""

    kind: str = ""
    paths: dict[str, str] = field(default_factory=dict)
    strings: list[str] = field(default_factory=list)

    @property
    def is_json(self) -> bool:
        return self.kind in ("object", "list")


def shape(text: str) -> Shape:
    """The shape of a text; raises nothing."""
    body = text.strip() if len(text) <= PARSED else text
    if body.startswith("```") and (opened := _FENCED.match(body)):
        body = body[opened.end() :].removesuffix("```").strip()
    begin, end = body[:1], body[-1:]
    if begin not in ("{", "["):
        return Shape()
    closed = begin + end in ("{}", "[]")
    if len(body) > PARSED:
        return Shape(("object" if begin == "{" else "list") if closed else "broken")
    try:
        value = orjson.loads(body) if closed else None
    except (orjson.JSONDecodeError, RecursionError):
        value = None
    if value is None:
        # Half of an object shows by its first key; "[Name]," is how letters begin.
        return Shape("broken" if re.match(r'\{\s*"|\[\s*[\[{"\d]', body) else "")
    found = Shape("object" if isinstance(value, dict) else "list")
    _walk(value, found)
    return found


def _walk(value: Any, found: Shape) -> None:
    """Fill paths and strings, outer ones first."""
    level: list[tuple[str, Any]] = [("", value)]
    for _ in range(DEPTH):
        below: list[tuple[str, Any]] = []
        for path, each in level:
            if isinstance(each, dict):
                inner = [(f"{path}.{shown(key)}" if path else shown(key), held) for key, held in islice(each.items(), MOST_PATHS)]
            elif isinstance(each, list):
                inner = [(f"{path}[]", held) for held in each[:ELEMENTS]]
            else:
                continue
            for name, held in inner:
                if len(found.paths) >= MOST_PATHS and name not in found.paths:
                    continue
                found.paths.setdefault(name, _type(held))
                if isinstance(held, str) and len(found.strings) < MOST_STRINGS:
                    found.strings.append(held)
                elif isinstance(held, dict | list):
                    below.append((name, held))
        level = below[:MOST_PATHS]


def shown(name: str) -> str:
    """A name as it can be printed: of LONGEST_KEY characters at the most, the unprintable ones escaped."""
    name = name[:LONGEST_KEY]
    return name if name.isprintable() else name.encode("unicode_escape").decode("ascii")


def _type(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    return "string" if isinstance(value, str) else "object" if isinstance(value, dict) else "list"
