"""The operators' log: JSON lines about warnings and faults. Loaded only where there is something to say.

What people do stands in the histories of runs; this log is about the program. It never holds titles, notes or names.
"""

import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from engine.text import clean
from runners.clock import Ids, SystemClock

if TYPE_CHECKING:
    import structlog

FILE: Final = "sop.jsonl"
_LARGEST: Final = 4 * 1024 * 1024
"""Bytes after which a log is put aside as ``sop.jsonl.1``; one generation is kept."""


@contextmanager
def logger(folder: Path) -> "Iterator[structlog.BoundLogger]":
    """Where to write warnings and faults to; made with structlog, which costs 110 ms, so never on the way of a person.

    Raises:
        OSError: the folder cannot be written.
    """
    import structlog

    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE
    if path.exists() and path.stat().st_size > _LARGEST:
        path.replace(path.with_suffix(".jsonl.1"))
    with path.open("a", encoding="utf-8") as file:
        made: structlog.BoundLogger = structlog.wrap_logger(
            structlog.WriteLogger(file),
            processors=[_stamped, structlog.processors.add_log_level, structlog.processors.JSONRenderer(ensure_ascii=True)],
            wrapper_class=structlog.BoundLogger,
        )
        yield made


def _stamped(_logger: object, _method: str, event: Any) -> Mapping[str, Any]:  # noqa: ANN401 - structlog's own type
    event["at"] = SystemClock().now()
    return dict(event)


def report(error: BaseException, places: list[Path]) -> tuple[str, Path | None]:
    """Keep the details of an unexpected error in the first of *places* that can be written.

    Returns:
        An id that stands in the message and in the file, and the file; None if nowhere could be written.
    """
    number = Ids().token()[:8]
    text = clean("".join(traceback.format_exception(error)), lines=True)
    for place in places:
        try:
            place.mkdir(parents=True, exist_ok=True)
            path = place / "debug.log"
            with path.open("a", encoding="utf-8", errors="backslashreplace") as file:
                file.write(f"--- {number} {SystemClock().now()}\n{text}\n")
        except OSError:
            continue
        return number, path
    return number, None
