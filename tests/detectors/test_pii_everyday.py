"""The pattern tier on what developers and office people paste: false alarms, and what does stand in such texts."""

from __future__ import annotations

import pytest

from detectors.pii import Pii
from detectors.text import Text
from tests.detectors import benign_developers, benign_everyday, held_in_everyday

_ADDRESSED = frozenset(("URL", "IP_ADDRESS"))  # addresses of packages do stand there; fingerprints look like those of hosts


def test_few_rows_of_a_thousand_raise_an_alarm():
    """At most 30 in 1,000, as with the other benign rows, at the default thresholds."""
    pii = Pii()
    rows = [*benign_developers.rows(each=4), *benign_everyday.rows(each=4)]
    alarms = [text for _, text in rows if any(f.score >= 0.5 and f.kind not in _ADDRESSED for f in pii.find(Text(text)))]
    assert len(rows) >= 4000
    assert len(alarms) <= len(rows) * 0.03, alarms[:5]


@pytest.mark.parametrize("sorts", [held_in_everyday.TUNED, held_in_everyday.HELD], ids=["tuned", "held out"])
def test_what_stands_in_such_texts_is_found(sorts: tuple[str, ...]):
    """A rule against false alarms may not cost recall."""
    pii = Pii()
    missed, total = list[str](), 0
    for each in held_in_everyday.held(each=4):
        wanted = [value for value in each.values if value[0] != "any" and each.sort in sorts]
        findings = pii.find(Text(each.text)) if wanted else []
        total += len(wanted)
        missed += [each.text for kind, start, end in wanted if not any(f.kind == kind and f.start <= start and f.end >= end for f in findings)]
    assert total > 100
    assert len(missed) <= total * 0.02, missed[:5]


def test_the_rows_are_the_same_every_time():
    """Figures can be compared."""
    assert list(benign_everyday.rows(each=1)) == list(benign_everyday.rows(each=1)) != list(benign_everyday.rows(seed=8, each=1))
    assert list(held_in_everyday.held(each=1)) == list(held_in_everyday.held(each=1)) != list(held_in_everyday.held(seed=8, each=1))


@pytest.mark.parametrize(("text", "found"), [("Job ID 96455", False), ("user ID 10001", False), ("ID 83702", True), ("Boise, ID 83702-1234", True), ("OR 97035", True)])
def test_a_number_after_id_is_a_place_in_idaho_only_with_its_digits(text: str, found: bool):
    """832 to 838 are those of Idaho."""
    assert any(f.kind == "LOCATION" for f in Pii().find(Text(text))) is found


@pytest.mark.parametrize("word", ["MPN", "drawing no.", "OEM", "Artikel", "TRX"])
def test_the_number_of_a_part_is_no_telephone(word: str):
    """Nor of a drawing or a transfer; the same number after a word for a telephone is one."""
    assert not Pii().find(Text(f"{word} 212-555-0199"))
    assert [f.kind for f in Pii().find(Text(f"{word} 77, tel. 212-555-0199"))] == ["PHONE_NUMBER"]
