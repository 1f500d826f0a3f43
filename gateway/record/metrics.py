"""Prometheus samples derived from exchanges: one of the three views of the record.

Rules of this file: every name and label is that of INTERFACE "Metrics on /metrics"; label values come from closed sets or pass through a
`LabelCap`, so what clients invent cannot make series (law 9); ids are never labels. Subsets are counted beside their whole
(`kind="cache_read"` is part of `kind="input"`): sum kinds only if you mean to.

The conservation counters (law 3) are not counted here but set from the recorder's own totals, which survive a restart; everything
else begins at zero with the process, as Prometheus expects of counters. Buckets: OpenTelemetry's GenAI conventions, extended to the ten
minutes that reasoning models take and, for the gate's own share, down to 100 µs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from gateway.exchange import Exchange, Outcome
from gateway.record.phases import ATTEMPT, made_anew

OTHER = "other"
UNKNOWN = "unknown"
DURATION_BUCKETS = (0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92, 163.84, 327.68, 600)
FIRST_CHUNK_BUCKETS = (0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 15, 20, 30, 45, 60, 120, 300, 600)
PER_TOKEN_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5)
GUARD_BUCKETS = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2.5)
OVERHEAD_BUCKETS = (0.0001, 0.0002, 0.0003, 0.0005, 0.00075, 0.001, 0.0015, 0.002, 0.003, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1)
_WHO = ("provider", "model", "app", "env")
_DIRECTIONS = ("request", "reply", "log")
_ACTIONS = ("flag", "mask", "pseudonymise", "retry", "block", "observe")
_VERDICTS = ("passed", "flagged", "masked", "blocked", "error", "not_checked")
FAILED = "error"  # the action of a finding that says a detector gave no answer
_LABELS = (*_WHO, "operation")
_Key = tuple[str, str, str, str, str]
MAX_GROUPS = 2000  # combinations of labels with series of their own, each some 120 lines of the page; the rest share one whose model and app are "other"


class LabelCap:
    """Decides which values of one label may become series: configured ones, and the first `room` others seen `often` times.

    Everything else is "other"; "" is "unknown". What it remembers is bounded, whatever is thrown at it.
    """

    def __init__(self, configured: Iterable[str] = (), *, room: int = 50, often: int = 3, max_chars: int = 128) -> None:
        self._room, self._often, self._max_chars = room, often, max_chars
        self._admitted = {name: name for name in configured} | {"": UNKNOWN}
        self._waiting: dict[str, int] = {}

    def __call__(self, value: str) -> str:
        known = self._admitted.get(value)
        if known is not None:
            return known
        # Unprintable names (line ends, half surrogates) would break a line of the exposition or its encoding.
        if self._room == 0 or len(value) > self._max_chars or not value.isprintable():
            return OTHER
        seen = self._waiting.pop(value, 0) + 1
        if seen >= self._often:
            self._room -= 1
            self._admitted[value] = value
            if self._room == 0:
                self._waiting.clear()
            return value
        if len(self._waiting) >= 1024:
            del self._waiting[next(iter(self._waiting))]  # the one not seen for longest
        self._waiting[value] = seen
        return OTHER


@dataclass(frozen=True, slots=True)
class RecorderState:
    """The recorder's own totals and measures, as of its last checkpoint.

    accepted = stored + in_journal + quarantined + sum(dropped.values()) (law 3).  dropped: by reason, a closed set.
    oldest_age_s: of the oldest frame not yet stored, 0 if there is none.  ingest_lag_s: from an exchange's end to its row, of the last batch.
    """

    accepted: int = 0
    stored: int = 0
    quarantined: int = 0
    dropped: Mapping[str, int] = field(default_factory=dict)
    in_journal: int = 0
    journal_bytes: int = 0
    oldest_age_s: float = 0.0
    ingest_lag_s: float = 0.0
    store_up: bool = False


class _Recorder(Collector):
    """The recorder's state as samples: totals are set, not added up, so they are exact after any restart."""

    def __init__(self) -> None:
        self.state = RecorderState()

    def collect(self) -> Iterator[Metric]:
        state = self.state
        records = CounterMetricFamily("tidegate_records", "Exchanges by what became of them", labels=("state", "reason"))
        for name, count in (("accepted", state.accepted), ("stored", state.stored), ("quarantined", state.quarantined)):
            records.add_metric((name, ""), count)
        for reason, count in sorted(state.dropped.items()) or [("", 0)]:
            records.add_metric(("dropped", reason), count)
        yield records
        for name, text, value in (
            ("tidegate_records_in_journal", "Exchanges written by the workers and not yet stored", state.in_journal),
            ("tidegate_journal_bytes", "Bytes of the journal on disk", state.journal_bytes),
            ("tidegate_journal_oldest_age_seconds", "Age of the oldest frame not yet stored", state.oldest_age_s),
            ("tidegate_ingest_lag_seconds", "From the end of an exchange to its row, last batch", state.ingest_lag_s),
            ("tidegate_store_up", "1 if the store took the last batch or answered the last ping", float(state.store_up)),
        ):
            yield GaugeMetricFamily(name, text, value)


class _Group:
    """The children of one combination of labels, made when first needed: `labels()` costs more than the counting."""

    __slots__ = ("cost", "duration", "first_chunk", "guard", "outcomes", "overhead", "per_token", "tokens", "unpriced", "verdicts")

    def __init__(self) -> None:
        self.outcomes: dict[str, Counter] = {}
        self.verdicts: dict[str, Counter] = {}
        self.tokens: dict[str, Counter] = {}
        self.cost: Counter | None = None
        self.unpriced: Counter | None = None
        self.duration: Histogram | None = None
        self.first_chunk: Histogram | None = None
        self.per_token: Histogram | None = None
        self.overhead: Histogram | None = None
        self.guard: Histogram | None = None


class Metrics:
    """Turns exchanges into samples. One thread observes; `exposition` may run in another."""

    def __init__(
        self,
        *,
        version: str,
        providers: Iterable[str] = (),
        models: Iterable[str] = (),
        apps: Iterable[str] = (),
        envs: Iterable[str] = (),
        detectors: Iterable[str] = (),
    ) -> None:
        """The configured names keep their series whatever traffic comes; models: those with a configured price; detectors: those that rules name."""
        self.registry = CollectorRegistry()
        self._provider = LabelCap(providers)
        self._model = LabelCap(models)
        self._app = LabelCap(apps)
        self._env = LabelCap(envs, room=10)
        self._operation = LabelCap(room=50, often=1)  # our own words; capped all the same
        self._detector = LabelCap(detectors, room=50, often=1)  # these and the kinds come from the configuration; capped all the same
        self._kind = LabelCap(room=200, often=1)
        self._code = LabelCap(room=100, often=1)  # ours and the dialects'; what a provider words itself comes late, and is capped
        self._caps = (self._provider, self._model, self._app, self._env, self._operation)
        self._groups: dict[_Key, _Group] = {}
        self._direct: dict[_Key, tuple[_Key, _Group]] = {}  # those whose labels are the exchange's own words: nothing is left to be decided about them
        self._requests = self._counter("requests", "Exchanges", (*_LABELS, "outcome"))
        self._errors = self._counter("errors", "Exchanges that did not end ok, by error code; the outcome's first word says whose fault", ("provider", "app", "outcome", "code"))
        self._attempts = self._counter("attempts", "Attempts at providers, several in one exchange among them, each at its own; ok, or the outcome that they led to", ("provider", "result"))
        self._tried: dict[tuple[str, str], Counter] = {}
        self._verdicts = self._counter("verdicts", "Exchanges by what guards made of them", ("app", "env", "verdict"))
        self._tokens = self._counter("tokens", "Tokens; cache_read and cache_write are part of input, reasoning of output", (*_WHO, "kind"))
        self._cost = self._counter("cost_usd", "US dollars, where the price is known", _WHO)
        self._unpriced = self._counter("unpriced_requests", "Exchanges with tokens but without a known price", ("provider", "model"))
        self._duration = self._histogram("request_duration", "From the request's head to the reply's end", DURATION_BUCKETS)
        self._first_chunk = self._histogram("time_to_first_chunk", "From the request's head to the first byte of a streamed body", FIRST_CHUNK_BUCKETS)
        self._per_token = self._histogram("time_per_output_token", "Of a whole streamed reply, after its first chunk", PER_TOKEN_BUCKETS)
        self._overhead = self._histogram("overhead", "Time that was not waiting for the provider", OVERHEAD_BUCKETS)
        self._guard = self._histogram("guard_duration", "Time that guards took of an exchange, in the data plane", GUARD_BUCKETS)
        self._findings = self._counter("guard_findings", "What detectors found, by what was done about it", ("detector", "kind", "direction", "action"))
        self._guard_errors = self._counter("guard_errors", "How often a detector gave no answer where a rule needed one", ("detector",))
        Gauge("tidegate_build_info", "1; the label says which", ("version",), registry=self.registry).labels(version).set(1)
        self._recorder = _Recorder()
        self.registry.register(self._recorder)

    def _counter(self, name: str, text: str, labels: tuple[str, ...]) -> Counter:
        return Counter(f"tidegate_{name}", text, labels, registry=self.registry)

    def _histogram(self, name: str, text: str, buckets: tuple[float, ...]) -> Histogram:
        return Histogram(f"tidegate_{name}_seconds", text, _LABELS, registry=self.registry, buckets=buckets)

    def observe(self, exchange: Exchange) -> None:
        """Count one exchange; call it once for each, when its row is safe."""
        named = (exchange.provider, exchange.request_model or exchange.response_model, exchange.app, exchange.env, exchange.operation)
        key, group = self._direct.get(named) or self._capped(named)
        provider, _, _, env, _ = key
        outcome = group.outcomes.get(exchange.outcome)
        if outcome is None:
            outcome = group.outcomes[exchange.outcome] = self._requests.labels(*key, exchange.outcome.value)
        outcome.inc()
        if exchange.outcome is not Outcome.OK:
            self._errors.labels(provider, key[2], exchange.outcome.value, self._code(exchange.error_code)).inc()
        verdict = group.verdicts.get(exchange.verdict)
        if verdict is None:
            word = exchange.verdict if exchange.verdict in _VERDICTS else OTHER if exchange.verdict else "not_checked"
            verdict = group.verdicts[exchange.verdict] = self._verdicts.labels(key[2], env, word)
        verdict.inc()
        for phase in exchange.phases:
            if phase.name == ATTEMPT:
                asked = self._provider(phase.provider) if phase.provider else provider
                tried = self._tried.get((asked, phase.result))
                if tried is None:
                    tried = self._tried[asked, phase.result] = self._attempts.labels(asked, phase.result)
                tried.inc()
        self._count_tokens(group, key, exchange)
        self._time(group, key, exchange)
        for finding in exchange.findings:
            detector = self._detector(finding.detector)
            if finding.action == FAILED:
                self._guard_errors.labels(detector).inc(finding.count)
            else:
                direction, action = (word if word in known else OTHER for word, known in ((finding.direction, _DIRECTIONS), (finding.action, _ACTIONS)))
                self._findings.labels(detector, self._kind(finding.kind), direction, action).inc(finding.count)

    def _capped(self, named: _Key) -> tuple[_Key, _Group]:
        """The labels of an exchange whose names may not all have series of their own, and what is counted under them."""
        provider, model, app, env, operation = (cap(name) for cap, name in zip(self._caps, named, strict=True))
        key = (provider, model, app, env, operation)
        group = self._groups.get(key)
        if group is None:
            if len(self._groups) >= MAX_GROUPS:
                key = (provider, OTHER, OTHER, env, operation)
            group = self._groups.setdefault(key, _Group())
        if key == named and OTHER not in key:
            self._direct[named] = key, group
        return key, group

    def _count_tokens(self, group: _Group, key: _Key, exchange: Exchange) -> None:
        for kind, count in (
            ("input", exchange.input_tokens),
            ("output", exchange.output_tokens),
            ("cache_read", exchange.cache_read_tokens),
            ("cache_write", exchange.cache_write_tokens),
            ("reasoning", exchange.reasoning_tokens),
        ):
            if count:
                child = group.tokens.get(kind)
                if child is None:
                    child = group.tokens[kind] = self._tokens.labels(*key[:4], kind)
                child.inc(count)
        if exchange.cost_usd is not None:
            if group.cost is None:
                group.cost = self._cost.labels(*key[:4])
            group.cost.inc(float(exchange.cost_usd))
        elif exchange.input_tokens or exchange.output_tokens:
            if group.unpriced is None:
                group.unpriced = self._unpriced.labels(*key[:2])
            group.unpriced.inc()

    def _time(self, group: _Group, labels: _Key, exchange: Exchange) -> None:
        if exchange.duration_s is not None:
            if group.duration is None:
                group.duration = self._duration.labels(*labels)
            group.duration.observe(exchange.duration_s)
        if exchange.overhead_s is not None:
            if group.overhead is None:
                group.overhead = self._overhead.labels(*labels)
            group.overhead.observe(exchange.overhead_s)
        if exchange.guard_s is not None:
            if group.guard is None:
                group.guard = self._guard.labels(*labels)
            group.guard.observe(exchange.guard_s)
        if not exchange.is_stream or exchange.time_to_first_chunk_s is None:
            return
        if group.first_chunk is None:
            group.first_chunk = self._first_chunk.labels(*labels)
        group.first_chunk.observe(exchange.time_to_first_chunk_s)
        # A cut reply says nothing about speed, and neither does the first token, which came with the first chunk, nor what others took in whose place it came.
        if exchange.outcome is Outcome.OK and exchange.duration_s is not None and (exchange.output_tokens or 0) > 1 and not made_anew(exchange):
            assert exchange.output_tokens is not None
            if group.per_token is None:
                group.per_token = self._per_token.labels(*labels)
            group.per_token.observe(max(0.0, exchange.duration_s - exchange.time_to_first_chunk_s) / (exchange.output_tokens - 1))

    def update(self, state: RecorderState) -> None:
        """Set what the recorder knows about itself; scrapes show the last state given."""
        self._recorder.state = state

    def exposition(self) -> bytes:
        """Everything, in Prometheus' text format."""
        return generate_latest(_WithoutBirthdays(self.registry))


class _WithoutBirthdays(CollectorRegistry):
    """A registry's view without the `_created` sample that would double the number of series; the client's own switch is global."""

    def __init__(self, registry: CollectorRegistry) -> None:
        super().__init__()
        self._of = registry

    def collect(self) -> Iterator[Metric]:
        for metric in self._of.collect():
            metric.samples = [sample for sample in metric.samples if not sample.name.endswith("_created")]
            yield metric
