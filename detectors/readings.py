"""What a detector reads of a text: each view with what stands before it, read as the view is.

What stands before a text may hold escapes though the text has none, and its own may be deeper. In the whole text both would have been undone
together: so the deepest view is read again, with what stands before it undone further, and a stream finds what the whole text shows.
"""

from __future__ import annotations

from collections.abc import Iterator

from detectors.decoding import unescape
from detectors.folding import fold
from detectors.text import DEPTH, Text, View


def readings(text: Text) -> Iterator[tuple[View, str]]:
    """Views, some of them twice, and what stands before each."""
    views = text.views
    for view in views:
        yield view, _before(view)
    if not text.before:
        return
    deepest = next(view for view in reversed(views) if view.whole)
    shown = _before(deepest)
    for _ in range(DEPTH - deepest.name.count("unescaped")):
        plain = _plain(shown)
        if plain == shown:
            return
        shown = plain
        yield deepest, shown


def _before(view: View) -> str:
    """What stands before a view, with as many layers of escapes undone."""
    shown = view.before
    if shown and view.whole:
        for _ in range(view.name.count("unescaped")):
            shown = _plain(shown)
    return shown


def _plain(shown: str) -> str:
    plain = unescape(shown)
    return fold(plain[0])[0] if plain else shown
