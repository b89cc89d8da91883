"""What a command that only asks brings along: every library that it can do without is time that somebody waits."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.houses import Houses
from tests.typed import configure

HEAVY = {
    "prefect",
    "aiohttp",
    "trafilatura",
    "dateutil",
    "numpy",
    "pyarrow",
    "tldextract",
    "requests",
    "tantivy",
    "warcio",
    "tomlkit",
    "boto3",
}
CODE = r"""
import sys
from flows.cli import newsduck
sys.argv = ["newsduck", *sys.argv[1:]]
try:
    newsduck(standalone_mode=False)
finally:
    print("\n" + " ".join(sorted({name.split(".")[0] for name in sys.modules})))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, houses: Houses) -> Path:
    """A folder in which one run has been."""
    line = houses.line(tmp_path_factory.mktemp("starting"), 1)
    configure(line.folder, line.newsroom)
    return line.folder


@pytest.mark.parametrize(
    "words",
    ["status", "feeds list", "topics list", "story --help", "report", "events", "sql FROM_runs", "--help"],
)
def test_who_only_asks_does_not_wait_for_what_fetches_reads_or_writes(folder: Path, words: str) -> None:
    asked = [word.replace("_", " ") for word in words.split()]
    done = subprocess.run([sys.executable, "-c", CODE, *asked], cwd=folder, capture_output=True, text=True)
    if words == "report":
        done = subprocess.run([sys.executable, "-c", CODE, *asked], cwd=folder, capture_output=True, text=True)
    loaded = set(done.stdout.splitlines()[-1].split())
    assert "flows" in loaded, done.stderr
    arrow = {"pyarrow", "numpy"} if words.startswith("sql") else set()  # in which rows come, of any number
    assert loaded & HEAVY == arrow
    assert "lxml" not in loaded or words == "feeds list", (
        "its list is XML; a topic's feed that is there is not written again"
    )


def test_who_has_pages_read_does_not_load_what_reads() -> None:
    code = "import sys, flows.line.stream, flows.line.finish; print(*{name.split('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"trafilatura", "htmldate", "py3langid", "courlan", "justext"} & set(loaded)
