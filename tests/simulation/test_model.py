"""Any sequence of commands against a small model that shares no rule with the engine: after every one they agree.

The model knows one SOP by heart (``SIMPLE`` with a review and a rework) and keeps plain dicts; it neither imports nor asks
``engine.decide``. Hypothesis looks for the shortest sequence in which the two differ.
"""

import os
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from engine import commands as c
from engine.evolve import replay
from engine.refusals import Refused
from engine.state import EMPTY
from runners.runner import Done
from runners.store.writes import add_definition
from tests.company import Company, definition

STEPS = int(os.environ.get("SOP_MODEL_STEPS", "50"))
EXAMPLES = int(os.environ.get("SOP_MODEL_EXAMPLES", "40"))

TEXT = """sop: model
version: 1.0.0
title: Model
purpose: To be compared.
scope: This test.
owner: editor
roles: [editor, maker, judge]
separate: [[make, check]]
steps:
  - {id: make, role: maker, form: {size: {type: number, required: true}}}
  - id: check
    approval: {role: judge, of: [make]}
    outcomes: {approve: next, reject: {to: make, reason: required, rounds: 2, then: end(refused)}}
  - id: both
    parallel:
      left: [{id: left, role: maker}]
      right: [{id: right, role: judge, when: make.size > 5}]
  - {id: close, role: editor}
"""
HELD = {"editor": ["ana"], "maker": ["ben", "cy"], "judge": ["cy", "dan"]}
WHO = ("ana", "ben", "cy", "dan", "fay")
ROLE = {"make": "maker", "check": "judge", "left": "maker", "right": "judge", "close": "editor"}


class Model:
    """One run, as a person with a sheet of paper would follow it."""

    def __init__(self) -> None:
        self.status = "open"
        self.tasks: dict[str, str] = {}  # open task -> owner or nobody
        self.did: dict[str, list[str]] = {}  # step -> everybody who did it, latest last
        self.rounds = 0
        self.size = 0
        self.records = 1
        self.finished: list[str] = []
        self._open("make")

    def _open(self, step: str) -> None:
        last = self.did.get(step, [])[-1:]
        sole = HELD[ROLE[step]] if len(HELD[ROLE[step]]) == 1 else []
        self.tasks[step] = next((who for who in (*last, *sole) if self.may(who, step)), "")

    def may(self, who: str, step: str) -> bool:
        """Whether *who* may do *step* at all."""
        other = {"make": "check", "check": "make"}.get(step, "")
        apart = who in self.did.get(other, ()) or (other in self.tasks and self.tasks[other] == who)
        return who in HELD[ROLE[step]] and not apart

    def claim(self, who: str, step: str) -> bool:
        fine = self.status == "open" and step in self.tasks and not self.tasks[step] and self.may(who, step)
        if fine:
            self.tasks[step] = who
        return fine

    def release(self, who: str, step: str) -> bool:
        fine = self.status == "open" and bool(self.tasks.get(step)) and who in (self.tasks[step], "ana")
        if fine:
            self.tasks[step] = ""
        return fine

    def assign(self, who: str, step: str, to: str) -> bool:
        fine = self.status == "open" and who == "ana" and step in self.tasks and self.tasks[step] != to and self.may(to, step)
        if fine:
            self.tasks[step] = to
        return fine

    def complete(self, who: str, step: str, outcome: str, size: int) -> bool:
        fine = self.status == "open" and step in self.tasks and self.tasks[step] in ("", who) and self.may(who, step)
        if not fine:
            return False
        del self.tasks[step]
        self.did[step] = [other for other in self.did.get(step, []) if other != who] + [who]
        self.finished.append(step)
        if step == "make":
            self.size = size
            self._open("check")
        elif step == "check" and outcome == "reject":
            if self.rounds == 2:
                self.status = "ended"
            else:
                self.rounds += 1
                self._open("make")
        elif step == "check":
            self._open("left")
            if self.size > 5:
                self._open("right")
        elif step == "close":
            self.status = "ended"
        elif not self.tasks:
            self._open("close")
        return True

    def cancel(self, who: str) -> bool:
        fine = self.status == "open" and who == "ana"
        if fine:
            self.status, self.tasks = "cancelled", {}
        return fine

    def inbox(self, who: str) -> list[str]:
        """What *who* has or may take."""
        return sorted(step for step, owner in self.tasks.items() if owner == who or (not owner and self.may(who, step)))


class Compared(RuleBasedStateMachine):
    """The company and the model, side by side."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(prefix="sop-model-")
        path = Path(self.folder.name)
        self.company = Company(f"sqlite:///{path / 'sop.db'}", path)
        with self.company.database.write() as unit:
            add_definition(unit, definition(TEXT))
        self.models: dict[str, Model] = {}
        self.keys: list[tuple[str, str, c.Command, str]] = []
        self.number = 0

    def teardown(self) -> None:
        report = self.company.audit()
        assert report.findings == []
        assert report.unchecked == 0
        self.company.close()
        self.folder.cleanup()

    @initialize()
    def first(self) -> None:
        self.begin()

    @precondition(lambda self: len(self.models) < 9 and not self._possible())
    @rule()
    def begin(self) -> None:
        self.models[self.company.begin("model", inputs={}, roles=HELD)] = Model()

    def _compare(self, who: str, run: str, command: c.Command, agreed: bool) -> None:  # noqa: FBT001 - the model's answer
        self.number += 1
        key = f"key-{self.number}"
        answer = self.company.ask(who, run, command, key=key)
        assert isinstance(answer, Done) == agreed, (who, command, answer)
        if isinstance(answer, Done) or answer.recorded:
            self.models[run].records += 1
            self.keys.append((who, run, command, key))

    @rule(
        data=st.data(), act=st.sampled_from(["claim", "release", "assign"]), who=st.sampled_from(WHO[:4]), to=st.sampled_from(WHO)
    )
    def hand_round(self, data: st.DataObject, act: str, who: str, to: str) -> None:
        """Take, give back, give to somebody: mostly tasks that are open."""
        run = data.draw(st.sampled_from([name for name, model in sorted(self.models.items()) if model.tasks] or ["MOD-1"]))
        model = self.models[run]
        step = data.draw(st.sampled_from([*sorted(model.tasks) * 3, *sorted(ROLE)]))
        if data.draw(st.booleans()):  # somebody who has a chance
            who = {"claim": HELD[ROLE[step]][-1], "release": model.tasks.get(step) or "ana", "assign": "ana"}[act]
            to = HELD[ROLE[step]][0]
        if act == "claim":
            self._compare(who, run, c.Claim(step), model.claim(who, step))
        elif act == "release":
            self._compare(who, run, c.Release(step, "No"), model.release(who, step))
        else:
            self._compare(who, run, c.Assign(step, self.company.people[to], "So"), model.assign(who, step, to))

    def _complete(self, data: st.DataObject, choices: list[tuple[str, str, str]]) -> None:
        run, who, step = data.draw(st.sampled_from(choices))
        size = data.draw(st.sampled_from([0, 5, 6]))
        outcome = data.draw(st.sampled_from(["", "reject", "reject"])) if step == "check" else ""
        command = c.Complete(step, outcome, {"size": size} if step == "make" else {}, "Because")
        self._compare(who, run, command, self.models[run].complete(who, step, outcome or "approve", size))

    def _possible(self) -> list[tuple[str, str, str]]:
        return [(run, who, step) for run, model in sorted(self.models.items()) for who in WHO for step in model.inbox(who)]

    @precondition(lambda self: bool(self._possible()))
    @rule(data=st.data())
    def work(self, data: st.DataObject) -> None:
        """Whoever may, does."""
        self._complete(data, self._possible())

    @precondition(lambda self: bool(self._possible()))
    @rule(data=st.data(), times=st.integers(1, 4))
    def work_on(self, data: st.DataObject, times: int) -> None:
        """Several times in a row."""
        for _ in range(times):
            if possible := self._possible():
                self._complete(data, possible)
                self.agree()

    @rule(data=st.data())
    def try_anything(self, data: st.DataObject) -> None:
        """Anybody, anything."""
        open_ = [(run, who, step) for run, model in sorted(self.models.items()) for who in WHO for step in model.tasks]
        self._complete(data, open_ * 3 + [(run, who, step) for run in sorted(self.models) for who in WHO for step in sorted(ROLE)])

    @precondition(lambda self: self.number % 23 == 22)
    @rule(data=st.data(), who=st.sampled_from(WHO))
    def cancel(self, data: st.DataObject, who: str) -> None:
        run = data.draw(st.sampled_from(sorted(self.models)))
        self._compare(who, run, c.CancelRun("Enough"), self.models[run].cancel(who))

    @rule(data=st.data(), who=st.sampled_from(WHO), step=st.sampled_from(["", "make", "close"]))
    def comment(self, data: st.DataObject, who: str, step: str) -> None:
        run = data.draw(st.sampled_from(sorted(self.models)))
        self._compare(who, run, c.Comment("A word", step), who != "fay")

    @precondition(lambda self: self.keys)
    @rule(data=st.data())
    def repeat(self, data: st.DataObject) -> None:
        who, run, command, key = data.draw(st.sampled_from(self.keys))
        before = self.company.views.run(run).seq
        answer = self.company.ask(who, run, command, key=key)
        assert isinstance(answer, Refused) or answer.repeated
        assert self.company.views.run(run).seq == before

    @rule()
    def restart(self) -> None:
        following = self.company.again(seed=self.number + 10)
        self.company.close()
        self.company = following

    @rule(hours=st.integers(-3, 30))
    def wait(self, hours: int) -> None:
        self.company.clock.move(hours=hours)
        assert self.company.runner.elapse() == []

    @invariant()
    def agree(self) -> None:
        """Owners, status, inboxes and the number of records are those of the model; the state is the fold of its events."""
        names = self.company.views.handles()
        for run, model in self.models.items():
            view = self.company.views.run(run)
            assert view.state.status == model.status
            assert {task.step: names.get(task.owner, "") for task in view.state.tasks.values()} == model.tasks
            assert view.seq + 1 == model.records
            lines = self.company.views.history(run)
            assert replay([(line.at, event) for line in lines for event in line.events], EMPTY) == view.state
            done = [row.step for row in view.tasks if row.closed_at and row.outcome != "withdrawn"]
            assert sorted(done) == sorted(model.finished)
        for who in WHO:
            mine = [name.split("/") for name in self.company.inbox(who)]
            for run, model in self.models.items():
                assert sorted(step for name, step in mine if name == run) == model.inbox(who), (who, run)


pytestmark = pytest.mark.no_cover  # thousands of commands walk lines that have tests of their own

TestModel: Any = Compared.TestCase
TestModel.settings = settings(
    max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, suppress_health_check=list(HealthCheck)
)


def test_a_wrong_model_is_caught() -> None:
    """The negative control: a model that forgets the separation of duties differs from the company within a few steps."""

    class Careless(Model):
        def may(self, who: str, step: str) -> bool:
            return who in HELD[ROLE[step]]

    with tempfile.TemporaryDirectory() as folder:
        company = Company(f"sqlite:///{folder}/sop.db", Path(folder))
        with company.database.write() as unit:
            add_definition(unit, definition(TEXT))
        run, model = company.begin("model", inputs={}, roles=HELD), Careless()
        company.complete("cy", run, "make", size=1)
        assert model.complete("cy", "make", "", 1)
        assert model.inbox("cy") == ["check"] != [name.split("/")[1] for name in company.inbox("cy")]
        company.close()
