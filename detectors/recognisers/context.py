"""Words before a match that make it likelier, or unlikely: at most five tokens back, never after, so that no text to come changes them.

The words are read as they come in prose, keys and column names: `Phone: `, `"mobile_number":"`, `customerPhone=`.

A text of many numbers asks at each of them, and most have no such word near. So the words of a block are read once, in C, and what is asked
of a place is a look at a short list.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import cache, reduce
from operator import or_

from detectors.later import later
from detectors.recognisers import calling
from detectors.recognisers.small import SHORT, linear

TOKENS = 5  # how many tokens back a hint may stand
REACH = 64  # code points

_NAMED = (  # strong enough for a run of digits without any separator
    "phone phones telephone telefon telefono telefone mobile tel tels tlf mob cellphone fax dial sms whatsapp whats landline hotline voicemail handy movil celular cellulare callback portable msisdn gsm natel"
    " telefonnummer telefoon telefoonnummer handynummer mobilnummer mobiltelefon rufnummer mobil mobiel puhelin telemovel komorka komorkowy"
)
_WEAK = "cell cells call calls calling ring text desk"  # which count things, or take arguments, as often as they telephone
_PHONE = f"{_NAMED} {_WEAK} called cellular texted texting office helpline numero fono reach answer answers answering contact hp ph signal message messages registered mine"
_CARD = "card cards cardnumber creditcard cc ccn pan visa amex mastercard maestro discover diners jcb unionpay mir carte karte tarjeta cartao carta kreditkarte"
_ADDRESS = "ip ipv4 ips addr address ipaddr ipaddress host server client remote src dst gateway dns ping connect resolver"
_VERSION = "version versions ver v release firmware build driver upgrade upgraded section chapter clause figure table rev sdk oid"
# What the word right before a number says when it names something else.
_OTHER = (
    "order orders ticket invoice tracking sku isbn issn ean upc gtin asin serial epoch timestamp version build batch commit hash uuid guid trace span session request transaction txn parcel shipment"
    " article catalog barcode incident bestellung bestellnummer rechnung rechnungsnummer commande pedido receipt quote ref reference case id ids rma lot part model item product pin otp code acct account"
    " konto ts seed port pid bytes size offset line row col doi arxiv pmid orderid ticketid userid mpn oem awb trx drawing artikel artikelnummer teilenummer"
)
PHONE_NAMED, PHONE, CARD, ADDRESS, VERSION, NUMBER, OTHER, WEAK = (1 << n for n in range(8))  # bits
_SAID: dict[str, int] = {}
for _bit, _words in ((PHONE_NAMED, _NAMED), (WEAK, _WEAK), (PHONE, _PHONE), (CARD, _CARD), (ADDRESS, _ADDRESS), (VERSION, _VERSION), (NUMBER, "number reach"), (OTHER, _OTHER)):
    for _word in _words.split():
        for _form in (_word, _word.capitalize(), _word.upper()):
            _SAID[_form] = _SAID.get(_form, 0) | _bit
_KNOWN = frozenset(_SAID)
_WORD = re.compile(r"[A-Za-z](?:[a-z]+|(?<=[A-Z])[A-Z]*|)")
_NUMBER_IS = re.compile(r"(?:(?:my|his|her|their|our|your) number|number is|reach (?:me|us|him|her|them))")
# A weak word that is meant: `call me at`, `my cell is`; right before the number, as an order or a key, if that is as long as most telephones are.
_CALL_IS = re.compile(  # begins with a class, which is fast
    r"[chmorty](?:(?:(?<=c)all|(?<=t)ext|(?<=r)ing|(?<=c)alling|(?<=r)inging|(?<=t)exting) (?:me|us|him|her|them)\b[a-z ,:?!]{0,20}"
    r"|(?:(?<=m)y|(?<=h)is|(?<=h)er|(?<=t)heir|(?<=o)ur|(?<=y)our) (?:cell|desk)(?: number)?(?: is|:| at)?[ :]{0,2})\Z"
)
_CALL = re.compile(
    r"[crt](?:(?:(?<=c)all|(?<=t)ext|(?<=r)ing) \Z"
    + "".join(f"(?<!{before}.{{5}})" for before in ("[a-z_]", "tool ", "api ", "function ", "system ", "the ", "of ", "per ", "max "))
    + r"|(?<=c)ell(?:_?(?:no|num|number))?[\"']?(?: ?[:=] ?| )[\"']?\Z)"
)
_CAMEL = linear("[a-z][A-Z]|[A-Z][A-Z][a-z]")  # where a run of letters is more than one word
_LETTERS = bytes(code if chr(code).isascii() and chr(code).isalpha() else 32 for code in range(256))
_BLOCK = 9  # bits of an index within a block
_CALLER = later(r"caller[ _-]?id\W{0,4}\Z")  # an id that is a number to call
_LONGEST = max(map(len, _KNOWN))

Said = tuple[int, Sequence[str], dict[int, list[int]]]  # the bits of known words together, these words, and by bits where each of them starts, once that was asked
_NONE: Said = (0, (), {})


class Around:
    """The words of one text, read when they are asked for."""

    __slots__ = ("_asked", "_blocks", "_flat", "_last", "_leads", "_low", "_others", "_phrased", "_text")

    def __init__(self, text: str, low: str, flat: bytes) -> None:
        """low, flat: the text as `small` makes it small and plain."""
        self._text, self._low, self._flat = text, low, flat
        self._blocks: dict[int, Said] = {}
        self._phrased: dict[int, bool] = {}  # by block
        self._others: bool | None = None
        self._asked: bool | None = None
        self._leads: dict[str, int] = {}
        self._last = -1, calling.NOTHING  # where it was asked last, and what was said

    def says(self, at: int, bits: int, tokens: int = TOKENS, reach: int = REACH) -> bool:
        """Whether one of the last `tokens` tokens before `at` has a word of `bits`, that begins at most `reach` before it."""
        floor = at - reach
        number = at >> _BLOCK
        while True:
            said = self._blocks.get(number)
            if said is None:
                said = self._read(number)
            if said[0] & bits:
                starts = said[2].get(bits)
                if starts is None:
                    starts = said[2][bits] = self._starts(number, [form for form in said[1] if _SAID[form] & bits])
                n = bisect_left(starts, at)
                if n:
                    start = starts[n - 1]
                    return start >= floor and (at - start <= 2 * tokens or len(self._text[start:at].split(None, tokens)) <= tokens)  # two characters a token, at least
            if number << _BLOCK <= floor or not number:
                return False
            number -= 1

    def names_other(self, at: int) -> bool:
        """Whether the two tokens right before `at` name an order, a ticket, a serial number: something that only looks like what was matched."""
        if self._others is None:
            self._others = _OTHERS.search(self._flat) is not None
        return self._others and self.says(at, OTHER, 2, 40) and _CALLER.search(self._low, max(0, at - 16), at) is None and not (self.says(at, PHONE_NAMED, 1, 12) and not self.says(at, OTHER, 1, 12))  # `acct_owner=Bo Li|tel=`

    def says_number(self, at: int) -> bool:
        """`my number is`, `reach me on`."""
        return self.says(at, NUMBER, REACH, 32) and _NUMBER_IS.search(self._low, max(0, at - 32), at) is not None

    def asked(self, at: int) -> int:
        """Which digits what stands right before `at` makes a telephone, as `calling` has it: a phrase; `call me at`, `my cell is`; `Call` or `"cell": "`."""
        if self._asked is None:
            self._asked = calling.told(self._flat)
        if not self._asked:
            return calling.NOTHING
        if self._last[0] != at:
            self._last = at, self._level(at) if len(self._flat) < SHORT or self._phrase_near(at) else calling.NOTHING
        return self._last[1]

    def _level(self, at: int) -> int:
        lead = calling.lead(self._low, at)
        found = self._leads.get(lead)
        if found is None:
            found = self._leads[lead] = max(calling.level(lead), self._weakly(lead, at))
        return found

    def _phrase_near(self, at: int) -> bool:
        number = at >> _BLOCK
        found = self._phrased.get(number)
        if found is None:
            begin = number << _BLOCK
            found = self._phrased[number] = calling.may_be(self._flat[max(0, begin - calling.REACH) : begin + (1 << _BLOCK)])
        return found

    def _weakly(self, lead: str, at: int) -> int:
        if not self.says(at, WEAK, REACH, min(40, len(lead) - 1)):
            return calling.NOTHING
        return calling.ANY if _CALL_IS.search(lead) else calling.LONG if _CALL.search(lead) else calling.NOTHING

    def _read(self, number: int) -> Said:
        begin = number << _BLOCK
        end = begin + (1 << _BLOCK)
        held = self._flat[max(0, begin - 2) : end + _LONGEST]  # by the two before, and by no more, it shows whether a word begins here
        letters = held.translate(_LETTERS)
        said = _NONE
        if not letters.isspace() and (known := _KNOWN.intersection(letters.decode("ascii").split() if _CAMEL.search(held) is None else _WORD.findall(held.decode("latin-1")))):
            said = reduce(or_, map(_SAID.__getitem__, known)), tuple(known), {}
        self._blocks[number] = said
        return said

    def _starts(self, number: int, forms: Sequence[str]) -> list[int]:
        """Where some words start in a block."""
        begin = number << _BLOCK
        end = begin + (1 << _BLOCK)
        found = [match.start() for form in forms for match in _alone(form).finditer(self._text, begin, end + len(form) - 1)]
        if len(forms) > 1:
            found.sort()
        return found


def necessary(bits: int) -> str:
    """An RE2 expression that is found wherever a word of `bits` is."""
    forms = [form for form, of in _SAID.items() if of & bits]
    lower, first, upper = (_either(filter(like, forms)) for like in (str.islower, lambda form: not form.islower() and not form.isupper(), str.isupper))
    return f"(?:^|[^a-z]){lower}(?:[^a-z]|$)|{first}(?:[^a-z]|$)|(?:^|[^A-Z]){upper}(?:[^A-Za-z]|$)"


def _either(forms: Iterable[str]) -> str:
    return f"(?:{'|'.join(forms)})"


_OTHERS = linear(necessary(OTHER))


@cache
def _alone(form: str) -> re.Pattern[str]:
    """A known word, where `_WORD` would give it. A weak one not within a name in snake case, or where it is called or looked into."""
    if _SAID[form] & WEAK:
        return re.compile(f"{_bounded(form)}{'' if form.lower() == 'cell' else f'(?<!_{form})'}(?!_(?!n)|[(\\[])")
    return re.compile(_bounded(form))


def _bounded(form: str) -> str:
    if form.isupper():
        return f"{form}(?<![A-Z]{form})(?![A-Za-z])"
    if form[0].isupper():
        return f"{form}(?<![A-Z]{form})(?![a-z])"
    return f"{form}(?<![a-z]{form})(?<![^A-Z][A-Z]{form})(?<!^[A-Z]{form})(?![a-z])"


def before(text: str, at: int) -> str:
    """The last five tokens before `at`."""
    return " ".join(text[max(0, at - REACH) : at].rsplit(None, TOKENS)[-TOKENS:])


def words(text: str) -> list[str]:
    """Its words in small letters; camel case is taken apart."""
    return [word.lower() for word in _WORD.findall(text)]
