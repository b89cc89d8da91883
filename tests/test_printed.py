"""Days as they are printed, in the languages of the press."""

from datetime import UTC, datetime

import pytest

from extract.read.when import printed


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("March 6, 2000", "2000-03-06"),
        ("Posted Sept. 5th, 2021 by the editor", "2021-09-05"),
        ("Montag, 12. März 2024", "2024-03-12"),
        ("Publié le 1er août 2023", "2023-08-01"),
        ("6 de diciembre de 2020", "2020-12-06"),
        ("5 maja 2020", "2020-05-05"),
        ("15 января 2022", "2022-01-15"),
        ("2024年12月3日", "2024-12-03"),
        ("2021-02-03 14:00", "2021-02-03"),
        ("01.28.05", "2005-01-28"),
        ("31/12/2019", "2019-12-31"),
        ("04-ago-2021 5:11", "2021-08-04"),
        ("Sill, 24. 2. 2022", "2022-02-24"),
        ("January 9 , 2008", "2008-01-09"),
        ("26 | 01 | 2022", "2022-01-26"),
        ("28 lapkričio 2026", "2026-11-28"),
        ("28. nóvember 2026", "2026-11-28"),
        ("२८ नवंबर २०२६", "2026-11-28"),
        ("28 نومبر 2026", "2026-11-28"),
        ("28 tháng 11 năm 2026", "2026-11-28"),
        ("Of 3 people 2020 spoke, says the paper of 4 May 2021", "2021-05-04"),
        ("18 تشرين الثاني 2026", "2026-11-18"),
        ("1 كانون الأول 2026", "2026-12-01"),
        ("18 نونبر 2026", "2026-11-18"),
        ("18 جويلية 2026", "2026-07-18"),
        ("18 พ.ย. 2569 14:05 น.", "2026-11-18"),
        ("18 มี.ค. 69 14:05 น.", "2026-03-18"),
        ("18 ก.พ. 14:05 น.", ""),
        ("วันที่ 3 กันยายน พ.ศ. 2569", "2026-09-03"),
        ("2026 m. lapkričio 18 d. 14:05", "2026-11-18"),
        ("2026. november 18. 14:05", "2026-11-18"),
        ("2026. gada 18. novembris, 14:05", "2026-11-18"),
        ("2026. gada 5. novembrī", "2026-11-05"),
        ("2026. nov. 5. csütörtök", "2026-11-05"),
        ("28 listopada 2026", "2026-11-28"),  # in Polish
        ("28. listopada 2026.", "2026-10-28"),  # in Croatian, with a dot behind the day
        ("17. listopad 2026", "2026-11-17"),  # in Czech
        ("28. listopadu 2026", "2026-11-28"),  # in Czech
        ("17 Μαΐου 2023", "2023-05-17"),
        ("12 ΜΑΪΟΥ 2023", "2023-05-12"),
        ("ngày 3 tháng 4 năm 2024", "2024-04-03"),
        ("17. oktobar 2023.", "2023-10-17"),
        ("petek, 17. marec 2023", "2023-03-17"),
        ("17. rujna 2023.", "2023-09-17"),
        ("17-yanvar, 2023", "2023-01-17"),
        ("17 d’abril de 2023", "2023-04-17"),
        ("17 جنوری، 2023", "2023-01-17"),
        ("17 மார்ச் 2023", "2023-03-17"),
        ("17 มีนาคม 2023", "2023-03-17"),
        ("17 জানুয়ারী 2023", "2023-01-17"),
        ("Spa 24 2021", ""),  # words of other languages, three letters of a month in some
        ("avtale 15 med 2020", ""),
        ("siden 12 det 2020", ""),
        ("12 bir 2020", ""),
        ("12 ²³ 2024", ""),
        ("1-²³-2024", ""),
        ("²³ 12, 2024", ""),
        ("Published 04/05/2024, updated 15/05/2024", ""),  # the first may be either day, and it is the one
        ("4. 2. 2022", ""),  # without the page's country: "02.04.2005" was of February, in New York
        ("04.11.05", ""),  # April in one country, November in another
        ("from 2020/7/11-12 on", ""),
        ("30 February 2020", ""),
        ("26 พฤษภาคม 2569 เวลา 20:48 น.", "2026-05-26"),
        ("เผยแพร่ 26/05/2569", "2026-05-26"),
        ("26 พฤษภาคม 2539", ""),
        ("26 May 2600", ""),
        ("Page 12, 2000 words", ""),
        ("发布时间：18-03-08 23:16", "2018-03-08"),
        ("更新：26/11/20", "2026-11-20"),
        ("2026年11月20日 10:00", "2026-11-20"),
        ("比分 18-21-08", ""),
        ("18-03-26", "2026-03-18"),
    ],
)
def test_days_are_read_in_the_languages_of_the_press(line: str, day: str) -> None:
    found, claim = printed.day([line])
    assert (found.date().isoformat() if found else "") == day
    assert not claim or claim in line


@pytest.mark.parametrize(
    "line", ["On 12 May 2545 the earth ends", "Call 2545-10-12 for tickets", "Newtown, 10 Mar 2560"]
)
def test_years_are_counted_as_in_thailand_only_beside_its_letters(line: str) -> None:
    assert printed.day([line]) == (None, "")


def test_marks_of_direction_are_no_part_of_a_day() -> None:
    assert printed.day(["نشر 17\u200f/03\u200f/2023"]) == (datetime(2023, 3, 17, tzinfo=UTC), "17/03/2023")


def test_a_number_like_a_thai_year_ends_no_search() -> None:
    assert printed.day(["EN 2560-01-02, published 2026-11-20"])[1] == "2026-11-20"


def test_a_sentence_that_ends_with_a_year_prints_no_day() -> None:
    assert printed.day(["Sales rose from 2025. March 31 ended the year.", "20 November 2026"])[1] == "20 November 2026"


@pytest.mark.parametrize(
    ("line", "usual", "day"),
    [
        ("20.11.26", "", "2026-11-20"),
        ("20.11.95", "", "1995-11-20"),
        ("20.11.94", "", "2094-11-20"),
        ("12/11/2026", "", ""),  # two readings
        ("12.11.2026", "", ""),
        ("12.11.2026", "mdy", ""),  # as some American papers print it, and none does elsewhere
        ("12.11.2026", "dmy", "2026-11-12"),
        ("12.13.2026", "mdy", "2026-12-13"),
        ("12/11/2026", "dmy", "2026-11-12"),
        ("12/11/2026", "mdy", "2026-12-11"),
        ("11/11/2026", "", "2026-11-11"),
        ("13/12/2026", "", "2026-12-13"),
        ("13/12/2026", "mdy", "2026-12-13"),
        ("12/13/2026", "", "2026-12-13"),
        ("12/13/2026", "dmy", "2026-12-13"),
        ("13/13/2026", "", ""),
        ("2026-11-12", "mdy", "2026-11-12"),
        ("2026/3/4", "mdy", "2026-03-04"),
        ("2026-13-12", "", ""),
        ("2026/7/11-12", "dmy", ""),  # two days, and none of them in 2012
        ("٢٠٢٦/١٠/٠٥", "", "2026-10-05"),
        ("۲۰۲۶/۱۰/۰۵", "", "2026-10-05"),
        ("31.2.2026", "", ""),
        ("November 3rd, 2026", "", "2026-11-03"),
        ("3 de noviembre de 2026", "", "2026-11-03"),
        ("3. Nov 2026", "", "2026-11-03"),
        ("3 mar 2026", "", "2026-03-03"),
        ("3 ma 2026", "", ""),
        ("3 xyz 2026", "", ""),
        ("1.2.3", "", ""),
        ("Rain at 10:00", "", ""),
    ],
)
def test_a_printed_day_has_one_reading_or_none(line: str, usual: str, day: str) -> None:
    found, claim = printed.day(["Nothing here", line, "1 January 2001"] if day else [line], usual)
    assert (f"{found:%Y-%m-%d}" if found else "") == day
    assert bool(claim) is bool(day) and claim in line


MONTHS = [
    "january januar janvier enero gennaio janeiro stycznia ocak января styczeń январь يناير ינואר jan",
    "february februar février febrero febbraio fevereiro lutego şubat февраля luty февраль فبراير פברואר feb",
    "march märz mars marzo março maart marca mart марта marzec март مارس מרץ mar",
    "april avril abril aprile kwietnia nisan апреля kwiecień апрель أبريل אפריל apr",
    "may mai mayo maggio maio mei maja mayıs мая май مايو מאי",
    "june juni juin junio giugno junho czerwca haziran июня czerwiec июнь يونيو יוני jun",
    "july juli juillet julio luglio julho lipca temmuz июля lipiec июль يوليو יולי jul",
    "august août agosto augustus sierpnia ağustos августа sierpień август أغسطس אוגוסט aug",
    "september septembre septiembre settembre setembro września eylül сентября wrzesień сентябрь سبتمبر ספטמבר sep sept",
    "october oktober octobre octubre ottobre outubro października ekim октября październik октябрь أكتوبر אוקטובר oct okt",
    "november novembre noviembre novembro listopada kasım ноября listopad ноябрь نوفمبر נובמבר nov",
    "december dezember décembre diciembre dicembre dezembro grudnia aralık декабря grudzień декабрь ديسمبر דצמבר dec dez",
]


@pytest.mark.parametrize("month", range(1, 13))
def test_every_month_in_the_languages_of_the_press(month: int) -> None:
    assert {name: printed.MONTHS.get(name) for name in MONTHS[month - 1].split()} == dict.fromkeys(
        MONTHS[month - 1].split(), month
    )
    assert not {"ma", "ju", "janus"} & printed.MONTHS.keys()
