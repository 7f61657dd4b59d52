"""Compare a run with what its story expects of it."""

from collections.abc import Iterable, Iterator

from engine import forms
from engine.data import View
from engine.problems import Problem
from engine.state import Token
from engine.values import Value
from runners.stories.checking import Path, field_of
from runners.stories.document import Expected
from runners.stories.playing import Play, keys
from runners.stories.report import Trouble
from runners.tongue import marked, spoken


def compare(play: Play, expected: Expected, path: Path) -> Iterator[Problem]:
    """Everything in which the run of *play* is not as *expected*; *path* leads to the expectation."""
    tasks = {task.address: task for task in play.state.tasks.values()}
    late = [address for address, task in tasks.items() if task.due and task.due < play.now]
    asked = tasks if expected.blocked is not None else {}
    stuck = [address for address, task in asked.items() if "blocked" in task.held or play.unfilled(task)]
    for key, said, wanted, found in (
        ("open", marked("open: {difference}"), expected.open, tasks),
        ("late", marked("late: {difference}"), expected.late, late),
        ("blocked", marked("blocked: {difference}"), expected.blocked, stuck),
        ("waiting", marked("waiting: {difference}"), expected.waiting, play.waiting()),
    ):
        if wanted is not None and set(wanted) != set(found):
            yield Problem(Trouble.DIFFERENT, spoken(said, difference=_difference(wanted, found)), (*path, key))
    for address, handle in expected.owner.items():
        where = (*path, "owner", address)
        if address not in tasks:
            yield Problem(
                Trouble.DIFFERENT, spoken("no task {task} is open; open: {open}", task=address, open=_names(tasks)), where
            )
        elif (owner := play.cast.handle(tasks[address].owner)) != (handle or None):
            yield Problem(
                Trouble.DIFFERENT,
                spoken(
                    "{task} belongs to {owner}, not to {other}",
                    task=address,
                    owner=owner or spoken("nobody"),
                    other=handle or spoken("nobody"),
                ),
                where,
            )
    for name, value in expected.values.items():
        if message := _value(play, name, value):
            yield Problem(Trouble.DIFFERENT, message, (*path, "values", name))


def _difference(wanted: Iterable[str], found: Iterable[str]) -> str:
    missing, more = sorted(set(wanted) - set(found)), sorted(set(found) - set(wanted))
    parts = [spoken("{names} expected and not there", names=_names(missing))] if missing else []
    parts += [spoken("{names} there and not expected", names=_names(more))] if more else []
    return "; ".join(parts)


def _names(names: Iterable[str]) -> str:
    return ", ".join(names) or spoken("nothing")


def _value(play: Play, name: str, wanted: Value) -> str:
    """What is wrong with the value called *name*; empty if it is the *wanted* one."""
    address, _, rest = name.partition(".")
    step, _, inside = address.partition(":")
    token = _item(play, inside)
    if inside and token is None:
        return spoken("no item {inside} is open; the values inside an item go with it", inside=inside)
    field = field_of(play.procedure, name) or {}
    if wanted is not None and field:
        wanted, expected = forms.read(field, play.cast.value(field, wanted))
        if expected:
            return spoken("{name} can never be that: it is {expected}", name=name, expected=expected)
    found = _found(View(play.procedure, play.state, play.data, token), step, rest)
    if found == wanted:
        return ""
    return play.cast.named(spoken("{name} is {found}, not {wanted}", name=name, found=_shown(found), wanted=_shown(wanted)))


def _item(play: Play, inside: str) -> Token | None:
    tokens = play.state.tokens
    return next((token for token in tokens.values() if inside and keys(tokens, token) == inside), None)


def _found(view: View, step: str, rest: str) -> Value:
    if step == "parameters":
        return view.parameter(rest)
    if rest in {"outcome", "done", "rounds"}:
        return view.names([f"{step}.{rest}"], {f"{step}.{rest}": "string"})[f"{step}.{rest}"]
    return view.value(f"{step}.{rest}")


def _shown(value: Value) -> str:
    return spoken("absent") if value is None else repr(value)
