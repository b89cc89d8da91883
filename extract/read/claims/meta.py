"""A page's meta elements, and the address that it calls its own."""

import re

from lxml.html import HtmlElement

from extract import plain

READERS = re.compile(r"(?:Comment|UserComments|Answer)$")  # what readers say, by schema.org


class Meta:
    """A page's meta elements: name, property or itemprop, lower-cased, to their values in order; and `canonical`, as it is written."""

    def __init__(self, tree: HtmlElement) -> None:
        links = (e.get("href") for e in tree.iter("link") if (e.get("rel") or "").lower() == "canonical")
        self.canonical = next(links, None) or ""
        self._values: dict[str, list[str]] = {}
        for element in tree.iter("meta"):
            name = element.get("property") or element.get("name") or ""
            name = name or ("" if is_readers(element) else element.get("itemprop") or "")
            value = plain.from_html(element.get("content"))
            if name and value:
                self._values.setdefault(name.lower(), []).append(value)

    def first(self, *names: str) -> str:
        return next((self._values[n][0] for n in names if n in self._values), "")

    def all(self, name: str) -> list[str]:
        return self._values.get(name, [])


def is_readers(element: HtmlElement) -> bool:
    """Whether an element is marked within what a reader says."""
    scope = next((e for e in element.iterancestors() if e.get("itemscope") is not None), None)
    return scope is not None and bool(READERS.search(scope.get("itemtype") or ""))
