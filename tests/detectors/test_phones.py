"""Telephones that only what stands before them tells, in several languages; and what merely looks so."""

from __future__ import annotations

import pytest

from detectors.pii import Options, Pii
from detectors.text import Text

PII = Pii()
CALLED = [
    ("numéro : 0612345678", "0612345678"),
    ("mon numéro est 612345678", "612345678"),
    ("tu peux joindre Zoé Petit au 0612345678 ou par mail", "0612345678"),
    ("Joindre sa fille au 06 12 34 56 78", "06 12 34 56 78"),
    ("Bo Rossi, Cell. 3331234567", "3331234567"),
    ("Per info: 3331234567", "3331234567"),
    ("Per info 333 1234567", "333 1234567"),
    ("chiamami al 3331234567", "3331234567"),
    ("llámame al 612345678", "612345678"),
    ("ligue para 912345678", "912345678"),
    ("Ich bin erreichbar unter 15112345678", "15112345678"),
    ("zadzwoń pod 601 234 567", "601 234 567"),
    ("msisdn=34612345678", "34612345678"),
    ('{"msisdn": "4915112345678"}', "4915112345678"),  # which has the checksum of a card
    ("Contact: 9876543210", "9876543210"),
    ("Contact : Bo Li, 91232509", "91232509"),
    ("Bo Li | Sales\nm: 513 315 140 | e: bo", "513 315 140"),
    ("Emergency contact: Bo Rossi Li, 548437193", "548437193"),
    ("Emergency contact 91232509", "91232509"),
    ("Please call 3411300.", "3411300"),
    ("If you do not recognise it, call 3411300.", "3411300"),
    ("trying to call Min-jun Park on 01067958068 all day", "01067958068"),
    ("pls ring back on 4179776", "4179776"),
    ("mon numéro est le 0188443817.", "0188443817"),
    ("Next of kin: son Bo, 01134960563.", "01134960563"),
    ("Urgent matters: 9113954663.", "9113954663"),
    ("customerCell=4155550132", "4155550132"),
    ("can someone call me back? 91232509 after five", "91232509"),
    ("08-46 87 73", "08-46 87 73"),
    ("call 903 60 592", "903 60 592"),
    ("Bo Li, m: 415 555 2671", "415 555 2671"),
    ("Bo Li | T: 0(212) 489 10 92 | E: bo", "0(212) 489 10 92"),
    ("Bo Li\nT: 2124891092\n", "2124891092"),
    ("\u0442\u0435\u043b. 8 916 114 42 46", "8 916 114 42 46"),
    ("\u0442\u0435\u043b\u0435\u0444\u043e\u043d: 89161144246", "89161144246"),
    ("\u03c4\u03b7\u03bb. 210 756 5100", "210 756 5100"),
    ("\u03a4\u03b7\u03bb\u03ad\u03c6\u03c9\u03bd\u03bf: 2107565100", "2107565100"),
    ("\u624b\u673a\u53f7\uff1a13926886840", "13926886840"),
    ("\uc5f0\ub77d\ucc98: 01078839079", "01078839079"),
    ("tlm. 913 486 641", "913 486 641"),
    ("acct_owner=Bo Li|tel=415 555 2671|tier=gold", "415 555 2671"),
    ("hit me up 4155550132", "4155550132"),
    ("my # is 415 555 0132", "415 555 0132"),
    ("hmu: 4155550132", "4155550132"),
    ("4155550132 is my number", "4155550132"),
    ("4155550132 is their number", "4155550132"),
    ("415 555 0132 is my new cell, thx", "415 555 0132"),
    ("puh. 09 1812451", "09 1812451"),
    ("hola mi cel es 55 8519 0968", "55 8519 0968"),
    ("mon num c'est le 0771841217", "0771841217"),
]
NONE = [
    "903 60 592",
    "612 345 678 rows were copied",
    "98765 43210",
    "08-12 10 30",  # a date and a time
    "m: 1500000",
    "m = 9876543210",
    "team: 9876543210",
    "the contact form 91232509",
    "Contact: 2024-01-02",
    "contact lens 12345678",
    "numéro de commande 0612345678",
    "Per info: 1500 000",
    "the tool call 91232509 failed",
    "function call 3411300",
    "call 1000000 times",
    "call 1234567 functions",
    "t: 1773000000",
    "Office 16.0.62508.90923",
    "tel order: 415 555 2671",
    "4155550132 is my score",
    "issue # 4155550132",
    "my #4155550132 ticket",
    "\u8ba2\u5355\u53f7 13926886840",
    "\u0437\u0430\u043a\u0430\u0437 89161144246",
    "num = 9876543210",
    "SELECT id, text 91232509",
    "cell 91232509 holds a formula",
    "epoch: 1700000000",
    "urgent: 1700000000",
    "they call it version 2 of 3411300",
    "calls to run on 34113000",
    "string 91232509",
    "ring buffer at 91232509",
]


def phones(text: str, pii: Pii = PII) -> list[str]:
    return [text[found.start : found.end] for found in pii.find(Text(text)) if found.kind == "PHONE_NUMBER"]


@pytest.mark.parametrize(("text", "number"), CALLED)
def test_a_phrase_tells(text: str, number: str):
    """Without any form of its own: digits alone, groups of a country without a trunk zero."""
    assert phones(text) == [number]


@pytest.mark.parametrize("text", NONE)
def test_what_only_looks_so(text: str):
    """Counts, dates, orders, code; groups that nothing calls a telephone."""
    assert phones(text) == []


@pytest.mark.parametrize("text", ["zip 02110-1301", "ZIP: 02110-1301", "zip code 02110-1301", "postal code 02110-1301", '"zip": "02110-1301"'])
def test_a_zip_code_is_a_place(text: str):
    """It has the form of a telephone with a trunk zero."""
    assert [(each.kind, text[each.start : each.end]) for each in PII.find(Text(text))] == [("LOCATION", "02110-1301")]


def test_a_file_is_no_zip_code():
    """What goes on after an underscore is a name."""
    assert PII.find(Text("zip 58631_1271.zip backup")) == []


@pytest.mark.parametrize(
    ("region", "number"),
    [("ES", "612 345 678"), ("PL", "601 234 567"), ("NO", "903 60 592"), ("NO", "22 12 34 56"), ("DK", "32 12 34 56"), ("PT", "912 345 678"), ("CZ", "601 234 567"), ("SG", "9123 2509"), ("IN", "98765 43210")],
)
def test_groups_of_a_region_that_was_asked_for(region: str, number: str):
    """Where an operator says whose telephones are to be expected, how that country groups them is enough; else it is a row of numbers."""
    text = f"so it is {number}, and"
    assert phones(text, Pii(Options(regions=(region,)))) == [number]
    assert phones(text) == []
    assert phones(f"EUR.{number}", Pii(Options(regions=(region,)))) == []
    assert phones(f"{number} 1, and", Pii(Options(regions=(region,)))) == []


def test_a_form_after_an_underscore_is_found_whatever_else_the_text_holds():
    """The one question that spares a text the search must not be stricter than the search."""
    assert phones("text_01 42 68 53 00(") == ["01 42 68 53 00"]
    assert phones("text_01 42 68 53 00(, 06 12 34 56 78") == ["01 42 68 53 00", "06 12 34 56 78"]


def test_numbers_that_stand_alike_are_each_told_by_their_digits():
    """What is near is read once for all of them; which are a date, a span of years or too round for a telephone is not."""
    lead = "x" * 80 + ".\n"
    for before, after, numbers in (
        ("tel ", "\n", ["12 34 56 78", "01 02 1999", "31 12 2001", "98 76 54 32"]),
        ("tel: ", " (home)\n", ["1990-2004", "5550-2004", "2001-2019", "4711-4712"]),
        ("Call ", " now\n", ["4155552671", "4155000000", "0000000000", "2125550144"]),
    ):
        alone = [number for number in numbers if phones(f"{lead}{before}{number}{after}")]
        assert 0 < len(alone) <= len(numbers)
        assert phones(lead + "".join(f"{before}{number}{after}" for number in numbers * 5)) == alone * 5, before


@pytest.mark.parametrize("date", ["04 08 2037kg", "05 01 2005a", "09 18 1961\u0130"])
def test_a_date_that_a_letter_follows_is_none(date: str):
    """The form ends before its year then, which must not make a telephone of the day and the month. Of a date alone as well as among others."""
    assert phones(f"my number is {date}") == []
    assert phones(f"my number is {date}, my number is {date} and tel 06 12 34 56 78") == ["06 12 34 56 78"]


@pytest.mark.parametrize(
    ("text", "number"),
    [("\u6211\u7684\u7535\u8bdd: 5552671", "5552671"), ("\u6211\u7684\u7535\u8bdd\u662f5552671", "5552671"), ("\uc81c \uc804\ud654\ubc88\ud638\ub294 5552671", "5552671"), ("\u8ba2\u5355 5552671", "")],
)
def test_a_word_that_is_written_without_spaces(text: str, number: str):
    """What stands before it is no part of it: there are no words apart."""
    assert [text[found.start : found.end] for found in PII.find(Text(text)) if found.kind == "PHONE_NUMBER"] == ([number] if number else [])


@pytest.mark.parametrize("text", ["Caller ID: 415-867-5309", "caller id 415-867-5309", "callerID=415-867-5309"])
def test_an_id_of_a_caller_is_a_number(text: str):
    """Other ids are none."""
    assert [finding.kind for finding in PII.find(Text(text))] == ["PHONE_NUMBER"]


@pytest.mark.parametrize("text", ["order id: 415-867-5309", "id 415-867-5309"])
def test_any_other_id_is_none(text: str):
    """As with orders."""
    assert not PII.find(Text(text))


@pytest.mark.parametrize("text", ["a/c 0123456789", "A/C No. 0123456789", "pay into a/c: 12345678"])
def test_an_account_may_be_written_with_a_stroke(text: str):
    """As banks do."""
    assert [finding.kind for finding in PII.find(Text(text))] == ["US_BANK_NUMBER"]


@pytest.mark.parametrize("text", ["A/C 12000 BTU", "ma/c 12345678", "a/cd 12345678"])
def test_what_only_holds_these_signs_is_no_account(text: str):
    """A cooler, paths."""
    assert not PII.find(Text(text))
