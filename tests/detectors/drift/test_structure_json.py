"""The shape of what is JSON, and of what only looks like it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.drift.structure_json import MOST_PATHS, PARSED, shape


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('{"a": 1}', "object"),
        (" [1, 2]\n", "list"),
        ('```json\n{"a": 1}\n```', "object"),
        ("```\n[]\n```", "list"),
        ("42", ""),
        ('"quoted"', ""),
        ("Here you are: {}", ""),
        ("[Name], thank you for your order", ""),
        ('{"a": 1, "b": [1, 2', "broken"),
        ("[{'a': 1}]", "broken"),
        ("", ""),
        ('{"a": "\ud800"}', "broken"),
    ],
)
def test_a_text_is_of_one_kind(text: str, kind: str):
    """JSON is what a program gets on with; a number is what people write, too; half an object is a fault of its own."""
    assert shape(text).kind == kind


def test_paths_name_keys_at_any_depth_with_what_stands_there():
    """A key that moves or changes its type breaks the code behind it."""
    found = shape(json.dumps({"total": {"tax": 1.5, "paid": True}, "lines": [{"name": "x"}, {"note": None}], "tags": []}))
    assert found.paths == {
        "total": "object", "total.tax": "number", "total.paid": "boolean", "lines": "list", "lines[]": "object", "lines[].name": "string", "lines[].note": "null", "tags": "list",
    }  # fmt: skip
    assert found.strings == ["x"]


def test_a_list_at_the_root_has_paths_too():
    """From {"a": 1} to [{"a": 1}] is a change that says where."""
    assert shape('[{"a": 1}]').paths == {"[]": "object", "[].a": "number"}


def test_names_can_be_printed():
    """A key from a reply goes to a terminal and to a label."""
    assert list(shape('{"a\\u001b[31m": 1}').paths) == ["a\\x1b[31m"]


@pytest.mark.parametrize("text", ["[" * 100_000 + "]" * 100_000, '{"a":' * 50_000 + "1" + "}" * 50_000, json.dumps({str(i): i for i in range(20_000)}), '["' + "x" * PARSED + '"]', "{" * 100_000])
def test_what_is_too_much_is_looked_at_in_part(text: str):
    """Hostile nesting, thousands of keys and very long texts neither raise nor fill the memory."""
    found = shape(text)
    assert len(found.paths) <= MOST_PATHS


@given(st.recursive(st.none() | st.booleans() | st.integers(-1000, 1000) | st.text(max_size=5), lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=3), inner, max_size=5)))
def test_what_python_writes_has_its_kind(value: object):
    """Whatever the value, an object is an object and a list a list."""
    expected = "object" if isinstance(value, dict) else "list" if isinstance(value, list) else ""
    assert shape(json.dumps(value)).kind == expected
