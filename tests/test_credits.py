"""Agency credits: a case a table in cases/credits.toml, each with what proves it or what only looks like it."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from extract.credit import agencies, credits
from extract.credit.signs import SHORT, Line, Signs
from extract.errors import BadInput

CASES = tomllib.loads((Path(__file__).parent / "cases" / "credits.toml").read_text(encoding="utf-8"))["case"]
KNOWN = agencies.load()


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_credits(case: dict[str, Any]) -> None:
    lines = [Line("byline", case.get("byline", ""))]
    lines += [Line("field", name, "jsonld") for name in case.get("jsonld", ())]
    lines += [Line("field", name, "meta") for name in case.get("meta", ())]
    lines += [Line("head" if len(line.split()) <= SHORT else "opening", line) for line in case.get("head", ())]
    lines += [Line("closing", line) for line in case.get("tail", ())]
    lines += [Line("note", line) for line in case.get("notes", ())]
    signs = Signs(case.get("site", "herald.example"), tuple(line for line in lines if line.text))
    found = credits.credits(signs, KNOWN)
    want = [tuple(c) if len(c) == 3 else (*c, "") for c in case["credits"]]
    assert sorted((c.agency, c.found_in, "contributed" if c.partial else "") for c in found) == sorted(want)
    assert all(c.evidence for c in found)


def test_a_text_alone_is_searched_at_head_and_tail() -> None:
    text = "LIMA (Reuters) - It rained.\n\n" + "\n\n".join(f"Paragraph {n}." for n in range(20))
    assert [c.agency for c in credits.given(text, (), "", KNOWN)] == ["reuters"]
    middle = "\n\n".join([*("A paragraph.",) * 9, "LIMA (Reuters) - It rained.", *("Another.",) * 9])
    assert credits.given(middle, (), "", KNOWN) == ()


def test_every_agency_is_found_by_each_of_its_names() -> None:
    for agency in KNOWN.all:
        for name in (*agency.names, *agency.short):
            assert KNOWN.whole(name) == agency.key, name


def test_there_are_the_worlds_agencies() -> None:
    assert len([a for a in KNOWN.all if a.kind == "agency"]) >= 60


def test_a_persons_own_agencies_win_over_the_built_in_ones(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        '[mine]\nname="Mine"\nkind="agency"\nlanguages=[]\nsites=["mine.example"]\nnames=["Mine News"]\nshort=["MNA","AP"]\nnot=[]\n'
    )
    known = agencies.load(path)
    assert known.whole("AP") == "mine"
    assert known.at_site("mine.example") == "mine"
    assert known.whole("Associated Press") == "ap"


@pytest.mark.parametrize(
    ("text", "words"), [("[x", "x"), ('[x]\nname="X"', "missing or unknown key"), ("x = 1", "not a table")]
)
def test_a_bad_agencies_file_is_named(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(BadInput, match=words):
        agencies.load(path)
    with pytest.raises(BadInput, match="cannot be read"):
        agencies.load(tmp_path / "none.toml")
