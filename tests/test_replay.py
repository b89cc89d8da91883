"""What a run that is replayed is answered."""

from datetime import UTC, datetime
from pathlib import Path

from extract.records import Ask, Page
from flows.line.anew.replay import Answers, Recorded
from storage.store.place import Place


def test_an_article_is_found_by_its_address_as_it_is_canonical_now(tmp_path: Path) -> None:
    """What a run asked for before sessions went of addresses."""
    old, new = "https://herald.example/a;jsessionid=E4", "https://herald.example/a"
    asked = Page(Ask(old, "page", old, 1), old, 200, (), b"", datetime.now(UTC), 0.1)
    said = {"role": "page", "url": f"{new}?PHPSESSID=1", "subject": f"{new}?PHPSESSID=1", "error": "Later", "said": "x"}
    recorded = Recorded("ingest", pages=[asked])
    recorded.notes["answers"] = [[{**said, "until": ""}]]
    answers = Answers(Place(tmp_path), recorded)
    found = [answers._answer(Ask(new, "page", new, 1)) for _ in range(2)]
    assert (found[0], str(found[1]), answers.unasked, answers.left()) == (asked, "x", [], [])
