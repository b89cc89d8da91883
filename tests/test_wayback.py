"""Captures at web.archive.org, by a list of addresses: fetched as they were kept, stored as what they are."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from extract.captures import wayback
from extract.sandbox import Sandbox
from flows.line.back import addresses
from flows.line.back.addresses import Line
from storage import duck
from tests.archives import page
from tests.line import ingest, settings_for
from tests.newsagent import Newsagent, answer
from tests.test_addresses import OPML

WEB = "https://web.archive.org/web"


@pytest.mark.parametrize(
    ("url", "raw", "original"),
    [
        (f"{WEB}/20200301120000/http://a.example/x?y=1", f"{WEB}/20200301120000id_/http://a.example/x?y=1", "http://a.example/x?y=1"),
        (f"{WEB}/2020/https:/a.example/", f"{WEB}/2020id_/https://a.example/", "https://a.example/"),
        (f"{WEB}/20200301120000if_/a.example/x", f"{WEB}/20200301120000id_/http://a.example/x", "http://a.example/x"),
        (f"{WEB}/20200301120000id_/http://a.example/", f"{WEB}/20200301120000id_/http://a.example/", "http://a.example/"),
        (f"{WEB}/*/http://a.example/", "", ""),
        ("https://web.archive.org/", "", ""),
        ("https://a.example/web/20200301120000/http://b.example/", "", ""),
    ],
)  # fmt: skip
def test_what_an_address_of_a_capture_means(url: str, raw: str, original: str) -> None:
    assert (wayback.raw(url), wayback.original(url)) == (raw, original)


def test_a_capture_is_its_originals_article_of_its_own_time(
    tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wayback, "HOSTS", frozenset({"archive.localhost"}))
    found = settings_for(tmp_path, {})
    (tmp_path / "feeds.opml").write_text(OPML)
    with Newsagent() as agent:

        def url(stamp: str, rest: str) -> str:
            return agent.url(f"/web/{stamp}/{rest}", "archive.localhost")

        agent.shelf["/web/20200301120000id_/https://herald.example/1"] = answer(b"", "302 Found", location=url("20200303080000id_", "https://herald.example/1"))  # fmt: skip
        agent.shelf["/web/20200303080000id_/https://herald.example/1"] = answer(page(1))
        lines = [
            Line(url("20200301120000", "https://herald.example/1")),
            Line(url("2019", "https://herald.example/none")),
        ]
        assert addresses.add(lines, found).added == 2
        ingest(found, sandbox)
        path = tmp_path / "data" / "warehouse.duckdb"
        told = duck.ask(path, "SELECT url, seen_by, first_seen_at, fetched_at FROM articles")[1]
        at = datetime(2020, 3, 3, 8, tzinfo=UTC)
        assert told == [("https://herald.example/1", "archive", at, at)]
        assert duck.ask(path, "SELECT outcome, retry_at IS NULL FROM entries ORDER BY outcome DESC")[1][0] == (
            "stored",
            True,
        )
        assert not [path for path in agent.paths() if path.startswith("/web/20200301120000/")]
        again = [Line(url("2021", "https://herald.example/1"))]
        assert addresses.add(again, found).skipped == {"known already": 1}
