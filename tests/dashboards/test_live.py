"""Every panel of every board, run on the real engines after a gate has been through everything: none is blank, and none breaks when something is chosen.

TIDEGATE_PANELS=FILE writes the list of panels with their rows there (`make panels`).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.observed import ODD, WATCHED, Scene, observed
from tests.support.panel_list import ENGINES, written
from tests.support.panels import Answer, Board, Choices, Engines, Target, Unanswered, ask, choices

FILES = sorted((Path(__file__).parents[2] / "dashboards" / "boards").glob("*.json"))
BOARDS = [Board.load(file) for file in FILES]
TARGETS = [target for board in BOARDS for target in board.targets]
CHOSEN = {
    "one of each": {"app": [WATCHED], "env": ["prod"], "provider": ["openai"], "model": ["gpt-4.1-mini"]},
    "several": {"app": [WATCHED, "doc-search"], "env": ["dev", "prod"], "provider": ["openai", "anthropic"], "model": ["gpt-4o-mini", "claude-haiku-4-5"]},
    "a name that somebody made up": {"app": [ODD]},
    "what is in no series of its own": {"app": ["other"], "model": ["other"]},
}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with observed(tmp_path_factory.mktemp("live")) as made:
        yield made


@pytest.fixture(scope="module")
def answers(scene: Scene) -> dict[Target, Answer | Unanswered]:
    """What each query returns while every variable is on All."""
    engines, found = Engines(scene.prometheus, scene.reader), {}
    for board in BOARDS:
        chosen = choices(board, engines, scene.span)
        for target in board.targets:
            found[target] = _asked(target, engines, scene, chosen)
    if file := os.environ.get("TIDEGATE_PANELS"):
        Path(file).write_text(written(BOARDS, {target: answer.rows for target, answer in found.items() if isinstance(answer, Answer)}))
    return found


def _asked(target: Target, engines: Engines, scene: Scene, chosen: Choices) -> Answer | Unanswered:
    try:
        return ask(target, engines, scene.span, chosen)
    except Unanswered as e:
        return e


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_no_panel_is_blank(target: Target, answers: dict[Target, Answer | Unanswered], record_property):
    """A board that is blank when somebody is woken at night is worse than none: after all that has happened, every query has something to show."""
    answer = answers[target]
    if isinstance(answer, Unanswered):
        raise answer
    record_property("said", f"{target.name} | {ENGINES[target.engine][0]} | {answer.rows} rows")
    assert answer.rows > 0, f"blank: {target.name}\n{answer.asked}"


@pytest.mark.parametrize("values", CHOSEN.values(), ids=CHOSEN)
@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.uid)
def test_whatever_is_chosen_no_panel_breaks(board: Board, values: dict[str, list[str]], scene: Scene):
    """Names with dots, quotes and brackets are values of variables; a query that they break shows nothing but a red triangle. And what was not chosen is not shown."""
    engines = Engines(scene.prometheus, scene.reader)
    chosen = choices(board, engines, scene.span, **values)
    for name, wanted in values.items():
        assert set(wanted) <= set(chosen[name].options), f"nobody could choose {wanted} in {name}"
    found = {target: _asked(target, engines, scene, chosen) for target in board.targets}
    assert {target.name: str(answer) for target, answer in found.items() if isinstance(answer, Unanswered)} == {}
    for target, answer in found.items():
        assert isinstance(answer, Answer)
        for label, wanted in values.items():
            if label in board.offered - {"model"} and "other" not in wanted:  # tables name a model as it answered, and apps that series call other
                assert _shown(answer, label) <= set(wanted), target.name


def _shown(answer: Answer, label: str) -> set[str]:
    """The values of a label or of a column by its name."""
    columns = [place for place, (name, _) in enumerate(answer.columns) if name == label]
    labels = [one.labels for one in answer.series] + [one.labels for one in answer.samples]
    return {row[place] for row in answer.data for place in columns} | {each[label] for each in labels if label in each}
