"""Read the usage object of the OpenAI dialect: chat, completions, responses and embeddings, streamed or not, in one place.

The provider's convention is the internal one already: input includes cached tokens, output includes reasoning. Compatible servers
deviate in known ways, each taken care of below: DeepSeek and Moonshot name cached tokens at the top level, xAI leaves reasoning outside
`completion_tokens` (the total tells).
Source: OpenAI API reference, objects "chat completion", "response", "embedding".
"""

from __future__ import annotations

from typing import Any

from gateway.dialects.counts import Counts
from gateway.exchange import Usage

_NOTHING = Usage()


def read_usage(raw: Any, *, embeds: bool = False) -> Usage | None:
    """raw: the `usage` member. None if there is none or nothing can be read in it.

    embeds: the endpoint generates nothing, so an output that is not named is 0 by definition, not unknown.
    """
    if not isinstance(raw, dict):
        return None
    counts = Counts(raw)
    chat = raw.get("prompt_tokens") is not None or raw.get("completion_tokens") is not None
    inputs, outputs = ("prompt_tokens", "completion_tokens") if chat else ("input_tokens", "output_tokens")
    of_input, of_output = f"{inputs}_details", f"{outputs}_details"
    input_tokens, output_tokens = counts.take(inputs), counts.take(outputs)
    reasoning = counts.take(of_output, "reasoning_tokens")
    total = counts.take("total_tokens")
    if (
        total is not None
        and input_tokens is not None
        and output_tokens is not None
        and total != input_tokens + output_tokens
        and total != counts.sum("total", input_tokens, output_tokens)
    ):
        if reasoning and total == counts.sum("total", input_tokens, output_tokens, reasoning):
            output_tokens = counts.sum(outputs, output_tokens, reasoning)
            counts.notes.append(f"reasoning_tokens were not in {outputs}, says total_tokens")
        else:
            counts.notes.append(f"total_tokens is not {inputs} + {outputs}")
    if embeds and output_tokens is None and input_tokens is not None:
        output_tokens = 0
    cached = counts.take(of_input, "cached_tokens")
    if cached is None:
        cached = counts.first("prompt_cache_hit_tokens", "cached_tokens")
    cached = counts.part("cached_tokens", cached, input_tokens)
    usage = Usage(
        input_tokens=input_tokens,
        output_tokens=output_tokens,
        cache_read_tokens=cached,
        cache_write_tokens=counts.part("cache_write_tokens", counts.take(of_input, "cache_write_tokens"), input_tokens),
        reasoning_tokens=counts.part("reasoning_tokens", reasoning, output_tokens),
        input_audio_tokens=counts.part("input audio_tokens", counts.take(of_input, "audio_tokens"), input_tokens),
        cache_audio_read_tokens=counts.part("cached audio_tokens", counts.take(of_input, "cached_tokens_details", "audio_tokens"), cached),
        output_audio_tokens=counts.part("output audio_tokens", counts.take(of_output, "audio_tokens"), output_tokens),
        note=counts.note(),
    )
    return None if input_tokens is None and usage == _NOTHING else usage
