"""Days in forms that only Chinese sites have."""

import re
from collections.abc import Iterable

from extract import moments, urls
from extract.read.layout import Layout

_CT = re.compile(r'\bvar ct\s*=\s*"(\d{10})"')  # seconds since 1970


def changed(page: Layout, near: Iterable[tuple[int, str]]) -> str:
    """When a page was last changed, as Chinese pages tell machines, where it prints month and day of that as its publication's."""
    claim = page.meta.first("dateupdate")
    said = moments.read(claim)
    if said.at is None:
        return ""
    printed = re.compile(rf"发布\w{{0,2}}\s?[:：]\s?(?:\d\d-)?{said.at:%m-%d}(?!-)")
    return claim if any(printed.search(line) for _, line in near) else ""


def at_wechat(page: Layout) -> str:
    """When an article in WeChat was published, which its pages print by a script only."""
    if urls.host(page.url) != "mp.weixin.qq.com":
        return ""
    found = (_CT.search(script.text or "") for script in page.tree.iter("script"))
    return next((told[1] for told in found if told), "")
