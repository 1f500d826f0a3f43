"""A report for who reads it in a terminal: the verdict first, then what moved, each as a sentence with its numbers."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from detectors.drift.base import Feature, Report, Topic
from gateway.drift import words

_BAR = 40  # characters of a bar at most
_SHORTEST = 8  # and at least; else there is none
_BEHIND = 3  # features that are named because they say the same as one that is told
_LEAST = 40  # of a line; a narrower terminal wraps
_FULL, _ASCII = ("█", "▒", "─"), ("#", "=", "-")  # certain, within the interval, the rest


@dataclass(frozen=True, slots=True)
class Look:
    """What the reader's terminal can do. width: characters of a line.  colour: it obeys ANSI.  blocks: it can show more than ASCII."""

    width: int = 100
    colour: bool = False
    blocks: bool = True


def lines(report: Report, look: Look, *, labels: Mapping[int, str] | None = None, every: bool = False) -> list[str]:
    """The report, which should have been masked. labels: what topics are called, by their place.  every: also what was tested and is not significant."""
    width = max(_LEAST, look.width)
    out = [_coloured(line, report, look) for line in _wrapped(words.verdict(report), width)]
    if not report.tested:
        return out
    scale = words.full_width(report.topics)
    for place, topic in enumerate(report.topics):
        out += ["", *_topic(topic, (labels or {}).get(place, ""), scale, width, look)]
    if report.topics and _longest(width) >= _SHORTEST:
        out += ["", words.scale(scale)]
    features = [feature for feature in report.structure if every or (feature.significant and not feature.behind)]
    if features:
        out.append("")
        for feature in features:
            behind = [other.feature for other in report.structure if not every and (other.aspect, other.behind) == (feature.aspect, feature.feature)]
            out += _wrapped(_feature(feature, behind), width, "  ")
    if report.aspects:
        size = max(len(_name(aspect.name)) for aspect in report.aspects)
        out += ["", "Tested at once, each p-value corrected for all of them:"]
        out += [f"  {_name(aspect.name):<{size}}  p {words.probability(aspect.pvalue):>7}{'  *' if aspect.significant else ''}" for aspect in report.aspects]
    for note in report.notes:
        out += ["", *_wrapped(f"Note: {note}", width, "  ")]
    return out


def plain(text: str, width: int) -> str:
    """Any text as one line that does nothing to a terminal, at most `width` columns wide."""
    one = " ".join("".join(char if char.isprintable() else " " for char in text[: 4 * width]).split())
    cut, at = len(text) > 4 * width, 0
    for index, char in enumerate(one):
        at += 0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        if at > width - 3:
            if cut or _columns(one) > width:
                return one[:index].rstrip() + "..."
            break
    return one


def _columns(text: str) -> int:
    return sum(0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _name(aspect: str) -> str:
    return words.ASPECTS.get(aspect, aspect)


def _longest(width: int) -> int:
    return min(_BAR, width - 36)


def _topic(topic: Topic, label: str, scale: float, width: int, look: Look) -> Iterable[str]:
    called = f" ({plain(label, 80)})" if label else ""
    yield from _wrapped(f"{words.DIRECTIONS[topic.direction]}{called}: {plain(words.moved(topic), 4 * width)}", width, "  ")
    most = _longest(width)
    for name, share, interval in (("window", topic.share_window, topic.window_interval), ("baseline", topic.share_baseline, topic.baseline_interval)):
        if most >= _SHORTEST:
            yield f"  {name:<8} {_bar(share, interval, scale, most, look)} {words.percent(share):>7} ({words.spread(interval)})"
    for text in topic.exemplars:
        yield f'  e.g. "{plain(text, width - 9)}"'


def _bar(share: float, interval: tuple[float, float], scale: float, most: int, look: Look) -> str:
    """Filled up to the interval's lower end, half filled up to its upper one."""
    full, within, rest = _FULL if look.blocks else _ASCII
    low, high = (round(most * min(1.0, end / scale)) for end in interval)
    high = max(high, round(most * min(1.0, share / scale)))
    return full * low + within * (high - low) + rest * (most - high)


def _feature(feature: Feature, behind: Sequence[str]) -> str:
    side = "outputs" if feature.aspect.startswith("output") else "inputs"
    said, name = plain(words.effect(feature), 400), [] if words.is_named(feature) else [feature.feature]
    with_it = [f"{'and ' if name else ''}with it {', '.join(behind[:_BEHIND])}{' and others' if len(behind) > _BEHIND else ''}"] if behind else []
    facts = ", ".join([*name, *with_it, words.p_is(feature.pvalue), *([] if feature.significant else ["not significant"])])
    return f"Structure of {side}: {said} ({facts})."


def _wrapped(text: str, width: int, indent: str = "") -> Sequence[str]:
    text = "".join(char if char.isprintable() else " " for char in text)  # whatever it quotes: a terminal obeys what others wrote
    return textwrap.wrap(text, width, subsequent_indent=indent, break_on_hyphens=False) or [""]


def _coloured(line: str, report: Report, look: Look) -> str:
    if not look.colour:
        return line
    return f"\x1b[1;{33 if not report.tested else 31 if report.alarm else 32}m{line}\x1b[0m"
