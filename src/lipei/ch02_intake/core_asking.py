"""A report whose policy is not here: the core system is asked, after the report is taken.

The report never waits for the core system. Where it is silent, it is asked again later, and
meanwhile the claim stands as every report without a policy does.
"""

from procrastinate.contrib.django import app

from lipei.ch01_general.core_policies import asked_of_core, bring
from lipei.ch01_general.models import Claim, Party
from lipei.ch02_intake import events
from lipei.ch02_intake.registration import link_policy
from lipei.kit import jobs, sealed
from lipei.kit.core import CorePolicy, is_there
from lipei.kit.journal import on
from lipei.kit.models import Entry
from lipei.kit.refusal import Refused

BY = "system/core"

# Listeners


@on(events.CLAIM_REPORTED)
def ask_core_about_report(entry: Entry) -> None:
    """A report without its policy: the core system may know it."""
    if not entry.facts["policy"] and is_there():
        number = entry.subject.removeprefix("claim/")
        jobs.queue("lipei.ask_core", lock=f"core/{number}", number=number)


# Jobs


@app.task(name="lipei.ask_core", queue=jobs.OUTSIDE, retry=jobs.STUBBORN)
def ask_core(number: str) -> None:
    """Bring in what the core system knows of a report, and link the one policy that is meant.

    Linked is only a policy whose insured or holder reports, or which somebody of the house took
    the report for; any other is brought in, for a person to link.
    """
    claim = Claim.objects.select_related("reporter").get(number=number)
    if claim.policy_id is not None or not claim.is_open:
        return
    found = [one for one in _asked(claim) if _brought(one)]
    meant = [one for one in found if _is_meant(claim, one)]
    if len(meant) == 1:
        try:
            link_policy(number, policy=meant[0].number, by=BY)
        except Refused:
            return


# The parts


def _asked(claim: Claim) -> list[CorePolicy]:
    """What the core system tells, asked by what the report says."""
    reporter = claim.reporter
    return asked_of_core(
        number=str(claim.facts.get("policy_told", "")),
        plate=claim.plate or str(claim.facts.get("own_plate", "")),
        id_number=sealed.unseal(reporter.id_sealed) if reporter else "",
    )


def _brought(told: CorePolicy) -> bool:
    """Whether a policy could be brought in; one that cannot keeps no other out."""
    try:
        bring(told)
    except Refused:
        return False
    return True


def _is_meant(claim: Claim, told: CorePolicy) -> bool:
    """Whether a policy is in force at the loss, of the claim's line, and the reporter's own or
    that which the house was told."""
    if told.line != claim.line or not told.starts_at <= claim.lost_at < told.ends_at:
        return False
    if claim.channel not in {"app", "api"}:
        return told.number == claim.facts.get("policy_told") or _is_theirs(claim.reporter, told)
    return _is_theirs(claim.reporter, told)


def _is_theirs(reporter: Party | None, told: CorePolicy) -> bool:
    if reporter is None or not reporter.id_digest:
        return False
    numbers = {one.id_number for one in (told.insured, told.holder) if one.id_number}
    return reporter.id_digest in {sealed.digest(one) for one in numbers}
