"""What kind of page it is. Only an article (or the stub of one) may enter a story."""

import re
from collections import Counter

from extract import plain
from extract.fetch import challenge
from extract.read.blocks import Block, count, holds
from extract.read.body import others, walls
from extract.read.layout import Layout

SHORT = 80  # words: below this a page that calls itself something else than an article is that
BUTTON = 6  # words at most of what stands on a button
FIRST = 12  # blocks of a page in which a wall says what it is
CRY, EXCUSE = 2, 5  # words at most in front of what a title, or a line, says of a missing page: "Oops! Page not found"
LINE = 30  # words: a longer paragraph tells of walls, and is none
BARE = 120  # words: a page that shows fewer is no newspaper's, with its menus and its other stories
NAME = 5  # words at most of a wall's title, less its site's name
PICTURES = 5  # of a gallery at least
LISTED = 5  # lines at least of a list of other pages
LINKED = 0.6  # of words: what has more of them in links is one
POSTS = 3  # moments that a live blog gives at least
STUB = 200  # words: a paywalled page of fewer shows its opening only

_CONSENT_URL = re.compile(r"consent|privacy-gate|cookie-?wall|gdpr", re.IGNORECASE)
_CONSENT = re.compile(
    r"\b(?:cookies?|consent|privacy|datenschutz|einwilligung|consentement|consentimiento|privacidad)\b", re.IGNORECASE
)
_STORED = re.compile(r"cookie|クッキー|쿠키|файл\w* куки|\bкуки", re.IGNORECASE)  # what every such wall speaks of
# News speaks of walls too: what a wall says is said to its reader.
_ASKS = re.compile(
    r"\b(?:accept|agree|manage|reject|settings|preferences|partners|akzeptieren|zustimmen|ablehnen|einstellungen|accepter|refuser|"
    r"param[èe]tres|aceptar|rechazar|configurar|accetta|rifiuta|aceitar|rejeitar|accepteren|weigeren)\b",
    re.IGNORECASE,
)
_WE = re.compile(
    r"\b(?:we|our|wir|unsere?|nous|nos|notre|nosotros|nuestros?|utilizamos|usamos|noi|nostri|utilizziamo|nós|nossos?|wij|onze|my i|nasi|naši|používáme|"
    r"používame|vi|vår[at]?|vores|käytämme|használunk|koristimo|folosim|мы|ми|ние|χρησιμοποιούμε|kullanıyoruz)\b|当サイト|弊社|我们|저희",
    re.IGNORECASE,
)
# On the button of a page that says nothing else.
_AGREES = re.compile(
    r"\b(?:accept\w*|agree|reject all|akzeptier\w+|zustimm\w+|einverstanden|refuser|param[ée]tr\w+|j(?:'|’)accepte|acept\w+|rechazar|"
    r"accett\w+|rifiut\w+|aceit\w+|rejeitar|accepteer|akkoord|weigeren|akceptuj\w*|zgadzam|przejdź do serwisu|souhlasím|přijmout|súhlasím|"
    r"godkänn\w*|acceptera\w*|godkend|tillad alle|godta\w*|hyväksy\w*|elfogad\w*|prihva[ćt]\w+|prihvaćam|sprejm\w+|приемам|принять|прийняти|согласен|"
    r"αποδοχή|συμφωνώ|kabul|同意\w*|동의\w*)",
    re.IGNORECASE,
)
_OF_HOW_MANY = re.compile(r"\W*(?:[^\W\d]{3,9}\s)?\d{1,3}\s?(?:/|of|von|de|sur|di|av|из|z)\s?\d{1,3}\W*", re.IGNORECASE)
_GALLERY = re.compile(
    r"/(?:photo-?|image-?)?galler(?:y|ies|ie|ia)/|/(?:foto-?)?galer[ií]a?s?/|bilder-?(?:galerie|strecke)|foto-?(?:strecke|galer\w+|galler\w+)|diaporama|"
    r"\bin pictures\b|\bphoto gallery\b|\bfotogaler[ií]\w+|\ben images\b|\ben imágenes\b|\bi bilder\b|фоторепортаж|фотогалерея",
    re.IGNORECASE,
)
_PODCAST = re.compile(r"\bpodcast\b|\b(?:episode|folge|épisode|episodio|episódio)\s+\d", re.IGNORECASE)
_PLAYER = re.compile(
    r"youtube(?:-nocookie)?\.com/embed|player\.vimeo\.com|dailymotion\.com/embed|/embed/video|jwplayer|brightcove",
    re.IGNORECASE,
)
_SITE = re.compile(r"\s[|–—-]\s")  # in front of a site's name
_BOT_TITLE = re.compile(
    r"^\W*(?:captcha|(?:ой, )?капча|access denied|robot check|human verification|attention required|pardon our interruption|are you a (?:human|robot))\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"^\W*(?:error\s*)?404\b", re.IGNORECASE)  # news of one says what it is about
_MISSING = re.compile(
    r"^\W*(?:error\s*)?(?:404\W*$|page (?:was )?not found|seite nicht gefunden|page (?:introuvable|non trouvée)|página no encontrada|"
    r"(?:this|the|that|die|cette|esta) (?:page|article|story|seite|página)\b.{0,40}(?:no longer available|not be found|n(?:'|’)existe|no existe|nicht gefunden)|"
    r"(?:sorry|oops)\b.{0,60}\b(?:page|article|story)\b)",
    re.IGNORECASE,
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
_LIVE_TITLE = re.compile(
    r"^\W*(?:live|live-?blog|live-?ticker|live updates?|en direct|direct|en vivo|en directo|ao vivo|em direto|in diretta|diretta|na żywo|canlı|онлайн)\s*[:|–—-]|\blive(?::|\s+[|–—-]\s)|[|–—-]\s*live\W*$|\bas it happened\b|"
    r"\b(?:live-?blog|live-?ticker|news-?ticker|live-?rapport|live updates?|minute by minute|minuto a minuto|minute par minute|minuut tot minuut|"
    r"la diretta|relacja (?:na żywo|live)|relacja na żywo|прямая трансляция|онлайн-трансляция|хроника дня|наживо|dakika dakika|canlı anlatım)\b|[.:|–—-]\s*онлайн\W*$|"
    r"(?:实时更新|即時更新|文字直播|ライブ更新|速報中継|실시간)",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"\d{1,2}\s?[:.h]\s?[0-5]\d(?:\s?(?:uhr|h|[ap]\.?m\.?))?", re.IGNORECASE)
_LIVE_URL = re.compile(r"/live(?:-?blog|-?ticker|-updates)?/|live-?blog|live-?ticker|-live-updates", re.IGNORECASE)
_PAY = re.compile(
    r"\b(?:subscribe|subscription|subscribers?|log in|abonn\w+|suscr\w+|assin\w+|abbona\w+)\b", re.IGNORECASE
)

REASONS = {
    "consent": "a consent wall stands in place of the article",
    "bot": "the site asks for proof that a person is reading",
    "missing": "the page says that it does not exist",
    "video": "a video page without an article's text",
    "gallery": "a picture gallery without an article's text",
    "podcast": "an audio page without an article's text",
    "index": "a list of links, not an article",
    "empty": "no article's text was found on the page",
}


def decide(page: Layout, text: str, words: int) -> str:
    """article, paywall or live; or what stands in an article's place, a key of REASONS."""
    blocks, claims = page.blocks, page.claims
    told = page.title + "\n" + text[:600]
    shown = sum(block.words for block in blocks)
    # A wall is short and speaks of nothing else; an article about cookies is long.
    if words < 200:
        if words < 120 and (_BOT_TITLE.search(_wall_name(page)) or _asks_for_proof(_said_by_a_wall(page))):
            return "bot"
        asked = "\n".join(b.text for n, b in enumerate(blocks) if b.words <= BUTTON and n != page.headline)
        if _CONSENT_URL.search(page.url) or (
            len(_CONSENT.findall(told)) >= 3 and shown < 600 and (_ASKS.search(asked) or _YOU.search(told))
        ):
            return "consent"
        if shown < BARE and any(_STORED.search(n) and _WE.search(n) for n in told.split("\n")) and _asks_consent(page):
            return "consent"
        if _is_missing(page, words):
            return "missing"
    if "LiveBlogPosting" in claims.types or _is_live(page, shown):
        return "live"
    locked = claims.flag("isAccessibleForFree") is False or page.meta.first("article:content_tier").lower() == "locked"
    if words < STUB and (locked or _walled(page)):
        return "paywall"
    declared = page.meta.first("og:type").lower()
    if not claims.is_article and declared != "article" and _is_listed(page, text):
        return "index"
    if words < SHORT:
        article = claims.is_article and not declared.startswith("video")
        if not article and (
            declared.startswith("video") or "VideoObject" in claims.types or any(True for _ in page.tree.iter("video"))
        ):
            return "video"
        if not article and claims.types & {"ImageGallery", "MediaGallery"}:
            return "gallery"
        if not article and (declared.startswith("music") or claims.types & {"PodcastEpisode", "AudioObject"}):
            return "podcast"
        if not article and (shown_as := _shown_as(page, words)):
            return shown_as
        linked = sum(block.link_words for block in blocks)
        if not claims.is_article and words < 30 and shown > 100 and linked > 0.6 * shown:
            return "index"
        if words < 10:
            return "empty"
    return "article"


def _is_listed(page: Layout, text: str) -> bool:
    """Whether most of what was found to be the text stands in teasers of other pages, or leads to them."""
    lines = set(text.splitlines())
    found = [block for block in page.blocks if block.text in lines]
    away = {n: b for n, b in enumerate(found) if b.link_density > LINKED or others.is_teased(b.path[-1], page.ours)}
    listed = sum(block.words for block in away.values())
    return len(away) >= LISTED and listed > LINKED * sum(block.words for block in found)


def _shown_as(page: Layout, words: int) -> str:
    """What a page of few words shows in place of a text, by its players, its pictures' numbers, its address and its title."""
    told = f"{page.url}\n{page.title}"
    numbered = sum(block.words <= 4 and bool(_OF_HOW_MANY.fullmatch(block.text)) for block in page.blocks)
    if numbered >= PICTURES or (_GALLERY.search(told) and sum(1 for _ in page.tree.iter("img")) >= PICTURES):
        return "gallery"
    heard = _PODCAST.search(page.title) or any(True for _ in page.tree.iter("audio"))
    if "/podcast" in page.url or (words < LINE and heard):
        return "podcast"
    if words < LINE and any(_PLAYER.search(e.get("src") or "") for e in page.tree.iter("iframe")):
        return "video"
    return ""


def _asks_for_proof(said: str) -> bool:
    """Whether a page asks for proof that a person is reading."""
    return bool(challenge.ASKS.search(said) or challenge.ASKS_ABROAD.search(said))


def _asks_consent(page: Layout) -> bool:
    """Whether a page's buttons ask to agree, or lead to what is agreed to."""
    buttons = (plain.line(e.text_content()) for e in page.tree.iter("button", "a"))
    return any(count(said) <= BUTTON and _AGREES.search(said) for said in buttons)


def _is_missing(page: Layout, words: int) -> bool:
    """Whether a short page's title, or on a very short one a line of its first, says that the page does not exist."""
    name = _wall_name(page)
    lines = [(n, b) for n, b in enumerate(page.blocks[:FIRST]) if b.words <= walls.LONGEST and words < SHORT]
    return (
        bool(_MISSING.search(page.title) or _NUMBER.search(name) or walls.says_missing(name, CRY))
        or any(_MISSING.search(b.text) for b in (page.blocks[:FIRST] if words < SHORT else ()))
        or any(walls.says_missing(b.text, CRY if n == page.headline else EXCUSE) for n, b in lines)
    )


def _is_live(page: Layout, shown: int) -> bool:
    """Whether what most of the page's words stand in is a list of posts with a moment each, and says that it is live."""
    times = [e for e in page.tree.iter("time") if not others.stands_in_one(e, page.ours)]
    if len({e.get("datetime") or e.text_content() for e in times}) < POSTS:
        clocks = {b.text: b.path[-1] for b in page.blocks[page.start :] if b.words <= 3 and _CLOCK.fullmatch(b.text)}
        times = [e for e in clocks.values() if not others.stands_in_one(e, page.ours)]
    if len(times) < POSTS:
        return False
    says = _LIVE_TITLE.search(page.title) or _LIVE_URL.search(page.url)
    above = Counter(a for e in times for a in e.iterancestors())
    lists = [a for a, posts in above.items() if posts >= POSTS]
    if says and any(a.tag in ("main", "article") for a in lists):
        return True
    return any(holds(a, _LIVE) and 2 * count(" ".join(a.itertext())) >= shown for a in lists)


def _walled(page: Layout) -> bool:
    """Whether an element that names itself a paywall asks for a subscription, or a short line below the headline says what
    stands in front of the rest."""
    return any(
        (_PAY.search(block.text) and any(holds(e, _PAYWALL) for e in block.path))
        or (walls.says_so(block.text, block.words) and block.link_density <= 0.9 and not _is_of_the_site(block, page))
        for block in page.blocks[page.start :]
    )


def _is_of_the_site(block: Block, page: Layout) -> bool:
    """Whether a block stands in the head or the foot of all of the site's pages."""
    return any(e.tag in ("header", "nav", "footer") and e not in page.ours for e in block.path)


def _said_by_a_wall(page: Layout) -> str:
    """What a wall can say of a page: its title and first lines; where one of them is a paragraph, the short ones below the headline."""
    top = page.blocks[:FIRST]
    if any(block.words >= LINE for block in top):
        return "\n".join(b.text for n, b in enumerate(top) if b.words < LINE and n != page.headline)
    return "\n".join([page.title, *(block.text for block in top)])


def _wall_name(page: Layout) -> str:
    """A page's title, without its site's name, where it is as short as a wall's."""
    name = _SITE.split(page.title)[0]
    return name if count(name) <= NAME else ""
