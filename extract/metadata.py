"""What a page says of its article outside the text: title, byline, authors, dates, outlet and the rest.

Every source is read by itself and then weighed: JSON-LD, meta elements, the visible page. trafilatura's own reading
(htmldate's for the date) is asked only where all of them are silent.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from dateutil import parser as dateparser
from lxml.html import HtmlElement

from extract import jsonld, plain, urls
from extract.blocks import Block, fold, holds

_BYLINE = re.compile(
    r"byline|by-line|(?:^|[\s_-])authors?(?:$|[\s_-])|author-?name|autor(?:in|es)?(?:$|[\s_-])|c-author|reporter",
    re.IGNORECASE,
)
_NOT_BYLINE = re.compile(
    r"bio|about|related|comment|promo|teaser|card|avatar|image|photo|social|share|follow|footer|date|time",
    re.IGNORECASE,
)
_BY = re.compile(
    r"^(?:by|von|par|por|di|da|van|door|av|af|autor(?:in)?|auteur|texte?|text|words|geschrieben von|escrito por)\b[\s:]+(?=\S)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?:\S+|www\.\S+|\S+@\S+|@\w+")
_ASIDE = re.compile(r"\s*\([^)]*\)?|\s+(?:in|at|aus|à|en)\s+[A-ZÀ-Ý].*$")  # a place or a remark behind the name
_WHEN = re.compile(  # a date behind the name
    r"\s+(?:on\s+)?(?:[^\W\d]{3,9}\.?\s+\d{1,2},?\s+\d{4}|\d{1,2}\.?\s+[^\W\d]{3,9}\.?\s+\d{4}|\d{1,2}[./]\d{1,2}[./]\d{2,4}).*$"
)
_DEGREE = re.compile(r"\s+(?:Ph\.?D|M\.?[DSA]|MPH|MBA|MSc|BSc|RDN?|RN|LD|JD|DO|CFP|CPA)\b\.?.*$")
_POSTS = re.compile(r"^(?:view|see|find|read)\b.{0,20}\bby\s+", re.IGNORECASE)
_SECTION = re.compile(r",\s*in\s.*$")  # "By Ann Lee, in News, World"
_TITLE = re.compile(r"\s+(?:기자|특파원|記者|记者)$")  # "reporter", behind the name
_NO_PERSON = re.compile(
    r"\d|[<>{}/\\=]|^(?:with|avec|mit|con|com|in|image|photo|foto|bild)\b|\bwith\b|\.\w{2,3}$", re.IGNORECASE
)
_NO_NAME = re.compile(r"\b\d{3}|@")  # a number or an address, where a newsroom's name should stand
_PICTURE = re.compile(r"\W*(?:photo|foto|image|bild|picture|video)", re.IGNORECASE)
_PICTURE_CLASS = re.compile(r"caption|(?:^|[\s_-])(?:figure|image|img|photo|foto|picture|gallery)", re.IGNORECASE)
_AND = re.compile(r"\s*(?:,|;|\||/|·|•|&|\s(?:and|und|et|y|e|en|og|och|ja|i)\s)\s*")
_ROLE = re.compile(
    r"\b(editor|correspondent|reporter|writer|journalist|redakteur(?:in)?|korrespondent(?:in)?|chief|bureau|staff|desk|news ?room|"
    r"columnist|contributor|team|admin|redaktion|redacción|rédaction|redazione|redação|newspaper|magazine|online|digital|service|"
    r"head of|officer|director|founder|editorial|sponsored|partnership|partner content)\b|^the\s|"
    r"\b(?:times|journal|network|gazette|tribune|herald|report|news|press)$",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"\s+[|–—\-·»«›‹:]\s+|\s*[ㅣ｜]\s*|-(?=[^-\s]+$)")
_KICKER_END = re.compile(r"\s*[:|]\s+|\s+[–—-]\s+")
_WRITTEN_BY = re.compile(
    r"written by|(?:geschrieben|verfasst) von|écrit par|escrito p[ao]r|scritto da|geschreven door", re.IGNORECASE
)
CROWD = 6  # authors at most
KICKER = 6  # words at most
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


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the sources of one page come to."""

    title: str = ""
    byline: str = ""
    authors: tuple[str, ...] = ()
    signed_by: tuple[str, ...] = ()
    published: datetime | None = None
    published_from: str = ""
    published_precision: str = ""
    published_claim: str = ""
    modified: datetime | None = None
    outlet: str = ""
    canonical_url: str = ""
    image: str = ""
    section: str = ""
    tags: tuple[str, ...] = ()
    description: str = ""
    free: bool | None = None
    language_claim: str = ""


class Meta:
    """A page's meta elements: name, property or itemprop, lower-cased, to their values in order."""

    def __init__(self, tree: HtmlElement) -> None:
        self._values: dict[str, list[str]] = {}
        for element in tree.iter("meta"):
            name = element.get("property") or element.get("name") or element.get("itemprop") or ""
            value = plain.from_html(element.get("content"))
            if name and value:
                self._values.setdefault(name.lower(), []).append(value)

    def first(self, *names: str) -> str:
        return next((self._values[n][0] for n in names if n in self._values), "")

    def all(self, name: str) -> list[str]:
        return self._values.get(name, [])


def read(
    tree: HtmlElement,
    blocks: Sequence[Block],
    claims: jsonld.Claims,
    url: str,
    claimed_title: str,
    is_agency: Callable[[str], bool],
    search_date: Callable[[HtmlElement], str | None],
) -> Metadata:
    """The metadata of a page found at `url`. `claimed_title` is the feed's; `is_agency` tells an agency's name from a
    person's; `search_date` is asked for a date (ISO, day) where no source names one."""
    meta = Meta(tree)
    outlet = _outlet(claims, meta, url)
    section = claims.text("articleSection") or meta.first("article:section", "section")
    title = decide_title(_titles(tree, blocks, claims, meta, claimed_title), outlet, urls.site(url), section)
    byline = _byline(tree, blocks, title)
    sources = _author_lists(claims, meta, tree, byline)
    authors = decide_authors(sources, outlet, urls.site(url), is_agency) or decide_authors(
        [[_opening_name(blocks, title)]], outlet, urls.site(url), is_agency
    )
    metas = meta.all("author") + meta.all("article:author")
    published, source, exact, claim = _published(tree, claims, meta, url, search_date)
    canonical = next((e.get("href") for e in tree.iter("link") if (e.get("rel") or "").lower() == "canonical"), None)
    canonical_url = urls.canonical(canonical or "", base=url) or ""
    return Metadata(
        title=title,
        byline=byline,
        authors=authors,
        signed_by=() if authors else decide_newsroom([claims.names("author"), metas, [byline]]),
        published=published,
        published_from=source,
        published_precision=exact,
        published_claim=claim[:100],
        modified=_moment(claims.text("dateModified") or meta.first(*_MODIFIED_META))[0],
        outlet=outlet,
        canonical_url=canonical_url if urls.site(canonical_url) == urls.site(url) else "",
        image=urls.canonical(meta.first("og:image", "og:image:url", "twitter:image") or claims.text("image"), base=url)
        or "",
        section=section,
        tags=tuple(dict.fromkeys((meta.all("article:tag") or claims.texts("keywords"))[:30])),
        description=meta.first("og:description", "description", "twitter:description") or claims.text("description"),
        free=claims.flag("isAccessibleForFree"),
        language_claim=(tree.get("lang") or meta.first("og:locale", "content-language"))[:2].lower(),
    )


def _outlet(claims: jsonld.Claims, meta: Meta, url: str) -> str:
    return (meta.first("og:site_name", "application-name", "cre") or " ".join(claims.names("publisher")[:1]))[
        :100
    ] or urls.site(url)


# --- title


def _titles(
    tree: HtmlElement, blocks: Sequence[Block], claims: jsonld.Claims, meta: Meta, claimed: str
) -> list[tuple[str, float]]:
    """The candidates with their weights, found by trying: h1 is what stands above the article, the others vote with it."""
    others = [claims.text("headline") if claims.is_article else "", meta.first("og:title", "twitter:title"), claimed]
    page = next((plain.line(e.text_content()) for e in tree.iter("title")), "")
    known = set(fold(" ".join([*others, page])).split())
    headings = [plain.line(" ".join(e.itertext())) for e in tree.iter("h1")]
    headings = [h for h in headings if h] or ([] if any(others) else [_printed(blocks, page) or page])
    # A page's logo is often an h1 too: the one that shares most words with the other candidates is the headline.
    best = max(headings, key=lambda h: len(known & set(fold(h).split())), default="")
    return [(best, 1.5), *((other, 1.0) for other in others), (page, 0.4)]


def _printed(blocks: Sequence[Block], title: str) -> str:
    """The longest block that is a part of the browser's title: the headline of a page that marks none."""
    told = f" {fold(title)} "
    parts = [b.text for b in blocks if 3 <= b.words <= 40 and not _BY.match(b.text) and f" {fold(b.text)} " in told]
    return max(parts, key=len, default="")


def decide_title(candidates: Sequence[tuple[str, float]], outlet: str, site: str, section: str = "") -> str:
    """The headline: each candidate without its site's and its section's name, then the one with most weight behind it."""
    names = {_bare(name) for name in (outlet, site, site.split(".")[0], section)}
    known = {fold(text) for text, _ in candidates if text}
    stripped = [(_without_site(text, names, known), weight) for text, weight in candidates if text]
    others = {fold(text) for text, _ in stripped} | _common_tails([text for text, _ in stripped])
    stripped = [(_without_kicker(text, others), weight) for text, weight in stripped]
    weights: dict[str, float] = {}
    for text, weight in stripped:
        weights[fold(text)] = weights.get(fold(text), 0.0) + weight
    return max((t for t, _ in stripped), key=lambda t: weights[fold(t)], default="")[:500]


def _without_site(title: str, names: set[str], known: set[str]) -> str:
    """The title without its site: where one side of a separator is the site's name, or the head stands alone elsewhere."""
    for cut in reversed(list(_SEPARATOR.finditer(title))):
        head, tail = title[: cut.start()], title[cut.end() :]
        if fold(head) in known or _is_site(tail, names):
            return _without_site(head, names, known)
        if _is_site(head, names):
            return _without_site(tail, names, known)
    return title


def _without_kicker(title: str, others: set[str]) -> str:
    """The title without the few words in front of what stands elsewhere as the whole title: "Opinion: Ban it"."""
    words = title.split()
    for start in range(1, min(KICKER, len(words) - 3) + 1):
        tail = " ".join(words[start:])
        if fold(tail) in others:
            return tail
    return title


def _common_tails(titles: Sequence[str]) -> set[str]:
    """What two titles both say behind their first colon or dash, in front of which they differ: each has a kicker."""
    tails = [(fold(t[: cut.start()]), fold(t[cut.end() :])) for t in titles if (cut := _KICKER_END.search(t))]
    return {
        tail
        for head, tail in tails
        if any(tail == other and not set(head.split()) & set(before.split()) for before, other in tails)
    }


def _is_site(text: str, names: set[str]) -> bool:
    return _bare(text) != "" and _bare(text) in names


def _bare(name: str) -> str:
    """An outlet's name as its domain would spell it: "The Herald" and "herald" are one."""
    return fold(name).removeprefix("the ").replace(" ", "")


# --- byline and authors


def _byline(tree: HtmlElement, blocks: Sequence[Block], title: str) -> str:
    """The line that names the author as it is printed: near the headline, by its class or by its first word."""
    start = _headline(blocks, title)
    near = [block for block in blocks[start : start + 25] if not _pictured(block)]
    for block in near:
        if block.words <= 15 and _BY.match(block.text):
            return block.spaced
    for block in near:
        inline = block.path[-1].iter("span", "a", "cite", "b", "strong", "em") if block.words <= 40 else ()
        for element in (*block.path[-4:], *inline):
            if block.words <= 40 and holds(element, _BYLINE) and not holds(element, _NOT_BYLINE):
                text = block.spaced if element in block.path else plain.line(" ".join(element.itertext()))
                # An avatar's initials, a lone "By", a photographer: marked as authors too, and none of them a byline.
                if 3 < len(text) <= 300 and not _PICTURE.match(text):
                    return text
    for element in tree.iter("a", "span", "p", "div", "address"):
        relation = f"{element.get('rel') or ''} {element.get('itemprop') or ''}".split()
        if "author" in relation and (text := plain.line(" ".join(element.itertext()))) and len(text) < 200:
            return text
    return ""


def _headline(blocks: Sequence[Block], title: str) -> int:
    """The place of the headline: the h1 that says the title or most of it, else the first block that says it, else 0."""
    told = fold(title)
    words = set(told.split())
    headings = [n for n, b in enumerate(blocks) if b.tag == "h1" and words & set(fold(b.text).split())]
    if headings:
        return max(
            headings, key=lambda n: (fold(blocks[n].text) == told, len(words & set(fold(blocks[n].text).split())))
        )
    return next((n for n, b in enumerate(blocks) if fold(b.text) == told), 0)


def _opening_name(blocks: Sequence[Block], title: str) -> str:
    """A name that stands alone as the first paragraph under the headline, as small newsrooms sign."""
    start = _headline(blocks, title)
    for block, below in zip(blocks[start + 1 : start + 10], blocks[start + 2 : start + 11], strict=False):
        if block.tag == "p" == below.tag and below.words >= 15 and block.path[:-1] == below.path[:-1]:
            alone = 2 <= block.words <= 6 and block.text[-1].isalpha() and not block.link_words
            return block.text if alone and all(w[:1].isupper() for w in re.split(r"[\s/]+", block.text)) else ""
    return ""


def _pictured(block: Block) -> bool:
    """Whether a block belongs to a picture: photographers' names stand in elements classed author as well."""
    return any(e.tag in ("figure", "figcaption") or holds(e, _PICTURE_CLASS) for e in block.path[-2:])


def _author_lists(claims: jsonld.Claims, meta: Meta, tree: HtmlElement, byline: str) -> list[list[str]]:
    """Each source's list, best source first; the byline as printed is the last."""
    tagged = [
        plain.line(" ".join(e.itertext()))
        for e in tree.iter("a", "span", "p", "div", "address", "meta")
        if "author" in f"{e.get('rel') or ''} {e.get('itemprop') or ''}".split() and len(e.text_content()) < 100
    ]
    metas = (
        meta.all("author")
        + meta.all("article:author")
        + meta.all("og:article:author")
        + meta.all("parsely-author")
        + meta.all("dc.creator")
        + (meta.all("twitter:data1") if _WRITTEN_BY.search(meta.first("twitter:label1")) else [])
    )
    if len(set(tagged)) > CROWD:  # the page names the authors of other articles as well
        tagged = []
    return [claims.names("author", persons=True), claims.names("creator", persons=True), metas, tagged, [byline]]


def decide_authors(
    sources: Sequence[list[str]], outlet: str, site: str, is_agency: Callable[[str], bool]
) -> tuple[str, ...]:
    """The people of the first source that names any, in order: no "By", no titles, no outlet, no agency. The last source
    is the byline as printed."""
    ours = {_bare(name) for name in (outlet, site, site.split(".")[0])}
    lists = []
    for names in sources:
        once: dict[str, str] = {}  # "Ann Lee" and the "ann-lee" of her page's address are one
        for person in (p for name in names for p in _people(name)):
            if _bare(person) not in ours and not is_agency(person):
                once.setdefault(fold(person), person)
        lists.append(once)
    named = [people for people in lists if people]
    if not named:
        return ()
    best, printed, byline = named[0], lists[-1], " ".join(sources[-1])
    # The printed line is believed where another source agrees, or where it joins a second name to the one of the best.
    joined = best.keys() < printed.keys() and _are_joined(byline, list(printed.values()))
    if printed and (joined or sum(people.keys() == printed.keys() for people in lists) > 1):
        best = printed
    return tuple(best.values())[:20]


def _are_joined(line: str, people: Sequence[str]) -> bool:
    """Whether a line names two people and nothing but an "and" between them."""
    names = rf"{re.escape(people[0])}\s+(?:and|und|et|y|e|i|en|og|och|ja|&)\s+{re.escape(people[-1])}"
    return len(people) == 2 and bool(re.search(names, line))


def decide_newsroom(sources: Iterable[list[str]]) -> tuple[str, ...]:
    """Who signs where no person does: the newsroom or the agency of the first source that names one."""
    for names in sources:
        found = [_BY.sub("", plain.line(name)).strip(" .,:-–—|()") for name in names]
        found = [
            name for name in found if name and len(name.split()) <= 4 and "/" not in name and not _NO_NAME.search(name)
        ]
        if found:
            return tuple(dict.fromkeys(found))[:3]
    return ()


def _people(name: str) -> list[str]:
    """The persons of one printed name: several may stand in it, behind a "By", with roles, places and addresses."""
    found = []
    name = _POSTS.sub("", _WHEN.sub("", _ADDRESS.sub(" ", plain.line(name))))
    if _PICTURE.match(name):
        return []
    for part in _AND.split(_BY.sub("", _DEGREE.sub("", _SECTION.sub("", name)))):
        part = _TITLE.sub("", _BY.sub("", _ASIDE.sub("", part)).strip(" .,:-–—|()"))
        if part and not _NO_PERSON.search(part) and not _ROLE.search(part) and len(part) <= 60:
            words = part.split()
            if len(words) <= 5:
                found.append(part.title() if part.isupper() and len(words) > 1 else part)
    return found


# --- dates


def _published(
    tree: HtmlElement, claims: jsonld.Claims, meta: Meta, url: str, search_date: Callable[[HtmlElement], str | None]
) -> tuple[datetime | None, str, str, str]:
    """(moment, source, precision, claim as printed) of the first source that names a date that can be one."""
    marked = [
        e.get("datetime") or e.get("content") or ""
        for e in tree.iter("time", "meta", "span", "abbr")
        if e.get("itemprop") == "datePublished" or (e.tag == "time" and (e.get("pubdate") is not None))
    ]
    times = [e.get("datetime") or "" for e in tree.iter("time")]
    sources = [
        ("jsonld", claims.text("datePublished", "dateCreated", "uploadDate")),
        ("meta", meta.first(*_DATE_META)),
        *(("meta", value) for value in marked),
        *(("text", value) for value in times[:1]),
    ]
    for source, claim in sources:
        moment, exact = _moment(claim)
        if moment is not None:
            return moment, source, exact, claim
    found = search_date(tree)
    moment, exact = _moment(found or "")
    in_url = found is not None and re.sub(r"\D", "", found) in re.sub(r"\D", "", url)
    return moment, ("url" if in_url else "text") if moment else "", exact, found or ""


def _moment(claim: str) -> tuple[datetime | None, str]:
    """A date as written and how exact it is. A time without a zone is taken as UTC; a day is its midnight."""
    claim = claim.strip()
    if not re.search(r"\d{4}|\d{1,2}[./]\d", claim):
        return None, ""
    try:
        when = datetime.fromisoformat(claim)
    except ValueError:
        try:
            when = dateparser.parse(claim)
        except (ValueError, OverflowError, TypeError):
            return None, ""
    return (when if when.tzinfo else when.replace(tzinfo=UTC)), precision(claim)


def precision(claim: str) -> str:
    """How exact a date is as printed: second, minute or day. A time of 00:00:00 is a minute's at best."""
    clock = re.search(r"\d{1,2}:\d{2}(:\d{2})?|T\d{4}", claim)
    if not clock:
        return "day"
    return "second" if clock.group(1) and not claim.endswith(("00:00:00Z", "00:00:00")) else "minute"
