"""How sure grounding is of a number: what is read in another way, what speaks for it and against it, and that a reply which contradicts itself is told."""

from __future__ import annotations

from functools import partial

import pytest

from detectors.grounding import Grounding, Source
from detectors.grounding_places import LIKE, Likeness
from detectors.grounding_sums import equations
from detectors.grounding_weights import WEIGHTS, Evidence, doubt, features
from tests.support.growth import assert_linear


def sure(reply: str, context: str) -> list[str]:
    """What is found with a score that a rule counts by default."""
    return [reply[each.start : each.end] for each in Grounding().check(reply, [Source("d", context)]) if each.score >= 0.5]


def score(reply: str, context: str) -> float:
    return max((each.score for each in Grounding().check(reply, [Source("d", context)])), default=0.0)


@pytest.mark.parametrize(
    ("context", "reply"),
    [
        ("Income | FY22 | FY23 | FY24\nSales | 48,310 | 52,940 | 57,180\nCosts | 29,650 | 31,870 | 33,720", "Sales were 57,180, costs 33,720."),
        ('10.2.0.14 - - [03/Feb/2025:22:14:07 +0000] "GET /orders" 502', "It failed at 22:14:07 on 3 February 2025."),
        ("Unit rate 24.86p/kWh, standing charge 61.2p a day.", "You pay 24.86 pence per kWh and 61.2p a day."),
        ("Fold every half hour.", "Fold it every 30 minutes."),
        ("The night will be -11 \u00b0C.", "It will be -11 \u00b0C (12 \u00b0F)."),
        ("Finish: 2:07:41.", "He took 2 hours, 7 minutes and 41 seconds."),
        ("A force of 3,750 N.", "The force is 3.75 kN."),
        ("Die Frist betr\u00e4gt vier Wochen.", "The period is 28 days."),
        ("Sales of R4.1m.", "Sales reached 4.1 million rand (R4.1m)."),
        ("Chief: Mme Lescure.", "Bonjour Madame Lescure, merci."),
        ("The Dutch rider won.", "The Dutchman won."),
        ("Riga has 605,270 inhabitants.", "Riga has some 605,000 inhabitants."),
        ("Per 100 g: fat 6.4 g, carbohydrate 58.7 g, protein 13.5 g, energy 366 kcal. Portion 45 g.", "A 45 g portion has 165 kcal, 2.9 g fat, 26.4 g carbohydrate and 6.1 g protein."),
        ("Exam 60 %, report 40 %.", "With 70 in the exam and 85 in the report you get 0.6 x 70 + 0.4 x 85 = 76 points."),
    ],
)
def test_what_is_read_in_another_way_is_right(context: str, reply: str):
    """Tables with thousands, logs, pence, halves of hours, degrees below zero, durations, forces, numbers of other languages, currencies, greetings, peoples, roundings, portions, examples that come out."""
    assert sure(reply, context) == []


@pytest.mark.parametrize(
    ("reply", "wrong"),
    [
        ("Over 80 months (five years) you pay back.", ["80 months"]),
        ("You pay 60 x 350 = 15,000 EUR.", ["350"]),
    ],
)
def test_a_reply_that_contradicts_itself_is_told(reply: str, wrong: list[str]):
    """What stands in brackets beside a measure must come to it, and an equation must come out: if not, what the context does not have is wrong."""
    assert [each for each in sure(reply, "The loan runs for 60 months at 250 EUR a month, 15,000 EUR in all.") if each in wrong] == wrong


def test_an_equation_holds_however_its_sides_are_rounded_or_measured():
    """Square centimetres and square metres; powers, which folding leaves as digits; a product that is off by a tenth does not."""
    assert [holds for _, _, holds in equations("90 cm x 80 cm = 0.72 m2; 3 x 250 = 750; 0.5 x 1,200 x 272 = 437,400; 60 x 24 = 1,584")] == [True, True, True, False]


def test_a_number_at_another_scale_looks_like_its_own():
    """51.78 million is 57,180 thousand with two digits swapped."""
    context = "EUR thousand | 2023 | 2024\nRevenue | 52,940 | 57,180"
    assert sure("Revenue was EUR 57.18 million.", context) == []
    assert sure("Revenue was EUR 51.78 million in 2024.", context) == ["EUR 51.78 million"]


def test_a_score_grades_the_evidence():
    """What hardly any other number would come out as is surer to be right; what looks like one that is left out is surer to be wrong; more so if hardly any would look so."""
    likely = Evidence(True, 1.0, Likeness(), 0, 3, "", False, False, False, True, False)
    unlikely, unreached = Evidence(True, 0.001, Likeness(), 0, 3, "", False, False, False, True, False), Evidence(False, 1.0, Likeness(), 0, 3, "", False, False, False, True, False)
    assert doubt(unlikely) < doubt(likely) < doubt(unreached)
    often, seldom = (Evidence(True, 1.0, Likeness(LIKE, chance, 1, False, True), 0, 3, "", False, False, False, True, False) for chance in (1.0, 0.01))
    assert doubt(likely) < doubt(often) < doubt(seldom)


def test_each_weight_has_its_feature():
    """One without the other would be left out in silence."""
    assert list(features(Evidence(False, 0.0, Likeness(), 0, 1, "", False, False, False, False, False))) == list(WEIGHTS)


def test_a_lower_threshold_finds_what_the_default_leaves():
    """What may be worked out is a finding of a low score, for rules that would rather look twice."""
    context = "Shop A sold 31 lamps and 54 chairs, shop B 26 lamps and 47 chairs, shop C 35 lamps and 49 chairs."
    assert 0 < score("Together they sold 92 lamps.", context) < 0.5


def test_rules_that_label_themselves_are_sources():
    """`R-17:` in the text may be cited, `R-19` may not."""
    context = "R-17: One fee a year may be refunded. R-18: Fees above $25 need approval."
    assert sure("It may be refunded [R-17].", context) == []
    assert sure("It may be refunded [R-19].", context) == ["[R-19]"]


@pytest.mark.parametrize("piece", ["3 x ", "1:2 ", "R1.2m ", "03/Feb/2025:", "2 h 7 min 41 s ", "7 kg (", "48,310 | ", "R-17: "])
def test_what_is_read_anew_grows_with_the_length(piece: str):
    """No square in equations, ratios, labels, durations and the like."""
    assert_linear(lambda size: partial(Grounding().check, piece * (size // len(piece)), [Source("d", piece * (size // len(piece)))]), 20_000)


@pytest.mark.parametrize("reply", ["It weighs 98 kg.", "The fee is 250 euros.", "It weighs 985 kg."])
def test_a_number_out_of_nothing_is_told(reply: str) -> None:
    """The plainest of wrong numbers: it looks like none of the context's and cannot be worked out of them."""
    assert sure(reply, "The parcel 4711 was sent on 3 May 2026 by Nordwind Logistics and weighs 12 kg.")
