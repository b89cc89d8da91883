"""Events: stories that tell of one happening. Texts are made of invented words."""

import dataclasses
import json
import math
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from extract import words
from extract.group import events, frequencies, terms
from extract.group.events import join
from extract.group.frequencies import Frequencies
from extract.group.terms import Terms
from extract.keys import key
from extract.records import Article, Copy, Entry, Outcome
from extract.tales import Tale, Told
from flows.board.account import told_of_growth
from flows.line import events as deciding
from storage import duck
from storage.warehouse import Warehouse
from storage.write.batch import Batch, Run
from tests.empty import empty
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


def test_scripts_without_blanks_are_told_by_pairs_of_characters() -> None:
    assert terms.of("東京湾", "").words == ("京湾", "東京")


def test_english_is_not_cold_on_the_first_day() -> None:
    known = Frequencies()
    the, police, xylograph = known.rarities("en", ["the", "police", "xylograph"])
    assert the < 1 < police < xylograph
    assert len(set(known.rarities("xx", ["the", "xylograph"]))) == 1


@pytest.mark.parametrize(
    ("language", "common", "rare"),
    [
        ("de", "wurde", "fahre"),
        ("fr", "dans", "traversier"),
        ("pl", "jest", "prom"),
        ("ru", "что", "паром"),
        ("fa", "که", "کشتی"),
    ],
)
def test_a_language_that_nobody_counted_begins_with_its_stop_words(language: str, common: str, rare: str) -> None:
    found = Frequencies().rarities(language, words.words(f"{common} {rare}"))
    assert found == pytest.approx([math.log(2002 / 201), math.log(2002)])


def test_every_list_of_stop_words_is_there_and_long_enough() -> None:
    assert all(len(frequencies.beforehand(language)[0]) >= frequencies.ENOUGH for language in frequencies.STOPPED)
    assert frequencies.beforehand("ko") == ({}, 0) == frequencies.beforehand("zh")


ENGLISH = ["the", "and", "of", "to", "in", "that", "for", "with", "was", "said", "on", "from", "have", "were", "their"]


def loaded(folder: Path, *tales: Tale) -> None:
    """Load these stories and others, each an article of an outlet of its own."""
    told = {word: ENGLISH[n % len(ENGLISH)] for n, word in enumerate(COMMON)}  # so that all are of one language
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
    if not (folder / "data").exists():
        empty(folder / "data")
    assert here("load", "rows.jsonl").returncode == 0


TOLD = [tale(n, CRASH if n % 3 else VOTE, days=n / 100) for n in range(1, 22)]  # before they are first seen


def rows_of(folder: Path, parts: list[list[Tale]]) -> list[tuple[object, ...]]:
    """What is decided of stories that are loaded part by part."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for part in parts:
            loaded(folder, *part)
    sql = "SELECT url, event_id, likeness, witnesses FROM event_stories JOIN articles USING (story_id) ORDER BY url"
    return duck.ask(folder / "data/warehouse.duckdb", sql)[1]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[object, ...]]:
    """What is decided of all of them at once."""
    return rows_of(tmp_path_factory.mktemp("whole"), [TOLD])


@pytest.mark.parametrize(("at_a_time", "loads"), [(7, 1), (2_000, 3)])
def test_however_the_stories_are_cut_the_rows_are_the_same(
    at_a_time: int, loads: int, whole: list[tuple[object, ...]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len({event for _, event, *_ in whole}) < len(whole)
    monkeypatch.setattr(deciding, "CHUNK", at_a_time)
    size = -(-len(TOLD) // loads)
    assert rows_of(tmp_path, [TOLD[n : n + size] for n in range(0, len(TOLD), size)]) == whole


def test_where_an_event_went_is_told_though_the_story_it_went_into_comes_last(tmp_path: Path) -> None:
    loaded(tmp_path, tale(1, CRASH), tale(2, VOTE), tale(3, "Kest bridge closure ice Varn"))
    warehouse = Warehouse(tmp_path / "data")
    events_of = "SELECT story_id, event_id FROM event_stories JOIN articles USING (story_id) WHERE outlet IN ('outlet1.example', 'outlet2.example', 'outlet3.example') ORDER BY outlet"
    with warehouse.at_hand(), warehouse._open() as c:
        (gone, event), (other, _), (into, _) = c.execute(events_of).fetchall()
        c.execute("DELETE FROM event_stories WHERE story_id IN (?, ?)", [other, into])
        c.execute("DELETE FROM stories WHERE story_id = ?", [gone])
        c.execute("INSERT INTO merged_stories VALUES (?, ?, now(), 1)", [gone, into])
        warehouse.tell([Told(other, other, "xx", NOW, {})], events.METHOD, 1, last=False)
        warehouse.tell([Told(into, into, "xx", NOW, {})], events.METHOD, 1)
        assert c.execute("SELECT event_id, into_event_id FROM merged_events").fetchall() == [(event, into)]


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


def counted(weights: dict[str, float]) -> Terms:
    return Terms(tuple(weights), np.array(list(weights.values()), float))


def test_a_word_counts_by_where_it_stands() -> None:
    text = " ".join([f"w{n}" for n in range(700)])
    told = terms.of("w0 head a", text)
    found = dict(zip(told.words, told.weights.tolist(), strict=True))
    assert (found["w0"], found["head"]) == (7.0, 4.0)
    assert [found[f"w{n}"] for n in (1, 59, 60, 199, 200, 599)] == [3.0, 3.0, 1.5, 1.5, 0.6, 0.6]
    assert "w600" not in found and "a" not in found and "" not in found
    assert dict(zip(told.words, told.said(), strict=True)).items() >= {"head": 4, "w0": 7, "w60": 2, "w599": 1}.items()
    assert terms.of("", "twice and twice").weights.tolist() == [3.0, 6.0]


def test_pairs_of_characters_end_where_another_script_begins() -> None:
    assert terms._units("東京 tower x 湾") == ["東京", "", "tower", "", ""]


def test_a_word_is_the_more_telling_the_less_it_is_said() -> None:
    known = Frequencies()

    def rarity(language: str, word: str) -> float:
        return float(known.rarities(language, [word])[0])

    assert rarity("xx", "rain") == pytest.approx(math.log(2))
    for n in range(8):
        known.add("xx", counted({"rain": 0.6, "wind": 1.0} if n < 3 else {"rain": 0.6}))
    assert rarity("xx", "rain") == pytest.approx(math.log(10 / 9))
    assert rarity("xx", "wind") == pytest.approx(math.log(10 / 4))
    assert rarity("xx", "snow") == pytest.approx(math.log(10))
    assert rarity("yy", "rain") == pytest.approx(math.log(2)), "of another language nothing is known"
    known.add("xx", counted({"hail": 4.6}))
    assert rarity("xx", "hail") == pytest.approx(math.log(11 / 6)), "what is said again and again is common at once"
    known.count("xx", 0, [("fog", 99)])
    assert rarity("xx", "fog") == 0.0


def test_a_vector_has_length_one_and_the_most_telling_words_first() -> None:
    known = Frequencies()
    known.add("xx", counted({"common": 1.0}))
    found = events.vector(counted({"common": 4.0, "rare": 4.0, "rarer": 9.0}), "xx", known)
    assert list(found) == ["rarer", "rare", "common"]
    assert sum(w * w for w in found.values()) == pytest.approx(1, rel=1e-3)
    assert found["rarer"] / found["rare"] == pytest.approx(1.5, rel=1e-3)
    assert found["rare"] / found["common"] == pytest.approx((math.log(3) / math.log(3 / 2)) ** 0.65, rel=1e-3)
    assert all(w == round(w, 4) > 0 for w in found.values())
    many = events.vector(counted({f"w{n:03}": 1.0 for n in range(300)}), "xx", known)
    assert list(many) == [f"w{n:03}" for n in range(200)]
    assert events.vector(counted({}), "xx", known) == {}
    assert list(events.keys_of(many)) == list(many)[:14]


def test_a_story_is_looked_up_by_twice_as_many_words_of_its_own_vector() -> None:
    known = Frequencies()
    known.add("xx", counted({f"w{n:03}": n % 7 for n in range(300)}))
    known.add("yy", counted({"w001": 3.0}))
    told = [
        ("xx", counted({f"w{n:03}": 1.0 + n % 5 for n in range(300)})),
        ("yy", counted({f"w{n:03}": 2.0 for n in range(40)})),
        ("xx", counted({"w000": 4.0, "w007": 2.0})),
        ("yy", counted({})),
    ]
    wanted = [list(events.vector(found, language, known).items())[:28] for language, found in told]
    assert [list(keys.items()) for keys in events.likely_keys(told, known)] == wanted


def test_how_like_two_vectors_are() -> None:
    assert events.likeness({"a": 0.6, "b": 0.8}, {"a": 1.0}) == events.likeness({"a": 1.0}, {"a": 0.6, "b": 0.8}) == 0.6
    assert events.likeness({"a": 0.6, "b": 0.8}, {"b": 0.6, "a": 0.8}) == pytest.approx(0.96)
    assert events.likeness({"a": 1.0}, {}) == 0


def told(n: int, vector: dict[str, float], days: float = 0.0, event: int = 7) -> Told:
    return Told(n, event, "xx", NOW + timedelta(days=days), vector)


def test_a_middle_is_of_length_one_and_nearer_to_the_newer() -> None:
    assert events.centre([told(1, {"a": 1.0})], NOW) == {"a": 1.0}
    assert events.centre([], NOW) == {}
    middle = events.centre([told(1, {"a": 1.0}, -6), told(2, {"b": 1.0})], NOW)
    assert middle["b"] / middle["a"] == pytest.approx(math.e)
    assert sum(w * w for w in middle.values()) == pytest.approx(1)
    half = events.centre([told(1, {"a": 1.0}, -3), told(2, {"b": 1.0})], NOW)
    assert half["b"] / half["a"] == pytest.approx(math.sqrt(math.e))
    later = events.centre([told(1, {"a": 1.0}, -6), told(2, {"b": 1.0}, 6)], NOW)
    assert later["a"] == pytest.approx(later["b"])


def like(share: float, name: str = "rest") -> dict[str, float]:
    """A vector that is so like {"a": 1}."""
    return {"a": share, name: math.sqrt(1 - share * share)}


def joins(share: float, members: list[Told], days: float = 0.0) -> bool:
    return events.decide(tale(9, "x", days=days), like(share), {7: members}).event_id == 7


@pytest.mark.parametrize(("share", "joined"), [(0.229, False), (0.23, True), (0.24, True)])
def test_a_story_joins_what_it_is_nearly_a_quarter_like(share: float, joined: bool) -> None:
    assert joins(share, [told(1, {"a": 1.0})]) is joined


@pytest.mark.parametrize(
    ("members", "share", "joined"), [(10, 0.344, False), (10, 0.346, True), (100, 0.459, False), (100, 0.461, True)]
)
def test_an_event_of_many_asks_for_more(members: int, share: float, joined: bool) -> None:
    assert joins(share, [told(n, {"a": 1.0}) for n in range(members)]) is joined


@pytest.mark.parametrize(("days", "joined"), [(-15, False), (-14, True), (0, True), (17, True), (18, False)])
def test_an_event_is_open_for_two_weeks_on_either_side(days: float, joined: bool) -> None:
    assert joins(0.9, [told(1, {"a": 1.0}), told(2, {"a": 1.0}, 3)], days) is joined


@pytest.mark.parametrize(
    ("yes", "no", "joined"), [(1, 1, True), (1, 2, False), (2, 2, True), (15, 15, True), (14, 16, False)]
)
def test_half_of_the_last_members_have_to_agree(yes: int, no: int, joined: bool) -> None:
    against = [told(n, {"b": 1.0}, n / 1000) for n in range(no)]
    agree = [told(100 + n, {"a": 1.0}, (no + n) / 1000) for n in range(yes)]
    assert events.decide(tale(9, "x"), like(0.9), {7: [*against, *agree]}).event_id == (
        7 if joined else key("event", "9")
    )
    older = [told(200 + n, {"b": 1.0}, -13) for n in range(50)]
    if yes + no == 30:
        assert joins(1.0, [*older, *against, *agree]) is joined, "the last thirty"


@pytest.mark.parametrize(("share", "joined"), [(0.194, False), (0.196, True)])
def test_a_member_agrees_where_it_is_a_little_like(share: float, joined: bool) -> None:
    members = [told(1, {"a": 1.0}), told(2, like(share, "b")), told(3, like(share, "c"))]
    story = {"a": 1.0}
    assert (events.decide(tale(9, "x"), story, {7: members}).event_id == 7) is joined


def test_the_likest_event_is_joined_and_of_equals_the_one_of_the_lower_id() -> None:
    near, far = [told(1, {"a": 1.0})], [told(2, {"b": 1.0})]
    story = {"a": 0.6, "b": 0.8}
    assert events.decide(tale(9, "x"), story, {1: near, 2: far}).event_id == 2
    assert events.decide(tale(9, "x"), story, {2: far, 1: near}).event_id == 2
    for order in ((5, 3), (3, 5)):
        found = events.decide(tale(9, "x"), {"a": 1.0}, dict.fromkeys(order, near))
        assert (found.event_id, found.likeness, found.witnesses) == (3, 1.0, ("a",))


def test_what_a_person_said_is_done_however_unlike() -> None:
    said = dataclasses.replace(tale(9, "x"), event_id=4)
    assert events.decide(said, {"b": 1.0}, {4: [told(1, {"a": 1.0}, event=4)]}).likeness == 0.0
    alone = events.decide(said, {"b": 1.0}, {})
    assert (alone.event_id, alone.likeness, alone.witnesses) == (4, 1.0, ())


def test_five_words_are_shown_the_heaviest_first() -> None:
    length = math.sqrt(sum(n * n for n in range(1, 8)))
    story = {f"w{n}": n / length for n in range(1, 8)}
    found = events.decide(tale(9, "x"), story, {7: [told(1, {**story, "own": 0.1})]})
    assert found.witnesses == ("w7", "w6", "w5", "w4", "w3")
    assert found.likeness == pytest.approx(1.0)
