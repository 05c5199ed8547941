"""How the command line meets its user: commands in the order of use, errors as one line each, nothing secret echoed."""

from __future__ import annotations

import re
import sys
import traceback
from collections.abc import Sequence
from enum import IntEnum
from io import StringIO
from types import TracebackType
from typing import Any, Self

import click

from ragvsft.errors import UserError
from ragvsft.masking import is_secret_key, masked


class ExitCode(IntEnum):
    """How a command ends; `ragvsft --help` lists them."""

    says: str

    DONE = 0, "done"
    BUG = 1, "a bug in ragvsft; please report its traceback"
    MISTAKE = 2, "something that you can fix; one line per problem says how"
    REGRESSION = 100, "a gate found a regression"
    UNDECIDED = 101, "a gate could not decide: too few samples for the difference it guards"
    NOT_COMPARABLE = 102, "a gate was given two runs that cannot be compared"
    STOPPED = 130, "stopped by you, at a prompt or with Ctrl-C"

    def __new__(cls, code: int, says: str) -> Self:
        """Return a code with what it says."""
        made = int.__new__(cls, code)
        made._value_, made.says = code, says
        return made


class Commands(click.Group):
    """Lists the commands in the order of their use, and ends with an ExitCode whatever happens."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands in the order of their use."""
        return list(self.commands)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the exit codes below the help of the whole program."""
        super().format_epilog(ctx, formatter)
        if ctx.parent is None:
            with formatter.section("Exit codes"):
                formatter.write_dl([(str(code.value), code.says) for code in ExitCode])

    def main(self, args: Sequence[str] | None = None, *more: Any, standalone_mode: bool = True, **kwargs: Any) -> Any:
        """Run the command that the arguments name; print what the user got wrong, with keys and passwords hidden.

        A command that returns a number exits with it.
        """
        words = sys.argv[1:] if args is None else args
        run: Any = super().main  # its overloads say Never or Any
        if standalone_mode:
            sys.excepthook = _print_traceback
        try:
            code = run(args, *more, standalone_mode=False, **kwargs)
        except UserError as error:
            for problem in error.problems:
                click.echo(f"error: {printable(problem)}", err=True)
            sys.exit(ExitCode.MISTAKE)
        except click.ClickException as error:
            click.echo(_usage(error, words), err=True, nl=False)
            sys.exit(error.exit_code)
        except click.Abort:
            click.echo("stopped", err=True)
            sys.exit(ExitCode.STOPPED)
        if standalone_mode:
            sys.exit(code if isinstance(code, int) else ExitCode.DONE)
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
