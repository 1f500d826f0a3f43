"""What an exchange is billed for: the tokens of each reply that a provider gave, whether or not the caller got it, and what they cost together.

Rules of this file: no I/O, no clock; figures from the wire may be anything. Usage is the provider's, or estimated, or None (law 6): estimated only where the provider's
reply shows that it worked on the request (2xx) and the endpoint bills by tokens.

Nearly every exchange has one reply, and the row's figures are that one's. Where a rule had replies made anew, the row has the sum of all, for that is what the provider
bills. A sum of which a part is not known is not known. What a worker measured of a reply that the caller did not get has no text (`Closed.withheld`), so where its provider
did not say how many tokens it took, that is guessed by its length.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple, Protocol

from gateway.dialects.base import Operation, Reply, Request
from gateway.exchange import Closed, Phase, Place, Usage
from gateway.record.pricing import UNPRICED, Price
from gateway.record.tokens import tokens_of_length

MAX_REPLIES = 64  # of an exchange
_MAX_NOTE_CHARS = 256
_COUNTS = tuple(name for name in Usage._fields if name != "note")
_MAX_COUNT = (1 << 32) - 1


class Prices(Protocol):
    """gateway.record.pricing.PriceBook."""

    def cost(self, *, provider: str, prices_as: str | None, request_model: str, response_model: str, usage: Usage | None, at: dt.datetime) -> Price: ...


class Billed(NamedTuple):
    """One reply. provider: who gave it. model: as it names itself. source: of its usage: provider, estimated, or "" if there is none."""

    provider: str
    model: str
    usage: Usage | None
    source: str


class Withheld(NamedTuple):
    """One item of `Closed.withheld`, checked."""

    place: Place
    provider: str = ""
    model: str = ""
    usage: Usage | None = None
    said_bytes: int = 0
    complete: bool = False


def withheld_of(raw: Any) -> list[Withheld]:
    """What a close frame says of replies that the caller did not get; what is none of that is left out."""
    return [found for item in raw[:MAX_REPLIES] if (found := _withheld(item)) is not None] if isinstance(raw, list) else []


def followed(reply: Reply, rest: Withheld) -> Reply:
    """A reply whose beginning the caller got, with the figures of what followed."""
    if rest.usage is None:
        return reply._replace(complete=reply.complete or rest.complete)
    before = reply.usage or Usage()
    later = {name: count for name in _COUNTS if (count := getattr(rest.usage, name)) is not None}
    return reply._replace(usage=before._replace(**later, note=rest.usage.note or before.note), complete=rest.complete)


def said_after(operation: Operation, reply: Reply, rest: Withheld) -> int:
    """How many bytes of text followed on what the caller got. Where a stream tells at its end what it said before, all of it is in the rest again."""
    told = sum(len(segment.text.encode("utf-8", "replace")) for segment in reply.segments) if operation.reader().retells else 0
    return max(0, rest.said_bytes - told)


def used(operation: Operation, request: Request, reply: Reply, model: str, *, estimate: Callable[..., Usage] | None, more_bytes: int = 0) -> tuple[Usage | None, str]:
    """The usage of one reply with a good status, and its source. more_bytes: of its texts, beside those that `reply` has. estimate: None: the texts are not on record."""
    usage = reply.usage
    if not operation.bills:
        return usage, "provider" if usage else ""
    if usage is not None and usage.output_tokens is not None and reply.complete:
        return usage, "provider"
    if estimate is None:  # nothing there to count
        usage = (usage or Usage())._replace(note="not estimated: content withheld")
        if operation.name != "embeddings":
            usage = usage._replace(output_tokens=None)  # of a stream that was cut it is what was said at the beginning
        return usage, "provider" if usage.input_tokens is not None else ""
    if not reply.complete and not reply.segments and not more_bytes and usage is None:  # an error, a page, nothing: not an answer, so not one to be charged for
        return None, ""
    guess = estimate(operation, request, reply, reply.model or model)
    if more_bytes and guess.output_tokens is not None:
        guess = guess._replace(output_tokens=guess.output_tokens + tokens_of_length(more_bytes), note="output_tokens estimated by length")
    if usage is None:
        known = guess.input_tokens is not None or guess.output_tokens is not None
        return guess, "estimated" if known else ""
    # A stream cut before the provider summed up has said what went in, and of what came out at most a beginning.
    if guess.output_tokens and operation.name != "embeddings" and guess.output_tokens > (usage.output_tokens or 0):
        note = "; ".join(note for note in (usage.note, guess.note or "output_tokens estimated") if note)
        return usage._replace(output_tokens=guess.output_tokens, note=note), "estimated"
    return usage, "provider"


def summed(replies: list[Billed]) -> tuple[Usage | None, str]:
    """Usage and source of all together."""
    billed = [reply for reply in replies if reply.usage is not None]
    if len(billed) < 2:
        return (billed[0].usage, billed[0].source) if billed else (None, "")
    counts: dict[str, int | None] = {}
    for name in _COUNTS:
        values = [getattr(reply.usage, name) for reply in billed]
        whole = None not in values if name in ("input_tokens", "output_tokens") else any(value is not None for value in values)
        total = sum(value or 0 for value in values)
        counts[name] = total if whole and total <= _MAX_COUNT else None
    notes = dict.fromkeys((f"sum of {len(billed)} replies", *(reply.usage.note for reply in billed if reply.usage is not None)))
    return Usage(**counts, note="; ".join(filter(None, notes))), "estimated" if any(reply.source == "estimated" for reply in billed) else "provider"


def unheard(closed: Closed | None, phases: tuple[Phase, ...]) -> str:
    """A note on requests of this exchange that were sent and not answered, beside the one that was: "" if there are none. Their providers may bill them, and nobody told the gate how much."""
    if closed is None or closed.attempts < 2:
        return ""
    silent = closed.attempts - sum(phase.name == "attempt" and phase.upstream_status is not None for phase in phases)
    return f"without {silent} attempt{'s' if silent > 1 else ''} that had no answer" if silent > 0 else ""


def priced(replies: list[Billed], prices: Prices, prices_as: Mapping[str, str | None], request_model: str, at: dt.datetime) -> Price:
    """What all of them cost."""
    costs = [
        prices.cost(provider=reply.provider, prices_as=prices_as.get(reply.provider), request_model=request_model, response_model=reply.model, usage=reply.usage, at=at)
        for reply in replies
        if reply.usage is not None
    ]
    if len(costs) < 2:
        return costs[0] if costs else UNPRICED
    note, source = ("; ".join(dict.fromkeys(filter(None, words))) for words in zip(*((cost.note, cost.source) for cost in costs), strict=True))
    usd = [cost.usd for cost in costs if cost.usd is not None]
    return Price(sum(usd, Decimal()), source, note) if len(usd) == len(costs) else Price(None, note=note)


def _withheld(raw: Any) -> Withheld | None:
    if not isinstance(raw, dict):
        return None
    try:
        place = Place(str(raw.get("place")))
    except ValueError:
        return None
    tokens, said, provider, model, note = (raw.get(name) for name in ("tokens", "said_bytes", "provider", "model", "note"))
    usage = None
    if isinstance(tokens, dict):
        counts = {name: tokens[name] for name in _COUNTS if type(tokens.get(name)) is int and 0 <= tokens[name] <= _MAX_COUNT}
        usage = Usage(**counts, note=note[:_MAX_NOTE_CHARS] if isinstance(note, str) else "") if counts else None
    return Withheld(
        place,
        provider if isinstance(provider, str) else "",
        model if isinstance(model, str) else "",
        usage,
        said if type(said) is int and said > 0 else 0,
        raw.get("complete") is True,
    )
