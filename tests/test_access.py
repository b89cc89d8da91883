"""Who may read a data folder."""

import grp
import os
import stat
from pathlib import Path

import pytest

from extract.errors import BadInput, Broken
from flows.board.up import names, password
from storage import access
from tests.typed import here

GROUP = next(g for g in grp.getgrall() if g.gr_gid in (os.getgid(), *os.getgroups()))


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """A data folder as newsduck 0.1.0 left it: all of it open to everybody."""
    data = tmp_path / "data"
    for name in ("work", "prefect", "archive", "reports"):
        (data / name).mkdir(parents=True)
        (data / name).chmod(0o755)
    (data / "prefect" / "prefect.db").touch(0o644)
    for name in ("warehouse.duckdb", "reports/2026-11-25.html"):
        (data / name).touch()
        (data / name).chmod(0o644)
    return data


def test_an_older_folder_is_shut_and_that_is_said_once(older: Path) -> None:
    assert len(access.wrong(older, "")) == 6
    said = list(access.mend(older, ""))
    assert len(said) == 6 and all("was open to others" in line for line in said)
    assert [mode(older / name) for name in ("work", "prefect", "archive", "reports", "warehouse.duckdb")] == [
        0o700, 0o700, 0o700, 0o700, 0o600
    ]  # fmt: skip
    assert list(access.mend(older, "")) == [] == access.wrong(older, "")


def test_a_group_is_let_in_to_warehouse_and_reports_and_to_nothing_else(older: Path) -> None:
    list(access.mend(older, GROUP.gr_name))
    assert [mode(older / n) for n in ("reports", "reports/2026-11-25.html", "warehouse.duckdb")] == [
        0o750,
        0o640,
        0o640,
    ]
    assert [mode(older / name) for name in ("work", "prefect", "archive")] == [0o700] * 3
    assert access.wrong(older, GROUP.gr_name) == []
    assert len(access.wrong(older, "")) == 3, "the group is taken out of the settings again"


def test_a_stricter_folder_stays_as_it_is(older: Path) -> None:
    list(access.mend(older, ""))
    (older / "warehouse.duckdb").chmod(0o400)
    assert list(access.mend(older, "")) == []
    assert mode(older / "warehouse.duckdb") == 0o400


def test_a_group_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no such group"):
        list(access.mend(tmp_path / "data", "no-such-group"))


def test_a_new_folder_is_private_from_the_start(tmp_path: Path) -> None:
    list(access.mend(tmp_path / "data", ""))
    assert mode(tmp_path / "data") == 0o700


def test_load_shuts_an_older_folder_and_says_so(older: Path, tmp_path: Path) -> None:
    (older / "warehouse.duckdb").unlink()
    (tmp_path / "one.jsonl").write_text(
        '{"url": "https://a.example/1", "title": "One", "text": "Some words of a story."}\n'
    )
    done = here("load", "one.jsonl")
    assert done.returncode == 0, done.stderr
    assert "was open to others (0755); now it is not (0700)" in done.stderr
    assert mode(older / "warehouse.duckdb") == 0o600
    assert "was open" not in here("load", "one.jsonl").stderr
    told = here("doctor").stdout
    assert "the data folder is its owner's alone" in told


def test_settings_that_hold_a_password_and_are_open_are_told(tmp_path: Path) -> None:
    (tmp_path / "newsduck.toml").write_text('[alerts]\nurls = ["mailto://me:secret@example.org"]\n')
    (tmp_path / "newsduck.toml").chmod(0o644)
    assert "newsduck.toml holds passwords, and others may read it" in here("doctor").stdout
    (tmp_path / "newsduck.toml").chmod(0o600)
    assert "holds passwords" not in here("doctor").stdout


def test_a_password_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    home = tmp_path / "data" / "prefect"
    found = password.of(home)
    assert password.of(home) == found
    assert found.startswith("newsduck:") and len(found) > 40
    assert mode(password.path(home)) == 0o600 and mode(home) == 0o700


def test_a_password_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    home = tmp_path / "data" / "prefect"
    password.path(home).mkdir(parents=True)
    with pytest.raises(Broken, match="holds the dashboard's password"):
        password.of(home)


def test_a_moved_folder_keeps_its_names_and_a_copy_gets_its_own(tmp_path: Path) -> None:
    import shutil

    one = tmp_path / "news" / "data" / "prefect"
    first, secret = names.of(one), password.of(one)
    assert first.id.startswith("news-") and names.of(one) == first
    (tmp_path / "news").rename(tmp_path / "papers")
    moved = tmp_path / "papers" / "data" / "prefect"
    assert names.of(moved) == first and password.of(moved) == secret
    shutil.copytree(tmp_path / "papers", tmp_path / "copy")
    copied = tmp_path / "copy" / "data" / "prefect"
    assert names.of(copied) != first and names.of(copied).pool != first.pool
    assert password.of(copied) != secret
    assert names.of(moved) == first
    assert names.of(copied).former == (first.id,), "what it brought along in Prefect's records is another's"
    (tmp_path / "papers").rename(tmp_path / "elsewhere")
    shutil.copytree(tmp_path / "elsewhere", tmp_path / "papers")
    assert names.of(moved) != first == names.of(tmp_path / "elsewhere" / "data" / "prefect")


def test_prefects_own_commands_find_the_server_and_keep_other_profiles(tmp_path: Path) -> None:
    import tomllib

    home = tmp_path / "prefect"
    password.of(home)
    (home / "profiles.toml").write_text('active = "mine"\n[profiles.mine]\nPREFECT_API_URL = "http://x/api"\n')
    password.write_profile(home, "http://127.0.0.1:4200/api", "newsduck:x")
    told = tomllib.loads((home / "profiles.toml").read_text())
    assert told["active"] == "newsduck"
    assert told["profiles"]["newsduck"]["PREFECT_API_AUTH_STRING"] == "newsduck:x"
    assert told["profiles"]["mine"] == {"PREFECT_API_URL": "http://x/api"}
    assert mode(home / "profiles.toml") == 0o600
