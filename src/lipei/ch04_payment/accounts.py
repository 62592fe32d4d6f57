"""4.2 On which account a sum goes, and who may say so (4.1-b, 4.1-d)."""

from django.db import transaction

from lipei.ch01_general.actors import actor
from lipei.ch01_general.aims import tell
from lipei.ch01_general.models import Claim, Exposure, Party
from lipei.ch01_general.policies import is_party_to
from lipei.ch01_general.process import allowed, open_case
from lipei.ch01_general.reading import claim_seen
from lipei.ch01_general.stages import Side, Stage
from lipei.ch01_general.words import stage_words
from lipei.ch02_intake.covers import PAID_TO_INSURED
from lipei.ch02_intake.materials import is_authorised
from lipei.ch04_payment import events
from lipei.ch04_payment.models import Account
from lipei.kit import bank, clock, sealed
from lipei.kit.bank import NameCheck
from lipei.kit.checks import bank_card, person_name
from lipei.kit.journal import record
from lipei.kit.outside import Declined, Outage
from lipei.kit.refusal import Refused

# Commands


def give_account(party_id: int, *, bank_name: str, number: str, holder: str, by: str) -> Account:
    """Keep an account of a party. Its name must be the payee's own (4.1-d); the bank is asked.

    When the bank is silent, the account is kept as not yet checked and asked again later.
    """
    party = Party.objects.get(pk=party_id)
    digits = bank_card(number, field="account_number")
    if party.name and holder.strip() != party.name:
        raise Refused("account_name_differs", field="account_holder")
    checked = _whose(digits, holder)
    return _kept(party, digits, bank_name=bank_name, holder=holder, checked=checked, by=by)


def give_payee_account(
    number: str, *, position: int, bank_name: str, card: str, holder: str, by: str
) -> Account:
    """Say on which account the payee of one part is paid: one's own, or for whom one may speak.

    A third party whom nobody has named yet is named by the holder of the account, once the
    bank has not said that it is somebody else's (4.1-b).
    """
    exposure = _part(number, position, by=by, duty="own.confirm")
    acting = actor(by)
    if not may_give_account(exposure.claim, party_id=acting.party_id, payee_id=exposure.payee_id):
        raise Refused("payee_not_yours")
    if exposure.payee_id is not None:
        return give_account(
            exposure.payee_id, bank_name=bank_name, number=card, holder=holder, by=by
        )
    if exposure.thing == Exposure.Thing.INSURED:
        raise Refused("beneficiary_untold")
    digits = bank_card(card, field="account_number")
    checked = _whose(digits, holder)
    party = Party.objects.get(pk=name_payee(number, name=holder, phone="", by=by))
    return _kept(party, digits, bank_name=bank_name, holder=holder, checked=checked, by=by)


def correct_account(
    number: str, *, position: int, bank_name: str, card: str, holder: str, by: str
) -> Account:
    """Finance keeps the payee's corrected account after the money came back (4.4-a)."""
    exposure = _part(number, position, by=by, duty="pay.return")
    if Side.BOUNCED not in exposure.sides or exposure.payee_id is None:
        raise Refused.stage(stage_words(exposure.stage))
    return give_account(exposure.payee_id, bank_name=bank_name, number=card, holder=holder, by=by)


def note_account_check(account: int, *, checked: str, by: str) -> None:
    """The bank has said whose an account is that was given while it was silent (4.1-d).

    If it is not the payee's, whoever waits for the money is told; heard twice, it happens once.
    """
    with transaction.atomic():
        held = Account.objects.select_for_update().get(pk=account)
        again = not _is_unheard(held)
        if not again:
            held.checked, held.checked_at = checked, clock.now()
            held.save(update_fields=["checked", "checked_at"])
        record(f"party/{held.party_id}", events.ACCOUNT_CHECKED, by=by, clause="4.1-d",
               account=held.pk, checked=held.checked, again=again)  # fmt: skip
        if not again and checked != Account.Check.MATCHED:
            _ask_for_another(held)


def name_payee(number: str, *, name: str, phone: str, by: str) -> int:
    """The insured says who the third party is, whose loss is paid to themselves (4.1-b, 保险法65).

    Only for a third party's loss where nobody is named yet: one's own loss goes to the insured
    of the policy. The policyholder may say it too, and whoever holds the insured's checked
    authorisation; whoever merely reported may not. Returns the party to whom the sums then go.
    """
    with open_case(number, by=by, duty="own.confirm") as case:
        if not may_name_payee(case.claim, party_id=case.actor.party_id):
            raise Refused("payee_not_yours")
        nameless = [
            e for e in case.live()
            if e.payee_id is None and e.thing not in PAID_TO_INSURED
        ]  # fmt: skip
        if not nameless:
            raise Refused("payee_named_already")
        party = Party.objects.create(name=person_name(name, field="holder"), phone=phone)
        for exposure in nameless:
            exposure.payee_id = party.pk
        case.record(events.PAYEE_NAMED, clause="4.1-d",
                    positions=[e.position for e in nameless])  # fmt: skip
    return party.pk


# Queries


def may_name_payee(claim: Claim, *, party_id: int | None) -> bool:
    """Whether this party may say who is paid: insured, policyholder, or who is authorised."""
    if party_id is None:
        return False
    theirs = is_party_to(claim.policy_id, party_id=party_id, at=claim.lost_at)
    return theirs or is_authorised(claim)


def may_give_account(claim: Claim, *, party_id: int | None, payee_id: int | None) -> bool:
    """Whether this party may say on which account a payee is paid: the payee, or who names one."""
    own = payee_id is not None and payee_id == party_id
    return own or may_name_payee(claim, party_id=party_id)


# The parts of the commands


def _whose(digits: str, holder: str) -> str:
    """What the bank says of account and name; not known yet while it is silent."""
    try:
        checked = bank.BankPort().check_account(digits, account_name=holder.strip()).value
    except Outage:
        return str(Account.Check.OPEN)
    except Declined:
        raise Refused("account_check_declined", field="account_number") from None
    if checked in {NameCheck.MISMATCH, NameCheck.UNKNOWN}:
        raise Refused("account_name_differs", field="account_number")
    return checked


def _kept(
    party: Party, digits: str, *, bank_name: str, holder: str, checked: str, by: str
) -> Account:
    with transaction.atomic():
        if not party.name:
            Party.objects.filter(pk=party.pk).update(name=holder.strip())
        account, made = Account.objects.update_or_create(
            party=party, number_digest=sealed.digest(digits),
            defaults={
                "bank": bank_name.strip(), "holder_name": holder.strip(),
                "number_sealed": sealed.seal(digits), "tail": digits[-4:],
                "checked": checked,
                "checked_at": None if checked == Account.Check.OPEN else clock.now(),
            },
        )  # fmt: skip
        record(f"party/{party.pk}", events.ACCOUNT_GIVEN, by=by, clause="4.1-d",
               account=account.pk, again=not made, checked=checked)  # fmt: skip
    return account


def _part(number: str, position: int, *, by: str, duty: str) -> Exposure:
    """One exposure of a claim on which this actor holds a duty; else as if there were none."""
    acting = actor(by)
    claim = claim_seen(number, acting=acting)
    found = claim.exposures.filter(position=position).first()
    if found is None or not allowed(acting, claim, duty):
        raise Refused("claim_not_found")
    return found


def _is_unheard(account: Account) -> bool:
    return account.checked == Account.Check.OPEN and account.checked_at is None


def _ask_for_another(account: Account) -> None:
    """Tell the reporters of claims that still pay to this party that the account will not do."""
    unpaid = Exposure.objects.filter(payee_id=account.party_id).exclude(
        stage__in=(Stage.PAID, Stage.ARCHIVED)
    )
    claims = Claim.objects.filter(pk__in=unpaid.values("claim_id")).select_related("reporter")
    for claim in claims:
        tell(claim.reporter, f"{events.ACCOUNT_CHECKED}/{account.pk}", wording="account_differs",
             claim=claim)  # fmt: skip
