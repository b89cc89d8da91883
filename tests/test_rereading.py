"""The archive read again with today's reader."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from flows.commands.reread import reread
from storage import archive, duck
from tests.line import Line, settings_for
from tests.typed import configure, here

STORIES = "SELECT article_id, story_id, role, agency, agency_evidence, agency_from FROM copies ORDER BY article_id"
ENTRIES = "SELECT * FROM entries ORDER BY entry_id"
AS_IF_OLDER = """UPDATE articles SET text = 'A caption.', words = 2, title = 'Wrong', read_version = 0, text_hash = 1
    WHERE article_id = (SELECT min(article_id) FROM articles WHERE text_from = 'page')"""


def again(line: Line, since: datetime | None = None, *, dry: bool = False) -> tuple[int, int]:
    """(articles changed, pages lost) of a second reading."""
    found = reread(settings_for(line.folder, line.newsroom.topics()), line.sandbox, since, dry=dry)
    return sum(o.outcome == "stored" for o in found.outcomes), len(found.lost)


def test_the_same_reader_changes_nothing(stored: Line) -> None:
    queries = (
        STORIES,
        ENTRIES,
        "SELECT * FROM versions",
        "SELECT topic, version, article_id, matched FROM article_topics ORDER BY ALL",
    )
    before = [stored.ask(query) for query in queries]
    assert again(stored) == (0, 0)
    assert [stored.ask(query) for query in queries] == before
    (run,) = stored.ask("SELECT kind, stored, unchanged FROM runs ORDER BY started_at DESC LIMIT 1")
    assert run == ("reread", 0, stored.ask("SELECT count(*) FROM articles WHERE text_from = 'page'")[0][0])


def test_what_an_older_reader_got_wrong_is_mended_and_kept_as_a_version(stored: Line) -> None:
    right, stories = stored.ask("SELECT article_id, title, text FROM articles ORDER BY 1"), stored.ask(STORIES)
    with duck.open_file(stored.warehouse.path) as c:
        c.execute(AS_IF_OLDER)
    assert again(stored, dry=True) == (1, 0)
    assert stored.ask("SELECT * FROM versions") == []
    assert again(stored, datetime.now(UTC) + timedelta(days=1)) == (0, 0)
    assert again(stored) == (1, 0)
    assert stored.ask("SELECT article_id, title, text FROM articles ORDER BY 1") == right
    assert stored.ask(STORIES) == stories
    kept = stored.ask("SELECT title, text, changed, reason, read_version FROM versions")
    assert kept == [("Wrong", "A caption.", ["title", "text"], "reader", 0)]


def test_a_story_whose_article_is_read_into_another_ends_and_says_where_it_went(stored: Line) -> None:
    """As an older reader left them: of the copies of one story each with hardly any text, and alone in its own."""
    with duck.open_file(stored.warehouse.path) as c:
        largest = c.execute("SELECT story_id FROM stories ORDER BY articles DESC, story_id LIMIT 1").fetchone()
        assert largest is not None
        copies = c.execute(
            "SELECT article_id FROM articles WHERE story_id = ? AND text_from = 'page' ORDER BY ALL", largest
        ).fetchall()
        for n, (copy,) in enumerate(copies):
            c.execute(
                "UPDATE articles SET text = $2, words = 2, text_hash = $3, read_version = 0, story_id = $3, lead_article_id = $1 WHERE article_id = $1",
                [copy, f"Caption {n}.", 1000 + n],
            )
            c.execute(
                "INSERT INTO stories BY NAME SELECT * REPLACE ($1 AS story_id, $2 AS lead_article_id, 1 AS articles) FROM stories WHERE story_id = $3",
                [1000 + n, copy, *largest],
            )
        c.execute("DELETE FROM stories WHERE story_id = ?", largest)
    assert len(copies) > 1
    again(stored)
    assert stored.ask("SELECT story_id FROM stories WHERE story_id NOT IN (SELECT story_id FROM articles)") == []
    together = "SELECT DISTINCT story_id FROM articles WHERE list_contains($1, article_id)"
    into = duck.ask(stored.warehouse.published, together, [[copy for (copy,) in copies]])[1]
    gone = stored.ask("SELECT story_id, into_story_id FROM merged_stories ORDER BY ALL")
    assert len(gone) == len(copies) - 1 and [(where,) for _, where in gone[:1]] == into


def test_a_page_that_left_the_archive_keeps_its_reading(stored: Line) -> None:
    before = stored.ask("SELECT article_id, text FROM articles ORDER BY 1")
    for name in archive.files(stored.warehouse.archive):
        stored.warehouse.archive.path(name).unlink()
    changed, lost = again(stored)
    assert (changed, lost) == (0, stored.ask("SELECT count(*) FROM articles WHERE text_from = 'page'")[0][0])
    assert stored.ask("SELECT article_id, text FROM articles ORDER BY 1") == before


def test_the_command_says_what_would_change_and_what_did(stored: Line, tmp_path: Path) -> None:
    configure(tmp_path, stored.newsroom)
    with duck.open_file(stored.warehouse.path) as c:
        c.execute(AS_IF_OLDER)
    dry = here("reread", "--dry-run")
    assert dry.returncode == 0, dry.stderr
    assert "1 articles would change" in dry.stdout and "nothing was written" in dry.stdout
    done = here("reread", "--since", "2020-01-01")
    assert "1 articles changed" in done.stdout and "2 words before" in done.stdout
    assert here("reread", "--since", "yesterday").returncode == 2
