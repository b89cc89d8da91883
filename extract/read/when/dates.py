"""When an article was published: each source that says so, the first believable one, how exact it is."""

import copy
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from lxml import etree
from lxml.html import HtmlElement

from extract import moments, urls
from extract.poll.items import EARLIEST, plausible
from extract.read.blocks import HEADINGS, Block
from extract.read.body import engine, others
from extract.read.layout import Layout
from extract.read.when import addresses, searched, zones
from extract.read.when import printed as stated
from extract.vocabulary import DateFrom, Precision

_DATE_META = [
    "article:published_time",
    "og:published_time",
    "og:article:published_time",
    "datepublished",
    "date",
    "publish-date",
    "publishdate",
    "pubdate",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date",
    "dc.date.issued",
    "dcterms.created",
    "dcterms.date",
    "cxenseparse:recs:publishtime",
    "published_time",
    "publication_date",
    "article.published",
    "originalpublicationdate",
    "ptime",
    "displaydate",
]
_MODIFIED_META = [
    "article:modified_time",
    "og:updated_time",
    "og:modified_time",
    "datemodified",
    "lastmod",
    "last-modified",
    "dcterms.modified",
]


WESTMOST = timedelta(hours=12)  # where a day begins last
ANEW = timedelta(days=7305)  # an article that is older when it is put out anew is history, and so is a day in its head
DATE_LINE = 30  # words at most of a line that says when an article was published

_CHANGED = re.compile(
    r"\b(?:updated|modified|reviewed|edited|aktualisiert|geändert|stand:|mis à jour|modifié|actualizado|atualizado|aggiornato|bijgewerkt|"
    r"opdateret|oppdatert|uppdaterad|päivitetty|zaktualizowano|обновлено|оновлено|güncelleme)",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(
    r"\b(?:first )?(?:published|posted|veröffentlicht|erstellt|publié|publicado|creado|pubblicato|gepubliceerd|udgivet|publisert|publicerad|"
    r"julkaistu|opublikowano|vydáno|yayınlanma|опубликовано|опубліковано)\b",
    re.IGNORECASE,
)
_MARKED = etree.XPath(
    "descendant-or-self::*[self::time[@itemprop='datePublished' or @pubdate] or self::meta[@itemprop='datePublished'] or "
    "self::span[@itemprop='datePublished'] or self::abbr]"
)
_UNSEEN = frozenset(("head", "script", "style", "noscript", "template"))
_IN_UTC = re.compile(r"(?:\dZ|[+-]00:?00|GMT|UTC)$", re.IGNORECASE)


def published(page: Layout, seen_at: datetime) -> tuple[datetime | None, DateFrom, Precision, str]:
    """(moment, source, precision, claim as printed) of the first source that names a date that can be one. A moment
    claimed in UTC is written in the zone that the lines near the headline show. A day printed there alone counts where it
    is before a claim's: the page was then put out anew. The address has the day where nothing else does; last, what the
    page shows of its article is searched. Where two days fit a claim there is no moment, and its precision is *ambiguous*,
    unless the page's address has the day. What only the address says is no day after `seen_at`."""
    tree, printed = page.tree, _near(page)
    marked = [
        e.get("datetime") or e.get("content") or (e.get("title") if e.tag == "abbr" else "") or ""
        for e in _MARKED(tree)
        if e.tag != "abbr" or e.get("itemprop") == "datePublished" or "published" in (e.get("class") or "").split()
    ]
    times = [e.get("datetime") or "" for e in tree.iter("time") if not _is_anothers(e, page)]
    sources: list[tuple[DateFrom, str]] = [
        ("jsonld", page.claims.text("datePublished", "dateCreated", "uploadDate")),
        ("meta", page.meta.first(*_DATE_META)),
        *(("meta", value) for value in marked),
        *(("text", value) for value in times[:1]),
    ]
    order = _order(page)
    unclear: tuple[DateFrom, str] = ("", "")
    for said_by, claim in sources:
        said = moments.read(claim, order)
        if (moment := said.at) is not None:
            first, line = _first(printed, order)
            if said.precision != "day" and moment.hour + moment.minute and _IN_UTC.search(claim.strip()):
                moment = zones.local(moment, printed, tree)
            if first.at is not None and said_by != "text" and _is_before(first.at, moment, said.zoned):
                return first.at, "text", first.precision, line
            return moment, said_by, said.precision, claim
        if said.ambiguous:
            unclear = unclear if unclear[1] else (said_by, claim)
            two = [moments.read(claim, way) for way in ("dmy", "mdy")]
            if told := next((one for one in two if one.at and _in_address(one.at, page)), None):
                return told.at, said_by, told.precision, claim
    moment, claim = stated.day(printed, order)
    if moment is not None:
        return moment, "text", "day", claim
    if unclear[1]:  # a search would take one of the two
        return None, unclear[0], "ambiguous", unclear[1]
    if moment := plausible(addresses.day(page.url, order), seen_at):
        return moment, "url", "day", f"{moment:%Y-%m-%d}"
    found = searched.day(_shown(page))
    if found and found.endswith("-01"):  # what the search makes of a month or a year alone
        found = None
    said = moments.read(found or "")
    if said.at is None:
        return None, "", said.precision, found or ""
    return said.at, "url" if _in_address(said.at, page) else "search", said.precision, found or ""


def _first(lines: Iterable[str], order: moments.Order) -> tuple[moments.Moment, str]:
    """The first of these lines that prints a day, where it is nothing but that; else nothing."""
    line = next((line for line in lines if stated.day([line], order)[0] is not None), "")
    said = moments.read(line, order)
    return (said, line) if said.at is not None else (moments.NONE, "")


def _is_before(first: datetime, moment: datetime, zoned: bool) -> bool:
    """Whether a printed day is before a claim's in every zone, and one that an article can be of; not where it is the same with
    day and month the other way round."""
    if first < EARLIEST or moment - first > ANEW:
        return False
    turned = (first.year, first.day, first.month) == (moment.year, moment.month, moment.day)
    began = datetime(first.year, first.month, first.day, tzinfo=UTC)
    return not turned and moment - began >= timedelta(days=1) + (WESTMOST if zoned else timedelta(0))


def _in_address(day: datetime, page: Layout) -> bool:
    return f"{day:%Y%m%d}" in re.sub(r"\D", "", page.url)


def modified(page: Layout) -> datetime | None:
    """When the page says that it was changed."""
    return moments.read(page.claims.text("dateModified") or page.meta.first(*_MODIFIED_META), _order(page)).at


def _order(page: Layout) -> moments.Order:
    """Day or month first, as the page's own dates tell, or else its country."""
    claims = [page.claims.text(name) for name in ("datePublished", "dateCreated", "uploadDate", "dateModified")]
    claims += [page.meta.first(*_DATE_META), page.meta.first(*_MODIFIED_META)]
    return moments.order_of(claims) or moments.order_at(urls.host(page.url), page.tree.get("lang") or "")


def _near(page: Layout) -> list[str]:
    """The lines near the headline that may say when an article was published."""
    start = page.start
    near = [*page.blocks[start + 1 : start + 20], *reversed(page.blocks[max(0, start - 5) : start])]
    lines = [block for block in near if block.words <= DATE_LINE and block.tag not in HEADINGS]
    lines.sort(key=lambda block: bool(_CHANGED.search(block.text)))  # what says when it was changed comes last
    return [_first_said(block.spaced) for block in lines if not _is_teased(block, page)]


def _is_teased(block: Block, page: Layout) -> bool:
    """Whether a block is another story's."""
    return others.is_in_one(block, page.ours) or others.is_teased(block.path[-1], page.ours)


def _first_said(line: str) -> str:
    """Of a line that says both when it was changed and when it was published, the latter."""
    changed, told = _CHANGED.search(line), _PUBLISHED.search(line)
    return line[told.start() :] if changed and told and changed.start() < told.start() else line


def _is_anothers(element: HtmlElement, page: Layout) -> bool:
    """Whether an element stands where other moments do: a comment's, another story's, the clock in the page's head."""
    in_head = any(e.tag == "header" and e not in page.ours for e in element.iterancestors())
    return in_head or others.stands_in_one(element, page.ours) or others.is_teased(element, page.ours)


def _shown(page: Layout) -> HtmlElement:
    """What a reader sees of the article: without the page's foot, its comments, its scripts, and other stories."""
    whole = page.blocks[0].path[0] if page.placed else page.tree
    tree = copy.deepcopy(whole)
    drop = [
        new
        for old, new in zip(whole.iter(), tree.iter(), strict=True)
        if new is not tree and isinstance(old.tag, str) and (old.tag in _UNSEEN or others.begins(old, page.ours))
    ]
    for element in drop:
        if element.getparent() is not None:
            element.drop_tree()
    return engine.around(page.tree, tree) if page.placed else tree
