"""The steps of a definition, as they stand in its document: frozen models and no behaviour."""

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from engine import limits
from engine.dues import Due, Dues, Duration, Escalation, Reminder
from engine.fields import Expression, FormField, Id, Model, OneOrMore, Text
from engine.text import said

_TARGET = r"^(next|leave|end|end\([a-z][a-z0-9_]{0,62}\)|[a-z][a-z0-9_]{0,62})$"
Target = Annotated[
    str,
    Field(pattern=_TARGET, examples=["next", "write", "end(cancelled)"]),
]
"""Where the token goes: the next step, a step of the same track, out of this track (``leave``), or the end of the run."""

Rounds = Annotated[
    Annotated[int, Field(ge=1, le=limits.ROUNDS)] | Annotated[str, Field(pattern=r"^\$[a-z][a-z0-9_]{0,62}$")],
    Field(description="How often this may be taken in one run; a number or a parameter."),
]


PeopleField = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,62}\.[a-z][a-z0-9_]{0,62}$", examples=["inputs.owner"])]
"""A field that names people: ``inputs.FIELD``, ``STEP.FIELD``, or a column of the item that is gone over."""

Region = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,62}(\.[a-z][a-z0-9_]{0,62})?$", examples=["prepare.artwork"])]
"""A branch (``step.branch``) or the items of a for-each step."""


class Outcome(Model):
    """What happens when a task ends this way."""

    to: Target = Field(default="next", description="Where the run goes.")
    label: Text | None = Field(default=None, description="What the outcome is called; the id if absent.")
    reason: Literal["required", "optional"] = Field(default="optional", description="Whether a note must be given.")
    rounds: Rounds | None = None
    then: Target | None = Field(default=None, description="Where the run goes when the rounds are used up.")
    when: Expression | None = Field(default=None, description="The outcome is refused unless this is true.")
    cancels: list[Region] = Field(
        default_factory=list,
        max_length=40,
        description="Branches (`step.branch`) and for-each steps that end with this, unfinished.",
    )

    @model_validator(mode="after")
    def _rounds_and_then(self) -> Self:
        if (self.rounds is None) != (self.then is None):
            raise ValueError(said("rounds and then go together: how often, and where to when that is used up"))
        return self


def _outcome(value: Any) -> Any:  # noqa: ANN401 - whatever the document holds
    return {"to": value} if isinstance(value, str) else value


Outcomes = Annotated[
    dict[Id, Annotated[Outcome, BeforeValidator(_outcome, json_schema_input_type=Target | Outcome)]],
    Field(min_length=1, max_length=40, description="Named results, each with its target; the first is the one expected."),
]


class Approval(Model):
    """A decision by somebody else, bound to the content it was made about."""

    role: Id = Field(description="Who may decide.")
    of: list[Id] = Field(
        default_factory=list, max_length=40, description="Steps whose content is approved; their authors may not decide."
    )
    quorum: Annotated[int, Field(ge=1, le=50)] | Annotated[str, Field(pattern=r"^\$[a-z][a-z0-9_]{0,62}$")] = Field(
        default=1, description="How many different people must choose the first outcome. Any other outcome needs one."
    )


class StepBase(Model):
    """What every step has."""

    id: Id = Field(description="Unique in the whole definition; history, forms and expressions use it.")
    title: Text | None = Field(default=None, description="What the step is called.")
    when: Expression | None = Field(default=None, description="The step is skipped, and the skip recorded, unless this is true.")
    source: str | None = Field(default=None, max_length=400, description="Where the step comes from.")


class HumanStep(StepBase):
    """A step that waits for people."""

    instructions: Text | None = Field(default=None, description="What to do, in the words of the person who does it.")
    form: dict[Id, FormField] = Field(default_factory=dict, max_length=limits.FORM_FIELDS, description="What is asked for.")
    due: Dues | None = Field(default=None, description="When the task is late; a list depends on conditions.")
    remind: list[Reminder] = Field(default_factory=list, max_length=10, description="When to remind, counted from the due time.")
    escalate: list[Escalation] = Field(default_factory=list, max_length=10, description="Who is told when it is late.")
    outcomes: Outcomes | None = Field(default=None, description="How the task can end.")
    same_as: Id | None = Field(default=None, description="Only whoever did that step may do this one.")
    assign: Literal["offer", "round_robin", "least_loaded", "random", "familiar"] | None = Field(
        default=None,
        description="Who of the role gets the task: everybody is offered it, or one is chosen in turn, by load, by lot, or "
        "because they were given the last one. "
        "Without it, whoever alone holds the role gets it, and several are offered it.",
    )
    skill: Id | None = Field(default=None, description="Only people with this skill may do it.")
    from_: PeopleField | None = Field(
        default=None,
        alias="from",
        description="The person in this field (or column of the item) gets the task, and may do it without the role.",
    )
    not_from: Annotated[list[PeopleField], OneOrMore()] = Field(
        default_factory=list,
        max_length=10,
        description="Whoever this field (of people, or a column of the item) names may not do it; one field, or a list.",
    )
    lead: Literal[True] | Id | None = Field(
        default=None, description="The lead of the run gets the task (`true`), or whoever leads the person who did that step."
    )
    while_: Expression | None = Field(
        default=None, alias="while", description="The task can be taken and finished only while this is true (a milestone)."
    )
    critical: Id | None = Field(
        default=None, description="A critical section: over all runs, one task with this name can be in somebody's hands."
    )


class TaskStep(HumanStep):
    """Work for one person of a role."""

    role: Id = Field(description="Who does it.")


class ApprovalStep(HumanStep):
    """A decision of one or several people about the work of others."""

    approval: Approval = Field(description="Who decides, about what, and how many of them.")


class Choice(Model):
    """One way out of a decision; the first whose condition is true is taken."""

    when: Expression = Field(description="Taken when this is true.")
    to: Target = Field(description="Where the run goes.")
    rounds: Rounds | None = None
    then: Target | None = Field(default=None, description="Where the run goes when the rounds are used up.")

    @model_validator(mode="after")
    def _rounds_and_then(self) -> Self:
        if (self.rounds is None) != (self.then is None):
            raise ValueError(said("rounds and then go together: how often, and where to when that is used up"))
        return self


class Otherwise(Model):
    """The way out of a decision when nothing else is true. It comes last and must be there."""

    otherwise: Target = Field(alias="else", description="Where the run goes.")


class DecisionStep(StepBase):
    """An automatic choice between targets."""

    decide: list[Choice | Otherwise] = Field(min_length=2, max_length=40, description="The ways out, asked from top to bottom.")


class Branch(Model):
    """One track of a parallel step."""

    title: Text | None = Field(default=None, description="What the branch is called.")
    when: Expression | None = Field(default=None, description="The branch is opened only when this is true.")
    steps: list["Step"] = Field(min_length=1, description="The steps of the branch, in order.")


def _branch(value: Any) -> Any:  # noqa: ANN401 - whatever the document holds
    return {"steps": value} if isinstance(value, list) else value


Rest = Annotated[
    Literal["cancel", "continue"],
    Field(description="What becomes of the tracks that are not finished when the run goes on: they end, or they go on beside it."),
]
OneAtATime = Annotated[bool, Field(description="Only one of the tracks can be in somebody's hands at a time, in any order.")]


class ParallelStep(StepBase):
    """Branches at the same time. Those whose ``when`` is true are opened; the join waits for the opened ones."""

    parallel: dict[Id, Annotated[Branch, BeforeValidator(_branch, json_schema_input_type="list[Step] | Branch")]] = Field(
        min_length=1, max_length=100, description="Name and steps of each branch."
    )
    join: Literal["all", "any"] | Annotated[int, Field(ge=1, le=100)] = Field(
        default="all", description="How many branches must be finished to go on."
    )
    rest: Rest = "cancel"
    one_at_a_time: OneAtATime = False


class FirstStep(StepBase):
    """Alternatives of which the first to happen wins: as soon as one branch has finished its first step, the others end."""

    first: dict[Id, Annotated[Branch, BeforeValidator(_branch, json_schema_input_type="list[Step] | Branch")]] = Field(
        min_length=2, max_length=100, description="Name and steps of each alternative; each begins with a person or a wait."
    )


class ForEachStep(StepBase):
    """The same steps once for each item of a list that is known when the step is reached."""

    for_each: dict[Id, Expression] = Field(min_length=1, max_length=1, description="Name of the item, and the list it comes from.")
    steps: list["Step"] = Field(min_length=1, description="The steps for each item, in order.")
    join: Literal["all", "any"] | Annotated[int, Field(ge=1, le=limits.ITEMS)] = Field(
        default="all", description="How many items must be finished to go on."
    )
    rest: Rest = "cancel"
    one_at_a_time: OneAtATime = False
    open: bool = Field(default=False, description="Items can be added until somebody says that there are no more.")


class RunStep(StepBase):
    """A run of another SOP; this run waits for it, unless it is detached."""

    run: Id = Field(description="The SOP to run.")
    with_: dict[Id, Expression | dict[Id, Expression]] = Field(
        default_factory=dict,
        alias="with",
        description="Inputs of the child run, by name; under `parameters` its parameters, by name.",
    )
    outcomes: Outcomes | None = Field(
        default=None, description="Where to go for each way the child can end; the next step if absent."
    )
    detached: bool = Field(default=False, description="Start it and go on; its end and results do not come back.")
    drill: bool = Field(
        default=False, description="Start it as an exercise, kept out of all figures. What a drill starts is a drill anyway."
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if any(isinstance(given, str) == (name == "parameters") for name, given in self.with_.items()):
            raise ValueError(said("in with, `parameters` holds parameters by name, and every other name is an input"))
        if self.detached and self.outcomes:
            raise ValueError(said("a detached run has no outcomes here: this run does not wait for them"))
        return self


class Wait(Model):
    """What is waited for: one of a signal, a length of time, a date."""

    signal: Id | None = Field(default=None, description="A signal of this definition.")
    for_: Duration | None = Field(default=None, alias="for", description="So long from when the step is reached.")
    until: Due | None = Field(default=None, description="Until a moment counted from the start, a step or a date field.")

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(part is not None for part in (self.signal, self.for_, self.until)) != 1:
            raise ValueError(said("wait for exactly one of: signal, for, until (several together are alternatives of `first`)"))
        return self


class WaitStep(StepBase):
    """A step that waits for a signal or a moment, without a person."""

    wait: Wait = Field(description="What is waited for.")


_KINDS = ("approval", "decide", "parallel", "first", "for_each", "run", "wait", "role")
_EXPECTED = "role, approval, decide, parallel, first, for_each, run or wait"


def _kind(value: Any) -> str | None:  # noqa: ANN401 - whatever the document holds
    if isinstance(value, dict):
        found = [key for key in _KINDS if key in value]
        return found[0] if len(found) == 1 else None
    kinds: dict[type, str] = {
        TaskStep: "role", ApprovalStep: "approval", DecisionStep: "decide", ParallelStep: "parallel",
        FirstStep: "first", ForEachStep: "for_each", RunStep: "run", WaitStep: "wait",
    }  # fmt: skip
    return kinds.get(type(value))


Step = Annotated[
    Annotated[TaskStep, Tag("role")]
    | Annotated[ApprovalStep, Tag("approval")]
    | Annotated[DecisionStep, Tag("decide")]
    | Annotated[ParallelStep, Tag("parallel")]
    | Annotated[FirstStep, Tag("first")]
    | Annotated[ForEachStep, Tag("for_each")]
    | Annotated[RunStep, Tag("run")]
    | Annotated[WaitStep, Tag("wait")],
    Discriminator(
        _kind,
        custom_error_type="step_kind",
        custom_error_message=f"a step has exactly one of: {_EXPECTED}",
    ),
]
"""A node of a definition; which kind it is follows from its one distinguishing key."""
