"""The rules files that are checked in, by path, and what each is rendered from. Run as a module it writes them."""

from __future__ import annotations

from pathlib import Path

from dashboards.alerts.objectives import AppObjectives, Objectives, ProviderObjectives
from dashboards.alerts.render import text

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "deploy" / "prometheus"
# An app's name may be anything that is printable.
HOSTILE = 'a"b\\c{}$1 {{ .Name }} ü'
# Some apps and providers differ from the rest, in each way that there is.
OWN = Objectives(
    cost_per_day_usd=240.0,
    apps={
        "bank": AppObjectives(availability=0.9999, cost_per_day_usd=24.0, blocked_share=0.5, novel_share=0.5),
        "toy": AppObjectives(availability=0.9),
        HOSTILE: AppObjectives(availability=0.95),
    },
    providers={"slow": ProviderObjectives(latency_p90_s=120.0, first_chunk_p90_s=60.0)},
    runbooks="https://wiki.example/tidegate/",
    quiet_envs=("dev", "stage"),
)
# Their tests take days of samples, too many to evaluate every rule at each.
LONG = ("TidegateNoTraffic", "TidegateCostSpike", "TidegateCostBudgetBurn", "TidegateDriftRunsFailing")


def rendered() -> dict[Path, str]:
    """What each of them should hold."""
    return {
        FOLDER / "tidegate.rules.yaml": text(Objectives()),
        FOLDER / "tests" / "rules" / "long.yaml": text(Objectives(cost_per_day_usd=240.0), only=LONG),
        FOLDER / "tests" / "rules" / "own.yaml": text(OWN),
    }


if __name__ == "__main__":
    for path, rules in rendered().items():
        path.write_text(rules, encoding="utf-8")
