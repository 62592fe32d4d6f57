"""What is done for a claim of a person or a home, through the pages alone: phone and desk."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from playwright.sync_api import expect

from lipei.kit import clock
from tests.walks import claimant, staff
from tests.walks.claimant import NEXT
from tests.walks.evidence import photograph
from tests.walks.visitors import Visitor, Visitors

MINUTES = "%Y-%m-%dT%H:%M"


@dataclass(frozen=True)
class Told:
    """What somebody tells on the phone: the first step, the pictures, the answers of the third."""

    name: str
    phone: str
    days_ago: int
    place: tuple[str, str]
    cause: str
    story: str
    card: str
    pictures: tuple[str, ...]
    chosen: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)

    def day(self, *, after: int = 0) -> str:
        """The day of the event, or one so many days later, as a field of a date takes it."""
        at = clock.now() - timedelta(days=self.days_ago - after)
        return at.astimezone(clock.LOCAL).date().isoformat()


def report(phone: Visitor, told: Told, look: str) -> str:
    """Four steps on the phone, then the slip with the claim's number."""
    phone.go("/m/report/new/")
    phone.stands("报案 1/4")
    at = (clock.now() - timedelta(days=told.days_ago)).astimezone(clock.LOCAL)
    phone.page.get_by_label("什么时候").fill(at.strftime(MINUTES))
    phone.type(*told.place)
    claimant.chosen(phone, "怎么了", told.cause)
    phone.look(f"m/report/{look}/1")
    phone.press(NEXT)
    phone.stands("报案 2/4")
    for name in told.pictures:
        claimant.take_picture(phone, name, photograph(f"{told.name} {name}"))
        claimant.arrived(phone, name)
    phone.look(f"m/report/{look}/2")
    phone.press(NEXT)
    phone.stands("报案 3/4")
    phone.type("经过", told.story)
    for question, answer in told.chosen.items():
        claimant.chosen(phone, question, answer)
    for question, answer in told.typed.items():
        phone.type(question, answer)
    phone.look(f"m/report/{look}/3")
    phone.press(NEXT)
    phone.stands("报案 4/4")
    claimant.consent(phone)
    phone.look(f"m/report/{look}/4")
    phone.press("提交报案")
    return claimant.number_on_slip(phone)


def hand_in_the_rest(phone: Visitor, told: Told, number: str, look: str) -> None:
    """Every paper that the progress page still asks for is handed in there."""
    phone.go(f"/m/claims/{number}/")
    phone.look(f"m/claims/{look}/reported")
    wanted = phone.page.locator(".u-pick:not(.u-pick--line) input[type=file]")
    while left := wanted.count():
        paper = str(wanted.first.get_attribute("aria-label"))
        wanted.first.set_input_files(photograph(f"{told.name} {paper}"))
        expect(wanted).to_have_count(left - 1)


def tell_facts(
    visitor: Visitor, number: str, *, position: int, facts: Mapping[str, str], paper: str
) -> None:
    """Write the facts of one part down from a paper."""
    visitor.go(f"/claims/{number}/facts/{position}/cover/")
    for label, value in facts.items():
        asked = visitor.page.get_by_label(label, exact=True)
        if asked.evaluate("one => one.tagName") == "SELECT":
            asked.select_option(label=value)
        else:
            asked.fill(value)
    visitor.page.get_by_label("依据的材料").select_option(label=paper)
    visitor.look(f"claims/facts/{position}")
    visitor.press("保存")
    visitor.sees("已保存")


def calculate_and_submit(clerk: Visitor, number: str) -> None:
    """The clerk works the sum out and hands it to a reviewer."""
    staff.open_claim(clerk, number)
    staff.act(clerk, "理算")
    staff.answer(clerk, "开始理算", words="理算完成")
    staff.open_claim(clerk, number, "calc")
    clerk.look("claims/calc")
    staff.act(clerk, "提交核赔")
    staff.answer(clerk, "提交", words="已提交核赔")


def approve(reviewer: Visitor, number: str, positions: Iterable[int]) -> None:
    """The reviewer answers every question with yes, part by part."""
    for position in positions:
        reviewer.go(f"/approvals/{number}/{position}/")
        reviewer.look("approvals/one")
        for box in reviewer.page.locator("#decide input[type=checkbox]").all():
            box.check()
        reviewer.page.get_by_role("button", name=re.compile("^通过")).click()
        reviewer.page.wait_for_url(lambda url, here=f"/{number}/{position}/": here not in url)


def confirm(
    phone: Visitor, told: Told, number: str, *, sums: Iterable[str], payee: str = "付到您的账户"
) -> None:
    """Every sum accepted, one account, the name as signature, the code."""
    phone.go(f"/m/claims/{number}/confirm/")
    for title in sums:
        claimant.choose_word(phone, title, "接受")
    claimant.give_account(phone, payee, number=told.card, holder=told.name)
    claimant.ask_for_code(phone)
    claimant.sign_by_name(phone, told.name)
    phone.look("m/claims/confirm")
    phone.press("签署并提交")
    phone.sees("已签署")


def to_the_shelf(visitors: Visitors, phone: Visitor, number: str, *, count: int) -> None:
    """Orders made and let go, the receipt on the phone, the volume on its shelf."""
    staff.make_orders(visitors.desk("zhaolin"), number, count=count)
    staff.release_orders(visitors.desk("qianjin"), number, count=count)
    phone.go(f"/m/claims/{number}/")
    receipts = phone.page.get_by_role("link", name=re.compile("您 · 尾号"))
    phone.until(phone.page.reload, receipts)
    phone.look("m/claims/paid")
    staff.shelve(visitors.desk("sunjie"), number, place="B-02-01")


def registered(visitors: Visitors, number: str, *, reserves: tuple[str, ...]) -> Visitor:
    """The clerk finds the claim in the list, accepts its papers and registers it."""
    clerk = visitors.desk("wangmin")
    staff.open_claim(clerk, number)
    staff.accept_papers(clerk)
    staff.register(clerk, reserves=reserves)
    return clerk


def row_of(clerk: Visitor, number: str, look: Callable[[], object] | None = None) -> str:
    """What the desk's list says of a claim."""
    clerk.go(f"/claims/?q={number}")
    clerk.look("claims/list")
    return clerk.page.locator("[data-row]").filter(has_text=number).first.inner_text()
