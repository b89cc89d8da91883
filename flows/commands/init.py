"""`newsduck init`: the first files of a new user."""

import re
from pathlib import Path

import click

from extract.errors import BadInput
from flows import feed_list
from flows.telling import echo
from flows.zone import here
from storage.files import replace_file

STARTER = Path(__file__).parents[1] / "starter"
_ZONE = re.compile(r'^# timezone = "".*$', re.MULTILINE)
_TOPICS = re.compile(r"^\[topics\..*", re.MULTILINE | re.DOTALL)


def init(folder: Path, zone: str, *, empty: bool = False) -> list[Path]:
    """Write the starter settings, with a time zone, and a feed list; gives their paths. `empty`: without feeds and topics.
    Overwrites nothing: raises BadInput where one is there."""
    paths = [folder / name for name in ("newsduck.toml", "feeds.opml")]
    for path in paths:
        if path.exists():
            raise BadInput(f"{path} is there already; move it away, or go on with it: `newsduck ingest`")
    settings = (STARTER / "newsduck.toml").read_text(encoding="utf-8")
    if zone:
        settings = _ZONE.sub(
            f'timezone = "{zone}"  # whose days and hours are meant; this machine\'s, when this was written', settings
        )
    if empty:
        settings = _TOPICS.sub("", settings)
    feeds = feed_list.EMPTY if empty else (STARTER / "feeds.opml").read_bytes()
    for path, content in zip(paths, (settings.encode(), feeds), strict=True):
        replace_file(path, content, 0o600)  # passwords may come to stand in it
    return paths


@click.command()
@click.option("--empty", is_flag=True, help="No feeds and no topics to begin with.")
def command(empty: bool) -> None:
    """Write newsduck.toml and feeds.opml here, to begin with."""
    for path in init(Path.cwd(), here(), empty=empty):
        echo(f"wrote {path}")
    first = "`newsduck feeds add` and `newsduck topics add`" if empty else "`newsduck ingest`"
    echo(f"Next: set `contact` in newsduck.toml, then {first}.")
