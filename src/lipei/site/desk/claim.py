"""The claim page: head, tabs, and what each tab shows of the scene."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from lipei.ch01_general.letters import language_read, letters_of, number_of
from lipei.ch01_general.models import Message
from lipei.ch01_general.stages import STEPS, Stage, step_of
from lipei.ch01_general.wording import WORDINGS
from lipei.ch01_general.worklist import gives_estimates, todo_stages
from lipei.ch02_intake.filing import MOTOR
from lipei.ch02_intake.lines import answered
from lipei.ch03_assessment.limits import standings
from lipei.ch03_assessment.models import Calculation
from lipei.ch03_assessment.straight import reasons_of
from lipei.ch04_payment.models import Account, Agreement, Order
from lipei.ch04_payment.release import clearances_missing
from lipei.ch09_archive.models import Volume
from lipei.kit import audit, clock
from lipei.site.choices import ALL_CAUSES, FAULTS, OTHERS, PROOFS, RELATIONS, paper_title, title_of
from lipei.site.desk.acts import ABSENT, acts_of, unread
from lipei.site.desk.clocks import clocks_of
from lipei.site.desk.exposures import NAMES, exposure_rows, payable_fen, total_fen
from lipei.site.desk.papers import papers, pictures
from lipei.site.desk.parties import contact_url, people_of
from lipei.site.desk.rows import holder_words, is_mine, officer_of, who
from lipei.site.desk.scene import Scene
from lipei.site.desk.story import audit_lines, timeline
from lipei.site.desk.sums import SheetShown, newest, reasons_shown, sheet_shown
from lipei.site.desk.words import CHANNELS, flag_words, line_words
from lipei.site.faces import MINUTE, span_words
from lipei.site.journey.steps import step_title

TABS: Mapping[str, str | Promise] = {
    "": gettext_lazy("概览"),
    "materials": pgettext_lazy("tab", "材料"),
    "calc": pgettext_lazy("tab", "理算"),
    "survey": pgettext_lazy("tab", "查勘"),
    "payment": pgettext_lazy("tab", "支付"),
    "messages": pgettext_lazy("tab", "沟通"),
    "archive": pgettext_lazy("tab", "归档"),
    "audit": pgettext_lazy("tab", "审计"),
}
CLEARANCE_WORDS: Mapping[str, str | Promise] = {
    "papers": gettext_lazy("材料齐备"),
    "names": gettext_lazy("名单筛查"),
    "risk": gettext_lazy("风险提示"),
}
NEWEST_LINES = 6
Told = dict[str, object]


def claim_told(scene: Scene, tab: str, *, query: str = "") -> Told:
    """Everything that the page of a claim needs for one of its tabs."""
    return {**_head(scene, tab, query), **PARTS[tab](scene)}


def _head(scene: Scene, tab: str, query: str) -> Told:
    claim = scene.claim
    insured = claim.policy_then.insured if claim.policy_then else claim.reporter
    name = insured.name if insured else ""
    return {
        "claim": claim,
        "scene": scene,
        "name": who(name, claim.plate, claim.phone),
        "cause": title_of(ALL_CAUSES, claim.cause),
        "line": line_words(claim.line),
        "flags": flag_words(
            [
                *(["held"] if scene.holds else []),
                *claim.flags,
                *(["injured"] if claim.injured else []),
            ]
        ),
        "officer": officer_of(claim),
        "ball": _ball(scene),
        "stages": _steps(scene),
        "tabs": _tabs(scene, tab, query),
        "tab": tab,
        "acts": acts_of(scene),
        "contact_url": contact_url(scene),
        "absent_count": sum(m.state in ABSENT for m in scene.materials),
        "unread_count": len(unread(scene)),
        "may_check": scene.may("materials.check") and claim.is_open,
        "clocks": clocks_of(scene.clocks, {e.pk: e.position for e in scene.exposures}),
    }


def _ball(scene: Scene) -> Told:
    claim, stage = scene.claim, Stage(scene.claim.stage)
    todo = frozenset(todo_stages(scene.acting))
    owed = claim.is_open and claim.awaits_estimate and gives_estimates(scene.acting)
    mine = is_mine(stage, claim.holder, claim.officer_id, acting=scene.acting, todo=todo, owed=owed)
    held = clock.now() - claim.holder_since
    asked = _("出预估区间") if owed else asked_words(scene)
    return {
        "holder": _("我") if mine else holder_words(claim.holder, stage, mine=False),
        "mine": mine,
        "since": _("已 %(span)s") % {"span": span_words(held)} if held >= MINUTE else _("刚刚"),
        "what": asked,
        "closed": not claim.is_open,
    }


def asked_words(scene: Scene) -> str:
    """What is asked of whoever holds the ball, in a word."""
    first = next(iter(scene.tasks), None)
    return str(TASKS.get(first.kind, first.kind)) if first else ""


TASKS: Mapping[str, str | Promise] = {
    "check_materials": gettext_lazy("核材料"),
    "register_claim": gettext_lazy("立案"),
    "dispatch_survey": gettext_lazy("派查勘"),
    "tell_facts": gettext_lazy("登记理算事实"),
    "calculate": gettext_lazy("理算"),
    "review": gettext_lazy("核赔"),
    "answer_dispute": gettext_lazy("答复异议"),
    "prepare_payment": gettext_lazy("制单"),
    "release_payment": gettext_lazy("复核放款"),
    "correct_account": gettext_lazy("更正账户"),
    "arrange_archive": gettext_lazy("整理案卷"),
    "shelve_volume": gettext_lazy("入库"),
}


def _steps(scene: Scene) -> list[dict[str, str]]:
    stage = Stage(scene.claim.stage)
    at = step_of(stage)
    over = stage == Stage.ARCHIVED
    return [
        {
            "name": step_title(key, scene.exposures),
            "state": "done" if n < at or over else "now" if n == at else "",
        }
        for n, (key, _zh, _stages) in enumerate(STEPS)
    ]


def _tabs(scene: Scene, tab: str, query: str) -> list[Told]:
    counts = {"materials": len(scene.documents) or None}
    base = f"/claims/{scene.claim.number}/"
    end = f"?{query}" if query else ""
    return [
        {
            "label": str(words),
            "url": f"{base}{key}{'/' if key else ''}{end}",
            "current": key == tab,
            "count": counts.get(key),
        }
        for key, words in TABS.items()
    ]


# What the tabs show


def _overview(scene: Scene) -> Told:
    sheets = newest(scene.calculations)
    shots = pictures(scene.claim.number, scene.documents, scene.materials)
    return {
        **_parts(scene),
        "sheets": _sheets(scene, sheets),
        "pictures": shots,
        "papers": papers(scene.materials, scene.exposures, shots),
        "notices": _notices(scene),
        "timeline": timeline(scene.entries, scene.people, most=NEWEST_LINES),
        "entries_total": len(scene.entries),
        "facts": _facts(scene),
        "parties": people_of(scene),
        "estimate": _estimate(scene),
    }


def _parts(scene: Scene) -> Told:
    rows = exposure_rows(scene.claim, scene.exposures, scene.clocks, scene.acting)
    return {
        "exposures": rows,
        "total_fen": total_fen(scene.exposures),
        "payable_fen": payable_fen(scene.live) or None,
    }


def _facts(scene: Scene) -> list[tuple[str, object]]:
    claim = scene.claim
    return [
        (_("出险时间"), _local(claim.lost_at)),
        (_("出险地点"), claim.place),
        (_("出险原因"), title_of(ALL_CAUSES, claim.cause)),
        *answered(claim.line, claim.facts.get("answers", {})),
        (_("报案时间"), _local(claim.reported_at)),
        (_("报案渠道"), str(CHANNELS.get(claim.channel, claim.channel))),
        (_("报案人身份"), title_of(RELATIONS, claim.reporter_relation)),
        *(_of_vehicles(scene) if claim.line == MOTOR else []),
        (_("机构"), claim.branch.name),
        *([(_("撤案原因"), claim.withdrawn_why)] if claim.withdrawn_why else []),
    ]


def _of_vehicles(scene: Scene) -> list[tuple[str, object]]:
    facts = scene.claim.facts
    return [
        (_("对方损失"), title_of(OTHERS, str(facts.get("others", "")))),
        (_("对方车牌"), facts.get("other_plate", "")),
        (_("事故责任"), title_of(FAULTS, str(facts.get("fault", "unknown")))),
        (_("事故证明"), title_of(PROOFS, str(facts.get("proof", "")))),
        (_("人伤"), _("有") if scene.claim.injured else _("无")),
    ]


def _estimate(scene: Scene) -> Told | None:
    claim = scene.claim
    if claim.estimate_low_fen is None:
        return None
    made = claim.estimate.get("made_at", "")
    return {
        "low_fen": claim.estimate_low_fen, "high_fen": claim.estimate_high_fen, "made_at": made,
        "words": claim.estimate.get("words", ""), "by_staff": claim.estimate.get("by_staff"),
    }  # fmt: skip


def _notices(scene: Scene) -> list[Told]:
    return [
        {
            "number": one.number,
            "items": [paper_title(kind) for kind in one.kinds],
            "sent_at": one.sent_at,
            "delivered_at": one.delivered_at,
            "answered_at": one.answered_at,
            "new_facts": one.new_facts,
        }
        for one in scene.notices
    ]


def _materials(scene: Scene) -> Told:
    shots = pictures(scene.claim.number, scene.documents, scene.materials)
    return {
        "papers": papers(scene.materials, scene.exposures, shots),
        "pictures": shots,
        "notices": _notices(scene),
    }


def _sheets(scene: Scene, sheets: Sequence[Calculation]) -> list[SheetShown]:
    limits = standings(sheets)
    return [sheet_shown(s, scene.decisions, scene.people, limits=limits[s.pk]) for s in sheets]


def _calc(scene: Scene) -> Told:
    shown = _sheets(scene, scene.calculations)
    last = {s.exposure_id: s.pk for s in scene.calculations}
    current = [
        one
        for one, made in zip(shown, scene.calculations, strict=True)
        if last[made.exposure_id] == made.pk
    ]
    return {
        **_parts(scene),
        "sheets": current,
        "older": [one for one in shown if one not in current],
        "reasons": reasons_shown(reasons_of(scene.claim, scene.live)),
        "losses_fen": sum(line.amount_fen for line in scene.losses),
    }


def _survey(scene: Scene) -> Told:
    shots = pictures(scene.claim.number, scene.documents, scene.materials)
    return {
        "surveys": scene.surveys,
        "losses": [
            (line, " · ".join(filter(None, (str(NAMES.get(line.thing, line.thing)), line.label))))
            for line in scene.losses
        ],
        "losses_fen": sum(line.amount_fen for line in scene.losses),
        "salvage_fen": sum(line.salvage_fen for line in scene.losses),
        "pictures": [p for p in shots if p.kind == "survey"],
        "columns": _columns(
            _("项目"), _("损失对象"), _("数量"), _("单价"), _("残值"), _("金额"), right=4
        ),
    }


def _payment(scene: Scene) -> Told:
    orders = list(
        Order.objects.filter(exposure__claim=scene.claim)
        .select_related("exposure", "payee", "account", "voucher")
        .order_by("-pk")
    )
    agreements = Agreement.objects.filter(claim=scene.claim).order_by("-pk")
    payees = {e.payee_id for e in scene.exposures if e.payee_id}
    return {
        **_parts(scene),
        "orders": [
            {
                "order": one,
                "maker": scene.people.get(one.made_by, one.made_by),
                "releaser": scene.people.get(one.released_by, one.released_by),
                "missing": [CLEARANCE_WORDS[kind] for kind in clearances_missing(one)],
            }
            for one in orders
        ],
        "agreements": list(agreements),
        "accounts": list(Account.objects.filter(party_id__in=payees).select_related("party")),
    }


def _messages(scene: Scene) -> Told:
    told = Message.objects.filter(claim=scene.claim).select_related("party").order_by("-pk")
    return {
        "letters": [
            {
                "words": str(WORDINGS[one.template].words)
                if one.template in WORDINGS
                else one.node,
                "number": WORDINGS[one.template].number if one.template in WORDINGS else "",
                "phone": one.phone,
                "made_at": one.made_at,
                "sent_at": one.sent_at,
                "delivered_at": one.delivered_at,
                "failed_at": one.failed_at,
                "late": bool(one.due_at and (one.delivered_at or clock.now()) > one.due_at),
                "tries": one.tries,
            }
            for one in told
        ],
        "papers": _papers_written(scene),
        "number": scene.claim.number,
    }


def _papers_written(scene: Scene) -> list[Told]:
    """The claim's letters, the newest first, each with its first arrival."""
    return [
        {
            "position": one.position, "title": one.text[language_read()]["title"],
            "number": number_of(one), "made_at": one.made_at,
            "arrived_at": getattr(one, "arrived_at", None),
        }
        for one in letters_of(scene.claim, acting=scene.acting)
    ]  # fmt: skip


def _archive(scene: Scene) -> Told:
    volume = Volume.objects.filter(claim=scene.claim).first()
    items = list(volume.items.order_by("position")) if volume else []
    return {
        "volume": volume,
        "items": [(item, paper_title(item.kind)) for item in items],
        "columns": _columns(_("序号"), _("文件"), _("保管到"), _("哈希")),
    }


def _audit(scene: Scene) -> Told:
    faults = audit.faults_of(scene.claim.subject)
    return {
        "lines": audit_lines(scene.entries, scene.people),
        "chain_faults": [str(fault) for fault in faults],
        "columns": _columns(
            _("号"), _("事项"), _("谁"), _("条款"), _("发生"), _("内容"), _("哈希")
        ),
        "entries_words": ngettext("%(n)s 条记录", "%(n)s 条记录", len(scene.entries))
        % {"n": len(scene.entries)},
    }


PARTS: Mapping[str, Callable[[Scene], Told]] = {
    "": _overview,
    "materials": _materials,
    "calc": _calc,
    "survey": _survey,
    "payment": _payment,
    "messages": _messages,
    "archive": _archive,
    "audit": _audit,
}


def _columns(*labels: str, right: int = 0) -> list[dict[str, str]]:
    """The columns of a table; the last `right` ones hold figures."""
    first = len(labels) - right
    return [
        {"label": label, "align": "right" if n >= first else ""} for n, label in enumerate(labels)
    ]


def _local(at: datetime) -> str:
    return f"{at.astimezone(clock.LOCAL):%Y-%m-%d %H:%M}"
