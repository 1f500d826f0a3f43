"""`tidegate drift run`, `runs` and `baseline` over a real store, with the real comparison and the bundled model."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway import cli
from gateway.exchange import Exchange
from tests.support.asked import sentences
from tests.support.clickhouse import free_port
from tests.support.exchanges import exchange
from tests.support.filled import filled

CONFIG = "providers: {openai: {dialect: openai, base_url: 'https://api.example'}}\nserver: {default_app: shop}\ndrift: {min_rows: 40}\n"
NOW = dt.datetime.now(dt.UTC)


def asked(text: str, number: int, *, env: str, app: str = "shop", version: str = "1") -> Exchange:
    at = NOW - dt.timedelta(days=2 if env == "dev" else 1) + dt.timedelta(seconds=number)
    return exchange(
        id=uuid.uuid4(), app=app, env=env, started_at=at, session_id="", prompt_name="answer", prompt_version=version, tags={"suite": "smoke"} if number < 50 else {},
        prompt_text=text, reply_text=f"About {text}: yes.", request_body="", reply_body="",
    )  # fmt: skip


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A gate's configuration and its record: dev knows three kinds of questions; of production's a quarter are of a fourth. The app `tiny` has three exchanges."""
    dev = [asked(text, at, env="dev", version="2" if at % 2 else "1") for at, text in enumerate(sentences(160, 1))]
    prod = [asked(text, at, env="prod") for at, text in enumerate(sentences(140, 3, refunds=0.25))]
    few = [asked(text, at, env="prod", app="tiny") for at, text in enumerate(sentences(3, 4))]
    with filled(tmp_path_factory.mktemp("drift"), CONFIG, [*dev, *prod, *few]) as file:
        yield file


def called(capsys: pytest.CaptureFixture[str], config: Path, *arguments: str) -> tuple[int, str, str]:
    """Exit code, stdout, stderr of a `drift` command on the record."""
    code = cli.main(["drift", *arguments, "--config", str(config)])
    return code, *capsys.readouterr()


def counted(capsys: pytest.CaptureFixture[str], config: Path) -> int:
    """Runs that are kept."""
    return len(json.loads(called(capsys, config, "runs", "--json")[1]))


def test_a_run_finds_what_production_asks_and_keeps_it(config: Path, tmp_path: Path, capsys):
    """The same as the console's round does, when somebody wants to know now: the report, the page with its trend, the rows, and the list of runs."""
    page = tmp_path / "run.html"
    before = counted(capsys, config)
    code, out, err = called(capsys, config, "run", "--app", "shop", "--json", "--html", str(page))
    said = json.loads(out)
    assert (code, err) == (0, "") and said["alarm"] and said["alpha"] == 0.01 and said["kept"]
    assert (said["app"], said["baseline"]["name"], said["baseline"]["rows"], said["window"]["rows"]) == ("shop", "dev", 160, 140)
    new = next(each for each in said["topics"] if each["direction"] == "new")
    assert any("refund" in word for word in new["keywords"]) and new["exemplars"] and uuid.UUID(new["id"])
    assert len(new["exchange_ids"]) == len(new["rows"]) == new["size"] and "@" not in json.dumps(said["topics"])
    assert "Inputs of both samples" in page.read_text() and "Over time" not in page.read_text()
    assert counted(capsys, config) == before + 1

    code, out, err = called(capsys, config, "run", "--html", str(page), "--fail-on-drift", "--window", "120")  # server.default_app
    assert (code, err) == (1, "") and out.startswith("Drift: ") and "refund" in out
    assert "Over time" in page.read_text() and "2 runs from" in page.read_text()

    code, out, _ = called(capsys, config, "runs", "--app", "shop")
    lines = out.splitlines()
    assert code == 0 and lines[0].split() == ["RUN", "STARTED", "APP", "PROMPT", "KIND", "BASELINE", "ROWS", "P", "DRIFT", "NEW"]
    assert "120/160" in lines[1] and "140/160" in lines[2] and all(" asked " in line and " yes " in line for line in lines[1:3])
    assert lines[2].startswith(said["run_id"][:8])
    code, out, err = called(capsys, config, "show", said["run_id"], "--html", str(page))
    assert (code, err) == (0, "") and f"run {said['run_id']}" in out and "Drift: " in out and "refund" in out
    assert "refund" in page.read_text() and "Inputs of both samples" not in page.read_text()  # which rows they were is not kept


def test_a_run_that_is_not_kept(config: Path, capsys):
    """To try something out without a dot in anybody's trend."""
    before = counted(capsys, config)
    code, out, _ = called(capsys, config, "run", "--no-keep", "--json", "--window", "36h", "--alpha", "0.05", "--prompt", "answer")
    said = json.loads(out)
    assert (code, said["kept"], said["alpha"], said["prompt"], said["window"]["rows"]) == (0, False, 0.05, "answer", 140)
    assert counted(capsys, config) == before


@pytest.mark.parametrize(("arguments", "why"), [(["--app", "tiny"], "fewer than 40"), (["--window", "10"], "fewer than 40")])
def test_too_little_is_said_and_not_guessed(arguments: list[str], why: str, config: Path, capsys):
    """1, and the reason where the verdict stands."""
    code, out, _ = called(capsys, config, "run", "--no-keep", *arguments)
    assert code == 1 and out.startswith("Not tested: ") and why in " ".join(out.split())


def test_an_app_that_is_not_there_is_no_small_sample(config: Path, tmp_path: Path, capsys):
    """A name that was mistyped: who reads "too few rows" waits for more. Named is what there is; nothing is kept, or the app would be in every list from now on."""
    before = counted(capsys, config)
    for arguments in (["run", "--app", "nosuch"], ["run", "--app", "nosuch", "--json"], ["baseline", "suggest", "--app", "nosuch"]):
        code, out, err = called(capsys, config, *arguments)
        assert (code, out, err) == (1, "", 'tidegate: no exchanges of app "nosuch" with env "prod"; there are: shop, tiny\n')
    assert counted(capsys, config) == before
    other = tmp_path / "tidegate.yaml"
    other.write_text(config.read_text().replace("default_app: shop", "default_app: mail").replace("data_dir: .", f"data_dir: {config.parent}"))
    code, _, err = called(capsys, other, "run")
    assert code == 1 and 'app "mail" (server.default_app)' in err


def test_a_baseline_that_is_not_there_is_wrong_usage(config: Path, tmp_path: Path, capsys):
    """2, in one sentence that names those there are; and no row that says nothing."""
    file = tmp_path / "few.jsonl"
    file.write_text('{"text": "hello"}\n')
    code, out, _ = called(capsys, config, "baseline", "create", "few", "--file", str(file))
    assert (code, out) == (0, "few, version 1, of every app: 1 row, too few to be compared with anything: drift.min_rows is 40\n")
    assert "too few" in json.loads(called(capsys, config, "baseline", "create", "few", "--file", str(file), "--json")[1])["note"]
    before = counted(capsys, config)
    for asked_for, said in (("nope", 'no baseline "nope" for the app "shop"; there are: few@2'), ("few@9", 'no baseline "few" version 9 for the app "shop"; there are: few@2, few@1')):
        code, out, err = called(capsys, config, "run", "--baseline", asked_for)
        assert (code, out) == (2, "") and said in err and err.count("\n") == 1
    assert called(capsys, config, "baseline", "remove", "few")[0] == 0
    assert 'no baseline "nope"' in called(capsys, config, "run", "--baseline", "nope")[2]
    assert counted(capsys, config) == before


def test_the_life_of_a_baseline(config: Path, tmp_path: Path, capsys):
    """Made of a file, versioned, compared with, shown masked, listed, removed."""
    file = tmp_path / "dev.jsonl"
    file.write_text("".join(json.dumps({"text": text}) + "\n" for text in [*sentences(90, 7), "write to alice.smith@example.com"]))
    assert called(capsys, config, "baseline", "create", "golden", "--file", str(file), "--description", "by hand") == (0, "golden, version 1, of every app: 91 rows\n", "")
    code, out, _ = called(capsys, config, "baseline", "create", "golden", "--file", str(file), "--most", "80", "--json")
    assert code == 0 and {**json.loads(out), "created_at": ""} == {
        "name": "golden", "version": 2, "app": "", "source": "file", "spec": {"file": "dev.jsonl"}, "description": "", "created_at": "", "rows": 80, "of_rows": 91,
    }  # fmt: skip

    code, out, _ = called(capsys, config, "run", "--no-keep", "--json", "--baseline", "golden@1")
    assert code == 0 and (json.loads(out)["baseline"]["name"], json.loads(out)["baseline"]["version"], json.loads(out)["baseline"]["rows"]) == ("golden", 1, 91)

    code, out, _ = called(capsys, config, "baseline", "show", "golden@1", "--json")
    shown = json.loads(out)
    assert code == 0 and (shown["version"], shown["readable"], len(shown["texts"])) == (1, 91, 5)
    code, out, _ = called(capsys, config, "baseline", "show", "golden")
    assert code == 0 and out.startswith("golden, version 2, of every app") and "drawn from 91" in out and 'e.g. "' in out and "@example" not in out

    code, out, _ = called(capsys, config, "baseline", "list", "--all", "--json")
    assert [(each["name"], each["version"]) for each in json.loads(out) if each["name"] == "golden"] == [("golden", 2), ("golden", 1)]
    assert called(capsys, config, "baseline", "remove", "golden@2")[:2] == (0, "golden: removed version 2\n")
    assert called(capsys, config, "baseline", "show", "golden", "--json")[0] == 0
    assert called(capsys, config, "baseline", "remove", "golden")[:2] == (0, "golden: removed version 1\n")
    for action in ("show", "remove"):
        code, out, err = called(capsys, config, "baseline", action, "golden")
        assert (code, out) == (1, "") and 'there is no baseline "golden"' in err


@pytest.mark.parametrize(
    ("arguments", "source", "rows"),
    [
        ([], "env", 160), (["--env", "dev"], "env", 160), (["--prompt", "answer@2", "--env", "dev"], "prompt", 80), (["--tag", "suite=smoke", "--env", "dev"], "tag", 50),
        (["--since", "36h"], "window", 140), (["--env", "dev", "--until", "36h", "--most", "70"], "window", 70),
    ],
)  # fmt: skip
def test_a_baseline_of_exchanges(arguments: list[str], source: str, rows: int, config: Path, capsys):
    """Whatever the record can be asked for; without a word it is the dev environment."""
    code, out, err = called(capsys, config, "baseline", "create", "kept", "--json", *arguments)
    made = json.loads(out)
    assert (code, err, made["app"], made["source"], made["rows"]) == (0, "", "shop", source, rows)
    code, out, _ = called(capsys, config, "baseline", "list", "--app", "shop")
    assert code == 0 and f" {source} " in next(line for line in out.splitlines() if line.startswith("kept "))


def test_a_baseline_of_nothing(config: Path, tmp_path: Path, capsys):
    """Is none: 1. A file that is no sample is 2."""
    (tmp_path / "none.jsonl").write_text("")
    (tmp_path / "bad.jsonl").write_text("hello\n")
    assert called(capsys, config, "baseline", "create", "x", "--env", "staging")[0] == 1
    assert called(capsys, config, "baseline", "create", "x", "--file", str(tmp_path / "none.jsonl"))[0] == 1
    code, out, err = called(capsys, config, "baseline", "create", "x", "--file", str(tmp_path / "bad.jsonl"))
    assert (code, out) == (2, "") and "bad.jsonl: line 1: it is not JSON" in err


def test_suggestions_can_be_added_to_the_dev_set(config: Path, tmp_path: Path, capsys):
    """Lines that `drift compare` and `baseline create` read, of what is new, each once, nobody's address in them."""
    out_file = tmp_path / "more.jsonl"
    code, out, err = called(capsys, config, "baseline", "suggest", "--app", "shop", "--out", str(out_file), "--most", "12")
    lines = [json.loads(line) for line in out_file.read_text().splitlines()]
    assert (code, out) == (0, "") and f"{len(lines)} texts" in err and 3 <= len(lines) <= 12
    assert all(line.keys() == {"text", "topic", "id"} and uuid.UUID(line["id"]) for line in lines) and len({line["text"] for line in lines}) == len(lines)
    assert sum("refund" in line["text"] or "money back" in line["text"] for line in lines) >= 0.9 * len(lines) and "@" not in out_file.read_text()
    assert called(capsys, config, "baseline", "suggest", "--most", "3")[1].count("\n") == 3
    assert called(capsys, config, "baseline", "create", "wider", "--file", str(out_file))[0] == 0
    code, out, err = called(capsys, config, "baseline", "suggest", "--app", "tiny")
    assert (code, out) == (1, "") and "fewer than 40" in err


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", "--window", "0"], ["run", "--window", "soon"], ["run", "--alpha", "5"], ["run", "--baseline", ""], ["baseline", "create", "A B"], ["baseline", "create", "dev"], ["baseline"],
        ["baseline", "create", "x", "--tag", "smoke"], ["baseline", "create", "x", "--file", "f", "--env", "dev"], ["baseline", "create", "x", "--since", "1d", "--until", "2d"],
        ["baseline", "create", "x", "--most", "0"], ["baseline", "suggest", "--most", "many"], ["runs", "--limit", "0"],
    ],
)  # fmt: skip
def test_wrong_usage(arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys):
    """2, before the store is asked; it is not running here."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tidegate.yaml").write_text(CONFIG)
    assert cli.main(["drift", *arguments]) == 2
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("arguments", [["run"], ["runs"], ["baseline", "list"], ["baseline", "show", "x"], ["baseline", "suggest"]])
def test_without_a_store(arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys):
    """Says how to start one, in a line."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tidegate.yaml").write_text(CONFIG)
    assert cli.main(["drift", *arguments]) == 1
    assert "the embedded store is not running" in capsys.readouterr().err


def test_a_store_that_is_down(tmp_path: Path):
    """Every action says what `tidegate sql` says, and before the statistics are loaded, which takes seconds."""
    asked = [["run"], ["runs"], ["baseline", "create", "x"], ["baseline", "list"], ["baseline", "show", "x"], ["baseline", "remove", "x"], ["baseline", "suggest"]]
    file = tmp_path / "tidegate.yaml"
    file.write_text(f"{CONFIG}store: {{url: 'http://u:p@127.0.0.1:{free_port()}/tidegate'}}\n")
    program = f"import sys\nfrom gateway import cli\nfor words in {asked}:\n    assert cli.main(['drift', *words, '--config', sys.argv[1]]) == 1, words\n    assert not {{'sklearn', 'scipy'}} & set(sys.modules), words"
    done = subprocess.run([sys.executable, "-c", program, str(file)], capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout, "Traceback" in done.stderr) == (0, "", False), done.stderr
    assert done.stderr.count("is the gate running? tidegate doctor tells") == len(asked), done.stderr
