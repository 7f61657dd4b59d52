"""Reading lists of files."""

from engine import limits
from engine.forms import read
from engine.values import Value

MANY = {"type": "file", "many": True}


def files(count: int) -> list[Value]:
    """So many different files."""
    return [{"sha256": f"{number:064x}", "name": f"{number}.png", "size": number} for number in range(count)]


def test_a_field_takes_a_bounded_number_of_files() -> None:
    """As many files as the limit says are kept, and one more is refused with the number."""
    allowed = files(limits.EVIDENCE_FILES)

    assert read(MANY, allowed) == (allowed, "")
    assert read(MANY, files(limits.EVIDENCE_FILES + 1)) == (None, f"at most {limits.EVIDENCE_FILES} files")
    assert read(MANY, allowed[0]) == (allowed[:1], "")
