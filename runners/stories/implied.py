"""What the rules of a definition imply that a scenario should show: whom they refuse, what comes late, what nobody can do.

A limit of rounds is not among it: what happens beyond the limit is a way of its own, which the coverage counts.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from engine.procedure import HUMAN, Procedure, Step
from engine.refusals import Code, Reason
from engine.timers import dues
from runners.tongue import marked, spoken

LATE: Final = "late"
ESCALATED: Final = "escalated"
UNRESOLVED: Final = "unresolved"
"""What scenarios show without a refusal."""
_EVIDENCE: Final = frozenset({"file", "url"})


class Seen(NamedTuple):
    """Something that a scenario has shown.

    Attributes:
        what: the code of a refusal that was asked for, or ``late``, ``escalated``, ``unresolved``.
        step: where; without the item.
        more: what the refusal is about: the other step, the field or the outcome.
    """

    what: str
    step: str
    more: str = ""


@dataclass(frozen=True, slots=True)
class Situation:
    """What a rule implies.

    Attributes:
        rule: the kind of the rule.
        what: codes, or words of ``Seen``, of which one shows it.
        words: the situation as a template, to be spoken.
        steps: where it can be shown; everywhere if empty.
        more: what the refusal must be about; anything if empty.
    """

    rule: str
    what: tuple[str, ...]
    words: str
    steps: tuple[str, ...] = ()
    more: frozenset[str] = field(default_factory=frozenset)

    def shown(self, seen: Collection[Seen]) -> bool:
        """Whether one of *seen* shows it."""
        return any(
            one.what in self.what and (not self.steps or one.step in self.steps) and (not self.more or one.more in self.more)
            for one in seen
        )

    def __str__(self) -> str:
        """The situation in words, with its code."""
        said = spoken(self.words, steps=", ".join(self.steps), more=", ".join(sorted(self.more)))
        codes = [code for code in self.what if code in set(Code)]
        return f"{said} ({codes[0]})" if codes else said


def seen(step: str, reason: Reason) -> Seen:
    """What a refusal at *step* shows, by one of its reasons."""
    facts = reason.facts
    if reason.code is Code.GUARD_ERROR:  # it says where the condition stands: STEP.OUTCOME.when
        return Seen(str(reason.code), step, str(facts["where"]).split(".")[-2])
    return Seen(str(reason.code), step, str(facts.get("other") or facts.get("field") or facts.get("outcome") or ""))


def unshown(procedure: Procedure, shown: Collection[Seen]) -> tuple[Situation, ...]:
    """Everything that the rules of *procedure* imply and that nothing of what was *shown* shows."""
    return tuple(situation for situation in implied(procedure) if not situation.shown(shown))


def implied(procedure: Procedure) -> tuple[Situation, ...]:
    """Everything that the rules of *procedure* imply, in the order of its document as far as there is one."""
    people = [step for step in procedure.steps.values() if step.kind in HUMAN]
    return (*_apart(procedure, people), *_conditions(people), *_forms(people), *_times(people), *_somebody(people))


def _apart(procedure: Procedure, people: list[Step]) -> Iterator[Situation]:
    """Who is kept from what: duties kept apart, authors, people whom a field names, one who must be the same."""
    two = marked("one person tries to do two of these: {steps}")
    for group in procedure.document.get("separate", ()):
        leaves = tuple(leaf for part in group for leaf in procedure.leaves(part))
        yield Situation("separate", (Code.SEPARATED,), two, leaves, frozenset(leaves))
    for step in people:
        if authors := procedure.approves(step.id) - procedure.separated(step.id):
            own = marked("whoever did {more} decides on it at {steps}")
            yield Situation("own_work", (Code.OWN_WORK,), own, (step.id,), authors)
        if "same_as" in step.doc:
            else_ = marked("somebody else than who did {more} tries {steps}")
            yield Situation("same_as", (Code.SAME_AS,), else_, (step.id,), frozenset({step.doc["same_as"]}))
    kept: dict[str, list[str]] = {}
    for step in people:
        named = step.doc.get("not_from", ())
        for name in [named] if isinstance(named, str) else named:
            kept.setdefault(name, []).append(step.id)
    for name, steps in kept.items():
        words = marked("somebody whom {more} names tries one of these: {steps}")
        yield Situation("not_from", (Code.SEPARATED,), words, tuple(steps), frozenset({name}))


def _conditions(people: list[Step]) -> Iterator[Situation]:
    for step in people:
        for outcome, way in step.outcomes.items():
            if "when" in way:
                words = marked("{more} at {steps} while its condition does not hold")
                codes = (Code.GUARD_FALSE, Code.GUARD_ERROR)
                yield Situation("condition", codes, words, (step.id,), frozenset({outcome}))


def _forms(people: list[Step]) -> Iterator[Situation]:
    """What nobody gets past without: required fields, evidence among them, and reasons."""
    required = [(step.id, name, one["type"]) for step in people for name, one in step.form.items() if one.get("required")]
    if required:
        yield Situation("required", (Code.FIELD_REQUIRED,), marked("a required field is left empty"))
    if evidence := [(step, name) for step, name, kind in required if kind in _EVIDENCE]:
        steps, fields = dict.fromkeys(step for step, _ in evidence), frozenset(name for _, name in evidence)
        words = marked("evidence is missing, {more} at one of these: {steps}")
        yield Situation("evidence", (Code.FIELD_REQUIRED,), words, tuple(steps), fields)
    if any(way.get("reason") == "required" for step in people for way in step.outcomes.values()):
        yield Situation("reason", (Code.REASON_REQUIRED,), marked("an outcome is chosen without the reason that it needs"))


def _times(people: list[Step]) -> Iterator[Situation]:
    for step in people:
        if step.kind == "approval" and dues(step.doc):
            yield Situation("late", (LATE,), marked("{steps} is expected to be late, and decided then"), (step.id,))
    if steps := tuple(step.id for step in people if "escalate" in step.doc):
        words = marked("somebody to whom it was escalated acts on one of these: {steps}")
        yield Situation("escalate", (ESCALATED,), words, steps)


def _somebody(people: list[Step]) -> Iterator[Situation]:
    if people:
        yield Situation("role", (Code.NOT_IN_ROLE,), marked("somebody without the role tries a step"))
        yield Situation("unresolved", (UNRESOLVED,), marked("a task is expected to be blocked because nobody holds its role"))
