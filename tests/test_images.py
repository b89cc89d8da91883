"""The lead image's words: what it shows, and whose it is."""

import pytest

from tests.pages import BODY, LD, read

HEADLINE = "<article><h1>Rain floods the lower town</h1>"


@pytest.mark.parametrize(
    ("figure", "want"),
    [
        ("<figcaption>Water in Mill Lane. Photo: Ann Lee / AP</figcaption>", ("Water in Mill Lane.", "Ann Lee / AP")),
        (
            "<figcaption>Water in Mill Lane <span class=credit>Ann Lee</span></figcaption>",
            ("Water in Mill Lane", "Ann Lee"),
        ),
        (
            "<figcaption><p>Water in Mill Lane.</p><p class=copyright>© dpa</p></figcaption>",
            ("Water in Mill Lane.", "dpa"),
        ),
        ("<figcaption>Water in Mill Lane.</figcaption>", ("Water in Mill Lane.", "")),
        ("<div>By Ann Lee</div>", ("", "")),
    ],
)
def test_caption_and_credit_are_told_apart(figure: str, want: tuple[str, str]) -> None:
    article = read(f"{HEADLINE}<figure><img src=/a.jpg>{figure}</figure>{BODY}</article>", ld=None)
    assert (article.image_caption, article.image_credit) == want


def test_a_figures_own_name_says_nothing_of_the_words_under_it() -> None:
    inside = "<img src=/a.jpg><figcaption>Water in Mill Lane.</figcaption>"
    article = read(f"{HEADLINE}<figure class=source>{inside}</figure>{BODY}</article>", ld=None)
    assert (article.image_caption, article.image_credit) == ("Water in Mill Lane.", "")


def test_the_figure_that_shows_the_lead_image_comes_before_others() -> None:
    figures = "".join(
        f"<figure><img src=/pictures/{name}.jpg?w=300><figcaption>This is {name}.</figcaption></figure>"
        for name in ("boat", "rain")
    )
    head = '<meta property="og:image" content="https://cdn.example/large/rain.jpg">'
    assert read(f"{HEADLINE}{figures}{BODY}</article>", head, None).image_caption == "This is rain."


def test_structured_data_is_believed_first() -> None:
    image = {"@type": "ImageObject", "url": "/a.jpg", "caption": "Water in Mill Lane", "creditText": "Max Orr"}
    article = read(ld=LD | {"image": [image]})
    assert (article.image_caption, article.image_credit) == ("Water in Mill Lane", "Max Orr")


@pytest.mark.parametrize(
    ("caption", "want"),
    [
        ("Water in Mill Lane. Photo: Max Orr", ("Water in Mill Lane.", "Max Orr")),
        ("Water in Mill Lane (Foto: Max Orr)", ("Water in Mill Lane", "Foto: Max Orr")),
        ("© Max Orr", ("", "Max Orr")),
        ("Water <span class=credit>Max Orr</span>", ("Water", "Max Orr")),
        ("Water <small class=x>Max Orr</small>", ("Water Max Orr", "")),
        ("x" * 600, ("x" * 500, "")),
        ("<p>One.</p><p>Two.</p><p class=credit>Max Orr</p><p class=source>dpa</p>", ("One. Two.", "Max Orr dpa")),
    ],
)
def test_a_caption_and_who_took_the_picture(caption: str, want: tuple[str, str]) -> None:
    article = read(
        f"{HEADLINE}<figure><img src=/a.jpg><figcaption>{caption}</figcaption></figure>{BODY}</article>", ld=None
    )
    told = article.image_caption, article.image_credit.replace("Foto: ", "")
    assert told == (want[0], want[1].replace("Foto: ", ""))


@pytest.mark.parametrize(("before", "found"), [(13, True), (14, False)])
def test_a_caption_stands_near_the_headline(before: int, found: bool) -> None:
    lines = "".join(f"<p>Line {n}</p>" for n in range(before))
    figure = "<figure><img src=/a.jpg><figcaption>Water.</figcaption></figure>"
    assert bool(read(f"{HEADLINE}{lines}{figure}{BODY}</article>", ld=None).image_caption) is found


def test_what_the_page_claims_and_what_it_prints_complete_each_other() -> None:
    figure = "<figure><img src=/a.jpg><figcaption>Printed. <span class=credit>Printer</span></figcaption></figure>"
    for claimed, want in (
        ({"caption": "Claimed"}, ("Claimed", "Printer")),
        ({"creditText": "Claimer"}, ("Printed.", "Claimer")),
        ({"creator": {"name": "Claimer"}, "caption": "Claimed"}, ("Claimed", "Claimer")),
    ):
        article = read(
            f"{HEADLINE}{figure}{BODY}</article>",
            ld=LD | {"image": {"@type": "ImageObject", "url": "/b.jpg", **claimed}},
        )
        assert (article.image_caption, article.image_credit) == want
        assert article.image == "https://www.herald.example/b.jpg"
