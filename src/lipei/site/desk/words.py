"""Lines, flags, clauses and people of the journal in the reader's language."""

from collections.abc import Callable, Mapping
from functools import lru_cache

from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from lipei.ch01_general.models import Party, Staff
from lipei.kit import clock
from lipei.manual import Clause, clause
from lipei.site.choices import LINE_TITLES
from lipei.site.journey.law import article_words

Label = str | Promise
PARTIES: Mapping[str, Label] = {
    "bank": _("银行"),
    "messages": _("短信网关"),
    "core": _("核心系统"),
}
FLAGS: Mapping[str, tuple[Label, str]] = {
    "unmatched": (_("未关联保单"), "bad"),
    "not_in_force": (_("出险日保单无效"), "bad"),
    "premium_unpaid": (_("保费未缴"), "bad"),
    "forced": (_("强制立案"), "warn"),
    "late_registration": (_("迟立案"), "warn"),
    "duplicate": (_("疑似重复"), "bad"),
    "no_policy": (_("无保单"), "bad"),
    "lapsed": (_("保单失效"), "bad"),
    "wrong_claimant": (_("索赔人不符"), "bad"),
    "contradictory": (_("说法矛盾"), "bad"),
    "suspected_fraud": (_("疑似欺诈"), "bad"),
    "late_notice": (_("迟报案"), "warn"),
    "incomplete": (_("资料不全"), "warn"),
    "name_list": (_("名单命中"), "bad"),
    "media": (_("媒体关注"), "law"),
    "mass_event": (_("大灾事件"), "law"),
    "withdrawn": (_("已撤案"), ""),
    "held": (_("付款中止"), "bad"),
    "injured": (_("有人伤"), "bad"),
}
HOLDS: Mapping[str, Label] = {
    "fraud": _("涉嫌欺诈"),
    "name_list": _("名单命中"),
    "court": _("法院冻结或协助执行"),
    "legal": _("法律事项待定"),
    "other": _("其他原因"),
}
OUTCOMES_WORDED: Mapping[str, Label] = {
    "cleared": _("查清，没有问题"),
    "dealt_with": _("情况属实，已经处理"),
    "mistaken": _("标记错了"),
}
CHANNELS: Mapping[str, Label] = {
    "app": _("理赔宝"),
    "phone": _("电话"),
    "counter": _("柜面"),
    "api": _("接口"),
}
PRODUCTS: Mapping[str, Label] = {
    "own_damage": _("机动车损失险"),
    "compulsory_motor": _("交强险"),
    "third_party": _("商业三者险"),
}
ORIGINS: Mapping[str, Label] = {
    "law": _("法律"),
    "contract": _("合同"),
    "manual": _("手册"),
    "ours": _("本公司"),
}
SPANS: Mapping[str, Callable[[int], str]] = {
    "minutes": lambda n: ngettext("%(n)s 分钟", "%(n)s 分钟", n),
    "hours": lambda n: ngettext("%(n)s 小时", "%(n)s 小时", n),
    "days": lambda n: ngettext("%(n)s 日", "%(n)s 日", n),
    "workdays": lambda n: ngettext("%(n)s 个工作日", "%(n)s 个工作日", n),
    "months": lambda n: ngettext("%(n)s 个月", "%(n)s 个月", n),
    "years": lambda n: ngettext("%(n)s 年", "%(n)s 年", n),
}


def is_english() -> bool:
    """Whether the reader reads English."""
    return (get_language() or "").startswith("en")


def line_words(line: str) -> str:
    """An insurance line in the reader's language."""
    return str(LINE_TITLES.get(line, line))


def flag_words(flags: list[str]) -> list[tuple[str, str]]:
    """The flags of a claim in words, each with its level; unknown ones by their name."""
    told = [FLAGS.get(flag, (flag, "warn")) for flag in dict.fromkeys(flags)]
    return [(str(words), level) for words, level in told]


@lru_cache(maxsize=512)
def _summary(clause_id: str, english: bool, day: int) -> str:
    row = clause(clause_id)
    return row.summary_en if english else row.summary_zh


def clause_words(clause_id: str) -> str:
    """What a clause asks for, with its number; an unknown clause is its number."""
    if not clause_id:
        return ""
    try:
        said = _summary(clause_id, is_english(), clock.today().toordinal())
    except KeyError:
        return clause_id
    return f"{clause_id} · {said}"


def limit_words(row: Clause, *, name: str = "") -> str:
    """How long a clause allows, by the number of this name if it has several: 30 日, 1.5 hours."""
    if not row.limits:
        return ""
    one = row.limit(name or None)
    if not one.value:
        return str(_("当日"))
    if one.unit not in SPANS:
        return f"{one.value} {one.unit}"
    return SPANS[one.unit](one.value) % {"n": one.value}


def people_words(references: set[str]) -> dict[str, str]:
    """Who the actors of the journal are, by reference, in two statements at most."""
    staff = {r.partition("/")[2] for r in references if r.startswith("staff/")}
    parties = {int(r.partition("/")[2]) for r in references if r.startswith("party/")}
    found = {r: str(_("系统")) for r in references if r.startswith("system/")}
    if staff:
        named = Staff.objects.filter(username__in=staff).values_list("username", "name")
        found |= {f"staff/{username}": name for username, name in named}
    if parties:
        told = Party.objects.filter(pk__in=parties).values_list("pk", "name")
        found |= {f"party/{pk}": name or str(_("客户")) for pk, name in told}
    return found


CLOCK_NAMES: Mapping[str, Label] = {
    "1.1-a": _("全程办结"),
    "1.1-e": _("无争议付款"),
    "1.2-e": _("理算"),
    "1.2-g": _("现场查勘"),
    "1.3-b": _("预估区间"),
    "1.3-d": _("一次性告知"),
    "1.3-i-credit": _("到账"),
    "1.3-k": _("首次整理纸质件"),
    "1.3-k-final": _("最终整理纸质件"),
    "1.3-l-review": _("人工复核"),
    "2.3-a": _("立案"),
    "3.1-a": _("开始查勘"),
    "3.4-a": _("答复异议"),
    "4.3-a": _("归集凭证"),
    "4.3-b": _("出具回单"),
    "4.4-a": _("联系退票客户"),
    "4.4-a-repay": _("退票重付"),
    "9.2-a": _("移交档案室"),
    "K2": _("核定"),
    "K3": _("付款"),
    "K5": _("先予支付"),
    "K6-decide": _("交强险核定"),
    "K6-list": _("交强险告知材料"),
    "K6-pay": _("交强险付款"),
}


def clock_name(clause_id: str) -> str:
    """What a clock waits for, in a word; an unknown one by its clause."""
    return str(CLOCK_NAMES.get(clause_id, clause_id))


def source_words(row: Clause) -> str:
    """Where a clause comes from: 《保险法》第 23 条, 手册 1.2.2, 本公司 2.3."""
    if row.origin == "law":
        return article_words(row.id)
    return f"{ORIGINS[row.origin]} {row.article or row.section}"
