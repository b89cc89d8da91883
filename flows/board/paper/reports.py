"""The days' pages behind the dashboard's own address: files of `reports/`, in which nothing runs."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.routing import Mount

PATH = "/reports"
# Instead of the dashboard's own: a page asks nobody for anything, whoever wrote the file.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def mount(folder: Path) -> "Mount":
    """The folder as a part of an ASGI application; it may come to be later."""
    from starlette.routing import Mount
    from starlette.staticfiles import StaticFiles

    return Mount(PATH, StaticFiles(directory=folder, html=True, check_dir=False), name="reports")
