"""The page of the reference about the command line, made from the commands themselves."""

from collections.abc import Iterator

import click

from runners.cli.catalogue import COMMANDS
from runners.cli.commands import Sop
from runners.cli.helping import TOPICS


def page() -> str:
    """The whole page, in Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    group = Sop()
    root = click.Context(group, info_name="sop")
    yield "# The command line"
    yield ""
    yield "<!-- Made from the commands by `uv run python tests/regenerate.py cli`. -->"
    yield ""
    yield "These options may stand before or after the name of a command:"
    yield ""
    yield from _options(group, root)
    for section in dict.fromkeys(entry.section for entry in COMMANDS.values()):
        yield f"## {section}"
        yield ""
        for name, entry in COMMANDS.items():
            if entry.section == section:
                command = group.get_command(root, name)
                assert command is not None  # noqa: S101 - it stands in the catalogue
                yield from _command(command, root, 3)
    for topic in ("formats", "environment"):
        yield f"## {topic.capitalize()}"
        yield ""
        yield "```text"
        yield from (text for text, _ in TOPICS[topic]())
        yield "```"
        yield ""


def _command(command: click.Command, parent: click.Context, level: int) -> Iterator[str]:
    context = click.Context(command, info_name=command.name, parent=parent)
    yield f"{'#' * level} `{context.command_path}`"
    yield ""
    yield "```text"
    yield " ".join([context.command_path, *command.collect_usage_pieces(context)])
    yield "```"
    yield ""
    yield from _text(command.help or "")
    yield from _options(command, context)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None  # noqa: S101 - it was just listed
            yield from _command(inner, context, level + 1)


def _text(text: str) -> Iterator[str]:
    """The help, paragraph by paragraph; one that click keeps as it is becomes a block."""
    for paragraph in text.replace("\b", "\b\n").split("\n\n"):
        lines = paragraph.strip("\n").splitlines()
        if lines and lines[0].strip() == "\b":
            yield from ["```text", *(line for line in lines[1:] if line.strip()), "```", ""]
        elif lines:
            yield from [" ".join(line.strip() for line in lines), ""]


def _options(command: click.Command, context: click.Context) -> Iterator[str]:
    rows = [param.get_help_record(context) for param in command.params if isinstance(param, click.Option) and not param.hidden]
    if any(rows):
        yield "| option | meaning |"
        yield "|---|---|"
        yield from (f"| `{row[0].replace('|', chr(92) + '|')}` | {row[1]} |" for row in rows if row)
        yield ""
