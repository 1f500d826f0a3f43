"""A board: its panels on a grid, the variables that every board has, and the links between boards.

All boards have all variables, so that a link from one to another carries what was chosen; those that no panel of a board asks for are hidden there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grafana_foundation_sdk.builders import dashboard, stat, table, timeseries
from grafana_foundation_sdk.models.dashboard import (
    Dashboard,
    DashboardCursorSync,
    DashboardLinkType,
    GridPos,
    VariableHide,
    VariableOption,
    VariableRefresh,
    VariableSort,
)

from dashboards import clickhouse, prometheus

WIDTH = 24  # of Grafana's grid
BOARDS = {
    "tidegate-overview": "Overview",
    "tidegate-cost": "Cost and tokens",
    "tidegate-guards": "Guards",
    "tidegate-drift": "Drift",
    "tidegate-itself": "Tidegate itself",
}
CONSOLE = "http://127.0.0.1:8081"  # server.admin's default
_TAG = "tidegate"
_QUERIES = {
    "app": ("App", "label_values(tidegate_requests_total, app)"),
    "env": ("Environment", 'label_values(tidegate_requests_total{app=~"$app"}, env)'),
    "provider": ("Provider", "label_values(tidegate_requests_total, provider)"),
    "model": ("Model", 'label_values(tidegate_requests_total{provider=~"$provider"}, model)'),
}
_HELP = "The names that have series of their own; other: all that are too many for one, which tables cannot single out."

Panel = timeseries.Panel | stat.Panel | table.Panel


@dataclass(frozen=True, slots=True)
class Row:
    """Panels side by side, of one height (in the grid's units of 30 pixels). widths: of 24; none given: all the same."""

    height: int
    panels: Sequence[Panel]
    widths: Sequence[int] = ()


def board(uid: str, description: str, rows: Sequence[Row], *, asks: Sequence[str] = tuple(_QUERIES), last: str = "3h") -> Dashboard:
    """One of BOARDS. asks: the variables that its panels use.  last: the time range it opens with. Raises ValueError if a row is not as wide as the grid."""
    made = (
        dashboard.Dashboard(f"Tidegate: {BOARDS[uid]}")
        .uid(uid)
        .description(description)
        .tags([_TAG])
        .timezone("browser")
        .time(f"now-{last}", "now")
        .refresh("1m")
        .tooltip(DashboardCursorSync.CROSSHAIR)
        .editable()
    )
    for variable in _variables(asks):
        made.with_variable(variable)
    for other, title in BOARDS.items():
        if other != uid:
            link = dashboard.DashboardLink(title).type(DashboardLinkType.LINK).icon("dashboard").url(f"/d/{other}").include_vars(True).keep_time(True)
            made.link(link)
    y, number = 0, 0
    for row in rows:
        widths = row.widths or [WIDTH // len(row.panels)] * len(row.panels)
        if len(widths) != len(row.panels) or sum(widths) != WIDTH:
            raise ValueError(f"{uid}: a row of {len(row.panels)} panels with widths {list(widths)}")
        x = 0
        for panel, width in zip(row.panels, widths, strict=True):
            number += 1
            made.with_panel(panel.id(number).grid_pos(GridPos(h=row.height, w=width, x=x, y=y)))
            x += width
        y += row.height
    return made.build()


def _variables(asks: Sequence[str]) -> Sequence[dashboard.DatasourceVariable | dashboard.QueryVariable | dashboard.TextBoxVariable]:
    sources = []
    for kind, label in ((prometheus.TYPE, "Prometheus"), (clickhouse.TYPE, "ClickHouse")):
        # What provisioning and `tidegate dashboards push` call them; another one may be chosen.
        current = VariableOption(selected=True, text=f"Tidegate {label}", value=f"tidegate-{label.lower()}")
        sources.append(dashboard.DatasourceVariable(label.lower()).label(label).type(kind).current(current))
    chosen = []
    for name, (label, query) in _QUERIES.items():
        variable = dashboard.QueryVariable(name).label(label).description(_HELP).datasource(prometheus.SOURCE)
        variable.query({"qryType": 1, "query": query, "refId": "PrometheusVariableQueryEditor-VariableQuery"})
        variable.refresh(VariableRefresh.ON_TIME_RANGE_CHANGED).sort(VariableSort.ALPHABETICAL_ASC).multi(True).include_all(True).all_value(".*")
        variable.current(VariableOption(selected=True, text=["All"], value=["$__all"]))
        chosen.append(variable.hide(VariableHide.DONT_HIDE if name in asks else VariableHide.HIDE_VARIABLE))
    console = dashboard.TextBoxVariable("console").label("Console").description("Where the admin port is reached from a browser: links to exchanges begin with it.")
    return [*sources, *chosen, console.default_value(CONSOLE).current(VariableOption(selected=True, text=CONSOLE, value=CONSOLE))]
