"""The people whom a printed line names, and the newsroom that signs where nobody does."""

import re
from collections.abc import Iterable

from extract import plain
from extract.read import terms

SIGLUM = 4  # letters at most of one that stands for its writer: "dpa/kw"
LONGEST = 1_000  # letters of a printed name looked at: a line of thirty people has fewer
_WRITES = r"γράφ(?:ει\s+[οη]|ουν\s+οι)\s+"  # in Greek, where others say "by"
_SIGNED = re.compile(
    rf"(?:^|\s)(?:(?:von|by|par|por|di|door|av|af)\s+|(?:{terms.pattern('author')})\s*[:：]\s*|{_WRITES})(?=\w)(.+)$",
    re.IGNORECASE,
)  # within a line with its date
_CHANGED = re.compile(r"\b(?:reviewed|edited|updated|checked|translated|modified|approved|verified)\b", re.IGNORECASE)
_BEHIND = re.compile(r"\s+(?:in|am|on|at|for|um|le|el|il|den|im)\b.*$|\s*[(|•·–—].*$|\s+-\s.*$", re.IGNORECASE)
_PARTS = re.compile(r"\s*[|·•–,]\s*|\s[-/]\s")
BY = re.compile(  # and not the label of a tool
    rf"^(?!text\s+(?:size|only|version)\b)(?:(?:\w+\s+){{0,2}}(?:{terms.pattern('penned')})\s+(?:by|von|par|por|di|de|da|van|door|av|af)\b[\s:]+|"
    rf"(?:by|von|vom|par|por|di|da|van|door|av|af|autor(?:in|en)?|auteure?|texte?|words|{terms.pattern('author')}|מאת|بقلم|كتبت?)\b\s*[:：]?\s+|"
    rf"(?:{terms.pattern('author', 'labels')})\s*[:：=＝／/・]\s*|(?:本报|本報)?(?:记者|記者)\s*|oleh\s+|โดย\s*|{_WRITES})(?=\S)",
    re.IGNORECASE,
)
_VAN = re.compile(
    r"Van\s[A-ZÀ-Ý][^\W\d_]+(?=$|\s*[,&]|\s+and\s)"
)  # a first name, where "by" has a whole name behind it
_ADDRESS = re.compile(r"https?:\S+|www\.\S+|\S+@\S+|@\w+")
_IN_BRACKETS = re.compile(r"\s*\(([^()]+)\)\s*")  # all that is left of "ann@herald.example (Ann Lee)"
_ASIDE = re.compile(
    r"\s*\([^)]*\)?|\s+(?:in|at|aus|à|en|[Ff]or(?: the)?)\s+[A-ZÀ-Ý].*$"
)  # a place or a remark behind the name
_WEEKDAY = (
    r"(?:\w+(?:day|tag|dag)|mittwoch|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|mi[ée]rcoles|jueves|"
    r"viernes|s[áa]bado|domingo|\w+-feira|(?:lune|marte|mercole|giove|vener)dì|sabato|domenica)"
)
_WHEN = re.compile(  # a date behind the name
    rf"(?:^|\s+)(?:(?:on|am|le|el|il|den|op|em)\s+)?(?:{_WEEKDAY}\b,?\s+)?"
    r"(?:[^\W\d]{3,9}\.?\s+\d{1,2},?\s+\d{4}|\d{1,2}\.?\s+(?:de\s+)?[^\W\d]{3,10}\.?\s+(?:del?\s+)?\d{4}|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{4}[./-]\d{1,2}[./-]\d{1,2}).*$",
    re.IGNORECASE,
)
_BESIDE = re.compile(  # what stands behind a newsroom's name: how long its text is, who helped, its house
    r"\s+(?:\d+(?:\s?[–-]\s?\d+)?\s+min|(?:with|and|mit|avec|con)\s+(?:agenc|agentur|agence|agencia)).*$|\s+[|·•⋅]\s.*$",
    re.IGNORECASE,
)
_DASH = re.compile(r"\s[-–—]\s")
_FILED = re.compile(r"([^|]+?)\s+\|\s+[^|]+\s\|\s*")  # what a date stands behind: a name, and where it was written
_DEGREE = re.compile(r"\s+(?:Ph\.?D|M\.?[DSA]|MPH|MBA|MSc|BSc|RDN?|RN|LD|JD|DO|CFP|CPA)\b\.?.*$")
_POSTS = re.compile(r"^(?:view|see|find|read)\b.{0,20}\bby\s+", re.IGNORECASE)
_SECTION = re.compile(r",\s*in\s.*$")  # "By Ann Lee, in News, World"
_TITLE = re.compile(r"\s+(?:기자|특파원|記者|记者)$")  # "reporter", behind the name
_NO_PERSON = re.compile(
    r"\d|[<>{}/\\=]|^(?:with|avec|mit|con|com|in|image|photo|foto|bild)\b|\bwith\b|\.\w{2,3}$|(?:報導|報道|报道)$",
    re.IGNORECASE,
)
_NO_NAME = re.compile(  # a number, an address, an hour, where a newsroom's name should stand
    r"\b\d{3}|@|^\d{1,2}[:.]\d\d\s?[ap]\.?m\b", re.IGNORECASE
)
PICTURE = re.compile(r"\W*(?:photo|foto|фото|image|bild|picture|video)", re.IGNORECASE)
_SUFFIX = re.compile(r",\s*(?=(?:Jr|Sr|II|III|IV)\b)")
_DOTTED = re.compile(r"\b(?:Jr|Sr|[A-Z])\.\W*$")
ACTION = re.compile(
    r"^(?:e-?mail|print(?=\W*$|\s(?:this|article|story|page)\b)|contact|follow|special to|message|write to|more (?:from|by)|see|all posts|view|read|learn|about|(?:updated|reviewed|edited|editing|additional reporting|translated|(?:fact-?)?checked) by|alle|mehr|weitere|tous|toutes|todos|más|tutti)\b",
    re.IGNORECASE,
)
_AND = re.compile(
    r"\s*(?:,\s+(?:and|und|et|en|og|och)\s|,|;|\||/|／|·|•|⋅|&|、|，(?:(?:记者|通讯员)\s)?|\s(?:记者|記者|通讯员|通訊員|实习生)\s|\s(?:and|And|AND|und|UND|et|en|og|och|ja|и|та|ve|και)\s|\s(?:y|e|i|și|şi|és|dan|và|ו|و|और|ও|และ)\s(?=\S+\s+\S))\s*"
)
# Chinese names in a row, of which each begins with one of the hundred commonest surnames: blanks stand between them only.
_CHINESE = (
    "[王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范"
    "金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤][\u4e00-\u9fff]{1,2}"
)
_WITH_POST = re.compile(rf"({_CHINESE})\s+[\u4e00-\u9fff]{{6,}}")  # and what its bearer is, and where
# A Korean name, and what its bearer writes as: "김하늘 바다 칼럼니스트".
KOREAN = "[김이박최정강조윤장임한오서신권황안송류유전홍고문양손배백허남심노하곽성차주우구민진지엄채원천방공현함변염여추도소석선설마길연위표명기반왕금옥육인맹제모탁국]"
_KOREAN = re.compile(
    rf"({KOREAN}[가-힣]{{2}})"
    r"\s(?:[가-힣]+\s){0,2}(?:칼럼니스트|논설위원|평론가|작가|교수|변호사)"
)
HAN = 6  # characters at most of a name in Chinese or Japanese: more of them are a sentence's or a house's
_HAN = re.compile("[\u4e00-\u9fff]+")
_REPORTERS = re.compile(r"(?:本报|新华社)?记者|(?:通讯员|作者|撰文)\s*[:：]?")
_ROW = re.compile(rf"(?:{_CHINESE}\s+)+{_CHINESE}")
_ROLE = re.compile(
    r"\b(editor|correspondent|reporter|writer|journalist|redakteur(?:in)?|korrespondent(?:in)?|chief|bureau|staff|desk|news ?room|"
    r"columnist|contributors?|team|admin|group|television|tv|verlag|gmbh|ltd|inc|llc|plc|media|radio|channel|zeitung|agency|association|foundation|institute|university|ministry|stiftung|verein|verband|institut|universität|hochschule|ministerium|polizei|rundfunk|redaktion|redacción|rédaction|redazione|redação|newspaper|magazine|online|digital|service|"
    r"e\.\s?v\b|head of|officer|director|founder|editorial|analyst|manager|specialist|consultant|expert|sponsored|partnership|partner content)\b|^the\s|"
    rf"\b(?:times|journal|network|gazette|tribune|herald|report|news|press|sports?|feed)$|\b(?:{terms.pattern('post')})\b|"
    rf"(?<!\w)(?:{terms.pattern('house')})(?!\w)|\w(?:redaktion|verwaltung|verband|ministerium|agentur|zeitung|gesellschaft)\b|"
    rf"(?:{terms.pattern('house_ending')})$",
    re.IGNORECASE,
)
_OF = re.compile(
    r"(?:das?|dos?|au|aux|du|del|de la|for|at|from|für|bei)\s"
)  # what another name is with: da Folha, au Monde
_FIRM = re.compile(
    r"\s(?:S\.?A|A\.?G|S\.?p\.?A|S\.?[rR]\.?[lL]|S\.?L|B\.?V|N\.?V|A/S|ASA|AB|Oyj?|KG|Ltda|Pty|Corp|Kft|s\.r\.o)\.?$"
)
_STATION = re.compile(
    r"[B-DF-HJ-NP-TV-XZ]{3,5}\s"
)  # in front of what a broadcaster calls a part of its own: CNN Business
_POST = re.compile(
    rf"(?:{terms.pattern('post')}|(?:co-?)?founder|ceo|author|analyst|manager|director|producer|specialist|consultant|president|expert|advisor|adviser)",
    re.IGNORECASE,
)
_SENT = re.compile(  # posts of two words: what is in front of them is no desk's name
    rf"\s+(?:{'|'.join(re.escape(post) for post in sorted(terms.words('post')) if ' ' in post)})$", re.IGNORECASE
)
_OWNER = re.compile(r"(?:co-?)?founder|ceo|owner|president", re.IGNORECASE)
_ASKED = re.compile(r"(?:e-?mail|follow|print)\b", re.IGNORECASE)  # and no name begins with: "View from Oulu", "Mehr"
# What stands alone in bylines and is nobody: "Updated", "Author", "Unknown".
_NO_NAMES = (
    terms.words("time")
    | terms.words("author")
    | terms.words("by")
    | terms.words("story")
    | terms.words("post")
    | terms.words("nobody")
    | {"link", "i", "记者", "記者", "기자", "发布于", "发表于"}
)


def named(name: str) -> list[str]:
    """The persons of one printed name: several may stand in it, behind a "By", with roles, places and addresses."""
    found: list[str] = []
    line = plain.line(name[:LONGEST])
    name = _POSTS.sub("", _WHEN.sub("", _ADDRESS.sub(" ", line)))
    if (filed := _FILED.fullmatch(name)) and is_full(_without_by(filed[1])):
        name = filed[1]
    if "@" in line and (inner := _IN_BRACKETS.fullmatch(name)) and is_full(inner[1]):
        name = inner[1]
    if PICTURE.match(name):
        return []
    rest = _without_by(_SUFFIX.sub(" ", _DEGREE.sub("", _SECTION.sub("", name))))
    for part in rest.split() if _REPORTERS.match(name) and _ROW.fullmatch(rest) else _AND.split(rest):
        if found and _OF.match(part):
            continue
        part = _ASIDE.sub("", part)
        part = _without_post(_TITLE.sub("", _without_by(part).strip(" .,:-–—|()"))) + (
            "." if _DOTTED.search(part) else ""
        )
        part = _beside_house(part)
        if told := _WITH_POST.fullmatch(part) or _KOREAN.fullmatch(part):
            part = told[1]
        is_siglum = len(part) <= SIGLUM and part.islower() and part.isalpha()
        if is_siglum or ACTION.match(part) or PICTURE.match(part) or part.casefold() in _NO_NAMES:
            continue
        if _HAN.fullmatch(part) and len(part) > HAN:
            continue
        if part and not _NO_PERSON.search(part) and not is_house(part) and len(part) <= 60:
            words = part.split()
            if len(words) <= 5:
                found.append(part.title() if part.isupper() and len(words) > 1 else part)
    return found[:1] if len(found) == 2 and " " in found[0] and " " not in found[1] else found  # "Ann Lee, Rome"


def beside_date(line: str) -> list[str]:
    """The names in a line that says when an article was published: behind a "by", or alone between its bars. Lines that
    say who changed or checked it name nobody."""
    if not _WHEN.search(line) or _CHANGED.search(line):
        return []
    signed = _SIGNED.search(line)
    names = named(_BEHIND.sub("", _WHEN.sub("", signed[1]))) if signed else []
    if names and all(is_full(name) for name in names):
        return names
    return next((found for part in _PARTS.split(line) if is_full(part) and (found := named(part))), [])


def is_house(name: str) -> bool:
    """Whether it is a newsroom's, an outlet's, a body's name, or a post's."""
    return any((_ROLE.search(name), _STATION.match(name), _FIRM.search(name)))


def _without_by(line: str) -> str:
    return line if _VAN.match(line) else BY.sub("", line)


def _beside_house(part: str) -> str:
    """Of a name and a newsroom's with a dash between them, the name."""
    sides = _DASH.split(part)
    named = [side for side in sides if not is_house(side)]
    return named[0] if len(sides) == 2 and len(named) == 1 and is_full(named[0]) else part


def is_full(name: str) -> bool:
    """Whether it is a name of two words or three, capitalised all."""
    words = name.split()
    return 2 <= len(words) <= 3 and all(w[:1].isupper() and re.sub("[-.]", "", w).isalpha() for w in words)


def _without_post(part: str) -> str:
    """A name without the post printed before or behind it: "Home Affairs Editor Ann Lee", "Ann Lee Rome Correspondent"."""
    if (sent := _SENT.search(part)) and is_full(part[: sent.start()]):
        return part[: sent.start()]
    words = part.split()
    posts = [n for n, word in enumerate(words) if _POST.fullmatch(word)]
    if not posts or len(words) < 3:
        return part
    last, first = posts[-1], posts[0]
    behind = words[last + 1 :]
    if (
        2 <= len(behind) <= 3
        and not behind[0][0].islower()
        and (first != 2 or all(word[:1].isupper() for word in behind))
    ):
        return " ".join(behind)
    in_front = first >= 3 if not behind else first == 2
    return " ".join(words[:2]) if in_front or _OWNER.fullmatch(words[2]) else part


def _signs_nobody(name: str) -> bool:
    """Whether it is no newsroom's name either: a label, an account of the site's program, an address."""
    told = name.casefold()
    return "/" in name or told in _NO_NAMES or _ASKED.match(name) is not None or _NO_NAME.search(name) is not None


def newsroom(sources: Iterable[list[str]]) -> tuple[str, ...]:
    """Who signs where no person does: the newsroom or the agency of the first source that names one."""
    for names in sources:
        found = [_BESIDE.sub("", _WHEN.sub("", BY.sub("", plain.line(name)))).strip(" .,:-–—|()") for name in names]
        found = [name for name in found if name and len(name.split()) <= 4 and not _signs_nobody(name)]
        if found:
            return tuple(dict.fromkeys(found))[:3]
    return ()
