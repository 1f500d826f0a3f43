"""What can be counted in one text, whatever it is about.

Rules of this file: pure; never raises on any text; linear, and bounded: of a text longer than HEAD + TAIL characters only its head and its tail are
looked at (its length and number of lines are those of all of it; words and tokens are projected). Language is told by its beginning.

A text that is JSON has no sentences: what concerns these (`None`) does not arise; words, letters and language are those of its string values
that have more than one word (others are codes and names).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from detectors.drift.structure_json import Shape, shape
from detectors.drift.structure_language import spoken

HEAD, TAIL = 4_000, 2_000  # characters
LINES = 300  # that are looked at for Markdown and code
_SHORT_CHARACTERS = 30  # a text of more is no fragment: not all languages put blanks between words
_SHORT, _SPOKEN = 3, 6  # words: fewer are a fragment; fewer different ones need not tell their language
_UPPER, _LOWER, _DIGITS = (bytes(range(*ends)) for ends in ((65, 91), (97, 123), (48, 58)))
_MARKS = bytes(code for code in range(33, 127) if not chr(code).isalnum())
_BLANKED = bytes.maketrans(_MARKS + _DIGITS, b" " * len(_MARKS) + b"X" * len(_DIGITS))  # a word with a digit in it is none of lower case
_BLANKED_BUT = _BLANKED[:63] + b"X" + _BLANKED[64:]  # nor one with a letter that became "?"
_OTHERS = re.compile(r"[^\x00-\x7f]+")
_END_MARKS = frozenset(".!?\u2026\u3002\uff01\uff1f\u061f\u0964")
_CLOSING = "\"')]}*_`\u201d\u2019\u00bb\u300d "
_HANGING = frozenset(
    "the a an and or but of for with from my your our their his her its this that these those to at by as if because than is are was were be "  # noqa: SIM905
    "der die das ein eine und oder mit von zu im den dem le la les un une et ou de du des pour avec el los las y o con por para il lo di che e per".split()
)  # hardly a sentence ends with one of these
MARKDOWN = ("heading", "list", "table", "bold")
_LINE = re.compile(
    r"(?P<heading>#{1,6} \S)|(?P<list> {0,6}(?:[-*+\u2022]|\d{1,3}[.)]) \S)|(?P<table> {0,3}\|?(?: ?:?-{2,}:? ?\|)+)|(?P<code>\s{0,40}(?:```|def \w+\(|class \w+[:(]|import \w|from \w[\w.]* import |#include\b"
    r"|(?:public|private|static) \w|function \w*\(|(?:const|let|var) \w+ = |(?:SELECT|INSERT|UPDATE|CREATE) [\w*\"`(]|</?[a-z]\w*[ >]|(?:if|for|while) ?\(.{1,100}\) ?\{|return .{1,100};$|\}[;)]*$))"
)
_BOLD = re.compile(r"\*\*[^\s*][^*\n]{0,200}\*\*")
_LINK = re.compile(r"https?://|\bwww\.")


@dataclass(slots=True)
class Looks:
    """What was counted. Shares are 0 to 1; None: does not arise. marked: of MARKDOWN.  language: "": not told, of a text that is long enough to tell.
    plain_words: the distinct words of a to z and nothing else, as they stood (names begin with a capital and are none)."""

    shape: Shape
    characters: int
    lines: int
    words: float
    empty: bool
    tokens: float = 0.0
    capitals: float | None = None
    letters_beyond_ascii: float | None = None
    digits: float | None = None
    punctuation: float | None = None
    starts_with_capital: bool | None = None
    end_mark: bool | None = None
    cut_off: bool | None = None
    fragment: bool | None = None
    repeats: bool | None = None
    marked: frozenset[str] | None = None
    code: bool | None = None
    link: bool | None = None
    language: str | None = None
    plain_words: frozenset[str] = frozenset()


def looks(text: str) -> Looks:
    """Count; raises nothing."""
    length = len(text)
    part = text if length <= HEAD + TAIL else f"{text[:HEAD]}\n{text[-TAIL:]}"
    stripped = part.strip()
    words = stripped.split()
    found = Looks(shape(text), length, text.count("\n") + 1, len(words), not stripped)
    if not stripped:
        return found
    is_json = found.shape.is_json
    prose = "\n".join(string for string in found.shape.strings if " " in string)[: HEAD + TAIL] if is_json else stripped
    _letters(found, prose, part)
    if part is not text:
        found.words, found.tokens = (count * length / len(part) for count in (found.words, found.tokens))
    if prose:
        long = len(set(prose.split() if is_json else words)) >= _SPOKEN
        found.language = spoken(prose) or ("" if long and found.capitals is not None else None)
    if is_json:
        said = max(found.shape.strings, key=len, default="")
        found.repeats = _repeats(said, said.split())
        found.marked, found.code = frozenset(), False
    else:
        found.repeats = _repeats(text.strip(), words)
        _marked(found, part)
        _sentences(found, stripped, words)
    found.link = ("http" in part or "www." in part) and bool(_LINK.search(part))
    return found


def _letters(found: Looks, prose: str, part: str) -> None:
    """Letters and digits of what is said, marks of all that stands there; tokens by the usual rates: one for 5 letters, 3 digits, a mark, 1.5 of other letters."""
    ascii_only = part.isascii()
    whole = (part if ascii_only else part.replace("?", "!")).encode("ascii", "replace")  # where "?" stands for what is not ASCII
    said = whole if prose is part else (prose if ascii_only else prose.replace("?", "!")).encode("ascii", "replace")
    upper, lower = len(said) - len(said.translate(None, _UPPER)), len(said) - len(said.translate(None, _LOWER))
    letters, beyond, others = upper + lower, 0, 0
    if not ascii_only:
        foreign = "".join(_OTHERS.findall(prose))
        beyond = sum(map(str.isalpha, foreign))
        upper += sum(map(str.isupper, foreign))
        lower += sum(map(str.islower, foreign))
        others = whole.count(b"?")
    digits = len(whole) - len(whole.translate(None, _DIGITS))
    marks = len(whole) - len(whole.translate(None, _MARKS)) - others
    if upper + lower:
        found.capitals = upper / (upper + lower)
    if letters + beyond:
        found.letters_beyond_ascii = beyond / (letters + beyond)
    found.digits = (len(said) - len(said.translate(None, _DIGITS))) / len(said) if said else None
    found.punctuation = None if found.shape.is_json else marks / len(whole)
    ascii_letters = len(whole) - len(whole.translate(None, _UPPER + _LOWER))
    found.tokens = ascii_letters / 5 + digits / 3 + marks + others / 1.5
    spaced = said.translate(_BLANKED if ascii_only else _BLANKED_BUT)
    found.plain_words = frozenset(filter(str.islower, set(spaced.decode("ascii").split())))


def _marked(found: Looks, part: str) -> None:
    lines = part.splitlines()[:LINES]
    kinds = {match.lastgroup for line in lines if (match := _LINE.match(line[:400]))}
    found.code = "code" in kinds or "```" in part
    kinds.discard("code")
    if "**" in part and _BOLD.search(part):
        kinds.add("bold")
    found.marked = frozenset(kind for kind in kinds if kind)


def _sentences(found: Looks, stripped: str, words: list[str]) -> None:
    first = next((character for character in stripped[:40] if character.isalpha()), "")
    found.starts_with_capital = first.isupper() if first else None
    last = stripped[-40:].rstrip(_CLOSING)[-1:]
    found.end_mark = last in _END_MARKS
    found.cut_off = not found.end_mark and (last in (",", ";", "-", "\u2013", "(") or words[-1][-40:].lower().strip(_CLOSING) in _HANGING)
    found.fragment = found.words < _SHORT and found.characters < _SHORT_CHARACTERS


def _repeats(text: str, words: list[str]) -> bool:
    """The text is said twice (blanks, or up to three marks, between), or one word makes up most of it."""
    length = len(text)
    if length < 8:
        return False
    for between in range(4):
        half, odd = divmod(length - between, 2)
        if not odd and text[half - 1] == text[-1] and text.endswith(text[:half]) and not text[half : half + between].strip(" \t\r\n.,;|/-"):
            return True
    if len(words) < 8 or 2 * len(set(words)) > len(words) + 2:
        return False
    return 2 * words.count(sorted(words)[len(words) // 2]) > len(words)  # what makes up most is in the middle of the order
