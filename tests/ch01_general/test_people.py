"""1.2 Posts, certificates and days away: given and ended by somebody else, never against 0.4."""

from datetime import timedelta

import pytest
import time_machine

from lipei.ch01_general.actors import actor
from lipei.ch01_general.duties import officers_below, qualified, staff_for
from lipei.ch01_general.leaving import call_off_absence, plan_absence
from lipei.ch01_general.models import Appointment, Certificate, Staff
from lipei.ch01_general.people import (
    Post,
    correct_person,
    end_post,
    file_certificate,
    give_post,
    withdraw_certificate,
)
from lipei.kit import audit, clock
from lipei.kit.journal import history
from lipei.kit.refusal import Refused

pytestmark = pytest.mark.django_db(transaction=True)
IT = "staff/itadmin"
DAY = timedelta(days=1)
CLERK = Post(code="CS", department="客服中心", branch="31")


def refused(slug: str):
    return pytest.raises(Refused, match=f"^{slug}$")


def held(username: str) -> Appointment:
    return Staff.objects.get(username=username).appointments.get()


def test_a_post_holds_from_its_first_day_to_its_last(department):
    today = clock.today()
    since, until = today + DAY, today + 3 * DAY
    post = Post(code="CS", department="客服中心", branch="31", since=since, until=until)
    give_post("wangmin", post=post, by=IT)
    for days, answers in ((0, False), (1, True), (3, True), (4, False)):
        with time_machine.travel(clock.now() + days * DAY):
            assert actor("staff/wangmin").may("service.answer") == answers
    last = history("staff/wangmin")[-1]
    assert (last.verb, last.actor, last.facts["post"]) == ("general.post_given", IT, "CS")
    assert audit.faults_of("staff/wangmin") == []


@pytest.mark.clause("1.2-k")
def test_posts_that_clash_on_any_day_are_refused(department):
    month = timedelta(days=30)
    later = Post(code="IT", department="信息部", branch="00", since=clock.today() + month)
    with refused("posts_clash"):
        give_post("xujing", post=later, by=IT)
    end_post("xujing", appointment=held("xujing").pk, on=clock.today() + month, by=IT)
    with refused("posts_clash"):
        give_post("xujing", post=later, by=IT)
    after = Post(code="IT", department="信息部", branch="00", since=clock.today() + month + DAY)
    assert give_post("xujing", post=after, by=IT).pk


@pytest.mark.parametrize(
    ("slug", "changed"),
    [
        ("choice_unknown", {"code": "CU"}), ("choice_unknown", {"code": "??"}),
        ("choice_unknown", {"level": 6}), ("choice_unknown", {"level": -1}),
        ("department_not_found", {"department": "影子部"}),
        ("branch_not_found", {"branch": "77"}),
        ("post_dated_back", {"since": -1}), ("days_out_of_order", {"since": 5, "until": 4}),
    ],
)  # fmt: skip
def test_a_post_that_is_none_is_refused_by_name(department, slug, changed):
    days = {k: clock.today() + v * DAY for k, v in changed.items() if k in {"since", "until"}}
    told = {"code": "CS", "department": "客服中心", "branch": "31", **changed, **days}
    with refused(slug):
        give_post("wangmin", post=Post(**told), by=IT)
    assert not Appointment.objects.filter(post="CS", staff__username="wangmin").exists()


def test_the_same_post_is_given_once_and_again_after_it_ended(department):
    give_post("wangmin", post=CLERK, by=IT)
    with refused("post_held_already"):
        give_post("wangmin", post=CLERK, by=IT)
    row = Appointment.objects.get(post="CS", staff__username="wangmin")
    end_post("wangmin", appointment=row.pk, by=IT)
    assert not actor("staff/wangmin").may("service.answer")
    with refused("post_not_found"):
        end_post("wangmin", appointment=row.pk, by=IT)
    give_post("wangmin", post=CLERK, by=IT)
    assert actor("staff/wangmin").may("service.answer")


@pytest.mark.clause("6.1-a")
def test_nobody_changes_what_they_themselves_may_do(department):
    with refused("not_for_oneself"):
        give_post("itadmin", post=CLERK, by=IT)
    with refused("not_for_oneself"):
        end_post("itadmin", appointment=held("itadmin").pk, by=IT)
    with refused("duty_missing"):
        give_post("wangmin", post=CLERK, by="staff/zhouwei")
    with refused("person_not_found"):
        give_post("nobody", post=CLERK, by=IT)


def test_a_certificate_counts_to_its_last_day_and_not_once_withdrawn(department):
    Certificate.objects.filter(staff__username="wangmin").delete()
    wangmin, today = Staff.objects.get(username="wangmin"), clock.today()
    told = {"kind": "claims_licence", "issuer": "行业协会", "valid_from": today, "by": IT}
    with refused("days_out_of_order"):
        file_certificate("wangmin", number="A-1", valid_to=today - DAY, **told)
    made = file_certificate("wangmin", number="A-1", valid_to=today, **told)
    assert qualified(wangmin, post="SP", on=today)
    with refused("certificate_number_taken"):
        file_certificate("linyue", number="A-1", valid_to=today, **told)
    with refused("choice_unknown"):
        file_certificate("linyue", number="A-2", valid_to=today, **{**told, "kind": "pilot"})
    withdraw_certificate("wangmin", certificate=made.pk, by=IT)
    assert not qualified(wangmin, post="SP", on=today)
    with refused("certificate_not_found"):
        withdraw_certificate("wangmin", certificate=made.pk, by=IT)


def test_who_is_away_gets_no_new_work_on_those_days_alone(department):
    today = clock.today()
    made = plan_absence("wangmin", from_on=today, to_on=today + DAY, by=IT)
    assert officers_below("/00/31/") == []
    assert [one.username for one in staff_for("SP", branch_path="/00/31/")] == ["linyue"]
    with time_machine.travel(clock.now() + 2 * DAY):
        assert [one.username for one in officers_below("/00/31/")] == ["wangmin"]
    with refused("absence_overlaps"):
        plan_absence("wangmin", from_on=today + DAY, to_on=today + 5 * DAY, by=IT)
    with refused("days_out_of_order"):
        plan_absence("wangmin", from_on=today + 3 * DAY, to_on=today + 2 * DAY, by=IT)
    call_off_absence("wangmin", absence=made.pk, by=IT)
    assert [one.username for one in officers_below("/00/31/")] == ["wangmin"]
    with refused("absence_not_found"):
        call_off_absence("wangmin", absence=made.pk, by=IT)


def test_a_name_is_put_right_and_the_journal_does_not_tell_it(department):
    correct_person("wangmin", name="王敏敏", phone="13700001111", by=IT)
    assert Staff.objects.get(username="wangmin").name == "王敏敏"
    assert "王敏" not in history("staff/wangmin")[-1].line
