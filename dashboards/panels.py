"""The three kinds of panels that boards are made of: lines over time, figures, and tables with links.

A panel's title is the question that it answers, its description one sentence on what to do when the answer is bad. All of a panel's queries go to one source.
Colours of lines mean something where they are given, and nothing elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from grafana_foundation_sdk.builders import common, dashboard, prometheus, stat, table, timeseries
from grafana_foundation_sdk.models import common as modes
from grafana_foundation_sdk.models import units
from grafana_foundation_sdk.models.dashboard import (
    DynamicConfigValue,
    FieldColorModeId,
    Threshold,
    ThresholdsMode,
    ValueMap,
    ValueMapping,
    ValueMappingResult,
)

from dashboards.clickhouse import SOURCE as CLICKHOUSE
from dashboards.clickhouse import Sql
from dashboards.prometheus import SOURCE as PROMETHEUS

GOOD, BAD, DOUBTFUL, PLAIN = "green", "red", "orange", "text"
DOLLARS = units.Dollars
EXCHANGE = "${console}/api/exchanges/${__data.fields.id}"
RUN = "${console}/api/drift/${__data.fields.run}"

Queries = Sequence[prometheus.Dataquery] | Sql
_P = TypeVar("_P", timeseries.Panel, stat.Panel, table.Panel)


@dataclass(frozen=True, slots=True)
class Steps:
    """From which value on a colour holds. first: below all of them."""

    first: str
    rest: tuple[tuple[float, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """How one column of a table is shown. link: where its values lead, `${__data.fields.<name>}` being those of the same row.  width: pixels."""

    name: str
    unit: str | None = None
    link: str | None = None
    steps: Steps | None = None
    width: int | None = None
    decimals: int | None = None


def above(limit: float) -> Steps:
    """What must not be more than this."""
    return Steps(GOOD, ((limit, BAD),))


def below(limit: float) -> Steps:
    """What must not be less."""
    return Steps(BAD, ((limit, GOOD),))


def lines(
    title: str,
    description: str,
    unit: str,
    queries: Queries,
    *,
    name: str | None = None,
    stacked: bool = False,
    bars: bool = False,
    logarithmic: bool = False,
    steps: Steps | None = None,
    colours: Mapping[str, str] | None = None,
    right: Mapping[str, str] | None = None,
    interval: str | None = None,
    last: str | None = None,
) -> timeseries.Panel:
    """Values over time. name: of a line, where a query's own columns would make it (`${__field.labels.app}`).  colours: by a line's name.

    right: units by ref id of the queries that have the right axis.  interval: the least, where what is asked has no finer grain.  last: a range of its own, as `30d`.
    """
    panel = _asked(timeseries.Panel(), title, description, queries).unit(unit).min(0)
    panel.legend(common.VizLegendOptions().display_mode(modes.LegendDisplayMode.LIST).placement(modes.LegendPlacement.BOTTOM).show_legend(True).calcs(["lastNotNull", "max"]))
    panel.tooltip(common.VizTooltipOptions().mode(modes.TooltipDisplayMode.MULTI).sort(modes.SortOrder.DESCENDING))
    panel.draw_style(modes.GraphDrawStyle.BARS if bars else modes.GraphDrawStyle.LINE).line_width(1).show_points(modes.VisibilityMode.AUTO)
    panel.fill_opacity(80 if bars else 30 if stacked else 0).color_scheme(dashboard.FieldColor().mode(FieldColorModeId.PALETTE_CLASSIC_BY_NAME))
    # A line is drawn through what was not asked or not scraped, up to half an hour; beyond, a gap says that there was nothing.
    panel.span_nulls(1_800_000)
    if stacked:
        panel.stacking(common.StackingConfig().mode(modes.StackingMode.NORMAL))
    if logarithmic:
        panel.scale_distribution(common.ScaleDistributionConfig().type(modes.ScaleDistribution.LOG).log(10)).min(0.0001)
    if steps is not None:
        panel.thresholds(_thresholds(steps)).thresholds_style(common.GraphThresholdsStyleConfig().mode(modes.GraphThresholdsStyleMode.DASHED))
    if name is not None:
        panel.display_name(name)
    if interval is not None:
        panel.interval(interval)
    if last is not None:
        panel.time_from(last)
    for line, colour in (colours or {}).items():
        panel.override_by_name(line, [DynamicConfigValue(id_val="color", value={"mode": "fixed", "fixedColor": colour})])
    for ref_id, other in (right or {}).items():
        panel.override_by_query(ref_id, [DynamicConfigValue(id_val="unit", value=other), DynamicConfigValue(id_val="custom.axisPlacement", value="right")])
    return panel


def figures(
    title: str,
    description: str,
    unit: str,
    queries: Queries,
    *,
    steps: Steps | None = None,
    words: Mapping[str, tuple[str, str]] | None = None,
    units_of: Mapping[str, str] | None = None,
    steps_of: Mapping[str, Steps] | None = None,
    decimals: int | None = None,
    none: str = "none",
) -> stat.Panel:
    """A number for each series or column. words: what a value is called, and its colour.  units_of, steps_of: by the figure's name, or `/part of it/`.  none: said where there is nothing."""
    panel = _asked(stat.Panel(), title, description, queries).unit(unit).no_value(none).thresholds(_thresholds(steps or Steps(PLAIN)))
    panel.reduce_options(common.ReduceDataOptions().calcs(["lastNotNull"]).values(False).fields("")).orientation(modes.VizOrientation.AUTO)
    panel.graph_mode(modes.BigValueGraphMode.NONE).color_mode(modes.BigValueColorMode.VALUE).text_mode(modes.BigValueTextMode.VALUE_AND_NAME)
    panel.justify_mode(modes.BigValueJustifyMode.AUTO).wide_layout(True).color_scheme(dashboard.FieldColor().mode(FieldColorModeId.THRESHOLDS))
    if decimals is not None:
        panel.decimals(decimals)
    if words:
        panel.mappings([_words(words)])
    for name in dict.fromkeys((*(units_of or {}), *(steps_of or {}))):
        properties = []
        if units_of and name in units_of:
            properties.append(DynamicConfigValue(id_val="unit", value=units_of[name]))
        if steps_of and name in steps_of:
            properties.append(DynamicConfigValue(id_val="thresholds", value=_thresholds(steps_of[name]).build().to_json()))
        (panel.override_by_regexp if name.startswith("/") else panel.override_by_name)(name, properties)
    return panel


def rows(title: str, description: str, sql: Sql, columns: Sequence[Column] = (), *, none: str = "none") -> table.Panel:
    """A table. columns: those that are more than text or a plain number; order and names are the query's."""
    panel = _asked(table.Panel(), title, description, sql).no_value(none).show_header(True).cell_height(modes.TableCellHeight.SM).filterable(True)
    panel.thresholds(_thresholds(Steps(PLAIN))).color_scheme(dashboard.FieldColor().mode(FieldColorModeId.THRESHOLDS))
    for column in columns:
        panel.override_by_name(column.name, _properties(column))
    return panel


def _asked(panel: _P, title: str, description: str, queries: Queries) -> _P:
    panel.title(title).description(description)
    if isinstance(queries, Sql):
        return panel.datasource(CLICKHOUSE).with_target(queries)
    panel.datasource(PROMETHEUS)
    for query, ref_id in zip(queries, "ABCDEFGHIJ", strict=False):
        panel.with_target(query.ref_id(ref_id))
    return panel


def _properties(column: Column) -> list[DynamicConfigValue]:
    found: dict[str, object] = {}
    if column.unit is not None:
        found["unit"] = column.unit
    if column.decimals is not None:
        found["decimals"] = column.decimals
    if column.width is not None:
        found["custom.width"] = column.width
    if column.steps is not None:
        found["thresholds"] = _thresholds(column.steps).build().to_json()
        found["custom.cellOptions"] = {"type": modes.TableCellDisplayMode.COLOR_TEXT}
    if column.link is not None:
        found["links"] = [{"title": f"Open this {column.name}", "url": column.link, "targetBlank": True}]
    return [DynamicConfigValue(id_val=name, value=value) for name, value in found.items()]


def _thresholds(steps: Steps) -> dashboard.ThresholdsConfig:
    made = [Threshold(value=None, color=steps.first), *(Threshold(value=value, color=colour) for value, colour in steps.rest)]
    return dashboard.ThresholdsConfig().mode(ThresholdsMode.ABSOLUTE).steps(made)


def _words(words: Mapping[str, tuple[str, str]]) -> ValueMapping:
    return ValueMap(options={value: ValueMappingResult(text=text, color=colour, index=i) for i, (value, (text, colour)) in enumerate(words.items())})


