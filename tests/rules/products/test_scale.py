"""The bounds of a graded scale and the ratios of a table stand in order, or nothing is settled."""

import shutil

import numpy as np
import pytest

from lipei.rules import FactRefused, edition, settle, settle_many
from lipei.rules.products.load import HERE, EditionBroken, read_edition

NAME = "health_inpatient_graded_2016"
STAY = {"insured_from_on": "2016-01-01", "occurred_on": "2016-06-01", "cost_fen": 300_000}


def test_a_bound_below_the_one_before_it_is_refused_by_name():
    assert settle(NAME, facts=STAY, terms={"bound_2_fen": 10_000}).benefit_fen == 174_000
    with pytest.raises(FactRefused) as caught:
        settle(NAME, facts=STAY, terms={"bound_2_fen": 9_999})
    assert (caught.value.field, caught.value.reason) == ("bound_2_fen", "below")
    assert caught.value.zh == "第二级下限：不得低于第一级下限"
    assert caught.value.en == "Lower bound of grade 2: must not be below: Lower bound of grade 1"


def test_the_first_bad_row_of_a_frame_is_named():
    frame = {
        "insured_from_on": np.array([0, 0]),
        "occurred_on": np.array([400, 400]),
        "cost_fen": np.array([300_000, 300_000]),
        "insured_year_key": np.array([1, 2]),
    }
    with pytest.raises(FactRefused) as caught:
        settle_many(NAME, frame=frame, terms={"bound_3_fen": np.array([500_000, 99_999])})
    assert (caught.value.field, caught.value.row) == ("bound_3_fen", 1)


@pytest.mark.parametrize("other", ["bound_1_fen", "waiting_days", "insured_from_on", "no_fen"])
def test_a_number_is_held_only_against_another_one_of_its_kind(tmp_path, other):
    folder = shutil.copytree(HERE / NAME, tmp_path / NAME)
    told = folder.joinpath("terms.toml").read_text("utf-8")
    old = 'zh = "第一级下限"'
    folder.joinpath("terms.toml").write_text(
        told.replace(old, f'not_below = "{other}"\n{old}'), "utf-8"
    )
    with pytest.raises(EditionBroken, match="bound_1_fen"):
        read_edition(folder)
    assert edition(NAME).ranked[0] == ("bound_2_fen", "bound_1_fen")


def test_a_lighter_grade_of_disability_never_gives_more():
    facts = {
        "insured_from_on": "2025-01-01",
        "insured_to_on": "2025-12-31",
        "born_on": "1985-05-20",
        "accident_on": "2025-03-01",
        "established_on": "2025-06-01",
        "grade_2_count": 1,
    }
    with pytest.raises(FactRefused) as caught:
        settle("accident_2014", facts=facts, terms={"sum_insured_fen": 1, "grade_3_bp": 9_001})
    assert (caught.value.field, caught.value.reason) == ("grade_2_bp", "below")
