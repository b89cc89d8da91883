"""`newsduck init`: the first files of a new user."""

from pathlib import Path

import click

from extract.errors import BadInput
from flows.telling import echo
from storage.files import replace_file

STARTER = Path(__file__).parents[1] / "starter"


def init(folder: Path) -> list[Path]:
    """Write the starter settings and feed list; gives their paths. Overwrites nothing: raises BadInput where one is there."""
    paths = [folder / name for name in ("newsduck.toml", "feeds.opml")]
    for path in paths:
        if path.exists():
            raise BadInput(f"{path} is there already; move it away, or go on with it: `newsduck ingest`")
    for path in paths:
        replace_file(path, (STARTER / path.name).read_bytes(), 0o600)  # passwords may come to stand in it
    return paths


@click.command()
def command() -> None:
    """Write newsduck.toml and feeds.opml here, to begin with."""
    for path in init(Path.cwd()):
        echo(f"wrote {path}")
    echo("Next: set `contact` in newsduck.toml, then `newsduck ingest`.")
