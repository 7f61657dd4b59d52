"""The plain forms of daily commands, understood without click, which takes half of the time of a short command.

Only exact forms: ``inbox``, ``show WHAT``, ``claim TASK``, and ``complete TASK`` with ``--set``, ``--evidence``,
``--outcome`` and ``-m``; before or behind them ``--as HANDLE`` and ``--json``. Anything else is left to click, and a test
holds that both give the same output, errors and exit codes.
"""

from collections.abc import Callable, Sequence
from typing import Final

from engine.limits import COMMENT_CHARACTERS
from runners.cli.session import Session

_REPEATED: Final = {"--set": "sets", "--evidence": "evidence"}
_ONCE: Final = {"--outcome": "outcome", "-m": "note", "--note": "note"}
_VALUED: Final = {"--as", *_REPEATED, *_ONCE}


class _Form:
    """A command line taken apart."""

    __slots__ = ("given", "json", "person", "words")

    def __init__(self) -> None:
        self.words: list[str] = []
        self.given: dict[str, list[str]] = {}
        self.person: list[str] = []
        self.json = False


def _read(arguments: Sequence[str]) -> _Form | None:
    form = _Form()
    rest = iter(arguments)
    for argument in rest:
        if argument == "--json":
            form.json = True
        elif argument in _VALUED:
            value = next(rest, "-")
            if value.startswith("-") or (not form.words and argument != "--as"):
                return None
            (form.person if argument == "--as" else form.given.setdefault(argument, [])).append(value)
        elif argument.startswith("-") or not argument:
            return None
        else:
            form.words.append(argument)
    return form if len(form.person) <= 1 else None


def understood(session: Session, arguments: Sequence[str]) -> Callable[[], None] | None:
    """What to do, if *arguments* are a plain form of a daily command; its options are in *session* then."""
    form = _read(arguments)
    if form is None or not form.words:
        return None
    todo = _todo(session, form)
    if todo is not None:
        session.options.person = "".join(form.person)
        session.options.format = "json" if form.json else ""
    return todo


def _todo(session: Session, form: _Form) -> Callable[[], None] | None:
    name, *words = form.words
    if name == "complete" and len(words) == 1:
        return _complete(session, words[0], form)
    if form.given:
        return None
    if name == "inbox" and not words:
        from runners.cli.inbox import inbox

        return lambda: inbox(session)
    if name == "show" and len(words) == 1:
        from runners.cli.show import show

        return lambda: show(session, words[0])
    if name == "claim" and len(words) == 1:
        from runners.cli.working import claim

        return lambda: claim(session, words[0])
    return None


def _complete(session: Session, task: str, form: _Form) -> Callable[[], None] | None:
    once = [(_ONCE[flag], value) for flag, values in form.given.items() if flag in _ONCE for value in values]
    if len(dict(once)) < len(once) or len(dict(once).get("note", "")) > COMMENT_CHARACTERS:
        return None
    from runners.cli.completing import Given, complete

    several = {_REPEATED[flag]: tuple(values) for flag, values in form.given.items() if flag in _REPEATED}
    said = dict(once)
    given = Given(
        several.get("sets", ()), "", several.get("evidence", ()), said.get("outcome", ""), said.get("note", ""), "", dry_run=False
    )
    return lambda: complete(session, task, given)
