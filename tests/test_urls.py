"""A URL's canonical form keeps what tells two pages apart and drops what does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract import urls

CASES = [
    ("HTTPS://WWW.Example.COM:443/A/./b/../C?x=1#top", "https://www.example.com/A/C?x=1"),
    ("http://example.com", "http://example.com/"),
    ("https://example.com/a?utm_source=rss&id=7&fbclid=z", "https://example.com/a?id=7"),
    ("https://example.com/a?b=2&a=1", "https://example.com/a?b=2&a=1"),
    ("https://example.com/a?utm_medium=x", "https://example.com/a"),
    ("https://exämple.com/ü", "https://xn--exmple-cua.com/%C3%BC"),
    ("http://0x7f.1/", "http://127.0.0.1/"),
    ("  https://example.com/a b ", "https://example.com/a%20b"),
    ("https://example.com/a;jsessionid=E460A9.node_2!-7?p=v", "https://example.com/a?p=v"),
    ("https://example.com/a;JSESSIONID=1;v=2/b", "https://example.com/a;v=2/b"),
    ("https://example.com/a?id=7&PHPSESSID=2f0d&osCsid=1", "https://example.com/a?id=7"),
    ("https://example.com/a;v=2?sid=7&session=3", "https://example.com/a;v=2?sid=7&session=3"),
    ("javascript:alert(1)", None),
    ("mailto:a@example.com", None),
    ("file:///etc/passwd", None),
    ("//example.com/a", None),
    ("not a url", None),
    ("", None),
]


@pytest.mark.parametrize(("url", "want"), CASES)
def test_canonical(url: str, want: str | None) -> None:
    assert urls.canonical(url) == want


def test_a_link_is_resolved_against_where_it_stood() -> None:
    assert urls.canonical("../b?x=1", base="https://example.com/news/a/") == "https://example.com/news/b?x=1"


@given(st.text(max_size=80))
def test_canonical_is_its_own_canonical(text: str) -> None:
    for url in (text, f"https://example.com/{text}"):
        once = urls.canonical(url)
        assert once is None or urls.canonical(once) == once


def test_a_site_is_whom_a_page_belongs_to() -> None:
    assert urls.site("https://www.bbc.co.uk/news") == "bbc.co.uk"
    assert urls.site("https://someone.github.io/a") == "someone.github.io"
    assert urls.site("http://herald.localhost:81/") == "herald.localhost"
    assert urls.site("http://127.0.0.1:81/") == "127.0.0.1"


def test_hosts_take_turns() -> None:
    given = [
        "http://a.example/1",
        "http://a.example/2",
        "http://b.example/1",
        "http://a.example/3",
        "http://c.example/1",
    ]
    assert urls.by_turns(given) == [given[0], given[2], given[4], given[1], given[3]]


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("http://[2001:db8::1]/", "[2001:db8::1]"),
        ("http://localhost/", "localhost"),
        ("http://a.b.c.unknowntld/", "c.unknowntld"),
        ("https://co.uk/", "co.uk"),
        ("nonsense", ""),
    ],
)
def test_a_site_is_told_of_any_host(url: str, site: str) -> None:
    assert urls.site(url) == site


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("?a=1&&b=2", "?a=1&b=2"),
        ("?UTM_Source=x&a", "?a"),
        ("?fbclid", ""),
        ("?fbclid=1&gclid=2", ""),
        ("?pk_x=1&mtm_y=2&piwik_z=3&hsa_a=4&__hsb=5", ""),
        ("?x=utm_source", "?x=utm_source"),
        ("?", ""),
        ("#top", ""),
        ("?a=b=c#x", "?a=b=c"),
    ],
)
def test_what_of_a_query_is_nobodys(query: str, kept: str) -> None:
    assert urls.canonical(f"https://a.example/x{query}") == f"https://a.example/x{kept}"
