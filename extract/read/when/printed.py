"""Days as they are printed near a headline, in the languages of the press. A day that two readings share is none."""

import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

# By month: English, German, French, Spanish, Italian, Portuguese, Dutch, the Nordic languages, Polish, Czech, Romanian,
# Turkish, Indonesian, Russian, Ukrainian, Greek, Hungarian, Catalan, Bulgarian, Arabic (as Cairo, as Beirut and as the Maghreb call them), Hebrew, Thai; as dates are written, which in
# some is the genitive, and as the months are called. Beginnings of three letters and more count where no other month shares
# them. Of other languages months.txt has whole names, for their beginnings are others' words (scripts/months.py).
_NAMES = """
january januar janvier enero gennaio janeiro januari tammikuuta stycznia ledna ianuarie ocak января січня ιανουαρίου styczeń leden январь січень ιανουάριος január gener януари يناير ינואר בינואר كانون_الثاني جانفي ม.ค. janvārī
february februar février fevrier febrero febbraio fevereiro februari helmikuuta lutego února februarie şubat februari февраля лютого φεβρουαρίου luty únor февраль лютий φεβρουάριος február febrer февруари فبراير פברואר בפברואר شباط فيفري ก.พ. februārī
march märz mrz mars marzo março marco maart mrt maaliskuuta marca března martie mart maret марта березня μαρτίου marzec březen март березень μάρτιος március març مارس מרץ במרץ آذار มี.ค. martā
april avril abril aprile huhtikuuta kwietnia dubna aprilie nisan апреля квітня απριλίου kwiecień duben апрель квітень απρίλιος április април أبريل ابريل אפריל באפריל نيسان أفريل เม.ย. aprīlī
may mai mayo maggio maio mei maj toukokuuta maja května mayıs мая травня μαΐου μαίου květen май травень μάιος május maig مايو מאי במאי أيار ماي พ.ค. maijā
june juni juin junio giugno junho kesäkuuta czerwca června iunie haziran июня червня ιουνίου czerwiec červen июнь червень ιούνιος június juny юни يونيو יוני ביוני حزيران جوان มิ.ย. jūnijā
july juli juillet julio luglio julho heinäkuuta lipca července iulie temmuz июля липня ιουλίου lipiec červenec июль липень ιούλιος július juliol юли يوليو יולי ביולי تموز جويلية يوليوز ก.ค. jūlijā
august août aout agosto augustus augusti elokuuta sierpnia srpna ağustos agustus августа серпня αυγούστου sierpień srpen август серпень αύγουστος augusztus agost أغسطس اغسطس אוגוסט באוגוסט آب أوت غشت ส.ค. augustā
september septembre septiembre settembre setembro syyskuuta września září septembrie eylül сентября вересня σεπτεμβρίου wrzesień сентябрь вересень σεπτέμβριος szeptember септември سبتمبر ספטמבר בספטמבר أيلول شتنبر ก.ย. septembrī
october oktober oktobar octobre octubre ottobre outubro lokakuuta października října octombrie ekim октября жовтня οκτωβρίου październik říjen октябрь жовтень οκτώβριος október октомври أكتوبر اكتوبر אוקטובר באוקטובר تشرين_الأول ต.ค. oktobrī
november novembre noviembre novembro marraskuuta listopada listopadu noiembrie kasım ноября листопада νοεμβρίου listopad ноябрь листопад νοέμβριος ноември نوفمبر נובמבר בנובמבר تشرين_الثاني نونبر พ.ย. novembrī
december dezember décembre decembre diciembre dicembre dezembro joulukuuta grudnia prosince decembrie aralık desember декабря грудня δεκεμβρίου grudzień prosinec декабрь грудень δεκέμβριος desembre декември ديسمبر דצמבר בדצמבר كانون_الأول دجنبر ธ.ค. decembrī
"""


def _key(name: str) -> str:
    """A name as it is looked up, in one form: of letters of Greek and Bengali there are two."""
    return unicodedata.normalize("NFC", name.casefold().replace(" ", "_"))


def _by_name(lines: Iterable[str]) -> dict[str, int]:
    found = {}
    for number, names in enumerate(lines, 1):
        for name in names.split():
            found[_key(name)] = number
            if "\u0370" <= name[0] <= "\u03ff":  # Greek capitals have no accents
                found[_key(unicodedata.normalize("NFD", name).replace("\u0301", ""))] = number
    return found


def _months() -> dict[str, int]:
    lines = _NAMES.strip().splitlines()
    found: dict[str, int] = {}
    shared = set()
    for name, number in _by_name(lines).items():
        for length in range(3, len(name) + 1):
            if found.setdefault(name[:length], number) != number:
                shared.add(name[:length])
    told = {name: number for name, number in found.items() if name not in shared}
    english = {name[:3]: number for number, name in enumerate((line.split()[0] for line in lines), 1)}
    others = _by_name((Path(__file__).parent / "months.txt").read_text(encoding="utf-8").splitlines())
    # A whole name before another's beginning; English ones before all.
    return {**others, **told, **_by_name(lines), **english}


MONTHS = _months()
_YEAR = r"((?:19|20)\d\d|25[4-9]\d)"
BUDDHIST = 543  # years that Thailand counts more
_ZEROS = "٠۰०০๐"  # Arabic, Persian, Devanagari, Bengali, Thai
_DIGITS = str.maketrans({chr(ord(zero) + n): str(n) for zero in _ZEROS for n in range(10)})
MARKS = str.maketrans("", "", "\u200e\u200f\u061c")  # which way a line runs
# A letter of a month's name, or a sign that makes a vowel of one in the scripts of India and South East Asia.
NAME = r"(?:[^\W\d_]|[\u0900-\u0965\u0980-\u09e5\u0a00-\u0a65\u0a70-\u0a75\u0a80-\u0ae5\u0b80-\u0be5\u0c00-\u0c65\u0c80-\u0ce5\u0d00-\u0d65\u0d80-\u0de5\u0e31-\u0e3a\u0e47-\u0e4e\u0eb1-\u0ebc\u0ec8-\u0ece\u102b-\u103e\u17b4-\u17d3])"
_SHORT = r"[\u0e01-\u0e4e]{1,3}\.[\u0e01-\u0e2e]\."  # a Thai month cut to two letters
# In Hungarian the year stands in front. Names that are English too are told by their small letter.
_HUNGARIAN = "január|jan|február|febr?|március|márc|április|ápr|május|máj|június|jún|július|júl|augusztus|aug|szeptember|szept|október|okt|(?-i:november|nov|december|dec)"
_MONTH = rf"({NAME}{{2,14}}|{_SHORT}|(?:تشرين|كانون) (?:الأول|الثاني))"
# In Croatian, which sets a dot behind the day, the month of falling leaves is October; in Polish, which sets none, it is November.
_CROATIAN, OCTOBER = re.compile(r"\d\.\s*listopada\b", re.IGNORECASE), 10
_THAI = re.compile("[\u0e01-\u0e4e]")
SHORT = "DMy"  # a year of two digits
_YEAR_FIRST = re.compile(
    "[\u3040-\u30ff\u4e00-\u9fff]"
)  # in lines of such letters it stands in front, as whole years do
VIETNAMESE = "DMY"  # the word says which number is the month
_FORMS = (
    (
        re.compile(
            rf"\b(\d{{1,2}})(?:\.|st|nd|rd|th|er|º)?\s+(?:de\s+|of\s+|d['’])?{_MONTH}\.?[,،]?\s+(?:del?\s+|พ\.ศ\.\s?)?{_YEAR}\b"
        ),
        "dmy",
    ),
    (re.compile(rf"\b(\d{{1,2}})\s+({_SHORT})\s*(\d\d)\b(?![:.]\d)"), "dmb"),  # b: of the Buddhist century
    (re.compile(rf"\b{_YEAR}\.\s?({_HUNGARIAN})\.?\s+(\d{{1,2}})\b", re.IGNORECASE), "ymd"),
    (re.compile(rf"\b{_YEAR}\s?m\.\s?{_MONTH}\s+(\d{{1,2}})\s?d\b"), "ymd"),  # in Lithuanian
    (re.compile(rf"\b{_YEAR}\.?\s+gada\s+(\d{{1,2}})\.\s+{_MONTH}"), "ydm"),  # in Latvian
    (re.compile(rf"\b(\d{{1,2}})-{_MONTH}\.?(?:-|,\s){_YEAR}\b"), "dmy"),
    (re.compile(rf"\b{_MONTH}\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?\s?,?\s+{_YEAR}\b"), "mdy"),
    (re.compile(rf"\b(\d{{1,2}})\s+(?:tháng|thg)\s+(\d{{1,2}})(?:,|\s+năm)?\s+{_YEAR}\b"), VIETNAMESE),
    (re.compile(rf"\b(\d{{1,2}})\s\|\s(\d{{1,2}})\s\|\s{_YEAR}\b"), "dmy"),
    (re.compile(rf"\b{_YEAR}\s?[-/.年년]\s?(\d{{1,2}})\s?[-/.月월]\s?(\d{{1,2}})(?![\d-])"), "ymd"),
    (re.compile(rf"\b(\d{{1,2}})[./-](\d{{1,2}})[./-]{_YEAR}\b"), "dmy"),
    (re.compile(rf"\b(\d{{1,2}})\.\s(\d{{1,2}})\.\s{_YEAR}\b"), "dmy"),
    (re.compile(r"(?<![\w./-])(\d{1,2})[./-](\d{1,2})[./-](\d\d)\b"), SHORT),
)


def digits(text: str) -> str:
    """A text with the digits of other scripts as those of ours."""
    return text.translate(_DIGITS)


@functools.lru_cache(4096)
def _month(name: str) -> int:
    return MONTHS.get(_key(name), 0)


def month(name: str, line: str = "") -> int:
    """The number of a month by its name, in a line that prints a day; 0 where it is none."""
    return OCTOBER if name.casefold() == "listopada" and _CROATIAN.search(line) else _month(name)


def day(lines: Iterable[str], usual: str = "") -> tuple[datetime | None, str]:
    """The first day that one of the lines prints (midnight UTC), with the words; neither where none does. `usual` is the
    order that tells which of two numbers is the month where both can be."""
    found = ((at, said) for line in lines for at, said in _days(line, usual) if at is not None)
    return next(found, (None, ""))


def unclear(lines: Iterable[str]) -> str:
    """The first words of these lines that print two numbers of which either can be the month; empty where none do."""
    found = (said for line in lines for at, said in _days(line, "") if at is None)
    return next((said for said in found if _day_and_month(said)), "")


def places(line: str, day: datetime) -> list[int]:
    """Where in a line a day is printed, by either order of day and month."""
    line = line.translate(MARKS)
    if str(day.day) not in digits(line):  # most lines of most pages
        return []
    return [line.find(said) for usual in ("dmy", "mdy") for at, said in _days(line, usual) if at == day]


def says(line: str, day: datetime, usual: str) -> bool:
    """Whether a line prints a day in a form that has one reading, by the `usual` order."""
    return any(at == day for at, _ in _days(line, usual))


def _day_and_month(said: str) -> bool:
    numbers = re.findall(r"\d+", digits(said))
    return len(numbers) == 3 and all(1 <= int(number) <= 12 for number in numbers[:2])


def _days(line: str, usual: str) -> Iterator[tuple[datetime | None, str]]:
    """The days of a line with their words; no day where it may be one, and which one nobody knows."""
    line = line.translate(MARKS)
    told = digits(line)
    for form, order in _FORMS:
        for match in form.finditer(told):
            parts = match.groups()
            said = line[match.start() : match.end()]
            if order == SHORT:
                order, parts = ("ymd", parts) if _YEAR_FIRST.search(told) else ("dmy", parts)
            # With dots the month is not taken to be first: some American houses write so, and most do not.
            if found := _read(parts, order, "" if usual == "mdy" and "." in said else usual, told):
                yield found, said
            elif all(map(str.isdecimal, parts)) and not any(map(_is_buddhist, parts)):
                yield None, said
                break


def _is_buddhist(year: str) -> bool:
    return len(year) == 4 and year > "2500"


def _read(parts: tuple[str, ...], order: str, usual: str, line: str) -> datetime | None:
    value = {
        key: int(part) if part.isdecimal() else month(part, line)
        for key, part in zip(order.lower(), parts, strict=True)
    }
    number, day = value["m"], value["d"]
    year = value["y"] if "y" in value else 2500 + value["b"]
    if _is_buddhist(str(year)):
        if not _THAI.search(line):
            return None
        year -= BUDDHIST
    if year < 100:
        year += 1900 if year >= 95 else 2000
    if all(map(str.isdecimal, parts)) and order == "dmy" and number != day:
        if number <= 12 and day <= 12 and not usual:
            return None
        if number > 12 or (day <= 12 and usual == "mdy"):
            number, day = day, number
    try:
        return datetime(year, number, day, tzinfo=UTC)
    except ValueError:
        return None
