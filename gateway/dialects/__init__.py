"""The wire formats that Tidegate reads. A new one is a file and a line here."""

from __future__ import annotations

from gateway.dialects.anthropic import Anthropic
from gateway.dialects.base import Dialect
from gateway.dialects.gemini import Gemini
from gateway.dialects.opaque import Opaque
from gateway.dialects.openai import OpenAI

DIALECTS: dict[str, Dialect] = {
    "openai": OpenAI(),
    "anthropic": Anthropic(),
    "gemini": Gemini(),
    "opaque": Opaque(),
}
