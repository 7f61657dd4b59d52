"""Scenario files are found beside their definitions, and looking for them costs nothing."""

import subprocess
import sys
from pathlib import Path

from runners.scenarios import scenario_files

DEFINITION = "sop: x\nversion: 1.0.0\nsteps: []\n"
STORIES = "sop: x\npeople: {}\nscenarios: []\n"


def test_scenario_files_stand_beside_their_definitions(tmp_path: Path) -> None:
    """A definition, a folder or a scenario file is answered with scenario files, each once, and with where one is missing."""
    (tmp_path / "scenarios").mkdir()
    for name, text in (
        ("ways.yaml", DEFINITION), ("letter.yaml", DEFINITION), ("extra.yml", DEFINITION), ("roles.yaml", "writer: {}\n"),
        ("notes.txt", "sop: x\nsteps: y\n"),
        ("extra.scenario.yaml", STORIES), ("scenarios/ways.scenario.yaml", STORIES), ("scenarios/other.scenario.yaml", STORIES),
    ):  # fmt: skip
        (tmp_path / name).write_text(text, encoding="utf-8")
    inside = tmp_path / "scenarios"
    extra, ways, other = tmp_path / "extra.scenario.yaml", inside / "ways.scenario.yaml", inside / "other.scenario.yaml"
    missing = inside / "letter.scenario.yaml"
    assert scenario_files([tmp_path]) == [extra, missing, ways, other]
    assert scenario_files([tmp_path / "ways.yaml", ways]) == [ways]
    assert scenario_files([tmp_path / "letter.yaml"]) == [missing]
    assert scenario_files([inside]) == [other, ways]
    (tmp_path / "ways.scenario.yaml").write_text(STORIES, encoding="utf-8")
    assert scenario_files([tmp_path / "ways.yaml"]) == [tmp_path / "ways.scenario.yaml", ways]
    assert not missing.exists()


def test_importing_the_package_loads_nothing_heavy() -> None:
    """Neither pydantic nor yaml nor the expression library is there before a file is read."""
    code = (
        "import sys, runners.scenarios; print([m for m in ('pydantic', 'yaml', 'cel_expr_python', 'sqlmodel') if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
