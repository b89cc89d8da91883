"""The shapes of credits: the lines that shapes.toml itself says they match, and must not."""

import itertools
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
        ("Ann Lee, Afp, Reuters", "KK,N,N"),
        ("新华社北京11月20日电", "NhdhdhT"),
        ("パリAFP時事", "hNN"),  # a word ends where a script without blanks begins
        ("Petra Wolf, dpa", "KK,N"),  # a person's name, beside a capitalised word
        ("Ann Petra, dpa", "KK,N"),
        ("Carlos Mena, AFP", "KK,N"),
        ("Petra, dpa", "S,N"),
        ("Zagreb, 20. studenoga, petak (Hina)", "K,d.d,x(N)"),
        ("péntek, 20.11.", "d,d.d."),
    ],
)
def test_a_line_is_read_as_tokens(line: str, letters: str) -> None:
    assert "".join(token.letter for token in tokens.read(line, KNOWN)) == letters


def test_tokens_stand_where_the_line_has_them() -> None:
    line = "【ロンドン＝ロイター】 Ａ Press Trust Of India — x"
    for token in tokens.read(line, KNOWN):
        assert tokens.fold(line[token.start : token.end]).replace(" ", "") == token.text.replace(" ", "")


# Words and usual acronyms of English and of the web, in capitals as they stand on buttons, in menus and over lists.
COMMON = {
    "AA",
    "AC",
    "AGI",
    "AI",
    "AIDS",
    "AIM",
    "AIP",
    "AKI",
    "AM",
    "ANA",
    "ANT",
    "APP",
    "ART",
    "ATA",
    "ATM",
    "BAN",
    "BETA",
    "CAP",
    "CEO",
    "CET",
    "COP",
    "DIRE",
    "DNA",
    "DOT",
    "ENA",
    "EST",
    "EU",
    "FAQ",
    "FARS",
    "FBI",
    "FYI",
    "GMT",
    "GPS",
    "HIV",
    "IMF",
    "INFO",
    "IP",
    "IRA",
    "IT",
    "LANA",
    "LIVE",
    "MAP",
    "MENA",
    "MIA",
    "MINA",
    "NAN",
    "NATO",
    "NET",
    "NEWS",
    "ONA",
    "OPEC",
    "PC",
    "PDF",
    "PETRA",
    "PM",
    "POLL",
    "POP",
    "PR",
    "RIP",
    "RSS",
    "SABA",
    "SANA",
    "SITA",
    "SMS",
    "SOS",
    "SPA",
    "STA",
    "SUNA",
    "TAP",
    "TBA",
    "TOP",
    "TREND",
    "TV",
    "UFO",
    "UN",
    "URL",
    "US",
    "USA",
    "UTC",
    "VAT",
    "VIP",
    "WAR",
    "WEB",
    "WHO",
    "WTO",
}


def test_initials_that_are_words_credit_nobody_alone_on_a_line() -> None:
    known = {short for agency in KNOWN.all for short in agency.short}
    for word in sorted(COMMON & known):
        for place in ("head", "closing", "below"):
            assert shapes.match(word, place, KNOWN) is None, f"{word} in `short` wants {word} in `not` of agencies.toml"
    assert shapes.match("RABAT (MAP) - It rained.", "opening", KNOWN) is not None
    assert shapes.match("By AIM", "byline", KNOWN) is not None


@pytest.mark.parametrize(
    ("line", "joint"),
    [
        ("By Ann Lee and AP", True),
        ("AFP/The Local", True),
        ("AFP, AP", True),
        ("By Ann Lee, AP", False),
        ("By JONAS PELL / AP", False),  # as often as not one of theirs
        ("By AP", False),
    ],
)
def test_who_wrote_with_others(line: str, joint: bool) -> None:
    found = shapes.match(line, "byline", KNOWN)
    assert found is not None and found.joint is joint


@pytest.mark.parametrize(
    ("line", "letters", "named"),
    [
        ("LONDON (Reuters) - It rained at 9 a.m. on 20 Nov.", "C(N)-Kxdddddd.", "reuters"),
        ("Von dpa und AFP", "bN&N", "dpa afp"),
        ("IT and AI by dpa", "K&KbN", "dpa"),  # initials are no "and"
        ("Quelle | dpa", "l|N", "dpa"),
        ("来源：新华社", "l:N", "xinhua"),
        ("来源 新华社", "hN", "xinhua"),
        ("May 20, 2026 — x", "dd,d-x", ""),
        ("20 May 2026, Reuters", "ddd,N", "reuters"),
        ("Agence France-Presse (AFP)", "L", "afp"),
        ("Agence France-Presse (AP)", "L(K)", "afp"),
        ("Government National Office (GNA)", "KrK(N)", "gna"),
        ("(GNA) It rained", "(N)Kx", "gna"),
        ("AFP - Ap", "N-N", "afp ap"),
        ("Ap - AFP", "N-N", "ap afp"),
        ("Ap Reuters", "KN", "reuters"),
        ("Ap: Reuters", "K:N", "reuters"),
        ("Reuters / Abcdef", "N/K", "reuters"),
        ("Reuters/Afp/Ap", "N/N/N", "reuters afp ap"),
        ("記者 新華社 北京", "rNh", "xinhua"),
        ("ab 北京記者王明電", "xhrhT", ""),
        ("中新社北京11月20日电（记者 王明）", "NhdhdhT(rh)", "cns"),
        ("연합뉴스 기자 김철수", "Nrh", "yonhap"),
        ("AP Photo/Jane Roe", "Kp/KK", ""),
        ("(c) AP 2026", "©Nd", "ap"),
        ("ABCDef", "CK", ""),
        ("XINHUANews AP", "LN", "xinhua ap"),
        ("The Associated Press", "L", "ap"),
        ("the associated press", "txx", ""),
        ("O'Brien's AP's", "t'KN", "ap"),
        ("Material from AP and AFP was used", "mbN&Nxx", "ap afp"),
        ("Mit Agenturen", "wU", "agencies"),
        ("Press Trust Of India (PTI)", "L", "pti"),
        ("Nova", "S", "nova"),
        ("NOVA", "N", "nova"),
    ],
)
def test_lines_with_traps_are_read_as_tokens(line: str, letters: str, named: str) -> None:
    found = tokens.read(line, KNOWN)
    assert "".join(token.letter for token in found) == letters
    assert [token.agency for token in found if token.agency not in ("", tokens.NOBODY)] == named.split()
    for token in found:  # where the line has them
        there = tokens.fold(line)[token.start : token.end].replace(" ", "")
        assert there.startswith(token.text.replace(" ", "")), token
    ends = [(token.start, token.end) for token in found]
    assert all(start < end for start, end in ends) and all(a[1] <= b[0] for a, b in itertools.pairwise(ends))


@pytest.mark.parametrize(
    ("line", "place", "sender"),
    [
        ("【ロンドン＝ロイター】 雨。", "opening", "reuters"),
        ("Jane Roe, AP, Photo", "byline", ""),
        ("Photo: AP", "below", ""),
        ("Photo " + "word " * 26 + "(AP)", "closing", ""),
    ],
)
def test_a_pictures_word_in_a_short_line_makes_it_a_pictures(line: str, place: str, sender: str) -> None:
    found = shapes.match(line, place, KNOWN)
    assert (found.agencies if found else ()) == ((sender,) if sender else ())


def trailer(words: int) -> str:
    return "Photo " + "word " * words + "it was. (Reuters)"


def test_in_a_long_line_a_pictures_word_far_away_does_not() -> None:
    long = shapes.match(trailer(40), "closing", KNOWN)
    assert long is not None and long.agencies == ("reuters",)
    count = len(tokens.read(trailer(0), KNOWN))
    assert shapes.match(trailer(29 - count), "closing", KNOWN) is None
    assert shapes.match(trailer(30 - count), "closing", KNOWN) is not None


@pytest.mark.parametrize(
    ("line", "credited"),
    [
        ("It rained. (Reuters) Photo: Max Orr", False),
        ("By Ann Lee, AP Photo", False),
    ],
)
def test_a_pictures_word_just_behind_a_credit_makes_it_the_pictures(line: str, credited: bool) -> None:
    assert (shapes.match(line, "byline", KNOWN) is not None) is credited


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("Say AP Photo now", [("AP", "-", 4, 6), ("Photo", "-", 7, 12)]),
        ("Photo AP poll by Ann", [("AP", "-", 6, 8), ("poll", "-", 9, 13)]),
        ("in Agence France-Presse (AFP) today", [("Agence France - Presse", "afp", 3, 29)]),
        ("x y Press Trust of India (PTI), z", [("Press Trust of India", "pti", 4, 30)]),
        ("(Agence France-Presse)", [("Agence France - Presse", "afp", 1, 21)]),
        ("AP (AP)", [("AP", "ap", 0, 7)]),
        ("AFP (Agence France-Presse)", [("AFP", "afp", 0, 26)]),
        ("Ap, AFP", [("Ap", "ap", 0, 2), ("AFP", "afp", 4, 7)]),
        ("AFP & Ap & Max", [("AFP", "afp", 0, 3), ("Ap", "ap", 6, 8)]),
        ("Reuters, Ap/AFP", [("Reuters", "reuters", 0, 7), ("Ap", "ap", 9, 11), ("AFP", "afp", 12, 15)]),
        ("Ap.Reuters", [("Reuters", "reuters", 3, 10)]),
        ("Afp - Ap - Max", []),
        ("National Accord Union of Sailors (NAUS) and AP", [("AP", "ap", 44, 46)]),
        ("時事通信 共同", [("時事通信", "jiji", 0, 4), ("共同", "kyodo", 5, 7)]),
        ("上海新華社記者王", [("新華社", "xinhua", 2, 5)]),
        ("ＡＰ通信 ロンドン", [("AP 通信", "ap", 0, 4)]),
        ("По материалам ТАСС", [("ТАСС", "tass", 14, 18)]),
    ],
)
def test_names_stand_where_the_line_has_them(line: str, named: list[tuple[str, str, int, int]]) -> None:
    found = [(t.text, t.agency, t.start, t.end) for t in tokens.read(line, KNOWN) if t.agency]
    assert found == named


@pytest.mark.parametrize(
    ("line", "letters"),
    [
        ("Berlin 20. Mai Reuters", "Kd.dN"),
        ("Mai 20 dpa", "ddN"),
        ("dpa Mai", "Nd"),
        ("3rd May AP", "ddN"),
        ("9 a.m. AP", "ddN"),
        ("ロンドン=ロイター", "h=N"),
        ("Reuters-Ap", "N_K"),
        ("Toolong - AFP", "K-N"),
    ],
)
def test_days_hours_and_joints_beside_a_name(line: str, letters: str) -> None:
    assert "".join(token.letter for token in tokens.read(line, KNOWN)) == letters


@pytest.mark.parametrize(
    ("line", "sender"),
    [
        ("(서울=연합뉴스) 김철수 기자 = 비가 왔다.", "yonhap"),
        ("【ロンドン＝ロイター】 雨。", "reuters"),
        ("【ロイター＝共同】 雨。", "reuters"),  # of two the first wrote it
        ("【共同＝ロイター】 雨。", "kyodo"),
        ("【パリAFP時事】 雨。", "afp"),
        ("(로이터=연합뉴스) 비가 왔다.", "yonhap"),  # but in Korean the second
        ("(AP=연합뉴스) 비가 왔다.", "yonhap"),
    ],
)
def test_who_wrote_and_who_sent_it_on(line: str, sender: str) -> None:
    found = shapes.match(line, "opening", KNOWN)
    assert found is not None and found.agencies == (sender,)


@pytest.mark.parametrize(
    ("run", "names"),
    [
        ("時事通信共同", [(0, 4, "jiji"), (4, 6, "kyodo")]),  # one right behind the other
        ("共同時事通信", [(0, 2, "kyodo"), (2, 6, "jiji")]),
        ("北京新華社", [(2, 5, "xinhua")]),
        ("東京共同", [(2, 4, "kyodo")]),
        ("共同声明", []),  # a word, in front of others
        ("時事問題研究会", [(0, 4, None)]),
        ("北京", []),
    ],
)
def test_names_in_a_run_without_blanks_stand_in_their_order(run: str, names: list[tuple[int, int, str]]) -> None:
    assert KNOWN.within(run) == names


def pieces(line: str) -> list[tokens.Token]:
    return tokens.pieces(line)


@pytest.mark.parametrize(
    ("words", "initials", "spelled"),
    [
        ("Guild of Anglers", "GA", True),
        ("Guild of Anglers", "GOA", True),
        ("Guild of Anglers", "OA", True),
        ("Guild of Anglers", "GX", False),
        ("Guild Anglers x", "GA", False),  # its last word begins with the last letter
        ("Anglers", "GA", False),
        ("", "G", False),
        ("Guild a b c d e Anglers", "GA", True),
        ("Guild a b c d e f Anglers", "GA", False),  # too far away
        ("Guild, Anglers", "GA", False),
        ("Guild-Anglers", "GA", True),
        ("Guild 20 Anglers", "GA", False),
    ],
)
def test_initials_are_those_of_the_words_before_them(words: str, initials: str, spelled: bool) -> None:
    assert tokens._spells(pieces(words), initials) is spelled


@pytest.mark.parametrize(
    ("line", "letters"),
    [
        ("20 . Ocak", "d.d"),
        ("20 . . Ocak", "d..K"),
        ("Ocak . 20", "d.d"),
        ("Ocak . . 20", "K..d"),
        ("Ocak", "K"),
        ("20 Ocak", "dd"),
        ("a.m. Ocak", "dK"),  # an hour is no number of a day
    ],
)
def test_a_month_has_a_number_beside_it(line: str, letters: str) -> None:
    assert "".join(token.letter for token in tokens.read(line, KNOWN)) == letters


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("Nampa", "nampa"),
        ("Slena - AFP", "slena afp"),  # five letters
        ("Pa - AFP", "pa afp"),
        ("Tnamcot - AFP", "afp"),  # seven are no initials
        ("AFP x Ap", "afp"),
        ("Ap, x AFP", "afp"),
        ("Ap | AFP", "ap afp"),
        ("AFP, Ap, Dpa", "afp ap dpa"),
        ("ap - AFP", "afp"),
    ],
)
def test_initials_in_another_case_right_beside_a_name(line: str, named: str) -> None:
    found = [t.agency for t in tokens.read(line, KNOWN) if t.agency not in ("", tokens.NOBODY)]
    assert found == [KNOWN.whole(name) or name for name in named.upper().split()]
