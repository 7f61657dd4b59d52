"""Permissions at the command line, through real processes: exit codes, what is said, and what is on record."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from engine.authority import TABLE
from tests.people.office import SOPS

if TYPE_CHECKING:
    from tests.cli.conftest import Lines

Sop = Callable[[str, str], tuple[int, str]]
FILE = """
people:
  ana: {name: Ana, roles: [lead]}
  ben: {name: Ben, roles: [maker]}
  dan: {name: Dan, roles: [checker]}
  eve: {name: Eve}
  fay: {name: Fay, organisation: [administrator]}
  gus: {name: Gus, organisation: [auditor]}
  hal: {name: Hal, organisation: [lead]}
"""
PUBLISHER = FILE + "  ivy: {name: Ivy, organisation: [publisher]}\n"
SECRET = SOPS["work"].replace("sop: work", "sop: secret").replace("steps:", "permissions: {read: [lead], start: [lead]}\nsteps:")


@pytest.fixture
def sop(lines: Callable[..., "Lines"]) -> Sop:
    """Carries out one command line of a person; gives the exit code and what was printed."""
    files = {
        "sops/work.yaml": SOPS["work"].lstrip(), "sops/secret.yaml": SECRET.lstrip(),
        "sops/roles.yaml": "roles: {lead: {}, maker: {}, checker: {}}\n", "people.yaml": FILE, "publisher.yaml": PUBLISHER,
        "second.yaml": SOPS["work"].lstrip().replace("1.0.0", "1.1.0").replace("title: Work", "title: More"),
    }  # fmt: skip
    return lines(files).by


@pytest.fixture
def process(sop: Sop, tmp_path: Path) -> Sop:
    """The same in a process of its own."""
    root = str(Path(__file__).parents[2])
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "SOP_SHIPPED": "no",
        "SOP_DEFINITIONS": str(tmp_path / "sops"),
        "PYTHONPATH": root,
    }

    def run(who: str, line: str) -> tuple[int, str]:
        command = [sys.executable, "-m", "runners.cli", "--db", f"sqlite:///{tmp_path / 'sop.db'}", "--as", who, "--no-input"]
        done = subprocess.run(
            [*command, *line.split()], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=120, check=False
        )
        return done.returncode, done.stdout + done.stderr

    return run


def told(sop: Sop, story: list[tuple[str, str, int, str]]) -> None:
    """Each line of *story*: who types what, the exit code, and a part of what is said."""
    for who, line, code, said in story:
        found, printed = sop(who, line)
        assert (found, said in printed) == (code, True), (who, line, found, printed)


def test_what_is_confidential_stays_so(sop: Sop) -> None:
    """Whoever has no part in it is refused with 8 at every command that shows a run; lists leave it out; attempts are records."""
    told(sop, [
        ("ana", "start secret --title Merger --role maker=ben --role checker=dan", 0, "SEC-1"),
        ("ana", "start work --title Flyer", 0, "WOR-1"),
        *((who, "show SEC-1", 0, "Merger") for who in ("ben", "gus", "hal", "fay")),
        *(("eve", line, 8, "SOP-D10") for line in (
            "show SEC-1", "show SEC-1/make", "history SEC-1", "replay SEC-1", "watch SEC-1 --format jsonl", "evidence SEC-1",
            "can ben complete SEC-1/make",
        )),
        ("nobody", "show SEC-1", 4, "SOP-A01"),
        ("eve", "runs", 0, "WOR-1"),
        ("eve", "complete SEC-1/make", 8, "SOP-D01"),
        ("eve", "comment SEC-1 -m hello", 8, "SOP-D07"),
        ("eve", "cancel SEC-1 -m stop -y", 8, "SOP-D04"),
        ("ana", "history SEC-1", 0, "refused: complete"),
    ])  # fmt: skip
    for line in ("runs", "runs --all --json", "runs --as-of 2099-01-01", "board", "report", "runs --overdue", "runs --blocked"):
        code, printed = sop("eve", line)
        assert (code, "SEC-1" in printed, "Merger" in printed) == (0, False, False), line
    refused = [item["command"] for item in json.loads(sop("ana", "history SEC-1 --json")[1])["items"] if item["refused"]]
    assert refused == ["complete", "comment", "cancel_run"]


def test_can_says_what_the_table_says(sop: Sop) -> None:
    """About runs, SOPs and the organisation: 5 for no, with the reason."""
    told(sop, [
        ("ana", "start secret --title Merger --role maker=ben --role checker=dan", 0, "SEC-1"),
        ("ana", "can ben read SEC-1", 0, "yes"),
        ("ana", "can eve read SEC-1 --explain", 5, "SOP-D10"),
        ("ana", "can hal cancel SEC-1", 0, "yes"),
        ("ana", "can hal skip SEC-1/make", 0, "yes"),
        ("ana", "can fay skip SEC-1/make --explain", 5, "SOP-D10"),
        ("ana", "can fay complete SEC-1/make --explain", 5, "SOP-D01"),
        ("ana", "can fay migrate SEC-1", 0, "yes"),
        ("ana", "can gus migrate SEC-1 --explain", 5, "SOP-D10"),
        ("ana", "can ana audit SEC-1", 0, "yes"),
        ("ana", "can ana audit --explain", 5, "to audit takes an organisation role: auditor, administrator, lead (SOP-D13)"),
        ("ana", "can gus audit", 0, "yes"),
        ("ana", "can gus administer", 5, "no"),
        ("ana", "can fay administer", 0, "yes"),
        ("ana", "can ana start secret", 0, "yes"),
        ("ana", "can eve start secret --explain", 5, "SOP-D10"),
        ("ana", "can eve start work", 0, "yes"),
        ("ana", "can fay publish work", 0, "yes"),
        ("ana", "can eve publish work --explain", 5, "SOP-D13"),
        ("ana", "can eve retire", 5, "no"),
        ("ana", "can eve export SEC-1", 5, "no"),
        ("ana", "can ben export SEC-1 --json", 0, '"can": true'),
        ("ana", "can eve publish nothing", 3, "SOP-N02"),
        ("ana", "can eve start nothing", 3, "SOP-N02"),
        ("ana", "can eve administer work", 2, "nothing more"),
        ("ana", "can eve read", 2, "read is about RUN"),
        ("ana", "can eve complete", 2, "about a run or a task"),
    ])  # fmt: skip


@pytest.mark.parametrize("act", list(TABLE))
def test_every_row_of_the_table_can_be_asked(sop: Sop, act: str) -> None:
    """Somebody without any part in it gets a no with its reason, or a yes, and never that there is no such act."""
    told(sop, [("ana", "start work --title Flyer", 0, "WOR-1")])
    if act in {"publish", "retire", "administer", "schedule"}:
        about = ""
    elif act == "start":
        about = "work"
    elif act in {"read", "export", "migrate", "override", "audit", "bind", "cancel", "suspend", "comment", "attach"}:
        about = "WOR-1"
    else:
        about = "WOR-1/make"
    code, printed = sop("ana", f"can eve {act} {about} --explain")
    if act in {"signal", "items", "unblock", "resume", "reopen", "rewind", "correct"}:  # nothing of the kind can be done there
        assert code in {0, 3, 5}, printed
        assert "SOP-U" not in printed
    else:
        assert code == (0 if act in {"start", "read"} else 5), printed


def test_delegating_and_going_past_a_rule_can_be_asked(sop: Sop) -> None:
    """Both answer as the commands do: who has the task may delegate it; override is whose the definition says."""
    (Path("sops") / "free.yaml").write_text(
        SECRET.replace("sop: secret", "sop: free").replace("{read: [lead]", "{override: [maker]").lstrip()
    )
    told(sop, [
        ("ana", "start free --title Merger --role maker=ben --role checker=dan", 0, "FRE-1"),
        ("ana", "can ben delegate FRE-1/make", 0, "yes"),
        ("ana", "can ana delegate FRE-1/make", 0, "yes"),
        ("ana", "can eve delegate FRE-1/make --explain", 5, "SOP-D"),
        ("ana", "can ben override FRE-1", 0, "yes"),
        ("ana", "can dan override FRE-1 --explain", 5, "SOP-D10"),
        ("ana", "can dan override FRE-1/make", 2, "no name of a run"),
        ("ana", "can dan override", 2, "override is about RUN"),
    ])  # fmt: skip


def test_who_may_is_said_as_the_definition_has_it(sop: Sop) -> None:
    """Where it names roles not everybody may, the hint is a command that works, and a role beside the lead is named."""
    text = SECRET.replace("sop: secret", "sop: deal").replace(
        "start: [lead]", "start: [lead], cancel: [checker], assign: [checker]"
    )
    (Path("sops") / "deal.yaml").write_text(text.lstrip())
    told(sop, [
        ("eve", "start deal --title x", 8, "hint: whoever holds lead may; sop role list   shows"),
        ("ana", "start deal --title Merger --role maker=ben --role checker=dan", 0, "DEA-1"),
        ("eve", "show DEA-1", 8, "whoever has a role in the run, whoever holds lead may; one of them"),
        ("ben", "cancel DEA-1 -m x -y", 8, "only who leads this run or holds checker may do that"),
        ("ben", "assign DEA-1 --role maker=eve -m x", 8, "only who leads this run or holds checker may do that"),
        ("eve", "assign DEA-1 --role maker=eve -m x", 8, "only who leads this run may do that"),
        ("dan", "cancel DEA-1 -m x -y", 0, "Cancelled DEA-1"),
        ("ana", "start work --title Plain --role maker=ben", 0, "WOR-1"),
        ("ben", "cancel WOR-1 -m x -y", 8, "only who leads this run may do that"),
    ])  # fmt: skip


def test_auditing_and_publishing_take_a_role(sop: Sop) -> None:
    """Refused with 8 to whoever has none; refused attempts, publishing and retiring are told by the directory's history."""
    told(sop, [
        ("ana", "start work --title Flyer", 0, "WOR-1"),
        ("eve", "verify --all", 8, "SOP-D13"),
        ("eve", "verify WOR-1", 8, "SOP-D10"),
        ("ana", "verify WOR-1", 0, "chains unbroken"),
        ("gus", "verify --all", 0, "chains unbroken"),
        ("eve", "publish second.yaml -m mine", 8, "SOP-D13"),
        ("fay", "publish second.yaml -m agreed", 0, "Published work 1.1.0"),
        ("eve", "retire work@1.0.0 -m old", 8, "SOP-D13"),
        ("fay", "retire work@1.0.0 -m old --idempotency-key k", 0, "Took work 1.0.0 out of use"),
        ("fay", "retire work@1.0.0 -m old --idempotency-key k", 0, "Took work 1.0.0 out of use"),
        ("fay", "retire work@1.1.0 -m old --idempotency-key k", 6, "SOP-C06"),
        ("eve", "start secret --title x", 8, "SOP-D10"),
        ("ana", "migrate WOR-1 --to 1.1.0 -m newer --idempotency-key m", 0, "migrated"),
        ("ana", "migrate WOR-1 --to 1.1.0 -m newer --idempotency-key m", 0, "has it already"),
        ("gus", "verify --all", 0, "chains unbroken"),
    ])  # fmt: skip
    items = json.loads(sop("gus", "history ORG --json")[1])["items"][1:]
    assert [(item["actor"], item["command"], bool(item["refused"]), item["note"]) for item in items] == [
        ("eve", "publish", True, "mine"), ("fay", "publish", False, "agreed"), ("eve", "retire", True, "old"),
        ("fay", "retire", False, "old"), ("eve", "start", True, None),
    ]  # fmt: skip
    told(sop, [
        ("gus", "history ORG", 0, "work 1.1.0 published"),
        ("gus", "history ORG", 0, "work 1.0.0 retired"),
        ("gus", "history ORG", 0, "work@1.0.0"),
    ])  # fmt: skip


def test_only_what_is_published_starts_where_there_are_publishers(sop: Sop) -> None:
    """A rule of the organisation, not of the person: exit code 1, with what to do about it."""
    told(sop, [
        ("ana", "start work --title Flyer", 0, "WOR-1"),
        ("fay", "people import publisher.yaml", 0, "1 people added"),
        ("ana", "start work --title Flyer", 1, "SOP-R33"),
        ("ana", "can ana start work --explain", 5, "nobody has published work 1.0.0, and there are publishers"),
        ("ana", "complete WOR-1/make", 8, "SOP-D01"),
        ("ben", "complete WOR-1/make", 0, "Completed"),
        ("ivy", "publish sops/work.yaml -m agreed", 0, "Published work 1.0.0"),
        ("ana", "start work --title Another", 0, "WOR-2"),
        ("ivy", "verify --all", 8, "SOP-D13"),
    ])  # fmt: skip


def test_exit_codes_of_real_processes(sop: Sop, process: Sop) -> None:
    """What a shell sees: 8 for what this person may not do or see, 5 for no, 4 for nobody, 1 for a rule, 0 for done."""
    told(sop, [
        ("ana", "start secret --title Merger --role maker=ben --role checker=dan", 0, "SEC-1"),
        ("fay", "people import publisher.yaml", 0, "1 people added"),
    ])  # fmt: skip
    told(process, [
        ("eve", "show SEC-1", 8, "SOP-D10"),
        ("eve", "complete SEC-1/make", 8, "SOP-D01"),
        ("eve", "runs", 0, "No runs."),
        ("nobody", "history SEC-1", 4, "SOP-A01"),
        ("ana", "can eve read SEC-1", 5, "no"),
        ("eve", "verify --all", 8, "SOP-D13"),
        ("ana", "start work --title Flyer", 1, "SOP-R33"),
        ("eve", "publish sops/work.yaml -m mine", 8, "SOP-D13"),
        ("ivy", "publish sops/work.yaml -m agreed", 0, "Published work 1.0.0"),
        ("ivy", "show SEC-1", 8, "SOP-D10"),
        ("gus", "verify --all", 0, "chains unbroken"),
    ])  # fmt: skip
