"""The forms with which a claimant signs in."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from lipei.kit import checks
from lipei.kit.forms import Checked
from lipei.kit.refusal import Refused

SIX_DIGITS = re.compile(r"[0-9]{6}")


def code_of(value: object, *, field: str = "code") -> str:
    """A one-time code: six digits, blanks between them forgiven."""
    text = checks.plain_text(value, field=field, limit=40, lines=False, empty=False)
    digits = "".join(text.split())
    if not SIX_DIGITS.fullmatch(digits):
        raise Refused("code_wrong", field=field)
    return digits


class PhoneForm(forms.Form):
    """The mobile number to which the code goes."""

    phone = Checked(
        checks.mobile, name="phone", label=_("手机号"),
        widget=forms.TextInput(
            attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel", "maxlength": 20}
        ),
    )  # fmt: skip


class CodeForm(forms.Form):
    """The one-time code from the message."""

    code = Checked(code_of, name="code", label=_("短信验证码"))


class CallerForm(forms.Form):
    """The name under which somebody reported by telephone or at the counter."""

    caller = Checked(
        checks.person_name, name="caller", label=_("报案时登记的姓名"),
        widget=forms.TextInput(attrs={"maxlength": 80, "autocomplete": "name"}),
    )  # fmt: skip
