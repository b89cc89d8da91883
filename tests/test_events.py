"""Events: stories that tell of one happening. Texts are made of invented words."""

import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from extract.group import events
from extract.group.events import Frequencies, join
from extract.tales import Tale, Told
from tests.test_cli import here

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


def test_scripts_without_blanks_are_told_by_pairs_of_characters() -> None:
    assert set(events.terms("東京湾", "")) == {"東京", "京湾"}


def test_english_is_not_cold_on_the_first_day() -> None:
    known = Frequencies()
    assert known.rarity("en", "the") < 1 < known.rarity("en", "police") < known.rarity("en", "xylograph")
    assert known.rarity("xx", "the") == known.rarity("xx", "xylograph")


def test_events_are_listed_and_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NEWSDUCK_DATA", str(tmp_path / "data"))
    assert "no data" in (said := here("events").stderr) or "`newsduck" in said
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
        for t in (*BACKGROUND, tale(1, CRASH), tale(2, CRASH, days=0.1), tale(3, VOTE, days=0.2))
    ]
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert here("load", "rows.jsonl").returncode == 0
    first = json.loads(here("events", "--day", "2026-11-26", "--most", "1", "--format", "json").stdout)
    assert (first["stories"], first["outlets"], first["title"]) == (2, 2, CRASH)
    for wanted in (str(first["event_id"]), "https://outlet2.example/a"):
        shown = here("event", wanted).stdout
        assert "2 stories, 2 articles" in shown and "joined by" in shown and "outlet1.example (own)" in shown
    assert "nothing: no event or story has this id" in here("event", "nothing").stderr
    covered = here("sql", "--format", "json", f"SELECT outlet FROM coverage_of({first['event_id']})").stdout
    assert len(covered.splitlines()) == 2
