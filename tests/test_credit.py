"""`newsduck credit`: why a page credits an agency."""

from pathlib import Path

import pytest

from tests.line import AGENCIES, Line
from tests.pages import BODY, html
from tests.typed import here

PAGE = f'<article><h1>Rain floods the lower town</h1><p class="byline">By Ann Lee and AP</p><p>(Palermo Authority (PA))</p>{BODY}<p>He spoke to Reuters.</p></article>'


def test_each_line_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "page.html").write_bytes(html(PAGE))
    told = here("credit", "page.html", "--url", "https://www.herald.example/1").stdout
    assert "By Ann Lee and AP\n         → ap: the shape “by”, with others" in told
    assert "has no shape of a credit there (read as KxxN.)" in told
    assert told.rstrip().endswith("credits  ap (with others; byline: By Ann Lee and AP)")


def test_an_article_of_the_warehouse_is_read_from_the_archive(stored: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    sql = "SELECT article_id, url, agency FROM articles JOIN credits USING (article_id) WHERE found_in = 'dateline' LIMIT 1"
    ((number, url, agency),) = stored.ask(sql)
    monkeypatch.chdir(stored.folder)
    for wanted in (str(number), str(url)):
        told = here("credit", wanted, NEWSDUCK_DATA=str(stored.folder / "data"), NEWSDUCK_AGENCIES=str(AGENCIES)).stdout
        assert f"credits  {agency} (wrote it; dateline: " in told


def test_what_is_no_page_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.gz").write_bytes(b"\x1f\x8bxx")
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4")
    assert "bad.gz: cannot be read" in here("credit", "bad.gz").stderr
    assert "a.pdf: holds no HTML" in here("credit", "a.pdf").stderr
    done = here("credit", "nothing-there")
    assert done.returncode == 2 and "nothing-there: is no file, no address, and no article's id" in done.stderr
