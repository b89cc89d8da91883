"""Days as they are printed near a headline, in the languages of the press. A day that two readings share is none."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime

# By month: English, German, French, Spanish, Italian, Portuguese, Dutch, the Nordic languages, Polish, Czech, Romanian,
# Turkish, Indonesian, Russian, Ukrainian, Greek, Hungarian, Catalan, Bulgarian, Arabic, Hebrew; Macedonian, Serbian, Belarusian,
# Slovak, Slovenian, the Baltic languages, Icelandic, Azerbaijani, Afrikaans, Galician, Albanian, Welsh, Filipino, Malay, Swahili,
# Bengali, Hindi, Urdu, Persian; as dates are written, which in some is the genitive, and as the months are called. Beginnings
# of three letters and more count where no other month shares them. Croatian is left out: its months are others' in Polish and Czech.
_NAMES = """
january januar janvier enero gennaio janeiro januari tammikuuta stycznia ledna ianuarie ocak января січня ιανουαρίου styczeń leden январь січень ιανουάριος január gener януари يناير ינואר בינואר јануар јануари студзеня januára januarja sausio janvārī janvāris jaanuar janúar yanvar januarie xaneiro janar ionawr জানুয়ারি जनवरी جنوری ژانویه
february februar février fevrier febrero febbraio fevereiro februari helmikuuta lutego února februarie şubat februari февраля лютого φεβρουαρίου luty únor февраль лютий φεβρουάριος február febrer февруари فبراير פברואר בפברואר фебруари фебруар лютага februára februarja vasario februārī februāris veebruar febrúar fevral febreiro shkurt chwefror pebrero ফেব্রুয়ারি फ़रवरी फरवरी فروری فوریه
march märz mars marzo março marco maart maaliskuuta marca března martie mart maret марта березня μαρτίου marzec březen март березень μάρτιος március març مارس מרץ במרץ сакавіка kovo martā marts märts marso machi mawrth মার্চ मार्च مارچ
april avril abril aprile huhtikuuta kwietnia dubna aprilie nisan апреля квітня απριλίου kwiecień duben апрель квітень απρίλιος április април أبريل ابريل אפריל באפריל красавіка apríla aprila balandžio aprīlī aprīlis apríl aprel prill ebrill aprili এপ্রিল अप्रैल اپریل آوریل
may mai mayo maggio maio mei maj toukokuuta maja května mayıs мая травня μαΐου μαίου květen май травень μάιος május maig مايو מאי במאי мај mája gegužės maijā maijs maí মে मई مئی
june juni juin junio giugno junho kesäkuuta czerwca června iunie haziran июня червня ιουνίου czerwiec červen июнь червень ιούνιος június juny юни يونيو יוני ביוני јун јуни чэрвеня júna junija birželio jūnijā jūnijs juuni júní iyun junie xuño qershor mehefin hunyo জুন जून جون ژوئن
july juli juillet julio luglio julho heinäkuuta lipca července iulie temmuz июля липня ιουλίου lipiec červenec июль липень ιούλιος július juliol юли يوليو יולי ביולי јул јули ліпеня júla julija liepos jūlijā jūlijs juuli júlí iyul julie xullo korrik gorffennaf hulyo julai জুলাই जुलाई جولائی ژوئیه
august août aout agosto augustus augusti elokuuta sierpnia srpna ağustos agustus августа серпня αυγούστου sierpień srpen август серпень αύγουστος augusztus agost أغسطس اغسطس אוגוסט באוגוסט жніўня augusta avgusta rugpjūčio augustā augusts ágúst avqust gusht awst ogos আগস্ট अगस्त اگست اوت
september septembre septiembre settembre setembro syyskuuta września září septembrie eylül сентября вересня σεπτεμβρίου wrzesień сентябрь вересень σεπτέμβριος szeptember септември سبتمبر ספטמבר בספטמבר септембар верасня septembra rugsėjo septembrī septembris sentyabr setyembre septembar shtator medi septemba সেপ্টেম্বর सितंबर सितम्बर ستمبر سپتامبر
october oktober octobre octubre ottobre outubro lokakuuta października října octombrie ekim октября жовтня οκτωβρίου październik říjen октябрь жовтень οκτώβριος október октомври أكتوبر اكتوبر אוקטובר באוקטובר октобар кастрычніка októbra oktobra spalio oktobrī oktobris oktoober oktyabr tetor hydref oktubre oktoba অক্টোবর अक्टूबर अक्तूबर اکتوبر اکتبر
november novembre noviembre novembro marraskuuta listopada listopadu noiembrie kasım ноября листопада νοεμβρίου listopad ноябрь листопад νοέμβριος ноември نوفمبر נובמבר בנובמבר новембар лістапада novembra lapkričio novembrī novembris nóvember noyabr novembar nëntor tachwedd nobyembre novemba নভেম্বর नवंबर नवम्बर نومبر نوامبر
december dezember décembre decembre diciembre dicembre dezembro joulukuuta grudnia prosince decembrie aralık desember декабря грудня δεκεμβρίου grudzień prosinec декабрь грудень δεκέμβριος desembre декември ديسمبر דצמבר בדצמבר децембар снежня decembra gruodžio decembrī decembris detsember dekabr decembar dhjetor rhagfyr disyembre desemba disember ডিসেম্বর दिसंबर दिसम्बर دسمبر دسامبر
"""


def _months() -> dict[str, int]:
    found: dict[str, int] = {}
    shared = set()
    for number, names in enumerate(_NAMES.strip().splitlines(), 1):
        for name in names.split():
            for length in range(3, len(name) + 1):
                if found.setdefault(name[:length], number) != number:
                    shared.add(name[:length])
    told = {name: number for name, number in found.items() if name not in shared}
    whole = {name: number for number, names in enumerate(_NAMES.strip().splitlines(), 1) for name in names.split()}
    english = {
        name[:3]: number for number, name in enumerate((line.split()[0] for line in _NAMES.strip().splitlines()), 1)
    }
    return {**told, **whole, **english}  # a whole name before another's beginning; English ones before all


MONTHS = _months()
_YEAR = r"((?:19|20)\d\d)"
_ZEROS = "٠۰०০๐"  # Arabic, Persian, Devanagari, Bengali, Thai
_DIGITS = str.maketrans({chr(ord(zero) + n): str(n) for zero in _ZEROS for n in range(10)})
NAME = r"(?:[^\W\d_]|[\u0900-\u0965\u0980-\u09e5])"  # a letter of a month's name; or a sign that makes a vowel of Hindi or Bengali
_MONTH = rf"({NAME}{{2,14}})"
_FORMS = (
    (
        re.compile(rf"\b(\d{{1,2}})(?:\.|st|nd|rd|th|er|º)?\s+(?:de\s+|of\s+)?{_MONTH}\.?,?\s+(?:del?\s+)?{_YEAR}\b"),
        "dmy",
    ),
    (re.compile(rf"\b(\d{{1,2}})-{_MONTH}\.?-{_YEAR}\b"), "dmy"),
    (re.compile(rf"\b{_MONTH}\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?\s?,?\s+{_YEAR}\b"), "mdy"),
    (re.compile(rf"\b(\d{{1,2}})\s+tháng\s+(\d{{1,2}})(?:,|\s+năm)?\s+{_YEAR}\b"), "dmy"),
    (re.compile(rf"\b(\d{{1,2}})\s\|\s(\d{{1,2}})\s\|\s{_YEAR}\b"), "dmy"),
    (re.compile(rf"\b{_YEAR}\s?[-/.年년]\s?(\d{{1,2}})\s?[-/.月월]\s?(\d{{1,2}})(?![\d-])"), "ymd"),
    (re.compile(rf"\b(\d{{1,2}})[./-](\d{{1,2}})[./-]{_YEAR}\b"), "dmy"),
    (re.compile(rf"\b(\d{{1,2}})\.\s(\d{{1,2}})\.\s{_YEAR}\b"), "dmy"),
    (re.compile(r"(?<![\w./-])(\d{1,2})[./-](\d{1,2})[./-](\d\d)\b"), "dmy"),
)


def day(lines: Iterable[str], usual: str = "") -> tuple[datetime | None, str]:
    """The first day that one of the lines prints (midnight UTC), with the words; neither where none does. `usual` is the
    order that tells which of two numbers is the month where both can be."""
    for line in lines:
        told = line.translate(_DIGITS)
        for form, order in _FORMS:
            for match in form.finditer(told):
                if found := _read(match.groups(), order, usual):
                    return found, line[match.start() : match.end()]
    return None, ""


def _read(parts: tuple[str, ...], order: str, usual: str) -> datetime | None:
    value = {
        key: int(part) if part.isdigit() else MONTHS.get(part.casefold(), 0)
        for key, part in zip(order, parts, strict=True)
    }
    year, month, day = value["y"], value["m"], value["d"]
    if year < 100:
        year += 1900 if year >= 95 else 2000
    if all(part.isdigit() for part in parts) and order != "ymd" and month != day:
        if month <= 12 and day <= 12 and not usual:
            return None
        if month > 12 or (day <= 12 and usual == "mdy"):
            month, day = day, month
    try:
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return None
