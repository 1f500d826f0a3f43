"""The items of the Responses API: what goes in as `input` comes out as `output` and goes in again, so one reader serves both.

Each type of item has its text in other fields; a type that is not in the table is read by the fields that most have. Screenshots and
generated images are left out.
"""

from __future__ import annotations

from typing import Any

from gateway.dialects.lenient import obj, seq, word
from gateway.dialects.texts import TOOL_DEFINITION, Texts, role_of

_PARTS = ("text", "refusal", "filename", "transcript", "logs", "stdout", "stderr")
_USUAL = ("content", "text", "arguments", "input", "output")
_FIELDS: dict[str, tuple[str, ...]] = {
    "message": ("content",),
    "reasoning": ("summary", "content"),
    "function_call": ("arguments",),
    "custom_tool_call": ("input",),
    "mcp_call": ("arguments", "output", "error"),
    "code_interpreter_call": ("code", "outputs"),
    "file_search_call": ("queries", "results"),
    "web_search_call": ("action",),
    "local_shell_call": ("action",),
    "shell_call": ("action",),
    "computer_call": ("action",),
    "apply_patch_call": ("operation",),
    "computer_call_output": (),
    "image_generation_call": (),
    "item_reference": (),
    "compaction": (),
}
_JSON = frozenset(("arguments", "input", "output", "action", "operation", "error"))


def read_items(texts: Texts, role: str, pointer: str, value: Any) -> None:
    """A string, or an array of items. role: of a string, and of a message that names none."""
    texts.add(role, pointer, value)
    for at, entry in enumerate(seq(value)):
        item = obj(entry)
        place = f"{pointer}/{at}"
        kind = word(item.get("type")) or "message"
        if kind == "mcp_list_tools":
            for number, tool in enumerate(seq(item.get("tools"))):
                texts.add_fields(TOOL_DEFINITION, f"{place}/tools/{number}", tool, ("name", "description"))
            continue
        speaker = role_of(item.get("role"), role) if kind == "message" else "tool" if kind.endswith("_output") else "assistant"
        for key in _FIELDS.get(kind, _USUAL):
            field = item.get(key)
            if isinstance(field, dict) and key in _JSON:
                texts.add_json(speaker, f"{place}/{key}", field)
            else:
                texts.add_parts(speaker, f"{place}/{key}", field, _PARTS)
