"""Scripts run in processes of their own which have everything imported: forked, as tests/faults/stage.py forks its runs, by one
process that imported it once. To import all that a run needs takes longer than a run of a few pages."""

import atexit
import json
import os
import subprocess
import sys
import tempfile
import traceback
from functools import cache
from pathlib import Path

import pytest

ONE = pytest.mark.xdist_group("forked")  # of the two processes that test, so that one imports it all
ROOT = Path(__file__).parents[1]


@cache
def _parent() -> "subprocess.Popen[str]":
    parent = subprocess.Popen(
        [sys.executable, "-m", "tests.forked"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    atexit.register(parent.communicate)  # its end comes with that of its standard input
    return parent


# The beginning of a script that ends at a line: `until(modules, last)` has its process kill itself at the nth line of theirs that it
# comes to for the first time, and gives those it came to.
UNTIL = """
import os, signal, sys
def until(modules, last):
    watched, met = {module.__file__ for module in modules}, set()
    def trace(frame, event, _):
        if frame.f_code.co_filename not in watched:
            return None
        if event == "line":
            met.add((frame.f_code.co_filename, frame.f_lineno))
            if len(met) == last:
                os.kill(os.getpid(), signal.SIGKILL)
        return trace
    sys.settrace(trace)
    return met
"""


def run(script: str, *arguments: object) -> int:
    """The exit code of `python -c script arguments`, minus the signal that killed it; what it says in the end where it is neither 0
    nor a SIGKILL fails the test."""
    parent = _parent()
    assert parent.stdin and parent.stdout
    parent.stdin.write(f"{json.dumps([script, *map(str, arguments)])}\n")
    parent.stdin.flush()
    code, said = json.loads(parent.stdout.readline())
    assert code in (0, -9), said
    return int(code)


def _main() -> None:
    import flows.line.back.bring  # here and not above, for the tests' own process needs none of it
    import tests.line
    from flows.line import forget

    assert flows.line.back.bring and tests.line and forget
    for line in sys.stdin:
        script, *arguments = json.loads(line)
        with tempfile.TemporaryFile() as errors:
            sys.stdout.flush()
            if (pid := os.fork()) == 0:
                os.dup2(os.open(os.devnull, os.O_RDWR), 0)
                os.dup2(0, 1)
                os.dup2(errors.fileno(), 2)
                os._exit(_alone(script, arguments))
            _, status = os.waitpid(pid, 0)
            errors.seek(0)
            print(json.dumps([os.waitstatus_to_exitcode(status), errors.read().decode(errors="replace")]), flush=True)


def _alone(script: str, arguments: list[str]) -> int:
    try:
        sys.argv = ["-c", *arguments]
        exec(script, {"__name__": "__main__"})
    except BaseException:
        os.write(2, traceback.format_exc().encode())
        return 1
    return 0


if __name__ == "__main__":
    _main()
