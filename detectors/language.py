"""Which of some languages a line is written in, as far as its small words tell.

Rules of this file: pure; linear; a line is judged by itself. Where the words do not tell (a label, a list of names, a sentence of two words),
the answer is all of them: the line is then read by each language's model, which costs time and never a name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_WORDS = re.compile(r"[^\W\d_]+")
# Words that no other language here has, and that hardly a sentence is without.
_SMALL = {
    "en": "the is are was were be been of and to it for with you that this have has had not we they he she his her my your our from by will can would there what which who when if or so do does did",
    "fr": "le la les des du de une est sont et je tu il elle nous vous ils elles ce cette ces dans pour avec qui que ne pas sur au aux mon ma mes son sa ses votre notre leur par \u00e0 \u00e9t\u00e9 \u00eatre avez avons ont ai y l d qu j c n s m t",
}
_TELLS = {language: frozenset(words.split()) for language, words in _SMALL.items()}
_LEAST = 2  # words of one language, and none of another, before a line is only in that one


def languages_of(line: str, of: Sequence[str]) -> Sequence[str]:
    """Those of `of` that the line may be written in, at least one."""
    if len(of) < 2:
        return of
    words = _WORDS.findall(line.lower())
    counts = {language: sum(word in _TELLS.get(language, ()) for word in words) for language in of}
    most = max(of, key=lambda language: counts[language])
    alone = counts[most] >= _LEAST and all(counts[most] >= 4 * count for language, count in counts.items() if language != most)
    return (most,) if alone else of
