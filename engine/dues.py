"""When tasks are late, as it stands in a document: lengths of time, dues, reminders and escalations."""

from typing import Annotated, Any

from pydantic import AfterValidator, Discriminator, Field, Tag

from engine.fields import Expression, Id, Model
from engine.text import said

_TIME = r"T([0-9]+H([0-9]+M)?([0-9]+S)?|[0-9]+M([0-9]+S)?|[0-9]+S)"
_AMOUNT = (
    rf"(P([0-9]+W|[0-9]+D({_TIME})?|{_TIME})"
    r"|[0-9]+ ?(minutes?|min|hours?|h|days?|d|weeks?|w|business days?|bd)|\$[a-z][a-z0-9_]{0,62})"
)
_DUE = rf"^{_AMOUNT}( (after|before) ([a-z][a-z0-9_]{{0,62}}(\.[a-z][a-z0-9_]{{0,62}})?))?$"

Duration = Annotated[str, Field(pattern=rf"^{_AMOUNT}$", examples=["PT24H", "2 business days", "4h", "$review_sla"])]
"""A length of time: ISO 8601, a number with a unit, or a parameter."""

Due = Annotated[str, Field(pattern=_DUE, examples=["2 business days", "PT1H after start", "7 days before inputs.launch"])]
"""When a task is late: a duration, by default after the task became ready; or after/before the start, a step, a date field."""


class DueChoice(Model):
    """A due for when something is true; of several, the first whose condition is true counts."""

    when: Expression = Field(description="Asked when the task becomes ready.")
    due: Due = Field(description="When the task is late then.")


class DueOtherwise(Model):
    """The due for when nothing else is true. It comes last; without it such a task is never late."""

    otherwise: Due = Field(alias="else", description="When the task is late then.")


def _else_last(value: list[DueChoice | DueOtherwise]) -> list[DueChoice | DueOtherwise]:
    if any(isinstance(way, DueOtherwise) for way in value[:-1]):
        raise ValueError(said("else comes last, and once: nothing after it would ever count"))
    return value


def _which_due(value: Any) -> str:  # noqa: ANN401 - whatever the document holds
    if isinstance(value, list):
        return "several"
    return "otherwise" if isinstance(value, DueOtherwise) or (isinstance(value, dict) and "else" in value) else "one"


Dues = Annotated[
    Annotated[Due, Tag("one")]
    | Annotated[
        list[
            Annotated[
                Annotated[DueChoice, Tag("one")] | Annotated[DueOtherwise, Tag("otherwise")],
                Discriminator(_which_due),
            ]
        ],
        Field(min_length=1, max_length=40),
        AfterValidator(_else_last),
        Tag("several"),
    ],
    Discriminator(_which_due),
]
"""When a task is late: always the same due, or the first of several whose condition is true."""

Reminder = Annotated[str, Field(pattern=rf"^-?{_AMOUNT}$", examples=["-4h", "1 day"])]
"""When to remind, counted from the due time; a minus means before."""


class Escalation(Model):
    """Who hears of it when a task is late."""

    after: Duration = Field(description="Counted from the due time.")
    to: Id = Field(description="The role that is told and may act from then on.")
