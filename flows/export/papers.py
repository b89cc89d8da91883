"""What a person reads of an export: README.md, and CITATION.cff to cite it by. No clock is asked: both are of the data."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from flows.export.package import OWN_USE, File, plain
from flows.telling import some
from storage.export.tables import ARTICLES, LEFT_OUT, TABLES

_README = """# {title}

{about}

| | |
|---|---|
| version | `{version}` |
| date | {date}: the last run before it was finished then |
| articles | {articles:,}, first seen from {first} to {last} (days in {zone}), of {outlets} |
| chosen by | {chosen} |
| made by | newsduck {newsduck} (schema {schema_version}; reader {readers}; grouping {methods}; events {event_methods}) |

The version is the SHA-256 of one line `article_id text_hash` for each article, by id: two data sets with one version have the same
articles with the same words. `datapackage.json` says of every file its size and hash, and of every column what it means; `CITATION.cff`
says how to cite it, once a name is in it.

## What is in it

| file | what |
|---|---|
{files}

Join by `article_id`, `story_id`, `event_id`, `feed_id`, `run_id`, `site`, and `topic` with `version`. Counts in `stories` and `events` are of
all that was collected, also where only a part of it is here. All moments are UTC. Count by `seen_day`, cite by `published_day`.

## How to open it

    -- DuckDB
    SELECT outlet, count(*) FROM 'articles/*.parquet' GROUP BY outlet ORDER BY 2 DESC;

    # Python
    articles = pandas.read_parquet("articles")              # pandas with pyarrow
    articles = polars.read_parquet("articles/*.parquet")    # polars

    # R
    articles <- dplyr::collect(arrow::open_dataset("articles", format = "parquet"))
{csv}
Ids are whole numbers of 64 bits: keep them so, or as text (R: `bit64`); as floating-point numbers they lose digits.

## What is left out, and why

{left}

## Whose it is

{whose}
"""
_CSV = """
The same as CSV stands in the folder `csv`. A cell that a spreadsheet would take for a formula begins with an apostrophe; lists are JSON.
Read ids as text: `read.csv(…, colClasses = "character")`, `pandas.read_csv(…, dtype=str)`.
"""
_FOURCAT = """
`4cat.csv` is for 4CAT: "Custom/other" under "Upload a CSV file"; its columns have the names that are asked for. A story's copies are a
thread. A cell that a spreadsheet would take for a formula begins with an apostrophe.
"""
_WORDING = "The words of articles but their headlines and authors' names ({columns}): they are their publishers'."
_WORDS = " `words` counts them, in no order."
_REHYDRATE = (
    " `newsduck rehydrate FOLDER` fetches the articles again from their publishers and says which are as they were."
)
_WHOSE = {
    False: """Headlines belong to their publishers. Everything else is facts about what they published, and whoever collected it says under
which licence it may be used: put it into `datapackage.json` (`licenses`) and `CITATION.cff` (`license`).""",
    True: f"""**{OWN_USE}.** To hand the data set on, export it once more without `--texts`.""",
}
_CITATION = """cff-version: 1.2.0
message: If you use this data set, please cite it as below.
type: dataset
title: {title}
abstract: {about}
authors:
{authors}
version: {version}
date-released: {day}
{license}references:
  - type: software
    title: newsduck
    version: {newsduck}
    authors:
      - name: newsduck
"""
_NOBODY = "put here who collected it"


def readme(title: str, facts: Mapping[str, Any], files: Sequence[File], *, texts: bool, words: bool, csv: str) -> str:
    """README.md."""
    told = {name: ", ".join(map(str, facts[name])) or "none" for name in ("readers", "methods", "event_methods")}
    return _README.format(
        title=title,
        about=facts["about"],
        version=facts["version"],
        date=plain(facts["finished_at"]),
        articles=facts["articles"],
        first=facts["first_day"],
        last=facts["last_day"],
        zone=facts["zone"],
        outlets=some(facts["outlets"], "outlet"),
        chosen=facts["chosen"],
        newsduck=facts["newsduck"],
        schema_version=facts["schema_version"],
        files="\n".join(_listed(files)),
        csv={"": "", "plain": _CSV, "4cat": _FOURCAT}[csv],
        left="\n".join(_left(texts=texts, words=words)),
        whose=_WHOSE[texts],
        **told,
    )


def _listed(files: Sequence[File]) -> list[str]:
    """A line of the table a kind of file; those in `csv` are told in words."""
    seen: dict[str, str] = {}
    for file in files:
        if not file.name.endswith("-csv"):
            seen.setdefault("articles/DAY.parquet" if file.within.startswith("articles/") else file.within, file.about)
    return [f"| `{within}` | {about} |" for within, about in seen.items()]


def _left(*, texts: bool, words: bool) -> list[str]:
    """A line a reason."""
    lines = []
    if not texts:
        columns = ", ".join(f"`{table.name}.{column}`" for table in (ARTICLES, *TABLES) for column in table.wording)
        lines.append(f"- {_WORDING.format(columns=columns)}{_WORDS if words else ''}{_REHYDRATE}")
    why: dict[str, list[str]] = {}
    for table in (ARTICLES, *TABLES):
        for column, reason in table.never.items():
            why.setdefault(reason, []).append(f"`{table.name}.{column}`")
    lines += [f"- {', '.join(columns)}: {reason}." for reason, columns in why.items()]
    lines += [f"- {names}: {reason}." for names, reason in LEFT_OUT]
    lines.append(
        "- Logins and keys in addresses of feeds and articles: `removed` stands in their place, a login is gone."
    )
    return lines


def citation(title: str, facts: Mapping[str, Any], by: Sequence[str], *, texts: bool) -> str:
    """CITATION.cff, `by` who collected it; where that is nobody the person is to put it in."""
    return _CITATION.format(
        title=_quoted(title),
        about=_quoted(facts["about"]),
        authors="\n".join(f"  - name: {_quoted(name)}" for name in by or (_NOBODY,)),
        version=_quoted(facts["version"]),
        day=_quoted(f"{facts['finished_at']:%Y-%m-%d}"),
        license=f"# {OWN_USE}.\n" if texts else "",
        newsduck=_quoted(facts["newsduck"]),
    )


def _quoted(words: str) -> str:
    """Words as YAML has them between double quotes, which JSON's are too."""
    return json.dumps(words, ensure_ascii=False)
