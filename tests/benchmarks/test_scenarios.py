"""All scenarios of the library, played with a simulated clock."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

import definitions as shipped
from engine.definition import Definition
from engine.parse import read
from engine.procedure import Procedure
from runners.folders import files
from runners.scenarios import run_file, scenario_files

if TYPE_CHECKING:
    from tests.benchmarks.conftest import Compared, Figures

pytestmark = pytest.mark.benchmark

FOLDER = Path(next(iter(shipped.__path__)))
BODIES = {path.name: path.read_bytes() for path in files([FOLDER])}


def played() -> int:
    """What ``sop test`` does: every definition is read, and every story played. Gives how many there were."""
    procedures: dict[str, Procedure] = {}
    for name, body in BODIES.items():
        definition = read(body, name=name).definition
        assert definition is not None
        procedures[definition.sop] = Procedure.compiled(definition)
    reports = [run_file(path, procedures) for path in scenario_files([FOLDER])]
    assert all(report.passed for report in reports)
    return sum(len(report.scenarios) for report in reports)


def loaded() -> None:
    """The reference: the C loader of PyYAML, and the models."""
    for body in BODIES.values():
        Definition.model_validate(yaml.load(body, Loader=yaml.CSafeLoader), by_alias=True, by_name=False)


def test_every_scenario_of_the_library(compare: Callable[..., "Compared"], figure: "Figures") -> None:
    """In CPU time, against loading the definitions alone: 30 s on the reference machine, which loads them in 0.6 s."""
    whole = compare(played, loaded, 2, time.process_time)
    count = len(scenario_files([FOLDER]))
    figure("sop test of the whole library", whole.ratio, 50, told=f"{count} files; {whole.told()}")
