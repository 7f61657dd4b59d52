"""The catalogues of the program's messages, made with babel: extracted from the code, merged, compiled.

``python tests/regenerate.py messages`` writes them; the tests beside this file hold that they are what would be made now.
"""

import ast
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final

import click
from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from engine.checks.codes import CODES
from runners.cli.commands import Sop
from runners.cli.help_pages import cleaned
from runners.tongue import DOMAIN, FOLDER, LANGUAGES

ROOT: Final = Path(__file__).parents[2]

KEYWORDS: Final = {"spoken": 1, "spoken_many": 2, "marked": 1, "said": 1}
"""The functions that are given a message, and in how many arguments; ``spoken_many`` has a singular and a plural."""

HELP: Final = "help"
"""What stands in the comment of a message that is a part of ``--help``."""


class Plain(Catalog):
    """A catalogue whose head says nothing that changes from one day, or one version of babel, to the next."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """What a reader needs to know."""
        return [("Content-Type", "text/plain; charset=utf-8"), ("Plural-Forms", self.plural_forms)]


@cache
def template() -> Catalog:
    """Every message that stands in the code, every sentence of ``--help``, and what each code of lint means."""
    found = Catalog(project="sopwith", charset="utf-8")
    for path, call in calls():
        texts = literals(call)
        if len(texts) == KEYWORDS[name_of(call)] and texts[0]:
            found.add(tuple(texts) if len(texts) > 1 else texts[0], locations=[(path, 0)])
    for text in sorted(help_texts()):
        found.add(text, auto_comments=[HELP])
    for code, meaning in CODES.items():  # one table, which documents are made of too, and no calls
        for text in meaning:
            found.add(text, auto_comments=[str(code)])
    return found


@cache
def calls() -> tuple[tuple[str, ast.Call], ...]:
    """Every call of one of the functions, with its file. Read from the tree, because a call may stand within an f-string."""
    return tuple(_calls())


def _calls() -> Iterator[tuple[str, ast.Call]]:
    for room in ("engine", "runners"):
        for path in sorted((ROOT / room).rglob("*.py")):
            for part in ast.walk(ast.parse(path.read_bytes())):
                if isinstance(part, ast.Call) and name_of(part) in KEYWORDS:
                    yield path.relative_to(ROOT).as_posix(), part


def name_of(call: ast.Call) -> str:
    """What is called; empty for what has no name of its own."""
    return call.func.id if isinstance(call.func, ast.Name) else ""


def literals(call: ast.Call) -> list[str]:
    """The messages that *call* is given, as far as they are literals."""
    given = call.args[: KEYWORDS[name_of(call)]]
    return [part.value for part in given if isinstance(part, ast.Constant) and isinstance(part.value, str)]


def help_texts() -> set[str]:
    """The sentences that click shows: what a command and each of its options do."""
    group = Sop()
    ctx = click.Context(group, info_name="sop")
    found = {cleaned(group.epilog or "")}
    todo: list[tuple[click.Command, click.Context]] = [(group, ctx)]
    while todo:
        command, place = todo.pop()
        found |= {cleaned(command.help or ""), cleaned(command.short_help or "")}
        found |= {param.help or "" for param in command.get_params(place) if isinstance(param, click.Option)}
        if isinstance(command, click.Group):
            for name in command.list_commands(place):
                inner = command.get_command(place, name)
                assert inner is not None
                todo.append((inner, click.Context(inner, place, info_name=name)))
    return found - {""}


def po_file(tag: str) -> Path:
    """The catalogue of *tag* as translators edit it."""
    return FOLDER / tag / "LC_MESSAGES" / f"{DOMAIN}.po"


def read(tag: str) -> Catalog:
    """The catalogue of *tag* as it stands in its file; empty where there is none."""
    path = po_file(tag)
    if not path.exists():
        return Catalog(locale=tag.replace("-", "_"), project="sopwith", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=tag.replace("-", "_"))


def merged(tag: str) -> Catalog:
    """The catalogue of *tag* with exactly the messages that stand in the code; a changed message has to be translated again."""
    old = read(tag)
    new = Catalog(locale=tag.replace("-", "_"), project="sopwith", charset="utf-8")
    for message in template():
        if not message.id:
            continue
        known = old.get(message.id)
        string = known.string if known is not None and known.id == message.id else None
        new.add(message.id, string, locations=message.locations, auto_comments=message.auto_comments)
    return new


def as_po(catalogue: Catalog) -> bytes:
    """*catalogue* as a file for translators: sorted, without dates and line numbers, so that it differs where it means it."""
    target = BytesIO()
    write_po(target, catalogue, width=0, sort_output=True, omit_header=True, include_lineno=False)
    header = (
        'msgid ""\nmsgstr ""\n"Language: {tag}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n"Plural-Forms: {plural};\\n"\n\n'
    )
    return header.format(tag=catalogue.locale_identifier, plural=catalogue.plural_forms.rstrip(";")).encode() + target.getvalue()


def as_mo(tag: str) -> bytes:
    """The compiled form of the catalogue of *tag* as it stands in its file."""
    target, catalogue = BytesIO(), Plain(locale=tag.replace("-", "_"), charset="utf-8")
    for message in read(tag):
        if message.id and all([message.string] if isinstance(message.string, str) else message.string or [""]):
            catalogue.add(message.id, message.string)
    write_mo(target, catalogue)
    return target.getvalue()


def regenerate() -> None:
    """Write the catalogues of every language but English, which stands in the code."""
    for tag in LANGUAGES[1:]:
        path = po_file(tag)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(as_po(merged(tag)))
        path.with_suffix(".mo").write_bytes(as_mo(tag))
