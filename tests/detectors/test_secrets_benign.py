"""False alarms on what developers paste: texts in which no secret is."""

from __future__ import annotations

import pytest

from detectors.secrets import Secrets
from detectors.text import Text
from tests.detectors import benign_developers

# Sorts of which some forms are still told: numbers with a unit after "pass:", two claves, names of goods, flights
KNOWN = frozenset("robot compiler lock docs environ csv sports chess recipes maths dna latex minjs flights german french spanish keys".split())


def test_no_sort_that_was_clear_raises_an_alarm():
    """Among them the lines of a test run."""
    secrets = Secrets()
    alarms = [(sort, text) for sort, text in benign_developers.rows(each=4) if sort not in KNOWN and secrets.find(Text(text))]
    assert not alarms, alarms[:5]


@pytest.mark.parametrize("text", ["PASS: hunter2!x", "PASS: Test1234!", "PASS=TestAbcd12", "password: TestAbcd12", "pass: TestAbcd12", "DB_PASS: TestAbcd12"])
def test_a_password_that_begins_as_a_test_does_is_found(text: str):
    """Only the name of a test after its verdict, as programs print it, is none."""
    assert [finding.kind for finding in Secrets().find(Text(text))] == ["PASSWORD"]
