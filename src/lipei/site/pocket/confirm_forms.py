"""The claimant's word on the sums: a choice for each, accounts, a signature, a code."""

import re
from functools import partial

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lipei.ch04_payment.methods import CHOICES, STROKES_MOST, Signature
from lipei.ch04_payment.models import Account
from lipei.kit import checks
from lipei.kit.forms import Checked
from lipei.kit.refusal import Refused
from lipei.site.demonstration import CARDS
from lipei.site.journey.sums import OpenSums, Payee, SumShown, usable_account
from lipei.site.pocket.account_forms import code_of
from lipei.site.pocket.report_forms import Typed, flat, short_line

STROKE = re.compile(r"(M\d{1,4} \d{1,4}(L\d{1,4} \d{1,4})*)+")
NEW = "new"


def strokes(value: object, *, field: str = "signature") -> str:
    """A drawn signature as SVG path data of whole numbers; nothing else is taken."""
    text = value if isinstance(value, str) else ""
    if len(text) > STROKES_MOST:
        raise Refused("text_too_long", field=field, limit=STROKES_MOST)
    if not STROKE.fullmatch(text):
        raise Refused("signature_needed", field=field)
    return text


class AccountForm(forms.Form):
    """The bank account of one payee; the third party's may be left to us."""

    bank = Checked(
        short_line(60), name="bank", label=gettext_lazy("开户银行"),
        widget=forms.TextInput(attrs={"maxlength": 60, "placeholder": "中国工商银行"}),
    )  # fmt: skip
    number = Checked(
        checks.bank_card, name="number", label=gettext_lazy("银行卡号"),
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": 30}
        ),
    )  # fmt: skip
    holder = Checked(
        checks.person_name, name="holder", label=gettext_lazy("户名"),
        help_text=gettext_lazy("必须是收款人本人的账户"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": 80}),
    )  # fmt: skip

    def __init__(self, typed: Typed | None, *, payee: Payee) -> None:
        self.payee = payee
        self.key = str(payee.party_id or NEW)
        typed_here = flat(typed) if typed else None
        known = payee.name if payee.party_id else ""
        super().__init__(typed_here, prefix=self.key, initial={"holder": known})
        if settings.LIPEI_DEMO:
            card = CARDS[0] if payee.own else CARDS[1]
            self.fields["number"].help_text = _("演示环境可以填 %(card)s") % {"card": card}
        if not self.given and (self.later or self.usable):
            self.is_bound = False

    @property
    def usable(self) -> Account | None:
        """The account that is known already and can be paid to."""
        return usable_account(self.payee.account)

    @property
    def given(self) -> bool:
        """Whether somebody typed an account here."""
        typed = (self.data.get(self.add_prefix(name), "") for name in ("bank", "number"))
        return any(text.strip() for text in typed)

    @property
    def later(self) -> bool:
        """Whether the account is left to be asked for by us; never one's own."""
        return not self.payee.own and not self.given

    def stands(self) -> bool:
        """Whether there is an account to pay to, or none is needed now."""
        return not self.is_bound or self.is_valid()


class ConfirmForm(forms.Form):
    """A choice for each open sum, the words that go with it, a signature and a code."""

    words = Checked(
        partial(checks.plain_text, limit=2000), name="words", required=False,
        label=gettext_lazy("您的意见"),
        help_text=gettext_lazy("保留意见或有异议时请写明；不影响先付无争议的部分"),
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 2000}),
    )  # fmt: skip
    signature = Checked(strokes, name="signature", label=gettext_lazy("签名"), required=False)
    typed_name = Checked(
        checks.person_name, name="typed_name", label=gettext_lazy("您的姓名"), required=False
    )
    code = Checked(code_of, name="code", label=gettext_lazy("短信验证码"))
    digest = forms.CharField(max_length=100, required=False)

    def __init__(self, typed: Typed | None, *, sums: OpenSums, signer: str) -> None:
        super().__init__(flat(typed) if typed else None, initial={"digest": sums.digest})
        self.sums = sums
        self.signer = signer
        for one in sums.sums:
            name = choice_name(one)
            self.fields[name] = Checked(
                partial(checks.choice, allowed=CHOICES), name=name, label=one.title
            )

    def clean_typed_name(self) -> str:
        """A typed name stands for a signature only if it is the claimant's own."""
        name = str(self.cleaned_data["typed_name"])
        if name and self.signer and name != self.signer:
            raise forms.ValidationError(_("输入的姓名与您登记的姓名不一致。"))
        return name

    def clean(self) -> dict[str, object]:
        """Somebody signed, and said why where they do not simply accept."""
        told = super().clean() or {}
        unsigned = not told.get("signature") and not told.get("typed_name")
        if unsigned and not {"signature", "typed_name"} & set(self.errors):
            self.add_error("typed_name", _("请签名：手写，或输入您的姓名。"))
        doubts = set(self.choices().values()) & {"reserve", "object"}
        if doubts and not told.get("words") and "words" not in self.errors:
            self.add_error("words", _("请写明您的意见。"))
        return told

    def choices(self) -> dict[int, str]:
        """The word on each sum, as far as it was given."""
        found = {one.position: self.cleaned_data.get(choice_name(one)) for one in self.sums.sums}
        return {position: str(choice) for position, choice in found.items() if choice}

    def signed(self) -> Signature:
        """The signature: drawn, or typed."""
        drawn = self.cleaned_data.get("signature")
        if drawn:
            return Signature("drawing", str(drawn))
        return Signature("name", str(self.cleaned_data["typed_name"]))


def choice_name(one: SumShown) -> str:
    """The name of the field that holds the word on a sum."""
    return f"choice_{one.position}"
