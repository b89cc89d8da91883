"""Where the set-up leaves what is made once for an environment and not at every start: Prefect's empty database, the language model."""

import sys
from pathlib import Path


def place(name: str) -> Path:
    """Where it leaves what has this name."""
    return Path(sys.prefix) / "share" / "newsduck" / name
