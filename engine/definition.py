"""The document of an SOP as data: frozen models and no behaviour.

These models, with those of the steps, are the authority about the format; the JSON Schema and
``docs/reference/definition.md`` are made from them. A document is block-structured: each step stands in exactly one track,
a branch or an item opens inside its step and closes there. What the models cannot see (targets, reachability, names in
expressions) is for :mod:`engine.check`.
"""

from typing import Annotated, Literal

from pydantic import Field

from engine.fields import Confidence, Expression, FormField, Id, Model, OneOrMore, Parameter, Text
from engine.names import PREFIX_PATTERN, VERSION_PATTERN
from engine.schedules import REGULAR
from engine.steps import Step

Act = Literal["start", "read", "skip", "rewind", "suspend", "reopen", "correct", "override", "signal", "assign", "cancel"]
"""What a definition may give to roles beyond the table of :mod:`engine.authority`."""


class Signal(Model):
    """Something that happens outside and that a step can wait for."""

    title: Text | None = Field(default=None, description="What it is called.")
    form: dict[Id, FormField] = Field(default_factory=dict, max_length=40, description="What comes with it.")
    keep: bool = Field(default=False, description="Kept until a step waits for it; otherwise it is lost when nobody waits.")


class Kpi(Model):
    """A figure the procedure is judged by."""

    title: Text | None = Field(default=None, description="What the figure is called.")
    value: Expression | None = Field(default=None, description="Where the figure comes from; absent when it is measured outside.")
    at: Id | None = Field(
        default=None, description="The step at which the value is known, instead of when all steps that it reads are done. The "
        "value of each run is then judged there by itself too, whatever the period, and conditions can ask for it.",
    )  # fmt: skip
    target: str = Field(
        pattern=r"^(>=|<=|==|<|>) ?\S.*$", max_length=80, description="What is aimed at, as a comparison.",
        examples=[">= 95", "<= PT1H", ">= $reply_rate"],
    )  # fmt: skip
    unit: str | None = Field(default=None, max_length=40, description="Unit of the figure, for people.")
    period: str | None = Field(default=None, max_length=40, description="Over which time it is taken.")
    source: str = Field(min_length=1, max_length=200, description="Where the target comes from.")
    confidence: Confidence = Field(description="How far the target can be trusted.")


Given = str | int | float | bool | list[str]
"""A value as a schedule writes it."""


class Schedule(Model):
    """When runs are started by themselves, by ``sop tick``."""

    id: Id = Field(default=REGULAR, description="What tells it from the other schedules of the definition.")
    cron: str = Field(
        pattern=r"^\S+( +\S+){4}$", max_length=100, examples=["0 9 * * WED", "0 9 10 * *", "0 9 L * *"],
        description="Minute, hour, day of the month, month, day of the week; `L` is the last day, `LW` the last working day of a "
        "month, `MON#1` its first Monday, `5L` its last Friday.",
    )  # fmt: skip
    zone: str = Field(
        min_length=1, max_length=64, examples=["Asia/Shanghai"], description="The time zone of its clock, by IANA name."
    )
    missed: Literal["once", "all", "skip"] = Field(
        default="once", description="What happens when nothing looked at the time: one run for everything missed, one for each, or "
        "none that would be more than an hour late.",
    )  # fmt: skip
    title: Text | None = Field(default=None, description="What the run is called; that of the definition and the day if absent.")
    inputs: dict[Id, Given] = Field(default_factory=dict, description="Inputs of the run.")
    parameters: dict[Id, Given] = Field(default_factory=dict, description="Parameters of the run.")
    lead: Id | None = Field(default=None, description="The role whose holder leads the run; the owner's if absent.")
    unit: Id | None = Field(default=None, description="The brand or department it is for, whose people come first.")
    source: str | None = Field(default=None, max_length=200, description="Where the rhythm comes from.")


class Definition(Model):
    """One version of a procedure."""

    sop: Id = Field(description="The id of the SOP; also the stem of its file.")
    version: str = Field(pattern=VERSION_PATTERN, description="Three numbers; a change of meaning is a new version.")
    lang: str = Field(
        default="en", pattern=r"^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*$", description="The language of texts that are plain strings."
    )
    prefix: str | None = Field(
        default=None, pattern=PREFIX_PATTERN, description="What run names begin with; made from the id if absent."
    )
    title: Text = Field(description="What the procedure is called.")
    purpose: Text = Field(description="Why the procedure exists.")
    scope: Text = Field(description="What it covers, and what not.")
    references: list[Id] = Field(default_factory=list, description="Other SOPs it builds on or hands over to.")
    owner: Id = Field(description="The role that keeps the procedure up to date and leads its runs.")
    review_every: str | None = Field(default=None, pattern=r"^P[0-9]+[YMWD]$", description="How often it is looked over.")
    sources: list[str] = Field(default_factory=list, description="What it was written from.")
    parameters: dict[Id, Parameter] = Field(
        default_factory=dict, description="Numbers and names that a team may set when a run is started."
    )
    inputs: dict[Id, FormField] = Field(default_factory=dict, description="What is asked for when a run is started.")
    roles: list[Id] = Field(min_length=1, description="Everyone who has a part in it.")
    separate: list[Annotated[list[Id], Field(min_length=2)]] = Field(
        default_factory=list, description="Groups of steps that one person may never do more than one of."
    )
    steps: list[Step] = Field(min_length=1, description="What is done, in order.")
    signals: dict[Id, Signal] = Field(default_factory=dict, description="What steps can wait for.")
    permissions: dict[Act, list[Id]] = Field(
        default_factory=dict,
        description="Acts that holders of these roles may do beside the lead (`override`: nobody else). Where `start` or `read` "
        "names roles, not everybody may; what is confidential is read by these, by everybody involved and by auditors.",
    )
    kpis: dict[Id, Kpi] = Field(default_factory=dict, description="Figures that the procedure is judged by.")
    schedule: Annotated[list[Schedule], OneOrMore(), Field(max_length=20)] = Field(
        default_factory=list, description="When runs are started by themselves: one schedule, or a list of them."
    )
    ends: dict[Id, Text] = Field(
        default_factory=dict,
        description="What the ends are called, by the names in `end(…)`; the name itself where nothing stands.",
    )
    results: dict[Id, Expression] = Field(default_factory=dict, description="What a run hands back to the run that started it.")
