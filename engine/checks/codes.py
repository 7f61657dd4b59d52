"""Every code that a check of a definition can give: what it means and how to mend it.

``docs/reference/lint.md`` is made from :data:`CODES`. A code never gets a second meaning; one that falls away leaves a gap.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Lint(StrEnum):
    """Stable codes of problems."""

    # reading: 001-019
    TOO_LARGE = "SOP-L001"
    ENCODING = "SOP-L002"
    SYNTAX = "SOP-L003"
    ANCHOR = "SOP-L004"
    TAG = "SOP-L005"
    DOCUMENTS = "SOP-L006"
    LIMIT = "SOP-L007"
    DUPLICATE_KEY = "SOP-L008"
    KEY_TYPE = "SOP-L009"
    NUMBER = "SOP-L010"
    CONTROL = "SOP-L011"
    # shape: 020-029
    UNKNOWN_KEY = "SOP-L020"
    MISSING_KEY = "SOP-L021"
    WRONG_TYPE = "SOP-L022"
    MALFORMED = "SOP-L023"
    STEP_KIND = "SOP-L024"
    NOT_YET = "SOP-L025"
    OUT_OF_BOUNDS = "SOP-L026"
    INCONSISTENT = "SOP-L027"
    FILE_NAME = "SOP-L028"
    MORE = "SOP-L029"


_TABLE: Final = """
SOP-L001 The file is too large
    A definition has at most 256 KiB. Split the procedure: `run:` starts another SOP.
SOP-L002 The file is not UTF-8
    Save it as UTF-8 without a byte order mark. UTF-16 and other encodings are refused.
SOP-L003 The file is not YAML
    Mend the place named. Frequent causes: a tab for indentation, a missing space after a colon, a text that holds a colon
    and a space or begins with a special sign and is not quoted.
SOP-L004 Anchors, aliases and merge keys are refused
    Write the value out where it is needed: a few aliases can stand for gigabytes, and a reader cannot see what they mean.
SOP-L005 Tags and directives are refused
    Remove the `!tag` or `%DIRECTIVE`. A value is what it looks like: text, number, truth value, list or mapping (YAML 1.2
    core).
SOP-L006 One file holds one document
    Remove the second document (`---`), or write the missing first one.
SOP-L007 A limit of documents is met
    At most 32 levels, 20,000 values, and 16,384 characters in one text. Split the procedure or the text.
SOP-L008 A key stands twice in one mapping
    Keep one of them. Other readers silently take the last.
SOP-L009 A key is not text
    Put it in quotes if it is meant as text.
SOP-L010 A number cannot be kept exactly
    Whole numbers lie between -(2^53 - 1) and 2^53 - 1, and others are finite. Put longer ones in quotes.
SOP-L011 A control character
    Remove it, or the escape that writes it. Control, bidirectional and unassigned characters can make a screen show
    something else than what is there.
SOP-L020 An unknown key
    Mend the spelling, or remove it. `docs/reference/definition.md` lists the keys.
SOP-L021 A key is missing
    Add it. `docs/reference/definition.md` says what it means.
SOP-L022 A value of the wrong kind
    Write what the message expects. A number or `true` that is meant as text needs quotes.
SOP-L023 A text of the wrong form
    Write it in the form that the message shows.
SOP-L024 A step says what it is by exactly one key
    Give it one of `role`, `approval`, `decide`, `parallel`, `for_each`, `run`.
SOP-L025 Reserved for a later version
    The key is part of the format, and this version cannot run it. Remove it: a rule that is silently not followed is worse
    than none.
SOP-L026 Too long, too short, too many or too few
    Keep to the bounds in the message.
SOP-L027 Two things do not go together
    Mend one of them as the message says.
SOP-L028 The file is not called like its SOP
    Rename the file, or change `sop:`. Definitions are found by name.
SOP-L029 More problems than are shown
    Mend those that are shown first.
"""


def _codes(table: str) -> dict[Lint, tuple[str, str]]:
    found: dict[Lint, tuple[str, str]] = {}
    code = Lint.TOO_LARGE
    for line in table.strip().splitlines():
        if line.startswith("SOP-"):
            code = Lint(line[:8])
            found[code] = (line[9:], "")
        else:
            title, text = found[code]
            found[code] = (title, f"{text} {line.strip()}".strip())
    return found


CODES: Final[Mapping[Lint, tuple[str, str]]] = _codes(_TABLE)
"""Code to its title, and what it means and how to mend it."""
