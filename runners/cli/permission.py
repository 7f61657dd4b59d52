"""``sop can`` and ``sop whoami``."""

from typing import TYPE_CHECKING, Final

import click

from engine.refusals import Code
from engine.text import clean
from runners.cli.commands import command, pass_session
from runners.cli.completion import ANYTHING, PERSON
from runners.cli.failures import missing, usage
from runners.cli.session import Session
from runners.cli.targets import run_of, target
from runners.exits import CHECK
from runners.messages import Sentences, ordered
from runners.tongue import spoken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.options import Option
    from engine.refusals import Reason

_ACTS: Final = {
    "claim": "claim", "complete": "complete", "approve": "complete", "reject": "complete", "release": "release",
    "unclaim": "release", "assign": "assign", "bind": "bind", "cancel": "cancel", "comment": "comment", "attach": "attach",
    **{act: act for act in ("signal", "skip", "rewind", "suspend", "resume", "block", "unblock", "reopen", "correct")},
    "add": "add_item", "items": "add_item", "close": "close_items", "delegate": "delegate",
}  # fmt: skip
"""What people call an act, and what the engine calls it."""

_OF_RUNS: Final = frozenset({"read", "export", "migrate", "override"})
"""Acts about a whole run of which only the table of permissions knows."""
_ABOUT: Final = {**dict.fromkeys(sorted(_OF_RUNS), "RUN"), "audit": "[RUN]", "start": "SOP", "publish": "[SOP]", "retire": "[SOP]",
                 "schedule": "[SOP]", "administer": ""}  # fmt: skip
"""Further acts, and what they are about."""

_OF_TASKS: Final = frozenset(
    [
        "claim",
        "complete",
        "release",
        "delegate",
        "skip",
        "rewind",
        "block",
        "unblock",
        "correct",
        "add_item",
        "close_items",
        "signal",
    ]
)


@command("can")
@click.argument("who", metavar="PERSON", type=PERSON)
@click.argument("act", type=click.Choice([*_ACTS, *_ABOUT]))
@click.argument("what", metavar="[RUN[/STEP]|SOP]", type=ANYTHING, default="")
@click.option("--explain", is_flag=True, help="Say why not.")
@pass_session
def can_command(session: Session, who: str, act: str, what: str, *, explain: bool) -> int:
    """Whether PERSON (a handle, or @me) may do ACT there now. Exit code 0 for yes, 5 for no.

    Most acts are about a run or a task; start, publish, retire and schedule about an SOP, audit about a run or everything,
    administer about nothing more.
    """
    if act in _ABOUT:
        return _of_the_table(session, who, act, what, explain=explain)
    if not what:
        raise usage(spoken("{act} is about a run or a task", act=act), f"sop can {who} {act} RUN/STEP")
    run, step = target(what)
    if _ACTS[act] in _OF_TASKS and not step:
        raise usage(spoken("{act} is about a task", act=act), f"sop can {who} {act} {run}/STEP")
    if act == "assign" and not step:
        act = "bind"
    views = session.app.views
    pseudonym = views.pseudonym(who, session.me.id if who == "@me" else "")
    found = views.can(run, pseudonym)
    option = _option(found, _ACTS[act], step if _ACTS[act] in _OF_TASKS | {"assign", "suspend", "resume"} else "")
    reasons = ordered(option.reasons) if option else _not_open(session, _ACTS[act], run, step, pseudonym)
    return _answer(session, _Sentences(run, session.handle, session.now), (pseudonym, act, what), reasons, explain=explain)


def _of_the_table(session: Session, who: str, act: str, what: str, *, explain: bool) -> int:
    """An act about a whole run, an SOP, or the organisation."""
    views = session.app.views
    if bool(what) != bool(_ABOUT[act]) and not _ABOUT[act].startswith("["):
        about = spoken("{act} is about {what}", act=act, what=_ABOUT[act])
        hint = f"sop can {who} {act} {_ABOUT[act]}".rstrip()
        raise usage(about if _ABOUT[act] else spoken("{act} is about nothing more", act=act), hint)
    pseudonym = views.pseudonym(who, session.me.id if who == "@me" else "")
    run = run_of(what) if act in _OF_RUNS or (act == "audit" and what) else ""
    if act in {"start", "publish", "retire", "schedule"} and what:
        session.app.library.sync()
    if act == "start":
        reasons = views.may_start(what, pseudonym)
    else:
        if what and not run and not views.knows_sop(what.partition("@")[0]):
            raise missing("sop", what, [stored.procedure.sop for stored in session.app.library.all()])
        reasons = views.may(act, pseudonym, run)
    say = _Sentences(run, session.handle, session.now)
    return _answer(session, say, (pseudonym, act, what), ordered(reasons), explain=explain)


def _answer(session: Session, say: "_Sentences", asked: tuple[str, str, str], reasons: "Sequence[Reason]", *, explain: bool) -> int:
    pseudonym, act, what = asked
    value = {
        "can": not reasons, "person": session.handle(pseudonym), "act": act, "target": what,
        "reasons": [{"code": str(reason.code), "message": say.sentence(reason)} for reason in reasons],
    }  # fmt: skip
    lines = [(spoken("no") if reasons else spoken("yes"), "")]
    if explain or session.options.verbose:
        lines = [(spoken("no: {reason} ({code})", reason=say.sentence(one), code=one.code), "") for one in reasons]
        lines = lines or [(spoken("yes"), "good")]
    session.out.thing(value, lines)
    return CHECK if reasons else 0


class _Sentences(Sentences):
    """How a step stands, for somebody who asks and has not tried it."""

    def sentence(self, reason: "Reason") -> str:
        """What is wrong."""
        task = clean(f"{self.run}/{reason.facts.get('step', '')}")
        if reason.code is Code.NO_TASK:
            return spoken("{task} is not open yet", task=task)
        if reason.code is Code.TASK_CLOSED and (by := str(reason.facts.get("by", ""))):
            return spoken("{task} was finished by {person}", task=task, person=clean(self.names(by)))
        return super().sentence(reason)


def _not_open(session: Session, act: str, run: str, address: str, person: str) -> "list[Reason]":
    """Why *person* can do nothing about a step that is not open. Raises Failure where there is no such task at all."""
    from engine.procedure import HUMAN
    from engine.rules.tasks import no_address

    views = session.app.views
    view = views.run(run)
    name, _, item = address.partition(":")
    step = view.procedure.steps.get(name)
    siblings = [task.address for task in view.state.tasks.values() if task.step == name]
    if step is None or step.kind not in HUMAN or no_address(view.procedure, address) or (siblings and not item):
        known = siblings or [task.address for task in view.state.tasks.values()]
        raise missing("task", f"{run}/{address}", [f"{run}/{one}" for one in known])
    reasons = list(views.kept_from(run, person, address))
    if act in {"claim", "complete"}:
        return reasons
    lead = [reason for option in views.can(run, person) if option.act == "bind" and act == "assign" for reason in option.reasons]
    return [*reasons[:1], *lead]


def _option(found: "list[Option]", act: str, step: str) -> "Option | None":
    return next((option for option in found if option.act == act and option.step == step), None)


@command("whoami")
@pass_session
def whoami_command(session: Session) -> None:
    """Who you are in this database, and how that is known.

    A local database trusts whoever can write its file: this is for order among colleagues, not against them.
    """
    me = session.me
    origin = session.settings.origins["person"]
    teams = [team.id for team, members in session.app.views.teams() if me.id in members]
    value = {
        "handle": me.handle, "name": me.name, "roles": list(me.roles), "teams": teams, "pseudonym": me.id, "origin": origin,
        "database": session.settings.database.partition("?")[0],
    }  # fmt: skip
    lines = [(spoken("{handle} ({name}), from {origin}", handle=me.handle, name=me.name, origin=origin), "")]
    lines += [("  " + spoken("roles: {roles}", roles=", ".join(me.roles)), "")] if me.roles else []
    lines += [("  " + spoken("teams: {teams}", teams=", ".join(teams)), "")] if teams else []
    session.out.thing(value, lines)
