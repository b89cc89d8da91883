"""The daily report: one page that holds everything it shows, asks nobody for anything and runs nothing."""

import base64
import hashlib
from datetime import timedelta
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from flows.board import charts
from flows.settings import VERSION, Settings
from storage import access, disk
from storage.files import replace_file
from storage.look.day import HISTORY, Day

FOLDER = Path(__file__).with_name("templates")


def write(day: Day, settings: Settings, path: Path | None = None) -> Path:
    """Write a day's page, into `reports/` of the data folder by default; gives where."""
    text = html(day).encode("utf-8", "replace")
    folder = settings.data_folder / "reports"
    own = path or folder / f"{day.day}.html"
    with disk.told(f"writing {own}", "the warehouse has everything"):
        own.parent.mkdir(parents=True, exist_ok=True, mode=0o777 if path else 0o700)
    replace_file(own, text, None if path else 0o600)
    if not path:
        access.let_in(settings.data_folder, settings.share.group, folder.name, f"{folder.name}/{own.name}")
    return own


def html(day: Day) -> str:
    """The page. Publishers' words are escaped, links are http(s) only, and no style or script but its own is let in."""
    pages = Environment(loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    style = (FOLDER / "report.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    topics = [topic | _drawn(topic["topic"], day) for topic in day.topics]
    agencies = [(a["name"], a["articles"], f"{a['articles']} ({a['stories']})") for a in day.agencies[:15]]
    return pages.get_template("report.html").render(
        day=Day(day.day, day.counts, topics, day.history, day.agencies, day.stories, day.feeds),
        agencies=charts.bars(agencies, "Articles by agency", "currentColor"),
        style=style,
        style_hash=f"sha256-{digest}",
        version=VERSION,
        zone=day.zone,
    )


def _drawn(topic: str, day: Day) -> dict[str, object]:
    """A topic's last days as a chart, and whether this one jumped."""
    rows = {row["day"]: row for row in day.history.get(topic, ())}
    days = [day.day - timedelta(days=n) for n in range(HISTORY, -1, -1)]
    today = rows.get(day.day, {})
    columns = [
        (str(d), float(row["stories"]) if (row := rows.get(d)) else 0.0, bool(row and row["jump"])) for d in days
    ]
    chart = charts.columns(columns, f"{topic}: stories a day", today.get("usual"), "currentColor")
    return {"chart": chart, "jump": bool(today.get("jump")), "usual": today.get("usual") or 0.0}
