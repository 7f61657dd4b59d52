"""Deputies and delegated roles, from the directory to the inbox, the record and the audit."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import commands as c
from engine.refusals import Code, Refused
from runners.directory import TeamEntry
from runners.store import reads
from tests.people.office import Office, office

FRIDAY = "2026-11-27T18:00:00.000000Z"
MONDAY = "2026-11-30T08:00:00.000000Z"


@pytest.fixture
def here(tmp_path: Path, database_url: str) -> Iterator[Office]:
    """A project on either database."""
    with office(tmp_path, database_url) as made:
        yield made


def last_record(here: Office, run: str) -> dict[str, object]:
    """The newest record of a run."""
    with here.app.database.read() as unit:
        found: dict[str, object] = json.loads(reads.history(unit, run)[-1].record)
        return found


def test_a_deputy_does_the_work_of_who_is_away(here: Office) -> None:
    """It stands in their inbox with whose it is, is done in that person's place, and the record and the audit agree."""
    run = here.start(roles={"maker": ["ben"]}).run
    assert here.inbox("eve") == []
    assert here.refused("eve", run, c.Complete("make")) == [Code.TAKEN, Code.NOT_IN_ROLE]
    here.away("ben", FRIDAY, "eve")
    assert here.inbox("eve") == [f"{run}/make for ben"]
    done = here.do("eve", run, c.Complete("make"))
    record = last_record(here, run)
    assert record["actor"] == {"sub": here.who("eve"), "auth": "os", "for": [here.who("ben")], "roles": ["maker"]}
    assert done.state.actors["make"] == (here.who("ben"), here.who("eve"))
    assert here.verify().findings == []


def test_an_absence_ends_by_itself(here: Office) -> None:
    """After it the deputy has neither inbox nor right."""
    run = here.start(roles={"maker": ["ben"]}).run
    here.away("ben", FRIDAY, "eve")
    here.clock.at = MONDAY
    assert here.inbox("eve") == []
    assert here.refused("eve", run, c.Complete("make")) == [Code.TAKEN, Code.NOT_IN_ROLE]
    here.do("ben", run, c.Complete("make"))
    assert here.verify().findings == []


def test_a_chain_of_deputies_is_followed(here: Office) -> None:
    """Whoever stands in for a deputy who is away too acts for both, and each of them is in the record."""
    run = here.start(roles={"maker": ["ben"]}).run
    here.away("ben", FRIDAY, "eve")
    here.away("eve", FRIDAY, "fay")
    assert here.inbox("fay") == [f"{run}/make for ben"]
    here.do("fay", run, c.Complete("make"))
    assert last_record(here, run)["actor"]["for"] == [here.who("ben"), here.who("eve")]  # type: ignore[index]
    assert here.verify().findings == []


def test_deputies_in_a_circle_are_refused(here: Office) -> None:
    """However long the circle is; one after the other in time is no circle."""
    here.away("ben", FRIDAY, "eve")
    here.away("eve", FRIDAY, "fay")
    answer = here.away("fay", FRIDAY, "ben")
    assert isinstance(answer, Refused)
    assert [reason.code for reason in answer.reasons] == [Code.GOES_ROUND]
    assert not isinstance(here.away("fay", "2026-12-04T00:00:00.000000Z", "ben", since=MONDAY), Refused)
    assert isinstance(here.away("dan", FRIDAY, "dan"), Refused)


def test_a_deputy_does_not_lead_past_separation(here: Office) -> None:
    """Whoever made it does not check it as the deputy of a checker, and does not see it in their inbox."""
    run = here.start(roles={"maker": ["eve"], "checker": ["dan"]}).run
    here.do("eve", run, c.Complete("make"))
    here.away("dan", FRIDAY, "eve")
    assert here.inbox("eve") == []
    assert Code.SEPARATED in here.refused("eve", run, c.Complete("check"))
    here.do("dan", run, c.Complete("check"))
    assert here.verify().findings == []


def test_a_role_is_lent_for_a_time(here: Office) -> None:
    """Only that role, only until then, and not round in a circle."""
    run = here.start(roles={"maker": ["ben"], "checker": ["cleo", "dan"]}).run
    here.lend("ben", "checker", "eve", FRIDAY)
    assert here.inbox("eve") == []
    here.lend("ben", "maker", "eve", FRIDAY)
    here.do("ben", run, c.Release("make"))
    assert here.inbox("eve") == [f"{run}/make for ben"]
    assert isinstance(here.lend("eve", "maker", "ben", FRIDAY), Refused)
    here.clock.at = MONDAY
    assert here.inbox("eve") == []
    assert here.refused("eve", run, c.Complete("make")) == [Code.NOT_IN_ROLE]


def test_a_delegated_task_goes_back(here: Office) -> None:
    """The timer brings it back to whose right it is; the audit decides it all again."""
    run = here.start(roles={"maker": ["ben"]}).run
    here.do("ben", run, c.Delegate("make", here.who("eve"), FRIDAY, "I am out"))
    assert here.inbox("eve") == [f"{run}/make"]
    assert here.inbox("ben") == []
    here.clock.at = MONDAY
    (done,) = here.app.runner.elapse()
    assert done.state.tasks[1].owner == here.who("ben")
    assert here.inbox("ben") == [f"{run}/make"]
    assert here.app.runner.elapse() == []
    here.do("ben", run, c.Complete("make"))
    assert here.verify().findings == []


def test_a_finished_task_has_no_timer_left(here: Office) -> None:
    """What was delegated and done is not brought back."""
    run = here.start(roles={"maker": ["ben"]}).run
    here.do("ben", run, c.Delegate("make", here.who("eve"), FRIDAY))
    here.do("eve", run, c.Complete("make"))
    here.clock.at = MONDAY
    assert here.app.runner.elapse() == []


def test_the_deputy_of_the_lead_leads(here: Office) -> None:
    """And it stands in the record for whom."""
    run = here.start(roles={"maker": ["ben", "cleo"], "lead": []}).run
    assert Code.NOT_LEAD in here.refused("eve", run, c.Assign("make", here.who("cleo")))
    here.away("ana", FRIDAY, "eve")
    here.do("eve", run, c.Assign("make", here.who("cleo")))
    assert last_record(here, run)["actor"]["for"] == [here.who("ana")]  # type: ignore[index]
    assert here.verify().findings == []


def test_only_oneself_or_an_administrator_says_who_is_away(here: Office) -> None:
    """Where there are administrators; the attempt is a record of the directory."""
    from runners.directory import Entry

    here.take_in(Entry("ana", "Ana", roles=("lead",), duties=("administrator",)))
    answer = here.away("ben", FRIDAY, "eve", by="dan")
    assert isinstance(answer, Refused)
    assert [reason.code for reason in answer.reasons] == [Code.NOT_APPOINTED]
    assert not isinstance(here.away("ben", FRIDAY, "eve"), Refused)
    assert not isinstance(here.away("cleo", FRIDAY, "eve", by="ana"), Refused)
    from runners.register import lines

    with here.app.database.read() as unit:
        told = [(line.do, bool(line.reasons)) for line in lines(unit)]
    assert told[-3:] == [("away", True), ("away", False), ("away", False)]


def test_what_somebody_holds_only_in_an_open_run_can_be_lent(here: Office) -> None:
    """By whom a run gave the role to, through a team or after it was rebound, and by their deputy; whoever gets it can act."""
    here.take_in(teams={"desk": TeamEntry("Desk", ("cleo",))})
    run = here.start(roles={"maker": ["dan"], "checker": ["team:desk"]}).run
    assert isinstance(here.lend("eve", "maker", "fay", FRIDAY), Refused)
    assert not isinstance(here.lend("cleo", "checker", "fay", FRIDAY), Refused)
    here.away("dan", FRIDAY, "eve")
    assert not isinstance(here.lend("eve", "maker", "fay", FRIDAY), Refused)
    here.do("ana", run, c.Release("make", "dan is away"))
    assert here.inbox("fay") == [f"{run}/make for dan"]
    here.do("ana", run, c.Bind("maker", (f"person:{here.who('ana')}",), "dan is away"))
    assert here.inbox("fay") == []
    assert not isinstance(here.lend("ana", "maker", "fay", FRIDAY), Refused)
    assert here.inbox("fay") == [f"{run}/make for ana"]
    here.do("fay", run, c.Complete("make"))
    assert last_record(here, run)["actor"]["for"] == [here.who("ana")]  # type: ignore[index]
    assert here.verify().findings == []


def test_a_role_that_was_lent_through_a_deputy_is_held_for_whoever_has_it(here: Office) -> None:
    """The record names everybody in between, and none of it lasts longer than the absence."""
    run = here.start(roles={"maker": ["ben"], "checker": ["cleo", "dan"]}).run
    here.away("ben", FRIDAY, "eve")
    here.lend("eve", "maker", "fay", "2026-12-24T00:00:00.000000Z")
    here.do("ben", run, c.Release("make"))
    assert here.inbox("fay") == [f"{run}/make for ben"]
    here.clock.at = MONDAY
    assert here.inbox("fay") == []
    here.clock.at = "2026-11-24T09:00:00.000000Z"
    here.do("fay", run, c.Complete("make"))
    assert last_record(here, run)["actor"]["for"] == [here.who("ben"), here.who("eve")]  # type: ignore[index]
    assert here.verify().findings == []


def test_whether_somebody_holds_a_role_is_asked_once_and_not_for_every_team(here: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many teams there are, their members are not read one team after the other."""
    here.take_in(teams={f"team{number}": TeamEntry(f"Team {number}", ("cleo",)) for number in range(20)})
    asked: list[str] = []

    def members_of(_unit: object, team: str) -> list[str]:
        asked.append(team)
        return []

    monkeypatch.setattr(reads, "members_of", members_of)
    assert isinstance(here.lend("eve", "maker", "fay", FRIDAY), Refused)
    assert asked == []
