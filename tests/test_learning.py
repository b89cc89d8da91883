"""What a site prints on many pages is learned from run to run, and leaves the texts read before it was known."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from extract.read.blocks import Block, fold, walk
from extract.read.body.habits import decide_repeated, telling
from extract.read.body.habits import mask as mask_of
from extract.read.layout import lay_out
from extract.read.page import read_page
from extract.records import Article, Entry, Outcome
from extract.sandbox import Sandbox
from flows.board.account import summary
from storage import duck
from storage.warehouse import Warehouse
from storage.write.batch import Batch, Run
from storage.write.site_pages import KEPT
from tests.empty import empty
from tests.line import Line, ingest, settings_for
from tests.served import served

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)


def mask(text: str) -> int:
    return mask_of(fold(text))


HOUSE, OWN = mask("Sign up for our letter"), mask("The council voted")
HOUSE_LINE = "Sign up for the letter that the Herald sends every morning."
BACKGROUND = (
    "The bridge was closed in March of last year after engineers had found cracks in two of its four pillars; since then "
    "every lorry between the harbour and the northern districts has had to take the road round the bay, which is twenty "
    "miles longer, and the city has paid hauliers a part of the difference."
)
LETTER = "Reciba cada mañana"


@pytest.fixture
def herald_pages() -> list[bytes]:
    """Three articles of a running story: a background paragraph and a house line in each."""
    return [
        f"<html><body><article><h1>Bridge, day {n}</h1><p>{words} {words} {words}</p><p>{BACKGROUND}</p>"
        f"<p>{HOUSE_LINE}</p></article></body></html>".encode()
        for n, words in enumerate(("The council met again.", "An engineer was heard.", "The hauliers went to court."))
    ]


def page(number: int, *masks: int, title: str = "", hours: int = 0) -> Article:
    return Article(
        article_id=number,
        url=f"https://a.example/{number}",
        title=title or f"Headline {number}",
        site="a.example",
        masks=masks,
        fetched_at=NOW + timedelta(hours=hours),
    )


def stored(tmp_path: Path, *pages: Article) -> Warehouse:
    warehouse = empty(tmp_path)
    outcomes = [Outcome(Entry(a.article_id, 1, a.url), "stored", article=a, article_id=a.article_id) for a in pages]
    warehouse.commit(Batch(run=Run(1, "test-1", "load", NOW), now=NOW, outcomes=outcomes))
    return warehouse


def test_a_block_on_three_articles_is_the_sites(tmp_path: Path) -> None:
    warehouse = stored(tmp_path, page(1, HOUSE, OWN), page(2, HOUSE))
    assert warehouse.repeated(["a.example"]) == {}
    assert warehouse.repeated(["a.example"], [page(3, HOUSE)]) == {"a.example": frozenset({HOUSE})}
    assert warehouse.repeated(["b.example"]) == {}


def test_one_article_seen_often_teaches_nothing(tmp_path: Path) -> None:
    warehouse = stored(tmp_path, *(page(n, HOUSE, OWN, title="The one headline") for n in range(1, 6)))
    assert warehouse.repeated(["a.example"]) == {}


def test_the_background_of_a_running_story_is_not_the_sites(herald_pages: list[bytes]) -> None:
    taught = [set(read_page(body, f"https://a.example/{n}").masks) for n, body in enumerate(herald_pages)]
    everywhere = set.intersection(*taught)
    assert mask(HOUSE_LINE) in everywhere
    assert mask(BACKGROUND) not in everywhere


def test_what_a_site_no_longer_prints_is_forgotten(tmp_path: Path) -> None:
    old = [page(n, HOUSE) for n in range(1, 6)]
    assert stored(tmp_path / "old", *old).repeated(["a.example"])
    later = [page(n, OWN + n, hours=1) for n in range(100, 100 + KEPT)]
    warehouse = stored(tmp_path / "later", *old, *later)
    assert warehouse.repeated(["a.example"]) == {}


def test_a_run_takes_out_what_it_has_learned_of_a_site_from_stored_texts_too(stored: Line) -> None:
    with_letter = stored.ask(f"SELECT count(*) FROM articles WHERE text LIKE '%{LETTER}%'")[0][0]
    assert with_letter > 0, "two pages do not tell a site's habit"
    entries = stored.ask("SELECT entry_id, outcome, run_id FROM entries ORDER BY 1")
    stored.newsroom.day = 2
    row = stored.run()
    assert stored.ask(f"SELECT count(*) FROM articles WHERE text LIKE '%{LETTER}%'") == [(0,)]
    kept = stored.ask(f"SELECT changed, reason FROM versions WHERE text LIKE '%{LETTER}%'")
    assert kept == [(["text"], "site")] * with_letter
    changed = stored.ask("SELECT count(*) FROM versions WHERE reason = 'publisher'")[0][0]
    told = f"{row['stored'] - changed} new articles, {changed} changed, " if changed else f"{row['stored']} articles, "
    assert told in summary(row, (), stored.warehouse.data), "what it reads a second time it has not stored"
    assert row["seen"] == sum(
        row[name] for name in ("stored", "unchanged", "duplicate", "refused", "quarantined", "deferred")
    )
    cleaned = {e for e, _, _ in entries} & {
        e
        for (e,) in stored.ask(
            "SELECT entry_id FROM entries JOIN versions USING (article_id) WHERE versions.reason = 'site'"
        )
    }
    after = {e: (outcome, run) for e, outcome, run in stored.ask("SELECT entry_id, outcome, run_id FROM entries")}
    assert cleaned and all(after[e] == (o, r) for e, o, r in entries if e in cleaned), (
        "nothing new is said of their entries"
    )


@pytest.mark.parametrize("cut", [False, True], ids=["in one run", "in two"])
def test_a_live_blog_teaches_a_sites_habits_whichever_run_reads_it(
    cut: bool, tmp_path: Path, sandbox: Sandbox, herald_pages: list[bytes]
) -> None:
    live = b"<script type='application/ld+json'>{'@type': 'LiveBlogPosting'}</script></body>".replace(b"'", b'"')
    house = (
        "The Herald is printed at the old mill by the family that has owned it since 1871, with wood from its own moor."
    )
    told = [page.replace(HOUSE_LINE.encode(), house.encode()) for page in herald_pages]
    pages = {"/1": told[0].replace(b"</body>", live), "/2": told[1], "/3": told[2]}
    settings = settings_for(tmp_path, {})
    there = dict(list(pages.items())[:1]) if cut else dict(pages)
    with served(there, tmp_path):
        ingest(settings, sandbox)
        there.update(pages)
        with duck.open_file(settings.data_folder / "work" / "pipeline.duckdb") as c:
            c.execute("UPDATE feeds SET next_poll_at = '2026-01-01'")
        ingest(settings, sandbox)
    rows = duck.ask(settings.data_folder / "warehouse.duckdb", "SELECT kind, text FROM articles ORDER BY url")[1]
    assert [kind for kind, _ in rows] == ["live", "article", "article"]
    assert not any(house in str(text) for _, text in rows)


def test_a_standfirst_that_a_site_prints_on_many_pages_is_the_houses(both_days: Line) -> None:
    house = "read in every house between the mill and the moor"
    for column in ("articles.text", "articles.standfirst", "article_topics.snippet", "story_topics.snippet"):
        table, name = column.split(".")
        assert both_days.ask(f"SELECT count(*) FROM {table} WHERE {name} LIKE '%{house}%'") == [(0,)], column


@pytest.mark.parametrize(
    ("pages", "times", "repeated"), [(2, 2, True), (5, 2, True), (5, 1, False), (6, 2, False), (6, 3, True)]
)
def test_what_two_pages_print_is_the_sites_and_of_many_pages_three(pages: int, times: int, repeated: bool) -> None:
    seen = [(f"Title {n}", [7] if n < times else [n + 100]) for n in range(pages)]
    assert (7 in decide_repeated(seen)) is repeated
    assert decide_repeated([("Title", [7]), ("title!", [7]), ("TITLE", [7])]) == frozenset(), "one page, seen again"


def test_only_short_blocks_tell_a_sites_habits() -> None:
    def blocks(words: int) -> list[Block]:
        return walk(lay_out(f"<html><body><p>{'word ' * words}</p></body></html>".encode(), "https://a.example/1").tree)

    assert len(telling(blocks(39))) == 1 and telling(blocks(40)) == ()
    assert mask_of("12 comments") == mask_of("7 comments") != mask_of("comments")
