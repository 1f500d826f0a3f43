"""The page's map: both samples as dots on a plane, topics outlined and named. SVG made here, of numbers and escaped words alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from detectors.drift.base import Topic
from gateway.drift import words
from gateway.drift.page_words import number, safe
from gateway.drift.plane import Point

WIDTH, HEIGHT = 720.0, 560.0
COLOURS = 7  # --t0 to --t6 in the page's style; a topic beyond has the last
_EDGE = 28.0
_CROSS = 2.8  # half a stroke of a baseline's mark
_CORE = 0.8  # of a topic's points lie in its outline
_LABEL = 22  # characters


def drawn(points: Sequence[Point], topics: Sequence[Topic], *, of: int) -> str:
    """The figure; "" if there is nothing to draw. topics: whose indices points have.  of: rows that both samples have."""
    if not points:
        return ""
    places = {index: np.array([_place(point) for point in points if point.topic == index]) for index in range(len(topics))}
    places = {index: each for index, each in places.items() if len(each)}
    described = "; ".join(f"{index + 1}: {words.about(topics[index], 3)}" for index in places) or "none is outlined"
    said = f"{'All' if len(points) >= of else f'{len(points):,} of the'} {of:,} rows."
    parts = [
        f'<svg class="map" viewBox="0 0 {number(WIDTH)} {number(HEIGHT)}" role="img" aria-labelledby="map-title map-desc">',
        f'<title id="map-title">Map of both samples: texts that are alike stand together</title><desc id="map-desc">{safe(f"{said} Topics that moved: {described}.")}</desc>',
        *(_outline(index, each) for index, each in places.items()),
        *(_dots(points, index, in_window) for index in (-1, *range(len(topics))) for in_window in (False, True)),
        *_labels(places, topics),
        "</svg>",
    ]
    key = (
        '<svg class="key" viewBox="0 0 12 12" aria-hidden="true"><path class="dot window" d="M6 6h0"/></svg> window &nbsp; '
        '<svg class="key" viewBox="0 0 12 12" aria-hidden="true"><path class="dot baseline" d="M3 6h6M6 3v6"/></svg> baseline'
    )
    numbers = " The numbers are those of the topics above." if places else ""
    caption = f"{said} Near means alike; how large a gap or a group looks means nothing.{numbers}"
    return f'<figure>{"".join(parts)}<figcaption><span class="keys">{key}</span> {safe(caption)}</figcaption></figure>'


def _place(point: Point) -> tuple[float, float]:
    """In the picture's own units; one scale for both axes would leave a third of it empty."""
    return _EDGE + point.x * (WIDTH - 2 * _EDGE), _EDGE + (1 - point.y) * (HEIGHT - 2 * _EDGE)


def _class(index: int) -> str:
    return f"t{min(index, COLOURS - 1)}"


def _dots(points: Sequence[Point], index: int, in_window: bool) -> str:
    """All of a topic's marks of one sample as one path: dots (strokes of no length) or crosses."""
    steps = []
    for point in points:
        if point.topic == index and point.in_window == in_window:
            x, y = _place(point)
            steps.append(
                f"M{number(x)} {number(y)}h0" if in_window else f"M{number(x - _CROSS)} {number(y)}h{number(2 * _CROSS)}M{number(x)} {number(y - _CROSS)}v{number(2 * _CROSS)}"
            )
    kind = "window" if in_window else "baseline"
    return f'<path class="dot {kind}{f" {_class(index)}" if index >= 0 else ""}" d="{"".join(steps)}"/>' if steps else ""


def _outline(index: int, places: NDArray[np.float64]) -> str:
    hull = _hull(_core(places))
    return f'<path class="outline {_class(index)}" d="M{"L".join(f"{number(x)} {number(y)}" for x, y in hull)}Z"/>'


def _core(places: NDArray[np.float64]) -> NDArray[np.float64]:
    """Those near the topic's middle: what t-SNE threw elsewhere would make the outline say nothing."""
    away = np.linalg.norm(places - np.median(places, axis=0), axis=1)
    kept: NDArray[np.float64] = places[away <= np.quantile(away, _CORE)]
    return kept


def _hull(places: NDArray[np.float64]) -> list[tuple[float, float]]:
    """The convex hull, counter-clockwise (Andrew's monotone chain); of one or two points themselves."""
    ordered = sorted({(float(x), float(y)) for x, y in places})
    if len(ordered) < 3:
        return ordered
    chains = []
    for run in (ordered, ordered[::-1]):
        chain: list[tuple[float, float]] = []
        for x, y in run:
            while len(chain) > 1 and (chain[-1][0] - chain[-2][0]) * (y - chain[-2][1]) <= (chain[-1][1] - chain[-2][1]) * (x - chain[-2][0]):
                chain.pop()
            chain.append((x, y))
        chains.append(chain[:-1])
    return chains[0] + chains[1]


def _labels(places: dict[int, NDArray[np.float64]], topics: Sequence[Topic]) -> list[str]:
    """Each topic's number and first keywords above its outline, moved down where another label stands."""
    taken: list[tuple[float, float, float]] = []  # left, right, y
    out = []
    for index, each in sorted(places.items(), key=lambda item: float(np.median(item[1][:, 1]))):
        core = _core(each)
        said = words.about(topics[index], 2)
        said = said if len(said) <= _LABEL else said[: _LABEL - 1] + "…"
        half = 4.4 * (len(said) + 2)
        x = min(max(float(np.median(core[:, 0])), half + 4), WIDTH - half - 4)
        y = max(16.0, float(core[:, 1].min()) - 14)
        while any(left < x + half and x - half < right and abs(y - at) < 17 for left, right, at in taken) and y < HEIGHT - 8:
            y += 4
        taken.append((x - half, x + half, y))
        out.append(f'<text class="{_class(index)}" x="{number(x)}" y="{number(y)}" text-anchor="middle">{index + 1}<tspan class="words"> {safe(said)}</tspan></text>')
    return out
