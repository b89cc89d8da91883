"""Write docs/house.md: the line drawn once, and under it what each file is for, in its own first words.

python scripts/house.py > docs/house.md
"""

import ast
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROOMS = ("extract", "storage", "flows", "demo")

HEAD = """# The house

Written by `make docs` from the first words of each file.

The line, and where each step of it stands:

    feed ── look ──→ entry ── fetch ──→ page ── read, learn ──→ article ── group ──→ story ── tag ──→ topic ── load, publish ──→ warehouse

| step | decides | does | is kept by |
|---|---|---|---|
| look | `extract/poll/` | `flows/line/look.py` | `storage/write/feeds.py`, `entries.py` |
| fetch | `extract/fetch/` | `flows/line/fetch.py` | `storage/archive.py` |
| read, learn | `extract/read/`, `extract/credit/` | `flows/line/read.py`, `learn.py` | `storage/write/articles.py`, `site_pages.py` |
| group | `extract/group/` | `flows/line/group.py` | `storage/write/stories.py`, `storage/derived/` |
| tag | `extract/tag/` | `flows/line/tag.py`, `retag.py` | `storage/write/topics.py` |
| bring (out of web archives) | `extract/captures/` | `flows/line/back/bring.py`, `captures.py` | `storage/write/imports.py` |
| load, publish | | `flows/line/load.py` | `storage/warehouse.py`, `publish.py` |

`flows/ingest.py` has the steps in their order; `flows/line/finish.py` is the tail of every run. What a run needs to know of
what is kept it asks in `storage/look/`. What a person sees of a run stands in `flows/board/`, what a person says in
`flows/commands/`, a file a command.
"""


def words(path: Path) -> str:
    """What a module says of itself, up to its first blank line."""
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return " ".join(text.partition("\n\n")[0].split())


def folders() -> list[Path]:
    """The rooms and the folders in them that have code, in order."""
    found = []
    for room in ROOMS:
        found += sorted({path.parent for path in (ROOT / room).rglob("*.py")})
    return found


def page() -> str:
    """The page."""
    lines = [HEAD]
    for folder in folders():
        name = folder.relative_to(ROOT)
        lines.append(f"{'#' * (1 + len(name.parts))} {name}/\n\n{words(folder / '__init__.py')}\n")
        files = [path for path in sorted(folder.glob("*.py")) if path.name != "__init__.py"]
        lines += [f"- `{path.name}`: {words(path)}" for path in files]
        lines.append("")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(page())
