"""One story: what outlets do to agency copy, and what only looks like it. Texts are made of invented words."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.group import shingles
from extract.group.stories import group
from extract.records import Copy, Credit, Member

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
WINDOW = timedelta(days=14)
WORDS = [
    a + b + c
    for a in ("ba", "ko", "ri", "su", "te", "vo")
    for b in ("l", "m", "n", "st")
    for c in ("an", "er", "i", "o", "us")
]


def prose(seed: int, words: int) -> str:
    dice = random.Random(seed)
    return " ".join(dice.choice(WORDS) for _ in range(words))


def member(n: int, text: str, site: str = "", **changes: Any) -> Member:
    values = {
        "article_id": n,
        "site": site or f"outlet{n}.example",
        "text": text,
        "first_seen_at": NOW + timedelta(minutes=n),
    }
    return Member(**{**values, **changes})


def stories(copies: list[Copy]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for copy in copies:
        found.setdefault(copy.story_id, set()).add(copy.article_id)
    return found


def one(copies: list[Copy]) -> bool:
    return len(stories(copies)) == 1


WIRE = prose(1, 400)


def test_the_same_text_in_two_outlets_is_one_story() -> None:
    copies = group([member(1, WIRE), member(2, WIRE)], [], WINDOW)
    assert one(copies)
    assert [(c.role, c.containment) for c in copies] == [("original", 1.0), ("copy", 1.0)]


def test_cut_extended_embedded_and_local_leads_are_one_story() -> None:
    words = WIRE.split()
    edits = [
        " ".join(words[:150]),
        " ".join(words[:120] + words[300:]),
        WIRE + " " + prose(2, 150),
        prose(3, 120) + " " + " ".join(words[:280]),
        " ".join(w if n % 25 else "mister" for n, w in enumerate(words)),
    ]
    copies = group([member(1, WIRE), *(member(n, text) for n, text in enumerate(edits, 2))], [], WINDOW)
    assert one(copies)
    assert {c.role for c in copies} == {"original", "copy", "edited"}


def test_separate_reports_that_share_a_quote_are_not() -> None:
    quote = prose(9, 25)
    copies = group([member(1, prose(1, 300) + quote), member(2, prose(2, 300) + quote)], [], WINDOW)
    assert len(stories(copies)) == 2


def test_a_text_too_short_to_tell_has_a_story_of_its_own() -> None:
    alert = prose(1, 40)
    assert len(stories(group([member(1, alert), member(2, f"{alert} {prose(2, 8)}")], [], WINDOW))) == 2


def test_what_a_site_prints_everywhere_joins_nothing() -> None:
    form = prose(5, 120)
    members = [member(n, prose(10 + n, 100) + " " + form, "herald.example") for n in range(1, 6)]
    assert len(stories(group(members, [], WINDOW))) == 5


def test_half_alike_texts_do_not_chain() -> None:
    """Each shares half with the next: those that are not like the lead stay out of its story."""
    parts = [prose(n, 150) for n in range(5)]
    chain = [member(n, f"{parts[n]} {parts[n + 1]}") for n in range(4)]
    assert all(len(found) <= 2 for found in stories(group(chain, [], WINDOW)).values())


def test_an_outlets_own_newer_text_is_an_update() -> None:
    copies = group(
        [member(1, WIRE, "herald.example"), member(2, WIRE + " " + prose(2, 60), "herald.example")], [], WINDOW
    )
    assert [c.role for c in copies] == ["original", "update"]


def test_articles_of_different_times_are_not_one_story() -> None:
    """Neither by their dates nor by our own sight."""
    long_ago = NOW - timedelta(days=30)
    first = member(1, WIRE, published_at=NOW)
    assert len(stories(group([first, member(2, WIRE, published_at=long_ago, first_seen_at=long_ago)], [], WINDOW))) == 2
    assert one(group([first, member(2, WIRE)], [], WINDOW))


def test_a_claimed_date_does_not_part_what_was_seen_together() -> None:
    """Where most of the text is one and both begin with it; half of it could be last month's article, carried along."""
    first, long_ago = member(1, WIRE, published_at=NOW), NOW - timedelta(days=200)
    assert one(group([first, member(2, WIRE, published_at=long_ago)], [], WINDOW))
    half = " ".join([*prose(70, 200).split(), *WIRE.split()[:200]])
    assert len(stories(group([first, member(2, half, published_at=long_ago)], [], WINDOW))) == 2


def quoting(seed: int) -> str:
    """Three long quotes that every reporter had, between words of one's own."""
    own = prose(seed, 160).split()
    quotes = [f"“{prose(500 + n, 50)}.”" for n in range(3)]
    return " ".join([*own[:40], quotes[0], *own[40:80], quotes[1], *own[80:120], quotes[2], *own[120:]])


def test_reporters_who_print_the_same_quotes_wrote_two_stories() -> None:
    assert len(stories(group([member(1, quoting(60)), member(2, quoting(61))], [], WINDOW))) == 2
    assert one(group([member(1, quoting(60)), member(2, quoting(60) + " " + prose(62, 40))], [], WINDOW))


def test_a_block_set_into_two_articles_does_not_make_them_one() -> None:
    """A gallery's captions, a box: one piece, with neither article's top in it; on one site and on two."""
    gallery = prose(80, 600)
    texts = [f"{prose(n, 120)} {gallery} {prose(n + 1, 200)}" for n in (81, 91)]
    for sites in (("herald.example", "herald.example"), ("herald.example", "post.example")):
        pair = [member(n, text, site) for n, (text, site) in enumerate(zip(texts, sites, strict=True), 1)]
        assert len(stories(group(pair, [], WINDOW))) == 2


def test_a_sites_round_up_is_not_the_articles_that_it_carries() -> None:
    article, other = prose(85, 400), f"{prose(86, 150)} {prose(85, 400)} {prose(87, 150)}"
    pair = [member(1, article, "herald.example", title="Harbour to be dug out again this year")]
    pair.append(member(2, other, "herald.example", title="What the week brought to the islands"))
    assert len(stories(group(pair, [], WINDOW))) == 2
    assert one(group([pair[0], member(3, other, "post.example")], [], WINDOW)), "another outlet's local top"


@pytest.mark.parametrize("site", ["herald.example", ""])
def test_a_form_filled_with_other_numbers_is_no_copy(site: str) -> None:
    """Weather, markets, lottery, fixtures: day after day the same words, and they do not chain."""

    def market(day: int) -> Member:
        dice = random.Random(day)
        lines = [
            f"{prose(300 + n, 9)} {dice.randint(10, 99)}.{dice.randint(10, 99)} {prose(400 + n, 5)}." for n in range(14)
        ]
        title = "Stocks close mixed on the island exchange"
        return member(day, " ".join(lines), site, title=title, first_seen_at=NOW + timedelta(days=day))

    assert len(stories(group([market(day) for day in range(1, 4)], [], WINDOW))) == 3
    assert one(group([market(1), replace(market(1), article_id=9, site="post.example")], [], WINDOW)), (
        "one day's, twice"
    )


def test_under_one_headline_a_rewritten_text_is_still_its_copy() -> None:
    """An outlet rewrote two thirds of it, sentence by sentence; without the headline that is too little to tell."""
    words, mine = WIRE.split(), prose(88, len(WIRE.split())).split()
    third = [w for n in range(0, len(words), 60) for w in [*words[n : n + 24], *mine[n + 24 : n + 60]]]
    title = "Ferries stop as crews walk out at three ports"
    pair = [
        member(1, WIRE, title=title),
        member(2, " ".join(third), title="Ferries stop as crews walk out at two ports"),
    ]
    assert one(group(pair, [], WINDOW))
    assert len(stories(group([member(1, WIRE, title="A quiet day"), pair[1]], [], WINDOW))) == 2


def test_the_lead_is_the_agencys_own_page_else_the_first_seen() -> None:
    own = member(3, WIRE, own_site=True)
    copies = group([member(1, WIRE), member(2, WIRE), own], [], WINDOW)
    assert {c.lead_article_id for c in copies} == {3}
    assert {c.lead_article_id for c in group([member(2, WIRE), member(1, WIRE)], [], WINDOW)} == {1}


def test_a_late_original_takes_the_lead_and_the_storys_id_stays() -> None:
    before = group([member(1, WIRE)], [], WINDOW)
    stored = member(1, WIRE, story_id=before[0].story_id)
    after = group([member(2, WIRE, own_site=True)], [stored], WINDOW)
    assert one(after)
    assert after[0].story_id == before[0].story_id
    assert {c.lead_article_id for c in after} == {2}
    assert len(after) == 2


def test_a_late_original_makes_one_story_of_the_parts_cut_from_it() -> None:
    """Two outlets ran its beginning and its middle, which have little in common; then the agency's own page comes."""
    beginning, middle = " ".join(WIRE.split()[:160]), " ".join([*WIRE.split()[:40], *WIRE.split()[200:]])
    early = group([member(1, beginning), member(2, middle)], [], WINDOW)
    assert len(stories(early)) == 2
    stored = [
        replace(m, story_id=c.story_id)
        for c in early
        for m in (member(1, beginning), member(2, middle))
        if m.article_id == c.article_id
    ]
    late = member(3, WIRE, own_site=True, first_seen_at=NOW + timedelta(hours=5))
    rows = group([late], stored, WINDOW)
    assert one(rows)
    assert rows[0].story_id == early[0].story_id, "the oldest one's id"
    assert {r.lead_article_id for r in rows} == {3}
    again = member(5, middle, first_seen_at=NOW + timedelta(hours=6))
    assert one(group([late, again], stored, WINDOW)), "what was cut from it and comes later joins the whole"
    round_up = member(4, f"{prose(95, 100)} {beginning} {prose(96, 60)} {middle}", own_site=True)
    assert len(stories([*group([round_up], stored, WINDOW)])) <= 1


def test_order_and_batch_size_make_no_difference() -> None:
    members = [member(n, WIRE if n % 2 else prose(n, 200)) for n in range(1, 9)]
    together = group(members, [], WINDOW)
    assert sorted(map(str, group(list(reversed(members)), [], WINDOW))) == sorted(map(str, together))
    stored: list[Member] = []
    rows: dict[int, Copy] = {}
    for m in members:
        for copy in group([m], stored, WINDOW):
            rows[copy.article_id] = copy
        stored = [
            Member(**{**{f: getattr(x, f) for f in Member.__slots__}, "story_id": rows[x.article_id].story_id})
            for x in members
            if x.article_id in rows
        ]
    assert stories(list(rows.values())) == stories(together)


def test_an_uncredited_copy_inherits_and_a_credited_one_keeps_its_own() -> None:
    ap = (Credit("ap", "(AP) —", "dateline"),)
    copies = {c.article_id: c.credit for c in group([member(1, WIRE), member(2, WIRE, credits=ap)], [], WINDOW)}
    assert copies[1] == Credit("ap", "(AP) —", "inherited")
    assert copies[2] == ap[0]


def test_a_contribution_is_not_inherited() -> None:
    part = (Credit("ap", "AP contributed", "trailer", True),)
    copies = {c.article_id: c.credit for c in group([member(1, WIRE), member(2, WIRE, credits=part)], [], WINDOW)}
    assert copies[1] is None


def test_a_sketch_is_an_eighth_of_the_shingles_and_the_same_ones_in_every_text() -> None:
    whole = set(shingles.of(prose(1, 3000)).keys.tolist())
    kept = set(shingles.sketch(prose(1, 3000)))
    assert kept < whole
    assert 0.1 < len(kept) / len(whole) < 0.15
    half = " ".join(prose(1, 3000).split()[:1500])
    assert set(shingles.sketch(half)) == kept & set(shingles.of(half).keys.tolist())


@given(st.text(max_size=2000))
def test_any_text_has_shingles_in_order_each_once(text: str) -> None:
    found = shingles.of(text).keys.tolist()
    assert found == sorted(set(found))


def test_one_text_under_many_urls_of_a_site_is_still_a_story() -> None:
    """Four times the same text on one site is the story, not the site's furniture."""
    mirrors = [member(n, WIRE, "herald.example") for n in range(1, 6)]
    assert one(group([*mirrors, member(9, WIRE)], [], WINDOW))


def letters(seed: int, count: int, first: int = 0x4E00, last: int = 0x6000) -> str:
    """Text in a script that sets no blanks, a full stop now and then."""
    dice = random.Random(seed)
    return "".join(chr(dice.randrange(first, last)) + ("。" if n % 20 == 19 else "") for n in range(count))


@pytest.mark.parametrize(("first", "last"), [(0x4E00, 0x6000), (0x3042, 0x3090), (0x0E01, 0x0E2E), (0xAC00, 0xC000)])
def test_copies_in_scripts_without_blanks_are_found(first: int, last: int) -> None:
    """Chinese, Japanese, Thai, Korean: as it was sent, cut, and with a top of the outlet's own."""
    wire, top = letters(1, 600, first, last), letters(2, 200, first, last)
    assert one(group([member(1, wire), member(2, wire), member(3, wire[:300]), member(4, top + wire)], [], WINDOW))
    assert len(stories(group([member(1, wire), member(2, letters(3, 600, first, last))], [], WINDOW))) == 2


def test_a_lightly_edited_copy_without_blanks_is_found() -> None:
    wire = letters(1, 900)
    edited = "".join(letters(n, 3) if n % 45 == 0 else c for n, c in enumerate(wire))
    assert one(group([member(1, wire), member(2, edited)], [], WINDOW))


BRIEF = "The ferry to Lindes was cancelled this morning because of a storm, the harbour office said."


def test_briefs_that_are_equal_are_one_story() -> None:
    assert one(group([member(1, BRIEF), member(2, BRIEF.upper())], [], WINDOW))
    assert len(stories(group([member(1, BRIEF), member(2, BRIEF.replace("ferry", "train"))], [], WINDOW))) == 2
    assert len(stories(group([member(1, "Watch live now."), member(2, "Watch live now.")], [], WINDOW))) == 2


def test_a_sites_own_form_is_no_brief() -> None:
    forms = [member(n, BRIEF, "herald.example", title=f"Notice number {n}") for n in (1, 2)]
    assert len(stories(group(forms, [], WINDOW))) == 2


def test_a_form_filled_with_other_names_is_two_stories() -> None:
    def warning(names: list[str]) -> str:
        dice = random.Random(7)
        return " ".join(f"{dice.choice(WORDS)} {dice.choice(WORDS)} {dice.choice(WORDS)} {name}" for name in names)

    mine, theirs = ([f"{word.title()}{part}" for word in WORDS[:60]] for part in ("shire", "burg"))
    assert len(stories(group([member(1, warning(mine)), member(2, warning(theirs))], [], WINDOW))) == 2


def keys(count: int, start: int = 0) -> str:
    """A text of so many words, each its own."""
    return " ".join(f"w{n}" for n in range(start, start + count))


@pytest.mark.parametrize(("words", "count"), [(7, 0), (8, 1), (49, 1), (50, 46), (51, 47)])
def test_a_text_has_a_shingle_for_every_five_words_in_a_row(words: int, count: int) -> None:
    found = shingles.of(keys(words))
    assert (len(found.order), len(found.keys), len(found.told), found.scale) == (count, count, count, 1)
    assert found.is_brief is (count == 1)


@pytest.mark.parametrize(("signs", "count"), [(15, 0), (16, 1), (99, 1), (100, 91)])
def test_and_for_every_ten_characters_where_no_blanks_are_set(signs: int, count: int) -> None:
    found = shingles.of("".join(chr(0x4E00 + n) for n in range(signs)))
    assert (len(found.order), found.scale) == (count, 2)


@pytest.mark.parametrize(("signs", "scale"), [(29, 1), (30, 2), (31, 2)])
def test_half_of_a_text_tells_which(signs: int, scale: int) -> None:
    assert shingles.of("".join(chr(0x4E00 + n) for n in range(signs)) + " " + keys(30)).scale == scale


def test_shingles_stand_as_in_the_text_and_begin_alike_in_another() -> None:
    found = shingles.of(keys(60))
    assert found.order.tolist()[10:] == shingles.of(keys(50, 10)).order.tolist()
    assert found.keys.tolist() == sorted(found.order.tolist())
    assert len(set(found.order.tolist())) == 56
    assert shingles.of(keys(60).upper()).order.tolist() == found.order.tolist()
    twice = shingles.of(keys(30) + " " + keys(30))
    assert (len(twice.order), len(twice.keys)) == (56, 30)


@pytest.mark.parametrize(
    ("mark", "length", "quoted"),
    [
        ("“”", 19, False),
        ("“”", 20, True),
        ('""', 20, True),
        ("«»", 20, True),
        ("»«", 20, True),
        ("„“", 20, True),
        ("“”", 900, True),
        ("“”", 901, False),
        ("「」", 8, True),
        ("「」", 7, False),
    ],
)
def test_what_no_word_of_is_quoted_is_the_reporters(mark: str, length: int, quoted: bool) -> None:
    """A quotation takes the shingles that hold one of its words: its own, and four before it."""
    said = ("q" * 3 + " ") * (length // 4) + "q" * (length % 4)
    before, behind = keys(30), keys(30, 30)
    found = shingles.of(f"{before} {mark[0]}{said}{mark[1]} {behind}")
    inside = set(shingles.of(before).order.tolist()) | set(shingles.of(keys(60)).order.tolist()[30:])
    told = set(found.told.tolist())
    own = set(shingles.of(keys(60)).order.tolist())
    ends = own - set(shingles.of(keys(60)).order.tolist()[26:30])  # those across the quotation are of no text
    assert told >= ends
    assert (len(told) == 52) is quoted, inside


def test_a_quotation_at_the_beginning_takes_no_word_of_the_end() -> None:
    found = shingles.of(f"“{keys(10)}” {keys(60, 10)}")
    assert sorted(found.told.tolist()) == sorted(shingles.of(keys(60, 10)).order.tolist())
    behind = shingles.of(f"{keys(60)} “{keys(10, 60)}”")
    assert sorted(behind.told.tolist()) == sorted(shingles.of(keys(60)).order.tolist())


def test_a_briefs_sketch_holds_it() -> None:
    for n in range(20):
        assert shingles.sketch(keys(9, 10 * n)) == shingles.of(keys(9, 10 * n)).keys.tolist()
    assert shingles.sketch("Too short for one.") == []


@pytest.mark.parametrize(("pages", "joined"), [(3, True), (4, False)])
def test_what_four_pages_of_a_site_print_is_the_sites(pages: int, joined: bool) -> None:
    form = prose(5, 120)
    members = [member(n, form + " " + prose(10 + n, 60), "herald.example") for n in range(pages)]
    assert (len(stories(group(members, [], WINDOW))) < pages) is joined


@pytest.mark.parametrize(("kept", "role"), [(79, "edited"), (81, "copy")])
def test_a_copy_is_four_fifths_the_leads(kept: int, role: str) -> None:
    words = WIRE.split()
    text = " ".join([*words[: 4 * kept], *prose(2, 4 * (100 - kept)).split()])
    copies = {c.article_id: c for c in group([member(1, WIRE), member(2, text)], [], WINDOW)}
    assert copies[2].role == role
    assert copies[2].containment == pytest.approx((4 * kept - 4) / 396, abs=0.001)
    assert copies[2].lead_containment == copies[2].containment
    cut = {c.article_id: c for c in group([member(1, WIRE), member(2, " ".join(words[:200]))], [], WINDOW)}
    assert (cut[2].containment, cut[2].lead_containment) == (1.0, round(196 / 396, 4))


@pytest.mark.parametrize(("words", "inherits"), [(180, False), (230, True)])
def test_half_of_a_text_has_to_be_the_agencys_to_be_signed_by_it(words: int, inherits: bool) -> None:
    ap = (Credit("ap", "(AP) —", "dateline"),)
    text = " ".join([*WIRE.split()[:words], *prose(2, 400 - words).split()])
    copies = {c.article_id: c for c in group([member(1, WIRE, credits=ap), member(2, text)], [], WINDOW)}
    assert copies[2].story_id == copies[1].story_id
    assert (copies[2].credit is not None) is inherits


def test_a_storys_writer_is_whose_site_it_stands_on_else_whom_most_name() -> None:
    def written(*agencies: tuple[str, str]) -> str | None:
        members = [member(n, WIRE, credits=(Credit(name, "x", where),)) for n, (name, where) in enumerate(agencies, 1)]  # type: ignore[arg-type]
        copies = {c.article_id: c for c in group([*members, member(99, WIRE)], [], WINDOW)}
        return copies[99].credit.agency if copies[99].credit else None

    assert written(("ap", "dateline"), ("afp", "dateline"), ("afp", "byline")) == "afp"
    assert written(("afp", "dateline"), ("afp", "byline"), ("ap", "site")) == "ap"
    assert written(("afp", "dateline"), ("ap", "dateline")) == "ap"
    assert written() is None


def test_of_articles_seen_together_the_fullest_leads_then_the_first_by_number() -> None:
    whole, cut = WIRE, " ".join(WIRE.split()[:300])
    at: dict[str, Any] = {"first_seen_at": NOW}
    assert {c.lead_article_id for c in group([member(1, cut, **at), member(2, whole, **at)], [], WINDOW)} == {2}
    assert {c.lead_article_id for c in group([member(2, whole, **at), member(1, whole, **at)], [], WINDOW)} == {1}


def test_an_article_joins_the_story_it_is_most_like_and_keeps_the_one_it_has() -> None:
    words = WIRE.split()
    half, most = " ".join([*words[:200], *prose(2, 200).split()]), " ".join([*words[160:], *prose(3, 40).split()])
    first = group([member(1, half), member(2, most, first_seen_at=NOW)], [], WINDOW)
    assert len(stories(first)) == 2
    ids = {c.article_id: c.story_id for c in first}
    stored = [member(1, half, story_id=ids[1]), member(2, most, first_seen_at=NOW, story_id=ids[2])]
    late = member(3, WIRE, first_seen_at=NOW + timedelta(days=1))
    assert {c.article_id: c.story_id for c in group([late], stored, WINDOW)}[3] == ids[2]
    kept = replace(late, story_id=ids[1])
    assert {c.article_id: c.story_id for c in group([kept], stored, WINDOW)}[3] == ids[1]
