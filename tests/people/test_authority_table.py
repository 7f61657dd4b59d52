"""The table of permissions: every act, every standing, every organisation role, against what is written here by hand."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final, get_args

import pytest

from engine import commands as c
from engine.authority import OPEN, ORG, TABLE, may, may_without_run
from engine.definition import Act
from engine.directory import Answers, Links, Mandate
from engine.people import SYSTEM, Recorded
from engine.procedure import Procedure
from engine.refusals import Code
from engine.state import State, Task
from tests.engine.kit import ANA, BEN, CLEO, DAN, EVE, NOW, Play, approval, compiled, persons, task

FAY: Final = f"p_{'fay':a<12}"
EVERYBODY: Final = (ANA, BEN, CLEO, DAN, EVE, FAY)
DUTIES: Final = ("administrator", "auditor", "lead", "publisher")
EXPECTED: Final[Mapping[str, str]] = {
    # act: who may, by hand, in the words of the test: the run's lead, the owner and holder of the task, somebody else with a
    # part in the run, whoever did a step, a stranger; then the organisation
    "start":      "LEAD OWNER HOLDER INVOLVED AUTHOR STRANGER administrator auditor lead publisher",
    "read":       "LEAD OWNER HOLDER INVOLVED AUTHOR STRANGER administrator auditor lead publisher",
    "claim":      "OWNER HOLDER",
    "complete":   "OWNER HOLDER",
    "release":    "LEAD OWNER administrator lead",
    "block":      "LEAD OWNER HOLDER",
    "unblock":    "LEAD OWNER HOLDER",
    "assign":     "LEAD administrator lead",
    "delegate":   "LEAD OWNER",
    "bind":       "LEAD administrator lead",
    "cancel":     "LEAD administrator lead",
    "skip":       "LEAD lead",
    "rewind":     "LEAD lead",
    "suspend":    "LEAD administrator lead",
    "resume":     "LEAD administrator lead",
    "reopen":     "LEAD lead",
    "correct":    "LEAD AUTHOR",
    "items":      "LEAD OWNER HOLDER INVOLVED AUTHOR",
    "signal":     "LEAD OWNER HOLDER INVOLVED AUTHOR",
    "comment":    "LEAD OWNER HOLDER INVOLVED AUTHOR",
    "attach":     "LEAD OWNER HOLDER INVOLVED AUTHOR",
    "migrate":    "LEAD administrator lead",
    "export":     "LEAD OWNER HOLDER INVOLVED AUTHOR administrator auditor lead",
    "audit":      "LEAD administrator auditor lead",
    "publish":    "administrator publisher",
    "retire":     "administrator publisher",
    "schedule":   "administrator lead publisher",
    "administer": "administrator",
    "override":   "",
}  # fmt: skip
"""Independent of the table: whoever changes one of the two has to say so in the other."""

STEPS: Final = (task("draft", "drafter"), task("make"), approval("check"))
PEOPLE: Final = {"LEAD": ANA, "OWNER": BEN, "HOLDER": DAN, "INVOLVED": CLEO, "AUTHOR": EVE, "STRANGER": FAY}


def _run() -> tuple[Procedure, State, Task]:
    """A run in which Eve did the first step, Ben has the second, which Dan could do too, and Cleo decides at last."""
    play = Play(STEPS, teams=dict.fromkeys(EVERYBODY, ()))
    roles = {"lead": persons(ANA), "drafter": persons(EVE), "maker": persons(BEN, DAN), "checker": persons(CLEO)}
    play.do(ANA, c.Start("RUN-1", "Sample", ANA, roles))
    play.do(EVE, c.Complete("draft", "done", {}))
    play.do(BEN, c.Claim("make"))
    (now,) = play.state.tasks.values()
    return play.procedure, play.state, now


def _directory(person: str = "", *duties: str) -> Recorded:
    answers = Answers()
    answers.duties = {person: duties}
    return Recorded(dict.fromkeys(EVERYBODY, ()), NOW, answers)


def _cells() -> Iterator[tuple[str, str]]:
    yield from ((act, who) for act in TABLE for who in (*PEOPLE, *DUTIES))


def test_every_row_has_an_expectation() -> None:
    """A row that is added to the table is expected here too, and the organisation has no role that the matrix does not know."""
    assert list(EXPECTED) == list(TABLE)
    assert {s.removeprefix(ORG) for row in TABLE.values() for s in row if s.startswith(ORG)} == set(DUTIES)
    assert set(OPEN) == {"export", "audit", "publish", "retire", "schedule", "administer"}
    for act, guards in OPEN.items():
        assert {f"{ORG}{guard}" for guard in guards} <= set(TABLE[act])


@pytest.mark.parametrize(("act", "who"), list(_cells()))
def test_the_matrix(act: str, who: str) -> None:
    """Every act by every standing: what is not expected is refused, whatever the organisation calls that person."""
    procedure, state, now = _run()
    person = PEOPLE.get(who, FAY)
    duties = (who,) if who in DUTIES else ()
    step = "draft" if act == "correct" else ""
    reasons = may(act, procedure, state, person, _directory(person, *duties), task=now, step=step, appointed=DUTIES)
    assert (not reasons) is (who in EXPECTED[act].split()), (act, who, reasons)


@pytest.mark.parametrize("act", [act for act in TABLE if act in OPEN])
@pytest.mark.parametrize("duty", ["", *DUTIES])
def test_acts_that_are_about_no_run(act: str, duty: str) -> None:
    """With an organisation that has people for it, publishing, administering and auditing everything take one of their roles."""
    reasons = may_without_run(act, FAY, (duty,) if duty else (), DUTIES)
    assert (not reasons) is (duty in EXPECTED[act].split()), (act, duty)
    assert [reason.code for reason in reasons] == [Code.NOT_APPOINTED] * len(reasons)


@pytest.mark.parametrize("act", list(OPEN))
def test_what_nobody_is_appointed_for_everybody_may(act: str) -> None:
    """As long as nobody has the role, the act is open to all; other roles do not close it."""
    procedure, state, _ = _run()
    others = set(DUTIES) - OPEN[act]
    assert may_without_run(act, FAY, None, others) == ()
    assert may(act, procedure, state, FAY, _directory(), appointed=others) == ()
    for guard in OPEN[act]:
        assert may_without_run(act, FAY, (), {guard})
        assert may(act, procedure, state, FAY, _directory(), appointed={guard})


def test_who_is_gone_may_nothing() -> None:
    """Whoever is no active person does nothing, whatever they once were; rules may do what they were made for."""
    procedure, state, _ = _run()
    gone = Recorded(dict.fromkeys((ANA, BEN), ()), NOW, _directory(FAY, "administrator")._answers)
    (reason,) = may("cancel", procedure, state, FAY, gone)
    assert reason.code is Code.INACTIVE
    (reason,) = may_without_run("publish", FAY, None, DUTIES)
    assert reason.code is Code.INACTIVE
    assert may("override", procedure, state, SYSTEM, gone) == ()


@pytest.mark.parametrize(("who", "sees"), [
    ("LEAD", True), ("OWNER", True), ("HOLDER", True), ("INVOLVED", True), ("STRANGER", False), ("administrator", True),
    ("auditor", True), ("lead", True), ("publisher", False),
])  # fmt: skip
def test_what_is_confidential_is_read_by_few(who: str, *, sees: bool) -> None:
    """A definition that names who reads is read by these, everybody involved, and those who lead, administer and audit."""
    _, state, _ = _run()
    secret = compiled(STEPS, permissions={"read": ["checker"]})
    person = PEOPLE.get(who, FAY)
    reasons = may("read", secret, state, person, _directory(person, *((who,) if who in DUTIES else ())))
    assert (not reasons) is sees
    assert [reason.code for reason in reasons] == [Code.NOT_PERMITTED] * (not sees)


def test_what_a_definition_gives_to_a_role() -> None:
    """Holders of a role that a definition names may do the act; what nobody names stays denied to all, administrators too."""
    _, state, now = _run()
    given = compiled(STEPS, permissions={"override": ["checker"], "start": ["lead"]})
    assert may("override", given, state, CLEO, _directory(), task=now) == ()
    for person, duty in ((ANA, ""), (FAY, "administrator"), (FAY, "lead")):
        assert may("override", given, state, person, _directory(person, duty), task=now)
    assert may("start", given, state, ANA, _directory()) == ()
    assert may("start", given, state, FAY, _directory(FAY, "administrator"))


def test_organisation_roles_are_nobody_elses() -> None:
    """A deputy acts in runs in the place of whoever is away; what that person is in the organisation is not lent."""
    procedure, state, _ = _run()
    answers = Answers()
    answers.duties = {DAN: ("lead",)}
    answers.links = {FAY: Links((), (Mandate((DAN,)),))}
    directory = Recorded(dict.fromkeys(EVERYBODY, ()), NOW, answers)
    assert may("cancel", procedure, state, DAN, directory) == ()
    assert [reason.code for reason in may("cancel", procedure, state, FAY, directory)] == [Code.NOT_LEAD]


class _Asked(Recorded):
    """A directory that counts who asks what somebody is in the organisation."""

    count = 0

    def duties(self, person: str) -> tuple[str, ...]:
        """What *person* is, counted."""
        self.count += 1
        return super().duties(person)


def test_the_organisation_is_asked_last() -> None:
    """The lead's own acts, claiming, completing and commenting do not ask for organisation roles: records stay as small."""
    play = Play([task("make")])
    asked = _Asked(dict.fromkeys((ANA, BEN), ()), NOW)
    context = play.context
    play.context = lambda actor: replace(context(actor), directory=asked)  # type: ignore[method-assign]
    play.do(ANA, c.Start("RUN-1", "Sample", ANA, {"maker": persons(BEN)}))
    play.do(ANA, c.Suspend("", "a pause"))
    play.do(ANA, c.Resume("", "on"))
    play.do(BEN, c.Comment("so far"))
    play.do(BEN, c.Complete("make", "done", {}))
    assert asked.count == 0
    play.refused(BEN, c.Reopen("make", "again"))
    assert asked.count > 0


def test_separation_holds_for_everybody() -> None:
    """Whoever steers all runs still does not decide about their own work, nor claim what is to be kept apart from it."""
    procedure = compiled([task("make"), approval("check", of=["make"])], separate=[["make", "check"]])
    answers = Answers()
    answers.duties = {BEN: ("administrator", "lead")}
    play = Play(procedure, answers=answers)
    play.do(ANA, c.Start("RUN-1", "Sample", ANA, {"lead": persons(ANA), "maker": persons(BEN), "checker": persons(CLEO)}))
    play.do(BEN, c.Complete("make", "done", {}))
    play.do(BEN, c.Bind("checker", persons(BEN, CLEO), "I help"))
    assert Code.SEPARATED in play.refused(BEN, c.Complete("check", "approve", {}))
    assert Code.SEPARATED in play.refused(BEN, c.Assign("check", BEN, "mine"))
    assert Code.SEPARATED in play.refused(BEN, c.Complete("check", "approve", {}, "now", override=True))
    assert Code.SEPARATED in play.refused(BEN, c.Skip("check", "no time"))
    play.do(CLEO, c.Complete("check", "approve", {}))


def test_definitions_give_only_what_the_table_knows() -> None:
    """Every act that a definition may give to roles is a row of the table."""
    assert set(get_args(Act)) <= set(TABLE)


def test_the_reference_shows_the_table() -> None:
    """The page about people has one row for each act, with these standings and no others."""
    page = (Path(__file__).parents[2] / "docs" / "reference" / "people.md").read_text(encoding="utf-8")
    shown = [[cell.strip() for cell in line.split("|")[1:-1]] for line in page.partition("## Who may do what")[2].splitlines()]
    rows = {cells[0].strip("`"): tuple(cells[2:]) for cells in shown if cells and cells[0].startswith("`")}
    assert rows == {
        act: (
            ", ".join(s for s in standings if not s.startswith(ORG)) or "nobody",
            ", ".join(s.removeprefix(ORG) for s in standings if s.startswith(ORG)) or "nobody",
        )
        for act, standings in TABLE.items()
    }
