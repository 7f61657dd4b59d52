"""Going over to another version of the definition."""

from engine import events as e
from engine.commands import Migrate
from engine.migration import plan
from engine.refusals import Code, Reason
from engine.rules.detours import asked
from engine.rules.scribe import Scribe, Stop


def migrate(s: Scribe, command: Migrate) -> None:
    """Let another version decide from here on; refused where anything open has no place in it."""
    reasons = asked(s, "migrate", command.note)
    new = s.context.versions(command.fingerprint)
    if new is None:
        raise Stop([*reasons, Reason(Code.NO_SOP, {"sop": command.fingerprint})])
    found = plan(s.procedure, new, s.state, command.names)
    if found.verdict == "same":
        reasons.append(Reason(Code.ALREADY, {"step": new.version, "what": "migrated"}))
    reasons += found.reasons
    if reasons:
        raise Stop(reasons)
    names = {before: after for before, after in found.mapping.items() if before != after}
    s.tell(e.RunMigrated(new.version, new.fingerprint, s.procedure.fingerprint, names, found.forgotten))
