"""A topic's stories as an Atom feed (RFC 4287): an entry a story, whoever ran it first, never one for a copy."""

from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import quote

from lxml import etree

from flows import telling
from flows.settings import VERSION
from storage.look.dossier import Mark
from storage.look.edition import Row

ATOM = "http://www.w3.org/2005/Atom"
BEGAN = datetime(2000, 1, 1, tzinfo=UTC)  # of a feed that has no entry yet
_UNPRINTABLE = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])


def feed(mark: Mark, stories: Sequence[Row], name: str) -> bytes:
    """The feed of a topic that is kept as `name`.atom beside its page, the newest story first; equal stories give equal bytes.
    A story's id and moment stay with it, so that a reader shows it once."""
    root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})
    _add(root, "id", f"urn:newsduck:topic:{quote(mark.topic, safe='')}")
    _add(root, "title", f"newsduck: {mark.topic}")
    _add(root, "subtitle", mark.description or mark.query)
    _add(root, "updated", _moment(max((row["first_seen_at"] for row in stories), default=BEGAN)))
    _add(root, "generator", "newsduck", version=VERSION)
    _add(root, "link", rel="self", type="application/atom+xml", href=f"{quote(name)}.atom")
    _add(root, "link", rel="alternate", type="text/html", href=f"{quote(name)}.html")
    for row in stories:
        entry = _add(root, "entry")
        _add(entry, "id", f"urn:newsduck:story:{row['story_id']}")
        _add(entry, "title", row["title"] or "(no headline)")
        _add(entry, "updated", _moment(row["first_seen_at"]))
        if row["published_at"] is not None:
            _add(entry, "published", _moment(row["published_at"]))
        if linked := row["url"].startswith(("http://", "https://")):
            _add(
                entry,
                "link",
                rel="alternate",
                href=row["url"],
                **({"hreflang": row["language"]} if row["language"] else {}),
            )
        _add(_add(entry, "author"), "name", row["outlet"])
        _add(entry, "summary" if linked else "content", _summary(row))  # one without a link has to have content
        if row["agency"]:
            _add(entry, "category", term=row["agency"], label=f"written by {row['agency']}")
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True))


def _add(parent: etree._Element, tag: str, text: str = "", **attributes: str) -> etree._Element:
    clean = {name: value.translate(_UNPRINTABLE) for name, value in attributes.items()}
    found = etree.SubElement(parent, f"{{{ATOM}}}{tag}", clean)
    if text:
        found.text = text.encode("utf-8", "replace").decode().translate(_UNPRINTABLE)
    return found


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _summary(row: Row) -> str:
    """The passage that matched, and who ran it: first the one that had it first."""
    others = [outlet for outlet in row["ran_in"] if outlet != row["outlet"]]
    who = f"{telling.some(row['outlets'], 'outlet')}: {', '.join([row['outlet'], *others][:12])}"
    return " ".join(
        filter(
            None,
            [(row["snippet"] or "").replace("**", ""), f"({who}{'; by ' + row['agency'] if row['agency'] else ''})"],
        )
    )
