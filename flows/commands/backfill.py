"""`newsduck backfill`: back in time, by what feeds have of before, by a list of addresses, or out of web archives."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from extract.errors import BadInput
from extract.sandbox import Sandbox
from flows import feed_list
from flows.board import progress
from flows.commands import _running
from flows.commands._options import DAY
from flows.settings import Settings
from flows.settings import load as load_settings
from flows.telling import echo, say, some

if TYPE_CHECKING:
    from flows.line.back.addresses import Came

WHY = {  # a record was skipped
    "no answer": "requests and the archive's own notes",
    "no address": "of no web address",
    "other site": "of other sites",
    "other day": "of other days",
    "no date": "without a date",
    "truncated": "cut short by the archive",
    "status": "answers other than 200",
    "no page": "no HTML",
    "revisit": "as a page was that is not at hand",
    "known": "of articles that are kept",
    "forgotten": "of articles that `newsduck forget` removed",
    "too large": "larger than fetch.max_page_mb allows",
    "undecodable": "packed in a way that does not hold",
    "damaged": "damaged",
}


@click.command()
@click.argument("names", nargs=-1)
@click.option("--pages", type=click.IntRange(1, 1000), default=10, show_default=True, help="Older parts of each list.")
@click.option(
    "--urls",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="A list of addresses in place of feeds: CSV or TSV with column names, JSON Lines, or an address a line.",
)
@click.option(
    "--from", "source", help="A web archive in place of feeds: WARC or WACZ file, folder, address, or ccnews:2026-07."
)
@click.option("--sitemap", metavar="SITE", help="A site's sitemaps in place of feeds, back to --since.")
@click.option(
    "--sites", multiple=True, help="Of the archive only these sites, such as bbc.co.uk (also several, with commas)."
)
@click.option("--since", type=DAY, help="Of archive or sitemaps only what is of the time since that day (UTC).")
@click.option("--until", type=DAY, help="Of the archive only what was captured until that day.")
def command(
    names: tuple[str, ...],
    pages: int,
    urls: Path | None,
    source: str | None,
    sitemap: str | None,
    sites: tuple[str, ...],
    since: datetime | None,
    until: datetime | None,
) -> None:
    """Go back in time: keep what feeds (all, or those named) listed before, where they have older parts, or what a list of
    addresses (of Media Cloud, GDELT, a colleague) or a site's sitemaps have; the articles are fetched by the next ingest. Or bring in the pages that a
    web archive (`--from`) has of the feeds' sites."""
    settings = load_settings(needed=True)
    chosen = [way for way, given in (("--urls", urls), ("--from", source), ("--sitemap", sitemap)) if given]
    _check(names, chosen, archives=bool(sites or until), days=since is not None)
    if sitemap is not None and since is not None:
        _sitemap(sitemap, settings, since)
        return
    if source is not None:
        _archive(source, settings, [one for name in sites for one in name.split(",") if one], since, until)
        return
    if urls is not None:
        _list(urls, settings)
        return
    feed_list.named(names, feed_list.load(settings.path(settings.feeds)))
    _running.leave(_running.run("backfill", settings, feeds=list(names), pages=pages))


def _check(names: tuple[str, ...], chosen: list[str], *, archives: bool, days: bool) -> None:
    if len(chosen) > 1:
        raise BadInput(f"{' and '.join(chosen)} are {len(chosen)} ways back: one at a time")
    if names and chosen:
        raise BadInput(f"{chosen[0]} stands alone: no feed is asked then")
    if archives and chosen != ["--from"]:
        raise BadInput("--sites and --until say what is wanted of an archive: name one with --from")
    if days and chosen not in (["--from"], ["--sitemap"]):
        raise BadInput("--since is for --from and --sitemap; feeds are asked for --pages of their lists")
    if chosen == ["--sitemap"] and not days:
        raise BadInput("--sitemap needs a day to go back to: --since 2026-01-01")


def _sitemap(site: str, settings: Settings, since: datetime) -> None:
    from flows.line.back import past

    with Sandbox(1, settings.read.seconds, settings.read.memory_mb * 2**20) as sandbox:
        found = past.follow(site, since.date(), settings, sandbox, say)
    left = f", {found.left:,} more not looked at" if found.left else ""
    echo(
        f"{some(found.documents, 'sitemap')}{left}; {found.older:,} parts and addresses of before, {found.odd:,} of no article"
    )
    _told(found.came)


def _list(path: Path, settings: Settings) -> None:
    from flows.line.back import addresses

    _told(addresses.add(addresses.read(path), settings))


def _told(came: "Came") -> None:
    left = "".join(f"; {count:,} left out: {why}" for why, count in came.skipped.most_common())
    echo(f"{some(came.lines, 'address', 'addresses')}, {came.added:,} of them new{left}")
    if came.added:
        echo(
            "Next: newsduck ingest fetches what is new, one page at a time from a host, and says which it may not or cannot have"
        )


def _archive(source: str, settings: Settings, sites: list[str], since: datetime | None, until: datetime | None) -> None:
    from flows.line.back.bring import Period, bring
    from flows.line.readers.crew import readers

    if since and until and until < since:
        raise BadInput(f"--until {until:%Y-%m-%d} is before --since {since:%Y-%m-%d}")
    path = settings.path(settings.feeds)
    listed = feed_list.FeedList(path).feeds() if path.exists() or not sites else []
    period = Period(since.date() if since else None, until.date() if until else None)
    with progress.bars(), readers(settings) as sandbox:
        came = bring(source, settings, sandbox, listed, sites, period, say)
    before = f", {came.before:,} of them gone through before" if came.before else ""
    echo(f"{some(came.files, 'file')}{before}; {some(came.records, 'record')}: {some(came.kept, 'page')} kept")
    for why, count in came.skipped.most_common():
        echo(f"{count:>13,}  {WHY[why]}")
    told = ", ".join(f"{count:,} {outcome}" for outcome, count in came.outcomes.most_common())
    echo(f"{some(came.outcomes.total(), 'page')} read: {told}" if told else "Nothing new was found")
    if came.outcomes:
        echo(
            f"The warehouse is {settings.data_folder / 'warehouse.duckdb'}; articles.seen_by says 'archive' of what is new in it"
        )
