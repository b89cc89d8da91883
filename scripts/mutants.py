"""Mutants, sampled, of the modules that decide, and which of them the tests find: `make mutants` (decision 38).

python scripts/mutants.py [--seed N] [--count N] [--kept]    --kept goes by the tests' reach as it was measured last
All of it happens in a copy, .mutants/tree; what came of each mutant stands in .mutants/seed-N.jsonl.
"""

import argparse
import ast
import importlib
import json
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest
from cosmic_ray.commands import init
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator
from cosmic_ray.work_db import WorkDB, use_db
from coverage import CoverageData

HOME = Path(__file__).parents[1] / ".mutants"
TREE, REACH, TIMES, OUT = (HOME / name for name in ("tree", "reach", "times.json", "out"))
WHAT = r"extract/((poll|fetch|read|credit|group|tag)/\w+|entries|identity|urls|moments|words|plain|keys)\.py"
NOT = r"extract/fetch/(client|remote|heads|faults|manners|challenge)\.py"  # what asks
# The test files that try these in their own process, without servers and newsrooms.
BY = r"""tests/test_(articles|bodies|claims|clock|credits?|cutting|dates|decode|discovery|document|entries|events|evidence|feed_cases
    |feedparser_cases|feeds|fetch|freshness|fuzz|guard|headlines|identity|images|kinds|learning|likeness|lines|mentions|moments
    |moves|outlets|page_cases|past|persons|places|polls|queries|records|robots|schedule|sections|seed|shapes|signs|stories|structured|topics
    |turns|urls|vocabulary)\.py"""
SLOW = 5.0  # seconds: a test that takes longer tries no mutant
FLAGS = "-n 0 -q -p no:cacheprovider -p no:randomly --hypothesis-profile mutants -W ignore::pytest.PytestAssertRewriteWarning"
CODES = {0: "lives", 5: "lives", 2: "unborn", 4: "unborn", -signal.SIGXCPU: "endless", -signal.SIGKILL: "endless"}


class Chosen:
    """Has pytest run the tests given, in their order; with none given, all, and notes how long each took."""

    def __init__(self, tests: list[str]) -> None:
        self.rank, self.times = {test: n for n, test in enumerate(tests)}, dict[str, float]()

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        if rank := self.rank:
            items[:] = sorted((i for i in items if i.nodeid in rank), key=lambda i: rank[i.nodeid])

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.times[report.nodeid] = self.times.get(report.nodeid, 0.0) + report.duration

    def pytest_sessionfinish(self) -> None:
        if not self.rank:
            TIMES.write_text(json.dumps(self.times))


def run(tests: list[str], *flags: str, cpu: int) -> int:
    """pytest in a fork, which finds the libraries imported and ours not; its code, or minus the signal that ended it."""
    files = sorted({test.partition("::")[0] for test in tests})
    if not (pid := os.fork()):
        os.setsid()
        resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))
        resource.setrlimit(resource.RLIMIT_DATA, (4 << 30, 4 << 30))
        for stream in (1, 2):
            os.dup2(os.open(OUT, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), stream)
        from hypothesis import settings

        settings.register_profile("mutants", database=None, derandomize=True, deadline=None)
        os._exit(pytest.main([*FLAGS.split(), *flags, *files], plugins=[Chosen(tests if tests != files else [])]))
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)  # what it started
    return code


def bare(source: str) -> str:
    """A module's tree without its annotations, by which nothing runs."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        for name in {"annotation", "returns"} & set(node._fields):
            setattr(node, name, None)
    return ast.dump(tree)


def near(path: Path, source: str, line: int, reach: CoverageData) -> set[str]:
    """The tests that reach the line; where it runs on import, or but once for what a cache then holds, those that reach its module."""
    lines = {n: {c.partition("|")[0] for c in by} for n, by in reach.contexts_by_lineno(str(path.resolve())).items()}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.body[0].lineno <= line <= (
            node.end_lineno or 0
        ):
            if not node.decorator_list and (
                by := lines.get(max((n for n in lines if n <= line), default=0), set()) - {""}
            ):
                return by
    return set().union(*lines.values()) - {""}


def tried(path: Path, source: str, changed: str, tests: list[str]) -> tuple[str, str]:
    """What comes of a mutant, and the test that says so."""
    with suppress(SyntaxError):
        if bare(changed) != bare(source):
            path.write_text(changed, encoding="utf-8")
            code = run(tests, "-x", "--tb=line", "--timeout=120", cpu=240) if tests else 0
            said = OUT.read_text(errors="replace")
            by = re.search(r"^(?:FAILED|ERROR) (.+?)(?: - |$)", said, re.MULTILINE)
            came = "endless" if code and "Failed: Timeout" in said else CODES.get(code, "found")
            return came, by[1] if code and by else ""
    return "unborn", ""


def copied(by: list[str]) -> None:
    """The project as it stands, in the folder where it is mutated, and this process there, with all libraries imported."""
    shutil.rmtree(TREE, ignore_errors=True)
    shutil.copytree(HOME.parent, TREE, ignore=shutil.ignore_patterns(".*", "newsduck-demo", "__pycache__"))
    os.chdir(TREE)
    os.environ.update(PYTHONPATH=str(TREE), PYTHONHASHSEED="0")
    os.environ.pop("PYTEST_ADDOPTS", None)
    sys.path.insert(0, str(TREE))
    # Bytecode is held against its source's hash: it is never that of the mutant before.
    compiled = ["-m", "compileall", "-q", "--invalidation-mode", "checked-hash", "extract", "storage", "flows", "demo"]
    subprocess.run([sys.executable, *compiled], check=True)
    names = ", ".join(name.removesuffix(".py").replace("/", ".") for name in by)
    told = f"import json, sys, extract, tests.conftest, {names}; assert extract.__file__.startswith('{TREE}')\n"
    told += f"print(json.dumps([n for n, m in sys.modules.items() if '{TREE}' not in str(getattr(m, '__file__', None) or '{TREE}')]))"
    for name in json.loads(subprocess.run([sys.executable, "-c", told], capture_output=True, check=True).stdout):
        with suppress(Exception):
            importlib.import_module(name)


def main() -> None:
    """Measure what the tests reach, then try so many mutants that can be imported."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--count", type=int, default=200)
    asked.add_argument("--kept", action="store_true")
    given = asked.parse_args()
    HOME.mkdir(exist_ok=True)
    by = [str(p.relative_to(HOME.parent)) for p in (HOME.parent / "tests").glob("*.py")]
    by = sorted(name for name in by if re.fullmatch(BY, name, re.VERBOSE))
    copied(by)
    if not given.kept:
        REACH.unlink(missing_ok=True)
        (HOME / "ini").write_text(f"[run]\nsource = extract\ndata_file = {REACH}\n")
        flags = ["--cov", f"--cov-config={HOME / 'ini'}", "--cov-context=test", "--cov-report=", "-m", "not server"]
        if run(by, *flags, cpu=3600):
            sys.exit(f"The tests fail without a mutant: {OUT}")
    times = {test: took for test, took in json.loads(TIMES.read_text()).items() if took < SLOW}
    reach = CoverageData(str(REACH))
    reach.read()
    paths = [
        p for p in sorted(Path("extract").rglob("*.py")) if re.fullmatch(WHAT, str(p)) and not re.fullmatch(NOT, str(p))
    ]
    with use_db(str(HOME / "db"), WorkDB.Mode.create) as db:
        init(paths, db, {})
        every = [mutation for item in db.work_items for mutation in item.mutations]
    every.sort(key=lambda m: (str(m.module_path), m.operator_name, m.occurrence))
    random.Random(given.seed).shuffle(every)
    counted: Counter[str] = Counter()
    book = HOME / f"seed-{given.seed}.jsonl"
    done = (
        [json.loads(line) for line in book.read_text(encoding="utf-8").splitlines()]
        if given.kept and book.exists()
        else []
    )
    counted.update(row["came"] for row in done)
    with book.open("a" if given.kept else "w", encoding="utf-8") as book_:
        for mutant in every[len(done) :]:
            if counted.total() - counted["unborn"] >= given.count:
                break
            path, line, source = mutant.module_path, mutant.start_pos[0], mutant.module_path.read_text(encoding="utf-8")
            changed = mutate_code(source, get_operator(mutant.operator_name)(), mutant.occurrence)
            try:
                tests = sorted(near(path, source, line, reach) & times.keys(), key=times.__getitem__)
                came, found_by = tried(path, source, changed, tests)
            finally:
                path.write_text(source, encoding="utf-8")
            counted[came] += 1
            now = next((b for a, b in zip(source.splitlines(), changed.splitlines(), strict=False) if a != b), "")
            row = {
                "came": came,
                "at": f"{path}:{line}",
                "operator": mutant.operator_name[5:],
                "now": now.strip(),
                "by": found_by,
            }
            print(json.dumps(row, ensure_ascii=False), file=book_, flush=True)
            print(*row.values(), flush=True)
    print(f"Seed {given.seed}, of {len(every)} mutants: {dict(counted)}")


if __name__ == "__main__":
    main()
