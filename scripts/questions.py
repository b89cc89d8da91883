"""Write docs/questions.md: every question with its query and what the demo's warehouse answers. `make questions` runs it."""

import io
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from flows.commands.sql import ask
from flows.questions import QUESTIONS

HEAD = """# Questions

What is asked of a news archive first, each as one query, with what the demo's warehouse answers (written by
`make questions`; moments and days are those of that run). `newsduck sql --examples` prints the queries;
`newsduck sql "…"` runs one. Columns are explained in [the data dictionary](data-dictionary.md).
"""


def main(warehouse: Path) -> None:
    """Print the page. Raises BadInput where there is no warehouse."""
    print(HEAD)
    for question in QUESTIONS:
        out = io.StringIO()
        ask(warehouse, question.sql, "table", out)
        answer = "\n".join(line.rstrip() for line in out.getvalue().strip("\n").splitlines() if line.strip())
        print(f"## {question.words}\n\n```sql\n{question.sql}\n```\n\n```\n{answer}\n```\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
