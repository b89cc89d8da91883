"""`newsduck fetch`: the parts of a divided fetch, once."""

from collections.abc import Sequence

import click

from extract.errors import BadInput
from flows.board import progress
from flows.board.up import server
from flows.commands import _running
from flows.settings import load as load_settings
from flows.telling import echo, say

NEXT = "Next: newsduck ingest takes in what came, and hands out what it leads to"


def _wanted(parts: Sequence[int], count: int) -> Sequence[int]:
    if count == 1:
        raise BadInput(
            "fetching is not divided, and `newsduck ingest` does it: [fetch] parts = 4 would make four parts of it"
        )
    for part in parts:
        if part > count:
            raise BadInput(f"there is no part {part}: [fetch] parts = {count}")
    return parts or range(1, count + 1)


@click.command()
@click.argument("parts", nargs=-1, type=click.IntRange(1), metavar="[PART]...")
def command(parts: tuple[int, ...]) -> None:
    """Ask hosts for what the last ingest or poll has put on the lists of these parts, or of all, one part after the other. Where
    [fetch] parts divides the hosts; `newsduck up` runs each part by itself."""
    settings = load_settings(needed=True)
    wanted, failed = _wanted(parts, settings.fetch.parts), False
    with server.running(settings, say):
        for part in wanted:
            state, watcher = _running.run_flow("fetch", _lost, part=part)
            if watcher.error is not None:
                raise watcher.error
            echo(f"part {part}: {state.name}: {state.message}")
            failed |= not state.is_completed()
    echo(NEXT)
    _running.leave(int(failed))


def _lost(watcher: progress.Quiet) -> None:
    if watcher.ended is not None:
        echo(f"{watcher.ended.name}: {watcher.ended.message}")
    say("The Prefect server went away meanwhile. What came is in the archive; the next ingest takes it in.")
