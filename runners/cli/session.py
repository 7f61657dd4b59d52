"""What one call of the program has: its options, its settings, its database, who asks. Each is made when first needed."""

import os
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from runners.cli.failures import Complaint, Failure, nobody, words_of
from runners.cli.output import Globals, Output
from runners.settings import Settings, SettingsError, load
from runners.tongue import retold

if TYPE_CHECKING:
    from datetime import tzinfo

    from engine.refusals import Refused
    from runners.store.records import Person
    from runners.wiring import App


Answer = TypeVar("Answer")


class Session:
    """One call.

    Attributes:
        options: the options that every command has.
    """

    def __init__(self) -> None:
        self.options = Globals()
        self._exit = ExitStack()

    @cached_property
    def out(self) -> Output:
        """Where the command speaks."""
        return Output(self.options)

    @property
    def can_ask(self) -> bool:
        """Whether somebody can be asked: a terminal on both sides, and nobody said ``--no-input``."""
        return self.options.input and sys.stdin.isatty() and self.out.terminal and not self.out.machine

    @cached_property
    def settings(self) -> Settings:
        """The settings that hold. Raises Failure."""
        flags = {"database": self.options.db, "person": self.options.person, "languages": self.options.lang}
        try:
            return load(os.environ, Path.cwd(), flags)
        except SettingsError as error:
            raise Failure([Complaint("SOP-U02", words_of(error), retold(error.hint), {"origin": error.origin})], 2) from error

    def languages(self) -> tuple[str, ...]:
        """What the reader reads, best first; of the command line and the locale alone where the settings cannot be read."""
        from runners.languages import languages

        try:
            return self.settings.languages
        except Failure:
            return languages(os.environ, self.options.lang)

    @cached_property
    def app(self) -> "App":
        """The application; closed at the end of the call."""
        from runners.wiring import open_app

        return self._exit.enter_context(open_app(self.settings))

    @cached_property
    def now(self) -> str:
        """The instant of the call."""
        from runners.clock import SystemClock

        return SystemClock().now()

    @cached_property
    def zone(self) -> "tzinfo":
        """Where days are counted."""
        from runners.cli.times import zone_of

        return zone_of(self.settings.zone)

    @cached_property
    def me(self) -> "Person":
        """Who asks. Raises Failure if that is no active person."""
        from runners.people import NotFound

        handle = self.settings.person
        origin = self.settings.origins["person"]
        if not handle:
            raise nobody(None, origin)
        try:
            found = self.app.views.person(handle)
        except NotFound as error:
            raise nobody(handle, origin, error.known) from error
        if not found.active:
            raise nobody(handle, origin)
        return found

    @cached_property
    def my_id(self) -> str:
        """The pseudonym of who asks, for commands that anybody may give; empty if that is nobody here."""
        try:
            return self.me.id
        except Failure:
            return ""

    def person(self, handle: str) -> str:
        """The pseudonym of *handle*; ``@me`` is who asks. Raises Failure and NotFound."""
        return self.me.id if handle == "@me" else self.app.views.pseudonym(handle)

    @cached_property
    def handles(self) -> dict[str, str]:
        """Pseudonym to handle, of everybody."""
        return self.app.views.handles()

    def handle(self, pseudonym: str | None) -> str:
        """What people call *pseudonym*; somebody who was erased stays a pseudonym."""
        if not pseudonym:
            return ""
        if "me" in self.__dict__ and pseudonym == self.me.id:
            return self.me.handle
        return self.handles.get(pseudonym, pseudonym)

    def done(self, answer: "Answer | Refused", run: str = "") -> Answer:
        """*answer* if something was done. Raises Failure with every reason otherwise."""
        from engine.refusals import Refused

        if isinstance(answer, Refused):
            raise refusal(self._with_runs(answer), run, self.handle, self.now)
        return answer

    def _with_runs(self, refused: "Refused") -> "Refused":
        """*refused*, with the runs that could have been meant where a field names none: those that who asks may see."""
        from engine.refusals import Reason, Refused

        reasons: list[Reason] = []
        for reason in refused.reasons:
            if "referred" in reason.facts:
                lines = self.app.views.runs("all", sop=str(reason.facts["of"]) or None)
                reason = Reason(reason.code, {**reason.facts, "known": tuple(line.id for line in lines)})  # noqa: PLW2901
            reasons.append(reason)
        return Refused(tuple(reasons))

    def close(self) -> None:
        """Let go of the database."""
        self._exit.close()


def _named(facts: Mapping[str, Any], names: Callable[[str], str]) -> dict[str, Any]:
    """The facts of a refusal for machines, with people by what they are called."""
    return {name: names(str(value)) if name in {"by", "lead", "person"} else value for name, value in facts.items()}


def refusal(refused: "Refused", run: str, names: Callable[[str], str], now: str) -> Failure:
    """A refusal as what a command gives up with: every reason, each with its hint.

    Who may not do it at all is not told what is missing in the form.
    """
    from engine.refusals import Kind
    from runners.messages import Sentences, exit_code, ordered

    say = Sentences(run, names, now)
    reasons = ordered(refused.reasons)
    if reasons[0].kind is Kind.DENIED:
        reasons = [reason for reason in reasons if reason.kind is not Kind.USAGE]
    complaints = [
        Complaint(str(reason.code), say.sentence(reason), say.hint(reason), _named(reason.facts, names)) for reason in reasons
    ]
    return Failure(complaints, exit_code(refused.reasons))
