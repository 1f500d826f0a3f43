"""The tests of secret_values of many values at once, for texts that are full of secrets.

Most values are plain: they hold nothing that a test could stumble over, which one pass of RE2 over all of them tells. Only the others are tested one by one.

Rules of this file: an expression is found in every value that the test it spares would refuse, or look at twice; what it is not found in needs no more than its
characters counted. Values hold no white space.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import cache
from itertools import accumulate
from operator import or_
from typing import Any

from detectors import secret_values as values
from detectors.recognisers.small import holding, linear, plain

Check = Callable[[Sequence[str]], list[bool]]
_FEW = values.FEW
_MANY = 16  # values in which an expression was found: if they are a fourth of those before it, each of the others is asked by itself

# Necessary for each test, one value a line, in RE2 syntax.
_REFERENCE = r"^(?:[$%{#@<\[!\\&]|-----|(?:env|ref|vault|op|ssm|arn|file|kms|secretsmanager|data|urn)[:/]|(?:ENC|enc)[\[(:])"
_STAND_IN = rf"(?i:{values.STAND_IN}|{values.FILLER})|{_REFERENCE}"
_PART = "(?:[A-Z]?[a-z]+|[A-Z]{2,})*[0-9]{0,4}"
_SIGNS = r"[^0-9A-Za-z\n]"
_WORDED = rf"(?:{_PART}{_SIGNS}+)*{_PART}$"
_TECHNICAL = rf"^(?i:{values.TECHNICAL})$"
_DATE = rf"^(?:{values.DATE.replace(chr(92) + 'Z', '$')})"
_PATH = r"^(?:[a-z][a-z0-9+.-]*://|//[a-z0-9-]{2,32}\.[a-z]|~/|\.{1,2}/|[A-Za-z]:\\)|(?:^|/)[a-z][a-z_.-]{2,}/|/[a-z][a-z_.-]{2,}$"
_NO_DIGIT, _NO_LETTER, _NO_CAPITAL, _NO_SMALL = "^[^0-9\n]*$", "^[^A-Za-z\n]*$", "^[^A-Z\n]*$", "^[^a-z\n]*$"
_PRINTED = rf"{_NO_DIGIT}|{_NO_LETTER}|{_STAND_IN}|^{_WORDED}"
# By test. Of a password all signs of programs, paths and dates; of what a machine has drawn these themselves, since it draws such signs, too.
_JOINED = rf"(?:{_PART}{_SIGNS}+)*{_PART}{_SIGNS}*[-_]{_SIGNS}*(?:{_PART}{_SIGNS}+)*{_PART}$"  # words with one of two signs between
_CHOSEN = rf"^.{{0,5}}$|[./\\:(\[{{]|->|^{_JOINED}|{_NO_DIGIT}|{_NO_LETTER}|{_STAND_IN}|{_TECHNICAL}|{_DATE}|^[A-Za-z_]*(?i:{values.NAMES})[A-Za-z_]*[0-9]{{0,2}}$"
_DRAWN = rf"^[(^]|@|{_PRINTED}|{_TECHNICAL}|{_DATE}|{_PATH}"
_DRAWN_NO_CODE = rf"{_DRAWN}|^[A-Za-z_][\w.:]*!?[(\[{{]|^\w+\[|^[A-Za-z_]\w*(?:(?:\.|::|->|\?\.)[A-Za-z_]\w*)+$"
_MIXED = rf"{_NO_DIGIT}|{_NO_CAPITAL}|{_NO_SMALL}|{_STAND_IN}|^{_WORDED}"
_VARIED = rf"{_STAND_IN}|^...{_JOINED}"


def chosen(said: Sequence[str]) -> list[bool]:
    """Which are passwords, quoted or not, in prose or not, for certain: of the others `values.chosen` and `values.said` tell."""
    return [not other and (len(set(value[:4])) > 3 or len(set(value)) > 3) for value, other in zip(said, odd(_CHOSEN, said), strict=True)]


def drawn(said: Sequence[str]) -> list[bool]:
    """Which are drawn for certain, if they are long enough, and no code: of the others `values.drawn` and `values.code` tell."""
    return [not other and (len(set(value[:_FEW])) > 5 or len(set(value)) > 5) for value, other in zip(said, odd(_DRAWN_NO_CODE, said), strict=True)]


def odd(expression: str, said: Sequence[str]) -> list[bool]:
    """Those that an expression is found in, and those that are not ASCII. expression: in RE2 syntax; ^ and $ are the ends of a value."""
    lines, search = "\n".join(said), _linear(expression).search
    found = [False] * len(said) if lines.isascii() else [not value.isascii() for value in said]
    held = plain(lines)
    match = search(held) if said else None
    starts = list(accumulate([len(value) + 1 for value in said], initial=0)) if match else []
    many = 0
    while match:
        number = bisect_right(starts, match.start()) - 1
        found[number] = True
        many += 1
        if many > _MANY and many * 4 > number:
            holds = _holding(expression)
            found[number + 1 :] = [each or holds(value) for each, value in zip(found[number + 1 :], held.split(b"\n")[number + 1 :], strict=True)]
            break
        match = search(held, starts[number + 1]) if number + 1 < len(said) else None
    return found


@cache
def _holding(expression: str) -> Callable[[bytes], bool]:
    return holding(f"(?m:{expression})")


@cache
def _linear(expression: str) -> Any:
    return linear(f"(?m:{expression})")


def _drawn(said: Sequence[str]) -> list[bool]:
    return [(not other and len(value) >= 10 and (len(set(value[:_FEW])) > 5 or len(set(value)) > 5)) or values.drawn(value) for value, other in zip(said, odd(_DRAWN, said), strict=True)]


def _random(said: Sequence[str]) -> list[bool]:
    return [(not other and len(value) >= values.RANDOM and (len(set(value[:_FEW])) > 5 or len(set(value)) > 5)) or values.random(value) for value, other in zip(said, odd(_DRAWN, said), strict=True)]


def _secret(said: Sequence[str]) -> list[bool]:
    return [sure or values.chosen(value, quoted=True) for value, sure in zip(said, chosen(said), strict=True)]


def _varied(said: Sequence[str]) -> list[bool]:
    return [values.varied(value) if other else len(set(value[:_FEW])) > 11 or len(set(value)) >= min(12, 4 + len(value) // 6) for value, other in zip(said, odd(_VARIED, said), strict=True)]


def _mixed(said: Sequence[str]) -> list[bool]:
    return [values.mixed(value) if other else len(set(value[:_FEW])) > 9 or len(set(value)) > 9 for value, other in zip(said, odd(_MIXED, said), strict=True)]


def _affixed(said: Sequence[str]) -> list[bool]:
    parts = [max(value.replace("-", "_").split("_"), key=len) for value in said]
    others = map(or_, odd(_STAND_IN, said), odd(f"^{_WORDED}", parts))
    return [values.affixed(value, part, sure=not other) for value, part, other in zip(said, parts, others, strict=True)]


def _userinfo(said: Sequence[str]) -> list[bool]:
    pairs = [value.partition(":") for value in said]
    others = odd(f"_|{_STAND_IN}", [password for _, _, password in pairs])
    return [values.userinfo(value) if other else len(set(password)) > 2 and (low := password.lower()) != user.lower() and low not in values.DEFAULTS for value, (user, _, password), other in zip(said, pairs, others, strict=True)]


def _command(said: Sequence[str]) -> list[bool]:
    pairs = [value.partition(":") for value in said]
    sure = chosen([password for _, _, password in pairs])
    return [password.lower() != user.lower() if each else values.command(value) for value, (user, _, password), each in zip(said, pairs, sure, strict=True)]


def _jwt(said: Sequence[str]) -> list[bool]:
    """Few tokens have a head of their own."""
    heads = [value.partition(".")[0] for value in said]
    known = {head: values.jwt(head) for head in dict.fromkeys(heads)}
    return [known[head] for head in heads]


def _each(check: Callable[[str], bool]) -> Check:
    return lambda said: list(map(check, said))


CHECKS: dict[str, Check] = {
    "": lambda said: [len(set(value[:_FEW])) > 6 or len(set(value)) > 6 for value in said],
    "any": lambda said: [True] * len(said),
    "drawn": _drawn,
    "affixed": _affixed,
    "secret": _secret,
    "varied": _varied,
    "mixed": _mixed,
    "random": _random,
    "userinfo": _userinfo,
    "command": _command,
    "basic": _each(values.basic),
    "jwt": _jwt,
}
