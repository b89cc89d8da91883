"""Every entry's one outcome."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from extract import entries
from extract.errors import Elsewhere, ForbiddenAddress, Later, Poison, Refused, Unreachable
from extract.keys import key
from extract.read.given import from_entry
from extract.records import Article, Ask, Entry, Known, Outcome, Page, Stored

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def entry(url: str = "https://a.example/1", feed_id: int = 1, **changes: Any) -> Entry:
    return Entry(key(str(feed_id), url), feed_id, url, title="Rain", claim_hash=key("claim", "1"), **changes)


def article(url: str = "https://a.example/1", **changes: Any) -> Article:
    return Article(key(url), url, title="Rain", text="It rained.", text_hash=key("text"), **changes)


def page(status: int, **headers: str) -> Page:
    told = tuple(headers.items())
    return Page(Ask("https://a.example/1", "page", "", 1), "https://a.example/1", status, told, b"", NOW, 0.1)


def known(outcome: str, claim: int = 1, attempts: int = 1, **more: Any) -> Known:
    return Known(key("claim", str(claim)), outcome, 5, attempts, NOW, **more)


def plan_of(
    listed: list[Entry],
    waiting: list[Entry],
    seen: dict[int, Known],
    taken: dict[str, int | None],
    former: dict[int, tuple[str, int | None]] | None = None,
) -> entries.Plan:
    return entries.decide_fetches(listed, waiting, seen, taken, former or {}, NOW)


def outcomes(plan: entries.Plan) -> list[str]:
    return [o.outcome for o in plan.settled]


def test_new_entries_are_fetched_and_settled_ones_are_not() -> None:
    new, old = entry("https://a.example/new"), entry("https://a.example/old")
    plan = plan_of([new, old], [], {old.entry_id: known("stored")}, {})
    assert plan.fetch == (new,)
    assert outcomes(plan) == ["unchanged"]


@pytest.mark.parametrize("outcome", ["stored", "refused", "duplicate", "quarantined"])
def test_an_entry_whose_feed_says_something_new_is_fetched_again(outcome: str) -> None:
    plan = plan_of([entry()], [], {entry().entry_id: known(outcome, claim=2)}, {entry().url: 5})
    assert plan.fetch == (entry(),)


def test_a_deferred_entry_is_tried_again_and_counted_once() -> None:
    plan = plan_of([entry()], [entry()], {entry().entry_id: known("deferred")}, {entry().url: None})
    assert (plan.fetch, plan.settled) == ((entry(),), ())


def test_a_url_two_feeds_list_is_fetched_once() -> None:
    plan = plan_of([entry(), entry(feed_id=2)], [], {}, {})
    assert (len(plan.fetch), outcomes(plan)) == (1, ["duplicate"])
    later = plan_of([entry(feed_id=3)], [], {}, {entry().url: 99})
    assert (later.fetch, later.settled[0].article_id) == ((), 99)


def test_an_entry_without_a_link_is_refused() -> None:
    assert outcomes(plan_of([entry("")], [], {}, {})) == ["refused"]


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (Unreachable("no answer"), "deferred"),
        (ForbiddenAddress("inside"), "refused"),
        (page(503), "deferred"),
        (page(429), "deferred"),
        (page(404), "deferred"),
        (page(410), "refused"),
        (page(403), "refused"),
        (page(200), None),
    ],
)
def test_a_page_that_cannot_be_had_settles_its_entry(answer: Any, outcome: str | None) -> None:
    found = entries.decide_page(entry(), answer, 0, NOW, HOUR)
    assert (found.outcome if found else None) == outcome
    assert found is None or (found.reason and found.tried)


def test_an_entry_is_given_up_after_a_few_tries() -> None:
    found = entries.decide_page(entry(), Unreachable("no answer"), entries.TRIES - 1, NOW, HOUR)
    assert found is not None
    assert (found.outcome, found.reason) == ("refused", "given up after 5 tries: no answer")


def test_a_page_not_found_is_looked_for_twice() -> None:
    """Some feeds are quicker than the site behind them."""
    found = entries.decide_page(entry(), page(404), 1, NOW, HOUR)
    assert found is not None
    assert (found.outcome, found.reason) == ("refused", "given up after 2 tries: https://a.example/1 answers HTTP 404")


def test_a_page_that_fails_is_tried_later_each_time() -> None:
    waits = [entries.decide_page(entry(), page(503), n, NOW, HOUR) for n in range(4)]
    assert [w.retry_at for w in waits if w] == [NOW + HOUR * n for n in (1, 2, 4, 8)]


def test_retry_after_is_waited_for() -> None:
    found = entries.decide_page(entry(), page(429, **{"Retry-After": "36000"}), 0, NOW, HOUR)
    assert found is not None
    assert found.retry_at == NOW + timedelta(hours=10)


def test_a_page_whose_host_asked_for_patience_has_not_been_tried() -> None:
    error = Later("asked not to be asked again")
    error.until = NOW + HOUR
    found = entries.decide_page(entry(), error, 0, NOW, HOUR)
    assert found is not None
    assert (found.outcome, found.tried, found.retry_at) == ("deferred", False, NOW + HOUR)


def test_an_entry_that_waits_for_its_hour_is_left_alone_even_where_it_is_listed() -> None:
    plan = plan_of([entry()], [], {entry().entry_id: known("deferred", retry_at=NOW + HOUR)}, {})
    assert (plan.fetch, outcomes(plan)) == ((), ["deferred"])


def test_a_feed_that_rewrites_its_items_at_every_poll_is_not_believed_for_ever() -> None:
    for idle, fetched in ((entries.IDLE - 1, 1), (entries.IDLE, 0)):
        plan = plan_of([entry()], [], {entry().entry_id: known("stored", claim=2, idle=idle)}, {})
        assert len(plan.fetch) == fetched


def test_an_entry_listed_again_under_another_address_is_a_duplicate() -> None:
    again = entry("https://a.example/moved/1")
    plan = plan_of([again], [], {}, {}, {again.entry_id: ("https://a.example/1", 5)})
    assert plan.fetch == ()
    assert (plan.settled[0].outcome, plan.settled[0].article_id) == ("duplicate", 5)
    assert "https://a.example/1" in plan.settled[0].reason


def test_what_retention_removed_does_not_come_back() -> None:
    plan = plan_of([entry()], [], {entry().entry_id: known("removed", claim=0)}, {})
    assert (plan.fetch, outcomes(plan)) == ((), ["unchanged"])


def test_a_run_that_only_looks_leaves_pages_for_the_next_ingest() -> None:
    new, waits = entry("https://a.example/new"), entry("https://a.example/waits")
    plan = plan_of([new, waits], [], {waits.entry_id: known("deferred")}, {})
    found = entries.decide_waiting(plan, {waits.entry_id: known("deferred")})
    assert [(o.outcome, bool(o.reason), o.tried) for o in found] == [
        ("deferred", True, False),
        ("deferred", False, False),
    ]


@pytest.mark.parametrize(
    ("reading", "outcome"),
    [
        (article(), "stored"),
        (article(kind="paywall"), "stored"),
        (article(kind="consent"), "deferred"),
        (article(kind="video"), "refused"),
        (Poison("took too long"), "quarantined"),
        (Refused("is a PDF"), "refused"),
    ],
)
def test_a_reading_settles_its_entry(reading: Any, outcome: str) -> None:
    assert entries.decide_outcome(entry(), reading, 0, NOW, HOUR).outcome == outcome


def test_the_feeds_own_text_stands_in_for_a_page_that_cannot_be_had() -> None:
    whole = entry(content="<p>" + "word " * 60 + "</p><p>More.</p>")
    refused = Outcome(whole, "refused", "404")
    assert entries.needs_stand_in(refused, False)
    found = entries.stand_in(refused, from_entry(whole, NOW))
    assert found.article is not None
    assert (found.outcome, found.article.text_from, found.article.text.count("\n\n")) == ("stored", "feed", 1)
    assert not entries.needs_stand_in(Outcome(entry(summary="Too short."), "refused", "404"), False)
    assert not entries.needs_stand_in(refused, True), "its page was read before"
    assert entries.stand_in(refused, Poison("broke")) is refused
    assert entries.stand_in(refused, article(words=10)) is refused


def test_what_only_the_feed_knows_is_added_and_what_the_page_says_stays() -> None:
    claim = entry(authors=("Ann Lee", "MNA"), published_at=NOW, published_claim="today")
    added = entries.with_claims(article(), claim)
    assert (added.published_at, added.published_from, added.authors) == (NOW, "feed", ("Ann Lee",))
    kept = entries.with_claims(article(authors=("Max Orr",), published_from="jsonld", published_at=NOW), claim)
    assert (kept.authors, kept.published_from) == (("Max Orr",), "jsonld")
    assert entries.with_claims(article(), entry(authors=("Reuters",))).authors == ()
    unclear = entries.with_claims(article(published_at=None), entry(published_claim="03/04/2026"))
    assert (unclear.published_precision, unclear.published_claim) == ("ambiguous", "03/04/2026")
    known = article(
        published_at=None, published_precision="ambiguous", published_from="meta", published_claim="03/04/2026"
    )
    assert entries.with_claims(known, claim).published_from == "feed", "what the feed knows to the day is no guess"


def test_the_same_text_again_is_unchanged_and_another_is_stored() -> None:
    first = Outcome(entry(), "stored", article=article(), article_id=article().article_id, tried=True)
    same = {article().article_id: Stored(article().article_id, key("text"), "page", NOW, 1)}
    assert entries.settle([first], same)[0].outcome == "unchanged"
    other = {article().article_id: Stored(article().article_id, 8, "page", NOW, 1)}
    assert entries.settle([first], other)[0].outcome == "stored"


def test_two_entries_that_lead_to_one_page_are_one_article() -> None:
    a = Outcome(entry(), "stored", article=article(), article_id=article().article_id)
    b = Outcome(entry("https://a.example/moved"), "stored", article=article(), article_id=article().article_id)
    found = entries.settle([a, b], {})
    assert [o.outcome for o in found] == ["stored", "duplicate"]
    assert found[1].article is None


def test_a_duplicate_learns_the_article_of_the_entry_it_repeats() -> None:
    stored = Outcome(entry(), "stored", article=article(), article_id=article().article_id)
    double = Outcome(entry(feed_id=2), "duplicate", "same")
    assert entries.settle([double, stored], {})[0].article_id == article().article_id
    assert replace(double, article_id=3).article_id == 3


def test_the_feeds_text_never_replaces_a_page_that_was_read() -> None:
    summary = Outcome(entry(), "stored", article=article(text_from="summary"), article_id=article().article_id)
    read = {article().article_id: Stored(article().article_id, 99, "page", NOW, 1)}
    assert entries.settle([summary], read)[0].outcome == "unchanged"


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, 507, 520, 524])
def test_what_may_pass_is_tried_again(status: int) -> None:
    found = entries.decide_page(entry(), page(status), 0, NOW, HOUR)
    assert found == Outcome(
        entry(), "deferred", f"https://a.example/1 answers HTTP {status}", tried=True, retry_at=NOW + HOUR
    )


@pytest.mark.parametrize("status", [100, 199, 300, 304, 400, 401, 405, 409, 410, 451, 501, 505, 525, 599])
def test_what_does_not_is_refused_at_once(status: int) -> None:
    found = entries.decide_page(entry(), page(status), 0, NOW, HOUR)
    assert found == Outcome(entry(), "refused", f"https://a.example/1 answers HTTP {status}", tried=True)


@pytest.mark.parametrize("status", [200, 203, 206, 299])
def test_a_page_that_came_is_read(status: int) -> None:
    assert entries.decide_page(entry(), page(status), 0, NOW, HOUR) is None


@pytest.mark.parametrize(
    ("status", "attempts", "outcome"),
    [(503, 3, "deferred"), (503, 4, "refused"), (503, 5, "refused"), (404, 0, "deferred"), (404, 1, "refused")],
)
def test_how_often_a_page_is_tried(status: int, attempts: int, outcome: str) -> None:
    found = entries.decide_page(entry(), page(status), attempts, NOW, timedelta(minutes=1))
    assert found is not None and found.outcome == outcome


@pytest.mark.parametrize(
    ("attempts", "wait", "after", "hours"),
    [
        (0, 1, "", 1),
        (3, 1, "", 8),
        (3, 3, "", 24),
        (3, 4, "", 24),
        (0, 30, "", 24),
        (0, 2, "3600", 2),
        (0, 1, "7200", 2),
    ],
)
def test_a_wait_doubles_to_a_day_and_retry_after_only_lengthens_it(
    attempts: int, wait: int, after: str, hours: int
) -> None:
    found = entries.decide_page(entry(), page(503, **{"Retry-After": after}), attempts, NOW, wait * HOUR)
    walled = entries.decide_outcome(entry(), article(kind="bot"), attempts, NOW, wait * HOUR)
    assert found is not None and found.retry_at == NOW + hours * HOUR
    assert after or walled.retry_at == found.retry_at


def test_a_wall_that_stays_is_refused_like_a_page_that_never_answers() -> None:
    assert entries.decide_outcome(entry(), article(kind="bot"), 3, NOW, HOUR).outcome == "deferred"
    assert entries.decide_outcome(entry(), article(kind="bot"), 4, NOW, HOUR).outcome == "refused"


def test_what_another_part_answers_is_said_once() -> None:
    first = entries.decide_page(entry(), Elsewhere("asked by another part"), 0, NOW, HOUR)
    assert first is not None and first.reason == "asked by another part"
    assert entries.decide_page(entry(), Elsewhere("asked by another part"), 1, NOW, HOUR) == Outcome(
        entry(), "deferred"
    )


@pytest.mark.parametrize(
    ("outcome", "due", "again"),
    [("stored", -1, True), ("stored", 0, True), ("stored", 1, False), ("deferred", -1, False), ("stored", None, False)],
)
def test_a_second_look_is_due_from_its_moment_on(outcome: str, due: int | None, again: bool) -> None:
    old = known(outcome, retry_at=None if due is None else NOW + due * HOUR)
    assert entries.is_second_look(old, NOW) is again


@pytest.mark.parametrize(("hours", "fetched"), [(-1, 1), (0, 1), (1, 0)])
def test_an_entry_waits_until_its_hour_and_no_longer(hours: int, fetched: int) -> None:
    old = known("deferred", retry_at=NOW + hours * HOUR)
    assert len(plan_of([entry()], [entry()], {entry().entry_id: old}, {}).fetch) == fetched


def test_an_entry_that_is_due_is_fetched_though_it_is_stored() -> None:
    old = {entry().entry_id: known("stored", retry_at=NOW)}
    assert plan_of([entry()], [entry()], old, {}).fetch == (entry(),)
    assert outcomes(plan_of([entry()], [], old, {})) == ["unchanged"]


def test_the_first_look_says_when_the_second_is_and_the_second_undoes_nothing() -> None:
    stored = Outcome(entry(), "stored", article=article(), article_id=5, tried=True)
    assert entries.decide_looks(stored, None, NOW, HOUR).retry_at == NOW + HOUR
    assert entries.decide_looks(stored, known("deferred"), NOW, HOUR).retry_at is None, "it has an article"
    unknown = replace(known("deferred"), article_id=None)
    assert entries.decide_looks(stored, unknown, NOW, HOUR).retry_at == NOW + HOUR
    assert entries.decide_looks(stored, None, NOW, timedelta(0)).retry_at is None, "no second looks are wanted"
    assert entries.decide_looks(replace(stored, again=True), None, NOW, HOUR).retry_at is None
    assert entries.decide_looks(Outcome(entry(), "refused"), None, NOW, HOUR).retry_at is None
    due = known("stored", retry_at=NOW)
    second = entries.decide_looks(stored, due, NOW, HOUR)
    assert (second.reason, second.tried, second.retry_at, second.article) == ("looked at again", False, None, article())
    gone = entries.decide_looks(Outcome(entry(), "refused", "HTTP 410", tried=True), due, NOW, HOUR)
    assert gone == Outcome(entry(), "unchanged", "looked at again: HTTP 410", article_id=5)
    busy = entries.decide_looks(Outcome(entry(), "deferred", "busy"), due, NOW, HOUR)
    assert busy == Outcome(entry(), "unchanged", article_id=5), "the next run asks"
    tried = entries.decide_looks(Outcome(entry(), "deferred", "HTTP 503", tried=True), due, NOW, HOUR)
    assert tried.reason == "looked at again: HTTP 503"


def test_an_archives_capture_is_not_asked_for_again() -> None:
    waits = Outcome(entry(), "deferred", "HTTP 503", retry_at=NOW)
    assert entries.decide_capture(waits) == Outcome(entry(), "refused", "HTTP 503")
    assert entries.decide_capture(replace(waits, outcome="stored")) == Outcome(entry(), "stored", "HTTP 503")


@pytest.mark.parametrize(("words", "enough"), [(49, False), (50, True)])
def test_fifty_words_of_a_feed_stand_in_for_a_page(words: int, enough: bool) -> None:
    refused = Outcome(entry(summary="word " * words), "refused", "404")
    assert entries.needs_stand_in(refused, False) is enough
    assert (entries.stand_in(refused, article(words=words)) is not refused) is enough
    assert not entries.needs_stand_in(replace(refused, outcome="deferred"), False)


def test_a_run_that_only_looks_keeps_an_entry_without_a_link_that_carries_its_text() -> None:
    bare, carried = entry(""), replace(entry("", feed_id=2), content="<p>All of it.</p>")
    found = entries.decide_waiting(plan_of([bare, carried], [], {}, {}), {})
    assert [(o.entry, o.outcome) for o in found] == [(bare, "refused"), (carried, "deferred")]


@pytest.mark.parametrize(
    ("old", "seen_by", "outcome", "says"),
    [
        ({"fetched_url": "https://a.example/print/1", "brought_by": (99,)}, "us", "duplicate", "another form"),
        ({"fetched_url": "https://a.example/print/1", "brought_by": (99, entry().entry_id)}, "us", "stored", ""),
        ({"fetched_url": "https://a.example/1", "brought_by": (99,)}, "us", "stored", ""),
        ({"fetched_url": "", "brought_by": (99,)}, "us", "stored", ""),
        ({"fetched_url": "https://a.example/1", "brought_by": (99,)}, "archive", "duplicate", "an archive's capture"),
        ({"fetched_url": "https://a.example/1", "brought_by": (entry().entry_id,)}, "archive", "stored", ""),
    ],
)
def test_only_who_brought_an_article_changes_it(old: dict[str, Any], seen_by: str, outcome: str, says: str) -> None:
    reading = article(fetched_url="https://a.example/1", seen_by=seen_by)
    kept = {reading.article_id: Stored(reading.article_id, 99, "page", NOW, 1, **old)}
    found = entries.settle([Outcome(entry(), "stored", article=reading, article_id=reading.article_id)], kept)[0]
    assert (found.outcome, says in found.reason, found.article is None) == (outcome, True, outcome == "duplicate")


def test_an_article_stays_under_the_address_it_is_stored_under() -> None:
    moved = article(fetched_url="https://a.example/amp/1")
    former = key("https://a.example/amp/1")
    assert entries.as_before(moved, former).url == "https://a.example/amp/1"
    assert entries.as_before(moved, former).article_id == former
    for other in (None, moved.article_id, 5):
        assert entries.as_before(moved, other) is moved


@pytest.mark.parametrize(
    ("told", "came_from"),
    [
        ({"published_at": None}, "feed"),
        ({"published_at": NOW, "published_from": "search"}, "feed"),
        ({"published_at": NOW, "published_from": "url"}, "feed"),
        ({"published_at": NOW, "published_from": "meta"}, "meta"),
    ],
)
def test_a_feeds_date_beats_only_a_guess(told: dict[str, Any], came_from: str) -> None:
    claim = entry(published_at=NOW - HOUR, published_claim="Mon, 23 Nov 2026 11:00:00 GMT", tags=("rain",))
    found = entries.with_claims(article(**told), claim)
    assert (found.published_from, found.tags) == (came_from, ("rain",))
    bare = entries.with_claims(replace(article(), title="", tags=("wet",)), claim)
    assert (bare.title, bare.tags) == ("Rain", ("wet",)), "a title only where the page has none"
    if came_from == "feed":
        assert (found.published_at, found.published_precision) == (NOW - HOUR, "second")
    assert entries.with_claims(article(**told), entry()).published_at == told["published_at"]
