"""`newsduck doctor`: whether everything a daily run needs is there, and how to mend what is not."""

import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import metadata
from urllib.parse import urlsplit

import click

from extract.errors import Busy, NewsduckError
from flows import feed_list, house
from flows import settings as settings_file
from flows.board.account import LAST, SLACK, clock_off, told_of_clock, told_of_offset
from flows.board.up import names, ports, server
from flows.settings import Settings
from flows.settings import load as load_settings
from flows.telling import echo
from storage import access, duck, lock
from storage.store.names import waiting
from storage.store.place import Place

ROOM = 2.0  # GiB: what a day of a few hundred feeds, its archive and the published copy need, several times over
LATE = timedelta(hours=26)  # a daily run and two hours


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found: fine, or what is wrong and how to mend it."""

    check: str
    fine: bool
    said: str
    mend: str = ""


def examine(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Every check in turn."""
    checks: tuple[Callable[[Settings, datetime], Iterator[Finding]], ...] = (
        _python, _libraries, _feeds, _disk, _archive, _access, _pipeline, _warehouse, _clock, _index, _cluster, _server,
    )  # fmt: skip
    for check in checks:
        try:
            yield from check(settings, now)
        except (NewsduckError, OSError) as error:
            yield Finding(check.__name__.strip("_"), False, str(error))


def doctor(settings: Settings) -> int:
    """Print what every check found; gives the exit code: 0 where all is fine."""
    bad = 0
    for found in examine(settings, datetime.now(UTC)):
        echo("ok " if found.fine else "BAD", nl=False, fg="green" if found.fine else "red", bold=not found.fine)
        echo(f"  {found.check:<10} {found.said}")
        if not found.fine:
            bad += 1
            if found.mend:
                echo(f"                {found.mend}")
    echo(f"{bad} of the checks found something to mend" if bad else "all is well")
    return 1 if bad else 0


def _python(settings: Settings, now: datetime) -> Iterator[Finding]:
    here = sys.version_info
    fine = (3, 11) <= here[:2] <= (3, 14)
    yield Finding("python", fine, f"{here[0]}.{here[1]}.{here[2]}", "newsduck needs Python 3.11 to 3.14")


def _libraries(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Whether what is installed is what newsduck asks for: some newer versions keep Prefect from starting at all."""
    from packaging.requirements import Requirement

    wrong = []
    try:
        asked = metadata.requires("newsduck") or []
    except metadata.PackageNotFoundError:
        yield Finding("libraries", False, "newsduck is not installed as a package", "make setup")
        return
    for line in asked:
        need = Requirement(line)
        if need.marker is not None and not need.marker.evaluate({"extra": ""}):
            continue
        try:
            there = metadata.version(need.name)
        except metadata.PackageNotFoundError:
            there = "none"
        if there == "none" or not need.specifier.contains(there, prereleases=True):
            wrong.append(f"{need.name} is {there}, asked for is {need.specifier}")
    shown = ", ".join(f"{name} {metadata.version(name)}" for name in ("prefect", "duckdb"))
    yield Finding("libraries", not wrong, "; ".join(wrong) or shown, "install from requirements.lock: make setup")


def _feeds(settings: Settings, now: datetime) -> Iterator[Finding]:
    path = settings.path(settings.feeds)
    yield Finding("feeds", True, f"{len(feed_list.load(path))} in {path}")


def _disk(settings: Settings, now: datetime) -> Iterator[Finding]:
    folder = settings.data_folder
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    free = shutil.disk_usage(folder).free / 2**30
    yield Finding(
        "disk",
        free >= ROOM,
        f"{free:,.1f} GiB free at {folder}",
        f"make room: {ROOM:g} GiB are wanted; `newsduck forget` deletes old stories",
    )
    probe = folder / ".newsduck-probe"
    try:
        probe.write_bytes(b"x")
        probe.unlink()
    except OSError as error:
        yield Finding(
            "disk", False, f"{folder} cannot be written: {error.strerror}", "give this user the right to write there"
        )


def _archive(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Whether archive files can go where they are to go."""
    if not settings.elsewhere:
        return
    from storage.store import claim, send

    place = Place(settings.data_folder / "archive", settings.elsewhere)
    claim.agrees(place)
    send.try_out(place)
    here = waiting(place.folder)
    late = here.since is not None and now - here.since > LATE
    said = f"at {place}" + (f"; to be sent from {place.folder}: {here}" if here.files else "")
    yield Finding("archive", not late, said, "newsduck ingest, whose last lines say what keeps it from sending them")


def _access(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Whether others on this machine can read what is not theirs: the data folder, and the settings where they hold a
    password."""
    wrong = access.wrong(settings.data_folder, settings.share.group)
    said = f"open to others: {', '.join(wrong[:3])}" if wrong else "the data folder is its owner's alone"
    if settings.share.group and not wrong:
        said = f"the group {settings.share.group} reads warehouse and reports, nobody else anything"
    yield Finding("access", not wrong, said, "newsduck ingest, or newsduck up, closes it")
    file = settings_file.file()
    secret = settings.alerts.urls or settings.server.auth or "@" in settings.database
    if secret and file.exists() and file.stat().st_mode & 0o077:
        yield Finding("access", False, f"{file} holds passwords, and others may read it", f"chmod 600 {file}")


def _pipeline(settings: Settings, now: datetime) -> Iterator[Finding]:
    work = settings.data_folder / "work"
    if not work.exists():
        yield Finding("pipeline", True, "has not worked yet")
        return
    try:
        died = lock.look(work)
        said = f"free; `newsduck {died.what}` died in it, the next run finishes its work" if died else "free"
        yield Finding("pipeline", True, said)
        with duck.open_file(work / "pipeline.duckdb", read_only=True) as connection:
            connection.execute("SELECT count(*) FROM runs").fetchone()
    except Busy as error:
        yield Finding("pipeline", True, str(error))


def _warehouse(settings: Settings, now: datetime) -> Iterator[Finding]:
    path = settings.data_folder / "warehouse.duckdb"
    if not path.exists():
        yield Finding("warehouse", False, f"{path} does not exist yet", "newsduck ingest")
        return
    last = duck.ask(path, LAST)[1][0][0]
    if not isinstance(last, datetime):
        yield Finding("warehouse", False, "no ingest has finished yet", "newsduck ingest")
        return
    fine = now - last <= LATE
    said = f"the last ingest finished {last:%Y-%m-%d %H:%M} UTC"
    yield Finding("warehouse", fine, said, "newsduck ingest, or newsduck up for one every day")


def _clock(settings: Settings, now: datetime) -> Iterator[Finding]:
    """A clock that runs back would make everything look not due yet."""
    path = settings.data_folder / "warehouse.duckdb"
    newest = duck.ask(path, "SELECT max(finished_at) FROM runs")[1][0][0] if path.exists() else None
    said = f"{now:%Y-%m-%d %H:%M} UTC"
    fine = not isinstance(newest, datetime) or newest <= now + SLACK
    if isinstance(newest, datetime) and not fine:
        said += f"; {told_of_clock(newest, now)}"
    if off := clock_off(path) if path.exists() else 0.0:
        fine, said = False, f"{said}; {told_of_offset(off)}"
    yield Finding("clock", fine, said, "set this machine's clock: timedatectl set-ntp true")


def _index(settings: Settings, now: datetime) -> Iterator[Finding]:
    from extract.tag import index
    from storage.derived import index_mark

    folder = house.warehouse(settings).index
    mark = index_mark.read(folder)
    whole = mark is not None and mark.format == index.FORMAT
    yield Finding(
        "search",
        True,
        f"{mark.state[2]:,} articles in the index" if mark and whole else "the next search makes the index",
    )


def _cluster(settings: Settings, now: datetime) -> Iterator[Finding]:
    if not (address := settings.read.scheduler):
        return
    from flows.line.readers.cluster import Cluster, is_here

    found = Cluster(address, lambda _: None)
    try:
        there = len(found.workers())
    finally:
        found.close()
    said, mend = f"{there} workers at {address}", "newsduck cluster there, or leave read.scheduler out"
    if address.startswith("tcp:") and not is_here(urlsplit(address).hostname or ""):
        there, said, mend = (
            0,
            f"{address} has no certificates: who reaches it runs what they like",
            "see docs/cluster.md",
        )
    yield Finding("cluster", there > 0, said, mend)


def _server(settings: Settings, now: datetime) -> Iterator[Finding]:
    api, home = settings.server.url, server.home_of(settings)
    auth = server.password_for(settings)
    if auth is None:
        there = server.answers(api)
        said = server.not_ours(api) if there else f"no Prefect server answers at {api}"
        port = urlsplit(api).port or server.PORT
        held = server.is_local(api) and not there and ports.is_held(port)
        mend = (
            f"port {port} is held by {ports.holder(port)}: stop that, or set `server` to another port; then newsduck up"
            if held
            else "newsduck up"
        )
        yield Finding("server", False, said, mend)
        return
    server.point(api, auth, home)
    import prefect

    from flows.board.up import deploy

    own = names.of(home)

    with server.client() as client:
        theirs = str(client.request("GET", "/admin/version").json())
        fine = theirs.split(".")[:2] == prefect.__version__.split(".")[:2]
        yield Finding(
            "server", fine, f"Prefect {theirs} at {api}", f"run the same version there as here ({prefect.__version__})"
        )
        pools = [pool.name for pool in client.read_work_pools()]
        workers = client.read_workers_for_work_pool(own.pool) if own.pool in pools else []
        online = [worker for worker in workers if worker.status == "ONLINE"]
        yield Finding(
            "worker",
            bool(online),
            f"{len(online)} online in the pool {own.pool}",
            f"newsduck up, or prefect worker start --pool {own.pool}",
        )
    coming, _ = deploy.next_runs(own)
    late = [at for _, at in coming if at < now - timedelta(minutes=10)]
    said = ", ".join(f"{name} {at:%Y-%m-%d %H:%M} UTC" for name, at in coming) or "nothing is scheduled"
    yield Finding("schedule", bool(coming) and not late, said, "newsduck up deploys the schedule and runs what is late")


@click.command()
def command() -> None:
    """Check versions, disk, locks, server, worker, clock and schedule, and say how to mend what is wrong."""
    sys.exit(doctor(load_settings()))
