"""Shares that are no whole together divide nothing: they are refused by name."""

import csv

import numpy as np
import pytest

from lipei.rules import FactRefused, edition, settle, settle_many, settle_together
from lipei.rules.batch import settle_file

INSURERS, ORDERS = "coinsurance_2009", "beneficiaries_2014"


def insured_by(*shares):
    return settle_together(
        INSURERS,
        rows=[{"payable_fen": 100_001}] * len(shares),
        terms=[{"share_bp": share} for share in shares],
    )


def divided_among(*rows):
    told = [
        {"sum_fen": 30_000, "beneficiary_key": n, "share_bp": share, "order_count": order} | more
        for n, (share, order, more) in enumerate(rows)
    ]
    return [one.benefit_fen for one in settle_together(ORDERS, rows=told)]


@pytest.mark.parametrize("shares", [(10_000,), (1, 9_999), (3_333, 3_333, 3_334)])
def test_shares_of_co_insurers_that_make_a_whole_divide_all_of_it(shares):
    assert sum(one.benefit_fen for one in insured_by(*shares)) == 100_001


@pytest.mark.parametrize("shares", [(4_000,), (4_000, 5_999), (4_000, 6_001), (10_000, 10_000)])
def test_shares_of_co_insurers_that_make_no_whole_are_refused(shares):
    with pytest.raises(FactRefused) as no:
        insured_by(*shares)
    assert (no.value.field, no.value.reason) == ("share_bp", "not_whole")


def test_the_refusal_says_in_both_languages_what_the_shares_must_make():
    with pytest.raises(FactRefused) as no:
        settle(INSURERS, facts={"payable_fen": 1}, terms={"share_bp": 9_999})
    assert no.value.zh == "共保份额：同一赔案的合计应当正好是 100%"
    assert no.value.en == "Contract share: must sum to 100% over one: Claim"


def test_a_frame_names_the_first_row_of_the_policy_whose_shares_make_no_whole():
    told = {"event_key": [7, 7, 3, 3], "payable_fen": 5, "share_bp": [5_000, 5_000, 5_000, 4_000]}
    with pytest.raises(FactRefused) as no:
        settle_many(INSURERS, frame=told)
    assert (no.value.field, no.value.reason, no.value.row) == ("share_bp", "not_whole", 2)
    once = settle_many(
        INSURERS, frame={"event_key": [7, 3, 7, 3], "payable_fen": 6, "share_bp": 5_000}
    )
    assert once["benefit_fen"].tolist() == [3, 3, 3, 3]


def test_a_file_rejects_every_co_insurer_of_such_a_policy_and_settles_the_others(tmp_path):
    source, target = tmp_path / "claims.csv", tmp_path / "settled.parquet"
    source.write_text(
        "event_key,payable_fen,share_bp\n1,100,5000\n1,100,5000\n2,100,4000\n2,100,5000\n"
        "3,100,5000\n3,100,\n"
    )
    told = settle_file(edition(INSURERS), source=source, target=target)
    assert (told.settled, told.rejected) == (2, 4)
    with (tmp_path / "settled.rejects.csv").open(encoding="utf-8-sig", newline="") as text:
        refused = {int(row["row"]): row["reason"] for row in csv.DictReader(text)}
    assert refused == dict.fromkeys((3, 4), "not_whole") | {5: "joined", 6: "missing"}


def test_shares_of_one_order_make_a_whole_at_most():
    assert divided_among((6_000, 1, {}), (4_000, 1, {})) == [18_000, 12_000]
    with pytest.raises(FactRefused) as no:
        divided_among((6_000, 1, {}), (4_001, 1, {}))
    assert (no.value.field, no.value.reason, no.value.row) == ("share_bp", "over_whole", 0)
    assert no.value.en.startswith("Share that was given (0 where none was): must not sum to over")


def test_orders_and_sums_do_not_add_up_their_shares():
    heir = {"is_heir": True}
    rows = (10_000, 1, {}), (10_000, 2, {}), (10_000, 1, heir)
    assert divided_among(*rows) == [30_000, 0, 0]
    frame = {
        "event_key": np.array([9, 9, 4, 4]),
        "beneficiary_key": np.array([1, 2, 3, 4]),
        "sum_fen": 100,
        "share_bp": np.array([6_000, 4_000, 5_000, 5_001]),
    }
    with pytest.raises(FactRefused) as no:
        settle_many(ORDERS, frame=frame)
    assert (no.value.reason, no.value.row) == ("over_whole", 2)


def test_one_who_died_keeps_a_share_in_the_whole_of_the_order():
    died = {"standing_code": "died_before"}
    assert divided_among((5_000, 1, died), (5_000, 1, {})) == [0, 30_000]
    with pytest.raises(FactRefused):
        divided_among((5_001, 1, died), (5_000, 1, {}))


def test_where_nobody_of_the_order_was_given_a_share_all_take_equal_parts():
    assert divided_among((0, 1, {}), (0, 1, {}), (0, 1, {})) == [10_000] * 3


@pytest.mark.parametrize(("method", "parts"), [("by_sums", 3), ("by_limits", 3), ("in_order", 3)])
def test_no_insurer_bears_less_of_a_larger_loss_but_for_the_fen_left_over(method, parts):
    terms = [{"sum_insured_fen": 100 * n} for n in range(1, parts + 1)]
    before = [0] * parts
    for loss in range(0, 700):
        told = {"loss_fen": loss, "method_code": method}
        made = settle_together("contribution_2009", rows=[told] * parts, terms=terms)
        borne = [one.benefit_fen for one in made]
        assert sum(borne) == min(loss, 600)
        assert all(now >= then - 1 for now, then in zip(borne, before, strict=True))
        before = borne
