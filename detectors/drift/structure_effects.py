"""A difference of one feature, in words, and how large it is; and which of several differences say the same."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from detectors.drift.structure_table import Table

ALIKE = 0.8  # rank correlation from which on two features of one family say the same
_TELLING_MORE = {"JSON kind": 0.05, "typos": 0.4}  # of size, before others of their family
_UNITS = {
    "characters": "characters", "tokens": "tokens", "words": "words", "lines": "lines", "turns": "turns", "violations": "violations",
}  # fmt: skip
_SHARES = {
    "capitals": ("capitals", "of letters"), "letters beyond ASCII": ("letters beyond ASCII", "of letters"), "digits": ("digits", "of characters"),
    "punctuation": ("punctuation", "of characters"), "typos": ("typos", "of words"), "unknown words": ("unknown words", "of words"),
}  # fmt: skip
_PRESENCE = {
    "empty": "empty", "starts with capital": "start with a capital", "end mark": "end with an end mark", "cut off": "end in mid-sentence", "fragment": "fewer than three words",
    "repeats": "text said twice or one word over and over", "JSON": "JSON", "markdown": "Markdown", "code": "code", "link": "with a link", "tools used": "with a tool call", "refusal": "refusals",
    "JSON kind: object": "JSON object", "JSON kind: list": "JSON list", "JSON kind: broken": "broken JSON", "language: not told": "language that cannot be told",
}  # fmt: skip
_FAMILIES = {
    "characters": "length", "tokens": "length", "words": "length", "lines": "length", "fragment": "length", "capitals": "case", "starts with capital": "case", "letters beyond ASCII": "language",
    "end mark": "end", "cut off": "end", "punctuation": "end", "tools used": "tool", "typos": "typos", "unknown words": "typos",
}  # fmt: skip
_LANGUAGES = {
    "en": "English", "de": "German", "fr": "French", "es": "Spanish", "it": "Italian", "pt": "Portuguese", "nl": "Dutch", "sv": "Swedish", "da": "Danish", "no": "Norwegian", "fi": "Finnish",
    "pl": "Polish", "cs": "Czech", "ro": "Romanian", "hu": "Hungarian", "tr": "Turkish", "id": "Indonesian", "vi": "Vietnamese", "ru": "Russian", "uk": "Ukrainian", "bg": "Bulgarian",
    "sr": "Serbian", "el": "Greek", "he": "Hebrew", "ar": "Arabic", "hi": "Hindi", "bn": "Bengali", "ta": "Tamil", "te": "Telugu", "th": "Thai", "ka": "Georgian", "hy": "Armenian",
    "ko": "Korean", "ja": "Japanese", "zh": "Chinese",
}  # fmt: skip
_RARE = 0.005  # a share under this is "new" when it grows, "gone" when it was more


def effect(name: str, baseline: NDArray[np.float64], window: NDArray[np.float64]) -> tuple[str, float]:
    """(words, size) of one feature. baseline, window: (m,), (k,) its column of the table, NaN where it does not arise.

    size: 0 to 1, the Kolmogorov-Smirnov distance of the rows that have an answer (of shares: their difference); 0 if a side has none.
    """
    before, after = baseline[~np.isnan(baseline)], window[~np.isnan(window)]
    if not len(before) or not len(after):
        return f"{name}: nothing to compare", 0.0
    size = distance(before, after)
    if name in _UNITS:
        return _figures(_UNITS[name], before, after), size
    if name in _SHARES:
        what, of = _SHARES[name]
        low, high = _telling(before, after)
        return f"{what} {percent(low)} -> {percent(high)} {of}", size
    return _presence(name, float(before.mean()), float(after.mean())), size


def distance(before: NDArray[np.float64], after: NDArray[np.float64]) -> float:
    """The two-sample Kolmogorov-Smirnov distance, exact."""
    before, after = np.sort(before), np.sort(after)
    both = np.concatenate([before, after])
    apart = np.searchsorted(before, both, side="right") / len(before) - np.searchsorted(after, both, side="right") / len(after)
    return float(np.abs(apart).max())


def _telling(before: NDArray[np.float64], after: NDArray[np.float64]) -> tuple[float, float]:
    """Medians; means where medians would tell nothing."""
    low, high = float(np.median(before)), float(np.median(after))
    if percent(low) == percent(high) or abs(high - low) < abs(float(after.mean() - before.mean())):
        return float(before.mean()), float(after.mean())
    return low, high


def _figures(unit: str, before: NDArray[np.float64], after: NDArray[np.float64]) -> str:
    medians, means = (float(np.median(before)), float(np.median(after))), (float(before.mean()), float(after.mean()))
    if _figure(medians[0]) != _figure(medians[1]) and 4 * abs(medians[1] - medians[0]) >= abs(means[1] - means[0]):
        return f"median {_figure(medians[0])} -> {_figure(medians[1])} {unit}"
    if _figure(means[0]) != _figure(means[1]):  # what moved are the longest, or the shortest
        return f"mean {_figure(means[0])} -> {_figure(means[1])} {unit}"
    return f"{unit} spread otherwise (nine in ten up to {_figure(float(np.quantile(before, 0.9)))} -> {_figure(float(np.quantile(after, 0.9)))})"


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:.1f}"


def percent(share: float) -> str:
    """A share as people say it: whole percents, tenths under 10 where they are needed."""
    hundredths = 100 * share
    if 0 < hundredths < 0.1:
        return "under 0.1 %"
    whole = f"{hundredths:.0f}" if hundredths >= 10 or abs(hundredths - round(hundredths)) < 0.05 else f"{hundredths:.1f}"
    return f"{'99.9' if whole == '100' and share < 1 else whole} %"


def _presence(name: str, before: float, after: float) -> str:
    sort, _, value = name.partition(": ")
    if name.startswith("JSON key: "):
        if before < _RARE < after:
            return f"new key {value} in {percent(after)} of JSON"
        if after < _RARE < before:
            return f"key {value} gone, which was in {percent(before)} of JSON"
        if after < before:
            return f"key {value} missing in {percent(1 - before)} -> {percent(1 - after)} of JSON"
        return f"key {value} in {percent(before)} -> {percent(after)} of JSON"
    if name.startswith("JSON type of "):
        path, _, kind = name.removeprefix("JSON type of ").rpartition(": ")
        said = f"{path} is {'an' if kind == 'object' else 'a'} {kind}" if kind != "null" else f"{path} is null"
    elif sort == "language" and value in _LANGUAGES:
        said = _LANGUAGES[value]
    elif sort == "markdown" and value:
        said = f"Markdown {value}"
    else:
        said = _PRESENCE.get(name, name.replace(": ", " ", 1))
    return f"{said} {percent(before)} -> {percent(after)}"


def leading(table: Table, names: Sequence[str], sizes: Sequence[float]) -> list[tuple[str, list[str]]]:
    """Of features that say the same the one of the largest size, and the others behind it, both largest first (ties as in the table).

    Features say the same if they are of one family (lengths; JSON; case; ...) and their ranks correlate by ALIKE over the rows that have both, or
    are there in no row together. What is not of one family stands by itself, even if all rows that changed changed in both.
    From an object to a list says more than that a key is gone, and typos more than words that are not known; these come first if they are nearly as large.
    """
    order = sorted(range(len(names)), key=lambda i: (-sizes[i] - _TELLING_MORE.get(names[i].partition(": ")[0], 0.0), table.names.index(names[i])))
    found: list[tuple[str, list[str]]] = []
    for index in order:
        name = names[index]
        first = next((each for each in found if _alike(table, each[0], name)), None)
        if first is None:
            found.append((name, []))
        else:
            first[1].append(name)
    return found


def _alike(table: Table, one: str, other: str) -> bool:
    if _family(one) != _family(other):
        return False
    if _family(one) == "typos":  # one is part of the other
        return True
    left, right = table.column(one), table.column(other)
    both = ~np.isnan(left) & ~np.isnan(right)
    if both.sum() < 3:
        return True
    ranks = [np.unique(each[both], return_inverse=True, return_counts=True) for each in (left, right)]
    middle = [(np.cumsum(counts) - counts / 2)[inverse] for _, inverse, counts in ranks]
    if middle[0].std() == 0 or middle[1].std() == 0:
        return False
    return abs(float(np.corrcoef(middle[0], middle[1])[0, 1])) > ALIKE


def _family(name: str) -> str:
    if name.startswith("JSON"):
        return "JSON"
    return _FAMILIES.get(name) or name.partition(": ")[0]
