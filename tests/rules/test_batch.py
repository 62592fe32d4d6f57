"""A file of claims: settled whole, whatever its size and order; what cannot be is named."""

import csv
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from lipei.rules import FactRefused, edition, edition_names, settle_many
from lipei.rules.batch import file as batch_file
from lipei.rules.batch import reading as batch_reading
from lipei.rules.batch import settle_file, settle_frame
from lipei.rules.batch.reading import sorting_keys
from lipei.rules.products.load import read_edition
from tests.rules.random_claims import random_groups

CARE = read_edition(Path(__file__).parent / "samples" / "yearly_care_2020")
ROWS = 3_000


def care_rows(number=ROWS, seed=3):
    """Stays of insured persons in families, in the order of settlement within a family."""
    random = np.random.default_rng(seed)
    family = np.sort(random.integers(1, number // 6, number))
    person = family * 10 + random.integers(0, 3, number)
    admitted = random.integers(18_000, 19_000, number)
    return pl.DataFrame(
        {
            "claim_number": [f"CX-{n}" for n in range(number)],
            "family_key": family,
            "insured_year_key": person,
            "cost_fen": random.integers(0, 2_000_000, number),
            "admitted_on": pl.Series(admitted).cast(pl.Int32).cast(pl.Date),
        }
    )


def settled_at_once(rows):
    plain = rows.with_columns(pl.col("admitted_on").cast(pl.Int32).cast(pl.Int64))
    frame = {n: plain[n].to_numpy() for n in plain.columns if n != "claim_number"}
    return settle_many(CARE, frame=frame)


def settle_rows(rows, folder, **how):
    source, target = folder / "claims.parquet", folder / "settled.parquet"
    rows.write_parquet(source)
    told = settle_file(CARE, source=source, target=target, carried=["claim_number"], **how)
    return told, pl.read_parquet(target)


def rejects_of(folder):
    with (folder / "settled.rejects.csv").open(encoding="utf-8-sig", newline="") as text:
        return list(csv.DictReader(text))


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch):
    """Files of the tests are small; chunks and parts are smaller still."""
    monkeypatch.setattr(batch_reading, "PART_ROWS", 1_000)
    monkeypatch.setattr(batch_file, "CHUNK_ROWS", 257)


def test_a_file_is_settled_as_one_frame_is(tmp_path):
    rows = care_rows()
    told, settled = settle_rows(rows, tmp_path)
    at_once = settled_at_once(rows)
    assert (told.settled, told.rejected) == (ROWS, 0)
    assert settled["claim_number"].to_list() == rows["claim_number"].to_list()
    for name in ("deductible_fen", "benefit_fen"):
        assert settled[name].to_list() == at_once[name].tolist()
    assert told.paid_fen == int(at_once["benefit_fen"].sum())
    assert rejects_of(tmp_path) == []


def test_the_order_of_the_file_is_kept_within_a_key_and_nowhere_else(tmp_path):
    rows = care_rows()
    shuffled = rows.sort(pl.col("family_key").hash(7), maintain_order=True)
    assert shuffled["family_key"].to_list() != rows["family_key"].to_list()
    _, settled = settle_rows(shuffled, tmp_path)
    paid = dict(zip(settled["claim_number"], settled["benefit_fen"], strict=True))
    at_once = settled_at_once(rows)["benefit_fen"].tolist()
    assert paid == dict(zip(rows["claim_number"], at_once, strict=True))


def test_a_column_may_say_the_order_of_settlement(tmp_path):
    rows = care_rows().with_columns(pl.int_range(ROWS).alias("turn"))
    backwards = rows.reverse()
    source, target = tmp_path / "claims.parquet", tmp_path / "settled.parquet"
    backwards.write_parquet(source)
    settle_file(CARE, source=source, target=target, carried=["claim_number"], order="turn")
    settled = pl.read_parquet(target)
    paid = dict(zip(settled["claim_number"], settled["benefit_fen"], strict=True))
    at_once = settled_at_once(rows.drop("turn"))["benefit_fen"].tolist()
    assert paid == dict(zip(rows["claim_number"], at_once, strict=True))


def test_bad_rows_are_named_with_their_number_and_stop_nothing(tmp_path):
    rows = care_rows(60).with_columns(pl.col("cost_fen").cast(pl.Int64))
    cost = rows["cost_fen"].to_list()
    admitted = rows["admitted_on"].to_list()
    cost[3], cost[10], cost[11], admitted[20] = -1, None, 10**15, date(1850, 1, 1)
    born = [date(1990, 1, 1)] * 60
    born[30] = date(2090, 1, 1)
    bad = rows.with_columns(
        pl.Series("cost_fen", cost), pl.Series("admitted_on", admitted),
        pl.Series("born_on", born),
    )  # fmt: skip
    told, settled = settle_rows(bad, tmp_path)
    refused = {int(row["row"]): (row["field"], row["reason"]) for row in rejects_of(tmp_path)}
    assert refused == {
        4: ("cost_fen", "negative"),
        11: ("cost_fen", "missing"),
        12: ("cost_fen", "too_large"),
        21: ("admitted_on", "too_early"),
        31: ("admitted_on", "out_of_order"),
    }
    assert (told.settled, told.rejected) == (55, 5)
    assert settled.height == 55
    words = rejects_of(tmp_path)[0]
    assert words["zh"] == "住院费用：不能是负数"
    assert words["claim_number"] == "CX-3"


def test_a_csv_is_read_as_people_write_it_and_its_broken_rows_are_named(tmp_path):
    source, target = tmp_path / "claims.csv", tmp_path / "settled.parquet"
    source.write_text(
        "claim_number,family_key,insured_year_key,cost_fen,admitted_on\n"
        "A,1,1, 1500000 ,2020-05-01\n"
        "B,1,1,12.5,2020-05-02\n"
        "C,1,1,700000\n"
        'D,1,1,700000,"2020-05-04"\n'
        "E,1,1,700000,2020-02-30\n"
        "\n"
        "F,1,1,700000,2020-05-05,too many\n",
        "utf-8-sig",
    )
    told = settle_file(CARE, source=source, target=target, carried=["claim_number"])
    settled = pl.read_parquet(target)
    assert settled["claim_number"].to_list() == ["A", "D"]
    assert settled["benefit_fen"].to_list() == [500_000, 700_000]
    assert settled["admitted_on"].to_list() == [date(2020, 5, 1), date(2020, 5, 4)]
    refused = {row["claim_number"]: (row["field"], row["reason"]) for row in rejects_of(tmp_path)}
    assert refused == {
        "B": ("cost_fen", "wrong_kind"),
        "C": ("fields", "fields"),
        "E": ("admitted_on", "wrong_kind"),
        "F": ("fields", "fields"),
    }
    assert (told.settled, told.rejected) == (2, 4)


def settle_csv(folder, name, text):
    """A file of people's own typing, settled: what was paid and refused, by number."""
    source, target = folder / "shares.csv", folder / "settled.parquet"
    source.write_text(text, "utf-8-sig")
    settle_file(edition(name), source=source, target=target, carried=["number"])
    settled = pl.read_parquet(target)
    paid = dict(zip(settled["number"], settled["benefit_fen"], strict=True))
    return paid, {row["number"]: (row["field"], row["reason"]) for row in rejects_of(folder)}


def test_a_sum_of_which_one_share_is_refused_goes_back_whole(tmp_path):
    paid, refused = settle_csv(
        tmp_path,
        "coinsurance_2009",
        "number,event_key,payable_fen,share_bp\n"
        "A,1,100000,4000\nB,1,100000,6000\n"
        "C,2,100000,4000\nD,2,100000,3000\nE,2,many,3000\n"
        "F,3,100000,5000\nG,3,100000,5000,and more\n"
        "H,4,100000,7000\nI,4,100000,2000\n"
        "J,,100000,10000\n",
    )
    assert paid == {"A": 40_000, "B": 60_000}
    joined = ("event_key", "joined")
    assert refused == {
        "C": joined, "D": joined, "E": ("payable_fen", "wrong_kind"),
        "F": joined, "G": ("fields", "fields"),
        "H": ("share_bp", "not_whole"), "I": ("share_bp", "not_whole"),
        "J": ("event_key", "missing"),
    }  # fmt: skip
    words = next(row for row in rejects_of(tmp_path) if row["number"] == "C")
    assert words["zh"] == "赔案：其中另有一行不能结算，整组退回"
    assert words["en"] == "Claim: another row of it cannot be settled, so that all its rows go back"


def test_the_other_insurers_of_a_loss_are_not_settled_without_the_refused_one(tmp_path):
    head = "number,event_key,loss_fen,sum_insured_fen\n"
    whole = head + "A,1,60000000,60000000\nB,1,60000000,40000000\nC,1,60000000,20000000\n"
    paid, refused = settle_csv(tmp_path, "contribution_2009", whole)
    assert paid == {"A": 30_000_000, "B": 20_000_000, "C": 10_000_000}
    negative = whole.replace("C,1,60000000,2", "C,1,60000000,-2")
    paid, refused = settle_csv(tmp_path, "contribution_2009", negative)
    assert paid == {}
    assert refused["A"] == refused["B"] == ("event_key", "joined")
    assert refused["C"] == ("sum_insured_fen", "negative")


def test_a_limit_that_is_used_up_in_turn_is_no_sum_and_the_other_stays_are_settled(tmp_path):
    assert edition("health_inpatient_2020").joint == ()
    assert edition("compulsory_motor_2020").joint == ("event_key",)
    rows = care_rows(60)
    key = rows["family_key"].to_list()
    several = next(n for n in range(60) if key.count(key[n]) > 1)
    cost = rows["cost_fen"].to_list()
    cost[several] = -1
    told, _settled = settle_rows(rows.with_columns(pl.Series("cost_fen", cost)), tmp_path)
    assert (told.settled, told.rejected) == (59, 1)


def test_a_key_is_the_same_however_its_number_is_written(tmp_path):
    others = [f"O{n},{n + 8},100,10000" for n in range(600)]
    text = "number,event_key,payable_fen,share_bp\n"
    shares = ["R0, 7 ,300,3000", *others, "R1,07,300,3000", "R2,7,300,4000"]
    paid, refused = settle_csv(tmp_path, "coinsurance_2009", text + "\n".join(shares))
    assert refused == {}
    assert [paid["R0"], paid["R1"], paid["R2"]] == [90, 90, 120]


@pytest.mark.parametrize(
    ("change", "field", "reason"),
    [
        (lambda rows: rows.rename({"cost_fen": "cost"}), "cost", "unknown"),
        (lambda rows: rows.drop("admitted_on"), "admitted_on", "missing"),
        (lambda rows: rows.drop("claim_number"), "claim_number", "missing"),
        (lambda rows: rows.drop("family_key"), "family_key", "missing"),
        (lambda rows: rows.with_columns(pl.col("cost_fen") / 2), "cost_fen", "wrong_kind"),
    ],
)
def test_a_file_that_cannot_be_settled_is_refused_whole_and_leaves_no_target(
    tmp_path, change, field, reason
):
    with pytest.raises(FactRefused) as no:
        settle_rows(change(care_rows(60)), tmp_path)
    assert (no.value.field, no.value.reason) == (field, reason)
    assert not (tmp_path / "settled.parquet").exists()


def test_a_fault_on_the_way_leaves_the_former_target_as_it_was(tmp_path):
    settle_rows(care_rows(60), tmp_path)
    before = (tmp_path / "settled.parquet").read_bytes()

    def broken(done, whole):
        raise RuntimeError("the power went")

    with pytest.raises(Exception, match="the power went"):
        settle_rows(care_rows(90), tmp_path, seen=broken)
    assert (tmp_path / "settled.parquet").read_bytes() == before


def test_only_the_wanted_columns_are_written_and_progress_is_told(tmp_path):
    seen = []
    told, settled = settle_rows(
        care_rows(), tmp_path, wanted=["benefit_fen"], seen=lambda *now: seen.append(now)
    )
    assert settled.columns == ["claim_number", "benefit_fen"]
    assert seen[-1] == (ROWS, ROWS)
    assert told.settled == ROWS


def test_a_file_without_rows_is_settled_to_nothing(tmp_path):
    told, settled = settle_rows(care_rows(60).clear(), tmp_path)
    assert (told.settled, told.rejected, settled.height) == (0, 0, 0)


@pytest.mark.parametrize("name", edition_names())
def test_blocks_of_any_height_give_the_figures_of_one_frame(name):
    held = edition(name)
    claims = [claim for group in random_groups(held, number=400, seed=9) for claim in group]
    frame = {n: np.array([claim[n] for claim in claims]) for n in claims[0]}
    whole = settle_many(held, frame=frame)
    columns = {n: whole[n] for n in held.given}
    keys = sorting_keys(held)
    made = settle_frame(held, columns, keys=keys, block=64)
    for column, values in made.items():
        assert (values == whole[column]).all(), column
