"""What exchanges cost. The golden sums are worked out by hand in each docstring, in dollars for a million tokens."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import genai_prices
import pytest
from genai_prices.data_snapshot import get_snapshot
from genai_prices.types import ModelInfo, Provider
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.exchange import Usage
from gateway.record.pricing import MODELS as KEPT
from gateway.record.pricing import UNPRICED, Price, PriceBook, PriceOverride, provider_of_host

AT = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)
LIST = f"genai-prices {genai_prices.__version__}"
BOOK = PriceBook({})


def cost(model: str, usage: Usage | None, *, book: PriceBook = BOOK, prices_as: str | None = "openai", **more: Any) -> Price:
    arguments: dict[str, Any] = {"provider": "main", "request_model": "", "at": AT} | more
    return book.cost(prices_as=prices_as, response_model=model, usage=usage, **arguments)


def usd(text: str, source: str = LIST, note: str = "") -> Price:
    return Price(Decimal(text).quantize(Decimal("1e-9")), source, note)


# ------------------------------------------------------------------ golden cases


def test_gpt_4_at_its_launch_prices_costs_62_cents_for_the_seed() -> None:
    """The number the project was asked to reproduce: 10,000 x 0.06/1000 + 200 x 0.12/1000 = 0.6 + 0.024."""
    book = PriceBook({"gpt-4": PriceOverride(Decimal("0.06"), Decimal("0.12"), per=1000)})
    price = cost("gpt-4-0314", Usage(10_000, 200), book=book, prices_as=None, request_model="gpt-4")
    assert price == usd("0.624", "config")
    assert str(price.usd) == "0.624000000"


def test_openai_cached_input_costs_half() -> None:
    """gpt-4o: 2.50 in, 1.25 cached, 10 out.  (1000-400) x 2.5 + 400 x 1.25 + 100 x 10 = 1500 + 500 + 1000 = 3000."""
    assert cost("gpt-4o-2024-08-06", Usage(1000, 100, cache_read_tokens=400)) == usd("0.003")


def test_openai_reasoning_is_part_of_the_output() -> None:
    """gpt-5: 1.25 in, 10 out.  1000 x 1.25 + 900 x 10 = 10250, whether 800 of the 900 were reasoning or none."""
    assert cost("gpt-5", Usage(1000, 900, reasoning_tokens=800)) == usd("0.01025")
    assert cost("gpt-5", Usage(1000, 900)) == usd("0.01025")


def test_openai_audio_has_its_own_rates() -> None:
    """gpt-audio: 2.50/10 for text, 32/64 for audio.  60 x 2.5 + 40 x 32 + 10 x 10 + 90 x 64 = 150 + 1280 + 100 + 5760 = 7290."""
    assert cost("gpt-audio", Usage(100, 100, input_audio_tokens=40, output_audio_tokens=90)) == usd("0.00729")


def test_audio_that_the_list_prices_as_text_has_a_price_of_its_own_here() -> None:
    """gpt-4o-audio-preview: 2.50/10 text, 40/80 audio.  50 x 2.5 + 50 x 40 + 20 x 10 + 80 x 80 = 125 + 2000 + 200 + 6400 = 8725, not 1250."""
    spoken = Usage(100, 100, input_audio_tokens=50, output_audio_tokens=80)
    assert cost("gpt-4o-audio-preview", spoken) == usd("0.008725", "builtin 2026-11-22")
    assert cost("gpt-4o-audio-preview", Usage(100, 100)) == usd("0.00125")


def test_openai_embeddings_cost_by_input_alone() -> None:
    """text-embedding-3-small: 0.02.  Its usage has no output, and no output is owed."""
    assert cost("text-embedding-3-small", Usage(input_tokens=1000)) == usd("0.00002")


def test_anthropic_cache_reads_and_both_kinds_of_writes() -> None:
    """claude-sonnet-4-5: 3 in, 0.30 read, 3.75 for 5 minutes, 6 for an hour, 15 out.

    Input 10,000, of which 4,000 read and 3,000 written, 1,000 of them for an hour:
    3000 x 3 + 4000 x 0.3 + 2000 x 3.75 + 1000 x 6 + 500 x 15 = 9000 + 1200 + 7500 + 6000 + 7500 = 31200.
    """
    usage = Usage(10_000, 500, cache_read_tokens=4000, cache_write_tokens=3000, cache_write_1h_tokens=1000)
    assert cost("claude-sonnet-4-5-20250929", usage, prices_as="anthropic") == usd("0.0312")


def test_gemini_crosses_its_tier_with_every_token() -> None:
    """gemini-2.5-pro: 1.25/10 up to 200,000 input tokens, 2.50/15 beyond; cached 0.125 and 0.25.

    200,000 + 100: 250000 + 1000 = 251000.  200,001 + 100: 500002.5 + 1500 = 501502.5.
    250,000 of which 50,000 cached, + 100: 200000 x 2.5 + 50000 x 0.25 + 1500 = 500000 + 12500 + 1500 = 514000.
    """
    assert cost("gemini-2.5-pro", Usage(200_000, 100), prices_as="google") == usd("0.251")
    assert cost("gemini-2.5-pro", Usage(200_001, 100), prices_as="google") == usd("0.5015025")
    assert cost("models/gemini-2.5-pro", Usage(250_000, 100, 50_000), prices_as="google") == usd("0.514")


def test_gemini_audio_and_cached_audio() -> None:
    """gemini-2.5-flash: 0.30 text, 0.03 cached, 1 audio, 0.10 cached audio, 2.50 out.

    Input 1000: 300 audio and 200 cached, 100 of them both, so 600 plain text.  600 x 0.3 + 100 x 0.03 + 200 x 1 + 100 x 0.1 + 10 x 2.5
    = 180 + 3 + 200 + 10 + 25 = 418.
    """
    usage = Usage(1000, 10, cache_read_tokens=200, input_audio_tokens=300, cache_audio_read_tokens=100, reasoning_tokens=5)
    assert cost("gemini-2.5-flash", usage, prices_as="google") == usd("0.000418")


def test_gemini_audio_without_a_rate_costs_what_text_costs() -> None:
    """Google lists audio only where it differs: gemini-2.5-pro takes 1.25 for either.  100 x 1.25 + 10 x 10 = 225."""
    assert cost("gemini-2.5-pro", Usage(100, 10, input_audio_tokens=50), prices_as="google") == usd("0.000225")


def test_prices_are_those_of_the_exchanges_own_time() -> None:
    """o3 fell from 10/40 to 2/8 on 2025-06-10; a row of the day before keeps what it cost: 1000 x 10 + 100 x 40 = 14000, then 2800."""
    assert cost("o3", Usage(1000, 100), at=dt.datetime(2025, 6, 9, 23, 59, tzinfo=dt.UTC)) == usd("0.014")
    assert cost("o3", Usage(1000, 100), at=dt.datetime(2025, 6, 10, tzinfo=dt.UTC)) == usd("0.0028")


def test_a_fine_tuned_model_has_its_own_price_or_none() -> None:
    """ft:gpt-4o-mini is 0.30/1.20, twice its base: 1000 x 0.3 + 100 x 1.2 = 420. Where the list has none, the base's would be wrong."""
    assert cost("ft:gpt-4o-mini-2024-07-18:acme/lab::abc", Usage(1000, 100)) == usd("0.00042")
    assert cost("ft:gpt-4-0613:acme::abc", Usage(1000, 100)) == UNPRICED


# ------------------------------------------------------------------ what has no price


@pytest.mark.parametrize(
    ("model", "usage", "prices_as"),
    [
        ("gpt-4o", None, "openai"),
        ("gpt-4o", Usage(), "openai"),
        ("gpt-4o", Usage(output_tokens=5), "openai"),
        ("gpt-4o", Usage(input_tokens=5), "openai"),
        ("gpt-4o", Usage(5, 5), None),
        ("gpt-4o", Usage(5, 5), "no-such-provider"),
        ("nobody-knows-me", Usage(5, 5), "openai"),
        ("", Usage(5, 5), "openai"),
        ("gpt-4o" + "x" * 100_000, Usage(5, 5), "openai"),
        ("omni-moderation-latest", Usage(5, 0), "openai"),
        ("whisper-1", Usage(5, 5), "openai"),
        ("gemini-2.5-flash-image", Usage(5, 1290), "google"),
    ],
)
def test_unknown_is_none_and_never_zero(model: str, usage: Usage | None, prices_as: str | None) -> None:
    """Law 6: a zero in a cost report is believed."""
    assert cost(model, usage, prices_as=prices_as) == UNPRICED


def test_audio_without_a_known_rate_has_no_price() -> None:
    """Audio costs four to forty times what text does; a text price would be a wrong number, not an estimate."""
    assert cost("gpt-4o", Usage(10, 10, output_audio_tokens=5)) == Price(None, "", "no price for audio")


@pytest.mark.parametrize("count", [-1, 1 << 32, 10**40])
def test_impossible_counts_have_no_price(count: int) -> None:
    """A provider's nonsense must not become a negative bill or a row the store refuses."""
    assert cost("gpt-4o", Usage(count, 1)) == Price(None, "", "token counts out of range")
    assert cost("gpt-4o", Usage(1, 1, cache_read_tokens=count)) == Price(None, "", "token counts out of range")


def test_a_cost_that_the_column_cannot_hold_has_no_price() -> None:
    """A typing error in the configuration must not send rows into quarantine."""
    book = PriceBook({"m": PriceOverride(Decimal(10) ** 7, per=1)})
    assert cost("m", Usage(1000, 0), book=book) == Price(None, "", "cost out of range")


def test_parts_larger_than_the_whole_are_billed_up_to_the_whole_and_noted() -> None:
    """Some gateways report cached tokens beside the input, not in it.  gpt-4o: all 100 cached: 100 x 1.25 + 10 x 10 = 225."""
    assert cost("gpt-4o", Usage(100, 10, cache_read_tokens=400)) == usd("0.000225", note="parts exceed their total")


# ------------------------------------------------------------------ which price holds


def test_configured_prices_win_and_the_more_specific_one_first() -> None:
    """A negotiated price holds for one provider; the response's model names what was really used."""
    book = PriceBook({"main/gpt-4o": PriceOverride(Decimal(1)), "gpt-4o": PriceOverride(Decimal(2)), "alias": PriceOverride(Decimal(3))})
    million = Usage(1_000_000, 0)
    assert [
        cost("gpt-4o", million, book=book).usd,
        cost("gpt-4o", million, book=book, provider="other").usd,
        cost("gpt-4o-2024-08-06", million, book=book, request_model="alias").usd,
        cost("gpt-4o", million, book=book, request_model="alias", provider="other").usd,
    ] == [1, 2, 3, 2]


def test_unset_parts_of_a_configured_price_cost_what_input_and_output_cost() -> None:
    """That is what the configuration's page promises: 1 for any input, 2 for any output; set parts are honoured, 0 included."""
    usage = Usage(100, 10, cache_read_tokens=20, cache_write_tokens=30, cache_write_1h_tokens=10, input_audio_tokens=5, output_audio_tokens=5)
    plain = PriceOverride(Decimal(1), Decimal(2), per=1)
    full = PriceOverride(Decimal(1), Decimal(2), Decimal(0), Decimal(3), Decimal(4), Decimal(5), Decimal(6), per=1)
    # 45 x 1 + 20 x 0 + 20 x 3 + 10 x 4 + 5 x 5 = 170, and 5 x 2 + 5 x 6 = 40
    assert [cost("m", usage, book=PriceBook({"m": price})).usd for price in (plain, full)] == [120, 210]


def test_a_vendor_prefix_does_not_hide_a_price() -> None:
    """Clients of routers write "openai/gpt-4o" whatever is behind."""
    assert cost("openai/gpt-4o", Usage(1000, 100)) == cost("gpt-4o", Usage(1000, 100)) == usd("0.0035")


@pytest.mark.parametrize(
    ("host", "path", "provider"),
    [
        ("api.openai.com", "", "openai"),
        ("API.Anthropic.com", "", "anthropic"),
        ("generativelanguage.googleapis.com", "", "google"),
        ("api.groq.com", "/openai", "groq"),
        ("api.mistral.ai", "", "mistral"),
        ("api.deepseek.com", "", "deepseek"),
        ("api.x.ai", "", "x-ai"),
        ("openrouter.ai", "/api", "openrouter"),
        ("api.together.xyz", "", "together"),
        ("acme.openai.azure.com", "/openai", "azure"),
        ("api.moonshot.ai", "", "moonshotai"),
        ("router.huggingface.co", "/groq", "huggingface_groq"),
        ("router.huggingface.co", "", None),
        ("10.0.0.7", "", None),
        ("localhost", "", None),
        ("api.openai.com.example", "", None),
        ("openai.example", "", None),
    ],
)
def test_a_host_names_the_price_list_that_holds(host: str, path: str, provider: str | None) -> None:
    """A model served from one's own machine costs nothing of what its namesake costs elsewhere."""
    assert provider_of_host(host, path) == provider


def test_the_lookups_remember_a_bounded_number_of_names() -> None:
    """Clients invent model names; each one kept would be a leak (FAILURES G15)."""
    book, others = PriceBook({}), dict(get_snapshot()._lookup_cache)  # other tests may have used the library's own look-up
    for i in range(5000):
        book.cost(provider="p", prices_as="avian", request_model="", response_model=f"m{i}", usage=Usage(1, 1), at=AT)
    assert book._find.cache_info().currsize == KEPT <= 1000  # one that takes an hour to fill is a recorder that grows for an hour
    assert get_snapshot()._lookup_cache == others


# ------------------------------------------------------------------ properties

COUNTS = st.integers(0, 400_000)
PARTS = st.integers(0, 50_000)
USAGES = st.builds(
    Usage,
    input_tokens=COUNTS,
    output_tokens=COUNTS,
    cache_read_tokens=st.none() | PARTS,
    cache_write_tokens=st.none() | PARTS,
    cache_write_1h_tokens=st.none() | PARTS,
    reasoning_tokens=st.none() | PARTS,
    input_audio_tokens=st.none() | PARTS,
    cache_audio_read_tokens=st.none() | PARTS,
    output_audio_tokens=st.none() | PARTS,
)
MODELS = [(owner, model) for owner in get_snapshot().providers if owner.id in ("openai", "anthropic", "google", "perplexity", "deepseek", "mistral") for model in owner.models]


def named(owner: Provider, model: ModelInfo) -> bool:
    return owner.find_model(model.id) is model


@settings(deadline=None, max_examples=300)
@given(entry=st.sampled_from(MODELS), usage=USAGES, more_in=COUNTS, more_out=COUNTS)
def test_costs_are_none_or_positive_and_more_tokens_never_cost_less(entry: tuple[Provider, ModelInfo], usage: Usage, more_in: int, more_out: int) -> None:
    """However contradictory the usage is, nobody is paid for calling a model."""
    owner, model = entry
    assert usage.input_tokens is not None and usage.output_tokens is not None
    fields = usage._asdict()
    larger = Usage(**fields | {"input_tokens": usage.input_tokens + more_in, "output_tokens": usage.output_tokens + more_out})
    less, more = (cost(model.id, u, prices_as=owner.id).usd for u in (usage, larger))
    assert (less is None) == (more is None)
    assert less is None or more is None or 0 <= less <= more


@settings(deadline=None, max_examples=300)
@given(
    entry=st.sampled_from([entry for entry in MODELS if named(*entry)]),
    plain=PARTS,
    read=PARTS,
    write=PARTS,
    out=PARTS,
    reasoning=PARTS,
    hour=st.integers(0, 24 * 365 * 2),
)
def test_the_arithmetic_is_that_of_genai_prices(entry: tuple[Provider, ModelInfo], plain: int, read: int, write: int, out: int, reasoning: int, hour: int) -> None:
    """Ours is ten times faster; it must not be different. Compared on consistent usage, where theirs raises nothing."""
    owner, model = entry
    at = dt.datetime(2025, 1, 1, tzinfo=dt.UTC) + dt.timedelta(hours=hour)
    ours = cost(model.id, Usage(plain + read + write, out + reasoning, read, write, 0, reasoning), prices_as=owner.id, at=at)
    if ours.usd is None:
        return
    usage = genai_prices.Usage(input_tokens=plain + read + write, output_tokens=out + reasoning, cache_read_tokens=read, cache_write_tokens=write, output_reasoning_tokens=reasoning)
    theirs = genai_prices.calc_price(usage, model.id, provider_id=owner.id, genai_request_timestamp=at)
    assert ours.usd == theirs.total_price.quantize(Decimal("1e-9"))
