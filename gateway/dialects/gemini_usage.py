"""Read Gemini's usageMetadata, streamed or not.

`promptTokenCount` includes cached content; what tools put into the prompt (`toolUsePromptTokenCount`) is input too; `candidatesTokenCount` leaves
out thoughts, so they are added. Protocol buffers leave zeros out of JSON: a missing count of candidates is 0 where the total proves it, else unknown.
Source: Gemini API reference, UsageMetadata.
"""

from __future__ import annotations

from typing import Any

from gateway.dialects.counts import Counts
from gateway.dialects.lenient import obj, seq
from gateway.exchange import Usage


def read_usage(raw: Any, *, embeds: bool = False) -> Usage | None:
    """raw: the `usageMetadata` member, in a stream the last chunk's. None if nothing can be read in it.

    embeds: the endpoint generates nothing, so its output is 0 by definition.
    """
    if not isinstance(raw, dict):
        return None
    counts = Counts(raw)
    prompt, tools = counts.take("promptTokenCount"), counts.take("toolUsePromptTokenCount")
    answer, thoughts = counts.take("candidatesTokenCount"), counts.take("thoughtsTokenCount")
    total = counts.take("totalTokenCount")
    known = counts.sum("the sum of counts", prompt, tools, answer, thoughts)
    if answer is None and raw.get("candidatesTokenCount") is None and prompt is not None and (embeds or total == known):
        answer = 0
    if total is not None and known is not None and total != known:
        counts.notes.append("totalTokenCount is not the sum of its parts")
    input_tokens = None if prompt is None else counts.sum("input", prompt, tools)
    output_tokens = None if answer is None else counts.sum("output", answer, thoughts)
    cached = counts.part("cachedContentTokenCount", counts.take("cachedContentTokenCount"), input_tokens)
    usage = Usage(
        input_tokens=input_tokens,
        output_tokens=output_tokens,
        cache_read_tokens=cached,
        reasoning_tokens=counts.part("thoughtsTokenCount", thoughts, output_tokens),
        input_audio_tokens=counts.part("prompt audio", _audio(counts, raw, "promptTokensDetails"), input_tokens),
        cache_audio_read_tokens=counts.part("cached audio", _audio(counts, raw, "cacheTokensDetails"), cached),
        output_audio_tokens=counts.part("candidates audio", _audio(counts, raw, "candidatesTokensDetails"), output_tokens),
        note=counts.note(),
    )
    return None if usage == Usage() else usage


def _audio(counts: Counts, raw: dict[str, Any], name: str) -> int | None:
    """The audio part of a list of {modality, tokenCount}; None if it has none."""
    found = [obj(item).get("tokenCount") for item in seq(raw.get(name)) if obj(item).get("modality") == "AUDIO"]
    return counts.sum(name, *(counts.checked(name, value) for value in found))
