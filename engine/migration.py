"""Whether an open run can go over to another version of its definition, and what goes along.

A run goes over as it stands: every open track and every open task must have its place in the new version, under its own
name or under the one that the lead maps it to. What is done stays done under the mapped names; what the new version does not
know is left behind, and said.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from engine.procedure import Procedure
from engine.refusals import Code, Reason
from engine.state import State, changed

Verdict = Literal["same", "safe", "mapping", "blocked"]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a migration would do.

    Attributes:
        verdict: ``same`` version already, ``safe``, in need of a ``mapping``, or ``blocked``.
        reasons: why it is not safe.
        mapping: step to step, as far as given or equal.
        forgotten: steps that were done and that the new version does not know.
    """

    verdict: Verdict
    reasons: tuple[Reason, ...]
    mapping: Mapping[str, str]
    forgotten: tuple[str, ...]


def plan(old: Procedure, new: Procedure, state: State, mapping: Mapping[str, str]) -> Plan:
    """What it takes to bring a run that stands at *state* from *old* to *new*.

    Args:
        old: the version it is decided by now.
        new: the version it should be decided by.
        state: where it stands.
        mapping: old step to new step, where they are called differently.
    """
    names = {step: mapping.get(step, step) for step in old.steps}
    if old.fingerprint == new.fingerprint:
        return Plan("same", (), names, ())
    reasons = [*_unknown(old, new, mapping), *_standing(old, new, state, names), *_given(new, state)]
    done = {place.rpartition("/")[2] for place in state.done_at}
    forgotten = tuple(sorted(step for step in done if names[step] not in new.steps))
    lost = any(reason.code is Code.NO_PLACE for reason in reasons)
    other = any(reason.code is not Code.NO_PLACE for reason in reasons)
    verdict: Verdict = "blocked" if other else "mapping" if lost else "safe"
    return Plan(verdict, tuple(reasons), names, forgotten)


def _unknown(old: Procedure, new: Procedure, mapping: Mapping[str, str]) -> Iterator[Reason]:
    for before, after in mapping.items():
        if before not in old.steps:
            yield Reason(Code.NO_TASK, {"step": before, "known": tuple(old.steps)})
        if after not in new.steps:
            yield Reason(Code.NO_TASK, {"step": after, "known": tuple(new.steps)})
    if old.sop != new.sop:
        yield Reason(Code.OTHER_SOP, {"sop": old.sop, "other": new.sop})


def _standing(old: Procedure, new: Procedure, state: State, names: Mapping[str, str]) -> Iterator[Reason]:
    """Every open track and task must have a place of the same kind, in the same track."""
    for token in state.tokens.values():
        before = old.steps[token.at]
        after = new.steps.get(names[token.at])
        if after is None:
            yield Reason(Code.NO_PLACE, {"step": token.at, "why": "gone"})
        elif after.kind != before.kind:
            yield Reason(Code.NO_PLACE, {"step": token.at, "why": "kind"})
        elif after.track != track_of(token.track, names):
            yield Reason(Code.NO_PLACE, {"step": token.at, "why": "track"})


def _given(new: Procedure, state: State) -> Iterator[Reason]:
    """What the new version needs from the start must be there: inputs and parameters without a default."""
    for name, field in new.document.get("inputs", {}).items():
        if field.get("required") and f"inputs.{name}" not in state.values:
            yield Reason(Code.FIELD_REQUIRED, {"field": f"inputs.{name}", "type": str(field["type"])})
    for name, field in new.document.get("parameters", {}).items():
        if field.get("required") and name not in state.parameters:
            yield Reason(Code.FIELD_REQUIRED, {"field": f"parameters.{name}", "type": str(field["type"])})


def track_of(track: str, names: Mapping[str, str]) -> str:
    """The name of *track* when its owner is called as *names* say."""
    owner, dot, branch = track.partition(".")
    return f"{names.get(owner, owner)}{dot}{branch}"


def migrated(state: State, names: Mapping[str, str], *, version: str, fingerprint: str) -> State:
    """*state* under the new names and the new version. What is not in *names* keeps its name."""

    def place(path: str) -> str:
        scope, slash, rest = path.rpartition("/")
        step, dot, field = rest.partition(".")
        return f"{scope}{slash}{names.get(step, step)}{dot}{field}"

    def address(text: str) -> str:
        step, colon, key = text.partition(":")
        return f"{names.get(step, step)}{colon}{key}"

    return changed(
        state,
        version=version,
        fingerprint=fingerprint,
        tokens={
            number: changed(
                t, track=track_of(t.track, names), at=names.get(t.at, t.at), step=names.get(t.step, t.step)
            )
            for number, t in state.tokens.items()
        },
        tasks={
            number: changed(t, step=names.get(t.step, t.step), address=address(t.address)) for number, t in state.tasks.items()
        },
        values={path if path.startswith("inputs.") else place(path): seal for path, seal in state.values.items()},
        outcomes={place(path): outcome for path, outcome in state.outcomes.items()},
        done_at={place(path): at for path, at in state.done_at.items()},
        counts={place(path): count for path, count in state.counts.items()},
        actors={names.get(step, step): people for step, people in state.actors.items()},
    )
