"""The sums of a claim as its claimant reads them: step by step, to whom, on which account."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext as _

from lipei.ch01_general.models import Claim, Exposure
from lipei.ch02_intake.covers import PAID_TO_INSURED
from lipei.ch03_assessment.adjudication import (
    calculation_of,
    joint_digest_of,
    sheet_of,
)
from lipei.ch03_assessment.models import Calculation
from lipei.ch04_payment.beneficiaries import is_of_the_dead
from lipei.ch04_payment.methods import sums_open
from lipei.ch04_payment.models import Account
from lipei.rules.products.edition import Words
from lipei.rules.statement import Sheet
from lipei.rules.steps import Step
from lipei.rules.yuan import in_capitals
from lipei.site.choices import spoken
from lipei.site.journey.parts import part_title
from lipei.site.limits import LimitShown, lasting_limits

UNUSABLE = frozenset({Account.Check.MISMATCH, Account.Check.UNKNOWN})
PROOF_SALT = "lipei.proof"
SIGNS = {"+": "+", "-": "−", "=": "="}


@dataclass(frozen=True)
class SumLine:
    """One line of a sum: what, why, by which article; `kind` is sum for a subtotal."""

    title: str
    why: str
    article: str
    op: str
    amount_fen: int
    kind: str


@dataclass(frozen=True)
class Payee:
    """Who gets a sum. `own` where it is the reader; `account` where one is known.

    `is_insured` where it is for the insured's own loss, whoever reads it; `is_beneficiary` where
    the insured has died; `position` is that of a part which they are paid for.
    """

    party_id: int | None
    name: str
    own: bool
    account: Account | None
    is_insured: bool = False
    is_beneficiary: bool = False
    position: int = 0


@dataclass(frozen=True)
class SumShown:
    """The sum of one exposure with every step; `digest` is the hash of its sheet, `proof` the
    address where anybody works it out again, `limits` what is left for later claims."""

    position: int
    title: str
    cover: str
    number: str
    amount_fen: int
    capitals: str
    lines: list[SumLine]
    is_verified: bool
    digest: str
    proof: str
    payee: Payee
    limits: list[LimitShown]


@dataclass(frozen=True)
class OpenSums:
    """The sums that wait for the claimant's word, and the one hash over their sheets."""

    sums: list[SumShown]
    digest: str

    @property
    def total_fen(self) -> int:
        """What all of them come to."""
        return sum(one.amount_fen for one in self.sums)

    @property
    def payees(self) -> list[Payee]:
        """Everybody who is paid, each once, the claimant first."""
        found = {one.payee.party_id: one.payee for one in self.sums}
        return sorted(found.values(), key=lambda payee: not payee.own)


def sums_shown(claim: Claim) -> list[SumShown]:
    """Every calculated sum of a claim, proved anew from its facts."""
    exposures = claim.exposures.select_related("payee").order_by("position")
    held = [(one, calculation_of(one)) for one in exposures]
    return [_shown(claim, one, made) for one, made in held if made is not None]


def open_sums(claim: Claim, *, reader: int | None = None) -> OpenSums:
    """The sums that wait for the claimant's word, as `reader` reads them, else the reporter."""
    exposures = list(claim.exposures.select_related("payee").order_by("position"))
    found = sums_open(exposures)
    return OpenSums(
        sums=[_shown(claim, one, made, reader=reader) for one, made in found],
        digest=joint_digest_of([made for _one, made in found]),
    )


def payee_of(claim: Claim, exposure: Exposure, *, reader: int | None = None) -> Payee:
    """Who gets the sum of an exposure: the insured for their own loss, the third party for theirs,
    the beneficiary in the place of an insured who has died."""
    party, dead = exposure.payee, is_of_the_dead(exposure)
    if party is None:
        name = _("受益人（待登记）") if dead else _("对方（待联系）")
        return Payee(None, name, own=False, account=None, is_beneficiary=dead,
                     position=exposure.position)  # fmt: skip
    newest = Account.objects.filter(party=party).order_by("-checked_at", "-pk").first()
    own = party.pk == (reader or claim.reporter_id)
    mine = exposure.thing in PAID_TO_INSURED and not dead
    return Payee(
        party.pk, party.name or _("您"), own=own, account=newest, is_insured=mine,
        is_beneficiary=dead, position=exposure.position,
    )  # fmt: skip


def proof_link(calculation: Calculation) -> str:
    """The address under which anybody works a calculation out again, without signing in."""
    return reverse("pocket:proof", args=[signing.dumps(calculation.pk, salt=PROOF_SALT)])


def calculation_at(token: str) -> Calculation | None:
    """The calculation that a link of ours names; none for any other text."""
    try:
        number = signing.loads(token, salt=PROOF_SALT)
    except signing.BadSignature:
        return None
    return Calculation.objects.select_related("exposure").filter(pk=number).first()


def usable_account(account: Account | None) -> Account | None:
    """The account, if the bank has not said that it is not the payee's."""
    return account if account and account.checked not in UNUSABLE else None


def _shown(
    claim: Claim, exposure: Exposure, made: Calculation, *, reader: int | None = None
) -> SumShown:
    sheet = sheet_of(made)
    return SumShown(
        position=exposure.position, title=part_title(exposure), cover=spoken(sheet.title),
        number=exposure.number or "", amount_fen=sheet.benefit_fen,
        capitals=in_capitals(sheet.benefit_fen), lines=lines_of(sheet),
        is_verified=sheet.is_verified, digest=made.sheet_hash, proof=proof_link(made),
        payee=payee_of(claim, exposure, reader=reader), limits=lasting_limits(made),
    )  # fmt: skip


def lines_of(sheet: Sheet) -> list[SumLine]:
    """The lines of a sheet as they are read, in the reader's language."""
    return [_line(step) for step in _told(sheet.steps)]


def _told(steps: Sequence[Step]) -> Sequence[Step]:
    """The lines as they are read; the last one, the sum itself, stands apart on the page."""
    return steps[:-1] if steps and steps[-1].sign == "=" else steps


def _line(step: Step) -> SumLine:
    return SumLine(
        title=spoken(Words(step.zh, step.en)), why=spoken(Words(step.why_zh, step.why_en)),
        article=spoken(Words(step.clause_zh, step.clause_en)), op=SIGNS[step.sign],
        amount_fen=step.amount_fen, kind="sum" if step.sign == "=" else "",
    )  # fmt: skip
