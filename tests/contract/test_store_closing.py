"""Letting go of a database."""

import gc
import logging

import pytest

from runners.store.database import open_database


def test_closing_says_nothing(database_url: str, caplog: pytest.LogCaptureFixture) -> None:
    """Neither the first close, nor the second, nor what is cleared away afterwards warns anybody: a person reads it."""
    database = open_database(database_url, create=True)
    with database.read() as unit:
        unit.one("opening")

    with caplog.at_level(logging.DEBUG):
        database.close()
        database.close()
        del database, unit
        gc.collect()

    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == []
