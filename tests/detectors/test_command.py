"""`python -m detectors`: what goes in, what comes out, and the exit codes."""

from __future__ import annotations

import io
import json
import subprocess
import sys

import pytest

from detectors import DETECTORS
from detectors.__main__ import main
from detectors.base import Finding
from detectors.tiers import merge


def _run(*arguments: str, text: str) -> tuple[int, str]:
    out = io.StringIO()
    return main(arguments, io.StringIO(text), out), out.getvalue()


def test_one_text_gives_a_line_for_each_finding() -> None:
    """The form that people pipe into other programs: kind, start, end, score."""
    code, out = _run("pii", "--tier", "patterns", text="\U0001f600 write to ann@example.org now")
    assert code == 0
    kind, start, end, score = out.split()
    assert (kind, int(start), int(end)) == ("EMAIL_ADDRESS", 11, 26)
    assert 0.5 <= float(score) <= 1


def test_json_gives_one_object() -> None:
    """For programs that read one text."""
    code, out = _run("pii", "--tier", "patterns", "--json", text="ann@example.org")
    assert code == 0
    assert [(f["kind"], f["start"], f["end"]) for f in json.loads(out)["findings"]] == [("EMAIL_ADDRESS", 0, 15)]


def test_lines_keep_their_ids_and_a_bad_one_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    """One broken line of a million must neither stop the rest nor pass unseen."""
    lines = ['{"id": 7, "text": "ann@example.org"}', "{not json", '{"id": "b", "text": 5}', "", '{"id": "c", "text": "nothing"}']
    code, out = _run("pii", "--tier", "patterns", "--jsonl", text="\n".join(lines))
    rows = [json.loads(line) for line in out.splitlines()]
    assert code == 1
    assert [(row["id"], len(row["findings"])) for row in rows] == [(7, 1), ("c", 0)]
    assert rows[0]["scores"] == {"EMAIL_ADDRESS": rows[0]["findings"][0]["score"]}
    complaints = capsys.readouterr().err
    assert "line 2" in complaints
    assert "line 3" in complaints


def test_findings_below_the_score_are_left_out() -> None:
    """What is printed is what a rule with that score would act on."""
    assert _run("pii", "--tier", "patterns", "--min-score", "1", text="ann@example.org") == (0, "")


def test_each_line_is_answered_before_the_next_is_read() -> None:
    """The command can be spoken to by a program that waits for each answer."""
    command = [sys.executable, "-m", "detectors", "secrets", "--jsonl"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for number in range(3):
            process.stdin.write(json.dumps({"id": number, "text": "password=" + "hunter2" * 2}) + "\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == number
        process.stdin.close()
        assert process.wait(timeout=60) == 0


def test_wrong_usage_is_exit_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    """The message names what would have been right."""
    assert _run("pi", text="")[0] == 2
    complaint = capsys.readouterr().err
    assert all(name in complaint for name in DETECTORS)
    assert _run("secrets", "--tier", "patterns", text="")[0] == 2


def test_the_fast_detectors_load_no_model() -> None:
    """The proxy's workers import these: a language model there would cost each of them a second and 100 MB."""
    check = "import sys; from detectors import DETECTORS; DETECTORS['pii'](); DETECTORS['secrets'](); import detectors.names_kinds, detectors.units; sys.exit(any(m in sys.modules for m in ('spacy', 'presidio_analyzer', 'numpy')))"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0


def _found(kind: str, start: int, end: int, score: float = 0.6) -> Finding:
    return Finding("pii", kind, start, end, score)


def test_what_has_a_form_outranks_a_name() -> None:
    """A date that the model saw in a telephone number must not win over the number; an address keeps its words around a postcode."""
    text = "call 415-555-0132, 12 Elm St SW1A 1AA London"
    phone, code = _found("PHONE_NUMBER", 5, 17, 0.5), _found("POSTCODE", 29, 37)
    names = [_found("DATE_TIME", 5, 12, 0.85), _found("LOCATION", 19, 44, 0.9)]
    assert [(f.kind, text[f.start : f.end]) for f in merge(text, [phone, code], names)] == [
        ("PHONE_NUMBER", "415-555-0132"),
        ("LOCATION", "12 Elm St"),
        ("POSTCODE", "SW1A 1AA"),
        ("LOCATION", "London"),
    ]


def test_findings_of_one_kind_that_overlap_are_one() -> None:
    """A street that both tiers saw is masked once, as a whole."""
    assert merge("12 Elm St, Oslo", [_found("LOCATION", 0, 9, 0.6)], [_found("LOCATION", 3, 15, 0.8)]) == [_found("LOCATION", 0, 15, 0.8)]
