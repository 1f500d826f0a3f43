"""How OTLP leaves: exporters of spans and of metrics for one collector, by HTTP or by gRPC.

Rules of this file: certificates are always verified where the endpoint is https; an exporter gets ten seconds for a batch, its own second tries included, and follows no
redirect and no proxy of the environment (HTTP_PROXY and the like): what is sent goes to the endpoint that was named, as everything else of the gate does, and nobody's ~/.netrc
takes the place of its keys. Keys for a collector are given as OpenTelemetry's other clients are: in the environment, OTEL_EXPORTER_OTLP_HEADERS. What a failing exporter logs by
itself is not shown: its owner says once that it fails, and once that it works again.
"""

from __future__ import annotations

import logging
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from opentelemetry.sdk.metrics.export import MetricExporter
from opentelemetry.sdk.trace.export import SpanExporter

from gateway.errors import ConfigError

EXPORT_TIMEOUT_S = 10.0
POINTS = 1000  # of metrics in one message, each some 600 bytes: gRPC servers refuse messages over 4 MB
_PATHS = ("/v1/traces", "/v1/metrics")
NEEDS_GRPC = 'telemetry.protocol: grpc needs the extra "grpc", which is not installed; pip install "tidegate[grpc]", or set it to http'


@dataclass(frozen=True, slots=True)
class Collector:
    """endpoint: http(s)://host:port, for HTTP with or without the path of a signal.  protocol: http | grpc.  ca_file: what its certificate is checked by, None: the system's."""

    endpoint: str
    protocol: str = "http"
    ca_file: Path | None = None

    def spans(self) -> SpanExporter:
        """Raises ConfigError: the extra is not installed, or ca_file cannot be read."""
        if self.protocol == "grpc":
            try:
                from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as ByGrpc  # the extra "grpc"
            except ImportError:
                raise ConfigError([NEEDS_GRPC]) from None
            return ByGrpc(**self._grpc())
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # brings requests: only where something is exported

        return OTLPSpanExporter(**self._http(_PATHS[0]))

    def metrics(self) -> MetricExporter:
        """Raises as `spans`."""
        if self.protocol == "grpc":
            try:
                from opentelemetry.exporter.otlp.proto.grpc.metric_exporter import OTLPMetricExporter as ByGrpc
            except ImportError:
                raise ConfigError([NEEDS_GRPC]) from None
            return ByGrpc(**self._grpc(), max_export_batch_size=POINTS)
        from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter

        return OTLPMetricExporter(**self._http(_PATHS[1]), max_export_batch_size=POINTS)

    def _http(self, path: str) -> dict[str, Any]:
        import requests
        from opentelemetry.exporter.otlp.proto.http import Compression

        class Straight(requests.Session):
            """Redirects are not followed, and the exporter would take one for success. What certificates are checked by is what was said, whatever the environment says."""

            def __init__(self) -> None:
                super().__init__()
                self.trust_env = False

            def request(self, *args: Any, **named: Any) -> requests.Response:
                answer = super().request(*args, **{"verify": self.verify, **named})
                if 300 <= answer.status_code < 400:
                    raise ValueError(f"the collector answered with a redirect ({answer.status_code})")
                return answer

        roots = self._roots()
        logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)
        return {
            "endpoint": signal_url(self.endpoint, path),
            "timeout": EXPORT_TIMEOUT_S,
            "compression": Compression.Gzip,
            "certificate_file": str(roots[0]) if roots is not None else None,
            "session": Straight(),
        }

    def _grpc(self) -> dict[str, Any]:
        import grpc  # type: ignore[import-untyped]

        logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)
        parts = urlsplit(self.endpoint)
        secure = parts.scheme == "https"
        roots = self._roots()
        credentials = grpc.ssl_channel_credentials(root_certificates=roots[1] if roots is not None else None) if secure else None
        return {
            "endpoint": urlunsplit((parts.scheme, parts.netloc, "", "", "")),
            "insecure": not secure,
            "credentials": credentials,
            "timeout": EXPORT_TIMEOUT_S,
            "compression": grpc.Compression.Gzip,
            "channel_options": (("grpc.enable_http_proxy", 0),),
        }

    def _roots(self) -> tuple[Path, bytes] | None:
        """What certificates are checked by, and where it stands. None: the system has no such file, and what the client libraries bring is used, which without this they would be always."""
        system = ssl.get_default_verify_paths().cafile
        path = self.ca_file if self.ca_file is not None else Path(system) if system else None
        if path is None:
            return None
        try:
            return path, path.read_bytes()
        except OSError as e:
            if self.ca_file is None:
                return None
            raise ConfigError([f"telemetry.ca_file: {path}: {e.strerror}; expected certificates in PEM format there"]) from e


def signal_url(endpoint: str, path: str) -> str:
    """Where a signal goes: a base URL gets its path, as the OTLP specification has it; one with the path of another signal gets its own in its place."""
    base = endpoint.rstrip("/")
    for other in _PATHS:
        if urlsplit(base).path.endswith(other):
            base = base.removesuffix(other)
    return base + path
