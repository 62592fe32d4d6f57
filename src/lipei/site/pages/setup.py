"""/setup/: the first start of a house. Open while nobody is there, to who can read the console."""

from django import forms
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from lipei.ch01_general import naming
from lipei.ch06_systems.passwords import LONGEST
from lipei.ch06_systems.setup import Founder, is_set_up, set_up
from lipei.kit import checks
from lipei.kit.forms import Checked, complain
from lipei.kit.refusal import Refused
from lipei.manual import clause
from lipei.site.pages.sign_in import BACKEND

CODE_LIMIT = 40
WRONG = 422


class PasswordForm(forms.Form):
    """A password of one's own, typed twice."""

    password = forms.CharField(
        label=gettext_lazy("口令"), strip=False, max_length=LONGEST,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip
    again = forms.CharField(
        label=gettext_lazy("再输一次口令"), strip=False, max_length=LONGEST,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def __init__(self, *given: object, **told: object) -> None:
        super().__init__(*given, **told)  # type: ignore[arg-type]  # Django's own
        least = clause("6.1-b").limit("length").value
        self.fields["password"].help_text = _("至少 %(n)s 位，不要用姓名或常见的词。") % {
            "n": least
        }

    def clean_again(self) -> str:
        """The same as above it."""
        if self.cleaned_data.get("password") != self.cleaned_data["again"]:
            raise forms.ValidationError(_("两次输入的口令不一样。"))
        return str(self.cleaned_data["again"])


class SetupForm(PasswordForm):
    """Who becomes the first administrator of which house, by which code."""

    code = Checked(
        lambda text, field: checks.plain_text(text, field=field, limit=CODE_LIMIT, lines=False),
        name="code", label=gettext_lazy("初始化代码"),
        help_text=gettext_lazy("启动时打印在服务器的控制台上；只能用一次。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    house = Checked(
        lambda text, field: naming.branch_name(text, field=field), name="house",
        label=gettext_lazy("总公司名称"), initial=gettext_lazy("总公司"),
    )  # fmt: skip
    name = Checked(
        lambda text, field: naming.staff_name(text, field=field), name="name",
        label=gettext_lazy("您的姓名"), widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    number = Checked(
        lambda text, field: naming.staff_number(text, field=field), name="number",
        label=gettext_lazy("工号"),
    )  # fmt: skip
    username = Checked(
        lambda text, field: naming.username(text, field=field), name="username",
        label=gettext_lazy("用户名"),
        help_text=gettext_lazy("小写字母开头，可用小写字母、数字、点和横线；以后不能更改。"),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )  # fmt: skip
    field_order = ("code", "house", "name", "number", "username", "password", "again")


@never_cache
@sensitive_post_parameters("password", "again", "code")
@require_http_methods(["GET", "POST"])
def setup(request: HttpRequest) -> HttpResponse:
    """Make the first administrator, who then takes up an authenticator and is inside."""
    if is_set_up():
        raise Refused("setup_over")
    form = SetupForm(request.POST if request.method == "POST" else None)
    status = 200 if request.method == "GET" else WRONG
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        founder = Founder(
            username=told["username"], name=told["name"], number=told["number"],
            password=told["password"],
        )  # fmt: skip
        try:
            person = set_up(founder, house=told["house"], code=told["code"])
        except Refused as no:
            complain(form, no)
            status = no.status
        else:
            login(request, person, backend=BACKEND)
            return HttpResponseRedirect(reverse("desk:enrol"))
    return render(request, "auth/setup.html", {"form": form}, status=status)


namespace = "desk"
prefix = ""
urlpatterns = [path("setup/", setup, name="setup")]
