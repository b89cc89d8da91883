"""The article that is the reason for newsduck: Reuters' copy under a staff byline, in the furniture of a news site."""

import html
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from extract.group import stories
from extract.read.given import given_article
from extract.read.page import read_page
from extract.records import Article, Member
from extract.tag import queries, topics
from extract.tracked import Topic

URL = "https://www.newsweek.com/trump-putin-insulted-709000"
QUERY = '(Russia* OR Putin OR Kremlin) AND (Trump OR "White House" OR "U.S.")'


@pytest.fixture
def parts(real: Path) -> dict[str, list[str]]:
    """The file's paragraphs: headline, photo credit, body, and the furniture from "Uncommon Knowledge" on."""
    source = real / "seed" / "newsweek-2017-11-11.txt"
    if not source.exists():
        pytest.skip("the article itself belongs to its publisher and is not here")
    blocks = [b.strip() for b in source.read_text(encoding="utf-8").split("\n\n") if b.strip()]
    house = blocks.index("Uncommon Knowledge")
    photo = blocks[1].splitlines()
    return {
        "title": [blocks[0]],
        "photo": photo,
        "body": blocks[2:house],
        "house": blocks[house + 1 : house + 3],
        "lists": blocks[-1].splitlines(),
    }


def page(parts: dict[str, list[str]]) -> bytes:
    """The markup such a site uses: JSON-LD, a figure with its credit, the body, then the house's own boxes."""
    title = html.escape(parts["title"][0])
    body = "".join(f"<p>{html.escape(p)}</p>" for p in parts["body"])
    house = "".join(f"<p>{html.escape(p)}</p>" for p in parts["house"])
    items = "".join(
        f"<li>{html.escape(x.strip('• '))}</li>" if x.strip().startswith("•") else f"</ul><h4>{html.escape(x)}</h4><ul>"
        for x in parts["lists"]
    )
    ld = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": parts["title"][0],
        "datePublished": "2017-11-11T09:24:00-05:00",
        "publisher": {"@type": "Organization", "name": "Newsweek"},
        "author": [{"@type": "Person", "name": "Damien Sharkov"}],
    }
    return f"""<!doctype html><html lang="en"><head><title>{title}</title><meta property="og:site_name" content="Newsweek">
    <script type="application/ld+json">{json.dumps(ld)}</script></head><body><header><nav><a href="/">Newsweek</a> <a href="/world">World</a></nav></header>
    <main><article><h1 class="title">{title}</h1><div class="byline"><span>By</span> <a href="/authors/damien-sharkov">Damien Sharkov</a> AND Reuters</div>
    <figure><img src="x.jpg" alt="{html.escape(parts["photo"][0])}"><figcaption>{html.escape(parts["photo"][0])}<br>{html.escape(parts["photo"][1])}</figcaption></figure>
    <div class="article-body">{body}
    <h3>Uncommon Knowledge</h3>{house}
    <div class="author-box"><h3>About the writer</h3><p>Damien Sharkov AND Reuters</p></div>
    <p>To read how Newsweek uses AI as a newsroom tool, <a href="/ai">Click here</a>.</p>
    <div class="subscription"><ul>{items}</ul></div></div></article></main></body></html>""".encode()


def read(parts: dict[str, list[str]]) -> Article:
    return read_page(page(parts), URL, "text/html", datetime(2017, 11, 12, tzinfo=UTC))


def test_its_title_and_text_come_out_and_its_furniture_does_not(parts: dict[str, list[str]]) -> None:
    article = read(parts)
    assert article.title == parts["title"][0]
    assert article.text.split("\n\n") == [" ".join(p.split()) for p in parts["body"]]
    for gone in (
        "KLIMENTYEV",
        "GettyImages",
        "committed to challenging",
        "Uncommon Knowledge",
        "About the writer",
        "delivered to your door",
        "ad-free",
        "Newsweek cover",
        "Click here",
    ):
        assert gone not in article.text
    assert (article.authors, article.language, article.kind) == (("Damien Sharkov",), "en", "article")


def test_reuters_is_credited_by_the_byline_and_the_associated_press_is_only_quoted(parts: dict[str, list[str]]) -> None:
    article = read(parts)
    assert "Associated Press" in article.text
    assert [(c.agency, c.found_in) for c in article.credits] == [("reuters", "byline")]
    assert "AND Reuters" in article.credits[0].evidence


def test_a_us_russia_topic_finds_it(parts: dict[str, list[str]]) -> None:
    (match,) = topics.tag(
        [topics.document(read(parts), datetime(2017, 11, 12, tzinfo=UTC), ())],
        [queries.parse(Topic("us-russia", QUERY))],
    )
    assert {"putin", "trump"} <= set(match.matched)


def test_it_is_one_story_with_another_outlets_cut_version(parts: dict[str, list[str]]) -> None:
    article = read(parts)
    agency = parts["body"][1:]
    cut = "DANANG, Vietnam (Reuters) - " + "\n\n".join(agency[len(agency) // 2 :])
    now = datetime(2017, 11, 12, tzinfo=UTC)
    other = given_article(url="https://www.paper.example/1", title="Putin and Trump agree", text=cut, fetched_at=now)
    members = [Member(a.article_id, a.site, a.text, now, a.title, a.published_at, a.credits) for a in (article, other)]
    copies = stories.group(members, [], timedelta(days=14))
    assert len({c.story_id for c in copies}) == 1
    assert {c.credit.agency for c in copies if c.credit} == {"reuters"}
