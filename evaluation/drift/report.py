"""The report in words: figures beside their bars, met or not. Pure."""

from __future__ import annotations

from typing import Any

_INTRO = """\
# How well drift is seen, and how seldom it is seen where there is none

Written by `make eval-drift DATA=directory` (evaluation/drift/run.py); do not edit. The directory holds `clinc150.json.gz`, which is data/data_full.json of clinc/oos-eval
(CC BY 3.0), compressed. `EVAL_ARGS="--only nulls power"` measures parts anew, `--seed` draws other worlds.
"""
_NOTES = """\
## How to read it

- Each run draws a world: 100 of the 150 intents are what users ask, their shares from a Dirichlet distribution; the other 50 are news. No sentence is in two samples. The
  baseline has 2,000 rows, the window 500 unless said. Vectors are the bundled model's.
- In conversations of 1 to 8 turns the topic stays from one turn to the next with probability 0.85.
- False alarms are of the whole procedure, structure and topics together: an alarm is a p-value of the run of at most alpha. The bound is alpha and two standard errors of
  such a share. Power is the share of runs with an alarm, again of the whole.
- Half-years: samples are small (240 rows, 60 each day) and only the topics are tested, so that there can be many; the rule is the one that scheduled runs follow. A baseline
  that happens to be odd raises the p-values of all its days together, so alarms come in clusters; the bound holds all the same.
- A part's code is told by a fingerprint of the modules that it runs, comments left out; `--write` writes this page again and holds them against the code as it is then.
- Times are processor time on one core of the machine that ran it.
- The statistics were chosen on this set (other seeds), so the power is that of a development set; the false alarms are by construction.
"""


def bars(figures: dict[str, Any]) -> str:
    """The table of bars, as Markdown; of the parts that were measured."""
    lines = ["| figure | measured | bar | |", "|---|---|---|---|"]
    for name, measured, bar, least in _bars(figures):
        met = measured >= bar if least else measured <= bar
        lines.append(f"| {name} | {measured:g} | {'at least' if least else 'at most'} {bar:g} | {'met' if met else '**missed**'} |")
    return "\n".join(lines) + "\n"


def _bars(figures: dict[str, Any]) -> list[tuple[str, float, float, bool]]:
    found: list[tuple[str, float, float, bool]] = []
    for part, what in (("nulls", "single prompts"), ("nulls_conversations", "conversations")):
        if part in figures:
            found += [(f"false alarms at {alpha}, {what}, {figures[part]['runs']} runs", figures[part][f"at_{alpha}"], figures[part][f"most_{alpha}"], False) for alpha in (0.01, 0.05)]
    found += [(f"power at 5 %: {name}, {case['runs']} runs", case["at_0.05"], case["bar"], True) for name, case in figures.get("power", {}).items()]
    for name, case in figures.get("structure", {}).items():
        if isinstance(case, dict):
            found.append((f"structure only: {name}: seen, {case['runs']} runs", case["seen"], case["bar"], True))
            if "named" in case:
                found.append((f"structure only: {name}: named structure and no topic, {case['whole']} runs", case["named"], case["bar"], True))
    if "naming" in figures:
        named = figures["naming"]
        found += [(f"naming: {name.replace('_', ' ')}, {named['all']['topics']} topics", named["all"][name], bar, True) for name, bar in named["bars"].items()]
    if "looks" in figures:
        half = figures["looks"]
        found.append((f"any alarm in {half['days']} daily checks without drift, {half['half_years']} half-years; a yearly rate of {half['yearly_rate']}", half["any_alarm"], half["yearly_rate"], False))
        found.append(("the same at ten times the rate", half["any_alarm_at_ten_times_the_rate"], half["allowed_at_ten_times_the_rate"], False))
    found += [(f"provider, false alarms at 5 %: {case['case']}, {case['runs']} runs", case["alarms at 5 %"], case["bound"], False) for case in figures.get("provider", {}).get("cases", ()) if case["bound"]]
    found += [(f"time, 2,000 against 2,000: {name.removeprefix('seconds: ')}, s", value, 5, False) for name, value in figures.get("time", {}).items() if name.startswith("seconds")]
    return found


def written(figures: dict[str, Any], now: dict[str, str]) -> str:
    """The whole report, as Markdown. now: the fingerprint of each part's code as it is (code.py); those of what was measured are among the figures."""
    parts = [_INTRO, "## Bars\n", bars(figures)]
    for part, what in (("nulls", "single prompts"), ("nulls_conversations", "conversations")):
        if part in figures:
            parts.append(f"False alarms, {what}: {_listed(figures[part])}.\n")
    if "power" in figures:
        parts.append("## Power\n\n| case | runs | at 1 % | at 5 % | topics significant | structure significant |\n|---|---|---|---|---|---|")
        parts.append("\n".join(f"| {name} | {c['runs']} | {c['at_0.01']} | {c['at_0.05']} | {c['topics']} | {c['structure']} |" for name, c in figures["power"].items()) + "\n")
    if "structure" in figures:
        parts.append("## Structure only\n\n| change | seen | told first | alarm | named, no topic | in words |\n|---|---|---|---|---|---|")
        rows = [(name, c) for name, c in figures["structure"].items() if isinstance(c, dict)]
        parts.append("\n".join(f"| {name} | {c['seen']} | {c['told']} | {c.get('alarm', '')} | {c.get('named', '')} | {'; '.join(c['example'])} |" for name, c in rows) + "\n")
        parts.append(f"Nothing changed, the structural test alone at 5 %: {figures['structure'].get('none')}.\n")
    if "naming" in figures:
        cases = {name: each for name, each in figures["naming"].items() if isinstance(each, dict) and name != "bars"}
        parts.append("## Naming\n\n" + "\n".join(f"- {name}: {_listed(each)}" for name, each in cases.items()) + "\n")
    if "provider" in figures:
        parts.append("## The provider's side\n\nNaive: Mann and Whitney's test of the two periods as they are.\n\n| case | runs | tested | at 5 % | at 1 % | named right | naive at 5 % |\n|---|---|---|---|---|---|---|")
        told = ("case", "runs", "tested", "alarms at 5 %", "at 1 %", "of it named right", "naive at 5 %")
        parts.append("\n".join(f"| {' | '.join('' if c[key] is None else str(c[key]) for key in told)} |" for c in figures["provider"]["cases"]) + "\n")
    for part, head in (("looks", "Half-years of daily checks"), ("time", "Time and memory")):
        if part in figures:
            parts.append(f"## {head}\n\n" + "\n".join(f"- {name.replace('_', ' ')}: {value}" for name, value in figures[part].items()) + "\n")
    parts.append("## Measured on\n\n" + "\n".join(f"- {part.replace('_', ' ')}: {_code(figures.get('code', {}).get(part), code)}" for part, code in now.items() if part in figures) + "\n")
    parts.append(_NOTES)
    return "\n".join(parts)


def _code(measured: str | None, now: str) -> str:
    if measured is None:
        return "older code, not known which"
    return f"the code beside this report ({measured})" if measured == now else f"older code ({measured}; now {now})"


def _listed(values: dict[str, Any]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in values.items())
