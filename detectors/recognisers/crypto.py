"""Wallets: Bitcoin addresses whose checksum holds (Base58Check, Bech32 and Bech32m) and Ethereum addresses."""

from __future__ import annotations

import re
from functools import cache
from hashlib import sha256

from detectors.recognisers.hits import Hit

KIND = "CRYPTO"
_WALLET = re.compile(
    r"[013Bb](?<![0-9A-Za-z].)(?:(?<=[13])([1-9A-HJ-NP-Za-km-z]{25,34})|(?<=b)c1([02-9ac-hj-np-z]{11,71})|(?<=B)C1([02-9AC-HJ-NP-Z]{11,71})|(?<=0)x([0-9A-Fa-f]{40}))(?![0-9A-Za-z])"
)
TOLD = r"[13][1-9A-Za-z]{25}|bc1[02-9a-z]{11}|BC1[02-9A-Z]{11}|0x[0-9A-Fa-f]{40}"  # necessary, in RE2 syntax
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BECH32 = bytes.maketrans(b"qpzry9x8gf2tvdw0s3jn54khce6mua7l", bytes(range(32)))
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


def _carried(top: int) -> int:
    """What the five bits that leave the sum do to it."""
    carried = 0
    for bit, word in enumerate(_GENERATOR):
        carried ^= word if top >> bit & 1 else 0
    return carried


_CARRIED = tuple(_carried(top) for top in range(32))


@cache
def _pairs() -> dict[str, int]:
    return {one + other: 58 * high + low for high, one in enumerate(_BASE58) for low, other in enumerate(_BASE58)}


def wallets(text: str, start: int, hits: list[Hit]) -> None:
    """Add those that start at or after `start`."""
    for match in _WALLET.finditer(text, start):
        sort = match.lastindex or 0
        valid = _base58(match[0]) if sort == 1 else len(set(match[4])) > 8 if sort == 4 else _bech32(match[sort].lower())
        if valid:
            hits.append((match.start(), match.end(), KIND, 0.9))


def _base58(address: str) -> bool:
    if len(address) < 32 and len(address) - len(address.lstrip("1")) < 2:
        return False  # of 25 bytes, only leading zeros make a short address, and each is a 1
    number, pairs = 0, _pairs()
    if len(address) % 2:
        address = "1" + address
    for at in range(0, len(address), 2):
        number = number * 3364 + pairs[address[at : at + 2]]
    if number >> 200:
        return False
    raw = number.to_bytes(25, "big")
    return sha256(sha256(raw[:21]).digest()).digest()[:4] == raw[21:]


def _bech32(held: str) -> bool:
    """BIP 173 and BIP 350. held: what stands after `bc1`."""
    check, carried = _LED, _CARRIED
    for value in held.encode().translate(_BECH32):
        check = (check & 0x1FFFFFF) << 5 ^ value ^ carried[check >> 25]
    return check in (1, 0x2BC830A3)


def _led() -> int:
    """The sum after `bc` and what separates it."""
    check = 1
    for value in (3, 3, 0, 2, 3):
        check = (check & 0x1FFFFFF) << 5 ^ value ^ _CARRIED[check >> 25]
    return check


_LED = _led()
