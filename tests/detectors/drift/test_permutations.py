"""Labels under permutation: what moves together, what stays, and what is counted."""

import numpy as np
import pytest

from detectors.drift.permutations import Distinct, Shuffle, sizes_differ, thinned, unit_numbers


def _shuffled(units, inside, columns, block=500, strata=None, seed=3):
    return np.concatenate(list(Shuffle(np.asarray(units), np.asarray(inside), seed, strata).blocks(columns, block)), axis=1)


def test_rows_of_a_session_share_a_unit_and_others_stand_alone():
    """A session id that occurs on both sides is two conversations: a label must not tear one apart."""
    units = unit_numbers(["a", "", "a", "", "a"], np.array([False, False, False, True, True]))
    assert units[0] == units[2] and len(set(units.tolist())) == 4 and units[4] != units[0]


def test_the_first_column_is_what_was_observed():
    """Everything is measured against it."""
    inside = np.array([False] * 5 + [True] * 3)
    assert _shuffled(np.arange(8), inside, 20)[:, 0].tolist() == inside.tolist()


def test_sessions_move_together_and_their_number_stays():
    """Otherwise rows of one conversation would count as independent witnesses."""
    units = np.repeat(np.arange(12), [1, 4, 2, 3, 1, 1, 5, 2, 2, 3, 1, 4])
    inside = units >= 8
    labels = _shuffled(units, inside, 300)
    for unit in range(12):
        assert (labels[units == unit] == labels[units == unit][0]).all()
    _, first = np.unique(units, return_index=True)
    assert set(labels[first].sum(axis=0).tolist()) == {4.0}
    assert len({column.tobytes() for column in labels[first].T}) > 100


def test_every_labelling_comes_up_about_as_often():
    """A p-value is a share of labellings: all must have the same chance."""
    labels = _shuffled(np.arange(5), np.array([True, True, False, False, False]), 4001)[:, 1:]
    _, counts = np.unique(labels.T, axis=0, return_counts=True)
    assert len(counts) == 10 and counts.min() > 320 and counts.max() < 480


def test_strata_keep_their_share():
    """Rows that have an output stay as many in the window as they were."""
    strata = np.array([0] * 10 + [1] * 10)
    inside = np.array([True] * 2 + [False] * 8 + [True] * 7 + [False] * 3)
    labels = _shuffled(np.arange(20), inside, 50, strata=strata)
    assert set(labels[:10].sum(axis=0).tolist()) == {2.0} and set(labels[10:].sum(axis=0).tolist()) == {7.0}


@pytest.mark.parametrize("block", [1, 7, 64])
def test_columns_do_not_depend_on_the_block(block):
    """Memory is a matter of blocks, the result is not."""
    units, inside = np.repeat(np.arange(15), 2), np.repeat(np.arange(15) > 9, 2)
    assert np.array_equal(_shuffled(units, inside, 90, block), _shuffled(units, inside, 90, 500))


def test_more_columns_continue_the_first_ones():
    """A second stage adds permutations to those that were made."""
    shuffle = Shuffle(np.arange(10), np.arange(10) > 5, 3)
    pieces = [*shuffle.blocks(20), *shuffle.blocks(30)]
    assert np.array_equal(np.concatenate(pieces, axis=1), _shuffled(np.arange(10), np.arange(10) > 5, 50))


def test_a_seed_gives_the_same_labels_and_another_gives_others():
    """A report can be made again."""
    units, inside = np.arange(30), np.arange(30) > 20
    assert np.array_equal(_shuffled(units, inside, 40), _shuffled(units, inside, 40))
    assert not np.array_equal(_shuffled(units, inside, 40), _shuffled(units, inside, 40, seed=4))


def test_single_prompts_against_conversations_are_told_apart_from_conversations_against_conversations():
    """Rows of long conversations are not exchangeable with single prompts; of equally long ones they are."""
    rng = np.random.default_rng(0)
    single, talks = np.arange(300), np.repeat(np.arange(300, 420), rng.integers(1, 9, 120))
    assert sizes_differ(np.concatenate([single, talks]), np.arange(300 + len(talks)) >= 300)
    two = np.repeat(np.arange(240), rng.integers(1, 9, 240))
    assert not sizes_differ(two, two >= 120)
    assert not sizes_differ(np.arange(50), np.arange(50) > 20)


def test_thinning_keeps_one_row_of_each_unit_and_any_of_them():
    """Always the first row of a conversation would be its greeting."""
    units = np.repeat(np.arange(40), 5)
    kept = [thinned(units, np.random.default_rng(seed)) for seed in range(20)]
    assert all(len(np.unique(units[each])) == 40 == len(each) for each in kept)
    assert {int(each[0]) for each in kept} == {0, 1, 2, 3, 4}


def test_equal_rows_count_once_on_each_side_under_every_labelling():
    """Counted by hand: what a set of the texts on a side would say."""
    keys = ["a", "b", "a", "c", "b", "a", "d"]
    labels = _shuffled(np.arange(7), np.array([True] * 3 + [False] * 4), 25)
    distinct = Distinct(keys)
    window, baseline = distinct.presence(labels)
    for column in range(25):
        said = {key for key, label in zip(keys, labels[:, column], strict=True) if label}
        before = {key for key, label in zip(keys, labels[:, column], strict=True) if not label}
        assert [key in said for key in "abcd"] == window[:, column].astype(bool).tolist()
        assert [key in before for key in "abcd"] == baseline[:, column].astype(bool).tolist()
    assert distinct.single.tolist() == [False, False, True, True]
