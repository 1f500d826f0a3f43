"""What looks like a key is not said again: for messages that quote a configuration, where somebody may have put a key in the place of a name.

A key is a run of 16 or more letters, digits, "-", "_", "+" and "=" in which letters and digits, or these and capitals, follow on each other too often for a name. Passwords that are words are not known here; messages quote no value that is a secret by its place.
"""

from __future__ import annotations

import re

SHOWN = 4  # characters of it
_RUN = re.compile(r"[A-Za-z0-9_+=-]{16,}")
_DIGITS = re.compile(r"[A-Za-z](?=[0-9])|[0-9](?=[A-Za-z])")
_TURNS = re.compile(r"[a-z](?=[A-Z0-9])|[A-Z](?=[a-z0-9])|[0-9](?=[A-Za-z])")
_MOST_DIGITS, _MOST_TURNS = 3, 9  # in a name: gpt-4o-mini-eastus2, FindProjectCodesV2


def unsaid(text: str) -> str:
    """The text with what looks like a key cut down to its beginning: `sk-a…(52 characters)`."""
    return _RUN.sub(_cut, text)


def _cut(found: re.Match[str]) -> str:
    run = found[0]
    if len(_DIGITS.findall(run)) <= _MOST_DIGITS and (len(_TURNS.findall(run)) <= _MOST_TURNS or run.isalpha()):
        return run
    return f"{run[:SHOWN]}…({len(run)} characters)"
