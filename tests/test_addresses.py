"""Lists of addresses from elsewhere, fetched by the next ingest."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from extract.errors import BadInput
from extract.sandbox import Sandbox
from flows.cli import newsduck
from flows.line import idle
from flows.line.back import addresses
from flows.line.back.addresses import Line
from storage import duck
from tests.line import ingest, settings_for
from tests.newsagent import Newsagent, answer
from tests.pages import BODY

PAGE = f"<html><head><title>Rain floods the lower town</title></head><body><article><h1>Rain floods the lower town</h1>{BODY}</article></body></html>"
OPML = '<opml version="2.0"><body><outline type="rss" xmlUrl="https://herald.example/feed" isComment="true"/></body></opml>'


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("https://a.example/1\n\nhttps://a.example/2\n", [Line("https://a.example/1"), Line("https://a.example/2")]),
        (
            "id,publish_date,title,url,media_name\n7,2026-11-02,Rain,https://a.example/1,A\n",
            [Line("https://a.example/1", "Rain", "2026-11-02")],
        ),
        ("URL\tSeenDate\nhttps://a.example/1\t20261102T101500Z\n", [Line("https://a.example/1", "", "20261102T101500Z")]),
        ('{"link": "https://a.example/1", "headline": "Rain", "date": null}\n', [Line("https://a.example/1", "Rain", "")]),
        ('\ufeff"url";"title"\n"https://a.example/1";"Rain; more"\n', [Line("https://a.example/1", "Rain; more")]),
    ],
)  # fmt: skip
def test_lists_are_read_as_others_write_them(tmp_path: Path, text: str, want: list[Line]) -> None:
    (tmp_path / "list").write_text(text, encoding="utf-8")
    assert addresses.read(tmp_path / "list") == want


@pytest.mark.parametrize(
    ("body", "word"),
    [(b"", "is empty"), (b"\xff\xfe\x00", "UTF-8"), (b"a,b\n1,2\n", "no column of addresses"), (b'{"url": 1}\n{', "line 2 is no JSON")],
)  # fmt: skip
def test_a_list_that_is_none_is_told(tmp_path: Path, body: bytes, word: str) -> None:
    (tmp_path / "list").write_bytes(body)
    with pytest.raises(BadInput, match=word):
        addresses.read(tmp_path / "list")


def test_what_a_list_has_is_fetched_once_with_what_it_claims(
    tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Newsagent() as agent:
        agent.shelf["/old/rain"] = answer(PAGE)
        found = settings_for(tmp_path, {})
        (tmp_path / "feeds.opml").write_text(OPML)
        url = agent.url("/old/rain")
        lines = [
            Line(f"{url}?utm_source=x", "Rain", "2026-11-02"),
            Line(url),
            Line("ftp://a.example/1"),
            Line(agent.url("/none")),
        ]
        came = addresses.add(lines, found)
        assert (came.added, dict(came.skipped)) == (2, {"stands in the list twice": 1, "no web address": 1})
        assert addresses.add(lines, found).skipped["known already"] == 2
        ingest(found, sandbox)
        path = tmp_path / "data" / "warehouse.duckdb"
        assert duck.ask(path, "SELECT title, published_at, published_from FROM articles")[1] == [
            ("Rain floods the lower town", datetime(2026, 11, 2, tzinfo=UTC), "feed")
        ]
        assert duck.ask(path, "SELECT outcome FROM entries ORDER BY outcome")[1] == [("deferred",), ("stored",)]
        assert addresses.add(lines, found).added == 0
    monkeypatch.chdir(tmp_path)
    (tmp_path / "newsduck.toml").write_text(f"data = {json.dumps(found.data)}\n")
    (tmp_path / "list.csv").write_text(f"url\n{url}\n")
    told = CliRunner().invoke(newsduck, ["backfill", "--urls", "list.csv"])
    assert "1 address, 0 of them new; 1 left out: known already" in told.output


def test_a_list_of_addresses_is_fetched_without_a_feed(tmp_path: Path) -> None:
    found = settings_for(tmp_path, {})
    (tmp_path / "feeds.opml").write_text('<opml version="2.0"><body/></opml>')
    with pytest.raises(BadInput, match="lists no feeds"):
        idle.listed("ingest", found)
    addresses.add([Line("https://herald.example/1")], found)
    assert idle.listed("ingest", found) == []
    with pytest.raises(BadInput, match="feeds add"):
        idle.listed("poll", found)
