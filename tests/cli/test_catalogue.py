"""The catalogue of commands, their help, and the page of the reference made from them."""

import re

import click
import pytest

from runners.cli.catalogue import COMMANDS
from runners.cli.commands import Command, Family, Sop
from runners.cli.reference import page

GROUP = Sop()
CONTEXT = click.Context(GROUP, info_name="sop")


def found(name: str) -> click.Command:
    """The command *name*."""
    command = GROUP.get_command(CONTEXT, name)
    assert command is not None
    return command


@pytest.mark.parametrize("name", COMMANDS)
def test_the_catalogue_says_what_the_commands_are(name: str) -> None:
    """Each entry leads to a command of that name, with the same one line of help."""
    command = found(name)
    assert command.name == name
    assert command.short_help == COMMANDS[name].help
    assert isinstance(command, Command | Family)


@pytest.mark.parametrize("name", COMMANDS)
def test_everything_is_explained(name: str) -> None:
    """Every command has a help text, every visible option one too, and the one line ends as a sentence."""
    commands = [found(name)]
    commands += list(getattr(commands[0], "commands", {}).values())
    assert COMMANDS[name].help.endswith(".")
    for command in commands:
        assert command.help, command.name
        for param in command.params:
            if isinstance(param, click.Option) and not param.hidden:
                assert param.help, (command.name, param.name)


@pytest.mark.parametrize("name", COMMANDS)
def test_short_options_are_the_few_that_are_the_same_everywhere(name: str) -> None:
    """Only -h -q -v -n -m -y -o -f, each with one meaning."""
    meanings = {
        "-h": "help",
        "-q": "quiet",
        "-v": "verbose",
        "-n": "dry_run",
        "-m": "note",
        "-y": "yes",
        "-o": "output",
        "-f": "force",
    }
    for param in found(name).params:
        for option in param.opts:
            if re.fullmatch("-[a-zA-Z]", option):
                assert meanings[option] == param.name


def test_writing_commands_can_be_tried_and_repeated() -> None:
    """Every command that changes a run takes --dry-run and --idempotency-key."""
    for name in ("claim", "unclaim", "complete", "reject", "comment", "attach", "start", "assign", "cancel"):
        options = {option for param in found(name).params for option in param.opts}
        assert {"--dry-run", "-n", "--idempotency-key"} <= options


def test_reading_commands_can_look_back() -> None:
    """Every command that reads runs takes --as-of."""
    for name in ("inbox", "show", "runs", "history", "graph"):
        assert "--as-of" in {option for param in found(name).params for option in param.opts}


def test_the_reference_of_the_command_line_is_up_to_date() -> None:
    """docs/reference/cli.md is what the commands say today; `python tests/regenerate.py cli` makes it anew."""
    from pathlib import Path

    written = (Path(__file__).parents[2] / "docs" / "reference" / "cli.md").read_text(encoding="utf-8")
    assert written == page(), "run: uv run python tests/regenerate.py cli"
