"""`objectives:` in tidegate.yaml: what may be promised, for whom, and what is refused in which words."""

from __future__ import annotations

import re

import pytest

from dashboards.alerts.objectives import AppObjectives, Objectives, ProviderObjectives
from gateway.config import parse
from gateway.errors import ConfigError

PROVIDERS = "providers:\n  openai: {dialect: openai, base_url: 'https://api.example'}\n"


def meant(text: str) -> Objectives:
    return parse(PROVIDERS + text).objectives.meant


def problems(text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        meant(text)
    return [re.sub(r"^tidegate\.yaml:[0-9]+: ", "", problem) for problem in caught.value.problems]


def test_what_nobody_says_is_what_the_rules_have() -> None:
    """Two lists of defaults would one day be two opinions."""
    assert meant("") == Objectives()


def test_apps_and_providers_differ_in_what_they_say() -> None:
    """Apps may be unknown, for they name themselves."""
    said = meant("objectives: {availability: 0.999, quiet_envs: test, apps: {shop: {cost_per_day_usd: 5}}, providers: {openai: {latency_p90_s: 60}}, runbooks: 'https://wiki.example/x?page='}\n")
    assert (said.availability, said.quiet_envs, said.runbooks) == (0.999, ("test",), "https://wiki.example/x?page=")
    assert dict(said.apps) == {"shop": AppObjectives(cost_per_day_usd=5.0)} and dict(said.providers) == {"openai": ProviderObjectives(latency_p90_s=60.0)}


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("{availability: 99.5}", "objectives.availability"),
        ("{availability: 1}", "objectives.availability"),
        ("{availability: true}", "objectives.availability"),
        ("{cost_per_day_usd: true}", "objectives.cost_per_day_usd"),
        ("{cost_per_day_usd: 0}", "objectives.cost_per_day_usd"),
        ("{latency_p90_s: 600}", "objectives.latency_p90_s"),
        ("{blocked_share: 10}", "objectives.blocked_share"),
        ("{cost_spike: 1}", "objectives.cost_spike"),
        ("{least_calls: 0}", "objectives.least_calls"),
        ("{apps: {shop: {availability: 0.5}}}", "objectives.apps.shop.availability"),
        ("{apps: {shop: {latency_p90_s: 3}}}", "objectives.apps.shop.latency_p90_s"),
        ('{apps: {"a\\nb": {availability: 0.99}}}', 'objectives.apps."a\\nb"'),
        ("{runbooks: 'javascript:alert(1)/'}", "objectives.runbooks"),
        ("{runbooks: 'https://u:secret@wiki.example/'}", "objectives.runbooks"),
        ("{runbooks: 'https://wiki.example/runbooks'}", "objectives.runbooks"),
        ("{runbooks: '{{ .Value }}/'}", "objectives.runbooks"),
    ],
)
def test_what_could_never_hold_is_refused(written: str, path: str) -> None:
    """A promise that no window shows broken is an alert that nobody gets."""
    found = problems(f"objectives: {written}\n")
    assert len(found) == 1 and found[0].startswith(path + ": ") and "secret" not in found[0]


def test_a_provider_that_is_not_there_is_named_with_its_nearest() -> None:
    """A slip of the pen would leave the provider with the objective of the rest."""
    assert problems("objectives: {providers: {opnai: {latency_p90_s: 3}}}\n") == ['objectives.providers.opnai: opnai is not a configured provider; did you mean "openai"?']
