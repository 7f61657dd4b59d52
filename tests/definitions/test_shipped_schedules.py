"""The schedules of the shipped SOPs: they give what a start needs at every instant of two years."""

from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import pytest

import definitions as shipped
from engine import forms
from engine.parse import read
from engine.procedure import Procedure
from engine.schedules import following, named, zone_of
from engine.timers import written
from runners.people import ME
from runners.schedule_starts import asked_for

FOLDER = Path(next(iter(shipped.__path__)))
LEAD = "p_aaaaaaaaaaaa"
"""Who leads what is started."""
SOPS = sorted(path.stem for path in FOLDER.glob("*.yaml") if "\nschedule:" in path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("sop", SOPS)
def test_every_start_of_two_years_is_complete(sop: str) -> None:
    """Inputs are of their kinds, periods begin before they end, and each run of a schedule has a title of its own."""
    parsed = read((FOLDER / f"{sop}.yaml").read_bytes())
    assert parsed.definition is not None
    procedure = Procedure.compiled(parsed.definition)
    for schedule in named(procedure.document).values():
        assert schedule["source"]
        titles = []
        for at in islice(following(schedule["cron"], zone_of(schedule["zone"]), datetime(2027, 1, 1, tzinfo=UTC)), 104):
            asked = asked_for(procedure, schedule, written(at))
            titles.append(asked.title)
            given = {name: LEAD if value == ME else value for name, value in asked.inputs.items()}
            values, reasons = forms.read_all(procedure.document["inputs"], given)
            assert reasons == []
            days = [value for name, value in values.items() if procedure.document["inputs"][name]["type"] == "date"]
            assert days == sorted(days)
        assert len(titles) == len(set(titles))
