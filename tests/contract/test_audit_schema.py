"""A database that somebody took parts of the schema out of is damaged, and is no fault of the program."""

import pytest

from runners.store.errors import Damaged
from tests.company import Company


@pytest.mark.parametrize("change", ["DROP TABLE sop_history", "ALTER TABLE sop_payload RENAME COLUMN salt TO pepper"])
def test_a_part_of_the_schema_that_is_gone_is_damage(company: Company, change: str) -> None:
    """A table or a column that is no longer there is said to be damage when histories are verified."""
    run = company.begin()
    company.raw(change)
    with pytest.raises(Damaged):
        company.audit(run)
