"""Events: stories that tell of one happening. Texts are made of invented words."""

import json
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from extract.group import events
from extract.group.events import Frequencies, join
from extract.records import Article, Copy, Entry, Outcome
from extract.tales import Tale, Told
from flows.board.account import told_of_growth
from storage.derived import tales
from storage.write.batch import Batch, Run
from tests.empty import empty
from tests.faults import earlier
from tests.typed import here

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
COMMON = [a + b for a in ("ba", "ko", "ri", "su", "te", "vo", "mi", "da") for b in ("lan", "mer", "nik", "sto", "dur")]


def tale(n: int, names: str, *, days: float = 0.0, language: str = "xx", seed: int = 0) -> Tale:
    """A story of 200 common words, in which these names stand again and again."""
    dice = random.Random(seed or n)
    words = [dice.choice(COMMON) for _ in range(200)]
    for name in names.split():
        for _ in range(4):
            words[dice.randrange(200)] = name
    return Tale(n, language, names, " ".join(words), NOW + timedelta(days=days))


CRASH = "Lindes ferry collision harbour Brandt"
VOTE = "Tarn council budget vote Moor"


def event_of(tales: list[Tale]) -> dict[int, int]:
    return {one.story_id: one.event_id for one in join(tales, [], Frequencies())}


BACKGROUND = [tale(100 + n, f"name{n}a name{n}b name{n}c name{n}d name{n}e") for n in range(30)]


def test_two_reports_of_one_happening_are_one_event() -> None:
    found = event_of([*BACKGROUND, tale(1, CRASH), tale(2, CRASH, days=1), tale(3, VOTE, days=1)])
    assert found[1] == found[2] != found[3]
    assert len(set(found.values())) == len(BACKGROUND) + 2


def test_what_carried_it_is_told() -> None:
    told = {one.story_id: one for one in join([*BACKGROUND, tale(1, CRASH), tale(2, CRASH, days=1)], [], Frequencies())}
    assert told[1].likeness == 1.0 and told[1].witnesses == ()
    assert events.LIKE <= told[2].likeness <= 1
    assert set(told[2].witnesses) <= set(CRASH.lower().split())


def test_an_event_is_over_after_two_silent_weeks_and_of_one_language() -> None:
    found = event_of([*BACKGROUND, tale(1, CRASH), tale(2, CRASH, days=20), tale(3, CRASH, language="yy")])
    assert len({found[1], found[2], found[3]}) == 3
    later = event_of([*BACKGROUND, *(tale(n, CRASH, days=6 * n) for n in range(1, 5))])
    assert len({later[n] for n in range(1, 5)}) == 1, "it goes on as long as it is told of"


def test_one_call_or_many_come_to_the_same() -> None:
    tales = [*BACKGROUND, *(tale(n, CRASH if n % 2 else VOTE, days=n / 10) for n in range(1, 12))]
    tales.sort(key=lambda t: (t.at, t.story_id))
    whole = join(tales, [], Frequencies())
    parts: list[Told] = []
    known = Frequencies()
    for start in range(0, len(tales), 7):
        parts += join(tales[start : start + 7], parts, known)
    assert parts == whole


def test_words_that_another_method_weighed_are_weighed_anew(tmp_path: Path) -> None:
    def weighed(tales_: Sequence[Tale], _: object) -> list[tales.Words]:
        return [({str(method): 1.0}, [str(method)], [str(method)]) for _ in tales_]

    made = earlier.make(tmp_path / "data", earlier.STATES[-1])
    earlier.fill(made)
    with tales.opened(made.derived, made.path) as c:
        for method in (1, 1, 2):
            tales.catch_up(c, weighed, events.KEYS, method)
            assert c.execute("SELECT word, sum(stories) FROM tale_words GROUP BY word ORDER BY word").fetchall() == [
                ("", 1),
                (str(method), 1),
            ]
            assert c.execute("SELECT words FROM tales").fetchall() == [([str(method)],)]


def test_scripts_without_blanks_are_told_by_pairs_of_characters() -> None:
    assert set(events.terms("東京湾", "")) == {"東京", "京湾"}


def test_english_is_not_cold_on_the_first_day() -> None:
    known = Frequencies()
    english = known.rarities("en", ["the", "police", "xylograph"])
    assert english["the"] < 1 < english["police"] < english["xylograph"]
    other = known.rarities("xx", ["the", "xylograph"])
    assert other["the"] == other["xylograph"]


def loaded(folder: Path, *tales: Tale) -> None:
    """Load these stories and others, each an article of an outlet of its own."""
    english = [
        "the",
        "and",
        "of",
        "to",
        "in",
        "that",
        "for",
        "with",
        "was",
        "said",
        "on",
        "from",
        "have",
        "were",
        "their",
        "which",
        "after",
        "would",
        "people",
        "about",
        "there",
        "been",
    ]
    told = {word: english[n % len(english)] for n, word in enumerate(COMMON)}  # so that all are of one language
    rows = [
        {
            "url": f"https://outlet{t.story_id}.example/a",
            "title": t.title,
            "text": " ".join(told.get(w, w) for w in t.text.split()),
            "published_at": t.at.isoformat(),
        }
        for t in (*BACKGROUND, *tales)
    ]
    (folder / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert here("load", "rows.jsonl").returncode == 0


def test_events_are_listed_and_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NEWSDUCK_DATA", str(tmp_path / "data"))
    assert "no data" in (said := here("events").stderr) or "`newsduck" in said
    loaded(tmp_path, tale(1, CRASH), tale(2, CRASH, days=0.1), tale(3, VOTE, days=0.2))
    first = json.loads(here("events", "--day", "2026-11-26", "--most", "1", "--format", "json").stdout)
    assert (first["stories"], first["outlets"], first["title"]) == (2, 2, CRASH)
    for wanted in (str(first["event_id"]), "https://outlet2.example/a"):
        shown = here("event", wanted).stdout
        assert "2 stories, 2 articles" in shown and "joined by" in shown and "outlet1.example (own)" in shown
    assert "nothing: no event or story has this id" in here("event", "nothing").stderr
    covered = here("sql", "--format", "json", f"SELECT outlet FROM coverage_of({first['event_id']})").stdout
    assert len(covered.splitlines()) == 2

    # A person parts them, a later run decides everything else anew, and puts them together again.
    ids = {
        url: int(story)
        for story, url in (
            line.split(",", 1)
            for line in here("sql", "--format", "csv", "SELECT story_id, url FROM articles").stdout.splitlines()[1:]
        )
    }
    second, third = ids["https://outlet2.example/a"], ids["https://outlet3.example/a"]
    assert "1 story of event" in here("event", "split", str(second)).stdout
    assert here("regroup").returncode == 0
    parted = here("sql", "--format", "json", "SELECT event_id FROM event_stories").stdout
    assert len(set(parted.splitlines())) == len(BACKGROUND) + 3
    assert "all stories of their event" in here("event", "split", str(second)).stderr
    assert "is no story's id" in here("event", "split", "https://outlet2.example/a").stderr
    assert "1 story of event" in here("event", "join", str(first["event_id"]), "https://outlet2.example/a").stdout
    assert "already" in here("event", "join", str(first["event_id"]), str(second)).stderr
    assert "1 story of event" in here("event", "join", str(second), str(third)).stdout
    assert "3 stories" in here("event", str(third)).stdout
    merged = here("sql", "--format", "json", "SELECT event_id, into_event_id FROM merged_events").stdout.splitlines()
    assert len(merged) == 2 and all(json.loads(line)["into_event_id"] == first["event_id"] for line in merged)
    assert "3 stories" in here("event", str(json.loads(merged[0])["event_id"])).stdout, "an id that is no more leads on"


def test_an_event_that_outlets_join_faster_than_before_is_growing(tmp_path: Path) -> None:
    warehouse = empty(tmp_path / "data")

    def told(hours: list[float], start: int) -> list[Told]:
        """Articles of one event, an outlet each, first seen so many hours before NOW."""
        seen, outcomes, copies, found = {}, [], [], []
        for n, before in enumerate(hours, start):
            entry = Entry(n, 1, f"https://outlet{n}.example/a", title="Crash")
            article = Article(
                n, entry.url, title="Crash", text="x", site=f"outlet{n}.example", outlet="x", fetched_at=NOW
            )
            seen[n] = NOW - timedelta(hours=before)
            outcomes.append(Outcome(entry, "stored", article=article, article_id=n))
            copies.append(Copy(n, n, n, "original", 1.0, 1.0))
            found.append(Told(n, start, "en", seen[n], {}))
        warehouse.commit(
            Batch(Run(start, f"ingest-{start}", "ingest", NOW), NOW, outcomes=outcomes, copies=copies, seen=seen)
        )
        return found

    slow, fast, new = told([40, 30, 20, 5, 4], 1), told([30, 20, 3, 2, 1, 1, 0], 11), told([2, 1, 1, 0], 31)
    warehouse.tell([*slow, *fast, *new], events.METHOD, 31)
    for _ in range(2):
        warehouse.notice_growth(31)
    assert [(g.event_id, g.outlets, g.joined) for g in warehouse.untold_growths()] == [(11, 7, 5)]
    assert "5 of 7 outlets joined in the last six hours" in told_of_growth(warehouse.untold_growths()[0])
    warehouse.growths_told()
    assert warehouse.untold_growths() == []
