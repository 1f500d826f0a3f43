"""Read the errors that providers spell out, whatever the dialect: they differ in names, not in shape.

OpenAI `{"error": {"type", "code", "message"}}`, Anthropic `{"type": "error", "error": {"type", "message"}}`, Gemini `{"error": {"code", "status",
"message", "details"}}` or an array of one; compatible servers also send `{"error": "text"}`, `{"object": "error", "message", ...}` and `{"detail": ...}`.
"""

from __future__ import annotations

from typing import Any

from gateway.dialects.base import ReplyError
from gateway.dialects.lenient import compact, obj, seq, word

MAX_WORD_CHARS = 128
MAX_MESSAGE_CHARS = 8192


def read_error(body: Any) -> ReplyError | None:
    """The error in a decoded body or event; None if there is none. A plain `detail` or `message` is only an error where the status says so."""
    if isinstance(body, list):
        body = next((item for item in body if obj(item).get("error")), None)
    source = obj(body)
    error = source.get("error")
    if not error and (source.get("object") == "error" or source.get("type") == "error"):
        error = source
    if isinstance(error, dict):
        return _from_object(error)
    if error:
        return ReplyError("", "", _text(error))
    return None


def read_refusal(body: Any) -> ReplyError:
    """The error of a reply whose status is 400 or more; every part may be ""."""
    found = read_error(body)
    if found is not None:
        return found
    source = obj(body)
    error = _from_object(source)
    return error if error.message else ReplyError(error.type, error.code, _text(source.get("detail")))


def _from_object(error: dict[str, Any]) -> ReplyError:
    kind = word(error.get("type")) or word(error.get("status"))
    return ReplyError(_name(kind if kind != "error" else ""), _name(_reason(error) or error.get("code")), _text(error.get("message")))


def _reason(error: dict[str, Any]) -> str:
    """Gemini's google.rpc.ErrorInfo, which says more than its HTTP code."""
    for detail in seq(error.get("details")):
        reason = word(obj(detail).get("reason"))
        if reason:
            return reason
    return ""


def _name(value: Any) -> str:
    return str(value)[:MAX_WORD_CHARS] if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _text(value: Any) -> str:
    text = value if isinstance(value, str) else compact(value) if isinstance(value, dict | list) else ""
    return text[:MAX_MESSAGE_CHARS]
