"""What is deployed on a Prefect server: prefect.yaml, with the times of [schedule] in the settings."""

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import yaml

from extract.errors import BadInput, Broken
from flows.board.up import server
from flows.board.up.names import Names
from flows.settings import Settings
from flows.zone import here

ROOT = Path(__file__).parents[3]  # the folder that the flows' entrypoints start from
DEFINED = ROOT / "prefect.yaml" if (ROOT / "prefect.yaml").exists() else Path(__file__).parents[2] / "prefect.yaml"
PARTS = "parts"  # the deployment that has a schedule a part
SECONDS = 600.0  # that `prefect deploy` and the scheduler may take: a far backstop, 5 to 10 are usual


def definition(settings: Settings, own: Names) -> dict[str, Any]:
    """prefect.yaml as it is to be deployed, under this data folder's names; raises BadInput for times that are none."""
    from prefect.client.schemas.schedules import CronSchedule

    found: dict[str, Any] = yaml.safe_load(DEFINED.read_text(encoding="utf-8"))
    if settings.fetch.parts == 1:
        found["deployments"] = [one for one in found["deployments"] if one["name"] != PARTS]
    times = {
        "hourly": settings.schedule.poll,
        PARTS: settings.schedule.fetch,
        "daily": settings.schedule.ingest,
        "weekly": settings.schedule.upkeep,
    }
    for name, cron in times.items():
        try:
            CronSchedule(cron=cron or "0 0 * * *")
        except ValueError as error:
            key = {"hourly": "poll", PARTS: "fetch", "daily": "ingest", "weekly": "upkeep"}[name]
            raise BadInput(f"schedule.{key} = {cron!r} names no times: minute hour day month weekday") from error
    for deployment in found["deployments"]:
        for schedule in deployment.get("schedules", ()):
            schedule["cron"] = times[deployment["name"]] or schedule["cron"]
            schedule["timezone"] = settings.schedule.timezone or here() or schedule["timezone"]
        if deployment["name"] == PARTS:
            deployment["schedules"] = _a_part_each(deployment["schedules"][0], settings.fetch.parts)
        deployment["name"] = own.deployment(deployment["name"])
        deployment["tags"] = [*deployment["tags"], own.tag]
        away = settings.fetch.elsewhere and "fetch" in deployment["entrypoint"]
        deployment["work_pool"] = {"name": own.parts_pool if away else own.pool}
    return found


def _a_part_each(schedule: dict[str, Any], parts: int) -> list[dict[str, Any]]:
    return [
        {**schedule, "slug": f"part-{part}", "parameters": {"part": part}, "active": True}
        for part in range(1, parts + 1)
    ]


def deploy(settings: Settings, home: Path, own: Names) -> None:
    """Make the work pool and the deployments, or bring them to what the settings say."""
    file = home / "prefect.yaml"
    text = yaml.safe_dump(definition(settings, own), sort_keys=False)
    file.write_text(
        f"# Written by `newsduck up`: prefect.yaml under this data folder's names.\n{text}", encoding="utf-8"
    )
    for pool in (own.pool, own.parts_pool) if settings.fetch.elsewhere else (own.pool,):
        _prefect("work-pool", "create", pool, "--type", "process", "--overwrite")
    _prefect("--no-prompt", "deploy", "--all", "--prefect-file", str(file))
    _retire(settings.fetch.parts, own)


def _retire(parts: int, own: Names) -> None:
    """Take away the schedules of parts that there are no more: what deploying leaves out stays deployed."""
    from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterName

    with server.client() as client:
        named = DeploymentFilter(name=DeploymentFilterName(any_=[own.deployment(PARTS)]))
        for deployment in client.read_deployments(deployment_filter=named):
            for schedule in deployment.schedules:
                if parts == 1 or schedule.parameters.get("part", 0) > parts:
                    client.delete_deployment_schedule(deployment.id, schedule.id)


def _prefect(*words: str) -> None:
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "prefect", *words],
            cwd=ROOT,
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


def next_runs(own: Names) -> tuple[list[tuple[str, Any]], bool]:
    """(name in prefect.yaml, time) of the next scheduled run of each of this data folder's deployments on the server this process
    points at, the soonest first; and whether each that has a schedule has one."""
    from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterId, DeploymentFilterTags, FlowRunFilter
    from prefect.client.schemas.filters import FlowRunFilterState as InState
    from prefect.client.schemas.filters import FlowRunFilterStateType as OfType
    from prefect.client.schemas.objects import StateType
    from prefect.client.schemas.sorting import FlowRunSort

    found, scheduled = list[tuple[str, Any]](), 0
    with server.client() as client:
        ours = DeploymentFilter(tags=DeploymentFilterTags(all_=[own.tag]))
        for deployment in client.read_deployments(deployment_filter=ours):
            scheduled += not deployment.paused and any(schedule.active for schedule in deployment.schedules)
            runs = client.read_flow_runs(
                deployment_filter=DeploymentFilter(id=DeploymentFilterId(any_=[deployment.id])),
                flow_run_filter=FlowRunFilter(state=InState(type=OfType(any_=[StateType.SCHEDULED]))),
                sort=FlowRunSort.NEXT_SCHEDULED_START_TIME_ASC,
                limit=1,
            )
            name = deployment.name.removesuffix(f"-{own.id}")
            found += [(name, at) for run in runs if (at := run.next_scheduled_start_time)]
    return sorted(found, key=lambda one: one[1]), len(found) >= scheduled


def wait_for_schedule(own: Names) -> list[tuple[str, Any]]:
    """The next run of each deployment, once the scheduler has made them; raises Broken where it makes none."""
    end = time.monotonic() + SECONDS
    found, all_there = next_runs(own)
    while not all_there and time.monotonic() < end:
        time.sleep(0.5)
        found, all_there = next_runs(own)
    if not found:
        raise Broken(f"the scheduler made no run within {SECONDS:g} s; `newsduck doctor` looks for why")
    return found
