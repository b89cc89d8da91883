"""`newsduck cluster`: a Dask scheduler and workers that read pages, kept running until somebody says stop; or workers for one that
runs elsewhere. All of it is Dask's own programs, started so that nobody else comes in."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from urllib.parse import urlsplit

import click

from extract.errors import BadInput, Broken
from flows.board.up import orphans, server
from flows.board.up.stopping import Stopped, no_more, signals
from flows.commands._running import leave
from flows.line.readers import cluster
from flows.telling import echo, say

PORT = 8786  # Dask's own
FINISH = 10.0  # seconds workers have to end; what they read then is read again
GONE = "60"  # seconds after which workers end that find no scheduler
# What Dask watches itself by costs an idle cluster of four processes an eighth of a processor, and shows only on its dashboard.
CALM = {
    "DASK_LOGGING__DISTRIBUTED": "error",
    "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False",
    "DASK_DISTRIBUTED__ADMIN__TICK__INTERVAL": "1s",
    "DASK_DISTRIBUTED__ADMIN__SYSTEM_MONITOR__INTERVAL": "10s",
}


def run(workers: int, address: str, port: int, scheduler: str = "") -> int:
    """Run a scheduler and so many workers that listen at this machine's `address`, or workers for a `scheduler` that runs, until
    SIGINT or SIGTERM; gives the exit code. Raises BadInput where others could come in."""
    secured = _check(address, scheduler)
    with signals(), ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="newsduck-cluster-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        orphans.adopt()
        children: dict[str, subprocess.Popen[bytes]] = {}
        try:
            stack.callback(_end, children)
            if not scheduler:
                written = folder / "scheduler.json"
                words = ["--protocol", "tls" if secured else "tcp", "--port", str(port)]
                words += ["--scheduler-file", str(written)]
                children["scheduler"] = _start("scheduler", words, address)
                scheduler = _address(written, children, port)
            echo(f"scheduler  {scheduler}")
            name = f"{socket.gethostname()}-{os.getpid()}"
            words = [scheduler, "--name", name, "--nworkers", str(workers), "--nthreads", "1", "--memory-limit", "0"]
            words += ["--local-directory", str(folder), "--death-timeout", GONE]
            children["workers"] = _start("worker", words, address)
            _wait(name, workers, scheduler, children)
            echo(
                f'workers    {workers} on this machine\n\nIn newsduck.toml:\n\n    [read]\n    scheduler = "{scheduler}"\n'
            )
            say("Ctrl-C stops it; runs go on with their own readers then")
            while True:
                _watch(children)
        except Stopped:
            say("stopping …")
    say("stopped")
    return 0


def _check(address: str, scheduler: str) -> bool:
    """Whether what is started is secured by certificates. Raises BadInput where it is not, and listens to more than this machine."""
    secured = cluster.is_secured("scheduler") and cluster.is_secured("worker") and cluster.is_secured("client")
    if not secured and not cluster.is_here(address):
        raise BadInput(
            f"{address} is more than this machine, and who reaches a Dask port runs what they like as you: name certificates in Dask's "
            "settings first (distributed.comm.tls, see docs/cluster.md), or leave --address out"
        )
    if scheduler:
        parts = urlsplit(scheduler)
        if parts.scheme not in ("tcp", "tls") or not parts.hostname or not _port(scheduler):
            raise BadInput(f"{scheduler!r} is no scheduler's address: one is such as tls://10.0.0.5:{PORT}")
        if parts.scheme == "tls" and not secured:
            raise BadInput(
                f"{scheduler} needs certificates in Dask's settings (distributed.comm.tls, see docs/cluster.md)"
            )
        if cluster.is_here(address) and not cluster.is_here(parts.hostname):
            raise BadInput(
                f"{scheduler} does not reach workers at {address}: --address names this machine's own address there"
            )
    return secured


def _port(address: str) -> int | None:
    try:
        return urlsplit(address).port
    except ValueError:
        return None


def _start(what: str, words: Sequence[str], address: str) -> subprocess.Popen[bytes]:
    """A program of Dask's, which says what goes wrong and nothing else. Its dashboard is off; what its HTTP server tells besides
    is told to this machine."""
    return subprocess.Popen(
        [
            *(sys.executable, "-P", "-m", f"distributed.cli.dask_{what}", *words),
            *("--host", address, "--no-dashboard", "--dashboard-address", "127.0.0.1:0"),
        ],
        env={**CALM, **os.environ},
        stdin=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C is for this process, which ends them in order
        preexec_fn=server.die_with_parent,
        umask=0o077,
    )


def _address(written: Path, children: dict[str, subprocess.Popen[bytes]], port: int) -> str:
    """Where the scheduler listens, once it does."""
    while True:
        try:
            return str(json.loads(written.read_bytes())["address"])
        except (OSError, ValueError):
            _watch(children, f"; is port {port} free? --port takes another, 0 any")


def _wait(name: str, workers: int, scheduler: str, children: dict[str, subprocess.Popen[bytes]]) -> None:
    """Wait until the workers are there. Raises Lost where their scheduler is not."""
    found = cluster.Cluster(scheduler, say)
    try:
        while sum(one.startswith(name) for one in found.workers().values()) < workers:
            _watch(children)
    finally:
        found.close()


def _watch(children: dict[str, subprocess.Popen[bytes]], hint: str = "") -> None:
    time.sleep(0.2)
    orphans.adopted([child.pid for child in children.values()])
    for name, child in children.items():
        if (code := child.poll()) is not None:
            raise Broken(f"the cluster's {name} ended with code {code}{hint}")


def _end(children: dict[str, subprocess.Popen[bytes]]) -> None:
    """End them, the workers first, and whatever they leave behind."""
    no_more()
    while children:
        _, child = children.popitem()
        child.terminate()
        with suppress(subprocess.TimeoutExpired):
            child.wait(FINISH)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)  # it leads a group of its own
        child.wait()
        orphans.end([one.pid for one in children.values()], 0)


@click.command()
@click.option(
    "--workers",
    type=click.IntRange(1, 512),
    default=os.cpu_count() or 1,
    help="Readers on this machine.  [default: its processors]",
)
@click.option(
    "--address",
    default="127.0.0.1",
    show_default=True,
    help="Where to listen; others than this machine need certificates.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=PORT,
    show_default=True,
    help="The scheduler's; 0: any that is free.",
)
@click.option("--scheduler", default="", help="Only workers, for a scheduler that runs: tls://HOST:PORT.")
def command(workers: int, address: str, port: int, scheduler: str) -> None:
    """Run a Dask scheduler and workers that read pages for runs of newsduck, until Ctrl-C."""
    leave(run(workers, address, port, scheduler))
