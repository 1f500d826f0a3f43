"""The demo's traffic: what it reports is what the provider got."""

from __future__ import annotations

import asyncio
import random
from collections import Counter

from gateway.demo import prompts, traffic
from tests.support.simulated import simulated


def test_the_report_counts_what_was_received() -> None:
    """The demo compares this number with the rows in the store: off by one would look like a lost record."""
    with simulated() as provider:
        report = asyncio.run(traffic.run(provider.url, 2.0, rate=60.0, seed=3))
    headers = [{name.lower(): value for name, value in r.headers} for r in provider.received]
    assert report.total == provider.requests == len(headers)
    assert Counter(h[b"x-tidegate-app"] for h in headers).keys() == {b"shop-assistant", b"doc-search"}
    assert Counter(h[b"x-tidegate-env"] for h in headers).keys() == {b"dev", b"prod"}
    assert all(h[b"x-tidegate-prompt"] and h[b"x-tidegate-user"] and h[b"x-tidegate-session"] and h[b"x-tidegate-tags"] for h in headers)


def test_prod_asks_what_dev_never_tested() -> None:
    """Without a gap between dev and prod there would be no drift to find."""
    rng = random.Random(1)
    for topics, new in ((prompts.SHOP, {"reembolsos"}), (prompts.DOCS, {"contracts", "outages"})):
        seen = {env: {prompts.pick(topics, env, rng).name for _ in range(500)} for env in ("dev", "prod")}
        assert seen["prod"] - seen["dev"] == new
        assert seen["dev"] <= seen["prod"]


def test_there_are_many_questions_and_all_can_be_filled() -> None:
    """A handful of prompts would make every view of the demo look broken."""
    topics = (*prompts.SHOP, *prompts.DOCS)
    templates = [t for topic in topics for t in topic.templates]
    assert len(set(templates)) == len(templates) >= 120
    questions = {topic.question(random.Random(n)) for topic in topics for n in range(200)}
    assert not [q for q in questions if "{" in q]
    assert len(questions) > 800
