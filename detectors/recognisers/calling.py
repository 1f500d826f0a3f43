"""Phrases right before a number that ask to be called: `joindre Anna au`, `Emergency contact: `, `Please call `, `m: `.

Unlike the words of `context` these need not be telephones' own; it is where they stand that tells: right before the number, and after nothing
that makes them another word. The less one says, the more the digits must look like a telephone's.

Rules of this file: texts are folded and in small letters; a phrase and what stands before it lie within REACH and hold no digit.
"""

from __future__ import annotations

import re

from detectors.recognisers.small import linear, plain

REACH = 48  # code points before a number
ANY, SHORT, LONG, NOTHING = 3, 2, 1, 0  # which digits are a telephone's: seven and more; as one is dialled in a town; with an area code; none

_WHO = r"(?:[^\W\d_](?:[^\W\d_]|[.'\-]){0,15},? ){0,3}"  # as names are written
_PHRASES = (
    (
        ANY,
        r"(?<![a-z])(?:joindre|joignable)(?: [a-z'\-]{1,12}){0,3} (?:au|a|sur)(?: le| numero)?[ :]{1,2}"
        r"|(?<![a-z])(?:llam(?:ame|anos|ar(?:me|nos)?|e(?:me|nos)?)|contact(?:ame|ar(?:me|nos)?|e(?:me|nos)?)) (?:al|en el)(?: numero)? "
        r"|(?<![a-z])(?:chiam(?:ami|ateci|ate|are|aci)|contatt(?:ami|are|ateci|aci))(?: [a-z]{1,12})? (?:al|allo)(?: numero)? "
        r"|(?<![a-z])(?:erreich(?:bar|en|t)|anrufen)(?: (?:sie )?(?:mich|uns))? unter(?: der nummer)?[ :]{1,2}"
        r"|(?<![a-z])(?:ligue(?:-me)?|ligar|liga-me) (?:para|pro)(?: o)?(?: numero)? |(?<![a-z])zadzwon(?: do [a-z]{1,12})?(?: pod| na)?(?: numer)? "
        r"|(?<![a-z])(?:mon|ton|son|notre|votre|leur|mi|su|tu|nuestro|mio|suo|tuo|meu|seu) numero(?: (?:est|es|e)(?: le)?)?[ :]{1,3}"
        r"|(?<![a-z_\-])(?:call|ring|text) (?:(?:me|us|him|her|them) )?back(?: on| at)?[ :?!]{1,2}"
        r"|(?<![a-z])contact (?:me|us|him|her|them)(?: directly)?(?: at| on| via| by phone(?: at| on)?)[ :]{1,2}",
    ),
    (
        SHORT,
        rf"(?<![a-z_\-])(?:next of kin|emergency contact(?: name| no\.?| number)?|in case of emergency,?(?: call| contact)?) ?[:\-]? ?{_WHO}[\-:(]? ?"
        rf"|(?<![a-z_\-])(?:contact|kontakt|contacto|contatto|contato)(?: no\.?| number)? ?: ?{_WHO}[\-:(]? ?"
        rf"|(?<![a-z_])cell\.:? ?|(?<![a-z])per info(?:rmazioni)?(?: e [a-z]{{3,14}})? ?:? ?{_WHO}[\-:(]? ?"
        r"|(?:[,.!?\n\r\"';(]\s?|(?<![a-z_\-])(?:please|pls|to|can|and|or|just|then|must|should|kindly) )(?:call|text|ring) ",
    ),
    (
        LONG,
        rf"(?<![a-z_\-])(?:call|ring|text|reach)(?:ing|ed)? {_WHO}(?:on|at) |(?<![a-z])urgent(?: matters| enquiries| cases)? ?: "
        r"|(?<![a-z_])numero ?: ?|(?<![a-z0-9_.'\-/])m: |(?<![a-z_])(?:mob|cel)\.:? ?",
    ),
)
_LEVELS = tuple((level, re.compile(rf"(?:{phrase})\Z")) for level, phrase in _PHRASES)
_ANY_LEVEL = linear(re.sub(r"\(\?<![^)]*\)", "", rf"(?:{'|'.join(phrase for _, phrase in _PHRASES)})\z").replace(r"[^\W\d_]", "[a-z?]"))  # necessary for any, over bytes
# necessary for any, over bytes; no phrase holds a digit
_TOLD = linear(
    r"(?i)(?:joindre|joignable|llam[ae]|contact|contatt|contato|kontakt|emergency|urgent|next of kin|reach|(?-i:Cell|Call|Desk|Text|Ring)|chiama|erreich|anrufen|ligue|liga|zadzwon|numero|per info|(?:^|[^a-z])(?:m:|(?:mob|cel)\.|cell|desk|call|text|ring))[^0-9]*[0-9]"
)
MAY_BE = (  # the same of a part of a text, in RE2 syntax, wherever a word begins: a lead may begin within it
    r"(?i:joindre|joignable|llam[ae]|contact|contatt|contato|kontakt|emergency|urgent|next of kin|reach|chiama|erreich|anrufen|ligu|liga|zadzwon|numero|per info|m:|mob\.|cel\.|cell|desk|call|text|ring)"
)
_MAY_BE = linear(MAY_BE)
_BACK = re.compile(rf"[^0-9]{{0,{REACH}}}+")  # read backwards
_DIGITS = {
    ANY: re.compile("[0-9]{7,15}"),
    LONG: re.compile(r"(?![0-9]*00000\Z)(?:1?[2-9][0-9]{2}[2-9][0-9]{6}|[02-9][0-9]{8,11})"),
}
_DIGITS[SHORT] = re.compile(rf"(?:{_DIGITS[LONG].pattern}|(?![0-9]*0000\Z)[2-9][0-9]{{6,7}})")


def told(flat: bytes) -> bool:
    """Whether any phrase may be in a text, as bytes."""
    return _TOLD.search(flat) is not None


def may_be(flat: bytes) -> bool:
    """Whether any phrase may begin in a part of a text, as bytes."""
    return _MAY_BE.search(flat) is not None


def lead(low: str, at: int) -> str:
    """What stands before `at` since the digit before it, which is in its place a zero. low: the text in small letters."""
    back = _BACK.match(low[max(0, at - REACH) : at][::-1])
    size = back.end() if back else 0
    return ("0" if size < at else "\n") + low[at - size : at]  # what begins a text begins a line


def level(lead: str) -> int:
    """Which digits a phrase at the end of a lead makes a telephone."""
    if _ANY_LEVEL.search(plain(lead)) is None:
        return NOTHING
    return next((each for each, phrase in _LEVELS if phrase.search(lead)), NOTHING)


def fits(level: int, digits: str) -> bool:
    """Whether these digits are a telephone's after a phrase of this level."""
    return level > NOTHING and _DIGITS[level].fullmatch(digits) is not None
