"""What a claimant does on the phone, through the pages alone."""

import re

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
    visitor.page.locator("[data-video]").set_input_files(film(visitor.page))
    expect(frame(visitor, "视频")).to_contain_text("1 份")


def arrived(visitor: Visitor, name: str) -> None:
    """Wait until the picture of a frame is with the server."""
    expect(frame(visitor, name)).to_have_attribute("data-state", "done")


def tell_course(visitor: Visitor, *, story: str) -> None:
    """Step 3: another car was hit, we are at fault, both signed; two bumpers are hurt."""
    visitor.type("经过", story)
    chosen(visitor, "除了您的车，还有什么受损？", "对方车辆")
    visitor.type("对方车牌", "沪C12345")
    visitor.type("对方姓名", "王五")
    visitor.type("对方电话", "13911112222")
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
