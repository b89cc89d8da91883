"""Two data folders held against each other: in every table, but for what says when and in which run."""

import re
from collections import Counter
from collections.abc import Collection
from pathlib import Path

from extract.errors import Broken
from storage import archive, duck
from storage.warehouse import Warehouse

# What differs between two runs over the same pages: their moments and names, and where in the archive a page came to stand.
MOMENTS = "first_seen last_seen fetched replaced added last_polled last_ok last_new next_poll polled retry expires removed merged whole told noticed decided started finished"
ASIDE = {
    "run_id",
    "grouped_run_id",
    "warc_file",
    "warc_offset",
    "seconds",
    "failing_since",
    "lost_at",
    "created_at",
    "superseded_at",
    "day",
    "event_id",
    "likeness",
    "witnesses",
}
ASIDE |= {f"{moment}_at" for moment in MOMENTS.split()}
# Of these a run that was cut in two may have more: a part of the index, an archive file for each half.
GROWING = ("a file of a part of the index", "data/archive/")
LEFT_OUT = {"migrations", "runs", "erasures"}  # a run that died is two rows

# A story, whatever its id: the first of its articles. Its id is of the half of a run that it began in, where one was cut in two.
FIRST = "(SELECT min(a.article_id) FROM articles a WHERE a.story_id = this.story_id)"


def tables(data: Path, lost: Collection[int] = ()) -> dict[str, Counter[str]]:
    """table → its rows, without what may differ and without the lost articles, from the published file."""
    found = {}
    path = data / "warehouse.duckdb"
    columns = duck.ask(
        path,
        """SELECT table_name, string_agg(column_name, ' ' ORDER BY column_index) FROM duckdb_columns()
        JOIN duckdb_tables() USING (table_name) WHERE NOT duckdb_columns.internal GROUP BY table_name ORDER BY table_name""",
    )[1]
    for table, names in columns:
        kept = [name for name in str(names).split() if name not in ASIDE]
        if table not in LEFT_OUT:
            told = [FIRST if name == "story_id" else name for name in kept]
            sql = f"SELECT {', '.join(told) or '1'} FROM {table} this"
            left = [f"article_id NOT IN ({', '.join(map(str, lost))})"] if lost and "article_id" in kept else []
            # What a site prints everywhere is known earlier, or later, where a run was cut in two.
            left += ["reason <> 'site'"] if table == "versions" else []
            sql += f" WHERE {' AND '.join(left)}" if left else ""
            rows = duck.ask(path, sql)[1]
            found[str(table)] = Counter(repr(dict(zip(kept, row, strict=True))) for row in rows)
    return found


def texts(data: Path) -> Counter[tuple[str, str, str]]:
    """The articles of a data folder, each as (URL, title, text), how often it is there."""
    asked = duck.ask(data / "warehouse.duckdb", "SELECT url, title, text FROM articles")[1]
    return Counter((str(url), str(title), str(text)) for url, title, text in asked)


def differences(ours: Path, twins: Path, lost: str = "") -> list[str]:
    """What a person would find different, a line each; empty where there is nothing. The pages of the lost archive file may have
    been read no more: what is said of their articles is left aside."""
    lines = []
    path = ours / "warehouse.duckdb"
    gone = [
        int(str(one)) for (one,) in duck.ask(path, "SELECT article_id FROM articles WHERE warc_file = ?", [lost])[1]
    ]
    mine, other = tables(ours, gone if lost else ()), tables(twins, gone if lost else ())
    for table, rows in other.items():
        missing, more = rows - mine[table], mine[table] - rows
        if missing or more:
            lines.append(
                f"{table}: {missing.total()} rows differ from the twin's {more.total()}: {_first(missing, more)}"
            )
    return lines + _unkept(ours, lost) + _leftovers(ours.parent, twins.parent)


def _first(missing: Counter[str], more: Counter[str]) -> str:
    """The first row that differs, from where it does."""
    twins, ours = min(missing, default=""), min(more, default="")
    same = next((n for n, (a, b) in enumerate(zip(twins, ours, strict=False)) if a != b), 0)
    begin = max(0, same - 200)
    return f"…{twins[begin : same + 300]} in place of …{ours[begin : same + 300]}"


def _unkept(data: Path, lost: str) -> list[str]:
    """Articles whose page is not where they say in the archive, and archive files of which no run knows."""
    house = Warehouse(data)
    path = house.published
    pages = duck.ask(path, "SELECT fetched_url, warc_file, warc_offset FROM articles WHERE warc_file <> ''")[1]
    lines = []
    for url, name, offset in pages:
        if name == lost:
            continue
        try:
            page = archive.read_page(house.archive, str(name), int(str(offset)))
        except Broken as error:
            lines.append(str(error))
            continue
        if page.url != url and page.ask.url != url:
            lines.append(f"{url} is not at {name}:{offset}, {page.url} is")
    loaded = {str(name) for (name,) in duck.ask(path, "SELECT archive_file FROM runs")[1]}
    lines += [f"{name} was loaded by no run" for name in archive.files(house.archive) if name not in loaded]
    return lines


def _leftovers(ours: Path, twins: Path) -> list[str]:
    """What stands in our folder that the twin has none like, or fewer of; the temporary files of its runs are there too."""
    known, there = _kinds(twins), _kinds(ours)
    lines = [f"{kind} is left over" for kind in there if kind not in known]
    return lines + [
        f"{kind} is there {count} times, not {known[kind]}"
        for kind, count in there.items()
        if 0 < known[kind] < count and not kind.startswith(GROWING)
    ]


def _kinds(folder: Path) -> Counter[str]:
    """kind → how many files and folders there are of it. DuckDB's log of a file is part of it until that is next opened."""
    return Counter(_kind(path, folder) for path in folder.rglob("*") if path.suffix != ".wal")


def _kind(path: Path, folder: Path) -> str:
    """Its place, without what names its run or its moment."""
    name = f"{path.relative_to(folder)}{'/' if path.is_dir() else ''}"
    if name.startswith("data/work/search/") and not path.is_dir():
        return f"a file of a part of the index that {_part(path)}"
    return re.sub(r"[a-z]+(-\d+)?-\d{8}T\d{6}Z", "RUN", re.sub(r"\d{4}/(\d\d/)*", "DAY/", name))


def _part(path: Path) -> str:
    """Whether tantivy's list of the index's parts has the one that a file belongs to."""
    listed = (path.parent / "meta.json").read_text(encoding="utf-8").replace("-", "")
    part = path.name.split(".")[0]
    return "is listed" if len(part) < 32 or part in listed else "is none of it any more"
