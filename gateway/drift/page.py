"""A report as a page: one file without a script, a font or a picture from elsewhere, so it can be mailed, kept and opened anywhere.

Everything that is quoted is escaped (gateway.drift.page_words), and the page's own policy allows nothing but its style: an exemplar that tries to be
markup stays an exemplar.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from detectors.drift.base import Report, Topic, Vectors
from gateway.drift import page_map, plane, words
from gateway.drift.page_style import STYLE
from gateway.drift.page_trend import Past, spark, trend
from gateway.drift.page_words import number, safe

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_BAR = 400.0  # units of a bar's width
NAMES = ("the baseline", "the window")


def compared(
    report: Report,
    baseline: Vectors | None = None,
    window: Vectors | None = None,
    *,
    names: tuple[str, str] = NAMES,
    past: Sequence[Past] = (),
    facts: Iterable[str] = (),
    labels: Mapping[int, str] | None = None,
    every: bool = False,
    seed: int = 0,
) -> str:
    """The page with its map. report: masked.  baseline, window: the inputs' vectors, in the order of the rows; zeros where there is none; None: no map.  Others as of `page`."""
    points = plane.plane(baseline, window, _of_inputs(report), seed=seed) if baseline is not None and window is not None else ()
    return page(report, points, names=names, past=past, facts=facts, labels=labels, every=every)


def page(
    report: Report,
    points: Sequence[plane.Point] = (),
    *,
    names: tuple[str, str] = NAMES,
    past: Sequence[Past] = (),
    facts: Iterable[str] = (),
    labels: Mapping[int, str] | None = None,
    every: bool = False,
) -> str:
    """The page. points: of `plane`, with the report's topics of inputs.  names: of the samples.  past: this run and those before it, in whatever order.

    facts: sentences for its head, such as when it was made.  labels: what topics are called, by their place in the report.  every: also features that are not significant.
    """
    verdict = words.verdict(report)
    head, _, rest = verdict.partition(": ")
    kind = "warn" if not report.tested else "bad" if report.alarm else "good"
    lines = [f"Baseline: {names[0]}, {report.rows_baseline:,} rows. Window: {names[1]}, {report.rows_window:,} rows.", *facts]
    body = [
        f'<header><h1><span class="{kind}">{safe(head)}:</span> {safe(rest)}</h1>{"".join(f"<p class=facts>{safe(line)}</p>" for line in lines)}</header>',
        *_topics(report, past, labels or {}),
        _section("map", "Inputs of both samples", page_map.drawn(points, _of_inputs(report), of=report.rows_baseline + report.rows_window)),
        _section("trend", "Over time", trend(past)),
        _section("structure", "Structure", _structure(report, every)),
        _section("tests", "What was tested", _aspects(report)),
        _section("notes", "Notes", "".join(f"<p>{safe(note)}</p>" for note in report.notes) if report.tested else ""),
        f"<footer><p>{safe(_reading(report))}</p></footer>" if report.tested else "",
    ]
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}"><meta name="referrer" content="no-referrer">'
        f"<title>{safe(head)}: {safe(names[1])}</title><style>{STYLE}</style></head>\n<body>\n" + "\n".join(part for part in body if part) + "\n</body></html>\n"
    )


def _of_inputs(report: Report) -> list[Topic]:
    return [topic for topic in report.topics if topic.aspect == "topics"]


def _section(id: str, title: str, inside: str) -> str:
    return f'<section aria-labelledby="{id}"><h2 id="{id}">{title}</h2>{inside}</section>' if inside else ""


def _topics(report: Report, past: Sequence[Past], labels: Mapping[int, str]) -> list[str]:
    """A card each. Those of inputs are numbered as on the map."""
    scale = words.full_width(report.topics)
    numbers = {id(topic): index for index, topic in enumerate(_of_inputs(report))}
    cards = []
    for place, topic in enumerate(report.topics):
        index = numbers.get(id(topic))
        colour = f" t{min(index, page_map.COLOURS - 1) if index is not None else page_map.COLOURS - 1}"
        badge = f'<span class="badge">{index + 1}</span>' if index is not None else ""
        quoted = "".join(f"<blockquote>{safe(text)}</blockquote>" for text in topic.exemplars)
        side = "" if topic.aspect == "topics" else f" ({words.ASPECTS.get(topic.aspect, topic.aspect)})"
        title = f"{words.DIRECTIONS[topic.direction]}{side}: {labels.get(place) or words.about(topic, 3)}"
        cards.append(f'<article class="card{colour}"><h3>{badge}<span class="said">{safe(title)}</span></h3>{_bars(topic, scale)}<p>{safe(words.moved(topic))}</p>{spark(past, place)}{quoted}</article>')
    return [_section("moved", "What has moved", f'<p class="soft">{safe(words.scale(scale))}</p>{"".join(cards)}')] if cards else []


def _bars(topic: Topic, scale: float) -> str:
    """Both shares with their intervals: a table, of which the bars are pictures. scale: the share that the whole width is."""
    rows = []
    for name, look, share, interval in (("window", "share", topic.share_window, topic.window_interval), ("baseline", "base", topic.share_baseline, topic.baseline_interval)):
        width, low, high = (number(_BAR * min(1.0, value / scale)) for value in (share, *interval))
        rows.append(
            f'<tr><th scope="row">{name}</th><td><svg class="bar" viewBox="0 0 {number(_BAR)} 18" preserveAspectRatio="none" aria-hidden="true">'
            f'<rect class="rail" y="4" width="{number(_BAR)}" height="10"/><rect class="{look}" y="4" width="{width}" height="10"/>'
            f'<path class="range" vector-effect="non-scaling-stroke" d="M{low} 9H{high}M{low} 5v8M{high} 5v8"/></svg></td>'
            f'<td class="n">{safe(words.percent(share))} ({safe(words.spread(interval))})</td></tr>'
        )
    return f'<table class="bars"><tbody>{"".join(rows)}</tbody></table>'


def _structure(report: Report, every: bool) -> str:
    features = [feature for feature in report.structure if every or (feature.significant and not feature.behind)]
    if not features:
        return ""
    rows = "".join(
        f"<tr><td>{'outputs' if feature.aspect.startswith('output') else 'inputs'}</td><td>{safe(feature.feature)}</td><td>{safe(words.effect(feature))}</td>"
        f'<td class="n">{safe(words.probability(feature.pvalue))}{"" if feature.significant else " (not significant)"}</td><td class="n">{feature.size:.2f}</td></tr>'
        for feature in features
    )
    return f'<div class="scroll"><table><thead><tr><th>of</th><th>feature</th><th>what has changed</th><th>p</th><th>gap, 0 to 1</th></tr></thead><tbody>{rows}</tbody></table></div>'


def _aspects(report: Report) -> str:
    if not report.aspects:
        return ""
    rows = "".join(
        f'<tr><td>{safe(words.ASPECTS.get(aspect.name, aspect.name))}</td><td class="n">{safe(words.probability(aspect.pvalue))}</td><td>{"changed" if aspect.significant else "no change found"}</td></tr>'
        for aspect in report.aspects
    )
    return f"<table><thead><tr><th>question</th><th>p, corrected</th><th>answer</th></tr></thead><tbody>{rows}</tbody></table>"


def _reading(report: Report) -> str:
    return (
        f"All questions were asked at once under one error rate: where nothing has changed, this report says that something has in {words.percent(report.alpha)} of cases. "
        f"P-values come from {report.permutations:,} permutations of the samples' labels. Intervals are 95 %."
    )
