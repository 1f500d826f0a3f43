"""The rules as text: what is checked in is what is rendered, they ask for nothing that the gate does not tell, and objectives and names mean what they say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from dashboards.alerts.objectives import AppObjectives, Objectives
from dashboards.alerts.promql import Terms, duration, each, quoted
from dashboards.alerts.render import ALERTS, groups, rules, text
from dashboards.alerts.rule import Alert
from gateway.exchange import Outcome
from gateway.record.metrics import DURATION_BUCKETS
from tests.support.rule_files import HOSTILE, OWN, ROOT, rendered

PAGES = set("ProviderBudgetBurnFast GatewayBudgetBurnFast ProviderDown ProviderRateLimited ProviderCertificate NoTraffic CostBudgetBurn GuardFailing DetectorDown Down RecorderDown WorkerDown "
    "StoreDown JournalGrowing RecordsDropped JournalLost DiskFilling Shedding".split())  # fmt: skip
TICKETS = set("ProviderBudgetBurnSlow GatewayBudgetBurnSlow CallerErrorsHigh LatencyHigh FirstChunkSlow CertificateExpiring LoopLagHigh CostSpike PriceUnknown GuardBlockingHigh DriftSignificant "
    "NovelShareHigh ProviderDrift DriftRunsFailing IngestLag RecordsQuarantined ConfigInvalid ConfigReloadFailed SpansDropped BreakerOpen MemoryHigh".split())  # fmt: skip
BOARDS = {"tidegate-overview", "tidegate-cost", "tidegate-guards", "tidegate-drift", "tidegate-itself"}


def found(objectives: Objectives, *, pace: float = 1.0, recorded: bool = True) -> dict[str, Alert]:
    return {alert.name: alert for group in groups(objectives, pace=pace, recorded=recorded) for alert in group.alerts}


@pytest.mark.parametrize("path", rendered(), ids=lambda path: path.name)
def test_what_is_checked_in_is_what_is_rendered(path: Path) -> None:
    """Somebody edits the one and not the other, and the next rendering takes it away. To write them anew: python -m tests.support.rule_files."""
    assert path.read_text() == rendered()[path]


def test_every_alert_has_what_somebody_woken_needs() -> None:
    """Who, how bad, what in one sentence, which page, which board."""
    assert {alert.name.removeprefix("Tidegate") for alert in ALERTS if alert.severity == "page"} == PAGES
    assert {alert.name.removeprefix("Tidegate") for alert in ALERTS if alert.severity == "ticket"} == TICKETS
    assert len({alert.name for alert in ALERTS}) == len(ALERTS)
    for alert in ALERTS:
        assert alert.board in BOARDS and (ROOT / "deploy" / "runbooks" / alert.runbook).is_file(), alert.name
        assert alert.summary.endswith(".") and ". " not in alert.summary.replace("{{ . }}", "") and len(alert.summary) < 250, alert.name
        used = set(re.findall(r"\$labels\.(\w+)", alert.summary))
        assert used <= {*alert.labels, "instance"} and set(alert.labels) <= used, alert.name  # what tells results apart is said


def test_rules_ask_only_for_what_the_gate_tells() -> None:
    """A metric that was renamed makes an alert silent for ever."""
    named = set(re.findall(r"\btidegate_[a-z0-9_]+", "\n".join(alert.expr for alert in found(OWN, recorded=False).values())))
    code = "".join(path.read_text() for path in sorted((ROOT / "gateway").rglob("*.py")) if path.parent.name in ("record", "console"))
    told = set(re.findall(r'"tidegate_([a-z0-9_]+)"', code)) | set(re.findall(r'self\._counter\(\s*"([a-z_]+)"', code))
    told |= {f"{name}_seconds" for name in re.findall(r'self\._histogram\(\s*"([a-z_]+)"', code)}
    assert len(named) > 25
    assert {name for name in named if re.sub(r"_(total|bucket|count)$", "", name.removeprefix("tidegate_")) not in told} == set()


def test_rules_know_the_outcomes_that_there_are() -> None:
    """Whose fault it was stands before the first underscore."""
    for words in re.findall(r'outcome(?:=|!=|=~|!~)"([^"]+)"', text(OWN)):
        for word in words.split("|"):
            assert any(re.fullmatch(word, outcome.value) for outcome in Outcome), word
    code = (ROOT / "gateway" / "proxy" / "pool.py").read_text()
    assert '"provider_tls"' in code  # what TidegateProviderCertificate counts


@pytest.mark.parametrize("recorded", [True, False])
def test_a_pace_changes_durations_and_nothing_else(recorded: bool) -> None:
    """What is tested sixty times as fast is what runs."""
    length = re.compile(r"(?<=[\[:])\d+(?:ms|[smhd])(?=[\]:])|(?<=offset )\d+(?:ms|[smhd])")
    usual, quick = found(OWN, recorded=recorded), found(OWN, pace=60, recorded=recorded)
    assert list(usual) == list(quick)
    for name, alert in usual.items():
        assert quick[name].for_s * 60 == pytest.approx(alert.for_s) and quick[name].summary == alert.summary
        if name != "TidegateCertificateExpiring":  # that one has its duration as a number
            assert length.sub("_", quick[name].expr) == length.sub("_", alert.expr), name
    assert [[list(rule) for rule in group["rules"]] for group in rules(OWN)] == [[list(rule) for rule in group["rules"]] for group in rules(OWN, 60)]


def test_alone_an_alert_needs_no_other_rule() -> None:
    """Grafana evaluates no recording rules and has no series of alerts."""
    made = groups(OWN, recorded=False)
    assert [group.recordings for group in made] == [()] * 5
    assert [alert.name for group in made for alert in group.alerts if "tidegate:" in alert.expr or "ALERTS" in alert.expr] == []


def test_what_is_not_counted_is_not_over() -> None:
    """The recorder's alerts keep firing while nothing is counted, and say that their figure is not known; the others are about what is there."""
    kept = {rule["alert"]: rule for group in rules(OWN) for rule in group["rules"] if "alert" in rule}
    for alert in ALERTS:
        held = f'(-1 * max by ({", ".join(alert.labels)}) (ALERTS{{alertname="{alert.name}",alertstate="firing"}}) and on () absent(tidegate_store_up == 1))'
        assert (held in kept[alert.name]["expr"]) == alert.held
        assert ("(not known now)" in kept[alert.name]["annotations"]["summary"]) == (alert.held and "$value" in alert.summary)


def test_a_name_is_a_value_and_never_a_part_of_the_rule() -> None:
    """Apps name themselves: quotes, braces and backslashes of theirs must not end a matcher."""
    assert quoted('a"b\\c\n') == '"a\\"b\\\\c\\n"'
    expr = found(OWN)["TidegateProviderBudgetBurnFast"].expr
    assert f"app={quoted(HOSTILE)}" in expr and f"app!={quoted(HOSTILE)}" in expr
    read = yaml.safe_load(text(OWN))["groups"]
    assert expr in next(rule["expr"] for rule in read[0]["rules"] if rule.get("alert") == "TidegateProviderBudgetBurnFast")


def test_an_objective_of_its_own_takes_an_app_out_of_the_rest() -> None:
    """Each app is looked at once, by its own measure."""
    assert each("app", 1.0, {"b": 2.0, "a": None, "c": 1.0}, lambda only, most: f"x{{{only}}} > {most:g}") == 'x{app="b"} > 2\nor\nx{app!="b"} > 1'
    assert each("app", None, {"b": 2.0}, lambda only, most: f"x{{{only}}} > {most:g}") == 'x{app="b"} > 2'
    assert each("app", None, {}, lambda only, most: "") == ""


def test_without_a_budget_there_is_no_alert_for_it() -> None:
    """Nobody promised anything; one app's budget is enough for the alert to be there, and it is about that app alone."""
    assert "TidegateCostBudgetBurn" not in found(Objectives())
    expr = found(Objectives(apps={"bank": AppObjectives(cost_per_day_usd=24.0)}))["TidegateCostBudgetBurn"].expr
    assert 'app="bank"' in expr and "app!=" not in expr


def test_a_lax_promise_can_still_be_broken() -> None:
    """14.4 times an error budget of a tenth is more than everything."""
    assert "> 0.9\n" in found(Objectives(availability=0.9))["TidegateGatewayBudgetBurnFast"].expr
    assert "> 0.072\n" in found(Objectives())["TidegateGatewayBudgetBurnFast"].expr


@pytest.mark.parametrize(("length", "written"), [(3600, "1h"), (604800, "7d"), (90, "90s"), (0.25, "250ms"), (5400, "90m"), (0.0001, "1ms")])
def test_durations_are_exact(length: float, written: str) -> None:
    """Prometheus takes whole numbers of a unit."""
    assert duration(length) == written
    assert Terms(pace=60)(3600) == "1m"


def test_objectives_can_be_seen_in_the_histograms() -> None:
    """A quantile is never above the last bound, so an objective beyond it would never be missed."""
    assert Objectives().latency_p90_s < max(DURATION_BUCKETS)
