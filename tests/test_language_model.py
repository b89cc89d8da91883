"""The unpacked language model says what the library's own says, and without it the library's own is taken."""

import io
from array import array
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import py3langid
import pytest

from extract.read import language_model, languages

TEXTS = [
    "The ferry to the island does not run today, and all wait for the wind to turn.",
    "Die Fähre zur Insel fährt heute nicht, und alle warten, bis der Wind dreht.",
    "Le bac de l'île ne part pas aujourd'hui, et tous attendent que le vent tourne.",
    "El transbordador de la isla no sale hoy, y todos esperan a que cambie el viento.",
    "Паром на остров сегодня не ходит, и все ждут, пока переменится ветер.",
    "今日は島へのフェリーは運航せず、皆が風が変わるのを待っている。",
    "العبارة إلى الجزيرة لا تعمل اليوم والجميع ينتظر تغير الريح.",
    "",
    "12 34",
]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the set-up leaves it, here."""
    monkeypatch.setattr("sys.prefix", str(tmp_path))
    return language_model.made()


def test_unpacked_it_says_the_same(place: Path) -> None:
    language_model.make()
    assert place.stat().st_mode & 0o777 == 0o755
    assert {file.stat().st_mode & 0o777 for file in place.iterdir()} == {0o644}, "whoever installed it, all may read it"
    found = language_model._mapped(place)
    assert [found.classify(text) for text in TEXTS] == [py3langid.classify(text) for text in TEXTS]
    assert [there.name for there in place.parent.iterdir()] == [place.name]


def test_another_versions_goes(place: Path) -> None:
    other = place.with_name("langid-0.0.1")
    other.mkdir(parents=True)
    language_model.make()
    language_model.make()  # there it is
    assert not other.exists() and place.exists()


HARMS: dict[str, Callable[[bytes], bytes]] = {
    "cut": lambda whole: whole[:5000],
    "empty": lambda whole: b"",
    "other": lambda whole: b"no array",
    "packed": lambda whole: b"PK\x03\x04" + whole,
    "header": lambda whole: whole[:10] + b"{(" + whole[12:],
    "shorter": lambda whole: _saved(np.load(io.BytesIO(whole))[:-256]),
}


def _saved(array: "np.ndarray[Any, Any]") -> bytes:
    found = io.BytesIO()
    np.save(found, array)
    return found.getvalue()


@pytest.mark.parametrize("harm", HARMS)
def test_a_damaged_one_is_not_taken_and_made_anew(place: Path, harm: str) -> None:
    language_model.make()
    file = place / "nextmove.npy"
    file.write_bytes(HARMS[harm](file.read_bytes()))
    assert isinstance(language_model.load().tk_nextmove, array), "the library's own"
    language_model.make()
    assert language_model.load().classify(TEXTS[1]) == py3langid.classify(TEXTS[1])
    assert isinstance(language_model.load().tk_nextmove, memoryview)


def test_without_it_the_librarys_own_is_taken(place: Path) -> None:
    assert not place.exists()
    assert language_model.load().classify(TEXTS[1]) == py3langid.classify(TEXTS[1])


def test_several_may_make_it_at_once(place: Path) -> None:
    with ThreadPoolExecutor(3) as makers:
        for made in [makers.submit(language_model.make) for _ in range(3)]:
            made.result()
    assert [there.name for there in place.parent.iterdir()] == [place.name]
    assert language_model.load().classify(TEXTS[1]) == py3langid.classify(TEXTS[1])


def test_where_the_setup_has_been_it_is_what_readers_use() -> None:
    if not language_model.made().exists():
        pytest.skip("the set-up has not been here: `make setup`")
    assert languages.decide(TEXTS[0] + " " + TEXTS[0], "") == "en"
    assert isinstance(languages._identifier().tk_nextmove, memoryview), "a map of the file"
