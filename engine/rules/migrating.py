"""Going over to another version of the definition."""

from collections.abc import Iterator, Mapping

from engine import events as e
from engine.commands import Migrate
from engine.data import View
from engine.migration import moved, plan
from engine.people import unknown_holders
from engine.procedure import Procedure
from engine.refusals import Code, Reason
from engine.rules.detours import asked
from engine.rules.keeping import keep_out_by
from engine.rules.scribe import Scribe, Stop
from engine.timers import instant, timers


def migrate(s: Scribe, command: Migrate) -> None:
    """Let another version decide from here on; refused where anything open has no place in it.

    Open tasks keep their people and their due dates; when they remind and escalate is what the new version says.
    Roles that it brings are bound as the command says; those that somebody was given before stay with them.
    """
    reasons = asked(s, "migrate", command.note)
    new = s.context.versions(command.fingerprint)
    if new is None:
        raise Stop([*reasons, Reason(Code.NO_SOP, {"sop": command.fingerprint})])
    found = plan(s.procedure, new, s.state, command.names) if s.state.status == "open" else None
    if found is not None and found.verdict == "same":
        reasons.append(Reason(Code.ALREADY, {"step": new.version, "what": "the version of this run"}))
    reasons += found.reasons if found is not None else ()
    coming = {role: holders for role, holders in command.roles.items() if holders and role not in s.state.roles}
    reasons += unknown_holders(coming, new.document["roles"], s.context.directory)
    if reasons or found is None:
        raise Stop(reasons)
    renamed = moved(s.state, found.names)
    values = {after: s.state.values[path] for path, after in renamed.items()}
    s.tell(
        e.RunMigrated(
            new.version,
            new.fingerprint,
            s.procedure.fingerprint,
            found.names,
            found.forgotten,
            values,
            tuple(_timers(s, new, found.names)),
        )
    )
    keep_out_by(s, new, {renamed.get(path, path): value for path, value in s.context.data.items()})
    for role in new.document["roles"]:
        if role in coming:
            s.tell(e.RoleBound(role, tuple(dict.fromkeys(coming[role]))))


def _timers(s: Scribe, new: Procedure, names: Mapping[str, str]) -> Iterator[tuple[int, str, int, str]]:
    """What is still to come of the open tasks, as *new* says."""
    parameter = View(new, s.state, {}).parameter
    for task in s.state.tasks.values():
        if task.due:
            step = new.steps[names.get(task.step, task.step)].doc
            for kind, number, at in timers(step, instant(task.due), s.context.calendar, parameter):
                if at > s.context.at:
                    yield task.no, kind, number, at
