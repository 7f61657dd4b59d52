"""Whether a roster can do a procedure, and if not, for which steps somebody is missing."""

from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.staffing import staff
from tests.engine.kit import approval, compiled, task


def test_somebody_is_found_for_every_step() -> None:
    """Where everything can be done, each step has somebody, and separated steps have different people."""
    procedure = compiled([task("a"), task("b"), task("c")], separate=[["a", "b", "c"]])
    found = staff(procedure, {"a": ["x", "y", "z"], "b": ["x", "y"], "c": ["x"]})
    assert found.stuck == ()
    assert found.chosen == {"a": ("z",), "b": ("y",), "c": ("x",)}


def test_a_role_that_nobody_holds_is_one_step() -> None:
    """A step without anybody is named alone, whatever else is wrong."""
    procedure = compiled([task("a"), task("b"), task("c")], separate=[["a", "b"]])
    assert staff(procedure, {"a": ["x"], "b": ["x"], "c": []}).stuck == ("c",)


def test_two_duties_of_one_person() -> None:
    """Two separated steps that only the same person could do are named together, and no others."""
    procedure = compiled([task("a"), task("b"), task("c"), approval("d", of=["a"])], separate=[["a", "b"]])
    assert staff(procedure, {"a": ["x"], "b": ["x"], "c": ["x"], "d": ["y"]}).stuck == ("a", "b")
    assert staff(procedure, {"a": ["x"], "b": ["y"], "c": ["x"], "d": ["x"]}).stuck == ("a", "d")


def test_three_duties_of_two_people() -> None:
    """Each pair can be done and the three together cannot: the three are named."""
    procedure = compiled([task("a"), task("b"), task("c"), task("free")], separate=[["a", "b", "c"]])
    people = {key: ["x", "y"] for key in ("a", "b", "c", "free")}
    assert staff(procedure, people).stuck == ("a", "b", "c")


def test_several_must_agree() -> None:
    """An approval that needs two people is not done by one, nor by one of them and the author."""
    procedure = compiled([task("a"), approval("d", of=["a"], quorum=2)])
    assert staff(procedure, {"a": ["x"], "d": ["y"]}, {"d": 2}).stuck == ("d",)
    assert staff(procedure, {"a": ["x"], "d": ["x", "y"]}, {"d": 2}).stuck == ("a", "d")
    assert staff(procedure, {"a": ["x"], "d": ["x", "y", "z"]}, {"d": 2}).chosen == {"a": ("x",), "d": ("y", "z")}


def test_the_same_person_again() -> None:
    """Whoever did one step must be somebody who can do the other that asks for them."""
    procedure = compiled([task("a"), task("b", "checker", same_as="a")])
    assert staff(procedure, {"a": ["x", "y"], "b": ["y"]}).chosen == {"a": ("y",), "b": ("y",)}
    assert staff(procedure, {"a": ["x"], "b": ["y"]}).stuck == ("a", "b")


@settings(max_examples=150, deadline=None)
@given(
    people=st.lists(st.sets(st.sampled_from("xyz"), max_size=3), min_size=4, max_size=4),
    pairs=st.sets(st.sampled_from(["ab", "ac", "ad", "bc", "bd", "cd"]), max_size=6),
)
def test_the_answer_is_that_of_trying_everything(people: list[set[str]], pairs: set[str]) -> None:
    """It agrees with every possible assignment tried one after the other; what is named is stuck, and no smaller set is."""
    names = "abcd"
    procedure = compiled([task(name) for name in names], separate=[list(pair) for pair in sorted(pairs)])
    roster = dict(zip(names, people, strict=True))

    def possible(steps: tuple[str, ...]) -> bool:
        found = product(*(sorted(roster[step]) for step in steps))
        held = [pair for pair in pairs if set(pair) <= set(steps)]
        return any(
            all(dict(zip(steps, one, strict=True))[p[0]] != dict(zip(steps, one, strict=True))[p[1]] for p in held) for one in found
        )

    answer = staff(procedure, roster)
    assert bool(answer.stuck) == (not possible(tuple(names)))
    if answer.stuck:
        assert not possible(answer.stuck)
        smaller = [s for n in range(1, 16) if len(s := tuple(c for i, c in enumerate(names) if n >> i & 1)) < len(answer.stuck)]
        assert all(possible(group) for group in smaller)
    else:
        assert all(answer.chosen[step][0] in roster[step] for step in names)
        assert all(answer.chosen[pair[0]] != answer.chosen[pair[1]] for pair in pairs)


@pytest.mark.parametrize("size", [30])
def test_a_long_procedure_is_answered_at_once(size: int) -> None:
    """Thirty steps, all kept apart from their neighbours, three people: an answer, not a search for ever."""
    names = [f"s{n}" for n in range(size)]
    procedure = compiled([task(name) for name in names], separate=[[a, b] for a, b in pairwise(names)])
    assert staff(procedure, {key: ["x", "y"] for key in names}).stuck == ()
    assert staff(procedure, {**{key: ["x", "y"] for key in names}, names[7]: ["x"], names[9]: ["y"]}).stuck == (
        names[7],
        names[8],
        names[9],
    )
