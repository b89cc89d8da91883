"""A data folder in which nothing but a first start has been: all migrations take a third of a second, a copy none."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from storage.warehouse import Warehouse


@cache
def _first_start() -> bytes:
    with TemporaryDirectory() as folder:
        made = Warehouse(Path(folder))
        made.prepare()
        return made.path.read_bytes()


def empty(data: Path) -> Warehouse:
    """Makes one of this folder, which may be there and has no working file yet."""
    made = Warehouse(data)
    made.work.mkdir(parents=True, mode=0o700)
    made.path.write_bytes(_first_start())
    return made
