"""Take the pictures of the README: ``.venv/bin/python docs/pictures/take.py [FOLDER]``.

It starts a demonstration of its own in a folder that is thrown away, lays out `scene.py`, opens the
pages in Chromium, and writes small PNG files. Nothing that it shows is real.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path

import django
from PIL import Image
from playwright.sync_api import Browser, ViewportSize, sync_playwright

from lipei.run.chromium import find_chromium
from lipei.run.database import database_of
from lipei.run.environment import SETTINGS_MODULE
from lipei.run.home import CHECKOUT, Home, open_home
from lipei.run.ports import free_port
from lipei.run.programs import places_for, programs
from lipei.run.up import prepare, wait_for_answer

os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS_MODULE)
django.setup()

from tests.walks.visitors import DESK, PHONE, Visitor  # noqa: E402  once Django is ready

HERE = Path(__file__).parent
DRAWING = CHECKOUT / "src/lipei/site/templates/m/scene.html"
LARGEST_BYTES = 250_000
COLOURS, FEWEST_COLOURS = 256, 64
PHOTOGRAPH: ViewportSize = {"width": 1280, "height": 960}
SEEN = {
    "scene": "translate(0 0)",
    "plate": "translate(-360 -270) scale(3)",
    "close": "translate(-330 -300) scale(2.2)",
}
DRAWN = """() => Promise.all([...document.images]
  .filter(image => image.src && image.getBoundingClientRect().top < innerHeight)
  .map(image => image.decode().catch(() => {})))"""
PAGE = """<!doctype html><meta charset="utf-8"><style>
  body {{ margin: 0; width: 1280px; height: 960px; font-family: "Noto Sans CJK SC", sans-serif }}
  svg {{ width: 1280px; height: 960px }}
  main {{ padding: 90px; font-size: 64px; line-height: 1.5; background: #f3f1ea; height: 780px }}
  h1 {{ font-size: 110px; margin: 0 0 40px }}
</style>{body}"""
CARD = "<main><h1>{title}</h1><p>姓名 示例 · 号码 000000</p><p>这是一张画出来的示例。</p></main>"


def draw(browser: Browser, folder: Path) -> None:
    """Photographs of our own drawing of a car, and two papers."""
    drawn = re.search(r"(<svg[^>]*>)(.*)</svg>", DRAWING.read_text(), re.DOTALL)
    assert drawn is not None
    head, body = drawn.groups()
    plate = '<text x="180" y="154" font-size="16" fill="#fff" text-anchor="middle">示例·6K27P'
    pages = {
        name: f'{head}<g transform="{moved}">{body}{plate}</text></g></svg>'
        for name, moved in SEEN.items()
    }
    pages["licence"] = CARD.format(title="证件（示例）")
    pages["paper"] = CARD.format(title="自行协商协议书")
    page = browser.new_page(viewport=PHOTOGRAPH)
    for name, inside in pages.items():
        page.set_content(PAGE.format(body=inside))
        page.screenshot(path=folder / f"{name}.jpg", type="jpeg", quality=85)
    page.close()


def keep(visitor: Visitor, path: Path) -> None:
    """Write what is seen, once everything is drawn, with a palette so that it stays small."""
    visitor.page.emulate_media(color_scheme="light", reduced_motion="reduce")
    visitor.page.evaluate(DRAWN)
    shot = visitor.page.screenshot(animations="disabled")
    picture = Image.open(BytesIO(shot)).convert("RGB")
    colours = COLOURS
    while True:
        out = BytesIO()
        made = picture.quantize(colours, kmeans=4, dither=Image.Dither.NONE)
        made.save(out, "PNG", optimize=True)
        if len(out.getvalue()) <= LARGEST_BYTES or colours <= FEWEST_COLOURS:
            break
        colours //= 2
    path.write_bytes(out.getvalue())
    sys.stdout.write(f"{path.name} {len(out.getvalue()) // 1024} KB\n")


def lay_out(home: Home, *, environment: dict[str, str], photographs: Path) -> dict[str, str]:
    """The claims of the pictures, by what they show."""
    told = subprocess.run(  # noqa: S603  our own program
        [sys.executable, str(HERE / "scene.py"), str(photographs)],
        env=environment | {"DJANGO_ALLOW_ASYNC_UNSAFE": "1"}, cwd=CHECKOUT,
        capture_output=True, text=True,
    )  # fmt: skip
    if told.returncode:
        raise SystemExit(told.stderr)
    (home.path / "claims.json").write_text(told.stdout)
    return dict(json.loads(told.stdout))


def at_desk(browser: Browser, address: str, claims: dict[str, str], folder: Path) -> None:
    """The clerk's desk and a claim in it."""
    clerk = Visitor(browser, address, viewport=DESK)
    clerk.sign_in_by_authenticator("wangmin")
    number = claims["large_calculated"]
    clerk.go(f"/claims/{number}/calc/?view=mine")
    keep(clerk, folder / "desk.png")
    clerk.go(f"/claims/{claims['to_be_registered']}/?view=mine")
    keep(clerk, folder / "claim.png")
    clerk.context.close()


def on_phones(browser: Browser, address: str, claims: dict[str, str], folder: Path) -> None:
    """The claimant's progress, report and word; the assessor's visit."""
    shown = {
        "progress": ("13800006032", f"/m/claims/{claims['just_reported']}/"),
        "confirm": ("13800006034", f"/m/claims/{claims['waiting_for_word']}/confirm/"),
    }
    for name, (phone, path) in shown.items():
        claimant = Visitor(browser, address, viewport=PHONE, device_scale_factor=2)
        claimant.sign_in_by_code(phone)
        claimant.go(path)
        keep(claimant, folder / f"{name}.png")
        claimant.context.close()
    assessor = Visitor(browser, address, viewport=PHONE, device_scale_factor=2)
    assessor.sign_in_by_authenticator("lijun")
    assessor.go(f"/survey/{claims['being_visited']}/")
    keep(assessor, folder / "survey.png")
    assessor.context.close()


def reporting(browser: Browser, address: str, photographs: Path, folder: Path) -> None:
    """The second step of a report, without network: two pictures taken, the third in the frame."""
    claimant = Visitor(browser, address, viewport=PHONE, device_scale_factor=2)
    claimant.sign_in_by_code("13800006023")
    claimant.go("/m/report/new/")
    claimant.type("在哪里", "春和路 118 号")
    for group, option in (("怎么了", "碰撞、追尾"), ("有人受伤吗？", "没有人受伤")):
        asked = claimant.page.get_by_role("group", name=group)
        asked.get_by_role("radio", name=option).first.check()
    claimant.press("下一步")
    claimant.stands("报案 2/4")
    claimant.keeps_pages()
    claimant.context.set_offline(True)
    for name in ("scene", "plate"):
        claimant.page.locator("[data-camera]").set_input_files(photographs / f"{name}.jpg")
        claimant.page.locator("[data-keep]").click()
        claimant.page.locator(f"[data-frames] > li[data-kind={name}] img").wait_for()
    claimant.page.evaluate("scrollTo(0, 0)")
    keep(claimant, folder / "report.png")
    claimant.context.close()


def take(folder: Path, *, stack: ExitStack) -> None:
    """Start everything, lay out the scene, take the pictures."""
    data = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lipei-pictures-")))
    photographs = data / "photographs"
    photographs.mkdir()
    home = open_home(data / "home")
    database = stack.enter_context(database_of(home))
    places = places_for(bind="127.0.0.1", port=free_port())
    children = programs(places, home=home, database=database)
    prepare(home, database=database, environment=children[0].environment)
    playwright = stack.enter_context(sync_playwright())
    words = ["--no-sandbox"] if os.geteuid() == 0 else []
    browser = playwright.chromium.launch(executable_path=find_chromium(), args=words)
    stack.callback(browser.close)
    draw(browser, photographs)
    claims = lay_out(home, environment=children[0].environment, photographs=photographs)
    for child in children:
        child.start()
        stack.callback(child.stop)
    wait_for_answer(f"{places.address}/healthz", child=children[-1])
    at_desk(browser, places.address, claims, folder)
    on_phones(browser, places.address, claims, folder)
    reporting(browser, places.address, photographs, folder)


if __name__ == "__main__":
    os.environ.pop("DATABASE_URL", None)
    with ExitStack() as stack:
        take(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE, stack=stack)
