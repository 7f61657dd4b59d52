"""A small company on a real database: people, teams, three SOPs, a clock that is set by hand, and everybody's runner."""

import json
import random
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from engine import commands as c
from engine.canonical import canonical_document, fingerprint
from engine.canonical import stored as stored_bytes
from engine.parse import read
from engine.refusals import Code, Refused
from engine.state import Task
from engine.timers import instant, written
from runners.audit.report import Report
from runners.audit.verify import Auditor
from runners.clock import Clock, Ids
from runners.runner import Done
from runners.settings import load
from runners.store import reads
from runners.store.records import Person, StoredDefinition, Team
from runners.store.writes import add_definition, save_person, save_team
from runners.wiring import open_app, zone_of

MONDAY = "2026-11-23T09:00:00.000000Z"

_HEAD = "version: 1.0.0\ntitle: {title}\npurpose: To be tested.\nscope: This test.\nowner: editor\n"

ARTICLE = (
    "sop: article\n"
    + _HEAD.format(title="Article")
    + """
roles: [editor, writer, checker, designer, operator]
parameters:
  rounds: {type: number, default: 2, source: x, confidence: team}
inputs:
  topic: {type: text, required: true}
  platforms: {type: multi_choice, options: [weibo, wechat], required: true}
separate: [[write, review]]
steps:
  - id: write
    role: writer
    form:
      copy: {type: longtext, required: true}
      risk: {type: choice, options: [low, high], required: true}
      helper: {type: user}
      scan: {type: file}
      loud: {type: bool, value: "write.risk == 'high'"}
    due: 2 business days
    remind: [-4h]
    escalate: [{after: 2h, to: editor}]
  - id: review
    approval: {role: checker, quorum: 2, of: [write]}
    form: {remark: {type: text}}
    outcomes:
      approve: next
      reject: {to: write, reason: required, rounds: $rounds, then: end(given_up)}
  - id: prepare
    parallel:
      art: [{id: design, role: designer}]
      words: {when: "write.risk == 'low'", steps: [{id: caption, role: writer}]}
    join: any
  - id: publish
    for_each: {platform: inputs.platforms}
    steps:
      - {id: post, role: operator, form: {url: {type: url, required: true}}}
  - id: measure
    run: report
    with: {subject: inputs.topic}
  - {id: close, role: editor}
"""
)

REPORT = (
    "sop: report\n"
    + _HEAD.format(title="Report")
    + """
roles: [editor, analyst]
inputs:
  subject: {type: text, required: true}
steps:
  - id: count
    role: analyst
    form: {total: {type: number, required: true, min: 0}}
  - id: dig
    when: count.total > 100
    run: note
  - id: skip
    when: count.total > 1000000
    role: analyst
results: {total: count.total}
"""
)

NOTE = (
    "sop: note\n"
    + _HEAD.format(title="Note")
    + """
roles: [editor, analyst]
steps:
  - {id: jot, role: analyst}
"""
)

SIMPLE = (
    "sop: simple\n"
    + _HEAD.format(title="Simple")
    + """
roles: [editor, doer]
steps:
  - {id: one, role: doer}
  - {id: two, role: doer}
"""
)


def small(sop: str, *steps: str, inputs: str = "") -> str:
    """An SOP of *steps* for editors and analysts."""
    head = f"sop: {sop}\n{_HEAD.format(title=sop.title())}roles: [editor, analyst]\n{inputs}steps:\n"
    return head + "".join(f"  - {step}\n" for step in steps)


HANDLES = ("ana", "ben", "cy", "dan", "eve", "fay", "gus")
NAMES = {handle: f"{handle.title()} Van Der {handle.title()}sen" for handle in HANDLES}
ROLES: Mapping[str, Sequence[str]] = {
    "editor": ["ana"], "writer": ["ben", "cy"], "checker": ["cy", "dan", "eve"], "designer": ["team:design"], "operator": ["eve"],
}  # fmt: skip
INPUTS = {"topic": "The new charger", "platforms": ["weibo", "wechat"]}
COPY = {"copy": "It burns less than the old one", "risk": "low"}


@lru_cache
def definition(source: str) -> StoredDefinition:
    """*source* as it is stored; it must be without problems."""
    parsed = read(source.encode())
    assert parsed.definition is not None, parsed.problems
    document = canonical_document(parsed.definition)
    stored = parsed.definition
    return StoredDefinition(fingerprint(document), stored.sop, stored.version, source.encode(), stored_bytes(document), MONDAY)


class HandClock:
    """A clock that stands still until somebody moves it."""

    def __init__(self, at: str = MONDAY) -> None:
        self.at = at

    def now(self) -> str:
        return self.at

    def move(self, **length: float) -> None:
        self.at = written(instant(self.at) + timedelta(**length))


class Raw:
    """Carries out any SQL behind the store's back, with ``?`` for parameters, each statement in its own transaction."""

    def __init__(self, url: str) -> None:
        self._lite = url.startswith("sqlite")
        self._connection: Any
        if self._lite:
            import sqlite3

            self._connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None, timeout=10)
            self._connection.execute("PRAGMA synchronous=off")  # what an attacker does need not survive a power cut
        else:
            import psycopg

            self._connection = psycopg.connect(url, autocommit=True)

    def __call__(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 - any SQL value
        cursor = self._connection.execute(sql if self._lite else sql.replace("%", "%%").replace("?", "%s"), values)
        return [plain_row(row) for row in cursor.fetchall()] if cursor.description else []

    def close(self) -> None:
        self._connection.close()


TABLES = (
    "run", "task", "offer", "history", "payload", "timer", "outbox", "request", "evidence", "counter", "definition", "calendar",
)  # fmt: skip


class Company:
    """One connection of the company.

    Attributes:
        app: the whole application.
        clock: set by hand.
        people: handle to pseudonym.
        pace: seconds that pass before each thing that is done.
    """

    pace = 0.0

    def __init__(self, url: str, folder: Path, *, seed: int = 1, clock: Clock | None = None, found: bool = False) -> None:
        self.url = url
        self.clock = clock if isinstance(clock, HandClock) else HandClock()
        self._exit = ExitStack()
        settings = load({}, folder, {"database": url})._replace(definitions=(folder / "sops",), person_origin="flag")
        chance = random.Random(seed)
        self.ids = Ids(chance.randbytes)
        self.app = self._exit.enter_context(open_app(settings, create=not found, clock=clock or self.clock, ids=self.ids))
        self.database, self.runner, self.views = self.app.database, self.app.runner, self.app.views
        if not found:
            self._found()
        self.people = {person.handle: person.id for person in self.views.people()}

    def _found(self) -> None:
        with self.database.write() as unit:
            for source in (ARTICLE, REPORT, NOTE, SIMPLE):
                add_definition(unit, definition(source))
            for handle in HANDLES:
                roles = {"dan": ("analyst",), "ana": ("editor",)}.get(handle, ())
                save_person(unit, Person(self.ids.pseudonym(), handle, NAMES[handle], f"{handle}@mail.example", roles))
            gus = reads.person_by_handle(unit, "gus")
            assert gus is not None
            save_person(unit, gus._replace(active=False))
            members = [person.id for person in reads.people(unit) if person.handle in {"dan", "eve"}]
            save_team(unit, Team("design", "The designers"), members)

    @cached_property
    def raw(self) -> Raw:
        """A way round the store."""
        made = Raw(self.url)
        self._exit.callback(made.close)
        return made

    def again(self, *, seed: int = 2) -> "Company":
        """Another connection to the same company."""
        return Company(self.url, self.app.settings.evidence.parent, seed=seed, clock=self.clock, found=True)

    def close(self) -> None:
        self._exit.close()

    # asking

    def begin(self, sop: str = "article", **more: Any) -> str:  # noqa: ANN401 - parts of the command
        """Starts a run; gives its name."""
        done = self.start(sop, **more)
        assert isinstance(done, Done), done
        return done.run

    def start(self, sop: str = "article", **more: Any) -> Done | Refused:  # noqa: ANN401 - parts of the command
        roles = {"article": ROLES, "simple": {"doer": ["ben", "cy", "dan"]}}.get(sop, {})
        given = {"title": "Charger story", "actor": "ana", "roles": roles, "inputs": INPUTS if sop == "article" else {}}
        return self.runner.start(sop, **{**given, **more})

    def ask(self, who: str, run: str, command: c.Command, **more: Any) -> Done | Refused:  # noqa: ANN401
        return self.runner.handle(run, command, actor=self.people[who], **more)

    def do(self, who: str, run: str, command: c.Command, **more: Any) -> Done:  # noqa: ANN401
        """What must be accepted."""
        self.clock.move(seconds=self.pace)
        done = self.ask(who, run, command, **more)
        assert isinstance(done, Done), done
        return done

    def refused(self, who: str, run: str, command: c.Command, **more: Any) -> list[Code]:  # noqa: ANN401
        """The codes for which what must be refused is refused."""
        answer = self.ask(who, run, command, **more)
        assert isinstance(answer, Refused), answer
        return [reason.code for reason in answer.reasons]

    def complete(self, who: str, run: str, step: str, outcome: str = "", note: str = "", **values: Any) -> Done:  # noqa: ANN401
        return self.do(who, run, c.Complete(step, outcome, values, note))

    # ways through an article

    def to_review(self, **more: Any) -> str:  # noqa: ANN401
        """An article that waits for its review; ben has written it."""
        run = self.begin(**more)
        self.complete("ben", run, "write", **COPY)
        return run

    def to_child(self) -> str:
        """An article that waits for its report."""
        run = self.to_review()
        self.complete("dan", run, "review")
        self.complete("eve", run, "review")
        self.complete("dan", run, "design")
        self.complete("eve", run, "post:weibo", url="https://weibo.example/1")
        self.complete("eve", run, "post:wechat", url="https://wechat.example/1")
        return run

    def to_end(self) -> str:
        """An article that is over, with everything that may happen on the way."""
        run = self.begin()
        self.refused("eve", run, c.Complete("write", values=COPY, note="Let me"))
        self.do("cy", run, c.Claim("write"))
        self.do("cy", run, c.Release("write", "No time"))
        self.complete("ben", run, "write", **COPY, helper="fay")
        self.complete("dan", run, "review", "reject", "Too short", remark="Hm")
        self.do("ana", run, c.Assign("write", self.people["cy"], "Ben is away"))
        self.do("ana", run, c.Assign("write", self.people["ben"], "He is back"))
        self.complete("ben", run, "write", copy="It burns much less", risk="low")
        self.complete("dan", run, "review", remark="First voice")
        self.do("ana", run, c.Comment("Nearly there"))
        self.complete("eve", run, "review", remark="Second voice")
        self.complete("eve", run, "design")
        self.do("ana", run, c.CancelTrack("post:weibo", "Closed there"))
        self.complete("eve", run, "post:wechat", url="https://wechat.example/1")
        self.complete("dan", f"{run}.1", "count", total=500)
        self.complete("dan", f"{run}.1.1", "jot")
        self.do("ana", run, c.Bind("editor", [f"person:{self.people['ana']}", f"person:{self.people['fay']}"], "Holidays"))
        self.do("ana", run, c.Attach({"sha256": "ab" * 32, "name": "plan.pdf", "size": 7}, note="The plan"))
        self.do("ana", run, c.Release("close"))
        self.complete("fay", run, "close", note="Done at last")
        return run

    # looking

    def task(self, run: str, address: str) -> Task:
        (found,) = (task for task in self.views.run(run).state.tasks.values() if task.address == address)
        return found

    def open(self, run: str) -> list[str]:
        """Addresses of the open tasks."""
        return sorted(task.address for task in self.views.run(run).state.tasks.values())

    def inbox(self, who: str) -> list[str]:
        return [f"{row.run}/{row.label}" for row in self.views.inbox(self.people[who])]

    def audit(self, *runs: str, evidence: Callable[[str], bool] | None = None) -> Report:
        return Auditor(self.database, zone_of, evidence).verify(runs)

    def dump(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table."""
        return {table: sorted(self.raw(f"SELECT * FROM sop_{table}"), key=repr) for table in TABLES}  # noqa: S608 - names of our own

    def records(self, run: str) -> list[dict[str, Any]]:
        """The records of a run, parsed."""
        with self.database.read() as unit:
            return [json.loads(row.record) for row in reads.history(unit, run)]


def plain_row(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """A row without what differs between drivers."""
    return tuple(bytes(value) if isinstance(value, memoryview) else value for value in row)


def ago(at: str, **length: float) -> str:
    """An instant before *at*."""
    return written(datetime.fromisoformat(at) - timedelta(**length))
