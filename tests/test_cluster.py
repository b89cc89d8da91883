"""Pages read on a Dask cluster: real schedulers and workers on loopback, started as a person starts them."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import dask
import pytest

from extract.errors import BadInput, NewsduckError, NotAFeed, Poison
from extract.read import maker
from extract.read.page import read_page
from extract.sandbox import Sandbox
from flows import settings
from flows.line.anew.reread import read_all_again
from flows.line.back.bring import bring
from flows.line.readers import cluster, crew
from flows.line.readers.crew import Crew, readers
from flows.line.readers.hand import Kept
from flows.line.work import alone
from storage.store.place import Place
from tests import jobs
from tests.archives import DAY, packed, page, response
from tests.clustered import NOW, ROOT, Local, Running, client_of, family, kept, running, words
from tests.faults.twin import differences, tables
from tests.line import AGENCIES, Line, settings_for
from tests.pages import BODY, html
from tests.typed import here, refused

pytestmark = [pytest.mark.xdist_group("cluster"), pytest.mark.timeout(1800)]
PROMISE = pytest.mark.promise("Pages read by a cluster are read as here, and one that is lost in mid-run costs nothing")


def own_cluster(test: Callable[..., None]) -> Callable[..., None]:
    """A test that starts a cluster of its own, which takes its time: it stands apart."""
    marked: Callable[..., None] = PROMISE(pytest.mark.apart(test))
    return marked


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A cluster of two workers."""
    with running(tmp_path_factory.mktemp("cluster"), "--workers", "2") as found:
        yield found


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def hands(two: Running, told: list[str]) -> Iterator[Crew]:
    with Crew(two.address, told.append, 2, seconds=1.5) as found:
        yield found


@pytest.fixture
def local(monkeypatch: pytest.MonkeyPatch) -> Local:
    return Local(monkeypatch)


def test_articles_are_those_of_local_readers(hands: Crew, sandbox: Sandbox, local: Local, tmp_path: Path) -> None:
    bodies = [html(f"<article><h1>Rain {n}</h1>{BODY}<p>(Reuters) and {n}.</p></article>") for n in range(30)]
    more = ("https://www.herald.example/1", "text/html", NOW, (AGENCIES,))
    far = hands.map(read_page, [(one, *more) for one in kept(tmp_path, bodies)])
    assert local.asked == 0
    assert far == sandbox.map(read_page, [(body, *more) for body in bodies])
    assert len({article.title for article in far if not isinstance(article, NewsduckError)}) == 30


def test_a_run_over_a_cluster_leaves_the_rows_of_one_without(
    two: Running, told: list[str], both_days: Line, tmp_path_factory: pytest.TempPathFactory
) -> None:
    newsroom, far = both_days.newsroom, tmp_path_factory.mktemp("far")
    with Crew(two.address, told.append) as crew:
        house = Line(far, newsroom, crew)
        for newsroom.day in (1, 2):
            house.run()
    assert differences(far / "data", both_days.folder / "data") == []
    assert told == []


@own_cluster
def test_an_archive_read_by_two_workers_gives_equal_rows(
    two: Running, told: list[str], sandbox: Sandbox, tmp_path: Path
) -> None:
    answers = [response(f"https://herald.example/news/{n}", page(n), at=f"{DAY}T12:00:{n:02d}Z") for n in range(40)]
    (tmp_path / "crawl.warc.gz").write_bytes(packed(answers))
    for name in ("far", "here"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "feeds.opml").write_text('<opml version="2.0"><body/></opml>')
        found = settings_for(tmp_path / name, {"town": "town"})
        with Crew(two.address, told.append) as hands:
            crew = hands if name == "far" else sandbox
            came = bring(str(tmp_path / "crawl.warc.gz"), found, crew, [], ["herald.example"])
            with alone("reread", found, crew) as work:
                again = read_all_again(work, None, dry=False)
        assert came.kept == 40 and came.outcomes == {"stored": 40}
        assert len(again.outcomes) == 40 and again.lost == []
    assert tables(tmp_path / "far" / "data") == tables(tmp_path / "here" / "data")
    assert told == []


def test_jobs_without_a_place_in_the_archive_are_done_here(hands: Crew, local: Local) -> None:
    assert hands.map(jobs.size, [(b"12",), (b"345",)]) == [2, 3]
    assert hands.map(jobs.size, []) == []
    assert local.asked == 2


def test_poison_costs_its_own_row_and_an_error_of_ours_comes_as_it_is(hands: Crew, tmp_path: Path) -> None:
    ways = ["", "abort", "", "refuse", "spin", "fail", "", "", "", ""]
    ticks: list[None] = []
    places = kept(tmp_path, [b"a page"] * len(ways))
    found = hands.map(jobs.what, list(zip(places, ways, strict=True)), lambda: ticks.append(None))
    assert [one for one in found if isinstance(one, int)] == [6] * 6
    assert "crashed (SIGABRT)" in str(found[1]) and isinstance(found[1], Poison)
    assert isinstance(found[3], NotAFeed) and str(found[3]) == "no feed here"
    assert "longer than 1.5 s of the processor's time" in str(found[4]) and isinstance(found[4], Poison)
    assert "KeyError" in str(found[5]) and isinstance(found[5], Poison)
    assert len(ticks) == len(ways)


def test_what_was_cut_short_is_tried_once_more_here(hands: Crew, local: Local, tmp_path: Path) -> None:
    place = kept(tmp_path, [b"a page"])[0]
    assert hands.map(jobs.spin_once, [(place, str(tmp_path / "mark"))]) == ["read"]
    assert local.asked == 1


def test_files_that_decide_travel_as_what_they_say(hands: Crew, tmp_path: Path) -> None:
    place, file = kept(tmp_path, [b"a page"])[0], tmp_path / "agencies.toml"
    for said in ("one", "another"):
        file.write_text(said)
        (found,) = hands.map(jobs.papers, [(place, (file,))])
        assert isinstance(found, list)
        ((path, words),) = found
        assert words == said and path != str(file)
    file.unlink()
    with pytest.raises(BadInput, match=r"agencies\.toml cannot be read"):
        hands.map(jobs.papers, [(place, (file,))])


def test_a_worker_killed_in_mid_run_costs_nothing(two: Running, hands: Crew, told: list[str], tmp_path: Path) -> None:
    ticks: list[int] = []

    def tick() -> None:
        ticks.append(1)
        if len(ticks) == 10:
            os.kill(two.workers()[0], signal.SIGKILL)

    bodies = [b"." * n for n in range(120)]
    found = hands.map(jobs.slowly, [(one, 0.02) for one in kept(tmp_path, bodies)], tick)
    assert found == list(range(120)), "none lost"
    assert len(ticks) == 120, "none twice"
    assert told == []


def test_who_makes_the_jobs_fails_and_the_caller_gets_it(hands: Crew, tmp_path: Path) -> None:
    places = kept(tmp_path, [b"a page"] * 9)

    def made() -> Iterator[tuple[Kept]]:
        yield from ((place,) for place in places)
        raise KeyError("the tenth")

    with pytest.raises(KeyError, match="the tenth"):
        hands.map(jobs.size, made())


def test_jobs_are_made_as_there_is_room(hands: Crew, tmp_path: Path) -> None:
    made: list[int] = []
    ahead: list[int] = []
    done: list[None] = []

    def making() -> Iterator[tuple[Kept]]:
        for number, place in enumerate(kept(tmp_path, [b"a page"] * 200)):
            made.append(number)
            yield (place,)

    def tick() -> None:
        done.append(None)
        ahead.append(len(made) - len(done))

    assert hands.map(jobs.size, making(), tick) == [6] * 200
    assert max(ahead) <= 2 * (crew.AHEAD + 1) * crew.TOGETHER


def test_a_worker_of_other_code_is_refused_and_named(
    two: Running, hands: Crew, told: list[str], local: Local, tmp_path: Path
) -> None:
    for room in ("extract", "storage", "flows", "demo"):
        shutil.copytree(ROOT / room, tmp_path / "other" / room, ignore=shutil.ignore_patterns("__pycache__"))
    changed = tmp_path / "other" / "extract" / "read" / "maker.py"
    changed.write_text(changed.read_text().replace("READER = 11", "READER = 10"))
    with client_of(two.address) as client:
        before = len(client.scheduler_info()["workers"])
        options = ["--nthreads", "1", "--host", "127.0.0.1", "--dashboard-address", "127.0.0.1:0", "--no-nanny"]
        stranger = subprocess.Popen(
            [sys.executable, "-m", "distributed.cli.dask_worker", two.address, *options, "--memory-limit", "0"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(tmp_path / "other"), "DASK_LOGGING__DISTRIBUTED": "error"},
        )
        try:
            client.wait_for_workers(before + 1)
            assert hands.map(jobs.size, [(place,) for place in kept(tmp_path, [b"a page"] * 40)]) == [6] * 40
        finally:
            stranger.terminate()
            stranger.wait()
    (line,) = told
    assert (
        f"is not used: reader {maker.READER - 1} (here {maker.READER}), code " in line
        and "the cluster's worker tcp://127.0.0.1:" in line
    )
    assert local.asked == 0


def test_where_nobody_fits_pages_are_read_here(
    two: Running, told: list[str], local: Local, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = maker.made_by() | {"trafilatura": "9.9"}
    monkeypatch.setattr(maker, "made_by", lambda: mine)
    with Crew(two.address, told.append) as hands:
        assert hands.map(jobs.size, [(place,) for place in kept(tmp_path, [b"a page"] * 5)]) == [6] * 5
    assert len(told) >= 3 and all("(here 9.9)" in line for line in told[:-1])
    assert told[-1] == "the cluster has no worker that can be used: what is left is read on this machine"
    assert local.asked == 5


class Nowhere(Place):
    """An archive that other machines do not see."""

    def __reduce__(self) -> Any:
        return Place, (Path("/nowhere"),)


def test_workers_that_do_not_see_the_archive_are_dismissed(
    hands: Crew, told: list[str], local: Local, tmp_path: Path
) -> None:
    places = [replace(place, archive=Nowhere(place.archive.folder)) for place in kept(tmp_path, [b"a page"] * 100)]
    assert hands.map(jobs.size, [(place,) for place in places]) == [6] * 100
    assert local.asked == 100
    assert "is not used any more: /nowhere/" in told[0] and "no document" in told[0]
    assert told[-1] == "the cluster has no worker that can be used: what is left is read on this machine"


@own_cluster
@pytest.mark.parametrize("who", ["dask_scheduler", "dask_worker"])
def test_a_cluster_lost_in_mid_run_is_told_and_the_rest_read_here(told: list[str], tmp_path: Path, who: str) -> None:
    found = Running(tmp_path, "--workers", "1")
    ticks: list[int] = []

    def tick() -> None:
        ticks.append(1)
        if len(ticks) == 10:
            for pid in family(found.process.pid):
                if who in words(pid):
                    os.kill(pid, signal.SIGKILL)

    places = kept(tmp_path, [b"." * n for n in range(60)])
    try:
        with Crew(found.address, told.append) as hands:
            came = hands.map(jobs.slowly, [(place, 0.02) for place in places], tick)
            again = hands.map(jobs.size, [(place,) for place in places])
    finally:
        if len(ticks) < 10:
            found.process.terminate()
        assert found.process.stdout
        found.process.stdout.close()
        code = found.process.wait()
    assert code == 2 and f"newsduck: the cluster's {who.removeprefix('dask_')}" in found.log.read_text()
    assert came == again == list(range(60))
    assert len(ticks) == 60
    assert "what is left is read on this machine" in told[0]


def test_no_scheduler_is_told_and_pages_are_read_here(told: list[str], tmp_path: Path) -> None:
    place = kept(tmp_path, [b"a page"])[0]
    with dask.config.set({"distributed.comm.timeouts.connect": "1s"}), Crew("tcp://127.0.0.1:1", told.append) as hands:
        assert hands.map(jobs.size, iter([(place,)]), early=1) == [6]
        assert hands.map(jobs.size, [(place,)]) == [6]
    assert told == ["no Dask scheduler answers at tcp://127.0.0.1:1; pages are read on this machine"]


def test_without_dask_the_way_out_is_said(told: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    refused(here("cluster"), "pip install 'newsduck[cluster]'")
    with Crew("tcp://127.0.0.1:1", told.append) as hands:
        assert hands.map(jobs.size, [(kept(tmp_path, [b"a page"])[0],)]) == [6]
    assert len(told) == 1 and "pip install 'newsduck[cluster]'" in told[0]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--address", "0.0.0.0"), "0.0.0.0 is more than this machine"),
        (("--address", "::"), ":: is more than this machine"),
        (("--address", "10.0.0.5"), "name certificates in Dask's settings"),
        (("--address", "news.example.org"), "is more than this machine"),
        (("--scheduler", "tcp://10.0.0.5:8786"), "--address names this machine"),
        (("--scheduler", "tls://127.0.0.1:8786"), "needs certificates"),
        (("--scheduler", "10.0.0.5"), "is no scheduler's address"),
    ],
)
def test_others_are_not_let_in_without_certificates(more: tuple[str, ...], said: str) -> None:
    refused(here("cluster", *more), said)


def test_nobody_but_this_machine_reaches_a_cluster(two: Running) -> None:
    listening = {}
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            parts = line.split()
            if parts[3] == "0A":
                listening[f"socket:[{parts[9]}]"] = parts[1].split(":")[0]
    held = set()
    for pid in family(two.process.pid):
        for link in Path(f"/proc/{pid}/fd").iterdir():
            held |= {link.readlink().name} if link.is_symlink() else set()
    addresses = {listening[name] for name in held & set(listening)}
    assert addresses == {"0100007F"}


def certificates(folder: Path) -> dict[str, str]:
    """A certificate that signs itself, for all who may come in, and Dask's settings that name it."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "newsduck")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, none = serialization.Encoding.PEM, serialization.NoEncryption()
    (folder / "cert.pem").write_bytes(made.public_bytes(pem))
    (folder / "key.pem").write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, none))
    told = {"ca-file": str(folder / "cert.pem")}
    for role in ("scheduler", "worker", "client"):
        told |= {f"{role}.cert": str(folder / "cert.pem"), f"{role}.key": str(folder / "key.pem")}
    return {f"distributed.comm.tls.{name}": value for name, value in told.items()}


def as_variables(told: dict[str, str]) -> dict[str, str]:
    """The same in the environment."""
    return {f"DASK_{name.replace('.', '__').replace('-', '_').upper()}": value for name, value in told.items()}


@own_cluster
def test_with_certificates_pages_are_read_behind_them(told: list[str], local: Local, tmp_path: Path) -> None:
    named = certificates(tmp_path)
    places = kept(tmp_path, [b"a page"] * 5)
    with running(tmp_path, "--workers", "1", "--address", "127.0.0.2", **as_variables(named)) as found:
        assert found_at(found.address) == ("tls", "127.0.0.2")
        with dask.config.set(named), Crew(found.address, told.append) as hands:
            assert hands.map(jobs.size, [(place,) for place in places]) == [6] * 5
        assert told == [] and local.asked == 0
        with Crew(found.address, told.append) as hands:
            assert hands.map(jobs.size, [(places[0],)]) == [6]
        assert told == [
            f"{found.address} needs certificates: Dask's settings distributed.comm.tls name none for a client; "
            "pages are read on this machine"
        ]
        plain = found.address.replace("tls:", "tcp:")
        with dask.config.set({"distributed.comm.timeouts.connect": "1s"}), pytest.raises(cluster.Lost):
            cluster.Cluster(plain, told.append)
    with dask.config.set(named | {"distributed.comm.tls.ca-file": str(tmp_path / "none.pem")}):
        refused(here("cluster", "--address", "0.0.0.0"), "Dask's settings for TLS")


def found_at(address: str) -> tuple[str, str]:
    scheme, _, rest = address.partition("://")
    return scheme, rest.rsplit(":", 1)[0]


def test_a_scheduler_in_the_settings_makes_a_crew(two: Running, tmp_path: Path) -> None:
    told = settings.Settings(read=settings.Read(scheduler=two.address, workers=1))
    with readers(told) as found:
        assert isinstance(found, Crew) and found.workers == 1
    with readers(settings.Settings()) as found:
        assert type(found) is Sandbox


def test_the_doctor_looks_at_the_cluster(two: Running, tmp_path: Path) -> None:
    def found(address: str) -> str:
        (tmp_path / "newsduck.toml").write_text(f"[read]\nscheduler = {json.dumps(address)}\n")
        return next(line for line in here("doctor").stdout.splitlines() if "cluster" in line)

    assert found(two.address).startswith("ok   cluster    ") and f"workers at {two.address}" in found(two.address)
    with dask.config.set({"distributed.comm.timeouts.connect": "1s"}):
        assert "no Dask scheduler answers at tcp://127.0.0.1:1" in found("tcp://127.0.0.1:1")
    (tmp_path / "newsduck.toml").write_text('[read]\nscheduler = "http://127.0.0.1"\n')
    refused(here("doctor"), "read.scheduler")


def test_a_call_that_is_broken_off_waits_for_nobody(hands: Crew, tmp_path: Path) -> None:
    never = threading.Event()

    def made() -> Iterator[tuple[Kept]]:
        yield from ((place,) for place in kept(tmp_path, [b"a page"]))
        never.wait(600)  # a backstop

    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        hands.map(jobs.size, made(), stop)
    never.set()
