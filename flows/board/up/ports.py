"""Who listens on a port of this machine, as far as Linux tells."""

import contextlib
from pathlib import Path

LISTENING = "0A"  # in /proc/net/tcp


def holder(port: int) -> str:
    """The program that holds a port, as `name (process 123)`; "another program" where the system does not say."""
    sockets = set(_sockets(port))
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            for link in (process / "fd").iterdir():
                with contextlib.suppress(OSError):
                    if str(link.readlink()) in sockets:
                        words = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
                        return f"{words.strip()[:80]} (process {process.name})"
    return "another program"


def is_held(port: int) -> bool:
    """Whether anybody listens on a port of this machine; False where the system does not say."""
    return bool(_sockets(port))


def _sockets(port: int) -> list[str]:
    found = []
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with contextlib.suppress(OSError):
            for line in Path(table).read_text(encoding="ascii").splitlines()[1:]:
                columns = line.split()
                if columns[3] == LISTENING and int(columns[1].rsplit(":", 1)[1], 16) == port:
                    found.append(f"socket:[{columns[9]}]")
    return found
