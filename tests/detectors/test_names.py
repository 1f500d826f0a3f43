"""The names tier: what the rules and the model find together, what they must leave alone, and that a stream gets what the whole text gets."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from detectors import people
from detectors.base import CONTEXT, Finding
from detectors.names import Names
from detectors.pii import Pii
from detectors.text import Text
from tests.detectors import benign

_USUAL = 0.5


@pytest.fixture(scope="module")
def names() -> Names:
    """One model for all: loading it takes seconds."""
    return Names()


def _seen(names: Names, text: str, least: float = _USUAL) -> list[tuple[str, str]]:
    return [(f.kind, text[f.start : f.end]) for f in names.find(Text(text)) if f.score >= least]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("My name is Xhevahire Quniq and I need help.", [("PERSON", "Xhevahire Quniq")]),
        ("my name is oswin, can you help?", [("PERSON", "oswin")]),
        ("my name is missing from the list", []),
        ("Dear Brosca,\n", [("PERSON", "Brosca")]),
        ("Please ask Dr. Tvrtko Anic about it.", [("PERSON", "Tvrtko Anic")]),
        ("Best regards,\nWendeline Oakhurst\n", [("PERSON", "Wendeline Oakhurst")]),
        ('{"first_name": "Ngozi", "qty": 3}', [("PERSON", "Ngozi")]),
        ('{"name": "get_weather", "type": "function"}', []),
        ("She grew up in Kirkwall.", [("LOCATION", "Kirkwall")]),
        ("Who will fly to Nairobi with Patrick Brennan?", [("LOCATION", "Nairobi"), ("PERSON", "Patrick Brennan")]),
        ("He is 43 years old.", [("AGE", "43")]),
        ("The service restarted 43 times.", []),
        ("Thanks Xhevahire, that solved it.", [("PERSON", "Xhevahire")]),
        ("Thanks everyone, that solved it.", []),
        ("Please tell Xhevahire that I called.", [("PERSON", "Xhevahire")]),
        ("Reach Oswin at the office.", [("PERSON", "Oswin")]),
        ("Oswin's wife is ill.", [("PERSON", "Oswin")]),
        ("surname THRALE, given name Oswin", [("PERSON", "THRALE"), ("PERSON", "Oswin")]),
        ("<lastName>Quniq</lastName><city>Galway</city>", [("PERSON", "Quniq"), ("LOCATION", "Galway")]),
        ("my name is kevin hale, i live in galway", [("PERSON", "kevin hale"), ("LOCATION", "galway")]),
        ("Priya Venkataraman (42) was admitted.", [("PERSON", "Priya Venkataraman"), ("AGE", "42")]),
        ("The victim, 44, was taken to hospital.", [("AGE", "44")]),
        ("The Kalman filter needs 42 readings.", []),
        ("Mark the ticket as done.", []),
        ("tokens per second: 439", []),
        ("the tone of the text is fine and the line is busy", []),
        ("Tone: friendly. Line 12 is wrong.", []),
        ("Per our agreement, peer review is due.", []),
        ("i like jasmine rice and rosemary", []),
        ("my name is jasmine", [("PERSON", "jasmine")]),
        ("Jasmine called.", [("PERSON", "Jasmine")]),
        ("[10:14] Brosca: did it arrive?", [("PERSON", "Brosca")]),
        ("[10:14] Server: started", []),
        ("The Berlin release goes with an Oxford shirt at 9:00 Pacific Time.", []),
        ("Name: XXX XXXX", []),
        ("Namn: Oswin Thrale", [("PERSON", "Oswin Thrale")]),
        ("Dear Hiring Manager,\n", []),
        ("I'm Hungry.", []),
        ("Lisbon won 98-102, Oslo lost 0-5; season 1994-95", []),
        ("| Annual Report | Key Findings |", []),
    ],
)
def test_people_and_places_in_sentences(names: Names, text: str, found: list[tuple[str, str]]) -> None:
    """Names that no model has seen are known by what stands around them; words that only look like names are not."""
    assert _seen(names, text) == found


@pytest.mark.parametrize(
    "address",
    [
        "24 Clifton Avenue",
        "1200 North Shore Drive, Suite 300, Springfield, IL 62701",
        "Apt. 117",
        "P.O. Box 442",
        "Rua das Flores 25",
        "Av. Libertad 663",
        "12 Gandhi Marg",
        "Lindenstrasse 18, 10969 Berlin",
        "ul. Dluga 7",
        "Keizersgracht 123",
        "Keizersgracht 421-B, 1016 EK Amsterdam",
        "Unit 4021 Box 1187",
    ],
)
def test_addresses_of_many_countries(names: Names, address: str) -> None:
    """An address is personal wherever the person lives."""
    text = f"I live at {address}, thank you."
    found = [f for f in names.find(Text(text)) if f.kind == "LOCATION"]
    assert {c for f in found for c in range(f.start, f.end)} >= {at for at in range(10, 10 + len(address)) if text[at].isalnum()}


def test_an_address_goes_on_over_lines(names: Names) -> None:
    """Letters and signatures have an address on several lines; each is masked."""
    text = "Ship to:\n742 Larch Street\nApt. 9\nBraddock, PA 15104\nUnited States\n\nThe parcel is late.\n"
    assert _seen(names, text) == [("LOCATION", "742 Larch Street"), ("LOCATION", "Apt. 9"), ("LOCATION", "Braddock, PA 15104"), ("LOCATION", "United States")]


@pytest.mark.parametrize(
    "text",
    [
        "from collections import OrderedDict as Od",
        "2026-01-04T10:00:00Z ERROR [Worker-3] com.acme.Billing - Timeout in Redis",
        "SELECT id, total FROM orders WHERE status = 'Open'",
        "Kubernetes restarted the pod after Docker ran out of memory.",
        "Order 4711823 was shipped, total 12 Items, Version 3.",
        "The build failed on step 7: Maven could not reach GitHub.",
        "Jan 12 07:57:25 node7 kernel: oom-kill",
        "",
        "\u200b\u200b",
        "\x00\ud800\U000e0041",
    ],
)
def test_what_is_nobodys_is_left_alone(names: Names, text: str) -> None:
    """Programs, tables and logs are most of what models are sent: a placeholder there breaks them."""
    assert _seen(names, text) == []


def test_few_rows_of_a_thousand_raise_an_alarm_with_both_tiers(names: Names) -> None:
    """At most 30 in 1,000, places counted: what the patterns leave alone the model must not spoil."""
    texts = [Text(text) for _, text in benign.rows(each=8)]
    pii = Pii()
    alarms = [text.raw for text, found in zip(texts, names.find_all(texts), strict=True) if any(f.score >= _USUAL for f in (*found, *pii.find(text)))]
    assert len(alarms) <= len(texts) * 0.03, alarms


def test_dates_and_firms_are_below_the_usual_score(names: Names) -> None:
    """A date says little about anyone: it is there for the rule that asks for it, and for the birthday that says it is one."""
    text = "We met on 12 March 2024 at Microsoft Corporation."
    assert _seen(names, text) == []
    assert ("DATE_TIME", "12 March 2024") in _seen(names, text, 0.3)
    assert _seen(names, "She was born on 12 March 1984.") == [("DATE_TIME", "12 March 1984")]


def test_a_name_ends_where_it_does(names: Names) -> None:
    """Martha Jones is the same person where something is hers; and a full stop after a name ends its sentence."""
    said = _seen(names, "Please send Martha Jones's invoice to Martha Jones.")
    assert said == [("PERSON", "Martha Jones")] * 2
    assert ("PERSON", "J. R. Tolkien") in _seen(names, "I met J. R. Tolkien in Oxford.")
    assert all("." not in name for kind, name in _seen(names, "My name is Peter Miller. Maria Keller said hi."))


def test_what_an_operator_excepts_is_no_finding() -> None:
    """Exact texts and patterns, of a kind or of all; and a least score of a kind's own."""
    text = "I met Maria Lopez and John Carter in Hamburg."
    assert {("PERSON", "Maria Lopez"), ("PERSON", "John Carter"), ("LOCATION", "Hamburg")} <= set(_seen(Names(), text))
    excepting = Names(thresholds={"LOCATION": 1.1}, allow={"PERSON": ["Maria Lopez"], "LOCATION": ["John Carter"]}, allow_patterns={"*": ["Nobody.*"]})
    assert _seen(excepting, text) == [("PERSON", "John Carter")]


def test_findings_point_into_the_raw_text(names: Names) -> None:
    """What is masked is what was written, evasions included."""
    name = "M\u200ba\u200br\u200bi\u200ba Gonz\u00e1lez"
    text = f"\U0001f600 My name is {name}."
    assert _seen(names, text) == [("PERSON", name)]


def test_half_a_character_is_no_reason_to_fail(names: Names) -> None:
    """JSON can carry lone surrogates, which no encoder takes: a detector that raises there would leave the text unchecked."""
    assert _seen(names, "Please call \ud83d Anna Keller about the lease.") == [("PERSON", "Anna Keller")]


def test_a_list_of_names_is_gone_through_once() -> None:
    """From each name of a list the rest was looked through again: 1,000 characters of names took half a second, 100 KB a minute."""
    text, people_in_it = "Ann, " * 200, [(at, at + 3) for at in range(0, 1000, 5)]
    assert list(people.listed(text, people_in_it)) == []
    assert sorted({text[start:end] for text in ["Ann, Brosca, Tom and Iwase"] for start, end, _ in people.listed(text, [(0, 3), (13, 16)])}) == ["Brosca", "Iwase"]


def test_many_texts_at_once_are_as_one_at_a_time(names: Names) -> None:
    """Units of different texts share a batch of the model; none may change another's findings."""
    texts = ["Anna Keller is here. Call Tom Reed.", "", "Nothing to see.", "Dear Brosca,\nwe moved to Oslo."]
    assert names.find_all([Text(text) for text in texts]) == [names.find(Text(text)) for text in texts]


_STREAM = (
    "Hi Petra,\nthe keys are with Mr. Jonas Aalto, 12 Elm Street, Apt. 4. He lives in Turku!\nShip to:\n742 Larch Street\nApt. 9\nBraddock, PA 15104\n"
    '"I am 43 years old," says Ulla. Ask Ann, Tove and Rasmus... \u4ed6\u5728\u3002 M\u200baria Weber was born on 3 May 1990.\n\nBest regards,\nOlga Brandt\n'
)


def test_a_stream_gets_what_the_whole_text_gets(names: Names) -> None:
    """I1 to I3 of detectors.base: without them masking a stream would leak or differ."""
    whole = names.find(Text(_STREAM))
    draw = random.Random(11)
    for cut in sorted(draw.sample(range(len(_STREAM)), 60)):
        begun = Text(_STREAM[:cut])
        opened = names.open_from(begun)
        settled = [f for f in names.find(begun) if f.start < opened]
        assert cut - opened <= names.max_span
        assert [_place(f) for f in settled] == [_place(f) for f in whole if f.start < opened]
        assert all(f.end <= opened for f in settled)
        rest = names.find(Text(_STREAM[opened:], _STREAM[max(0, opened - CONTEXT) : opened]))
        assert [_place(f, opened) for f in rest] == [_place(f) for f in whole if f.start >= opened]


def _place(finding: Finding, shift: int = 0) -> tuple[str, int, int, float]:
    return finding.kind, finding.start + shift, finding.end + shift, finding.score


def test_findings_are_of_its_kinds_in_order_and_apart(names: Names) -> None:
    """What every detector promises."""
    found = names.find(Text(_STREAM))
    assert {f.kind for f in found} <= names.kinds
    assert all(one.end <= two.start for one, two in pairwise(found))
    assert all(0 <= f.score <= 1 and f.detector == "pii" for f in found)
