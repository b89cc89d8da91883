"""Feeds: entries in RSS 2.0, RSS 1.0, Atom or JSON Feed 1.1."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from html import escape
from xml.sax.saxutils import escape as text
from xml.sax.saxutils import quoteattr

from demo.records import Feed, Outlet


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry, as every format needs it."""

    link: str
    guid: str
    title: str
    author: str  # empty if the feed names none
    summary: str
    paragraphs: tuple[str, ...]
    section: str
    published: datetime  # in the outlet's zone
    updated: datetime


def render(feed: Feed, outlet: Outlet, entries: Sequence[Entry], home: str) -> tuple[bytes, str]:
    """The feed's bytes and its media type. Characters that its charset lacks become references."""
    write, media = FORMATS[feed.format]
    words = write(feed, outlet, entries, home)
    if feed.format == "json":
        return words.encode(), media
    head = f'<?xml version="1.0" encoding="{feed.charset.upper()}"?>\n'
    return (head + words).encode(feed.charset, "xmlcharrefreplace"), f"{media}; charset={feed.charset}"


def _html(entry: Entry) -> str:
    return "".join(f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in entry.paragraphs)


def _rss(feed: Feed, outlet: Outlet, entries: Sequence[Entry], home: str) -> str:
    items = []
    for entry in entries:
        lines = [
            f"<title>{text(entry.title)}</title>",
            f"<link>{text(entry.link)}</link>",
            f'<guid isPermaLink="false">{text(entry.guid)}</guid>',
            f"<pubDate>{format_datetime(entry.published)}</pubDate>",
            f"<category>{text(entry.section)}</category>",
            f"<description>{text(entry.summary)}</description>",
            f"<media:thumbnail url={quoteattr(home + 'img/' + entry.guid + '.gif')}/>",
        ]
        if entry.author:
            lines.append(f"<dc:creator>{text(entry.author)}</dc:creator>")
        if feed.full:
            lines.append(f"<content:encoded><![CDATA[{_html(entry)}]]></content:encoded>")
        items.append("<item>\n" + "\n".join(lines) + "\n</item>\n")
    return (
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"'
        ' xmlns:atom="http://www.w3.org/2005/Atom">\n<channel>\n'
        f"<title>{text(feed.title)}</title>\n<link>{text(home)}</link>\n"
        f'<atom:link rel="self" type="application/rss+xml" href={quoteattr(home[:-1] + feed.path)}/>\n'
        f"<description>{text(outlet.name)}</description>\n<language>{outlet.language}</language>\n"
        + "".join(items)
        + "</channel>\n</rss>\n"
    )


def _rdf(feed: Feed, outlet: Outlet, entries: Sequence[Entry], home: str) -> str:
    listed = "".join(f"<rdf:li rdf:resource={quoteattr(entry.link)}/>" for entry in entries)
    items = "".join(
        f"<item rdf:about={quoteattr(entry.link)}>\n<title>{text(entry.title)}</title>\n"
        f"<link>{text(entry.link)}</link>\n<description>{text(entry.summary)}</description>\n"
        f"<dc:date>{entry.published.isoformat()}</dc:date>\n"
        f"<dc:subject>{text(entry.section)}</dc:subject>\n"
        + (f"<dc:creator>{text(entry.author)}</dc:creator>\n" if entry.author else "")
        + "</item>\n"
        for entry in entries
    )
    return (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
        f"<channel rdf:about={quoteattr(home[:-1] + feed.path)}>\n<title>{text(feed.title)}</title>\n"
        f"<link>{text(home)}</link>\n<description>{text(outlet.name)}</description>\n"
        f"<items><rdf:Seq>{listed}</rdf:Seq></items>\n</channel>\n{items}</rdf:RDF>\n"
    )


def _atom(feed: Feed, outlet: Outlet, entries: Sequence[Entry], home: str) -> str:
    newest = max((entry.updated for entry in entries), default=None)
    items = "".join(
        f"<entry>\n<id>tag:{outlet.host},2020:{text(entry.guid)}</id>\n<title>{text(entry.title)}</title>\n"
        f'<link rel="alternate" type="text/html" href={quoteattr(entry.link)}/>\n'
        f"<published>{entry.published.isoformat()}</published>\n<updated>{entry.updated.isoformat()}</updated>\n"
        f"<author><name>{text(entry.author or outlet.name)}</name></author>\n"
        f"<category term={quoteattr(entry.section)}/>\n<summary>{text(entry.summary)}</summary>\n"
        + (f'<content type="html">{text(_html(entry))}</content>\n' if feed.full else "")
        + "</entry>\n"
        for entry in entries
    )
    return (
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{outlet.language}">\n'
        f"<id>tag:{outlet.host},2020:feed{text(feed.path)}</id>\n<title>{text(feed.title)}</title>\n"
        f'<link href={quoteattr(home)}/>\n<link rel="self" href={quoteattr(home[:-1] + feed.path)}/>\n'
        + (f"<updated>{newest.isoformat()}</updated>\n" if newest else "")
        + items
        + "</feed>\n"
    )


def _json(feed: Feed, outlet: Outlet, entries: Sequence[Entry], home: str) -> str:
    items = [
        {
            "id": entry.guid,
            "url": entry.link,
            "title": entry.title,
            "summary": entry.summary,
            **({"content_html": _html(entry)} if feed.full else {"content_text": entry.summary}),
            "date_published": entry.published.isoformat(),
            "authors": [{"name": entry.author}] if entry.author else [],
            "tags": [entry.section],
        }
        for entry in entries
    ]
    head = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": home,
        "feed_url": home[:-1] + feed.path,
        "language": outlet.language,
    }
    return json.dumps({**head, "items": items}, ensure_ascii=False, indent=1)


Writer = Callable[[Feed, Outlet, Sequence[Entry], str], str]
FORMATS: dict[str, tuple[Writer, str]] = {
    "rss": (_rss, "application/rss+xml"),
    "rdf": (_rdf, "application/rdf+xml"),
    "atom": (_atom, "application/atom+xml"),
    "json": (_json, "application/feed+json"),
}
