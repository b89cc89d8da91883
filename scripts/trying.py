"""Tests, tried on the copy of the project that mutants.py changes: pytest in forks of one process."""

import importlib
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Collection, Generator
from contextlib import suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HOME, TREE, OUT = ROOT / ".mutants", ROOT / ".mutants/tree", ROOT / ".mutants/out"
EVERY = {"tests/test_records.py"}  # how records are declared shows nowhere else
FLAGS = "-n 0 -q -p no:cacheprovider -p no:randomly --hypothesis-profile mutants -W ignore::pytest.PytestAssertRewriteWarning"


class Chosen:
    """Has pytest run the tests given, in their order; with none given all, and their times noted, in ms of the processor."""

    def __init__(self, tests: list[str]) -> None:
        self.rank, self.times = {test: n for n, test in enumerate(tests)}, dict[str, int]()

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        if rank := self.rank:
            items[:] = sorted((i for i in items if i.nodeid in rank), key=lambda i: rank[i.nodeid])

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        begun = time.process_time()  # not the wall's: what else the machine does must not say which tests take part
        try:
            return (yield)
        finally:
            self.times[item.nodeid] = round(1000 * (time.process_time() - begun))

    def pytest_sessionfinish(self) -> None:
        if not self.rank:
            (HOME / "times.json").write_text(json.dumps(self.times))


def run(files: list[str], tests: list[str], *flags: str, cpu: int) -> int:
    """pytest in a fork, which finds the libraries imported and ours not; its code, or minus the signal that ended it."""
    if not (pid := os.fork()):
        os.setsid()
        resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))
        resource.setrlimit(resource.RLIMIT_DATA, (4 << 30, 4 << 30))
        for stream in (1, 2):
            os.dup2(os.open(OUT, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), stream)
        from hypothesis import settings  # only here: what it has found before is nobody else's

        settings.register_profile("mutants", database=None, derandomize=True, deadline=None)
        os._exit(pytest.main([*FLAGS.split(), *flags, *files], plugins=[Chosen(tests)]))
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)  # what it started
    return code


def near(lines: dict[int, list[str]], line: int, every: Collection[str]) -> set[str]:
    """Of all tests those that reach a line of those given; where it runs on import or once, for what is kept, all of the files
    of which one reaches the module, and of those that look at all modules."""
    tests = {n: {context.partition("|")[0] for context in by} - {""} for n, by in lines.items()}
    found = tests.get(max((n for n in lines if n <= line), default=0), set())
    if len(found) > 2:
        return found & set(every)
    files = {test.partition("::")[0] for by in tests.values() for test in by} | EVERY
    return {test for test in every if test.partition("::")[0] in files}


def copied(by: list[str]) -> None:
    """The project as it stands, in the folder where it is mutated, and this process there, with all libraries imported."""
    shutil.rmtree(TREE, ignore_errors=True)
    shutil.copytree(ROOT, TREE, ignore=shutil.ignore_patterns(".*", "newsduck-demo", "__pycache__"))
    os.chdir(TREE)
    os.environ.update(PYTHONPATH=str(TREE), PYTHONHASHSEED="0")
    os.environ.pop("PYTEST_ADDOPTS", None)
    sys.path.insert(0, str(TREE))
    # Bytecode is held against its source's hash: it is never that of the mutant before.
    compiled = ["-m", "compileall", "-q", "--invalidation-mode", "checked-hash", "extract", "storage", "flows", "demo"]
    subprocess.run([sys.executable, *compiled], check=True)
    told = f"import extract, json, sys, tests.conftest, {', '.join(name[:-3].replace('/', '.') for name in by)}\n"
    told += f"assert extract.__file__.startswith('{TREE}')\nours = lambda m: (getattr(m, '__file__', '') or '{TREE}').startswith('{TREE}')\n"
    told += "print(json.dumps([n for n, m in sys.modules.items() if not ours(m)]))"
    for name in json.loads(subprocess.run([sys.executable, "-c", told], capture_output=True, check=True).stdout):
        with suppress(Exception):
            importlib.import_module(name)
