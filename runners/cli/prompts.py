"""Asking field by field on a terminal: type, choices, default and help beside each; what is wrong is asked again."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import click

from engine import forms
from engine.text import clean, pick
from runners.cli.failures import Failure
from runners.cli.session import Session
from runners.cli.values import Fields, stored_file
from runners.cli.words import describe, value_words
from runners.people import NotFound
from runners.tongue import retold, spoken, spoken_many

_EMPTY: Final = "-"
"""What somebody types to leave a field empty that has a default."""

_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})

_PEOPLE: Final = frozenset({"user", "users"})


class Asker:
    """Asks for values.

    Args:
        session: the call.
        lang: the language of the definition's plain texts.
        keep: copy files into the evidence folder.
    """

    def __init__(self, session: Session, lang: str, *, keep: bool) -> None:
        self._session = session
        self._lang = lang
        self._keep = keep

    def text(self, texts: Mapping[str, str] | None) -> str:
        """The best of *texts* for the reader, safe to show."""
        return clean(pick(texts, self._session.settings.languages, self._lang), lines=True)

    def form(self, fields: Fields, kept: Mapping[str, Any] = _NOTHING, *, complete: bool = True) -> dict[str, Any]:
        """A value for every field that somebody wants to fill in.

        Args:
            fields: the form.
            kept: values that still count, of an earlier round; Enter keeps them.
            complete: whether required fields have to be filled in.
        """
        asked = {name: field for name, field in fields.items() if "value" not in field}
        found: dict[str, Any] = {}
        for number, (name, field) in enumerate(asked.items(), 1):
            required = complete and bool(field.get("required"))
            value = self._field(f"[{number}/{len(asked)}] ", name, field, kept.get(name), required=required)
            if value is not None:
                found[name] = value
        return found

    def _field(self, place: str, name: str, field: Mapping[str, Any], kept: object = None, *, required: bool) -> Any:  # noqa: ANN401 - any value
        self._head(place, name, field, required=required)
        if field["type"] == "table":
            return self._table(field, kept, required=required)
        while True:
            typed = self._ask(name, field.get("default")) if kept is None else self._ask_again(name, field, kept)
            if typed == "" and kept is not None:
                return kept
            typed = "" if typed == _EMPTY else typed
            if typed == "" and not required:
                return None
            try:
                value, expected = self._read(field, typed)
            except Failure as failure:
                value, expected = None, str(failure)
            if not expected and typed != "":
                return value
            out = self._session.out
            wanted = spoken("expected {what}", what=clean(retold(expected))) if typed else spoken("expected a value")
            out.line(f"  {out.sign('bad')} {wanted}", "late")

    def _head(self, place: str, name: str, field: Mapping[str, Any], *, required: bool) -> None:
        """What is asked for: label, type, help and choices."""
        out = self._session.out
        label = self.text(field.get("label")) or name.replace("_", " ")
        kind = describe(field)
        out.line(f"{place}{label}  ({spoken('{type}, required', type=kind) if required else kind})", "bold")
        if field.get("help"):
            out.line(f"  {self.text(field['help'])}", "dim")
        for what in ("options", "items"):
            for key, texts in field.get(what, {}).items():
                out.line(f"  {key}   {self.text(texts)}")

    def _ask(self, name: str, default: Any) -> str:  # noqa: ANN401 - any default
        shown = ", ".join(map(str, default)) if isinstance(default, list) else default
        hint = f" [{clean(str(shown))}]" if shown is not None else ""
        typed: str = click.prompt(f"  {name}{hint}", default="", show_default=False, prompt_suffix=": ", err=False)
        if shown is not None and typed == "":
            return str(shown).lower() if isinstance(shown, bool) else str(shown)
        return "" if typed == _EMPTY else typed

    def _ask_again(self, name: str, field: Mapping[str, Any], kept: Any) -> str:  # noqa: ANN401 - any value
        """What somebody types where there is a value already; nothing keeps it."""
        if field["type"] == "file":
            names = ", ".join(clean(str(file["name"])) for file in (kept if isinstance(kept, list) else [kept]))
            words = spoken("keep {files}", files=names)
        else:
            words = value_words(kept, self._session.handle)
        typed: str = click.prompt(f"  {name} [{words}]", default="", show_default=False, prompt_suffix=": ", err=False)
        return typed

    def _read(self, field: Mapping[str, Any], typed: str) -> tuple[Any, str]:
        """What *typed* means, as the runner takes it, and what was expected if it means nothing."""
        kind = field["type"]
        if kind == "file":
            paths = [part.strip() for part in typed.split(",")] if field.get("many") else [typed.strip()]
            files = [stored_file(self._session, path, keep=self._keep) for path in paths]
            value = files if field.get("many") else files[0]
            return value, forms.read(field, value)[1]
        if kind in _PEOPLE:
            try:
                handles = [part.strip() for part in typed.split(",")] if kind == "users" else [typed.strip()]
                known = [self._session.app.views.pseudonym(handle, self._session.me.id) for handle in handles]
            except NotFound as error:
                return None, spoken("a person; there is no {name}", name=error.name)
            return known if kind == "users" else known[0], ""
        _, expected = forms.read(field, typed)
        return typed, expected

    def _table(self, field: Mapping[str, Any], kept: object, *, required: bool) -> list[dict[str, Any]] | None:
        if isinstance(kept, list) and kept:
            question = spoken_many("keep {count} row?", "keep {count} rows?", len(kept))
            if click.confirm(f"  {question}", default=True):
                return kept
        out = self._session.out
        rows: list[dict[str, Any]] = []
        while True:
            number = len(rows) + 1
            question = spoken("add row {number}?", number=number)
            if (rows or not required) and not click.confirm(f"  {question}", default=not rows and required):
                break
            out.line("  " + spoken("row {number}", number=number))
            row = {
                column: value
                for column, body in field["columns"].items()
                if "value" not in body
                and (value := self._field("  ", column, body, required=bool(body.get("required")))) is not None
            }
            rows.append(row)
        return rows or None

    def choice(self, question: str, choices: Mapping[str, str]) -> str:
        """One of *choices* (id to words), the first by default."""
        out = self._session.out
        for key, words in choices.items():
            out.line(f"  {key}   {clean(words)}")
        first = next(iter(choices))
        while True:
            typed: str = click.prompt(f"{question} [{first}]", default=first, show_default=False, prompt_suffix=": ")
            if typed in choices:
                return typed
            expected = spoken("expected one of {choices}", choices=", ".join(choices))
            out.line(f"  {out.sign('bad')} {expected}", "late")

    def line(self, question: str, *, required: bool) -> str:
        """A line of free text."""
        while True:
            typed: str = click.prompt(question, default="", show_default=False, prompt_suffix=": ")
            if typed.strip() or not required:
                return typed.strip()

    def summary(self, values: Mapping[str, Any], outcome: str) -> bool:
        """Show what was filled in and ask once whether it is right."""
        out = self._session.out
        out.line()
        for name, value in values.items():
            out.line(f"  {name}: {value_words(value, self._session.handle)}")
        if outcome:
            out.line("  " + spoken("outcome: {outcome}", outcome=outcome))
        return click.confirm(spoken("Is this right?"), default=True)
