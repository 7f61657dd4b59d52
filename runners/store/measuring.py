"""What figures are made of: runs with their states and what was filled in, a page at a time; drills are left out here.

The second statement takes the page by its first and last key, so that a page costs two statements however many runs it holds.
"""

from typing import Any, Final

from sqlalchemy import ColumnElement, func, literal_column, select, tuple_

from runners.store.statements import parameter as _p
from runners.store.tables import Stored

_T: Final = Stored.metadata.tables
_RUN, _PAYLOAD = _T["sop_run"], _T["sop_payload"]
_WANTED: Final[tuple[ColumnElement[bool], ...]] = (
    tuple_(_RUN.c.started_at, _RUN.c.id) < tuple_(_p("before_at"), _p("before_id")),
    _RUN.c.sop == func.coalesce(_p("sop"), _RUN.c.sop),
    _RUN.c.drill == literal_column("0"),
)
"""Runs that are no drills, before the key (:before_at, :before_id); :sop is NULL for all."""

QUERIES: Final[dict[str, Any]] = {
    "runs_measured": select(_RUN.c.id, _RUN.c.sop, _RUN.c.fingerprint, _RUN.c.started_at, _RUN.c.state)
    .where(*_WANTED)
    .order_by(_RUN.c.started_at.desc(), _RUN.c.id.desc())
    .limit(_p("limit")),
    "values_measured": select(_PAYLOAD.c.run, _PAYLOAD.c.path, _PAYLOAD.c.body)
    .select_from(_RUN.join(_PAYLOAD, _PAYLOAD.c.run == _RUN.c.id))
    .where(
        *_WANTED,
        tuple_(_RUN.c.started_at, _RUN.c.id) >= tuple_(_p("last_at"), _p("last_id")),
        _PAYLOAD.c.current == literal_column("1"),
    ),
}
"""``queries`` takes these in."""
