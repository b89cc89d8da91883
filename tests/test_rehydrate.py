"""`newsduck rehydrate`: a data set that somebody else made, its articles fetched by one's own ingest and likened to it."""

import csv
import json
import shutil
from pathlib import Path

import pytest

from extract.errors import BadInput
from extract.sandbox import Sandbox
from flows.commands.rehydrate import NAMES
from flows.export.dataset import Wish, export
from flows.export.rehydrate import read, rehydrate
from flows.settings import Settings
from storage import duck
from tests.line import Line, ingest, settings_for
from tests.typed import here, refused

NOTHING = '<opml version="2.0"><body><outline xmlUrl="http://127.0.0.1:1/feed.xml"/></body></opml>'
GONE = "http://northgate-daily.localhost:{port}/nothing-is-here"


@pytest.fixture
def theirs(stored: Line, tmp_path: Path) -> Path:
    """Another's export of day one; one of its articles is gone from the web since, another was changed."""
    data = tmp_path / "another"
    data.mkdir(exist_ok=True)
    shutil.copy(stored.warehouse.published, data / "warehouse.duckdb")
    with duck.open_file(data / "warehouse.duckdb") as c:
        port = (
            str(stored.ask("SELECT url FROM articles WHERE site = 'northgate-daily.localhost' LIMIT 1")[0][0])
            .split(":")[2]
            .split("/")[0]
        )
        one, two = (n for (n,) in c.execute("SELECT article_id FROM articles ORDER BY article_id LIMIT 2").fetchall())
        c.execute("UPDATE articles SET article_id = 17, url = ? WHERE article_id = ?", [GONE.format(port=port), one])
        c.execute("UPDATE articles SET text_hash = 5 WHERE article_id = ?", [two])
    export(Settings(data=str(data)), tmp_path / "theirs", Wish())
    return tmp_path / "theirs"


def test_what_another_lists_is_fetched_by_the_next_ingest_and_likened(
    theirs: Path, stored: Line, sandbox: Sandbox, tmp_path: Path
) -> None:
    mine = settings_for(tmp_path / "mine", {})
    (tmp_path / "mine").mkdir(exist_ok=True)
    (tmp_path / "mine" / "feeds.opml").write_text(NOTHING)
    count = len(read(theirs))
    first = rehydrate(mine, theirs)
    assert (first.added, first.counts()) == (count, {"waiting": count})
    assert rehydrate(mine, theirs).added == 0, "they wait already"
    ingest(mine, sandbox)
    ingest(mine, sandbox)  # a page that is not found is asked for twice
    came = rehydrate(mine, theirs)
    counts = came.counts()
    assert came.added == 0
    assert counts["gone"] == 1 and "404" in next(one.reason for one in came.found if one.state == "gone")
    assert counts["changed"] >= 1 and counts["same"] > count / 2 and sum(counts.values()) == count
    for one in came.found:
        assert (one.state == "same") == (one.text_hash == one.listed.text_hash)


def test_what_is_kept_already_is_not_asked_for(theirs: Path, stored: Line, tmp_path: Path) -> None:
    own = settings_for(stored.folder, stored.newsroom.topics())
    came = rehydrate(own, theirs)
    assert came.added == 1, "the one whose address is another"
    assert came.counts() == {"same": len(came.found) - 2, "changed": 1, "waiting": 1}


def test_the_command_writes_a_row_an_article(theirs: Path, tmp_path: Path) -> None:
    (tmp_path / "newsduck.toml").write_text('data = "mine"\n')
    done = here("rehydrate", str(theirs))
    assert done.returncode == 0 and "wait to be fetched" in done.stdout and "newsduck ingest" in done.stdout
    with (tmp_path / "rehydrated.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == NAMES and {row["state"] for row in rows} == {"waiting"}
    assert [int(row["article_id"]) for row in rows] == [one.article_id for one in read(theirs)]
    done = here("rehydrate", str(theirs), "--out", "-")
    assert done.stdout == (tmp_path / "rehydrated.csv").read_text() and "wait to be fetched" in done.stderr
    assert "with its reason" not in done.stderr and not (tmp_path / "-").exists()
    (tmp_path / "other.csv").write_text("mine")
    refused(here("rehydrate", str(theirs), "--out", "other.csv"), "other.csv", "--out")
    refused(here("rehydrate", str(tmp_path)), "is no export of newsduck")
    path = next((theirs / "articles").iterdir())
    path.write_bytes(path.read_bytes() + b" ")
    refused(here("rehydrate", str(theirs)), "not as its export wrote it")


def test_a_package_that_leads_elsewhere_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x" / "articles").mkdir(parents=True)
    (tmp_path / "x" / "datapackage.json").write_text(
        json.dumps({"x-newsduck": {}, "resources": [{"path": "../../etc/passwd"}]})
    )
    with pytest.raises(BadInput, match="lists no articles"):
        read(tmp_path / "x")
