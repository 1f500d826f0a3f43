"""Ways to write a text so that a person or a model still reads it and an expression does not. Each is undone by `detectors.text`.

A transform is deterministic, str -> str, and made for ASCII input of at least 12 characters.
"""

from __future__ import annotations

import base64
import unicodedata
from collections.abc import Callable
from itertools import cycle
from urllib.parse import quote

Transform = Callable[[str], str]


def _by_table(source: str, target: str) -> Transform:
    table = str.maketrans(source, target)
    return lambda text: text.translate(table)


def _shifted(*ranges: tuple[str, str, int]) -> Transform:
    """ranges: first and last character, and the code point that the first becomes."""
    return _by_table(
        "".join(chr(code) for first, last, _ in ranges for code in range(ord(first), ord(last) + 1)),
        "".join(chr(to + code - ord(first)) for first, last, to in ranges for code in range(ord(first), ord(last) + 1)),
    )


def _between(char: str) -> Transform:
    return lambda text: char.join(text)


def _in_turn(sources: str, targets: str) -> Transform:
    """Each of `sources` becomes one of `targets`, the next one each time."""

    def transform(text: str) -> str:
        following = cycle(targets)
        return "".join(next(following) if char in sources else char for char in text)

    return transform


def _circled(text: str) -> str:
    names = {"0": "\u24ea"} | {str(digit): chr(0x245F + digit) for digit in range(1, 10)}
    letters = {chr(65 + at): chr(0x24B6 + at) for at in range(26)} | {chr(97 + at): chr(0x24D0 + at) for at in range(26)}
    return "".join((names | letters).get(char, char) for char in text)


def _named(pairs: dict[str, str]) -> Transform:
    return _by_table("".join(pairs), "".join(unicodedata.lookup(name) for name in pairs.values()))


def _script(script: str, capitals: dict[str, str], small: dict[str, str]) -> Transform:
    return _named(
        {plain: f"{script} CAPITAL LETTER {name}" for plain, name in capitals.items()}
        | {plain: f"{script} SMALL LETTER {name}" for plain, name in small.items()}
    )


_CYRILLIC = {"A": "A", "B": "VE", "C": "ES", "E": "IE", "H": "EN", "I": "BYELORUSSIAN-UKRAINIAN I", "J": "JE", "K": "KA", "M": "EM", "O": "O", "P": "ER",
             "S": "DZE", "T": "TE", "X": "HA"}  # fmt: skip
_cyrillic_small = {"a": "A", "c": "ES", "e": "IE", "i": "BYELORUSSIAN-UKRAINIAN I", "j": "JE", "o": "O", "p": "ER", "s": "DZE", "x": "HA", "y": "U"}
_GREEK = {"A": "ALPHA", "B": "BETA", "E": "EPSILON", "Z": "ZETA", "H": "ETA", "I": "IOTA", "K": "KAPPA", "M": "MU", "N": "NU", "O": "OMICRON", "P": "RHO",
          "T": "TAU", "X": "CHI", "Y": "UPSILON"}  # fmt: skip
_greek_small = {"a": "ALPHA", "i": "IOTA", "k": "KAPPA", "o": "OMICRON", "p": "RHO", "v": "NU"}


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _percent(text: str) -> str:
    return "".join(f"%{ord(char):02X}" for char in text)


TRANSFORMS: dict[str, Transform] = {
    "full-width": _shifted(("!", "~", 0xFF01)),
    "math bold": _shifted(("A", "Z", 0x1D400), ("a", "z", 0x1D41A), ("0", "9", 0x1D7CE)),
    "math monospace": _shifted(("A", "Z", 0x1D670), ("a", "z", 0x1D68A), ("0", "9", 0x1D7F6)),
    "circled": _circled,
    "squared": _shifted(("A", "Z", 0x1F130)),
    "negative circled": _shifted(("A", "Z", 0x1F150), ("1", "9", 0x2776)),
    "Cyrillic": _script("CYRILLIC", _CYRILLIC, _cyrillic_small),
    "Greek": _script("GREEK", _GREEK, _greek_small),
    "Arabic-Indic digits": _shifted(("0", "9", 0x660)),
    "Devanagari digits": _shifted(("0", "9", 0x966)),
    "zero-width space": _between("\u200b"),
    "zero-width joiner": _between("\u200d"),
    "soft hyphen": _between("\u00ad"),
    "word joiner": _between("\u2060"),
    "variation selectors": _between("\ufe0f"),
    "supplementary variation selectors": _between("\U000e0101"),
    "combining marks": _between("\u0336"),
    "stacked marks": _between("\u0301\u0323\u0489"),
    "bidi override": lambda text: "\u202e\u2066" + text + "\u2069\u202c",
    "bidi marks": _between("\u200f"),
    "tags": lambda text: "".join(chr(0xE0000 + ord(char)) for char in text),
    "bytes in variation selectors": lambda text: "".join(chr(0xE0100 + byte - 16) for byte in text.encode()),
    "exotic spaces": _in_turn(" ", "\u00a0\u2003\u202f\u3000\u2009\u2800"),
    "exotic dashes": _in_turn("-", "\u2010\u2011\u2013\u2014\u2212\ufe63"),
    "exotic dots": _in_turn(".", "\uff0e\u2024\u3002\u00b7"),
    "base64": _base64,
    "base64 url, no padding": lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
    "base64 in lines": lambda text: base64.encodebytes(text.encode()).decode().rstrip("\n"),
    "double base64": lambda text: _base64(_base64(text)),
    "hex": lambda text: text.encode().hex(),
    "hex, capitals": lambda text: text.encode().hex().upper(),
    "hex apart": lambda text: text.encode().hex(" "),
    "0x41 0x42": lambda text: " ".join(f"0x{byte:02x}" for byte in text.encode()),
    "\\x41": lambda text: "".join(f"\\x{byte:02x}" for byte in text.encode()),
    "\\101": lambda text: "".join(f"\\{byte:03o}" for byte in text.encode()),
    "\\u0041": lambda text: "".join(f"\\u{ord(char):04x}" for char in text),
    "percent": _percent,
    "percent as in an address": lambda text: quote(text, safe=""),
    "double percent": lambda text: _percent(_percent(text)),
    "HTML decimal": lambda text: "".join(f"&#{ord(char)};" for char in text),
    "HTML hex": lambda text: "".join(f"&#x{ord(char):x};" for char in text),
    "base64 of full-width": lambda text: _base64("".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)),
    "percent of base64": lambda text: _percent(_base64(text)),
    "base64 of percent": lambda text: _base64(_percent(text)),
    "zero-width in base64": lambda text: "\u200b".join(_base64(text)),
}
