"""The hub's tables. Only chapter 1 writes them; every other chapter points here."""

from lipei.ch01_general.models.changes import Proposed, Revision
from lipei.ch01_general.models.claims import Claim, Clearance, Clock, Exposure, Hold, Task
from lipei.ch01_general.models.editions import EditionApproval
from lipei.ch01_general.models.imports import ImportFault, ImportMapping, PolicyImport
from lipei.ch01_general.models.letters import Letter, LetterDelivery
from lipei.ch01_general.models.people import (
    Absence,
    Appointment,
    Branch,
    Certificate,
    Department,
    OneTimeCode,
    Party,
    Staff,
    Token,
)
from lipei.ch01_general.models.policies import (
    Cover,
    EarnedPremium,
    Policy,
    PolicyChange,
    Premium,
    Stretch,
)
from lipei.ch01_general.models.told import ClauseEdition, Message

__all__ = [
    "Absence",
    "Appointment",
    "Branch",
    "Certificate",
    "Claim",
    "ClauseEdition",
    "Clearance",
    "Clock",
    "Cover",
    "Department",
    "EarnedPremium",
    "EditionApproval",
    "Exposure",
    "Hold",
    "ImportFault",
    "ImportMapping",
    "Letter",
    "LetterDelivery",
    "Message",
    "OneTimeCode",
    "Party",
    "Policy",
    "PolicyChange",
    "PolicyImport",
    "Premium",
    "Proposed",
    "Revision",
    "Staff",
    "Stretch",
    "Task",
    "Token",
]
