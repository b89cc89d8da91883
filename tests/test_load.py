"""Articles that a person gives."""

import json
from pathlib import Path

import pytest

from tests.typed import here

ARTICLE = {
    "url": "https://elsewhere.example/a",
    "title": "Rain in the town",
    "text": "It rained on for many days. " * 9,
}


def test_what_was_forgotten_comes_back_by_the_persons_own_hand_and_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NEWSDUCK_DATA", str(tmp_path / "data"))
    (tmp_path / "a.jsonl").write_text(json.dumps(ARTICLE))
    told = "1 article that you had forgotten"
    assert told not in here("load", "a.jsonl").stderr
    assert here("forget", "--url", ARTICLE["url"], "--yes").returncode == 0
    assert told in here("load", "a.jsonl").stderr
    assert told not in here("load", "a.jsonl").stderr
