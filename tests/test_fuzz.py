"""What a fuzzer makes of feeds: no error but ours escapes, whatever it finds. A minute; 100,000 runs with --long."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from tests.test_feed_cases import CASES

ROOT = Path(__file__).parents[1]


@pytest.mark.faults
@pytest.mark.timeout(7200)
def test_no_document_lets_an_error_escape(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    if importlib.util.find_spec("atheris") is None:
        pytest.skip("atheris has no wheel for this machine or Python")
    found, seeds = tmp_path / "found", tmp_path / "seeds"
    for folder in (found, seeds):
        folder.mkdir()
    for path in CASES.iterdir():
        if path.suffix != ".toml":
            (seeds / path.name).write_bytes(b"\0" + path.read_bytes())
    bound = "-runs=100000" if request.config.getoption("--long") else "-max_total_time=60"
    options = [bound, "-max_len=8192", "-timeout=20", "-rss_limit_mb=1500", "-print_final_stats=1"]
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests/fuzz_feeds.py"), *options, str(found), str(seeds)],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        errors="replace",
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert "stat::number_of_executed_units" in done.stderr
