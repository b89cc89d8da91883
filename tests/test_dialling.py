"""What is dialled: nothing inside, whichever way a stranger points there; and what bombs may cost."""

import asyncio
import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohappyeyeballs
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from extract.errors import ForbiddenAddress
from extract.fetch.client import fetch_all
from extract.fetch.manners import Manners
from extract.records import Ask, Page
from tests.newsagent import Newsagent, answer
from tests.test_guard import INSIDE

PUBLIC = "93.184.216.34"  # stands for the public internet: dialling it reaches the newsagent


class Names(AbstractResolver):
    """A resolver that answers as a hostile zone would: each name with the addresses it is given, one set a question."""

    def __init__(self, **answers: list[list[str]]) -> None:
        self.answers = {name.replace("_", "."): list(sets) for name, sets in answers.items()}

    async def resolve(self, host: str, port: int = 0, family: Any = socket.AF_INET) -> list[ResolveResult]:
        sets = self.answers[host]
        found = sets.pop(0) if len(sets) > 1 else sets[0]
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in found
        ]

    async def close(self) -> None: ...


class Canary:
    """Listens on every address of this machine, and counts who comes."""

    def __init__(self) -> None:
        self.visits = 0
        self._server = socket.create_server(("", 0), family=socket.AF_INET6, dualstack_ipv6=True)
        self.port = int(self._server.getsockname()[1])
        threading.Thread(target=self._count, daemon=True).start()

    def _count(self) -> None:
        while True:
            try:
                self._server.accept()[0].close()
            except OSError:
                return
            self.visits += 1

    def close(self) -> None:
        self._server.close()


@pytest.fixture
def canary() -> Iterator[Canary]:
    bird = Canary()
    yield bird
    bird.close()


@pytest.fixture
def dialled(monkeypatch: pytest.MonkeyPatch, newsagent: Newsagent) -> list[str]:
    """Every address that a connection is opened to, from here on; the public one leads to the newsagent."""
    found: list[str] = []
    real = aiohappyeyeballs.start_connection

    async def start(addr_infos: Any, **more: Any) -> socket.socket:
        found.extend(info[4][0] for info in addr_infos)
        if [info[4][0] for info in addr_infos] == [PUBLIC]:
            addr_infos = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", newsagent.port))]
        return await asyncio.wait_for(real(addr_infos, **more), 1)

    monkeypatch.setattr("aiohttp.connector.aiohappyeyeballs.start_connection", start)
    return found


@pytest.fixture
def newsagent() -> Iterator[Newsagent]:
    with Newsagent() as agent:
        yield agent


def get(url: str, ports: frozenset[int], names: Names | None = None) -> object:
    careful = Manners("newsduck/test", timeout=2.0, pause=0.0, ports=ports)
    return fetch_all([Ask(url, "page", url, 1000)], careful, lambda page: page, resolver=names)[0]


def bracketed(address: str) -> str:
    return f"[{address.split('%')[0]}]" if ":" in address else address


@pytest.mark.parametrize("address", INSIDE)
def test_nothing_inside_is_dialled_five_ways(
    address: str, canary: Canary, dialled: list[str], newsagent: Newsagent
) -> None:
    """As a literal, behind a name (A or AAAA), behind a public one's redirect, and by a name that changes its mind."""
    ports, inside = frozenset({80, canary.port}), bracketed(address)
    bare = address.split("%")[0]
    newsagent.shelf["/go"] = answer("", "302 Found", location=f"http://{inside}:{canary.port}/")
    newsagent.shelf["/name"] = answer("", "302 Found", location=f"http://inside.example:{canary.port}/")
    names = Names(
        inside_example=[[bare]],
        mixed_example=[[PUBLIC, bare]],
        public_example=[[PUBLIC]],
        rebinding_example=[[PUBLIC], [bare]],
    )
    newsagent.shelf["/rebind"] = answer("", "302 Found", location=f"http://rebinding.example:{canary.port}/")
    ways = [
        f"http://{inside}:{canary.port}/",
        f"http://inside.example:{canary.port}/",
        f"http://mixed.example:{canary.port}/",
        "http://public.example/go",
        "http://public.example/name",
    ]
    for url in ways:
        assert isinstance(get(url, ports, names), ForbiddenAddress), url
    assert set(dialled) <= {PUBLIC}
    get("http://rebinding.example/rebind", ports, names)
    get(f"http://rebinding.example:{canary.port}/", ports, names)
    assert set(dialled) <= {PUBLIC}, "what is dialled is what was checked"
    assert canary.visits == 0


def test_no_known_trick_reaches_the_canary(real: Path, canary: Canary, dialled: list[str]) -> None:
    """The collected URLs, each also with the canary's port; names resolve to loopback, as their owners have them."""
    rows = (real / "data/hostile/ssrf_urls.tsv").read_text(encoding="utf-8").splitlines()
    urls = [row.split("\t")[0] for row in rows if row[:1] != "#"]

    class Loopback(Names):
        async def resolve(self, host: str, port: int = 0, family: Any = socket.AF_INET) -> list[ResolveResult]:
            self.answers = {host: [["127.0.0.1"]]}
            return await super().resolve(host, port, family)

    for url in urls:
        head, slash, rest = url.partition("://")
        place, _, path = rest.partition("/")
        for each in (url, f"{head}{slash}{place.split(':')[0] if '[' not in place else place}:{canary.port}/{path}"):
            assert not isinstance(get(each, frozenset({80, 443, canary.port}), Loopback()), Page), each
    assert dialled == []
    assert canary.visits == 0


def test_a_public_address_is_dialled(dialled: list[str]) -> None:
    """So that the tests above test something."""
    found = get("http://public.example/fine", frozenset({80}), Names(public_example=[[PUBLIC]]))
    assert isinstance(found, Page)
    assert dialled == [PUBLIC]


MEASURED = """
import json, resource, sys, time
from extract.fetch.client import fetch_all
from extract.fetch.manners import Manners
from extract.records import Ask

def high():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024

def forget():
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")  # the high-water mark starts anew

manners = Manners("newsduck/test", timeout=240, pause=0.0, allow_loopback=True)
def get(url):
    return fetch_all([Ask(url, "feed", url, 15 * 2**20)], manners, lambda page: page)[0]
get(sys.argv[1] + "/fine")
forget()
before, start = high(), time.process_time()
found = get(sys.argv[1] + sys.argv[2])
print(json.dumps([type(found).__name__, high() - before, time.process_time() - start]))
"""


@pytest.mark.parametrize("bomb", ["gzip", "deflate", "br", "zstd", "stacked", "spaces"])
def test_a_bomb_costs_less_than_32_mib_and_a_second_of_the_processor(newsagent: Newsagent, bomb: str) -> None:
    fetch_all(  # the newsagent makes it once, before the clock runs
        [Ask(newsagent.url(f"/bomb-{bomb}"), "feed", "", 1)],
        Manners("newsduck/test", timeout=30, pause=0.0, allow_loopback=True),
        lambda page: page,
    )
    told = subprocess.run(
        [sys.executable, "-c", MEASURED, newsagent.url(""), f"/bomb-{bomb}"],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=True,
    )
    error, grown, seconds = json.loads(told.stdout)
    assert error == "TooLarge"
    assert grown < 32, f"{grown:.1f} MiB"
    assert seconds < 1, f"{seconds:.2f} s"
