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


def agency(
    key: str,
    names: tuple[str, ...] = (),
    short: tuple[str, ...] = (),
    homonyms: tuple[str, ...] = (),
    kind: str = "agency",
) -> agencies.Agency:
    return agencies.Agency(key, key, kind, (), (f"{key}.example",), names, short, homonyms)


MINE = agencies.Agencies(
    [
        agency(
            "lna",
            ("Lindes News Agency", "lindes press"),
            ("LNA", "Lin"),
            ("Lindes News Agency Football Club", "LNA Bank"),
        ),
        agency("map", ("Map Press",), ("MAP",), ("MAP",)),
        agency("east", ("東通信", "東通信社"), (), ("東通信大学",)),
        agency("many", ("agencies",), (), (), "unspecified"),
        agency("service", ("Herald Service",), (), (), "service"),
    ]
)


@pytest.mark.parametrize(
    ("line", "whose"),
    [
        ("Lindes News Agency", "lna"),
        ("LINDES NEWS AGENCY", "lna"),
        ("lindes news agency", ""),  # no name's case
        ("Lindes news agency", "lna"),
        ("lindes press", "lna"),  # a name that is written small
        ("LNA", "lna"),
        ("Lna", ""),
        ("lna", ""),
        ("Lin", "lna"),
        ("LIN", "lna"),
        ("LNA Bank", ""),
        ("Lindes News Agency Football Club", ""),
        ("Lindes News", ""),
        ("The LNA", "lna"),
        ("(LNA).", "lna"),
        ("die LNA", "lna"),
        ("LNA's", "lna"),
        ("東通信社", "east"),
        ("東通信", "east"),
        ("東通信大学", ""),
        ("東通", ""),
        ("Agencies", "many"),
        ("", ""),
    ],
)
def test_whose_name_a_text_is_all_of(line: str, whose: str) -> None:
    assert (MINE.whole(line) or "") == whose


@pytest.mark.parametrize(
    ("line", "might"),
    [
        ("Said Lindes Press today", True),
        ("Said Lindes today", False),
        ("Said the news agency today", False),
        ("By LNA", True),
        ("so lna", True),
        ("", False),
        ("今日の東通信社", True),
        ("今日の東西", False),
        ("LondonLNA", True),
        ("Lindes Press電", True),
    ],
)
def test_where_it_is_worth_looking_for_a_name(line: str, might: bool) -> None:
    assert MINE.might_name(line) is might


def test_names_in_a_text_without_blanks() -> None:
    assert MINE.within("東通信社と東通信大学") == [(0, 4, "east"), (5, 10, None)]
    assert MINE.within("と東通信と") == [(1, 4, "east")]
    assert MINE.within("ない") == []


def test_what_is_known_of_an_agency() -> None:
    assert (MINE.at_site("lna.example"), MINE.at_site("other.example")) == ("lna", None)
    assert (MINE.kind("many"), MINE.kind("nothing")) == ("unspecified", "agency")
    assert [MINE.is_like_any(*one) for one in (("Lin", "lna"), ("LIN", "lna"), ("MAP", "map"), ("LNA", "lna"))] == [
        True,
        False,
        True,
        False,
    ]


def credited(
    *lines: tuple[str, str], site: str = "herald.example", known: agencies.Agencies = KNOWN
) -> list[tuple[str, str, bool, bool]]:
    signs = Signs(site, tuple(Line(place, text) for place, text in lines))  # type: ignore[arg-type]
    return [(c.agency, c.found_in, c.partial, c.joint) for c in credits.credits(signs, known)]


def test_an_agency_is_credited_once_by_its_best_evidence_and_writers_come_first() -> None:
    wrote, helped = ("closing", "LIMA (Reuters) - It rained."), ("note", "With material from dpa")
    assert credited(("opening", wrote[1])) == [("reuters", "dateline", False, False)]
    assert credited(("byline", "By Reuters"), ("opening", wrote[1])) == [("reuters", "byline", False, False)]
    assert credited(helped, ("byline", "By Reuters")) == [
        ("reuters", "byline", False, False),
        ("dpa", "trailer", True, False),
    ]
    both = credited(("byline", "By Reuters"), ("opening", "PARIS (AFP) - It rained."))
    assert [(a, j) for a, _, _, j in both] == [("reuters", True), ("afp", True)]
    own = credited(("byline", "By Ann Lee"), site="reuters.com")
    assert own == [("reuters", "site", False, False)]


def test_and_where_one_ends_four_hundred() -> None:
    line = "x" * 500 + "end"
    assert credits.looked_at(Line("closing", line)) == line[-400:]
    assert credits.looked_at(Line("below", line)) == line[-400:]
    assert credits.looked_at(Line("note", line)) == line[:400]
    for place in ("byline", "field", "above", "head", "opening"):
        assert credits.looked_at(Line(place, line)) == line[:200]


@pytest.mark.parametrize(("behind", "found"), [(0, True), (1, True), (3, True), (4, False)])
def test_each_of_a_paragraphs_last_four_sentences_may_be_a_credit(behind: int, found: bool) -> None:
    text = "It rained. It snowed. It rained. (Reuters)." + " It rained again then." * behind
    assert bool(credited(("closing", text))) is found
    assert credited(("opening", text)) == []


ASSUMED = "Additional reporting by Ann Lee; Editing by Max Orr"


def test_a_form_that_names_nobody_is_anybodys_where_a_name_stands() -> None:
    alone = credited(("closing", ASSUMED))
    assert [name for name, *_ in alone] == ["reuters"]
    assert [name for name, *_ in credited(("byline", "By AFP"), ("closing", ASSUMED))] == ["afp"]
    helped = credited(("note", "With material from dpa"), ("closing", ASSUMED))
    assert {name for name, *_ in helped} == {"dpa", "reuters"}, "who only helped did not write it"
