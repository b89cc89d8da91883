"""Article pages: an article in its outlet's HTML, with the outlet's boilerplate between the paragraphs."""

import re
from functools import cache
from html import escape
from pathlib import Path
from string import Template

from demo.dates import printed
from demo.records import Article, Outlet, Place
from demo.structured import script

TEMPLATES = Path(__file__).parent / "templates"


def page(article: Article, outlet: Outlet, place: Place) -> str:
    """The page's HTML."""
    special = {"consent": "_consent", "video": "_video"}
    values = {
        "title": escape(article.title),
        "byline": outlet.byline.format(escape(article.byline)) if article.byline else "",
        "author": escape(article.author_field),
        "date": escape(printed(place.published, outlet.date)),
        "iso": place.published.isoformat(),
        "updated": place.updated.isoformat(),
        "body": body(article, outlet, place.home),
        "caption": escape(next(iter(article.paragraphs), "")),
        "summary": escape(article.summary),
        "section": escape(article.section),
        "language": article.language,
        "name": escape(outlet.name),
        "url": escape(place.url),
        "home": escape(place.home),
        "year": str(place.published.year),
        "structured": script(article, outlet, place),
    }
    return template(special.get(article.kind, outlet.key)).substitute(values)


def body(article: Article, outlet: Outlet, home: str) -> str:
    """The text area: the article's blocks, each box of the outlet after its number of paragraphs."""
    forms = {"caption": outlet.figure, "quote": outlet.quote, "credit": outlet.credit, "paragraph": outlet.paragraph}
    waiting = sorted(outlet.boxes, key=lambda box: box.after)
    pieces: list[str] = []
    count = 0

    def boxes(until: int) -> None:
        while waiting and waiting[0].after <= until:
            pieces.append(waiting.pop(0).html.strip().replace("{home}", home))

    for block in article.blocks:
        if block.kind != "credit":
            boxes(count)
        text = escape(block.text, quote=False)
        if block.kind == "paragraph":
            text = linked(text, outlet.autolink, home)
            count += 1
        pieces.append(forms[block.kind].format(text))
    if article.kind == "paywall":
        pieces.append('<div class="subscribers-only"><h3>Subscribe to continue reading</h3></div>')
    boxes(99)
    return "\n".join(pieces)


def linked(text: str, words: tuple[str, ...], home: str) -> str:
    """The paragraph with each of the outlet's tag words linked where it first stands."""
    for word in words:
        tag = re.sub(r"\W+", "-", word.lower())
        text = text.replace(word, f'<a href="{home}tag/{tag}">{word}</a>', 1)
    return text


def front(outlet: Outlet, links: list[tuple[str, str]], home: str) -> str:
    """The outlet's front page: nothing but headlines."""
    items = "\n".join(f'<li><a href="{escape(url)}">{escape(title)}</a></li>' for title, url in links)
    feeds = "\n".join(
        f'<li><a href="{home[:-1]}{feed.path}">{escape(feed.title)}</a> ({feed.format})</li>' for feed in outlet.feeds
    )
    return template("_front").substitute(
        name=escape(outlet.name), language=outlet.language, items=items, feeds=feeds, home=home
    )


@cache
def template(name: str) -> Template:
    return Template((TEMPLATES / f"{name}.html").read_text(encoding="utf-8"))
