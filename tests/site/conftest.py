"""People, policies and tokens for the tests at the door."""

from datetime import timedelta

import pytest
from django.test import Client

from lipei.ch01_general.duties import add_staff
from lipei.ch01_general.models import Branch, Cover, Party, Policy
from lipei.ch01_general.tokens import PARTY_SCOPES, SCOPES, issue_token
from lipei.kit import clock, sealed
from tests.site.stand import one_connection, stand

__all__ = ["one_connection", "stand"]
IDENTITY = "110101199003077352"
PHONE = "13800138000"
POLICY = "PDAA202644030000000001"
DAY = timedelta(days=1)


@pytest.fixture
def branch(db):
    return Branch.objects.create(code="4403", name="深圳分公司", path="/1/44/4403/")


@pytest.fixture
def claimant(branch):
    return Party.objects.create(
        name="周晓芸", phone=PHONE, id_sealed=sealed.seal(IDENTITY),
        id_digest=sealed.digest(IDENTITY), id_tail=IDENTITY[-4:],
    )  # fmt: skip


@pytest.fixture
def stranger(branch):
    return Party.objects.create(name="吴明", phone="13900139000")


@pytest.fixture
def officer(branch):
    return add_staff(
        username="lin", name="林理", number="S001", password="long-enough-secret",
        branch=branch, held=[("SP", 1, "理赔一部")], by="system/test",
    )  # fmt: skip


@pytest.fixture
def policy(branch, claimant):
    at = clock.now()
    policy = Policy.objects.create(
        number=POLICY, line="motor", branch=branch, holder=claimant, insured=claimant,
        plate="粤B12345", starts_at=at - 100 * DAY, ends_at=at + 265 * DAY,
    )  # fmt: skip
    for product, edition in (
        ("own_damage", "own_damage_2020"),
        ("compulsory_motor", "compulsory_motor_2020"),
    ):
        Cover.objects.create(
            policy=policy, product=product, edition=edition,
            starts_at=policy.starts_at, ends_at=policy.ends_at,
        )  # fmt: skip
    return policy


def caller(person, scopes):
    """A client of the API that carries a token of this person."""
    token = issue_token(person, scopes=list(scopes), life=DAY, by="system/test")
    return Client(headers={"Authorization": f"Bearer {token}"}, raise_request_exception=False)


@pytest.fixture
def phone_app(claimant):
    return caller(claimant, PARTY_SCOPES)


@pytest.fixture
def other_app(stranger):
    return caller(stranger, PARTY_SCOPES)


@pytest.fixture
def desk(officer):
    return caller(officer, SCOPES)
