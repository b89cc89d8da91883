"""Pages that hold everything they show, ask nobody for anything and run nothing: templates, and the one style that is let in."""

import base64
import hashlib
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from flows.settings import VERSION

FOLDER = Path(__file__).with_name("templates")


def render(template: str, **values: Any) -> bytes:
    """A page. Publishers' words are escaped, links are http(s) only, and no style or script but the page's own is let in."""
    style, style_hash = _style()
    text = _environment().get_template(template).render(style=style, style_hash=style_hash, version=VERSION, **values)
    return text.encode("utf-8", "replace")


def passage(snippet: str | None) -> list[tuple[str, bool]]:
    """A passage in parts, each with whether it is what matched."""
    return [(part, bool(n % 2)) for n, part in enumerate((snippet or "").split("**")) if part]


@cache
def _environment() -> Environment:
    found = Environment(loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    found.filters["there"] = _there
    return found


def _there(moment: datetime, zone: str) -> datetime:
    """A moment as clocks of that zone show it."""
    return moment.astimezone(ZoneInfo(zone))


@cache
def _style() -> tuple[str, str]:
    style = (FOLDER / "report.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return style, f"sha256-{digest}"
