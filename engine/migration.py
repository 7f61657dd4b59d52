"""Whether an open run can go over to another version of its definition, and what goes along.

A run goes over as it stands: every open track and every open task must have its place in the new version, under its own
name or under the one that the lead maps it to. What is done stays done under the mapped names; what the new version does not
know is left behind, and said. Nothing is thrown away by it, so that the way back is the same way with the names turned round.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from engine.frozen import frozen
from engine.procedure import Procedure
from engine.refusals import Code, Reason
from engine.state import State, changed

Verdict = Literal["same", "safe", "mapping", "blocked"]

_SIGNAL = "signal/"
"""Begins the paths of signals that were kept; no step is named in them."""


@frozen
class Plan:
    """What a migration would do.

    Attributes:
        verdict: ``same`` version already, ``safe``, in need of a ``mapping``, or ``blocked``.
        reasons: why it is not safe.
        names: old step to new step, where they are called differently.
        forgotten: steps that were done and that the new version does not know.
    """

    verdict: Verdict
    reasons: tuple[Reason, ...]
    names: Mapping[str, str]
    forgotten: tuple[str, ...]


def plan(old: Procedure, new: Procedure, state: State, mapping: Mapping[str, str]) -> Plan:
    """What it takes to bring a run that stands at *state* from *old* to *new*.

    Args:
        old: the version it is decided by now.
        new: the version it should be decided by.
        state: where it stands.
        mapping: old step to new step, where they are called differently.
    """
    names = {before: after for before, after in mapping.items() if before != after}
    if old.fingerprint == new.fingerprint:
        return Plan("same", (), names, ())
    known = _known(state)
    reasons = (
        *_unknown(old, new, state, names), *_standing(old, new, state, names), *_twice(known, names),
        *_types(old, new, state, names), *_given(new, state),
    )  # fmt: skip
    done = {_step_of(place) for place in state.done_at}
    forgotten = tuple(sorted(step for step in done if names.get(step, step) not in new.steps))
    return Plan(verdict(reasons), reasons, names, forgotten)


def verdict(reasons: Iterable[Reason]) -> Verdict:
    """What *reasons* come to: a mapping helps where nothing but the places of open steps is missing."""
    codes = {reason.code for reason in reasons}
    return "safe" if not codes else "mapping" if codes == {Code.NO_PLACE} else "blocked"


def _step_of(path: str) -> str:
    """The step that *path* (with its scope, with a field or without) belongs to."""
    return path.rpartition("/")[2].partition(".")[0]


def _known(state: State) -> set[str]:
    """Every step of which the state knows something."""
    paths = (*state.done_at, *state.outcomes, *state.counts, *(path for path in state.values if "." in path))
    found = {_step_of(path) for path in paths if not path.startswith(_SIGNAL)}
    return found | {token.at for token in state.tokens.values()} | {_step_of(path) for path in state.actors}


def _unknown(old: Procedure, new: Procedure, state: State, names: Mapping[str, str]) -> Iterator[Reason]:
    left = _known(state) - set(old.steps)  # what an earlier migration left behind may be taken up again
    for before, after in sorted(names.items()):
        if before not in old.steps and before not in left:
            yield Reason(Code.NO_TASK, {"step": before, "known": tuple(old.steps)})
        if after not in new.steps:
            yield Reason(Code.NO_TASK, {"step": after, "known": tuple(new.steps)})
    if old.sop != new.sop:
        yield Reason(Code.OTHER_SOP, {"sop": old.sop, "other": new.sop})


def _standing(old: Procedure, new: Procedure, state: State, names: Mapping[str, str]) -> Iterator[Reason]:
    """Every open track and task must have a place of the same kind, in the same track."""
    for token in state.tokens.values():
        before = old.steps[token.at]
        after = new.steps.get(names.get(token.at, token.at))
        if after is None:
            yield Reason(Code.NO_PLACE, {"step": token.at, "lost": "gone"})
        elif after.kind != before.kind:
            yield Reason(Code.NO_PLACE, {"step": token.at, "lost": "kind"})
        elif after.track != track_of(token.track, names):
            yield Reason(Code.NO_PLACE, {"step": token.at, "lost": "track"})


def _twice(known: Iterable[str], names: Mapping[str, str]) -> Iterator[Reason]:
    """What two steps left behind cannot become the past of one."""
    taken: dict[str, str] = {}
    for step in sorted(known):
        after = names.get(step, step)
        if after in taken:
            yield Reason(Code.ONE_NAME, {"step": step, "other": taken[after], "name": after})
        taken[after] = step


def _types(old: Procedure, new: Procedure, state: State, names: Mapping[str, str]) -> Iterator[Reason]:
    """A value that was given must be of the type under which the new version reads it."""
    paths = [path.rpartition("/")[2] for path in state.values if not path.startswith(_SIGNAL)]
    for path in sorted({*paths, *(f"parameters.{name}" for name in state.parameters)}):  # a stored state keeps no order
        step, _, name = path.partition(".")
        if step in {"inputs", "parameters"}:
            before, after = (procedure.document.get(step, {}).get(name) for procedure in (old, new))
        else:
            before, after = _field(old, step, name), _field(new, names.get(step, step), name)
        if before and after and any(before.get(part) != after.get(part) for part in ("type", "many", "decimals")):
            yield Reason(Code.OTHER_TYPE, {"field": path, "type": str(after["type"]), "was": str(before["type"])})


def _field(procedure: Procedure, step: str, name: str) -> Mapping[str, object] | None:
    found = procedure.steps.get(step)
    return found.form.get(name) if found else None


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


def place(path: str, names: Mapping[str, str]) -> str:
    """*path* (a step with its scope, perhaps with a field or an outcome) when steps are called as *names* say."""
    if path.startswith((_SIGNAL, "inputs.")):
        return path
    scope, slash, rest = path.rpartition("/")
    step, dot, more = rest.partition(".")
    return f"{scope}{slash}{names.get(step, step)}{dot}{more}"


def moved(state: State, names: Mapping[str, str]) -> dict[str, str]:
    """Old path to new path of every value that is found elsewhere under the new names."""
    paths = {path: place(path, names) for path in state.values if "." in path}  # the item of a for-each has no step in its path
    return {before: after for before, after in paths.items() if before != after}


def migrated(state: State, names: Mapping[str, str], *, version: str, fingerprint: str) -> State:
    """*state* under the new names and the new version. What is not in *names* keeps its name."""

    def address(text: str) -> str:
        step, colon, key = text.partition(":")
        return f"{names.get(step, step)}{colon}{key}"

    paths = moved(state, names)
    return changed(
        state,
        version=version,
        fingerprint=fingerprint,
        tokens={
            number: changed(t, track=track_of(t.track, names), at=names.get(t.at, t.at), step=names.get(t.step, t.step))
            for number, t in state.tokens.items()
        },
        tasks={number: changed(t, step=names.get(t.step, t.step), address=address(t.address)) for number, t in state.tasks.items()},
        values={paths.get(path, path): seal for path, seal in state.values.items()},
        outcomes={place(path, names): outcome for path, outcome in state.outcomes.items()},
        done_at={place(path, names): at for path, at in state.done_at.items()},
        counts={place(path, names): count for path, count in state.counts.items()},
        actors={place(path, names): people for path, people in state.actors.items()},
        kept_out={place(path, names): people for path, people in state.kept_out.items()},
    )
