"""Faults put into the engine on purpose: each breaks a promise by name, within a few definitions.

A promise that no fault can break promises nothing.
"""

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from engine import events as e
from engine import evolve, evolve_detours, options, people
from engine.directory import Answers
from engine.refusals import Code, Reason
from engine.rules import detours, flow, items, regions, returning, working
from engine.rules import tasks as opening_tasks
from engine.rules.ending import cancel_track
from engine.rules.opening import split
from engine.rules.scribe import Scribe
from engine.state import State, changed, to_plain
from runners import changes
from tests.properties import duties, invariants
from tests.properties.walk import Broken, walk

DEFINITIONS = 60
Patch = pytest.MonkeyPatch


def join_fires_twice(patch: Patch) -> None:
    """Every join is told twice."""
    real = flow._join

    def twice(s: Any, number: int, step: Any, left: tuple[int, ...] = ()) -> None:  # noqa: ANN401 - the rule's own
        token = s.state.tokens[number]
        s.tell(e.JoinFired(number, step.id, token.finished, token.opened, left))
        real(s, number, step, left)

    patch.setattr(flow, "_join", twice)


def no_task_is_opened_for_approvals(patch: Patch) -> None:
    """A token reaches an approval, and nobody hears of it."""
    real = opening_tasks.open_task
    patch.setattr(flow, "open_task", lambda s, token, step: None if step.kind == "approval" else real(s, token, step))


def options_forget_who_has_the_task(patch: Patch) -> None:
    """Claiming is offered to everybody."""
    patch.setattr(options, "may_claim", lambda *_: ())


def options_refuse_too_much(patch: Patch) -> None:
    """Skipping is shown as refused to everybody."""
    real = detours.may_skip
    patch.setattr(options, "may_skip", lambda *given: real(*given) or (Reason(Code.NOT_SKIPPABLE),))


def fold_forgets_a_field(patch: Patch) -> None:
    """Who was named for a task is not in the state."""
    real = evolve._task_opened

    def forgets(state: State, event: e.TaskOpened, at: str) -> State:
        after = real(state, event, at)
        return changed(after, tasks={**after.tasks, event.task: changed(after.tasks[event.task], named="")})

    patch.setitem(evolve._APPLY, e.TaskOpened, forgets)


def fold_keeps_what_was_taken_back(patch: Patch) -> None:
    """Going back leaves the values of what was done since."""
    patch.setattr(evolve_detours, "_voided", lambda state, _places: state)


def storing_forgets_a_field(patch: Patch) -> None:
    """A stored state does not say that items can still come."""

    def forgets(state: State) -> Any:  # noqa: ANN401 - plain data
        plain = to_plain(state)
        return plain | {"tokens": [[*row[:12], False] for row in plain["tokens"]]} if "tokens" in plain else plain

    patch.setattr(invariants, "to_plain", forgets)


def _principals(patch: Patch, made: Callable[..., Iterable[str]]) -> None:
    for module in (people, detours):
        patch.setattr(module, "principals", lambda *given: frozenset(made(*given)))


def separation_ignores_deputies(patch: Patch) -> None:
    """Only who acts counts, not in whose place."""
    _principals(patch, lambda person, _chain, directory: {person, *directory.links(person).accounts})


def separation_ignores_second_accounts(patch: Patch) -> None:
    """Every account is a human being of its own."""
    _principals(patch, lambda person, chain, _directory: {person, *chain})


def for_each_closes_early(patch: Patch) -> None:
    """The first finished item is enough."""
    real = flow.check_join

    def early(s: Any, number: int, last: str = "") -> None:  # noqa: ANN401 - the rule's own
        parent = s.state.tokens[number]
        step = s.procedure.steps[parent.at]
        if step.kind == "for_each" and parent.finished:
            for inner in [token.id for token in s.state.tokens.values() if token.parent == number and not token.loose]:
                cancel_track(s, inner, "joined")
            flow._join(s, number, step)
        else:
            real(s, number, last)

    patch.setattr(flow, "check_join", early)
    patch.setattr(items, "check_join", early)


def one_voice_is_enough(patch: Patch) -> None:
    """An approval by several is over after the first."""
    real = opening_tasks.quorum
    patch.setattr(working, "quorum", lambda *given: min(real(*given), 1))


def what_is_held_is_done(patch: Patch) -> None:
    """Suspended tasks are taken and finished, and turns are not waited for."""
    patch.setattr(working, "held_back", lambda *_given, **_more: ())


def nothing_is_shown_as_blocked(patch: Patch) -> None:
    """A task that nobody can do looks like any other."""
    patch.setattr(duties, "unfilled", lambda *_: ())


def what_is_suspended_stays_so(patch: Patch) -> None:
    """Nobody may resume anything, and everything agrees about that."""
    real = detours.may_suspend

    def never(act: str, *given: Any, **more: Any) -> tuple[Reason, ...]:  # noqa: ANN401 - the rule's own
        found = real(act, *given, **more)
        return found or ((Reason(Code.SUSPENDED, {"step": ""}),) if act == "resume" else ())

    for module in (detours, options):
        patch.setattr(module, "may_suspend", never)


def a_return_moves_a_suspended_run(patch: Patch) -> None:
    """What comes back from a child does not wait until the run is resumed."""

    def at_once(s: Any, token: Any, command: Any) -> None:  # noqa: ANN401 - the rule's own
        s.tell(e.ChildReturned(token.id, token.at, command.child, command.end, {}))
        regions.go_on(s, token)

    patch.setattr(returning, "_returned", at_once)


def a_return_is_forgotten(patch: Patch) -> None:
    """A run that is resumed does not go on where a child came back."""
    patch.setattr(detours, "go_on_with_all", lambda _: None)


def what_is_over_stays_on_offer(patch: Patch) -> None:
    """Tasks that are over stay where they were offered."""
    real = changes._offers
    patch.setattr(changes, "_offers", lambda work, *more: {n: to for n, to in real(work, *more).items() if n in work.state.tasks})


def records_forget_who_stands_in(patch: Patch) -> None:
    """In whose place somebody could act was asked, and is not in the record."""
    real = Answers.plain
    patch.setattr(Answers, "plain", lambda self: {name: part for name, part in real(self).items() if name != "links"})


def conditions_are_not_asked(patch: Patch) -> None:
    """Every branch is opened, whatever its condition says."""
    real = split

    def all_of_them(s: Any, token: Any, step: Any) -> bool:  # noqa: ANN401 - the rule's own
        with pytest.MonkeyPatch.context() as inner:
            asked = Scribe.holds
            inner.setattr(Scribe, "holds", lambda self, *given: asked(self, *given) or True)
            return real(s, token, step)

    patch.setattr(flow, "split", all_of_them)


FAULTS: dict[Callable[[Patch], None], set[str]] = {
    join_fires_twice: {"joins_fire_once"},
    no_task_is_opened_for_approvals: {"every_open_token_has_a_task_or_a_reason"},
    options_forget_who_has_the_task: {"options_agree_with_decide"},
    options_refuse_too_much: {"options_agree_with_decide"},
    fold_forgets_a_field: {"the_state_says_what_the_events_say"},
    fold_keeps_what_was_taken_back: {"the_state_says_what_the_events_say"},
    storing_forgets_a_field: {"the_state_survives_being_stored"},
    separation_ignores_deputies: {"duties_stay_apart", "nobody_approves_own_work"},
    separation_ignores_second_accounts: {"duties_stay_apart", "nobody_approves_own_work"},
    for_each_closes_early: {"joins_wait_for_their_tracks"},
    one_voice_is_enough: {"several_agree"},
    what_is_held_is_done: {"what_is_held_stays", "one_hand_at_a_time"},
    nothing_is_shown_as_blocked: {"nobody_waits_in_vain"},
    what_is_suspended_stays_so: {"an_end_can_be_reached"},
    a_return_moves_a_suspended_run: {"what_is_held_stays"},
    a_return_is_forgotten: {"every_open_token_has_a_task_or_a_reason"},
    what_is_over_stays_on_offer: {"inboxes_are_what_they_would_be_anew"},
    records_forget_who_stands_in: {"deciding_again_equals_history"},
    conditions_are_not_asked: {"branches_open_by_their_conditions"},
}
"""What is broken, and the promises of which one must notice it first."""


NEAR: dict[Callable[[Patch], None], int] = {
    options_refuse_too_much: 2, fold_forgets_a_field: 1, separation_ignores_deputies: 80, separation_ignores_second_accounts: 68,
    what_is_suspended_stays_so: 4, conditions_are_not_asked: 8, a_return_moves_a_suspended_run: 44, a_return_is_forgotten: 44,
}  # fmt: skip
"""Definitions that are known to show a fault; it is looked for from there on, so that the rare ones take no minute."""


def _search(first: int) -> None:
    for number in range(first, first + DEFINITIONS):
        walk(f"faults:{number}", 50)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_a_fault_breaks_its_promise(fault: Callable[[Patch], None], monkeypatch: Patch) -> None:
    """The walk over a faulty engine ends with the promise that the fault breaks, and says how to see it again."""
    fault(monkeypatch)
    with pytest.raises(Broken) as broken:
        _search(NEAR.get(fault, 0))
    assert broken.value.promise in FAULTS[fault], str(broken.value).splitlines()[0]
    assert "seed faults:" in str(broken.value)
    assert "Start(run=" in str(broken.value)
