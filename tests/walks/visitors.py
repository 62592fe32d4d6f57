"""People with a browser each: what they see is held against axe, the policy and the console."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Literal

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect

from lipei.run.home import FRONTEND
from lipei.site.demonstration import PASSWORD

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
PATIENCE_MS = 15_000
AGAIN_MS = 200
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
AXE = FRONTEND / "dist" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FOUND = f"""async () => (await axe.run(document, {{
    runOnly: {json.dumps(RULES)}, resultTypes: ['violations'], elementRef: false,
  }})).violations.map(one => [one.id, one.nodes.map(node => node.target.join(' '))])"""

expect.set_options(timeout=PATIENCE_MS)


KEPT = """async () => {
  await navigator.serviceWorker.ready;
  while (!navigator.serviceWorker.controller) await new Promise(resolve => setTimeout(resolve, 50));
}"""


class Visitor:
    """One person in a browser context of their own."""

    def __init__(self, browser: Browser, address: str, **options: Any) -> None:
        self.context: BrowserContext = browser.new_context(
            base_url=address, locale="zh-CN", timezone_id="Asia/Shanghai", **options
        )
        self.context.set_default_timeout(PATIENCE_MS)
        self.complaints: list[str] = []
        self.scripts = bool(options.get("java_script_enabled", True))
        self.page: Page = self.context.new_page()
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _heard(self, said: ConsoleMessage) -> None:
        if said.type == "error":
            self.complaints.append(f"{said.text} ({said.location.get('url', '')})")

    def go(self, path: str) -> None:
        """Open a page of ours; it has to be there."""
        answer = self.page.goto(path)
        assert answer is not None
        assert answer.ok, f"{path}: {answer.status}"

    def sees(self, words: str) -> None:
        """Wait until these words stand on the page."""
        expect(self.page.get_by_text(words).filter(visible=True).first).to_be_visible()

    def stands(self, heading: str) -> None:
        """Wait until the page with this heading stands there."""
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(heading)

    def until(self, again: Callable[[], object], what: Locator) -> None:
        """Look again until something that others bring about stands there and can be used."""
        until = time.monotonic() + PATIENCE_MS / 1000
        again()
        while not (what.count() and what.first.is_enabled()):
            assert time.monotonic() < until, f"not in time: {what}"
            self.page.wait_for_timeout(AGAIN_MS)
            again()

    def type(self, label: str, text: str) -> None:
        """Fill the field of this label."""
        self.page.get_by_role("textbox", name=label).first.fill(text)

    def press(self, name: str, *, role: Any = "button", exact: bool = True) -> None:
        """Press the button (or link) of this name."""
        self.page.get_by_role(role, name=name, exact=exact).first.click()

    def look(self, name: str) -> None:
        """Hold the page that stands here against axe, light and dark, and against its width.

        Without scripts axe cannot look.
        """
        if not self.scripts:
            return
        for theme in THEMES:
            self.page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            if not self.page.evaluate("'axe' in window"):
                self.page.evaluate(AXE.read_text())
            found = self.page.evaluate(FOUND)
            assert found == [], f"{name}, {theme}: {found}"
        wide = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{name} is {wide} px too wide"

    def keeps_pages(self) -> None:
        """Wait until the phone can show our pages without a network."""
        self.page.evaluate(KEPT)

    @contextmanager
    def refused(self) -> Iterator[None]:
        """A no of ours is expected: the console's line about its status is no complaint."""
        before = len(self.complaints)
        yield
        said = self.complaints[before:]
        del self.complaints[before:]
        self.complaints += [one for one in said if "the server responded with a status" not in one]

    @contextmanager
    def without_network(self) -> Iterator[None]:
        """No network for a while; that a request did not arrive is then no complaint."""
        before = len(self.complaints)
        self.context.set_offline(True)
        try:
            yield
        finally:
            self.context.set_offline(False)
            said = self.complaints[before:]
            del self.complaints[before:]
            self.complaints += [one for one in said if "ERR_INTERNET_DISCONNECTED" not in one]

    def sign_in_by_code(self, phone: str) -> None:
        """As a claimant: the phone number, then the code that the demonstration shows."""
        self.go("/m/")
        self.look("m/login")
        self.type("手机号", phone)
        self.press("获取验证码")
        self.type_shown_code()
        self.look("m/login/code")
        self.press("登录")
        expect(self.page.get_by_role("navigation")).to_be_visible()

    def type_shown_code(self) -> None:
        """Type the one-time code that stands on the screen."""
        shown = self.page.locator(".u-demo__code").inner_text()
        self.type("短信验证码", shown)

    def sign_in_by_authenticator(self, username: str) -> None:
        """As one of the house: name and password, then the code that the demonstration shows."""
        self.go("/login/")
        self.show_password_and_code(username)

    def show_password_and_code(self, username: str) -> None:
        """The same where the sign-in already stands: it leads back to where one was."""
        self.type("用户名", username)
        self.page.get_by_label("口令").fill(PASSWORD)
        self.press("下一步")
        self.type("验证器上的六位数字", self.page.locator(".u-demo b").inner_text())
        self.press("登录")
        self.page.wait_for_url(lambda url: "/login/" not in url)


class Visitors:
    """Everybody who is here during one test."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser = browser
        self.address = address
        self.all: list[Visitor] = []

    def phone(self, **options: Any) -> Visitor:
        """Somebody with a telephone of 390 by 844."""
        return self._come(viewport=PHONE, has_touch=True, **options)

    def desk(self, username: str) -> Visitor:
        """One of the house, signed in, at a screen of 1440 by 900."""
        visitor = self._come(viewport=DESK)
        visitor.sign_in_by_authenticator(username)
        return visitor

    def _come(self, **options: Any) -> Visitor:
        self.all.append(Visitor(self.browser, self.address, **options))
        return self.all[-1]

    def leave(self) -> None:
        """Close every browser; none may have complained about anything."""
        said = [words for visitor in self.all for words in visitor.complaints]
        for visitor in self.all:
            visitor.context.close()
        assert said == []
