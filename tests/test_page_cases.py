"""Pages and what is read of them, side by side in tests/cases/pages: NAME.html and NAME.toml. A new case needs no Python."""

import tomllib
from pathlib import Path

import pytest

from extract.read.page import read_page
from tests.pages import NOW

CASES = Path(__file__).with_name("cases") / "pages"
URL = "https://www.tarnpost.example/2026/water"
KNOWN = {"about", "title", "authors", "byline", "published", "url", "has", "has_not"}


@pytest.mark.parametrize("name", sorted(path.stem for path in CASES.glob("*.toml")))
def test_a_page_is_read_as_expected(name: str) -> None:
    want = tomllib.loads((CASES / f"{name}.toml").read_text(encoding="utf-8"))
    assert set(want) <= KNOWN
    article = read_page((CASES / f"{name}.html").read_bytes(), want.get("url", URL), "text/html", NOW)
    told = {
        "title": article.title,
        "authors": list(article.authors),
        "byline": article.byline,
        "published": str(article.published_day),
    }
    assert {field: value for field, value in told.items() if field in want} == {
        n: v for n, v in want.items() if n in told
    }
    assert [text for text in want.get("has", []) if text not in article.text] == []
    assert [text for text in want.get("has_not", []) if text in article.text] == []


def test_every_page_has_its_expectation() -> None:
    assert {path.stem for path in CASES.glob("*.html")} == {path.stem for path in CASES.glob("*.toml")}
