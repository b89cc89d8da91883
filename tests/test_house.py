"""The house's own rules: who may import whom, which engine is where, how long a file may be."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("extract", "storage", "flows", "demo")
ALLOWED = {  # what of ours a room may import
    "extract": {"extract"},
    "storage": {
        "storage",
        "extract.records",
        "extract.tales",
        "extract.tracked",
        "extract.errors",
        "extract.vocabulary",
    },
    "flows": {"flows", "extract", "storage", "demo"},
    "demo": {"demo"},
}
ENGINES = {  # each is imported in exactly one module, aiohttp also where its parser is shown mended heads, its errors are told and files are read
    "aiohttp": "extract/fetch/client.py extract/fetch/faults.py extract/fetch/heads.py extract/fetch/remote.py",
    "feedparser": "extract/poll/feeds.py",
    "trafilatura": "extract/read/body/engine.py",
    "luqum": "extract/tag/queries.py",
    "tantivy": "extract/tag/index.py",
    "duckdb": "storage/duck.py",
    "warcio": "storage/archive.py",
    "fastwarc": "extract/captures/tape.py",
    "protego": "extract/fetch/robots.py",
    "boto3": "storage/store/s3.py",
    "botocore": "storage/store/s3.py",
    "distributed": "flows/line/readers/cluster.py",
}


def modules() -> Iterator[Path]:
    for room in ROOMS:
        yield from sorted((ROOT / room).rglob("*.py"))


@cache
def imports(path: Path) -> set[str]:
    """The dotted names a module imports, at any depth of its code."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("path", list(modules()), ids=lambda p: str(p.relative_to(ROOT)))
def test_a_room_imports_only_what_it_may(path: Path) -> None:
    room = path.relative_to(ROOT).parts[0]
    for name in imports(path):
        if name.split(".")[0] in ROOMS:
            assert any(name == a or name.startswith(a + ".") or a.startswith(name + ".") for a in ALLOWED[room]), name


def test_each_engine_stands_in_one_module() -> None:
    for engine, where in ENGINES.items():
        users = {str(p.relative_to(ROOT)) for p in modules() if any(n.split(".")[0] == engine for n in imports(p))}
        assert users == set(where.split()), engine


def test_prefect_is_known_in_flows_only() -> None:
    users = {p.relative_to(ROOT).parts[0] for p in modules() if any(n.split(".")[0] == "prefect" for n in imports(p))}
    assert users == {"flows"}


def test_the_clock_is_read_at_the_edge_only() -> None:
    """Deciding takes the time as an argument: in extract/ only what measures reads a clock."""
    readers = {p.name for p in (ROOT / "extract").rglob("*.py") if "datetime.now(" in p.read_text(encoding="utf-8")}
    assert readers <= {"client.py", "remote.py", "page.py"}


def test_nothing_of_flows_hides_a_library() -> None:
    """Prefect puts flows/ first on the module path: what has a library's name there would be imported in its place."""
    taken = set(sys.stdlib_module_names) | {"prefect", "click", "rich", "duckdb", "luqum", "httpx", "anyio", "yaml"}
    assert {p.stem for p in (ROOT / "flows").iterdir()} & taken == set()


def test_a_file_tells_one_idea() -> None:
    long = {
        str(p.relative_to(ROOT)): n for p in modules() if (n := len(p.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert long == {}


def test_except_exception_stands_only_where_an_outcome_is_booked() -> None:
    users = {str(p.relative_to(ROOT)) for p in modules() if "except Exception" in p.read_text(encoding="utf-8")}
    assert users == {"extract/sandbox.py"}


def test_every_public_function_of_the_core_says_what_it_gives() -> None:
    silent = []
    for path in modules():
        if path.relative_to(ROOT).parts[0] in ("extract", "storage"):
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if (
                    isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
                    and not node.name.startswith("_")
                    and not ast.get_docstring(node)
                ):
                    silent.append(f"{path.name}:{node.name}")
    assert silent == []


def test_the_map_is_that_of_this_house() -> None:
    told = subprocess.run([sys.executable, ROOT / "scripts" / "house.py"], capture_output=True, check=True).stdout
    assert told.decode() == (ROOT / "docs" / "house.md").read_text(encoding="utf-8"), "`make docs` writes it anew"


def raised(function: ast.FunctionDef) -> set[str]:
    """The errors that a function raises by itself."""
    found = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            name = node.exc.func
            found.add(name.id if isinstance(name, ast.Name) else getattr(name, "attr", ""))
    return {name for name in found if name[:1].isupper() and name not in ("KeyboardInterrupt", "SystemExit")}


@pytest.mark.parametrize("path", list(modules()), ids=lambda p: str(p.relative_to(ROOT)))
def test_a_public_function_says_what_it_raises(path: Path) -> None:
    body = ast.parse(path.read_text(encoding="utf-8")).body
    inside = [n for c in body if isinstance(c, ast.ClassDef) and not c.name.startswith("_") for n in c.body]
    for node in [*body, *inside]:
        if isinstance(node, ast.FunctionDef) and (not node.name.startswith("_") or node.name == "__init__"):
            unsaid = [name for name in raised(node) if name not in (ast.get_docstring(node) or "")]
            assert not unsaid, f"{path.name}:{node.lineno} {node.name}"
