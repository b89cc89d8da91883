"""`newsduck story`: one story, who ran it, and beside the lead what each outlet added or cut."""

import difflib
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import click

from extract.errors import BadInput
from flows.settings import load as load_settings
from flows.telling import some, text
from storage import duck

LONGEST = 8_000  # words of a text that are compared
TINY = 3  # words: a shared run of fewer, between two differences, is no passage

_STORY = """
SELECT a.role, a.outlet, a.title, a.url, a.text, coalesce(a.published_at, a.first_seen_at) AS ran_at,
    a.published_at IS NOT NULL AND a.published_precision = 'day' AS is_day, a.first_seen_at,
    a.containment, a.lead_containment, a.article_id = a.lead_article_id AS is_lead,
    (SELECT list({{'name': agency_name, 'contributed': contributed, 'joint': joint, 'found_in': found_in, 'evidence': evidence}}
        ORDER BY position)
     FROM credits WHERE credits.article_id = a.article_id) AS credits
FROM articles a WHERE a.story_id = {story}
ORDER BY is_lead DESC, a.first_seen_at, a.article_id
"""


@dataclass(frozen=True, slots=True)
class Passage:
    """Where two texts differ: what the lead says there and what the copy does; and how many words they share before."""

    shared: int
    lead: str
    copy: str


def show(path: Path, wanted: str, out: TextIO) -> None:
    """Print a story, named by its id or by the address of one of its articles."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    story = _find(path, wanted)
    names, rows = duck.ask(path, _STORY.format(story=story))
    articles: list[dict[str, Any]] = [dict(zip(names, row, strict=True)) for row in rows]
    lead, *copies = articles
    console = Console(file=out, width=None if out.isatty() else 160, highlight=False)
    count = some(len(articles), "article")
    console.print(text(f"{lead['title']}", style="bold"))
    console.print(text(f"story {story}, {count} in {len({a['outlet'] for a in articles})} outlets"))
    for article in articles:
        console.print(text("\n".join(_told(article))), soft_wrap=True)
        if article is lead:
            continue
        found = list(passages(lead["text"], article["text"]))
        if not found:
            console.print(text("    the texts do not differ"))
            continue
        table = Table(box=box.SIMPLE, padding=(0, 1), expand=out.isatty())
        table.add_column("lead", ratio=1, overflow="fold")
        table.add_column(text(str(article["outlet"])), ratio=1, overflow="fold")
        for passage in found:
            if passage.shared:
                table.add_row(*[text(f"… {passage.shared} words the same …", style="dim")] * 2)
            table.add_row(text(passage.lead or "—"), text(passage.copy or "—"))
        console.print(table)
    if not copies:
        console.print(text("nobody else ran it"))


def _find(path: Path, wanted: str) -> int:
    """The id of the story meant; one that was merged leads to the one that has its articles."""
    if wanted.lstrip("-").isdigit() and abs(int(wanted)) < 1 << 63:
        number = int(wanted)
        for sql in (
            f"SELECT story_id FROM stories WHERE story_id = {number}",
            f"SELECT into_story_id FROM merged_stories WHERE story_id = {number}",
        ):
            if rows := duck.ask(path, sql)[1]:
                return int(str(rows[0][0]))
    else:
        quoted = wanted.replace("'", "''")
        sql = f"SELECT story_id FROM articles WHERE url = '{quoted}'"
        if rows := duck.ask(path, sql)[1]:
            return int(str(rows[0][0]))
    raise BadInput(
        f'{wanted}: no story has this id, and no article this address; `newsduck sql "FROM stories"` lists the stories'
    )


def _told(article: dict[str, Any]) -> Iterator[str]:
    kept = (
        ""
        if article["is_lead"]
        else f", {article['containment']:.0%} of it the lead's, {article['lead_containment']:.0%} of the lead kept"
    )
    when = f"{article['ran_at']:%Y-%m-%d}" if article["is_day"] else f"{article['ran_at']:%Y-%m-%d %H:%M} UTC"
    yield f"\n{article['role']}: {article['outlet']}, {when}{kept}"
    yield f"    {article['title']}"
    yield f"    {article['url']}"
    for credit in article["credits"] or ():
        how = "contributed" if credit["contributed"] else "wrote it with others" if credit["joint"] else "wrote it"
        yield f"    {credit['name']} {how} ({credit['found_in']}: {credit['evidence']})"


def passages(lead: str, copy: str) -> Iterator[Passage]:
    """Where a copy's words are not the lead's, in the lead's order; case and marks do not count."""
    ours, theirs = lead.split()[:LONGEST], copy.split()[:LONGEST]
    matcher = difflib.SequenceMatcher(None, _bare(ours), _bare(theirs), autojunk=False)
    shared, at, beside = 0, 0, 0
    for match in matcher.get_matching_blocks():
        last = match.a == len(ours) and match.b == len(theirs)
        if match.size < TINY and not last:
            continue
        if match.a > at or match.b > beside:
            yield Passage(shared, " ".join(ours[at : match.a]), " ".join(theirs[beside : match.b]))
        shared, at, beside = match.size, match.a + match.size, match.b + match.size


def _bare(words: Sequence[str]) -> list[str]:
    return ["".join(filter(str.isalnum, word.casefold())) for word in words]


@click.command(context_settings={"ignore_unknown_options": True})  # an id may begin with a minus
@click.argument("story")
def command(story: str) -> None:
    """Print a story: who ran it, and beside its lead what each outlet added or cut. STORY is its id, or an article's URL."""
    show(load_settings().data_folder / "warehouse.duckdb", story, sys.stdout)
