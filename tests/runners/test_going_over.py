"""Versions of a definition in the database, and runs that go over from one to another, on both databases."""

from datetime import UTC
from pathlib import Path

import pytest

from engine import commands as c
from engine.calendar import Calendar
from engine.events import RunMigrated
from engine.history import text
from engine.parse import read
from engine.refusals import Code, Refused
from runners.asker import Asker
from runners.audit.report import Report
from runners.audit.verify import Auditor
from runners.clock import Ids
from runners.library import Library
from runners.people import NotFound
from runners.publishing import AlreadyOut, NotRising, Published, Publisher
from runners.register import Register
from runners.runner import Done, Runner
from runners.store import reads
from runners.store.database import Database
from runners.store.records import Person
from runners.store.writes import erase_payload, save_person
from runners.views import Views

ANA, BEN, CLEO = "p_anaaaaaaaaaa", "p_benaaaaaaaaa", "p_cleoaaaaaaaa"
FIRST = """\
sop: leaflet
version: 1.0.0
title: Leaflet
purpose: To be tested.
scope: This test.
owner: lead
prefix: LEA
roles: [lead, maker, checker]
separate: [[write, review]]
inputs: {topic: {type: text, required: true}}
steps:
  - id: write
    role: maker
    form: {copy: {type: text, required: true}}
  - id: review
    approval: {role: checker, of: [write]}
    due: PT8H
    remind: [-4h, -2h]
    escalate: [{after: 1h, to: lead}]
    outcomes: {approve: next, reject: {to: write, reason: required, rounds: 3, then: end(rejected)}}
  - id: print
    role: maker
    when: write.copy != 'nothing'
"""
SECOND = (
    FIRST.replace("1.0.0", "1.1.0").replace("write", "draft").replace("[-4h, -2h]", "[-1h]").replace(
        "  - id: print", "  - id: sign\n    role: lead\n  - id: print"
    )
)  # fmt: skip
NAMES = {"write": "draft"}


class Stopped:
    """A clock that stands still."""

    def now(self) -> str:
        """Monday morning."""
        return "2026-11-23T09:00:00.000000Z"


class House:
    """A database with people, a folder of definitions, and everything that acts on them."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.folder = folder
        self.clock = Stopped()
        self.library = Library(database, [folder], self.clock, "ben")
        self.publisher = Publisher(database, self.library, self.clock)
        self.runner = Runner(database, self.library, self.clock, Ids(), Calendar())
        self.views = Views(database, lambda: self.library, self.clock)
        with database.write() as unit:
            for pseudonym, handle in ((ANA, "ana"), (BEN, "ben"), (CLEO, "cleo")):
                save_person(unit, Person(pseudonym, handle, handle.title()))
            facts = [{"is": "PersonSet", "person": pseudonym} for pseudonym in (ANA, BEN, CLEO)]
            Register(unit, database.log, self.clock.now(), Asker(), Ids()).record("import", facts)

    def publish(self, text: str, why: str = "It holds now", *, dry_run: bool = False) -> Published:
        """Publish *text* as Ana."""
        definition = read(text.encode(), name="leaflet.yaml").definition
        assert definition is not None
        answer = self.publisher.publish(definition, text.encode(), by=ANA, why=why, dry_run=dry_run)
        assert isinstance(answer, Published)
        return answer

    def begin(self, sop: str = "leaflet") -> str:
        """A run whose draft is written and waits for its review."""
        roles = {"lead": ["ana"], "maker": ["ben"], "checker": ["cleo"]}
        answer = self.runner.start(sop, title="Spring", actor=ANA, roles=roles, inputs={"topic": "Spring"})
        assert isinstance(answer, Done), answer
        self.do(answer.run, BEN, c.Complete(next(iter(answer.state.tasks.values())).address, "", {"copy": "A text"}))
        return answer.run

    def do(self, run: str, actor: str, command: c.Command) -> Done:
        """Carry out *command*."""
        answer = self.runner.handle(run, command, actor=actor)
        assert isinstance(answer, Done), answer
        return answer

    def go(self, run: str, version: str, names: dict[str, str] | None = None) -> Done:
        """Take *run* over to *version*."""
        return self.do(run, ANA, c.Migrate(self.mark(version), names or {}, "The new version holds"))

    def mark(self, version: str) -> str:
        """The fingerprint of *version*."""
        return self.publisher.procedure(f"leaflet@{version}").fingerprint

    def audit(self) -> Report:
        """What the auditor finds."""
        return Auditor(self.database, lambda _: UTC).verify()


@pytest.fixture
def house(database: Database, tmp_path: Path) -> House:
    """A house with the first version published."""
    folder = tmp_path / "definitions"
    folder.mkdir()
    made = House(database, folder)
    made.publish(FIRST)
    return made


def test_a_run_goes_over_and_back_and_its_history_is_sound(house: House) -> None:
    """Values are found under the new names and under the old ones again; every record is decided the same once more."""
    house.publish(SECOND)
    run = house.begin("leaflet@1.0.0")
    done = house.go(run, "1.1.0", NAMES)
    assert done.procedure.version == "1.1.0"
    view = house.views.run(run)
    assert (view.line.version, view.line.fingerprint, view.procedure.version) == ("1.1.0", house.mark("1.1.0"), "1.1.0")
    assert (view.values["draft.copy"], "write.copy" in view.values) == ("A text", False)
    assert house.audit().sound, house.audit().findings
    house.do(run, CLEO, c.Complete("review", "approve"))
    assert [task.address for task in house.views.run(run).state.tasks.values()] == ["sign"]
    back = house.runner.handle(run, c.Migrate(house.mark("1.0.0"), {"draft": "write"}, "Back"), actor=ANA)
    assert isinstance(back, Refused)
    house.do(run, ANA, c.Complete("sign"))
    house.go(run, "1.0.0", {"draft": "write"})
    assert house.views.run(run).values["write.copy"] == "A text"
    house.do(run, BEN, c.Complete("print"))
    report = house.audit()
    assert (report.findings, report.unchecked, report.erased) == ([], 0, 0)
    assert report.records - report.directory == len(house.views.history(run))


def test_there_and_back_again_and_once_more(house: House) -> None:
    """Going over several times keeps each value once for each place, and nothing is lost."""
    house.publish(SECOND)
    run = house.begin("leaflet@1.0.0")
    before = house.views.run(run).state
    for _ in range(2):
        house.go(run, "1.1.0", NAMES)
        house.go(run, "1.0.0", {"draft": "write"})
    assert house.views.run(run).state == before
    assert house.views.run(run).values["write.copy"] == "A text"
    house.do(run, CLEO, c.Complete("review", "reject", {}, "Again"))
    house.do(run, BEN, c.Complete("write", "", {"copy": "Another"}))
    assert house.views.run(run).values["write.copy"] == "Another"
    assert house.audit().sound, house.audit().findings


def test_the_record_of_the_migration_names_the_version_before(house: House) -> None:
    """Later records name the new one; both fingerprints stand in the event."""
    house.publish(SECOND)
    run = house.begin("leaflet@1.0.0")
    house.go(run, "1.1.0", NAMES)
    house.do(run, ANA, c.Comment("Well"))
    *_, migrated, after = house.views.history(run)
    assert (migrated.kind, migrated.record["def"]["sha256"]) == ("migrated", text(bytes.fromhex(house.mark("1.0.0"))))
    assert after.record["def"] == {"id": "leaflet", "ver": "1.1.0", "sha256": text(bytes.fromhex(house.mark("1.1.0")))}
    (event,) = migrated.events
    assert isinstance(event, RunMigrated)
    assert (event.previous, event.fingerprint) == (house.mark("1.0.0"), house.mark("1.1.0"))
    seals = migrated.command["seals"]
    assert migrated.command == {"do": "migrate", "fingerprint": house.mark("1.1.0"), "names": NAMES, "seals": seals}
    assert migrated.note == "The new version holds"


def test_the_past_is_told_under_the_version_of_then(house: House) -> None:
    """A moment before the migration shows the old procedure with the old names."""
    house.publish(SECOND)
    run = house.begin("leaflet@1.0.0")
    house.go(run, "1.1.0", NAMES)
    then, now = house.views.run(run, as_of=1), house.views.run(run, as_of=2)
    assert (then.procedure.version, then.values["write.copy"]) == ("1.0.0", "A text")
    assert (now.procedure.version, now.values["draft.copy"]) == ("1.1.0", "A text")
    assert "draft.copy" not in then.values


def test_timers_follow_the_new_version(house: House) -> None:
    """What the new version does not know never fires; what it moves fires when it says."""
    house.publish(SECOND)
    run = house.begin("leaflet@1.0.0")
    house.go(run, "1.1.0", NAMES)
    with house.database.read() as unit:
        waiting = sorted((t.kind, t.n, t.fire_at[11:16]) for t in reads.timers_of(unit, run) if t.done_at is None)
    assert waiting == [("escalate", 0, "18:00"), ("remind", 0, "16:00")]


def test_who_is_kept_apart_is_offered_nothing(house: House) -> None:
    """Offers are made anew with the separations of the new version."""
    house.publish(FIRST)
    third = SECOND.replace("1.1.0", "1.2.0").replace("[[draft, review]]", "[[draft, review], [draft, print]]")
    house.publish(third)
    run = house.begin("leaflet@1.0.0")
    house.do(run, ANA, c.Bind("maker", (f"person:{BEN}", f"person:{CLEO}"), "Two of them"))
    house.do(run, CLEO, c.Complete("review", "approve"))
    assert run in {row.run for row in house.views.inbox(BEN)}
    house.go(run, "1.2.0", NAMES)
    mine = {row.label: row.owner for row in house.views.inbox(BEN)}
    assert mine.get("print") in {None, BEN}
    answer = house.runner.handle(run, c.Complete("print"), actor=BEN)
    assert isinstance(answer, Refused)
    assert Code.SEPARATED in {reason.code for reason in answer.reasons}
    assert house.audit().sound, house.audit().findings


def test_a_refused_migration_is_on_record_and_decided_the_same(house: House) -> None:
    """Somebody who may not, and a run that has no place: the attempt stays, the run too."""
    house.publish(SECOND)
    run = house.begin("leaflet@1.0.0")
    mark = house.mark("1.1.0")
    for actor, names in ((BEN, NAMES), (ANA, {"review": "sign", "anna_mueller": "sign"})):
        answer = house.runner.handle(run, c.Migrate(mark, names, "Because"), actor=actor)
        assert isinstance(answer, Refused)
    refused = [line for line in house.views.history(run) if line.kind == "refused"]
    assert len(refused) == 2
    assert "mueller" not in refused[1].record.__repr__()
    report = house.audit()
    assert (report.findings, report.unchecked) == ([], 0)


def test_an_erased_value_does_not_come_back_by_its_new_name(house: House) -> None:
    """Erasing a value erases it wherever it went; the history stays sound."""
    house.publish(SECOND)
    run = house.begin("leaflet@1.0.0")
    house.go(run, "1.1.0", NAMES)
    with house.database.write() as unit:
        assert erase_payload(unit, run, 1, "write.copy")
    with house.database.read() as unit:
        assert not [p for p in reads.payloads(unit, run) if p.path in {"write.copy", "draft.copy"}]
    report = house.audit()
    assert report.sound, report.findings
    assert report.unchecked >= 1
    house.go(run, "1.0.0", {"draft": "write"})
    assert house.audit().sound


def test_roles_that_come_with_a_version_are_held_by_whom_the_directory_names(house: House) -> None:
    """As if the run had been started with it; a role that somebody was given stays theirs, and the records prove it."""
    with house.database.write() as unit:
        save_person(unit, Person(CLEO, "cleo", "Cleo", roles=("legal", "maker")))
    house.publish(SECOND.replace("role: lead\n  - id: print", "role: legal\n  - id: print").replace("checker]", "checker, legal]"))
    run = house.begin("leaflet@1.0.0")
    house.go(run, "1.1.0", NAMES)
    state = house.views.run(run).state
    assert (state.roles["legal"], state.roles["maker"]) == ((f"person:{CLEO}",), (f"person:{BEN}",))
    house.do(run, CLEO, c.Complete("review"))
    house.do(run, CLEO, c.Complete("sign"))
    report = house.audit()
    found = [finding for finding in report.findings if finding.run == run]  # Cleo's roles were written past the register
    assert (found, report.unchecked) == ([], 0)


def test_a_dry_run_leaves_no_trace(house: House) -> None:
    """What would happen is said, and the run stays with its version."""
    house.publish(SECOND)
    run = house.begin("leaflet@1.0.0")
    answer = house.runner.handle(run, c.Migrate(house.mark("1.1.0"), NAMES, "Because"), actor=ANA, dry_run=True)
    assert isinstance(answer, Done)
    assert house.views.run(run).line.version == "1.0.0"


def test_versions_say_who_and_why(house: House) -> None:
    """The newest stands first, with the words of who published it."""
    house.publish(SECOND, "Drafts are called drafts")
    assert [(line.version, line.added_by, line.why) for line in house.publisher.versions("leaflet")] == [
        ("1.1.0", ANA, "Drafts are called drafts"), ("1.0.0", ANA, "It holds now"),
    ]  # fmt: skip
    with pytest.raises(NotFound):
        house.publisher.versions("nothing")


def test_a_changed_file_is_taken_in_by_whose_command_it_was(house: House) -> None:
    """Nobody gave a reason, but the person is known; publishing it later adds the reason and nothing else."""
    (house.folder / "leaflet.yaml").write_text(SECOND)
    assert house.library.sync() == []
    newest = house.publisher.versions("leaflet")[0]
    assert (newest.version, newest.added_by, newest.why) == ("1.1.0", BEN, None)
    assert not house.publish(SECOND, "Now on purpose").repeated
    newest = house.publisher.versions("leaflet")[0]
    assert (newest.added_by, newest.why) == (ANA, "Now on purpose")
    assert house.publish(SECOND, "Once more").repeated
    assert house.publisher.versions("leaflet")[0].why == "Now on purpose"


def test_other_content_needs_a_higher_number(house: House) -> None:
    """A number that is taken, or is not above the last, is refused, and says which it is."""
    changed = FIRST.replace("Leaflet", "A leaflet")
    with pytest.raises(NotRising) as taken:
        house.publish(changed)
    assert (taken.value.taken, taken.value.last) == (True, "1.0.0")
    (house.folder / "leaflet.yaml").write_text(changed)
    house.library.sync()
    with pytest.raises(NotRising):  # nor does it become right by being taken in with its file
        house.publish(changed)
    with pytest.raises(NotRising) as lower:
        house.publish(changed.replace("1.0.0", "0.9.0"))
    assert not lower.value.taken
    published = house.publish(changed.replace("1.0.0", "1.0.1"))
    assert published.previous is not None
    assert [change.where for change in published.changes] == ["title"]


def test_publishing_can_be_tried(house: House) -> None:
    """A dry run compares and writes nothing."""
    assert house.publish(SECOND, dry_run=True).changes
    assert [line.version for line in house.publisher.versions("leaflet")] == ["1.0.0"]


def test_new_runs_start_with_the_highest_published_version(house: House) -> None:
    """A published version stands above an older file."""
    (house.folder / "leaflet.yaml").write_text(FIRST)
    house.publish(SECOND)
    assert house.views.run(house.begin()).line.version == "1.1.0"


def test_a_retired_version_starts_nothing_and_open_runs_go_on(house: House) -> None:
    """Retiring is by somebody and for a reason; the next lower version is used; a run of the retired one goes on and back."""
    house.publish(SECOND)
    run = house.begin("leaflet@1.1.0")
    line = house.publisher.retire("leaflet@1.1.0", by=ANA, why="It was wrong")
    assert not isinstance(line, Refused)
    assert (line.retired_by, line.retired_why) == (ANA, "It was wrong")
    answer = house.runner.start("leaflet@1.1.0", title="x", actor=ANA, inputs={"topic": "y"})
    assert isinstance(answer, Refused)
    assert [reason.code for reason in answer.reasons] == [Code.RETIRED]
    assert house.views.run(house.begin()).line.version == "1.0.0"
    house.do(run, CLEO, c.Complete("review", "approve"))
    assert house.audit().sound
    with pytest.raises(AlreadyOut):
        house.publisher.retire("leaflet@1.1.0", by=ANA, why="Again")
    with pytest.raises(AlreadyOut):
        house.publish(SECOND)
    with pytest.raises(NotFound):
        house.publisher.retire("leaflet@9.0.0", by=ANA, why="There is none")


def test_a_file_that_is_touched_brings_no_retired_version_back(house: House) -> None:
    """What somebody took out of use stays out, whatever its file does."""
    path = house.folder / "leaflet.yaml"
    path.write_text(FIRST)
    house.library.sync()
    house.publisher.retire("leaflet@1.0.0", by=ANA, why="Wrong")
    path.write_text(FIRST + "\n")
    house.library.sync()
    path.unlink()
    house.library.sync()
    (line,) = house.publisher.versions("leaflet")
    assert (line.retired_by, line.retired_why) == (ANA, "Wrong")
