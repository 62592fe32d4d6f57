"""What the page of a policy shows: how it stood on a day, its versions, claims and premiums."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lipei.ch01_general.endorsing import COVER
from lipei.ch01_general.models import Party, Policy, PolicyChange, Stretch
from lipei.ch01_general.policies import covers_of
from lipei.kit import clock
from lipei.rules import edition, edition_names
from lipei.rules.products.edition import Words
from lipei.site.choices import spoken
from lipei.site.desk.words import PRODUCTS, line_words
from lipei.site.faces import masked, yuan_words

MOST = 50
FIELDS: Mapping[str, Promise] = {
    "insured_id": gettext_lazy("被保险人"), "holder_id": gettext_lazy("投保人"),
    "branch_id": gettext_lazy("机构"), "plate": gettext_lazy("车牌"),
    "vin": gettext_lazy("车架号"), "vehicle": gettext_lazy("车型级别"),
    "drivers": gettext_lazy("指定驾驶人"), "region": gettext_lazy("行驶区域"),
    "starts_at": gettext_lazy("起期"), "ends_at": gettext_lazy("止期"),
    "premium_paid": gettext_lazy("保费已缴"),
}  # fmt: skip
Rows = list[tuple[str, str]]


@dataclass(frozen=True)
class CoverShown:
    """A cover as it stands: its name, its terms in words, from when to when."""

    name: str
    terms: Rows
    starts_at: datetime
    last: datetime


@dataclass(frozen=True)
class VersionShown:
    """One change: from when it holds, when it was told, and what it changed."""

    change: PolicyChange
    changes: Rows


def instant_of(day: date | None) -> datetime:
    """The instant that is looked at: now, or the last one of a day."""
    if day is None or day == clock.today():
        return clock.now()
    midnight = datetime.combine(day + timedelta(days=1), datetime.min.time(), tzinfo=clock.LOCAL)
    return midnight - timedelta(seconds=1)


def facts(policy: Policy, then: Policy | Stretch) -> Rows:
    """The plain facts of a policy as it stood."""
    last = then.ends_at - timedelta(seconds=1)
    first, until = (f"{at.astimezone(clock.LOCAL):%Y-%m-%d}" for at in (then.starts_at, last))
    return [
        (_("险类"), line_words(policy.line)), (_("机构"), then.branch.name),
        (_("保险期间"), f"{first} – {until}"),
        (_("保费"), _("已缴") if then.premium_paid else _("未缴")),
        (_("车牌"), then.plate), (_("车架号"), then.vin),
        (_("指定驾驶人"), "、".join(str(one.get("name", "")) for one in then.drivers)),
        (_("行驶区域"), then.region),
    ]  # fmt: skip


def people(then: Policy | Stretch) -> list[tuple[str, Rows]]:
    """Insured and holder; numbers of persons are hidden."""
    told = {_("被保险人"): then.insured}
    if then.holder_id != then.insured_id:
        told[_("投保人")] = then.holder
    return [(role, _person(party)) for role, party in told.items()]


def covers(policy: Policy, at: datetime) -> list[CoverShown]:
    """The covers in force at an instant."""
    return [
        CoverShown(
            str(PRODUCTS.get(one.product, _title(one.edition, one.product))),
            list(_terms(one.edition, one.terms)), one.starts_at,
            one.ends_at - timedelta(seconds=1),
        )
        for one in covers_of(policy, at=at)
    ]  # fmt: skip


def versions(policy: Policy) -> list[VersionShown]:
    """Every change of a policy, the newest first; without one, none."""
    found = list(policy.changes.order_by("-number")[:MOST])
    ids = {v for c in found for n, v in c.told.items() if n in {"insured_id", "holder_id"}}
    names = {p.pk: p.name for p in Party.objects.filter(pk__in=ids)}
    return [VersionShown(one, list(_changes(one, names))) for one in found]


def _changes(change: PolicyChange, names: Mapping[int, str]) -> Iterator[tuple[str, str]]:
    if change.kind == PolicyChange.Kind.ISSUED:
        return
    for name, value in change.told.items():
        if name.startswith(COVER):
            product = name.removeprefix(COVER)
            title = str(PRODUCTS.get(product, product))
            terms = _terms(value["edition"], value["terms"]) if value else ()
            yield title, " ".join(f"{n} {v}" for n, v in terms) if value else _("终止")
        else:
            yield str(FIELDS[name]), _value(name, value, names)


def _value(name: str, value: object, names: Mapping[int, str]) -> str:
    if name in {"insured_id", "holder_id"}:
        return names.get(int(str(value)), "")
    if name in {"starts_at", "ends_at"}:
        at = datetime.fromisoformat(str(value)).astimezone(clock.LOCAL)
        return f"{at:%Y-%m-%d %H:%M}"
    if name == "premium_paid":
        return _("是") if value else _("否")
    if isinstance(value, dict):
        return " ".join(map(str, value.values()))
    if isinstance(value, list):
        return "、".join(str(one.get("name", "")) for one in value)
    return str(value)


def _person(party: Party) -> Rows:
    return [
        (_("姓名"), party.name), (_("证件号"), f"**** {party.id_tail}" if party.id_tail else ""),
        (_("电话"), masked(party.reached_at, kind="phone")),
    ]  # fmt: skip


def _title(bought: str, product: str) -> str:
    return spoken(edition(bought).title) if bought in edition_names() else product


def _terms(bought: str, terms: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    known = edition(bought).terms if bought in edition_names() else {}
    for name, value in terms.items():
        fact = known.get(name)
        title = spoken(Words(fact.zh, fact.en)) if fact else name
        if name.endswith("_fen") and isinstance(value, int):
            yield title, yuan_words(value)
        elif name.endswith("_bp") and isinstance(value, int):
            yield title, f"{value // 100}.{value % 100:02}%"
        else:
            yield title, str(value)
