"""Forms: texts of the same words that hold other numbers and names are no copies."""

import pytest

from extract.group.stories import group
from tests.test_stories import WINDOW, member, one, prose, stories

RECALL = (
    "{} has called its {} back, because {} was found in it. It was sold between {} and {}. Whoever bought it should not eat it "
    "but take it back to the shop, where the price is paid back without a receipt. Nothing else that the company makes is "
    "affected. Questions are answered on weekdays between eight and six. The company is sorry for the trouble that this makes "
    "and says that nothing is dearer to it than the health of those who buy from it, and that it has stopped the line until "
    "its own laboratory has looked at every batch that was made there."
)
SHAKEN = (
    "{}ごろ、{}で震度{}の揺れを観測する地震がありました。震源の深さは約{}キロと推定されています。この地震による津波の心配はありません。"
    "揺れの強かった地域では落石や崖崩れなどの危険性が高まっているおそれがありますので、今後の地震活動や降雨の状況に注意してください。"
    "家具の転倒にも備えてください。過去には同じ程度の揺れが一週間ほど続いたことがあります。"
)
CLOSED = (
    "Die {} in {} wird ab {} wegen Arbeiten am Kanal gesperrt, die bis {} dauern und {} Euro kosten. Eine Umleitung über die {} ist "
    "ausgeschildert. Anlieger erreichen ihre Grundstücke bis zur Absperrung. Busse halten an Ersatzhaltestellen, über die ein Aushang "
    "informiert. Die Stadt bittet um Verständnis für Behinderungen. Müll wird an den gewohnten Tagen abgeholt, muss aber bis an die "
    "nächste Kreuzung gebracht werden."
)
FILLINGS = {
    "street": (CLOSED, ("Gasse", "Olden", "Montag", "Mai", "9.000", "Heide"), ("Allee", "Neuen", "Freitag", "Juni", "700", "Marsch")),
    "recall": (RECALL, ("Harrow Dairy", "soft cheese", "glass", "May 3", "May 19"), ("Lund", "oat bread", "wire", "June 2", "July 7")),
    "quake": (SHAKEN, ("十八日午前三時", "北の町", "四", "三十"), ("二十日午後九時", "南の市", "三", "八十")),
}  # fmt: skip


@pytest.mark.parametrize("form", FILLINGS)
def test_a_short_form_with_few_names_and_numbers_is_a_form(form: str) -> None:
    text, mine, theirs = FILLINGS[form]
    assert len(stories(group([member(1, text.format(*mine)), member(2, text.format(*theirs))], [], WINDOW))) == 2
    corrected = text.format(*mine[:-1], theirs[-1])
    assert one(group([member(1, text.format(*mine)), member(2, corrected)], [], WINDOW)), "one number is a correction"


def test_numbers_written_in_digits_are_the_same_ones() -> None:
    spelled, digits = ("十八日午前三時", "北の町", "四", "三十"), ("18日午前3時", "北の町", "4", "30")
    assert one(group([member(1, SHAKEN.format(*spelled)), member(2, SHAKEN.format(*digits))], [], WINDOW))


def test_a_copy_keeps_most_numbers_and_names() -> None:
    """A house turns metres into feet; the people and the places stay."""
    text = " ".join(
        f"{prose(500 + n, 9)} with {name} of Skell." for n, name in enumerate(("Lomm", "Dahl", "Frank", "Orme"))
    )
    mine, theirs = (
        f"{text} {prose(600, 9)} {high} {prose(601, 9)} {far} {prose(602, 6)}" for high, far in ((14, 30), (46, 19))
    )
    assert one(group([member(1, mine), member(2, theirs)], [], WINDOW))


def test_two_corrected_words_make_no_form() -> None:
    text = f"{prose(700, 40)} at {{}} on {{}} {prose(701, 60)}"
    mine, theirs = text.format("0.30", "Monday"), text.format("0.40", "Tuesday")
    assert one(group([member(1, mine), member(2, theirs)], [], WINDOW))


def test_numbers_side_by_side_count_each() -> None:
    """A day's prices: what stands in a row changes together."""
    text = f"{prose(710, 20)} Brent by {{}} {{}} {{}} {prose(711, 12)} in Orme {prose(712, 12)} by {{}} {{}} {{}} {prose(713, 12)}"
    names = " with Lund and Dahl of Skell near Harrow and Tarn for Frank"
    mine, theirs = (text.format(*found) + names for found in ((38, 40, 59, 1, 2, 3), (72, 58, 71, 4, 5, 6)))
    assert len(stories(group([member(1, mine), member(2, theirs)], [], WINDOW))) == 2
