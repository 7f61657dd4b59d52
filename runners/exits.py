"""Exit codes, apart from the sentences, because every command needs them and few need a sentence."""

from collections.abc import Mapping
from typing import Final

from runners.tongue import marked

DONE: Final = 0
FAILED: Final = 1
USAGE: Final = 2
MISSING: Final = 3
NOBODY: Final = 4
"""Who asks is no person of this database."""
CHECK: Final = 5
"""It ran, and found something: lint, test, verify, doctor, can."""
CONFLICT: Final = 6
LATER: Final = 7
"""Locked, disk full, server away: safe to try again."""
DENIED: Final = 8
PARTLY: Final = 9
"""Of several things some were done and some could not be."""

EXITS: Final[Mapping[int, str]] = {
    DONE: marked("done"),
    FAILED: marked("failed, for any other reason; a rule of the procedure forbids it now"),
    USAGE: marked("wrong usage, or a value is missing and nobody can be asked"),
    MISSING: marked("there is no such run, task, person, SOP or file"),
    NOBODY: marked("who asks is no person of this database"),
    CHECK: marked("it ran and found something (lint, test, verify, doctor, can)"),
    CONFLICT: marked("somebody was first, or the run has moved on: look, then try again"),
    LATER: marked("not possible now (locked, disk full or read-only, server away): safe to try again"),
    DENIED: marked("this person may not do it"),
    PARTLY: marked("of several things some were done and some were not (a bulk start, handing over); doing it again does the rest"),
    130: marked("interrupted with Ctrl-C"),
    141: marked("the reader of the output went away; for reading commands nothing is wrong"),
}
"""Every exit code of the program and what it means; spoken on use."""
