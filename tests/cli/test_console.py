"""How a command ends: one exit code per ending, all of them in the help."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from ragvsft.cli.console import Commands, ExitCode
from ragvsft.cli.main import main
from ragvsft.errors import UserError


@click.group(cls=Commands)
def program() -> None:
    """End in every way there is."""


@program.command()
def gate() -> int:
    """Find a regression."""
    return ExitCode.REGRESSION


@program.command()
def nothing() -> None:
    """Be done."""


@program.command()
def mistaken() -> None:
    """Meet something the user can mend."""
    raise UserError("a.yaml: k is 0; give at least 1")


@program.command()
def ask() -> None:
    """Ask, and be interrupted."""
    click.confirm("Really?", abort=True)


@program.command()
def interrupted() -> None:
    """Be stopped with Ctrl-C."""
    raise KeyboardInterrupt


@program.command()
def broken() -> None:
    """Have a bug."""
    raise ZeroDivisionError


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("nothing", 0), ("broken", 1), ("mistaken", 2), ("nowhere", 2), ("gate", 100), ("ask", 130),
        ("interrupted", 130),
    ],
)  # fmt: skip
def test_every_ending_has_its_code(command: str, code: int) -> None:
    """A number that a command returns is its exit code; an aborted prompt is no bug."""
    assert CliRunner().invoke(program, [command], input="n\n").exit_code == code


def test_the_help_lists_every_exit_code() -> None:
    """Of the whole program, and not again below each of its groups."""
    said = CliRunner().invoke(main, ["--help"]).stdout
    for code in ExitCode:
        assert f"\n  {code.value:<4} {code.says}" in said
    assert "Exit codes" not in CliRunner().invoke(main, ["import", "--help"]).stdout
