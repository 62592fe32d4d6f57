"""Numbers by which people, companies, cars and cards are known, and how each proves itself.

Every function here takes a tidied text (half-width, upper case, no blanks) and only looks.
Sources: GB 11643 (resident ID), GB/T 2260 (regions), GB 32100 (credit code), GA 36 (plates),
GB 16735 (VIN), ISO/IEC 7812 (cards).
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

PROVINCES = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]")
WHOLE_REGIONS = frozenset({"710000", "810000", "820000", "830000"})
LAST_PREFECTURE = 50
CITIES_FROM_51 = frozenset({"4451", "4452", "4453"})
DIRECT = 90
HAINAN_BEFORE_COUNTIES_MOVED = "4600"
OLDEST_BIRTH = date(1900, 1, 1)
RESIDENT_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
RESIDENT_MARKS = "10X98765432"
RESIDENT = re.compile(r"[0-9]{17}[0-9X]")
RESIDENT_OLD = re.compile(r"[0-9]{15}")

CREDIT_MARKS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CREDIT = re.compile(rf"[1-9ANY][{CREDIT_MARKS}][0-9]{{6}}[{CREDIT_MARKS}]{{10}}")
CREDIT_MODULUS = 31

MOBILE = re.compile(r"1[3-9][0-9]{9}")
LANDLINE = re.compile(r"0[1-9][0-9]{1,2}[1-9][0-9]{6,7}")
SERVICE_LINE = re.compile(r"(?:400|800)[0-9]{7}|95[0-9]{3,6}|1[012][0-9]{3}")

_P = "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"
_A, _AN = "[A-HJ-NP-Z]", "[A-HJ-NP-Z0-9]"
PLATES = {
    "ordinary": rf"{_P}[A-Z](?=(?:.*[0-9]){{2}}){_AN}{{5}}",
    "new_energy": rf"{_P}[A-Z](?:[ABCDEFGHJK]{_AN}[0-9]{{4}}|[0-9]{{5}}[ABCDEFGHJK])",
    "special": rf"{_P}[A-Z]{_AN}{{4}}[警学港澳挂试超领]",
    "embassy": r"(?:使[0-9]{6}|[0-9]{6}使)",
    "consulate": rf"{_P}[A-Z]?[0-9]{{4,5}}领",
    "rescue": rf"{_P}[XS][0-9]{{4}}应急",
    "army": rf"{_A}{{2}}[0-9]{{5}}",
    "armed_police": rf"WJ{_P}?[0-9]{{4}}[0-9A-Z]",
    "airport": r"民航[A-Z0-9]{5}",
    "farm": rf"{_P}[0-9]{{7}}",
}
_PLATES = {kind: re.compile(pattern) for kind, pattern in PLATES.items()}

VIN = re.compile(r"[A-HJ-NPR-Z0-9]{17}")
VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
VIN_VALUES = {
    **{str(n): n for n in range(10)},
    **dict(zip("ABCDEFGH", range(1, 9), strict=True)),
    **dict(zip("JKLMN", range(1, 6), strict=True)),
    **{"P": 7, "R": 9},
    **dict(zip("STUVWXYZ", range(2, 10), strict=True)),
}
VIN_CHECK_PLACE = 8
CARD = re.compile(r"[0-9]{12,19}")


@dataclass(frozen=True)
class Resident:
    """What a resident ID number says of its bearer."""

    number: str
    region: str
    born_on: date
    sex: Literal["female", "male"]


def resident(number: str, *, today: date) -> Resident | None:
    """The bearer of an 18-digit number, or of an old 15-digit one; none if it cannot be one.

    Wants a region of GB/T 2260 (also of the permits for Hong Kong, Macao and Taiwan), a day
    of birth between 1900 and today, and the right last mark.
    """
    full = upgraded(number) if RESIDENT_OLD.fullmatch(number) else number
    if not RESIDENT.fullmatch(full) or resident_mark(full[:17]) != full[17]:
        return None
    try:
        born_on = date(int(full[6:10]), int(full[10:12]), int(full[12:14]))
    except ValueError:
        return None
    if not OLDEST_BIRTH <= born_on <= today or not is_region(full[:6]):
        return None
    sex: Literal["female", "male"] = "male" if int(full[16]) % 2 else "female"
    return Resident(full, full[:6], born_on, sex)


def upgraded(number: str) -> str:
    """An old 15-digit number as the cards show it since 1999: born in 19.., with a mark."""
    full = f"{number[:6]}19{number[6:]}"
    return full + resident_mark(full)


def resident_mark(body: str) -> str:
    """The last mark of a resident ID number from its first 17 digits (ISO 7064 MOD 11-2)."""
    total = sum(int(d) * w for d, w in zip(body, RESIDENT_WEIGHTS, strict=True))
    return RESIDENT_MARKS[total % 11]


def is_region(code: str) -> bool:
    """Whether a region may have existed since 1980: by the structure of GB/T 2260.

    By structure, not by a list: abolished prefectures stay in the numbers of the living.
    """
    if not PROVINCES.fullmatch(code[:2]):
        return code in WHOLE_REGIONS
    prefecture = int(code[2:4])
    return (
        0 < prefecture <= LAST_PREFECTURE
        or prefecture == DIRECT
        or code[:4] in CITIES_FROM_51
        or code[:4] == HAINAN_BEFORE_COUNTIES_MOVED
    )


def is_credit_code(code: str) -> bool:
    """Whether a unified social credit code (18 marks) proves itself by its last mark."""
    if not CREDIT.fullmatch(code):
        return False
    total = sum(CREDIT_MARKS.index(m) * pow(3, n, CREDIT_MODULUS) for n, m in enumerate(code[:17]))
    return CREDIT_MARKS[-total % CREDIT_MODULUS] == code[17]


def plate_kind(plate: str) -> str:
    """Which kind of plate this is ("ordinary", "new_energy" …); empty if none."""
    return next((kind for kind, form in _PLATES.items() if form.fullmatch(plate)), "")


def is_vin(vin: str) -> bool:
    """Whether a text has the shape of a vehicle identification number: 17 marks, no I, O, Q."""
    return bool(VIN.fullmatch(vin))


def vin_proves_itself(vin: str) -> bool:
    """Whether the ninth mark is the check mark; imported cars need not have one."""
    total = sum(VIN_VALUES[m] * w for m, w in zip(vin, VIN_WEIGHTS, strict=True))
    return "0123456789X"[total % 11] == vin[VIN_CHECK_PLACE]


def luhn(digits: str) -> bool:
    """Whether a row of digits proves itself by its last one (Luhn)."""
    doubled = (int(d) * 2 if n % 2 else int(d) for n, d in enumerate(reversed(digits)))
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0  # noqa: PLR2004


def is_card(number: str) -> bool:
    """Whether this can be a bank card's number: 12 to 19 digits with the right last one."""
    return bool(CARD.fullmatch(number)) and luhn(number)


def is_mobile(number: str) -> bool:
    """Whether this is a mainland mobile number of eleven digits."""
    return bool(MOBILE.fullmatch(number))


def is_phone(number: str) -> bool:
    """Whether this is a mainland mobile, landline (with area code) or service number."""
    return any(form.fullmatch(number) for form in (MOBILE, LANDLINE, SERVICE_LINE))
