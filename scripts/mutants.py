"""Mutants, sampled, of the modules that decide, and which of them the tests find: `make mutants` (decision 38).

python scripts/mutants.py [--seed N] [--count N] [--kept]    --kept: by the reach measured last, and on from where it was cut
All of it happens in a copy, .mutants/tree; what came of each mutant stands in .mutants/seed-N.jsonl.
"""

import argparse
import ast
import json
import random
import re
import signal
import sys
from collections import Counter
from contextlib import suppress
from pathlib import Path

from cosmic_ray.commands import init
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator
from cosmic_ray.work_db import WorkDB, use_db
from coverage import CoverageData
from trying import HOME, OUT, ROOT, copied, near, run

# What of extract/ decides; what brings captures and what asks hosts is not of it.
WHAT = r"""extract/((poll|read|credit|group|tag)(/\w+)+|fetch/(robots|turns|freshness|guard|decode|parts|__init__)|entries|identity|urls
    |moments|words|plain|keys)\.py"""
# The test files that try these in their own process, without servers and newsrooms.
BY = r"""tests/test_(aligning|among|articles|authors|blocks|bodies|boilerplate|bylines|chinese_days|claims|clock|credits?|cutting|dates|decode|discovery
    |document|engine|entries|event_ids|events|evidence|feed_cases|feedparser_cases|feeds|feet|fetch|forms|freshness|fuzz|guard
    |headlines|identity|images|index|items|kinds|labels|learning|lengths|likeness|lines|mending|mentions|moments|moves|nearest|outlets|page_cases|past
    |persons|places|polls|printed|published|queries|records|robots|rss|scattered|schedule|scripts|sections|seed|shapes|signs|stories
    |structured|titles|topics|turns|urls|vocabulary|zones)\.py"""
SLOW = 5.0  # seconds of the processor: a test that takes longer tries no mutant
CODES = {0: "lives", 5: "lives", 2: "unborn", 4: "unborn", -signal.SIGXCPU: "endless", -signal.SIGKILL: "endless"}


def bare(source: str) -> str:
    """A module's tree without its annotations, by which nothing runs; empty where it is none."""
    with suppress(SyntaxError):
        tree = ast.parse(source)
        for node in ast.walk(tree):
            for name in {"annotation", "returns"} & set(node._fields):
                setattr(node, name, None)
        return ast.dump(tree)
    return ""


def tried(path: Path, source: str, changed: str, tests: list[str]) -> tuple[str, str]:
    """What comes of a mutant, and the test that says so."""
    if not changed or bare(changed) in ("", bare(source)):
        return "unborn", ""
    path.write_text(changed, encoding="utf-8")
    try:
        files = sorted({test.partition("::")[0] for test in tests})
        code = run(files, tests, "-x", "--tb=line", "--timeout=120", cpu=240) if tests else 0
    finally:
        path.write_text(source, encoding="utf-8")
    said = OUT.read_text(errors="replace") if code else ""
    by = re.search(r"^(?:FAILED|ERROR) (.+?)(?: - |$)", said, re.MULTILINE)
    return "endless" if "Failed: Timeout" in said else CODES.get(code, "found"), by[1] if by else ""


def main() -> None:
    """Measure what the tests reach, then try so many mutants that can be imported."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--kept", action="store_true")
    given = parser.parse_args()
    HOME.mkdir(exist_ok=True)
    by = sorted(name for p in ROOT.glob("tests/*.py") if re.fullmatch(BY, name := str(p.relative_to(ROOT)), re.VERBOSE))
    copied(by)
    reach, book = CoverageData(str(HOME / "reach")), HOME / f"seed-{given.seed}.jsonl"
    if not given.kept:
        for left in (HOME / "reach", book):
            left.unlink(missing_ok=True)
        (HOME / "ini").write_text(f"[run]\nsource = extract\ndata_file = {HOME / 'reach'}\n")
        flags = ["--cov", f"--cov-config={HOME / 'ini'}", "--cov-context=test", "--cov-report=", "-m", "not server"]
        if run(by, [], *flags, cpu=3600):
            sys.exit(f"The tests fail without a mutant: {OUT}")
    reach.read()
    times = {test: ms for test, ms in json.loads((HOME / "times.json").read_text()).items() if ms < 1000 * SLOW}
    paths = sorted(p for p in Path("extract").rglob("*.py") if re.fullmatch(WHAT, str(p), re.VERBOSE))
    with use_db(str(HOME / "db"), WorkDB.Mode.create) as db:
        init(paths, db, {})
        every = [mutation for item in db.work_items for mutation in item.mutations]
    every.sort(key=lambda m: (str(m.module_path), m.operator_name, m.occurrence))
    random.Random(given.seed).shuffle(every)
    done = [json.loads(row)["came"] for row in book.read_text(encoding="utf-8").splitlines()] if book.exists() else []
    for mutant in every[len(done) :]:
        if len(done) - done.count("unborn") >= given.count:
            break
        path, line = mutant.module_path, mutant.start_pos[0]
        source = path.read_text(encoding="utf-8")
        changed = ""
        with suppress(AttributeError):  # its ExceptionReplacer stumbles over a name with a dot
            changed = mutate_code(source, get_operator(mutant.operator_name)(), mutant.occurrence)
        tests = near(reach.contexts_by_lineno(str(path.resolve())), line, times)
        came, found_by = tried(path, source, changed, sorted(tests, key=times.__getitem__))
        now = next((b for a, b in zip(source.splitlines(), changed.splitlines(), strict=False) if a != b), "").strip()
        row = {"came": came, "at": f"{path}:{line}", "operator": mutant.operator_name[5:], "now": now, "by": found_by}
        with book.open("a", encoding="utf-8") as out:
            print(json.dumps(row, ensure_ascii=False), file=out)
        print(*row.values(), flush=True)
        done.append(came)
    print(f"Seed {given.seed}, of {len(every)} mutants: {dict(Counter(done))}")


if __name__ == "__main__":
    main()
