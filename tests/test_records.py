"""Records are frozen, slotted, and every field of them is explained or speaks for itself."""

import dataclasses
import importlib
import inspect
import pkgutil
from datetime import UTC, datetime
from typing import Any

import pytest

import extract
from extract import keys, plain, records
from extract.fetch.parts import part_of
from extract.group import shingles
from extract.read.body.habits import mask

RECORDS = [c for _, c in inspect.getmembers(records, dataclasses.is_dataclass)]


@pytest.mark.parametrize("record", RECORDS, ids=lambda r: r.__name__)
def test_a_record_cannot_be_changed(record: type) -> None:
    assert record.__dataclass_params__.frozen  # type: ignore[attr-defined]  # dataclass adds it
    assert "__slots__" in vars(record)
    assert record.__doc__
    assert not record.__doc__.startswith(record.__name__ + "(")


CHANGED = {"Pace", "Turns", "Frequencies", "_Story", "_Link", "Line"}  # what is put together or counted on the way


def test_what_any_module_decides_with_cannot_be_changed() -> None:
    modules = [importlib.import_module(one.name) for one in pkgutil.walk_packages(extract.__path__, "extract.")]
    found: list[Any] = [
        one
        for module in modules
        for one in vars(module).values()
        if isinstance(one, type) and dataclasses.is_dataclass(one) and one.__module__ == module.__name__
    ]
    assert len(found) > 50
    assert {one.__name__ for one in found if not one.__dataclass_params__.frozen} == CHANGED
    assert {one.__name__ for one in found if "__slots__" not in vars(one)} == {"Layout"}  # which looks things up once


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


@pytest.mark.parametrize(
    ("unsigned", "number"), [(0, 0), (1, 1), (2**63 - 1, 2**63 - 1), (2**63, -(2**63)), (2**64 - 1, -1)]
)
def test_a_key_fits_into_a_bigint(unsigned: int, number: int) -> None:
    assert keys.signed(unsigned) == number


def test_keys_are_the_same_on_every_machine() -> None:
    assert keys.key("ab", "c") != keys.key("a", "bc") != keys.key("abc")
    assert keys.key("newsduck") == keys.body_key(b"newsduck")
    assert keys.text_hash("a", "b", "c") == keys.key("a", "b", "c")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (None, ""),
        ("", ""),
        ("  a \n b ", "a b"),
        ("a\u200bb\x00c", "abc"),
        ("e\u0301", "é"),
        ("<b>a</b> &amp; b", "a & b"),
        ("a<br>b<p>c", "a b c"),
        ("CO<sub>2</sub>", "CO2"),
        ("<script>x</script>a<style>y</style>", "a"),
        ("5 < 6 > 4", "5 < 6 > 4"),
        ("profit <5%", "profit <5%"),
        ("a <b", "a <b"),
        ("<i>x</i> a <b", "x a"),  # HTML may break off inside of a tag
        ("&#01;a", "a"),
        ("&lt;b&gt;", "<b>"),
        ("<!-- x -->a", "a"),
    ],
)
def test_a_scrap_of_html_is_one_line(text: str | None, line: str) -> None:
    assert plain.from_html(text) == line


def test_paragraphs_are_lines_with_a_blank_one_between() -> None:
    assert plain.paragraphs(" a  b \n\n\n c\n") == "a b\n\nc"
    assert plain.paragraphs(None) == plain.line(None) == ""
    assert plain.line("  a\tb\u200b ") == "a b"


def test_what_is_stored_by_its_key_is_found_by_it_for_good() -> None:
    """Keys, sketches and masks stand in every warehouse: another way of making them would lose what is there."""
    assert (keys.key("newsduck"), keys.key("a", "b")) == (-7501273315344246553, -2994339020679955527)
    assert (keys.body_key(b""), keys.text_hash("a", "b", "c")) == (3244421341483603138, 1840054288602178773)
    assert mask("12 comments") == 4786375362317909328
    words = " ".join(f"w{n}" for n in range(60))
    assert shingles.of(words).order[:3].tolist() == [-624100897737046572, -3851818474282263855, 7504435616197861007]
    assert shingles.sketch(words)[:2] == [-9073301598041241688, -8976072555678845792]
    assert shingles.of("one two three four five six seven eight").keys.tolist() == [-7684858087172687632]
    signs = "".join(chr(0x4E00 + n) for n in range(120))
    assert shingles.of(signs).order[:2].tolist() == [6514524238682378679, 8138525704410732549]


@pytest.mark.parametrize("parts", [1, 2, 3, 7])
def test_every_site_is_of_one_part_and_all_parts_have_some(parts: int) -> None:
    found = [part_of(f"https://www.herald{n}.example/x", parts) for n in range(200)]
    assert set(found) == set(range(1, parts + 1))
    assert found == [part_of(f"http://m.herald{n}.example/", parts) for n in range(200)]
