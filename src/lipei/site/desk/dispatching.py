"""Dispatching a survey as an act of the desk: whom, where to, and how far that is."""

from functools import partial

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lipei.ch01_general.duties import staff_for
from lipei.ch03_assessment.distances import told_by
from lipei.ch03_assessment.investigation import dispatch_survey
from lipei.ch03_assessment.models import Survey
from lipei.kit import checks
from lipei.kit.forms import Checked
from lipei.site.desk.forms import ActForm, Label, person_shown


class Dispatch(ActForm):
    """Send an assessor who holds a valid certificate."""

    heading: Label = gettext_lazy("派查勘")
    words: Label = gettext_lazy(
        "只列出持有效证书、今日当班的定损师。派出后开始计时，客户会收到姓名和电话。"
    )
    act = pgettext_lazy("act", "派出")
    icon = "tools"
    to = forms.ChoiceField(label=gettext_lazy("定损师"), widget=forms.RadioSelect)
    place = Checked(
        partial(checks.plain_text, limit=200, lines=False), name="place", required=False,
        label=gettext_lazy("查勘地点"), help_text=gettext_lazy("不填就是出险地点。"),
    )  # fmt: skip
    distance = forms.ChoiceField(
        label=gettext_lazy("远近"), widget=forms.RadioSelect, required=False
    )
    distance_reason = Checked(
        partial(checks.plain_text, limit=100, lines=False), name="distance_reason",
        required=False, label=gettext_lazy("远近的依据"),
        help_text=gettext_lazy("与查勘地点所示不同时填写。"),
    )  # fmt: skip

    def prepare(self) -> None:
        claim = self.scene.claim
        people = staff_for("LA", branch_path=claim.branch_path)
        self.fields["to"].choices = [(p.username, person_shown(p)) for p in people]  # type: ignore[attr-defined]
        self.fields["place"].initial = claim.place
        if len(people) == 1:
            self.fields["to"].initial = people[0].username
        far = told_by(claim.place, branch_path=claim.branch_path)
        by_place = _("按查勘地点：地址看不出远近，当作市区")
        if far:
            by_place = _("按查勘地点：%(far)s") % {"far": Survey.Distance(far).label}
        self.fields["distance"].choices = [("", by_place), *Survey.Distance.choices]  # type: ignore[attr-defined]

    def run(self, by: str) -> str:
        asked = self.cleaned_data
        survey = dispatch_survey(
            self.number, to=asked["to"], by=by, place=str(asked["place"]),
            distance=asked["distance"], distance_reason=str(asked["distance_reason"]),
        )  # fmt: skip
        return _("已派 %(name)s 查勘") % {"name": survey.assessor.name}
