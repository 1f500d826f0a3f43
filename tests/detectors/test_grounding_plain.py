"""Grounding: results that are right at a glance, and numbers and names in the place of others."""

from __future__ import annotations

from functools import partial

import pytest

from detectors.grounding import Grounding, Source
from tests.support.growth import Work, assert_linear

MIN_SCORE = 0.5
RIGHT = [
    # the total of all of a kind
    ("Monday: hail 3 mm, later thaw. Tuesday: snow 41 mm and fog.", "Until Tuesday night: 44 mm."),
    # a rate times a count of what it is the rate of, of the context and of the reply
    ("Late fee EUR 39. The kennel takes EUR 13 per night for a dog. You stay 3 nights.", "- Kennel: \u20ac39\n- Dog: \u20ac39"),
    ("Amoxil 4 g three times daily for 6 days, then 13 g of fibre.", "She got 12 g of Amoxil."),
    # a year, and so many years later
    ("He opened the inn in 1971 and ran it for six years. The annex dates from 1987.", "He ran the inn from 1971 to 1977."),
    # the same step from three numbers
    ("Shelves hold 45 kg, 80 kg and 95 kg; the new brackets add 7.5 kg each.", "With the brackets they hold 52.5 kg, 87.5 kg and 102.5 kg."),
    # a unit that is said once for two times
    ("Called 07:12, on site 07:31, open again 08:24. Crew of 58.", "It took 19 minutes to get there, another 53 until the road was open."),
    # rounded to two digits
    ("The club has 61,382 paying members and 611 coaches.", "The club has 61,000 paying members."),
    # the rest of a percentage; degrees in words
    ("Of all sightings, 83 % were at sea. Mean depth 17 m.", "Mean depth was 17 m; 17% of the sightings were elsewhere."),
    ("Keep it at 2 to 8 degrees C.", "Keep it at 2-8 \u00b0C (36-46 \u00b0F)."),
    # years at the head of a table are not what is counted
    ("School | Pupils 2024 | Pupils 2025\nOrvane | 412 | 436\nTelby | 655 | 631\nHolm | 298 | 310", "Altogether there are 1,377 pupils now."),
    # a label, whose word is two words of the context
    ('{"hall": "Lumen", "shows": ["19:00", "21:30"]}', "*Tide* is on at the Lumen. Showtimes: 7 pm and 9:30 pm."),
    # microlitres, of which all are multiplied
    ("For one sample: 12.5 \u00b5l buffer, 0.5 \u00b5l enzyme, 8 \u00b5l water.", "For 24 samples and a tenth more: 330 \u00b5l buffer, 13.2 \u00b5l enzyme and 211.2 \u00b5l water."),
    # `due` is no number before one in English
    ("A second X-ray after 6 weeks.", "A second X-ray is due six weeks after the first."),
    # a row of a table says more than one number after its name
    ("Team | Won | Lost\nOrvane | 14 | 9\nTelby | 11 | 12", "Orvane: 9 lost. Telby won 11."),
    # the context has that pair
    ("Chair: Ilvane Torquist. Deputy: Maddo Persk.", "Deputy Maddo Persk spoke after Ilvane Torquist."),
]
WRONG = [
    # in the words of a number that the reply leaves out
    ("The assistant answers in 9 languages and reads 23 sources.", "It answers in twelve languages from 23 sources.", "twelve"),
    ("New patients wait about 5 weeks. Phone 555-0176.", "As a new patient you wait eight weeks.", "eight weeks"),
    # a count of a record, told otherwise
    ("service: ledgerd\nreplicas: 3\nport: 7443", "It runs with five replicas on port 7443.", "five"),
    # a number of the context, but of another thing
    ("Term: five years. Arbitration in Oslo with three arbitrators.", "The term is five years. Disputes go to Oslo with five arbitrators.", "five"),
    # a given name and a family name of two people
    ("Chair: Ilvane Torquist. Deputy: Maddo Persk.", "Maddo Torquist was in the chair.", "Maddo Torquist"),
    # still no total, no rate, no step
    ("Monday: hail 3 mm, later thaw. Tuesday: snow 41 mm and fog.", "Until Tuesday night: 47 mm.", "47 mm"),
]


def sure(reply: str, context: str) -> list[str]:
    return [reply[each.start : each.end] for each in Grounding().check(reply, [Source("doc-1", context)]) if each.score >= MIN_SCORE]


@pytest.mark.parametrize(("context", "reply"), RIGHT)
def test_what_is_right_at_a_glance_raises_nothing(context: str, reply: str):
    """Totals, rates, years later, common steps, carried units, roundings, labels, small units, rows of tables, pairs of names that the context has."""
    assert sure(reply, context) == []


@pytest.mark.parametrize(("context", "reply", "wrong"), WRONG)
def test_what_stands_in_the_place_of_another_is_found(context: str, reply: str, wrong: str):
    """Numbers in the words of one that is left out, numbers of the context told of another thing, names put together of two."""
    assert wrong in sure(reply, context)


def test_what_a_long_table_says_is_believed_in_every_row():
    """Words that come often are not looked at everywhere: a number of a row further down was taken for one in the words of another."""
    context = "\n".join(f"Replicas {100 + i * 3} pods" for i in range(60))
    assert not any(sure(f"Replicas {100 + i * 3} pods.", context) for i in range(60))


@pytest.mark.parametrize("reply_too", [False, True])
def test_what_it_costs_grows_with_the_lengths(reply_too: bool):
    """Rates, counts, steps and the words around numbers, over and over: each is capped."""

    def make(size: int) -> Work:
        context = "".join(f"The kennel {at % 97} takes EUR {at + 13} per night for {at % 89} nights. Answers in {at} languages. " for at in range(size // 90))
        said = "".join(f"It answers in {at + 7} languages, another {at} until {at + 3} nights at EUR {at * 5}. " for at in range(size // 80 if reply_too else 20))
        return partial(Grounding().check, said, [Source("doc-1", context)])

    assert_linear(make, 60_000)
