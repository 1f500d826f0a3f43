"""Assertions on a whole reply: what each breach is, where it is said to be, and that no reply makes them slow or loud."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.__main__ import main
from detectors.base import Finding
from detectors.format import KINDS, MAX_FOUND, Assertions, Format, Problem
from detectors.format_json import MAX_DEPTH, MAX_PROBLEMS, Broken, Schema, parse
from detectors.format_language import language_of
from detectors.text import Text
from tests.support.growth import Work, assert_linear

ORDER = {
    "type": "object",
    "properties": {"id": {"type": "integer"}, "lines": {"type": "array", "items": {"type": "object", "properties": {"price": {"type": "number", "minimum": 0}}}}},
    "required": ["id"],
    "additionalProperties": False,
}
MILLION = 1_000_000


def told(assertions: Assertions, reply: str) -> list[tuple[str, str]]:
    return [(each.kind, each.detail) for each in Format(assertions).explain(reply)]


@pytest.mark.parametrize(
    ("reply", "detail"),
    [
        ("", "empty"),
        (" \n", "empty"),
        ("Sure! {}", "not JSON, at character 0"),
        ('{"a": 1} Hope this helps', "not JSON, at character 9"),
        ('{"a": 1,}', "not JSON, at character 7"),
        ("{'a': 1}", "not JSON, at character 1"),
        ("[NaN]", "not JSON, at character 1"),
        ('["\\ud800"]', "not JSON, at character 2"),
        ('["\ud800"]', "not JSON, at character 0"),
        ("[1e999]", "a number that no double can hold, at character 1"),
        ('{"a": 1, "a": 2}', "an object has a name twice"),
        ("[" * 200 + "]" * 200, f"nested deeper than {MAX_DEPTH}"),
        ("```json\n{}\n```", "not JSON, at character 0"),
    ],
)
def test_what_is_no_json_is_refused_with_the_reason(reply: str, detail: str):
    """Parsers disagree on all of these: what one of them makes of it is not what the code behind the reply makes of it."""
    assert told(Assertions(json=True), reply) == [("NOT_JSON", detail)]


@pytest.mark.parametrize("reply", ["```json\n{}\n```", "\n```\n{}\n```\n", "````json\r\n{}````", "{}", '["```"]'])
def test_one_fence_may_stand_around_it_where_that_is_allowed(reply: str):
    """Models write fences; the app that strips them says so and is not bothered."""
    assert told(Assertions(json=True, fenced=True), reply) == []


def test_a_fence_with_words_around_it_is_no_json():
    """An app that strips a fence does not strip a greeting."""
    assert [kind for kind, _ in told(Assertions(json=True, fenced=True), "Here you are:\n```json\n{}\n```")] == ["NOT_JSON"]


def test_brackets_in_a_string_are_not_depth():
    """A reply about brackets is not nested."""
    assert told(Assertions(json=True), json.dumps("[" * 1000)) == []


@given(st.recursive(st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.floats(allow_nan=False, allow_infinity=False) | st.text(st.characters(exclude_categories=["Cs"])), lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner)))
def test_what_python_writes_is_json(value: object):
    """No false alarm on what a standard writer made, and the value is the one that was written."""
    parsed = parse(json.dumps(value))
    assert not isinstance(parsed, Broken) and parsed.value == value


def test_a_violation_is_told_by_place_and_keyword():
    """A developer must find it; the reply's own words must not reach the log with it."""
    reply = json.dumps({"id": "secret-word", "lines": [{"price": 1}, {"price": -3}], "secret-name": 1})
    problems = Format(Assertions(schema=json.dumps(ORDER))).explain(reply)
    assert {each.detail for each in problems} == {"type at /id", "minimum at /lines/1/price", "additionalProperties at the root"}
    assert all((each.kind, each.start, each.end) == ("SCHEMA", 0, len(reply)) for each in problems)


def test_names_that_the_schema_does_not_have_are_not_told():
    """A name in the reply is a word of the reply."""
    assert told(Assertions(schema='{"additionalProperties": {"type": "string"}}'), '{"Anna Keller": 1}') == [("SCHEMA", "type at /*")]


def test_any_of_and_not_are_told_apart():
    """The place of a failed choice is told, though its branches are not explained."""
    schema = {"properties": {"a": {"anyOf": [{"type": "string"}, {"type": "null"}]}, "b": {"not": {"type": "string"}}}}
    assert set(told(Assertions(schema=json.dumps(schema)), '{"a": 1, "b": ""}')) == {("SCHEMA", "anyOf/oneOf at /a"), ("SCHEMA", "not at /b")}


@pytest.mark.parametrize("draft", ["http://json-schema.org/draft-07/schema#", "https://json-schema.org/draft/2019-09/schema", "https://json-schema.org/draft/2020-12/schema"])
def test_a_schema_names_its_draft(draft: str):
    """`items` as a list means another thing in 2020-12 (nothing that is valid) than before (a tuple)."""
    schema = json.dumps({"$schema": draft, "items": [{"type": "string"}]})
    if "2020" in draft:
        with pytest.raises(ValueError, match="at /items"):
            Schema(schema)
    else:
        assert told(Assertions(schema=schema), "[1]") == [("SCHEMA", "type at /0")]


def test_format_asserts_only_where_it_is_asked_to():
    """The specification's default is that it says nothing; an operator who wants it says so."""
    schema = '{"format": "date"}'
    assert told(Assertions(schema=schema), '"soon"') == []
    assert told(Assertions(schema=schema, formats=True), '"soon"') == [("SCHEMA", "format at the root")]


@pytest.mark.parametrize(
    ("schema", "reason"),
    [
        ('{"$ref": "http://127.0.0.1:9/a.json"}', "never fetched"),
        ('{"$ref": "file:///etc/hostname"}', "never fetched"),
        ('{"$ref": "#/$defs/none"}', "leaves the schema"),
        ('{"$schema": "http://127.0.0.1:9/a.json"}', "none of draft-04"),
        ('{"pattern": "(?=a)b"}', "at /pattern: .* linear"),
        ('{"properties": {"a": {"pattern": "(a)\\\\1"}}}', "at /properties/a/pattern"),
        ('{"patternProperties": {"(?!a)": {}}}', "linear"),
        ('{"type": "strin"}', "at /type: not a valid schema"),
        ("[1]", "expected an object"),
        ("{", "not JSON"),
    ],
)
def test_a_schema_that_cannot_be_is_refused_when_it_is_read(schema: str, reason: str):
    """Nothing is fetched and nothing backtracks, and that shows at start, not with the first reply."""
    with pytest.raises(ValueError, match=reason):
        Format(Assertions(schema=schema))


@pytest.mark.parametrize(
    "broken",
    [Assertions(pattern="(?=a)"), Assertions(pattern="("), Assertions(pattern="a" * 3000), Assertions(languages=("xx",)), Assertions(lacks=("",)), Assertions(contains=("\u200b",)), Assertions(max_words=3, min_words=4)],
)
def test_assertions_that_cannot_be_are_refused(broken: Assertions):
    """A typing error in the configuration is no rule that never fires."""
    with pytest.raises(ValueError, match=r"expected|RE2"):
        Format(broken)


def test_an_expression_is_found_anywhere_unless_it_is_anchored():
    """As written for any other tool; on the raw reply, for the code behind it gets that: full-width digits are none."""
    assert told(Assertions(pattern=r"\d{4}"), "order 4711.") == []
    assert told(Assertions(pattern=r"^\d{4}$"), "order 4711.") == [("PATTERN", r"does not match ^\d{4}$")]
    assert told(Assertions(pattern=r"\d{4}"), "\uff14\uff17\uff11\uff11") == [("PATTERN", r"does not match \d{4}")]


def test_lengths_are_told_where_they_are_exceeded():
    """What is beyond the limit is the finding, so that masking it leaves what was allowed."""
    reply = "\none two  three\nfour\n"
    find = lambda **limit: Format(Assertions(**limit)).find(Text(reply))  # noqa: E731
    assert find(max_chars=5) == [Finding("format", "TOO_LONG", 5, len(reply), 1.0)]
    assert find(max_words=2) == [Finding("format", "TOO_LONG", reply.index("three"), len(reply), 1.0)]
    assert find(max_lines=1) == [Finding("format", "TOO_LONG", reply.index("four"), len(reply), 1.0)]
    assert find(max_chars=len(reply), max_words=4, max_lines=2, min_chars=len(reply), min_words=4, min_lines=2) == []
    assert told(Assertions(min_words=5, min_lines=3), reply) == [("TOO_SHORT", "4 words, expected at least 5"), ("TOO_SHORT", "2 lines, expected at least 3")]


def test_empty_is_what_shows_nothing():
    """Zero-width characters are no reply."""
    for reply in ("", " \n\t", "\u200b\u2060"):
        assert told(Assertions(not_empty=True), reply) == [("EMPTY", "the reply is empty")]
    assert told(Assertions(not_empty=True), ".") == []


def test_forbidden_phrases_are_found_where_they_stand():
    """In any case, with any white space, spelled with look-alikes; never inside a longer word."""
    reply = "We GUARANTEE\n it. A guaran\u0442ee! Guaranteed? no guarantee"
    found = Format(Assertions(lacks=("guarantee", "guarantee it"))).find(Text(reply))
    assert [reply[each.start : each.end] for each in found] == ["GUARANTEE", "guaran\u0442ee", "guarantee"]
    assert {each.kind for each in found} == {"FORBIDDEN_PHRASE"}


def test_phrases_of_scripts_without_spaces_are_found():
    """Between other letters, as there is nothing else to stand between."""
    assert told(Assertions(lacks=("\u4fdd\u8bc1",)), "\u6211\u4eec\u4fdd\u8bc1\u9000\u6b3e") == [("FORBIDDEN_PHRASE", "has '\u4fdd\u8bc1'")]


def test_missing_phrases_are_named():
    """They are the operator's words, so they can be."""
    assert told(Assertions(contains=("not legal advice", "sources")), "This is NOT  legal\nadvice.") == [("MISSING_PHRASE", "lacks 'sources'")]


def test_a_part_and_the_whole_are_both_findings():
    """A rule that asks for forbidden phrases alone must see them in a reply that is no JSON either."""
    found = Format(Assertions(json=True, lacks=("damn",))).find(Text("well, damn"))
    assert [(each.kind, each.start, each.end) for each in found] == [("NOT_JSON", 0, 10), ("FORBIDDEN_PHRASE", 6, 10)]


def test_a_thousand_phrases_and_one_are_one_to_the_end():
    """No reply makes findings without end, and none after the last one told is let through."""
    reply = "damn " * (MAX_FOUND + 50) + "and more"
    found = Format(Assertions(lacks=("damn",))).find(Text(reply))
    assert len(found) == MAX_FOUND + 1
    assert (found[-1].start, found[-1].end) == (5 * MAX_FOUND, len(reply))


@pytest.mark.parametrize(
    ("reply", "language"),
    [
        ("The order was shipped on Monday and it will be with you by Friday.", "en"),
        ("Die Bestellung wurde am Montag verschickt und ist bis Freitag bei Ihnen.", "de"),
        ("La commande est partie lundi et elle sera chez vous avant vendredi.", "fr"),
        ("El pedido fue enviado el lunes y estar\u00e1 con usted antes del viernes.", "es"),
        ("\u0417\u0430\u043a\u0430\u0437 \u0431\u044b\u043b \u043e\u0442\u043f\u0440\u0430\u0432\u043b\u0435\u043d \u0432 \u043f\u043e\u043d\u0435\u0434\u0435\u043b\u044c\u043d\u0438\u043a \u0438 \u0431\u0443\u0434\u0435\u0442 \u0443 \u0432\u0430\u0441.", "ru"),
        ("\u3054\u6ce8\u6587\u306f\u6708\u66dc\u65e5\u306b\u767a\u9001\u3055\u308c\u307e\u3057\u305f\u3002", "ja"),
        ("\u60a8\u7684\u8ba2\u5355\u5df2\u4e8e\u661f\u671f\u4e00\u53d1\u8d27\u3002", "zh"),
        ("OK", None),
        ("| Berlin | 4 |\n| Paris | 5 |", None),
        ("```python\nfor x in the_list and not in that or if\n```", None),
    ],
)
def test_languages_are_told_where_words_tell(reply: str, language: str | None):
    """And nothing is said where they do not: no finding on a table or on code."""
    assert language_of(reply) == language


def test_the_wrong_language_is_a_finding_and_a_near_one_is_not():
    """Danish and Norwegian share most of their small words: a reply of one line is not blocked for a guess."""
    english, danish = "The order is on its way and will be with you soon.", "Det er ikke den vi har sendt til dig, men vi skal nok hj\u00e6lpe dig."
    assert told(Assertions(languages=("de", "fr")), english) == [("LANGUAGE", "in en, expected de or fr")]
    assert told(Assertions(languages=("en",)), english) == []
    assert told(Assertions(languages=("no",)), danish) == []


ALL = Assertions(json=True, fenced=True, schema=json.dumps(ORDER), pattern="[a-z]+ [0-9]", max_chars=50, min_words=4, max_lines=2, languages=("de",), contains=("a b",), lacks=("c d", "e"), not_empty=True)


@given(st.text(max_size=200))
def test_no_reply_raises_and_every_finding_lies_in_it(reply: str):
    """A guard that fails on a text is a guard that is off, or an outage."""
    detector = Format(ALL)
    found = detector.find(Text(reply))
    assert all(each.kind in KINDS and 0 <= each.start <= each.end <= len(reply) and each.score == 1.0 for each in found)
    assert [each.start for each in found] == sorted(each.start for each in found)
    assert {each.kind for each in found} == {each.kind for each in detector.explain(reply)}
    assert detector.open_from(Text(reply)) == 0


HOSTILE: dict[str, Callable[[int], str]] = {  # of so many characters, whole at every length: a JSON that is cut is refused at once, and bounds nothing
    "open": lambda size: "[" * size,
    "pairs": lambda size: "[" + "[]," * (size // 3) + "0]",
    "numbers": lambda size: "[" + "1," * (size // 2) + "1]",
    "names": lambda size: json.dumps({f"n{i}": i for i in range(size // 12)}),
    "same name": lambda size: "{" + '"a":1,' * (size // 6) + '"a":1}',
    "quotes": lambda size: '"' * size,
    "digits": lambda size: "1" * size,
    "escapes": lambda size: '"' + "\\u0041" * (size // 6) + '"',
    "phrases": lambda size: "e c d " * (size // 6),
    "letters": lambda size: "a" * size,
    "marks": lambda size: "e\u0301" * (size // 2),
    "fences": lambda size: "```json\n" * (size // 8),
}
LENGTH = 500_000


@pytest.mark.parametrize("name", HOSTILE)
def test_a_long_reply_costs_bounded_time(name: str):
    """Ten times the text is about ten times the time, whatever it holds."""
    schema = {"anyOf": [{"items": {"type": "string"}}, {"additionalProperties": False}], "uniqueItems": True, "items": {"pattern": "(a+)+$"}}
    detector = Format(Assertions(schema=json.dumps(schema), fenced=True, pattern="(a+)+!", max_words=10, languages=("de",), contains=("x y",), lacks=("c d", "e")))

    def make(size: int) -> Work:
        reply = HOSTILE[name](size)
        return lambda: detector.find(Text(reply))

    assert_linear(make, LENGTH)


def test_choices_within_choices_are_not_explained_one_by_one():
    """Explained branch by branch, each level of nesting doubles the time: 40 levels would take a year."""
    schema = Schema('{"anyOf": [{"type": "array", "items": {"$ref": "#"}, "maxItems": 1}, {"type": "array", "items": {"$ref": "#"}}, {"type": "number"}]}')
    value: object = "x"
    for _ in range(40):
        value = [value]
    assert not schema.valid(value)
    assert [each.keyword for each in schema.violations(value, 100)] == ["anyOf/oneOf"]


def test_of_many_violations_the_first_are_told():
    """The reply decides how many there are, so their number is bounded; of a long reply one is told."""
    detector = Format(Assertions(schema='{"items": {"type": "string"}}'))
    assert [each.detail for each in detector.explain(json.dumps([1] * 100))] == [f"type at /{index}" for index in range(MAX_PROBLEMS)]
    assert [each.detail for each in detector.explain(json.dumps([1] * 100_000))] == ["type at /0"]


def test_a_problem_is_a_plain_value():
    """It is stored and sent beside the finding: see `explain`."""
    assert Format(Assertions(json=True)).explain("x") == [Problem("NOT_JSON", 0, 1, "not JSON, at character 0")]


def test_the_command_takes_a_schema_and_says_what_is_wrong(tmp_path: Path):
    """`python -m detectors format --schema F`: what a developer runs before writing a rule."""
    schema = tmp_path / "order.json"
    schema.write_text(json.dumps(ORDER))
    out = io.StringIO()
    assert main(["format", "--schema", str(schema), "--fenced", "--lacks", "damn"], io.StringIO('```json\n{"id": "damn"}\n```'), out) == 0
    assert out.getvalue().splitlines() == ["SCHEMA 0 26 type at /id", "FORBIDDEN_PHRASE 16 20 has 'damn'"]
    schema.write_text('{"pattern": "(?=a)"}')
    assert main(["format", "--schema", str(schema)], io.StringIO(""), out) == 2
