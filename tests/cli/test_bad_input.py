"""Bad input of every command: a clear error with code and hint, the documented exit code, no traceback, nothing changed."""

import json
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from runners.cli.catalogue import COMMANDS
from runners.exits import EXITS
from tests.cli.bad_lines import LINES, REFUSED, Case
from tests.contract.test_runner_courses import SHOP

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.cli.conftest import Project

RUN = "MIN-1"

CASES: list[tuple[str, list[str], int, str]] = [
    # who, arguments, exit code, code
    ("nobody_here", ["inbox"], 4, "SOP-A01"),
    ("ana", ["inbox", "--limit", "0"], 2, "SOP-U01"),
    ("ana", ["inbox", "--limit", "many"], 2, "SOP-U01"),
    ("ana", ["inbox", "--after", "x"], 2, "SOP-U05"),
    ("ana", ["inbox", "--after", "a|b|c"], 2, "SOP-U05"),
    ("ana", ["inbox", "--as-of", "someday"], 2, "SOP-U05"),
    ("ana", ["inbox", "--as-of", "3"], 2, "SOP-U05"),
    ("ana", ["inbox", "extra"], 2, "SOP-U01"),
    ("ana", ["show"], 2, "SOP-U01"),
    ("ana", ["show", "MIN-9"], 3, "SOP-N01"),
    ("ana", ["show", "nothing"], 3, "SOP-N02"),
    ("ana", ["show", f"{RUN}/nothing"], 3, "SOP-N05"),
    ("ana", ["show", f"{RUN}/"], 2, "SOP-U05"),
    ("ana", ["show", RUN, "--as-of", "99999"], 3, "SOP-N07"),
    ("ana", ["show", RUN, "--as-of", "2001-01-01"], 3, "SOP-N07"),
    ("ana", ["show", "mini", "--as-of", "2001-01-01"], 2, "SOP-U05"),
    ("ana", ["claim"], 2, "SOP-U01"),
    ("ana", ["claim", RUN], 2, "SOP-U05"),
    ("ben", ["claim", "MIN-9/draft"], 3, "SOP-N01"),
    ("ben", ["claim", f"{RUN}/nothing"], 3, "SOP-M01"),
    ("ben", ["unclaim", f"{RUN}/nothing"], 3, "SOP-M01"),
    ("ben", ["unclaim", "draft"], 2, "SOP-U05"),
    ("ben", ["complete", f"{RUN}/draft"], 2, "SOP-F01"),
    ("ben", ["complete", f"{RUN}/draft", "--set", "text"], 2, "SOP-U05"),
    ("ben", ["complete", f"{RUN}/draft", "--set", "txt=x"], 2, "SOP-F01"),
    ("ben", ["complete", f"{RUN}/draft", "--set", "text=x", "--set", "text=y"], 2, "SOP-U05"),
    ("ben", ["complete", f"{RUN}/draft", "--set", "text=x", "--set", "size=many"], 2, "SOP-F03"),
    ("ben", ["complete", f"{RUN}/draft", "--set", "text=x", "--set", "size=11"], 2, "SOP-F03"),
    ("ben", ["complete", f"{RUN}/draft", "--set", "text=x", "--set", "mood=sad"], 2, "SOP-F03"),
    ("ben", ["complete", f"{RUN}/draft", "--set", "text=x", "--set", "expert=nobody"], 3, "SOP-N03"),
    ("ben", ["complete", f"{RUN}/draft", "--set", "text=x", "--evidence", "brief=missing.pdf"], 3, "SOP-N04"),
    ("ben", ["complete", f"{RUN}/draft", "--set", "text=x", "--evidence", "brief=."], 2, "SOP-U04"),
    ("ben", ["complete", f"{RUN}/draft", "--set", "text=x", "--evidence", "text=mini.yaml"], 2, "SOP-F02"),
    ("ben", ["complete", f"{RUN}/draft", "--form", "missing.json"], 3, "SOP-N04"),
    ("ben", ["complete", f"{RUN}/draft", "--form", "bad.json"], 2, "SOP-U04"),
    ("ben", ["complete", f"{RUN}/draft", "--form", "twice.json"], 2, "SOP-U04"),
    ("ben", ["complete", f"{RUN}/draft", "--form", "bomb.yaml"], 2, "SOP-U04"),
    ("ben", ["complete", f"{RUN}/draft", "--form", "deep.json"], 2, "SOP-U04"),
    ("ben", ["complete", f"{RUN}/draft", "--set", "text=x", "--outcome", "never"], 2, "SOP-F05"),
    ("ben", ["complete", f"{RUN}/nothing", "--set", "text=x"], 3, "SOP-M01"),
    ("ben", ["complete", "MIN-9/draft", "--set", "text=x"], 3, "SOP-N01"),
    ("ben", ["reject", f"{RUN}/draft"], 2, "SOP-F06"),
    ("ben", ["reject", f"{RUN}/draft", "-m", "no"], 2, "SOP-U05"),
    ("ben", ["reject", f"{RUN}/draft", "-m", "no", "--to", "nowhere"], 2, "SOP-U05"),
    ("ana", ["comment", RUN], 2, "SOP-U03"),
    ("ana", ["comment", RUN, "-m", " "], 2, "SOP-F03"),
    ("ana", ["comment", RUN, "-m", "x" * 20_000], 2, "SOP-F03"),
    ("ana", ["comment", f"{RUN}/nothing", "-m", "x"], 3, "SOP-M01"),
    ("ana", ["comment", "MIN-9", "-m", "x"], 3, "SOP-N01"),
    ("ana", ["attach", RUN], 2, "SOP-U01"),
    ("ana", ["attach", RUN, "missing.pdf"], 3, "SOP-N04"),
    ("ana", ["attach", "MIN-9", "mini.yaml"], 3, "SOP-N01"),
    ("ana", ["evidence"], 2, "SOP-U01"),
    ("ana", ["evidence", "MIN-9"], 3, "SOP-N01"),
    ("ana", ["evidence", RUN, "missing.pdf"], 3, "SOP-N04"),
    ("ana", ["list", "--format", "xml"], 2, "SOP-U01"),
    ("ana", ["start", "mini", "--set", "topic=x"], 2, "SOP-U03"),
    ("ana", ["start", "nothing", "--title", "x"], 3, "SOP-N02"),
    ("ana", ["start", "mini@9.9.9", "--title", "x"], 3, "SOP-N02"),
    ("ana", ["start", "mini", "--title", "x"], 2, "SOP-F01"),
    ("ana", ["start", "mini", "--title", "x", "--set", "topic=x", "--role", "boss=ana"], 2, "SOP-F07"),
    ("ana", ["start", "mini", "--title", "x", "--set", "topic=x", "--role", "manager=nobody"], 3, "SOP-N03"),
    ("ana", ["start", "mini", "--title", "x", "--set", "topic=x", "--role", "manager=team:nobody"], 3, "SOP-N03"),
    ("ana", ["start", "mini", "--title", "x", "--set", "topic=x", "--role", "manager"], 2, "SOP-U05"),
    ("ana", ["start", "mini", "--title", "x", "--set", "topic=x", "--lead", "nobody"], 3, "SOP-N03"),
    ("ana", ["start", "mini", "--title", "x", "--set", "topic=x", "--set", "budget=much"], 2, "SOP-F03"),
    ("ana", ["start", "mini", "--title", "x", "--set", "topic=x", "--param", "days=0"], 2, "SOP-F03"),
    ("ana", ["start", "mini", "--title", "x", "--set", "topic=x", "--param", "weeks=1"], 2, "SOP-F02"),
    ("ana", ["runs", "--sop"], 2, "SOP-U01"),
    ("ana", ["runs", "--lead", "nobody"], 3, "SOP-N03"),
    ("ana", ["runs", "--mine", "--lead", "ben"], 2, "SOP-U05"),
    ("ana", ["runs", "--after", "x"], 2, "SOP-U05"),
    ("ana", ["assign", RUN], 2, "SOP-U05"),
    ("ana", ["assign", f"{RUN}/draft"], 2, "SOP-U05"),
    ("ana", ["assign", f"{RUN}/draft", "--to", "nobody"], 3, "SOP-N03"),
    ("ana", ["assign", RUN, "--role", "boss=ana"], 2, "SOP-F07"),
    ("ana", ["assign", "MIN-9", "--role", "manager=ana"], 3, "SOP-N01"),
    ("ana", ["cancel", RUN], 2, "SOP-F06"),
    ("ana", ["cancel", RUN, "-m", "enough"], 2, "SOP-U03"),
    ("ana", ["cancel", f"{RUN}/nowhere", "-m", "x", "--yes"], 3, "SOP-M04"),
    ("ana", ["cancel", "MIN-9", "-m", "x", "--yes"], 3, "SOP-N01"),
    ("ana", ["can", "nobody", "claim", f"{RUN}/draft"], 3, "SOP-N03"),
    ("ana", ["can", "ben", "fly", f"{RUN}/draft"], 2, "SOP-U01"),
    ("ana", ["can", "ben", "claim", RUN], 2, "SOP-U05"),
    ("ana", ["can", "ben", "claim", f"{RUN}/nothing"], 3, "SOP-N05"),
    ("ana", ["history", "MIN-9"], 3, "SOP-N01"),
    ("ana", ["history", RUN, "--from", "soon"], 2, "SOP-U05"),
    ("ana", ["history", f"{RUN}/draft"], 2, "SOP-U05"),
    ("ana", ["replay", RUN, "--to", "99"], 3, "SOP-N07"),
    ("ana", ["replay", RUN, "--to", "-1"], 2, "SOP-U01"),
    ("ana", ["verify"], 2, "SOP-U05"),
    ("ana", ["verify", "MIN-9"], 3, "SOP-N01"),
    ("ana", ["verify", RUN, "--all"], 2, "SOP-U05"),
    ("ana", ["new", "Not-An-Id"], 2, "SOP-U05"),
    ("ana", ["new", "mini"], 2, "SOP-U04"),
    ("ana", ["new", "other", "--from", "nothing"], 3, "SOP-N02"),
    ("ana", ["new", "campaign"], 2, "SOP-U04"),
    ("ana", ["lint", "missing.yaml"], 3, "SOP-N04"),
    *[
        ("ana", [*words, path], 2, "SOP-U04")
        for path in ("pipe.yaml", "/dev/zero")
        for words in (["lint"], ["test"], ["graph"], ["people", "import"])
    ],
    *[("ben", ["complete", f"{RUN}/draft", "--form", path], 2, "SOP-U04") for path in ("pipe.yaml", "/dev/zero")],
    ("ana", ["lint", "--format", "xml"], 2, "SOP-U01"),
    ("ana", ["test", "missing.yaml"], 3, "SOP-N04"),
    ("ana", ["test", "bomb.yaml"], 5, "SOP-L004"),
    ("ana", ["simulate", "missing.yaml"], 3, "SOP-N04"),
    ("ana", ["simulate", "bomb.yaml"], 5, "SOP-L004"),
    ("ana", ["simulate", "."], 2, "SOP-U05"),
    ("ana", ["simulate", "mini", "--runs", "0"], 2, "SOP-U01"),
    ("ana", ["simulate", "mini", "--until", "soon"], 2, "SOP-U05"),
    ("ana", ["simulate", "mini", "--every", "0 days"], 2, "SOP-U05"),
    ("ana", ["simulate", "mini", "--unit", "nowhere"], 3, "SOP-N06"),
    ("ana", ["simulate", "mini", "--durations", "missing.yaml"], 3, "SOP-N04"),
    ("ana", ["simulate", "mini", "--durations", "bomb.yaml"], 2, "SOP-U04"),
    ("ana", ["simulate", "mini", "--people", "bomb.yaml"], 2, "SOP-U04"),
    ("ana", ["graph", "nothing"], 3, "SOP-N02"),
    ("ana", ["graph", "bomb.yaml"], 5, "SOP-L004"),
    ("ana", ["graph", "missing.yaml"], 3, "SOP-N04"),
    ("ana", ["graph", "MIN-9"], 3, "SOP-N01"),
    ("ana", ["schema", "--draft", "4"], 2, "SOP-U01"),
    ("ana", ["init", "bad.json"], 2, "SOP-U04"),
    ("ana", ["demo", "--keep", "."], 2, "SOP-U04"),
    ("ana", ["doctor", "extra"], 2, "SOP-U01"),
    ("ana", ["tick", "--limit", "0"], 2, "SOP-U01"),
    ("ana", ["people", "add", "Not-An-Id", "X"], 2, "SOP-U05"),
    ("ana", ["people", "add", "zoe", " "], 2, "SOP-U05"),
    ("ana", ["people", "add", "zoe", "Zoe", "--email", "nowhere"], 2, "SOP-U05"),
    ("ana", ["people", "import", "missing.yaml"], 3, "SOP-N04"),
    ("ana", ["people", "import", "bomb.yaml"], 2, "SOP-U04"),
    ("ana", ["people", "rename"], 2, "SOP-U01"),
    ("nobody_here", ["whoami"], 4, "SOP-A01"),
    ("ana", ["config", "set"], 2, "SOP-U01"),
    ("ana", ["completion", "tcsh"], 2, "SOP-U01"),
    ("ana", ["help", "nothing"], 3, "SOP-N06"),
    ("ana", ["help", "errors", "SOP-Z99"], 3, "SOP-N06"),
    ("ana", ["version", "extra"], 2, "SOP-U01"),
    ("ana", ["inbxo"], 2, "SOP-U01"),
    ("ana", ["--nothing"], 2, "SOP-U01"),
    *[case[:4] for case in LINES],
]


def named(cases: "Sequence[tuple[Any, ...]]") -> list[str]:
    """A name for each case; the number keeps apart those that begin alike."""
    return [f"{number} {' '.join(case[1])[:60]}" for number, case in enumerate(cases)]


@pytest.fixture(scope="module")
def shared(new_project: "Callable[[Path], Project]", tmp_path_factory: pytest.TempPathFactory) -> "Project":
    """One project for all cases, which may not change it."""
    folder = tmp_path_factory.mktemp("bad") / "here"
    project = new_project(folder)
    project.good("init")
    assert project.start() == RUN
    (folder / "mini.yaml").write_text("x", encoding="utf-8")
    os.mkfifo(folder / "pipe.yaml")
    (folder / "bad.json").write_text("{", encoding="utf-8")
    (folder / "twice.json").write_text('{"text": "a", "text": "b"}', encoding="utf-8")
    (folder / "deep.json").write_text("[" * 100_000, encoding="utf-8")
    (folder / "bomb.yaml").write_text("a: &a [1]\nb: [*a, *a]\n", encoding="utf-8")
    (folder / "odd.yaml").write_text("people:\n  gus: {name: Gus, manager: nobody_at_all}\n", encoding="utf-8")
    (folder / "latin.csv").write_bytes(b"title,topic\nCaf\xe9,x\n")
    (folder / "quote.csv").write_text('title,topic\n"x,y\n', encoding="utf-8")
    (folder / "lines.csv").write_text("title,topic,budget\nOne,x,5\nTwo,,much\n", encoding="utf-8")
    (folder / ".sop" / "definitions" / "shop.yaml").write_text(SHOP, encoding="utf-8")
    (folder / ".sop" / "definitions" / "broken.yaml").write_text("sop: broken\n", encoding="utf-8")
    for title in ("Waits", "Is over", "Takes more"):
        project.good("start", "shop", "--title", title, "--role=lead=ana", "--role=maker=ben,carla")
    project.good("complete", "SHO-1/write", "--set", "text=hello", who="ben")
    project.good("cancel", "SHO-2", "-m", "enough", "--yes")
    for who, line in (("ben", "complete SHO-3/write --set text=x"), ("ana", "signal SHO-3 paid --set amount=5"),
                      ("ben", "complete SHO-3/book"), ("ana", "signal SHO-3 seen")):  # fmt: skip
        project.good(*line.split(), who=who)
    project.good("schedules", "list")  # whoever asks for schedules takes in what the library has of them
    return project


def test_every_command_is_given_bad_input() -> None:
    """No command of the catalogue is left out."""
    assert {arguments[0] for _, arguments, _, _ in CASES} >= set(COMMANDS)


@pytest.mark.parametrize(("who", "arguments", "exit_", "code"), CASES, ids=named(CASES))
def test_bad_input_is_explained_and_changes_nothing(
    shared: "Project", who: str, arguments: list[str], exit_: int, code: str
) -> None:
    """The exit code is the documented one, the error has its code and a hint, and no row of the database differs."""
    before = shared.rows()
    done = shared.sop(*arguments, who=who)
    assert done.code == exit_, done
    assert exit_ in EXITS
    assert "Traceback" not in done.out + done.err
    assert shared.rows() == before
    if not exit_:
        return
    assert f"error[{code}]: " in done.err, done.err
    assert done.out == ""
    as_json = shared.sop("--json", *arguments, who=who)
    assert as_json.code == exit_
    assert as_json.out == ""
    error = json.loads(as_json.err.strip().splitlines()[-1])
    assert error["exit"] == exit_
    assert code in {detail["code"] for detail in error["details"]}
    assert {"schema", "code", "message", "hint", "details"} <= set(error)


@pytest.mark.parametrize("case", LINES, ids=named(LINES))
def test_bad_input_names_its_place_or_the_way_out(shared: "Project", case: Case) -> None:
    """What is said helps: it names what was wrong where, or what to type instead, and writes out what a terminal would obey."""
    who, arguments, _, _, said = case
    done = shared.sop(*arguments, who=who)
    assert said in done.err, done.err
    assert "\x1b" not in done.err


KEPT = ("sop_history", "sop_payload", "sop_request", "sop_org", "sop_run")


@pytest.mark.parametrize("case", REFUSED, ids=named(REFUSED))
def test_what_is_refused_is_kept_and_changes_nothing_else(shared: "Project", case: Case) -> None:
    """Exit code, code and a way out; the history has one record more, and no run, task or timer is another."""
    who, arguments, exit_, code, said = case

    def other() -> list[str]:
        return [row for row in shared.rows() if not row.startswith(tuple(f'INSERT INTO "{table}"' for table in KEPT))]

    def stands() -> list[str]:
        return [shared.good("show", run) for run in (RUN, "SHO-1", "SHO-2", "SHO-3")]

    def records() -> int:
        return sum(row.startswith('INSERT INTO "sop_history"') for row in shared.rows())

    before = other(), stands(), records()
    done = shared.sop(*arguments, who=who)
    assert (done.code, done.out) == (exit_, ""), done
    assert f"error[{code}]: " in done.err
    assert said in done.err, done.err
    assert "Traceback" not in done.err
    assert (other(), stands(), records()) == (*before[:2], before[2] + 1)


DATABASE_CASES = [
    ["inbox"], ["show", RUN], ["claim", f"{RUN}/draft"], ["complete", f"{RUN}/draft", "--set", "text=x"], ["list"], ["runs"],
    ["start", "mini", "--title", "x", "--set", "topic=y"], ["history", RUN], ["verify", "--all"], ["replay", RUN], ["tick"],
    ["people"], ["whoami"], ["can", "ben", "claim", f"{RUN}/draft"], ["comment", RUN, "-m", "x"],
    ["assign", RUN, "--role=manager=ana"],
    ["cancel", RUN, "-m", "x", "--yes"], ["unclaim", f"{RUN}/draft"], ["reject", f"{RUN}/draft", "-m", "x"], ["graph", RUN],
    ["show", "mini"], ["attach", RUN, "mini.yaml"], ["people", "add", "zoe", "Zoe"],
    ["board"], ["report"], ["workload"], ["team"], ["role"], ["away"], ["versions", "mini"], ["watch", RUN],
    ["signal", "SHO-1", "seen"], ["skip", f"{RUN}/draft", "-m", "x"], ["away", "--until", "2099-01-01"],
    ["migrate", RUN, "--to", "1.0.0", "-m", "x"], ["start", "mini", "--from-csv", "lines.csv"],
]  # fmt: skip


@pytest.mark.parametrize("arguments", DATABASE_CASES, ids=[f"{n} {' '.join(case[:2])}" for n, case in enumerate(DATABASE_CASES)])
@pytest.mark.parametrize("kind", ["missing", "garbage", "cut", "other", "folder", "unreachable"])
def test_a_database_that_cannot_be_used_is_explained(shared: "Project", arguments: list[str], kind: str) -> None:
    """Whatever is wrong with the database, each command says so with a code, and leaves the file as it is."""
    place = shared.folder / f"{kind}.db"
    exits = {"missing": 3, "garbage": 1, "cut": 1, "other": 1, "folder": 7, "unreachable": 3}
    if kind == "garbage":
        place.write_bytes(b"this is no database at all" * 100)
    elif kind == "cut":
        place.write_bytes(shared.database.read_bytes()[:6_000])
    elif kind == "other":
        place.unlink(missing_ok=True)
        import sqlite3

        other = sqlite3.connect(place)
        other.execute("CREATE TABLE sop_run (id TEXT)")
        other.close()
    elif kind == "folder":
        place.mkdir(exist_ok=True)
    elif kind == "unreachable":
        place = place / "no" / "such"
    before = place.read_bytes() if place.is_file() else None
    done = shared.sop("--db", str(place), *arguments)
    assert done.code == exits[kind], done
    assert "error[SOP-S0" in done.err
    assert "hint: " in done.err
    assert "Traceback" not in done.err
    assert done.out == ""
    if kind != "other":  # opening a real database may write its header once
        assert (place.read_bytes() if place.is_file() else None) == before


def test_a_database_that_may_only_be_read_is_explained(new_project: "Callable[[Path], Project]") -> None:
    """In a folder without the right to write, a change is exit code 7 and nothing is different afterwards."""
    with tempfile.TemporaryDirectory() as place:
        project = new_project(Path(place) / "here")
        project.good("init")
        run = project.start()
        project.good("claim", f"{run}/draft", "-n", who="ben")  # loads everything while that is still possible
        before = project.rows()
        Path(place).chmod(0o755)
        for path in [*project.folder.rglob("*"), project.folder]:
            path.chmod(0o555 if path.is_dir() else 0o444)
        user = os.geteuid()
        if user == 0:
            os.seteuid(65534)  # root may write everywhere
        try:
            done = project.sop("claim", f"{run}/draft", who="ben")
        finally:
            os.seteuid(user)
            for path in [project.folder, *project.folder.rglob("*")]:
                path.chmod(0o755 if path.is_dir() else 0o644)
        assert done.code == 7, done
        assert "error[SOP-S03]" in done.err
        assert "Traceback" not in done.err
        assert project.rows() == before


def test_a_server_that_is_away_is_explained(shared: "Project") -> None:
    """A server that does not answer is exit code 7, in one line and without the password."""
    done = shared.sop("--db", "postgresql://me:secret@127.0.0.1:1/sop", "inbox")
    assert done.code == 7, done
    assert done.err.startswith("error[SOP-S03]: ")
    assert "secret" not in done.err
    assert shared.sop("--db", "mysql://x/y", "inbox").code == 2


def test_the_doctor_names_a_damaged_database(shared: "Project") -> None:
    """`sop doctor` does not stop at the first thing that is broken, and its exit code says so."""
    place = shared.folder / "ill.db"
    place.write_bytes(b"this is no database at all" * 100)
    done = shared.sop("--db", str(place), "doctor")
    assert done.code == 5
    assert "\N{MULTIPLICATION SIGN} database: Damaged" in done.out
    assert (shared.folder / "log" / "sop.jsonl").exists()


def test_the_doctor_finds_a_history_that_was_edited(project: "Project") -> None:
    """A trigger removed and a record changed behind the program's back are both found, and verify says where."""
    run = project.start()
    assert project.sop("doctor").code == 0
    project.change("DROP TRIGGER sop_history_no_update")
    project.change("UPDATE sop_history SET record = CAST(replace(CAST(record AS TEXT), 'mini', 'maxi') AS BLOB)")
    done = project.sop("doctor")
    assert done.code == 5
    assert "\N{MULTIPLICATION SIGN} triggers: missing: sop_history_no_update" in done.out
    assert "\N{MULTIPLICATION SIGN} history" in done.out
    assert project.sop("verify", run).code == 5


def test_settings_that_cannot_be_used_are_explained(project: "Project") -> None:
    """An unknown key, broken TOML and an impossible value name their place and what was meant."""
    config = project.folder / ".sop" / "config.toml"
    for text, expected in (
        ('databse = "x"', 'did you mean "database"?'),
        ("zone = ", "is no TOML"),
        ('zone = "Mars/Olympus"', "the name of a time zone"),
        ("weekend = [1, 2, 3, 4, 5, 6, 7]", "not all of them"),
        ('holidays = ["2026-13-01"]', "a list of days"),
    ):
        config.write_text(text, encoding="utf-8")
        done = project.sop("inbox")
        assert done.code == 2
        assert "error[SOP-U02]" in done.err
        assert expected in done.err


def test_an_unexpected_error_is_one_line_with_an_id_and_a_log(project: "Project", monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of the program shows no traceback, keeps the details in a file, and shows them with --debug."""

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the \x1b[31minside\x1b[0m")

    monkeypatch.setattr("runners.overview.Overview.runs", broken)
    done = project.sop("runs")
    assert done.code == 1
    assert "error[SOP-X01]: something unexpected happened: RuntimeError (" in done.err
    assert "Traceback" not in done.err
    log = (project.folder / ".sop" / "log" / "debug.log").read_text(encoding="utf-8")
    assert "RuntimeError: the \\x1b[31minside" in log
    shown = project.sop("runs", "--debug")
    assert "Traceback" in shown.err
    assert "\x1b" not in shown.err


def test_output_that_cannot_be_written_is_explained(project: "Project") -> None:
    """A full disk behind stdout is exit code 7, a closed pipe is silent."""
    import subprocess
    import sys

    call = [sys.executable, "-m", "runners.cli", "help", "formats"]
    with open("/dev/full", "w", encoding="utf-8") as full:  # noqa: PTH123 - a device
        done = subprocess.run(
            call, cwd=project.folder, env=project.environment("ana"), stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 7
    assert b"error[SOP-S03]" in done.stderr
    assert b"Traceback" not in done.stderr
    line = f"{sys.executable} -m runners.cli help formats | true; echo ${{PIPESTATUS[0]}}"
    piped = subprocess.run(
        ["bash", "-c", line], cwd=project.folder, env=project.environment("ana"), capture_output=True, check=False, timeout=30
    )
    assert piped.stderr == b""
    assert piped.stdout.strip() in {b"141", b"0"}  # 0 where the reader went away only after everything was written


def test_ctrl_c_is_130(project: "Project", monkeypatch: pytest.MonkeyPatch) -> None:
    """An interruption ends with 130 and one line."""

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("runners.overview.Overview.runs", interrupted)
    done = project.sop("runs")
    assert done.code == 130
    assert done.err.startswith("error[SOP-X02]: interrupted")
