"""What a claimant does on the phone, through the pages alone."""

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, expect

from tests.walks.evidence import film, photograph
from tests.walks.visitors import Visitor

REQUIRED = ("全景", "车牌", "近景")
LICENCES = ("驾驶证", "行驶证")
LARGE = (2600, 1950)
"""A photograph of more than 4 MB: the phone makes it smaller and keeps what it proves."""
NEXT = "下一步"


def chosen(visitor: Visitor, legend: str, option: str) -> None:
    """Choose one card of a question."""
    group = visitor.page.get_by_role("group", name=legend)
    group.get_by_role("radio", name=option).first.check()


def ticked(visitor: Visitor, part: str, how: str, *, other: bool = False) -> None:
    """Tick a damaged part, of the own car or of the other one."""
    group = visitor.page.get_by_role("group", name=part, exact=True)
    (group.last if other else group.first).get_by_role("radio", name=how).check()


def tell_occurrence(visitor: Visitor, *, place: str) -> None:
    """Step 1: the policy stands there by itself; where, by what, nobody hurt."""
    visitor.type("在哪里", place)
    chosen(visitor, "怎么了", "碰撞、追尾")
    chosen(visitor, "有人受伤吗？", "没有人受伤")


def frame(visitor: Visitor, name: str) -> Locator:
    """One frame of the photo guide."""
    return visitor.page.locator("[data-frames] > li").filter(has_text=name)


def take_picture(visitor: Visitor, name: str, file: dict[str, object]) -> None:
    """Take a picture for a frame, look at it, keep it."""
    frame(visitor, name).get_by_role("button").click()
    with visitor.page.expect_file_chooser() as chooser:
        visitor.page.locator("[data-camera]").locator("..").click()
    chooser.value.set_files(file)
    visitor.press("用这张")
    expect(frame(visitor, name)).to_contain_text("1 份")


def take_film(visitor: Visitor) -> None:
    """Walk around the car with the camera running."""
    button = frame(visitor, "视频").get_by_role("button")
    if button.is_visible():
        button.click()
    visitor.page.locator("[data-video]").set_input_files(film(visitor.page))
    expect(frame(visitor, "视频")).to_contain_text("1 份")


def arrived(visitor: Visitor, name: str) -> None:
    """Wait until the picture of a frame is with the server."""
    expect(frame(visitor, name)).to_have_attribute("data-state", "done")


@dataclass(frozen=True)
class OtherSide:
    """The driver of the other car."""

    name: str
    plate: str
    phone: str


def tell_course(visitor: Visitor, other: OtherSide, *, story: str) -> None:
    """Step 3: another car was hit, we are at fault, both signed; two bumpers are hurt."""
    visitor.type("经过", story)
    chosen(visitor, "除了您的车，还有什么受损？", "对方车辆")
    if not visitor.scripts:
        for fold in ("对方信息", "对方的车"):
            visitor.page.locator("summary").filter(has_text=fold).click()
    visitor.type("对方车牌", other.plate)
    visitor.type("对方姓名", other.name)
    visitor.type("对方电话", other.phone)
    chosen(visitor, "责任怎么分？", "我方全责")
    chosen(visitor, "有事故证明吗？", "自行协商")
    ticked(visitor, "前保险杠", "凹陷")
    ticked(visitor, "后保险杠", "凹陷", other=True)


def consent(visitor: Visitor) -> None:
    """Step 4: the separate word of consent."""
    visitor.page.get_by_label(re.compile("我单独同意")).check()


def pictures() -> dict[str, dict[str, object]]:
    """The pictures of the report; the close one is large and carries its time."""
    made = {name: photograph(name) for name in (*REQUIRED, *LICENCES)}
    made["近景"] = photograph("近景", size=LARGE, quality=96, stamped=True)
    return made


def number_on_slip(visitor: Visitor) -> str:
    """The claim's number, as the receipt of the report shows it."""
    visitor.sees("报案已收到")
    return visitor.page.locator(".u-slipno").inner_text().strip()


def hand_in(visitor: Visitor, paper: str) -> None:
    """Hand in one missing paper from the progress page."""
    file = photograph(paper)
    visitor.page.get_by_label(f"上传{paper}").set_input_files(file)


def draw_signature(visitor: Visitor) -> None:
    """Sign with the finger."""
    visitor.page.locator("[data-pad]").scroll_into_view_if_needed()
    box = visitor.page.locator("[data-pad] canvas").bounding_box()
    assert box is not None
    visitor.page.mouse.move(box["x"] + 40, box["y"] + 40)
    visitor.page.mouse.down()
    for x, y in ((90, 70), (120, 35), (170, 80)):
        visitor.page.mouse.move(box["x"] + x, box["y"] + y, steps=4)
    visitor.page.mouse.up()
    visitor.sees("已签名")


def sign_by_name(visitor: Visitor, name: str) -> None:
    """Sign by typing one's own name."""
    visitor.page.get_by_text("不便手写？输入姓名代替签名").click()
    visitor.type("您的姓名", name)


def give_account(visitor: Visitor, card: str, *, number: str, holder: str) -> None:
    """Type the account of one payee."""
    heading = visitor.page.get_by_role("heading", name=card, exact=True)
    payee = visitor.page.locator("section").filter(has=heading)
    payee.get_by_role("textbox", name="开户银行").fill("中国工商银行")
    payee.get_by_role("textbox", name="银行卡号").fill(number)
    payee.get_by_role("textbox", name="户名").fill(holder)


def choose_word(visitor: Visitor, sum_title: str, word: str) -> None:
    """Accept a sum, accept it under reservation, or object to it."""
    group = visitor.page.get_by_role("group", name=sum_title)
    group.get_by_role("radio", name=word, exact=False).first.check()


def ask_for_code(visitor: Visitor) -> None:
    """Have the code sent; what was typed stays."""
    visitor.press("获取验证码")
    visitor.type_shown_code()
