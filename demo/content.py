"""The invented content, read from the TOML files of this folder into records."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from demo.edits import kept, paragraphs, replaced, set_in_type
from demo.records import KINDS, Article, Box, Feed, Outlet

FOLDER = Path(__file__).parent
Table = dict[str, Any]  # one TOML table; does not leave this module


@dataclass(frozen=True, slots=True)
class Content:
    """All outlets and all articles, changed ones in both their editions."""

    outlets: dict[str, Outlet]
    articles: tuple[Article, ...]
    topics: dict[str, str]


def load(year: int) -> Content:
    """The content, with `year` put into copyright lines. ValueError names the file that is wrong."""
    outlets = {key: _outlet(key, table) for key, table in _read(FOLDER / "outlets.toml").items()}
    wires = {path.stem: _read(path) for path in sorted((FOLDER / "wire").glob("*.toml"))}
    articles = [_original(key, wire) for key, wire in wires.items() if wire["agency"] in outlets]
    for path in sorted((FOLDER / "articles").glob("*.toml")):
        for table in _read(path)["article"]:
            try:
                articles += _editions(table, outlets[path.stem], wires, year)
            except (KeyError, ValueError) as error:
                raise ValueError(f"{path.name}, {table.get('slug')}: {error}") from error
    return Content(outlets, tuple(articles), {k: str(v) for k, v in _read(FOLDER / "topics.toml").items()})


def ago(text: str) -> timedelta:
    """The span that "5h20m" means; raises ValueError for what is none."""
    match = re.fullmatch(r"(?:(\d+)h)?(?:(\d+)m)?", text)
    if not match:
        raise ValueError(f"{text!r} is no span such as 5h20m")
    return timedelta(hours=int(match[1] or 0), minutes=int(match[2] or 0))


def _read(path: Path) -> Table:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _outlet(key: str, table: Table) -> Outlet:
    boxes = tuple(Box(**box) for box in _read(FOLDER / "boilerplate.toml").get(key, ()))
    feeds = tuple(Feed(**{"category": table["category"], **feed}) for feed in table.pop("feeds"))
    links = tuple(table.pop("autolink", ()))
    return Outlet(key=key, autolink=links, boxes=boxes, feeds=feeds, **table)


def _original(key: str, wire: Table) -> Article:
    """A wire story on its agency's own site."""
    credit: dict[str, str] = {style: wire[style] for style in ("dateline", "trailer") if style in wire}
    return Article(
        slug=wire["slug"],
        outlet=wire["agency"],
        day=wire["day"],
        edition=wire["day"],
        ago=ago(wire["ago"]),
        updated=None,
        kind="article",
        language=wire["language"],
        section=wire["section"],
        title=wire["title"],
        byline=wire["byline"],
        authors=tuple(wire["authors"]),
        author_field=", ".join(wire["authors"]),
        author_entity="",
        blocks=set_in_type(paragraphs(wire["text"]), credit=credit),
        story=key,
        role="original",
        agency=wire["agency"],
        inherited=None,
        credits=credit,
        topics=tuple(wire.get("topics", ())),
    )


def _editions(table: Table, outlet: Outlet, wires: dict[str, Table], year: int) -> Iterator[Article]:
    """The article on its first day and, if it is changed on day two, the changed one as well."""
    first = _article(table, outlet, wires, year)
    yield first
    if change := table.get("day2"):
        body = replaced(first.paragraphs, change.get("replace", ()))
        yield replace(
            first,
            edition=2,
            title=change.get("title", first.title),
            updated=ago(change["updated"]) if "updated" in change else None,
            blocks=set_in_type(body, caption=table.get("caption", ""), note=change.get("note", "")),
        )


def _article(table: Table, outlet: Outlet, wires: dict[str, Table], year: int) -> Article:
    wire: Table = wires[table["of"]] if "of" in table else {}
    styles: dict[str, str] = table.get("credit", {})
    credit = {style: words.replace("{year}", str(year)) for style, words in styles.items()}
    own = paragraphs(table.get("text", ""))
    body = replaced(kept(paragraphs(wire["text"]), table.get("keep", "")) if wire else own, table.get("replace", ()))
    lead, tail = paragraphs(table.get("lead", "")), paragraphs(table.get("tail", ""))
    blocks = set_in_type(
        body, lead=lead, tail=tail, credit=credit, caption=table.get("caption", ""), quote=table.get("quote", "")
    )
    kind = table.get("kind", "article")
    if kind not in KINDS:
        raise ValueError(f"kind {kind!r} is none of {', '.join(KINDS)}")
    source = wire.get("agency")
    agency = table.get("agency", source) if credit else None
    authors = tuple(table.get("authors", ()))
    return Article(
        slug=table["slug"],
        outlet=outlet.key,
        day=table["day"],
        edition=table["day"],
        ago=ago(table["ago"]),
        updated=None,
        kind=kind,
        language=outlet.language,
        section=table["section"],
        title=table["title"],
        byline=credit["byline"] if "byline" in credit else table.get("byline", ""),
        authors=authors,
        author_field=credit.get("author", ", ".join(authors) or outlet.name),
        author_entity=credit.get("structured", ""),
        blocks=blocks,
        story=table.get("of", f"{outlet.key}/{table['slug']}"),
        role=("edited" if lead or tail else "copy") if wire else "own",
        agency=agency,
        inherited=source if wire and agency is None else None,
        credits=credit,
        topics=tuple(table["topics"] if "topics" in table else wire.get("topics", ())),
    )
