"""The first administrator (6.2): without one nobody comes in, and only one who can read the
console of the machine makes one."""

import re
import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction
from django_otp.plugins.otp_totp.models import TOTPDevice

from lipei.ch01_general.duties import ask_free
from lipei.ch01_general.models import Appointment, Branch, Department, Staff
from lipei.ch01_general.people import ADMINISTRATOR, administrators
from lipei.ch01_general.tokens import digest, end_tokens
from lipei.ch06_systems import events
from lipei.ch06_systems.models import SetupCode
from lipei.ch06_systems.passwords import ask_strong
from lipei.kit import clock
from lipei.kit.journal import record
from lipei.kit.refusal import Refused

HEAD_OFFICE = "00"
DEPARTMENT = "信息部"
CODE_LIFE = timedelta(hours=24)
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUPS, GROUP = 4, 5
ALIKE = str.maketrans("OIL", "011")


@dataclass(frozen=True)
class Founder:
    """Who becomes the administrator, and the password with which they come in."""

    username: str
    name: str
    number: str
    password: str


# Commands


def new_setup_code() -> str:
    """A code for the first administrator, told once; empty where somebody is there already."""
    if Staff.objects.exists():
        return ""
    text = "-".join(
        "".join(secrets.choice(LETTERS) for _ in range(GROUP)) for _ in range(GROUPS)
    )  # fmt: skip
    SetupCode.objects.create(digest=_digest(text), expires_at=clock.now() + CODE_LIFE)
    return text


def set_up(founder: Founder, *, house: str, code: str) -> Staff:
    """Make the first administrator by a code from the console; open only while nobody is there.

    Two who try at once are one after the other, and the second finds the house set up.
    """
    with transaction.atomic():
        _one_at_a_time()
        if Staff.objects.exists():
            raise Refused("setup_over")
        told = SetupCode.objects.filter(
            digest=_digest(code), used_at=None, expires_at__gt=clock.now()
        )
        if not told.update(used_at=clock.now()):
            raise Refused("setup_code_wrong", field="code")
        return make_administrator(founder, house=house, by="system/setup")


def make_administrator(
    founder: Founder, *, house: str, by: str, beside_others: bool = False
) -> Staff:
    """Make an administrator at the head office, which is named where there is none yet.

    Refuses while there is one who can come in, unless it is `beside_others`: to recover.
    """
    with transaction.atomic():
        _one_at_a_time()
        if administrators().exists() and not beside_others:
            raise Refused("administrator_exists")
        ask_free(username=founder.username, number=founder.number)
        branch = Branch.objects.filter(parent=None).order_by("pk").first()
        branch = branch or Branch.objects.create(
            code=HEAD_OFFICE, name=house, path=f"/{HEAD_OFFICE}/"
        )
        made = Staff(
            username=founder.username, name=founder.name, number=founder.number, branch=branch
        )
        ask_strong(founder.password, of=made)
        made.set_password(founder.password)
        made.save()
        Department.objects.get_or_create(branch=branch, name=DEPARTMENT)
        Appointment.objects.create(
            staff=made,
            post=ADMINISTRATOR,
            department=DEPARTMENT,
            branch=branch,
            since=clock.today(),
        )
        record(made.reference, events.ADMINISTRATOR_MADE, by=by, clause="6.1-a",
               branch=branch.code, beside_others=beside_others)  # fmt: skip
    return made


def recover_administrator(username: str, *, password: str, by: str) -> None:
    """Let an administrator in again who lost password or second factor: from the console only.

    What they had open ends: sessions, second factor, tokens. The next sign-in enrols anew.
    """
    with transaction.atomic():
        person = Staff.objects.select_for_update().filter(username=username).first()
        if person is None or not administrators().filter(pk=person.pk).exists():
            raise Refused("not_administrator", field="username")
        ask_strong(password, of=person)
        person.set_password(password)
        person.save(update_fields=["password"])
        TOTPDevice.objects.filter(user=person).delete()
        record(person.reference, events.ADMINISTRATOR_RECOVERED, by=by, clause="6.1-a",
               tokens=end_tokens(person))  # fmt: skip


# Queries


def is_set_up() -> bool:
    """Whether anybody of the house is there; until then only the set-up page is open."""
    return Staff.objects.exists()


# The parts of the commands


def _one_at_a_time() -> None:
    """Whoever else wants to make a person waits until this one is made or refused."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE general_staff IN SHARE ROW EXCLUSIVE MODE")


def _digest(code: str) -> str:
    """The digest of a code as it was meant: case, strokes and letters alike do not count."""
    return digest(re.sub(r"[^0-9A-Z]", "", code.upper()).translate(ALIKE))
