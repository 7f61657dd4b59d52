"""The table of critical sections: which task of which run somebody has in hand, of those that exclude one another."""

from typing import Any, Final

from sqlalchemy import Index, Table, delete, insert, select

from runners.store.statements import is_
from runners.store.tables import _ORDERED as ORDERED
from runners.store.tables import Stored
from runners.store.tables import _text as text


class Lock(Stored, table=True):
    """A critical section that somebody is in; the key lets one in, over all runs."""

    __tablename__ = "sop_lock"
    __table_args__ = (Index("sop_lock_run", "run", "name"), ORDERED)
    name: str = text(key=True)
    run: str = text()
    label: str = text()


_LOCK: Final[Table] = Stored.metadata.tables["sop_lock"]

QUERIES: Final[dict[str, Any]] = {
    "lock_by_name": select(_LOCK).where(*is_(_LOCK, "name")),
    "locks_of_run": select(_LOCK).where(*is_(_LOCK, "run")).order_by(_LOCK.c.run, _LOCK.c.name),
    "lock_insert": insert(_LOCK),
    "lock_delete": delete(_LOCK).where(*is_(_LOCK, "name", "run")),
}
"""``queries`` takes these in."""
