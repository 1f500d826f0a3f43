"""Wallets: Bitcoin addresses whose checksum holds (Base58Check, Bech32 and Bech32m) and Ethereum addresses."""

from __future__ import annotations

import re
from hashlib import sha256

from detectors.recognisers.hits import Hit

KIND = "CRYPTO"
_WALLET = re.compile(r"(?<![0-9A-Za-z])(?:([13][1-9A-HJ-NP-Za-km-z]{25,34})|(bc1[02-9ac-hj-np-z]{11,71}|BC1[02-9AC-HJ-NP-Z]{11,71})|(0x[0-9A-Fa-f]{40}))(?![0-9A-Za-z])")
_BASE58 = {char: at for at, char in enumerate("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz")}
_BECH32 = {char: at for at, char in enumerate("qpzry9x8gf2tvdw0s3jn54khce6mua7l")}
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


def wallet(text: str, start: int, hits: list[Hit]) -> None:
    """Add the wallet that starts at `start`, if there is one."""
    match = _WALLET.match(text, start)
    if match is None:
        return
    if (match[1] and _base58(match[1])) or (match[2] and _bech32(match[2].lower())) or (match[3] and len(set(match[3])) > 8):
        hits.append((start, match.end(), KIND, 0.9))


def _base58(address: str) -> bool:
    number = 0
    for char in address:
        number = number * 58 + _BASE58[char]
    try:
        raw = number.to_bytes(25, "big")
    except OverflowError:
        return False
    return sha256(sha256(raw[:21]).digest()).digest()[:4] == raw[21:]


def _bech32(address: str) -> bool:
    """BIP 173 and BIP 350."""
    check = 1
    for value in [3, 3, 0, 2, 3, *(_BECH32[char] for char in address[3:])]:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, word in enumerate(_GENERATOR):
            check ^= word if top >> bit & 1 else 0
    return check in (1, 0x2BC830A3)
