"""The format of a scenario file. Unknown keys are refused, so that a slip of the keyboard does not weaken a test."""

from collections.abc import Sequence
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, Discriminator, Field, Tag, ValidationError
from pydantic_core import ErrorDetails

from engine.fields import Id, Model
from engine.places import AT_KEY
from engine.problems import Problem
from runners.messages import meant
from runners.stories import acts
from runners.stories.acts import DETOURS, Act, Detour, Several, Values
from runners.stories.report import Trouble
from runners.tongue import marked, spoken


class Person(Model):
    """Somebody of the story; known by the handle alone."""

    teams: list[Id] = Field(default_factory=list)
    active: bool = Field(default=True, description="Whether the directory knows them; false shows what is then refused.")


class Preset(Model):
    """What is filled in for a step where an act does not say."""

    given: Values = Field(default_factory=dict, alias="set")
    note: str = ""


class Do(Act):
    """Complete a task, with its first outcome unless another is named."""

    do: str
    outcome: str = ""
    given: Values = Field(default_factory=dict, alias="set")
    note: str | None = None
    override: bool = False


class Take(Act):
    """Claim a task."""

    claim: str


class GiveBack(Act):
    """Release a task."""

    release: str
    note: str = ""


class Assigning(Act):
    """Give a task to somebody."""

    assign: str
    to: str
    note: str = ""


class Binding(Act):
    """Say who holds a role from now on."""

    bind: str
    to: Several
    note: str = ""


class Saying(Act):
    """Comment on the run or a step."""

    comment: str
    step: str = ""


class Attaching(Act):
    """Add a file (``file:NAME``) to the run or a step."""

    attach: str
    step: str = ""
    note: str = ""


class Cancelling(Act):
    """Cancel a track, or with ``true`` the run."""

    cancel: Literal[True] | str
    note: str = ""


Command = Do | Take | GiveBack | Assigning | Binding | Saying | Attaching | Cancelling | Detour
"""What people do, as against what happens by itself."""


class Waiting(Model):
    """Time passes; what falls due on the way happens on the way."""

    after: str


class Returning(Model):
    """The child run that waits at a step ends."""

    child: str
    end: str
    results: Values = Field(default_factory=dict)


class Expected(Model):
    """What must be so. What is not mentioned is not looked at.

    Attributes:
        open: addresses of all open tasks.
        late: addresses of all tasks whose due instant has passed.
        blocked: addresses of all open tasks that nobody can do, or of which somebody said that they cannot be done now.
        waiting: addresses of all steps that wait for a child run, a signal or a moment.
        owner: address to handle; null for an offered task.
        values: ``STEP.FIELD``, ``STEP:KEY.FIELD``, ``inputs.FIELD``, ``STEP.outcome`` … to value; null for none.
    """

    open: list[str] | None = None
    late: list[str] | None = None
    blocked: list[str] | None = None
    waiting: list[str] | None = None
    owner: dict[str, str | None] = Field(default_factory=dict)
    values: Values = Field(default_factory=dict)


class Looking(Model):
    """Compare the run with what is expected of it."""

    expect: Expected


KINDS: Final[dict[str, type[Model]]] = {
    "do": Do, "claim": Take, "release": GiveBack, "assign": Assigning, "bind": Binding, "comment": Saying,
    "attach": Attaching, "cancel": Cancelling, "after": Waiting, "child": Returning, "expect": Looking,
    **DETOURS,
}  # fmt: skip
"""The key that says what an act is."""


_KIND: Final = "act_kind"


def _kind(value: Any) -> str | None:  # noqa: ANN401 - whatever the document holds
    found = [key for key in KINDS if isinstance(value, dict) and key in value]
    return f"<{found[0]}>" if len(found) == 1 else None


AnyAct = Annotated[
    Annotated[Do, Tag("<do>")]
    | Annotated[Take, Tag("<claim>")]
    | Annotated[GiveBack, Tag("<release>")]
    | Annotated[Assigning, Tag("<assign>")]
    | Annotated[Binding, Tag("<bind>")]
    | Annotated[Saying, Tag("<comment>")]
    | Annotated[Attaching, Tag("<attach>")]
    | Annotated[Cancelling, Tag("<cancel>")]
    | Annotated[acts.Signalling, Tag("<signal>")]
    | Annotated[acts.Skipping, Tag("<skip>")]
    | Annotated[acts.Rewinding, Tag("<rewind>")]
    | Annotated[acts.Suspending, Tag("<suspend>")]
    | Annotated[acts.Resuming, Tag("<resume>")]
    | Annotated[acts.Blocking, Tag("<block>")]
    | Annotated[acts.Unblocking, Tag("<unblock>")]
    | Annotated[acts.Reopening, Tag("<reopen>")]
    | Annotated[acts.Correcting, Tag("<correct>")]
    | Annotated[acts.Adding, Tag("<add>")]
    | Annotated[acts.Closing, Tag("<close>")]
    | Annotated[Waiting, Tag("<after>")]
    | Annotated[Returning, Tag("<child>")]
    | Annotated[Looking, Tag("<expect>")],
    Discriminator(
        _kind,
        custom_error_type=_KIND,
        custom_error_message=_KIND,
    ),
]


class Scenario(Model):
    """One story.

    Attributes:
        name: a sentence that says what it shows.
        lead: handle of whoever starts and leads the run.
        roles: role to handles and ``team:ID``.
        at: the instant it begins (RFC 3339).
        refused: codes that starting the run must be refused with; then nothing can follow.
        end: name of the end, ``cancelled``, ``open`` if the run stays open, ``refused`` if it never starts.
    """

    name: str = Field(min_length=1, max_length=200)
    lead: str
    roles: dict[str, Several] = Field(default_factory=dict)
    inputs: Values = Field(default_factory=dict)
    parameters: Values = Field(default_factory=dict)
    drill: bool = False
    at: str = "2026-01-05T09:00:00Z"
    refused: Several = Field(default_factory=list)
    acts: list[AnyAct] = Field(default_factory=list)
    end: str


class Document(Model):
    """A scenario file."""

    sop: Id
    people: dict[Id, Person] = Field(min_length=1)
    teams: dict[Id, list[str]] = Field(default_factory=dict)
    defaults: dict[str, Preset] = Field(default_factory=dict)
    scenarios: list[Scenario] = Field(min_length=1)


def shaped(document: object) -> tuple[Document | None, list[Problem]]:
    """The scenario file that *document* is, or None and every problem of shape, without places."""
    try:
        return Document.model_validate(document, by_alias=True, by_name=False), []
    except ValidationError as error:
        found: dict[tuple[object, ...], Problem] = {}
        for details in error.errors(include_url=False):
            problem = _problem(details, document)
            # Of what may stand in one place, the first says enough; several keys may be missing in one mapping.
            found.setdefault((problem.path, details["type"] == "missing" and details["loc"][-1]), problem)
        return None, list(found.values())


_SHORT: Final[dict[str, str]] = {
    "string_type": marked("expected a text (put numbers and truth values in quotes)"),
    "dict_type": marked("expected a mapping"),
    "model_type": marked("expected a mapping"),
    "list_type": marked("expected a list"),
    "bool_type": marked("expected true or false"),
    "literal_error": marked("expected true, or a name"),
    "string_pattern_mismatch": marked("expected an id: small letters, digits and _, beginning with a letter"),
    "string_too_short": marked("expected a text that is not empty"),
    "string_too_long": marked("expected a text of at most {most} characters"),
    "too_short": marked("expected one entry at least"),
}


def _problem(details: ErrorDetails, document: object) -> Problem:
    kind, loc = details["type"], details["loc"]
    path = _path(loc, document)
    if kind == "missing":
        return Problem(Trouble.SHAPE, spoken('"{key}" is missing', key=loc[-1]), path)
    if kind == "extra_forbidden":
        hint = meant(str(loc[-1]), _keys(loc))
        return Problem(Trouble.SHAPE, spoken('there is no key "{key}" here', key=loc[-1]), path, hint=hint, facts=AT_KEY)
    if kind == _KIND:
        return Problem(Trouble.SHAPE, spoken("an act has exactly one of: {keys}", keys=", ".join(KINDS)), path)
    most = details.get("ctx", {}).get("max_length")
    return Problem(Trouble.SHAPE, spoken(_SHORT.get(kind, marked("expected something else here")), most=most), path)


def _path(loc: Sequence[str | int], document: object) -> tuple[str | int, ...]:
    """The part of *loc* that the document has: without tags of acts, branches of unions and what is missing."""
    path: list[str | int] = []
    here: Any = document
    for part in loc:
        if part in (here if isinstance(here, dict) else range(len(here)) if isinstance(here, list) else ()):
            here = here[part]
            path.append(part)
    return tuple(path)


def _keys(loc: Sequence[str | int]) -> list[str]:
    """The keys that may stand where *loc* has an unknown one."""
    named: dict[str, type[BaseModel]] = {"people": Person, "defaults": Preset, "scenarios": Scenario, "expect": Expected}
    model: type[BaseModel] = Document
    for part in loc[:-1]:
        tag = str(part)
        model = KINDS[tag[1:-1]] if tag.startswith("<") else named.get(tag, model)
    return [field.alias or name for name, field in model.model_fields.items()]
