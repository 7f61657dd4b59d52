"""``sop migrate``: open runs go over to another version of their definition."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

import click

from runners.cli.commands import command, pass_session
from runners.cli.completion import RUN, SOP
from runners.cli.doing import key_of
from runners.cli.failures import Failure, usage
from runners.cli.options import noting, writing
from runners.cli.session import Session, refusal
from runners.cli.tables import Column, Item
from runners.cli.targets import pair
from runners.exits import CHECK, DONE
from runners.tongue import marked, spoken

if TYPE_CHECKING:
    from engine.commands import Migrate
    from engine.procedure import Procedure
    from engine.refusals import Refused
    from engine.state import State
    from runners.runner import Done
    from runners.store.records import RunLine

_STYLES: Final = {"migrated": "good", "safe": "good", "mapping": "soon", "blocked": "late", "same": "dim"}
_WORDS: Final = {
    "mapping": marked("needs --map"), "same": marked("has it already"), "migrated": marked("migrated"), "safe": marked("safe"),
    "blocked": marked("blocked"),
}  # fmt: skip


@command("migrate")
@click.argument("run", type=RUN, default="", metavar="[RUN]")
@click.option("--all", "everything", is_flag=True, help="Every open run of the SOP.")
@click.option("--sop", metavar="SOP", default="", type=SOP, help="With --all: of which SOP.")
@click.option("--to", "version", metavar="VERSION", required=True, help="The version that decides from then on.")
@click.option("--map", "maps", multiple=True, metavar="OLD=NEW", help="A step that is called otherwise there; may be repeated.")
@noting("Why; it stands in the history of each run.")
@writing
@pass_session
def migrate_command(
    session: Session, *, run: str, everything: bool, sop: str, version: str, maps: Sequence[str], note: str, key: str, dry_run: bool
) -> int:
    """Let another version of the definition decide an open run, or all open runs of an SOP.

    A run goes over as it stands: what is open must have its place in that version. Those that cannot stay as they are, and
    the exit code is 5. The way back is the same: --to the old version, with each --map turned round; a
    version that was taken out of use is a way back too.
    """
    if everything == bool(run) or everything != bool(sop):
        raise usage(spoken("name one RUN, or give --all with --sop SOP"))
    if not note.strip() and not dry_run:
        hint = spoken('say why with -m "…"')
        raise usage(spoken("going over to another version needs a reason"), hint, code="SOP-U03")
    from engine.commands import Migrate

    names = dict(pair(text, "--map", "OLD=NEW") for text in maps)
    session.app.library.sync()
    lines = list(_open(session, sop)) if everything else [session.app.views.run(run).line]
    target = session.app.publisher.procedure(version if "@" in version else f"{sop or lines[0].sop}@{version}")
    keys = "" if dry_run else key_of(session, key, "migrate", target.fingerprint, names, note)
    items = [_one(session, line, target, Migrate(target.fingerprint, names, note or "tried"), keys) for line in lines]
    if not everything and items[0]["failure"] is not None and not dry_run:
        raise items[0]["failure"]
    for item in items:
        del item["failure"]
    columns = [
        Column(spoken("RUN"), lambda item: item["id"], whole=True),
        Column(spoken("FROM"), lambda item: item["from"]),
        Column(spoken("TO"), lambda item: item["to"]),
        Column(spoken("VERDICT"), lambda item: spoken(_WORDS[item["verdict"]]), style=lambda item: _STYLES[item["verdict"]]),
        Column(spoken("WHY"), _why),
    ]
    session.out.items(items, columns, empty=spoken("No open run of {sop}.", sop=sop))
    if any(one.fingerprint == target.fingerprint and one.retired_by for one in session.app.publisher.versions(target.sop)):
        words = marked("{sop} {version} was taken out of use: open runs may go back to it, and no new run starts.")
        session.out.note(spoken(words, sop=target.sop, version=target.version))
    if dry_run:
        session.out.note(spoken("Nothing was changed (dry run)."))
    return CHECK if any(item["verdict"] in {"mapping", "blocked"} for item in items) else DONE


def _open(session: Session, sop: str) -> "Iterator[RunLine]":
    after = None
    while lines := session.app.views.runs("open", sop=sop, after=after, limit=200):
        yield from lines
        after = lines[-1].key


def _why(item: Item) -> str:
    reasons = "; ".join(reason["message"] for reason in item["reasons"])
    left = spoken("left behind: {values}", values=", ".join(item["forgotten"])) if item["forgotten"] else ""
    nobody = [
        spoken("nobody holds {role}: {steps} will be blocked", role=role, steps=", ".join(steps))
        for role, steps in item["unheld"].items()
    ]
    return "; ".join(part for part in (reasons, left, *nobody) if part)


def _unheld(target: "Procedure", state: "State") -> dict[str, list[str]]:
    """The roles that nobody in the run holds, to the steps that wait for them still."""
    found: dict[str, list[str]] = {}
    for step in target.steps.values():
        if step.role and not state.roles.get(step.role) and step.id not in state.done_at:
            found.setdefault(step.role, []).append(step.id)
    return found


def _in_earnest(tried: "Done | Refused") -> bool:
    """Whether to do what was tried: a run that only has no place there stays without a trace, who may not leaves one."""
    from engine.refusals import Kind, Refused

    return not isinstance(tried, Refused) or any(reason.kind is Kind.DENIED for reason in tried.reasons)


def _one(session: Session, line: "RunLine", target: "Procedure", asked: "Migrate", keys: str) -> dict[str, Any]:
    """Take one run over, or say why it cannot go. Without *keys*, of which each run gets its own, it is only tried."""
    from engine.events import RunMigrated
    from engine.migration import verdict
    from engine.refusals import Refused

    item: dict[str, Any] = {
        "id": line.id, "title": line.title, "from": line.version, "to": target.version, "previous": line.fingerprint,
        "fingerprint": target.fingerprint, "verdict": "same", "reasons": [], "names": {}, "forgotten": [], "unheld": {},
        "failure": None,
    }  # fmt: skip
    if line.fingerprint == target.fingerprint:
        return item
    key = f"{keys}-{line.id}" if keys else ""
    answer = session.app.runner.handle(line.id, asked, actor=session.me.id, dry_run=True)
    if keys and _in_earnest(answer):
        answer = session.app.runner.handle(line.id, asked, actor=session.me.id, key=key)
    if isinstance(answer, Refused):
        failure: Failure = refusal(answer, line.id, session.handle, session.now)
        reasons = [{"code": complaint.code, "message": complaint.message} for complaint in failure.complaints]
        return {**item, "verdict": verdict(answer.reasons), "reasons": reasons, "failure": failure}
    (event,) = (event for event in answer.events if isinstance(event, RunMigrated))
    found = "migrated" if keys else "safe"
    left = list(event.forgotten)
    return {**item, "verdict": found, "names": dict(event.names), "forgotten": left, "unheld": _unheld(target, answer.state)}
