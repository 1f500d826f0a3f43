"""`tidegate guard try`: what it prints, and with which exit code. Nothing runs beside it."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from gateway import cli
from tests.support import faulty
from tests.support.staged import DETECTORS

CARD = "4111 1111 1111 1111"
MAIL = "alice.smith@example.com"
NO_GATE = "unavailable: no pool: detectors of your own are asked where the gate runs them, and none runs on this data_dir"
PROVIDERS = "providers: {openai: {dialect: openai, base_url: 'https://api.example'}}\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def rules(*each: str, more: str = "") -> None:
    """Write the configuration."""
    Path("tidegate.yaml").write_text(PROVIDERS + "guardrails:\n" + "".join(f"  - {{{rule}}}\n" for rule in each) + more)


def tried(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, dict]:
    """The exit code, and what --json prints."""
    code = cli.main(["guard", "try", "--json", *args])
    out, err = capsys.readouterr()
    assert err == ""
    return code, json.loads(out)


def test_the_shape_of_what_it_prints(capsys):
    """verdict, text, findings with their places and the rule that took each; one that no rule wants is shown with none."""
    rules("name: cards, detector: pii, on: request, kinds: [CREDIT_CARD], action: mask, tier: patterns")
    text = f"Pay {CARD} and write to {MAIL}"
    code, said = tried(capsys, text)
    assert code == 0 and said.keys() == {"verdict", "on", "text", "findings", "failed", "not_asked"}
    assert (said["verdict"], said["on"], said["text"]) == ("masked", "request", f"Pay <CREDIT_CARD_1> and write to {MAIL}")
    found = {each["kind"]: each for each in said["findings"]}
    card = found["CREDIT_CARD"]
    assert card.keys() == {"detector", "kind", "start", "end", "score", "rule", "action"} and 0.5 <= card["score"] <= 1
    assert (card["detector"], text[card["start"] : card["end"]], card["rule"], card["action"]) == ("pii", CARD, "cards", "mask")
    assert (found["EMAIL_ADDRESS"]["rule"], found["EMAIL_ADDRESS"]["action"]) == (None, None)


@pytest.mark.parametrize(
    ("rule", "code", "verdict", "text"),
    [
        ("action: flag", 0, "flagged", CARD), ("action: mask", 0, "masked", "<CREDIT_CARD_1>"), ("action: pseudonymise", 0, "masked", "<CREDIT_CARD_1>"),
        ("action: block", 1, "blocked", ""), ("action: block, mode: observe", 0, "flagged", CARD),
    ],
)  # fmt: skip
def test_what_each_action_makes_of_a_text(capsys, rule, code, verdict, text):
    """A blocked text is not shown on; the exit code says so too."""
    rules(f"name: r, detector: pii, on: request, kinds: [CREDIT_CARD], tier: patterns, {rule}")
    exited, said = tried(capsys, CARD)
    assert (exited, said["verdict"], said["text"]) == (code, verdict, text)
    assert said["findings"][0]["action"] == ("observe" if "observe" in rule else rule.split(",")[0].removeprefix("action: "))


def test_nothing_found_is_passed_and_no_rule_is_not_checked(capsys):
    """Never passed what nobody looked at (law 5)."""
    rules("name: r, detector: secrets, on: request, apps: [shop], action: block")
    assert tried(capsys, "--on", "request", "--app", "shop", "Hello.") == (0, {"verdict": "passed", "on": "request", "text": "Hello.", "findings": [], "failed": {}, "not_asked": []})
    assert tried(capsys, "--on", "request", "--app", "bank", "Hello.")[1]["verdict"] == "not_checked"
    assert tried(capsys, "--on", "reply", "--app", "shop", "Hello.")[1]["verdict"] == "not_checked"


def test_who_asks_for_what_chooses_the_rules(capsys):
    """--app, --env, --model and --on are those of an exchange."""
    rules("name: r, detector: pii, on: reply, apps: [shop], envs: [dev], models: ['gpt-*'], kinds: [CREDIT_CARD], action: block, tier: patterns")
    who = ["--on", "reply", "--app", "shop", "--env", "dev", "--model", "gpt-4o"]
    assert tried(capsys, *who, CARD)[1]["verdict"] == "blocked"
    for at in (1, 3, 5, 7):
        assert tried(capsys, *who[:at], "log" if at == 1 else "other", *who[at + 1 :], CARD)[1]["verdict"] != "blocked"


def test_rules_that_were_not_asked_are_named(capsys):
    """"passed" says nothing of a rule for another app: each that did not look is told, with what keeps it from looking and how to have it look."""
    shop = "name: shop, detector: pii, on: request, apps: [shop, bank], envs: [prod], kinds: [CREDIT_CARD], action: block, tier: patterns"
    rules(shop, "name: four, detector: secrets, on: [request, reply], models: ['gpt-4*'], prompts: [order], action: block", "name: out, detector: secrets, on: reply, action: flag")
    code, said = tried(capsys, CARD)
    assert (code, said["verdict"], said["on"]) == (0, "not_checked", "request")
    four, out = {"rule": "four", "only": {"models": ["gpt-4*"], "prompts": ["order"]}}, {"rule": "out", "only": {"on": ["reply"]}}
    assert said["not_asked"] == [{"rule": "shop", "only": {"apps": ["bank", "shop"]}}, four, out]
    assert cli.main(["guard", "try", "--app", "bank", CARD]) == 1
    shown = capsys.readouterr().out
    assert "not asked: four, only for models: gpt-4*; prompts: order\nnot asked: out, only for on: reply\n  (--app, " in shown and "not asked: shop" not in shown


def test_a_reply_is_masked_as_a_reply(capsys):
    """A value that a reply brings first has no number."""
    rules("name: r, detector: pii, on: reply, kinds: [CREDIT_CARD], action: mask, tier: patterns")
    assert tried(capsys, "--on", "reply", CARD)[1]["text"] == "<CREDIT_CARD>"


def test_without_a_file_it_tries_what_a_new_one_says(capsys, here):
    """No rule on requests there, so it shows what is stored: the record's own rules. And it writes no file."""
    code, said = tried(capsys, f"My card is {CARD}")
    assert code == 0 and said["on"] == "log" and said["verdict"] == "masked" and "4111" not in said["text"]
    assert [each["rule"] for each in said["findings"]] == ["log-pii"]
    assert list(here.iterdir()) == []


def test_a_file_that_was_asked_for_must_be_there(capsys):
    """Only the default one may be missing."""
    assert cli.main(["guard", "try", "--config", "other.yaml", "x"]) == 2
    out, err = capsys.readouterr()
    assert out == "" and "other.yaml" in err


def test_a_file_with_a_mistake_is_not_tried(capsys):
    """Exit code 2, and the mistake."""
    rules("name: r, detector: pii, on: request, kinds: [CARD], action: block")
    assert cli.main(["guard", "try", "x"]) == 2
    assert "CREDIT_CARD" in capsys.readouterr().err


def test_a_text_from_stdin(capsys, monkeypatch):
    """As it is: lines, and bytes that are no UTF-8."""
    rules("name: r, detector: pii, on: request, kinds: [EMAIL_ADDRESS], action: mask, tier: patterns")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(f"Dear {MAIL},\nh\u00e9llo ".encode() + b"\xff\n")))
    code, said = tried(capsys, "-")
    assert (code, said["text"]) == (0, "Dear <EMAIL_ADDRESS_1>,\nh\u00e9llo \ufffd\n")


def test_an_argument_that_is_no_text_is_shown_as_far_as_it_is_one(capsys):
    """A shell can hand over any bytes."""
    rules("name: r, detector: secrets, on: request, action: flag")
    assert tried(capsys, "caf\udce9 and more")[1]["text"] == "caf\ufffd and more"


@pytest.mark.slow
def test_names_need_no_running_gate(capsys):
    """The model is loaded here: a rule on PERSON can be tried before anything is started."""
    rules("name: people, detector: pii, on: request, kinds: [PERSON], action: mask")
    code = cli.main(["guard", "try", "--json", "Please call Angela Merkel about the invoice."])
    out, err = capsys.readouterr()
    said = json.loads(out)
    assert err == "tidegate: loading the model of \"pii\", which takes some seconds ...\n"  # or it looks as if it hung
    assert (code, said["verdict"], said["text"]) == (0, "masked", "Please call <PERSON_1> about the invoice.")
    assert [(each["detector"], each["kind"], each["rule"]) for each in said["findings"]] == [("pii", "PERSON", "people")]


@pytest.mark.covers("G6", "G8")
@pytest.mark.parametrize(("detector", "rule", "text"), [("spans", "action: mask", ""), ("judge", "action: block", ""), ("judge", "action: flag", "Badge 1."), ("judge", "action: block, mode: observe", "Badge 1.")])
def test_a_detector_of_ones_own_without_a_running_gate_has_not_looked(capsys, detector, rule, text):
    """error, whatever the rule: what it would have said is not known. The text is shown where the rule lets it through."""
    rules(f"name: r, detector: {detector}, on: request, kinds: [{faulty.KIND}], {rule}", more=DETECTORS)
    assert tried(capsys, "Badge 1.") == (1, {"verdict": "error", "on": "request", "text": text, "findings": [], "failed": {detector: NO_GATE}, "not_asked": []})


def test_a_block_is_a_block_although_another_detector_failed(capsys):
    """As in the gate: the first reason that is certain."""
    rules("name: r, detector: judge, on: request, action: block", "name: c, detector: pii, on: request, kinds: [CREDIT_CARD], action: block, tier: patterns", more=DETECTORS)
    code, said = tried(capsys, CARD)
    assert (code, said["verdict"], said["text"]) == (1, "blocked", "")


@pytest.mark.parametrize(("content", "verdict", "text", "said"), [("none", "not_checked", "", "no text is stored"), ("full", "not_checked", CARD, "texts are stored as they are"), ("redacted", "masked", "<CREDIT_CARD>", "")])
def test_on_log_shows_what_is_stored(capsys, content, verdict, text, said):
    """Nothing, everything, or what rules leave of it: a masked text that is never stored would be a lie."""
    rules("name: r, detector: pii, on: log, kinds: [CREDIT_CARD], action: mask, tier: patterns", more=f"store: {{content: {content}}}\n")
    assert cli.main(["guard", "try", "--json", "--on", "log", CARD]) == 0
    out, err = capsys.readouterr()
    assert (json.loads(out)["verdict"], json.loads(out)["text"].replace("_1", "")) == (verdict, text)
    assert (f"store.content is {content}: {said}" in err) if said else err == ""


def test_a_finding_is_shown_with_the_rule_that_acts(capsys):
    """Who only observes counts, and leaves it to the next."""
    rules("name: watch, detector: pii, on: request, kinds: [CREDIT_CARD], action: block, mode: observe", "name: act, detector: pii, on: request, kinds: [CREDIT_CARD], action: mask")
    _, said = tried(capsys, CARD)
    assert [(each["rule"], each["action"]) for each in said["findings"]] == [("act", "mask")] and said["text"] == "<CREDIT_CARD_1>"


def test_a_detector_that_gave_no_answer_says_why_in_words(capsys):
    """error alone sends people to the log of a gate that does not run."""
    rules(f"name: r, detector: judge, on: request, kinds: [{faulty.KIND}], action: block", more=DETECTORS)
    assert cli.main(["guard", "try", "Badge 1."]) == 1
    assert f"  judge gave no answer: {NO_GATE}\n" in capsys.readouterr().out


def test_in_words(capsys):
    """For people: verdict, each finding with its rule, the text as it would go on."""
    rules("name: cards, detector: pii, on: request, kinds: [CREDIT_CARD], action: mask, tier: patterns")
    assert cli.main(["guard", "try", f"Pay {CARD} for {MAIL}"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("verdict: masked (on: request)\n") and "pii CREDIT_CARD at 4-23, score " in out and ": mask by cards\n" in out
    assert "EMAIL_ADDRESS" in out and "no rule wants it" in out and out.endswith(f"text: Pay <CREDIT_CARD_1> for {MAIL}\n")
    assert cli.main(["guard", "try", "nothing"]) == 0
    assert capsys.readouterr().out == "verdict: passed (on: request)\nno findings\ntext: nothing\n"
    rules("name: cards, detector: pii, on: request, kinds: [CREDIT_CARD], action: block, tier: patterns")
    assert cli.main(["guard", "try", CARD]) == 1
    assert "text:" not in capsys.readouterr().out


def test_names_are_tried_as_the_gate_finds_them(capsys):
    """What is allowed, and the least score of a kind, hold for the names tier here as in the gate's pool."""
    rule = "name: n, detector: pii, on: request, kinds: [PERSON, LOCATION], action: mask"
    text = "My name is Jane Doe and I live in Paris."
    rules(rule)
    assert cli.main(["guard", "try", "--json", text]) == 0
    assert {each["kind"] for each in json.loads(capsys.readouterr().out)["findings"]} == {"PERSON", "LOCATION"}
    rules(rule, more="detectors: {pii: {allow: [{text: Jane Doe, kinds: [PERSON]}], scores: {LOCATION: 1.0}}}\n")
    assert cli.main(["guard", "try", "--json", text]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["text"], said["findings"]) == (text, [])


def test_a_reply_without_anything_to_compare_it_with_is_not_called_faithful(tmp_path, capsys):
    """Grounding has judged nothing then, and says what it needs."""
    path = tmp_path / "tidegate.yaml"
    path.write_text("providers: {up: {dialect: openai, base_url: 'https://api.example'}}\nguardrails: [{name: g, detector: grounding, on: reply, action: flag}]\n")
    assert cli.main(["guard", "try", "--config", str(path), "--on", "reply", "It weighs 98 kg."]) == 1
    assert "verdict: error" in (out := capsys.readouterr().out) and "give --context" in out
    assert cli.main(["guard", "try", "--config", str(path), "--on", "reply", "--context", "It weighs 98 kg.", "It weighs 98 kg."]) == 0
    assert "verdict: passed" in capsys.readouterr().out
