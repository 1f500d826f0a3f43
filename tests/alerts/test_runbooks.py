"""Every alert has a runbook, and what a runbook says is so: its commands parse, its queries run, its links lead somewhere, its words are in the log."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from dashboards.alerts.render import ALERTS
from gateway import cli
from gateway.config import load
from gateway.console.app import application
from gateway.errors import ConfigError
from tests.support.clickhouse import ROOT
from tests.support.exchanges import exchange
from tests.support.filled import filled as filled_store
from tests.support.prometheus import RunningAlertmanager, program
from tests.support.runbooks import FOLDER, SECTIONS, Runbook, filled, runbooks, split_at_pipes

BOOKS = runbooks()
BOARDS = {"tidegate-overview", "tidegate-cost", "tidegate-guards", "tidegate-drift", "tidegate-itself"}
PROGRAMS = {"tidegate", "curl", "amtool", "journalctl", "systemctl", "grep", "tail", "head", "cut", "df", "du", "ls", "diff", "openssl", "date", "top", "free"}
PROVIDERS = "providers: {openai: {dialect: openai, base_url: 'https://api.example.com'}}\n"
each_book = pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.name)


def test_every_alert_has_a_runbook_and_no_runbook_is_without_an_alert():
    """A page whose link is dead wakes somebody for nothing; a page about an alert that is gone misleads."""
    assert {book.name for book in BOOKS} == {alert.name for alert in ALERTS}


def test_the_index_lists_them_all():
    """Who has no link has the index."""
    rows = re.findall(r"^\| \[(\w+)\]\((\w+)\.md\) \| (.+) \| \[.+\]\(/d/([\w-]+)\) \|$", (FOLDER / "README.md").read_text(), re.M)
    assert {row[0] for row in rows} == {book.name for book in BOOKS} and all(name == target for name, target, _, _ in rows)
    assert {row[0]: row[3] for row in rows} == {alert.name: alert.board for alert in ALERTS}


@each_book
def test_it_has_its_form(book: Runbook):
    """Somebody who is half asleep finds each thing where it was on the last page, and no page is long."""
    assert book.text.startswith(f"# {book.name}\n")
    assert tuple(book.sections()) == SECTIONS
    assert len(book.text.splitlines()) <= 60
    assert book.sections()["What it means"].count("\n\n") == 0, "one paragraph"
    assert "```sh" in book.sections()["How to look"] and "```promql" in book.sections()["How to look"]
    assert "1. " in book.sections()["What to do"]
    assert f"alertname={book.name}" in book.sections()["When it is safe to ignore"]


@each_book
def test_its_links_lead_somewhere(book: Runbook):
    """Other pages, and the board that the alert itself names."""
    links = re.findall(r"\]\(([^)]+)\)", book.text)
    assert links[0] == "/d/" + next(alert.board for alert in ALERTS if alert.name == book.name)
    for link in links:
        assert link.removeprefix("/d/") in BOARDS if link.startswith("/d/") else (FOLDER / link).is_file(), link


@each_book
def test_its_shell_lines_are_of_known_programs_and_variables(book: Runbook):
    """Nothing that a reader would have to guess: filled() refuses a variable that no page explains."""
    for line in book.fenced("sh"):
        assert {part[0] for part in split_at_pipes(line) if part} - {"/dev/null"} <= PROGRAMS, line


@each_book
def test_its_commands_are_those_of_the_command_line(book: Runbook):
    """An option that is gone is found out here, and not at night."""
    wrong = []
    for command in book.commands():
        try:
            with contextlib.redirect_stderr(io.StringIO()):
                cli.parser().parse_args(command)
        except SystemExit:
            wrong.append(shlex.join(command))
    assert wrong == []


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A configuration whose store runs."""
    with filled_store(tmp_path_factory.mktemp("store"), PROVIDERS, [exchange()]) as config:
        yield config


def test_its_queries_run_on_a_real_store(store: Path, capfd: pytest.CaptureFixture[str]):
    """A column that was renamed is found out here. All of them in one test, since the store takes seconds to start."""
    wrong = {}
    queries = [(book.name, query) for book in BOOKS for query in book.queries()]
    for name, query in queries:
        if cli.main(["sql", "--config", str(store), query]) != 0:
            wrong[name, query] = capfd.readouterr().err
    assert wrong == {}
    assert len(queries) > 30


def test_its_expressions_parse(tmp_path: Path):
    """By Prometheus' own parser, each as the rule that it is not."""
    rules = [{"record": f"a:{number}:b", "expr": line} for number, line in enumerate(line for book in BOOKS for line in book.fenced("promql"))]
    assert len(rules) > 60
    (tmp_path / "rules.yml").write_text(yaml.safe_dump({"groups": [{"name": "runbooks", "rules": rules}]}))
    done = subprocess.run([program("promtool"), "check", "rules", str(tmp_path / "rules.yml")], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_log_lines_that_it_looks_for_are_written():
    """A search for a word that the gate does not say finds nothing and is taken for good news."""
    sources = "\n".join(path.read_text() for path in (ROOT / "gateway").rglob("*.py"))
    looked_for = {word for book in BOOKS for line in book.fenced("sh") if "journalctl -u" in line for found in re.findall(r"grep -E '([^']+)'", line) for word in found.split("|")}
    assert len(looked_for) > 30
    assert {word for word in looked_for if f'"{word}"' not in sources} == set()


def test_the_settings_that_it_names_exist(tmp_path: Path):
    """`store.retention_days` and the like: what is no setting is refused by the configuration's own reader as unknown."""
    named = {(book.name, found) for book in BOOKS for found in re.findall(r"`((?:server|store|record|guard|drift|telemetry|objectives|breaker|retries)\.(?!html\b)[a-z_0-9]+)`", book.text)}
    assert len(named) > 20
    unknown = []
    for name, setting in sorted(named):
        section, key = setting.split(".")
        (tmp_path / "tidegate.yaml").write_text(f"{PROVIDERS}{section}: {{{key}: [[[]]]}}\n")
        try:
            load(tmp_path / "tidegate.yaml")
        except ConfigError as e:
            if "unknown" in str(e):
                unknown.append((name, setting, str(e)))
    assert unknown == []


def test_the_pages_that_it_fetches_are_served(tmp_path: Path):
    """Paths of the admin port, as its own routes have them."""
    app = application(run=tmp_path, host="127.0.0.1", token=None, reader=None)  # type: ignore[arg-type]  # no page is asked for
    served = [re.compile(re.sub(r"\{\w+\}", "[^/]+", str(route.resource.canonical))) for route in app.router.routes() if route.resource]
    paths = {found for book in BOOKS for found in re.findall(r"\$ADMIN(/[^\"`\s]+)", book.text)}
    assert len(paths) > 2
    assert {path for path in paths if not any(each.fullmatch(path) for each in served)} == set()


def test_its_silence_is_one(tmp_path: Path):
    """The command at its end, run as it stands against a real Alertmanager."""
    route = "route: {receiver: nobody}\nreceivers: [{name: nobody}]\n"
    with RunningAlertmanager(tmp_path, route) as alertmanager:
        wanted = {}
        for book in BOOKS:
            line = next(line for line in book.fenced("sh") if line.startswith("amtool"))
            done = subprocess.run([program("amtool"), *shlex.split(filled(line, ALERTMANAGER=alertmanager.url))[1:]], capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
            wanted[done.stdout.strip()] = book.name
        silences = alertmanager.ask("/api/v2/silences")
    found = {one["id"]: next(m["value"] for m in one["matchers"] if m["name"] == "alertname") for one in silences if one["status"]["state"] == "active"}
    assert found == wanted and len(found) == len(BOOKS)


def test_its_silence_names_the_labels_that_the_alert_has():
    """A silence for a label that is not there silences nothing."""
    for book in BOOKS:
        line = next(line for line in book.fenced("sh") if line.startswith("amtool"))
        given = set(re.findall(r' (\w+)="\$', line))
        labels = next(alert.labels for alert in ALERTS if alert.name == book.name)
        assert given <= set(labels), f"{book.name}: {given} of {labels}"


if __name__ == "__main__":
    sys.exit(pytest.main([__file__, "-q"]))
