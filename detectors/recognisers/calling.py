"""Phrases right before a number that ask to be called: `joindre Anna au`, `Emergency contact: `, `Please call `, `m: `.

Unlike the words of `context` these need not be telephones' own; it is where they stand that tells: right before the number, and after nothing
that makes them another word. The less one says, the more the digits must look like a telephone's.

Rules of this file: texts are folded and in small letters; a phrase and what stands before it lie within REACH and hold no digit.
"""

from __future__ import annotations

import re

from detectors.folding import fold
from detectors.recognisers.small import linear, plain

REACH = 48  # code points before a number
ANY, SHORT, LONG, NOTHING = 3, 2, 1, 0  # which digits are a telephone's: seven and more; as one is dialled in a town; with an area code; none

_WHO = r"(?:[^\W\d_](?:[^\W\d_]|[.'\-]){0,15},? ){0,3}"  # as names are written
# Telephone, mobile: Russian, Ukrainian, Greek, Chinese, Japanese, Korean, Arabic, Hebrew, Thai, Hindi
_FOREIGN = (
    "\u0442\u0435\u043b \u0442\u0435\u043b\u0435\u0444\u043e\u043d \u0442\u0435\u043b\u0435\u0444\u043e\u043d\u0430 "
    "\u0442\u0435\u043b\u0435\u0444\u043e\u043d\u0443 \u043c\u043e\u0431 \u043c\u043e\u0431\u0438\u043b\u044c\u043d\u044b\u0439 "
    "\u043c\u043e\u0431\u0456\u043b\u044c\u043d\u0438\u0439 \u03c4\u03b7\u03bb \u03c4\u03b7\u03bb\u03b5\u03c6\u03c9\u03bd\u03bf "
    "\u7535\u8bdd \u8054\u7cfb\u7535\u8bdd \u96fb\u8a71 \u9023\u7d61\u96fb\u8a71 \u96fb\u8a71\u756a\u53f7 \u624b\u673a "
    "\u624b\u673a\u53f7 \u624b\u6a5f \u643a\u5e2f \uc804\ud654 \uc804\ud654\ubc88\ud638 \ud734\ub300\ud3f0 \uc5f0\ub77d\ucc98 \u0647\u0627\u062a\u0641 "
    "\u062c\u0648\u0627\u0644 \u05d8\u05dc\u05e4\u05d5\u05df \u05e0\u05d9\u05d9\u05d3 \u0e42\u0e17\u0e23 \u092b\u094b\u0928 "
    "\u092e\u094b\u092c\u093e\u0907\u0932"
)
_ABROAD = "|".join(fold(word)[0].lower() for word in _FOREIGN.split())  # as texts are
_PHRASES = (
    (
        ANY,
        r"(?<![a-z])(?:joindre|joignable)(?: [a-z'\-]{1,12}){0,3} (?:au|a|sur)(?: le| numero)?[ :]{1,2}"
        r"|(?<![a-z])(?:llam(?:ame|anos|ar(?:me|nos)?|e(?:me|nos)?)|contact(?:ame|ar(?:me|nos)?|e(?:me|nos)?)) (?:al|en el)(?: numero)? "
        r"|(?<![a-z])(?:chiam(?:ami|ateci|ate|are|aci)|contatt(?:ami|are|ateci|aci))(?: [a-z]{1,12})? (?:al|allo)(?: numero)? "
        r"|(?<![a-z])(?:erreich(?:bar|en|t)|anrufen)(?: (?:sie )?(?:mich|uns))? unter(?: der nummer)?[ :]{1,2}"
        r"|(?<![a-z])(?:ligue(?:-me)?|ligar|liga-me) (?:para|pro)(?: o)?(?: numero)? |(?<![a-z])zadzwon(?: do [a-z]{1,12})?(?: pod| na)?(?: numer)? "
        r"|(?<![a-z])(?:mon|ton|son|notre|votre|leur|mi|su|tu|nuestro|mio|suo|tuo|meu|seu) (?:numero|num)(?: (?:c'?est|est|es|e)(?: le)?)?[ :]{1,3}"
        r"|(?<![a-z_\-])(?:call|ring|text) (?:(?:me|us|him|her|them) )?back(?: on| at)?[ :?!]{1,2}"
        r"|(?<![a-z])(?:hit me up|hmu|facetime(?: me)?|imessage me)(?: at| on)?:? |(?<![a-z])(?:my|his|her|our) (?:new |old |work |home )?#(?: is:? |: ?| )"
        r"|(?<![a-z])contact (?:me|us|him|her|them)(?: directly)?(?: at| on| via| by phone(?: at| on)?)[ :]{1,2}",
    ),
    (
        SHORT,
        rf"(?<![a-z_\-])(?:next of kin|emergency contact(?: name| no\.?| number)?|in case of emergency,?(?: call| contact)?) ?[:\-]? ?{_WHO}[\-:(]? ?"
        r"|contact[ _]?(?:no\.?|num(?:ber)?)[\"']? ?[:=] ?[\"']?"
        rf"|(?<![a-z_\-])(?:contact|kontakt|contacto|contatto|contato)(?: no\.?| number)? ?: ?{_WHO}[\-:(]? ?"
        rf"|(?<![a-z_])cell\.:? ?|(?<![a-z])per info(?:rmazioni)?(?: e [a-z]{{3,14}})? ?:? ?{_WHO}[\-:(]? ?"
        r"|(?:[,.!?\n\r\"';(]\s?|(?<![a-z_\-])(?:please|pls|to|can|and|or|just|then|must|should|kindly) )(?:call|text|ring) ",
    ),
    (
        LONG,
        rf"(?<![a-z_\-])(?:call|ring|text|reach)(?:ing|ed)? {_WHO}(?:on|at) |(?<![a-z])urgent(?: matters| enquiries| cases)? ?: "
        r"|(?<![a-z_])numero ?: ?|(?<![a-z0-9_.'\-/])m: |[\n\r|\u2022\xb7] {0,4}[tpf](?:: ?|\. )|(?<![a-z_])(?:mob|cel|fon|tlm|puh)(?:\.:? ?|:? | es )",
    ),
)
_UNSPACED = "|".join(word for word in _ABROAD.split("|") if word >= "\u2e80")  # where it is written without spaces, anything may stand before it, and "is" after it
_SAID_ABROAD = re.compile(rf"(?:(?<![^\W\d_])(?:{_ABROAD})|(?:{_UNSPACED})[\u662f\u306f\ub294\uc740]?)[ .:\-]{{0,3}}\Z")
_NECESSARY = "|".join(dict.fromkeys(plain(word).decode().replace("?", "\\?") for word in _ABROAD.split("|")))  # one sign for each that is not ASCII
_LEVELS = tuple((level, re.compile(rf"(?:{phrase})\Z")) for level, phrase in _PHRASES)
_ANY_LEVEL = linear(re.sub(r"\(\?<![^)]*\)", "", rf"(?:{'|'.join(phrase for _, phrase in _PHRASES)})\z").replace(r"[^\W\d_]", "[a-z?]").replace(r"\u2022\xb7", "?"))  # necessary for any, over bytes
# necessary for any, over bytes; no phrase holds a digit
_TOLD = linear(
    rf"(?i)(?:(?:^|[^a-z])(?:{_NECESSARY})|joindre|joignable|llam[ae]|contact|contatt|contato|kontakt|emergency|urgent|next of kin|reach|(?-i:Cell|Call|Desk|Text|Ring)|chiama|erreich|anrufen|ligue|liga|zadzwon|numero| num[ :]|hit me up|hmu[ :]|facetime|imessage|(?:my|his|her|our) [a-z ]*#|(?:^|[\n\r|?]) {{0,4}}[tpf][:.]|per info|(?:^|[^a-z])(?:m:|(?:mob|cel|fon|tlm|puh)[.: ]|cell|desk|call|text|ring))[^0-9]*[0-9]"
)
MAY_BE = (  # the same of a part of a text, in RE2 syntax, wherever a word begins: a lead may begin within it
    rf"(?i:(?:^|[^a-z])(?:{_NECESSARY})|joindre|joignable|llam[ae]|contact|contatt|contato|kontakt|emergency|urgent|next of kin|reach|chiama|erreich|anrufen|ligu|liga|zadzwon|numero| num[ :]|hit me up|hmu[ :]|facetime|imessage|(?:my|his|her|our) [a-z ]*#|(?:^|[\n\r|?]) {{0,4}}[tpf][:.]|per info|m:|(?:mob|cel|fon|tlm|puh)[.: ]|cell|desk|call|text|ring)"
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
    if not lead.isascii() and _SAID_ABROAD.search(lead):
        return ANY
    if _ANY_LEVEL.search(plain(lead)) is None:
        return NOTHING
    return next((each for each, phrase in _LEVELS if phrase.search(lead)), NOTHING)


def fits(level: int, digits: str) -> bool:
    """Whether these digits are a telephone's after a phrase of this level."""
    return level > NOTHING and _DIGITS[level].fullmatch(digits) is not None
