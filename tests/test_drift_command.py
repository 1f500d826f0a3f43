"""`tidegate drift compare`: two files in, a report out, by the real comparison and the bundled model. No configuration, no store, no gate."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from gateway import cli
from gateway.commands import drift_compare, drift_show
from tests.support.asked import PEOPLE, sentences
from tests.support.clickhouse import ROOT


def write(path: Path, texts: list[str]) -> str:
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
    return str(path)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Samples: what was tested, more of the same, a window with a topic that is new, one that is only shouted, one that is too small."""
    there = tmp_path_factory.mktemp("samples")
    made = {
        "base": sentences(240, 1), "same": sentences(160, 2), "new": sentences(160, 3, refunds=0.25),
        "loud": [text.upper() for text in sentences(160, 4)], "few": sentences(5, 5), "none": [],
    }  # fmt: skip
    return {name: write(there / f"{name}.jsonl", texts) for name, texts in made.items()}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty directory: there is no configuration."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def compared(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict]:
    code = cli.main(["drift", "compare", "--json", *arguments])
    out, err = capsys.readouterr()
    assert err == ""
    return code, json.loads(out)


def test_a_new_topic_is_found_named_and_masked(files, capsys):
    """The whole promise in one call: the alarm, the words, the rows, and no user's address in it."""
    code, said = compared(capsys, files["base"], files["new"])
    texts = [json.loads(line)["text"] for line in Path(files["new"]).read_text().splitlines()]
    refunds = {at for at, text in enumerate(texts) if "refund" in text or "money back" in text}
    assert code == 0 and said["alarm"] and said["tested"] and said["alpha"] == 0.05 and said["pvalue"] <= 0.05
    assert {aspect["name"]: aspect["significant"] for aspect in said["aspects"]}["topics"]
    first = max((each for each in said["topics"] if each["direction"] == "new"), key=lambda each: each["size"])
    assert any("refund" in word for word in first["keywords"][:5])
    assert len(refunds & set(first["rows"])) > 0.8 * len(set(first["rows"]) | refunds)
    assert first["share_baseline"] == 0 and abs(first["share_window"] - len(refunds) / len(texts)) < 0.06
    assert first["exemplars"] and not any(name in json.dumps(said) for name in ("@", *PEOPLE))


def test_more_of_the_same_is_no_drift(files, capsys):
    """The same seed and files also give the same report."""
    code, said = compared(capsys, files["base"], files["same"], "--alpha", "0.01", "--fail-on-drift")
    assert (code, said["alarm"], said["topics"], said["alpha"]) == (0, False, [], 0.01) and said["pvalue"] > 0.01
    assert compared(capsys, files["base"], files["same"], "--alpha", "0.01") == (0, said)


def test_what_is_only_written_otherwise_is_structure(files, capsys):
    """The model does not see capitals; that they are new is said, and no topic is made of it. In a pipeline it can be made to fail."""
    code, said = compared(capsys, files["base"], files["loud"], "--fail-on-drift")
    assert code == 1 and said["alarm"] and said["topics"] == []
    assert said["structure"] and all(each["significant"] for each in said["structure"])
    _, more = compared(capsys, files["base"], files["loud"], "--all")
    assert len(more["structure"]) > len(said["structure"])


@pytest.mark.parametrize(("baseline", "window"), [("few", "same"), ("base", "few"), ("base", "none"), ("none", "none")])
def test_too_few_rows_are_not_compared(baseline: str, window: str, files, capsys):
    """It says so instead of guessing, and a script can tell: 1."""
    code, said = compared(capsys, files[baseline], files[window])
    assert (code, said["tested"], said["alarm"], said["topics"]) == (1, False, False, []) and "few" in said["notes"][0]
    assert cli.main(["drift", "compare", files[baseline], files[window]]) == 1
    assert capsys.readouterr().out.startswith("Not tested: ")


def test_the_terminals_report_and_the_page(files, here: Path, capsys):
    """The verdict is the first line; the page has the same sentence, and is for this user's eyes."""
    assert cli.main(["drift", "compare", files["base"], files["new"], "--html", "drift.html"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("Drift: ") and "New: " in out and 'e.g. "' in out and "\x1b" not in out and err == "" and "@" not in out
    said = (here / "drift.html").read_text()
    assert "Inputs of both samples" in said and "refund" in said and "@example" not in said and files["new"] in said
    assert (here / "drift.html").stat().st_mode & 0o777 == 0o600 and os.listdir(here) == ["drift.html"]


@pytest.mark.parametrize("page", ["none/drift.html", ".", "file/drift.html"])
def test_a_page_that_cannot_be_written_is_told_before_anything_is_computed(page: str, files, here: Path, monkeypatch, capsys):
    """An hour's embedding must not be lost to a typing mistake; the message names the path. Not even the samples are read."""
    (here / "file").write_text("")
    monkeypatch.setattr(drift_compare, "read", lambda path: pytest.fail("it was read"))
    assert cli.main(["drift", "compare", files["few"], files["few"], "--html", page]) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.startswith(f"tidegate: {page}: it cannot be written: ") and err.count("\n") == 1 and os.listdir(here) == ["file"]


@pytest.mark.parametrize(("command", "option"), [("run", "--html"), ("baseline suggest", "--out")])
def test_so_is_what_a_run_over_the_record_would_write(command: str, option: str, capsys):
    """Before the store is asked, or the configuration read."""
    assert cli.main(["drift", *command.split(), option, "none/there"]) == 2
    assert capsys.readouterr().err == "tidegate: none/there: it cannot be written: there is no directory none\n"


def test_a_directory_that_takes_no_file_is_told_too(here: Path, monkeypatch, capsys):
    """No permission: root has every one, so the system's answer is given here."""
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert not drift_show.can_write(Path("drift.html")) and "drift.html: it cannot be written: Permission denied" in capsys.readouterr().err
    monkeypatch.undo()
    assert drift_show.can_write(here / "drift.html") and drift_show.can_write(None)


def test_the_report_is_printed_though_the_page_cannot_be_written(files, here: Path, monkeypatch, capsys):
    """The disk can be full an hour later; what was found is still what was found."""

    def full(source: object, to: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "replace", full)
    assert cli.main(["drift", "compare", files["few"], files["few"], "--html", "drift.html"]) == 2
    out, err = capsys.readouterr()
    assert out.startswith("Not tested: ") and err.startswith("tidegate: drift.html: ") and "No space left" in err and os.listdir(here) == []


def test_a_pipeline_tells_drift_from_what_was_not_tested(files, here: Path, capsys):
    """1 and 3 under --fail-on-drift: a sample that is too small, or a store that is down, is no drift, and no green light."""
    assert cli.main(["drift", "compare", files["base"], files["few"], "--fail-on-drift"]) == 3
    (here / "tidegate.yaml").write_text("providers: {o: {dialect: openai, base_url: 'https://h'}}\nstore: {url: 'http://u:p@127.0.0.1:9/tidegate'}\n")
    assert cli.main(["drift", "run", "--fail-on-drift"]) == 3 and cli.main(["drift", "run"]) == 1
    assert capsys.readouterr().err.count("\n") == 2


@pytest.mark.parametrize("command", ["compare", "run", "runs", "show", *(f"baseline {each}" for each in ("create", "list", "show", "remove", "suggest"))])
def test_exit_codes_are_in_the_help(command: str, capsys):
    """Who writes a pipeline looks there."""
    assert cli.main(["drift", *command.split(), "--help"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "exit codes: 0 " in out and ("3 not tested" in out) is (command in ("compare", "run")) and ("{\"messages\": [...]}" in out) is (command == "compare")


def test_what_is_no_file_is_written_to_and_not_replaced(tmp_path: Path):
    """`--html /dev/null` by root put a file in the place of the machine's null device; a link to where pages are kept was no link any more."""
    pipe, kept, link = tmp_path / "pipe", tmp_path / "kept.html", tmp_path / "link.html"
    os.mkfifo(pipe)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        drift_show.write(pipe, "<p>ü</p>")
        assert os.read(reading, 100) == "<p>ü</p>".encode() and pipe.is_fifo()
    finally:
        os.close(reading)
    kept.write_text("old")
    link.symlink_to(kept)
    drift_show.write(link, "new")
    assert link.is_symlink() and kept.read_text() == "new"


def test_a_gate_that_keeps_no_content_keeps_no_baseline_of_texts(tmp_path: Path, capsys):
    """`store.content: none` is a promise; a file's texts in drift_samples would be its exception, and there is nothing they could be compared with."""
    (tmp_path / "dev.jsonl").write_text('{"text": "May I return shoes?"}\n')
    (tmp_path / "tidegate.yaml").write_text("providers: {o: {dialect: openai, base_url: 'https://h'}}\nstore: {url: 'http://u:p@127.0.0.1:9/tidegate', content: none}\n")
    code = cli.main(["drift", "baseline", "create", "golden", "--file", str(tmp_path / "dev.jsonl"), "--config", str(tmp_path / "tidegate.yaml")])
    assert code == 1 and "store.content is none" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "problem"),
    [(None, "No such file"), (b'{"text": "a"}\nhello\n', "line 2: it is not JSON"), (b"\x7fELF\x02\xff\xfe", "line 1: it is not"), (b'{"words": "a"}\n', "line 1: there is no text in it"), (b'[{"text": "a"}]', "line 1: expected")],
)
def test_a_file_that_is_no_sample(content: bytes | None, problem: str, files, here: Path, capsys):
    """Named with its line, and not half read."""
    if content is not None:
        (here / "w.jsonl").write_bytes(content)
    assert cli.main(["drift", "compare", files["base"], "w.jsonl", "--json"]) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.startswith("tidegate: w.jsonl: ") and problem in err and err.count("\n") == 1


@pytest.mark.parametrize("arguments", [[], ["a.jsonl"], ["a", "b", "--alpha", "0"], ["a", "b", "--alpha", "1"], ["a", "b", "--alpha", "nan"], ["a", "b", "--seed", "x"], ["a", "b", "--seed", "-1"], ["-", "-"]])
def test_wrong_usage(arguments: list[str], capsys):
    """2, before anything is read."""
    assert cli.main(["drift", "compare", *arguments]) == 2
    assert capsys.readouterr().out == ""


def test_rows_of_all_kinds_of_trouble(files, here: Path, capsys):
    """Empty texts, a megabyte, half characters, control characters, inputs without outputs, one session: a report, whatever it says."""
    hostile = ["", " \n", "x" * (1 << 20), "\x00\x1b[31m", "\ud83d", "a " * 50, *["same"] * 60, *sentences(40, 9)]
    lines = [{"input": text, "output": None if at % 2 else text, "session": "s" if at % 3 else ""} for at, text in enumerate(hostile)]
    (here / "w.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    code, said = compared(capsys, files["base"], "w.jsonl", "--html", "w.html")
    assert code in (0, 1) and said["rows_window"] <= len(lines)
    assert all(0 <= row < len(lines) for each in said["topics"] for row in each["rows"])
    assert "\x1b" not in (here / "w.html").read_text()


def test_a_sample_from_another_program(files):
    """`... | tidegate drift compare base.jsonl -`, through the module as a user starts it."""
    with open(files["few"], "rb") as file:
        done = subprocess.run([sys.executable, "-m", "gateway", "drift", "compare", files["base"], "-", "--json"], stdin=file, cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 1 and json.loads(done.stdout)["tested"] is False and done.stderr == b""
