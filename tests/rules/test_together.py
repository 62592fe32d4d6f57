"""Claims that share a sum or a limit: settled together, in turn, in a frame, all the same."""

import json
import re
import shutil
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from lipei.rules import (
    FactRefused,
    edition,
    edition_names,
    failed_cases,
    settle,
    settle_many,
    settle_together,
)
from lipei.rules.products.load import EditionBroken, read_edition
from lipei.rules.statement import recomputed, sheet
from tests.rules.draws import amount, row
from tests.rules.in_turn import is_in_turn, settle_in_turn
from tests.rules.random_claims import random_groups
from tests.rules.test_reference import columns_of

SAMPLES = Path(__file__).with_name("samples")
CARE = read_edition(SAMPLES / "yearly_care_2020")
SHARED = read_edition(SAMPLES / "shared_limit_2020")
STAY = {"admitted_on": date(2025, 3, 1), "discharged_on": date(2025, 3, 11)}


def family(random, care):
    """The stays of a family in the order of settlement, its members one among the other."""
    stays = random.randint(1, 6)
    first = row(random, care)
    openings = {member: amount(random) for member in range(3)}
    drawn = []
    for _ in range(stays):
        member = random.randrange(3)
        drawn.append(
            first
            | {"cost_fen": amount(random), "insured_year_key": member}
            | {"deductible_used_before_fen": openings[member]}
        )
    return drawn


@pytest.mark.parametrize("edition", [CARE, SHARED])
def test_the_cases_of_several_rows_are_kept(edition):
    assert failed_cases(edition) == []


def test_a_case_of_several_rows_that_is_not_kept_names_the_row(tmp_path):
    folder = tmp_path / "shared_limit_2020"
    folder.mkdir()
    for path in (SAMPLES / "shared_limit_2020").glob("*.*"):
        text = path.read_text("utf-8").replace("6_750_000", "6_750_001")
        (folder / path.name).write_text(text, "utf-8")
    (told,) = failed_cases(read_edition(folder))
    assert told.endswith("(row 1): benefit_fen is 6750000, not 6750001")


def test_one_by_one_with_the_limits_carried_forward_the_figures_are_those_of_the_frame():
    assert is_in_turn(CARE)
    assert not is_in_turn(SHARED)
    groups = random_groups(CARE, number=500, seed=2, drawn=family)
    frame = settle_many(CARE, frame=columns_of(groups))
    in_turn = settle_in_turn(CARE, [claim for group in groups for claim in group])
    for at, one in enumerate(in_turn):
        made = {r.column: int(frame[r.column][at]) for r in CARE.rules}
        assert made == {name: one.columns[name] for name in made}


def test_a_settlement_of_several_knows_its_own_facts_and_columns():
    rows = [{"loss_fen": 15_000_000}, {"loss_fen": 9_000_000}]
    one, other = settle_together(SHARED, rows=rows, terms={"event_limit_fen": 16_000_000})
    assert (one.benefit_fen, other.benefit_fen) == (10_000_000, 6_000_000)
    assert other.facts["loss_fen"] == other.columns["loss_fen"] == 9_000_000
    assert other.terms == {"event_limit_fen": 16_000_000}
    assert settle_together(SHARED, rows=[]) == ()


def test_the_sheet_of_one_of_several_is_computed_again_from_itself():
    rows = [{"loss_fen": loss} for loss in (1_000_000, 700_000, 633_333)]
    for one in settle_together(SHARED, rows=rows, terms={"event_limit_fen": 1_800_000}):
        made = sheet(one, reference="E-1")
        again = recomputed(json.loads(made.canonical), edition=SHARED)
        assert again.benefit_fen == made.benefit_fen
        assert sheet(again, reference="E-1").digest == made.digest


def test_a_date_is_told_as_a_date_a_text_or_a_number():
    told = [date(2025, 3, 1), "2025-03-01", np.datetime64("2025-03-01"), 20_148]
    for day in told:
        made = settle(CARE, facts=STAY | {"cost_fen": 1, "admitted_on": day})
        assert made.facts["admitted_on"] == 20_148
    facts = {f["name"]: f["value"] for f in sheet(made, reference="X").as_json()["facts"]}
    assert facts["admitted_on"] == "2025-03-01"
    assert made.steps[1].why_zh == "2025年3月1日入院，尚余 10,000.00 元"


@pytest.mark.parametrize(
    ("facts", "field", "reason"),
    [
        ({"admitted_on": "2025-3-1"}, "admitted_on", "wrong_kind"),
        ({"admitted_on": "20250301"}, "admitted_on", "wrong_kind"),
        ({"admitted_on": True}, "admitted_on", "wrong_kind"),
        ({"admitted_on": date(1899, 12, 31)}, "admitted_on", "too_early"),
        ({"discharged_on": date(2200, 1, 2)}, "discharged_on", "too_late"),
        ({"discharged_on": date(2025, 2, 28)}, "discharged_on", "out_of_order"),
        ({"born_on": date(2025, 3, 2)}, "admitted_on", "out_of_order"),
        ({"family_key": -1}, "family_key", "negative"),
        ({"family_key": 2**63}, "family_key", "too_large"),
        ({"family_key": "F-1"}, "family_key", "wrong_kind"),
    ],
)
def test_a_bad_date_or_key_is_refused_by_name(facts, field, reason):
    with pytest.raises(FactRefused) as caught:
        settle(CARE, facts={"cost_fen": 1} | STAY | facts)
    assert (caught.value.field, caught.value.reason) == (field, reason)


def test_a_date_that_was_not_told_precedes_nothing():
    facts = {"cost_fen": 1, "admitted_on": STAY["admitted_on"]}
    assert settle(CARE, facts=facts).facts["discharged_on"] < 0


def frame(**columns):
    usual = {"cost_fen": [1, 1, 1, 1], "insured_year_key": [1, 1, 2, 2], "family_key": [1, 1, 2, 2]}
    return usual | {k: np.datetime64(v) for k, v in STAY.items()} | columns


@pytest.mark.parametrize(
    ("columns", "field", "reason", "row"),
    [
        (
            {"family_key": [1, 2, 2, 1], "insured_year_key": [1, 2, 2, 3]},
            "family_key",
            "unsorted",
            3,
        ),
        ({"insured_year_key": [1, 2, 1, 2]}, "insured_year_key", "unsorted", 2),
        ({"family_paid_before_fen": [5, 5, 0, 1]}, "family_paid_before_fen", "unlike", 3),
        ({"family_key": None}, "family_key", "missing", None),
        (
            {"admitted_on": np.array(["2025-03-01"] * 2 + ["NaT"] * 2, "M8[D]")},
            "admitted_on",
            "missing",
            2,
        ),
        (
            {"admitted_on": np.array(["2025-03-01"] * 3 + ["2025-04-01"], "M8[D]")},
            "discharged_on",
            "out_of_order",
            3,
        ),
        ({"admitted_on": np.array(["2025-03-01"] * 4, "M8[s]")}, "admitted_on", "wrong_kind", None),
    ],
)
def test_a_frame_whose_rows_do_not_fit_together_is_refused_with_its_row(
    columns, field, reason, row
):
    with pytest.raises(FactRefused) as caught:
        settle_many(CARE, frame=frame(**columns))
    assert (caught.value.field, caught.value.reason, caught.value.row) == (field, reason, row)


def test_what_another_fact_needs_is_refused_by_name_where_it_was_not_told(tmp_path):
    folder = shutil.copytree(SAMPLES / "yearly_care_2020", tmp_path / "yearly_care_2020")
    told = (folder / "terms.toml").read_text("utf-8")
    needed = 'default = 1900-01-01\nneeded_for = ["deductible_used_before_fen"]'
    (folder / "terms.toml").write_text(told.replace("default = 1900-01-01", needed, 1), "utf-8")
    needy, used = read_edition(folder), {"deductible_used_before_fen": [0, 0, 0, 5]}
    born = {"born_on": np.datetime64("1980-01-01")}
    assert settle_many(needy, frame=frame(**used | {"insured_year_key": [1, 1, 2, 3]}, **born))
    assert settle_many(needy, frame=frame())
    with pytest.raises(FactRefused) as caught:
        settle_many(needy, frame=frame(**used))
    assert (caught.value.field, caught.value.reason, caught.value.row) == ("born_on", "needed", 3)
    assert caught.value.en == (
        "Day of birth: must be given where this is: Yearly deductible used before"
    )


def test_rows_of_one_key_stand_together_in_any_order_of_keys():
    made = settle_many(CARE, frame=frame(family_key=[7, 7, 3, 3]))
    assert made["benefit_fen"].tolist() == [0, 0, 0, 0]
    within = frame(family_key=[7, 7, 7, 7], insured_year_key=[2, 1, 2, 1])
    assert settle_many(CARE, frame=within)["deductible_left_fen"].tolist() == [
        1_000_000,
        1_000_000,
        999_999,
        999_999,
    ]


def test_what_the_rows_of_one_key_share_is_told_alike():
    with pytest.raises(FactRefused) as caught:
        settle_together(SHARED, rows=[{"loss_fen": 1}] * 2, terms=[{}, {"event_limit_fen": 5}])
    assert (caught.value.field, caught.value.reason) == ("event_limit_fen", "unlike")
    assert caught.value.zh == "每次事故限额：同一事故的各行应当相同"


def test_a_refusal_names_what_the_rows_share_once_in_both_languages():
    with pytest.raises(FactRefused) as caught:
        settle_together(
            edition("coinsurance_2009"),
            rows=[{"payable_fen": 1}, {"payable_fen": 2}],
            terms=[{"share_bp": 5_000}] * 2,
        )
    assert caught.value.zh == "保险单应赔总额：同一赔案的各行应当相同"
    assert caught.value.en.endswith("must be the same in all rows of one: Claim")


@pytest.mark.parametrize("name", edition_names())
def test_no_key_says_of_itself_that_it_is_one(name):
    held = edition(name)
    for key in map(held.given.get, held.keys):
        for reason in ("unlike", "unsorted", "not_whole", "over_whole"):
            told = key.refused(reason, than=key)
            assert not re.search("同一(?:同一|一|各)", told.zh)
            assert not re.search("of one: (?:The|One|Same)", told.en)


def test_an_edition_whose_key_says_so_is_not_used(tmp_path):
    copy = tmp_path / "shared_limit_2020"
    shutil.copytree(SAMPLES / "shared_limit_2020", copy)
    terms = copy / "terms.toml"
    terms.write_text(terms.read_text().replace('zh = "事故"', 'zh = "同一事故"'))
    with pytest.raises(EditionBroken, match="says of itself that it is one"):
        read_edition(copy)


def test_the_refusal_of_dates_out_of_order_names_both():
    with pytest.raises(FactRefused) as caught:
        settle(CARE, facts={"cost_fen": 1} | STAY | {"discharged_on": "2025-02-01"})
    assert caught.value.zh == "出院日期：不得早于入院日期"
    assert caught.value.en == "Day of discharge: must not be earlier than: Day of admission"
