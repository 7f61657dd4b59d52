"""``sop help`` and ``sop version``."""

import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Final

import click

from runners.cli.commands import command, pass_session, version
from runners.cli.doing import Line
from runners.cli.failures import missing
from runners.cli.session import Session
from runners.tongue import marked, spoken

_CHEATSHEET: Final = marked("""\
sop inbox                                   what waits for me
sop show CAM-1/brief                        what to do, the form, how it can end
sop claim CAM-1/brief                       I take it
sop complete CAM-1/brief --set x=1 -m "…"   done; without values, a terminal asks
sop reject CAM-1/review --to draft -m "…"   back, and why
sop comment CAM-1 -m "…"                    a note
sop start campaign --title "…" --role manager=@me --set budget=20000
sop runs --overdue                          what is late
sop assign CAM-1/brief --to ben -m "…"      give it to somebody
sop cancel CAM-1 -m "…"                     end it
sop history CAM-1                           what happened
sop verify --all                            is it all as it was written
""")

_ENVIRONMENT: Final = marked("""\
SOP_DB            the database: a file or a URL (--db)
SOP_USER          who asks: a handle (--as)
SOP_LANG          languages of texts, best first (--lang); else LANGUAGE, LC_ALL, LC_MESSAGES, LANG
SOP_DEFINITIONS   more folders of definitions, separated by commas
SOP_SHIPPED       whether the SOPs that come with sop are offered: true or false
SOP_EVIDENCE      the folder of evidence files
SOP_ZONE          the zone whose days are counted, like Asia/Shanghai
SOP_WEEKEND       free weekdays, 1 for Monday to 7 for Sunday, like 6,7
SOP_HOLIDAYS      free days, like 2026-12-25,2027-01-01
SOP_WORKDAYS      make-up days
NO_COLOR          no colours; FORCE_COLOR: colours even where nobody seems to look; TERM=dumb: no colours
COLUMNS           how wide tables may be on a terminal
XDG_CONFIG_HOME   where the user's sop/config.toml is
XDG_DATA_HOME     where data are outside a project
XDG_STATE_HOME    where the debug log goes when the project's folder cannot be written

A flag comes before a variable, a variable before the project's .sop/config.toml, that before the user's, that before the
default. sop config list --show-origin   shows what holds and why.
""")

_FORMATS: Final = marked("""\
--format table    for people: aligned, fitted to the terminal
--format plain    the same, separated by tabs, nothing cut; with -q without headings
--format json     one object: {"schema": "sop/1", "items": […], "next": …} for lists; --json is short for it
--format jsonl    one object for each line of a list
--format csv      RFC 4180; cells that a spreadsheet would take for a formula begin with an apostrophe

JSON is for programs: fields are added and never change their meaning while schema says sop/1. Times are RFC 3339 in UTC.
With --json an error is one JSON object on the other stream (code, message, hint, exit, details), and nothing is printed.
Lists are paged with --limit and --after, which takes what next says.
Control characters, escape sequences and characters that turn the reading order are written out in every format.
""")


def _fixed(text: str) -> Callable[[], Iterator[Line]]:
    return lambda: ((line, "") for line in spoken(text).splitlines())


def _exits() -> Iterator[Line]:
    from runners.exits import EXITS

    for code, words in EXITS.items():
        yield f"{code:>4}  {spoken(words)}", ""


def _errors() -> Iterator[Line]:
    for code, (title, _) in _codes().items():
        yield f"{code}  {spoken(title)}", ""
    yield "", ""
    yield spoken("sop help errors CODE   explains one"), ""


def _codes() -> dict[str, tuple[str, str]]:
    """Every code that an error can have: its title, and what to do; to be spoken."""
    from engine.checks.codes import CODES as LINT
    from runners.cli.failures import CODES
    from runners.messages import explained

    codes: Mapping[str, tuple[str, str]] = {**explained(), **CODES, **{str(code): text for code, text in LINT.items()}}
    return dict(codes)


TOPICS: Final[Mapping[str, Callable[[], Iterator[Line]]]] = {
    "cheatsheet": _fixed(_CHEATSHEET), "exit-codes": _exits, "errors": _errors, "environment": _fixed(_ENVIRONMENT),
    "formats": _fixed(_FORMATS),
}  # fmt: skip


@command("help")
@click.argument("topic", required=False)
@click.argument("code", required=False)
@click.pass_context
def help_command(ctx: click.Context, topic: str | None, code: str | None) -> None:
    """Explain TOPIC: cheatsheet, exit-codes, errors [CODE], environment, formats; or a command."""
    session = ctx.find_object(Session)
    root = ctx.find_root().command
    assert session is not None  # noqa: S101 - the door makes one
    assert isinstance(root, click.Group)  # noqa: S101 - it is ours
    if topic is None:
        session.out.line(spoken("Topics: {names}. sop COMMAND --help explains a command.", names=", ".join(TOPICS)))
        return
    if topic == "errors" and code:
        found = _codes().get(code.upper())
        if found is None:
            raise missing("code", code, sorted(_codes()))
        title, help_ = (spoken(text) for text in found)
        lines = [(f"{code.upper()}  {title}", "bold"), (help_, "")]
        session.out.thing({"code": code.upper(), "title": title, "help": help_}, lines)
        return
    if topic in TOPICS:
        lines = list(TOPICS[topic]())
        session.out.thing({"topic": topic, "text": "\n".join(text for text, _ in lines)}, lines)
        return
    named = root.get_command(ctx, topic)
    if named is None:
        raise missing("topic", topic, [*TOPICS, *root.list_commands(ctx)])
    with click.Context(named, info_name=topic, parent=ctx.find_root()) as inner:
        session.out.line(named.get_help(inner))


@command("version")
@pass_session
def version_command(session: Session) -> None:
    """The version of this program, of Python and of SQLite."""
    import sqlite3

    python = ".".join(map(str, sys.version_info[:3]))
    value = {"sop": version(), "python": python, "sqlite": sqlite3.sqlite_version}
    session.out.thing(value, [(f"sop {version()} (Python {python}, SQLite {sqlite3.sqlite_version})", "")])
