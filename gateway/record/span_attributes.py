"""The attributes of an exchange's span, in the words of the GenAI semantic conventions.

Rules of this file: pure; what is not known is left out; never a text, a key or a header. What the request asked for (temperature, most tokens, ...) is read from the
recorded body, so it is what the record holds or nothing: of it only numbers and words of closed sets, and of the reply its id.
Source: https://github.com/open-telemetry/semantic-conventions-genai, as of 2026; attributes of our own begin with `tidegate.`
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import orjson
from opentelemetry.util.types import AttributeValue

from gateway.exchange import Exchange, Outcome

MAX_READ_CHARS = 128 * 1024  # of a body, for what it asks for; longer ones are not read
MAX_CHARS = 1024  # of an attribute
MAX_FINDINGS = 100  # of an exchange
Place = tuple[str, int]  # a provider's host and port
# What the conventions call a provider, by our configuration's usual names for it, then by dialect.
_PROVIDER_NAMES: Mapping[str, str] = {
    "azure": "azure.ai.openai",
    "bedrock": "aws.bedrock",
    "cohere": "cohere",
    "deepseek": "deepseek",
    "groq": "groq",
    "mistral": "mistral_ai",
    "moonshot": "moonshot_ai",
    "perplexity": "perplexity",
    "vertex": "gcp.vertex_ai",
    "watsonx": "ibm.watsonx.ai",
    "xai": "x_ai",
}
_DIALECT_NAMES: Mapping[str, str] = {"openai": "openai", "anthropic": "anthropic", "gemini": "gcp.gemini"}
_JSON_FORMATS = ("json", "json_object", "json_schema", "application/json")
_EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")


def _whole(value: Any) -> int | None:
    return value if type(value) is int and -(1 << 63) <= value < 1 << 63 else None


def _number(value: Any) -> float | None:
    return float(value) if type(value) in (int, float) and math.isfinite(value) else None


# By attribute: what its values are, and what the dialects call it.
_ASKED: tuple[tuple[str, Callable[[Any], int | float | None], tuple[str, ...]], ...] = (
    ("gen_ai.request.max_tokens", _whole, ("max_completion_tokens", "max_tokens", "max_output_tokens", "maxOutputTokens")),
    ("gen_ai.request.temperature", _number, ("temperature",)),
    ("gen_ai.request.top_p", _number, ("top_p", "topP")),
    ("gen_ai.request.top_k", _whole, ("top_k", "topK")),
    ("gen_ai.request.seed", _whole, ("seed",)),
    ("gen_ai.request.frequency_penalty", _number, ("frequency_penalty", "frequencyPenalty")),
    ("gen_ai.request.presence_penalty", _number, ("presence_penalty", "presencePenalty")),
    ("gen_ai.embeddings.dimension.count", _whole, ("dimensions", "outputDimensionality")),
)


def provider_name(provider: str, dialect: str) -> str:
    """The conventions' name of a provider; its own, if they have none."""
    return _PROVIDER_NAMES.get(provider) or _DIALECT_NAMES.get(dialect) or provider


def attributes_of(exchange: Exchange, place: Place | None = None) -> dict[str, AttributeValue]:
    """The attributes of an exchange's own span. place: where its provider is."""
    known: dict[str, AttributeValue | None] = {
        "gen_ai.operation.name": exchange.operation,
        "gen_ai.provider.name": provider_name(exchange.provider, exchange.dialect),
        "gen_ai.request.model": exchange.request_model or None,
        "gen_ai.request.stream": exchange.is_stream,
        "gen_ai.response.model": exchange.response_model or None,
        "gen_ai.response.finish_reasons": (safe(exchange.finish_reason),) if exchange.finish_reason else None,
        "gen_ai.response.time_to_first_chunk": exchange.time_to_first_chunk_s if exchange.is_stream else None,
        "gen_ai.usage.input_tokens": exchange.input_tokens,
        "gen_ai.usage.output_tokens": exchange.output_tokens,
        "gen_ai.usage.cache_read.input_tokens": exchange.cache_read_tokens,
        "gen_ai.usage.cache_creation.input_tokens": exchange.cache_write_tokens,
        "gen_ai.usage.reasoning.output_tokens": exchange.reasoning_tokens,
        "gen_ai.usage.audio.input_tokens": exchange.input_audio_tokens,
        "gen_ai.usage.audio.output_tokens": exchange.output_audio_tokens,
        "gen_ai.conversation.id": exchange.session_id or None,
        "gen_ai.prompt.name": exchange.prompt_name or None,
        "gen_ai.prompt.version": exchange.prompt_version or None,
        "http.response.status_code": exchange.status or None,
        "error.type": None if exchange.outcome is Outcome.OK else exchange.outcome.value,
        "tidegate.exchange.id": str(exchange.id),
        "tidegate.provider": exchange.provider,
        "tidegate.app": exchange.app or None,
        "tidegate.env": exchange.env or None,
        "tidegate.route": exchange.route or None,
        "tidegate.attempts": exchange.attempts or None,
        "tidegate.usage_source": exchange.usage_source or None,
        "tidegate.cost_usd": None if exchange.cost_usd is None else float(exchange.cost_usd),
        "tidegate.overhead_s": exchange.overhead_s,
        "tidegate.guard_s": exchange.guard_s,
        "tidegate.verdict": exchange.verdict or None,
    }
    attributes: dict[str, AttributeValue] = {name: safe(value) if isinstance(value, str) else value for name, value in known.items() if value is not None}
    if place is not None:
        attributes["server.address"], attributes["server.port"] = place
    if exchange.findings:  # here and not with the guards: how often, over all replies of an exchange that was asked for again
        attributes["tidegate.guard.findings"] = tuple(safe(f"{f.direction} {f.detector} {f.kind} {f.action} {f.count}") for f in exchange.findings[:MAX_FINDINGS])
    asked = _object(exchange.request_body)
    if asked:
        attributes.update(_asked_for(asked))
    answered = answer_id(exchange.reply_body)
    if answered:
        attributes["gen_ai.response.id"] = safe(answered)
    return attributes


def safe(text: str, limit: int = MAX_CHARS) -> str:
    """Text that a batch cannot fail on: half surrogates replaced, length bounded."""
    return text[:limit].encode(errors="replace").decode()


def answer_id(body: str) -> str:
    """What a provider calls its reply, by the object that it is or the first event that it begins with; "" if it does not say."""
    if body[:1] != "{":
        at = body.find("data:", 0, 4096)
        end = body.find("\n", at)
        body = body[at + 5 : end] if 0 <= at < end else ""
    said = _object(body.strip())
    for source in (said, said.get("response"), said.get("message")):  # the last two: where streams of responses and messages begin
        for name in ("id", "responseId"):
            if isinstance(source, dict) and isinstance(found := source.get(name), str):
                return found
    return ""


def _asked_for(body: dict[str, Any]) -> dict[str, AttributeValue]:
    settings = body.get("generationConfig") or body.get("generation_config")
    source = body if not isinstance(settings, dict) else body | settings
    found: dict[str, AttributeValue] = {}
    for attribute, read, names in _ASKED:
        for name in names:
            if name in source and (value := read(source[name])) is not None:
                found[attribute] = value
                break
    choices = _whole(source.get("n", source.get("candidateCount", 1)))
    if choices is not None and choices != 1:
        found["gen_ai.request.choice.count"] = choices
    encoding = source.get("encoding_format")
    if encoding in ("float", "base64"):
        found["gen_ai.request.encoding_formats"] = (encoding,)
    reasoning = source.get("reasoning")
    effort = source.get("reasoning_effort") or (reasoning.get("effort") if isinstance(reasoning, dict) else None)
    if effort in _EFFORTS:
        found["gen_ai.request.reasoning.level"] = effort
    wanted = _output_type(source)
    if wanted:
        found["gen_ai.output.type"] = wanted
    return found


def _output_type(source: Mapping[str, Any]) -> str:
    """What kind of answer was asked for, where a request says so."""
    asked = source.get("response_format", source.get("responseMimeType"))
    text = source.get("text")
    if asked is None and isinstance(text, dict):
        asked = text.get("format")
    kind = asked.get("type") if isinstance(asked, dict) else asked
    return "json" if kind in _JSON_FORMATS else "text" if kind in ("text", "text/plain") else ""


def _object(text: str) -> dict[str, Any]:
    if not text.startswith("{") or len(text) > MAX_READ_CHARS:
        return {}
    try:
        value = orjson.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
