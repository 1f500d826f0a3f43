"""The report in words: figures beside their bars, met or not. Pure."""

from __future__ import annotations

from typing import Any

import judges

_INTRO = """\
# How well the guards' detectors work

Written by `make eval-guards DATA=directory EVAL_ARGS="--packages directory"` (evaluation/guards/run.py); do not edit. The first directory holds
`pii_presidio_research_v2.json.gz`, which is data/synth_dataset_v2.json of microsoft/presidio-research (MIT), compressed, and sets for judges; the second is for
judges alone. Everything else is made while it runs, from tests/detectors.
Times are processor time on one core of the machine that ran it, the least of several runs.
"""
_NOTES = """\
## How to read it

- A found span counts if it overlaps a true one of its kind with intersection over union of at least 0.5; neighbours of one kind with nothing but
  white space and punctuation (three characters at most) between them are one span, on both sides.
- Headline: every kind but ORGANIZATION, DATE_TIME and NRP. STREET_ADDRESS, GPE and ZIP_CODE are LOCATION; DOMAIN_NAME is URL.
  The set also labels AGE and TITLE (job titles and `Mr.`). AGE is found; TITLE is not looked for, as it says little about anyone: the
  headline is given without the two, with AGE, and with both.
- ORGANIZATION, DATE_TIME and NRP are reported with scores below the usual threshold of 0.5; the table by kind counts them, the headline does not.
- The set was looked at while the rules were written, so its figures are those of a development set: no sentence and no word list was taken from
  it and nothing was trained on it, but which kinds of forms were worth a rule was learnt from it. It is synthetic, and kinder than life.
- False alarms: a city in a sentence about sports is counted as one here, and as a LOCATION that must be found in the labelled set. Both cannot be
  had; the share of such rows is given apart.
- The worst inputs are repetitions of what begins a pattern, and signs drawn at random. Each recogniser is run alone on a text whose views are made;
  `views` says what those cost. `values` are walls of what is found, one value over and over or each different (walls.py): a finding costs from one to twenty microseconds, so many are
  over the bar, and none is left out to be within it. The names tier is not meant for the bar of 100 ms per MB: it has a budget of bytes and a deadline in the pool instead.
"""


def bars(figures: dict[str, Any]) -> str:
    """The table of bars, as Markdown."""
    lines = ["| figure | measured | bar | |", "|---|---|---|---|"]
    for name, measured, bar, least in (*_bars(figures), *judges.bars(figures["judges"])):
        met = measured >= bar if least else measured <= bar
        lines.append(f"| {name} | {measured:g} | {'at least' if least else 'at most'} {bar:g} | {'met' if met else '**missed**'} |")
    return "\n".join(lines) + "\n"


def _bars(figures: dict[str, Any]) -> list[tuple[str, float, float, bool]]:
    found, cost, hostile = figures["entities"], figures["cost"]["ms_per_kb"], figures["hostile"]
    pattern = {name: each["ms_per_mb"] for name, each in hostile.items() if name.startswith(("pii ", "secrets", "values, pii ", "values, secrets")) and name != "secrets, with views"}
    worst = max((name for name in pattern if not name.startswith("values")), key=lambda name: pattern[name])
    full, secret = (max((name for name in pattern if name.startswith(f"values, {tier}")), key=lambda name: pattern[name], default=worst) for tier in ("pii ", "secrets"))
    return [
        ("PII F1, headline", found["headline"]["f1"], 0.74, True),
        ("PII F1, headline, the aim", found["headline"]["f1"], 0.80, True),
        ("PII F1, structured kinds (patterns alone)", found["structured"]["f1"], 0.97, True),
        ("PII false alarms, rows per 1,000, patterns", figures["personal_false_alarms"]["patterns_per_1000"], 30, False),
        ("PII false alarms, rows per 1,000, both tiers", figures["personal_false_alarms"]["both_tiers_per_1000"], 30, False),
        ("PII false alarms, rows per 1,000, patterns, what developers and offices paste, but for URL, IP_ADDRESS and EMAIL_ADDRESS", figures["personal_false_alarms"]["pasted_per_1000"], 30, False),
        ("secrets, recall", figures["secrets"]["recall"], 0.98, True),
        ("secrets, false alarms per 1,000", figures["secrets"]["false_alarms_per_1000"], 1, False),
        ("secrets, false alarms per 1,000, what developers and offices paste", figures["secrets"]["pasted_per_1000"], 1, False),
        ("evasions: mean drop in points, pii patterns", figures["evasion"]["pii"]["mean_drop_points"], 2, False),
        ("evasions: mean drop in points, secrets", figures["evasion"]["secrets"]["mean_drop_points"], 2, False),
        ("pii patterns, ms per KB, the dearest ordinary text", max(each["pii patterns"] for each in cost.values()), 1, False),
        ("secrets, ms per KB, the dearest ordinary text", max(each["secrets"] for each in cost.values()), 1, False),
        ("names tier, ms per KB, the dearest ordinary text", max(each["names"] for name, each in cost.items() if "labelled" not in name), 25, False),
        ("names tier, ms per KB, texts with a name in every line", max(each["names"] for name, each in cost.items() if "labelled" in name), 25, False),
        (f"worst input with next to no value in it, ms per MB: {worst}, `{hostile[worst]['input']}`", pattern[worst], 100, False),
        (f"worst wall of values, ms per MB: {full}, `{hostile[full]['input']}`", pattern[full], 100, False),
        (f"worst wall of values, ms per MB: {secret}, `{hostile[secret]['input']}`", pattern[secret], 100, False),
        (f"worst input for the views, ms per MB: `{hostile['views']['input']}`", hostile["views"]["ms_per_mb"], 100, False),
    ]


def written(figures: dict[str, Any]) -> str:
    """The whole report, as Markdown."""
    found, alarms, cost = figures["entities"], figures["personal_false_alarms"], figures["cost"]
    parts = [_INTRO, "## Bars\n", bars(figures), f"\n## Personal data, {found['texts']} labelled texts\n"]
    parts.append(_table("sum of kinds", {name: found[name] for name in ("headline", "headline_with_age", "headline_with_age_and_title", "structured", "structured_both_tiers", "patterns_headline")}))
    parts.append(_table("kind (weak findings too)", found["by_kind"]))
    covered = ", ".join(f"{name} {share}" for name, share in found["characters"].items())
    parts.append(f"Characters of true spans that some finding covers: {covered}. Rows with a finding (headline kinds, AGE) where nothing is labelled: {found['rows_with_a_spurious_span_per_1000']} per 1,000.\n")
    alone = "; ".join(f"{name}: {_listed(each)}" for name, each in found["model_alone"].items())
    parts.append(f"F1 of the model alone, before any filter or rule. {alone}. That is what the cut into units costs, without which no stream could be scanned.\n")
    parts.append(f"## False alarms, {alarms['rows']} made-up rows of nobody's data\n")
    parts.append(f"Per 1,000 rows: patterns {alarms['patterns_per_1000']}, both tiers {alarms['both_tiers_per_1000']}, both tiers but for LOCATION {alarms['both_tiers_without_places_per_1000']}. Rows by sort and kind: {_listed(alarms['where'])}.\n")
    parts.append(_pasted("patterns, but for URL, IP_ADDRESS and EMAIL_ADDRESS", alarms))
    secrets = figures["secrets"]
    parts.append(f"## Secrets\n\n{secrets['secrets']} made-up secrets: recall {secrets['recall']}; missed: {_listed(secrets['missed'])}. {secrets['texts_without']} texts without: {secrets['false_alarms_per_1000']} per 1,000 with a finding.\n")
    parts.append(_pasted("secrets", secrets))
    parts.append("## Evasions\n")
    for name, each in figures["evasion"].items():
        over = _listed(each["transforms_with_more_than_2_points"])
        parts.append(f"{name}: {each['values']} values, {each['transforms']} transforms; recall as they are {each['plain_recall']}, mean drop {each['mean_drop_points']} points; more than 2 points: {over}.\n")
    parts.append("## Cost\n\n| ms per KB | " + " | ".join(next(iter(cost["ms_per_kb"].values()))) + " |\n|---|" + "---|" * len(next(iter(cost["ms_per_kb"].values()))))
    parts.append("\n".join(f"| {text} | " + " | ".join(str(ms) for ms in each.values()) + " |" for text, each in cost["ms_per_kb"].items()))
    parts.append(f"\nResident with the names tier alone: {figures['resident_mb_with_model']} MB. Load of the machine while this was measured: {cost['load']}, on {cost['processors']} processors; where that is more than these, processor time is dearer, too.\n\n### Worst inputs\n\n| recogniser | ms per MB | input |\n|---|---|---|")
    parts.append("\n".join(f"| {name} | {each['ms_per_mb']} | {each['input']} |" for name, each in sorted(figures["hostile"].items(), key=lambda each: -each[1]["ms_per_mb"])))
    parts.append(f"\nThe whole names tier, ms per KB: {_listed(figures['hostile_to_names']['worst_ms_per_kb'])}.\n")
    parts.append(_NOTES)
    parts.append(judges.written(figures["judges"]))
    return "\n".join(parts)


def _table(head: str, scores: dict[str, dict[str, float]]) -> str:
    lines = [f"| {head} | P | R | F1 | true | found |", "|---|---|---|---|---|---|"]
    lines += [f"| {name.replace('_with_', ', with ').replace('_and_', ' and ') if name.islower() else name} | {s['precision']} | {s['recall']} | {s['f1']} | {s['true']} | {s['found']} |" for name, s in scores.items()]
    return "\n".join(lines) + "\n"


def _pasted(what: str, figures: dict[str, Any]) -> str:
    """What is pasted: a made-up text that looks as much like a secret as such texts do, so its rate is not that of life."""
    return (
        f"What developers and offices paste, {figures['pasted_rows']} made-up rows, {what}: {figures['pasted_per_1000']} per 1,000 with a finding ({_listed(figures['pasted_by_set'])}); by sort: {_listed(figures['pasted_where'])}. "
        f"Recall where there is something in such texts: {_listed(figures['pasted_recall'])}.\n"
    )


def _listed(values: dict[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in values.items()) or "none"
