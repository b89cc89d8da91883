"""Days in the forms of Chinese sites."""

from typing import Any

import pytest

from tests.pages import BODY, URL, read

HEADLINE = "<article><h1>Rain floods the lower town</h1>"


BAIDU = {
    "@context": "https://ziyuan.baidu.com/contexts/cambrian.jsonld",
    "@id": URL,
    "title": "Rain",
    "pubDate": "2026-11-20T10:30:00",
}


@pytest.mark.parametrize(
    ("ld", "day", "minute"),
    [
        (BAIDU, 20, 30),
        ([BAIDU, BAIDU], None, None),  # of which one is another article's
        ({**BAIDU, "@context": "https://schema.org"}, None, None),
        ({**BAIDU, "pubDate": ""}, None, None),
        (
            [BAIDU, {"@type": "NewsArticle", "headline": "Rain floods the lower town", "datePublished": "2026-11-18"}],
            18,
            0,
        ),
    ],
)
def test_baidus_own_form_says_when_a_page_was_published(ld: Any, day: int | None, minute: int | None) -> None:
    at = read(f"{HEADLINE}{BODY}</article>", ld=ld).published_at
    assert (at and at.day, at and at.minute) == (day, minute)


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("发布时间：11-20 10:30", 20), ("发布时间：26-11-20", 20), ("发布于：11-20", 20),
        ("发布时间：11-18 10:30", None), ("更新时间：11-20 10:30", None), ("发布会：011-20-30", None),
    ],
)  # fmt: skip
def test_a_change_told_to_machines_is_the_day_where_its_month_and_day_are_printed(line: str, day: int | None) -> None:
    head = '<meta itemprop="dateUpdate" content="2026-11-20 10:30:00">'
    at = read(f"{HEADLINE}<p>{line}</p>{BODY}</article>", head, ld=None).published_at
    assert (at and at.day) == day


@pytest.mark.parametrize(("url", "year"), [("https://mp.weixin.qq.com/s/abc", 2025), (URL, None)])
def test_an_article_in_wechat_says_its_moment_in_a_script(url: str, year: int | None) -> None:
    at = read(f'{HEADLINE}{BODY}</article><script>var ct = "1763632800";</script>', ld=None, url=url).published_at
    assert (at and at.year) == year


@pytest.mark.parametrize(
    ("name", "found"), [("comment-count", True), ("comments", True), ("title", False), ("commentary", False)]
)
def test_a_heading_that_leads_to_comments_heads_no_other_story(name: str, found: bool) -> None:
    info = f'<div><p>12 November 2026</p><h5 class="{name}"><a href="/comments/1">57 took part</a></h5></div>'
    assert (read(f"{HEADLINE}{info}{BODY}</article>", ld=None).published_from == "text") is found
