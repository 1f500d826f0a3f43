"""What leaves a comparison is masked, and short."""

from __future__ import annotations

import pytest

from detectors.drift.base import Row
from gateway.drift.masking import MOST, Masking
from tests.support.drift_reports import LENGTH, report, topic

MASKING = Masking()
MAIL = "alice.smith@example.com"


def test_exemplars_keywords_and_effects():
    """All three quote people's texts; a keyword that is an address is no keyword."""
    from dataclasses import replace

    said = report(
        topics=(topic(exemplars=(f"write to {MAIL}", "card 4111 1111 1111 1111"), keywords=("refund", MAIL)),), structure=(replace(LENGTH, effect=f"new key {MAIL}"),)
    )
    masked = MASKING.report(said)
    assert masked.topics[0].exemplars == ("write to <EMAIL_ADDRESS>", "card <CREDIT_CARD>")
    assert masked.topics[0].keywords == ("refund",) and masked.structure[0].effect == "new key <EMAIL_ADDRESS>"
    assert masked.topics[0].rows == said.topics[0].rows


def test_a_key_of_json_that_is_somebody_is_no_feature_s_name():
    """Objects keyed by address are common, and names of features outlive the texts they came from."""
    from dataclasses import replace

    said = report(structure=(replace(LENGTH, feature=f"JSON key: {MAIL}"), replace(LENGTH, feature="JSON key: items[].price")))
    assert [each.feature for each in MASKING.report(said).structure] == ["JSON key: <EMAIL_ADDRESS>", "JSON key: items[].price"]


def test_pieces_of_what_is_masked_are_no_keywords():
    """Words are counted before anything is masked: `alice` of an address in every text is the best keyword there is, and a person."""
    texts = tuple(f"refund order {at}, my address is {MAIL}" for at in range(3))
    said = report(topics=(topic(exemplars=texts[:1], keywords=("alice smith", "refund", "alice", "example com", "my address", "order")),))
    assert MASKING.report(said).topics[0].keywords == ("refund", "my address", "order")


def test_keywords_are_judged_by_the_samples_too():
    """The three most central texts need not have the address; a word that is also said otherwise stays."""
    rows = [Row(f"refund to {MAIL}") if at % 2 else Row("a refund for smith tools, smith hammers") for at in range(10)]
    said = report(topics=(topic(exemplars=("a refund",), keywords=("alice", "smith", "refund"), rows=tuple(range(10))),))
    assert MASKING.report(said, [], rows).topics[0].keywords == ("smith", "refund")
    assert MASKING.report(said).topics[0].keywords == ("alice", "smith", "refund")


def test_secrets_are_masked():
    """A key in an exemplar would go by mail to everybody who reads the report."""
    key = "sk-proj-" + "a1B2c3D4e5" * 4
    assert key not in MASKING.text(f"my key is {key}")


def test_an_ordinary_text_is_left_as_it_is():
    """Down to its spaces: what is shown can be looked up in the sample."""
    text = "  When do you open?\n\tOn Sundays, too?  "
    assert MASKING.text(text) == text


@pytest.mark.parametrize("before", range(MOST - len(MAIL) - 1, MOST + 2, 3))
def test_what_lies_across_the_cut_is_not_cut_in_two(before: int):
    """Half an address is still somebody's, and no detector would find it."""
    said = MASKING.text("x" * (before - 1) + " " + MAIL + " more" * 300)
    assert "@" not in said and "alice" not in said and said.endswith("…") and len(said) < MOST + 40


def test_a_text_of_a_megabyte_is_cut():
    """Three of them would be the report."""
    assert len(MASKING.text("word " * 200_000)) == MOST + 1
