"""What is printed and logged holds nothing that a terminal obeys, whoever wrote it."""

import io
import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest

from extract import unseen
from extract.errors import Refused
from extract.records import Ask, Page
from flows import telling

EVIL = "a\x1b[2J\x9b31mb\u202ec\u2066d\u061ce\x00f\rg\x7fh\ufeffi"


def test_the_signs_go_and_the_words_stay() -> None:
    assert unseen.harmless(EVIL) == "a[2J31mbcdef\nghi"
    assert unseen.without("tab\tand\nline") == "tab\tand\nline"
    assert unseen.harmless("Zürich, ‏عربي‎ 中文 می‌خواهم") == "Zürich, عربي 中文 می‌خواهم"


def test_every_control_and_every_direction_sign_is_among_them() -> None:
    import unicodedata

    bad = [chr(n) for n in range(0x110000) if unicodedata.category(chr(n)) == "Cc" or unicodedata.bidirectional(chr(n)) in
           ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")]  # fmt: skip
    assert {sign for sign in bad if unseen.harmless(sign) == sign} == {"\t", "\n"}


def test_a_line_is_harmless_and_its_own_emphasis_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    monkeypatch.setattr("click.utils.should_strip_ansi", lambda *_: False)
    telling.echo(f"{telling.bold('bold')} {EVIL} {telling.dim('dim')}", file=out)
    assert out.getvalue() == "\x1b[1mbold\x1b[0m a[2J31mbcdef\nghi \x1b[2mdim\x1b[0m\n"


def test_an_error_made_of_a_strangers_words_is_harmless() -> None:
    assert str(Refused(f"answers {EVIL}")) == "answers a[2J31mbcdef\nghi"


def test_a_header_is_harmless() -> None:
    page = Page(Ask("http://a/", "page", "", 1), "http://a/", 200, (("ETag", EVIL),), b"", datetime.now(UTC), 0.1)
    assert "\x1b" not in page.header("etag") and "\u202e" not in page.header("etag")


def test_a_log_line_is_harmless() -> None:
    kept: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            kept.append(record.getMessage())

    logger = logging.Logger("test", logging.INFO)
    logger.addHandler(Kept())
    told = telling._Harmless(logger, {})
    told.warning("%s of %d%%", EVIL, 5)
    told.info(EVIL)
    assert kept == ["a[2J31mbcdef\nghi of 5%", "a[2J31mbcdef\nghi"]


def test_lines_are_printed_in_one_place_only() -> None:
    root = Path(__file__).parents[1] / "flows"
    users = {
        str(path.relative_to(root))
        for path in root.rglob("*.py")
        if any(
            words in path.read_text(encoding="utf-8")
            for words in ("click.echo(", "click.secho(", " print(", "get_run_logger(")
        )
    }
    assert users == {"telling.py"}
