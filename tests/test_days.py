"""Days that two readings fit, told by the site's other pages."""

import json
from datetime import date
from pathlib import Path

import pytest

from extract.sandbox import Sandbox
from storage import duck
from tests.line import ingest, settings_for
from tests.newsagent import Newsagent, answer
from tests.pages import PARAGRAPHS


def page(n: int, claim: str) -> str:
    told = "".join(f"<p>Page {n}. {p}</p>" for p in PARAGRAPHS[n % 3 :])
    head = f"<meta property='article:published_time' content='{claim}'>"
    return f"<html><head><title>Council decision {n}</title>{head}</head><body><article><h1>Council decision {n}</h1>{told}</article></body></html>"


@pytest.mark.parametrize(
    ("others", "want"),
    [(["23/04/2026"], date(2026, 4, 3)), (["04/23/2026"], date(2026, 3, 4)), (["23/04/2026", "04/23/2026"], None), ([], None)],
)  # fmt: skip
def test_a_claim_that_fits_two_days_is_read_as_its_sites_others_are(
    tmp_path: Path, sandbox: Sandbox, others: list[str], want: date | None
) -> None:
    with Newsagent() as agent:
        for run, claims in enumerate(([*others, "03/04/2026"], ["05/06/2026"])):
            items = []
            for n, claim in enumerate(claims, 10 * run):
                agent.shelf[f"/p/{n}"] = answer(page(n, claim))
                items.append({"id": f"{n}", "url": agent.url(f"/p/{n}"), "title": f"Council decision {n}"})
            body = json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Herald", "items": items})
            agent.shelf["/feed"] = answer(body, content_type="application/feed+json")
            (tmp_path / "feeds.opml").write_text(
                f'<opml version="2.0"><body><outline type="rss" xmlUrl="{agent.url("/feed")}"/></body></opml>'
            )
            ingest(settings_for(tmp_path, {}), sandbox)
    asked = "SELECT published_day, published_precision, published_claim FROM articles WHERE published_claim IN ('03/04/2026', '05/06/2026') ORDER BY 3"
    found = duck.ask(tmp_path / "data" / "warehouse.duckdb", asked)[1]
    if want is None:
        assert found == [(None, "ambiguous", "03/04/2026"), (None, "ambiguous", "05/06/2026")]
    else:
        assert [row[0] for row in found] == [want, date(2026, 6, 5) if want.month == 4 else date(2026, 5, 6)]
        assert {row[1] for row in found} == {"day"}
