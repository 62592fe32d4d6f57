"""Every page and every form of every person, crawled: hostile entries never make a 500.

The crawl follows links and buttons as a browser would, and sends each form that it finds
several times, with absurd entries in every field.
"""

from collections import deque
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import settings
from django.template.loader import get_template
from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY

from lipei.ch01_general.models import Party, Staff
from lipei.site import urls
from tests import steps
from tests.site.stand import OWN, undone

LINKS = ("href", "hx-get", "data-url")
ENTRIES = (
    "", "\u202e反向\u0007", "𠮷" * 300, "-1", "99999999999999999999", "1e9", "NaN",
    "2999-12-31T23:59", "0001-01-01", "'; DROP TABLE general_claim; --", "<img src=x onerror=1>",
    "{{ 7|add:7 }}", "../../etc/passwd", "true", "\ufeff\u200b", "٣٤", "🚗👨‍👩‍👧", "%s%n%d",
)  # fmt: skip
PAGES_MOST = 45
ROUNDS = 2
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


def crawl(client: Client, start: list[str]) -> tuple[set[str], list[str]]:
    """Follow every link and send every form; the shapes of addresses seen, and what failed."""
    waiting, seen, failed = deque(start), set(start), []
    forms: set[tuple[str, tuple[str, ...]]] = set()
    while waiting and len(seen) < PAGES_MOST * 4:
        where = waiting.popleft()
        response = client.get(where)
        failed += [f"GET {where}"] if response.status_code >= 500 else []
        if "html" not in response.get("Content-Type", "") or response.streaming:
            continue
        page = Page(response.content.decode())
        for link in page.links:
            path = ours(link, where)
            if path and path not in seen and len(seen) < PAGES_MOST:
                seen.add(path)
                waiting.append(path)
        for form in page.forms:
            target = ours(form.action or where, where)
            shape = (target.partition("?")[0], tuple(sorted(form.fields)))
            if target and shape not in forms and "logout" not in target:
                forms.add(shape)
                failed += sent(client, form, target)
    return {path for path, _ in forms} | seen, failed


def sent(client: Client, form: Form, target: str) -> list[str]:
    """Send one form: as it stands, empty, and with absurd entries; name what failed."""
    trials = [form.fields, dict.fromkeys(form.fields, "")]
    for turn in range(ROUNDS):
        entries = [ENTRIES[(turn * 7 + n * 5) % len(ENTRIES)] for n in range(len(form.fields))]
        trials.append(dict(zip(form.fields, entries, strict=True)))
        trials.append(
            {**form.fields, **dict(list(zip(form.fields, entries, strict=True))[turn::3])}
        )
    failed = []
    for trial in trials:
        with undone():
            send = client.post if form.method == "post" else client.get
            response = send(target, trial)
        if response.status_code >= 500:
            failed.append(f"{form.method.upper()} {target} {trial}")
    return failed


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
        seen, failed = crawl(signed_in(person), start)
    assert failed == []
    assert len(seen) > len(start)


def test_absurd_claim_numbers_are_told_as_missing():
    client = Client(raise_request_exception=False)
    for number in ("CX-0", "x" * 300, "%F0%9F%9A%97", "..%2f..", "' OR 1=1"):
        for where in ("/m/claims/{}/", "/claims/{}/", "/survey/{}/"):
            assert client.get(where.format(number)).status_code < 500


TEMPLATES = sorted(Path(urls.__file__).parents[1].rglob("templates/**/*.html"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_every_template_can_be_read(path):
    get_template(str(path.relative_to(next(p for p in path.parents if p.name == "templates"))))
