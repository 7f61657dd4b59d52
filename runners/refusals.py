"""What every refusal says, and what to do about it: whole sentences in English, spoken on use.

A sentence that says more when more is known has a longer form of its own, so that nothing is glued on to it: languages
put a time or a name elsewhere.
"""

from collections.abc import Mapping
from typing import Final

from engine.refusals import Code
from runners.tongue import marked

SENTENCES: Final[Mapping[Code, tuple[str, str]]] = {
    Code.FIELD_REQUIRED: (marked("{field} is missing ({type})"), marked("give it with {flag}")),
    Code.FIELD_UNKNOWN: (marked("there is no field {field}"), "{meant}"),
    Code.FIELD_INVALID: (marked("{field}: expected {expected}"), ""),
    Code.OUTCOME_REQUIRED: (marked("{step} can end in several ways"), marked("say how with --outcome; {meant}")),
    Code.OUTCOME_UNKNOWN: (marked("there is no outcome {outcome}"), "{meant}"),
    Code.REASON_REQUIRED: (marked("{what} needs a reason"), marked('say why with -m "…"')),
    Code.ROLE_UNKNOWN: (marked("there is no role {role} in this SOP"), "{meant}"),
    Code.TOO_MUCH: (marked("the {what} is too large: at most {limit} bytes"), marked("attach a file instead")),
    Code.NO_TASK: (marked("there is no open task {task}"), "{meant}"),
    Code.NO_PERSON: (marked("there is no active person {person}"), marked("sop people list   shows who there is")),
    Code.NO_TEAM: (marked("there is no team {team}"), "{meant}"),
    Code.NO_TRACK: (marked("there is no open track {track}"), "{meant}"),
    Code.NO_UNIT: (marked("there is no unit {unit}"), marked("sop people import   takes units in")),
    Code.UNLED: (
        marked("nobody holds the role {role}, whose holder leads what is started by itself"),
        marked("sop role give {role} WHO   gives it to somebody"),
    ),
    Code.NO_SOP: (marked("there is no SOP {sop}"), "{meant}"),
    Code.TAKEN: (
        marked("{task} was claimed by {by}"),
        marked('sop show {task}   to see it\nsop assign {task} --to @me -m "…"   if you lead this run'),
    ),
    Code.TASK_CLOSED: (marked("{task} is finished already"), marked("sop history {run}   shows what happened")),
    Code.RUN_CLOSED: (
        marked("{run} is closed ({status})"),
        marked('sop history {run}   shows what happened\nsop reopen {run}/STEP -m "…"   opens it again, if you lead it'),
    ),
    Code.NOT_CLAIMED: (marked("{task} is claimed by nobody"), marked("sop claim {task}   takes it")),
    Code.ALREADY: (marked("{task} is {what} already"), "sop show {task}"),
    Code.KEY_REUSED: (
        marked("this idempotency key was used for another command, in {run}"),
        marked("give another --idempotency-key, or leave it out"),
    ),
    Code.NOT_IN_ROLE: (
        marked("{person} does not hold the role {role}, which {task} needs"),
        marked('the lead can say: sop assign {run} --role {role}={person} -m "…"'),
    ),
    Code.SEPARATED: (
        marked("whoever did {other} may not do {step} in the same run (separation of duties)"),
        marked("somebody else of the role has to do it"),
    ),
    Code.OWN_WORK: (
        marked("{step} decides about {other}, and nobody decides about their own work"),
        marked("somebody else of the role has to decide"),
    ),
    Code.NOT_LEAD: (marked("only who leads this run may do that"), marked("its lead is {lead}")),
    Code.ALREADY_VOTED: (marked("this person has decided {task} already"), marked("the others' decisions are still missing")),
    Code.INACTIVE: (marked("{person} is no active person"), marked("sop people list   shows who there is")),
    Code.NOT_INVOLVED: (marked("only people with a part in the run may do that"), marked("its lead is {lead}")),
    Code.NOT_OWNER: (marked("{task} is {by}'s"), marked("they, or the lead of the run, can give it back")),
    Code.SAME_AS: (marked("only whoever did {other} may do {step}"), marked("sop history {run}   shows who that is")),
    Code.NO_SKILL: (
        marked("{person} does not have the skill {skill}, which {task} needs"),
        marked("somebody else of the role has to do it"),
    ),
    Code.KEPT: (marked("{person} cannot: {why}"), ""),
    Code.NOT_APPOINTED: (
        marked("to {act} takes an organisation role: {roles}"),
        marked("sop people show WHO   says what somebody is in the organisation"),
    ),
    Code.NOBODY: (
        marked("nobody can do {task} now (role {role})"),
        marked("sop assign {run} --role {role}=WHO   gives the role to somebody who can"),
    ),
    Code.GOES_ROUND: (marked("{person} is in the chain already: it would go round in a circle"), marked("name somebody else")),
    Code.GUARD_FALSE: (
        marked("{outcome} is not possible for {step} now: {expression} is not true"),
        marked("change the values, or choose another outcome"),
    ),
    Code.GUARD_ERROR: (
        marked("{where}: {expression} cannot be answered: {why}"),
        marked("a value it reads may still be missing; sop show {run}"),
    ),
    Code.NOT_CANCELLABLE: (
        marked("{track} is no branch or item that could be cancelled"),
        marked("sop cancel {run} -m …   ends the whole run"),
    ),
    Code.CHILD_REFUSED: (marked("a run of {sop} that this one would start refuses: {child}"), ""),
    Code.NOWHERE: (marked("there is no way on from {step} by {move}"), marked("the definition is at fault; sop lint finds it")),
    Code.LIMIT: (marked("too many {what}: at most {limit}"), ""),
    Code.NO_PLACE: (
        marked("{step} is open, and has no place in that version ({lost})"),
        marked("give it one with --map {step}=STEP, or finish it first; sop diff says what changed"),
    ),
    Code.OTHER_SOP: (marked("this is a run of {sop}, and that version one of {other}"), "sop versions {sop}"),
    Code.OTHER_TYPE: (
        marked("{field} was given as {was}, and that version reads it as {type}"),
        marked("let the run end as it is"),
    ),
    Code.ONE_NAME: (marked("{step} and {other} would both be called {name}"), marked("map only one of them to it")),
    Code.RETIRED: (marked("{sop} {version} was taken out of use"), marked("sop versions {sop}   shows what there is")),
    Code.UNPUBLISHED: (
        marked("nobody has published {sop} {version}, and there are publishers"),
        marked('sop publish FILE -m "…"   is how one of them does it'),
    ),
    Code.CHILD_DEPTH: (
        marked("runs inside runs, more than {limit} deep, at {step}"),
        marked("the definition is at fault: it starts itself"),
    ),
    Code.NOT_CLAIMABLE: (
        marked("{task} needs several people, so that nobody claims it alone"),
        marked("sop complete {task}   gives one person's decision"),
    ),
    Code.NO_SIGNAL: (marked("there is no signal {signal} in this SOP"), "{meant}"),
    Code.NOT_PERMITTED: (marked("this person may not {act} here"), marked("{who} may; {see}")),
    Code.SUSPENDED: (marked("{task} is suspended"), marked('sop resume {task} -m "…"   lets people act again')),
    Code.BLOCKED: (marked("{task} is blocked"), marked('sop unblock {task} -m "…"   says that nothing is in the way any more')),
    Code.ONE_AT_A_TIME: (marked("{other} is in somebody's hands, and {step} is not done at the same time"), "sop show {run}"),
    Code.CRITICAL: (
        marked("{inside} is in somebody's hands, and {section} lets in one at a time"),
        marked("wait until it is done, or given back"),
    ),
    Code.NOT_SKIPPABLE: (
        marked("{step} cannot be left out: it decides, or doing it is what chooses its way"),
        marked("sop cancel {task} -m …   ends its way"),
    ),
    Code.NOT_DONE: (marked("{step} is not done yet"), "sop show {run}"),
    Code.APPROVED: (
        marked("{approval} has decided about {step}, and what was approved is not changed behind it"),
        marked('sop rewind {task} -m "…"   goes back, so that it is decided again'),
    ),
    Code.NO_MORE_ITEMS: (marked("{step} takes no further items"), "sop show {run}"),
    Code.NOT_PASSED: (marked("the run has not come past {step}"), "{meant}"),
}
"""Every code: what is wrong, and what to do."""

MILESTONE: Final = (
    marked("{step} can be done only while {expression}, and that is not so now"),
    marked('its time is over or has not come; the lead can leave it out: sop skip {task} -m "…"'),
)
"""Of a condition that is no outcome's and holds for the whole task."""

INNER: Final = (
    marked("{step} is inside {owner}, of which nothing is open"),
    marked("only steps of the main track, and of branches and items that are open, can be gone back to; {meant}"),
)
"""Of a step that no open track leads through."""

LONGER: Final[Mapping[Code, tuple[tuple[tuple[str, ...], str], ...]]] = {
    Code.TAKEN: ((("when",), marked("{task} was claimed by {by} {when}")),),
    Code.TASK_CLOSED: (
        (("by", "when"), marked("{task} is finished already by {by} {when}")),
        (("by",), marked("{task} is finished already by {by}")),
        (("when",), marked("{task} is finished already {when}")),
    ),
    Code.NOT_LEAD: ((("roles",), marked("only who leads this run or holds {roles} may do that")),),
    Code.RETIRED: ((("when",), marked("{sop} {version} was taken out of use {when}")),),
}
"""What is wrong, where more is known: the facts that are needed, and the sentence; the first that fits is taken."""

CHOOSES: Final[Mapping[Code, str]] = {
    Code.ALREADY: "what", Code.LIMIT: "what", Code.TOO_MUCH: "what", Code.SEPARATED: "did", Code.NO_PLACE: "lost",
    Code.RUN_CLOSED: "status",
}  # fmt: skip
"""The fact that is itself a word, so that it has a sentence of its own in ``CHOSEN``."""

CHOSEN: Final[Mapping[tuple[Code, str], str]] = {
    (Code.ALREADY, "assigned"): marked("{task} is assigned already"),
    (Code.ALREADY, "blocked"): marked("{task} is blocked already"),
    (Code.ALREADY, "claimed"): marked("{task} is claimed already"),
    (Code.ALREADY, "free"): marked("{task} is free already"),
    (Code.ALREADY, "in progress"): marked("{task} is in progress already"),
    (Code.ALREADY, "open"): marked("{task} is open already"),
    (Code.ALREADY, "returned"): marked("{task} is returned already"),
    (Code.ALREADY, "started"): marked("{task} is started already"),
    (Code.ALREADY, "suspended"): marked("{task} is suspended already"),
    (Code.ALREADY, "the version of this run"): marked("{task} is the version of this run already"),
    (Code.LIMIT, "items"): marked("too many items: at most {limit}"),
    (Code.LIMIT, "moves"): marked("too many moves: at most {limit}"),
    (Code.LIMIT, "tokens"): marked("too many tokens: at most {limit}"),
    (Code.LIMIT, "values read by a table"): marked("too many values read by a table: at most {limit}"),
    (Code.TOO_MUCH, "form"): marked("the form is too large: at most {limit} bytes"),
    (Code.SEPARATED, "named"): marked("whoever is named in {other} may not do {step} (separation of duties)"),
    (Code.SEPARATED, "has"): marked("whoever has {other} may not do {step} in the same run (separation of duties)"),
    (Code.NO_PLACE, "gone"): marked("{step} is open, and has no place in that version (gone)"),
    (Code.NO_PLACE, "kind"): marked("{step} is open, and has no place in that version (kind)"),
    (Code.NO_PLACE, "track"): marked("{step} is open, and has no place in that version (track)"),
    (Code.RUN_CLOSED, "ended"): marked("{run} is closed (ended: {end})"),
    (Code.RUN_CLOSED, "cancelled"): marked("{run} is closed (cancelled)"),
}

ACTS: Final[Mapping[str, str]] = {
    "start": marked("start"), "read": marked("read"), "claim": marked("claim"), "complete": marked("complete"),
    "release": marked("release"), "block": marked("block"), "unblock": marked("unblock"), "assign": marked("assign"),
    "delegate": marked("delegate"), "bind": marked("assign"), "cancel": marked("cancel"), "skip": marked("skip"),
    "rewind": marked("rewind"), "suspend": marked("suspend"), "resume": marked("resume"), "reopen": marked("reopen"),
    "correct": marked("correct"), "items": marked("add or close items"), "signal": marked("signal"),
    "comment": marked("comment"), "attach": marked("attach"), "migrate": marked("migrate"), "export": marked("export"),
    "audit": marked("audit"), "publish": marked("publish"), "retire": marked("retire"), "schedule": marked("schedule"),
    "administer": marked("administer"), "override": marked("override"),
}  # fmt: skip
"""What somebody may or may not do, as a verb; a row of ``engine.authority.TABLE`` each."""

STANDINGS: Final[Mapping[str, str]] = {
    "lead": marked("its lead ({lead})"), "author": marked("whoever did the step"),
    "involved": marked("whoever has a role in the run"), "holder": marked("whoever holds the role of the task"),
    "owner": marked("whoever has the task"), "anybody": marked("everybody"),
}  # fmt: skip

TYPES: Final = frozenset({
    marked("text"), marked("longtext"), marked("number"), marked("percent"), marked("money"), marked("rating"), marked("date"),
    marked("datetime"), marked("duration"), marked("bool"), marked("choice"), marked("multi_choice"), marked("url"),
    marked("file"), marked("user"), marked("users"), marked("run"), marked("table"), marked("checklist"),
})  # fmt: skip
"""Types of fields, as they are written in definitions."""
