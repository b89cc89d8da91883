"""What kind of page it is. Only an article (or the stub of one) may enter a story."""

import re
from collections import Counter
from heapq import nlargest
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from extract.fetch import challenge
from extract.read import terms
from extract.read.blocks import Block, count, holds
from extract.read.body import others, walls
from extract.read.layout import Layout
from extract.words import UNSPACED

SHORT = 80  # words: below this a page that calls itself something else than an article is that
BUTTON = 6  # words at most of what stands on a button
LINE = 30  # words: a longer paragraph tells of walls, and is none
NAME = 5  # words at most of a wall's title, less its site's name
SITE = 3  # words at most of the site's name behind it
BESIDE = 12  # letters at most that such a title has besides what it says of a missing page: "404", "Oops!"
BRIEF = 12  # words at most of what a page says of being missing that claims to be an article
ROW = 5  # paragraphs at least that each open with an hour, the latest first
POSTS = 3  # moments that a live blog gives at least
NEXT = 3  # blocks below the text, of which one may say that the rest is to be paid for
LONGEST = 3  # blocks in whose elements a live blog is looked for
POST = 20  # words at least of a post
STUB = 200  # words: a paywalled page of fewer shows its opening only

_CONSENT_URL = re.compile(r"consent|privacy-gate|cookie-?wall|gdpr", re.IGNORECASE)
_CONSENT = re.compile(
    r"\b(?:cookies?|consent|privacy|datenschutz|einwilligung|consentement|consentimiento|privacidad)\b",
    re.IGNORECASE,
)
# News speaks of walls too: what a wall says is said to its reader.
_ASKS = re.compile(
    r"\b(?:accept|agree|manage|reject|settings|preferences|partners|akzeptieren|zustimmen|ablehnen|einstellungen|accepter|refuser|"
    r"param[èe]tres|aceptar|rechazar|configurar|accetta|rifiuta|aceitar|rejeitar|accepteren|weigeren)\b",
    re.IGNORECASE,
)
_SITE = re.compile(r"\s[|–—-]\s")  # in front of a site's name
_BOT_TITLE = re.compile(
    r"^\W*(?:captcha|access denied|robot check|attention required|are you a (?:human|robot))\b", re.IGNORECASE
)
_NOT_THERE = re.compile(rf"(?<![^\W{UNSPACED}])(?:{terms.pattern('missing')})", re.IGNORECASE)
# What a line, or a longer title, begins with where a page is missing.
_MISSING = re.compile(
    r"^\W*(?:error\s*)?(?:404\b|page (?:was )?not found|seite nicht gefunden|page (?:introuvable|non trouvée)|página no encontrada|"
    r"(?:this|the|that|die|cette|esta) (?:page|article|story|seite|página)\b.{0,40}(?:no longer available|not be found|n(?:'|’)existe|no existe|nicht gefunden)|"
    r"(?:sorry|oops)\b.{0,60}\b(?:page|article|story)\b)",
    re.IGNORECASE,
)
_GATE = re.compile(rf"\W*(?:\d{{3}}\W+)?(?:{terms.pattern('gate')})\W*", re.IGNORECASE)  # all that its title says
_GATE_URL = re.compile(
    r"/(?:log[-_]?in|sign[-_]?in|anmelden|einloggen|connexion|acceder|iniciar-sesion|accedi|inloggen)(?:\.\w{2,5})?/?$",
    re.IGNORECASE,
)
_TROUBLE = re.compile(
    rf"\W*(?:(?:http\W+)?(?:error\W+)?\d{{3}}\W+|error\W+)?(?:{terms.pattern('trouble')})\W*", re.IGNORECASE
)
_YOU = re.compile(
    r"\b(?:you|your|wir|ihre|nous|vous|votre|nosotros|usted|tus?|noi|voi|nós|você|wij|uw)\b", re.IGNORECASE
)
_PAYWALL = re.compile(r"paywall|piano-|subscribe-?wall|regwall|premium-?(?:wall|offer)", re.IGNORECASE)
_LIVE = re.compile(
    r"(?:live|directo|vivo|diretta|relacja)[_-]*(?:blog|ticker|updates?|feed|posts?|items?|entr(?:y|ies)|wpis)(?:$|[\s_-])|live-?blog|live-?ticker|"
    r"live-?(?:updates|feed)|news-?ticker|minuto-?a-?minuto|(?:^|[\s_-])(?:en-?(?:vivo|directo|direct)|ao-?vivo)(?:$|[\s_-])",
    re.IGNORECASE,
)
_LIVE_BLOG = re.compile(r"(?<!tag-)(?<!category-)live-?(?:blog|ticker)", re.IGNORECASE)
_LIVE_TITLE = re.compile(
    r"^\W*(?:live|live-?blog|live-?ticker|live updates?|en direct|direct|en vivo|en directo|ao vivo|em direto|in diretta|diretta|na żywo|canlı|онлайн)\s*[:|–—-]|"
    r"\b(?:live-?blog|live-?ticker|news-?ticker|live-?rapport|live updates?|minute by minute|minuto a minuto|minute par minute|minuut tot minuut|"
    r"la diretta|relacja (?:na żywo|live)|relacja na żywo|прямая трансляция|онлайн-трансляция|хроника дня|наживо|dakika dakika|canlı anlatım)\b|[.:|–—-]\s*онлайн\W*$|"
    r"(?:实时更新|即時更新|文字直播|ライブ更新|速報中継|실시간)",
    re.IGNORECASE,
)
_TICKER = re.compile(r"(?<!s)(?<!tag-)(?<!category-)ticker", re.IGNORECASE)
_CLOCK = re.compile(r"\d{1,2}\s?[:.h]\s?[0-5]\d(?:\s?(?:uhr|h|[ap]\.?m\.?))?", re.IGNORECASE)
_HOUR = re.compile("[:h]", re.IGNORECASE)  # in what opens a paragraph; 12.50 may be of anything
_LIVE_URL = re.compile(r"/live(?:-?blog|-?ticker|-updates)?/|live-?blog|live-?ticker|-live-updates", re.IGNORECASE)
# What an address names as a whole: "how-a-live-blog-is-made" is none, nor is "android-live-updates".
_LIVE_NAMED = re.compile(r"/live-?(?:blog|ticker|updates)/[^/]", re.IGNORECASE)
_PAY = re.compile(
    r"\b(?:subscribe|subscription|subscribers?|log in|abonn\w+|(?:[\w-]+-|digital|online|print|probe|jahres|monats|test|plus|web)?abos?|suscr\w+|assin\w+|abbona\w+|prenumer\w+|předplat\w+|előfizet\w+)\b",
    re.IGNORECASE,
)

REASONS = {
    "consent": "a consent wall stands in place of the article",
    "bot": "the site asks for proof that a person is reading",
    "missing": "the page says that it does not exist",
    "trouble": "the site is down, and says so with a page of its software's",
    "gate": "the site asks for a login, for its advertisements to be let through, or serves another part of the world only",
    "video": "a video page without an article's text",
    "gallery": "a picture gallery without an article's text",
    "podcast": "an audio page without an article's text",
    "index": "a list of links, not an article",
    "empty": "no article's text was found on the page",
}


def decide(page: Layout, text: str, words: int, last: int | None = None) -> str:
    """article, paywall or live; or what stands in an article's place, a key of REASONS. `last` is the place of the text's last line
    among the page's blocks."""
    blocks, claims = page.blocks, page.claims
    claimed = claims.is_article or bool(page.meta.first("article:published_time"))
    is_post = claimed or page.meta.first("og:type").lower() == "article"  # as it says of itself
    told = page.title + "\n" + text[:600]
    shown = sum(block.words for block in blocks)
    # A wall is short and speaks of nothing else; an article about cookies is long.
    if words < 200:
        # What says to machines too that it is an article is news of such walls.
        if (
            words < 120
            and not claimed
            and (_BOT_TITLE.search(_wall_name(page)) or challenge.ASKS.search(_said_by_a_wall(page)))
        ):
            return "bot"
        asked = "\n".join(b.text for n, b in enumerate(blocks) if b.words <= BUTTON and n != page.headline)
        if _CONSENT_URL.search(page.url) or (
            len(_CONSENT.findall(told)) >= 3
            and shown < 600
            and (_ASKS.search(asked) or (not claimed and _YOU.search(told)))
        ):
            return "consent"
        if (_names_missing(page, words) and page.title != claims.text("headline")) or (
            words < SHORT
            and any(
                n != page.headline and (b.words <= BRIEF or not claimed) and _MISSING.search(b.text)
                for n, b in enumerate(blocks[:12])
            )
        ):
            return "missing"
        if words < SHORT and not claimed:
            if _is_gate(page.title) or (_GATE_URL.search(urlsplit(page.url).path) and not is_post):
                return "gate"
            if shown < SHORT and not is_post and _is_trouble(page):
                return "trouble"
    # Below what it says of itself such a page may go on at length, with the stories of the day.
    if not claimed and (words < 200 or not is_post) and _says_missing(_wall_name(page)):
        return "missing"
    if "LiveBlogPosting" in claims.types or _is_live(page, words, shown):
        return "live"
    locked = claims.free is False or page.meta.first("article:content_tier").lower() == "locked"
    if words < STUB and (locked or _walled(page)):
        return "paywall"
    # Many a site asks to subscribe below what all may read: such a line has to say that the text goes on.
    below = blocks[last + 1 : last + 1 + NEXT] if last is not None and claims.free is not True else []
    if any(_is_wall(block, page) and (locked or walls.says_more(block.text)) for block in below):
        return "paywall"
    if words < SHORT:
        declared = page.meta.first("og:type").lower()
        article = claims.is_article and not declared.startswith("video")
        if not article and (
            declared.startswith("video") or "VideoObject" in claims.types or any(True for _ in page.tree.iter("video"))
        ):
            return "video"
        if not article and claims.types & {"ImageGallery", "MediaGallery"}:
            return "gallery"
        if not article and (declared.startswith("music") or claims.types & {"PodcastEpisode", "AudioObject"}):
            return "podcast"
        linked = sum(block.link_words for block in blocks)
        if not claims.is_article and words < 30 and shown > 100 and linked > 0.6 * shown:
            return "index"
        if words < 10:
            return "empty"
    return "article"


def _is_live(page: Layout, words: int, shown: int) -> bool:
    """Whether what most of the page's words stand in is a list of posts with a moment each, and says that it is live."""
    says = _LIVE_TITLE.search(page.title) or _LIVE_URL.search(page.url)

    def is_ticker(element: HtmlElement) -> bool:  # of the page's text, where that is live; else the house's
        named = says and element.tag not in ("html", "body", *others.TAGS) and holds(element, _TICKER)
        return bool(named) and 2 * count(element.text_content()) >= words

    def is_ours(element: HtmlElement) -> bool:
        return not others.stands_in_one(element, page.ours) or any(map(is_ticker, element.iterancestors()))

    if _LIVE_NAMED.search(urlsplit(page.url).path) or (says and _runs_back(page)) or _is_row_of_posts(page, shown):
        return True
    times = [e for e in page.tree.iter("time") if is_ours(e)]
    if len({e.get("datetime") or e.text_content() for e in times}) < POSTS:
        clocks = {b.text: b.path[-1] for b in page.blocks[page.start :] if b.words <= 3 and _CLOCK.fullmatch(b.text)}
        times = [e for e in clocks.values() if is_ours(e)]
    if len(times) < POSTS:
        return False
    above = Counter(a for e in times for a in e.iterancestors())
    lists = [a for a, posts in above.items() if posts >= POSTS]
    if says and any(a.tag in ("main", "article") or is_ticker(a) for a in lists):
        return True
    return any(holds(a, _LIVE) and 2 * count(" ".join(a.itertext())) >= shown for a in lists)


def _is_row_of_posts(page: Layout, shown: int) -> bool:
    """Whether most of a page's words stand in an element that is called a live blog, in POSTS parts or more of one kind, paragraphs
    all."""
    longest = nlargest(LONGEST, page.blocks, key=lambda block: block.words)  # of which it holds one at least
    for element in dict.fromkeys(element for block in longest for element in block.path):
        if holds(element, _LIVE_BLOG):
            told = [e for e in element if isinstance(e.tag, str) and count(e.text_content()) >= POST]
            parts = Counter((e.tag, e.get("class", "")) for e in told)
            if parts and max(parts.values()) >= POSTS and 2 * count(element.text_content()) >= shown:
                return True
    return False


def _runs_back(page: Layout) -> bool:
    """Whether paragraphs in a row open with an hour, the latest first: a night told afterwards begins with its evening."""
    found = [
        _CLOCK.match(b.text.lstrip("[(–-• ")) for b in page.blocks[page.start :] if b.words > 3 and b.link_density < 0.5
    ]
    hours = [tuple(map(int, re.findall(r"\d+", clock[0])[:2])) for clock in found if clock and _HOUR.search(clock[0])]
    return len(hours) >= ROW and len(set(hours)) > 1 and hours == sorted(hours, reverse=True)


def _walled(page: Layout) -> bool:
    """Whether an element that names itself a paywall asks for a subscription, or a short line below the headline says what
    stands in front of the rest."""
    return any(
        (_PAY.search(block.text) and any(holds(e, _PAYWALL) for e in block.path)) or _is_wall(block, page)
        for block in page.blocks[page.start :]
    )


def _is_wall(block: Block, page: Layout) -> bool:
    """Whether a short line says what stands in front of the rest of the article."""
    said = walls.says_so(block.text, block.words) and block.link_density <= 0.9
    return said and not _is_of_the_site(block, page)


def _names_missing(page: Layout, words: int) -> bool:
    """Whether a title says that the page is missing, and on a page of more words hardly more than that."""
    found = _MISSING.search(page.title)
    if found is None or words < SHORT:
        return found is not None
    return sum(map(str.isalnum, _wall_name(page))) - sum(map(str.isalnum, found.group())) <= BESIDE


def _is_of_the_site(block: Block, page: Layout) -> bool:
    """Whether a block stands in the head or the foot of all of the site's pages."""
    return any(e.tag in ("header", "nav", "footer") and e not in page.ours for e in block.path)


def _said_by_a_wall(page: Layout) -> str:
    """What a wall can say of a page: its title and first lines; where one of them is a paragraph, the short ones below the headline."""
    top = page.blocks[:12]
    if any(block.words >= LINE for block in top):
        return "\n".join(b.text for n, b in enumerate(top) if b.words < LINE and n != page.headline)
    return "\n".join([page.title, *(block.text for block in top)])


def _says_missing(name: str) -> bool:
    """Whether a wall's title says, in whatever language, that the page does not exist, and hardly more."""
    found = _NOT_THERE.search(name)
    return found is not None and sum(map(str.isalnum, name)) - sum(map(str.isalnum, found.group())) <= BESIDE


def _is_gate(title: str) -> bool:
    """Whether a title says that one logs in or the like, and no more but its site's name."""
    name, *site = _SITE.split(title)
    return count(" ".join(site)) <= SITE and _GATE.fullmatch(name) is not None


def _is_trouble(page: Layout) -> bool:
    """Whether a page's title, or the first sentence of one of its first lines, is a site's that is down."""
    # The feed's title may stand in for the page's.
    said = [_SITE.split(title)[0] for title in (page.title, page.browser_title)]
    top = [block for block in page.blocks[:3] if block.link_density < 0.5]  # a link leads to such news
    said += [re.split(r"(?<=[.!])\s", block.text)[0] for block in top]
    return any(_TROUBLE.fullmatch(line.replace("’", "'")) for line in said)


def _wall_name(page: Layout) -> str:
    """A page's title, without its site's name, where it is as short as a wall's."""
    name = _SITE.split(page.title)[0]
    return name if count(name) <= NAME else ""
