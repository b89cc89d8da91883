"""The dashboard in a real browser: a run's page and its artifacts, as a person sees them."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from flows.board.paper import newspaper
from storage import duck
from storage.look import edition
from tests.board import Board, Ran

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("server")]  # one server, one process
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Headless Chromium."""
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS.split())
        yield browser
        browser.close()


@pytest.fixture(params=["light", pytest.param("dark", marks=pytest.mark.apart)])
def scheme(request: pytest.FixtureRequest) -> str:
    """What somebody likes."""
    return str(request.param)


@pytest.fixture
def blank(browser: Browser, scheme: str) -> Iterator[Page]:
    """A page of somebody who likes it light, or dark."""
    with somebody(browser, scheme) as context:
        yield context.new_page()


@pytest.fixture(scope="module")
def known(browser: Browser, board: Board) -> Iterator[Callable[[str], BrowserContext]]:
    """Gives the browser of somebody who likes it so and has told the dashboard the password."""
    with ExitStack() as stack:

        @cache
        def of(scheme: str) -> BrowserContext:
            context = stack.enter_context(somebody(browser, scheme))
            page = context.new_page()
            page.goto(board.ui)
            log_in(page, board)
            page.close()
            return context

        yield of


@pytest.fixture
def page(known: Callable[[str], BrowserContext], scheme: str) -> Iterator[Page]:
    """A page of theirs."""
    page = known(scheme).new_page()
    yield page
    page.close()


@contextmanager
def somebody(browser: Browser, scheme: str) -> Iterator[BrowserContext]:
    """A browser of their own, closed at the end."""
    likes: Any = scheme  # one of playwright's words
    context = browser.new_context(color_scheme=likes, viewport={"width": 1400, "height": 1000})
    yield context
    context.close()


def log_in(page: Page, board: Board) -> None:
    """Tell the dashboard its password, as it asks for it."""
    page.get_by_placeholder("admin:pass").or_(page.locator("input[type=password]")).first.fill(
        board.auth, timeout=60_000
    )
    page.keyboard.press("Enter")
    expect(page.get_by_text("Work Pools").first).to_be_visible(timeout=60_000)


def shoot(page: Page, name: str) -> None:
    """Keep a screenshot where SCREENSHOTS says, for people to look at."""
    if folder := os.environ.get("SCREENSHOTS"):
        scheme = "dark" if page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") else "light"
        page.screenshot(path=Path(folder) / f"{name}-{scheme}.png", full_page=True)


def artifacts(board: Board, ran: Ran) -> dict[str, Any]:
    run = ran.run
    found = board.ask("artifacts/filter", artifacts={"flow_run_id": {"any_": [run["id"]]}})
    return {artifact["key"]: artifact for artifact in found}


def test_the_runs_page_says_at_a_glance_what_happened(ran: Ran, page: Page, board: Board) -> None:
    run = ran.run
    page.goto(f"{board.ui}/runs/flow-run/{run['id']}")
    expect(page.get_by_text(run["name"]).first).to_be_visible(timeout=60_000)
    expect(page.get_by_text("CompletedWithFailures").first).to_be_visible(timeout=30_000)
    expect(page.get_by_text("answers HTTP 503").first).to_be_visible(timeout=30_000)
    shoot(page, "run")
    page.get_by_text("Artifacts", exact=True).first.click()
    expect(page.get_by_text("What arrived, by topic and agency").first).to_be_visible(timeout=30_000)
    shoot(page, "run-artifacts")


def test_the_funnel_says_where_entries_went_and_why(ran: Ran, page: Page, board: Board) -> None:
    page.goto(f"{board.ui}/artifacts/artifact/{artifacts(board, ran)['summary']['id']}")
    expect(page.get_by_text("stored as articles").first).to_be_visible(timeout=60_000)
    expect(page.get_by_text("a consent wall stands in place of the article").first).to_be_visible()
    expect(page.get_by_text("Feeds that failed").first).to_be_visible()
    shoot(page, "summary")


def test_what_arrived_is_a_picture(ran: Ran, page: Page, board: Board) -> None:
    page.goto(f"{board.ui}/artifacts/artifact/{artifacts(board, ran)['arrivals']['id']}")
    picture = page.get_by_role("img", name="Stories by topic").first
    expect(picture).to_be_visible(timeout=60_000)
    assert picture.evaluate("image => image.naturalWidth") > 300
    shoot(page, "arrivals")


def test_the_top_stories_lead_to_their_articles(ran: Ran, page: Page, board: Board) -> None:
    page.set_viewport_size({"width": 1440, "height": 1000})
    page.goto(f"{board.ui}/artifacts/artifact/{artifacts(board, ran)['top-stories']['id']}")
    link = page.get_by_role("link", name="Ferry crews walk out at Port Alder after pay talks…").first
    expect(link).to_be_visible(timeout=60_000)
    assert "meridian.localhost" in (link.get_attribute("href") or "")
    agency = page.get_by_role("cell", name="Meridian News Agency").first.bounding_box()
    beside = page.get_by_text("Flow Run").first.bounding_box()
    assert agency and beside and agency["x"] + agency["width"] < beside["x"], "its last column is in view"
    shoot(page, "top-stories")


def test_the_feeds_are_a_table_worst_first(ran: Ran, page: Page, board: Board) -> None:
    page.set_viewport_size({"width": 1440, "height": 1000})
    found = artifacts(board, ran)["feeds"]
    page.goto(f"{board.ui}/artifacts/artifact/{found['id']}")
    expect(page.get_by_text("answers HTTP 503").first).to_be_visible(timeout=60_000)
    shoot(page, "feeds")
    beside = page.get_by_text("Flow Run").first.bounding_box()
    assert beside
    for column in ("outcome", "new", "listed", "lost", "every", "feed"):
        head = page.get_by_role("columnheader", name=column, exact=True).bounding_box()
        assert head and head["x"] + head["width"] < beside["x"], f"{column} is in view"
    assert "harbour-herald" in (page.get_by_role("link", name="Harbour Herald").first.get_attribute("href") or "")
    assert len(json.loads(found["data"])) == 17


def test_the_report_is_one_page_that_asks_nobody(ran: Ran, blank: Page) -> None:
    (report,) = (ran.folder / "data" / "reports").glob("2*.html")
    asked: list[str] = []
    said: list[str] = []
    blank.on("request", lambda request: asked.append(request.url))
    blank.on("console", lambda message: said.append(message.text))
    blank.goto(report.as_uri())
    expect(blank.get_by_role("heading", name="Ferry strike", exact=True)).to_be_visible()
    expect(blank.get_by_role("heading", name="Ferry crews walk out at Port Alder").first).to_be_visible()
    expect(blank.get_by_role("link", name="Meridian News Agency").first).to_be_visible()
    expect(blank.get_by_role("img", name="Articles by topic and agency")).to_be_visible()
    for width in (400, 900, 1440):
        blank.set_viewport_size({"width": width, "height": 900})
        assert blank.evaluate("document.documentElement.scrollWidth") == width, "nothing is cut off at the side"
    assert asked == [report.as_uri()] and said == []
    assert blank.evaluate("getComputedStyle(document.body).maxWidth") != "none", "its own style is let in"
    shoot(blank, "report")


@pytest.mark.parametrize("name", ["index.html", "day", "topic"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_are_usable_for_everybody(
    ran: Ran, browser: Browser, name: str, scheme: Literal["light", "dark"]
) -> None:
    """axe-core finds nothing: names, order of headings, contrast, what a keyboard reaches."""
    reports = ran.folder / "data" / "reports"
    (file,) = {"day": sorted(reports.glob("2*.html"))[-1:], "topic": sorted((reports / "topics").glob("*.html"))[:1]}.get(name, [reports / name])  # fmt: skip
    context = browser.new_context(color_scheme=scheme, bypass_csp=True)  # axe is a script, which no page lets in
    page = context.new_page()
    page.goto(file.as_uri())
    found = Axe().run(page).response["violations"]
    context.close()
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []


def test_the_report_runs_nothing_a_publisher_wrote(ran: Ran, blank: Page, tmp_path: Path) -> None:
    """Titles, credits and addresses are theirs: each is shown as it is, and none does anything."""
    path, evil = (
        ran.folder / "data" / "warehouse.duckdb",
        "<script>document.title='owned'</script><img src=x onerror=alert(1)>",
    )
    ((day,),) = duck.ask(path, "SELECT max(seen_day) FROM articles")[1]
    assert isinstance(day, date)
    today = edition.of(path, day)
    leads = [today.leads.rows[0] | {"title": evil}]
    (told,) = [today.coverage[lead["event_id"]] for lead in leads]
    coverage = {leads[0]["event_id"]: [told[0] | {"outlet": evil, "title": evil, "agency": evil}]}
    found = {"topics": [evil], "snippet": f"**{evil}** {evil}", "snippet_of": told[0]["story_id"]}
    topics = {leads[0]["event_id"]: found}
    counts = {"changed": ["title"], "words_added": 1, "words_removed": 0, "copies": 2, "changed_too": 1}
    changed = [{"outlet": evil, "url": "https://herald.example/1", "before": evil, "now": f"{evil} now", **counts}]
    file = tmp_path / "evil.html"
    page = replace(
        today,
        leads=replace(today.leads, rows=leads),
        changed=replace(today.changed, rows=changed),
        coverage=coverage,
        topics=topics,
    )
    file.write_bytes(newspaper.html(page))
    blank.goto(file.as_uri())
    assert blank.title().startswith("newsduck")
    assert blank.locator("script, img").count() == 0
    expect(blank.get_by_role("link", name="<script>document.title").first).to_be_visible()
