"""Scenarios of the shipped SOPs show that a step without its evidence is refused."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import definitions as shipped
from engine.parse import read, read_plain
from engine.procedure import Procedure
from runners.folders import sops
from runners.handbook.shelf import from_parsed

FOLDER = Path(next(iter(shipped.__path__)))
SOPS = sops([FOLDER])


def _evidence(procedure: Procedure) -> Iterator[tuple[str, str]]:
    """Every file and link that somebody has to hand in, with its step."""
    for step in procedure.steps.values():
        for name, field in step.form.items():
            if field["type"] in {"file", "url"} and field.get("required"):
                yield step.id, name


def _refused(scenarios: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - whatever the file holds
    """Every field that is left empty in an act that is refused for it, with its step."""
    for scenario in scenarios:
        for act in scenario.get("acts", ()):
            if act.get("refused") == "SOP-F01":
                yield from ((act["do"].partition(":")[0], name) for name, value in act.get("set", {}).items() if not value)


@pytest.mark.parametrize("sop", sorted(SOPS))
def test_missing_evidence_is_shown(sop: str) -> None:
    """Where an SOP asks for evidence, one of its scenarios tries to go without and is refused."""
    volume = from_parsed(read(SOPS[sop].read_bytes(), name=SOPS[sop].name))
    assert volume
    wanted = {*_evidence(volume.procedure)}
    file: Any = read_plain((FOLDER / "scenarios" / f"{sop}.scenario.yaml").read_bytes()).document
    shown = {*_refused(file["scenarios"])}
    assert not wanted or wanted & shown, sorted(wanted)
