"""Which commands there are: name, module, one line, section. ``sop --help`` reads this and imports no command.

The lines are the short help of the commands, from which the catalogues of messages collect them.

A test compares it with the real commands.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from runners.tongue import marked


class Entry(NamedTuple):
    """A command: the module that holds it under its own name, what it does, and where the help lists it."""

    module: str
    help: str
    section: str


DAILY, LEAD, AUDIT = marked("Daily work"), marked("Lead"), marked("Audit")
AUTHOR, SYSTEM = marked("Authoring"), marked("System")

COMMANDS: Final[Mapping[str, Entry]] = {
    "inbox": Entry("daily", "What waits for you, what is due first standing first.", DAILY),
    "show": Entry("daily", "An SOP, a run, or a task: instructions, form, people, values.", DAILY),
    "claim": Entry("daily", "Take an offered task.", DAILY),
    "unclaim": Entry("daily", "Give a task back to its role.", DAILY),
    "complete": Entry("daily", "Finish a task: fill in its form, choose its outcome.", DAILY),
    "reject": Entry("daily", "Send work back, with a reason.", DAILY),
    "comment": Entry("noting", "Add a note to a run or a task.", DAILY),
    "attach": Entry("noting", "Add a file to a run or a task.", DAILY),
    "signal": Entry("courses", "Tell a run that something has happened that it waits for.", DAILY),
    "block": Entry("courses", "Say that something keeps a task from being finished.", DAILY),
    "unblock": Entry("courses", "Say that nothing does any more.", DAILY),
    "correct": Entry("courses", "Correct fields of a step that is done.", DAILY),
    "add": Entry("courses", "Add an item to a step that is open for more.", DAILY),
    "close": Entry("courses", "Say that a step takes no further items.", DAILY),
    "list": Entry("listing", "The SOPs that can be started.", LEAD),
    "start": Entry("starting", "Start a run and say who holds its roles.", LEAD),
    "delegate": Entry("standing_in", "Let somebody do a task, or hold a role, in your place.", DAILY),
    "away": Entry("standing_in", "Say that somebody is away, and who acts in their place.", DAILY),
    "runs": Entry("listing", "Runs: open, overdue, closed, of one SOP, yours.", LEAD),
    "watch": Entry("watching", "Follow a run until it ends.", LEAD),
    "board": Entry("overseeing", "What is where: open tasks of all runs, by SOP and step.", LEAD),
    "calendar": Entry("planning", "What is due, starts and is published, week by week; also as .ics.", LEAD),
    "report": Entry("overseeing", "Throughput, times of each step, rework, lateness, hand-overs.", LEAD),
    "kpi": Entry("kpis", "What SOPs are judged by: target, actual, met or missed, trend.", LEAD),
    "assign": Entry("leading", "Give a task to a person, or a role to its holders.", LEAD),
    "cancel": Entry("leading", "End a run, a branch or an item without finishing it.", LEAD),
    "workload": Entry("organising", "How much everybody has to do.", LEAD),
    "skip": Entry("courses", "Leave a task or a wait out, with a reason.", LEAD),
    "rewind": Entry("courses", "Go back to an earlier step; shows what no longer counts.", LEAD),
    "suspend": Entry("courses", "Let nobody act on a run or a task for now.", LEAD),
    "resume": Entry("courses", "Let people act on it again.", LEAD),
    "reopen": Entry("courses", "Open a run that has ended again.", LEAD),
    "can": Entry("permission", "Whether somebody may do something, and if not, why.", LEAD),
    "migrate": Entry("migrating", "Let another version of the definition decide open runs.", LEAD),
    "evidence": Entry("evidence", "The files of a run: list them, or take one out.", AUDIT),
    "history": Entry("history", "What happened in a run, record by record.", AUDIT),
    "replay": Entry("history", "Rebuild a run from its history, step by step.", AUDIT),
    "verify": Entry("verifying", "Check chain, state, decisions and evidence of runs.", AUDIT),
    "new": Entry("authoring", "Write a new definition to begin from.", AUTHOR),
    "lint": Entry("linting", "Check definitions and report every problem at once.", AUTHOR),
    "fmt": Entry("formatting", "Put definitions in one layout; comments stay.", AUTHOR),
    "test": Entry("testing", "Play the scenarios of definitions and report what they cover.", AUTHOR),
    "simulate": Entry("simulating", "Play an SOP many times: how long it takes, where it waits, who is busy.", AUTHOR),
    "graph": Entry("drawing", "Draw an SOP or a run as Mermaid or DOT text, or as SVG.", AUTHOR),
    "docs": Entry("handbook", "Make the handbook: every SOP as a page for readers.", AUTHOR),
    "publish": Entry("publishing", "Check a definition, compare it, and let new runs start with it.", AUTHOR),
    "versions": Entry("publishing", "The versions of an SOP: who published them, and why.", AUTHOR),
    "diff": Entry("publishing", "What changed between two versions, in words.", AUTHOR),
    "retire": Entry("publishing", "Take a version out of use: no run starts with it any more.", AUTHOR),
    "schema": Entry("authoring", "Print the JSON Schema of definitions.", AUTHOR),
    "init": Entry("beginning", "Make a project here: settings, database, sample people.", SYSTEM),
    "demo": Entry("demo", "Play a whole crisis run in a temporary place.", SYSTEM),
    "doctor": Entry("doctor", "Check this machine and this database.", SYSTEM),
    "tick": Entry("ticking", "Do what is due by itself: reminders, escalations, scheduled runs.", SYSTEM),
    "schedules": Entry("scheduling", "What starts by itself and when; let one rest.", SYSTEM),
    "people": Entry("people", "Who there is: list, show, add, import.", SYSTEM),
    "team": Entry("organising", "Teams: who is in them, who leads them.", SYSTEM),
    "role": Entry("organising", "Who holds which role; give one, take one away.", SYSTEM),
    "whoami": Entry("permission", "Who you are here, and why.", SYSTEM),
    "config": Entry("configuring", "The settings that hold, and where they come from.", SYSTEM),
    "completion": Entry("configuring", "Print the completion script of a shell.", SYSTEM),
    "help": Entry("helping", "Explain a topic: exit codes, errors, environment, formats.", SYSTEM),
    "version": Entry("helping", "The version of this program.", SYSTEM),
}
