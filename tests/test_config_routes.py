"""`retries`, `breaker` and `routes` in tidegate.yaml: what may be said, what follows from it, and what is refused in which words."""

from __future__ import annotations

import re

import pytest

from gateway.config import Settings, parse
from gateway.errors import ConfigError

PROVIDERS = """providers:
  openai: {dialect: openai, base_url: 'https://api.example', retries: {per_request: 3}}
  azure: {dialect: openai, base_url: 'https://az.example', key: k, default: true}
  other: {dialect: openai, base_url: 'https://other.example', key: k}
  twin: {dialect: openai, base_url: 'https://API.example:443/beside'}
  claude: {dialect: anthropic, base_url: 'https://claude.example', key: k}
  odd: {dialect: opaque, base_url: 'https://odd.example', key: k}
"""


def meant(text: str) -> Settings:
    return parse(PROVIDERS + text + "\n")


def problems(text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        meant(text)
    return [re.sub(r"^tidegate\.yaml:[0-9]+: ", "", problem) for problem in caught.value.problems]


def test_own_terms_differ_in_what_they_say() -> None:
    """Whoever changes one number wants the others as they were; and a route may ask each of its targets once."""
    said = meant("retries: {patience_s: 2, per_request: 2}\nroutes: {a: {targets: [azure, other]}, b: {targets: azure, retries: {on: reset}}, c: {targets: [azure, other], retries: {per_request: 0}}}")
    own = said.providers["openai"].retries
    assert own is not None and own.under(said.retries).model_dump() == {"per_request": 3, "of_traffic": 0.1, "on": ("unreachable", "overloaded", "error", "rate_limited"), "patience_s": 2}
    terms = {name: route.terms(said.retries) for name, route in said.routes.items()}
    assert {name: each.per_request for name, each in terms.items()} == {"a": 1, "b": 1, "c": 0}
    assert (terms["b"].on, terms["b"].patience_s) == (("reset",), 2)
    four = meant("routes: {a: {targets: [azure, other, {provider: azure, model: x}, {provider: other, model: x}]}}")
    assert four.routes["a"].terms(four.retries).per_request == 3


def test_targets_are_names_or_more() -> None:
    """The short form is what most files have."""
    route = meant("routes: {a: {targets: [azure, {provider: other, model: gpt, weight: 2}], pick: weighted}}").routes["a"]
    assert [(each.provider, each.model, each.weight) for each in route.targets] == [("azure", None, 1), ("other", "gpt", 2)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("routes: {a: {targets: [azur]}}", 'routes.a.targets.0: azur is not a configured provider; did you mean "azure"?'),
        ("routes: {a: {targets: [b]}, b: {targets: azure}}", "routes.a.targets.0: b is a route, and routes do not lead to routes"),
        ("routes: {a: {targets: [azure, {provder: other}]}}", 'routes.a.targets.1.provder: unknown key; did you mean "provider"?'),
        ("routes: {a: {target: azure}}", 'routes.a.target: unknown key; did you mean "targets"?'),
        ("routes: {a: {targets: []}}", "routes.a.targets: is empty; expected a list"),
        ("routes: {azure: {targets: other}}", "routes.azure: there is a provider of this name, and both are reached at /azure/; give the route another"),
        ("routes: {a: {targets: [azure, claude]}}", "routes.a.targets: targets of different dialects (anthropic, openai); expected one, for a request is passed on as it is"),
        ("routes: {a: {targets: [azure, azure]}}", "routes.a.targets.1: the same target twice; use weight for more of it, and retries for asking it again"),
        (
            "routes: {a: {targets: [openai, azure]}}",
            "routes.a.targets: the gate holds no key for openai, and an app's own key is never sent to another origin; give each target's provider its key, or take targets of one origin",
        ),
        ("routes: {a: {targets: [azure, {provider: other, weight: 2}]}}", "routes.a.pick: a target has a weight, but targets are taken in order; set pick: weighted, or take the weight out"),
        ("routes: {a: {targets: azure, hedge: {}}}", "routes.a.hedge: a second target is asked, but there is only one; name another"),
        ("routes: {a: {targets: azure, default: true}}", "routes.a.default: routes.a and providers.azure are all defaults of dialect openai; keep one"),
        ("routes: {a: {targets: claude, default: true}, b: {targets: claude, default: true}}", "routes.b.default: routes.a and routes.b are all defaults of dialect anthropic; keep one"),
        ("routes: {a: {targets: odd, default: true}}", "routes.a.default: paths without a name tell no provider of the dialect opaque; take it out"),
        ('routes: {a: {targets: {provider: azure, model: "x\\ny"}}}', "routes.a.targets.0.model: expected a model's name, without quotes, backslashes and control characters"),
        ("retries: {on: [unreachble]}", "retries.on.0: unknown value \"unreachble\"; expected one of 'unreachable', 'overloaded', 'error', 'rate_limited', 'timeout' or 'reset'"),
        ("retries: {of_traffic: 2}", "retries.of_traffic: 2 is out of bounds; expected a number, 0 to 1"),
        ("retries: {per_request: true}", "retries.per_request: found true; expected a number"),
        ("breaker: {open_s: 90}", "breaker.open_max_s: 60 is less than breaker.open_s (90); give it at least that"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_its_path(text: str, expected: str) -> None:
    """The person who must act reads only this line."""
    assert expected in problems(text)


@pytest.mark.parametrize("name", ["v1", "metrics", "Upper", "a/b", "-"])
def test_a_route_cannot_shadow_a_path_of_the_gate(name: str) -> None:
    """It shares the namespace of providers, and so their rules."""
    [problem] = problems(f'routes: {{"{name}": {{targets: azure}}}}')
    assert "not a usable name" in problem and problem.startswith("routes.")


def test_targets_of_one_origin_may_share_the_callers_key() -> None:
    """However the origin is spelled."""
    assert meant("routes: {a: {targets: [openai, twin]}}").routes["a"].targets[1].provider == "twin"


def test_a_broken_provider_is_one_problem() -> None:
    """What a route makes of a provider that cannot be read is nobody's question; that its other target is none is one."""
    broken = "providers: {x: {dialect: opneai, base_url: 'https://h'}, z: {dialect: anthropic, base_url: 'https://z'}}\n"
    for targets, more in (("x, z", []), ("x, y", ["routes.a.targets.1: y is not a configured provider"])):
        with pytest.raises(ConfigError) as caught:
            parse(broken + f"routes: {{a: {{targets: [{targets}]}}}}\n")
        first, *rest = [re.sub(r"^tidegate\.yaml:[0-9]+: ", "", problem) for problem in caught.value.problems]
        assert first.startswith("providers.x.dialect: ") and rest == more


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (  # nobody's provider does not hide what is wrong with the others
            "routes: {a: {targets: [azur, azure, azure, {provider: other, weight: 2}, claude], hedge: {min_s: 0}}}",
            ["routes.a.hedge.min_s", "routes.a.targets.0", "routes.a.targets.2", "routes.a.pick", "routes.a.targets"],
        ),
        (  # a target that cannot be read neither
            "routes: {a: {targets: [azur, {provder: other}, azure, azure]}}",
            ["routes.a.targets.1.provider", "routes.a.targets.1.provder", "routes.a.targets.0", "routes.a.targets.3"],
        ),
        (  # nor another setting of the route
            "routes: {a: {targets: [azur, {provider: azure, weight: 0}], pick: wieghted, retries: {per_request: true}}, b: {targets: nobody, hedge: {}, default: true}}",
            ["routes.a.targets.1.weight", "routes.a.pick", "routes.a.retries.per_request", "routes.a.targets.0", "routes.b.targets.0", "routes.b.hedge"],
        ),
    ],
)
def test_all_of_a_routes_problems_are_told_at_once(text: str, expected: list[str]) -> None:
    """Whoever mends a file wants to mend it once."""
    assert [problem.partition(": ")[0] for problem in problems(text)] == expected
