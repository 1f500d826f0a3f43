"""One run: samples out of the record, compared, named, masked, and written down.

    samples -> (template) -> vectors, cached -> compare -> topics' identity -> mask -> (labels) -> alarm -> drift_topics -> drift_runs

Rules of this file: the statistics are detectors.drift's, in a thread with one BLAS thread, so that whoever awaits a run stays awake; a run that cannot test
anything is a row that says why; nothing is written before everything is known, and the run's own row comes last. Raises StoreError when the store cannot be
asked or written to, EmbeddingError when there are no vectors: then there is no run, and no look. Everything is handed in as plain values: composition roots know the configuration.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from threadpoolctl import threadpool_limits

from detectors.drift import looks
from detectors.drift.base import Report, Row
from detectors.drift.compare import compare
from detectors.drift.identity import identified
from detectors.drift.template import learn
from gateway import __version__
from gateway.drift import baselines, labels, outcome, past, samples
from gateway.drift.embeddings import Embeddings
from gateway.drift.masking import Masking
from gateway.drift.outcome import Named, Run, Sampled
from gateway.drift.past import ASKED, SCHEDULED
from gateway.drift.selecting import Reads
from gateway.store.client import Store

FINE = 9999  # permutations of a look that may end in an alarm: levels of the budget are small
_NEAR = 0.02  # p of a look above which more permutations could not make it one
Sides = tuple[Sequence[Row], Sequence[Row]]  # baseline, window


@dataclass(frozen=True, slots=True)
class Terms:
    """How an app is compared.

    source: what the baseline is, at most baseline_rows of it.  window: exchanges of `env`, the last; with window_hours a random part of those hours'.
    alpha: of this look by itself.  min_rows: with fewer on either side nothing is tested.  yearly: the chance of any alarm in a year without drift, for scheduled runs.
    shares: how many prompts of the app share that budget.
    """

    source: samples.Source
    env: str = "prod"
    window: int = 2000
    window_hours: float | None = None
    baseline_rows: int = 2000
    reads: Reads = field(default_factory=Reads)
    alpha: float = 0.01
    min_rows: int = 100
    yearly: float = 0.05
    shares: int = 1


@dataclass(frozen=True, slots=True)
class Tools:
    """labeller: whom to ask for a line about each topic; None: nobody."""

    embeddings: Embeddings
    masking: Masking
    labeller: labels.Provider | None = None


@dataclass(frozen=True, slots=True)
class Ran:
    """A run and what it was made of. run.report: masked.  baseline, window: as they were compared, not masked."""

    run: Run
    baseline: samples.Sample
    window: samples.Sample


async def run(
    reader: Store, writer: Store | None, terms: Terms, tools: Tools, *, app: str, prompt: str = "", kind: str = ASKED, now: dt.datetime | None = None, seed: int = 0
) -> Ran:
    """Compare an app's window (of one prompt's name; "": of all) with its baseline, now.

    writer None: nothing is stored.  kind: SCHEDULED runs alarm by the yearly budget, others by terms.alpha.  now: by default the clock's.  Raises StoreError, EmbeddingError.
    """
    id, began, now = uuid.uuid4(), time.monotonic(), now or dt.datetime.now(dt.UTC)
    looked = await past.looked(reader, app, now) if kind == SCHEDULED else {}
    allowed = allowance(looked, prompt, terms, now) if kind == SCHEDULED else None
    window = await samples.window(reader, app, now=now, prompt=prompt, env=terms.env, rows=terms.window, hours=terms.window_hours, reads=terms.reads)
    baseline = samples.apart(await _baseline(reader, app, prompt, terms), window)
    sides = _without_template(baseline.rows, window.rows) if terms.reads.text == "prompt" else (baseline.rows, window.rows)
    report = await _compared(sides, terms, tools.embeddings, allowed or 0.0, seed)
    report = replace(report, notes=(*baseline.notes, *window.notes, *report.notes))
    topics = await _named(reader, id, report, tools, app, prompt, (baseline.rows, window.rows), now)
    masked = tools.masking.report(report, *sides)
    topics = [replace(named, topic=topic) for named, topic in zip(topics, masked.topics, strict=True)]
    if tools.labeller is not None and topics:
        said = await labels.labels(tools.labeller, masked.topics)
        topics = [replace(named, label=tools.masking.text(label)) for named, label in zip(topics, said, strict=True)]
    alarm = report.tested and report.pvalue <= (terms.alpha if allowed is None else allowed)
    made = Run(
        id=id,
        started_at=now,
        app=app,
        prompt=prompt,
        kind=kind,
        report=masked,
        baseline=_sampled(baseline),
        window=replace(_sampled(window), name=terms.env),
        alarm=alarm,
        alarm_alpha=allowed if report.tested or allowed is None else 0.0,  # a look that could test nothing has spent nothing
        model=tools.embeddings.model,
        seconds=time.monotonic() - began,
        topics=tuple(topics),
        gateway_version=__version__,
        after=looked[prompt].last if prompt in looked else None,
    )
    if writer is not None:
        await store(writer, made)
    return Ran(made, baseline, window)


async def untested(reader: Store, writer: Store, terms: Terms, why: str, *, app: str, prompt: str = "", now: dt.datetime | None = None) -> None:
    """Write down that a scheduled run came to nothing, so that it is not made again at once, and people see why. why: a sentence. Raises StoreError."""
    now = now or dt.datetime.now(dt.UTC)
    looked = await past.looked(reader, app, now)
    after = looked[prompt].last if prompt in looked else None
    nothing = Sampled(terms.source.label), Sampled(terms.env)
    await store(writer, Run(uuid.uuid4(), now, app, prompt, SCHEDULED, _nothing(terms, why, 0, 0), *nothing, alarm=False, alarm_alpha=0.0, gateway_version=__version__, after=after))


async def store(writer: Store, made: Run) -> None:
    """Write a run down: its topics, then itself. Raises StoreError; what was written by then is nobody's."""
    if lines := outcome.topic_lines(made):
        await writer.insert_rows("drift_topics", lines, token=f"drift-topics-{made.id}")
    await writer.insert_rows("drift_runs", [outcome.run_line(made)], token=made.token)


# ------------------------------------------------------------------ steps


async def _compared(sides: Sides, terms: Terms, embeddings: Embeddings, allowed: float, seed: int) -> Report:
    """allowed: by the budget, 0 if this is no look: then a p-value as fine as terms.alpha needs will do."""
    baseline, window = sides
    for rows, what in ((baseline, "baseline"), (window, "window")):
        if len(rows) < terms.min_rows:
            why = f"Nothing was compared: the {what} has {len(rows):,} rows, fewer than {terms.min_rows:,} (drift.min_rows)."
            return _nothing(terms, why, len(baseline), len(window))
    vectors = embeddings.blocking(asyncio.get_running_loop())

    def work() -> Report:
        with threadpool_limits(1):
            report = compare(baseline, window, vectors, alpha=terms.alpha, seed=seed)
            if allowed and report.tested and report.permutations < FINE and report.pvalue <= max(_NEAR, 2 * terms.alpha):
                # Both p-values are valid, and a level of the budget is far below what sends us here: one that is reached this way is reached by the second alone.
                return compare(baseline, window, vectors, alpha=terms.alpha, seed=seed, stages=(FINE,))
            return report

    return await asyncio.to_thread(work)


def _nothing(terms: Terms, why: str, baseline: int, window: int) -> Report:
    return Report(False, terms.alpha, 1.0, False, (), (), (), baseline, window, notes=(why,))


def _sampled(sample: samples.Sample) -> Sampled:
    return Sampled(sample.name, sample.version, (sample.since, sample.until), len(sample.rows), sample.sessions)


async def _baseline(reader: Store, app: str, prompt: str, terms: Terms) -> samples.Sample:
    if terms.source.name:
        return await baselines.read(reader, app, terms.source.name, terms.source.version, reads=terms.reads)
    return await samples.baseline(reader, app, terms.source, prompt=prompt, env=terms.env, rows=terms.baseline_rows, reads=terms.reads)


def _without_template(baseline: Sequence[Row], window: Sequence[Row]) -> Sides:
    """Inputs as users wrote them. Learned from both sides together: labels must have no part in it."""
    template = learn(row.input for row in (*baseline, *window) if row.input is not None)
    first, second = ([row if row.input is None else replace(row, input=template.rest(row.input)) for row in rows] for rows in (baseline, window))
    return first, second


async def _named(reader: Store, id: uuid.UUID, report: Report, tools: Tools, app: str, prompt: str, sides: Sides, now: dt.datetime) -> list[Named]:
    """The report's topics with who they are: one of earlier runs, or a new one."""
    if not report.topics:
        return []
    known = await past.remembered(reader, app, prompt, tools.embeddings.model, now)
    who = identified(report.topics, known, run=id, now=now)
    return [Named(topic, one.id, one.first_seen, exchange_ids=outcome.exchange_ids(topic, *sides)) for topic, one in zip(report.topics, who, strict=True)]


def allowance(looked: Mapping[str, past.Looked], prompt: str, terms: Terms, now: dt.datetime) -> float:
    """What this look may spend of the year's budget, which all prompts of the app share; 0: no look, so no alarm.

    Besides what has been saved since the last look, no more than a year's looks have left over: so the stated rate also holds where prompts come and go.
    """
    own = looked.get(prompt)
    at = own.looked_at if own else None
    level = looks.Budget(terms.yearly / terms.shares).level(None if at is None else max(0.0, (now - at).total_seconds()))
    left = terms.yearly - sum(each.spent for each in looked.values())
    return min(level, left) if level is not None and left >= looks.LEAST else 0.0
