"""The page: one file that stands alone, in which a quoted text stays a quoted text."""

from __future__ import annotations

import datetime as dt
import re
from html.parser import HTMLParser

import numpy as np
import pytest

from gateway.drift.page import compared, page
from gateway.drift.page_trend import Past
from gateway.drift.plane import Point, plane
from tests.support.drift_reports import LENGTH, report, topic

HOSTILE = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</blockquote></body><iframe src=//evil.example>", "' onload='alert(1)", "]]><!--", "&lt;b&gt;", "\x1b[31m\x00\u202e\ufffe",
    "</title></style></svg><style>*{display:none}</style>",
)  # fmt: skip
NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


class Read(HTMLParser):
    """What a browser makes of a page: elements that are open, attributes, text."""

    VOID = ("meta", "br", "link", "img", "input", "path", "rect")

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if tag not in self.VOID:
            assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def hostile_page() -> str:
    """Everything that can be quoted quotes markup."""
    from dataclasses import replace

    said = report(
        topics=(topic(keywords=HOSTILE[:5], exemplars=HOSTILE), topic(aspect="output_topics", keywords=HOSTILE[:2], exemplars=HOSTILE[:1]), topic(aspect=HOSTILE[0])),
        structure=(replace(LENGTH, feature=HOSTILE[1], effect=HOSTILE[0]),),
        notes=HOSTILE,
    )
    points = [Point(0.1 * at, 0.5, at % 2 == 0, at, 0 if at < 6 else -1) for at in range(10)]
    past = [Past(NOON + dt.timedelta(days=at), 0.5, at == 2, 0.1 * at, ((0, 0.1),)) for at in range(3)]
    return page(said, points, names=(HOSTILE[0], HOSTILE[7]), past=past, facts=HOSTILE[:2])


def test_markup_in_texts_stays_text():
    """A user of the app writes the exemplars; whoever opens the report has a session in some console. Every element and attribute is one of ours."""
    read = Read(hostile_page())
    assert {tag for tag, _ in read.elements} <= set(
        "html head meta title style body header h1 h2 h3 p span section article blockquote table thead tbody tr th td svg path rect text tspan desc figure figcaption details summary div footer".split()
    )
    assert not [name for _, attributes in read.elements for name in attributes if name.startswith("on") or name in ("src", "href", "style", "xlink:href")]
    assert [tag for tag, _ in read.elements].count("style") == 1 and read.open == []
    assert HOSTILE[0] in read.text and HOSTILE[1] in read.text and "&lt;b&gt;" in read.text
    assert not re.search("[\x00-\x08\x0b-\x1f\u202e\ufffe]", hostile_page())


def test_nothing_is_fetched_and_nothing_may_run():
    """It is opened from a mail, behind a proxy, years later."""
    said = hostile_page()
    policy = next(attributes["content"] for tag, attributes in Read(said).elements if attributes.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None and policy.startswith("default-src 'none'; style-src 'unsafe-inline'")
    assert "url(" not in said and "@import" not in said and "http://" not in said and "https://" not in said.replace("https://evil", "")


def test_pictures_have_words():
    """A screen reader gets the title and what the picture shows; the bars' numbers stand beside them in a table."""
    said = hostile_page()
    read = Read(said)
    ids = {attributes["id"] for _, attributes in read.elements if "id" in attributes}
    labelled = [attributes for tag, attributes in read.elements if tag == "svg" and attributes.get("role") == "img" and "aria-labelledby" in attributes]
    assert len(labelled) == 2 and all(set((attributes["aria-labelledby"] or "").split()) <= ids for attributes in labelled)
    assert all(attributes.get("role") == "img" or attributes.get("aria-hidden") == "true" for tag, attributes in read.elements if tag == "svg")
    assert "11 % (8.5 to 14)" in read.text and "The same as a table" in read.text


def test_a_report_that_found_nothing_is_short():
    """No empty headings."""
    text = Read(page(report(alarm=False, pvalue=0.4, topics=(), structure=(), notes=()))).text
    assert "No drift found" in text and "What has moved" not in text and "Inputs of both samples" not in text and "Over time" not in text and "Notes" not in text


def test_a_report_of_what_was_not_tested_says_why():
    """As the first thing."""
    read = Read(page(report(tested=False, alarm=False, topics=(), structure=(), aspects=(), notes=("The baseline has 7 rows.",))))
    assert "Not tested: The baseline has 7 rows." in read.text


def test_the_trend_is_of_all_runs_in_order():
    """Runs come in whatever order the store gives them; one alone is no trend."""
    past = [Past(NOON + dt.timedelta(days=day), None if day == 3 else 0.2, day == 9, day / 100, ((0, day / 50),)) for day in (9, 3, 6)]
    text = Read(page(report(), past=past)).text
    assert "3 runs from 2026-03-04 to 2026-03-10, 1 with an alarm; the new or grown share went from 3 % to 9 %." in text
    assert "Over the last 3 runs: 6 % to 18 %, at most 18 %." in text
    assert "Over time" not in Read(page(report(), past=past[:1])).text


def test_runs_of_one_day_are_told_apart_by_their_times():
    """Two equal dates at both ends of a line say nothing."""
    past = [Past(NOON + dt.timedelta(hours=hour), 0.2, False, 0.01) for hour in (0, 3)]
    shown = page(report(), past=past)
    assert "2 runs from 2026-03-01 12:00 UTC to 2026-03-01 15:00 UTC" in Read(shown).text
    assert [f">{at} UTC</text>" in shown for at in ("2026-03-01 12:00", "2026-03-01 15:00")] == [True, True] and ">2026-03-01</text>" not in shown


# ------------------------------------------------------------------ the map


def groups(*sizes: int) -> np.ndarray:
    """Unit vectors in tight groups, each around a direction of its own."""
    random = np.random.default_rng(1)
    rows = np.concatenate([np.eye(24)[at] + 0.05 * random.normal(size=(size, 24)) for at, size in enumerate(sizes)])
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def test_the_map_keeps_what_is_alike_together():
    """Its one purpose. A topic's rows stand nearer to each other than to the rest, and the same samples give the same map."""
    baseline, window = groups(60, 60), groups(0, 60, 40)
    moved = topic(rows=tuple(range(60, 100)))
    points = plane(baseline, window, [moved])
    assert points == plane(baseline, window, [moved]) and len(points) == 220
    assert all(0 <= point.x <= 1 and 0 <= point.y <= 1 for point in points)
    inside = np.array([(p.x, p.y) for p in points if p.topic == 0])
    outside = np.array([(p.x, p.y) for p in points if p.topic == -1])
    assert len(inside) == 40 and {p.row for p in points if p.topic == 0} == set(range(60, 100)) and all(p.in_window for p in points if p.topic == 0)
    reach = np.linalg.norm(inside - inside.mean(axis=0), axis=1).max()
    assert np.linalg.norm(outside - inside.mean(axis=0), axis=1).min() > reach


def test_a_small_topic_is_on_the_map_of_a_large_sample():
    """Of 20 rows in 600, a sample of 100 would show three."""
    baseline, window = groups(300), groups(280, 20)
    points = plane(baseline, window, [topic(rows=tuple(range(280, 300)))], most=100)
    assert len(points) == 100 and sum(point.topic == 0 for point in points) == 20


@pytest.mark.parametrize("count", [0, 1, 2, 3, 11, 12, 13])
def test_a_map_of_few_rows(count: int):
    """Or of rows that are all the same, or of none that has a place."""
    assert len(plane(groups(count), groups(count // 2), [])) == count + count // 2
    same = np.repeat(groups(1), count, axis=0)
    assert len(plane(same, same, [])) == 2 * count
    assert plane(same * 0, same * 0, []) == ()


def test_the_page_of_a_comparison_draws_its_topics():
    """Numbers on the map are those of the cards."""
    said = compared(report(topics=(topic(aspect="output_topics", keywords=("other",)), topic(rows=tuple(range(60, 100))))), groups(60, 60), groups(0, 60, 40), names=("dev.jsonl", "prod.jsonl"))
    text = Read(said).text
    assert "Topics that moved: 1: refund, money back, order." in text and "All 2,500 rows" not in text and "prod.jsonl" in text


def test_bars_are_to_a_scale_that_is_named():
    """Half a bar is half of what the line above says: 11 % of 25 %."""
    said = page(report())
    assert "Bars: the full width is 25 %." in said and f'<rect class="share" y="4" width="{400 * 0.11 / 0.25:.0f}"' in said
    assert "full width" not in page(report(topics=()))
