"""The state machines of tracks, against a plain table."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import definitions
from engine.canonical import canonical_document, fingerprint
from engine.definition import Definition
from engine.machine import Edge, TrackMachine, edges
from engine.parse import read
from engine.procedure import Procedure
from engine.rules.scribe import Stop
from tests.engine.kit import approval, compiled, task

FOLDER = Path(definitions.__file__).parent
SHIPPED = sorted(path for path in FOLDER.glob("*.yaml") if path.stem != "roles" and not path.stem.startswith("people"))


def expected(step: dict[str, Any], following: str) -> dict[str, list[tuple[str, str]]]:
    """Trigger to targets in order, written down once more and from the document alone: (target, why it may be refused)."""
    automatic = {"decide", "parallel", "first", "for_each"} & step.keys()
    # What waits for people, for an event or for a child run may be left out; of the rest only its own condition may.
    ways: list[tuple[str, dict[str, Any]]] = [("@skip", {})] if "when" in step or not automatic else []
    if "decide" in step:
        ways += [("@choose", {"to": way["else"]} if "else" in way else way) for way in step["decide"]]
    elif "wait" in step:
        ways.append(("@wait", {}))
    elif {"parallel", "first", "for_each"} & step.keys():
        ways.append(("@join", {}))
    elif "run" in step:
        ways += [(f"@child:{end}", way) for end, way in step.get("outcomes", {}).items()]
        ways.append(("@child", {}))
    else:
        usual: dict[str, Any] = {"approve": {}, "reject": {"to": "end(rejected)"}} if "approval" in step else {"done": {}}
        ways += (step.get("outcomes") or usual).items()

    table: dict[str, list[tuple[str, str]]] = {}
    named = {"next": following or "leave", "end": "end(done)"}
    for trigger, way in ways:
        target = way.get("to", "next")
        table.setdefault(trigger, []).append((named.get(target, target), "rounds" if "rounds" in way else ""))
        if "then" in way:
            table[trigger].append((named.get(way["then"], way["then"]), ""))
    return table


def tracks(steps: list[dict[str, Any]], name: str = "main") -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Every track with its steps, from the document alone."""
    yield name, steps
    for step in steps:
        for branch, body in (step.get("parallel") or step.get("first", {})).items():
            yield from tracks(body["steps"], f"{step['id']}.{branch}")
        if "for_each" in step:
            yield from tracks(step["steps"], step["id"])


def agree(procedure: Procedure) -> None:
    """Every trigger from every step leads where the table says, for each way that is the first to be permitted."""
    for name, steps in tracks(procedure.document["steps"]):
        machine = procedure.machine(name)
        triggers = {edge.trigger for edge in machine.edges}
        for number, step in enumerate(steps):
            following = steps[number + 1]["id"] if number + 1 < len(steps) else ""
            table = expected(step, following)
            assert {edge.trigger for edge in edges(procedure.steps[step["id"]])} == set(table)
            for trigger in triggers | {"unknown"}:
                ways = table.get(trigger, [])
                for chosen in range(len(ways) + 1):  # none of them permitted at the end
                    asked: list[Edge] = []

                    def permits(edge: Edge, chosen: int = chosen, asked: list[Edge] = asked) -> bool:
                        asked.append(edge)
                        return len(asked) > chosen

                    found = machine.fire(step["id"], trigger, permits)
                    assert found == (ways[chosen][0] if chosen < len(ways) else None)
                    assert [(e.target, "rounds" if e.rounds else "") for e in asked] == ways[: chosen + 1]


@pytest.mark.parametrize("path", SHIPPED, ids=[path.stem for path in SHIPPED])
def test_a_shipped_definition_moves_as_its_document_says(path: Path) -> None:
    """The machine of every track of every shipped SOP agrees with a table made from the document alone."""
    parsed = read(path.read_bytes(), name=path.stem)
    assert parsed.definition is not None, parsed.problems
    agree(Procedure.compiled(parsed.definition))


NAMES = ["alpha", "beta", "gamma", "delta"]
TARGETS = st.sampled_from(["next", "leave", "end", "end(bad)", *NAMES])
WAYS = st.fixed_dictionaries({"to": TARGETS}) | st.fixed_dictionaries(
    {"to": TARGETS, "rounds": st.integers(1, 3) | st.just("$most"), "then": TARGETS}
)
OUTCOMES = st.dictionaries(st.sampled_from(["done", "state", "trigger", "initial", "on_enter_alpha", "to_beta"]), WAYS, min_size=1)


@st.composite
def flat(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Four steps of any kind with any targets, in one track."""
    steps: list[dict[str, Any]] = []
    for name in NAMES:
        kind = draw(st.sampled_from(["task", "approval", "decide", "run", "parallel"]))
        more: dict[str, Any] = {"when": "true"} if draw(st.booleans()) else {}
        if kind == "decide":
            ways = draw(st.lists(WAYS, min_size=1, max_size=3))
            more["decide"] = [{"when": "true", **way} for way in ways] + [{"else": draw(TARGETS)}]
            steps.append({"id": name, **more})
        elif kind == "parallel":
            steps.append({"id": name, "parallel": {"one": [task(f"{name}_inner")]}, **more})
        elif kind == "run":
            steps.append({"id": name, "run": "other", "outcomes": draw(OUTCOMES), **more})
        else:
            make = task if kind == "task" else approval
            steps.append(make(name, outcomes=draw(OUTCOMES), **more))
    return steps


@given(flat())
def test_a_generated_track_moves_as_its_document_says(steps: list[dict[str, Any]]) -> None:
    """Any mixture of steps, targets, limits and strange outcome names gives the machine of its table."""
    most = {"type": "number", "default": 2, "source": "us", "confidence": "team"}
    agree(compiled(steps, parameters={"most": most}))


TRAPS = ["os.system", "builtins.exit", "this.s", "antigravity.x"]


def test_no_text_reaches_the_library_as_a_callback() -> None:
    """The library imports and calls dotted names; everything it holds as a condition or callback is our own function."""
    way = {"to": "next", "rounds": 1, "then": "end", "label": TRAPS[0]}
    steps = [
        task("first", title=TRAPS[2], instructions=TRAPS[3], when="true", outcomes={"done": way}),
        task("last", title=TRAPS[1]),
    ]
    machine = compiled(steps).machine("main")
    inside = machine._machine
    transitions = [t for event in inside.events.values() for ways in event.transitions.values() for t in ways]
    assert transitions
    for transition in transitions:
        assert (transition.prepare, transition.before, transition.after) == ([], [], [])
        assert [callable(condition.func) for condition in transition.conditions] == [True]
    for state in inside.states.values():
        assert (state.on_enter, state.on_exit) == ([], [])
    for name in ("before_state_change", "after_state_change", "prepare_event", "finalize_event", "on_exception", "on_final"):
        assert getattr(inside, name) == []
    assert inside.models == []
    assert machine.fire("first", "done", lambda _: True) == "last"
    assert not {"this", "antigravity"} & set(sys.modules)


def test_a_move_leaves_nothing_behind() -> None:
    """A move that was made, refused, impossible or broken off leaves the shared machine as it was."""
    machine = compiled([task("first"), task("last")]).machine("main")
    inside = machine._machine

    def stop(_: Edge) -> bool:
        raise Stop(())

    def seen() -> tuple[object, ...]:
        return (dict(vars(inside)), list(inside.models), len(inside._transition_queue), list(inside.events), list(inside.states))

    before = seen()
    assert machine.fire("first", "done", lambda _: True) == "last"
    assert machine.fire("first", "done", lambda _: False) is None
    assert machine.fire("first", "@join", lambda _: True) is None
    with pytest.raises(Stop):
        machine.fire("first", "done", stop)
    assert machine.fire("last", "done", lambda _: True) == "leave"
    assert seen() == before


def test_machines_are_built_once() -> None:
    """The machine of a track is made when it is first asked for, and then shared."""
    procedure = compiled([task("first"), {"id": "both", "parallel": {"a": [task("x")]}}])
    assert procedure.machine("both.a") is procedure.machine("both.a")
    assert procedure.machine("main") is not procedure.machine("both.a")
    assert isinstance(procedure.machine("main"), TrackMachine)


@pytest.mark.parametrize(
    ("given_", "prefix"),
    [({"prefix": "CAM"}, "CAM"), ({"sop": "content_production"}, "CON"), ({"sop": "a_b"}, "AB"), ({"sop": "a"}, "AX")],
)
def test_runs_are_called_by_a_prefix(given_: dict[str, str], prefix: str) -> None:
    """The prefix is the definition's own, or made from the id, with at least two characters."""
    procedure = compiled([task("first")], **given_)
    assert procedure.prefix == prefix
    assert (procedure.version, procedure.lang, procedure.owner) == ("1.0.0", "en", "lead")


def test_a_definition_can_be_built_from_its_canonical_document() -> None:
    """What the model gives back after a round trip is the same document, with the same fingerprint."""
    procedure = compiled([task("first")])
    again = canonical_document(Definition.model_validate(procedure.document))
    assert fingerprint(again) == procedure.fingerprint
