"""How commands are made: the options that every command takes, before or after its name, and lazy loading."""

import importlib
from collections.abc import Callable
from typing import Any, Final

import click

from runners.cli.catalogue import COMMANDS
from runners.cli.help_pages import Spoken, write_commands
from runners.cli.output import FORMATS
from runners.cli.session import Session
from runners.tongue import spoken

pass_session: Final = click.make_pass_decorator(Session)
"""Gives a command its session as first argument."""


def _keep(name: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    def keep(ctx: click.Context, _param: click.Parameter, value: Any) -> None:  # noqa: ANN401 - any option
        session = ctx.find_object(Session)
        if session is not None and value not in (None, False, 0, ""):
            setattr(session.options, name, value)

    return keep


def _format_json(ctx: click.Context, _param: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's own signature
    session = ctx.find_object(Session)
    if session is not None and value:
        session.options.format = "json"


def _off(name: str) -> Callable[[click.Context, click.Parameter, bool], None]:
    def off(ctx: click.Context, _param: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's own signature
        session = ctx.find_object(Session)
        if session is not None and value:
            setattr(session.options, name, False)

    return off


def _globals(*, hidden: bool) -> list[click.Option]:
    common: dict[str, Any] = {"expose_value": False, "hidden": hidden}
    flag: dict[str, Any] = {**common, "is_flag": True}
    return [
        click.Option(["--db"], metavar="URL", callback=_keep("db"), help="The database: a file or a URL.", **common),
        click.Option(["--as"], metavar="HANDLE", callback=_keep("person"), help="Who asks.", **common),
        click.Option(["--json"], callback=_format_json, help="Print JSON; the same as --format json.", **flag),
        click.Option(["--format"], type=click.Choice(FORMATS), callback=_keep("format"), help="How to print.", **common),
        click.Option(["-q", "--quiet"], callback=_keep("quiet"), help="Only results and errors.", **flag),
        click.Option(["-v", "--verbose"], count=True, callback=_keep("verbose"), help="More about it.", **common),
        click.Option(["--no-color"], callback=_off("color"), help="No colours.", **flag),
        click.Option(["--no-input"], callback=_off("input"), help="Never ask.", **flag),
        click.Option(
            ["--lang"], metavar="TAGS", callback=_keep("lang"), is_eager=True, help="Languages of texts, best first.", **common
        ),
        click.Option(["--debug"], callback=_keep("debug"), help="Show the details of errors.", **flag),
    ]


class Command(Spoken):
    """A command of ours: it takes the global options after its name too."""

    def __init__(self, *args: Any, **more: Any) -> None:  # noqa: ANN401 - click's own arguments
        super().__init__(*args, **more)
        own = {name for param in self.params for name in param.opts}
        self.params += [option for option in _globals(hidden=True) if own.isdisjoint(option.opts)]


class Family(Spoken, click.Group):
    """A command with commands of its own (``people list``); they take the global options too."""

    command_class = Command

    def __init__(self, *args: Any, **more: Any) -> None:  # noqa: ANN401 - click's own arguments
        super().__init__(*args, **more)
        self.params += _globals(hidden=True)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The help's list of commands."""
        write_commands(self, ctx, formatter)


def command(name: str, **more: Any) -> Callable[[Callable[..., Any]], Command]:  # noqa: ANN401 - click's own arguments
    """Makes a function the command *name* of the catalogue; its docstring is the long help."""
    made: Callable[[Callable[..., Any]], Command] = click.command(name, cls=Command, short_help=COMMANDS[name].help, **more)
    return made


class Sop(Spoken, click.Group):
    """All commands. Knows their names and one line about each; loads one when it is called."""

    def __init__(self) -> None:
        super().__init__(
            "sop",
            params=[*_globals(hidden=False), click.Option(["--version"], is_flag=True, expose_value=False, is_eager=True,
                                                          callback=_version, help="Print the version and leave.")],
            help="Runs standard operating procedures: enforced order, separated duties, a history that proves itself.",
            epilog="sop COMMAND --help explains a command, sop help a topic. The options above may also stand after the command.",
            no_args_is_help=False,
            invoke_without_command=True,
            callback=_no_command,
            context_settings={"help_option_names": ["-h", "--help"]},
        )  # fmt: skip

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """Names, in the order of the help."""
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        """The command *name*, loaded now."""
        if name not in COMMANDS:
            return None
        module = importlib.import_module(f"runners.cli.{COMMANDS[name].module}")
        found: click.Command = getattr(module, f"{name}_command")
        return found

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that *args* name; suggests near ones."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            raise click.exceptions.NoSuchCommand(args[0], possibilities=list(COMMANDS), ctx=ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The help's lists of commands, by section."""
        for section in dict.fromkeys(entry.section for entry in COMMANDS.values()):
            rows = [(name, spoken(entry.help)) for name, entry in COMMANDS.items() if entry.section == section]
            with formatter.section(spoken(section)):
                formatter.write_dl(rows)


def _version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's own signature
    if value and not ctx.resilient_parsing:
        session = ctx.find_object(Session)
        if session is not None:
            session.out.line(f"sop {version()}")
        ctx.exit()


def version() -> str:
    """The version of this program."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as of

    try:
        return of("sopwith")
    except PackageNotFoundError:
        return "0 (not installed)"


@click.pass_context
def _no_command(ctx: click.Context) -> None:
    if ctx.invoked_subcommand is None:
        session = ctx.find_object(Session)
        if session is not None:
            session.out.line(ctx.get_help())
