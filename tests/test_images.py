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
