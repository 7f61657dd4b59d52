"""What a command gives up with: codes, sentences, hints, and the exit code. Shown at one place, the door."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from runners.exits import CONFLICT, FAILED, LATER, MISSING, NOBODY, USAGE
from runners.store.errors import system_words
from runners.tongue import marked, retold, spoken

CODES: Final[Mapping[str, tuple[str, str]]] = {
    "SOP-U01": (
        marked("The command line is not right"),
        marked("Look at `sop COMMAND --help`; options and commands near to what was typed are suggested."),
    ),
    "SOP-U02": (
        marked("A setting cannot be used"),
        marked("Mend the file, variable or flag named. `sop config list --show-origin` shows where each comes from."),
    ),
    "SOP-U03": (
        marked("A value is missing and nobody can be asked"),
        marked("Give it with the flags named: prompts appear only on a terminal and without `--no-input`."),
    ),
    "SOP-U04": (marked("A file given on the command line cannot be used"), marked("Check its path, permissions and content.")),
    "SOP-U05": (marked("A text given cannot be understood"), marked("Write it in the form the message shows.")),
    "SOP-N01": (marked("There is no such run"), marked("`sop runs --all` lists them.")),
    "SOP-N02": (
        marked("There is no such SOP"),
        marked("`sop list` shows them; definitions are found in the folders of `sop config list`."),
    ),
    "SOP-N03": (marked("There is no such person or team"), marked("`sop people list` shows who there is.")),
    "SOP-N04": (marked("There is no such file"), marked("Check the path.")),
    "SOP-N05": (marked("There is no such task or step"), marked("`sop show RUN` shows what is open.")),
    "SOP-N06": (marked("There is no such thing"), marked("Look at what the message suggests.")),
    "SOP-N07": (marked("There is no such record"), marked("`sop history RUN` shows the numbers there are.")),
    "SOP-A01": (
        marked("Who asks is no person of this database"),
        marked("Say who you are with `--as HANDLE` or `SOP_USER`, or add the person with `sop people add`."),
    ),
    "SOP-S01": (marked("The database is busy"), marked("Others held the lock too long. Nothing was changed; try again.")),
    "SOP-S02": (marked("Somebody was first"), marked("The run has moved on since it was read. Look again, then try again.")),
    "SOP-S03": (
        marked("The database cannot be used now"),
        marked("The disk is full or read-only, or the server is away. `sop doctor` looks closer."),
    ),
    "SOP-S04": (marked("There is no database here"), marked("`sop init` makes one; `--db` and `SOP_DB` name another.")),
    "SOP-S05": (
        marked("The database is damaged or not ours"),
        marked("Keep a copy of the file, then `sop doctor`. Histories that can still be read are checked with `sop verify`."),
    ),
    "SOP-S09": (
        marked("The database refused a statement"),
        marked("A fault of the program. `--debug` shows the details for a report."),
    ),
    "SOP-D00": (marked("A definition cannot be used"), marked("`sop lint` shows every problem with its place.")),
    "SOP-K01": (marked("A check found something"), marked("What was found stands above.")),
    "SOP-K02": (
        marked("The version number has to rise"),
        marked("Other content is another version; `sop versions SOP` shows the last one."),
    ),
    "SOP-X01": (
        marked("Something unexpected happened"),
        marked("A fault of the program. The log named in the message holds the details."),
    ),
    "SOP-X02": (marked("Interrupted"), marked("Nothing was changed unless the command said so before.")),
}  # fmt: skip
"""Every code of the command line itself, its title and its help, to be spoken on use.

Codes of refusals stand in ``runners.refusals``."""


def advice(code: str) -> str:
    """What to do about *code*, one of :data:`CODES`, in the language spoken now."""
    return spoken(CODES[code][1])


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
    if isinstance(error, FileNotFoundError):
        return Failure([Complaint("SOP-N04", spoken("there is no file {name}", name=path))], MISSING)
    return Failure([Complaint("SOP-U04", spoken("{path} cannot be used: {why}", path=path, why=system_words(error)))], USAGE)


def words_of(error: Exception) -> str:
    """What *error* says, in the language spoken now if what it was raised with is a sentence of the engine's."""
    first = error.args[0] if error.args else ""
    return retold(first) if isinstance(first, str) and first == str(error) else str(error)


_KINDS: Final = {
    "run": "SOP-N01", "sop": "SOP-N02", "definition": "SOP-N02", "person": "SOP-N03", "team": "SOP-N03", "file": "SOP-N04",
    "task": "SOP-N05", "step": "SOP-N05", "record": "SOP-N07",
}  # fmt: skip


_ABSENT: Final = {
    "run": marked("there is no run {name}"), "sop": marked("there is no SOP {name}"),
    "definition": marked("there is no SOP {name}"),
    "person": marked("there is no person {name}"), "team": marked("there is no team {name}"),
    "file": marked("there is no file {name}"), "task": marked("there is no task {name}"), "step": marked("there is no step {name}"),
    "record": marked("there is no record {name}"), "unit": marked("there is no unit {name}"),
    "role": marked("there is no role {name}"), "code": marked("there is no code {name}"),
    "topic": marked("there is no topic {name}"), "schedule": marked("there is no schedule {name}"),
}  # fmt: skip

_NONE: Final = {"unit": marked("there is none yet; units stand in the file of sop people import")}
"""What to say where there is nothing of a kind."""


def missing(kind: str, name: str, known: Sequence[str] = ()) -> Failure:
    """There is no such thing; the nearest name is suggested."""
    from runners.messages import meant

    code = _KINDS.get(kind, "SOP-N06")
    hint = meant(name, known) if known else spoken(_NONE[kind]) if kind in _NONE else advice(code)
    message = spoken(_ABSENT[kind], name=name) if kind in _ABSENT else spoken("there is no {kind} {name}", kind=kind, name=name)
    facts = {"kind": kind, "name": name, "known": list(known)}
    return Failure([Complaint(code, message, hint, facts)], MISSING)


def nobody(handle: str | None, origin: str, known: Sequence[str] = ()) -> Failure:
    """Who asks is no person of this database."""
    from runners.messages import meant

    message = (
        spoken("{person} ({origin}) is no active person of this database", person=handle, origin=spoken(origin))
        if handle
        else spoken("nobody is signed in")
    )
    near = meant(handle or "", known) + "\n" if known else ""
    hint = near + spoken("say who you are with --as HANDLE or SOP_USER; sop people list   shows who there is")
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
    title = spoken(CODES[code][0])
    detail = " ".join(words_of(error).split())
    message = f"{title[0].lower()}{title[1:]}: {detail}" if detail else title
    if isinstance(error, errors.Missing):  # which says all that its title says, and where
        message = detail or title
    return Failure([Complaint(code, message, advice(code))], exit_)
