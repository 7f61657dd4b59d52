"""What an audit proved, and what it found."""

from dataclasses import dataclass, field

from runners.audit.chain import Finding
from runners.audit.sealed import Erased


@dataclass(slots=True)
class Report:
    """What was proved.

    Attributes:
        runs: runs looked at.
        records: records whose chain was checked, those of the directory among them.
        directory: how many of them are the directory's own.
        folded: runs whose state was built again from their history.
        decided: commands that were decided again and came out the same.
        unchecked: commands that cannot be decided again, because something was erased.
        values: kept values that open their commitments.
        gone: commitments without a value any more.
        unread: runs that were not checked to their end, because what comes first does not hold.
        files: evidence files read again; None if that was not asked for.
        findings: everything that is not as it was written, the first of each run and level.
    """

    runs: int = 0
    records: int = 0
    directory: int = 0
    folded: int = 0
    decided: int = 0
    unchecked: int = 0
    values: int = 0
    gone: list[Erased] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    files: int | None = None
    findings: list[Finding] = field(default_factory=list)

    @property
    def erased(self) -> int:
        """How many values are no longer kept."""
        return len(self.gone)

    @property
    def sound(self) -> bool:
        """Whether nothing was found."""
        return not self.findings
