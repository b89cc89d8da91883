"""robots.txt, its rules and its failure modes."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from extract.errors import ForbiddenAddress, RedirectLoop, TooLarge, Unreachable
from extract.fetch.robots import Book, decide, origin
from extract.records import Ask, Page, Robots

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
AT = "https://a.example"
URL = f"{AT}/robots.txt"


def page(body: str | bytes, status: int = 200) -> Page:
    raw = body.encode() if isinstance(body, str) else body
    return Page(Ask(URL, "robots", URL, 1000), URL, status, (), raw, NOW, 0.1)


def allows(body: str | bytes, path: str) -> bool:
    book = Book()
    return book.allows(book.learn(AT, page(body), NOW), AT + path)


@pytest.mark.parametrize(
    ("body", "path", "allowed"),
    [
        ("", "/news/1", True),
        ("User-agent: *\nDisallow: /", "/news/1", False),
        ("User-agent: *\nDisallow: /private\nAllow: /private/open", "/private/open/1", True),
        ("User-agent: newsduck\nDisallow:\n\nUser-agent: *\nDisallow: /", "/news/1", True),
        ("User-agent: NewsDuck\nDisallow: /", "/news/1", False),
        ("User-agent: other\nDisallow: /", "/news/1", True),
        ("User-agent: *\nDisallow: /*.pdf$", "/a.pdf", False),
        (b"\xef\xbb\xbfUser-agent: *\nDisallow: /", "/news/1", False),
        (b"\xff\xfe\x00 garbage", "/news/1", True),
        ("<!doctype html><html>not found</html>", "/news/1", True),
    ],
)
def test_its_rules_are_followed(body: str | bytes, path: str, allowed: bool) -> None:
    assert allows(body, path) is allowed


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (page("", 404), "none"),
        (page("", 401), "none"),
        (page("", 403), "none"),
        (RedirectLoop("more than 5 redirects"), "none"),
        (page("", 429), "unreachable"),
        (page("", 500), "unreachable"),
        (page("", 503), "unreachable"),
        (Unreachable("no answer"), "unreachable"),
        (ForbiddenAddress("redirects inside"), "unreachable"),
        (TooLarge("endless"), "unreachable"),
    ],
)
def test_its_failure_modes_are_those_of_rfc_9309(answer: Page | Unreachable, verdict: str) -> None:
    assert decide(AT, answer, NOW).verdict == verdict


def test_it_is_kept_a_day_and_one_that_could_not_be_had_an_hour() -> None:
    book = Book()
    book.learn(AT, page(""), NOW)
    assert book.at(AT, NOW + timedelta(hours=23)) is not None
    assert book.at(AT, NOW + timedelta(hours=25)) is None
    book.learn("https://b.example", Unreachable("no"), NOW)
    assert book.at("https://b.example", NOW + timedelta(hours=2)) is None


def test_a_host_in_trouble_keeps_the_rules_it_had() -> None:
    old = Robots(AT, "rules", 200, "User-agent: *\nDisallow: /", NOW - timedelta(days=2), NOW - timedelta(days=1))
    book = Book([old])
    found = book.learn(AT, Unreachable("no"), NOW)
    assert (found.verdict, book.allows(found, f"{AT}/1")) == ("rules", False)
    assert book.learned == {AT: found}


def test_crawl_delay_is_kept_within_half_a_minute() -> None:
    book = Book()
    for asked, kept in (("7", 7.0), ("86400", 30.0), ("-3", 0.0), ("soon", 0.0)):
        assert book.delay(book.learn(AT, page(f"User-agent: *\nCrawl-delay: {asked}"), NOW)) == kept


def test_only_half_a_megabyte_is_parsed() -> None:
    assert allows("# " + "x" * 600 * 1024 + "\nUser-agent: *\nDisallow: /", "/news/1")


def test_every_collected_robots_txt_parses(real: Path) -> None:
    for path in sorted((real / "data/robots").iterdir()):
        if path.is_file():
            allows(path.read_bytes(), "/news/1")


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (199, "unreachable"),
        (200, "rules"),
        (204, "rules"),
        (299, "rules"),
        (300, "none"),
        (399, "none"),
        (400, "none"),
        (428, "none"),
        (430, "none"),
        (499, "none"),
        (500, "unreachable"),
        (599, "unreachable"),
    ],
)
def test_what_a_status_means(status: int, verdict: str) -> None:
    assert decide(AT, page("", status), NOW).verdict == verdict


def test_the_day_and_the_hour_end_sharply() -> None:
    for answer, kept in (
        (page(""), timedelta(days=1)),
        (page("", 404), timedelta(days=1)),
        (page("", 500), timedelta(hours=1)),
    ):
        book = Book()
        book.learn(AT, answer, NOW)
        assert book.at(AT, NOW + kept - timedelta(seconds=1)) is not None
        assert book.at(AT, NOW + kept) is None
    old = Robots(AT, "none", 404, "", NOW - timedelta(days=2), NOW - timedelta(days=1))
    kept_on = decide(AT, page("", 500), NOW, old)
    assert (kept_on.verdict, kept_on.status, kept_on.expires_at) == ("none", 404, NOW + timedelta(hours=1))
    assert decide(AT, page("", 500), NOW, decide(AT, Unreachable("no"), NOW)).status == 500


def test_a_host_without_rules_allows_all_and_one_that_cannot_be_asked_nothing() -> None:
    book = Book()
    assert book.allows(book.learn(AT, page("", 404), NOW), f"{AT}/1")
    other = Book()
    assert not other.allows(other.learn(AT, page("User-agent: *\nAllow: /", 500), NOW), f"{AT}/1")
    assert other.delay(other.learn(AT, page("User-agent: *\nCrawl-delay: 9", 404), NOW)) == 0.0


def test_rules_learned_anew_count_and_those_taken_in_are_written_down() -> None:
    book = Book()
    assert not book.allows(book.learn(AT, page("User-agent: *\nDisallow: /"), NOW), f"{AT}/1")
    assert book.allows(book.learn(AT, page("User-agent: *\nDisallow:"), NOW), f"{AT}/1")
    told = Robots("https://b.example", "none", 404, "", NOW, NOW + timedelta(days=1))
    book.take(told)
    assert book.at("https://b.example", NOW) == told == book.learned["https://b.example"]


def test_what_stands_within_half_a_megabyte_counts() -> None:
    rule = "\nUser-agent: *\nDisallow: /"
    assert not allows("#" * (500 * 1024 - len(rule)) + rule, "/news/1")
    assert allows("#" * (500 * 1024 - len(rule) + 1) + rule, "/news/1")  # of the rule a slash is missing


@pytest.mark.parametrize(("asked", "kept"), [("0.5", 0.5), ("1", 1.0), ("29", 29.0), ("30", 30.0), ("31", 30.0)])
def test_a_delay_that_is_asked_for_is_kept(asked: str, kept: float) -> None:
    book = Book()
    assert book.delay(book.learn(AT, page(f"User-agent: *\nCrawl-delay: {asked}"), NOW)) == kept


def test_an_origin_is_scheme_host_and_port() -> None:
    assert origin("https://u@A.example:8443/x?y#z") == "https://a.example:8443"
    assert origin("http://a.example:80/") == "http://a.example"
