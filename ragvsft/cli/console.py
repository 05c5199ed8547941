"""How the command line meets its user: commands in the order of use, errors as one line each, nothing secret echoed."""

from __future__ import annotations

import re
import sys
import traceback
from collections.abc import Sequence
from io import StringIO
from types import TracebackType
from typing import Any

import click

from ragvsft.errors import UserError
from ragvsft.masking import is_secret_key, masked


class Commands(click.Group):
    """Lists the commands in the order of their use, and turns UserError into exit code 2."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands in the order of their use."""
        return list(self.commands)

    def main(self, args: Sequence[str] | None = None, *more: Any, standalone_mode: bool = True, **kwargs: Any) -> Any:
        """Run the command that the arguments name; print what the user got wrong, with keys and passwords hidden."""
        words = sys.argv[1:] if args is None else args
        run: Any = super().main  # its overloads say Never or Any
        if standalone_mode:
            sys.excepthook = _print_traceback
        try:
            code = run(args, *more, standalone_mode=False, **kwargs)
        except UserError as error:
            for problem in error.problems:
                click.echo(f"error: {printable(problem)}", err=True)
            sys.exit(2)
        except click.ClickException as error:
            click.echo(_usage(error, words), err=True, nl=False)
            sys.exit(error.exit_code)
        except click.Abort:
            click.echo("Aborted!", err=True)
            sys.exit(1)
        if standalone_mode:
            sys.exit(code if isinstance(code, int) else 0)
        return code


def printable(text: str) -> str:
    """Return text without the control characters that could drive a terminal."""
    return "".join(
        c if c.isprintable() or c == "\N{NO-BREAK SPACE}" else c.encode("unicode_escape").decode() for c in text
    )


def _usage(error: click.ClickException, words: Sequence[str]) -> str:
    """Return what click says of the arguments; in `-s hub_token abc`, abc is left over, and may have any shape."""
    said = StringIO()
    error.show(said)
    if any(is_secret_key(word.lstrip("-")) for word in words):
        return masked(re.sub(r"(Got unexpected extra arguments?) \(.*\)", r"\1", said.getvalue(), flags=re.DOTALL))
    return masked(said.getvalue())


def _print_traceback(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Print the traceback of a bug of ours; even that must not show a key that was in the data."""
    sys.stderr.write(masked("".join(traceback.format_exception(kind, error, trace))))
