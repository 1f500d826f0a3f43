"""The simulated model: deterministic, and its pieces are the whole."""

from __future__ import annotations

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.demo.ask import Ask, Tool, answers, count, fragments

_QUESTIONS = st.text(max_size=200)


@given(_QUESTIONS)
@settings(deadline=None)
def test_fragments_lose_nothing(text: str) -> None:
    """A stream that does not add up to the whole reply would look like the gate's fault."""
    assert "".join(fragments(text)) == text


@given(_QUESTIONS, st.integers(1, 4), st.integers(1, 50) | st.none())
@settings(deadline=None)
def test_the_same_question_has_the_same_answer(question: str, choices: int, most: int | None) -> None:
    """Direct and through the gate are compared as equal objects."""
    ask = Ask("gpt-4o-mini", (question,), question, choices=choices, max_tokens=most)
    assert answers(ask) == answers(Ask("gpt-4o-mini", (question,), question, choices=choices, max_tokens=most))
    assert len(answers(ask)) == choices


@given(_QUESTIONS, st.integers(1, 30))
@settings(deadline=None)
def test_no_answer_is_longer_than_allowed(question: str, most: int) -> None:
    """A reply cut at max_tokens says so, and one that says so was cut."""
    answer = answers(Ask("gpt-4o-mini", (question,), question, max_tokens=most))[0]
    assert (count(answer.text) <= most) or answer.refusal
    assert answer.finish != "length" or count(answer.text) == most


@given(st.sampled_from([None, {}, {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "array", "items": {"enum": ["x", "y"]}}}}]))
@settings(deadline=None)
def test_json_is_json(schema: dict[str, object] | None) -> None:
    """Structured output that does not parse would break the app, not the gate."""
    text = answers(Ask("gpt-4o-mini", ("q",), "q", schema=schema))[0].text
    if schema is None:
        assert not text.startswith("{")
    else:
        assert isinstance(orjson.loads(text), dict)


def test_a_tool_is_called_only_when_the_question_is_about_it() -> None:
    """The demo's traffic offers tools to questions of all kinds."""
    tool = Tool("look_up_order", {"type": "object", "properties": {"order_id": {"type": "string"}}})
    asked = answers(Ask("m", ("Where is order A-1?",), "Where is order A-1?", tools=(tool,)))[0]
    unasked = answers(Ask("m", ("Is it wool?",), "Is it wool?", tools=(tool,)))[0]
    answered = answers(Ask("m", ("Where is order A-1?", "shipped"), "Where is order A-1?", tool_result="shipped", tools=(tool,)))[0]
    assert [[c.name for c in a.calls] for a in (asked, unasked, answered)] == [["look_up_order"], [], []]
    assert "shipped" in answered.text
