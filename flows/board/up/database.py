"""Prefect's database, empty and migrated: made once by the set-up, so that the first server of a data folder does not spend half
of its start on making one."""

import asyncio
import os
import shutil
import tempfile
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

from extract import share
from storage.files import private

NAME = "prefect.db"  # as Prefect calls it in its home


def made() -> Path:
    """Where the set-up leaves it, for this version of Prefect only."""
    return share.place(f"prefect-{version('prefect')}.db")


def put(home: Path) -> None:
    """Give a home of Prefect's that has no database the empty one, where there is one; Prefect makes its own otherwise."""
    with suppress(OSError), made().open("rb") as source, open(home / NAME, "xb", opener=private) as target:
        shutil.copyfileobj(source, target)


def make() -> None:
    """Have Prefect make one, and leave it where `put` finds it. Raises OSError where nothing may be written there."""
    path = made()
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent) as home:
        os.environ.update(PREFECT_HOME=home, DO_NOT_TRACK="1")
        asyncio.run(_migrate())
        (Path(home) / NAME).replace(path)


async def _migrate() -> None:
    from prefect.server.database.dependencies import provide_database_interface

    database = provide_database_interface()
    await database.create_db()
    await (await database.engine()).dispose()  # its log is in the file then


if __name__ == "__main__":
    make()
