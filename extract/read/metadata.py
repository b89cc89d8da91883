"""What a page says of its article outside the text: title, byline, authors, dates, outlet and the rest.

Every source is read by itself and then weighed: JSON-LD, meta elements, the visible page. trafilatura's own reading
(htmldate's for the date) is asked only where all of them are silent.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from lxml.html import HtmlElement

from extract import urls
from extract.read import authors, dates, images, jsonld, outlets, titles
from extract.read.blocks import HEADINGS, Block
from extract.read.meta import Meta
from extract.vocabulary import DateFrom, Precision

DATE_LINE = 30  # words at most of a line that says when an article was published


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the sources of one page come to."""

    title: str = ""
    byline: str = ""
    authors: tuple[str, ...] = ()
    signed_by: tuple[str, ...] = ()
    published: datetime | None = None
    published_from: DateFrom = ""
    published_precision: Precision = ""
    published_claim: str = ""
    modified: datetime | None = None
    outlet: str = ""
    canonical_url: str = ""
    image: str = ""
    image_caption: str = ""
    image_credit: str = ""
    section: str = ""
    tags: tuple[str, ...] = ()
    description: str = ""
    free: bool | None = None
    language_claim: str = ""


def read(
    tree: HtmlElement,
    blocks: Sequence[Block],
    claims: jsonld.Claims,
    url: str,
    claimed_title: str,
    is_agency: Callable[[str], bool],
    search_date: Callable[[], str | None],
) -> Metadata:
    """The metadata of a page found at `url`. `claimed_title` is the feed's; `is_agency` tells an agency's name from a
    person's; `search_date` is asked for a date (ISO, day) where no source names one."""
    meta = Meta(tree)
    outlet = outlets.read(claims, meta, url)
    section = claims.text("articleSection") or meta.first("article:section", "section")
    names = outlets.spellings(outlet, url)
    title = titles.decide(titles.candidates(tree, blocks, claims, meta, claimed_title), names | {outlets.bare(section)})
    byline = authors.byline(tree, blocks, title)
    sources = authors.sources(claims, meta, tree, byline)
    people = authors.decide(sources, names, is_agency) or authors.decide(
        [[authors.opening_name(blocks, title)]], names, is_agency
    )
    metas = meta.all("author") + meta.all("article:author")
    start = authors.headline(blocks, title)
    near = [*blocks[start + 1 : start + 20], *reversed(blocks[max(0, start - 5) : start])]
    printed = [block.spaced for block in near if block.words <= DATE_LINE and block.tag not in HEADINGS]
    published, source, exact, claim = dates.published(tree, claims, meta, url, printed, search_date)
    canonical = next((e.get("href") for e in tree.iter("link") if (e.get("rel") or "").lower() == "canonical"), None)
    canonical_url = urls.canonical(canonical or "", base=url) or ""
    image = urls.canonical(meta.first("og:image", "og:image:url", "twitter:image") or claims.text("image"), base=url)
    caption, credit = images.words(claims, blocks, start, image or "")
    return Metadata(
        title=title,
        byline=byline,
        authors=people,
        signed_by=() if people else authors.newsroom([claims.names("author"), metas, [byline]]),
        published=published,
        published_from=source,
        published_precision=exact,
        published_claim=claim[:100],
        modified=dates.modified(claims, meta),
        outlet=outlet,
        canonical_url=canonical_url if urls.site(canonical_url) == urls.site(url) else "",
        image=image or "",
        image_caption=caption,
        image_credit=credit,
        section=section,
        tags=tuple(dict.fromkeys((meta.all("article:tag") or claims.texts("keywords"))[:30])),
        description=meta.first("og:description", "description", "twitter:description") or claims.text("description"),
        free=claims.flag("isAccessibleForFree"),
        language_claim=(tree.get("lang") or meta.first("og:locale", "content-language"))[:2].lower(),
    )
