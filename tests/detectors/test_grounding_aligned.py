"""What stands near the same words: the number that a reply should have said, and the ones that it was worked out from; what is said twice, and expressions in brackets."""

from __future__ import annotations

from functools import partial

import pytest

from detectors.grounding import Grounding, Source
from detectors.grounding_aligned import Aligned
from detectors.grounding_numbers import learn
from detectors.grounding_places import digits_of
from detectors.grounding_reach import Number
from detectors.grounding_sums import equations
from detectors.grounding_values import quantities
from tests.support.growth import assert_linear


def sure(reply: str, context: str) -> list[str]:
    """What is found with a score that a rule counts by default."""
    return [reply[each.start : each.end] for each in Grounding().check(reply, [Source("d", context)]) if each.score >= 0.5]


def aligned(reply: str, context: str, beside: tuple[Number, ...] = ()):
    """The alignment of the first number of a reply."""
    found = quantities(reply)
    return Aligned(learn([context]).told.written, {digits_of(value) for each in found for value in each.values}, reply).of(found[0], beside)


STALLS = "Shop A sold 31 lamps and 54 chairs, shop B 26 lamps and 47 chairs, shop C 35 lamps and 49 chairs."


def test_a_number_near_the_same_words_that_the_reply_leaves_out_is_seen():
    """The nearer and the rarer the words, the more; none where no word is the same."""
    context = "The parcel weighs 12 kg. The crate weighs 95 kg. Delivery takes 4 days."
    assert aligned("The crate weighs 83 kg.", context).left > aligned("The box weighs 83 kg.", context).left > aligned("In all 83 kg.", context).left == 0
    assert aligned("The crate weighs 83 kg.", context).shape


@pytest.mark.parametrize(
    ("reply", "context"),
    [
        ("Checking the suitcase at the airport costs 18.50 EUR more than online.", "A suitcase is 31.40 EUR online or 49.90 EUR at the airport."),
        ("Together they sold 92 lamps.", STALLS),
        ("Lamps sold in shop C make up 38% of all lamps.", STALLS),
    ],
)
def test_what_a_sentence_names_is_worked_out_from_numbers_near_its_words(reply: str, context: str):
    """A difference, the total of all that is counted alike, the part that one is of them."""
    hit, chance = aligned(reply, context).told
    assert hit
    assert chance < 1


def test_a_way_that_the_sentence_does_not_name_is_none():
    """49.90 less 31.40 is 18.50, but nothing speaks of a difference."""
    assert aligned("The suitcase at the airport: 18.50 EUR.", "A suitcase is 31.40 EUR online or 49.90 EUR at the airport.").told == (False, 0.0)


def test_what_stands_beside_it_in_the_reply_is_an_operand():
    """3 nights of the reply at the price of the context."""
    assert aligned("You pay 261 EUR for the room.", "A room is 87 EUR a night.", (Number(3, ""),)).joined[0]
    assert not aligned("You pay 264 EUR for the room.", "A room is 87 EUR a night.", (Number(3, ""),)).joined[0]


@pytest.mark.parametrize(
    ("reply", "holds"),
    [
        ("69.65 for the fabric (3.5 x 19.90)", [True]),
        ("69.65 for the fabric (3.5 x 14.90)", [False]),
        ("332 t (42 ha x 7.9 t)", [True]),
        ("332 t (42 ha x 9.7 t)", [False]),
        ("34.5 by 48 cm (13.6 x 18.9 in)", []),
        ("69.65 for the fabric (3.5 x 19.60)", []),
    ],
)
def test_an_expression_in_brackets_comes_to_what_stands_before_it(reply: str, holds: list[bool]):
    """But for the sides of a thing, and for what is nearly right, of which nothing is said."""
    assert [each for _, _, each in equations(reply)] == holds


@pytest.mark.parametrize(
    ("reply", "wrong"),
    [
        ("Delivery takes three weeks (24 days).", ["24 days"]),
        ("Delivery takes three weeks (21 days).", []),
        ("The climb is 1,210 m (3,675 ft).", ["1,210 m"]),
        ("The climb is 1,120 m (3,675 ft).", []),
        ("It weighs 23 kg (about 50 lb).", []),
    ],
)
def test_what_is_said_twice_agrees(reply: str, wrong: list[str]):
    """To what rounding allows."""
    assert sure(reply, "Delivery takes three weeks. The climb is 1,120 m. It weighs 23 kg.") == wrong


@pytest.mark.parametrize(
    ("context", "reply"),
    [("schedule: 15 2 * * 1-5", "It runs at 02:15."), ("Riga has 605,270 residents, Vilnius 588,412.", "Riga has 605,000 residents.")],
)
def test_schedules_and_roundings_are_read(context: str, reply: str):
    """The minute and hour of a crontab; a rounding, which is no other number that looks like it."""
    assert sure(reply, context) == []


@pytest.mark.parametrize("piece", ["lamp 31 ", "shop 48 kg, ", "12 * * 3 ", "4 kg (3 x 4 kg) ", "lamp. 7 "])
def test_alignment_grows_with_the_length(piece: str):
    """No square however often the same words and numbers stand there."""
    assert_linear(lambda size: partial(Grounding().check, (piece * (size // len(piece))).replace("3", "5").replace("4", "8"), [Source("d", piece * (size // len(piece)))]), 20_000)
