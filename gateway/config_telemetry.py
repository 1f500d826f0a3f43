"""OpenTelemetry's part of `tidegate.yaml`: `telemetry`. Read by `gateway.config`, like everything else in that file."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from gateway.config_settings import GuardSettings
from gateway.config_words import http_url

NEEDS_GRPC = 'grpc needs the extra "grpc", which is not installed; pip install "tidegate[grpc]", or set it to http'


class Telemetry(GuardSettings):
    """otlp_endpoint None: nothing is sent. content: also what was said, from the record, where that is redacted."""

    otlp_endpoint: str | None = Field(default=None, repr=False)
    protocol: Literal["http", "grpc"] = "http"
    ca_file: Path | None = None
    service_name: str = "tidegate"
    metrics: bool = True
    content: bool = False

    @field_validator("otlp_endpoint")
    @classmethod
    def _url(cls, value: str | None) -> str | None:
        if value:
            wanted = "an http(s) URL such as http://127.0.0.1:4318"
            parts = http_url(value, wanted)
            if parts.username or parts.password or parts.query or parts.fragment:
                raise ValueError(f"expected {wanted}, without credentials: keys of a collector stand in the environment, in OTEL_EXPORTER_OTLP_HEADERS")
        return value

    def rooted(self, base: Path) -> Telemetry:
        """The same with paths taken from `base`."""
        return self.model_copy(update={"ca_file": base / self.ca_file}) if self.ca_file else self

    @property
    def in_the_open(self) -> bool:
        """Whether what is sent leaves this machine as anybody on the way can read it."""
        parts = urlsplit(self.otlp_endpoint or "")
        host = parts.hostname or ""
        return parts.scheme == "http" and host not in ("localhost", "::1") and not host.startswith("127.")


def problems(telemetry: Telemetry, touches: Any) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """What is wrong with settings each of which is right by itself, with its place. touches: as in config_drift.problems."""
    if telemetry.protocol == "grpc" and not touches("telemetry") and not has_grpc():
        yield ("telemetry", "protocol"), NEEDS_GRPC


def has_grpc() -> bool:
    """Whether the extra "grpc" is installed."""
    try:
        return importlib.util.find_spec("opentelemetry.exporter.otlp.proto.grpc") is not None and importlib.util.find_spec("grpc") is not None
    except ModuleNotFoundError:
        return False
