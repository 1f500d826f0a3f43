"""`tidegate dashboards push`: what arrives in Grafana, and what becomes of what others have changed there."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from aiohttp import web

from gateway.commands.dashboards import packaged
from gateway.commands.dashboards_push import essence, seconds
from tests.support.grafana import ADMIN, Grafana
from tests.support.pushing import GROUPS, PASSWORD, URLS, Run, datasource, steps


def test_a_push_brings_everything_and_a_second_one_changes_nothing(push: Run, grafana: Grafana) -> None:
    """Idempotent: it can stand in a pipeline."""
    code, out, err = push(*URLS, "--json")
    assert (code, set(steps(out).values())) == (0, {"create"}), err
    assert grafana.folders["tidegate"]["title"] == "Tidegate"
    assert sorted(grafana.boards) == sorted(packaged())
    assert {board.folder for board in grafana.boards.values()} == {"tidegate"}
    assert sorted({rule["ruleGroup"] for rule in grafana.rules.values()}) == GROUPS
    assert {rule["provenance"] for rule in grafana.rules.values()} == {"api"}
    asked = len(grafana.writes)
    code, out, err = push(*URLS)
    assert (code, len(grafana.writes)) == (0, asked), err
    assert "nothing to change: Grafana has all of it" in out
    assert len(grafana.boards["tidegate-overview"].versions) == 1


def test_the_data_sources_are_the_ones_that_the_boards_ask(push: Run, grafana: Grafana) -> None:
    """A board whose variables point elsewhere is blank."""
    push(*URLS)
    prometheus, clickhouse = grafana.datasources["tidegate-prometheus"], grafana.datasources["tidegate-clickhouse"]
    assert (prometheus["type"], prometheus["url"], prometheus["isDefault"]) == ("prometheus", "http://prometheus:9090", False)
    expected = {"host": "clickhouse.example", "port": 8443, "secure": True, "path": "ch", "username": "tidegate_reader", "defaultDatabase": "tidegate", "protocol": "http"}
    assert clickhouse["jsonData"].items() >= expected.items()
    assert grafana.secrets["tidegate-clickhouse"] == {"password": PASSWORD}
    for board in grafana.boards.values():
        chosen = {v["query"]: v["current"]["value"] for v in board.now["templating"]["list"] if v["type"] == "datasource"}
        assert chosen == {"prometheus": "tidegate-prometheus", "grafana-clickhouse-datasource": "tidegate-clickhouse"}


def test_data_sources_that_exist_are_used_and_left_alone(push: Run, grafana: Grafana) -> None:
    """A platform team has its own Prometheus in Grafana; nobody wants it twice."""
    grafana.datasources |= {"main": datasource("main", "prometheus"), "ch": datasource("ch", "grafana-clickhouse-datasource")}
    before = copy.deepcopy(grafana.datasources)
    code, _, err = push("--prometheus-uid", "main", "--clickhouse-uid", "ch")
    assert (code, grafana.datasources) == (0, before), err
    assert {query["datasourceUid"] for rule in grafana.rules.values() for query in rule["data"]} == {"main", "__expr__"}
    assert '"ch"' in json.dumps(grafana.boards["tidegate-cost"].now["templating"])


def test_a_dry_run_writes_nothing_and_lists_what_a_real_one_does(push: Run, grafana: Grafana) -> None:
    """What is shown is what will be done: the same code looks, and only the second time it acts."""
    code, out, _ = push(*URLS, "--dry-run", "--json")
    assert (code, grafana.writes, grafana.boards, grafana.folders) == (0, [], {}, {})
    assert steps(push(*URLS, "--json")[1]) == steps(out)


def test_without_alert_rules_none_are_touched(push: Run, grafana: Grafana) -> None:
    """Where Prometheus has loaded the rules file, Grafana's copy would page everybody twice."""
    grafana.tokens[grafana.token] = ADMIN - {"alert.provisioning:read", "alert.provisioning:write"}
    code, out, err = push(*URLS, "--no-alert-rules")
    assert (code, grafana.rules) == (0, {}), err
    assert "alert rules" not in out
    grafana.tokens[grafana.token] = ADMIN
    assert "tidegate.rules.yaml fires the same alerts" in push(*URLS)[2]


def test_rules_that_went_are_deleted_and_those_of_others_stay(push: Run, grafana: Grafana) -> None:
    """A rule that is no longer made would fire for ever after; somebody else's in the same folder is none of ours."""
    push(*URLS)
    rule = next(iter(grafana.rules.values()))
    grafana.rules["tidegate-Gone"] = {**rule, "uid": "tidegate-Gone", "title": "TidegateGone", "ruleGroup": "tidegate-old"}
    grafana.rules["theirs"] = {**rule, "uid": "theirs", "title": "Theirs", "ruleGroup": "their group", "provenance": ""}
    code, out, _ = push(*URLS)
    assert code == 0
    assert "delete     alert rules  TidegateGone" in out
    assert "tidegate-Gone" not in grafana.rules
    assert "theirs" in grafana.rules


def test_a_board_changed_by_hand_is_kept_until_force(push: Run, grafana: Grafana) -> None:
    """Somebody's work of an afternoon is not lost to a pipeline; what --force replaces stays in the history."""
    push(*URLS)
    board = grafana.boards["tidegate-cost"]
    board.save("", {**board.now, "title": "Mine"})
    code, out, _ = push(*URLS)
    assert (code, board.now["title"]) == (1, "Mine")
    assert "kept       board        tidegate-cost                changed in Grafana (version 2)" in out
    assert push(*URLS, "--force")[0] == 0
    assert board.now["title"] == packaged()["tidegate-cost"]["title"]
    assert [model["title"] for _, model in board.versions][1] == "Mine"
    assert "nothing to change" in push(*URLS)[1]


def test_a_board_of_an_earlier_push_is_replaced_where_it_was_moved_to(push: Run, grafana: Grafana) -> None:
    """An update of Tidegate updates its boards, and does not undo how somebody has tidied up."""
    push(*URLS)
    board = grafana.boards["tidegate-cost"]
    grafana.folders["elsewhere"] = {"uid": "elsewhere", "title": "Elsewhere", "version": 1, "id": 77}
    board.folder = "elsewhere"
    board.versions[-1] = (f"tidegate dashboards push {'0' * 16}", {**board.now, "title": "Of an older Tidegate"})
    code, out, err = push(*URLS, "--json")
    assert (code, steps(out)["tidegate-cost"]) == (0, "update"), err
    assert (board.now["title"], board.folder) == (packaged()["tidegate-cost"]["title"], "elsewhere")


def test_what_a_newer_grafana_makes_of_a_board_is_no_change(push: Run, grafana: Grafana) -> None:
    """Grafana migrates boards to its own schema as it stores them: the version's message tells whose save was the last."""
    push(*URLS)
    for board in grafana.boards.values():
        board.now.update(schemaVersion=99, panels=[])
    code, out, _ = push(*URLS)
    assert code == 0
    assert "nothing to change" in out


def test_a_board_saved_between_look_and_write_is_not_overwritten(push: Run, grafana: Grafana) -> None:
    """The race of a person and a pipeline ends with 412 and a sentence."""
    push(*URLS)
    board = grafana.boards["tidegate-cost"]
    board.versions[-1] = (f"tidegate dashboards push {'0' * 16}", {**board.now, "title": "Old"})

    def meddle(request: web.Request) -> None:
        if request.method == "POST" and request.path == "/api/dashboards/db":
            board.save("mine", {**board.now, "title": "Mine"})

    grafana.answer_with = meddle
    code, _, err = push(*URLS)
    assert (code, board.now["title"]) == (1, "Mine")
    assert "cannot save the board tidegate-cost: Grafana answers 412: The dashboard has been changed by someone else" in err


def test_a_provisioned_board_and_source_are_left_to_their_file(push: Run, grafana: Grafana) -> None:
    """Grafana would refuse to save them; the file is where they are changed."""
    push(*URLS)
    board, source = grafana.boards["tidegate-cost"], grafana.datasources["tidegate-prometheus"]
    board.provisioned = source["readOnly"] = True
    assert push(*URLS)[0] == 0
    board.save("", {**board.now, "title": "From an older file"})
    source["url"] = "http://elsewhere:9090"
    code, out, _ = push(*URLS, "--force")
    assert code == 1
    assert out.count("provisioned from a file that") == 2
    assert (board.now["title"], source["url"]) == ("From an older file", "http://elsewhere:9090")


def test_rules_that_people_may_edit_are_kept_until_force(push: Run, grafana: Grafana) -> None:
    """--editable-rules invites people to tune thresholds: the next push must not undo it without being told."""
    push(*URLS, "--editable-rules")
    assert {rule["provenance"] for rule in grafana.rules.values()} == {""}
    assert "nothing to change" in push(*URLS, "--editable-rules")[1]
    grafana.rules["tidegate-Down"]["for"] = "2h"
    code, out, _ = push(*URLS, "--editable-rules", "--json")
    assert (code, steps(out)["tidegate-itself"], grafana.rules["tidegate-Down"]["for"]) == (1, "kept", "2h")
    assert push(*URLS, "--force")[0] == 0
    assert grafana.rules["tidegate-Down"]["for"] != "2h"
    assert grafana.rules["tidegate-Down"]["provenance"] == "api"


def test_a_changed_server_updates_the_source_and_keeps_the_rest(push: Run, grafana: Grafana) -> None:
    """Somebody who made ours the default, or set a scrape interval, finds it so after the next push."""
    push(*URLS)
    grafana.datasources["tidegate-prometheus"] |= {"isDefault": True, "name": "Ours", "jsonData": {**grafana.datasources["tidegate-prometheus"]["jsonData"], "timeInterval": "15s"}}
    code, out, err = push("--prometheus-url", "http://new:9090", "--json")
    assert (code, steps(out)["tidegate-prometheus"], steps(out)["tidegate-clickhouse"]) == (0, "update", "unchanged"), err
    now = grafana.datasources["tidegate-prometheus"]
    assert (now["url"], now["isDefault"], now["name"], now["jsonData"]["timeInterval"]) == ("http://new:9090", True, "Ours", "15s")


def test_a_new_password_is_written_when_forced(push: Run, grafana: Grafana, monkeypatch: pytest.MonkeyPatch) -> None:
    """Grafana never gives a password back, so a push cannot see that it changed, and says so."""
    push(*URLS)
    monkeypatch.setenv("TIDEGATE_READER_PASSWORD", "another")
    assert "whether its password is the same cannot be seen; --force writes it" in push(*URLS)[1]
    assert grafana.secrets["tidegate-clickhouse"]["password"] == PASSWORD
    assert push(*URLS, "--force")[0] == 0
    assert grafana.secrets["tidegate-clickhouse"]["password"] == "another"


def test_a_folder_is_renamed_only_when_asked(push: Run, grafana: Grafana) -> None:
    """What people call the folder is theirs."""
    push(*URLS, "--folder", "LLM gate")
    assert grafana.folders["tidegate"]["title"] == "LLM gate"
    push(*URLS)
    assert grafana.folders["tidegate"]["title"] == "LLM gate"
    push(*URLS, "--folder", "Gate")
    assert grafana.folders["tidegate"]["title"] == "Gate"


def test_the_essence_of_a_rule_ignores_what_grafana_adds() -> None:
    """Spelling of durations and fields of the server's are no change; a threshold is one."""
    rule: dict[str, Any] = {"uid": "a", "title": "A", "condition": "A", "for": "1h30m", "data": [{"refId": "A", "datasourceUid": "p", "model": {"expr": "x > 1"}}]}
    stored = {**rule, "for": "90m", "id": 7, "updated": "now", "labels": {}, "data": [{"refId": "A", "datasourceUid": "p", "model": {"expr": "x > 1", "intervalMs": 1000}}]}
    assert essence(rule) == essence(stored)
    assert essence(rule) != essence({**stored, "data": [{"refId": "A", "datasourceUid": "p", "model": {"expr": "x > 2"}}]})
    assert seconds("1d2h3m4s500ms") == 86400 + 7200 + 180 + 4.5
