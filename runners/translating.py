"""Commands as people give them, with handles where the engine takes pseudonyms."""

from dataclasses import replace
from typing import TYPE_CHECKING

from engine import commands as c
from engine.procedure import Procedure
from runners.asking import plain
from runners.binding import bindings
from runners.people import translated
from runners.store.database import Unit

if TYPE_CHECKING:
    from runners.changes import Work
    from runners.library import Library


def with_holders(unit: Unit, library: "Library", work: "Work", command: c.Migrate) -> c.Migrate:
    """*command* with the holders of roles that come with the version it names: whom the directory names, as at a start."""
    new = library.version(unit, command.fingerprint)
    coming = [role for role in new.document["roles"] if role not in work.procedure.document["roles"]] if new else []
    if not coming:
        return command
    held = bindings(unit, work.at, work.state.unit)
    return replace(command, roles={role: held[role] for role in coming if role in held})


def with_pseudonyms(unit: Unit, procedure: Procedure, command: c.Command, actor: str) -> c.Command:
    """*command* with pseudonyms in fields of people, and numbers as they are kept. Raises NotFound."""
    if isinstance(command, c.Complete | c.Correct):
        step = procedure.steps.get(command.step.partition(":")[0])
        values = plain(command.values)
        return replace(command, values=translated(unit, step.form, values, actor) if step else values)
    if isinstance(command, c.Signal):
        form = procedure.document.get("signals", {}).get(command.name, {}).get("form", {})
        return replace(command, values=translated(unit, form, plain(command.values), actor))
    if isinstance(command, c.AddItem):
        from engine.rules.opening import listed  # only this command needs the rule

        step = procedure.steps.get(command.step.partition(":")[0])
        field = listed(procedure, step) if step and step.kind == "for_each" else {}
        (item,) = translated(unit, {"item": field}, plain({"item": [command.item]}), actor)["item"]
        return replace(command, item=item)
    return command
