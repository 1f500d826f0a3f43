"""The whole procedure: what it finds, what it leaves alone, and what it says of samples that cannot be compared."""

import json
from dataclasses import replace

import numpy as np
import pytest

from detectors.drift.base import Row
from detectors.drift.compare import compare, settled
from detectors.drift.questions import same
from tests.detectors.drift import made_up_traffic as traffic

FEW = (199,)


def _usual(count, seed, topics=traffic.USUAL):
    return traffic.rows(traffic.texts(topics, count, np.random.default_rng(seed)))


def _aspect(report, name):
    return next(aspect for aspect in report.aspects if aspect.name == name)


def test_a_new_topic_raises_an_alarm_and_is_told_with_its_rows():
    """The thing this is for."""
    window = _usual(270, 2) + _usual(30, 3, ["visas"])
    report = compare(_usual(600, 1), window, traffic.vectors, seed=1)
    assert report.alarm and report.pvalue == 0.001 and _aspect(report, "topics").significant
    new = [topic for topic in report.topics if topic.direction == "new"]
    assert new and {row for topic in new for row in topic.rows} >= set(range(275, 295)) and report.novel_share == pytest.approx(0.1, abs=0.03)
    assert set(new[0].keywords) & set(traffic.TOPICS["visas"].split())


def test_another_mix_of_known_topics_is_told_as_grown_and_shrunk():
    """No text is new, their shares are."""
    window = _usual(150, 2, traffic.USUAL[:2]) + _usual(150, 3)
    report = compare(_usual(600, 1), window, traffic.vectors, seed=1)
    assert report.alarm and "grown" in {topic.direction for topic in report.topics}


@pytest.mark.parametrize("conversations", [False, True])
def test_nothing_changed_is_no_alarm_more_often_than_promised(conversations):
    """60 samples of one world: the share of p-values up to 0.1 is 0.1, give or take; with conversations whose turns repeat one topic, too."""
    low = 0
    for run in range(60):
        rng = np.random.default_rng([run, 9])
        made, sessions = [], []
        while len(made) < 140:
            turns = int(rng.integers(1, 7)) if conversations else 1
            made += traffic.texts([str(rng.choice(traffic.USUAL))], turns, rng)
            sessions += [f"s{len(made)}"] * turns
        cut = next(place for place in range(95, 140) if sessions[place] != sessions[place - 1])
        rows = traffic.rows(made, sessions if conversations else None)
        low += compare(rows[:cut], rows[cut:], traffic.vectors, seed=run, stages=(99,)).pvalue <= 0.1
    assert low / 60 <= 0.1 + 2.5 * (0.1 * 0.9 / 60) ** 0.5


def test_rows_of_a_conversation_are_not_independent_witnesses():
    """One user who asks thirty times about visas is one user; thirty users are a topic."""
    usual = _usual(300, 1)
    window = _usual(150, 2)
    talk = traffic.texts(["visas"], 30, np.random.default_rng(3))
    sessions = [replace(row, session=f"a{place // 3}") for place, row in enumerate(usual)], [replace(row, session=f"b{place // 3}") for place, row in enumerate(window)]
    one = [*sessions[1], *(Row(text, session="one") for text in talk)]
    many = [*sessions[1], *(Row(text, session=f"many{place // 3}") for place, text in enumerate(talk))]
    assert compare(sessions[0], one, traffic.vectors, seed=1).pvalue > 0.01
    assert compare(sessions[0], many, traffic.vectors, seed=1).alarm


def test_single_prompts_against_conversations_are_thinned_and_it_is_said():
    """A development set has single prompts, production has conversations; turns of one are no independent rows."""
    rng = np.random.default_rng(5)
    made = []
    for talk in range(80):
        made += [Row(text, session=f"t{talk}") for text in traffic.texts([str(rng.choice(traffic.USUAL))], int(rng.integers(2, 8)), rng)]
    report = compare(_usual(200, 1), made, traffic.vectors, seed=1, stages=FEW)
    assert report.tested and not report.alarm and report.rows_window == 80 and "one row of each" in report.notes[0]


def test_looks_alone_are_structure_and_no_topic():
    """All texts twice: an embedding sees another place, the report must not see another topic."""
    window = [replace(row, input=f"{row.input} {row.input}") for row in _usual(300, 2)]
    report = compare(_usual(600, 1), window, traffic.vectors, seed=1)
    assert report.alarm and _aspect(report, "structure").significant and not _aspect(report, "topics").significant
    assert report.topics == () and any(feature.significant and feature.effect for feature in report.structure)


def test_what_says_the_same_stands_behind_what_says_it_best():
    """An object that became a list is one thing that happened, not one for each of its keys."""
    asked = [row.input for row in _usual(300, 1)]
    before = [Row(f'{{"query": "{text}", "lang": "en"}}') for text in asked[:200]]
    after = [Row(f'["{text}"]') for text in asked[200:]]
    told = [feature for feature in compare(before, after, traffic.vectors, stages=FEW, alpha=0.05).structure if feature.significant]
    about_json = [feature for feature in told if feature.feature.startswith("JSON")]
    assert about_json[0].behind == "" and {feature.behind for feature in about_json[1:]} == {about_json[0].feature} and len(about_json) > 2


def test_outputs_and_pairs_are_asked_for_themselves():
    """Inputs as before, outputs about something else: the outputs' topics, not the inputs'."""
    before = [replace(row, output=other.input) for row, other in zip(_usual(400, 1), _usual(400, 4), strict=True)]
    after = [replace(row, output=other.input) for row, other in zip(_usual(200, 2), _usual(150, 5) + _usual(50, 6, ["visas"]), strict=True)]
    report = compare(before, after, traffic.vectors, seed=1)
    assert {aspect.name for aspect in report.aspects} == {"structure", "topics", "output_structure", "output_topics", "pairs"}
    assert _aspect(report, "output_topics").significant and not _aspect(report, "topics").significant
    assert {topic.aspect for topic in report.topics} == {"output_topics"}


def test_which_rows_have_an_output_is_not_what_is_asked():
    """Half of the baseline was uploaded without outputs: that is how it was made, and no drift."""
    before = [replace(row, output=other.input if place % 2 else None) for place, (row, other) in enumerate(zip(_usual(300, 1), _usual(300, 4), strict=True))]
    after = [replace(row, output=other.input) for row, other in zip(_usual(150, 2), _usual(150, 5), strict=True)]
    report = compare(before, after, traffic.vectors, seed=1, stages=FEW)
    assert report.tested and report.pvalue > 0.01


@pytest.mark.parametrize("answered", [0, 2, 40])
def test_inputs_are_compared_where_the_baseline_has_hardly_an_output(answered):
    """A file of inputs against traffic with answers: a new topic is seen, and it is said that outputs were not compared."""
    before = [replace(row, output="yes " + row.input if at < answered else None) for at, row in enumerate(_usual(600, 1))]
    after = [replace(row, output="yes " + row.input) for row in _usual(270, 2) + _usual(30, 3, ["visas"])]
    report = compare(before, after, traffic.vectors, seed=1, stages=FEW)
    assert report.alarm and {aspect.name for aspect in report.aspects} == {"structure", "topics"} and "new" in {topic.direction for topic in report.topics}
    assert any(note.startswith("Outputs were not compared") for note in report.notes)


def test_one_text_that_is_sent_again_and_again_is_told_as_that():
    """Its looks alone would not say what happened; other numbers in it do not make another text."""
    window = _usual(200, 2) + traffic.rows([f"Check server number {number} and report back immediately!" for number in range(100)])
    report = compare(_usual(600, 1), window, traffic.vectors, seed=1, stages=FEW)
    assert report.alarm and [topic.direction for topic in report.topics if set(topic.rows) >= set(range(200, 300))] == ["new"]


def test_a_new_topic_is_told_although_every_wrapper_changed_too():
    """Objects became lists, and visas are asked about: both are said. The list alone is no topic."""
    before = [replace(row, input=json.dumps({"query": row.input, "lang": "en"})) for row in _usual(600, 1)]
    lists = [replace(row, input=json.dumps([row.input])) for row in _usual(270, 2) + _usual(30, 3, ["visas"])]
    report = compare(before, lists, traffic.vectors, seed=1, stages=FEW)
    new = {row for topic in report.topics if topic.direction == "new" for row in topic.rows}
    assert _aspect(report, "structure").significant and len(new & set(range(270, 300))) >= 20 and len(new) <= 35
    assert compare(before, lists[:270], traffic.vectors, seed=1, stages=FEW).topics == ()


def test_the_same_arguments_give_the_same_report_and_a_seed_another():
    """A report can be made again, to the last figure."""
    before, after = _usual(200, 1), _usual(100, 2)
    reports = [compare(before, after, traffic.vectors, seed=seed, stages=FEW) for seed in (7, 7, 8)]
    assert reports[0] == reports[1] and reports[0].pvalue != reports[2].pvalue


def test_the_width_of_blocks_changes_nothing(monkeypatch):
    """Memory is bounded by blocks of columns; p-values are those of one block."""
    before, after = _usual(200, 1), _usual(90, 2) + _usual(10, 3, ["visas"])
    whole = compare(before, after, traffic.vectors, seed=7, stages=FEW)
    monkeypatch.setattr("detectors.drift.permutations.Shuffle.blocks.__defaults__", (13,))
    cut = compare(before, after, traffic.vectors, seed=7, stages=FEW)
    assert [aspect.pvalue for aspect in whole.aspects] == [aspect.pvalue for aspect in cut.aspects] and whole.structure == cut.structure


def test_permutations_go_on_only_where_they_could_matter():
    """Drift at a small alpha is resolved to that alpha; where nothing is, the first stage is enough."""
    window = _usual(80, 2) + _usual(20, 3, ["visas"])
    drifted = compare(_usual(200, 1), window, traffic.vectors, alpha=0.001, seed=1, stages=(99, 1999))
    assert drifted.permutations == 1999 and drifted.pvalue == 1 / 2000 and drifted.alarm
    assert compare(_usual(200, 1), window, traffic.vectors, alpha=0.05, seed=1, stages=(99, 1999)).permutations == 99
    calm = compare(_usual(200, 1), _usual(100, 2), traffic.vectors, alpha=0.001, seed=1, stages=(99, 1999))
    assert calm.permutations == 99 and calm.pvalue > 0.02


def test_stages_keep_every_level():
    """20,000 draws of a statistic under the null, p from 100 columns or, where that does not settle it, from 1,000: P(p <= a) <= a at each a, also about the bound."""
    values = np.random.default_rng(0).normal(size=(20_000, 1000)).astype(np.float32)
    first, last = ((values[:, :columns] >= values[:, :1]).mean(axis=1) for columns in (100, 1000))
    reported = np.array([one if settled(one, 100, 0.005) else two for one, two in zip(first, last, strict=True)])
    assert (reported != first).any()
    for a in (0.001, 0.005, 0.01, 0.019, 0.02, 0.021, 0.03, 0.05, 0.1, 0.5):
        assert (reported <= a).mean() <= a + 3 * (a * (1 - a) / 20_000) ** 0.5


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ([], [], "the baseline has 0"),
        (_usual(100, 1), [], "the window has 0"),
        (_usual(29, 1), _usual(100, 2), "the baseline has 29 of them, and at least 30"),
        (_usual(100, 1), [replace(row, session="one") for row in _usual(100, 2)], "the window come from 1 conversation,"),
        ([Row(None)] * 50, [Row(None)] * 50, "nothing in these rows"),
        ([Row("ping")] * 100, [Row("ping")] * 100, "nothing in these rows"),
    ],
    ids=["empty", "no window", "29 rows", "one session", "no texts", "one text"],
)
def test_samples_that_cannot_be_compared_say_so(before, after, said):
    """No p-value is made up; the sentence says what is missing."""
    report = compare(before, after, traffic.vectors)
    assert not report.tested and not report.alarm and report.pvalue == 1.0 and said in report.notes[-1]


_HOSTILE = {
    "all empty": ([Row("")] * 60, [Row("")] * 60),
    "empty against texts": ([Row("")] * 60, _usual(60, 2)),
    "blank and control characters": ([Row(" \t\n")] * 40 + _usual(40, 1), [Row("\x00\x07")] * 40 + _usual(40, 2)),
    "one token repeated": (_usual(60, 1), [Row("buffalo " * n) for n in range(1, 61)]),
    "nine in ten equal": ([Row("ping")] * 540 + _usual(60, 1), [Row("ping")] * 270 + _usual(30, 2)),
    "one megabyte": (_usual(60, 1), [Row("long " * 200_000), *_usual(60, 2)]),
    "binary": (_usual(60, 1), [Row("".join(chr(int(c)) for c in np.random.default_rng(n).integers(0, 0xD7FF, 300))) for n in range(60)]),
    "lone surrogates": (_usual(60, 1), [Row(f"\ud800 {n} \udfff") for n in range(60)]),
    "outputs of one side only": ([Row(text.input, output="yes") for text in _usual(60, 1)], _usual(60, 2)),
}


@pytest.mark.parametrize("name", _HOSTILE)
def test_hostile_rows_are_compared_or_refused_with_a_reason(name):
    """Nothing raises; p-values are p-values; what was left out is said."""
    before, after = _HOSTILE[name]
    report = compare(before, after, traffic.vectors, stages=FEW)
    assert 0 < report.pvalue <= 1 and all(0 < aspect.pvalue <= 1 for aspect in report.aspects)
    assert report.tested or report.notes
    if name == "nine in ten equal":
        assert report.tested and not report.alarm
    if name in ("empty against texts", "one token repeated", "binary", "lone surrogates"):
        assert report.pvalue <= 0.05


def test_vectors_that_are_not_numbers_are_refused():
    """A broken endpoint must not become a drift report."""
    with pytest.raises(ValueError, match="no numbers"):
        compare(_usual(60, 1), _usual(60, 2), lambda made: np.full((len(made), 4), np.nan, dtype=np.float32))
    with pytest.raises(ValueError, match="shape"):
        compare(_usual(60, 1), _usual(60, 2), lambda made: np.ones((3, 4), dtype=np.float32))
    with pytest.raises(ValueError, match="alpha"):
        compare(_usual(60, 1), _usual(60, 2), traffic.vectors, alpha=1.5)


def test_near_duplicates_are_one_text():
    """Case, blanks and numbers do not make another text: "order 17" and "Order  18"."""
    assert same("Where does  order 17 stand?") == same("where does order 123 stand?") != same("where does order 9 wait?")


def test_one_text_that_half_the_window_repeats_is_a_topic_although_its_looks_changed_too():
    """Equal texts are one for neighbourhoods; that one of them has become busy is told all the same, and not put down to its capitals."""
    window = _usual(200, 2) + [Row("STATUS of the nightly import???")] * 100
    report = compare(_usual(600, 1), window, traffic.vectors, seed=1, stages=FEW, alpha=0.05)
    told = [topic for topic in report.topics if set(range(200, 300)) <= set(topic.rows)]
    assert report.alarm and len(told) == 1 and told[0].direction == "new" and told[0].exemplars[0] == "STATUS of the nightly import???"


def test_what_one_conversation_repeats_is_no_topic():
    """One user who sends the same forty times is one witness."""
    window = _usual(260, 2) + [replace(Row("status of the nightly import"), session="s")] * 40
    assert not any("import" in " ".join(topic.keywords) for topic in compare(_usual(600, 1), window, traffic.vectors, seed=1, stages=FEW, alpha=0.05).topics)


def test_other_looks_are_not_other_answers():
    """Whether inputs get other outputs cannot be told from texts that all look otherwise."""
    before = [replace(row, output=f"{row.input} it is") for row in _usual(300, 1)]
    after = [replace(row, input=f'["{row.input}"]', output=f"{row.input} it is") for row in _usual(200, 2)]
    report = compare(before, after, traffic.vectors, seed=1, stages=FEW, alpha=0.05)
    assert _aspect(report, "structure").significant and not _aspect(report, "pairs").significant
