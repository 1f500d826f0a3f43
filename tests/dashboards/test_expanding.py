"""What Grafana makes of a query before an engine sees it: the rules that the live test of the boards stands on."""

from __future__ import annotations

import pytest

from tests.support.panels import ALL, CLICKHOUSE, PROMETHEUS, Choices, Chosen, Span, Unanswered, expand

SPAN = Span(1_800_000_000.0, 1_800_003_600.0, scrape_s=15.0)
ODD = "gpt-4.1's (new)"


def chosen(value: str | tuple[str, ...] = ALL, *, all_value: str = "") -> Choices:
    return {"model": Chosen(("a", ODD), value, all_value), "console": Chosen((), "http://127.0.0.1:8081", multi=False)}


@pytest.mark.parametrize(
    ("query", "engine", "choices", "expected"),
    [
        ('x{model=~"$model"}', PROMETHEUS, chosen(), r'''x{model=~"(a|gpt-4\\.1\\'s \\(new\\))"}'''),
        ('x{model=~"$model"}', PROMETHEUS, chosen(("a",)), 'x{model=~"a"}'),
        ('x{model=~"$model"}', PROMETHEUS, chosen(all_value=".*"), 'x{model=~".*"}'),
        ('x{model=~"${model:regex}"}', PROMETHEUS, chosen(("a.b",)), r'x{model=~"a\.b"}'),
        ("rate(x[$__rate_interval])[$__interval] $__range", PROMETHEUS, chosen(), "rate(x[60s])[15s] 3600s"),
        ("m IN ($model)", CLICKHOUSE, chosen(), f"m IN ('a','{ODD}')"),
        ("m IN (${model:singlequote})", CLICKHOUSE, chosen(), r"m IN ('a','gpt-4.1\'s (new)')"),
        ("m IN (${model:sqlstring})", CLICKHOUSE, chosen((ODD,)), "m IN ('gpt-4.1''s (new)')"),
        ("m IN ('${model:percentencode}')", CLICKHOUSE, chosen(("a", "b'\\ ($c)")), "m IN ('%7Ba%2Cb%27%5C%20%28%24c%29%7D')"),
        ("$__conditionalAll(m IN ($model), $model) AND 1", CLICKHOUSE, chosen(), "1=1 AND 1"),
        ("$__conditionalAll(f(m, 1) IN ($model), $model) AND 1", CLICKHOUSE, chosen(("a",)), "f(m, 1) IN ('a') AND 1"),
        ("$__timeFilter(t)", CLICKHOUSE, chosen(), "t >= toDateTime(1800000000) AND t <= toDateTime(1800003600)"),
        ("$__timeInterval(t) $__interval_s", CLICKHOUSE, chosen(), "toStartOfInterval(toDateTime(t), INTERVAL 15 second) 15"),
        ("$__dateFilter(d)", CLICKHOUSE, chosen(), "d >= toDate('2027-01-15') AND d <= toDate('2027-01-15')"),
        ("$__timefilter(t)", CLICKHOUSE, chosen(), None),
        ("$nobody", CLICKHOUSE, chosen(), None),
        ("$__conditionalAll(1, $nobody)", CLICKHOUSE, chosen(), None),
        ("$__conditionalAll(m IN ($model))", CLICKHOUSE, chosen(), None),
    ],
)
def test_a_query_is_what_its_engine_would_get(query: str, engine: str, choices: Choices, expected: str | None):
    """A board that runs here and not in Grafana would be found out by whoever is on call. None: Grafana or its plugin would refuse it."""
    if expected is None:
        with pytest.raises(Unanswered):
            expand(query, engine, SPAN, choices)
    else:
        assert expand(query, engine, SPAN, choices) == expected


def test_steps_are_no_finer_than_scrapes_and_pixels():
    """A rate over fewer than two samples is blank."""
    day = Span(0.0, 86_400.0, scrape_s=15.0)
    assert (SPAN.step_s(), SPAN.rate_s()) == (15.0, 60.0)
    assert (day.step_s(), day.rate_s()) == (288.0, 303.0)
    assert (SPAN.step_s("1m"), SPAN.rate_s("1m")) == (60.0, 75.0)
