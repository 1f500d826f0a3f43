"""A board's panels, run as Grafana would: variables and macros expanded for one span of time, each query asked of the real engine.

    board = Board.load(path)
    engines = Engines(prometheus, reader)
    chosen = choices(board, engines, span)                              every query variable on All; choices(..., app=["shop"]) chooses
    for target in board.targets:
        answer = ask(target, engines, span, chosen)                     raises Unanswered; answer.rows is 0 where the panel would be blank

What is done here in Grafana's place: formats of variables (`${name:singlequote}` and its like; without a format as the datasource's own plugin has it), $__interval and
$__rate_interval, label_values(), the plugin's macros and its $__conditionalAll; and of a time series in SQL what the plugin asks for: a column of times that
is never NULL, rows in its order, a number in each. Written from https://grafana.com/docs/grafana/latest/dashboards/variables/ and
https://github.com/grafana/clickhouse-datasource, as of 2026. Deliberately absent: transformations, links, looks.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import math
import re
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from gateway.store.target import Target as Store
from tests.support.prometheus import QueryError, RunningPrometheus, Sample, Series

PROMETHEUS, CLICKHOUSE = "prometheus", "grafana-clickhouse-datasource"
ALL = "$__all"
POINTS = 300  # that a panel is wide: Grafana asks for as many steps as there are pixels, at most
_VARIABLE = re.compile(r"\$\{(\w+)(?::(\w+))?\}|\$(\w+)|\[\[(\w+)(?::(\w+))?\]\]")
_LABEL_VALUES = re.compile(r"label_values\((?:(.*),)?\s*(\w+)\s*\)", re.DOTALL)


class Unanswered(Exception):
    """A query that Grafana or its engine would not take, with the reason."""


@dataclass(frozen=True, slots=True)
class Target:
    """One query of one panel. engine: the datasource's type. kind: timeseries, stat, table, ... shape: of SQL timeseries or table, of PromQL range or instant."""

    board: str
    panel: str
    kind: str
    ref_id: str
    engine: str
    query: str
    shape: str
    interval: str = ""  # least step, as the target or the panel states it
    time_from: str = ""  # the panel's own span, back from the end of the board's

    @property
    def name(self) -> str:
        return f"{self.board} | {self.panel} | {self.ref_id}"


@dataclass(frozen=True, slots=True)
class Board:
    """A board's JSON. variables: as they stand, in order."""

    uid: str
    title: str
    variables: tuple[Mapping[str, Any], ...]
    panels: tuple[Mapping[str, Any], ...]

    @classmethod
    def load(cls, path: Path) -> Board:
        read = json.loads(path.read_text())
        return cls(read["uid"], read["title"], tuple(read.get("templating", {}).get("list", ())), tuple(_flat(read["panels"])))

    @property
    def offered(self) -> set[str]:
        """The variables that can be chosen on the board; what is hidden comes with a link, and is for the next board."""
        return {variable["name"] for variable in self.variables if variable.get("hide") != 2}

    @property
    def targets(self) -> list[Target]:
        """What is asked for; hidden ones too, since expressions may use them."""
        return [self._target(panel, target) for panel in self.panels for target in panel.get("targets", ())]

    def _target(self, panel: Mapping[str, Any], target: Mapping[str, Any]) -> Target:
        engine = (target.get("datasource") or panel.get("datasource") or {}).get("type", "")
        if engine == PROMETHEUS:
            query, shape = target["expr"], "instant" if target.get("instant") and not target.get("range") else "range"
        elif engine == CLICKHOUSE:
            query, shape = target["rawSql"], target["queryType"]
        else:
            query, shape = json.dumps(target), ""
        least = target.get("interval") or panel.get("interval") or ""
        return Target(self.uid, panel.get("title", ""), panel["type"], target["refId"], engine, query, shape, least, panel.get("timeFrom") or "")


def _flat(panels: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for panel in panels:
        yield panel
        yield from _flat(panel.get("panels") or ())


_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800, "M": 2592000, "y": 31536000}


def _seconds(text: str) -> float:
    """`30s`, `>1m` or `now-7d` in seconds; "" is 0. Raises Unanswered."""
    found = re.fullmatch(r"(?:>|now-)?(\d+)(ms|[smhdwMy])", text.strip()) if text else None
    if text and found is None:
        raise Unanswered(f"no span of time: {text!r}")
    return int(found[1]) * _UNITS[found[2]] if found else 0.0


@dataclass(frozen=True, slots=True)
class Span:
    """What the time picker says. start, end: Unix seconds. scrape_s: the datasource's scrape interval, below which no step goes."""

    start: float
    end: float
    scrape_s: float = 15.0

    def step_s(self, least: str = "") -> float:
        """$__interval: whole seconds here, where Grafana rounds to its own handy steps."""
        return float(max(math.ceil((self.end - self.start) / POINTS), _seconds(least), self.scrape_s, 1))

    def rate_s(self, least: str = "") -> float:
        """$__rate_interval."""
        return max(self.step_s(least) + self.scrape_s, 4 * self.scrape_s)


@dataclass(frozen=True, slots=True)
class Chosen:
    """One variable: what is chosen of what there is. all_value: what stands for All in the place of the list, "" for the list. multi: a list may be chosen."""

    options: tuple[str, ...]
    value: str | tuple[str, ...]
    all_value: str = ""
    multi: bool = True

    @property
    def values(self) -> tuple[str, ...]:
        if self.value == ALL:
            return self.options
        return (self.value,) if isinstance(self.value, str) else self.value


Choices = Mapping[str, Chosen]


class Reader:
    """ClickHouse as the user that a datasource of Grafana's has, with the limit of time that the plugin sends along (its queryTimeout of 50 s, and 5)."""

    def __init__(self, store: Store) -> None:
        self._url = f"http://{store.place}/?database={store.database}&max_execution_time=55"
        self._user = base64.b64encode(f"{store.reader_user}:{store.reader_password}".encode()).decode()

    def query(self, sql: str) -> dict[str, Any]:
        """JSONCompact: meta (name and type of columns) and data (rows). Raises QueryError with the server's words."""
        request = urllib.request.Request(self._url, data=sql.encode(), headers={"Authorization": f"Basic {self._user}", "X-ClickHouse-Format": "JSONCompact"})
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60) as answer:
                found: dict[str, Any] = json.loads(answer.read())
                return found
        except urllib.error.HTTPError as e:
            raise QueryError(e.read().decode(errors="replace")[:600]) from None


@dataclass(frozen=True, slots=True)
class Engines:
    prometheus: RunningPrometheus
    clickhouse: Reader


@dataclass(frozen=True, slots=True)
class Answer:
    """rows: with something to show. Of PromQL `series`, or `samples` of an instant; of SQL `columns` (name, type) and `data`. asked: the query as it was sent."""

    rows: int
    asked: str
    series: list[Series] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    columns: list[tuple[str, str]] = field(default_factory=list)
    data: list[list[Any]] = field(default_factory=list)


# ------------------------------------------------------------------ variables


def choices(board: Board, engines: Engines, span: Span, **values: Sequence[str]) -> dict[str, Chosen]:
    """Of every variable of the board what is chosen: All where nothing is said. Raises Unanswered if one cannot be asked or has nothing to choose from."""
    found: dict[str, Chosen] = {}
    for variable in board.variables:
        name = variable["name"]
        if variable["type"] == "datasource":
            found[name] = Chosen((), name, multi=False)
        elif variable["type"] == "query":
            options = _options(variable, engines, span, found)
            if not options:
                raise Unanswered(f"{board.uid}: variable {name} has no values")
            found[name] = Chosen(options, tuple(values.get(name, ())) or ALL, variable.get("allValue") or "", bool(variable.get("multi") or variable.get("includeAll")))
        else:
            query = variable.get("query", "")
            found[name] = Chosen((), query if isinstance(query, str) else "", multi=False)
    return found


def _options(variable: Mapping[str, Any], engines: Engines, span: Span, chosen: Choices) -> tuple[str, ...]:
    query = variable["query"]
    text = query if isinstance(query, str) else query.get("rawSql") or query["query"]
    try:
        if variable["datasource"]["type"] == PROMETHEUS:
            asked = _LABEL_VALUES.fullmatch(expand(text, PROMETHEUS, span, chosen).strip())
            if asked is None:
                raise Unanswered(f"variable {variable['name']}: {text!r} is no label_values()")
            values = engines.prometheus.label_values(asked[2], (asked[1] or '{__name__!=""}').strip())
        else:
            values = [str(row[0]) for row in engines.clickhouse.query(expand(text, CLICKHOUSE, span, chosen))["data"]]
    except QueryError as e:
        raise Unanswered(f"variable {variable['name']}: {e}") from None
    wanted = re.compile(variable["regex"].strip("/")) if variable.get("regex") else None
    return tuple(value for value in values if value and (wanted is None or wanted.search(value)))


def expand(query: str, engine: str, span: Span, chosen: Choices, least: str = "") -> str:
    """A query as its engine gets it. Raises Unanswered for what nobody has defined."""
    if engine == CLICKHOUSE:
        query = _conditional(query, chosen)
    step, rate = span.step_s(least), span.rate_s(least)
    built_in = {
        "__interval": f"{step:.0f}s",
        "__interval_ms": f"{step * 1000:.0f}",
        "__rate_interval": f"{rate:.0f}s",
        "__range": f"{span.end - span.start:.0f}s",
        "__range_s": f"{span.end - span.start:.0f}",
        "__range_ms": f"{(span.end - span.start) * 1000:.0f}",
        "__from": f"{span.start * 1000:.0f}",
        "__to": f"{span.end * 1000:.0f}",
    }

    def replaced(found: re.Match[str]) -> str:
        name, form = found[1] or found[3] or found[4], found[2] or found[5] or ""
        if name in built_in:
            return built_in[name]
        if name.startswith("__"):
            return found[0]  # the plugin's own
        if name not in chosen:
            raise Unanswered(f"no variable ${name}")
        one = chosen[name]
        return one.all_value if one.value == ALL and one.all_value else _formatted(one, form, engine)

    query = _VARIABLE.sub(replaced, query)
    return _macros(query, span, step) if engine == CLICKHOUSE else query


def _formatted(chosen: Chosen, form: str, engine: str) -> str:
    """As Grafana writes a variable's values under a format, or a datasource by itself."""
    values = chosen.values
    if form:
        if form not in _FORMATS:
            raise Unanswered(f"format {form!r} of a variable is not among those known here")
        return _FORMATS[form](values)
    if not chosen.multi:
        return values[0]
    if engine == CLICKHOUSE:
        return "'" + "','".join(values) + "'"
    escaped = [re.sub(r"[\\$^*{}\[\]'+?.()|]", lambda found: "\\\\" * (2 if found[0] == "\\" else 1) + found[0], value) for value in values]
    return escaped[0] if len(escaped) == 1 else "(" + "|".join(escaped) + ")"


def _joined(each: Callable[[str], str], between: str = ",") -> Callable[[Sequence[str]], str]:
    return lambda values: between.join(each(value) for value in values)


_FORMATS: dict[str, Callable[[Sequence[str]], str]] = {
    "singlequote": _joined(lambda value: "'" + value.replace("'", "\\'") + "'"),
    "doublequote": _joined(lambda value: '"' + value.replace('"', '\\"') + '"'),
    "sqlstring": _joined(lambda value: "'" + value.replace("'", "''") + "'"),
    "regex": lambda values: (lambda escaped: escaped[0] if len(escaped) == 1 else "(" + "|".join(escaped) + ")")([re.sub(r"[\\^$*+?.()|[\]{}/]", r"\\\g<0>", v) for v in values]),
    "percentencode": lambda values: quote("{" + ",".join(values) + "}", safe="-_.~"),  # of a variable that may have several
    "pipe": _joined(str, "|"),
    "csv": _joined(str),
    "raw": _joined(str),
}


# ------------------------------------------------------------------ macros of the ClickHouse plugin


def _arguments(text: str, at: int) -> tuple[list[str], int]:
    """What stands in the brackets that open at `at`, cut at its own commas, and where they close. Raises Unanswered."""
    depth, begun, found = 0, at + 1, []
    for place in range(at, len(text)):
        sign = text[place]
        depth += (sign == "(") - (sign == ")")
        if (sign == "," and depth == 1) or depth == 0:
            found.append(text[begun:place])
            begun = place + 1
        if depth == 0:
            return found, place + 1
    raise Unanswered(f"brackets that do not close: {text[at : at + 80]!r}")


def _conditional(query: str, chosen: Choices) -> str:
    """$__conditionalAll(condition, $name): 1=1 while All is chosen. The last one first, as the plugin does it before variables are replaced."""
    macro = "$__conditionalAll"
    while (at := query.rfind(macro + "(")) >= 0:
        arguments, end = _arguments(query, at + len(macro))
        if len(arguments) != 2:
            raise Unanswered(f"{macro} takes two arguments, not {len(arguments)}: {query[at:end]!r}")
        named = _VARIABLE.search(arguments[1])
        name = (named[1] or named[3] or "") if named else ""
        if name not in chosen:
            raise Unanswered(f"{macro} of no variable: {arguments[1]!r}")
        query = query[:at] + ("1=1" if chosen[name].value in (ALL, "") else arguments[0]) + query[end:]
    return query


def _macros(query: str, span: Span, step_s: float) -> str:
    start, end = f"toDateTime({span.start:.0f})", f"toDateTime({span.end:.0f})"
    start_ms, end_ms = f"fromUnixTimestamp64Milli({span.start * 1000:.0f})", f"fromUnixTimestamp64Milli({span.end * 1000:.0f})"
    first, last = (f"toDate('{dt.datetime.fromtimestamp(at, dt.UTC):%Y-%m-%d}')" for at in (span.start, span.end))
    known: dict[str, tuple[int, str]] = {
        "fromTime": (0, start),
        "toTime": (0, end),
        "fromTime_ms": (0, start_ms),
        "toTime_ms": (0, end_ms),
        "interval_s": (0, f"{step_s:.0f}"),
        "timeFilter": (1, f"{{0}} >= {start} AND {{0}} <= {end}"),
        "timeFilter_ms": (1, f"{{0}} >= {start_ms} AND {{0}} <= {end_ms}"),
        "dateFilter": (1, f"{{0}} >= {first} AND {{0}} <= {last}"),
        "dateTimeFilter": (2, f"({{0}} >= {first} AND {{0}} <= {last}) AND ({{1}} >= {start} AND {{1}} <= {end})"),
        "timeInterval": (1, f"toStartOfInterval(toDateTime({{0}}), INTERVAL {step_s:.0f} second)"),
        "timeInterval_ms": (1, f"toStartOfInterval(toDateTime64({{0}}, 3), INTERVAL {step_s * 1000:.0f} millisecond)"),
    }
    known["dt"] = known["dateTimeFilter"]
    while (found := re.search(r"\$__(\w+)", query)) is not None:
        if found[1] not in known:
            raise Unanswered(f"no macro $__{found[1]}")
        count, text = known[found[1]]
        arguments, close = _arguments(query, found.end()) if count and query[found.end() : found.end() + 1] == "(" else ([], found.end())
        if len(arguments) != count:
            raise Unanswered(f"$__{found[1]} takes {count} arguments, not {len(arguments)}")
        query = query[: found.start()] + (text.format(*(argument.strip() for argument in arguments)) if count else text) + query[close:]
    return query


# ------------------------------------------------------------------ answers


def ask(target: Target, engines: Engines, span: Span, chosen: Choices) -> Answer:
    """What a panel's query returns. Raises Unanswered."""
    if target.time_from:
        span = replace(span, start=span.end - _seconds(target.time_from))
    asked = expand(target.query, target.engine, span, chosen, target.interval)
    try:
        if target.engine == PROMETHEUS:
            return _of_prometheus(target, asked, engines.prometheus, span)
        if target.engine == CLICKHOUSE:
            return _of_clickhouse(target, asked, engines.clickhouse)
    except QueryError as e:
        raise Unanswered(f"{e}\n{asked}") from None
    raise Unanswered(f"{target.name}: a datasource of type {target.engine!r}: {target.query}")


def _of_prometheus(target: Target, asked: str, prometheus: RunningPrometheus, span: Span) -> Answer:
    if target.shape == "instant":
        samples = prometheus.query(asked, at=span.end)
        return Answer(sum(math.isfinite(sample.value) for sample in samples), asked, samples=samples)
    step = span.step_s(target.interval)
    start, end = (math.floor(at / step) * step for at in (span.start, span.end))
    series = prometheus.query_range(asked, start, end, step)
    return Answer(sum(math.isfinite(value) for one in series for _, value in one.points), asked, series=series)


def _of_clickhouse(target: Target, asked: str, reader: Reader) -> Answer:
    found = reader.query(asked)
    columns, data = [(column["name"], column["type"]) for column in found["meta"]], found["data"]
    times = [place for place, (_, kind) in enumerate(columns) if re.match(r"(Nullable\()?Date(Time)?", kind)]
    numbers = [place for place, (_, kind) in enumerate(columns) if re.match(r"(LowCardinality\()?(Nullable\()?(U?Int|Float|Decimal|Bool)", kind)]
    if target.shape == "timeseries":
        if not times:
            raise Unanswered(f"a time series without a column of times: {columns}\n{asked}")
        at = [row[times[0]] for row in data]
        if None in at or at != sorted(at):
            raise Unanswered(f"a time series whose times are NULL or out of order\n{asked}")
        if not numbers:
            raise Unanswered(f"a time series without a number: {columns}\n{asked}")
        data_rows = sum(any(_shows(row[place]) for place in numbers) for row in data)
    else:
        shown = numbers if target.kind in ("stat", "gauge", "bargauge", "barchart", "piechart") else range(len(columns))
        data_rows = sum(any(_shows(row[place]) for place in shown) for row in data)
    return Answer(data_rows, asked, columns=columns, data=data)


def _shows(cell: Any) -> bool:
    """Whether a cell has anything in it: JSON writes infinity and NaN as null."""
    return cell is not None and cell not in ("", [], {}, "nan", "inf", "-inf")
