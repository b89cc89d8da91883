"""Days: a claim that fits two days (03/04/2026) is read as its site's other claims are, those of the run and those that are kept."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from extract import moments
from extract.poll.items import plausible
from extract.records import Article, Outcome
from flows.line.work import Work


def settle(outcomes: Sequence[Outcome], work: Work) -> list[Outcome]:
    """The outcomes; where the dates of an article's site tell which of the two numbers is the month, its day is known."""
    sites = {o.article.site for o in outcomes if o.article is not None and o.article.published_precision == "ambiguous"}
    if not sites:
        return list(outcomes)
    claims: defaultdict[str, list[str]] = defaultdict(list, work.warehouse.date_claims(sorted(sites)))
    for outcome in outcomes:
        if outcome.article is not None and outcome.article.site in sites:
            claims[outcome.article.site].append(outcome.article.published_claim)
    orders = {site: moments.order_of(claims[site]) for site in sites}
    return [
        replace(o, article=_settled(o.article, orders[o.article.site], work))
        if o.article is not None and o.article.site in sites
        else o
        for o in outcomes
    ]


def _settled(article: Article, order: moments.Order, work: Work) -> Article:
    if article.published_precision != "ambiguous" or not order:
        return article
    said = moments.read(article.published_claim, order)
    published = plausible(said.at, article.fetched_at or work.run.started_at)
    if published is None:
        return article
    return replace(article, published_at=published, published_precision=said.precision, published_day=published.date())
