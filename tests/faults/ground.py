"""Where trials take place: a newsroom, data folders as earlier runs left them, and for each kind of run an undisturbed twin."""

import shutil
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from demo.newsroom import Newsroom
from storage import duck
from tests.faults import faulty, twin
from tests.faults.stage import Act, Came, Stage

# Kinds of runs. The trials of one kind share a process, and with it the twin.
WHAT = [
    pytest.param(what, marks=pytest.mark.xdist_group(what))
    for what in ("first", "ingest", "poll", "fetch", "backfill", "regroup", "forget")
]
PARTS = 2  # of a divided fetch, of which the first is disturbed
# Every story falls apart into its articles, so that `regroup` has something to put right.
PARTED = "UPDATE articles SET story_id = article_id, lead_article_id = article_id, role = 'original', containment = 1"


@dataclass
class Ground:
    """A folder with a data folder for each kind of run, one to be disturbed over and over and one that is not."""

    folder: Path
    newsroom: Newsroom
    stage: Stage
    before: str = ""  # what `forget` takes is from before this moment
    numbers: int = 0
    undisturbed: dict[str, Came] = field(default_factory=dict)  # what came of each kind of run that nothing disturbed
    _twins: dict[str, Path] = field(default_factory=dict)

    @property
    def listed(self) -> str:
        """The feed list of most runs."""
        return _half(self.newsroom.opml())

    def act(self, what: str, folder: Path, **changes: Any) -> Act:
        """The act that runs this in that folder, undisturbed but for the changes."""
        command = "ingest" if what == "first" else what
        plain = Act(str(folder), command, self.newsroom.topics(), PARTS if what == "fetch" else 1, before=self.before)
        return replace(plain, **changes)

    @cached_property
    def settled(self) -> Path:
        """A folder after the runs of two days: half of the feeds on the first, all on the second."""
        folder = self._fresh("settled")
        (folder / "feeds.opml").write_text(_half(self.listed), encoding="utf-8")
        self._run(self.act("ingest", folder, hurry=True))
        self.before = datetime.now(UTC).isoformat()
        (folder / "feeds.opml").write_text(self.listed, encoding="utf-8")
        self._run(self.act("ingest", folder, hurry=True))
        self.newsroom.day = 2
        return folder

    def start(self, what: str) -> Path:
        """A new folder as it stands before such a run."""
        base = self.settled  # also where nothing is taken from it: the newsroom's second day comes after it
        folder = self._fresh(f"{what}-{self.numbers}")
        self.numbers += 1
        (folder / "feeds.opml").write_text(self.listed, encoding="utf-8")
        if what != "first":
            shutil.copytree(base / "data", folder / "data")
        if what == "fetch":
            self._run(self.act("ingest", folder, parts=PARTS))
        if what == "regroup":
            with duck.open_file(folder / "data/work/pipeline.duckdb") as connection:
                connection.execute(PARTED)
        return folder

    def go(self, what: str, folder: Path, **changes: Any) -> Came:
        """Run it in that folder; what is left running is a failure."""
        came = self.stage.run(self.act(what, folder, **changes))
        assert not came.left, f"{came.left} processes were left running"
        assert came.code != 1, came.said
        return came

    def finish(self, what: str, folder: Path) -> None:
        """What a person does after a run that failed: the same again, and then the daily run."""
        self._run(self.act(what, folder))
        if what == "fetch":
            self._round(folder, 2)
            self._round(folder, 1, 2)
        elif what not in ("first", "ingest"):
            self._run(self.act("ingest", folder))

    def _round(self, folder: Path, *parts: int) -> None:
        """These parts fetch, and the run that loads takes in what came."""
        for part in parts:
            self._run(self.act("fetch", folder, part=part))
        self._run(self.act("ingest", folder, parts=PARTS))

    def judge(self, what: str, folder: Path, aside: str = "") -> None:
        """Hold the folder against the twin, but for one table, and clear it away where nothing differs."""
        told = twin.differences(folder / "data", self.twin(what))
        found = [line for line in told if not (aside and line.startswith(f"{aside}:"))]
        assert not found, "\n".join(found)
        shutil.rmtree(folder)

    def twin(self, what: str) -> Path:
        """The data folder that such a run leaves which nothing disturbs."""
        if what not in self._twins:
            folder = self.start(what)
            self.undisturbed[what] = self.go(what, folder, fail=0 if faulty.possible() else None)
            self.finish(what, folder)
            self._twins[what] = folder / "data"
        return self._twins[what]

    def _run(self, act: Act) -> None:
        came = self.stage.run(act)
        assert came.code == 0 and not came.left, f"{act.what}: code {came.code}, {came.left} left: {came.said}"

    def _fresh(self, name: str) -> Path:
        folder = self.folder / name
        (folder / "tmp").mkdir(parents=True)
        return folder


def _half(opml: str) -> str:
    """Every second feed of a list."""
    lines = opml.splitlines()
    feeds = [n for n, text in enumerate(lines) if "xmlUrl" in text]
    left = set(feeds[1::2])
    return "\n".join(text for n, text in enumerate(lines) if n not in left)
