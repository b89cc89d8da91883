"""Prefect's own server application, behind the guard: `python -m flows.board.up.serve SOCKET REPORTS [HOST …]`.

REPORTS is the folder of the days' pages. SOCKET is the number of a listening socket that whoever starts this has bound and hands down, so that nobody else can take
its port in between; the password is in PREFECT_SERVER_API_AUTH_STRING. Nothing of newsduck's settings is read here.
"""

import os
import socket
import sys
from pathlib import Path

SETTINGS = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_CSRF_PROTECTION_ENABLED": "true",
    # Relative to the page: the dashboard works under every name it is reached by.
    "PREFECT_UI_API_URL": "/api",
    # The recorder's default batches let task runs queue for half a minute after a run of a thousand; these a few seconds.
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "50",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "50",
    # What is fewer it writes every so many seconds, by default 5, for which every command that runs waits at its end.
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",
}
LOCAL = ("127.0.0.1", "localhost")


def main(number: int, pages: Path, hosts: list[str]) -> None:
    """Serve until SIGTERM."""
    listener = socket.socket(fileno=number)
    port = listener.getsockname()[1]
    os.environ.update(SETTINGS)
    os.environ["PREFECT_SERVER_API_PORT"] = str(port)
    os.environ["PREFECT_SERVER_CORS_ALLOWED_ORIGINS"] = f"http://{LOCAL[0]}:{port}"
    auth = os.environ["PREFECT_SERVER_API_AUTH_STRING"]

    # Only now: Prefect reads its settings when it is imported.
    import uvicorn
    from prefect.server.api.server import create_app
    from prefect.settings import get_current_settings

    from flows.board.paper import reports
    from flows.board.up.guard import Guard

    app = create_app(final=True)
    app.router.routes.insert(0, reports.mount(pages))  # before the dashboard's own, which answers everywhere
    closed = [path for route in app.routes if (path := getattr(route, "path", ""))]  # all but the dashboard's own files
    found = get_current_settings().server
    config = uvicorn.Config(
        Guard(app, (*LOCAL, *hosts), closed, auth),
        timeout_keep_alive=found.api.keepalive_timeout,
        ws_ping_interval=found.api.websocket_ping_interval,
        ws_ping_timeout=found.api.websocket_ping_timeout,
        log_level=found.logging_level.lower(),
        proxy_headers=False,  # who asks is decided by what they know, never by where a header says they are
        server_header=False,
    )
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
