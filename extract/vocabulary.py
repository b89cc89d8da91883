"""The words that a column holds where only a few are possible: each set once, as a type of the records and for a test that holds the
columns' COMMENTs against it."""

from typing import Literal, get_args

RunKind = Literal[
    "ingest", "poll", "fetch", "backfill", "upkeep", "load", "reread", "regroup", "retag", "forget", "recovered"
]
AskRole = Literal["feed", "older", "page", "robots", "capture"]
PollOutcome = Literal["new", "unchanged", "failed", "refused"]
FeedStatus = Literal["new", "active", "failing", "dead", "gone", "paused", "removed"]
Verdict = Literal["rules", "none", "unreachable"]
EntryOutcome = Literal["stored", "unchanged", "duplicate", "refused", "quarantined", "deferred"]
OUTCOMES: tuple[str, ...] = get_args(EntryOutcome)  # in the order in which they are told
StoredKind = Literal["article", "live", "paywall"]  # of the kinds of page; others become no article
GROUPED: tuple[StoredKind, ...] = ("article", "paywall")  # that may share a story; a live blog is a story of its own
PAGE = "page"  # the format of a feed that is a site's own page, as the feed list and `feeds.format` call it
TextFrom = Literal["page", "feed", "summary", "given"]
DateFrom = Literal["", "jsonld", "meta", "url", "text", "time", "search", "feed", "given"]
Precision = Literal["", "second", "minute", "day", "ambiguous"]
NamedBy = Literal["settings", "pages", "feed", "site"]
CreditFrom = Literal["byline", "dateline", "trailer", "copyright", "jsonld", "meta", "site", "inherited"]
CopyRole = Literal["original", "copy", "edited", "update"]
VersionReason = Literal["publisher", "reader", "site", "given"]
SeenBy = Literal["newsduck", "archive"]
SkipReason = Literal[
    "no answer", "no address", "other site", "other day", "no date", "truncated", "status", "no page", "revisit", "known", "forgotten",
    "too large", "undecodable", "damaged",
]  # fmt: skip
ErasureReason = Literal["age", "person", "listed"]

COLUMNS: dict[str, tuple[str, ...]] = {
    "runs.kind": get_args(RunKind),
    "polls.outcome": get_args(PollOutcome),
    "feeds.last_outcome": get_args(PollOutcome),
    "feeds.status": get_args(FeedStatus),
    "robots.verdict": get_args(Verdict),
    "entries.outcome": OUTCOMES,
    "articles.kind": get_args(StoredKind),
    "articles.text_from": get_args(TextFrom),
    "articles.published_from": get_args(DateFrom)[1:],
    "articles.published_precision": get_args(Precision)[1:],
    "outlets.named_by": get_args(NamedBy),
    "credits.found_in": get_args(CreditFrom),
    "articles.role": get_args(CopyRole),
    "versions.reason": get_args(VersionReason),
    "articles.seen_by": get_args(SeenBy),
    "imports.skipped": get_args(SkipReason),
    "erasures.asked": get_args(ErasureReason),
}
