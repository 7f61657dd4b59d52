"""Tell one scenario: its acts one after the other, each compared with what it must lead to."""

from collections import Counter
from typing import Any

from engine import commands as c
from engine.events import decode, encode
from engine.machine import Edge
from engine.people import SYSTEM, holds
from engine.problems import Problem
from engine.procedure import Procedure
from engine.refusals import Refused
from engine.rules.tasks import find_task
from engine.state import Task, for_a_child
from runners.messages import Sentences, ordered
from runners.stories import document as d
from runners.stories.cast import Cast, file, holders, pseudonym
from runners.stories.checking import CANCELLED, OPEN, Path
from runners.stories.coverage import walk
from runners.stories.detours import command_of
from runners.stories.expecting import compare
from runners.stories.implied import ESCALATED, LATE, UNRESOLVED, Seen, seen
from runners.stories.playing import ContradictionError, Play
from runners.stories.report import Trouble
from runners.tongue import spoken


class _Off(Exception):  # noqa: N818 - not an error of the program: the story cannot go on
    """What follows in the story means nothing any more."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


class Story:
    """One scenario, told.

    Attributes:
        problems: why it failed, without places.
        refusals: codes asked for and got.
        shown: what the rules of the procedure imply, as far as it came.
        play: the run.

    Args:
        procedure: what is played.
        document: the file.
        number: which of its scenarios.
    """

    def __init__(self, procedure: Procedure, document: d.Document, number: int) -> None:
        self._scenario = document.scenarios[number]
        self._defaults = document.defaults
        self._path: Path = ("scenarios", number)
        self._cast = Cast(document)
        self._sentences = Sentences("", lambda person: self._cast.handle(person) or spoken("nobody"))
        self.play = Play(procedure, self._cast, self._scenario.at)
        self.problems: list[Problem] = []
        self.refusals: set[str] = set()
        self.shown: set[Seen] = set()
        self._late: set[int] = set()

    def tell(self) -> Counter[Edge]:
        """Play the whole story; gives the ways that it walked."""
        path = self._path
        try:
            self._start()
            for number, act in enumerate(self._scenario.acts):
                path = (*self._path, "acts", number)
                self._act(act, path)
            self._end()
        except _Off as off:
            self.problems.append(off.problem)
        except Exception as error:  # noqa: BLE001 - one broken scenario must not hide the others
            self.problems.append(_broken(error, path))
        return self._walked()

    def _start(self) -> None:
        scenario, document = self._scenario, self.play.procedure.document
        command = c.Start(
            f"{self.play.procedure.prefix}-1",
            scenario.name,
            pseudonym(scenario.lead),
            roles={role: holders(names) for role, names in scenario.roles.items()},
            inputs=self._cast.values(document.get("inputs", {}), scenario.inputs),
            parameters=self._cast.values(document.get("parameters", {}), scenario.parameters),
            drill=scenario.drill,
        )
        self._ask(spoken("{person}: start", person=scenario.lead), command.lead, command, scenario.refused, self._path)

    def _act(self, act: d.AnyAct, path: Path) -> None:
        if isinstance(act, d.Waiting):
            self.play.pass_time(act.after)
        elif isinstance(act, d.Looking):
            self._look(act.expect, path)
        elif isinstance(act, d.Returning):
            self._return(act, path)
        else:
            said, command = self._command(act)
            address = act.do if isinstance(act, d.Do) else act.claim if isinstance(act, d.Take) else ""
            task = find_task(self.play.procedure, self.play.state, address) if address else None
            self._ask(f"{act.actor}: {said}", pseudonym(act.actor), command, act.refused, path)
            if isinstance(task, Task) and not act.refused:
                self._acted(task, pseudonym(act.actor))

    def _acted(self, task: Task, person: str) -> None:
        """Somebody took or decided *task*: in time or late, by its role or because it was escalated to them."""
        escalated = bool(task.also) and not holds(self.play.state, task.role, person, self._cast.directory)
        if escalated:
            self.shown.add(Seen(ESCALATED, task.step))
        if task.no in self._late or escalated:
            self.shown.add(Seen(LATE, task.step))

    def _look(self, expected: d.Expected, path: Path) -> None:
        problems = list(compare(self.play, expected, (*path, "expect")))
        self.problems += problems
        if problems:
            return
        for task in self.play.state.tasks.values():
            if task.address in (expected.late or ()):
                self._late.add(task.no)
            # Where nobody is kept away, there is nobody at all.
            if task.address in (expected.blocked or ()) and len(self.play.unfilled(task)) == 1:
                self.shown.add(Seen(UNRESOLVED, task.step))

    def _return(self, act: d.Returning, path: Path) -> None:
        waiting = {name: token for name, token in self.play.waiting().items() if for_a_child(token)}
        if act.child not in waiting:
            message = spoken(
                "no child run is waited for at {step}; waiting: {waiting}",
                step=act.child,
                waiting=", ".join(waiting) or spoken("nothing"),
            )
            raise _Off(Problem(Trouble.DIFFERENT, message, (*path, "child")))
        token = waiting[act.child]
        self._ask(
            spoken("the child run at {step} ends", step=act.child),
            SYSTEM,
            c.ChildEnded(token.id, token.waiting, act.end, act.results),
            [],
            path,
        )

    def _command(self, act: d.Command) -> tuple[str, c.Command]:
        """What somebody does, in words and as a command."""
        said: str
        command: c.Command
        match act:
            case d.Do():
                said, command = self._do(act)
            case d.Take():
                said, command = spoken("claim {step}", step=act.claim), c.Claim(act.claim)
            case d.GiveBack():
                said, command = spoken("release {step}", step=act.release), c.Release(act.release, act.note)
            case d.Assigning():
                said, command = (
                    spoken("assign {step} to {person}", step=act.assign, person=act.to),
                    c.Assign(act.assign, pseudonym(act.to), act.note),
                )
            case d.Binding():
                said, command = (
                    spoken("bind {role} to {holders}", role=act.bind, holders=", ".join(act.to)),
                    c.Bind(act.bind, holders(act.to), act.note),
                )
            case d.Saying():
                said, command = spoken("comment"), c.Comment(act.comment, act.step)
            case d.Attaching():
                said, command = spoken("attach {file}", file=act.attach), c.Attach(file(act.attach), act.step, act.note)
            case d.Cancelling(cancel=str(track)):
                said, command = spoken("cancel {track}", track=track), c.CancelTrack(track, act.note)
            case d.Cancelling():
                said, command = spoken("cancel the run"), c.CancelRun(act.note)
            case _:
                said, command = command_of(act, self._cast, self.play.procedure)
        return said, command

    def _do(self, act: d.Do) -> tuple[str, c.Command]:
        name = act.do.partition(":")[0]
        presets = [self._defaults[key] for key in dict.fromkeys((name, act.do)) if key in self._defaults]
        step = self.play.procedure.steps.get(name)
        given: dict[str, Any] = {}
        for values in (*(preset.given for preset in presets), act.given):
            given |= values
        note = act.note if act.note is not None else next((preset.note for preset in reversed(presets) if preset.note), "")
        said = spoken("do {step}", step=act.do) + (f" ({act.outcome})" if act.outcome else "")
        return said, c.Complete(act.do, act.outcome, self._cast.values(step.form if step else {}, given), note, act.override)

    def _ask(self, said: str, actor: str, command: c.Command, refused: list[str], path: Path) -> None:
        answer = self.play.ask(actor, command)
        if not isinstance(answer, Refused):
            if refused:
                message = spoken("{act}: accepted, and should have been refused with {codes}", act=said, codes=", ".join(refused))
                raise _Off(Problem(Trouble.NOT_REFUSED, message, path))
            return
        reasons = "; ".join(f"{reason.code} {self._sentences.sentence(reason)}" for reason in ordered(answer.reasons))
        if not refused:
            raise _Off(Problem(Trouble.REFUSED, spoken("{act}: refused, {reasons}", act=said, reasons=reasons), path))
        if missing := [code for code in refused if code not in {reason.code for reason in answer.reasons}]:
            message = spoken("{act}: refused, but not with {codes}: {reasons}", act=said, codes=", ".join(missing), reasons=reasons)
            self.problems.append(Problem(Trouble.OTHER_REASON, message, (*path, "refused")))
        self.refusals.update(set(refused) - set(missing))
        step = _step_of(command)
        self.shown.update(seen(step, reason) for reason in answer.reasons if reason.code in refused)

    def _end(self) -> None:
        state, wanted = self.play.state, self._scenario.end
        found = {"new": "refused", "open": OPEN, "cancelled": CANCELLED}.get(state.status, state.end)
        if found == wanted:
            return
        message = spoken("the run ended with {found}, not with {wanted}", found=found, wanted=wanted)
        if found == OPEN:
            tasks = [f"{task.address} ({self._cast.handle(task.owner) or spoken('nobody')})" for task in state.tasks.values()]
            waiting = self.play.waiting().items()
            tasks += [
                f"{address} ({spoken('child run') if for_a_child(token) else spoken('waiting')})" for address, token in waiting
            ]
            message = spoken(
                "the run is still open and should have ended with {wanted}; open: {tasks}", wanted=wanted, tasks=", ".join(tasks)
            )
        self.problems.append(Problem(Trouble.END, message, (*self._path, "end")))

    def _walked(self) -> Counter[Edge]:
        """The ways walked, from the events as they would be stored; they must fold to the state."""
        try:
            walked, state = walk(self.play.procedure, [(at, decode(encode(event))) for at, event in self.play.happened])
        except Exception as error:  # noqa: BLE001 - as above
            self.problems.append(_broken(error, self._path))
            return Counter()
        if state != self.play.state:
            self.problems.append(
                Problem(Trouble.BROKEN, spoken("the events do not fold to the state that was decided"), self._path)
            )
        return walked


def _step_of(command: c.Command) -> str:
    """The step that *command* is about, without the item; empty for one about the run."""
    return str(getattr(command, "step", "")).partition(":")[0]


def _broken(error: Exception, path: Path) -> Problem:
    what = str(error) if isinstance(error, ContradictionError) else f"{type(error).__name__}: {error}"
    return Problem(Trouble.BROKEN, spoken("the engine failed: {what}", what=what), path)
