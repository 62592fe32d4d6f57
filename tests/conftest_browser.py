"""The browser of the tests that are marked `browser`; without one they say why they are skipped.

A conftest takes it in with ``pytest_plugins = ["tests.conftest_browser"]``.
"""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from lipei.run.chromium import find_chromium

NONE_HERE = "no Chromium here; `./lipei test` installs one where it may"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs a browser when there is none, and give the reason."""
    if find_chromium():
        return
    skipped = pytest.mark.skip(reason=os.environ.get("LIPEI_NO_CHROMIUM") or NONE_HERE)
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(skipped)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A running Chromium; a test opens a context of its own in it.

    Playwright keeps a loop in this thread, which Django would take for asynchronous code.
    """
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    words = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=words)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
