"""Words before a match that make it likelier, or unlikely: at most five tokens back, never after, so that no text to come changes them.

The words are read as they come in prose, keys and column names: `Phone: `, `"mobile_number":"`, `customerPhone=`.
"""

from __future__ import annotations

import re

TOKENS = 5  # how many tokens back a hint may stand
REACH = 64  # code points

PHONE_NAMED = frozenset(  # strong enough for a run of digits without any separator
    "phone phones telephone telefon telefono telefone mobile tel tels tlf mob cell cells cellphone fax call calls calling dial ring sms whatsapp whats text desk landline hotline voicemail handy movil"  # noqa: SIM905
    " celular cellulare callback portable".split()
)
PHONE = PHONE_NAMED | frozenset("called cellular texted texting office helpline numero fono reach answer answers answering contact hp ph signal message messages registered mine".split())  # noqa: SIM905
CARD = frozenset("card cards cardnumber creditcard cc ccn pan visa amex mastercard maestro discover diners jcb unionpay mir carte karte tarjeta cartao carta kreditkarte".split())  # noqa: SIM905
ADDRESS = frozenset("ip ipv4 ips addr address ipaddr ipaddress host server client remote src dst gateway dns ping connect resolver".split())  # noqa: SIM905
VERSION = frozenset("version versions ver v release firmware build driver upgrade upgraded section chapter clause figure table rev sdk oid".split())  # noqa: SIM905
# What the word right before a number says when it names something else.
OTHER = frozenset(
    "order orders ticket invoice tracking sku isbn issn ean upc gtin asin serial epoch timestamp version build batch commit hash uuid guid trace span session request transaction txn parcel shipment"  # noqa: SIM905
    " article catalog barcode incident bestellung bestellnummer rechnung rechnungsnummer commande pedido receipt quote ref reference case id ids rma lot part model item product pin otp code acct account"
    " konto ts seed port pid bytes size offset line row col doi arxiv pmid orderid ticketid userid".split()
)
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_NUMBER_IS = re.compile(r"(?:(?:my|his|her|their|our|your) number|number is|reach (?:me|us|him|her|them))")


def words(text: str, at: int) -> frozenset[str]:
    """The words of the last five tokens before `at`, in small letters; camel case is taken apart."""
    return frozenset(word.lower() for word in _WORD.findall(" ".join(text[max(0, at - REACH) : at].rsplit(None, TOKENS)[-TOKENS:])))


def names_other(text: str, at: int) -> bool:
    """Whether the two tokens right before `at` name an order, a ticket, a serial number: something that only looks like what was matched."""
    return any(word.lower() in OTHER for word in _WORD.findall(" ".join(text[max(0, at - 40) : at].rsplit(None, 2)[-2:])))


def says_number(text: str, at: int) -> bool:
    """`my number is`, `reach me on`."""
    return _NUMBER_IS.search(text[max(0, at - 32) : at].lower()) is not None
