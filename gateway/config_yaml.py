"""A configuration file's text as plain values, and the line on which each of them stands.

YAML without surprises: as in YAML 1.2 `on` is a word, as are yes, no and off; a key that stands twice is a problem, because one of the two would
silently be dropped; and a value that holds itself is one too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

Place = tuple[str | int, ...]  # keys and indices, from the top


class Strict(yaml.SafeLoader):
    """Notes keys that stand twice in `twice`: (line, key)."""

    yaml_implicit_resolvers = {  # noqa: RUF012  PyYAML's own way of saying it
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"] for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.twice: list[tuple[int, str]] = []

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if isinstance(key, str):
                if key in seen:
                    self.twice.append((key_node.start_mark.line + 1, key))
                seen.add(key)
        return super().construct_mapping(node, deep)


Strict.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"true|True|TRUE|false|False|FALSE"), list("tTfF"))


@dataclass(frozen=True, slots=True)
class Written:
    """value: what the file says.  lines: by place, counted from 1.  problems: (line, what), of which 0 is no line."""

    value: Any
    lines: dict[Place, int] = field(default_factory=dict)
    problems: list[tuple[int, str]] = field(default_factory=list)


def read(text: str) -> Written:
    """What a text says. Never raises: what cannot be read as YAML has the value None, and a problem."""
    try:
        loader = Strict(text)
        node = loader.get_single_node()
        if node is None:
            return Written(None)
        lines = dict(_lines(node, (), ()))
        value = loader.construct_document(node)
    except yaml.reader.ReaderError as e:
        return Written(None, {}, [(text.count("\n", 0, e.position) + 1, f"not YAML: it holds the character U+{ord(text[e.position]):04X}; save the file as plain text")])
    except yaml.MarkedYAMLError as e:
        mark = e.problem_mark or e.context_mark
        return Written(None, {}, [(mark.line + 1 if mark else 0, f"not YAML: {e.problem or e.context}")])
    except _HoldsItself as e:
        return Written(None, {}, [(e.line, "not usable: a value that holds itself")])
    except (ValueError, RecursionError) as e:  # 2026-02-31 is no date, and nobody nests a thousand lists
        return Written(None, {}, [(0, f"not usable: {e if isinstance(e, ValueError) else 'nested too deep'}; put what is meant as text in quotes")])
    return Written(value, lines, [(line, f'the key "{key}" stands here twice; keep one') for line, key in loader.twice])


class _HoldsItself(Exception):
    def __init__(self, line: int) -> None:
        self.line = line


def _lines(node: yaml.Node, place: Place, above: tuple[yaml.Node, ...]) -> Iterator[tuple[Place, int]]:
    if node in above:
        raise _HoldsItself(node.start_mark.line + 1)
    above = (*above, node)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                yield (*place, key.value), key.start_mark.line + 1
                yield from _lines(value, (*place, key.value), above)
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield (*place, index), item.start_mark.line + 1
            yield from _lines(item, (*place, index), above)
