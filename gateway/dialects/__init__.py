"""The wire formats that Tidegate reads. A new one is a file and a line here."""

from __future__ import annotations

from functools import lru_cache

from gateway.dialects.anthropic import Anthropic
from gateway.dialects.base import Dialect, Operation
from gateway.dialects.gemini import Gemini
from gateway.dialects.opaque import Opaque
from gateway.dialects.openai import OpenAI

DIALECTS: dict[str, Dialect] = {
    "openai": OpenAI(),
    "anthropic": Anthropic(),
    "gemini": Gemini(),
    "opaque": Opaque(),
}


@lru_cache(maxsize=1024)
def operation_of(dialect: str, method: str, endpoint: str) -> Operation:
    """What an exchange of the record was about: an endpoint's template routes like the path that it was made from."""
    return DIALECTS.get(dialect, DIALECTS["opaque"]).route(method, endpoint).operation
