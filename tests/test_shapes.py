"""The shapes of credits: the lines that shapes.toml itself says they match, and must not."""

import tomllib

import pytest

from extract.credit import agencies, shapes, tokens

KNOWN = agencies.load()
ROWS = tomllib.loads(shapes.FILE.read_text(encoding="utf-8"))["shape"]
YES = [(row["name"], line) for row in ROWS for line in row["yes"]]
NO = [line for row in ROWS for line in row["no"]]


@pytest.mark.parametrize(("name", "example"), YES)
def test_a_line_in_this_shape_credits(name: str, example: str) -> None:
    told, want = example.rsplit(" => ", 1)
    place, line = told.split(": ", 1)
    found = shapes.match(line, place, KNOWN)
    assert found is not None, "".join(token.letter for token in tokens.read(line, KNOWN))
    assert (found.shape.name, set(found.agencies)) == (name, set(want.split()))


@pytest.mark.parametrize("example", NO)
def test_a_line_like_it_credits_nobody(example: str) -> None:
    place, line = example.split(": ", 1)
    assert shapes.match(line, place, KNOWN) is None


def test_every_shape_has_an_example_and_places_that_are_known() -> None:
    for shape, row in zip(shapes.load(), ROWS, strict=True):
        assert row["yes"], shape.name
        assert shape.places <= {"byline", "field", "above", "head", "opening", "closing", "below", "foot", "note"}


@pytest.mark.parametrize(
    ("line", "letters"),
    [
        ("By Ann Lee, AP", "bKK,N"),
        ("［東京 20日 ロイター］", "(hdhN)"),
        ("LondonReuters", "KN"),
        ("Guild of Northern Anglers (GNA)", "KxKK(K)"),
        ("All-Nippon Airways (ANA)", "K_KK(K)"),
        ("AP poll", "KK"),
        ("© 2008 The Associated Press", "©dL"),
        ("Source: dpa", "l:N"),
        ("Reuters - Ap - Afp", "N-N-N"),
        ("新华社北京11月20日电", "NhdhdhT"),
    ],
)
def test_a_line_is_read_as_tokens(line: str, letters: str) -> None:
    assert "".join(token.letter for token in tokens.read(line, KNOWN)) == letters


def test_tokens_stand_where_the_line_has_them() -> None:
    line = "【ロンドン＝ロイター】 Ａ Press Trust Of India — x"
    for token in tokens.read(line, KNOWN):
        assert tokens.fold(line[token.start : token.end]).replace(" ", "") == token.text.replace(" ", "")


def test_no_initials_are_a_common_word_without_its_homonyms() -> None:
    """Initials that are words or usual acronyms too need their homonyms; what is left is looked at by hand."""
    for agency in KNOWN.all:
        for short in agency.short:
            if short in ("AA", "AP", "PA", "PTI", "CP", "UPI"):
                assert agency.homonyms, f"{short} of {agency.key}"
