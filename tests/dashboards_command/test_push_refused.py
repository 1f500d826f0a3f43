"""`tidegate dashboards push`: what stops it, and how that is said."""

from __future__ import annotations

import datetime as dt
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from aiohttp import web

from gateway.commands.dashboards import packaged
from tests.support.certificates import Authority
from tests.support.grafana import ADMIN, EDITOR, VIEWER, Grafana
from tests.support.pushing import PASSWORD, URLS, Run, datasource


def test_a_name_that_is_taken_stops_everything_before_a_write(push: Run, grafana: Grafana) -> None:
    """Somebody's data source is never taken over, and nothing is half done."""
    grafana.datasources["x1"] = datasource("x1", "prometheus", "Tidegate Prometheus")
    code, _, err = push(*URLS)
    assert (code, grafana.writes) == (1, [])
    assert "named Tidegate Prometheus that is not this command's (uid x1)" in err
    assert "--prometheus-uid x1" in err


def test_a_uid_of_another_kind_is_never_taken_over(push: Run, grafana: Grafana) -> None:
    """Neither ours that is none, nor a source that boards could not ask."""
    grafana.datasources["tidegate-prometheus"] = datasource("tidegate-prometheus", "loki")
    assert "is of type loki, not prometheus" in push(*URLS)[2]
    assert "is of type loki, not prometheus" in push("--prometheus-uid", "tidegate-prometheus", *URLS[2:])[2]
    assert grafana.writes == []


def test_a_source_that_is_not_there_is_named_with_the_options(push: Run, grafana: Grafana) -> None:
    """The first push needs to be told where to ask; later ones find it in Grafana."""
    code, _, err = push()
    assert (code, grafana.writes) == (1, [])
    assert "no data source with the uid tidegate-prometheus" in err
    assert "--prometheus-url" in err
    push(*URLS)
    assert push()[0] == 0


def test_a_missing_plugin_is_said_with_the_command_that_installs_it(push: Run, grafana: Grafana) -> None:
    """ClickHouse's panels are blank without it; Grafana itself would take the data source."""
    grafana.plugins.clear()
    code, _, err = push(*URLS)
    assert (code, grafana.writes) == (1, [])
    assert "grafana cli plugins install grafana-clickhouse-datasource" in err


def test_a_token_that_lacks_rights_is_told_which_before_anything_is_written(push: Run, grafana: Grafana) -> None:
    """Half a push is worse than none, and «403» helps nobody."""
    grafana.tokens[grafana.token] = EDITOR | {"datasources:read", "alert.provisioning:read"}
    code, _, err = push(*URLS)
    assert (code, grafana.writes) == (1, [])
    for lacking in ("datasources:create (role Admin)", "alert.provisioning:write (role Admin)", "--no-alert-rules"):
        assert lacking in err
    assert "folders:create" not in err
    grafana.tokens[grafana.token] = VIEWER
    code, _, err = push(*URLS, "--no-alert-rules")
    assert (code, grafana.writes) == (1, [])
    assert "datasources:read" in err


def test_an_editor_can_push_boards_where_the_sources_exist(push: Run, grafana: Grafana) -> None:
    """The help promises that the role Editor is enough then."""
    grafana.datasources |= {"main": datasource("main", "prometheus"), "ch": datasource("ch", "grafana-clickhouse-datasource")}
    grafana.tokens[grafana.token] = EDITOR | {"datasources:read"}
    assert push("--prometheus-uid", "main", "--clickhouse-uid", "ch", "--no-alert-rules")[0] == 0
    assert sorted(grafana.boards) == sorted(packaged())


def test_where_rights_cannot_be_read_a_refusal_names_the_right(push: Run, grafana: Grafana) -> None:
    """An older Grafana does not tell what a token may do; its 403 is turned into a sentence all the same."""
    grafana.knows_permissions = False
    grafana.tokens[grafana.token] = EDITOR | {"datasources:read", "alert.provisioning:read"}
    code, out, err = push(*URLS)
    assert code == 1
    assert "cannot create the data source tidegate-prometheus: not allowed (403: " in err
    assert "needs datasources:create (role Admin)" in err
    assert "create     folder" in out  # what was done before is said


@pytest.mark.parametrize("env", [{"GRAFANA_TOKEN": "wrong-token-value"}, {"GRAFANA_USER": "admin", "GRAFANA_PASSWORD": "wrong-password-value"}])
def test_a_wrong_secret_is_said_and_not_shown(run: Run, grafana: Grafana, monkeypatch: pytest.MonkeyPatch, env: dict[str, str]) -> None:
    """401 in words, and the secret in neither stream."""
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    code, out, err = run("push", "--grafana", grafana.url, *URLS)
    assert code == 1
    assert "does not know this token or password (401" in err
    assert not any("wrong" in text for text in (out, err))


def test_user_and_password_or_a_token_file_do_as_well(run: Run, grafana: Grafana, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A token file is what a pipeline mounts; its last newline is no part of it."""
    monkeypatch.setenv("GRAFANA_USER", "admin")
    monkeypatch.setenv("GRAFANA_PASSWORD", grafana.users["admin"])
    assert run("push", "--grafana", grafana.url, *URLS)[0] == 0
    monkeypatch.delenv("GRAFANA_USER")
    (tmp_path / "token").write_text(grafana.token + "\n")
    assert run("push", "--grafana", grafana.url, *URLS, "--token-file", "token")[0] == 0
    assert grafana.asked[-1].headers["Authorization"] == f"Bearer {grafana.token}"


def test_no_secret_is_printed_or_goes_into_a_board(push: Run, grafana: Grafana) -> None:
    """Neither stream, in neither format, nor anything that Grafana shows."""
    shown = [*push(*URLS, "--dry-run"), *push(*URLS, "--json"), *push(*URLS, "--force")]
    kept = [board.versions for board in grafana.boards.values()] + [grafana.datasources, grafana.rules]
    for secret in (grafana.token, PASSWORD):
        assert secret not in str(shown)
        assert secret not in str(kept)


@pytest.mark.parametrize("version, taken", [("9.5.21", False), ("10.0.0", True), ("13.1.0-rc1", True)])
def test_an_old_grafana_is_told_what_is_needed(run: Run, monkeypatch: pytest.MonkeyPatch, version: str, taken: bool) -> None:
    """Better than a rule that it does not understand."""
    with Grafana(version=version) as grafana:
        monkeypatch.setenv("GRAFANA_TOKEN", grafana.token)
        code, _, err = run("push", "--grafana", grafana.url, *URLS)
        assert (code == 0) == taken, err
        assert ("10.0 or newer is needed: alert rules use threshold expressions" in err) != taken
        assert bool(grafana.writes) == taken


def test_a_grafana_below_a_path_is_found(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind a reverse proxy it often has one."""
    with Grafana(prefix="/monitoring") as grafana:
        monkeypatch.setenv("GRAFANA_TOKEN", grafana.token)
        assert run("push", "--grafana", grafana.url + "/", *URLS)[0] == 0
        assert len(grafana.boards) == 5


def test_an_older_grafana_with_a_board_of_the_same_title_says_so(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Older versions take a title once in a folder: the refusal names the board."""
    with Grafana(version="10.4.1", same_titles=False) as grafana:
        monkeypatch.setenv("GRAFANA_TOKEN", grafana.token)
        run("push", "--grafana", grafana.url, *URLS)
        grafana.boards["theirs"] = grafana.boards.pop("tidegate-drift")
        code, _, err = run("push", "--grafana", grafana.url, *URLS)
        assert code == 1
        assert "cannot save the board tidegate-drift: Grafana answers 412: A dashboard with the same name in the folder already exists" in err


def test_a_redirect_is_not_followed_with_the_token(push: Run, grafana: Grafana) -> None:
    """It might lead anywhere; where to is said."""
    with Grafana() as other:
        grafana.answer_with = lambda request: web.Response(status=302, headers={"Location": f"{other.url}/api/health"})
        code, _, err = push(*URLS)
        assert (code, other.asked) == (1, [])
        assert f"it sends its callers to {other.url}" in err


def test_a_page_that_is_no_api_is_not_taken_for_one(push: Run, grafana: Grafana) -> None:
    """A single sign-on in front answers 200 with its own page."""
    grafana.answer_with = lambda request: web.Response(text="<html>Sign in</html>", content_type="text/html")
    code, _, err = push(*URLS)
    assert code == 1
    assert "answers with something that is no Grafana's" in err


def test_what_grafana_says_cannot_move_the_terminal(push: Run, grafana: Grafana) -> None:
    """An answer is text from outside: control characters stay out of it."""
    grafana.answer_with = lambda request: web.json_response({"message": "no \x1b[2J\u202ethanks"}, status=500)
    code, _, err = push(*URLS)
    assert code == 1
    assert "Grafana answers 500: no  [2J thanks" in err


def test_a_grafana_that_is_not_there_or_not_well_is_a_sentence(push: Run, run: Run, grafana: Grafana) -> None:
    """No traceback for a wrong port."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        code, _, err = run("push", "--grafana", f"http://127.0.0.1:{held.getsockname()[1]}", *URLS)
    assert code == 1
    assert "cannot be reached" in err
    grafana.answer_with = lambda request: web.json_response({"database": "failing", "version": "12.0.0"}, status=200)
    assert "its database is failing" in push(*URLS)[2]


def test_tls_is_verified(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The token goes to whoever answers: an authority that nobody has named is nobody."""
    ours = Authority("ours")
    (tmp_path / "ours.pem").write_bytes(ours.pem(ends_in=dt.timedelta(hours=1)))
    (tmp_path / "other.pem").write_bytes(Authority("other").pem(ends_in=dt.timedelta(hours=1)))
    with Grafana(tls=ours.server(tmp_path)) as grafana:
        monkeypatch.setenv("GRAFANA_TOKEN", grafana.token)
        for ca in ((), ("--ca-file", "other.pem")):
            code, _, err = run("push", "--grafana", grafana.url, *URLS, *ca)
            assert (code, grafana.asked) == (1, [])
            assert "a certificate that this machine does not trust" in err
        assert run("push", "--grafana", grafana.url, *URLS, "--ca-file", "ours.pem")[0] == 0
    assert run("push", "--grafana", "https://127.0.0.1:1", *URLS, "--ca-file", "absent.pem")[0] == 2


def test_a_grafana_that_never_answers_is_left(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipeline that hangs is worse than one that fails."""
    monkeypatch.setenv("GRAFANA_TOKEN", "t")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        code, _, err = run("push", "--grafana", f"http://127.0.0.1:{silent.getsockname()[1]}", *URLS, "--timeout", "0.2")
    assert code == 1
    assert "did not answer in time" in err


def test_rights_over_alert_rules_alone_are_enough_for_them(push: Run, grafana: Grafana) -> None:
    """A token made for this and nothing more must not be sent back for the wider right of the same."""
    push(*URLS, "--no-alert-rules")
    grafana.tokens[grafana.token] = (ADMIN - {"alert.provisioning:read", "alert.provisioning:write"}) | {"alert.rules.provisioning:read", "alert.rules.provisioning:write"}
    assert push(*URLS)[0] == 0
    assert grafana.rules


@pytest.mark.parametrize(
    "args, says",
    [
        (("--grafana", "http://admin:secret-in-url@127.0.0.1:1", *URLS), "leave user and password out of the URL"),
        (("--grafana", "https://g.example/?verify=false", *URLS), "expected http(s)://host"),
        (("--grafana", "http://127.0.0.1:1", "--prometheus-url", "http://u:secret-in-url@p:9090"), "without user and password"),
        (("--grafana", "http://127.0.0.1:1", "--token-file", "absent", *URLS), "absent: No such file"),
        (("--grafana", "http://127.0.0.1:1", "--prometheus-url", "http://p", "--prometheus-uid", "p"), "not allowed with"),
    ],
)
def test_wrong_usage_is_exit_code_2(run: Run, monkeypatch: pytest.MonkeyPatch, args: tuple[str, ...], says: str) -> None:
    """And what is wrong is said without the secret that was in it."""
    monkeypatch.setenv("GRAFANA_TOKEN", "t")
    code, out, err = run("push", *args)
    assert code == 2
    assert says in err
    assert "secret-in-url" not in out + err


def test_without_a_secret_the_ways_to_give_one_are_named(run: Run) -> None:
    """There is no option for it, because others see a command line."""
    code, _, err = run("push", "--grafana", "http://127.0.0.1:1", *URLS)
    assert code == 2
    for way in ("GRAFANA_TOKEN", "--token-file", "GRAFANA_USER"):
        assert way in err


def test_without_the_extra_it_is_named_with_a_place_to_install_it() -> None:
    """Its HTTP client puts itself over urllib3, so it does not belong into the gate's own environment."""
    code = "import sys; sys.modules['grafana_client'] = None; from gateway import cli; sys.exit(cli.main(sys.argv[1:]))"
    args = ["dashboards", "push", "--grafana", "http://127.0.0.1:1", "--default-objectives", *URLS]
    done = subprocess.run([sys.executable, "-c", code, *args], env={"GRAFANA_TOKEN": "t"}, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stderr
    assert 'pip install "tidegate[dashboards]", in an environment of its own' in done.stderr
