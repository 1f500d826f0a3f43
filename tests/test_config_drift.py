"""`drift:` in tidegate.yaml: what may be said, what holds for which app, and what is refused in which words."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from gateway.config import parse
from gateway.config_drift import Comparison, Drift, Endpoint, seconds, spelled
from gateway.drift.samples import Source
from gateway.drift.selecting import Reads
from gateway.errors import ConfigError

PROVIDERS = (
    "providers:\n  openai: {dialect: openai, base_url: 'https://api.example', key: sk-provider-1}\n"
    "  own: {dialect: openai, base_url: 'http://10.0.0.7:8000/', allow_private: true}\n  bare: {dialect: openai, base_url: 'https://h'}\n"
    "  claude: {dialect: anthropic, base_url: 'https://h'}\n  raw: {dialect: opaque, base_url: 'https://h'}\n"
)
NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


def drift(text: str) -> Drift:
    return parse(PROVIDERS + text).drift


def problems(text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        drift(text)
    return [re.sub(r"^tidegate\.yaml:[0-9]+: ", "", problem) for problem in caught.value.problems]


def test_the_form_that_everybody_starts_with() -> None:
    """As the documentation has it: four words in braces."""
    said = drift("drift: {baseline: dev, every: 1h, window: 2000, alpha: 0.01}\n")
    assert said == Drift() and (said.every, said.window, said.alpha, said.enabled) == (3600.0, 2000, 0.01, True)
    assert Source(**said.baseline.fields(NOW)) == Source(env="dev")
    assert Reads(**said.reads()) == Reads("last_user")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("dev", Source(env="dev")),
        ("refunds", Source("refunds")),
        ("{name: refunds, version: 2}", Source("refunds", 2)),
        ("{name: dev}", Source("dev")),
        ("{env: staging, tag: {suite: a, by: ci}, prompt_version: '3'}", Source(env="staging", tags=(("by", "ci"), ("suite", "a")), prompt_version="3")),
        ("{since: 14d, until: 7d}", Source(since=NOW - dt.timedelta(days=14), until=NOW - dt.timedelta(days=7))),
        ("{env: prod, since: 2026-01-31, until: 2026-02-01T06:30:00+02:00}", Source(env="prod", since=dt.datetime(2026, 1, 31, tzinfo=dt.UTC), until=dt.datetime(2026, 2, 1, 4, 30, tzinfo=dt.UTC))),
        ("{since: '2026-01-31T12:00'}", Source(since=dt.datetime(2026, 1, 31, 12, tzinfo=dt.UTC))),
    ],
)
def test_what_a_baseline_may_be(written: str, meant: Source) -> None:
    """Spans mean what they mean when the run begins; a time without a zone is UTC."""
    assert Source(**drift(f"drift: {{baseline: {written}}}\n").baseline.fields(NOW)) == meant


def test_an_app_differs_in_what_it_says_and_in_nothing_else() -> None:
    """Its own value counts even where it is the default again."""
    said = drift(
        "drift: {window: 500, alpha: 0.05, every: 1d, text: pointer, pointer: /q, apps: {shop: {window: 2000, baseline: refunds}, batch: {enabled: false}, chat: {text: last_user}}}\n"
    )
    shop, other = said.of("shop"), said.of("never named")
    assert (shop.window, shop.alpha, shop.every, shop.baseline.name, shop.pointer) == (2000, 0.05, 86400.0, "refunds", "/q")
    assert (other.window, other.baseline.env, other.enabled) == (500, "dev", True) and isinstance(other, Comparison)
    assert (said.of("batch").enabled, said.of("batch").window) == (False, 500)
    assert Reads(**shop.reads()) == Reads("pointer", "/q") and said.of("chat").reads()["text"] == "last_user"


@pytest.mark.parametrize(("text", "span"), [("90s", 90), ("30m", 1800), ("1h", 3600), ("7d", 604800), ("2w", 1209600)])
def test_spans_of_time(text: str, span: float) -> None:
    """A number and its unit; written back in the largest unit that fits."""
    assert seconds(text) == span
    assert seconds(spelled(span)) == span


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("drift: {windw: 5}", ['drift.windw: unknown key; did you mean "window"?']),
        ("drift: {apps: {shop: {evry: 1h}}}", ['drift.apps.shop.evry: unknown key; did you mean "every"?']),
        ("drift: {apps: {shop: {yearly_false_alarms: 0.1}}}", ["drift.apps.shop.yearly_false_alarms: unknown key; it belongs to drift"]),
        ("drift: {every: hourly}", ["drift.every: not a span of time; expected a whole number with s, m, h, d or w, such as 30m, 12h or 7d"]),
        ("drift: {every: 3600}", ["drift.every: not a span of time; expected a whole number with s, m, h, d or w, such as 30m, 12h or 7d"]),
        ("drift: {every: 10s}", ["drift.every: 10s is out of bounds; expected 5m to 4w"]),
        ("drift: {alpha: 0.5}", ["drift.alpha: 0.5 is out of bounds; expected a number, more than 0 and at most 0.2"]),
        ("drift: {text: last}", ["drift.text: unknown value \"last\"; expected one of 'last_user', 'prompt' or 'pointer'"]),
        ("drift: {text: pointer}", ["drift.text: pointer says nothing without pointer: give the JSON pointer, such as /metadata/question"]),
        ("drift: {pointer: /x}", ["drift.pointer: is not read, for text is not pointer; add text: pointer"]),
        ("drift: {text: pointer, pointer: question}", ["drift.pointer: not a JSON pointer; expected such as /metadata/question or /messages/0/content"]),
        ("drift: {apps: {shop: {text: pointer}}}", ["drift.apps.shop.text: pointer says nothing without pointer: give the JSON pointer, such as /metadata/question"]),
        ("drift: {window: 80}", ["drift.min_rows: 100 is more than window (80) or baseline_rows (2000) can ever have"]),
        ("drift: {baseline: {}}", ["drift.baseline: expected the name of a stored baseline, or some of env, tag, prompt_version, since, until"]),
        ("drift: {baseline: {name: a, env: dev}}", ["drift.baseline: expected the name of a stored baseline, or some of env, tag, prompt_version, since, until"]),
        ("drift: {baseline: {since: 1d, until: 2d}}", ["drift.baseline: since is not before until"]),
        ("drift: {baseline: {since: yesterday}}", ["drift.baseline.since: not a time; expected 2026-01-31, 2026-01-31T12:00:00Z, or a span back from now such as 12h or 7d"]),
        ("drift: {embeddings: {provider: opnai, model: m}}", ['drift.embeddings.provider: "opnai" is not a configured provider of the dialect openai; did you mean "openai"?']),
        ("drift: {embeddings: {provider: claude, model: m}}", ['drift.embeddings.provider: "claude" is not a configured provider of the dialect openai']),
        ("drift: {embeddings: {provider: bare, model: m}}", ['drift.embeddings.provider: the gate holds no key for "bare": give providers.bare its key, or write url and key here']),
        ("drift: {embeddings: {provider: openai}}", ["drift.embeddings: model is missing; expected the endpoint's name of it, such as text-embedding-3-small"]),
        ("drift: {embeddings: {model: m}}", ["drift.embeddings: the bundled model has one name and no key; say provider or url, or leave them out"]),
        ("drift: {embeddings: {url: 'https://u:sk-canary-9@h/v1/embeddings', model: m}}", ["drift.embeddings.url: expected an http(s) URL without credentials, such as https://api.example/v1/embeddings"]),
        ("drift: {label: {provider: raw, model: m}}", ['drift.label.provider: "raw" is not a configured provider of the dialect openai']),
        ("drift: {label: {provider: openai}}", ["drift.label.model: missing; expected text, at most 200 characters"]),
        ("drift: {canaries: [{name: a, provider: raw, model: m, prompt: hi}]}", ['drift.canaries.0.provider: "raw" has the dialect opaque, in which nothing can be asked; expected openai, anthropic or gemini']),
        ("drift: {canaries: [{name: a, provider: nobody, model: m, prompt: hi}]}", ['drift.canaries.0.provider: "nobody" is not a configured provider']),
        ("drift: {canaries: [{name: a, provider: claude, model: m, prompt: hi}]}", ['drift.canaries.0.key: missing; the gate holds no key of "claude", so give the canary one']),
        ("drift: {canaries: [{name: a, provider: openai, model: m, prompt: hi}]}", ['drift.canaries.0.key: missing; the gate holds the key of "openai" and asks callers for a gateway key; "tidegate keys add" makes one']),
        ("drift: {canaries: [{name: a, provider: openai, model: m, key: k}]}", ["drift.canaries.0: expected prompt or messages, one of the two"]),
        (
            "drift: {canaries: [{name: a, provider: openai, model: m, prompt: hi, key: k}, {name: a, provider: openai, model: m, prompt: hi, key: k}]}",
            ['drift.canaries.1.name: two canaries have the name "a"; give each its own'],
        ),
    ],
)  # fmt: skip
def test_a_problem_names_its_place_and_the_way_out(text: str, expected: list[str]) -> None:
    """As everywhere in the file: the path, what is so, what to do."""
    assert problems(text + "\n") == expected


def test_where_vectors_and_labels_come_from() -> None:
    """A provider's key and address are used where the gate holds them; a model of one's own may need no key; nothing shows a key."""
    settings = parse(PROVIDERS + "drift: {embeddings: {provider: own, model: bge, deadline: 5s}, label: {provider: openai, model: mini}}\n")
    assert settings.drift.endpoint(settings.providers) == Endpoint("http://10.0.0.7:8000/v1/embeddings", "bge", 5.0, allow_private=True, batch=64)
    labeller = settings.drift.labeller(settings.providers)
    assert labeller == Endpoint("https://api.example", "mini", 30.0, key="sk-provider-1") and "sk-provider" not in repr(labeller)
    by_url = parse(PROVIDERS + "drift: {embeddings: {url: 'https://e.example/v1/embeddings', key: sk-canary-9, model: m, batch: 8}}\n")
    found = by_url.drift.endpoint(by_url.providers)
    assert found == Endpoint("https://e.example/v1/embeddings", "m", 30.0, key="sk-canary-9", batch=8) and "sk-canary" not in repr(found) + repr(by_url.drift)
    assert Drift().endpoint({}) is None and Drift().labeller({}) is None


def test_who_only_looks_needs_no_key_of_a_canary() -> None:
    """`tidegate check` on another machine, where the variables are not set."""
    text = PROVIDERS + "drift: {canaries: [{name: a, provider: claude, model: m, prompt: hi, key: '${NOWHERE_SET}'}]}\n"
    assert parse(text, needs_secrets=False).drift.canaries[0].name == "a"
    with pytest.raises(ConfigError, match="NOWHERE_SET"):
        parse(text)
