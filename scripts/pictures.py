"""docs/pictures/: the day's page, a topic's page and a run in the dashboard, of the embedded newsroom, as Chromium shows them.

python scripts/pictures.py newsduck-demo docs/pictures      after `newsduck demo`; `make pictures` does both
"""

import os
import re
import shutil
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, expect, sync_playwright

FLAGS = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync"
UI = "http://127.0.0.1:4200"
TRIES = 240  # half-seconds until a server that is started has answered
COMMAND = str(Path(sys.executable).with_name("newsduck"))


def shoot(browser: Browser, address: str, target: Path, height: int, wait_for: str = "") -> None:
    """A page as somebody sees it who opens it, to the given height."""
    page = browser.new_page(viewport={"width": 1100, "height": height})
    page.goto(address)
    if wait_for:
        expect(page.get_by_text(wait_for).first).to_be_visible(timeout=60_000)
    page.screenshot(path=target)
    page.close()


@contextmanager
def dashboard(folder: Path) -> Iterator[str]:
    """The server of a data folder while the block runs; gives its password."""
    with subprocess.Popen([COMMAND, "up", "--server"], cwd=folder, env=os.environ | {"NO_COLOR": "1"}) as server:
        try:
            password = (folder / "data" / "prefect" / "password").read_text(encoding="utf-8").strip()
            for _ in range(TRIES):
                if answers(password):
                    break
                time.sleep(0.5)
            yield password
        finally:
            server.terminate()


def answers(password: str) -> bool:
    """Whether the server's API does."""
    connection = HTTPConnection(urlsplit(UI).netloc, timeout=30)
    try:
        connection.request(
            "GET", "/api/health", headers={"Authorization": f"Basic {b64encode(password.encode()).decode()}"}
        )
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def main(folder: Path, target: Path) -> None:
    """Take all of them."""
    target.mkdir(parents=True, exist_ok=True)
    reports = folder / "data" / "reports"
    day = max(reports.glob("2*.html"))
    topic = min((reports / "topics").glob("ferry*.html"))
    with sync_playwright() as playwright:
        path = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS.split())
        shoot(browser, day.resolve().as_uri(), target / "day.png", 1100)
        shoot(browser, topic.resolve().as_uri(), target / "topic.png", 1100)
        with dashboard(folder) as password:
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.goto(UI)
            page.locator("input[type=password]").first.fill(password, timeout=60_000)
            page.keyboard.press("Enter")
            expect(page.get_by_text("Work Pools").first).to_be_visible(timeout=60_000)
            page.goto(f"{UI}/runs")
            page.get_by_role("link", name=re.compile("^ingest ")).first.click(timeout=60_000)
            expect(page.get_by_text("CompletedWithFailures").first).to_be_visible(timeout=60_000)
            page.wait_for_timeout(3_000)  # the timeline draws itself
            page.screenshot(path=target / "dashboard.png")
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
