"""The people whom a printed line names."""

import pytest

from extract.read.people import authors, persons, reporters


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Ann Lee", ["Ann Lee"]),
        ("By Ann Lee and Max Orr", ["Ann Lee", "Max Orr"]),
        ("ANN LEE", ["Ann Lee"]),
        ("ANN", ["ANN"]),
        ("Von Ann Lee, Max Orr & Jo Ray", ["Ann Lee", "Max Orr", "Jo Ray"]),
        ("Ann Lee, Jr.", ["Ann Lee Jr."]),
        ("Ann Lee, PhD", ["Ann Lee"]),
        ("Ann Lee, Ph.D., MPH", ["Ann Lee"]),
        ("Ann Lee (Berlin)", ["Ann Lee"]),
        ("Ann Lee in Berlin", ["Ann Lee"]),
        ("Ann Lee, in News, World", ["Ann Lee"]),
        ("By Ann Lee on November 20, 2026", ["Ann Lee"]),
        ("By Ann Lee 20.11.2026 10:00", ["Ann Lee"]),
        ("Ann Lee ann@herald.example", ["Ann Lee"]),
        ("Ann Lee @annlee", ["Ann Lee"]),
        ("Photo: Ann Lee", []),
        ("Updated", []),
        ("Unknown", []),
        ("By Unknown author", []),
        ("Anonym", []),
        ("Onbekend", []),
        ("Ann Unknown", ["Ann Unknown"]),
        ("Anonyma Lee", ["Anonyma Lee"]),
        ("Author", []),
        ("See all posts by Ann Lee", ["Ann Lee"]),
        ("More from Ann Lee", []),
        ("Chief editor", []),
        ("The Herald", []),
        ("Herald staff", []),
        ("Ann Lee, Max Orr, Herald", ["Ann Lee", "Max Orr"]),
        ("one two three four five", ["one two three four five"]),
        ("one two three four five six", []),
        ("x" * 60, ["x" * 60]),
        ("x" * 61, []),
        ("Ann Lee 2", []),
        ("김철수 기자", ["김철수"]),
        ("with Ann Lee", []),
        ("Ann Lee with Max Orr", []),
        ("herald.com", []),
        ("Political editor Ann Lee", ["Ann Lee"]),
        ("Political Editor Ann Lee", ["Ann Lee"]),
        ("Editor Ann Lee", ["Ann Lee"]),
        ("Ann Lee Editor", []),
        ("Ann Lee Founder", ["Ann Lee"]),
        ("Editor Ann", []),
        ("", []),
        ("Ann Lee, Rome", ["Ann Lee"]),
        ("Ann Lee, Max Orr, Rome", ["Ann Lee", "Max Orr", "Rome"]),
        ("ANN LEE AND MAX ORR", ["Ann Lee", "Max Orr"]),
        ("By ANN LEE For the Herald", ["Ann Lee"]),
        ("Reporting by Ann Lee; editing by Max Orr", ["Ann Lee"]),
        ("Words by Ann Lee | Photos by Max Orr", ["Ann Lee"]),
        ("Ein Kommentar von Ann Lee", ["Ann Lee"]),
        ("Propos recueillis par Ann Lee", ["Ann Lee"]),
        ("a cura di Ann Lee", ["Ann Lee"]),
        ("Análisis de Ann Lee", ["Ann Lee"]),
        ("Door onze verslaggever Ann Lee", ["Ann Lee"]),
        ("Por: Ann Lee | Corresponsal en Roma", ["Ann Lee"]),
        ("Par Ann Lee, envoyée spéciale", ["Ann Lee"]),
        ("Автор: Мария Ольхова", ["Мария Ольхова"]),
        ("Szerző: Kiss Réka", ["Kiss Réka"]),
        ("מאת: נועה לביא", ["נועה לביא"]),
        ("作者：李晓明", ["李晓明"]),
        ("本报记者 李晓明", ["李晓明"]),
        ("文・山田花子", ["山田花子"]),
        ("記者李曉明／台北報導", ["李曉明"]),
        ("Haber: Elif Demirci", ["Elif Demirci"]),
        ("本报记者 李晓明 王芳", ["李晓明", "王芳"]),
        ("李晓明 河口大学海洋研究所所长", ["李晓明"]),
        ("李晓明 王芳", ["李晓明 王芳"]),
        ("河口京报", []),
        ("河口网", []),
        ("河口财经", []),
        ("山前之家", []),
        ("未知", []),
        ("网络整理", []),
        ("发布于 2026-11-20 10:00", []),
        ("记者通过电话联系了港务局", []),
        ("勅使河原三郎", ["勅使河原三郎"]),
        ("김하늘 바다 칼럼니스트", ["김하늘"]),
        ("바다 칼럼니스트", ["바다 칼럼니스트"]),
        ("记者 李晓明 实习生 王芳", ["李晓明", "王芳"]),
        ("기자 김철수", ["기자 김철수"]),
        ("高橋 周平", ["高橋 周平"]),  # in Japanese, one name
        ("记者 李晓明 通讯员 王芳", ["李晓明", "王芳"]),
        ("記者 山田 花子", ["山田 花子"]),
        ("李晓明, 记者", ["李晓明"]),
        ("लेखक: मीरा जोशी", ["मीरा जोशी"]),
        ("글: 김철수 기자", ["김철수"]),
        ("Γράφει η Μαρία Ελιά", ["Μαρία Ελιά"]),
        ("Γράφουν οι Μαρία Ελιά και Νίκος Κάμπος", ["Μαρία Ελιά", "Νίκος Κάμπος"]),
        ("Sari Dewi dan Budi Laut", ["Sari Dewi", "Budi Laut"]),
        ("מאת נועה לביא ו אורי גל", ["נועה לביא", "אורי גל"]),
        ("Ana Volta e Pinto", ["Ana Volta e Pinto"]),
        ("Ana Volta e Rui Pinto", ["Ana Volta", "Rui Pinto"]),
        ("Por Ann Lee 19 de noviembre de 2026 - 08:30", ["Ann Lee"]),
        ("Ann Lee, Health Correspondent, and Max Orr", ["Ann Lee", "Max Orr"]),
        ("Por Ann Lee, da Folha do Vale", ["Ann Lee"]),
        ("Par Ann Lee, journaliste au Monde", ["Ann Lee"]),
        ("Ann Lee, redactor de El Valle", ["Ann Lee"]),
        ("CNN Business", []),
        ("Kronen Broadcasting Corporation", []),
        ("Agence Herald", []),
        ("Webredaktion", []),
        ("Редакция", []),
        ("毎朝新聞", []),
        ("山谷日报", []),
        ("Herald Print SA", []),
        ("Les Amis S.p.A.", []),
        ("Carl Bildt", ["Carl Bildt"]),
        ("Mark Church", ["Mark Church"]),
        ("Ann Lee - The Herald Times", ["Ann Lee"]),
        ("Redaktion – Ann Lee", ["Ann Lee"]),
        ("Ann - Lee Orr", ["Ann - Lee Orr"]),
        ("Ann Lee - Max Orr", ["Ann Lee - Max Orr"]),
        ("Anna-Lena Berg", ["Anna-Lena Berg"]),
        ("ann@herald.example (Ann Lee)", ["Ann Lee"]),
        ("(red.)", []),
        ("(New York)", []),
        ("Van Lee", ["Van Lee"]),
        ("Ann Lee, Van Orr", ["Ann Lee", "Van Orr"]),
        ("Van Jan Orr", ["Jan Orr"]),
        ("Van onze redactie", []),
        ("Published by Ann Lee on 12 May 2026", ["Ann Lee"]),
        ("Contributors to the Open Atlas", []),
        ("Watermark Feed", []),
        ("Ann Feedham", ["Ann Feedham"]),
        ("Print", []),
        ("Ann Print", ["Ann Print"]),
        ("Text Ann Lee", ["Ann Lee"]),
        ("Text Sizemore Lee", ["Sizemore Lee"]),
        ("Par ANN LEE, JO RAY Envoyées spéciales à Lyon", ["Ann Lee", "Jo Ray"]),
        ("Par ANN LEE, MAX ORR Envoyés spéciaux à Lyon", ["Ann Lee", "Max Orr"]),
        ("Ann Lee Enviada Especial", ["Ann Lee"]),
        ("De nuestro enviado especial", []),
        ("Ann Lee | Puerto de Santa | 08/01/2026", ["Ann Lee"]),
        ("Ann Lee | Max Orr", ["Ann Lee", "Max Orr"]),
        ("Ann Lee | Max Orr | Jo Ray | 08/01/2026", ["Ann Lee", "Max Orr", "Jo Ray"]),
        ("News | Ann Lee | 08/01/2026", ["Ann Lee"]),
        ("谷報快訊／范明佳", ["范明佳"]),
    ],
)
def test_who_a_line_names(line: str, names: list[str]) -> None:
    assert persons.named(line) == names


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Ann Lee | 20.11.2026", ["Ann Lee"]),
        ("20 November 2026 by Ann Lee", ["Ann Lee"]),
        ("20 November 2026 by Ann Lee in Berlin", ["Ann Lee"]),
        ("20 November 2026 by Ann Lee | News", ["Ann Lee"]),
        ("by Ann Lee", []),  # no date
        ("Edited by Ann Lee, 20.11.2026", []),
        ("Ann | 20.11.2026", []),
        ("Ann de Lee | 20.11.2026", []),
        ("Ann Mary Lee · 20.11.2026", ["Ann Mary Lee"]),
        ("Ann Mary Jo Lee · 20.11.2026", []),
        ("ann lee, 20.11.2026", []),
        ("A.-M. Lee, 20.11.2026", ["A.-M. Lee"]),
        ("Ann Lee, Max Orr, 20.11.2026", ["Ann Lee"]),
        ("News - Ann Lee - 20.11.2026", ["Ann Lee"]),
        ("20.11.2026 by the staff, Ann Lee", ["Ann Lee"]),
        ("Vydáno 20. listopadu 2026 Autor: Jana Malá", ["Jana Malá"]),
        ("20.11.2026 Γράφει ο Νίκος Κάμπος", ["Νίκος Κάμπος"]),
        ("12 March 2026 Analysis: Israel Strikes Iran", []),
        ("March 12, 2026 | Cover Story: Big Oil | by Ann Lee", ["Ann Lee"]),
    ],
)
def test_who_a_line_with_its_date_names(line: str, names: list[str]) -> None:
    assert persons.beside_date(line) == names


@pytest.mark.parametrize(
    ("sources", "signed"),
    [
        ([["By Herald Newsroom"], ["Other"]], ("Herald Newsroom",)),
        ([[], [""], ["The Herald."]], ("The Herald",)),
        ([["Herald", "Herald", "Post"]], ("Herald", "Post")),
        ([["a", "b", "c", "d"]], ("a", "b", "c")),
        ([["one two three four"]], ("one two three four",)),
        ([["one two three four five"], ["Herald"]], ("Herald",)),
        ([["News/Herald"], ["desk@herald.example"], ["Herald 123"]], ()),
        ([["Herald 12"]], ("Herald 12",)),
        ([["8:15AM BST 03 Nov 2026"], ["6.15 pm"]], ()),
        ([["7:45 Team"]], ("7:45 Team",)),
        ([["7.45 Bulletin"]], ("7.45 Bulletin",)),
        ([["20 Minuten"]], ("20 Minuten",)),
        ([["Herald 3 min read"]], ("Herald",)),
        ([["Herald with agencies"]], ("Herald",)),
        ([["Herald | Berlin"]], ("Herald",)),
        ([], ()),
    ],
)
def test_which_newsroom_signs(sources: list[list[str]], signed: tuple[str, ...]) -> None:
    assert persons.newsroom(sources) == signed


def decided(*sources: list[str]) -> tuple[str, ...]:
    return authors.decide(list(sources), {"herald"}, lambda name: name in ("Reuters Desk", "AFP", "dpa"))


@pytest.mark.parametrize(
    ("sources", "people"),
    [
        ([["Ann Lee"], []], ("Ann Lee",)),
        ([[], ["Max Orr"], []], ("Max Orr",)),
        ([["Herald"], ["Max Orr"], []], ("Max Orr",)),
        ([["Reuters Desk"], []], ()),
        ([["Par Ann Lee avec AFP"], []], ("Ann Lee",)),
        ([["Jean Le Goff avec AFP et dpa"], []], ("Jean Le Goff",)),
        ([["Le Tribun avec AFP"], ["dpa/kw"], []], ()),  # a paper, a siglum
        ([["bell hooks"], []], ("bell hooks",)),
        ([["Ann Lee", "ann-lee", "ANN LEE"], []], ("Ann Lee",)),
        ([["annlee"], ["By Ann Lee"]], ("Ann Lee",)),  # as she logs in
        ([["Ann Lee"], ["By Ann Lee and Max Orr"]], ("Ann Lee", "Max Orr")),  # joined by an "and"
        ([["Ann Lee"], ["By Ann Lee, Max Orr"]], ("Ann Lee", "Max Orr")),
        ([["Ann Lee"], ["By Ann Lee , Max Orr"]], ("Ann Lee", "Max Orr")),
        ([["Ann Lee"], ["By Jo Ray and Max Orr"]], ("Ann Lee",)),
        ([["Ann Lee"], ["By Ann Lee, Jo Ray and Max Orr"]], ("Ann Lee",)),
        ([["Ann Lee"], ["Max Orr"], ["By Max Orr"]], ("Max Orr",)),  # another source agrees with what is printed
        ([["Ann Lee"], ["Jo Ray"], ["By Max Orr"]], ("Ann Lee",)),
        ([[f"{chr(65 + n)}nn Lee" for n in range(25)], []], tuple(f"{chr(65 + n)}nn Lee" for n in range(20))),
        ([[], []], ()),
    ],
)
def test_which_source_is_believed(sources: list[list[str]], people: tuple[str, ...]) -> None:
    assert decided(*sources) == people


@pytest.mark.parametrize("word", ["Link", "I", "Story", "Author", "By", "Updated"])
def test_a_word_of_bylines_alone_is_nobody(word: str) -> None:
    assert persons.named(word) == []


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("河口晚报记者 李晓明 王芳", ["李晓明", "王芳"]), ("采写：河口晚报见习记者 李晓明", ["李晓明"]), ("本报记者 李晓明 实习生 王芳", ["李晓明", "王芳"]),
        ("《渡口》作者 李晓明", ["李晓明"]), ("（河口晚报记者：李晓明、王芳）", ["李晓明", "王芳"]), ("本報記者 劉曉明", ["劉曉明"]),
        ("记者从港务局获悉", []), ("记者会 方案出台", []), ("外国记者 高度评价渡轮", []), ("记者：何时复航？", []),
        ("美国记者 马上回国", []), ("记者协会主席李晓明说", []), ("李晓明", []), ("作者 李晓明", []),
    ],
)  # fmt: skip
def test_a_line_that_says_whose_reporter_one_is_and_no_more(line: str, names: list[str]) -> None:
    assert reporters.alone(line) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("河口社山前11月20日电（记者李晓明）渡轮停航。", ["李晓明"]), ("河口晚报讯（记者 李晓明 王芳）渡轮停航。", ["李晓明", "王芳"]),
        ("本报讯（记者李晓明、通讯员王芳）渡轮停航。", ["李晓明", "王芳"]), ("河口网11月20日讯（记者李晓明 整合）渡轮停航。", ["李晓明"]),
        ("〔記者劉曉明／河口報導〕渡輪停航。", ["劉曉明"]),
        ("本报讯（记者站供稿）渡轮停航。", []), ("本报讯（记者手记）渡轮停航。", []), ("他打来电话（记者方便时接了）说渡轮停航。", []),
        ("渡轮停航。河口晚报讯（记者李晓明）说。", []), ("港务局长（前记者李晓明）说，渡轮停航。", []),
    ],
)  # fmt: skip
def test_a_reports_first_brackets_name_its_reporters(text: str, names: list[str]) -> None:
    assert reporters.opening(text) == names


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("发表于2026-11-20 21:30| 1164次阅读| 来源河口网| 作者李晓明", ["李晓明"]), ("2026-11-20 12:11 来源：河口网 作者：李晓明", ["李晓明"]),
        ("2026-11-20 作者：李晓明 编辑：王芳", ["李晓明"]), ("2026-11-20 作者：网络整理 阅读：1644", []), ("2026-11-20 来源：河口网", []),
        ("2026-11-20 作者权益受保护", []), ("2026-11-20 记者节", []), ("2026-11-20 作者文库 更新", []),
    ],
)  # fmt: skip
def test_a_chinese_line_with_its_day_names_its_author(line: str, names: list[str]) -> None:
    assert reporters.beside_day(line) == names
