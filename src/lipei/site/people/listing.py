"""The list of people: searched, filtered, a page at a time, in the order of their numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q, QuerySet

from lipei.ch01_general.actors import Actor, appointments_on
from lipei.ch01_general.models import Absence, Certificate, Staff
from lipei.ch01_general.people import found, people_seen
from lipei.kit import clock
from lipei.site.people.words import STATES, certificate_title, post_title
from lipei.site.punctuation import listed

PAGE = 50
LONGEST = 40
FILTERS = ("branch", "post", "state")


@dataclass(frozen=True)
class Row:
    """Somebody as the list shows them."""

    username: str
    name: str
    number: str
    phone: str
    branch: str
    posts: str
    certificates: str
    state: str
    level: str


@dataclass(frozen=True)
class Asked:
    """What the list is asked for; everything may be empty."""

    q: str = ""
    branch: str = ""
    post: str = ""
    state: str = ""

    @property
    def query(self) -> str:
        """The same as an address."""
        return urlencode({k: v for k, v in vars(self).items() if v})


def asked_of(told: Mapping[str, str]) -> Asked:
    """What an address asks for."""
    return Asked(**{name: told.get(name, "").strip()[:LONGEST] for name in ("q", *FILTERS)})


def wanted(asked: Asked, acting: Actor) -> QuerySet[Staff]:
    """Those who are asked for, of whom this actor may see."""
    today = clock.today()
    rows = found(people_seen(acting), q=asked.q)
    if asked.branch:
        rows = rows.filter(branch__code=asked.branch)
    if asked.post:
        held = appointments_on(today).filter(post=asked.post)
        rows = rows.filter(pk__in=held.values("staff_id"))
    rows = rows.annotate(is_away=Exists(_away()))
    states = {
        "left": Q(is_active=False), "away": Q(is_active=True, is_away=True),
        "waiting": Q(is_active=True, last_login=None),
        "active": Q(is_active=True, is_away=False),
    }  # fmt: skip
    return rows.filter(states.get(asked.state, Q())).order_by("number")


def page(rows: QuerySet[Staff], *, after: str) -> tuple[list[Row], str]:
    """A page of rows after a staff number, and the number after which the next begins."""
    some = list((rows.filter(number__gt=after) if after else rows)[: PAGE + 1])
    return faces(some[:PAGE]), some[PAGE - 1].number if len(some) > PAGE else ""


def faces(people: list[Staff]) -> list[Row]:
    """People with their posts and certificates, in three statements however many they are."""
    today = clock.today()
    held: dict[int, list[str]] = {}
    for one in appointments_on(today).filter(staff__in=people).order_by("pk"):
        held.setdefault(one.staff_id, []).append(f"{post_title(one.post)} · {one.department}")
    valid: dict[int, list[str]] = {}
    for row in Certificate.objects.filter(staff__in=people, valid_to__gte=today):
        valid.setdefault(row.staff_id, []).append(
            f"{certificate_title(row.kind)} {row.valid_to:%Y-%m-%d}"
        )
    return [_face(one, held.get(one.pk, []), valid.get(one.pk, [])) for one in people]


def state_of(person: Staff) -> str:
    """Whether somebody is here, away, gone, or has never come in."""
    if not person.is_active:
        return "left"
    if getattr(person, "is_away", False):
        return "away"
    return "active" if person.last_login else "waiting"


def _face(person: Staff, held: list[str], valid: list[str]) -> Row:
    words, level = STATES[state_of(person)]
    return Row(
        username=person.username, name=person.name, number=person.number, phone=person.phone,
        branch=person.branch.name, posts=listed(held), certificates=listed(valid),
        state=str(words), level=level,
    )  # fmt: skip


def _away() -> QuerySet[Absence]:
    today = clock.today()
    return Absence.objects.filter(
        staff=OuterRef("pk"), from_on__lte=today, to_on__gte=today, called_off_at=None
    )
