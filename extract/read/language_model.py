"""py3langid's model, unpacked once by the set-up.

To unpack its 4.6 MB into 68 takes as long as all else that a reader's fork server loads, and that has memory of its own for it. A file
that is mapped costs what is looked at, and all processes share it.

Where the set-up has not been, or with another version of py3langid, the library unpacks its own.
"""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path
from tokenize import TokenError
from typing import TYPE_CHECKING

from extract import share

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

ARRAYS = ("ptc", "pc", "classes", "nextmove", "row", "output")  # in the order in which py3langid's modelio gives them

UNFIT = (OSError, ValueError, EOFError, TokenError)  # what numpy makes of a file that is missing, cut or another's


def made() -> Path:
    """Where the set-up leaves it, for this version of py3langid only."""
    return share.place(f"langid-{version('py3langid')}")


def load() -> "LanguageIdentifier":
    """The identifier with its model."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    try:
        return _mapped(made())
    except UNFIT:
        return LanguageIdentifier.from_model_file(MODEL_FILE)


def _mapped(folder: Path) -> "LanguageIdentifier":
    """Raises ValueError where the arrays do not fit each other, and others of UNFIT where a file is none."""
    import numpy as np
    from numpy.lib.format import open_memmap
    from py3langid.langid import LanguageIdentifier

    ptc, pc, classes, nextmove, row, output = (
        np.asarray(open_memmap(folder / f"{name}.npy", mode="r")) for name in ARRAYS
    )
    if not (
        ptc.shape == (int(output.max()) + 1, pc.size)
        and pc.size == classes.size
        and row.size == output.size
        and nextmove.size == (int(row.max()) + 1) * 256
    ):
        raise ValueError(f"the arrays in {folder} are not of one model")
    return LanguageIdentifier(ptc, pc, classes.tolist(), nextmove.data, output.tolist(), tk_row=row.tolist())


def make() -> None:
    """Unpack it, and leave it where `load` finds it, for all to read. Raises OSError where nothing may be written there."""
    folder = made()
    if _is_whole(folder):
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _alone(folder.parent):
        if not _is_whole(folder):  # else another set-up was first
            _unpack(folder)


def _is_whole(folder: Path) -> bool:
    with suppress(*UNFIT):
        _mapped(folder)
        return True
    return False


def _unpack(folder: Path) -> None:
    import numpy as np
    from py3langid.langid import MODEL_DIR, MODEL_FILE
    from py3langid.modelio import load_model

    with tempfile.TemporaryDirectory(dir=folder.parent) as place:
        fresh = Path(place) / "model"
        fresh.mkdir()
        fresh.chmod(0o755)
        for name, array in zip(ARRAYS, load_model(MODEL_DIR / MODEL_FILE), strict=True):
            with (fresh / f"{name}.npy").open("wb") as file:
                np.save(file, np.asarray(array))
                file.flush()
                os.fchmod(file.fileno(), 0o644)
                os.fsync(file.fileno())
        for other in folder.parent.glob("langid-*"):  # other versions', or a damaged one of this
            other.rename(Path(place) / other.name)
        fresh.rename(folder)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Inside, no other set-up is at work there: they wait for one another."""
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


if __name__ == "__main__":
    make()
