"""Random procedures with everything that leaves the ordinary course, for the properties of :mod:`test_courses`."""

from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from engine.check import check
from engine.definition import Definition
from engine.procedure import Procedure
from tests.engine.kit import ANA, PEOPLE, Play, approval, persons, task

ROLES = ("maker", "checker")
FORM = {"flag": {"type": "bool", "required": True}, "twice": {"type": "bool", "value": "true"}}
SIGNALS = {"paid": {"form": {"amount": {"type": "number"}}}, "seen": {"keep": True}}


class Drawn:
    """A definition in the making: block-structured, every loop limited, every name unique.

    Args:
        draw: Hypothesis' own.
    """

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.count = 0
        self.done: list[str] = []
        """Tasks outside items, whose values can be read further down."""
        self.regions: list[str] = []
        """Branches that are complete, outside items."""

    def name(self) -> str:
        """A name that no other step has."""
        self.count += 1
        return f"s{self.count}"

    def one_in(self, number: int) -> bool:
        """True now and then."""
        return self.draw(st.integers(1, number)) == 1

    def track(self, depth: int, *, inside: bool = False) -> list[dict[str, Any]]:
        """One to three steps."""
        return [self.step(depth, inside=inside) for _ in range(self.draw(st.integers(1, 3)))]

    def step(self, depth: int, *, inside: bool) -> dict[str, Any]:
        """One step of any kind, with everything inside it."""
        kinds = ["task", "task", "task", "approval", "wait", "run"] + (["parallel", "first", "for_each"] * 2 if depth else [])
        kind = self.draw(st.sampled_from(kinds))
        if kind in {"parallel", "for_each"}:
            return self.several(kind, depth, inside=inside)
        if kind == "first":
            first = {
                f"f{n}": [self.human(inside=inside) if self.one_in(2) else self.wait(), *self.track(depth - 1, inside=inside)]
                for n in range(self.draw(st.integers(2, 3)))
            }
            return {"id": self.name(), "first": first}
        found = self.wait() if kind == "wait" else self.run() if kind == "run" else self.human(kind, inside=inside)
        return {**found, "when": self.condition()} if self.one_in(6) else found

    def human(self, kind: str = "task", *, inside: bool) -> dict[str, Any]:
        """A step that people do."""
        name, role = self.name(), self.draw(st.sampled_from(ROLES))
        more: dict[str, Any] = {"critical": "studio"} if self.one_in(6) else {}
        if self.done and self.one_in(6):
            more["while"] = f"!{self.draw(st.sampled_from(self.done))}.done"
        if kind == "approval":
            of = [self.draw(st.sampled_from(self.done))] if self.done and self.one_in(2) else []
            quorum = 1 if "critical" in more else self.draw(st.integers(1, 2))
            found = approval(name, role, of=of, quorum=quorum, **more)
            ways: dict[str, Any] = {"approve": "next", "back": {**self.limited(name), "reason": "required"}}
        else:
            found = task(name, role, form=FORM, **more)
            ways = {"done": "next", "again": self.limited(name)}
        if self.regions and self.one_in(3):
            ways["drop"] = {"to": "next", "cancels": [self.draw(st.sampled_from(self.regions))]}
        if self.one_in(4):
            ways["out"] = self.draw(st.sampled_from(["leave", "end(stopped)"]))
        if kind == "task" and not inside:
            self.done.append(name)
        return {**found, "outcomes": ways}

    def wait(self) -> dict[str, Any]:
        """A wait for a signal or a moment."""
        what = self.draw(st.sampled_from([{"signal": "paid"}, {"signal": "seen"}, {"for": "2h"}, {"until": "1 day after start"}]))
        return {"id": self.name(), "wait": what}

    def run(self) -> dict[str, Any]:
        """A child run, waited for or not."""
        if self.one_in(2):
            return {"id": self.name(), "run": "other", "detached": True}
        name = self.name()
        return {"id": name, "run": "other", "outcomes": {"rejected": self.limited(name)}}

    def several(self, kind: str, depth: int, *, inside: bool) -> dict[str, Any]:
        """Branches, or items."""
        name = self.name()
        found: dict[str, Any] = {"id": name, "one_at_a_time": self.one_in(4)}
        if kind == "parallel":
            count = self.draw(st.integers(2, 3))
            branches = {f"b{n}": {"steps": self.track(depth - 1, inside=inside)} for n in range(count)}
            if not inside:
                self.regions += [f"{name}.{branch}" for branch in branches]
            found["parallel"] = branches
        else:
            found["for_each"] = {f"i{name}": self.draw(st.sampled_from(["[]", "['x']", "['x', 'y', 'z']"]))}
            found["steps"] = self.track(depth - 1, inside=True)
            found["open"] = self.one_in(2)
            self.regions += [] if inside else [name]
        joins: list[str | int] = ["all", "all", "any", 2]
        found["join"] = self.draw(st.sampled_from(joins))
        if not inside and found["join"] == "any" and self.one_in(2):
            found["rest"] = "continue"
        return found

    def limited(self, back: str) -> dict[str, Any]:
        """A way back that ends somewhere."""
        return {"to": back, "rounds": self.draw(st.integers(1, 2)), "then": self.draw(st.sampled_from(["next", "leave"]))}

    def condition(self) -> str:
        """A condition that always has an answer."""
        return self.draw(st.sampled_from(["true", "false", "run.drill", *(f"{name}.outcome == 'done'" for name in self.done)]))


@st.composite
def plays(draw: st.DrawFn) -> Play:
    """A run that has just been started, of a definition that the checks accept; Ana leads it."""
    drawn = Drawn(draw)
    steps = drawn.track(2)
    document = {
        "sop": "sample", "version": "1.0.0", "title": "Sample", "purpose": "To be tested.", "scope": "This test.", "owner": "lead",
        "roles": ["lead", *ROLES], "steps": steps, "signals": SIGNALS, "permissions": {"override": ["lead"], "skip": ["checker"]},
    }  # fmt: skip
    if len(drawn.done) > 1 and draw(st.booleans()):
        document["separate"] = [drawn.done[:2]]
    definition = Definition.model_validate(document)
    assume(not any(problem.severity == "error" for problem in check(definition)))
    held = {role: persons(*draw(st.lists(st.sampled_from(PEOPLE), min_size=2, unique=True))) for role in ROLES}
    return Play(Procedure.compiled(definition)).start({"lead": persons(ANA), **held}, drill=draw(st.booleans()))
