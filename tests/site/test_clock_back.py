"""The machine's clock goes back an hour: nothing happens twice or lives longer than it may."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django_otp.oath import TOTP

from lipei.ch01_general import duties
from lipei.ch01_general.aims import sweep_clocks
from lipei.ch01_general.models import Clock, Staff
from lipei.kit import audit, clock
from lipei.kit.journal import history
from lipei.kit.models import Entry
from lipei.kit.refusal import Refused
from lipei.site.upkeep import anchor_journal
from tests import steps
from tests.site.test_health import figures

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = timedelta(hours=1)


@pytest.fixture
def noon():
    """A working day's noon, from which the clock is moved."""
    return clock.now().astimezone(clock.LOCAL).replace(hour=12, minute=0, second=0, microsecond=0)


def marked(claim) -> list[str]:
    return [e.verb for e in history(f"claim/{claim.number}") if e.verb.startswith("general.clocks")]


def test_a_time_limit_is_marked_once_and_never_early(department, noon):
    with time_machine.travel(noon, tick=False) as machine:
        claim = steps.filed()
        due = Clock.objects.filter(claim=claim, stopped_at=None).exclude(due_at=None)
        first = due.order_by("due_at").first()
        sweep_clocks()
        before = marked(claim)
        machine.move_to(first.due_at + timedelta(minutes=1))
        assert sweep_clocks() > 0
        told = marked(claim)
        assert len(told) > len(before)
        machine.move_to(first.due_at - HOUR)
        assert sweep_clocks() == 0
        machine.move_to(first.due_at + timedelta(minutes=1))
        assert sweep_clocks() == 0
        assert marked(claim) == told
        assert Clock.objects.get(pk=first.pk).due_at == first.due_at


def test_the_journal_keeps_its_order_and_proves_itself(department, noon):
    with time_machine.travel(noon, tick=False) as machine:
        claim = steps.filed()
        anchor_journal()
        machine.shift(-HOUR)
        steps.accepted(claim)
        assert anchor_journal() is False, "that of today is made already"
        audit.anchor(anchors=settings.LIPEI_ANCHORS)
        entries = history(f"claim/{claim.number}")
        assert [e.number for e in entries] == list(range(1, len(entries) + 1))
        assert min(e.recorded_at for e in entries) < entries[0].recorded_at
        assert audit.verify(anchors=settings.LIPEI_ANCHORS) == []
        behind = float(figures(Client().get("/metrics"))["lipei_clock_behind_seconds"])
        assert behind == 0, "the newest entry was written by the clock as it is now"


def test_a_monitor_sees_that_the_clock_is_behind_the_journal(department, noon):
    with time_machine.travel(noon, tick=False) as machine:
        steps.filed()
        machine.shift(-HOUR)
        behind = float(figures(Client().get("/metrics"))["lipei_clock_behind_seconds"])
    assert behind == HOUR.total_seconds()


def test_a_code_of_before_does_not_live_an_hour_longer_and_a_new_one_is_taken(department, noon):
    settings.LIPEI_DEMO = True
    with time_machine.travel(noon, tick=False) as machine:
        old = duties.send_code(steps.PHONE, purpose="sign_in")
        machine.shift(-HOUR)
        with pytest.raises(Refused, match="code_expired"):
            duties.use_code(steps.PHONE, purpose="sign_in", code=old)
        fresh = duties.send_code(steps.PHONE, purpose="sign_in")
        duties.use_code(steps.PHONE, purpose="sign_in", code=fresh)
        with pytest.raises(Refused, match="code_expired"):
            duties.use_code(steps.PHONE, purpose="sign_in", code=fresh)


def test_a_small_step_of_the_clock_disturbs_nobody(department, noon, staff_client):
    settings.LIPEI_DEMO = True
    with time_machine.travel(noon, tick=False) as machine:
        client = staff_client("wangmin")
        assert client.get("/claims/").status_code == 200
        code = duties.send_code(steps.PHONE, purpose="sign_in")
        machine.shift(timedelta(seconds=-30))
        duties.use_code(steps.PHONE, purpose="sign_in", code=code)
        assert client.get("/claims/").status_code == 200


def test_an_authenticators_code_is_not_taken_a_second_time(department, noon):
    device = Staff.objects.get(username="wangmin").totpdevice_set.get()
    with time_machine.travel(noon, tick=False) as machine:
        used = f"{TOTP(device.bin_key, device.step, device.t0, device.digits).token():06d}"
        assert device.verify_token(used)
        machine.shift(-HOUR)
        repeated = f"{TOTP(device.bin_key, device.step, device.t0, device.digits).token():06d}"
        assert not device.verify_token(repeated)


def test_a_visit_from_the_future_is_over(department, noon, staff_client, claimant_client):
    with time_machine.travel(noon, tick=False) as machine:
        client, phone = staff_client("wangmin"), claimant_client()
        assert client.get("/claims/").status_code == 200
        session = phone.session
        session["entered_at"] = clock.now().timestamp()
        session.save()
        assert phone.get("/m/claims/").status_code == 200
        machine.shift(-HOUR)
        assert client.get("/claims/").headers["Location"].startswith("/login/")
        assert phone.get("/m/claims/").headers["Location"].startswith("/m/login/")
    assert not Entry.objects.filter(actor="").exists()
