"""`newsduck sql` as a stranger's query meets it: what it cannot reach, how it ends, and what its output holds."""

import contextlib
import csv
import io
import json
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from extract.errors import BadInput
from flows.commands import _tables
from storage import duck
from tests.typed import PROGRAM, here

CASES = Path(__file__).parent / "cases" / "cage.sql"
EVIL = "\x1b[2J\x1b]0;owned\x07\x9b31m\u202egnp.exe\u2066\rover\x00\u061cend"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder whose warehouse has one article."""
    data = tmp_path / "data"
    data.mkdir()
    with duck.open_file(data / "warehouse.duckdb") as connection:
        connection.execute("CREATE TABLE articles (article_id BIGINT, title VARCHAR)")
        connection.execute("INSERT INTO articles VALUES (1, ?)", [EVIL])
    (tmp_path / "newsduck.toml").touch()
    return tmp_path


@contextlib.contextmanager
def asking_for(form: str, sql: str, folder: Path, stdout: int) -> Iterator["subprocess.Popen[bytes]"]:
    """`newsduck sql` at work. SIGINT means to it what it means at a terminal, wherever these tests were started from."""
    words = [str(PROGRAM), "sql", "--format", form, sql]
    with subprocess.Popen(
        words,
        cwd=folder,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        stdout=stdout,
    ) as asked:
        try:
            yield asked
        finally:
            asked.kill()


@pytest.mark.promise("No query of `newsduck sql` reaches anything but the warehouse, which it cannot change")
def test_a_query_can_reach_the_warehouse_and_nothing_else(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    token = "8d1f5c0e-secret"
    secret = folder / "secret" / "token.txt"
    secret.parent.mkdir()
    secret.write_text(f"{token}\n")
    writable = folder / "writable"
    writable.mkdir()
    monkeypatch.setenv("NEWSDUCK_TEST_SECRET", token)
    path = folder / "data" / "warehouse.duckdb"
    before, listed = path.read_bytes(), sorted(folder.rglob("*"))
    queries = [line for line in CASES.read_text(encoding="utf-8").splitlines() if line and not line.startswith("--")]
    assert len(queries) >= 63
    asked: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        for query in queries:
            sql = query.format(secret=secret, folder=writable, port=listener.getsockname()[1], warehouse=path)
            try:
                with duck.Question(path) as question:
                    question.ask(sql)
                    answer = question.names, list(question.rows())
            except BadInput:
                answer = ([], [])
            assert token not in repr(answer), sql
            assert answer[1] in ([], [(None,)], [(1,)]), f"{sql} gave {answer[1]}"
            assert path.read_bytes() == before and sorted(folder.rglob("*")) == listed, sql
        with contextlib.suppress(TimeoutError):
            asked.append(listener.accept())
    assert asked == []


def test_what_a_query_that_was_killed_laid_aside_is_swept_by_the_next(folder: Path) -> None:
    left = folder / "data" / ".sql-999999999-x"
    left.mkdir()
    (left / "spilled").write_bytes(b"x")
    assert here("sql", "SELECT 1").returncode == 0
    assert not left.exists()


def test_many_rows_take_no_more_memory_than_a_few(folder: Path) -> None:
    """The child's own peak, 400,000 rows against a quarter of that: what is written is not kept."""

    def peak(rows: int) -> int:
        code = (
            "import sys; from pathlib import Path; from flows.commands import sql;"
            f"sql.ask(Path('data/warehouse.duckdb'), \"SELECT range, 'some words ' || range FROM range({rows})\", 'csv', sys.stdout);"
            "print(Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0], file=sys.stderr)"
        )
        done = subprocess.run(
            [Path(PROGRAM).with_name("python"), "-c", code], cwd=folder, capture_output=True, text=True, check=True
        )
        assert f"\n{rows - 1},some words {rows - 1}\n" in done.stdout
        return int(done.stderr.split()[0])

    assert peak(400_000) < peak(100_000) + 20_000  # KiB; the rows would be 60,000


def test_a_table_shows_what_fits_and_says_how_many_more(folder: Path) -> None:
    told = here("sql", "SELECT range AS n FROM range(123456)").stdout
    assert "1,000 rows shown, 122,456 more: LIMIT" in told
    assert told.count("\n") < 1_010
    assert "1 row\n" in here("sql", "SELECT 1 AS n").stdout


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT count(*) FROM range(1000000000) a, range(1000) b WHERE a.range * b.range % 7 = 3",
        "SELECT levenshtein(repeat('ab', 100000), repeat('ba', 100000))",  # a loop that DuckDB does not end
        "SELECT a.range FROM range(1000000000) a, range(1000) b",
    ],
)
def test_ctrl_c_ends_any_query(folder: Path, sql: str) -> None:
    """Without waiting for DuckDB: the process is gone by a signal to it alone, and so is what it laid aside."""
    with asking_for("csv", sql, folder, stdout=subprocess.DEVNULL) as asked:
        while not list((folder / "data").glob(".sql-*")):  # it has opened the file
            time.sleep(0.05)
        time.sleep(0.5)
        asked.send_signal(signal.SIGINT)
        _, said = asked.communicate(timeout=200)
    assert asked.returncode == 130
    assert b"newsduck: stopped" in said and b"Traceback" not in said
    assert [path.name for path in (folder / "data").iterdir()] == ["warehouse.duckdb"]


def test_what_a_query_lays_aside_is_bounded_and_goes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duck, "SPILL", "20MB")
    with duck.Question(folder / "data" / "warehouse.duckdb") as question:
        question._connection.execute("SET memory_limit = '60MB'")
        with pytest.raises(BadInput, match=r"(?i)memory|temp"):
            question.ask("SELECT random() AS r, repeat(range::VARCHAR, 9) AS t FROM range(5000000) ORDER BY r")
            question.count_rest()
    assert [path.name for path in (folder / "data").iterdir()] == ["warehouse.duckdb"]


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_no_sign_that_a_terminal_obeys_reaches_it(folder: Path, form: str) -> None:
    told = here("sql", f"SELECT title, [title] AS titles, 'x' AS \"{EVIL[:4]}\" FROM articles", "--format", form).stdout
    assert not [sign for sign in told if (ord(sign) < 32 and sign != "\n") or 0x7F <= ord(sign) < 0xA0]
    assert not set(told) & set("\u202e\u2066\u061c")
    assert "gnp.exe" in told
    if form == "json":
        assert json.loads(told)["title"] == EVIL, "as JSON writes any sign by its number, nothing is lost"


def test_words_that_are_no_utf8_are_told(folder: Path) -> None:
    """A terminal in Latin-1 sends such, and old disks have such names: Python keeps the bytes as letters that nothing can write."""
    for words in (["sql", "SELECT '\udcff'"], ["sql", "SELECT 1; SELECT '\udcff'", "--format", "csv"]):
        assert "is no UTF-8 text" in here(*words).stderr
    assert "the query is no UTF-8 text" in here("sql", "-", stdin=b"SELECT '\xff'").stderr
    assert "is no UTF-8 text" in here("story", "\udcff").stderr
    moved = folder / "data\udcff"
    (folder / "data").rename(moved)
    for ask in (
        lambda: duck.Question(moved / "warehouse.duckdb"),
        lambda: duck.ask(moved / "warehouse.duckdb", "SELECT 1"),
    ):
        with pytest.raises(BadInput, match="is no UTF-8: give that folder or file another name"):
            ask()


def test_a_spreadsheet_takes_no_cell_for_a_formula() -> None:
    out = io.StringIO()
    cells = [
        "=1",
        "+1",
        "-1",
        "@x",
        "\t=1",
        "\r=1",
        "\n=1",
        "＝1",
        "＋1",
        "－1",
        "＠x",
        "\u200b=1",
        "\x00=1",
        "fine",
        -5,
    ]
    _tables.write(["=name"], [[cell] for cell in cells], "csv", out)
    rows = [row[0] for row in csv.reader(io.StringIO(out.getvalue()))]
    assert rows[-2:] == ["fine", "-5"]
    assert all(row.startswith("'") for row in rows[:-2]), rows


def test_two_ctrl_c_are_no_traceback(folder: Path) -> None:
    with asking_for("json", "FROM range(1000000000)", folder, stdout=subprocess.PIPE) as asked:
        assert asked.stdout and asked.stdout.readline()
        threading.Thread(target=asked.stdout.read, daemon=True).start()
        for _ in range(2):
            asked.send_signal(signal.SIGINT)
            time.sleep(0.1)
        assert asked.wait(200) in (130, -signal.SIGINT)  # the second may meet the interpreter on its way out
        assert asked.stderr and b"Traceback" not in asked.stderr.read()
