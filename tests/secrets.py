"""A small press in which one article has words that stand nowhere else and that no compression can hide; and a search for such words
in everything below a folder, decoded."""

import json
import random
import re
import string
from collections import defaultdict
from datetime import datetime, timedelta
from html import escape
from pathlib import Path
from xml.sax.saxutils import quoteattr

import duckdb
from zlib_ng import zlib_ng

from demo.newsroom import Newsroom
from demo.server import Answer
from extract.tag.index import Index
from extract.tag.queries import parse
from extract.tracked import Topic
from storage import archive, duck
from storage.erase import records
from tests.line import Line

PLACES = ("title", "text", "standfirst", "summary", "author", "old", "content", "atom", "sitemap")
_random = random.Random(33)
SECRETS = {place: "".join(_random.choices(string.ascii_lowercase, k=24)) for place in PLACES}

_THINGS = ("harbour", "museum", "school", "railway", "orchard", "library", "bridge")
_SAID = (
    "The {} committee met on Tuesday evening and agreed, after two hours of argument, on a plan for the {} that had been open since March.",
    "Engineers who looked at the {} in the summer had found that most of what was built there sixty years ago would not last another ten.",
    "The town will pay a third of it, the region another, and the rest is to come from whoever uses the {} on working days.",
    "Residents of the streets around the {} said that they had not been asked, and that they would come to the next meeting.",
    "A spokeswoman for the mayor called the {} the largest work of its kind that the town had begun in a generation.",
    "Nothing will be seen of it before spring, for the ground around the {} is under water from November to the end of March.",
)


class Press(Newsroom):
    """Two outlets, seven articles of one and a copy of each second at the other, five lists in four formats. Number 2 has the secrets;
    on day two it has another text."""

    SECRET = 2

    def __init__(self, now: datetime) -> None:
        super().__init__(now)
        self.told_since = True  # whether its lists still have it

    def opml(self) -> str:
        lists = ("herald.localhost/rss", "herald.localhost/json", "herald.localhost/atom", "herald.localhost/news.xml")
        lines = [
            f"<outline xmlUrl={quoteattr(self.at(*one.split('/', 1)))}/>" for one in (*lists, "gazette.localhost/rss")
        ]
        return f'<opml version="2.0"><body>{"".join(lines)}</body></opml>'

    def topics(self) -> dict[str, str]:
        return {"town": "committee AND town"}

    def at(self, host: str, path: str) -> str:
        return f"http://{host}:{self.port}/{path}"

    def page(self, number: int, host: str = "herald.localhost") -> str:
        return self.at(host, f"2026/11/{number}-{_THINGS[number]}-plan-agreed.html")

    @property
    def secret(self) -> str:
        return self.page(self.SECRET)

    def _find(self, host: str, path: str) -> Answer:
        numbers = range(len(_THINGS)) if host.startswith("herald") else range(0, len(_THINGS), 2)
        kinds = {"/rss": self._rss, "/json": self._json, "/atom": self._atom, "/news.xml": self._sitemap}
        if path in kinds:
            return kinds[path](host, [n for n in numbers if n != self.SECRET or self.told_since])
        if (found := re.fullmatch(r"/2026/11/(\d)-.*", path)) and int(found[1]) in numbers:
            return Answer(self._page(int(found[1]), host))
        return Answer(b"", status=404)

    def _title(self, number: int, host: str) -> str:
        own = f" {SECRETS['title']}" if self._is_secret(number, host) else ""
        more = " again" if number == self.SECRET and self.day >= 2 else ""
        return f"Town agrees on a plan for its {_THINGS[number]}{own}{more}"

    def _is_secret(self, number: int, host: str) -> bool:
        return number == self.SECRET and host.startswith("herald")

    def _page(self, number: int, host: str) -> bytes:
        thing, secret = _THINGS[number], self._is_secret(number, host)
        said = [line.format(thing, thing) for line in _SAID]
        deck, author = f"Work on the {thing} is to begin in spring", "Ines Calder"
        if secret:
            word = SECRETS["text"] if self.day >= 2 else SECRETS["old"]
            said.insert(
                2,
                f"What nobody knew until then is that the {thing} is called {word} by those who work there every day.",
            )
            deck, author = f"{deck}, says {SECRETS['standfirst']}", f"Ines {SECRETS['author'].title()}"
        paragraphs = "".join(f"<p>{line}</p>" for line in said)
        return (
            f"<html><head><title>{self._title(number, host)}</title></head><body><article><h1>{self._title(number, host)}</h1>"
            f'<p class="standfirst">{deck}</p><p class="byline">By {author}</p>'
            f'<time datetime="{self._date(number)}">today</time>{paragraphs}</article></body></html>'
        ).encode()

    def _date(self, number: int) -> str:
        return f"{self.now - timedelta(hours=1 + number):%Y-%m-%dT%H:%M:%SZ}"

    def _word(self, number: int, host: str, place: str) -> str:
        return f" {SECRETS[place]}" if self._is_secret(number, host) else ""

    def _rss(self, host: str, numbers: list[int]) -> Answer:
        items = "".join(
            f"<item><title>{self._title(n, host)}</title><link>{self.page(n, host)}?utm_source=rss</link><guid>{host}-{n}</guid>"
            f"<description><![CDATA[<p>All of it</item>{self._word(n, host, 'summary')} and more</p>]]></description>"
            f"<content:encoded><![CDATA[<p>The whole{self._word(n, host, 'content')} text &amp; more.</p>]]></content:encoded></item>\n"
            for n in numbers
        )
        return Answer(
            f'<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>{host}, day {self.day}</title>'
            f"<link>{self.at(host, '')}</link>\n{items}</channel></rss>".encode(),
            "application/rss+xml",
        )

    def _json(self, host: str, numbers: list[int]) -> Answer:
        items = [
            {"id": f"{n}", "url": self.page(n, host), "title": self._title(n, host), "content_text": "x"}
            for n in numbers
        ]
        told = {"version": "https://jsonfeed.org/version/1.1", "title": f"{host}, day {self.day}", "items": items}
        return Answer(json.dumps(told).encode(), "application/feed+json")

    def _atom(self, host: str, numbers: list[int]) -> Answer:
        entries = "".join(
            f"<entry><id>tag:{host},{n}</id><title>{self._title(n, host)}</title><link href={quoteattr(self.page(n, host))}/>"
            f"<updated>{self._date(n)}</updated><summary>{escape('A & B')}{self._word(n, host, 'atom')}</summary></entry>"
            for n in numbers
        )
        return Answer(
            f'<feed xmlns="http://www.w3.org/2005/Atom"><title>{host}, day {self.day}</title><id>tag:{host}</id><updated>{self._date(0)}</updated>'
            f"{entries}</feed>".encode(),
            "application/atom+xml",
        )

    def _sitemap(self, host: str, numbers: list[int]) -> Answer:
        told = "".join(
            f"<url><loc>{self.page(n, host)}</loc><news:news><news:publication><news:name>{host}</news:name></news:publication>"
            f"<news:publication_date>{self._date(n)}</news:publication_date><news:title>{self._title(n, host)}"
            f"{self._word(n, host, 'sitemap')}</news:title></news:news></url>"
            for n in numbers
        )
        spaces = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
        return Answer(f"<urlset {spaces}><!-- day {self.day} -->{told}</urlset>".encode(), "application/xml")


def search(folder: Path, words: dict[str, str] = SECRETS) -> dict[str, set[str]]:
    """In which files below a folder which of the words stand, and in DuckDB files in which columns: word's name → places."""
    found: dict[str, set[str]] = defaultdict(set)

    def look(content: bytes, place: str) -> None:
        lower = content.lower()
        for name, word in words.items():
            if word.encode() in lower:
                found[name].add(place)

    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        place, raw = str(path.relative_to(folder)), path.read_bytes()
        look(raw, place)
        if ".warc.gz" in path.name:
            for record in records.read(raw):
                span = (record.start, record.end) if isinstance(record, records.Record) else record
                plain = zlib_ng.decompress(raw[slice(*span)], wbits=31) if isinstance(record, records.Record) else b""
                look(plain, place)
        elif "duckdb" in path.name and raw[8:12] == b"DUCK":
            _look_into(path, place, look)
    if (folder / "work" / "search" / "meta.json").exists():
        index = Index(folder / "work" / "search")
        _, documents = index.show(parse(Topic("all", "committee OR plan OR town")), 10_000)
        look(repr(documents).encode(), "work/search")
        segments = json.loads((folder / "work" / "search" / "meta.json").read_text())["segments"]
        assert all(not segment["deletes"] for segment in segments) or found, "deleted documents stay in their segment"
    return dict(found)


def _look_into(path: Path, place: str, look: object) -> None:
    assert callable(look)
    with duckdb.connect(str(path), read_only=True) as c:
        columns = c.execute(
            """SELECT table_name, column_name FROM duckdb_columns() JOIN duckdb_tables() USING (database_name, table_name)
            WHERE database_name = current_database() AND NOT duckdb_columns.internal AND data_type LIKE 'VARCHAR%'"""
        ).fetchall()
        for table, column in columns:
            values = c.execute(f'SELECT string_agg("{column}"::VARCHAR, \' \') FROM "{table}"').fetchone()
            look(((values and values[0]) or "").encode(), f"{place}:{table}.{column}")


def places_of(published: Path) -> list[tuple[int, str, str, int]]:
    """Where the page of every article and of every version is said to be."""
    return duck.ask(
        published,
        """SELECT article_id, fetched_url, warc_file, warc_offset FROM articles WHERE warc_file <> '' UNION ALL
        SELECT v.article_id, a.fetched_url, v.warc_file, v.warc_offset FROM versions v JOIN articles a USING (article_id)
        WHERE v.warc_file <> '' ORDER BY ALL""",
    )[1]  # type: ignore[return-value]  # rows of just these


def is_whole(line: Line) -> None:
    """Every article's and version's page is where it is said to be; counts agree."""
    found = places_of(line.warehouse.published)
    assert found
    for _, url, name, offset in found:
        page = archive.read_page(line.warehouse.archive, name, offset)
        assert page.url == url and page.warc_offset == offset
    told = line.ask("SELECT story_id, articles FROM stories ORDER BY 1")
    assert told == line.ask("SELECT story_id, count(*)::INTEGER FROM articles GROUP BY 1 ORDER BY 1")
    assert line.ask("SELECT count(*) FROM stories WHERE lead_article_id NOT IN (SELECT article_id FROM articles)") == [
        (0,)
    ]
    for name in archive.files(line.warehouse.archive):  # as warcio reads it too
        folder = line.warehouse.archive
        assert list(archive.read_file(folder, name)) or archive.read_notes(folder, name)
