"""Naming: each outlet of a run gets the one name that its site's pages, or a person, give it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from extract import urls
from extract.read.people import outlets
from extract.records import Feed, Outcome, Outlet
from flows.line.work import Looked, Work
from flows.settings import OutletSetting
from storage.look.outlets import Said


def name(outcomes: Sequence[Outcome], looked: Sequence[Looked], work: Work) -> tuple[list[Outcome], list[Outlet]]:
    """The outcomes with their articles' outlets named, and the outlets: the run's, and those that a person names, or names
    no more, since the last run."""
    articles = [outcome.article for outcome in outcomes if outcome.article is not None]
    with work.warehouse.at_hand():
        sites = {article.site for article in articles} | _corrected(work)
        if not sites:
            return list(outcomes), []
        said = work.warehouse.said(sorted(sites))
        feeds = [*work.feeds().values(), *(look.feed for look in looked)]
    for article in articles:
        said[article.site].count(article.outlet_claim, article.locale, article.language)
    titles = _titles(feeds)
    found = {s: _outlet(s, said[s], titles[s], work.settings.outlets.get(s)) for s in sorted(sites)}
    named = [
        replace(o, article=replace(o.article, outlet=found[o.article.site].name)) if o.article is not None else o
        for o in outcomes
    ]
    return named, list(found.values())


def groups(listed: Sequence[Feed], work: Work) -> set[tuple[str, str, str]] | None:
    """The person's groups of outlets, as (name, site, who says so): those of the settings, and the folders of the feed list
    with the sites of their feeds; None where the run has not read the list."""
    if not listed:
        return None
    known = work.feeds()
    told = {(group, site, "settings") for group, sites in work.settings.groups.items() for site in sites}
    folders = set()
    for feed in listed:
        home = feed.site_url or (known[feed.feed_id].site_url if feed.feed_id in known else "") or feed.url
        folders |= {(folder, urls.site(home), "feeds") for folder in feed.categories}
    return told | {(group, site, by) for group, site, by in folders if (group, site, "settings") not in told}


def _corrected(work: Work) -> set[str]:
    """The sites that a person names otherwise than they are called, or does not name any more."""
    told, kept = work.settings.outlets, work.warehouse.named()
    return {site for site in told.keys() | kept.keys() if site not in told or told[site].name != kept.get(site)}


def _titles(feeds: Iterable[Feed]) -> dict[str, set[str]]:
    """Site → the titles of its feeds."""
    titles: dict[str, set[str]] = defaultdict(set)
    for feed in feeds:
        if feed.title:
            titles[urls.site(feed.site_url or feed.url)].add(feed.title)
    return titles


def _outlet(site: str, said: Said, titles: Iterable[str], told: OutletSetting | None) -> Outlet:
    learned, named_by = outlets.choose(site, said.names, titles)
    told = told or OutletSetting()
    return Outlet(
        site=site,
        name=told.name or learned,
        named_by="settings" if told.name else named_by,
        country=told.country or outlets.country(site, said.locales),
        language=told.language or max(said.languages, key=lambda one: (said.languages[one], one), default=""),
    )
