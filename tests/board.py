"""A Prefect server that asks a password, asked as a test wants to."""

import base64
import json
import subprocess
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Ran:
    """What a command did in a folder."""

    folder: Path
    done: subprocess.CompletedProcess[str]
    run: Any  # as the server knows it


@dataclass
class Board:
    """A server at an API address, and its `user:password`."""

    api: str
    auth: str
    folder: Path = Path()  # whose data it serves
    _token: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, folder: Path, api: str) -> "Board":
        """The server of the data folder in `folder`."""
        return cls(api, (folder / "data" / "prefect" / "password").read_text(encoding="ascii").strip(), folder)

    @property
    def settings(self) -> str:
        """The lines of newsduck.toml that make it be used."""
        return f'server = "{self.api}"\nserver_auth = "{self.auth}"\n'

    @property
    def ui(self) -> str:
        """Where the dashboard is."""
        return self.api.removesuffix("/api")

    def ran(self, kind: str) -> Any:
        """The last run of this kind, as the server knows it."""
        named = {"name": {"like_": f"{kind} "}}
        (run,) = self.ask("flow_runs/filter", flow_runs=named, sort="START_TIME_DESC", limit=1)
        return run

    def headers(self) -> dict[str, str]:
        """What a request needs that writes or asks by POST."""
        if not self._token:
            asked = urllib.request.Request(f"{self.api}/csrf-token?client=tests", headers=self._basic())
            with urllib.request.urlopen(asked, timeout=60) as reply:
                self._token = {"Prefect-Csrf-Client": "tests", "Prefect-Csrf-Token": json.load(reply)["token"]}
        return {**self._basic(), **self._token, "Content-Type": "application/json"}

    def _basic(self) -> dict[str, str]:
        return {"Authorization": f"Basic {base64.b64encode(self.auth.encode()).decode()}"}

    def ask(self, path: str, **body: Any) -> Any:
        """What the API answers to a POST."""
        request = urllib.request.Request(f"{self.api}/{path}", json.dumps(body).encode(), self.headers())
        with urllib.request.urlopen(request, timeout=60) as reply:
            return json.load(reply)
