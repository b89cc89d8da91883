"""`newsduck credit`: why a page credits an agency, or why it does not, line by line."""

from pathlib import Path

import click

from extract import urls
from extract.credit import consider
from extract.credit.consider import Considered
from extract.errors import BadInput, NewsduckError
from extract.fetch import client
from extract.records import Ask, Page
from extract.sandbox import Sandbox
from flows.commands import _files
from flows.settings import Settings
from flows.settings import load as load_settings
from flows.telling import bold, dim, echo
from storage import archive, duck
from storage.store.place import Place

SHOWN = 110  # characters of a line


def _page(wanted: str, url: str, settings: Settings) -> tuple[bytes, str, str]:
    """(body, address, content type) of the page meant: a file, what the archive has of an article, else a fetched one.
    Raises BadInput where it is none of these, and what kept it from being had."""
    if Path(wanted).is_file():
        return _files.load(wanted), url or "https://unknown.example/page", ""
    page = _archived(wanted, settings) or _fetched(wanted, settings)
    return page.body, page.url, page.header("content-type")


def _archived(wanted: str, settings: Settings) -> Page | None:
    path = settings.data_folder / "warehouse.duckdb"
    if not path.exists():
        return None
    known, values = (
        ("article_id = ?", [int(wanted)]) if _is_id(wanted) else ("url IN (?, ?)", [wanted, urls.canonical(wanted)])
    )
    sql = f"SELECT warc_file, warc_offset FROM articles WHERE warc_file <> '' AND {known}"
    rows = duck.ask(path, sql, values)[1]
    place = Place(settings.data_folder / "archive", settings.elsewhere)
    return archive.read_page(place, str(rows[0][0]), int(str(rows[0][1]))) if rows else None


def _fetched(wanted: str, settings: Settings) -> Page:
    address = urls.canonical(wanted)
    if address is None or "://" not in wanted:
        raise BadInput(
            f"{wanted}: is no file, no address, and no article's id (`newsduck sql` shows those of articles)"
        )
    ask = Ask(address, "page", address, int(settings.fetch.max_page_mb * 2**20))
    (page,) = client.fetch_all([ask], settings.manners, lambda page: page)
    if isinstance(page, NewsduckError):
        raise page
    if page.status != 200:
        raise BadInput(f"{page.url}: answers HTTP {page.status}")
    return page


def _considered(page: str, url: str, settings: Settings) -> consider.Found:
    body, address, kind = _page(page, url, settings)
    with Sandbox(1, settings.read.seconds, settings.read.memory_mb * 2**20) as sandbox:
        (found,) = sandbox.map(consider.page, [(body, address, kind, settings.extra_agencies)])
    if isinstance(found, NewsduckError):
        raise BadInput(str(found).replace(address, page))
    return found


def _is_id(wanted: str) -> bool:
    return wanted.removeprefix("-").isdecimal() and abs(int(wanted)) < 1 << 63


def _show(one: Considered) -> str:
    text = one.text if len(one.text) <= SHOWN else f"{one.text[: SHOWN // 2]} … {one.text[-SHOWN // 2 :]}"
    told = f"{one.place:8s} {text}"
    if one.agencies:
        return f"{bold(told)}\n         → {', '.join(one.agencies)}: {one.why}"
    return f"{told}\n         {dim(one.why)}" if one.named else dim(told)


@click.command(context_settings={"ignore_unknown_options": True})  # an id may begin with a minus
@click.argument("page")
@click.option("--url", default="", help="The address that a file's page was found at.")
def command(page: str, url: str) -> None:
    """Say whom a page credits, and of each line that could say so why it does or does not. PAGE is a file, a URL, or an article's id."""
    found = _considered(page, url, load_settings())
    for one in found.lines:
        echo(_show(one))
    credited = [
        f"{c.agency} ({'contributed' if c.partial else 'with others' if c.joint else 'wrote it'}; {c.found_in}: {c.evidence})"
        for c in found.credits
    ]
    echo()
    echo(bold(f"credits  {'; '.join(credited) or 'nobody'}"))
