"""Somebody else's data set, its articles asked for again: their addresses wait for the next ingest, which asks as politely as for
any other; afterwards each is likened to what the data set says of it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from extract import urls
from extract.errors import BadInput
from flows.line.back import addresses
from flows.line.back.addresses import Line
from flows.line.work import Work, alone
from flows.settings import Settings
from storage.export import place
from storage.look import rehydrated
from storage.look.rehydrated import Found, Listed

WAITS = "listed by a data set; its page is fetched by the next ingest"
COLUMNS = ("article_id", "url", "text_hash", "read_version")


@dataclass(frozen=True, slots=True)
class Came:
    """What came of it."""

    added: int  # addresses that wait now and did not before
    found: list[Found]

    def counts(self) -> Counter[str]:
        """State → how many articles."""
        return Counter(one.state for one in self.found)


def rehydrate(settings: Settings, folder: Path) -> Came:
    """Have the articles of an export fetched by the next ingest that are not kept here, and say of each what has become of it.
    Raises BadInput where the folder is no export, or is not as it was written."""
    listed = read(folder)
    with alone("load", settings) as work:
        added = _add(listed, work)
        return Came(added, rehydrated.found(work.warehouse.published, listed))


def read(folder: Path) -> list[Listed]:
    """The articles of an export, by day and id. Raises BadInput where it is none, or a file is not as it was written: what an
    address leads to is asked of the web in this person's name."""
    from pyarrow import ArrowInvalid, parquet

    package = place.read(folder)
    hashes = {one.get("path"): one.get("hash") for one in package.get("resources", ()) if isinstance(one, dict)}
    listed: list[Listed] = []
    for path in sorted((folder / "articles").glob("*.parquet")):
        if hashes.get(f"articles/{path.name}") != place.digest(path):
            raise BadInput(
                f"{path} is not as its export wrote it ({place.PACKAGE} has another hash): get the data set again"
            )
        try:
            table = parquet.read_table(path, columns=list(COLUMNS))
            columns = [table[name].to_pylist() for name in COLUMNS]
        except (ArrowInvalid, KeyError) as error:
            raise BadInput(f"{path} lists no articles: {error}") from error
        for article_id, url, text_hash, reader in zip(*columns, strict=True):
            if urls.canonical(str(url)) is None:
                raise BadInput(f"{path}: {str(url)[:200]!r} is no http(s) URL")
            listed.append(Listed(article_id, str(url), text_hash, reader))
    if not listed:
        raise BadInput(f"{folder} lists no articles: there is nothing in its folder `articles`")
    return listed


def _add(listed: Sequence[Listed], work: Work) -> int:
    """Have those fetched that are neither kept nor waiting nor forgotten; gives how many."""
    kept = work.warehouse.stored([one.article_id for one in listed])
    wanted = {str(urls.canonical(one.url)): Line(one.url) for one in listed if one.article_id not in kept}
    return addresses.wait(wanted, work, WAITS)
