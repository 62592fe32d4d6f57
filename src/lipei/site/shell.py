"""What every page's frame needs: look, language, who is signed in, and where one can go."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

THEMES = ("light", "dark", "system")
COOKIES = {"theme": "lipei_theme", "size": "lipei_size", "keys": "lipei_keys"}
CLAIMANT_PREFIX = "/m/"
Counts = Mapping[str, tuple[int, bool]]


@dataclass(frozen=True)
class Link:
    """One place in the navigation. `route` is a URL name; a route that is not there yet is left
    out. `duties`: the link shows to who has one of them, to everybody when empty. `key`: the
    letter after G. `counter` names the count that a page or the desk may give."""

    title: Promise | str
    icon: str
    route: str
    key: str = ""
    duties: frozenset[str] = frozenset()
    counter: str = ""
    url: str = ""
    current: bool = False
    count: int = 0
    hot: bool = False


@dataclass(frozen=True)
class Group:
    """A heading of the navigation and the places under it."""

    title: Promise | str
    links: tuple[Link, ...]


def _duties(*names: str) -> frozenset[str]:
    return frozenset(names)


STAFF_NAV = (
    Group(
        _("我的工作台"),
        (
            Link(_("我的待办"), icon="inbox", route="desk:home", key="i", counter="todo"),
            Link(
                _("全部案件"),
                icon="briefcase",
                route="desk:claims",
                duties=_duties("claims.view"),
                key="c",
                counter="claims",
            ),
            Link(
                _("代客报案"),
                icon="camera-plus",
                route="desk:report",
                duties=_duties("claims.report"),
                key="n",
            ),
            Link(
                _("保单"),
                icon="shield-check",
                route="desk:policies",
                duties=_duties("claims.view", "policies.import"),
                key="l",
            ),
            Link(
                _("查勘与公估"),
                icon="tools",
                route="desk:survey",
                duties=_duties("survey.do", "survey.dispatch"),
                key="s",
                counter="survey",
            ),
        ),
    ),
    Group(
        _("审批与支付"),
        (
            Link(
                _("待我审批"),
                icon="clipboard-check",
                route="desk:approvals",
                duties=_duties("review.decide"),
                key="a",
                counter="approvals",
            ),
            Link(
                _("异议答复"),
                icon="message-2",
                route="desk:disputes",
                duties=_duties("disputes.answer"),
                key="d",
            ),
            Link(
                _("支付"),
                icon="cash-banknote",
                route="desk:payments",
                duties=_duties(
                    "pay.make",
                    "pay.check",
                    "pay.approve",
                    "pay.return",
                    "screening.clear",
                    "ledger.view",
                ),
                key="p",
                counter="payments",
            ),
            Link(
                _("归档"),
                icon="archive",
                route="desk:archive",
                duties=_duties("archive.arrange", "archive.shelve", "archive.read"),
                key="r",
                counter="archive",
            ),
        ),
    ),
    Group(
        _("查阅"),
        (
            Link(
                _("手册达标看板"),
                icon="layout-dashboard",
                route="desk:board",
                duties=_duties("reports.view"),
                key="b",
            ),
            Link(_("活手册"), icon="book-2", route="desk:manual", key="m"),
            Link(
                _("规则变更"),
                icon="rotate",
                route="desk:rules",
                duties=_duties("clauses.propose", "clauses.change", "audit.read"),
                key="e",
            ),
            Link(
                _("承接已用限额"),
                icon="history",
                route="desk:prior",
                duties=_duties("limits.bring", "limits.approve", "audit.read"),
                key="l",
            ),
            Link(
                _("文书"),
                icon="file-text",
                route="desk:letters",
                duties=_duties("clauses.propose", "clauses.change", "audit.read"),
                key="w",
            ),
            Link(
                _("审计"),
                icon="list-search",
                route="desk:audit",
                duties=_duties("audit.read"),
                key="u",
            ),
            Link(
                _("运行状况"),
                icon="activity",
                route="desk:running",
                duties=_duties("audit.read", "system.operate"),
                key="o",
            ),
        ),
    ),
    Group(
        _("机构和人员"),
        (
            Link(
                _("人员"),
                icon="users",
                route="desk:people",
                duties=_duties("accounts.manage", "staff.view"),
                key="w",
            ),
            Link(
                _("机构和部门"),
                icon="hierarchy",
                route="desk:company",
                duties=_duties("accounts.manage", "staff.view"),
                key="h",
            ),
        ),
    ),
)
CLAIMANT_TABS = (
    Link(pgettext_lazy("tab", "首页"), icon="home", route="pocket:home", key="home"),
    Link(pgettext_lazy("tab", "报案"), icon="camera-plus", route="pocket:report", key="report"),
    Link(pgettext_lazy("tab", "进度"), icon="progress-check", route="pocket:claims", key="claims"),
    Link(
        pgettext_lazy("tab", "消息"),
        icon="bell",
        route="pocket:inbox",
        key="inbox",
        counter="inbox",
    ),
    Link(pgettext_lazy("tab", "我的"), icon="user", route="pocket:me", key="me"),
)


@dataclass(frozen=True)
class Reader:
    """Who reads the page: name and post as they are shown."""

    name: str = ""
    post: str = ""
    key: str = ""
    duties: frozenset[str] = frozenset()
    signed_in: bool = False

    @property
    def short(self) -> str:
        """The one to three characters that stand in the round picture."""
        return self.name[:3] if len(self.name) > 1 else self.name or "—"


@dataclass(frozen=True)
class Shell:
    """The frame of one page. `counts` by counter name: (how many, whether it burns)."""

    request: HttpRequest
    reader: Reader = field(default_factory=Reader)
    counts: Counts = field(default_factory=dict)

    @property
    def theme(self) -> str:
        """light, dark or system."""
        chosen = self.request.COOKIES.get(COOKIES["theme"], "system")
        return chosen if chosen in THEMES else "system"

    @property
    def size(self) -> str:
        """large, or nothing for the ordinary size."""
        return "large" if self.request.COOKIES.get(COOKIES["size"]) == "large" else ""

    @property
    def keys(self) -> str:
        """Whether single-key shortcuts are on."""
        return "off" if self.request.COOKIES.get(COOKIES["keys"]) == "off" else "on"

    @property
    def lang(self) -> str:
        """The language of the page as HTML names it."""
        return "en" if (get_language() or "").startswith("en") else "zh-Hans"

    @property
    def claimant(self) -> bool:
        """Whether this is a page of the claimants' shell."""
        return self.request.path.startswith(CLAIMANT_PREFIX)

    @property
    def hotline(self) -> str:
        """The telephone number that people may call; empty where the operator told none."""
        return str(settings.LIPEI_HOTLINE)

    @property
    def person(self) -> Reader:
        """Who reads it."""
        return self.reader

    @property
    def frame(self) -> str:
        """What a staff page extends: the whole shell, or the part that htmx asked for."""
        partial = self.request.headers.get("HX-Request-Type") == "partial"
        restored = self.request.headers.get("HX-History-Restore-Request") == "true"
        return "staff/fragment.html" if partial and not restored else "staff/base.html"

    @property
    def home(self) -> str:
        """Where the brand leads."""
        return "/m/" if self.claimant else "/"

    @cached_property
    def nav(self) -> tuple[Group, ...]:
        """The staff navigation that this reader may use, without empty groups."""
        groups = (Group(one.title, self._shown(one.links)) for one in STAFF_NAV)
        return tuple(group for group in groups if group.links)

    @cached_property
    def tabs(self) -> tuple[Link, ...]:
        """The places at the bottom of the claimants' shell."""
        return self._shown(CLAIMANT_TABS)

    def _shown(self, links: tuple[Link, ...]) -> tuple[Link, ...]:
        """The links that lead somewhere for this reader, with address, count and mark."""
        found = []
        for link in links:
            url = address(link.route)
            if not url or (link.duties and not link.duties & self.reader.duties):
                continue
            count, hot = self.counts.get(link.counter, (0, False))
            current = self.request.path == url
            found.append(replace(link, url=url, current=current, count=count, hot=hot))
        return tuple(found)


def address(route: str) -> str:
    """The address of a named page, empty while that page is not there."""
    try:
        return reverse(route)
    except NoReverseMatch:
        return ""
