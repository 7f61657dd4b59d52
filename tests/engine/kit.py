"""Runs played by hand: a definition in a few lines, people, a clock that stands still, and the answers of ``decide``.

Every accepted command is checked for what must always hold: the fold of its events is the state it gave, deciding it again
gives the same, its state and its events survive JSON, and tokens and tasks fit together.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from engine import commands as c
from engine import events as e
from engine.calendar import Calendar
from engine.canonical import canonical
from engine.context import Context
from engine.decide import Accepted, decide
from engine.definition import Definition
from engine.directory import Answers
from engine.evolve import replay
from engine.migration import moved
from engine.options import options
from engine.people import SYSTEM, Recorded
from engine.procedure import Procedure
from engine.refusals import Code, Refused
from engine.state import EMPTY, State, Task, from_plain, to_plain

ANA, BEN, CLEO, DAN, EVE = (f"p_{name:a<12}" for name in ("ana", "ben", "cleo", "dan", "eve"))
PEOPLE = (ANA, BEN, CLEO, DAN, EVE)
STRANGER = f"p_{'stranger':a<12}"
"""Nobody's pseudonym."""
NOW = "2026-11-23T09:00:00.000000Z"
"""A Monday."""


def compiled(steps: Sequence[Mapping[str, Any]], **more: Any) -> Procedure:  # noqa: ANN401 - parts of a document
    """A procedure of *steps*; roles are those that the steps name, and ``lead``, who owns it."""
    roles = dict.fromkeys(["lead", *_roles(steps)])
    document = {
        "sop": "sample", "version": "1.0.0", "title": "Sample", "purpose": "To be tested.", "scope": "This test.",
        "owner": "lead", "roles": list(roles), "steps": list(steps), **more,
    }  # fmt: skip
    return Procedure.compiled(Definition.model_validate(document))


def _roles(steps: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    for step in steps:
        if "role" in step:
            yield step["role"]
        if "approval" in step:
            yield step["approval"]["role"]
        yield from (way["to"] for way in step.get("escalate", ()))
        for branch in {**step.get("parallel", {}), **step.get("first", {})}.values():
            yield from _roles(branch["steps"] if isinstance(branch, dict) else branch)
        yield from _roles(step.get("steps", ()))


def task(name: str, role: str = "maker", **more: Any) -> dict[str, Any]:  # noqa: ANN401 - parts of a document
    """A step that is done by *role*."""
    return {"id": name, "role": role, **more}


def approval(name: str, role: str = "checker", **more: Any) -> dict[str, Any]:  # noqa: ANN401 - parts of a document
    """A step in which *role* decides; ``of`` and ``quorum`` go where they belong."""
    inner = {key: more.pop(key) for key in ("of", "quorum") if key in more}
    return {"id": name, "approval": {"role": role, **inner}, **more}


def persons(*people: str) -> tuple[str, ...]:
    """*people* as holders of a role."""
    return tuple(f"person:{person}" for person in people)


class Play:
    """One run, played command by command.

    Args:
        procedure: or the steps of one.
        teams: person to teams; everybody named in this module if absent, without teams.
        calendar: working days.
        answers: whatever else the directory says.
    """

    def __init__(
        self,
        procedure: Procedure | Sequence[Mapping[str, Any]],
        *,
        teams: Mapping[str, Iterable[str]] | None = None,
        calendar: Calendar | None = None,
        answers: Answers | None = None,
    ) -> None:
        self.procedure = procedure if isinstance(procedure, Procedure) else compiled(procedure)
        self.teams: Mapping[str, Iterable[str]] = dict.fromkeys(PEOPLE, ()) if teams is None else teams
        self.answers = answers or Answers()
        self.calendar = calendar or Calendar()
        self.at = NOW
        self.state: State = EMPTY
        self.data: dict[str, Any] = {}
        self.history: list[tuple[str, e.Event]] = []
        self.last = Accepted((), EMPTY, {}, (), ())
        self._commands = 0
        self.versions: dict[str, Procedure] = {}
        """Other versions of the definition, by fingerprint."""

    def context(self, actor: str) -> Context:
        """What a decision for *actor* would see now."""
        number = self._commands

        def seal(path: str, value: Any) -> str:  # noqa: ANN401 - any value
            return hashlib.sha256(canonical([number, path, value])).hexdigest()[:43]

        return Context("RUN-1", self.at, actor, self.directory, self.calendar, seal, dict(self.data), versions=self.versions.get)

    def ask(self, actor: str, command: c.Command) -> Accepted | Refused:
        """Decide without doing."""
        return decide(self.procedure, self.state, command, self.context(actor))

    def do(self, actor: str, command: c.Command) -> Accepted:
        """Decide, take over, and check what must always hold."""
        context = self.context(actor)
        before = self.state
        answer = decide(self.procedure, before, command, context)
        assert isinstance(answer, Accepted), answer
        assert decide(self.procedure, before, command, context) == answer
        self.state = answer.state
        self.last = answer
        self._commands += 1
        self.history += [(self.at, event) for event in answer.events]
        for event in answer.events:
            if isinstance(event, e.RunMigrated):
                self.procedure = self.versions[event.fingerprint]
                self.data |= {after: self.data[path] for path, after in moved(before, event.names).items() if path in self.data}
        self.data = {path: value for path, value in {**self.data, **answer.values}.items() if path in self.state.values}
        self._check(answer)
        return answer

    def _check(self, answer: Accepted) -> None:
        written = [json.loads(canonical(e.encode(event))) for event in answer.events]
        assert [e.decode(event) for event in written] == list(answer.events)
        assert replay(self.history, EMPTY) == self.state
        assert from_plain(json.loads(canonical(to_plain(self.state)))) == self.state
        canonical(dict(answer.values))  # everything that is kept has a canonical form
        check_state(self.procedure, self.state)

    def refused(self, actor: str, command: c.Command) -> list[Code]:
        """The codes for which *command* is refused; it must be."""
        answer = self.ask(actor, command)
        assert isinstance(answer, Refused), answer.events
        return [reason.code for reason in answer.reasons]

    def start(
        self,
        roles: Mapping[str, Sequence[str]] | None = None,
        *,
        lead: str = ANA,
        inputs: Mapping[str, Any] | None = None,
        actor: str = "",
        **more: Any,  # noqa: ANN401 - other parts of the command
    ) -> "Play":
        """Start the run; a role that is not given is held by everybody."""
        held = {role: persons(*PEOPLE) for role in self.procedure.document["roles"]} | dict(roles or {})
        self.do(actor or lead, c.Start("RUN-1", "A run", lead, held, inputs or {}, **more))
        return self

    def complete(self, actor: str, step: str, outcome: str = "", note: str = "", **values: Any) -> Accepted:  # noqa: ANN401
        """Finish the task at the address *step*."""
        return self.do(actor, c.Complete(step, outcome, values, note))

    def system(self, command: c.Command) -> Accepted:
        """What comes from the runner."""
        return self.do(SYSTEM, command)

    @property
    def directory(self) -> Recorded:
        """Answers about people, as of now."""
        return Recorded(self.teams, self.at, self.answers)

    @property
    def open(self) -> list[str]:
        """Addresses of the open tasks, in order."""
        return sorted(task.address for task in self.state.tasks.values())

    def task(self, address: str) -> Task:
        """The open task at *address*."""
        (found,) = (task for task in self.state.tasks.values() if task.address == address)
        return found

    def told(self, kind: type[e.Event] | Any) -> list[Any]:  # noqa: ANN401 - any event class
        """The events of this *kind* in the last answer."""
        return [event for event in self.last.events if isinstance(event, kind)]

    def may(self, person: str, act: str, step: str = "", *, outside: bool = False) -> bool:
        """Whether ``options`` permits it; with *outside*, asked with everything that a decision would see."""
        found = options(self.procedure, self.state, person, self.directory, self.context(person) if outside else None)
        (option,) = (option for option in found if (option.act, option.step) == (act, step))
        return not option.reasons


def check_state(procedure: Procedure, state: State) -> None:
    """What holds of every state between two commands."""
    if state.status != "open":
        assert not state.tokens
        assert not state.tasks
        return
    for task_ in state.tasks.values():
        assert state.tokens[task_.token].at == task_.step
    addresses = [task_.address for task_ in state.tasks.values()]
    assert len(set(addresses)) == len(addresses)
    for token in state.tokens.values():
        tasks = [task_ for task_ in state.tasks.values() if task_.token == token.id]
        inner = [other for other in state.tokens.values() if other.parent == token.id and not other.loose]
        assert len(tasks) + bool(token.waiting) + bool(inner or token.more) == 1, token
        assert token.parent is None or token.loose or state.tokens[token.parent].at == token.step
        assert all(other.track in procedure.tracks for other in inner)
        assert token.finished <= token.opened
