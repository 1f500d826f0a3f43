"""`tidegate check` beyond the file itself: functions of detectors, keys on disk, and rules that can never act."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from gateway import cli
from gateway.commands.doctor_config import weak_spots
from gateway.commands.doubts import doubts
from gateway.config import parse

PROVIDERS = "providers: {openai: {dialect: openai, base_url: 'https://api.example'}}\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def check(capsys: pytest.CaptureFixture[str], text: str) -> tuple[int, list[str], list[str]]:
    """Exit code, problems, warnings."""
    Path("tidegate.yaml").write_text(PROVIDERS + text)
    code = cli.main(["check", "--json"])
    said = json.loads(capsys.readouterr().out)
    assert said["ok"] == (code == 0) == (not said["problems"])
    return code, said["problems"], said["warnings"]


def custom(name: str, entry: str) -> str:
    return f"guardrails: [{{name: r, detector: {name}, on: request, action: block}}]\ndetectors: {{custom: {{{name}: {{entry: '{entry}', kinds: [ONE]}}}}}}\n"


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ("nowhere:find", "cannot be loaded: ModuleNotFoundError: No module named 'nowhere'"),
        ("codes:fnid", "cannot be loaded: AttributeError: module 'codes' has no attribute 'fnid'"),
        ("codes:NUMBER", "cannot be loaded: ValueError: not a function"),
        ("broken:find", "cannot be loaded: ZeroDivisionError: division by zero"),
    ],
)
def test_a_function_that_cannot_be_loaded_is_a_problem(capsys, entry: str, why: str):
    """Found by the first request under its rule, it would be a 503 for every app."""
    Path("codes.py").write_text("NUMBER = 3\n\ndef find(text):\n    return []\n")
    Path("broken.py").write_text("1 / 0\n")
    code, problems, _ = check(capsys, custom("codes", entry))
    assert (code, problems) == (2, [f'detectors.custom.codes.entry: "{entry}" {why}; expected a module beside the configuration, or one that is installed, with that function'])


def test_a_function_that_can_be_loaded_is_none_and_is_not_run_here(capsys):
    """It lies beside the file, wherever check is run; and its module's code stays out of this process."""
    Path("codes.py").write_text("import os\nos.environ['LOADED_HERE'] = 'yes'\n\ndef find(text):\n    return []\n")
    assert check(capsys, custom("codes", "codes:find")) == (0, [], [])
    assert "LOADED_HERE" not in os.environ


def test_a_data_dir_that_cannot_be_is_a_problem(capsys):
    """As a start would say, before it is one."""
    Path("data").write_text("a file")
    _, problems, _ = check(capsys, "data_dir: data/gate\n")
    assert len(problems) == 1 and problems[0].startswith("data_dir: ") and problems[0].endswith("/data is a file; expected a directory, or a path where one can be made")


def test_a_data_dir_that_is_read_only_is_a_problem(capsys, monkeypatch):
    """The user who checks is the one who serves. Root may write everywhere, so what the system says is made up for it."""
    Path("data").mkdir(mode=0o500)
    if os.geteuid() == 0:
        monkeypatch.setattr(os, "access", lambda path, mode, **_: not mode & os.W_OK)
    assert "cannot be written to by this user" in check(capsys, "data_dir: data\n")[1][0]


def test_a_path_that_cannot_be_is_a_problem_of_its_setting(capsys):
    """And no traceback: of check, and of doctor, which repeats it."""
    long = "a" * 300
    code, problems, _ = check(capsys, f"data_dir: {long}\n")
    assert code == 2 and len(problems) == 1 and problems[0].startswith("data_dir: ") and "File name too long" in problems[0]
    weak_spots(parse(PROVIDERS + f"data_dir: {long}\n", base=Path.cwd()))
    code, problems, _ = check(capsys, f"keys_file: {long}\n")
    assert code == 2 and len(problems) == 1 and problems[0].startswith("keys_file: ") and "File name too long" in problems[0]
    for setting in ("data_dir", "keys_file"):
        code, problems, _ = check(capsys, f'{setting}: "a\\0b"\n')
        assert code == 2 and len(problems) == 1 and f"{setting}: holds a NUL character" in problems[0]


def test_a_data_dir_that_may_not_be_entered_is_a_problem(capsys, monkeypatch):
    """What is in it cannot be looked at. Root may, so what the system says is made up for it."""
    Path("data").mkdir()
    look = Path.stat

    def refused(path: Path, **how) -> os.stat_result:
        if path.parent.name == "data":
            raise PermissionError(13, "Permission denied", str(path))
        return look(path, **how)

    monkeypatch.setattr(Path, "stat", refused)
    assert [problem for problem in check(capsys, "data_dir: data/gate\n")[1] if problem.startswith("data_dir: ") and "Permission denied" in problem]


@pytest.mark.parametrize(("file", "size"), [("journal.key", 32), ("pepper", 32)])
def test_a_key_that_is_no_key_is_a_problem(capsys, file: str, size: int):
    """Every worker would end at its start."""
    Path("data").mkdir(mode=0o700)
    (Path("data") / file).write_bytes(b"short")
    code, problems, _ = check(capsys, "data_dir: data\n")
    assert code == 2 and len(problems) == 1 and f"{file}: 5 bytes long, expected {size}" in problems[0]
    (Path("data") / file).unlink()
    (Path("data") / file).mkdir()
    assert f"{file}: Is a directory" in check(capsys, "data_dir: data\n")[1][0]


@pytest.mark.parametrize("content", [b"", b"no certificate", None])
def test_a_file_without_certificates_is_a_problem(capsys, content: bytes | None):
    """No worker could start with it. None: a directory."""
    Path("ca.pem").mkdir() if content is None else Path("ca.pem").write_bytes(content)
    Path("tidegate.yaml").write_text("providers: {o: {dialect: openai, base_url: 'https://h', ca_file: ca.pem}}\n")
    assert cli.main(["check"]) == 2
    assert capsys.readouterr().err == f"tidegate: providers.o.ca_file: {Path.cwd() / 'ca.pem'} cannot be read as certificates; expected a PEM file that this user can read\n"


RULE = "name: r, detector: pii, on: request"
KEYED = "providers: {openai: {dialect: openai, base_url: 'https://api.example', key: k}}\nkeys: [{id: a, digest: '" + "0" * 64 + "', app: shop, env: prod}]\n"


@pytest.mark.parametrize(
    ("rules", "more", "said"),
    [
        ([f"{RULE}, action: mask, kinds: [ORGANIZATION]"], "", "guardrails.r.min_score: ORGANIZATION never scores 0.5, its highest is 0.4"),
        ([f"{RULE}, action: mask, kinds: [PHONE_NUMBER], min_score: 0.9"], "", "guardrails.r.min_score: PHONE_NUMBER never scores 0.9, its highest is 0.75"),
        ([f"{RULE}, action: mask, apps: [Shop]"], KEYED, 'guardrails.r.apps: "Shop" is configured nowhere, but "shop" is'),
        ([f"{RULE}, action: mask, apps: [billing]"], KEYED, 'guardrails.r.apps: no key is for the app "billing", and no app comes without a key'),
        ([f"{RULE}, action: mask, envs: [pord]"], "", 'guardrails.r.envs: "pord" is configured nowhere, but "prod" is'),
        ([f"{RULE}, action: flag", f"{RULE.replace('r,', 's,', 1)}, action: block, kinds: [US_SSN]"], "", "guardrails.s: all that it wants falls to r (flag) before it, so it never acts"),
        ([f"{RULE}, action: mask, mode: observe, on_error: block"], "", "guardrails.r.on_error: the rule only observes"),
        ([f"{RULE}, action: block, mode: observe, reply: No."], "", "guardrails.r.reply: the rule only observes"),
        (["name: r, detector: pii, on: log, action: mask"], "store: {content: none}", "guardrails.r: it is on: log, and store.content: none stores no text"),
        (["name: r, detector: pii, on: log, action: mask"], "store: {content: full}", "guardrails.r: it is on: log, and store.content: full stores texts as they are"),
        ([f"{RULE}, action: flag"], "detectors: {custom: {own: {webhook: 'https://h.example', kinds: [ONE]}}}", "detectors.custom.own: no rule asks it, so it never runs"),
        ([f"{RULE}, action: flag"], "detectors: {pii: {scores: {PHONE_NUMBER: 0.8}}}", "detectors.pii.scores.PHONE_NUMBER: it never scores 0.8, its highest is 0.75"),
        ([f"{RULE}, action: flag"], "detectors: {pii: {scores: {NRP: 0.8}}}", "detectors.pii.scores.NRP: it never scores 0.8, its highest is 0.4"),
        ([f"{RULE}, action: mask, kinds: [DATE_TIME], min_score: 0.4"], "detectors: {pii: {languages: [fr]}}", "guardrails.r.kinds: DATE_TIME is found in English alone"),
        ([f"{RULE}, action: mask"], "detectors: {pii: {regions: [GB, GR, ES, IT, CA, CY]}}", "detectors.pii.regions: GR, CY: numbers there have no leading 0"),
        ([f"{RULE}, action: flag"], "detectors: {formats: {order: {is_json: true}}}", "detectors.formats.order: no rule asks for it"),
        (["name: r, detector: moderation, on: request, action: flag, kinds: [self-harm/intent, hate]"], "", "guardrails.r.kinds: self-harm/intent: the local model does not tell it apart"),
        (["name: r, detector: moderation, on: request, action: flag"], "detectors: {moderation: {local: false}}", "detectors.moderation.local: no service is configured"),
        (
            ["name: r, detector: moderation, on: request, action: flag"],
            "detectors: {moderation: {service: {url: 'http://moderation.example/v1/moderations', key: k}}}",
            "detectors.moderation.service.url: the key is sent over http",
        ),
    ],
)
def test_what_can_never_act_is_a_warning(capsys, rules: list[str], more: str, said: str):
    """The file is right and the gate starts, but what its writer meant does not happen. check says it, and doctor."""
    text = "guardrails:\n" + "".join(f"  - {{{rule}}}\n" for rule in rules) + (more if "providers" not in more else "")
    base = more if "providers" in more else PROVIDERS
    Path("tidegate.yaml").write_text(base + text)
    assert cli.main(["check"]) == 0
    err = [line for line in capsys.readouterr().err.splitlines() if "written in the file" not in line]  # keys stand in some of these
    assert len(err) == 1 and err[0].startswith(f"tidegate: warning: {said}"), err
    advice = [a for a in weak_spots(parse(base + text, base=Path.cwd())) if a.severity == "warning" and said.startswith(f"{a.where}: ")]
    assert len(advice) == 1


@pytest.mark.parametrize(
    "rules",
    [
        [f"{RULE}, action: flag, mode: observe", f"{RULE.replace('r,', 's,', 1)}, action: block"],  # who observes leaves it to the next
        [f"{RULE}, action: flag, kinds: [PERSON]", f"{RULE.replace('r,', 's,', 1)}, action: block, kinds: [US_SSN]"],
        [f"{RULE}, action: flag, apps: [a]", f"{RULE.replace('r,', 's,', 1)}, action: block"],
        [f"{RULE}, action: flag, tier: patterns, kinds: [LOCATION]", f"{RULE.replace('r,', 's,', 1)}, action: block, kinds: [LOCATION]"],
        ["name: r, detector: pii, on: log, action: flag", "name: s, detector: pii, on: log, action: mask"],
        [f"{RULE}, action: mask, kinds: [ORGANIZATION], min_score: 0.4, envs: [qa]"],
        ["name: r, detector: grounding, on: reply, action: flag, prompts: [a]", "name: s, detector: grounding, on: reply, action: block"],
    ],
)
def test_what_can_act_is_none(rules: list[str]):
    """A warning that is wrong teaches people to overlook the next."""
    text = PROVIDERS + "guardrails:\n" + "".join(f"  - {{{rule}}}\n" for rule in rules)
    assert list(doubts(parse(text))) == []


@pytest.mark.parametrize("mode", [0o600, 0o644])
def test_a_secret_that_stands_in_the_file_is_named_and_not_shown(capsys, monkeypatch, mode: int):
    """It is in every copy of the file; the gate starts all the same, and the value stays where it is."""
    secret = "sk-" + "written" * 4
    monkeypatch.setenv("OTHER", secret)
    Path("tidegate.yaml").touch(mode=mode)
    code, problems, warnings = check(capsys, f"server: {{admin_token: {secret}}}\njournal_key: ${{OTHER}}{'0' * 40}\n")
    assert (code, problems) == (0, []) and len(warnings) == 1 and "server.admin_token: written in the file" in warnings[0]
    assert secret not in warnings[0] and "journal_key" not in warnings[0] and ("(mode 0644)" in warnings[0]) == (mode == 0o644)
    assert cli.main(["check"]) == 0
    said = capsys.readouterr()
    assert "written in the file" in said.err and secret not in said.err + said.out
