"""Which forms of a page are one article."""

from dataclasses import replace

import pytest

from extract import entries, identity
from extract.keys import key
from extract.records import Article, Entry, Hop, Outcome, Stored
from tests.test_entries import HOUR, NOW, entry, page

PAGE = "https://www.herald.example/news/ferry-crews-walk-out-81234"


@pytest.mark.parametrize(
    "form",
    [
        "https://amp.herald.example/news/ferry-crews-walk-out-81234",
        "https://www.herald.example/amp/news/ferry-crews-walk-out-81234",
        "https://www.herald.example/news/ferry-crews-walk-out-81234/amp/",
        "https://www.herald.example/news/ferry-crews-walk-out-81234.amp.html",
        "https://www.herald.example/news/ferry-crews-walk-out-81234?amp=1",
        "https://m.herald.example/news/ferry-crews-walk-out-81234",
        "http://herald.example/news/ferry-crews-walk-out-81234",
        "https://www.herald.example/news/ferry-crews-walk-out-81234/print",
        "https://www.herald.example/news/ferry-crews-walk-out-81234?page=all",
        "https://www.herald.example/news/ferry-crews-walk-out-81234?from=homepage-teaser",
        "https://www.herald.example/harbour/ferry-crews-walk-out-81234",
    ],
)
def test_a_form_of_a_page_is_known_by_its_canonical(form: str) -> None:
    assert identity.of(form, PAGE) == PAGE


@pytest.mark.parametrize(
    ("url", "claimed"),
    [
        (PAGE, ""),
        (PAGE, "https://www.herald.example/"),
        (PAGE, "https://www.herald.example/news"),
        (PAGE, "https://www.courier.example/news/ferry-crews-walk-out-81234"),
        ("https://herald.example/article.php?id=1", "https://herald.example/article.php"),
        ("https://herald.example/article.php?id=1", "https://herald.example/article.php?id=2"),
        ("https://herald.example/2026/live", "https://herald.example/2025/live"),
        (PAGE, "https://www.herald.example/news/ferries-sail-again-81299"),
    ],
)
def test_a_canonical_that_names_something_else_is_a_claim_and_no_more(url: str, claimed: str) -> None:
    assert identity.of(url, claimed) == url


@pytest.mark.parametrize(
    ("led", "home"),
    [
        ("https://www.herald.example/", True),
        ("https://m.herald.example/", True),
        ("http://herald.example", True),
        ("https://www.herald.example/?p=81234", False),
        ("https://www.herald.example/news", False),
        ("https://ferries.herald.example/", False),  # a story with a host of its own
        ("https://www.courier.example/", False),
        (PAGE, False),
    ],
)
def test_an_articles_address_that_leads_home_leads_to_no_article(led: str, home: bool) -> None:
    assert identity.is_home(led, PAGE) == home
    for first in ("https://www.herald.example/", "https://herald.example/index.html"):
        assert not identity.is_home(led, first), "that is where the feed's link leads by itself"


def test_what_was_taken_down_is_looked_for_twice() -> None:
    url = "https://a.example/"
    led = replace(page(200), url=url, hops=(Hop("https://a.example/1", 302, "/"),))
    told = [entries.decide_page(entry(), led, attempts, NOW, HOUR) for attempts in (0, 1)]
    assert [one and one.outcome for one in told] == ["deferred", "refused"]
    assert entries.decide_page(entry(), replace(led, hops=()), 0, NOW, HOUR) is None


def test_another_form_of_a_page_that_is_kept_is_a_duplicate_and_no_edit() -> None:
    first, other = entry(PAGE), entry(f"{PAGE}/amp", feed_id=2)
    stored = {key(PAGE): Stored(key(PAGE), 7, "page", NOW, 1, PAGE, (first.entry_id,))}

    def settled(brought: Entry, fetched: str) -> tuple[str, int | None]:
        read = Article(key(PAGE), PAGE, fetched_url=fetched, title="Rain", text_hash=8)
        (outcome,) = entries.settle([Outcome(brought, "stored", article=read, article_id=read.article_id)], stored)
        return outcome.outcome, outcome.article_id

    assert settled(other, f"{PAGE}/amp") == ("duplicate", key(PAGE))
    assert settled(first, PAGE) == ("stored", key(PAGE))
    assert settled(first, f"{PAGE}?from=feed") == ("stored", key(PAGE))
    assert settled(other, PAGE) == ("stored", key(PAGE)), "the same page, seen by another feed: it was edited"
    stored = {key(PAGE): Stored(key(PAGE), 7, "page", NOW, 1, f"{PAGE}/amp", (other.entry_id,))}
    assert settled(first, PAGE) == ("duplicate", key(PAGE)), "its AMP form came first"


def test_what_is_stored_under_the_address_fetched_stays_there() -> None:
    read = Article(key(PAGE), PAGE, fetched_url=f"{PAGE}/amp")
    assert entries.as_before(read, key(f"{PAGE}/amp")).url == f"{PAGE}/amp"
    assert entries.as_before(read, None) == entries.as_before(read, key("elsewhere")) == read


@pytest.mark.parametrize(
    ("path", "other", "same"),
    [
        ("/news/one-two-three", "/more/one-two-three", True),  # three words tell an article
        ("/news/one-two", "/more/one-two", False),
        ("/news/12345", "/more/12345", True),  # so do five digits
        ("/news/1234", "/more/1234", False),
        ("/one-two-three", "/more/one-two-three", True),
        ("/news/one-two-three", "/more/one-two-four", False),
        ("/news/one-two-three?a=1", "/more/one-two-three", False),  # asked for besides
        ("/news/one-two-three?a=1", "/news/one-two-three", True),
        ("/news/one-two-three", "/news/one-two-three?a=1", False),
        ("/news/one-two-three?a=1&b=2", "/news/one-two-three?b=2", True),
        ("/news/one?a=1", "/news/one", False),
        ("/news/one?A=1", "/news/one?a=1", True),
        ("/news/one?amp=1", "/news/one", True),
        ("/news/one?output=amp", "/news/one", True),
        ("/news/one.html", "/news/one", True),
        ("/news/one.print.html", "/news/one", True),
        ("/NEWS/One", "/news/one", True),
    ],
)
def test_what_tells_that_two_addresses_name_one_article(path: str, other: str, same: bool) -> None:
    at = "https://herald.example"
    assert (identity.of(at + path, at + other) == at + other) is same
