"""What each step of a definition says about itself: its kind, who does it, when, and where it leads."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from engine.names import END, LEAVE, MAIN, NEXT
from engine.procedure import Step, branches
from engine.text import clean
from engine.timers import dues
from runners.handbook.blocks import Bit, Inline, around, bits, joined
from runners.handbook.conditions import computation, condition
from runners.handbook.voice import Voice, spaced


class Way(NamedTuple):
    """A way out of a step.

    Attributes:
        name: of the outcome, or the condition of a decision.
        target: id of a step, ``NEXT`` for the one that follows in its track, or nothing where the track ends.
        goal: where it leads, in words.
        notes: rounds, reasons, conditions.
        spent: it is taken when the rounds of the way before it are used up.
        leads: id of the step that it leads to, if it leads to one.
        rounds: how often it can be taken, in words, if that is limited.
    """

    name: Bit
    target: str
    goal: str
    notes: tuple[Bit, ...] = ()
    spent: bool = False
    leads: str = ""
    rounds: str = ""


def onward(voice: Voice, step: Step) -> Bit:
    """What comes after *step*, leading to it."""
    _, words, leads = _goal(voice, step, NEXT)
    return Bit(words, href=f"#step-{leads}" if leads else "")


def ways(voice: Voice, step: Step) -> Iterator[Way]:
    """Every way out of *step* that somebody or something chooses."""
    voice = voice.at(step.id)
    for name, way in step.outcomes.items():
        label = voice.said(way["label"]) if way.get("label") else Bit(voice.outcome(name))
        yield from _with_rounds(voice, step, way, label)
    for way in step.doc.get("decide", ()):
        if "else" in way:
            target, goal, leads = _goal(voice, step, way["else"])
            yield Way(Bit(voice.w("step.otherwise")), target, goal, leads=leads)
        else:
            yield from _with_rounds(voice, step, {**way, "when": None}, condition(voice, way["when"]))


def _with_rounds(voice: Voice, step: Step, way: Mapping[str, Any], name: Bit) -> Iterator[Way]:
    notes: list[Bit] = []
    if way.get("when"):
        told = condition(voice, way["when"])
        notes += [Bit(voice.w("step.refused_unless", condition=told.text))] if not told.style else [Bit(voice.w("only_if")), told]
    if way.get("reason") == "required":
        notes.append(Bit(voice.w("step.reason_needed")))
    rounds = voice.w("step.at_most", n=voice.count(way["rounds"])) if "rounds" in way else ""
    notes += [Bit(rounds)] if rounds else []
    notes += [Bit(voice.w("step.cancels", part=voice.region(region))) for region in way.get("cancels", ())]
    target, goal, leads = _goal(voice, step, way.get("to", NEXT))
    yield Way(name, target, goal, tuple(notes), leads=leads, rounds=rounds)
    if "then" in way:
        target, goal, leads = _goal(voice, step, way["then"])
        yield Way(Bit(voice.w("step.spent")), target, goal, spent=True, leads=leads)


def _goal(voice: Voice, step: Step, target: str) -> tuple[str, str, str]:
    """Where *target* leads from *step*: a step of its track, ``NEXT`` or nothing; the words for it; and which step it is."""
    if step.following and target in {NEXT, step.following}:
        return NEXT, voice.numbered_title(step.following), step.following
    if target in {NEXT, LEAVE}:
        words = voice.w("step.end") if step.track == MAIN else voice.w("step.leaves")
        return (NEXT if target == NEXT else ""), words, ""
    if target == END:
        return "", voice.w("step.end"), ""
    if target.startswith("end("):
        return "", voice.w("step.end_named", name=voice.end(target[4:-1])), ""
    if target == step.id:
        return target, voice.w("step.again"), target
    order = list(voice.procedure.tracks[step.track].steps)
    back = target in order and order.index(target) < order.index(step.id)
    return target, voice.w("step.back_to" if back else "step.go_to", step=voice.numbered_title(target)), target


def tracks(voice: Voice, step: Step) -> list[tuple[str, str, Bit | None]]:
    """The tracks that *step* opens: name, title, and the condition under which it opens."""
    voice = voice.at(step.id)
    found: list[tuple[str, str, Bit | None]] = []
    for name, branch in branches(step.doc).items():
        title = voice.plain(branch.get("title")) or spaced(name)
        found.append((f"{step.id}.{name}", title, condition(voice, branch["when"]) if "when" in branch else None))
    if step.kind == "for_each":
        found.append((step.id, "".join(bit.text for bit in each(voice, step)), None))
    return found


def each(voice: Voice, step: Step) -> Inline:
    """Over what a for-each goes."""
    (items,) = step.doc["for_each"].values()
    return around(voice.w("step.each_of", items="\0"), (computation(voice.at(step.id), items),))


def join(voice: Voice, step: Step) -> str:
    """When the run goes on after the tracks that *step* opens."""
    joins = step.joins
    words = voice.w("step.some_join", n=joins) if isinstance(joins, int) else voice.w(f"step.{joins}_join")
    if joins == "all":
        return words
    return voice.listed([words, voice.w("step.rest_goes_on" if step.doc.get("rest") == "continue" else "step.rest_ends")])


def who(voice: Voice, step: Step) -> list[str]:
    """Who does *step*, the role first; what it does by itself where nobody does it."""
    doc = step.doc
    if step.kind == "run":
        return [voice.w("step.runs_sop", sop=voice.quoted(voice.sop(doc["run"]))) + unwaited(voice, step), *_drilled(voice, step)]
    if step.kind == "wait":
        return [_waits(voice, doc["wait"])]
    found = [voice.role(step.role)] if step.role else []
    if "from" in doc:
        found.append(voice.w("step.from_field", field=voice.field_of(*doc["from"].split("."))))
    fields = [voice.field_of(*path.split(".")) for path in doc.get("not_from", ())]
    found += [voice.w("step.not_from_field", field=field) for field in fields]
    if "same_as" in doc:
        found.append(voice.w("step.same_as", step=voice.step_n(doc["same_as"])))
    if lead := doc.get("lead"):
        found.append(voice.w("step.lead_of_run") if lead is True else voice.w("step.lead_of", step=voice.step_n(lead)))
    if "skill" in doc:
        found.append(voice.w("step.skilled", skill=spaced(doc["skill"])))
    if "assign" in doc:
        found.append(voice.w(f"step.assign_{doc['assign']}"))
    return found


def _drilled(voice: Voice, step: Step) -> list[str]:
    return [voice.w("step.as_drill")] if step.doc.get("drill") else []


def unwaited(voice: Voice, step: Step) -> str:
    """That nobody waits for what *step* starts, to stand after its name; empty where it is waited for."""
    if not step.doc.get("detached"):
        return ""
    words = voice.w("step.not_waited")
    return words if words.startswith(("\uff0c", "(")) else f" {words}"


def _waits(voice: Voice, wait: Mapping[str, Any]) -> str:
    if "signal" in wait:
        title = voice.document.get("signals", {}).get(wait["signal"], {}).get("title")
        return voice.w("step.waits_signal", what=voice.plain(title) or spaced(wait["signal"]))
    if "for" in wait:
        return voice.w("step.waits_for", time=voice.time(wait["for"]))
    return voice.w("step.waits_until", time=voice.due(wait["until"]))


def marks(voice: Voice, step: Step) -> list[str]:
    """What else holds for *step*, each in a few words."""
    doc = step.doc
    found: list[str] = []
    if step.kind == "approval":
        approval = doc["approval"]
        if approval.get("of"):
            found.append(voice.w("step.approves", steps=voice.listed(voice.numbered_title(one) for one in approval["of"])))
        if approval.get("quorum", 1) != 1:
            found.append(voice.w("step.quorum", n=voice.count(approval["quorum"])))
    if doc.get("one_at_a_time"):
        found.append(voice.w("step.one_at_a_time"))
    if doc.get("open"):
        found.append(voice.w("step.open_list"))
    if "critical" in doc:
        found.append(voice.w("step.section", name=spaced(doc["critical"])))
    return found


def late(voice: Voice, step: Step) -> list[str]:
    """Who is told when *step* is late."""
    found = []
    for one in step.doc.get("escalate", ()):
        time, role = voice.time(one["after"]), voice.role(one["to"])
        at_once = clean(one["after"]).startswith("0 ")
        found.append(voice.w("step.tells_at_once", role=role) if at_once else voice.w("step.tells", role=role, time=time))
    return found


def due(voice: Voice, step: Step) -> Inline:
    """When the task of *step* is late, on each condition that there is; nothing where it never is."""
    voice = voice.at(step.id)
    found: list[Inline] = []
    several = len(dues(step.doc)) > 1
    for when, text in dues(step.doc):
        if not when:
            found.append(bits(voice.w("say.due_else", time=voice.due(text)) if several else voice.due(text)))
            continue
        before, _, after = voice.w("say.due_if", time=voice.due(text), condition="\0").partition("\0")
        found.append(bits(before, condition(voice, when), after))
    return joined(found, voice.w("say.semicolon"))


def reminders(voice: Voice, step: Step) -> list[str]:
    """When the people of *step* are reminded."""
    return [
        voice.w("say.before_due" if text.startswith("-") else "say.after_due", time=voice.time(text))
        for text in step.doc.get("remind", ())
    ]
