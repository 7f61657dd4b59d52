"""A project for tests about people: a few SOPs, a few people, a clock that is turned by hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from engine import commands as c
from engine.refusals import Code, Refused
from runners.asker import Asker
from runners.audit.report import Report
from runners.audit.verify import Auditor
from runners.clock import Ids
from runners.directory import Entry, Roster, take_in
from runners.runner import Done
from runners.settings import load
from runners.standing_in import delegate_role, set_away
from runners.store.organisation_records import Absence, Delegation
from runners.wiring import App, open_app, zone_of

SOPS = {
    "work": """
sop: work
version: 1.0.0
title: Work
purpose: To be tested.
scope: This test.
owner: lead
roles: [lead, maker, checker]
separate: [[make, check]]
steps:
  - {id: make, role: maker}
  - {id: check, role: checker}
""",
    "noted": """
sop: noted
version: 1.0.0
title: Noted
purpose: To be tested.
scope: This test.
owner: lead
roles: [lead, maker, checker]
separate: [[make, check]]
steps:
  - {id: make, role: maker, form: {text: {type: text, required: true}}}
  - {id: check, role: checker}
""",
    "turns": """
sop: turns
version: 1.0.0
title: Turns
purpose: To be tested.
scope: This test.
owner: lead
roles: [lead, maker]
steps:
  - {id: round, role: maker, assign: round_robin}
  - {id: lot, role: maker, assign: random}
  - {id: load, role: maker, assign: least_loaded}
""",
}
PEOPLE = (
    Entry("ana", "Ana", roles=("lead",)), Entry("ben", "Ben", roles=("maker",)), Entry("cleo", "Cleo", roles=("maker", "checker")),
    Entry("dan", "Dan", roles=("checker",)), Entry("eve", "Eve"), Entry("fay", "Fay"),
)  # fmt: skip


class Hands:
    """A clock that stands until it is turned."""

    def __init__(self) -> None:
        self.at = "2026-11-23T09:00:00.000000Z"

    def now(self) -> str:
        """The instant."""
        return self.at


class Office:
    """An application with short ways to use it by handles."""

    def __init__(self, app: App, clock: Hands) -> None:
        self.app = app
        self.clock = clock

    def who(self, handle: str) -> str:
        """The pseudonym of *handle*."""
        return self.app.views.pseudonym(handle)

    def take_in(self, *people: Entry, by: str = "", **more: Any) -> Any:  # noqa: ANN401 - what taking in gives
        """Take in people, and whatever else a roster holds."""
        asker = Asker(self.who(by)) if by else Asker()
        roster = Roster(people, more.get("teams", {}), more.get("units", {}))
        return take_in(
            self.app.database, roster, Ids(), asker=asker, at=self.clock.at, procedures=self.app.library.procedure,
            dry_run=bool(more.get("dry_run")),
        )  # fmt: skip

    def start(self, sop: str = "work", **more: Any) -> Done:  # noqa: ANN401 - parts of a start
        """A run that Ana leads."""
        done = self.app.runner.start(sop, title=sop, actor="ana", **more)
        assert isinstance(done, Done), done
        return done

    def do(self, handle: str, run: str, command: c.Command) -> Done:
        """Carry out *command*; it must be accepted."""
        done = self.app.runner.handle(run, command, actor=self.who(handle))
        assert isinstance(done, Done), done
        return done

    def refused(self, handle: str, run: str, command: c.Command) -> list[Code]:
        """Why *command* is refused; it must be."""
        answer = self.app.runner.handle(run, command, actor=self.who(handle))
        assert isinstance(answer, Refused)
        return [reason.code for reason in answer.reasons]

    def away(self, handle: str, until: str, deputy: str = "", *, by: str = "", since: str = "") -> Absence | Refused:
        """Somebody is away."""
        absence = Absence(self.who(handle), since or self.clock.at, until, self.who(deputy) if deputy else "")
        return set_away(
            self.app.database, absence, Ids(), asker=Asker(self.who(by or handle)), at=self.clock.at, note="leave",
            procedures=self.app.library.procedure,
        )  # fmt: skip

    def lend(self, handle: str, role: str, to: str, until: str) -> Delegation | Refused:
        """Somebody lets somebody else hold a role."""
        wanted = Delegation(self.who(handle), role, self.who(to), self.clock.at, until)
        return delegate_role(
            self.app.database, wanted, Ids(), asker=Asker(self.who(handle)), at=self.clock.at,
            procedures=self.app.library.procedure,
        )  # fmt: skip

    def inbox(self, handle: str) -> list[str]:
        """What stands in somebody's inbox: tasks, with ``!`` for what nobody can do, and in whose place."""
        return [
            f"{row.run}/{row.label}" + ("!" if row.holder.startswith("stuck:") else "")
            + (f" for {self.app.views.person(row.place).handle}" if row.place else "")
            for row in self.app.views.inbox(self.who(handle))
        ]  # fmt: skip

    def verify(self, *runs: str) -> Report:
        """What an audit finds."""
        return Auditor(self.app.database, zone_of).verify(runs)


@contextmanager
def office(folder: Path, url: str = "") -> Iterator[Office]:
    """A project with the people and the SOPs of this module."""
    definitions = folder / "definitions"
    definitions.mkdir()
    for name, text in SOPS.items():
        (definitions / f"{name}.yaml").write_text(text.lstrip(), encoding="utf-8")
    clock = Hands()
    env = {
        "SOP_SHIPPED": "no",
        "SOP_DEFINITIONS": str(definitions),
        "SOP_DB": url or f"sqlite:///{folder / 'sop.db'}",
        "HOME": str(folder),
    }
    with open_app(load(env, folder, {}), create=True, clock=clock) as app:
        made = Office(app, clock)
        made.take_in(*PEOPLE)
        app.library.sync()
        yield made
