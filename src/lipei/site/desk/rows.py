"""One claim as a row of a list: who, what, where it stands, what is missing, how long is left."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lipei.ch01_general.actors import Actor
from lipei.ch01_general.models import Claim
from lipei.ch01_general.stages import STEPS, Stage, step_of
from lipei.ch01_general.words import HOLDER_WORDS
from lipei.ch01_general.worklist import (
    OFFICERS_STAGES,
    WorkRow,
    gives_estimates,
    todo_stages,
)
from lipei.ch02_intake.lines import LINES
from lipei.ch02_intake.models import Material
from lipei.site.choices import ALL_CAUSES, title_of
from lipei.site.desk.words import clause_words, flag_words, line_words
from lipei.site.faces import ClockFace, clock_face, masked
from lipei.site.journey.steps import step_named

NOTES: Mapping[Stage, str | Promise] = {
    Stage.REPORTED: gettext_lazy("新报案，待受理"),
    Stage.ESTIMATED: gettext_lazy("已给预估，等材料"),
    Stage.APPLIED: gettext_lazy("材料待核"),
    Stage.PENDING: gettext_lazy("已一次告知，等补件"),
    Stage.ACCEPTED: gettext_lazy("材料已齐，待立案"),
    Stage.REGISTERED: gettext_lazy("已立案，待派查勘"),
    Stage.INVESTIGATING: gettext_lazy("查勘中"),
    Stage.ASSESSED: gettext_lazy("定损完成，待理算"),
    Stage.CALCULATED: gettext_lazy("已理算，待提交核赔"),
    Stage.REVIEWING: gettext_lazy("待核赔"),
    Stage.RETURNED: gettext_lazy("核赔退回，待重算"),
    Stage.APPROVED: gettext_lazy("等客户确认金额"),
    Stage.REFUSED: gettext_lazy("已拒赔"),
    Stage.AGREED: gettext_lazy("客户已确认，待制单"),
    Stage.PAYABLE: gettext_lazy("已制单，待复核放款"),
    Stage.PAYING: gettext_lazy("银行处理中"),
    Stage.PAID: gettext_lazy("已到账，待结案"),
    Stage.CLOSED: gettext_lazy("已结案，待归档"),
    Stage.ARCHIVED: gettext_lazy("已归档"),
}
NOTES_BY_PAPERS: Mapping[Stage, str | Promise] = {
    Stage.REGISTERED: gettext_lazy("已立案，待登记事实"),
    Stage.INVESTIGATING: gettext_lazy("核实中"),
    Stage.ASSESSED: gettext_lazy("事实已登记，待理算"),
}
"""What a claim waits for whose loss is shown by papers."""
DESKS: Mapping[Stage, str | Promise] = {
    Stage.CALCULATED: gettext_lazy("核赔"),
    Stage.REVIEWING: gettext_lazy("核赔"),
    Stage.AGREED: gettext_lazy("财务"),
    Stage.PAYABLE: gettext_lazy("财务"),
    Stage.PAID: gettext_lazy("财务"),
    Stage.CLOSED: gettext_lazy("档案室"),
    Stage.ARCHIVED: gettext_lazy("档案室"),
}
"""Who in the house holds a claim at these stages."""


@dataclass(frozen=True)
class Papers:
    """How the papers of a claim stand: still to come, handed in and not yet looked at, all."""

    absent: int = 0
    unread: int = 0
    total: int = 0


@dataclass(frozen=True)
class Row:
    """What `c/worklist_row.html` shows of one claim."""

    number: str
    name: str
    url: str
    icon: str
    kind: str
    flag: str
    flag_level: str
    stage: str
    note: str
    holder: str
    mine: bool
    amount_fen: int | None
    clock: ClockFace
    officer: str = ""
    branch: str = ""
    plate: str = ""
    current: bool = False

    @property
    def pick(self) -> str:
        """What the box before the row says."""
        return _("选中 %(name)s") % {"name": self.name}


def papers_of(claim_ids: Iterable[int]) -> dict[int, Papers]:
    """How the papers of several claims stand, in one statement."""
    state = Material.State
    absent = Count("pk", filter=Q(state__in=[state.WANTED, state.RETURNED]))
    unread = Count("pk", filter=Q(state=state.RECEIVED))
    told = Material.objects.filter(claim_id__in=list(claim_ids)).values_list("claim_id")
    rows = told.annotate(absent=absent, unread=unread, total=Count("pk"))
    return {pk: Papers(gone, new, every) for pk, gone, new, every in rows}


def faces_of(
    rows: list[WorkRow], acting: Actor, *, query: str = "", current: str = ""
) -> list[Row]:
    """The rows of a list as this person reads them; `query` leads back to the list."""
    papers = papers_of(row.claim_id for row in rows)
    todo = frozenset(todo_stages(acting))
    return [
        _face(row, acting, papers.get(row.claim_id, Papers()), todo, query=query, current=current)
        for row in rows
    ]


def _face(
    row: WorkRow, acting: Actor, papers: Papers, todo: frozenset[Stage], *, query: str, current: str
) -> Row:
    stage = Stage(row.stage)
    flags = flag_words(row.flags)
    owed = row.awaits_estimate and gives_estimates(acting)
    mine = is_mine(stage, row.holder, row.officer_id, acting=acting, todo=todo, owed=owed)
    amount_fen = row.amount_fen if row.amount_fen is not None else row.estimate_fen
    return Row(
        number=row.number,
        name=who(row.name, row.plate, row.phone),
        url=f"/claims/{row.number}/{f'?{query}' if query else ''}",
        icon=cause_icon(row.cause),
        kind=" · ".join(filter(None, (line_words(row.line), title_of(ALL_CAUSES, row.cause)))),
        flag=flags[0][0] if flags else "",
        flag_level=flags[0][1] if flags else "",
        stage=step_words(stage, line=row.line),
        note=_("待出预估区间") if owed else note_words(stage, papers, row.flags, line=row.line),
        holder=holder_words(row.holder, stage, mine=mine),
        mine=mine,
        amount_fen=amount_fen,
        clock=clock_face(
            row.due_at, started_at=row.due_started_at, rule=clause_words(row.due_clause)
        ),
        officer=row.officer,
        branch=row.branch,
        plate=row.plate,
        current=row.number == current,
    )


def is_mine(
    stage: Stage, holder: str, officer_id: int | None, *, acting: Actor, todo: frozenset[Stage],
    owed: bool = False,
) -> bool:  # fmt: skip
    """Whether the ball lies with this person: their post acts now, and the claim is not
    somebody else's; or it is `owed` an estimate that they give."""
    if owed:
        return True
    if stage not in todo or holder == "claimant":
        return False
    return stage not in OFFICERS_STAGES or officer_id in {None, acting.staff_id}


def who(name: str, plate: str, phone: str) -> str:
    """The claimant's name, or what stands for it: the plate, or the telephone with its middle
    hidden."""
    return name or plate or (masked(phone, kind="phone") if phone else _("未留姓名"))


def holder_words(holder: str, stage: Stage, *, mine: bool) -> str:
    """Who holds the ball."""
    if mine:
        return _("我手上")
    if (holder == "insurer" or stage is Stage.PAID) and stage in DESKS:
        return str(DESKS[stage])
    return str(HOLDER_WORDS.get(holder, holder))


def step_words(stage: Stage, *, line: str) -> str:
    """The step that a stage belongs to, as desk and phone both call it."""
    return step_named(STEPS[step_of(stage)][0], looked_at=is_looked_at(line))


def is_looked_at(line: str) -> bool:
    """Whether a claim of this line is surveyed."""
    return line not in LINES or LINES[line].is_looked_at


def cause_icon(cause: str) -> str:
    """The icon of a cause of loss."""
    return next((one.icon for one in ALL_CAUSES if one.value == cause), "car-crash")


def note_words(stage: Stage, papers: Papers, flags: list[str], *, line: str) -> str:
    """What the claim waits for, in one line."""
    if "unmatched" in flags:
        return _("没有找到保单，待关联")
    if stage in {Stage.REPORTED, Stage.ESTIMATED, Stage.APPLIED, Stage.PENDING}:
        if papers.unread:
            return ngettext("%(n)s 份材料待核", "%(n)s 份材料待核", papers.unread) % {
                "n": papers.unread
            }
        if papers.absent and stage is not Stage.PENDING:
            return ngettext("缺 %(n)s 份材料", "缺 %(n)s 份材料", papers.absent) % {
                "n": papers.absent
            }
        if papers.absent:
            return ngettext("已告知，还缺 %(n)s 份", "已告知，还缺 %(n)s 份", papers.absent) % {
                "n": papers.absent
            }
    notes = NOTES if is_looked_at(line) else {**NOTES, **NOTES_BY_PAPERS}
    return str(notes[stage])


def officer_of(claim: Claim) -> str:
    """The officer's name, or that nobody has the claim yet."""
    return claim.officer.name if claim.officer else _("待分派")
