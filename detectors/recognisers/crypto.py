"""Wallets: Bitcoin addresses whose checksum holds (Base58Check, Bech32 and Bech32m) and Ethereum addresses."""

from __future__ import annotations

import re
from functools import cache, reduce
from hashlib import sha256
from operator import getitem, xor

from detectors.recognisers.hits import Hit

KIND = "CRYPTO"
_WALLET = re.compile(
    r"[013Bb](?<![0-9A-Za-z].)(?:(?<=[13])([1-9A-HJ-NP-Za-km-z]{25,34})|(?<=b)c1([02-9ac-hj-np-z]{11,71})|(?<=B)C1([02-9AC-HJ-NP-Z]{11,71})|(?<=0)x([0-9A-Fa-f]{40}))(?![0-9A-Za-z])"
)
TOLD = r"[13][1-9A-Za-z]{25}|bc1[02-9a-z]{11}|BC1[02-9A-Z]{11}|0x[0-9A-Fa-f]{40}"  # necessary, in RE2 syntax
_BASE58 = bytes.maketrans(b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz", bytes(range(58)))
# Digits beside each other make one, all pairs at once: a mask of every other one, their width in bits, what the left one counts.
_PAIRS = tuple((sum((1 << bits) - 1 << at for at in range(0, 512, 2 * bits)), bits, 58 ** (bits // 8)) for bits in (8, 16, 32, 64, 128, 256))
_BECH32 = bytes.maketrans(b"qpzry9x8gf2tvdw0s3jn54khce6mua7l", bytes(range(32)))
_BECH32_MAX = 71
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


def _carried(top: int) -> int:
    """What the five bits that leave the sum do to it."""
    carried = 0
    for bit, word in enumerate(_GENERATOR):
        carried ^= word if top >> bit & 1 else 0
    return carried


_CARRIED = tuple(_carried(top) for top in range(32))


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
    number = int.from_bytes(address.encode().translate(_BASE58), "big")
    for mask, bits, base in _PAIRS:
        number = (number >> bits & mask) * base + (number & mask)
    if number >> 200:
        return False
    raw = number.to_bytes(25, "big")
    return sha256(sha256(raw[:21]).digest()).digest()[:4] == raw[21:]


def _bech32(held: str) -> bool:
    """BIP 173 and BIP 350. held: what stands after `bc1`."""
    led, parts = _parts()
    return reduce(xor, map(getitem, parts, held.encode().translate(_BECH32)[::-1]), led[len(held)]) in (1, 0x2BC830A3)


@cache
def _parts() -> tuple[list[int], list[list[int]]]:
    """The sum is one of parts that are worked out apart: of `bc` and what separates it before so many characters, and of each value with so many after it."""
    led, values = 1, list(range(32))
    for value in (3, 3, 0, 2, 3):
        led = _moved(led) ^ value
    ahead, parts = [led], [values]
    for _ in range(_BECH32_MAX):
        ahead.append(_moved(ahead[-1]))
        parts.append(list(map(_moved, parts[-1])))
    return ahead, parts


def _moved(check: int) -> int:
    """The sum one character later, if that is nothing."""
    return (check & 0x1FFFFFF) << 5 ^ _CARRIED[check >> 25]
