"""`newsduck forget`: what is past its time, or named, said, asked about and taken out of every file."""

from datetime import UTC, datetime, timedelta

import click

from extract import urls
from extract.errors import BadInput
from flows.line import retag
from flows.line.forget import decide_limits, delete, details, look, told
from flows.line.load import publish_warehouse
from flows.line.work import alone
from flows.settings import Settings
from flows.settings import load as load_settings
from flows.telling import echo
from storage.erase.house import Wanted
from storage.erase.rows import Asked
from storage.retention import NEVER, Limits


def forget(wanted: Limits | Asked, settings: Settings, *, sure: bool, by_settings: bool = False) -> None:
    """Say what goes, ask, and take it out of every file: stories past these limits (with `by_settings`, those that [keep] and
    the topics' keep_days give up), or what a person names."""
    now = datetime.now(UTC)
    if isinstance(wanted, Limits) and wanted.latest == NEVER:
        echo("the settings keep everything: set [keep] or a topic's keep_days, or say --older-than DAYS")
        return
    with alone("forget", settings) as work:
        if by_settings and retag.bring_up(work):  # what a new topic wants to keep is known before anything goes
            publish_warehouse(work)
        gone = look(work, wanted)
    echo(f"{'past their time' if isinstance(wanted, Limits) else 'to be forgotten'}: {told(gone)}")
    for line in details(gone):
        echo(line)
    if not gone:
        return
    if not sure and not click.confirm("Delete them for good?"):  # nobody waits for the answer: the pipeline is free
        echo("nothing was deleted")
        return
    with alone("forget", settings) as work:
        gone = delete(work, wanted, now, echo)
    echo(
        f"deleted, with {gone.mentioned:,} mentions in the dashboard and its logs; feeds that still list them do not bring them back"
    )
    if isinstance(wanted, Asked):
        _say_what_is_left(wanted, settings)


def _say_what_is_left(asked: Asked, settings: Settings) -> None:
    """What newsduck cannot do for the person."""
    if settings.database:
        echo("Prefect's database is not newsduck's: its artifacts and logs of those runs are to be deleted there")
    for site in asked.sites:
        echo(
            f"what {site} publishes from now on is fetched as before: `newsduck feeds remove` takes its feeds off your list"
        )


def _asked(urls_: tuple[str, ...], sites: tuple[str, ...], stories: tuple[int, ...], days: int | None) -> Wanted:
    """Raises BadInput for what is no address, and for names together with an age."""
    if days:
        raise BadInput("--older-than stands alone: it goes by age, --url, --site and --story by name")
    found = []
    for url in urls_:
        if (canonical := urls.canonical(url)) is None:
            raise BadInput(
                f"{url} is no http(s) address: --url takes that of an article, as `newsduck search` shows it"
            )
        found.append(canonical)
    for site in sites:
        whole = urls.site(f"https://{site}/") if "/" not in site else ""
        if not whole or whole != site:  # never more than was named; without a name that is whatever has no address
            part = f"; {site} is a part of {whole}" if whole else ""
            raise BadInput(f"{site!r} is no site: --site takes a registered domain, as `articles.site` has it{part}")
    return Asked(tuple(found), sites, stories)


@click.command()
@click.option("--older-than", "days", type=click.IntRange(1, 36_500), help="Days without any news of it.")
@click.option("--url", "urls_", multiple=True, help="The address of an article; may be said again.")
@click.option(
    "--site", "sites", multiple=True, help="All that is kept of a site, such as a-site.example; may be said again."
)
@click.option(
    "--story", "stories", type=int, multiple=True, help="A story by its id, all copies of it; may be said again."
)
@click.option("--yes", is_flag=True, help="Do not ask.")
def command(
    days: int | None, urls_: tuple[str, ...], sites: tuple[str, ...], stories: tuple[int, ...], yes: bool
) -> None:
    """Forget articles for good, by --url, --site or --story, or stories nothing was seen of for so many days; without any of
    these, those that [keep] and the topics' keep_days in the settings give up. They go out of every table and file, their
    archived pages and the feeds' items of them too."""
    settings = load_settings(needed=True)
    named = bool(urls_ or sites or stories)
    if named:
        wanted = _asked(urls_, sites, stories, days)
    else:
        now = datetime.now(UTC)
        wanted = Limits(now - timedelta(days=days)) if days else decide_limits(settings, now)
    assert wanted is not None
    forget(wanted, settings, sure=yes, by_settings=not named and not days)
