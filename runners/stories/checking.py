"""Names in a scenario file that nothing has, found before anything is played, so that all are shown at once.

An act that must be refused may name what does not exist: that is what it shows. Only its people and codes must be known.
"""

from collections.abc import Iterable, Iterator, Mapping

from engine.machine import edges
from engine.places import AT_KEY
from engine.problems import Problem
from engine.procedure import HUMAN, Procedure
from engine.refusals import Code
from engine.timers import instant, length
from runners.messages import meant
from runners.stories import acts as a
from runners.stories import document as d
from runners.stories.cast import TEAM, Cast
from runners.stories.report import Trouble
from runners.tongue import spoken

Path = tuple[str | int, ...]
OPEN, CANCELLED, REFUSED = "open", "cancelled", "refused"
"""What ``end`` may say besides the name of an end."""


def check(document: d.Document, procedure: Procedure, definitions: Mapping[str, Procedure]) -> Iterator[Problem]:
    """Every name in *document* that is not known, without places.

    Args:
        document: the file.
        procedure: what it is about.
        definitions: SOP to procedure; what child runs can end with is looked up there, as far as they are in it.
    """
    checker = _Checker(procedure, Cast(document), definitions)
    for team, members in document.teams.items():
        yield from checker.people(members, ("teams", team), document.people)
    for address in document.defaults:
        yield from checker.step(address, ("defaults", address))
    for number, scenario in enumerate(document.scenarios):
        yield from checker.scenario(scenario, ("scenarios", number))


def _unknown(what: str, word: str, known: Iterable[str], path: Path, facts: Mapping[str, str] | None = None) -> Iterator[Problem]:
    known = tuple(known)
    if word not in known:
        yield Problem(
            Trouble.UNKNOWN,
            spoken('there is no {what} "{name}"', what=what, name=word),
            path,
            hint=meant(word, known),
            facts=facts or {},
        )


def _ends(procedure: Procedure) -> list[str]:
    """Every way a run of *procedure* can end."""
    targets = {edge.target for step in procedure.steps.values() for edge in edges(step)}
    return ["done", *sorted({t[4:-1] for t in targets if t.startswith("end(")} - {"done"}), CANCELLED]


class _Checker:
    def __init__(self, procedure: Procedure, cast: Cast, definitions: Mapping[str, Procedure]) -> None:
        self._procedure = procedure
        self._definitions = definitions
        self._cast = cast
        self._human = [step.id for step in procedure.steps.values() if step.kind in HUMAN]
        self._calling = [step.id for step in procedure.steps.values() if step.kind == "run"]
        self._waiting = [step.id for step in procedure.steps.values() if step.kind in {"run", "wait"}]
        self._ends = [*_ends(procedure), OPEN, REFUSED]

    def step(self, address: str, path: Path, facts: Mapping[str, str] | None = None) -> Iterator[Problem]:
        """A step that people do."""
        return _unknown(spoken("task"), address.partition(":")[0], self._human, path, facts)

    def people(self, handles: Iterable[str], path: Path, known: Iterable[str] = ()) -> Iterator[Problem]:
        for handle in handles:
            if handle.startswith(TEAM):
                yield from _unknown(spoken("team"), handle.removeprefix(TEAM), self._cast.teams, path)
            else:
                yield from _unknown(spoken("person"), handle, known or self._cast.people, path)

    def scenario(self, scenario: d.Scenario, path: Path) -> Iterator[Problem]:
        yield from self.people([scenario.lead], (*path, "lead"))
        for role, names in scenario.roles.items():
            where = (*path, "roles", role)
            if not scenario.refused:
                yield from _unknown(spoken("role"), role, self._procedure.document["roles"], where, AT_KEY)
            yield from self.people(names, where)
        yield from self._codes(scenario.refused, path)
        yield from _unknown(spoken("end"), scenario.end, self._ends, (*path, "end"))
        if bool(scenario.refused) != (scenario.end == REFUSED) or (scenario.refused and scenario.acts):
            message = spoken("a run that is refused at the start has no acts, its end is `refused`, and `refused` holds the codes")
            yield Problem(Trouble.SHAPE, message, (*path, "end"))
        try:
            instant(scenario.at)
        except ValueError:
            yield Problem(Trouble.SHAPE, spoken("expected an instant, like 2026-03-02T09:00:00Z"), (*path, "at"))
        for number, act in enumerate(scenario.acts):
            yield from self._act(act, (*path, "acts", number))

    def _codes(self, codes: Iterable[str], path: Path) -> Iterator[Problem]:
        for code in codes:
            yield from _unknown(spoken("code"), code, [str(known) for known in Code], (*path, "refused"))

    def _act(self, act: d.AnyAct, path: Path) -> Iterator[Problem]:
        if isinstance(act, a.Act):
            yield from self.people([act.actor], (*path, "as"))
            yield from self._codes(act.refused, path)
            if isinstance(act, d.Assigning | d.Binding):
                yield from self.people([act.to] if isinstance(act.to, str) else act.to, (*path, "to"))
            if not act.refused:
                yield from self._command(act, path)
        elif isinstance(act, d.Waiting):
            try:
                length(act.after)
            except ValueError as error:
                yield Problem(Trouble.SHAPE, error.args[0], (*path, "after"))
        elif isinstance(act, d.Returning):
            yield from self._returning(act, path)
        else:
            yield from self._expected(act.expect, (*path, "expect"))

    def _returning(self, act: d.Returning, path: Path) -> Iterator[Problem]:
        name = act.child.partition(":")[0]
        yield from _unknown(spoken("step with a child run"), name, self._calling, (*path, "child"))
        if name in self._calling and (child := self._definitions.get(self._procedure.steps[name].doc["run"])):
            yield from _unknown(spoken("end of {sop} called", sop=child.sop), act.end, _ends(child), (*path, "end"))
            for result in act.results:
                known = child.document.get("results", {})
                yield from _unknown(
                    spoken("result of {sop} called", sop=child.sop), result, known, (*path, "results", result), AT_KEY
                )

    def _command(self, act: a.Act, path: Path) -> Iterator[Problem]:
        for key in ("do", "claim", "release", "assign", "block", "unblock", "correct", "suspend", "resume"):
            if (address := getattr(act, key, "")) and address is not True:
                yield from self.step(address, (*path, key))
        for key in ("skip", "rewind", "reopen", "add", "close"):
            if address := getattr(act, key, ""):
                yield from _unknown(spoken("step"), address.partition(":")[0], self._procedure.steps, (*path, key))
        if isinstance(act, a.Signalling):
            yield from _unknown(spoken("signal"), act.signal, self._procedure.document.get("signals", {}), (*path, "signal"))
        if isinstance(act, d.Do) and act.outcome and (name := act.do.partition(":")[0]) in self._human:
            yield from _unknown(
                spoken("outcome of {step} called", step=name), act.outcome, self._procedure.steps[name].outcomes, (*path, "outcome")
            )
        if isinstance(act, d.Binding):
            yield from _unknown(spoken("role"), act.bind, self._procedure.document["roles"], (*path, "bind"))

    def _expected(self, expected: d.Expected, path: Path) -> Iterator[Problem]:
        for key in ("open", "late", "blocked"):
            for address in getattr(expected, key) or ():
                yield from self.step(address, (*path, key))
        for address in expected.waiting or ():
            yield from _unknown(spoken("step that waits"), address.partition(":")[0], self._waiting, (*path, "waiting"))
        for address, handle in expected.owner.items():
            yield from self.step(address, (*path, "owner", address), AT_KEY)
            if handle is not None:
                yield from self.people([handle], (*path, "owner", address))
        for name in expected.values:
            if field_of(self._procedure, name) is None:
                yield from _unknown(spoken("value"), name, self._names(name), (*path, "values", name), AT_KEY)

    def _names(self, name: str) -> list[str]:
        """What could have been meant by the name of a value: one of the same step, or else of another step."""
        address, _, rest = name.partition(".")
        step = self._procedure.steps.get(address.partition(":")[0])
        if step is not None:
            return [f"{address}.{field}" for field in (*step.form, *_SPECIAL)]
        if address in ROOTS:
            return [f"{address}.{field}" for field in self._procedure.document.get(address, {})]
        return [f"{other}.{rest}" for other in (*ROOTS, *self._procedure.steps)]


ROOTS = ("inputs", "parameters")
"""Where values stand that belong to no step."""
_SPECIAL = {"outcome": {"type": "text"}, "done": {"type": "bool"}, "rounds": {"type": "number"}}


def field_of(procedure: Procedure, name: str) -> a.Values | None:
    """The field that the value called *name* belongs to; empty where its type is not declared, None if there is none."""
    address, _, rest = name.partition(".")
    if address in ROOTS:
        found = procedure.document.get(address, {}).get(rest)
        return dict(found) if found else None
    step = procedure.steps.get(address.partition(":")[0])
    if step is None:
        return None
    if step.kind == "run" and rest.startswith("results."):
        return {}
    signal = procedure.document.get("signals", {}).get(step.doc.get("wait", {}).get("signal"), {})
    field = step.form.get(rest) or signal.get("form", {}).get(rest) or _SPECIAL.get(rest)
    return dict(field) if field else None
