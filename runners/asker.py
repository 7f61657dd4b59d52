"""Who asks for something: a person, a rule, or nobody yet."""

from engine.frozen import frozen

NOBODY = "nobody"
"""Who asks where there is no person yet, or where nobody said who they are."""


@frozen
class Asker:
    """Who gives a command, or changes the directory.

    Attributes:
        person: pseudonym, ``system`` or ``nobody``.
        auth: how the door knows: ``flag``, ``environment``, ``config``, ``os``, or ``rule`` for the system.
        cause: run and record that led to it, for the system; or the schedule and its instant.
    """

    person: str = NOBODY
    auth: str = "os"
    cause: tuple[str, int | str] | None = None
