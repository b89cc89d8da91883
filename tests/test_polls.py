"""What one look at a feed comes to, and what it makes of the feed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from extract.errors import ForbiddenAddress, Poison, Unreachable
from extract.keys import body_key, key
from extract.poll import polls
from extract.poll.schedule import Bounds
from extract.records import Ask, Entry, Feed, Hop, Known, Page, Poll, Wishes

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
URL = "https://a.example/feed"
FEED = Feed(key(URL), URL, etag='"1"')
BODY = b'<rss version="2.0"><channel><title>A</title><item><link>https://a.example/1</link></item><item><link>https://a.example/2</link></item></channel></rss>'


def page(status: int = 200, body: bytes = BODY, hops: tuple[Hop, ...] = (), url: str = URL, **headers: str) -> Page:
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Page(Ask(URL, "feed", URL, 1000), url, status, named, body, NOW, 0.2, hops)


def known(seen_at: datetime = NOW, **more: Any) -> Known:
    return Known(1, "stored", 5, 1, seen_at, **more)


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


def test_304_to_who_knows_nothing_yet_is_no_answer() -> None:
    poll, _ = polls.decide_poll(FEED, page(304, b""), NOW)
    assert (poll.outcome, poll.error) == ("failed", f"{URL} answers HTTP 304{polls.AGAIN}")


def test_an_error_status_fails_and_an_html_page_is_refused() -> None:
    assert polls.decide_poll(FEED, page(503, b""), NOW)[0].error == f"{URL} answers HTTP 503{polls.AGAIN}"
    assert polls.decide_poll(FEED, page(404, b""), NOW)[0].error == f"{URL} answers HTTP 404{polls.ANOTHER}"
    poll, _ = polls.decide_poll(FEED, page(body=b"<html></html>"), NOW)
    assert (poll.outcome, poll.error) == ("refused", f"{URL}: is an HTML page, not a feed{polls.ANOTHER}")


def test_errors_of_the_network_are_told_apart() -> None:
    poll, _ = polls.decide_poll(FEED, Unreachable("no"), NOW)
    assert (poll.outcome, poll.error) == ("failed", f"no{polls.AGAIN}")
    assert polls.decide_poll(FEED, ForbiddenAddress("no"), NOW)[0].outcome == "refused"
    assert polls.decide_poll(FEED, Poison("no"), NOW)[0].outcome == "refused"


def test_once_in_two_days_no_validators_are_sent() -> None:
    """A server may say "unchanged" for ever."""
    feed = replace(FEED, etag='"1"', whole_at=NOW, interval_minutes=1440.0)
    assert polls.decide_ask(feed, 1, NOW + timedelta(hours=20)).etag == '"1"'
    assert polls.decide_ask(feed, 1, NOW + timedelta(hours=26)).etag == ""  # the next look would be too late
    assert polls.decide_ask(feed, 1, NOW - timedelta(days=9)).etag == ""  # our clock was ahead when it was told
    assert polls.decide_ask(replace(feed, whole_at=None), 1, NOW).etag == ""


def test_the_etag_that_comes_with_a_304_is_kept() -> None:
    feed = replace(FEED, etag='"1"', body_hash=5)
    poll, _ = polls.decide_poll(feed, replace(page(etag='"2"'), status=304), NOW)
    assert poll.outcome == "unchanged" and polls.after(feed, poll, Bounds()).etag == '"2"'


def test_a_last_modified_in_the_future_is_no_validator() -> None:
    poll, _ = polls.decide_poll(FEED, page(last_modified="Fri, 01 Jan 2100 00:00:00 GMT"), NOW)
    assert poll.last_modified == ""


def test_a_server_whose_validators_lie_is_found_out_and_asked_in_full() -> None:
    """The same ETag over another body: a conditional request would have been answered 304."""
    poll, _ = polls.decide_poll(replace(FEED, body_hash=5), page(etag='"1"'), NOW)
    assert poll.lying
    after = polls.after(replace(FEED, body_hash=5), poll, Bounds())
    assert all(polls.decide_ask(replace(after, polls=n), 1, NOW).etag == "" for n in range(100))


def test_a_poll_tells_how_long_the_answer_is_fresh_and_when_a_busy_host_may_be_asked() -> None:
    assert polls.decide_poll(FEED, page(cache_control="public, max-age=600"), NOW)[0].fresh_seconds == 600
    busy = polls.decide_poll(FEED, page(503, b"", retry_after="7200"), NOW)[0]
    assert busy.retry_at == NOW + timedelta(hours=2)


def listing(known_ids: dict[int, Known], feed: Feed, relisted: int = 0) -> Poll:
    poll, document = polls.decide_poll(replace(feed, body_hash=None), page(), NOW)
    assert document is not None
    return polls.with_listing(poll, feed, document, known_ids, relisted)


def test_overlap_shows_whether_entries_were_lost() -> None:
    _, document = polls.decide_poll(FEED, page(), NOW)
    assert document is not None
    first, second = (e.entry_id for e in document.entries)
    seen = replace(FEED, body_hash=1, last_new_at=NOW)
    assert listing({}, FEED).overlap is None, "a first look joins on to nothing"
    assert listing({first: known()}, seen).overlap is True
    lost = listing({}, seen)
    assert (lost.overlap, lost.entries_new) == (False, 2)
    assert listing({first: known(), second: known()}, seen).entries_new == 0


def test_a_pinned_entry_hides_no_loss() -> None:
    """What was new at the last look is the last to leave the list; an old entry that stays on top proves nothing."""
    _, document = polls.decide_poll(FEED, page(), NOW)
    assert document is not None
    pinned = document.entries[0].entry_id
    feed = replace(FEED, body_hash=1, last_new_at=NOW)
    assert listing({pinned: known(NOW - timedelta(days=30))}, feed).overlap is False


def test_known_entries_under_new_addresses_are_no_loss() -> None:
    poll = listing({}, replace(FEED, body_hash=1, last_new_at=NOW), relisted=2)
    assert (poll.overlap, poll.entries_new, poll.relisted) == (True, 0, 2)


def entry(n: int, **changes: Any) -> Entry:
    values = {"title": f"Title {n}", "guid": f"g{n}", "published_claim": f"{n} Nov", "summary": f"About {n}"}
    return Entry(n, 1, f"https://a.example/{n}", **{**values, **changes})


@pytest.mark.parametrize(
    ("change", "again"),
    [
        ({}, True),
        ({"guid": "other"}, True),
        ({"published_claim": "today"}, True),
        ({"guid": "other", "published_claim": ""}, False),
        ({"guid": "other", "summary": "Another happening under the same headline"}, False),
        ({"guid": "other", "summary": ""}, False),
        ({"title": "Another"}, False),
    ],
)
def test_an_entry_under_another_address_is_known_by_title_and_date_or_guid(change: dict[str, Any], again: bool) -> None:
    old, new = entry(1), replace(entry(1), entry_id=99, url="https://a.example/moved", **change)
    assert bool(polls.decide_relisted([new], [old])) is again


def test_a_whole_feed_listed_anew_is_known_though_dates_and_guids_are_new() -> None:
    old = [entry(n) for n in range(5)]
    new = [
        replace(e, entry_id=100 + n, url=f"https://b.example/{n}", guid="x", published_claim="now")
        for n, e in enumerate(old)
    ]
    assert set(polls.decide_relisted(new, old)) == {100, 101, 102, 103, 104}


def test_a_morning_briefing_is_a_new_one_each_morning() -> None:
    old = [entry(1, title="Morning briefing", summary="")]
    new = [entry(n, title="Morning briefing", summary="", guid=f"b{n}") for n in (2, 3)]
    assert polls.decide_relisted(new, old) == {}


def test_live_updates_of_one_day_are_two_though_their_headline_and_date_are_one() -> None:
    old = [entry(1, title="Live updates", published_claim="Wed, 25 Nov 2026", summary="A storm nears the coast.")]
    new = [entry(2, title="Live updates", published_claim="Wed, 25 Nov 2026", summary="The court hears the case.")]
    assert polls.decide_relisted(new, old) == {}


def after(feed: Feed = FEED, **told: Any) -> Feed:
    values: dict[str, Any] = {"outcome": "new", "status": 200, "entries_seen": 10, "entries_new": 1, "body_hash": 3}
    return polls.after(feed, Poll(feed.feed_id, NOW, **{**values, **told}), Bounds())


def test_a_look_leaves_its_mark_on_the_feed() -> None:
    feed = after(title="A", site_url="https://a.example/", wishes=Wishes(30, (3,), (6,)), window_hours=48.0)
    assert (feed.status, feed.title, feed.polls, feed.body_hash) == ("active", "A", 1, 3)
    assert (feed.wish_minutes, feed.skip_hours, feed.skip_days, feed.window_hours) == (30, (3,), (6,), 48.0)
    assert feed.last_ok_at == feed.last_new_at == feed.last_polled_at == NOW


def test_lost_entries_mark_the_feed_and_shorten_its_interval() -> None:
    feed = replace(FEED, interval_minutes=240.0, body_hash=1)
    lost = after(feed, overlap=False, entries_new=10)
    assert (lost.losses, lost.lost_at, lost.interval_minutes) == (1, NOW, 60.0)


def test_failures_are_counted_and_forgotten_with_the_first_answer() -> None:
    failed = after(after(outcome="failed", status=500, error="no"), outcome="failed", status=500, error="no")
    assert (failed.status, failed.failures, failed.failing_since, failed.etag) == ("failing", 2, NOW, '"1"')
    back = after(failed)
    assert (back.status, back.failures, back.failing_since, back.last_error) == ("active", 0, None, "")


def test_a_feed_that_is_gone_or_long_silent_is_marked_and_still_asked() -> None:
    gone = after(outcome="failed", status=410)
    assert gone.status == "gone"
    silent = after(replace(FEED, failing_since=NOW - timedelta(days=31), failures=40), outcome="failed", status=None)
    assert silent.status == "dead"
    for feed in (gone, silent):
        assert feed.next_poll_at is not None
        assert NOW < feed.next_poll_at <= NOW + timedelta(days=30)
    assert after(silent).status == "active", "and it is revived"


def test_a_feed_listed_anew_is_held() -> None:
    assert "listed 8 known entries under other addresses" in after(relisted=8, entries_new=0).held
    assert after(relisted=2, entries_new=0).held == ""


@pytest.mark.parametrize(
    ("status", "way"),
    [
        (400, polls.ANOTHER),
        (403, polls.ANOTHER),
        (499, polls.ANOTHER),
        (408, polls.AGAIN),
        (425, polls.AGAIN),
        (429, polls.AGAIN),
        (500, polls.AGAIN),
        (302, polls.AGAIN),
    ],
)
def test_an_answer_that_is_no_document_says_what_helps(status: int, way: str) -> None:
    poll, document = polls.decide_poll(FEED, page(status, b""), NOW)
    assert (poll.outcome, poll.status, poll.error) == ("failed", status, f"{URL} answers HTTP {status}{way}")
    assert (document, poll.whole, poll.etag) == (None, False, '"1"')


@pytest.mark.parametrize(("hours", "sent"), [(-1, False), (0, True), (24, True), (47, True), (48, False), (72, False)])
def test_validators_are_sent_while_a_whole_answer_is_young(hours: int, sent: bool) -> None:
    feed = replace(FEED, whole_at=NOW, interval_minutes=60.0, last_modified="then", body_hash=5)
    ask = polls.decide_ask(feed, 77, NOW + timedelta(hours=hours))
    assert (ask.etag, ask.last_modified) == (('"1"', "then") if sent else ("", ""))
    assert (ask.url, ask.limit, ask.last) == (URL, 77, 5)
    index = polls.decide_ask(replace(feed, format="sitemap-index"), 77, NOW)
    assert (index.etag, index.last) == ("", None), "what an index leads to may be new"
    assert polls.decide_ask(replace(feed, lying=True), 77, NOW).etag == ""


def test_an_index_that_is_as_it_was_is_read_all_the_same() -> None:
    feed = replace(FEED, body_hash=body_key(BODY))
    assert polls.decide_poll(replace(feed, format="sitemap-index"), page(), NOW)[0].outcome == "new"


@pytest.mark.parametrize(
    ("feed", "answer", "lying"),
    [
        ({"body_hash": 5}, {"etag": '"1"'}, True),
        ({"body_hash": None}, {"etag": '"1"'}, False),  # there was no body before
        ({"body_hash": 5}, {"etag": '"2"'}, False),
        ({"body_hash": 5}, {}, False),  # none were sent
        (
            {"body_hash": 5, "last_modified": "Mon, 23 Nov 2026 11:00:00 GMT"},
            {"etag": '"2"', "last_modified": "Mon, 23 Nov 2026 11:00:00 GMT"},
            False,
        ),
        (
            {"body_hash": 5, "last_modified": "Mon, 23 Nov 2026 11:00:00 GMT"},
            {"last_modified": "Mon, 23 Nov 2026 11:00:00 GMT"},
            True,
        ),
        (
            {"body_hash": 5, "last_modified": "Mon, 23 Nov 2026 10:00:00 GMT"},
            {"last_modified": "Mon, 23 Nov 2026 11:00:00 GMT"},
            False,
        ),
    ],
)
def test_validators_lie_where_they_are_the_same_over_another_body(
    feed: dict[str, Any], answer: dict[str, Any], lying: bool
) -> None:
    assert polls.decide_poll(replace(FEED, **feed), page(**answer), NOW)[0].lying is lying
    asked = replace(page(**answer), ask=Ask(URL, "feed", URL, 1000, etag='"1"'))
    assert not polls.decide_poll(replace(FEED, **feed), asked, NOW)[0].lying, "a 304 could have been the answer"


def many(new: int, old: int, seen_at: datetime, relisted: int = 0) -> Poll:
    """A look at a list with so many new entries and so many that are known since `seen_at`."""
    items = "".join(f"<item><link>https://a.example/{n}</link></item>" for n in range(new + old))
    body = f'<rss version="2.0"><channel><title>A</title>{items}</channel></rss>'.encode()
    poll, document = polls.decide_poll(FEED, page(body=body), NOW)
    assert document is not None and len(document.entries) == new + old
    before = {e.entry_id: known(seen_at) for e in document.entries[new:]}
    return polls.with_listing(poll, replace(FEED, body_hash=1, last_new_at=NOW), document, before, relisted)


@pytest.mark.parametrize(
    ("new", "old", "overlap"), [(3, 2, False), (2, 2, False), (2, 3, True), (0, 3, True), (5, 0, False), (1, 1, False)]
)
def test_a_list_joins_on_where_more_than_half_is_known(new: int, old: int, overlap: bool) -> None:
    poll = many(new, old, NOW - timedelta(days=9))
    assert (poll.overlap, poll.entries_new) == (overlap, new)
    if old:
        assert many(new, old, NOW).overlap is True, "what was new at the last look still stands there"


def test_entries_known_under_other_addresses_are_not_new() -> None:
    poll = many(4, 1, NOW - timedelta(days=9), relisted=2)
    assert (poll.entries_new, poll.relisted, poll.overlap) == (2, 2, True)


@pytest.mark.parametrize(
    ("relisted", "listed", "anew"),
    [(2, 2, False), (3, 3, True), (3, 6, True), (3, 7, False), (4, 8, True), (4, 9, False)],
)
def test_a_feed_was_listed_anew_where_half_of_it_is_and_three_at_least(relisted: int, listed: int, anew: bool) -> None:
    assert polls.was_relisted(relisted, listed) is anew


def test_the_earliest_of_those_with_the_same_words_is_the_one() -> None:
    old = [replace(entry(1), entry_id=n, url=f"https://a.example/old/{n}", guid="", published_claim="") for n in (7, 8)]
    new = [
        replace(entry(1), entry_id=50 + n, url=f"https://a.example/new/{n}", guid="", published_claim="")
        for n in range(3)
    ]
    assert {e.entry_id for e in polls.decide_relisted(new, old).values()} == {7}
    assert polls.decide_relisted(new[:2], old) == {}, "two are no whole feed"
    itself = [replace(e, url=old[0].url) for e in new]
    assert {e.entry_id for e in polls.decide_relisted(itself, old).values()} == {8}, "another address than its own"


def test_what_a_feed_was_once_told_stays_where_a_look_does_not_say_otherwise() -> None:
    feed = replace(
        FEED,
        title="Mine",
        site_url="https://mine.example/",
        format="rss20",
        window_hours=9.0,
        wish_minutes=7,
        last_new_at=NOW - timedelta(days=1),
        losses=2,
        polls=4,
    )
    seen = after(feed, title="Theirs", site_url="https://b.example/", format="", entries_new=0)
    assert (seen.title, seen.site_url, seen.format) == ("Mine", "https://mine.example/", "rss20")
    assert (seen.window_hours, seen.wish_minutes, seen.last_new_at) == (9.0, 7, NOW - timedelta(days=1))
    assert (seen.losses, seen.lost_at, seen.polls, seen.lying, seen.whole_at) == (2, None, 5, False, None)
    whole = after(feed, format="atom10", whole=True, lying=True, overlap=False)
    assert (whole.format, whole.whole_at, whole.lying, whole.losses) == ("atom10", NOW, True, 3)
    assert after(replace(feed, lying=True)).lying
    failed = after(replace(feed, last_ok_at=NOW - timedelta(days=2), whole_at=NOW), outcome="failed", error="x" * 2000)
    assert (failed.last_ok_at, failed.whole_at, len(failed.last_error)) == (NOW - timedelta(days=2), NOW, 1000)


@pytest.mark.parametrize(("days", "status"), [(29, "failing"), (30, "dead"), (31, "dead")])
def test_a_feed_is_dead_after_thirty_days_without_an_answer(days: int, status: str) -> None:
    feed = replace(FEED, failing_since=NOW - timedelta(days=days), failures=40)
    for outcome in ("failed", "refused"):
        assert after(feed, outcome=outcome, status=500).status == status


def test_an_interval_is_kept_to_the_millionth_of_a_minute() -> None:
    assert after(replace(FEED, interval_minutes=100 / 3), entries_new=2).interval_minutes == 33.333333


@pytest.mark.parametrize(
    ("status", "last", "unchanged"),
    [(304, None, True), (200, 0, True), (200, 1, False), (200, -1, False), (200, None, False), (500, 0, False)],
)
def test_a_page_is_unchanged_where_its_server_or_its_bytes_say_so(
    status: int, last: int | None, unchanged: bool
) -> None:
    """`last` is the key of the body before, off by so much."""
    known_as = None if last is None else body_key(BODY) + last
    told = replace(page(status), ask=Ask(URL, "feed", URL, 1000, last=known_as))
    assert polls.is_unchanged(told) is unchanged
