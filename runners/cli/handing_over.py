"""``sop assign --from BEN --to DORA --all``: everything of somebody who leaves."""

from typing import Any

from engine.refusals import Reason, Refused
from runners.cli.failures import usage
from runners.cli.session import Session
from runners.cli.tables import Column, Item
from runners.exits import DONE, FAILED, PARTLY
from runners.handing_over import Part, plan
from runners.messages import Sentences, ordered
from runners.tongue import spoken


def hand_over(session: Session, leaver: str, to: str, note: str, *, dry_run: bool) -> int:
    """Hand over what can be handed over, and list what cannot with why; gives 9 if a part is left, 1 if everything is."""
    views, me = session.app.views, session.me
    if not note.strip() and not dry_run:
        hint = spoken('say why with -m "…", or look first with --dry-run')
        raise usage(spoken("handing over needs a reason"), hint, code="SOP-U03")
    parts = plan(
        session.app.database, session.app.library, leaver=views.pseudonym(leaver, me.id),
        to=views.pseudonym(to, me.id) if to else "", actor=me.id, note=note or "preview", at=session.now,
    )  # fmt: skip
    items = [_done(session, part, me.id, dry_run=dry_run) for part in parts]
    columns = [
        Column(spoken("RUN"), lambda item: item["run"], whole=True),
        Column(spoken("WHAT"), _what),
        Column(spoken("GOES TO"), lambda item: (to or spoken("its role")) if not item["refused"] else "", style=lambda _: "good"),
        Column(spoken("REFUSED"), lambda item: "; ".join(item["refused"]), style=lambda _: "late"),
    ]
    for item in items:
        item["to"] = to or "its role"
    session.out.items(items, columns, empty=spoken("{person} has nothing in open runs.", person=leaver))
    if dry_run:
        session.out.note(spoken("Nothing was changed (dry run)."))
    left = sum(bool(item["refused"]) for item in items)
    return DONE if not left else FAILED if left == len(items) else PARTLY


def _what(item: Item) -> str:
    name = item["name"]
    return spoken("role {name}", name=name) if item["what"] == "role" else spoken("task {name}", name=name)


def _done(session: Session, part: Part, actor: str, *, dry_run: bool) -> dict[str, Any]:
    reasons: tuple[Reason, ...] = part.reasons
    if not dry_run:
        answer = session.app.runner.handle(part.run, part.command, actor=actor)
        reasons = answer.reasons if isinstance(answer, Refused) else ()
    say = Sentences(part.run, session.handle, session.now)
    return {"run": part.run, "what": part.what, "name": part.name, "refused": [say.sentence(reason) for reason in ordered(reasons)]}
