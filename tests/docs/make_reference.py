"""Makes the pages of the reference that say what the code says: definition, lint, errors, exit codes, limits."""

import ast
import re
import types
from collections.abc import Iterator, Mapping
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from engine import definition as d
from engine import dues as m
from engine import fields as f
from engine import limits
from engine import steps as t
from engine.checks.codes import CODES as LINT
from engine.checks.codes import Lint
from engine.names import RESERVED
from engine.refusals import Code, Kind, Reason
from runners.cli.failures import CODES as COMMAND_LINE
from runners.directory import CODE as PEOPLE
from runners.exits import EXITS
from runners.messages import exit_code
from runners.refusals import SENTENCES
from runners.stories.report import Trouble

ROOT: Final = Path(__file__).resolve().parents[2]
MARK: Final = "<!-- Made by tests/regenerate.py; not to be edited. -->\n\n"

# --- definition.md ---

SHAPES: Final[list[tuple[Any, str]]] = [
    (get_type_hints(d.Definition, include_extras=True)["separate"], "list of groups of [ids](#ids)"),
    (get_type_hints(d.Definition, include_extras=True)["schedule"], "[schedule](#a-schedule) or list of them"),
    (list[t.Step], "list of [steps](#every-step)"),
    (f.Text, "[text](#texts)"),
    (f.Labels, "[labels](#labels)"),
    (f.Id, "[id](#ids)"),
    (f.Expression, "[expression](expressions.md)"),
    (f.Confidence, "[confidence](#confidence)"),
    (f.FieldType, "[type](fields.md)"),
    (t.Target, "[target](#targets)"),
    (m.Duration, "[length of time](#times)"),
    (m.Due, "[due](#times)"),
    (m.Dues, "[due](#times), or list of [dues on a condition](#a-due-on-a-condition)"),
    (m.Reminder, "[reminder](#times)"),
    (t.Rounds, "[rounds](#rounds)"),
    (t.Region, "[region](#regions)"),
]
"""Kinds of values that are explained once."""

SECTIONS: Final[list[tuple[type[BaseModel], str, str]]] = [
    (d.Definition, "The document", ""),
    (t.StepBase, "Every step", ("A step is a mapping with an `id` and exactly one of the keys that say what it is: `role`, "
     "`approval`, `decide`, `parallel`, `first`, `for_each`, `run` or `wait`.")),
    (t.HumanStep, "Tasks and approvals", "Steps that wait for people take these keys too."),
    (t.TaskStep, "role: a task", "Without `outcomes` a task has one: `done`, to the next step."),
    (t.ApprovalStep, "approval: a decision about others' work", ("Without `outcomes` an approval has two: `approve`, to the next "
     "step, and `reject`, to `end(rejected)`, with a reason.")),
    (t.Approval, "The approval", ""),
    (t.Outcome, "An outcome", ("A plain target is short for `{to: target}`. The order counts: the first outcome is the one that is "
     "expected, and the one that a quorum counts.")),
    (m.DueChoice, "A due on a condition", ""),
    (m.DueOtherwise, "The last due", ""),
    (m.Escalation, "An escalation", ""),
    (t.DecisionStep, "decide: an automatic choice", ""),
    (t.Choice, "A choice", ""),
    (t.Otherwise, "The last choice", ""),
    (t.ParallelStep, "parallel: several tracks at once", ""),
    (t.Branch, "A branch", "A plain list of steps is short for `{steps: […]}`."),
    (t.ForEachStep, "for_each: the same steps for every item", ("An item of a `multi_choice` is addressed by its id "
     "(`CAM-1/post:weibo`), every other item by its number (`CAM-1/post:1`).")),
    (t.FirstStep, "first: whatever happens first", ("Each alternative begins with a person or a wait. What its first step waits "
     "for decides; a step that is left out decides nothing.")),
    (t.RunStep, "run: a run of another SOP", ("A detached run has no names in expressions: nothing of it comes back.")),
    (t.WaitStep, "wait: for a signal or a moment", ("`STEP.outcome` is `signal`, `kept` (a signal that had come before) or `time`; "
     "`STEP.FIELD` is what the signal brought.")),
    (t.Wait, "What is waited for", ""),
    (d.Signal, "A signal", "`sop signal RUN NAME --set FIELD=VALUE` sends it."),
    (
        f.FormField,
        "A form field",
        ("Inputs are written in the same way. Which keys a type takes is in [Fields](fields.md). "
        "`pii`, `keep` and `sop` are notes for readers: this version checks nothing by them."),
    ),
    (f.Column, "A column", ("The same keys as a form field, but for `default`, `columns` and `many`; "
                            "`value` reads `row`, the row that is computed.")),
    (f.Parameter, "A parameter", ("The same keys as a form field, and these. An expression reads it as `parameters.NAME`; times, "
     "rounds and quorums take it as `$NAME`.")),
    (d.Kpi, "A figure", ("`sop kpi` computes it out of runs and holds it against its target. The value is a number, or a truth "
     "value that counts as 100 or 0 (unit `%`); the target is a number, a length of time, `$PARAMETER` or `inputs.NAME`. "
     "[Figures](../howto/kpis.md) shows how they are written and read.")),
    (d.Schedule, "A schedule", ("`sop tick` starts what is due. Values and title may hold [words in braces](#words-in-braces); "
     "`@me` is who leads the run. Where both a day of the month and a day of the week are given and neither begins with `*`, "
     "either is enough. [Schedules](../howto/schedules.md) shows how they are written and watched.")),
]  # fmt: skip
"""Model, headline, and what the keys alone do not say."""

OWN: Final = {t.TaskStep, t.ApprovalStep, t.HumanStep, t.DecisionStep, t.ParallelStep, t.ForEachStep, t.FirstStep,
              t.RunStep, t.WaitStep, f.Parameter}  # fmt: skip
"""Models of which only the keys are shown that their base has not."""

REMARKS: Final = """\
## Ids

Small letters, digits and `_`, beginning with a letter, at most 63 characters: `content_review`.
Step ids are unique in the whole definition.
No step, role or item may be called {reserved}.

## Texts

A text is a string in the language of the definition (`lang`), or a mapping of language tags:
`{{en: Check the draft, zh-Hans: 审核初稿}}`.
A reader gets the best match for their languages (RFC 4647), else the language of the definition.

## Labels

A list of ids, or a mapping of ids to texts: `[low, high]` or `{{low: Low risk, high: High risk}}`.
Histories and expressions hold the id; people see the label.

## Targets

| target | where the run goes |
|---|---|
| `next` | the next step of the track; after the last one the track closes |
| a step id | that step, which must stand in the same track |
| `leave` | out of this track: a branch or an item is finished; the main track ends the run with `done` |
| `end` | the end of the whole run, called `done`; whatever is still open is cancelled |
| `end(name)` | the same, and the end has a name: `end(rejected)` |

## Times

A length of time is ISO 8601 (`PT24H`, `P3D`), a number with a unit (`4h`, `30 min`, `2 days`, `1 week`, `2 business days`), or
a parameter of type `duration` (`$review_sla`).
Months and years are no lengths of time.

A due is a length of time, by default counted from the moment the task became ready.
`PT1H after start`, `1 day after review` and `7 days before inputs.launch` count from the start of the run, from the end of a step,
and from a field of type `date` or `datetime`.
Inside a for-each over the rows of a table, `PT0S after ITEM.COLUMN` counts from a date of the row.

Where it depends on something when a task is late, `due` is a list, and the first whose condition is true counts.
The conditions are asked once, when the task becomes ready, and their answers and the instant stand in the record.
Without `else` a task is never late where none is true; where one cannot be answered, the act before is refused (`SOP-R02`).

```yaml
due:
  - {{when: triage.severity == 'high', due: PT1H}}
  - {{when: triage.severity == 'middle', due: 4h after start}}
  - {{else: 1 business day}}
```

A reminder counts from the due time; a minus means before.
[Time](../explanation/time.md) says how days and business days are counted.

## Rounds

A whole number from 1 to {rounds}, or a parameter (`$brief_rounds`).
It counts how often this way was taken in one run (inside a for-each: by one item).
When it is used up, `then` is taken instead; the two keys go together.

## Regions

A branch (`prepare.artwork`) or a for-each step (`publish`), neither of them around the step that cancels it.
What is in it ends unfinished when the outcome takes effect; inside a for-each, only what belongs to the same item.

## Confidence

How far a number can be trusted.

| word | the number comes from |
|---|---|
| `seed` | the client's own documents |
| `seed_reconstructed` | the same, mended where they were damaged |
| `public` | published practice |
| `practitioner` | the habit of practitioners |
| `inference` | our own inference: look at it before you rely on it |
| `team` | the team that uses the procedure |

## Words in braces

A schedule writes days and periods into its title and its values, from the instant that it starts for, in its own zone.

| word | becomes |
|---|---|
| `{{date}}`, `{{date+14}}` | the day, or the day so many days later: `2026-11-22` |
| `{{week}}`, `{{month}}`, `{{quarter}}`, `{{year}}` | the period: `2026-W47`, `2026-11`, `2026-Q4`, `2026` |
| `{{month-1}}`, `{{quarter+1}}` | a period before or after, counted in its own kind |
| `{{month.start}}`, `{{quarter-1.end}}` | the first or the last day of a period |
| `{{at}}`, `{{at+8h}}`, `{{at-30min}}` | the instant itself, or one before or after it: `2026-11-22T01:00:00Z` |
"""


def definition() -> str:
    """``docs/reference/definition.md``."""
    parts = [
        "# Definition",
        (
            "A definition is one YAML document (YAML 1.2 core, UTF-8): one version of a procedure.\n"
            "[Write a definition](../howto/author.md) shows how it is done; this page lists every key."
        ),
    ]
    for model, headline, remark in SECTIONS:
        doc = " ".join((model.__doc__ or "").split()).replace("``", "`")
        parts += [f"## {headline}", doc, *([remark] if remark else []), *([table(model)] if model is not f.Column else [])]
    parts.append(
        REMARKS.format(
            reserved=", ".join(f"`{name}`" for name in sorted(RESERVED)),
            rounds=f"{limits.ROUNDS:,}",
        )
    )
    return MARK + "\n\n".join(parts)


def table(model: type[BaseModel]) -> str:
    """The keys of *model*."""
    hints = get_type_hints(model, include_extras=True)
    bases: set[str] = set()
    if model in OWN:
        bases = {name for base in model.__mro__[1:] if issubclass(base, BaseModel) for name in base.model_fields}
    rows = [
        f"| `{field.alias or name}` | {kind(hints[name])} | {default(field)} | {meaning(name, field, hints[name])} |"
        for name, field in model.model_fields.items()
        if name not in bases
    ]
    return "\n".join(["| key | type | default | meaning |", "|---|---|---|---|", *rows])


def meaning(name: str, field: FieldInfo, hint: Any) -> str:  # noqa: ANN401 - any type
    """What a key means, in the words of its model."""
    inner = (
        meta.description
        for part in (hint, *get_args(hint))
        for meta in getattr(part, "__metadata__", ())
        if isinstance(meta, FieldInfo)
    )
    found = field.description or next((text for text in inner if text), None)
    assert found, f"{name} has no description"
    return found.replace("|", "\\|")


def default(field: FieldInfo) -> str:
    """What holds where a key is absent."""
    if field.is_required():
        return "required"
    value = field.default_factory() if field.default_factory else field.default  # type: ignore[call-arg]
    if value is None or value is PydanticUndefined:
        return ""
    return {"[]": "none", "{}": "none", "False": "`false`"}.get(repr(value), f"`{value}`")


def kind(hint: Any) -> str:  # noqa: ANN401 - any type
    """A type in words."""
    named = next((words for shape, words in SHAPES if hint == shape), None)
    if named is None and isinstance(hint, type) and issubclass(hint, BaseModel):
        named = next(
            f"[{headline.partition(':')[0].lower()}](#{anchor(headline)})" for model, headline, _ in SECTIONS if hint is model
        )
    return named or composed(hint)


def composed(hint: Any) -> str:  # noqa: ANN401 - any type
    """A type that is made of others, in words."""
    origin, parts = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return limited(kind(parts[0]), hint.__metadata__)
    if origin in {Union, types.UnionType}:
        return " or ".join(dict.fromkeys(kind(part) for part in parts if part is not type(None)))
    if origin is list:
        return f"list of {kind(parts[0])}"
    if origin is dict:
        return f"map of {kind(parts[0])} to {kind(parts[1])}"
    if origin is Literal:
        return " or ".join(f"`{value}`" for value in parts)
    return {str: "text", int: "whole number", float: "number", bool: "`true` or `false`"}[hint]


def limited(words: str, metadata: tuple[Any, ...]) -> str:
    """*words* with the bounds that stand beside a type."""
    bounds: dict[str, Any] = {}
    for meta in metadata:
        for part in (meta, *getattr(meta, "metadata", ())):
            bounds |= {name: getattr(part, name) for name in ("ge", "le", "pattern") if getattr(part, name, None) is not None}
    if "ge" in bounds:
        return f"{words} from {bounds['ge']} to {bounds['le']:,}"
    if "pattern" in bounds and "\\$" in bounds["pattern"]:
        return "`$parameter`"
    return words


def anchor(headline: str) -> str:
    """What a link to *headline* says."""
    return re.sub(r"[^a-z0-9_ -]", "", headline.lower()).replace(" ", "-")


# --- lint.md ---

FAMILIES: Final = (
    (20, "Reading the file"), (30, "Keys and values"), (50, "Steps and ways"), (70, "People"), (90, "Names and expressions"),
    (100, "Times"), (110, "Languages"), (120, "Schedules"), (130, "Runs of other SOPs"),
    (140, "Figures"),
)  # fmt: skip


def lint() -> str:
    """``docs/reference/lint.md``."""
    lines = [
        "# Lint codes\n",
        "What `sop lint` can find in a definition. A code never gets a second meaning.",
        "Everything is an error, and keeps the definition from being used, unless it says *warning*.\n",
    ]
    begun = ""
    for code, (title, text) in LINT.items():
        family = next(words for above, words in FAMILIES if int(str(code)[5:]) < above)
        if family != begun:
            begun = family
            lines += [f"## {family}\n"]
        lines += [f"### {code}\n", f"**{title}.**{mark(code)} {text}\n"]
    return MARK + "\n".join(lines)


def mark(code: str) -> str:
    """What is said of a code that is no error."""
    if code == Lint.UNTRANSLATED:
        return " *(warning; an error for languages named with `--lang`)*"
    return " *(warning)*" if code in WARNINGS else ""


def _warnings() -> frozenset[str]:
    """Codes that are given as warnings: found in the source, because only the check itself decides."""
    found: set[str] = set()
    for path in sorted((ROOT / "engine" / "checks").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "warning":
                name = node.args[0]
                assert isinstance(name, ast.Attribute)
                found.add(name.attr)
    return frozenset(str(code) for code in LINT if code.name in found)


WARNINGS: Final = _warnings()

# --- errors.md ---

KINDS: Final[Mapping[Kind, str]] = {
    Kind.USAGE: "The form and the command line. No record is made: it was a slip, not an attempt.",
    Kind.MISSING: "There is no such thing. No record is made.",
    Kind.CONFLICT: "Somebody was first, or the run has moved on. Look, then try again. The attempt is recorded, but for `SOP-C06`.",
    Kind.DENIED: "This person may not do it. The attempt is recorded.",
    Kind.RULE: "The procedure itself forbids it now. The attempt is recorded.",
}
FORM: Final = re.compile(r"{(\w+)}")
WORDS: Final = {
    "flag": "--set FIELD=…", "meant": "(names that are near, or all there are)", "when": " (when)", "done_by": " (by whom)",
    "with_end": "", "task": "RUN/STEP", "did": "did",
}  # fmt: skip


def errors() -> str:
    """``docs/reference/errors.md``."""
    lines = [
        "# Error codes\n",
        "Every error has a stable code, one sentence, and a hint where something can be done about it.",
        "With `--json` it is one JSON object on standard error (`code`, `message`, `hint`, `exit`, `details`), and standard output",
        "stays empty.",
        "[Exit codes](exit-codes.md) say what a script can do about it; [lint codes](lint.md) are those of definitions.\n",
        "A refusal names every reason that could be found.",
        "*Recorded* means that the refusal stands in the history of the run.",
        "A start that is refused leaves nothing, because there is no run to keep it.",
        "The reason that decides the exit code stands first: what no second try mends comes before what one may mend.\n",
    ]
    for kind_, words in KINDS.items():
        lines += [f"## {kind_.name.capitalize()}: exit {exit_code([_reason(kind_)])}\n", f"{words}\n"]
        lines += ["| code | name | what it says | what to do |", "|---|---|---|---|"]
        for code in Code:
            if Reason(code).kind is kind_:
                sentence, hint = SENTENCES[code]
                lines.append(f"| `{code}` | {code.name.lower().replace('_', ' ')} | {said(sentence)} | {said(hint)} |")
        lines.append("")
    lines += ["## The program itself\n", "| code | what is wrong | what to do |", "|---|---|---|"]
    lines += [f"| `{code}` | {title} | {said(text)} |" for code, (title, text) in COMMAND_LINE.items()]
    lines += [f"| `{PEOPLE}` | A file of people cannot be used | Mend the places named; nobody was taken in |", ""]
    lines += ["## Scenarios\n", "What `sop test` can find; exit 5.\n", "| code | meaning |", "|---|---|"]
    lines += [f"| `{code}` | {text} |" for code, text in _documented(Trouble, ROOT / "runners" / "stories" / "report.py")]
    return MARK + "\n".join(lines) + "\n"


def _reason(kind_: Kind) -> Reason:
    return next(Reason(code) for code in Code if Reason(code).kind is kind_)


def said(text: str) -> str:
    """A sentence with its facts named, in one cell of a table."""
    named = FORM.sub(lambda found: WORDS.get(found[1], found[1].upper()), text)
    return named.replace("|", "\\|").replace("\n", "; ").replace("   ", " ").strip()


def _documented(kind_: type[Enum], source: Path) -> Iterator[tuple[str, str]]:
    """Each member of an enumeration with the string that stands under it."""
    for node in ast.walk(ast.parse(source.read_text())):
        if isinstance(node, ast.ClassDef) and node.name == kind_.__name__:
            yield from ((str(kind_[name].value), " ".join(text.split())) for name, text in _pairs(node.body))


def _pairs(body: list[ast.stmt]) -> Iterator[tuple[str, str]]:
    """Names that are assigned, with the strings under them; one string may stand for several names above it."""
    waiting: list[str] = []
    for node in body:
        if isinstance(node, ast.Assign | ast.AnnAssign):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            if isinstance(target, ast.Name):
                waiting.append(target.id)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield from ((name, node.value.value) for name in waiting)
            waiting = []
        else:
            waiting = []
    yield from ((name, "") for name in waiting)


# --- exit-codes.md ---


def exits() -> str:
    """``docs/reference/exit-codes.md``."""
    lines = [
        "# Exit codes\n",
        "| code | meaning |",
        "|---|---|",
        *(f"| {code} | {text} |" for code, text in EXITS.items()),
        "",
        "A script needs 5, 6 and 7 most: a check ran and found something; look, then try again; try again.",
        "A command may safely be given again: every write carries an idempotency key, its own or one made from its arguments,",
        "and is done once ([why](../decisions/0006-keys-a-door-makes.md)).",
        "When a refusal has several reasons, the code is that of the first in this order: 8, 3, 6, 2, 1.",
    ]
    return MARK + "\n".join(lines) + "\n"


# --- limits.md ---

UNITS: Final = {"BYTES": "bytes", "CHARACTERS": "characters", "TEXT": "bytes"}


def limits_page() -> str:
    """``docs/reference/limits.md``."""
    tree = ast.parse((ROOT / "engine" / "limits.py").read_text())
    names = [node.target.id for node in tree.body if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)]
    reasons = {name: text for name, text in _alone(tree.body) if text}
    lines = [
        "# Limits\n",
        "A limit that is met is a refusal with a number in it, never a slow answer.",
        "They are constants in `engine/limits.py`, not settings.\n",
        "| limit | value | why |",
        "|---|---:|---|",
    ]
    for name in names:
        value = getattr(limits, name)
        unit = next((word for end, word in UNITS.items() if name.endswith(end)), "")
        lines.append(
            f"| {name.lower().replace('_', ' ')} | {value:,} {unit}".rstrip() + f" | {' '.join(reasons.get(name, '').split())} |"
        )
    return MARK + "\n".join(lines) + "\n"


def _alone(body: list[ast.stmt]) -> Iterator[tuple[str, str]]:
    """As :func:`_pairs`, but a string belongs to the name right above it alone."""
    for node, after in zip(body, [*body[1:], None], strict=True):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            text = after.value.value if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) else ""
            yield node.target.id, str(text)


def made() -> dict[str, str]:
    """Path to text of every page."""
    return {
        "docs/reference/definition.md": definition(),
        "docs/reference/lint.md": lint(),
        "docs/reference/errors.md": errors(),
        "docs/reference/exit-codes.md": exits(),
        "docs/reference/limits.md": limits_page(),
    }
