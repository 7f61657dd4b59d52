"""What a lead sees of many runs, and many runs at once, as somebody types it, on both databases."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from engine.refusals import Refused
from runners import clock
from runners.runner import Done, Runner
from runners.store.errors import Busy

if TYPE_CHECKING:
    from tests.cli.conftest import Lines

Sop = Callable[..., tuple[int, str, str]]
NOTICE = """\
sop: notice
version: 1.0.0
title: Notice
purpose: To be tested.
scope: This test.
owner: lead
roles: [lead, maker, checker]
parameters: {size: {type: number, default: 3, source: us, confidence: team}}
inputs:
  day: {type: date, required: true}
  places: {type: multi_choice, required: true, options: [door, window]}
  scan: {type: file}
steps:
  - {id: write, role: maker, due: 2 days before inputs.day}
  - {id: review, approval: {role: checker, of: [write]}}
  - {id: hang, wait: {signal: hung}}
signals: {hung: {}}
"""
CSV = 'title,day,places,role.maker,lead,drill,param.size\nOne,2026-01-09,"door,window",ben,,,\nTwo,2099-06-20,door,cleo,ana,yes,5\n'


@pytest.fixture
def sop(lines: Callable[..., "Lines"], database_url: str) -> Sop:
    """Carries out one command line, as Ana; gives exit code, results, and messages."""
    people = "people: {ana: {roles: [lead]}, ben: {roles: [maker]}, cleo: {roles: [checker]}}\n"
    return lines({"sops/notice.yaml": NOTICE, "runs.csv": CSV, "people.yaml": people}, database_url).by_ana


def items(answer: tuple[int, str, str]) -> list[dict[str, object]]:
    """The items of a list in JSON."""
    found: list[dict[str, object]] = json.loads(answer[1])["items"]
    return found


def test_each_line_is_a_run_once(sop: Sop, tmp_path: Path) -> None:
    """Columns and options come together; the same file starts only what is missing; two equal lines are two runs."""
    code, out, err = sop("start notice --from-csv runs.csv -n")
    assert (code, out.count("would start"), "Nothing was changed" in err) == (0, 2, True)
    assert items(sop("runs --json")) == []
    assert sop("start notice --from-csv runs.csv --role checker=cleo")[0] == 0
    one, two = json.loads(sop("show NOT-1 --json")[1]), json.loads(sop("show NOT-2 --json")[1])
    assert (one["values"]["inputs.places"], one["roles"]["maker"], one["drill"]) == (["door", "window"], ["ben"], False)
    assert (two["roles"]["maker"], two["drill"], two["parameters"]) == (["cleo"], True, {"size": 5})
    (tmp_path / "runs.csv").write_text(CSV + CSV.splitlines()[1] + "\n")
    found = items(sop("start notice --from-csv runs.csv --role checker=cleo --json"))
    assert [(line["run"], line["result"]) for line in found] == [
        ("NOT-1", "already started"), ("NOT-2", "already started"), ("NOT-3", "started"),
    ]  # fmt: skip
    assert (
        items(sop("start notice --from-csv runs.csv --role checker=cleo --idempotency-key again --json"))[0]["result"] == "started"
    )


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("titel,day,places\n", 2, "there is no column titel"),
        ("title,day,day,places\n", 2, "the column day stands twice"),
        ("title,day\n", 2, "no column places, which every run needs"),
        ("title,day,places,scan\n", 2, "there is no column scan"),
        ("title,day,places\nx,2099-01-01\n", 2, "2 cells, and the heading has 3"),
        ("title,day,places,drill\nx,2099-01-01,door,perhaps\n", 2, "drill is yes or no"),
        ('title,day,places\nx,2099-01-01,"door\n', 2, "is no CSV: line 2 cannot be read"),
        ("", 2, "is empty"),
        ("title,day,places\n" + "x,2099-01-01,door\n" * 10_001, 2, "more than 10000 lines"),
        ("title,day,places,lead\nx,2099-01-01,door,zoe\n\ny,soon,door,\n", 5, "runs.csv:4: day: expected a date"),
        ("title,day,places,lead\nx,2099-01-01,door,zoe\n", 5, "runs.csv:2: there is no person zoe"),
        ("title,day,places\n", 2, "no line below it"),
    ],
)
def test_what_is_wrong_is_said_before_anything_begins(sop: Sop, tmp_path: Path, text: str, code: int, said: str) -> None:
    """The heading is checked, then every line is tried; where anything is wrong, no run begins."""
    (tmp_path / "runs.csv").write_text(text)
    found, out, err = sop("start notice --from-csv runs.csv")
    assert (found, said in out + err) == (code, True), out + err
    assert items(sop("runs --json")) == []


def test_a_table_and_one_run_do_not_go_together(sop: Sop) -> None:
    """A title or a form on the command line would be for one run; a file that is not there is said."""
    assert sop("start notice --from-csv runs.csv --title x")[0] == 2
    assert sop("start notice --from-csv none.csv")[0] == 3


def test_a_line_that_fails_holds_up_no_other(sop: Sop, monkeypatch: pytest.MonkeyPatch) -> None:
    """What fails after the check is shown, the rest is started, the exit code is 9, and doing it again does the rest."""
    start = Runner.start

    def failing(self: Runner, *args: object, **more: object) -> Done | Refused:
        if more["title"] == "One" and not more["dry_run"]:
            raise Busy("held")
        return start(self, *args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(Runner, "start", failing)
    answer = sop("start notice --from-csv runs.csv --json")
    assert (answer[0], [line["result"] for line in items(answer)]) == (9, ["failed", "started"])
    monkeypatch.setattr(Runner, "start", start)
    answer = sop("start notice --from-csv runs.csv --json")
    assert (answer[0], [line["result"] for line in items(answer)]) == (0, ["started", "already started"])


def test_a_bar_on_a_terminal(sop: Sop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a person looks on, a bar goes to the messages and never to the results."""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("FORCE_COLOR", "1")
    code, out, err = sop("start notice --from-csv runs.csv --format jsonl")
    assert (code, len(out.splitlines())) == (0, 2)
    assert "Starting" in err


def test_the_board_says_what_is_where(sop: Sop, monkeypatch: pytest.MonkeyPatch) -> None:
    """By SOP and step in the order of the SOP, late ones with a sign, runs that wait for nobody last."""
    assert "Nothing is open." in sop("board")[2]
    sop("start notice --from-csv runs.csv --role checker=cleo")
    sop("start notice --title Three --set day=2099-01-01 --set places=door --role maker=ben --role checker=cleo")
    assert sop("complete NOT-3/write", "ben")[0] == 0
    assert sop("complete NOT-3/review --outcome approve", "cleo")[0] == 0
    out = sop("board")[1]
    assert out.splitlines()[1].split()[:4] == ["!", "notice", "write", "2"]
    assert "NOT-1 (ben)!, NOT-2 (cleo)" in out
    assert "(nobody's turn)" in out.splitlines()[-1]
    found = items(sop("board --mine --sop notice --json"))
    assert [(place["step"], place["open"], place["late"]) for place in found] == [("write", 2, 1), (None, 1, 0)]
    assert items(sop("board --lead ben --json")) == []
    assert sop("board --lead ben --mine")[0] == 2


def test_runs_are_found_by_role_person_state_and_title(sop: Sop) -> None:
    """Each filter alone and together, page by page, with a key that begins the next page."""
    sop("start notice --from-csv runs.csv --role checker=cleo")
    sop("start notice --title Three --set day=2099-01-01 --set places=door --role maker=ben --role checker=cleo")
    sop("complete NOT-3/write", "ben")
    sop("cancel NOT-2 -m no --yes")

    def found(options: str) -> list[object]:
        return [line["id"] for line in items(sop(f"runs {options} --json"))]

    assert (found("--role maker"), found("--role checker"), found("--role lead")) == (["NOT-1"], ["NOT-3"], [])
    assert (found("--person ben"), found("--person cleo")) == (["NOT-1"], ["NOT-3"])
    assert (found("--person ben --role checker"), found("--title TH")) == ([], ["NOT-3"])
    assert (found("--status cancelled"), found("--status open"), found("--status ended")) == (["NOT-2"], ["NOT-3", "NOT-1"], [])
    assert (found("--overdue --title one"), found("--overdue --title three"), found("--overdue")) == (["NOT-1"], [], ["NOT-1"])
    page = json.loads(sop("runs --all --title o --limit 1 --json")[1])
    assert ([line["id"] for line in page["items"]], page["next"] is None) == (["NOT-2"], False)
    assert found(f"--all --title o --limit 1 --after '{page['next']}'") == ["NOT-1"]
    assert sop("runs --title x --as-of 2026-01-01")[0] == 2
    assert sop("runs --role nobody")[0] == 3


def test_a_report_for_people_and_for_spreadsheets(sop: Sop) -> None:
    """Figures of the window, without drills; seconds for programs, one line for each step in CSV."""
    sop("start notice --from-csv runs.csv --role checker=cleo")
    sop("complete NOT-1/write", "ben")
    sop("complete NOT-2/write", "cleo")
    out = sop("report")[1]
    assert "started 1, ended 0, cancelled 0, open at the end 1" in out
    assert out.splitlines()[-1].split()[:3] == ["notice", "write", "1"]
    value = json.loads(sop("report notice --json --from yesterday --to tomorrow")[1])
    assert (value["started"], value["steps"][0]["overdue"], value["cycle"]) == (1, 1.0, None)
    assert sop("report --format csv")[1].splitlines()[0].startswith("sop,step,done,")
    assert "No task was finished" in sop("report --to 2020-01-01 --from 2019-01-01")[2]
    assert (sop("report --from soon")[0], sop("report nothing")[0]) == (2, 3)
    sop("complete NOT-1/review --outcome approve", "cleo")
    sop("signal NOT-1 hung")
    assert "in the middle, nine of ten within" in sop("report")[1]


def test_a_run_is_followed_until_it_ends(sop: Sop, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line of JSON for where it stands, one for each change, none while nothing happens."""
    sop("start notice --from-csv runs.csv --role checker=cleo")
    looks = iter(["comment NOT-1 -m Hello", "", "cancel NOT-1 -m no --yes"])
    lines: list[str] = []

    def acting(_seconds: float) -> None:
        line = next(looks)
        if line:
            lines.append(sop(line)[1])

    monkeypatch.setattr(clock, "pause", acting)
    code, out, _ = sop("watch NOT-1 --interval 0.1")
    told = [json.loads(line) for line in "".join([*lines, out]).splitlines() if line.startswith("{")]
    assert code == 0
    assert [(line["seq"], line["status"]) for line in told] == [(0, "open"), (1, "open"), (2, "cancelled")]
    assert [[one["kind"] for one in line["happened"]] for line in told] == [[], ["commented"], ["cancelled"]]


def test_watching_can_be_interrupted(sop: Sop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C ends the watching with 130; a form without an end is refused; a run that is not there is said."""
    sop("start notice --from-csv runs.csv")

    def interrupted(_seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(clock, "pause", interrupted)
    assert sop("watch NOT-1")[0] == 130
    assert sop("watch NOT-1 --format csv")[0] == 2
    assert sop("watch NOT-9")[0] == 3


@pytest.mark.parametrize(("term", "begins"), [("xterm", "\x1b[H\x1b[2J"), ("dumb", "\n")])
def test_a_terminal_is_drawn_anew(sop: Sop, monkeypatch: pytest.MonkeyPatch, term: str, begins: str) -> None:
    """On a terminal the run is shown as sop show does, from the top; a plain one gets an empty line between."""
    sop("start notice --from-csv runs.csv")
    sop("cancel NOT-1 -m no --yes")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", term)
    code, out, _ = sop("watch NOT-1 --no-color")
    assert (code, out.startswith(begins), "NOT-1  One" in out) == (0, True, True)


def test_what_is_suspended_is_marked(sop: Sop) -> None:
    """A suspended run in the owner's inbox, in the list of runs and on the board; a suspended task only where tasks are listed."""
    for title in ("One", "Two"):
        assert sop(f"start notice --title {title} --set day=2099-01-09 --set places=door --role maker=ben")[0] == 0
    assert not any("suspended" in sop(line, "ben")[1] for line in ("inbox", "runs", "board"))
    assert sop("suspend NOT-1 -m hold")[0] == 0
    assert sop("suspend NOT-2/write -m hold")[0] == 0
    lines = {line: sop(line, "ben")[1].splitlines() for line in ("inbox", "runs", "board")}
    assert [("NOT-1" in text, "NOT-2" in text) for text in lines["inbox"] if "yours, suspended" in text] == [
        (True, False),
        (False, True),
    ]
    assert [("NOT-1" in text, "NOT-2" in text) for text in lines["runs"] if "open, suspended" in text] == [(True, False)]
    assert any("NOT-1 (ben, suspended), NOT-2 (ben, suspended)" in text for text in lines["board"])
    assert {line["id"]: line["suspended"] for line in items(sop("runs --json"))} == {"NOT-1": True, "NOT-2": False}
    assert sop("resume NOT-1 -m go")[0] == 0
    assert "suspended" not in sop("runs")[1]


def test_the_board_counts_runs_as_people_do(sop: Sop) -> None:
    """The tenth run stands behind the third."""
    for title in range(10):
        assert sop(f"start notice --title T{title} --set day=2099-01-09 --set places=door --role maker=ben")[0] == 0
    (place,) = items(sop("board --json"))
    assert [task["run"] for task in place["tasks"]] == [f"NOT-{number}" for number in range(1, 11)]  # type: ignore[attr-defined]


def test_a_heading_alone_starts_nothing(sop: Sop, tmp_path: Path) -> None:
    """A file without a line is a mistake and said to be one."""
    (tmp_path / "runs.csv").write_text(CSV.splitlines()[0] + "\n")
    code, out, err = sop("start notice --from-csv runs.csv")
    assert (code, out, "no line below it" in err) == (2, "", True)
