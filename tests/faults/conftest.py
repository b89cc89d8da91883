"""What the trials share."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from demo.newsroom import Newsroom
from tests.faults.ground import Ground
from tests.faults.stage import Stage


@pytest.fixture(scope="session")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """The trials' ground, one a session."""
    with Newsroom(datetime.now(UTC)) as newsroom, Stage() as stage:
        yield Ground(tmp_path_factory.mktemp("ground"), newsroom, stage)
