"""The person's feed list: OPML 2.0, as every reader exports it; read, changed in place, written whole or not at all.

Whatever else stands in the file, other readers' attributes among it, stays as it is. A paused feed is one whose outline
is "commented out" (isComment, in OPML's own words), alone or with its folder.
"""

import fnmatch
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

from lxml import etree

from extract import plain, urls
from extract.errors import BadInput, NotAFeed
from extract.keys import key
from extract.poll import document
from extract.records import Feed
from extract.vocabulary import PAGE
from storage import disk
from storage.files import replace_file

_WILD = re.compile(r"[*?]")
_SCHEME = re.compile(r"^[a-z]+://")
_FEED_SCHEME = re.compile(r"^feed:(?:(?=https?:)()|//)", re.IGNORECASE)
EMPTY = b'<opml version="2.0">\n  <head><title>newsduck</title></head>\n  <body/>\n</opml>\n'


def load(path: Path) -> list[Feed]:
    """The feeds of an OPML file, each once, in order; raises BadInput, naming the file, where there are none to read."""
    found = FeedList(path).feeds()
    if not found:
        raise BadInput(
            f"{path} lists no feeds: `newsduck feeds add https://…` finds a site's, `newsduck feeds import` takes a list"
        )
    return found


def named(names: Sequence[str], feeds: Sequence[Feed]) -> list[Feed]:
    """The feeds a person means, each once: by address, by a part of address or title that fits one only, or by a pattern
    (`*.bbc.co.uk/*`) that may fit several. Raises BadInput where one fits none, or a part several."""
    found = []
    called: dict[str, list[Feed]] = {}
    for feed in feeds:
        for name in {feed.url, feed.title}:
            called.setdefault(name, []).append(feed)
    for name in names:
        part, is_pattern = name.lower(), bool(_WILD.search(name)) and name not in called
        pattern = re.compile(fnmatch.translate(part))
        fits = called.get(name) or [
            f
            for f in feeds
            for told in (f.url.lower(), f.title.lower())
            if (pattern.match(_SCHEME.sub("", told)) or pattern.match(told) if is_pattern else part in told)
        ]
        fits = list({f.url: f for f in fits}.values())
        if not fits or (len(fits) > 1 and not is_pattern):
            among = f"fits {len(fits)} feeds: {', '.join(f.url for f in fits[:5])}" if fits else "is not on the list"
            raise BadInput(
                f"{name!r} {among}; `newsduck feeds list` shows their addresses, and '*{name}*' means all that fit"
            )
        found += fits
    return list({feed.url: feed for feed in found}.values())


class FeedList:
    """An OPML file and its tree."""

    def __init__(self, path: Path, *, new: bool = False) -> None:
        """Read the file; with `new`, one that does not exist is an empty list.
        Raises BadInput where it cannot be read."""
        self.path = path
        try:
            text = EMPTY if new and not path.exists() else path.read_bytes()
        except OSError as error:
            out = "`newsduck init` makes a feed list, `feeds` in newsduck.toml names yours"
            gone = isinstance(error, FileNotFoundError)
            raise BadInput(
                f"{path} cannot be read: {f'it does not exist; {out}' if gone else disk.way_out(error)}"
            ) from error
        try:  # readers write ampersands, encodings and control characters as they come: what can be mended is
            text = document.mended(document.unpacked(text))
        except NotAFeed as error:
            raise BadInput(f"{path}: {error}") from error
        parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, remove_blank_text=True)
        try:
            root = etree.fromstring(text, parser)
        except etree.XMLSyntaxError:
            root = None
        self._root = root
        if root is None or next(root.iter("{*}outline", "{*}body"), None) is None:
            raise BadInput(f'{path} lists no feeds; an OPML file has <outline xmlUrl="https://…"/> for each')

    def feeds(self, wrong: list[str] | None = None) -> list[Feed]:
        """Its feeds, each once, in order. Raises BadInput for a line that has no address; with `wrong` such lines are told
        there, and left out."""
        found: dict[str, Feed] = {}
        for outline, url in self._outlines(wrong):
            folders = list(outline.iterancestors("{*}outline"))[::-1]
            names = [_attribute(o, "text") or _attribute(o, "title") for o in folders]
            if not folders:  # OPML's other way: category="/Europe/Spain,…"
                names = _attribute(outline, "category").split(",")[0].split("/")
            paused = any(_attribute(o, "isComment").lower() == "true" for o in (*folders, outline))
            feed = Feed(
                feed_id=key(url),
                url=url,
                title=_attribute(outline, "title") or _attribute(outline, "text"),
                site_url=urls.canonical(_attribute(outline, "htmlUrl")) or "",
                categories=tuple(filter(None, (plain.line(name) for name in names))),
                status="paused" if paused else "new",
                format=PAGE if _attribute(outline, "type").lower() == PAGE else "",
            )
            found.setdefault(url, feed)
        return list(found.values())

    def add(self, feeds: Iterable[Feed]) -> list[Feed]:
        """Put feeds on the list, in the folders of their categories; gives those that were not there yet."""
        there, folders = {url for _, url in self._outlines()}, self._folders()
        added = []
        for feed in feeds:
            if feed.url not in there:
                there.add(feed.url)
                added.append(feed)
                told = {
                    "type": feed.format or "rss",
                    "text": feed.title or feed.url,
                    "title": feed.title or feed.url,
                    "xmlUrl": feed.url,
                }
                told |= {"htmlUrl": feed.site_url} if feed.site_url else {}
                told |= {"isComment": "true"} if feed.status == "paused" else {}
                etree.SubElement(_folder(folders, feed.categories), "outline", told)
        return added

    def remove(self, urls: Collection[str]) -> None:
        """Take feeds off the list, wherever they stand."""
        for outline, found in list(self._outlines()):
            parent = outline.getparent()
            if found in urls and parent is not None:
                parent.remove(outline)

    def pause(self, urls: Collection[str], paused: bool) -> None:
        """Comment feeds out, or in again. Raises BadInput where a folder of theirs is paused as a whole."""
        for outline, found in self._outlines():
            if found in urls and paused:
                outline.set("isComment", "true")
            elif found in urls:
                for folder in (outline, *outline.iterancestors("{*}outline")):
                    if _attribute(folder, "isComment").lower() == "true" and folder is not outline:
                        raise BadInput(
                            f"{found}: its folder {_attribute(folder, 'text')!r} is paused as a whole: take its isComment out of {self.path}"
                        )
                    folder.attrib.pop("isComment", None)

    def text(self) -> bytes:
        """The file as it is to be written."""
        etree.indent(self._root, "  ")
        return bytes(etree.tostring(self._root.getroottree(), xml_declaration=True, encoding="UTF-8")) + b"\n"

    def save(self) -> None:
        """Write the file: a reader, or a crash, finds the old list or the new one, whole."""
        replace_file(self.path, self.text())

    def _outlines(self, wrong: list[str] | None = None) -> Iterator[tuple[etree._Element, str]]:
        for outline in self._root.iter("{*}outline"):
            if given := _attribute(outline, "xmlUrl"):
                url = urls.canonical(_FEED_SCHEME.sub(_as_web, given))
                if url is None:
                    name = _attribute(outline, "title") or _attribute(outline, "text")
                    told = f"{self.path}: {given[:200]!r} ({name}) is no http(s) address; mend or delete its line"
                    if wrong is None:
                        raise BadInput(told)
                    wrong.append(told)
                    continue
                yield outline, url

    def _folders(self) -> dict[tuple[str, ...], etree._Element]:
        """The folders by the names on the way to them; the first of those that share them. The list itself is ()."""
        body = self._root.find("{*}body")
        found: dict[tuple[str, ...], etree._Element] = {}
        found[()] = etree.SubElement(self._root, "body") if body is None else body
        todo: list[tuple[str, ...]] = [()]
        while todo:
            above = todo.pop()
            for outline in found[above].iterchildren("{*}outline"):
                way = (*above, _attribute(outline, "text"))
                if way not in found and not _attribute(outline, "xmlUrl"):
                    found[way] = outline
                    todo.append(way)
        return found


def _folder(folders: dict[tuple[str, ...], etree._Element], way: tuple[str, ...]) -> etree._Element:
    """The folder that these names lead to, made where there is none."""
    for n in range(len(way)):
        if way[: n + 1] not in folders:
            folders[way[: n + 1]] = etree.SubElement(folders[way[:n]], "outline", {"text": way[n]})
    return folders[way]


def _as_web(scheme: re.Match[str]) -> str:
    """feed://host and feed:https://host mean what a browser would open."""
    return "" if scheme.group(1) is not None else "https://"


def _attribute(outline: etree._Element, name: str) -> str:
    """An attribute as plain text, whatever its case: some readers write xmlurl."""
    found = next((value for given, value in outline.attrib.items() if str(given).lower() == name.lower()), "")
    return plain.line(str(found))
