"""Permissions where the answer lies in the database: publishing, auditing, and reading what is confidential."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from engine import commands as c
from engine.parse import read
from engine.refusals import Code, Refused
from runners.audit.verify import Auditor
from runners.directory import Entry
from runners.overview import Overview, Wanted
from runners.past import Past
from runners.permissions import NotPermitted, Reader
from runners.publishing import AlreadyOut, Published
from runners.register import Line, lines
from runners.runner import AUTO
from runners.store import reads
from runners.store.records import DefinitionLine
from runners.views import Views
from runners.wiring import zone_of
from tests.people.office import SOPS, Office, office

SECRET = SOPS["work"].replace("sop: work", "sop: secret").replace("steps:", "permissions: {read: [lead]}\nsteps:")
PARENT = (
    SOPS["work"].replace("sop: work", "sop: parent").replace("separate: [[make, check]]\n", "").replace(
        "  - {id: check, role: checker}", "  - {id: sub, run: work}"
    )
)  # fmt: skip
SECOND = SOPS["work"].replace("1.0.0", "1.1.0").replace("title: Work", "title: Other work")


@pytest.fixture
def here(tmp_path: Path, database_url: str) -> Iterator[Office]:
    """A project on either database, with a confidential SOP and one that starts another."""
    with office(tmp_path, database_url) as made:
        for name, text in (("secret", SECRET), ("parent", PARENT)):
            (tmp_path / "definitions" / f"{name}.yaml").write_text(text.lstrip(), encoding="utf-8")
        made.app.library.sync()
        yield made


def publish(here: Office, text: str, by: str, why: str = "Checked with Hana", **more: Any) -> Published | Refused:  # noqa: ANN401
    """Publish *text*."""
    definition = read(text.lstrip().encode()).definition
    assert definition is not None
    return here.app.publisher.publish(definition, text.lstrip().encode(), by=here.who(by), why=why, **more)


def retire(here: Office, name: str, by: str, why: str = "It was wrong", **more: Any) -> DefinitionLine | Refused:  # noqa: ANN401
    """Take a version out of use."""
    return here.app.publisher.retire(name, by=here.who(by), why=why, **more)


def appoint(here: Office, **duties: str) -> None:
    """Give people a role in the organisation."""
    for handle, duty in duties.items():
        here.take_in(Entry(handle, handle.title(), duties=(duty,)), by=next(iter(duties)))


def told(here: Office) -> list[Line]:
    """The history of the directory."""
    with here.app.database.read() as unit:
        return list(lines(unit))


def codes(answer: object) -> list[Code]:
    """Why it was refused; it must be."""
    assert isinstance(answer, Refused), answer
    return [reason.code for reason in answer.reasons]


def seen_by(here: Office, handle: str) -> Views:
    """What somebody sees."""
    return Views(here.app.database, lambda: here.app.library, here.clock, Reader(handle, here.clock))


# publishing


def test_publishing_and_retiring_are_facts_of_the_history(here: Office) -> None:
    """Who, what and why stand in a record of the chain; the words apart from it; the audit agrees."""
    done = publish(here, SECOND, "ana")
    assert isinstance(done, Published)
    fingerprint = done.procedure.fingerprint
    line = told(here)[-1]
    version = {"sop": "work", "version": "1.1.0", "fingerprint": fingerprint}
    assert (line.do, line.actor, line.note) == ("publish", here.who("ana"), "Checked with Hana")
    assert [dict(event) for event in line.events] == [{"is": "VersionPublished", **version, "by": here.who("ana")}]
    retire(here, "work@1.1.0", "ben")
    line = told(here)[-1]
    assert (line.do, line.actor, line.note) == ("retire", here.who("ben"), "It was wrong")
    assert [dict(event) for event in line.events] == [{"is": "VersionRetired", **version, "by": here.who("ben")}]
    with here.app.database.read() as unit:
        records = b"".join(row.record for row in reads.history(unit, "ORG"))
    assert b"Hana" not in records
    assert b"wrong" not in records
    assert here.verify().findings == []


def test_a_file_that_is_published_later_is_recorded_then(here: Office) -> None:
    """What only stood in a file has no record; publishing the same content makes one, and again none."""
    before = len(told(here))
    publish(here, SOPS["work"], "ana")
    publish(here, SOPS["work"], "ben")
    assert [line.do for line in told(here)[before:]] == ["publish"]
    assert isinstance(publish(here, SECOND, "ana", dry_run=True), Published)
    for dry_run in (True, False):
        assert isinstance(retire(here, "work@1.0.0", "ana", dry_run=dry_run), DefinitionLine)
    with pytest.raises(AlreadyOut):
        retire(here, "work@1.0.0", "ana")
    assert [line.do for line in told(here)[before:]] == ["publish", "retire"]
    assert here.verify("ORG").findings == []


TAMPERED: dict[str, tuple[str, str]] = {
    "UPDATE sop_definition SET added_by = 'p_x' WHERE version = '1.1.0'": ("rows", "VersionPublished"),
    "UPDATE sop_definition SET why = 'Boss said so' WHERE version = '1.1.0'": ("rows", "words of its record"),
    "UPDATE sop_definition SET why = NULL WHERE version = '1.1.0'": ("rows", "VersionPublished"),
    "UPDATE sop_definition SET retired_by = NULL, retired_at = NULL WHERE version = '1.1.0'": ("rows", "VersionRetired"),
    "UPDATE sop_definition SET retired_by = 'p_x' WHERE version = '1.1.0'": ("rows", "VersionRetired"),
    "UPDATE sop_definition SET retired_why = 'x' WHERE version = '1.1.0'": ("rows", "words of its record"),
    "UPDATE sop_definition SET why = 'x' WHERE sop = 'turns'": ("rows", "VersionPublished"),
    "UPDATE sop_payload SET body = CAST('\"Boss\"' AS BLOB) WHERE run = 'ORG'": ("commitment", "committed"),
    "UPDATE sop_definition SET why = '', retired_why = '' WHERE version = '1.1.0'": ("", ""),
    "DELETE FROM sop_payload WHERE run = 'ORG'": ("", ""),
}


@pytest.mark.parametrize("statement", list(TAMPERED))
def test_who_published_is_proved(tmp_path: Path, statement: str) -> None:
    """Another publisher, another reason, a version brought back behind the history: the audit finds each. Erasing is none."""
    with office(tmp_path) as here:
        publish(here, SECOND, "ana")
        retire(here, "work@1.1.0", "ben")
        assert here.verify().findings == []
        with sqlite3.connect(tmp_path / "sop.db") as behind:
            behind.execute("DROP TRIGGER IF EXISTS sop_payload_no_update")
            behind.execute(statement)
        level, words = TAMPERED[statement]
        findings = here.verify("ORG").findings
        assert [(found.level, found.run) for found in findings] == ([(level, "ORG")] if level else [])
        assert all(words in found.what for found in findings)


def test_only_publishers_publish_once_there_are_any(here: Office) -> None:
    """Everybody may until somebody is appointed; then attempts of others are refused, on record, with what they were about."""
    appoint(here, eve="publisher")
    before = len(told(here))
    assert codes(publish(here, SECOND, "ana", dry_run=True)) == [Code.NOT_APPOINTED]
    assert len(told(here)) == before
    assert codes(publish(here, SECOND, "ana")) == [Code.NOT_APPOINTED]
    assert codes(retire(here, "work@1.0.0", "ben", "Mine is better")) == [Code.NOT_APPOINTED]
    first, second = told(here)[before:]
    assert (first.do, first.actor, first.note) == ("publish", here.who("ana"), "Checked with Hana")
    assert (first.about["sop"], first.about["version"], first.events) == ("work", "1.1.0", ())
    assert first.reasons == ((Code.NOT_APPOINTED, {"act": "publish", "roles": ["publisher", "administrator"]}),)
    assert (second.do, dict(second.about), second.note) == ("retire", {"sop": "work", "version": "1.0.0"}, "Mine is better")
    assert here.app.publisher.versions("work")[0].version == "1.0.0"
    assert isinstance(publish(here, SECOND, "eve"), Published)
    assert here.verify().findings == []


def test_where_there_are_publishers_a_file_starts_nothing(here: Office) -> None:
    """What nobody published is not started, by nobody, as no version, nor as a child; the attempt is on record."""
    app = here.app
    run, parent = here.start().run, here.start("parent", roles={"maker": ["ben"]}).run
    appoint(here, eve="publisher")
    assert app.library.all() == []
    for name in ("work", "work@1.0.0"):
        assert codes(app.runner.start(name, title="x", actor="ana")) == [Code.UNPUBLISHED]
    assert (told(here)[-1].do, dict(told(here)[-1].about), told(here)[-1].actor) == (
        "start",
        {"sop": "work@1.0.0"},
        here.who("ana"),
    )
    assert codes(app.runner.start("work", title="x", actor="ana", dry_run=True)) == [Code.UNPUBLISHED]
    assert [reason.code for reason in app.views.may_start("work", here.who("ana"))] == [Code.UNPUBLISHED]
    assert Code.NO_SOP in here.refused("ben", parent, c.Complete("make"))
    publish(here, SECOND, "eve")
    assert here.start().procedure.version == "1.1.0"
    (there,) = (stored for stored in app.library.all() if stored.procedure.sop == "work")
    assert there.barred == ()
    here.do("ben", parent, c.Complete("make"))
    assert here.do("ana", run, c.Comment("open runs go on")).run == run
    assert here.verify().findings == []


def test_an_open_run_does_not_go_over_to_what_nobody_published(here: Office, tmp_path: Path) -> None:
    """Otherwise a published version would be the way to any other one; the refusal is in the run's history."""
    run = here.start().run
    (tmp_path / "definitions" / "work.yaml").write_text(SECOND.lstrip(), encoding="utf-8")
    here.app.library.sync()
    fingerprint = here.app.library.find("work@1.1.0").procedure.fingerprint
    appoint(here, eve="publisher")
    assert here.refused("ana", run, c.Migrate(fingerprint, {}, "newer")) == [Code.UNPUBLISHED]
    assert here.app.views.history(run)[-1].reasons[0][0] == Code.UNPUBLISHED
    assert here.verify().findings == []
    publish(here, SECOND, "eve")
    here.do("ana", run, c.Migrate(fingerprint, {}, "newer"))
    assert here.verify().findings == []


def test_a_key_does_it_once(here: Office) -> None:
    """The same key gives the same answer, also a refusal; for another command it is refused; what a door made yields to events."""
    before = len(told(here))
    done = publish(here, SECOND, "ana", key="one")
    assert isinstance(done, Published)
    again = publish(here, SECOND, "ana", key="one")
    assert isinstance(again, Published)
    assert again.repeated
    assert codes(publish(here, SECOND, "ana", "For another reason", key="one")) == [Code.KEY_REUSED]
    line = retire(here, "work@1.1.0", "ana", key="two")
    assert retire(here, "work@1.1.0", "ana", key="two") == line
    assert codes(retire(here, "work@1.0.0", "ana", key="one")) == [Code.KEY_REUSED]
    assert len(told(here)) == before + 2
    appoint(here, eve="publisher")
    before = len(told(here))
    for _ in range(2):
        assert codes(retire(here, "work@1.0.0", "ana", key="three")) == [Code.NOT_APPOINTED]
    assert len(told(here)) == before + 1
    for _ in range(2):  # a key that a door made keeps no refusal: what was in the way may be gone
        assert codes(retire(here, "work@1.0.0", "ana", key=f"{AUTO}x")) == [Code.NOT_APPOINTED]
    assert len(told(here)) == before + 3
    done_ = retire(here, "work@1.0.0", "eve", key=f"{AUTO}y")
    assert retire(here, "work@1.0.0", "eve", key=f"{AUTO}y") == done_
    publish(here, SOPS["turns"], "eve")
    with pytest.raises(AlreadyOut):
        retire(here, "work@1.0.0", "eve", key=f"{AUTO}y")
    assert here.verify().findings == []


# starting


def test_who_may_not_start_is_on_record(here: Office, tmp_path: Path) -> None:
    """A run that never began has no history; the attempt stands in that of the directory, slips and tries do not."""
    limited = SOPS["work"].replace("steps:", "permissions: {start: [checker]}\nsteps:").replace("sop: work", "sop: limited")
    (tmp_path / "definitions" / "limited.yaml").write_text(limited.lstrip(), encoding="utf-8")
    here.app.library.sync()
    before = len(told(here))
    assert codes(here.app.runner.start("limited", title="x", actor="eve", dry_run=True)) == [Code.NOT_PERMITTED]
    assert codes(here.app.runner.start("limited", title="", actor="dan")) == [Code.FIELD_INVALID]
    assert len(told(here)) == before
    assert codes(here.app.runner.start("limited", title="x", actor=here.who("eve"))) == [Code.NOT_PERMITTED]
    line = told(here)[-1]
    assert (line.do, line.actor, dict(line.about)) == ("start", here.who("eve"), {"sop": "limited"})
    views = here.app.views
    assert [reason.code for reason in views.may_start("limited", here.who("eve"))] == [Code.NOT_PERMITTED]
    assert views.may_start("limited", here.who("dan")) == ()
    assert isinstance(here.app.runner.start("limited", title="x", actor="dan"), type(here.start()))
    assert here.verify().findings == []


# reading


ONE_RUN: dict[str, Callable[[Views, str, str], object]] = {
    "run": lambda views, run, _: views.run(run),
    "then": lambda views, run, _: views.run(run, as_of=0),
    "history": lambda views, run, _: views.history(run),
    "can": lambda views, run, who: views.can(run, who),
    "may": lambda views, run, who: views.may("cancel", who, run),
    "blocked": lambda views, run, _: views.blocked(run, "make"),
    "kept_from": lambda views, run, who: views.kept_from(run, who, "check"),
    "take_out": lambda views, run, _: views.take_out(run),
}


def test_what_is_confidential_is_shown_to_few(here: Office) -> None:
    """Everybody of the run, and who leads, administers or audits, reads it; for all others it is refused and in no list."""
    run = here.start("secret", roles={"maker": ["ben"], "checker": ["dan"]}).run
    other = here.start("work").run
    appoint(here, fay="administrator")
    here.take_in(Entry("gus", "Gus", duties=("auditor",)), Entry("hal", "Hal", duties=("lead",)), by="fay")
    here.take_in(Entry("ivy", "Ivy", duties=("publisher",)), by="fay")
    for handle in ("ana", "ben", "dan", "fay", "gus", "hal"):
        views = seen_by(here, handle)
        for ask in ONE_RUN.values():
            ask(views, run, here.who("eve"))
        assert [line.id for line in views.runs()] == [other, run], handle
    for handle in ("eve", "ivy", "nobody"):
        views = seen_by(here, handle)
        for name, ask in ONE_RUN.items():
            with pytest.raises(NotPermitted) as refused:
                ask(views, run, here.who("eve"))
            assert refused.value.run == run, name
            assert codes(refused.value.refused) == [Code.INACTIVE if handle == "nobody" else Code.NOT_PERMITTED]
        assert [line.id for line in views.runs()] == [other]
        views.run(other)


def test_no_list_shows_what_is_confidential(here: Office) -> None:
    """Runs, late ones, boards, reports, blocked tasks and the past leave it out; pages stay full; counts count it."""
    runs = [here.start("secret" if number % 2 else "work", roles={"maker": ["ben"]}).run for number in range(6)]
    shown = [run for run in reversed(runs) if run.startswith("WOR")]
    here.take_in(Entry("gus", "Gus", duties=("auditor",)))
    late = "2030-01-01T00:00:00.000000Z"

    def lists(handle: str) -> dict[str, list[str]]:
        reader = Reader(handle, here.clock)
        overview, views = Overview(here.app.database, reader), seen_by(here, handle)
        past = Past(here.app.database, here.app.library.procedure, late, reader)
        page = views.runs("all", limit=2)
        return {
            "runs": [line.id for line in page + views.runs("all", after=page[-1].key, limit=9)],
            "overview": [line.id for line in overview.runs(Wanted(), late, limit=3)],
            "tasks": sorted({row.run for row in overview.tasks()}, reverse=True),
            "told": [history.run for history in overview.histories()],
            "past": [line.id for line in past.runs()],
        }

    assert all(found == shown for found in lists("eve").values()), lists("eve")
    everything = lists("gus")
    assert set(everything.pop("overview")) <= set(runs)
    assert all(set(found) == set(runs) for found in everything.values())
    assert len(seen_by(here, "eve").open_ones("secret")) == 3
    assert seen_by(here, "eve").runs("overdue") == []
    for run in runs:
        here.do("ana", run, c.Block("make", "the paint is wet"))
    assert {row.run for row in seen_by(here, "gus").stuck()} == set(runs)
    first = seen_by(here, "eve").stuck(limit=2)
    rest = seen_by(here, "eve").stuck(limit=2, after=first[-1].key)
    assert sorted(row.run for row in (*first, *rest)) == sorted(shown)


def test_who_may_not_read_may_still_be_refused_to_act(here: Office) -> None:
    """An attempt to act on what one may not see is decided, refused and recorded like any other."""
    run = here.start("secret", roles={"maker": ["ben"]}).run
    assert Code.NOT_IN_ROLE in here.refused("eve", run, c.Complete("make"))
    assert seen_by(here, "ana").history(run)[-1].kind == "refused"


# auditing


def test_auditing_is_everybodys_until_there_are_auditors(here: Office) -> None:
    """Then it takes one, or an administrator, or a lead of the organisation; the lead of a run proves that run."""
    run, other = here.start().run, here.start().run

    def verify(handle: str, *runs: str) -> bool:
        auditor = Auditor(here.app.database, zone_of, None, Reader(handle, here.clock))
        return auditor.verify(runs).sound

    assert verify("eve")
    assert verify("nobody", run)
    seen_by(here, "eve").take_out(run)
    appoint(here, fay="auditor")
    here.take_in(Entry("gus", "Gus", duties=("administrator",)), by="fay")
    for handle in ("fay", "gus"):
        assert verify(handle)
        assert verify(handle, run, "ORG")
        seen_by(here, handle).take_out(run)
    assert verify("ana", run, other)
    for handle, runs in (("eve", (run,)), ("ana", ()), ("ana", ("ORG",)), ("ben", (run, other)), ("nobody", (run,))):
        with pytest.raises(NotPermitted):
            verify(handle, *runs)
    with pytest.raises(NotPermitted):
        seen_by(here, "eve").take_out(run)
    seen_by(here, "ben").take_out(run)
    may = here.app.views.may
    assert [reason.code for reason in may("audit", here.who("ana"))] == [Code.NOT_APPOINTED]
    assert (may("audit", here.who("ana"), run), may("audit", here.who("fay"))) == ((), ())
    assert [reason.code for reason in may("administer", here.who("fay"))] == [Code.NOT_APPOINTED]


# steering


def test_the_organisation_steers_and_the_audit_agrees(here: Office) -> None:
    """A lead and an administrator of the organisation steer a run they have no part in; what they were is in the record."""
    appoint(here, fay="administrator")
    here.take_in(Entry("gus", "Gus", duties=("lead",)), Entry("hal", "Hal", duties=("auditor",)), by="fay")
    run = here.start(roles={"maker": ["ben"], "checker": ["dan"]}).run
    here.do("fay", run, c.Suspend("", "a pause"))
    here.do("gus", run, c.Resume("", "on"))
    here.do("fay", run, c.Bind("maker", [f"person:{here.who('cleo')}"], "Ben left"))
    assert here.refused("fay", run, c.Complete("make"))[0] is Code.NOT_IN_ROLE
    assert Code.NOT_PERMITTED in here.refused("fay", run, c.Complete("make", note="now", override=True))
    assert here.refused("fay", run, c.Skip("make", "no need")) == [Code.NOT_PERMITTED]
    assert here.refused("hal", run, c.CancelRun("stop")) == [Code.NOT_LEAD]
    here.do("gus", run, c.Skip("make", "no need"))
    with here.app.database.read() as unit:
        records = [json.loads(row.record) for row in reads.history(unit, run)]
    assert [record["context"].get("duties") for record in records] == [
        None, {here.who("fay"): ["administrator"]}, {here.who("gus"): ["lead"]}, {here.who("fay"): ["administrator"]}, None, None,
        {here.who("fay"): ["administrator"]}, {here.who("hal"): ["auditor"]}, {here.who("gus"): ["lead"]},
    ]  # fmt: skip
    assert here.verify().findings == []
