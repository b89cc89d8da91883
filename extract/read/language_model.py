"""py3langid's model, unpacked once by the set-up: to unpack its 4.6 MB into 68 takes longer than all else that a reader loads, and
each that does has memory of its own for it. A file that is mapped costs what is looked at, and all processes share it.

Where the set-up has not been, or with another version of py3langid, the library unpacks its own.
"""

import shutil
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

ARRAYS = ("ptc", "pc", "classes", "nextmove", "row", "output")  # in the order in which py3langid's modelio gives them


def made() -> Path:
    """Where the set-up leaves it, for this version of py3langid only."""
    return Path(sys.prefix) / "share" / "newsduck" / f"langid-{version('py3langid')}"


def load() -> "LanguageIdentifier":
    """The identifier with its model."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    try:
        return _mapped(made())
    except (OSError, ValueError, EOFError):
        return LanguageIdentifier.from_model_file(MODEL_FILE)


def _mapped(folder: Path) -> "LanguageIdentifier":
    """Raises OSError where a file is missing, ValueError or EOFError where it is no array of its size."""
    import numpy as np
    from py3langid.langid import LanguageIdentifier

    ptc, pc, classes, nextmove, row, output = (
        np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r")) for name in ARRAYS
    )
    return LanguageIdentifier(ptc, pc, classes.tolist(), nextmove.data, output.tolist(), tk_row=row.tolist())


def make() -> None:
    """Unpack it, and leave it where `load` finds it. Raises OSError where nothing may be written there."""
    import numpy as np
    from py3langid.langid import MODEL_DIR, MODEL_FILE
    from py3langid.modelio import load_model

    folder = made()
    if folder.exists():
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as fresh:
        for name, array in zip(ARRAYS, load_model(MODEL_DIR / MODEL_FILE), strict=True):
            np.save(Path(fresh) / f"{name}.npy", np.asarray(array))
        for other in folder.parent.glob("langid-*"):
            shutil.rmtree(other, ignore_errors=True)
        Path(fresh).chmod(0o755)
        Path(fresh).rename(folder)
        Path(fresh).mkdir()  # which its context takes away


if __name__ == "__main__":
    make()
