"""6.2 Who comes into the house, what they may there, and when that ends."""

from datetime import timedelta

import pytest

from lipei.ch01_general.models import Appointment, Staff
from lipei.ch01_general.people import administrators
from lipei.kit import clock

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_administrator_is_who_holds_the_post_today_and_has_not_left(department):
    assert [one.username for one in administrators()] == ["itadmin"]
    Appointment.objects.filter(post="IT").update(until=clock.today() - timedelta(days=1))
    assert not administrators().exists()
    Appointment.objects.filter(post="IT").update(until=clock.today())
    assert administrators().exists()
    Staff.objects.filter(username="itadmin").update(is_active=False)
    assert not administrators().exists()
