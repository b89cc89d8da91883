"""A bot's challenge: a page of a gatekeeper's that stands, often with status 200, where the document should."""

import re

LONG = 200_000  # bytes: gatekeepers' pages are shorter
# What only the challenge holds: their scripts stand on many honest pages too.
_SIGNS = re.compile(
    rb"_cf_chl_opt|cf-challenge|<title>just a moment|checking your browser|captcha-delivery\.com|_incapsula_resource|px-captcha"
    rb"|awswafcookiedomainlist|awswaf-captcha|ddos-guard|sucuri_cloudproxy_js|anubis_challenge|making sure you(?:'|&#39;|\xe2\x80\x99)re not a bot"
    rb"|verify(?:ing)? (?:that )?you are (?:a )?human|are you (?:a )?(?:human|robot)|enable javascript and cookies to continue"
    rb"|<title>(?:access denied|attention required!|security check|robot check|human verification)",
    re.IGNORECASE,
)


def is_one(body: bytes) -> bool:
    """Whether an HTML page asks for proof that a person is reading."""
    return len(body) < LONG and _SIGNS.search(body) is not None
