"""What declared statements are put together from."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Table, bindparam, update
from sqlalchemy.sql.expression import Executable


def parameter(name: str) -> BindParameter[Any]:
    """A value that is given when the statement is carried out."""
    return bindparam(name)


def is_(of: Table, *keys: str) -> list[ColumnElement[bool]]:
    """Each of *keys* has the value of the parameter of its name."""
    return [of.c[key] == bindparam(key) for key in keys]


def upsert(of: Table, *keys: str) -> Callable[[Any], Executable]:
    """Adds a row, or replaces the one with the same *keys*."""
    rest = [c.name for c in of.columns if c.name not in keys]

    def made(start: Callable[[Table], Any]) -> Executable:
        new = start(of)
        done: Executable = new.on_conflict_do_update(index_elements=keys, set_={name: new.excluded[name] for name in rest})
        return done

    return made


def ignore(of: Table) -> Callable[[Any], Executable]:
    """Adds a row unless it is there."""

    def made(start: Callable[[Table], Any]) -> Executable:
        done: Executable = start(of).on_conflict_do_nothing()
        return done

    return made


def set_(of: Table, *columns: str) -> Any:  # noqa: ANN401
    """An UPDATE whose new values are parameters with the columns' names."""
    return update(of).values({name: bindparam(name) for name in columns})
