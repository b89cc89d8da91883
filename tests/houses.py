"""Data folders as earlier runs left them, made once a process and copied for every test that goes on from there.

A copy is what the runs would make again in the test's own folder: its newsroom stays at one port for the whole session, and
nothing in a data folder says where that stands.
"""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from demo.newsroom import Newsroom
from extract.sandbox import Sandbox
from tests.line import Line


@dataclass
class Houses:
    """Newsrooms that serve for the session, and for each the folders that a run a day made of its days."""

    folder: Path
    rooms: Mapping[str, Newsroom]
    sandbox: Sandbox
    _made: dict[tuple[str, int], Path] = field(default_factory=dict)

    def room(self, name: str = "newsroom") -> Newsroom:
        """The newsroom on day one, as if nobody had asked it yet."""
        room = self.rooms[name]
        room.day = 1
        room.requests.clear()
        return room

    def line(self, folder: Path, days: int, name: str = "newsroom") -> Line:
        """So many days of a newsroom, stored in this folder; it is the last of them there."""
        if days:
            shutil.copytree(self._after(days, name), folder, dirs_exist_ok=True)
        line = Line(folder, self.room(name), self.sandbox)
        line.newsroom.day = max(days, 1)
        return line

    def _after(self, days: int, name: str) -> Path:
        if (name, days) not in self._made:
            line = self.line(self.folder / f"{name}-{days}", days - 1, name)
            line.folder.mkdir(exist_ok=True)
            line.newsroom.day = days
            line.run()
            self._made[name, days] = line.folder
        return self._made[name, days]
