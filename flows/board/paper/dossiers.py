"""A page and a feed a topic, in `reports/topics/` of the data folder: written where something on the topic changed, and gone with it."""

import hashlib
import re
from datetime import timedelta
from pathlib import Path

from flows.board.paper import charts, pages
from flows.settings import VERSION, Settings
from storage import access, disk, duck
from storage.files import replace_file
from storage.look import dossier
from storage.look.dossier import Dossier, Mark

FOLDER = "reports/topics"
SHORT = 40  # letters of a topic's name that its file's name may have
_SEAL = re.compile(rb"<!-- of ([0-9a-f]{16}) -->\s*$")


def write(settings: Settings, only: str | None = None) -> list[Path]:
    """Write the pages and feeds of the topics on which something changed since they were written, or of one topic whatever
    changed, and delete those of topics that are no more; gives the pages that were written."""
    with duck.held_open(settings.data_folder / "warehouse.duckdb"):
        return _write(settings, only)


def _write(settings: Settings, only: str | None) -> list[Path]:
    path, folder = settings.data_folder / "warehouse.duckdb", settings.data_folder / FOLDER
    found = dossier.marks(path)
    with disk.told(f"writing {folder}", "the warehouse has everything"):
        for one in (folder.parent, folder):
            one.mkdir(exist_ok=True, mode=0o700)
        names = {name_of(mark.topic) for mark in found}
        for old in [*folder.glob("*.html"), *folder.glob("*.atom")]:
            if old.stem not in names:
                old.unlink()
    written = []
    for mark in found:
        page = folder / f"{name_of(mark.topic)}.html"
        seal = _seal(mark)
        if mark.topic == only or (only is None and _sealed(page) != seal):
            from flows.board.paper import atom  # lxml, which most commands that come here do without

            told = dossier.of(path, mark)
            replace_file(page.with_suffix(".atom"), atom.feed(mark, told.stories.rows, page.stem), 0o600)
            replace_file(page, html(told) + f"<!-- of {seal} -->\n".encode(), 0o600)  # last: what it seals is there
            written.append(page)
    files = [f"{FOLDER}/{p.stem}{end}" for p in written for end in (".html", ".atom")]
    access.let_in(settings.data_folder, settings.share.group, "reports", FOLDER, *files)
    return written


def name_of(topic: str) -> str:
    """The name of a topic's files: its own where that is a plain word in small letters, else what is left of it and a mark
    that tells it from others of which as much is left."""
    plain = re.sub(r"[^\w]+", "-", topic.casefold()).strip("-")[:SHORT]
    if plain == topic:
        return plain
    return f"{plain}-{hashlib.sha256(topic.encode('utf-8', 'surrogatepass')).hexdigest()[:6]}".lstrip("-")


def _seal(mark: Mark) -> str:
    return hashlib.sha256(repr((VERSION, mark)).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _sealed(page: Path) -> str:
    """What a page was written of; empty for none, and for one whose feed is gone."""
    if not page.exists() or not page.with_suffix(".atom").exists():
        return ""
    found = _SEAL.search(page.read_bytes())
    return found.group(1).decode() if found else ""


def html(told: Dossier) -> bytes:
    """A topic's page."""
    shares = {row["seen_day"]: row["share"] for row in told.attention.rows}
    last = max(shares, default=None)
    days = [last - timedelta(days=n) for n in range(28, -1, -1)] if last else []
    origins = [(row["written_by"], row["articles"]) for row in told.origins.rows]
    return pages.render(
        "topic.html",
        told=told,
        mark=told.mark,
        name=name_of(told.mark.topic),
        last=last,
        chart=charts.line([(str(d), shares.get(d)) for d in days], f"{told.mark.topic}: share of all stories, a day", "currentColor") if days else "",
        origins=charts.stacked([(told.mark.topic, origins)], [name for name, _ in origins], "Articles by who wrote them", "currentColor") if origins else "",
        origins_named=[name for name, _ in origins],
        colours=charts.COLOURS,
        silent=[row for row in told.coverage.rows if not row["stories"]],
        covering=[row for row in told.coverage.rows if row["stories"]],
        passages={row["story_id"]: pages.passage(row["snippet"]) for row in told.stories.rows},
    )  # fmt: skip
