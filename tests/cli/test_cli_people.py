"""The commands about people, as somebody types them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.people.office import SOPS

if TYPE_CHECKING:
    from tests.cli.conftest import Lines, Project

Sop = Callable[..., tuple[int, str]]
FILE = """
units:
  cn: {name: China, lead: leo}
people:
  ana: {name: Ana, roles: [lead], organisation: [administrator]}
  ben: {name: Ben, roles: [maker]}
  cleo: {name: Cleo, roles: [maker, checker], skills: [korean]}
  dan: {name: Dan, roles: [checker]}
  eve: {name: Eve, manager: ana}
  leo: {name: Leo, roles: [{role: lead, unit: cn}]}
teams:
  desk: {name: Desk, members: [ben, cleo], lead: ana}
"""


@pytest.fixture
def sop(lines: Callable[..., "Lines"]) -> Sop:
    """Carries out one command line of a person; gives the exit code and what was printed."""
    typed = lines({f"sops/{name}.yaml": text.lstrip() for name, text in SOPS.items()} | {"people.yaml": FILE})
    assert typed.taken_in == "6 people added, 0 changed, 1 teams and 1 units set\n"
    return typed.by


def told(sop: Sop, story: list[tuple[str, str, int, str]]) -> None:
    """Each line of *story*: who types what, the exit code, and a part of what is said."""
    for who, line, code, said in story:
        found, printed = sop(who, line)
        assert (found, said in printed) == (code, True), (line, found, printed)


def test_the_directory(sop: Sop) -> None:
    """It is listed and shown, changed by administrators, and everything stands in its history."""
    told(sop, [
        ("ben", "people import people.yaml", 8, "SOP-D13"),
        ("ana", "people import people.yaml --dry-run", 0, "0 people would be added, 0 would be changed"),
        ("ana", "people add fay Fay --role maker --skill copy --capacity 2", 0, "Added fay"),
        ("ana", "people show fay", 0, "at most: 2 open tasks"),
        ("ana", "people show eve", 0, "led by: ana"),
        ("ana", "people", 0, "lead@cn"),
        ("ana", "team", 0, "ben, cleo"),
        ("ana", "team set desk --member dan --lead cleo", 0, "desk: dan"),
        ("ana", "team set Desk --member dan", 2, "is no id"),
        ("ana", "role", 0, "lead"),
        ("ana", "role list --unit cn", 0, "leo"),
        ("ana", "role list --unit mars", 3, "mars"),
        ("ana", "role give legal eve --until 2099-01-01 -m hired", 0, "eve holds legal"),
        ("ana", "people show eve", 0, "legal until 2099-01-0"),
        ("ana", "role give legal eve --from 2099-01-02 --until 2099-01-01", 2, "--until lies before --from"),
        ("ana", "role take legal eve", 0, "eve no longer holds legal"),
        ("ben", "role give lead ben", 8, "SOP-D13"),
        ("ana", "history ORG", 0, "refused: change roles"),
        ("ana", "history ORG", 0, "to administer takes an organisation role: administrator (SOP-D13)."),
        ("ana", "history ORG", 0, "holds legal until 2099-01-01 23:59 UTC"),
        ("ana", "history ORG", 0, "desk: led by cleo, members dan"),
        ("ana", "history ORG", 0, "and 5 more"),
        ("ana", "verify ORG", 0, ""),
        ("ana", "verify --all", 0, ""),
    ])  # fmt: skip
    assert "legal" not in sop("ana", "people show eve")[1]
    items = json.loads(sop("ana", "history ORG --json")[1])["items"]
    assert [item["command"] for item in items] == [
        "import", "import", "import", "team", "roles", "roles", "roles",
    ]  # fmt: skip
    assert [bool(item["refused"]) for item in items] == [False, True, False, False, False, False, True]
    assert items[4]["note"] == "hired"


def test_the_history_of_the_directory_is_in_words(sop: Sop, tmp_path: Path) -> None:
    """Nothing of how facts are stored: who is gone, away, acts for whom and is what, with minutes; long records are cut short."""
    told(sop, [
        ("ben", "away --from 2098-01-01 --until 2099-01-01 --deputy eve -m leave", 0, ""),
        ("cleo", "delegate --role checker --to eve --until 2099-01-01", 0, ""),
    ])  # fmt: skip
    (tmp_path / "people.yaml").write_text(FILE.replace("Dan, roles: [checker]", "Dan, roles: [checker], active: false"))
    told(sop, [("ana", "people import people.yaml", 0, "1 changed")])
    printed = sop("ana", "history ORG")[1]
    for words in (
        "ana: is administrator in the organisation, holds lead", "ben is away from 2098-01-01 00:00 UTC until 2099-01-01 23:59 UTC",
        "; eve acts meanwhile", "eve holds checker for cleo from ", "dan: is gone, holds checker",
    ):  # fmt: skip
        assert words in printed, printed
    assert not any(raw in printed for raw in ("True", "999999", "duties", "posts"))
    assert max(len(line) for line in printed.splitlines()) < 300


def test_a_file_with_mistakes(sop: Sop, tmp_path: Path) -> None:
    """Each is named with file and line, and nobody is taken in."""
    (tmp_path / "bad.yaml").write_text("people:\n  gus: {name: Gus, manager: nobody}\n")
    code, printed = sop("ana", "people import bad.yaml")
    assert code == 2
    assert "bad.yaml:2:29: error[SOP-P01]: nobody is none of the other people" in printed
    assert sop("ana", "people show gus")[0] == 3


def test_standing_in(sop: Sop) -> None:
    """Absence with a deputy, a role for a time, a task for a time: each shows in the inbox with whose it is."""
    told(sop, [
        ("ana", "start work --title One --role maker=ben", 0, "Started WOR-1"),
        ("ana", "start work --title Two --role maker=cleo", 0, "Started WOR-2"),
        ("eve", "inbox", 0, "Nothing waits for eve"),
        ("ben", "away --until 2099-01-01 --deputy eve --dry-run", 0, "ben would be away"),
        ("ben", "away", 0, "Nobody is away"),
        ("ben", "away --until 2099-01-01 --deputy eve -m leave", 0, "eve acts meanwhile"),
        ("eve", "away", 0, "ben"),
        ("eve", "away --until 2099-01-01 --deputy ben", 1, "circle"),
        ("cleo", "away ben --back", 8, "SOP-D13"),
        ("eve", "inbox", 0, "WOR-1/make"),
        ("eve", "people show eve", 0, "acts for ben"),
        ("eve", "complete WOR-1/make", 0, "Completed WOR-1/make"),
        ("ana", "history WOR-1 -v", 0, "in place of ben"),
        ("ana", "history WOR-1", 0, "eve for ben  completed  make"),
        ("ana", "show WOR-1", 0, "make  done by eve, for ben"),
        ("ana", "history WOR-1 --json", 0, '"for": ["ben"]'),
        ("ben", "away --back", 0, "ben is back"),
        ("eve", "inbox", 0, "Nothing waits for eve"),
        ("cleo", "delegate WOR-2/make --to eve --until 2099-01-01", 0, "eve does WOR-2/make in your place"),
        ("ana", "show WOR-2", 0, "eve's for cleo"),
        ("ana", "history WOR-2", 0, "delegated: to eve, until 2099-01-01 23:59 UTC"),
        ("dan", "delegate WOR-2/make --to ana", 8, "SOP-D08"),
        ("cleo", "delegate --to eve", 2, "either a task, or a role"),
        ("cleo", "delegate --role checker --to eve --until 2099-01-01", 0, "eve holds checker for cleo"),
        ("cleo", "delegate --role checker --to cleo --until 2099-01-01", 1, "circle"),
        ("eve", "complete WOR-2/make", 0, "Completed WOR-2/make"),
        ("eve", "complete WOR-2/check", 8, "separation of duties"),
        ("ana", "workload", 0, "HANDLE"),
        ("ana", "verify --all", 0, ""),
    ])  # fmt: skip


def test_what_nobody_can_do(sop: Sop) -> None:
    """It stands in the lead's inbox and in the list of blocked runs, with why, and in the run itself."""
    told(sop, [
        ("ana", "runs --blocked", 0, "No run is blocked"),
        ("ana", "start work --title One --role maker=cleo --role checker=cleo --dry-run", 0, "nobody can do all of these"),
        ("ana", "start work --title One --role maker=cleo --role checker=cleo --dry-run", 0, "check (checker): cleo"),
        ("ana", "start work --title One --role maker=cleo --role checker=cleo", 0, "Started"),
        ("cleo", "complete WOR-1/make", 0, "Completed"),
        ("ana", "inbox", 0, "blocked: nobody can go on with it"),
        ("ana", "runs --blocked", 0, "did what is to be kept apart from it"),
        ("ana", "runs --blocked --as-of 2026-01-01", 2, "is about now"),
        ("ana", "show WOR-1", 0, "nobody can do WOR-1/check now"),
        ("ana", "start work --title Two --unit cn", 0, "Started WOR-2"),
        ("leo", "assign WOR-2 --role checker=leo -m mine", 0, "checker of WOR-2"),
        ("ben", "inbox --ahead", 0, "Nothing is to come"),
        ("dan", "inbox --ahead", 0, "Nothing is to come"),
        ("leo", "inbox --ahead", 0, "check"),
    ])  # fmt: skip


def test_a_leaver(sop: Sop) -> None:
    """Everything goes to a successor, after a look; what cannot is said, and the exit code tells."""
    told(sop, [
        ("ana", "start work --title One --role maker=ben", 0, "Started"),
        ("ana", "start work --title Two --role maker=eve --role checker=ben", 0, "Started"),
        ("eve", "complete WOR-2/make", 0, "Completed"),
        ("ana", "assign --from ben --all", 2, "needs a reason"),
        ("ana", "assign --from ben", 2, "go together"),
        ("ana", "assign --from ben --to eve --all --dry-run", 9, "may not do check"),
        ("ana", "assign --from ben --to leo --all --dry-run", 0, "task make"),
        ("ben", "inbox", 0, "WOR-1/make"),
        ("ana", "assign --from ben --to leo --all -m leaves", 0, "role maker"),
        ("ben", "inbox", 0, "Nothing waits for ben"),
        ("leo", "inbox --mine", 0, "WOR-1/make"),
        ("ana", "assign --from ben --to leo --all -m leaves", 0, "ben has nothing in open runs"),
    ])  # fmt: skip


def test_a_roster_that_is_enough(sop: Sop, tmp_path: Path) -> None:
    """Lint proves it from the file, or names the fewest steps that its people cannot all do, for each unit."""
    (tmp_path / "sops" / "roles.yaml").write_text("roles: {lead: {}, maker: {}, checker: {}}\n")
    told(sop, [("ana", "lint sops --people people.yaml --format concise", 0, "0 errors")])
    (tmp_path / "few.yaml").write_text("people: {cleo: {roles: [lead, maker, checker]}, two: {roles: [checker], alias_of: cleo}}\n")
    code, printed = sop("ana", "lint sops --people few.yaml --format concise")
    assert code == 5
    assert "work.yaml:10:5: " in printed
    assert (
        "error[SOP-L057]: the people cannot do all of make, check, which are kept apart: there is only cleo (also two)" in printed
    )
    (tmp_path / "none.yaml").write_text("people: {cleo: {roles: [lead, maker]}}\nunits: {cn: {model: decentralised}}\n")
    printed = sop("ana", "lint sops --people none.yaml --format concise")[1]
    assert 'nobody can do "check": no active person holds checker' in printed
    assert 'nobody of cn can do "make": no active person holds maker' in printed


@pytest.mark.parametrize(
    ("separate", "people", "said"),
    [
        (
            "[[one, other]]", "{ana: {roles: [maker]}, ben: {roles: [checker, lead]}}",
            "cannot do all of one, two, which one person has to do (same_as): there is only ana for one; ben for two",
        ),
        (
            "[[two, three]]",
            "{ana: {roles: [maker, checker]}, ben: {roles: [lead]}, ana2: {roles: [lead], alias_of: ana}}",
            "0 errors",
        ),
        (
            "[[one, three]]", "{ana: {roles: [maker, lead, checker]}, ana2: {roles: [lead], alias_of: ana}}",
            "cannot do all of one, three, which are kept apart: there is only ana (also ana2)",
        ),
        (
            "[[two, three]]",
            "{ana: {roles: [maker, lead]}, ben: {roles: [checker, lead]}, cleo: {roles: [maker, checker], active: false}}",
            "which one person has to do (same_as): there is only ana for one; ben for two",
        ),
        (
            "[[two, three], [one, other]]", "{ana: {roles: [maker, lead, checker]}, ben: {roles: [checker]}}",
            (
                "cannot do all of one, two, three, some of which are kept apart and some for one person (same_as): "
                "there is only ana for one; ana, ben for two; ana for three"
            ),
        ),
    ],
)  # fmt: skip
def test_why_a_roster_is_not_enough(sop: Sop, tmp_path: Path, separate: str, people: str, said: str) -> None:
    """It is said whether steps are kept apart or are for one person, and two accounts of one human being count as one."""
    (tmp_path / "sops" / "roles.yaml").write_text("roles: {lead: {}, maker: {}, checker: {}}\n")
    (tmp_path / "pair.yaml").write_text(f"""
sop: pair
version: 1.0.0
title: Pair
purpose: Two steps for one person.
scope: All.
owner: lead
roles: [lead, maker, checker]
separate: {separate}
steps:
  - {{id: one, role: maker}}
  - {{id: two, role: checker, same_as: one}}
  - {{id: three, role: lead}}
  - {{id: other, role: checker}}
""")
    (tmp_path / "roster.yaml").write_text(f"people: {people}\n")
    printed = sop("ana", "lint pair.yaml --people roster.yaml --format concise")[1]
    assert said in printed


def test_a_preview_of_an_import_shows_what_is_gained_and_lost(sop: Sop, tmp_path: Path) -> None:
    """Each role, skill, member and post with what comes and goes, new people with what they hold; people by their handles."""
    (tmp_path / "next.yaml").write_text("""
units:
  cn: {name: China, lead: ana}
  jp: {name: Japan}
people:
  ana: {name: Ana L, roles: [lead], organisation: [administrator]}
  ben: {name: Ben, roles: [checker], active: false}
  cleo: {name: Cleo, roles: [checker, maker], skills: [english], capacity: 4}
  dan: {name: Dan, roles: [checker], manager: fay}
  eve: {name: Eve, manager: dan}
  fay: {name: Fay, roles: [maker, {role: lead, unit: cn, until: 2099-01-01}]}
  leo: {name: Leo}
teams:
  desk: {name: Desk, members: [ben, dan], lead: ana, roles: [{role: checker, unit: jp}]}
""")
    code, printed = sop("ana", "people import next.yaml --dry-run")
    assert code == 0
    for line in (
        "person ana: name Ana → Ana L", "person ben: inactive, roles +checker -maker",
        "person cleo: capacity 4, roles in another order, skills +english -korean", "person dan: manager fay",
        "person eve: manager ana → dan", "person fay: new, posts +lead@cn until 2099-01-01, roles +maker",
        "person leo: posts -lead@cn", "team desk: members +dan -cleo, posts +checker@jp", "unit cn: lead leo → ana",
        "unit jp: new, model hybrid", "1 people would be added, 6 would be changed, 1 teams and 2 units would be set",
    ):  # fmt: skip
        assert f"{line}\n" in printed
    differences = json.loads(sop("ana", "people import next.yaml --dry-run --json")[1].rpartition("}")[0] + "}")["differences"]
    assert {
        "what": "person",
        "name": "ben",
        "fields": ["gone", "roles"],
        "words": ["inactive", "roles +checker -maker"],
    } in differences
    assert sop("ana", "people import next.yaml")[0] == 0
    assert "person" not in sop("ana", "people import next.yaml --dry-run")[1]
    (tmp_path / "back.yaml").write_text("people: {ben: {name: Ben, roles: [checker]}, eve: {name: Eve}}\n")
    assert "person ben: active again\n  person eve: manager dan → nothing\n" in sop("ana", "people import back.yaml -n")[1]


def test_only_a_role_that_is_held_is_delegated(sop: Sop, tmp_path: Path) -> None:
    """By the directory, through a team, in a unit, for somebody, or in an open run; anything else is refused on record."""
    (tmp_path / "team.yaml").write_text(
        "people: {gus: {name: Gus}}\nteams: {checks: {name: Checks, members: [gus], roles: [checker]}}\n"
    )
    lend = "delegate --until 2099-01-01 --role"
    told(sop, [
        ("ana", "people import team.yaml", 0, "1 people added"),
        ("ben", f"{lend} checker --to eve --dry-run", 8, "ben does not hold the role checker, neither"),
        ("ben", f"{lend} checker --to eve", 8, "error[SOP-D01]"),
        ("ana", "history ORG", 0, "refused: hand on a role"),
        ("leo", f"{lend} lead --to eve", 0, "eve holds lead for leo"),
        ("gus", f"{lend} checker --to dan", 0, "dan holds checker for gus"),
        ("cleo", f"{lend} maker --to leo", 0, "leo holds maker for cleo"),
        ("leo", f"{lend} maker --to gus", 0, "gus holds maker for leo"),
        ("ana", f"{lend} maker --to ben", 8, "does not hold the role maker"),
        ("ana", "start work --title One --role maker=ana --role checker=team:checks", 0, "Started"),
        ("ana", f"{lend} maker --to ben", 0, "ben holds maker for ana"),
    ])  # fmt: skip


def test_somebody_was_not_known_before(sop: Sop) -> None:
    """Before somebody stood in the directory they were not inactive: they were not there."""
    told(sop, [
        ("ana", "people show dan --as-of 2020-01-01", 0, "dan  Dan  not known then"),
        ("ana", "people show dan --as-of 2020-01-01 --json", 0, '"known": false'),
        ("ana", "people show dan --json", 0, '"known": true'),
    ])  # fmt: skip


def test_a_lead_sees_who_would_do_what_before_the_form_is_filled_in(project: "Project") -> None:
    """A trial says who would do each step, and behind it what is still missing; to programs only that, and nothing is begun."""
    seen = project.sop("start", "influencer", "--dry-run", "--role", "legal=ben", "--role", "finance=")
    assert seen.code == 2
    assert seen.out.startswith("Would do the steps:\n  fit_decision (manager): ")
    assert "  sign_contract (legal): ben\n" in seen.out
    assert "  confirm_funds (finance): nobody\n" in seen.out
    assert "publish_date is missing (date)" in seen.err
    assert project.sop("start", "influencer", "--dry-run", "--json").out == ""
    assert project.sop("start", "influencer", "--dry-run", "--role", "legal=nobody-here").code == 3
    assert project.sop("runs", "--all", "--json").out.count("KOL-1") == 0
