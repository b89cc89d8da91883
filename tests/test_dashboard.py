"""The dashboard in a real browser: a run's page and its artifacts, as a person sees them."""

import json
import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from demo.newsroom import Newsroom
from tests.test_cli import configure, newsduck
from tests.test_ingest import api, flow_run

pytestmark = pytest.mark.server
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync"


@pytest.fixture(scope="module")
def page(prefect_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A browser's page, after `newsduck ingest` over day one of the newsroom."""
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine")
    folder = tmp_path_factory.mktemp("dashboard")
    with Newsroom(datetime.now(UTC)) as newsroom:
        configure(folder, newsroom, f'server = "{prefect_server}"\n')
        assert newsduck("ingest", cwd=folder).returncode == 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS.split())
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        yield page
        browser.close()


def shoot(page: Page, name: str) -> None:
    """Keep a screenshot where SCREENSHOTS says, for people to look at."""
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def ui(prefect_server: str) -> str:
    return prefect_server.removesuffix("/api")


def test_the_runs_page_says_at_a_glance_what_happened(page: Page, prefect_server: str) -> None:
    run = flow_run(prefect_server)
    page.goto(f"{ui(prefect_server)}/runs/flow-run/{run['id']}")
    expect(page.get_by_text(run["name"]).first).to_be_visible(timeout=60_000)
    expect(page.get_by_text("CompletedWithFailures").first).to_be_visible(timeout=30_000)
    expect(page.get_by_text("answers HTTP 503").first).to_be_visible(timeout=30_000)
    shoot(page, "run")


def test_the_runs_artifacts_are_readable(page: Page, prefect_server: str) -> None:
    run = flow_run(prefect_server)
    found = api(prefect_server, "artifacts/filter", artifacts={"flow_run_id": {"any_": [run["id"]]}})
    artifacts: dict[str, Any] = {a["key"]: a for a in found}
    page.goto(f"{ui(prefect_server)}/artifacts/artifact/{artifacts['summary']['id']}")
    expect(page.get_by_text("Ferry strike").first).to_be_visible(timeout=60_000)
    shoot(page, "summary")
    page.goto(f"{ui(prefect_server)}/artifacts/artifact/{artifacts['feeds']['id']}")
    expect(page.get_by_text("answers HTTP 503").first).to_be_visible(timeout=60_000)
    shoot(page, "feeds")
    expect(page.get_by_text("lost some").first).to_be_visible()
    assert len(json.loads(artifacts["feeds"]["data"])) == 17
