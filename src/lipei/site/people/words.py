"""How posts, levels of branches, certificates and states of people are called."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lipei.ch01_general.models import Branch
from lipei.manual import posts
from lipei.site.punctuation import in_english

CERTIFICATE_WORDS: Mapping[str, Promise | str] = {
    "CDA": _("CDA 定损师证书"),
    "claims_licence": _("理赔从业资格证"),
    "insurance_basics": _("《保险基础知识》考试"),
}
LEVEL_WORDS: Mapping[int, Promise | str] = {1: _("总公司"), 2: _("分公司")}
STATES: Mapping[str, tuple[Promise | str, str]] = {
    "active": (pgettext_lazy("person", "在岗"), "ok"),
    "away": (pgettext_lazy("person", "休假"), "warn"),
    "left": (pgettext_lazy("person", "已离职"), ""),
    "waiting": (pgettext_lazy("person", "未登录过"), "warn"),
}


def post_title(code: str) -> str:
    """A post in the reader's language."""
    row = posts().by_code[code]
    if in_english():
        return row.en
    return row.zh


def branch_kind(branch: Branch) -> str:
    """Whether it is the head office, a province's or a town's branch."""
    return str(LEVEL_WORDS.get(branch.depth, _("支公司")))


def certificate_title(kind: str) -> str:
    """A certificate in the reader's language; one of a kind of their own by its name."""
    return str(CERTIFICATE_WORDS.get(kind, kind))
