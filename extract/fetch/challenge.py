"""A bot's challenge: a page of a gatekeeper's that stands, often with status 200, where the document should."""

import re

LONG = 200_000  # bytes: gatekeepers' pages are shorter
# What only the challenge holds: their scripts stand on many honest pages too.
_SIGNS = re.compile(
    rb"_cf_chl_opt|cf-challenge|captcha-delivery\.com|_incapsula_resource|px-captcha|awswafcookiedomainlist|awswaf-captcha|ddos-guard"
    rb"|sucuri_cloudproxy_js|anubis_challenge|<title>\s*(?:just a moment|access denied|attention required!|security check|robot check|human verification)",
    re.IGNORECASE,
)
# What it says to its reader; news that speaks of captchas says it to nobody.
ASKS = re.compile(
    r"\b(?:solve|complete|enter|fill in)\b.{0,30}\bcaptcha|\bcaptcha (?:below|to continue)|\bare you (?:a )?(?:human|robot)|"
    r"\bverify(?:ing)? (?:that )?you are|enable javascript and cookies|unusual traffic|checking your browser|"
    r"you(?: are|(?:'|’|&#39;)re) (?:a person and )?not a (?:ro)?bot|just a moment\.\.\.|security check to access|i(?:'|’)m not a robot",
    re.IGNORECASE,
)


def is_one(body: bytes) -> bool:
    """Whether an HTML page asks for proof that a person is reading."""
    return len(body) < LONG and bool(_SIGNS.search(body) or ASKS.search(body.decode("utf-8", "replace")))
