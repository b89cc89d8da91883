"""The flow that decides stories anew, started by hand in the dashboard: `newsduck regroup` with a form."""

from datetime import UTC, date, datetime, time
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.states import Completed, Failed

from extract.errors import Busy, NewsduckError
from flows import telling
from flows.line.anew.regroup import regroup as group_again
from flows.line.anew.regroup import told
from flows.settings import load as load_settings


def _run_name() -> str:
    return f"regroup {datetime.now(UTC):%Y-%m-%d %H:%M}"


@flow(name="regroup", flow_run_name=_run_name, persist_result=False, log_prints=False)
def regroup(since: date | None = None, dry_run: bool = False) -> State[Any]:
    """Decide the stories of a period anew by today's method; ids stay, what differs is logged.

    Args:
        since: Only articles first seen since that day; empty for all.
        dry_run: Say what would change, write nothing.
    """
    after = datetime.combine(since, time(), UTC) if since else None
    try:
        found = group_again(load_settings(needed=True), after, dry=dry_run, prefect_run=str(flow_run.id))
    except Busy as error:
        return Completed(name="Skipped", message=str(error))
    except NewsduckError as error:
        return Failed(message=str(error))
    for line in told(found, dry=dry_run):
        telling.log().info("%s", line)
    return Completed(message=f"{len(found.moved)} articles {'would be' if dry_run else 'are'} of another story")
