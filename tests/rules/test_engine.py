"""A rule is a column; the engine orders the columns and keeps them all."""

from types import ModuleType

import numpy as np
import pytest

from lipei.rules.engine import ordered, rule, rules_in, run


def made(*rules):
    module = ModuleType("rules")
    for r in rules:
        setattr(module, r.column, r)
    return rules_in(module)


@rule(clause="a", zh="一倍", en="twice")
def twice_fen(loss_fen):
    return loss_fen * 2


@rule(clause="a", zh="四倍", en="four times")
def four_fen(twice_fen):
    return twice_fen * 2


@rule(clause="a", zh="环一", en="one")
def one_fen(two_fen):
    return two_fen


@rule(clause="a", zh="环二", en="two")
def two_fen(one_fen):
    return one_fen


def test_a_rule_comes_after_the_columns_that_it_reads():
    in_order = ordered(made(four_fen, twice_fen), given=["loss_fen"])
    assert [r.column for r in in_order] == ["twice_fen", "four_fen"]


def test_every_column_is_kept_and_the_input_is_left_alone():
    claims = {"loss_fen": np.array([1, 2])}
    frame = run(ordered(made(four_fen, twice_fen), given=claims), claims)
    assert {name: column.tolist() for name, column in frame.items()} == {
        "loss_fen": [1, 2],
        "twice_fen": [2, 4],
        "four_fen": [4, 8],
    }
    assert list(claims) == ["loss_fen"]


@pytest.mark.parametrize(
    ("rules", "fault"),
    [
        ((four_fen,), "neither given nor made: twice_fen"),
        ((one_fen, two_fen), "waiting for one another: one_fen, two_fen"),
    ],
)
def test_columns_that_nobody_makes_or_that_wait_for_one_another_are_named(rules, fault):
    with pytest.raises(ValueError, match=fault):
        ordered(made(*rules), given=["loss_fen"])
