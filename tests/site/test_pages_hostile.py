"""Every page and every form of every person, crawled: hostile entries never make a 500.

The crawl follows links and buttons as a browser would, at most a few addresses of one route, and
sends each form that it finds several times: with absurd entries in every field, and with the
naughty list, which goes on from form to form and from person to person.
(Every entry in every field is what the test of the API does.)
"""

from collections import Counter, deque
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import cycle
from pathlib import Path
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from django.conf import settings
from django.template.loader import get_template
from django.test import Client
from django.urls import Resolver404, resolve
from django_otp import DEVICE_ID_SESSION_KEY

from lipei.ch01_general.models import Party, Staff
from lipei.site import urls
from tests import naughty, steps
from tests.site.stand import OWN, undone

LINKS = ("href", "hx-get", "data-url")
ENTRIES = (
    "", "\u202e反向\u0007", "𠮷" * 300, "-1", "99999999999999999999", "1e9", "NaN",
    "2999-12-31T23:59", "0001-01-01", "'; DROP TABLE general_claim; --", "<img src=x onerror=1>",
    "{{ 7|add:7 }}", "../../etc/passwd", "true", "\ufeff\u200b", "٣٤", "🚗👨‍👩‍👧", "%s%n%d",
)  # fmt: skip
NAUGHTY = tuple(one for one in naughty.ENTRIES if "\x00" not in one)
"""A request with a NUL character is refused as a whole: that would hide the other entries."""
TURNS = cycle(NAUGHTY)
"""It goes on from form to form and from person to person."""
OF_ONE_ROUTE = 3
ROUNDS, NAUGHTY_ROUNDS = 2, 4
pytestmark = pytest.mark.django_db


@dataclass
class Form:
    """One form of a page: where it goes, how, and the names of its fields with their values."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)


class Page(HTMLParser):
    """The links and forms of one page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[Form] = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        told = {name: value or "" for name, value in attributes}
        self.links += [told[name] for name in LINKS if told.get(name)]
        if "hx-post" in told and tag != "form":
            self.forms.append(Form(told["hx-post"], "post"))
        if tag == "form":
            action = told.get("action") or told.get("hx-post", "")
            self.forms.append(Form(action, told.get("method", "get").lower()))
        if tag in {"input", "select", "textarea", "button"} and self.forms and told.get("name"):
            self.forms[-1].fields[told["name"]] = told.get("value", "")
        if told.get("formaction") and self.forms:
            self.forms.append(Form(told["formaction"], "post", dict(self.forms[-1].fields)))


def signed_in(person: str) -> Client:
    """A browser of this person, which reports failures as answers."""
    client = Client(raise_request_exception=False)
    session = client.session
    if person == OWN:
        session["party"] = Party.objects.get(phone=steps.PHONE).pk
        session.save()
    elif person:
        staff = Staff.objects.get(username=person)
        client.force_login(staff, backend=settings.AUTHENTICATION_BACKENDS[-1])
        session = client.session
        session[DEVICE_ID_SESSION_KEY] = staff.totpdevice_set.get().persistent_id
        session.save()
    return client


def ours(link: str, base: str) -> str:
    """The path of a link that stays in the house; empty for any other."""
    parts = urlsplit(urljoin(base, link))
    outside = parts.netloc or parts.scheme or parts.path.startswith(("/static/", "/api/"))
    return "" if outside else parts.path + (f"?{parts.query}" if parts.query else "")


def route_of(path: str) -> str:
    """The route of an address with the names of its query: what is one page for the crawl."""
    parts = urlsplit(path)
    try:
        route = resolve(parts.path).route
    except Resolver404:
        route = parts.path
    return f"{route}?{'&'.join(sorted(parse_qs(parts.query)))}"


class Crawl:
    """What one person's browser has seen and sent, and what failed."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.seen: Counter[str] = Counter()
        self.forms: set[tuple[str, tuple[str, ...]]] = set()
        self.failed: list[str] = []
        self.given: set[str] = set()

    def go(self, start: list[str]) -> None:
        """Follow every link and send every form, some of each route."""
        waiting, known = deque(start), set(start)
        while waiting:
            where = waiting.popleft()
            self.seen[route_of(where)] += 1
            response = self.client.get(where)
            self.failed += [f"GET {where}"] if response.status_code >= 500 else []
            if "html" not in response.get("Content-Type", "") or response.streaming:
                continue
            page = Page(response.content.decode())
            for path in (ours(link, where) for link in page.links):
                if path and path not in known and self.seen[route_of(path)] < OF_ONE_ROUTE:
                    known.add(path)
                    self.seen[route_of(path)] += 1
                    waiting.append(path)
            for form in page.forms:
                target = ours(form.action or where, where)
                shape = (route_of(target), tuple(sorted(form.fields)))
                if target and shape not in self.forms and "logout" not in target:
                    self.forms.add(shape)
                    self.send(form, target)

    def send(self, form: Form, target: str) -> None:
        """Send one form: as it stands, empty, with absurd entries, and with the naughty list."""
        trials = [form.fields, *({name: one for name in form.fields} for one in ("", "a\x00b"))]
        for turn in range(ROUNDS):
            chosen = [ENTRIES[(turn * 7 + n * 5) % len(ENTRIES)] for n in range(len(form.fields))]
            absurd = dict(zip(form.fields, chosen, strict=True))
            trials += [absurd, {**form.fields, **dict(list(absurd.items())[turn::3])}]
        for _ in range(NAUGHTY_ROUNDS):
            trials.append({name: next(TURNS) for name in form.fields})
            self.given |= set(trials[-1].values())
        for trial in trials:
            with undone():
                send = self.client.post if form.method == "post" else self.client.get
                response = send(target, trial)
            if response.status_code >= 500:
                self.failed.append(f"{form.method.upper()} {target} {trial}")


@pytest.mark.parametrize(
    "person",
    ["", OWN, "wangmin", "lijun", "xujing", "zhaolin", "zhouwei", "sunjie", "wutong", "qianjin",
     "heyu", "linyue", "hege", "itadmin"],
)  # fmt: skip
def test_no_page_and_no_form_ever_fails(person, stand, django_db_blocker):
    start = ["/", "/m/", "/login/", "/m/login/", "/desk/", "/healthz", "/m/report/new/"]
    for number in stand.claims if person in {OWN, "wangmin"} else stand.claims[-3:]:
        start += [f"/m/claims/{number}/", f"/claims/{number}/", f"/survey/{number}/"]
    with django_db_blocker.unblock(), undone():
        crawl = Crawl(signed_in(person))
        crawl.go(start)
    assert crawl.failed == []
    assert len(crawl.seen) > len({route_of(path) for path in start})
    assert len(crawl.given) >= min(len(NAUGHTY), NAUGHTY_ROUNDS * len(crawl.forms))


def test_absurd_claim_numbers_are_told_as_missing():
    client = Client(raise_request_exception=False)
    for number in ("CX-0", "x" * 300, "%F0%9F%9A%97", "..%2f..", "' OR 1=1"):
        for where in ("/m/claims/{}/", "/claims/{}/", "/survey/{}/"):
            assert client.get(where.format(number)).status_code < 500


TEMPLATES = sorted(Path(urls.__file__).parents[1].rglob("templates/**/*.html"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_every_template_can_be_read(path):
    get_template(str(path.relative_to(next(p for p in path.parents if p.name == "templates"))))
