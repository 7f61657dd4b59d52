"""What a command gives up with: codes, sentences, hints, and the exit code. Shown at one place, the door."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from runners.exits import CONFLICT, FAILED, LATER, MISSING, NOBODY, USAGE

CODES: Final[Mapping[str, tuple[str, str]]] = {
    "SOP-U01": (
        "The command line is not right",
        "Look at `sop COMMAND --help`; options and commands near to what was typed are suggested.",
    ),
    "SOP-U02": (
        "A setting cannot be used",
        "Mend the file, variable or flag named. `sop config list --show-origin` shows where each comes from.",
    ),
    "SOP-U03": (
        "A value is missing and nobody can be asked",
        "Give it with the flags named: prompts appear only on a terminal and without `--no-input`.",
    ),
    "SOP-U04": ("A file given on the command line cannot be used", "Check its path, permissions and content."),
    "SOP-U05": ("A text given cannot be understood", "Write it in the form the message shows."),
    "SOP-N01": ("There is no such run", "`sop runs --all` lists them."),
    "SOP-N02": (
        "There is no such SOP",
        "`sop list` shows them; definitions are found in the folders of `sop config list`.",
    ),
    "SOP-N03": ("There is no such person or team", "`sop people list` shows who there is."),
    "SOP-N04": ("There is no such file", "Check the path."),
    "SOP-N05": ("There is no such task or step", "`sop show RUN` shows what is open."),
    "SOP-N06": ("There is no such thing", "Look at what the message suggests."),
    "SOP-N07": ("There is no such record", "`sop history RUN` shows the numbers there are."),
    "SOP-A01": (
        "Who asks is no person of this database",
        "Say who you are with `--as HANDLE` or `SOP_USER`, or add the person with `sop people add`.",
    ),
    "SOP-S01": ("The database is busy", "Others held the lock too long. Nothing was changed; try again."),
    "SOP-S02": ("Somebody was first", "The run has moved on since it was read. Look again, then try again."),
    "SOP-S03": (
        "The database cannot be used now",
        "The disk is full or read-only, or the server is away. `sop doctor` looks closer.",
    ),
    "SOP-S04": ("There is no database here", "`sop init` makes one; `--db` and `SOP_DB` name another."),
    "SOP-S05": (
        "The database is damaged or not ours",
        "Keep a copy of the file, then `sop doctor`. Histories that can still be read are checked with `sop verify`.",
    ),
    "SOP-S09": (
        "The database refused a statement",
        "A fault of the program. `--debug` shows the details for a report.",
    ),
    "SOP-D00": ("A definition cannot be used", "`sop lint` shows every problem with its place."),
    "SOP-K01": ("A check found something", "What was found stands above."),
    "SOP-K02": ("The version number has to rise", "Other content is another version; `sop versions SOP` shows the last one."),
    "SOP-X01": (
        "Something unexpected happened",
        "A fault of the program. The log named in the message holds the details.",
    ),
    "SOP-X02": ("Interrupted", "Nothing was changed unless the command said so before."),
}  # fmt: skip
"""Every code of the command line itself, its title and its help. Codes of refusals stand in ``runners.messages``."""


class Complaint(NamedTuple):
    """One thing that is wrong.

    Attributes:
        code: stable, ``SOP-…``.
        message: one line.
        hint: what to do; several lines where there are several ways.
        facts: for machines.
    """

    code: str
    message: str
    hint: str = ""
    facts: Mapping[str, Any] = MappingProxyType({})


class Failure(Exception):  # noqa: N818 - an answer to a person, not always an error
    """A command gives up.

    Args:
        complaints: what is wrong, the one that decides first.
        code: the exit code.
    """

    def __init__(self, complaints: Sequence[Complaint], code: int) -> None:
        super().__init__(complaints[0].message)
        self.complaints = tuple(complaints)
        self.code = code


def usage(message: str, hint: str = "", *, code: str = "SOP-U05") -> Failure:
    """Something on the command line is not right."""
    return Failure([Complaint(code, message, hint)], USAGE)


def unreadable(path: object, error: OSError) -> Failure:
    """A file given on the command line cannot be read or written."""
    missing = isinstance(error, FileNotFoundError)
    message = f"there is no file {path}" if missing else f"{path} cannot be used: {error.strerror or error}"
    return Failure([Complaint("SOP-N04" if missing else "SOP-U04", message)], MISSING if missing else USAGE)


_KINDS: Final = {
    "run": "SOP-N01", "sop": "SOP-N02", "definition": "SOP-N02", "person": "SOP-N03", "team": "SOP-N03", "file": "SOP-N04",
    "task": "SOP-N05", "step": "SOP-N05", "record": "SOP-N07",
}  # fmt: skip


_NONE: Final = {"unit": "there is none yet; units stand in the file of sop people import"}
"""What to say where there is nothing of a kind."""


def missing(kind: str, name: str, known: Sequence[str] = ()) -> Failure:
    """There is no such thing; the nearest name is suggested."""
    from runners.messages import meant

    code = _KINDS.get(kind, "SOP-N06")
    help_ = CODES[code][1]
    hint = meant(name, known) if known else _NONE.get(kind, help_)
    label = {"sop": "SOP", "definition": "SOP"}.get(kind, kind)
    facts = {"kind": kind, "name": name, "known": list(known)}
    return Failure([Complaint(code, f"there is no {label} {name}", hint, facts)], MISSING)


def nobody(handle: str | None, origin: str, known: Sequence[str] = ()) -> Failure:
    """Who asks is no person of this database."""
    from runners.messages import meant

    who = f"{handle} ({origin})" if handle else "nobody"
    message = f"{who} is no active person of this database" if handle else "nobody is signed in"
    near = meant(handle or "", known) + "\n" if known else ""
    hint = f"{near}say who you are with --as HANDLE or SOP_USER; sop people list   shows who there is"
    return Failure([Complaint("SOP-A01", message, hint, {"person": handle or "", "origin": origin})], NOBODY)


def of_store(error: Exception) -> Failure:
    """What the database could not do, in words."""
    from runners.store import errors

    table: list[tuple[type[Exception], str, int]] = [
        (errors.Busy, "SOP-S01", LATER),
        (errors.Conflict, "SOP-S02", CONFLICT),
        (errors.Unavailable, "SOP-S03", LATER),
        (errors.Missing, "SOP-S04", MISSING),
        (errors.Damaged, "SOP-S05", FAILED),
    ]
    code, exit_ = next(((code, exit_) for kind, code, exit_ in table if isinstance(error, kind)), ("SOP-S09", FAILED))
    title, help_ = CODES[code]
    detail = " ".join(str(error).split())
    return Failure([Complaint(code, f"{title[0].lower()}{title[1:]}: {detail}" if detail else title, help_)], exit_)
