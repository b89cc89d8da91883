"""Every entry's one outcome."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from extract import entries
from extract.errors import ForbiddenAddress, Later, Poison, Refused, Unreachable
from extract.keys import key
from extract.read.given import from_entry
from extract.records import Article, Ask, Entry, Known, Outcome, Page, Stored

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def entry(url: str = "https://a.example/1", feed_id: int = 1, **changes: Any) -> Entry:
    return Entry(key(str(feed_id), url), feed_id, url, title="Rain", claim_hash=1, **changes)


def article(url: str = "https://a.example/1", **changes: Any) -> Article:
    return Article(key(url), url, title="Rain", text="It rained.", text_hash=7, **changes)


def page(status: int, **headers: str) -> Page:
    told = tuple(headers.items())
    return Page(Ask("https://a.example/1", "page", "", 1), "https://a.example/1", status, told, b"", NOW, 0.1)


def known(outcome: str, claim: int = 1, attempts: int = 1, **more: Any) -> Known:
    return Known(claim, outcome, 5, attempts, NOW, **more)


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
    same = {article().article_id: Stored(article().article_id, 7, "page", NOW, 1)}
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
