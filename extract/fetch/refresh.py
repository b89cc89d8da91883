"""A page that is only there to send its readers on: by a meta element, or by a header that no standard has and browsers obey."""

import html
import re
from collections.abc import Mapping

LONG = 16 * 1024  # bytes at most of such a page
_META = re.compile(
    r"""<meta\b[^<>]*http-equiv\s*=\s*["']?refresh\b[^<>]*content\s*=\s*(?:"\s*[0-5]\s*[;,]\s*url\s*=\s*'?([^"'>]+)|'\s*[0-5]\s*[;,]\s*url\s*=\s*"?([^"'>]+)|[0-5][;,]url=([^\s"'>]+))""",
    re.IGNORECASE,
)
_HEADER = re.compile(r"""\s*[0-5]\s*[;,]\s*url\s*=\s*(?:"([^"]+)|'([^']+)|([^"'].*))""", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_NO_SCRIPT = re.compile(r"<noscript\b.*?</noscript\s*>", re.IGNORECASE | re.DOTALL)
# Of the addresses that a script may name, those that it goes to.
_GOES = re.compile(r"""\blocation(?:\.(?:href|replace|assign))?\s*[=(]\s*(["'])([^"']+)\1""")
_SCRIPT = re.compile(r"<script\b.*?</script\s*>", re.IGNORECASE | re.DOTALL)


def target(body: bytes, headers: Mapping[str, str]) -> str:
    """Where a page sends its readers at once, as a redirect would; empty where it sends them nowhere. What it tells readers
    without scripts counts where a script names the same address: then all are sent there."""
    if len(body) > LONG:
        return ""
    if found := _HEADER.match(headers.get("Refresh", "")):
        return (found.group(1) or found.group(2) or found.group(3)).strip()
    if "html" not in headers.get("Content-Type", "").lower() or b"refresh" not in body.lower():
        return ""
    page = _COMMENT.sub("", body.decode("utf-8", "replace"))
    if shown := _META.search(_NO_SCRIPT.sub("", page)):
        return _named(shown)
    if (unseen := _META.search(page)) is None:
        return ""
    scripts = html.unescape(" ".join(_SCRIPT.findall(page)).replace("\\/", "/"))
    led = _named(unseen)
    return led if led in {found.group(2) for found in _GOES.finditer(scripts)} else ""


def _named(found: re.Match[str]) -> str:
    return html.unescape(found.group(1) or found.group(2) or found.group(3)).strip()
