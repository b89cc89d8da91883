"""When an article was published: each source that says so, the first believable one, how exact it is."""

import copy
import itertools
import re
from collections.abc import Iterable, Sequence, Set
from datetime import UTC, datetime, timedelta

from lxml import etree
from lxml.html import HtmlElement

from extract import moments, urls
from extract.poll.items import AHEAD, EARLIEST, plausible
from extract.read.blocks import HEADINGS, Block, holds
from extract.read.body import engine, others
from extract.read.claims import meta
from extract.read.layout import Layout
from extract.read.when import addresses, chinese, searched, zones
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
    "publish_date",
    "bytedance:published_time",
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
BEHIND = 15  # the same below a paragraph of the text: of 489 labelled pages' lines, one of 14 was right, and five longer ones were all wrong
PARAGRAPH = 25  # words from which a block is one
LINES = 4  # lines at most between a standfirst and its text
OPENING = 30  # letters at most in front of a day with which a text begins: "LONDON, 5 May 2026"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # what programs write where they know no day; others take the year 1 or 1900

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
_EMBEDDED = re.compile(
    r"(?:^|\s)(?:twitter-tweet|instagram-media|tiktok-embed|fb-post|bluesky-embed|mastodon-embed)(?:$|\s)"
)
# What is small in a place's name, and between it and its day: "Rio de Janeiro, 5 May 2026", "Paris, le 5 mai 2026".
_PLACED = re.compile(
    r"(?<=\w)\s(?:de|del|do|da|di|la|le|les|am|an der|im|sur|sous|en|y|upon)(?=\s[^\W\d_].*,\s*)|(?<=,)\s*(?:le|lì|li|den|a)\s*$"
)
_BARS = re.compile(r"\s[|·•]\s")  # as between the parts of a line that tells of its article
_MARKED = etree.XPath(
    "descendant-or-self::*[self::time[@itemprop='datePublished' or @pubdate] or self::meta[@itemprop='datePublished'] or "
    "self::*[self::span or self::p or self::div][@itemprop='datePublished'] or self::abbr]"
)
_UNSEEN = frozenset(("head", "script", "style", "noscript", "template"))
_DIGIT = re.compile(r"\d")
_NUMBERED = re.compile(r"(?<![\d/])\d{1,2}/\d{1,2}/(?:19|20)\d\d\b")
_IN_UTC = re.compile(r"(?:\dZ|[+-]00:?00|GMT|UTC)$", re.IGNORECASE)


def published(page: Layout, seen_at: datetime) -> tuple[datetime | None, DateFrom, Precision, str]:
    """(moment, source, precision, claim as printed) of the first source that names a date that can be one. A moment
    claimed in UTC is written in the zone that the lines near the headline show. A day printed there alone counts where it
    is before a claim's: the page was then put out anew; so does one before the time of a change. A moment that no article
    can be of is passed over, and so is a day that only the text tells of. A `<time>` further down counts after what is printed at the headline;
    the address has the day where nothing else does; last, what the page shows of its article is searched. Where two days fit a claim, or what is printed, there is no moment, and its precision is *ambiguous*,
    unless the page's address has the day. What only the address says is no day after `seen_at`."""
    tree, near = page.tree, _near(page)
    stating = _stating(page, [(n, line) for n, line in near if _DIGIT.search(line)])
    printed = [line for _, line in stating]
    marked = [
        e.get("datetime") or e.get("content") or (e.get("title") if e.tag == "abbr" else "") or ""
        for e in _MARKED(tree)
        if not meta.is_readers(e) and not others.is_teased(e, page.ours)
        if e.tag != "abbr" or e.get("itemprop") == "datePublished" or "published" in (e.get("class") or "").split()
    ]
    order = _order(page)
    times, below = _times(page, next((n for n, line in stating if stated.day([line], order)[0] is not None), None))
    sources: list[tuple[DateFrom, str]] = [
        ("jsonld", page.claims.text("datePublished", "dateCreated", "uploadDate")),
        ("meta", page.meta.first(*_DATE_META)),
        ("jsonld", page.claims.baidu),
        ("meta", chinese.changed(page, near)),
        ("meta", chinese.at_wechat(page)),
        *(("meta", value) for value in marked),
        *(("text", e.get("datetime") or "") for e in times[:1]),
    ]
    changed = bool(times) and _says_changed(times[0])
    unclear: tuple[DateFrom, str] = ("", "")
    slip = ""
    for said_by, claim in sources:
        said = moments.read(claim, order)
        if said.at is not None and _is_slip(said.at, seen_at):
            slip = slip or claim
        elif (moment := said.at) is not None:
            first, line = _first(printed, order)
            if said.precision != "day" and not said.zoned:
                moment = zones.shown(moment, [said for _, said in near], tree)
            elif said.precision != "day" and moment.hour + moment.minute and _IN_UTC.search(claim.strip()):
                moment = zones.local(moment, [said for _, said in near], tree)
            if first.at is not None and (said_by != "text" or changed) and _is_before(first.at, moment, said.zoned):
                return first.at, "text", first.precision, line
            if said.precision == "day" and (eve := _eve(printed, moment, page, order))[0] is not None:
                return eve[0], "text", "day", eve[1]
            return moment, said_by, said.precision, claim
        if said.ambiguous:
            unclear = unclear if unclear[1] else (said_by, claim)
            two = [moments.read(claim, way) for way in ("dmy", "mdy")]
            if told := next((one for one in two if one.at and _in_address(one.at, page)), None):
                return told.at, said_by, told.precision, claim
    moment, claim = stated.day(printed, order)
    if moment is not None:
        return moment, "text", "day", claim
    later = (below[0].get("datetime") or "") if below else ""
    said = moments.read(later, order)
    if (
        said.at is not None
        and not _is_slip(said.at, seen_at)
        and _is_one_of(said.at, unclear[1] or stated.unclear(printed))
    ):
        return said.at, "time", said.precision, later
    if unclear[1]:  # a search would take one of the two
        return None, unclear[0], "ambiguous", unclear[1]
    if moment := plausible(addresses.day(page.url, order), seen_at):
        return moment, "url", "day", f"{moment:%Y-%m-%d}"
    if claim := stated.unclear(printed):
        said, line = _by_weekday(printed, order)
        return (said.at, "text", said.precision, line) if said.at else (None, "text", "ambiguous", claim)
    if slip:  # whose makers know no day
        return None, "", "", slip
    found = searched.day(_shown(page))
    if found and found.endswith("-01"):  # what the search makes of a month or a year alone
        found = None
    said = moments.read(found or "")
    if said.at is None:
        return None, "", said.precision, found or ""
    where = [(b, places) for b in page.blocks if (places := stated.places(b.spaced, said.at))]
    if where and (_is_told(where) or not any(stated.says(b.spaced, said.at, order) for b, _ in where)):
        return None, "", "", ""  # or in two numbers of which either can be the month, and nothing tells which
    return said.at, "url" if _in_address(said.at, page) else "search", said.precision, found or ""


def _times(page: Layout, printed: int | None) -> tuple[list[HtmlElement], list[HtmlElement]]:
    """The page's times that are no other's: those above the first paragraph below the headline, or below a standfirst that is as long, or in
    the block that prints the day there; and those further down that stand in no sentence. In each what says when it was changed comes last."""
    begins = _text_begins(page)
    under = begins + 1
    while under < len(page.blocks) and page.blocks[under].words < PARAGRAPH and under - begins <= LINES:
        under += 1
    if begins + 1 < under < len(page.blocks) and page.blocks[under].words >= PARAGRAPH:
        begins = under
    text = page.blocks[begins].path[-1] if begins < len(page.blocks) else None
    numbers = {block.path[-1]: n for n, block in enumerate(page.blocks)}
    above, below, reached = list[HtmlElement](), list[HtmlElement](), False
    for e in page.tree.iter("time", *(() if text is None else (text.tag,))):
        reached = reached or e is text
        if e.tag == "time" and not _is_anothers(e, page):
            n = next((numbers[a] for a in (e, *e.iterancestors()) if a in numbers), None)
            if not reached or (n is not None and n == printed):
                above.append(e)
            elif n is None or _says_when(page.blocks[n]):
                below.append(e)
    return sorted(above, key=_says_changed), sorted(below, key=_says_changed)


def _is_one_of(day: datetime, unclear: str) -> bool:
    """Whether a moment is of one of the two days that a claim may mean; of any where there is none."""
    return not unclear or any(
        at is not None and at.date() == day.date() for at, _ in (stated.day([unclear], way) for way in ("dmy", "mdy"))
    )


def _by_weekday(lines: Iterable[str], order: moments.Order) -> tuple[moments.Moment, str]:
    """The first of these lines that is nothing but a day, with what tells which of two it is: its weekday."""
    found = ((moments.read(line, order), line) for line in lines if any(day in line.casefold() for day in moments.WEEK))
    return next(((said, line) for said, line in found if said.at is not None), (moments.NONE, ""))


def _is_slip(moment: datetime, seen_at: datetime) -> bool:
    """Whether a claim is what a program writes where it knows no day, or is to come."""
    return moment.year <= 1900 or abs(moment - EPOCH) <= timedelta(days=1) or moment > seen_at + AHEAD


def _says_changed(time: HtmlElement) -> bool:
    """Whether an element is marked as the time of a change, and not of publication as well."""
    names = (time.get("class") or "").split()
    return time.get("itemprop") == "dateModified" or ("updated" in names and "published" not in names)


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


def _eve(printed: Iterable[str], moment: datetime, page: Layout, order: moments.Order) -> tuple[datetime | None, str]:
    """The day before a claim's, with its words, where the lines near the headline print it and the address has it: what claims a
    day alone takes that of Greenwich."""
    day, line = stated.day(printed, order)
    is_eve = day is not None and moment - day == timedelta(days=1) and day == addresses.day(page.url, order)
    return (day, line) if is_eve else (None, "")


def _in_address(day: datetime, page: Layout) -> bool:
    return f"{day:%Y%m%d}" in re.sub(r"\D", "", page.url)


def modified(page: Layout) -> datetime | None:
    """When the page says that it was changed."""
    return moments.read(page.claims.text("dateModified") or page.meta.first(*_MODIFIED_META), _order(page)).at


def _order(page: Layout) -> moments.Order:
    """Day or month first, as the page's own dates tell, or else those that it prints of other stories, or its country."""
    claims = [page.claims.text(name) for name in ("datePublished", "dateCreated", "uploadDate", "dateModified")]
    claims += [page.meta.first(*_DATE_META), page.meta.first(*_MODIFIED_META)]
    return (
        moments.order_of(claims)
        or moments.order_of(b.text for b in page.blocks if b.words <= DATE_LINE and _NUMBERED.search(b.text))
        or moments.order_at(
            urls.host(page.url), max(page.tree.get("lang") or "", page.tree.get("xml:lang") or "", key=len)
        )
    )


def _near(page: Layout) -> list[tuple[int, str]]:
    """The lines near the headline that may say when an article was published, with their blocks' numbers."""
    start = page.start
    near = [*range(start + 1, min(start + 20, len(page.blocks))), *reversed(range(max(0, start - 5), start))]
    lines = [(n, page.blocks[n]) for n in near]
    said = [
        (n, _first_said(b.spaced))
        for n, b in lines
        if b.words <= DATE_LINE and b.tag not in HEADINGS and not _is_teased(b, page)
    ]
    return sorted(said, key=lambda line: bool(_CHANGED.search(line[1])))  # what says when it was changed comes last


def _stating(page: Layout, near: Iterable[tuple[int, str]]) -> list[tuple[int, str]]:
    """Those of them that tell of the article, and not of what happened or of what it shows."""
    text, heads = _text_begins(page), _heads(page)
    return [
        (n, said)
        for n, said in near
        if (n <= text or _says_when(page.blocks[n])) and not _is_shown(page.blocks[n], page, heads)
    ]


def _text_begins(page: Layout) -> int:
    """Where the first paragraph below the headline stands."""
    blocks = page.blocks
    return next((n for n in range(page.start + 1, len(blocks)) if blocks[n].words >= PARAGRAPH), len(blocks))


def _is_shown(block: Block, page: Layout, heads: Set[HtmlElement]) -> bool:
    """Whether a block is a picture's, a post's of another site that the article shows, or stands in the page's head."""
    return any(
        (e.tag in ("figure", "figcaption") and e not in page.ours) or holds(e, _EMBEDDED) or e in heads
        for e in block.path
    )


def _heads(page: Layout) -> Set[HtmlElement]:
    """The heads of a page, and not of an article: those above its headline; many a site marks its article as a mere div."""
    headline = page.blocks[page.headline].path[-1] if page.headline is not None else None
    marks = page.tree.getroottree().getroot().iter("header", *(() if headline is None else (headline.tag,)))
    return {
        e
        for e in itertools.takewhile(lambda element: element is not headline, marks)
        if e.tag == "header"
        and e not in page.ours
        and not any(o.tag in ("article", "main") or "Article" in (o.get("itemtype") or "") for o in e.iterancestors())
    }


def _is_told(where: Iterable[tuple[Block, Sequence[int]]]) -> bool:
    """Whether a day that is printed in these blocks, at these places of them, stands in sentences of the text only, which tell of it:
    no line says it, and none of them begins with it."""
    return not any(_says_when(b) or any(_opens(b.spaced[:place]) for place in places) for b, places in where)


def _says_when(block: Block) -> bool:
    """Whether a block below the first paragraph may be a line that says when an article was published."""
    return block.words <= BEHIND or (
        block.words <= DATE_LINE
        and (_PUBLISHED.search(block.spaced) is not None or _BARS.search(block.spaced) is not None)
    )


def _opens(before: str) -> bool:
    """Whether these words in front of a day are none or a place's name."""
    return len(before) <= OPENING and not any(word[:1].islower() for word in _PLACED.sub("", before).split())


def _is_teased(block: Block, page: Layout) -> bool:
    """Whether a block is another story's."""
    return others.is_in_one(block, page.ours) or others.is_teased(block.path[-1], page.ours)


def _first_said(line: str) -> str:
    """Of a line that says both when it was changed and when it was published, the latter: what is called so, or the day in front."""
    changed, told = _CHANGED.search(line), _PUBLISHED.search(line)
    if changed and told and changed.start() < told.start():
        return line[told.start() :]
    before = line[: changed.start()] if changed else ""
    return before if stated.day([before], "dmy")[0] is not None else line


def _is_anothers(element: HtmlElement, page: Layout) -> bool:
    """Whether an element stands where other moments do: a comment's, another story's, the clock in the page's head."""
    in_head = any(e.tag == "header" and e not in page.ours for e in element.iterancestors())
    return in_head or others.stands_in_one(element, page.ours) or others.is_teased(element, page.ours)


def _is_no_part(element: HtmlElement, ours: others.Ours, heads: Set[HtmlElement]) -> bool:
    """Whether an element is the page's head, another story, what a reader says, or something that the article shows."""
    return (
        element in heads
        or element.tag == "figcaption"
        or holds(element, _EMBEDDED)
        or meta.READERS.search(element.get("itemtype") or "") is not None
        or others.begins(element, ours)
    )


def _shown(page: Layout) -> HtmlElement:
    """What a reader sees of the article: without the page's foot, its comments, its scripts, and other stories."""
    whole = page.blocks[0].path[0] if page.placed else page.tree
    tree, heads = copy.deepcopy(whole), _heads(page)
    drop = [
        new
        for old, new in zip(whole.iter(), tree.iter(), strict=True)
        if new is not tree and isinstance(old.tag, str) and (old.tag in _UNSEEN or _is_no_part(old, page.ours, heads))
    ]
    for element in drop:
        if element.getparent() is not None:
            element.drop_tree()
    return engine.around(page.tree, tree) if page.placed else tree
