"""Queries for Grafana's ClickHouse plugin (grafana-clickhouse-datasource), which the SDK has no type for, and the conditions that all of them share.

What the plugin makes of a query: `$__timeFilter(column)`, `$__timeInterval(column)`, `$__fromTime`, `$__toTime` are its macros; `$__conditionalAll(condition, $name)` is `1=1`
while "All" is chosen, which matters here: the variables' values are label values, of which there are only so many (gateway/record/metrics.py, LabelCap), and
a list of them would leave out every row whose name is one too many. Its arguments are found by counting brackets and commas, so no text in a
condition may hold one. Source: https://github.com/grafana/clickhouse-datasource, pkg/macros and docs/sources, as of 2026.

Names that a label spells otherwise: "" is "unknown". "other" is nobody's name: the rows behind it cannot be singled out.
"""

from __future__ import annotations

from typing import Any, Literal, Self

from grafana_foundation_sdk.cog import builder, runtime, variants
from grafana_foundation_sdk.models.common import DataSourceRef

TYPE = "grafana-clickhouse-datasource"
SOURCE = DataSourceRef(type_val=TYPE, uid="${clickhouse}")
MODEL = "if(request_model != '', request_model, response_model)"  # what Prometheus' label `model` is made of
_ANSWERED = "if(response_model != '', response_model, request_model)"  # what the rollup calls model
_PLUGIN = "4.11.0"
_FORMATS = {"timeseries": 0, "table": 1}

Kind = Literal["timeseries", "table"]


class Query(variants.Dataquery):
    """One query. kind timeseries: has a column `time` and is ordered by it; its other texts become labels."""

    def __init__(self, sql: str, kind: Kind, ref_id: str = "A") -> None:
        self.sql, self.kind, self.ref_id = sql, kind, ref_id

    def to_json(self) -> dict[str, object]:
        return {
            "datasource": SOURCE,
            "editorType": "sql",
            "format": _FORMATS[self.kind],
            "pluginVersion": _PLUGIN,
            "queryType": self.kind,
            "rawSql": self.sql,
            "refId": self.ref_id,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(data["rawSql"], data["queryType"], data["refId"])


class Sql(builder.Builder[Query]):
    """Builds one. Lines are stripped of the indentation they have in the source."""

    def __init__(self, sql: str, kind: Kind = "table", ref_id: str = "A") -> None:
        self._built = Query("\n".join(line.strip() for line in sql.strip().splitlines()), kind, ref_id)

    def build(self) -> Query:
        return self._built


def register() -> None:
    """Let the SDK's models read such queries back; without it, it keeps them as they stand."""
    runtime.register_dataquery_variant(runtime.DataqueryConfig(identifier=TYPE, from_json_hook=Query.from_json))


def exchanges(time: str = "$__timeFilter(started_at)", *, variables: tuple[str, ...] = ("app", "env", "provider", "model")) -> str:
    """The WHERE of a query over `tidegate.exchanges`: the board's time range and what is chosen in its variables."""
    return " AND ".join((time, *(_chosen(name, MODEL if name == "model" else name) for name in variables)))


def minutes(time: str = "$__timeFilter(minute)", *, within: str = "$__timeFilter(started_at)") -> str:
    """The same over `tidegate.exchanges_1m`, or a view of it by day. time: of the minute, or the day.  within: of the exchanges that tell which models' names stand for the chosen ones.

    The rollup knows a model by the name that answered, a label by the name that was asked for (`gpt-4o` was answered by `gpt-4o-2024-08-06`).
    """
    named = f"SELECT DISTINCT {_ANSWERED} FROM tidegate.exchanges WHERE {within} AND {_is('model', MODEL)}"
    model = f"$__conditionalAll(m.model GLOBAL IN ({named}), $model)"
    return " AND ".join((time, *(_chosen(name, f"m.{name}") for name in ("app", "env", "provider")), model))


def app(column: str = "app") -> str:
    """What is chosen in the variable app, for tables that know nothing of the others."""
    return _chosen("app", column)


def quantile(state: str, which: Literal[50, 75, 90, 99], only: str = "m.outcome = 'ok'") -> str:
    """Of a rollup's state (`duration`, `time_to_first_chunk`, `overhead`), in seconds; NULL if nothing was timed. Exchanges that ended well, unless told otherwise:
    a refusal in a millisecond says nothing about a model."""
    position = {50: 1, 75: 2, 90: 3, 99: 4}[which]
    merged = f"quantilesTDigestMergeIf(0.5, 0.75, 0.9, 0.99)(m.{state}_state, {only})[{position}]"
    return f"if(isFinite({merged}), {merged}, NULL)"


def _chosen(name: str, column: str) -> str:
    return f"$__conditionalAll({_is(name, column)}, ${name})"


def _is(name: str, column: str) -> str:
    """Spelled so that ClickHouse can use its primary key: no function around the column.

    Names are whatever a caller made up. Grafana's formats with quotes leave a backslash as it is, with which a name ends the text that it stands in and goes on as SQL;
    percent signs leave nothing to misread, for ClickHouse or for the plugin's macros. The list comes as `{a,b}`: a name with a comma in it is found where it alone is chosen.
    """
    text = f"trim(BOTH '{{}}' FROM decodeURLComponent('${{{name}:percentencode}}'))"
    values = f"arrayConcat(splitByChar(',', {text}), [{text}])"
    return f"({column} IN ({values}) OR ({column} = '' AND has({values}, 'unknown')))"
