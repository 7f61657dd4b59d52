"""A refusal is a value with *all* its reasons, never an exception.

An exception means that something is broken; a refusal is an answer. What a reason means for a caller (exit code, HTTP
status, whether a retry helps) hangs on its ``kind``, which stands beside the code and nowhere else.
"""

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from engine.frozen import frozen


class Kind(StrEnum):
    """What the caller can do about it."""

    USAGE = "usage"
    """The command itself is not right: a missing or malformed value. Nothing is recorded."""
    MISSING = "missing"
    """There is no such thing."""
    CONFLICT = "conflict"
    """Somebody was first, or the run has moved on: look, then try again."""
    DENIED = "denied"
    """This person may not do it."""
    RULE = "rule"
    """The procedure itself forbids it now: a guard, a limit, a state."""


class Code(StrEnum):
    """Stable codes of refusals, documented one by one in ``docs/reference/errors.md``."""

    # usage: the form and the command line
    FIELD_REQUIRED = "SOP-F01"
    FIELD_UNKNOWN = "SOP-F02"
    FIELD_INVALID = "SOP-F03"
    OUTCOME_REQUIRED = "SOP-F04"
    OUTCOME_UNKNOWN = "SOP-F05"
    REASON_REQUIRED = "SOP-F06"
    ROLE_UNKNOWN = "SOP-F07"
    TOO_MUCH = "SOP-F08"
    # missing
    NO_TASK = "SOP-M01"
    NO_PERSON = "SOP-M02"
    NO_TEAM = "SOP-M03"
    NO_TRACK = "SOP-M04"
    NO_SOP = "SOP-M05"
    NO_SIGNAL = "SOP-M06"
    NO_UNIT = "SOP-M07"
    # conflict
    TAKEN = "SOP-C01"
    TASK_CLOSED = "SOP-C02"
    RUN_CLOSED = "SOP-C03"
    NOT_CLAIMED = "SOP-C04"
    ALREADY = "SOP-C05"
    KEY_REUSED = "SOP-C06"
    # denied
    NOT_IN_ROLE = "SOP-D01"
    SEPARATED = "SOP-D02"
    OWN_WORK = "SOP-D03"
    NOT_LEAD = "SOP-D04"
    ALREADY_VOTED = "SOP-D05"
    INACTIVE = "SOP-D06"
    NOT_INVOLVED = "SOP-D07"
    NOT_OWNER = "SOP-D08"
    SAME_AS = "SOP-D09"
    NOT_PERMITTED = "SOP-D10"
    NO_SKILL = "SOP-D11"
    KEPT = "SOP-D12"
    NOT_APPOINTED = "SOP-D13"
    # rule
    GUARD_FALSE = "SOP-R01"
    GUARD_ERROR = "SOP-R02"
    NOT_CANCELLABLE = "SOP-R04"
    CHILD_REFUSED = "SOP-R05"
    NOWHERE = "SOP-R06"
    LIMIT = "SOP-R07"
    CHILD_DEPTH = "SOP-R09"
    NOT_CLAIMABLE = "SOP-R10"
    SUSPENDED = "SOP-R11"
    BLOCKED = "SOP-R12"
    ONE_AT_A_TIME = "SOP-R13"
    CRITICAL = "SOP-R14"
    NOT_SKIPPABLE = "SOP-R15"
    NOT_DONE = "SOP-R16"
    APPROVED = "SOP-R17"
    NO_MORE_ITEMS = "SOP-R18"
    NOT_PASSED = "SOP-R19"
    NO_PLACE = "SOP-R20"
    OTHER_SOP = "SOP-R21"
    NOBODY = "SOP-R22"
    GOES_ROUND = "SOP-R23"
    OTHER_TYPE = "SOP-R30"
    ONE_NAME = "SOP-R31"
    RETIRED = "SOP-R32"
    UNPUBLISHED = "SOP-R33"
    UNLED = "SOP-R40"


_KINDS = {"F": Kind.USAGE, "M": Kind.MISSING, "C": Kind.CONFLICT, "D": Kind.DENIED, "R": Kind.RULE}


@frozen
class Reason:
    """One reason why not.

    Attributes:
        code: stable code.
        facts: what the sentence needs: ids, numbers, names of steps and fields. Never free text of a person.
    """

    code: Code
    facts: Mapping[str, str | int | tuple[str, ...]] = field(default_factory=dict)

    @property
    def kind(self) -> Kind:
        """What the caller can do about it."""
        return _KINDS[self.code[4]]


@frozen
class Refused:
    """The command is not carried out, and why: every reason that could be found, not only the first.

    ``counted``: an expression may have asked the calendar.
    """

    reasons: tuple[Reason, ...]
    counted: bool = False

    @property
    def recorded(self) -> bool:
        """Whether the history keeps it: an attempt is kept, a slip of the keyboard is not."""
        return any(reason.kind not in {Kind.USAGE, Kind.MISSING} for reason in self.reasons)
