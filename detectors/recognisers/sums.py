"""Checksums: the rests of weighted sums, of many numbers at once.

A wall of numbers that are none is what a check must be fast for. So the numbers of a text are laid side by side, and each place of all of them is weighed
and added up as one long integer, a byte for every number: a few operations in C for each place, however many numbers there are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

Weight = int | Mapping[str, int]  # of a digit, or what each character counts; a character that is not named counts nothing
_MOST = 255  # what a byte holds


def rests(modulus: int, *weights: Weight) -> Callable[[Sequence[str]], bytes]:
    """What gives the rest of the sum of each number, as bytes. weights: place by place; what comes after them does not count.

    modulus: at most 128.  The numbers must be all of one length, and no shorter than the weights are many.
    """
    places = [(at, _table(weight, modulus)) for at, weight in enumerate(weights)]
    room = (_MOST + 1 - modulus) // (modulus - 1)  # places that can be added to a rest
    reduce = bytes(value % modulus for value in range(_MOST + 1))

    def find(numbers: Sequence[str]) -> bytes:
        many = len(numbers)
        if not many:
            return b""
        size = len(numbers[0])
        held = "".join(numbers).encode("ascii", "replace")
        total = 0
        for at, table in places:
            if at and not at % room:
                total = int.from_bytes(total.to_bytes(many, "little").translate(reduce), "little")
            total += int.from_bytes(held[at::size].translate(table), "little")
        return total.to_bytes(many, "little").translate(reduce)

    return find


def bare(shown: Sequence[str], signs: bytes) -> list[str]:
    """Numbers without the signs that are written in them. No line ends."""
    return "\n".join(shown).encode("ascii", "replace").translate(None, signs).decode("ascii").split("\n") if shown else []


def _table(weight: Weight, modulus: int) -> bytes:
    values = weight if isinstance(weight, Mapping) else {str(digit): weight * digit for digit in range(10)}
    table = bytearray(_MOST + 1)
    for char, value in values.items():
        table[ord(char)] = value % modulus
    return bytes(table)
