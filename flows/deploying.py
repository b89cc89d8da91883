"""What is deployed on a Prefect server: prefect.yaml, with the times of [schedule] in the settings."""

import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml

from extract.errors import BadInput, Broken
from flows import server
from flows.settings import Settings

ROOT = Path(__file__).parents[1]  # the folder that the flows' entrypoints start from
DEFINED = ROOT / "prefect.yaml" if (ROOT / "prefect.yaml").exists() else Path(__file__).with_name("prefect.yaml")
POOL = "newsduck"
SECONDS = 120.0  # that `prefect deploy` and the scheduler may take


def definition(settings: Settings) -> dict[str, Any]:
    """prefect.yaml as it is to be deployed; raises BadInput for times that are none."""
    from prefect.client.schemas.schedules import CronSchedule

    found: dict[str, Any] = yaml.safe_load(DEFINED.read_text(encoding="utf-8"))
    own = {"hourly": settings.schedule.poll, "daily": settings.schedule.ingest, "weekly": settings.schedule.upkeep}
    for name, cron in own.items():
        try:
            CronSchedule(cron=cron or "0 0 * * *")
        except ValueError as error:
            key = {"hourly": "poll", "daily": "ingest", "weekly": "upkeep"}[name]
            raise BadInput(f"schedule.{key} = {cron!r} names no times: minute hour day month weekday") from error
    for deployment in found["deployments"]:
        for schedule in deployment.get("schedules", ()):
            schedule["cron"] = own[deployment["name"]] or schedule["cron"]
            schedule["timezone"] = settings.schedule.timezone or schedule["timezone"]
    return found


def deploy(settings: Settings, home: Path, environment: Mapping[str, str]) -> None:
    """Make the work pool and the deployments, or bring them to what the settings say."""
    file = home / "prefect.yaml"
    file.write_text(yaml.safe_dump(definition(settings), sort_keys=False), encoding="utf-8")
    _prefect(environment, "work-pool", "create", POOL, "--type", "process", "--overwrite")
    _prefect(environment, "--no-prompt", "deploy", "--all", "--prefect-file", str(file))


def _prefect(environment: Mapping[str, str], *words: str) -> None:
    try:
        done = subprocess.run(
            [sys.executable, "-m", "prefect", *words],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        raise Broken(f"`prefect {' '.join(words[:3])}` did not end within {SECONDS:g} s") from error
    if done.returncode:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:] or ["no word"]
        raise Broken(f"`prefect {' '.join(words)}` failed: {last[0]}")


def next_runs(most: int = 3) -> list[tuple[str, Any]]:
    """(deployment's name, time) of the next scheduled runs of newsduck's deployments on the server this process points at."""
    from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterTags, FlowRunFilter, FlowRunFilterState
    from prefect.client.schemas.filters import FlowRunFilterStateType as OfType
    from prefect.client.schemas.objects import StateType
    from prefect.client.schemas.sorting import FlowRunSort

    with server.client() as client:
        deployments = DeploymentFilter(tags=DeploymentFilterTags(all_=["newsduck"]))
        runs = client.read_flow_runs(
            deployment_filter=deployments,
            flow_run_filter=FlowRunFilter(state=FlowRunFilterState(type=OfType(any_=[StateType.SCHEDULED]))),
            sort=FlowRunSort.NEXT_SCHEDULED_START_TIME_ASC,
            limit=most,
        )
        named: dict[UUID | None, str] = {
            deployment.id: deployment.name for deployment in client.read_deployments(deployment_filter=deployments)
        }
    return [(named.get(run.deployment_id, "?"), run.next_scheduled_start_time) for run in runs]


def wait_for_schedule() -> list[tuple[str, Any]]:
    """The next runs, once the scheduler has made any; raises Broken where it makes none."""
    end = time.monotonic() + SECONDS
    while not (found := next_runs()):
        if time.monotonic() > end:
            raise Broken(f"the scheduler made no run within {SECONDS:g} s; `newsduck doctor` looks for why")
        time.sleep(0.5)
    return found
