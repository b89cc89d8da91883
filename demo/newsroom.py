"""The newsroom's face: start it, ask for its feeds, set its day, and know what is true of its pages.

    with Newsroom(datetime.now(UTC)) as newsroom:
        newsroom.day = 1
        …  # poll newsroom.feed_urls()
        newsroom.day = 2  # new pages, two changed ones, copies of yesterday's wire

The day may be set back as well: a page's form depends on nothing but the day.
"""

import argparse
import threading
import time
from collections import defaultdict
from datetime import UTC, datetime
from types import TracebackType
from typing import Self
from xml.sax.saxutils import quoteattr

from demo.content import load
from demo.records import Expected, Feed, Outlet
from demo.server import Answer, Server
from demo.site import Addresses, Site

__all__ = ["Expected", "Newsroom"]


class Newsroom:
    """Serves the invented outlets on 127.0.0.1, told apart by the Host header, until the with-block ends.

    With port 0 the system picks one, so that addresses are only known inside the with-block. `day` may be set while
    serving: on day one tomorrow's pages are 404. Does not resolve *.localhost for anybody.
    """

    def __init__(self, now: datetime, port: int = 0) -> None:
        self.now = now
        self.port = port
        self.day = 1
        self.requests: list[tuple[str, str, dict[str, str]]] = []  # host, path, headers, as they came
        self._content = load(now.year)
        self._site = Site(self._content, now, port)
        self._addresses: dict[int, Addresses] = {}
        self._server: Server | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self._server = Server(self.port, self._find, lambda *request: self.requests.append(request))
        self.port = self._server.server_port
        self._site = Site(self._content, self.now, self.port)
        self._addresses = {day: self._site.addresses(day) for day in (1, 2)}
        # Polled every 50 ms for the end, because every test waits for it once.
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="newsroom", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server and self._thread:
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()

    def feed_urls(self) -> list[str]:
        """All feeds as one subscribes to them: the dead one, the web page and the moved one's old address too."""
        return [self._subscribed(outlet, feed) for outlet, feed in self._feeds()]

    def opml(self) -> str:
        """All feeds as OPML 2.0, in nested categories."""
        tree: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for outlet, feed in self._feeds():
            line = (
                f'<outline type="rss" text={quoteattr(feed.title)} title={quoteattr(feed.title)} '
                f"xmlUrl={quoteattr(self._subscribed(outlet, feed))} htmlUrl={quoteattr(self._site.home(outlet))}/>"
            )
            outer, _, inner = feed.category.partition("/")
            tree[outer][inner].append(line)
        lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<opml version="2.0">']
        lines += ["<head><title>The invented newsroom</title></head>", "<body>"]
        for outer, folders in tree.items():
            lines.append(f"<outline text={quoteattr(outer)}>")
            for inner, feeds in folders.items():
                nested = [f"<outline text={quoteattr(inner)}>", *feeds, "</outline>"] if inner else feeds
                lines += nested
            lines.append("</outline>")
        return "\n".join([*lines, "</body>", "</opml>", ""])

    def topics(self) -> dict[str, str]:
        """Topic name -> Lucene query."""
        return dict(self._content.topics)

    def expected(self) -> list[Expected]:
        """What is true of each article page of both days, in no order; a changed page has a record for each day."""
        return [
            Expected(
                url=self._site.url(article),
                day=article.edition,
                outlet=self._content.outlets[article.outlet].name,
                title=article.title,
                authors=article.authors,
                paragraphs=article.paragraphs,
                language=article.language,
                story=article.story,
                role=article.role,
                agency=article.agency,
                inherited=article.inherited,
                topics=article.topics,
                kind=article.kind,
                credits=tuple(article.credits),
                beside=tuple(block.text for block in article.blocks if block.kind != "paragraph"),
            )
            for article in self._content.articles
        ]

    def fronts(self) -> list[str]:
        """The outlets' front pages, for looking at them in a browser."""
        return [self._site.home(outlet) for outlet in self._content.outlets.values()]

    def _find(self, host: str, path: str) -> Answer:
        return self._site.answer(self._addresses[self.day], host, path)

    def _feeds(self) -> list[tuple[Outlet, Feed]]:
        return [(outlet, feed) for outlet in self._content.outlets.values() for feed in outlet.feeds]

    def _subscribed(self, outlet: Outlet, feed: Feed) -> str:
        return self._site.home(outlet)[:-1] + (feed.moved_from or feed.path)


def main() -> None:
    """Serve until Ctrl-C, for a browser."""
    parser = argparse.ArgumentParser(prog="python -m demo.newsroom", description="Serve the invented newsroom.")
    parser.add_argument("--port", type=int, default=8765)
    parser.add_argument("--day", type=int, choices=(1, 2), default=2)
    chosen = parser.parse_args()
    with Newsroom(datetime.now(UTC), chosen.port) as newsroom:
        newsroom.day = chosen.day
        print("\n".join(newsroom.fronts()), flush=True)
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            print()


if __name__ == "__main__":
    main()
