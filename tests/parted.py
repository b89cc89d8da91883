"""A fetch divided among parts, for the tests of it: its settings, its rounds, and a press on loopback that counts who is asked."""

import socket
import threading
from collections import Counter

import msgspec

from extract.sandbox import Sandbox
from flows import settings
from storage import duck
from storage.warehouse import Warehouse
from tests import line
from tests.newsagent import Newsagent, answer

PARTS = 4
ONCE = settings.Fetch(allow_loopback=True, pause=0.0, timeout=60.0, retry_minutes=600.0, again_hours=0.0)
HOURLY = settings.Poll(every_minutes=60.0, shortest_minutes=60.0, longest_minutes=1440.0)


def in_parts(found: settings.Settings, parts: int = PARTS) -> settings.Settings:
    return msgspec.structs.replace(found, fetch=msgspec.structs.replace(found.fetch, parts=parts))


def all_parts(found: settings.Settings) -> list[int]:
    """All parts fetch at once; gives what each was answered in documents."""
    came: dict[int, int] = {}
    threads = [
        threading.Thread(target=lambda p=part: came.__setitem__(p, line.fetch(found, p).documents))
        for part in range(1, found.fetch.parts + 1)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [came[part] for part in sorted(came)]


def rounds(found: settings.Settings, sandbox: Sandbox) -> None:
    """Hand out feeds, take them in and hand out pages, take those in; and once more for what was led elsewhere."""
    line.ingest(found, sandbox)
    for _ in range(3):
        all_parts(found)
        line.ingest(found, sandbox)


def all_due(found: settings.Settings) -> None:
    """As if an hour had gone by since feeds were looked at."""
    house = Warehouse(found.data_folder)
    if house.path.exists():
        with duck.open_file(house.path) as connection:
            connection.execute("UPDATE feeds SET next_poll_at = now()")


class Press:
    """Sites on one machine, each with a list of pages; knows of each request, and whether a host was ever asked two at once."""

    def __init__(self, agent: Newsagent, sites: int = 12, pages: int = 4) -> None:
        self.agent, self.hosts = agent, [f"site{n}.localhost" for n in range(sites)]
        self.asked: Counter[tuple[str, str]] = Counter()
        self.at_once: set[str] = set()
        self._busy: Counter[str] = Counter()
        self._lock = threading.Lock()
        self.led: dict[tuple[str, str], str] = {}  # host, path → where it leads
        self.lists = {host: [f"/{host[:-10]}-page{n}" for n in range(pages)] for host in self.hosts}
        for path in ("/feed", "/robots.txt", *(path for paths in self.lists.values() for path in paths)):
            agent.on(path, self._answer)

    def opml(self) -> str:
        lines = "".join(f'<outline xmlUrl="{self.agent.url("/feed", host)}"/>' for host in self.hosts)
        return f'<opml version="2.0"><body>{lines}</body></opml>'

    def _answer(self, to: socket.socket, request: str) -> None:
        path, host = request.split(" ")[1], request.split("Host: ")[1].split(":")[0]
        with self._lock:
            self._busy[host] += 1
            self.at_once |= {host} if self._busy[host] > 1 else set()
            self.asked[host, path] += 1
        whole = self._document(host, path)
        try:
            to.sendall(whole[:-1])
        finally:  # before the last byte: whoever has that may ask again at once
            with self._lock:
                self._busy[host] -= 1
        to.sendall(whole[-1:])

    def _document(self, host: str, path: str) -> bytes:
        if (host, path) in self.led:
            return answer("", "301 Moved", location=self.led[host, path])
        if path == "/robots.txt":
            return answer("", "404 Not Found")
        if path == "/feed":
            items = "".join(
                f"<item><title>{host} {one}</title><link>{self.agent.url(one, host)}</link></item>"
                for one in self.lists[host]
            )
            return answer(
                f'<rss version="2.0"><channel><title>{host}</title>{items}</channel></rss>', content_type="text/xml"
            )
        words = " ".join(f"{path[1:]}word{n}" for n in range(120))
        return answer(
            f"<html><head><title>{path}</title></head><body><article><h1>{path}</h1><p>{words}.</p></article></body></html>"
        )


def articles(found: settings.Settings) -> list[str]:
    return [
        str(url)
        for (url,) in duck.ask(found.data_folder / "warehouse.duckdb", "SELECT url FROM articles ORDER BY url")[1]
    ]
