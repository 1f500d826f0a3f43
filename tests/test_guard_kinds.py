"""`tidegate guard kinds`: every kind there is, with an example that is one and the scores that it can have."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from detectors import catalogue, names_kinds, pii, secrets
from detectors.text import Text
from gateway import cli
from tests.detectors import benign, made_up_secrets

PROVIDERS = "providers: {openai: {dialect: openai, base_url: 'https://api.example'}}\n"
OWN = """
detectors:
  pii: {patterns: [{kind: EMPLOYEE_ID, pattern: "E-[0-9]{6}", score: 0.7, context: [staff]}]}
  custom: {codes: {entry: "acme.codes:find", kinds: [PROJECT_CODE]}}
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def listed(capsys: pytest.CaptureFixture[str], *args: str) -> dict:
    assert cli.main(["guard", "kinds", "--json", *args]) == 0
    return json.loads(capsys.readouterr().out)


def test_no_kind_is_missing_and_none_is_invented(capsys):
    """A kind that is listed nowhere cannot be asked for; one that is listed and not found is a rule that does nothing."""
    found = listed(capsys)
    assert found["pii"].keys() == pii.KINDS | names_kinds.NAME_KINDS
    assert found["secrets"].keys() == secrets.Secrets(secrets.Options()).kinds
    assert all(each["what"] and each["scores"] for detector in ("pii", "secrets") for each in found[detector].values())


def test_the_judges_kinds_are_theirs(capsys):
    """They are told apart from what finds them, which is for the pool alone to load."""
    from detectors import format as formats
    from detectors import grounding, injection, moderation

    found = {name: frozenset(kinds) for name, kinds in listed(capsys).items()}
    assert (found["moderation"], found["injection"], found["grounding"]) == (frozenset(moderation.CATEGORIES), injection.KINDS, grounding.KINDS)
    Path("tidegate.yaml").write_text(PROVIDERS + "detectors: {formats: {order: {is_json: true}}}\n")
    assert listed(capsys, "order").keys() == {"order"} and frozenset(listed(capsys)["order"]) == formats.KINDS


def test_judges_are_not_loaded_where_nobody_asks_them():
    """A worker has no use for numpy, a model's runtime or a library of schemas, which are 100 MB."""
    code = "import sys, gateway.proxy.worker, gateway.config; print([name for name in ('numpy', 'onnxruntime', 'jsonschema_rs', 'tokenizers', 'spacy') if name in sys.modules])"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parent.parent)
    assert said.stdout == "[]\n"


@pytest.mark.parametrize("kind", sorted(kind for kind, each in catalogue.PII.items() if not each.pooled))
def test_an_example_is_one(kind: str):
    """And its score is one of those that are listed: somebody sets min_score by them."""
    described = catalogue.PII[kind]
    found = [finding.score for finding in pii.Pii(pii.Options(kinds=pii.KINDS)).find(Text(described.example)) if finding.kind == kind]
    assert found and set(found) <= set(described.scores) and list(described.scores) == sorted(described.scores, reverse=True)


@pytest.mark.parametrize(("text", "score"), [("call +1 415 555 0132", 0.75), ("call (415) 555-0132 now", 0.7), ("Tel. 4155550132", 0.6), ("wir sind unter 089 1234 5678 da", 0.55)])
def test_the_scores_of_telephone_numbers_are_as_listed(text: str, score: float):
    """The kind whose steps matter most: a threshold of 0.6 takes all national numbers out."""
    (finding,) = pii.Pii(pii.Options(kinds=frozenset({"PHONE_NUMBER"}))).find(Text(text))
    assert finding.score == score and score in catalogue.PII["PHONE_NUMBER"].scores


def test_the_scores_of_an_own_pattern_are_those_it_gives(here: Path, capsys):
    """A pattern surer than what its context raises others to is not made less sure by it."""
    for score, scores in ((0.7, [0.9, 0.7]), (0.95, [0.95])):
        (here / "tidegate.yaml").write_text(PROVIDERS + OWN.replace("0.7", str(score)))
        assert listed(capsys, "pii")["pii"]["EMPLOYEE_ID"]["scores"] == scores


def test_no_other_score_is_ever_given():
    """Over all the made-up texts of the detectors' own tests: a step that is not listed could not be asked for."""
    find_pii, find_secrets = pii.Pii(pii.Options(kinds=pii.KINDS)).find, secrets.Secrets(secrets.Options()).find
    listed = {"pii": catalogue.PII, "secrets": catalogue.secrets()}
    texts = [text for _, text in benign.rows()] + [made.text for made in made_up_secrets.secrets(30)]
    seen = {(finding.detector, finding.kind, finding.score) for text in texts for find in (find_pii, find_secrets) for finding in find(Text(text))}
    assert len(seen) > 50
    assert {each for each in seen if each[2] not in listed[each[0]][each[1]].scores} == set()


@pytest.mark.slow
def test_names_score_as_listed():
    """For the names tier the scores are all that a rule has: three of its kinds never reach the usual 0.5."""
    from detectors.names import Names

    pooled = {kind: each for kind, each in catalogue.PII.items() if each.pooled}
    for kind, found in zip(pooled, Names().find_all([Text(each.example) for each in pooled.values()]), strict=True):
        scores = {finding.score for finding in found if finding.kind == kind}
        assert scores and scores <= set(pooled[kind].scores), (kind, found)


def test_detectors_of_ones_own_are_listed_too(capsys):
    """As the configuration here says; one detector can be asked for alone."""
    Path("tidegate.yaml").write_text(PROVIDERS + OWN)
    assert listed(capsys)["pii"]["EMPLOYEE_ID"] == {"what": "your pattern E-[0-9]{6}", "example": "", "scores": [0.9, 0.7], "usual": True, "model": False}
    assert listed(capsys, "codes").keys() == {"codes"}
    assert cli.main(["guard", "kinds", "cods"]) == 1
    assert 'unknown detector "cods"; known here: pii, secrets, moderation, injection, grounding, codes' in capsys.readouterr().err


def test_a_configuration_with_problems_does_not_hide_the_list(capsys):
    """Who has misspelled a kind is sent here by the refusal of the file."""
    Path("tidegate.yaml").write_text(PROVIDERS + "guardrails: [{name: r, detector: pii, on: request, action: mask, kinds: [QQQ]}]\n")
    assert cli.main(["check"]) == 2
    assert '"tidegate guard kinds pii" lists them' in capsys.readouterr().err
    assert cli.main(["guard", "kinds", "pii"]) == 0
    out, err = capsys.readouterr()
    assert "* EMAIL_ADDRESS " in out and "ann@example.com" in out and "1 problems" in err
