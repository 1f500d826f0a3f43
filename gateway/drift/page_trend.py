"""The page's trend: runs over time, the share of the window that is new or has grown, and where a topic's own share went."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from gateway.drift import words
from gateway.drift.page_words import number, safe

WIDTH, HEIGHT = 720.0, 200.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 60.0, 12.0, 12.0, 30.0
MOST = 60  # runs; the newest


@dataclass(frozen=True, slots=True)
class Past:
    """One run. pvalue: None: nothing was tested.  shares: of the window, by the index of a topic of the report that the page is about."""

    at: dt.datetime
    pvalue: float | None
    alarm: bool
    novel_share: float
    shares: tuple[tuple[int, float], ...] = ()


def trend(runs: Sequence[Past]) -> str:
    """The figure with its table, oldest run first; "" if there are fewer than two."""
    runs = sorted(runs, key=lambda run: run.at)[-MOST:]
    if len(runs) < 2:
        return ""
    top = max(0.05, *(run.novel_share for run in runs)) * 1.1
    begin, end = runs[0].at.timestamp(), runs[-1].at.timestamp()
    places = [
        (_LEFT + (WIDTH - _LEFT - _RIGHT) * ((run.at.timestamp() - begin) / (end - begin) if end > begin else 0.5), _TOP + (HEIGHT - _TOP - _BOTTOM) * (1 - run.novel_share / top))
        for run in runs
    ]
    when = _day if _day(runs[0].at) != _day(runs[-1].at) else _moment
    alarms = sum(run.alarm for run in runs)
    said = f"{len(runs)} runs from {when(runs[0].at)} to {when(runs[-1].at)}, {alarms} with an alarm; the new or grown share went from {words.percent(runs[0].novel_share)} to {words.percent(runs[-1].novel_share)}."
    floor = HEIGHT - _BOTTOM
    parts = [
        f'<svg class="trend" viewBox="0 0 {number(WIDTH)} {number(HEIGHT)}" role="img" aria-labelledby="trend-title trend-desc">',
        f'<title id="trend-title">Share of the window in topics that are new or have grown, run by run</title><desc id="trend-desc">{safe(said)}</desc>',
        *(
            f'<path class="grid" d="M{number(_LEFT)} {number(y)}H{number(WIDTH - _RIGHT)}"/><text x="{number(_LEFT - 6)}" y="{number(y + 4)}" text-anchor="end">{safe(words.percent(share))}</text>'
            for share, y in ((top * step / 2, floor - (floor - _TOP) * step / 2) for step in range(3))
        ),
        f'<text x="{number(_LEFT)}" y="{number(HEIGHT - 8)}">{safe(when(runs[0].at))}</text>',
        f'<text x="{number(WIDTH - _RIGHT)}" y="{number(HEIGHT - 8)}" text-anchor="end">{safe(when(runs[-1].at))}</text>',
        f'<path class="line" d="M{"L".join(f"{number(x)} {number(y)}" for x, y in places)}"/>',
        *(
            f'<path class="{"alarm" if run.alarm else "quiet"}" d="{_diamond(x, y) if run.alarm else f"M{number(x)} {number(y)}h0"}"><title>{safe(_told(run))}</title></path>'
            for run, (x, y) in zip(runs, places, strict=True)
        ),
        "</svg>",
    ]
    rows = "".join(
        f"<tr><td>{safe(_moment(run.at))}</td><td>{safe('-' if run.pvalue is None else words.probability(run.pvalue))}</td><td>{'alarm' if run.alarm else 'no'}</td><td>{safe(words.percent(run.novel_share))}</td></tr>"
        for run in reversed(runs)
    )
    table = f"<details><summary>The same as a table</summary><table><thead><tr><th>run</th><th>p</th><th>alarm</th><th>new or grown</th></tr></thead><tbody>{rows}</tbody></table></details>"
    return f"<figure>{''.join(parts)}<figcaption>{safe(said)} A diamond is an alarm.</figcaption></figure>{table}"


def spark(runs: Sequence[Past], topic: int) -> str:
    """A small line of one topic's share over the runs; "" if it was in fewer than two. Runs without it count as none."""
    runs = sorted(runs, key=lambda run: run.at)[-MOST:]
    shares = [dict(run.shares).get(topic, 0.0) for run in runs]
    if sum(share > 0 for share in shares) < 2:
        return ""
    top = max(shares)
    steps = "L".join(f"{number(2 + 116 * at / max(1, len(shares) - 1))} {number(22 - 20 * share / top)}" for at, share in enumerate(shares))
    said = f"Over the last {len(shares)} runs: {words.percent(shares[0])} to {words.percent(shares[-1])}, at most {words.percent(top)}"
    return f'<p class="spark"><svg viewBox="0 0 120 24" role="img"><title>{safe(said)}</title><path class="line" d="M{steps}"/></svg> {safe(said)}.</p>'


def _told(run: Past) -> str:
    return f"{_moment(run.at)}: {words.percent(run.novel_share)}{'' if run.pvalue is None else ', ' + words.p_is(run.pvalue)}{', alarm' if run.alarm else ''}"


def _diamond(x: float, y: float) -> str:
    return f"M{number(x)} {number(y - 6)}l6 6l-6 6l-6 -6Z"


def _day(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%d")


def _moment(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M UTC")
