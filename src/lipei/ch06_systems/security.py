"""6.2 Data security: who comes into the house, what they may there, and when that ends."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from lipei.ch01_general.actors import holding
from lipei.ch01_general.company import MANAGE
from lipei.ch01_general.models import Staff
from lipei.ch01_general.people import person_for
from lipei.ch01_general.tokens import end_tokens
from lipei.ch06_systems import events
from lipei.ch06_systems.models import FactorReset
from lipei.ch06_systems.telling import tell_staff
from lipei.kit.journal import record
from lipei.kit.refusal import Refused

EVIDENCE = {
    "met": _("当面核对了身份证件"),
    "called": _("按登记的电话回拨核实"),
    "manager": _("部门负责人书面确认"),
}
"""What may prove that it is the person who asks."""

# Commands


def reset_second_factor(username: str, *, reason: str, evidence: str, by: str) -> FactorReset:
    """Take a lost authenticator away, so that the next sign-in takes up a new one (6.1-a).

    Another administrator does it, with the reason and with what proved who asks; whoever is
    signed in by the old one is out, and the person is told.
    """
    if not reason.strip():
        raise Refused("reason_missing", field="reason")
    if evidence not in EVIDENCE:
        raise Refused("choice_unknown", field="evidence")
    with transaction.atomic():
        person = person_for(username, acting=holding(by, MANAGE))
        devices = TOTPDevice.objects.filter(user=person)
        if not devices.filter(confirmed=True).exists():
            raise Refused("second_factor_not_there")
        devices.delete()
        end_tokens(person)
        made = FactorReset.objects.create(
            staff=person, by=by, reason=reason.strip(), evidence=evidence
        )
        tell_staff(person, f"factor-{made.pk}", wording="factor_reset")
        record(person.reference, events.SECOND_FACTOR_RESET, by=by, clause="6.1-a",
               reset=made.pk, evidence=evidence, told=bool(person.phone))  # fmt: skip
    return made


# Queries


def last_reset(person: Staff) -> FactorReset | None:
    """The newest time that somebody's authenticator was taken away, if ever."""
    return FactorReset.objects.filter(staff=person).order_by("-pk").first()
