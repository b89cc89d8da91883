"""The reporters whom Chinese lines name: in a line of their own, beside a day, or in the brackets with which a report opens."""

import re

from extract.read import terms

# The family names that nearly all in China bear, and as many letters more. A word that begins with one may be any word:
# names are looked for only behind a reporter's title.
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白"
    "邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤裴季柯梅童颜施卓翁骆殷欧温柴庄祝左涂焦倪柳耿兰褚岳齐邢曲谷葛麦尚宁甘符冉"
    "蓝穆桂屈项娄苗申滕蔺鲁冷池辛阎佘缪聂翟俞喻费席卫卞洪常康樊饶阮柏应游詹易卜查丛巩冀荆揭景鞠阚匡邝赖郎劳乐凌刁窦樂張劉陳楊黃趙吳馬鄭謝許韓馮"
    "鄧蕭蔣葉蘇魏呂盧鍾譚陸賈韋鄒閻賀顧龔萬錢嚴湯簡詹藍連"
)
NAME = f"[{_SURNAMES}][\\u4e00-\\u9fff]{{1,2}}"
_TITLE = r"(?:记者|記者|通讯员|通訊員)"
_AND = rf"(?:\s*[、，,/&]\s*|\s+)(?:(?:实习生|實習生|摄影|{_TITLE})\s*[:：]?\s*)?"
_NAMES = rf"({NAME}(?:{_AND}{NAME})*)"
_HOUSE = r"[\w《》·]{0,12}?"  # whose reporter, and of what kind
_LINE = re.compile(
    rf"\W*(?:(?:采写|采访|文|撰文|撰稿)\s*[:：/|]\s*)?{_HOUSE}(?:{_TITLE}|(?<=》)作者)(?:\s*[:：/|]\s*|\s+){_NAMES}\W*"
)
_BESIDE = re.compile(
    rf"(?:作者|{_TITLE})\s*[:：]?\s*{_NAMES}(?=$|\s*[|｜·]|\s+(?:{terms.pattern('edited', 'source')}))"
)
_DONE = r"(?:\s*(?:摄影报道|报道|報導|整合|编译|整理|文/图|发自\w{2,4}))?"
_OPENING = re.compile(
    rf"[^（(。]{{1,25}}(?:讯|訊|电|電|消息)\s?[（(]\s?{_HOUSE}{_TITLE}\s*[:：]?\s*{_NAMES}{_DONE}\s?[）)]|"
    rf"[〔【（(\[]\s?{_HOUSE}{_TITLE}\s*{_NAMES}\s?[／/]\w{{2,8}}[〕】）)\]]"
)
_APART = re.compile(rf"(?:{_AND})")
_A_NAME = re.compile(NAME)
_DAY = re.compile(r"\d[-/.年月]\s?\d")
# What begins like a name and is a place, or how a report was made.
_NO_NAMES = frozenset(
    re.findall(
        r"\w+",
        "白宫 白宮 江苏 江蘇 江西 江门 江門 温州 柳州 梅州 常州 徐州 郑州 鄭州 苏州 蘇州 贺州 池州 万州 宁波 宁夏 宁德 甘肃 高雄 金门 金門 金华 連江 連線 黄山 黄石 黄冈 马鞍山 武汉 武漢 沈阳 "
        "唐山 石家庄 秦皇岛 邢台 桂林 曲靖 乐山 马来西 黎巴嫩 韩国 韓國 欧洲 欧盟 柏林 孟买 孟加拉",
    )
)


def alone(line: str) -> list[str]:
    """Those of a line that says no more than whose reporter somebody is: "河口晚报记者 李晓明 王芳"."""
    return _named(_LINE.fullmatch(line.strip()))


def beside_day(line: str) -> list[str]:
    """Those of a line that says when an article was published."""
    return _named(_BESIDE.search(line) if _DAY.search(line) else None)


def opening(paragraph: str) -> list[str]:
    """Those of a report's first brackets: "河口晚报讯（记者 李晓明）", "〔記者李曉明／台北報導〕"."""
    return _named(_OPENING.match(paragraph.strip()))


def _named(found: re.Match[str] | None) -> list[str]:
    names = next(filter(None, found.groups()), "") if found else ""
    return [name for part in _APART.split(names) for name in _A_NAME.findall(part) if name not in _NO_NAMES]
