"""A collector for tests: takes OTLP over HTTP (protobuf, gzip) and over gRPC, keeps what it understood, and misbehaves when told to.

    with Receiver() as receiver:              # receiver.http_url, receiver.grpc_url
        ...
        spans = receiver.await_spans(3)
        receiver.fault = Fault(status=503)

It decodes by OpenTelemetry's own messages, so what it keeps is what any collector would have understood.
"""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import grpc
from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2, metrics_service_pb2_grpc
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2, trace_service_pb2_grpc

PATIENCE_S = 60.0
_KINDS = {
    "/v1/traces": (trace_service_pb2.ExportTraceServiceRequest, trace_service_pb2.ExportTraceServiceResponse),
    "/v1/metrics": (metrics_service_pb2.ExportMetricsServiceRequest, metrics_service_pb2.ExportMetricsServiceResponse),
}


@dataclass(frozen=True)
class Fault:
    """status: of HTTP.  code: of gRPC.  garbage: a 200 whose body is none.  cut: the connection ends without an answer.  hangs: until the receiver is closed or told otherwise."""

    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    code: grpc.StatusCode | None = None
    garbage: bool = False
    cut: bool = False
    hangs: bool = False


@dataclass(frozen=True)
class Told:
    """One span as received."""

    span: Any
    resource: dict[str, Any]
    scope: str
    by: str  # http | grpc

    @property
    def name(self) -> str:
        return str(self.span.name)

    @property
    def attributes(self) -> dict[str, Any]:
        return plain(self.span.attributes)

    @property
    def ids(self) -> tuple[str, str, str]:
        """Trace, span and parent, in hex."""
        return self.span.trace_id.hex(), self.span.span_id.hex(), self.span.parent_span_id.hex()

    @property
    def seconds(self) -> float:
        return (self.span.end_time_unix_nano - self.span.start_time_unix_nano) / 1e9


def plain(attributes: Any) -> dict[str, Any]:
    """Attributes as Python has them."""

    def value(v: Any) -> Any:
        kind = v.WhichOneof("value")
        return [value(x) for x in v.array_value.values] if kind == "array_value" else getattr(v, kind)

    return {a.key: value(a.value) for a in attributes}


@dataclass
class Receiver:
    """tls: a server's context for both protocols, and the file with its key and certificate. asked: paths and methods of requests, refused ones too; headers: of the last."""

    tls: tuple[ssl.SSLContext, Path] | None = None
    fault: Fault = field(default_factory=Fault)
    spans: list[Told] = field(default_factory=list)
    metrics: list[Any] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes = b""

    def __enter__(self) -> Receiver:
        self._changed = threading.Condition()
        self._released = threading.Event()
        self._http = _Server(("127.0.0.1", 0), _handler(self))
        if self.tls is not None:
            self._http.socket = self.tls[0].wrap_socket(self._http.socket, server_side=True, do_handshake_on_connect=False)
        self._serving = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._serving.start()
        self._grpc = grpc.server(ThreadPoolExecutor(4))
        for path, add in (("/v1/traces", trace_service_pb2_grpc.add_TraceServiceServicer_to_server), ("/v1/metrics", metrics_service_pb2_grpc.add_MetricsServiceServicer_to_server)):
            add(_Service(self, path), self._grpc)
        if self.tls is None:
            self._grpc_port = self._grpc.add_insecure_port("127.0.0.1:0")
        else:
            pem = self.tls[1].read_bytes()
            self._grpc_port = self._grpc.add_secure_port("127.0.0.1:0", grpc.ssl_server_credentials([(pem, pem)]))
        self._grpc.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._released.set()
        self._http.shutdown()
        self._serving.join()
        self._http.server_close()
        self._grpc.stop(0).wait()

    @property
    def http_url(self) -> str:
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self._http.server_address[1]}"

    @property
    def grpc_url(self) -> str:
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self._grpc_port}"

    def url(self, protocol: str) -> str:
        return self.grpc_url if protocol == "grpc" else self.http_url

    # ------------------------------------------------------------------ what came

    def await_(self, there: Callable[[], bool]) -> None:
        """Until that is so. It is asked whenever something has come."""
        with self._changed:
            assert self._changed.wait_for(there, PATIENCE_S), f"{len(self.spans)} spans, {len(self.metrics)} exports of metrics, asked {self.asked[-5:]}"

    def await_spans(self, count: int) -> list[Told]:
        self.await_(lambda: len(self.spans) >= count)
        return list(self.spans)

    def await_asked(self, count: int = 1) -> None:
        """Until so many requests have come, taken or not."""
        self.await_(lambda: len(self.asked) >= count)

    def points(self) -> dict[str, list[Any]]:
        """The data points of the last export of metrics, by name of the metric; with their `attributes` as proto has them."""
        found: dict[str, list[Any]] = {}
        for resource in self.metrics[-1].resource_metrics if self.metrics else ():
            for scope in resource.scope_metrics:
                for metric in scope.metrics:
                    found[metric.name] = list(getattr(metric, metric.WhichOneof("data")).data_points)
        return found

    # ------------------------------------------------------------------ the servers' side

    def ask(self, path: str, headers: dict[str, str]) -> Fault:
        """A request has come: what is to become of it."""
        with self._changed:
            self.asked.append(path)
            self.headers = headers
            self._changed.notify_all()
            fault = self.fault
        if fault.hangs:
            self._released.wait(60)
        return fault

    def release(self) -> None:
        """Let what hangs go on."""
        self._released.set()

    def keep(self, path: str, message: Any, by: str) -> None:
        with self._changed:
            self.raw += message.SerializeToString()
            if path == "/v1/metrics":
                self.metrics.append(message)
            else:
                for group in message.resource_spans:
                    for scope in group.scope_spans:
                        self.spans += [Told(span, plain(group.resource.attributes), scope.scope.name, by) for span in scope.spans]
            self._changed.notify_all()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A handshake that fails is what some tests are about; nothing is printed."""


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            fault = receiver.ask(self.path, {name.lower(): value for name, value in self.headers.items()})
            if fault.cut:
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
                return
            answer = b"\xff<html>no protobuf" if fault.garbage else b""
            if fault == Fault():
                kind, reply = _KINDS[self.path]
                plain_body = gzip.decompress(body) if self.headers.get("content-encoding") == "gzip" else body
                receiver.keep(self.path, kind.FromString(plain_body), "http")
                answer = reply().SerializeToString()
            self.send_response(fault.status)
            for name, value in (("content-type", "application/x-protobuf"), ("content-length", str(len(answer))), *fault.headers):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer)

        def do_GET(self) -> None:
            """Nothing is asked for so, unless a redirect was followed."""
            receiver.ask(f"GET {self.path}", {})
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            """Tests print nothing of their own."""

    return Handler


class _Service:
    """The one method of both services."""

    def __init__(self, receiver: Receiver, path: str) -> None:
        self._receiver, self._path = receiver, path

    def Export(self, request: Any, context: grpc.ServicerContext) -> Any:
        fault = self._receiver.ask(self._path, {key: str(value) for key, value in context.invocation_metadata()})
        if fault.code is not None:
            context.abort(fault.code, "injected")
        if fault == Fault():
            self._receiver.keep(self._path, request, "grpc")
        return _KINDS[self._path][1]()
