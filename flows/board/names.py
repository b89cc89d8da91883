"""What a data folder is called on a Prefect server, so that two of them on one server never meet: its pool, its
deployments, its automations and their blocks are named by it."""

import json
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from extract.errors import Broken
from flows.board import password
from storage.files import replace_file

FILE = "name.json"  # in the folder's Prefect home
FORMER_POOL = "newsduck"  # what every folder's pool was called up to 0.1.0, and what plain prefect.yaml still calls it


@dataclass(frozen=True, slots=True)
class Names:
    """A data folder's names on a Prefect server."""

    id: str  # such as news-3f2a9c

    @property
    def pool(self) -> str:
        return f"newsduck-{self.id}"

    @property
    def tag(self) -> str:
        """On every deployment, and so on every run of it."""
        return f"newsduck-{self.id}"

    @property
    def automations(self) -> str:
        """What the names of its automations begin with."""
        return f"newsduck {self.id}: "

    @property
    def blocks(self) -> str:
        """What the names of its notification blocks begin with."""
        return f"newsduck-{self.id}-alerts-"

    def deployment(self, name: str) -> str:
        """A deployment of prefect.yaml, as this folder has it."""
        return f"{name}-{self.id}"


def of(home: Path) -> Names:
    """The names of the data folder with this Prefect home, made once. A folder that was moved keeps its names; a copy, which
    stands beside its original, gets names and a password of its own. Raises Broken where they can be neither read nor made."""
    file, folder = home / FILE, home.parent.resolve()
    found = _read(file)
    if found and (found[1] == folder or _read(found[1] / home.name / FILE) != found):
        name = found[0]
    else:
        if found:
            password.path(home).unlink(missing_ok=True)
        called = folder.parent.name if folder.name == "data" else folder.name
        name = f"{re.sub('[^a-z0-9]+', '-', called.lower())[:24].strip('-') or 'data'}-{secrets.token_hex(3)}"
    if found != (name, folder):
        try:
            home.mkdir(parents=True, exist_ok=True, mode=0o700)
            replace_file(file, json.dumps({"name": name, "folder": str(folder)}).encode(), 0o600)
        except OSError as error:
            raise Broken(
                f"{file} cannot be written ({error.strerror}): it holds this folder's name in Prefect"
            ) from error
    return Names(name)


def _read(file: Path) -> tuple[str, Path] | None:
    """(name, folder it was given in), where the file has them."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        told = json.loads(file.read_text(encoding="utf-8"))
        return str(told["name"]), Path(told["folder"])
    return None
