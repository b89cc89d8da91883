"""What kind of page it is. Only an article (or the stub of one) may enter a story."""

import re
from collections.abc import Sequence

from extract.read import walls
from extract.read.blocks import Block, holds
from extract.read.layout import Layout

SHORT = 80  # words: below this a page that calls itself something else than an article is that
STUB = 200  # words: a paywalled page of fewer shows its opening only

_CONSENT_URL = re.compile(r"consent|privacy-gate|cookie-?wall|gdpr", re.IGNORECASE)
_CONSENT = re.compile(
    r"\b(?:cookies?|consent|privacy|datenschutz|einwilligung|consentement|consentimiento|privacidad)\b", re.IGNORECASE
)
_BOT = re.compile(
    r"\b(?:captcha|are you (?:a )?(?:human|robot)|verify(?:ing)? you are|enable javascript and cookies|access denied|unusual traffic|checking your browser|you(?:'|’)re not a bot|just a moment\.\.\.|robot check|security check to access)\b",
    re.IGNORECASE,
)
_MISSING = re.compile(
    r"\b(?:404|page (?:was )?not found|seite nicht gefunden|page (?:introuvable|non trouvée)|página no encontrada|no longer available)\b",
    re.IGNORECASE,
)
_PAYWALL = re.compile(r"paywall|piano-|subscribe-?wall|regwall|premium-?(?:wall|offer)", re.IGNORECASE)
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
        if _BOT.search(told + "\n" + _top(blocks)) and words < 120:
            return "bot"
        if _CONSENT_URL.search(page.url) or (len(_CONSENT.findall(told)) >= 3 and shown < 600):
            return "consent"
        if _MISSING.search(page.title) or (words < SHORT and _MISSING.search(_top(blocks))):
            return "missing"
    if "LiveBlogPosting" in claims.types:
        return "live"
    if words < STUB and (claims.flag("isAccessibleForFree") is False or _walled(blocks)):
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


def _walled(blocks: Sequence[Block]) -> bool:
    """Whether an element that names itself a paywall asks for a subscription, or a short line says what stands in front of
    the rest."""
    return any(
        (_PAY.search(block.text) and any(holds(e, _PAYWALL) for e in block.path))
        or (walls.says_so(block.text, block.words) and block.link_density <= 0.9)
        for block in blocks
    )


def _top(blocks: Sequence[Block]) -> str:
    return "\n".join(block.text for block in blocks[:12])
