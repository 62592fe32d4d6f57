"""For what each cover answers: which things or persons, and in which kinds of event."""

from collections.abc import Iterable, Mapping

from lipei.ch01_general.models import Exposure

Thing = Exposure.Thing
THIRD = (Thing.OTHER_VEHICLE, Thing.OTHER_PROPERTY, Thing.PERSON)
ANSWERS_FOR: Mapping[str, tuple[Thing, ...]] = {
    "own_damage": (Thing.OWN_VEHICLE,),
    "own_damage_nev": (Thing.OWN_VEHICLE,),
    "compulsory_motor": THIRD,
    "third_party": THIRD,
    "occupants": (Thing.PERSON,),
    "mental_distress": (Thing.PERSON,),
    "health_inpatient": (Thing.INSURED,),
    "health_inpatient_family": (Thing.INSURED,),
    "health_inpatient_graded": (Thing.INSURED,),
    "hospital_cash": (Thing.INSURED,),
    "critical_illness": (Thing.INSURED,),
    "accident": (Thing.INSURED,),
    "accident_contract": (Thing.INSURED,),
    "accident_medical": (Thing.INSURED,),
    "group_accident": (Thing.INSURED,),
    "property": (Thing.OWN_PROPERTY,),
    "cargo": (Thing.OWN_PROPERTY,),
    "business_interruption": (Thing.OWN_PROPERTY,),
    "employer_liability": (Thing.PERSON,),
}
"""What a cover of each product may answer for; the first is what it usually does."""
PAID_TO_INSURED = frozenset({Thing.OWN_VEHICLE, Thing.INSURED, Thing.OWN_PROPERTY})
DEATH = "death"
"""The cause of a claim whose insured has died: nothing can be paid to them."""
SURVEYED = frozenset(
    {Thing.OWN_VEHICLE, Thing.OTHER_VEHICLE, Thing.OTHER_PROPERTY, Thing.OWN_PROPERTY}
)
"""What somebody drives to and looks at; the loss of a person is shown by papers."""
LABELS: Mapping[str, str] = {
    Thing.OWN_VEHICLE: "本车",
    Thing.OTHER_PROPERTY: "对方财物",
    Thing.PERSON: "伤者",
    Thing.INSURED: "被保险人",
    Thing.OWN_PROPERTY: "保险标的",
}
IN_HOSPITAL = frozenset(
    {"health_inpatient", "health_inpatient_family", "health_inpatient_graded", "hospital_cash"}
)
OF_ACCIDENTS = frozenset({"accident", "accident_contract", "accident_medical", "group_accident"})
BY_CAUSE: Mapping[str, frozenset[str]] = {
    "illness": IN_HOSPITAL,
    "critical_illness": frozenset({"critical_illness"}),
    "accident": IN_HOSPITAL | OF_ACCIDENTS | {"employer_liability"},
    "disability": OF_ACCIDENTS,
    "death": OF_ACCIDENTS - {"accident_medical"},
}
"""The covers that a cause concerns; a cause that is not listed concerns them all."""


def is_paid_to_insured(thing: str, *, cause: str) -> bool:
    """Whether a loss is the insured's own and they are alive to be paid (4.1-b, 保险法42)."""
    return thing in PAID_TO_INSURED and not (thing == Thing.INSURED and cause == DEATH)


def concerned(products: Iterable[str], *, cause: str) -> list[str]:
    """The covers of a policy that a cause concerns, in their order; all, where it is none."""
    known = [product for product in products if product in ANSWERS_FOR]
    wanted = BY_CAUSE.get(cause)
    found = [product for product in known if wanted is None or product in wanted]
    return found or known
