"""Grounding: what of a reply stands in its context in some form, what does not, and that no length makes it slow."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.__main__ import main
from detectors.grounding import KINDS, Grounding, Source
from tests.support.growth import Work, assert_linear, assert_within

CONTEXT = """Brightwater Energy reported revenue of EUR 1,234,567 for 2023, up 12.4 % from 2022. Chief executive Maria Halvorsen said: "We will keep investing in our offshore wind farms."
The Lisbon office opened on 5 March 2021 at 14:30 and employs 48 people. The cable is 12 km long and rated at 110 kV. One customer in ten cancelled within 24 months.
The World Health Organization lists model AX-200. Call +351 21 555 0142. A third of staff work remotely; lunch lasts half an hour. Delivery takes between 3 and 5 June 2024."""


def found(reply: str, context: str = CONTEXT, kinds: frozenset[str] = KINDS) -> list[tuple[str, str]]:
    findings = Grounding(kinds).check(reply, [Source("doc-1", context), Source("doc-2", "Nothing else.")])
    return [(each.kind, reply[each.start : each.end]) for each in findings]


@pytest.mark.parametrize(
    "reply",
    [
        "Revenue was 1234567 euros.",
        "Revenue was \u20ac1.23 million.",
        "Revenue was about 1.2 million EUR.",
        "Revenue was EUR 1'234'567, i.e. 1.234.567 euros.",
        "Revenue was over 1.2m euros.",
        "It rose by 12.4 percent (0.124), roughly 12%.",
        "It opened on March 5th, 2021; 2021-03-05; 05.03.2021; 5/3/2021; 5 Mar 2021.",
        "It opened in March 2021.",
        "It opened at 2:30 pm.",
        "The cable has 12,000 m, about 7.5 miles.",
        "Forty-eight people work there.",
        "10 % cancelled within two years.",
        "33% work remotely. Lunch takes 30 minutes.",
        "Call +351 215550142 about the AX200.",
        "Delivery: 3-5 June 2024, so 2 days.",
        "In the 2020s, on 110kV lines.",
    ],
)
def test_the_same_value_in_another_format_is_no_finding(reply: str):
    """A reply is written for people: nobody copies numbers as they stand."""
    assert found(reply) == []


@pytest.mark.parametrize(
    ("reply", "number"),
    [
        ("Revenue was 1,234,568 euros.", "1,234,568 euros"),
        ("Revenue was 1.3 million euros.", "1.3 million euros"),
        ("Revenue was $1,234,567.", "$1,234,567"),
        ("It rose by 14.2%.", "14.2%"),
        ("It opened on 6 March 2021.", "6 March 2021"),
        ("It opened on 5 April 2021.", "5 April 2021"),
        ("It opened in 2019.", "2019"),
        ("It opened at 2:45 pm.", "2:45 pm"),
        ("The cable has 12 miles.", "12 miles"),
        ("About 60 people work there.", "60"),
        ("Nineteen people work there.", "Nineteen"),
        ("20 % cancelled.", "20 %"),
        ("Delivery: 2-5 June 2024.", "2-5 June 2024"),
        ("Call +351 21 555 0143.", "+351 21 555 0143"),
        ("The AX-300 is listed.", "AX-300"),
    ],
)
def test_another_value_is_a_finding_where_it_stands(reply: str, number: str):
    """The one thing that a reader would act on and be wrong."""
    assert found(reply) == [("UNSUPPORTED_NUMBER", number)]


@pytest.mark.parametrize(
    "reply",
    [
        "Together that is 60 (48 + 12).",
        "The total of 12 and 48 is 60.",
        "48 people at 12 km: a difference of 36.",
        "That makes 4 people per km (48 / 12).",
        "12 is 25 % of 48.",
        "2 x 48 + 12 = 108.",
        "| Office | People |\n|---|---|\n| Lisbon | 48 |\n| Lisbon | 12 |\n| Total | 60 |",
        "The 3 points:\n- 2021\n- 2022\n- 2023",
    ],
)
def test_arithmetic_that_the_reply_shows_is_no_finding(reply: str):
    """A sum is not in the context, and is right."""
    assert found(reply) == []


def test_a_wrong_sum_is_a_finding():
    """What is worked out must come out."""
    assert found("Together that is 61 (48 + 12).") == [("UNSUPPORTED_NUMBER", "61")]


@pytest.mark.parametrize(
    "reply",
    [
        "The WHO lists it. Halvorsen's firm, Brightwater, is in Lisbon.",
        "However, Employees may cancel. Regarding Refunds: Please Contact Customer Support.",
        "## Key Takeaways and Next Steps\n\n- **Onboarding**: on Monday\n- **Workflows**: in March",
        "I'm afraid the document doesn't mention Contoso or Madrid.",
        "See https://example.com/Zorblax or write to Zorb@example.com.",
        "```python\nZorblax = Quuxify(77)\n```",
    ],
)
def test_what_is_no_name_and_what_is_in_the_context_is_no_finding(reply: str):
    """Sentences begin with capitals, titles are full of them, and none of that is a person."""
    assert found(reply) == []


@pytest.mark.parametrize(
    ("reply", "name"),
    [
        ("The head is Mario Jensen, they say.", "Mario Jensen"),
        ("Castlemere won the contract.", "Castlemere"),
        ("Zentrix grew.", "Zentrix"),
        ("Maria Kowalski said so.", "Kowalski"),
        ("The office is in Porto.", "Porto"),
        ("It runs on PostgreSQL.", "PostgreSQL"),
        ("The UNHCR lists it.", "UNHCR"),
        ("| Head | Castlemere |", "Castlemere"),
    ],
)
def test_a_name_that_stands_nowhere_is_a_finding(reply: str, name: str):
    """At the beginning of a sentence too, where every word has a capital."""
    assert found(reply) == [("UNSUPPORTED_NAME", name)]


@pytest.mark.parametrize(
    ("context", "reply"),
    [("Offices in Germany and France.", "The German and the French office."), ("NASA flew.", "The National Aeronautics and Space Administration, or NASA."), ("Made by OpenFabrik.", "Made by Open Fabrik."), ("single sign-on", "It has SSO.")],
)
def test_a_name_in_another_form_is_the_same_name(context: str, reply: str):
    """Peoples for countries, initials for words."""
    assert found(reply, context, frozenset(("UNSUPPORTED_NAME",))) in ([], [("UNSUPPORTED_NAME", "National Aeronautics and Space Administration")])


def test_german_nouns_are_no_names():
    """A language that writes every noun with a capital would be all findings."""
    context = "Die Wohnung hat 80 Quadratmeter, die Ansprechpartnerin ist Frau Brandt."
    assert found("Die Unterkunft ist mit 80 Quadratmetern nicht sehr gro\u00df, und das Telefon hat Frau Brandt.", context) == []
    assert found("Die Unterkunft ist nicht sehr gro\u00df, und das Telefon hat Frau Kowalski.", context) == [("UNSUPPORTED_NAME", "Kowalski")]


@pytest.mark.parametrize(
    ("reply", "wrong"),
    [
        ('She said: "We will keep investing in our offshore wind farms."', False),
        ("She said: \u201cwe will keep investing \u2026 in our offshore wind farms\u201d.", False),
        ("She said: \u00ab We will keep investing in our offshore wind farms \u00bb.", False),
        ("> We will keep investing in our\n\nas she put it", False),
        ('She said: "We will stop investing in our offshore wind farms."', True),
        ("> We will stop investing in our wind farms", True),
        ('The "wind farm plan" is there.', False),
        ('You could write: "Dear team, please send me the plan today."', False),
        ('{"answer": "they are going to build some more of it"}', False),
    ],
)
def test_quotations_stand_word_for_word(reply: str, wrong: bool):
    """Whoever puts words in quotes says that they were said. Terms, proposals and JSON strings are no quotations."""
    assert [kind for kind, _ in found(reply)] == ["UNSUPPORTED_QUOTE"] * wrong


@pytest.mark.parametrize("cited", ["[1]", "[2]", "[1, 2]", "[1-2]", "[doc-1]", "[doc-1, doc-2]", "(source: doc-2)", '<cite id="doc-1">so</cite>', "\u30101\u2020source\u3011", "[^1]", "Source 2", "[x]", "[3](https://example.com)", "[2024]", "[sic]"])
def test_sources_that_are_supplied_may_be_cited(cited: str):
    """By id or by place; and what is in brackets is no citation for that."""
    assert found(f"It is so {cited}.", kinds=frozenset(("UNKNOWN_SOURCE",))) == []


@pytest.mark.parametrize("cited", ["[3]", "[1, 3]", "[1-3]", "[doc-12]", "(source: doc-3)", '<cite id="doc-3">', "\u30103\u2020source\u3011", "[^9]", "Source 7"])
def test_sources_that_are_not_supplied_are_findings(cited: str):
    """A citation is what a reader trusts a reply for."""
    assert [kind for kind, _ in found(f"It is so {cited}.")] == ["UNKNOWN_SOURCE"]


def test_numbers_for_ids_are_no_places():
    """With ids 3 and 7, the first source is not [1]."""
    context = [Source("3", "a"), Source("7", "b")]
    assert [reply for reply in ("[3]", "[7]", "[1]", "[2]") if Grounding().check(reply, context)] == ["[1]", "[2]"]


def test_what_the_context_numbers_itself_is_counted_by_that():
    """A gateway sees messages, not documents: a prompt with two numbered passages is one source without an id."""
    context = [Source("", "Answer from the passages."), Source("", "[1] Refunds are free.\n[2] Returns are not."), Source("", "Are they?")]
    assert [reply for reply in ("[1]", "[2]", "[3]") if Grounding().check(reply, context)] == ["[3]"]


def test_ids_that_a_tool_result_names_may_be_cited():
    """A gateway sees one tool result with ten documents in it."""
    context = [Source("call-1", '<doc id="kb-104">Plans</doc> {"id": "kb-9", "text": "Limits"}')]
    assert Grounding().check("So it is [kb-104] [kb-9].", context) == []
    assert len(Grounding().check("So it is [kb-105].", context)) == 1


def test_without_context_nothing_is_said_but_of_sources():
    """There is nothing to be true to."""
    assert Grounding().check("Zentrix made 5 million.", []) == []
    assert [each.kind for each in Grounding().check("Zentrix made 5 million [1].", [Source("", " ")])] == []
    assert [each.kind for each in Grounding().check("Zentrix made 5 million [1].", [])] == ["UNKNOWN_SOURCE"]


def test_only_the_kinds_asked_for_are_looked_for():
    """And a kind that is none is refused."""
    assert found("Zentrix: 77 [9].", kinds=frozenset(("UNKNOWN_SOURCE",))) == [("UNKNOWN_SOURCE", "[9]")]
    with pytest.raises(ValueError, match="expected some of"):
        Grounding(["NAMES"])


def test_spans_are_of_the_raw_reply():
    """Characters that folding removes or widens move nothing."""
    reply = "\u200b\ufb01nal \u2026 \u00e6 Revenue was \uff11\uff17\u00a0% \u30109\u2020source\u3011"
    assert found(reply) == [("UNSUPPORTED_NUMBER", "\uff11\uff17\u00a0%"), ("UNKNOWN_SOURCE", "\u30109\u2020source\u3011")]


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.sampled_from("aZ1 0,.%$\u20ac-/:\"'[](){}<>|\n#*\u00ab\u2026\u00e9"), max_size=120) | st.text(max_size=80))
def test_no_text_raises_and_a_reply_grounds_itself(text: str):
    """Everything that a reply says stands in the reply: given as its own context it has no findings of value."""
    detector = Grounding()
    findings = detector.check(text, [Source("doc-1", CONTEXT)])
    assert all(each.kind in KINDS and 0 <= each.start < each.end <= len(text) and 0 < each.score <= 1 for each in findings)
    assert [each.start for each in findings] == sorted(each.start for each in findings)
    detector.check(CONTEXT, [Source(text[:20], text)])


def test_a_text_is_grounded_in_itself():
    """Said twice the same way, everything is found."""
    assert found(CONTEXT) == []


@pytest.mark.parametrize("unit", ["1,200 ", "Zorb ", '" ', '"a b c d e f" ', "[3]", "[1-60]", "```py\n", "May 5 ", "twenty ", "1.", "1 x ", "total 7 ", "aB", "(source: ", "> a b c d e\n", "1:", "+1 ", "<cite ", "5 days 2020-01-02 ", "not said ", "A."])
def test_twice_the_text_takes_about_twice_the_time(unit: str):
    """As a reply and as a source: nobody can choose a reply or a document that takes the pool away."""
    detector, source = Grounding(), [Source("1", "The total was 7 of 12 % in May 2020, Anna said.")]

    def replies(size: int) -> Work:
        return partial(detector.check, unit * (size // len(unit)), source)

    def sources(size: int) -> Work:
        return partial(detector.check, "Zorb 7 of 8 said [4].", [Source("1", unit * (size // len(unit)))])

    assert_linear(replies, 12_000)
    assert_linear(sources, 12_000)


@pytest.mark.parametrize(
    ("reply", "context"),
    [
        ("3 h 40 ", "1h 57m "),  # durations, each of two quantities
        ("E e ", "U "),  # one long run of capitals
        ("The ", "Zentrix is 5 "),
        ("+49 30 {:08} ", "+49 40 {:08} "),  # telephones, none of which is the other's
        ("Zorb{} ", "Zorba{} "),  # names that begin alike
    ],
)
def test_what_a_reply_says_is_not_compared_with_all_that_stands_beside_it(reply: str, context: str):
    """Long replies with long contexts."""

    def text(unit: str, size: int) -> str:
        made = []
        for number in range(size // len(unit)):
            letters = "".join(chr(97 + number // 26**place % 26) for place in range(4))
            made.append(unit.format(number * 7919 % 10**8 if ":" in unit else letters))
        return "".join(made)

    def make(size: int) -> Work:
        return partial(Grounding().check, text(reply, size), [Source("d", text(context, size))])

    assert_linear(make, 20_000)


def test_a_long_reply_of_durations_costs_no_square():
    """Their parts are left out in one go: at 100 KB a set that was made anew for each quantity cost six times all the rest."""
    assert_linear(lambda size: partial(Grounding().check, "5 h 30 min 7 s " * (size // 15), [Source("d", "It takes 48 hours.")]), 200_000)


@pytest.mark.parametrize(
    ("reply", "context"),
    [
        (lambda size: "a_" * (size // 2), lambda size: "x 1"),  # at each of its words a token may begin, and none does
        (lambda size: "Zorb 45 km.", lambda size: "a_" * (size // 2)),
        (lambda size: "\nA" + "b" * size, lambda size: "x 1"),  # a word that may be two
        (lambda size: "~" * size, lambda size: "x 1"),  # a fence without an end of its line
        (lambda size: "```" + "\t" * size, lambda size: "x 1"),
        (lambda size: "```" + "a" * size, lambda size: "x 1"),
        (lambda size: _words("Zorb" + "a" * 400, size), lambda size: _words("Zorb" + "a" * 400 + "b", size)),  # long names that begin alike
    ],
    ids=["token in a reply", "token in a context", "compound", "fence", "fence and tabs", "fence and name", "alike"],
)
def test_a_wall_of_one_thing_costs_no_square(reply: Callable[[int], str], context: Callable[[int], str]):
    """Each of these had a loop within a loop."""

    def make(size: int) -> Work:
        return partial(Grounding().check, reply(size), [Source("d", context(size))])

    assert_linear(make, 24_000)


def _words(begin: str, size: int) -> str:
    return "".join(f"{begin}{''.join(chr(97 + number // 26**place % 26) for place in range(3))} " for number in range(size // (len(begin) + 4)))


def test_numbers_are_not_compared_with_every_one_that_the_reply_leaves_out():
    """Only those that have digits in common may look alike."""
    told = "".join(f"{800000 + 7 * number} dogs. " for number in range(700))
    other = "".join(f"{200000 + 7 * number} dogs. " for number in range(700))
    assert_within(6.5, partial(Grounding().check, other, [Source("d", told)]), partial(Grounding().check, told, [Source("d", told)]))


def test_days_of_the_week_are_looked_up_in_the_context():
    """What the context dates is gathered once, not for each day of the reply."""
    reply, context = "Mon 3 May. " * 3000, [Source("d", "3 May " * 6000)]
    assert_within(3.0, partial(Grounding().check, reply + "98765 in all.", context), partial(Grounding().check, reply, context))


def test_what_is_counted_is_read_once_from_the_context():
    """Not for every small number of the reply."""
    context = [Source("d", "".join(f"{100000 + number} dogs. " for number in range(2000)))]
    assert_within(2.0, partial(Grounding().check, "There sat 7 cats. " * 90, context), partial(Grounding().check, "There sat 7 cats.", context))


@pytest.mark.parametrize("reply", ["+351 21 555 0142", "+351 (21) 555 0142", "021 555 0142", "+47 20 7946 0000"])
def test_a_telephone_is_the_same_with_and_without_its_country(reply: str):
    """Who writes +49 in the reply and 0 in the context, or the other way round, has made nothing up."""
    assert [each.kind for each in Grounding().check(f"Call {reply} now.", [Source("1", "Call +351 21 555 0142."), Source("2", "Or 020 7946 0000.")])] == []


def test_the_command_reads_replies_with_their_context():
    """The outside evaluation's way in: one line in, one line out, a bad line named and the others answered."""
    lines = [{"id": "a", "text": "It was 12 % [3].", "context": [{"id": "1", "text": "It was 11 %"}]}, {"id": "b"}, {"id": "c", "text": "It was 11 %.", "context": [{"id": "1", "text": "It was 11 %"}]}]
    out = io.StringIO()
    code = main(["grounding", "--jsonl"], io.StringIO("\n".join(map(json.dumps, lines))), out)
    answers = [json.loads(line) for line in out.getvalue().splitlines()]
    assert code == 1
    assert [(each["id"], set(each["scores"])) for each in answers] == [("a", {"UNSUPPORTED_NUMBER", "UNKNOWN_SOURCE"}), ("c", set())]
    assert answers[0]["scores"]["UNSUPPORTED_NUMBER"] >= 0.5


def sure(reply: str, context: str) -> list[str]:
    """What is found of a reply with a score that a rule counts by default."""
    return [reply[each.start : each.end] for each in Grounding().check(reply, [Source("d", context)]) if each.score >= 0.5]


@pytest.mark.parametrize(
    ("context", "right", "wrong"),
    [
        ("Net revenue was $4,812 million in 2023 and $4,206 million in 2022.", "Revenue rose 14.4% to $4.81 billion.", "Revenue came to $4,182 million."),
        ("The train leaves at 08:52 and arrives at 11:12 in the morning.", "The journey takes 2 hours and 20 minutes.", "The train leaves at 08:25."),
        ("Sesja od 3 do 28 czerwca, koszt 4200 zl, pokoj 152.", "It runs from June 3 to June 28.", "It is in room 125."),
        ("Open Tue-Fri 10-19, 45 seats.", "It is open from 10 am to 7 pm.", "It has 54 seats."),
        ('{"stock": 806, "price_cents": 6490}', "It costs 64.90.", "There are 860 in stock."),
        ("region,q1,q2,q3\nNorth,1200,1350,1280\nSouth,980,1010,1190", "North sold 1,280 in Q3.", "North sold 1,530 in the second quarter."),
        ("The grant ran 01/2022-06/2024 under no. 318.", "It ran from January 2022 to June 2024.", "Its number is 381."),
        ("The treaty was signed in 1721 after 48 meetings.", "It was signed in the 18th century.", "It took 84 meetings."),
    ],
)
def test_what_follows_from_the_context_is_doubtful_and_what_looks_like_a_number_left_out_is_not(context: str, right: str, wrong: str):
    """Arithmetic, calendar and clock excuse a number that the context lacks; a changed or swapped digit is told for what it is."""
    assert sure(right, context) == []
    assert len(sure(wrong, context)) == 1


def test_a_country_told_in_passing_is_doubtful_unless_the_context_has_another():
    """`Trondheim, Norway` is general knowledge; Nebraska for Delaware is not."""
    assert sure("It is cold in Trondheim, Norway.", "Trondheim: -3 degrees, light snow") == []
    assert sure("The law of Nebraska applies.", "Governed by the laws of the State of Delaware.") == ["Nebraska"]


def test_the_spelling_of_the_other_side_of_the_ocean_is_the_same_word():
    """Haemoglobin stands in the context."""
    assert sure("Her Hemoglobin is low.", "Haemoglobin is below the range.") == []


def test_cost_grows_with_the_length_and_no_faster():
    """Nothing in a long context is compared with all the rest of it."""

    def make(rows: int) -> Work:
        context = "".join(f"Row {at}: {at * 37 % 9973}.{at % 97:02d} EUR on {at % 28 + 1} May, {at % 24}:{at % 60:02d}, Name{at} Smith.\n" for at in range(rows))
        reply = "".join(f"So {at * 53 % 9973}.{at % 89:02d} EUR on {at % 28 + 1} June.\n" for at in range(40))
        return lambda: Grounding().check(reply, [Source("d", context)])

    assert_linear(make, 1000)


@pytest.mark.parametrize(
    ("context", "right", "wrong"),
    [
        ('{"temp_c": 22.9, "elapsed_ms": 30012}', "It is 73 \u00b0F and took 30 seconds.", "It is 22.6 degrees warm."),
        ("sku,name,qty,price\nL-2,Lamp,41,34.50\nC-1,Chair,86,79.90", "There are 86 chairs at 79.90.", "There are 68 chairs."),
        ("Der Tarif kostet 31,45 ct/kWh und 13,90 Euro im Monat, bei 3.200 kWh.", "Der Verbrauch von 3.200 kWh kostet 1.006,40 Euro.", "Der Tarif kostet 34,15 ct/kWh."),
        ("Prices: 2 adults, 3 nights, city tax EUR 3.20 each.", "City tax: 2 x 3 x 3.20 = 19.20.", "City tax: 2 x 3 x 3.20 = 21.60."),
        ("Women: 1. Koros 2:24:18, 2. Bonomi 2:25:03.", "Koros won by 45 seconds.", "Koros won in 2:24:38."),
        ("Serves 4: 250 g lentils, 400 ml coconut milk, 800 ml stock, 2 onions.", "For six: 375 g lentils, 600 ml coconut milk and 1.2 l of stock.", "It takes 840 ml stock."),
        ("Photos of 35 x 45 mm, the flight takes 3 h 40.", "Photos: 3.5 x 4.5 cm. The flight takes 220 minutes.", "Photos: 35 x 54 mm."),
        ("MAX = 20 * 1024 * 1024", "The limit is 20,971,520 bytes.", "The limit is 20,917,520 bytes."),
    ],
)
def test_what_is_written_another_way_or_worked_out_is_right(context: str, right: str, wrong: str):
    """Records, tables, commas before decimals, expressions, clocks and sizes mean what they mean; an expression that does not come out is wrong."""
    assert sure(right, context) == []
    assert len(sure(wrong, context)) == 1


def test_a_name_in_the_place_of_another_is_a_finding():
    """Whoever is named by a word that the context has behind another name is not who the context means."""
    context = "The firm was sold to Meridian Group in 2019, and she received the Telford Medal."
    assert sure("It was taken over by the Zenithal Group.", context) == ["Zenithal"]
    assert sure("She was awarded the Brunel Medal.", context) == ["Brunel"]
    assert sure("She was awarded the Telford Medal.", context) == []


def test_names_of_a_context_in_other_letters_are_doubtful():
    """A reply writes them anew, and nobody can tell how."""
    context = "\u03a6\u03ad\u03c1\u03b9 \u03b1\u03c0\u03cc \u03a0\u03b5\u03b9\u03c1\u03b1\u03b9\u03ac: \u03c4\u03ad\u03c3\u03c3\u03b5\u03c1\u03b9\u03c2 \u03ce\u03c1\u03b5\u03c2 \u03bc\u03b5 \u03c4\u03b1\u03c7\u03cd\u03c0\u03bb\u03bf\u03bf."
    assert sure("The ferry from Piraeus takes four hours.", context) == []


def test_nothing_is_worked_out_from_the_ids_of_sources():
    """`1` and 11 % are no 12 %."""
    assert sure("It was 12 %.", "It was 11 %.") == ["12 %"]
