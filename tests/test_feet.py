"""What stands below a body and is not of it, told from what is."""

import pytest

from extract.read.body import feet
from extract.read.body.lines import Line


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("Follow the Herald on Facebook and Instagram.", True), ("Have a look at our YouTube channel!", True),
        ("Folgen Sie uns auf Instagram", True), ("Síguenos en WhatsApp y Telegram.", True),
        ("In der Folge sperrte YouTube das Video.", False), ("El presidente sigue publicando en Twitter cada día.", False),
        ("Rund eine Million Menschen folgt ihr auf Instagram.", False), ("Polizei: Kanal auf Telegram gesperrt", False),
        ("She told her readers to follow the case on Facebook.", False), ("The ship went aground in our canal last year.", False),
    ],
)  # fmt: skip
def test_who_asks_to_be_followed_and_who_tells_of_it(text: str, asks: bool) -> None:
    body = [Line(f"Paragraph {n} of a report.", n, None, 5, "") for n in range(4)]
    assert (len(feet._without_channels([*body, Line(text, 4, None, 8, "")])) == 4) is asks


@pytest.mark.parametrize(
    ("text", "words", "is_source"),
    [
        ("Quelle: Gemeinde Sill", 3, True), ("Source: the parish", feet.SOURCE, True), ("Source: the parish", feet.SOURCE + 1, False),
        ("The source of the Sill: a walk", 7, False), ("Source of the Sill", 4, False), ("Fuente:", 1, False),
    ],
)  # fmt: skip
def test_a_last_line_that_names_a_source_is_no_text(text: str, words: int, is_source: bool) -> None:
    body = [Line("A paragraph of a report.", 0, None, 5, ""), Line(text, 1, None, words, "")]
    assert (len(feet.without_source(body)) == 1) is is_source
    assert feet.without_source([*body, body[0]]) == [*body, body[0]]  # in the midst of a text it stays
    assert feet.without_source(body[1:]) == body[1:]  # nor does a text go that is no more than that
