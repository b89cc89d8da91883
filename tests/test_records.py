"""Records are frozen, slotted, and every field of them is explained or speaks for itself."""

import dataclasses
import inspect
from datetime import UTC, datetime

import pytest

from extract import records

RECORDS = [c for _, c in inspect.getmembers(records, dataclasses.is_dataclass)]


@pytest.mark.parametrize("record", RECORDS, ids=lambda r: r.__name__)
def test_a_record_cannot_be_changed(record: type) -> None:
    assert record.__dataclass_params__.frozen  # type: ignore[attr-defined]  # dataclass adds it
    assert "__slots__" in vars(record)
    assert record.__doc__
    assert not record.__doc__.startswith(record.__name__ + "(")


def test_an_article_names_each_agency_once_best_evidence_first() -> None:
    credits = (
        records.Credit("ap", "By AP", "byline"),
        records.Credit("ap", "(AP) —", "dateline"),
        records.Credit("dpa", "dpa", "trailer", True),
    )
    assert records.Article(1, "https://a.example/", credits=credits).agencies == ("ap", "dpa")


def test_a_page_finds_its_headers_whatever_their_case() -> None:
    ask = records.Ask("https://a.example/", "page", "", 1)
    page = records.Page(ask, ask.url, 200, (("ETag", '"x"'),), b"", datetime.now(UTC), 0.1)
    assert (page.header("etag"), page.header("age")) == ('"x"', "")
