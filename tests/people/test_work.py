"""Work that finds its people: turns over runs, what nobody can do, what a leaver leaves, how much everybody has."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import commands as c
from engine.refusals import Code
from runners.directory import Entry, TeamEntry
from runners.handing_over import plan
from runners.staffing import of_run
from runners.standing import workload
from runners.store import reads
from tests.people.office import Office, office


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Office]:
    """A project."""
    with office(tmp_path) as made:
        yield made


def owner(here: Office, run: str, step: str) -> str:
    """Who has the open task of *step*."""
    (found,) = (task.owner for task in here.app.views.run(run).state.tasks.values() if task.step == step)
    return here.app.views.handles().get(found, "")


def test_turns_go_round_over_runs(here: Office) -> None:
    """Each gets one before anybody gets a second; whoever is away is passed over; the audit makes every choice again."""
    team = TeamEntry("Desk", ("ben", "cleo", "dan"))
    here.take_in(*(Entry(h, h.title(), roles=()) for h in ("ben", "cleo", "dan")), teams={"desk": team})
    given = [owner(here, here.start("turns", roles={"maker": ["team:desk"]}).run, "round") for _ in range(6)]
    assert sorted(given[:3]) == sorted(given[3:]) == ["ben", "cleo", "dan"]
    assert given[:3] == given[3:]
    here.away(given[0], "2026-12-24T00:00:00.000000Z")
    assert owner(here, here.start("turns", roles={"maker": ["team:desk"]}).run, "round") == given[1]
    assert here.verify().findings == []


def test_a_lot_is_drawn_again_by_the_audit(here: Office) -> None:
    """The seed stands in the record, so that the same person comes out; a forged choice is found."""
    runs = [here.start("turns", roles={"maker": ["ben", "cleo", "dan"]}).run for _ in range(4)]
    for run in runs:
        here.do(owner(here, run, "round"), run, c.Complete("round"))
    with here.app.database.read() as unit:
        record = json.loads(reads.history(unit, runs[0])[-1].record)
    assert isinstance(record["context"]["seed"], int)
    assert [row[0] for row in record["context"]["candidates"]["turns/lot"]] == [here.who(h) for h in ("ben", "cleo", "dan")]
    assert here.verify().findings == []


def test_the_least_loaded_gets_it_within_their_capacity(here: Office) -> None:
    """Open tasks of all runs count; whoever has as many as they are to have gets none."""
    here.take_in(Entry("ben", "Ben", roles=("maker",), capacity=1), Entry("cleo", "Cleo", roles=("maker",)))
    busy = here.start(roles={"maker": ["ben"]}).run
    assert owner(here, busy, "make") == "ben"
    run = here.start("turns", roles={"maker": ["ben", "cleo"]}).run
    assert owner(here, run, "round") == "cleo"
    here.do("cleo", run, c.Complete("round"))
    here.do("cleo", run, c.Complete("lot"))
    assert owner(here, run, "load") == "cleo"
    here.do("ben", busy, c.Complete("make"))
    other = here.start("turns", roles={"maker": ["ben", "cleo"]}).run
    assert owner(here, other, "round") == "ben"
    assert here.verify().findings == []


def test_what_nobody_can_do_stands_before_the_lead(here: Office) -> None:
    """In their inbox and in the list of blocked runs, with why; it is never skipped, and gone when somebody can."""
    run = here.start(roles={"maker": ["cleo"], "checker": ["cleo"]}).run
    assert here.app.views.stuck() == []
    here.do("cleo", run, c.Complete("make"))
    assert here.inbox("ana") == [f"{run}/check!"]
    assert here.inbox("cleo") == []
    assert [row.run for row in here.app.views.stuck()] == [run]
    assert [row.run for row in here.app.views.stuck(lead=here.who("ana"))] == [run]
    assert here.app.views.stuck(lead=here.who("ben")) == []
    held, reasons = here.app.views.blocked(run, "check")
    assert not held
    assert [reason.code for reason in reasons] == [Code.NOBODY, Code.KEPT]
    assert reasons[1].facts == {"person": here.who("cleo"), "why": Code.SEPARATED}
    here.do("ana", run, c.Bind("checker", (f"person:{here.who('dan')}",), "Cleo made it"))
    assert here.app.views.stuck() == []
    assert here.inbox("ana") == []
    assert here.app.views.blocked(run, "check") == (False, ())


def test_a_role_that_nobody_holds_blocks(here: Office) -> None:
    """From the start on, also where a team without members holds it."""
    here.take_in(teams={"empty": TeamEntry("Empty")})
    runs = [here.start(roles={"maker": ["team:empty"]}).run]
    assert [row.run for row in here.app.views.stuck()] == runs
    here.take_in(teams={"empty": TeamEntry("Not empty", ())})
    here.take_in(Entry("ben", "Ben"), teams={"empty": TeamEntry("Not empty", ("ben",))})
    assert here.app.views.stuck() == []
    assert here.inbox("ben") == [f"{runs[0]}/make"]


def test_a_report_blocks_until_it_is_solved(here: Office) -> None:
    """A task of which somebody said that it cannot go on is listed with the others."""
    run = here.start(roles={"maker": ["ben"]}).run
    here.do("ben", run, c.Block("make", "the camera is broken"))
    assert here.inbox("ana") == [f"{run}/make!"]
    assert here.app.views.blocked(run, "make") == (True, ())
    here.do("ben", run, c.Unblock("make", "there is another"))
    assert here.app.views.stuck() == []


def test_what_is_left_out_is_no_longer_listed_as_blocked(here: Office) -> None:
    """Nothing of a task that is over stays among the offers: not of one that somebody had, and said was blocked."""
    run = here.start(roles={"maker": ["ben"]}).run
    here.do("ben", run, c.Block("make", "the camera is broken"))
    here.do("ana", run, c.Skip("make", "we use an old one"))
    assert [row.label for row in here.app.views.stuck()] == []
    assert here.verify().findings == []


def test_whoever_corrects_what_is_to_be_checked_is_offered_the_check_no_longer(here: Office) -> None:
    """They have a part in it from then on; if nobody else can check it, it is listed as blocked at once."""
    run = here.start("noted", roles={"maker": ["cleo"], "checker": ["ana", "dan"]}).run
    here.do("cleo", run, c.Complete("make", values={"text": "x"}))
    assert here.inbox("ana") == [f"{run}/check"]
    here.do("ana", run, c.Correct("make", {"text": "y"}, "a slip"))
    assert here.inbox("ana") == []
    here.do("ana", run, c.Bind("checker", (f"person:{here.who('dan')}",), "only him"))
    assert here.verify().findings == []


def test_whoever_leaves_blocks_what_they_have(here: Office) -> None:
    """Somebody who is no longer active cannot finish what is theirs: the lead sees it at once."""
    run = here.start(roles={"maker": ["ben"]}).run
    here.take_in(Entry("ben", "Ben", roles=("maker",), active=False))
    assert here.inbox("ana") == [f"{run}/make!"]
    assert here.refused("ben", run, c.Complete("make")) == [Code.INACTIVE]


def test_everything_of_a_leaver_goes_to_somebody_else(here: Office) -> None:
    """The plan says what would go where and what would not; carried out, it is so, and separation holds."""
    first = here.start(roles={"maker": ["ben", "cleo"], "checker": ["dan"]}).run
    here.do("ben", first, c.Claim("make"))
    second = here.start(roles={"maker": ["eve"], "checker": ["ben"]}).run
    here.do("eve", second, c.Complete("make"))
    other = here.start(roles={"maker": ["cleo"]}).run

    def planned(to: str) -> list[tuple[str, str, str, list[Code]]]:
        parts = plan(
            here.app.database, here.app.library, leaver=here.who("ben"), to=here.who(to), actor=here.who("ana"), note="leaves",
            at=here.clock.at,
        )  # fmt: skip
        return [(part.run, part.what, part.name, [reason.code for reason in part.reasons]) for part in parts]

    assert planned("fay") == [
        (second, "role", "checker", []), (second, "task", "check", []), (first, "role", "maker", []), (first, "task", "make", []),
    ]  # fmt: skip
    assert (second, "task", "check", [Code.SEPARATED]) in planned("eve")
    parts = plan(
        here.app.database, here.app.library, leaver=here.who("ben"), to=here.who("fay"), actor=here.who("ana"), note="leaves",
        at=here.clock.at,
    )  # fmt: skip
    for part in parts:
        here.do("ana", part.run, part.command)
    assert here.inbox("ben") == []
    assert sorted(here.inbox("fay")) == sorted([f"{first}/make", f"{second}/check"])
    assert owner(here, other, "make") == "cleo"
    assert planned("fay") == []
    assert here.verify().findings == []


def test_what_a_leaver_has_can_go_back_to_its_role(here: Office) -> None:
    """Without a successor their roles are taken from them and their tasks are offered to the others."""
    run = here.start(roles={"maker": ["ben", "cleo"]}).run
    here.do("ben", run, c.Claim("make"))
    parts = plan(
        here.app.database, here.app.library, leaver=here.who("ben"), to="", actor=here.who("ana"), note="leaves", at=here.clock.at
    )
    assert [(part.what, part.name) for part in parts] == [("role", "maker")]
    for part in parts:
        here.do("ana", part.run, part.command)
    assert here.inbox("cleo") == [f"{run}/make"]
    stranger = plan(
        here.app.database, here.app.library, leaver=here.who("cleo"), to="", actor=here.who("dan"), note="x", at=here.clock.at
    )
    assert {reason.code for part in stranger for reason in part.reasons} == {Code.NOT_LEAD}


def test_how_much_everybody_has(here: Office) -> None:
    """Open, late and offered tasks of each; whoever is not active is left out."""
    runs = [here.start(roles={"maker": ["ben", "cleo"]}).run for _ in range(3)]
    here.do("ben", runs[0], c.Claim("make"))
    here.away("cleo", "2026-12-24T00:00:00.000000Z")
    here.take_in(Entry("fay", "Fay", active=False))
    found = {load.person.handle: (load.open, load.overdue, load.offered, bool(load.away_until)) for load in
             workload(here.app.database, here.clock.at)}  # fmt: skip
    assert found["ben"] == (1, 0, 2, False)
    assert found["cleo"] == (0, 0, 2, True)
    assert "fay" not in found


def test_before_a_run_begins_it_is_known_who_could_do_it(here: Office) -> None:
    """Who would do each step, and the steps that nobody can do together; nothing is started by asking."""
    asked = here.app.runner.start("work", title="x", actor="ana", roles={"maker": ["cleo"], "checker": ["cleo"]}, dry_run=True)
    found = of_run(here.app.database, asked, here.clock.at)  # type: ignore[arg-type]
    assert found.stuck == ("make", "check")
    assert found.people == {"make": (here.who("cleo"),), "check": (here.who("cleo"),)}
    asked = here.app.runner.start("work", title="x", actor="ana", roles={"checker": ["cleo"]}, dry_run=True)
    assert of_run(here.app.database, asked, here.clock.at).stuck == ()  # type: ignore[arg-type]
    assert here.app.views.runs("all") == []
