"""JSON-LD of an article page, in the two forms sites use: one NewsArticle, or a @graph that holds it."""

import json

from demo.records import Article, Outlet, Place

Node = dict[str, object]


def script(article: Article, outlet: Outlet, place: Place) -> str:
    """The script element, or nothing for an outlet without structured data.

    A paywalled page has one everywhere: search engines ask it of sites that hide text.
    """
    if not outlet.structured and article.kind != "paywall":
        return ""
    news = _news(article, outlet, place)
    if outlet.structured == "graph":
        news["publisher"] = {"@id": f"{place.home}#organization"}
        news["isPartOf"] = {"@id": place.url}
        organization: Node = {
            "@type": "Organization",
            "@id": f"{place.home}#organization",
            "name": outlet.name,
            "url": place.home,
        }
        page: Node = {
            "@type": "WebPage",
            "@id": place.url,
            "url": place.url,
            "name": f"{article.title} | {outlet.name}",
        }
        crumbs: Node = {
            "@type": "BreadcrumbList",
            "itemListElement": [{"@type": "ListItem", "position": 1, "name": article.section, "item": place.home}],
        }
        data: Node = {"@context": "https://schema.org", "@graph": [organization, page, crumbs, news]}
    else:
        data = {"@context": "https://schema.org", **news}
    # A title may hold "</script>": no "<" may stand raw inside the element.
    words = json.dumps(data, ensure_ascii=False, indent=1).replace("<", "\\u003c")
    return f'<script type="application/ld+json">\n{words}\n</script>'


def _news(article: Article, outlet: Outlet, place: Place) -> Node:
    people: list[Node] = [{"@type": "Person", "name": name} for name in article.authors]
    if article.author_entity:
        people = [{"@type": "Organization", "name": article.author_entity}]
    news: Node = {
        "@type": "NewsArticle",
        "headline": article.title,
        "datePublished": place.published.isoformat(),
        "dateModified": place.updated.isoformat(),
        "author": people or [{"@type": "Organization", "name": outlet.name, "url": place.home}],
        "publisher": {"@type": "Organization", "name": outlet.name},
        "mainEntityOfPage": place.url,
        "articleSection": article.section,
        "inLanguage": article.language,
        "description": article.summary,
    }
    if article.kind == "paywall":
        news["isAccessibleForFree"] = False
        news["hasPart"] = {"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": ".subscribers-only"}
    return news
