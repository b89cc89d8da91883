"""An export at size: CPU seconds, wall-clock seconds and bytes, of what goes by default and with each addition.

    python benchmarks/bench_export.py [ARTICLES]   100000 by default

Articles are of 400 invented words, 5,000 a day, four a story, three stories an event, one in 20 on a topic, one in three credited; made by
SQL (tests/faults/earlier.py).
"""

import os
import resource
import sys
import tempfile
import time
from pathlib import Path

from flows.export.dataset import Wish, export
from flows.settings import Settings
from storage import duck
from tests.faults import earlier

WISHES = {
    "default": Wish(),
    "--csv": Wish(csv="plain"),
    "--csv 4cat": Wish(csv="4cat"),
    "--texts": Wish(texts=True),
    "--words": Wish(words=True),
}

MORE = """
INSERT INTO credits BY NAME SELECT article_id, 1 AS position, 'ap' AS agency, 'AP' AS agency_name, false AS contributed, false AS joint,
    false AS inherited, 'byline' AS found_in, 'AP' AS evidence, run_id FROM articles WHERE article_id >= 1000 AND article_id % 3 = 0;
INSERT INTO event_stories BY NAME SELECT story_id, story_id - story_id % 12 AS event_id, first_seen_at AS told_at, 0.5 AS likeness,
    ['ferry'] AS witnesses, 1 AS method, run_id FROM stories WHERE story_id >= 1000;
"""


def main(size: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = earlier.make(folder / "data", earlier.STATES[-1])
        earlier.fill(made)
        earlier.crowd(made, size)
        with duck.open_file(made.published) as connection:
            connection.execute(MORE)
        os.sync()
        for told, wish in WISHES.items():
            before, begin = time.process_time(), time.perf_counter()
            done = export(Settings(data=str(folder / "data")), folder / "out", wish)
            cpu, wall = time.process_time() - before, time.perf_counter() - begin
            print(
                f"{done.articles:>9,} articles, {told:10}: {cpu:6.1f} s of CPU, {wall:6.1f} s; {done.files} files, {done.bytes / 1e6:,.1f} MB"
            )
        print(f"memory at the peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MiB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
