"""Settings of the properties."""

from pathlib import Path

import pytest

from tests.profiles import load

load()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Properties are not measured by coverage: thousands of random runs walk lines that have tests of their own."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.no_cover)
