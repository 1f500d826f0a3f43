"""French: which entities of the French model hold up. It counts titles among names, and takes the first word of a request for a person.

Rules of this file: pure; every entity is judged by itself and by the characters right around it. What holds for any language is asked of
detectors.entities. Deliberately absent: people and places by what stands around them in French, as detectors.people and detectors.places
know them for English: what neither the model nor their lists know is not found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from detectors.entities import held_up

_TITLE = re.compile(
    r"(?:(?:monsieur|madame|mademoiselle|messieurs|mesdames|mm?|mmes?|mlles?|ma\u00eetre|docteur|docteure|dr|professeure?|pr|ch\u00e8re?|cher|bonjour|bonsoir|salut)\b\.?[\s,]*)+",
    re.IGNORECASE,
)
_AT = re.compile(r"\A(?:universit\u00e9|mairie|gare|ville|h\u00f4pital|commune|port|a\u00e9roport) d(?:es?\s|u\s|e la\s|['\u2019])", re.IGNORECASE)  # of Dijon: the place is Dijon
# First words of requests and letters, capitalised there alone. Most requests begin with a verb in -ez, and no name in use here ends so but Gomez and its like.
_OPENING = frozenset(
    "bonjour bonsoir salut merci cordialement bisous amicalement sinc\u00e8rement veuillez r\u00e9sumez traduisez \u00e9crivez ajoutez expliquez attention objet date nom pr\u00e9nom adresse client "  # noqa: SIM905
    "commande facture si selon apr\u00e8s avant pourquoi comment quand contactez transmettez rappelez envoyez monsieur madame mademoiselle cher ch\u00e8re d'accord je tu il elle nous vous on c'est j'ai".split()
)


def stands(text: str, entities: Iterable[tuple[int, int, str]]) -> Iterator[tuple[int, int, str, float]]:
    """(start, end, kind, score) of the model's (start, end, label) that may stand."""
    cut = (_cut(text, *entity) for entity in entities if entity[2] != "MISC")
    yield from held_up(text, [entity for entity in cut if entity[0] < entity[1]])


def _cut(text: str, start: int, end: int, label: str) -> tuple[int, int, str]:
    """Without the title before it; empty if nothing is left that could be a name."""
    before = (_TITLE if label == "PER" else _AT).match(text[start:end])
    if before:
        start += before.end()
    words = text[start:end].lower().split()
    if not words or all(word.strip(".,;:!?") in _OPENING for word in words) or (len(words) == 1 and words[0] in ("m.", "m")):
        return start, start, label
    return start, end, label
