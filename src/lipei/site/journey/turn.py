"""Whose turn it is on a claim, whose it is next, and what that is called in large type."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lipei.ch01_general.models import Claim, Exposure
from lipei.ch01_general.stages import ORDER, Side, Stage
from lipei.ch02_intake.models import Material
from lipei.ch03_assessment.models import Survey
from lipei.ch04_payment.methods import awaits_word
from lipei.site.journey.steps import is_looked_at


@dataclass(frozen=True)
class Hand:
    """In whose hands the claim is, and for what; `you` where it is the claimant's."""

    who: str
    what: str
    you: bool = False


@dataclass(frozen=True)
class Turn:
    """The state in large type, who has the claim now, and who has it then."""

    state: str
    now: Hand
    next: Hand | None
    waiting: str


@dataclass(frozen=True)
class Scene:
    """What is asked to tell whose turn it is."""

    claim: Claim
    exposures: Sequence[Exposure]
    wanted: Sequence[Material]
    survey: Survey | None

    @property
    def stage(self) -> Stage:
        """The claim's stage."""
        return Stage(self.claim.stage)

    def has(self, side: Side) -> bool:
        """Whether something is true of any exposure beside its stage."""
        return any(side in one.sides for one in self.exposures)

    def officer(self) -> str:
        """The person who looks after the claim, or the department."""
        return self.claim.officer.name if self.claim.officer else _("理赔员")


def scene_of(claim: Claim) -> Scene:
    """Everything that tells whose turn it is; asks nothing of a claim from `with_scenes`."""
    absent = {Material.State.WANTED, Material.State.RETURNED}
    wanted = sorted((m for m in claim.materials.all() if m.state in absent), key=lambda m: m.pk)
    survey = max(claim.surveys.all(), key=lambda s: s.pk, default=None)
    exposures = sorted(claim.exposures.all(), key=lambda e: e.position)
    return Scene(claim, exposures, wanted, survey)


def with_scenes(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    """Claims with all that their scenes are made of, in as many questions for one as for fifty."""
    surveys = Prefetch("surveys", Survey.objects.select_related("assessor"))
    return claims.select_related("officer").prefetch_related("materials", "exposures", surveys)


def turn_of(scene: Scene) -> Turn:
    """Whose turn it is: the first row that fits."""
    return next(tell(scene) for fits, tell in ROWS if fits(scene))


def you(what: str) -> Hand:
    """The claim is in the claimant's own hands."""
    return Hand(_("您手上"), what, you=True)


def theirs(name: str, what: str) -> Hand:
    """The claim is in somebody's hands."""
    return Hand(_("%(name)s手上") % {"name": name}, what)


# The rows, the most urgent first


def _withdrawn(scene: Scene) -> Turn:
    return Turn(_("已撤回"), Hand(_("已办结"), _("可以重新报案")), None, "")


def _archived(scene: Scene) -> Turn:
    return Turn(_("已办结归档"), Hand(_("已办结"), _("材料可随时查阅")), None, "")


def _paid(scene: Scene) -> Turn:
    return Turn(_("赔款已到账"), theirs(_("档案室"), _("整理归档")), None, _("整理中"))


def _closed_nil(scene: Scene) -> Turn:
    now = Hand(_("已办结"), _("不同意可提异议"))
    return Turn(_("没有可赔金额，已办结"), now, theirs(_("档案室"), _("整理归档")), _("整理中"))


def _nil(scene: Scene) -> Turn:
    return Turn(
        _("没有可赔金额"), theirs(_("财务"), _("办结")), you(_("看理由，可提异议")), _("办结中")
    )


def _bounced(scene: Scene) -> Turn:
    return Turn(
        _("请核对收款账户"), you(_("更正账户")), theirs(_("财务"), _("重新付款")), _("等您更正账户")
    )


def _to_confirm(scene: Scene) -> Turn:
    return Turn(
        _("金额待您确认"), you(_("看清楚再确认")), theirs(_("财务"), _("付款")), _("等您确认")
    )


def _disputed(scene: Scene) -> Turn:
    return Turn(
        _("异议处理中"), theirs(_("复核人"), _("书面答复")), you(_("看答复")), _("等书面答复")
    )


def _papers_wanted(scene: Scene) -> Turn:
    n = len(scene.wanted)
    asked = ngettext("%(n)s 份材料", "%(n)s 份材料", n) % {"n": n}
    state = ngettext("等您 %(n)s 份材料", "等您 %(n)s 份材料", n) % {"n": n}
    waiting = ngettext("等 %(n)s 份材料", "等 %(n)s 份材料", n) % {"n": n}
    return Turn(state, you(asked), theirs(scene.officer(), _("审核材料")), waiting)


def _checking(scene: Scene) -> Turn:
    now, then = theirs(scene.officer(), _("审核材料")), theirs(scene.officer(), _("立案"))
    return Turn(_("材料审核中"), now, then, _("审核中"))


def _accepted(scene: Scene) -> Turn:
    if not is_looked_at(scene.exposures):
        now, then = theirs(scene.officer(), _("立案")), theirs(scene.officer(), _("核实损失"))
        return Turn(_("已受理"), now, then, _("立案中"))
    now = theirs(scene.officer(), _("立案、安排查勘"))
    return Turn(_("已受理"), now, theirs(_("查勘员"), _("现场查勘")), _("安排中"))


def _surveying(scene: Scene) -> Turn:
    survey = scene.survey
    if survey is None and not is_looked_at(scene.exposures):
        now = theirs(scene.officer(), _("核实损失"))
        return Turn(_("已立案"), now, theirs(scene.officer(), _("算金额")), _("核实中"))
    if survey is None:
        now = theirs(scene.officer(), _("安排查勘"))
        return Turn(_("已立案"), now, theirs(_("查勘员"), _("现场查勘")), _("安排中"))
    words, what = _("已安排查勘"), _("准备出发")
    if survey.arrived_at:
        words, what = _("正在查勘"), _("现场查勘")
    elif survey.started_at:
        words, what = _("查勘员在路上"), _("赶往现场")
    name = survey.assessor.name
    return Turn(words, theirs(name, what), theirs(scene.officer(), _("算金额")), what)


def _calculating(scene: Scene) -> Turn:
    return Turn(
        _("正在算金额"), theirs(scene.officer(), _("算金额")), theirs(_("核赔人"), _("核赔")),
        _("计算中"),
    )  # fmt: skip


def _reviewing(scene: Scene) -> Turn:
    return Turn(_("正在核赔"), theirs(_("核赔人"), _("审核金额")), you(_("确认金额")), _("审核中"))


def _paying(scene: Scene) -> Turn:
    if scene.stage == Stage.PAYING:
        return Turn(_("银行付款中"), theirs(_("银行"), _("转账")), you(_("查收")), _("转账中"))
    return Turn(
        _("付款准备中"), theirs(_("财务"), _("两人复核付款")), theirs(_("银行"), _("转账")),
        _("准备中"),
    )  # fmt: skip


def _refused(scene: Scene) -> Turn:
    return Turn(_("不予赔付"), you(_("看理由，可提异议")), theirs(_("复核人"), _("复核异议")), "")


def _awaits_papers(scene: Scene) -> bool:
    return bool(scene.wanted) and ORDER[scene.stage] < ORDER[Stage.ACCEPTED]


def _has_sums(scene: Scene) -> bool:
    return any(awaits_word(one) for one in scene.exposures)


def _all_nil(scene: Scene) -> bool:
    return bool(scene.exposures) and all(Side.ZERO in one.sides for one in scene.exposures)


def _at(*stages: Stage) -> Callable[[Scene], bool]:
    return lambda scene: scene.stage in stages


ROWS: tuple[tuple[Callable[[Scene], bool], Callable[[Scene], Turn]], ...] = (
    (lambda scene: "withdrawn" in scene.claim.flags, _withdrawn),
    (_at(Stage.ARCHIVED), _archived),
    (_all_nil, _closed_nil),
    (lambda scene: scene.has(Side.BOUNCED), _bounced),
    (_has_sums, _to_confirm),
    (lambda scene: scene.has(Side.DISPUTED) and scene.claim.is_open, _disputed),
    (_awaits_papers, _papers_wanted),
    (_at(Stage.REPORTED, Stage.ESTIMATED, Stage.APPLIED, Stage.PENDING), _checking),
    (_at(Stage.ACCEPTED), _accepted),
    (_at(Stage.REGISTERED, Stage.INVESTIGATING), _surveying),
    (_at(Stage.ASSESSED, Stage.RETURNED), _calculating),
    (_at(Stage.CALCULATED, Stage.REVIEWING), _reviewing),
    (_at(Stage.APPROVED), _nil),
    (_at(Stage.REFUSED), _refused),
    (_at(Stage.AGREED, Stage.PAYABLE, Stage.PAYING), _paying),
    (_at(Stage.PAID, Stage.CLOSED), _paid),
)
