"""Which columns of which tables are handed on: always, with the texts only, or never and why not.

A column that stands in none of the three lists is not handed on, and a test asks for a decision: what a later version keeps does
not leave the house by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

OWN = "newsduck's own bookkeeping"
PLACE = "a place in the archive of the machine that collected it"
PRIVATE = "a note or an order of the person's own"
OPENS = "may hold an address with a password or a key"
FEW = "CASE WHEN len(string_split({0}, ' ')) < 8 THEN {0} ELSE '' END"  # a name, and no sentence that a page gives for one
TWICE = "stands in another column or table of the data set"


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the data set."""

    name: str
    source: str  # SQL after FROM; `chosen` are the articles handed on, `told_feeds` the feeds under addresses without secrets
    always: tuple[str, ...]  # columns in their order
    key: tuple[str, ...]  # which its rows are in the order of
    wording: tuple[str, ...] = ()  # columns with an article's words; with --texts only
    never: Mapping[str, str] = field(default_factory=dict)  # column → why it is left out
    instead: Mapping[str, str] = field(default_factory=dict)  # column → SQL in its place
    of: tuple[str, ...] = ()  # where the warehouse explains its columns, where it is not under the same name

    def columns(self, *, texts: bool) -> tuple[str, ...]:
        """The columns that are handed on, in their order."""
        return self.always + (self.wording if texts else ())

    def select(self, *, texts: bool, where: str = "") -> str:
        """The query that gives its rows, in order."""
        told = ", ".join(f"{self.instead[c]} AS {c}" if c in self.instead else c for c in self.columns(texts=texts))
        return f"SELECT {told} FROM {self.source}{where} ORDER BY {', '.join(self.key)}"


def _why(reason: str, columns: str) -> dict[str, str]:
    return dict.fromkeys(columns.split(), reason)


def _names(columns: str) -> tuple[str, ...]:
    return tuple(columns.split())


ARTICLES = Table(
    "articles",
    "articles JOIN (SELECT article_id, day FROM chosen) USING (article_id)",
    _names("""article_id story_id seen_day first_seen_at seen_by published_at published_day published_precision published_from modified_at
    fetched_at url canonical_url site outlet outlet_claim title authors signed_by language locale kind section free words text_from
    role lead_article_id containment lead_containment text_hash extractor read_version method run_id grouped_run_id"""),
    ("article_id",),
    _names("standfirst byline text description tags image_caption image_credit published_claim"),
    _why(PLACE, "warc_file warc_offset")
    | {"fetched_url": OPENS, "image": "a picture is its maker's; the article's address leads to it"},
    {
        "url": "article_address(url)",
        "canonical_url": "article_address(canonical_url)",
        "section": FEW.format("section"),
        "outlet_claim": FEW.format("outlet_claim"),
    },
)
TABLES = (
    Table(
        "versions",
        "versions SEMI JOIN chosen USING (article_id)",
        _names("""article_id version title words fetched_at replaced_at changed reason read_version text_hash words_added
        words_removed run_id"""),
        ("article_id", "version"),
        _names("standfirst text"),
        _why(PLACE, "warc_file warc_offset"),
    ),
    Table(
        "stories",
        "stories WHERE story_id IN (SELECT story_id FROM chosen)",
        _names("story_id lead_article_id title first_seen_at articles outlets agency run_id"),
        ("story_id",),
    ),
    Table(
        "story_prints",
        "story_prints SEMI JOIN chosen USING (article_id)",
        _names("""story_id article_id ran_at ran_precision outlet site title role kept_from_lead of_lead_kept agency agency_from
        url"""),
        ("story_id", "article_id"),
        ("agency_evidence",),
        instead={"url": "article_address(url)"},
    ),
    Table(
        "credits",
        "credits SEMI JOIN chosen USING (article_id)",
        _names("article_id position agency agency_name contributed joint inherited found_in run_id"),
        ("article_id", "position", "agency"),
        ("evidence",),
    ),
    Table(
        "events",
        "events WHERE event_id IN (SELECT event_id FROM event_stories WHERE story_id IN (SELECT story_id FROM chosen))",
        _names("""event_id title first_seen_at last_seen_at stories articles outlets agency_articles own_articles language joined
        growing"""),
        ("event_id",),
    ),
    Table(
        "event_stories",
        "event_stories WHERE story_id IN (SELECT story_id FROM chosen)",
        _names("story_id event_id told_at likeness method run_id"),
        ("story_id",),
        ("witnesses",),
    ),
    Table(
        "topics",
        "topics WHERE topic IN (SELECT topic FROM told_topics)",
        _names("topic version query stem current whole created_at superseded_at"),
        ("topic", "version"),
        never=_why(PRIVATE, "description"),
    ),
    Table(
        "article_topics",
        "article_topics SEMI JOIN chosen USING (article_id) SEMI JOIN told_topics USING (topic)",
        _names("topic version article_id score run_id"),
        ("topic", "version", "article_id"),
        _names("matched snippet"),
    ),
    Table(
        "outlets",
        "outlets WHERE site IN (SELECT site FROM chosen)",
        _names("site name named_by country language feeds first_seen_at last_seen_at run_id"),
        ("site",),
    ),
    Table(
        "outlet_groups",
        "outlet_groups WHERE site IN (SELECT site FROM chosen)",
        _names("group_name site said_by run_id"),
        ("group_name", "site"),
    ),
    Table(
        "feeds",
        "feeds JOIN coverage_by_feed c USING (feed_id) JOIN told_feeds t USING (feed_id)",
        _names("""feed_id url title site_url format status added_at last_polled_at last_ok_at last_new_at last_entry_at polls
        interval_minutes window_hours losses lost_at entries stored lost waiting"""),
        ("t.told_id",),
        never=_why(OPENS, "address redirect_to last_error held")
        | _why(PRIVATE, "categories")
        | _why(
            OWN,
            """last_outcome failures failing_since wish_minutes skip_hours skip_days redirects etag last_modified body_hash lying
            next_poll_at whole_at""",
        ),
        instead={
            "feed_id": "t.told_id",
            "url": "t.told_url",
            "title": "feed_address(feeds.title)",
            "site_url": "feed_address(feeds.site_url)",
            "status": "feeds.status",
            "last_ok_at": "feeds.last_ok_at",
        },
        of=("feeds", "coverage_by_feed"),
    ),
    Table(
        "volume_by_feed",
        "volume_by_feed v JOIN told_feeds t USING (feed_id)",
        _names("feed_id day seen expected polls failed losses"),
        ("t.told_id", "day"),
        never=_why(TWICE, "title url"),
        instead={"feed_id": "t.told_id"},
    ),
    Table(
        "runs",
        "runs",
        _names("""run_id name kind started_at finished_at newsduck feeds feeds_failed seen stored unchanged duplicate refused
        quarantined deferred stories_new copies_new clock_off"""),
        ("started_at", "run_id"),
        never=_why(OWN, "prefect_run archive_file"),
    ),
)
LEFT_OUT = (  # tables of the warehouse that are not handed on at all
    (
        "entries, tombstones",
        "what feeds said of their items are publishers' words; how many there were stands in volume_by_feed",
    ),
    ("polls", "single looks at feeds; volume_by_feed has them by day"),
    (
        "erasures, imports, robots, site_pages, topic_jumps, event_growths, event_decisions, merged_stories, merged_events, former_events",
        OWN,
    ),
)
