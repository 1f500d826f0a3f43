"""Which rules look at an exchange: the same whatever is remembered, and little is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gateway.guard.policy import Action, Direction, Policy, Rule

NAMES = st.sampled_from(["shop", "desk", "", "\0"])
SOME = st.frozensets(st.sampled_from(["shop", "desk"]))


RULES = st.builds(Rule, st.just("r"), st.just("pii"), st.just(frozenset({Direction.REQUEST})), st.just(Action.MASK), apps=SOME, envs=SOME, prompts=SOME, models=SOME.map(tuple))


@given(st.lists(RULES, max_size=3), NAMES, NAMES, NAMES, NAMES | st.none())
def test_what_is_remembered_is_what_would_be_found(rules: list[Rule], app: str, env: str, prompt: str, model: str | None) -> None:
    """Names that no rule has are taken for one."""
    policy = Policy(rules)
    for on in (Direction.REQUEST, Direction.REPLY):
        assert policy.rules_for(on, app=app, env=env, model=model, prompt=prompt) == tuple(rule for rule in rules if rule.covers(on, app, env, model, prompt))


def test_names_that_apps_make_up_are_not_remembered() -> None:
    """Each took 290 bytes and more of a worker, for hours."""
    rule = Rule("r", "pii", frozenset({Direction.REQUEST}), Action.MASK, apps=frozenset({"shop"}))
    policy = Policy([rule])
    for number in range(1000):
        assert policy.rules_for(Direction.REQUEST, app=f"app-{number}", env=f"env-{number}", model=f"model-{number}", prompt=f"prompt-{number}") == ()
    assert policy.rules_for(Direction.REQUEST, app="shop", env="prod", model="m") == (rule,)
    assert policy._for.cache_info().currsize == 2
