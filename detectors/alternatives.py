"""Many words as one expression that reads each letter once.

`re` tries the alternatives of `january|february|...` one after the other at every place of a text. Written as a tree of their letters, `f(?:ebruary|...)`, nearly every
place is left after one letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby


def any_of(words: Iterable[str]) -> str:
    """An expression for any of the words, longer ones before their beginnings. It is a group, and needs none around it. The words are plain text."""
    return f"(?:{_tree(sorted(set(words)))})"


def starts_with(words: Iterable[str]) -> str:
    """The same at the beginning of a word: one letter is looked for first, which is what lets a text be searched fast. The words begin with ASCII letters."""
    rests = {letter: [word[1:] for word in group] for letter, group in groupby(sorted(set(words)), key=lambda word: word[0])}
    return f"[{''.join(rests)}](?<!\\w.){_by_letter(rests)}"


def _by_letter(rests: dict[str, list[str]]) -> str:
    """What may follow a letter, which has been read: half of the letters are left out at a time."""
    letters = list(rests)
    if len(letters) == 1:
        return any_of(rests[letters[0]])
    halves = letters[: len(letters) // 2], letters[len(letters) // 2 :]
    branches = [f"(?<=[{''.join(half)}])" + _by_letter({letter: rests[letter] for letter in half}) for half in halves]
    return f"(?:{'|'.join(branches)})"


def _tree(words: list[str]) -> str:
    """words: sorted, different; an empty one is the end of a word."""
    branches = []
    for letter, group in groupby((word for word in words if word), key=lambda word: word[0]):
        rest = [word[1:] for word in group]
        while len(rest) == 1 and len(rest[0]) > 0:  # the end of a branch without a fork
            letter, rest = letter + rest[0], [""]
        below = "" if rest == [""] else _tree(rest)
        branches.append(re.escape(letter) + (f"(?:{below})" if "|" in below else below))
    if "" in words:
        branches.append("")
    return "|".join(branches)
