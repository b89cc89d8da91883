"""What kind of page it is, at each bound: how long it is, what it says and what it calls itself."""

from typing import Any

import pytest

from extract.read import kinds
from extract.read.layout import lay_out
from tests.pages import URL, html

ARTICLE = {"@type": "NewsArticle", "headline": "Rain"}


def kind(words: int = 300, body: str = "", title: str = "Rain", url: str = URL, head: str = "", ld: Any = None) -> str:
    """Of a page whose article has so many words."""
    text = " ".join(["word"] * words)
    page = lay_out(html(f"{body}<p>{text}</p>", head, ld), url).under(title)
    return kinds.decide(page, text, words)


@pytest.mark.parametrize(("words", "found"), [(0, "empty"), (9, "empty"), (10, "article"), (300, "article")])
def test_a_page_of_ten_words_is_an_article(words: int, found: str) -> None:
    assert kind(words, ld=ARTICLE) == kind(words) == found


@pytest.mark.parametrize(
    ("title", "words", "found"),
    [
        ("Access denied", 119, "bot"),
        ("Access denied", 120, "article"),
        ("The robot check", 100, "article"),
        ("404", 199, "missing"),
        ("404", 200, "article"),
        ("Page not found", 20, "missing"),
        ("Not a page", 20, "article"),
    ],
)
def test_a_title_of_a_short_page_says_it_is_none(title: str, words: int, found: str) -> None:
    assert kind(words, title=title) == found


@pytest.mark.parametrize(("words", "found"), [(79, "missing"), (80, "article")])
def test_a_line_of_a_very_short_page_says_it_is_missing(words: int, found: str) -> None:
    assert kind(words, "<p>Sorry, this page is gone</p>") == found
    assert kind(words, "<p>One line</p>" * 11 + "<p>Sorry, this page is gone</p>") == found
    assert kind(words, "<p>One line</p>" * 12 + "<p>Sorry, this page is gone</p>") == "article"


def consent(times: int, words: int, button: str = "Accept", more: int = 0) -> str:
    text = " ".join(["cookies"] * times + ["word"] * (words - times))
    body = f"<p>{text}</p><p>{button}</p><div>{'word ' * more}</div>"
    return kinds.decide(lay_out(html(body), URL).under("Rain"), text, words)


@pytest.mark.parametrize(
    ("times", "words", "button", "more", "found"),
    [
        (3, 199, "Accept", 0, "consent"),
        (2, 199, "Accept", 0, "article"),
        (3, 200, "Accept", 0, "article"),
        (3, 199, "Read on", 0, "article"),
        (3, 100, "one two three four five Accept", 0, "consent"),
        (3, 100, "one two three four five six Accept", 0, "article"),
        (3, 100, "Accept", 498, "consent"),
        (3, 100, "Accept", 499, "article"),
    ],
)
def test_a_consent_wall_is_short_speaks_of_nothing_else_and_asks(
    times: int, words: int, button: str, more: int, found: str
) -> None:
    assert consent(times, words, button, more) == found


def test_an_address_of_consent_is_a_short_pages_only() -> None:
    assert kind(199, url="https://consent.herald.example/x") == "consent"
    assert kind(200, url="https://consent.herald.example/x") == "article"


@pytest.mark.parametrize(
    ("free", "words", "found"), [("False", 199, "paywall"), ("False", 200, "article"), ("True", 199, "article")]
)
def test_a_stub_of_what_is_to_be_paid_for(free: str, words: int, found: str) -> None:
    assert kind(words, ld={**ARTICLE, "isAccessibleForFree": free}) == found
    if free == "False":
        assert kind(words, '<div class="paywall"><p>Subscribe now</p></div>') == found
        assert kind(words, '<div class="box"><p>Subscribe now</p></div>') == "article"
        assert kind(words, '<div class="paywall"><p>Read on</p></div>') == "article"


@pytest.mark.parametrize(("words", "short"), [(79, True), (80, False)])
@pytest.mark.parametrize(
    ("head", "ld", "body", "found"),
    [
        ('<meta property="og:type" content="video.other">', None, "", "video"),
        ('<meta property="og:type" content="video.other">', ARTICLE, "", "video"),
        ("", {"@type": "VideoObject"}, "", "video"),
        ("", None, "<video src=x></video>", "video"),
        ("", ARTICLE, "<video src=x></video>", ""),
        ("", {"@type": "ImageGallery"}, "", "gallery"),
        ("", [ARTICLE, {"@type": "ImageGallery"}], "", ""),
        ("", {"@type": "PodcastEpisode"}, "", "podcast"),
        ('<meta property="og:type" content="music.song">', None, "", "podcast"),
        ('<meta property="og:type" content="music.song">', ARTICLE, "", ""),
    ],
)
def test_a_short_page_is_what_it_calls_itself(
    words: int, short: bool, head: str, ld: Any, body: str, found: str
) -> None:
    assert kind(words, body, head=head, ld=ld) == (found if short and found else "article")


@pytest.mark.parametrize(
    ("words", "links", "others", "found"),
    [
        (29, 160, 40, "index"),
        (30, 160, 40, "article"),
        (29, 120, 80, "article"),
        (20, 70, 10, "empty"),
        (29, 61, 10, "index"),
        (29, 60, 11, "article"),
        (20, 61, 19, "article"),
    ],
)
def test_a_page_of_links_is_an_index(words: int, links: int, others: int, found: str) -> None:
    """More than a hundred words, of which more than six in ten lead away."""
    body = f'<p><a href="/x">{"link " * links}</a></p><p>{"other " * (others - words if others > words else 0)}</p>'
    shown = links + words + max(0, others - words)
    wanted = "index" if words < 30 and shown > 100 and links > 0.6 * shown else "article"
    assert kind(words, body) == wanted
    assert kind(words, body, ld=ARTICLE) == "article"


def posts(count: int, words: int = 40, name: str = "live-blog", tag: str = "div") -> str:
    told = "".join(
        f'<section><time datetime="2026-11-2{n}T10:00">x</time><p>{"word " * words}</p></section>' for n in range(count)
    )
    return f'<{tag} class="{name}">{told}</{tag}>'


@pytest.mark.parametrize(("count", "found"), [(2, "article"), (3, "live"), (4, "live")])
def test_a_live_blog_gives_three_moments(count: int, found: str) -> None:
    assert kind(80, posts(count)) == found
    assert kind(80, posts(count, name="x", tag="main"), title="Live: rain") == found
    assert kind(80, posts(count, name="x", tag="main"), url="https://herald.example/live/rain") == found
    assert kind(80, posts(count, name="x"), title="Live: rain") == "article", "not in the main part"
    assert kind(80, posts(count, name="x", tag="main"), title="Rain") == "article", "which does not say so"


@pytest.mark.parametrize(
    "title",
    ["Rain: all in our Newsticker", "Pioggia, la diretta", "Deszcz – relacja na żywo", "Rain, minute by minute",
     "Regnet: liverapport", "CANLI | Yağmur", "Дождь. Онлайн", "【ライブ更新】大雨"],
)  # fmt: skip
def test_a_live_blog_is_called_so_in_many_languages(title: str) -> None:
    assert kind(80, posts(3, name="x", tag="main"), title=title) == "live"
    assert kind(80, posts(2, name="x", tag="main"), title=title) == "article"


def test_hours_that_are_printed_are_moments_of_a_live_blog() -> None:
    hours = "".join(f"<section><span>{hour}:00</span><p>{'word ' * 40}</p></section>" for hour in (9, 10, 11))
    hours = hours.replace("<span>", "<div>").replace("</span>", "</div>")
    assert kind(80, f'<div class="newsticker">{hours}</div>') == "live"
    assert kind(80, f'<div class="newsticker">{hours.replace("11:00", "at noon")}</div>') == "article"


@pytest.mark.parametrize(
    ("hours", "title", "found"),
    [
        ("19:42 19:20 18:55 18:10 17:30", "Live: rain", "live"),
        ("19h42. 19h20. 18h55. 18h10. 17h30.", "EN DIRECT - la pluie", "live"),
        ("17:30 18:10 18:55 19:20 19:42", "Rain, minute by minute", "article"),  # a night told afterwards
        ("19:42 19:20 18:55 18:10", "Live: rain", "article"),
        ("19:42 19:20 18:55 18:10 17:30", "What stalls pay", "article"),
        ("19:42 19:42 19:42 19:42 19:42", "Live: rain", "article"),
        ("19:42 17:20 18:55 18:10 17:30", "Live: rain", "article"),
        ("12.50 11.40 10.30 9.20 8.10", "Live: what most people saw", "article"),
    ],
)
def test_paragraphs_that_open_with_an_hour_the_latest_first_are_a_live_blog(hours: str, title: str, found: str) -> None:
    told = "".join(f"<p><b>{hour}</b> It rained on in the town</p>" for hour in hours.split())
    assert kind(80, told, title=title) == found


def test_a_ticker_is_a_live_blog_where_the_page_says_so_and_it_is_the_text() -> None:
    assert kind(80, posts(4, name="ticker"), title="Liveticker: rain") == "live"
    assert kind(80, posts(4, name="ticker"), title="Rain") == "article"
    assert kind(400, posts(4, name="ticker"), title="Liveticker: rain") == "article"  # the house's
    assert kind(80, posts(4, name="stickers"), title="Liveticker: rain") == "article"
    assert kind(80, posts(4, name="ticker", tag="aside"), title="Liveticker: rain") == "article"


def test_most_of_the_page_is_the_live_blog() -> None:
    assert kind(123, posts(3, 40)) == "live"  # of 246 words half
    assert kind(124, posts(3, 40)) == "article"
    assert kind(300, ld={"@type": "LiveBlogPosting"}) == "live"


def test_one_moment_thrice_is_no_live_blog() -> None:
    same = '<section><time datetime="2026-11-20">x</time><p>word word</p></section>' * 3
    assert kind(5, f'<div class="live-blog">{same}{"word " * 90}</div>') == "empty"


@pytest.mark.parametrize(
    ("name", "words", "told"),
    [
        ("liveblog", 20, "live"),
        ("liveblog", 19, "article"),
        ("news-list", 20, "article"),
        ("LiveTicker__posts", 20, "live"),
    ],
)
def test_a_row_of_posts_in_what_is_called_a_live_blog_needs_no_moments(name: str, words: int, told: str) -> None:
    row = f'<div class="p"><p>{"word " * words}</p></div>' * 4
    assert kind(60, f'<div class="{name}">{row}</div>') == told
    assert kind(60, f'<div class="{name}">{row[: len(row) // 2]}</div>') == "article"


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("news/live-blog/rain", "live"),
        ("sport/liveticker-rain", "article"),
        ("phones/android-live-updates", "article"),
        ("media/behind-our-liveblog/", "article"),
        ("media/how-a-live-blog-is-made", "article"),
        ("culture/live/concert", "article"),
        ("live-rain", "article"),
    ],
)
def test_an_address_that_names_a_live_blog(path: str, told: str) -> None:
    assert (
        kinds.decide(lay_out(html("<p>It rains.</p>"), f"https://herald.example/{path}").under("Rain"), "", 300) == told
    )


def test_a_wall_right_below_a_long_text_is_one() -> None:
    filled = "".join(f"<p>Line {n} of it all.</p>" for n in range(4))
    page = lay_out(html(f"<h1>Rain</h1>{filled}<p>Subscribe to continue reading</p>{filled}"), URL).under("Rain")
    assert kinds.decide(page, "", 400, 4) == kinds.decide(page, "", 400, 2) == "paywall"
    assert kinds.decide(page, "", 400, 1) == kinds.decide(page, "", 400, 8) == kinds.decide(page, "", 400) == "article"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("Become a subscriber and support local journalism.", "article"),
        ("Already a subscriber? Activate your digital access.", "article"),
        ("Bereits Abonnent? Hier geht es zum E-Paper.", "article"),
        ("El contenido al que quiere acceder es exclusivo para suscriptores.", "article"),
        ("Jetzt testen und weiterlesen", "paywall"),
    ],
)
def test_below_a_long_text_a_wall_says_that_it_goes_on(line: str, told: str) -> None:
    def found(**ld: object) -> str:
        given = ARTICLE | ld if ld else None
        page = lay_out(html(f"<h1>Rain</h1><p>It rains.</p><p>{line}</p>", ld=given), URL).under("Rain")
        return kinds.decide(page, "", 400, 1)

    assert found() == told
    assert found(isAccessibleForFree=True) == "article"
    assert found(isAccessibleForFree=False) == "paywall"


@pytest.mark.parametrize("name", ["category-liveblog", "post tag-live-blog"])
def test_what_is_filed_under_live_blogs_is_none(name: str) -> None:
    row = f"<p>{'word ' * 20}</p>" * 4
    assert kind(60, f'<div class="{name}">{row}</div>') == "article"


def test_who_tells_machines_when_it_was_published_is_no_wall() -> None:
    told = '<meta property="article:published_time" content="2026-11-20T10:00:00Z">'
    about = "Cookies need consent, and your privacy counts, said who had asked for consent to cookies."
    for head, found in [("", "consent"), (told, "article")]:
        page = lay_out(html(f"<h1>Rain</h1><p>{about}</p>", head), URL).under("Rain")
        assert kinds.decide(page, about, 150) == found


def test_a_line_that_says_so_counts_on_very_short_pages_only() -> None:
    for words in (81, 100, 150):
        assert kind(words, "<p>Sorry, this page is gone</p>") == "article"


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("Log in | Herald", "gate"),
        ("Zaloguj się", "gate"),
        ("451: Unavailable due to legal reasons", "gate"),
        ("Please disable your ad blocker!", "gate"),
        ("Sign in at the town hall desk starts", "article"),
        ("Login for voters opens in May", "article"),
        ("Ad blocker detected on council machines", "article"),
        ("Water unavailable in your region? What to do", "article"),
        ("Вход в музей подорожает", "article"),
        ("Connexion – la startup lève trois millions", "article"),
        ("Anmeldung", "article"),
    ],
)
def test_what_asks_for_something_else_first_says_so_in_its_title_and_no_more(title: str, found: str) -> None:
    assert kind(79, title=title) == found
    assert kind(80, title=title) == kind(60, title=title, ld=ARTICLE) == "article"


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Access denied", ""),
        ("Rain", "<p>Verify you are human: the line will go away, a firm said.</p>"),
        ("404: Town's minutes vanish", ""),
        ("Rain", "<p>Page not found: that is what readers of the town's site see since Friday afternoon.</p>"),
    ],
)
def test_what_calls_itself_an_article_is_news_of_a_wall(title: str, body: str) -> None:
    assert kind(60, body, title=title) != "article"
    assert kind(60, body, title=title, ld={**ARTICLE, "headline": title}) == "article"
    gone = "<p>This article is no longer available</p>"
    assert kind(60, body + gone, title=title, ld={**ARTICLE, "headline": title}) == "missing"


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("Nie znaleziono strony - Herald", "missing"),
        ("Oops! 404: Sidan hittades inte", "missing"),
        ("ページが見つかりません", "missing"),
        ("Council's page not found after hack", "article"),
        ("Framsidan finns inte kvar", "article"),
        ("Mayor: the page does not exist", "article"),
    ],
)
def test_a_missing_page_says_so_in_its_title_and_hardly_more(title: str, found: str) -> None:
    assert kind(60, title=title) == found
    assert kind(60, title=title, ld=ARTICLE) == "article"


POST = '<meta property="og:type" content="article">'


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://herald.example/login?next=/a", "gate"),
        ("https://herald.example/account/sign_in.php", "gate"),
        ("https://herald.example/news/login-for-voters", "article"),
        ("https://herald.example/login/2026/rain", "article"),
        ("https://herald.example/rain?from=/login", "article"),
    ],
)
def test_an_address_of_a_login_is_a_short_pages_only(url: str, found: str) -> None:
    assert kind(79, url=url) == found
    assert kind(80, url=url) == kind(79, url=url, ld=ARTICLE) == kind(79, url=url, head=POST) == "article"


@pytest.mark.parametrize(
    ("title", "body", "found"),
    [
        ("502 Bad Gateway", "", "trouble"),
        ("HTTP Error 503: Service Unavailable", "", "trouble"),
        ("Site maintenance – Herald", "", "trouble"),
        ("Rain", "<h1>We’ll be back soon!</h1>", "trouble"),
        ("Rain", "<p>There has been a critical error on this website. Please look.</p>", "trouble"),
        ("Bad gateway: why half the web was gone", "", "article"),
        ("Site maintenance crews to get a raise", "", "article"),
        ("Rain", "<p>Service unavailable on the northern line, riders were told.</p>", "article"),
        ("Rain", "<h2>Back soon: the ferry under maintenance</h2>", "article"),
        ("Maintenance", "", "article"),
        ("Scheduled maintenance – Town of Ely", "", "article"),  # a notice of a town's, or of a bank's
        ("Technical difficulties", "", "article"),
        ("Rain", '<ul><li><a href="/s">Service unavailable</a></li></ul>', "article"),
    ],
)
def test_a_site_that_is_down_says_so_first_and_no_more(title: str, body: str, found: str) -> None:
    assert kind(60, body, title=title) == found
    assert kind(80, body, title=title) == kind(60, body, title=title, ld=ARTICLE) == "article"
    assert kind(60, body, title=title, head=POST) == "article"


def test_a_missing_page_may_go_on_with_the_stories_of_the_day() -> None:
    title = "Page not found"
    assert kind(300, title=title) == "missing"
    assert kind(300, title=title, head='<meta property="og:type" content="article">') == "article"
    assert kind(300, title=title, head='<meta property="article:published_time" content="2026-11-23">') == "article"
    assert kind(300, title=title, ld=ARTICLE) == kind(300, title="Page not found on council's site") == "article"


def test_a_word_that_ends_like_a_subscription_is_none() -> None:
    assert kind(90, '<div class="paywall"><p>Las obras se llevaron a cabo</p></div>') == "article"
    assert kind(90, '<div class="paywall"><p>Jetzt Digitalabo testen</p></div>') == "paywall"


@pytest.mark.parametrize(
    "line",
    ["Abra o aplicativo e faça login para continuar.", "Der Verlag lockt Leser mit einem Digitalabo für drei Euro."],
)
def test_what_an_article_may_say_of_logins_and_subscriptions_is_no_wall(line: str) -> None:
    assert kind(90, f"<p>{line}</p>") == "article"
