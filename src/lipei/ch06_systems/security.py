"""6.2 Data security: who comes into the house, what they may there, and when that ends."""

from django.db.models import QuerySet

from lipei.ch01_general.actors import appointments_on
from lipei.ch01_general.models import Staff
from lipei.kit import clock

ADMINISTRATOR = "IT"
"""The post that lets others in."""

# Queries


def administrators() -> QuerySet[Staff]:
    """Who may let others in today."""
    held = appointments_on(clock.today()).filter(post=ADMINISTRATOR)
    return Staff.objects.filter(pk__in=held.values("staff_id"))
