"""Invented pages in the markup that real sites use."""

import json
from datetime import UTC, datetime
from typing import Any

from extract.read.page import read_page
from extract.records import Article
from tests.test_stories import prose

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
URL = "https://www.herald.example/news/2026/11/rain"
PARAGRAPHS = [prose(n, 40).capitalize() + "." for n in range(1, 7)]
BODY = "".join(f"<p>{p}</p>" for p in PARAGRAPHS)
LD = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": "Rain floods the lower town",
    "author": [{"@type": "Person", "name": "Ann Lee"}, {"@type": "Person", "name": "By Max Orr"}],
    "datePublished": "2026-11-22T23:30:00-05:00",
    "dateModified": "2026-11-23T09:00:00Z",
    "publisher": {"@type": "Organization", "name": "The Herald"},
    "articleSection": "Weather",
    "keywords": "rain, floods",
    "isAccessibleForFree": "False",
}


def html(body: str, head: str = "", ld: Any = None) -> bytes:
    script = f'<script type="application/ld+json">{json.dumps(ld)}</script>' if ld is not None else ""
    return f"<!doctype html><html lang=en><head><meta charset=utf-8><title>Rain floods the lower town | The Herald</title>{head}{script}</head><body>{body}</body></html>".encode()


def read(body: str = "", head: str = "", ld: Any = LD, url: str = URL, **changes: Any) -> Article:
    page = html(body or f"<article><h1>Rain floods the lower town</h1>{BODY}</article>", head, ld)
    return read_page(page, url, "text/html", NOW, **changes)


def lines(article: Article) -> list[str]:
    return article.text.split("\n\n")
