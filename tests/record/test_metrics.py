"""Samples derived from exchanges."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from gateway.exchange import Exchange, Finding, Outcome, Phase
from gateway.record.metrics import LabelCap, Metrics, RecorderState
from tests.support.recording import BARE


def exchange(**fields: Any) -> Exchange:
    return replace(BARE, **fields)


def chat(**fields: Any) -> Exchange:
    return exchange(
        **{"provider": "openai", "request_model": "gpt-4o", "app": "shop", "env": "prod", "operation": "chat", "duration_s": 2.0, "overhead_s": 0.0004} | fields
    )


def samples(metrics: Metrics) -> dict[str, float]:
    """name{label=value,...} -> value, of everything but build_info."""
    return {
        s.name + "{" + ",".join(f"{k}={v}" for k, v in sorted(s.labels.items())) + "}": s.value
        for family in text_string_to_metric_families(metrics.exposition().decode())
        for s in family.samples
    }


@pytest.fixture
def metrics() -> Metrics:
    return Metrics(version="1.2.3", providers=("openai",), models=("gpt-4o",), apps=("shop",), envs=("prod", "dev"))


def test_an_exchange_becomes_exactly_its_samples(metrics: Metrics) -> None:
    """Metrics are a view of the record: every number here is one of the row's."""
    before = samples(metrics)
    metrics.observe(
        chat(
            is_stream=True, time_to_first_chunk_s=0.5, input_tokens=100, output_tokens=16, cache_read_tokens=40, reasoning_tokens=0, cost_usd=Decimal("0.25"),
            response_model="gpt-4o-2024-08-06",
        )
    )  # fmt: skip
    new = {name: value for name, value in samples(metrics).items() if before.get(name) != value and "_bucket" not in name}
    who, timed = "app=shop,env=prod,%smodel=gpt-4o,%sprovider=openai", "{app=shop,env=prod,model=gpt-4o,operation=chat,provider=openai}"
    assert new == {
        "tidegate_requests_total{" + who % ("", "operation=chat,outcome=ok,") + "}": 1,
        "tidegate_verdicts_total{app=shop,env=prod,verdict=not_checked}": 1,
        "tidegate_tokens_total{" + who % ("kind=input,", "") + "}": 100,
        "tidegate_tokens_total{" + who % ("kind=output,", "") + "}": 16,
        "tidegate_tokens_total{" + who % ("kind=cache_read,", "") + "}": 40,
        "tidegate_cost_usd_total{" + who % ("", "") + "}": 0.25,
        "tidegate_request_duration_seconds_count" + timed: 1,
        "tidegate_request_duration_seconds_sum" + timed: 2.0,
        "tidegate_time_to_first_chunk_seconds_count" + timed: 1,
        "tidegate_time_to_first_chunk_seconds_sum" + timed: 0.5,
        "tidegate_time_per_output_token_seconds_count" + timed: 1,
        "tidegate_time_per_output_token_seconds_sum" + timed: 0.1,
        "tidegate_overhead_seconds_count" + timed: 1,
        "tidegate_overhead_seconds_sum" + timed: 0.0004,
    }


def test_findings_errors_and_time_of_guards_are_counted(metrics: Metrics) -> None:
    """A view of the row's findings, by closed sets of words."""
    before = samples(metrics)
    found = (Finding("pii", "EMAIL_ADDRESS", "request", "mask", 0.9, 3), Finding("pii", "EMAIL_ADDRESS", "log", "mask", 0.9, 2), Finding("own", "error", "reply", "error", 0.0, 4))
    metrics.observe(chat(findings=found, guard_s=0.002, duration_s=None, overhead_s=None))
    new = {name: value for name, value in samples(metrics).items() if before.get(name) != value and "guard" in name and "_bucket" not in name}
    timed = "{app=shop,env=prod,model=gpt-4o,operation=chat,provider=openai}"
    assert new == {
        "tidegate_guard_findings_total{action=mask,detector=pii,direction=request,kind=EMAIL_ADDRESS}": 3,
        "tidegate_guard_findings_total{action=mask,detector=pii,direction=log,kind=EMAIL_ADDRESS}": 2,
        "tidegate_guard_errors_total{detector=own}": 4,
        "tidegate_guard_duration_seconds_count" + timed: 1,
        "tidegate_guard_duration_seconds_sum" + timed: 0.002,
    }


def test_findings_of_ten_thousand_kinds_make_some_hundred_series(metrics: Metrics) -> None:
    """A custom detector that invents a kind for every finding must not fill Prometheus."""
    for n in range(10_000):
        metrics.observe(chat(findings=(Finding(f"d{n % 100}", f"KIND_{n}", f"way {n}", f"act {n}", 1.0, 1),)))
    series = [name for name in samples(metrics) if name.startswith("tidegate_guard_findings_total")]
    assert len({name.split("kind=")[1] for name in series}) <= 201 and len({name.split("detector=")[1].split(",")[0] for name in series}) <= 51
    assert all("action=other" in name and "direction=other" in name for name in series)
    assert sum(value for name, value in samples(metrics).items() if name in series) == 10_000


def test_the_gates_share_has_buckets_below_a_millisecond(metrics: Metrics) -> None:
    """With Prometheus' default buckets an overhead of 0.3 ms and one of 4.9 ms look alike."""
    metrics.observe(chat(overhead_s=0.0004))
    below, above = (f"tidegate_overhead_seconds_bucket{{app=shop,env=prod,le={le},model=gpt-4o,operation=chat,provider=openai}}" for le in ("0.0003", "0.0005"))
    assert (samples(metrics)[below], samples(metrics)[above]) == (0, 1)


def test_ten_minutes_are_still_measured(metrics: Metrics) -> None:
    """Reasoning models take longer than the conventions' last bucket of 82 s."""
    metrics.observe(chat(duration_s=590.0))
    assert samples(metrics)["tidegate_request_duration_seconds_bucket{app=shop,env=prod,le=600.0,model=gpt-4o,operation=chat,provider=openai}"] == 1


def test_tokens_without_a_price_are_counted_as_unpriced_and_cost_nothing(metrics: Metrics) -> None:
    """Law 6: an unpriced model must raise an alarm, not lower the bill."""
    metrics.observe(chat(input_tokens=10, output_tokens=1))
    metrics.observe(chat())  # no tokens known: nothing to price
    found = samples(metrics)
    assert found["tidegate_unpriced_requests_total{model=gpt-4o,provider=openai}"] == 1
    assert not any(name.startswith("tidegate_cost_usd_total") for name in found)


def test_a_cut_or_unstreamed_reply_has_no_speed(metrics: Metrics) -> None:
    """Tokens per second of an aborted stream would be a fiction in the panel that shows a provider slowing down."""
    metrics.observe(chat(is_stream=True, time_to_first_chunk_s=0.5, output_tokens=16, outcome=Outcome.PROVIDER_TRUNCATED))
    metrics.observe(chat(is_stream=False, time_to_first_chunk_s=0.5, output_tokens=16))
    metrics.observe(chat(is_stream=True, time_to_first_chunk_s=0.5, output_tokens=1))
    found = samples(metrics)
    assert not any(name.startswith("tidegate_time_per_output_token_seconds") for name in found)
    assert found["tidegate_time_to_first_chunk_seconds_count{app=shop,env=prod,model=gpt-4o,operation=chat,provider=openai}"] == 2


def test_the_recorders_totals_are_shown_as_given(metrics: Metrics) -> None:
    """Law 3: accepted = stored + in journal + quarantined + dropped must add up on the page after any restart, so nothing is counted twice here."""
    metrics.update(RecorderState(100, 90, 1, {"disk": 2, "damage": 1}, 6, 4096, 1.5, 0.25, True))
    assert {name: value for name, value in samples(metrics).items() if "build" not in name} == {
        "tidegate_records_total{reason=,state=accepted}": 100,
        "tidegate_records_total{reason=,state=stored}": 90,
        "tidegate_records_total{reason=,state=quarantined}": 1,
        "tidegate_records_total{reason=damage,state=dropped}": 1,
        "tidegate_records_total{reason=disk,state=dropped}": 2,
        "tidegate_records_in_journal{}": 6,
        "tidegate_journal_bytes{}": 4096,
        "tidegate_journal_oldest_age_seconds{}": 1.5,
        "tidegate_ingest_lag_seconds{}": 0.25,
        "tidegate_store_up{}": 1,
    }
    assert samples(metrics)["tidegate_build_info{version=1.2.3}"] == 1


@pytest.mark.covers("G15")
def test_invented_labels_make_a_constant_number_of_series(metrics: Metrics) -> None:
    """Law 9: whoever may send requests must not be able to fill Prometheus. 10^5 models, apps and envs, each often enough to be taken for real."""

    def flood(start: int, stop: int, times: int) -> int:
        for name in (f"m{i}" for i in range(start, stop)):
            invented = chat(request_model=name, app=name, env=name)
            for _ in range(times):
                metrics.observe(invented)
        return len(samples(metrics))

    assert flood(0, 1_000, 3) == flood(1_000, 3_000, 3) == flood(3_000, 100_000, 1)
    assert len(metrics._groups) < 200


def test_what_went_wrong_is_counted_by_code_and_by_whose_fault(metrics: Metrics) -> None:
    """An alert on one cause (a certificate, a key) needs the code; what providers word themselves makes a bounded number of series."""
    metrics.observe(chat(outcome=Outcome.PROVIDER_UNREACHABLE, error_code="provider_tls"))
    metrics.observe(chat())
    for number in range(500):
        metrics.observe(chat(outcome=Outcome.PROVIDER_ERROR, error_code=f"invented_{number}"))
    found = {name: value for name, value in samples(metrics).items() if name.startswith("tidegate_errors_total")}
    assert found["tidegate_errors_total{app=shop,code=provider_tls,outcome=provider_unreachable,provider=openai}"] == 1
    assert sum(found.values()) == 501 and len(found) <= 102
    assert found["tidegate_errors_total{app=shop,code=other,outcome=provider_error,provider=openai}"] >= 400


def test_verdicts_are_counted_by_app(metrics: Metrics) -> None:
    """What share of an app's calls guards blocked."""
    for verdict in ("passed", "blocked", "blocked", "no such word"):
        metrics.observe(chat(verdict=verdict))
    found = {name: value for name, value in samples(metrics).items() if name.startswith("tidegate_verdicts_total")}
    assert found == {f"tidegate_verdicts_total{{app=shop,env=prod,verdict={word}}}": count for word, count in (("passed", 1), ("blocked", 2), ("other", 1))}


def test_every_attempt_at_a_provider_is_counted(metrics: Metrics) -> None:
    """A retry that helped hides a provider's failures from the outcomes; an alert on providers must still see them."""
    tried = (Phase("guard_request", 0.0, 0.1, "passed"), Phase("attempt", 0.1, 0.2, "provider_unreachable", "provider_reset"), Phase("attempt", 0.3, 1.0, "ok", "", 200))
    for phases in (tried, tried[2:], ()):
        metrics.observe(chat(phases=phases))
    counted = {name: value for name, value in samples(metrics).items() if name.startswith("tidegate_attempts_total")}
    assert counted == {"tidegate_attempts_total{provider=openai,result=provider_unreachable}": 1, "tidegate_attempts_total{provider=openai,result=ok}": 2}


def test_an_attempt_counts_for_the_provider_it_was_made_at(metrics: Metrics) -> None:
    """The exchange went well at the second target; that the first one fails must not be seen in its place, nor overlooked."""
    tried = (Phase("attempt", 0.1, 0.2, "provider_overloaded", "http_529", 529, provider="main"), Phase("attempt", 0.3, 1.0, "ok", "", 200, provider="openai"))
    metrics.observe(chat(provider="openai", phases=tried))
    counted = {name: value for name, value in samples(metrics).items() if name.startswith("tidegate_attempts_total")}
    assert counted == {"tidegate_attempts_total{provider=other,result=provider_overloaded}": 1, "tidegate_attempts_total{provider=openai,result=ok}": 1}


def test_combinations_beyond_the_cap_share_their_series(metrics: Metrics, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each label is capped; so is their product, which would otherwise be thousands of histograms. Nothing is left uncounted."""
    monkeypatch.setattr("gateway.record.metrics.MAX_GROUPS", 3)
    for operation in ("chat", "embeddings", "moderations", "responses", "messages"):
        metrics.observe(chat(operation=operation))
    counted = {name: value for name, value in samples(metrics).items() if name.startswith("tidegate_requests_total")}
    assert sum(counted.values()) == 5
    assert [name for name in counted if "app=other" in name and "model=other" in name and "provider=openai" in name and ("responses" in name or "messages" in name)] == [
        name for name in counted if "app=other" in name
    ] and sum("app=other" in name for name in counted) == 2


def test_configured_names_keep_their_series_and_others_must_be_seen_often() -> None:
    """A typing error is seen once, an app is seen all day; what is configured counts from its first call, however full the room is."""
    cap = LabelCap(["mine"], room=2, often=3)
    assert [cap("a"), cap("a"), cap("a"), cap("a")] == ["other", "other", "a", "a"]
    assert [cap("b"), cap("b"), cap("b"), cap("c"), cap("c"), cap("c")] == ["other", "other", "b", "other", "other", "other"]
    assert [cap("mine"), cap("a"), cap("")] == ["mine", "a", "unknown"]


def test_what_a_cap_remembers_is_bounded() -> None:
    """Names seen once must not be kept for ever in the hope of a third time."""
    cap = LabelCap(room=2)
    for i in range(100_000):
        cap(f"name{i}")
    assert len(cap._waiting) == 1024


@pytest.mark.parametrize("name", ["a\nb", "\ud800", "x" * 1000, "\x1b[31m"])
def test_names_that_could_break_the_page_are_other(metrics: Metrics, name: str) -> None:
    """A half surrogate in a model's name would make every later scrape fail."""
    for _ in range(5):
        metrics.observe(chat(request_model=name))
    assert samples(metrics)["tidegate_requests_total{app=shop,env=prod,model=other,operation=chat,outcome=ok,provider=openai}"] == 5
