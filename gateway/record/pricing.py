"""What an exchange cost, in US dollars, at the prices of its own time.

Rules of this file: Decimal only; the time is a parameter, so old traffic is never priced anew; unknown is None, never 0 (law 6). A
price comes from the configuration, else from a few facts kept here, else from genai-prices' bundled data (nothing is fetched), and
`source` says from which. One arithmetic for all three: each token is billed once, at the most special rate that applies to it.

None, rather than a wrong number, where
- the provider is not one whose list is known to hold: a self-hosted model that calls itself gpt-4 does not cost what OpenAI asks;
- usage is unknown, or output is and output costs something;
- there was audio, and the list has no price for it (except Google's, which names audio only where it differs from text);
- the model bills something that `Usage` does not tell apart: images, video, characters, minutes, pages, citations.

Deliberately absent: discounts by service tier or batch, fees per tool call (web search), and the free tiers that genai-prices lists without
a price. Source: https://github.com/pydantic/genai-prices, whose tests this arithmetic is compared with in tests/record/test_pricing.py.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple

import genai_prices
from genai_prices.data_snapshot import find_provider_by_id, get_snapshot
from genai_prices.types import ModelInfo, ModelPrice, TieredPrices

from gateway.exchange import Usage

_CENT = Decimal("0.000000001")  # what the column cost_usd keeps
_LIMIT = Decimal(10) ** 9  # what it can hold
_ZERO = Decimal(0)
_COUNT_LIMIT = 1 << 32  # what the token columns can hold; anything beyond is no count
_MILLION = 1_000_000
MODELS = 512  # that are kept: more than an installation uses, few enough to be reached soon by who makes names up
_counts = attrgetter(*(name for name in Usage._fields if name.endswith("_tokens")))
_MODEL_CHARS = 256  # a longer name is nobody's model
_GENAI_RATES = {
    "input_mtok": "input",
    "output_mtok": "output",
    "cache_read_mtok": "cache_read",
    "cache_write_mtok": "cache_write",
    "cache_write_1h_mtok": "cache_write_1h",
    "input_audio_mtok": "input_audio",
    "output_audio_mtok": "output_audio",
    "cache_audio_read_mtok": "cache_audio_read",
    "output_reasoning_mtok": "output_reasoning",
    "requests_kcount": "requests",
}
_GENAI_TOOL_FEES = {"web_searches_kcount", "storage_searches_kcount"}


@dataclass(frozen=True, slots=True)
class PriceOverride:
    """What the configuration says a model costs: US dollars for `per` tokens. None: as `input` or `output`."""

    input: Decimal
    output: Decimal = Decimal(0)
    cache_read: Decimal | None = None
    cache_write: Decimal | None = None
    cache_write_1h: Decimal | None = None
    input_audio: Decimal | None = None
    output_audio: Decimal | None = None
    per: int = _MILLION


class Price(NamedTuple):
    """usd: 9 places; None: not known.  source: "config", "builtin <date>", "genai-prices <version>", "" with None.  note: what was odd about the usage."""

    usd: Decimal | None
    source: str = ""
    note: str = ""


UNPRICED = Price(None)
_Rate = Decimal | TieredPrices


@dataclass(frozen=True, slots=True)
class _Rates:
    """Dollars for `per` tokens. None: tokens of this kind are billed as the kind they are part of."""

    input: _Rate
    output: _Rate | None = None
    cache_read: _Rate | None = None
    cache_write: _Rate | None = None
    cache_write_1h: _Rate | None = None
    input_audio: _Rate | None = None
    output_audio: _Rate | None = None
    cache_audio_read: _Rate | None = None
    output_reasoning: _Rate | None = None
    requests: Decimal = Decimal(0)  # for a thousand
    per: int = _MILLION
    audio_as_text: bool = False  # audio without a rate of its own costs what text costs


# Audio rates that genai-prices 0.2.3 lacks. OpenAI's price list, https://platform.openai.com/docs/pricing, as it stood when the models were sold.
_BUILTIN_DATE = "2026-11-22"
_BUILTIN_AUDIO: Mapping[str, tuple[Decimal, Decimal]] = {
    "gpt-4o-audio-preview": (Decimal(40), Decimal(80)),
    "gpt-4o-audio-preview-2024-12-17": (Decimal(40), Decimal(80)),
    "gpt-4o-audio-preview-2025-06-03": (Decimal(40), Decimal(80)),
    "gpt-4o-audio-preview-2024-10-01": (Decimal(100), Decimal(200)),
    "gpt-4o-mini-audio-preview": (Decimal(10), Decimal(20)),
    "gpt-4o-mini-audio-preview-2024-12-17": (Decimal(10), Decimal(20)),
}


class PriceBook:
    """Prices exchanges. About 10 µs each once a model has been seen; may be used from several threads."""

    def __init__(self, overrides: Mapping[str, PriceOverride]) -> None:
        """overrides: by "provider/model" (our name of the provider) or "model"; the former wins."""
        self._overrides = {
            name: _Rates(
                o.input,
                o.output,
                o.cache_read,
                o.cache_write,
                _first(o.cache_write_1h, o.cache_write, o.input),
                o.input_audio,
                o.output_audio,
                per=o.per,
                audio_as_text=True,
            )
            for name, o in overrides.items()
        }
        self._providers = get_snapshot().providers
        self._source = f"genai-prices {genai_prices.__version__}"
        # Bounded: names come from clients. genai-prices' own lookup keeps every name it ever met, so it is not asked.
        self._find = lru_cache(maxsize=MODELS)(self._look_up)
        self._known: dict[int, tuple[ModelPrice, str, _Rates | None]] = {}  # by the list entry's id, with the entry, so that no other gets it

    def cost(self, *, provider: str, prices_as: str | None, request_model: str, response_model: str, usage: Usage | None, at: dt.datetime) -> Price:
        """Price one exchange.

        provider: its name in our configuration.  prices_as: genai-prices' name of the provider whose list holds: what the
        configuration says, else `provider_of_host`; None: only overrides count.  The response's model is looked for first, then the
        request's.  at: when the exchange began, aware.  Never raises on odd usage.
        """
        if usage is None or usage.input_tokens is None:
            return UNPRICED
        named = (response_model, request_model) if response_model != request_model else (response_model,)
        models = [name for name in named if name and len(name) <= _MODEL_CHARS]
        if self._overrides:
            for name in (key for model in models for key in (f"{provider}/{model}", model)):
                if (rates := self._overrides.get(name)) is not None:
                    return _bill(rates, usage, "config")
        if prices_as is None:
            return UNPRICED
        for model in models:
            if (found := self._find(prices_as, model)) is not None:
                info, owner = found
                rates = self._rates(info.get_prices(at), owner)
                if rates is None:
                    return UNPRICED
                spoken = usage.input_audio_tokens or usage.output_audio_tokens
                if spoken and rates.input_audio is None and owner in ("openai", "azure") and (audio := _BUILTIN_AUDIO.get(_bare(model))):
                    return _bill(replace(rates, input_audio=audio[0], output_audio=audio[1]), usage, f"builtin {_BUILTIN_DATE}")
                return _bill(rates, usage, self._source)
        return UNPRICED

    def _rates(self, price: ModelPrice, owner: str) -> _Rates | None:
        known = self._known.get(id(price))
        if known is None or known[0] is not price or known[1] != owner:
            if len(self._known) >= MODELS:
                self._known.clear()
            known = self._known[id(price)] = price, owner, _rates(price, owner)
        return known[2]

    def _look_up(self, prices_as: str, model: str) -> tuple[ModelInfo, str] | None:
        """A model in a provider's list, and the list's name. A vendor's prefix ("openai/", "models/") is taken off where the list does not have it."""
        owner = find_provider_by_id(self._providers, prices_as)
        if owner is None:
            return None
        for name in dict.fromkeys((model, _bare(model))):
            if (info := owner.find_model(name, all_providers=self._providers)) is not None:
                # Some entries take a fine-tune for its base, which costs less.
                return None if name.startswith("ft:") and "ft" not in re.split(r"[^a-z]+", info.id) else (info, owner.id)
        return None


def provider_of_host(host: str, path: str = "") -> str | None:
    """genai-prices' name of the provider that serves a base URL, None if it is nobody's there: a private address, a self-hosted model.

    path: the base URL's path; only few providers share a host and need it.
    """
    origin = f"https://{host.lower()}"
    for owner in get_snapshot().providers:
        match = re.match(owner.api_pattern, f"{origin}{path.rstrip('/')}/")
        if match is None:
            continue
        unmatched = origin[match.end() :]  # some patterns stop before the host does: api.openai.com.example is not OpenAI
        if not unmatched or (match[0].endswith(".") and "." not in unmatched):
            return owner.id
    return None


def _bare(model: str) -> str:
    """Without a vendor's prefix; a fine-tune's name may have a slash in its organisation and is left alone."""
    return model if model.startswith("ft:") else model.rsplit("/", 1)[-1]


def _rates(price: ModelPrice, owner: str) -> _Rates | None:
    """A list entry in our terms; None if it bills anything that `Usage` does not tell apart, or lists no price."""
    rates = {key: value for key, value in vars(price).items() if value is not None and key not in _GENAI_TOOL_FEES}
    if "input_mtok" not in rates or not rates.keys() <= _GENAI_RATES.keys():
        return None
    return _Rates(**{_GENAI_RATES[key]: value for key, value in rates.items()}, audio_as_text=owner == "google")


def _bill(rates: _Rates, usage: Usage, source: str) -> Price:
    for count in _counts(usage):
        if count and not 0 < count < _COUNT_LIMIT:
            return Price(None, note="token counts out of range")
    if usage.output_tokens is None and rates.output:
        return UNPRICED
    if not rates.audio_as_text and ((usage.input_audio_tokens and rates.input_audio is None) or (usage.output_audio_tokens and rates.output_audio is None)):
        return Price(None, note="no price for audio")
    paid_in, odd_in = _input(rates, usage)
    paid_out, odd_out = _output(rates, usage)
    usd = (paid_in + paid_out) / rates.per
    if rates.requests:
        usd += rates.requests / 1000
    if usd >= _LIMIT:
        return Price(None, note="cost out of range")
    return Price(usd.quantize(_CENT, ROUND_HALF_EVEN), source, "parts exceed their total" if odd_in or odd_out else "")


def _input(rates: _Rates, usage: Usage) -> tuple[Decimal, bool]:
    """Dollars times `per`, and whether the parts were more than the whole; then they are billed in this order until the whole is used up."""
    total = usage.input_tokens or 0
    read, audio = usage.cache_read_tokens or 0, usage.input_audio_tokens or 0
    long_write = usage.cache_write_1h_tokens or 0
    write = max(usage.cache_write_tokens or 0, long_write)
    if not (read or write or audio):
        return _at(rates.input, total) * total, False
    read_audio = min(usage.cache_audio_read_tokens or 0, read, audio)
    parts: list[tuple[int, _Rate]] = []
    if read_audio:
        parts.append((read_audio, _first(rates.cache_audio_read, rates.cache_read, rates.input_audio, rates.input)))
    if read > read_audio:
        parts.append((read - read_audio, _first(rates.cache_read, rates.input)))
    if long_write:
        parts.append((long_write, _long_write(rates, total)))
    if write > long_write:
        parts.append((write - long_write, _first(rates.cache_write, rates.input)))
    if audio > read_audio:
        parts.append((audio - read_audio, _first(rates.input_audio, rates.input)))
    left, paid = total, _ZERO
    for count, rate in parts:
        billed = min(count, left)
        left -= billed
        paid += _at(rate, total) * billed
    return paid + _at(rates.input, total) * left, read + write + audio - read_audio > total


def _long_write(rates: _Rates, total: int) -> Decimal:
    """The price of a write kept for an hour. Only Anthropic reports such writes, and bills them at twice its input price."""
    if rates.cache_write_1h is not None:
        return _at(rates.cache_write_1h, total)
    if rates.cache_write is None:
        return _at(rates.input, total)
    return 2 * _at(rates.input, total)


def _output(rates: _Rates, usage: Usage) -> tuple[Decimal, bool]:
    total, size = usage.output_tokens or 0, usage.input_tokens or 0
    audio = usage.output_audio_tokens or 0
    reasoning = (usage.reasoning_tokens or 0) if rates.output_reasoning is not None else 0
    base = _first(rates.output, _ZERO)
    if not (audio or reasoning):
        return _at(base, size) * total, False
    left, paid = total, _ZERO
    for count, rate in ((audio, _first(rates.output_audio, base)), (reasoning, _first(rates.output_reasoning, base))):
        billed = min(count, left)
        left -= billed
        paid += _at(rate, size) * billed
    return paid + _at(base, size) * left, audio + reasoning > total


def _first(*rates: _Rate | None) -> _Rate:
    """The most special rate there is; 0 is a rate."""
    for rate in rates:
        if rate is not None:
            return rate
    raise ValueError("no rate")


def _at(rate: _Rate, input_tokens: int) -> Decimal:
    """The rate that holds for a request of this size: a tier's price is that of all its tokens."""
    if isinstance(rate, Decimal):
        return rate
    price = rate.base
    for tier in rate.tiers:
        if input_tokens > tier.start:
            price = tier.price
    return price
