"""A run: where it stands, who holds its roles, what is open."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from engine.text import pick
from runners.cli.doing import Line, task_item
from runners.cli.finished import finished
from runners.cli.session import Session
from runners.cli.show_notes import files, note_lines, notes, told
from runners.cli.times import shown
from runners.cli.words import status_words
from runners.tongue import marked, spoken

if TYPE_CHECKING:
    from engine.state import Task, Token
    from runners.views import HistoryLine, RunView


def show_run(session: Session, view: "RunView") -> None:
    """Show the run of *view*."""
    state = view.state
    line = view.line
    tasks = [task_item(session, line.id, task) for task in state.tasks.values()]
    told_ = told(session, view)
    said, added = notes(session, told_), files(session, told_)
    done = finished(session, view, told_)
    value: dict[str, Any] = {
        "id": line.id, "title": line.title, "sop": state.sop, "version": state.version, "fingerprint": state.fingerprint,
        "status": state.status, "end": state.end or None, "lead": session.handle(state.lead), "started": state.started,
        "closed": None if view.as_of and state.status == "open" else line.closed_at, "parent": line.parent, "drill": state.drill,
        "seq": view.seq, "as_of": view.as_of,
        "roles": {role: [holder_words(session, holder) for holder in held] for role, held in _roles(view)},
        "open": tasks, "waiting_for": sorted(token.waiting for token in state.tokens.values() if token.waiting),
        "outcomes": dict(state.outcomes), "done": done, "parameters": dict(state.parameters), "values": dict(view.values),
        "notes": said, "files": added,
    }  # fmt: skip
    session.out.thing(value, [*_lines(session, view, done, told_), *note_lines(session, said, added)])
    if view.as_of or not state.tasks:
        session.out.next(f"sop history {line.id}")
    else:
        mine = [task.address for task in state.tasks.values() if task.owner == session.my_id]
        session.out.next(f"sop show {line.id}/{(mine or [next(iter(state.tasks.values())).address])[0]}")


def _roles(view: "RunView") -> "list[tuple[str, tuple[str, ...]]]":
    """Roles and their holders, in the order of the definition."""
    roles = view.state.roles
    return [(role, roles[role]) for role in sorted(roles, key=list(view.procedure.document["roles"]).index)]


def holder_words(session: Session, holder: str) -> str:
    """A holder of a role for people: a handle, or ``team:ID``."""
    kind, _, who = holder.partition(":")
    return session.handle(who) if kind == "person" else holder


def _ended(session: Session, view: "RunView") -> str:
    """The end of a run by its name, and what it is called where the definition says so."""
    title = pick(view.procedure.document.get("ends", {}).get(view.state.end), session.settings.languages, view.procedure.lang)
    return f"{view.state.end} ({title})" if title else view.state.end


def _lines(session: Session, view: "RunView", done: list[dict[str, Any]], lines: "Sequence[HistoryLine]") -> Iterator[Line]:
    from engine.state import address_of

    state, line = view.state, view.line
    full = session.options.verbose > 0
    if view.as_of:
        yield spoken("as it stood after record {seq}", seq=view.seq), "soon"
    yield f"{line.id}  {line.title}", "bold"
    status = status_words(state.status) + (f": {_ended(session, view)}" if state.end and state.end != state.status else "")
    started = shown(state.started, session.now, session.zone, full=full)
    facts = [f"{state.sop} {state.version}", spoken("{status}, suspended", status=status) if state.suspended else status,
             spoken("lead {person}", person=session.handle(state.lead)), spoken("started {time}", time=started)]  # fmt: skip
    facts += [spoken("a drill")] if state.drill else []
    facts += [spoken("part of {run}", run=line.parent)] if line.parent else []
    yield "  " + " · ".join(facts), ""
    held = [f"{role}: {', '.join(holder_words(session, holder) for holder in holders)}" for role, holders in _roles(view)]
    if held:
        yield "  " + "; ".join(held), ""
    unheld = [role for role in view.procedure.document["roles"] if not state.roles.get(role)]
    if unheld and state.status == "open":
        yield "  " + spoken("held by nobody: {roles}", roles=", ".join(unheld)), "soon"
    if state.tasks:
        yield spoken("Open:"), "bold"
        for task in state.tasks.values():
            yield _task(session, view, task)
            yield from _blocked(session, view, task, lines)
    for token in state.tokens.values():
        if token.waiting:
            yield "  " + spoken("{step} waits for {what}", step=address_of(state, token), what=awaited(session, token)), ""
        elif token.more:
            yield "  " + spoken("{step} takes further items", step=address_of(state, token)), ""
    yield from _done(session, view, done)


def awaited(session: Session, token: "Token") -> str:
    """What a track waits for: a signal, an instant, another run, or this one to be resumed."""
    kind, _, what = token.waiting.partition(":")
    if kind == "signal":
        return spoken("the signal {signal}", signal=what)
    if kind == "returned":
        return spoken("this run to be resumed; {run} has come back", run=what)
    return shown(what, session.now, session.zone) if kind == "until" else token.waiting


def _task(session: Session, view: "RunView", task: "Task") -> Line:
    late = bool(task.due and task.due < session.now and not view.as_of)
    sign = session.out.sign("late") if late else " "
    title = pick(view.procedure.steps[task.step].doc.get("title"), session.settings.languages, view.procedure.lang)
    facts = [_holder(session, task)]
    facts += [spoken("round {number}", number=task.round)] if task.round > 1 else []
    facts += [spoken("due {time}", time=shown(task.due, session.now, session.zone))] if task.due else []
    facts += [spoken("{count} decided", count=len(task.votes))] if task.votes else []
    facts += [held_words(held) for held in task.held]
    return f"{sign} {task.address}  {title + '  ' if title else ''}{', '.join(facts)}", "late" if late else ""


def _holder(session: Session, task: "Task") -> str:
    """Whose a task is, and in whose place, or to whom it is open."""
    if not task.owner:
        return spoken("open to {role}", role=task.role)
    if task.chain:
        places = {"person": session.handle(task.owner), "other": session.handle(task.chain[0])}
        return spoken("{person}'s for {other}", **places)
    return spoken("{person}'s", person=session.handle(task.owner))


_HELD: Final = {"suspended": marked("suspended"), "blocked": marked("blocked")}


def held_words(held: str) -> str:
    """For people, what keeps a task from being done."""
    return spoken(_HELD[held]) if held in _HELD else held


def _blocked(session: Session, view: "RunView", task: "Task", lines: "Sequence[HistoryLine]") -> Iterator[Line]:
    """Why nobody can go on with *task*, if that is so now."""
    from runners.cli.blocked import reasons_of

    for words in () if view.as_of else reasons_of(session, view.line.id, (task.no, task.address), lines):
        yield f"    {words}", "soon"


def _done(session: Session, view: "RunView", done: list[dict[str, Any]]) -> Iterator[Line]:
    """What was finished, latest last; with ``-v`` the values too."""
    if done:
        yield spoken("Done:"), "bold"
    for one in done:
        ended = spoken("{outcome} by {person}", outcome=one["outcome"], person=one["by"]) if one["by"] else one["outcome"]
        facts = [ended, *(spoken("for {person}", person=person) for person in reversed(one["for"]))]
        facts += [spoken("override ({codes})", codes=", ".join(one["overridden"]))] if one["overridden"] else []
        at = shown(one["at"] or "", session.now, session.zone)
        yield f"  {one['step']}  {', '.join(facts)}{' ' + at if at else ''}", "dim"
    if session.options.verbose and view.values:
        from runners.cli.words import value_words

        yield spoken("Values:"), "bold"
        for path, value in view.values.items():
            yield f"  {path} = {value_words(value, session.handle)}", ""
