"""Commands as a person types them."""

import contextlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from demo.newsroom import Newsroom
from tests.line import AGENCIES

PROGRAM = Path(sys.executable).with_name("newsduck")


def newsduck(*words: str, cwd: Path, stdin: str | bytes = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the real command."""
    env = {**{k: v for k, v in os.environ.items() if not k.startswith("NEWSDUCK_")}, **environment}
    data = stdin if isinstance(stdin, bytes) else stdin.encode()
    done = subprocess.run([PROGRAM, *words], cwd=cwd, env=env, input=data, capture_output=True, timeout=600)
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def here(*words: str, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[str]:
    """The same in this process and folder: a tenth of the time, for what does not hang on how a process starts."""
    from flows.cli import main

    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["newsduck", *words])
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        for name, value in environment.items():
            patch.setenv(name, value)
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), pytest.raises(SystemExit) as end:
            main()
    return subprocess.CompletedProcess(words, int(end.value.code or 0), out.getvalue(), err.getvalue())


def configure(folder: Path, newsroom: Newsroom, more: str = "") -> None:
    """Settings and feed list for the newsroom."""
    topics = "".join(
        f"[topics.{json.dumps(name)}]\nquery = {json.dumps(query, ensure_ascii=False)}\n"
        for name, query in newsroom.topics().items()
    )
    (folder / "newsduck.toml").write_text(
        f'{more}agencies = "{AGENCIES}"\n[read]\nworkers = 1\n[fetch]\nallow_loopback = true\npause = 0.0\n[poll]\nevery_minutes = 0.0001\n{topics}',
        encoding="utf-8",
    )
    (folder / "feeds.opml").write_text(newsroom.opml(), encoding="utf-8")


def refused(done: subprocess.CompletedProcess[str], *words: str) -> None:
    """One clear line on standard error that names the thing and the way out, exit code 2, nothing else."""
    assert done.returncode == 2, done.stdout + done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("newsduck: ")
    for word in words:
        assert word in done.stderr
