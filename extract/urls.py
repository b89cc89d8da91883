"""What identifies a document: its URL, made canonical without losing meaning."""

import re
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

import ada_url

if TYPE_CHECKING:
    from tldextract import TLDExtract

# Added by whoever shares a link, never read by the publisher's server to choose the page. Sources: the parameters that
# Firefox's and Brave's query strippers remove, and the utm_/at_/pk_ families of analytics packages.
TRACKING = frozenset(
    [
        "fbclid",
        "gclid",
        "dclid",
        "gbraid",
        "wbraid",
        "msclkid",
        "yclid",
        "twclid",
        "ttclid",
        "igshid",
        "mc_cid",
        "mc_eid",
        "mkt_tok",
        "_hsenc",
        "_hsmi",
        "oly_anon_id",
        "oly_enc_id",
        "vero_id",
        "wickedid",
        "rb_clickid",
        "s_cid",
        "ml_subscriber",
        "ml_subscriber_hash",
        "ns_source",
        "ns_mchannel",
        "ns_campaign",
        "ns_linkname",
        "ns_fee",
        "cmpid",
        "ocid",
        "smid",
        "xtor",
        "wt_mc",
        "wt_zmc",
        "at_medium",
        "at_campaign",
        "at_link_id",
        "at_format",
        "at_ptr_name",
        "at_bbc_team",
        "at_link_type",
        "at_link_origin",
        "guccounter",
        "guce_referrer",
        "guce_referrer_sig",
        "_ga",
        "fb_action_ids",
        "fb_action_types",
    ]
)
# Given to each visitor anew by servers that try to do without cookies: Java's in the path, PHP's and osCommerce's in the query.
SESSIONS = frozenset(["jsessionid", "phpsessid", "oscsid"])
_SESSION = re.compile(r";jsessionid=[\w.!~-]*", re.IGNORECASE)
TRACKING_FAMILIES = ("utm_", "pk_", "mtm_", "piwik_", "hsa_", "__hs")


@cache
def _suffixes() -> "TLDExtract":
    """By the list that comes with the library: nothing is fetched. It brings an HTTP client along, a quarter of a second."""
    import tldextract

    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


def canonical(url: str, base: str | None = None, *, sessions: bool = False) -> str | None:
    """The one form of an http(s) URL under which newsduck knows it, or None where it is no such URL.

    As browsers parse it (WHATWG): host lower-cased and in punycode, numeric hosts in any notation made plain, dots in
    the path resolved, the default port gone. On top of that the fragment, tracking parameters and sessions go. The path
    keeps its case, other parameters their order and spelling: on some site each of those tells two pages apart. With
    `sessions` they stay, as a server wants them back that redirects until they come.
    """
    if not (url := url.strip()):
        return None  # resolved against a base it would be the base itself
    try:
        parsed = ada_url.URL(url, base=base) if base else ada_url.URL(url)
    except ValueError:
        return None
    found = str(parsed.href)
    if not found.startswith(("http://", "https://")):
        return None
    if "#" in found or "?" in found:
        parsed.hash = ""
        parsed.search = "&".join(part for part in parsed.search[1:].split("&") if part and not _tracks(part, sessions))
        found = str(parsed.href)
    return _SESSION.sub("", found) if ";" in found and not sessions else found


def _tracks(parameter: str, sessions: bool) -> bool:
    name = parameter.split("=", 1)[0].lower()
    return name in TRACKING or (name in SESSIONS and not sessions) or name.startswith(TRACKING_FAMILIES)


def host(url: str) -> str:
    """The host of a URL, lower-case, IPv6 in brackets; empty where there is none."""
    try:
        return str(ada_url.URL(url).hostname)
    except ValueError:
        return ""


def site(url: str) -> str:
    """The registered domain (eTLD+1, by the public suffix list, private part too): whose a page is. A bare name or address is itself."""
    name = host(url)
    found = _suffixes().extract_str(name).top_domain_under_public_suffix
    if found or name.startswith("[") or name.replace(".", "").isdigit():
        return found or name
    return ".".join(name.split(".")[-2:])  # a top-level domain the list does not know is a suffix: its own last rule


def by_turns(urls: Iterable[str]) -> list[str]:
    """The URLs in an order that takes one of each host in turn, so that a slice of it keeps many hosts busy."""
    queues: dict[str, list[str]] = {}
    for url in urls:
        queues.setdefault(host(url), []).append(url)
    turns = [(turn, number, url) for number, queue in enumerate(queues.values()) for turn, url in enumerate(queue)]
    return [url for _, _, url in sorted(turns, key=lambda t: t[:2])]
