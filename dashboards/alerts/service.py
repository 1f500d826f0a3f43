"""Is the service that apps get what was promised, and if not, whose fault is it?

Everything but LoopLagHigh, BreakerOpen and CertificateExpiring is counted by the recorder, for each exchange once its row is safe. With the recorder or the store down
nothing is counted: nothing begins to fire here then, and what fires keeps firing (`held`), for RecorderDown, StoreDown or TidegateDown to explain. When
they are back the backlog is counted at once, so the short windows may see for some minutes what happened before. A recorder that starts anew begins its counters at zero,
which rate() and increase() know.

Budgets. Against a provider counts every outcome provider_* but rate limiting, which is a matter of quotas and has an alert; against the gate, gateway_*. What a
policy blocked and what callers did wrong counts against nobody. A share over a long and a short window, both above: it matters, and it is still going on.
With fewer than least_calls exchanges in the long window, or a quarter of that spoilt, nobody is woken.

Apps that are not configured and rare are one app here, `other`: a budget of their own, and no NoTraffic.
Latency is over all outcomes: the histograms have no label for them, so exchanges that were cut or refused are among those that are timed. Objectives between
two buckets are interpolated. ProviderDown judges by what exchanges met, whoever's breaker was open; where a route's other target answers in its place, exchanges
are that one's, and BreakerOpen is what tells of the first.
"""

from __future__ import annotations

from dashboards.alerts.objectives import Objectives
from dashboards.alerts.promql import DAY, HOUR, JOB, MINUTE, Terms, each, loud, matchers, number
from dashboards.alerts.rule import COUNT, SECONDS, SHARE, Alert, Group, Recording

BOARD = "tidegate-overview"
FAST, SLOW = 14.4, 6.0  # how many times as fast as allowed: a month's budget in 2 and in 5 days
MOST = 0.9  # a threshold above this could hardly be met: what a lax promise would ask for
CALLERS = 0.2  # share of an app's exchanges
LIMITED = 0.25  # of the calls to a provider
CERTIFICATE = 21 * DAY
LAG_S = 0.1  # on average: the beat of an idle loop is late by a millisecond
_WINDOWS = {"5m": 5 * MINUTE, "30m": 30 * MINUTE, "1h": HOUR, "6h": 6 * HOUR}
_FAULTS = 'outcome=~"provider_.+",outcome!="provider_rate_limited"'
_CALLERS = 'outcome=~"caller_.+",outcome!="caller_cancelled"'
_ANSWERS = 'outcome=~"ok|caller_rejected|provider_rate_limited"'
_LIMITED = 'outcome="provider_rate_limited"'
_ANSWERED = 'outcome=~"ok|caller_rejected|provider_.+"'
_APPS = 'app!="other"'


def group(objectives: Objectives, terms: Terms) -> Group:
    """The group "service"."""
    envs = loud(objectives.quiet_envs)
    provider = _Party("provider", ("provider", "app"), _FAULTS, 'outcome=~"ok|provider_.+",outcome!="provider_rate_limited"', envs, terms)
    gate = _Party("gateway", ("app",), 'outcome=~"gateway_.+"', 'outcome!~"caller_.+"', envs, terms)
    alerts = [
        _burn(provider, objectives, fast=True),
        _burn(provider, objectives, fast=False),
        _burn(gate, objectives, fast=True),
        _burn(gate, objectives, fast=False),
        _caller_errors(objectives, terms, envs),
        _slow(objectives, terms, envs),
        _late(objectives, terms, envs),
        _down(objectives, terms, envs),
        _limited(objectives, terms, envs),
        *_certificates(terms),
        _breaker(terms),
        _no_traffic(objectives, terms, envs),
        Alert(
            "TidegateLoopLagHigh",
            "ticket",
            f"avg_over_time(tidegate_loop_lag_seconds[{terms(5 * MINUTE)}]) > {LAG_S}",
            terms.span(5 * MINUTE),
            "Worker {{ $labels.worker }} of {{ $labels.instance }} is " + SECONDS + " late on average, and so is everything that it relays.",
            "tidegate-itself",
            ("worker",),
        ),
    ]
    return Group("service", (*provider.recordings(), *gate.recordings()) if terms.recorded else (), tuple(alerts))


class _Party:
    """Whose budget. keys: by which it is counted.  bad, all: matchers of the outcomes that spoil it, and of those that it is a share of."""

    def __init__(self, name: str, keys: tuple[str, ...], bad: str, all: str, envs: str, terms: Terms) -> None:
        self.name, self.keys, self._outcomes, self._envs, self.terms = name, keys, {"failures": bad, "exchanges": all}, envs, terms

    def _counted(self, what: str, window: str, only: str) -> str:
        series = f"tidegate_requests_total{matchers(self._envs, self._outcomes[what], only)}"
        return f"sum by ({', '.join(self.keys)}) (increase({series}[{self.terms(_WINDOWS[window])}]))"

    def recordings(self) -> list[Recording]:
        return [Recording(f"tidegate:{self.name}_{what}:increase{window}", self._counted(what, window, "")) for window in _WINDOWS for what in self._outcomes]

    def count(self, what: str, window: str, only: str = "") -> str:
        """Exchanges or failures of a window; only: matchers, if that narrows it down."""
        return f"tidegate:{self.name}_{what}:increase{window}{matchers(only)}" if self.terms.recorded else self._counted(what, window, only)


def _burn(party: _Party, objectives: Objectives, *, fast: bool) -> Alert:
    long, short, factor = ("1h", "5m", FAST) if fast else ("6h", "30m", SLOW)
    least = objectives.least_calls

    def expr(only: str, availability: float) -> str:
        worst = number(min(MOST, factor * (1 - availability)))
        return (
            f"{party.count('failures', long, only)} / {party.count('exchanges', long)} > {worst}\n"
        f"and {party.count('failures', short)} / {party.count('exchanges', short)} > {worst}\n"
        f"and {party.count('exchanges', long)} >= {least}\n"
        f"and {party.count('failures', long)} >= {number(least / 4)}"
        )

    name = f"Tidegate{party.name.capitalize()}BudgetBurn{'Fast' if fast else 'Slow'}"
    whose = "by the fault of provider {{ $labels.provider }}" if party.name == "provider" else "by the gate's own fault"
    since, gone = ("hour", "two") if fast else ("six hours", "five")
    return Alert(
        name,
        "page" if fast else "ticket",
        each("app", objectives.availability, {app: own.availability for app, own in objectives.apps.items()}, expr),
        party.terms.span(MINUTE if fast else 15 * MINUTE),
        f"{SHARE} of the exchanges of app {{{{ $labels.app }}}} in the last {since} failed {whose}: like this a month's error budget is gone in {gone} days.",
        BOARD,
        party.keys,
        held=True,
    )


def _caller_errors(objectives: Objectives, terms: Terms, envs: str) -> Alert:
    # A client that leaves early did not do anything wrong: that is what a stop button does.
    window = terms(30 * MINUTE)
    bad = f'sum by (app) (increase(tidegate_requests_total{matchers(envs, _CALLERS)}[{window}]))'
    all = f"sum by (app) (increase(tidegate_requests_total{matchers(envs)}[{window}]))"
    return Alert(
        "TidegateCallerErrorsHigh",
        "ticket",
        f"{bad} / {all} > {CALLERS}\nand {all} >= {objectives.least_calls}",
        terms.span(15 * MINUTE),
        f"{SHARE} of the exchanges of app {{{{ $labels.app }}}} are refused for what the app itself sends (keys, size, form, or a 4xx of the provider).",
        BOARD,
        ("app",),
        held=True,
    )


def _p90(metric: str, only: str, most: float, objectives: Objectives, terms: Terms, envs: str) -> str:
    # What names no model is no inference: lists of models, files, batches.
    window, chosen = terms(15 * MINUTE), matchers(envs, 'model!="unknown"', only)
    return (
        f"histogram_quantile(0.9, sum by (provider, model, le) (rate({metric}_bucket{chosen}[{window}]))) > {number(most)}\n"
        f"and on (provider, model) sum by (provider, model) (increase({metric}_count{chosen}[{window}])) >= {objectives.least_calls}"
    )


def _slow(objectives: Objectives, terms: Terms, envs: str) -> Alert:
    own = {provider: its.latency_p90_s for provider, its in objectives.providers.items()}
    expr = each("provider", objectives.latency_p90_s, own, lambda only, most: _p90("tidegate_request_duration_seconds", only, most, objectives, terms, envs))
    return Alert(
        "TidegateLatencyHigh",
        "ticket",
        expr,
        terms.span(10 * MINUTE),
        f"One in ten exchanges with {{{{ $labels.model }}}} of provider {{{{ $labels.provider }}}} takes longer than {SECONDS}, which is more than its objective.",
        BOARD,
        ("provider", "model"),
        held=True,
    )


def _late(objectives: Objectives, terms: Terms, envs: str) -> Alert:
    own = {provider: its.first_chunk_p90_s for provider, its in objectives.providers.items()}
    expr = each("provider", objectives.first_chunk_p90_s, own, lambda only, most: _p90("tidegate_time_to_first_chunk_seconds", only, most, objectives, terms, envs))
    return Alert(
        "TidegateFirstChunkSlow",
        "ticket",
        expr,
        terms.span(10 * MINUTE),
        f"One in ten streams of {{{{ $labels.model }}}} from provider {{{{ $labels.provider }}}} begins later than after {SECONDS}, which is more than its objective.",
        BOARD,
        ("provider", "model"),
        held=True,
    )


def _down(objectives: Objectives, terms: Terms, envs: str) -> Alert:
    # An answer is an answer, also a 4xx: who refuses is there. The shorter window of answers makes it quick at both ends.
    calls = "tidegate_requests_total"
    answers = f'sum by (provider) (increase({calls}{matchers(envs, _ANSWERS)}[{terms(3 * MINUTE)}]))'
    failures = {minutes: f"sum by (provider) (increase({calls}{matchers(envs, _FAULTS)}[{terms(minutes * MINUTE)}]))" for minutes in (3, 5)}
    return Alert(
        "TidegateProviderDown",
        "page",
        f"{failures[5]} >= {number(objectives.least_calls / 4)}\nunless {answers} > 0.1 * {failures[3]}",
        terms.span(MINUTE),
        f"Provider {{{{ $labels.provider }}}} answers next to nothing: {COUNT} exchanges failed by its fault in five minutes.",
        BOARD,
        ("provider",),
        held=True,
    )


def _limited(objectives: Objectives, terms: Terms, envs: str) -> Alert:
    window = terms(10 * MINUTE)
    bad = f'sum by (provider) (increase(tidegate_requests_total{matchers(envs, _LIMITED)}[{window}]))'
    all = f'sum by (provider) (increase(tidegate_requests_total{matchers(envs, _ANSWERED)}[{window}]))'
    return Alert(
        "TidegateProviderRateLimited",
        "page",
        f"{bad} / {all} > {LIMITED}\nand {all} >= {objectives.least_calls}",
        terms.span(5 * MINUTE),
        f"Provider {{{{ $labels.provider }}}} refuses {SHARE} of the calls of the last ten minutes because a quota is used up.",
        BOARD,
        ("provider",),
        held=True,
    )


def _breaker(terms: Terms) -> Alert:
    # It is closed for a moment whenever it is tried; one that opened once and is well again is what breakers are for.
    return Alert(
        "TidegateBreakerOpen",
        "ticket",
        f"sum by (provider) (max_over_time(tidegate_breakers_open[{terms(2 * MINUTE)}])) > 0",
        terms.span(5 * MINUTE),
        f"Provider {{{{ $labels.provider }}}} is left alone most of the time, as its last calls have all failed: {COUNT} breakers towards it are open.",
        BOARD,
        ("provider",),
    )


def _certificates(terms: Terms) -> tuple[Alert, Alert]:
    failures = terms.grown("provider", 'tidegate_errors_total{code="provider_tls"}', 10 * MINUTE)
    return (
        Alert(
            "TidegateProviderCertificate",
            "page",
            f"{failures} >= 3",  # one handshake may fail by chance
            terms.span(MINUTE),
            f"TLS with provider {{{{ $labels.provider }}}} fails, {COUNT} times in ten minutes: its certificate, the one that is trusted, or somebody in between.",
            BOARD,
            ("provider",),
            held=True,
        ),
        Alert(
            "TidegateCertificateExpiring",
            "ticket",
            f"min by (provider) (tidegate_certificate_expiry_timestamp_seconds) - time() < {number(terms.span(CERTIFICATE))}",
            terms.span(15 * MINUTE),
            f"A certificate in the ca_file of provider {{{{ $labels.provider }}}} expires in {SECONDS}.",
            BOARD,
            ("provider",),
        ),
    )


def _no_traffic(objectives: Objectives, terms: Terms, envs: str) -> Alert:
    """Nothing for 15 minutes, where in the hour before there was something in every 10 minutes, and least_calls in six hours. Until there is something again, for six hours at most.

    That it may be evening: the same 15 minutes of a week ago had traffic, too; if the app was not known a week ago, yesterday's; if it was not known then either, the hour before is enough.
    It does not begin within 20 minutes after the gate, the recorder or the store was away: what is not counted yet is not missing.
    Standing alone it cannot know that it fires already, and is over when the hour before is no longer one with traffic all through: after ten minutes.
    """
    app, calls = "sum by (app)", f"tidegate_requests_total{matchers(envs, _APPS)}"
    quarter, before = terms(15 * MINUTE), terms(20 * MINUTE)

    def had(ago: float) -> str:
        return f"{app} (increase({calls}[{quarter}] offset {terms(ago)})) > 0"

    def known(ago: float) -> str:
        return f"{app} ({calls} offset {terms(ago)})"

    # Aligned to whole steps, there are 10 or 11 of these stretches in the hour.
    stretches = f"({app} (increase({calls}[{terms(10 * MINUTE)}])) > bool 0)[{terms(50 * MINUTE)}:{terms(5 * MINUTE)}]"
    begun = (
        f"sum_over_time({stretches} offset {quarter}) >= 10\n"
        f"  and ({had(7 * DAY)} or {had(DAY)} unless {known(7 * DAY)} or {app} (increase({calls}[{terms(HOUR)}])) unless {known(DAY)} unless {known(7 * DAY)})\n"
        f"  and on () min(min_over_time(tidegate_store_up[{before}])) == 1\n"
        f"  and on () min(min_over_time(tidegate_recorder_up[{before}])) == 1\n"
        f'  and on () min(min_over_time(up{{job="{JOB}"}}[{before}])) == 1'
    )
    fires = '\n  or max by (app) (ALERTS{alertname="TidegateNoTraffic",alertstate="firing"})' if terms.recorded else ""
    return Alert(
        "TidegateNoTraffic",
        "page",
        f"{app} (increase({calls}[{terms(6 * HOUR)}])) >= {objectives.least_calls}\n"
        f"unless {app} (increase({calls}[{quarter}])) > 0\n"
        f"and on (app) (\n  {begun}{fires}\n)",
        terms.span(5 * MINUTE),
        f"App {{{{ $labels.app }}}} has sent nothing for 15 minutes or more, after {COUNT} calls in six hours.",
        BOARD,
        ("app",),
    )
