"""What each command loads: the budget of starting up, held by name and not by time."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import definitions as shipped
from runners.cli.catalogue import COMMANDS
from runners.folders import files
from tests.contract.test_runner_courses import SHOP

if TYPE_CHECKING:
    from tests.cli.conftest import Project

SHIPPED = Path(next(iter(shipped.__path__)))
HEAVY = frozenset(
    {"click", "pydantic", "yaml", "structlog", "rich", "sqlmodel", "sqlalchemy", "alembic", "transitions", "cel_expr_python",
     "asyncio", "psycopg", "cronsim", "icalendar", "ruamel"}
)  # fmt: skip
CLICK = {"click"}
DECIDE = {"click", "transitions"}
"""What decides loads the machines."""
SCHEDULES = DECIDE | {"cronsim"}
"""What asks when something starts."""
FILES = {"click", "yaml", "pydantic", "transitions", "cel_expr_python", "cronsim"}
"""What reads definitions anew."""

BUDGETS: dict[str, tuple[list[str], set[str]]] = {
    "help": (["--help"], CLICK),
    "inbox": (["inbox"], set()),
    "inbox with options": (["inbox", "--limit", "5"], CLICK),
    "show": (["show", "MIN-1"], set()),
    "show a task": (["show", "MIN-1/draft"], {"transitions"}),
    "show an SOP": (["show", "mini"], set()),
    "claim": (["claim", "MIN-1/draft"], {"transitions"}),
    "complete": (["complete", "MIN-1/draft", "--set", "text=x"], {"transitions"}),
    "unclaim": (["unclaim", "MIN-1/draft"], DECIDE),
    "reject": (["reject", "MIN-1/review", "-m", "x"], DECIDE),
    "comment": (["comment", "MIN-1", "-m", "x"], DECIDE),
    "attach": (["attach", "MIN-1", "brief.txt"], DECIDE),
    "list": (["list"], CLICK),
    "start": (["start", "mini", "--title", "x", "--set", "topic=y"], DECIDE),
    "runs": (["runs"], CLICK),
    "assign": (["assign", "MIN-1/draft", "--to", "ben"], DECIDE),
    "cancel": (["cancel", "MIN-1", "-m", "x", "--yes", "-n"], DECIDE),
    "can": (["can", "ben", "claim", "MIN-1/draft"], DECIDE),
    "evidence": (["evidence", "MIN-1"], DECIDE),
    "history": (["history", "MIN-1"], CLICK),
    "replay": (["replay", "MIN-1"], CLICK),
    "verify": (["verify", "MIN-1"], FILES),
    "new": (["new", "fresh"], CLICK),
    "lint": (["lint", ".sop/definitions/mini.yaml"], FILES),
    "fmt": (["fmt", ".sop/definitions/mini.yaml"], FILES | {"ruamel"}),
    "test": (["test", ".sop/definitions/fresh.yaml"], FILES),
    "simulate": (["simulate", ".sop/definitions/fresh.yaml", "--runs", "2"], FILES),
    "graph": (["graph", "MIN-1"], DECIDE),
    "docs": (["docs", "build", "mini", "--lang", "en"], FILES),
    "schema": (["schema"], {"click", "pydantic"}),
    "init": (["init"], FILES),
    "demo": (["demo", "--json"], FILES),
    "doctor": (["doctor"], FILES),
    "tick": (["tick"], SCHEDULES),
    "schedules": (["schedules"], SCHEDULES),
    "calendar": (["calendar"], SCHEDULES),
    "people": (["people"], CLICK),
    "people show": (["people", "show", "ben"], CLICK),
    "people import": (["people", "import", "people.yaml"], {*CLICK, "yaml"}),
    "inbox ahead": (["inbox", "--ahead"], CLICK),
    "inbox filtered": (["inbox", "--mine", "--sop", "mini", "--role", "content_creator"], CLICK),
    "runs filtered": (["runs", "--role", "content_creator", "--person", "ben", "--title", "First"], CLICK),
    "runs blocked": (["runs", "--blocked"], CLICK),
    "watch": (["watch", "SHO-2"], CLICK),
    "board": (["board"], CLICK),
    "report": (["report"], CLICK),
    "kpi": (["kpi"], CLICK),
    "kpi of a run": (["kpi", "SHO-1"], CLICK),
    "workload": (["workload"], CLICK),
    "team": (["team"], CLICK),
    "team set": (["team", "set", "desk", "--member", "ben"], CLICK),
    "role": (["role"], CLICK),
    "role give": (["role", "give", "reporter", "ben"], CLICK),
    "away": (["away", "--until", "2099-01-01", "--deputy", "carla"], CLICK),
    "away list": (["away"], CLICK),
    "versions": (["versions", "mini"], CLICK),
    "diff": (["diff", "mini@1.0.0"], CLICK),
    "history of the directory": (["history", "ORG"], CLICK),
    "signal": (["signal", "SHO-1", "seen"], DECIDE),
    "block": (["block", "MIN-1/draft", "-m", "x"], DECIDE),
    "unblock": (["unblock", "MIN-1/draft", "-m", "x"], DECIDE),
    "correct": (["correct", "SHO-1/write", "--set", "text=y", "-m", "x"], {*DECIDE, "cel_expr_python"}),
    "add": (["add", "SHO-1/each", "y"], DECIDE),
    "close": (["close", "SHO-1/each"], DECIDE),
    "delegate": (["delegate", "MIN-1/draft", "--to", "carla"], DECIDE),
    "delegate a role": (["delegate", "--role", "reporter", "--to", "carla", "--until", "2099-01-01"], CLICK),
    "skip": (["skip", "SHO-1/look", "-m", "x"], DECIDE),
    "rewind": (["rewind", "SHO-1/write", "-m", "x", "-y"], DECIDE),
    "suspend": (["suspend", "SHO-1", "-m", "x"], DECIDE),
    "resume": (["resume", "SHO-1", "-m", "x"], DECIDE),
    "reopen": (["reopen", "SHO-2/write", "-m", "x", "-y"], DECIDE),
    "start many": (["start", "mini", "--from-csv", "runs.csv"], DECIDE),
    "hand over": (["assign", "--from", "ben", "--to", "carla", "--all", "-n"], DECIDE),
    "override": (["complete", "SHO-1/write", "--override", "-m", "x"], DECIDE),
    "migrate": (["migrate", "MIN-1", "--to", "1.0.0", "-n"], DECIDE),
    "retire": (["retire", "mini@1.0.0", "-m", "x", "-n"], DECIDE),
    "publish": (["publish", ".sop/definitions/mini.yaml", "-m", "x"], FILES),
    "whoami": (["whoami"], CLICK),
    "config": (["config"], CLICK),
    "completion": (["completion", "bash"], CLICK),
    "help topic": (["help", "formats"], CLICK),
    "version": (["version"], CLICK),
}

PROBE = """
import json, sys
from runners.cli.door import main
code = main(sys.argv[1:])
sys.stdout.flush()
print("PROBE" + json.dumps([code, sorted(name for name in sys.modules if "." not in name)]))
"""


def loaded(project: "Project", arguments: list[str]) -> tuple[int, set[str]]:
    """The exit code of a command in a process of its own, and the heavy modules that it loaded."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *arguments], cwd=project.folder, env=project.environment("ben"), capture_output=True,
        text=True, check=False, timeout=60,
    )  # fmt: skip
    assert "SOP-X01" not in done.stderr, done.stderr
    code, modules = json.loads(done.stdout.rpartition("PROBE")[2])
    return code, set(modules) & HEAVY


def test_every_command_has_a_budget() -> None:
    """No command of the catalogue is left out."""
    assert {arguments[0] for arguments, _ in BUDGETS.values()} >= set(COMMANDS)


def test_commands_load_what_they_need_and_no_more(project: "Project") -> None:
    """Each command keeps to its budget: the daily ones load neither click nor any library, none loads SQLModel."""
    project.good("init")
    project.start()
    (project.folder / "brief.txt").write_text("x", encoding="utf-8")
    (project.folder / "runs.csv").write_text("title,topic\nOne,x\n", encoding="utf-8")
    (project.folder / "people.yaml").write_text("people: {zoe: {name: Zoe}}\n", encoding="utf-8")
    (project.folder / ".sop" / "definitions" / "shop.yaml").write_text(SHOP, encoding="utf-8")
    for title in ("Waits", "Is over"):
        project.good("start", "shop", "--title", title, "--role=lead=ben", "--role=maker=ben,carla")
    project.good("complete", "SHO-1/write", "--set", "text=hello", who="ben")
    project.good("cancel", "SHO-2", "-m", "enough", "--yes")
    over = {}
    for name, (arguments, allowed) in BUDGETS.items():
        code, found = loaded(project, arguments)
        assert code in {0, 1, 2, 3, 5, 6, 8, 9}, (name, code)
        if more := found - allowed:
            over[name] = sorted(more)
    assert over == {}


def test_the_probe_can_fail(project: "Project") -> None:
    """The probe sees a library that is loaded."""
    assert loaded(project, ["schema"])[1] == {"click", "pydantic"}


def test_a_second_start_reads_no_yaml(project: "Project") -> None:
    """A new process finds what files held by their size and time, and after a touch by their hash: the library is the cache."""
    folder = project.folder / ".sop" / "definitions"
    paths = [Path(shutil.copy(path, folder)) for path in files([SHIPPED])]
    assert len(paths) >= 23
    read = {"yaml", "pydantic", "cel_expr_python"}
    assert loaded(project, ["list"])[1] >= read
    assert not loaded(project, ["list"])[1] & read
    for path in paths:
        found = path.stat()
        os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns + 1_000_000_000))
    assert not loaded(project, ["list"])[1] & read
    paths[0].write_bytes(paths[0].read_bytes() + b"# another\n")
    assert loaded(project, ["list"])[1] >= read


@pytest.mark.parametrize("arguments", [["--help"], ["--version"]])
def test_help_and_version_import_no_command(project: "Project", arguments: list[str]) -> None:
    """The list of commands comes from the catalogue."""
    probe = PROBE.replace('if "." not in name', 'if name.startswith("runners.")')
    done = subprocess.run(
        [sys.executable, "-c", probe, *arguments], cwd=project.folder, env=project.environment("ben"), capture_output=True,
        text=True, check=False, timeout=60,
    )  # fmt: skip
    _, modules = json.loads(done.stdout.rpartition("PROBE")[2])
    assert not {f"runners.cli.{entry.module}" for entry in COMMANDS.values()} & set(modules)
