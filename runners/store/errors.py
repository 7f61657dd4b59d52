"""What can go wrong with a database, whatever its driver calls it."""


class StoreError(Exception):
    """The database refused something that should have been right: a fault of the program."""


class Busy(StoreError):  # noqa: N818 - read as ``except Busy``
    """Others held the lock too long, or the database chose this transaction to give way. Trying again helps."""


class Conflict(StoreError):  # noqa: N818 - read as ``except Conflict``
    """Somebody was first: the run has moved on, or the key is taken. Look again, then try again."""


class Unavailable(StoreError):  # noqa: N818 - read as ``except Unavailable``
    """Not possible now: the disk is full or read-only, the server is away. Nothing was changed, as far as is known."""


class Missing(StoreError):  # noqa: N818 - read as ``except Missing``
    """There is no database here."""


class Damaged(StoreError):  # noqa: N818 - read as ``except Damaged``
    """This is no database of ours, it is corrupt, or its schema belongs to another version of the program."""
