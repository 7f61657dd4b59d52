"""The figures that the sources of the library name, one by one: each has its target, unit, period and a value that a run gives."""

from decimal import Decimal
from pathlib import Path
from typing import Final, NamedTuple

import pytest

import definitions as shipped
from engine.kpis import goal, unit_of
from engine.parse import read
from engine.periods import stretches
from engine.procedure import Procedure

FOLDER = Path(next(iter(shipped.__path__)))
SOPS = tuple(sorted(path.stem for path in FOLDER.glob("*.yaml") if path.stem not in {"roles", "people.example"}))


class Row(NamedTuple):
    """A figure of the sources, and where it stands here; without an aim the team sets it when a run is started."""

    named: str
    sop: str
    kpi: str
    sign: str
    aim: str | None
    unit: str
    period: str
    confidence: str


CATALOGUE: Final = (
    Row("community.new_members_pct", "community_weekly", "new_members_pct", ">=", "5", "%", "month", "seed_reconstructed"),
    Row("community.active_growth_pct", "community_weekly", "active_growth_pct", ">=", "3", "%", "month", "seed_reconstructed"),
    Row("community.online_participation_pct", "community_weekly", "online_participation_pct", ">=", "80", "%", "month", "seed"),
    Row("the same, of one event", "community_event", "online_participation_pct", ">=", "80", "%", "month", "seed"),
    Row("content.satisfaction_pct", "community_weekly", "content_satisfaction_pct", ">=", "90", "%", "month", "seed"),
    Row("engagement.response_within_24h_pct", "engagement_duty", "response_within_24h", ">=", None, "%", "month", "seed"),
    Row("brand.followers_growth_pct", "strategy", "followers_growth", ">=", None, "%", "P26W", "team"),
    Row("brand.topic_volume_growth_pct", "strategy", "topic_growth", ">=", None, "%", "P26W", "team"),
    Row("engagement.first_response", "engagement", "first_response", "<=", "86400", "s", "month", "seed"),
    Row("the same when urgent", "engagement", "first_response_urgent", "<=", "7200", "s", "month", "public"),
    Row("crisis.first_response", "crisis", "first_response", "<=", "60", "min", "run", "public"),
    Row("crisis.classify", "crisis", "severity_set", "<=", "15", "min", "run", "practitioner"),
    Row("takeover.alert", "account_takeover", "alert", "<=", "4", "min", "run", "public"),
    Row("postmortem.scheduled", "crisis", "postmortem_scheduled", ">=", "100", "%", "quarter", "public"),
    Row("calendar.on_time_pct", "content_calendar", "on_time", ">=", "95", "%", "run", "inference"),
    Row("review.turnaround", "content_production_review", "review_turnaround", "<=", "24", "h", "month", "practitioner"),
    Row("disclosure.compliance_pct", "influencer", "disclosure_compliance", "==", "100", "%", "run", "inference"),
    Row("audit.mfa_pct", "audit", "second_factor", "==", "100", "%", "run", "inference"),
    Row("budget.variance_pct", "budget_planning", "variance", "<=", "10", "%", "run", "inference"),
)

OUTSIDE: Final = {
    ("community_event", "offline_events"), ("community_event", "online_events"),  # runs are counted, and no run counts the others
    ("community_setup", "first_screening"), ("community_setup", "second_screening"),  # the weekly runs have them
    ("crisis", "actions_done"), ("crisis_drill", "actions_closed"), ("crisis_drill", "drills"),  # after the run, or over all
    ("risk_register", "checks_on_time"),
}  # fmt: skip
"""Figures that no run knows; everything else has a value."""


def procedure(sop: str) -> Procedure:
    """The shipped SOP, compiled."""
    found = read((FOLDER / f"{sop}.yaml").read_bytes()).definition
    assert found is not None
    return Procedure.compiled(found)


@pytest.mark.parametrize("row", CATALOGUE, ids=[row.named for row in CATALOGUE])
def test_a_figure_of_the_sources_is_in_the_library(row: Row) -> None:
    """With what is aimed at, in which unit and over which time, how far that can be trusted, and a value."""
    found = procedure(row.sop)
    kpi = found.document["kpis"][row.kpi]
    assert goal(found, row.kpi) == (row.sign, None if row.aim is None else Decimal(row.aim))
    assert (unit_of(found.document, kpi), kpi["period"], kpi["confidence"]) == (row.unit, row.period, row.confidence)
    assert "value" in kpi


def test_a_post_mortem_is_scheduled_within_three_days_or_five_working_days() -> None:
    """By severity, so that the form says whether it was in time, and the figure is the share of those that were."""
    limits = procedure("crisis").document["parameters"]
    assert (limits["postmortem_sev1"]["default"], limits["postmortem_other"]["default"]) == ("P3D", 5)


def test_the_improvement_step_follows_from_the_figures() -> None:
    """A miss of any figure of the week leads to the manager, who decides on a measure."""
    found = procedure("community_weekly")
    when = found.steps["anything_wrong"].doc["decide"][0]["when"]
    judged = [name for name, kpi in found.document["kpis"].items() if kpi.get("at") == "analyse"]
    assert len(judged) == 5
    assert all(f"!kpi.{name}.met" in when for name in judged)


@pytest.mark.parametrize("sop", SOPS)
def test_figures_have_values_and_periods_that_count(sop: str) -> None:
    """What a run knows is taken from it; a period is a run or a stretch of time."""
    for name, kpi in procedure(sop).document.get("kpis", {}).items():
        assert ("value" in kpi) is ((sop, name) not in OUTSIDE), name
        assert "value" not in kpi or kpi["period"] == "run" or stretches(kpi["period"]), name
