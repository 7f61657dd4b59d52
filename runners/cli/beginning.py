"""``sop init``: everything a new project needs. Safe to run twice: what is there is left as it is."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import click

from runners.cli.broken import report
from runners.cli.commands import command, pass_session
from runners.cli.failures import Complaint, Failure, words_of
from runners.cli.session import Session
from runners.settings import CONFIG, FOLDER, Settings, SettingsError, database_file, load
from runners.tongue import retold, spoken
from runners.wiring import App, open_app

_IGNORED = "*.db\n*.db-*\nevidence/\nlog/\n"
_TEMPLATE = """\
# Settings of this project. Flags and SOP_… variables come before them; `sop config list --show-origin` shows what holds.
{database}
# person = "ana"                    # who asks, where neither --as nor SOP_USER says
# languages = ["en", "zh-Hans"]
# definitions = ["sops"]            # more folders of definitions; .sop/definitions is always read
# shipped = true                    # offer the SOPs that come with sop
# zone = "Asia/Shanghai"            # where days are counted
# weekend = [6, 7]
# holidays = ["2026-12-25"]
# workdays = []                     # make-up days
"""
_SCHEMA = "sop.draft7.schema.json"
_EDITOR = """\
# How `sop fmt` lays YAML files out.
[*.{yaml,yml}]
charset = utf-8
end_of_line = lf
indent_style = space
indent_size = 2
insert_final_newline = true
trim_trailing_whitespace = true
max_line_length = 132
"""


@command("init")
@click.argument("folder", type=click.Path(path_type=Path), default=Path())
@click.option("--no-people", is_flag=True, help="Bring no sample people along.")
@pass_session
def init_command(session: Session, folder: Path, *, no_people: bool) -> None:
    """Make a project in FOLDER (here if not given).

    Makes .sop/ with settings, database, sample people, a folder for definitions and their schema, and editor settings
    where there are none. Asks nothing and is safe to run twice.
    """
    made: list[str] = []
    project = Path.cwd() / folder
    home = project / FOLDER
    _folder(home / "definitions", made, project)
    database = f'database = "{_escaped(session.options.db)}"' if session.options.db else '# database = ".sop/sop.db"'
    _file(home / CONFIG, _TEMPLATE.format(database=database), made, project)
    _file(home / ".gitignore", _IGNORED, made, project)
    _file(home / "schema" / _SCHEMA, _schema(), made, project)
    editor = {"yaml.schemas": {f"{FOLDER}/schema/{_SCHEMA}": [f"{FOLDER}/definitions/*.yaml"]}}
    _file(project / ".vscode" / "settings.json", json.dumps(editor, indent=2) + "\n", made, project)
    _file(project / ".editorconfig", _EDITOR, made, project)
    settings = _settings(session, project)
    file = database_file(settings.database)
    fresh = file is None or not file.exists()
    with open_app(settings, create=True) as app:
        people = _people(app) if not no_people else 0
        broken = app.library.sync()
        sops = [stored.procedure.sop for stored in app.library.all()]
    if fresh and file is not None:
        made.append(_near(file, project))
    _tell(session, made, people, sops)
    report(session, broken)


def _settings(session: Session, project: Path) -> Settings:
    flags = {"database": session.options.db, "person": session.options.person, "languages": session.options.lang}
    try:
        return load(os.environ, project, flags)
    except SettingsError as error:
        raise Failure([Complaint("SOP-U02", words_of(error), retold(error.hint))], 2) from error


def _escaped(text: str) -> str:
    return json.dumps(text)[1:-1]  # a basic string of TOML takes the same escapes


def _near(path: Path, project: Path) -> str:
    return str(path.relative_to(project) if path.is_relative_to(project) else path)


def _folder(path: Path, made: list[str], project: Path) -> None:
    if not path.is_dir():
        path.mkdir(parents=True)
        made.append(_near(path, project) + "/")


def _file(path: Path, text: str, made: list[str], project: Path) -> None:
    """Write *path* unless it is there; opened so that two who begin at once do not overwrite each other."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        return
    made.append(_near(path, project))


def _schema() -> str:
    from engine.schema import draft7

    return json.dumps(draft7(), indent=1, ensure_ascii=False) + "\n"


def _people(app: App) -> int:
    """The sample people, where there is nobody yet; gives how many came."""
    if app.views.people():
        return 0
    from runners.clock import Ids
    from runners.directory import Taken, read_roster, take_in

    source = app.settings.definitions[0] / "people.example.yaml"
    roster, problems = read_roster(source.read_bytes())
    assert roster is not None, problems  # noqa: S101 - a test reads the shipped file
    taken = take_in(app.database, roster, Ids(), at=app.clock.now())
    return len(taken.added) if isinstance(taken, Taken) else 0


def _tell(session: Session, made: list[str], people: int, sops: list[str]) -> None:
    value = {"made": made, "people": people, "sops": sops}
    session.out.thing(value, [(line, "") for line in _lines(made, people, sops)])
    session.out.next('SOP_USER=ana sop start campaign --title "Spring launch"')


def _lines(made: list[str], people: int, sops: list[str]) -> Iterator[str]:
    yield spoken("Made {what}", what=", ".join(made)) if made else spoken("Everything is there already; nothing was changed")
    if people:
        yield spoken("{people} sample people: sop people list   shows them; use them with --as or SOP_USER", people=people)
    yield spoken("{number} SOPs can be started: {names}", number=len(sops), names=", ".join(sops))
