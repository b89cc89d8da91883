"""`newsduck up --install`: a systemd unit of the person's own, that runs `newsduck up` from the next login (or boot) on."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from flows import settings as settings_file
from flows.board.up import server
from flows.settings import Settings
from storage import disk
from storage.files import replace_file

UNIT = """\
# Written by `newsduck up --install`; written anew by the next one.
[Unit]
Description=newsduck: feeds in, stories out, and who wrote them
After=network-online.target
Wants=network-online.target

[Service]
Type=simple
WorkingDirectory={folder}
{environment}ExecStart={command}
Restart=on-failure
RestartSec=30
# Time for a run at work to end; one that is cut off is finished by the next.
TimeoutStopSec=90
KillMode=mixed
NoNewPrivileges=yes
UMask=0077

[Install]
WantedBy=default.target
"""

SECRET = ("NEWSDUCK_SERVER_AUTH", "NEWSDUCK_DATABASE", "NEWSDUCK_ALERTS_URLS")  # may hold passwords: not in the unit


def install(settings: Settings) -> Iterator[str]:
    """Write the unit; gives what was written and what to do next, in lines.
    Raises Broken where it cannot be written."""
    units = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "systemd" / "user"
    file = settings_file.file()
    variables = {name: value for name, value in os.environ.items() if name.startswith("NEWSDUCK_")}
    variables |= {"NEWSDUCK_CONFIG": str(file.resolve())} if file.exists() else {}
    if "NEWSDUCK_DATA" in variables or not file.exists():
        variables["NEWSDUCK_DATA"] = str(settings.data_folder)
    if "NEWSDUCK_FEEDS" in variables:
        variables["NEWSDUCK_FEEDS"] = str(settings.path(settings.feeds))
    secret = {name: variables.pop(name) for name in SECRET if name in variables}
    lines = [f"Environment={_quoted(f'{name}={value}')}\n" for name, value in variables.items()]
    if secret:
        kept = server.home_of(settings) / "unit.env"
        lines.append(f"EnvironmentFile={str(kept).replace('%', '%%')}\n")
    unit = UNIT.format(
        folder=settings.home.replace("%", "%%"),
        environment="".join(lines),
        command=f"{_quoted(_program()).replace('$', '$$')} up",
    )
    path = units / "newsduck.service"
    with disk.told(f"writing {path}", "nothing was installed"):
        if secret:
            kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            replace_file(kept, "".join(f"{n}={_escaped(v)}\n" for n, v in secret.items()).encode(), 0o600)
        units.mkdir(parents=True, exist_ok=True)
        replace_file(path, unit.encode(), 0o600)
    yield f"wrote {path}"
    yield "start it now and with every login:   systemctl --user daemon-reload && systemctl --user enable --now newsduck"
    yield "and without anybody logged in:       loginctl enable-linger"
    yield "what it says:                        journalctl --user -u newsduck -f"


def _program() -> str:
    own = Path(sys.argv[0])
    found = own if own.name == "newsduck" and own.exists() else shutil.which("newsduck")
    return str(Path(found or Path(sys.executable).with_name("newsduck")).absolute())


def _quoted(word: str) -> str:
    """A word as a unit has it: whole, with nothing in it expanded."""
    return _escaped(word).replace("%", "%%")


def _escaped(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
