"""Model watch over the record: which exchanges are held against which, and what providers have called themselves until now.

`response_model` is a column. A system fingerprint (OpenAI's chat and completions, and who speaks them) is not: it stands in the reply, so it is looked for in
reply bodies, whole ones and streams alike, in slices of time when there are more than READ_BYTES of them. Both are remembered in `drift_seen`, which outlives the
exchanges; what an app is told is new is what nobody at this gate was answered with before its window.

What decides a reply beside the user's words is its setting: prompt, endpoint, parameters, tools, instructions, turns. Instructions are compared without
digits and names of days and months, for many hold the date; where they differ from call to call all the same, only their length counts, which a note says.

Rules of this file: bodies a page at a time, as gateway.drift.samples has it; no statistics. Raises StoreError.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from detectors.drift.base import Vectors
from detectors.drift.provider import Call, Named, ProviderReport, compare
from detectors.drift.refusals import refused
from gateway.dialects import operation_of
from gateway.dialects.lenient import compact, load, obj
from gateway.dialects.texts import TOOL_DEFINITION
from gateway.drift.selecting import COLUMNS, MAX_CHARS, OPERATIONS, Reads, row
from gateway.errors import EmbeddingError
from gateway.store.client import Store

Embed = Callable[[list[str]], Awaitable[Vectors]]

DEADLINE_S = 55.0
MAX_MODELS = 5  # of one app that are looked at: the busiest
READ_BYTES = 512 << 20  # of reply bodies in one look for fingerprints
MAX_BODY = 1 << 20  # bytes: of a longer one only the record's own text is read
LEAST_TOKENS = 8  # of a reply whose time per token means anything
_PAGE = 50  # exchanges whose bodies are held at a time
_SLICE_S = 3600  # seconds: rows of one time stand together, so a slice that is left out is not read either
_LOOK_BACK = dt.timedelta(days=14)  # at least, for models; at most, for fingerprints
_LATE = dt.timedelta(days=1)  # rows may come that much later than they began
_MAX_SEEN = 20_000
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_FINGERPRINT = r"""extract(reply_body, '"system_fingerprint"\\s*:\\s*"([^"\\\\]{1,128})"')"""  # in a text its quotes would have backslashes
_HAS_FINGERPRINT = "dialect = 'openai' AND operation IN ('chat', 'text_completion')"
_OK = f"outcome = 'ok' AND operation IN ({', '.join(repr(name) for name in OPERATIONS)})"
_COLUMNS = (*COLUMNS, "started_at", "provider", "request_model", "prompt_name", "prompt_version", "is_stream", "duration_s", "time_to_first_chunk_s", "upstream_s", "reasoning_tokens")
_REFUSING = frozenset("refusal content_filter SAFETY PROHIBITED_CONTENT BLOCKLIST SPII".split())  # noqa: SIM905
_PARAMETERS = frozenset(
    """temperature top_p top_k max_tokens max_completion_tokens max_output_tokens response_format text tools tool_choice functions function_call reasoning_effort reasoning
    stop stop_sequences frequency_penalty presence_penalty logit_bias verbosity n thinking output_config generationConfig generation_config toolConfig tool_config safetySettings
    safety_settings web_search_options modalities parallel_tool_calls""".split()  # noqa: SIM905
)
_INSTRUCTING = frozenset(("system", "developer"))
_PASSING = re.compile(r"\d+|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:january|february|march|april|may|june|july|august|september|october|november|december)\b", re.IGNORECASE)
_DIFFERENT = 0.2  # distinct instructions, of all calls: more, and they are made for each call


@dataclass(frozen=True, slots=True)
class Periods:
    """Before and now. before_from and since are included, since (where before ends) and until are not, each for its period."""

    before_from: dt.datetime
    since: dt.datetime
    until: dt.datetime

    @classmethod
    def ending(cls, now: dt.datetime, window_s: float, before_s: float) -> Periods:
        """The window that ends now, and the time before it."""
        since = now - dt.timedelta(seconds=window_s)
        return cls(since - dt.timedelta(seconds=before_s), since, now)


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose calls. prompt "": all."""

    app: str
    env: str = "prod"
    prompt: str = ""

    def where(self, since: dt.datetime, until: dt.datetime) -> tuple[str, dict[str, Any]]:
        """A condition and its parameters."""
        bound: dict[str, Any] = {"app": self.app, "env": self.env, "since": _micros(since), "until": _micros(until)}
        prompt = ""
        if self.prompt:
            prompt, bound["prompt"] = " AND prompt_name = {prompt:String}", self.prompt
        return f"app = {{app:String}} AND env = {{env:String}}{prompt} AND {_OK} AND started_at >= {_at('since')} AND started_at < {_at('until')}", bound


async def remember(writer: Store, *, now: dt.datetime) -> None:
    """Bring `drift_seen` up to date. Repeating it changes nothing."""
    database = f"`{writer.target.database}`"
    newest = await writer.query_json(f"SELECT count() AS n, max(last_seen) AS newest FROM {database}.drift_seen", deadline_s=DEADLINE_S)
    since = dt.datetime.fromisoformat(newest[0]["newest"]) - _LATE if newest[0]["n"] else _EPOCH
    bound = {"since": _micros(min(since, now - _LOOK_BACK)), "until": _micros(now)}
    span = f"{_OK} AND started_at >= {_at('since')} AND started_at < {_at('until')}"
    into = f"INSERT INTO {database}.drift_seen (provider, request_model, what, value, first_seen, last_seen) SELECT provider, request_model"
    grouped = f"min(started_at), max(started_at) FROM {database}.exchanges WHERE {span}"
    await writer.execute(f"{into}, 'response_model', response_model, {grouped} AND response_model != '' GROUP BY ALL LIMIT {_MAX_SEEN}", bound, deadline_s=DEADLINE_S)
    bound["since"] = _micros(max(since, now - _LOOK_BACK))
    size = await writer.query_json(f"SELECT sum(reply_bytes) AS size FROM {database}.exchanges WHERE {span} AND {_HAS_FINGERPRINT}", bound, deadline_s=DEADLINE_S)
    slices = max(1, -(-int(size[0]["size"] or 0) // READ_BYTES))
    sampled = f"{_HAS_FINGERPRINT} AND intDiv(toUnixTimestamp(started_at), {_SLICE_S}) % {slices} = 0"
    sql = f"{into}, 'fingerprint', {_FINGERPRINT} AS fingerprint, {grouped} AND {sampled} AND fingerprint != '' GROUP BY ALL LIMIT {_MAX_SEEN}"
    await writer.execute(sql, bound, deadline_s=DEADLINE_S)


async def known_before(store: Store, moment: dt.datetime) -> frozenset[Named]:
    """What providers have called themselves before a moment, as far as it is remembered."""
    sql = (
        f"SELECT provider, request_model, what, value FROM `{store.target.database}`.drift_seen GROUP BY ALL HAVING min(first_seen) < {_at('moment')} "
        f"ORDER BY max(last_seen) DESC LIMIT {_MAX_SEEN}"
    )
    rows = await store.query_json(sql, {"moment": _micros(moment)}, deadline_s=DEADLINE_S)
    return frozenset(Named(each["provider"], each["request_model"], each["what"], each["value"]) for each in rows)


async def watched(
    store: Store, app: str, periods: Periods, vectors: Embed | None, *, prompt_name: str = "", env: str = "prod", rows: int = 2000, alpha: float = 0.01, seed: int = 0
) -> ProviderReport:
    """Whether an app's providers have changed since the period before. vectors: of inputs; None: only equal inputs are compared. rows: of each period and model."""
    asked = Asked(app, env, prompt_name)
    models = await _models(store, asked, periods)
    known = await known_before(store, periods.since)
    named = await _sightings(store, asked, periods, models)
    before, prints_before = await _calls(store, asked, periods.before_from, periods.since, models, rows)
    now, prints_now = await _calls(store, asked, periods.since, periods.until, models, rows)
    sightings = [*named, *Counter(prints_now).items()]
    known = known | set(prints_before)
    calls, notes = settled([*before, *now])
    found = None
    try:
        found = await _embedded(calls, vectors) if vectors is not None else None
    except EmbeddingError as e:
        notes.append(f"only equal inputs are compared, for there are no vectors: {e}")
    seen = [each.call for each in calls]

    def work() -> ProviderReport:
        with threadpool_limits(1):
            return compare(seen[: len(before)], seen[len(before) :], found, known=known, sightings=sightings, alpha=alpha, seed=seed)

    report = await asyncio.to_thread(work)
    return replace(report, notes=(*report.notes, *notes))


# ------------------------------------------------------------------ calls


@dataclass(frozen=True, slots=True)
class Read:
    """A call, with what its setting is made of. instructions: the system's text without what passes, as a digest; its length: a power of two.  text: to be embedded."""

    call: Call
    instructions: str
    length: int
    text: str


def read(stored: Mapping[str, Any]) -> Read:
    """One exchange's _COLUMNS as a call, its setting yet without instructions."""
    kept = row(stored, Reads())
    body = _body(stored["request_body"])
    segments = operation_of(stored["dialect"], stored["method"], stored["endpoint"]).read_request(body).segments if body else ()
    system = "\n".join(segment.text for segment in segments if segment.role in _INSTRUCTING)
    said = [segment.text for segment in segments if segment.role not in _INSTRUCTING and segment.role != TOOL_DEFINITION]
    whole = "\n".join(said) or stored["prompt_text"]
    tokens, streamed = stored["output_tokens"], bool(stored["is_stream"])
    turns = (kept.turns or 0).bit_length()
    call = Call(
        provider=stored["provider"],
        request_model=stored["request_model"],
        at=dt.datetime.fromisoformat(stored["started_at"]).timestamp(),
        setting=(stored["prompt_name"], stored["prompt_version"], stored["endpoint"], _digest(_said(body)), turns),
        input=_digest(" ".join(whole.split())) if whole.strip() else None,
        size=len(whole),
        session=stored["session_id"],
        output_tokens=tokens,
        refused=None if kept.output is None and not kept.finish_reason else refused(kept.output or "") or kept.finish_reason in _REFUSING,
        finish_reason=kept.finish_reason,
        seconds_per_token=_pace(stored, tokens, streamed),
        streamed=streamed,
    )
    return Read(call, _digest(_PASSING.sub("0", system)), len(system).bit_length(), kept.input or "")


def settled(reads: Sequence[Read]) -> tuple[list[Read], list[str]]:
    """The same with their instructions in their settings, and notes. Instructions that are made for each call count by their length alone."""
    distinct: dict[tuple[str, str], set[str]] = {}
    counts: dict[tuple[str, str], int] = {}
    for each in reads:
        model = (each.call.provider, each.call.request_model)
        distinct.setdefault(model, set()).add(each.instructions)
        counts[model] = counts.get(model, 0) + 1
    made = {model for model, found in distinct.items() if len(found) > max(2, _DIFFERENT * counts[model])}
    out = []
    for each in reads:
        told = each.length if (each.call.provider, each.call.request_model) in made else each.instructions
        out.append(replace(each, call=replace(each.call, setting=(each.call.setting, told))))
    notes = [f"{provider} {model}: instructions differ from call to call, so they count as equal where they are about as long" for provider, model in sorted(made)]
    return out, notes


def _said(body: Mapping[str, Any]) -> str:
    """The parameters of a request, in one order."""
    return compact({name: body[name] for name in sorted(_PARAMETERS & body.keys())})


def _pace(stored: Mapping[str, Any], tokens: int | None, streamed: bool) -> float | None:
    """Seconds per output token: of a stream those after its first chunk, without what was thought before it; of a whole reply all that the provider took."""
    if tokens is None:
        return None
    if streamed:
        shown = tokens - min(tokens, stored["reasoning_tokens"] or 0)
        if stored["duration_s"] is None or stored["time_to_first_chunk_s"] is None or shown < LEAST_TOKENS:
            return None
        return max(0.0, stored["duration_s"] - stored["time_to_first_chunk_s"]) / (shown - 1) or None
    return stored["upstream_s"] / tokens or None if stored["upstream_s"] is not None and tokens >= LEAST_TOKENS else None


async def _embedded(reads: Sequence[Read], vectors: Embed) -> Vectors:
    """(n, d), in order, of the last user's words; zeros where there are none. Equal texts are asked for once."""
    texts = list(dict.fromkeys(each.text for each in reads if each.text.strip()))
    if not texts:
        return np.zeros((len(reads), 1), dtype=np.float32)
    found = await vectors(texts)
    place = {text: at for at, text in enumerate(texts)}
    out = np.zeros((len(reads), found.shape[1]), dtype=np.float32)
    for at, each in enumerate(reads):
        if each.text in place:
            out[at] = found[place[each.text]]
    return out


# ------------------------------------------------------------------ the record


async def _models(store: Store, asked: Asked, periods: Periods) -> list[tuple[str, str]]:
    """The models that answered in the window, busiest first: provider and requested model."""
    where, bound = asked.where(periods.since, periods.until)
    sql = f"SELECT provider, request_model FROM `{store.target.database}`.exchanges WHERE {where} GROUP BY ALL ORDER BY count() DESC, provider, request_model LIMIT {MAX_MODELS}"
    return [(each["provider"], each["request_model"]) for each in await store.query_json(sql, bound, deadline_s=DEADLINE_S)]


async def _sightings(store: Store, asked: Asked, periods: Periods, models: Iterable[tuple[str, str]]) -> list[tuple[Named, int]]:
    """By which names the window's models answered, and how often: all of them counted, no sample."""
    where, bound = asked.where(periods.since, periods.until)
    sql = f"SELECT provider, request_model, response_model, count() AS n FROM `{store.target.database}`.exchanges WHERE {where} AND response_model != '' GROUP BY ALL ORDER BY n DESC LIMIT {_MAX_SEEN}"
    of = set(models)
    rows = await store.query_json(sql, bound, deadline_s=DEADLINE_S)
    return [(Named(r["provider"], r["request_model"], "response_model", r["response_model"]), int(r["n"])) for r in rows if (r["provider"], r["request_model"]) in of]


async def _calls(
    store: Store, asked: Asked, since: dt.datetime, until: dt.datetime, models: Sequence[tuple[str, str]], rows: int
) -> tuple[list[Read], list[Named]]:
    """A period's calls of some models, at most `rows` of each, those with the smallest hash; and the fingerprints of those that have one."""
    where, bound = asked.where(since, until)
    table = f"`{store.target.database}`.exchanges"
    chosen: list[tuple[str, dt.datetime]] = []
    for provider, model in models:
        sql = (
            f"SELECT toString(id) AS id, started_at FROM {table} WHERE {where} AND provider = {{provider:String}} AND request_model = {{model:String}} "
            "ORDER BY cityHash64(id), id LIMIT 1 BY id LIMIT {rows:UInt32}"
        )
        found = await store.query_json(sql, {**bound, "provider": provider, "model": model, "rows": rows}, deadline_s=DEADLINE_S)
        chosen += [(each["id"], dt.datetime.fromisoformat(each["started_at"])) for each in found]
    chosen.sort(key=lambda each: (each[1], each[0]))
    reads, prints = [], []
    for at in range(0, len(chosen), _PAGE):
        for stored in await _page(store, asked, chosen[at : at + _PAGE]):
            reads.append(read(stored))
            if stored["fingerprint"]:
                prints.append(Named(stored["provider"], stored["request_model"], "fingerprint", stored["fingerprint"]))
    return reads, prints


async def _page(store: Store, asked: Asked, page: Sequence[tuple[str, dt.datetime]]) -> list[dict[str, Any]]:
    columns = ", ".join(_column(name) for name in _COLUMNS)
    fingerprint = f"if({_HAS_FINGERPRINT}, {_FINGERPRINT.replace('reply_body', 'e.reply_body')}, '') AS fingerprint"
    sql = (
        f"SELECT {columns}, {fingerprint} FROM `{store.target.database}`.exchanges AS e WHERE e.app = {{app:String}} AND e.env = {{env:String}} "
        f"AND e.started_at >= {_at('since')} AND e.started_at <= {_at('until')} AND e.id IN {{ids:Array(UUID)}} ORDER BY e.started_at, e.id LIMIT 1 BY e.id"
    )
    bound = {"app": asked.app, "env": asked.env, "since": _micros(page[0][1]), "until": _micros(page[-1][1]), "ids": [id for id, _ in page]}
    return await store.query_json(sql, bound, deadline_s=DEADLINE_S)


def _column(name: str) -> str:
    if name.endswith("_body"):
        return f"if(length(e.{name}) > {MAX_BODY}, '', e.{name}) AS {name}"
    return f"leftUTF8(e.{name}, {MAX_CHARS + 1}) AS {name}" if name.endswith("_text") else f"e.{name}"


def _body(text: str) -> Mapping[str, Any]:
    if text.lstrip()[:1] != "{":
        return {}
    try:
        return obj(load(text))
    except ValueError:
        return {}


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=12).hexdigest()


def _at(name: str) -> str:
    return f"fromUnixTimestamp64Micro({{{name}:Int64}}, 'UTC')"


def _micros(moment: dt.datetime) -> int:
    return (moment - _EPOCH) // dt.timedelta(microseconds=1)
