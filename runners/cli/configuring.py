"""``sop config`` and ``sop completion``."""

from typing import Any, Final

import click

from runners.cli.catalogue import COMMANDS
from runners.cli.commands import Family, command, pass_session
from runners.cli.door import COMPLETE
from runners.cli.session import Session
from runners.cli.tables import Column
from runners.tongue import marked, spoken

_SHELLS: Final = ("bash", "zsh", "fish")
_ORIGINS: Final = (marked("default"), marked("the operating system's user"))
"""Where a setting comes from when it is no flag, variable or file; spoken on display, because data has it too."""


@click.group("config", cls=Family, short_help=COMMANDS["config"].help, invoke_without_command=True)
@click.pass_context
def config_command(ctx: click.Context) -> None:
    """The settings that hold, and where they come from."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_settings)


def _without_secret(url: str) -> str:
    """The URL of a database without the password in it."""
    scheme, found, rest = url.partition("://")
    user, at, place = rest.rpartition("@")
    return f"{scheme}://{user.partition(':')[0]}@{place}" if found and at else url


@config_command.command("list")
@click.option("--show-origin", is_flag=True, help="Say where each value comes from.")
@pass_session
def list_settings(session: Session, *, show_origin: bool = False) -> None:
    """List every setting."""
    settings = session.settings
    values: dict[str, Any] = {
        "database": _without_secret(settings.database), "person": settings.person, "languages": list(settings.languages),
        "definitions": [str(path) for path in settings.definitions], "shipped": settings.shipped,
        "evidence": str(settings.evidence), "zone": settings.zone,
        "weekend": sorted(settings.weekend), "holidays": list(settings.holidays), "workdays": list(settings.workdays),
    }  # fmt: skip
    items = [{"name": name, "value": value, "origin": settings.origins[name]} for name, value in values.items()]

    def shown(item: Any) -> str:  # noqa: ANN401 - plain data
        value = item["value"]
        if isinstance(value, bool):
            return str(value).lower()  # as it is written in the file
        return ", ".join(map(str, value)) if isinstance(value, list) else str(value if value is not None else "")

    def came(item: Any) -> str:  # noqa: ANN401 - plain data
        origin = item["origin"]
        return spoken(origin)

    columns = [Column(spoken("SETTING"), lambda item: item["name"]), Column(spoken("VALUE"), shown)]
    if show_origin or session.options.verbose:
        columns.insert(1, Column(spoken("FROM"), came))
    session.out.items(items, columns)


@config_command.command("path")
@pass_session
def config_path(session: Session) -> None:
    """Where the settings of this project and of the user are read from."""
    import os

    from runners.settings import CONFIG, user_config

    project = str(session.settings.folder / CONFIG) if session.settings.folder else None
    user = str(user_config(os.environ))
    ours = spoken("project: {path}", path=project) if project else spoken("project: none; sop init makes one")
    session.out.thing({"project": project, "user": user}, [(ours, ""), (spoken("user: {path}", path=user), "")])


@command("completion")
@click.argument("shell", type=click.Choice(_SHELLS))
@pass_session
def completion_command(session: Session, shell: str) -> None:
    """Print the completion script of a SHELL; it completes commands, options, runs, tasks, SOPs and people.

    \b
    bash:  eval "$(sop completion bash)"        in ~/.bashrc
    zsh:   eval "$(sop completion zsh)"         in ~/.zshrc
    fish:  sop completion fish | source         in ~/.config/fish/config.fish
    """  # noqa: D301 - click's mark for a paragraph that is kept as it is
    from click.shell_completion import FishComplete, ShellComplete, ZshComplete, get_completion_class

    found: type[ShellComplete] | None = {"zsh": ZshComplete, "fish": FishComplete}.get(shell) or get_completion_class(shell)
    assert found is not None  # noqa: S101 - the choice is among those that click knows
    root = click.get_current_context().find_root().command
    # The source alone: click's own bash class would first start a bash to ask for its version.
    script = found(root, {}, "sop", COMPLETE)
    session.out.raw((script.source_template % script.source_vars()).rstrip("\n"))
