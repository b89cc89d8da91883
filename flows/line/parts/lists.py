"""What a run that loads and the parts that fetch hand each other, beside the archive:

parts/2/list.json   what part 2 is to ask for, written by the run that loads
parts/2/lock        held by part 2 while it fetches, and by whoever changes its list or its archive files
parts/held.json     answers that came and were not used yet
"""

import json
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from extract.errors import Broken, Busy
from extract.records import Ask
from storage import disk, lock
from storage.files import replace_file

FOLDER = "parts"
LIST = "list.json"
HELD = "held.json"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a part is to ask for."""

    made_by: str  # the run that made the list
    asks: tuple[Ask, ...]  # pages by the rules of robots.txt
    robots: Sequence[Mapping[str, Any]] = ()  # rules of their hosts, as far as known, as they are noted


def folder(data: Path, part: int) -> Path:
    """The folder of a part."""
    return data / FOLDER / str(part)


def there(data: Path) -> list[int]:
    """The parts that have a folder, whatever their number is now. Raises Broken where the disk refuses."""
    with disk.told(f"reading {data / FOLDER}", "nothing was changed"):
        return sorted(int(path.name) for path in (data / FOLDER).glob("*") if path.name.isdecimal() and path.is_dir())


@contextmanager
def asked_by(data: Path, part: int, what: str, now: datetime, prefect_run: str = "") -> Iterator[None]:
    """Be the one who asks for a part, or who changes what it is to ask; raises Busy where another is."""
    _made(data)
    try:
        with lock.held(folder(data, part), what, now, prefect_run):
            yield
    except Busy as error:
        raise Busy(f"part {part} of [fetch] parts: {error}") from error


@contextmanager
def still(data: Path, what: str, now: datetime, tell: Callable[[str], object]) -> Iterator[None]:
    """Inside, no part fetches; those that do are waited for, and told. For what asks hosts itself, or writes archive files anew."""
    with ExitStack() as stack:
        for part in there(data):
            told = False
            while True:
                try:
                    stack.enter_context(asked_by(data, part, what, now))
                    break
                except Busy as error:
                    if not told:
                        tell(f"waiting: {error}")
                    told = True
                    time.sleep(1)
        yield


def write(data: Path, part: int, wanted: Wanted) -> None:
    """Give a part its list. Raises Broken where the disk takes no more."""
    _write(data, f"{part}/{LIST}", asdict(wanted))


def read(data: Path, part: int) -> Wanted | None:
    """A part's list; None where it was given none. Raises Broken where it is damaged."""
    said = _read(folder(data, part) / LIST)
    if said is None:
        return None
    asks = tuple(Ask(**ask) for ask in said["asks"])
    return Wanted(said["made_by"], asks, said["robots"])


def hold(data: Path, run: int, held: Sequence[dict[str, Any]], committed: Collection[int]) -> None:
    """Write down what a run that is about to be committed leaves unused, beside what the last committed one left. Raises Broken
    where the disk takes no more."""
    _write(data, HELD, {str(last): said for last, said in _held(data).items() if last in committed} | {run: held})


def held(data: Path, committed: Collection[int]) -> list[dict[str, Any]]:
    """The answers that the last committed run left unused. Raises Broken where they cannot be read."""
    return next((said for run, said in reversed(_held(data).items()) if run in committed), [])


def runs_held(data: Path) -> list[int]:
    """The runs of which it is written down what they left."""
    return list(_held(data))


def _held(data: Path) -> dict[int, list[dict[str, Any]]]:
    return {int(run): said for run, said in (_read(data / FOLDER / HELD) or {}).items()}


def forget(data: Path, gone: Collection[str]) -> None:
    """Take these addresses from every list; whoever calls holds all parts still."""
    for part in there(data):
        wanted = read(data, part)
        if wanted is not None and any(ask.subject in gone or ask.url in gone for ask in wanted.asks):
            left = tuple(ask for ask in wanted.asks if ask.subject not in gone and ask.url not in gone)
            write(data, part, Wanted(wanted.made_by, left, wanted.robots))
    left_held = {
        run: [one for one in said if one["url"] not in gone and one["subject"] not in gone]
        for run, said in _held(data).items()
    }
    if left_held != _held(data):
        _write(data, HELD, left_held)


def _write(data: Path, name: str, said: Any) -> None:
    path = _made(data) / name
    with disk.told(f"making {path.parent}", "nothing was changed"):
        path.parent.mkdir(exist_ok=True, mode=0o700)
    replace_file(path, json.dumps(said, default=str, ensure_ascii=False).encode())


def _made(data: Path) -> Path:
    """The folder of all parts, which is its owner's alone: addresses of feeds may hold passwords."""
    with disk.told(f"making {data / FOLDER}", "nothing was changed"):
        (data / FOLDER).mkdir(parents=True, exist_ok=True, mode=0o700)
    return data / FOLDER


def _read(path: Path) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise Broken(f"{path} cannot be read ({error}): delete it; the next ingest writes it anew") from error
    return found
