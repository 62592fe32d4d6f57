"""What the people of the house do, through the pages alone."""

import re

from playwright.sync_api import expect

from tests.walks.evidence import photograph
from tests.walks.visitors import Visitor

TABS = ("materials", "calc", "survey", "payment", "messages", "archive", "audit")
PLACE = {"latitude": 31.221234, "longitude": 121.541234}


def open_claim(visitor: Visitor, number: str, tab: str = "") -> None:
    """Open a claim, or one of its tabs."""
    visitor.go(f"/claims/{number}/{f'{tab}/' if tab else ''}")


def accept_papers(visitor: Visitor) -> None:
    """Look at every paper that was handed in, and accept it."""
    waiting = visitor.page.get_by_role("button", name="核过", exact=True)
    for left in range(waiting.count(), 0, -1):
        waiting.first.click()
        expect(waiting).to_have_count(left - 1)


def act(visitor: Visitor, name: str) -> None:
    """Open an act of the claim in its dialog, the first one or one behind "more"."""
    acts = visitor.page.locator("[hx-get*='/acts/']")
    visitor.page.get_by_role("link", name=name, exact=True).and_(acts).first.click()
    expect(visitor.page.get_by_role("dialog")).to_be_visible()


def answer(visitor: Visitor, button: str, *, words: str) -> None:
    """Press the dialog's button and read what was done."""
    dialog = visitor.page.get_by_role("dialog")
    dialog.get_by_role("button", name=button, exact=True).click()
    visitor.sees(words)
    expect(dialog).to_be_hidden()


def register(visitor: Visitor, *, reserves: tuple[str, ...]) -> None:
    """Register the claim with a reserve in yuan for each part."""
    act(visitor, "立案")
    visitor.look("claims/acts/register")
    fields = visitor.page.get_by_role("dialog").get_by_role("textbox")
    expect(fields).to_have_count(len(reserves))
    for n, reserve in enumerate(reserves):
        fields.nth(n).fill(reserve)
    answer(visitor, "立案", words="已立案")


def dispatch(visitor: Visitor, assessor: str) -> None:
    """Send an assessor to the place of the loss."""
    act(visitor, "派查勘")
    visitor.look("claims/acts/dispatch")
    visitor.page.get_by_role("dialog").get_by_role("radio", name=assessor).check()
    answer(visitor, "派出", words=f"已派 {assessor} 查勘")


def list_loss(
    visitor: Visitor, thing: str, part: str, action: str, price: str, *, salvage: str = ""
) -> None:
    """Write one line of the loss list."""
    card = visitor.page.get_by_role("region", name=thing, exact=True)
    card.get_by_role("link", name="加一行").click()
    visitor.type("损失部位", part)
    visitor.page.get_by_role("radio", name=action, exact=True).check()
    visitor.type("单价", price)
    if salvage:
        visitor.type("残值", salvage)
    visitor.press("记入清单")
    expect(card).to_contain_text(part)


def survey(visitor: Visitor, number: str) -> None:
    """Set out, arrive, list the losses of both cars, take a photograph, sign."""
    drive_there(visitor, number)
    list_loss(visitor, "本车", "前保险杠", "更换", "1800")
    list_loss(visitor, "对方车辆", "后保险杠", "修复", "1500.00")
    sign(visitor, findings="痕迹相符，损失与报案一致。")


def drive_there(visitor: Visitor, number: str) -> None:
    """Set out and arrive."""
    visitor.go("/survey/")
    visitor.look("survey")
    visitor.go(f"/survey/{number}/")
    visitor.press("出发去现场")
    visitor.press("我到了，开始计时")
    visitor.sees("到场 ")


def sign(visitor: Visitor, *, findings: str) -> None:
    """On the spot: a photograph of the survey, the findings, the name."""
    with visitor.page.expect_file_chooser() as chooser:
        visitor.page.locator("[data-camera]").locator("..").click()
    chooser.value.set_files(photograph(findings))
    expect(visitor.page.get_by_role("link", name="已上传 查勘照片")).to_be_visible()
    visitor.look("survey/visit")
    visitor.type("查勘结论", findings)
    visitor.press("签字，完成查勘")
    visitor.sees("查勘已完成")


def choose_rows(visitor: Visitor, name: str) -> None:
    """Tick every row that names this claim."""
    for row in visitor.page.locator("[data-row]").filter(has_text=name).all():
        row.get_by_role("checkbox").check()


def make_orders(visitor: Visitor, number: str, *, count: int) -> None:
    """Make an order of each sum of the claim."""
    visitor.go("/pay/?view=make")
    visitor.look("pay/make")
    choose_rows(visitor, number)
    visitor.press("给选中的制单")
    expect(visitor.page.get_by_text(re.compile("^已制单"))).to_have_count(count)


def try_own_order(visitor: Visitor, number: str) -> None:
    """The maker may not release what he made: the page says why, and takes nothing."""
    visitor.go("/pay/?view=check")
    row = visitor.page.locator("[data-row]").filter(has_text=number).first
    expect(row).to_contain_text("您参与过本案，不能复核")
    expect(row.get_by_role("checkbox")).to_be_disabled()
    visitor.look("pay/check")
    row.get_by_role("checkbox").evaluate("box => { box.disabled = false; box.checked = true; }")
    visitor.press("核对选中的付款单")
    visitor.sees("没有选中可以放款的付款单")


def release_orders(visitor: Visitor, number: str, *, count: int) -> None:
    """Look at what would go out, then let it go."""
    ready = visitor.page.locator("[data-row]").filter(has_text=number)
    visitor.until(lambda: visitor.go("/pay/?view=check"), ready.get_by_role("checkbox").first)
    choose_rows(visitor, number)
    visitor.press("核对选中的付款单")
    visitor.look("pay/release")
    visitor.page.get_by_role("button", name=re.compile("^放款")).click()
    expect(visitor.page.get_by_text(re.compile("^已放款"))).to_have_count(count)


def shelve(visitor: Visitor, number: str, *, place: str) -> None:
    """Arrange the volume of a claim and put it on its shelf."""
    row = visitor.page.locator("[data-row]").filter(has_text=number)
    visitor.until(lambda: visitor.go("/archive/"), row)
    visitor.look("archive")
    row.get_by_role("link").first.click()
    visitor.look("archive/volume")
    visitor.press("整理完毕")
    visitor.sees("四性检测")
    visitor.type("库位", place)
    visitor.press("入库归档")
    visitor.sees("已入库归档")
