"""Why an article matches a query: the words of it that did, how much of the query they are, and the passage that shows them."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from extract import words
from extract.tag import index
from extract.tag.queries import Leaf, Query, compiled, is_wild
from extract.tracked import Document, Match

MOST = 50  # words and phrases told of one match
MARKS = 200  # words looked at for the best passage
AROUND = 240  # letters of a snippet
TITLE = 3  # a word in the title counts as so many in the text
ENOUGH = 2.0  # a word that stands so many times counts half of what one could at most

Run = tuple[int, int]  # of words: first, and behind the last


class Said:
    """A field of an article, by its words."""

    def __init__(self, texts: Sequence[str], lines: words.Lines, language: str = "") -> None:
        """With `language`, by the stems of its words."""
        self.words: list[str] = []
        for n, text in enumerate(texts):
            if n:
                self.words.append("\n")  # no word: phrases end here
            self.words += index.stems(text, language) if language else lines[text].split()
        self._known = set(self.words)

    def of(self, word: str) -> list[int]:
        """Where a word of a leaf stands."""
        if is_wild(word):
            meant = compiled(word)
            known = [one for one in self._known if meant.fullmatch(one)]
            return sorted(n for one in known for n in self._places(one))
        return list(self._places(word)) if word in self._known else []

    def _places(self, word: str) -> Iterator[int]:
        at = -1
        for _ in range(self.words.count(word)):
            at = self.words.index(word, at + 1)
            yield at


class Why:
    """One article, ready to show why queries match it."""

    def __init__(self, document: Document, lines: words.Lines | None = None) -> None:
        """`lines` has texts that are cut already."""
        self.document = document
        self._lines = words.Lines() if lines is None else lines
        self._values = index.values(document)
        self._said: dict[tuple[str, str], Said] = {}
        self._pieces: dict[str, tuple[str, list[Run]]] = {}

    def match(self, query: Query) -> Match:
        """The match of a query that is known to match."""
        found: dict[str, None] = {}
        marks: list[Run] = []
        total = 0.0
        for leaf in query.leaves:
            times = 0
            for field in leaf.fields:
                runs = self._runs(leaf, field)
                times += len(runs) * (TITLE if field == "title" else 1)
                found.update(dict.fromkeys(self._printed(field, runs)))
                if field == "text":
                    marks += runs
            total += times / (times + ENOUGH)
        topic = query.topic
        score = round(total / len(query.leaves), 4)
        shown = self._snippet(sorted(set(marks)))
        return Match(topic.name, topic.version, self.document.article_id, score, tuple(found)[:MOST], shown)

    def title(self, query: Query) -> str:
        """The title with the words marked."""
        runs = [run for leaf in query.leaves if "title" in leaf.fields for run in self._runs(leaf, "title")]
        return _marked(self.document.title, words.spans(self.document.title), sorted(set(runs)))

    def _runs(self, leaf: Leaf, field: str) -> list[Run]:
        found = list(_runs(self._as(field, ""), leaf.words, leaf.near))
        if leaf.stem and leaf.stem == self.document.language:
            said = self._as(field, leaf.stem)
            found += _runs(said, index.stems(" ".join(leaf.stems), leaf.stem), leaf.near)
        return list(dict.fromkeys(found))

    def _as(self, field: str, language: str) -> Said:
        if (field, language) not in self._said:
            self._said[field, language] = Said(self._values[field], self._lines, language)
        return self._said[field, language]

    def _printed(self, field: str, runs: Sequence[Run]) -> Iterator[str]:
        """The runs as the article has them, lower-cased."""
        whole, spans = self._spans(field) if runs else ("", [])
        for first, last in runs:
            yield _read([whole[a:b].lower() for a, b in spans[first:last]])

    def _spans(self, field: str) -> tuple[str, list[Run]]:
        """A field in one piece, and where each of its words stands in it, by letters."""
        if field not in self._pieces:
            texts = self._values[field]
            spans: list[Run] = []
            start = 0
            for n, text in enumerate(texts):
                if n:
                    spans.append((start - 1, start))
                spans += (
                    [(first + start, last + start) for first, last in words.spans(text)] if start else words.spans(text)
                )
                start += len(text) + 1
            self._pieces[field] = "\n".join(texts), spans
        return self._pieces[field]

    def _snippet(self, runs: Sequence[Run]) -> str:
        """The passage of the text that holds most of the runs; its beginning where there is none."""
        whole, spans = self._spans("text")
        if not runs:
            return _cut(whole, 0, AROUND, [])
        places = [(spans[first][0], spans[last - 1][1]) for first, last in runs[:MARKS]]
        best = max(range(len(places)), key=lambda n: (_held(places, n), -n))
        middle = (places[best][0] + places[best + _held(places, best) - 1][1]) // 2
        first = max(0, min(middle - AROUND // 2, places[best][0] - 20))
        return _cut(whole, first, first + AROUND, places)


def _runs(said: Said, leaf: Sequence[str], near: int) -> Iterator[Run]:
    """Where a word or phrase stands: as runs of words."""
    if not leaf:
        return
    if len(leaf) == 1:
        yield from ((n, n + 1) for n in said.of(leaf[0]))
        return
    places = [said.of(word) for word in leaf]
    if not all(places):
        return
    if not near:
        rest = [set(where) for where in places[1:]]
        for n in places[0]:
            if all(n + k in where for k, where in enumerate(rest, 1)):
                yield n, n + len(leaf)
        return
    behind = -1
    for first in sorted({n for where in places for n in where}):
        if first < behind:
            continue
        last = first + len(leaf) + near
        inside = [_first_in(where, first, last) for where in places]
        if min(inside) >= 0 and "\n" not in said.words[first : max(inside) + 1]:
            behind = max(inside) + 1
            yield first, behind


def _first_in(where: Sequence[int], first: int, last: int) -> int:
    """The first place within a window; -1 for none."""
    n = bisect_left(where, first)
    return where[n] if n < len(where) and where[n] < last else -1


def _held(places: Sequence[tuple[int, int]], n: int) -> int:
    """How many of the places, which are in order, fit into one snippet from the nth on."""
    last = places[n][0] + AROUND - 40
    return sum(end <= last for _, end in places[n : bisect_left(places, (last, 0), n)])


def _cut(text: str, first: int, last: int, places: Sequence[tuple[int, int]]) -> str:
    """A passage with the places marked, cut between words, on one line."""
    if first > 0 and not text[first - 1].isspace():
        first = next((n + 1 for n in range(first, min(first + 20, len(text))) if text[n].isspace()), first)
    inside = [(a, b) for a, b in places if a >= first and b <= last]
    if last < len(text):
        floor = max((b for _, b in inside), default=first)
        last = next((n for n in range(last, max(floor, last - 20), -1) if text[n].isspace()), last)
    told, at = "", first
    for a, b in inside:
        if a >= at:
            told += f"{text[at:a]}**{text[a:b]}**"
            at = b
    told += text[at:last]
    line = " ".join(told.split())
    return f"{'… ' if first > 0 else ''}{line}{' …' if last < len(text) else ''}"


def _marked(text: str, spans: Sequence[Run], runs: Sequence[Run]) -> str:
    return _cut(text, 0, len(text), [(spans[first][0], spans[last - 1][1]) for first, last in runs])


def _read(said: Sequence[str]) -> str:
    """Words as one reads them: with blanks, but where their script has none."""
    told = ""
    for before, word in zip(("", *said), said, strict=False):
        told += ("" if not before or (words.is_unspaced(word) and words.is_unspaced(before)) else " ") + word
    return told
