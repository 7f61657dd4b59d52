"""Who gets a task when it opens: whoever is named for it, or whoever a rule chooses."""

from engine.allocation import RANDOM, choose
from engine.people import SYSTEM, unfit
from engine.procedure import Step
from engine.rules.scribe import Scribe
from engine.state import Task, Token


def named_for(s: Scribe, token: Token, step: Step) -> str:
    """Who is named for the task of *step*: by a field of people, or as the lead of the run or of whoever did a step."""
    if path := step.doc.get("from"):
        found = s.view(token).field(path)
        return found if isinstance(found, str) else ""
    lead = step.doc.get("lead")
    if lead is True:
        return "" if s.state.lead == SYSTEM else s.state.lead
    did = next(iter(s.state.actors.get(lead, ())[-1:]), "") if lead else ""
    return s.context.directory.manager(did) if did else ""


def allocated(s: Scribe, step: Step, task: Task, rule: str) -> tuple[str, int]:
    """Who of its role gets *task* by *rule*, and in which turn; what this decision has given out before counts as well."""
    directory = s.context.directory
    found = directory.candidates(f"{s.procedure.sop}/{step.id}", s.state.roles.get(step.role, ()))
    people = [
        c._replace(load=c.load + s.loads.get(c.person, 0), last=max(c.last, s.turns.get((step.id, c.person), 0))) for c in found
    ]
    fit = [c for c in people if not unfit(s.procedure, s.state, task, c.person, directory)]
    lot = f"{directory.chance()}/{s.context.run}/{task.no}" if rule == RANDOM else ""
    chosen = choose(rule, fit, lot)
    if not chosen:
        return "", 0
    turn = max(c.last for c in people) + 1
    s.loads[chosen] = s.loads.get(chosen, 0) + 1
    s.turns[step.id, chosen] = turn
    return chosen, turn
