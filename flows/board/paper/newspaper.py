"""The day's page: one file that holds everything it shows, asks nobody for anything and runs nothing."""

import difflib
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

from flows.board.paper import charts, dossiers, pages
from flows.settings import Settings
from storage import access, disk
from storage.files import replace_file
from storage.look import dossier, edition
from storage.look.edition import Edition, Row


def write(settings: Settings, day: date, path: Path | None = None) -> Path:
    """Write a day's page, into `reports/` of the data folder by default; gives where. Raises BadInput where there is no
    warehouse yet."""
    folder = settings.data_folder / "reports"
    own = path or folder / f"{day}.html"
    with disk.told(f"writing {own}", "the warehouse has everything"):
        own.parent.mkdir(parents=True, exist_ok=True, mode=0o777 if path else 0o700)
    published = settings.data_folder / "warehouse.duckdb"
    days = _days(folder)
    replace_file(own, html(edition.of(published, day), days), None if path else 0o600)
    if not path and day not in days and (before := max((d for d in days if d < day), default=None)):
        write(settings, before)  # it leads to this one now
    if not path:
        names = (own.name, *_list_days(folder, [mark.topic for mark in dossier.marks(published)]))
        access.let_in(settings.data_folder, settings.share.group, folder.name, *(f"{folder.name}/{n}" for n in names))
    return own


def _list_days(folder: Path, topics: Sequence[str]) -> list[str]:
    """Write the list of the days' pages and the topics' where it differs; gives its name."""
    days = sorted(_days(folder), reverse=True)
    text = pages.render("days.html", days=days, topics=[(topic, dossiers.name_of(topic)) for topic in topics])
    index = folder / "index.html"
    if not index.exists() or index.read_bytes() != text:
        replace_file(index, text, 0o600)
    return [index.name]


def _days(folder: Path) -> set[date]:
    """The days that have a page."""
    found = set()
    for path in folder.glob("????-??-??.html"):
        with suppress(ValueError):  # a person's own file
            found.add(date.fromisoformat(path.stem))
    return found


def html(day: Edition, days: Collection[date] = ()) -> bytes:
    """The page, leading to the ones before and after it of the days that have one."""
    groups = sorted({row["group_name"] for row in day.covers.rows})
    return pages.render(
        "report.html",
        day=day,
        counts=day.counts.rows[0],
        looks=day.looks.rows[0],
        leads=[_lead(row, day) for row in day.leads.rows],
        attention=[_attention(topic, rows, day.day) for topic, rows in _by(day.attention.rows, "topic")],
        origins=charts.stacked(
            _origins(day.origins.rows), _names(day.origins.rows), "Articles by topic and agency", "currentColor"
        ),
        origins_named=_names(day.origins.rows),
        colours=charts.COLOURS,
        travelled=[
            (s, charts.travel(rows, f"How “{s}” travelled", "currentColor"))
            for s, rows in _by(day.travelled.rows, "story")
        ],
        groups=groups,
        covers=[(t, {r["group_name"]: r for r in rows}) for t, rows in _by(day.covers.rows, "topic")],
        changed=[row | {"diff": _diff(row["before"], row["now"])} for row in day.changed.rows],
        yesterday=max((d for d in days if d < day.day), default=None),
        tomorrow=min((d for d in days if d > day.day), default=None),
    )


def _by(rows: Sequence[Row], name: str) -> list[tuple[Any, list[Row]]]:
    return [(key, list(some)) for key, some in groupby(rows, key=lambda row: row[name])]


def _lead(row: Row, day: Edition) -> Row:
    """An event with who told of it, in order of time: of each story its first print, how many copies came after, and of one of them
    the passage that a topic found."""
    told: dict[int, Row] = {}
    for print_ in day.coverage.get(row["event_id"], []):
        if print_["story_id"] in told:
            told[print_["story_id"]]["copies"] += 1
        else:
            told[print_["story_id"]] = print_ | {"copies": 0, "passage": []}
    on = day.topics.get(row["event_id"], {"topics": [], "snippet": "", "snippet_of": None})
    if on["snippet_of"] in told:
        told[on["snippet_of"]]["passage"] = pages.passage(on["snippet"])
    return row | {"told": list(told.values()), "topics": on["topics"]}


def _attention(topic: str, rows: Sequence[Row], day: date) -> Row:
    """A topic's share of each of the last days, the band of the usual, and how this week is against the one before."""
    shares = {row["seen_day"]: row["share"] for row in rows}
    days = [day - timedelta(days=n) for n in range(28, -1, -1)]
    points = [(str(d), shares.get(d)) for d in days]
    week, before = (_mean(shares.get(day - timedelta(days=n)) for n in range(start, start + 7)) for start in (0, 7))
    change = week / before - 1 if week is not None and before else None
    chart = charts.line(points, f"{topic}: share of all stories, a day", "currentColor")
    return {"topic": topic, "name": dossiers.name_of(topic), "chart": chart, "today": shares.get(day), "change": change}


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def _origins(rows: Sequence[Row]) -> list[tuple[str, list[tuple[str, int]]]]:
    return [(topic, [(row["written_by"], row["articles"]) for row in some]) for topic, some in _by(rows, "topic")]


def _names(rows: Sequence[Row]) -> list[str]:
    """Who wrote, the outlets themselves first: one order for the bars of all topics and their legend."""
    return sorted({row["written_by"] for row in rows}, key=lambda name: (name != "own words", name))


def _diff(before: str, now: str) -> list[tuple[str, str]]:
    """A headline's words, each run with what became of it: same, del or ins."""
    old, new = before.split(), now.split()
    found = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(("same", " ".join(old[a:b])))
        else:
            found += [(name, " ".join(words)) for name, words in (("del", old[a:b]), ("ins", new[c:d])) if words]
    return found
