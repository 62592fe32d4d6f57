"""The door: every kind of input is tidied and checked here before anything looks at it.

Each check takes what came in (a form's text, a JSON value) and returns the tidy value or
raises `Refused` naming the field. `lipei.kit.fields` lends the same checks to typed bodies.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from unicodedata import category, normalize

from lipei.kit import clock, identity
from lipei.kit.refusal import Refused

TEXT_LIMIT = 2_000
NUMBER_LIMIT = 64
MOST_FEN = 10**13
FEN_A_YUAN = 100
FIRST_INSTANT = datetime(1990, 1, 1, tzinfo=clock.LOCAL)
LAST_INSTANT = datetime(2200, 1, 1, tzinfo=clock.LOCAL)
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 1, 1)
SKEW = timedelta(minutes=5)

KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{7,79}")
YUAN = re.compile(r"¥?([0-9]{1,12}|[0-9]{1,3}(?:,[0-9]{3}){1,3})(?:\.([0-9]{1,2}))?元?")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?"
    r"(?:Z|[+-][0-9]{2}:[0-9]{2})?"
)
UNREADABLE = re.compile("[\x00\ud800-\udfff]")
HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
BREAKS = re.compile("\r\n?|[\u2028\u2029]")
GAPS = re.compile(r"[\s\-·•.]+")


def is_readable(text: str) -> bool:
    """Whether a text can be kept at all: no NUL and no half of a surrogate pair in it."""
    return not UNREADABLE.search(text)


def plain_text(
    value: object,
    *,
    field: str,
    limit: int = TEXT_LIMIT,
    lines: bool = True,
    empty: bool = True,
) -> str:
    """A text as people write it: composed (NFC), trimmed, with line feeds for line ends.

    Refuses what is no text (`value_wrong`); NUL, control and direction-changing characters
    (`text_not_allowed`); more than `limit` characters (`text_too_long`); a blank where
    something must stand (`text_missing`). Without `lines` white space becomes single blanks.
    """
    if not isinstance(value, str):
        raise Refused("value_wrong", field=field)
    if len(value) > 4 * limit + NUMBER_LIMIT:
        raise Refused("text_too_long", field=field, limit=limit)
    text = BREAKS.sub("\n", value)
    if HIDDEN.search(text):
        raise Refused("text_not_allowed", field=field)
    text = normalize("NFC", text).strip()
    if not lines:
        text = " ".join(text.split())
    if len(text) > limit:
        raise Refused("text_too_long", field=field, limit=limit)
    if not text and not empty:
        raise Refused("text_missing", field=field)
    return text


def person_name(value: object, *, field: str = "name") -> str:
    """A person's or company's name: one line of at most 80 characters with a letter in it."""
    name = plain_text(value, field=field, limit=80, lines=False, empty=False)
    if not any(category(mark).startswith("L") for mark in name):
        raise Refused("name_wrong", field=field)
    return name


def idempotency_key(value: object, *, field: str = "Idempotency-Key") -> str:
    """The key under which a command happens once: 8 to 80 letters, digits and . _ : -"""
    if not isinstance(value, str) or not KEY.fullmatch(value):
        raise Refused("request_key_wrong", field=field)
    return value


def choice(value: object, *, allowed: tuple[str, ...], field: str) -> str:
    """One word of a list."""
    if value not in allowed:
        raise Refused("choice_unknown", field=field)
    return str(value)


# Numbers of people, companies, cars and cards


def resident_id(value: object, *, field: str = "id_number") -> str:
    """A resident ID number with 18 marks; an old one of 15 digits is brought up to 18."""
    found = identity.resident(_number(value, field), today=clock.today())
    if found is None:
        raise Refused("identity_number_wrong", field=field)
    return found.number


def credit_code(value: object, *, field: str = "uscc") -> str:
    """A company's unified social credit code (统一社会信用代码) of 18 marks."""
    return _held(value, identity.is_credit_code, slug="company_code_wrong", field=field)


def mobile(value: object, *, field: str = "phone") -> str:
    """A mainland mobile number: eleven digits, without the country code."""
    found = _without_country(_number(value, field))
    return _held(found, identity.is_mobile, slug="phone_number_wrong", field=field)


def phone(value: object, *, field: str = "phone") -> str:
    """A mainland mobile, landline (with area code) or service number, digits only."""
    found = _without_country(_number(value, field))
    return _held(found, identity.is_phone, slug="telephone_wrong", field=field)


def plate(value: object, *, field: str = "plate") -> str:
    """A number plate as on the policy: 粤B12345, 粤BD12345 (new energy), 京A1234警 …"""
    return _held(
        value, lambda text: bool(identity.plate_kind(text)), slug="plate_wrong", field=field
    )


def vin(value: object, *, field: str = "vin") -> str:
    """A vehicle identification number; whether its check mark fits is only a warning."""
    return _held(value, identity.is_vin, slug="vin_wrong", field=field)


def bank_card(value: object, *, field: str = "account") -> str:
    """A bank card's number: 12 to 19 digits that prove themselves."""
    return _held(value, identity.is_card, slug="account_number_wrong", field=field)


def _number(value: object, field: str) -> str:
    """A number as it is compared: half-width, upper case, without blanks, dashes and dots."""
    text = plain_text(value, field=field, limit=NUMBER_LIMIT, lines=False, empty=False)
    return GAPS.sub("", normalize("NFKC", text)).upper()


def _held(value: object, holds: Callable[[str], bool], *, slug: str, field: str) -> str:
    text = _number(value, field)
    if not holds(text):
        raise Refused(slug, field=field)
    return text


def _without_country(number: str) -> str:
    for prefix in ("+86", "0086"):
        number = number.removeprefix(prefix)
    return number.removeprefix("86") if len(number) == len("8613800138000") else number


# Money


def fen(value: object, *, field: str = "amount_fen") -> int:
    """An amount in whole fen, from nothing to 100 thousand million yuan; true is no amount."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise Refused("amount_wrong", field=field)
    if value > MOST_FEN:
        raise Refused("amount_too_large", field=field)
    return value


def yuan_to_fen(value: object, *, field: str = "amount") -> int:
    """An amount as people write yuan ("1,234.5", "￥１２３４．５０", "300元"), in exact fen.

    Refuses a sign, more than two decimals, groups that are no thousands, and anything else.
    """
    text = plain_text(value, field=field, limit=NUMBER_LIMIT, lines=False, empty=False)
    found = YUAN.fullmatch("".join(normalize("NFKC", text).split()))
    if found is None:
        raise Refused("amount_wrong", field=field)
    whole, below = found[1].replace(",", ""), (found[2] or "").ljust(2, "0")
    return fen(int(whole) * FEN_A_YUAN + int(below), field=field)


# Time


def instant(value: object, *, field: str, future: bool = True) -> datetime:
    """An instant with its time zone, from 1990 on; without `future` not after now.

    Takes a datetime or its ISO text. Refuses `time_wrong`, `time_without_zone`,
    `time_too_early`, `time_in_future`; five minutes of a fast clock are forgiven.
    """
    found = _moment(value, field)
    if found.tzinfo is None or found.utcoffset() is None:
        raise Refused("time_without_zone", field=field)
    return _placed(found, field=field, future=future)


def local_instant(value: object, *, field: str, future: bool = True) -> datetime:
    """An instant from a form: without a zone it is China's time. Refusals as `instant`."""
    found = _moment(value, field)
    aware = found if found.tzinfo else found.replace(tzinfo=clock.LOCAL)
    return _placed(aware, field=field, future=future)


def day(value: object, *, field: str, future: bool = True) -> date:
    """A day of the calendar, from 1900 on; without `future` not after today in China."""
    found = value if type(value) is date else _day(value, field)
    if not FIRST_DAY <= found < LAST_DAY:
        raise Refused("day_wrong", field=field)
    if not future and found > clock.today():
        raise Refused("time_in_future", field=field)
    return found


def _moment(value: object, field: str) -> datetime:
    if isinstance(value, datetime):
        return value
    if isinstance(value, str) and MOMENT.fullmatch(text := value.strip()):
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            pass
    raise Refused("time_wrong", field=field)


def _placed(at: datetime, *, field: str, future: bool) -> datetime:
    if at < FIRST_INSTANT:
        raise Refused("time_too_early", field=field)
    if at >= LAST_INSTANT:
        raise Refused("time_wrong", field=field)
    if not future and at > clock.now() + SKEW:
        raise Refused("time_in_future", field=field)
    return at


def _day(value: object, field: str) -> date:
    if isinstance(value, str) and DAY.fullmatch(text := value.strip()):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise Refused("day_wrong", field=field)
