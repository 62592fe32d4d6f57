"""The checks of the door as types: a body's model says `phone: Mobile` and nothing more.

A refusal becomes the error of its field, so that one answer names everything that is wrong.
"""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from lipei.kit import checks
from lipei.kit.refusal import Refused

FIELD = "value"


class Checked:
    """Lets pydantic ask a check; the words given are what the published schema says."""

    def __init__(self, check: Callable[..., object], **shown: object) -> None:
        self.check = check
        self.shown = shown

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """The check alone decides what comes in; what goes out is written as its type is."""
        out = handler(source)
        return core_schema.no_info_before_validator_function(self._checked, out)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """The published schema: the type's own, with what was said of it."""
        return {**handler(schema), **self.shown}

    def _checked(self, value: Any) -> object:  # noqa: ANN401  whatever came in
        try:
            return self.check(value, field=FIELD)
        except Refused as refused:
            told = {k: v for k, v in refused.params.items() if k != "field"}
            raise PydanticCustomError(refused.slug, refused.slug, told) from None


def text(limit: int, *, lines: bool = False, empty: bool = False, example: str = "") -> Checked:
    """A text of at most so many characters; one line and not blank unless said otherwise."""
    check = partial(checks.plain_text, limit=limit, lines=lines, empty=empty)
    shown: dict[str, object] = {} if empty else {"minLength": 1}
    if example:
        shown["examples"] = [example]
    return Checked(check, maxLength=limit, **shown)


def one_of(*allowed: str) -> Checked:
    """One word of a list."""
    return Checked(partial(checks.choice, allowed=allowed), enum=list(allowed))


def or_none(kind: object) -> Checked:
    """The check of one of the types below, which also lets an empty text pass."""
    (checked,) = getattr(kind, "__metadata__")  # noqa: B009  an Annotated alias
    assert isinstance(checked, Checked)

    def check(value: object, *, field: str) -> object:
        return "" if value == "" else checked.check(value, field=field)

    shown = {k: v for k, v in checked.shown.items() if k in {"examples", "maxLength"}}
    return Checked(check, **shown)


PlainText = Annotated[str, text(checks.TEXT_LIMIT, lines=True, empty=True)]
Line = Annotated[str, text(200)]
Name = Annotated[str, Checked(checks.person_name, minLength=1, maxLength=80, examples=["周晓芸"])]
Key = Annotated[
    str,
    Checked(
        checks.idempotency_key,
        pattern=f"^{checks.KEY.pattern}$",
        examples=["3f0c7d0e-2c1a-4e0b-9a57-1f7f2f3a9d11"],
    ),
]
ResidentId = Annotated[
    str,
    Checked(
        checks.resident_id,
        pattern="^([0-9]{15}|[0-9]{17}[0-9Xx])$",
        examples=["110101199003077352"],
    ),
]
CreditCode = Annotated[
    str,
    Checked(checks.credit_code, minLength=18, maxLength=18, examples=["91110000600037341L"]),
]
Mobile = Annotated[
    str, Checked(checks.mobile, pattern="^1[3-9][0-9]{9}$", examples=["13800138000"])
]
Phone = Annotated[str, Checked(checks.phone, minLength=5, maxLength=20, examples=["01084009988"])]
Plate = Annotated[str, Checked(checks.plate, minLength=7, maxLength=9, examples=["粤B12345"])]
Vin = Annotated[
    str,
    Checked(checks.vin, pattern="^[A-HJ-NPR-Z0-9]{17}$", examples=["LSVAA49J132047371"]),
]
BankCard = Annotated[
    str, Checked(checks.bank_card, pattern="^[0-9]{12,19}$", examples=["622202123456789012"])
]
Fen = Annotated[
    int, Checked(checks.fen, minimum=0, maximum=checks.MOST_FEN, examples=[196_326_000])
]
Yuan = Annotated[int, Checked(checks.yuan_to_fen, type="string", examples=["19,632.60"])]
Instant = Annotated[
    datetime,
    Checked(partial(checks.instant), examples=["2026-05-01T08:30:00+08:00"]),
]
PastInstant = Annotated[
    datetime,
    Checked(partial(checks.instant, future=False), examples=["2026-05-01T08:30:00+08:00"]),
]
Day = Annotated[date, Checked(partial(checks.day), examples=["2026-05-01"])]
PastDay = Annotated[date, Checked(partial(checks.day, future=False), examples=["2026-05-01"])]
