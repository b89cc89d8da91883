"""The days' pages as the dashboard's server hands them out."""

import base64
import urllib.error
import urllib.request
from email.message import Message

import pytest

from tests.board import Board

PAGE = "<!doctype html><html lang=en><title>A day</title><p>Rain<script>document.title='owned'</script>"


def ask(board: Board, path: str, auth: str) -> tuple[int, Message, str]:
    """(status, headers, body) of an answer."""
    headers = {"Authorization": f"Basic {base64.b64encode(auth.encode()).decode()}"} if auth else {}
    try:
        with urllib.request.urlopen(urllib.request.Request(board.ui + path, headers=headers), timeout=60) as found:
            return found.status, found.headers, found.read().decode(errors="replace")
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read().decode(errors="replace")


@pytest.fixture
def served(board: Board) -> Board:
    pages = board.folder / "data" / "reports"
    pages.mkdir(parents=True, exist_ok=True)
    (pages / "2026-01-01.html").write_text(PAGE)
    (pages / "index.html").write_text(PAGE)
    return board


@pytest.mark.server
@pytest.mark.xdist_group("server")
@pytest.mark.parametrize("path", ["/reports/2026-01-01.html", "/reports/"])
def test_a_page_is_there_for_who_has_the_password_and_runs_nothing(served: Board, path: str) -> None:
    status, headers, _ = ask(served, path, "")
    assert status == 401
    assert str(headers["www-authenticate"]).startswith("Basic"), "the browser asks for it by itself"
    assert ask(served, path, "newsduck:wrong")[0] == 401
    status, headers, page = ask(served, path, served.auth)
    assert (status, page) == (200, PAGE)
    assert "default-src 'none'" in str(headers["content-security-policy"])


@pytest.mark.server
@pytest.mark.xdist_group("server")
@pytest.mark.parametrize(
    "path",
    [
        "/reports/../prefect/password",
        "/reports/%2e%2e/prefect/password",
        "/reports/..%2fprefect%2fpassword",
        "/reports/none.html",
    ],
)
def test_nothing_else_is(served: Board, path: str) -> None:
    status, headers, found = ask(served, path, served.auth)
    assert served.auth not in found
    assert status == 404 or "text/html" in str(headers["content-type"])  # the dashboard's own page
