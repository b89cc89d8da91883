"""Who may ask the dashboard's server anything: an ASGI application around Prefect's, which by itself answers any site that
is open in the browser.

    a page of another site     its Origin is not ours, its Sec-Fetch-Site says so        403
    a name bound to 127.0.0.1  DNS can name this machine anything; its Host is not ours  421
    whoever has no password    all but /health, /ready and the dashboard's own files     401
    what the dashboard draws   asks nobody but this server, runs no foreign script, and stands in nobody's frame

A browser sends Origin with whatever writes and with every WebSocket, and a page can forge neither it nor Host.
"""

import base64
import binascii
import hmac
from collections.abc import Awaitable, Callable, Collection, MutableMapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from flows.board.paper import reports
from flows.board.up import password

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]

PROBES = ("/api/health", "/api/ready")  # what start-up and supervisors ask
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-eval'",  # the graph of a run makes its shaders' code itself; nothing inline runs
        "connect-src 'self'",  # the newer dashboard asks an analytics host although analytics are off
        "img-src 'self' data: blob:",  # our artifacts carry their pictures in themselves
        "style-src 'self' 'unsafe-inline'",  # both dashboards set styles from script
        "font-src 'self' data:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)


class Refusal(Exception):
    """A request that is not answered: the HTTP status, and why in a line."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status, self.why = status, why


class Guard:
    """Lets through to `app` what may be asked. `hosts` are the names this server is reached by, `closed` the paths that
    want the password, with all below them, `auth` is `user:password`."""

    def __init__(self, app: App, hosts: Collection[str], closed: Sequence[str], auth: str) -> None:
        self._app, self._auth = app, auth
        self._hosts = frozenset(host.lower() for host in hosts)
        self._closed = tuple(closed)

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers: dict[str, list[str]] = {}
        for name, value in scope["headers"]:
            headers.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
        try:
            self._decide(scope, headers)
        except Refusal as refusal:
            await _refuse(scope, send, refusal)
            return
        more = [*_headers(scope["path"])]
        if number := headers.get(password.ASK.lower(), [""])[0]:
            proof = password.proof(self._auth, number, scope["server"][1])
            more.append((password.PROOF.lower().encode(), proof.encode()))

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = {name for name, _ in more}
                kept = [(name, value) for name, value in message.get("headers", ()) if name.lower() not in own]
                message = {**message, "headers": [*kept, *more]}
            await send(message)

        await self._app(scope, receive, told)

    def _decide(self, scope: MutableMapping[str, Any], headers: dict[str, list[str]]) -> None:
        """Raise Refusal for what is not to be answered."""
        hosts = headers.get("host", [])
        if len(hosts) != 1 or _name(hosts[0]) not in self._hosts:
            raise Refusal(421, "this server is not called that; [server] hosts in newsduck.toml lists its names")
        if any(_place(origin) != hosts[0].lower() for origin in headers.get("origin", [])):
            raise Refusal(403, "asked by a page of another site")
        if scope["type"] == "websocket":
            return  # Prefect asks for the password in its first message: a browser cannot send it as a header
        method, where = scope["method"], scope["path"]
        if not where.isprintable():
            raise Refusal(400, "no path of this server")  # routes match before a line feed at a path's end
        if method in ("GET", "HEAD") and (where in PROBES or not self._is_closed(where)):
            return
        if headers.get("sec-fetch-site", ["none"])[0] not in ("same-origin", "none"):
            raise Refusal(403, "asked by a page of another site")
        if not _is_password(headers.get("authorization", [""])[0], self._auth):
            raise Refusal(401, "the password is missing or wrong: `newsduck status` says where it is")

    def _is_closed(self, where: str) -> bool:
        return any(where == path or where.startswith(f"{path}/") for path in self._closed)


def _headers(where: str) -> list[tuple[bytes, bytes]]:
    """What every answer carries; the days' pages have a policy of their own."""
    policy = reports.POLICY if _is_report(where) else POLICY
    return [(b"content-security-policy", policy.encode()), *HEADERS[1:]]


def _is_report(where: str) -> bool:
    return where == reports.PATH or where.startswith(f"{reports.PATH}/")


def _name(host: str) -> str:
    """The name in a Host header, without its port."""
    try:
        return (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def _place(origin: str) -> str:
    """Name and port in an Origin header."""
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""


def _is_password(header: str, auth: str) -> bool:
    scheme, _, told = header.partition(" ")
    try:
        return scheme.lower() == "basic" and hmac.compare_digest(base64.b64decode(told, validate=True), auth.encode())
    except (binascii.Error, ValueError):
        return False


async def _refuse(scope: MutableMapping[str, Any], send: Send, refusal: Refusal) -> None:
    """Say no: in JSON, as Prefect's own clients read it; a WebSocket is closed before it opens."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": refusal.why})
        return
    body = b'{"exception_message": "%s"}' % refusal.why.encode()
    length = (b"content-length", str(len(body)).encode())
    headers = [(b"content-type", b"application/json"), length, *HEADERS]
    if refusal.status == 401 and _is_report(scope["path"]):  # the dashboard asks by a form of its own
        headers.append((b"www-authenticate", b'Basic realm="newsduck", charset="UTF-8"'))
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
