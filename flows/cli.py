"""The command line. A command is a file of flows/commands/, imported when it is called, so that `newsduck sql` does not wait for
Prefect."""

import ast
import contextlib
import importlib
import os
import re
import sys
import textwrap
from pathlib import Path
from typing import NoReturn

import click
from click.shell_completion import CompletionItem

from extract.errors import NewsduckError
from flows.telling import echo
from storage import disk

ROOM = 80  # columns for a command's help beside its name, where a shell shows it
FOLDER = Path(__file__).with_name("commands")


class Commands(click.Group):
    """The files of a folder as commands."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Their names."""
        return sorted(path.stem for path in FOLDER.glob("[a-z]*.py"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One of them."""
        if cmd_name not in self.list_commands(ctx):
            return None
        found: click.Command = importlib.import_module(f"flows.commands.{cmd_name}").command
        found.name = cmd_name
        return found

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """What a shell offers, without importing a command."""
        names = [name for name in self.list_commands(ctx) if name.startswith(incomplete)]
        found = [CompletionItem(name, help=_help(FOLDER / f"{name}.py", ROOM)) for name in names]
        return found + click.Command.shell_complete(self, ctx, incomplete)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List them with their help, without importing one."""
        with formatter.section("Commands"):
            names = self.list_commands(ctx)
            room = formatter.width - 6 - max(map(len, names))
            formatter.write_dl([(name, _help(FOLDER / f"{name}.py", room)) for name in names])


def _help(path: Path, room: int) -> str:
    """As much as there is room for of what a command's function says of itself."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef) and node.name == "command":
            sentence = re.split(r"\.\s+(?=[A-Z])", ast.get_docstring(node) or "")[0].rstrip(".")
            return textwrap.shorten(sentence, room, placeholder=" …")
    return ""


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="newsduck")
def newsduck() -> None:
    """A news warehouse you run for yourself: feeds in, stories out, and who wrote them."""


def main() -> None:
    """Run a command. What newsduck raises on purpose is one line on standard error and exit code 2."""
    try:
        sys.exit(newsduck.main(standalone_mode=False) or 0)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except NewsduckError as error:
        _tell(f"newsduck: {' '.join(str(error).split())}")
        _end(2)
    except BrokenPipeError:  # `newsduck sql … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        _end(141)
    except OSError as error:  # what is written to has no room, or has gone
        _tell(f"newsduck: {error.filename or 'output'}: {disk.way_out(error)}")
        _end(2)
    except (click.Abort, KeyboardInterrupt):
        what = "; what was fetched is in the archive, the next run loads it" if _began() else ""
        _tell(f"newsduck: stopped{what}")
        _end(130)


def _tell(line: str) -> None:
    with contextlib.suppress(BrokenPipeError):  # `newsduck ingest 2>&1 | head`
        echo(line, err=True)


def _began() -> bool:
    """Whether a flow was begun."""
    running = sys.modules.get("flows.commands._running")
    return running is not None and running.begun


def _end(code: int) -> NoReturn:
    """End the process, as one is ended that ran Prefect where a flow was begun."""
    if _began():
        try:
            sys.modules["flows.commands._running"].leave(code)
        except BrokenPipeError:
            os._exit(code)
    sys.exit(code)
