"""Options that several commands have."""

from datetime import UTC, datetime

import click

FORMAT = click.option(
    "--format",
    "form",
    type=click.Choice(["table", "jsonl", "json", "csv", "parquet"]),
    default="table",
    show_default=True,
)
DAY = click.DateTime(["%Y-%m-%d"])


def utc(day: datetime | None) -> datetime | None:
    """A day given on the command line, as a moment."""
    return day.replace(tzinfo=UTC) if day else None
