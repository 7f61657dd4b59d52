"""What changed between two versions of a definition."""

from typing import Any

import pytest

from engine.difference import Change, difference
from tests.engine.kit import approval, compiled, task

DUE = "2 business days"
STEPS: list[dict[str, Any]] = [
    task("write", form={"copy": {"type": "text"}}, due=DUE),
    {"id": "both", "parallel": {"left": {"steps": [task("draw")]}, "right": {"steps": [task("name")]}}},
    approval("review", of=["write"]),
]


def changes(steps: list[dict[str, Any]] | None = None, before: dict[str, Any] | None = None, **after: Any) -> list[Change]:  # noqa: ANN401 - parts of a document
    """What is told when the sample gets other *steps* or other parts."""
    return difference(compiled(STEPS, **before or {}), compiled(steps or STEPS, **after))


def edited(step: int, **parts: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - parts of a document
    """The sample's steps with other *parts* of one."""
    return [{**one, **parts} if place == step else one for place, one in enumerate(STEPS)]


def test_the_same_document_under_another_number_has_no_changes() -> None:
    """A version number alone is no difference."""
    assert changes(version="1.0.1") == []


@pytest.mark.parametrize(
    ("name", "value", "meaning"),
    [
        ("title", "Another", False), ("purpose", "Another", False), ("prefix", "ZZZ", True), ("owner", "maker", True),
        ("review_every", "P6M", False), ("sources", ["a book"], False),
    ],
)  # fmt: skip
def test_parts_of_the_head_are_told(name: str, value: Any, meaning: bool) -> None:  # noqa: ANN401, FBT001 - a table
    """Each part of the head that differs is told, and whether it can change what happens."""
    (found,) = changes(**{name: value})
    assert (found.where, found.meaning) == (name, meaning)


def test_roles_are_meaning() -> None:
    """Another list of roles can change what happens."""
    assert [change.where for change in changes(roles=["lead", "maker", "checker", "legal"]) if change.meaning] == ["roles"]


@pytest.mark.parametrize(
    ("name", "old", "new", "where"),
    [
        ("inputs", {"a": {"type": "text"}}, {"a": {"type": "text", "required": True}}, "inputs.a.required"),
        ("parameters", {}, {"sla": {"type": "text", "default": "x", "source": "us", "confidence": "team"}}, "parameters.sla"),
        ("signals", {"go": {}}, {"go": {"keep": True}}, "signals.go.keep"),
        ("permissions", {"skip": ["lead"]}, {"skip": ["lead", "maker"]}, "permissions.skip"),
        ("results", {"out": "write.copy"}, {}, "results.out"),
    ],
)  # fmt: skip
def test_named_parts_are_told_one_by_one(name: str, old: Any, new: Any, where: str) -> None:  # noqa: ANN401 - parts of a document
    """Of inputs, parameters, signals, permissions and results each is told by its name."""
    found = changes(before={name: old}, **{name: new})
    assert [(change.where, change.meaning) for change in found] == [(where, True)]


def test_kpis_and_labels_mean_nothing_for_a_run() -> None:
    """A figure or a label that differs is told and changes nothing that happens."""
    kpi = {"target": ">= 95", "source": "us", "confidence": "team"}
    labelled = edited(0, form={"copy": {"type": "text", "label": "Words"}})
    assert [(c.where, c.meaning) for c in changes(kpis={"on_time": kpi})] == [("kpis.on_time", False)]
    assert [(c.where, c.meaning) for c in changes(labelled)] == [("steps.write.form.copy.label", False)]


def test_groups_of_separated_steps_come_and_go() -> None:
    """Separations are compared as sets: their order says nothing."""
    old, same, new = [["write", "review"]], [["review", "write"]], [["draw", "review"]]
    assert changes(before={"separate": old}, separate=same) == []
    assert changes(before={"separate": old}, separate=new) == [
        Change("removed", "separate", ["review", "write"]), Change("added", "separate", None, ["draw", "review"]),
    ]  # fmt: skip


def test_parts_of_a_step_are_told() -> None:
    """A due date, a field, an outcome, a decision's subject: each by its place, with what it was and is."""
    assert changes(edited(0, due="PT4H")) == [Change("changed", "steps.write.due", DUE, "PT4H")]
    assert changes(edited(0, form={"copy": {"type": "longtext"}, "link": {"type": "url"}})) == [
        Change("changed", "steps.write.form.copy.type", "text", "longtext"),
        Change("added", "steps.write.form.link", None, {"type": "url"}),
    ]
    quorum = {"role": "checker", "of": ["write"], "quorum": 2}
    assert changes(edited(2, approval=quorum)) == [Change("added", "steps.review.approval.quorum", None, 2)]
    (title,) = changes(edited(0, title="Write it"))
    assert (title.where, title.meaning) == ("steps.write.title", False)


def test_steps_come_and_go() -> None:
    """A step that is new or gone is told with what it is, without the steps inside it."""
    (added,) = changes([*STEPS, task("last", due="PT1H")])
    assert (added.what, added.where, added.after) == ("added", "steps.last", {"role": "maker", "due": "PT1H"})
    assert [(c.what, c.where) for c in changes(STEPS[:2])][-1:] == [("removed", "steps.review")]


def test_a_step_with_another_name_alone_is_renamed() -> None:
    """What is the same but for its name is told as renamed, once."""
    steps = [{**STEPS[0], "id": "draft"}, STEPS[1], approval("review", of=["draft"])]
    assert changes(steps) == [Change("renamed", "steps.draft", "write", "draft")]


def test_a_renamed_step_with_other_times_is_still_the_same() -> None:
    """Its new due time is told beside its new name, and so is the place it moved to."""
    steps = [{**STEPS[0], "id": "draft", "due": "PT4H"}, STEPS[1], approval("review", of=["draft"])]
    assert changes(steps) == [
        Change("renamed", "steps.draft", "write", "draft"), Change("changed", "steps.draft.due", DUE, "PT4H"),
    ]  # fmt: skip
    inside = {"id": "all", "parallel": {"left": {"steps": [task("draw")]}, "right": {"steps": [task("name")]}}}
    assert changes([STEPS[0], inside, STEPS[2]]) == [Change("renamed", "steps.all", "both", "all")]


def test_a_new_step_is_told_with_its_branches() -> None:
    """A step that is new says which branches it has and when they open; their steps are told by themselves."""
    more = {"id": "more", "parallel": {"a": {"steps": [task("x")], "when": "true"}, "b": {"steps": [task("y", "lead")]}}}
    assert changes([*STEPS, more])[0] == Change("added", "steps.more", None, {"parallel": {"a": {"when": "true"}, "b": {}}})


def test_what_follows_from_a_new_name_is_not_told() -> None:
    """Targets, subjects and separations that name the renamed step are the same; another one beside them is told."""

    def steps(name: str, extra: str) -> list[dict[str, Any]]:
        back = {"approve": "next", "reject": {"to": name, "rounds": 2, "then": "end(no)"}}
        choice = {"id": "way", "decide": [{"when": "true", "to": name, "rounds": 1, "then": extra}, {"else": "last"}]}
        return [task(name, due="PT1H"), approval("review", of=[name], outcomes=back), choice, task("last")]

    old = compiled(steps("write", "last"), separate=[["write", "review"]])
    new = compiled(steps("draft", "review"), separate=[["draft", "review"]])
    found = difference(old, new)
    assert [(c.what, c.where) for c in found] == [("renamed", "steps.draft"), ("changed", "steps.way.decide")]
    assert found[1].before != found[1].after


def test_two_that_could_be_the_same_are_not_guessed() -> None:
    """Where several steps could have been renamed, they are told as gone and come."""
    found = difference(compiled([task("a"), task("b")]), compiled([task("x"), task("y")]))
    assert sorted((c.what, c.where) for c in found) == [
        ("added", "steps.x"), ("added", "steps.y"), ("removed", "steps.a"), ("removed", "steps.b"),
    ]  # fmt: skip


def test_a_step_of_another_kind_is_changed() -> None:
    """An approval that became a task is told as such."""
    found = changes([*STEPS[:2], task("review", "checker")])
    assert Change("changed", "steps.review.kind", "approval", "task") in found


def test_steps_move_in_their_track_and_between_tracks() -> None:
    """Another order is told for the track, another track for the step."""
    assert changes([STEPS[1], STEPS[0], STEPS[2]]) == [
        Change("moved", "tracks.main", ["write", "both", "review"], ["both", "write", "review"])
    ]
    inside = {
        "id": "both",
        "parallel": {"left": {"steps": [task("draw"), task("name")]}, "right": {"steps": [task("other", "lead")]}},
    }
    found = changes([STEPS[0], inside, STEPS[2]])
    assert Change("moved", "steps.name", "both.right", "both.left") in found


def test_branches_come_and_get_conditions() -> None:
    """A branch that is new, and one that has a condition now, are told."""
    third = {"left": {"steps": [task("draw")], "when": "true"}, "right": {"steps": [task("name")]}, "more": {"steps": [task("z")]}}
    found = changes([STEPS[0], {"id": "both", "parallel": third}, STEPS[2]])
    assert [(c.what, c.where) for c in found] == [
        ("added", "steps.both.branches.left.when"), ("added", "steps.both.branches.more"), ("added", "steps.z"),
    ]  # fmt: skip
