"""A configuration file's text as plain values, and the line on which each of them stands.

YAML without surprises. As in YAML 1.2, `on` is a word, as are yes, no and off; `010` and `1:30` are text, and so is a date; every key is text, as it is
written. Of YAML 1.1 merge keys (`<<: *base`) are kept, because everybody knows them. A key that stands twice is a problem, because one of the two would
silently be dropped; so is a value that holds itself, or one that is written small and reads large.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

Place = tuple[str | int, ...]  # keys and indices, from the top
MAX_VALUES = 100_000  # of a file, those that aliases repeat counted each time
_MERGE, _NULL = "tag:yaml.org,2002:merge", "tag:yaml.org,2002:null"
_OURS = {f"tag:yaml.org,2002:{name}" for name in ("bool", "int", "float", "timestamp", "value")}  # said anew below, or text
_SURROGATE = re.compile("[\ud800-\udfff]")


class Strict(yaml.SafeLoader):
    """YAML 1.2's core schema, and merge keys."""

    yaml_implicit_resolvers = {  # noqa: RUF012  PyYAML's own way of saying it
        first: [(tag, pattern) for tag, pattern in resolvers if tag not in _OURS] for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep=deep)
        except (AttributeError, LookupError, ValueError) as e:  # what PyYAML raises on a value that its tag does not fit
            raise _Unusable(node, "a value is not what its tag says; put what is meant as text in quotes") from e

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        self.flatten_mapping(node)
        return {key.value: self.construct_object(value, deep=deep) for key, value in node.value}


Strict.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"(?:true|True|TRUE|false|False|FALSE)\Z"), list("tTfF"))
Strict.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"[-+]?(?:0|[1-9][0-9]{0,29})\Z|0x[0-9a-fA-F]{1,16}\Z", re.A), list("-+0123456789"))
Strict.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z|[-+]?\.(?:inf|Inf|INF)\Z|\.(?:nan|NaN|NAN)\Z", re.A),
    list("-+.0123456789"),
)


@dataclass(frozen=True, slots=True)
class Written:
    """value: what the file says.  lines: by place, counted from 1.  problems: (line, what), of which 0 is no line.  empty: where nothing stands, which null does."""

    value: Any
    lines: dict[Place, int] = field(default_factory=dict)
    problems: list[tuple[int, str]] = field(default_factory=list)
    empty: tuple[Place, ...] = ()


def read(text: str) -> Written:
    """What a text says. Never raises: what cannot be read as YAML has the value None, and a problem."""
    try:
        loader = Strict(text)
        node = loader.get_single_node()
        if node is None:
            return Written(None)
        walk = _Walk()
        lines = dict(walk.lines(node, (), ()))
        value = loader.construct_document(node)
    except yaml.reader.ReaderError as e:
        return Written(None, {}, [(text.count("\n", 0, e.position) + 1, f"not YAML: it holds the character U+{ord(text[e.position]):04X}; save the file as plain text")])
    except yaml.MarkedYAMLError as e:
        mark = e.problem_mark or e.context_mark
        return Written(None, {}, [(mark.line + 1 if mark else 0, f"not YAML: {_reworded(e.problem or e.context or '')}")])
    except _Unusable as e:
        return Written(None, {}, [(e.line, f"not usable: {e}")])
    except RecursionError:  # nobody nests a thousand lists
        return Written(None, {}, [(0, "not usable: nested too deep")])
    return Written(value, lines, [(line, f'the key "{key}" stands here twice; keep one') for line, key in walk.twice], tuple(walk.empty))


def _reworded(problem: str) -> str:
    """PyYAML's reason, where it speaks of itself."""
    if found := re.match(r"could not determine a constructor for the tag '(.*)'", problem):
        return f"the tag {found[1]} is not known here; leave it out, or put what is meant as text in quotes"
    return problem


class _Unusable(Exception):
    def __init__(self, node: yaml.Node, why: str) -> None:
        super().__init__(why)
        self.line: int = node.start_mark.line + 1


class _Walk:
    """Through the nodes of one document, before any value is made of them. twice: (line, key). empty: places."""

    def __init__(self) -> None:
        self.twice: dict[tuple[int, str], None] = {}  # each once, however often an alias leads there
        self.empty: dict[Place, None] = {}
        self._left = MAX_VALUES

    def lines(self, node: yaml.Node, place: Place, above: tuple[yaml.Node, ...]) -> Iterator[tuple[Place, int]]:
        """The line of each key and item. Raises _Unusable."""
        if node in above:
            raise _Unusable(node, "a value that holds itself")
        self._left -= 1
        if self._left < 0:
            raise _Unusable(node, f"more than {MAX_VALUES} values, with what aliases repeat")
        above = (*above, node)
        if isinstance(node, yaml.ScalarNode):
            if _SURROGATE.search(node.value):
                raise _Unusable(node, "half a surrogate pair, which is no character; write the whole one")
            if not node.value and node.tag == _NULL:
                self.empty[place] = None
        elif isinstance(node, yaml.MappingNode):
            yield from self._of_mapping(node, place, above)
        elif isinstance(node, yaml.SequenceNode):
            for index, item in enumerate(node.value):
                yield (*place, index), item.start_mark.line + 1
                yield from self.lines(item, (*place, index), above)

    def _of_mapping(self, node: yaml.MappingNode, place: Place, above: tuple[yaml.Node, ...]) -> Iterator[tuple[Place, int]]:
        seen: set[str] = set()
        own: list[tuple[yaml.ScalarNode, yaml.Node]] = []
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise _Unusable(key, "a key that is a list or a mapping; expected text")
            if key.value in seen:
                self.twice[key.start_mark.line + 1, key.value] = None
            seen.add(key.value)
            if key.tag != _MERGE:
                own.append((key, value))
                continue
            for merged in value.value if isinstance(value, yaml.SequenceNode) else (value,):  # the first says more than the later ones
                if isinstance(merged, yaml.MappingNode):
                    yield from ((where, line) for where, line in self.lines(merged, place, above))
        for key, value in own:  # what is said here holds, wherever the merge key stands
            yield (*place, key.value), key.start_mark.line + 1
            yield from self.lines(value, (*place, key.value), above)
