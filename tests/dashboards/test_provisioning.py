"""The provisioning files of Grafana against what the boards ask for, what push makes, and what the reader of ClickHouse may do."""

from __future__ import annotations

import re
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

import pytest
import yaml

from gateway.cli import parser
from gateway.commands.dashboards import QUERY_TIMEOUT, _datasources, packaged
from gateway.commands.dashboards_push import FOLDER, FOLDER_TITLE
from gateway.store import embedded
from tests.support.clickhouse import ClickHouseServer

DEPLOY = Path(__file__).parent.parent.parent / "deploy"
PROVISIONING = DEPLOY / "grafana" / "provisioning"
DRIVER_ADDS_S = 5  # clickhouse-go sends max_execution_time: the time that is left, and five seconds more


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def sources() -> dict[str, dict[str, Any]]:
    """The provisioned data sources by type."""
    found: list[dict[str, Any]] = [one for file in sorted((PROVISIONING / "datasources").glob("*.yaml")) for one in read(file)["datasources"]]
    return {one["type"]: one for one in found}


def test_the_boards_choose_the_provisioned_sources() -> None:
    """A Grafana with several of a kind would otherwise open the boards on its default one, and they are blank."""
    uids = {kind: one["uid"] for kind, one in sources().items()}
    for uid, board in packaged().items():
        variables = {v["query"]: v["current"]["value"] for v in board["templating"]["list"] if v["type"] == "datasource"}
        assert variables == uids, uid


def test_every_query_of_a_board_goes_through_those_variables() -> None:
    """A query that names a source by itself is one that no provisioning reaches."""
    kinds = {"prometheus": "${prometheus}", "grafana-clickhouse-datasource": "${clickhouse}"}
    for uid, board in packaged().items():
        for panel in board["panels"]:
            for target in panel.get("targets", []):
                source = target.get("datasource") or panel["datasource"]
                assert kinds.get(source["type"]) == source["uid"], f"{uid}: {panel['title']}"


def test_files_and_push_make_the_same_sources(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who goes from one way to the other finds nothing changed but where it asks."""
    monkeypatch.setenv("TIDEGATE_READER_PASSWORD", "x")
    args = parser().parse_args(["dashboards", "push", "--grafana", "http://g", "--prometheus-url", "http://p:9090", "--clickhouse-url", "http://c:8123"])
    for pushed in _datasources(args):
        provisioned = sources()[pushed.type]
        assert pushed.payload is not None
        assert pushed.uid == provisioned["uid"]
        assert {name: provisioned[name] for name in ("name", "access", "isDefault")} == {name: pushed.payload[name] for name in ("name", "access", "isDefault")}
        assert pushed.payload["jsonData"].keys() == provisioned["jsonData"].keys()
        assert pushed.payload.get("secureJsonData", {}).keys() == provisioned.get("secureJsonData", {}).keys()
        for name, value in provisioned["jsonData"].items():
            assert str(value).startswith("$") or value == pushed.payload["jsonData"][name]


def test_no_secret_stands_in_a_file() -> None:
    """Passwords come from Grafana's environment."""
    for one in sources().values():
        for value in one.get("secureJsonData", {}).values():
            assert re.fullmatch(r"\$\{?[A-Z_]+\}?", value)


def test_the_reader_may_take_as_long_as_the_plugin_asks_for() -> None:
    """The driver asks for more seconds than the plugin is told; above the reader's constraint ClickHouse refuses the query, and every panel is blank."""
    asked = int(QUERY_TIMEOUT) + DRIVER_ADDS_S
    profiles = [embedded._PROFILES, (DEPLOY / "clickhouse" / "users.xml").read_text(encoding="utf-8")]
    for text in profiles:
        allowed = [int(most) for most in re.findall(r"<max_execution_time><min>\d+</min><max>(\d+)</max></max_execution_time>", text)]
        assert allowed
        assert asked <= min(allowed)


def test_clickhouse_takes_what_the_driver_sends_as_the_reader(tmp_path: Path) -> None:
    """Its first question, its settings, and its limit of time; with the plugin's own 60 seconds every panel would be refused."""
    with ClickHouseServer(tmp_path) as server:
        store = server.target

        def asked(limit_s: int) -> tuple[int, bytes]:
            settings = {"max_execution_time": limit_s, "enable_http_compression": 1, "default_format": "TabSeparated"}
            url = f"http://{store.place}/?{urllib.parse.urlencode(settings)}"
            login = {"X-ClickHouse-User": store.reader_user, "X-ClickHouse-Key": store.reader_password}
            request = urllib.request.Request(url, data=b"SELECT displayName() != '', version() != '', revision() > 0, timezone() != ''", headers=login)
            try:
                with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60) as answer:
                    return answer.status, answer.read()
            except urllib.error.HTTPError as e:
                return e.code, e.read()

        assert asked(int(QUERY_TIMEOUT) + DRIVER_ADDS_S) == (200, b"1\t1\t1\t1\n")
        code, words = asked(60 + DRIVER_ADDS_S)
        assert code != 200
        assert b"max_execution_time" in words


def test_the_boards_are_provided_from_a_directory_into_the_folder_of_push() -> None:
    """Both ways put them into one place, so links between boards and from alerts hold."""
    (provider,) = read(PROVISIONING / "dashboards" / "tidegate.yaml")["providers"]
    assert (provider["type"], provider["folder"], provider["folderUid"]) == ("file", FOLDER_TITLE, FOLDER)
    assert provider["options"]["path"].startswith("/")
    assert provider["allowUiUpdates"] is False


def test_the_variables_are_those_that_the_head_of_the_file_explains() -> None:
    """A variable that nobody sets is an empty string to Grafana, and says nothing."""
    text = (PROVISIONING / "datasources" / "tidegate.yaml").read_text(encoding="utf-8")
    head, _, body = text.partition("apiVersion")
    used = set(re.findall(r"\$\{?(TIDEGATE_[A-Z_]+)", body))
    explained = set(re.findall(r"TIDEGATE_[A-Z_]+", head)) | {"TIDEGATE_CLICKHOUSE_PORT", "TIDEGATE_CLICKHOUSE_SECURE"}
    assert used == explained
