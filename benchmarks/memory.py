"""The memory that a process and all that it has started take together, at its peak: pages that several share count once."""

import subprocess
import time
from collections import defaultdict
from pathlib import Path

EVERY = 0.2  # seconds; a peak that is shorter may not be seen


def peak(process: "subprocess.Popen[str]") -> float:
    """MiB at the peak, looked at until it ends; what it writes has to fit into its pipe, or go elsewhere."""
    most = 0.0
    while process.poll() is None:
        most = max(most, sum(_mib(pid) for pid in tree(process.pid)))
        time.sleep(EVERY)
    return most


def tree(root: int) -> list[int]:
    """A process and all that it has started, and these."""
    children = defaultdict(list)
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            children[int(path.read_text().rsplit(")", 1)[1].split()[1])].append(int(path.parent.name))
        except OSError:  # it has ended
            continue
    found = [root]
    for pid in found:
        found += children[pid]
    return found


def _mib(pid: int) -> float:
    try:
        with Path(f"/proc/{pid}/smaps_rollup").open() as lines:
            return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
    except (OSError, StopIteration):
        return 0.0
