"""What the forms of telephones have in common, and dates, which look like some."""

from __future__ import annotations

import re

KIND = "PHONE_NUMBER"
SEP = r"[ ./\-]"
EXTENSION = r"(?: ?(?:x|ext\.?|extension|#) ?[0-9]{1,6}(?![0-9A-Za-z]))?"
# Of the first character, which is read before: an expression that begins with a class or a sign is fast.
LEFT = r"(?<![0-9A-Za-z+.$\u20ac\u00a3].)(?<![0-9][,_/:\-].)"
_RIGHT = r"(?![0-9A-Za-z_])(?![.,/:\-][0-9])"
END = rf"(?=x|{_RIGHT}){EXTENSION}"
SIGNS = b"+ ./()-"
ZEROS = {ord(digit): "0" for digit in "123456789"}  # for str.translate
DATED = re.compile(rf"(?:19|20)[0-9]{{2}}({SEP})[01]?[0-9]\1[0-3]?[0-9]|[0-3]?[0-9]({SEP})[01]?[0-9]\2(?:19|20)[0-9]{{2}}(?![0-9])")
_LONGEST = 28  # code points of an island that is one date and what stands right beside it


def of_a_century(shown: str) -> bool:
    """Whether a date or a span of years may be in it."""
    return "19" in shown or "20" in shown


def is_dated(text: str, start: int, end: int) -> bool:
    """Whether an island begins with a date."""
    return end - start < _LONGEST and of_a_century(text[start:end]) and DATED.match(text, start, end) is not None
