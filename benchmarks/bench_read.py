"""CPU per page of the reader (text and all metadata) against trafilatura's default with metadata, on the same real pages,
in turn, in one run; and of a site whose bodies' place is known, with the F1 of both readings where the set holds texts.

    python benchmarks/bench_read.py [FOLDER]     FOLDER holds sets of pages: SET/gold.jsonl.gz and SET/ID.html.gz

A page is read once by each; what a library loads at its first call is paid before. The ratio is the figure to quote.
For a page of a known site the place is learned from the other pages of its site and year, never from itself.
"""

import gzip
import json
import re
import sys
import time
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import trafilatura.utils
from lxml.html import HtmlElementClassLookup

from extract import urls
from extract.read.body import habits, places
from extract.read.page import PLACE, page_habits, read_page
from extract.records import Article
from tests.conftest import REAL

SETS = ("aeb", "fundus", "aed", "ctf")
NOW = datetime.now(UTC)
WARM = 12


def timed(function: Callable[[], Any]) -> tuple[Any, float]:
    """What a call gives, and its CPU milliseconds."""
    start = time.process_time()
    found = function()
    return found, (time.process_time() - start) * 1000


def default(body: bytes, url: str) -> Any:
    """What trafilatura as it comes makes of a page: its parser as lxml makes it, of which the reader has made another."""
    trafilatura.utils.HTML_PARSER.set_element_class_lookup(HtmlElementClassLookup())
    return trafilatura.bare_extraction(body, url=url, with_metadata=True, include_comments=False)


def shingles(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    return Counter(tuple(words[n : n + 4]) for n in range(max(1, len(words) - 3)))


def f1(pairs: list[tuple[str, Article]]) -> float:
    """The benchmark's measure: the harmonic mean of mean precision and mean recall over 4-word shingles."""
    precision, recall = [], []
    for gold, article in pairs:
        wanted = shingles(gold)
        found = shingles("\n".join(filter(None, (article.title, article.standfirst, article.byline, article.text))))
        both = (wanted & found).total()
        precision.append(both / max(1, found.total()))
        recall.append(both / max(1, wanted.total()))
    p, r = sum(precision) / len(precision), sum(recall) / len(recall)
    return 2 * p * r / (p + r)


def line(name: str, pages: int, ours: float, theirs: float) -> None:
    print(
        f"{name:22s}{pages:5d} pages   reader {ours / pages:6.1f} ms   trafilatura {theirs / pages:6.1f} ms   ratio {ours / theirs:.2f}"
    )


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else REAL / "data" / "pages"
    if not folder.exists():
        print(f"{folder} is not there: this benchmark needs real pages")
        return
    warnings.simplefilter("ignore")
    totals = [0, 0.0, 0.0]
    for name in SETS:
        rows = [json.loads(r) for r in gzip.decompress((folder / name / "gold.jsonl.gz").read_bytes()).splitlines()]
        bodies = [gzip.decompress((folder / name / f"{r['id']}.html.gz").read_bytes()) for r in rows]
        addresses = [urls.canonical(r["url"] or "") or "https://a.example/" for r in rows]
        pages = list(zip(bodies, addresses, strict=True))
        for body, url in pages[:WARM]:
            read_page(body, url)
            default(body, url)
        ours = theirs = 0.0
        taught = defaultdict(list)
        theirs_by_page = []
        for row, (body, url) in zip(rows, pages, strict=True):
            article, spent = timed(lambda: read_page(body, url, fetched_at=NOW))  # noqa: B023  # called at once
            ours += spent
            _, spent = timed(lambda: default(body, url))  # noqa: B023
            theirs += spent
            theirs_by_page.append(spent)
            taught[urls.site(url), row.get("year")].append((row["id"], article.taught))
        line(name, len(pages), ours, theirs)
        totals = [totals[0] + len(pages), totals[1] + ours, totals[2] + theirs]
        if name == "ctf":
            known_sites(rows, pages, taught, theirs_by_page)
    line("all", int(totals[0]), totals[1], totals[2])


def known_sites(rows: list[Any], pages: list[Any], taught: Any, theirs: list[float]) -> None:
    """The same pages once more, each with the place that the others of its site and year teach."""
    repeated: dict[str, Any] = defaultdict(list)
    for body, url in pages:
        repeated[urls.site(url)].append(page_habits(body, url))
    blocks = {site: habits.decide_repeated(found) for site, found in repeated.items()}
    full, placed, ours, beside = [], [], 0.0, 0.0
    for row, (body, url), spent_there in zip(rows, pages, theirs, strict=True):
        seen = [o for i, o in taught[urls.site(url), row.get("year")] if o and i != row["id"]]
        known, house = places.decide_places(seen), blocks[urls.site(url)]
        article, spent = timed(lambda: read_page(body, url, "", NOW, (), house, "", known))  # noqa: B023  # called at once
        whole = read_page(body, url, "", NOW, (), house)
        full.append((row["text"], whole))
        placed.append((row["text"], article))
        if article.extractor == PLACE:
            ours, beside = ours + spent, beside + spent_there
    used = sum(article.extractor == PLACE for _, article in placed)
    line("ctf, read at the place", used, ours, beside)
    print(f"{'':22s}F1 of all {len(rows)}: full reader {f1(full):.4f}, with places {f1(placed):.4f}")


if __name__ == "__main__":
    main()
