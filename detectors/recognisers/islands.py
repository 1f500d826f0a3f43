"""Where the numbers are: the scan of a text that the recognisers of numbers share.

An island is the longest run that begins with a digit and goes on with letters and digits, and over one or two separators wherever a digit follows.
Those of less than MIN characters hold nothing.
"""

from __future__ import annotations

MIN = 7
# Of folded text: dashes and spaces of all kinds are these. What cannot be long enough is passed over without a match.
AFTER_FIRST = r"(?=[0-9A-Za-z ./()+_:\-]{6})[0-9A-Za-z]*+(?:[ ./()+_:\-]{1,2}[0-9][0-9A-Za-z]*+)*+"
