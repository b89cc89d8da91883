"""docs/promises.md: what is promised, the command that tries it, and how the last trials went.

A test that tries a promise is marked with it, as `@pytest.mark.promise("…")`, and counts as one try. One that tries it many
times takes the fixture `tries`. `make faults` runs them and writes the page; `make faults ONLY=tests/faults/test_io.py` runs
some of them again and has their rows written anew:

    PROMISES=lines.jsonl pytest -m promise --many
    python -m tests.promises lines.jsonl > docs/promises.md
"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

SHOWN = 5  # failures of one test that are told

HEAD = """# What is promised, and how often it was tried

Written by `make faults`{long}; `make test` tries each of these in a short form. A try is a run that was killed, a file that was
damaged, a write that failed, and what was expected of the data folder afterwards.

Last run: newsduck {version}, {when}.

| promise | tries | failed | tried by |
|---|---:|---:|---|
"""


@dataclass
class Tries:
    """How often a test tried its promise, and which of the tries failed."""

    count: int = 0
    failed: list[str] = field(default_factory=list)

    @contextmanager
    def __call__(self, what: str) -> Iterator[None]:
        """One try, named for whoever has to repeat it. A failed one does not end the test before its others."""
        self.count += 1
        try:
            yield
        except AssertionError as error:
            self.failed.append(f"{what}: {error}")

    def judge(self) -> None:
        """Fail with what failed."""
        shown = "\n".join(self.failed[:SHOWN])
        assert not self.failed, f"{len(self.failed)} of {self.count} tries failed:\n{shown}"


@dataclass(frozen=True)
class Told:
    """What one test says of its promise."""

    promise: str
    test: str  # file::name
    tries: int
    failed: int


def note(path: Path, told: Told) -> None:
    """Add a line to the file that the page is made of."""
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{json.dumps(asdict(told))}\n")


def page(lines: str, version: str, when: str, *, whole: bool) -> str:
    """The page, a row a promise, in the order in which they were tried. Of a test that ran again its last run counts."""
    last = {told.test: told for told in (Told(**json.loads(line)) for line in lines.splitlines())}
    rows: dict[str, list[Told]] = {}
    for told in last.values():
        rows.setdefault(told.promise, []).append(told)
    out = HEAD.format(long=" with `LONG=1`" if whole else "", version=version, when=when)
    for promise, tests in rows.items():
        files = sorted({told.test.partition("[")[0] for told in tests})
        commands = "<br>".join(f"`pytest {name}`" for name in files)
        tries, failed = sum(told.tries for told in tests), sum(told.failed for told in tests)
        out += f"| {promise} | {tries:,} | {failed:,} | {commands} |\n"
    return out


if __name__ == "__main__":
    from datetime import UTC, datetime
    from importlib.metadata import version

    text = Path(sys.argv[1]).read_text(encoding="utf-8")
    print(page(text, version("newsduck"), f"{datetime.now(UTC):%Y-%m-%d}", whole=sys.argv[2:] == ["--long"]), end="")
