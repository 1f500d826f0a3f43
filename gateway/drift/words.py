"""What a report says, in sentences: shared by the terminal and the page, so that both say the same."""

from __future__ import annotations

import re
from collections.abc import Sequence

from detectors.drift.base import Direction, Feature, Report, Topic

ASPECTS = {
    "topics": "what inputs are about",
    "structure": "how inputs are built",
    "output_topics": "what outputs are about",
    "output_structure": "how outputs are built",
    "pairs": "which outputs inputs get",
}
DIRECTIONS: dict[Direction, str] = {"new": "New", "grown": "Grown", "shrunk": "Shrunk", "gone": "Gone"}
_WIDTHS = (0.05, 0.1, 0.25, 0.5)  # that a bar's whole width may stand for; else all there is
_FIGURE = r"(?:under )?\d[\d,.]*(?: %)?"
_MOVE = re.compile(rf"({_FIGURE}) -> ({_FIGURE})")
_TAIL = re.compile(rf" \(nine in ten up to ({_FIGURE}) -> \1\)")
_SORTS = frozenset(("kind", "type", "of", "with"))  # in names of features, and no part of what they are about
_LEAST_STEM = 4  # letters
_OF = {"topics": "", "output_topics": "'s outputs", "pairs": "'s pairs of input and output"}


def probability(value: float) -> str:
    """`.43`, `.043`, `.0004`; `1` for what rounds to it."""
    if value >= 0.995:
        return "1"
    digits = 2 if value >= 0.1 else 3 if value >= 0.01 else 4
    text = f"{value:.{digits}f}".lstrip("0").rstrip("0")
    return text if text != "." else "< .0001"


def p_is(value: float) -> str:
    """`p = .0004`."""
    text = probability(value)
    return f"p {text}" if text.startswith("<") else f"p = {text}"


def percent(share: float, *, unit: bool = True) -> str:
    """`11 %`; below ten with a decimal where it says something: `0.4 %`."""
    value = 100 * share if share > 1e-6 else 0.0  # an interval's end may be nothing but rounding
    text = f"{value:.0f}" if value >= 9.95 or value == 0 else f"{value:.1f}".removesuffix(".0")
    if text == "0" and value > 0:
        text = "< 0.1"
    return f"{text} %" if unit else text


def spread(interval: tuple[float, float]) -> str:
    """`9 to 14`, in percent."""
    return f"{percent(interval[0], unit=False)} to {percent(interval[1], unit=False)}"


def verdict(report: Report) -> str:
    """One plain sentence: whether there is drift, in what, and how sure that is."""
    if not report.tested:
        return "Not tested: " + (" ".join(report.notes) or f"{report.rows_window:,} rows against {report.rows_baseline:,} say nothing.")
    sure = f"({p_is(report.pvalue)}, alpha {probability(report.alpha)})"
    if not report.alarm:
        return f"No drift found: {_rows(report.rows_window)} differ from the baseline's {report.rows_baseline:,} by no more than chance explains {sure}."
    moved = [ASPECTS.get(aspect.name, aspect.name) for aspect in report.aspects if aspect.significant]
    said = "; it differs in " + listed(moved) if moved else ""
    return f"Drift: the window is not what was tested {sure}{said}."


def about(topic: Topic, most: int = 5) -> str:
    """Its keywords."""
    return ", ".join(topic.keywords[:most]) or "something that no word tells apart"


def moved(topic: Topic) -> str:
    """A sentence: where the topic is now, and where it was."""
    whose = _OF.get(topic.aspect, "")
    window = f"{percent(topic.share_window)} of the window{whose}"
    baseline = f"{percent(topic.share_baseline)} of the baseline{whose}"
    if topic.direction in ("new", "grown"):
        return f"{window} ({spread(topic.window_interval)}) is about {about(topic)}; {baseline} ({spread(topic.baseline_interval)})."
    return f"{baseline} ({spread(topic.baseline_interval)}) was about {about(topic)}; {window} ({spread(topic.window_interval)})."


def full_width(topics: Sequence[Topic]) -> float:
    """The share that a bar's whole width stands for, one for all topics: what looks like a half is one, or the round number says of what."""
    largest = max((end for topic in topics for end in (topic.share_window, topic.share_baseline, topic.window_interval[1], topic.baseline_interval[1])), default=0.0)
    return next((width for width in _WIDTHS if largest <= width + 1e-9), 1.0)


def scale(width: float) -> str:
    """What a reader must know of the bars. width: of `full_width`."""
    return f"Bars: the full width is {percent(width)}."


def effect(feature: Feature) -> str:
    """What has changed, in words that show a difference: where figures read the same on both sides, that the values are spread otherwise."""
    said = _TAIL.sub("", feature.effect) or feature.feature
    move = _MOVE.search(said)
    if move is None or move[1] != move[2]:
        return said
    what, rest = said[: move.start()].strip(), said[move.end() :].strip()
    return f"{what or feature.feature} spread otherwise ({move[1]}{' ' + rest if rest else ''} on both sides)"


def is_named(feature: Feature) -> bool:
    """Whether the words of the effect name the feature already."""
    if feature.feature.startswith("language: ") and _MOVE.search(feature.effect):  # `Spanish 0 % -> 20 %`
        return True
    has = _tokens(effect(feature))
    return all(any(_alike(word, other) for other in has) for word in _tokens(feature.feature) if word not in _SORTS)


def _tokens(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())


def _alike(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return one == other or (len(short) >= _LEAST_STEM and long.startswith(short))


def listed(words: list[str]) -> str:
    """`a, b and c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def _rows(count: int) -> str:
    return f"{count:,} row" if count == 1 else f"{count:,} rows"

