"""A real Prometheus, a real Alertmanager and who it would page, each on a free port of loopback.

    with Pager() as pager, RunningAlertmanager(tmp_path, webhook_to(pager)) as alertmanager:
        with RunningPrometheus(tmp_path, [f"127.0.0.1:{gate.admin_port}"], rules=text, alertmanager=alertmanager) as prometheus:
            prometheus.await_samples('up{job="tidegate"} == 1')
            page = pager.await_page("TidegateStoreDown", severity="page")
            pager.await_page("TidegateStoreDown", status="resolved", after=page)

A program that is not installed skips the test. Written against Debian 12's: Prometheus 2.42, Alertmanager 0.25. To wait for samples is to ask again:
Prometheus has nothing that could be awaited. Pages are awaited.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple, Self, TypeVar

import pytest
import yaml

from tests.support.gate import free_port

READY_S, AWAIT_S, STOP_S = 60.0, 120.0, 20.0
ASK_AGAIN_S = 0.1
T = TypeVar("T")


class QueryError(Exception):
    """What a server says of a question that it does not take."""


class Sample(NamedTuple):
    """One series at one instant. labels: with __name__, where the expression keeps it."""

    labels: dict[str, str]
    value: float


class Series(NamedTuple):
    """One series over a range. points: (Unix seconds, value), in order."""

    labels: dict[str, str]
    points: list[tuple[float, float]]


def program(*names: str) -> str:
    """The path of the first of these that is installed; skips the test if none is."""
    for name in names:
        if found := shutil.which(name):
            return found
    pytest.skip(f"{names[0]} is not installed")


class _Server:
    """A server in a process of its own, until the block ends. url: without a slash at its end. log: what it wrote."""

    name = ""

    def __init__(self, root: Path) -> None:
        self.directory = root / self.name
        self.directory.mkdir(parents=True, exist_ok=True)
        self.log = root / f"{self.name}.log"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def _command(self) -> list[str]:
        raise NotImplementedError

    def start(self) -> Self:
        """Launch, and wait until it is ready."""
        command = self._command()
        with open(self.log, "ab") as log:
            environment = {**os.environ, "GOMAXPROCS": "1"}  # tests have neighbours
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment, start_new_session=True)
        try:
            self._until(self._ready, "ready", READY_S)
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """SIGTERM, and wait for its end."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *exc: object) -> None:
        self.stop()

    def ask(self, path: str, *, post: bytes | None = None) -> Any:
        """The JSON of a reply, None if it is no JSON. Raises QueryError with the text of an error, OSError if nobody answers."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(urllib.request.Request(self.url + path, data=post), timeout=30) as answer:
                body = answer.read()
                return json.loads(body) if body.startswith((b"{", b"[")) else None
        except urllib.error.HTTPError as e:
            raise QueryError(e.read().decode(errors="replace")) from None

    def _ready(self) -> bool:
        try:
            self.ask("/-/ready")
        except (QueryError, OSError):
            return False
        return True

    def _until(self, look: Callable[[], T], what: str, within_s: float) -> T:
        """The first of what it sees that is true. Raises AssertionError in the end, with the end of the log."""
        assert self.process is not None
        deadline = time.monotonic() + within_s
        while not (seen := look()):
            assert self.process.poll() is None, f"{self.name} ended:\n{self.log.read_text()[-4000:]}"
            assert time.monotonic() < deadline, f"{self.name}: not {what} within {within_s:.0f} s\n{self.log.read_text()[-4000:]}"
            time.sleep(ASK_AGAIN_S)
        return seen


class RunningPrometheus(_Server):
    """Scrapes `targets` ("host:port", their /metrics) as job `job`, and evaluates rules."""

    name = "prometheus"

    def __init__(
        self,
        root: Path,
        targets: Sequence[str],
        *,
        job: str = "tidegate",
        interval: str = "500ms",
        rules: str = "",
        alertmanager: RunningAlertmanager | None = None,
    ) -> None:
        """interval: of scrapes, and of rules in groups that state none. rules: the text of a rule file."""
        super().__init__(root)
        self._config, self._rules = self.directory / "prometheus.yml", self.directory / "rules.yml"
        self._rules.write_text(rules or "groups: []\n")
        config: dict[str, Any] = {
            "global": {"scrape_interval": interval, "scrape_timeout": interval, "evaluation_interval": interval},
            "rule_files": [self._rules.name],
            "scrape_configs": [{"job_name": job, "static_configs": [{"targets": list(targets)}]}],
        }
        if alertmanager is not None:
            config["alerting"] = {"alertmanagers": [{"static_configs": [{"targets": [f"127.0.0.1:{alertmanager.port}"]}]}]}
        self._config.write_text(yaml.safe_dump(config, sort_keys=False))

    def _command(self) -> list[str]:
        return [
            program("prometheus"),
            f"--config.file={self._config}",
            f"--storage.tsdb.path={self.directory / 'data'}",
            f"--web.listen-address=127.0.0.1:{self.port}",
            "--web.enable-lifecycle",
        ]

    def remember(self, openmetrics: str) -> None:
        """History, before it is started: OpenMetrics text whose samples have timestamps (Unix seconds) and all labels, job and instance too, and that ends in # EOF."""
        file = self.directory / "history.txt"
        file.write_text(openmetrics)
        done = subprocess.run([program("promtool"), "tsdb", "create-blocks-from", "openmetrics", str(file), str(self.directory / "data")], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr

    def reload(self, rules: str) -> None:
        """Other rules from now on. Raises QueryError if they do not load."""
        self._rules.write_text(rules)
        self.ask("/-/reload", post=b"")

    def query(self, expression: str, *, at: float | None = None) -> list[Sample]:
        """An instant query, now or at Unix seconds. A scalar is a sample without labels. Raises QueryError."""
        given = {"query": expression} if at is None else {"query": expression, "time": f"{at:.3f}"}
        data = self.ask("/api/v1/query?" + urllib.parse.urlencode(given))["data"]
        if data["resultType"] == "scalar":
            return [Sample({}, float(data["result"][1]))]
        return [Sample(one["metric"], float(one["value"][1])) for one in data["result"]]

    def query_range(self, expression: str, start: float, end: float, step: float) -> list[Series]:
        """A range query; Unix seconds, step in seconds. Raises QueryError."""
        given = {"query": expression, "start": f"{start:.3f}", "end": f"{end:.3f}", "step": f"{step:.3f}"}
        data = self.ask("/api/v1/query_range?" + urllib.parse.urlencode(given))["data"]
        return [Series(one["metric"], [(float(at), float(value)) for at, value in one["values"]]) for one in data["result"]]

    def label_values(self, label: str, match: str) -> list[str]:
        """The values that a label has among the series of a selector, as Grafana's label_values() does."""
        found: list[str] = self.ask(f"/api/v1/label/{label}/values?" + urllib.parse.urlencode({"match[]": match}))["data"]
        return found

    def alerts(self) -> list[dict[str, Any]]:
        """What is pending and firing now: labels, annotations, state, activeAt, value."""
        found: list[dict[str, Any]] = self.ask("/api/v1/alerts")["data"]["alerts"]
        return found

    def rules(self) -> list[dict[str, Any]]:
        """The groups as they run: name, interval, rules with health and lastError."""
        found: list[dict[str, Any]] = self.ask("/api/v1/rules")["data"]["groups"]
        return found

    def await_samples(self, expression: str, *, within_s: float = AWAIT_S) -> list[Sample]:
        """An expression's samples, once it has any. A condition is a comparison, which has samples where it holds."""
        return self._until(lambda: self.query(expression), f"{expression!r}", within_s)

    def await_alert(self, name: str, *, state: str = "firing", within_s: float = AWAIT_S) -> list[dict[str, Any]]:
        """The alerts of this name in that state (pending or firing), once there is one."""
        return self._until(lambda: [a for a in self.alerts() if a["labels"]["alertname"] == name and a["state"] == state], f"{name} {state}", within_s)


class RunningAlertmanager(_Server):
    """config: the text of its configuration, see webhook_to and rewired."""

    name = "alertmanager"

    def __init__(self, root: Path, config: str) -> None:
        super().__init__(root)
        self._config = self.directory / "alertmanager.yml"
        self._config.write_text(config)

    def _command(self) -> list[str]:
        return [
            program("prometheus-alertmanager", "alertmanager"),
            f"--config.file={self._config}",
            f"--storage.path={self.directory / 'data'}",
            f"--web.listen-address=127.0.0.1:{self.port}",
            "--cluster.listen-address=",  # alone
        ]

    def alerts(self) -> list[dict[str, Any]]:
        """Its active alerts: labels, annotations, receivers, status with state (active, suppressed), inhibitedBy and silencedBy."""
        found: list[dict[str, Any]] = self.ask("/api/v2/alerts")
        return found


class Page(NamedTuple):
    """One alert in one notification. number: order of arrival. status: firing or resolved. receiver: whom the routes chose. group: what it was grouped by."""

    number: int
    status: str
    receiver: str
    labels: dict[str, str]
    annotations: dict[str, str]
    group: dict[str, str]

    @property
    def name(self) -> str:
        return self.labels["alertname"]


class Pager:
    """Takes Alertmanager's webhooks. url: where. A notification of a group repeats all alerts of the group, and so do its pages."""

    def __init__(self) -> None:
        self._arrived = threading.Condition()
        self._pages: list[Page] = []
        pager = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                with pager._arrived:
                    for alert in body["alerts"]:
                        page = Page(len(pager._pages), alert["status"], body["receiver"], alert["labels"], alert["annotations"], body["groupLabels"])
                        pager._pages.append(page)
                    pager._arrived.notify_all()
                self.send_response(200)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Not on the terminal."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, name="pager", daemon=True)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def pages(self, name: str = "", *, status: str = "") -> list[Page]:
        """What has come so far; of all names and statuses, or of one."""
        with self._arrived:
            return [page for page in self._pages if name in ("", page.name) and status in ("", page.status)]

    def await_page(self, name: str, *, status: str = "firing", after: Page | None = None, within_s: float = AWAIT_S, **labels: str) -> Page:
        """The first page of an alert with these labels, of those that came after another. Raises AssertionError, saying what came instead."""
        first = 0 if after is None else after.number + 1

        def find() -> Page | None:
            wanted = labels.items()
            return next((p for p in self._pages[first:] if (p.name, p.status) == (name, status) and wanted <= p.labels.items()), None)

        with self._arrived:
            found = self._arrived.wait_for(find, within_s)
            came = [(page.name, page.status, page.labels) for page in self._pages]
        assert found is not None, f"no page {name} {status} {labels} within {within_s:.0f} s; pages: {came}"
        return found


def webhook_to(pager: Pager) -> str:
    """A configuration that notifies of each alert by itself, at once; `resolved` too."""
    route = {"receiver": "pager", "group_by": ["..."], "group_wait": "0s", "group_interval": "1s", "repeat_interval": "1h"}
    return _written({"route": route, "receivers": [{"name": "pager"}]}, pager)


def rewired(config: str, pager: Pager) -> str:
    """A configuration as it is shipped, its routes and inhibitions kept; every receiver is a webhook to the pager, and times are a test's."""
    read = yaml.safe_load(config)

    def hasten(route: dict[str, Any]) -> None:
        if route is not read["route"]:
            for time_of in ("group_wait", "group_interval", "repeat_interval"):
                route.pop(time_of, None)
        for child in route.get("routes", ()):
            hasten(child)

    hasten(read["route"])
    read["route"] |= {"group_wait": "1s", "group_interval": "1s", "repeat_interval": "1h"}
    read.pop("global", None)  # addresses and secrets of receivers that are not asked
    read.pop("templates", None)
    return _written(read, pager)


def _written(config: dict[str, Any], pager: Pager) -> str:
    webhooks = [{"name": one["name"], "webhook_configs": [{"url": pager.url, "send_resolved": True}]} for one in config["receivers"]]
    return yaml.safe_dump({"global": {"resolve_timeout": "1m"}, **config, "receivers": webhooks}, sort_keys=False)
