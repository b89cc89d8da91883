"""Who tries to get in, and how: pages of other sites in a real browser, names bound to this machine, other users of it,
publishers' words in the dashboard. Each tries to read, to write and to run something; none does."""

import http.server
import json
import os
import shutil
import socket
import stat
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from demo.newsroom import Newsroom
from flows.board.up import password
from tests.board import Board, Ran
from tests.test_dashboard import FLAGS, browser
from tests.typed import configure, here

__all__ = ["browser"]  # a fixture
pytestmark = [pytest.mark.server, pytest.mark.xdist_group("server")]  # one server, one process


class Site(http.server.ThreadingHTTPServer):
    """Somebody's site on this machine, under another port: one page at every path, and what was sent to it."""

    def __init__(self, page: str = "", status: int = 200) -> None:
        self.page, self.asked = page, list[tuple[str, dict[str, str]]]()
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append((self.path, dict(self.headers)))
                self.send_response(status)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Access-Control-Allow-Origin", "*")
                self.end_headers()
                self.wfile.write(site.page.encode())

            do_POST = do_GET

            def log_message(self, format: str, *arguments: object) -> None: ...

        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


@contextmanager
def site(page: str = "", status: int = 200) -> Iterator[Site]:
    with Site(page, status) as there:
        threading.Thread(target=there.serve_forever, daemon=True).start()
        yield there
        there.shutdown()


@pytest.fixture
def fresh(browser: Any) -> Iterator[Page]:
    """A page in a browser of its own, in which nobody has logged in."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


ATTACK = """<!doctype html><title>puppies</title><body><script>
const api = %r, ws = api.replace('http', 'ws'), told = {};
async function tries(name, url, options) {
  try { const r = await fetch(url, options); told[name] = [r.type, r.status, r.type == 'opaque' ? '' : (await r.text()).slice(0, 80)]; }
  catch (e) { told[name] = ['refused']; }
}
function socket(path) { return new Promise(done => {
  const s = new WebSocket(ws + path, ['prefect']); s.onopen = () => { s.send('{"type":"auth","token":""}'); told[path] = 'open'; };
  s.onclose = () => { told[path] = told[path] || 'refused'; done(); }; s.onmessage = m => { told[path] = m.data; done(); } }); }
(async () => {
  await tries('read', api + '/admin/version');
  await tries('settings', api + '/admin/settings');
  await tries('blocks', api + '/block_documents/filter', {method: 'POST', body: '{"include_secrets": true}'});
  await tries('simple', api + '/flows/', {method: 'POST', mode: 'no-cors', body: '{"name": "evil"}'});
  await tries('json', api + '/flows/', {method: 'POST', headers: {'Content-Type': 'application/json'}, body: '{"name": "evil"}'});
  await tries('cookies', api + '/flows/filter', {method: 'POST', credentials: 'include', body: '{}'});
  await tries('token', api + '/csrf-token?client=evil');
  for (const path of ['/events/in', '/events/out', '/logs/out']) await socket(path);
  const form = document.body.appendChild(document.createElement('form')); form.action = api + '/flows/'; form.method = 'post';
  form.target = 'hole'; form.enctype = 'text/plain';
  const input = form.appendChild(document.createElement('input')); input.name = '{"name": "evil", "a": "'; input.value = '"}';
  const frame = document.body.appendChild(document.createElement('iframe')); frame.name = 'hole'; form.submit();
  const other = document.body.appendChild(document.createElement('iframe'));
  await new Promise(done => { other.onload = done; other.src = api.replace('/api', '/'); });
  try { told.frame = other.contentDocument ? 'blank' : 'shut'; } catch (e) { told.frame = 'shut'; }
  const script = document.body.appendChild(document.createElement('script')); script.src = api + '/admin/version';
  await new Promise(done => { script.onload = script.onerror = done; });
  window.told = told;
})();
</script>"""


def flows(board: Board) -> list[str]:
    return [flow["name"] for flow in board.ask("flows/filter")]


def test_a_page_of_another_site_reads_writes_and_runs_nothing(board: Board, fresh: Page) -> None:
    before = flows(board)
    with site(ATTACK % board.api) as evil:
        fresh.goto(evil.address)
        told = fresh.wait_for_function("window.told", timeout=120_000).json_value()
    for name in ("read", "settings", "blocks", "json", "cookies", "token"):
        assert told[name] == ["refused"], (name, told[name])
    assert told["simple"][0] in ("opaque", "refused")
    for path in ("/events/in", "/events/out", "/logs/out"):
        assert told[path] == "refused", told
    assert flows(board) == before


def test_a_name_bound_to_this_machine_is_not_ours(board: Board, fresh: Page) -> None:
    """DNS rebinding: the browser believes a stranger's name to be this address, so the page is of one origin with it."""
    chromium = fresh.context.browser.browser_type  # type: ignore[union-attr]
    flags = [*FLAGS.split(), "--host-resolver-rules=MAP rebound.test 127.0.0.1"]
    own = chromium.launch(executable_path=shutil.which("chromium"), args=flags)
    port = urlsplit(board.api).port
    page = own.new_page()
    answer = page.goto(f"http://rebound.test:{port}/")
    assert answer is not None and answer.status == 421
    told = page.evaluate("async () => { const r = await fetch('/api/health'); return [r.status, await r.text()] }")
    assert told[0] == 421 and "[server] hosts" in told[1]
    own.close()


OPEN = ["/api/health", "/api/ready", "/", "/ui-settings", "/dashboard", "/v2/runs", "/assets/none.js"]
SHUT = [
    "/api/admin/settings", "/api/admin/version", "/api/flows/1", "/api/csrf-token?client=x", "/docs", "/redoc",
    "/openapi.json", "/docs/oauth2-redirect", "/api", "/api/", "/api/docs", "/api/openapi.json", "/api/static/x",
    "/api/health/", "/api/variables/name/health", "/api//health", "/%61pi/admin/version", "/api/../api/admin/version",
]  # fmt: skip


def status(url: str, method: str = "GET", **headers: str) -> int:
    """What a request gets whose path is sent as it is written here."""
    parts = urlsplit(url)
    told = {"Host": parts.netloc, "Connection": "close"} | {k.replace("_", "-"): v for k, v in headers.items()}
    with socket.create_connection((parts.hostname or "", parts.port or 80), timeout=120) as line:
        lines = [f"{method} {parts.path}{'?' + parts.query if parts.query else ''} HTTP/1.1"]
        line.sendall("\r\n".join([*lines, *(f"{k}: {v}" for k, v in told.items()), "", ""]).encode("latin-1"))
        return int(line.makefile("rb").readline().split()[1])


@pytest.mark.parametrize("path", SHUT)
def test_without_the_password_a_link_leads_nowhere(board: Board, path: str) -> None:
    assert status(board.ui + path) == 401
    assert status(board.ui + path, "POST") in (401, 403)
    assert status(board.ui + path, Authorization="Basic bmV3c2R1Y2s6d3Jvbmc=") == 401
    assert status(board.ui + path, Authorization=f"Basic {'x' * 5000}") == 401
    assert status(board.ui + path, Authorization="Bearer x") == 401


@pytest.mark.parametrize("path", OPEN)
def test_what_supervisors_and_the_dashboard_need_first_is_open(board: Board, path: str) -> None:
    assert status(board.ui + path) in (200, 404, 307)
    assert status(board.ui + path, "POST") in (401, 403)
    assert status(board.ui + path, Host="evil.example:4200") == 421
    assert status(board.ui + path, Host="127.0.0.1.evil.example") == 421
    assert status(board.ui + path, Origin="http://127.0.0.1:1") == 403
    for origin in ("null", "http://[", "", "http://127.0.0.1:99999999", "x" * 9000):
        assert status(board.ui + path, Origin=origin) == 403, origin


@pytest.mark.parametrize(
    "path", ["/openapi.json%0a", "/docs%0A", "/redoc%0d", "/api/admin/version%0a", "/%00", "/x%1b"]
)
def test_a_path_with_signs_that_cannot_be_seen_is_none(board: Board, path: str) -> None:
    assert status(board.ui + path) == 400


def test_the_password_lets_in_and_only_from_where_it_should(board: Board) -> None:
    basic = board._basic()["Authorization"]
    path = f"{board.api}/admin/version"
    assert status(path, Authorization=basic) == 200
    assert status(path, Authorization=basic, Origin=board.ui, Sec_Fetch_Site="same-origin") == 200
    assert status(path.replace("127.0.0.1", "localhost"), Authorization=basic) == 200
    for headers in (
        {"Origin": "https://evil.example"}, {"Sec_Fetch_Site": "cross-site"}, {"Sec_Fetch_Site": "same-site"},
        {"Host": "evil.example"},
    ):  # fmt: skip
        assert status(path, Authorization=basic, **headers) in (403, 421), headers


SOCKETS = """
import asyncio, json, sys
import websockets
from prefect.server.api.server import API_ROUTERS

async def tried(path):
    url = sys.argv[1].replace("http", "ws") + path.replace("{", "").replace("}", "")
    try:
        async with websockets.connect(url, subprotocols=["prefect"]) as line:
            await line.send(json.dumps({"type": "auth", "token": "newsduck:wrong"}))
            return await asyncio.wait_for(line.recv(), 60)
    except Exception as error:
        return type(error).__name__

paths = sorted({f"/api{route.path}" for router in API_ROUTERS for route in router.routes if "WebSocket" in type(route).__name__})
print(json.dumps({path: asyncio.run(tried(path)) for path in paths}))
"""


def test_no_socket_of_the_server_opens_without_the_password(board: Board, tmp_path: Path) -> None:
    """Every WebSocket there is: Prefect asks for the password in its first message."""
    env = {**os.environ, "PREFECT_HOME": str(tmp_path), "PREFECT_UI_ENABLED": "false"}
    done = subprocess.run(
        [sys.executable, "-c", SOCKETS, board.ui], env=env, capture_output=True, text=True, check=True
    )
    told = json.loads(done.stdout.splitlines()[-1])
    assert "/api/events/in" in told and len(told) >= 4, told
    assert {path: came for path, came in told.items() if "auth_success" in came} == {}


def test_a_stranger_on_the_port_is_not_told_the_password(tmp_path: Path, newsroom: Any) -> None:
    """Another user of this machine listens where our server would, answers that all is well, and hands our question on to
    our real server, which stands at another port."""
    home = tmp_path / "data" / "prefect"
    secret = password.of(home)
    with site("true") as stranger:
        assert not password.is_known_at(f"{stranger.address}/api", secret)
        (tmp_path / "newsduck.toml").write_text(f'server = "{stranger.address}/api"\n')
        (tmp_path / "feeds.opml").write_text(newsroom.opml(), encoding="utf-8")
        done = here("doctor")
        assert "not this folder's: set server_auth" in done.stdout
        up = here("up")
        assert up.returncode == 2 and "not this folder's" in up.stderr
        assert stranger.asked and not [1 for _, headers in stranger.asked if "Authorization" in headers]
        assert secret.split(":")[1] not in str(stranger.asked)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", "not this folder's: set server_auth to its user:password"),
        ('server_auth = "newsduck:wrong"\n', "does not take the password of server_auth"),
        ('server_auth = "none"\n', "asks for a password"),
    ],
)
def test_a_server_with_a_password_is_told_with_the_way_in(
    tmp_path: Path, newsroom: Newsroom, board: Board, line: str, words: str
) -> None:
    configure(tmp_path, newsroom, f'server = "{board.api}"\n{line}')
    done = here("doctor")
    assert done.returncode == 1
    assert words in done.stdout
    assert "Traceback" not in done.stderr


def test_another_ports_server_cannot_answer_for_it(board: Board) -> None:
    """The proof is made for the port that was asked: one that is passed on does not hold."""
    assert password.is_known_at(board.api, board.auth)
    assert not password.is_known_at(board.api, "newsduck:wrong")
    asked = urllib.request.Request(f"{board.api}/health", headers={password.ASK: "7"})
    with urllib.request.urlopen(asked, timeout=60) as reply:
        proof = reply.headers[password.PROOF]
    port = urlsplit(board.api).port or 0
    assert proof == password.proof(board.auth, "7", port) != password.proof(board.auth, "7", port + 1)


def test_another_user_of_this_machine_reads_nothing(ran: Ran, board: Board) -> None:
    """As `nobody`, with the folder itself open to all: no file of it but what [share] names opens, the server says no."""
    if os.getuid() != 0:
        pytest.skip("only root can become another user")
    for folder in (ran.folder, *ran.folder.parents):
        if folder.owner() == "root" and folder not in (Path("/"), Path("/tmp")):
            folder.chmod(0o755)
    (ran.folder / "data").chmod(0o755)
    code = (
        "import os, pathlib, sys, urllib.request\n"
        "opened = []\n"
        "for base, _, files in os.walk(sys.argv[1]):\n"
        "    for name in files:\n"
        "        try: open(os.path.join(base, name), 'rb').close(); opened.append(name)\n"
        "        except OSError: pass\n"
        "try: urllib.request.urlopen(sys.argv[2] + '/admin/settings'); opened.append('api')\n"
        "except Exception as error: print(error, file=sys.stderr)\n"
        "print(opened)"
    )
    python = shutil.which("python3", path="/usr/bin:/usr/local/bin") or sys.executable
    done = subprocess.run(
        [python, "-c", code, str(ran.folder / "data"), board.api],
        capture_output=True,
        text=True,
        user="nobody",
        cwd="/",
    )
    if "Permission denied" in done.stderr and not done.stdout:
        pytest.skip("no Python that another user may run")
    assert done.stdout.strip() == "[]", done.stdout
    assert "401" in done.stderr


def test_a_data_folder_is_its_owners_alone(ran: Ran) -> None:
    open_to_others = [
        path
        for path in (ran.folder / "data").rglob("*")
        if stat.S_IMODE(path.stat().st_mode) & 0o077
        and not any(stat.S_IMODE(up.stat().st_mode) & 0o077 == 0 for up in path.parents if up != ran.folder.parent)
    ]
    assert open_to_others == []
    assert stat.S_IMODE((ran.folder / "data" / "warehouse.duckdb").stat().st_mode) == 0o600


EVIL = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"
MARKDOWN = f"""# {EVIL}

[click](javascript:document.title='owned') <a href="javascript:document.title='owned'">x</a>
![x](http://203.0.113.1/track.png) <iframe src="http://203.0.113.1/"></iframe> <svg onload="document.title='owned'">
<form action="http://203.0.113.1/"><button>y</button></form> <style>@import url(http://203.0.113.1/x.css)</style>
<meta http-equiv="refresh" content="0;url=http://203.0.113.1/"><base href="http://203.0.113.1/">
"""


@pytest.mark.parametrize(
    ("host", "version"), [pytest.param("127.0.0.1", "v1", marks=pytest.mark.apart), ("localhost", "v2")]
)
def test_the_dashboard_asks_nobody_else_whatever_it_draws(board: Board, fresh: Page, version: str, host: str) -> None:
    """Both of Prefect's dashboards, under both names: a person logs in, looks around, and looks at what a hostile publisher
    would like to have in an artifact. Requests that leave for other hosts are counted."""
    made = board.ask("artifacts/", key="hostile", type="markdown", data=MARKDOWN, description=EVIL)
    table = board.ask("artifacts/", key="hostile-table", type="table", data=json.dumps([{EVIL: EVIL, "b": MARKDOWN}]))
    port = urlsplit(board.api).port
    at = f"http://{host}:{port}"
    asked: list[str] = []
    fresh.on("requestfinished", lambda request: asked.append(request.url))
    fresh.on("requestfailed", lambda request: asked.append(f"{request.failure}: {request.url}"))
    fresh.on("websocket", lambda line: asked.append(line.url))
    fresh.context.add_cookies([{"name": "prefect_ui_version", "value": version, "url": at}])
    fresh.goto(at)
    fresh.locator("input").first.fill(board.auth, timeout=120_000)
    fresh.keyboard.press("Enter")
    fresh.get_by_text("Work Pools").first.wait_for(timeout=120_000)
    base = f"{at}/v2" if version == "v2" else at
    for path in (
        "runs",
        "deployments",
        "events",
        f"artifacts/artifact/{made['id']}",
        f"artifacts/artifact/{table['id']}",
    ):
        fresh.goto(f"{base}/{path}")
        fresh.get_by_text("Work Pools").first.wait_for(timeout=120_000)
        fresh.wait_for_load_state("networkidle")
        assert "owned" not in fresh.title()
    elsewhere = {
        url for url in asked if f"//{host}:{port}" not in url and not url.startswith(("csp: ", "data:", "blob:"))
    }
    assert elsewhere == set()


def test_the_error_of_a_stranger_on_the_network_is_one_line(board: Board) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{board.api}/admin/settings", timeout=60)
    assert refused.value.code == 401
    assert "newsduck status" in json.load(refused.value)["exception_message"]
