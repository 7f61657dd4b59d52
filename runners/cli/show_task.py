"""A task: what to do, what is asked for, how it can end, who has it, and what the reader may do."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from engine.procedure import HUMAN
from engine.text import pick
from runners.cli.asking import field_lines
from runners.cli.doing import Line, task_item
from runners.cli.failures import missing
from runners.cli.finished import filled_in, ways_of
from runners.cli.session import Session
from runners.cli.show_notes import back_line, files, note_lines, notes, sent_back, told
from runners.cli.show_run import awaited, held_words, holder_words
from runners.cli.times import shown
from runners.cli.words import value_words
from runners.tongue import marked, spoken, spoken_many

if TYPE_CHECKING:
    from engine.options import Option
    from engine.procedure import Step
    from engine.state import Task
    from runners.views import RunView


_COMMANDS: Final = {"release": "unclaim", "add_item": "add", "close_items": "close"}
"""Acts whose command has another name: what stands after "You may" can be typed."""


def show_task(session: Session, view: "RunView", address: str) -> None:
    """Show the task or step at *address* in the run of *view*."""
    step = view.procedure.steps.get(address.partition(":")[0])
    if step is None:
        open_ = [task.address for task in view.state.tasks.values()]
        raise missing("step", f"{view.line.id}/{address}", [f"{view.line.id}/{name}" for name in (*open_, *view.procedure.steps)])
    task = next((found for found in view.state.tasks.values() if found.address == address), None)
    mine = _options(session, view, address)
    if task is None and ":" in address and step.kind in HUMAN and all(row.label != address for row in view.tasks):
        labels = [row.label for row in view.tasks if row.step == step.id]
        raise missing("step", f"{view.line.id}/{address}", [f"{view.line.id}/{label}" for label in labels])
    told_ = told(session, view)
    items = ways_of(view, told_, address) if task is None else []
    one = items[-1] if ":" in address and items else None
    values = filled_in(one, told_) if one else _values(view, step.id, task)
    actors = (one.event.person,) if one else view.state.actors.get(step.id, ())
    said, added, back = notes(session, told_, address), files(session, told_, address), sent_back(session, view, told_, task)
    inside = _inside(view, step) if task is None and ":" not in address else []
    value: dict[str, Any] = {
        "id": f"{view.line.id}/{address}", "run": view.line.id, "step": step.id, "kind": step.kind, "open": task is not None,
        "definition": step.doc, "values": values, "done_by": [session.handle(person) for person in actors],
        "outcome": one.event.outcome if one else view.state.outcomes.get(step.id),
        "may": [option.act for option in mine if not option.reasons],
        "task": task_item(session, view.line.id, task) if task else None,
        "open_items": [f"{view.line.id}/{label}" for label in inside], "sent_back": back, "notes": said, "files": added,
        "as_of": view.as_of, "seq": view.seq,
    }  # fmt: skip
    closed = [_done_words(way.address, [session.handle(way.event.person)], way.event.outcome) for way in items]
    if value["outcome"]:
        closed = [_done_words("", value["done_by"], value["outcome"]) if value["done_by"] else value["outcome"]]
    people = list(_people(session, view, task) if task else _closed(session, view, step, inside, closed))
    people += [(f"  {back_line(back)}", "soon")] if back else []
    lines = _lines(session, view, step, address, values=values, people=people)
    session.out.thing(value, [*lines, *note_lines(session, said, added), *_may(session, view, mine, task)])
    if inside and not view.as_of:
        session.out.next(f"sop show {view.line.id}/{inside[0]}")
    if task and any(option.act == "complete" and not option.reasons for option in mine):
        session.out.next(f"sop complete {view.line.id}/{address}")


def _options(session: Session, view: "RunView", address: str) -> "list[Option]":
    """What the reader could do here, with the reasons why not; nothing for a moment of the past."""
    if view.as_of or not session.my_id:
        return []
    return [option for option in session.app.views.can(view.line.id, session.my_id) if option.step == address]


def _values(view: "RunView", step: str, task: "Task | None") -> dict[str, Any]:
    scope = view.state.tokens[task.token].scope if task else ""
    prefixes = {f"{scope}{step}.", f"{step}."}
    return {path.rpartition(".")[2]: value for path, value in view.values.items() if any(path.startswith(p) for p in prefixes)}


def _lines(
    session: Session, view: "RunView", step: "Step", address: str, *, values: Mapping[str, Any], people: list[Line]
) -> Iterator[Line]:
    def text(texts: Any) -> str:  # noqa: ANN401 - a text of a document
        return pick(texts, session.settings.languages, view.procedure.lang)

    if view.as_of:
        yield spoken("as it stood after record {seq}", seq=view.seq), "soon"
    yield f"{view.line.id}/{address}  {text(step.doc.get('title'))}".rstrip(), "bold"
    yield "  " + spoken("of {title}", title=view.line.title), ""
    yield from people
    if step.doc.get("instructions"):
        yield text(step.doc["instructions"]), ""
    yield from _approved(session, view, step, next((task for task in view.state.tasks.values() if task.address == address), None))
    if step.form:
        yield spoken("Form:"), "bold"
    for name, field in step.form.items():
        given = f" = {value_words(values[name], session.handle)}" if name in values else ""
        yield from field_lines(name, field, text, given)
    if step.outcomes:
        yield spoken("It can end:"), "bold"
    for name, way in step.outcomes.items():
        yield f"  {name}  {text(way.get('label')) + '  ' if way.get('label') else ''}{_leads(way)}", ""


def _leads(way: Mapping[str, Any]) -> str:
    """Where an outcome leads."""
    target = f"→ {way.get('to', 'next')}"
    return spoken("{target}, with a reason", target=target) if way.get("reason") == "required" else target


def _approved(session: Session, view: "RunView", step: "Step", task: "Task | None") -> Iterator[Line]:
    """What an approval is about: the values of the steps it names, as they are now."""
    for name in sorted(view.procedure.approves(step.id), key=list(view.procedure.steps).index) if step.kind == "approval" else ():
        values = _values(view, name, task)
        words = marked("To be approved: {step}") if values else marked("To be approved: {step}  (nothing was filled in)")
        yield spoken(words, step=name), "bold"
        for field, value in values.items():
            yield f"  {field} = {value_words(value, session.handle)}", ""


def _inside(view: "RunView", step: "Step") -> list[str]:
    """The open tasks of the items of a step, or inside the tracks that it opened."""
    found = []
    for task in view.state.tasks.values():
        opened, token = {task.step}, view.state.tokens.get(task.token)
        while token is not None:
            opened.add(token.step)
            token = view.state.tokens.get(token.parent) if token.parent is not None else None
        if step.id in opened:
            found.append(task.address)
    return found


def _closed(session: Session, view: "RunView", step: "Step", inside: list[str], closed: list[str]) -> Iterator[Line]:
    """Where a step stands that is not open itself: what is open inside it, what it waits for, or how it was done."""
    if inside:
        count, names = len(inside), ", ".join(inside)
        words = spoken_many("{count} task open: {names}", "{count} tasks open: {names}", count, names=names)
        if ":" in inside[0]:
            words = spoken_many("{count} item open: {names}", "{count} items open: {names}", count, names=names)
        yield f"  {words}", ""
    waits = [one for one in view.state.tokens.values() if one.waiting and one.at == step.id and not inside]
    yield from (("  " + spoken("waits for {what}", what=awaited(session, one)), "") for one in waits)
    if not waits:
        yield from ((f"  {words}", "dim") for words in closed or ([] if inside else [spoken("not open")]))


def _done_words(address: str, people: list[str], outcome: str) -> str:
    """By whom and how a step was done, or an item of it."""
    words = spoken("done by {people}: {outcome}", people=", ".join(people), outcome=outcome)
    return f"{address}  {words}" if address else words


def _people(session: Session, view: "RunView", task: "Task") -> Iterator[Line]:
    """Who has an open task, or could have it, and until when."""
    held = ", ".join(holder_words(session, holder) for holder in view.state.roles.get(task.role, ())) or spoken("nobody")
    if task.owner:
        since = shown(task.since, session.now, session.zone)
        yield "  " + spoken("{person}'s since {time}", person=session.handle(task.owner), time=since), ""
    else:
        yield "  " + spoken("open to {role}: {people}", role=task.role, people=held), ""
    for held_ in task.held:
        yield f"  {held_words(held_)}", "soon"
    if task.due:
        late = task.due < session.now and not view.as_of
        yield "  " + spoken("due {time}", time=shown(task.due, session.now, session.zone)), "late" if late else ""
    if task.round > 1:
        yield "  " + spoken("round {number}", number=task.round), ""
    for vote in task.votes:
        yield "  " + spoken("{person} decided: {outcome}", person=session.handle(vote.person), outcome=vote.outcome), ""


def _may(session: Session, view: "RunView", mine: "list[Option]", task: "Task | None") -> Iterator[Line]:
    if task is None or not mine:
        return
    permitted = [_COMMANDS.get(option.act, option.act) for option in mine if not option.reasons]
    if permitted:
        yield spoken("You may: {acts}", acts=", ".join(permitted)), "good"
    complete = next((option for option in mine if option.act == "complete"), None)
    if complete and complete.reasons:
        from runners.messages import Sentences

        say = Sentences(view.line.id, session.handle, session.now)
        for reason in complete.reasons:
            yield spoken("You may not complete it: {reason} ({code})", reason=say.sentence(reason), code=reason.code), "soon"
