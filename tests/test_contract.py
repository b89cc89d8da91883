"""What queries may rely on: every view and macro, wherever the file is attached; every column explained; numbers that agree
whichever way they are asked."""

import ast
import json
from pathlib import Path

import duckdb
import pytest

from flows.questions import QUESTIONS, Question
from storage import duck
from storage.migrate import migrate
from tests.houses import Houses
from tests.line import Line

ROOT = Path(__file__).parents[1]
MACROS = {
    "stories_on('ferries')": "topic_stories",
    "spread_of(1)": "story_prints",
    "coverage_of(1)": "event_coverage",
    "agency_reach_between('2026-01-01', '2026-12-31')": "agency_reach",
}
VIEWS = "SELECT view_name FROM duckdb_views() WHERE NOT internal AND database_name = current_database() ORDER BY 1"
COLUMNS = """SELECT table_name || '.' || column_name, comment FROM duckdb_columns()
WHERE database_name = current_database() AND NOT internal"""


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("contract") / "warehouse.duckdb"
    with duck.open_file(path) as connection:
        migrate(connection)
    return path


def test_every_column_of_every_table_and_view_is_explained(empty: Path) -> None:
    unexplained = [name for name, comment in duck.ask(empty, COLUMNS)[1] if not comment]
    assert [name for name in unexplained if not str(name).startswith("migrations.")] == []


@pytest.mark.parametrize("macro", MACROS)
def test_every_column_of_a_macro_is_one_of_the_view_it_stands_on(empty: Path, macro: str) -> None:
    told = [row[0] for row in duck.ask(empty, f"DESCRIBE FROM {macro}")[1]]
    columns = [row[0] for row in duck.ask(empty, f"DESCRIBE FROM {MACROS[macro]}")[1]]
    assert told
    assert set(told) <= set(columns)


def test_every_macro_is_tried_here(empty: Path) -> None:
    there = duck.ask(
        empty,
        "SELECT DISTINCT function_name FROM duckdb_functions() WHERE function_type = 'table_macro' AND NOT internal",
    )[1]
    assert {str(name) for (name,) in there} == {macro.split("(")[0] for macro in MACROS}


def test_every_view_answers_where_a_tool_attaches_the_file_under_another_name(run_line: Line) -> None:
    with duckdb.connect() as c:
        c.execute(f"ATTACH '{run_line.warehouse.published}' AS other (READ_ONLY)")
        names = [n for (n,) in c.execute(VIEWS.replace("current_database()", "'other'")).fetchall()]
        assert len(names) >= 20
        for name in names:
            c.execute(f"FROM other.{name}").fetchall()


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("FROM stories_on('ferrries')", "no topic is called ferrries; SELECT topic FROM topics"),
        ("FROM spread_of(12)", "no story has the id 12; SELECT story_id FROM articles"),
        ("FROM coverage_of(12)", "no event has the id 12; newsduck events"),
    ],
)
def test_an_unknown_topic_story_or_event_is_an_error_that_names_it(run_line: Line, query: str, said: str) -> None:
    path = str(run_line.warehouse.published)
    with duckdb.connect(path, read_only=True) as c, pytest.raises(duckdb.InvalidInputException, match=said):
        c.execute(query).fetchall()


def test_a_claimed_day_stands_behind_the_exact_times_of_it(run_line: Line) -> None:
    path = run_line.warehouse.published
    mixed = """SELECT story_id FROM story_prints GROUP BY story_id
    HAVING count(*) FILTER (ran_precision = 'day') > 0 AND count(*) FILTER (ran_precision <> 'day') > 0"""
    stories = [int(str(story)) for (story,) in duck.ask(path, mixed)[1]]
    assert stories
    for story in stories:
        rows = duck.ask_rows(path, "SELECT ran_at, ran_precision FROM spread_of(?)", [story])
        told = [(row["ran_at"].date(), row["ran_precision"] == "day", row["ran_at"]) for row in rows]
        assert told == sorted(told)


# Each number, asked in two ways.
TWO_WAYS = {
    "stories of each agency": (
        "SELECT agency, count(*), sum(articles) FROM agency_stories GROUP BY agency",
        """SELECT agency, count(DISTINCT story_id), count(*) FROM credits JOIN articles USING (article_id)
        WHERE NOT contributed GROUP BY agency""",
    ),
    "and over all days": (
        "SELECT agency, stories, articles FROM agency_reach_between('2000-01-01', '2100-01-01')",
        "SELECT agency, count(*), sum(articles) FROM agency_stories GROUP BY agency",
    ),
    "articles of agencies by day": (
        "SELECT agency, sum(articles) FROM agency_reach GROUP BY agency",
        "SELECT agency, sum(articles) FROM agency_by_outlet GROUP BY agency",
    ),
    "stories on topics": (
        "SELECT topic, count(*) FROM topic_stories GROUP BY topic",
        "SELECT topic, sum(stories) FROM topic_daily GROUP BY topic",
    ),
    "stories of topics, by outlet": (
        "SELECT DISTINCT topic, site, stories FROM topic_coverage WHERE stories > 0",
        "SELECT topic, site, count(DISTINCT story_id) FROM topic_stories JOIN story_prints USING (story_id) GROUP BY ALL",
    ),
    "articles of topics": (
        "SELECT topic, sum(articles), sum(own_articles + agency_articles) FROM topic_origins GROUP BY topic",
        "SELECT topic, count(*), count(*) FROM topic_stories JOIN story_prints USING (story_id) GROUP BY topic",
    ),
    "the whole of a day": (
        "SELECT DISTINCT seen_day, all_stories FROM topic_share",
        "SELECT seen_day, count(DISTINCT story_id) FROM articles GROUP BY seen_day",
    ),
    "outlets of stories": (
        "SELECT story_id, max(outlets) FROM stories GROUP BY story_id",
        "SELECT story_id, count(*) FROM printed GROUP BY story_id",
    ),
    "articles of events": (
        "SELECT event_id, articles, outlets, agency_articles + own_articles FROM events",
        "SELECT event_id, count(*), count(DISTINCT site), count(*) FROM event_coverage GROUP BY event_id",
    ),
}


@pytest.mark.parametrize("number", TWO_WAYS)
def test_a_number_is_the_same_whichever_way_it_is_asked(run_line: Line, number: str) -> None:
    one, other = (sorted(run_line.ask(query), key=repr) for query in TWO_WAYS[number])
    assert one
    assert one == other


@pytest.fixture(scope="module")
def run_line(tmp_path_factory: pytest.TempPathFactory, houses: Houses) -> Line:
    """Both days of the newsroom, stored."""
    return houses.line(tmp_path_factory.mktemp("contract"), 2)


def test_who_had_it_first_is_ranked_and_a_day_is_no_midnight(run_line: Line) -> None:
    assert run_line.ask(
        "SELECT count(*) FROM (SELECT story_id FROM printed GROUP BY story_id HAVING min(seen_rank) <> 1)"
    ) == [(0,)]
    assert run_line.ask(
        "SELECT count(*) FROM printed WHERE claimed_precision = 'day' AND claimed_rank IS NOT NULL"
    ) == [(0,)]
    assert run_line.ask(
        "SELECT count(*) > 0 FROM printed WHERE claimed_rank > 1 AND claimed_lag > INTERVAL 0 SECOND"
    ) == [(True,)]


def test_folders_of_the_feed_list_and_groups_of_the_settings_are_groups_of_outlets(run_line: Line) -> None:
    ((site,),) = run_line.ask("SELECT min(site) FROM outlets")
    run_line.run(groups={"mine": (site,)})
    assert (("mine", site, "settings")) in run_line.ask("SELECT group_name, site, said_by FROM outlet_groups")
    shares = run_line.ask("SELECT outlets, all_outlets, share FROM event_coverage_by_group WHERE group_name = 'mine'")
    assert {(0, 1, 0.0), (1, 1, 1.0)} >= set(shares)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.words[:40])
def test_a_question_is_answered_by_one_query_as_the_docs_have_it(run_line: Line, question: Question) -> None:
    page = (ROOT / "docs" / "questions.md").read_text(encoding="utf-8")
    assert f"## {question.words}\n\n```sql\n{question.sql}\n```" in page, "run `make questions`"
    assert run_line.ask(question.sql)


def test_the_readme_has_the_numbers_of_the_demo(run_line: Line) -> None:
    told = (ROOT / "README.md").read_text(encoding="utf-8").split("      agency_name ")[1].split("rows")[0]
    found = run_line.ask(next(q.sql for q in QUESTIONS if q.words.startswith("Which agency's stories")))
    lines = [line.rsplit(maxsplit=3) for line in told.splitlines()[2:] if line.strip() and "─" not in line]
    assert [(name.strip(), *map(int, numbers)) for name, *numbers in (n for n in lines if len(n) == 4)] == found


def test_the_notebook_runs(run_line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(run_line.folder)
    cells = json.loads((ROOT / "docs" / "start.ipynb").read_text(encoding="utf-8"))["cells"]
    names: dict[str, object] = {}
    for cell in cells:
        if cell["cell_type"] == "code":
            *first, last = ast.parse("".join(cell["source"])).body
            exec(compile(ast.Module(first, []), "cell", "exec"), names)
            assert isinstance(last, ast.Expr)
            assert eval(compile(ast.Expression(last.value), "cell", "eval"), names).fetchall()
    names["news"].close()  # type: ignore[attr-defined]
