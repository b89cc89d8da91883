"""What makes a reading, besides the page: the reader's version, its code, Python and the libraries it stands on. Two machines that
have the same of all read a page alike."""

import hashlib
import sys
from importlib import metadata
from pathlib import Path

READER = 11  # of the reader; part of each row, so that what an older one read can be found and read again
LIBRARIES = (
    "ada-url", "charset-normalizer", "courlan", "dateparser", "htmldate", "justext", "lxml", "lxml-html-clean", "numpy", "py3langid",
    "python-dateutil", "tldextract", "trafilatura", "xxhash",
)  # fmt: skip
CODE = Path(__file__).parents[1]  # extract/


def made_by() -> dict[str, str]:
    """Name → version of all that makes a reading, as it stands on this machine's disk now; a library that is not there is "none"."""
    told = {"newsduck": _version("newsduck"), "reader": str(READER), "code": _code()}
    told["python"] = f"{sys.implementation.name} {sys.version_info[0]}.{sys.version_info[1]}"
    return told | {name: _version(name) for name in LIBRARIES}


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "none"


def _code() -> str:
    """A mark of the code that reads and of its tables: a clone with a change of its own has another."""
    mark = hashlib.sha256()
    for path in sorted(path for path in CODE.rglob("*") if path.suffix in (".py", ".toml")):
        mark.update(path.relative_to(CODE).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return mark.hexdigest()[:12]
