"""What a worker waits for before it is ready, how often it asks, and how long."""

from __future__ import annotations

from typing import Any, cast

from gateway.config import parse
from gateway.detection.client import DetectorFailed, PoolClient
from gateway.proxy.warmup import OWN_WAIT_S, Warmup

BEAT_S = 0.1


class Pool:
    """Answers at once: failures, but for those that are up."""

    def __init__(self, *up: str) -> None:
        self.up = set(up)
        self.asked: list[str] = []

    def submit(self, name: str, texts: list[Any], *, deadline_s: float, done: Any) -> None:
        self.asked.append(name)
        done([[]] if name in self.up else DetectorFailed(name, "unavailable"))


class Waiting:
    """A warm-up under a clock of its own."""

    def __init__(self, pool: Pool, *names: str, own: tuple[str, ...]) -> None:
        self.now = 100.0
        self.warmup = Warmup(cast(PoolClient, pool), names, own, clock=lambda: self.now)

    def beats(self, seconds: float) -> None:
        for _ in range(round(seconds / BEAT_S)):
            self.warmup.look()
            self.now += BEAT_S


def test_who_does_not_answer_is_asked_ever_more_seldom():
    """A service that is down is not hammered by every worker, ten times a second."""
    pool = Pool()
    waiting = Waiting(pool, "tone", own=("tone",))
    waiting.beats(OWN_WAIT_S - 1)
    assert 5 <= len(pool.asked) <= 12
    assert waiting.warmup.awaited == ["tone"] and not waiting.warmup.ready


def test_detectors_of_the_operator_are_not_waited_for_for_ever():
    """on_error says what their failures mean, then as ever; a model of ours is waited for as long as it takes."""
    pool = Pool()
    waiting = Waiting(pool, "names", "tone", own=("tone",))
    waiting.beats(OWN_WAIT_S)
    assert waiting.warmup.awaited == ["names", "tone"]
    waiting.beats(1)
    assert waiting.warmup.awaited == ["names"] and not waiting.warmup.ready
    pool.up.add("names")
    waiting.beats(6)
    assert waiting.warmup.ready


def test_who_answers_is_asked_once():
    """Ready is ready."""
    pool = Pool("tone")
    waiting = Waiting(pool, "tone", own=("tone",))
    waiting.beats(1)
    assert waiting.warmup.ready and pool.asked == ["tone"]


def test_a_worker_waits_for_what_the_pool_knows(tmp_path):
    """A format is called by the operator's name in rules and by another in the pool: asked for by the first, a gate would never be ready."""
    rules = "".join(f"  - {{name: r{at}, detector: {name}, on: reply, action: block}}\n" for at, name in enumerate(("order", "grounding", "moderation", "injection")))
    detectors = "detectors: {formats: {order: {is_json: true}}, moderation: {service: {url: 'https://moderation.example/v1/moderations'}, local: false}}\n"
    settings = parse(f"providers: {{openai: {{dialect: openai, base_url: 'https://api.example'}}}}\nguardrails:\n{rules}{detectors}", base=tmp_path)
    terms = settings.detection_terms
    known = {each.name for each in (*terms.models, *terms.customs)} | {endpoint.service.name for endpoint in terms.endpoints}
    waited_for = {engine.asked for engine in settings.engines.of(settings.policy.rules) if engine.local is None}
    assert settings.needs_pool and waited_for == known == {"format", "grounding", "moderation", "injection"}
