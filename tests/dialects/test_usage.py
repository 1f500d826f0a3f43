"""Token counts in the one convention: input includes cached, output includes reasoning, parts are subsets, odd figures are named."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.dialects import anthropic_usage, gemini_usage, openai_usage
from gateway.exchange import Usage

COUNT = st.integers(0, 10**6)
ODD = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**20), 10**20), st.floats(), st.text(max_size=3), st.lists(COUNT, max_size=1), st.just(10**18)
)
KEYS = {
    openai_usage: ("prompt_tokens", "completion_tokens", "total_tokens", "input_tokens", "output_tokens", "cached_tokens"),
    anthropic_usage: ("input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens"),
    gemini_usage: (
        "promptTokenCount",
        "candidatesTokenCount",
        "thoughtsTokenCount",
        "toolUsePromptTokenCount",
        "totalTokenCount",
        "cachedContentTokenCount",
    ),
}
NESTED = {
    openai_usage: ("prompt_tokens_details", "completion_tokens_details", "input_tokens_details", "output_tokens_details"),
    anthropic_usage: ("cache_creation", "output_tokens_details"),
    gemini_usage: ("promptTokensDetails", "cacheTokensDetails"),
}
PARTS = (
    "cached_tokens",
    "reasoning_tokens",
    "audio_tokens",
    "cache_write_tokens",
    "ephemeral_5m_input_tokens",
    "ephemeral_1h_input_tokens",
    "thinking_tokens",
)


@pytest.mark.parametrize("parser", KEYS, ids=lambda parser: parser.__name__.rpartition(".")[2])
@pytest.mark.covers("U22")
def test_any_figures_give_sane_counts_or_none(parser):
    """A negative or absurd count must not reach a budget or a column; what was dropped must be said."""
    detail = st.one_of(
        ODD,
        st.dictionaries(st.sampled_from(PARTS), ODD, max_size=4),
        st.lists(st.fixed_dictionaries({"modality": st.just("AUDIO"), "tokenCount": ODD}), max_size=2),
    )

    @settings(deadline=None, max_examples=200)
    @given(st.dictionaries(st.sampled_from(KEYS[parser]), ODD, max_size=6), st.dictionaries(st.sampled_from(NESTED[parser]), detail, max_size=2))
    def check(flat, nested):
        usage = parser.read_usage(flat | nested)
        if usage is None:
            return
        for name in Usage.__slots__:
            value = getattr(usage, name)
            assert name == "note" or value is None or (type(value) is int and 0 <= value < 2**32)
        wholes = {"input_tokens": ("cache_read_tokens", "input_audio_tokens"), "output_tokens": ("reasoning_tokens", "output_audio_tokens")}
        for whole, parts in wholes.items():
            for part in parts:
                if getattr(usage, whole) is not None and getattr(usage, part) is not None:
                    assert getattr(usage, part) <= getattr(usage, whole)
        refused = [value for value in flat.values() if value is not None and not (type(value) is int and 0 <= value < 2**32)]
        assert bool(usage.note) or not refused or parser is openai_usage  # which of its two vocabularies is read depends on the keys

    check()


@settings(deadline=None)
@given(COUNT, COUNT, COUNT, COUNT, COUNT)
def test_anthropic_input_is_fresh_plus_read_plus_written(fresh, read, short, long, output):
    """Their input leaves the cache out; doubled or missing cache tokens are the classic error of gateways (LESSONS 6, 9)."""
    raw = {
        "input_tokens": fresh,
        "cache_read_input_tokens": read,
        "cache_creation_input_tokens": short + long,
        "cache_creation": {"ephemeral_5m_input_tokens": short, "ephemeral_1h_input_tokens": long},
        "output_tokens": output,
    }
    assert anthropic_usage.read_usage(raw) == Usage(
        input_tokens=fresh + read + short + long,
        output_tokens=output,
        cache_read_tokens=read,
        cache_write_tokens=short + long,
        cache_write_1h_tokens=long,
    )


def test_anthropic_deltas_overlay_what_they_name_and_leave_the_rest():
    """The last figures are what is billed (LESSONS 7); those it does not repeat are still true."""
    start = {"input_tokens": 10, "cache_read_input_tokens": 5, "output_tokens": 1, "service_tier": "standard"}
    assert anthropic_usage.overlaid(start, {"output_tokens": 9, "input_tokens": 12, "cache_read_input_tokens": None}) == {
        "input_tokens": 12,
        "cache_read_input_tokens": 5,
        "output_tokens": 9,
        "service_tier": "standard",
    }
    assert anthropic_usage.overlaid(None, None) is None
    assert anthropic_usage.overlaid("odd", {"output_tokens": 1}) == {"output_tokens": 1}


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({"promptTokenCount": 9, "totalTokenCount": 9}, Usage(input_tokens=9, output_tokens=0)),
        ({"promptTokenCount": 9}, Usage(input_tokens=9, output_tokens=None)),
        ({"promptTokenCount": 9, "thoughtsTokenCount": 4, "totalTokenCount": 13}, Usage(input_tokens=9, output_tokens=4, reasoning_tokens=4)),
        (
            {"promptTokenCount": 9, "thoughtsTokenCount": 4, "totalTokenCount": 20},
            Usage(input_tokens=9, reasoning_tokens=4, note="totalTokenCount is not the sum of its parts"),
        ),
    ],
)
def test_a_count_that_gemini_leaves_out_is_zero_only_where_the_total_proves_it(raw, expected):
    """Protocol buffers omit zeros; unknown is not zero (law 6)."""
    assert gemini_usage.read_usage(raw) == expected


@pytest.mark.parametrize("raw", [None, [], "x", 3, {}, {"prompt_tokens": None}])
def test_no_usage_is_none_not_zero(raw):
    """Zero tokens is a claim; silence is not (law 6)."""
    assert openai_usage.read_usage(raw) is None
    assert anthropic_usage.read_usage(raw) is None
    assert gemini_usage.read_usage(raw) is None
