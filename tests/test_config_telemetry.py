"""`telemetry:` in tidegate.yaml: what is refused, and what is doubtful though it is valid."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.commands.doubts import doubts
from gateway.config import parse
from gateway.errors import ConfigError

PROVIDERS = "providers:\n  a: {dialect: openai, base_url: 'https://api.example'}\n"
HERE, AWAY = "http://127.0.0.1:4318", "http://collector.example:4318"


def read(telemetry: str, more: str = "", base: Path | None = None):
    return parse(f"{PROVIDERS}telemetry: {{{telemetry}}}\n{more}", base=base)


@pytest.mark.parametrize(
    ("telemetry", "words"),
    [
        ("otlp_endpoint: collector", "telemetry.otlp_endpoint: expected an http"),
        ("otlp_endpoint: 'https://me:secret@c.example'", "telemetry.otlp_endpoint: expected .* without credentials: keys of a collector stand in the environment"),
        ("otlp_endpoint: 'https://c.example?key=secret'", "telemetry.otlp_endpoint: expected .* without credentials"),
        ("protocol: udp", "telemetry.protocol: .*http.*grpc"),
        ("content: some", "telemetry.content"),
    ],
)
def test_what_cannot_be_is_refused(telemetry: str, words: str):
    """Said at once, with its place, and without what may be a secret."""
    with pytest.raises(ConfigError, match=words) as refused:
        read(telemetry)
    assert "secret" not in str(refused.value)


def test_content_is_off_and_metrics_are_on():
    """Texts leave a gate only where somebody wrote down that they should."""
    telemetry = read(f"otlp_endpoint: '{HERE}'").telemetry
    assert (telemetry.content, telemetry.metrics, telemetry.protocol) == (False, True, "http")


def test_the_certificate_file_is_found_from_the_file_that_names_it(tmp_path: Path):
    """Like every other path in it."""
    assert read("ca_file: certs/ca.pem", base=tmp_path).telemetry.ca_file == tmp_path / "certs" / "ca.pem"


@pytest.mark.parametrize(
    ("telemetry", "more", "where", "words"),
    [
        ("content: true", "", "telemetry.content", "there is no telemetry.otlp_endpoint"),
        ("protocol: grpc", "", "telemetry.protocol", "there is no telemetry.otlp_endpoint"),
        (f"otlp_endpoint: '{HERE}', content: true", "store: {content: none}", "telemetry.content", "store.content: none keeps no text"),
        (f"otlp_endpoint: '{HERE}', content: true", "store: {content: full}", "telemetry.content", "store.content: full stores texts as they are, and none leaves the gate but redacted"),
        (f"otlp_endpoint: '{AWAY}'", "", "telemetry.otlp_endpoint", "names of apps, models and sessions go to another machine over http"),
        (f"otlp_endpoint: '{AWAY}', content: true", "", "telemetry.otlp_endpoint", "and, by telemetry.content, what was said go to another machine"),
        (f"otlp_endpoint: '{HERE}', ca_file: ca.pem", "", "telemetry.ca_file", "no certificate is looked at over http"),
        ("otlp_endpoint: 'https://c.example', ca_file: gone.pem", "", "telemetry.ca_file", "no such file: nothing will be sent"),
    ],
)
def test_what_does_not_do_what_was_meant_is_doubted(telemetry: str, more: str, where: str, words: str):
    """`tidegate check` and `tidegate doctor` say it; the gate starts."""
    (doubt,) = doubts(read(telemetry, more))
    assert doubt.where == where and words in doubt.what


@pytest.mark.parametrize("telemetry", [f"otlp_endpoint: '{HERE}', content: true", "otlp_endpoint: 'http://[::1]:4317', protocol: grpc", "otlp_endpoint: 'https://c.example', content: true", "content: false", ""])
def test_what_is_right_is_not_doubted(telemetry: str):
    """A warning that is wrong teaches people to overlook the next."""
    assert list(doubts(read(telemetry))) == []
