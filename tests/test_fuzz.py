"""What a fuzzer makes of feeds and pages: no error but ours escapes, whatever it finds. 40 documents each, the same ones each time; 2,000 with
--many and 100,000 with --long, whichever it draws."""

import importlib.util
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pages import BODY, html
from tests.test_articles import KINDS
from tests.test_feed_cases import CASES

ROOT = Path(__file__).parents[1]


def feeds(folder: Path) -> None:
    """The cases of feeds, to begin with."""
    for path in CASES.iterdir():
        if path.suffix != ".toml":
            (folder / path.name).write_bytes(b"\0" + path.read_bytes())


def pages(folder: Path) -> None:
    """A page of every kind, to begin with."""
    for kind, (body, head, ld) in KINDS.items():
        (folder / kind).write_bytes(b"\0" + html(body, head, ld))
    picture = "<figure><img src=a.jpg><figcaption>Rain. Photo: AP</figcaption></figure>"
    (folder / "full").write_bytes(b"\1" + html(f"<article><h1>Rain</h1><p class=byline>By Ann Lee</p>{picture}{BODY}"))


@pytest.mark.promise("No document makes an error escape the readers of feeds and pages")
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("seed", [feeds, pages])
def test_no_document_lets_an_error_escape(
    seed: Callable[[Path], None], trials: Callable[[int, int, int], int], tmp_path: Path
) -> None:
    if importlib.util.find_spec("atheris") is None:
        pytest.skip("atheris has no wheel for this machine or Python")
    found, seeds = tmp_path / "found", tmp_path / "seeds"
    for folder in (found, seeds):
        folder.mkdir()
    seed(seeds)
    # The short form draws the same documents each time: a new find belongs to `make faults`, not to whoever tests a change.
    options = [
        f"-runs={trials(40, 2_000, 100_000)}",
        f"-seed={trials(7, 0, 0)}",
        "-max_len=8192",
        "-timeout=20",
        "-rss_limit_mb=1500",
        "-print_final_stats=1",
    ]
    done = subprocess.run(
        [sys.executable, str(ROOT / f"tests/fuzz_{seed.__name__}.py"), *options, str(found), str(seeds)],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        errors="replace",
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert "stat::number_of_executed_units" in done.stderr
