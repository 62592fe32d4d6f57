"""A product edition is a folder; it is read whole and checked, or not used at all."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from lipei.rules import FactRefused, edition, edition_for, edition_names, settle
from lipei.rules.products.load import HERE, EditionBroken, read_edition

SAMPLES = Path(__file__).parents[1] / "samples"


@pytest.fixture
def folder(tmp_path):
    """A copy of the third-party edition outside the package, to be broken."""
    return shutil.copytree(HERE / "third_party_2020", tmp_path / "third_party_2020")


def changed(folder, name, *, old, new):
    path = folder / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    return folder


def test_a_folder_anywhere_is_read_like_those_that_ship(folder):
    facts = {name: 0 for name in edition("third_party_2020").facts}
    read = read_edition(folder)
    settled = settle(
        read,
        facts=facts | {"property_loss_fen": 1_000, "fault_share_bp": 5_000},
        terms={"limit_fen": 10**8},
    )
    assert settled.benefit_fen == 500


def test_the_rules_of_a_folder_may_stand_in_several_files(folder):
    text = (folder / "rules.py").read_text("utf-8")
    head, last = text[: text.index("@rule(")], text.rindex("@rule(")
    (folder / "rules.py").write_text(text[:last], "utf-8")
    (folder / "rules_sum.py").write_text(head + text[last:], "utf-8")
    assert [r.column for r in read_edition(folder).rules] == [
        r.column for r in edition("third_party_2020").rules
    ]


@pytest.mark.parametrize(
    ("name", "old", "new", "fault"),
    [
        ("rules.py", 'clause="limit"', 'clause="limits"', "the unknown clause limits"),
        ("rules.py", 'zh="责任限额尚余"', 'zh=""', "limit_left_fen has no words"),
        ("rules.py", "{limit_left_fen}", "{left_fen}", "names the unknown column left_fen"),
        ("rules.py", 'part="death"', 'part="deaths"', "the unknown part deaths"),
        ("rules.py", "limit_used_fen: Fen", "limit_spent_fen: Fen", "limit_spent_fen"),
        ("rules.py", 'sign="-"', 'sign="×"', "the unknown sign"),
        ("rules.py", 'cover", sign="=")', 'cover")', "the last step is not benefit_fen"),
        ("terms.toml", "[facts.limit_used_fen]", "[facts.limit_used]", "limit_used"),
        ("terms.toml", 'product = "third_party"', 'product = "third"', "is not named"),
        ("terms.toml", 'chosen_by = "policy"', 'chosen_by = "luck"', "chosen_by"),
        ("terms.toml", "starts_on = 2020-09-19", 'starts_on = "2020"', "starts_on"),
        ("terms.toml", 'kind = "bp"', 'kind = "float"', "KeyError"),
        ("terms.toml", "default = 0", "default = -1", "outside its own limits"),
        ("terms.toml", "least = 1", "least = 1\ndefault = 0", "outside its own limits"),
        ("terms.toml", "[clauses.sum]", "[clauses.total]", "the unknown clause sum"),
        ("terms.toml", "[terms.limit_fen]", "[terms.idle_fen]", "limit_fen"),
        ("terms.toml", 'part = "medical"\n', 'part = "head"\n', "the unknown part head"),
        ("terms.toml", "[title]", "[title", "TOMLDecodeError"),
        ("terms.toml", "default = 0", "default = 0.5", "no whole number"),
        ("cases.toml", "over_limit_fen", "over_fen", "the unknown column over_fen"),
        ("cases.toml", "TP-02 above the limit", 'TP-01 a"\nname2 = "b', "name2"),
    ],
)
def test_a_broken_folder_is_not_used_and_says_why(folder, name, old, new, fault):
    with pytest.raises(EditionBroken, match=fault):
        read_edition(changed(folder, name, old=old, new=new))


@pytest.fixture
def yearly(tmp_path):
    """A copy of the sample with dates and accumulators, to be broken."""
    return shutil.copytree(SAMPLES / "yearly_care_2020", tmp_path / "yearly_care_2020")


@pytest.mark.parametrize(
    ("name", "old", "new", "fault"),
    [
        ("terms.toml", 'kind = "date"\nzh', 'kind = "days"\nzh', "not named for its kind days"),
        ("terms.toml", 'kind = "key"', 'kind = "count"', "not named for its kind count"),
        ("terms.toml", 'default = 0\nzh = "家庭"', 'default = -1\nzh = "家庭"', "own limits"),
        ("terms.toml", "default = 1900-01-01", "default = 0", "default of born_on is no date"),
        ("terms.toml", "default = 1900-01-01", "default = 1899-12-31", "outside its own limits"),
        ("terms.toml", "default = 0", "default = 2020-01-01", "is no whole number"),
        ("terms.toml", 'not_before = "born_on"', 'not_before = "cost_fen"', "not both dates"),
        ("terms.toml", 'not_before = "born_on"', 'not_before = "birth_on"', "not both dates"),
        ("terms.toml", 'not_before = "born_on"', 'not_before = "admitted_on"', "precede itself"),
        ("terms.toml", 'not_before = "born_on"', 'not_befor = "born_on"', "not_befor, which no"),
        ("terms.toml", 'not_before = "born_on"', 'alike = "born_on"', "which is no key"),
        ("terms.toml", 'not_before = "born_on"', 'whole_in = ["family_key"]', "no rate in basis"),
        ("terms.toml", 'not_before = "born_on"', 'part_in = ["house_key"]', "rows of house_key"),
        ("terms.toml", 'not_before = "born_on"', 'needed_for = ["age"]', "always needed"),
        ("terms.toml", 'not_before = "admitted_on"', 'needed_for = ["cost_fen"]', "no other fact"),
        ("terms.toml", 'not_before = "admitted_on"', 'needed_for = ["age"]', "needed for age"),
        ("terms.toml", 'key = "insured_year_key"', 'key = "cost_fen"', "shared by cost_fen"),
        ("terms.toml", 'within = "family_key"', 'within = "born_on"', "shared by born_on"),
        ("terms.toml", 'scope = "family_year"', 'scope = "year"', "the unknown scope year"),
        ("terms.toml", 'limit = "family_limit_fen"', 'limit = "cost_fen"', "the limit cost_fen"),
        ("terms.toml", 'limit = "family_limit_fen"', 'limit = "stay_days"', "the limit stay_days"),
        ("terms.toml", 'opening = "family_paid', 'opening = "paid', "the opening paid_before_fen"),
        ("terms.toml", 'used = "benefit_fen"', 'used = "cost_fen"', "cost_fen, which"),
        ("terms.toml", 'used = "benefit_fen"', 'used = "age_count"', "age_count, which"),
        ("terms.toml", 'used = "benefit_fen"\n', "", "TypeError"),
        (
            "terms.toml",
            'used = "benefit_fen"',
            'used = "benefit_fen"\nconsumed = "so"',
            "used up so",
        ),
        ("cases.toml", ", benefit_fen = 0 }", " }", "does not say what is paid"),
        (
            "cases.toml",
            "deductible_fen = 600_000",
            "deducted_fen = 1",
            "the unknown column deducted",
        ),
        ("cases.toml", "stay_days = 10", "stay_days = 10.5", "no whole number"),
    ],
)
def test_wrong_dates_keys_and_accumulators_are_not_used(yearly, name, old, new, fault):
    with pytest.raises(EditionBroken, match=fault):
        read_edition(changed(yearly, name, old=old, new=new))


def test_a_folder_without_terms_is_not_used(tmp_path):
    with pytest.raises(EditionBroken, match="FileNotFoundError"):
        read_edition(tmp_path)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2008, 2, 1), "compulsory_motor_2008"),
        (date(2020, 9, 18), "compulsory_motor_2008"),
        (date(2020, 9, 19), "compulsory_motor_2020"),
        (date(2026, 1, 1), "compulsory_motor_2020"),
    ],
)
def test_the_day_of_the_loss_picks_the_limits_of_the_compulsory_cover(day, name):
    assert edition_for("compulsory_motor", lost_on=day).name == name
    older_policy = edition_for("compulsory_motor", lost_on=day, insured_from=date(2019, 1, 1))
    assert older_policy.name == name


def test_the_policy_picks_the_edition_of_a_commercial_cover():
    loss = date(2021, 5, 1)
    new = edition_for("own_damage", lost_on=loss, insured_from=date(2020, 9, 19))
    assert new.name == "own_damage_2020"
    old = edition_for("own_damage", lost_on=loss, insured_from=date(2020, 9, 18))
    assert old.name == "own_damage_2014"
    with pytest.raises(FactRefused) as caught:
        edition_for("own_damage", lost_on=loss, insured_from=date(2006, 6, 30))
    assert (caught.value.field, caught.value.reason) == ("insured_from", "no_edition")


@pytest.mark.parametrize(
    ("product", "field", "reason"),
    [
        ("compulsory_motor", "lost_on", "no_edition"),
        ("own_damage", "insured_from", "missing"),
        ("own", "product", "unknown"),
        ("own_damage_2020", "product", "unknown"),
    ],
)
def test_an_edition_that_did_not_exist_is_refused_by_name(product, field, reason):
    with pytest.raises(FactRefused) as caught:
        edition_for(product, lost_on=date(2008, 1, 31))
    assert (caught.value.field, caught.value.reason) == (field, reason)


def test_an_unknown_edition_is_refused():
    with pytest.raises(FactRefused) as caught:
        edition("../third_party_2020")
    assert (caught.value.field, caught.value.reason) == ("edition", "unknown")


@pytest.mark.parametrize("name", edition_names())
def test_every_edition_that_ships_is_whole(name):
    assert read_edition(HERE / name).name == name


def test_a_later_edition_with_the_same_formula_changes_only_its_terms():
    earlier, later = edition("compulsory_motor_2008"), edition("compulsory_motor_2020")
    assert later.rules == earlier.rules
    assert later.facts == earlier.facts
    assert later.terms["medical_at_fault_fen"].default == 1_800_000
    assert earlier.terms["medical_at_fault_fen"].default == 1_000_000
    assert not (HERE / later.name / "rules.py").exists()


def test_an_edition_knows_the_papers_that_a_part_of_the_loss_needs():
    held = edition("compulsory_motor_2020")
    small = {paper.slug for paper in held.papers_for("property")}
    assert "repair_invoice" in small
    assert "medical_invoices" not in small
    either = {paper.slug for paper in held.papers if paper.one_of == "liability"}
    assert either == {"accident_certificate", "self_settlement"}


@pytest.mark.parametrize(
    ("due_on", "rate_bp"),
    [("2019-12-31", 415), ("2024-10-19", 335), ("2024-10-20", 310), ("2199-01-01", 300)],
)
def test_a_dated_figure_is_that_in_force_on_the_day(due_on, rate_bp):
    made = settle("late_payment_2020", facts={"late_fen": 0, "due_on": due_on, "paid_on": due_on})
    assert made.columns["prime_rate_bp"] == rate_bp
