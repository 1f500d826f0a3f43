"""Put a Responses stream together: typed events in, the `response` object out.

The terminal event holds the whole object, and then that is the answer. A stream that was cut, or a server whose terminal event has no output,
is put together from the items, parts and deltas that came before.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gateway.dialects.base import Assembly, Event, ReplyError
from gateway.dialects.lenient import index, load, obj, word
from gateway.dialects.provider_error import read_error

_TERMINAL = frozenset(("response.completed", "response.incomplete", "response.failed"))
_SNAPSHOT = _TERMINAL | {"response.created", "response.in_progress", "response.queued"}
# Event type without its last word, to where its text belongs: a list of parts (with the index's name, the part's type and its text field) or a field.
_PARTS = {
    "response.output_text": ("content", "content_index", "output_text", "text"),
    "response.refusal": ("content", "content_index", "refusal", "refusal"),
    "response.reasoning_text": ("content", "content_index", "reasoning_text", "text"),
    "response.reasoning_summary_text": ("summary", "summary_index", "summary_text", "text"),
}
_FIELDS = {
    "response.function_call_arguments": ("function_call", "arguments"),
    "response.custom_tool_call_input": ("custom_tool_call", "input"),
    "response.mcp_call_arguments": ("mcp_call", "arguments"),
    "response.code_interpreter_call_code": ("code_interpreter_call", "code"),
}


def assemble_response(events: Iterable[Event]) -> Assembly:
    """The `assemble` of responses: complete when `response.completed` or `response.incomplete` came."""
    response: dict[str, Any] = {}
    items: dict[int, _Item] = {}
    error: ReplyError | None = None
    kind = ""
    for event in events:
        try:
            data = obj(load(event.data))
        except ValueError:
            continue
        kind = word(data.get("type")) or event.name
        if kind in _SNAPSHOT:
            response = obj(data.get("response")) or response
            error = error or read_error(response)
            if kind in _TERMINAL:
                break
        elif kind == "error" or data.get("error"):
            error = error or read_error(data if data.get("type") else {"type": "error"} | data)
        else:
            at = index(data.get("output_index"))
            if at is not None:
                items.setdefault(at, _Item()).add(kind, data)
    if kind == "response.failed" and error is None:
        error = ReplyError("", "", "")
    if not response.get("output"):
        response = response | {"output": [items[at].whole() for at in sorted(items)]}
    return Assembly(response, complete=kind in _TERMINAL and error is None, error=error)


def grown(value: Any) -> str:
    """See Operation.grows: of a delta of a known text."""
    data = obj(value)
    base, _, step = word(data.get("type")).rpartition(".")
    place = "output_index" if base in _FIELDS else _PARTS[base][1] if base in _PARTS else ""
    known = step == "delta" and place and index(data.get(place)) is not None and index(data.get("output_index")) is not None
    return "/delta" if known and isinstance(data.get("delta"), str) and not data.get("error") else ""


class _Item:
    """One output item while its events arrive."""

    def __init__(self) -> None:
        self._item: dict[str, Any] = {}
        self._done = False
        self._parts: dict[tuple[str, int], tuple[str, str, list[str]]] = {}
        self._fields: dict[str, tuple[str, list[str]]] = {}

    def add(self, kind: str, data: dict[str, Any]) -> None:
        if kind in ("response.output_item.added", "response.output_item.done"):
            self._item = obj(data.get("item")) or self._item
            self._done = kind.endswith(".done")
            return
        base, _, step = kind.rpartition(".")
        if step not in ("delta", "done"):
            return
        if base in _PARTS:
            group, number, part, key = _PARTS[base]
            at = index(data.get(number))
            if at is not None:
                fragments = self._parts.setdefault((group, at), (part, key, []))[2]
                _gather(fragments, step, data, key)
        elif base in _FIELDS:
            owner, key = _FIELDS[base]
            _gather(self._fields.setdefault(key, (owner, []))[1], step, data, key)

    def whole(self) -> dict[str, Any]:
        """The item as the server finished it, else what its deltas say."""
        if self._done:
            return self._item
        item = dict(self._item)
        for group in ("content", "summary"):
            parts = [self._parts[place] for place in sorted(self._parts) if place[0] == group]
            if parts:
                item[group] = [{"type": part, key: "".join(fragments)} for part, key, fragments in parts]
                kind = "reasoning" if group == "summary" or parts[0][0] == "reasoning_text" else "message"
                item.setdefault("type", kind)
                if item["type"] == "message":
                    item.setdefault("role", "assistant")
        for key, (owner, fragments) in self._fields.items():
            item.setdefault("type", owner)
            item[key] = "".join(fragments)
        return item


def _gather(fragments: list[str], step: str, data: dict[str, Any], key: str) -> None:
    """A delta is appended; the text of a `done` stands for all deltas."""
    if step == "delta":
        fragments.append(word(data.get("delta")))
    elif word(data.get(key)):
        fragments[:] = [word(data.get(key))]
