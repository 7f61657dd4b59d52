"""Every code that a check of a definition can give: what it means and how to mend it.

``docs/reference/lint.md`` is made from :data:`CODES`. A code never gets a second meaning; one that falls away leaves a gap.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Lint(StrEnum):
    """Stable codes of problems."""

    # reading: 001-019
    TOO_LARGE = "SOP-L001"
    ENCODING = "SOP-L002"
    SYNTAX = "SOP-L003"
    ANCHOR = "SOP-L004"
    TAG = "SOP-L005"
    DOCUMENTS = "SOP-L006"
    LIMIT = "SOP-L007"
    DUPLICATE_KEY = "SOP-L008"
    KEY_TYPE = "SOP-L009"
    NUMBER = "SOP-L010"
    CONTROL = "SOP-L011"
    # shape: 020-029
    UNKNOWN_KEY = "SOP-L020"
    MISSING_KEY = "SOP-L021"
    WRONG_TYPE = "SOP-L022"
    MALFORMED = "SOP-L023"
    STEP_KIND = "SOP-L024"
    OUT_OF_BOUNDS = "SOP-L026"
    INCONSISTENT = "SOP-L027"
    FILE_NAME = "SOP-L028"
    MORE = "SOP-L029"
    # graph: 030-049
    UNKNOWN_STEP = "SOP-L030"
    OTHER_TRACK = "SOP-L031"
    UNREACHABLE = "SOP-L032"
    NO_END = "SOP-L033"
    ENDLESS = "SOP-L034"
    NOBODY_IN_LOOP = "SOP-L035"
    JOIN = "SOP-L036"
    DOUBLED_ID = "SOP-L037"
    RESERVED_ID = "SOP-L038"
    NAME_CLASH = "SOP-L039"
    ELSE_LAST = "SOP-L040"
    REGION = "SOP-L041"
    ALTERNATIVE = "SOP-L042"
    REST = "SOP-L043"
    SECTION = "SOP-L044"
    # people: 050-059
    ROLE_UNDECLARED = "SOP-L050"
    ROLE_UNUSED = "SOP-L051"
    ROLE_UNKNOWN = "SOP-L052"
    ROLE_DOUBLED = "SOP-L053"
    NOBODY_DOES = "SOP-L054"
    SEPARATION = "SOP-L055"
    NOT_BEFORE = "SOP-L056"
    UNSTAFFED = "SOP-L057"
    # names, expressions: 070-089
    EXPRESSION = "SOP-L070"
    UNKNOWN_NAME = "SOP-L071"
    NOT_A_LIST = "SOP-L072"
    RESULT_TYPE = "SOP-L073"
    READS_ITSELF = "SOP-L074"
    UNKNOWN_PARAMETER = "SOP-L075"
    PARAMETER_TYPE = "SOP-L076"
    UNUSED = "SOP-L077"
    DEFAULT = "SOP-L078"
    BOUNDS = "SOP-L079"
    PATTERN = "SOP-L080"
    UNKNOWN_SOP = "SOP-L081"
    UNKNOWN_INPUT = "SOP-L082"
    MISSING_INPUT = "SOP-L083"
    UNKNOWN_END = "SOP-L084"
    UNKNOWN_REFERENCE = "SOP-L085"
    DOUBLED_VERSION = "SOP-L086"
    UNKNOWN_SIGNAL = "SOP-L087"
    UNUSED_SIGNAL = "SOP-L088"
    UNCOMPUTED = "SOP-L089"
    # due dates: 090-099
    DUE_ITSELF = "SOP-L090"
    DUE_ANCHOR = "SOP-L091"
    WITHOUT_DUE = "SOP-L092"
    TOO_LONG = "SOP-L093"
    UNCOUNTABLE = "SOP-L094"
    # languages, from 100
    UNTRANSLATED = "SOP-L100"
    LOST_PLACEHOLDER = "SOP-L101"
    # schedules, from 110
    CRON = "SOP-L110"
    ZONE = "SOP-L111"
    TOO_OFTEN = "SOP-L112"
    PLACEHOLDER = "SOP-L113"
    SCHEDULED = "SOP-L114"
    # runs of other SOPs, from 120
    SHOWN = "SOP-L120"
    # figures, from 130
    KPI_TARGET = "SOP-L130"
    KPI_UNIT = "SOP-L131"
    KPI_STEP = "SOP-L132"
    KPI_PERIOD = "SOP-L133"


_TABLE: Final = """
SOP-L001 The file is too large
    A definition has at most 256 KiB. Split the procedure: `run:` starts another SOP.
SOP-L002 The file is not UTF-8
    Save it as UTF-8 without a byte order mark. UTF-16 and other encodings are refused.
SOP-L003 The file is not YAML
    Mend the place named. Frequent causes: a tab for indentation, a missing space after a colon, a text that holds a colon
    and a space or begins with a special sign and is not quoted.
SOP-L004 Anchors, aliases and merge keys are refused
    Write the value out where it is needed: a few aliases can stand for gigabytes, and a reader cannot see what they mean.
SOP-L005 Tags and directives are refused
    Remove the `!tag` or `%DIRECTIVE`. A value is what it looks like: text, number, truth value, list or mapping (YAML 1.2
    core).
SOP-L006 One file holds one document
    Remove the second document (`---`), or write the missing first one.
SOP-L007 A limit of documents is met
    At most 32 levels, 20,000 values, and 16,384 characters in one text. Split the procedure or the text.
SOP-L008 A key stands twice in one mapping
    Keep one of them. Other readers silently take the last.
SOP-L009 A key is not text
    Put it in quotes if it is meant as text.
SOP-L010 A number cannot be kept exactly
    Whole numbers lie between -(2^53 - 1) and 2^53 - 1, and others are finite. Put longer ones in quotes.
SOP-L011 A control character
    Remove it, or the escape that writes it. Control, bidirectional and unassigned characters can make a screen show
    something else than what is there.
SOP-L020 An unknown key
    Mend the spelling, or remove it. `docs/reference/definition.md` lists the keys.
SOP-L021 A key is missing
    Add it. `docs/reference/definition.md` says what it means.
SOP-L022 A value of the wrong kind
    Write what the message expects. A number or `true` that is meant as text needs quotes.
SOP-L023 A text of the wrong form
    Write it in the form that the message shows.
SOP-L024 A step says what it is by exactly one key
    Give it one of `role`, `approval`, `decide`, `parallel`, `first`, `for_each`, `run`, `wait`.
SOP-L026 Too long, too short, too many or too few
    Keep to the bounds in the message.
SOP-L027 Two things do not go together
    Mend one of them as the message says.
SOP-L028 The file is not called like its SOP
    Rename the file, or change `sop:`. Definitions are found by name.
SOP-L029 More problems than are shown
    Mend those that are shown first.
SOP-L030 A step that does not exist
    A target, `separate`, `same_as` or `of` names a step that is nowhere. Mend the spelling, or add the step.
SOP-L031 A step of another track
    A target leads to a step of the same branch, item or main sequence. Use `leave` to close the track, or `end` to end the run.
SOP-L032 No way leads to the step
    Nothing goes there: the steps before it all lead past it. Add a target that leads to it, or remove it.
SOP-L033 No way leads to an end
    Whoever comes here stays in a circle for ever. Let an outcome lead to `next`, `leave` or `end`.
SOP-L034 A loop without a limit
    Give one way back a number of `rounds`, and `then` a target for when they are used up: work that comes back for ever is
    a decision that nobody takes.
SOP-L035 A loop without a person
    The loop would go round in one moment, or for ever with nobody looking. Let a step that people do, or a child run, stand in
    it: waits alone are not enough.
SOP-L036 A join that cannot fill
    It waits for more branches than there are, or for branches that never close because all their ways end the run.
SOP-L037 A doubled id
    Step ids are unique in the whole definition, branches and items included: history and expressions name steps by id alone.
SOP-L038 A reserved id
    The word means something in targets or expressions. Choose another.
SOP-L039 Two things with one name
    An item of a for-each is called like a step or like the item around it, or one of these like the `row` of a computed column.
    Expressions could not tell them apart.
SOP-L040 A decision without `else` at its end
    The last choice is `else`, and no other: what happens when nothing is true must be said.
SOP-L041 A region that cannot be cancelled
    `cancels` names branches (`step.branch`) and for-each steps, which do not stand around the step itself and are not inside
    the items of another for-each.
SOP-L042 An alternative that nobody can choose
    Each alternative of `first` begins with a step that people do or with a wait, and this step has no `when`: whichever
    first step is over first has decided. A condition belongs on the alternative.
SOP-L043 Nothing that could go on
    With `rest: continue` a join waits for fewer tracks than there are, and it does not stand inside a for-each, whose items
    take everything in them along when they end.
SOP-L044 A critical section for several people
    One task at a time can be in somebody's hands there, so that an approval with a quorum has no place in it.
SOP-L050 A role that is not declared
    Add it to `roles`, or mend the spelling.
SOP-L051 A role that does nothing
    No step, no escalation and no owner names it. Remove it, or give it a part.
SOP-L052 A role that is not in the catalogue
    Mend the spelling, or add it to `roles.yaml`.
SOP-L053 A role that stands twice
    Remove one of them.
SOP-L054 A step that no person does
    `separate`, `same_as` and `of` are about people; name a step that people do. `same_as` needs a single one.
SOP-L055 Nobody could do it
    The same person must and must not do two steps: take out `same_as`, or the steps from `separate` or `of`. A step kept
    apart from itself can be done by nobody.
SOP-L056 Not done before
    What is approved, or whose person is meant, must be able to happen before.
SOP-L057 Steps that the people there are cannot all do
    Asked with `--people`: either nobody holds the role (or has the skill), or duties are kept apart and there are too few
    people. The steps named are the fewest that cannot all be done: find somebody for one of their roles.
SOP-L070 Not a valid expression
    The message says what the expression language (CEL) expects, and at which character. Docs: `docs/reference/expressions.md`.
SOP-L071 An unknown name in an expression
    There are `STEP.FIELD`, `STEP.outcome`, `STEP.done`, `STEP.completed_at`, `STEP.rounds`, `STEP.results`, `STEP.branch` (of
    a `first`), `inputs.FIELD`, `parameters.NAME`, `run.drill`, `run.name`, `run.started_at`, in conditions `kpi.NAME.met`,
    `kpi.NAME.value` and `kpi.NAME.target`, and inside a for-each its item; of a wait, the fields of its signal; in a computed
    column, its `row`. Steps of a for-each are visible only inside it.
SOP-L072 Not a list
    A for-each needs a list: a field of type multi_choice, users, checklist or table, or one with `many: true`.
SOP-L073 A result of another type
    What is computed must fit the field, or the input of the child run, that takes it.
SOP-L074 A field computed from itself, or from one that is computed later
    A form is computed from top to bottom, and the columns of a table in their order. Compute it from other values, or put it
    below what it reads.
SOP-L075 An unknown parameter
    Mend the spelling, or declare it under `parameters` (for `with` of a run step: in the SOP that is run).
SOP-L076 A parameter of another type
    Times need a `duration`; rounds and quorums a `number` without decimals.
SOP-L077 A parameter that nothing uses
    Use it, or remove it: a number that changes nothing misleads whoever sets it.
SOP-L078 A default that its field refuses
    The default must itself be a valid value.
SOP-L079 Bounds that make no sense
    `min` and `max` are numbers, or dates for dates, and min is not above max.
SOP-L080 Not a pattern
    Patterns are matched in linear time: no look-around, no back references.
SOP-L081 An unknown SOP
    `run` names a SOP that is not there. Mend the spelling, or write it.
SOP-L082 An unknown input
    The SOP that is run has no such input.
SOP-L083 A missing input or parameter
    The SOP that is run requires it. Give it under `with`, a parameter under `with` and `parameters`.
SOP-L084 An end that does not happen
    The outcomes of a `run` step are the ends of the SOP that is run: `done`, `cancelled`, and the names in `end(…)`.
    `ends` names those of the SOP itself.
SOP-L085 An unknown reference
    The SOP is not there (yet).
SOP-L086 A version that means two things
    Two files hold this version of this SOP and differ, and the later one hides the other. Give it a version or a name of
    its own.
SOP-L087 An unknown signal
    Mend the spelling, or declare it under `signals`.
SOP-L088 A signal that nothing waits for
    Let a step wait for it, or remove it.
SOP-L089 A field that nothing computes
    Inputs and signals bring the values they are given. Compute in the form of a step.
SOP-L090 A due date that counts from something not yet done
    It counts from the step itself, or from one that comes later. Count from `start`, a step before, or a date field.
SOP-L091 A due date that counts from nothing
    The anchor is `start`, a step, or a date field (`inputs.FIELD`, `STEP.FIELD`, a column of the item: `ITEM.COLUMN`); `before`
    needs a date.
SOP-L092 Reminders or escalations without a due date
    They count from `due`. Add one.
SOP-L093 Longer than a hundred years
    Mend the number.
SOP-L094 Days that cannot be counted
    `plus`, `minus` and `at` take a date first and then a length of time in quotes, a field of type `duration`, or a time of day.
    Figures are taken without a calendar: count days in a computed field.
SOP-L100 A missing translation
    Offer the text in the language named. Where people are shown an id (a field without a label, a list of options), give it
    words.
SOP-L101 A translation that lost a placeholder
    Keep what stands in braces (`{date}`) in every language as it is: without it the readers of one language miss something.
SOP-L110 A schedule that starts nothing
    Five fields: minute, hour, day of the month, month, day of the week. `30 February` never comes.
SOP-L111 An unknown time zone
    Write an IANA name: `Asia/Shanghai`, `Europe/Berlin`, `UTC`.
SOP-L112 A schedule that starts too often
    A procedure takes people longer than a quarter of an hour. Mend the minutes.
SOP-L113 A name in braces that means nothing
    `{date}`, `{week}`, `{month}`, `{quarter}`, `{year}`, each with `+N` or `-N`, and but for `date` with `.start` or `.end`;
    `{at}`, with `+Nh` or `+Nmin`.
SOP-L114 A value of a schedule that the start would refuse
    Write what the field expects; a title is one line.
SOP-L120 A filled-in value as a parameter
    Parameters stand in the history as they are and outlive an erasure. A parameter of a child run comes from parameters,
    `run`, and from how steps ended; what somebody filled in goes to an input.
SOP-L130 A target that nothing can be held against
    A target is a comparison with a number, a length of time, a parameter or an input: `>= 95 %`, `<= PT24H`,
    `<= 1000 CNY`, `>= $rate`, `>= inputs.growth`.
SOP-L131 A figure of another kind than its unit
    The value is a number; yes or no counts as 100 or 0 and needs the unit `%`. A target that is a length of time needs a unit
    of time (`s`, `min`, `h`, `days`) or none, which means seconds.
SOP-L132 A figure that is not known at this step
    A condition reads what this run has: a figure with a `value`, whose steps can be done before, and which is judged run by
    run: with `period: run`, or `at: STEP` beside a longer period. What is measured outside, or judged over several runs
    alone, can lead nowhere. What a figure reads must be there at the step that `at` names.
SOP-L133 A period that is no length of time
    `week`, `month`, `quarter`, `year`, or a length without years and months: `P30D`, `P26W`. Months and years have no one length.
"""


def _codes(table: str) -> dict[Lint, tuple[str, str]]:
    found: dict[Lint, tuple[str, str]] = {}
    code = Lint.TOO_LARGE
    for line in table.strip().splitlines():
        if line.startswith("SOP-"):
            code = Lint(line[:8])
            found[code] = (line[9:], "")
        else:
            title, text = found[code]
            found[code] = (title, f"{text} {line.strip()}".strip())
    return found


CODES: Final[Mapping[Lint, tuple[str, str]]] = _codes(_TABLE)
"""Code to its title, and what it means and how to mend it."""
