"""What the pages kept of a site say of their outlet."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from storage.look.handle import Handle


@dataclass(slots=True)
class Said:
    """What a site's pages say, each claim with the pages that make it."""

    names: Counter[str] = field(default_factory=Counter)
    locales: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)

    def count(self, name: str, locale: str, language: str, pages: int = 1) -> None:
        """Count the claims of so many pages; an empty one is none."""
        for counts, claim in ((self.names, name), (self.locales, locale), (self.languages, language)):
            if claim:
                counts[claim] += pages


class OutletLooks(Handle):
    """What the pages kept of a site say of their outlet."""

    def said(self, sites: Sequence[str]) -> dict[str, Said]:
        """What each of these sites' articles say."""
        found = {site: Said() for site in sites}
        for row in self._ask(
            """SELECT site, outlet_claim, locale, language, count(*) AS pages FROM articles
            WHERE site IN (SELECT unnest(?::VARCHAR[])) GROUP BY ALL""",
            list(sites),
        ):
            found[row["site"]].count(row["outlet_claim"], row["locale"], row["language"], row["pages"])
        return found

    def date_claims(self, sites: Sequence[str], most: int = 200) -> dict[str, list[str]]:
        """Of each of these sites the newest claims of a date that are written in numbers, as printed."""
        found: dict[str, list[str]] = {}
        for row in self._ask(
            """SELECT site, published_claim FROM articles WHERE site IN (SELECT unnest(?::VARCHAR[]))
            AND regexp_matches(published_claim, '(^|[^0-9])[0-9]{1,2}[-/. ][0-9]{1,2}[-/. ][0-9]{2,4}')
            QUALIFY row_number() OVER (PARTITION BY site ORDER BY first_seen_at DESC, article_id) <= ?""",
            list(sites),
            most,
        ):
            found.setdefault(row["site"], []).append(row["published_claim"])
        return found

    def named(self) -> dict[str, str]:
        """The sites that a person has named → what is kept as their names."""
        return {r["site"]: r["name"] for r in self._ask("SELECT site, name FROM outlets WHERE named_by = 'settings'")}
