"""What one look at a feed comes to."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from extract import polls
from extract.errors import ForbiddenAddress, Unreachable
from extract.keys import body_key, key
from extract.records import Ask, Feed, Page, Poll

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
URL = "https://a.example/feed"
FEED = Feed(key(URL), URL, etag='"1"')
BODY = b'<rss version="2.0"><channel><title>A</title><item><link>https://a.example/1</link></item><item><link>https://a.example/2</link></item></channel></rss>'


def page(status: int = 200, body: bytes = BODY, **headers: str) -> Page:
    return Page(Ask(URL, "feed", URL, 1000), URL, status, tuple(headers.items()), body, NOW, 0.2)


def test_a_new_body_is_read_and_its_validators_kept() -> None:
    poll, document = polls.decide_poll(FEED, page(etag='"2"'), NOW)
    assert (poll.outcome, poll.entries_seen, poll.etag, poll.body_hash) == ("new", 2, '"2"', body_key(BODY))
    assert document is not None


def test_the_bodys_hash_decides_not_the_validators() -> None:
    poll, document = polls.decide_poll(replace(FEED, body_hash=body_key(BODY)), page(etag='"new"'), NOW)
    assert (poll.outcome, document) == ("unchanged", None)
    assert poll.etag == '"new"'


def test_304_keeps_what_was_known() -> None:
    poll, _ = polls.decide_poll(replace(FEED, body_hash=5), page(304, b""), NOW)
    assert (poll.outcome, poll.etag, poll.body_hash) == ("unchanged", '"1"', 5)


def test_an_error_status_fails_and_an_html_page_is_refused() -> None:
    assert polls.decide_poll(FEED, page(503, b""), NOW)[0].error == f"{URL} answers HTTP 503"
    assert polls.decide_poll(FEED, page(body=b"<html></html>"), NOW)[0].outcome == "refused"


def test_errors_of_the_network_are_told_apart() -> None:
    assert polls.decide_poll(FEED, Unreachable("no"), NOW)[0].outcome == "failed"
    assert polls.decide_poll(FEED, ForbiddenAddress("no"), NOW)[0].outcome == "refused"


def test_overlap_shows_whether_entries_were_lost() -> None:
    poll, document = polls.decide_poll(FEED, page(), NOW)
    assert document is not None
    first, second = (e.entry_id for e in document.entries)
    seen = replace(FEED, body_hash=1)
    assert polls.with_listing(poll, FEED, document, set()).overlap is None
    assert polls.with_listing(poll, seen, document, {first}).overlap is True
    told = polls.with_listing(poll, seen, document, set())
    assert (told.overlap, told.entries_new) == (False, 2)
    assert polls.with_listing(poll, seen, document, {first, second}).entries_new == 0


def test_a_failing_feed_waits_longer_each_time_and_never_more_than_a_day() -> None:
    every = timedelta(hours=1)
    failed = Poll(1, NOW, "failed")
    waits = [polls.decide_next(failed, n, NOW, every) - NOW for n in (1, 2, 3, 10, 1000)]
    assert waits == [timedelta(hours=h) for h in (2, 4, 8, 24, 24)]
    assert polls.decide_next(Poll(1, NOW, "new"), 0, NOW, every) == NOW + every
