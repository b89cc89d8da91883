"""The demo's parts, in seconds: `python benchmarks/bench_demo.py` runs `newsduck demo` in a scratch folder once."""

import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def main() -> None:
    program = Path(sys.executable).with_name("newsduck")
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        marks = {}
        process = subprocess.Popen(
            [program, "demo"], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert process.stdout is not None
        runs = []
        for line in process.stdout:
            for mark in ("Day 1", "Day 2", "Ferry strike:"):
                if line.startswith(mark):
                    marks[mark] = time.perf_counter() - start
            if took := re.search(r"took ([\d.]+) s", line):
                runs.append(float(took.group(1)))
        process.wait()
        total = time.perf_counter() - start
    print(f"start of the newsroom and the Prefect server {marks['Day 1']:5.1f} s")
    print(
        f"day 1, importing Prefect included            {marks['Day 2'] - marks['Day 1']:5.1f} s  (the run itself {runs[0]:.1f} s)"
    )
    print(
        f"day 2                                        {marks['Ferry strike:'] - marks['Day 2']:5.1f} s  (the run itself {runs[1]:.1f} s)"
    )
    print(f"`newsduck demo` from start to end            {total:5.1f} s")


if __name__ == "__main__":
    main()
