"""A changed edition over sums that were settled together, and what it means for the cover after."""

from functools import partial

import pytest

from lipei.ch01_general.models import Claim, Cover, Exposure
from lipei.ch03_assessment import replay
from lipei.ch03_assessment.models import Calculation, Replay
from tests import steps
from tests.injuries import COMPULSORY, TERMS, hurt, lay_compulsory, two_hurt

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("department")]
MANAGER = "staff/zhouwei"
OCCUPANTS = "occupants_2026"
ONE_PASSENGER = """[[case]]
name = "a passenger, less the rate of the edition"
is_driver = false
fault_code = "full"
medical_loss_fen = 100_000
death_loss_fen = 0
passenger_limit_fen = 2_000_000
passenger_seats_count = 4
benefit_fen = 90_000
"""


@pytest.fixture
def compulsory(editions):
    """Lays a compulsory edition whose limits at fault are those of 2020 but for some."""
    return partial(lay_compulsory, editions)


def replayed(name: str) -> Replay:
    made = replay.start_replay(name, by=MANAGER)
    replay.run_replay(made.pk)
    return replay.replay_of(made.pk)


def changes(rows: list[dict[str, object]], claim: Claim) -> dict[str, tuple[object, object]]:
    """From the rows of a report: what each person or thing of a claim had and would have."""
    labels = dict(claim.exposures.values_list("position", "label"))
    assert {row["claim"] for row in rows} <= {claim.number}
    return {labels[row["position"]]: (row["before_fen"], row["after_fen"]) for row in rows}


def test_victims_who_share_a_limit_are_settled_again_together(compulsory):
    claim = two_hurt()
    compulsory(medical=2_700_000)
    told = replayed(COMPULSORY).tally
    assert changes(told["hardest"], claim) == {
        "伤者甲": (600_000, 900_000), "伤者乙": (1_200_000, 1_800_000),
    }  # fmt: skip
    assert (told["total"]["claims"], told["total"]["changed"]) == (3, 2)
    assert (told["total"]["before_fen"], told["total"]["up_fen"]) == (1_950_000, 900_000)
    assert told["total"]["refused"] == 0


def test_a_limit_that_one_victim_alone_reaches_changes_that_one_and_nobody_beside(compulsory):
    claim = two_hurt()
    compulsory(property=100_000)
    told = replayed(COMPULSORY).tally
    car = claim.exposures.get(product="compulsory_motor", thing="other_vehicle")
    (only,) = told["hardest"]
    assert (only["position"], only["before_fen"], only["after_fen"]) == (
        car.position, 150_000, 100_000,
    )  # fmt: skip
    assert (told["total"]["claims"], told["total"]["changed"]) == (3, 1)


def test_a_victim_whom_the_edition_cannot_settle_bars_all_beside_and_nobody_else(
    compulsory, editions
):
    both, alone = two_hurt(), steps.surveyed(steps.registered(steps.accepted(steps.filed())))
    compulsory()
    terms = editions.place.joinpath(COMPULSORY, "terms.toml")
    terms.write_text(
        terms.read_text("utf-8") + "[facts.medical_loss_fen]\nmost = 2_000_000\n", "utf-8"
    )
    told = replayed(COMPULSORY).tally
    assert (told["total"]["claims"], told["total"]["refused"]) == (4, 3)
    assert told["refused"]["medical_loss_fen too_large"]["first"] == [both.number]
    assert told["total"]["before_fen"] == told["total"]["after_fen"] == 150_000
    assert alone.stage == "approved"
    assert (told["carried"]["total"]["claims"], told["carried"]["left"]) == (0, 0)


def test_two_passengers_and_one_seat_stay_together_in_the_order_of_settlement(editions):
    claim = steps.filed(injured=True)
    bought = {"passenger_limit_fen": 1_000_000, "passenger_seats_count": 1}
    car = claim.policy.covers.get(product="own_damage")
    Cover.objects.create(policy=claim.policy, product="occupants", terms=bought,
                         starts_at=car.starts_at, ends_at=car.ends_at)  # fmt: skip
    claim = steps.registered(steps.accepted(claim))
    claim = hurt(claim, "occupants", 乘客甲=800_000, 乘客乙=600_000)
    for one in claim.exposures.filter(product="occupants"):
        steps.told(claim, one.position, is_driver=False)
    claim = steps.approved(steps.surveyed(claim))
    paid = claim.exposures.filter(product="occupants").order_by("position")
    assert [one.benefit_fen for one in paid] == [800_000, 0]
    editions.lay(OCCUPANTS, cases=ONE_PASSENGER, terms=TERMS.format(
        product="occupants", chosen_by="policy", formula="occupants_2020",
        terms="add_on_rate_bp.default = 1_000",
    ))  # fmt: skip
    told = replayed(OCCUPANTS).tally
    assert changes(told["hardest"], claim) == {"乘客甲": (800_000, 720_000)}
    assert (told["total"]["claims"], told["total"]["changed"]) == (2, 1)
    assert "carried" not in told


def test_the_cover_after_is_settled_again_with_what_the_compulsory_cover_would_pay(compulsory):
    claim = two_hurt()
    compulsory(medical=2_700_000)
    carried = replayed(COMPULSORY).tally["carried"]
    assert changes(carried["hardest"], claim) == {
        "伤者甲": (600_000, 300_000), "伤者乙": (1_200_000, 600_000),
    }  # fmt: skip
    assert {row["position"] for row in carried["hardest"]} == set(
        claim.exposures.filter(product="third_party").values_list("position", flat=True)
    )
    assert (carried["total"]["claims"], carried["total"]["down_fen"]) == (2, 900_000)
    assert carried["left"] == 0


def test_what_falls_to_no_settled_part_of_the_cover_after_is_counted(compulsory):
    two_hurt()
    compulsory(property=100_000)
    carried = replayed(COMPULSORY).tally["carried"]
    assert (carried["total"]["claims"], carried["left"]) == (0, 1)
    compulsory(property=150_000)
    assert replayed(COMPULSORY).tally["carried"]["left"] == 0


def test_a_part_of_the_cover_after_whose_edition_is_gone_is_named(compulsory):
    claim = two_hurt()
    after = Calculation.objects.filter(exposure__product="third_party")
    after.update(edition="third_party_1999")
    compulsory(medical=2_700_000)
    carried = replayed(COMPULSORY).tally["carried"]
    assert carried["total"]["refused"] == 2
    assert carried["refused"]["edition gone"]["first"] == [claim.number]


def test_however_the_run_is_cut_each_part_is_counted_once(compulsory):
    two_hurt(), two_hurt()
    compulsory(medical=2_700_000)
    whole = replayed(COMPULSORY)
    assert whole.tally["carried"]["total"]["claims"] == 4
    cut = replay.start_replay(COMPULSORY, by=MANAGER)
    while replay.advance(cut.pk, size=1).state == Replay.State.RUNNING:
        pass
    again = replay.replay_of(cut.pk)
    assert again.report_hash == whole.report_hash
    assert again.done == Exposure.objects.filter(product="compulsory_motor").count()


def test_an_edition_that_changes_nothing_carries_nothing(compulsory):
    two_hurt()
    compulsory()
    told = replayed(COMPULSORY).tally
    assert told["total"]["changed"] == 0
    assert (told["carried"]["total"]["claims"], told["carried"]["left"]) == (0, 0)
