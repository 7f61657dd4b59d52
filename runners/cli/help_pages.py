"""``--help`` in the language that is spoken: what click collects, said again when it is shown.

The English texts stand where commands and options are made, and are their own keys. Lines are broken by click, except
where letters are two cells wide: click counts characters, and knows no line break between words without blanks.
"""

import inspect
import re
from collections.abc import Iterable
from typing import Final

import click

from runners.cli.tables import width
from runners.tongue import marked, spoken

_WIDE: Final = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
"""Chinese letters and signs: a line may be broken beside each. Korean is written with blanks."""
_OPENS: Final = "\uff08\u300c\u300e\u300a\u3008\u3010\u201c\u2018"
_CLOSES: Final = "\uff0c\u3002\u3001\uff1b\uff1a\uff01\uff1f\uff09\u300d\u300f\u300b\u3009\u3011\u201d\u2019\u2026"
_UNIT: Final = rf"(\s*)([{_OPENS}]*(?:[{_WIDE}]|[^\s{_WIDE}]+)[{_CLOSES}]*)"
"""What no line is broken within, and the blanks before it. Compiled when wide text is shown: every start would pay for it."""

_USAGE: Final = marked("Usage:")
_OPTIONS: Final = marked("Options")
_COMMANDS: Final = marked("Commands")


def cleaned(text: str) -> str:
    """The help *text* without the indentation and the line breaks of the code: paragraphs, with an empty line between them."""
    whole = inspect.cleandoc(text).partition("\f")[0]
    paragraphs = re.split(r"\n{2,}", whole.strip("\n"))
    return "\n\n".join(part if part.startswith("\b") else " ".join(part.splitlines()) for part in paragraphs)


def broken(text: str, room: int) -> list[str]:
    """The lines of *text*, none wider than *room* cells as far as that can be."""
    lines: list[str] = []
    for paragraph in text.split("\n\n"):
        lines += [""] if lines else []
        if paragraph.startswith("\b"):  # laid out by hand: click's own sign for it
            lines += paragraph.splitlines()[1:]
            continue
        line = ""
        for blanks, unit in re.findall(_UNIT, paragraph):
            longer = f"{line} {unit}" if blanks and line else line + unit
            if line and width(longer) > room:
                lines.append(line)
                longer = unit
            line = longer
        lines.append(line)
    return lines


class Formatter(click.HelpFormatter):
    """Counts cells where letters are wide; leaves everything else to click."""

    def write_heading(self, heading: str) -> None:
        """What stands above a list."""
        self.write(f"{' ' * self.current_indent}{spoken('{heading}:', heading=heading)}\n")

    def write_text(self, text: str) -> None:
        """Paragraphs, each line within the width."""
        if width(text) == len(text):
            super().write_text(text)
            return
        indent = " " * self.current_indent
        for line in broken(text, self.width - self.current_indent):
            self.write(f"{indent}{line}".rstrip() + "\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Two columns: names, and what each means."""
        rows = list(rows)
        if all(width(text) == len(text) for _, text in rows):
            super().write_dl(rows, col_max, col_spacing)
            return
        first = min(max(len(name) for name, _ in rows), col_max) + col_spacing
        indent, room = " " * self.current_indent, max(self.width - first - 2, 10)
        for name, text in rows:
            lines = broken(text, room)
            if len(name) + col_spacing > first:
                self.write(f"{indent}{name}\n")
                name = ""  # noqa: PLW2901 - it has a line of its own
            self.write(f"{indent}{name:<{first}}{lines[0]}\n")
            self.write("".join(f"{indent}{'':<{first}}{line}\n" for line in lines[1:]))


class Spoken(click.Command):
    """A command whose help is said in the language that is spoken."""

    def get_help(self, ctx: click.Context) -> str:
        """The whole page."""
        formatter = Formatter(width=ctx.terminal_width, max_width=ctx.max_content_width)
        self.format_help(ctx, formatter)
        return formatter.getvalue().rstrip("\n")

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """How it is called."""
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), f"{spoken(_USAGE)} ")

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's own
        """What it does."""
        if self.help:
            formatter.write_paragraph()
            with formatter.indentation():
                formatter.write_text(spoken(cleaned(self.help)))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Its options, and its commands."""
        params = [param for param in self.get_params(ctx) if isinstance(param, click.Option)]
        records = [record for param in params if (record := _record(param, ctx))]
        if records:
            with formatter.section(spoken(_OPTIONS)):
                formatter.write_dl(records)
        if isinstance(self, click.Group):
            self.format_commands(ctx, formatter)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's own
        """What stands at the end."""
        if self.epilog:
            formatter.write_paragraph()
            with formatter.indentation():
                formatter.write_text(spoken(cleaned(self.epilog)))


def _record(option: click.Option, ctx: click.Context) -> tuple[str, str] | None:
    """How *option* is written, and what it does; None for one that is hidden."""
    record = option.get_help_record(ctx)
    if record is None:
        return None
    extra = option.get_help_extra(ctx)
    notes = [spoken("default: {value}", value=extra["default"])] if "default" in extra else []
    notes += [extra["range"]] if "range" in extra else []
    notes += [spoken("required")] if "required" in extra else []
    said = spoken(option.help or "")
    return record[0], "  ".join([said] * bool(said) + [f"[{'; '.join(notes)}]"] * bool(notes))


def write_commands(group: click.Group, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    """The commands of *group*, each with one line about it."""
    known = [(name, command) for name in group.list_commands(ctx) if (command := group.get_command(ctx, name))]
    limit = formatter.width - 6 - max(len(name) for name, _ in known)
    with formatter.section(spoken(_COMMANDS)):
        formatter.write_dl([(name, _brief(command, limit)) for name, command in known])


def _brief(command: click.Command, limit: int) -> str:
    """The first sentence about *command*, in at most *limit* cells."""
    english = cleaned(command.short_help or command.help or "")
    said = spoken(english)
    if said == english:
        return command.get_short_help_str(limit)
    sentence = re.split(r"(?<=\u3002)|\.(?=\s)", said.partition("\n\n")[0])[0].rstrip("\u3002.")
    return sentence if width(sentence) <= limit else f"{broken(sentence, limit - 1)[0].rstrip(_CLOSES)}\u2026"


_COMPLAINTS: Final = (
    marked("no such option {name}"),
    marked("no such command {name}"),
    marked("option {name} requires an argument"),
    marked("option {name} does not take a value"),
    marked("missing argument {name}"),
    marked("missing option {name}"),
    marked("missing command"),
    marked("got unexpected extra argument ({arguments})"),
    marked("got unexpected extra arguments ({arguments})"),
    marked("invalid value for {name}: {what}"),
    marked("{value} is not a valid {type}"),
    marked("{value} is not in the range {range}"),
    marked("{value} is not one of {values}"),
)
"""What click complains of, without its capital and its full stop."""
_TYPES: Final = frozenset({marked("integer"), marked("integer range"), marked("float"), marked("float range")})


def complaint(message: str) -> str:
    """A complaint of click's, in the language that is spoken; in English where it is none of those that are known."""
    message = message.partition(". Choose from:")[0]  # what can be chosen stands in the name of the argument already
    for template in _COMPLAINTS:
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+)", re.escape(template))
        if found := re.fullmatch(pattern, message, re.DOTALL):
            parts = found.groupdict()
            parts |= {name: complaint(part) for name, part in parts.items() if name == "what"}
            parts |= {name: spoken(part) for name, part in parts.items() if name == "type" and part in _TYPES}
            return spoken(template, **parts)
    return message
