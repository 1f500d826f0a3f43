"""The names tier with French: what it finds, which model reads what, and that a stream gets what the whole text gets."""

from __future__ import annotations

import pytest

from detectors.base import CONTEXT
from detectors.language import languages_of
from detectors.names import Names
from detectors.text import Text
from tests.detectors.french import MARKED, NOBODY, plain

BOTH = ("en", "fr")


@pytest.fixture(scope="module")
def names() -> Names:
    """Both models; loading them takes seconds."""
    return Names(BOTH)


def _seen(names: Names, text: str) -> list[tuple[str, str]]:
    return [(f.kind, text[f.start : f.end]) for f in names.find(Text(text)) if f.score >= 0.5 and f.kind in ("PERSON", "LOCATION")]


def test_people_and_places_of_french_sentences(names: Names) -> None:
    """Nine of ten are found as they are written, accents included, and nine of ten findings are right: the English model alone finds seven."""
    wanted = [(which, *found) for which, marked in enumerate(MARKED) for found in plain(marked)[1]]
    seen = [(which, *found) for which, marked in enumerate(MARKED) for found in _seen(names, plain(marked)[0])]
    right = sum(found in wanted for found in seen)
    assert right >= 0.9 * len(wanted), sorted(set(wanted) - set(seen))
    assert right >= 0.9 * len(seen), sorted(set(seen) - set(wanted))


def test_french_with_nobody_in_it_is_left_alone(names: Names) -> None:
    """One sentence of twenty may raise an alarm."""
    assert sum(bool(_seen(names, text)) for text in NOBODY) <= len(NOBODY) * 0.05


def test_english_is_found_as_without_french(names: Names) -> None:
    """A second language must not cost the first: its sentences are read by its own model alone."""
    text = "Yesterday Peter Novak called from Oslo, and he asked whether Maria Lindqvist is at the office in Rotterdam.\nShe is 43 years old.\n"
    assert [(f.kind, f.start, f.end) for f in names.find(Text(text))] == [(f.kind, f.start, f.end) for f in Names().find(Text(text))]


@pytest.mark.parametrize(
    ("line", "languages"),
    [
        ("The invoice is for the customer in Lyon.", ("en",)),
        ("La facture est pour le client de Lyon.", ("fr",)),
        ("Nom: Camille Rousseau", BOTH),
        ("Send this to Mme Girard, elle est dans le bureau.", BOTH),
        ("", BOTH),
        ("12.5 %", BOTH),
    ],
)
def test_a_line_goes_to_the_languages_it_may_be_in(line: str, languages: tuple[str, ...]) -> None:
    """What cannot be told is read by both: a name that is missed is worse than time that is spent."""
    assert tuple(languages_of(line, BOTH)) == languages
    assert tuple(languages_of(line, ("fr",))) == ("fr",)


def test_a_stream_gets_what_the_whole_text_gets(names: Names) -> None:
    """As for English alone: no finding may depend on what comes later."""
    text = "Bonjour, je m'appelle H\u00e9l\u00e8ne Caron.\nNom: Camille Rousseau\nThe parcel is with Peter Novak in Oslo. Le colis est \u00e0 Rennes, chez Mme Girard !\nMerci\n"
    whole = [(f.kind, f.start, f.end) for f in names.find(Text(text))]
    for cut in range(0, len(text), 7):
        opened = names.open_from(Text(text[:cut]))
        settled = [(f.kind, f.start, f.end) for f in names.find(Text(text[:cut])) if f.start < opened]
        rest = [(f.kind, f.start + opened, f.end + opened) for f in names.find(Text(text[opened:], text[max(0, opened - CONTEXT) : opened]))]
        assert settled + rest == whole
