"""A run's progress in the dashboard while it works: an artifact a stage, brought up every two seconds."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from uuid import UUID

from prefect.artifacts import create_progress_artifact
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import ArtifactUpdate

from flows.board import lost, progress

EVERY = 2.0  # seconds: each update is a request the server answers in 10 ms
STAGES = {
    "poll": "feeds looked at",
    "fetch": "pages fetched",
    "follow": "parts of lists asked for",
    "read": "pages read",
    "retag": "articles tagged again",
}


class _Stage:
    """How far one stage is."""

    def __init__(self, artifact: UUID, total: int) -> None:
        self.artifact, self.total, self.done, self.told = artifact, total, 0, 0

    def tick(self) -> None:
        self.done += 1


class _Board(threading.Thread):
    """Posts what changed, apart from the work: ticks come from inside event loops, where no request may be waited for."""

    def __init__(self) -> None:
        super().__init__(name="progress", daemon=True)
        self.stages: list[_Stage] = []
        self.over = threading.Event()

    def run(self) -> None:
        with suppress(Exception), get_client(sync_client=True) as client:
            last = False
            while not last:
                last = self.over.wait(EVERY)
                for stage in list(self.stages):
                    if stage.done != stage.told:
                        stage.told = stage.done
                        share = min(100.0, round(100 * stage.told / stage.total, 1))
                        with suppress(Exception):  # the run goes on though nobody can be told how far it is
                            client.update_artifact(stage.artifact, ArtifactUpdate(data=share))

    def begin(self, name: str, total: int) -> progress.Tick:
        """A stage begins: what to call at each step."""
        if name not in STAGES or not total or lost.is_gone():
            return lambda: None
        with suppress(Exception):  # likewise
            made = create_progress_artifact(progress=0.0, key=name, description=f"{total:,} {STAGES[name]}")
            stage = _Stage(made, total)  # type: ignore[arg-type]  # a coroutine only inside an event loop, where no stage begins
            self.stages.append(stage)
            return stage.tick
        return lambda: None


@contextmanager
def shown() -> Iterator[None]:
    """Inside, the stages of this process's run are shown in the dashboard."""
    board, watcher = _Board(), progress.watcher
    board.start()
    watcher.stages.append(board.begin)
    try:
        yield
    finally:
        watcher.stages.remove(board.begin)
        board.over.set()
        board.join(30)
