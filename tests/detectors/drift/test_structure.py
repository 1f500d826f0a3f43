"""Structural features of rows: what is asked, of whom, and what hostile rows cost."""

from __future__ import annotations

import json
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.drift.base import Row
from detectors.drift.structure import LEAST, covariates, duplicates, gaps, table
from tests.support.growth import assert_linear

SAID = ["where is my parcel", "Please cancel order 4711 now.", "How do I change my password?", "ok", "quiero devolver este producto porque no me gusta", "my card was charged twice, is that right?"]


def inputs(texts: list[str]) -> list[Row]:
    return [Row(text) for text in texts]


def test_what_is_asked_follows_from_all_rows_together():
    """A feature that only one sample has is there for both: features must not depend on which rows are the window's."""
    rows = inputs([*SAID * 10, *['{"query": "where is my parcel"}'] * 5])
    found = table(rows, "input")
    assert {"characters", "words", "capitals", "digits", "JSON", "language: es", "end mark"} <= set(found.names)
    turned = table(rows[::-1], "input")
    assert turned.names == found.names
    np.testing.assert_array_equal(turned.values[::-1], found.values)


def test_what_hardly_a_row_has_is_not_asked():
    """Ids as keys, a tool used once: a thousand features of one row each would drown the others."""
    rows = [Row("x", json.dumps({"answer": "yes", f"id-{i}": i, **({"seldom": 1} if i % 2 else {})}), tools=("search",) if i % 3 else ("once",) if i == 0 else (), turns=1) for i in range(400)]
    found = table(rows, "output")
    assert [name for name in found.names if name.startswith("JSON key")] == ["JSON key: seldom"]  # `answer` is in all: it cannot differ
    assert [name for name in found.names if name.startswith("tool: ")] == ["tool: search"]
    assert LEAST > 1 / 400


def test_keys_that_all_replies_have_do_not_take_the_place_of_one_that_is_new():
    """A large schema is in every reply; the key that some have is what there is to see."""
    fixed = {f"field_{i:03}": i for i in range(80)}
    rows = [Row("x", json.dumps({**fixed, **({"added": 1} if i % 4 == 0 else {})})) for i in range(100)]
    assert [name for name in table(rows, "output").names if name.startswith("JSON key")] == ["JSON key: added"]


def test_nan_is_where_a_question_does_not_arise():
    """The share of a key is that among JSON; of sentences, that among prose; of what was recorded, that among rows where it was."""
    rows = [Row("a", '{"total": 1}', finish_reason="stop"), Row("b", '{"sum": "1"}', finish_reason="length"), Row("c", "Your total is 1."), Row("d", ""), Row("e", None), Row("f", '{"total": 2}'), Row("g", "no"), Row("h", '{"sum": "1"}')]
    found = table(rows * 2, "output")
    np.testing.assert_array_equal(found.column("JSON key: total"), [1, 0, np.nan, np.nan, np.nan, 1, np.nan, 0] * 2)
    np.testing.assert_array_equal(found.column("end mark"), [np.nan, np.nan, 1, np.nan, np.nan, np.nan, 0, np.nan] * 2)
    np.testing.assert_array_equal(found.column("finish reason: stop"), [1, 0, *[np.nan] * 6] * 2)
    np.testing.assert_array_equal(found.column("empty"), [0, 0, 0, 1, np.nan, 0, 0, 0] * 2)


def test_types_are_asked_where_they_differ():
    """A total that becomes a string breaks the code behind it, though the key is there."""
    rows = [Row("x", json.dumps({"total": i if i % 2 else str(i), "id": i})) for i in range(20)]
    found = table(rows, "output")
    assert [name for name in found.names if name.startswith("JSON type")] == ["JSON type of total: number", "JSON type of total: string"]


def test_typos_are_told_from_names():
    """Slips of the finger are drift; a new product's name is a topic."""
    plain = ["please send the invoice to my office address", "where can I change the delivery address", "my order arrived without the charger cable"] * 10
    slips = ["plaese sned the invoce to my ofice adress", "wehre can I chnage the delivry address", "my oder arived wihtout the chager cable"] * 2
    named = ["please send the tidegate invoice to my office", "where can I change the kubernetes address", "my order arrived without the zyxoport cable"] * 2
    share = table(inputs([*plain, *named, *slips]), "input").column("typos")
    assert share[:30].max() == 0
    assert share[30:36].max() == 0
    assert share[36:].min() >= 0.4
    unknown = table(inputs([*plain, *named[1:] * 2, *slips]), "input").column("unknown words")
    assert unknown[-6:].min() >= 0.4


def test_of_json_the_sentences_are_read():
    """Slips show inside a wrapper, too; names of fields and codes are no words that anybody mistyped."""
    said = ["plaese sned the pakage to my ofice", "please send the package to my office"]
    found = table(inputs([json.dumps({"qry": text, "lang": "xx", "chnl": "wbchat"}) for text in said]), "input")
    assert found.column("typos").tolist() == [4 / 7, 0]
    assert found.column("unknown words")[1] == 0
    assert "digits" not in found.names


def test_prompts_have_turns_and_roles_and_replies_have_the_rest():
    """Each side is asked what belongs to it."""
    rows = [
        Row("hello there", "Hi", turns=1, roles=("user",), finish_reason="stop", violations=0, output_tokens=2),
        Row("and the second one?", "I'm sorry, but I can't help with that.", turns=3, roles=("user", "assistant", "user"), tools=("search",), finish_reason="length", violations=2, output_tokens=11),
    ] * 3
    asked, replied = table(rows, "input"), table(rows, "output")
    assert asked.column("turns").tolist() == [1, 3] * 3
    assert asked.column("role: assistant").tolist() == [0, 1] * 3
    assert not {"refusal", "tools used", "violations"} & set(asked.names)
    assert [replied.column(name).tolist() for name in ("refusal", "tools used", "tool: search", "finish reason: length", "violations", "tokens")] == [[0, 1] * 3] * 4 + [[0, 2] * 3, [2, 11] * 3]
    assert "turns" not in replied.names


def test_tokens_are_of_one_kind():
    """Recorded figures beside estimates would look like drift."""
    rows = [Row("x", "some words that are a reply", output_tokens=600), Row("x", "some words")]
    assert table(rows, "output").column("tokens").max() < 100


HOSTILE = {
    "empty": "",
    "blanks": " \n\t ",
    "one megabyte": "where is my parcel " * 60_000,
    "one character": "a" * 1_000_000,
    "binary": bytes(range(256)).decode("latin-1") * 40,
    "surrogates": "\ud800\udfff \ud83d help \udc00" * 50,
    "brackets": "[" * 100_000,
    "deep": "[" * 100_000 + "]" * 100_000,
    "stars": "**a" * 5_000,
    "one token": "the " * 400,
    "marks": "?!" * 2_000,
    "lines": "\n" * 50_000 + "x",
    "nul": "\0" * 500,
    "capitals with dots": "\u0130" * 300,
    "fence": "```" * 2_000,
}


def test_hostile_rows_are_rows():
    """Whatever an app sent is a row of the sample: no exception, and figures that a test can take."""
    rows = [Row(text, text, session=name) for name, text in HOSTILE.items()] + [Row(None, None)] + [Row(text, text) for text in SAID]
    for side in ("input", "output"):
        found = table(rows, side)
        assert len(found.values) == len(rows)
        assert not np.isinf(found.values).any()
        assert np.isfinite(covariates(found)).all()
        labels = np.zeros((len(rows), 1), dtype=np.float32)
        labels[::2] = 1
        distances = gaps(found, labels)
        assert np.isfinite(distances).all()


@given(st.lists(st.one_of(st.none(), st.text(st.characters(), max_size=60)), min_size=1, max_size=12))
def test_no_text_raises(texts: list[str | None]):
    """Anything at all, lone surrogates included."""
    found = table([Row(text, text) for text in texts], "output")
    assert found.values.shape == (len(texts), len(found.names))


@pytest.mark.parametrize("unit", ["where is my parcel ", "a", "[", "**a", "{\"a\":", "\n", "I ", "\u00e9", "if (x) "])
def test_a_long_text_costs_no_more_than_its_length(unit: str):
    """Nothing here looks at a text once for each of its characters."""
    assert_linear(lambda size: partial(table, [Row(unit * (size // len(unit)))] * 2, "input"), 1_000_000)


def test_samples_of_nothing_have_no_features():
    """No rows, rows without a reply, rows that are all alike: nothing can differ, and nothing raises."""
    assert table([], "input").values.shape == (0, 0)
    assert table([Row("x")] * 5, "output").names == ()
    same = table([Row("where is my parcel")] * 5, "input")
    assert same.names == ()
    assert gaps(same, np.ones((5, 3), dtype=np.float32)).shape == (0, 3)


def test_duplicates_are_told():
    """How many rows repeat another is said beside the report, and not tested."""
    assert duplicates(inputs(["a b", "A  b", "c", "", " "]), "input") == pytest.approx(2 / 3)
    assert duplicates(inputs([]), "input") == 0
