"""The newsroom's known answers: what the whole line makes of two days of invented news."""

from collections import defaultdict

from demo.newsroom import Expected
from extract import plain
from tests.line import Line

# Furniture that a site prints in the article itself, as sentences of their own: only what repeats from page to page
# tells it from the text.
HOUSE = 3


def articles(line: Line) -> dict[str, dict[str, object]]:
    names = [
        "url",
        "title",
        "authors",
        "text",
        "story_id",
        "role",
        "agency",
        "agency_from",
        "language",
        "kind",
        "standfirst",
    ]
    rows = line.ask(
        f"SELECT {', '.join('c.' + n if n in ('agency', 'agency_name', 'agency_evidence', 'agency_from', 'contributed') else 'a.' + n for n in names)} FROM articles a JOIN copies c USING (article_id)"
    )
    return {str(row[0]): dict(zip(names, row, strict=True)) for row in rows}


def expected(line: Line) -> dict[str, Expected]:
    return {e.url: e for e in line.newsroom.expected()}


def test_two_days_come_out_as_they_were_written(both_days: Line) -> None:
    """Titles, authors, languages, kinds; every paragraph of every article; and each page's own agency credit."""
    found = articles(both_days)
    wrong: list[tuple[object, ...]] = []
    for url, want in expected(both_days).items():
        if want.kind not in ("article", "paywall"):
            assert url not in found, f"{want.kind} became an article: {url}"
            continue
        have = found[url]
        own = have["agency"] if have["agency_from"] != "inherited" else None
        inherited = have["agency"] if have["agency_from"] == "inherited" else None
        pairs = {
            "title": (have["title"], plain.from_html(want.title)),
            "authors": (tuple(have["authors"]), want.authors),  # type: ignore[arg-type]  # from JSON
            "language": (have["language"], want.language),
            "kind": (have["kind"], want.kind),
            "agency": (own, want.agency),
            "inherited": (inherited, want.inherited),
        }
        wrong += [(name, *pair, url) for name, pair in pairs.items() if pair[0] != pair[1]]
        lines = [have["standfirst"], *str(have["text"]).split("\n\n")]
        wrong += [("lost", p, url) for p in map(plain.line, want.paragraphs) if p not in lines]
    assert wrong == []


def test_boilerplate_in_the_articles_goes_unless_only_repetition_tells(both_days: Line) -> None:
    """Newsletter boxes, writer boxes, links to more: at most a few house sentences that read like the text stay."""
    found = articles(both_days)
    times: dict[str, int] = defaultdict(int)
    for url, want in expected(both_days).items():
        if url in found:
            told = {plain.line(text) for text in (*want.paragraphs, *want.beside)}
            for extra in set(str(found[url]["text"]).split("\n\n")) - told:
                times[extra] += 1
    once = [text for text, n in times.items() if n < HOUSE]
    assert once == [], "text that is neither the article's nor printed on several pages of its site"


def test_copies_are_one_story_and_separate_reports_are_not(both_days: Line) -> None:
    found, stories, keys = articles(both_days), defaultdict(set), defaultdict(set)
    for url, want in expected(both_days).items():
        if url in found:
            stories[want.story].add(found[url]["story_id"])
            keys[found[url]["story_id"]].add(want.story)
    assert {k: v for k, v in stories.items() if len(v) > 1} == {}, "one text in several stories"
    assert {k: v for k, v in keys.items() if len(v) > 1} == {}, "several texts in one story"


def test_the_lead_is_the_agencys_own_page(both_days: Line) -> None:
    rows = both_days.ask(
        """SELECT lead.site FROM stories JOIN articles lead ON lead.article_id = stories.lead_article_id
        WHERE agency = 'meridian' AND stories.articles > 1"""
    )
    assert {site for (site,) in rows} == {"meridian.localhost"}


def test_topics_find_their_articles_with_the_words_that_matched(both_days: Line) -> None:
    found = defaultdict(set)
    for topic, url, matched in both_days.ask(
        "SELECT topic, url, matched FROM article_topics JOIN articles USING (article_id)"
    ):
        found[url].add(topic)
        assert matched
    wrong = [
        (url, found[url], e.topics)
        for url, e in expected(both_days).items()
        if e.kind == "article" and found[url] != set(e.topics)
    ]
    assert wrong == []


def test_a_correction_and_a_silent_edit_leave_the_earlier_reading(both_days: Line) -> None:
    rows = both_days.ask(
        "SELECT changed, reason, versions.title, articles.title FROM versions JOIN articles USING (article_id) WHERE reason <> 'site' ORDER BY 3"
    )
    assert [(changed, reason) for changed, reason, _, _ in rows] == [(["text"], "publisher"), (["title"], "publisher")]
    assert rows[1][2] != rows[1][3]


def test_each_odd_page_gets_its_one_outcome_with_a_reason(both_days: Line) -> None:
    rows = both_days.ask("SELECT outcome, reason FROM entries WHERE outcome NOT IN ('stored', 'unchanged')")
    told = sorted((outcome, reason.split("localhost")[-1].split(" ", 1)[-1][:40]) for outcome, reason in rows)
    assert [o for o, _ in told].count("duplicate") == 2
    reasons = " ".join(reason for _, reason in rows)
    for part in ("consent wall", "answers HTTP 404", "a video page", "is application/pdf"):
        assert part in reasons


def test_a_second_look_at_the_same_feeds_changes_no_row(both_days: Line) -> None:
    """The same input twice: everything seen is unchanged, no article, story or version is written."""
    counts = "SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM versions), (SELECT count(*) FROM stories), (SELECT count(*) FROM copies)"
    before = both_days.ask(counts)
    row = both_days.run()
    assert row["stored"] == 0
    assert both_days.ask(counts) == before


def test_feeds_say_what_went_wrong_with_them(both_days: Line) -> None:
    rows = both_days.ask(
        "SELECT status, last_outcome, last_error, failures FROM feeds WHERE status <> 'active' ORDER BY 2"
    )
    assert [(status, outcome, failures) for status, outcome, _, failures in rows] == [
        ("failing", "failed", 2),
        ("failing", "refused", 2),
    ]
    assert "HTTP 503" in rows[0][2]
    assert "is an HTML page" in rows[1][2]


def test_unchanged_feeds_are_not_read_again(both_days: Line) -> None:
    """Conditional GET: the third look finds 304 or the same body everywhere."""
    both_days.run()
    rows = both_days.ask(
        "SELECT DISTINCT outcome FROM polls JOIN runs USING (run_id) WHERE started_at = (SELECT max(started_at) FROM runs)"
    )
    assert {outcome for (outcome,) in rows} == {"unchanged", "failed", "refused"}
    assert 304 in {status for (status,) in both_days.ask("SELECT status FROM polls")}
