"""Captures at web.archive.org: asked for as they were kept (the form `id_`, without its bar and with the page's own links), and taken
for what they are: the original's page, of the moment of its capture."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

from extract import urls
from extract.records import Page

HOSTS = frozenset({"web.archive.org"})
CAPTURED = "X-Newsduck-Capture"  # the header under which a page keeps where its capture was had
_CAPTURE = re.compile(r"/web/(\d{4,14})([a-z]{2}_)?/(.+)", re.DOTALL)
_MOMENT = "00000101000000"  # what stands for the parts that an address leaves out


def raw(url: str) -> str:
    """The address under which a capture is had as it was kept; empty where the address is of none."""
    if (found := _parts(url)) is None:
        return ""
    where, stamp, original = found
    return f"{where}/web/{stamp}id_/{original}"


def original(url: str) -> str:
    """The address that was captured, canonical; empty where the address is of no capture."""
    found = _parts(url)
    return (urls.canonical(found[2]) or "") if found else ""


def is_capture(page: Page) -> bool:
    """Whether a page is a web archive's, by the moment of which it is."""
    return page.ask.role == "capture" or (bool(page.header(CAPTURED)) and bool(original(page.ask.url)))


def as_captured(page: Page) -> Page:
    """A page that was fetched, as what it is: where it is a capture, of its original's address and moment."""
    found, captured = _parts(page.url), original(page.url)
    if found is None or not captured or page.status != 200 or (at := _moment(found[1])) is None:
        return page
    headers = (*page.headers, (CAPTURED, page.url))
    return replace(page, url=captured, fetched_at=min(at, page.fetched_at), headers=headers)


def _parts(url: str) -> tuple[str, str, str] | None:
    """(scheme and host, moment, captured address) of a capture's address."""
    if urls.host(url) not in HOSTS:
        return None
    parts = urlsplit(url)
    found = _CAPTURE.fullmatch(parts.path + (f"?{parts.query}" if parts.query else ""))
    if found is None:
        return None
    address = found[3] if re.match(r"https?:/", found[3], re.IGNORECASE) else f"http://{found[3]}"
    address = re.sub(r"^(https?):/+", r"\1://", address, flags=re.IGNORECASE)
    return f"{parts.scheme}://{parts.netloc}", found[1], address


def _moment(stamp: str) -> datetime | None:
    try:
        return datetime.strptime(stamp + _MOMENT[len(stamp) :], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
