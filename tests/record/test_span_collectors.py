"""What becomes of spans when their collector is in trouble, and of the recorder then: nothing."""

from __future__ import annotations

import datetime as dt
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import grpc
import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

from gateway.config import parse
from gateway.errors import ConfigError
from gateway.exchange import Phase
from gateway.record.otlp_exporters import Collector, signal_url
from gateway.record.span_tree import SpanTree
from gateway.record.spans import BATCH, Spans
from gateway.record.telemetry import Telemetry, Terms
from tests.support.certificates import Authority
from tests.support.exchanges import exchange
from tests.support.otlp import Fault, Receiver
from tests.support.recording import Bench, new_id, write
from tests.support.spans import PROTOCOLS, begun, chat, sent


@pytest.mark.covers("G16")
@pytest.mark.parametrize(
    ("protocol", "fault"),
    [
        ("http", Fault(status=400)), ("http", Fault(status=404, garbage=True)), ("http", Fault(status=307, headers=(("location", "/v1/elsewhere"),))),
        ("http", Fault(status=503)), ("http", Fault(status=429, headers=(("retry-after", "3600"),))), ("http", Fault(cut=True)),
        ("grpc", Fault(code=grpc.StatusCode.INVALID_ARGUMENT)), ("grpc", Fault(code=grpc.StatusCode.UNIMPLEMENTED)), ("grpc", Fault(code=grpc.StatusCode.UNAVAILABLE)),
    ],
)  # fmt: skip
def test_what_a_collector_does_not_take_is_counted_as_dropped(receiver: Receiver, protocol: str, fault: Fault) -> None:
    """A wrong endpoint must show in a number, not only in a log; and a redirect is not followed, for what is sent is not for others."""
    receiver.fault = fault
    spans = begun(receiver, protocol)
    spans.observe(chat(phases=(Phase("attempt", 0, 1, "ok"),)))
    receiver.await_asked()
    spans.close(0.1)  # ends the waits between tries
    spans._thread.join(60)
    assert (spans.exported, spans.dropped, receiver.spans) == (0, 2, [])
    assert not [asked for asked in receiver.asked if asked.startswith("GET") or "elsewhere" in asked]


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_after_an_outage_spans_flow_again(receiver: Receiver, protocol: str) -> None:
    """A collector is upgraded while gates run; nobody restarts them for it."""
    receiver.fault = Fault(status=400, code=grpc.StatusCode.INTERNAL)
    spans = begun(receiver, protocol)
    spans.observe(chat(app="during"))
    receiver.await_asked()
    while not spans.dropped:  # the refusal is on its way back
        threading.Event().wait(0.005)
    receiver.fault = Fault()
    spans.observe(chat(app="after"))
    receiver.await_spans(1)
    spans.close(10)
    assert ([got.attributes["tidegate.app"] for got in receiver.spans], spans.exported, spans.dropped) == (["after"], 1, 1)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_collector_that_is_not_there_costs_nothing_but_its_spans(receiver: Receiver, protocol: str) -> None:
    """The endpoint of a machine that was taken away."""
    url = receiver.url(protocol)
    receiver.__exit__()
    spans = Spans(Collector(url, protocol).spans(), SpanTree("gate", "1"))
    spans.observe(chat())
    spans.close(0.05)
    spans._thread.join(60)
    assert (spans.exported, spans.dropped) == (0, 1)
    receiver.__enter__()  # for its end


def test_a_body_that_is_no_answer_changes_nothing(receiver: Receiver) -> None:
    """A proxy's page with status 200: the spans count as taken, for nobody said otherwise, and the thread lives."""
    receiver.fault = Fault(garbage=True)
    spans = begun(receiver)
    spans.observe(chat())
    receiver.await_asked()
    spans.close(10)
    assert (spans.exported, spans.dropped) == (1, 0)


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("trusted", [True, False])
def test_certificates_of_collectors_are_verified(tmp_path: Path, protocol: str, trusted: bool) -> None:
    """Spans name customers' sessions: they go to no collector that cannot prove who it is."""
    authority, other = Authority("collectors"), Authority("somebody")
    (tmp_path / "ca.pem").write_bytes((authority if trusted else other).pem(ends_in=dt.timedelta(hours=1)))
    with Receiver(tls=(authority.server(tmp_path), tmp_path / "server.pem")) as receiver:
        spans = Spans(Collector(receiver.url(protocol), protocol, tmp_path / "ca.pem").spans(), SpanTree("gate", "1"))
        spans.observe(chat())
        if trusted:
            receiver.await_spans(1)
        spans.close(10 if trusted else 0.3)
        spans._thread.join(60)
        assert (spans.exported, spans.dropped, len(receiver.spans)) == ((1, 0, 1) if trusted else (0, 1, 0))


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_what_the_system_trusts_is_trusted_where_no_file_is_named(tmp_path: Path, protocol: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A company's own authority stands in the system's certificates, not in those that an HTTP client brings."""
    authority = Authority("company")
    (tmp_path / "system.pem").write_bytes(authority.pem(ends_in=dt.timedelta(hours=1)))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "system.pem"))
    with Receiver(tls=(authority.server(tmp_path), tmp_path / "server.pem")) as receiver:
        assert len(sent(receiver, chat(), protocol=protocol)) == 1


@pytest.mark.covers("G16")
@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_nothing_of_the_environment_takes_spans_or_keys_elsewhere(receiver: Receiver, tmp_path: Path, protocol: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy that is meant for something else would read every span; and an HTTP client would send what ~/.netrc knows instead of the collector's key."""
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login somebody password of-theirs\n")
    (tmp_path / "netrc").chmod(0o600)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "grpc_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    for name in ("no_proxy", "NO_PROXY", "no_grpc_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20ours")
    spans = begun(receiver, protocol)
    spans.observe(chat())
    spans.close(5)
    assert (len(receiver.spans), receiver.headers.get("authorization")) == (1, "Bearer ours")


class Stuck(SpanExporter):
    """A collector that takes a batch and does not answer until released."""

    def __init__(self) -> None:
        self.entered, self.release, self.closed = threading.Event(), threading.Event(), False

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        self.entered.set()
        self.release.wait(60)
        return SpanExportResult.SUCCESS

    def shutdown(self) -> None:
        self.closed = True


@pytest.mark.covers("G16")
def test_a_stuck_collector_blocks_nobody_and_every_span_is_accounted_for() -> None:
    """Law 4: the recorder must go on at its own pace, with a bounded queue and a count of what was lost; closing keeps its deadline."""
    stuck = Stuck()
    spans = Spans(stuck, SpanTree("gate", "1"), max_queue=10)
    spans.observe(chat())
    assert stuck.entered.wait(60)
    for _ in range(25):
        spans.observe(chat(phases=(Phase("attempt", 0, 1, "ok"),)))
    assert spans.dropped == 2 * 15
    spans.close(deadline_s=0.05)
    assert (spans.dropped, stuck.closed, spans._thread.is_alive()) == (50, True, True)  # it did not wait for the collector
    spans.observe(chat())
    assert spans.dropped == 51
    stuck.release.set()
    spans._thread.join(60)
    assert (spans.exported, spans.dropped, spans._thread.is_alive()) == (1, 51, False)


@pytest.mark.covers("G16")
@pytest.mark.parametrize(("letter", "size"), [("x", 1), ("\N{CJK UNIFIED IDEOGRAPH-4E2D}", 2), ("\N{SLIGHTLY SMILING FACE}", 4)])
def test_content_that_waits_is_bounded_too(letter: str, size: int) -> None:
    """Thousands of long conversations behind a slow collector would be the recorder's memory. size: bytes that a letter takes there."""
    stuck = Stuck()
    spans = Spans(stuck, SpanTree("gate", "1", content=True), max_bytes=10_000)
    spans.observe(chat(prompt_text=letter * (4_000 // size)))
    assert stuck.entered.wait(60)
    for _ in range(5):
        spans.observe(chat(prompt_text=letter * (4_000 // size)))
    spans.observe(chat())
    assert spans.dropped == 4  # one is on its way, one waits, and what has no text has room
    stuck.release.set()
    spans.close(10)
    assert (spans.exported, spans.dropped, spans._bytes) == (3, 4, 0)


def test_messages_stay_below_what_collectors_take(receiver: Receiver) -> None:
    """gRPC servers refuse more than 4 MB at once, and with it a whole batch; a letter may be four bytes."""
    receiver.fault = Fault(hangs=True, code=grpc.StatusCode.INVALID_ARGUMENT)
    spans = begun(receiver, "grpc", content=True)
    spans.observe(chat())
    receiver.await_asked()
    for _ in range(2_500):  # wait for the one before them, 5 million letters
        spans.observe(chat(prompt_text="\N{SLIGHTLY SMILING FACE}" * 1_000, reply_text="\N{SLIGHTLY SMILING FACE}" * 1_000, session_id="s" * 200))
    receiver.fault = Fault()
    receiver.release()
    spans.close(30)
    assert (spans.exported, spans.dropped) == (2_500, 1)


def test_an_exporter_that_raises_does_not_end_the_thread() -> None:
    """Spans are the least important of the three views: their failures stay theirs."""

    class Raising(Stuck):
        def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
            if not self.entered.is_set():
                self.entered.set()
                raise RuntimeError("first batch")
            return SpanExportResult.SUCCESS

        def shutdown(self) -> None:
            raise RuntimeError("and at the end")

    raising = Raising()
    spans = Spans(raising, SpanTree("gate", "1"))
    spans.observe(chat())
    assert raising.entered.wait(60)
    spans.observe(chat())
    spans.close()
    assert (spans.exported, spans.dropped) == (1, 1)


@pytest.mark.covers("G16")
def test_a_recorder_with_a_hanging_collector_stores_on(tmp_path: Path, receiver: Receiver) -> None:
    """Law 4, with the real recorder: two thousand exchanges are stored while the collector holds the first batch for ever; the end is not waited for either."""
    receiver.fault = Fault(hangs=True)
    bench = Bench(tmp_path)
    journal = bench.journal()
    for number in range(2000):
        write(journal, new_id(number))
    journal.shut()
    telemetry = Telemetry(Terms(receiver.http_url, names={}))
    telemetry.observers[0](chat())
    receiver.await_asked()
    bench.recorder._observers = tuple(telemetry.observers)
    bench.record()
    assert len(bench.store.rows) == 2000
    telemetry.close(0.05)
    assert receiver.spans == [] and telemetry._spans is not None and telemetry._spans.dropped == 2000


def test_without_the_extra_grpc_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """A setting that needs what is not installed must say what to install, where it is written and where it is used."""
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.grpc.trace_exporter", None)
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.grpc.metric_exporter", None)
    for make in (Collector("http://127.0.0.1:1", "grpc").spans, Collector("http://127.0.0.1:1", "grpc").metrics):
        with pytest.raises(ConfigError, match=r'telemetry.protocol: grpc needs the extra "grpc", .*pip install "tidegate\[grpc\]"'):
            make()
    written = "providers:\n  a: {dialect: openai, base_url: 'https://api.example'}\ntelemetry: {otlp_endpoint: 'http://127.0.0.1:4317', protocol: grpc}\n"
    assert parse(written).telemetry.protocol == "grpc"
    monkeypatch.setattr("gateway.config_telemetry.has_grpc", lambda: False)
    with pytest.raises(ConfigError, match=r'telemetry\.protocol: grpc needs the extra "grpc", which is not installed'):
        parse(written)


def test_a_record_that_no_span_can_be_made_of_is_one_span_less(receiver: Receiver) -> None:
    """Observers run in the recorder's own loop: what they raise would end it."""
    spans = begun(receiver)
    spans.observe(chat(started_at=None))
    spans.observe(chat())
    spans.close(10)
    assert (spans.exported, spans.dropped) == (1, 1)


def test_a_full_queue_is_sent_at_close_in_batches(receiver: Receiver) -> None:
    """A short-lived demo must not lose the spans of its last second."""
    assert len(sent(receiver, *[chat()] * (BATCH * 2 + 3))) == BATCH * 2 + 3
    assert len(receiver.asked) >= 3
    assert (receiver.headers["content-type"], receiver.headers["content-encoding"]) == ("application/x-protobuf", "gzip")


def test_telemetry_that_cannot_begin_leaves_the_recorder_alone(tmp_path: Path) -> None:
    """A certificate file that somebody moved must not stop the record."""
    telemetry = Telemetry(Terms("https://127.0.0.1:1", ca_file=tmp_path / "gone.pem"))
    assert telemetry.observers == []
    telemetry.close()
    (counted,) = telemetry.collect()
    assert [(sample.labels, sample.value) for sample in counted.samples] == [({"result": "exported"}, 0), ({"result": "dropped"}, 0)]


@pytest.mark.parametrize("endpoint", ["http://c:4318", "http://c:4318/", "http://c:4318/v1/traces", "http://c:4318/v1/metrics"])
def test_all_spellings_of_an_endpoint_are_understood(endpoint: str) -> None:
    """OpenTelemetry's own settings come in several; a 404 for a missing suffix is everybody's first hour."""
    assert signal_url(endpoint, "/v1/traces") == "http://c:4318/v1/traces"
    assert signal_url(endpoint, "/v1/metrics") == "http://c:4318/v1/metrics"
    assert signal_url("http://c/otlp/v1/traces", "/v1/metrics") == "http://c/otlp/v1/metrics"


def test_whole_records_are_spans_too(receiver: Receiver) -> None:
    """The plausible exchange that other tests store: one span for it, one for its attempt."""
    assert [got.name for got in sent(receiver, exchange(1))] == ["chat gpt-4o-mini", "attempt openai"]
