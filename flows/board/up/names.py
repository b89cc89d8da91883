"""What a data folder is called on a Prefect server, so that two of them on one server never meet: its pool, its
deployments, its automations and their blocks are named by it."""

import json
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from extract.errors import Broken
from flows.board.up import password
from storage.files import replace_file

FILE = "name.json"  # in the folder's Prefect home
FORMER_POOL = "newsduck"  # what every folder's pool was called up to 0.1.0, and what plain prefect.yaml still calls it


@dataclass(frozen=True, slots=True)
class Names:
    """A data folder's names on a Prefect server."""

    id: str  # such as news-3f2a9c
    former: tuple[str, ...] = ()  # the ids of the folders that this one is a copy of

    @property
    def pool(self) -> str:
        return f"newsduck-{self.id}"

    @property
    def parts_pool(self) -> str:
        """Of the workers that run parts of a fetch, where these are elsewhere."""
        return f"{self.pool}-parts"

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
    """The names of the data folder with this Prefect home, made once. A folder that was moved keeps them; a copy, and what was
    restored from a backup, gets names and a password of its own, for its original may still be at work. Raises Broken where
    they can be neither read nor made."""
    file, folder = home / FILE, home.parent.resolve()
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        place = str(home.stat().st_ino)  # of the folder itself: it moves along, and no copy beside it has the same
        found, known = _read(file)
        if found is not None and known == place:
            return found
        if found is not None:
            password.path(home).unlink(missing_ok=True)
        called = folder.parent.name if folder.name == "data" else folder.name
        slug = re.sub("[^a-z0-9]+", "-", called.lower())[:24].strip("-") or "data"
        fresh = Names(f"{slug}-{secrets.token_hex(3)}", (*found.former, found.id) if found else ())
        told = {"name": fresh.id, "former": fresh.former, "place": place}
        replace_file(file, json.dumps(told).encode(), 0o600)
    except OSError as error:
        raise Broken(f"{file} cannot be written ({error.strerror}): it holds this folder's name in Prefect") from error
    return fresh


def _read(file: Path) -> tuple[Names | None, str]:
    """(the names, the place they were given at), where the file has them."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        told = json.loads(file.read_text(encoding="utf-8"))
        return Names(str(told["name"]), tuple(map(str, told["former"]))), str(told["place"])
    return None, ""
