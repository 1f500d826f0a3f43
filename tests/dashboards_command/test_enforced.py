"""The Grafana of these tests itself: what it refuses, so that what passes has been held against something."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

import pytest

from tests.support.grafana import VIEWER, Grafana

BOARD = {"title": "A", "uid": "a", "schemaVersion": 42, "panels": []}
FOLDER = {"uid": "tidegate", "title": "Tidegate"}
SOURCE = {"name": "P", "uid": "p", "type": "prometheus", "access": "proxy", "url": "http://p"}
QUERY = {"refId": "A", "datasourceUid": "p", "relativeTimeRange": {"from": 600, "to": 0}, "model": {"expr": "up"}}
RULE = {
    "uid": "r", "title": "R", "orgID": 1, "folderUID": "tidegate", "ruleGroup": "g", "condition": "A",
    "data": [QUERY], "noDataState": "OK", "execErrState": "Error", "for": "5m",
}  # fmt: skip
GROUP = "/v1/provisioning/folder/tidegate/rule-groups/g"


def ask(grafana: Grafana, method: str, path: str, body: Any = None, *, token: str | None = None, kind: str = "application/json") -> tuple[int, str]:
    """Status and message."""
    headers = {"Authorization": f"Bearer {grafana.token if token is None else token}", "Content-Type": kind}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{grafana.url}/api{path}", data=data, headers=headers, method=method)
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=20) as answer:
            answer.read()
            return answer.status, ""
    except urllib.error.HTTPError as e:
        return e.code, json.loads(e.read() or b"{}").get("message", "")


def save(model: Any, **more: Any) -> dict[str, Any]:
    return {"dashboard": model, "folderUid": "tidegate", **more}


@pytest.fixture
def filled(grafana: Grafana) -> Grafana:
    """With a folder, a data source, a board in version 1, and a rule."""
    assert ask(grafana, "POST", "/folders", FOLDER) == (200, "")
    assert ask(grafana, "POST", "/datasources", SOURCE) == (200, "")
    assert ask(grafana, "POST", "/dashboards/db", save(BOARD)) == (200, "")
    assert ask(grafana, "PUT", GROUP, {"interval": 60, "rules": [RULE]}) == (200, "")
    return grafana


@pytest.mark.parametrize(
    "method, path, body, status",
    [
        ("POST", "/dashboards/db", save({**BOARD, "uid": "x" * 41}), 400),
        ("POST", "/dashboards/db", save({**BOARD, "uid": "a b"}), 400),
        ("POST", "/dashboards/db", save({**BOARD, "title": ""}), 400),
        ("POST", "/dashboards/db", save({**BOARD, "uid": "b", "panels": [{"id": 1}]}), 400),
        ("POST", "/dashboards/db", save({**BOARD, "uid": "b", "panels": [{"id": 1, "type": "text"}, {"id": 1, "type": "text"}]}), 400),
        ("POST", "/dashboards/db", {"board": BOARD}, 400),
        ("POST", "/dashboards/db", save({**BOARD, "uid": "b"}, message="x" * 501), 400),
        ("POST", "/dashboards/db", save({**BOARD, "uid": "b"}) | {"folderUid": "nowhere"}, 404),
        ("POST", "/dashboards/db", save({**BOARD, "uid": "b", "id": 4711}), 404),
        ("POST", "/dashboards/db", save(BOARD), 412),
        ("POST", "/dashboards/db", save({**BOARD, "version": 7}), 412),
        ("POST", "/dashboards/db", save({**BOARD, "version": 1}), 200),
        ("POST", "/dashboards/db", save(BOARD, overwrite=True), 200),
        ("GET", "/dashboards/uid/none", None, 404),
        ("POST", "/folders", FOLDER, 409),
        ("POST", "/folders", {"uid": "x"}, 400),
        ("PUT", "/folders/tidegate", {"title": "B"}, 412),
        ("GET", "/folders/none", None, 404),
        ("POST", "/datasources", {**SOURCE, "uid": "q"}, 409),
        ("POST", "/datasources", {**SOURCE, "name": "Q"}, 409),
        ("POST", "/datasources", {"name": "Q", "uid": "q"}, 400),
        ("PUT", "/datasources/uid/none", SOURCE, 404),
        ("PUT", "/datasources/uid/p", {**SOURCE, "version": 7}, 409),
        ("GET", "/plugins/none/settings", None, 404),
        ("GET", GROUP + "x", None, 404),
        ("PUT", GROUP, {"interval": 65, "rules": [RULE]}, 400),
        ("PUT", GROUP.replace("tidegate", "none"), {"interval": 60, "rules": [RULE]}, 400),
        ("PUT", GROUP + "x", {"interval": 60, "rules": [{**RULE, "uid": "s"}]}, 400),
        ("DELETE", "/v1/provisioning/alert-rules/r", None, 204),
    ],
)
def test_statuses_are_the_documented_ones(filled: Grafana, method: str, path: str, body: Any, status: int) -> None:
    """Each is on the page of its endpoint, or in Grafana's source where the page is silent."""
    assert ask(filled, method, path, body)[0] == status


@pytest.mark.parametrize(
    "change",
    [
        {"title": ""}, {"title": "x" * 191}, {"uid": "x" * 41}, {"condition": "Z"}, {"noDataState": "Fine"}, {"execErrState": "Oops"}, {"for": "soon"}, {"data": []},
        {"annotations": {"__dashboardUid__": "a"}}, {"labels": {"n": 1}}, {"orgID": None}, {"folderUID": ""},
        {"data": [{**QUERY, "datasourceUid": "none"}]}, {"data": [{**QUERY, "relativeTimeRange": {"from": 0, "to": 0}}]},
        {"data": [{**QUERY, "datasourceUid": "__expr__", "model": {"type": "magic"}}]},
    ],
)  # fmt: skip
def test_a_rule_that_grafana_would_not_take_is_refused(filled: Grafana, change: dict[str, Any]) -> None:
    """A rule that is only sent is not yet one that is evaluated."""
    code, message = ask(filled, "PUT", GROUP, {"interval": 60, "rules": [{**RULE, **change}]})
    assert code == 400
    assert message


def test_nobody_gets_in_without_a_token_and_nobody_further_than_it_goes(filled: Grafana) -> None:
    """401 and 403 are different sentences; the health alone is anybody's."""
    filled.tokens["seer"] = VIEWER
    assert ask(filled, "GET", "/folders/tidegate", token="wrong")[0] == 401
    assert ask(filled, "GET", "/folders/tidegate", token="seer")[0] == 200
    assert ask(filled, "PUT", "/folders/tidegate", {"title": "B", "version": 1}, token="seer")[0] == 403
    assert ask(filled, "GET", "/health", token="wrong")[0] == 200


def test_bodies_are_json_and_say_so(filled: Grafana) -> None:
    """A form is no JSON."""
    assert ask(filled, "POST", "/folders", {"title": "B"}, kind="text/plain") == (400, "bad request data")


def test_what_a_file_provides_is_not_saved_over(filled: Grafana) -> None:
    """Neither a board, nor a data source, nor a rule."""
    filled.boards["a"].provisioned = filled.datasources["p"]["readOnly"] = True
    filled.rules["r"]["provenance"] = "file"
    assert ask(filled, "POST", "/dashboards/db", save(BOARD, overwrite=True))[0] == 400
    assert ask(filled, "PUT", "/datasources/uid/p", SOURCE)[0] == 403
    assert ask(filled, "PUT", GROUP, {"interval": 60, "rules": [RULE]})[0] == 500
